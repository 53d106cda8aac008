//! How hard something is to read.

use super::deck::Said;
use super::{Flaw, Place};

/// Flesch-Kincaid grade: years of school that the words ask for. The seventh is that of twelve- and thirteen-year-olds.
const GRADE: f64 = 7.0;

/// The grade of all these lines together, since a single sentence is too short to be measured. Named at `place`.
pub(super) fn check<'a>(place: &Place, lines: impl Iterator<Item = &'a Said<String>>, flaws: &mut Vec<Flaw>) {
    let whole: Vec<&str> = lines.map(|said| said.what.as_str()).collect();
    let grade = textstat::flesch_kincaid_grade(&whole.join(" "));
    if grade > GRADE {
        let what = format!(
            "all its lines together read like school year {grade:.1}; {GRADE:.0} at most (about age 12): shorter words, shorter sentences"
        );
        flaws.push(Flaw::at(place, "reading-level", what));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ASK, assert_flaw, flaws, with};

    #[test]
    fn a_prompt_that_takes_a_long_schooling_is_named() {
        let hard = "\"What characterises your individual interpretation of relational reciprocity?\"";
        assert_flaw(&with("ask", hard), "prompts/repair.toml", ASK, "reading-level");
    }

    #[test]
    fn so_is_a_practice_and_a_reflection() {
        let hard = "Contemplate individual physiological sensations, acknowledging involuntary interpretations.";
        let found = flaws("prompts/settling.toml", |text| text.replace("Breathe out.", hard));
        assert_flaw(&found, "prompts/settling.toml", 5, "reading-level");
        let found = flaws("prompts/reflections.toml", |text| text.replacen("Look again.", hard, 1));
        assert_flaw(&found, "prompts/reflections.toml", 7, "reading-level");
    }
}

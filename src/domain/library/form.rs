//! The forms that a question takes: what asks for one thing and cannot be answered by yes or no.

use super::deck::Said;
use super::tone::words;
use super::{Flaw, Form};

const STEM_LOOKS: &str = "Finish this: “After a hard day, it helps me when you…”";

/// A question that opens with one of these can be answered by yes or no.
const YES_NO: &[&str] = &[
    "is",
    "isn't",
    "are",
    "aren't",
    "am",
    "was",
    "wasn't",
    "were",
    "weren't",
    "do",
    "don't",
    "does",
    "doesn't",
    "did",
    "didn't",
    "have",
    "haven't",
    "has",
    "hasn't",
    "had",
    "hadn't",
    "can",
    "can't",
    "could",
    "couldn't",
    "will",
    "won't",
    "would",
    "wouldn't",
    "may",
    "might",
    "must",
    "shall",
    "should",
    "shouldn't",
];

/// A clause that opens with a word of [`YES_NO`] and one of these is a question.
const SUBJECTS: &[&str] = &["you", "your", "we", "our", "i", "my", "it", "they", "there", "that", "this", "anyone", "anything"];

/// After one of these the answer is open, whatever clauses follow. ("When" may open a clause of time: not here.)
const OPEN_WORDS: &[&str] = &["what", "which", "who", "whom", "whose", "where", "why", "how"];

/// After "when", these begin a place in time and no clause.
const AT_A_TIME: &[&str] = &["in", "on", "at", "during", "before", "after", "between"];

/// A sentence that opens with one of these states something and asks for nothing.
const STATING: &[&str] = &[
    "i",
    "i'm",
    "i'd",
    "i've",
    "you",
    "you're",
    "we",
    "we're",
    "they",
    "it",
    "it's",
    "this",
    "that",
    "there",
    "these",
    "those",
    "the",
    "a",
    "an",
    "my",
    "your",
    "our",
    "their",
    "everyone",
    "everybody",
    "people",
    "partners",
    "someone",
];

/// One question (one sentence may lead up to it), one stem, or one sentence that asks for something.
pub(super) fn check(ask: &Said<String>, told: Option<Form>, flaws: &mut Vec<Flaw>) {
    let place = &ask.place;
    let text = ask.what.as_str();
    let mut one = |what: &str| flaws.push(Flaw::at(place, "one-question", what));
    let sentences = sentences(text);
    let questions = text.matches('?').count();

    if let Some(stem) = text.strip_prefix("Finish this:") {
        let stem = stem.trim_end_matches(['”', '"', '\'', '’']);
        let ends_open = stem.ends_with('…') || stem.ends_with("...");
        let dots = stem.matches('…').count() + stem.matches("...").count();
        if questions > 0 || !ends_open || dots > 1 {
            one(&format!("one sentence to finish, which ends in three dots and asks nothing else, such as: {STEM_LOOKS}"));
        }
    } else if questions > 1 {
        one(&format!("{questions} questions in one prompt; keep the one that matters most"));
    } else if questions == 1 {
        if !text.ends_with('?') {
            one("something follows the question; move it to “help”, or put it first");
        } else if sentences.len() > 2 {
            one("more than one sentence leads up to the question; keep one, or none");
        } else if let Some(question) = sentences.last()
            && let Some(opening) = yes_no(question)
            && !(told == Some(Form::EitherOr) && offers_two(question))
        {
            let what = format!("“{opening}…” can be answered by yes or no; open with what, which, when, where, who or how");
            flaws.push(Flaw::at(place, "yes-no", what));
        }
    } else if sentences.len() != 1 || !text.ends_with('.') {
        one(&format!(
            "ask one question that ends in “?”, or one sentence such as “Name a …”, or a sentence to finish: {STEM_LOOKS}"
        ));
    } else if words(text).first().is_some_and(|first| STATING.contains(&first.as_str())) {
        one("this states something and asks nothing; begin with a verb (Name, Tell, Describe) or ask a question");
    } else if words(text).iter().any(|word| word == "whether") {
        flaws.push(Flaw::at(
            place,
            "yes-no",
            "“whether…” can be answered by yes or no; ask what, which, when, where, who or how",
        ));
    }
}

/// One thing or another, neither of them "not".
fn offers_two(question: &str) -> bool {
    words(question).windows(2).any(|pair| pair[0] == "or" && !["not", "no", "less"].contains(&pair[1].as_str()))
}

/// Cut after each run of `.`, `?` and `!` that stands before a space.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        if ended && c.is_whitespace() {
            found.push(text[start..at].trim());
            start = at;
        }
        ended = matches!(c, '.' | '?' | '!');
    }
    found.push(text[start..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// The words that make a question one of yes or no.
fn yes_no(question: &str) -> Option<String> {
    let clauses: Vec<Vec<String>> = question.split([',', ':', ';', '–', '—']).map(words).collect();
    let first = clauses.first()?;
    let opening = first.first()?;
    if YES_NO.contains(&opening.as_str()) {
        return Some(opening.clone());
    }
    // "When, after a long day, do you …" is open; "When you are tired, do you …" is not.
    if OPEN_WORDS.contains(&opening.as_str()) || (opening == "when" && first.len() == 1) {
        return None;
    }
    for (nth, clause) in clauses.iter().enumerate() {
        for (at, word) in clause.iter().enumerate() {
            let subject = clause.get(at + 1).map_or("", String::as_str);
            // "When did you …" and "When in your week …" ask for a time; "When you are tired, …" only says when.
            let when = word == "when" && (nth + at > 0 || YES_NO.contains(&subject) || AT_A_TIME.contains(&subject));
            if when || OPEN_WORDS.contains(&word.as_str()) {
                return None;
            }
            // A later clause may open with a verb before any subject: "When clouds come, does silence help?"
            let asks = SUBJECTS.contains(&subject) || (nth > 0 && at == 0);
            if YES_NO.contains(&word.as_str()) && asks && !(nth == 0 && opening == "if") {
                return Some(format!("{word} {subject}"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ASK, asking, assert_flaw, with};

    const REPAIR: &str = "prompts/repair.toml";

    #[test]
    fn the_forms_that_prompts_take_pass() {
        for ask in [
            "Which hour of your week is most your own, and what does it give you?",
            "Finish this: “After a hard day, it helps me when you…”",
            "Name a way we differ that has made your life larger.",
            "Think of one small friction this week. What was your own part in it?",
            "If we packed for the same trip, how would our two bags differ?",
            "When, after a long day, do you feel most like yourself?",
            "When in your week do you feel looked after?",
            "If you were a bird for a day, which hour would you like best?",
            "What would you pack, could you leave tonight?",
            "On the way back from a walk, where do you tend to get stuck?",
            "Tell of a time your partner was truly curious about something you love.",
        ] {
            assert_eq!(asking(ask), Vec::<String>::new(), "{ask}");
        }
    }

    #[test]
    fn two_questions_are_one_too_many() {
        assert_flaw(&asking("What helps? What hurts?"), REPAIR, ASK, "one-question");
        assert_flaw(&asking("What helps? Say a little."), REPAIR, ASK, "one-question");
        assert_flaw(&asking("It rained. We ran. What helped?"), REPAIR, ASK, "one-question");
    }

    #[test]
    fn a_stem_ends_open_and_asks_nothing_else() {
        assert_flaw(&asking("Finish this: “After a hard day I rest.”"), REPAIR, ASK, "one-question");
        assert_flaw(&asking("Finish this: “I rest when…” How so?"), REPAIR, ASK, "one-question");
        assert_flaw(&asking("Finish this: “I rest when…” Finish this: “I run when…”"), REPAIR, ASK, "one-question");
        assert_flaw(&asking("Finish this: “When... I rest.”"), REPAIR, ASK, "one-question");
    }

    #[test]
    fn a_statement_asks_nothing() {
        assert_flaw(&asking("We differ in many ways."), REPAIR, ASK, "one-question");
        assert_flaw(&asking("Name a way we differ. Name another."), REPAIR, ASK, "one-question");
        assert_flaw(&asking("Name a way we differ"), REPAIR, ASK, "one-question");
    }

    #[test]
    fn a_question_that_yes_or_no_answers_is_named() {
        assert_flaw(&asking("Do you like rain?"), REPAIR, ASK, "yes-no");
        assert_flaw(&asking("Aren’t we late?"), REPAIR, ASK, "yes-no");
        assert_flaw(&asking("Think of last week. Did it go well?"), REPAIR, ASK, "yes-no");
        for ask in [
            "When you are tired, do you go quiet?",
            "When clouds come, does silence help?",
            "Whenever rain falls – do you go quiet?",
            "On a slow day do you go quiet?",
            "Say whether rain suits you.",
        ] {
            assert_flaw(&asking(ask), REPAIR, ASK, "yes-no");
        }
    }

    #[test]
    fn a_choice_of_two_may_open_like_yes_or_no_when_its_form_says_so() {
        let with_form = |ask: &str| with("ask", &format!("'''{ask}'''\nform = \"either-or\""));
        assert_eq!(with_form("Would you rather walk in rain or in wind?"), Vec::<String>::new());
        assert_flaw(&asking("Would you rather walk in rain or in wind?"), REPAIR, ASK, "yes-no");
        for ask in ["Would you walk in the rain?", "Would you like rain or not?", "Do you like rain, more or less?"] {
            assert_flaw(&with_form(ask), REPAIR, ASK, "yes-no");
        }
        assert_flaw(&with("help", "\"A line.\"\nform = \"riddle\""), REPAIR, ASK + 2, "form");
    }
}

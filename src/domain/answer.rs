//! What one partner wrote in a round: one to three fields, checked against Discord's room for them.

use super::refusal::Refusal;
use super::round::field_limit;
use super::words::Words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    fields: Vec<Words>,
}

impl Answer {
    /// `fields` as typed, in the order of the question's labels. White space at the ends goes; a field may stay empty as long as
    /// one is not. The client enforces the limits; a forged submit meets them here.
    pub fn read(fields: Vec<Words>, wanted: usize) -> Result<Self, Refusal> {
        let mut fields: Vec<Words> = fields.into_iter().take(wanted).map(|words| Words::new(words.expose().trim())).collect();
        fields.resize_with(wanted, || Words::new(""));
        let limit = field_limit(wanted);
        for (field, words) in fields.iter().enumerate() {
            let units = words.units();
            if units > limit {
                return Err(Refusal::TooLong { field, over: units - limit });
            }
        }
        if fields.iter().all(Words::is_blank) {
            return Err(Refusal::AnswerEmpty);
        }
        Ok(Self { fields })
    }

    pub fn fields(&self) -> &[Words] {
        &self.fields
    }

    /// One text for the vault: a JSON list of the fields.
    pub fn to_words(&self) -> Words {
        let plain: Vec<&str> = self.fields.iter().map(Words::expose).collect();
        Words::new(serde_json::Value::from(plain).to_string())
    }

    /// What [`Self::to_words`] made; `None` when it is something else.
    pub fn of_words(words: &Words) -> Option<Self> {
        let fields: Vec<String> = serde_json::from_str(words.expose()).ok()?;
        Some(Self { fields: fields.into_iter().map(Words::new).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: &[&str]) -> Vec<Words> {
        texts.iter().map(|text| Words::new(*text)).collect()
    }

    #[test]
    fn a_full_field_fits_and_one_unit_more_does_not() {
        let full = "🙂".repeat(1_250);
        assert!(Answer::read(words(&[&full]), 1).is_ok(), "an emoji is two units");
        let over = Answer::read(words(&[&format!("{full}x")]), 1);
        assert_eq!(over, Err(Refusal::TooLong { field: 0, over: 1 }));
    }

    #[test]
    fn one_letter_in_one_of_three_fields_is_a_whole_answer() {
        let answer = Answer::read(words(&["", " x ", ""]), 3).expect("an answer");
        assert_eq!(answer.fields()[1].expose(), "x");
        assert_eq!(Answer::of_words(&answer.to_words()), Some(answer));
    }

    #[test]
    fn white_space_alone_is_not_an_answer() {
        assert_eq!(Answer::read(words(&[" \n "]), 1), Err(Refusal::AnswerEmpty));
        assert_eq!(
            Answer::read(words(&["\u{200b}\u{feff}", "\u{200e} "]), 2),
            Err(Refusal::AnswerEmpty),
            "nor is what nobody can see"
        );
    }
}

//! What one partner gave in a round: what they wrote, checked against Discord's room for it, and in a check-in their ratings.

use serde::{Deserialize, Serialize};

use super::checkin::Ratings;
use super::refusal::Refusal;
use super::round::{Kind, Question};
use super::words::Words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    fields: Vec<Words>,
    ratings: Option<Ratings>,
}

/// An answer as one text for the vault. A question's is a plain list of its fields.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept<T> {
    Question(Vec<T>),
    CheckIn { lines: Vec<T>, ratings: Ratings },
}

impl Answer {
    /// `fields` as typed, in the order of the question's labels. White space at the ends goes; a field may stay empty as long as
    /// something is given. The client enforces the limits; a forged submit meets them here. `ratings` count in a check-in only.
    pub fn read(fields: Vec<Words>, question: &Question, ratings: Ratings) -> Result<Self, Refusal> {
        let (wanted, limit) = (question.fields().len(), question.field_limit());
        let mut fields: Vec<Words> = fields.into_iter().take(wanted).map(|words| Words::new(words.expose().trim())).collect();
        fields.resize_with(wanted, || Words::new(""));
        for (field, words) in fields.iter().enumerate() {
            let units = words.units();
            if units > limit {
                return Err(Refusal::TooLong { field, over: units - limit });
            }
        }
        let ratings = (question.kind() == Kind::CheckIn).then_some(ratings);
        if fields.iter().all(Words::is_blank) && ratings.is_none_or(|ratings| ratings.are_blank()) {
            return Err(if ratings.is_some() { Refusal::CheckInEmpty } else { Refusal::AnswerEmpty });
        }
        Ok(Self { fields, ratings })
    }

    pub fn fields(&self) -> &[Words] {
        &self.fields
    }

    /// Of a check-in.
    pub fn ratings(&self) -> Option<Ratings> {
        self.ratings
    }

    /// One text for the vault, in JSON.
    pub fn to_words(&self) -> Words {
        let plain: Vec<&str> = self.fields.iter().map(Words::expose).collect();
        let kept = match self.ratings {
            None => Kept::Question(plain),
            Some(ratings) => Kept::CheckIn { lines: plain, ratings },
        };
        // Lists of text and small numbers: there is nothing that JSON could refuse.
        Words::new(serde_json::to_string(&kept).unwrap_or_default())
    }

    /// What [`Self::to_words`] made; `None` when it is something else.
    pub fn of_words(words: &Words) -> Option<Self> {
        let (fields, ratings): (Vec<String>, _) = match serde_json::from_str(words.expose()).ok()? {
            Kept::Question(fields) => (fields, None),
            Kept::CheckIn { lines, ratings } => (lines, Some(ratings)),
        };
        Some(Self { fields: fields.into_iter().map(Words::new).collect(), ratings })
    }
}

#[cfg(test)]
mod tests {
    use super::super::checkin::{Rated, Rating, Tap};
    use super::super::ids::PersonId;
    use super::*;

    fn words(texts: &[&str]) -> Vec<Words> {
        texts.iter().map(|text| Words::new(*text)).collect()
    }

    fn check_in() -> Question {
        Question::CheckIn { lines: ["One thing I need", "My own", "A third"].map(ToOwned::to_owned).to_vec() }
    }

    const OWN: Question = Question::Own { by: PersonId(1) };

    #[test]
    fn a_full_field_fits_and_one_unit_more_does_not() {
        let full = "🙂".repeat(1_250);
        assert!(Answer::read(words(&[&full]), &OWN, Ratings::default()).is_ok(), "an emoji is two units");
        let over = Answer::read(words(&[&format!("{full}x")]), &OWN, Ratings::default());
        assert_eq!(over, Err(Refusal::TooLong { field: 0, over: 1 }));
    }

    #[test]
    fn one_letter_in_one_of_three_fields_is_a_whole_answer() {
        let answer = Answer::read(words(&["", " x ", ""]), &check_in(), Ratings::default()).expect("an answer");
        assert_eq!(answer.fields()[1].expose(), "x");
        assert_eq!(Answer::of_words(&answer.to_words()), Some(answer));
    }

    #[test]
    fn white_space_alone_is_not_an_answer() {
        let blank = |texts: &[&str], question: &Question| Answer::read(words(texts), question, Ratings::default());
        assert_eq!(blank(&[" \n "], &OWN), Err(Refusal::AnswerEmpty));
        assert_eq!(
            blank(&["\u{200b}\u{feff}", "\u{200e} "], &check_in()),
            Err(Refusal::CheckInEmpty),
            "nor is what nobody can see"
        );
    }

    #[test]
    fn one_rating_alone_is_a_whole_check_in() {
        let three = Tap::Given(Rating::new(3).expect("a rating"));
        let answer = Answer::read(words(&["", "", ""]), &check_in(), Ratings::default().with(Rated::Steady, three));
        let answer = answer.expect("an answer");
        assert_eq!(Answer::of_words(&answer.to_words()), Some(answer));
    }

    #[test]
    fn ratings_do_not_count_where_none_are_asked() {
        let three = Tap::Given(Rating::new(3).expect("a rating"));
        let ratings = Ratings::default().with(Rated::Close, three);
        assert_eq!(Answer::read(words(&[""]), &OWN, ratings), Err(Refusal::AnswerEmpty));
        let kept = Answer::read(words(&["x"]), &OWN, ratings).expect("an answer").to_words();
        assert_eq!(kept.expose(), "[\"x\"]");
    }
}

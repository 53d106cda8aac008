//! The check-in: the weekly round. Five one-tap ratings, each about oneself and each with a skip, and a few lines.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How long a check-in waits for both: product.md, "Lapse".
pub const WINDOW: SignedDuration = SignedDuration::from_hours(72);

/// What a partner rates about themselves, in the order in which it is asked. Names are those of product.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rated {
    Close,
    Myself,
    Open,
    Limits,
    Steady,
}

impl Rated {
    pub const ALL: [Self; 5] = [Self::Close, Self::Myself, Self::Open, Self::Limits, Self::Steady];

    /// As the screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Close => "close to you",
            Self::Myself => "myself with you",
            Self::Open => "open to hearing you",
            Self::Limits => "clear about my limits",
            Self::Steady => "steady when it got tense",
        }
    }

    /// As a custom id spells it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Myself => "myself",
            Self::Open => "open",
            Self::Limits => "limits",
            Self::Steady => "steady",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rated| rated.slug() == slug)
    }

    fn index(self) -> usize {
        match self {
            Self::Close => 0,
            Self::Myself => 1,
            Self::Open => 2,
            Self::Limits => 3,
            Self::Steady => 4,
        }
    }

    pub fn after(self) -> Option<Self> {
        Self::ALL.get(self.index() + 1).copied()
    }

    pub fn before(self) -> Option<Self> {
        self.index().checked_sub(1).map(|index| Self::ALL[index])
    }
}

/// One rating, 1 to 5: where one stands between the words at its two ends, never a grade.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Rating(u8);

impl Rating {
    pub const LOWEST: u8 = 1;
    pub const HIGHEST: u8 = 5;

    pub fn new(value: u8) -> Option<Self> {
        (Self::LOWEST..=Self::HIGHEST).contains(&value).then_some(Self(value))
    }

    pub fn value(self) -> u8 {
        self.0
    }
}

/// A rating is as private as words are.
impl fmt::Debug for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rating(..)")
    }
}

impl TryFrom<u8> for Rating {
    type Error = &'static str;

    fn try_from(value: u8) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("a rating lies between 1 and 5")
    }
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> Self {
        rating.0
    }
}

/// What was tapped for one rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tap {
    Skipped,
    Given(Rating),
}

impl Tap {
    /// As a custom id and the sealed row spell it: one character, whatever was tapped, so that the length of a sealed form does not
    /// tell a skip from a rating.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Skipped => "-",
            Self::Given(Rating(1)) => "1",
            Self::Given(Rating(2)) => "2",
            Self::Given(Rating(3)) => "3",
            Self::Given(Rating(4)) => "4",
            Self::Given(Rating(_)) => "5",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        if slug == "-" { Some(Self::Skipped) } else { Rating::new(slug.parse().ok()?).map(Self::Given) }
    }
}

/// One partner's ratings in one check-in; `None` where nothing was tapped yet.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ratings([Option<Tap>; 5]);

impl Ratings {
    pub fn tapped(&self, rated: Rated) -> Option<Tap> {
        self.0[rated.index()]
    }

    /// The rating, unless it was skipped or not tapped yet.
    pub fn of(&self, rated: Rated) -> Option<Rating> {
        match self.tapped(rated) {
            Some(Tap::Given(rating)) => Some(rating),
            Some(Tap::Skipped) | None => None,
        }
    }

    #[must_use]
    pub fn with(mut self, rated: Rated, tap: Tap) -> Self {
        self.0[rated.index()] = Some(tap);
        self
    }

    /// The first that was not tapped yet.
    pub fn next(&self) -> Option<Rated> {
        Rated::ALL.into_iter().find(|rated| self.tapped(*rated).is_none())
    }

    /// Whether every one was skipped or left.
    pub fn are_blank(&self) -> bool {
        Rated::ALL.into_iter().all(|rated| self.of(rated).is_none())
    }
}

/// Ratings are as private as words are.
impl fmt::Debug for Ratings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ratings(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_asked_in_order_and_resumed_where_they_were_left() {
        let three = Rating::new(3).expect("a rating");
        let ratings = Ratings::default().with(Rated::Close, Tap::Given(three)).with(Rated::Myself, Tap::Skipped);
        assert_eq!(ratings.next(), Some(Rated::Open));
        assert_eq!(ratings.of(Rated::Close), Some(three));
        assert_eq!(ratings.of(Rated::Myself), None, "a skip is no number");
        let whole = Rated::ALL.into_iter().fold(ratings, |ratings, rated| ratings.with(rated, Tap::Skipped));
        assert_eq!(whole.next(), None);
        assert!(whole.are_blank());
    }

    #[test]
    fn a_rating_lies_between_one_and_five() {
        assert_eq!(Rating::new(0), None);
        assert_eq!(Rating::new(6), None);
        assert!(serde_json::from_str::<Rating>("9").is_err());
    }

    #[test]
    fn what_was_tapped_is_not_shown_to_a_log() {
        let ratings = Ratings::default().with(Rated::Close, Tap::Given(Rating(4)));
        assert_eq!(format!("{ratings:?} {:?}", ratings.of(Rated::Close)), "Ratings(..) Some(Rating(..))");
    }
}

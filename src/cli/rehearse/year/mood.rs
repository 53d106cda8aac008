//! How one of the two feels from week to week, and what they might write. Drawn, so that each seed is another year.

use duet::domain::checkin::{Rated, Rating, Ratings, Tap};
use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

const LINES: [&str; 12] = [
    "You made soup on Monday and said nothing about the mess.",
    "An hour alone on Saturday, door closed.",
    "I finished the shelf.",
    "You waited for me at the stop.",
    "More sleep, and one evening without plans.",
    "The long run along the river.",
    "You asked, and then you listened.",
    "To say no to the invitation without a speech.",
    "Three pages of the book, which is more than none.",
    "You laughed at the thing with the ladder.",
    "A little quiet after work before we talk.",
    "I called my sister back.",
];

#[derive(Clone, Debug)]
pub struct Mood([u8; 5]);

impl Mood {
    pub fn draw(chance: &mut StdRng) -> Self {
        Self(std::array::from_fn(|_| chance.random_range(2..=4)))
    }

    /// A week later: most things as they were, some a little more or less, what is far out a little less so; now and then one is
    /// skipped.
    pub fn week(&mut self, chance: &mut StdRng) -> Ratings {
        let mut ratings = Ratings::default();
        for (rated, value) in Rated::ALL.into_iter().zip(&mut self.0) {
            let drawn = chance.random_range(0..10);
            if drawn < Rating::HIGHEST - *value {
                *value += 1;
            } else if drawn >= 10 - (*value - Rating::LOWEST) {
                *value -= 1;
            }
            let skipped = chance.random_ratio(1, 20);
            let tap = Rating::new(*value).filter(|_| !skipped).map_or(Tap::Skipped, Tap::Given);
            ratings = ratings.with(rated, tap);
        }
        ratings
    }
}

/// What one of them might write.
pub fn line(chance: &mut StdRng) -> &'static str {
    LINES.choose(chance).copied().unwrap_or_default()
}

//! Which questions say nearly the same, over the whole library.
//!
//! The measure: each question is the set of its words, cut to their stems (Porter's, for English), each word weighing the
//! logarithm of how few questions have it; likeness is the cosine of two such sets. 1 is the same words, 0 none in common.
//! "Name something your partner…" weighs next to nothing, since many begin so; what is rare tells two ideas apart.

use std::collections::{BTreeMap, HashMap};

use rust_stemmers::{Algorithm, Stemmer};

use super::Flaw;
use super::deck::{Deck, Said};
use super::tone::words;

/// From here on two questions are one in other words. The nearest pair that two readers found to be two ideas has 0.63.
const LIKENESS: f64 = 0.70;

/// Two questions, by where they stand in what was handed in, and how alike they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub one: usize,
    pub other: usize,
    pub likeness: f64,
}

/// All pairs with any word of weight in common, the most alike first.
pub(super) fn pairs(asks: &[&str]) -> Vec<Pair> {
    let stemmer = Stemmer::create(Algorithm::English);
    // For each stem, the questions that have it, in order.
    let mut having: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, ask) in asks.iter().enumerate() {
        for word in words(ask) {
            let places = having.entry(stemmer.stem(&word).into_owned()).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
    }
    let mut lengths = vec![0.0; asks.len()];
    let mut common: HashMap<(usize, usize), f64> = HashMap::new();
    for places in having.values() {
        let weight = rarity(asks.len(), places.len()).powi(2);
        if weight == 0.0 {
            continue;
        }
        for (nth, &other) in places.iter().enumerate() {
            lengths[other] += weight;
            for &one in &places[..nth] {
                *common.entry((one, other)).or_default() += weight;
            }
        }
    }
    let mut pairs: Vec<Pair> = common
        .into_iter()
        .map(|((one, other), common)| Pair { one, other, likeness: common / (lengths[one] * lengths[other]).sqrt() })
        .collect();
    pairs.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then((a.one, a.other).cmp(&(b.one, b.other))));
    pairs
}

#[expect(clippy::cast_precision_loss, reason = "a library has thousands of questions, not 2^52")]
fn rarity(all: usize, having: usize) -> f64 {
    (all as f64 / having as f64).ln()
}

/// No two questions that are nearly one. The same words are another rule's.
pub(super) fn check(decks: &[Deck], flaws: &mut Vec<Flaw>) {
    let asks: Vec<&Said<String>> = decks.iter().flat_map(Deck::questions).collect();
    let texts: Vec<&str> = asks.iter().map(|ask| ask.what.as_str()).collect();
    for pair in pairs(&texts).into_iter().take_while(|pair| pair.likeness >= LIKENESS) {
        let (one, other) = (asks[pair.one], asks[pair.other]);
        if words(&one.what) == words(&other.what) {
            continue;
        }
        let what = format!(
            "nearly the question at {} ({:.2} alike, {LIKENESS:.2} is too much): “{}” Ask something else, or keep the better of the two",
            one.place, pair.likeness, one.what
        );
        flaws.push(Flaw::at(&other.place, "near-duplicate", what));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ASK, ask, assert_flaw, with};
    use super::*;

    #[test]
    fn rare_words_tell_ideas_apart_and_common_ones_do_not() {
        let asks = [
            "Which small hello from your partner do you like best?",
            "Which hellos of your partner's do you like most?",
            "Which small meal from your partner do you like best?",
            "Which small gift from your partner do you like best?",
            "Which small song from your partner do you like best?",
        ];
        let pairs = pairs(&asks);
        assert_eq!((pairs[0].one, pairs[0].other), (0, 1), "{pairs:?}");
    }

    #[test]
    fn the_same_words_are_wholly_alike_and_no_word_in_common_is_no_pair() {
        let pairs = pairs(&["Where do rivers go?", "Where do rivers go?", "Name one tree."]);
        assert_eq!(pairs.len(), 1);
        assert!((pairs[0].likeness - 1.0).abs() < 1e-9, "{pairs:?}");
    }

    #[test]
    fn a_question_that_is_nearly_another_is_named_with_it() {
        let other = ask(2, 0);
        let found = with("ask", &format!("\"{}\"", other.replace("sing of", "sing of today")));
        assert_flaw(&found, "prompts/repair.toml", ASK, "near-duplicate");
        assert!(found[0].contains("prompts/boundaries.toml:"), "{found:?}");
    }
}

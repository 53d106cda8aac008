//! Words that judge, generalise, shout or assume, with what to write instead.

use super::Flaw;
use super::deck::Said;

const SAY_PARTNER: &str = "say “partner”, “they” or “someone”; Duet assumes nobody's gender or marriage";
const SAY_RAISED: &str = "say “someone who raised me” or “my family”; Duet assumes nobody's gender or kin";
const SAY_YOUNG: &str = "say “child”, “children” or “young person”";
const SAY_ONCE: &str = "say “often”, “lately” or “one time”";

/// Words and phrases with all their forms, and what to write instead.
pub(super) const FORBIDDEN: &[(&str, &str)] = &[
    ("always, never", SAY_ONCE),
    ("should", "say “could” or “would like”"),
    ("shouldn't", "say “would rather not”"),
    ("fault, faults", "say “part”"),
    ("normal", "leave it out, or say “usual for me”"),
    ("why don't you", "ask “what would help you”"),
    ("why do you", "ask “what makes you”"),
    ("you make me", "say “I feel … when”"),
    (
        "husband, husbands, wife, wives, marriage, marriages, marital, married, marry, wedding, weddings, wedded, spouse, spouses, bride, brides, groom, grooms, fiancé, fiancés, \
         fiancée, fiancées, boyfriend, boyfriends, girlfriend, girlfriends, he, she, his, her, him, hers, himself, herself, man, woman, men, women, guy, \
         guys, lady, ladies, gentleman, gentlemen",
        SAY_PARTNER,
    ),
    (
        "mother, mothers, mum, mums, mom, moms, father, fathers, dad, dads, brother, brothers, sister, sisters, grandmother, grandmothers, \
         grandfather, grandfathers, aunt, aunts, uncle, uncles",
        SAY_RAISED,
    ),
    ("son, sons, daughter, daughters, boy, boys, girl, girls", SAY_YOUNG),
];

/// No word that judges or assumes, and nothing shouted.
pub(super) fn check(said: &Said<String>, flaws: &mut Vec<Flaw>) {
    let Said { what: text, place } = said;
    let plain = plain(text);
    for (phrases, instead) in FORBIDDEN {
        for phrase in each(phrases).filter(|phrase| stands_in(phrase, &plain)) {
            flaws.push(Flaw::at(place, "words", format!("“{phrase}” is not used here; {instead}")));
        }
    }
    if text.contains('!') {
        flaws.push(Flaw::at(place, "exclamation", "an exclamation mark; a full stop is warmer"));
    }
}

/// The words and phrases of a list.
pub(super) fn each(list: &str) -> impl Iterator<Item = &str> {
    list.split(", ")
}

/// Small letters, straight apostrophes, no punctuation.
pub(super) fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace('’', "'")
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\'').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// [`words`] without what hangs on them: "he's" and "men's" are he and men ("shouldn't" stays what it is).
pub(super) fn plain(text: &str) -> Vec<String> {
    let words = words(text).into_iter();
    words
        .map(|word| match word.split_once('\'') {
            Some((stem, "s" | "d" | "ll" | "ve" | "re")) => stem.to_owned(),
            _ => word,
        })
        .collect()
}

/// Whether a word, or several in this order, stand among these.
pub(super) fn stands_in(phrase: &str, words: &[String]) -> bool {
    if !phrase.contains(' ') {
        return words.iter().any(|word| word == phrase);
    }
    words.windows(phrase.split(' ').count()).any(|window| window.iter().eq(phrase.split(' ')))
}

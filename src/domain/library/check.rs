//! The writing rules that a machine can enforce, one prompt at a time. What it cannot judge (is it kind, is it alive,
//! would two people answer it aloud) stays with a reader.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::deck::{Deck, Draft, LinesDraft, PracticeDraft, ReflectionDraft, Said};
use super::{Flaw, Place};

const ASK_WORDS: usize = 25;
const LINE_WORDS: usize = 20;
const FIELDS: usize = 3;
/// Discord's limit for a label: <https://docs.discord.com/developers/components/reference#label>.
const LABEL_CHARS: usize = 45;
const PRACTICE_CHARS: usize = 600;
const STEPS: std::ops::RangeInclusive<usize> = 2..=4;
const STEP_CHARS: usize = 200;
/// One to three quiet minutes: product.md, "Private reflections".
const MINUTES: u8 = 3;

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

const SAY_PARTNER: &str = "say “partner”, “they” or “someone”; Duet assumes nobody's gender or marriage";
const SAY_ONCE: &str = "say “often”, “lately” or “one time”";

/// Words and phrases that judge, generalise or assume, each with what to write instead.
const FORBIDDEN: &[(&str, &str)] = &[
    ("always", SAY_ONCE),
    ("never", SAY_ONCE),
    ("should", "say “could” or “would like”"),
    ("shouldn't", "say “would rather not”"),
    ("fault", "say “part”"),
    ("normal", "leave it out, or say “usual for me”"),
    ("why don't you", "ask “what would help you”"),
    ("why do you", "ask “what makes you”"),
    ("you make me", "say “I feel … when”"),
    ("husband", SAY_PARTNER),
    ("wife", SAY_PARTNER),
    ("marriage", SAY_PARTNER),
    ("married", SAY_PARTNER),
    ("spouse", SAY_PARTNER),
    ("boyfriend", SAY_PARTNER),
    ("girlfriend", SAY_PARTNER),
    ("he", SAY_PARTNER),
    ("she", SAY_PARTNER),
    ("his", SAY_PARTNER),
    ("her", SAY_PARTNER),
    ("him", SAY_PARTNER),
    ("hers", SAY_PARTNER),
    ("himself", SAY_PARTNER),
    ("herself", SAY_PARTNER),
    ("man", SAY_PARTNER),
    ("woman", SAY_PARTNER),
    ("men", SAY_PARTNER),
    ("women", SAY_PARTNER),
];

pub(super) fn prompt(draft: &Draft, flaws: &mut Vec<Flaw>) {
    for (key, name) in [("id", &draft.id), ("family", &draft.family)] {
        if let Some(name) = name {
            kebab(key, name, flaws);
        }
    }
    if let Some(ask) = &draft.ask {
        form(ask, flaws);
        length("ask", ask, ASK_WORDS, flaws);
    }
    for (key, line) in [("help", &draft.help), ("listen", &draft.listen)] {
        if let Some(line) = line {
            length(key, line, LINE_WORDS, flaws);
        }
    }
    if let Some(extra) = draft.fields.get(FIELDS) {
        let what = format!("{} fields; {FIELDS} at most, and often one is best", draft.fields.len());
        flaws.push(Flaw::at(&extra.place, "fields", what));
    }
    for said in &draft.fields {
        label(said, flaws);
    }
    for said in [&draft.ask, &draft.help, &draft.listen].into_iter().flatten().chain(&draft.fields) {
        tone(said, flaws);
    }
}

pub(super) fn practice(draft: &PracticeDraft, flaws: &mut Vec<Flaw>) {
    if let Some(id) = &draft.id {
        kebab("id", id, flaws);
    }
    if let Some(text) = &draft.text {
        let chars = text.what.chars().count();
        if chars > PRACTICE_CHARS {
            flaws.push(Flaw::at(&text.place, "length", format!("the text has {chars} characters; {PRACTICE_CHARS} at most")));
        }
    }
    for said in [&draft.title, &draft.text].into_iter().flatten() {
        tone(said, flaws);
    }
}

pub(super) fn lines(draft: &LinesDraft, flaws: &mut Vec<Flaw>) {
    if let Some(id) = &draft.id {
        kebab("id", id, flaws);
    }
    if let Some(length) = &draft.length {
        let (from, to) = length.what.lines();
        let found = draft.lines.len();
        if !(from..=to).contains(&found) {
            let wanted = if from == to { from.to_string() } else { format!("{from} to {to}") };
            let what = format!("a check-in of length “{}” has {wanted} lines, and here are {found}", length.what);
            flaws.push(Flaw::at(&length.place, "fields", what));
        }
    }
    for line in &draft.lines {
        label(line, flaws);
        tone(line, flaws);
    }
}

pub(super) fn reflection(draft: &ReflectionDraft, flaws: &mut Vec<Flaw>) {
    if let Some(id) = &draft.id {
        kebab("id", id, flaws);
    }
    if let Some(minutes) = draft.minutes.as_ref().filter(|minutes| minutes.what > MINUTES) {
        let what = format!("{} minutes; {MINUTES} at most", minutes.what);
        flaws.push(Flaw::at(&minutes.place, "steps", what));
    }
    if !STEPS.contains(&draft.steps.len()) {
        let (from, to) = (STEPS.start(), STEPS.end());
        let place = draft.steps.first().map_or(&draft.head, |step| &step.place);
        flaws.push(Flaw::at(
            place,
            "steps",
            format!("a reflection has {from} to {to} steps, and here are {}", draft.steps.len()),
        ));
    }
    for step in &draft.steps {
        let chars = step.what.chars().count();
        if chars > STEP_CHARS {
            flaws.push(Flaw::at(&step.place, "steps", format!("the step has {chars} characters; {STEP_CHARS} at most")));
        }
    }
    if let Some(write) = &draft.write {
        // A sentence to finish stands here by itself: the text box below it is where it goes on.
        let is_stem = write.what.ends_with('…') && !write.what.contains('?');
        if !is_stem {
            form(write, flaws);
        }
        length("write", write, ASK_WORDS, flaws);
    }
    for said in [&draft.title, &draft.write].into_iter().flatten().chain(&draft.steps) {
        tone(said, flaws);
    }
}

fn label(label: &Said<String>, flaws: &mut Vec<Flaw>) {
    let chars = label.what.chars().count();
    if chars > LABEL_CHARS {
        let what = format!("the label “{}” has {chars} characters; {LABEL_CHARS} at most", label.what);
        flaws.push(Flaw::at(&label.place, "fields", what));
    }
}

fn kebab(key: &str, name: &Said<String>, flaws: &mut Vec<Flaw>) {
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !name.what.split('-').all(is_part) {
        let what = format!("“{}” as {key}: use small letters, digits and single hyphens, such as space-hour", name.what);
        flaws.push(Flaw::at(&name.place, "kebab-case", what));
    }
}

fn length(key: &str, said: &Said<String>, most: usize, flaws: &mut Vec<Flaw>) {
    let count = said.what.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    if count > most {
        flaws.push(Flaw::at(&said.place, "length", format!("“{key}” has {count} words; {most} at most")));
    }
}

/// One question (one sentence may lead up to it), one stem, or one sentence that asks for something.
fn form(ask: &Said<String>, flaws: &mut Vec<Flaw>) {
    let place = &ask.place;
    let text = ask.what.as_str();
    let mut one = |what: &str| flaws.push(Flaw::at(place, "one-question", what));
    let sentences = sentences(text);
    let questions = text.matches('?').count();

    if let Some(stem) = text.strip_prefix("Finish this:") {
        let ends_open = stem.trim_end_matches(['”', '"', '\'', '’']).ends_with(['…']) || stem.contains("...");
        if questions > 0 || !ends_open {
            one(&format!("a sentence to finish ends in three dots and asks nothing else, such as: {STEM_LOOKS}"));
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
    }
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
    let clauses: Vec<Vec<String>> = question.split([',', ':', ';']).map(words).collect();
    let first = clauses.first()?;
    let opening = first.first()?;
    if YES_NO.contains(&opening.as_str()) {
        return Some(opening.clone());
    }
    // "When, after a long day, do you …" is open; "When you are tired, do you …" is not.
    if OPEN_WORDS.contains(&opening.as_str()) || (opening == "when" && first.len() == 1) {
        return None;
    }
    clauses[1..].iter().find_map(|clause| match clause.as_slice() {
        [verb, subject, ..] if YES_NO.contains(&verb.as_str()) && SUBJECTS.contains(&subject.as_str()) => {
            Some(format!("{verb} {subject}"))
        }
        _ => None,
    })
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

/// No word that judges or assumes, and nothing shouted.
fn tone(said: &Said<String>, flaws: &mut Vec<Flaw>) {
    let Said { what: text, place } = said;
    let words = words(text);
    // "he's" and "men's" are he and men; "shouldn't" is in the list itself.
    let plain: Vec<&str> = words
        .iter()
        .map(|word| match word.split_once('\'') {
            Some((stem, "s" | "d" | "ll" | "ve" | "re")) => stem,
            _ => word.as_str(),
        })
        .collect();
    for (phrase, instead) in FORBIDDEN {
        let parts: Vec<&str> = phrase.split(' ').collect();
        if plain.windows(parts.len()).any(|window| window == parts) {
            flaws.push(Flaw::at(place, "words", format!("“{phrase}” is not used here; {instead}")));
        }
    }
    if text.contains('!') {
        flaws.push(Flaw::at(place, "exclamation", "an exclamation mark; a full stop is warmer"));
    }
}

/// What must stand once only: each id (of prompts, practices, check-ins and reflections together) and each ask.
pub(super) fn apart(decks: &[Deck], flaws: &mut Vec<Flaw>) {
    let ids = decks.iter().flat_map(|deck| {
        let prompts = deck.prompts.iter().map(|draft| &draft.id);
        let practices = deck.practices.iter().map(|draft| &draft.id);
        let reflections = deck.reflections.iter().map(|draft| &draft.id);
        prompts.chain(practices).chain(deck.check_ins.iter().map(|draft| &draft.id)).chain(reflections).flatten()
    });
    once(ids.map(|id| (id.what.clone(), &id.place)), flaws, |id, place, first| {
        Flaw::at(place, "unique-id", format!("the id “{id}” stands already at {first}; give this one another"))
    });
    // Two that differ only in case and punctuation are one.
    let asks = decks.iter().flat_map(|deck| deck.prompts.iter().filter_map(|draft| draft.ask.as_ref()));
    once(asks.map(|ask| (words(&ask.what).join(" "), &ask.place)), flaws, |_, place, first| {
        Flaw::at(place, "same-ask", format!("the same question stands already at {first}; ask something else, or remove one"))
    });
}

fn once<'a>(all: impl Iterator<Item = (String, &'a Place)>, flaws: &mut Vec<Flaw>, flaw: impl Fn(&str, &Place, &Place) -> Flaw) {
    let mut seen: HashMap<String, &Place> = HashMap::new();
    for (name, place) in all {
        match seen.entry(name) {
            Entry::Occupied(first) => flaws.push(flaw(first.key(), place, first.get())),
            Entry::Vacant(free) => {
                free.insert(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ASK, HEADER, assert_flaw, flaws, with};
    use super::*;

    const REPAIR: &str = "prompts/repair.toml";
    const SETTLING: &str = "prompts/settling.toml";

    fn asking(ask: &str) -> Vec<String> {
        with("ask", &format!("'''{ask}'''"))
    }

    #[test]
    fn the_forms_that_prompts_take_pass() {
        for ask in [
            "Which hour of your week is most your own, and what does it give you?",
            "Finish this: “After a hard day, it helps me when you…”",
            "Name a way we differ that has made your life larger.",
            "Think of one small friction this week. What was your own part in it?",
            "If we packed for the same trip, how would our two bags differ?",
            "When, after a long day, do you feel most like yourself?",
            "What would you pack, could you leave tonight?",
            "On the way back from a quarrel, where do you tend to get stuck?",
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
        assert_flaw(&asking("When you are tired, do you go quiet?"), REPAIR, ASK, "yes-no");
    }

    #[test]
    fn an_ask_of_26_words_is_too_long() {
        let words = |count: usize| format!("What {}?", vec!["rain"; count - 1].join(" "));
        assert_eq!(asking(&words(25)), Vec::<String>::new());
        assert_flaw(&asking(&words(26)), REPAIR, ASK, "length");
    }

    #[test]
    fn a_help_or_listening_line_of_21_words_is_too_long() {
        let line = format!("\"{}.\"", vec!["rain"; 21].join(" "));
        assert_flaw(&with("help", &line), REPAIR, ASK + 1, "length");
        assert_flaw(&with("listen", &line), REPAIR, ASK + 2, "length");
        let line = format!("\"{} – rain.\"", vec!["rain"; 19].join(" "));
        assert_eq!(with("help", &line), Vec::<String>::new());
    }

    #[test]
    fn each_forbidden_word_is_named_wherever_it_stands() {
        for (phrase, _) in FORBIDDEN {
            assert_flaw(&asking(&format!("What comes, {phrase}, to mind?")), REPAIR, ASK, "words");
            let line = format!("\"Well, {} there.\"", phrase.to_uppercase());
            assert_flaw(&with("help", &line), REPAIR, ASK + 1, "words");
            assert_flaw(&with("listen", &line), REPAIR, ASK + 2, "words");
        }
        assert_flaw(&with("fields", "[\"What he’d say\"]"), REPAIR, ASK + 3, "words");
        assert_flaw(&flaws(SETTLING, |text| text.replace("Breathe out", "Always breathe out")), SETTLING, 5, "words");
    }

    #[test]
    fn a_forbidden_word_inside_another_is_fine() {
        assert_eq!(asking("What does the snowman know of defaults, shepherds and normality?"), Vec::<String>::new());
    }

    #[test]
    fn nothing_is_shouted() {
        assert_flaw(&with("help", "\"One is enough!\""), REPAIR, ASK + 1, "exclamation");
        assert_flaw(&flaws(SETTLING, |text| text.replace("A breath", "Breathe!")), SETTLING, 3, "exclamation");
    }

    #[test]
    fn three_fields_of_45_characters_are_the_most() {
        let label = |chars: usize| format!("\"{}\"", "é".repeat(chars));
        assert_eq!(with("fields", &format!("[{0}, {0}, {0}]", label(45))), Vec::<String>::new());
        assert_flaw(&with("fields", &format!("[{}]", label(46))), REPAIR, ASK + 3, "fields");
        assert_flaw(&with("fields", "[\"a\",\n\"b\",\n\"c\",\n\"d\"]"), REPAIR, ASK + 6, "fields");
    }

    #[test]
    fn an_id_or_family_that_is_not_kebab_case_is_named() {
        for id in ["\"Repair\"", "\"repair_one\"", "\"repair--one\"", "\"-repair\"", "\"répare\""] {
            assert_flaw(&with("id", id), REPAIR, HEADER + 1, "kebab-case");
        }
        assert_flaw(&with("family", "\"own part\""), REPAIR, HEADER + 4, "kebab-case");
    }

    #[test]
    fn an_id_stands_once_in_the_whole_library() {
        let found = with("id", "\"boundaries-3\"");
        assert_flaw(&found, REPAIR, HEADER + 1, "unique-id");
        assert!(found[0].contains("prompts/boundaries.toml:40"), "{found:?}");
        assert_flaw(&flaws(SETTLING, |text| text.replace("breath\"\nt", "repair-1\"\nt")), SETTLING, 2, "unique-id");
    }

    #[test]
    fn a_question_asked_twice_is_named() {
        let found = asking("what is number 3 in boundaries");
        assert!(found.iter().any(|flaw| flaw.starts_with("prompts/repair.toml:10: same-ask: ")), "{found:?}");
        assert_flaw(&asking("What is number 3, in “Boundaries”?"), REPAIR, ASK, "same-ask");
    }

    #[test]
    fn a_reflection_ends_in_a_question_or_in_a_sentence_to_finish() {
        const REFLECTIONS: &str = "prompts/reflections.toml";
        let write = |text: &str| flaws(REFLECTIONS, |deck| deck.replacen("What did I see?", text, 1));
        assert!(write("What I saw was…").is_empty());
        assert_flaw(&write("I saw something."), REFLECTIONS, 7, "one-question");
        assert_flaw(&write("Did I see anything?"), REFLECTIONS, 7, "yes-no");
        assert_flaw(&write("What did I see, and what should I see?"), REFLECTIONS, 7, "words");
    }

    #[test]
    fn a_reflection_has_two_to_four_short_steps_and_three_minutes_at_most() {
        const REFLECTIONS: &str = "prompts/reflections.toml";
        let change = |from: &str, to: &str| flaws(REFLECTIONS, |deck| deck.replacen(from, to, 1));
        assert_flaw(&change("\"Look about.\", \"Look again.\"", "\"Look about.\""), REFLECTIONS, 6, "steps");
        assert_flaw(&change("Look about.", &"a".repeat(201)), REFLECTIONS, 6, "steps");
        assert_flaw(&change("minutes = 2", "minutes = 4"), REFLECTIONS, 5, "steps");
    }

    #[test]
    fn a_practice_of_601_characters_is_too_long() {
        let text = |chars: usize| flaws(SETTLING, |text| text.replace("Breathe out.", &"é".repeat(chars)));
        assert_eq!(text(600), Vec::<String>::new());
        assert_flaw(&text(601), SETTLING, 5, "length");
    }
}

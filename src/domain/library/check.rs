//! The writing rules that a machine can enforce: of each piece by itself, and of what several may not share. What it cannot judge
//! (is it kind, is it alive, would two people answer it aloud) stays with a reader.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::deck::{Deck, Draft, LinesDraft, PracticeDraft, ReflectionDraft, Said};
use super::tone::words;
use super::{Depth, Flaw, Place, Theme, flags, form, level, tone};

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

pub(super) fn prompt(draft: &Draft, flaws: &mut Vec<Flaw>) {
    for (key, name) in [("id", &draft.id), ("family", &draft.family)] {
        if let Some(name) = name {
            kebab(key, name, flaws);
        }
    }
    if let Some(ask) = &draft.ask {
        form::check(ask, draft.form.as_ref().map(|form| form.what), flaws);
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
    for said in draft.lines() {
        tone::check(said, flaws);
    }
    if let Some(ask) = &draft.ask {
        level::check(&ask.place, [&draft.ask, &draft.help, &draft.listen].into_iter().flatten(), flaws);
    }
    flags::check(draft, flaws);
}

/// What a prompt takes for granted: nothing, unless both partners asked for its theme.
pub(super) fn assumptions(draft: &Draft, theme: Theme, flaws: &mut Vec<Flaw>) {
    for said in &draft.assumes {
        if theme.may_assume() != Some(said.what) {
            let what = match theme.may_assume() {
                Some(may) => format!("a prompt of “{theme}” may assume {may} and nothing else"),
                None => format!("a prompt of “{theme}” assumes nothing: ask so that everybody can answer"),
            };
            flaws.push(Flaw::at(&said.place, "assumes", what));
        }
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
        tone::check(said, flaws);
    }
    if let Some(text) = &draft.text {
        level::check(&text.place, [text].into_iter(), flaws);
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
        tone::check(line, flaws);
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
            form::check(write, None, flaws);
        }
        length("write", write, ASK_WORDS, flaws);
        level::check(&write.place, draft.steps.iter().chain([write]), flaws);
    }
    for said in [&draft.title, &draft.write].into_iter().flatten().chain(&draft.steps) {
        tone::check(said, flaws);
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

/// What must stand once only: each id (of prompts, practices, check-ins and reflections together) and each ask.
pub(super) fn apart(decks: &[Deck], flaws: &mut Vec<Flaw>) {
    let ids = decks.iter().flat_map(Deck::ids);
    once(ids.map(|id| (id.what.clone(), &id.place)), flaws, |id, place, first| {
        Flaw::at(place, "unique-id", format!("the id “{id}” stands already at {first}; give this one another"))
    });
    // Two that differ only in case and punctuation are one.
    let asks = decks.iter().flat_map(Deck::questions);
    once(asks.map(|ask| (words(&ask.what).join(" "), &ask.place)), flaws, |_, place, first| {
        Flaw::at(place, "same-ask", format!("the same question stands already at {first}; ask something else, or remove one"))
    });
}

/// What is kept for an occasion meets people who begin, or who had it hard a moment ago: none of it is deep.
pub(super) fn kept(deck: &Deck, flaws: &mut Vec<Flaw>) {
    let Some(occasion) = deck.occasion.as_ref().map(|said| said.what) else { return };
    for draft in &deck.prompts {
        if let Some(depth) = draft.depth.as_ref().filter(|depth| depth.what > Depth::Personal) {
            let what = format!("{} is too deep for the occasion “{occasion}”: warm or personal", depth.what);
            flaws.push(Flaw::at(&depth.place, "occasion", what));
        }
    }
}

/// Not too many questions of a theme open with one word: in a hundred this many, and one in any case.
const SAME_OPENING: usize = 12;

/// Named at the first question that is one too many.
pub(super) fn openings(decks: &[Deck], flaws: &mut Vec<Flaw>) {
    for theme in Theme::ALL {
        let here = decks.iter().filter(|deck| deck.theme.as_ref().is_some_and(|said| said.what == theme));
        let asks: Vec<&Said<String>> = here.flat_map(|deck| deck.prompts.iter().filter_map(|draft| draft.ask.as_ref())).collect();
        let most = (asks.len() * SAME_OPENING / 100).max(1);
        let mut by_word: HashMap<String, Vec<&Said<String>>> = HashMap::new();
        for ask in &asks {
            if let Some(first) = words(&ask.what).into_iter().next() {
                by_word.entry(first).or_default().push(ask);
            }
        }
        for (word, having) in by_word {
            if let Some(extra) = having.get(most) {
                let what = format!(
                    "{} of the {} questions on “{theme}” open with “{word}”; {most} at most. Begin this one another way",
                    having.len(),
                    asks.len()
                );
                flaws.push(Flaw::at(&extra.place, "same-opening", what));
            }
        }
    }
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
    use super::super::fixture::{ASK, HEADER, ask, asking, assert_flaw, flaws, with};
    use super::*;

    const REPAIR: &str = "prompts/repair.toml";
    const SETTLING: &str = "prompts/settling.toml";

    #[test]
    fn too_many_questions_of_a_theme_that_open_with_one_word_are_named_at_the_first_of_them() {
        let found = flaws(REPAIR, |text| text.replace("Bring", "Carry").replace("Draw", "Carry"));
        // Of the 36 on repair four may: three here, one kept for a beginning, and one too many.
        assert_flaw(&found, "prompts/after-a-pause.toml", ASK + 1 + 2 * 12, "same-opening");
    }

    #[test]
    fn what_is_kept_for_an_occasion_is_not_deep() {
        let deepen = |text: &str| text.replacen("depth = \"warm\"", "depth = \"tender\"", 1);
        assert_flaw(&flaws("prompts/beginning.toml", deepen), "prompts/beginning.toml", HEADER + 4, "occasion");
    }

    #[test]
    fn what_every_couple_gets_assumes_nothing_and_a_theme_that_both_asked_for_only_itself() {
        let assume =
            |file: &str, what: &str| flaws(file, |text| text.replacen("help = ", &format!("assumes = [\"{what}\"]\nhelp = "), 1));
        assert_flaw(&assume(REPAIR, "children"), REPAIR, ASK + 1, "assumes");
        assert_eq!(assume("prompts/children.toml", "children"), Vec::<String>::new());
        assert_flaw(&assume("prompts/children.toml", "distance"), "prompts/children.toml", ASK + 1, "assumes");
        assert_flaw(&assume("prompts/children.toml", "a-car"), "prompts/children.toml", ASK + 1, "assumes");
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
        for phrase in tone::FORBIDDEN.iter().flat_map(|(phrases, _)| tone::each(phrases)) {
            let line = format!(
                "\"Well, {} there.\"\nlisten = \"A {phrase}.\"\nask = \"What comes, {phrase}, to mind?\"",
                phrase.to_uppercase()
            );
            let found = flaws(REPAIR, |text| {
                let lines: Vec<&str> = text.lines().collect();
                let (head, rest) = (lines[..ASK - 1].join("\n"), lines[ASK + 2..].join("\n"));
                format!("{head}\nhelp = {line}\n{rest}\n")
            });
            let at: Vec<_> = found.iter().map(|flaw| flaw.split(": ").take(2).collect::<Vec<_>>().join(" ")).collect();
            let named = |line: usize| format!("{REPAIR}:{line} words");
            assert_eq!(at, [named(ASK), named(ASK + 1), named(ASK + 2)], "{phrase}: {found:#?}");
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
        let other = ask(2, 0);
        let found = asking(&other.to_lowercase().replace('?', ""));
        assert!(found.iter().any(|flaw| flaw.starts_with("prompts/repair.toml:10: same-ask: ")), "{found:?}");
        assert_flaw(&asking(&other.replace("sing of", "“sing” of")), REPAIR, ASK, "same-ask");
    }

    #[test]
    fn a_reflection_ends_in_a_question_or_in_a_sentence_to_finish() {
        const REFLECTIONS: &str = "prompts/reflections.toml";
        let write = |text: &str| {
            flaws(REFLECTIONS, |deck| {
                let old = deck.lines().find(|line| line.starts_with("write = ")).unwrap();
                deck.replacen(old, &format!("write = \"{text}\""), 1)
            })
        };
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

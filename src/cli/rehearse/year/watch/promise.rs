//! The promises that are watched, in words.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    OneScheduled,
    AsAgreed,
    OneReveal,
    Together,
    Sealed,
    QuietHours,
    OneNudge,
    Private,
    Picture,
    Nameless,
}

impl Promise {
    pub fn broken(self, what: impl Into<String>) -> Broken {
        Broken { promise: self, what: what.into() }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneScheduled => "each week has one scheduled check-in, unless something stands against it, and never two",
            Self::AsAgreed => "a check-in comes at the day and hour that both agreed to",
            Self::OneReveal => "each round has one reveal",
            Self::Together => "both answers open together",
            Self::Sealed => "what is sealed is seen by nobody but its author",
            Self::QuietHours => "no nudge comes in quiet hours",
            Self::OneNudge => "there is one nudge per person and round, and none for who answered or passed",
            Self::Private => "what is asked in private stays private",
            Self::Picture => "the picture shows opened check-ins and nothing else",
            Self::Nameless => "whoever skips, is away or lets one go by is not named",
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a promise broke: {promise}.\n{what}")]
pub struct Broken {
    pub promise: Promise,
    pub what: String,
}

impl From<Broken> for super::super::super::stage::Mishap {
    fn from(broken: Broken) -> Self {
        Self::because(broken.to_string())
    }
}

//! What comes back to a person: an answer, a notification, or why they could not do what the story wanted.

use super::modal::OpenModal;
use super::view::{self, SeenMessage};
use std::fmt;

/// A message that pushed to somebody's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub place: String,
    /// The content, or the embed's text when there is none, as clients preview it.
    pub text: String,
    /// Sent with `SUPPRESS_NOTIFICATIONS`: shows a badge, makes no sound.
    pub silent: bool,
}

/// What came back for something that a person did.
#[derive(Clone, Debug)]
pub enum Heard {
    Modal(OpenModal),
    /// A reply that only they see.
    Private(SeenMessage),
    Public(SeenMessage),
    /// The message they pressed changed in place.
    Updated(SeenMessage),
    /// Suggestions: what is shown, what is sent.
    Choices(Vec<(String, String)>),
    /// "thinking…", or a press that was acknowledged without a change.
    Deferred,
    /// "The application did not respond."
    NoAnswer,
}

impl Heard {
    /// The modal, or a trouble that says what came instead.
    pub fn modal(self) -> Result<OpenModal, Trouble> {
        match self {
            Self::Modal(modal) => Ok(modal),
            other => Err(Trouble::NotThat { wanted: "a modal", got: other.to_string() }),
        }
    }

    /// The message, whoever may see it.
    pub fn message(self) -> Result<SeenMessage, Trouble> {
        match self {
            Self::Private(message) | Self::Public(message) | Self::Updated(message) => Ok(message),
            other => Err(Trouble::NotThat { wanted: "a message", got: other.to_string() }),
        }
    }

    pub fn private(self) -> Result<SeenMessage, Trouble> {
        match self {
            Self::Private(message) => Ok(message),
            other => Err(Trouble::NotThat { wanted: "a private reply", got: other.to_string() }),
        }
    }

    /// Everything readable in it.
    pub fn text(&self) -> String {
        match self {
            Self::Private(message) | Self::Public(message) | Self::Updated(message) => message.text.clone(),
            other => other.to_string(),
        }
    }

    /// Writes into the first field of the modal that opened, and submits it.
    pub async fn write(self, text: &str) -> Result<Self, Trouble> {
        self.modal()?.write(text).await
    }

    /// Fills the modal that opened, and submits it.
    pub async fn fill(self, fields: &[(&str, &str)]) -> Result<Self, Trouble> {
        self.modal()?.fill(fields).await
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Modal(modal) => write!(f, "{}", view::open_modal(modal)),
            Self::Private(message) => write!(f, "only for them: {message}"),
            Self::Public(message) => write!(f, "for all: {message}"),
            Self::Updated(message) => write!(f, "changed to: {message}"),
            Self::Choices(choices) => write!(f, "suggestions: {choices:?}"),
            Self::Deferred => f.write_str("an acknowledgement without a message"),
            Self::NoAnswer => f.write_str("\"The application did not respond\""),
        }
    }
}

/// Why somebody could not do what the story wanted, as the person would tell it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("there is no command \"{typed}\"; registered are: {known}")]
    NoSuchCommand { typed: String, known: String },
    #[error("/{command} cannot be used {place}: {why}")]
    NotHere { command: String, place: String, why: String },
    #[error("/{command} needs the option {option}")]
    MissingOption { command: String, option: String },
    #[error("/{command} has no option to take \"{typed}\"; it has: {known}")]
    NoSuchOption { command: String, typed: String, known: String },
    #[error("{option} does not take \"{value}\": {why}")]
    BadValue { option: String, value: String, why: String },
    #[error("{who} sees no button \"{label}\" to press; on the screen:\n{screen}")]
    NoSuchButton { who: String, label: String, screen: String },
    #[error("{who} sees no menu \"{menu}\" with that in it ({wanted}); on the screen:\n{screen}")]
    NoSuchMenu { who: String, menu: String, wanted: String, screen: String },
    #[error("{who} sees no such message; on the screen:\n{screen}")]
    NoSuchMessage { who: String, screen: String },
    #[error("{who} cannot see that place")]
    NoSuchPlace { who: String },
    #[error("the modal \"{title}\" has no field \"{field}\"; it has: {known}")]
    NoSuchField { title: String, field: String, known: String },
    #[error("the modal \"{title}\" stays open: \"{field}\" must be filled")]
    FieldMissing { title: String, field: String },
    #[error("the modal \"{title}\" stays open: \"{field}\" holds {units} of at most {max}")]
    FieldTooLong { title: String, field: String, units: usize, max: usize },
    #[error("the modal \"{title}\" stays open: \"{field}\" holds {units} of at least {min}")]
    FieldTooShort { title: String, field: String, units: usize, min: usize },
    #[error("wanted {wanted}, got {got}")]
    NotThat { wanted: &'static str, got: String },
    #[error("{who} waited for \"{text}\", but it never came; on the screen:\n{screen}")]
    NeverCame { who: String, text: String, screen: String },
    #[error("Discord refused what {who} typed: {why}")]
    Refused { who: String, why: String },
}

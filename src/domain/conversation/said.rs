//! What can be written in a conversation, and the check of its words.

use serde::{Deserialize, Serialize};

use crate::domain::refusal::Refusal;
use crate::domain::words::Words;

/// Longest field, in UTF-16 units: so that a sheet with three mirrors of three fields and two corrections (11 fields, 4,400 units) and
/// its frame fits one message (6,000 over all its embeds: resources/message).
pub const FIELD_LIMIT: usize = 400;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// What a listener heard.
    Mirror,
    /// The same, with what makes sense of it and what it may feel like.
    FullMirror,
    /// What the speaker meant instead.
    Nearly,
    /// What the speaker wants heard besides.
    More,
    Appreciation,
    Request,
    /// When …, I will …
    Plan,
}

impl Said {
    pub const ALL: [Self; 7] =
        [Self::Mirror, Self::FullMirror, Self::Nearly, Self::More, Self::Appreciation, Self::Request, Self::Plan];

    /// As the custom id spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mirror => "mirror",
            Self::FullMirror => "full_mirror",
            Self::Nearly => "nearly",
            Self::More => "more",
            Self::Appreciation => "appreciation",
            Self::Request => "request",
            Self::Plan => "plan",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.name() == name)
    }

    /// How many fields its page has.
    pub fn fields(self) -> usize {
        match self {
            Self::FullMirror => 3,
            Self::Plan => 2,
            Self::Mirror | Self::Nearly | Self::More | Self::Appreciation | Self::Request => 1,
        }
    }

    /// How many of them, from the first, must say something: of a plan both halves.
    pub fn needed(self) -> usize {
        if self == Self::Plan { 2 } else { 1 }
    }

    /// The words of its fields as one text for the vault. White space at the ends goes. The client enforces the limits; a forged submit
    /// meets them here.
    pub fn read(self, fields: &[Words]) -> Result<Words, Refusal> {
        let mut texts: Vec<&str> = fields.iter().take(self.fields()).map(|words| words.expose().trim()).collect();
        texts.resize(self.fields(), "");
        for (field, text) in texts.iter().enumerate() {
            let units = text.encode_utf16().count();
            if units > FIELD_LIMIT {
                return Err(Refusal::TooLong { field, over: units - FIELD_LIMIT });
            }
        }
        if texts.iter().take(self.needed()).any(|text| Words::new(*text).is_blank()) {
            return Err(Refusal::NothingSaid);
        }
        // A list of text: there is nothing that JSON could refuse.
        Ok(Words::new(serde_json::to_string(&texts).unwrap_or_default()))
    }

    /// The fields of what [`Self::read`] made; `None` when it is something else.
    pub fn written(self, words: &Words) -> Option<Vec<Words>> {
        let fields: Vec<String> = serde_json::from_str(words.expose()).ok()?;
        (fields.len() == self.fields()).then(|| fields.into_iter().map(Words::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: &[&str]) -> Vec<Words> {
        texts.iter().map(|text| Words::new(*text)).collect()
    }

    #[test]
    fn what_was_read_is_written_as_it_was_typed() {
        for said in Said::ALL {
            let typed: Vec<Words> = (0..said.fields()).map(|field| Words::new(format!(" \"{field}\"\nline\u{200b} "))).collect();
            let written = said.written(&said.read(&typed).expect("words")).expect("fields");
            assert_eq!(written.len(), said.fields());
            assert!(written.iter().zip(&typed).all(|(one, other)| one.expose() == other.expose().trim()));
        }
    }

    #[test]
    fn a_mirror_may_be_short_and_a_plan_needs_both_halves() {
        assert!(Said::FullMirror.read(&words(&["You miss the sea."])).is_ok());
        assert_eq!(Said::FullMirror.read(&words(&["", "makes sense", "sad"])), Err(Refusal::NothingSaid));
        assert_eq!(Said::Plan.read(&words(&["When it rains", "\u{200b}"])), Err(Refusal::NothingSaid));
    }

    #[test]
    fn a_full_field_fits_and_one_unit_more_does_not() {
        let full = "🙂".repeat(FIELD_LIMIT / 2);
        assert!(Said::Mirror.read(&words(&[&full])).is_ok());
        assert_eq!(Said::Mirror.read(&words(&[&format!("{full}x")])), Err(Refusal::TooLong { field: 0, over: 1 }));
    }
}

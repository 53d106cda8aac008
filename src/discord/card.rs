//! A card: what somebody reads, before and as it becomes Discord's. One form serves messages and private replies.

use serde::Serialize;
use serenity::all::{ButtonStyle, CreateActionRow, CreateButton, CreateEmbed};

use super::buttons::Button;
use crate::domain::ids::{NoticeId, PersonId};

/// `EPHEMERAL` and `SUPPRESS_NOTIFICATIONS` (resources/message, message flags).
const EPHEMERAL: u32 = 1 << 6;
const SUPPRESS_NOTIFICATIONS: u32 = 1 << 12;

/// One button: what it says and does, and whether it is the expected next step.
#[derive(Clone, Copy, Debug)]
pub struct Press {
    pub label: &'static str,
    pub button: Button,
    pub next: bool,
}

pub fn press(label: &'static str, button: Button) -> Press {
    Press { label, button, next: false }
}

pub fn next(label: &'static str, button: Button) -> Press {
    Press { label, button, next: true }
}

/// A PNG, and what it shows in words.
#[derive(Clone)]
pub struct Picture {
    pub png: std::sync::Arc<[u8]>,
    pub description: String,
}

impl Picture {
    pub fn new(png: Vec<u8>, description: String) -> Self {
        Self { png: png.into(), description }
    }
}

#[derive(Clone, Default)]
pub struct Card {
    /// Plain and neutral: it is what a lock screen shows.
    pub content: String,
    /// Where words stand, private ones included: an embed each.
    pub texts: Vec<String>,
    pub presses: Vec<Press>,
    /// Links and selects, each in a row of its own below the presses.
    pub rows: Vec<CreateActionRow>,
    /// Who is notified; nobody else, whatever the words mention.
    pub pings: Vec<PersonId>,
    pub silent: bool,
}

impl Card {
    /// One embed of text.
    pub fn saying(text: impl Into<String>) -> Self {
        Self::default().with(text)
    }

    pub fn with(mut self, text: impl Into<String>) -> Self {
        self.texts.push(text.into());
        self
    }

    pub fn pictured(self, text: impl Into<String>, _picture: Picture) -> Self {
        self.with(text)
    }

    pub fn content(mut self, content: impl Into<String>) -> Self {
        self.content = content.into();
        self
    }

    pub fn presses(mut self, presses: impl IntoIterator<Item = Press>) -> Self {
        self.presses.extend(presses);
        self
    }

    /// One quiet line at the very end.
    pub fn footnote(mut self, line: &str) -> Self {
        match self.texts.last_mut() {
            Some(text) => {
                text.push_str("\n\n");
                text.push_str(line);
            }
            None => self.texts.push(line.to_owned()),
        }
        self
    }

    /// A word about what was just done, above everything else.
    pub fn noting(mut self, note: Option<&str>) -> Self {
        if let (Some(note), Some(text)) = (note, self.texts.first_mut()) {
            *text = format!("{note}\n\n{text}");
        }
        self
    }

    pub fn row(mut self, row: CreateActionRow) -> Self {
        self.rows.push(row);
        self
    }

    pub fn pings(mut self, people: impl IntoIterator<Item = PersonId>) -> Self {
        self.pings.extend(people);
        self
    }

    /// As a message of its own: once, whatever is repeated within Discord's few minutes.
    pub fn posted(&self, notice: NoticeId) -> Body {
        let mut body = self.body(&|button| button.id_in(notice));
        body.nonce = Some(nonce(notice));
        body.enforce_nonce = Some(true);
        if self.silent {
            body.flags = SUPPRESS_NOTIFICATIONS;
        }
        body
    }

    /// In place of a message that stands.
    pub fn edited(&self, notice: NoticeId) -> Body {
        let mut body = self.body(&|button| button.id_in(notice));
        body.flags = 0;
        body
    }

    /// As an answer to the one who acted.
    pub fn replied(&self, private: bool) -> Body {
        let mut body = self.body(&Button::id);
        if private {
            body.flags = EPHEMERAL;
        }
        body
    }

    fn body(&self, id: &dyn Fn(Button) -> String) -> Body {
        let mut components: Vec<CreateActionRow> = self
            .presses
            .chunks(5)
            .map(|row| {
                CreateActionRow::Buttons(
                    row.iter()
                        .map(|press| {
                            let style = if press.next { ButtonStyle::Primary } else { ButtonStyle::Secondary };
                            CreateButton::new(id(press.button)).label(press.label).style(style)
                        })
                        .collect(),
                )
            })
            .collect();
        components.extend(self.rows.iter().cloned());
        Body {
            content: self.content.clone(),
            embeds: self.texts.iter().map(|text| CreateEmbed::new().description(text)).collect(),
            components,
            allowed_mentions: Mentions { parse: Vec::new(), users: self.pings.iter().map(ToString::to_string).collect() },
            flags: 0,
            nonce: None,
            enforce_nonce: None,
        }
    }
}

/// A notice's name in at most 25 characters (resources/message, nonce): its 128 bits in base 36.
pub fn nonce(notice: NoticeId) -> String {
    let mut left = notice.0.as_u128();
    let mut digits = Vec::with_capacity(25);
    while left > 0 {
        let digit = u32::try_from(left % 36).unwrap_or_default();
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        left /= 36;
    }
    digits.iter().rev().collect()
}

/// It shows somebody's ratings.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Picture(..)")
    }
}

/// What goes over the wire, for messages and for interaction answers alike.
#[derive(Clone, Serialize)]
pub struct Body {
    content: String,
    embeds: Vec<CreateEmbed>,
    components: Vec<CreateActionRow>,
    allowed_mentions: Mentions,
    flags: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforce_nonce: Option<bool>,
}

#[derive(Clone, Debug, Serialize)]
struct Mentions {
    parse: Vec<String>,
    users: Vec<String>,
}

/// It may hold somebody's words.
impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Card(..)")
    }
}

/// It may hold somebody's words.
impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body(..)")
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_nonce_holds_any_notice_in_25_characters() {
        assert_eq!(nonce(NoticeId(Uuid::from_u128(u128::MAX))).len(), 25);
        assert_ne!(nonce(NoticeId(Uuid::from_u128(1))), nonce(NoticeId(Uuid::from_u128(2))));
    }
}

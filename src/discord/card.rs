//! A card: what somebody reads, before and as it becomes Discord's. One form serves messages and private replies.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;
use serenity::all::{ButtonStyle, CreateActionRow, CreateButton};

use super::buttons::Button;
use super::rest::{Payload, Upload};
use super::words;
use crate::domain::ids::{NoticeId, PersonId};
use crate::domain::insights::Insights;
use crate::domain::words::Words;
use crate::picture::{self, PictureError};

/// `EPHEMERAL` and `SUPPRESS_NOTIFICATIONS` (resources/message, message flags).
const EPHEMERAL: u32 = 1 << 6;
const SUPPRESS_NOTIFICATIONS: u32 = 1 << 12;
/// What an embed's description holds (resources/message, "Embed Limits"), counted in UTF-16 units, which are never fewer.
const LONGEST_TEXT: usize = 4_096;

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

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

/// A picture and what it says, for those who cannot see it.
#[derive(Clone)]
pub struct Picture {
    pub png: Arc<[u8]>,
    /// At most 1,024 characters (resources/message, "Attachment Request Structure").
    pub description: String,
}

impl Picture {
    /// Draws the check-ins. The words that stand beside it are [`words::insights::beside`].
    pub fn of(insights: &Insights) -> Result<Self, PictureError> {
        Ok(Self { png: picture::draw(insights)?.into(), description: words::insights::description(insights) })
    }
}

#[derive(Clone, Default)]
pub struct Card {
    /// Plain and neutral: it is what a lock screen shows.
    pub content: String,
    /// Where words stand, private ones included: an embed each.
    pub texts: Vec<String>,
    /// Below them, in one embed with the text about it.
    pub picture: Option<(String, Picture)>,
    /// Words of the reader's own that travel in a private reply until one of its buttons is pressed, exactly as they are: in an embed
    /// of their own, above the footnote, with a title or without.
    pub carried: Option<(Option<&'static str>, Words)>,
    /// The quiet line under them.
    foot: Option<String>,
    /// To take along, below everything else. With the picture at most ten.
    pub files: Vec<Upload>,
    pub presses: Vec<Press>,
    /// In rows of their own under those, found again as they are: what is there in every step.
    pub beneath: Vec<Press>,
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

    /// The picture and the text about it, in an embed of their own at the end. A card has one picture at most: a second call
    /// takes the first one's place.
    pub fn pictured(mut self, text: impl Into<String>, picture: Picture) -> Self {
        self.picture = Some((text.into(), picture));
        self
    }

    /// The text about the picture without it, for a place where no file may be attached.
    pub fn unpictured(mut self) -> Self {
        self.texts.extend(self.picture.take().map(|(text, _)| text));
        self
    }

    /// See [`Card::carried`]; [`own_words`] finds them again.
    pub fn carrying(mut self, title: Option<&'static str>, words: Words) -> Self {
        self.carried = Some((title, words));
        self
    }

    pub fn file(mut self, file: Upload) -> Self {
        self.files.push(file);
        self
    }

    pub fn content(mut self, content: impl Into<String>) -> Self {
        self.content = content.into();
        self
    }

    pub fn presses(mut self, presses: impl IntoIterator<Item = Press>) -> Self {
        self.presses.extend(presses);
        self
    }

    /// See [`Card::beneath`].
    pub fn beneath(mut self, presses: impl IntoIterator<Item = Press>) -> Self {
        self.beneath.extend(presses);
        self
    }

    /// One quiet line at the very end; under a text that has no room for it, in an embed of its own.
    pub fn footnote(mut self, line: &str) -> Self {
        if self.carried.is_some() {
            self.foot = Some(line.to_owned());
            return self;
        }
        let beside = self.picture.as_mut().map(|(text, _)| text);
        let room = |text: &&mut String| units(text) + units(line) + 2 <= LONGEST_TEXT;
        match beside.or(self.texts.last_mut()).filter(room) {
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
        let beside = self.picture.as_mut().map(|(text, _)| text);
        if let (Some(note), Some(text)) = (note, self.texts.first_mut().or(beside)) {
            *text = format!("{note}\n\n{text}");
        }
        self
    }

    pub fn row(mut self, row: CreateActionRow) -> Self {
        self.rows.push(row);
        self
    }

    /// Buttons in a row of their own, below the presses. In private replies only: a posted message is found again by its presses.
    pub fn row_of(self, presses: impl IntoIterator<Item = Press>) -> Self {
        let buttons: Vec<CreateButton> = presses.into_iter().map(|press| drawn(&press, press.button.id())).collect();
        if buttons.is_empty() { self } else { self.row(CreateActionRow::Buttons(buttons)) }
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
            .chain(self.beneath.chunks(5))
            .map(|row| CreateActionRow::Buttons(row.iter().map(|press| drawn(press, id(press.button))).collect()))
            .collect();
        components.extend(self.rows.iter().cloned());
        let mut embeds: Vec<Embed> = self.texts.iter().map(Embed::saying).collect();
        embeds.extend(self.picture.iter().map(|(text, picture)| {
            let image = Image { url: format!("attachment://{PICTURE}"), description: picture.description.clone() };
            Embed { image: Some(image), ..Embed::saying(text) }
        }));
        embeds.extend(self.carried.iter().map(|(title, words)| Embed { title: *title, ..Embed::saying(words.expose()) }));
        embeds.extend(self.foot.iter().map(Embed::saying));
        let picture = self.picture.iter().map(|(_, picture)| {
            let upload = Upload { filename: PICTURE.into(), kind: "image/png", bytes: Arc::clone(&picture.png) };
            (upload, Some(picture.description.clone()))
        });
        let (uploads, described): (Vec<Upload>, Vec<Option<String>>) =
            picture.chain(self.files.iter().map(|file| (file.clone(), None))).unzip();
        let attachments = uploads.iter().zip(described).zip(0..);
        let attachments = attachments
            .map(|((upload, description), id)| Attachment { id, filename: upload.filename.clone(), description })
            .collect();
        Body {
            content: Some(self.content.clone()),
            embeds,
            components: Some(components),
            attachments,
            uploads,
            allowed_mentions: Mentions { parse: Vec::new(), users: self.pings.iter().map(ToString::to_string).collect() },
            flags: 0,
            nonce: None,
            enforce_nonce: None,
        }
    }
}

fn drawn(press: &Press, id: String) -> CreateButton {
    let style = if press.next { ButtonStyle::Primary } else { ButtonStyle::Secondary };
    CreateButton::new(id).label(press.label).style(style)
}

/// The words that a private reply carried, by the texts of its embeds: they stand above a footnote that stands alone.
pub fn own_words(embeds: &[Option<String>]) -> Option<Words> {
    match embeds {
        [.., Some(own), Some(last)] if words::is_safety_link(last) => Some(Words::new(own.as_str())),
        _ => None,
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

/// What goes over the wire, for messages and for interaction answers alike.
#[derive(Clone, Serialize)]
pub struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    embeds: Vec<Embed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<CreateActionRow>>,
    /// All that the message holds from now on, so always said: an edit that leaves it out keeps what stood there, and a picture whose
    /// embed is gone comes out below it (discord-api-docs, issue 1340).
    attachments: Vec<Attachment>,
    /// Beside the JSON, not in it.
    #[serde(skip)]
    uploads: Vec<Upload>,
    allowed_mentions: Mentions,
    flags: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforce_nonce: Option<bool>,
}

/// The name of a picture's file. It says nothing that the card does not.
const PICTURE: &str = "check-ins.png";

/// serenity's builder knows no description of an image.
#[derive(Clone, Serialize)]
struct Embed {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image>,
}

impl Embed {
    fn saying(text: impl Into<String>) -> Self {
        Self { title: None, description: text.into(), image: None }
    }
}

/// The description is what a screen reader says of the image in its embed; that of the attachment is heard only outside of one
/// (resources/message, "Embed Image Structure"; discord-api-docs, issue 8373).
#[derive(Clone, Serialize)]
struct Image {
    url: String,
    description: String,
}

/// The id is the n of `files[n]` (reference, "Uploading Files").
#[derive(Clone, Serialize)]
struct Attachment {
    id: u8,
    filename: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl Body {
    /// What stands in its embeds, and nothing else: the plain line and the buttons of the message stay as they are.
    pub fn words_alone(mut self) -> Self {
        (self.content, self.components) = (None, None);
        self
    }
}

impl Payload for Body {
    fn uploads(&self) -> Vec<Upload> {
        self.uploads.clone()
    }
}

#[derive(Clone, Debug, Serialize)]
struct Mentions {
    parse: Vec<String>,
    users: Vec<String>,
}

/// It says what somebody rated.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Picture(..)")
    }
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
    fn a_line_at_the_end_stands_by_itself_where_the_text_has_no_room_for_it() {
        let texts = |long: usize| Card::saying("🙂".repeat(long / 2)).footnote("a line").texts.len();
        assert_eq!((texts(4_088), texts(4_090)), (1, 2));
    }

    #[test]
    fn a_nonce_holds_any_notice_in_25_characters() {
        assert_eq!(nonce(NoticeId(Uuid::from_u128(u128::MAX))).len(), 25);
        assert_ne!(nonce(NoticeId(Uuid::from_u128(1))), nonce(NoticeId(Uuid::from_u128(2))));
    }
}

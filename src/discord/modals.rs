//! Modals: out as labels (type 18), text displays (type 10) and text inputs (type 4), and in as typed fields.
//! serenity has no builders for labels, so the few shapes stand here (components/reference).

use serde::Serialize;

use super::words;
use crate::domain::board;
use crate::domain::conversation::Said;
use crate::domain::hours::Minute;
use crate::domain::ids::{CoupleId, ItemId, RoundId, SittingId};
use crate::domain::schedule::Day;
use crate::domain::words::Words;

const VERSION: &str = "m1";

/// What a submitted modal was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modal {
    /// With how often the question had been swapped when the page opened: an answer belongs to the question it was written to.
    Answer(RoundId, u8),
    /// One asks in one's own words.
    OwnQuestion(CoupleId),
    QuietHours(Option<CoupleId>),
    OpeningHour(CoupleId),
    /// What is written after a practice.
    Entry(SittingId),
    DeleteJournal,
    /// What one lets one's partner read.
    Passage(CoupleId),
    /// What one puts on the board.
    Item(CoupleId, board::Kind),
    EditItem(ItemId),
    DeleteMine,
    /// The zone of a schedule that is to be proposed.
    WeeklyZone(CoupleId, Day, Minute),
    /// In a conversation, with the turn on which the page opened: words belong to the step they were written for.
    Said(RoundId, u32, Said),
}

impl Modal {
    pub fn id(self) -> String {
        match self {
            Self::Answer(id, swaps) => format!("{VERSION}:answer:{id}:{swaps}"),
            Self::OwnQuestion(id) => format!("{VERSION}:own_question:{id}"),
            Self::QuietHours(None) => format!("{VERSION}:quiet_hours"),
            Self::QuietHours(Some(id)) => format!("{VERSION}:quiet_hours:{id}"),
            Self::OpeningHour(id) => format!("{VERSION}:opening_hour:{id}"),
            Self::Entry(id) => format!("{VERSION}:entry:{id}"),
            Self::DeleteJournal => format!("{VERSION}:delete_journal"),
            Self::Passage(id) => format!("{VERSION}:passage:{id}"),
            Self::Item(id, kind) => format!("{VERSION}:item:{id}:{kind}"),
            Self::EditItem(id) => format!("{VERSION}:edit_item:{id}"),
            Self::DeleteMine => format!("{VERSION}:delete_mine"),
            Self::Said(id, turn, said) => format!("{VERSION}:said:{id}:{turn}:{}", said.name()),
            Self::WeeklyZone(id, day, at) => format!("{VERSION}:weekly_zone:{id}:{}:{}", day.slug(), at.since_midnight()),
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split(':');
        if parts.next() != Some(VERSION) {
            return None;
        }
        let (verb, argument) = (parts.next()?, parts.next());
        Some(match verb {
            "answer" => Self::Answer(argument?.parse().ok()?, parts.next()?.parse().ok()?),
            "own_question" => Self::OwnQuestion(argument?.parse().ok()?),
            "quiet_hours" => Self::QuietHours(argument.and_then(|id| id.parse().ok())),
            "opening_hour" => Self::OpeningHour(argument?.parse().ok()?),
            "entry" => Self::Entry(argument?.parse().ok()?),
            "delete_journal" => Self::DeleteJournal,
            "passage" => Self::Passage(argument?.parse().ok()?),
            "item" => Self::Item(argument?.parse().ok()?, parts.next()?.parse().ok()?),
            "edit_item" => Self::EditItem(argument?.parse().ok()?),
            "delete_mine" => Self::DeleteMine,
            "said" => Self::Said(argument?.parse().ok()?, parts.next()?.parse().ok()?, Said::named(parts.next()?)?),
            "weekly_zone" => {
                let (couple, day) = (argument?.parse().ok()?, parts.next()?.parse().ok()?);
                Self::WeeklyZone(couple, day, Minute::new(parts.next()?.parse().ok()?)?)
            }
            _ => return None,
        })
    }
}

/// A box to write in.
#[derive(Clone, Debug)]
pub struct Field {
    pub label: String,
    /// What stands in it when the modal opens.
    pub value: Option<Words>,
    pub placeholder: &'static str,
    /// In UTF-16 units.
    pub most: usize,
    pub required: bool,
    pub long: bool,
}

#[derive(Clone)]
pub struct Form {
    pub modal: Modal,
    /// At most 45 characters.
    pub title: &'static str,
    /// Text above the fields.
    pub above: Option<String>,
    pub fields: Vec<Field>,
    pub below: Option<String>,
}

impl Form {
    /// Asks for the typed word, with what goes above it.
    pub fn before_deleting(modal: Modal, title: &'static str, above: String) -> Self {
        let word = Field {
            label: "Type the word".into(),
            value: None,
            placeholder: words::DELETE_WORD,
            most: 20,
            required: true,
            long: false,
        };
        Self { modal, title, above: Some(above), fields: vec![word], below: None }
    }

    pub fn body(&self) -> Body {
        let mut components = Vec::new();
        components.extend(self.above.clone().map(Component::text));
        components.extend(self.fields.iter().enumerate().map(|(number, field)| Component::label(number, field)));
        components.extend(self.below.clone().map(Component::text));
        Body { custom_id: self.modal.id(), title: self.title, components }
    }
}

#[derive(Serialize)]
pub struct Body {
    custom_id: String,
    title: &'static str,
    components: Vec<Component>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Component {
    Text {
        #[serde(rename = "type")]
        kind: u8,
        content: String,
    },
    Label {
        #[serde(rename = "type")]
        kind: u8,
        label: String,
        component: Input,
    },
}

#[derive(Serialize)]
struct Input {
    #[serde(rename = "type")]
    kind: u8,
    custom_id: String,
    /// 1 one line, 2 several.
    style: u8,
    max_length: usize,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    placeholder: &'static str,
}

impl Component {
    fn text(content: String) -> Self {
        Self::Text { kind: 10, content }
    }

    fn label(number: usize, field: &Field) -> Self {
        Self::Label {
            kind: 18,
            label: field.label.clone(),
            component: Input {
                kind: 4,
                custom_id: format!("field{number}"),
                style: if field.long { 2 } else { 1 },
                max_length: field.most,
                required: field.required,
                value: field.value.as_ref().map(|words| words.expose().to_owned()).filter(|text| !text.is_empty()),
                placeholder: field.placeholder,
            },
        }
    }
}

/// Whether the word that [`Form::before_deleting`] asks for was typed.
pub fn deletion_is_meant(fields: &[Words]) -> bool {
    fields.first().is_some_and(|word| word.expose().trim().eq_ignore_ascii_case(words::DELETE_WORD))
}

/// The fields of a submit, in the order of their numbers, wherever Discord nests them. A field that is missing is empty.
pub fn submitted(components: &serde_json::Value) -> Vec<Words> {
    let mut found = Vec::new();
    collect(components, &mut found);
    let most = found.iter().map(|(number, _)| number + 1).max().unwrap_or_default().min(5);
    let mut fields = vec![Words::new(""); most];
    for (number, words) in found {
        if let Some(field) = fields.get_mut(number) {
            *field = words;
        }
    }
    fields
}

fn collect(value: &serde_json::Value, found: &mut Vec<(usize, Words)>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        serde_json::Value::Object(object) => {
            if let (Some(id), Some(text)) =
                (object.get("custom_id").and_then(|id| id.as_str()), object.get("value").and_then(|text| text.as_str()))
                && let Some(number) = id.strip_prefix("field").and_then(|number| number.parse().ok())
            {
                found.push((number, Words::new(text)));
            }
            for key in ["component", "components"] {
                if let Some(inner) = object.get(key) {
                    collect(inner, found);
                }
            }
        }
        _ => {}
    }
}

/// It may hold somebody's words.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Form(..)")
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
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_of_a_conversation_is_read_back_and_fits_one_hundred_characters() {
        let round = RoundId(uuid::Uuid::from_u128(u128::MAX));
        for said in Said::ALL {
            let modal = Modal::Said(round, u32::MAX, said);
            assert_eq!(Modal::parse(&modal.id()), Some(modal));
            assert!(modal.id().len() <= 100, "{}", modal.id());
        }
    }

    #[test]
    fn fields_come_back_in_order_wherever_they_are_nested() {
        let components = json!([
            { "type": 10, "content": "the question" },
            { "type": 18, "component": { "type": 4, "custom_id": "field1", "value": "second" } },
            { "type": 1, "components": [{ "type": 4, "custom_id": "field0", "value": "first" }] },
        ]);
        assert_eq!(submitted(&components), vec![Words::new("first"), Words::new("second")]);
    }

    #[test]
    fn a_forged_field_number_grows_nothing() {
        let components = json!([{ "type": 4, "custom_id": "field99999999", "value": "x" }]);
        assert_eq!(submitted(&components).len(), 5);
    }
}

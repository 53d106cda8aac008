//! A modal on somebody's screen: what it shows, how it is filled, and what the client checks before it sends
//! (components/reference, "Text Input" and "Label"). Lengths are counted as clients do, in UTF-16 units.

use super::heard::{Heard, Trouble};
use super::interactions::{self, Act};
use super::person::Person;
use super::view::{self, text_of};
use super::world::Id;
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub label: String,
    pub description: String,
    pub custom_id: String,
    /// What stands in it.
    pub value: String,
    pub min: usize,
    pub max: usize,
    pub required: bool,
    pub paragraph: bool,
}

/// An open modal. A submit that the client refuses leaves it open, so this can be used again.
#[derive(Clone, Debug)]
pub struct OpenModal {
    pub(super) person: Person,
    pub(super) data: Value,
    pub(super) channel: Id,
    /// The message whose button opened it.
    pub(super) message: Option<Id>,
}

impl OpenModal {
    pub fn title(&self) -> String {
        text_of(&self.data["title"])
    }

    /// The text displays in it, in order, as they are read.
    pub fn texts(&self) -> Vec<String> {
        let world = self.person.shared.world();
        texts(&self.data).iter().map(|text| view::resolve(&world, text)).collect()
    }

    /// The text inputs, in order.
    pub fn fields(&self) -> Vec<Field> {
        fields(&self.data)
    }

    /// Writes into the first field, leaves the others as they stand, and submits.
    pub async fn write(&self, text: &str) -> Result<Heard, Trouble> {
        self.fill(&[("0", text)]).await
    }

    /// Fills fields by label, custom id or position (from 0), leaves the others as they stand, and submits.
    pub async fn fill(&self, texts: &[(&str, &str)]) -> Result<Heard, Trouble> {
        let mut fields = self.fields();
        for (name, text) in texts {
            let position = fields
                .iter()
                .position(|field| field.label == *name || field.custom_id == *name)
                .or_else(|| name.parse().ok().filter(|at| *at < fields.len()));
            let Some(field) = position.and_then(|at| fields.get_mut(at)) else {
                let known = fields.iter().map(|field| field.label.as_str()).collect::<Vec<_>>().join(", ");
                return Err(Trouble::NoSuchField { title: self.title(), field: (*name).to_owned(), known });
            };
            (*text).clone_into(&mut field.value);
        }
        for field in &fields {
            self.check(field)?;
        }
        let values = fields.into_iter().map(|field| (field.custom_id, field.value)).collect();
        self.forge(values).await
    }

    fn check(&self, field: &Field) -> Result<(), Trouble> {
        let units = field.value.encode_utf16().count();
        let (title, name) = (self.title(), field.label.clone());
        if field.required && field.value.trim().is_empty() {
            return Err(Trouble::FieldMissing { title, field: name });
        }
        if units > field.max {
            return Err(Trouble::FieldTooLong { title, field: name, units, max: field.max });
        }
        if units > 0 && units < field.min {
            return Err(Trouble::FieldTooShort { title, field: name, units, min: field.min });
        }
        Ok(())
    }

    /// The same page under another custom id, as a modified client may send it.
    #[must_use]
    pub fn claiming(mut self, custom_id: &str) -> Self {
        self.data["custom_id"] = json!(custom_id);
        self
    }

    /// Submits these values without the client's checks, as a modified client would.
    pub async fn forge(&self, values: Vec<(String, String)>) -> Result<Heard, Trouble> {
        let mut left: Vec<(String, String)> = values;
        let mut components = Vec::new();
        for (at, part) in parts(&self.data).iter().enumerate() {
            components.push(submitted(part, at + 1, &mut left));
        }
        for (custom_id, value) in left {
            let input = json!({ "type": 4, "id": 90 + components.len(), "custom_id": custom_id, "value": value });
            components.push(json!({ "type": 18, "id": 80 + components.len(), "component": input }));
        }
        let data = json!({ "custom_id": self.data["custom_id"], "components": components });
        let act = Act { kind: 5, channel: self.channel, message: self.message, data, from_component: self.message.is_some() };
        Ok(interactions::perform(&self.person, act).await)
    }
}

fn parts(data: &Value) -> &[Value] {
    data["components"].as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn texts(data: &Value) -> Vec<String> {
    parts(data).iter().filter(|one| one["type"] == 10).map(|one| text_of(&one["content"])).collect()
}

pub(super) fn fields(data: &Value) -> Vec<Field> {
    parts(data).iter().filter_map(field).collect()
}

fn field(part: &Value) -> Option<Field> {
    let (input, label) = match part["type"].as_u64() {
        Some(18) => (&part["component"], text_of(&part["label"])),
        Some(1) => (&part["components"][0], text_of(&part["components"][0]["label"])),
        _ => return None,
    };
    let number = |key: &str, default: usize| input[key].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(default);
    (input["type"] == 4).then(|| Field {
        label,
        description: text_of(&part["description"]),
        custom_id: text_of(&input["custom_id"]),
        value: text_of(&input["value"]),
        min: number("min_length", 0),
        max: number("max_length", 4000),
        required: input["required"].as_bool().unwrap_or(true),
        paragraph: input["style"] == 2,
    })
}

/// One part of the modal as the submit carries it back.
fn submitted(part: &Value, at: usize, left: &mut Vec<(String, String)>) -> Value {
    let mut answer = |input: &Value| {
        let custom_id = text_of(&input["custom_id"]);
        let found = left.iter().position(|(id, _)| *id == custom_id).map(|at| left.remove(at).1);
        let id = input["id"].as_u64().unwrap_or(at as u64 + 100);
        match input["type"].as_u64() {
            Some(4) => json!({ "type": 4, "id": id, "custom_id": custom_id, "value": found.unwrap_or_default() }),
            kind => {
                let values: Vec<String> = found.map(|text| text.split('\n').map(str::to_owned).collect()).unwrap_or_default();
                json!({ "type": kind, "id": id, "custom_id": custom_id, "values": values })
            }
        }
    };
    let id = part["id"].as_u64().unwrap_or(at as u64);
    match part["type"].as_u64() {
        Some(18) => json!({ "type": 18, "id": id, "component": answer(&part["component"]) }),
        Some(1) => json!({ "type": 1, "id": id, "components": [answer(&part["components"][0])] }),
        kind => json!({ "type": kind, "id": id }),
    }
}

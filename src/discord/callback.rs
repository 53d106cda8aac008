//! The first answer to an interaction: a card, a modal or suggestions, each under its number
//! (interactions/receiving-and-responding, "Interaction Callback Type").

use serde::Serialize;
use serde_json::Value;

use super::card::Body;
use super::rest::{Payload, Upload};

#[derive(Clone, Debug, Serialize)]
pub struct Callback {
    #[serde(rename = "type")]
    kind: u8,
    data: Data,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Data {
    Card(Box<Body>),
    Other(Value),
}

impl Callback {
    /// A message of its own.
    pub fn message(body: Body) -> Self {
        Self { kind: 4, data: Data::Card(Box::new(body)) }
    }

    /// In place of the message whose component was used; only for components and the modals that they opened.
    pub fn update(body: Body) -> Self {
        Self { kind: 7, data: Data::Card(Box::new(body)) }
    }

    /// What is suggested while an option is typed; at most 25.
    pub fn choices(choices: Value) -> Self {
        Self { kind: 8, data: Data::Other(choices) }
    }

    pub fn modal(modal: Value) -> Self {
        Self { kind: 9, data: Data::Other(modal) }
    }
}

impl Payload for Callback {
    fn uploads(&self) -> Vec<Upload> {
        match &self.data {
            Data::Card(body) => body.uploads(),
            Data::Other(_) => Vec::new(),
        }
    }
}

/// It may hold somebody's words.
impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Data(..)")
    }
}

//! What Discord lets a message, modal, command or channel hold, said as Discord says it: 50035 with nested `errors`
//! (reference, "Error Messages"). Pure: reads a body, changes nothing. Lengths are counted in UTF-16 units, the strictest
//! reading that any client or library uses.

pub(super) mod channel;
pub(super) mod commands;
pub(super) mod components;
pub(super) mod message;
pub(super) mod modal;

use super::rest::Refusal;
use serde_json::{Map, Value, json};

/// The faults found so far, by path.
#[derive(Debug, Default)]
pub struct Form(Map<String, Value>);

impl Form {
    /// `path` is dotted, as in `embeds.0.title`.
    pub fn fault(&mut self, path: &str, code: &str, message: impl Into<String>) {
        let mut parts = path.split('.');
        let Some(first) = parts.next() else { return };
        let mut at = self.0.entry(first).or_insert_with(|| json!({}));
        for part in parts {
            at = &mut at[part];
            if at.is_null() {
                *at = json!({});
            }
        }
        if !at["_errors"].is_array() {
            at["_errors"] = json!([]);
        }
        if let Some(list) = at["_errors"].as_array_mut() {
            list.push(json!({ "code": code, "message": message.into() }));
        }
    }

    pub fn finish(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::form(Value::Object(self.0), "Invalid Form Body")) }
    }

    /// A text of `min` to `max`; `required` when it must be there. Gives its length.
    pub fn text(&mut self, path: &str, value: &Value, required: bool, min: usize, max: usize) -> usize {
        match value {
            Value::Null if required => self.fault(path, "BASE_TYPE_REQUIRED", "This field is required"),
            Value::Null => {}
            Value::String(text) => {
                let count = units(text);
                if required && count == 0 && min > 0 {
                    self.fault(path, "BASE_TYPE_REQUIRED", "This field is required");
                } else if min > 0 && (count < min || count > max) {
                    self.fault(path, "BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
                } else if count > max {
                    self.fault(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
                }
                return count;
            }
            other => self.fault(path, "STRING_TYPE_CONVERT", format!("Could not interpret \"{other}\" as string.")),
        }
        0
    }

    /// A list of `min` to `max`; an empty one for anything else.
    pub fn list<'a>(&mut self, path: &str, value: &'a Value, min: usize, max: usize) -> &'a [Value] {
        match value {
            Value::Array(items) => {
                if items.len() < min || items.len() > max {
                    if min == 0 {
                        self.fault(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
                    } else {
                        self.fault(path, "BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
                    }
                }
                items
            }
            Value::Null if min > 0 => {
                self.fault(path, "BASE_TYPE_REQUIRED", "This field is required");
                &[]
            }
            Value::Null => &[],
            _ => {
                self.fault(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
                &[]
            }
        }
    }

    /// A whole number within bounds; nothing when it is absent.
    pub fn number(&mut self, path: &str, value: &Value, min: i64, max: i64) {
        if value.is_null() {
            return;
        }
        match value.as_i64() {
            None => self.fault(path, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not int.")),
            Some(n) if n > max => {
                self.fault(path, "NUMBER_TYPE_MAX", format!("int value should be less than or equal to {max}."));
            }
            Some(n) if n < min => {
                self.fault(path, "NUMBER_TYPE_MIN", format!("int value should be greater than or equal to {min}."));
            }
            Some(_) => {}
        }
    }

    pub fn choice(&mut self, path: &str, value: &Value, allowed: &[i64]) {
        if !value.as_i64().is_some_and(|n| allowed.contains(&n)) {
            let list = allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            self.fault(path, "BASE_TYPE_CHOICES", format!("Value must be one of {{{list}}}."));
        }
    }

    pub fn boolean(&mut self, path: &str, value: &Value) {
        if !value.is_null() && !value.is_boolean() {
            self.fault(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        }
    }

    pub fn url(&mut self, path: &str, value: &Value, attachments: bool) {
        let Some(url) = value.as_str() else {
            if !value.is_null() {
                self.fault(path, "STRING_TYPE_CONVERT", "Could not interpret the value as string.");
            }
            return;
        };
        let good = ["http://", "https://"].iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
            || (attachments && url.starts_with("attachment://"))
            || url.starts_with("discord://");
        if !good || units(url) > 2048 {
            self.fault(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        }
    }
}

pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A snowflake as Discord takes it: a string or a number.
pub fn snowflake(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

//! What a modal may hold (interactions/receiving-and-responding, "Modal"; components/reference, "Label" and "Text Input").

use super::{Form, components, units};
use crate::rehearsal::rest::Refusal;
use serde_json::Value;
use std::collections::HashSet;

pub fn check(data: &Value) -> Result<(), Refusal> {
    let mut form = Form::default();
    form.text("data.title", &data["title"], true, 1, 45);
    form.text("data.custom_id", &data["custom_id"], true, 1, 100);
    let mut custom_ids = HashSet::new();
    for (at, one) in form.list("data.components", &data["components"], 1, 5).iter().enumerate() {
        let path = format!("data.components.{at}");
        match one["type"].as_u64() {
            Some(18) => {
                form.text(&format!("{path}.label"), &one["label"], true, 1, 45);
                form.text(&format!("{path}.description"), &one["description"], false, 0, 100);
                input(&mut form, &format!("{path}.component"), &one["component"], &mut custom_ids, false);
            }
            Some(10) => {
                form.text(&format!("{path}.content"), &one["content"], true, 1, 4000);
            }
            // Deprecated: one text input in a row, with its own label.
            Some(1) => {
                let list = format!("{path}.components");
                for (n, child) in form.list(&list, &one["components"], 1, 1).iter().enumerate() {
                    input(&mut form, &format!("{list}.{n}"), child, &mut custom_ids, true);
                }
            }
            _ => form.fault(&format!("{path}.type"), "UNION_TYPE_CHOICES", "Value must be one of {1, 10, 18}."),
        }
    }
    form.finish()
}

fn input(form: &mut Form, path: &str, one: &Value, custom_ids: &mut HashSet<String>, in_row: bool) {
    let kind = one["type"].as_u64();
    match kind {
        Some(4) => text(form, path, one, in_row),
        Some(3 | 5..=8) if !in_row => return components::menu_in_modal(form, path, one, custom_ids),
        Some(21 | 22) if !in_row => {
            let least = if kind == Some(21) { 2 } else { 1 };
            form.list(&format!("{path}.options"), &one["options"], least, 10);
        }
        Some(19 | 23) if !in_row => {}
        _ => {
            form.fault(&format!("{path}.type"), "UNION_TYPE_CHOICES", "Value must be one of {3, 4, 5, 6, 7, 8, 19, 21, 22, 23}.");
        }
    }
    let path = format!("{path}.custom_id");
    form.text(&path, &one["custom_id"], true, 1, 100);
    if let Some(id) = one["custom_id"].as_str()
        && !custom_ids.insert(id.to_owned())
    {
        form.fault(&path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
    }
}

fn text(form: &mut Form, path: &str, one: &Value, in_row: bool) {
    let at = |key: &str| format!("{path}.{key}");
    form.choice(&at("style"), &one["style"], &[1, 2]);
    if in_row {
        form.text(&at("label"), &one["label"], true, 1, 45);
    } else if !one["label"].is_null() {
        form.fault(&at("label"), "COMPONENT_LABEL_IN_LABEL", "A text input in a label has no label of its own");
    }
    form.number(&at("min_length"), &one["min_length"], 0, 4000);
    form.number(&at("max_length"), &one["max_length"], 1, 4000);
    form.text(&at("placeholder"), &one["placeholder"], false, 0, 100);
    form.boolean(&at("required"), &one["required"]);
    form.text(&at("value"), &one["value"], false, 0, 4000);
    let max = one["max_length"].as_u64().unwrap_or(4000);
    if let Some(min) = one["min_length"].as_u64().filter(|min| *min > max) {
        form.fault(&at("min_length"), "TEXT_INPUT_MIN_EXCEEDS_MAX", format!("min_length {min} exceeds max_length {max}"));
    }
    if let Some(value) = one["value"].as_str().filter(|value| units(value) as u64 > max) {
        let message = format!("Must be {max} or fewer in length, not {}.", units(value));
        form.fault(&at("value"), "BASE_TYPE_MAX_LENGTH", message);
    }
}

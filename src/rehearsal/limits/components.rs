//! Components in messages (components/reference): rows, buttons, menus, and the parts of the second version. Custom ids are
//! unique within the message.

use super::{Form, snowflake};
use serde_json::Value;
use std::collections::HashSet;

/// What is counted across the whole message.
struct Count {
    parts: usize,
    custom_ids: HashSet<String>,
    text: usize,
}

pub fn in_message(form: &mut Form, value: &Value, v2: bool) {
    let mut count = Count { parts: 0, custom_ids: HashSet::new(), text: 0 };
    // Without the flag: five rows. With it: forty parts in all, nested ones included.
    for (at, one) in form.list("components", value, 0, if v2 { 40 } else { 5 }).iter().enumerate() {
        let path = format!("components.{at}");
        match one["type"].as_u64() {
            Some(1) => row(form, &path, one, &mut count),
            Some(_) if v2 => part(form, &path, one, &mut count, true),
            _ => {
                let message = if v2 { "Value must be one of {1, 9, 10, 12, 13, 14, 17}." } else { "Value must be one of {1}." };
                form.fault(&format!("{path}.type"), "UNION_TYPE_CHOICES", message);
            }
        }
    }
    if v2 && count.parts > 40 {
        form.fault("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components exceeds 40");
    }
    if count.text > 4000 {
        form.fault("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The displayable text size exceeds 4000");
    }
}

fn row(form: &mut Form, path: &str, one: &Value, count: &mut Count) {
    count.parts += 1;
    let list = format!("{path}.components");
    let children = form.list(&list, &one["components"], 1, 5);
    let menus = children.iter().filter(|child| child["type"].as_u64().is_some_and(is_menu)).count();
    if menus > 0 && children.len() > 1 {
        form.fault(&list, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width");
    }
    for (at, child) in children.iter().enumerate() {
        let path = format!("{list}.{at}");
        count.parts += 1;
        match child["type"].as_u64() {
            Some(2) => button(form, &path, child, count),
            Some(kind) if is_menu(kind) => menu(form, &path, child, count, true),
            _ => form.fault(&format!("{path}.type"), "UNION_TYPE_CHOICES", "Value must be one of {2, 3, 5, 6, 7, 8}."),
        }
    }
}

fn is_menu(kind: u64) -> bool {
    kind == 3 || (5..=8).contains(&kind)
}

fn custom_id(form: &mut Form, path: &str, one: &Value, count: &mut Count) {
    let path = format!("{path}.custom_id");
    form.text(&path, &one["custom_id"], true, 1, 100);
    if let Some(id) = one["custom_id"].as_str()
        && !count.custom_ids.insert(id.to_owned())
    {
        form.fault(&path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
    }
}

fn emoji(form: &mut Form, path: &str, value: &Value) {
    if value.is_null() {
        return;
    }
    let named =
        value["name"].as_str().is_some_and(|name| !name.is_empty() && !name.chars().all(|one| one.is_ascii_alphanumeric()));
    if snowflake(&value["id"]).is_none() && !named {
        form.fault(&format!("{path}.emoji.name"), "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
}

fn button(form: &mut Form, path: &str, one: &Value, count: &mut Count) {
    form.choice(&format!("{path}.style"), &one["style"], &[1, 2, 3, 4, 5, 6]);
    form.text(&format!("{path}.label"), &one["label"], false, 0, 80);
    form.boolean(&format!("{path}.disabled"), &one["disabled"]);
    emoji(form, path, &one["emoji"]);
    let bare = one["label"].as_str().is_none_or(str::is_empty) && one["emoji"].is_null();
    match one["style"].as_i64() {
        Some(5) => {
            if one["url"].is_null() {
                form.fault(&format!("{path}.url"), "BASE_TYPE_REQUIRED", "A url is required");
            }
            form.url(&format!("{path}.url"), &one["url"], false);
            if !one["custom_id"].is_null() {
                form.fault(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                );
            }
        }
        Some(6) => return,
        _ => {
            custom_id(form, path, one, count);
            if !one["url"].is_null() {
                form.fault(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                );
            }
        }
    }
    if bare {
        form.fault(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required");
    }
}

fn menu(form: &mut Form, path: &str, one: &Value, count: &mut Count, in_message: bool) {
    custom_id(form, path, one, count);
    form.text(&format!("{path}.placeholder"), &one["placeholder"], false, 0, 150);
    form.number(&format!("{path}.min_values"), &one["min_values"], 0, 25);
    form.number(&format!("{path}.max_values"), &one["max_values"], 1, 25);
    if in_message {
        form.boolean(&format!("{path}.disabled"), &one["disabled"]);
    }
    if one["type"] != 3 {
        return;
    }
    let options = form.list(&format!("{path}.options"), &one["options"], 1, 25);
    let (least, most) = (one["min_values"].as_u64().unwrap_or(1), one["max_values"].as_u64().unwrap_or(1));
    if least > most {
        form.fault(&format!("{path}.max_values"), "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX", "min_values exceeds max_values");
    }
    if most > options.len() as u64 && !one["max_values"].is_null() {
        form.fault(
            &format!("{path}.max_values"),
            "NUMBER_TYPE_MAX",
            format!("int value should be less than or equal to {}.", options.len()),
        );
    }
    let mut values = HashSet::new();
    let mut chosen = 0;
    for (at, option) in options.iter().enumerate() {
        let path = |key: &str| format!("{path}.options.{at}.{key}");
        form.text(&path("label"), &option["label"], true, 1, 100);
        form.text(&path("value"), &option["value"], true, 1, 100);
        form.text(&path("description"), &option["description"], false, 0, 100);
        chosen += u64::from(option["default"] == true);
        if let Some(value) = option["value"].as_str()
            && !values.insert(value)
        {
            form.fault(&path("value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used");
        }
    }
    if chosen > most {
        form.fault(
            &format!("{path}.options"),
            "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
            "Too many options are chosen by default",
        );
    }
}

/// The second version's parts: section 9, text 10, thumbnail 11, gallery 12, file 13, separator 14, container 17.
fn part(form: &mut Form, path: &str, one: &Value, count: &mut Count, top: bool) {
    count.parts += 1;
    match one["type"].as_u64() {
        Some(10) => count.text += form.text(&format!("{path}.content"), &one["content"], true, 1, 4000),
        Some(14) if one["spacing"].is_null() => {}
        Some(14) => form.choice(&format!("{path}.spacing"), &one["spacing"], &[1, 2]),
        Some(13) => form.url(&format!("{path}.file.url"), &one["file"]["url"], true),
        Some(12) => {
            for (at, item) in form.list(&format!("{path}.items"), &one["items"], 1, 10).iter().enumerate() {
                form.url(&format!("{path}.items.{at}.media.url"), &item["media"]["url"], true);
                form.text(&format!("{path}.items.{at}.description"), &item["description"], false, 0, 1024);
            }
        }
        Some(9) => {
            for (at, child) in form.list(&format!("{path}.components"), &one["components"], 1, 3).iter().enumerate() {
                let path = format!("{path}.components.{at}");
                if child["type"] == 10 {
                    part(form, &path, child, count, false);
                } else {
                    form.fault(&format!("{path}.type"), "UNION_TYPE_CHOICES", "Value must be one of {10}.");
                }
            }
            let accessory = &one["accessory"];
            let path = format!("{path}.accessory");
            count.parts += 1;
            match accessory["type"].as_u64() {
                Some(2) => button(form, &path, accessory, count),
                Some(11) => form.url(&format!("{path}.media.url"), &accessory["media"]["url"], true),
                _ => form.fault(&path, "BASE_TYPE_REQUIRED", "This field is required"),
            }
        }
        Some(17) if top => {
            for (at, child) in form.list(&format!("{path}.components"), &one["components"], 1, 40).iter().enumerate() {
                let path = format!("{path}.components.{at}");
                if child["type"] == 1 { row(form, &path, child, count) } else { part(form, &path, child, count, false) }
            }
        }
        _ => form.fault(&format!("{path}.type"), "UNION_TYPE_CHOICES", "Value must be one of {1, 9, 10, 12, 13, 14, 17}."),
    }
}

/// Menus in a modal's label; checked like those in messages, without `disabled`.
pub fn menu_in_modal(form: &mut Form, path: &str, one: &Value, custom_ids: &mut HashSet<String>) {
    let mut count = Count { parts: 0, custom_ids: std::mem::take(custom_ids), text: 0 };
    menu(form, path, one, &mut count, false);
    if one["disabled"] == true {
        form.fault(&format!("{path}.disabled"), "COMPONENT_DISABLED_IN_MODAL", "A select in a modal cannot be disabled");
    }
    *custom_ids = count.custom_ids;
}

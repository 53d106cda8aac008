//! What an application command may be (interactions/application-commands, "Application Command Structure" and what follows it).

use super::{Form, units};
use crate::rehearsal::rest::Refusal;
use serde_json::Value;
use std::collections::HashSet;

const SUBCOMMAND: i64 = 1;
const GROUP: i64 = 2;

/// A whole registration: 100 chat-input commands, 15 of each menu kind ("Registering a Command"; the `OpenAPI` document's 130 for all
/// of them is their sum), no name twice.
pub fn check_all(commands: &[Value]) -> Result<(), Refusal> {
    let mut form = Form::default();
    let mut names = HashSet::new();
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        if commands.iter().filter(|one| one["type"].as_i64().unwrap_or(1) == kind).count() > most {
            return Err(Refusal::new(400, 30_032, &format!("Maximum number of application commands reached ({most})")));
        }
    }
    for (at, command) in commands.iter().enumerate() {
        check(&mut form, &at.to_string(), command);
        if !names.insert((command["type"].as_i64().unwrap_or(1), command["name"].as_str().unwrap_or_default())) {
            form.fault(&format!("{at}.name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
        }
    }
    form.finish()
}

fn check(form: &mut Form, path: &str, command: &Value) {
    let at = |key: &str| format!("{path}.{key}");
    let kind = command["type"].as_i64().unwrap_or(1);
    if !command["type"].is_null() {
        form.choice(&at("type"), &command["type"], &[1, 2, 3, 4]);
    }
    if kind == 1 {
        name(form, &at("name"), &command["name"]);
        form.text(&at("description"), &command["description"], true, 1, 100);
    } else {
        form.text(&at("name"), &command["name"], true, 1, 32);
        if command["description"].as_str().is_some_and(|text| !text.is_empty()) {
            form.fault(
                &at("description"),
                "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED",
                "Context menu commands cannot have a description",
            );
        }
        if command["options"].as_array().is_some_and(|all| !all.is_empty()) {
            form.fault(&at("options"), "APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED", "Context menu commands cannot have options");
        }
    }
    for (key, allowed) in [("contexts", &[0, 1, 2][..]), ("integration_types", &[0, 1][..])] {
        let mut seen = HashSet::new();
        for (n, one) in form.list(&at(key), &command[key], 0, allowed.len()).iter().enumerate() {
            form.choice(&format!("{}.{n}", at(key)), one, allowed);
            if !seen.insert(one.to_string()) {
                form.fault(&at(key), "SET_TYPE_ALREADY_CONTAINS_VALUE", format!("The set already contains the value {one}"));
            }
        }
        if command[key].as_array().is_some_and(Vec::is_empty) {
            form.fault(&at(key), "BASE_TYPE_BAD_LENGTH", format!("Must be between 1 and {} in length.", allowed.len()));
        }
    }
    let permissions = &command["default_member_permissions"];
    if !permissions.is_null() && permissions.as_str().and_then(|bits| bits.parse::<u64>().ok()).is_none() {
        form.fault(&at("default_member_permissions"), "NUMBER_TYPE_COERCE", "Value is not int.");
    }
    options(form, &at("options"), &command["options"], 0);
    if size(command) > 8000 {
        form.fault(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
    }
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, lower case where the letters have one.
fn name(form: &mut Form, path: &str, value: &Value) {
    form.text(path, value, true, 1, 32);
    let Some(name) = value.as_str() else { return };
    let fits = name.chars().all(|one| matches!(one, '-' | '_' | '\'') || one.is_alphanumeric());
    if !fits || name.to_lowercase() != name {
        form.fault(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

fn options(form: &mut Form, path: &str, value: &Value, depth: u8) {
    let mut names = HashSet::new();
    let mut optional_seen = false;
    let list = form.list(path, value, 0, 25);
    let subs = list.iter().filter(|one| matches!(one["type"].as_i64(), Some(SUBCOMMAND | GROUP))).count();
    if subs > 0 && subs < list.len() {
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_MIXED", "Sub-commands and other options cannot stand side by side");
    }
    for (n, one) in list.iter().enumerate() {
        let path = format!("{path}.{n}");
        let at = |key: &str| format!("{path}.{key}");
        name(form, &at("name"), &one["name"]);
        form.text(&at("description"), &one["description"], true, 1, 100);
        form.choice(&at("type"), &one["type"], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        if !names.insert(one["name"].as_str().unwrap_or_default()) {
            form.fault(&at("name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
        }
        let required = one["required"] == true;
        if required && optional_seen {
            let message = "Required options must be placed before non-required options";
            form.fault(&at("required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
        optional_seen |= !required;
        match one["type"].as_i64() {
            Some(SUBCOMMAND) if depth < 2 => options(form, &at("options"), &one["options"], 2),
            Some(GROUP) if depth == 0 => options(form, &at("options"), &one["options"], 1),
            Some(SUBCOMMAND | GROUP) => {
                form.fault(&at("type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands cannot be nested here");
            }
            Some(kind) => {
                if depth == 1 {
                    form.fault(&at("type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option type invalid");
                }
                value_option(form, &path, one, kind);
            }
            None => {}
        }
    }
}

fn value_option(form: &mut Form, path: &str, one: &Value, kind: i64) {
    let at = |key: &str| format!("{path}.{key}");
    let mut seen = HashSet::new();
    for (n, choice) in form.list(&at("choices"), &one["choices"], 0, 25).iter().enumerate() {
        form.text(&format!("{path}.choices.{n}.name"), &choice["name"], true, 1, 100);
        let value = format!("{path}.choices.{n}.value");
        match kind {
            3 => {
                form.text(&value, &choice["value"], true, 0, 100);
            }
            4 | 10 if choice["value"].is_number() => {}
            _ => form.fault(&value, "NUMBER_TYPE_COERCE", "Value does not fit the option's type."),
        }
        if !seen.insert(choice["name"].to_string()) {
            form.fault(
                &format!("{path}.choices.{n}.name"),
                "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
                "Option choice name already exists",
            );
        }
    }
    if one["autocomplete"] == true && !seen.is_empty() {
        form.fault(
            &at("autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
            "autocomplete and choices exclude each other",
        );
    }
    form.number(&at("min_length"), &one["min_length"], 0, 6000);
    form.number(&at("max_length"), &one["max_length"], 1, 6000);
    if kind != 3 && !(one["min_length"].is_null() && one["max_length"].is_null()) {
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_LENGTH_ONLY_FOR_STRINGS", "Only string options have a length");
    }
}

/// "8000 characters for combined name, description, and value properties for each command and its options"; of each
/// localization the longest counts.
fn size(one: &Value) -> usize {
    let own: usize = ["name", "description", "value"]
        .iter()
        .map(|key| {
            let localized = one[format!("{key}_localizations")].as_object().into_iter().flat_map(|map| map.values());
            localized.chain([&one[*key]]).filter_map(Value::as_str).map(units).max().unwrap_or(0)
        })
        .sum();
    let nested = ["options", "choices"].iter().flat_map(|key| one[*key].as_array().into_iter().flatten());
    own + nested.map(size).sum::<usize>()
}

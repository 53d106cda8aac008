//! Recorded exchanges held against Discord's published `OpenAPI` document: what the bot sent and was granted, and all that the
//! rehearsal answered. The document forbids almost no unknown key, so it is closed first: a misspelt field is a fault too.

use duet::rehearsal::Exchange;
use jsonschema::{Registry, Resource, Validator};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

const BASE: &str = "https://discord.invalid/openapi.json";

pub struct Document {
    paths: Value,
    registry: Registry<'static>,
    compiled: Mutex<HashMap<String, &'static Validator>>,
}

/// The document that `DISCORD_OPENAPI` names. Without one: nothing, said once. A named one that is missing fails.
pub fn document() -> Option<&'static Document> {
    static DOCUMENT: OnceLock<Option<Document>> = OnceLock::new();
    let load = || {
        let Ok(path) = std::env::var("DISCORD_OPENAPI") else {
            println!("not checked against Discord's OpenAPI document: DISCORD_OPENAPI is not set");
            return None;
        };
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("DISCORD_OPENAPI={path}: {error}"));
        let mut whole: Value = serde_json::from_str(&text).expect("DISCORD_OPENAPI is JSON");
        let paths = whole["paths"].clone();
        for (name, schema) in whole["components"]["schemas"].as_object_mut().expect("schemas") {
            // `Error` stands in two-branch `allOf`s, which are closed as a whole.
            if name != "Error" {
                close(schema);
            }
        }
        loosen(&mut whole["components"]["schemas"]);
        whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        let registry =
            Registry::new().add(BASE, Resource::from_contents(whole)).expect("a resource").prepare().expect("a registry");
        Some(Document { paths, registry, compiled: Mutex::default() })
    };
    DOCUMENT.get_or_init(load).as_ref()
}

/// Where the document is narrower than Discord's documentation, and the documentation wins.
fn loosen(schemas: &mut Value) {
    // The codes of single fields are words ("BASE_TYPE_CHOICES"), not numbers (reference, "Error Messages").
    schemas["ErrorDetails"] = json!({ "type": "object" });
    // Permissions are "serialized into a string" since v8 (topics/permissions); numbers are taken too.
    for key in ["allow", "deny"] {
        schemas["ChannelPermissionOverwriteRequest"]["properties"][key] = json!({ "type": ["string", "integer", "null"] });
    }
    // "For attachments[n].id ... as a placeholder snowflake" the documentation's own examples send numbers.
    schemas["MessageAttachmentRequest"]["properties"]["id"] = json!({ "type": ["string", "integer"] });
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            let branches = map.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
            if (map.contains_key("properties") || branches > 1) && !map.contains_key("additionalProperties") {
                map.insert("unevaluatedProperties".into(), json!(false));
            }
            for (key, child) in map.iter_mut() {
                if key != "allOf" {
                    close(child);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

impl Document {
    /// What doesn't fit, a line each.
    pub fn faults(&self, exchange: &Exchange) -> Vec<String> {
        let mut faults = Vec::new();
        let granted = (200..300).contains(&exchange.status);
        let operation = &self.paths[&exchange.route][exchange.method.to_lowercase()];
        if exchange.route.is_empty() || exchange.status == 0 {
            return faults;
        }
        if operation.is_null() {
            return vec![format!("{} {}: not in the document", exchange.method, exchange.route)];
        }
        let pointer = format!("#/paths/{}/{}", exchange.route.replace('/', "~1"), exchange.method.to_lowercase());
        if let Some(body) = exchange.request_body.as_ref().filter(|_| granted) {
            // In a multipart request `payload_json` has the message's fields; the files stand beside it.
            let kind = if exchange.multipart { "multipart/form-data" } else { "application/json" };
            if operation["requestBody"]["content"][kind].is_null() {
                faults.push(format!("{} {}: takes no {kind}", exchange.method, exchange.route));
            } else {
                self.hold(
                    &format!("{pointer}/requestBody/content/{}/schema", kind.replace('/', "~1")),
                    body,
                    "sent",
                    exchange,
                    &mut faults,
                );
            }
        }
        let code = exchange.status.to_string();
        let family = format!("{}XX", &code[..1]);
        let answers = &operation["responses"];
        let named = [code.as_str(), family.as_str()].into_iter().find(|name| !answers[*name].is_null());
        match (named, &exchange.response_body) {
            // Faults by order (500, 503) are not the document's.
            (None, _) if exchange.status >= 500 => {}
            (None, _) => faults.push(format!("{} {}: never answers {code}", exchange.method, exchange.route)),
            (Some(_), None) => {}
            (Some(name), Some(body)) => {
                let place = match answers[name]["$ref"].as_str() {
                    Some(other) => other.to_owned(),
                    None => format!("{pointer}/responses/{name}"),
                };
                self.hold(&format!("{place}/content/application~1json/schema"), body, "answered", exchange, &mut faults);
            }
        }
        faults
    }

    fn hold(&self, pointer: &str, body: &Value, verb: &str, exchange: &Exchange, faults: &mut Vec<String>) {
        let validator = *self.compiled.lock().expect("validators").entry(pointer.to_owned()).or_insert_with(|| {
            let escaped = pointer.replace('{', "%7B").replace('}', "%7D");
            let schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": format!("{BASE}{escaped}") });
            let built = jsonschema::options().with_registry(&self.registry).build(&schema);
            Box::leak(Box::new(built.unwrap_or_else(|error| panic!("{pointer}: {error}"))))
        });
        for error in validator.iter_errors(body) {
            let at = error.instance_path().to_string();
            faults.push(format!("{} {} {verb} at {at}: {error}\n  in {body}", exchange.method, exchange.path));
        }
    }
}

/// Everything that does not fit, a line each; nothing where the document is not at hand.
pub fn check(exchanges: &[Exchange]) -> Vec<String> {
    document().map_or_else(Vec::new, |document| exchanges.iter().flat_map(|exchange| document.faults(exchange)).collect())
}

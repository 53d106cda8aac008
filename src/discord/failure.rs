//! What can go wrong with one REST request, sorted by what to do about it.
//!
//! Owns the meaning of Discord's error codes. Must never keep text of a request or an answer: a refused field's path
//! is named, its value is not.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// How long to leave alone a person's DMs after 40003 (opening DMs too fast), for which Discord names no time.
const OPENING_TOO_FAST: Duration = Duration::from_mins(5);
/// The same for 30046 (a message older than an hour was edited too often).
const EDITING_TOO_OFTEN: Duration = Duration::from_mins(1);
/// Field paths kept of one refusal; the rest would say the same.
const PATHS_KEPT: usize = 20;
const PATH_DEPTH: usize = 16;

/// One REST request failed. Codes are those of Discord's "Opcodes and Status Codes".
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Failure {
    /// 50007, 50278 or 90001: the person takes no DMs from the bot, shares no server with it, or takes no reaction of its.
    #[error("DMs are closed")]
    ClosedDms,
    /// 50001, 50013, or 10004 (a server that the bot is not in).
    #[error("access is missing ({code})")]
    MissingAccess { code: u32 },
    #[error("unknown channel")]
    UnknownChannel,
    #[error("unknown message")]
    UnknownMessage,
    /// 10007 or 10013: nobody by that id there.
    #[error("unknown member")]
    UnknownMember,
    /// The interaction or its token is void: more than 3 seconds for the first answer, 15 minutes for the others.
    #[error("the interaction is void")]
    UnknownInteraction,
    /// 40060: a first answer to this interaction was given before.
    #[error("the interaction was answered before")]
    AlreadyAnswered,
    /// 30013 (no more channels fit) or 60003 (the server demands two-factor login of the bot's owner).
    #[error("no room ({code})")]
    NoRoom { code: u32 },
    /// The bot's token is refused; no request was or will be sent with it.
    #[error("the token is refused")]
    Token,
    /// Nothing was applied; later than `retry_after` it may be.
    #[error("rate limited for {} ms{}", retry_after.as_millis(), if *global { ", everywhere" } else { "" })]
    RateLimited { retry_after: Duration, global: bool },
    /// A 5xx, a timeout or a broken connection. It may have been applied.
    #[error("Discord did not answer properly ({})", status.map_or_else(|| "no answer".into(), |status| status.to_string()))]
    Unavailable { status: Option<u16> },
    /// Any other refusal. `at`: paths of refused fields, with Discord's constant for the reason, never with values.
    #[error("refused ({status}, {code}){}{}", if at.is_empty() { "" } else { " at " }, at.join(", "))]
    Refused { status: u16, code: u32, at: Vec<String> },
    /// It was applied, but the answer does not read as what we expect, or our own body could not be written.
    #[error("the answer is unreadable")]
    Unreadable,
}

impl Failure {
    /// A short stable name, for the outbox's failure column and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ClosedDms => "closed_dms",
            Self::MissingAccess { .. } => "missing_access",
            Self::UnknownChannel => "unknown_channel",
            Self::UnknownMessage => "unknown_message",
            Self::UnknownMember => "unknown_member",
            Self::UnknownInteraction => "unknown_interaction",
            Self::AlreadyAnswered => "already_answered",
            Self::NoRoom { .. } => "no_room",
            Self::Token => "token",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable { .. } => "unavailable",
            Self::Refused { .. } => "refused",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether Discord may have done what was asked although we were not told.
    pub fn may_have_been_applied(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Unreadable)
    }

    /// Sorts an answer that is neither a success nor a 429.
    pub(super) fn sort(status: u16, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Refusal {
            #[serde(default)]
            code: u32,
            #[serde(default)]
            errors: Value,
        }
        if status >= 500 || status == 408 {
            return Self::Unavailable { status: Some(status) };
        }
        let Refusal { code, errors } = serde_json::from_slice(body).unwrap_or(Refusal { code: 0, errors: Value::Null });
        match code {
            50_007 | 50_278 | 90_001 => Self::ClosedDms,
            50_001 | 50_013 | 10_004 => Self::MissingAccess { code },
            10_003 => Self::UnknownChannel,
            10_008 => Self::UnknownMessage,
            10_007 | 10_013 => Self::UnknownMember,
            // 50027 comes with status 401, and is about the interaction's token, not about the bot's.
            10_062 | 10_015 | 50_027 => Self::UnknownInteraction,
            40_060 => Self::AlreadyAnswered,
            30_013 | 60_003 => Self::NoRoom { code },
            40_003 => Self::RateLimited { retry_after: OPENING_TOO_FAST, global: false },
            30_046 => Self::RateLimited { retry_after: EDITING_TOO_OFTEN, global: false },
            _ if status == 401 => Self::Token,
            _ => Self::Refused { status, code, at: refused_fields(&errors) },
        }
    }
}

/// The paths in a nested `errors` object, e.g. `data.components.0.label BASE_TYPE_MAX_LENGTH`.
fn refused_fields(errors: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &mut Vec<String>, found: &mut Vec<String>) {
        let Value::Object(fields) = value else { return };
        if path.len() >= PATH_DEPTH {
            return;
        }
        for (field, inner) in fields {
            if found.len() >= PATHS_KEPT {
                return;
            }
            if field == "_errors" {
                let reason = inner.get(0).and_then(|reason| reason.get("code")).and_then(Value::as_str).map(plain);
                let place = if path.is_empty() { "body".to_owned() } else { path.join(".") };
                found.push(reason.map_or_else(|| place.clone(), |reason| format!("{place} {reason}")));
            } else {
                path.push(plain(field));
                walk(inner, path, found);
                path.pop();
            }
        }
    }
    let mut found = Vec::new();
    walk(errors, &mut Vec::new(), &mut found);
    found
}

/// A field name or a constant, or `?`: no sentence gets through here.
fn plain(text: &str) -> String {
    let plain =
        !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if plain { text.into() } else { "?".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(status: u16, body: &str) -> Failure {
        Failure::sort(status, body.as_bytes())
    }

    #[test]
    fn codes_are_sorted_by_what_to_do() {
        let code = |status, code: u32| sorted(status, &format!(r#"{{"code":{code},"message":"a secret"}}"#));
        assert_eq!(code(403, 50_007), Failure::ClosedDms);
        assert_eq!(code(403, 50_278), Failure::ClosedDms);
        assert_eq!(code(403, 90_001), Failure::ClosedDms);
        assert_eq!(code(403, 50_013), Failure::MissingAccess { code: 50_013 });
        assert_eq!(code(404, 10_062), Failure::UnknownInteraction);
        assert_eq!(code(400, 40_060), Failure::AlreadyAnswered);
        assert_eq!(code(401, 50_027), Failure::UnknownInteraction);
        assert_eq!(code(401, 0), Failure::Token);
        assert_eq!(code(400, 30_013), Failure::NoRoom { code: 30_013 });
        assert_eq!(sorted(502, "<html>"), Failure::Unavailable { status: Some(502) });
        assert_eq!(sorted(404, "<html>"), Failure::Refused { status: 404, code: 0, at: vec![] });
        assert!(!code(400, 1).to_string().contains("secret"));
    }

    #[test]
    fn refused_fields_are_named_without_their_values() {
        let body = r#"{"code":50035,"message":"Invalid Form Body","errors":{"data":{"components":{"0":{"label":{"_errors":[
            {"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 45 or fewer: I would like one evening alone"}]}}},
            "my private sentence":{"_errors":[{"code":"I said so"}]}},"_errors":[{"message":"all of it"}]}}"#;
        let failure = sorted(400, body);
        let Failure::Refused { status: 400, code: 50_035, at } = &failure else { panic!("{failure:?}") };
        let mut at = at.clone();
        at.sort();
        assert_eq!(at, ["body", "data.? ?", "data.components.0.label BASE_TYPE_MAX_LENGTH"]);
        for text in [format!("{failure}"), format!("{failure:?}")] {
            assert!(!text.contains("evening") && !text.contains("private") && !text.contains("all of"), "{text}");
        }
    }
}

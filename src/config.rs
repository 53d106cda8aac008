//! Environment and `.env` become one [`Config`], or a list of everything that is wrong with them.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::discord::address::ApiAddress;
use crate::discord::gateway::ShardRange;
use crate::vault::KeySource;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Human,
    Json,
}

/// Every setting, each by the name of its environment variable. This is the manual; `.env.example` follows it.
#[derive(Debug)]
pub struct Config {
    /// `DISCORD_TOKEN`: the bot's token, from the Bot page of the application. Needed by `duet run`; never logged.
    pub token: Option<SecretString>,
    /// `DUET_DISCORD_API`: another base address than Discord's own, such as `http://127.0.0.1:8080`: a rehearsal, or a
    /// rate-limiting proxy. REST is under `/api/v10` of it, the gateway is what its `GET /gateway/bot` names.
    /// It must be on this machine unless `DUET_DISCORD_API_TRUSTED=1` says that the token may be sent there.
    pub api: ApiAddress,
    /// `DUET_DATABASE_URL`: `sqlite://duet.db` (the default, a file in the working folder) or `postgres://…`.
    pub database: String,
    /// `DUET_MASTER_KEY` (32 bytes in base64) or `DUET_KEY_FILE` (a file with them). Without either, `duet.key` beside the
    /// database, made at the first run. Back it up apart from the database: without it nothing that was written can be read.
    pub key: Key,
    /// `DUET_NEW_MASTER_KEY`: read by `duet keys rotate` alone, when the new master key is not to be a file.
    pub new_key: Option<SecretString>,
    /// `DUET_PROMPTS`: a folder with decks that add to the built-in ones, or replace those of the same file name.
    pub prompts: Option<PathBuf>,
    /// `DUET_SHARDS`: which gateway shards this process has, such as `0-1/4` for the first two of four. Default `0-0/1`.
    pub shards: ShardRange,
    /// `DUET_REST_SHARE`: this process's share of Discord's 50 requests a second, above 0 and at most 1 (the default). More than 1
    /// only with `DUET_DISCORD_API`, for a proxy or a rehearsal that keeps the limits itself.
    pub share: f64,
    /// `DUET_LOG`: what is logged, such as `info` (the default) or `duet=debug`.
    pub log: String,
    /// `DUET_LOG_FORMAT`: `human` (the default) or `json`.
    pub log_format: LogFormat,
    /// `DUET_REHEARSAL_CLOCK`: the file in which a rehearsal publishes its time. Only together with an address on this machine.
    pub rehearsal_clock: Option<PathBuf>,
}

/// Where the master key is looked for.
#[derive(Debug)]
pub enum Key {
    Given(SecretString),
    File(PathBuf),
}

impl Key {
    /// `create`: whether a missing key file is made.
    pub fn source(&self, create: bool) -> KeySource {
        match self {
            Self::Given(key) => KeySource::Env(key.clone()),
            Self::File(path) => KeySource::File { path: path.clone(), create },
        }
    }
}

/// One setting that cannot be used, and what to do about it. Secrets are named, never shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub setting: &'static str,
    pub what: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.what)
    }
}

impl Config {
    /// From the process's environment, after `.env` in the working folder has filled in what it does not set.
    pub fn from_environment() -> Result<Self, Vec<Wrong>> {
        let from_file: std::collections::HashMap<String, String> = match dotenvy::dotenv_iter() {
            Ok(lines) => match lines.collect::<Result<_, _>>() {
                Ok(settings) => settings,
                // The error would quote the line, and the line may be the token.
                Err(_) => return Err(vec![Wrong { setting: ".env", what: "has a line that is not NAME=value".into() }]),
            },
            Err(error) if error.not_found() => std::collections::HashMap::new(),
            Err(_) => return Err(vec![Wrong { setting: ".env", what: "cannot be read".into() }]),
        };
        Self::read(|name| std::env::var(name).ok().or_else(|| from_file.get(name).cloned()))
    }

    /// Everything wrong at once. An empty setting counts as not set.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Wrong>> {
        let get = |name: &str| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut wrong = Vec::new();
        let mut refuse = |setting, what: String| wrong.push(Wrong { setting, what });

        let token = get("DISCORD_TOKEN").map(SecretString::from);
        let trusted = match get("DUET_DISCORD_API_TRUSTED").as_deref() {
            None | Some("0") => false,
            Some("1") => true,
            Some(_) => {
                refuse("DUET_DISCORD_API_TRUSTED", "is 1 or not set".into());
                false
            }
        };
        let api = ApiAddress::parse(get("DUET_DISCORD_API").as_deref(), trusted).unwrap_or_else(|what| {
            refuse("DUET_DISCORD_API", what);
            ApiAddress::discord()
        });
        let database = get("DUET_DATABASE_URL").unwrap_or_else(|| "sqlite://duet.db".into());
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database.starts_with(scheme));
        if !known {
            // The value may hold a password.
            refuse("DUET_DATABASE_URL", "begins with sqlite:// or postgres://".into());
        }
        let key = match (get("DUET_MASTER_KEY"), get("DUET_KEY_FILE")) {
            (Some(_), Some(_)) => {
                refuse("DUET_MASTER_KEY", "is set together with DUET_KEY_FILE; keep one".into());
                Key::File(PathBuf::new())
            }
            (Some(key), None) => Key::Given(SecretString::from(key)),
            (None, Some(path)) => Key::File(path.into()),
            (None, None) => Key::File(beside(&database)),
        };
        let new_key = get("DUET_NEW_MASTER_KEY").map(SecretString::from);
        let prompts = get("DUET_PROMPTS").map(PathBuf::from);
        if let Some(folder) = prompts.as_deref().filter(|folder| !folder.is_dir()) {
            refuse("DUET_PROMPTS", format!("{} is not a folder", folder.display()));
        }
        let shards = get("DUET_SHARDS").map_or_else(ShardRange::default, |text| {
            text.parse().unwrap_or_else(|what: String| {
                refuse("DUET_SHARDS", what);
                ShardRange::default()
            })
        });
        let share = get("DUET_REST_SHARE").map_or(1.0, |text| match text.parse::<f64>() {
            Ok(share) if share > 0.0 && (share <= 1.0 || !api.is_discord()) => share,
            _ => {
                refuse("DUET_REST_SHARE", "is a number above 0 and at most 1, such as 0.5; more only at another address".into());
                1.0
            }
        });
        let log = get("DUET_LOG").unwrap_or_else(|| "info".into());
        if log.parse::<tracing_subscriber::filter::EnvFilter>().is_err() {
            refuse("DUET_LOG", "is a level (error, warn, info, debug, trace) or a filter like duet=debug".into());
        }
        let log_format = match get("DUET_LOG_FORMAT").as_deref() {
            None | Some("human") => LogFormat::Human,
            Some("json") => LogFormat::Json,
            Some(_) => {
                refuse("DUET_LOG_FORMAT", "is human or json".into());
                LogFormat::Human
            }
        };
        let rehearsal_clock = get("DUET_REHEARSAL_CLOCK").map(PathBuf::from);
        if rehearsal_clock.is_some() && !api.demands_loopback() {
            refuse("DUET_REHEARSAL_CLOCK", "is for rehearsals: it needs DUET_DISCORD_API on this machine".into());
        }
        if wrong.is_empty() {
            Ok(Self { token, api, database, key, new_key, prompts, shards, share, log, log_format, rehearsal_clock })
        } else {
            Err(wrong)
        }
    }
}

/// `duet.key` in the folder of the database file; in the working folder for a database elsewhere.
fn beside(database: &str) -> PathBuf {
    let file = database.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches("//"));
    let path = file.and_then(|file| file.split('?').next()).map(Path::new);
    path.and_then(Path::parent).unwrap_or_else(|| Path::new("")).join("duet.key")
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Config, Vec<Wrong>> {
        Config::read(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_set_is_a_whole_config() {
        let config = read(&[]).expect("defaults");
        assert!(config.token.is_none());
        assert!(config.api.is_discord());
        assert_eq!(config.database, "sqlite://duet.db");
        assert!(matches!(config.key, Key::File(path) if path == Path::new("duet.key")));
    }

    #[test]
    fn everything_wrong_is_said_at_once_and_no_secret_with_it() {
        let wrong = read(&[
            ("DISCORD_TOKEN", "hush"),
            ("DUET_DISCORD_API", "http://example.com"),
            ("DUET_DATABASE_URL", "mysql://me:hush@db/duet"),
            ("DUET_MASTER_KEY", "hush"),
            ("DUET_KEY_FILE", "duet.key"),
            ("DUET_SHARDS", "3-1/2"),
            ("DUET_REST_SHARE", "2"),
            ("DUET_LOG_FORMAT", "xml"),
            ("DUET_REHEARSAL_CLOCK", "clock"),
        ])
        .expect_err("all wrong");
        let said: Vec<_> = wrong.iter().map(|wrong| wrong.setting).collect();
        assert_eq!(
            said,
            [
                "DUET_DISCORD_API",
                "DUET_DATABASE_URL",
                "DUET_MASTER_KEY",
                "DUET_SHARDS",
                "DUET_REST_SHARE",
                "DUET_LOG_FORMAT",
                "DUET_REHEARSAL_CLOCK"
            ]
        );
        assert!(!wrong.iter().any(|wrong| wrong.to_string().contains("hush")));
    }

    #[test]
    fn the_key_file_lies_beside_the_database() {
        let config = read(&[("DUET_DATABASE_URL", "sqlite:///var/lib/duet/duet.db")]).expect("a config");
        assert!(matches!(config.key, Key::File(path) if path == Path::new("/var/lib/duet/duet.key")));
    }

    #[test]
    fn a_token_is_never_printed() {
        let config = read(&[("DISCORD_TOKEN", "hush")]).expect("a config");
        assert!(!format!("{config:?}").contains("hush"));
        assert_eq!(config.token.expect("a token").expose_secret(), "hush");
    }
}

//! Where log lines go and how they look. Words never stand in them: spans carry ids.

use std::panic;

use duet::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// To standard error, once per process.
pub fn begin(config: &Config) {
    let filter = config.log.parse::<EnvFilter>().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Human => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    hush_panics();
}

/// For a rehearsal, whose output is for reading: nothing is logged unless `DUET_LOG` says what.
pub fn begin_if_wanted() {
    if let Some(filter) = std::env::var("DUET_LOG").ok().and_then(|filter| filter.parse::<EnvFilter>().ok()) {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
        hush_panics();
    }
}

/// A panic says where it happened. Its message may quote a value, and a value may be somebody's words.
pub fn hush_panics() {
    panic::set_hook(Box::new(|info| {
        let (file, line) = info.location().map_or(("?", 0), |location| (location.file(), location.line()));
        tracing::error!(file, line, "a bug: something panicked");
    }));
}

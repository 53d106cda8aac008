//! `duet doctor`: looks at everything Duet needs, changes nothing, and says of each thing whether it is well and what to do.
//!
//! Owns the order of the looks and how a finding reads. It must never print a secret or a private word, nor make a file.

mod discord;
mod house;

use std::fmt;
use std::process::ExitCode;

use clap::Args;
use duet::config::Config;
use duet::store::{StoreError, outbox};

use super::exit;

#[derive(Debug, Args)]
pub struct Options {
    /// Ask Discord nothing
    #[arg(long)]
    offline: bool,
    /// Afterwards, let Duet try the notices again that it had given up on
    #[arg(long)]
    retry_parked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Ok,
    Wrong,
    Skipped,
}

/// One thing that was looked at.
#[derive(Debug)]
struct Finding {
    verdict: Verdict,
    about: &'static str,
    text: String,
    /// What to do about it.
    advice: Option<String>,
}

impl Finding {
    fn ok(about: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, about, text: text.into(), advice: None }
    }

    fn wrong(about: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Wrong, about, text: text.into(), advice: Some(advice.into()) }
    }

    fn skipped(about: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Skipped, about, text: text.into(), advice: None }
    }

    fn advised(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The word says what the sign says, for whoever hears or greps this.
        let (sign, word) = match self.verdict {
            Verdict::Ok => ("✓", "ok"),
            Verdict::Wrong => ("✗", "wrong"),
            Verdict::Skipped => ("–", "skipped"),
        };
        write!(f, "{sign} {word:7}  {:11}  {}", self.about, self.text)?;
        self.advice.as_ref().map_or(Ok(()), |advice| write!(f, "\n{:24}→ {advice}", ""))
    }
}

/// 0 when nothing is wrong, 2 when the settings are, 1 for anything else.
pub fn run(options: &Options) -> ExitCode {
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(wrong) => {
            for one in wrong {
                println!("{}", Finding::wrong("settings", one.to_string(), "mend it; `.env.example` says what it takes"));
            }
            println!("{}", Finding::skipped("the rest", "needs settings that can be used"));
            return ExitCode::from(exit::CONFIGURATION);
        }
    };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(examine(&config, options)),
        Err(error) => {
            eprintln!("the system gives no threads: {error}");
            ExitCode::from(exit::FAILED)
        }
    }
}

async fn examine(config: &Config, options: &Options) -> ExitCode {
    let mut wrong = 0;
    let mut tell = |findings: Vec<Finding>| {
        for finding in findings {
            wrong += usize::from(finding.verdict == Verdict::Wrong);
            println!("{finding}");
        }
    };
    tell(vec![Finding::ok("settings", "all of them can be used")]);
    let token = house::token(config);
    let may_ask = token.verdict == Verdict::Ok;
    tell(vec![token]);
    tell(house::database(config).await);
    tell(vec![house::decks(config), house::clock(config)]);
    if options.offline {
        tell(vec![Finding::skipped("discord", "not asked: --offline")]);
    } else if may_ask {
        tell(discord::look(config).await);
    } else {
        tell(vec![Finding::skipped("discord", "not asked: it takes a token that looks like one")]);
    }
    if options.retry_parked {
        match unpark(config).await {
            Ok(count) => println!("\n{count} given up before will be tried again by `duet run`."),
            Err(error) => tell(vec![Finding::wrong("retry", error.to_string(), "mend the database first")]),
        }
    }
    match wrong {
        0 => {
            println!("\nNothing is wrong.");
            ExitCode::SUCCESS
        }
        1 => {
            println!("\nOne thing is wrong.");
            ExitCode::from(exit::FAILED)
        }
        more => {
            println!("\n{more} things are wrong.");
            ExitCode::from(exit::FAILED)
        }
    }
}

/// The one thing that doctor changes, and only when told to.
async fn unpark(config: &Config) -> Result<usize, StoreError> {
    use duet::store::Store;
    if Store::look(&config.database).await?.is_none() {
        return Ok(0);
    }
    let store = Store::connect(&config.database).await?;
    let now = super::setup::clock(config).map_or(jiff::Timestamp::UNIX_EPOCH, |clock| clock.now());
    let mut count = 0;
    for parked in outbox::parked(&store).await? {
        let mut tx = store.begin().await?;
        count += usize::from(outbox::unpark(&mut tx, parked.id, now).await?);
        tx.commit().await?;
    }
    store.close().await;
    Ok(count)
}

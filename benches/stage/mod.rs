//! What the benchmarks over the rehearsal share: the bot in a process of its own, couples of two people, and how long they waited.

use std::error::Error;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use duet::rehearsal::{Heard, Person, Rehearsal, SeenMessage, Server};
use tokio::task::JoinSet;
use tokio::time::sleep;

pub type Told<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How often a person looks at the screen for what they wait for.
const GLANCE: Duration = Duration::from_millis(10);
/// Nothing that people wait for takes this long unless something is broken.
const PATIENCE: Duration = Duration::from_mins(5);

pub async fn all(mut at_work: JoinSet<Told>) -> Told {
    while let Some(done) = at_work.join_next().await {
        done??;
    }
    Ok(())
}

/// The rehearsal's time passes as ours does.
pub async fn tick(rehearsal: Rehearsal) {
    let mut last = Instant::now();
    loop {
        sleep(Duration::from_millis(20)).await;
        let passed = Duration::from_millis(u64::try_from(last.elapsed().as_millis()).unwrap_or(u64::MAX));
        last += passed;
        rehearsal.clock().advance(passed);
    }
}

/// How long people waited, in milliseconds: for the first sign that a press arrived, and from the second seal to the opening.
#[derive(Clone, Default)]
pub struct Acks {
    pub answered: Arc<Mutex<Vec<f64>>>,
    pub opened: Arc<Mutex<Vec<f64>>>,
    /// From the acknowledged wish to the card.
    pub asked: Arc<Mutex<Vec<f64>>>,
}

impl Acks {
    pub async fn of<T>(&self, press: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let heard = press.await;
        let ms = begun.elapsed().as_secs_f64() * 1_000.0;
        self.answered.lock().expect("nobody panicked").push(ms);
        heard
    }

    /// Both read the reveal this long after the second answer was acknowledged, to a glance.
    fn opened(&self, sealed: Instant) {
        self.opened.lock().expect("nobody panicked").push(sealed.elapsed().as_secs_f64() * 1_000.0);
    }

    pub fn quantile(&self, part: f64) -> f64 {
        quantile(&self.answered, part)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
pub fn quantile(of: &Mutex<Vec<f64>>, part: f64) -> f64 {
    let mut all = of.lock().expect("nobody panicked").clone();
    all.sort_by(f64::total_cmp);
    all[((all.len() - 1) as f64 * part) as usize]
}

pub struct Couple {
    pub people: [Person; 2],
    /// One round at a time.
    busy: tokio::sync::Mutex<()>,
}

impl Couple {
    pub async fn pair(rehearsal: &Rehearsal, server: &Server, number: u32) -> Told<Self> {
        let people = ["Ada", "Ben"].map(|name| rehearsal.person(&format!("{name}{number}")));
        let before = server.channels().len();
        for person in &people {
            server.add(person);
            person.go(&server.general());
        }
        let [one, other] = &people;
        one.run(&format!("/pair with:@{}", other.name())).await?;
        one.click("Send invitation").await?;
        until("the invitation", || seen(other, "Accept", 0)).await?;
        other.click("Accept").await?;
        until("the channel", || (server.channels().len() > before).then_some(())).await?;
        let home = server.channels().into_iter().next_back().ok_or("no channel")?;
        for person in &people {
            person.go(&home);
            until("the welcome", || seen(person, "Our first question", 0)).await?;
        }
        Ok(Self { people, busy: tokio::sync::Mutex::default() })
    }

    /// Ask, answer, answer, read: what a loop is.
    pub async fn round(&self, acks: &Acks) -> Told {
        let _alone = self.busy.lock().await;
        let [one, other] = &self.people;
        let last = one.screen().iter().map(|message| message.id).max().unwrap_or_default();
        let heard = acks.of(one.run("/ask")).await?;
        if !heard.text().contains("It is on its way.") {
            return Err(format!("asked, and heard: {}", heard.text()).into());
        }
        let wished = Instant::now();
        let card = until("the card", || seen(one, "Another question", last)).await?;
        acks.asked.lock().expect("nobody panicked").push(wished.elapsed().as_secs_f64() * 1_000.0);
        for person in [one, other] {
            let heard = acks.of(person.click_in(card.id, "Answer")).await?;
            let Heard::Modal(page) = heard else { return Err(format!("no page to write on, but {heard}").into()) };
            let fields = page.fields();
            let texts: Vec<(&str, &str)> =
                fields.iter().map(|field| (field.label.as_str(), "A quiet hour on Sunday, before anybody is up.")).collect();
            acks.of(page.fill(&texts)).await?;
        }
        let sealed = Instant::now();
        until("the reveal", || {
            one.screen().into_iter().find(|message| message.id > card.id && message.text.contains("Both answers are here."))
        })
        .await?;
        acks.opened(sealed);
        Ok(())
    }
}

/// The newest message after `last` with such a button.
fn seen(person: &Person, label: &str, last: u64) -> Option<SeenMessage> {
    person.screen().into_iter().rev().find(|message| message.id > last && message.has_button(label))
}

pub async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> Told<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("{what} never came").into());
        }
        sleep(GLANCE).await;
    }
}

/// Where a bot runs, and against what.
pub struct Scene<'a> {
    pub folder: &'a Path,
    pub token: String,
    pub api: String,
    pub database: String,
    pub clock: &'a Path,
    /// Of Discord's 50 requests a second.
    pub share: &'static str,
}

pub fn sqlite_in(folder: &Path) -> String {
    format!("sqlite://{}/duet.db", folder.display())
}

/// `duet run`, measured from outside.
pub struct Bot(Child);

impl Bot {
    pub fn start(scene: &Scene<'_>) -> Told<Self> {
        let child = Command::new(env!("CARGO_BIN_EXE_duet"))
            .arg("run")
            .current_dir(scene.folder)
            .env("DISCORD_TOKEN", &scene.token)
            .env("DUET_DISCORD_API", &scene.api)
            .env("DUET_DATABASE_URL", &scene.database)
            .env("DUET_REHEARSAL_CLOCK", scene.clock)
            .env("DUET_REST_SHARE", scene.share)
            .env("DUET_LOG", std::env::var("DUET_LOG").unwrap_or_else(|_| "warn".into()))
            .spawn()?;
        Ok(Self(child))
    }

    /// User and system time so far (proc(5), stat: fields 14 and 15, in hundredths of a second).
    pub fn cpu_seconds(&self) -> Told<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let (user, system): (f64, f64) = (fields[11].parse()?, fields[12].parse()?);
        Ok((user + system) / 100.0)
    }

    /// Resident, in MiB.
    pub fn memory(&self) -> Told<f64> {
        self.mebibytes("VmRSS")
    }

    /// The most that was ever resident, in MiB.
    pub fn memory_at_most(&self) -> Told<f64> {
        self.mebibytes("VmHWM")
    }

    fn mebibytes(&self, name: &'static str) -> Told<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find(|line| line.starts_with(name)).ok_or(name)?;
        let kib: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
        Ok(kib / 1_024.0)
    }

    pub fn stop(&mut self) -> Told {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Bot {
    /// A benchmark that ended early leaves no bot behind.
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

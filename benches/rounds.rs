//! The whole loop through the rehearsal: a real `duet run` in a process of its own, couples who ask, answer and read. Prints
//! loops a second, CPU and requests per loop, the acknowledgement's p50 and p99, and memory when idle.
//!
//! `cargo bench --bench rounds`. Only the bot's own process is measured; the rehearsal and the people run beside it.

use std::error::Error;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use duet::rehearsal::{Heard, Person, Rehearsal, SeenMessage, Server, Setup};
use tokio::task::JoinSet;
use tokio::time::sleep;

type Told<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How often a person looks at the screen for what they wait for.
const GLANCE: Duration = Duration::from_millis(10);
/// Nothing here takes this long unless something is broken.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pace at which figures are compared: loops a second.
const PACE: u32 = 25;
const COUPLES: u32 = 100;

#[tokio::main]
async fn main() -> Told {
    let folder = tempfile::tempdir()?;
    let setup = Setup { limits: false, record: false, ..Setup::default() };
    let rehearsal = Rehearsal::start(setup).await?;
    let clock = folder.path().join("clock");
    rehearsal.clock().publish(&clock)?;
    let mut ticking = JoinSet::new();
    ticking.spawn(tick(rehearsal.clone()));
    let mut bot = Bot::start(&rehearsal, folder.path(), &clock)?;
    rehearsal.connected().await;
    sleep(Duration::from_secs(3)).await;
    println!("idle after start           {:6.1} MiB", bot.memory()?);

    let owner = rehearsal.person("Olga");
    let server = rehearsal.server("The Hut", &[&owner]);
    let mut couples = Vec::new();
    for number in 0..COUPLES {
        couples.push(Arc::new(Couple::pair(&rehearsal, &server, number).await?));
    }

    let acks = Acks::default();
    let loops = 500;
    let (cpu, begun) = (bot.cpu_seconds()?, Instant::now());
    let mut at_work = JoinSet::new();
    for number in 0..loops {
        sleep_until(begun + Duration::from_secs(1) * number / PACE).await;
        let (couple, acks) = (Arc::clone(&couples[(number % COUPLES) as usize]), acks.clone());
        at_work.spawn(async move { couple.round(&acks).await });
    }
    all(at_work).await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("at {PACE} loops a second, {loops} loops");
    println!("  loops a second           {:6.1}", f64::from(loops) / seconds);
    println!("  CPU s per 1,000 loops    {:6.2}", (bot.cpu_seconds()? - cpu) * 1_000.0 / f64::from(loops));
    println!("  acknowledgement p50      {:6.1} ms", acks.quantile(0.50));
    println!("  acknowledgement p99      {:6.1} ms", acks.quantile(0.99));
    println!("  opened p50               {:6.1} ms", quantile(&acks.opened, 0.50));
    println!("  opened p99               {:6.1} ms", quantile(&acks.opened, 0.99));
    println!("  memory                   {:6.1} MiB", bot.memory()?);

    let acks = Acks::default();
    let each = 5;
    let (cpu, begun) = (bot.cpu_seconds()?, Instant::now());
    let mut at_work = JoinSet::new();
    for couple in &couples {
        let (couple, acks) = (Arc::clone(couple), acks.clone());
        at_work.spawn(async move {
            for _ in 0..each {
                couple.round(&acks).await?;
            }
            Ok(())
        });
    }
    all(at_work).await?;
    let loops = f64::from(each) * f64::from(COUPLES);
    println!("{COUPLES} couples in flight, {loops} loops");
    println!("  loops a second           {:6.1}", loops / begun.elapsed().as_secs_f64());
    println!("  CPU s per 1,000 loops    {:6.2}", (bot.cpu_seconds()? - cpu) * 1_000.0 / loops);
    println!("  acknowledgement p50      {:6.1} ms", acks.quantile(0.50));
    println!("  acknowledgement p99      {:6.1} ms", acks.quantile(0.99));
    println!("  opened p50               {:6.1} ms", quantile(&acks.opened, 0.50));
    println!("  opened p99               {:6.1} ms", quantile(&acks.opened, 0.99));
    println!("  memory                   {:6.1} MiB", bot.memory()?);
    bot.stop()?;
    rehearsal.stop().await;

    requests_of_one_loop(folder.path()).await
}

/// One loop alone, with every request written down.
async fn requests_of_one_loop(folder: &Path) -> Told {
    let rehearsal = Rehearsal::start(Setup { limits: false, ..Setup::default() }).await?;
    let clock = folder.join("clock2");
    rehearsal.clock().publish(&clock)?;
    let second = folder.join("second");
    std::fs::create_dir(&second)?;
    let mut bot = Bot::start(&rehearsal, &second, &clock)?;
    rehearsal.connected().await;
    let owner = rehearsal.person("Olga");
    let server = rehearsal.server("The Hut", &[&owner]);
    let couple = Couple::pair(&rehearsal, &server, 0).await?;
    couple.round(&Acks::default()).await?;
    sleep(Duration::from_millis(500)).await;
    rehearsal.take_exchanges();
    couple.round(&Acks::default()).await?;
    sleep(Duration::from_millis(500)).await;
    let exchanges = rehearsal.take_exchanges();
    println!("REST requests of one loop  {:6}", exchanges.len());
    for exchange in exchanges {
        println!("  {} {}", exchange.method, exchange.route);
    }
    bot.stop()?;
    rehearsal.stop().await;
    Ok(())
}

async fn all(mut at_work: JoinSet<Told>) -> Told {
    while let Some(done) = at_work.join_next().await {
        done??;
    }
    Ok(())
}

/// The rehearsal's time passes as ours does.
async fn tick(rehearsal: Rehearsal) {
    loop {
        sleep(Duration::from_millis(20)).await;
        rehearsal.clock().advance(Duration::from_millis(20));
    }
}

async fn sleep_until(moment: Instant) {
    tokio::time::sleep_until(moment.into()).await;
}

/// How long people waited, in milliseconds: for the first sign that a press arrived, and from the second seal to the opening.
#[derive(Clone, Default)]
struct Acks {
    answered: Arc<Mutex<Vec<f64>>>,
    opened: Arc<Mutex<Vec<f64>>>,
}

impl Acks {
    async fn of<T>(&self, press: impl Future<Output = T>) -> T {
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

    fn quantile(&self, part: f64) -> f64 {
        quantile(&self.answered, part)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
fn quantile(of: &Mutex<Vec<f64>>, part: f64) -> f64 {
    let mut all = of.lock().expect("nobody panicked").clone();
    all.sort_by(f64::total_cmp);
    all[((all.len() - 1) as f64 * part) as usize]
}

struct Couple {
    people: [Person; 2],
    /// One round at a time.
    busy: tokio::sync::Mutex<()>,
}

impl Couple {
    async fn pair(rehearsal: &Rehearsal, server: &Server, number: u32) -> Told<Self> {
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
    async fn round(&self, acks: &Acks) -> Told {
        let _alone = self.busy.lock().await;
        let [one, other] = &self.people;
        let last = one.screen().iter().map(|message| message.id).max().unwrap_or_default();
        let heard = acks.of(one.run("/ask")).await?;
        if !heard.text().contains("It is on its way.") {
            return Err(format!("asked, and heard: {}", heard.text()).into());
        }
        let card = until("the card", || seen(one, "Another question", last)).await?;
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

async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> Told<T> {
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

/// `duet run`, measured from outside.
struct Bot(Child);

impl Bot {
    fn start(rehearsal: &Rehearsal, folder: &Path, clock: &Path) -> Told<Self> {
        let child = Command::new(env!("CARGO_BIN_EXE_duet"))
            .arg("run")
            .current_dir(folder)
            .env("DISCORD_TOKEN", rehearsal.token())
            .env("DUET_DISCORD_API", rehearsal.address())
            .env("DUET_DATABASE_URL", format!("sqlite://{}/duet.db", folder.display()))
            .env("DUET_REHEARSAL_CLOCK", clock)
            // The rehearsal sets no limits here: what is measured is the bot, not the waiting.
            .env("DUET_REST_SHARE", "1000")
            .env("DUET_LOG", std::env::var("DUET_LOG").unwrap_or_else(|_| "warn".into()))
            .spawn()?;
        Ok(Self(child))
    }

    /// User and system time so far (proc(5), stat: fields 14 and 15, in hundredths of a second).
    fn cpu_seconds(&self) -> Told<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let (user, system): (f64, f64) = (fields[11].parse()?, fields[12].parse()?);
        Ok((user + system) / 100.0)
    }

    /// Resident, in MiB.
    fn memory(&self) -> Told<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS")).ok_or("no VmRSS")?;
        let kib: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
        Ok(kib / 1_024.0)
    }

    fn stop(&mut self) -> Told {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

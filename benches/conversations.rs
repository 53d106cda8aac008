//! A whole guided conversation through the rehearsal: a real `duet run` in a process of its own, couples who mirror, confirm,
//! appreciate, ask and answer. Prints how long a press waits for its first sign, and the requests of one conversation.
//!
//! `cargo bench --bench conversations`. The round before each conversation is not measured.

mod stage;

use std::sync::Arc;
use std::time::Duration;

use duet::rehearsal::{Heard, Person, Rehearsal, SeenMessage, Setup};
use tokio::task::JoinSet;
use tokio::time::sleep;

use stage::{Acks, Bot, Couple, Scene, Told, all, tick, until};

const COUPLES: u32 = 25;
/// Conversations that each couple has, one after the other.
const EACH: u32 = 8;

/// What they do, in turn: the label, and whether it opens a page.
const STEPS: [(&str, bool); 8] = [
    ("Mirror", true),
    ("That's it", false),
    ("Mirror", true),
    ("That's it", false),
    ("Appreciate", true),
    ("Appreciate", true),
    ("Ask for one thing", true),
    ("Yes", false),
];
/// Who does each of them: the one who listens first is 0.
const BY: [usize; 8] = [0, 1, 1, 0, 0, 1, 1, 0];

#[tokio::main]
async fn main() -> Told {
    let folder = tempfile::tempdir()?;
    let rehearsal = Rehearsal::start(Setup { limits: false, ..Setup::default() }).await?;
    let clock = folder.path().join("clock");
    rehearsal.clock().publish(&clock)?;
    let mut ticking = JoinSet::new();
    ticking.spawn(tick(rehearsal.clone()));
    let database = stage::sqlite_in(folder.path());
    let scene = Scene {
        folder: folder.path(),
        token: rehearsal.token(),
        api: rehearsal.address(),
        database,
        clock: &clock,
        share: "1000",
    };
    let mut bot = Bot::start(&scene)?;
    rehearsal.connected().await;

    let owner = rehearsal.person("Olga");
    let server = rehearsal.server("The Hut", &[&owner]);
    let mut couples = Vec::new();
    for number in 0..COUPLES {
        couples.push(Arc::new(Couple::pair(&rehearsal, &server, number).await?));
    }

    couples[0].round(&Acks::default()).await?;
    sleep(Duration::from_millis(500)).await;
    rehearsal.take_exchanges();
    converse(&couples[0], &Acks::default()).await?;
    sleep(Duration::from_millis(500)).await;
    let exchanges = rehearsal.take_exchanges();
    println!("REST requests of one conversation {:6}", exchanges.len());
    for exchange in exchanges {
        println!("  {} {}", exchange.method, exchange.route);
    }

    let acks = Acks::default();
    let cpu = bot.cpu_seconds()?;
    let mut at_work = JoinSet::new();
    for couple in &couples {
        let (couple, acks) = (Arc::clone(couple), acks.clone());
        at_work.spawn(async move {
            for _ in 0..EACH {
                couple.round(&Acks::default()).await?;
                converse(&couple, &acks).await?;
            }
            Ok(())
        });
    }
    all(at_work).await?;
    println!("{COUPLES} couples at once, {} conversations", COUPLES * EACH);
    let each = (bot.cpu_seconds()? - cpu) * 1_000.0 / f64::from(COUPLES * EACH);
    println!("  CPU s per 1,000, each with the round before it {each:6.2}");
    println!("  acknowledgement p50      {:6.1} ms", acks.quantile(0.50));
    println!("  acknowledgement p99      {:6.1} ms", acks.quantile(0.99));
    println!("  memory                   {:6.1} MiB, at most {:.1}", bot.memory()?, bot.memory_at_most()?);
    bot.stop()?;
    rehearsal.stop().await;
    Ok(())
}

/// From the reveal to its end, each pressing what stands on the newest message.
async fn converse(couple: &Couple, acks: &Acks) -> Told {
    let [one, other] = &couple.people;
    let reveal = until("the reveal", || newest(one, "Mirror")).await?;
    let listens = if reveal.text.contains(&format!("@{} listens first", one.name())) { [one, other] } else { [other, one] };
    for ((label, writes), by) in STEPS.into_iter().zip(BY) {
        let person = listens[by];
        let sheet = until(label, || newest(person, label)).await?;
        let heard = acks.of(person.click_in(sheet.id, label)).await?;
        if !writes {
            continue;
        }
        let Heard::Modal(page) = heard else { return Err(format!("no page behind {label}, but {heard}").into()) };
        acks.of(page.write("Something small that I noticed, and liked.")).await?;
    }
    until("the end", || newest(one, "Yes").is_none().then_some(())).await
}

/// The newest message of all that anybody can answer, if it has such a button.
fn newest(person: &Person, label: &str) -> Option<SeenMessage> {
    person.screen().into_iter().rev().find(|message| !message.private).filter(|message| message.has_button(label))
}

//! The whole loop through the rehearsal: a real `duet run` in a process of its own, couples who ask, answer and read. Prints
//! loops a second, CPU and requests per loop, the acknowledgement's p50 and p99, and memory when idle.
//!
//! `cargo bench --bench rounds`. Only the bot's own process is measured; the rehearsal and the people run beside it.

mod stage;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use duet::rehearsal::{Rehearsal, Setup};
use tokio::task::JoinSet;
use tokio::time::sleep;

use stage::{Acks, Bot, Couple, Scene, Told, all, quantile, tick};

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
    let mut bot = Bot::start(&without_limits(&rehearsal, folder.path(), &clock))?;
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
        tokio::time::sleep_until((begun + Duration::from_secs(1) * number / PACE).into()).await;
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
    println!("  memory                   {:6.1} MiB, at most {:.1}", bot.memory()?, bot.memory_at_most()?);
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
    let mut bot = Bot::start(&without_limits(&rehearsal, &second, &clock))?;
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

/// On SQLite. The rehearsal sets no limits: what is measured is the bot, not the waiting.
fn without_limits<'a>(rehearsal: &Rehearsal, folder: &'a Path, clock: &'a Path) -> Scene<'a> {
    Scene { folder, token: rehearsal.token(), api: rehearsal.address(), database: stage::sqlite_in(folder), clock, share: "1000" }
}

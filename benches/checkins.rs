//! Ten thousand couples whose weekly check-in is due in the same minute: a real `duet run` in a process of its own against the
//! rehearsal, which keeps Discord's limits in real time. Every home gets exactly one, in the order in which they were due, while
//! other couples go on asking and answering.
//!
//! `cargo bench --bench checkins`. `COUPLES` (10000), `ENGINE` (`sqlite` or `postgres`, else both), `LOOPS` a second that other
//! couples go through meanwhile (1), `LATENCY_MS` of each request (0).

#[path = "stage/crowd.rs"]
mod crowd;
#[path = "../tests/it/engines.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "of the tests' databases only their addresses are asked for")]
mod engines;
mod stage;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use duet::rehearsal::{Exchange, Rehearsal, Setup};
use duet::store::{Store, outbox, timers};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crowd::Crowd;
use stage::{Acks, Bot, Couple, Scene, Told, quantile, tick};

/// Couples who ask and answer meanwhile, in turn.
const AWAKE: u32 = 12;

#[tokio::main]
async fn main() -> Told {
    let wanted = std::env::var("ENGINE").ok();
    if wanted.as_deref() != Some("postgres") {
        let folder = tempfile::tempdir()?;
        println!("SQLite");
        burst(folder.path(), stage::sqlite_in(folder.path())).await?;
    }
    if wanted.as_deref() != Some("sqlite")
        && let Some(database) = engines::postgres().await
    {
        let folder = tempfile::tempdir()?;
        println!("PostgreSQL");
        burst(folder.path(), database.url.clone()).await?;
        database.finish().await;
    }
    Ok(())
}

async fn burst(folder: &Path, database: String) -> Told {
    let (count, pace, latency) = (parameter("COUPLES", 10_000)?, parameter("LOOPS", 1)?, parameter("LATENCY_MS", 0)?);
    let rehearsal = Rehearsal::start(Setup::default()).await?;
    let clock = folder.join("clock");
    rehearsal.clock().publish(&clock)?;
    let crowd = Crowd::gather(&rehearsal, usize::try_from(count)?);
    let mut beside = JoinSet::new();
    beside.spawn(tick(rehearsal.clone()));
    let mut api = rehearsal.address();
    if latency > 0 {
        let line = TcpListener::bind("127.0.0.1:0").await?;
        let to = api.trim_start_matches("http://").parse()?;
        api = format!("http://{}", line.local_addr()?);
        beside.spawn(far_away(line, to, Duration::from_millis(latency) / 2));
    }
    let scene = Scene { folder, token: rehearsal.token(), api, database: database.clone(), clock: &clock, share: "1" };
    let mut bot = Bot::start(&scene)?;
    rehearsal.connected().await;

    let owner = rehearsal.person("Olga");
    let server = rehearsal.server("The Hut", &[&owner]);
    let mut awake = Vec::new();
    for number in 0..AWAKE.min(u32::try_from(pace * 12)?) {
        awake.push(Arc::new(Couple::pair(&rehearsal, &server, number).await?));
    }
    let store = Store::connect(&database).await?;
    let now = Timestamp::from_millisecond(rehearsal.clock().now_ms())?;
    crowd.store(&store, now).await?;
    sleep(Duration::from_secs(3)).await;
    rehearsal.take_exchanges();

    let cpu = bot.cpu_seconds()?;
    rehearsal.clock().set_ms(crowd.all_due_ms());
    let acks = Acks::default();
    let mut at_work = JoinSet::new();
    let mut deepest = 0;
    let mut loops = 0;
    loop {
        for _ in 0..pace {
            let (couple, acks) = (Arc::clone(&awake[loops % awake.len()]), acks.clone());
            at_work.spawn(async move { couple.round(&acks).await });
            loops += 1;
        }
        sleep(Duration::from_secs(1)).await;
        let now = Timestamp::from_millisecond(rehearsal.clock().now_ms())?;
        let waiting = outbox::waiting_count(&store).await?;
        deepest = deepest.max(waiting);
        if timers::due_count(&store, now).await? == 0 && waiting < 8 {
            break;
        }
    }
    let cpu = bot.cpu_seconds()? - cpu;
    stage::all(at_work).await?;
    sleep(Duration::from_secs(2)).await;

    let exchanges = rehearsal.take_exchanges();
    let posts = crowd.posts(&exchanges);
    let counted: Vec<&Exchange> = exchanges.iter().filter(|one| !one.route.starts_with("/interactions/")).collect();
    let told_off = counted.iter().filter(|one| one.status == 429).count();
    let end = crowd.all_due_ms();
    let waits = sorted(posts.posted_ms.iter().map(|posted| posted - end));
    let overtaken = sorted(posts.overtaken_ms.iter().copied());
    println!("  check-ins posted                {:8}", waits.len());
    println!("  homes without / with two        {:8} / {}", posts.without, posts.twice);
    println!("  requests under the global limit {:8}", counted.len());
    println!("  answers of 429                  {told_off:8}");
    println!("  a home waited, p50 / at most    {:8} / {} ms", percentile(&waits, 50), percentile(&waits, 100));
    println!(
        "  overtaken by, p99 / at most     {:8} / {} ms of due time",
        percentile(&overtaken, 99),
        percentile(&overtaken, 100)
    );
    println!("  longest outbox                  {deepest:8}");
    println!("  CPU of the bot                  {cpu:8.1} s");
    println!("  memory now / at most            {:8.1} / {:.1} MiB", bot.memory()?, bot.memory_at_most()?);
    if loops > 0 && !awake.is_empty() {
        println!("  loops of others meanwhile       {loops:8}");
        println!("  acknowledgement p50 / p99       {:8.1} / {:.1} ms", acks.quantile(0.5), acks.quantile(0.99));
        println!(
            "  seal to opening p50 / p99       {:8.0} / {:.0} ms",
            quantile(&acks.opened, 0.5),
            quantile(&acks.opened, 0.99)
        );
        println!("  ask to card p50 / p99           {:8.0} / {:.0} ms", quantile(&acks.asked, 0.5), quantile(&acks.asked, 0.99));
    }
    store.close().await;
    bot.stop()?;
    beside.shutdown().await;
    rehearsal.stop().await;
    Ok(())
}

fn parameter(name: &str, otherwise: u64) -> Told<u64> {
    std::env::var(name).map_or(Ok(otherwise), |text| Ok(text.parse()?))
}

fn sorted(values: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut values: Vec<i64> = values.collect();
    values.sort_unstable();
    values
}

fn percentile(sorted: &[i64], percent: usize) -> i64 {
    sorted.get(sorted.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

/// A line on which everything takes that long, each way.
async fn far_away(line: TcpListener, to: SocketAddr, delay: Duration) {
    let mut calls = JoinSet::new();
    while let Ok((near, _)) = line.accept().await {
        calls.spawn(async move {
            let Ok(far) = TcpStream::connect(to).await else { return };
            let _ = (near.set_nodelay(true), far.set_nodelay(true));
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::join!(carry(near_in, far_out, delay), carry(far_in, near_out, delay));
        });
    }
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay: Duration) {
    let mut bytes = vec![0; 64 * 1_024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        sleep(delay).await;
        if to.write_all(&bytes[..read]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}

//! Two processes share what comes due, one of them is killed in the middle, and each home still gets its post once.
//!
//! What comes due stands in [`Couple::awaits`], [`UNTIL`] and [`POST`] alone: here, answers that wait for the couple's hour.

use std::time::Duration;

use duet::rehearsal::{ChannelRef, FaultId, FaultKind, Heard, Match, Person, Rehearsal, Server, Setup};
use duet::store::{Store, outbox, timers};
use futures_util::future::{join_all, try_join_all};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::{House, Process};
use crate::engines;
use crate::story::Told;

/// From nine in the morning, UTC, to eight in the evening, in Berlin.
const UNTIL: Duration = Duration::from_hours(9);
/// Stands in the body of the post and in no other.
const POST: &str = "Both answers are here.";

const SERVERS: u64 = 6;
const COUPLES_A_SERVER: usize = 4;
/// Four couriers work in each process.
const IN_FLIGHT: usize = 8;
/// Past the leases of timers and of notices.
const A_LEASE: Duration = Duration::from_secs(95);
/// Real time for what should happen at once, at the pace that Discord allows, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct Couple {
    one: Person,
    other: Person,
    home: ChannelRef,
}

impl Couple {
    async fn pair(rehearsal: &Rehearsal, server: &Server, number: usize) -> Told<Self> {
        let [one, other] = ["Ada", "Ben"].map(|name| rehearsal.person(&format!("{name}{}x{number}", server.id() >> 22)));
        for person in [&one, &other] {
            server.add(person);
            person.go(&server.general());
        }
        let before: Vec<u64> = server.channels().iter().map(ChannelRef::id).collect();
        one.run(&format!("/pair with:@{}", other.name())).await?;
        one.click("Send invitation").await?;
        comes(&other, "would like to do this with you").await?;
        other.click("Accept").await?;
        comes(&one, "This is your place.").await?;
        let home = server.channels().into_iter().find(|channel| !before.contains(&channel.id())).ok_or("no home was made")?;
        one.go(&home);
        other.go(&home);
        Ok(Self { one, other, home })
    }

    /// Does what is to be done so that something comes due after [`UNTIL`].
    async fn awaits(&self) -> Told {
        self.one.run("/settings zone:Europe/Berlin").await?;
        self.one.click("Opening hour").await?.modal()?.fill(&[("Hour", "20:00")]).await?;
        comes(&self.other, "A question that takes both of you.").await?;
        self.other.click("Agree").await?;
        self.one.run("/ask").await?;
        for person in [&self.one, &self.other] {
            comes(person, "A question for you both.").await?;
            person.click("Answer").await?.modal()?.write("A quiet hour, and the window open.").await?;
        }
        Ok(())
    }

    fn posts(&self) -> usize {
        self.one.screen().iter().filter(|seen| !seen.private && seen.content.contains(POST)).count()
    }

    async fn is_told(&self) -> Told {
        comes(&self.one, POST).await
    }
}

async fn comes(person: &Person, text: &str) -> Told {
    let came = person.comes(PATIENCE, |seen| seen.to_string().contains(text)).await;
    came.map(drop).ok_or_else(|| format!("{} never read: {text}", person.name()).into())
}

/// Servers of both shards, by turns: a server's shard follows from the millisecond in its id.
fn servers(rehearsal: &Rehearsal) -> Vec<Server> {
    let host = rehearsal.person("Olga");
    let found = |number| {
        rehearsal.clock().advance(Duration::from_millis(1));
        rehearsal.server(&format!("Hut {number}"), &[&host])
    };
    let all: Vec<Server> = (0..SERVERS).map(found).collect();
    assert!(all.windows(2).all(|two| shard_of(&two[0]) != shard_of(&two[1])));
    all
}

fn shard_of(server: &Server) -> usize {
    usize::try_from((server.id() >> 22) % 2).unwrap()
}

/// Some of the posts hang on the wire, some before Discord applied them and some after.
fn hold_some(rehearsal: &Rehearsal, chance: &mut StdRng) -> Vec<FaultId> {
    let count = chance.random_range(1..=IN_FLIGHT);
    // Not from the first on: others have come through before.
    let from = chance.random_range(1..=IN_FLIGHT);
    let kind = |before| if before { FaultKind::HoldBefore } else { FaultKind::HoldAfter };
    (from..from + count)
        .map(|nth| {
            let wants = Match::new("POST", "/messages").with_body(POST).nth(nth);
            rehearsal.faults().on(wants, kind(chance.random_ratio(1, 2)))
        })
        .collect()
}

/// Two processes; at the due moment the one with shard `dies` is killed, and started again after the other has done it all.
async fn dies_in_the_middle(dies: usize, seed: u64) {
    let Some(database) = engines::postgres().await else { return };
    let mut chance = StdRng::seed_from_u64(seed);
    let house = House::new(&database.url, Setup { record: false, limits: false, seed, ..Setup::default() }).await;
    let mut processes = ["0-0/2", "1-1/2"].map(|shards| house.process(shards));
    if let Err(error) = tell(&house, &mut processes, dies, &mut chance).await {
        let logs = processes.iter().map(Process::log).collect::<Vec<_>>().join("\n---\n");
        panic!("seed {seed}, shard {dies} dies: {error}\n{logs}");
    }
    for process in &mut processes {
        process.kill().await;
    }
    house.rehearsal.stop().await;
    database.finish().await;
}

async fn tell(house: &House, processes: &mut [Process; 2], dies: usize, chance: &mut StdRng) -> Told {
    let rehearsal = &house.rehearsal;
    let servers = servers(rehearsal);
    for process in processes.iter_mut() {
        process.start();
    }
    tokio::time::timeout(PATIENCE, rehearsal.shards_connected(2)).await?;
    rehearsal.commands_registered().await;
    let couples = try_join_all(servers.iter().map(async |server| {
        let mut couples = Vec::new();
        for number in 0..COUPLES_A_SERVER {
            let couple = Couple::pair(rehearsal, server, number).await?;
            couple.awaits().await?;
            couples.push(couple);
        }
        Told::Ok(couples)
    }));
    let couples: Vec<Couple> = couples.await?.into_iter().flatten().collect();
    if couples.iter().any(|couple| couple.posts() > 0) {
        return Err("it came before it was due".into());
    }

    let held = hold_some(rehearsal, chance);
    rehearsal.clock().advance(UNTIL);
    tokio::time::timeout(PATIENCE, join_all(held.iter().map(|fault| rehearsal.faults().reached(*fault)))).await?;
    tokio::time::sleep(Duration::from_millis(chance.random_range(0..50))).await;
    processes[dies].kill().await;
    let before = couples.iter().filter(|couple| couple.posts() > 0).count();
    for fault in held {
        rehearsal.faults().forget(fault);
    }
    println!("shard {dies} died when {before} of {} homes had their post", couples.len());

    // Whoever is left does all of it, as soon as the leases of the dead have run out.
    rehearsal.clock().advance(A_LEASE);
    try_join_all(couples.iter().map(Couple::is_told)).await?;
    each_once(&couples)?;
    routed(rehearsal, &servers, &couples, dies).await?;

    processes[dies].start();
    tokio::time::timeout(PATIENCE, rehearsal.shards_connected(2)).await?;
    for _ in 0..2 {
        rehearsal.clock().advance(Duration::from_hours(3));
        // A loop looks once a second.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    settled(house).await?;
    each_once(&couples)?;
    for server in &servers {
        let ada = couples.iter().find(|couple| server.channels().contains(&couple.home)).ok_or("a server without a couple")?;
        if matches!(ada.one.run("/help").await?, Heard::NoAnswer) {
            return Err(format!("nobody listens to shard {} again", shard_of(server)).into());
        }
    }
    match rehearsal.unknown_routes().first() {
        None => Ok(()),
        Some(route) => Err(format!("the bot called {route}, which the rehearsal does not know").into()),
    }
}

fn each_once(couples: &[Couple]) -> Told {
    let wrong = couples.iter().find(|couple| couple.posts() != 1);
    wrong.map_or(Ok(()), |couple| Err(format!("{} reads {} posts", couple.one.name(), couple.posts()).into()))
}

/// With one process gone, its servers get no answer, and the others do; DMs go with shard 0.
async fn routed(rehearsal: &Rehearsal, servers: &[Server], couples: &[Couple], dead: usize) -> Told {
    if rehearsal.shards() != [(u64::from(dead == 0), 2)] {
        return Err(format!("the wrong shards listen: {:?}", rehearsal.shards()).into());
    }
    for (server, couples) in servers.iter().zip(couples.chunks(COUPLES_A_SERVER)).take(2) {
        let unanswered = matches!(couples[0].one.run("/help").await?, Heard::NoAnswer);
        if unanswered != (shard_of(server) == dead) {
            return Err(format!("/help in a server of shard {}, while shard {dead} is dead", shard_of(server)).into());
        }
    }
    let somebody = &couples[1].one;
    somebody.go_dm();
    let unanswered = matches!(somebody.run("/help").await?, Heard::NoAnswer);
    if unanswered == (dead == 0) { Ok(()) } else { Err(format!("/help in a DM, while shard {dead} is dead").into()) }
}

/// Nothing waits, nothing was given up on, nobody holds anything.
async fn settled(house: &House) -> Told {
    let now = Timestamp::from_millisecond(house.rehearsal.clock().now_ms())?;
    let store = Store::connect(&house.database).await?;
    let (due, waiting, parked) =
        (timers::due_count(&store, now).await?, outbox::waiting_count(&store).await?, outbox::parked(&store).await?);
    store.close().await;
    if (due, waiting, parked.len()) == (0, 0, 0) {
        return Ok(());
    }
    Err(format!("{due} timers are due, {waiting} notices wait, parked: {parked:?}").into())
}

#[tokio::test]
async fn what_the_first_process_leaves_behind_is_done_once_by_the_second() {
    dies_in_the_middle(0, 11).await;
}

#[tokio::test]
async fn what_the_second_process_leaves_behind_is_done_once_by_the_first() {
    dies_in_the_middle(1, 12).await;
}

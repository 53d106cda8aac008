//! Two processes share what comes due, one of them is killed in the middle, and each home still gets its post once.

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

/// What comes due for every couple in the same moment.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// The weekly check-in.
    CheckIn,
    /// The couple's hour, for which both answers wait.
    Opening,
}

impl Moment {
    /// From the story's begin, a Tuesday at nine, UTC: until Sunday at seven, or until eight in the evening, both in Berlin.
    fn after(self) -> Duration {
        Duration::from_hours(match self {
            Self::CheckIn => 5 * 24 + 8,
            Self::Opening => 9,
        })
    }

    /// Stands in the one post that comes of it and in no other.
    fn post(self) -> &'static str {
        match self {
            Self::CheckIn => "Your check-in is here.",
            Self::Opening => "Both answers are here.",
        }
    }

    /// What this couple does so that it comes.
    async fn prepare(self, couple: &Couple) -> Told {
        let Couple { one, other, .. } = couple;
        match self {
            Self::CheckIn => {
                one.run("/checkin schedule zone:Europe/Berlin").await?;
            }
            Self::Opening => {
                one.run("/settings zone:Europe/Berlin").await?;
                one.click("Opening hour").await?.modal()?.fill(&[("Hour", "20:00")]).await?;
            }
        }
        comes(other, "A question that takes both of you.").await?;
        other.click("Agree").await?;
        if matches!(self, Self::Opening) {
            one.run("/ask").await?;
            for person in [one, other] {
                comes(person, "A question for you both.").await?;
                person.click("Answer").await?.modal()?.write("A quiet hour, and the window open.").await?;
            }
        }
        Ok(())
    }
}

const SERVERS: u64 = 6;
const COUPLES_A_SERVER: usize = 4;
/// Four couriers work in each process.
const IN_FLIGHT: usize = 8;
/// Past the leases of timers and of notices, and soon enough for Discord to know the nonce of a post that stands already.
const A_LEASE: Duration = Duration::from_secs(95);
/// So long that Discord has forgotten it: what stands must be found by looking.
const A_WHILE: Duration = Duration::from_mins(10);
/// Real time for what should happen at once, at the pace that Discord allows, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

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

    fn posts(&self, moment: Moment) -> usize {
        self.one.screen().iter().filter(|seen| !seen.private && seen.content.contains(moment.post())).count()
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

/// Every courier of both processes hangs with a post on the wire: four each, so that whichever dies, it holds at least two that
/// Discord has applied already.
fn hold_all(rehearsal: &Rehearsal, moment: Moment, chance: &mut StdRng) -> Vec<FaultId> {
    let mut applied = [true; IN_FLIGHT];
    for _ in 0..2 {
        applied[chance.random_range(0..IN_FLIGHT)] = false;
    }
    // Not from the first on: others have come through before.
    let from = chance.random_range(1..=IN_FLIGHT);
    let hold = |(number, applied)| {
        let wants = Match::new("POST", "/messages").with_body(moment.post()).nth(from + number);
        rehearsal.faults().on(wants, if applied { FaultKind::HoldAfter } else { FaultKind::HoldBefore })
    };
    applied.into_iter().enumerate().map(hold).collect()
}

/// Two processes: when it comes due, one is killed, and started again after the other has done it all.
#[derive(Clone, Copy, Debug)]
struct Death {
    moment: Moment,
    /// The shard of the one that is killed.
    shard: usize,
    /// World time until the other one looks.
    unnoticed: Duration,
    seed: u64,
}

async fn dies_in_the_middle(death: Death) {
    let Some(database) = engines::postgres().await else { return };
    let mut chance = StdRng::seed_from_u64(death.seed);
    let house = House::new(&database.url, Setup { record: false, limits: false, seed: death.seed, ..Setup::default() }).await;
    let mut processes = ["0-0/2", "1-1/2"].map(|shards| house.process(shards));
    if let Err(error) = tell(&house, &mut processes, death, &mut chance).await {
        let logs = processes.iter().map(Process::log).collect::<Vec<_>>().join("\n---\n");
        panic!("{death:?}: {error}\n{logs}");
    }
    for process in &mut processes {
        process.kill().await;
    }
    house.rehearsal.stop().await;
    database.finish().await;
}

async fn tell(house: &House, processes: &mut [Process; 2], death: Death, chance: &mut StdRng) -> Told {
    let Death { moment, shard: dies, unnoticed, .. } = death;
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
            moment.prepare(&couple).await?;
            couples.push(couple);
        }
        Told::Ok(couples)
    }));
    let couples: Vec<Couple> = couples.await?.into_iter().flatten().collect();
    if couples.iter().any(|couple| couple.posts(moment) > 0) {
        return Err("it came before it was due".into());
    }

    let held = hold_all(rehearsal, moment, chance);
    rehearsal.clock().advance(moment.after());
    tokio::time::timeout(PATIENCE, join_all(held.iter().map(|fault| rehearsal.faults().reached(*fault)))).await?;
    tokio::time::sleep(Duration::from_millis(chance.random_range(0..50))).await;
    processes[dies].kill().await;
    let before = couples.iter().filter(|couple| couple.posts(moment) > 0).count();
    for fault in held {
        rehearsal.faults().forget(fault);
    }
    println!("shard {dies} died when {before} of {} homes had their post", couples.len());

    // Whoever is left does all of it, as soon as the leases of the dead have run out.
    rehearsal.clock().advance(unnoticed);
    try_join_all(couples.iter().map(|couple| comes(&couple.one, moment.post()))).await?;
    each_once(moment, &couples)?;
    routed(rehearsal, &servers, &couples, dies).await?;

    processes[dies].start();
    tokio::time::timeout(PATIENCE, rehearsal.shards_connected(2)).await?;
    for _ in 0..2 {
        rehearsal.clock().advance(Duration::from_hours(3));
        // A loop looks once a second.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    settled(house).await?;
    each_once(moment, &couples)?;
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

fn each_once(moment: Moment, couples: &[Couple]) -> Told {
    let wrong = couples.iter().find(|couple| couple.posts(moment) != 1);
    wrong.map_or(Ok(()), |couple| Err(format!("{} reads {} posts", couple.one.name(), couple.posts(moment)).into()))
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
async fn the_check_ins_that_the_first_process_leaves_behind_come_once_from_the_second() {
    dies_in_the_middle(Death { moment: Moment::CheckIn, shard: 0, unnoticed: A_LEASE, seed: 11 }).await;
}

#[tokio::test]
async fn the_check_ins_that_the_second_process_leaves_behind_come_once_from_the_first() {
    dies_in_the_middle(Death { moment: Moment::CheckIn, shard: 1, unnoticed: A_WHILE, seed: 12 }).await;
}

#[tokio::test]
async fn the_openings_that_a_process_leaves_behind_come_once_from_the_other() {
    dies_in_the_middle(Death { moment: Moment::Opening, shard: 1, unnoticed: A_LEASE, seed: 13 }).await;
}

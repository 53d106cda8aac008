//! Many couples at once, written straight into the store, each with a channel of its own in the rehearsal and a weekly check-in
//! that is due within one minute. Read by the benchmark of the check-ins and by the test that plays it small.

use std::collections::HashMap;

use duet::domain::couple::{Beginning, Couple, Home};
use duet::domain::hours::{Minute, Zone};
use duet::domain::ids::{ChannelId, CoupleId, PersonId, ServerId};
use duet::domain::schedule::{Day, Schedule, Slot};
use duet::domain::step::Due;
use duet::flows;
use duet::rehearsal::{Exchange, Rehearsal};
use duet::store::{Store, StoreError, couples, schedules, timers};
use jiff::Timestamp;
use uuid::Uuid;

/// Channels a server: few, as most couples have a server for themselves, but not so few that servers are all there is.
const A_SERVER: usize = 100;
/// Couples a transaction.
const AT_ONCE: usize = 500;
/// All of them are due within this.
const MINUTE_MS: i64 = 60_000;

/// Where a couple lives, and when its check-in is due.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub server: ServerId,
    pub channel: ChannelId,
    pub due_ms: i64,
}

#[derive(Debug)]
pub struct Crowd {
    homes: Vec<Place>,
    /// The minute's first millisecond.
    minute: i64,
}

/// How it went: one entry for each post, in the order in which Discord took them.
#[derive(Debug, Default)]
pub struct Posts {
    /// When each was posted, by the world's clock.
    pub posted_ms: Vec<i64>,
    /// Of each: by how many milliseconds of due time it was overtaken, 0 when everything before it was due before it.
    pub overtaken_ms: Vec<i64>,
    /// Homes with no check-in, and with more than one.
    pub without: usize,
    pub twice: usize,
}

impl Crowd {
    /// Servers and channels, before the bot comes in. The minute begins at 10:00 UTC on the day of the rehearsal's clock, which
    /// must stand before it.
    pub fn gather(rehearsal: &Rehearsal, count: usize) -> Self {
        let day_ms = 24 * 60 * 60 * 1_000;
        let minute = rehearsal.clock().now_ms() / day_ms * day_ms + 10 * 60 * 60 * 1_000;
        let mut homes = Vec::with_capacity(count);
        while homes.len() < count {
            let server = rehearsal.server("Many", &[]);
            for _ in 0..A_SERVER.min(count - homes.len()) {
                let channel = server.channel("our-place", &[]);
                // Neither the order in which couples were stored nor that of their channels is the order of their moments.
                let turn = homes.len() * 7_919 % count;
                let due_ms = minute + MINUTE_MS * whole(turn) / whole(count);
                homes.push(Place { server: ServerId(id(server.id())), channel: ChannelId(id(channel.id())), due_ms });
            }
        }
        Self { homes, minute }
    }

    /// From here on all of them are due.
    pub fn all_due_ms(&self) -> i64 {
        self.minute + MINUTE_MS
    }

    /// Couples, schedules and timers. A schedule knows whole minutes; the timers are spread over that minute.
    pub async fn store(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let slot = Slot { day: Day::Tuesday, at: Minute::new(10 * 60).expect("ten o'clock"), zone: Zone::utc() };
        for (chunk, homes) in self.homes.chunks(AT_ONCE).enumerate() {
            let mut tx = store.begin().await?;
            for (number, home) in homes.iter().enumerate() {
                let number = chunk * AT_ONCE + number;
                let person = |other: usize| PersonId(1_000_000 + whole(2 * number + other));
                let id = CoupleId(Uuid::from_u128(number as u128 + 1));
                let new = Beginning { id, inviter: person(0), invitee: person(1), server: home.server, seed: 1 };
                let mut couple = Couple::pair(new, now).state;
                couple.home = Home::Channel(home.channel);
                couples::insert(&mut tx, &couple).await?;
                let schedule = Schedule::agreed(id, slot.clone(), None, now);
                schedules::save(&mut tx, &schedule).await?;
                let (kind, subject) = flows::named(Due::CheckIn(id));
                let due = Timestamp::from_millisecond(home.due_ms).expect("a moment of this century");
                timers::set(&mut tx, kind, &subject, due).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// What was posted in these homes, by what went over the wire.
    pub fn posts(&self, exchanges: &[Exchange]) -> Posts {
        let due: HashMap<String, i64> =
            self.homes.iter().map(|home| (format!("/channels/{}/messages", home.channel), home.due_ms)).collect();
        // By the message's id: those ascend in the order in which messages came to stand.
        let mut posted: Vec<(u64, &str, i64)> = exchanges
            .iter()
            .filter(|one| one.method == "POST" && one.status == 200 && due.contains_key(&one.path))
            .map(|one| {
                let id = one.response_body.as_ref().and_then(|body| body["id"].as_str()).and_then(|id| id.parse().ok());
                (id.unwrap_or_default(), one.path.as_str(), one.at_ms)
            })
            .collect();
        posted.sort_unstable();
        // An enforced nonce that was seen before is answered with the message that stands.
        posted.dedup_by_key(|(id, _, _)| *id);
        let (mut posts, mut homes, mut latest) = (Posts::default(), HashMap::new(), i64::MIN);
        for (_, home, at_ms) in posted {
            *homes.entry(home).or_insert(0) += 1;
            let due_ms = due[home];
            latest = latest.max(due_ms);
            posts.posted_ms.push(at_ms);
            posts.overtaken_ms.push(latest - due_ms);
        }
        posts.without = due.len() - homes.len();
        posts.twice = homes.values().filter(|count| **count > 1).count();
        posts
    }
}

fn id(snowflake: u64) -> i64 {
    i64::try_from(snowflake).unwrap_or(i64::MAX)
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

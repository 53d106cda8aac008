//! One story per promise of the store, told on every engine there is.

mod acts;
mod checkins;
mod conversations;
mod entries;
mod forgetting;
mod identifies;
mod items;
mod kept;
mod keys;
mod migrations;
mod outbox;
mod passages;
mod pauses;
mod sessions;
mod sittings;
mod timers;
mod transactions;
mod typed;

use duet::domain::ids::NoticeId;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

const LEASE: SignedDuration = SignedDuration::from_mins(1);

/// A moment that many seconds into the story.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + seconds).unwrap()
}

fn notice(number: u64) -> NoticeId {
    NoticeId(Uuid::from_u64_pair(0x0190_0000_0000_7000, number))
}

//! Schedules, taps, and rounds of two kinds; and a database from before there were any.

use duet::domain::checkin::{Rated, WINDOW};
use duet::domain::couple::{Beginning, Couple};
use duet::domain::hours::Minute;
use duet::domain::ids::{CoupleId, PersonId, RoundId, ServerId};
use duet::domain::person::Nudges;
use duet::domain::round::{Asked, Kind, Phase, Question, Round, Seat};
use duet::domain::schedule::{Day, Pace, Schedule, Slot};
use duet::domain::words::Sealed;
use duet::store::{Store, StoreError, couples, people, rounds, schedules, taps};
use jiff::SignedDuration;
use uuid::Uuid;

use super::at;
use crate::engines::{Database, all, each, each_database, postgres, sqlite};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);
const OURS: CoupleId = CoupleId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 1));
const OTHERS: CoupleId = CoupleId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 2));

fn round_id(number: u64) -> RoundId {
    RoundId(Uuid::from_u64_pair(0x0190_0000_0000_7001, number))
}

async fn couple(store: &Store, id: CoupleId, [inviter, invitee]: [PersonId; 2]) -> Couple {
    let couple = Couple::pair(Beginning { id, inviter, invitee, server: ServerId(7), seed: 1 }, at(0)).state;
    let mut tx = store.begin().await.unwrap();
    assert!(couples::insert(&mut tx, &couple).await.unwrap());
    tx.commit().await.unwrap();
    couple
}

/// A round of this kind, asked at that second.
fn round(number: u64, couple: &Couple, kind: Kind, second: i64) -> Round {
    let question = match kind {
        Kind::Question => Question::Own { by: ADA },
        Kind::CheckIn => Question::CheckIn { lines: vec!["One thing".to_owned(), "Another".to_owned()] },
    };
    let new = Asked { id: round_id(number), couple: couple.id, partners: couple.people(), question, by: None, first: 0 };
    Round::ask(new, &couple.terms(at(second)), at(second)).state
}

async fn insert(store: &Store, round: &Round) -> bool {
    let mut tx = store.begin().await.unwrap();
    let fresh = rounds::insert(&mut tx, round, None).await.unwrap();
    tx.commit().await.unwrap();
    fresh
}

/// Saves what became of a round.
async fn becomes(store: &Store, id: RoundId, what: impl FnOnce(Round) -> Round) {
    let mut tx = store.begin().await.unwrap();
    let round = rounds::load(&mut tx, id).await.unwrap().unwrap();
    rounds::save(&mut tx, &what(round)).await.unwrap();
    tx.commit().await.unwrap();
}

fn opened(mut round: Round) -> Round {
    round.phase = Phase::Revealed { at: round.asked_at, hold: None, by_dm: false };
    round
}

fn lapsed(round: Round) -> Round {
    let end = round.closes_at;
    round.lapsed(end).state
}

fn slot() -> Slot {
    Slot { day: Day::Sunday, at: Minute::new(19 * 60).unwrap(), zone: "Europe/Berlin".parse().unwrap() }
}

// ---- Schedules ----

#[tokio::test]
async fn a_schedule_comes_back_as_it_was() {
    each(async |store| {
        couple(&store, OURS, [ADA, BEN]).await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(schedules::load(&mut tx, OURS).await.unwrap(), None);
        let mut schedule = Schedule::agreed(OURS, slot(), None, at(0));
        schedules::save(&mut tx, &schedule).await.unwrap();
        schedule.version = 1;
        assert_eq!(schedules::load(&mut tx, OURS).await.unwrap(), Some(schedule.clone()));
        let (mut skipped, changed) = schedule.skip(Pace::Weekly, None, at(0));
        assert!(changed);
        skipped.resting = true;
        schedules::save(&mut tx, &skipped).await.unwrap();
        skipped.version = 2;
        assert_eq!(schedules::load(&mut tx, OURS).await.unwrap(), Some(skipped));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_write_a_schedule_the_second_looks_again() {
    each(async |store| {
        couple(&store, OURS, [ADA, BEN]).await;
        let schedule = Schedule::agreed(OURS, slot(), None, at(0));
        let mut tx = store.begin().await.unwrap();
        schedules::save(&mut tx, &schedule).await.unwrap();
        let error = schedules::save(&mut tx, &schedule).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { table: "schedules", .. }) && error.may_pass(), "{error}");
    })
    .await;
}

// ---- Taps ----

#[tokio::test]
async fn taps_are_kept_by_author_and_the_last_of_each_counts() {
    each(async |store| {
        let ours = couple(&store, OURS, [ADA, BEN]).await;
        assert!(insert(&store, &round(1, &ours, Kind::CheckIn, 0)).await);
        let sealed = |text: &str| Sealed(text.to_owned());
        let mut tx = store.begin().await.unwrap();
        for (author, rated, tap) in
            [(ADA, Rated::Close, "one"), (ADA, Rated::Steady, "two"), (BEN, Rated::Close, "three"), (ADA, Rated::Close, "four")]
        {
            taps::put(&mut tx, round_id(1), author, rated, &sealed(tap)).await.unwrap();
        }
        let hers = taps::load(&mut tx, round_id(1), ADA).await.unwrap();
        assert_eq!(
            hers.iter().map(|(rated, tap)| (*rated, tap.0.as_str())).collect::<Vec<_>>(),
            [(Rated::Close, "four"), (Rated::Steady, "two")]
        );
        taps::delete(&mut tx, round_id(1), ADA).await.unwrap();
        assert!(taps::load(&mut tx, round_id(1), ADA).await.unwrap().is_empty());
        assert_eq!(taps::load(&mut tx, round_id(1), BEN).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
        // Whatever ends the check-in ends what was only tapped.
        becomes(&store, round_id(1), lapsed).await;
        let mut tx = store.read().await.unwrap();
        assert!(taps::load(&mut tx, round_id(1), BEN).await.unwrap().is_empty());
    })
    .await;
}

// ---- Rounds of two kinds ----

#[tokio::test]
async fn one_round_of_each_kind_may_await_answers() {
    each(async |store| {
        let (ours, others) = (couple(&store, OURS, [ADA, BEN]).await, couple(&store, OTHERS, [ADA, PersonId(1003)]).await);
        assert!(insert(&store, &round(1, &ours, Kind::Question, 0)).await);
        assert!(insert(&store, &round(2, &ours, Kind::CheckIn, 0)).await);
        assert!(!insert(&store, &round(3, &ours, Kind::Question, 1)).await);
        assert!(!insert(&store, &round(4, &ours, Kind::CheckIn, 1)).await);
        assert!(insert(&store, &round(5, &others, Kind::CheckIn, 1)).await, "another couple has its own");
        let mut tx = store.read().await.unwrap();
        for (kind, number) in [(Kind::Question, 1), (Kind::CheckIn, 2)] {
            assert_eq!(rounds::awaiting(&mut tx, OURS, kind).await.unwrap().unwrap().id, round_id(number));
            assert_eq!(rounds::newest(&mut tx, OURS, kind).await.unwrap().unwrap().id, round_id(number));
            assert_eq!(rounds::count(&mut tx, OURS, kind).await.unwrap(), 1);
        }
        assert_eq!(rounds::first(&mut tx, OURS).await.unwrap(), Some(round_id(1)));
        assert_eq!(rounds::unsettled(&mut tx, OURS).await.unwrap().len(), 2);
        drop(tx);
        becomes(&store, round_id(2), opened).await;
        assert!(insert(&store, &round(6, &ours, Kind::CheckIn, 2)).await);
        assert!(!insert(&store, &round(7, &ours, Kind::Question, 2)).await, "the question still waits");
    })
    .await;
}

#[tokio::test]
async fn a_nudge_is_remembered_for_each_of_the_two() {
    each(async |store| {
        let ours = couple(&store, OURS, [ADA, BEN]).await;
        assert!(insert(&store, &round(1, &ours, Kind::CheckIn, 0)).await);
        for nudged in [[true, false], [false, true], [true, true], [false, false]] {
            becomes(&store, round_id(1), |round| Round { nudged, ..round }).await;
            let loaded = rounds::load(&mut store.read().await.unwrap(), round_id(1)).await.unwrap().unwrap();
            assert_eq!(loaded.nudged, nudged);
        }
    })
    .await;
}

#[tokio::test]
async fn the_newest_opened_check_ins_come_oldest_first() {
    each(async |store| {
        let (ours, others) = (couple(&store, OURS, [ADA, BEN]).await, couple(&store, OTHERS, [ADA, PersonId(1003)]).await);
        // Opened, lapsed and opened in turn; a question and another couple's between them.
        for number in 1..=9 {
            let (couple, kind) = match number {
                5 => (&ours, Kind::Question),
                6 => (&others, Kind::CheckIn),
                _ => (&ours, Kind::CheckIn),
            };
            assert!(insert(&store, &round(number, couple, kind, i64::try_from(number).unwrap())).await);
            becomes(&store, round_id(number), if number % 3 == 0 && number != 6 { lapsed } else { opened }).await;
        }
        let mut tx = store.read().await.unwrap();
        let ids = |rounds: Vec<Round>| rounds.into_iter().map(|round| round.id).collect::<Vec<_>>();
        assert_eq!(ids(rounds::opened_check_ins(&mut tx, OURS, None, 12).await.unwrap()), [1, 2, 4, 7, 8].map(round_id));
        assert_eq!(ids(rounds::opened_check_ins(&mut tx, OURS, None, 2).await.unwrap()), [7, 8].map(round_id));
        let fourth = rounds::load(&mut tx, round_id(4)).await.unwrap().unwrap();
        assert_eq!(ids(rounds::opened_check_ins(&mut tx, OURS, Some(&fourth), 2).await.unwrap()), [2, 4].map(round_id));
        assert_eq!(rounds::check_ins_after(&mut tx, &fourth, 9).await.unwrap(), [7, 8].map(round_id));
        assert_eq!(rounds::check_ins_after(&mut tx, &fourth, 1).await.unwrap(), [7].map(round_id));
        assert_eq!(rounds::count(&mut tx, OURS, Kind::CheckIn).await.unwrap(), 7);
        // What depth rises by are questions.
        assert_eq!(rounds::openings(&mut tx, OURS).await.unwrap().len(), 1);
        drop(tx);
        becomes(&store, round_id(8), |round| round.parted(at(100)).state).await;
        let mut tx = store.read().await.unwrap();
        assert_eq!(rounds::opened_check_ins(&mut tx, OURS, None, 12).await.unwrap().len(), 5, "what stands open stays");
    })
    .await;
}

#[tokio::test]
async fn lapses_are_told_newest_first_of_rounds_that_ended_since() {
    each(async |store| {
        let ours = couple(&store, OURS, [ADA, BEN]).await;
        for (number, kind, end) in [
            (1, Kind::Question, lapsed as fn(Round) -> Round),
            (2, Kind::CheckIn, opened),
            (3, Kind::CheckIn, lapsed),
            (4, Kind::Question, lapsed),
        ] {
            assert!(insert(&store, &round(number, &ours, kind, i64::try_from(number).unwrap())).await);
            becomes(&store, round_id(number), end).await;
        }
        assert!(insert(&store, &round(5, &ours, Kind::CheckIn, 5)).await, "one that is open has not ended");
        let mut tx = store.read().await.unwrap();
        assert_eq!(rounds::lapses(&mut tx, OURS, at(0), 9).await.unwrap(), [true, true, false, true]);
        assert_eq!(rounds::lapses(&mut tx, OURS, at(0), 2).await.unwrap(), [true, true]);
        assert_eq!(rounds::lapses(&mut tx, OURS, at(4), 9).await.unwrap(), [true], "asked since then");
        assert_eq!(rounds::lapses(&mut tx, OTHERS, at(0), 9).await.unwrap(), [] as [bool; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_broken_row_names_table_column_and_id_and_no_value() {
    each_database(async |database, store| {
        let ours = couple(&store, OURS, [ADA, BEN]).await;
        assert!(insert(&store, &round(1, &ours, Kind::CheckIn, 0)).await);
        let mut tx = store.begin().await.unwrap();
        schedules::save(&mut tx, &Schedule::agreed(OURS, slot(), None, at(0))).await.unwrap();
        taps::put(&mut tx, round_id(1), ADA, Rated::Close, &Sealed("v1".to_owned())).await.unwrap();
        tx.commit().await.unwrap();
        for (table, column, broken, whole) in [
            ("schedules", "day", "'someday'", "'sunday'"),
            ("schedules", "minute", "1440", "1140"),
            ("schedules", "zone", "'Atlantis/Broken'", "'Europe/Berlin'"),
            ("schedules", "settled", "'2026-11-24'", "'2026-11-23'"),
            ("schedules", "skipped", "'broken'", "null"),
            ("taps", "rated", "'broken'", "'close'"),
            ("rounds", "nudged", "4", "0"),
            ("rounds", "question", "'broken'", "'{\"from\":\"check_in\",\"lines\":[\"One\"]}'"),
            ("rounds", "phase", "'broken'", "'{\"asking\":{\"seats\":[\"waiting\",\"waiting\"]}}'"),
            ("partners", "pace", "'broken'", "'weekly'"),
            ("people", "nudges", "'broken'", "'everything'"),
        ] {
            if table == "people" {
                let mut tx = store.begin().await.unwrap();
                let ada = people::load(&mut tx, ADA).await.unwrap();
                people::save(&mut tx, &ada).await.unwrap();
                tx.commit().await.unwrap();
            }
            database.run(&format!("update {table} set {column} = {broken}")).await;
            let mut tx = store.read().await.unwrap();
            let error = match table {
                "schedules" => schedules::load(&mut tx, OURS).await.map(drop),
                "taps" => taps::load(&mut tx, round_id(1), ADA).await.map(drop),
                "rounds" => rounds::load(&mut tx, round_id(1)).await.map(drop),
                "partners" => couples::load(&mut tx, OURS).await.map(drop),
                _ => people::load(&mut tx, ADA).await.map(drop),
            }
            .unwrap_err();
            drop(tx);
            let said = error.to_string();
            assert!(matches!(error, StoreError::Row { table: t, column: c, .. } if t == table && c == column), "{said}");
            assert!(said.contains(&format!("table {table}, row ")) && !said.contains("row ,"), "{said}");
            assert!(!said.contains("roken"), "{said}");
            database.run(&format!("update {table} set {column} = {whole}")).await;
        }
    })
    .await;
}

// ---- From before ----

/// A database as version 4 left it.
async fn as_of_version_four(database: &Database) {
    let newest = if database.file.is_some() { sqlite() } else { postgres().await.unwrap() };
    newest.open().await.close().await;
    let checksums = newest.texts("select checksum from migrations order by version").await;
    newest.finish().await;
    let history = [
        include_str!("../../../migrations/0001_house.sql"),
        include_str!("../../../migrations/0002_couples.sql"),
        include_str!("../../../migrations/0003_rounds.sql"),
        include_str!("../../../migrations/0004_acts.sql"),
    ];
    if let Some(file) = &database.file {
        std::fs::File::create(file).unwrap();
    }
    database.run("create table migrations (version bigint primary key, name text not null, checksum text not null)").await;
    for (version, (text, checksum)) in history.iter().zip(checksums).enumerate() {
        database.run(text).await;
        let row = format!("insert into migrations values ({}, 'old', '{checksum}')", version + 1);
        database.run(&row).await;
    }
}

#[tokio::test]
async fn couples_from_before_check_ins_go_on_as_they_were() {
    for database in all().await {
        as_of_version_four(&database).await;
        let (ours, asking, revealed, over) = (OURS, round_id(1), round_id(2), round_id(3));
        let own = "{\"from\":\"own\",\"by\":1001}";
        let (now, later) = (at(0).as_millisecond(), at(172_800).as_millisecond());
        let round = |id: RoundId, asked: i64, phase: &str, awaiting: i64| {
            format!(
                "insert into rounds values ('{id}', '{ours}', '{own}', 'v1.sealed', 1001, {asked}, {later}, 0, 1, null, '{phase}', {awaiting}, {awaiting}, 3)"
            )
        };
        for sql in [
            "insert into people values (1001, 'Asia/Kathmandu', 1260, 480, 0, 55, 2)".to_owned(),
            format!(
                "insert into couples values ('{ours}', '1001 1002', 1001, 1002, 7, 'channel', 70, null, 9, {now}, null, null, 4)"
            ),
            format!(
                "insert into partners values ('{ours}', 1001, 0, 'tender', 'boundaries', 7), ('{ours}', 1002, 1, 'personal', '', 2)"
            ),
            round(over, now - 2, "{\"ended\":{\"at\":\"2026-08-30T09:00:00Z\",\"how\":\"lapsed\",\"unopened\":[false,true]}}", 0),
            round(revealed, now - 1, "{\"revealed\":{\"at\":\"2026-08-31T09:00:00Z\",\"hold\":null}}", 0),
            round(asking, now, "{\"asking\":{\"seats\":[\"sealed\",\"waiting\"]}}", 1),
            format!("insert into answers values ('{asking}', 1001, 'v1.words', {now})"),
        ] {
            database.run(&sql).await;
        }
        let store = database.open().await;
        let mut tx = store.begin().await.unwrap();
        let ada = people::load(&mut tx, ADA).await.unwrap();
        assert_eq!((ada.zone.unwrap().name(), ada.nudges, ada.version), ("Asia/Kathmandu", Nudges::Everything, 2));
        let couple = couples::load(&mut tx, ours).await.unwrap().unwrap();
        assert_eq!((couple.pace(), couple.short(), couple.away_until(), couple.line()), (Pace::Weekly, false, None, false));
        assert_eq!(couple.window().days(), 7);
        assert_eq!(schedules::load(&mut tx, ours).await.unwrap(), None);
        let open = rounds::awaiting(&mut tx, ours, Kind::Question).await.unwrap().unwrap();
        assert_eq!(
            (open.id, open.nudged, open.phase),
            (asking, [false; 2], Phase::Asking { seats: [Seat::Sealed, Seat::Waiting] })
        );
        assert!(rounds::awaiting(&mut tx, ours, Kind::CheckIn).await.unwrap().is_none());
        assert_eq!(rounds::openings(&mut tx, ours).await.unwrap().len(), 1);
        assert_eq!(rounds::lapses(&mut tx, ours, at(-9), 4).await.unwrap(), [false, true]);
        assert!(rounds::opened_check_ins(&mut tx, ours, None, 12).await.unwrap().is_empty());
        // And on: a check-in beside the question, the question opens, another is asked.
        assert!(!rounds::insert(&mut tx, &self::round(4, &couple, Kind::Question, 5), None).await.unwrap());
        let check_in = self::round(5, &couple, Kind::CheckIn, 5);
        assert_eq!(check_in.closes_at.duration_since(check_in.asked_at), WINDOW);
        assert!(rounds::insert(&mut tx, &check_in, None).await.unwrap());
        let open = rounds::load(&mut tx, asking).await.unwrap().unwrap();
        rounds::save(&mut tx, &opened(open)).await.unwrap();
        assert!(rounds::insert(&mut tx, &self::round(6, &couple, Kind::Question, 6), None).await.unwrap());
        schedules::save(&mut tx, &Schedule::agreed(ours, slot(), None, at(0))).await.unwrap();
        couples::save(&mut tx, &couple).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        assert_eq!(database.count("answers").await, 1);
        database.finish().await;
    }
}

/// What the time of a check-in is: said here so that a change of it is meant.
#[test]
fn a_check_in_waits_for_three_days() {
    assert_eq!(WINDOW, SignedDuration::from_hours(72));
}

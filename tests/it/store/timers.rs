use std::collections::BTreeSet;

use duet::store::Store;
use duet::store::timers::{self, Timer};
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::{LEASE, at};
use crate::engines::{each, each_database};

async fn set(store: &Store, subject: &str, due: Timestamp) {
    let mut tx = store.begin().await.unwrap();
    timers::set(&mut tx, "round", subject, due).await.unwrap();
    tx.commit().await.unwrap();
}

async fn settle(store: &Store, timer: &Timer) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = timers::settle(&mut tx, timer).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn claim(store: &Store, holder: &str, now: Timestamp) -> Option<Timer> {
    timers::claim(store, holder, now, LEASE).await.unwrap()
}

async fn due_of(store: &Store, subject: &str) -> Option<Timestamp> {
    let mut tx = store.read().await.unwrap();
    timers::find(&mut tx, "round", subject).await.unwrap()
}

#[tokio::test]
async fn timers_come_in_the_order_of_their_moments_and_none_before_its_own() {
    each(async |store| {
        set(&store, "late", at(30)).await;
        set(&store, "early", at(10)).await;
        set(&store, "middle", at(20)).await;
        assert_eq!(timers::next_due(&store).await.unwrap(), Some(at(10)));
        assert_eq!(claim(&store, "a", at(9)).await, None);
        assert_eq!(timers::due_count(&store, at(20)).await.unwrap(), 2);

        let early = claim(&store, "a", at(25)).await.unwrap();
        assert_eq!((early.kind.as_str(), early.subject.as_str(), early.due, early.attempts), ("round", "early", at(10), 1));
        assert_eq!(claim(&store, "a", at(25)).await.unwrap().subject, "middle");
        assert_eq!(claim(&store, "a", at(25)).await, None);
        assert_eq!(timers::due_count(&store, at(25)).await.unwrap(), 0);
        assert_eq!(timers::next_due(&store).await.unwrap(), Some(at(30)));
    })
    .await;
}

#[tokio::test]
async fn a_settled_timer_is_gone_and_settles_only_once() {
    each(async |store| {
        set(&store, "r", at(0)).await;
        let timer = claim(&store, "a", at(0)).await.unwrap();
        assert!(settle(&store, &timer).await);
        assert!(!settle(&store, &timer).await);
        assert_eq!(due_of(&store, "r").await, None);
        assert_eq!(timers::next_due(&store).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_ran_out_is_claimed_again_and_the_first_holder_has_lost_it() {
    each(async |store| {
        set(&store, "r", at(0)).await;
        let first = claim(&store, "a", at(0)).await.unwrap();
        assert_eq!(timers::next_due(&store).await.unwrap(), Some(at(60)));
        assert_eq!(claim(&store, "b", at(59)).await, None);
        let second = claim(&store, "b", at(60)).await.unwrap();
        assert_eq!(second.attempts, 2);
        assert!(!settle(&store, &first).await);
        assert!(!timers::later(&store, &first, at(90)).await.unwrap());
        assert!(settle(&store, &second).await);
    })
    .await;
}

#[tokio::test]
async fn a_moved_timer_is_not_settled_by_its_old_holder() {
    each(async |store| {
        set(&store, "r", at(0)).await;
        let old = claim(&store, "a", at(0)).await.unwrap();
        set(&store, "r", at(100)).await;
        assert!(!settle(&store, &old).await);
        assert!(!timers::later(&store, &old, at(5)).await.unwrap());
        assert_eq!(due_of(&store, "r").await, Some(at(100)));
        // Not even when the same holder claims it anew.
        let new = claim(&store, "a", at(100)).await.unwrap();
        assert_eq!(new.attempts, 1);
        assert!(!settle(&store, &old).await);
        assert!(settle(&store, &new).await);
    })
    .await;
}

#[tokio::test]
async fn a_flow_may_settle_its_timer_and_set_it_anew_in_one_transaction() {
    each(async |store| {
        set(&store, "r", at(0)).await;
        let timer = claim(&store, "a", at(0)).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(timers::settle(&mut tx, &timer).await.unwrap());
        timers::set(&mut tx, "round", "r", at(500)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due_of(&store, "r").await, Some(at(500)));
        assert_eq!(claim(&store, "a", at(499)).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_timer_is_dropped_moved_and_given_back() {
    each(async |store| {
        set(&store, "r", at(0)).await;
        let timer = claim(&store, "a", at(0)).await.unwrap();
        assert!(timers::later(&store, &timer, at(40)).await.unwrap());
        assert_eq!(claim(&store, "a", at(39)).await, None);
        assert_eq!(claim(&store, "a", at(40)).await.unwrap().attempts, 2);

        let mut tx = store.begin().await.unwrap();
        assert!(timers::drop(&mut tx, "round", "r").await.unwrap());
        assert!(!timers::drop(&mut tx, "round", "r").await.unwrap());
        assert!(!timers::drop(&mut tx, "other", "r").await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(due_of(&store, "r").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_clean_stop_gives_leases_back_at_once() {
    each(async |store| {
        for subject in ["a", "b", "c"] {
            set(&store, subject, at(0)).await;
        }
        claim(&store, "leaving", at(0)).await.unwrap();
        claim(&store, "leaving", at(0)).await.unwrap();
        let kept = claim(&store, "staying", at(0)).await.unwrap();
        assert_eq!(timers::release_all(&store, "leaving").await.unwrap(), 2);
        assert_eq!(timers::due_count(&store, at(0)).await.unwrap(), 2);
        assert!(settle(&store, &kept).await);
    })
    .await;
}

#[tokio::test]
async fn a_moment_between_two_milliseconds_is_never_early() {
    each(async |store| {
        let due = at(0) + SignedDuration::from_micros(1_500);
        set(&store, "r", due).await;
        assert_eq!(claim(&store, "a", at(0) + SignedDuration::from_micros(1_400)).await, None);
        let timer = claim(&store, "a", at(0) + SignedDuration::from_millis(2)).await.unwrap();
        assert!(settle(&store, &timer).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_tasks_claim_two_hundred_timers_each_once() {
    each(async |store| {
        let mut tx = store.begin().await.unwrap();
        for number in 0..200 {
            timers::set(&mut tx, "round", &format!("{number:03}"), at(number % 7)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tasks = JoinSet::new();
        for task in 0..20 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut mine = Vec::new();
                while let Some(timer) = claim(&store, &format!("task {task}"), at(10)).await {
                    assert!(settle(&store, &timer).await);
                    mine.push(timer.subject);
                }
                mine
            });
        }
        let claimed = tasks.join_all().await.concat();
        assert_eq!(claimed.len(), 200);
        assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), 200);
        assert_eq!(timers::next_due(&store).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_timer_moved_while_it_is_settled_is_either_settled_or_moved() {
    each(async |store| {
        for round in 0..20 {
            let subject = format!("{round}");
            set(&store, &subject, at(0)).await;
            let timer = claim(&store, "a", at(0)).await.unwrap();
            let (settled, ()) = tokio::join!(settle(&store, &timer), set(&store, &subject, at(100)));
            // Whoever came first, the move stands: settled and set anew, or moved and not settled.
            assert_eq!(due_of(&store, &subject).await, Some(at(100)), "settled: {settled}");
        }
    })
    .await;
}

#[tokio::test]
async fn setting_a_timer_wakes_whoever_waits_but_only_after_the_commit() {
    each(async |store| {
        let mut tx = store.begin().await.unwrap();
        timers::set(&mut tx, "round", "r", at(0)).await.unwrap();
        drop(tx);
        let woken = store.wakes().timers.notified();
        tokio::pin!(woken);
        assert!(!woken.as_mut().enable(), "a transaction that never happened woke the scheduler");
        set(&store, "r", at(0)).await;
        woken.await;
    })
    .await;
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_by_table_row_and_column() {
    each_database(async |database, store| {
        set(&store, "r", at(0)).await;
        database.run("update timers set due = -9000000000000000000").await;
        let error = timers::claim(&store, "a", at(0), LEASE).await.unwrap_err();
        assert_eq!(error.to_string(), "table timers, row r, column due: not a moment");
    })
    .await;
}

#[tokio::test]
async fn a_timer_for_much_later_wakes_nobody() {
    each(async |store| {
        store.wakes().only_timers_until(at(10));
        let woken = store.wakes().timers.notified();
        tokio::pin!(woken);
        assert!(!woken.as_mut().enable());
        for (subject, due, wakes) in [("later", 11, false), ("soon", 10, true)] {
            let mut tx = store.begin().await.unwrap();
            timers::set(&mut tx, "kind", subject, at(due)).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(woken.as_mut().enable(), wakes, "{subject}");
        }
    })
    .await;
}

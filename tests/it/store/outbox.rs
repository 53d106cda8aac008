use std::collections::BTreeSet;

use duet::domain::ids::{ChannelId, MessageId, NoticeId};
use duet::store::Store;
use duet::store::outbox::{self, Row};
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::{LEASE, at, notice};
use crate::engines::{each, each_database};

const PLACE: (ChannelId, MessageId) = (ChannelId(71), MessageId(72));

async fn queue(store: &Store, number: u64, due: Timestamp) -> NoticeId {
    let mut tx = store.begin().await.unwrap();
    outbox::queue(&mut tx, notice(number), r#"{"round":"r"}"#, due).await.unwrap();
    tx.commit().await.unwrap();
    notice(number)
}

async fn claim(store: &Store, holder: &str, now: Timestamp) -> Option<Row> {
    outbox::claim(store, holder, now, LEASE).await.unwrap()
}

async fn sent(store: &Store, row: &Row, place: Option<(ChannelId, MessageId)>) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = outbox::sent(&mut tx, row, at(100), place).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn never(store: &Store, row: &Row) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = outbox::never(&mut tx, row, at(100), "dm closed").await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn drop_waiting(store: &Store, id: NoticeId) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = outbox::drop_waiting(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn place_of(store: &Store, id: NoticeId) -> Option<(ChannelId, MessageId)> {
    outbox::place_of(&mut store.read().await.unwrap(), id).await.unwrap()
}

#[tokio::test]
async fn notices_come_in_order_and_none_before_its_moment() {
    each(async |store| {
        let second = queue(&store, 2, at(0)).await;
        let first = queue(&store, 1, at(0)).await;
        let later = queue(&store, 3, at(50)).await;
        assert_eq!(outbox::next_due(&store).await.unwrap(), Some(at(0)));
        assert_eq!(outbox::waiting_count(&store).await.unwrap(), 3);

        let row = claim(&store, "a", at(1)).await.unwrap();
        assert_eq!((row.id, row.body.as_str(), row.due), (first, r#"{"round":"r"}"#, at(0)));
        assert_eq!((row.attempts, row.first_attempt_at, row.last_failure), (1, at(1), None));
        assert_eq!(claim(&store, "a", at(1)).await.unwrap().id, second);
        assert_eq!(claim(&store, "a", at(1)).await, None);
        assert_eq!(outbox::next_due(&store).await.unwrap(), Some(at(50)));
        assert_eq!(claim(&store, "a", at(50)).await.unwrap().id, later);
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_sent_once_and_knows_where_it_stands() {
    each(async |store| {
        let id = queue(&store, 1, at(0)).await;
        let row = claim(&store, "a", at(0)).await.unwrap();
        assert_eq!(place_of(&store, id).await, None);
        assert!(sent(&store, &row, Some(PLACE)).await);
        assert!(!sent(&store, &row, Some(PLACE)).await);
        assert!(!never(&store, &row).await);
        assert!(!outbox::later(&store, &row, at(1), "x").await.unwrap());
        assert!(!outbox::park(&store, &row, "x").await.unwrap());
        assert_eq!(place_of(&store, id).await, Some(PLACE));
        assert_eq!(place_of(&store, notice(99)).await, None);
        assert_eq!(claim(&store, "a", at(1000)).await, None);
        assert_eq!(outbox::next_due(&store).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_effect_that_is_no_message_stands_nowhere() {
    each(async |store| {
        let id = queue(&store, 1, at(0)).await;
        let row = claim(&store, "a", at(0)).await.unwrap();
        assert!(sent(&store, &row, None).await);
        assert_eq!(place_of(&store, id).await, None);
    })
    .await;
}

#[tokio::test]
async fn what_can_never_be_said_is_not_tried_again() {
    each(async |store| {
        queue(&store, 1, at(0)).await;
        let row = claim(&store, "a", at(0)).await.unwrap();
        assert!(never(&store, &row).await);
        assert!(!never(&store, &row).await);
        assert_eq!(claim(&store, "a", at(1000)).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_retry_counts_its_attempts_and_remembers_the_first_and_the_failure() {
    each(async |store| {
        queue(&store, 1, at(0)).await;
        let row = claim(&store, "a", at(5)).await.unwrap();
        assert!(outbox::later(&store, &row, at(20), "503").await.unwrap());
        assert!(!outbox::later(&store, &row, at(30), "503").await.unwrap());
        assert_eq!(outbox::next_due(&store).await.unwrap(), Some(at(20)));
        assert_eq!(claim(&store, "a", at(19)).await, None);
        let again = claim(&store, "b", at(20)).await.unwrap();
        assert_eq!((again.attempts, again.first_attempt_at), (2, at(5)));
        assert_eq!(again.last_failure.as_deref(), Some("503"));
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_ran_out_is_claimed_again_and_the_first_holder_settles_nothing() {
    each(async |store| {
        queue(&store, 1, at(0)).await;
        let first = claim(&store, "a", at(0)).await.unwrap();
        assert_eq!(outbox::next_due(&store).await.unwrap(), Some(at(60)));
        assert_eq!(claim(&store, "b", at(59)).await, None);
        let second = claim(&store, "b", at(60)).await.unwrap();
        assert_eq!((second.attempts, second.first_attempt_at), (2, at(0)));
        assert!(!sent(&store, &first, Some(PLACE)).await);
        assert!(sent(&store, &second, Some(PLACE)).await);
    })
    .await;
}

#[tokio::test]
async fn a_parked_notice_waits_for_a_person() {
    each(async |store| {
        let id = queue(&store, 1, at(0)).await;
        let row = claim(&store, "a", at(0)).await.unwrap();
        assert_eq!(outbox::parked(&store).await.unwrap(), []);
        assert!(outbox::park(&store, &row, "500").await.unwrap());
        assert_eq!(claim(&store, "a", at(1000)).await, None);
        let [parked] = outbox::parked(&store).await.unwrap().try_into().unwrap();
        assert_eq!((parked.id, parked.attempts, parked.failure.as_str()), (id, 1, "500"));
        assert!(!drop_waiting(&store, id).await);

        let mut tx = store.begin().await.unwrap();
        assert!(outbox::unpark(&mut tx, id, at(2000)).await.unwrap());
        assert!(!outbox::unpark(&mut tx, id, at(2000)).await.unwrap());
        tx.commit().await.unwrap();
        // What was tried before stays known: the next try looks for an earlier one's message.
        assert_eq!(claim(&store, "a", at(2000)).await.unwrap().attempts, 2);
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_found_by_what_it_names() {
    each(async |store| {
        let one = queue(&store, 1, at(0)).await;
        let mut tx = store.begin().await.unwrap();
        outbox::queue(&mut tx, notice(2), r#"{"round":"other"}"#, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let about = async |name: &str| {
            outbox::unsent_about(&mut store.read().await.unwrap(), name).await.unwrap().into_iter().map(|row| row.0)
        };
        assert_eq!(about("r").await.collect::<Vec<_>>(), [one]);
        assert_eq!(about("o").await.count(), 0, "by its whole name");
        let row = claim(&store, "a", at(1)).await.unwrap();
        assert_eq!(about("r").await.count(), 1, "on its way, it is not said yet");
        let waits = async || outbox::waiting_about(&mut store.read().await.unwrap(), "r").await.unwrap().len();
        assert_eq!(waits().await, 1);
        assert!(outbox::park(&store, &row, "refused").await.unwrap());
        assert_eq!((about("r").await.count(), waits().await), (1, 0), "given up on, it is not said, and does not wait");
        let mut tx = store.begin().await.unwrap();
        assert!(outbox::unpark(&mut tx, one, at(2)).await.unwrap());
        tx.commit().await.unwrap();
        let row = claim(&store, "a", at(3)).await.unwrap();
        let row = if row.id == one { row } else { claim(&store, "a", at(3)).await.unwrap() };
        assert!(sent(&store, &row, None).await);
        assert_eq!(about("r").await.count(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_need_not_be_said_any_more_is_dropped_until_it_is_said() {
    each(async |store| {
        let unsaid = queue(&store, 1, at(0)).await;
        assert!(drop_waiting(&store, unsaid).await);
        assert!(!drop_waiting(&store, unsaid).await);

        let held = queue(&store, 2, at(0)).await;
        let row = claim(&store, "a", at(0)).await.unwrap();
        assert!(drop_waiting(&store, held).await);
        assert!(!sent(&store, &row, Some(PLACE)).await);

        let said = queue(&store, 3, at(0)).await;
        let row = claim(&store, "a", at(0)).await.unwrap();
        assert!(sent(&store, &row, Some(PLACE)).await);
        assert!(!drop_waiting(&store, said).await);
    })
    .await;
}

#[tokio::test]
async fn a_clean_stop_gives_leases_back_at_once() {
    each(async |store| {
        queue(&store, 1, at(0)).await;
        queue(&store, 2, at(0)).await;
        let given_back = claim(&store, "leaving", at(0)).await.unwrap();
        let kept = claim(&store, "staying", at(0)).await.unwrap();
        assert_eq!(outbox::release_all(&store, "leaving").await.unwrap(), 1);
        assert_eq!(claim(&store, "staying", at(0)).await.unwrap().id, given_back.id);
        assert!(sent(&store, &kept, None).await);
    })
    .await;
}

#[tokio::test]
async fn the_sweep_forgets_what_is_settled_and_old_and_nothing_else() {
    each_database(async |database, store| {
        let waiting = queue(&store, 1, at(0)).await;
        let parked = queue(&store, 2, at(0)).await;
        let recent = queue(&store, 3, at(0)).await;
        for _ in 0..3 {
            let row = claim(&store, "a", at(0)).await.unwrap();
            if row.id == recent {
                assert!(sent(&store, &row, Some(PLACE)).await);
            } else if row.id == parked {
                assert!(outbox::park(&store, &row, "500").await.unwrap());
            }
        }
        let old: Vec<_> =
            (0..1203).map(|number| format!("('old {number}', '{{}}', 'sent', 0, 1, {})", at(50).as_millisecond())).collect();
        let columns = "id, body, state, due, attempts, settled_at";
        database.run(&format!("insert into outbox ({columns}) values {}", old.join(","))).await;

        assert_eq!(outbox::sweep(&store, at(50)).await.unwrap(), 0);
        assert_eq!(outbox::sweep(&store, at(51)).await.unwrap(), 1203);
        assert_eq!(place_of(&store, recent).await, Some(PLACE));
        assert_eq!(outbox::parked(&store).await.unwrap()[0].id, parked);
        assert_eq!(claim(&store, "b", at(60)).await.unwrap().id, waiting);
    })
    .await;
}

#[tokio::test]
async fn one_notice_cannot_be_queued_twice() {
    each(async |store| {
        queue(&store, 1, at(0)).await;
        let mut tx = store.begin().await.unwrap();
        let error = outbox::queue(&mut tx, notice(1), "secret", at(0)).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        assert!(!format!("{error} {error:?}").contains(&notice(1).to_string()), "{error}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_tasks_claim_two_hundred_notices_each_once() {
    each(async |store| {
        let mut tx = store.begin().await.unwrap();
        for number in 0..200 {
            outbox::queue(&mut tx, notice(number), "{}", at(0)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tasks = JoinSet::new();
        for task in 0..20 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut mine = Vec::new();
                while let Some(row) = claim(&store, &format!("task {task}"), at(0)).await {
                    assert!(sent(&store, &row, Some(PLACE)).await);
                    mine.push(row.id);
                }
                mine
            });
        }
        let claimed = tasks.join_all().await.concat();
        assert_eq!(claimed.len(), 200);
        assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), 200);
    })
    .await;
}

#[tokio::test]
async fn queueing_wakes_as_many_waiters_as_there_are_notices_once_committed() {
    each(async |store| {
        let bell = &store.wakes().outbox;
        let (one, two, three) = (bell.notified(), bell.notified(), bell.notified());
        tokio::pin!(one, two, three);
        assert!(!one.as_mut().enable() && !two.as_mut().enable() && !three.as_mut().enable());
        let mut tx = store.begin().await.unwrap();
        for number in 0..2 {
            outbox::queue(&mut tx, notice(number), "{}", at(0)).await.unwrap();
        }
        assert!(!one.as_mut().enable());
        tx.commit().await.unwrap();
        one.await;
        two.await;
        assert!(!three.as_mut().enable());
    })
    .await;
}

#[tokio::test]
async fn several_claimed_at_once_are_the_longest_waiting_and_come_in_order() {
    each(async |store| {
        let mut tx = store.begin().await.unwrap();
        for (number, due) in [(4, 30), (1, 10), (3, 20), (2, 10), (5, 900)] {
            outbox::queue(&mut tx, notice(number), "{}", at(due)).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(outbox::claimable(&store, at(60), 10).await.unwrap(), 4);
        assert_eq!(outbox::claimable(&store, at(60), 2).await.unwrap(), 2);
        let ids = |rows: &[outbox::Row]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let first = outbox::claim_some(&store, "one", at(60), LEASE, 3).await.unwrap();
        assert_eq!(ids(&first), [notice(1), notice(2), notice(3)]);
        assert_eq!(outbox::claimable(&store, at(60), 10).await.unwrap(), 1);
        let second = outbox::claim_some(&store, "two", at(60), LEASE, 3).await.unwrap();
        assert_eq!(ids(&second), [notice(4)]);
        assert!(outbox::claim_some(&store, "one", at(60), LEASE, 3).await.unwrap().is_empty());
        let mut tx = store.begin().await.unwrap();
        assert!(outbox::sent(&mut tx, &first[2], at(61), None).await.unwrap());
        tx.commit().await.unwrap();
        let after = outbox::claim_some(&store, "two", at(60) + LEASE, LEASE, 9).await.unwrap();
        assert_eq!(ids(&after), [notice(1), notice(2), notice(4)], "leases that ran out, one by one");
    })
    .await;
}

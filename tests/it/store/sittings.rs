use duet::domain::ids::{PersonId, SittingId};
use duet::domain::reflection::{Plan, Sitting, days_meant};
use duet::store::{Store, StoreError, sittings};
use uuid::Uuid;

use super::at;
use crate::engines::{each, each_database};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

fn sitting(number: u64) -> SittingId {
    SittingId(Uuid::from_u64_pair(0x0190_0000_0000_7000, number))
}

async fn begin(store: &Store, person: PersonId, number: u64, begun_at: i64) -> Sitting {
    let reflection = format!("reflect-values-{number}");
    let sitting = Sitting { id: sitting(number), person, reflection, begun_at: at(begun_at), ended_at: None, entry: None };
    let mut tx = store.begin().await.unwrap();
    sittings::insert(&mut tx, &sitting).await.unwrap();
    tx.commit().await.unwrap();
    sitting
}

async fn newest(store: &Store, person: PersonId, most: usize) -> Vec<SittingId> {
    let found = sittings::newest(&mut store.read().await.unwrap(), person, most).await.unwrap();
    found.into_iter().map(|sitting| sitting.id).collect()
}

fn plan(days: &str, time: &str, version: i64) -> Plan {
    Plan { days: days_meant(days).unwrap(), at: time.parse().unwrap(), version }
}

async fn save(store: &Store, person: PersonId, plan: &Plan) -> Result<(), StoreError> {
    let mut tx = store.begin().await.unwrap();
    sittings::save_plan(&mut tx, person, plan).await?;
    tx.commit().await
}

async fn planned(store: &Store, person: PersonId) -> Result<Option<Plan>, StoreError> {
    sittings::plan(&mut store.read().await.unwrap(), person).await
}

#[tokio::test]
async fn a_sitting_is_found_by_its_id_and_the_newest_of_a_person_come_first() {
    each(async |store| {
        let first = begin(&store, ADA, 1, 0).await;
        begin(&store, ADA, 3, 10).await;
        begin(&store, ADA, 2, 10).await;
        begin(&store, BEN, 4, 20).await;
        assert_eq!(sittings::load(&mut store.read().await.unwrap(), first.id).await.unwrap(), Some(first));
        assert_eq!(sittings::load(&mut store.read().await.unwrap(), sitting(9)).await.unwrap(), None);
        assert_eq!(newest(&store, ADA, 9).await, [3, 2, 1].map(sitting));
        assert_eq!(newest(&store, ADA, 2).await, [3, 2].map(sitting));
    })
    .await;
}

#[tokio::test]
async fn old_ones_are_forgotten_whosever_they_are() {
    each(async |store| {
        for (number, person, begun_at) in [(1, ADA, 0), (2, ADA, 50), (3, ADA, 90), (4, BEN, 0)] {
            begin(&store, person, number, begun_at).await;
        }
        let mut tx = store.begin().await.unwrap();
        assert_eq!(sittings::forget_before(&mut tx, at(50)).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(newest(&store, ADA, 9).await, [3, 2].map(sitting));
        assert_eq!(newest(&store, BEN, 9).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_plan_is_one_persons_and_never_overwrites_what_it_has_not_seen() {
    each(async |store| {
        save(&store, ADA, &plan("mon thu", "07:30", 0)).await.unwrap();
        save(&store, BEN, &plan("daily", "21:00", 0)).await.unwrap();
        assert_eq!(planned(&store, ADA).await.unwrap(), Some(plan("mon thu", "07:30", 1)));
        save(&store, ADA, &plan("sun", "08:00", 1)).await.unwrap();
        let error = save(&store, ADA, &plan("fri", "09:00", 1)).await.unwrap_err();
        assert!(error.may_pass(), "{error}");
        assert_eq!(planned(&store, ADA).await.unwrap(), Some(plan("sun", "08:00", 2)));
        let mut tx = store.begin().await.unwrap();
        assert!(sittings::drop_plan(&mut tx, ADA).await.unwrap());
        assert!(!sittings::drop_plan(&mut tx, ADA).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(planned(&store, ADA).await.unwrap(), None);
        assert!(planned(&store, BEN).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn broken_rows_are_named_by_table_column_and_id() {
    each_database(async |database, store| {
        begin(&store, ADA, 1, 0).await;
        save(&store, ADA, &plan("mon", "07:30", 0)).await.unwrap();
        database.run("update sittings set begun_at = 9000000000000000000").await;
        let error = newest_error(&store).await;
        assert_eq!(error, format!("table sittings, row {}, column begun_at: not a moment", sitting(1)));
        for (sql, said) in [
            ("update reflection_plans set minute = 1440", "column minute: not a minute of the day"),
            ("update reflection_plans set minute = 1, days = 'monday someday'", "column days: not a day"),
        ] {
            database.run(sql).await;
            let error = planned(&store, ADA).await.unwrap_err().to_string();
            assert_eq!(error, format!("table reflection_plans, row 1001, {said}"));
        }
    })
    .await;
}

async fn newest_error(store: &Store) -> String {
    sittings::newest(&mut store.read().await.unwrap(), ADA, 9).await.unwrap_err().to_string()
}

use duet::store::acts::{forget, once};
use duet::store::{Store, StoreError};
use jiff::Timestamp;

use crate::engines::each;

async fn write(store: &Store) -> Result<(), StoreError> {
    store.begin().await?.commit().await
}

/// As a flow that refuses: what it began is dropped.
async fn refuse(store: &Store) -> Result<(), StoreError> {
    store.begin().await.map(drop)
}

fn is_told_again(outcome: &Result<(), StoreError>) -> bool {
    matches!(outcome, Err(StoreError::ToldAgain))
}

#[tokio::test]
async fn an_act_that_is_told_again_changes_nothing_more() {
    each(async |store| {
        once(&store, 7, write(&store)).await.unwrap();
        assert!(is_told_again(&once(&store, 7, write(&store)).await));
        once(&store, 8, write(&store)).await.unwrap();
        write(&store).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_act_may_take_several_transactions() {
    each(async |store| {
        let several = async {
            refuse(&store).await?;
            write(&store).await?;
            write(&store).await
        };
        once(&store, 7, several).await.unwrap();
        assert!(is_told_again(&once(&store, 7, write(&store)).await));
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_once_is_not_granted_when_told_again() {
    each(async |store| {
        once(&store, 7, refuse(&store)).await.unwrap();
        assert!(is_told_again(&once(&store, 7, write(&store)).await));
    })
    .await;
}

#[tokio::test]
async fn to_look_is_no_act() {
    each(async |store| {
        once(&store, 7, async { store.read().await.map(drop) }).await.unwrap();
        once(&store, 7, write(&store)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn told_twice_at_once_one_of_them_is_dealt_with() {
    each(async |store| {
        let (one, other) = tokio::join!(once(&store, 7, write(&store)), once(&store, 7, write(&store)));
        assert_ne!(is_told_again(&one), is_told_again(&other));
    })
    .await;
}

#[tokio::test]
async fn old_acts_are_forgotten_and_young_ones_kept() {
    each(async |store| {
        // 2016-04-30 11:18:25.796 UTC, the snowflake of Discord's own documentation.
        let act = 175_928_847_299_117_063;
        once(&store, act, write(&store)).await.unwrap();
        let made = Timestamp::from_millisecond(1_462_015_105_796).unwrap();
        assert_eq!(forget(&store, made).await.unwrap(), 0);
        assert!(is_told_again(&once(&store, act, write(&store)).await));
        assert_eq!(forget(&store, Timestamp::from_millisecond(1_462_015_105_797).unwrap()).await.unwrap(), 1);
        once(&store, act, write(&store)).await.unwrap();
    })
    .await;
}

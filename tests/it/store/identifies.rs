use std::time::Duration;

use duet::store::identifies::{Bucket, take};
use tokio::task::JoinSet;

use crate::engines::{each, each_database};

/// Longer than any story.
const LONG: Duration = Duration::from_hours(1);
const SHORT: Duration = Duration::from_millis(150);

fn bucket() -> Bucket {
    Bucket { api: "https://discord.com".into(), application: 7, number: 0 }
}

#[tokio::test]
async fn a_bucket_rests_and_others_do_not_care() {
    each(async |store| {
        assert_eq!(take(&store, &bucket(), LONG).await.unwrap(), None);
        let wait = take(&store, &bucket(), LONG).await.unwrap().unwrap();
        assert!(wait <= LONG && wait + Duration::from_mins(1) > LONG, "{wait:?}");
        let others = [
            Bucket { number: 1, ..bucket() },
            Bucket { application: 8, ..bucket() },
            Bucket { api: "http://127.0.0.1:8080".into(), ..bucket() },
        ];
        for other in &others {
            assert_eq!(take(&store, other, LONG).await.unwrap(), None, "{other:?}");
            assert!(take(&store, other, LONG).await.unwrap().is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn who_was_told_to_wait_took_nothing_and_goes_after_that_time() {
    each(async |store| {
        // Whoever took this one has died with it.
        assert_eq!(take(&store, &bucket(), SHORT).await.unwrap(), None);
        let wait = take(&store, &bucket(), SHORT).await.unwrap().unwrap();
        assert!(wait <= SHORT);
        tokio::time::sleep(wait).await;
        assert_eq!(take(&store, &bucket(), SHORT).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_ask_at_once_one_goes() {
    each(async |store| {
        let mut asking = JoinSet::new();
        for _ in 0..20 {
            let store = store.clone();
            asking.spawn(async move { take(&store, &bucket(), LONG).await.unwrap() });
        }
        let told = asking.join_all().await;
        assert_eq!(told.iter().filter(|wait| wait.is_none()).count(), 1, "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_binds_nobody() {
    each_database(async |database, store| {
        assert_eq!(take(&store, &bucket(), LONG).await.unwrap(), None);
        // A rest and a minute from now, as it stands there after the clock went back by a minute.
        database.run("update identifies set free_at = free_at + 60000").await;
        assert_eq!(take(&store, &bucket(), LONG).await.unwrap(), None);
        assert!(take(&store, &bucket(), LONG).await.unwrap().is_some());
    })
    .await;
}

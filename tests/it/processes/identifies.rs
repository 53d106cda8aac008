//! Shards of several processes identify one after the other, as far as they share a bucket.

use std::time::Duration;

use duet::discord::address::ApiAddress;
use duet::discord::gateway::{Gateway, GatewayConfig, ShardRange};
use duet::discord::rest::Rest;
use duet::rehearsal::{Rehearsal, Setup};
use duet::store::Store;
use duet::store::identifies::{self, Bucket};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{House, Process};
use crate::engines;

#[tokio::test]
async fn two_processes_identify_one_after_the_other() {
    // Both engines at once: the waiting is real.
    let told = engines::all().await.into_iter().map(async |database| {
        let house = House::new(&database.url, Setup::default()).await;
        let mut processes = ["0-0/2", "1-1/2"].map(|shards| house.process(shards));
        for process in &mut processes {
            process.start();
        }
        let both = tokio::time::timeout(Duration::from_secs(30), house.rehearsal.shards_connected(2)).await;
        let logs: Vec<String> = processes.iter().map(Process::log).collect();
        assert!(both.is_ok(), "{}", logs.join("\n---\n"));
        assert_eq!(house.rehearsal.shards(), [(0, 2), (1, 2)]);
        assert_eq!(house.rehearsal.hasty_identifies(), 0, "{}", logs.join("\n---\n"));
        for process in &mut processes {
            process.kill().await;
        }
        house.rehearsal.stop().await;
        database.finish().await;
    });
    futures_util::future::join_all(told).await;
}

/// Three gateways with two shards each, on stores of their own over one database, against a Discord whose intervals are shorter
/// than the real one's. How long it took until all were in.
async fn six_shards(database: &str, max_concurrency: u64) -> Duration {
    const INTERVAL: Duration = Duration::from_millis(200);
    // What a busy machine may take from a turn to its identify stands between the two.
    const REST: Duration = Duration::from_millis(500);
    let setup = Setup { max_concurrency, identify_every: INTERVAL, ..Setup::default() };
    let rehearsal = Rehearsal::start(setup).await.unwrap();
    let api = ApiAddress::parse(Some(&rehearsal.address()), false).unwrap();
    let stop = CancellationToken::new();
    let mut running = JoinSet::new();
    let begun = Instant::now();
    for first in [0, 2, 4] {
        let store = Store::open(database).await.unwrap();
        let bucket = Bucket { api: rehearsal.address(), application: 1, number: 0 };
        let config = GatewayConfig {
            token: rehearsal.token().into(),
            address: api.clone(),
            shards: ShardRange { first, last: first + 1, total: 6 },
            intents: GatewayConfig::INTENTS,
            sessions: std::collections::BTreeMap::new(),
        };
        let rest = Rest::new(&rehearsal.token().into(), &api, 1.0).unwrap();
        let save = Box::new(|_, _| Box::pin(async { Ok(()) }) as _);
        let lent = store.clone();
        let take_turn = Box::new(move |number| {
            let (store, bucket) = (lent.clone(), Bucket { number, ..bucket.clone() });
            Box::pin(async move { Ok(identifies::take(&store, &bucket, REST).await?) }) as _
        });
        let (gateway, mut inbox) = Gateway::prepare(config, &rest, save, take_turn).await.unwrap();
        let stop = stop.clone();
        running.spawn(async move {
            let read = async {
                while inbox.next().await.is_some_and(|delivered| {
                    delivered.receipt.processed();
                    true
                }) {}
            };
            tokio::join!(gateway.run(stop), read).0.unwrap();
            store.close().await;
        });
    }
    let all = tokio::time::timeout(Duration::from_secs(30), rehearsal.shards_connected(6)).await;
    let took = begun.elapsed();
    assert!(all.is_ok(), "only {:?} came in, {} too hastily", rehearsal.shards(), rehearsal.hasty_identifies());
    assert_eq!(rehearsal.hasty_identifies(), 0, "of {max_concurrency} at a time");
    assert_eq!(rehearsal.identifies(), 6);
    stop.cancel();
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
    rehearsal.stop().await;
    took
}

#[tokio::test]
async fn the_buckets_of_many_processes_fill_in_turn() {
    let told = engines::all().await.into_iter().map(async |database| {
        let one = six_shards(&database.url, 1).await;
        let two = six_shards(&database.url, 2).await;
        assert!(one >= Duration::from_millis(2_500), "six in one bucket took {one:?}");
        assert!(two >= Duration::from_secs(1) && two < one, "three in each of two buckets took {two:?}, not {one:?}");
        database.finish().await;
    });
    futures_util::future::join_all(told).await;
}

//! Five hundred couples whose check-in is due in one minute: each gets one, in the order of their moments. The benchmark `checkins`
//! plays ten thousand with Discord's limits in real time; here the limits are off, on both sides, as 500 posts would take ten
//! seconds of waiting on each engine.

use std::sync::Arc;
use std::time::Duration;

use duet::app::App;
use duet::clock::HandClock;
use duet::courier::{self, Did};
use duet::discord::address::ApiAddress;
use duet::discord::gateway::ShardRange;
use duet::domain::library::Library;
use duet::rehearsal::{Rehearsal, Setup};
use duet::run::{Duet, Settings};
use duet::scheduler;
use duet::store::{Store, keys, outbox, timers};
use duet::vault::{KeySource, Vault};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::engines;

#[path = "../../benches/stage/crowd.rs"]
mod crowd;

use crowd::{Crowd, Posts};

const COUPLES: usize = 500;
/// 32 bytes in base64.
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// How timers and outbox are worked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worked {
    ByHand,
    ByLoops,
}

/// The minute passes for everybody at once, and all that comes of it happens.
async fn the_minute(database: &engines::Database, worked: Worked) -> Posts {
    let rehearsal = Rehearsal::start(Setup { limits: false, ..Setup::default() }).await.unwrap();
    let crowd = Crowd::gather(&rehearsal, COUPLES);
    let moment = |ms| Timestamp::from_millisecond(ms).unwrap();
    let now = moment(rehearsal.clock().now_ms());
    let clock = Arc::new(HandClock::at(now));
    let store = Store::open(&database.url).await.unwrap();
    let (vault, _) = Vault::open(KeySource::Env(SecretString::from(MASTER_KEY))).unwrap();
    keys::check_install(&store, &vault, now).await.unwrap();
    crowd.store(&store, now).await.unwrap();
    let app = Arc::new(App::new(store, vault, Library::built_in().unwrap(), clock.clone(), 1));
    let settings = Settings {
        token: SecretString::from(rehearsal.token()),
        api: ApiAddress::parse(Some(&rehearsal.address()), false).unwrap(),
        shards: ShardRange::default(),
        share: 1_000.0,
        loops: worked == Worked::ByLoops,
    };
    let duet = Duet::connect(Arc::clone(&app), settings).await.unwrap();
    let (bot, stop) = (Arc::clone(&duet.bot), CancellationToken::new());
    #[expect(clippy::disallowed_methods, reason = "waited for below")]
    let serving = tokio::task::spawn(duet.serve(stop.clone()));
    rehearsal.connected().await;

    rehearsal.clock().set_ms(crowd.all_due_ms());
    clock.set(moment(crowd.all_due_ms()));
    match worked {
        Worked::ByHand => {
            while scheduler::tick(&app).await.unwrap() == Did::One {}
            while courier::deliver_one(&app, &bot).await.unwrap() == Did::One {}
        }
        // Nobody waits for anything in particular: the end is when nothing is left.
        Worked::ByLoops => loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let due = timers::due_count(&app.store, app.now()).await.unwrap();
            if due + outbox::waiting_count(&app.store).await.unwrap() == 0 {
                break;
            }
        },
    }
    stop.cancel();
    serving.await.unwrap().unwrap();
    let ids: Vec<_> = (0..10_000).map(|_| app.new_id()).collect();
    assert!(ids.is_sorted_by(|one, next| one < next), "more ids than a millisecond has, and still in order");
    app.store.close().await;
    let exchanges = rehearsal.take_exchanges();
    rehearsal.stop().await;
    assert!(exchanges.iter().all(|one| one.status < 400), "a request was refused");
    crowd.posts(&exchanges)
}

#[tokio::test]
async fn five_hundred_due_in_one_minute_are_posted_in_the_order_of_their_moments() {
    for database in engines::all().await {
        let posts = the_minute(&database, Worked::ByHand).await;
        assert_eq!((posts.posted_ms.len(), posts.without, posts.twice), (COUPLES, 0, 0));
        // The clock stands still meanwhile: what is queued first is said first, within one millisecond, too.
        assert_eq!(posts.overtaken_ms.iter().max(), Some(&0));
        database.finish().await;
    }
}

#[tokio::test]
async fn five_hundred_due_in_one_minute_each_get_one_when_many_are_on_their_way_at_once() {
    for database in engines::all().await {
        let posts = the_minute(&database, Worked::ByLoops).await;
        assert_eq!((posts.posted_ms.len(), posts.without, posts.twice), (COUPLES, 0, 0));
        database.finish().await;
    }
}

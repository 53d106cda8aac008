//! A small Discord on loopback: REST API v10 and gateway v10, with a world of people, servers, channels and messages, and
//! Discord's rules enforced. Product code (`duet rehearse`) and test bed. Imports nothing of ours, so that it cannot be
//! taught to agree with us; never dials out.
//!
//! | file | owns |
//! |---|---|
//! | [`clock`] | the world's time, moved by hand |
//! | `world` | people, servers, channels, messages; who can see what |
//! | `permissions` | who may do what where |
//! | `limits` | what a message, modal or command may hold, said as 50035 |
//! | `ratelimits` | 50 a second and the buckets per route |
//! | `line`, `listener`, `rest` | requests in, faults, records, answers out |
//! | `gateway` | sessions, events, resume |
//! | `interactions` | the three seconds, the fifteen minutes, what a callback does |
//! | `payloads` | the world as Discord's JSON |
//! | [`person`], `typing`, `modal`, `heard` | what people do and what comes back |
//! | [`server`] | what moderators do |
//! | `view` | what people see |
//! | [`faults`], [`exchange`] | trouble on demand; the record |

pub mod clock;
pub mod exchange;
pub mod faults;
mod gateway;
mod heard;
mod interactions;
mod limits;
mod line;
mod listener;
mod modal;
mod payloads;
pub mod permissions;
pub mod person;
mod ratelimits;
mod rest;
pub mod server;
mod typing;
mod view;
mod world;

pub use clock::WorldClock;
pub use exchange::Exchange;
pub use faults::{FaultId, FaultKind, Faults, Match};
pub use heard::{Heard, Notification, Trouble};
pub use modal::{Field, OpenModal};
pub use person::{Beside, Person};
pub use server::{ChannelRef, Server, Target};
pub use view::{SeenButton, SeenFile, SeenMessage, SeenPicture};

use ratelimits::RateLimits;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use world::World;

#[derive(Clone, Debug)]
pub struct Setup {
    /// World clock, epoch milliseconds.
    pub start_ms: i64,
    /// 0 takes any free port.
    pub port: u16,
    /// Keep every REST exchange for [`Rehearsal::exchanges`].
    pub record: bool,
    /// Enforce the global and per-route rate limits of requests, in real time.
    pub limits: bool,
    /// Tokens and ids that are drawn are the same for the same seed.
    pub seed: u64,
    /// How many shards may identify in the same interval, each in a bucket of its own.
    pub max_concurrency: u64,
    /// How long a bucket rests after an identify, in real time. Discord says five seconds, and publishes it nowhere a bot
    /// could read it: a bot that meets another figure here must have been told so by its test.
    pub identify_every: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        // Tuesday, 1 September 2026, 09:00 UTC.
        let (max_concurrency, identify_every) = (1, Duration::from_secs(5));
        Self { start_ms: 1_788_253_200_000, port: 0, record: true, limits: true, seed: 1, max_concurrency, identify_every }
    }
}

/// Everything the parts share. The world's lock is never held across an await.
#[derive(Debug)]
struct Shared {
    setup: Setup,
    address: SocketAddr,
    clock: WorldClock,
    world: Mutex<World>,
    faults: Faults,
    rates: Mutex<RateLimits>,
    exchanges: Mutex<Vec<Exchange>>,
    unknown: Mutex<Vec<String>>,
    /// Ticks whenever the world changed, for those who wait for something to happen.
    changed: watch::Sender<u64>,
    stopped: watch::Sender<bool>,
    lines: Mutex<line::Lines>,
    serving: Mutex<JoinSet<()>>,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        // A panic under this lock is a bug in a test or here; the world stays readable so that its story can be told.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// Waits, in real time, until `look` finds something.
    async fn until<T>(&self, patience: Duration, mut look: impl FnMut(&mut World) -> Option<T>) -> Option<T> {
        let mut changes = self.changed.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look(&mut self.world()) {
                    return Some(found);
                }
                if changes.changed().await.is_err() {
                    return None;
                }
            }
        };
        tokio::time::timeout(patience, search).await.unwrap_or(None)
    }
}

/// The handle: cheap to clone, all clones are one world.
#[derive(Clone, Debug)]
pub struct Rehearsal(Arc<Shared>);

impl Rehearsal {
    pub async fn start(setup: Setup) -> io::Result<Self> {
        let socket = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
        let address = socket.local_addr()?;
        let clock = WorldClock::at(setup.start_ms);
        let mut world = World::new(clock.clone(), setup.seed);
        world.gateway.url = format!("ws://{address}");
        world.gateway.shards = 1;
        world.gateway.max_concurrency = setup.max_concurrency.max(1);
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            setup,
            address,
            clock,
            faults: Faults::default(),
            rates: Mutex::default(),
            exchanges: Mutex::default(),
            unknown: Mutex::default(),
            changed: watch::Sender::new(0),
            stopped: watch::Sender::new(false),
            lines: Mutex::default(),
            serving: Mutex::default(),
        });
        shared.faults.bind(&shared);
        let serving = listener::serve(socket, Arc::clone(&shared));
        shared.serving.lock().unwrap_or_else(PoisonError::into_inner).spawn(serving);
        Ok(Self(shared))
    }

    /// Closes the port and every connection.
    pub async fn stop(&self) {
        self.0.stopped.send_replace(true);
        self.0.world().gateway.cut_all();
        let mut serving = std::mem::take(&mut *self.0.serving.lock().unwrap_or_else(PoisonError::into_inner));
        serving.shutdown().await;
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner).cut();
    }

    /// `http://127.0.0.1:PORT`; REST lives under `/api/v10` of it, the gateway at `ws://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("http://{}", self.0.address)
    }

    pub fn token(&self) -> String {
        self.0.world().token.clone()
    }

    /// The same number as [`Rehearsal::bot_id`], as for every application made since 2016.
    pub fn application_id(&self) -> u64 {
        self.0.world().bot
    }

    pub fn bot_id(&self) -> u64 {
        self.0.world().bot
    }

    pub fn clock(&self) -> &WorldClock {
        &self.0.clock
    }

    /// A new user with open DMs, in no server.
    pub fn person(&self, name: &str) -> Person {
        let id = self.0.world().add_user(name, false);
        Person::new(Arc::clone(&self.0), id)
    }

    /// A bot of somebody else's.
    pub fn other_bot(&self, name: &str) -> Person {
        let id = self.0.world().add_user(name, true);
        Person::new(Arc::clone(&self.0), id)
    }

    /// Discord found out what a link in this message leads to, and tells of the message anew, its words unchanged.
    pub async fn previews_link(&self, message: u64) {
        {
            let mut world = self.0.world();
            if let Some(message) = world.messages.get_mut(&message) {
                message.embeds.push(serde_json::json!({ "type": "link", "title": "A page", "url": "https://example.invalid/" }));
            }
            world.revise(message);
        }
        self.0.tick();
        tokio::task::yield_now().await;
    }

    /// The sequence number of the last event that the listening session of this shard was sent.
    pub fn told(&self, shard: u64) -> Option<u64> {
        self.0.world().gateway.told(shard)
    }

    /// Makes this person the application's owner; until then it is a user of their own.
    pub fn owner(&self, person: &Person) {
        self.0.world().owner = person.id();
    }

    /// A server with the bot in it and a channel `#general`. The first person owns it.
    pub fn server(&self, name: &str, people: &[&Person]) -> Server {
        Server::found(&self.0, name, people)
    }

    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn take_exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.0.exchanges.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Requests that hit no route: `METHOD /path`. They were answered 404.
    pub fn unknown_routes(&self) -> Vec<String> {
        self.0.unknown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends the same `INTERACTION_CREATE` again, as Discord does after some reconnects. Resolves when the bot tried to answer
    /// it again, and says so; after one real second without a try it says no.
    pub async fn redeliver_last_interaction(&self) -> bool {
        interactions::redeliver_last(&self.0).await
    }

    /// Waits until the bot has identified or resumed and has its READY or RESUMED.
    pub async fn connected(&self) {
        self.0.until(Duration::from_hours(1), |world| world.gateway.is_connected().then_some(())).await;
    }

    /// Waits until the bot has registered commands (a PUT or POST).
    pub async fn commands_registered(&self) {
        self.0.until(Duration::from_hours(1), |world| (!world.commands.is_empty()).then_some(())).await;
    }

    /// The registered commands, as Discord lists them.
    pub fn commands(&self) -> Vec<serde_json::Value> {
        self.0.world().commands.clone()
    }

    /// Registers commands without a request, for tests of the rehearsal and for benchmarks. Not validated.
    pub fn register(&self, commands: Vec<serde_json::Value>) {
        rest::commands::register(&mut self.0.world(), commands);
        self.0.tick();
    }

    pub fn identifies(&self) -> usize {
        self.0.world().gateway.identifies
    }

    pub fn resumes(&self) -> usize {
        self.0.world().gateway.resumes
    }

    /// Identifies that came while their bucket rested, and were answered with an invalid session.
    pub fn hasty_identifies(&self) -> usize {
        self.0.world().gateway.hasty_identifies
    }

    /// The shards that are listening now, as `(id, of)`, in order.
    pub fn shards(&self) -> Vec<(u64, u64)> {
        self.0.world().gateway.listening()
    }

    /// Waits until this many shards are listening.
    pub async fn shards_connected(&self, count: usize) {
        self.0.until(Duration::from_hours(1), |world| (world.gateway.listening().len() >= count).then_some(())).await;
    }
}

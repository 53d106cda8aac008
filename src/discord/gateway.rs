//! Listening: shards that resume across restarts, and the events that concern us, in order of hurry.
//!
//! Owns the connection, the identify queue, and how far each shard's events were processed. Must never dial another
//! gateway than the one that the configured address names, never log an event's content, and never wait for the work
//! that an event causes.

mod events;
mod positions;
mod queue;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use twilight_gateway::error::ReceiveMessageErrorType;
use twilight_gateway::{CloseFrame, ConfigBuilder, Message, Session, Shard, ShardId, ShardState};
use twilight_model::gateway::payload::outgoing::identify::IdentifyProperties;

pub use self::events::{HomeEvent, Inbound};
pub use self::positions::{Positions, Receipt, Save, SaveError, SessionRecord};
pub use self::queue::{BUCKET_RESTS, TakeTurn};
pub use twilight_gateway::Intents;

use self::events::{Dispatch, Read, Urgency};
use self::queue::IdentifyQueue;
use super::address::ApiAddress;
use super::failure::Failure;
use super::rest::Rest;

/// Events that may lie unread before the reader waits for its consumer. Past this the socket is left alone, Discord
/// drops the connection after a missed heartbeat, and the session resumes: slow, but nothing is lost.
const HURRIED: usize = 8_192;
const UNHURRIED: usize = 32_768;
/// How long a stopping shard waits for the other side to close.
const GOODBYE: Duration = Duration::from_secs(1);
/// How often processed positions are saved.
const SAVE_EVERY: Duration = Duration::from_secs(1);
/// Connections that end this often within [`CLOSES_WITHIN`] are followed by a rest: twilight waits only after
/// connections that could not be made.
const CLOSES_FREE: usize = 3;
const CLOSES_WITHIN: Duration = Duration::from_secs(20);
const REST_BETWEEN_CLOSES: Duration = Duration::from_secs(5);

/// The shards of this process: `0-1/4` is 0 and 1 of 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardRange {
    pub first: u32,
    pub last: u32,
    pub total: u32,
}

impl Default for ShardRange {
    fn default() -> Self {
        Self { first: 0, last: 0, total: 1 }
    }
}

impl fmt::Display for ShardRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}/{}", self.first, self.last, self.total)
    }
}

impl FromStr for ShardRange {
    type Err = String;

    /// The error is a sentence for the one who configures.
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = || {
            let (range, total) = text.trim().split_once('/')?;
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            Some(Self { first: first.parse().ok()?, last: last.parse().ok()?, total: total.parse().ok()? })
        };
        parsed()
            .filter(|range| range.first <= range.last && range.last < range.total)
            .ok_or_else(|| "shards are written like 0-1/4: the first, the last, and how many there are in all".into())
    }
}

/// What a gateway needs to start.
#[derive(Debug)]
pub struct GatewayConfig {
    pub token: SecretString,
    pub address: ApiAddress,
    pub shards: ShardRange,
    pub intents: Intents,
    /// Sessions saved earlier under this address and application, by shard.
    pub sessions: BTreeMap<u32, SessionRecord>,
}

impl GatewayConfig {
    /// What Duet listens to: servers for what is true of a home, and DMs typed to the bot. Neither is privileged.
    pub const INTENTS: Intents = Intents::GUILDS.union(Intents::DIRECT_MESSAGES);
}

/// Why listening could not begin, or ended for good.
#[derive(Debug, Error)]
pub enum GatewayError {
    #[error("Discord refused the token")]
    Token,
    #[error("the API address does not say where to listen: {0}")]
    NoAnswer(Failure),
    #[error(
        "the API address names a gateway that is not on this machine, and the bot's token would be sent there; \
             set DUET_DISCORD_API_TRUSTED=1 if that is meant"
    )]
    Address,
    #[error("Discord refused the intents ({0}); Duet needs none that must be switched on for the application")]
    Intents(u16),
    #[error("Discord refused the shards ({0}); look at DUET_SHARDS")]
    Shards(u16),
    #[error("Discord closed the gateway for good ({0})")]
    Closed(u16),
    #[error("a shard's task ended by a panic")]
    Died,
}

impl GatewayError {
    fn for_close(code: u16) -> Self {
        match code {
            4004 => Self::Token,
            4010 | 4011 => Self::Shards(code),
            4013 | 4014 => Self::Intents(code),
            code => Self::Closed(code),
        }
    }
}

/// One event and the receipt to give back when it is dealt with.
#[derive(Debug)]
pub struct Delivered {
    pub event: Inbound,
    pub receipt: Receipt,
}

/// Where events come out: interactions before what is told of homes and DMs, each in Discord's order.
#[derive(Debug)]
pub struct Inbox {
    hurried: mpsc::Receiver<Delivered>,
    unhurried: mpsc::Receiver<Delivered>,
}

impl Inbox {
    /// The next event; nothing once the gateway has stopped and all was read. Cancel-safe.
    pub async fn next(&mut self) -> Option<Delivered> {
        tokio::select! {
            biased;
            Some(delivered) = self.hurried.recv() => Some(delivered),
            Some(delivered) = self.unhurried.recv() => Some(delivered),
            else => None,
        }
    }
}

/// Which shards hear what happens at this moment. A shard counts from when the consumer has read that its session began or goes
/// on until its connection breaks: what is known of its servers is current so long. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Listening(Arc<Mutex<BTreeSet<u32>>>);

impl Listening {
    pub fn joined(&self, shard: u32) {
        self.shards().insert(shard);
    }

    fn left(&self, shard: u32) {
        self.shards().remove(&shard);
    }

    pub fn hears(&self, shard: u32) -> bool {
        self.shards().contains(&shard)
    }

    fn shards(&self) -> MutexGuard<'_, BTreeSet<u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shards, ready to run.
#[derive(Debug)]
pub struct Gateway {
    listeners: Vec<Listener>,
    listening: Listening,
    positions: Positions,
    unreadable: Arc<AtomicU64>,
    queue: IdentifyQueue,
}

impl Gateway {
    /// Asks where to listen and refuses where the token must not go; nothing is dialled yet. `save` keeps a shard's
    /// session (or forgets it, given nothing); `take_turn` is asked before a shard identifies. After the consumer has dealt
    /// with its last event, call [`Positions::save`] once more.
    pub async fn prepare(
        config: GatewayConfig,
        rest: &Rest,
        save: Save,
        take_turn: TakeTurn,
    ) -> Result<(Self, Inbox), GatewayError> {
        let found = rest.gateway_bot().await.map_err(|failure| match failure {
            Failure::Token => GatewayError::Token,
            failure => GatewayError::NoAnswer(failure),
        })?;
        if !config.address.permits_gateway(&found.url) {
            return Err(GatewayError::Address);
        }
        let queue = IdentifyQueue::new(&found.session_start_limit, take_turn);
        let way = Arc::new(Way {
            token: config.token,
            address: config.address,
            url: found.url.trim_end_matches('/').to_owned(),
            intents: config.intents,
            queue: queue.clone(),
        });
        let positions = Positions::new(save);
        let unreadable = Arc::new(AtomicU64::new(0));
        let listening = Listening::default();
        let (hurried, hurried_out) = mpsc::channel(HURRIED);
        let (unhurried, unhurried_out) = mpsc::channel(UNHURRIED);
        let mut sessions = config.sessions;
        let ShardRange { first, last, total } = config.shards;
        let mut listeners = Vec::new();
        for number in first..=last {
            let Some(id) = ShardId::new_checked(number, total) else {
                return Err(GatewayError::Shards(4010));
            };
            let session = sessions.remove(&number).filter(|session| {
                // twilight prefers a stored resume address to the one it is given.
                let permitted = way.address.permits_gateway(&session.resume_url);
                if !permitted {
                    tracing::warn!(
                        shard = number,
                        "a saved session belongs to an address that is not permitted now; it is forgotten"
                    );
                }
                permitted
            });
            positions.begin(number, session.clone());
            listeners.push(Listener {
                shard: way.shard(id, session),
                way: Arc::clone(&way),
                positions: positions.clone(),
                hurried: hurried.clone(),
                unhurried: unhurried.clone(),
                unreadable: Arc::clone(&unreadable),
                closes: VecDeque::new(),
                listening: listening.clone(),
            });
        }
        Ok((
            Self { listeners, listening, positions, unreadable, queue },
            Inbox { hurried: hurried_out, unhurried: unhurried_out },
        ))
    }

    pub fn listening(&self) -> Listening {
        self.listening.clone()
    }

    /// How far each shard got; keep a clone to save after the consumer is done.
    pub fn positions(&self) -> Positions {
        self.positions.clone()
    }

    /// A count of events that could not be read, growing while the gateway runs.
    pub fn unreadable(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.unreadable)
    }

    /// Listens until told to stop, or until Discord ends it for good. Stopping leaves the sessions resumable.
    pub async fn run(self, stop: CancellationToken) -> Result<(), GatewayError> {
        let stop = stop.child_token();
        let mut shards = JoinSet::new();
        for listener in self.listeners {
            shards.spawn(listener.run(stop.clone()));
        }
        let mut ticks = interval(SAVE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut outcome = Ok(());
        loop {
            let ended = tokio::select! {
                ended = shards.join_next() => ended,
                _ = ticks.tick() => {
                    self.positions.save().await;
                    continue;
                }
                () = self.positions.urgent() => {
                    self.positions.save().await;
                    continue;
                }
            };
            let Some(ended) = ended else { break };
            let ended = ended.unwrap_or(Err(GatewayError::Died));
            // One shard's fatal end is everybody's; the first reason is the one to tell.
            if ended.is_err() && outcome.is_ok() {
                outcome = ended;
                stop.cancel();
            }
        }
        self.queue.finished().await;
        self.positions.save().await;
        outcome
    }
}

/// How to reach the gateway: the same for every shard.
struct Way {
    token: SecretString,
    address: ApiAddress,
    url: String,
    intents: Intents,
    queue: IdentifyQueue,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Way").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Way {
    fn shard(&self, id: ShardId, session: Option<SessionRecord>) -> Shard<IdentifyQueue> {
        let mut config = ConfigBuilder::new(self.token.expose_secret().to_owned(), self.intents)
            .identify_properties(IdentifyProperties::new("duet", "duet", std::env::consts::OS))
            // Always ours, so that twilight never falls back to the public gateway.
            .proxy_url(self.url.clone())
            .queue(self.queue.clone());
        if let Some(session) = session {
            config = config
                .resume_url(session.resume_url.trim_end_matches('/').to_owned())
                .session(Session::new(session.sequence, session.session_id));
        }
        Shard::with_config(id, config.build())
    }
}

/// One shard and where its events go.
#[derive(Debug)]
struct Listener {
    listening: Listening,
    shard: Shard<IdentifyQueue>,
    way: Arc<Way>,
    positions: Positions,
    hurried: mpsc::Sender<Delivered>,
    unhurried: mpsc::Sender<Delivered>,
    unreadable: Arc<AtomicU64>,
    /// When the last connections ended.
    closes: VecDeque<Instant>,
}

impl Listener {
    async fn run(mut self, stop: CancellationToken) -> Result<(), GatewayError> {
        let number = self.shard.id().number();
        let mut goodbye = None;
        loop {
            let until = goodbye.unwrap_or_else(Instant::now);
            let item = tokio::select! {
                biased;
                () = stop.cancelled(), if goodbye.is_none() => {
                    if matches!(self.shard.state(), ShardState::Disconnected { .. }) {
                        return Ok(());
                    }
                    // Closing with 1000 or 1001 would end the session ("Initiating a Disconnect").
                    self.shard.close(CloseFrame::RESUME);
                    goodbye = Some(Instant::now() + GOODBYE);
                    continue;
                }
                () = sleep_until(until), if goodbye.is_some() => return Ok(()),
                item = self.shard.next() => item,
            };
            // Once told to close, twilight is disconnected at its next step. Any other state means that the other side hung up
            // without a word and twilight has dialled again: what comes over that line is told again after the next start.
            if goodbye.is_some() && !matches!(self.shard.state(), ShardState::Disconnected { .. }) {
                return Ok(());
            }
            if self.shard.state() != ShardState::Active {
                self.listening.left(number);
            }
            match item {
                Some(Ok(Message::Text(text))) => self.take(&text, &stop).await?,
                Some(Ok(Message::Close(_))) if goodbye.is_some() => return Ok(()),
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or(1005, |frame| frame.code);
                    if self.shard.state() == ShardState::FatallyClosed {
                        return Err(GatewayError::for_close(code));
                    }
                    tracing::info!(shard = number, code, "the gateway closed the connection");
                    self.closed(code, &stop).await;
                }
                Some(Err(error)) => match error.kind() {
                    ReceiveMessageErrorType::Reconnect => {
                        tracing::warn!(shard = number, "the gateway cannot be reached");
                    }
                    // The error holds the event: not for the log.
                    _ => self.count_unreadable("?"),
                },
                None => return Err(GatewayError::Closed(1006)),
            }
        }
    }

    /// Reads one message and hands it over.
    async fn take(&mut self, text: &str, stop: &CancellationToken) -> Result<(), GatewayError> {
        let number = self.shard.id().number();
        if self.shard.session().is_none() {
            // Discord called the session invalid; twilight identifies anew.
            self.positions.forget(number);
        }
        let Some(dispatch) = Dispatch::of(text) else {
            return Ok(());
        };
        let Dispatch { sequence, name, .. } = &dispatch;
        let (sequence, event) = match dispatch.read(number) {
            Read::Event(event) => (*sequence, event),
            Read::Nothing => {
                self.positions.passed_over(number, *sequence);
                return Ok(());
            }
            Read::Unreadable => {
                self.count_unreadable(name);
                self.positions.passed_over(number, *sequence);
                return Ok(());
            }
        };
        let receipt = match &event {
            Inbound::Ready { .. } => {
                let url = self.shard.resume_url().unwrap_or_default();
                let Some(session) = self.shard.session().filter(|_| self.way.address.permits_gateway(url)) else {
                    return Err(GatewayError::Address);
                };
                self.closes.clear();
                let session = SessionRecord { session_id: session.id().into(), sequence, resume_url: url.into() };
                self.positions.ready(number, session)
            }
            Inbound::Resumed { .. } => {
                self.closes.clear();
                self.positions.resumed(number, sequence)
            }
            _ => self.positions.handed_over(number, sequence),
        };
        let urgency = event.urgency();
        self.hand_over(urgency, Delivered { event, receipt }, stop).await;
        Ok(())
    }

    async fn hand_over(&mut self, urgency: Urgency, delivered: Delivered, stop: &CancellationToken) {
        let out = match urgency {
            Urgency::Hurried => &self.hurried,
            Urgency::Unhurried => &self.unhurried,
        };
        if let Err(TrySendError::Full(delivered)) = out.try_send(delivered) {
            tracing::warn!(shard = self.shard.id().number(), "events come faster than they are dealt with");
            // What is not handed over is not processed either, and comes again when the session resumes.
            tokio::select! {
                _ = out.send(delivered) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn closed(&mut self, code: u16, stop: &CancellationToken) {
        if matches!(code, 4007 | 4009) {
            // The sequence is refused or the session timed out: a resume would be refused the same way, for ever.
            self.positions.forget(self.shard.id().number());
            self.shard = self.way.shard(self.shard.id(), None);
        }
        let now = Instant::now();
        self.closes.push_back(now);
        while self.closes.front().is_some_and(|close| now.duration_since(*close) > CLOSES_WITHIN) {
            self.closes.pop_front();
        }
        if self.closes.len() > CLOSES_FREE {
            tokio::select! {
                () = sleep(REST_BETWEEN_CLOSES) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    fn count_unreadable(&self, name: &str) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(shard = self.shard.id().number(), event = name, "an event is unreadable");
    }
}

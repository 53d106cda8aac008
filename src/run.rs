//! The whole bot: connects, listens, delivers, rings its timers, and stops cleanly. The same for Discord and for a rehearsal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::discord::address::ApiAddress;
use crate::discord::failure::Failure;
use crate::discord::gateway::{
    BUCKET_RESTS, Delivered, Gateway, GatewayConfig, GatewayError, HomeEvent, Inbound, Inbox, Positions, Receipt, Save,
    SessionRecord, ShardRange, TakeTurn,
};
use crate::discord::registration::{RegistrationError, register};
use crate::discord::rest::Rest;
use crate::discord::{Bot, delivery, inbound, typed};
use crate::flows::{homes, parking};
use crate::store::acts;
use crate::store::identifies::{self, Bucket};
use crate::store::sessions::{self, Seat, Session};
use crate::{courier, scheduler};

/// How long work in flight may take after the stop.
pub const GRACE: Duration = Duration::from_secs(9);
/// What was typed and waits for its turn; past this, everything waits.
const TYPED: usize = 4_096;
/// Longer than Discord keeps a session that could be resumed.
const TOLD_AGAIN_WITHIN: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug)]
pub struct Settings {
    pub token: SecretString,
    pub api: ApiAddress,
    pub shards: ShardRange,
    pub share: f64,
    /// Whether timers and outbox are worked by loops, or by hand, as stories do.
    pub loops: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("Discord refused the token. Make a new one on the Bot page of your application and set DISCORD_TOKEN")]
    Token,
    #[error("{0}")]
    Settings(String),
    #[error("Discord does not answer as it should: {0}")]
    Discord(Failure),
    #[error(transparent)]
    Registration(RegistrationError),
    #[error(transparent)]
    Gateway(GatewayError),
    #[error("the database: {0}")]
    Store(#[from] crate::store::StoreError),
    #[error(transparent)]
    Flow(#[from] crate::flows::Trouble),
}

impl From<Failure> for RunError {
    fn from(failure: Failure) -> Self {
        if failure == Failure::Token { Self::Token } else { Self::Discord(failure) }
    }
}

impl From<RegistrationError> for RunError {
    fn from(error: RegistrationError) -> Self {
        match error {
            RegistrationError::Discord(Failure::Token) => Self::Token,
            error => Self::Registration(error),
        }
    }
}

impl From<GatewayError> for RunError {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::Token => Self::Token,
            error => Self::Gateway(error),
        }
    }
}

/// Connected, and about to listen.
#[derive(Debug)]
pub struct Duet {
    app: Arc<App>,
    pub bot: Arc<Bot>,
    gateway: Gateway,
    inbox: Inbox,
    loops: bool,
}

impl Duet {
    /// Learns who it is, registers its commands, and asks where to listen. Refuses rather than send the token elsewhere.
    pub async fn connect(app: Arc<App>, settings: Settings) -> Result<Self, RunError> {
        parking::begin_sweeping(&app).await?;
        let rest = Rest::new(&settings.token, &settings.api, settings.share).map_err(RunError::Settings)?;
        let application = rest.application().await?;
        let commands = register(&app, &rest, settings.api.as_str(), application.id).await?;
        let seat = Seat {
            api: settings.api.as_str().to_owned(),
            application: application.id.0,
            shard: 0,
            shards: settings.shards.total,
        };
        let mut known = BTreeMap::new();
        for shard in settings.shards.first..=settings.shards.last {
            if let Some(session) = sessions::load(&app.store, &Seat { shard, ..seat.clone() }).await? {
                let record = SessionRecord { session_id: session.id, sequence: session.sequence, resume_url: session.resume_url };
                known.insert(shard, record);
            }
        }
        let shards = settings.shards.total;
        let config = GatewayConfig {
            token: settings.token,
            address: settings.api,
            shards: settings.shards,
            intents: GatewayConfig::INTENTS,
            sessions: known,
        };
        let take_turn = take_turn(Arc::clone(&app), &seat);
        let (gateway, inbox) = Gateway::prepare(config, &rest, save(Arc::clone(&app), seat), take_turn).await?;
        let bot = Bot {
            application: application.id,
            me: application.bot.unwrap_or(crate::domain::ids::PersonId(application.id.0)),
            owners: application.owners,
            safety: commands.get("safety").copied(),
            listening: gateway.listening(),
            shards,
            rest,
        };
        tracing::info!(application = %bot.application.0, shards = ?settings.shards, "connected");
        Ok(Self { app, bot: Arc::new(bot), gateway, inbox, loops: settings.loops })
    }

    /// How far each shard's events are dealt with.
    pub fn positions(&self) -> Positions {
        self.gateway.positions()
    }

    /// Serves until told to stop, or until Discord ends it. What is in flight gets [`GRACE`] to finish.
    pub async fn serve(self, stop: CancellationToken) -> Result<(), RunError> {
        let Self { app, bot, gateway, inbox, loops } = self;
        let positions = gateway.positions();
        let tracker = TaskTracker::new();
        let listening = stop.child_token();
        let working = CancellationToken::new();
        if loops {
            tracker.spawn(courier::run(Arc::clone(&app), Arc::clone(&bot), working.clone()));
            let (scheduled, stop) = (Arc::clone(&app), working.clone());
            tracker.spawn(async move { scheduler::run(&scheduled, stop).await });
        }
        let reader = tracker.spawn(read(Arc::clone(&app), Arc::clone(&bot), inbox, tracker.clone()));
        let outcome = tokio::select! {
            ended = gateway.run(listening) => ended.map_err(RunError::from),
            () = bot.rest.token_refused() => Err(RunError::Token),
        };
        working.cancel();
        tracker.close();
        let finished = tokio::time::timeout(GRACE, async {
            tracker.wait().await;
        })
        .await;
        if finished.is_err() {
            tracing::warn!("work in flight did not finish in time; its leases run out by themselves");
            reader.abort();
        }
        finish(&app, &positions).await;
        outcome
    }
}

async fn finish(app: &App, positions: &Positions) {
    positions.save().await;
    if let Err(error) = courier::release(app).await {
        tracing::warn!("leases were not given back and run out by themselves: {error}");
    }
}

/// Hands every event to where it belongs: interactions each in a task of its own, what is told of homes in order, and what is
/// typed in order beside it.
async fn read(app: Arc<App>, bot: Arc<Bot>, mut inbox: Inbox, tracker: TaskTracker) {
    let (typed, turns) = mpsc::channel(TYPED);
    tracker.spawn(typed::listen(Arc::clone(&app), turns));
    while let Some(Delivered { event, receipt }) = inbox.next().await {
        match event {
            Inbound::Interaction(text) => {
                tracker.spawn(inbound::task(Arc::clone(&app), Arc::clone(&bot), text, receipt));
            }
            Inbound::Home(event) => {
                if let Err(trouble) = home(&app, event).await {
                    tracing::error!("what was told of a home is not kept: {trouble}");
                }
                receipt.processed();
            }
            Inbound::Ready { shard, .. } => {
                tracing::info!(shard, "a new session");
                if let Err(trouble) = homes::forget_what_was_seen(&app).await {
                    tracing::error!("what was seen before is not forgotten: {trouble}");
                } else {
                    bot.listening.joined(shard);
                }
                in_turn(&typed, event, receipt).await;
            }
            Inbound::Resumed { shard } => {
                tracing::info!(shard, "the session goes on");
                bot.listening.joined(shard);
                receipt.processed();
            }
            Inbound::DirectMessage(_) | Inbound::MessageUpdated(_) | Inbound::MessageDeleted { .. } => {
                in_turn(&typed, event, receipt).await;
            }
        }
    }
}

/// To whoever deals with what is typed. Nobody there any more: it is told again after the next start.
async fn in_turn(typed: &mpsc::Sender<typed::Turn>, event: Inbound, receipt: Receipt) {
    if typed.send((event, receipt)).await.is_err() {
        tracing::error!("nobody deals with direct messages");
    }
}

async fn home(app: &App, event: HomeEvent) -> Result<(), crate::flows::Trouble> {
    match event {
        HomeEvent::Server(server) => {
            let channels: Vec<_> = server.channels.iter().map(|channel| (channel.id, delivery::overwrites(channel))).collect();
            homes::seen_all(app, server.id, &channels).await?;
        }
        HomeEvent::Channel(channel) => {
            if let Some(server) = channel.server {
                homes::seen(app, channel.id, server, &delivery::overwrites(&channel)).await?;
            }
        }
        HomeEvent::ChannelGone { channel, .. } => homes::deleted(app, channel).await?,
        // Overwrites decide who sees a home; roles only through overwrites, and administrators are told of at set-up.
        HomeEvent::ServerChanged(_)
        | HomeEvent::ServerGone { .. }
        | HomeEvent::ServerAway { .. }
        | HomeEvent::Role { .. }
        | HomeEvent::RoleGone { .. } => {}
    }
    Ok(())
}

/// Keeps each shard's session in the store.
fn save(app: Arc<App>, seat: Seat) -> Save {
    Box::new(move |shard, record| {
        let (app, seat) = (Arc::clone(&app), Seat { shard, ..seat.clone() });
        Box::pin(async move {
            match record {
                Some(record) => {
                    let session = Session { id: record.session_id, sequence: record.sequence, resume_url: record.resume_url };
                    sessions::save(&app.store, &seat, &session).await?;
                    let before = app.now().saturating_sub(TOLD_AGAIN_WITHIN).unwrap_or(Timestamp::MIN);
                    acts::forget(&app.store, before).await?;
                }
                None => {
                    sessions::forget(&app.store, &seat).await?;
                }
            }
            Ok(())
        })
    })
}

/// Lets a shard identify when its bucket is free for all processes on this store.
fn take_turn(app: Arc<App>, seat: &Seat) -> TakeTurn {
    let (api, application) = (seat.api.clone(), seat.application);
    Box::new(move |number| {
        let (app, bucket) = (Arc::clone(&app), Bucket { api: api.clone(), application, number });
        Box::pin(async move { Ok(identifies::take(&app.store, &bucket, BUCKET_RESTS).await?) })
    })
}

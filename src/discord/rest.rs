//! The one sender of REST requests: everything that Duet says to Discord leaves here.
//!
//! Owns the token, the limits, the timeouts and the sorting of failures. Must never log a token, a body or an
//! interaction's token, and never send another request once the bot's token was refused.

use std::borrow::Cow;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::address::ApiAddress;
use super::failure::Failure;
use super::limiter::{BucketNews, Lane, Limiter, Lot, Major, PATIENCE};
use super::payloads::{
    Application, ApplicationId, Channel, GatewayBot, InteractionId, Member, Named, OwnServer, PastMessage, Role, RoleId, Server,
};
use crate::domain::ids::{ChannelId, MessageId, PersonId, ServerId};

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(20);
/// A first answer is void after 3 s ("Receiving and Responding"); some of them went by before it came here.
const CALLBACK: Duration = Duration::from_millis(2_500);
/// A second try of a callback with less time than this would only be late.
const CALLBACK_AGAIN: Duration = Duration::from_millis(400);
/// How often one request waits out a 429 before its caller is told.
const WAITS: u32 = 2;
/// Discord bans an address after 10,000 answers of 401, 403 or 429 in 10 minutes ("Rate Limits"); we stop at half.
const BAD_ANSWERS_ALLOWED: f64 = 5_000.0;
/// The base that serenity's routes begin with.
const SERENITYS_BASE: &str = "https://discord.com/api/v10";

/// What can be sent as a message or as an answer to an interaction: JSON, and perhaps files beside it.
pub trait Payload: Serialize {
    /// At most ten (resources/message, "Create Message").
    fn uploads(&self) -> Vec<Upload> {
        Vec::new()
    }
}

impl Payload for Value {}

/// A file beside a request's JSON, `files[n]` (reference, "Uploading Files"; all of a request's together at most 10 MiB).
#[derive(Clone)]
pub struct Upload {
    pub filename: Cow<'static, str>,
    /// Its media type.
    pub kind: &'static str,
    pub bytes: Arc<[u8]>,
}

/// What it shows may be private.
impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("filename", &self.filename).finish_non_exhaustive()
    }
}

/// Kept until the request is through: it may have to be said again.
#[derive(Clone)]
struct Content {
    json: Vec<u8>,
    uploads: Vec<Upload>,
}

impl Content {
    /// As JSON, or as a form with the JSON in `payload_json`.
    fn onto(self, request: RequestBuilder) -> reqwest::Result<RequestBuilder> {
        if self.uploads.is_empty() {
            return Ok(request.header(CONTENT_TYPE, "application/json").body(self.json));
        }
        let json = Part::bytes(self.json).mime_str("application/json")?;
        let mut form = Form::new().part("payload_json", json);
        for (number, Upload { filename, kind, bytes }) in self.uploads.into_iter().enumerate() {
            form = form.part(format!("files[{number}]"), Part::bytes(bytes.to_vec()).file_name(filename).mime_str(kind)?);
        }
        Ok(request.multipart(form))
    }
}

/// One request, not yet sent.
#[derive(Clone)]
pub struct Call {
    method: Method,
    /// Below the base; holds an interaction's token on some routes.
    path: String,
    body: Option<Result<Content, Failure>>,
    lot: Lot,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("route", &self.lot.route).finish_non_exhaustive()
    }
}

impl Call {
    /// `name` says the route without ids; routes of one name share a bucket.
    fn new(name: &'static str, method: LightMethod, route: Route<'_>, major: Major) -> Self {
        // Only the path is taken from serenity: its `Request::build` opens a span at level info that shows the body
        // and the interaction's token to whoever listens to its logs.
        let path = route.path();
        Self::at(name, method, path.strip_prefix(SERENITYS_BASE).unwrap_or(&path), major)
    }

    fn at(name: &'static str, method: LightMethod, path: &str, major: Major) -> Self {
        let lot = Lot { route: name, major, lane: Lane::Common };
        Self { method: method.reqwest_method(), path: path.into(), body: None, lot }
    }

    fn lane(mut self, lane: Lane) -> Self {
        self.lot.lane = lane;
        self
    }

    fn body(mut self, body: &impl Serialize) -> Self {
        let json = serde_json::to_vec(body).map_err(|_| Failure::Unreadable);
        self.body = Some(json.map(|json| Content { json, uploads: Vec::new() }));
        self
    }

    /// The body with its files, if it has any.
    fn payload(self, payload: &impl Payload) -> Self {
        let mut call = self.body(payload);
        if let Some(Ok(content)) = &mut call.body {
            content.uploads = payload.uploads();
        }
        call
    }

    fn query(mut self, query: &str) -> Self {
        self.path.push('?');
        self.path.push_str(query);
        self
    }
}

/// The sender. One for a process; share it by reference or `Arc`.
pub struct Rest {
    client: Client,
    base: String,
    headers: HeaderMap,
    limiter: Limiter,
    bad: BadAnswers,
    refused: CancellationToken,
    /// 0 until Discord told.
    application: AtomicI64,
    /// The `Date` of the last answer.
    date: Mutex<Option<HeaderValue>>,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Rest {
    /// `share`: this process's part of Discord's 50 requests a second, above 0 and at most 1. The error is a sentence
    /// for the one who configures.
    pub fn new(token: &SecretString, address: &ApiAddress, share: f64) -> Result<Self, String> {
        let mut authorization = HeaderValue::from_str(&format!("Bot {}", token.expose_secret()))
            .map_err(|_| "DISCORD_TOKEN holds characters that no token has".to_owned())?;
        authorization.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization);
        headers.insert(USER_AGENT, HeaderValue::from_static(serenity::constants::USER_AGENT));
        let mut client = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            // A redirect would carry words to an address that nobody agreed to.
            .redirect(reqwest::redirect::Policy::none());
        if !address.is_discord() {
            client = client.no_proxy();
        }
        Ok(Self {
            client: client.build().map_err(|_| "the HTTPS client could not be set up".to_owned())?,
            base: address.rest_base(),
            headers,
            limiter: Limiter::new(share),
            bad: BadAnswers::new(share),
            refused: CancellationToken::new(),
            application: AtomicI64::new(0),
            date: Mutex::default(),
        })
    }

    /// Completes when Discord has refused the token; at once if it did before.
    pub async fn token_refused(&self) {
        self.refused.cancelled().await;
    }

    pub fn is_token_refused(&self) -> bool {
        self.refused.is_cancelled()
    }

    /// Answers of 401, 403 and 429 (scope `shared` left out) in the last ten minutes.
    pub fn bad_answers(&self) -> u32 {
        self.bad.counted()
    }

    /// What time it was for the other side at its last answer, in whole seconds.
    pub fn last_date(&self) -> Option<Timestamp> {
        let date = self.date.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(jiff::fmt::rfc2822::parse(date.to_str().ok()?).ok()?.timestamp())
    }

    /// Sends and reads the answer.
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T, Failure> {
        let name = call.lot.route;
        let body = self.exchange(&call, WHOLE).await?;
        serde_json::from_slice(&body).map_err(|error| {
            // The error's own text may quote the answer.
            tracing::warn!(call = name, line = error.line(), column = error.column(), "an answer of Discord is unreadable");
            Failure::Unreadable
        })
    }

    /// Sends and passes over whatever is answered.
    pub async fn send_empty(&self, call: Call) -> Result<(), Failure> {
        self.exchange(&call, WHOLE).await.map(drop)
    }

    async fn exchange(&self, call: &Call, timeout: Duration) -> Result<Vec<u8>, Failure> {
        let body = call.body.clone().transpose()?;
        let mut waits = 0;
        loop {
            let permit = match self.leave(call.lot).await {
                Ok(permit) => permit,
                Err(failure) => return Err(Self::told(call.lot.route, failure)),
            };
            let begun = Instant::now();
            let answer = match self.once(call, body.clone(), timeout).await {
                Ok(answer) => answer,
                Err(failure) => return Err(Self::told(call.lot.route, failure)),
            };
            let status = answer.status.as_u16();
            tracing::debug!(call = call.lot.route, status, ms = begun.elapsed().as_millis(), "answered");
            permit.answered(call.lot, bucket_news(&answer.headers));
            if answer.status.is_success() {
                return Ok(answer.body);
            }
            let failure = if answer.status == StatusCode::TOO_MANY_REQUESTS {
                let limit = Limit::read(&answer);
                self.note_limit(call.lot, &limit);
                if call.lot.lane != Lane::Callback && waits < WAITS && limit.retry_after <= PATIENCE {
                    waits += 1;
                    continue;
                }
                Failure::RateLimited { retry_after: limit.retry_after, global: limit.global }
            } else {
                if matches!(status, 401 | 403) {
                    self.bad.count();
                }
                Failure::sort(status, &answer.body)
            };
            if failure == Failure::Token && !self.refused.is_cancelled() {
                tracing::error!("Discord refused the token; nothing more is sent");
                self.refused.cancel();
            }
            return Err(Self::told(call.lot.route, failure));
        }
    }

    fn told(call: &'static str, failure: Failure) -> Failure {
        tracing::debug!(call, failure = failure.code(), %failure, "failed");
        failure
    }

    async fn leave(&self, lot: Lot) -> Result<super::limiter::Permit<'_>, Failure> {
        if self.refused.is_cancelled() {
            return Err(Failure::Token);
        }
        if lot.lane != Lane::Callback && self.bad.too_many() {
            return Err(Failure::RateLimited { retry_after: Duration::from_mins(1), global: true });
        }
        let permit = self
            .limiter
            .acquire(lot)
            .await
            .map_err(|long| Failure::RateLimited { retry_after: long.wait, global: long.global })?;
        // It may have been refused while we waited.
        if self.refused.is_cancelled() { Err(Failure::Token) } else { Ok(permit) }
    }

    async fn once(&self, call: &Call, body: Option<Content>, timeout: Duration) -> Result<Answer, Failure> {
        // Never the error's own text: it holds the address, and with it an interaction's token.
        let broken = |_: reqwest::Error| Failure::Unavailable { status: None };
        let mut request = self
            .client
            .request(call.method.clone(), format!("{}{}", self.base, call.path))
            .headers(self.headers.clone())
            .timeout(timeout);
        if let Some(body) = body {
            request = body.onto(request).map_err(broken)?;
        }
        let answer = request.send().await.map_err(broken)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        *self.date.lock().unwrap_or_else(PoisonError::into_inner) = headers.get(DATE).cloned();
        let body = answer.bytes().await.map_err(broken)?.to_vec();
        Ok(Answer { status, headers, body })
    }

    fn note_limit(&self, lot: Lot, limit: &Limit) {
        if !limit.shared {
            self.bad.count();
        }
        let ms = limit.retry_after.as_millis();
        tracing::info!(call = lot.route, ms, global = limit.global, shared = limit.shared, "rate limited");
        if limit.global {
            self.limiter.hold_everybody(limit.retry_after);
        } else {
            self.limiter.hold(lot, limit.bucket.as_deref(), limit.retry_after);
        }
    }
}

/// What Duet asks of Discord, by name.
impl Rest {
    /// The bot's own application; remembered for the calls that need its id.
    pub async fn application(&self) -> Result<Application, Failure> {
        let call = Call::at("read application", LightMethod::Get, "/applications/@me", Major::None);
        let application: Application = self.send(call).await?;
        self.application.store(application.id.0, Ordering::Relaxed);
        Ok(application)
    }

    async fn application_id(&self) -> Result<ApplicationId, Failure> {
        match self.application.load(Ordering::Relaxed) {
            0 => Ok(self.application().await?.id),
            known => Ok(ApplicationId(known)),
        }
    }

    /// Where to listen, and how often the bot may still identify.
    pub async fn gateway_bot(&self) -> Result<GatewayBot, Failure> {
        self.send(Call::new("read gateway", LightMethod::Get, Route::GatewayBot, Major::None)).await
    }

    /// The servers that the bot is in, at most 200 after one of them, in the order of their ids.
    pub async fn own_servers(&self, after: ServerId) -> Result<Vec<OwnServer>, Failure> {
        let call = Call::new("read own servers", LightMethod::Get, Route::UserMeGuilds, Major::None);
        self.send(call.query(&format!("limit=200&after={after}"))).await
    }

    /// The global commands as Discord has them.
    pub async fn commands<T: DeserializeOwned>(&self) -> Result<Vec<T>, Failure> {
        let route = Route::Commands { application_id: snowflake(self.application_id().await?.0) };
        self.send(Call::new("read commands", LightMethod::Get, route, Major::None).query("with_localizations=true")).await
    }

    /// Replaces all global commands.
    pub async fn put_commands(&self, body: &impl Serialize) -> Result<(), Failure> {
        let route = Route::Commands { application_id: snowflake(self.application_id().await?.0) };
        self.send_empty(Call::new("put commands", LightMethod::Put, route, Major::None).body(body)).await
    }

    /// The first answer to an interaction; the void after 3 s is Discord's, the hurry ours. Tried a second time when
    /// the first broke; an answer that turns out to have been applied counts as given.
    pub async fn answer_interaction(&self, id: InteractionId, token: &str, payload: &impl Payload) -> Result<(), Failure> {
        let route = Route::InteractionResponse { interaction_id: snowflake(id.0), token };
        let call = Call::new("answer interaction", LightMethod::Post, route, Major::None).lane(Lane::Callback).payload(payload);
        let deadline = Instant::now() + CALLBACK;
        let first = self.exchange(&call, CALLBACK).await;
        let left = deadline.saturating_duration_since(Instant::now());
        match first {
            Err(Failure::Unavailable { .. }) if left > CALLBACK_AGAIN => match self.exchange(&call, left).await {
                Err(Failure::AlreadyAnswered) => Ok(()),
                second => second.map(drop),
            },
            first => first.map(drop),
        }
    }

    /// Changes the first answer to an interaction, within 15 minutes.
    pub async fn edit_original(&self, token: &str, payload: &impl Payload) -> Result<(), Failure> {
        let application_id = snowflake(self.application_id().await?.0);
        let route = Route::WebhookOriginalInteractionResponse { application_id, token };
        let call = Call::new("edit original", LightMethod::Patch, route, Major::webhook(token));
        self.send_empty(call.lane(Lane::Webhook).payload(payload)).await
    }

    /// A further answer to an interaction, within 15 minutes.
    pub async fn follow_up(&self, token: &str, payload: &impl Payload) -> Result<MessageId, Failure> {
        let application_id = snowflake(self.application_id().await?.0);
        let route = Route::WebhookFollowupMessages { application_id, token };
        let call = Call::new("follow up", LightMethod::Post, route, Major::webhook(token));
        Ok(MessageId(self.send::<Named>(call.lane(Lane::Webhook).payload(payload)).await?.id))
    }

    /// The DM channel with a person; the same one every time.
    pub async fn open_dm(&self, person: PersonId) -> Result<ChannelId, Failure> {
        let call = Call::new("open dm", LightMethod::Post, Route::UserMeDmChannels, Major::None);
        Ok(ChannelId(self.send::<Named>(call.body(&json!({ "recipient_id": person.to_string() }))).await?.id))
    }

    pub async fn post_message(&self, channel: ChannelId, payload: &impl Payload) -> Result<MessageId, Failure> {
        let route = Route::ChannelMessages { channel_id: snowflake(channel.0) };
        let call = Call::new("post message", LightMethod::Post, route, Major::Channel(channel.0));
        Ok(MessageId(self.send::<Named>(call.payload(payload)).await?.id))
    }

    pub async fn edit_message(&self, channel: ChannelId, message: MessageId, payload: &impl Payload) -> Result<(), Failure> {
        let route = Route::ChannelMessage { channel_id: snowflake(channel.0), message_id: snowflake(message.0) };
        let call = Call::new("edit message", LightMethod::Patch, route, Major::Channel(channel.0));
        self.send_empty(call.payload(payload)).await
    }

    pub async fn delete_message(&self, channel: ChannelId, message: MessageId) -> Result<(), Failure> {
        let route = Route::ChannelMessage { channel_id: snowflake(channel.0), message_id: snowflake(message.0) };
        self.send_empty(Call::new("delete message", LightMethod::Delete, route, Major::Channel(channel.0))).await
    }

    /// The bot's own reaction under a message; there already, it stays.
    pub async fn react(&self, channel: ChannelId, message: MessageId, emoji: &str) -> Result<(), Failure> {
        self.send_empty(Self::reaction("react", LightMethod::Put, channel, message, emoji)).await
    }

    /// Takes it away; not there, nothing happens.
    pub async fn unreact(&self, channel: ChannelId, message: MessageId, emoji: &str) -> Result<(), Failure> {
        self.send_empty(Self::reaction("unreact", LightMethod::Delete, channel, message, emoji)).await
    }

    fn reaction(name: &'static str, method: LightMethod, channel: ChannelId, message: MessageId, emoji: &str) -> Call {
        let emoji = serenity::all::ReactionType::Unicode(emoji.to_owned());
        let (channel_id, message_id) = (snowflake(channel.0), snowflake(message.0));
        let route = Route::ChannelMessageReactionMe { channel_id, message_id, reaction: &emoji.as_data() };
        Call::new(name, method, route, Major::Channel(channel.0))
    }

    /// Messages after one, at most `limit` (1–100), in Discord's order: newest first.
    pub async fn messages_after(&self, channel: ChannelId, after: MessageId, limit: u8) -> Result<Vec<PastMessage>, Failure> {
        self.history(channel, after, limit).await
    }

    /// As [`Rest::messages_after`], read by whoever knows what of a message concerns them.
    pub async fn history<T: DeserializeOwned>(&self, channel: ChannelId, after: MessageId, limit: u8) -> Result<Vec<T>, Failure> {
        let route = Route::ChannelMessages { channel_id: snowflake(channel.0) };
        let call = Call::new("read messages", LightMethod::Get, route, Major::Channel(channel.0));
        self.send(call.query(&format!("after={after}&limit={}", limit.clamp(1, 100)))).await
    }

    pub async fn channel(&self, channel: ChannelId) -> Result<Channel, Failure> {
        let route = Route::Channel { channel_id: snowflake(channel.0) };
        self.send(Call::new("read channel", LightMethod::Get, route, Major::Channel(channel.0))).await
    }

    pub async fn guild_channels(&self, server: ServerId) -> Result<Vec<Channel>, Failure> {
        let route = Route::GuildChannels { guild_id: snowflake(server.0) };
        self.send(Call::new("read channels", LightMethod::Get, route, Major::Server(server.0))).await
    }

    pub async fn create_channel(&self, server: ServerId, body: &impl Serialize) -> Result<Channel, Failure> {
        let route = Route::GuildChannels { guild_id: snowflake(server.0) };
        self.send(Call::new("create channel", LightMethod::Post, route, Major::Server(server.0)).body(body)).await
    }

    pub async fn guild(&self, server: ServerId) -> Result<Server, Failure> {
        let route = Route::Guild { guild_id: snowflake(server.0) };
        self.send(Call::new("read server", LightMethod::Get, route, Major::Server(server.0))).await
    }

    pub async fn roles(&self, server: ServerId) -> Result<Vec<Role>, Failure> {
        let route = Route::GuildRoles { guild_id: snowflake(server.0) };
        self.send(Call::new("read roles", LightMethod::Get, route, Major::Server(server.0))).await
    }

    /// How many members have each role; the role of everybody is not among them.
    pub async fn role_member_counts(&self, server: ServerId) -> Result<Vec<(RoleId, u64)>, Failure> {
        let route = Route::GuildRoleMemberCounts { guild_id: snowflake(server.0) };
        let call = Call::new("count role members", LightMethod::Get, route, Major::Server(server.0));
        let counts: std::collections::HashMap<String, u64> = self.send(call).await?;
        counts.iter().map(|(role, count)| Ok((role.parse().map_err(|_| Failure::Unreadable)?, *count))).collect()
    }

    /// The person in the server, or nothing when they are not (any more) a member.
    pub async fn member(&self, server: ServerId, person: PersonId) -> Result<Option<Member>, Failure> {
        let route = Route::GuildMember { guild_id: snowflake(server.0), user_id: snowflake(person.0) };
        match self.send(Call::new("read member", LightMethod::Get, route, Major::Server(server.0))).await {
            Err(Failure::UnknownMember) => Ok(None),
            answer => answer.map(Some),
        }
    }
}

/// An id for serenity's routes, which know no 0: what cannot be an id asks for one that nobody has.
fn snowflake<T: From<NonZeroU64>>(id: i64) -> T {
    u64::try_from(id).ok().and_then(NonZeroU64::new).unwrap_or(NonZeroU64::MAX).into()
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn bucket_news(headers: &HeaderMap) -> Option<BucketNews> {
    Some(BucketNews {
        bucket: header(headers, "x-ratelimit-bucket")?.into(),
        limit: header(headers, "x-ratelimit-limit")?.parse().ok()?,
        remaining: header(headers, "x-ratelimit-remaining")?.parse().ok()?,
        reset_after: seconds(header(headers, "x-ratelimit-reset-after")?.parse().ok()?),
    })
}

/// What a 429 says.
#[derive(Debug)]
struct Limit {
    retry_after: Duration,
    global: bool,
    /// Of scope `shared`: not ours alone, and not counted against the address.
    shared: bool,
    bucket: Option<String>,
}

impl Limit {
    fn read(answer: &Answer) -> Self {
        #[derive(Deserialize)]
        struct Body {
            retry_after: f64,
            #[serde(default)]
            global: bool,
        }
        let headers = &answer.headers;
        let body: Option<Body> = serde_json::from_slice(&answer.body).ok();
        let scope = header(headers, "x-ratelimit-scope");
        let in_header = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
        Self {
            // The body is finer than the header's whole seconds.
            retry_after: seconds(body.as_ref().map(|body| body.retry_after).or(in_header).unwrap_or(5.0)),
            // A 429 that is not Discord's JSON comes from what stands before it, and is about the whole address.
            global: scope == Some("global")
                || headers.contains_key("x-ratelimit-global")
                || body.as_ref().is_none_or(|body| body.global),
            shared: scope == Some("shared"),
            bucket: header(headers, "x-ratelimit-bucket").map(ToOwned::to_owned),
        }
    }
}

/// At least a moment, at most a day, whatever the other side says.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds)
        .unwrap_or(Duration::from_secs(5))
        .clamp(Duration::from_millis(1), Duration::from_hours(24))
}

/// Answers that count towards Discord's ban of an address, by minute.
#[derive(Debug)]
struct BadAnswers {
    begun: Instant,
    minutes: Mutex<[(u64, u32); 10]>,
    allowed: u32,
    told: AtomicBool,
}

impl BadAnswers {
    fn new(share: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 5,000")]
        let allowed = (BAD_ANSWERS_ALLOWED * share).clamp(1.0, BAD_ANSWERS_ALLOWED) as u32;
        Self { begun: Instant::now(), minutes: Mutex::new([(0, 0); 10]), allowed, told: AtomicBool::new(false) }
    }

    fn minute(&self) -> u64 {
        self.begun.elapsed().as_secs() / 60
    }

    fn count(&self) {
        let minute = self.minute();
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = &mut minutes[(minute % 10) as usize];
        if slot.0 != minute {
            *slot = (minute, 0);
        }
        slot.1 += 1;
    }

    fn counted(&self) -> u32 {
        let minute = self.minute();
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        minutes.iter().filter(|slot| minute - slot.0 < 10).map(|slot| slot.1).sum()
    }

    fn too_many(&self) -> bool {
        let too_many = self.counted() >= self.allowed;
        if too_many && !self.told.swap(true, Ordering::Relaxed) {
            tracing::error!(
                allowed = self.allowed,
                "so many requests were refused that Discord may ban this address; sending pauses"
            );
        } else if !too_many {
            self.told.store(false, Ordering::Relaxed);
        }
        too_many
    }
}

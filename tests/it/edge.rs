//! The edge against a server of its own: a few lines of axum that answer as told and remember what they were asked.

#![expect(clippy::unwrap_used, reason = "a test's server may fall over")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use duet::discord::address::ApiAddress;
use duet::discord::failure::Failure;
use duet::discord::gateway::{
    Gateway, GatewayConfig, GatewayError, HomeEvent, Inbound, Inbox, Positions, SessionRecord, ShardRange,
};
use duet::discord::payloads::InteractionId;
use duet::discord::rest::Rest;
use duet::domain::ids::{ChannelId, MessageId, PersonId, ServerId};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::log::Log;

/// What to do with a request.
#[derive(Clone)]
enum Act {
    Answer(u16, Value),
    With(u16, Value, Vec<(&'static str, String)>),
    /// Take the request and never answer it.
    Hang,
}

#[derive(Clone, Debug)]
struct Asked {
    method: Method,
    path: String,
    authorization: String,
    body: Value,
    at: Instant,
}

#[derive(Default)]
struct World {
    /// What to do with requests to a path that contains this, in order; the last stays.
    acts: Vec<(&'static str, VecDeque<Act>)>,
    asked: Vec<Asked>,
    /// How a connection to the gateway goes, in order.
    connections: VecDeque<Vec<Line>>,
    heard: Vec<Value>,
}

/// One step of the gateway's part.
#[derive(Clone)]
enum Line {
    Say(Value),
    /// Wait for a message with this opcode.
    Hear(u8),
    /// Go on when the test says so.
    Cue,
    Close(u16),
    /// Read until the other side closes, and remember its code.
    UntilClosed,
}

#[derive(Clone)]
struct Discord {
    world: Arc<Mutex<World>>,
    cue: Arc<Notify>,
    closed: Arc<Mutex<Vec<u16>>>,
    address: String,
    _tasks: Arc<Mutex<JoinSet<()>>>,
}

impl Discord {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let tasks = Arc::new(Mutex::new(JoinSet::new()));
        let discord =
            Self { world: Arc::default(), cue: Arc::default(), closed: Arc::default(), address, _tasks: Arc::clone(&tasks) };
        let router = Router::new().route("/", get(gateway)).fallback(rest).with_state(discord.clone());
        tasks.lock().unwrap().spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        discord
    }

    fn on(&self, path: &'static str, acts: impl IntoIterator<Item = Act>) -> &Self {
        let acts = acts.into_iter().collect();
        self.world.lock().unwrap().acts.push((path, acts));
        self
    }

    fn connection(&self, lines: impl IntoIterator<Item = Line>) -> &Self {
        let lines = lines.into_iter().collect();
        self.world.lock().unwrap().connections.push_back(lines);
        self
    }

    fn asked(&self) -> Vec<Asked> {
        self.world.lock().unwrap().asked.clone()
    }

    fn heard(&self) -> Vec<Value> {
        self.world.lock().unwrap().heard.clone()
    }

    fn api(&self) -> ApiAddress {
        ApiAddress::parse(Some(&format!("http://{}", self.address)), false).unwrap()
    }

    fn rest(&self) -> Rest {
        Rest::new(&"a-token".into(), &self.api(), 1.0).unwrap()
    }

    fn names_itself_as_gateway(&self) -> &Self {
        self.names_as_gateway(&format!("ws://{}", self.address))
    }

    fn names_as_gateway(&self, url: &str) -> &Self {
        let limit = json!({"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1});
        let body = json!({"url": url, "shards": 1, "session_start_limit": limit});
        self.on("/gateway/bot", [Act::Answer(200, body)])
    }
}

async fn rest(State(discord): State<Discord>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path_and_query().unwrap().to_string();
    let act = {
        let mut world = discord.world.lock().unwrap();
        world.asked.push(Asked {
            method,
            path: path.clone(),
            authorization: headers["authorization"].to_str().unwrap().to_owned(),
            body: serde_json::from_slice(&body).unwrap_or_default(),
            at: Instant::now(),
        });
        let found = world.acts.iter_mut().find(|(part, _)| path.contains(part));
        found.map(|(_, acts)| if acts.len() > 1 { acts.pop_front().unwrap() } else { acts[0].clone() })
    };
    match act.unwrap_or(Act::Answer(404, json!({"code": 0}))) {
        Act::Answer(204, _) => StatusCode::NO_CONTENT.into_response(),
        Act::Answer(status, body) => (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response(),
        Act::With(status, body, headers) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Act::Hang => std::future::pending().await,
    }
}

async fn gateway(State(discord): State<Discord>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |socket| {
        let lines = discord.world.lock().unwrap().connections.pop_front();
        play(&discord, socket, lines.unwrap_or_default()).await;
    })
}

async fn play(discord: &Discord, mut socket: WebSocket, lines: Vec<Line>) {
    for line in lines {
        match line {
            Line::Say(value) => {
                socket.send(Message::Text(value.to_string().into())).await.unwrap();
            }
            Line::Hear(op) => loop {
                let Some(Ok(Message::Text(text))) = socket.recv().await else {
                    return;
                };
                let value: Value = serde_json::from_str(&text).unwrap();
                discord.world.lock().unwrap().heard.push(value.clone());
                if value["op"] == op {
                    break;
                }
            },
            Line::Cue => discord.cue.notified().await,
            Line::Close(code) => {
                let frame = CloseFrame { code, reason: "".into() };
                socket.send(Message::Close(Some(frame))).await.ok();
            }
            Line::UntilClosed => {
                while let Some(Ok(message)) = socket.recv().await {
                    if let Message::Close(frame) = message {
                        discord.closed.lock().unwrap().push(frame.map_or(1005, |frame| frame.code));
                    }
                }
            }
        }
    }
}

fn limited(seconds: f64, global: bool) -> Act {
    let scope = if global { "global" } else { "user" };
    Act::With(
        429,
        json!({"message": "slower", "retry_after": seconds, "global": global}),
        vec![("retry-after", seconds.ceil().to_string()), ("x-ratelimit-scope", scope.to_owned())],
    )
}

fn message() -> Act {
    Act::Answer(200, json!({"id": "77"}))
}

const HERE: ChannelId = ChannelId(11);
const THERE: ChannelId = ChannelId(12);

#[tokio::test]
async fn a_global_429_holds_everybody_but_callbacks() {
    let discord = Discord::start().await;
    discord.on("/channels/11/", [limited(0.8, true), message()]);
    discord.on("/channels/12/", [message()]);
    discord.on("/callback", [Act::Answer(204, Value::Null)]);
    let rest = discord.rest();
    let begun = Instant::now();
    let other = async {
        while discord.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        rest.answer_interaction(InteractionId(5), "tok", &json!({"type": 6})).await.unwrap();
        assert!(begun.elapsed() < Duration::from_millis(700));
        rest.post_message(THERE, &json!({"content": "b"})).await.unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(800));
    };
    let body = json!({"content": "a"});
    let (first, ()) = tokio::join!(rest.post_message(HERE, &body), other);
    assert_eq!(first, Ok(MessageId(77)));
    let asked = discord.asked();
    let held = asked.iter().filter(|asked| asked.path.contains("/channels/")).skip(1);
    assert!(held.into_iter().all(|asked| asked.at - begun >= Duration::from_millis(800)));
    assert_eq!(rest.bad_answers(), 1);
}

#[tokio::test]
async fn a_short_retry_after_is_waited_out_twice_and_then_told() {
    let discord = Discord::start().await;
    discord.on("/messages", [limited(0.2, false)]);
    let rest = discord.rest();
    let begun = Instant::now();
    let failure = rest.post_message(HERE, &json!({})).await.unwrap_err();
    assert_eq!(failure, Failure::RateLimited { retry_after: Duration::from_millis(200), global: false });
    assert!(begun.elapsed() >= Duration::from_millis(400));
    assert_eq!(discord.asked().len(), 3);
}

#[tokio::test]
async fn a_long_retry_after_is_told_at_once_and_kept() {
    let discord = Discord::start().await;
    discord.on("/channels/11/", [limited(30.0, false)]);
    discord.on("/channels/12/", [message()]);
    let rest = discord.rest();
    for _ in 0..2 {
        let failure = rest.post_message(HERE, &json!({})).await.unwrap_err();
        let Failure::RateLimited { retry_after, global: false } = failure else { panic!("{failure:?}") };
        assert!(retry_after > Duration::from_secs(29));
    }
    rest.post_message(THERE, &json!({})).await.unwrap();
    assert_eq!(discord.asked().len(), 2, "the second was not sent at all");
}

#[tokio::test]
async fn a_429_that_is_not_discords_own_holds_everybody() {
    let discord = Discord::start().await;
    let page = Act::With(429, json!("<html>"), vec![("retry-after", "60".into())]);
    discord.on("/channels/11/", [page]);
    let rest = discord.rest();
    let expected = Failure::RateLimited { retry_after: Duration::from_mins(1), global: true };
    assert_eq!(rest.post_message(HERE, &json!({})).await, Err(expected));
    let failure = rest.post_message(THERE, &json!({})).await.unwrap_err();
    assert!(matches!(failure, Failure::RateLimited { global: true, .. }));
}

#[tokio::test]
async fn an_empty_bucket_is_waited_for_before_it_is_told() {
    let discord = Discord::start().await;
    let headers = |remaining: u32| {
        vec![
            ("x-ratelimit-bucket", "abc".to_owned()),
            ("x-ratelimit-limit", "2".to_owned()),
            ("x-ratelimit-remaining", remaining.to_string()),
            ("x-ratelimit-reset-after", "0.5".to_owned()),
        ]
    };
    let answer = |remaining| Act::With(200, json!({"id": "77"}), headers(remaining));
    discord.on("/messages", [answer(1), answer(0), answer(1)]);
    let rest = discord.rest();
    let begun = Instant::now();
    for _ in 0..3 {
        rest.post_message(HERE, &json!({})).await.unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_millis(500));
    assert_eq!(rest.bad_answers(), 0);
}

#[tokio::test]
async fn a_refused_token_is_never_sent_again() {
    let discord = Discord::start().await;
    discord.on("/", [Act::Answer(401, json!({"message": "401: Unauthorized", "code": 0}))]);
    let rest = discord.rest();
    assert_eq!(rest.post_message(HERE, &json!({})).await, Err(Failure::Token));
    rest.token_refused().await;
    assert_eq!(rest.guild(ServerId(3)).await, Err(Failure::Token));
    let callback = rest.answer_interaction(InteractionId(5), "tok", &json!({})).await;
    assert_eq!(callback, Err(Failure::Token));
    assert_eq!(discord.asked().len(), 1);
    assert_eq!(discord.asked()[0].authorization, "Bot a-token");
}

#[tokio::test]
async fn a_void_interaction_token_is_not_taken_for_the_bots() {
    let discord = Discord::start().await;
    discord.on("/applications/@me", [Act::Answer(200, json!({"id": "9", "name": "Duet"}))]);
    discord.on("/webhooks/9/tok/messages/@original", [Act::Answer(401, json!({"code": 50027}))]);
    let rest = discord.rest();
    assert_eq!(rest.edit_original("tok", &json!({})).await, Err(Failure::UnknownInteraction));
    assert!(!rest.is_token_refused());
}

#[tokio::test]
async fn an_outage_and_a_cut_connection_may_have_been_applied() {
    let discord = Discord::start().await;
    discord.on("/messages", [Act::Answer(502, json!("<html>"))]);
    let failure = discord.rest().post_message(HERE, &json!({})).await.unwrap_err();
    assert_eq!(failure, Failure::Unavailable { status: Some(502) });
    assert!(failure.may_have_been_applied());

    let cutter = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", cutter.local_addr().unwrap());
    let rest = Rest::new(&"t".into(), &ApiAddress::parse(Some(&base), false).unwrap(), 1.0).unwrap();
    let cut = async {
        let (stream, _) = cutter.accept().await.unwrap();
        stream.readable().await.unwrap();
        drop(stream);
    };
    let body = json!({});
    let (answer, ()) = tokio::join!(rest.post_message(HERE, &body), cut);
    assert_eq!(answer, Err(Failure::Unavailable { status: None }));
}

#[tokio::test]
async fn a_callback_that_broke_is_tried_again_and_counts_when_it_was_applied() {
    let discord = Discord::start().await;
    let applied = Act::Answer(400, json!({"code": 40060}));
    discord.on("/interactions/5/", [Act::Answer(500, json!({})), applied.clone()]);
    discord.on("/interactions/6/", [applied]);
    discord.on("/interactions/7/", [Act::Hang]);
    let rest = discord.rest();
    let body = json!({"type": 6});
    assert_eq!(rest.answer_interaction(InteractionId(5), "tok", &body).await, Ok(()));
    let twice = rest.answer_interaction(InteractionId(6), "tok", &body).await;
    assert_eq!(twice, Err(Failure::AlreadyAnswered));
    let begun = Instant::now();
    let hung = rest.answer_interaction(InteractionId(7), "tok", &body).await;
    assert_eq!(hung, Err(Failure::Unavailable { status: None }));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_refusal_names_fields_and_no_words() {
    let discord = Discord::start().await;
    let errors = json!({"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be shorter: my words"}]}});
    discord.on("/messages", [Act::Answer(400, json!({"code": 50035, "message": "my words", "errors": errors}))]);
    let failure = discord.rest().post_message(HERE, &json!({"content": "my words"})).await.unwrap_err();
    assert_eq!(failure.to_string(), "refused (400, 50035) at content BASE_TYPE_MAX_LENGTH");
    assert!(!format!("{failure:?}").contains("words"));
}

#[tokio::test]
async fn requests_are_what_the_documentation_says() {
    let discord = Discord::start().await;
    discord.on("/members/2", [Act::Answer(404, json!({"code": 10007}))]);
    discord.on("/members/3", [Act::Answer(200, json!({"user": {"id": "3"}, "roles": ["8"]}))]);
    discord.on("/roles/member-counts", [Act::Answer(200, json!({"8": 4}))]);
    discord.on("/users/@me/channels", [Act::Answer(200, json!({"id": "21", "type": 1}))]);
    discord.on("/messages?", [Act::Answer(200, json!([{"id": "5", "author": {"id": "9"}, "components": [{"custom_id": "a"}]}]))]);
    let rest = discord.rest();
    assert_eq!(rest.member(ServerId(1), PersonId(2)).await, Ok(None));
    assert_eq!(rest.member(ServerId(1), PersonId(3)).await.unwrap().unwrap().person, PersonId(3));
    assert_eq!(rest.role_member_counts(ServerId(1)).await.unwrap()[0].1, 4);
    assert_eq!(rest.open_dm(PersonId(3)).await, Ok(ChannelId(21)));
    assert_eq!(rest.messages_after(HERE, MessageId(4), 50).await.unwrap()[0].custom_ids, ["a"]);
    // An id that cannot be one asks for nobody, and does not panic.
    assert!(rest.channel(ChannelId(0)).await.is_err());
    let asked: Vec<_> = discord.asked().iter().map(|asked| format!("{} {} {}", asked.method, asked.path, asked.body)).collect();
    assert_eq!(
        asked,
        [
            "GET /api/v10/guilds/1/members/2 null",
            "GET /api/v10/guilds/1/members/3 null",
            "GET /api/v10/guilds/1/roles/member-counts null",
            r#"POST /api/v10/users/@me/channels {"recipient_id":"3"}"#,
            "GET /api/v10/channels/11/messages?after=4&limit=50 null",
            "GET /api/v10/channels/18446744073709551615 null",
        ]
    );
}

#[tokio::test]
async fn no_log_level_shows_a_token_or_a_word() {
    let log = Log::default();
    let _listening = log.listen();
    let discord = Discord::start().await;
    let body = json!({"content": "my private words"});
    discord.on("/applications/@me", [Act::Answer(200, json!({"id": "9"}))]);
    discord.on("/callback", [Act::Answer(400, json!({"code": 50035, "message": "my private words"}))]);
    discord.on("/webhooks/", [Act::Answer(200, json!("my private words"))]);
    discord.names_itself_as_gateway();
    let rest = discord.rest();
    rest.answer_interaction(InteractionId(5), "tok-en", &body).await.unwrap_err();
    rest.edit_original("tok-en", &body).await.unwrap();
    rest.follow_up("tok-en", &body).await.unwrap_err();
    discord.connection([
        hello(),
        Line::Hear(2),
        say(1, "READY", &json!({"v": 10, "user": {"id": "9"}, "session_id": "ses-sion", "resume_gateway_url": format!("ws://{}", discord.address)})),
        say(2, "INTERACTION_CREATE", &json!({"token": "tok-en", "value": "my private words"})),
        say(3, "MESSAGE_CREATE", &json!({"content": "my private words"})),
        Line::Close(4014),
        Line::UntilClosed,
    ]);
    let (gateway, _inbox, ..) = listen(&discord, None).await.unwrap();
    gateway.run(CancellationToken::new()).await.unwrap_err();
    let log = log.since(0);
    assert!(log.contains("an event is unreadable") && log.contains("edit original"), "{log}");
    for secret in ["private", "a-token", "tok-en", "ses-sion"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

// The gateway.

type Saved = Arc<Mutex<Vec<Option<SessionRecord>>>>;

async fn listen(discord: &Discord, session: Option<SessionRecord>) -> Result<(Gateway, Inbox, Positions, Saved), GatewayError> {
    let saved = Saved::default();
    let log = Arc::clone(&saved);
    let config = GatewayConfig {
        token: "a-token".into(),
        address: discord.api(),
        shards: ShardRange::default(),
        intents: GatewayConfig::INTENTS,
        sessions: session.map(|session| (0, session)).into_iter().collect(),
    };
    let save = Box::new(move |_, record| {
        log.lock().unwrap().push(record);
        Box::pin(async { Ok(()) }) as _
    });
    let take_turn = Box::new(|_| Box::pin(async { Ok(None) }) as _);
    let (gateway, inbox) = Gateway::prepare(config, &discord.rest(), save, take_turn).await?;
    let positions = gateway.positions();
    Ok((gateway, inbox, positions, saved))
}

// Order matters: twilight finds `op`, `s` and `t` by searching the text from its start.
fn say(sequence: u64, name: &str, data: &Value) -> Line {
    Line::Say(json!({"op": 0, "s": sequence, "t": name, "d": data}))
}

fn hello() -> Line {
    Line::Say(json!({"op": 10, "s": null, "t": null, "d": {"heartbeat_interval": 45_000}}))
}

fn ready(resume: &str) -> Line {
    say(1, "READY", &json!({"v": 10, "user": {"id": "9"}, "session_id": "abc", "resume_gateway_url": resume}))
}

fn press(sequence: u64) -> Line {
    say(sequence, "INTERACTION_CREATE", &json!({"id": sequence.to_string(), "type": 3}))
}

fn session(discord: &Discord, sequence: u64) -> SessionRecord {
    let resume_url = format!("ws://{}", discord.address);
    SessionRecord { session_id: "abc".into(), sequence, resume_url }
}

#[tokio::test]
async fn a_stopped_gateway_resumes_at_what_was_dealt_with() {
    let discord = Discord::start().await;
    discord.names_itself_as_gateway();
    let resume = format!("ws://{}", discord.address);
    discord.connection([
        hello(),
        Line::Hear(2),
        ready(&resume),
        say(2, "GUILD_CREATE", &json!({"id": "5", "name": "n", "owner_id": "1", "roles": [], "channels": []})),
        say(3, "TYPING_START", &json!({})),
        press(4),
        press(5),
        Line::UntilClosed,
    ]);
    let (gateway, mut inbox, positions, saved) = listen(&discord, None).await.unwrap();
    let stop = CancellationToken::new();
    let run = gateway.run(stop.clone());
    let consume = async {
        let mut unsettled = Vec::new();
        for _ in 0..4 {
            let delivered = inbox.next().await.unwrap();
            match delivered.event {
                Inbound::Ready { shard: 0, me } => assert_eq!(me, PersonId(9)),
                Inbound::Home(HomeEvent::Server(server)) => assert_eq!(server.id, ServerId(5)),
                Inbound::Interaction(raw) if raw.contains("\"5\"") => {
                    unsettled.push(delivered.receipt);
                    continue;
                }
                Inbound::Interaction(_) => {}
                event => panic!("{event:?}"),
            }
            delivered.receipt.processed();
        }
        stop.cancel();
        unsettled
    };
    let (outcome, unsettled) = tokio::join!(run, consume);
    outcome.unwrap();
    assert!(inbox.next().await.is_none());
    positions.save().await;
    assert_eq!(saved.lock().unwrap().last().unwrap(), &Some(session(&discord, 4)));
    assert_eq!(*discord.closed.lock().unwrap(), [4000], "1000 and 1001 would end the session");
    // What was under way when the gateway stopped may still be done before the last save.
    unsettled.into_iter().for_each(duet::discord::gateway::Receipt::processed);
    positions.save().await;
    assert_eq!(saved.lock().unwrap().last().unwrap(), &Some(session(&discord, 5)));

    discord.connection([hello(), Line::Hear(6), press(6), say(7, "RESUMED", &json!({})), Line::UntilClosed]);
    let (gateway, mut inbox, _, _) = listen(&discord, Some(session(&discord, 5))).await.unwrap();
    let stop = CancellationToken::new();
    let consume = async {
        assert!(matches!(inbox.next().await.unwrap().event, Inbound::Interaction(_)));
        assert!(matches!(inbox.next().await.unwrap().event, Inbound::Resumed { shard: 0 }));
        stop.cancel();
    };
    let (outcome, ()) = tokio::join!(gateway.run(stop.clone()), consume);
    outcome.unwrap();
    let resume = discord.heard().pop().unwrap();
    assert_eq!(resume["d"], json!({"token": "Bot a-token", "session_id": "abc", "seq": 5}));
}

#[tokio::test]
async fn interactions_overtake_what_is_told_of_homes() {
    let discord = Discord::start().await;
    discord.names_itself_as_gateway();
    let server = json!({"id": "5", "unavailable": true});
    discord.connection([
        hello(),
        Line::Hear(2),
        ready(&format!("ws://{}", discord.address)),
        say(2, "GUILD_DELETE", &server),
        press(3),
        say(4, "GUILD_DELETE", &json!({"id": []})),
        Line::Close(4004),
        Line::UntilClosed,
    ]);
    let (gateway, mut inbox, _, _) = listen(&discord, None).await.unwrap();
    let unreadable = gateway.unreadable();
    let outcome = gateway.run(CancellationToken::new()).await;
    assert!(matches!(outcome, Err(GatewayError::Token)));
    let mut events = Vec::new();
    while let Some(delivered) = inbox.next().await {
        events.push(format!("{:?}", delivered.event));
    }
    assert_eq!(events, ["Interaction(19 bytes)", "Ready(0)", "ServerAway { server: ServerId(5) }"]);
    assert_eq!(unreadable.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_dropped_connection_resumes_and_an_invalid_session_is_forgotten() {
    let discord = Discord::start().await;
    discord.names_itself_as_gateway();
    let resume = format!("ws://{}", discord.address);
    discord.connection([hello(), Line::Hear(6), press(8), Line::Cue, Line::Close(4000), Line::UntilClosed]);
    let invalid = Line::Say(json!({"op": 9, "s": null, "t": null, "d": false}));
    discord.connection([hello(), Line::Hear(6), invalid, Line::UntilClosed]);
    discord.connection([hello(), Line::Hear(2), ready(&resume), Line::Close(4014), Line::UntilClosed]);
    let (gateway, mut inbox, positions, saved) = listen(&discord, Some(session(&discord, 7))).await.unwrap();
    let consume = async {
        inbox.next().await.unwrap().receipt.processed();
        positions.save().await;
        discord.cue.notify_one();
        let ready = inbox.next().await.unwrap();
        assert!(matches!(ready.event, Inbound::Ready { .. }));
        ready.receipt.processed();
    };
    let (outcome, ()) = tokio::join!(gateway.run(CancellationToken::new()), consume);
    assert!(matches!(outcome, Err(GatewayError::Intents(4014))));
    let sequences: Vec<_> = discord.heard().iter().filter(|said| said["op"] == 6).map(|said| said["d"]["seq"].clone()).collect();
    assert_eq!(sequences, [7, 8]);
    let saved = saved.lock().unwrap();
    assert_eq!(saved.first(), Some(&Some(session(&discord, 8))));
    assert!(saved.contains(&None) && saved.last() == Some(&Some(session(&discord, 1))), "{saved:?}");
}

#[tokio::test]
async fn a_refused_sequence_is_not_resumed_for_ever() {
    let discord = Discord::start().await;
    discord.names_itself_as_gateway();
    discord.connection([hello(), Line::Hear(6), Line::Close(4007), Line::UntilClosed]);
    discord.connection([hello(), Line::Hear(2), Line::Close(4010), Line::UntilClosed]);
    let (gateway, ..) = listen(&discord, Some(session(&discord, 7))).await.unwrap();
    assert!(matches!(gateway.run(CancellationToken::new()).await, Err(GatewayError::Shards(4010))));
}

#[tokio::test]
async fn the_token_goes_to_no_gateway_off_this_machine() {
    let discord = Discord::start().await;
    assert!(matches!(listen(&discord, None).await, Err(GatewayError::NoAnswer(_))));
    discord.names_as_gateway("wss://gateway.discord.gg");
    assert!(matches!(listen(&discord, None).await, Err(GatewayError::Address)));

    // A saved session of another address is forgotten; one that comes in is refused.
    let discord = Discord::start().await;
    discord.names_itself_as_gateway();
    discord.connection([hello(), Line::Hear(2), ready("wss://gateway.discord.gg"), Line::UntilClosed]);
    let foreign = SessionRecord { resume_url: "wss://gateway-us-east1-b.discord.gg".into(), ..session(&discord, 7) };
    let (gateway, _inbox, _, saved) = listen(&discord, Some(foreign)).await.unwrap();
    assert!(matches!(gateway.run(CancellationToken::new()).await, Err(GatewayError::Address)));
    assert!(saved.lock().unwrap().iter().all(Option::is_none));
}

//! The rehearsal held against Discord's rules, through the libraries the bot uses: twilight listens, reqwest speaks.

use crate::openapi;

use duet::rehearsal::permissions::{BOT, MANAGE_CHANNELS, SEND_MESSAGES, VIEW_CHANNEL};
use duet::rehearsal::{Beside, Exchange, FaultKind, Heard, Match, Person, Rehearsal, Server, Setup, Target, Trouble};
use futures_util::StreamExt;
use reqwest::Method;
use serde::de::DeserializeSeed;
use serde_json::{Value, json};
use serenity::all as serenity;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use twilight_gateway::{ConfigBuilder, Intents, Message, Shard, ShardId};
use twilight_model::gateway::event::{GatewayEvent, GatewayEventDeserializer};

/// A bot as bare as can be: raw events in, raw requests out.
pub struct Bot {
    pub http: reqwest::Client,
    pub api: String,
    pub token: String,
    events: mpsc::UnboundedReceiver<Value>,
    kinds: Arc<Mutex<BTreeSet<String>>>,
    listening: JoinSet<()>,
}

impl Bot {
    async fn connect(world: &Rehearsal, intents: Intents) -> Self {
        let mut bot = Self::silent(world);
        let config = ConfigBuilder::new(world.token(), intents).proxy_url(world.address().replace("http", "ws")).build();
        let mut shard = Shard::with_config(ShardId::ONE, config);
        let (sender, events) = mpsc::unbounded_channel();
        let kinds = Arc::clone(&bot.kinds);
        bot.events = events;
        bot.listening.spawn(async move {
            while let Some(item) = shard.next().await {
                let Ok(Message::Text(text)) = item else { continue };
                // Every event parses in twilight's model, or the test fails here by its name.
                let event = GatewayEventDeserializer::from_json(&text).expect("an opcode");
                let kind = event.event_type().unwrap_or("none").to_owned();
                let parsed = event.deserialize(&mut serde_json::Deserializer::from_str(&text));
                assert!(parsed.is_ok(), "{kind} does not parse: {parsed:?}\n{text}");
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                if let Ok(GatewayEvent::Dispatch(_, event)) = &parsed {
                    let mut left = Vec::new();
                    left_over(&frame["d"], &serde_json::to_value(event).expect("JSON"), "", &mut left);
                    assert!(left.is_empty(), "{kind} has fields that twilight does not know: {left:?}\n{text}");
                }
                if frame["op"] == 0 {
                    kinds.lock().expect("kinds").insert(kind);
                    if sender.send(frame).is_err() {
                        return;
                    }
                }
            }
        });
        tokio::time::timeout(Duration::from_secs(5), world.connected()).await.expect("the bot connects");
        bot
    }

    fn silent(world: &Rehearsal) -> Self {
        Self {
            http: reqwest::Client::builder().user_agent("DiscordBot (https://example.org, 1)").build().expect("a client"),
            api: format!("{}/api/v10", world.address()),
            token: world.token(),
            events: mpsc::unbounded_channel().1,
            kinds: Arc::default(),
            listening: JoinSet::new(),
        }
    }

    async fn event(&mut self, kind: &str) -> Value {
        let wanted = async {
            loop {
                let frame = self.events.recv().await.expect("the gateway is open");
                if frame["t"] == kind {
                    return frame["d"].clone();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(5), wanted).await.unwrap_or_else(|_| panic!("no {kind} came"))
    }

    pub async fn interaction(&mut self) -> Value {
        self.event("INTERACTION_CREATE").await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        self.try_send(method, path, body).await.expect("an answer")
    }

    async fn try_send(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<(u16, Value)> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.api)).header("authorization", format!("Bot {}", self.token));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn say(&self, channel: u64, body: Value) -> (u16, Value) {
        self.post(&format!("/channels/{channel}/messages"), body).await
    }

    pub async fn answer(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let path = format!("/interactions/{}/{}/callback", text(&interaction["id"]), text(&interaction["token"]));
        self.post(&path, body).await
    }

    async fn webhook(&self, method: Method, interaction: &Value, tail: &str, body: Option<Value>) -> (u16, Value) {
        let path = format!("/webhooks/{}/{}{tail}", text(&interaction["application_id"]), text(&interaction["token"]));
        self.send(method, &path, body).await
    }
}

/// Fields that twilight 0.18 does not read, each documented by Discord (or sent and undocumented, as Discord does).
const NEWER_THAN_TWILIGHT: &[&str] = &[
    // "Always 1" (interactions/receiving-and-responding).
    ".version",
    // A component's numeric id (components/reference).
    ".data.id",
    // The invoking user's, in the partial channel (interactions/receiving-and-responding).
    ".channel.permissions",
    // Deprecated (resources/guild).
    ".region",
    // What a screen reader says of an embed's image, and its media type (resources/message).
    ".image.description",
    ".image.content_type",
    // Who is mentioned, by a reply too, is a user like any other (resources/message).
    ".mentions.0.flags",
    ".mentions.0.global_name",
    // Given back to the sender, in the create event (resources/message).
    ".nonce",
];

/// Paths of what was sent and did not come through the typed event; nothing and emptiness don't count.
fn left_over(sent: &Value, kept: &Value, path: &str, left: &mut Vec<String>) {
    match (sent, kept) {
        (Value::Object(sent), kept) => {
            for (key, value) in sent {
                let empty = value.is_null() || value == &json!([]) || value == &json!({}) || value == &json!(false);
                let path = format!("{path}.{key}");
                match kept.get(key) {
                    Some(kept) => left_over(value, kept, &path, left),
                    None if empty || NEWER_THAN_TWILIGHT.iter().any(|known| path.ends_with(known)) => {}
                    None => left.push(path),
                }
            }
        }
        (Value::Array(sent), Value::Array(kept)) => {
            for (at, (sent, kept)) in sent.iter().zip(kept).enumerate() {
                left_over(sent, kept, &format!("{path}.{at}"), left);
            }
        }
        _ => {}
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

pub fn id(value: &Value) -> u64 {
    text(&value["id"]).parse().expect("a snowflake")
}

pub fn row(buttons: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = buttons
        .iter()
        .map(|(label, custom_id)| json!({ "type": 2, "style": 1, "label": label, "custom_id": custom_id }))
        .collect();
    json!({ "type": 1, "components": list })
}

fn commands() -> Vec<Value> {
    vec![
        json!({ "name": "ask", "description": "Ask", "contexts": [0, 1], "integration_types": [0, 1], "options": [
            { "type": 3, "name": "theme", "description": "Theme", "choices": [
                { "name": "Needs and asking", "value": "needs" }, { "name": "Play", "value": "play" }] },
            { "type": 3, "name": "question", "description": "Own words", "max_length": 20 },
        ] }),
        json!({ "name": "pair", "description": "Pair", "contexts": [0, 1], "options": [
            { "type": 6, "name": "with", "description": "Who", "required": true }] }),
        json!({ "name": "settings", "description": "Settings", "options": [
            { "type": 1, "name": "zone", "description": "Zone", "options": [
                { "type": 3, "name": "zone", "description": "Zone", "autocomplete": true }] }] }),
        json!({ "name": "Keep this", "type": 3 }),
    ]
}

pub struct Scene {
    pub world: Rehearsal,
    pub bot: Bot,
    pub ada: Person,
    pub ben: Person,
    pub server: Server,
}

/// What the bot's own library makes of an answer.
fn unreadable(exchange: &Exchange) -> Option<String> {
    fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Option<String> {
        serde_json::from_value::<T>(body.clone()).err().map(|error| error.to_string())
    }
    let body = exchange.response_body.as_ref().filter(|_| (200..300).contains(&exchange.status))?;
    let error = match (exchange.method.as_str(), exchange.route.as_str()) {
        ("GET", "/channels/{channel_id}/messages") => read::<Vec<serenity::Message>>(body),
        ("POST" | "PATCH", "/channels/{channel_id}/messages" | "/channels/{channel_id}/messages/{message_id}") => {
            read::<serenity::Message>(body)
        }
        ("POST" | "PATCH", route) if route.starts_with("/webhooks/") => read::<serenity::Message>(body),
        ("POST", "/guilds/{guild_id}/channels") => read::<serenity::GuildChannel>(body),
        ("GET", "/guilds/{guild_id}/channels") => read::<Vec<serenity::GuildChannel>>(body),
        ("GET", "/guilds/{guild_id}/roles") => read::<Vec<serenity::Role>>(body),
        ("GET", "/guilds/{guild_id}") => read::<serenity::PartialGuild>(body),
        ("POST", "/users/@me/channels") => read::<serenity::PrivateChannel>(body),
        ("GET", "/users/@me") => read::<serenity::CurrentUser>(body),
        ("GET", "/applications/@me" | "/oauth2/applications/@me") => read::<serenity::CurrentApplicationInfo>(body),
        ("GET" | "PUT", "/applications/{application_id}/commands") => read::<Vec<serenity::Command>>(body),
        ("GET", "/gateway/bot") => read::<serenity::BotGateway>(body),
        _ => None,
    };
    error.map(|error| format!("{} {}: serenity reads no sense: {error}\n  in {body}", exchange.method, exchange.route))
}

/// Every test here also holds its exchanges against Discord's own document and against the bot's library.
impl Drop for Scene {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let exchanges = self.world.exchanges();
        let mut faults: Vec<String> = exchanges.iter().filter_map(unreadable).collect();
        if let Some(document) = openapi::document() {
            faults.extend(exchanges.iter().flat_map(|one| document.faults(one)));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

pub async fn scene() -> Scene {
    scene_with(Setup { limits: false, ..Setup::default() }).await
}

async fn scene_with(setup: Setup) -> Scene {
    let world = Rehearsal::start(setup).await.expect("a port");
    let (ada, ben) = (world.person("Ada"), world.person("Ben"));
    let server = world.server("Home", &[&ada, &ben]);
    world.register(commands());
    let bot = Bot::connect(&world, Intents::GUILDS | Intents::DIRECT_MESSAGES).await;
    Scene { world, bot, ada, ben, server }
}

pub fn first_error<'a>(body: &'a Value, path: &[&str]) -> &'a str {
    let at = path.iter().fold(&body["errors"], |at, part| &at[*part]);
    at["_errors"][0]["code"].as_str().unwrap_or_else(|| panic!("no error at {path:?} in {body}"))
}

#[tokio::test]
async fn a_command_reaches_the_bot_and_its_private_reply_only_the_one_who_asked() {
    let mut s = scene().await;
    s.ada.go(&s.server.general());
    let (heard, interaction) = tokio::join!(s.ada.run("/ask theme:play question:How: was it?"), async {
        let interaction = s.bot.interaction().await;
        let body =
            json!({ "type": 4, "data": { "content": "Only for you", "flags": 64, "components": [row(&[("Answer", "a:1")])] } });
        assert_eq!(s.bot.answer(&interaction, body).await.0, 204);
        interaction
    });
    assert_eq!(interaction["data"]["options"][0]["value"], "play");
    assert_eq!(interaction["data"]["options"][1]["value"], "How: was it?");
    assert_eq!(interaction["context"], 0);
    assert_eq!(interaction["authorizing_integration_owners"]["0"], s.server.id().to_string());
    assert!(interaction["member"]["permissions"].is_string() && interaction["user"].is_null());
    let Heard::Private(message) = heard.expect("an answer") else { panic!("not private") };
    assert_eq!(message.labels(), ["Answer"]);
    assert!(s.ada.ever_saw("Only for you") && !s.ben.ever_saw("Only for you"));
    assert_eq!(s.ben.screen(), []);
    assert_eq!(s.ada.reads(), "— #general · Duet · only you see this —\nOnly for you\n[*Answer*]");
    assert_eq!(s.ada.reads(), "");
    assert_eq!(s.bot.get(&format!("/channels/{}/messages", s.server.general().id())).await.1, json!([]));
    s.ada.private_cards_vanish();
    assert!(matches!(s.ada.click("Answer").await, Err(Trouble::NoSuchButton { .. })));
}

#[tokio::test]
async fn a_modal_opens_is_checked_by_the_client_and_submitted() {
    let mut s = scene().await;
    let (code, _) = s.bot.say(s.ada.dm().id(), json!({ "content": "Hello", "components": [row(&[("Answer", "a:1")])] })).await;
    assert_eq!(code, 200);
    let modal = json!({ "type": 9, "data": { "title": "How was it?", "custom_id": "m:1", "components": [
        { "type": 10, "content": "Sending seals this." },
        { "type": 18, "label": "What I feel", "description": "In short", "component":
            { "type": 4, "custom_id": "feel", "style": 2, "max_length": 10, "min_length": 1, "required": true } },
        { "type": 18, "label": "What I need", "component": { "type": 4, "custom_id": "need", "style": 1, "required": false, "value": "rest" } },
    ] } });
    let (heard, ()) = tokio::join!(s.ada.click("Answer"), async {
        let interaction = s.bot.interaction().await;
        assert_eq!(interaction["message"]["content"], "Hello");
        assert_eq!(interaction["data"]["custom_id"], "a:1");
        assert_eq!(s.bot.answer(&interaction, modal).await.0, 204);
    });
    let modal = heard.expect("an answer").modal().expect("a modal");
    assert_eq!(modal.texts(), ["Sending seals this."]);
    assert_eq!(modal.fields().len(), 2);
    assert!(matches!(modal.write("far too long, really").await, Err(Trouble::FieldTooLong { units: 20, max: 10, .. })));
    assert!(matches!(modal.write(" ").await, Err(Trouble::FieldMissing { .. })));
    let (heard, submit) = tokio::join!(modal.fill(&[("What I feel", "glad")]), async {
        let interaction = s.bot.interaction().await;
        let (code, body) = s.bot.answer(&interaction, json!({ "type": 9, "data": {} })).await;
        assert_eq!((code, first_error(&body, &["type"])), (400, "INTERACTION_CALLBACK_TYPE_INVALID"));
        assert_eq!(
            s.bot.answer(&interaction, json!({ "type": 7, "data": { "content": "Sealed", "components": [] } })).await.0,
            204
        );
        interaction
    });
    assert_eq!(submit["type"], 5);
    assert_eq!(submit["data"]["components"][1]["component"]["value"], "glad");
    assert_eq!(submit["data"]["components"][2]["component"]["value"], "rest");
    assert!(matches!(heard.expect("an answer"), Heard::Updated(message) if message.text == "Sealed"));
    let (heard, submit) = tokio::join!(modal.forge(vec![("feel".into(), "one unit over".into())]), async {
        let interaction = s.bot.interaction().await;
        s.bot.answer(&interaction, json!({ "type": 6 })).await;
        interaction
    });
    assert_eq!(submit["data"]["components"][1]["component"]["value"], "one unit over");
    assert!(matches!(heard, Ok(Heard::Deferred)));
}

#[tokio::test]
async fn modal_limits_are_discords() {
    let mut s = scene().await;
    let field =
        |n: usize| json!({ "type": 18, "label": "L", "component": { "type": 4, "custom_id": format!("f{n}"), "style": 1 } });
    let bad = |data: Value| json!({ "type": 9, "data": data });
    let with = |component: Value| bad(json!({ "title": "T", "custom_id": "m", "components": [component] }));
    let (heard, ()) = tokio::join!(s.ada.run("/ask"), async {
        let interaction = s.bot.interaction().await;
        let cases: Vec<(Value, Vec<&str>)> = vec![
            (bad(json!({ "title": "x".repeat(46), "custom_id": "m", "components": [field(1)] })), vec!["data", "title"]),
            (bad(json!({ "title": "T", "custom_id": "m", "components": [] })), vec!["data", "components"]),
            (
                bad(json!({ "title": "T", "custom_id": "m", "components": (0..6).map(field).collect::<Vec<_>>() })),
                vec!["data", "components"],
            ),
            (
                bad(json!({ "title": "T", "custom_id": "m", "components": [field(1), field(1)] })),
                vec!["data", "components", "1", "component", "custom_id"],
            ),
            (
                with(json!({ "type": 18, "label": "x".repeat(46), "component": { "type": 4, "custom_id": "f", "style": 1 } })),
                vec!["data", "components", "0", "label"],
            ),
            (
                with(
                    json!({ "type": 18, "label": "L", "description": "x".repeat(101), "component": { "type": 4, "custom_id": "f", "style": 1 } }),
                ),
                vec!["data", "components", "0", "description"],
            ),
            (
                with(
                    json!({ "type": 18, "label": "L", "component": { "type": 4, "custom_id": "f", "style": 1, "max_length": 4001 } }),
                ),
                vec!["data", "components", "0", "component", "max_length"],
            ),
            (
                with(
                    json!({ "type": 18, "label": "L", "component": { "type": 4, "custom_id": "f", "style": 1, "max_length": 3, "value": "four" } }),
                ),
                vec!["data", "components", "0", "component", "value"],
            ),
        ];
        for (body, path) in cases {
            let (code, answer) = s.bot.answer(&interaction, body).await;
            assert_eq!((code, &answer["code"]), (400, &json!(50035)), "{path:?}");
            first_error(&answer, &path);
        }
        assert_eq!(s.bot.answer(&interaction, with(field(1))).await.0, 204);
    });
    assert!(matches!(heard, Ok(Heard::Modal(_))));
}

#[tokio::test]
async fn a_first_answer_is_given_once_and_in_time() {
    let mut s = scene().await;
    let (heard, interaction) = tokio::join!(s.ada.run("/ask"), async {
        let interaction = s.bot.interaction().await;
        assert_eq!(s.bot.webhook(Method::POST, &interaction, "", Some(json!({ "content": "early" }))).await.1["code"], 10015);
        assert_eq!(s.bot.answer(&interaction, json!({ "type": 5, "data": { "flags": 64 } })).await.0, 204);
        interaction
    });
    assert!(matches!(heard, Ok(Heard::Deferred)));
    assert_eq!(s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "x" } })).await.1["code"], 40060);
    let (code, message) =
        s.bot.webhook(Method::PATCH, &interaction, "/messages/@original", Some(json!({ "content": "Here" }))).await;
    assert_eq!((code, &message["content"], &message["flags"]), (200, &json!("Here"), &json!(64)));
    assert_eq!(s.bot.webhook(Method::POST, &interaction, "", Some(json!({ "content": "More", "flags": 64 }))).await.0, 200);
    assert!(s.ada.sees("More").await.expect("a follow-up").private);
    s.world.clock().advance(Duration::from_secs(15 * 60 + 1));
    assert_eq!(s.bot.webhook(Method::POST, &interaction, "", Some(json!({ "content": "late" }))).await.1["code"], 50027);

    let (heard, ()) = tokio::join!(s.ada.run("/ask"), async {
        let interaction = s.bot.interaction().await;
        s.world.clock().advance(Duration::from_millis(3_001));
        let (code, body) = s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "x" } })).await;
        assert_eq!((code, &body["code"]), (404, &json!(10062)));
    });
    assert!(matches!(heard, Ok(Heard::NoAnswer)));
    s.world.faults().next_interaction_too_late();
    let (heard, ()) = tokio::join!(s.ada.run("/ask"), async {
        let interaction = s.bot.interaction().await;
        assert_eq!(s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "x" } })).await.1["code"], 10062);
    });
    assert!(matches!(heard, Ok(Heard::NoAnswer)));
    assert!(s.ada.reads().contains("The application did not respond"));
}

#[tokio::test]
async fn an_interaction_can_come_twice() {
    let mut s = scene().await;
    let (_, ()) = tokio::join!(s.ada.run("/ask"), async {
        let interaction = s.bot.interaction().await;
        s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "x", "flags": 64 } })).await;
    });
    let (tried, ()) = tokio::join!(s.world.redeliver_last_interaction(), async {
        let again = s.bot.interaction().await;
        assert_eq!(s.bot.answer(&again, json!({ "type": 4, "data": { "content": "x" } })).await.1["code"], 40060);
    });
    assert!(tried);
}

#[tokio::test]
async fn message_limits_are_discords() {
    let s = scene().await;
    let general = s.server.general().id();
    let embed = |length: usize| json!({ "description": "x".repeat(length) });
    let cases: Vec<(Value, Vec<&str>)> = vec![
        (json!({ "content": "x".repeat(2001) }), vec!["content"]),
        (json!({ "embeds": vec![embed(1); 11] }), vec!["embeds"]),
        (json!({ "embeds": [embed(3001), embed(3000)] }), vec!["embeds"]),
        (json!({ "embeds": [embed(4097)] }), vec!["embeds", "0", "description"]),
        (json!({ "embeds": [{ "title": "x".repeat(257) }] }), vec!["embeds", "0", "title"]),
        (
            json!({ "embeds": [{ "fields": [{ "name": "n", "value": "x".repeat(1025) }] }] }),
            vec!["embeds", "0", "fields", "0", "value"],
        ),
        (json!({ "content": "x", "components": vec![row(&[("A", "a")]); 6] }), vec!["components"]),
        (
            json!({ "content": "x", "components": [row(&[("A", "a"), ("B", "a")])] }),
            vec!["components", "0", "components", "1", "custom_id"],
        ),
        (
            json!({ "content": "x", "components": [row(&[(&"x".repeat(81), "a")])] }),
            vec!["components", "0", "components", "0", "label"],
        ),
        (
            json!({ "content": "x", "components": [row(&[("A", &"x".repeat(101))])] }),
            vec!["components", "0", "components", "0", "custom_id"],
        ),
        (json!({ "content": "x", "components": [{ "type": 10, "content": "V2" }] }), vec!["components", "0", "type"]),
        (json!({ "content": "x", "flags": 1 << 15, "components": [{ "type": 10, "content": "V2" }] }), vec!["content"]),
        (json!({ "content": "x", "nonce": "x".repeat(26) }), vec!["nonce"]),
        (json!({ "content": "x", "allowed_mentions": { "parse": ["users"], "users": ["1"] } }), vec!["allowed_mentions"]),
        (json!({ "content": "x", "allowed_mentions": { "parse": ["all"] } }), vec!["allowed_mentions", "parse", "0"]),
        (
            json!({ "content": "x", "components": [{ "type": 1, "components": [{ "type": 3, "custom_id": "m", "options": [] }] }] }),
            vec!["components", "0", "components", "0", "options"],
        ),
    ];
    for (body, path) in cases {
        let (code, answer) = s.bot.say(general, body).await;
        assert_eq!((code, &answer["code"]), (400, &json!(50035)), "{path:?}");
        first_error(&answer, &path);
    }
    assert_eq!(s.bot.say(general, json!({ "content": " " })).await.1["code"], 50006);
    let (code, made) = s.bot.say(general, json!({ "flags": 1 << 15, "components": [{ "type": 10, "content": "V2" }] })).await;
    assert_eq!((code, &made["components"][0]["id"]), (200, &json!(1)));
    let path = format!("/channels/{general}/messages/{}", text(&made["id"]));
    let (_, refused) = s.bot.send(Method::PATCH, &path, Some(json!({ "content": "classic again", "flags": 0 }))).await;
    assert_eq!(refused["code"], 50035);
}

#[tokio::test]
async fn an_enforced_nonce_folds_repeats_for_a_few_minutes_and_never_shows_in_history() {
    let s = scene().await;
    let general = s.server.general().id();
    let body = json!({ "content": "once", "nonce": "n-1", "enforce_nonce": true });
    let (_, first) = s.bot.say(general, body.clone()).await;
    let (_, second) = s.bot.say(general, body.clone()).await;
    assert_eq!((&first["id"], &first["nonce"]), (&second["id"], &json!("n-1")));
    assert_eq!(s.bot.get(&format!("/channels/{general}/messages")).await.1[0]["nonce"], Value::Null);
    s.world.clock().advance(Duration::from_secs(181));
    let (_, third) = s.bot.say(general, body).await;
    assert_ne!(first["id"], third["id"]);
    let (_, after) = s.bot.get(&format!("/channels/{general}/messages?after={}&limit=1", text(&first["id"]))).await;
    assert_eq!(after[0]["id"], third["id"]);
}

#[tokio::test]
async fn mentions_ping_whom_they_may_and_quiet_messages_make_no_sound() {
    let s = scene().await;
    let general = s.server.general().id();
    let (ada, ben) = (s.ada.mention(), s.ben.mention());
    s.bot
        .say(
            general,
            json!({ "content": format!("{ada} {ben} @everyone"), "allowed_mentions": { "users": [s.ada.id().to_string()] } }),
        )
        .await;
    s.bot
        .say(general, json!({ "content": format!("{ben}"), "flags": 1 << 12, "embeds": [{ "description": "private words" }] }))
        .await;
    s.bot.say(s.ada.dm().id(), json!({ "embeds": [{ "title": "A DM" }] })).await;
    let ada: Vec<String> =
        s.ada.notifications().into_iter().map(|one| format!("{}: {} {}", one.place, one.text, one.silent)).collect();
    assert_eq!(ada, ["#general: @Ada @Ben @everyone false", "DM: **A DM** false"]);
    let ben: Vec<String> =
        s.ben.notifications().into_iter().map(|one| format!("{}: {} {}", one.place, one.text, one.silent)).collect();
    assert_eq!(ben, ["#general: @Ben true"]);
    let role = s.server.role("Everybody", 0, &[&s.ben]);
    let (_, message) = s.bot.say(general, json!({ "content": format!("<@&{role}> @everyone") })).await;
    assert_eq!((&message["mention_roles"], &message["mention_everyone"]), (&json!([]), &json!(false)));
}

#[tokio::test]
async fn permissions_and_overwrites_are_enforced() {
    let s = scene().await;
    let hidden = s.server.channel("hidden", &[&s.ada]);
    assert_eq!(s.bot.say(hidden.id(), json!({ "content": "x" })).await.1["code"], 50001);
    assert_eq!(s.bot.get(&format!("/channels/{}", hidden.id())).await.1["code"], 50001);
    s.server.allow_view(&hidden, Target::User(s.world.bot_id()));
    assert_eq!(s.bot.say(hidden.id(), json!({ "content": "x" })).await.0, 200);
    s.server.set_overwrite(&hidden, Target::User(s.world.bot_id()), VIEW_CHANNEL, SEND_MESSAGES);
    assert_eq!(s.bot.say(hidden.id(), json!({ "content": "x" })).await.1["code"], 50013);
    assert_eq!(s.bot.say(1, json!({ "content": "x" })).await.1["code"], 10003);

    let everyone = s.server.id().to_string();
    let path = format!("/guilds/{}/channels", s.server.id());
    let home = |allow: u64| {
        json!({ "name": "Our Place", "type": 0, "topic": "t", "permission_overwrites": [
            { "id": everyone, "type": 0, "deny": VIEW_CHANNEL.to_string() },
            { "id": s.world.bot_id().to_string(), "type": 1, "allow": allow.to_string() },
            { "id": s.ada.id().to_string(), "type": 1, "allow": VIEW_CHANNEL.to_string() },
        ] })
    };
    let (code, made) = s.bot.post(&path, home(VIEW_CHANNEL)).await;
    assert_eq!((code, &made["name"]), (201, &json!("our-place")));
    let place = id(&made);
    assert_eq!(s.bot.say(place, json!({ "content": "Welcome home" })).await.0, 200);
    assert!(s.ada.ever_saw("Welcome home") && !s.ben.ever_saw("Welcome home"));
    // A role that opens the channel later shows its history too.
    let found = s.server.channel_named("our-place").expect("the channel");
    let role = s.server.role("Curious", 0, &[&s.ben]);
    s.server.allow_view(&found, Target::Role(role));
    assert!(s.ben.ever_saw("Welcome home"));
    assert_eq!(s.bot.post(&path, home(VIEW_CHANNEL | 1 << 28)).await.1["code"], 50013);
    s.server.max_channels(1);
    assert_eq!(s.bot.post(&path, home(VIEW_CHANNEL)).await.1["code"], 30013);
    s.server.needs_two_factor(true);
    assert_eq!(s.bot.post(&path, home(VIEW_CHANNEL)).await.1["code"], 60003);
    s.server.bot_permissions(BOT & !MANAGE_CHANNELS);
    assert_eq!(s.bot.post(&path, home(VIEW_CHANNEL)).await.1["code"], 50013);
    assert_eq!(s.bot.send(Method::DELETE, &format!("/channels/{place}"), None).await.1["code"], 50013);
    let members = format!("/guilds/{}/members", s.server.id());
    assert_eq!(s.bot.get(&format!("{members}/{}", s.ben.id())).await.0, 200);
    s.server.remove(&s.ben);
    assert_eq!(s.bot.get(&format!("{members}/{}", s.ben.id())).await.1["code"], 10007);
    assert_eq!(s.bot.get(&format!("{members}/1")).await.1["code"], 10013);
    s.server.kick_bot();
    assert_eq!(s.bot.get(&format!("/guilds/{}", s.server.id())).await.1["code"], 50001);
}

#[tokio::test]
async fn closed_dms_and_strangers_cannot_be_written_to() {
    let s = scene().await;
    let (code, dm) = s.bot.post("/users/@me/channels", json!({ "recipient_id": s.ada.id().to_string() })).await;
    assert_eq!((code, id(&dm)), (200, s.ada.dm().id()));
    s.ada.close_dms();
    assert_eq!(s.bot.say(id(&dm), json!({ "content": "x" })).await.1["code"], 50007);
    s.ada.open_dms();
    assert_eq!(s.bot.say(id(&dm), json!({ "content": "x" })).await.0, 200);
    let stranger = s.world.person("Cyd");
    let (_, dm) = s.bot.post("/users/@me/channels", json!({ "recipient_id": stranger.id().to_string() })).await;
    assert_eq!(s.bot.say(id(&dm), json!({ "content": "x" })).await.1["code"], 50278);
    assert!(matches!(stranger.run("/ask").await, Err(Trouble::NotHere { .. })));
    stranger.installs();
    assert_eq!(s.bot.say(id(&dm), json!({ "content": "x" })).await.0, 200);
}

#[tokio::test]
async fn others_messages_cannot_be_edited_and_deleted_ones_are_gone() {
    let s = scene().await;
    let general = s.server.general();
    let theirs = s.ada.says(&general, "mine").await.expect("said");
    let path = format!("/channels/{}/messages", general.id());
    let edit = Some(json!({ "content": "yours" }));
    assert_eq!(s.bot.send(Method::PATCH, &format!("{path}/{theirs}"), edit.clone()).await.1["code"], 50005);
    assert_eq!(s.bot.send(Method::DELETE, &format!("{path}/{theirs}"), None).await.1["code"], 50013);
    let (_, own) = s.bot.say(general.id(), json!({ "content": "one" })).await;
    let one = format!("{path}/{}", id(&own));
    let (code, edited) = s.bot.send(Method::PATCH, &one, edit).await;
    assert!(code == 200 && edited["edited_timestamp"].is_string());
    assert_eq!(s.bot.send(Method::PUT, &format!("{path}/pins/{}", id(&own)), None).await.0, 204);
    assert_eq!(s.bot.get(&format!("{path}/pins")).await.1["items"][0]["message"]["content"], "yours");
    let heart = format!("{one}/reactions/%E2%9D%A4/@me");
    assert_eq!(s.bot.send(Method::PUT, &heart, None).await.0, 204);
    assert_eq!(s.bot.send(Method::DELETE, &one, None).await.0, 204);
    assert_eq!(s.bot.get(&one).await.1["code"], 10008);
    let ben = s.ben.reads();
    for part in ["— #general · Ada —\nmine", "— #general · Duet · edited —\nyours", "— #general · Duet · deleted —\n(was: yours)"]
    {
        assert!(ben.contains(part), "{part} not in\n{ben}");
    }
    assert!(s.ben.ever_saw("one") && s.ben.ever_saw("yours"));
}

#[tokio::test]
async fn commands_are_validated_registered_and_typed_by_their_schema() {
    let mut s = scene().await;
    let path = format!("/applications/{}/commands", s.world.application_id());
    let put = async |body: Value| s.bot.send(Method::PUT, &path, Some(body)).await;
    let cases: Vec<(Value, Vec<&str>)> = vec![
        (json!([{ "name": "Ask", "description": "d" }]), vec!["0", "name"]),
        (json!([{ "name": "ask", "description": "" }]), vec!["0", "description"]),
        (json!([{ "name": "ask", "description": "d" }, { "name": "ask", "description": "d" }]), vec!["1", "name"]),
        (
            json!([{ "name": "ask", "description": "d", "options": [
            { "type": 3, "name": "a", "description": "d" }, { "type": 3, "name": "b", "description": "d", "required": true }] }]),
            vec!["0", "options", "1", "required"],
        ),
        (
            json!([{ "name": "ask", "description": "d", "options": [{ "type": 3, "name": "a", "description": "d",
            "choices": (0..26).map(|n| json!({ "name": format!("c{n}"), "value": "v" })).collect::<Vec<_>>() }] }]),
            vec!["0", "options", "0", "choices"],
        ),
        (json!([{ "name": "ask", "description": "d", "contexts": [3] }]), vec!["0", "contexts", "0"]),
        (
            json!([{ "name": "ask", "description": "d", "options": (0..25).map(|n| json!({ "type": 3, "name": format!("o{n}"), "description": "x".repeat(100),
            "choices": (0..3).map(|c| json!({ "name": format!("{c}{}", "x".repeat(60)), "value": "x".repeat(60) })).collect::<Vec<_>>() })).collect::<Vec<_>>() }]),
            vec!["0"],
        ),
    ];
    for (body, path) in cases {
        let (code, answer) = put(body).await;
        assert_eq!((code, &answer["code"]), (400, &json!(50035)), "{path:?}");
        first_error(&answer, &path);
    }
    let before = s.world.commands();
    let (code, after) = put(json!(commands())).await;
    assert_eq!((code, &after), (200, &json!(before)));
    assert_eq!(s.bot.get(&path).await.1.as_array().map(Vec::len), Some(4));

    assert!(matches!(s.ada.run("/nothing").await, Err(Trouble::NoSuchCommand { .. })));
    assert!(matches!(s.ada.run("/settings").await, Err(Trouble::NoSuchCommand { .. })));
    assert!(matches!(s.ada.run("/pair").await, Err(Trouble::MissingOption { .. })));
    assert!(matches!(s.ada.run("/pair with:@Nobody").await, Err(Trouble::BadValue { .. })));
    assert!(matches!(s.ada.run("/ask theme:nonsense").await, Err(Trouble::BadValue { .. })));
    assert!(matches!(s.ada.run("/ask question:123456789012345678901").await, Err(Trouble::BadValue { .. })));
    assert!(matches!(s.ada.run("/ask depth:3").await, Err(Trouble::NoSuchOption { .. })));
    s.ada.go(&s.server.general());
    let (_, pair) = tokio::join!(s.ada.run("/pair with:@Ben"), async {
        let interaction = s.bot.interaction().await;
        s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "x" } })).await;
        interaction
    });
    let ben = s.ben.id().to_string();
    assert_eq!(pair["data"]["options"][0]["value"], json!(ben));
    assert_eq!(pair["data"]["resolved"]["users"][&ben]["global_name"], "Ben");
    assert!(pair["data"]["resolved"]["members"][&ben]["permissions"].is_string());
    let (choices, focused) = tokio::join!(s.ada.autocomplete("/settings zone zone:Eur"), async {
        let interaction = s.bot.interaction().await;
        s.bot
            .answer(&interaction, json!({ "type": 8, "data": { "choices": [{ "name": "Berlin", "value": "Europe/Berlin" }] } }))
            .await;
        interaction
    });
    assert_eq!(choices.expect("choices"), [("Berlin".to_owned(), "Europe/Berlin".to_owned())]);
    assert_eq!(focused["data"]["options"][0]["options"][0]["focused"], true);
    let (_, message) = s.bot.say(s.server.general().id(), json!({ "content": "keep me" })).await;
    let (_, kept) = tokio::join!(s.ada.message_menu(id(&message), "Keep this"), async {
        let interaction = s.bot.interaction().await;
        s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "Kept", "flags": 64 } })).await;
        interaction
    });
    assert_eq!(kept["data"]["resolved"]["messages"][text(&message["id"])]["content"], "keep me");
}

#[tokio::test]
async fn a_messages_menu_has_names_in_any_case_and_nothing_else_to_say() {
    let mut s = scene().await;
    let path = format!("/applications/{}/commands", s.world.application_id());
    let put = async |body: Value| s.bot.send(Method::PUT, &path, Some(body)).await;
    let option = json!({ "type": 3, "name": "a", "description": "d" });
    let cases = [
        (json!([{ "name": "Keep this", "type": 3, "description": "d" }]), ["0", "description"]),
        (json!([{ "name": "Keep this", "type": 3, "options": [option] }]), ["0", "options"]),
        (json!([{ "name": "", "type": 3 }]), ["0", "name"]),
        (json!([{ "name": "k".repeat(33), "type": 3 }]), ["0", "name"]),
        (json!([{ "name": "Keep this", "type": 3 }, { "name": "Keep this", "type": 3 }]), ["1", "name"]),
        (json!([{ "name": "Keep this", "type": 1, "description": "d" }]), ["0", "name"]),
    ];
    for (body, at) in cases {
        let (code, answer) = put(body).await;
        assert_eq!((code, &answer["code"]), (400, &json!(50035)), "{at:?}");
        first_error(&answer, &at);
    }
    let menus = |count: usize| json!((0..count).map(|n| json!({ "name": format!("Entry {n}"), "type": 3 })).collect::<Vec<_>>());
    assert_eq!(put(menus(16)).await.1["code"], 30_032);
    assert_eq!(put(menus(15)).await.0, 200);
    // A name may stand once in each kind of menu, and beside a command of the same name.
    let twice = json!([{ "name": "keep", "type": 3 }, { "name": "keep", "type": 2 }, { "name": "keep", "description": "d" }]);
    assert_eq!(put(twice).await.0, 200);
    assert_eq!(put(json!([{ "name": "Keep this", "type": 3, "contexts": [0], "integration_types": [0] }])).await.0, 200);

    let general = s.server.general();
    let (_, said) = s.bot.say(general.id(), json!({ "content": "in the hut" })).await;
    assert!(matches!(s.ada.message_menu(id(&said), "Remove it").await, Err(Trouble::NoSuchCommand { .. })));
    assert!(matches!(s.ada.message_menu(1, "Keep this").await, Err(Trouble::NoSuchMessage { .. })));
    assert!(matches!(s.ada.run("/Keep this").await, Err(Trouble::NoSuchCommand { .. })));
    let (_, told) = s.bot.say(s.ada.dm().id(), json!({ "content": "in the dm" })).await;
    assert!(matches!(s.ada.message_menu(id(&told), "Keep this").await, Err(Trouble::NotHere { .. })));
    // Ada owns the server, and may do everything in it.
    s.server.set_overwrite(&general, Target::User(s.ben.id()), 0, SEND_MESSAGES);
    assert!(matches!(s.ben.message_menu(id(&said), "Keep this").await, Err(Trouble::NotHere { .. })));
    let (heard, pressed) = tokio::join!(s.ada.message_menu(id(&said), "Keep this"), async {
        let interaction = s.bot.interaction().await;
        s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "Kept", "flags": 64 } })).await;
        interaction
    });
    assert!(heard.expect("an answer").private().is_ok());
    assert_eq!((&pressed["type"], &pressed["data"]["type"]), (&json!(2), &json!(3)));
    assert_eq!(pressed["data"]["target_id"], said["id"]);
    assert!(pressed["data"]["options"].is_null() && pressed["message"].is_null());
}

#[tokio::test]
async fn rate_limits_have_buckets_headers_and_a_global_gate() {
    let s = scene_with(Setup::default()).await;
    let general = s.server.general().id();
    let mut last = (200, Value::Null);
    for _ in 0..6 {
        last = s.bot.say(general, json!({ "content": "x" })).await;
    }
    assert_eq!((last.0, &last.1["global"]), (429, &json!(false)));
    assert!(last.1["retry_after"].as_f64().is_some_and(|after| after > 0.0));
    let response = s
        .bot
        .http
        .get(format!("{}/users/@me", s.bot.api))
        .header("authorization", format!("Bot {}", s.bot.token))
        .send()
        .await
        .expect("an answer");
    for header in
        ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-reset-after", "x-ratelimit-bucket"]
    {
        assert!(response.headers().contains_key(header), "{header}");
    }
    let paths: Vec<String> = (0..60).map(|n| format!("/users/{n}")).collect();
    let all = futures_util::future::join_all(paths.iter().map(|path| s.bot.get(path))).await;
    assert!(all.iter().any(|(code, body)| *code == 429 && body["global"] == true));
    s.world
        .faults()
        .on(Match::new("GET", "/gateway"), FaultKind::RateLimited { retry_after_ms: 1500, global: false, shared: true });
    let (code, body) = s.bot.get("/gateway").await;
    assert_eq!((code, &body["retry_after"]), (429, &json!(1.5)));
}

#[tokio::test]
async fn requests_without_a_token_a_name_or_a_route_are_refused() {
    let s = scene().await;
    let bare = reqwest::Client::new();
    assert_eq!(bare.get(format!("{}/users/@me", s.bot.api)).send().await.expect("an answer").status(), 403);
    let named = bare.get(format!("{}/users/@me", s.bot.api)).header("user-agent", "x");
    assert_eq!(named.send().await.expect("an answer").status(), 401);
    assert_eq!(s.bot.get("/stickers/1").await.0, 404);
    assert_eq!(s.world.unknown_routes(), ["GET /stickers/1"]);
    let (_, application) = s.bot.get("/applications/@me").await;
    assert_eq!(application["owner"]["global_name"], "Operator");
    s.world.owner(&s.ada);
    assert_eq!(s.bot.get("/oauth2/applications/@me").await.1["owner"]["global_name"], "Ada");
    assert_eq!(s.bot.get("/gateway/bot").await.1["session_start_limit"]["total"], 1000);
    let counts = s.bot.get(&format!("/guilds/{}/roles/member-counts", s.server.id())).await.1;
    assert_eq!(counts.as_object().map(serde_json::Map::len), Some(1));
    let exchanges = s.world.take_exchanges();
    assert!(exchanges.iter().any(|one| one.route == "/guilds/{guild_id}/roles/member-counts" && one.status == 200));
}

#[tokio::test]
async fn every_resource_reads_as_the_bots_library_expects() {
    let s = scene().await;
    let guild = s.server.id();
    let dm = s.ada.dm().id();
    let (_, first) = s.bot.say(dm, json!({ "content": "one", "embeds": [{ "title": "t", "fields": [{ "name": "n", "value": "v" }], "footer": { "text": "f" } }] })).await;
    s.bot.say(dm, json!({ "content": "two", "message_reference": { "message_id": first["id"] } })).await;
    s.bot.send(Method::PUT, &format!("/channels/{dm}/messages/{}/reactions/%E2%9C%85/@me", text(&first["id"])), None).await;
    for path in [
        format!("/channels/{dm}"),
        format!("/channels/{dm}/messages?limit=100"),
        format!("/channels/{}", s.server.general().id()),
        format!("/guilds/{guild}"),
        format!("/guilds/{guild}?with_counts=true"),
        format!("/guilds/{guild}/channels"),
        format!("/guilds/{guild}/roles"),
        format!("/guilds/{guild}/members/{}", s.ada.id()),
        format!("/users/{}", s.ada.id()),
        "/users/@me".into(),
        "/users/@me/guilds".into(),
        "/gateway".into(),
        "/gateway/bot".into(),
        "/applications/@me".into(),
        format!("/applications/{}/commands", s.world.application_id()),
        format!("/applications/{}/commands?with_localizations=true", s.world.application_id()),
    ] {
        assert_eq!(s.bot.get(&path).await.0, 200, "{path}");
    }
    assert_eq!(s.world.unknown_routes(), Vec::<String>::new());
}

#[tokio::test]
async fn faults_strike_before_and_after_a_request_is_applied() {
    let s = scene().await;
    let general = s.server.general().id();
    let faults = s.world.faults();
    let post = || Match::new("POST", "/messages").with_body("strike");
    let say = async || {
        s.bot.try_send(Method::POST, &format!("/channels/{general}/messages"), Some(json!({ "content": "strike" }))).await
    };
    let count = || s.ada.screen().len();
    faults.on(post(), FaultKind::CutBefore);
    assert!(say().await.is_err());
    assert_eq!(count(), 0);
    faults.on(post(), FaultKind::CutAfter);
    assert!(say().await.is_err());
    assert_eq!(count(), 1);
    faults.on(post(), FaultKind::Status { code: 500, before_applying: false });
    assert_eq!(say().await.expect("an answer").0, 500);
    assert_eq!(count(), 2);
    faults.on(post().nth(2), FaultKind::Status { code: 502, before_applying: true });
    assert_eq!(say().await.expect("an answer").0, 200);
    assert_eq!(say().await.expect("an answer").0, 502);
    assert_eq!(count(), 3);
    let held = faults.on(post(), FaultKind::HoldBefore);
    let (answer, ()) = tokio::join!(say(), async {
        faults.reached(held).await;
        assert_eq!(count(), 3);
        faults.release(held);
    });
    assert_eq!((answer.expect("an answer").0, count()), (200, 4));
    let held = faults.on(post(), FaultKind::HoldAfter);
    let (answer, ()) = tokio::join!(say(), async {
        faults.reached(held).await;
        assert_eq!(count(), 5);
        faults.release(held);
    });
    assert_eq!(answer.expect("an answer").0, 200);
    faults.outage(true);
    assert_eq!(say().await.expect("an answer").0, 503);
    faults.outage(false);
    faults.refuse_connections(true);
    assert!(reqwest::Client::new().get(format!("{}/gateway", s.bot.api)).send().await.is_err());
    faults.refuse_connections(false);
    faults.revoke_token();
    assert_eq!(say().await.expect("an answer").0, 401);
}

#[tokio::test]
async fn a_dropped_gateway_is_resumed_and_nothing_is_missed() {
    let mut s = scene().await;
    assert_eq!(s.world.identifies(), 1);
    s.world.faults().drop_gateway();
    s.server.channel("made-meanwhile", &[]);
    assert_eq!(s.bot.event("CHANNEL_CREATE").await["name"], "made-meanwhile");
    s.bot.event("RESUMED").await;
    assert_eq!((s.world.identifies(), s.world.resumes()), (1, 1));
    s.world.faults().reconnect();
    s.bot.event("RESUMED").await;
    s.world.faults().close_gateway(Some(4000));
    s.bot.event("RESUMED").await;
    s.world.faults().close_gateway(None);
    s.bot.event("RESUMED").await;
    assert_eq!((s.world.identifies(), s.world.resumes()), (1, 4));
    s.world.faults().invalid_session(false);
    s.bot.event("READY").await;
    assert_eq!(s.world.identifies(), 2);
}

#[tokio::test]
async fn events_go_by_intent_and_every_kind_parses() {
    let mut s = scene().await;
    s.ada.says(&s.ada.dm(), "in private").await.expect("said");
    assert_eq!(s.bot.event("MESSAGE_CREATE").await["content"], "in private");
    s.ada.says(&s.server.general(), "in public").await.expect("said");
    let (_, message) = s
        .bot
        .say(s.ada.dm().id(), json!({ "content": "x", "embeds": [{ "title": "t" }], "components": [row(&[("A", "a")])] }))
        .await;
    assert_eq!(s.bot.event("MESSAGE_CREATE").await["content"], "x");
    let path = format!("/channels/{}/messages/{}", s.ada.dm().id(), id(&message));
    s.bot.send(Method::PATCH, &path, Some(json!({ "content": "y" }))).await;
    s.bot.event("MESSAGE_UPDATE").await;
    s.bot.send(Method::DELETE, &path, None).await;
    s.bot.event("MESSAGE_DELETE").await;
    let role = s.server.role("R", 0, &[]);
    s.server.role_permissions(role, VIEW_CHANNEL);
    s.server.delete_role(role);
    s.bot.event("GUILD_ROLE_DELETE").await;
    let channel = s.server.channel("c", &[]);
    s.server.set_overwrite(&channel, Target::User(s.ada.id()), 0, VIEW_CHANNEL);
    s.bot.event("CHANNEL_UPDATE").await;
    s.server.delete_channel(&channel);
    s.bot.event("CHANNEL_DELETE").await;
    s.world.server("Second", &[&s.ben]);
    s.bot.event("GUILD_CREATE").await;
    s.server.kick_bot();
    s.bot.event("GUILD_DELETE").await;
    let kinds: Vec<String> = s.bot.kinds.lock().expect("kinds").iter().cloned().collect();
    assert_eq!(
        kinds,
        [
            "CHANNEL_CREATE",
            "CHANNEL_DELETE",
            "CHANNEL_UPDATE",
            "GUILD_CREATE",
            "GUILD_DELETE",
            "GUILD_ROLE_CREATE",
            "GUILD_ROLE_DELETE",
            "GUILD_ROLE_UPDATE",
            "MESSAGE_CREATE",
            "MESSAGE_DELETE",
            "MESSAGE_UPDATE",
            "READY"
        ]
    );
}

#[tokio::test]
async fn what_people_type_in_a_dm_is_told_with_what_they_send_along() {
    let mut s = scene().await;
    let dm = s.ada.dm();
    let first = s.ada.says(&dm, &"é".repeat(4_000)).await.expect("as much as Nitro takes");
    s.bot.event("MESSAGE_CREATE").await;
    assert!(s.ada.says(&dm, &"é".repeat(4_001)).await.is_err());
    assert!(s.ada.says(&dm, "").await.is_err(), "a client sends no empty message");
    s.ada.edits(first, "shorter").await.expect("their own");
    let told = s.bot.event("MESSAGE_UPDATE").await;
    assert!(told["content"] == "shorter" && told["edited_timestamp"].is_string(), "{told}");
    s.world.previews_link(first).await;
    let told = s.bot.event("MESSAGE_UPDATE").await;
    assert!(told["content"] == "shorter" && told["embeds"][0]["type"] == "link", "{told}");
    assert!(s.ben.edits(first, "not his").await.is_err());
    for (beside, field, kind) in [
        (Beside::Reply(first), "referenced_message", 19),
        (Beside::File("pier.png"), "attachments", 0),
        (Beside::Sticker("A seal"), "sticker_items", 0),
        (Beside::Poll("Tea?"), "poll", 0),
        (Beside::Forward(first), "message_snapshots", 0),
    ] {
        s.ada.sends(&dm, if kind == 19 { "yes" } else { "" }, &beside).await.expect("sent");
        let told = s.bot.event("MESSAGE_CREATE").await;
        assert!(!told[field].is_null() && told["type"] == kind, "{told}");
    }
    let tick = format!("/channels/{}/messages/{first}/reactions/%E2%9C%85/@me", dm.id());
    assert_eq!(s.bot.send(Method::PUT, &tick, None).await.0, 204);
    s.ada.blocks_bot();
    let (status, refusal) = s.bot.send(Method::PUT, &tick, None).await;
    assert_eq!((status, &refusal["code"]), (403, &json!(90_001)));
    let (_, refusal) = s.bot.say(dm.id(), json!({ "content": "x" })).await;
    assert_eq!(refusal["code"], 50_007);
}

#[tokio::test]
async fn privileged_intents_and_wrong_tokens_close_the_gateway() {
    let world = Rehearsal::start(Setup::default()).await.expect("a port");
    for (token, intents, code) in [(world.token(), Intents::GUILD_MEMBERS, 4014), ("Bot wrong".to_owned(), Intents::GUILDS, 4004)]
    {
        let config = ConfigBuilder::new(token, intents).proxy_url(world.address().replace("http", "ws")).build();
        let mut shard = Shard::with_config(ShardId::ONE, config);
        let closed = async {
            loop {
                if let Some(Ok(Message::Close(Some(frame)))) = shard.next().await {
                    return frame.code;
                }
            }
        };
        assert_eq!(tokio::time::timeout(Duration::from_secs(5), closed).await.expect("closes"), code);
    }
}

#[tokio::test]
async fn files_travel_as_multipart_and_leave_the_list_when_an_embed_shows_them() {
    let s = scene().await;
    let boundary = "b0undary";
    let payload = json!({ "content": "x", "embeds": [{ "image": { "url": "attachment://p.png" } }], "attachments": [{ "id": 0, "filename": "p.png", "description": "A picture" }] });
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n{payload}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"p.png\"\r\n\r\nPNG\r\n--{boundary}--\r\n"
    );
    let response = s
        .bot
        .http
        .post(format!("{}/channels/{}/messages", s.bot.api, s.server.general().id()))
        .header("authorization", format!("Bot {}", s.bot.token))
        .header("content-type", format!("multipart/form-data; boundary={boundary}"))
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 200);
    let message: Value = serde_json::from_str(&response.text().await.expect("text")).expect("JSON");
    assert_eq!(message["attachments"], json!([]));
    assert!(message["embeds"][0]["image"]["url"].as_str().is_some_and(|url| url.ends_with("/p.png")));
    assert_eq!(s.world.exchanges().last().and_then(|one| one.request_body.clone()), Some(payload));
}

#[tokio::test]
async fn two_presses_are_two_interactions_and_a_forged_one_arrives() {
    let mut s = scene().await;
    let (_, message) =
        s.bot.say(s.ada.dm().id(), json!({ "content": "x", "components": [row(&[("Go", "go"), ("Stop", "stop")])] })).await;
    let (both, ()) = tokio::join!(s.ada.click_twice("Go"), async {
        for _ in 0..2 {
            let interaction = s.bot.interaction().await;
            s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "done", "flags": 64 } })).await;
        }
    });
    assert!(matches!(both, Ok((Heard::Private(_), Heard::Private(_)))));
    let (heard, forged) = tokio::join!(s.ben.click_custom(id(&message), "forged"), async {
        let interaction = s.bot.interaction().await;
        s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "No.", "flags": 64 } })).await;
        interaction
    });
    assert_eq!((&forged["data"]["custom_id"], &forged["user"]["id"]), (&json!("forged"), &json!(s.ben.id().to_string())));
    assert!(matches!(heard, Ok(Heard::Private(_))));
    let menu = json!({ "type": 1, "components": [{ "type": 3, "custom_id": "menu", "placeholder": "Depth", "options": [
        { "label": "Warm", "value": "w" }, { "label": "Brave", "value": "b" }] }] });
    s.bot.say(s.ada.dm().id(), json!({ "content": "choose", "components": [menu] })).await;
    assert!(matches!(s.ada.select("Depth", &["Cold"]).await, Err(Trouble::NoSuchMenu { .. })));
    let (_, chosen) = tokio::join!(s.ada.select("Depth", &["Brave"]), async {
        let interaction = s.bot.interaction().await;
        s.bot.answer(&interaction, json!({ "type": 6 })).await;
        interaction
    });
    assert_eq!(chosen["data"]["values"], json!(["b"]));
}

#[tokio::test]
async fn the_clock_can_be_read_by_another_process() {
    let world = Rehearsal::start(Setup { start_ms: 1_000, ..Setup::default() }).await.expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("clock");
    world.clock().publish(&path).expect("published");
    world.clock().advance(Duration::from_secs(1));
    assert_eq!(std::fs::read(&path).expect("bytes"), 2_000_i64.to_le_bytes());
    world.stop().await;
    assert!(reqwest::Client::new().get(world.address()).send().await.is_err());
}

#[tokio::test]
async fn stopping_ends_connections_that_were_kept_alive() {
    let s = scene().await;
    assert_eq!(s.bot.get("/gateway").await.0, 200);
    s.world.stop().await;
    assert!(s.bot.try_send(Method::GET, "/gateway", None).await.is_err());
}

#[tokio::test]
async fn a_callback_held_too_long_finds_its_token_void() {
    let mut s = scene().await;
    let held = s.world.faults().on(Match::new("POST", "/callback"), FaultKind::HoldBefore);
    let world = s.world.clone();
    let (heard, code) = tokio::join!(
        async {
            let heard = s.ada.run("/ask").await;
            world.faults().release(held);
            heard
        },
        async {
            let interaction = s.bot.interaction().await;
            s.bot.answer(&interaction, json!({ "type": 4, "data": { "content": "x" } })).await.1["code"].clone()
        }
    );
    assert!(matches!(heard, Ok(Heard::NoAnswer)));
    assert_eq!(code, 10062);
}

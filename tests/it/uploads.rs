//! Pictures on their way: what the rehearsal takes as an upload, and that the bot's cards arrive with theirs.

use duet::discord::address::ApiAddress;
use duet::discord::buttons::Button;
use duet::discord::callback::Callback;
use duet::discord::card::{Card, Picture, press};
use duet::discord::payloads::InteractionId;
use duet::discord::rest::Rest;
use duet::domain::checkin::{Rated, Rating, Ratings, Tap};
use duet::domain::ids::{ChannelId, NoticeId, PersonId};
use duet::domain::insights::Insights;
use duet::rehearsal::{FaultKind, Match, Rehearsal};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rehearsal::{Bot, Scene, first_error, id, row, scene, text};

/// The beginning of a PNG, 2 × 3 by what its header says.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0";

fn file(name: &'static str) -> Part {
    Part::bytes(PNG).file_name(name)
}

fn payload(body: &Value) -> Form {
    Form::new().part("payload_json", Part::text(body.to_string()).mime_str("application/json").unwrap())
}

/// As Discord's documentation shows it.
fn described(words: &str) -> Value {
    json!({
        "embeds": [{ "description": "See:", "image": { "url": "attachment://p.png", "description": words } }],
        "attachments": [{ "id": 0, "filename": "p.png", "description": words }],
    })
}

async fn upload(bot: &Bot, method: Method, path: &str, form: Form) -> (u16, Value) {
    let request = bot.http.request(method, format!("{}{path}", bot.api)).header("authorization", format!("Bot {}", bot.token));
    let answer = request.multipart(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn post(scene: &Scene, form: Form) -> (u16, Value) {
    upload(&scene.bot, Method::POST, &format!("/channels/{}/messages", scene.ada.dm().id()), form).await
}

#[tokio::test]
async fn a_picture_in_an_embed_is_read_by_its_description() {
    let s = scene().await;
    let (status, message) = post(&s, payload(&described("Two lines.")).part("files[0]", file("p.png"))).await;
    assert_eq!((status, &message["attachments"]), (200, &json!([])));
    let image = &message["embeds"][0]["image"];
    assert!(text(&image["url"]).starts_with("https://cdn."), "{image}");
    assert_eq!((&image["width"], &image["height"], &image["content_type"]), (&json!(2), &json!(3), &json!("image/png")));
    assert_eq!(s.ada.reads(), "— DM · Duet —\n│ See:\n│ [picture: Two lines.]");
    let pictures = s.ada.pictures();
    assert_eq!((pictures.len(), &*pictures[0].bytes, pictures[0].description.as_str()), (1, PNG, "Two lines."));
    assert!(s.ben.pictures().is_empty());
}

#[tokio::test]
async fn the_attachments_description_is_not_heard_in_an_embed() {
    let s = scene().await;
    let mut body = described("Two lines.");
    body["embeds"][0]["image"].as_object_mut().unwrap().remove("description");
    post(&s, payload(&body).part("files[0]", file("p.png"))).await;
    assert!(s.ada.reads().ends_with("[picture: p.png]"));
}

#[tokio::test]
async fn a_file_outside_an_embed_is_an_attachment() {
    let s = scene().await;
    let body = json!({ "attachments": [{ "id": "7", "filename": "our picture.png", "description": "Ours" }, { "id": 9 }] });
    let form = payload(&body).part("files[7]", file("x.png")).part("files[9]", file("list.txt"));
    let (status, message) = post(&s, form).await;
    assert_eq!(status, 200, "{message}");
    let first = &message["attachments"][0];
    assert_eq!(
        (&first["filename"], &first["description"], &first["size"]),
        (&json!("our_picture.png"), &json!("Ours"), &json!(PNG.len()))
    );
    assert_eq!((&first["width"], &first["content_type"]), (&json!(2), &json!("image/png")));
    assert!(text(&first["proxy_url"]).ends_with("/our_picture.png"));
    assert_eq!(s.ada.reads(), "— DM · Duet —\n[picture: Ours]\n(file list.txt)");
}

#[tokio::test]
async fn an_upload_that_does_not_add_up_is_refused() {
    let s = scene().await;
    let with = |body: Value| payload(&body).part("files[0]", file("p.png"));
    let attachment = |one: Value| json!({ "content": "x", "attachments": [one] });
    let embed = |url: &str| json!({ "embeds": [{ "image": { "url": url } }], "attachments": [{ "id": 0 }] });
    let twice = json!({ "content": "x", "attachments": [{ "id": 0 }, { "id": 0 }] });
    let refused: Vec<(Form, &[&str])> = vec![
        (with(attachment(json!({ "id": 1 }))), &["attachments", "0"]),
        (with(attachment(json!({ "filename": "p.png" }))), &["attachments", "0", "id"]),
        (with(attachment(json!({ "id": 0, "description": "x".repeat(1025) }))), &["attachments", "0", "description"]),
        (with(twice), &["attachments"]),
        (with(embed("attachment://q.png")), &["embeds", "0", "image", "url"]),
        (payload(&embed("attachment://p.txt")).part("files[0]", file("p.txt")), &["embeds", "0", "image", "url"]),
        (with(json!({})).part("files[0]", file("q.png")), &["files"]),
        (payload(&json!({ "content": "x" })).part("files[0]", Part::bytes(PNG)), &["files"]),
        (payload(&json!({ "content": "x" })).part("file", file("p.png")), &["file"]),
        (Form::new().part("files[0]", file("p.png")), &["payload_json"]),
    ];
    for (form, path) in refused {
        let (status, answer) = post(&s, form).await;
        assert_eq!((status, &answer["code"]), (400, &json!(50_035)), "{path:?}: {answer}");
        assert!(!first_error(&answer, path).is_empty(), "{path:?}: {answer}");
    }
    let (status, answer) = s.bot.say(s.ada.dm().id(), attachment(json!({ "id": 0 }))).await;
    assert_eq!((status, first_error(&answer, &["attachments", "0"])), (400, "ATTACHMENT_NOT_FOUND"));
    let large = Part::bytes(vec![0; 10 * 1024 * 1024 + 1]).file_name("p.png");
    let (status, answer) = post(&s, payload(&json!({})).part("files[0]", large)).await;
    assert_eq!((status, &answer["code"]), (413, &json!(40_005)));
    assert_eq!(s.ada.reads(), "");
}

#[tokio::test]
async fn an_edit_keeps_the_files_that_it_names_or_all_when_it_names_none() {
    let s = scene().await;
    let (_, message) = post(&s, payload(&described("Before")).part("files[0]", file("p.png"))).await;
    let path = format!("/channels/{}/messages/{}", s.ada.dm().id(), id(&message));
    // The embed goes, the file stays, and comes out.
    let (_, bare) = s.bot.send(Method::PATCH, &path, Some(json!({ "content": "Words.", "embeds": [] }))).await;
    assert_eq!(bare["attachments"].as_array().map(Vec::len), Some(1));
    let kept = bare["attachments"][0]["id"].clone();
    let (status, _) = s.bot.send(Method::PATCH, &path, Some(json!({ "attachments": [{ "id": "5" }] }))).await;
    assert_eq!(status, 400);
    // Another comes, the first is shown again.
    let body = json!({
        "embeds": [{ "image": { "url": "attachment://p.png" } }],
        "attachments": [{ "id": kept }, { "id": 0, "filename": "q.png", "description": "Another" }],
    });
    let form = payload(&body).part("files[0]", file("q.png")).part("files[1]", file("unlisted.png"));
    let (status, both) = upload(&s.bot, Method::PATCH, &path, form).await;
    assert_eq!((status, &both["attachments"][0]["filename"]), (200, &json!("q.png")), "{both}");
    assert_eq!(both["attachments"].as_array().map(Vec::len), Some(1));
    assert_eq!(s.ada.pictures().len(), 2);
    s.bot.send(Method::PATCH, &path, Some(json!({ "embeds": [], "attachments": [] }))).await;
    assert!(s.ada.pictures().is_empty());
    s.ada.reads();
}

// ---- The bot's cards ----

fn check_in() -> Insights {
    let one = |close: u8, myself: u8| {
        let tap = |value| Tap::Given(Rating::new(value).unwrap());
        Ratings::default().with(Rated::Close, tap(close)).with(Rated::Myself, tap(myself))
    };
    Insights { partners: [PersonId(1), PersonId(2)], check_ins: vec![[one(4, 3), one(2, 5)]] }
}

fn picture() -> Picture {
    Picture::of(&check_in()).unwrap()
}

fn pictured() -> Card {
    Card::saying("Both are here.").pictured("Solid: one. Dashed: the other.", picture()).presses([press("Stay", Button::Stay)])
}

const READ: &str = "│ Both are here.\n│ Solid: one. Dashed: the other.\n│ [picture: One check-in, in two panels. Close to you, where 1 is \
                    far and 5 is close. Solid line: 4. Dashed line: 2. Myself with you, where 1 is hardly and 5 is fully. Solid line: \
                    3. Dashed line: 5.]\n[Stay]";

fn rest(world: &Rehearsal) -> Rest {
    Rest::new(&world.token().into(), &ApiAddress::parse(Some(&world.address()), false).unwrap(), 1.0).unwrap()
}

fn notice() -> NoticeId {
    NoticeId(Uuid::from_u128(7))
}

fn channel(id: u64) -> ChannelId {
    ChannelId(id.try_into().unwrap())
}

async fn answer(rest: &Rest, bot: &mut Bot, callback: &Callback) {
    let interaction = bot.interaction().await;
    let number = InteractionId(text(&interaction["id"]).parse().unwrap());
    rest.answer_interaction(number, &text(&interaction["token"]), callback).await.unwrap();
}

#[tokio::test]
async fn a_card_arrives_with_its_picture() {
    let s = scene().await;
    let rest = rest(&s.world);
    rest.post_message(channel(s.ada.dm().id()), &pictured().posted(notice())).await.unwrap();
    assert_eq!(s.ada.reads(), format!("— DM · Duet —\n{READ}"));
    assert!(s.ada.pictures()[0].bytes == picture().png);
    let sent = s.world.exchanges().pop().unwrap();
    assert!(sent.multipart);
    assert_eq!(sent.request_body.unwrap()["attachments"][0]["description"], json!(picture().description));
}

#[tokio::test]
async fn a_card_that_takes_anothers_place_takes_its_picture_away() {
    let s = scene().await;
    let rest = rest(&s.world);
    let place = channel(s.ada.dm().id());
    let message = rest.post_message(place, &pictured().posted(notice())).await.unwrap();
    rest.edit_message(place, message, &Card::saying("Closed.").edited(notice())).await.unwrap();
    assert!(s.ada.pictures().is_empty());
    assert!(s.ada.reads().ends_with("· edited —\n│ Closed."));
    rest.edit_message(place, message, &pictured().edited(notice())).await.unwrap();
    assert_eq!(s.ada.reads(), format!("— DM · Duet · edited —\n{READ}"));
    rest.edit_message(place, message, &pictured().edited(notice())).await.unwrap();
    assert_eq!(s.ada.pictures().len(), 1, "the same picture again takes its own place");
    s.ada.reads();
}

#[tokio::test]
async fn a_private_reply_shows_a_picture_and_lets_go_of_it() {
    let mut s = scene().await;
    let rest = rest(&s.world);
    let shown = Callback::message(pictured().replied(true));
    let (heard, ()) = tokio::join!(s.ada.run("/ask"), answer(&rest, &mut s.bot, &shown));
    let message = heard.unwrap().private().unwrap();
    assert_eq!((message.pictures.len(), message.labels()), (1, vec!["Stay"]));
    assert!(message.pictures[0].bytes == picture().png);
    let plain = Callback::update(Card::saying("Something else.").presses([press("Stay", Button::Stay)]).replied(true));
    let (_, ()) = tokio::join!(s.ada.click("Stay"), answer(&rest, &mut s.bot, &plain));
    assert!(s.ada.pictures().is_empty());
    s.ada.reads();
    let back = Callback::update(pictured().replied(true));
    let (_, ()) = tokio::join!(s.ada.click("Stay"), answer(&rest, &mut s.bot, &back));
    assert_eq!(s.ada.reads(), format!("— DM · Duet · only you see this · edited —\n{READ}"));
}

#[tokio::test]
async fn a_picture_is_sent_again_as_often_as_its_card() {
    let mut s = scene().await;
    let rest = rest(&s.world);
    let limited = FaultKind::RateLimited { retry_after_ms: 5, global: false, shared: false };
    s.world.faults().on(Match::new("POST", "/messages"), limited);
    rest.post_message(channel(s.ada.dm().id()), &pictured().posted(notice())).await.unwrap();
    assert!(s.ada.pictures()[0].bytes == picture().png);
    s.world.faults().on(Match::new("POST", "/callback"), FaultKind::CutBefore);
    let shown = Callback::message(pictured().replied(true));
    let (heard, ()) = tokio::join!(s.ben.run("/ask"), answer(&rest, &mut s.bot, &shown));
    assert_eq!(heard.unwrap().private().unwrap().pictures.len(), 1);
    assert_eq!(s.ben.pictures().len(), 1);
}

#[tokio::test]
async fn a_follow_up_and_an_edited_reply_carry_pictures_too() {
    let mut s = scene().await;
    let rest = rest(&s.world);
    let first = Callback::message(Card::saying("Wait.").replied(true));
    let answer = async {
        let interaction = s.bot.interaction().await;
        let (number, token) = (InteractionId(text(&interaction["id"]).parse().unwrap()), text(&interaction["token"]));
        rest.answer_interaction(number, &token, &first).await.unwrap();
        token
    };
    let (_, token) = tokio::join!(s.ada.run("/ask"), answer);
    rest.edit_original(&token, &pictured().replied(true)).await.unwrap();
    rest.follow_up(&token, &pictured().replied(true)).await.unwrap();
    assert_eq!(s.ada.pictures().len(), 2);
}

#[tokio::test]
async fn without_its_picture_a_card_still_says_what_it_said() {
    let s = scene().await;
    let rest = rest(&s.world);
    let body = pictured().unpictured().posted(notice());
    rest.post_message(channel(s.ada.dm().id()), &body).await.unwrap();
    assert_eq!(s.ada.reads(), "— DM · Duet —\n│ Both are here.\n│ Solid: one. Dashed: the other.\n[Stay]");
    assert!(!s.world.exchanges().pop().unwrap().multipart);
}

#[test]
fn neither_a_card_nor_a_body_shows_a_log_what_it_holds() {
    let (card, body) = (pictured(), pictured().replied(true));
    let shown = format!("{card:?} {body:?} {:?} {:?}", picture(), Callback::message(body.clone()));
    assert!(!shown.contains("line") && !shown.contains("PNG") && !shown.contains("Solid"), "{shown}");
}

#[tokio::test]
async fn a_loose_picture_of_a_private_reply_is_ephemeral() {
    let mut s = scene().await;
    let body = json!({ "type": 4, "data": { "content": "x", "flags": 64, "components": [row(&[("Go", "go")])],
        "attachments": [{ "id": 0, "description": "Alone" }] } });
    let answer = async {
        let interaction = s.bot.interaction().await;
        let path =
            format!("/interactions/{}/{}/callback?with_response=true", text(&interaction["id"]), text(&interaction["token"]));
        upload(&s.bot, Method::POST, &path, payload(&body).part("files[0]", file("p.png"))).await
    };
    let (heard, (status, answer)) = tokio::join!(s.ada.run("/ask"), answer);
    assert_eq!((status, &answer["resource"]["message"]["attachments"][0]["ephemeral"]), (200, &json!(true)), "{answer}");
    assert_eq!(heard.unwrap().private().unwrap().pictures[0].description, "Alone");
}

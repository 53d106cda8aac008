//! What people type in the DM with the bot: Discord's JSON becomes a message of ours and goes to its flow, one after the other, so
//! that each person's words keep their order. Reads a DM's history for a yes and after a lost session. Decides nothing, and logs
//! nothing of anybody.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::mpsc;

use super::Bot;
use super::cards::typed as cards;
use super::delivery::{Attempt, Delivered, Undelivered, dm};
use super::failure::Failure;
use super::gateway::{Inbound, Receipt};
use super::inbound::{Reply, Visit};
use super::payloads::id;
use super::words;
use crate::app::App;
use crate::domain::couple::Home;
use crate::domain::ids::{ChannelId, EntryId, MessageId, PersonId};
use crate::domain::notice::Notice;
use crate::domain::typed::Message;
use crate::domain::words::Words;
use crate::flows::typing::{self, Found, Read, Yes};
use crate::flows::{Trouble, homes, journal};

/// Of the three seconds that a press has, what reading the history may take.
const READING: Duration = Duration::from_millis(1_500);
/// Messages read in one request, the most there are (resources/message, "Get Channel Messages").
const PAGE: u8 = 100;
/// Requests for one person's history before others get their turn.
const PAGES: usize = 10;
/// Between two tries while the database is away.
const AGAIN: Duration = Duration::from_secs(1);
/// The tick under what is kept.
const TICK: &str = "✅";

/// A message as Discord tells it (resources/message, "Message Structure"), as far as it concerns us.
#[derive(Deserialize)]
struct Raw {
    #[serde(deserialize_with = "id")]
    id: MessageId,
    #[serde(deserialize_with = "id")]
    channel_id: ChannelId,
    #[serde(rename = "type", default)]
    kind: u8,
    author: Option<Author>,
    content: Option<String>,
    #[serde(default)]
    attachments: Vec<IgnoredAny>,
    #[serde(default)]
    sticker_items: Vec<IgnoredAny>,
    poll: Option<IgnoredAny>,
    #[serde(default)]
    message_snapshots: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Author {
    #[serde(deserialize_with = "id")]
    id: PersonId,
    #[serde(default)]
    bot: bool,
}

/// What somebody says, and what they say in reply; the other types are what happens, said by nobody (resources/message).
const PLAIN: u8 = 0;
const REPLY: u8 = 19;

impl Raw {
    /// `None`: nobody typed it.
    fn message(self) -> Option<Message> {
        let words = Words::new(self.content?);
        let author = self.author.filter(|author| !author.bot)?.id;
        let besides = !self.attachments.is_empty()
            || !self.sticker_items.is_empty()
            || !self.message_snapshots.is_empty()
            || self.poll.is_some();
        matches!(self.kind, PLAIN | REPLY).then_some(Message { id: self.id, channel: self.channel_id, author, words, besides })
    }
}

/// Something to deal with in its turn.
pub type Turn = (Inbound, Receipt);

/// Deals with what is told of DMs, in order, until nothing more comes.
pub async fn listen(app: Arc<App>, mut turns: mpsc::Receiver<Turn>) {
    while let Some((event, receipt)) = turns.recv().await {
        let mut told = false;
        loop {
            match AssertUnwindSafe(Box::pin(hear(&app, &event))).catch_unwind().await {
                Ok(Ok(())) => break,
                // What was typed waits until the database is back. A stop meanwhile, and it is told again after the next start.
                Ok(Err(trouble)) if trouble.may_pass() => {
                    if !told {
                        tracing::error!("what is told of direct messages waits: {}", trouble.logged());
                    }
                    told = true;
                    tokio::time::sleep(AGAIN).await;
                }
                Ok(Err(trouble)) => {
                    tracing::error!("what was told of a direct message is not dealt with: {}", trouble.logged());
                    break;
                }
                Err(_) => {
                    tracing::error!("a flow panicked over a direct message");
                    break;
                }
            }
        }
        receipt.processed();
    }
}

async fn hear(app: &App, event: &Inbound) -> Result<(), Trouble> {
    match event {
        Inbound::DirectMessage(text) => match read(text) {
            Some(message) => typing::said(app, &message).await,
            None => Ok(()),
        },
        Inbound::MessageUpdated(text) => match read(text) {
            Some(message) => typing::edited(app, &message).await,
            None => Ok(()),
        },
        Inbound::MessageDeleted { message, .. } => typing::deleted(app, *message).await,
        // DMs come to the first shard.
        Inbound::Ready { shard: 0, .. } => typing::missed(app).await,
        _ => Ok(()),
    }
}

fn read(text: &str) -> Option<Message> {
    match serde_json::from_str::<Raw>(text) {
        Ok(raw) => raw.message(),
        Err(error) => {
            // The error's own text may quote the message.
            tracing::warn!(line = error.line(), column = error.column(), "a direct message cannot be read");
            None
        }
    }
}

/// A stretch of somebody's DM, in order.
struct Stretch {
    messages: Vec<Message>,
    newest: Option<MessageId>,
    /// Whether more may follow.
    more: bool,
}

async fn history(bot: &Bot, channel: ChannelId, after: MessageId) -> Result<Stretch, Failure> {
    let mut page: Vec<Raw> = bot.rest.history(channel, after, PAGE).await?;
    page.sort_unstable_by_key(|raw| raw.id);
    let (newest, more) = (page.last().map(|raw| raw.id), page.len() >= usize::from(PAGE));
    Ok(Stretch { messages: page.into_iter().filter_map(Raw::message).collect(), newest, more })
}

/// The DM with a person, made where there is none yet.
async fn channel(app: &App, bot: &Bot, person: PersonId) -> Result<ChannelId, Undelivered> {
    if let Some(known) = homes::dm(app, person).await? {
        return Ok(known);
    }
    let channel = bot.rest.open_dm(person).await?;
    homes::remember_dm(app, person, channel).await?;
    Ok(channel)
}

// ---- Presses ----

/// `Keep it`: what was typed is read where it stands, and only now.
pub async fn keep(app: &App, bot: &Bot, visit: &Visit, first: MessageId) -> Result<Reply, Trouble> {
    let heard = typing::heard(app, visit.who).await?;
    let dm = homes::dm(app, visit.who).await?.unwrap_or(visit.channel);
    let before = MessageId(first.0 - 1);
    let found = match tokio::time::timeout(READING, history(bot, dm, before)).await {
        Ok(Ok(found)) => found,
        Ok(Err(failure)) => {
            tracing::info!(failure = failure.code(), "not read: {failure}");
            return Ok(Reply::Private(cards::not_read()));
        }
        Err(_) => return Ok(Reply::Private(cards::not_read())),
    };
    let found = Found { first, messages: found.messages, more: found.more, heard };
    Ok(Reply::InPlace(match typing::keep_all(app, visit.who, &found).await? {
        Yes::Kept { entry, first } => kept(app, bot, visit.who, entry, first).await?,
        Yes::Already => cards::kept_before(),
        Yes::Nothing => cards::nothing_there(),
    }))
}

/// `No, thanks`: it stands for the hour that the question was about.
pub fn leave() -> Reply {
    Reply::InPlace(cards::left())
}

/// `Undo`.
pub async fn undo(app: &App, visit: &Visit, entry: EntryId) -> Result<Reply, Trouble> {
    Ok(Reply::InPlace(cards::undone(journal::delete(app, visit.who, entry).await?)))
}

/// `Delete it there, too`.
pub async fn delete_gone(app: &App, visit: &Visit, entry: EntryId) -> Result<Reply, Trouble> {
    Ok(Reply::InPlace(cards::gone(typing::delete_gone(app, visit.who, entry).await?)))
}

/// `Keep it`, of what was deleted in the chat.
pub async fn keep_gone(app: &App, visit: &Visit, entry: EntryId) -> Result<Reply, Trouble> {
    typing::keep_gone(app, visit.who, entry).await?;
    Ok(Reply::InPlace(cards::stays()))
}

// ---- Notices ----

async fn kept(app: &App, bot: &Bot, who: PersonId, entry: EntryId, first: bool) -> Result<super::card::Card, Trouble> {
    let card = cards::kept(entry);
    if !first {
        return Ok(card);
    }
    let couples = homes::couples(app, who).await?;
    let card = cards::first(card, couples.iter().any(|couple| couple.home == Home::Dms));
    Ok(match owners_notice(app, bot, who).await? {
        Some(notice) => card.with(notice),
        None => card,
    })
}

/// Whoever runs this bot is somebody this person is close to.
pub async fn owners_notice(app: &App, bot: &Bot, who: PersonId) -> Result<Option<String>, Trouble> {
    let couples = homes::couples(app, who).await?;
    let close = couples.iter().map(|couple| couple.other(who)).filter(|partner| bot.owners.contains(partner));
    let close: Vec<_> = close.collect();
    Ok((!close.is_empty()).then(|| words::owners_notice(&close)))
}

/// [`owners_notice`], unless they have written something already.
pub async fn owners_notice_before(app: &App, bot: &Bot, who: PersonId) -> Result<Option<String>, Trouble> {
    if journal::begun(app, who).await? { Ok(None) } else { owners_notice(app, bot, who).await }
}

/// The notices that are about what was typed.
pub async fn deliver(app: &App, bot: &Bot, notice: &Notice, attempt: Attempt) -> Result<Delivered, Undelivered> {
    match *notice {
        Notice::Typed { entry, to, first } => say_kept(app, bot, entry, to, first, attempt).await,
        Notice::Tick { message, to, on } => tick(app, bot, message, to, on).await,
        Notice::KeepTyped { message, to } => ask(app, bot, message, to, attempt).await,
        Notice::OnlyWords { to } => dm(app, bot, to, &cards::only_words(), attempt).await,
        Notice::EditTooLong { message, to } if typing::is_kept(app, message).await? => {
            dm(app, bot, to, &cards::edit_too_long(), attempt).await
        }
        Notice::GoneInChat { entry, to } if typing::is_gone_in_chat(app, to, entry).await? => {
            dm(app, bot, to, &cards::gone_in_chat(entry), attempt).await
        }
        Notice::CatchUp { to } => catch_up(app, bot, to).await,
        _ => Ok(Delivered::Moot),
    }
}

async fn say_kept(
    app: &App,
    bot: &Bot,
    entry: EntryId,
    to: PersonId,
    first: bool,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    // Undone before it was said.
    if !typing::stands(app, to, entry).await? {
        return Ok(Delivered::Moot);
    }
    dm(app, bot, to, &kept(app, bot, to, entry, first).await?, attempt).await
}

async fn ask(app: &App, bot: &Bot, message: MessageId, to: PersonId, attempt: Attempt) -> Result<Delivered, Undelivered> {
    if !typing::is_asked(app, to, message).await? {
        return Ok(Delivered::Moot);
    }
    let card = cards::keep_question(message);
    let card = match owners_notice_before(app, bot, to).await? {
        Some(notice) => card.with(notice),
        None => card,
    };
    dm(app, bot, to, &card, attempt).await
}

/// The tick says what is so by now, however often it is repeated.
async fn tick(app: &App, bot: &Bot, message: MessageId, to: PersonId, on: bool) -> Result<Delivered, Undelivered> {
    let Some(channel) = homes::dm(app, to).await? else { return Ok(Delivered::Moot) };
    if typing::is_kept(app, message).await? != on {
        return Ok(Delivered::Moot);
    }
    let done = if on { bot.rest.react(channel, message, TICK).await } else { bot.rest.unreact(channel, message, TICK).await };
    match done {
        Ok(()) => Ok(Delivered::Done),
        Err(failure) if may_pass(&failure) => Err(failure.into()),
        // The message is gone, the bot is blocked: the words are kept all the same.
        Err(_) => Ok(Delivered::Moot),
    }
}

fn may_pass(failure: &Failure) -> bool {
    matches!(failure, Failure::RateLimited { .. } | Failure::Unavailable { .. } | Failure::Token)
}

/// What was typed while nobody listened, in its order and before what came since.
async fn catch_up(app: &App, bot: &Bot, to: PersonId) -> Result<Delivered, Undelivered> {
    for _ in 0..PAGES {
        let Some(behind) = typing::behind(app, to).await? else { return Ok(Delivered::Done) };
        let read = async {
            let channel = channel(app, bot, to).await?;
            Ok(history(bot, channel, behind.after).await?)
        };
        let read = match read.await {
            Ok(Stretch { messages, newest, more }) => {
                for message in messages.iter().filter(|message| message.author == to) {
                    typing::said_before(app, message).await?;
                }
                newest.filter(|_| more).map_or(Read::All(behind), Read::UpTo)
            }
            Err(Undelivered::Discord(failure)) if !may_pass(&failure) => {
                tracing::info!(failure = failure.code(), "not read: {failure}");
                Read::GivenUp
            }
            Err(undelivered) => return Err(undelivered),
        };
        if typing::caught_up(app, to, read).await? {
            return Ok(Delivered::Done);
        }
    }
    // A long one goes on in its next turn.
    Err(Failure::RateLimited { retry_after: Duration::from_secs(1), global: false }.into())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn message(changes: &Value) -> Option<Message> {
        let mut raw = json!({
            "id": "5", "channel_id": "6", "type": 0, "author": { "id": "7" }, "content": "a word", "attachments": [], "flags": 0,
        });
        for (key, value) in changes.as_object().unwrap() {
            raw[key] = value.clone();
        }
        read(&raw.to_string())
    }

    #[test]
    fn what_a_person_says_or_replies_is_a_message_and_nothing_else_is() {
        let plain = message(&json!({})).unwrap();
        assert_eq!((plain.id, plain.channel, plain.author), (MessageId(5), ChannelId(6), PersonId(7)));
        assert_eq!((plain.words.expose(), plain.besides), ("a word", false));
        assert!(message(&json!({ "type": 19 })).is_some());
        for other in [json!({ "type": 6 }), json!({ "author": { "id": "7", "bot": true } }), json!({ "content": null })] {
            assert_eq!(message(&other), None, "{other}");
        }
        assert_eq!(read("my private words"), None);
    }

    #[test]
    fn whatever_is_no_words_is_seen_beside_them() {
        for besides in [
            json!({ "attachments": [{ "id": "1" }] }),
            json!({ "sticker_items": [{ "id": "1" }], "content": "" }),
            json!({ "poll": { "question": {} }, "content": "" }),
            json!({ "message_snapshots": [{ "message": { "content": "theirs" } }], "content": "" }),
        ] {
            assert!(message(&besides).unwrap().besides, "{besides}");
        }
        // A link's preview is Discord's own doing.
        assert!(!message(&json!({ "embeds": [{ "type": "link" }] })).unwrap().besides);
    }
}

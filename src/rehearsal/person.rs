//! A person at their client: types commands, presses buttons, fills boxes, reads. Offers only what a real client would let
//! them do, and says what was on the screen when it doesn't; `click_custom` and `OpenModal::forge` are the deliberate exceptions.

use super::heard::{Heard, Notification, Trouble};
use super::interactions::{self, Act};
use super::server::ChannelRef;
use super::view::{self, SeenFile, SeenMessage, SeenPicture};
use super::world::{Id, Message, World};
use super::{Shared, payloads, rest, typing};
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone)]
pub struct Person {
    pub(super) shared: Arc<Shared>,
    id: Id,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({}, {})", self.name(), self.id)
    }
}

impl Person {
    pub(super) fn new(shared: Arc<Shared>, id: Id) -> Self {
        Self { shared, id }
    }

    pub fn id(&self) -> u64 {
        self.id
    }

    pub fn name(&self) -> String {
        self.shared.world().name_of(self.id)
    }

    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    pub fn close_dms(&self) {
        self.set(|world, id| world.users.get_mut(&id).map(|user| user.dms_open = false));
    }

    pub fn open_dms(&self) {
        self.set(|world, id| world.users.get_mut(&id).map(|user| user.dms_open = true));
    }

    /// Installs the application for themself, so that its commands follow them (user install).
    pub fn installs(&self) {
        self.set(|world, id| world.users.get_mut(&id).map(|user| user.installed = true));
    }

    /// Types the next commands in this channel.
    pub fn go(&self, channel: &ChannelRef) {
        let place = channel.id();
        self.set(|world, id| world.users.get_mut(&id).map(|user| user.place = Some(place)));
    }

    /// Types the next commands in the DM with the bot (where everybody starts).
    pub fn go_dm(&self) {
        self.set(|world, id| world.users.get_mut(&id).map(|user| user.place = None));
    }

    /// Their DM with the bot.
    pub fn dm(&self) -> ChannelRef {
        let mut world = self.shared.world();
        let id = world.dm_with(self.id);
        ChannelRef::new(&world.channels[&id])
    }

    fn set<T>(&self, act: impl FnOnce(&mut World, Id) -> T) -> T {
        let result = act(&mut self.shared.world(), self.id);
        self.shared.tick();
        result
    }

    /// Types a command as one would: `/ask theme:needs and asking question:How was it?`. Options go by the registered
    /// schema; `with:@Sam` names a person, choices go by name, value or a beginning that fits one only.
    pub async fn run(&self, typed: &str) -> Result<Heard, Trouble> {
        let act = typing::command(&mut self.shared.world(), self.id, typed)?;
        Ok(interactions::perform(self, act).await)
    }

    /// What is suggested for the last option typed.
    pub async fn autocomplete(&self, typed: &str) -> Result<Vec<(String, String)>, Trouble> {
        let act = typing::autocomplete(&mut self.shared.world(), self.id, typed)?;
        match interactions::perform(self, act).await {
            Heard::Choices(choices) => Ok(choices),
            other => Err(Trouble::NotThat { wanted: "suggestions", got: other.to_string() }),
        }
    }

    /// Uses an entry of a message's menu (command type 3), such as `Keep this`.
    pub async fn message_menu(&self, message: u64, entry: &str) -> Result<Heard, Trouble> {
        let act = typing::message_menu(&mut self.shared.world(), self.id, message, entry)?;
        Ok(interactions::perform(self, act).await)
    }

    /// Presses the newest enabled button of that label that this person sees, private replies and DMs included.
    pub async fn click(&self, label: &str) -> Result<Heard, Trouble> {
        let act = self.button(None, label)?;
        Ok(interactions::perform(self, act).await)
    }

    pub async fn click_in(&self, message: u64, label: &str) -> Result<Heard, Trouble> {
        let act = self.button(Some(message), label)?;
        Ok(interactions::perform(self, act).await)
    }

    /// A forged press: any custom id on any standing message, whether they see it or not.
    pub async fn click_custom(&self, message: u64, custom_id: &str) -> Result<Heard, Trouble> {
        let (channel, known) = {
            let world = self.shared.world();
            let channel = world.messages.get(&message).map(|message| message.channel);
            (channel, channel.is_some())
        };
        let Some(channel) = channel.filter(|_| known) else {
            return Err(Trouble::NoSuchMessage { who: self.name(), screen: self.screen_text() });
        };
        let data = json!({ "component_type": 2, "id": 1, "custom_id": custom_id });
        Ok(interactions::perform(self, Act { kind: 3, channel, message: Some(message), data, from_component: true }).await)
    }

    /// Two presses at once, as an impatient finger makes them: two interactions, both answers.
    pub async fn click_twice(&self, label: &str) -> Result<(Heard, Heard), Trouble> {
        let act = self.button(None, label)?;
        Ok(tokio::join!(interactions::perform(self, act.clone()), interactions::perform(self, act)))
    }

    fn button(&self, within: Option<Id>, label: &str) -> Result<Act, Trouble> {
        let world = self.shared.world();
        let found =
            visible_messages(&world, self.id).into_iter().rev().filter(|one| within.is_none_or(|id| id == one.id)).find_map(
                |message| {
                    let button = view::interactive(&message.components).find(|one| {
                        one["type"] == 2
                            && view::button_label(one) == label
                            && one["disabled"] != true
                            && one["custom_id"].is_string()
                    })?;
                    let data = json!({ "component_type": 2, "id": button["id"], "custom_id": button["custom_id"] });
                    Some(Act { kind: 3, channel: message.channel, message: Some(message.id), data, from_component: true })
                },
            );
        drop(world);
        found.ok_or_else(|| Trouble::NoSuchButton { who: self.name(), label: label.to_owned(), screen: self.screen_text() })
    }

    /// Chooses in the newest menu with this placeholder or custom id; `wanted` are labels or values (for a menu of people:
    /// `@Name`).
    pub async fn select(&self, menu: &str, wanted: &[&str]) -> Result<Heard, Trouble> {
        let act = {
            let world = self.shared.world();
            let messages = visible_messages(&world, self.id);
            messages.into_iter().rev().find_map(|message| {
                let one = view::interactive(&message.components).find(|one| {
                    one["type"] != 2 && one["disabled"] != true && (one["placeholder"] == menu || one["custom_id"] == menu)
                })?;
                let data = typing::selection(&world, message, one, wanted)?;
                Some(Act { kind: 3, channel: message.channel, message: Some(message.id), data, from_component: true })
            })
        };
        let Some(act) = act else {
            return Err(Trouble::NoSuchMenu {
                who: self.name(),
                menu: menu.to_owned(),
                wanted: wanted.join(", "),
                screen: self.screen_text(),
            });
        };
        Ok(interactions::perform(self, act).await)
    }

    /// Everything new since the last call, in order, as they read it. The same world gives the same text.
    pub fn reads(&self) -> String {
        self.set(|world, id| world.users.get_mut(&id).map(|user| std::mem::take(&mut user.unread)).unwrap_or_default().join("\n"))
    }

    /// Whether there is anything that [`Person::reads`] would give.
    pub fn has_unread(&self) -> bool {
        self.set(|world, id| world.users.get(&id).is_some_and(|user| !user.unread.is_empty()))
    }

    /// Whether this text ever stood before their eyes: in any version of a message they could see, in the history of a channel
    /// they could look into at any moment, in a DM, a private reply, a modal, a suggestion or a notification.
    pub fn ever_saw(&self, text: &str) -> bool {
        let world = self.shared.world();
        let Some(user) = world.users.get(&self.id) else { return false };
        user.saw.iter().any(|seen| seen.contains(text)) || user.notifications.iter().any(|notice| notice.text.contains(text))
    }

    pub fn notifications(&self) -> Vec<Notification> {
        self.shared.world().users.get(&self.id).map(|user| user.notifications.clone()).unwrap_or_default()
    }

    /// The messages they can scroll to, oldest first.
    pub fn screen(&self) -> Vec<SeenMessage> {
        let world = self.shared.world();
        visible_messages(&world, self.id).into_iter().map(|message| view::seen(&world, message)).collect()
    }

    /// All pictures on them, oldest first.
    pub fn pictures(&self) -> Vec<SeenPicture> {
        let world = self.shared.world();
        visible_messages(&world, self.id).into_iter().flat_map(|message| view::pictures(&world, message)).collect()
    }

    /// All files to open on them that are no pictures, oldest first.
    pub fn files(&self) -> Vec<SeenFile> {
        let world = self.shared.world();
        visible_messages(&world, self.id).into_iter().flat_map(|message| view::files(&world, message)).collect()
    }

    pub(super) fn screen_text(&self) -> String {
        let all = self.screen();
        if all.is_empty() {
            return "(nothing)".to_owned();
        }
        all.iter().rev().take(6).rev().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    /// Waits, up to that much real time, until such a message stands on the screen; the newest of them.
    pub async fn comes(&self, patience: Duration, is_it: impl Fn(&SeenMessage) -> bool) -> Option<SeenMessage> {
        let look = |world: &mut World| {
            let seen = visible_messages(world, self.id).into_iter().rev().map(|message| view::seen(world, message));
            seen.into_iter().find(|seen| is_it(seen))
        };
        self.shared.until(patience, look).await
    }

    /// Waits, up to five real seconds, until this text stands on the screen, and gives the newest message with it.
    pub async fn sees(&self, text: &str) -> Result<SeenMessage, Trouble> {
        let found = self.comes(Duration::from_secs(5), |seen| seen.to_string().contains(text)).await;
        found.ok_or_else(|| Trouble::NeverCame { who: self.name(), text: text.to_owned(), screen: self.screen_text() })
    }

    /// Reloads the client: private replies are gone from the screen.
    pub fn private_cards_vanish(&self) {
        self.set(|world, id| {
            let private: Vec<Id> =
                world.messages.values().filter(|message| message.only_for == Some(id)).map(|message| message.id).collect();
            if let Some(user) = world.users.get_mut(&id) {
                user.vanished.extend(private);
            }
        });
    }

    /// Types a message. The bot hears of it as far as its intents reach.
    pub async fn says(&self, place: &ChannelRef, text: &str) -> Result<u64, Trouble> {
        self.sends(place, text, &Beside::Nothing).await
    }

    /// Types a message, or none, and sends something along.
    pub async fn sends(&self, place: &ChannelRef, text: &str, beside: &Beside<'_>) -> Result<u64, Trouble> {
        let mut body = json!({ "content": text });
        let mut files = Vec::new();
        match beside {
            Beside::File(name) => files.push(rest::File { number: "0".into(), name: (*name).into(), bytes: b"bytes".to_vec() }),
            Beside::Reply(message) => body["message_reference"] = json!({ "message_id": message.to_string() }),
            _ => {}
        }
        let result = {
            let mut world = self.shared.world();
            let beside = beside.fields(&world);
            let draft = rest::messages::Draft { author: self.id, channel: place.id(), body: &body, files: &files, beside };
            rest::messages::say(&mut world, &draft)
        };
        self.told().await;
        result.map_err(|why| Trouble::Refused { who: self.name(), why: why.to_string() })
    }

    /// Edits a message of their own.
    pub async fn edits(&self, message: u64, text: &str) -> Result<(), Trouble> {
        let result = rest::messages::say_again(&mut self.shared.world(), self.id, message, text);
        self.told().await;
        result.map_err(|why| Trouble::Refused { who: self.name(), why: why.to_string() })
    }

    /// The gateway's tasks get a turn, so that what was typed is on its way when this returns.
    async fn told(&self) {
        self.shared.tick();
        tokio::task::yield_now().await;
    }

    /// Blocks the bot: it can neither write to them nor react to what they write.
    pub fn blocks_bot(&self) {
        self.set(|world, id| world.users.get_mut(&id).map(|user| user.blocks_bot = true));
    }

    /// Deletes a message of their own.
    pub async fn deletes(&self, message: u64) -> Result<(), Trouble> {
        let own = self.set(|world, id| {
            let own = world.messages.get(&message).is_some_and(|message| message.author == id);
            if own {
                world.remove_message(message);
            }
            own
        });
        tokio::task::yield_now().await;
        if own { Ok(()) } else { Err(Trouble::NoSuchMessage { who: self.name(), screen: self.screen_text() }) }
    }
}

/// What somebody sends along with their words.
#[derive(Clone, Copy, Debug)]
pub enum Beside<'a> {
    Nothing,
    /// A reply to this message.
    Reply(u64),
    /// By its name.
    File(&'a str),
    Sticker(&'a str),
    Poll(&'a str),
    /// Forwards this message.
    Forward(u64),
}

impl Beside<'_> {
    /// The message's fields for it, as Discord gives them back (resources/message; resources/poll; resources/sticker).
    fn fields(&self, world: &World) -> Value {
        match self {
            Self::Nothing | Self::Reply(_) | Self::File(_) => Value::Null,
            Self::Sticker(name) => json!({ "sticker_items": [{ "id": "1", "name": name, "format_type": 1 }] }),
            Self::Poll(question) => json!({ "poll": {
                "question": { "text": question },
                "answers": [{ "answer_id": 1, "poll_media": { "text": "Yes" } }, { "answer_id": 2, "poll_media": { "text": "No" } }],
                "expiry": payloads::time(world.now() + 86_400_000),
                "allow_multiselect": false,
                "layout_type": 1,
                "results": { "answer_counts": [], "is_finalized": false },
            } }),
            Self::Forward(id) => {
                let Some(message) = world.messages.get(id) else { return Value::Null };
                json!({
                    "message_reference": { "type": 1, "message_id": id.to_string(), "channel_id": message.channel.to_string() },
                    "message_snapshots": [{ "message": payloads::snapshot(message) }],
                })
            }
        }
    }
}

/// Ascending ids are ascending time.
fn visible_messages(world: &World, person: Id) -> Vec<&Message> {
    let Some(user) = world.users.get(&person) else { return Vec::new() };
    let mut found: Vec<&Message> = user
        .visible
        .iter()
        .filter_map(|channel| world.timeline.get(channel))
        .flatten()
        .filter_map(|id| world.messages.get(id))
        .filter(|message| world.can_see(person, message))
        .collect();
    found.sort_unstable_by_key(|message| message.id);
    found
}

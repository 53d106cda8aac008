//! A person at their client: types commands, presses buttons, fills boxes, reads. Offers only what a real client would let
//! them do, and says what was on the screen when it doesn't; `click_custom` and `OpenModal::forge` are the deliberate exceptions.

use super::interactions::{self, Act};
use super::modal::OpenModal;
use super::server::ChannelRef;
use super::view::{self, SeenMessage};
use super::world::{Id, Message, World};
use super::{Shared, rest, typing};
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

/// A message that pushed to somebody's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub place: String,
    /// The content, or the embed's text when there is none, as clients preview it.
    pub text: String,
    /// Sent with `SUPPRESS_NOTIFICATIONS`: shows a badge, makes no sound.
    pub silent: bool,
}

/// What came back for something that a person did.
#[derive(Clone, Debug)]
pub enum Heard {
    Modal(OpenModal),
    /// A reply that only they see.
    Private(SeenMessage),
    Public(SeenMessage),
    /// The message they pressed changed in place.
    Updated(SeenMessage),
    /// Suggestions: what is shown, what is sent.
    Choices(Vec<(String, String)>),
    /// "thinking…", or a press that was acknowledged without a change.
    Deferred,
    /// "The application did not respond."
    NoAnswer,
}

impl Heard {
    /// The modal, or a trouble that says what came instead.
    pub fn modal(self) -> Result<OpenModal, Trouble> {
        match self {
            Self::Modal(modal) => Ok(modal),
            other => Err(Trouble::NotThat { wanted: "a modal", got: other.to_string() }),
        }
    }

    /// The message, whoever may see it.
    pub fn message(self) -> Result<SeenMessage, Trouble> {
        match self {
            Self::Private(message) | Self::Public(message) | Self::Updated(message) => Ok(message),
            other => Err(Trouble::NotThat { wanted: "a message", got: other.to_string() }),
        }
    }

    pub fn private(self) -> Result<SeenMessage, Trouble> {
        match self {
            Self::Private(message) => Ok(message),
            other => Err(Trouble::NotThat { wanted: "a private reply", got: other.to_string() }),
        }
    }

    /// Everything readable in it.
    pub fn text(&self) -> String {
        match self {
            Self::Private(message) | Self::Public(message) | Self::Updated(message) => message.text.clone(),
            other => other.to_string(),
        }
    }

    /// Writes into the first field of the modal that opened, and submits it.
    pub async fn write(self, text: &str) -> Result<Self, Trouble> {
        self.modal()?.write(text).await
    }

    /// Fills the modal that opened, and submits it.
    pub async fn fill(self, fields: &[(&str, &str)]) -> Result<Self, Trouble> {
        self.modal()?.fill(fields).await
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Modal(modal) => write!(f, "{}", view::open_modal(modal)),
            Self::Private(message) => write!(f, "only for them: {message}"),
            Self::Public(message) => write!(f, "for all: {message}"),
            Self::Updated(message) => write!(f, "changed to: {message}"),
            Self::Choices(choices) => write!(f, "suggestions: {choices:?}"),
            Self::Deferred => f.write_str("an acknowledgement without a message"),
            Self::NoAnswer => f.write_str("\"The application did not respond\""),
        }
    }
}

/// Why somebody could not do what the story wanted, as the person would tell it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("there is no command \"{typed}\"; registered are: {known}")]
    NoSuchCommand { typed: String, known: String },
    #[error("/{command} cannot be used {place}: {why}")]
    NotHere { command: String, place: String, why: String },
    #[error("/{command} needs the option {option}")]
    MissingOption { command: String, option: String },
    #[error("/{command} has no option to take \"{typed}\"; it has: {known}")]
    NoSuchOption { command: String, typed: String, known: String },
    #[error("{option} does not take \"{value}\": {why}")]
    BadValue { option: String, value: String, why: String },
    #[error("{who} sees no button \"{label}\" to press; on the screen:\n{screen}")]
    NoSuchButton { who: String, label: String, screen: String },
    #[error("{who} sees no menu \"{menu}\" with that in it ({wanted}); on the screen:\n{screen}")]
    NoSuchMenu { who: String, menu: String, wanted: String, screen: String },
    #[error("{who} sees no such message; on the screen:\n{screen}")]
    NoSuchMessage { who: String, screen: String },
    #[error("{who} cannot see that place")]
    NoSuchPlace { who: String },
    #[error("the modal \"{title}\" has no field \"{field}\"; it has: {known}")]
    NoSuchField { title: String, field: String, known: String },
    #[error("the modal \"{title}\" stays open: \"{field}\" must be filled")]
    FieldMissing { title: String, field: String },
    #[error("the modal \"{title}\" stays open: \"{field}\" holds {units} of at most {max}")]
    FieldTooLong { title: String, field: String, units: usize, max: usize },
    #[error("the modal \"{title}\" stays open: \"{field}\" holds {units} of at least {min}")]
    FieldTooShort { title: String, field: String, units: usize, min: usize },
    #[error("wanted {wanted}, got {got}")]
    NotThat { wanted: &'static str, got: String },
    #[error("{who} waited for \"{text}\", but it never came; on the screen:\n{screen}")]
    NeverCame { who: String, text: String, screen: String },
    #[error("Discord refused what {who} typed: {why}")]
    Refused { who: String, why: String },
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

    pub(super) fn screen_text(&self) -> String {
        let all = self.screen();
        if all.is_empty() {
            return "(nothing)".to_owned();
        }
        all.iter().rev().take(6).rev().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    /// Waits, up to five real seconds, until this text stands on the screen, and gives the newest message with it.
    pub async fn sees(&self, text: &str) -> Result<SeenMessage, Trouble> {
        let look = |world: &mut World| {
            let seen = visible_messages(world, self.id).into_iter().rev().map(|message| view::seen(world, message));
            seen.into_iter().find(|seen| seen.to_string().contains(text))
        };
        let found = self.shared.until(Duration::from_secs(5), look).await;
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
        let body = json!({ "content": text });
        let result = rest::messages::say(&mut self.shared.world(), self.id, place.id(), &body);
        self.shared.tick();
        // The gateway's tasks get a turn, so that what was typed is on its way when this returns.
        tokio::task::yield_now().await;
        result.map_err(|why| Trouble::Refused { who: self.name(), why: why.to_string() })
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

/// Values of interactive parts, for `typing` and `modal`.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

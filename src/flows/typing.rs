//! What a person types in the DM with the bot: kept while a reflection is open, asked about while none is, edited and deleted as
//! they edit and delete it. Nothing is stored before a yes but the numbers of messages.

use super::journal::{self, Which};
use super::{Trouble, forgetting, queue, reflecting, retrying};
use crate::app::App;
use crate::domain::ids::{EntryId, MessageId, PersonId};
use crate::domain::journal::{Entry, Stretch};
use crate::domain::library::Exercise;
use crate::domain::notice::Notice;
use crate::domain::reflection::Sitting;
use crate::domain::typed::{Chat, Message, Part, Typed, is_of_burst};
use crate::store::typed::Place;
use crate::store::{self, Forgotten, Tx};

/// Ticks taken away at a time: of what was typed long ago they stay, as a request each is too much for a whole journal.
const UNTICKED: usize = 200;
/// People looked at in one transaction after a lost session.
const BATCH: usize = 100;

/// Somebody typed. Told again, it changes nothing.
pub async fn said(app: &App, message: &Message) -> Result<(), Trouble> {
    retrying!(said_once(app, message))
}

async fn said_once(app: &App, message: &Message) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    store::people::remember_dm(&mut tx, message.author, message.channel).await?;
    let mut chat = store::typed::chat(&mut tx, message.author).await?;
    if chat.behind.is_some() {
        // Its turn comes when what was typed before it is read from the history, where it stands, too.
        chat.awaited = chat.awaited.max(Some(message.id));
    } else {
        deal(app, &mut tx, &mut chat, message).await?;
    }
    store::typed::save_chat(&mut tx, &chat).await?;
    tx.commit().await?;
    Ok(())
}

async fn deal(app: &App, tx: &mut Tx, chat: &mut Chat, message: &Message) -> Result<(), Trouble> {
    if message.id <= chat.heard {
        return Ok(());
    }
    chat.heard = message.id;
    // Read in the history, for a yes, before it was told.
    if store::typed::find(tx, message.id).await?.is_some() {
        return Ok(());
    }
    let to = message.author;
    if message.besides && chat.refuses(message.id) {
        queue(app, tx, &Notice::OnlyWords { to }, app.now()).await?;
    }
    if message.words.expose().is_empty() {
        return Ok(());
    }
    let newest = store::sittings::newest(tx, to, 1).await?.pop();
    match newest.filter(|sitting| sitting.takes(message.id.moment())) {
        Some(sitting) => {
            let kind = app.library.reflection(&sitting.reflection).map(|reflection| reflection.kind);
            let entry = keep(app, tx, chat, Into { entry: sitting.entry, kind }, message).await?;
            if sitting.entry != Some(entry.id()) {
                type_into(app, tx, chat, &sitting, entry).await?;
            }
        }
        None if chat.asks(message.id) => {
            queue(app, tx, &Notice::KeepTyped { message: message.id, to }, app.now()).await?;
        }
        None => {}
    }
    Ok(())
}

async fn type_into(app: &App, tx: &mut Tx, chat: &Chat, sitting: &Sitting, entry: Kept) -> Result<(), Trouble> {
    store::sittings::type_into(tx, sitting.id, entry.id()).await?;
    queue(app, tx, &entry.told(chat.person), app.now()).await
}

/// Where the next message goes, as long as it fits there.
#[derive(Clone, Copy)]
struct Into {
    entry: Option<EntryId>,
    /// Of an entry that is begun.
    kind: Option<Exercise>,
}

/// Where a message went.
#[derive(Clone, Copy)]
enum Kept {
    Joined(EntryId),
    /// `first`: nothing else that this person typed is kept.
    Begun {
        entry: EntryId,
        first: bool,
    },
}

impl Kept {
    fn id(self) -> EntryId {
        match self {
            Self::Joined(entry) | Self::Begun { entry, .. } => entry,
        }
    }

    fn told(self, to: PersonId) -> Notice {
        Notice::Typed { entry: self.id(), to, first: matches!(self, Self::Begun { first: true, .. }) }
    }
}

async fn keep(app: &App, tx: &mut Tx, chat: &mut Chat, into: Into, message: &Message) -> Result<Kept, Trouble> {
    let (who, units, gone_at) = (message.author, message.words.units(), None);
    let part = Part { message: message.id, words: message.words.clone() };
    let standing = match into.entry {
        Some(entry) => typed(app, tx, who, entry).await?.and_then(|typed| Some((entry, typed.with(part)?))),
        None => None,
    };
    let kept = if let Some((entry, longer)) = standing {
        journal::rewrite(app, tx, who, entry, &longer.words()).await?;
        Kept::Joined(entry)
    } else {
        let first = !store::typed::any(tx, who).await?;
        let (id, words) = (EntryId(app.new_id()), message.words.clone());
        journal::add(app, tx, who, &Entry { id, kind: into.kind, written_at: app.now(), words }).await?;
        Kept::Begun { entry: id, first }
    };
    let place = Place { message: message.id, author: who, entry: kept.id(), units, gone_at };
    store::typed::save(tx, &place).await?;
    tick(app, tx, chat, message.id, true).await?;
    Ok(kept)
}

async fn tick(app: &App, tx: &mut Tx, chat: &mut Chat, message: MessageId, on: bool) -> Result<(), Trouble> {
    let due = chat.ticks(app.now());
    queue(app, tx, &Notice::Tick { message, to: chat.person, on }, due).await
}

/// An entry and its parts, unless it is gone or was not typed.
async fn typed(app: &App, tx: &mut Tx, who: PersonId, id: EntryId) -> Result<Option<Typed>, Trouble> {
    let places = store::typed::of_entry(tx, who, id).await?;
    if places.is_empty() {
        return Ok(None);
    }
    let Some(entry) = journal::entry_in(app, tx, who, id).await? else { return Ok(None) };
    let lengths: Vec<_> = places.iter().map(|place| (place.message, place.units)).collect();
    let typed = Typed::read(&entry.words, &lengths);
    typed.map(Some).ok_or_else(|| Trouble::Inconsistent("a text does not come apart into its parts".into()))
}

/// How far the DM was dealt with when its history is read for a yes: see [`keep_all`].
pub async fn heard(app: &App, who: PersonId) -> Result<MessageId, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::typed::chat(&mut tx, who).await?.heard)
}

/// What the DM's history has from a question's first message on.
#[derive(Debug)]
pub struct Found {
    pub first: MessageId,
    /// In order; those of others, of another time and those that are kept already are passed over.
    pub messages: Vec<Message>,
    /// Whether there may be more after them.
    pub more: bool,
    /// What [`heard`] said before the history was read.
    pub heard: MessageId,
}

/// What a yes came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yes {
    /// Into this entry; into further ones, too, which their author is told of.
    Kept { entry: EntryId, first: bool },
    /// All of it was kept before.
    Already,
    /// There is nothing of it in the chat any more.
    Nothing,
}

/// `Keep it`. Pressed twice, it finds the work done.
pub async fn keep_all(app: &App, who: PersonId, found: &Found) -> Result<Yes, Trouble> {
    retrying!(keep_all_once(app, who, found))
}

async fn keep_all_once(app: &App, who: PersonId, found: &Found) -> Result<Yes, Trouble> {
    let mut tx = app.store.begin().await?;
    let mut chat = store::typed::chat(&mut tx, who).await?;
    let of_burst = |message: &&Message| message.author == who && is_of_burst(found.first, message.id);
    let (mut into, mut yes) = (Into { entry: None, kind: None }, Yes::Nothing);
    for message in found.messages.iter().filter(of_burst).filter(|message| !message.words.expose().is_empty()) {
        if store::typed::find(&mut tx, message.id).await?.is_some() {
            yes = if yes == Yes::Nothing { Yes::Already } else { yes };
            continue;
        }
        let kept = keep(app, &mut tx, &mut chat, into, message).await?;
        into.entry = Some(kept.id());
        match (kept, yes) {
            (Kept::Begun { .. }, Yes::Kept { .. }) => queue(app, &mut tx, &kept.told(who), app.now()).await?,
            (Kept::Begun { entry, first }, _) => yes = Yes::Kept { entry, first },
            (Kept::Joined(_), _) => {}
        }
    }
    answered(app, &mut tx, &mut chat, found).await?;
    store::typed::save_chat(&mut tx, &chat).await?;
    tx.commit().await?;
    Ok(yes)
}

/// What is typed from now on is another question, and so is what was not read.
async fn answered(app: &App, tx: &mut Tx, chat: &mut Chat, found: &Found) -> Result<(), Trouble> {
    if chat.asked != Some(found.first) {
        return Ok(());
    }
    chat.asked = None;
    let newest = found.messages.iter().map(|message| message.id).max().unwrap_or(found.first);
    let came_meanwhile = chat.heard > found.heard && chat.heard > newest;
    let next = MessageId(newest.0 + 1);
    if (found.more || came_meanwhile) && is_of_burst(found.first, next) {
        chat.asked = Some(next);
        queue(app, tx, &Notice::KeepTyped { message: next, to: chat.person }, app.now()).await?;
    }
    Ok(())
}

/// Somebody edited what they typed. Discord says so of a link's preview, too: then nothing changed.
pub async fn edited(app: &App, message: &Message) -> Result<(), Trouble> {
    retrying!(edited_once(app, message))
}

async fn edited_once(app: &App, message: &Message) -> Result<(), Trouble> {
    let (who, id) = (message.author, message.id);
    let mut tx = app.store.begin().await?;
    let chat = store::typed::chat(&mut tx, who).await?;
    let Some(place) = store::typed::find(&mut tx, id).await?.filter(|place| place.author == who) else { return Ok(()) };
    let Some(typed) = typed(app, &mut tx, who, place.entry).await? else { return Ok(()) };
    if typed.part(id).is_none_or(|part| *part == message.words) {
        return Ok(());
    }
    if message.words.expose().is_empty() {
        // Only a picture is left of it.
        ask_whether_it_goes(app, &mut tx, &place).await?;
    } else if let Some(typed) = typed.replaced(&Part { message: id, words: message.words.clone() }) {
        journal::rewrite(app, &mut tx, who, place.entry, &typed.words()).await?;
        store::typed::save(&mut tx, &Place { units: message.words.units(), gone_at: None, ..place }).await?;
    } else {
        queue(app, &mut tx, &Notice::EditTooLong { message: id, to: who }, app.now()).await?;
    }
    store::typed::save_chat(&mut tx, &chat).await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody deleted what they typed, in the chat.
pub async fn deleted(app: &App, message: MessageId) -> Result<(), Trouble> {
    retrying!(deleted_once(app, message))
}

async fn deleted_once(app: &App, message: MessageId) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let Some(place) = store::typed::find(&mut tx, message).await? else { return Ok(()) };
    let chat = store::typed::chat(&mut tx, place.author).await?;
    ask_whether_it_goes(app, &mut tx, &place).await?;
    store::typed::save_chat(&mut tx, &chat).await?;
    tx.commit().await?;
    Ok(())
}

/// One question for an entry, however much of it was deleted in the chat.
async fn ask_whether_it_goes(app: &App, tx: &mut Tx, place: &Place) -> Result<(), Trouble> {
    if place.gone_at.is_some() {
        return Ok(());
    }
    let asked = store::typed::of_entry(tx, place.author, place.entry).await?.iter().any(|other| other.gone_at.is_some());
    store::typed::save(tx, &Place { gone_at: Some(app.now()), ..*place }).await?;
    if !asked {
        queue(app, tx, &Notice::GoneInChat { entry: place.entry, to: place.author }, app.now()).await?;
    }
    Ok(())
}

/// What `Delete it there, too` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// It was gone already.
    Nothing,
    /// `whole`: nothing else was in the entry. `from_disk`: as of any deletion.
    Deleted { whole: bool, from_disk: bool },
}

/// `Delete it there, too`: the entry loses what was deleted in the chat, or goes when nothing else is in it.
pub async fn delete_gone(app: &App, who: PersonId, entry: EntryId) -> Result<Gone, Trouble> {
    retrying!(delete_gone_once(app, who, entry))
}

async fn delete_gone_once(app: &App, who: PersonId, entry: EntryId) -> Result<Gone, Trouble> {
    let mut tx = app.store.begin().await?;
    let mut chat = store::typed::chat(&mut tx, who).await?;
    let gone = gone(&mut tx, who, entry).await?;
    let typed = if gone.is_empty() { None } else { typed(app, &mut tx, who, entry).await? };
    let Some(typed) = typed else { return Ok(Gone::Nothing) };
    let messages: Vec<MessageId> = gone.iter().map(|place| place.message).collect();
    let left = typed.without(&messages);
    if let Some(left) = &left {
        journal::rewrite(app, &mut tx, who, entry, &left.words()).await?;
        for message in &messages {
            store::typed::delete(&mut tx, *message).await?;
        }
    } else {
        store::entries::delete(&mut tx, who, entry).await?;
    }
    // One of which only a picture is left still stands in the chat.
    for message in messages {
        tick(app, &mut tx, &mut chat, message, false).await?;
    }
    store::typed::save_chat(&mut tx, &chat).await?;
    let promise = forgetting::promise(app, &mut tx).await?;
    tx.commit().await?;
    let from_disk = forgetting::forget(app, &[Forgotten::Entries], promise).await;
    Ok(Gone::Deleted { whole: left.is_none(), from_disk })
}

/// `Keep it`: the words stay, and the next deletion in the chat is a question again.
pub async fn keep_gone(app: &App, who: PersonId, entry: EntryId) -> Result<(), Trouble> {
    retrying!(keep_gone_once(app, who, entry))
}

async fn keep_gone_once(app: &App, who: PersonId, entry: EntryId) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let chat = store::typed::chat(&mut tx, who).await?;
    for place in gone(&mut tx, who, entry).await? {
        store::typed::save(&mut tx, &Place { gone_at: None, ..place }).await?;
    }
    store::typed::save_chat(&mut tx, &chat).await?;
    tx.commit().await?;
    Ok(())
}

async fn gone(tx: &mut Tx, who: PersonId, entry: EntryId) -> Result<Vec<Place>, Trouble> {
    let mut places = store::typed::of_entry(tx, who, entry).await?;
    places.retain(|place| place.gone_at.is_some());
    Ok(places)
}

/// What was typed into entries that are to be deleted, the newest of it.
pub(super) async fn messages_in(tx: &mut Tx, who: PersonId, which: Which) -> Result<Vec<MessageId>, Trouble> {
    Ok(match which {
        Which::One(entry) => store::typed::of_entry(tx, who, entry).await?.iter().map(|place| place.message).collect(),
        Which::In(stretch) => store::typed::in_stretch(tx, who, stretch, UNTICKED).await?,
        Which::All => store::typed::in_stretch(tx, who, Stretch::ALL, UNTICKED).await?,
    })
}

/// Part of the transaction that deleted entries, after it did: whoever keeps something takes the entry first and the DM then, too.
pub(super) async fn untick(app: &App, tx: &mut Tx, who: PersonId, messages: &[MessageId]) -> Result<(), Trouble> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut chat = store::typed::chat(tx, who).await?;
    for message in messages {
        tick(app, tx, &mut chat, *message, false).await?;
    }
    Ok(store::typed::save_chat(tx, &chat).await?)
}

/// Whether a message is in the journal: asked when a tick is set or taken away.
pub async fn is_kept(app: &App, message: MessageId) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::typed::find(&mut tx, message).await?.is_some())
}

/// Whether this entry is there and was typed.
pub async fn stands(app: &App, who: PersonId, entry: EntryId) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(!store::typed::of_entry(&mut tx, who, entry).await?.is_empty())
}

/// Whether it is still asked what becomes of what was deleted in the chat.
pub async fn is_gone_in_chat(app: &App, who: PersonId, entry: EntryId) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(!gone(&mut tx, who, entry).await?.is_empty())
}

/// Whether the question about what begins with this message stands.
pub async fn is_asked(app: &App, who: PersonId, message: MessageId) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::typed::chat(&mut tx, who).await?.asked == Some(message))
}

/// The session was lost: what people with an open reflection typed meanwhile is read from the history of their DMs, once.
pub async fn missed(app: &App) -> Result<(), Trouble> {
    let (since, mut after) = (reflecting::opened_since(app.now()), PersonId(i64::MIN));
    loop {
        let people = {
            let mut tx = app.store.read().await?;
            store::sittings::open_since(&mut tx, since, after, BATCH).await?
        };
        let Some(last) = people.last() else { return Ok(()) };
        after = *last;
        retrying!(missed_once(app, &people))?;
    }
}

async fn missed_once(app: &App, people: &[PersonId]) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    for person in people {
        let Some(sitting) = store::sittings::newest(&mut tx, *person, 1).await?.pop() else { continue };
        let mut chat = store::typed::chat(&mut tx, *person).await?;
        chat.missed(sitting.begun_at);
        store::typed::save_chat(&mut tx, &chat).await?;
        queue(app, &mut tx, &Notice::CatchUp { to: *person }, app.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// From where on a history is still to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    pub after: MessageId,
    awaited: Option<MessageId>,
}

/// `None`: there is nothing to catch up with.
pub async fn behind(app: &App, who: PersonId) -> Result<Option<Behind>, Trouble> {
    let mut tx = app.store.read().await?;
    let chat = store::typed::chat(&mut tx, who).await?;
    Ok(chat.behind.map(|after| Behind { after, awaited: chat.awaited }))
}

/// One message of a history, in its turn.
pub async fn said_before(app: &App, message: &Message) -> Result<(), Trouble> {
    retrying!(said_before_once(app, message))
}

async fn said_before_once(app: &App, message: &Message) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let mut chat = store::typed::chat(&mut tx, message.author).await?;
    if chat.behind.is_none() {
        // Given up meanwhile, or all of it deleted.
        return Ok(());
    }
    deal(app, &mut tx, &mut chat, message).await?;
    store::typed::save_chat(&mut tx, &chat).await?;
    tx.commit().await?;
    Ok(())
}

/// A stretch of a history was read.
#[derive(Clone, Copy, Debug)]
pub enum Read {
    /// Up to this message; more follows.
    UpTo(MessageId),
    /// To its end, as it was when [`behind`] said so.
    All(Behind),
    /// It cannot be read.
    GivenUp,
}

/// Whether the person is caught up with: nothing was typed meanwhile that is not read yet.
pub async fn caught_up(app: &App, who: PersonId, read: Read) -> Result<bool, Trouble> {
    retrying!(caught_up_once(app, who, read))
}

async fn caught_up_once(app: &App, who: PersonId, read: Read) -> Result<bool, Trouble> {
    let mut tx = app.store.begin().await?;
    let mut chat = store::typed::chat(&mut tx, who).await?;
    match read {
        Read::UpTo(message) => chat.behind = chat.behind.map(|behind| behind.max(message)),
        Read::All(then) if chat.awaited != then.awaited => {}
        Read::All(_) | Read::GivenUp => (chat.behind, chat.awaited) = (None, None),
    }
    store::typed::save_chat(&mut tx, &chat).await?;
    tx.commit().await?;
    Ok(chat.behind.is_none())
}

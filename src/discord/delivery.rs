//! Sends one notice: words it at this moment, asks once more whether the place may hold it, finds an own earlier message before
//! a late retry, and says how it went. What follows from that is the courier's.

mod board;
mod conversation;
mod pauses;
mod private;
mod redrawing;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::buttons::mark;
use super::card::Card;
use super::failure::Failure;
use super::payloads::{Channel, Subject};
use super::{Bot, cards, pictures, typed};
use crate::app::App;
use crate::domain::couple::{Couple, Home, NoChannel};
use crate::domain::ids::{ChannelId, CoupleId, MessageId, NoticeId, PersonId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::domain::proposal::{self, Proposal};
use crate::domain::round::{LOOK_AGAIN, Phase, Question, Shown};
use crate::domain::visibility::{Hold, Overwrite, VIEW_CHANNEL, may_read};
use crate::flows::conversing::Drawn;
use crate::flows::pieces::Mark;
use crate::flows::reading::{self, CardView};
use crate::flows::{Trouble, conversing, homes, nudging, pairing, pausing, proposals, scheduling, settings};

pub use self::board::Fate;

/// How far Discord's clock may run behind ours.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// How long something waits for a place that is shut to it.
const KNOCKS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One try at one notice.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    pub notice: NoticeId,
    /// This one included.
    pub number: u64,
    pub first_at: Timestamp,
    /// Whether it waited for the end of a pause.
    pub after_pause: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    Posted {
        channel: ChannelId,
        message: MessageId,
        /// What a prompt card showed when it was drawn; nothing when that is not known.
        shown: Option<Shown>,
    },
    /// The cards show this now.
    Edited(Shown),
    /// What became of the message of an item on the board.
    Item(Fate),
    /// A sheet of a conversation, with what it shows; nothing when that is not known.
    Sheet {
        channel: ChannelId,
        message: MessageId,
        shown: Option<Drawn>,
    },
    /// A sheet shows this now.
    SheetEdited(Drawn),
    /// A piece is drawn anew, as it was at this mark.
    Redrawn(Mark),
    /// A removal is done.
    Done,
    /// What it would say is no longer so, or there is nobody to say it to any more.
    Moot,
    Held(Hold),
    /// Not before then: a pause runs.
    Waits(Timestamp),
    /// Not before then: the place is not open to it yet.
    Shut(Timestamp),
    /// The place was not open to it for too long.
    ShutOut,
    /// This person's DMs are closed.
    Closed,
    Made(Result<ChannelId, NoChannel>),
    /// The couple's channel is not there any more.
    Gone(ChannelId),
}

#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    #[error(transparent)]
    Discord(#[from] Failure),
    #[error(transparent)]
    Flow(#[from] Trouble),
}

pub async fn deliver(app: &App, bot: &Bot, notice: &Notice, attempt: Attempt) -> Result<Delivered, Undelivered> {
    // Boxed: what words and sends is larger than a task's stack should carry.
    match Box::pin(worded(app, bot, notice, attempt)).await {
        // Its couple is forgotten, say: there is nothing to say any more.
        Err(Undelivered::Flow(Trouble::Refused(_))) => Ok(Delivered::Moot),
        Ok(Delivered::Shut(_)) if app.now().duration_since(attempt.first_at) >= KNOCKS => Ok(Delivered::ShutOut),
        done => done,
    }
}

/// It is tried again there later, as what somebody was told would go.
fn shut(app: &App) -> Delivered {
    app.now().saturating_add(LOOK_AGAIN).map_or(Delivered::Moot, Delivered::Shut)
}

async fn worded(app: &App, bot: &Bot, notice: &Notice, attempt: Attempt) -> Result<Delivered, Undelivered> {
    match notice {
        Notice::Typed { .. }
        | Notice::Tick { .. }
        | Notice::KeepTyped { .. }
        | Notice::OnlyWords { .. }
        | Notice::EditTooLong { .. }
        | Notice::GoneInChat { .. }
        | Notice::CatchUp { .. } => typed::deliver(app, bot, notice, attempt).await,
        Notice::Invitation { invitation } => {
            let Some(invitation) = still(pairing::waiting(app, *invitation).await)? else { return Ok(Delivered::Moot) };
            let card = cards::invitation(&invitation, &bot.owners_among(invitation.inviter)).content("An invitation for you.");
            dm(app, bot, invitation.invitee, &card, attempt).await
        }
        Notice::MakeHome { couple } => make_home(app, bot, *couple, attempt).await,
        Notice::Welcome { couple, place, no_channel, .. } => {
            let couple = homes::look(app, *couple).await?;
            if couple.left.is_some() || !couple.places().contains(place) {
                return Ok(Delivered::Moot);
            }
            let administrators = match couple.home {
                Home::Channel(_) => administrators(bot, &couple).await,
                _ => None,
            };
            say(app, bot, &couple, *place, &cards::welcome(&couple, administrators, *no_channel), attempt).await
        }
        Notice::Card { round, place } => card(app, bot, *round, *place, attempt).await,
        Notice::CardEdit { round, only_in } => card_edit(app, bot, *round, *only_in, attempt).await,
        Notice::CardRemoval { round, only_in } => card_removal(app, bot, *round, *only_in).await,
        Notice::Reveal { round, place } => reveal(app, bot, *round, *place, attempt).await,
        Notice::RevealByDm { round, to } => {
            let Some(view) = still(reading::reveal(app, *round).await)? else { return Ok(Delivered::Moot) };
            let picture = pictures::of_reveal(&view).await;
            dm(app, bot, *to, &cards::reveal_post(&view, picture, Some(*to)), attempt).await
        }
        Notice::Nudge { round, to } => {
            if !nudging::still(app, *round, *to).await? {
                return Ok(Delivered::Moot);
            }
            let nudges = settings::person(app, *to).await?.nudges;
            dm(app, bot, *to, &cards::checkins::nudge(*round, nudges), attempt).await
        }
        Notice::Reflection { sitting, to } => private::reflection(app, bot, *sitting, *to, attempt).await,
        Notice::JournalFiles { to, part } => private::journal_files(app, bot, *to, part, attempt).await,
        Notice::Passage { passage, place, channel } => private::passage(app, bot, *passage, *place, *channel, attempt).await,
        Notice::NotShared { couple, to, why } => {
            private::not_posted(app, bot, *couple, *to, *why, attempt, cards::sharing::not_shown).await
        }
        Notice::Item { item, place } => board::item(app, bot, *item, *place, attempt).await,
        Notice::ItemEdit { item } => board::edit(app, bot, *item, false, attempt).await,
        Notice::ItemNotPosted { couple, to, why } => {
            private::not_posted(app, bot, *couple, *to, *why, attempt, cards::board::not_posted).await
        }
        Notice::Schedule { couple, place, news } => {
            let view = scheduling::look(app, *couple).await?;
            let Some(card) = cards::checkins::news(&view, *news, *place) else { return Ok(Delivered::Moot) };
            if view.couple.left.is_some() || !view.couple.places().contains(place) {
                return Ok(Delivered::Moot);
            }
            say(app, bot, &view.couple, *place, &card, attempt).await
        }
        Notice::Paused { couple, place, since, .. } => pauses::card(app, bot, *couple, *place, *since, attempt).await,
        Notice::PauseEdit { couple, since, .. } => pauses::edit(app, bot, *couple, *since, attempt).await,
        Notice::Back { couple, place } => pauses::back(app, bot, *couple, *place, attempt).await,
        Notice::Rhythm { couple, to } => {
            let view = scheduling::look(app, *couple).await?;
            if view.couple.left.is_some() || view.schedule.is_none_or(|schedule| schedule.resting) {
                return Ok(Delivered::Moot);
            }
            dm(app, bot, *to, &cards::checkins::rhythm(&view.couple, *to), attempt).await
        }
        Notice::Turn { .. }
        | Notice::SheetEdit { .. }
        | Notice::Closing { .. }
        | Notice::Repair { .. }
        | Notice::Feeling { .. }
        | Notice::FollowUp { .. } => conversation::deliver(app, bot, notice, attempt).await,
        Notice::SheetRemoval { channel, message, .. } => match bot.rest.delete_message(*channel, *message).await {
            Err(Failure::MissingAccess { .. }) => Ok(shut(app)),
            done => standing(done).map(|()| Delivered::Done),
        },
        Notice::Redraw { piece } => redrawing::redraw(app, bot, *piece, attempt).await,
        Notice::Held { round, to } => held(app, bot, *round, *to, attempt).await,
        Notice::Proposed { couple, kind, to } => proposed(app, bot, *couple, *kind, *to, attempt).await,
        Notice::HomeLost { couple, to } => {
            let couple = homes::look(app, *couple).await?;
            if couple.left.is_some() || couple.home != Home::Nowhere {
                return Ok(Delivered::Moot);
            }
            dm(app, bot, *to, &cards::home_lost(couple.id), attempt).await
        }
        Notice::Export { to, part, after } => private::export(app, bot, *to, *part, *after, attempt).await,
    }
}

async fn card_edit(
    app: &App,
    bot: &Bot,
    round: RoundId,
    only_in: Option<Place>,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let view = edit_cards(app, bot, round, only_in, attempt).await?;
    Ok(view.map_or(Delivered::Moot, |view| Delivered::Edited(view.round.shown(view.line))))
}

async fn card_removal(app: &App, bot: &Bot, round: RoundId, only_in: Option<Place>) -> Result<Delivered, Undelivered> {
    let posts = reading::card_posts(app, round).await?;
    for post in posts.iter().filter(|post| only_in.is_none_or(|place| place == post.place)) {
        standing(bot.rest.delete_message(post.channel, post.message).await)?;
    }
    Ok(Delivered::Done)
}

/// What takes both, brought to the one who is asked.
async fn proposed(
    app: &App,
    bot: &Bot,
    couple: CoupleId,
    kind: proposal::Kind,
    to: PersonId,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let couple = homes::look(app, couple).await?;
    let Some(proposed) = proposals::on_table(app, couple.id, kind).await? else { return Ok(Delivered::Moot) };
    if couple.left.is_some() || proposed.by == to {
        return Ok(Delivered::Moot);
    }
    let upcoming = match &proposed.proposal {
        Proposal::Schedule { slot } => {
            let schedule = scheduling::look(app, couple.id).await?.schedule;
            scheduling::would_come(&couple, slot, schedule.as_ref(), app.now())
        }
        _ => Vec::new(),
    };
    let card = cards::proposed(&couple, &proposed, &upcoming, to);
    if let Home::Channel(_) = couple.home {
        let said = say(app, bot, &couple, Place::Channel, &card, attempt).await?;
        if !matches!(said, Delivered::Held(_) | Delivered::Gone(_)) {
            return Ok(said);
        }
    }
    // Where the channel is shut, a DM is the way to say that another place is wanted.
    dm(app, bot, to, &card, attempt).await
}

/// What there is to say, unless it is no longer so.
pub(super) fn still<T>(view: Result<T, Trouble>) -> Result<Option<T>, Undelivered> {
    match view {
        Ok(view) => Ok(Some(view)),
        Err(Trouble::Refused(_)) => Ok(None),
        Err(trouble) => Err(trouble.into()),
    }
}

/// A message that somebody removed, or in a place that is shut to us, cannot be edited or removed, and need not be.
fn standing(done: Result<(), Failure>) -> Result<(), Undelivered> {
    match done {
        Err(Failure::UnknownMessage | Failure::UnknownChannel | Failure::MissingAccess { .. } | Failure::ClosedDms) => Ok(()),
        done => Ok(done?),
    }
}

async fn card(app: &App, bot: &Bot, round: RoundId, place: Place, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Some(view) = still(reading::card(app, round).await)? else { return Ok(Delivered::Moot) };
    if view.couple.left.is_some() {
        return Ok(Delivered::Moot);
    }
    // What an earlier attempt posted showed the round as it was then: it is brought up to date once it is settled.
    if let Some(posted) = stands_already(app, bot, &view, place, attempt).await? {
        return Ok(posted);
    }
    if !view.round.awaits_answers() {
        return Ok(Delivered::Moot);
    }
    let private = matches!(view.round.question, Question::Own { .. });
    if let Some(outcome) = may_hold(app, bot, &view.couple, place, private).await? {
        return Ok(outcome);
    }
    let shown = Some(view.round.shown(view.line));
    Ok(match say(app, bot, &view.couple, place, &cards::prompt(&view, Some(place)), attempt).await? {
        Delivered::Posted { channel, message, .. } => Delivered::Posted { channel, message, shown },
        other => other,
    })
}

/// Brings them up to date, or the one in that place. `None`: it is left as it is.
async fn edit_cards(
    app: &App,
    bot: &Bot,
    round: RoundId,
    only_in: Option<Place>,
    attempt: Attempt,
) -> Result<Option<CardView>, Undelivered> {
    let Some(view) = still(reading::card(app, round).await)? else { return Ok(None) };
    // In a couple that ended an edit would be an alarm.
    if view.couple.left.is_some() {
        return Ok(None);
    }
    let body = cards::prompt(&view, None).edited(attempt.notice);
    let posts = reading::card_posts(app, round).await?;
    for post in posts.iter().filter(|post| only_in.is_none_or(|place| place == post.place)) {
        standing(bot.rest.edit_message(post.channel, post.message, &body).await)?;
    }
    Ok(Some(view))
}

/// An earlier attempt's post, looked for before anything else is asked: whoever can see the channel by now, and wherever the
/// couple lives by now, what stands must not be posted a second time.
async fn stands_already(
    app: &App,
    bot: &Bot,
    view: &CardView,
    place: Place,
    attempt: Attempt,
) -> Result<Option<Delivered>, Undelivered> {
    if attempt.number == 1 {
        return Ok(None);
    }
    let mut channels = Vec::new();
    match (place, view.couple.home) {
        (Place::Dm(person), _) => channels.extend(homes::dm(app, person).await?),
        (Place::Channel, home) => {
            if let Home::Channel(channel) = home {
                channels.push(channel);
            }
            let cards = reading::card_posts(app, view.round.id).await?;
            channels.extend(cards.iter().filter(|post| post.place == Place::Channel).map(|post| post.channel));
            channels.dedup();
        }
    }
    for channel in channels {
        if let Some(message) = stands_in(bot, channel, attempt).await? {
            return Ok(Some(Delivered::Posted { channel, message, shown: None }));
        }
    }
    Ok(None)
}

async fn stands_in(bot: &Bot, channel: ChannelId, attempt: Attempt) -> Result<Option<MessageId>, Undelivered> {
    match earlier(bot, channel, attempt).await {
        Err(Failure::UnknownChannel | Failure::MissingAccess { .. } | Failure::ClosedDms) => Ok(None),
        found => Ok(found?),
    }
}

async fn reveal(app: &App, bot: &Bot, round: RoundId, place: Place, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Some(view) = still(reading::reveal(app, round).await)? else { return Ok(Delivered::Moot) };
    if let Some(posted) = stands_already(app, bot, &view.card, place, attempt).await? {
        return Ok(posted);
    }
    // It opened, and could not be brought before somebody called a pause.
    if let Some(until) = pausing::paused_until(app, view.card.couple.id).await? {
        return Ok(Delivered::Waits(until));
    }
    if let Some(outcome) = may_hold(app, bot, &view.card.couple, place, true).await? {
        return Ok(outcome);
    }
    let to = match place {
        Place::Channel => None,
        Place::Dm(person) => Some(person),
    };
    let picture = pictures::of_reveal(&view).await;
    let mut card = cards::reveal_post(&view, picture, to);
    // The return calls both in the same moment.
    card.silent |= attempt.after_pause;
    say(app, bot, &view.card.couple, place, &card, attempt).await
}

/// P6: before private words go into a channel, who can see it, and are both still there?
async fn may_hold(app: &App, bot: &Bot, couple: &Couple, place: Place, private: bool) -> Result<Option<Delivered>, Undelivered> {
    let Place::Channel = place else { return Ok(None) };
    let Home::Channel(channel) = couple.home else { return Ok(Some(Delivered::Held(Hold::ChannelGone))) };
    if !private {
        return Ok(None);
    }
    let known = if bot.hears(couple.server) { homes::known_overwrites(app, channel).await? } else { None };
    let overwrites = match known {
        Some(overwrites) => overwrites,
        None => match bot.rest.channel(channel).await {
            Ok(found) => overwrites(&found),
            Err(Failure::UnknownChannel) => return Ok(Some(Delivered::Gone(channel))),
            Err(Failure::MissingAccess { .. }) => return Ok(Some(Delivered::Held(Hold::NoAccess))),
            Err(failure) => return Err(failure.into()),
        },
    };
    if let Err(hold) = may_read(&overwrites, couple.server.0, couple.people(), bot.me) {
        // Whoever gives the bot a permission that it lacks may well have let in its own role, which nobody else can have.
        let others = without_own_role(bot, couple, overwrites).await?;
        if may_read(&others, couple.server.0, couple.people(), bot.me).is_err() {
            return Ok(Some(Delivered::Held(hold)));
        }
    }
    for person in couple.people() {
        match bot.rest.member(couple.server, person).await {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Some(Delivered::Held(Hold::NotBothThere))),
            Err(Failure::MissingAccess { .. }) => return Ok(Some(Delivered::Held(Hold::NoAccess))),
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(None)
}

/// The overwrites but for those of the bot's own role. Where the roles cannot be read, all of them.
async fn without_own_role(bot: &Bot, couple: &Couple, overwrites: Vec<Overwrite>) -> Result<Vec<Overwrite>, Undelivered> {
    let roles = match bot.rest.roles(couple.server).await {
        Ok(roles) => roles,
        Err(Failure::MissingAccess { .. }) => return Ok(overwrites),
        Err(failure) => return Err(failure.into()),
    };
    let own = |id: i64| roles.iter().any(|role| role.id.0 == id && role.tags.bot_id == Some(bot.me));
    Ok(overwrites.into_iter().filter(|overwrite| !own(overwrite.id)).collect())
}

/// A channel's overwrites in our own form.
pub fn overwrites(channel: &Channel) -> Vec<Overwrite> {
    channel
        .overwrites
        .iter()
        .map(|overwrite| {
            let id = match overwrite.subject {
                Subject::Role(role) => role.0,
                Subject::Member(person) => person.0,
            };
            Overwrite { id, allow: overwrite.allow, deny: overwrite.deny }
        })
        .collect()
}

async fn held(app: &App, bot: &Bot, round: RoundId, to: PersonId, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let Some(view) = still(reading::card(app, round).await)? else { return Ok(Delivered::Moot) };
    let hold = match view.round.phase {
        // What follows the reveal may be held, too.
        Phase::Revealed { hold, .. } => hold.or(conversing::by_itself::held(app, round).await?),
        Phase::Asking { .. } => view.round.card_hold,
        _ => None,
    };
    let Some(hold) = hold.filter(|_| view.couple.left.is_none()).map(|held| held.why) else { return Ok(Delivered::Moot) };
    let missing = if hold == Hold::NoAccess { missing_permissions(bot, &view.couple).await } else { String::new() };
    dm(app, bot, to, &cards::held(round, hold, &missing), attempt).await
}

/// What Duet needs in a home (topics/permissions): View Channel, Send Messages, Embed Links, Read Message History.
const NEEDED: [(u64, &str); 4] = [
    (VIEW_CHANNEL, "*View Channel*"),
    (1 << 11, "*Send Messages*"),
    (1 << 14, "*Embed Links*"),
    (1 << 16, "*Read Message History*"),
];

/// Which of them the channel's overwrites deny to the bot, as far as that can be seen.
async fn missing_permissions(bot: &Bot, couple: &Couple) -> String {
    let Home::Channel(channel) = couple.home else { return NEEDED[1].1.to_owned() };
    let Ok(found) = bot.rest.channel(channel).await else { return NEEDED[0].1.to_owned() };
    let denied = found
        .overwrites
        .iter()
        .filter(|overwrite| overwrite.subject == Subject::Member(bot.me))
        .fold(0, |bits, overwrite| bits | overwrite.deny);
    let missing: Vec<_> = NEEDED.iter().filter(|(bit, _)| denied & bit != 0).map(|(_, name)| *name).collect();
    if missing.is_empty() { NEEDED[1].1.to_owned() } else { missing.join(" and ") }
}

/// A message in one of the couple's places.
async fn say(
    app: &App,
    bot: &Bot,
    couple: &Couple,
    place: Place,
    card: &Card,
    attempt: Attempt,
) -> Result<Delivered, Undelivered> {
    let channel = match place {
        Place::Dm(person) => return dm(app, bot, person, card, attempt).await,
        Place::Channel => match couple.home {
            Home::Channel(channel) => channel,
            _ => return Ok(Delivered::Held(Hold::ChannelGone)),
        },
    };
    let card = in_their_hours(app, &couple.people(), card).await?;
    let mut posted = post(bot, channel, &card, attempt).await;
    if card.picture.is_some() && matches!(posted, Err(Failure::MissingAccess { .. })) {
        // It may be Attach Files alone that is missing: that holds up no reveal.
        posted = post(bot, channel, &card.unpictured(), attempt).await;
    }
    match posted {
        Ok(message) => Ok(Delivered::Posted { channel, message, shown: None }),
        Err(Failure::UnknownChannel) => Ok(Delivered::Gone(channel)),
        Err(Failure::MissingAccess { .. }) => Ok(Delivered::Held(Hold::NoAccess)),
        Err(failure) => Err(failure.into()),
    }
}

pub(super) async fn dm(app: &App, bot: &Bot, person: PersonId, card: &Card, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let card = in_their_hours(app, &[person], card).await?;
    let mut known = homes::dm(app, person).await?;
    loop {
        let channel = match known {
            Some(channel) => channel,
            None => match bot.rest.open_dm(person).await {
                Ok(channel) => {
                    homes::remember_dm(app, person, channel).await?;
                    channel
                }
                Err(Failure::ClosedDms | Failure::UnknownMember) => return Ok(Delivered::Closed),
                Err(failure) => return Err(failure.into()),
            },
        };
        return match post(bot, channel, &card, attempt).await {
            Ok(message) => Ok(Delivered::Posted { channel, message, shown: None }),
            // The DM that was remembered is no more: open it anew, once.
            Err(Failure::UnknownChannel) if known.take().is_some() => continue,
            Err(Failure::ClosedDms | Failure::MissingAccess { .. } | Failure::UnknownChannel) => Ok(Delivered::Closed),
            Err(failure) => Err(failure.into()),
        };
    }
}

/// In the quiet hours of any of those who are notified, a message makes no sound.
async fn in_their_hours(app: &App, people: &[PersonId], card: &Card) -> Result<Card, Undelivered> {
    let mut card = card.clone();
    for person in people {
        card.silent |= settings::person(app, *person).await?.rests_at(app.now());
    }
    Ok(card)
}

/// Posts once. Any retry first looks for an own message that carries this notice's name; the nonce folds what that may miss, a
/// repeat within Discord's "past few minutes" (resources/message).
async fn post(bot: &Bot, channel: ChannelId, card: &Card, attempt: Attempt) -> Result<MessageId, Failure> {
    if attempt.number > 1
        && let Some(earlier) = earlier(bot, channel, attempt).await?
    {
        return Ok(earlier);
    }
    bot.rest.post_message(channel, &card.posted(attempt.notice)).await
}

/// Pages of a channel's history that are read in the search for one message: 1,000 messages.
const PAGES: usize = 10;

async fn earlier(bot: &Bot, channel: ChannelId, attempt: Attempt) -> Result<Option<MessageId>, Failure> {
    let name = mark(attempt.notice);
    let mut after = MessageId::first_of(attempt.first_at.saturating_sub(SKEW).unwrap_or(attempt.first_at));
    for _ in 0..PAGES {
        let page = bot.rest.messages_after(channel, after, 100).await?;
        let own = page.iter().find(|message| message.author == bot.me && message.custom_ids.iter().any(|id| id.ends_with(&name)));
        if let Some(own) = own {
            return Ok(Some(own.id));
        }
        match page.iter().map(|message| message.id).max() {
            Some(newest) if page.len() == 100 => after = newest,
            _ => break,
        }
    }
    Ok(None)
}

/// The private channel: found again by the tag in its topic, or made with all its overwrites at once.
async fn make_home(app: &App, bot: &Bot, couple: CoupleId, attempt: Attempt) -> Result<Delivered, Undelivered> {
    let couple = homes::look(app, couple).await?;
    if couple.left.is_some() || couple.home != Home::Making {
        return Ok(Delivered::Moot);
    }
    let tag = format!("duet {}", attempt.notice);
    if attempt.number > 1 {
        match bot.rest.guild_channels(couple.server).await {
            Ok(channels) => {
                let own = channels.iter().find(|channel| channel.topic.as_deref().is_some_and(|topic| topic.contains(&tag)));
                if let Some(own) = own {
                    homes::seen_new(app, own.id, couple.server, &overwrites(own)).await?;
                    return Ok(Delivered::Made(Ok(own.id)));
                }
            }
            Err(Failure::MissingAccess { .. }) => return Ok(Delivered::Made(Err(NoChannel::MayNot))),
            Err(failure) => return Err(failure.into()),
        }
    }
    let allowed = NEEDED.iter().fold(0, |bits, (bit, _)| bits | bit);
    let admit = |id: PersonId| json!({ "id": id.to_string(), "type": 1, "allow": allowed.to_string(), "deny": "0" });
    let [one, other] = couple.people();
    let body = json!({
        "name": "our-place",
        "type": 0,
        "topic": format!("A place for two. ({tag})"),
        "permission_overwrites": [
            { "id": couple.server.to_string(), "type": 0, "allow": "0", "deny": VIEW_CHANNEL.to_string() },
            admit(one), admit(other), admit(bot.me),
        ],
    });
    match bot.rest.create_channel(couple.server, &body).await {
        Ok(made) => {
            homes::seen_new(app, made.id, couple.server, &overwrites(&made)).await?;
            Ok(Delivered::Made(Ok(made.id)))
        }
        Err(Failure::MissingAccess { .. }) => Ok(Delivered::Made(Err(NoChannel::MayNot))),
        Err(Failure::NoRoom { code: 60_003 }) => Ok(Delivered::Made(Err(NoChannel::TwoFactor))),
        Err(Failure::NoRoom { .. }) => Ok(Delivered::Made(Err(NoChannel::Full))),
        Err(failure) => Err(failure.into()),
    }
}

/// At most how many people besides the two can look into any channel of their server; `None` when it cannot be counted.
/// Somebody with two such roles is counted twice: it errs towards more.
async fn administrators(bot: &Bot, couple: &Couple) -> Option<u64> {
    const ADMINISTRATOR: u64 = 1 << 3;
    let server = bot.rest.guild(couple.server).await.ok()?;
    let roles: Vec<_> = server.roles.iter().filter(|role| role.permissions & ADMINISTRATOR != 0).map(|role| role.id).collect();
    let mut count = u64::from(!couple.people().contains(&server.owner));
    if !roles.is_empty() {
        let counts = bot.rest.role_member_counts(couple.server).await.ok()?;
        count += counts.iter().filter(|(role, _)| roles.contains(role)).map(|(_, members)| members).sum::<u64>();
        let [one, other] = couple.people();
        for person in [one, other, bot.me] {
            if let Ok(Some(member)) = bot.rest.member(couple.server, person).await {
                let own = u64::try_from(member.roles.iter().filter(|role| roles.contains(role)).count()).unwrap_or_default();
                count = count.saturating_sub(own);
            }
        }
    }
    Some(count)
}

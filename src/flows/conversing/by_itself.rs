//! What happens to a conversation without a press: it begins with the reveal, steps are left, a new prompt comes, sheets are
//! posted, edited, held and tried again.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::standing::{Call, Shown, unsent};
use super::{ConversationView, Drawn, kept, viewed};
use crate::app::App;
use crate::domain::conversation::{Conversation, Line, Posting, Sheet, What};
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, NoticeId, PersonId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::domain::pause::Shift;
use crate::domain::piece::Piece;
use crate::domain::round::{LOOK_AGAIN, Round};
use crate::domain::visibility::{Held, Hold};
use crate::flows::{Trouble, couple, pausing, queue};
use crate::store::posts::{Kind, Post};
use crate::store::{self, Tx};

/// Part of the transaction that opens a round: its conversation begins.
pub(in crate::flows) async fn begin(app: &App, tx: &mut Tx, round: &Round) -> Result<(), Trouble> {
    if !round.may_be_read() {
        return Ok(());
    }
    let couple = couple(tx, round.couple).await?;
    let before = store::conversations::listened_first(tx, round.couple).await?;
    let second = round.partners[usize::from(round.first == 0)];
    let names = (round.id, round.couple, round.partners);
    let conversation = Conversation::begun(names, second, before, couple.length, app.now());
    // A round that opened before has its conversation.
    store::conversations::insert(tx, &conversation).await?;
    Ok(())
}

/// A step was left for a day.
pub async fn left(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let Some((conversation, couple)) = found(tx, id).await? else { return Ok(()) };
    let places = conversation.places(couple.places());
    let step = conversation.lapsed(&places, app.now());
    kept(app, tx, step, &couple).await.map(drop)
}

/// A week after a plan was made.
pub async fn follow_up(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let Some((conversation, _)) = found(tx, id).await? else { return Ok(()) };
    let Some(to) = conversation.planner() else { return Ok(()) };
    queue(app, tx, &Notice::FollowUp { round: id, to }, app.now()).await
}

/// A new prompt came to this couple: what they were talking about is closed.
pub(in crate::flows) async fn replace(app: &App, tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    for conversation in store::conversations::live(tx, couple.id).await? {
        let places = conversation.places(couple.places());
        let step = conversation.replaced(&places, app.now());
        kept(app, tx, step, couple).await?;
    }
    Ok(())
}

/// A pause moves the steps that wait.
pub(in crate::flows) async fn shift(app: &App, tx: &mut Tx, couple: &Couple, shift: Shift) -> Result<(), Trouble> {
    for conversation in store::conversations::live(tx, couple.id).await? {
        kept(app, tx, conversation.shifted(shift), couple).await?;
    }
    Ok(())
}

/// Until when what is said of it waits.
pub async fn paused_until(app: &App, id: RoundId) -> Result<Option<Timestamp>, Trouble> {
    let mut tx = app.store.read().await?;
    let Some((_, couple)) = found(&mut tx, id).await? else { return Ok(None) };
    pausing::until(&mut tx, couple.id, app.now()).await
}

/// Those in which a step waits, oldest first.
pub(in crate::flows) async fn begun(tx: &mut Tx, couple: CoupleId) -> Result<Vec<RoundId>, Trouble> {
    let live = store::conversations::live(tx, couple).await?;
    Ok(live.into_iter().filter(|conversation| conversation.stage().is_some()).map(|conversation| conversation.round).collect())
}

/// A partner leaves: without a word.
pub(in crate::flows) async fn part(app: &App, tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    for conversation in store::conversations::live(tx, couple.id).await? {
        let step = conversation.parted(app.now());
        kept(app, tx, step, couple).await?;
    }
    Ok(())
}

/// A sheet as it is to be posted now.
#[derive(Clone, Debug)]
pub struct Posted {
    pub view: ConversationView,
    pub posting: Posting,
}

/// `None`: there is nobody to say it to any more.
pub async fn to_post(app: &App, call: Call) -> Result<Option<Posted>, Trouble> {
    let Call { round: id, sheet, turn, place, .. } = call;
    let mut tx = app.store.read().await?;
    let Some((conversation, couple)) = found(&mut tx, id).await? else { return Ok(None) };
    let posts = store::posts::all(&mut tx, id, Kind::Sheet(sheet)).await?;
    let whole = Shown::of(&mut tx, id).await?.has_all(&conversation, sheet);
    let overtaken = call.is_overtaken(&mut tx).await?;
    let view = viewed(app, &mut tx, conversation, couple).await?;
    // One that is past and stands anywhere, whole, need not be brought along.
    let is_past = sheet != view.conversation.course.sheet;
    let here = |post: &Post| post.place == place && view.lives_in(post);
    let stands = if is_past { !posts.is_empty() && whole } else { posts.iter().any(here) };
    let posting = view.conversation.posting(sheet, turn, stands);
    let posting = if overtaken || view.left(place) { Posting::Moot } else { posting };
    Ok(Some(Posted { view, posting }))
}

/// A sheet as it stands, with where it stands.
pub async fn to_edit(app: &App, id: RoundId, sheet: Sheet) -> Result<Option<(ConversationView, Vec<Post>)>, Trouble> {
    let mut tx = app.store.read().await?;
    let Some((conversation, couple)) = found(&mut tx, id).await? else { return Ok(None) };
    let posts = store::posts::all(&mut tx, id, Kind::Sheet(sheet)).await?;
    Ok(Some((viewed(app, &mut tx, conversation, couple).await?, posts)))
}

/// Whether something was said in it that does not stand yet where it belongs.
pub async fn has_more_to_show(app: &App, id: RoundId) -> Result<bool, Trouble> {
    let mut tx = app.store.read().await?;
    let Some((conversation, _)) = found(&mut tx, id).await? else { return Ok(false) };
    let shows = |notice: &Notice| matches!(notice, Notice::Turn { .. } | Notice::SheetEdit { .. });
    Ok(conversation.course.hold.is_some() || unsent(&mut tx, id).await?.iter().any(|(_, notice)| shows(notice)))
}

/// If somebody is still to be asked how it left them: with whom it was.
pub async fn asks_how_it_felt(app: &App, id: RoundId, who: PersonId) -> Result<Option<PersonId>, Trouble> {
    let mut tx = app.store.read().await?;
    let found = found(&mut tx, id).await?;
    Ok(found.filter(|(conversation, _)| conversation.asks_how_it_felt(who)).map(|(conversation, _)| conversation.other(who)))
}

/// A sheet for drawing it anew, with where it stands and what that will have been drawn from. Once the couple ended: what stood of it by
/// then.
pub async fn to_redraw(app: &App, id: RoundId, sheet: Sheet) -> Result<Option<(ConversationView, Vec<Post>, Drawn)>, Trouble> {
    let mut tx = app.store.read().await?;
    let Some(conversation) = store::conversations::load(&mut tx, id).await? else { return Ok(None) };
    let couple = couple(&mut tx, conversation.couple).await?;
    let posts = store::posts::all(&mut tx, id, Kind::Sheet(sheet)).await?;
    let view = viewed(app, &mut tx, conversation, couple).await?;
    let drawn = view.drawn(sheet);
    let view = if view.couple.left.is_some() { view.standing(&Shown::of(&mut tx, id).await?) } else { view };
    Ok(Some((view, posts, drawn)))
}

/// The conversation as it is now; `None` once the couple ended.
pub async fn look(app: &App, id: RoundId) -> Result<Option<ConversationView>, Trouble> {
    let mut tx = app.store.read().await?;
    let Some((conversation, couple)) = found(&mut tx, id).await? else { return Ok(None) };
    Ok(Some(viewed(app, &mut tx, conversation, couple).await?))
}

/// The plan that is asked about, if its words still stand.
pub async fn plan(app: &App, id: RoundId) -> Result<Option<ConversationView>, Trouble> {
    let Some(view) = look(app, id).await? else { return Ok(None) };
    let planned = |what| matches!(what, What::Said(crate::domain::conversation::Said::Plan));
    let stands = view.lines.iter().any(|line| planned(line.line.what) && line.words.is_some());
    Ok(stands.then_some(view))
}

/// A sheet stands in its place. `shown`: what it shows; if that is no longer so, or not known, it is brought up to date.
pub async fn posted(app: &App, tx: &mut Tx, id: RoundId, sheet: Sheet, post: Post, shown: Option<Drawn>) -> Result<(), Trouble> {
    store::conversations::take(tx, id).await?;
    if let Some(other) = store::posts::find(tx, id, Kind::Sheet(sheet), post.place).await?
        && other.message != post.message
    {
        // Of two that went out side by side the newer stays, whichever is heard of first.
        let (newer, older) = if other.message > post.message { (other, post) } else { (post, other) };
        let (channel, message) = (older.channel, older.message);
        queue(app, tx, &Notice::SheetRemoval { round: id, channel, message }, app.now()).await?;
        if newer == other {
            return Ok(());
        }
    }
    store::posts::put(tx, id, Kind::Sheet(sheet), post).await?;
    if let Some(shown) = shown {
        store::posts::shows(tx, id, sheet, shown.turn).await?;
    }
    removed_meanwhile(app, tx, id, sheet, shown).await?;
    let Some((conversation, couple)) = found(tx, id).await? else { return Ok(()) };
    let moved_on = shown != Some(now(tx, &conversation, sheet).await?);
    if conversation.course.hold.is_some() && sheet == conversation.course.sheet {
        let step = conversation.stands();
        kept(app, tx, step, &couple).await?;
    }
    if moved_on { queue(app, tx, &Notice::SheetEdit { round: id, sheet }, app.now()).await } else { Ok(()) }
}

/// A sheet shows this now. If it has moved on since it was drawn, it is drawn again: edits may overtake each other.
pub async fn edited(app: &App, tx: &mut Tx, id: RoundId, sheet: Sheet, shown: Drawn) -> Result<(), Trouble> {
    store::conversations::take(tx, id).await?;
    store::posts::shows(tx, id, sheet, shown.turn).await?;
    removed_meanwhile(app, tx, id, sheet, Some(shown)).await?;
    let Some((conversation, couple)) = found(tx, id).await? else { return Ok(()) };
    let moved_on = now(tx, &conversation, sheet).await? != shown;
    if conversation.course.hold.is_some() && sheet == conversation.course.sheet {
        let step = conversation.stands();
        kept(app, tx, step, &couple).await?;
    }
    if !moved_on {
        return Ok(());
    }
    queue(app, tx, &Notice::SheetEdit { round: id, sheet }, app.now()).await
}

/// Words that somebody took away while a message with them was on its way go from it at once: neither a pause nor a farewell keeps them.
async fn removed_meanwhile(app: &App, tx: &mut Tx, id: RoundId, sheet: Sheet, shown: Option<Drawn>) -> Result<(), Trouble> {
    let Some(conversation) = store::conversations::load(tx, id).await? else { return Ok(()) };
    let said = store::said::all(tx, id).await?;
    let was_there = |turn: u32| shown.is_none_or(|shown| turn < shown.turn);
    let lines = conversation.course.lines.iter();
    let lines = lines.filter(|line| line.sheet == sheet && line.what.has_words() && was_there(line.turn));
    let (stand, gone): (Vec<&Line>, Vec<&Line>) = lines.partition(|line| said.iter().any(|row| row.turn == line.turn));
    let fewer = match shown {
        Some(shown) => u64::try_from(stand.len()).unwrap_or(u64::MAX) < shown.written,
        None => !gone.is_empty(),
    };
    if fewer { queue(app, tx, &Notice::Redraw { piece: Piece::Sheet(id, sheet) }, app.now()).await } else { Ok(()) }
}

/// What a sheet would show now.
pub(in crate::flows) async fn now(tx: &mut Tx, conversation: &Conversation, sheet: Sheet) -> Result<Drawn, Trouble> {
    let said = store::said::all(tx, conversation.round).await?;
    let lines = conversation.course.lines.iter().filter(|line| line.sheet == sheet && line.what.has_words());
    let written = lines.filter(|line| said.iter().any(|row| row.turn == line.turn)).map(|_| 1).sum();
    Ok(Drawn { turn: conversation.course.turn, written })
}

/// The place may not show it; part of the transaction that settles its notice.
pub async fn hold(app: &App, tx: &mut Tx, id: RoundId, why: Hold) -> Result<(), Trouble> {
    let Some((conversation, _)) = found(tx, id).await? else { return Ok(()) };
    hold_in(app, tx, conversation, why).await.map(drop)
}

pub(super) async fn hold_in(app: &App, tx: &mut Tx, conversation: Conversation, why: Hold) -> Result<Conversation, Trouble> {
    let couple = couple(tx, conversation.couple).await?;
    let step = conversation.held(why, app.now(), LOOK_AGAIN);
    // Never without a place here, or it would be held for that for ever.
    kept(app, tx, step, &couple).await
}

/// What is held may have become possible.
pub(in crate::flows) async fn look_again(app: &App, tx: &mut Tx, id: RoundId) -> Result<(), Trouble> {
    let Some((conversation, couple)) = found(tx, id).await? else { return Ok(()) };
    let places = conversation.places(couple.places());
    if conversation.course.hold.is_none() {
        return Ok(());
    }
    let step = if places.is_empty() { conversation.held_on(app.now(), LOOK_AGAIN) } else { conversation.tried_again(&places) };
    kept(app, tx, step, &couple).await.map(drop)
}

pub(in crate::flows) async fn retry_held(app: &App, tx: &mut Tx, couple: CoupleId) -> Result<(), Trouble> {
    for conversation in store::conversations::live(tx, couple).await? {
        look_again(app, tx, conversation.round).await?;
    }
    Ok(())
}

/// The couple lives elsewhere: there its living sheet is posted, too, and what stands nowhere yet. What is held is tried again by itself.
pub(in crate::flows) async fn bring_along(app: &App, tx: &mut Tx, couple: &Couple) -> Result<(), Trouble> {
    let begun =
        store::conversations::live(tx, couple.id).await?.into_iter().filter(|conversation| conversation.stage().is_some());
    let moves: Vec<_> = begun.chain(over_with_more_to_show(tx, couple.id).await?).collect();
    for conversation in moves {
        let (id, living) = (conversation.round, conversation.course.sheet);
        if conversation.course.hold.is_some() && conversation.is_over() {
            look_again(app, tx, id).await?;
        }
        if conversation.course.hold.is_some() || conversation.course.by_dm {
            continue;
        }
        let posts = store::posts::all(tx, id, Kind::Sheet(living)).await?;
        let stands = |place: Place| posts.iter().any(|post| post.place == place && couple.home_is(post.channel, place));
        for notice in conversation.posted_anew(&couple.places()) {
            if !matches!(notice, Notice::Turn { sheet, place, .. } if sheet == living && stands(place)) {
                queue(app, tx, &notice, app.now()).await?;
            }
        }
    }
    Ok(())
}

/// Those that ended before all that was said in them could be shown, as in a pause.
async fn over_with_more_to_show(tx: &mut Tx, couple: CoupleId) -> Result<Vec<Conversation>, Trouble> {
    let shows = |(_, body): (NoticeId, String)| match serde_json::from_str(&body) {
        Ok(Notice::Turn { round, .. } | Notice::SheetEdit { round, .. }) => Some(round),
        _ => None,
    };
    let rounds: BTreeSet<RoundId> = store::outbox::unsent(tx).await?.into_iter().filter_map(shows).collect();
    let mut over = Vec::new();
    for id in rounds {
        let found = store::conversations::load(tx, id).await?;
        over.extend(found.filter(|conversation| conversation.couple == couple && conversation.is_over()));
    }
    Ok(over)
}

/// Why a sheet of it is held, if one is.
pub async fn held(app: &App, id: RoundId) -> Result<Option<Held>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(found(&mut tx, id).await?.and_then(|(conversation, _)| conversation.course.hold))
}

pub(in crate::flows) async fn is_held(tx: &mut Tx, id: RoundId) -> Result<bool, Trouble> {
    Ok(found(tx, id).await?.is_some_and(|(conversation, _)| conversation.course.hold.is_some_and(|held| !held.trying)))
}

/// Both want by DM what the channel may not show, be it the reveal or a sheet: from here on the conversation goes there.
/// `false` when the round has none.
pub(in crate::flows) async fn send_by_dm(app: &App, tx: &mut Tx, id: RoundId) -> Result<bool, Trouble> {
    let Some((conversation, couple)) = found(tx, id).await? else { return Ok(false) };
    let step = conversation.sent_by_dm();
    kept(app, tx, step, &couple).await?;
    Ok(true)
}

/// With its couple, as long as that is one.
async fn found(tx: &mut Tx, id: RoundId) -> Result<Option<(Conversation, Couple)>, Trouble> {
    let Some(conversation) = store::conversations::load(tx, id).await? else { return Ok(None) };
    let couple = couple(tx, conversation.couple).await?;
    Ok(couple.left.is_none().then_some((conversation, couple)))
}

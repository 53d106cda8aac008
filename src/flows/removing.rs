//! `Remove my words`: an author takes away what they wrote in one piece. It takes one (P9), and the other's words stay.
//!
//! In a couple that ended it works as long as the words are kept, but nothing is drawn anew: a change in the home would be an alarm.

use jiff::Timestamp;

use super::pieces::{self, Mark, Own, PieceView};
use super::{Trouble, forgetting, keep, queue, retrying, round};
use crate::app::App;
use crate::domain::couple::Couple;
use crate::domain::ids::{ChannelId, MessageId, PersonId, RoundId};
use crate::domain::insights::WINDOW;
use crate::domain::notice::Notice;
use crate::domain::piece::Piece;
use crate::domain::refusal::Refusal;
use crate::domain::step::Step;
use crate::store::posts::Kind;
use crate::store::{self, Forgotten, Tx};

/// What would go: its author is asked once more.
#[derive(Clone, Debug)]
pub struct Asked {
    pub piece: Piece,
    pub couple: Couple,
    pub view: PieceView,
    /// At least one.
    pub own: Vec<Own>,
}

/// What a removal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Whether the places say so, too: not in a couple that ended.
    pub shown: bool,
    /// Whether it left the disk. Otherwise it does so by itself, a little later.
    pub from_disk: bool,
    /// Whether words of theirs stay that they wrote there since they were asked.
    pub some_stay: bool,
}

impl Asked {
    /// The last turn of a conversation that is asked about.
    pub fn up_to(&self) -> Option<u32> {
        let turn = |own: &Own| if let Own::Said(_, turn) = own { Some(*turn) } else { None };
        self.own.iter().filter_map(turn).max()
    }
}

/// In the menu of a message.
pub async fn ask(app: &App, who: PersonId, channel: ChannelId, message: MessageId) -> Result<Asked, Trouble> {
    let mut tx = app.store.read().await?;
    let piece = pieces::at(&mut tx, channel, message).await?.ok_or(Refusal::NothingOfYours)?;
    ask_in(app, &mut tx, who, piece).await
}

/// The same of a piece that is known.
pub async fn ask_about(app: &App, who: PersonId, piece: Piece) -> Result<Asked, Trouble> {
    let mut tx = app.store.read().await?;
    ask_in(app, &mut tx, who, piece).await
}

async fn ask_in(app: &App, tx: &mut Tx, who: PersonId, piece: Piece) -> Result<Asked, Trouble> {
    let couple = pieces::couple_of(tx, who, piece).await?;
    let view = pieces::view(app, tx, piece).await?;
    let owned = view.own(who);
    match (owned.stands.is_empty(), owned.removed) {
        (false, _) => Ok(Asked { piece, couple, view, own: owned.stands }),
        (true, true) => Err(Refusal::RemovedAlready.into()),
        (true, false) => Err(Refusal::NothingOfYours.into()),
    }
}

/// The yes. Pressed twice, it finds the work done. `up_to`: of a conversation, the last turn that they were asked about; what they wrote
/// there since stays.
pub async fn remove(app: &App, who: PersonId, piece: Piece, up_to: Option<u32>) -> Result<Removed, Trouble> {
    retrying!(remove_once(app, who, piece, up_to))
}

async fn remove_once(app: &App, who: PersonId, piece: Piece, up_to: Option<u32>) -> Result<Removed, Trouble> {
    let mut tx = app.store.begin().await?;
    if let Piece::Sheet(id, _) = piece {
        // A message with these words may settle at this moment.
        store::conversations::take(&mut tx, id).await?;
    }
    let couple = pieces::couple_of(&mut tx, who, piece).await?;
    let shown = couple.left.is_none();
    let view = pieces::view(app, &mut tx, piece).await?;
    let mut owned = view.own(who);
    let stood = owned.stands.len();
    owned.stands.retain(|own| own.was_asked_about(up_to));
    let some_stay = owned.stands.len() < stood;
    if owned.stands.is_empty() {
        let done = Removed { shown, from_disk: true, some_stay };
        return if owned.removed { Ok(done) } else { Err(Refusal::NothingOfYours.into()) };
    }
    destroy(app, &mut tx, who, piece, &owned.stands).await?;
    if shown {
        for piece in redrawn(&mut tx, piece, &owned.stands).await? {
            draw_anew(app, &mut tx, piece).await?;
        }
    }
    let promise = forgetting::promise(app, &mut tx).await?;
    tx.commit().await?;
    let deleted: Vec<Forgotten> = owned.stands.iter().map(|own| kept_in(*own)).collect();
    Ok(Removed { shown, from_disk: forgetting::forget(app, &deleted, promise).await, some_stay })
}

async fn destroy(app: &App, tx: &mut Tx, who: PersonId, piece: Piece, own: &[Own]) -> Result<(), Trouble> {
    let round = || piece.round().ok_or_else(|| Trouble::Inconsistent(format!("{piece} has words of a round")));
    for own in own {
        match own {
            Own::Question => drop(store::rounds::drop_own_question(tx, round()?).await?),
            Own::Answer | Own::CheckIn => drop(store::answers::remove(tx, round()?, who, app.now()).await?),
            Own::Said(_, turn) => drop(store::said::delete(tx, round()?, who, &[*turn]).await?),
            Own::Passage => {
                if let Piece::Passage(id) = piece {
                    store::passages::destroy(tx, id).await?;
                }
            }
            Own::Item => retire(app, tx, who, piece).await?,
        }
    }
    Ok(())
}

/// What stands on the board leaves it without its words.
async fn retire(app: &App, tx: &mut Tx, who: PersonId, piece: Piece) -> Result<(), Trouble> {
    let Piece::Item(id) = piece else { return Ok(()) };
    let Some(kept) = store::items::load(tx, id).await? else { return Ok(()) };
    let Step { state, mut notices, timings } = kept.item.retired(who, app.now())?;
    store::items::save(tx, &state).await?;
    // Its message is drawn anew as that of any piece.
    notices.retain(|notice| !matches!(notice, Notice::ItemEdit { .. }));
    keep(app, tx, notices, timings, app.now()).await
}

fn kept_in(own: Own) -> Forgotten {
    match own {
        Own::Question => Forgotten::Rounds,
        Own::Answer | Own::CheckIn => Forgotten::Answers,
        Own::Said(..) => Forgotten::Said,
        Own::Passage => Forgotten::Passages,
        Own::Item => Forgotten::Items,
    }
}

/// Where those words stand.
async fn redrawn(tx: &mut Tx, piece: Piece, own: &[Own]) -> Result<Vec<Piece>, Trouble> {
    let mut pieces = vec![piece];
    for own in own {
        match (own, piece.round()) {
            // A question stands on its card, and above the answers.
            (Own::Question, Some(id)) => pieces = vec![Piece::Card(id), Piece::Reveal(id)],
            // The pictures of later check-ins show this one's ratings.
            (Own::CheckIn, Some(id)) => {
                let round = round(tx, id).await?;
                pieces.extend(store::rounds::check_ins_after(tx, &round, WINDOW).await?.into_iter().map(Piece::Reveal));
            }
            _ => {}
        }
    }
    Ok(pieces)
}

async fn draw_anew(app: &App, tx: &mut Tx, piece: Piece) -> Result<(), Trouble> {
    queue(app, tx, &Notice::Redraw { piece }, app.now()).await
}

/// It was drawn anew, as it was at this mark. If it has moved on since, it is drawn again: edits may overtake each other.
pub async fn drawn(app: &App, tx: &mut Tx, piece: Piece, shown: Mark) -> Result<(), Trouble> {
    if pieces::mark(tx, piece).await? == shown { Ok(()) } else { draw_anew(app, tx, piece).await }
}

/// Part of the transaction that settles a card or a reveal, on its way since then: meanwhile somebody may have taken words away.
pub async fn on_its_way(app: &App, tx: &mut Tx, id: RoundId, kind: Kind, since: Timestamp) -> Result<(), Trouble> {
    let Some(round) = store::rounds::load(tx, id).await? else { return Ok(()) };
    let asked_no_more = pieces::asked_no_more(tx, &round).await?;
    match kind {
        Kind::Card if asked_no_more => draw_anew(app, tx, Piece::Card(id)).await,
        Kind::Reveal if asked_no_more || store::answers::removed_since(tx, round.couple, since).await? => {
            draw_anew(app, tx, Piece::Reveal(id)).await
        }
        _ => Ok(()),
    }
}

//! `Export my data`: what Duet keeps of one person in their couples, gathered when it is sent. What the other wrote is in it only
//! where it opened (P1); and nothing outside of couples but one's settings (P4).

use jiff::Timestamp;

use super::conversing::standing::Shown;
use super::conversing::{self, LineView};
use super::reading::{self, Asked};
use super::{Trouble, board, body_of, checkins, queue, retrying, sharing};
use crate::app::App;
use crate::domain::answer::Answer;
use crate::domain::board::Kind as ItemKind;
use crate::domain::checkin::Ratings;
use crate::domain::couple::{Couple, Home};
use crate::domain::ids::{CoupleId, PassageId, PersonId, RoundId};
use crate::domain::notice::Notice;
use crate::domain::pause::Pause;
use crate::domain::person::Person;
use crate::domain::piece::Piece;
use crate::domain::round::{Kind, Phase, Round};
use crate::domain::schedule::Slot;
use crate::domain::words::Words;
use crate::store::passages::Kept;
use crate::store::{self, Tx};

/// In bytes, before they are packed, which makes them fewer. A message holds 10 MiB of files (reference, "Uploading Files").
pub const ROOM: usize = 8 << 20;
/// What a round takes beside its words, in both files.
const AROUND: usize = 2_000;
/// Rounds per query.
const BATCH: usize = 100;

/// One file's worth.
#[derive(Clone, Debug)]
pub struct Export {
    pub made_at: Timestamp,
    pub part: u32,
    pub person: Person,
    /// In every part: all of them.
    pub couples: Vec<CoupleView>,
    /// Oldest first.
    pub rounds: Vec<RoundView>,
    /// Oldest first.
    pub passages: Vec<PassageView>,
    /// In the first part alone, newest first: what the person keeps. What it says is with its round or its couple.
    pub kept: Vec<Keeps>,
    /// After which round the next part begins, if there is one.
    pub rest: Option<RoundId>,
}

#[derive(Clone, Debug)]
pub struct CoupleView {
    pub couple: Couple,
    pub weekly: Option<Slot>,
    /// What stands on their board, oldest first.
    pub board: Vec<ItemView>,
    /// The last one that this person called, as long as it is known.
    pub pause: Option<Pause>,
}

/// What one of the two put on the board.
#[derive(Clone, Debug)]
pub struct ItemView {
    pub author: PersonId,
    pub kind: ItemKind,
    pub put_up_at: Timestamp,
    pub seen: bool,
    pub words: Words,
}

#[derive(Clone, Debug)]
pub struct RoundView {
    pub id: RoundId,
    pub couple: CoupleId,
    pub kind: Kind,
    pub asked: Asked,
    pub asked_by: Option<PersonId>,
    pub asked_at: Timestamp,
    pub labels: Vec<String>,
    pub state: State,
    pub mine: Given,
    /// Nothing unless it opened.
    pub theirs: Given,
    /// What was written in the conversation after it, in that order.
    pub conversation: Vec<LineView>,
    /// Ratings of one's own that were tapped and not sent.
    pub tapped: Ratings,
}

/// That the person keeps a piece.
#[derive(Clone, Copy, Debug)]
pub struct Keeps {
    pub couple: CoupleId,
    pub piece: Piece,
    pub kept_at: Timestamp,
    /// When the round of it was asked, if it is of one.
    pub asked_at: Option<Timestamp>,
}

/// What one of the two shared.
#[derive(Clone, Debug)]
pub struct PassageView {
    pub couple: CoupleId,
    pub author: PersonId,
    pub shared_at: Timestamp,
    pub words: Words,
}

/// What one partner may know of a round. Where both answers wait for something, it is as if one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waits,
    Opened(Timestamp),
    Closed,
}

#[derive(Clone, Debug)]
pub enum Given {
    Nothing,
    Answer(Answer),
    /// By its author.
    Removed,
}

/// It is on its way by DM. Pressed twice, it comes once.
pub async fn begin(app: &App, who: PersonId) -> Result<(), Trouble> {
    more(app, who, 1, None).await
}

/// The part after this round.
pub async fn more(app: &App, who: PersonId, part: u32, after: Option<RoundId>) -> Result<(), Trouble> {
    retrying!(more_once(app, who, &Notice::Export { to: who, part, after }))
}

async fn more_once(app: &App, who: PersonId, notice: &Notice) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    let person = store::people::load(&mut tx, who).await?;
    if !store::outbox::waits(&mut tx, &body_of(notice)?).await? {
        queue(app, &mut tx, notice, app.now()).await?;
        // Two presses in one moment must not miss each other: the second finds the person's version moved on, and looks again.
        store::people::save(&mut tx, &person).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// As much as fits into `room`, one round at least. Couples in which the person deleted what was theirs are not in it.
pub async fn gather(app: &App, who: PersonId, part: u32, after: Option<RoundId>, room: usize) -> Result<Export, Trouble> {
    let mut tx = app.store.read().await?;
    let person = store::people::load(&mut tx, who).await?;
    let mut couples = Vec::new();
    for couple in store::couples::all_of_person(&mut tx, who).await? {
        if store::keys::find(&mut tx, &app.vault, who, &couple.id.to_string()).await?.is_some() {
            let weekly = store::schedules::load(&mut tx, couple.id).await?.map(|schedule| schedule.slot);
            let board = on_board(app, &mut tx, &couple).await?;
            let pause = store::pauses::load(&mut tx, couple.id).await?.filter(|pause| pause.by == who);
            couples.push(CoupleView { couple, weekly, board, pause });
        }
    }
    let mut shared = shared(app, &mut tx, who, &couples, after).await?;
    // With its couple it is in every part.
    let boards: usize = couples.iter().flat_map(|view| &view.board).map(ItemView::bytes).sum();
    let (mut rounds, mut passages, mut taken, mut last) = (Vec::new(), Vec::new(), boards, after);
    let rest = 'full: loop {
        let batch = store::rounds::of_person(&mut tx, who, last, BATCH).await?;
        if batch.is_empty() {
            break None;
        }
        for round in batch {
            let id = round.id;
            let Some(couple) = couples.iter().map(|view| &view.couple).find(|couple| couple.id == round.couple) else { continue };
            let view = view(app, &mut tx, who, couple, round).await?;
            // What was shared before a round goes along with it.
            let before = shared.partition_point(|(passage, _)| passage.0 < id.0);
            taken += view.bytes() + shared.iter().take(before).map(|(_, passage)| passage.bytes()).sum::<usize>();
            if taken > room && !rounds.is_empty() {
                break 'full last;
            }
            passages.extend(shared.drain(..before).map(|(_, passage)| passage));
            rounds.push(view);
            last = Some(id);
        }
    };
    if rest.is_none() {
        passages.extend(shared.into_iter().map(|(_, passage)| passage));
    }
    let kept = if after.is_none() { keeps(&mut tx, who).await? } else { Vec::new() };
    Ok(Export { made_at: app.now(), part, person, couples, rounds, passages, kept, rest })
}

/// What stands on a couple's board: either of the two is shown all of it.
async fn on_board(app: &App, tx: &mut Tx, couple: &Couple) -> Result<Vec<ItemView>, Trouble> {
    let live = board::live(app, tx, couple).await?;
    let view = |shown: board::Worded| {
        let item = shown.item;
        let (author, kind, put_up_at, seen) = (item.author, item.kind, item.put_up_at, item.seen_at.is_some());
        Some(ItemView { author, kind, put_up_at, seen, words: shown.words? })
    };
    Ok(live.into_iter().filter_map(view).collect())
}

async fn keeps(tx: &mut Tx, who: PersonId) -> Result<Vec<Keeps>, Trouble> {
    let mut found = Vec::new();
    for kept in store::kept::page(tx, who, None, None, usize::MAX).await? {
        let round = match kept.piece.round() {
            Some(round) => store::rounds::load(tx, round).await?,
            None => None,
        };
        let asked_at = round.map(|round| round.asked_at);
        found.push(Keeps { couple: kept.couple, piece: kept.piece, kept_at: kept.kept_at, asked_at });
    }
    Ok(found)
}

/// What either of the two shared in these couples since, oldest first. The other's is in it once it stands where both can read it.
async fn shared(
    app: &App,
    tx: &mut Tx,
    who: PersonId,
    couples: &[CoupleView],
    after: Option<RoundId>,
) -> Result<Vec<(PassageId, PassageView)>, Trouble> {
    let mut found = Vec::new();
    let unsent = on_their_way(tx).await?;
    for CoupleView { couple, .. } in couples {
        for (kept, shared_at) in store::passages::of_couple(tx, couple.id, after.map(|round| PassageId(round.0))).await? {
            let Kept { id, author, words: Some(sealed), .. } = kept else { continue };
            if author != who && unsent.contains(&id) {
                continue;
            }
            let row = id.to_string();
            let place = sharing::binding(&row, author);
            let Some(words) = reading::unseal(app, tx, couple, place, Some(sealed)).await? else { continue };
            found.push((id, PassageView { couple: couple.id, author, shared_at, words }));
        }
    }
    found.sort_by_key(|(id, _)| *id);
    Ok(found)
}

/// Waiting, or parked by an outage.
async fn on_their_way(tx: &mut Tx) -> Result<Vec<PassageId>, Trouble> {
    let unsent = store::outbox::unsent(tx).await?;
    let passage = |body: &str| match serde_json::from_str(body) {
        Ok(Notice::Passage { passage, .. }) => Some(passage),
        _ => None,
    };
    Ok(unsent.iter().filter_map(|(_, body)| passage(body)).collect())
}

async fn view(app: &App, tx: &mut Tx, who: PersonId, couple: &Couple, round: Round) -> Result<RoundView, Trouble> {
    let state = match round.phase {
        Phase::Revealed { at, .. } if stands(tx, couple, &round).await? => State::Opened(at),
        Phase::Asking { .. } | Phase::Opening { .. } | Phase::Revealed { .. } => State::Waits,
        Phase::Ended { .. } => State::Closed,
    };
    let opened = matches!(state, State::Opened(_));
    let wrote = round.sealed(who)? || round.may_be_read() || round.may_keep(who).is_ok();
    let mine = if wrote { given(app, tx, &round, who).await? } else { Given::Nothing };
    let theirs = if opened { given(app, tx, &round, round.other(who)).await? } else { Given::Nothing };
    let tapped = if round.awaits_answers() { checkins::tapped(app, tx, who, &round).await? } else { Ratings::default() };
    let conversation = if opened { conversation(app, tx, who, couple, &round).await? } else { Vec::new() };
    let (id, kind, labels) = (round.id, round.question.kind(), round.question.fields());
    let (asked_by, asked_at) = (round.asked_by, round.asked_at);
    let asked = reading::card_in(app, tx, round).await?.asked;
    Ok(RoundView { id, couple: couple.id, kind, asked, asked_by, asked_at, labels, state, mine, theirs, conversation, tapped })
}

/// Whether both may read it by now: as its cards say it, not before it was brought, and not while it is held.
async fn stands(tx: &mut Tx, couple: &Couple, round: &Round) -> Result<bool, Trouble> {
    let Phase::Revealed { hold: None, by_dm, .. } = round.phase else { return Ok(false) };
    if by_dm || !matches!(couple.home, Home::Channel(_)) {
        return Ok(true);
    }
    Ok(!store::posts::all(tx, round.id, store::posts::Kind::Reveal).await?.is_empty())
}

/// What was written after the reveal. The other's words are in it once they stand where both can read them: not before the end of a pause.
async fn conversation(app: &App, tx: &mut Tx, who: PersonId, couple: &Couple, round: &Round) -> Result<Vec<LineView>, Trouble> {
    let Some(conversation) = store::conversations::load(tx, round.id).await? else { return Ok(Vec::new()) };
    let mut written = conversing::lines(app, tx, &conversation, couple).await?;
    let shown = Shown::of(tx, round.id).await?;
    written.retain(|line| line.line.what.has_words() && (line.line.by == who || shown.has(&line.line)));
    Ok(written)
}

async fn given(app: &App, tx: &mut Tx, round: &Round, author: PersonId) -> Result<Given, Trouble> {
    Ok(reading::written(app, tx, round, author).await?.map_or(Given::Removed, Given::Answer))
}

impl ItemView {
    /// At most, in both files.
    fn bytes(&self) -> usize {
        AROUND + in_both(self.words.expose())
    }
}

impl PassageView {
    /// At most, in both files.
    fn bytes(&self) -> usize {
        AROUND + in_both(self.words.expose())
    }
}

impl RoundView {
    /// At most, in both files.
    fn bytes(&self) -> usize {
        let given = [&self.mine, &self.theirs].into_iter().filter_map(|given| match given {
            Given::Answer(answer) => Some(answer.fields()),
            Given::Nothing | Given::Removed => None,
        });
        let words = given.flatten().map(Words::expose).chain(self.asked.text()).chain(self.labels.iter().map(String::as_str));
        let said = self.conversation.iter().flat_map(|line| line.words.iter().flatten()).map(Words::expose);
        AROUND * (1 + self.conversation.len() / 4) + words.chain(said).map(in_both).sum::<usize>()
    }
}

/// As it stands in the one, each line marked, and as JSON in the other, which writes some letters with six.
fn in_both(text: &str) -> usize {
    let in_json = |byte: u8| match byte {
        0..0x20 => 6 + 2,
        b'"' | b'\\' => 2,
        _ => 1,
    };
    text.len() + 2 + text.bytes().map(in_json).sum::<usize>()
}

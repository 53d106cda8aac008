//! `Export my data`: what Duet keeps of one person in their couples, gathered when it is sent. What the other wrote is in it only
//! where it opened (P1); and nothing outside of couples but one's settings (P4).

use jiff::Timestamp;

use super::reading::{self, Asked};
use super::{Trouble, body_of, checkins, queue, retrying, sharing};
use crate::app::App;
use crate::domain::answer::Answer;
use crate::domain::checkin::Ratings;
use crate::domain::couple::{Couple, Home};
use crate::domain::ids::{CoupleId, PassageId, PersonId, RoundId};
use crate::domain::notice::Notice;
use crate::domain::person::Person;
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
    /// After which round the next part begins, if there is one.
    pub rest: Option<RoundId>,
}

#[derive(Clone, Debug)]
pub struct CoupleView {
    pub couple: Couple,
    pub weekly: Option<Slot>,
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
    /// Ratings of one's own that were tapped and not sent.
    pub tapped: Ratings,
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
    retrying!(more_once(app, &Notice::Export { to: who, part, after }))
}

async fn more_once(app: &App, notice: &Notice) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    if !store::outbox::waits(&mut tx, &body_of(notice)?).await? {
        queue(app, &mut tx, notice, app.now()).await?;
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
            couples.push(CoupleView { couple, weekly });
        }
    }
    let mut shared = shared(app, &mut tx, who, &couples, after).await?;
    let (mut rounds, mut passages, mut taken, mut last) = (Vec::new(), Vec::new(), 0, after);
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
    Ok(Export { made_at: app.now(), part, person, couples, rounds, passages, rest })
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
    let (id, kind, labels) = (round.id, round.question.kind(), round.question.fields());
    let (asked_by, asked_at) = (round.asked_by, round.asked_at);
    let asked = reading::card_in(app, tx, round).await?.asked;
    Ok(RoundView { id, couple: couple.id, kind, asked, asked_by, asked_at, labels, state, mine, theirs, tapped })
}

/// Whether both may read it by now: as its cards say it, not before it was brought, and not while it is held.
async fn stands(tx: &mut Tx, couple: &Couple, round: &Round) -> Result<bool, Trouble> {
    let Phase::Revealed { hold: None, by_dm, .. } = round.phase else { return Ok(false) };
    if by_dm || !matches!(couple.home, Home::Channel(_)) {
        return Ok(true);
    }
    Ok(!store::posts::all(tx, round.id, store::posts::Kind::Reveal).await?.is_empty())
}

async fn given(app: &App, tx: &mut Tx, round: &Round, author: PersonId) -> Result<Given, Trouble> {
    Ok(reading::written(app, tx, round, author).await?.map_or(Given::Removed, Given::Answer))
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
        AROUND + words.map(in_both).sum::<usize>()
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

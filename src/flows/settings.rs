//! What a person sets for themselves, and what they wish in one couple. What binds both goes through `proposals`.

use std::collections::BTreeSet;

use super::{Trouble, couple_of, retrying};
use crate::app::App;
use crate::domain::couple::{Couple, Window};
use crate::domain::hours::{QuietHours, Zone};
use crate::domain::ids::{CoupleId, PersonId};
use crate::domain::library::{Depth, Theme};
use crate::domain::notice::Notice;
use crate::domain::person::{Nudges, Person};
use crate::domain::round::Kind;
use crate::store;

/// One change of a partner's own wishes.
#[derive(Clone, Debug)]
pub enum Change {
    Line(bool),
    Ceiling(Depth),
    Vetoes(BTreeSet<Theme>),
    /// The opt-in themes that this partner would like.
    OptIns(BTreeSet<Theme>),
    Window(Window),
}

pub async fn person(app: &App, who: PersonId) -> Result<Person, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(store::people::load(&mut tx, who).await?)
}

pub async fn set_zone(app: &App, who: PersonId, zone: &Zone) -> Result<Person, Trouble> {
    change_person(app, who, |person| person.zone = Some(zone.clone())).await
}

pub async fn set_quiet_hours(app: &App, who: PersonId, quiet: QuietHours) -> Result<Person, Trouble> {
    change_person(app, who, |person| person.quiet = quiet).await
}

pub async fn set_nudges(app: &App, who: PersonId, nudges: Nudges) -> Result<Person, Trouble> {
    change_person(app, who, |person| person.nudges = nudges).await
}

pub(super) async fn change_person(app: &App, who: PersonId, change: impl Fn(&mut Person)) -> Result<Person, Trouble> {
    retrying!(change_person_once(app, who, &change))
}

async fn change_person_once(app: &App, who: PersonId, change: &impl Fn(&mut Person)) -> Result<Person, Trouble> {
    let mut tx = app.store.begin().await?;
    let mut person = store::people::load(&mut tx, who).await?;
    let zone = person.zone.clone();
    change(&mut person);
    store::people::save(&mut tx, &person).await?;
    if person.zone != zone {
        super::reflecting::moved(app, &mut tx, who).await?;
    }
    tx.commit().await?;
    Ok(person)
}

pub async fn change(app: &App, who: PersonId, couple: CoupleId, change: Change) -> Result<Couple, Trouble> {
    retrying!(change_once(app, who, couple, &change))
}

async fn change_once(app: &App, who: PersonId, couple: CoupleId, change: &Change) -> Result<Couple, Trouble> {
    let mut tx = app.store.begin().await?;
    let mut couple = couple_of(&mut tx, who, couple).await?;
    let line = couple.line();
    if let Some(partner) = couple.partner_mut(who) {
        match change {
            Change::Line(wanted) => partner.line = *wanted,
            Change::Ceiling(depth) => partner.ceiling = *depth,
            Change::Vetoes(themes) => partner.vetoes.clone_from(themes),
            Change::OptIns(themes) => partner.opt_ins.clone_from(themes),
            Change::Window(window) => partner.window = *window,
        }
    }
    store::couples::save(&mut tx, &couple).await?;
    if couple.line() != line {
        // The line appears on, or leaves, the cards that stand.
        for kind in Kind::ALL {
            if let Some(round) = store::rounds::awaiting(&mut tx, couple.id, kind).await? {
                super::queue(app, &mut tx, &Notice::CardEdit { round: round.id, only_in: None }, app.now()).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(couple)
}

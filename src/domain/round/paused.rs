//! What a pause does to a round: nothing is lost, everything comes later.

use super::{Phase, Round};
use crate::domain::couple::Terms;
use crate::domain::notice::Notice;
use crate::domain::pause::Shift;
use crate::domain::step::{Due, Step};

impl Round {
    /// A pause was called, or drawn out. `terms`: those of the pause. `None`: there is nothing in it to move.
    pub fn paused(mut self, shift: Shift, terms: &Terms) -> Option<Step<Self>> {
        let id = self.id;
        // Whether or not both are in, and so that nobody can tell: a card that hides that shows its end.
        let closes_at = shift.moved(self.closes_at);
        let edit = Notice::CardEdit { round: id, only_in: None };
        match &mut self.phase {
            Phase::Asking { .. } => {
                self.closes_at = closes_at;
                Some(Step::to(self).say(edit).set(Due::Lapse(id), closes_at).put_off(Due::Nudge(id), shift))
            }
            Phase::Opening { at } => {
                let opens_at = terms.opens_at.unwrap_or(shift.until).max(*at);
                *at = opens_at;
                self.closes_at = closes_at;
                Some(Step::to(self).say(edit).set(Due::Opening(id), opens_at).put_off(Due::Nudge(id), shift))
            }
            // An opening that is held.
            Phase::Revealed { hold: Some(_), .. } => Some(Step::to(self).put_off(Due::LookAgain(id), shift)),
            Phase::Revealed { hold: None, .. } | Phase::Ended { .. } => None,
        }
    }
}

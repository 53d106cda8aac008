//! An invitation to become a couple: it waits seven days, and what the invitee did is never told to the inviter.

use jiff::{SignedDuration, Timestamp};

use super::ids::{InvitationId, PersonId, ServerId};
use super::refusal::Refusal;
use super::step::{Due, Step};

/// How long an invitation waits.
pub const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long after an invitation's own end the same person waits before asking again.
pub const REST: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Not,
    Accepted,
    Declined,
    Lapsed,
    /// Its inviter deleted their data.
    Withdrawn,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub inviter: PersonId,
    pub invitee: PersonId,
    pub server: ServerId,
    pub sent_at: Timestamp,
    pub answered: Answered,
    pub version: i64,
}

impl Invitation {
    pub fn send(id: InvitationId, inviter: PersonId, invitee: PersonId, server: ServerId, now: Timestamp) -> Step<Self> {
        let invitation = Self { id, inviter, invitee, server, sent_at: now, answered: Answered::Not, version: 0 };
        let lapses = invitation.lapses_at();
        Step::to(invitation).set(Due::InvitationLapse(id), lapses)
    }

    pub fn lapses_at(&self) -> Timestamp {
        self.sent_at.saturating_add(WAITS).unwrap_or(Timestamp::MAX)
    }

    pub fn waits_at(&self, now: Timestamp) -> bool {
        self.answered == Answered::Not && now < self.lapses_at()
    }

    /// What its inviter may know: a declined one looks like one that waits, to its end.
    pub fn seems_to_wait_at(&self, now: Timestamp) -> bool {
        !matches!(self.answered, Answered::Accepted | Answered::Withdrawn) && now < self.lapses_at()
    }

    /// From when the same person may ask again. It counts from the lapse even after a decline, so that the date tells nothing.
    pub fn again_from(&self) -> Timestamp {
        self.lapses_at().saturating_add(REST).unwrap_or(Timestamp::MAX)
    }

    pub fn accepted(self, who: PersonId, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.decided(who, now, Answered::Accepted)
    }

    pub fn declined(self, who: PersonId, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.decided(who, now, Answered::Declined)
    }

    /// Nothing to say when it was answered before: the timer is dropped then, but may have been claimed already.
    pub fn lapsed(mut self, now: Timestamp) -> Step<Self> {
        if self.answered == Answered::Not && now >= self.lapses_at() {
            self.answered = Answered::Lapsed;
        }
        Step::to(self)
    }

    /// By its inviter. One that was declined becomes the same, so that nothing tells the two apart.
    pub fn withdrawn(mut self) -> Step<Self> {
        if self.answered != Answered::Accepted {
            self.answered = Answered::Withdrawn;
        }
        let id = self.id;
        Step::to(self).drop(Due::InvitationLapse(id))
    }

    fn decided(mut self, who: PersonId, now: Timestamp, answered: Answered) -> Result<Step<Self>, Refusal> {
        if who != self.invitee {
            return Err(Refusal::NotYourInvitation);
        }
        if !self.waits_at(now) {
            return Err(Refusal::InvitationOver);
        }
        self.answered = answered;
        let id = self.id;
        Ok(Step::to(self).drop(Due::InvitationLapse(id)))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ADA: PersonId = PersonId(1);
    const BEN: PersonId = PersonId(2);

    #[test]
    fn to_its_inviter_a_declined_one_is_like_one_that_waits() {
        let sent = Timestamp::UNIX_EPOCH;
        let waiting = Invitation::send(InvitationId(Uuid::nil()), ADA, BEN, ServerId(3), sent).state;
        let declined = waiting.clone().declined(BEN, sent + SignedDuration::from_hours(1)).unwrap().state;
        for hours in [1, 2, 7 * 24 - 1, 7 * 24, 8 * 24] {
            let now = sent + SignedDuration::from_hours(hours);
            assert_eq!(declined.seems_to_wait_at(now), waiting.seems_to_wait_at(now), "after {hours} hours");
        }
        assert_eq!(declined.again_from(), waiting.clone().lapsed(waiting.lapses_at()).state.again_from());
    }

    #[test]
    fn withdrawn_it_no_longer_waits_and_a_declined_one_becomes_the_same() {
        let sent = Timestamp::UNIX_EPOCH;
        let waiting = Invitation::send(InvitationId(Uuid::nil()), ADA, BEN, ServerId(3), sent).state;
        let declined = waiting.clone().declined(BEN, sent).unwrap().state;
        let (waiting, declined) = (waiting.withdrawn().state, declined.withdrawn().state);
        assert_eq!(waiting, declined);
        assert!(!waiting.waits_at(sent) && !waiting.seems_to_wait_at(sent));
    }
}

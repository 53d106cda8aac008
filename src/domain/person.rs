//! One person, in a couple or not: their zone, their quiet hours, whether they take invitations.

use jiff::Timestamp;

use super::hours::{QuietHours, Zone};
use super::ids::{ChannelId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// Unknown until the person says it: it is guessed from nothing.
    pub zone: Option<Zone>,
    pub quiet: QuietHours,
    /// `No more invitations` was pressed; inviting somebody oneself opens the door again.
    pub invitations_closed: bool,
    /// The DM with the bot, once one was opened.
    pub dm: Option<ChannelId>,
    pub version: i64,
}

impl Person {
    pub fn new(id: PersonId) -> Self {
        Self { id, zone: None, quiet: QuietHours::DEFAULT, invitations_closed: false, dm: None, version: 0 }
    }

    /// Whether a message should make no sound. Without a zone the hour is unknown, and nothing is guessed.
    pub fn rests_at(&self, now: Timestamp) -> bool {
        self.zone.as_ref().is_some_and(|zone| self.quiet.contain(now, zone))
    }
}

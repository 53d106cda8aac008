//! One person, in a couple or not: their zone, their quiet hours, whether they take invitations.

use jiff::Timestamp;

use super::hours::{QuietHours, Zone};
use super::ids::{ChannelId, PersonId};
use super::round::{Kind, Nudging};

/// Of what a person is nudged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nudges {
    Everything,
    CheckIns,
    Nothing,
}

impl Nudges {
    pub const ALL: [Self; 3] = [Self::Everything, Self::CheckIns, Self::Nothing];

    /// As the table and the custom id spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::CheckIns => "check_ins",
            Self::Nothing => "nothing",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|nudges| nudges.name() == name)
    }

    /// One step less.
    pub fn fewer(self) -> Self {
        match self {
            Self::Everything => Self::CheckIns,
            Self::CheckIns | Self::Nothing => Self::Nothing,
        }
    }

    pub fn include(self, kind: Kind) -> bool {
        match self {
            Self::Everything => true,
            Self::CheckIns => kind == Kind::CheckIn,
            Self::Nothing => false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// Unknown until the person says it: it is guessed from nothing.
    pub zone: Option<Zone>,
    pub quiet: QuietHours,
    pub nudges: Nudges,
    /// `No more invitations` was pressed; inviting somebody oneself opens the door again.
    pub invitations_closed: bool,
    /// The DM with the bot, once one was opened.
    pub dm: Option<ChannelId>,
    pub version: i64,
}

impl Person {
    pub fn new(id: PersonId) -> Self {
        Self {
            id,
            zone: None,
            quiet: QuietHours::DEFAULT,
            nudges: Nudges::Everything,
            invitations_closed: false,
            dm: None,
            version: 0,
        }
    }

    /// Whether a message should make no sound. Without a zone the hour is unknown, and nothing is guessed.
    pub fn rests_at(&self, now: Timestamp) -> bool {
        self.zone.as_ref().is_some_and(|zone| self.quiet.contain(now, zone))
    }

    /// Whether this person may be nudged about such a round now. Without a zone the hour is unknown, so never.
    pub fn nudging(&self, kind: Kind, away_until: Option<Timestamp>, now: Timestamp) -> Nudging {
        let Some(zone) = self.zone.as_ref().filter(|_| self.nudges.include(kind)) else { return Nudging::Never };
        if let Some(back) = away_until.filter(|back| now < *back) {
            return Nudging::Later(back);
        }
        if self.quiet.contain(now, zone) { Nudging::Later(self.quiet.end_after(now, zone)) } else { Nudging::Now }
    }
}

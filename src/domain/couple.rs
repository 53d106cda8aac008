//! A couple: two people who both said yes, where their conversations appear, and what each of them wants of it.
//! Where two wishes differ, the gentler one binds: the lower ceiling, every veto, the longer window, the hidden line, the slower
//! pace.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::conversation::Length;
use super::hours::OpeningHour;
use super::ids::{ChannelId, CoupleId, PersonId, ServerId};
use super::library::{Depth, Theme};
use super::notice::{Notice, Place};
use super::refusal::Refusal;
use super::schedule::Pace;
use super::step::{Due, Step};

/// How long revealed rounds stay exportable after a partner left; then the couple's keys are destroyed.
pub const FAREWELL: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// The channel is being made.
    Making,
    Channel(ChannelId),
    Dms,
    /// Neither a channel nor the DMs can be reached.
    Nowhere,
}

/// Why Discord let no channel be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoChannel {
    MayNot,
    /// The server has as many channels as fit.
    Full,
    /// The server demands two-factor login of the bot's owner.
    TwoFactor,
}

/// How long a question waits for both answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    TwoDays,
    FourDays,
    SevenDays,
}

impl Window {
    pub const ALL: [Self; 3] = [Self::TwoDays, Self::FourDays, Self::SevenDays];

    pub fn days(self) -> i64 {
        match self {
            Self::TwoDays => 2,
            Self::FourDays => 4,
            Self::SevenDays => 7,
        }
    }

    pub fn of_days(days: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.days() == days)
    }

    pub fn length(self) -> SignedDuration {
        SignedDuration::from_hours(24 * self.days())
    }
}

/// One partner's own settings in this couple.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    pub person: PersonId,
    /// Whether this partner wants "1 of 2 sealed" on the card.
    pub line: bool,
    pub ceiling: Depth,
    pub vetoes: BTreeSet<Theme>,
    /// Opt-in themes that this partner would like: one comes when both do.
    pub opt_ins: BTreeSet<Theme>,
    pub window: Window,
    /// How often check-ins come.
    pub pace: Pace,
    /// Whether one line beside the ratings is enough.
    pub short: bool,
    /// Until when this partner is away: no check-in, no nudge.
    pub away_until: Option<Timestamp>,
}

impl Partner {
    pub fn new(person: PersonId) -> Self {
        Self {
            person,
            line: true,
            ceiling: Depth::Personal,
            vetoes: BTreeSet::new(),
            opt_ins: BTreeSet::new(),
            window: Window::TwoDays,
            pace: Pace::Weekly,
            short: false,
            away_until: None,
        }
    }
}

/// One partner left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub by: PersonId,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Couple {
    pub id: CoupleId,
    pub partners: [Partner; 2],
    /// The server in which they paired.
    pub server: ServerId,
    pub home: Home,
    pub opening: Option<OpeningHour>,
    /// How far their conversations go.
    pub length: Length,
    /// From which the order of their bag follows.
    pub seed: i64,
    pub paired_at: Timestamp,
    pub left: Option<Left>,
    pub version: i64,
}

/// What the couple wants of a round at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub line: bool,
    pub places: Vec<Place>,
    /// When answers that are both in now would open; `None` at once.
    pub opens_at: Option<Timestamp>,
    /// The end of the pause that the couple is in. Time for answers counts from there.
    pub paused_until: Option<Timestamp>,
    pub window: SignedDuration,
}

impl Terms {
    /// From when time to answer counts.
    pub fn begins(&self, now: Timestamp) -> Timestamp {
        self.paused_until.unwrap_or(now)
    }
}

/// What is drawn and given when two people become a couple.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    pub id: CoupleId,
    pub inviter: PersonId,
    pub invitee: PersonId,
    pub server: ServerId,
    pub seed: i64,
}

impl Couple {
    pub fn pair(new: Beginning, now: Timestamp) -> Step<Self> {
        let couple = Self {
            id: new.id,
            partners: [Partner::new(new.inviter), Partner::new(new.invitee)],
            server: new.server,
            home: Home::Making,
            opening: None,
            length: Length::default(),
            seed: new.seed,
            paired_at: now,
            left: None,
            version: 0,
        };
        Step::to(couple).say(Notice::MakeHome { couple: new.id })
    }

    pub fn people(&self) -> [PersonId; 2] {
        [self.partners[0].person, self.partners[1].person]
    }

    pub fn partner(&self, who: PersonId) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.person == who)
    }

    pub fn partner_mut(&mut self, who: PersonId) -> Option<&mut Partner> {
        self.partners.iter_mut().find(|partner| partner.person == who)
    }

    /// The other partner; for a stranger, the first.
    pub fn other(&self, who: PersonId) -> PersonId {
        let [first, second] = self.people();
        if who == first { second } else { first }
    }

    /// Refuses strangers, and everybody once a partner left.
    pub fn admits(&self, who: PersonId) -> Result<(), Refusal> {
        if self.partner(who).is_none() {
            return Err(Refusal::NotYourCouple);
        }
        if self.left.is_some() { Err(Refusal::CoupleEnded) } else { Ok(()) }
    }

    pub fn line(&self) -> bool {
        self.partners.iter().all(|partner| partner.line)
    }

    pub fn ceiling(&self) -> Depth {
        self.partners[0].ceiling.min(self.partners[1].ceiling)
    }

    /// The themes that do not come to these two.
    pub fn left_out(&self) -> BTreeSet<Theme> {
        left_out(&self.partners)
    }

    pub fn window(&self) -> Window {
        self.partners[0].window.max(self.partners[1].window)
    }

    pub fn pace(&self) -> Pace {
        self.partners[0].pace.max(self.partners[1].pace)
    }

    pub fn short(&self) -> bool {
        self.partners.iter().any(|partner| partner.short)
    }

    /// Until when there is no check-in: the later return of the two.
    pub fn away_until(&self) -> Option<Timestamp> {
        self.partners[0].away_until.max(self.partners[1].away_until)
    }

    pub fn places(&self) -> Vec<Place> {
        match self.home {
            Home::Channel(_) => vec![Place::Channel],
            Home::Dms => self.people().map(Place::Dm).to_vec(),
            Home::Making | Home::Nowhere => Vec::new(),
        }
    }

    /// Their private channel, if that is their home.
    pub fn channel(&self) -> Option<ChannelId> {
        match self.home {
            Home::Channel(channel) => Some(channel),
            Home::Making | Home::Dms | Home::Nowhere => None,
        }
    }

    /// Whether what was posted in this channel stands where the couple lives now.
    pub fn home_is(&self, channel: ChannelId, place: Place) -> bool {
        match place {
            Place::Channel => self.home == Home::Channel(channel),
            Place::Dm(_) => self.home == Home::Dms,
        }
    }

    /// As long as no pause runs.
    pub fn terms(&self, now: Timestamp) -> Terms {
        self.terms_while(None, now)
    }

    /// In a pause nothing opens before its end, and after it at the couple's hour, if they have one.
    pub fn terms_while(&self, paused_until: Option<Timestamp>, now: Timestamp) -> Terms {
        // An hour that strikes in the moment in which the pause ends is not missed.
        let from = paused_until.map_or(now, |until| until.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(until));
        let opens_at = self.opening.as_ref().map(|hour| hour.next_after(from)).or(paused_until);
        Terms { line: self.line(), places: self.places(), opens_at, paused_until, window: self.window().length() }
    }

    /// Where a new round may appear.
    pub fn home_ready(&self) -> Result<(), Refusal> {
        match self.home {
            Home::Making => Err(Refusal::HomeInMaking),
            Home::Nowhere => Err(Refusal::NoHome(self.id)),
            Home::Channel(_) | Home::Dms => Ok(()),
        }
    }

    /// `no_channel`: why it is not the channel that was wanted.
    pub fn settled(mut self, home: Home, no_channel: Option<NoChannel>) -> Step<Self> {
        let (id, first) = (self.id, self.home == Home::Making);
        self.home = home;
        let welcome = |place| Notice::Welcome { couple: id, place, first, no_channel };
        let welcomes: Vec<_> = self.places().into_iter().map(welcome).collect();
        Step::to(self).say_all(welcomes)
    }

    /// The channel is gone. Both are told; nothing moves into their DMs unless both want it.
    pub fn unhoused(mut self) -> Step<Self> {
        self.home = Home::Nowhere;
        let (id, people) = (self.id, self.people());
        Step::to(self).say_all(people.map(|to| Notice::HomeLost { couple: id, to }))
    }

    pub fn parted(mut self, who: PersonId, now: Timestamp) -> Result<Step<Self>, Refusal> {
        self.admits(who)?;
        self.left = Some(Left { by: who, at: now });
        let id = self.id;
        let end = now.saturating_add(FAREWELL).unwrap_or(Timestamp::MAX);
        Ok(Step::to(self).drop(Due::CheckIn(id)).set(Due::KeysEnd(id), end))
    }

    /// Until when the one who was left may not invite the other again.
    pub fn closed_to(&self, inviter: PersonId) -> Option<Timestamp> {
        self.left
            .filter(|left| left.by != inviter)
            .map(|left| left.at.saturating_add(super::invitation::REST).unwrap_or(Timestamp::MAX))
    }
}

/// The themes that one of the two left out, and the opt-in ones that not both asked for.
fn left_out([one, other]: &[Partner; 2]) -> BTreeSet<Theme> {
    let is_out = |theme: &Theme| {
        one.vetoes.contains(theme)
            || other.vetoes.contains(theme)
            || theme.is_opt_in() && !(one.opt_ins.contains(theme) && other.opt_ins.contains(theme))
    };
    Theme::ALL.into_iter().filter(is_out).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opt_in_theme_comes_when_both_asked_for_it_and_a_veto_takes_one() {
        let partner = |person, vetoes: &[Theme], opt_ins: &[Theme]| Partner {
            vetoes: vetoes.iter().copied().collect(),
            opt_ins: opt_ins.iter().copied().collect(),
            ..Partner::new(PersonId(person))
        };
        let one = partner(1, &[Theme::Repair], &[Theme::Faith, Theme::Children]);
        let other = partner(2, &[Theme::Play], &[Theme::Faith, Theme::Intimacy]);
        let left_out = left_out(&[one, other]);
        let let_in: Vec<Theme> = Theme::OPT_IN.into_iter().filter(|theme| !left_out.contains(theme)).collect();
        assert_eq!(let_in, [Theme::Faith]);
        let shared: Vec<Theme> = Theme::SHARED.into_iter().filter(|theme| left_out.contains(theme)).collect();
        assert_eq!(shared, [Theme::Play, Theme::Repair]);
    }
}

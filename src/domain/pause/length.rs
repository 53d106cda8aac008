//! How long a pause is called for, and when that is over: two lengths by the clock, two by the day, which stay out of the hours
//! in which either of the two rests.

use jiff::civil::time;
use jiff::{SignedDuration, Span, Timestamp};

use super::super::hours::Minute;
use super::super::person::Person;
use super::super::refusal::Refusal;
use super::SHORTEST;

const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);
const A_MINUTE: SignedDuration = SignedDuration::from_mins(1);
const SEVEN_IN_THE_EVENING: Minute = Minute::SEVEN_IN_THE_EVENING;
/// Whoever is still awake before five means the morning that comes.
const DAYBREAK: jiff::civil::Time = time(5, 0, 0, 0);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    TwentyMinutes,
    OneHour,
    Tonight,
    Tomorrow,
}

impl Length {
    pub const ALL: [Self; 4] = [Self::TwentyMinutes, Self::OneHour, Self::Tonight, Self::Tomorrow];

    /// As a command's choice and the custom id spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwentyMinutes => "20_min",
            Self::OneHour => "1_h",
            Self::Tonight => "tonight",
            Self::Tomorrow => "tomorrow",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|length| length.name() == name)
    }

    /// Its end, at most `most` after `now`. The caller comes first: it is their evening and their morning, or the other's where
    /// theirs is not known.
    pub(super) fn ends(self, people: [&Person; 2], now: Timestamp, most: SignedDuration) -> Result<Timestamp, Refusal> {
        let wanted = match self {
            Self::TwentyMinutes => return Ok(now + most.min(SHORTEST)),
            Self::OneHour => return Ok(now + most.min(AN_HOUR)),
            Self::Tonight | Self::Tomorrow => self.of_the_day(people, now)?,
        };
        let last = now + most;
        let wanted = whole_minute(wanted).min(last);
        let awake = |moment: &Timestamp| people.iter().all(|person| !person.rests_at(*moment));
        // Nearest first: on until both are awake, and back only where that would take longer than a pause may.
        let later = minutes_from(wanted, A_MINUTE).take_while(|moment| *moment <= last).find(awake);
        let sooner = || minutes_from(wanted, -A_MINUTE).take_while(|moment| *moment >= now + SHORTEST).find(awake);
        // Between two who are never awake together, there is nothing to stay out of.
        Ok(later.or_else(sooner).unwrap_or(wanted))
    }

    /// Seven in the evening, or an hour from now if that is later; nine in the morning.
    fn of_the_day(self, people: [&Person; 2], now: Timestamp) -> Result<Timestamp, Refusal> {
        let zone = people.iter().find_map(|person| person.zone.as_ref()).ok_or(Refusal::ZoneFirst)?;
        let local = now.to_zoned_datetime(zone.rules());
        if self == Self::Tonight {
            return Ok(zone.moment(local.date(), SEVEN_IN_THE_EVENING).max(now + AN_HOUR));
        }
        let still_up = local.time() < DAYBREAK;
        let day = if still_up { local.date() } else { local.date().saturating_add(Span::new().days(1)) };
        Ok(zone.moment(day, Minute::NINE_IN_THE_MORNING))
    }
}

fn whole_minute(moment: Timestamp) -> Timestamp {
    let over = moment.as_second().rem_euclid(60);
    if over == 0 { moment } else { moment + SignedDuration::from_secs(60 - over) }
}

fn minutes_from(moment: Timestamp, step: SignedDuration) -> impl Iterator<Item = Timestamp> {
    std::iter::successors(Some(moment), move |moment| moment.checked_add(step).ok())
}

//! Any schedule, any years, any sequence of wake-ups and wishes: the promise of one check-in a week, told a second time by
//! walking through all weeks, and held against what [`Schedule`] says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static ZONES: LazyLock<Vec<Zone>> =
    LazyLock::new(|| jiff::tz::db().available().filter_map(|name| name.as_str().parse().ok()).collect());

#[derive(Clone, Debug)]
enum Event {
    /// The bot looks when it was told to, or up to so many minutes later.
    Ring(i64),
    /// So many minutes pass, and the bot looks.
    Wake(i64),
    Skip,
    /// Away for so many hours; none takes it back.
    Away(Option<i64>),
    Rest,
    /// Both agree: to the same slot again, or to another one.
    Agree(Option<Slot>),
    Pace(Pace),
    /// For so many minutes, at the end of which the bot looks.
    Pause(i64),
}

fn slots() -> impl Strategy<Value = Slot> {
    let zone = any::<prop::sample::Index>().prop_map(|index| index.get(&ZONES).clone());
    // Clocks change at night.
    let minute = prop_oneof![0..240_u16, 0..1_440_u16].prop_map(|minute| Minute::new(minute).unwrap());
    let day = prop_oneof![Just(Day::Sunday), prop::sample::select(Day::ALL.to_vec())];
    (day, minute, zone).prop_map(|(day, at, zone)| Slot { day, at, zone })
}

/// Mostly a bot that is up, now and then one that sleeps for minutes or months, and people who want something of it.
fn events(paces: &'static [Pace]) -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        12 => (0..5_i64).prop_map(Event::Ring),
        3 => (0..13 * 60_i64).prop_map(Event::Ring),
        3 => (0..180_i64).prop_map(Event::Wake),
        3 => (0..10 * 24 * 60_i64).prop_map(Event::Wake),
        1 => (0..120 * 24 * 60_i64).prop_map(Event::Wake),
        2 => Just(Event::Skip),
        2 => prop::option::of(0..30 * 24_i64).prop_map(Event::Away),
        1 => Just(Event::Rest),
        2 => prop::option::of(slots()).prop_map(Event::Agree),
        1 => prop::sample::select(paces).prop_map(Event::Pace),
        2 => (20..=24 * 60_i64).prop_map(Event::Pause),
    ];
    prop::collection::vec(event, 1..60)
}

fn starts() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (at("2000-01-01T00:00:00Z").as_second(), at("2035-12-31T00:00:00Z").as_second());
    (first..last).prop_map(|second| Timestamp::from_second(second).unwrap())
}

/// A couple's schedule, and beside it what happened, kept by hand.
struct World {
    schedule: Schedule,
    pace: Pace,
    away_until: Option<Timestamp>,
    pause: Option<Pause>,
    now: Timestamp,
    /// The last wake-up, or the agreement if that is later.
    looked_at: Timestamp,
    /// How often each week came due.
    posted: BTreeMap<Week, usize>,
    /// Weeks against which something stood, or may have: skipped, in a time away or a rest, at another pace, or passed unseen
    /// before somebody wanted something.
    against: BTreeSet<Week>,
    skipped: BTreeSet<Week>,
    /// Weeks in whose twelve hours the bot looked, and nothing stood against them.
    owed: BTreeSet<Week>,
}

impl World {
    fn new(slot: Slot, pace: Pace, now: Timestamp) -> Self {
        let mut world = Self {
            schedule: Schedule::agreed(CoupleId(Uuid::from_u128(1)), slot, None, now),
            pace,
            away_until: None,
            pause: None,
            now,
            looked_at: now,
            posted: BTreeMap::new(),
            against: BTreeSet::new(),
            skipped: BTreeSet::new(),
            owed: BTreeSet::new(),
        };
        world.begin();
        world
    }

    /// From an agreement on: weeks that had passed in its zone, or were settled in the one before, have had their turn.
    fn begin(&mut self) {
        self.mark(self.now - hours(24 * 21), self.now);
        let settled = self.schedule.settled;
        self.against.extend((-3..=0).map(|ago| settled.after(ago)));
        self.looked_at = self.now;
    }

    /// The weeks whose moment lies after `from` and not after `until`, one by one.
    fn weeks(&self, from: Timestamp, until: Timestamp) -> Vec<(Week, Timestamp)> {
        let slot = &self.schedule.slot;
        let mut week = slot.week_of(from).after(-2);
        let mut found = Vec::new();
        while week <= slot.week_of(until).after(2) {
            let moment = slot.moment_in(week);
            if from < moment && moment <= until {
                found.push((week, moment));
            }
            week = week.after(1);
        }
        found
    }

    fn mark(&mut self, from: Timestamp, until: Timestamp) {
        let weeks = self.weeks(from, until);
        self.against.extend(weeks.into_iter().map(|(week, _)| week));
    }

    /// Time passes; what stands against check-ins stands against the weeks that it passes.
    fn pass(&mut self, until: Timestamp) {
        if self.schedule.resting || self.pace != Pace::Weekly {
            self.mark(self.now, until);
        } else if let Some(back) = self.away_until {
            self.mark(self.now, until.min(back - SignedDuration::from_nanos(1)));
        }
        self.now = until;
    }

    fn look(&mut self) {
        let (resting, settled) = (self.schedule.resting, self.schedule.settled);
        let (schedule, look) = self.schedule.clone().look_past(self.pace, self.away_until, self.pause.as_ref(), self.now);
        self.schedule = schedule;
        assert!(self.schedule.settled >= settled, "settled went back");
        if let Look::Due { week } = look {
            let moment = self.schedule.slot.moment_in(week);
            assert!(moment <= self.now && self.is_in_time(moment), "{week} came due at {}", self.now);
            assert!(!resting, "{week} came due in a rest");
            assert!(self.away_until.is_none_or(|back| moment >= back), "{week} came due in a time away");
            assert!(!self.skipped.contains(&week), "{week} was skipped");
            *self.posted.entry(week).or_default() += 1;
        }
        if look == Look::Missed {
            assert!(!self.weeks(self.looked_at, self.now - LATE).is_empty(), "nothing was missed at {}", self.now);
        }
        let lately = self.weeks(self.now - LATE - hours(24), self.now).into_iter();
        let in_time = lately.filter(|(_, moment)| self.is_in_time(*moment));
        let owed: Vec<Week> = in_time.map(|(week, _)| week).filter(|week| !self.against.contains(week)).collect();
        self.owed.extend(owed);
        self.looked_at = self.now;
    }

    /// Less than twelve hours late, what was paused of them aside.
    fn is_in_time(&self, moment: Timestamp) -> bool {
        let paused = self.pause.as_ref().map_or(hours(0), |pause| pause.within(moment, self.now));
        self.now < moment + LATE + paused
    }

    /// Before anybody changes something, what passed since the last look may go unsaid.
    fn leave_open(&mut self) {
        self.mark(self.looked_at - LATE - hours(24), self.now);
    }

    fn live(&mut self, event: Event) {
        match event {
            Event::Ring(late) => {
                let next = self.schedule.next(self.pace, self.away_until).unwrap_or(self.now);
                self.pass(next.max(self.now) + SignedDuration::from_mins(late));
                self.look();
            }
            Event::Wake(minutes) => {
                self.pass(self.now + SignedDuration::from_mins(minutes));
                self.look();
            }
            Event::Skip => {
                self.leave_open();
                let before = self.schedule.clone();
                let (schedule, changed) = before.clone().skip_past(self.pace, self.away_until, self.pause.as_ref(), self.now);
                assert!(changed || schedule == before);
                assert!(!before.resting || !changed);
                if changed {
                    let week = schedule.skipped.unwrap();
                    self.skipped.insert(week);
                    self.against.insert(week);
                    assert!(!self.posted.contains_key(&week), "{week} was posted, and is skipped");
                }
                self.schedule = schedule;
            }
            Event::Away(Some(hours)) => {
                self.look();
                self.away_until = Some(self.now + SignedDuration::from_hours(hours));
            }
            Event::Away(None) => {
                self.look();
                self.away_until = None;
            }
            Event::Rest => {
                self.leave_open();
                self.schedule.resting = true;
            }
            Event::Pause(minutes) => {
                let (couple, called_at) = (self.schedule.couple, self.now);
                let until = called_at + SignedDuration::from_mins(minutes);
                self.pass(until);
                let by = super::super::super::ids::PersonId(1);
                self.pause =
                    Some(Pause { couple, by, called_at, until, round: None, taken: Vec::new(), is_over: true, version: 1 });
                self.look();
            }
            Event::Agree(slot) => {
                self.leave_open();
                let slot = slot.unwrap_or_else(|| self.schedule.slot.clone());
                self.schedule = Schedule::agreed(self.schedule.couple, slot, Some(&self.schedule), self.now);
                self.begin();
            }
            Event::Pace(pace) => {
                self.leave_open();
                self.pace = pace;
                self.schedule = self.schedule.clone().repaced(self.now);
            }
        }
    }

    /// What the screen promises is what will be looked for.
    fn screen_holds(&self) {
        let upcoming = self.schedule.upcoming(self.pace, self.away_until, self.now, 3);
        assert!(upcoming.is_sorted() && upcoming.iter().all(|moment| *moment > self.now));
        match self.schedule.next(self.pace, self.away_until) {
            None => assert!(upcoming.is_empty()),
            Some(next) if next > self.now => assert_eq!(upcoming[0], next),
            Some(_) => assert!(!upcoming.is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn each_week_has_one_check_in_unless_something_stands_against_it(slot in slots(), start in starts(), events in events(&Pace::ALL)) {
        let mut world = World::new(slot, Pace::Weekly, start);
        for event in events {
            world.live(event);
            world.screen_holds();
        }
        for (week, times) in &world.posted {
            prop_assert!(*times <= 1, "{week} had {times}");
        }
        for week in &world.owed {
            prop_assert_eq!(world.posted.get(week), Some(&1), "{} had none", week);
        }
    }

    #[test]
    fn at_the_slower_pace_two_check_ins_are_two_weeks_apart(slot in slots(), start in starts(), events in events(&[Pace::EverySecondWeek])) {
        let mut world = World::new(slot, Pace::EverySecondWeek, start);
        for event in events {
            world.live(event);
            world.screen_holds();
        }
        prop_assert!(world.posted.values().all(|times| *times == 1));
        let weeks: Vec<&Week> = world.posted.keys().collect();
        for pair in weeks.windows(2) {
            prop_assert!(pair[1].since(*pair[0]) >= 2, "{} and {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn a_bot_that_is_up_keeps_every_week(slot in slots(), start in starts(), delays in prop::collection::vec(0..12 * 60_i64, 60)) {
        let mut world = World::new(slot, Pace::Weekly, start);
        let first = world.schedule.settled.after(1);
        for late in delays {
            world.live(Event::Ring(late));
        }
        let weeks: Vec<Week> = world.posted.keys().copied().collect();
        prop_assert_eq!(weeks, (0..60).map(|count| first.after(count)).collect::<Vec<_>>());
        prop_assert!(world.posted.values().all(|times| *times == 1));
    }
}

//! Any sequence of answers, passes, swaps and pauses, with the timers that their steps set, rung when they are due.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::couple::{Beginning, Couple, Home, Terms};
use crate::domain::hours::{Minute, OpeningHour, QuietHours, Zone};
use crate::domain::ids::ServerId;
use crate::domain::round::{self, Nudging, Phase, Question, Round, Seat};
use crate::domain::step::Timing;

const TWO: [PersonId; 2] = [ADA, BEN];

static ZONES: LazyLock<Vec<Zone>> =
    LazyLock::new(|| jiff::tz::db().available().filter_map(|name| name.as_str().parse().ok()).collect());

#[derive(Clone, Copy, Debug)]
enum Move {
    Answer(usize),
    TakeBack(usize),
    Pass(usize),
    Swap(usize),
    Call(usize, Length),
    /// What stood on the card, or something older.
    More(usize, bool),
    /// So many minutes pass, and what comes due rings.
    Wait(i64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let who = || 0..2_usize;
    let length = prop::sample::select(Length::ALL.to_vec());
    let a = prop_oneof![
        3 => who().prop_map(Move::Answer),
        1 => who().prop_map(Move::TakeBack),
        1 => who().prop_map(Move::Pass),
        1 => who().prop_map(Move::Swap),
        3 => (who(), length).prop_map(|(who, length)| Move::Call(who, length)),
        3 => (who(), prop::bool::weighted(0.8)).prop_map(|(who, seen)| Move::More(who, seen)),
        4 => (1..90_i64).prop_map(Move::Wait),
        2 => (1..36 * 60_i64).prop_map(Move::Wait),
    ];
    prop::collection::vec(a, 1..50)
}

struct World {
    couple: Couple,
    people: [Person; 2],
    round: Round,
    pause: Option<Pause>,
    now: Timestamp,
    timers: BTreeMap<&'static str, Timestamp>,
    /// Since when both are in and wait.
    both_in: Option<Timestamp>,
}

fn name(due: Due) -> &'static str {
    match due {
        Due::Lapse(_) => "lapse",
        Due::Nudge(_) => "nudge",
        Due::Opening(_) => "opening",
        Due::LookAgain(_) => "look again",
        Due::PauseEnds(_) => "pause ends",
        Due::Leftovers(_) => "leftovers",
        _ => "another",
    }
}

impl World {
    fn new(zones: [&str; 2], hour: bool) -> Self {
        let now = at("2026-09-01T09:00:00Z");
        let mut couple =
            Couple::pair(Beginning { id: OURS, inviter: ADA, invitee: BEN, server: ServerId(1), seed: 1 }, now).state;
        couple.home = Home::Dms;
        couple.opening = hour.then(|| OpeningHour { at: "20:00".parse().unwrap(), zone: "Europe/Berlin".parse().unwrap() });
        let question = Question::Own { by: ADA };
        let id = RoundId(Uuid::from_u128(2));
        let asked = round::Asked { id, couple: OURS, partners: TWO, question, by: Some(ADA), first: 0 };
        let step = Round::ask(asked, &couple.terms(now), now);
        let people = [person(ADA, zones[0]), person(BEN, zones[1])];
        let round = step.state.clone();
        let mut world = Self { couple, people, round, pause: None, now, timers: BTreeMap::new(), both_in: None };
        world.set(step.timings);
        world
    }

    fn set(&mut self, timings: Vec<Timing>) {
        for timing in timings {
            match timing {
                Timing::Set(due, at) => drop(self.timers.insert(name(due), at)),
                Timing::Drop(due) => drop(self.timers.remove(name(due))),
                Timing::PutOff(due, shift) => {
                    if let Some(at) = self.timers.get_mut(name(due)) {
                        *at = shift.moved(*at);
                    }
                }
            }
        }
    }

    fn paused_until(&self) -> Option<Timestamp> {
        self.pause.as_ref().filter(|pause| pause.runs_at(self.now)).map(|pause| pause.until)
    }

    fn terms(&self) -> Terms {
        self.couple.terms_while(self.paused_until(), self.now)
    }

    fn becomes(&mut self, step: Step<Round>) {
        let (before, swaps) = (self.round.closes_at, self.round.swaps);
        self.round = step.state;
        assert!(self.round.closes_at >= before || self.round.swaps > swaps, "a deadline came nearer");
        self.set(step.timings);
        self.both_in = match self.round.phase {
            Phase::Opening { .. } => self.both_in.or(Some(self.now)),
            _ => None,
        };
    }

    fn tried(&mut self, step: Result<Step<Round>, Refusal>) {
        if let Ok(step) = step {
            self.becomes(step);
        }
    }

    fn moved(&mut self, step: Step<Pause>, shift: Option<Shift>) {
        let Some(shift) = shift else { return };
        assert!(shift.by > SignedDuration::ZERO && shift.until > self.now);
        self.pause = Some(step.state);
        self.set(step.timings);
        let terms = self.terms();
        assert_eq!(terms.paused_until, Some(shift.until));
        if let Some(step) = self.round.clone().paused(shift, &terms) {
            self.becomes(step);
        }
    }

    fn make(&mut self, a: Move) {
        let (now, terms, round) = (self.now, self.terms(), self.round.clone());
        match a {
            Move::Answer(who) => self.tried(round.answered(TWO[who], &terms, now)),
            Move::TakeBack(who) => self.tried(round.taken_back(TWO[who], &terms, now)),
            Move::Pass(who) => self.tried(round.passed(TWO[who])),
            Move::Swap(who) => self.tried(round.swapped(TWO[who], Question::Own { by: BEN }, &terms, now)),
            Move::Call(who, length) => {
                let people = [self.people[who].clone(), self.people[1 - who].clone()];
                let open = round.awaits_answers().then_some(round.id);
                let places = self.couple.places();
                let call = Call { couple: OURS, people: [&people[0], &people[1]], length, round: open, places: &places, now };
                match Pause::called(self.pause.clone(), &call) {
                    Ok((step, shift)) => self.moved(step, shift),
                    Err(Refusal::ZoneFirst) => {}
                    Err(refusal) => {
                        let Refusal::PauseAgainFrom(from) = refusal else { panic!("{refusal:?}") };
                        assert!(from > now && from <= now + REST, "{from}");
                    }
                }
            }
            Move::More(who, fresh) => {
                let Some(pause) = self.pause.clone() else { return };
                let seen = if fresh { pause.until } else { pause.called_at };
                match pause.drawn_out(TWO[who], seen, now) {
                    Ok((step, shift)) => {
                        assert!(fresh || shift.is_none());
                        self.moved(step, shift);
                    }
                    Err(refusal) => assert_eq!(refusal, Refusal::PauseOver),
                }
            }
            Move::Wait(minutes) => self.wait(now + SignedDuration::from_mins(minutes)),
        }
    }

    fn wait(&mut self, until: Timestamp) {
        while let Some((due, at)) = self.timers.iter().map(|(due, at)| (*due, *at)).min_by_key(|(_, at)| *at)
            && at <= until
        {
            self.now = self.now.max(at);
            self.timers.remove(due);
            if due == "pause ends" {
                let step = self.pause.take().unwrap().ended(false, &[], self.now);
                assert!(step.state.is_over, "it rang before its hour");
                self.pause = Some(step.state);
                continue;
            }
            let (round, terms) = (self.round.clone(), self.terms());
            if due == "leftovers" {
                self.becomes(round.cleared());
                continue;
            }
            assert_eq!(self.paused_until(), None, "{due} rang in a pause");
            let step = match due {
                "lapse" => round.lapsed(self.now),
                "opening" => round.opened(&terms, self.now),
                "nudge" => round.nudges([Nudging::Now; 2]),
                other => panic!("{other}"),
            };
            if let (Some(since), Phase::Revealed { at, .. }) = (self.both_in, step.state.phase) {
                self.opens_in_time(since, at);
            }
            self.becomes(step);
        }
        self.now = until;
    }

    /// At the end of the pause in which both were in; with an hour of their own, at its first stroke from then on.
    fn opens_in_time(&self, since: Timestamp, at: Timestamp) {
        let pause = self.pause.as_ref().filter(|pause| pause.until > since);
        let Some(hour) = &self.couple.opening else {
            return assert_eq!(Some(at), pause.map(|pause| pause.until), "it opens exactly when the pause ends");
        };
        let stroke = hour.next_after(at - SignedDuration::from_nanos(1));
        assert_eq!(at, stroke, "it opens at their hour");
        assert!(pause.is_none_or(|pause| at >= pause.until));
    }

    fn holds(&self) {
        if let Some(pause) = &self.pause {
            let lasts = pause.until.duration_since(pause.called_at);
            assert!(lasts > SignedDuration::ZERO && lasts <= LONGEST, "{lasts}");
            for taken in &pause.taken {
                assert!(taken.in_all <= LONGEST, "{taken:?}");
            }
            let ends = self.timers.get("pause ends").copied();
            assert_eq!(ends, (!pause.is_over).then_some(pause.until), "a pause always ends");
        }
        match self.round.phase {
            Phase::Asking { seats } => {
                assert_eq!(self.timers.get("lapse"), Some(&self.round.closes_at), "nothing ends it");
                assert!(self.paused_until().is_none_or(|until| self.round.closes_at >= until), "it ends in a pause");
                assert_ne!(seats, [Seat::Sealed; 2]);
            }
            Phase::Opening { at } => {
                assert_eq!(self.timers.get("opening"), Some(&at), "nothing opens it");
                assert!(self.paused_until().is_none_or(|until| at >= until), "it opens in a pause");
            }
            _ => {}
        }
    }
}

/// A pause of its own, in any two zones: out of the hours in which either rests, if there is a moment for that.
fn out_of_their_nights(people: [&Person; 2], length: Length, now: Timestamp) {
    let call = Call { couple: OURS, people, length, round: None, places: &[], now };
    let until = Pause::called(None, &call).unwrap().0.state.until;
    assert!(until >= now + SHORTEST && until <= now + LONGEST, "{length:?} at {now}: {until}");
    let awake = |moment: Timestamp| people.iter().all(|person| !person.rests_at(moment));
    let any = (0..=24 * 6).map(|tens| now + SHORTEST + SignedDuration::from_mins(10 * tens)).find(|moment| awake(*moment));
    assert!(awake(until) || any.is_none_or(|any| any > now + LONGEST), "{length:?} at {now}: {until} and not {any:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn nothing_opens_closes_or_reminds_in_a_pause_and_nothing_comes_sooner(hour: bool, zone: bool, moves in moves()) {
        let mut world = World::new(if zone { ["Europe/Berlin", "America/New_York"] } else { ["", ""] }, hour);
        for a in moves {
            world.make(a);
            world.holds();
        }
        // Left alone, everything comes to an end.
        world.wait(world.now + SignedDuration::from_hours(24 * 14));
        prop_assert!(!world.round.awaits_answers());
        prop_assert!(world.pause.is_none_or(|pause| pause.is_over));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn by_the_day_it_ends_while_both_are_awake(
        zones in prop::array::uniform2(any::<prop::sample::Index>()),
        quiet in prop::array::uniform4(0..24_u16),
        minutes in 0..366 * 24 * 60_i64,
        tonight: bool,
    ) {
        let minute = |hour: u16| Minute::new(hour * 60).unwrap();
        let people = [(ADA, 0), (BEN, 1)].map(|(id, at)| Person {
            zone: Some(zones[at].get(&ZONES).clone()),
            quiet: QuietHours { from: minute(quiet[2 * at]), until: minute(quiet[2 * at + 1]) },
            ..Person::new(id)
        });
        let now = super::at("2026-01-01T00:00:00Z") + SignedDuration::from_mins(minutes);
        out_of_their_nights([&people[0], &people[1]], if tonight { Length::Tonight } else { Length::Tomorrow }, now);
    }
}

//! P1 and P2 for any sequence of moves: by both partners, a stranger, the clock, the home and the courier.

use std::collections::BTreeMap;

use duet::discord::words;
use duet::domain::conversation;
use duet::domain::couple::{Couple, Home, Partner, Terms};
use duet::domain::hours::{Minute, OpeningHour, Zone};
use duet::domain::ids::{ChannelId, CoupleId, PersonId, RoundId, ServerId};
use duet::domain::notice::{Notice, Place};
use duet::domain::pause::{Call, Length, Pause, Shift};
use duet::domain::person::Person;
use duet::domain::refusal::Refusal;
use duet::domain::round::{Asked, Nudging, Phase, Question, Round, Seat};
use duet::domain::step::{Due, Step, Timing};
use duet::domain::visibility::Hold;
use duet::domain::words::Words;
use duet::flows::reading::{self, CardView};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

const TWO: [PersonId; 2] = [PersonId(10), PersonId(11)];
const STRANGER: PersonId = PersonId(12);

#[derive(Clone, Copy, Debug)]
enum Move {
    Answer(PersonId),
    TakeBack(PersonId),
    Pass(PersonId),
    SayOpenly(PersonId),
    Swap(PersonId),
    Replace(PersonId),
    Part(PersonId),
    Line(usize, bool),
    Hour(bool),
    Live(Home),
    Pause(PersonId, Length),
    MoreTime(PersonId),
    /// Time passes, and what came due rings.
    Hours(u8),
    /// The courier deals with its next reveal: it goes out, or the place may not have it.
    Deliver(bool),
    ChannelChanged,
    SendByDm,
}

fn moves() -> impl Strategy<Value = Move> {
    let anyone = || prop::sample::select(vec![TWO[0], TWO[1], TWO[0], TWO[1], STRANGER]);
    let home = prop::sample::select(vec![Home::Channel(ChannelId(1)), Home::Dms, Home::Nowhere]);
    prop_oneof![
        6 => anyone().prop_map(Move::Answer),
        2 => anyone().prop_map(Move::TakeBack),
        2 => anyone().prop_map(Move::Pass),
        1 => anyone().prop_map(Move::SayOpenly),
        2 => anyone().prop_map(Move::Swap),
        1 => anyone().prop_map(Move::Replace),
        1 => anyone().prop_map(Move::Part),
        1 => (0_usize..2, any::<bool>()).prop_map(|(who, line)| Move::Line(who, line)),
        1 => any::<bool>().prop_map(Move::Hour),
        1 => home.prop_map(Move::Live),
        2 => (anyone(), prop::sample::select(vec![Length::TwentyMinutes, Length::OneHour])).prop_map(|(who, length)| Move::Pause(who, length)),
        1 => anyone().prop_map(Move::MoreTime),
        3 => (1_u8..40).prop_map(Move::Hours),
        4 => any::<bool>().prop_map(Move::Deliver),
        1 => Just(Move::ChannelChanged),
        2 => Just(Move::SendByDm),
    ]
}

/// A round with everything around it that a step touches, kept by hand.
struct World {
    round: Round,
    couple: Couple,
    pause: Option<Pause>,
    now: Timestamp,
    timers: BTreeMap<&'static str, Timestamp>,
    /// Reveals that wait for the courier.
    waiting: Vec<Notice>,
    brought: Vec<Place>,
    nudges: Vec<PersonId>,
    /// Who has an answer in that was neither taken back nor swapped away, by what they did.
    sealed: [bool; 2],
    reveals: usize,
}

impl World {
    fn new(hour: bool) -> Self {
        let now: Timestamp = "2026-09-01T09:00:00Z".parse().unwrap();
        let couple = Couple {
            id: CoupleId(Uuid::from_u128(1)),
            partners: TWO.map(Partner::new),
            server: ServerId(1),
            home: Home::Channel(ChannelId(1)),
            opening: hour.then(eight_in_the_evening),
            length: conversation::Length::Guided,
            seed: 1,
            paired_at: now,
            left: None,
            version: 1,
        };
        let asked = Asked {
            id: RoundId(Uuid::from_u128(2)),
            couple: couple.id,
            partners: TWO,
            question: Question::Own { by: TWO[0] },
            by: Some(TWO[0]),
            first: 0,
        };
        let step = Round::ask(asked, &couple.terms(now), now);
        let mut world = Self {
            round: step.state.clone(),
            couple,
            pause: None,
            now,
            timers: BTreeMap::new(),
            waiting: Vec::new(),
            brought: Vec::new(),
            nudges: Vec::new(),
            sealed: [false; 2],
            reveals: 0,
        };
        world.keep(step);
        world
    }

    fn keep(&mut self, step: Step<Round>) {
        let before = std::mem::replace(&mut self.round, step.state);
        for timing in step.timings {
            match timing {
                Timing::Set(due, at) => self.timers.insert(name(due), at),
                Timing::Drop(due) => self.timers.remove(name(due)),
                Timing::PutOff(due, shift) => {
                    let moved = self.timers.get(name(due)).map(|at| shift.moved(*at));
                    moved.and_then(|at| self.timers.insert(name(due), at))
                }
            };
        }
        for notice in step.notices {
            let opens = matches!(notice, Notice::Reveal { .. });
            assert!(!opens || self.paused_until().is_none(), "it opens in a pause");
            if let Notice::Reveal { .. } | Notice::RevealByDm { .. } = notice {
                assert!(!self.waiting.contains(&notice), "two reveals under way to one place");
                self.waiting.push(notice);
            }
        }
        match (&before.phase, self.round.may_be_read()) {
            (Phase::Revealed { .. }, true) => {}
            (Phase::Ended { .. }, true) => panic!("a round that ended was revealed"),
            (_, true) => {
                self.reveals += 1;
                assert_eq!(self.sealed, [true; 2], "revealed without both answers");
            }
            (Phase::Revealed { hold, .. }, false) => {
                assert!(hold.is_some(), "a reveal that is out was taken back");
                assert!(matches!(self.round.phase, Phase::Ended { .. }));
            }
            (_, false) => {}
        }
        assert!(self.reveals <= 1, "revealed twice");
    }

    /// What came of a move that may be refused: a refusal changes nothing.
    fn tried(&mut self, who: PersonId, outcome: Result<Step<Round>, Refusal>, sealed: [bool; 2]) {
        match outcome {
            Ok(step) => {
                assert_ne!(who, STRANGER, "a stranger changed the round");
                self.sealed = sealed;
                self.keep(step);
            }
            Err(refusal) => assert!(who != STRANGER || refusal == Refusal::NotYourRound, "{refusal:?}"),
        }
    }

    fn with(&self, who: PersonId, sealed: bool) -> [bool; 2] {
        [0, 1].map(|seat| if TWO[seat] == who { sealed } else { self.sealed[seat] })
    }

    fn make(&mut self, a: Move) {
        let (terms, now, round) = (self.terms(), self.now, self.round.clone());
        if self.couple.left.is_some() && !matches!(a, Move::Hours(_) | Move::Deliver(_)) {
            return;
        }
        match a {
            Move::Answer(who) => self.tried(who, round.answered(who, &terms, now), self.with(who, true)),
            Move::TakeBack(who) => self.tried(who, round.taken_back(who, &terms, now), self.with(who, false)),
            Move::Pass(who) => self.tried(who, round.passed(who), self.sealed),
            Move::SayOpenly(who) => self.tried(who, round.said_openly(who, now), self.sealed),
            Move::Swap(who) => {
                let question = Question::Own { by: TWO[1] };
                self.tried(who, round.swapped(who, question, &terms, now), [false; 2]);
            }
            Move::Replace(who) => self.tried(who, round.replaced(who, now), self.sealed),
            Move::Part(who) => {
                if let Ok(step) = self.couple.clone().parted(who, now) {
                    self.couple = step.state;
                    self.keep(round.parted(now));
                }
            }
            Move::Line(who, line) => self.couple.partners[who].line = line,
            Move::Hour(hour) => self.couple.opening = hour.then(eight_in_the_evening),
            Move::Live(home) => {
                self.couple.home = home;
                let terms = self.terms();
                self.keep(round.tried_again(&terms));
            }
            Move::Pause(who, length) => {
                let people = [Person::new(who), Person::new(self.round.other(who))];
                let call =
                    Call { couple: self.couple.id, people: [&people[0], &people[1]], length, round: None, places: &[], now };
                if who != STRANGER
                    && let Ok((step, Some(shift))) = Pause::called(self.pause.clone(), &call)
                {
                    self.paused(step.state, shift);
                }
            }
            Move::MoreTime(who) => {
                let pause = self.pause.clone().map(|pause| (pause.until, pause));
                if let Some((seen, pause)) = pause
                    && let Ok((step, Some(shift))) = pause.drawn_out(who, seen, now)
                {
                    self.paused(step.state, shift);
                }
            }
            Move::Hours(hours) => self.pass(SignedDuration::from_hours(hours.into())),
            Move::Deliver(well) => self.deliver(well),
            Move::ChannelChanged => self.keep(round.tried_again(&terms)),
            Move::SendByDm => {
                if let Ok(step) = round.sent_by_dm() {
                    self.keep(step);
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

    fn paused(&mut self, pause: Pause, shift: Shift) {
        self.pause = Some(pause);
        let terms = self.terms();
        if let Some(step) = self.round.clone().paused(shift, &terms) {
            self.keep(step);
        }
    }

    fn pass(&mut self, time: SignedDuration) {
        let until = self.now + time;
        while let Some((due, at)) = self.timers.iter().map(|(due, at)| (*due, *at)).min_by_key(|(_, at)| *at)
            && at <= until
        {
            self.now = self.now.max(at);
            self.timers.remove(due);
            let (terms, round) = (self.terms(), self.round.clone());
            match due {
                "lapse" | "opening" if self.paused_until().is_some() => panic!("{due} rang in a pause"),
                "lapse" => self.keep(round.lapsed(self.now)),
                "opening" => self.keep(round.opened(&terms, self.now)),
                "look again" if self.couple.left.is_none() => self.keep(round.tried_again(&terms)),
                "leftovers" => self.keep(round.cleared()),
                "nudge" => {
                    let waiting = TWO.map(|who| round.still_nudges(who));
                    let step = round.nudges([Nudging::Now; 2]);
                    let reminded = |who: PersonId| step.notices.contains(&Notice::Nudge { round: step.state.id, to: who });
                    let unasked = (0..2).any(|seat| reminded(TWO[seat]) && !waiting[seat]);
                    assert!(!unasked, "reminded although answered or passed");
                    self.nudges.extend(step.notices.iter().filter_map(|notice| match notice {
                        Notice::Nudge { to, .. } => Some(*to),
                        _ => None,
                    }));
                    self.keep(step);
                }
                _ => {}
            }
        }
        self.now = until;
    }

    /// As courier and delivery do it.
    fn deliver(&mut self, well: bool) {
        if self.waiting.is_empty() {
            return;
        }
        let notice = self.waiting.remove(0);
        if !self.round.may_be_read() || self.couple.left.is_some() {
            return;
        }
        let round = self.round.clone();
        let held = matches!(round.phase, Phase::Revealed { hold: Some(_), .. });
        let terms = self.terms();
        let place = match notice {
            Notice::Reveal { place: Place::Channel, .. } => Place::Channel,
            Notice::Reveal { place: Place::Dm(to), .. } | Notice::RevealByDm { to, .. } => Place::Dm(to),
            _ => return,
        };
        match place {
            Place::Channel if !matches!(self.couple.home, Home::Channel(_)) => {
                self.keep(round.held(Hold::ChannelGone, self.now));
                if self.couple.home == Home::Dms {
                    let round = self.round.clone();
                    self.keep(round.tried_again(&terms));
                }
            }
            Place::Channel if !well => self.keep(round.held(Hold::OthersCanSee, self.now)),
            // Whoever takes no DMs reads it through a card: it is with them, too.
            _ => {
                self.brought.push(place);
                if held {
                    self.keep(round.reveal_posted());
                }
            }
        }
    }

    fn view(&self) -> CardView {
        let asked = reading::Asked::Own { by: TWO[0], question: Some(Words::new("Who are you today?")) };
        CardView {
            round: self.round.clone(),
            couple: self.couple.clone(),
            asked,
            line: self.couple.line(),
            offers_weekly: false,
            paused_until: self.paused_until(),
        }
    }

    fn holds(&self) {
        for person in TWO {
            let mine = self.brought.iter().filter(|place| **place == Place::Channel || **place == Place::Dm(person)).count();
            assert!(mine <= 1, "a second reveal");
        }
        assert!(TWO.iter().all(|who| self.nudges.iter().filter(|to| *to == who).count() <= 1), "nudged twice");
        assert!(self.brought.is_empty() || self.reveals == 1, "words went out unrevealed");
        let timer = |name| self.timers.get(name).copied();
        match self.round.phase {
            Phase::Asking { seats } => {
                assert_eq!(timer("lapse"), Some(self.round.closes_at), "nothing ends it");
                assert_eq!(TWO.map(|who| self.round.still_nudges(who)), seats.map(|seat| seat == Seat::Waiting));
            }
            Phase::Opening { at } => assert_eq!((timer("opening"), timer("lapse")), (Some(at), None), "nothing opens it"),
            Phase::Revealed { hold: Some(held), .. } if held.trying => {
                assert!(!self.waiting.is_empty(), "held, and nobody tries");
            }
            Phase::Revealed { hold: Some(_), .. } => {
                assert!(timer("look again").is_some() || self.couple.places().is_empty(), "held for ever");
                assert_eq!(timer("lapse"), None, "a held reveal never lapses");
            }
            Phase::Revealed { .. } => assert_eq!((timer("lapse"), timer("opening")), (None, None)),
            Phase::Ended { unopened, .. } => {
                assert!(timer("leftovers").is_some() || unopened == [false; 2], "kept for ever");
            }
        }
    }
}

fn eight_in_the_evening() -> OpeningHour {
    OpeningHour { at: "20:00".parse::<Minute>().unwrap(), zone: "Europe/Berlin".parse::<Zone>().unwrap() }
}

fn name(due: Due) -> &'static str {
    match due {
        Due::Lapse(_) => "lapse",
        Due::Opening(_) => "opening",
        Due::LookAgain(_) => "look again",
        Due::Nudge(_) => "nudge",
        Due::Leftovers(_) => "leftovers",
        Due::InvitationLapse(_)
        | Due::CheckIn(_)
        | Due::PauseEnds(_)
        | Due::Reflection(_)
        | Due::KeysEnd(_)
        | Due::Unpark(_)
        | Due::Forget
        | Due::Turn(_)
        | Due::FollowUp(_)
        | Due::Sweep => "not a round's",
    }
}

#[test]
fn with_the_line_hidden_a_pause_tells_nobody_whether_both_are_in() {
    let cards = [false, true].map(|both_in| {
        let mut world = World::new(true);
        world.couple.partners[0].line = false;
        world.make(Move::Answer(TWO[0]));
        if both_in {
            world.make(Move::Answer(TWO[1]));
        }
        assert_eq!(matches!(world.round.phase, Phase::Opening { .. }), both_in);
        world.make(Move::Pause(TWO[0], Length::OneHour));
        world.make(Move::MoreTime(TWO[1]));
        assert!(world.paused_until().is_some());
        words::card(&world.view())
    });
    assert_eq!(cards[0], cards[1]);
}

fn is_private(a: Move) -> bool {
    matches!(a, Move::Answer(_) | Move::TakeBack(_) | Move::Pass(_))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_readable_unless_both_had_answered(hour: bool, moves in prop::collection::vec(moves(), 1..40)) {
        let mut world = World::new(hour);
        for a in moves {
            let (closes_at, swaps) = (world.round.closes_at, world.round.swaps);
            world.make(a);
            world.holds();
            prop_assert!(world.round.closes_at >= closes_at || world.round.swaps > swaps, "it closes earlier than it said");
        }
    }

    #[test]
    fn with_the_line_hidden_a_card_tells_nothing_of_what_the_other_does(hour: bool, moves in prop::collection::vec(moves(), 1..40)) {
        let mut world = World::new(hour);
        world.couple.partners[0].line = false;
        for a in moves {
            if matches!(a, Move::Line(..)) {
                continue;
            }
            let before = world.view();
            world.make(a);
            let after = world.view();
            // After a take-back from a held opening at least a day remains: the one thing that may move.
            let same_end = before.round.closes_at == after.round.closes_at;
            if is_private(a) && after.round.awaits_answers() && same_end {
                prop_assert_eq!(words::card(&before), words::card(&after));
            }
        }
    }
}

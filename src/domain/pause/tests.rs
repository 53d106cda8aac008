//! Lengths in many zones, more time, rests; and then any sequence of answers and pauses.

mod any;

use uuid::Uuid;

use super::*;

const ADA: PersonId = PersonId(10);
const BEN: PersonId = PersonId(11);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const OURS: CoupleId = CoupleId(Uuid::from_u128(1));
/// Two conversations.
const ONE: Option<RoundId> = Some(RoundId(Uuid::from_u128(1)));
const ANOTHER: Option<RoundId> = Some(RoundId(Uuid::from_u128(3)));

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person(id: PersonId, zone: &str) -> Person {
    Person { zone: zone.parse().ok(), ..Person::new(id) }
}

/// Who calls it, in which conversation, and when.
fn called(before: Option<Pause>, by: PersonId, length: Length, round: Option<RoundId>, now: Timestamp) -> Result<Pause, Refusal> {
    let (ada, ben) = (person(ADA, "Europe/Berlin"), person(BEN, "Europe/Berlin"));
    let people = if by == ADA { [&ada, &ben] } else { [&ben, &ada] };
    let call = Call { couple: OURS, people, length, round, places: &[Place::Channel], now };
    Pause::called(before, &call).map(|(step, _)| step.state)
}

fn drawn_out(pause: Pause, who: PersonId, now: Timestamp) -> Pause {
    let seen = pause.until;
    pause.drawn_out(who, seen, now).unwrap().0.state
}

/// "Length, called at, the caller's zone, the other's, the end."
#[test]
fn tonight_and_tomorrow_come_when_both_are_awake_and_within_a_day() {
    let cases = [
        ("seven in the evening", "tonight", "2026-09-01T09:00:00Z", "Europe/Berlin", "", "2026-09-01T17:00:00Z"),
        ("an hour at least", "tonight", "2026-09-01T16:30:30Z", "Europe/Berlin", "", "2026-09-01T17:31:00Z"),
        ("late, it is the morning", "tonight", "2026-09-01T18:30:00Z", "Europe/Berlin", "", "2026-09-02T06:00:00Z"),
        (
            "the other sleeps by then",
            "tonight",
            "2026-09-01T09:00:00Z",
            "Europe/Berlin",
            "Asia/Kathmandu",
            "2026-09-02T06:00:00Z",
        ),
        ("nine in the morning", "tomorrow", "2026-09-01T09:00:00Z", "Europe/Berlin", "", "2026-09-02T07:00:00Z"),
        (
            "the other still sleeps",
            "tomorrow",
            "2026-09-01T13:00:00Z",
            "Europe/Berlin",
            "America/New_York",
            "2026-09-02T12:00:00Z",
        ),
        (
            "a day is too short for that",
            "tomorrow",
            "2026-09-01T09:00:00Z",
            "Europe/Berlin",
            "America/New_York",
            "2026-09-01T18:59:00Z",
        ),
        ("still up: the morning that comes", "tomorrow", "2026-09-01T23:00:00Z", "Europe/Berlin", "", "2026-09-02T07:00:00Z"),
        ("a day would end in the night", "tomorrow", "2026-09-01T04:00:00Z", "Europe/Berlin", "", "2026-09-01T18:59:00Z"),
        ("a day later, and awake", "tomorrow", "2026-09-01T06:30:00Z", "Europe/Berlin", "", "2026-09-02T06:30:00Z"),
        ("winter time begins", "tomorrow", "2026-10-24T12:00:00Z", "Europe/Berlin", "", "2026-10-25T08:00:00Z"),
        ("the other's evening", "tonight", "2026-09-01T09:00:00Z", "", "Europe/Berlin", "2026-09-01T17:00:00Z"),
        ("across the world", "tonight", "2026-09-01T09:00:00Z", "Europe/Berlin", "Pacific/Auckland", "2026-09-02T06:00:00Z"),
    ];
    for (about, length, now, caller, other, end) in cases {
        let (caller, other) = (person(ADA, caller), person(BEN, other));
        let length = Length::named(length).unwrap();
        let call = Call { couple: OURS, people: [&caller, &other], length, round: None, places: &[], now: at(now) };
        let (step, shift) = Pause::called(None, &call).unwrap();
        assert_eq!(step.state.until.to_string(), end, "{about}");
        assert_eq!(shift.unwrap().until, step.state.until, "{about}");
    }
}

#[test]
fn two_who_are_never_awake_together_keep_to_the_clock() {
    let hours = |id, from: &str, until: &str| {
        let quiet = crate::domain::hours::QuietHours { from: from.parse().unwrap(), until: until.parse().unwrap() };
        Person { quiet, ..person(id, "UTC") }
    };
    let (owl, lark) = (hours(ADA, "8:00", "20:00"), hours(BEN, "20:00", "8:00"));
    let call =
        |length| Call { couple: OURS, people: [&owl, &lark], length, round: None, places: &[], now: at("2026-09-01T09:00:00Z") };
    let ends = |length| Pause::called(None, &call(length)).unwrap().0.state.until.to_string();
    assert_eq!([ends(Length::Tonight), ends(Length::Tomorrow)], ["2026-09-01T19:00:00Z", "2026-09-02T09:00:00Z"]);
}

#[test]
fn without_a_zone_there_are_twenty_minutes_and_an_hour() {
    let (ada, ben) = (Person::new(ADA), Person::new(BEN));
    let ends = |length| {
        let now = at("2026-09-01T09:00:00.7Z");
        let call = Call { couple: OURS, people: [&ada, &ben], length, round: None, places: &[], now };
        Pause::called(None, &call).map(|(step, _)| step.state.until.to_string())
    };
    assert_eq!(ends(Length::TwentyMinutes), Ok("2026-09-01T09:20:00Z".to_owned()));
    assert_eq!(ends(Length::OneHour), Ok("2026-09-01T10:00:00Z".to_owned()));
    assert_eq!(ends(Length::Tonight), Err(Refusal::ZoneFirst));
    assert_eq!(ends(Length::Tomorrow), Err(Refusal::ZoneFirst));
}

#[test]
fn while_one_runs_it_stays_whoever_calls_another() {
    let now = at("2026-09-01T09:00:00Z");
    let pause = called(None, ADA, Length::OneHour, ONE, now).unwrap();
    for by in [ADA, BEN] {
        assert_eq!(called(Some(pause.clone()), by, Length::Tomorrow, ONE, now + HOUR / 2), Ok(pause.clone()));
    }
    let next = called(Some(pause.clone()), BEN, Length::OneHour, ONE, now + HOUR).unwrap();
    assert_eq!((next.by, next.until), (BEN, now + HOUR * 2), "at its end it is over");
}

#[test]
fn more_time_adds_twenty_minutes_then_hours_up_to_a_day_and_once_for_each_press() {
    let now = at("2026-09-01T09:00:00Z");
    let mut pause = called(None, ADA, Length::TwentyMinutes, ONE, now).unwrap();
    let mut lengths = Vec::new();
    while pause.more().is_some() {
        let seen = pause.until;
        let (step, shift) = pause.drawn_out(BEN, seen, now).unwrap();
        assert_eq!(shift.unwrap(), Shift { by: step.state.until.duration_since(seen), until: step.state.until });
        pause = step.state;
        lengths.push(pause.until.duration_since(now).as_mins());
        let (step, shift) = pause.clone().drawn_out(ADA, seen, now).unwrap();
        assert_eq!((step.state, shift), (pause.clone(), None), "a second press adds nothing");
    }
    assert_eq!(lengths[..4], [40, 60, 120, 180]);
    assert_eq!(lengths.last(), Some(&(24 * 60)));
    assert!(pause.clone().drawn_out(BEN, pause.until, now).unwrap().1.is_none());
    let (until, over) = (pause.until, pause.until);
    assert_eq!(pause.drawn_out(BEN, until, over).unwrap_err(), Refusal::PauseOver);
}

#[test]
fn after_a_day_of_pauses_the_same_person_waits_a_day_in_that_conversation() {
    let now = at("2026-09-01T09:00:00Z");
    let first = called(None, ADA, Length::Tomorrow, ONE, now).unwrap();
    assert_eq!(first.until, now + HOUR * 22);
    let second = called(Some(first.clone()), ADA, Length::Tomorrow, ONE, first.until).unwrap();
    assert_eq!(second.until, first.until + HOUR * 2, "two hours are left of her day");
    let end = second.until;
    let again = |by, round, now| called(Some(second.clone()), by, Length::OneHour, round, now);
    assert_eq!(again(ADA, ONE, end), Err(Refusal::PauseAgainFrom(end + HOUR * 24)));
    assert_eq!(again(ADA, ONE, end + HOUR * 24 - HOUR / 60), Err(Refusal::PauseAgainFrom(end + HOUR * 24)));
    assert_eq!(again(ADA, ONE, end + HOUR * 24).unwrap().until, end + HOUR * 25);
    assert!(again(BEN, ONE, end).is_ok(), "the other may");
    assert!(again(ADA, ANOTHER, end).is_ok(), "another conversation");
    assert!(again(ADA, None, end).is_ok(), "with nothing open there is nothing to hold up");
    // The other's pause in between gives back nothing.
    let his = again(BEN, ONE, end).unwrap();
    let hers = called(Some(his.clone()), ADA, Length::OneHour, ONE, his.until);
    assert_eq!(hers, Err(Refusal::PauseAgainFrom(end + HOUR * 24)));
}

#[test]
fn nobody_uses_up_the_other_ones_pauses() {
    let now = at("2026-09-01T09:00:00Z");
    let mut pause = called(None, ADA, Length::TwentyMinutes, ONE, now).unwrap();
    while pause.more().is_some() {
        pause = drawn_out(pause, BEN, now);
    }
    let end = pause.until;
    let hers = called(Some(pause), ADA, Length::OneHour, ONE, end).unwrap();
    assert_eq!(hers.until, end + HOUR, "of the day before, twenty minutes were her wish");
}

#[test]
fn short_pauses_need_no_rest_between_them() {
    let now = at("2026-09-01T09:00:00Z");
    let mut pause = called(None, ADA, Length::TwentyMinutes, ONE, now).unwrap();
    for _ in 0..20 {
        let then = pause.until + HOUR / 4;
        pause = called(Some(pause), ADA, Length::TwentyMinutes, ONE, then).unwrap();
        assert_eq!(pause.until, then + HOUR / 3);
    }
}

#[test]
fn its_end_is_told_once_and_not_where_something_returns_by_itself() {
    let now = at("2026-09-01T09:00:00Z");
    let pause = called(None, ADA, Length::OneHour, None, now).unwrap();
    let places = [Place::Dm(ADA), Place::Dm(BEN)];
    let (until, since) = (pause.until, pause.called_at);
    assert!(pause.clone().ended(false, &places, until - HOUR / 60).notices.is_empty());
    let back = places.map(|place| Notice::Back { couple: OURS, place });
    let edit = Notice::PauseEdit { couple: OURS, since, until: None };
    let step = pause.clone().ended(false, &places, until);
    assert_eq!(step.notices, [vec![edit.clone()], back.to_vec()].concat());
    assert!(step.state.ended(false, &places, until).notices.is_empty());
    assert_eq!(pause.clone().ended(true, &places, until).notices, std::slice::from_ref(&edit));
    // Called again before that was told: the old card says it, and nobody is called back.
    let (ada, ben) = (person(ADA, ""), person(BEN, ""));
    let call = Call { couple: OURS, people: [&ben, &ada], length: Length::OneHour, round: None, places: &[], now: until };
    assert_eq!(Pause::called(Some(pause), &call).unwrap().0.notices, [edit]);
}

#[test]
fn what_was_paused_of_a_stretch_of_time() {
    let now = at("2026-09-01T09:00:00Z");
    let pause = called(None, ADA, Length::OneHour, None, now).unwrap();
    assert_eq!(pause.within(now - HOUR, now + HOUR * 3), HOUR);
    assert_eq!(pause.within(now + HOUR / 2, now + HOUR * 3), HOUR / 2);
    assert_eq!(pause.within(now - HOUR, now + HOUR / 4), HOUR / 4);
    assert_eq!(pause.within(now + HOUR * 2, now + HOUR * 3), SignedDuration::ZERO);
    assert_eq!(pause.within(now - HOUR, now), SignedDuration::ZERO);
}

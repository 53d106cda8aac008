//! Weeks of couples in many zones, and then any schedule through any years.

mod any;

use uuid::Uuid;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

fn week(monday: &str) -> Week {
    monday.parse().unwrap()
}

fn slot(day: Day, time: &str, zone: &str) -> Slot {
    Slot { day, at: time.parse().unwrap(), zone: zone.parse().unwrap() }
}

fn agreed(slot: Slot, before: Option<&Schedule>, now: &str) -> Schedule {
    Schedule::agreed(CoupleId(Uuid::from_u128(1)), slot, before, at(now))
}

/// Sunday 19:00 in Berlin, agreed on Wednesday 4 November 2026: the first comes on the 8th at 18:00Z, in the week of the 2nd.
fn sundays() -> Schedule {
    agreed(slot(Day::Sunday, "19:00", "Europe/Berlin"), None, "2026-11-04T12:00:00Z")
}

fn looked(schedule: &mut Schedule, now: &str) -> Look {
    looked_while(schedule, None, now)
}

fn looked_while(schedule: &mut Schedule, away_until: Option<&str>, now: &str) -> Look {
    let (next, look) = schedule.clone().look(Pace::Weekly, away_until.map(at), at(now));
    *schedule = next;
    look
}

fn upcoming(schedule: &Schedule, away_until: Option<&str>, now: &str) -> Vec<String> {
    let moments = schedule.upcoming(Pace::Weekly, away_until.map(at), at(now), 3);
    moments.into_iter().map(|moment| moment.to_string()).collect()
}

fn due(monday: &str) -> Look {
    Look::Due { week: week(monday) }
}

/// What a bot that never sleeps posts, from the agreement until `end`.
fn posted(mut schedule: Schedule, end: &str) -> Vec<String> {
    let mut moments = Vec::new();
    while let Some(moment) = schedule.next(Pace::Weekly, None).filter(|moment| *moment < at(end)) {
        let (next, look) = schedule.look(Pace::Weekly, None, moment);
        assert!(matches!(look, Look::Due { .. }), "{moment}: {look:?}");
        moments.push(moment.to_string());
        schedule = next;
    }
    moments
}

#[test]
fn a_check_in_comes_once_a_week_at_the_time_that_was_said() {
    let mut schedule = sundays();
    assert_eq!(
        upcoming(&schedule, None, "2026-11-04T12:00:00Z"),
        ["2026-11-08T18:00:00Z", "2026-11-15T18:00:00Z", "2026-11-22T18:00:00Z"]
    );
    assert_eq!(looked(&mut schedule, "2026-11-08T17:59:59Z"), Look::Wait);
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:00Z"), due("2026-11-02"));
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:00Z"), Look::Wait, "it rings twice");
    assert_eq!(schedule.next(Pace::Weekly, None), Some(at("2026-11-15T18:00:00Z")));
}

#[test]
fn what_a_pause_held_up_is_neither_late_nor_missed() {
    let paused = |from: &str, until: &str| Pause {
        couple: CoupleId(Uuid::from_u128(1)),
        by: super::super::ids::PersonId(1),
        called_at: at(from),
        until: at(until),
        round: None,
        taken: Vec::new(),
        is_over: false,
        version: 1,
    };
    // Due on Sunday at 18:00Z.
    let look = |pause: &Pause, now| sundays().look_past(Pace::Weekly, None, Some(pause), at(now)).1;
    let over_night = paused("2026-11-08T11:00:00Z", "2026-11-09T08:00:00Z");
    assert_eq!(look(&over_night, "2026-11-09T08:00:00Z"), due("2026-11-02"), "fourteen hours, all of them paused");
    assert_eq!(look(&over_night, "2026-11-09T19:59:59Z"), due("2026-11-02"));
    assert_eq!(look(&over_night, "2026-11-09T20:00:00Z"), Look::Missed, "twelve hours by itself");
    let since = paused("2026-11-09T04:00:00Z", "2026-11-09T08:00:00Z");
    assert_eq!(look(&since, "2026-11-09T09:59:59Z"), due("2026-11-02"), "ten hours late when it was called");
    assert_eq!(look(&since, "2026-11-09T10:00:00Z"), Look::Missed);
    let long_ago = paused("2026-11-08T09:00:00Z", "2026-11-08T17:00:00Z");
    assert_eq!(look(&long_ago, "2026-11-09T06:00:00Z"), Look::Missed);
    // Whoever skips while it waits skips that one.
    let (skipped, _) = sundays().skip_past(Pace::Weekly, None, Some(&over_night), at("2026-11-09T07:59:00Z"));
    assert_eq!(skipped.skipped, Some(week("2026-11-02")));
}

#[test]
fn a_schedule_agreed_on_its_own_day_begins_today_only_if_its_time_is_still_ahead() {
    let sunday = slot(Day::Sunday, "19:00", "Europe/Berlin");
    let before = agreed(sunday.clone(), None, "2026-11-08T17:59:00Z");
    let after = agreed(sunday, None, "2026-11-08T18:01:00Z");
    assert_eq!(before.next(Pace::Weekly, None), Some(at("2026-11-08T18:00:00Z")));
    assert_eq!(after.next(Pace::Weekly, None), Some(at("2026-11-15T18:00:00Z")));
}

#[test]
fn clocks_that_change_move_no_check_in_and_double_none() {
    let berlin = |now| agreed(slot(Day::Sunday, "02:30", "Europe/Berlin"), None, now);
    assert_eq!(
        posted(berlin("2026-03-16T12:00:00Z"), "2026-04-06T00:00:00Z"),
        ["2026-03-22T01:30:00Z", "2026-03-29T01:00:00Z", "2026-04-05T00:30:00Z"]
    );
    assert_eq!(
        posted(berlin("2026-10-12T12:00:00Z"), "2026-11-02T00:00:00Z"),
        ["2026-10-18T00:30:00Z", "2026-10-25T00:30:00Z", "2026-11-01T01:30:00Z"]
    );
    let santiago = |now| agreed(slot(Day::Sunday, "00:15", "America/Santiago"), None, now);
    assert_eq!(
        posted(santiago("2026-08-24T12:00:00Z"), "2026-09-14T00:00:00Z"),
        ["2026-08-30T04:15:00Z", "2026-09-06T04:00:00Z", "2026-09-13T03:15:00Z"]
    );
    let lord_howe = |now| agreed(slot(Day::Sunday, "02:10", "Australia/Lord_Howe"), None, now);
    assert_eq!(
        posted(lord_howe("2026-09-21T12:00:00Z"), "2026-10-12T00:00:00Z"),
        ["2026-09-26T15:40:00Z", "2026-10-03T15:30:00Z", "2026-10-10T15:10:00Z"]
    );
}

#[test]
fn in_casablanca_it_stays_at_seven_through_ramadan() {
    let schedule = agreed(slot(Day::Sunday, "19:00", "Africa/Casablanca"), None, "2026-02-02T12:00:00Z");
    assert_eq!(
        posted(schedule, "2026-03-30T00:00:00Z"),
        [
            "2026-02-08T18:00:00Z",
            "2026-02-15T19:00:00Z",
            "2026-02-22T19:00:00Z",
            "2026-03-01T19:00:00Z",
            "2026-03-08T19:00:00Z",
            "2026-03-15T19:00:00Z",
            "2026-03-22T18:00:00Z",
            "2026-03-29T18:00:00Z"
        ]
    );
}

#[test]
fn the_friday_that_apia_never_had_is_kept_when_saturday_begins() {
    let schedule = agreed(slot(Day::Friday, "19:00", "Pacific/Apia"), None, "2011-12-20T12:00:00Z");
    assert_eq!(
        posted(schedule, "2012-01-08T00:00:00Z"),
        ["2011-12-24T05:00:00Z", "2011-12-30T10:00:00Z", "2012-01-06T05:00:00Z"]
    );
}

#[test]
fn a_leap_day_is_a_day_like_any_other() {
    let schedule = agreed(slot(Day::Thursday, "06:00", "Asia/Kathmandu"), None, "2024-02-20T12:00:00Z");
    assert_eq!(
        posted(schedule, "2024-03-08T00:00:00Z"),
        ["2024-02-22T00:15:00Z", "2024-02-29T00:15:00Z", "2024-03-07T00:15:00Z"]
    );
}

#[test]
fn two_partners_read_one_moment_each_in_their_own_zone() {
    let schedule = agreed(slot(Day::Sunday, "19:00", "Europe/Berlin"), None, "2026-10-20T12:00:00Z");
    let read_in = |zone: &str| -> Vec<String> {
        let zone: Zone = zone.parse().unwrap();
        let moments = schedule.upcoming(Pace::Weekly, None, at("2026-10-20T12:00:00Z"), 3);
        moments.into_iter().map(|moment| moment.to_zoned_datetime(zone.rules()).datetime().to_string()).collect()
    };
    assert_eq!(read_in("Europe/Berlin"), ["2026-10-25T19:00:00", "2026-11-01T19:00:00", "2026-11-08T19:00:00"]);
    assert_eq!(read_in("America/New_York"), ["2026-10-25T14:00:00", "2026-11-01T13:00:00", "2026-11-08T13:00:00"]);
    assert_eq!(read_in("Asia/Kathmandu"), ["2026-10-25T23:45:00", "2026-11-01T23:45:00", "2026-11-08T23:45:00"]);
}

#[test]
fn a_week_that_had_its_check_in_has_none_again_on_the_other_side_of_the_date_line() {
    // Monday 00:30 on Kiritimati is Saturday 23:30 in Pago Pago, more than a day behind.
    let mut schedule = agreed(slot(Day::Monday, "00:30", "Pacific/Kiritimati"), None, "2026-11-04T12:00:00Z");
    assert_eq!(looked(&mut schedule, "2026-11-08T10:30:00Z"), due("2026-11-09"));
    let moved = agreed(slot(Day::Saturday, "23:45", "Pacific/Pago_Pago"), Some(&schedule), "2026-11-08T10:31:00Z");
    assert_eq!(moved.settled, week("2026-11-09"), "there it is still the week before");
    assert_eq!(moved.next(Pace::Weekly, None), Some(at("2026-11-22T10:45:00Z")));
}

#[test]
fn a_move_on_the_eve_keeps_the_check_in_of_a_week_that_had_none() {
    // Sunday 19:00 in Pago Pago is Monday 20:00 on Kiritimati: there, the week of the 2nd is over.
    let schedule = agreed(slot(Day::Sunday, "19:00", "Pacific/Pago_Pago"), None, "2026-11-04T12:00:00Z");
    let eve = "2026-11-09T05:00:00Z";
    let east = agreed(slot(Day::Sunday, "19:00", "Pacific/Kiritimati"), Some(&schedule), eve);
    assert_eq!(east.next(Pace::Weekly, None), Some(at("2026-11-15T05:00:00Z")), "the moment that it is now has passed");
    let tuesday = agreed(slot(Day::Tuesday, "19:00", "Pacific/Kiritimati"), Some(&schedule), eve);
    assert_eq!(tuesday.next(Pace::Weekly, None), Some(at("2026-11-10T05:00:00Z")));

    // And back: Sunday noon on Kiritimati is Saturday morning in Pago Pago, whose own Saturday evening is still ahead.
    let schedule = agreed(slot(Day::Sunday, "19:00", "Pacific/Kiritimati"), None, "2026-11-04T12:00:00Z");
    let west = agreed(slot(Day::Saturday, "19:00", "Pacific/Pago_Pago"), Some(&schedule), "2026-11-07T22:00:00Z");
    assert_eq!(west.next(Pace::Weekly, None), Some(at("2026-11-08T06:00:00Z")));
}

#[test]
fn a_moved_schedule_gives_no_week_two() {
    let mut schedule = sundays();
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:00Z"), due("2026-11-02"));
    let later = agreed(slot(Day::Sunday, "21:00", "Europe/Berlin"), Some(&schedule), "2026-11-08T18:30:00Z");
    assert_eq!(later.next(Pace::Weekly, None), Some(at("2026-11-15T20:00:00Z")), "not again at nine tonight");
    let earlier = agreed(slot(Day::Saturday, "19:00", "Europe/Berlin"), Some(&schedule), "2026-11-12T12:00:00Z");
    assert_eq!(earlier.next(Pace::Weekly, None), Some(at("2026-11-14T18:00:00Z")));
}

#[test]
fn a_clock_set_back_posts_nothing_twice() {
    let mut schedule = sundays();
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:00Z"), due("2026-11-02"));
    for earlier in ["2026-11-08T17:00:00Z", "2026-11-08T18:00:00Z", "2026-10-01T12:00:00Z", "2026-11-08T18:00:01Z"] {
        assert_eq!(looked(&mut schedule, earlier), Look::Wait, "{earlier}");
        assert_eq!(schedule.settled, week("2026-11-02"));
    }
    assert_eq!(agreed(schedule.slot.clone(), Some(&schedule), "2026-10-01T12:00:00Z").settled, week("2026-11-02"));
    assert_eq!(schedule.clone().repaced(at("2026-10-01T12:00:00Z")), schedule);
}

#[test]
fn one_missed_by_less_than_twelve_hours_comes_late_and_an_older_one_is_told_once() {
    let mut schedule = sundays();
    assert_eq!(looked(&mut schedule.clone(), "2026-11-09T05:59:00Z"), due("2026-11-02"), "11 h 59 late");
    assert_eq!(looked(&mut schedule, "2026-11-09T06:00:00Z"), Look::Missed, "12 h 00 late");
    assert_eq!(looked(&mut schedule, "2026-11-09T06:00:00Z"), Look::Wait);
    assert_eq!(schedule.next(Pace::Weekly, None), Some(at("2026-11-15T18:00:00Z")));
}

#[test]
fn a_bot_that_slept_for_a_fortnight_says_one_thing() {
    let mut schedule = sundays();
    assert_eq!(looked(&mut schedule.clone(), "2026-11-18T12:00:00Z"), Look::Missed, "two, and one note");
    assert_eq!(looked(&mut schedule, "2026-11-22T20:00:00Z"), due("2026-11-16"), "two, and a third that is due: no note");
    assert_eq!(looked(&mut schedule, "2026-11-22T20:00:01Z"), Look::Wait);
}

#[test]
fn a_bot_that_wakes_after_centuries_says_one_thing() {
    let mut schedule = sundays();
    assert_eq!(looked(&mut schedule, "9999-12-30T00:00:00Z"), Look::Missed);
    assert_eq!(looked(&mut schedule, "9999-12-30T00:00:00Z"), Look::Wait);
}

#[test]
fn nothing_breaks_where_time_ends() {
    for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        for (day, pace) in Day::ALL.into_iter().flat_map(|day| Pace::ALL.map(|pace| (day, pace))) {
            for now in [Timestamp::MIN, Timestamp::MAX] {
                let schedule = Schedule::agreed(CoupleId(Uuid::from_u128(1)), slot(day, "23:59", zone), None, now);
                for away_until in [None, Some(Timestamp::MIN), Some(Timestamp::MAX)] {
                    for later in [now, Timestamp::MAX] {
                        schedule.next(pace, away_until);
                        assert!(schedule.upcoming(pace, away_until, later, 3).len() <= 3);
                        let (skipped, _) = schedule.clone().skip(pace, away_until, later);
                        let (looked, _) = skipped.look(pace, away_until, later);
                        assert_eq!(looked.repaced(later).look(pace, away_until, later).1, Look::Wait);
                    }
                }
            }
        }
    }
    assert_eq!(week("9999-12-27").after(1), week("9999-12-27"));
    assert!(Week::of(Date::MIN).after(i64::MIN) <= Week::of(Date::MIN));
}

#[test]
fn a_skip_takes_the_next_one_and_a_second_press_changes_nothing() {
    let now = at("2026-11-04T12:00:00Z");
    let (mut schedule, changed) = sundays().skip(Pace::Weekly, None, now);
    assert!(changed);
    let (again, changed) = schedule.clone().skip(Pace::Weekly, None, now + hours(1));
    assert_eq!((again, changed), (schedule.clone(), false));

    assert_eq!(schedule.next(Pace::Weekly, None), Some(at("2026-11-15T18:00:00Z")));
    assert_eq!(upcoming(&schedule, None, "2026-11-04T12:00:00Z")[0], "2026-11-15T18:00:00Z");
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:00Z"), Look::Wait);
    assert_eq!(looked(&mut schedule, "2026-11-09T18:00:00Z"), Look::Wait, "skipped is not missed");

    let (mut schedule, changed) = schedule.skip(Pace::Weekly, None, at("2026-11-09T18:00:00Z"));
    assert!(changed, "the one after it");
    assert_eq!(looked(&mut schedule, "2026-11-15T18:00:00Z"), Look::Wait);
    assert_eq!(looked(&mut schedule, "2026-11-22T18:00:00Z"), due("2026-11-16"));
}

#[test]
fn one_that_is_due_but_not_posted_yet_can_be_skipped() {
    let (mut schedule, changed) = sundays().skip(Pace::Weekly, None, at("2026-11-08T18:00:01Z"));
    assert!(changed);
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:02Z"), Look::Wait);
    assert_eq!(looked(&mut schedule, "2026-11-15T18:00:00Z"), due("2026-11-09"));
}

#[test]
fn a_skip_outlives_a_move_to_another_time() {
    let (schedule, _) = sundays().skip(Pace::Weekly, None, at("2026-11-04T12:00:00Z"));
    let mut moved = agreed(slot(Day::Saturday, "10:00", "Europe/Berlin"), Some(&schedule), "2026-11-04T13:00:00Z");
    assert_eq!(looked(&mut moved, "2026-11-07T09:00:00Z"), Look::Wait);
    assert_eq!(looked(&mut moved, "2026-11-14T09:00:00Z"), due("2026-11-09"));
}

#[test]
fn nothing_comes_in_a_time_away_and_nothing_of_it_is_called_missed() {
    let back = Some("2026-11-20T08:00:00Z");
    let mut schedule = sundays();
    assert_eq!(schedule.next(Pace::Weekly, back.map(at)), Some(at("2026-11-22T18:00:00Z")));
    assert_eq!(upcoming(&schedule, back, "2026-11-04T12:00:00Z")[0], "2026-11-22T18:00:00Z");
    assert_eq!(looked_while(&mut schedule, back, "2026-11-08T18:00:00Z"), Look::Wait);
    assert_eq!(looked_while(&mut schedule, back, "2026-11-20T09:00:00Z"), Look::Wait);
    assert_eq!(looked(&mut schedule, "2026-11-20T10:00:00Z"), Look::Wait, "and it is settled");
    assert_eq!(looked(&mut schedule, "2026-11-22T18:00:00Z"), due("2026-11-16"));
}

#[test]
fn a_time_away_that_ends_early_gives_the_weeks_ahead_back() {
    let back = Some("2026-12-01T08:00:00Z");
    let (mut schedule, _) = sundays().skip(Pace::Weekly, back.map(at), at("2026-11-04T12:00:00Z"));
    assert_eq!(upcoming(&schedule, back, "2026-11-04T12:00:00Z")[0], "2026-12-13T18:00:00Z", "the first one back was skipped");
    assert_eq!(looked_while(&mut schedule, back, "2026-11-09T08:00:00Z"), Look::Wait);
    assert_eq!(looked(&mut schedule, "2026-11-15T18:00:00Z"), due("2026-11-09"));
}

#[test]
fn one_at_the_moment_of_the_return_comes() {
    let back = Some("2026-11-15T18:00:00Z");
    let mut schedule = sundays();
    assert_eq!(looked_while(&mut schedule, back, "2026-11-15T18:00:00Z"), due("2026-11-09"));
}

#[test]
fn a_resting_schedule_is_silent_until_both_agree_again() {
    let mut schedule = Schedule { resting: true, ..sundays() };
    assert_eq!(schedule.next(Pace::Weekly, None), None);
    assert!(upcoming(&schedule, None, "2026-11-04T12:00:00Z").is_empty());
    assert_eq!(looked(&mut schedule, "2026-11-18T12:00:00Z"), Look::Wait);
    assert_eq!(schedule.clone().skip(Pace::Weekly, None, at("2026-11-18T12:00:00Z")), (schedule.clone(), false));
    let mut again = agreed(schedule.slot.clone(), Some(&schedule), "2026-11-20T12:00:00Z");
    assert_eq!(looked(&mut again, "2026-11-20T12:00:00Z"), Look::Wait, "what passed in the rest was not missed");
    assert_eq!(looked(&mut again, "2026-11-22T18:00:00Z"), due("2026-11-16"));
}

#[test]
fn at_a_slower_pace_every_second_week_is_left_out() {
    let mut schedule = sundays();
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:00Z"), due("2026-11-02"));
    let schedule = schedule.repaced(at("2026-11-10T12:00:00Z"));
    let slow = Pace::EverySecondWeek;
    assert_eq!(schedule.next(slow, None), Some(at("2026-11-22T18:00:00Z")));
    assert_eq!(
        schedule.upcoming(slow, None, at("2026-11-10T12:00:00Z"), 2),
        [at("2026-11-22T18:00:00Z"), at("2026-12-06T18:00:00Z")]
    );
    let (schedule, look) = schedule.look(slow, None, at("2026-11-15T18:00:00Z"));
    assert_eq!(look, Look::Wait);
    let (schedule, look) = schedule.look(slow, None, at("2026-11-22T18:00:00Z"));
    assert_eq!(look, due("2026-11-16"));
    // A time away over the one on 6 December leaves the rhythm as it is.
    let (schedule, look) = schedule.look(slow, Some(at("2026-12-10T12:00:00Z")), at("2026-12-13T18:00:00Z"));
    assert_eq!(look, Look::Wait);
    assert_eq!(schedule.next(slow, None), Some(at("2026-12-20T18:00:00Z")));
}

#[test]
fn a_quicker_pace_calls_none_of_the_weeks_between_missed() {
    let mut schedule = sundays();
    assert_eq!(looked(&mut schedule, "2026-11-08T18:00:00Z"), due("2026-11-02"));
    let mut quicker = schedule.repaced(at("2026-11-17T12:00:00Z"));
    assert_eq!(looked(&mut quicker, "2026-11-17T12:00:00Z"), Look::Wait);
    assert_eq!(looked(&mut quicker, "2026-11-22T18:00:00Z"), due("2026-11-16"));
}

#[test]
fn weeks_days_and_paces_are_read_as_they_are_written() {
    assert_eq!(week("2026-11-02").to_string(), "2026-11-02");
    assert!("2026-11-03".parse::<Week>().is_err(), "a Tuesday");
    assert!("monday".parse::<Week>().is_err());
    assert!(serde_json::from_str::<Week>("\"2026-11-03\"").is_err());
    for day in Day::ALL {
        assert_eq!(day.slug().parse(), Ok(day));
        assert_eq!(day.name().to_lowercase(), day.slug());
    }
    for pace in Pace::ALL {
        assert_eq!(Pace::named(pace.name()), Some(pace));
    }
    let slot = slot(Day::Sunday, "19:00", "Europe/Berlin");
    let text = serde_json::to_string(&slot).unwrap();
    assert_eq!(text, r#"{"day":"sunday","at":1140,"zone":"Europe/Berlin"}"#);
    assert_eq!(serde_json::from_str::<Slot>(&text).unwrap(), slot);
    assert_eq!(serde_json::to_string(&week("2026-11-02")).unwrap(), "\"2026-11-02\"");
}

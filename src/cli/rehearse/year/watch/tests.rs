//! A watcher that never cries out proves nothing: here each promise is broken before its eyes.

use duet::domain::checkin::{Rated, Rating, Tap};
use jiff::civil::{date, time};

use super::*;

const ALEX: usize = 0;
const SAM: usize = 1;
const CARD: &str = "— #our-place · Duet —\n@Alex @Sam Your check-in is here.\n│ **Check-in**";
const CLOSED: &str =
    "— #our-place · Duet · edited —\nYour check-in is here.\n│ This one closed without opening. Nothing was shown.";
const NUDGE: &str = "— DM · Duet · silent —\nA quiet reminder.";

/// Alex and Sam in Berlin, with Sundays at 19:00.
fn watch() -> Watch {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let partner = |number, name: &str| Partner { person: PersonId(number), name: name.to_owned(), zone: berlin.clone() };
    let mut watch = Watch::over([partner(1, "Alex"), partner(2, "Sam")]);
    watch.rhythm = Some(Rhythm::sunday(time(19, 0, 0, 0), berlin));
    watch
}

/// With this week's check-in before both of them.
fn with_check_in() -> Watch {
    let mut watch = watch();
    both(&mut watch, "2026-09-06T17:00:00Z", CARD).unwrap();
    watch
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn both(watch: &mut Watch, now: &str, text: &str) -> Result<(), Broken> {
    watch.read(ALEX, at(now), text)?;
    watch.read(SAM, at(now), text)
}

fn written(line: &str, close: u8, myself: u8) -> Written {
    let given = |value| Tap::Given(Rating::new(value).unwrap());
    let ratings = Ratings::default().with(Rated::Close, given(close)).with(Rated::Myself, given(myself));
    Written { lines: vec![line.to_owned()], ratings }
}

fn reveal(close: [u8; 2], myself: [u8; 2]) -> String {
    format!(
        "— #our-place · Duet —\n@Alex @Sam Both answers are here.\n│ Two people, two views.\n│ close to you **4**\n│ soup\n│ sleep\n\
         │ [picture: One check-in. Solid line: {}. Dashed line: {}. And: Solid line: {}. Dashed line: {}.]",
        close[0], close[1], myself[0], myself[1]
    )
}

/// Both are sealed, and it opens.
fn opened() -> Watch {
    let mut watch = with_check_in();
    watch.seals(ALEX, Kind::CheckIn, &written("soup", 4, 3));
    watch.seals(SAM, Kind::CheckIn, &written("sleep", 2, 5));
    watch
}

fn broke(said: Result<(), Broken>) -> Promise {
    said.expect_err("a promise broke").promise
}

const MONDAY: Date = date(2026, 8, 31);

#[test]
fn a_week_as_it_should_be() {
    let mut watch = opened();
    both(&mut watch, "2026-09-06T18:00:00Z", &reveal([4, 2], [3, 5])).unwrap();
    watch.looked().unwrap();
    watch.week_over(MONDAY).unwrap();
    assert_eq!(watch.tally(), Tally { weeks: 1, opened: 1, ..Tally::default() });
}

#[test]
fn a_week_without_a_check_in() {
    assert_eq!(broke(watch().week_over(MONDAY)), Promise::OneScheduled);
}

#[test]
fn two_in_a_week() {
    let mut watch = with_check_in();
    both(&mut watch, "2026-09-09T17:00:00Z", CLOSED).unwrap();
    watch.down.push((at("2026-09-06T17:00:00Z"), at("2026-09-06T18:00:00Z")));
    both(&mut watch, "2026-09-06T18:00:00Z", CARD).unwrap();
    assert_eq!(broke(watch.week_over(MONDAY)), Promise::OneScheduled);
    assert_eq!(broke(both(&mut with_check_in(), "2026-09-13T17:00:00Z", CARD)), Promise::OneScheduled, "beside an open one");
}

#[test]
fn one_that_was_skipped_and_comes() {
    let mut watch = with_check_in();
    watch.against(MONDAY, Against::Skipped);
    assert_eq!(broke(watch.week_over(MONDAY)), Promise::OneScheduled);
}

#[test]
fn one_at_another_hour_and_one_that_is_too_late() {
    assert_eq!(broke(both(&mut watch(), "2026-09-06T16:00:00Z", CARD)), Promise::AsAgreed);
    // After clocks went back, 17:00 UTC is 18:00 in Berlin.
    assert_eq!(broke(both(&mut watch(), "2026-10-25T17:00:00Z", CARD)), Promise::AsAgreed);
    both(&mut watch(), "2026-10-25T18:00:00Z", CARD).unwrap();
    let mut late = watch();
    late.was_down(at("2026-09-06T10:00:00Z"), at("2026-09-07T06:00:00Z"));
    assert_eq!(broke(both(&mut late, "2026-09-07T06:00:00Z", CARD)), Promise::AsAgreed);
}

#[test]
fn one_that_was_asked_for_is_not_the_weeks() {
    let mut watch = watch();
    watch.asks_for_one();
    both(&mut watch, "2026-09-03T12:00:00Z", CARD).unwrap();
    assert_eq!(broke(watch.week_over(MONDAY)), Promise::OneScheduled);
}

#[test]
fn a_reveal_that_is_missing_and_one_that_comes_twice() {
    let mut watch = opened();
    assert_eq!(broke(watch.looked()), Promise::OneReveal);
    both(&mut watch, "2026-09-06T18:00:00Z", &reveal([4, 2], [3, 5])).unwrap();
    assert_eq!(broke(both(&mut watch, "2026-09-06T18:00:00Z", &reveal([4, 2], [3, 5]))), Promise::OneReveal);
}

#[test]
fn a_reveal_of_one_answer_or_of_none() {
    let half = reveal([4, 2], [3, 5]).replace("sleep", "");
    assert_eq!(broke(both(&mut opened(), "2026-09-06T18:00:00Z", &half)), Promise::Together);
    assert_eq!(broke(both(&mut with_check_in(), "2026-09-06T18:00:00Z", &reveal([4, 2], [3, 5]))), Promise::OneReveal);
}

#[test]
fn sealed_words_on_the_others_screen() {
    let mut watch = with_check_in();
    watch.seals(ALEX, Kind::CheckIn, &written("soup", 4, 3));
    let seen = "— #our-place · Duet · edited —\nYour check-in is here.\n│ soup";
    watch.read(ALEX, at("2026-09-06T18:00:00Z"), seen).unwrap();
    assert_eq!(broke(watch.read(SAM, at("2026-09-06T18:00:00Z"), seen)), Promise::Sealed);
    let rating = "— #our-place · Duet · edited —\nYour check-in is here.\n│ close to you **4**";
    assert_eq!(broke(watch.read(SAM, at("2026-09-06T18:00:00Z"), rating)), Promise::Sealed);
}

#[test]
fn words_that_lapsed_or_were_taken_back_stay_sealed_for_good() {
    let seen = "— DM · Duet —\n│ soup";
    let mut lapsed = with_check_in();
    lapsed.seals(ALEX, Kind::CheckIn, &written("soup", 4, 3));
    both(&mut lapsed, "2026-09-09T17:00:00Z", CLOSED).unwrap();
    assert_eq!(lapsed.tally().lapsed, 1);
    assert_eq!(broke(lapsed.read(SAM, at("2026-12-01T12:00:00Z"), seen)), Promise::Sealed);
    let mut taken = with_check_in();
    taken.seals(ALEX, Kind::CheckIn, &written("soup", 4, 3));
    taken.takes_back(ALEX, Kind::CheckIn);
    taken.seals(ALEX, Kind::CheckIn, &written("bread", 4, 3));
    taken.seals(SAM, Kind::CheckIn, &written("sleep", 4, 3));
    assert_eq!(broke(taken.read(SAM, at("2026-12-01T12:00:00Z"), seen)), Promise::Sealed);
}

#[test]
fn a_nudge_at_night_a_second_one_and_one_too_many() {
    assert_eq!(broke(with_check_in().read(SAM, at("2026-09-07T20:00:00Z"), NUDGE)), Promise::QuietHours, "22:00 in Berlin");
    assert_eq!(broke(with_check_in().read(SAM, at("2026-09-08T05:59:00Z"), NUDGE)), Promise::QuietHours, "07:59 in Berlin");
    let mut watch = with_check_in();
    watch.read(SAM, at("2026-09-08T06:00:00Z"), NUDGE).unwrap();
    assert_eq!(broke(watch.read(SAM, at("2026-09-08T12:00:00Z"), NUDGE)), Promise::OneNudge);
    watch.passes(ALEX, Kind::CheckIn);
    assert_eq!(broke(watch.read(ALEX, at("2026-09-08T06:00:00Z"), NUDGE)), Promise::OneNudge, "who passed is left alone");
}

#[test]
fn quiet_hours_move_with_their_person() {
    let mut watch = with_check_in();
    watch.moves(SAM, TimeZone::get("America/New_York").unwrap());
    assert_eq!(broke(watch.read(SAM, at("2026-09-08T06:00:00Z"), NUDGE)), Promise::QuietHours, "02:00 in New York");
}

#[test]
fn what_is_private_in_the_home() {
    let question = "— #our-place · Duet —\n│ Would another rhythm suit you better?";
    assert_eq!(broke(watch().read(SAM, at("2026-09-09T17:00:00Z"), question)), Promise::Private);
    let nudge = NUDGE.replace("DM", "#our-place");
    assert_eq!(broke(with_check_in().read(SAM, at("2026-09-08T12:00:00Z"), &nudge)), Promise::Private);
}

#[test]
fn a_picture_of_something_else() {
    assert_eq!(broke(both(&mut opened(), "2026-09-06T18:00:00Z", &reveal([4, 3], [3, 5]))), Promise::Picture);
    let alone = "— #our-place · Duet —\n│ [picture: One check-in.]";
    assert_eq!(broke(both(&mut opened(), "2026-09-06T18:00:00Z", alone)), Promise::Picture);
    let mut lapsed = with_check_in();
    lapsed.seals(ALEX, Kind::CheckIn, &written("soup", 4, 3));
    both(&mut lapsed, "2026-09-09T17:00:00Z", CLOSED).unwrap();
    assert_eq!(lapsed.insights().check_ins, Vec::<[Ratings; 2]>::new(), "what lapsed is in no picture");
}

#[test]
fn whoever_skips_is_named() {
    let mut watch = watch();
    watch.names_nobody(true);
    both(&mut watch, "2026-09-03T12:00:00Z", "— #our-place · Duet —\n│ No check-in until Sunday.").unwrap();
    let named = "— #our-place · Duet —\n│ @Sam skipped the next check-in.";
    assert_eq!(broke(watch.read(ALEX, at("2026-09-03T12:00:00Z"), named)), Promise::Nameless);
}

//! Nudges: one quiet private reminder, and only to somebody whose hours are known.

use std::cell::RefCell;

use jiff::SignedDuration;

use super::checkins::{checks_in, weekly};
use crate::story::{Actor, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const NUDGE: &str = "Something is open for you";

/// Both said where they live; stories begin at 11:00 there.
async fn in_berlin(people: [&Actor<'_>; 2]) -> Told {
    for person in people {
        person.run("/settings zone:Europe/Berlin").await?;
    }
    Ok(())
}

#[tokio::test]
async fn at_half_the_time_each_who_has_not_answered_hears_of_it_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ada.run("/ask question:What made you laugh?").await?;
        ada.answers("The goose, again.").await?;
        s.passes(DAY - HOUR / 60).await?;
        s.restart().await?;
        assert_eq!(ben.sees(NUDGE), 0);
        ben.reads();
        ada.reads();
        s.passes(HOUR / 60).await?;
        reads!(ben.reads(), @r"
        — DM · Duet · silent —
        A quiet reminder.
        │ Something is open for you, whenever it suits. One word is enough, and nothing happens if you let it go by.
        [*Go to it*] [Not this one] [Fewer, please]
        ");
        assert_eq!(ada.reads(), "", "who has answered hears nothing, of the other's nudge neither");
        assert!(!ben.ever_saw("goose"));
        s.restart().await?;
        s.passes(HOUR * 20).await?;
        assert_eq!(ben.sees(NUDGE), 1);
        let there = ben.click("Go to it").await?.text();
        let (link, card) = there.split_once('\n').ok_or("one line")?;
        assert!(link.starts_with("It is here: https://discord.com/channels/"), "{link}");
        reads!(card, @r"
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        │ 1 of 2 sealed
        │
        │ -# Not feeling safe? /safety
        ");
        ben.click("Answer").await?.write("The goose, of course.").await?;
        assert!(ada.ever_saw("The goose, of course."));
        assert!(ben.click_in(ben.message(NUDGE)?.id, "Not this one").await?.says("Both answers are open"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_a_zone_nobody_is_nudged() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.run("/checkin now").await?;
        s.passes(DAY * 4).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (0, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_quiet_hours_a_nudge_waits_for_their_end() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:Europe/Berlin").await?;
        ben.run("/settings zone:Asia/Kathmandu").await?;
        s.passes(HOUR * 12).await?;
        // 23:00 in Berlin, 02:45 in Kathmandu; half of two days later it is the same.
        ada.run("/ask").await?;
        s.passes(DAY).await?;
        s.restart().await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (0, 0));
        // 08:00 in Kathmandu is 02:15 UTC, in Berlin 06:00 UTC.
        s.passes(HOUR * 5 + HOUR / 4 - HOUR / 60).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (0, 0));
        s.passes(HOUR / 60).await?;
        s.restart().await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (0, 1));
        s.passes(HOUR * 4).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_passed_answered_or_is_away_is_not_nudged() {
    for what in ["Pass", "Answer", "away", "Say it openly"] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            in_berlin([&ada, &ben]).await?;
            ada.run("/ask").await?;
            match what {
                "Answer" => drop(ben.answers("In good time.").await?),
                "away" => drop(ben.run("/checkin away until:30 September").await?),
                "Pass" => drop(ben.click("Pass").await?),
                _ => {
                    ben.click("Pass").await?;
                    ben.click("Say it openly").await?;
                }
            }
            s.restart().await?;
            s.passes(DAY * 3).await?;
            assert_eq!(ben.sees(NUDGE), 0, "{what}");
            assert_eq!(ada.sees(NUDGE), usize::from(what != "Say it openly"), "{what}");
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn who_returns_in_time_is_nudged_then() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ben.run("/checkin away until:3 September").await?;
        ada.run("/settings").await?;
        ada.select("Time to answer", &["7"]).await?;
        ada.run("/ask").await?;
        // Half of a week is Friday night: it waits for eight in the morning.
        s.passes(DAY * 3 + HOUR * 20).await?;
        s.restart().await?;
        assert_eq!(ben.sees(NUDGE), 0);
        s.passes(HOUR).await?;
        assert_eq!(ben.sees(NUDGE), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn once_per_person_and_round_also_after_a_swap_and_taking_back() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ada.run("/ask").await?;
        s.passes(DAY).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (1, 1));
        ada.click("Another question").await?;
        s.restart().await?;
        ben.click("Answer").await?.write("An answer for a while.").await?;
        ben.click("Take back").await?;
        s.passes(DAY * 2).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn not_this_one_is_a_pass_and_fewer_please_is_kept() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ada.run("/ask").await?;
        s.passes(DAY).await?;
        ada.reads();
        let passed = ben.click("Not this one").await?;
        assert!(passed.says("Done. It closes by itself on") && passed.says("You may still answer."), "{}", passed.text());
        assert_eq!(ada.reads(), "");
        let nudge = ben.message(NUDGE)?.id;
        let (one, other) = (ben.click_in(nudge, "Fewer, please").await?, ben.click_in(nudge, "Fewer, please").await?);
        reads!(one.text(), @r"
        │ Done. From now on I remind you of check-ins only. `/settings` changes that.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(one.text(), other.text(), "a second press takes no second step");
        s.restart().await?;
        assert!(ben.run("/settings").await?.says("Nudges: for check-ins only"));
        s.passes(DAY).await?;
        ada.run("/ask").await?;
        s.passes(DAY).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (2, 1), "no more for questions");
        ada.run("/checkin now").await?;
        s.passes(DAY * 2).await?;
        assert_eq!(ben.sees(NUDGE), 2, "for check-ins still");
        reads!(ben.click("Fewer, please").await?.text(), @r"
        │ Done. No more nudges. `/settings` brings them back.
        │
        │ -# Not feeling safe? /safety
        ");
        s.passes(DAY * 2).await?;
        ada.run("/checkin now").await?;
        s.passes(DAY * 2).await?;
        assert_eq!(ben.sees(NUDGE), 2);
        ben.run("/settings").await?;
        assert!(ben.click("Nudges: all").await?.says("Nudges: for questions and check-ins"));
        assert!(ben.click("Nudges: check-ins only").await?.says("Nudges: for check-ins only"));
        assert!(ben.click("Nudges: none").await?.says("Nudges: none"));
        // The first nudge was sent when there were all.
        assert!(ben.click_in(nudge, "Fewer, please").await?.says("No more nudges."), "fewer never raises");
        ben.run("/settings").await?;
        ben.click("Nudges: all").await?;
        assert!(
            ben.click_in(nudge, "Fewer, please").await?.says("From now on I remind you of check-ins only."),
            "an old one, anew"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_check_in_is_nudged_at_half_of_its_three_days_and_outside_the_night() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        weekly(&ada, &ben).await?;
        s.passes(DAY * 5 + HOUR * 8).await?;
        checks_in(&ada, ["5", "4", "3", "2", "1"], ["In at once, today.", "", ""]).await?;
        ben.click("Answer").await?;
        ben.click("2").await?;
        // Tuesday 07:00 in Berlin is half-way, and night.
        s.passes(HOUR * 36).await?;
        s.restart().await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (0, 0));
        s.passes(HOUR).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (0, 1));
        ben.reads();
        let here = ben.click("Go to it").await?;
        assert!(here.says("Five taps about yourself"), "{}", here.text());
        assert!(ben.click("Answer").await?.says("(second of five)"), "where it was left");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn closed_dms_leave_no_trace_of_a_nudge() {
    let readings = RefCell::new(Vec::new());
    for closed in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            in_berlin([&ada, &ben]).await?;
            if closed {
                ben.person.close_dms();
            }
            ada.run("/ask").await?;
            ada.answers("Whenever it suits you.").await?;
            s.passes(DAY * 3).await?;
            assert_eq!(ben.sees(NUDGE), usize::from(!closed));
            readings.borrow_mut().push(ada.reads());
            Ok(())
        })
        .await;
    }
    let readings = readings.into_inner();
    assert!(readings.iter().all(|reading| *reading == readings[0]), "{readings:#?}");
}

#[tokio::test]
async fn a_nudge_that_was_held_up_asks_once_more_whether_it_is_still_right() {
    for what in ["answered", "parted", "nothing"] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            in_berlin([&ada, &ben]).await?;
            ada.run("/ask").await?;
            ada.answers("Mine is in already.").await?;
            s.passes(DAY - HOUR).await?;
            s.faults().on(
                duet::rehearsal::Match::new("POST", "/messages"),
                duet::rehearsal::FaultKind::Status { code: 503, before_applying: true },
            );
            s.passes(HOUR).await?;
            assert_eq!(ben.sees(NUDGE), 0);
            match what {
                "answered" => drop(ben.answers("And now mine is.").await?),
                "parted" => {
                    ben.run("/unpair").await?;
                    ben.click("Leave").await?;
                }
                _ => {}
            }
            s.restart().await?;
            s.passes(HOUR).await?;
            assert_eq!(ben.sees(NUDGE), usize::from(what == "nothing"), "{what}");
            Ok(())
        })
        .await;
    }
}

//! When check-ins come: agreed by both, put off by one, never two in a week.

use std::cell::RefCell;

use jiff::SignedDuration;

use super::checkins::{checks_in, weekly};
use crate::story::{Actor, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const HERE: &str = "Your check-in is here.";

/// From the beginning of a story, Tuesday 1 September 09:00 UTC, to Sunday 17:00 UTC: 19:00 in Berlin.
const TO_SUNDAY: SignedDuration = SignedDuration::from_hours(5 * 24 + 8);

/// Both look at the open check-in, which ends it for this story.
async fn done_with(ada: &Actor<'_>, ben: &Actor<'_>) -> Told {
    checks_in(ada, ["4", "4", "4", "4", "4"], ["Done with this one.", "", ""]).await?;
    checks_in(ben, ["3", "3", "3", "3", "3"], ["Done with it, too.", "", ""]).await?;
    Ok(())
}

/// How many check-ins there ever were.
async fn check_ins(s: &Story) -> usize {
    s.texts("select id from rounds where kind = 'check_in'").await.len()
}

// ---- To agree ----

#[tokio::test]
async fn the_zone_is_asked_once_and_a_schedule_takes_both() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let form = ada.run("/checkin schedule").await?;
        reads!(form.text(), @r"
        — modal: Your time zone —
        I ask this once. Check-ins keep to this zone; your partner reads every moment in their own.
        The nearest large city (up to 60)
        ");
        s.restart().await?;
        reads!(form.write("Gotham").await?.text(), @r"
        │ I don't know a time zone by that name. Type the nearest large city, such as Berlin or New York.
        │
        │ -# Not feeling safe? /safety
        ");
        reads!(ada.run("/checkin schedule").await?.write("new").await?.text(), @r"
        │ Several fit: America/New_York · America/North_Dakota/New_Salem · Canada/Newfoundland. Type one of them in full.
        │
        │ -# Not feeling safe? /safety
        ");
        ben.reads();
        let noted = ada.run("/checkin schedule").await?.write("berlin").await?;
        reads!(noted.text(), @r"
        │ Noted: Sundays at 19:00 (Europe/Berlin). It takes both of you: your partner is asked, and it begins when they agree. They would come Sun 6 September 2026 17:00 UTC · Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC.
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        @Ben A question that takes both of you.
        │ @Ada would like your check-ins on Sundays at 19:00 (Europe/Berlin): five taps and a few lines each. They would come Sun 6 September 2026 17:00 UTC · Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC.
        [Agree] [Not now]
        ");
        ada.reads();
        let agreed = ben.click("Agree").await?;
        reads!(agreed.text(), @r"
        │ **Check-ins: Sundays at 19:00 (Europe/Berlin)**
        │ The next: Sun 6 September 2026 17:00 UTC · Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC
        │
        │ -# Not feeling safe? /safety
        ");
        reads!(ada.reads(), @r"
        — #our-place · Duet —
        About your check-ins.
        │ Agreed: check-ins on Sundays at 19:00 (Europe/Berlin).
        │ The next: Sun 6 September 2026 17:00 UTC · Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC
        [See the schedule]
        ");
        s.restart().await?;
        assert!(ben.click("Agree").await?.says("That is settled already"));
        let zone = ada.run("/checkin schedule day:Wednesday time:20:30").await?;
        assert!(zone.says("Noted: Wednesdays at 20:30 (Europe/Berlin)."), "not asked a second time: {}", zone.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cities_and_days_are_offered_while_typing() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        let offered = ada.person.autocomplete("/checkin schedule zone:kathm").await?;
        assert_eq!(offered, [("Asia/Kathmandu".to_owned(), "Asia/Kathmandu".to_owned())]);
        assert!(ada.person.autocomplete("/checkin away until:").await?.is_empty(), "without a zone no day is known");
        ada.run("/settings zone:Europe/Berlin").await?;
        let weeks = ada.person.autocomplete("/checkin away until:").await?;
        reads!(weeks.iter().map(|(shown, sent)| format!("{shown} = {sent}")).collect::<Vec<_>>().join("\n"), @r"
        Tuesday, 8 September 2026 = 2026-09-08
        Tuesday, 15 September 2026 = 2026-09-15
        Tuesday, 22 September 2026 = 2026-09-22
        Tuesday, 29 September 2026 = 2026-09-29
        Tuesday, 13 October 2026 = 2026-10-13
        Tuesday, 27 October 2026 = 2026-10-27
        ");
        let day = ada.person.autocomplete("/checkin away until:24 dec").await?;
        assert_eq!(day, [("Thursday, 24 December 2026".to_owned(), "2026-12-24".to_owned())]);
        assert!(ada.person.autocomplete("/checkin away until:whenever").await?.is_empty());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_zone_that_is_known_stays_and_the_schedule_keeps_the_one_it_was_given() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:Europe/Paris").await?;
        let noted = ada.run("/checkin schedule time:8:15 pm day:Friday zone:Asia/Kathmandu").await?;
        assert!(noted.says("Fridays at 20:15 (Asia/Kathmandu)"), "{}", noted.text());
        assert!(ada.run("/settings").await?.says("Time zone: Europe/Paris"));
        assert!(ben.run("/checkin schedule zone:Atlantis").await?.says("I don't know a time zone by that name."));
        assert!(ben.run("/checkin schedule time:late").await?.says("I couldn't read that as a time of day."));
        ben.click("Agree").await?;
        assert!(ben.run("/settings").await?.says("Time zone: not set"), "nobody's zone is guessed from the other's");
        // Friday 20:15 in Kathmandu is 14:30 UTC.
        s.passes(DAY * 3 + HOUR * 5).await?;
        assert_eq!(ben.sees(HERE), 0);
        s.passes(HOUR / 2).await?;
        assert_eq!(ben.sees(HERE), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn make_it_weekly_is_offered_after_the_first_round_only() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:Europe/Berlin").await?;
        ben.run("/settings zone:Asia/Kathmandu").await?;
        let round = async || {
            ada.run("/ask").await?;
            assert!(ada.button("Make it weekly").is_err(), "nobody is distracted from the question");
            ada.answers("A first answer of mine.").await?;
            ben.answers("A first answer of his.").await
        };
        round().await?;
        s.restart().await?;
        let offers = |one: &Actor<'_>| {
            one.person.screen().iter().filter(|card| !card.private && card.has_button("Make it weekly")).count()
        };
        assert_eq!((offers(&ada), offers(&ben)), (1, 1));
        s.passes(HOUR).await?;
        ada.run("/ask").await?;
        ada.answers("A second answer of mine.").await?;
        ben.answers("A second answer of his.").await?;
        assert_eq!(offers(&ada), 1, "not again");
        let noted = ben.click("Make it weekly").await?;
        assert!(noted.says("Sundays at 19:00 (Asia/Kathmandu)"), "{}", noted.text());
        s.restart().await?;
        ada.click("Agree").await?;
        // It still stands under the first reveal, where it shows what there is and moves nothing.
        ben.run("/checkin schedule day:Wednesday").await?;
        ada.click("Agree").await?;
        let shown = ada.click("Make it weekly").await?;
        assert!(shown.says("**Check-ins: Wednesdays at 19:00 (Asia/Kathmandu)**"), "{}", shown.text());
        assert!(ben.person.screen().iter().all(|card| !card.text.contains("@Ada would like your check-ins on Sundays")));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_first_round_that_closed_unopened_offers_it_too() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        s.passes(DAY * 2).await?;
        s.restart().await?;
        let form = ben.click("Make it weekly").await?;
        assert!(form.write("Berlin").await?.says("Noted: Sundays at 19:00 (Europe/Berlin)."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn two_who_make_it_weekly_at_once_have_agreed() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for person in [&ada, &ben] {
            person.run("/settings zone:Europe/Berlin").await?;
        }
        ada.run("/ask").await?;
        ada.answers("Something to begin with.").await?;
        ben.answers("Something else, then.").await?;
        let (one, other) = tokio::join!(ada.person.click("Make it weekly"), ben.person.click("Make it weekly"));
        let (one, other) = (one?.text(), other?.text());
        s.settle().await?;
        assert!(!one.contains("went wrong") && !other.contains("went wrong"), "{one}\n{other}");
        assert!(one.contains("**Check-ins: Sundays") != other.contains("**Check-ins: Sundays"), "{one}\n{other}");
        s.passes(DAY * 6).await?;
        assert_eq!((ada.sees(HERE), check_ins(s).await), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_proposes_the_same_has_agreed_and_who_agrees_twice_finds_it_done() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin schedule zone:Europe/Berlin").await?;
        assert!(ada.run("/checkin schedule").await?.says("Noted:"), "one alone agrees to nothing");
        s.restart().await?;
        assert!(ben.run("/checkin schedule zone:Europe/Berlin").await?.says("**Check-ins: Sundays at 19:00 (Europe/Berlin)**"));
        assert!(ben.run("/checkin schedule").await?.says("It is so already."));
        let (one, other) = ada.click_twice("See the schedule").await?;
        assert_eq!(one.text(), other.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn not_now_takes_it_off_the_table_and_nobody_is_told() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin schedule zone:Europe/Berlin").await?;
        ada.reads();
        let agree = ben.button("Agree")?;
        let not_now = ben.click("Not now").await?;
        reads!(not_now.text(), @r"
        │ Fine. It stays as it is.
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        assert_eq!(ada.reads(), "");
        assert!(ben.click_custom(agree.0, &agree.1).await?.says("That is settled already"));
        let status = ada.run("/checkin status").await?;
        reads!(status.text(), @r"
        │ There is no weekly check-in yet. `Make it weekly` proposes one, Sundays at 19:00; `/checkin schedule` another day or time. It takes both of you.
        │
        │ -# Not feeling safe? /safety
        ");
        s.passes(DAY * 7).await?;
        assert_eq!(ada.sees(HERE), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn agreeing_to_an_old_proposal_agrees_to_nothing_newer() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin schedule zone:Europe/Berlin").await?;
        let old = ben.button("Agree")?;
        s.passes(HOUR).await?;
        ada.run("/checkin schedule day:Monday time:6:00").await?;
        s.restart().await?;
        assert!(ben.click_custom(old.0, &old.1).await?.says("That is settled already"));
        assert!(ben.run("/checkin status").await?.says("There is no weekly check-in yet."));
        assert!(ben.click("Agree").await?.says("**Check-ins: Mondays at 06:00 (Europe/Berlin)**"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn moving_takes_both_and_gives_no_week_two() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin schedule day:Wednesday zone:Europe/Berlin").await?;
        ben.click("Agree").await?;
        s.passes(DAY * 2).await?;
        assert_eq!(check_ins(s).await, 1);
        done_with(&ada, &ben).await?;
        // Thursday: to Saturdays.
        ada.run("/checkin schedule day:Saturday").await?;
        s.restart().await?;
        ada.reads();
        assert!(ben.run("/checkin status").await?.says("Wednesdays"), "one alone moves nothing");
        ben.click("Agree").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet —
        About your check-ins.
        │ Agreed: check-ins on Saturdays at 19:00 (Europe/Berlin).
        │ The next: Sat 12 September 2026 17:00 UTC · Sat 19 September 2026 17:00 UTC · Sat 26 September 2026 17:00 UTC
        [See the schedule]
        ");
        s.restart().await?;
        s.passes(DAY * 4).await?;
        assert_eq!(check_ins(s).await, 1, "this week had its own");
        s.passes(DAY * 6).await?;
        assert_eq!(check_ins(s).await, 2);
        done_with(&ada, &ben).await?;
        // Sunday 13 September: to Mondays, and the next day is one.
        ada.run("/checkin schedule day:Monday").await?;
        ben.click("Agree").await?;
        s.passes(DAY * 2).await?;
        assert_eq!(check_ins(s).await, 3, "a new week has its own");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn each_reads_the_moments_in_their_own_zone() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/settings zone:America/New_York").await?;
        weekly(&ada, &ben).await?;
        // Sunday 6 September, 17:00 UTC, as a timestamp that each client shows in its own zone.
        for person in [&ada, &ben] {
            assert!(person.ever_saw("The next: <t:1788714000:f> · <t:1789318800:f> · <t:1789923600:f>"));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_dm_home_a_proposal_and_its_news_come_by_dm() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        ada.run("/checkin schedule zone:Europe/Berlin").await?;
        s.restart().await?;
        reads!(ben.reads(), @r"
        — DM · Duet —
        @Ben A question that takes both of you.
        │ @Ada would like your check-ins on Sundays at 19:00 (Europe/Berlin): five taps and a few lines each. They would come Sun 6 September 2026 17:00 UTC · Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC.
        [Agree] [Not now]
        ");
        ada.reads();
        ben.click("Agree").await?;
        reads!(ada.reads(), @r"
        — DM · Duet —
        About your check-ins.
        │ For you and @Ben:
        │ Agreed: check-ins on Sundays at 19:00 (Europe/Berlin).
        │ The next: Sun 6 September 2026 17:00 UTC · Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC
        [See the schedule]
        ");
        s.passes(DAY * 6).await?;
        assert_eq!((ada.sees(HERE), ben.sees(HERE), check_ins(s).await), (1, 1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_several_couples_the_command_asks_which() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let cleo = s.person("Cleo");
        ada.person.go(&s.home.general());
        s.pair(&ada, &cleo).await?;
        ada.person.go_dm();
        ada.run("/settings zone:Europe/Berlin").await?;
        for command in
            ["/checkin schedule day:Friday", "/checkin now", "/checkin status", "/checkin skip", "/checkin away until:tomorrow"]
        {
            let asked = ada.run(command).await?;
            assert!(asked.says("Which couple do you mean?"), "{command}: {}", asked.text());
            s.restart().await?;
            ada.select("With whom?", &["2"]).await?;
        }
        assert_eq!(cleo.sees("@Ada would like your check-ins on Fridays at 19:00 (Europe/Berlin)"), 1);
        assert_eq!((cleo.sees(HERE), ben.sees(HERE)), (1, 0));
        Ok(())
    })
    .await;
}

// ---- To come ----

#[tokio::test]
async fn it_comes_at_its_time_exactly_once_a_week() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        s.passes(TO_SUNDAY - HOUR / 60).await?;
        s.restart().await?;
        assert_eq!(ada.sees(HERE), 0);
        s.passes(HOUR / 60).await?;
        assert_eq!((ada.sees(HERE), ben.sees(HERE)), (1, 1));
        for week in 1..=7 {
            s.restart().await?;
            assert_eq!(check_ins(s).await, week);
            done_with(&ada, &ben).await?;
            s.passes(DAY * 7).await?;
        }
        // The eighth comes on the day on which summer time ends: at 18:00 UTC.
        assert_eq!(check_ins(s).await, 7);
        s.passes(HOUR).await?;
        assert_eq!(check_ins(s).await, 8);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_weeks_own_comes_beside_those_that_were_asked_for() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        ada.run("/checkin now").await?;
        done_with(&ada, &ben).await?;
        s.passes(TO_SUNDAY).await?;
        assert_eq!(check_ins(s).await, 2, "what was asked for does not count");
        done_with(&ada, &ben).await?;
        s.passes(DAY * 7 - HOUR).await?;
        ben.run("/checkin now").await?;
        s.restart().await?;
        s.passes(HOUR * 2).await?;
        assert_eq!((check_ins(s).await, ada.sees(HERE)), (3, 3), "never two at once");
        done_with(&ada, &ben).await?;
        s.restart().await?;
        s.passes(HOUR).await?;
        assert_eq!(check_ins(s).await, 4, "once that is over, the week's own comes");
        done_with(&ada, &ben).await?;
        s.restart().await?;
        s.passes(DAY * 7 - HOUR * 3).await?;
        assert_eq!(check_ins(s).await, 4, "and only once");
        s.passes(HOUR).await?;
        assert_eq!(check_ins(s).await, 5, "the next at its own hour again");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn where_one_that_was_asked_for_stays_open_too_long_a_note_comes_instead() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        s.passes(TO_SUNDAY - HOUR).await?;
        ben.run("/checkin now").await?;
        s.passes(HOUR * 12).await?;
        s.restart().await?;
        assert_eq!((check_ins(s).await, ada.sees("that one is left out")), (1, 0));
        s.passes(HOUR * 2).await?;
        assert_eq!((check_ins(s).await, ada.sees("that one is left out")), (1, 1));
        done_with(&ada, &ben).await?;
        s.passes(DAY * 6).await?;
        assert_eq!((check_ins(s).await, ada.sees("that one is left out")), (1, 1));
        s.passes(DAY).await?;
        assert_eq!(check_ins(s).await, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_of_the_schedules_own_that_is_open_stands_for_the_next() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        s.passes(TO_SUNDAY).await?;
        ada.run("/checkin schedule day:Monday").await?;
        ben.click("Agree").await?;
        s.passes(DAY + HOUR).await?;
        s.restart().await?;
        assert_eq!(check_ins(s).await, 1, "Sunday's is open on Monday");
        done_with(&ada, &ben).await?;
        s.passes(DAY * 6).await?;
        assert_eq!((check_ins(s).await, ada.sees("that one is left out")), (1, 0), "also when it is over");
        s.passes(DAY).await?;
        assert_eq!(check_ins(s).await, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_a_short_night_it_comes_late_and_after_a_long_one_a_note_comes_instead() {
    for (down, comes) in [(HOUR * 12 - HOUR / 60, true), (HOUR * 12, false), (DAY * 13, false)] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            weekly(&ada, &ben).await?;
            s.passes(TO_SUNDAY - HOUR).await?;
            ada.reads();
            s.stop().await?;
            s.passes(HOUR + down).await?;
            s.start().await?;
            s.restart().await?;
            assert_eq!(check_ins(s).await, usize::from(comes));
            let read = ada.reads();
            assert_eq!(read.contains(HERE), comes, "{read}");
            assert_eq!(read.matches("that one is left out").count(), usize::from(!comes), "one note, never two: {read}");
            if down == HOUR * 12 {
                reads!(read, @r"
                — #our-place · Duet · silent —
                About your check-ins.
                │ I couldn't bring the last check-in when it was due, so that one is left out. The next: Sun 13 September 2026 17:00 UTC.
                [See the schedule]
                ");
            }
            s.passes(DAY * 7).await?;
            assert_eq!(check_ins(s).await, 1 + usize::from(comes), "and the next as ever");
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn without_a_home_it_waits_for_one_as_long_as_it_is_not_too_late() {
    for (away, comes) in [(HOUR * 5, true), (HOUR * 20, false)] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            weekly(&ada, &ben).await?;
            s.home.delete_channel(&s.place());
            s.bot_has_heard().await?;
            for person in [&ada, &ben] {
                person.hears("I can't find your channel any more").await?;
            }
            s.passes(TO_SUNDAY + away).await?;
            s.restart().await?;
            assert_eq!(check_ins(s).await, 0);
            ada.click("Move to our DMs").await?;
            ben.click("Move to our DMs").await?;
            ben.reads();
            s.passes(HOUR).await?;
            assert_eq!((check_ins(s).await, ben.sees(HERE)), (usize::from(comes), usize::from(comes)));
            s.passes(DAY * 7).await?;
            assert_eq!(check_ins(s).await, 1 + usize::from(comes));
            Ok(())
        })
        .await;
    }
}

// ---- To put off ----

#[tokio::test]
async fn one_alone_skips_the_next_and_no_name_is_said() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let none = ada.run("/checkin skip").await?;
        reads!(none.text(), @r"
        │ There is no weekly check-in yet. `/checkin schedule` proposes one; it takes both of you.
        │
        │ -# Not feeling safe? /safety
        ");
        weekly(&ada, &ben).await?;
        ben.reads();
        let skipped = ada.run("/checkin skip").await?;
        reads!(skipped.text(), @r"
        │ Done. No check-in until Sun 13 September 2026 17:00 UTC. Your partner reads only that, and not from whom.
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        About your check-ins.
        │ No check-in until Sun 13 September 2026 17:00 UTC.
        [See the schedule]
        ");
        let again = ada.run("/checkin skip").await?;
        reads!(again.text(), @r"
        │ Done. No check-in until Sun 13 September 2026 17:00 UTC.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(
            ben.run("/checkin skip").await?.text(),
            again.text(),
            "pressed twice, by the other, too: it finds the work done"
        );
        s.restart().await?;
        s.passes(DAY * 7).await?;
        let told = ben.person.screen().iter().filter(|card| !card.private && card.text.contains("No check-in until")).count();
        assert_eq!((check_ins(s).await, told), (0, 1));
        s.passes(DAY * 7).await?;
        assert_eq!(check_ins(s).await, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_is_away_says_until_when_and_no_more() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        let asked = ben.run("/checkin away until:21 September").await?;
        reads!(asked.text(), @r"
        │ For that I need your time zone first: `/settings zone:` and the nearest large city.
        │
        │ -# Not feeling safe? /safety
        ");
        for (until, no) in [
            ("soonish", "I couldn't read that as a day."),
            ("2026-09-01", "That day is not ahead of us."),
            ("2025-12-24", "That day is not ahead of us."),
            ("2031-01-01", "That is more than a year ahead."),
        ] {
            let refused = ada.run(&format!("/checkin away until:{until}")).await?;
            assert!(refused.says(no), "{until}: {}", refused.text());
        }
        ada.reads();
        ben.reads();
        ada.run("/checkin away until:21 September").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ Done. No check-in until Sun 27 September 2026 17:00 UTC. Your partner reads only that, and not from whom.
        │
        │ -# Not feeling safe? /safety
        [I'm back] [See the schedule]
        — #our-place · Duet —
        About your check-ins.
        │ No check-in until Sun 27 September 2026 17:00 UTC.
        [See the schedule]
        ");
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        About your check-ins.
        │ No check-in until Sun 27 September 2026 17:00 UTC.
        [See the schedule]
        ");
        s.restart().await?;
        reads!(ada.run("/checkin status").await?.text(), @r"
        │ **Check-ins: Sundays at 19:00 (Europe/Berlin)**
        │ The next: Sun 27 September 2026 17:00 UTC · Sun 4 October 2026 17:00 UTC · Sun 11 October 2026 17:00 UTC
        │ You are away until Sun 20 September 2026 22:00 UTC.
        │
        │ -# Not feeling safe? /safety
        ");
        assert!(!ben.run("/checkin status").await?.says("away"));
        s.passes(DAY * 20).await?;
        assert_eq!(check_ins(s).await, 0);
        s.restart().await?;
        s.passes(DAY * 7).await?;
        assert_eq!(check_ins(s).await, 1, "Sunday 27 September");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_early_has_the_next_one_again() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        ada.run("/checkin away until:21 September").await?;
        ben.run("/settings zone:Europe/Berlin").await?;
        ben.run("/checkin away until:tomorrow").await?;
        s.passes(DAY * 8).await?;
        s.restart().await?;
        assert_eq!(check_ins(s).await, 0);
        ada.run("/checkin status").await?;
        ben.reads();
        reads!(ada.click("I'm back").await?.text(), @r"
        │ Good to have you here. The next check-in: Sun 13 September 2026 17:00 UTC.
        │
        │ -# Not feeling safe? /safety
        ");
        assert!(ada.button("I'm back").is_err() || ada.click("I'm back").await?.says("Good to have you here."), "pressed twice");
        s.restart().await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        About your check-ins.
        │ The next check-in: Sun 13 September 2026 17:00 UTC.
        [See the schedule]
        ");
        s.passes(DAY).await?;
        assert_eq!(check_ins(s).await, 0, "what passed meanwhile is not made up for");
        s.passes(DAY * 4).await?;
        assert_eq!((check_ins(s).await, ben.sees("that one is left out")), (1, 0), "Sunday 13 September");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_second_week_is_as_slow_as_the_slower_wish() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        s.passes(TO_SUNDAY).await?;
        done_with(&ada, &ben).await?;
        ben.reads();
        ada.run("/checkin status").await?;
        reads!(ada.click("Every second week").await?.text(), @r"
        │ Done. Check-ins come every second week from now on. The next: Sun 20 September 2026 17:00 UTC.
        │
        │ **Check-ins: Sundays at 19:00 (Europe/Berlin), every second week**
        │ The next: Sun 20 September 2026 17:00 UTC · Sun 4 October 2026 17:00 UTC · Sun 18 October 2026 17:00 UTC
        │
        │ -# Not feeling safe? /safety
        ");
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        About your check-ins.
        │ No check-in until Sun 20 September 2026 17:00 UTC.
        [See the schedule]
        ");
        s.restart().await?;
        s.passes(DAY * 8).await?;
        assert_eq!(check_ins(s).await, 1);
        s.restart().await?;
        s.passes(DAY * 6).await?;
        assert_eq!(check_ins(s).await, 2);
        done_with(&ada, &ben).await?;
        ben.run("/checkin status").await?;
        ben.click("Every second week").await?;
        ada.run("/checkin status").await?;
        assert!(ada.click("Every week").await?.says("Done, for your part. The slower of your two wishes counts."));
        ben.run("/checkin status").await?;
        assert!(ben.click("Every week").await?.says("Done. Check-ins come every week again."));
        s.passes(DAY * 7).await?;
        assert_eq!(check_ins(s).await, 3);
        Ok(())
    })
    .await;
}

// ---- Another rhythm ----

/// Check-ins that lapse, one a week, until just after the one of this number closed: Wednesday evening.
async fn lapse(s: &Story, weeks: i32) -> Told {
    s.passes(TO_SUNDAY + DAY * 3 + DAY * 7 * (weeks - 1)).await
}

#[tokio::test]
async fn after_two_lapses_each_is_asked_in_private_whether_another_rhythm_would_suit() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        lapse(s, 1).await?;
        assert_eq!(ada.sees("Would another rhythm suit you better"), 0);
        ada.reads();
        s.restart().await?;
        s.passes(DAY * 7).await?;
        let hers = ada.reads();
        reads!(hers, @r"
        — #our-place · Duet —
        @Ada @Ben Your check-in is here.
        │ **Check-in**
        │ Five taps about yourself, then three lines to finish in your own words. Skip whatever you like: one tap or one word is a whole check-in.
        │
        │ Opens when both have answered. There is time until Wed 16 September 2026 17:00 UTC.
        [*Answer*] [Pass] [Why this one?] [Pause]
        — DM · Duet · silent —
        A quiet reminder.
        │ Something is open for you, whenever it suits. One word is enough, and nothing happens if you let it go by.
        [*Go to it*] [Not this one] [Fewer, please]
        — #our-place · Duet · deleted —
        (was: Your check-in is here.)
        — #our-place · Duet · edited —
        Your check-in is here.
        │ This one closed without opening. Nothing was shown.
        [Keep my unopened answer]
        — DM · Duet —
        A question about your check-ins.
        │ For you and @Ben:
        │ Would another rhythm suit you better? Your partner is asked the same, in private. `Another day` asks them to agree; for the rest I don't say whose wish it was. It is fine as it is, too.
        [Slower] [Another day] [Shorter] [A break] [As it is]
        ");
        assert_eq!((ada.sees("Would another rhythm"), ben.sees("Would another rhythm")), (1, 1));
        s.restart().await?;
        for (label, says) in [
            ("Slower", "Done. Check-ins come every second week from now on."),
            ("Shorter", "Done. From the next one on it is five taps and one line."),
            ("Another day", "Which day would suit you better?"),
            ("A break", "Done. No check-in until"),
            ("As it is", "Fine. It stays as it is."),
        ] {
            let asked = ada.message("Would another rhythm")?.id;
            let reply = ada.click_in(asked, label).await?;
            assert!(reply.says(says), "{label}: {}", reply.text());
            s.restart().await?;
        }
        ada.select("Day", &["Wednesday"]).await?;
        let read = ben.reads();
        assert!(read.contains("@Ada would like your check-ins on Wednesdays at 19:00 (Europe/Berlin), every second week"), "{read}");
        assert!(!read.contains("lapsed") && !read.contains("missed"), "{read}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_opening_in_between_is_a_new_beginning() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        lapse(s, 1).await?;
        ada.run("/ask").await?;
        ada.answers("In between, a question.").await?;
        ben.answers("In between, an answer.").await?;
        s.passes(DAY * 7).await?;
        s.restart().await?;
        assert_eq!(ada.sees("Would another rhythm"), 0, "not two in a row");
        s.passes(DAY * 7).await?;
        assert_eq!(ada.sees("Would another rhythm"), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_lapses_before_or_while_somebody_is_away_does_not_count() {
    for back_early in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            weekly(&ada, &ben).await?;
            ben.run("/settings zone:Europe/Berlin").await?;
            lapse(s, 1).await?;
            ben.run("/checkin away until:13 September").await?;
            ada.run("/ask").await?;
            s.passes(DAY * 2).await?;
            s.restart().await?;
            assert_eq!(ada.sees("This one closed without opening."), 2);
            assert_eq!(ada.sees("Would another rhythm"), 0, "two in a row, and one of them while Ben is away");
            if back_early {
                ben.run("/checkin status").await?;
                ben.click("I'm back").await?;
            }
            s.passes(DAY * 5).await?;
            assert_eq!((check_ins(s).await, ada.sees("Would another rhythm")), (2, 0), "the first since");
            s.restart().await?;
            s.passes(DAY * 7).await?;
            assert_eq!((ada.sees("Would another rhythm"), ben.sees("Would another rhythm")), (1, 1), "the second");
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn after_four_lapses_check_ins_rest_and_start_again_by_both() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        lapse(s, 3).await?;
        s.restart().await?;
        ada.reads();
        s.passes(DAY * 7).await?;
        let read = ada.reads();
        reads!(read, @r"
        — #our-place · Duet —
        @Ada @Ben Your check-in is here.
        │ **Check-in**
        │ Five taps about yourself, then three lines to finish in your own words. Skip whatever you like: one tap or one word is a whole check-in.
        │
        │ Opens when both have answered. There is time until Wed 30 September 2026 17:00 UTC.
        [*Answer*] [Pass] [Why this one?] [Pause]
        — DM · Duet · silent —
        A quiet reminder.
        │ Something is open for you, whenever it suits. One word is enough, and nothing happens if you let it go by.
        [*Go to it*] [Not this one] [Fewer, please]
        — #our-place · Duet · deleted —
        (was: Your check-in is here.)
        — #our-place · Duet · edited —
        Your check-in is here.
        │ This one closed without opening. Nothing was shown.
        [Keep my unopened answer]
        — #our-place · Duet —
        About your check-ins.
        │ Check-ins rest from here on. That is fine. `/checkin schedule` starts them again whenever you both like; `/checkin now` has one at any time.
        [See the schedule]
        ");
        assert_eq!(ada.sees("Would another rhythm"), 1, "asked once");
        s.restart().await?;
        s.passes(DAY * 30).await?;
        assert_eq!(check_ins(s).await, 4, "nothing comes");
        assert!(ada.run("/checkin skip").await?.says("Check-ins are resting"));
        reads!(ada.run("/checkin status").await?.text(), @r"
        │ Check-ins are resting. `Start again` proposes them as they were, Sundays at 19:00 (Europe/Berlin); `/checkin schedule` another day or time. It takes both of you. `/checkin now` has one at any time.
        │
        │ -# Not feeling safe? /safety
        ");
        ada.click("Start again").await?;
        s.restart().await?;
        ben.click("Agree").await?;
        s.passes(DAY * 6).await?;
        assert_eq!(check_ins(s).await, 5);
        assert!(ada.run("/checkin status").await?.says("**Check-ins: Sundays"), "what lapsed before is forgotten");
        s.passes(DAY * 7).await?;
        assert_eq!((ada.sees("Would another rhythm"), ada.sees("Check-ins rest from here on.")), (2, 1), "and it is asked anew");
        for person in [&ada, &ben] {
            for count in ["two lapses", "four", "2 in a row", "4 in a row", "missed", "times"] {
                assert!(person.person.screen().iter().all(|card| !card.text.contains(count)), "{count}");
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_lapsed_before_they_agreed_says_nothing_about_their_check_ins() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for _ in 0..4 {
            ada.run("/ask").await?;
            s.passes(DAY * 2).await?;
        }
        assert_eq!(ada.sees("Would another rhythm"), 0, "without a schedule nobody is asked");
        weekly(&ada, &ben).await?;
        s.passes(DAY * 8).await?;
        s.restart().await?;
        assert!(check_ins(s).await >= 1);
        assert!(ada.run("/checkin status").await?.says("**Check-ins: Sundays"));
        assert_eq!((ada.sees("Would another rhythm"), ada.sees("Check-ins rest")), (0, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_one_whose_dms_are_closed_is_asked_nothing_and_the_other_learns_nothing() {
    let readings = RefCell::new(Vec::new());
    for closed in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            weekly(&ada, &ben).await?;
            if closed {
                ben.person.close_dms();
            }
            lapse(s, 2).await?;
            assert_eq!(ben.sees("Would another rhythm"), usize::from(!closed));
            s.passes(DAY * 2).await?;
            readings.borrow_mut().push(ada.reads());
            Ok(())
        })
        .await;
    }
    let readings = readings.into_inner();
    assert!(readings.iter().all(|reading| *reading == readings[0]), "{readings:#?}");
}

#[tokio::test]
async fn one_that_is_due_when_they_move_comes_at_once_and_the_week_gets_no_second() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin schedule day:monday time:19:00 zone:Europe/Berlin").await?;
        ben.click("Agree").await?;
        // Monday 7 September, 18:30 in Berlin: one that was asked for is open when the week's own comes due.
        s.passes(HOUR * (6 * 24 + 7) + SignedDuration::from_mins(30)).await?;
        ada.run("/checkin now").await?;
        s.passes(SignedDuration::from_mins(40)).await?;
        assert_eq!(s.count("rounds").await, 1, "the week's own waits");
        checks_in(&ada, ["1", "2", "3", "4", "5"], ["x", "", ""]).await?;
        checks_in(&ben, ["1", "2", "3", "4", "5"], ["y", "", ""]).await?;
        ada.run("/checkin schedule day:friday time:19:00").await?;
        ben.click("Agree").await?;
        assert_eq!(s.count("rounds").await, 2, "it comes as both knew it");
        s.restart().await?;
        s.passes(HOUR * 24 * 5).await?;
        assert_eq!(s.count("rounds").await, 2, "Friday is in the same week");
        s.passes(HOUR * 24 * 7).await?;
        assert_eq!(s.count("rounds").await, 3);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_that_cannot_come_when_they_move_comes_at_the_new_time_or_is_left_out_with_a_word() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin schedule day:wednesday time:19:00 zone:Europe/Berlin").await?;
        ben.click("Agree").await?;
        s.passes(HOUR * 31).await?;
        ada.run("/checkin now").await?;
        s.passes(HOUR * 2).await?;
        // Wednesday, 20:00 in Berlin: the week's own waits for the one that is open.
        ada.run("/checkin schedule day:friday time:19:00").await?;
        ben.click("Agree").await?;
        assert_eq!(ada.sees("so that one is left out"), 0, "Friday is still to come");
        checks_in(&ada, ["1", "2", "3", "4", "5"], ["x", "", ""]).await?;
        checks_in(&ben, ["1", "2", "3", "4", "5"], ["y", "", ""]).await?;
        s.passes(HOUR * 46).await?;
        assert_eq!(s.count("rounds").await, 1);
        ada.run("/checkin now").await?;
        s.passes(HOUR * 2).await?;
        // Friday, 20:00: moved back to a day that has passed, this week gets none, and both hear so.
        ada.run("/checkin schedule day:thursday time:19:00").await?;
        ben.click("Agree").await?;
        assert_eq!(ada.sees("so that one is left out"), 1);
        Ok(())
    })
    .await;
}

//! A pause: one alone calls it, nothing is lost, the hour brings both back. Nobody is named.

use duet::rehearsal::{FaultKind, Match};
use jiff::SignedDuration;

use super::checkins::{checks_in, weekly};
use super::mine::exports;
use crate::story::{Actor, Answer, Story, Told, reads, story};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const REVEAL: &str = "Two people, two views.";
const PAUSED: &str = "Paused until";
const OVER: &str = "The pause is over.";
const BACK: &str = "We're back.";
const NUDGE: &str = "Something is open for you";
const HERE: &str = "Your check-in is here.";
const MISSED: &str = "that one is left out";
const LAPSED: &str = "This one closed without opening.";

/// In their home, private replies aside.
fn stand(who: &Actor<'_>, text: &str) -> usize {
    who.person.screen().iter().filter(|seen| !seen.private && (seen.text.contains(text) || seen.content.contains(text))).count()
}

/// Both said where they live; stories begin on a Tuesday at 11:00 there.
async fn in_berlin(people: [&Actor<'_>; 2]) -> Told {
    for person in people {
        person.run("/settings zone:Europe/Berlin").await?;
    }
    Ok(())
}

/// What the newest open card says of its end.
fn time_until(who: &Actor<'_>) -> Told<String> {
    let card = who.message("There is time until")?.text;
    Ok(card.split_once("There is time until ").ok_or("no end")?.1.lines().next().unwrap_or_default().to_owned())
}

fn calm(one: &Answer<'_>) {
    assert!(one.says(PAUSED) && !one.says("went wrong"), "{}", one.text());
}

// ---- What is read ----

#[tokio::test]
async fn what_the_two_read_in_a_whole_pause() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:Where do we meet?").await?;
        ada.reads();
        ben.reads();
        reads!(ada.click("Pause").await?.text(), @r"
        │ **A pause: for how long?**
        │ It takes only you, and no reason. Nothing is lost: what is open gets as much longer, and your partner reads only until when.
        │ *Tonight* and *tomorrow* stay within a day, and out of the hours in which either of you rests.
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        assert_eq!(ben.reads(), "", "asking for how long tells nobody");
        reads!(ada.click("20 min").await?.text(), @r"
        │ Paused until Tue 1 September 2026 09:20 UTC. Nothing is lost; we come back to it then.
        │
        │ Answering stays possible. Nothing opens, closes or reminds anybody before that. The hour ends it by itself. `More time` adds 20 minutes.
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        A pause.
        │ Paused until Tue 1 September 2026 09:20 UTC. Nothing is lost; we come back to it then.
        │ `More time` adds 20 minutes, for either of you.
        │
        │ -# Not feeling safe? /safety
        [More time] [A minute to settle]
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > Where do we meet?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:20 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        ");
        let settled = ada.click("A minute to settle").await?;
        assert!(settled.says("**") && !settled.says("went wrong"), "{}", settled.text());
        assert!(ada.click("Another one").await?.says("**"));
        ada.reads();
        s.passes(MINUTE * 19).await?;
        reads!(ben.click("More time").await?.text(), @r"
        │ Paused until Tue 1 September 2026 09:40 UTC. Nothing is lost; we come back to it then.
        │
        │ Answering stays possible. Nothing opens, closes or reminds anybody before that. The hour ends it by itself. `More time` adds 20 minutes.
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · edited —
        A pause.
        │ Paused until Tue 1 September 2026 09:40 UTC. Nothing is lost; we come back to it then.
        │ `More time` adds 20 minutes, for either of you.
        │
        │ -# Not feeling safe? /safety
        [More time] [A minute to settle]
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > Where do we meet?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:40 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        ");
        ben.reads();
        s.passes(MINUTE * 20).await?;
        assert_eq!(ada.reads(), "", "the first end is no end any more");
        s.passes(MINUTE).await?;
        s.restart().await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet · edited —
        A pause.
        │ The pause is over.
        — #our-place · Duet —
        @Ada @Ben We're back.
        │ Your question is where you left it. One word is enough.
        [*Go to it*]
        ");
        let there = ben.click("Go to it").await?;
        assert!(there.says("It is here: https://discord.com/channels/") && there.says("Where do we meet?"), "{}", there.text());
        assert_eq!(s.count("pause_posts").await, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_nothing_open_the_return_offers_something_gentle() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/pause length:1 h").await?;
        s.passes(HOUR - MINUTE).await?;
        ada.reads();
        s.passes(MINUTE).await?;
        s.restart().await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · edited —
        A pause.
        │ The pause is over.
        — #our-place · Duet —
        @Ada @Ben We're back.
        │ If something gentle would help, there is a question about finding back to each other, for whenever one of you likes.
        [A gentle repair question] [Not now]
        ");
        let eve = s.person("Eve");
        for label in ["A gentle repair question", "Not now"] {
            let (message, id) = ada.button(label)?;
            assert!(eve.click_custom(message, &id).await?.says("This is between two other people."));
        }
        assert_eq!(s.count("rounds").await, 0);
        // One is asked, by whoever presses, and not a second one by the other.
        let asked = ben.click("A gentle repair question").await?;
        assert!(asked.says("It is on its way."), "{}", asked.text());
        assert!(ada.click("Why this one?").await?.says("Theme: repair\n"), "{}", ada.person.reads());
        assert!(ada.click("A gentle repair question").await?.says("One question is still open."));
        assert_eq!(s.count("rounds").await, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn not_now_closes_the_offer_for_both() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/pause length:20 min").await?;
        s.passes(HOUR).await?;
        ada.reads();
        ben.click("Not now").await?;
        s.restart().await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · edited —
        We're back.
        │ Fine. `/ask theme:repair` brings a gentle question whenever one of you likes.
        ");
        assert!(ada.button("A gentle repair question").is_err());
        assert!(ada.run("/ask theme:repair").await?.says("It is on its way."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_gentle_question_is_warm_or_personal_whatever_else_the_two_let_in() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for person in [&ada, &ben] {
            person.run("/settings").await?;
            person.select("Depth", &["brave"]).await?;
        }
        // Four openings earn one step each: by now Duet goes as far as tender.
        for _ in 0..8 {
            ada.run("/ask depth:warm").await?;
            ada.answers("One of many answers.").await?;
            ben.answers("And one of his.").await?;
            s.passes(HOUR).await?;
        }
        for _ in 0..5 {
            ada.run("/pause length:20 min").await?;
            s.passes(HOUR).await?;
            assert!(ada.click("A gentle repair question").await?.says("way"));
            let why = ben.click("Why this one?").await?;
            assert!(why.says("Theme: repair\n"), "{}", why.text());
            assert!(why.says("Depth: warm") || why.says("Depth: personal"), "{}", why.text());
            ben.click("Pass").await?;
            ben.click("Say it openly").await?;
            s.passes(DAY).await?;
        }
        Ok(())
    })
    .await;
}

// ---- What waits ----

#[tokio::test]
async fn answering_stays_possible_and_both_open_when_it_ends() {
    for hidden in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            if hidden {
                ada.run("/settings").await?;
                ada.click("Hide the line").await?;
            }
            ada.run("/ask").await?;
            ben.run("/pause length:1 h").await?;
            let page = ada.click("Answer").await?;
            assert!(page.says("If both are in, they open when your pause is over, Tue 1 September 2026 10:00 UTC."));
            page.write("In the blue kitchen.").await?;
            ben.reads();
            let sealed = ben.answers("By the old canal.").await?;
            reads!(sealed.text(), @r"
            │ **Sealed.** Only you see this copy. Both open once both are in and your pause is over, Tue 1 September 2026 10:00 UTC; until then you can change it or take it back.
            │ By the old canal.
            │
            │ -# Not feeling safe? /safety
            ");
            s.restart().await?;
            assert_eq!(ben.reads().contains("2 of 2 sealed"), !hidden);
            // What is sealed can still be changed, and taken back.
            ada.click("Answer").await?;
            ada.click("Edit").await?.write("In the green kitchen.").await?;
            ben.click("Take back").await?;
            ben.answers("By the old canal, then.").await?;
            s.passes(MINUTE * 59).await?;
            assert!(ada.click("More time").await?.says("11:00 UTC"));
            s.passes(MINUTE * 60).await?;
            assert!(!ada.ever_saw("old canal") && !ben.ever_saw("kitchen"), "nothing opens in a pause");
            s.restart().await?;
            s.passes(MINUTE).await?;
            assert_eq!((ada.sees(REVEAL), ben.sees(REVEAL)), (1, 1), "and at its end at once");
            assert!(ada.ever_saw("old canal, then") && ben.ever_saw("green kitchen"));
            assert_eq!((stand(&ada, OVER), stand(&ada, BACK)), (1, 0), "the opening is the return");
            s.passes(DAY * 5).await?;
            assert_eq!((ada.sees(REVEAL), stand(&ada, BACK)), (1, 0));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn their_own_hour_holds_after_a_pause() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:Europe/Berlin").await?;
        ada.click("Opening hour").await?.fill(&[("Hour", "12:30")]).await?;
        ben.click("Agree").await?;
        ada.run("/ask").await?;
        ada.answers("Sealed before anybody paused.").await?;
        ben.answers("Sealed before that as well.").await?;
        assert!(ada.sees("Opens Tue 1 September 2026 10:30 UTC.") > 0);
        // From 11:00 to 13:00 in Berlin.
        ada.run("/pause length:1 h").await?;
        assert!(ada.sees("Opens Tue 1 September 2026 10:30 UTC.") > 0, "the hour comes after the pause anyway");
        s.passes(HOUR / 2).await?;
        ben.click("More time").await?;
        s.restart().await?;
        assert!(ben.sees("Opens Wed 2 September 2026 10:30 UTC.") > 0);
        s.passes(DAY + HOUR - MINUTE).await?;
        assert_eq!((ada.sees(REVEAL), stand(&ada, BACK)), (0, 1));
        s.passes(MINUTE).await?;
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nudges_and_the_end_of_a_question_come_so_much_later() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ada.run("/ask").await?;
        assert_eq!(time_until(&ben)?, "Thu 3 September 2026 09:00 UTC.");
        // From 11:00 until nine in the morning: 22 hours.
        assert!(ben.run("/pause length:tomorrow").await?.says("Wed 2 September 2026 07:00 UTC"));
        s.restart().await?;
        assert_eq!(time_until(&ben)?, "Fri 4 September 2026 07:00 UTC.");
        s.passes(HOUR * 22).await?;
        assert_eq!((stand(&ada, BACK), ada.sees(NUDGE)), (1, 0));
        s.passes(HOUR * 24 - MINUTE).await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (0, 0));
        s.passes(MINUTE).await?;
        s.restart().await?;
        assert_eq!((ada.sees(NUDGE), ben.sees(NUDGE)), (1, 1));
        s.passes(HOUR * 24 - MINUTE).await?;
        assert_eq!(ada.sees(LAPSED), 0);
        s.passes(MINUTE).await?;
        assert_eq!(ada.sees(LAPSED), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_in_a_pause_has_its_whole_time_after_it() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ada.run("/pause length:1 h").await?;
        assert!(ben.run("/ask").await?.says("It is on its way."));
        assert_eq!(time_until(&ada)?, "Thu 3 September 2026 10:00 UTC.");
        s.passes(HOUR / 2).await?;
        ada.click("Another question").await?;
        s.restart().await?;
        assert_eq!(time_until(&ada)?, "Thu 3 September 2026 10:00 UTC.", "a swap, too");
        s.passes(HOUR / 2 + DAY - MINUTE).await?;
        assert_eq!(ada.sees(NUDGE), 0);
        s.passes(MINUTE).await?;
        assert_eq!(ada.sees(NUDGE), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_check_in_that_comes_due_in_a_pause_comes_when_it_ends() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        weekly(&ada, &ben).await?;
        // Sunday, noon in Berlin; the check-in is due at seven.
        s.passes(DAY * 5 + HOUR).await?;
        ada.run("/pause length:tomorrow").await?;
        s.passes(HOUR * 7).await?;
        s.restart().await?;
        assert_eq!(ada.sees(HERE), 0);
        let status = ben.run("/checkin status").await?;
        reads!(status.text(), @r"
        │ **Check-ins: Sundays at 19:00 (Europe/Berlin)**
        │ The next: Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC · Sun 27 September 2026 17:00 UTC
        │ Paused until Mon 7 September 2026 07:00 UTC: one that comes due before that comes then.
        │
        │ -# Not feeling safe? /safety
        ");
        // Fourteen hours late, and not missed: nine in the morning.
        s.passes(HOUR * 14 - MINUTE).await?;
        assert_eq!(ada.sees(HERE), 0);
        s.passes(MINUTE).await?;
        s.restart().await?;
        assert_eq!((ada.sees(HERE), stand(&ada, MISSED)), (1, 0));
        assert_eq!((stand(&ada, OVER), stand(&ada, BACK)), (1, 0), "the check-in is the return");
        checks_in(&ada, ["4", "4", "4", "4", "4"], ["All well on Monday.", "", ""]).await?;
        checks_in(&ben, ["3", "3", "3", "3", "3"], ["All well here, too.", "", ""]).await?;
        s.passes(DAY * 6 + HOUR * 10 - MINUTE).await?;
        assert_eq!(ada.sees(HERE), 1);
        s.passes(MINUTE).await?;
        assert_eq!(ada.sees(HERE), 2, "the next comes at its own time");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_check_in_that_waits_for_a_pause_can_be_skipped_and_drawn_out() {
    for skips in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            in_berlin([&ada, &ben]).await?;
            weekly(&ada, &ben).await?;
            s.passes(DAY * 5 + HOUR).await?;
            ada.run("/pause length:tomorrow").await?;
            s.passes(HOUR * 20).await?;
            if skips {
                let skipped = ben.run("/checkin skip").await?;
                assert!(skipped.says("No check-in until Sun 13 September 2026 17:00 UTC"), "{}", skipped.text());
            } else {
                ben.click("More time").await?;
            }
            s.restart().await?;
            s.passes(HOUR * 2 - MINUTE).await?;
            assert_eq!(ada.sees(HERE), 0);
            assert_eq!(stand(&ada, BACK), usize::from(skips));
            s.passes(MINUTE).await?;
            assert_eq!(ada.sees(HERE), usize::from(!skips));
            s.passes(DAY * 7).await?;
            assert_eq!((ada.sees(HERE), stand(&ada, MISSED)), (1 + usize::from(!skips), 0));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_check_in_of_ones_own_may_begin_in_a_pause_and_is_carried_through_the_next() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/pause length:1 h").await?;
        ben.run("/checkin now").await?;
        assert_eq!(time_until(&ada)?, "Fri 4 September 2026 10:00 UTC.");
        ada.run("/ask").await?;
        s.passes(HOUR).await?;
        let back = ada.message("What was open is where you left it.")?;
        assert!(back.has_button("The question") && back.has_button("The check-in"), "{back}");
        assert!(ada.click("The check-in").await?.says("**Check-in**"));
        ben.run("/pause length:20 min").await?;
        s.restart().await?;
        assert_eq!(s.texts("select id from rounds where awaiting = 1").await.len(), 2);
        ben.click_in(back.id, "The check-in").await?;
        checks_in(&ada, ["4", "4", "4", "4", "4"], ["Ready when it ends.", "", ""]).await?;
        checks_in(&ben, ["3", "3", "3", "3", "3"], ["Ready, too, by now.", "", ""]).await?;
        assert_eq!(ada.sees(REVEAL), 0);
        s.passes(MINUTE * 20).await?;
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

// ---- Whoever presses, however often, wherever ----

#[tokio::test]
async fn called_by_both_at_once_or_twice_it_is_one_pause() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        let (one, other) = tokio::join!(ada.person.run("/pause length:20 min"), ben.person.run("/pause length:1 h"));
        let (one, other) = (one?.text(), other?.text());
        s.settle().await?;
        assert!(one.contains(PAUSED) && one.lines().next() == other.lines().next(), "{one}\n{other}");
        assert_eq!((stand(&ada, PAUSED), s.count("pauses").await), (1, 1));
        calm(&ben.run("/pause").await?);
        let (first, second) = ada.click_twice("More time").await?;
        assert_eq!(first.text().lines().next(), second.text().lines().next(), "pressed twice, it adds once");
        calm(&ada.run("/pause length:tonight").await?);
        assert!(s.rehearsal.redeliver_last_interaction().await);
        s.settle().await?;
        s.passes(DAY).await?;
        assert_eq!((stand(&ada, PAUSED), stand(&ada, OVER), stand(&ada, BACK)), (0, 1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn pressed_twice_or_told_twice_it_begins_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.click("Pause").await?;
        let (one, other) = ada.click_twice("20 min").await?;
        calm(&one);
        calm(&other);
        assert!(s.rehearsal.redeliver_last_interaction().await);
        s.settle().await?;
        assert_eq!((stand(&ben, PAUSED), time_until(&ben)?.as_str()), (1, "Thu 3 September 2026 09:20 UTC."));
        ben.click("More time").await?;
        assert!(s.rehearsal.redeliver_last_interaction().await);
        s.settle().await?;
        assert_eq!(time_until(&ben)?, "Thu 3 September 2026 09:40 UTC.");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_stood_on_an_old_card_lengthens_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/pause length:20 min").await?;
        let old = ben.button("More time")?;
        ben.click("More time").await?;
        let shown = ben.click_custom(old.0, &old.1).await?;
        assert!(shown.says("09:40 UTC"), "{}", shown.text());
        s.passes(HOUR).await?;
        s.restart().await?;
        reads!(ben.click_custom(old.0, &old.1).await?.text(), @r"
        │ This pause is over. `/pause` calls another, alone and without a reason.
        │
        │ -# Not feeling safe? /safety
        ");
        ada.run("/pause length:1 h").await?;
        let shown = ben.click_custom(old.0, &old.1).await?;
        assert!(shown.says("11:00 UTC"), "{}", shown.text());
        let eve = s.person("Eve");
        for label in ["More time", "A minute to settle"] {
            let (message, id) = ben.button(label)?;
            assert!(eve.click_custom(message, &id).await?.says("This is between two other people."));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_a_zone_two_lengths_need_none() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        reads!(ada.run("/pause length:tonight").await?.text(), @r"
        │ For that I need your time zone first: `/settings zone:` and the nearest large city. These two need none:
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        calm(&ada.click("20 min").await?);
        s.passes(HOUR).await?;
        // The other's evening will do.
        ben.run("/settings zone:Europe/Berlin").await?;
        let tonight = ada.run("/pause length:tonight").await?;
        assert!(tonight.says("Paused until Tue 1 September 2026 17:00 UTC."), "{}", tonight.text());
        assert!(ada.run("/settings").await?.says("Time zone: not set"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_dm_home_both_have_a_card_and_both_are_called_back() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        ada.run("/pause length:20 min").await?;
        s.restart().await?;
        reads!(ben.reads(), @r"
        — DM · Duet —
        A pause.
        │ For you and @Ada:
        │ Paused until Tue 1 September 2026 09:20 UTC. Nothing is lost; we come back to it then.
        │ `More time` adds 20 minutes, for either of you.
        │
        │ -# Not feeling safe? /safety
        [More time] [A minute to settle]
        ");
        ada.reads();
        ben.click("More time").await?;
        reads!(ada.reads(), @r"
        — DM · Duet · edited —
        A pause.
        │ For you and @Ben:
        │ Paused until Tue 1 September 2026 09:40 UTC. Nothing is lost; we come back to it then.
        │ `More time` adds 20 minutes, for either of you.
        │
        │ -# Not feeling safe? /safety
        [More time] [A minute to settle]
        ");
        ben.reads();
        s.passes(MINUTE * 40).await?;
        s.restart().await?;
        reads!(ben.reads(), @r"
        — DM · Duet · edited —
        A pause.
        │ For you and @Ada:
        │ The pause is over.
        — DM · Duet —
        We're back.
        │ For you and @Ada:
        │ If something gentle would help, there is a question about finding back to each other, for whenever one of you likes.
        [A gentle repair question] [Not now]
        ");
        ben.click("Not now").await?;
        assert!(ben.button("A gentle repair question").is_err());
        assert!(ada.click("A gentle repair question").await?.says("It is on its way."), "each has their own");
        assert_eq!(s.count("pause_posts").await, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn from_the_dm_with_the_bot_it_asks_which_couple_is_meant() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let cleo = s.person("Cleo");
        ada.person.go(&s.home.general());
        s.pair(&ada, &cleo).await?;
        ada.person.go_dm();
        for command in ["/pause", "/pause length:20 min"] {
            assert!(ada.run(command).await?.says("Which couple do you mean?"));
            s.restart().await?;
            ada.select("With whom?", &["2"]).await?;
        }
        assert_eq!((stand(&cleo, PAUSED), stand(&ben, PAUSED)), (1, 0));
        let nia = s.person("Nia");
        assert!(nia.run("/pause").await?.says("You are not in a couple here yet."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whose_dms_are_closed_pauses_all_the_same() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        ben.person.close_dms();
        calm(&ada.run("/pause length:20 min").await?);
        s.passes(HOUR).await?;
        assert_eq!((stand(&ada, OVER), stand(&ada, BACK)), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_no_place_to_meet_it_is_a_pause_too() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        s.home.delete_channel(&s.place());
        ben.hears("I can't find your channel any more").await?;
        ben.person.go_dm();
        calm(&ben.run("/pause length:1 h").await?);
        s.restart().await?;
        ada.person.go_dm();
        let shown = ada.run("/pause").await?;
        assert!(shown.says("Paused until Tue 1 September 2026 10:00 UTC."), "{}", shown.text());
        s.passes(DAY * 3).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_card_moves_along_with_the_home() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/pause length:1 h").await?;
        ada.click_in(ada.message("This is your place.")?.id, "Move to our DMs").await?;
        ben.click_in(ben.message("This is your place.")?.id, "Move to our DMs").await?;
        s.restart().await?;
        assert_eq!((stand(&ada, PAUSED), stand(&ben, PAUSED)), (2, 2), "in the channel as before, and in the DM");
        s.passes(HOUR).await?;
        assert_eq!((stand(&ada, PAUSED), stand(&ada, BACK)), (0, 1));
        assert_eq!(s.count("pause_posts").await, 0);
        Ok(())
    })
    .await;
}

// ---- How much of it ----

#[tokio::test]
async fn after_a_day_of_pauses_one_waits_a_day_and_the_other_need_not() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ada.run("/settings").await?;
        ada.select("Time to answer", &["7"]).await?;
        ada.run("/ask").await?;
        ada.run("/pause length:tomorrow").await?;
        s.passes(HOUR * 22).await?;
        let rest = ada.run("/pause length:tomorrow").await?;
        assert!(rest.says("Paused until Wed 2 September 2026 09:00 UTC."), "two hours are left of a day: {}", rest.text());
        s.passes(HOUR * 2).await?;
        s.restart().await?;
        ben.reads();
        reads!(ada.run("/pause length:20 min").await?.text(), @r"
        │ You can pause this one again from Thu 3 September 2026 09:00 UTC: it has had a day of your pauses. Until then nothing has to be said here. `Pass` needs no reason, and your partner can pause it, too.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(ben.reads(), "");
        calm(&ben.run("/pause length:20 min").await?);
        s.passes(DAY - MINUTE).await?;
        assert!(ada.run("/pause length:20 min").await?.says("You can pause this one again from"));
        s.passes(MINUTE).await?;
        calm(&ada.run("/pause length:20 min").await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn more_time_ends_after_a_day() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/pause length:1 h").await?;
        for _ in 0..23 {
            ben.click("More time").await?;
        }
        s.restart().await?;
        assert!(ben.button("More time").is_err());
        ben.reads();
        reads!(ben.run("/pause").await?.text(), @r"
        │ Paused until Wed 2 September 2026 09:00 UTC. Nothing is lost; we come back to it then.
        │
        │ Answering stays possible. Nothing opens, closes or reminds anybody before that. The hour ends it by itself.
        │
        │ -# Not feeling safe? /safety
        ");
        s.passes(DAY - MINUTE).await?;
        assert_eq!(stand(&ada, BACK), 0);
        s.passes(MINUTE).await?;
        assert_eq!((stand(&ada, BACK), stand(&ada, PAUSED)), (1, 0));
        Ok(())
    })
    .await;
}

// ---- What may go wrong meanwhile ----

#[tokio::test]
async fn in_quiet_hours_the_return_makes_no_sound() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:Europe/Berlin").await?;
        let sound = |one: &Actor<'_>| one.person.notifications().last().map(|last| (last.text.contains(BACK), last.silent));
        ben.run("/pause length:20 min").await?;
        s.passes(HOUR).await?;
        assert_eq!(sound(&ben), Some((true, false)));
        // 20:50 in Berlin.
        s.passes(HOUR * 8 + MINUTE * 50).await?;
        ben.run("/pause length:20 min").await?;
        s.passes(HOUR).await?;
        assert_eq!(sound(&ada), Some((true, true)));
        assert_eq!(sound(&ben), Some((true, true)), "nor with the one who is awake");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_in_a_pause_ends_it_without_a_word() {
    for deletes in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            ada.run("/ask").await?;
            ben.run("/pause length:1 h").await?;
            ben.reads();
            if deletes {
                ada.run("/privacy").await?;
                ada.click("Delete my data").await?.write("delete").await?;
            } else {
                ada.run("/unpair").await?;
                ada.click("Leave").await?;
            }
            s.restart().await?;
            assert_eq!(s.count("pauses").await + s.count("pause_posts").await, 0);
            s.passes(DAY).await?;
            assert_eq!(ben.reads(), "", "no alarm, and nobody is called back");
            for label in ["More time", "A minute to settle"] {
                assert!(ben.click(label).await?.says("This space is closed."));
            }
            assert!(ben.run("/pause length:20 min").await?.says("This space is closed."));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn who_called_it_is_in_their_own_file_alone() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/pause length:1 h").await?;
        let (hers, his) = (exports(&ada).await?.all, exports(&ben).await?.all);
        assert!(hers.contains("- Paused by you: 2026-09-01 09:00 (UTC) to 2026-09-01 10:00 (UTC)"), "{hers}");
        assert!(hers.contains("\"until\": \"2026-09-01T10:00:00Z\""), "{hers}");
        assert!(!his.contains("Paused by you") && his.contains("\"your_pause\": null"), "{his}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_the_couple_its_pauses_are_forgotten() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/pause length:20 min").await?;
        s.passes(HOUR).await?;
        assert_eq!(s.count("pauses").await, 1);
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        assert_eq!(s.count("pauses").await, 0);
        s.passes(DAY * 31).await?;
        let ends = s.texts("select subject from timers where kind = 'pause_ends'").await;
        assert_eq!((s.count("couples").await, ends.len()), (0, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whatever_breaks_around_its_cards_they_come_once() {
    for in_dms in [false, true] {
        story(async |s: &Story| {
            let (ada, ben) = if in_dms { s.couple_in_dms("Ada", "Ben").await? } else { s.couple("Ada", "Ben").await? };
            let kinds = [
                FaultKind::CutBefore,
                FaultKind::CutAfter,
                FaultKind::Status { code: 502, before_applying: true },
                FaultKind::Status { code: 500, before_applying: false },
            ];
            let own = |text| stand(&ada, text);
            for (number, kind) in kinds.into_iter().enumerate() {
                s.faults().on(Match::new("POST", "/messages").with_body(PAUSED), kind.clone());
                ada.run("/pause length:1 h").await?;
                s.passes(MINUTE * 10).await?;
                assert_eq!(own(PAUSED), 1, "{kind:?}");
                s.restart().await?;
                s.faults().on(Match::new("PATCH", "/messages/").with_body("12"), kind.clone());
                ben.click("More time").await?;
                s.passes(MINUTE * 10).await?;
                s.faults().on(Match::new("POST", "/messages").with_body(BACK), kind.clone());
                s.faults().on(Match::new("PATCH", "/messages/").with_body(OVER), kind.clone());
                s.passes(HOUR * 3).await?;
                assert_eq!((own(PAUSED), own(BACK)), (0, number + 1), "{kind:?}");
                s.passes(HOUR * 3).await?;
            }
            assert_eq!(s.count("pause_posts").await, 0);
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_card_that_was_posted_unheard_is_brought_up_to_date() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        s.faults().on(Match::new("POST", "/messages").with_body(PAUSED), FaultKind::CutAfter);
        ada.run("/pause length:20 min").await?;
        assert_eq!(stand(&ben, "09:20 UTC"), 1);
        ben.click("More time").await?;
        s.passes(MINUTE).await?;
        s.restart().await?;
        assert_eq!((stand(&ben, "09:20 UTC"), stand(&ben, "09:40 UTC")), (0, 1));
        s.faults().on(Match::new("PATCH", "/messages/").with_body(OVER), FaultKind::CutAfter);
        s.passes(HOUR).await?;
        assert_eq!((stand(&ben, PAUSED), stand(&ben, OVER), s.count("pause_posts").await), (0, 1, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_pauses_while_the_other_seals_reads_nothing_until_it_ends() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for turn in 1..=4 {
            ada.run("/ask").await?;
            ada.answers("There before the pause.").await?;
            let page = ben.person.click("Answer").await?;
            let (paused, sealed) = tokio::join!(ada.person.run("/pause length:20 min"), page.write("There in the same moment."));
            let (paused, sealed) = (paused?.text(), sealed?.text());
            s.settle().await?;
            assert!(paused.contains(PAUSED) && sealed.contains("**Sealed"), "{paused}\n{sealed}");
            assert_eq!(ada.sees(REVEAL), turn - 1, "whichever was first, it was not brought before the pause");
            s.passes(MINUTE * 20).await?;
            assert_eq!((ada.sees(REVEAL), ben.sees(REVEAL)), (turn, turn));
            s.passes(DAY).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_opening_that_could_not_be_brought_before_waits_for_the_end() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("On its way, and held up.").await?;
        let reveal = Match::new("POST", "/messages").with_body("Both answers are here.");
        s.faults().on(reveal, FaultKind::Status { code: 503, before_applying: true });
        ben.answers("Held up in the same moment.").await?;
        calm(&ada.run("/pause length:1 h").await?);
        s.restart().await?;
        s.passes(HOUR - MINUTE).await?;
        ben.click("More time").await?;
        s.passes(HOUR).await?;
        assert_eq!(ada.sees(REVEAL), 0);
        let before = ada.person.notifications().len();
        s.passes(MINUTE).await?;
        assert_eq!((ada.sees(REVEAL), stand(&ada, BACK)), (1, 1));
        let heard = ada.person.notifications();
        let sounds: Vec<_> = heard.iter().skip(before).filter(|notice| !notice.silent).map(|notice| &notice.text).collect();
        assert!(sounds.len() == 1 && sounds[0].contains(BACK), "one call for one moment: {sounds:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_opening_that_is_held_back_is_tried_after_the_pause() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("For the two of us alone.").await?;
        let onlooker = s.person("Mia");
        s.home.allow_view(&s.place(), &onlooker.person);
        s.bot_has_heard().await?;
        ben.answers("For the two of us as well.").await?;
        assert_eq!(ada.sees(REVEAL), 0);
        ben.run("/pause length:1 h").await?;
        s.home.clear_overwrite(&s.place(), &onlooker.person);
        s.bot_has_heard().await?;
        s.restart().await?;
        s.passes(HOUR - MINUTE).await?;
        assert_eq!(ada.sees(REVEAL), 0, "the channel is theirs alone again, and they are in a pause");
        s.passes(HOUR + MINUTE).await?;
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_nudge_that_was_held_up_waits_for_the_end() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        in_berlin([&ada, &ben]).await?;
        ada.run("/ask").await?;
        ada.answers("Mine is in already.").await?;
        s.passes(DAY - HOUR).await?;
        s.faults().on(Match::new("POST", "/messages"), FaultKind::Status { code: 503, before_applying: true });
        s.passes(HOUR).await?;
        ada.run("/pause length:1 h").await?;
        s.passes(HOUR - MINUTE).await?;
        s.restart().await?;
        assert_eq!(ben.sees(NUDGE), 0);
        s.passes(MINUTE).await?;
        assert_eq!(ben.sees(NUDGE), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_bot_that_sleeps_through_the_end_brings_both_back_when_it_wakes() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ben.run("/pause length:1 h").await?;
        s.stop().await?;
        s.passes(HOUR * 5).await?;
        s.start().await?;
        assert_eq!((stand(&ada, OVER), stand(&ada, BACK), stand(&ada, PAUSED)), (1, 1, 0));
        // Its end was not told yet when the next one was called: the old card says so, and nobody is called.
        s.passes(MINUTE).await?;
        ben.run("/pause length:20 min").await?;
        s.passes(MINUTE * 20).await?;
        assert_eq!(stand(&ada, BACK), 2);
        Ok(())
    })
    .await;
}

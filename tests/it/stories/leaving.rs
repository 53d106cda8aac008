//! One partner leaves: at once, alone, without an alarm to the other.

use duet::domain::ids::{CoupleId, PersonId};
use duet::flows::homes;
use duet::rehearsal::{FaultKind, Match};
use duet::store::keys;
use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, reads, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const CLOSED: &str = "This space is closed.";

async fn leaves(one: &Actor<'_>) -> Told {
    one.run("/unpair").await?;
    one.click("Leave").await?;
    Ok(())
}

#[tokio::test]
async fn leaving_takes_one_and_alarms_nobody() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ben.answers("Our walks by the river.").await?;
        ada.reads();
        ben.reads();
        ada.run("/unpair").await?;
        reads!(ada.reads(), @r#"
        — #our-place · Duet · only you see this —
        │ Leave your couple with @Ben? It takes effect at once and needs nobody else. They get no alarm: your place says “This space is closed.” when it is touched next. Sealed answers stay shut. After 30 days I destroy the keys, and with them all I keep of your words. What stands in Discord stays until it is deleted there.
        │
        │ -# Not feeling safe? /safety
        [Leave] [Stay]
        "#);
        assert!(ada.click("Stay").await?.says("Nothing changed."));
        ada.run("/unpair").await?;
        ada.reads();
        ada.click("Leave").await?;
        reads!(ada.reads(), @r#"
        — #our-place · Duet · only you see this · edited —
        │ Done. You have left. Nothing further will come from here. If you need somebody to talk to, `/safety` lists people who listen.
        │
        │ -# Not feeling safe? /safety
        "#);
        s.passes(DAY).await?;
        assert!(!ben.person.has_unread(), "nothing new, nothing edited");
        ben.click("Answer").await?;
        ben.click("Keep my unopened answer").await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet · only you see this —
        │ This space is closed.
        │
        │ -# Not feeling safe? /safety
        [Keep my unopened answer]
        — #our-place · Duet · only you see this · edited —
        │ **Yours, and never opened.** Only you see this copy; take it with you if you like. I keep it until 8 September 2026, then it is destroyed.
        │
        │ **Finish this: “I am very easy to please when it comes to…”**
        │ Our walks by the river.
        │
        │ -# Not feeling safe? /safety
        ");
        for button in ["Pass", "Another question", "Why this one?", "Our first question", "Move to our DMs"] {
            assert!(ben.click(button).await?.says(CLOSED), "{button}");
            assert!(ada.click(button).await?.says(CLOSED), "{button}");
        }
        assert!(ben.run("/ask").await?.says(CLOSED));
        assert!(!ada.ever_saw("Our walks by the river."), "what was sealed stays shut");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn leaving_twice_is_leaving_once() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        let ask = ada.run("/unpair").await?.heard.private()?.id;
        let (one, other) = tokio::join!(ada.click_in(ask, "Leave"), ada.click_in(ask, "Leave"));
        assert!(one?.says("You have left.") && other?.says("You have left."));
        s.rehearsal.redeliver_last_interaction().await;
        s.settle().await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_dm_home_says_that_it_is_closed_and_leaving_works_there_too() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        leaves(&ada).await?;
        assert!(ben.run("/ask").await?.says(CLOSED));
        assert!(ben.click("Our first question").await?.says(CLOSED));
        ben.person.go(&s.home.general());
        assert!(ben.run("/ask").await?.says("You are not in a couple here yet."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_unopened_answer_can_be_kept_for_seven_days_after_leaving() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        leaves(&ben).await?;
        s.passes(DAY * 6).await?;
        let still_stands = ada.click("Answer").await?.heard.private()?.id;
        ada.click("Answer").await?;
        assert!(ada.click("Keep my unopened answer").await?.says("One evening alone."));
        let nothing_of_his = ben.click("Answer").await?;
        assert!(nothing_of_his.says(CLOSED) && !nothing_of_his.heard.private()?.has_button("Keep my unopened answer"));
        s.passes(DAY).await?;
        let too_late = ada.click_in(still_stands, "Keep my unopened answer").await?;
        assert!(too_late.says("There is no unopened answer of yours here."));
        assert!(!ben.ever_saw("One evening alone."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_its_hour_stays_shut_when_one_leaves() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:UTC").await?;
        ada.click("Opening hour").await?.fill(&[("Hour", "20:00")]).await?;
        ben.click("Agree").await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        ben.answers("Our walks by the river.").await?;
        leaves(&ada).await?;
        s.passes(DAY * 2).await?;
        assert!(!ben.ever_saw("One evening alone.") && !ada.ever_saw("Our walks by the river."));
        for (one, own) in [(&ada, "One evening alone."), (&ben, "Our walks by the river.")] {
            one.click("Answer").await?;
            assert!(one.click("Keep my unopened answer").await?.says(own));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_discord_had_not_taken_yet_stays_shut_when_one_leaves() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        let reveal = Match::new("POST", "/messages").with_body("Both answers are here.");
        s.rehearsal.faults().on(reveal, FaultKind::Status { code: 503, before_applying: true });
        ben.answers("Our walks by the river.").await?;
        leaves(&ada).await?;
        s.passes(DAY).await?;
        assert!(!ben.ever_saw("One evening alone.") && !ada.ever_saw("Our walks by the river."));
        ben.click("Why this one?").await?;
        assert!(ben.click("Keep my unopened answer").await?.says("Our walks by the river."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_was_left_waits_thirty_days_and_who_left_may_ask() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        leaves(&ben).await?;
        ada.person.go(&s.home.general());
        ben.person.go(&s.home.general());
        ada.reads();
        ada.run("/pair with:@Ben").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this —
        │ You can send an invitation to this person again from 1 October 2026.
        │
        │ -# Not feeling safe? /safety
        "#);
        s.passes(DAY * 29).await?;
        assert!(ada.run("/pair with:@Ben").await?.says("again from"));
        ben.run("/pair with:@Ada").await?;
        ben.click("Send invitation").await?;
        // Who was left finds that invitation, too.
        ada.run("/pair with:@Ben").await?;
        ada.click("Accept").await?;
        assert!(ada.run("/pair with:@Ben").await?.says("You two are a couple here already."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn thirty_days_after_leaving_the_other_may_ask_again() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        leaves(&ben).await?;
        s.passes(DAY * 30).await?;
        ada.person.go(&s.home.general());
        ben.person.go(&s.home.general());
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        ben.click("Accept").await?;
        assert!(ada.run("/pair with:@Ben").await?.says("You two are a couple here already."));
        Ok(())
    })
    .await;
}

async fn keys_left(s: &Story, couple: CoupleId, people: [&Actor<'_>; 2]) -> Told<usize> {
    let app = s.app();
    let mut tx = app.store.read().await?;
    let mut left = 0;
    for one in people {
        let owner = PersonId(i64::try_from(one.person.id())?);
        left += usize::from(keys::find(&mut tx, &app.vault, owner, &couple.to_string()).await?.is_some());
    }
    Ok(left)
}

#[tokio::test]
async fn thirty_days_after_leaving_the_keys_are_gone_and_the_words_with_them() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        ben.answers("Our walks by the river.").await?;
        let couple = homes::couples(&s.app(), PersonId(i64::try_from(ada.person.id())?)).await?[0].id;
        leaves(&ada).await?;
        s.passes(DAY * 30 - SignedDuration::from_mins(1)).await?;
        assert_eq!(keys_left(s, couple, [&ada, &ben]).await?, 2);
        s.passes(SignedDuration::from_mins(1)).await?;
        assert_eq!(keys_left(s, couple, [&ada, &ben]).await?, 0);
        assert!(ben.click("Why this one?").await?.says(CLOSED));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn leaving_one_of_several_couples_asks_which() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let cleo = s.person("Cleo");
        ada.person.go(&s.home.general());
        s.pair(&ada, &cleo).await?;
        ada.person.go_dm();
        ada.reads();
        ada.run("/unpair").await?;
        reads!(ada.reads(), @r#"
        — DM · Duet · only you see this —
        │ Which couple do you mean?
        │ 1. @Ben
        │ 2. @Cleo
        │
        │ -# Not feeling safe? /safety
        [With whom? ▾ 1 | 2]
        "#);
        ada.select("With whom?", &["2"]).await?;
        assert!(ada.person.sees("Leave your couple with @Cleo?").await.is_ok());
        ada.click("Leave").await?;
        assert!(cleo.run("/ask").await?.says(CLOSED));
        assert!(ben.run("/ask").await?.says("It is on its way."), "the other couple goes on");
        Ok(())
    })
    .await;
}

//! Pass, swap, close, lapse: every way of a round beside the straight one.

use std::cell::RefCell;

use jiff::SignedDuration;

use crate::story::{Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn a_pass_is_a_quiet_word_and_an_answer_may_follow_after_all() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:What was hard this week?").await?;
        let passed = ben.click("Pass").await?;
        reads!(passed.text(), @r"
        │ Done. It closes by itself on Thu 3 September 2026 09:00 UTC, as if you had been busy. You may still answer.
        │
        │ `Say it openly` ends it at once; the card then reads: “@Ben would rather skip this one. That is fine.”
        │
        │ -# Not feeling safe? /safety
        ");
        ada.answers("Saying no to my sister.").await?;
        ben.answers("The early mornings, mostly.").await?;
        assert!(ada.ever_saw("early mornings"));
        assert!(ben.ever_saw("my sister"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_pass_cannot_be_told_from_lateness() {
    for line in [true, false] {
        let readings = RefCell::new(Vec::new());
        for passes in [true, false] {
            story(async |s| {
                let (ada, ben) = s.couple("Ada", "Ben").await?;
                if !line {
                    ben.run("/settings").await?;
                    ben.click("Hide the line").await?;
                }
                ada.run("/ask").await?;
                ada.answers("I went first, and gladly.").await?;
                if passes {
                    ben.click("Pass").await?;
                }
                s.passes(DAY * 10).await?;
                readings.borrow_mut().push(ada.reads());
                Ok(())
            })
            .await;
        }
        let readings = readings.into_inner();
        assert!(readings[0].contains("This one closed without opening."));
        assert!(readings.iter().all(|reading| *reading == readings[0]), "{readings:#?}");
    }
}

#[tokio::test]
async fn two_passes_wait_for_the_lapse() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:What did you dream of?").await?;
        ada.click("Pass").await?;
        ben.click("Pass").await?;
        s.passes(HOUR * 47).await?;
        assert_eq!(ada.sees("What did you dream of?"), 1, "still there");
        s.passes(HOUR).await?;
        assert_eq!(ada.sees("This one closed without opening."), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn said_openly_it_ends_at_once_and_kindly() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:What scares you a little?").await?;
        ada.answers("Being asked this first.").await?;
        ben.click("Pass").await?;
        ada.reads();
        let said = ben.click("Say it openly").await?;
        reads!(said.text(), @r"
        │ Said. The card now reads that you would rather skip this one, and that this is fine.
        │
        │ -# Not feeling safe? /safety
        ");
        reads!(ada.reads(), @r"
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ben would rather skip this one. That is fine.
        [Keep my unopened answer] [Make it weekly]
        ");
        assert!(!ben.ever_saw("Being asked"));
        let kept = ada.click("Keep my unopened answer").await?;
        assert!(kept.says("Being asked this first."), "{}", kept.text());
        assert!(ben.click("Keep my unopened answer").await?.says("no unopened answer of yours"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn another_question_swaps_twice_while_nothing_is_sealed_and_clears_passes() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ben.click("Pass").await?;
        s.passes(DAY).await?;
        ada.reads();
        reads!(ada.click("Another question").await?.text(), @r"
        │ The card shows another question.
        │
        │ -# Not feeling safe? /safety
        ");
        s.passes(DAY * 2 - HOUR).await?;
        assert_eq!(ada.sees("closed without opening"), 0, "the whole window lies before the new question");
        assert!(ben.click("Another question").await?.says("The card shows another question."));
        let enough = ada.click("Another question").await?;
        reads!(enough.text(), @r"
        │ This question was swapped twice already. You can pass, or `/ask` for another kind.
        │
        │ -# Not feeling safe? /safety
        ");
        ada.answers("The third one suits me.").await?;
        ben.answers("It suits me, too.").await?;
        assert!(ada.ever_saw("It suits me, too."), "a pass from before the swap is forgotten");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn something_sealed_keeps_the_question() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("I like this one.").await?;
        reads!(ben.click("Another question").await?.text(), @r"
        │ An answer is waiting here already, so the question stays. You can pass, without a reason.
        │
        │ -# Not feeling safe? /safety
        ");
        reads!(ada.click("Another question").await?.text(), @r"
        │ Your own answer is sealed here. Take it back first: press `Answer`, then `Take back`.
        │
        │ -# Not feeling safe? /safety
        ");
        assert!(!ben.ever_saw("I like this one."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_the_line_hidden_another_question_asks_the_other_whatever_is_sealed() {
    for sealed in [true, false] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            ada.run("/settings").await?;
            ada.click("Hide the line").await?;
            ada.run("/ask").await?;
            if sealed {
                ada.answers("I had written already.").await?;
            }
            ada.reads();
            let asked = ben.click("Another question").await?;
            assert!(
                asked.says("Asked. If your partner would like another question, too, this one is swapped."),
                "{}",
                asked.text()
            );
            let read = ada.reads();
            assert!(read.contains("@Ben would like another question instead of this one."), "{read}");
            let agreed = ada.click("Agree").await?;
            if sealed {
                assert!(agreed.says("Your own answer is sealed here. Take it back first"), "{}", agreed.text());
                ada.click("Answer").await?;
                ada.click("Take back").await?;
                assert!(ada.click("Agree").await?.says("The card shows another question."));
            } else {
                assert!(agreed.says("The card shows another question."), "{}", agreed.text());
            }
            assert!(!ben.ever_saw("written already"));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn with_the_line_hidden_sealing_changes_nothing_that_the_other_sees() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.click("Hide the line").await?;
        ada.run("/ask").await?;
        ben.reads();
        ada.answers("Quietly in.").await?;
        ada.click("Edit").await?.write("Quietly in, and better.").await?;
        ada.click("Take back").await?;
        ada.answers("Quietly in again.").await?;
        assert_eq!(ben.reads(), "");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_the_line_the_card_counts_and_names_nobody() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        assert_eq!(ben.sees("of 2 sealed"), 0);
        ada.answers("Counted, not named.").await?;
        assert_eq!(ben.sees("1 of 2 sealed"), 1);
        ada.click("Take back").await?;
        assert_eq!(ben.sees("of 2 sealed"), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_to_a_question_that_was_swapped_away_comes_back_to_its_author() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        let page = ada.click("Answer").await?;
        ben.click("Another question").await?;
        let late = page.write("This belongs to the first question.").await?;
        reads!(late.text(), @r"
        │ This question was swapped for another while you were writing. `Answer` opens the new one.
        │
        │ What you just wrote was not kept. Here it is, for you alone:
        │ This belongs to the first question.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(s.count("answers").await, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_open_question_is_gone_to_or_closed_for_another_in_own_words() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/ask question:Which song is yours?").await?;
        ben.answers("The one from the car.").await?;
        let open = ada.run("/ask question:What shall we cook on Sunday?").await?;
        reads!(open.text(), @r"
        │ One question is still open.
        │ **Your question**
        │ What shall we cook on Sunday?
        │ -# Not feeling safe? /safety
        ");
        assert!(ada.click("Go to it").await?.says("It is here: https://discord.com/channels/"));
        ada.run("/ask question:What shall we cook on Sunday?").await?;
        ben.reads();
        assert!(ada.click("Close it and ask another").await?.says("It is on its way."));
        reads!(ben.reads(), @r"
        — #our-place · Duet · edited —
        A question for you both.
        │ This one made room for another question. Nothing was shown.
        [Keep my unopened answer] [Make it weekly]
        — #our-place · Duet —
        @Ada @Ben A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What shall we cook on Sunday?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        ");
        assert!(!ada.ever_saw("from the car"));
        assert!(ben.click("Keep my unopened answer").await?.says("The one from the car."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_old_close_it_closes_only_the_question_it_named() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.run("/ask").await?;
        let (message, close) = ada.button("Close it and ask another")?;
        let (one, other) = ada.click_twice("Close it and ask another").await?;
        assert!(one.says("It is on its way.") && other.says("It is on its way."), "{}\n{}", one.text(), other.text());
        assert_eq!(ben.sees("made room for another question"), 1);
        assert_eq!(s.count("rounds").await, 2);
        ben.run("/ask").await?;
        ben.click("Close it and ask another").await?;
        let old = ada.click_custom(message, &close).await?;
        assert!(old.says("One question is still open."), "{}", old.text());
        assert_eq!(s.count("rounds").await, 3);
        Ok(())
    })
    .await;
}

async fn lapses_after(s: &Story, days: i64) -> Told {
    let (ada, ben) = s.couple("Ada", "Ben").await?;
    if days > 2 {
        ben.run("/settings").await?;
        ben.select("Time to answer", &[&format!("Time to answer: {days} days")]).await?;
    }
    ada.run("/ask").await?;
    ada.answers("Nobody will read this.").await?;
    s.passes(DAY * i32::try_from(days)? - HOUR).await?;
    ada.reads();
    let before = ada.person.notifications().len();
    s.passes(HOUR).await?;
    reads!(ada.reads(), @r"
    — #our-place · Duet · edited —
    A question for you both.
    │ This one closed without opening. Nothing was shown.
    [Keep my unopened answer] [Make it weekly]
    ");
    assert_eq!(ada.person.notifications().len(), before, "an edit calls nobody");
    let kept = ada.click("Keep my unopened answer").await?;
    assert!(kept.says("Nobody will read this."), "{}", kept.text());
    assert!(ben.click("Keep my unopened answer").await?.says("There is no unopened answer of yours here."));
    s.passes(DAY * 7 - HOUR).await?;
    assert_eq!(s.count("answers").await, 1);
    let (_, keep) = ada.button("Keep my unopened answer")?;
    s.passes(HOUR).await?;
    assert_eq!(s.count("answers").await, 0, "destroyed");
    assert_eq!(ben.sees("closed without opening"), 0, "and the card is gone");
    let welcome = ada.message("This is your place.")?.id;
    assert!(ada.click_custom(welcome, &keep).await?.says("There is no unopened answer of yours here."));
    assert!(!ben.ever_saw("Nobody will read"));
    Ok(())
}

#[tokio::test]
async fn after_two_days_it_closes_without_opening_and_the_author_may_keep_it_for_a_week() {
    story(async |s| lapses_after(s, 2).await).await;
}

#[tokio::test]
async fn the_longer_wish_for_time_wins() {
    story(async |s| lapses_after(s, 4).await).await;
    story(async |s| lapses_after(s, 7).await).await;
}

//! Ask, answer in private, reveal together: what each of the two reads.

use crate::story::{reads, story, story_with_limits};

#[tokio::test]
async fn neither_answer_shows_until_both_are_in() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask theme:needs and asking").await?;
        ada.answers("I would like one evening alone.").await?;
        s.restart().await?;
        assert!(!ben.ever_saw("one evening alone"));
        ben.answers("I miss our walks by the river.").await?;
        assert!(ben.ever_saw("one evening alone"));
        assert!(ada.ever_saw("our walks by the river"));
        Ok(())
    })
    .await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a whole round, word by word")]
async fn what_the_two_read_in_a_whole_round() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        ada.run("/ask question:What made you laugh this week?").await?;
        ada.answers("The goose that chased the postman.").await?;
        ben.answers("You, singing in the kitchen.").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ It is on its way.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet —
        @Ada @Ben A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — modal: Your answer —
        What made you laugh this week?
        Sending seals this. If both are in, they open at once.
        My answer (up to 2500)
        — #our-place · Duet · only you see this —
        │ **Sealed.** Only you see this copy. Both open as soon as both are in; until then you can change it or take it back.
        │ The goose that chased the postman.
        │
        │ -# Not feeling safe? /safety
        [Edit] [Take back]
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        │ 1 of 2 sealed
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — #our-place · Duet —
        @Ada @Ben Both answers are here.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ben listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ada**
        │ The goose that chased the postman.
        │ **@Ben**
        │ You, singing in the kitchen.
        [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
        [We said it aloud] [Why this one?] [Make it weekly]
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Both answers are open.
        [Why this one?]
        ");
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        @Ada @Ben A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        │ 1 of 2 sealed
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — modal: Your answer —
        What made you laugh this week?
        Sending seals this. If both are in, they open at once.
        My answer (up to 2500)
        — #our-place · Duet · only you see this —
        │ **Sealed, and both are in.** They are opening now.
        │ You, singing in the kitchen.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet —
        @Ada @Ben Both answers are here.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ben listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ada**
        │ The goose that chased the postman.
        │ **@Ben**
        │ You, singing in the kitchen.
        [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
        [We said it aloud] [Why this one?] [Make it weekly]
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Both answers are open.
        [Why this one?]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a whole round, word by word")]
async fn in_a_dm_home_each_of_the_two_gets_one_message() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        ada.run("/ask question:What made you laugh this week?").await?;
        ben.answers("You, singing in the kitchen.").await?;
        ada.answers("The goose that chased the postman.").await?;
        reads!(ada.reads(), @r"
        — DM · Duet · only you see this —
        │ It is on its way.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — DM · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        │ 1 of 2 sealed
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — modal: Your answer —
        What made you laugh this week?
        Sending seals this. If both are in, they open at once.
        My answer (up to 2500)
        — DM · Duet · only you see this —
        │ **Sealed, and both are in.** They are opening now.
        │ The goose that chased the postman.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        Both answers are here.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ada listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ben**
        │ You, singing in the kitchen.
        │ **@Ada**
        │ The goose that chased the postman.
        [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
        [We said it aloud] [Why this one?] [Make it weekly]
        — DM · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Both answers are open.
        [Why this one?]
        ");
        reads!(ben.reads(), @r"
        — DM · Duet —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — modal: Your answer —
        What made you laugh this week?
        Sending seals this. If both are in, they open at once.
        My answer (up to 2500)
        — DM · Duet · only you see this —
        │ **Sealed.** Only you see this copy. Both open as soon as both are in; until then you can change it or take it back.
        │ You, singing in the kitchen.
        │
        │ -# Not feeling safe? /safety
        [Edit] [Take back]
        — DM · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        │ 1 of 2 sealed
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — DM · Duet —
        Both answers are here.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ada listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ben**
        │ You, singing in the kitchen.
        │ **@Ada**
        │ The goose that chased the postman.
        [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
        [We said it aloud] [Why this one?] [Make it weekly]
        — DM · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh this week?
        │
        │ Both answers are open.
        [Why this one?]
        ");
        for one in [&ada, &ben] {
            assert_eq!(one.sees("Two people, two views."), 1, "one message each");
        }
        Ok(())
    })
    .await;
}

/// What a deck says changes with the deck: it is named here, not quoted.
#[tokio::test]
async fn a_card_from_the_library_has_help_a_way_to_listen_and_its_reason() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.reads();
        ada.run("/ask depth:warm").await?;
        ben.click("Why this one?").await?;
        let prompt = s.app().library.prompts().iter().find(|prompt| ben.ever_saw(&prompt.ask)).cloned().ok_or("no question")?;
        let read = ben.reads();
        let read =
            read.replace(&prompt.ask, "(the question)").replace(&prompt.help, "(help)").replace(&prompt.listen, "(listening)");
        let read = read.replace(prompt.theme.name(), "(its theme)");
        let (before, after) = read.split_once("What it trains: ").ok_or("no capacity")?;
        let (capacity, after) = after.split_once('\n').ok_or("no depth")?;
        assert!(capacity.contains(&prompt.capacity.to_string()), "{capacity}");
        reads!(format!("{before}What it trains: (a capacity)\n{after}"), @r"
        — #our-place · Duet —
        @Ada @Ben A question for you both.
        │ **(the question)**
        │ (help)
        │
        │ *Listening:* (listening)
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — #our-place · Duet · only you see this —
        │ **(the question)**
        │ Theme: (its theme)
        │ What it trains: (a capacity)
        │ Depth: warm
        │
        │ -# Not feeling safe? /safety
        [A minute first]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_minute_first_settles_and_leads_back_to_the_answer() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ben.click("Why this one?").await?;
        let minute = ben.click("A minute first").await?;
        let practice = s.app().library.practices().iter().find(|one| minute.says(&one.title)).cloned();
        assert!(minute.says(practice.ok_or("a practice")?.text.trim().lines().next().unwrap_or_default()));
        let sealed = ben.click("Answer").await?.write("Slowly, but here I am.").await?;
        assert!(sealed.says("**Sealed.**"), "{}", sealed.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_takes_no_dms_reads_through_ask_or_their_cards_and_nobody_is_told() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        ben.person.close_dms();
        ada.reads();
        ada.run("/ask question:What would you like more of?").await?;
        let open = ben.run("/ask").await?;
        assert!(open.says("One question is still open."), "{}", open.text());
        ben.click("Go to it").await?;
        ben.answers("Slow breakfasts.").await?;
        ada.answers("Evenings without a plan.").await?;
        reads!(ada.reads(), @r"
        — DM · Duet · only you see this —
        │ It is on its way.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What would you like more of?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — DM · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What would you like more of?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        │ 1 of 2 sealed
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — modal: Your answer —
        What would you like more of?
        Sending seals this. If both are in, they open at once.
        My answer (up to 2500)
        — DM · Duet · only you see this —
        │ **Sealed, and both are in.** They are opening now.
        │ Evenings without a plan.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        Both answers are here.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What would you like more of?
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ada listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ben**
        │ Slow breakfasts.
        │ **@Ada**
        │ Evenings without a plan.
        [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
        [We said it aloud] [Why this one?] [Make it weekly]
        — DM · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What would you like more of?
        │
        │ Both answers are open.
        [Why this one?]
        ");
        assert!(!ben.ever_saw("without a plan"));
        let brought = ben.run("/ask").await?;
        assert!(brought.says("Evenings without a plan."), "{}", brought.text());
        let again = ben.run("/ask question:And less of?").await?;
        assert!(again.says("Evenings without a plan."), "a reply may be lost: it comes until it was read");
        assert!(ben.click("Ask now").await?.says("It is on its way."));
        assert_eq!(ada.sees("And less of?"), 1, "the question came along");
        ben.run("/ask").await?;
        ben.click("Go to it").await?;
        ben.answers("Fewer alarms, please.").await?;
        ada.answers("Fewer lists, thanks.").await?;
        let again = ben.click("Edit").await?;
        assert!(again.says("Fewer lists, thanks."), "any of their cards shows it: {}", again.text());
        assert!(ben.run("/ask").await?.says("It is on its way."), "and then it counts as read");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_can_be_edited_and_taken_back_until_the_other_is_in() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:What are you looking forward to?").await?;
        ada.answers("The sea, in October.").await?;
        let page = ada.click("Edit").await?.modal()?;
        assert_eq!(page.fields()[0].value, "The sea, in October.");
        s.is_private("The sea, in November.");
        page.write("The sea, in November.").await?;
        ada.person.private_cards_vanish();
        let again = ada.click("Answer").await?;
        reads!(again.text(), @r"
        │ **Sealed.** Only you see this copy. Both open as soon as both are in; until then you can change it or take it back.
        │ The sea, in November.
        │
        │ -# Not feeling safe? /safety
        ");
        let back = ada.click("Take back").await?;
        reads!(back.text(), @r"
        │ Taken back, and gone from here. You can press `Answer` again, or `Pass`.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(s.count("answers").await, 0, "what was taken back is gone");
        ben.answers("A week without meetings.").await?;
        assert!(!ada.ever_saw("without meetings"));
        ada.answers("The sea, whenever you like.").await?;
        assert!(ben.ever_saw("whenever you like"));
        assert!(!ben.ever_saw("October") && !ben.ever_saw("November"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn once_open_every_old_button_leads_to_the_reveal() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("Mine, and early.").await?;
        let buttons = [ada.button("Edit")?, ada.button("Take back")?, ada.button("Answer")?, ada.button("Pass")?];
        ben.answers("Mine, a little later.").await?;
        for (message, button) in buttons {
            let reply = ada.click_custom(message, &button).await?;
            assert!(reply.says("Both answers are open: https://discord.com/channels/"), "{button}: {}", reply.text());
        }
        assert_eq!(ben.sees("Two people, two views."), 1);
        assert_eq!(s.count("answers").await, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn under_discords_own_limits_a_round_goes_through_all_the_same() {
    story_with_limits(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        for number in 0..4 {
            ada.answers(&format!("My answer, version {number}.")).await?;
            ada.click("Take back").await?;
        }
        ada.answers("What I meant to say.").await?;
        ben.answers("What I heard so far.").await?;
        assert!(ada.ever_saw("What I heard so far.") && ben.ever_saw("What I meant to say."));
        Ok(())
    })
    .await;
}

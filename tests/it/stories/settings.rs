//! What a person sets for themselves, and what a couple agrees on.

use jiff::SignedDuration;

use crate::story::{Actor, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const NEAREST: &str = "Not in the bag just now. Here is the nearest one.";
const ON_ITS_WAY: &str = "It is on its way.";

/// One round from question to reveal.
async fn one_round(ada: &Actor<'_>, ben: &Actor<'_>) -> Told {
    ada.run("/ask").await?;
    ada.answers("One evening alone.").await?;
    ben.answers("Our walks by the river.").await?;
    Ok(())
}

fn reveals(one: &Actor<'_>) -> usize {
    one.person.screen().iter().filter(|card| !card.private && card.text.contains("Both answers are here.")).count()
}

#[tokio::test]
async fn somebody_alone_has_a_panel_too() {
    story(async |s| {
        let ada = s.person("Ada");
        ada.reads();
        ada.run("/settings").await?;
        reads!(ada.reads(), @r"
        — #general · Duet · only you see this —
        │ **Yours**
        │ Time zone: not set: `/settings zone:` and the nearest large city
        │ Quiet hours: 21:00 to 08:00, once I know your time zone
        │ Nudges: for questions and check-ins, once I know your time zone
        │
        │ -# Not feeling safe? /safety
        [Quiet hours] [Nudges: check-ins only]
        ");
        assert_eq!(ada.person.autocomplete("/settings zone:new york").await?[0].0, "America/New York");
        assert!(ada.run("/settings zone:kathmandu").await?.says("Your time zone is Asia/Kathmandu now."));
        ada.reads();
        ada.run("/settings zone:Gotham").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this —
        │ I don't know a time zone by that name. Type the nearest large city, such as Berlin or New York.
        │
        │ -# Not feeling safe? /safety
        "#);
        ada.run("/settings zone:Europe/Berlin").await?;
        reads!(ada.reads(), @r"
        — #general · Duet · only you see this —
        │ Your time zone is Europe/Berlin now.
        │
        │ **Yours**
        │ Time zone: Europe/Berlin
        │ Quiet hours: 21:00 to 08:00
        │ Nudges: for questions and check-ins
        │
        │ -# Not feeling safe? /safety
        [Quiet hours] [Nudges: check-ins only]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_partners_panel_shows_their_own_wishes() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        ada.run("/settings").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Yours**
        │ Time zone: not set: `/settings zone:` and the nearest large city
        │ Quiet hours: 21:00 to 08:00, once I know your time zone
        │ Nudges: for questions and check-ins, once I know your time zone
        │
        │ **With @Ben**
        │ Depth, at most: personal
        │ Themes left out: none
        │ More themes, if both of you want them: none
        │ Time to answer: 2 days
        │ Line “1 of 2 sealed”: wanted
        │ Answers open: at once
        │ Conversations: guided (each says what they heard, an appreciation each, one request)
        │ Place: #our-place
        │
        │ Depth, themes and time are your own wishes; the gentler of both counts, and nobody is told whose it was. With two people it may still be guessed. The line shows only while both of you want it. Opening hour, place and longer conversations take both of you; shorter ones take one.
        │
        │ -# Not feeling safe? /safety
        [Quiet hours] [Nudges: check-ins only] [Hide the line] [Opening hour] [Move to our DMs]
        [Conversations: short] [Conversations: full] [More themes]
        [Depth ▾ Depth: warm at most | *Depth: personal at most* | Depth: tender at most | Depth: brave at most]
        [Themes left out ▾ closeness and space | who I am now | boundaries | needs and asking | feelings and calming | hearing a difference | goals and dreams | interests, mine and yours | appreciating how you differ | daily life and fairness | play and novelty | repair]
        [Time to answer ▾ *Time to answer: 2 days* | Time to answer: 4 days | Time to answer: 7 days]
        ");
        ada.select("Depth", &["brave"]).await?;
        ada.select("Themes left out", &["boundaries", "repair"]).await?;
        ada.select("Time to answer", &["7"]).await?;
        ada.click("Hide the line").await?;
        ada.reads();
        s.restart().await?;
        ada.run("/settings").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Yours**
        │ Time zone: not set: `/settings zone:` and the nearest large city
        │ Quiet hours: 21:00 to 08:00, once I know your time zone
        │ Nudges: for questions and check-ins, once I know your time zone
        │
        │ **With @Ben**
        │ Depth, at most: brave
        │ Themes left out: boundaries · repair
        │ More themes, if both of you want them: none
        │ Time to answer: 7 days
        │ Line “1 of 2 sealed”: not wanted
        │ Answers open: at once
        │ Conversations: guided (each says what they heard, an appreciation each, one request)
        │ Place: #our-place
        │
        │ Depth, themes and time are your own wishes; the gentler of both counts, and nobody is told whose it was. With two people it may still be guessed. The line shows only while both of you want it. Opening hour, place and longer conversations take both of you; shorter ones take one.
        │
        │ -# Not feeling safe? /safety
        [Quiet hours] [Nudges: check-ins only] [Show the line] [Opening hour] [Move to our DMs]
        [Conversations: short] [Conversations: full] [More themes]
        [Depth ▾ Depth: warm at most | Depth: personal at most | Depth: tender at most | *Depth: brave at most*]
        [Themes left out ▾ closeness and space | who I am now | *boundaries* | needs and asking | feelings and calming | hearing a difference | goals and dreams | interests, mine and yours | appreciating how you differ | daily life and fairness | play and novelty | *repair*]
        [Time to answer ▾ Time to answer: 2 days | Time to answer: 4 days | *Time to answer: 7 days*]
        ");
        let his = ben.run("/settings").await?;
        assert!(his.says("Depth, at most: personal") && his.says("Themes left out: none") && his.says("Time to answer: 2 days"));
        ada.select("Themes left out", &[]).await?;
        assert!(ada.run("/settings").await?.says("Themes left out: none"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_several_couples_the_panel_asks_which() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        let cleo = s.person("Cleo");
        ada.person.go(&s.home.general());
        s.pair(&ada, &cleo).await?;
        ada.person.go_dm();
        ada.reads();
        ada.run("/settings zone:Asia/Kathmandu").await?;
        reads!(ada.reads(), @r#"
        — DM · Duet · only you see this —
        │ Your time zone is Asia/Kathmandu now.
        │
        │ Which couple do you mean?
        │ 1. @Ben
        │ 2. @Cleo
        │
        │ -# Not feeling safe? /safety
        [With whom? ▾ 1 | 2]
        "#);
        let panel = ada.select("With whom?", &["2"]).await?;
        assert!(panel.says("With @Cleo") && panel.says("Asia/Kathmandu"));
        // In a home, the place tells.
        ada.person.go(&s.home.channel_named("our-place").ok_or("no channel")?);
        assert!(ada.run("/settings").await?.says("With @Cleo"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nobody_else_can_work_a_panel() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        eve.run("/settings zone:UTC").await?;
        ada.run("/settings zone:UTC").await?;
        let panel = ada.person.screen().pop().ok_or("no panel")?;
        let couple = panel.buttons.iter().find_map(|one| one.custom_id.strip_prefix("d1:quiet_hours:")).ok_or("no couple")?;
        let menus = ["ceiling", "vetoes", "window", "opt_ins"].map(|menu| format!("d1:{menu}:{couple}"));
        for id in panel.buttons.iter().map(|one| one.custom_id.clone()).chain(menus) {
            let told = eve.click_custom(panel.id, &id).await?;
            assert!(told.says("This is between two other people."), "{id}: {}", told.text());
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn quiet_hours_need_a_zone_and_a_time_of_day() {
    story(async |s| {
        let ada = s.person("Ada");
        ada.run("/settings").await?;
        ada.reads();
        ada.click("Quiet hours").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this · edited —
        │ For that I need your time zone first: `/settings zone:` and the nearest large city.
        │
        │ -# Not feeling safe? /safety
        "#);
        ada.run("/settings zone:Europe/Berlin").await?;
        ada.reads();
        ada.click("Quiet hours").await?.fill(&[("From", "late"), ("Until", "7:00")]).await?;
        reads!(ada.reads(), @r"
        — modal: Quiet hours —
        In these hours nothing from me makes a sound. The same time twice means no quiet hours.
        From (up to 10)
          > 21:00
        Until (up to 10)
          > 08:00
        — #general · Duet · only you see this · edited —
        │ I couldn't read that as a time of day. Write it like 21:00. Nothing was changed.
        │
        │ **Yours**
        │ Time zone: Europe/Berlin
        │ Quiet hours: 21:00 to 08:00
        │ Nudges: for questions and check-ins
        │
        │ -# Not feeling safe? /safety
        [Quiet hours] [Nudges: check-ins only]
        ");
        let panel = ada.click("Quiet hours").await?.fill(&[("From", "10 pm"), ("Until", "7")]).await?;
        assert!(panel.says("Quiet hours: 22:00 to 07:00"));
        let panel = ada.click("Quiet hours").await?.fill(&[("From", "22:00"), ("Until", "22:00")]).await?;
        assert!(panel.says("Quiet hours: none"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_reveal_makes_no_sound_in_the_quiet_hours_of_either() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        // It is 9 in the morning in London, where Ada lives; Ben told nobody where he is.
        ada.run("/settings zone:Europe/London").await?;
        one_round(&ada, &ben).await?;
        let sound =
            |one: &Actor<'_>| one.person.notifications().last().map(|last| (last.text.contains("Both answers"), last.silent));
        assert_eq!(sound(&ada), Some((true, false)));
        s.passes(HOUR * 12).await?;
        one_round(&ada, &ben).await?;
        assert_eq!(sound(&ada), Some((true, true)));
        assert_eq!(sound(&ben), Some((true, true)), "nor with the one who is awake");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_hidden_line_hides_every_sealing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.click("Hide the line").await?;
        ben.reads();
        ada.run("/ask").await?;
        ben.reads();
        ada.answers("One evening alone.").await?;
        ada.click("Edit").await?.write("One evening a week.").await?;
        ada.click("Take back").await?;
        ada.answers("One evening alone.").await?;
        assert!(!ben.person.has_unread(), "the card never changed");
        assert!(!ben.ever_saw("1 of 2 sealed"));
        ada.run("/settings").await?;
        ada.click("Show the line").await?;
        assert!(ben.reads().contains("1 of 2 sealed"), "both want it again");
        ben.run("/settings").await?;
        ben.click("Hide the line").await?;
        assert!(!ada.person.sees("A question for you both.").await?.text.contains("sealed"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn depth_is_never_above_what_both_chose() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.select("Depth", &["brave"]).await?;
        assert!(ada.run("/ask depth:tender").await?.says(NEAREST));
        ben.run("/settings").await?;
        ben.select("Depth", &["tender"]).await?;
        assert!(ada.run("/ask depth:brave").await?.says("One question is still open."));
        assert!(ada.click("Close it and ask another").await?.says(NEAREST));
        ada.run("/ask depth:tender").await?;
        assert!(ada.click("Close it and ask another").await?.says(ON_ITS_WAY));
        assert!(ada.click("Why this one?").await?.says("Depth: tender"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whose_wish_it_was_is_never_said() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/settings").await?;
        ben.select("Themes left out", &["boundaries"]).await?;
        ben.select("Depth", &["warm"]).await?;
        let vetoed = ada.run("/ask theme:boundaries").await?.text();
        ada.run("/ask depth:personal").await?;
        let too_deep = ada.click("Close it and ask another").await?.text();
        assert_eq!(vetoed, too_deep);
        assert!(vetoed.contains(NEAREST));
        // And to Ben, who wished it, in the same words.
        ben.run("/ask theme:boundaries").await?;
        assert_eq!(ben.click("Close it and ask another").await?.text(), vetoed);
        assert!(!ada.click("Why this one?").await?.says("Theme: boundaries"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_longer_wish_of_time_wins() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.select("Time to answer", &["4"]).await?;
        ben.run("/settings").await?;
        ben.select("Time to answer", &["7"]).await?;
        ada.run("/ask").await?;
        assert!(
            ben.person.sees("There is time until").await?.text.contains("There is time until Tue 8 September 2026 09:00 UTC.")
        );
        s.passes(DAY * 7 - HOUR).await?;
        assert!(!ben.ever_saw("This one closed without opening."));
        s.passes(HOUR).await?;
        assert!(ben.ever_saw("This one closed without opening."));
        Ok(())
    })
    .await;
}

/// Ada, in Berlin, proposes eight in the evening, and Ben agrees.
async fn agree_on_eight(ada: &Actor<'_>, ben: &Actor<'_>) -> Told {
    ada.run("/settings zone:Europe/Berlin").await?;
    ada.click("Opening hour").await?.fill(&[("Hour", "20:00")]).await?;
    ben.click("Agree").await?;
    Ok(())
}

#[tokio::test]
async fn an_opening_hour_takes_both() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        assert!(ada.click("Opening hour").await?.says("I need your time zone first"));
        ada.run("/settings zone:Europe/Berlin").await?;
        assert!(ada.click("Opening hour").await?.fill(&[("Hour", "soonish")]).await?.says("couldn't read that as a time of day"));
        ada.click("Opening hour").await?.fill(&[("Hour", "20:00")]).await?;
        ada.reads();
        ben.reads();
        assert!(ada.run("/settings").await?.says("Answers open: at once"));
        assert!(ada.click("Agree").await?.says("It takes both of you"), "not one twice");
        reads!(ben.person.sees("A question that takes both of you.").await?, @r#"
        — #our-place · Duet —
        @Ben A question that takes both of you.
        │ @Ada would like answers to open at 20:00 (Europe/Berlin), instead of the moment the second one is in.
        [Agree] [Not now]
        "#);
        assert!(ben.click("Agree").await?.says("Agreed. Answers open at that hour from now on."));
        assert!(ben.run("/settings").await?.says("Answers open: at 20:00 (Europe/Berlin)"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn answers_wait_for_the_hour_and_can_be_changed_until_then() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        agree_on_eight(&ada, &ben).await?;
        ada.run("/ask").await?;
        ada.reads();
        ada.answers("One evening alone.").await?;
        ben.answers("Our walks by the river.").await?;
        reads!(ada.reads(), @r"
        — modal: Your answer —
        Finish this: “I am very easy to please when it comes to…”
        Sending seals this. If both are in, they open at 20:00 (Europe/Berlin).
        My answer (up to 2500)
        — #our-place · Duet · only you see this —
        │ **Sealed.** Only you see this copy. It opens at 20:00 (Europe/Berlin), once both are in. Until then you can change it or take it back.
        │ One evening alone.
        │
        │ -# Not feeling safe? /safety
        [Edit] [Take back]
        — #our-place · Duet · edited —
        A question for you both.
        │ **Finish this: “I am very easy to please when it comes to…”**
        │ Soup, seats, presents, films with a dog in them.
        │
        │ *Listening:* It is a liking and no hint. Enjoy how little it takes.
        │
        │ Opens at your hour, 20:00 (Europe/Berlin), when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        │ 1 of 2 sealed
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        — #our-place · Duet · edited —
        A question for you both.
        │ **Finish this: “I am very easy to please when it comes to…”**
        │ Soup, seats, presents, films with a dog in them.
        │
        │ *Listening:* It is a liking and no hint. Enjoy how little it takes.
        │
        │ Opens Tue 1 September 2026 18:00 UTC.
        │ 2 of 2 sealed
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        ");
        ada.click("Edit").await?.write("One evening a week.").await?;
        s.restart().await?;
        s.passes(HOUR * 9 - SignedDuration::from_secs(1)).await?;
        assert_eq!(reveals(&ben), 0);
        assert!(!ben.ever_saw("One evening"));
        s.passes(SignedDuration::from_secs(1)).await?;
        assert_eq!((reveals(&ada), reveals(&ben)), (1, 1), "at eight in Berlin");
        assert!(ben.ever_saw("One evening a week.") && !ben.ever_saw("One evening alone."));
        s.passes(DAY * 3).await?;
        assert_eq!(reveals(&ben), 1, "once");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_a_take_back_a_day_remains() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        agree_on_eight(&ada, &ben).await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        // The second answer comes an hour before the question would close; from then on it waits for the hour instead.
        s.passes(DAY * 2 - HOUR).await?;
        ben.answers("Our walks by the river.").await?;
        s.passes(HOUR * 5).await?;
        assert!(!ada.ever_saw("This one closed without opening."));
        ada.click("Take back").await?;
        assert!(ben.person.sees("1 of 2 sealed").await?.text.contains("There is time until Fri 4 September 2026 13:00 UTC."));
        s.passes(HOUR * 6).await?;
        assert_eq!(reveals(&ben), 0, "nothing opens at the hour");
        ada.answers("One evening a week.").await?;
        s.passes(HOUR * 24).await?;
        assert_eq!((reveals(&ada), reveals(&ben)), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_question_taken_back_from_the_hour_still_closes() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        agree_on_eight(&ada, &ben).await?;
        one_round(&ada, &ben).await?;
        ada.click("Take back").await?;
        s.passes(DAY * 2).await?;
        assert!(ben.ever_saw("This one closed without opening. Nothing was shown."));
        assert_eq!(reveals(&ben), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn opening_at_once_again_takes_both() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        agree_on_eight(&ada, &ben).await?;
        ben.run("/settings").await?;
        ben.click("Opening hour").await?.fill(&[("Hour", "")]).await?;
        assert!(ben.run("/settings").await?.says("Answers open: at 20:00"));
        ada.reads();
        assert!(ada.person.sees("would like answers to open the moment the second one is in").await.is_ok());
        assert!(ada.click("Agree").await?.says("Answers open the moment both are in."));
        one_round(&ada, &ben).await?;
        assert_eq!(reveals(&ben), 1);
        Ok(())
    })
    .await;
}

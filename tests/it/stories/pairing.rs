//! Two people become a couple: an invitation and a yes. What the invitee does with it is never told to the inviter.

use jiff::SignedDuration;

use crate::story::{Actor, Told, reads, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn two_people_become_a_couple() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.reads();
        ben.reads();
        ada.run("/pair with:@Ben").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this —
        │ **Duet, for you and @Ben**
        │ I bring you one question at a time. Each of you answers in private; both answers open together, once both are in.
        │
        │ **What I am not.** Not therapy, and not for when you fear your partner: `/safety` is there for that, any time.
        │ **Who can read what.** Your answer is sealed until the other's is in, too. It is encrypted on disk, but this is not end-to-end: Discord and whoever runs this bot are inside the circle. No AI reads anything.
        │ **Adults only.** Both of you are 18 or older.
        │
        │ -# Not feeling safe? /safety
        [*Send invitation*]
        "#);
        ada.click("Send invitation").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this · edited —
        │ Invitation ready. @Ben finds it in a DM from me, or by typing `/pair with:`@Ada.
        │
        │ `Post it here` puts it in this channel: everyone here will see that you invited @Ben.
        │
        │ -# Not feeling safe? /safety
        [Post it here]
        "#);
        reads!(ben.reads(), @r#"
        — DM · Duet —
        An invitation for you.
        │ **Duet, for you and @Ada**
        │ I bring you one question at a time. Each of you answers in private; both answers open together, once both are in.
        │
        │ **What I am not.** Not therapy, and not for when you fear your partner: `/safety` is there for that, any time.
        │ **Who can read what.** Your answer is sealed until the other's is in, too. It is encrypted on disk, but this is not end-to-end: Discord and whoever runs this bot are inside the circle. No AI reads anything.
        │ **Adults only.** Both of you are 18 or older.
        │ @Ada would like to do this with you.
        │
        │ About five minutes a week. One sentence is enough. You may pass or leave, alone, without a reason. What opens can be kept or photographed. By accepting you confirm you are 18 or older.
        [*Accept*] [Decline] [No more invitations]
        "#);
        ben.click("Accept").await?;
        reads!(ben.reads(), @r#"
        — DM · Duet · only you see this —
        │ You said yes. I'm making a place for the two of you and will call you both when it is ready.
        │
        │ -# Not feeling safe? /safety
        — #our-place appears —
        — #our-place · Duet —
        @Ada @Ben Your place is ready.
        │ **This is your place.**
        │ 1. `/ask` brings one question for both of you.
        │ 2. Each of you presses `Answer` and writes in private. Sent means sealed.
        │ 3. With the second answer both open here, at the same moment. Nobody goes first.
        │ 4. Pass, take back, or ask for another question: no reason needed.
        │ 5. `/settings` sets depth, themes and quiet hours. `/unpair` leaves, alone and at once.
        │
        │ One administrator of this server besides you can always look in here. If you would rather not, choose `Move to our DMs`: it takes both of you.
        [*Our first question*] [Move to our DMs]
        "#);
        reads!(ada.reads(), @r#"
        — #our-place appears —
        — #our-place · Duet —
        @Ada @Ben Your place is ready.
        │ **This is your place.**
        │ 1. `/ask` brings one question for both of you.
        │ 2. Each of you presses `Answer` and writes in private. Sent means sealed.
        │ 3. With the second answer both open here, at the same moment. Nobody goes first.
        │ 4. Pass, take back, or ask for another question: no reason needed.
        │ 5. `/settings` sets depth, themes and quiet hours. `/unpair` leaves, alone and at once.
        │
        │ One administrator of this server besides you can always look in here. If you would rather not, choose `Move to our DMs`: it takes both of you.
        [*Our first question*] [Move to our DMs]
        "#);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_step_of_pairing_survives_a_restart() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        s.restart().await?;
        ada.click("Send invitation").await?;
        s.restart().await?;
        ada.click("Post it here").await?;
        s.restart().await?;
        ben.click("Accept").await?;
        s.restart().await?;
        ben.click("Our first question").await?;
        assert!(ada.ever_saw("A question for you both."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_found_by_pairing_back() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        ben.reads();
        ben.run("/pair with:@Ada").await?;
        reads!(ben.reads(), @r#"
        — #general · Duet · only you see this —
        │ **Duet, for you and @Ada**
        │ I bring you one question at a time. Each of you answers in private; both answers open together, once both are in.
        │
        │ **What I am not.** Not therapy, and not for when you fear your partner: `/safety` is there for that, any time.
        │ **Who can read what.** Your answer is sealed until the other's is in, too. It is encrypted on disk, but this is not end-to-end: Discord and whoever runs this bot are inside the circle. No AI reads anything.
        │ **Adults only.** Both of you are 18 or older.
        │ @Ada would like to do this with you.
        │
        │ About five minutes a week. One sentence is enough. You may pass or leave, alone, without a reason. What opens can be kept or photographed. By accepting you confirm you are 18 or older.
        │
        │ -# Not feeling safe? /safety
        [*Accept*] [Decline] [No more invitations]
        "#);
        ben.click("Accept").await?;
        assert!(s.home.channel_named("our-place").is_some());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn closed_dms_change_nothing_for_the_inviter() {
    story(async |s| {
        let (ada, ben, cleo) = (s.person("Ada"), s.person("Ben"), s.person("Cleo"));
        ben.person.close_dms();
        ada.run("/pair with:@Ben").await?;
        let to_ben = ada.click("Send invitation").await?.text().replace("Ben", "…");
        ada.run("/pair with:@Cleo").await?;
        assert_eq!(ada.click("Send invitation").await?.text().replace("Cleo", "…"), to_ben);
        assert!(cleo.ever_saw("An invitation for you."));
        assert!(!ben.ever_saw("An invitation for you."));
        ben.run("/pair with:@Ada").await?;
        ben.click("Accept").await?;
        assert!(ada.ever_saw("Your place is ready."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_invitation_posted_for_all_to_see_is_for_one() {
    story(async |s| {
        let (ada, ben, eve) = (s.person("Ada"), s.person("Ben"), s.person("Eve"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        ben.reads();
        ada.click("Post it here").await?;
        reads!(ben.reads(), @r#"
        — #general · Duet —
        @Ben An invitation for you.
        │ **Duet, for you and @Ada**
        │ I bring you one question at a time. Each of you answers in private; both answers open together, once both are in.
        │
        │ **What I am not.** Not therapy, and not for when you fear your partner: `/safety` is there for that, any time.
        │ **Who can read what.** Your answer is sealed until the other's is in, too. It is encrypted on disk, but this is not end-to-end: Discord and whoever runs this bot are inside the circle. No AI reads anything.
        │ **Adults only.** Both of you are 18 or older.
        │ @Ada would like to do this with you.
        │
        │ About five minutes a week. One sentence is enough. You may pass or leave, alone, without a reason. What opens can be kept or photographed. By accepting you confirm you are 18 or older.
        [*Accept*] [Decline] [No more invitations]
        "#);
        assert_eq!(ben.person.notifications().len(), 2, "one by DM, one for the post");
        assert!(eve.person.notifications().is_empty());
        eve.reads();
        for button in ["Accept", "Decline", "No more invitations"] {
            eve.click(button).await?;
        }
        reads!(eve.reads(), @r#"
        — #general · Duet · only you see this —
        │ This invitation is for somebody else to answer. `/help` shows what I can do for you.
        │
        │ -# Not feeling safe? /safety
        — #general · Duet · only you see this —
        │ This invitation is for somebody else to answer. `/help` shows what I can do for you.
        │
        │ -# Not feeling safe? /safety
        — #general · Duet · only you see this —
        │ This invitation is for somebody else to answer. `/help` shows what I can do for you.
        │
        │ -# Not feeling safe? /safety
        "#);
        assert!(ada.click("Accept").await?.says("for somebody else"));
        ben.click("Accept").await?;
        assert!(ada.ever_saw("Your place is ready."));
        Ok(())
    })
    .await;
}

/// What an inviter can find out about their invitation, with everything they can press.
async fn what_the_inviter_sees(inviter: &Actor<'_>, invitee: &Actor<'_>) -> Told<String> {
    let mut told = inviter.run(&format!("/pair with:@{}", invitee.name())).await?.text();
    if !told.contains("again from") {
        told.push_str(&inviter.click("Send invitation").await?.text());
        told.push_str(&inviter.click("Post it here").await?.text());
    }
    Ok(told.replace(&invitee.name(), "…"))
}

#[tokio::test]
async fn whatever_the_invitee_does_the_inviter_sees_the_same() {
    story(async |s| {
        let ada = s.person("Ada");
        let invitees = [s.person("Ben"), s.person("Cleo"), s.person("Dora")];
        for invitee in &invitees {
            what_the_inviter_sees(&ada, invitee).await?;
        }
        ada.reads();
        invitees[1].click("Decline").await?;
        invitees[2].click("No more invitations").await?;
        assert!(!ada.person.has_unread(), "nothing changes on the inviter's screen");
        for days in [1, 5, 1, 1, 28, 1] {
            let called = invitees.each_ref().map(|invitee| invitee.person.notifications().len());
            let waits = what_the_inviter_sees(&ada, &invitees[0]).await?;
            assert_eq!(what_the_inviter_sees(&ada, &invitees[1]).await?, waits, "a decline reads like an invitation that waits");
            assert_eq!(what_the_inviter_sees(&ada, &invitees[2]).await?, waits, "so does a closed door");
            assert_eq!(invitees[2].person.notifications().len(), called[2], "and nobody knocks at it");
            s.passes(DAY * days).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_declined_invitation_is_calm_and_final() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        let invitation = ben.person.sees("An invitation for you.").await?.id;
        ben.reads();
        ben.click_in(invitation, "Decline").await?;
        ben.click_in(invitation, "Decline").await?;
        ben.click_in(invitation, "Accept").await?;
        ben.click_in(invitation, "No more invitations").await?;
        reads!(ben.reads(), @r#"
        — DM · Duet · only you see this —
        │ Done. Nobody is told. If you change your mind, you can invite them yourself with `/pair`.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet · only you see this —
        │ Done. Nobody is told. If you change your mind, you can invite them yourself with `/pair`.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet · only you see this —
        │ This invitation is over. If you would like one again, `/pair` sends it.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet · only you see this —
        │ Done. Nobody is told, and no more invitations will reach you. If you ever want one, invite somebody yourself with `/pair`: that opens the door again.
        │
        │ -# Not feeling safe? /safety
        "#);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_more_invitations_holds_for_everybody_until_one_invites_again() {
    story(async |s| {
        let (ada, ben, cleo) = (s.person("Ada"), s.person("Ben"), s.person("Cleo"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        // Even from an invitation that is long over.
        s.passes(DAY * 8).await?;
        ben.click("No more invitations").await?;
        ben.reads();
        cleo.run("/pair with:@Ben").await?;
        cleo.click("Send invitation").await?;
        assert!(!ben.person.has_unread(), "the door is closed");
        let dora = s.person("Dora");
        ben.run("/pair with:@Dora").await?;
        ben.click("Send invitation").await?;
        ben.reads();
        dora.run("/pair with:@Ben").await?;
        dora.click("Decline").await?;
        let eli = s.person("Eli");
        eli.run("/pair with:@Ben").await?;
        eli.click("Send invitation").await?;
        assert!(ben.person.has_unread(), "whoever invites opens the door again");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_invitation_lapses_after_seven_days_and_rests_for_thirty() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        ben.reads();
        s.passes(DAY * 7).await?;
        assert!(!ben.person.has_unread(), "a lapse is quiet");
        assert!(ben.click("Accept").await?.says("This invitation is over"));
        ada.reads();
        ada.run("/pair with:@Ben").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this —
        │ You can send an invitation to this person again from 8 October 2026.
        │
        │ -# Not feeling safe? /safety
        "#);
        s.passes(DAY * 30 - SignedDuration::from_mins(1)).await?;
        assert!(ada.run("/pair with:@Ben").await?.says("again from"));
        s.passes(SignedDuration::from_mins(1)).await?;
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        ben.click("Accept").await?;
        assert!(ada.ever_saw("Your place is ready."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_couple_takes_two_people_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        ada.run("/pair with:@Ada").await?;
        ada.run("/pair with:@Duet").await?;
        ada.run("/pair with:@Ben").await?;
        reads!(ada.reads(), @r#"
        — #our-place · Duet · only you see this —
        │ A couple takes two. Choose the person you would like to do this with.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet · only you see this —
        │ That is a bot, and bots have nothing to answer with. Choose a person.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet · only you see this —
        │ You two are a couple here already. `/ask` brings a question.
        │
        │ -# Not feeling safe? /safety
        "#);
        assert!(ben.run("/pair with:@Ada").await?.says("You two are a couple"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_invites_each_other_becomes_one_couple() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        ben.run("/pair with:@Ada").await?;
        let (first, second) = tokio::join!(ada.click("Send invitation"), ben.click("Send invitation"));
        let texts = [first?.text(), second?.text()];
        assert_eq!(texts.iter().filter(|text| text.contains("Invitation ready")).count(), 1, "one invites: {texts:?}");
        assert_eq!(texts.iter().filter(|text| text.contains("would like to do this with you")).count(), 1, "one is asked");
        let (invitee, inviter) = if texts[0].contains("Invitation ready") { (&ben, &ada) } else { (&ada, &ben) };
        invitee.click("Accept").await?;
        assert!(inviter.ever_saw("Your place is ready."));
        assert_eq!(s.home.channels().iter().filter(|channel| channel.name() == "our-place").count(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn accepting_twice_makes_one_couple() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        let invitation = ben.person.sees("An invitation for you.").await?.id;
        let (one, other) = tokio::join!(ben.click_in(invitation, "Accept"), ben.click_in(invitation, "Accept"));
        assert!(one?.says("You said yes") && other?.says("You said yes"));
        assert!(s.rehearsal.redeliver_last_interaction().await);
        s.settle().await?;
        assert!(ben.click_in(invitation, "Accept").await?.says("You said yes"));
        assert_eq!(s.home.channels().iter().filter(|channel| channel.name() == "our-place").count(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn sending_twice_makes_one_invitation() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        let (one, other) = ada.person.click_twice("Send invitation").await?;
        s.settle().await?;
        assert!(one.text().contains("Invitation ready") && other.text().contains("Invitation ready"));
        assert_eq!(ben.person.notifications().len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_other_reads_whose_bot_it_is() {
    story(async |s| {
        let (ada, olga) = (s.person("Ada"), s.owner());
        let whose = "This bot belongs to @Olga. Whoever runs it could read what you write.";
        assert!(ada.run("/pair with:@Olga").await?.says(whose));
        assert!(!olga.run("/pair with:@Ada").await?.says(whose));
        olga.click("Send invitation").await?;
        assert!(ada.person.sees("An invitation for you.").await?.text.contains(whose));
        assert!(ada.run("/pair with:@Olga").await?.says(whose));
        olga.click("Post it here").await?;
        assert!(ada.person.sees("An invitation for you.").await?.text.contains(whose));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn somebody_may_be_in_several_couples() {
    story(async |s| {
        let (ada, ben, cleo) = (s.person("Ada"), s.person("Ben"), s.person("Cleo"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        s.pair(&ada, &cleo).await?;
        ben.click("Accept").await?;
        assert_eq!(s.home.channels().iter().filter(|channel| channel.name() == "our-place").count(), 2);
        Ok(())
    })
    .await;
}

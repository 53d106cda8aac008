//! Where a couple meets: a channel of their own, or their DMs; made, moved, lost.

use duet::rehearsal::{FaultKind, Match, permissions};
use jiff::SignedDuration;

use crate::story::{Story, Told, reads, story};

const WITHOUT_MANAGE_CHANNELS: u64 = permissions::BOT & !permissions::MANAGE_CHANNELS;
const READY: &str = "Your place is ready.";
const ABOUT_THE_PLACE: &str = "A word about your place.";

/// How many channels Duet made.
fn places(s: &Story) -> usize {
    s.home.channels().iter().filter(|channel| channel.name() == "our-place").count()
}

#[tokio::test]
async fn the_channel_is_private_from_its_first_moment() {
    story(async |s| {
        let eve = s.person("Eve");
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let made = s.rehearsal.exchanges().into_iter().find(|one| one.method == "POST" && one.path.starts_with("/guilds/"));
        let body = made.and_then(|one| one.request_body).ok_or("no channel was made")?;
        assert_eq!(body["name"], "our-place");
        assert!(body["topic"].as_str().is_some_and(|topic| topic.contains("duet ")), "a retry finds it by its tag");
        let view = permissions::VIEW_CHANNEL;
        let bits = |value: &serde_json::Value| value.as_str().and_then(|bits| bits.parse::<u64>().ok()).unwrap_or_default();
        let overwrites = body["permission_overwrites"].as_array().cloned().unwrap_or_default();
        let admitted: Vec<_> = overwrites.iter().filter(|one| bits(&one["allow"]) & view != 0).map(|one| &one["id"]).collect();
        let two_and_duet = [ada.person.id(), ben.person.id(), s.rehearsal.bot_id()].map(|id| id.to_string());
        assert_eq!(admitted, two_and_duet.iter().collect::<Vec<_>>());
        let everyone = s.home.id().to_string();
        assert!(overwrites.iter().any(|one| one["id"] == everyone && bits(&one["deny"]) & view != 0));
        assert!(!eve.ever_saw(READY));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_the_permission_they_meet_in_their_dms() {
    story(async |s| {
        s.home.bot_permissions(WITHOUT_MANAGE_CHANNELS);
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        reads!(ada.person.sees(READY).await?, @r#"
        — DM · Duet —
        Your place is ready.
        │ **This is your place.**
        │ 1. `/ask` brings one question for both of you.
        │ 2. Each of you presses `Answer` and writes in private. Sent means sealed.
        │ 3. With the second answer both open here, at the same moment. Nobody goes first.
        │ 4. Pass, take back, or ask for another question: no reason needed.
        │ 5. `/settings` sets depth, themes and quiet hours. `/unpair` leaves, alone and at once.
        │
        │ I may not make channels in your server: I'm missing *Manage Channels* there. We meet here, in your DMs: each of you sees everything in their own. If you would rather have a private channel, ask an admin to give me that, then press `Make our channel`: it takes both of you.
        [*Our first question*] [Make our channel]
        "#);
        assert_eq!(ada.person.sees(READY).await?.text, ben.person.sees(READY).await?.text);
        ada.click("Our first question").await?;
        ben.answers("Our walks by the river.").await?;
        ada.answers("One evening alone.").await?;
        assert!(ada.person.sees("Both answers are here.").await?.place == "DM" && ben.ever_saw("One evening alone."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_full_server_is_said_and_how_to_change_that() {
    story(async |s| {
        let (ada, _) = s.couple_in_dms("Ada", "Ben").await?;
        reads!(ada.person.sees(READY).await?, @r#"
        — DM · Duet —
        Your place is ready.
        │ **This is your place.**
        │ 1. `/ask` brings one question for both of you.
        │ 2. Each of you presses `Answer` and writes in private. Sent means sealed.
        │ 3. With the second answer both open here, at the same moment. Nobody goes first.
        │ 4. Pass, take back, or ask for another question: no reason needed.
        │ 5. `/settings` sets depth, themes and quiet hours. `/unpair` leaves, alone and at once.
        │
        │ Your server is full: no further channel fits. We meet here, in your DMs: each of you sees everything in their own. If you would rather have a private channel, ask an admin to remove one that nobody needs, then press `Make our channel`: it takes both of you.
        [*Our first question*] [Make our channel]
        "#);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_asks_for_two_factor_login_is_said_and_how_to_change_that() {
    story(async |s| {
        s.home.needs_two_factor(true);
        let (ada, _) = s.couple("Ada", "Ben").await?;
        reads!(ada.person.sees(READY).await?, @r#"
        — DM · Duet —
        Your place is ready.
        │ **This is your place.**
        │ 1. `/ask` brings one question for both of you.
        │ 2. Each of you presses `Answer` and writes in private. Sent means sealed.
        │ 3. With the second answer both open here, at the same moment. Nobody goes first.
        │ 4. Pass, take back, or ask for another question: no reason needed.
        │ 5. `/settings` sets depth, themes and quiet hours. `/unpair` leaves, alone and at once.
        │
        │ Your server asks two-factor login of everybody who makes channels, and whoever runs me does not use it. We meet here, in your DMs: each of you sees everything in their own. If you would rather have a private channel, ask them to turn it on, then press `Make our channel`: it takes both of you.
        [*Our first question*] [Make our channel]
        "#);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_channel_and_dm_every_command_says_how_to_get_a_place() {
    story(async |s| {
        s.home.bot_permissions(WITHOUT_MANAGE_CHANNELS);
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ben.person.close_dms();
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        ben.run("/pair with:@Ada").await?;
        ben.click("Accept").await?;
        ada.reads();
        ada.run("/ask").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this —
        │ The two of you have no place to meet at the moment. There are two ways. `Make our channel`: for that I need *Manage Channels* in your server, which an admin can give me. `Move to our DMs`: for that each of you has to take direct messages from the server's members. Either takes both of you.
        │
        │ -# Not feeling safe? /safety
        [Make our channel] [Move to our DMs]
        "#);
        assert_eq!(ben.run("/ask").await?.text(), ada.person.screen().last().ok_or("nothing")?.text, "both read the same");
        assert!(ada.click("Our first question").await?.says("no place to meet"));
        let panel = ada.run("/settings").await?;
        assert!(panel.says("Place: none at the moment"));
        // An admin helps.
        s.home.bot_permissions(permissions::BOT);
        ben.click("Make our channel").await?;
        ada.click("Agree").await?;
        assert_eq!(places(s), 1);
        ada.click("Our first question").await?;
        assert!(ben.ever_saw("A question for you both."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_welcome_counts_who_can_always_look_in() {
    story(async |s| {
        let (ada, mia, noa) = (s.person("Ada"), s.person("Mia"), s.person("Noa"));
        s.home.role("Mods", permissions::ADMINISTRATOR, &[&ada.person, &mia.person, &noa.person]);
        s.home.role("Guests", permissions::VIEW_CHANNEL, &[&mia.person]);
        let ben = s.person("Ben");
        s.pair(&ada, &ben).await?;
        // The owner, Mia and Noa; not Ada, who is one of the two.
        assert!(ben.person.sees(READY).await?.text.contains("Up to 3 administrators of this server besides you"));
        let own = s.rehearsal.server("The Loft", &[&ada.person, &ben.person]);
        let cleo = s.rehearsal.person("Cleo");
        own.add(&cleo);
        cleo.go(&own.general());
        ada.person.go(&own.general());
        cleo.run("/pair with:@Ada").await?;
        cleo.click("Send invitation").await?;
        s.settle().await?;
        ada.click("Accept").await?;
        assert!(cleo.sees(READY).await?.text.contains("Only the two of you and I can see this channel."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn moving_to_the_dms_takes_both() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        ada.click("Move to our DMs").await?;
        ada.click("Move to our DMs").await?;
        ada.click("Agree").await?;
        reads!(ada.reads(), @r#"
        — #our-place · Duet · only you see this —
        │ Noted. It takes both of you: your partner is asked, and it happens when they agree.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet —
        @Ben A question that takes both of you.
        │ @Ada would like to move your conversations to your DMs.
        [Agree] [Not now]
        — #our-place · Duet · only you see this —
        │ Noted. It takes both of you: your partner is asked, and it happens when they agree.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet · only you see this —
        │ Noted. It takes both of you: your partner is asked, and it happens when they agree.
        │
        │ -# Not feeling safe? /safety
        "#);
        reads!(ben.reads(), @r#"
        — #our-place · Duet —
        @Ben A question that takes both of you.
        │ @Ada would like to move your conversations to your DMs.
        [Agree] [Not now]
        "#);
        assert!(ben.click("Not now").await?.says("It stays as it is."));
        assert!(!ada.person.has_unread(), "nobody is told of a not now");
        ada.click("Move to our DMs").await?;
        ben.reads();
        ben.click("Agree").await?;
        reads!(ben.reads(), @r#"
        — #our-place · Duet · only you see this —
        │ Agreed. From now on you meet in your DMs.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        Your place is ready.
        │ **This is your place.**
        │ 1. `/ask` brings one question for both of you.
        │ 2. Each of you presses `Answer` and writes in private. Sent means sealed.
        │ 3. With the second answer both open here, at the same moment. Nobody goes first.
        │ 4. Pass, take back, or ask for another question: no reason needed.
        │ 5. `/settings` sets depth, themes and quiet hours. `/unpair` leaves, alone and at once.
        │
        │ We meet here, in your DMs: each of you sees everything in their own. If you would rather have a private channel, press `Make our channel`: it takes both of you.
        [*Our first question*] [Make our channel]
        "#);
        assert!(ben.click("Agree").await?.says("settled already"));
        ada.click("Our first question").await?;
        assert_eq!(ben.person.sees("A question for you both.").await?.place, "DM");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_presses_at_the_same_moment_has_agreed() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (one, other) = tokio::join!(ada.click("Move to our DMs"), ben.click("Move to our DMs"));
        let (one, other) = (one?, other?);
        assert!(one.says("Agreed.") != other.says("Agreed."), "{} / {}", one.text(), other.text());
        assert_eq!(ada.person.sees(READY).await?.place, "DM");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_open_question_moves_with_its_couple_and_back() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        both_press(&ada, &ben, "Move to our DMs").await?;
        assert_eq!(ben.person.sees("1 of 2 sealed").await?.place, "DM");
        assert!(!ben.person.screen().iter().any(|card| card.place == "#our-place" && card.has_button("Answer")));
        both_press(&ada, &ben, "Make our channel").await?;
        assert_eq!(places(s), 2, "a new one; the old one is theirs to delete");
        assert_eq!(ben.person.sees("1 of 2 sealed").await?.place, "#our-place");
        assert!(!ben.person.screen().iter().any(|card| card.place == "DM" && card.has_button("Answer")));
        ben.answers("Our walks by the river.").await?;
        assert_eq!(ada.person.sees("Our walks by the river.").await?.place, "#our-place");
        // An old button makes no second channel.
        assert!(ada.click("Make our channel").await?.says("You have your channel already."));
        Ok(())
    })
    .await;
}

async fn both_press(one: &crate::story::Actor<'_>, other: &crate::story::Actor<'_>, button: &str) -> Told {
    one.click(button).await?;
    assert!(other.click(button).await?.says("Agreed."));
    Ok(())
}

#[tokio::test]
async fn a_channel_whose_answer_was_lost_is_found_by_its_tag() {
    story(async |s| {
        s.rehearsal.faults().on(Match::new("POST", "/channels").with_body("our-place"), FaultKind::CutAfter);
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        assert_eq!(places(s), 1, "it was made");
        assert!(!ada.ever_saw(READY), "but nobody knows");
        assert!(ada.run("/ask").await?.says("still being made"));
        s.passes(SignedDuration::from_mins(5)).await?;
        assert_eq!(places(s), 1);
        ben.click("Our first question").await?;
        assert!(ada.ever_saw("A question for you both."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deleted_channel_is_told_once_and_their_dms_take_over() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        ada.reads();
        ben.reads();
        s.home.delete_channel(&s.home.channel_named("our-place").ok_or("no channel")?);
        ada.person.go(&s.home.general());
        ben.hears(ABOUT_THE_PLACE).await?;
        reads!(ben.reads(), @r#"
        — #our-place is gone —
        — DM · Duet —
        A word about your place.
        │ I can't find your channel any more; it may have been deleted. What you wrote is safe. You can meet in your DMs, or I can make a new channel. Either takes both of you.
        [Make our channel] [Move to our DMs]
        "#);
        assert!(ada.run("/ask question:And where are we now?").await?.says("One question is still open."));
        both_press(&ada, &ben, "Move to our DMs").await?;
        ben.answers("Our walks by the river.").await?;
        for one in [&ada, &ben] {
            assert_eq!(one.person.sees("Both answers are here.").await?.place, "DM");
            let told = one.person.notifications().iter().filter(|notice| notice.text == ABOUT_THE_PLACE).count();
            assert_eq!(told, 1, "told once");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn answers_that_meet_while_there_is_no_place_open_in_the_next_one() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:UTC").await?;
        ada.click("Opening hour").await?.fill(&[("Hour", "20:00")]).await?;
        ben.click("Agree").await?;
        ada.run("/ask").await?;
        ada.answers("One evening alone.").await?;
        ben.answers("Our walks by the river.").await?;
        s.home.delete_channel(&s.home.channel_named("our-place").ok_or("no channel")?);
        ben.hears(ABOUT_THE_PLACE).await?;
        s.passes(SignedDuration::from_hours(12)).await?;
        assert!(!ben.ever_saw("One evening alone."));
        both_press(&ada, &ben, "Move to our DMs").await?;
        for one in [&ada, &ben] {
            let opened = one.person.screen().iter().filter(|card| card.text.starts_with("Both answers are here.")).count();
            assert_eq!(opened, 1);
            assert!(one.ever_saw("One evening alone.") && one.ever_saw("Our walks by the river."));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_channel_deleted_while_duet_was_down_is_told_of_when_it_is_back() {
    story(async |s| {
        let (_, ben) = s.couple("Ada", "Ben").await?;
        s.stop().await?;
        s.home.delete_channel(&s.home.channel_named("our-place").ok_or("no channel")?);
        s.start().await?;
        ben.hears(ABOUT_THE_PLACE).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deletion_that_nobody_told_of_is_found_at_the_next_touch() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        s.rehearsal.faults().invalid_session(false);
        s.home.delete_channel(&s.home.channel_named("our-place").ok_or("no channel")?);
        s.rehearsal.connected().await;
        ada.person.go(&s.home.general());
        ada.run("/ask").await?;
        for one in [&ada, &ben] {
            assert_eq!(one.person.notifications().iter().filter(|notice| notice.text == ABOUT_THE_PLACE).count(), 1);
        }
        both_press(&ada, &ben, "Move to our DMs").await?;
        assert_eq!(ben.person.sees("A question for you both.").await?.place, "DM");
        Ok(())
    })
    .await;
}

//! The promises of product.md that a round touches: each as people would find it broken.

use std::collections::BTreeSet;

use duet::rehearsal::{Heard, Target};
use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const REVEAL: &str = "Two people, two views.";

#[tokio::test]
async fn two_who_send_in_the_same_millisecond_open_one_reveal() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        s.is_private("Both of us at once");
        for turn in 0..20_u32 {
            ada.run("/ask question:At once?").await?;
            let (first, second) = if turn % 2 == 0 { (&ada, &ben) } else { (&ben, &ada) };
            let one = first.person.click("Answer").await?.modal()?;
            let other = second.person.click("Answer").await?.modal()?;
            let later = async {
                // Another interleaving each time.
                for _ in 0..turn * 3 {
                    tokio::task::yield_now().await;
                }
                other.write("Both of us at once, I said.").await
            };
            let (one, other) = tokio::join!(one.write("Both of us at once, I say."), later);
            for heard in [one?, other?] {
                assert!(heard.text().contains("Sealed"), "turn {turn}: {}", heard.text());
            }
            s.settle().await?;
            for person in [&ada, &ben] {
                assert_eq!(person.sees(REVEAL), usize::try_from(turn)? + 1, "{} in turn {turn}", person.name());
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn of_four_who_press_at_once_nobody_gets_an_apology() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        s.is_private("Pressed twice");
        for _ in 0..5 {
            ada.run("/ask question:Again?").await?;
            let one = ada.person.click("Answer").await?.modal()?;
            let other = ben.person.click("Answer").await?.modal()?;
            let (a, b, c, d) = tokio::join!(
                one.write("Pressed twice by me."),
                other.write("Pressed twice by you."),
                one.write("Pressed twice by me."),
                other.write("Pressed twice by you."),
            );
            for heard in [a?, b?, c?, d?] {
                assert!(!heard.text().contains("went wrong"), "{}", heard.text());
            }
            s.settle().await?;
        }
        assert_eq!(ada.sees(REVEAL), 5);
        Ok(())
    })
    .await;
}

/// The custom ids of every button on these people's screens, private replies and DMs included.
pub(super) fn buttons(people: &[&Actor<'_>]) -> BTreeSet<String> {
    let screens = people.iter().flat_map(|person| person.person.screen());
    screens.flat_map(|message| message.buttons).map(|button| button.custom_id).collect()
}

/// A stranger with a changed client presses all of it on a message that they see, finds nothing and changes nothing.
pub(super) async fn presses_everything(stranger: &Actor<'_>, on: u64, everything: &BTreeSet<String>, words: &[&str]) -> Told {
    for id in everything {
        let reply = stranger.click_custom(on, id).await?;
        let own =
            ["d1:send_invitation", "d1:stay", "d1:quiet_hours", "d1:as_it_is", "d1:fewer"].iter().any(|own| id.starts_with(own));
        let refused = ["between two other people", "for somebody else", "invitation is over"].iter().any(|no| reply.says(no));
        assert!(own || refused, "{id}: {}", reply.text());
        assert!(!matches!(reply.heard, Heard::Public(_)), "{id}");
    }
    for text in words {
        assert!(!stranger.ever_saw(text), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_stranger_who_presses_every_button_changes_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        ada.run("/ask question:Who are we when nobody looks?").await?;
        ada.answers("Two people in socks.").await?;
        ada.click("Edit").await?;
        ada.run("/settings zone:Europe/Paris").await?;
        ada.click("Why this one?").await?;
        ada.run("/ask question:And when somebody does?").await?;
        ben.click("Pass").await?;
        ben.run("/unpair").await?;
        ben.run("/settings").await?;
        let card = ada.message("Opens when both have answered.")?.id;
        let before = (ada.person.screen(), ben.person.screen());
        presses_everything(&eve, card, &buttons(&[&ada, &ben]), &["socks", "nobody looks", "somebody does"]).await?;
        for (person, before) in [(&ada, before.0), (&ben, before.1)] {
            let changed: Vec<_> = person.person.screen().into_iter().filter(|message| !before.contains(message)).collect();
            assert!(changed.is_empty(), "{changed:?}");
        }
        ben.answers("Two people in slippers.").await?;
        assert_eq!(ada.sees(REVEAL), 1);
        presses_everything(&eve, card, &buttons(&[&ada, &ben]), &["socks", "slippers"]).await
    })
    .await;
}

#[tokio::test]
async fn a_stranger_presses_nothing_of_a_dm_home_either() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let eve = s.person("Eve");
        ada.run("/ask question:Who are we when nobody looks?").await?;
        ada.answers("Two people in socks.").await?;
        eve.run("/help").await?;
        let own = eve.message("Duet asks two people")?.id;
        presses_everything(&eve, own, &buttons(&[&ada, &ben]), &["socks", "nobody looks"]).await?;
        s.passes(DAY * 3).await?;
        presses_everything(&eve, own, &buttons(&[&ada, &ben]), &["socks", "nobody looks"]).await
    })
    .await;
}

#[tokio::test]
async fn two_who_ask_at_once_get_one_question() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for turn in 1..=5 {
            let (one, other) = tokio::join!(ada.person.run("/ask"), ben.person.run("/ask"));
            let (one, other) = (one?.text(), other?.text());
            s.settle().await?;
            assert!(!one.contains("went wrong") && !other.contains("went wrong"), "{one}\n{other}");
            assert!(one.contains("still open") != other.contains("still open"), "{one}\n{other}");
            assert_eq!(s.count("rounds").await, turn);
            ada.answers("Whoever was first.").await?;
            ben.answers("Whoever was second.").await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_stranger_who_forges_a_page_gets_their_words_back_and_changes_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (eve, max) = s.couple("Eve", "Max").await?;
        ada.run("/ask").await?;
        ada.answers("Only for Ben to read.").await?;
        eve.run("/ask").await?;
        let (_, answer) = ada.button("Answer")?;
        // The page of her own round, sent as if it were theirs.
        let page = eve.click("Answer").await?;
        let round = answer.split([':', '~']).nth(2).ok_or("no round")?.to_owned();
        let reply = page.forge_as(&format!("m1:answer:{round}:0"), &[("field0", "A stranger in between.")]).await?;
        assert!(reply.says("This is between two other people."), "{}", reply.text());
        assert_eq!(s.count("answers").await, 1);
        assert_eq!(ada.sees(REVEAL) + max.sees(REVEAL), 0);
        ben.answers("Only for Ada to read.").await?;
        assert_eq!(ada.sees(REVEAL), 1);
        assert!(!ada.ever_saw("in between"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_button_of_a_round_may_be_pressed_twice() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let calm = |label: &str, heard: &[crate::story::Answer<'_>; 2]| {
            for one in heard {
                assert!(!one.says("went wrong"), "{label}: {}", one.text());
            }
        };
        ada.click_twice("Our first question").await?;
        assert_eq!(s.count("rounds").await, 1);
        for (person, label) in [
            (&ben, "Why this one?"),
            (&ben, "A minute first"),
            (&ben, "Answer"),
            (&ben, "Pass"),
            (&ada, "Another question"),
            (&ada, "Answer"),
        ] {
            let (one, other) = person.click_twice(label).await?;
            if label != "A minute first" {
                assert_eq!(one.text(), other.text(), "{label}");
            }
            calm(label, &[one, other]);
        }
        assert!(ada.click("Another question").await?.says("The card shows another question."), "two presses swapped once");
        ada.answers("Only once, please.").await?;
        for label in ["Edit", "Take back"] {
            let (one, other) = ada.click_twice(label).await?;
            assert_eq!(one.text(), other.text(), "{label}");
        }
        ben.click("Pass").await?;
        let (one, other) = ben.click_twice("Say it openly").await?;
        assert_eq!(one.text(), other.text());
        let (one, other) = ada.click_twice("Keep my unopened answer").await?;
        assert_eq!(one.text(), other.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_interaction_delivered_twice_does_its_work_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let again = async || {
            assert!(s.rehearsal.redeliver_last_interaction().await, "the bot answered it again");
            s.settle().await
        };
        ada.run("/ask").await?;
        again().await?;
        assert_eq!(s.count("rounds").await, 1);
        ada.click("Another question").await?;
        again().await?;
        ben.click("Pass").await?;
        again().await?;
        ben.click("Another question").await?;
        again().await?;
        assert!(ada.click("Another question").await?.says("swapped twice already"));
        ada.answers("Twice on the wire, once on paper.").await?;
        again().await?;
        ada.click("Take back").await?;
        again().await?;
        ada.answers("Once more, for good.").await?;
        again().await?;
        ben.answers("And mine, delivered twice.").await?;
        again().await?;
        assert_eq!(ada.sees(REVEAL), 1);
        assert_eq!(ben.sees(REVEAL), 1);
        assert_eq!(s.count("answers").await, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_whose_acknowledgement_comes_too_late_is_kept() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        let page = ada.click("Answer").await?;
        s.faults().next_interaction_too_late();
        let heard = page.write("You see nothing, but it is here.").await?;
        assert!(heard.says("did not respond"), "{}", heard.text());
        s.bot_has_heard().await?;
        assert!(ada.click("Answer").await?.says("You see nothing, but it is here."));
        ben.answers("And mine as well.").await?;
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_pressed_too_late_to_be_acknowledged_was_done_all_the_same() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let late = async |person: &Actor<'_>, label: &str| {
            s.faults().next_interaction_too_late();
            assert!(person.click(label).await?.says("did not respond"), "{label}");
            s.bot_has_heard().await
        };
        late(&ada, "Our first question").await?;
        assert_eq!(ben.sees("Opens when both have answered."), 1);
        late(&ada, "Another question").await?;
        late(&ben, "Pass").await?;
        assert!(ben.click("Another question").await?.says("The card shows another question."));
        assert!(ben.click("Another question").await?.says("swapped twice already"), "the late one counted");
        ada.answers("Sealed in good time.").await?;
        late(&ada, "Take back").await?;
        assert_eq!(s.count("answers").await, 0);
        ben.click("Pass").await?;
        late(&ben, "Say it openly").await?;
        assert_eq!(ada.sees("@Ben would rather skip this one. That is fine."), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_restart_at_each_step_loses_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        s.restart().await?;
        ada.click("Our first question").await?;
        s.restart().await?;
        let page = ada.click("Answer").await?;
        s.restart().await?;
        page.write("Written across a restart.").await?;
        s.restart().await?;
        ada.click("Edit").await?.write("Edited across a restart.").await?;
        s.restart().await?;
        ben.click("Pass").await?;
        s.restart().await?;
        ben.answers("Answered after all of it.").await?;
        s.restart().await?;
        assert!(ben.ever_saw("Edited across a restart."));
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

// ---- Who can see (P6) ----

/// A round in which both answered while somebody else could see the channel.
async fn held(s: &Story) -> Told<(Actor<'_>, Actor<'_>, u64)> {
    let (ada, ben) = s.couple("Ada", "Ben").await?;
    let onlooker = s.person("Olaf");
    let role = s.home.role("Helpers", 0, &[&onlooker.person]);
    ada.run("/ask question:What do you keep to yourself?").await?;
    ada.answers("Not for the helpers.").await?;
    s.home.allow_view(&s.place(), Target::Role(role));
    s.bot_has_heard().await?;
    ada.reads();
    ben.reads();
    ben.answers("Not for them at all.").await?;
    assert!(!onlooker.ever_saw("Not for"), "nothing stands where a third can look");
    assert!(!ada.ever_saw("Not for them") && !ben.ever_saw("Not for the helpers"));
    Ok((ada, ben, role))
}

#[tokio::test]
async fn a_role_that_opens_the_channel_holds_the_reveal_and_both_may_take_it_by_dm() {
    story(async |s| {
        let (ada, ben, role) = held(s).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What do you keep to yourself?
        │
        │ Both answers are in.
        [Why this one?]
        — DM · Duet —
        A word about your place.
        │ I'm holding something back: your channel can now be seen by somebody besides the two of you. Nothing was posted, and nothing is lost. It goes out by itself once the channel is only yours again. Or choose `Send to both by DM`, which takes both of you.
        [Send to both by DM]
        ");
        assert!(
            ben.reads().contains("I'm holding something back: your channel can now be seen by somebody besides the two of you.")
        );
        assert!(ada.click("Send to both by DM").await?.says("It goes out once you have both pressed this."));
        assert!(ada.click("Send to both by DM").await?.says("once you have both"), "pressed again by the same one");
        assert!(!ben.ever_saw("Not for the helpers"));
        let (one, other) = ben.click_twice("Send to both by DM").await?;
        assert!(one.says("It is on its way to both of you.") || other.says("It is on its way to both of you."));
        for person in [&ada, &ben] {
            assert_eq!(person.sees(REVEAL), 1, "{}", person.name());
            assert_eq!(person.message(REVEAL)?.place, "DM");
        }
        s.home.clear_overwrite(&s.place(), Target::Role(role));
        s.bot_has_heard().await?;
        s.passes(DAY).await?;
        assert_eq!(ada.sees(REVEAL), 1, "and it does not come a second time");
        assert_eq!(ada.sees("Both answers are open."), 1, "the card says so");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_held_reveal_goes_out_once_when_the_channel_is_theirs_again() {
    story(async |s| {
        let (ada, ben, role) = held(s).await?;
        s.passes(DAY * 9).await?;
        assert_eq!(ada.sees("closed without opening"), 0, "a held reveal never lapses");
        assert!(ada.person.notifications().iter().filter(|told| told.text.contains("your place")).count() <= 2, "told once");
        // The hourly look and the channel's change meet.
        s.home.clear_overwrite(&s.place(), Target::Role(role));
        let (heard, passed) = tokio::join!(s.bot_has_heard(), s.passes(HOUR));
        heard.and(passed)?;
        s.passes(HOUR * 5).await?;
        for person in [&ada, &ben] {
            assert_eq!(person.sees(REVEAL), 1, "{}", person.name());
            assert_eq!(person.message(REVEAL)?.place, "#our-place");
        }
        assert_eq!(ada.sees("Both answers are open."), 1, "the card says so");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_held_reveal_sent_by_dm_is_read_through_ask_where_dms_are_closed() {
    story(async |s| {
        let (ada, ben, _) = held(s).await?;
        ada.click("Send to both by DM").await?;
        ada.person.close_dms();
        ben.click("Send to both by DM").await?;
        assert_eq!(ben.sees(REVEAL), 1);
        assert!(!ada.ever_saw("Not for them at all."));
        let brought = ada.run("/ask").await?;
        assert!(brought.says("Not for them at all."), "{}", brought.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_partner_who_left_the_server_holds_the_reveal() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/ask question:Where are you right now?").await?;
        ben.answers("From far away.").await?;
        s.home.remove(&ben.person);
        ada.reads();
        ada.answers("From close by.").await?;
        reads!(ada.reads(), @r"
        — modal: Your answer —
        Where are you right now?
        Sending seals this. If both are in, they open at once.
        My answer (up to 2500)
        — #our-place · Duet · only you see this —
        │ **Sealed, and both are in.** They are opening now.
        │ From close by.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet · edited —
        A question for you both.
        │ @Ben asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > Where are you right now?
        │
        │ Both answers are in.
        [Why this one?]
        — DM · Duet —
        A word about your place.
        │ I'm holding something back: one of you is no longer in the server with your channel. Nothing was posted, and nothing is lost. `Send to both by DM` brings it to your DMs; it takes both of you.
        [Send to both by DM]
        ");
        assert!(!ada.ever_saw("From far away."));
        s.home.add(&ben.person);
        s.passes(HOUR * 2).await?;
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_admin_who_lets_in_the_bots_own_role_lets_in_nobody() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:What do you keep to yourself?").await?;
        s.home.allow_view(&s.place(), Target::Role(s.home.bot_role()));
        s.bot_has_heard().await?;
        ada.answers("Where the biscuits are.").await?;
        ben.answers("That I know where they are.").await?;
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_own_question_waits_too_while_others_can_look() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let onlooker = s.person("Olaf");
        s.home.allow_view(&s.place(), &onlooker.person);
        s.bot_has_heard().await?;
        ada.run("/ask question:Do you still like the flat?").await?;
        assert!(!onlooker.ever_saw("the flat"));
        assert_eq!(ben.sees("Do you still like the flat?"), 0);
        ada.click("Send to both by DM").await?;
        ben.click("Send to both by DM").await?;
        for person in [&ada, &ben] {
            let card = person.message("Do you still like the flat?")?;
            assert!(card.place == "DM" && !card.text.contains("@Ada @Ben"), "{card}");
        }
        ada.answers("The kitchen, yes.").await?;
        ben.answers("The stairs, no.").await?;
        assert!(!onlooker.ever_saw("The kitchen"));
        s.home.clear_overwrite(&s.place(), &onlooker.person);
        s.bot_has_heard().await?;
        for person in [&ada, &ben] {
            assert_eq!(person.sees(REVEAL), 1);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_in_the_middle_leaves_everything_shut() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("You will not read this.").await?;
        let page = ben.click("Answer").await?;
        ada.reads();
        ben.reads();
        ada.run("/unpair").await?;
        ada.click("Leave").await?;
        assert_eq!(ben.reads(), "", "no alarm");
        let late = page.write("I was just about to say.").await?;
        assert!(late.says("This space is closed.") && late.says("I was just about to say."), "{}", late.text());
        assert!(ben.click("Pass").await?.says("This space is closed."));
        assert!(!ben.ever_saw("You will not read"));
        ada.click("Answer").await?;
        assert!(ada.click("Keep my unopened answer").await?.says("You will not read this."));
        s.passes(DAY * 8).await?;
        assert_eq!(s.count("answers").await, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_while_it_is_held_leaves_it_shut() {
    story(async |s| {
        let (ada, ben, role) = held(s).await?;
        let (message, send) = ada.button("Send to both by DM")?;
        ben.click("Send to both by DM").await?;
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        assert!(ada.click_custom(message, &send).await?.says("This space is closed."));
        s.home.clear_overwrite(&s.place(), Target::Role(role));
        s.bot_has_heard().await?;
        s.passes(DAY).await?;
        assert_eq!(ada.sees(REVEAL) + ben.sees(REVEAL), 0);
        assert!(!ada.ever_saw("Not for them") && !ben.ever_saw("Not for the helpers"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_destroyed_leaves_the_disk_once_no_reader_is_in_the_way() {
    use duet::store::timers;
    story(async |s| {
        let (ada, _ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask theme:boundaries").await?;
        ada.answers("The attic is mine on Sunday mornings.").await?;
        s.passes(SignedDuration::from_hours(48)).await?;
        let app = s.app();
        let looks_again = async || timers::find(&mut app.store.read().await?, "forget", "disk").await;
        let mut reader = app.store.read().await?;
        timers::find(&mut reader, "sweep", "outbox").await?;
        s.passes(SignedDuration::from_hours(7 * 24)).await?;
        assert!(looks_again().await?.is_some());
        drop(reader);
        s.passes(SignedDuration::from_mins(2)).await?;
        assert_eq!(looks_again().await?, None);
        Ok(())
    })
    .await;
}

//! Discord, the network and the token let the bot down; the two get their answers all the same, and once.

use std::time::{Duration, Instant};

use duet::rehearsal::{FaultKind, Match, Target, permissions};
use duet::run::RunError;
use duet::store::outbox;
use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const REVEAL: &str = "Two people, two views.";

/// The request that brings the reveal.
fn the_reveal() -> Match {
    Match::new("POST", "/messages").with_body("Both answers are here.")
}

/// Two people, one of whom has answered, with the other's page open.
async fn nearly_there(s: &Story) -> Told<(Actor<'_>, Actor<'_>, crate::story::Answer<'_>)> {
    let (ada, ben) = s.couple("Ada", "Ben").await?;
    half_way(ada, ben).await
}

async fn half_way<'s>(ada: Actor<'s>, ben: Actor<'s>) -> Told<(Actor<'s>, Actor<'s>, crate::story::Answer<'s>)> {
    ada.run("/ask question:What was the best hour?").await?;
    ada.answers("The one on the roof.").await?;
    let page = ben.click("Answer").await?;
    Ok((ada, ben, page))
}

fn one_reveal(people: [&Actor<'_>; 2]) {
    for person in people {
        assert_eq!(person.sees(REVEAL), 1, "{}", person.name());
    }
}

#[tokio::test]
async fn a_reveal_that_was_posted_unheard_and_an_hours_outage_are_one_reveal() {
    for in_dms in [false, true] {
        story(async |s| {
            let (ada, ben) = if in_dms { s.couple_in_dms("Ada", "Ben").await? } else { s.couple("Ada", "Ben").await? };
            let (ada, ben, page) = half_way(ada, ben).await?;
            s.faults().on(the_reveal(), FaultKind::CutAfter);
            page.write("The one in the queue.").await?;
            s.faults().outage(true);
            s.passes(HOUR).await?;
            s.faults().outage(false);
            s.passes(HOUR).await?;
            one_reveal([&ada, &ben]);
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn whatever_breaks_around_the_reveal_it_comes_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let kinds = [
            FaultKind::CutBefore,
            FaultKind::CutAfter,
            FaultKind::Status { code: 502, before_applying: true },
            FaultKind::Status { code: 500, before_applying: false },
            FaultKind::RateLimited { retry_after_ms: 200, global: false, shared: false },
            FaultKind::RateLimited { retry_after_ms: 200, global: false, shared: true },
            FaultKind::RateLimited { retry_after_ms: 200, global: true, shared: false },
        ];
        for (number, kind) in kinds.into_iter().enumerate() {
            ada.run("/ask").await?;
            ada.answers("First, whatever breaks.").await?;
            s.faults().on(the_reveal(), kind.clone());
            ben.answers("Second, whatever breaks.").await?;
            s.passes(HOUR * 3).await?;
            assert_eq!(ada.sees(REVEAL), number + 1, "{kind:?}");
            assert_eq!(ben.sees(REVEAL), number + 1, "{kind:?}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whatever_breaks_around_the_card_it_comes_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let kinds = [FaultKind::CutBefore, FaultKind::CutAfter, FaultKind::Status { code: 503, before_applying: false }];
        for kind in kinds {
            s.faults().on(Match::new("POST", "/messages").with_body("A question for you both."), kind.clone());
            ada.run("/ask").await?;
            s.passes(MINUTE).await?;
            assert_eq!(ben.sees("Opens when both have answered."), 1, "{kind:?}");
            ben.click("Pass").await?;
            ben.click("Say it openly").await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn while_everything_must_wait_a_press_is_answered() {
    story(async |s| {
        let (ada, ben, page) = nearly_there(s).await?;
        let wait = FaultKind::RateLimited { retry_after_ms: 1_500, global: true, shared: false };
        let fault = s.faults().on(the_reveal(), wait);
        let pressed = async {
            s.faults().reached(fault).await;
            let begun = Instant::now();
            let why = ada.person.click("Why this one?").await?;
            assert!(why.text().contains("in their own words"), "{}", why.text());
            assert!(begun.elapsed() < Duration::from_secs(1), "a press waited for the limit");
            assert_eq!(ada.sees(REVEAL), 0);
            Told::Ok(())
        };
        let (written, pressed) = tokio::join!(page.write("The one in the queue."), pressed);
        written?;
        pressed?;
        s.passes(MINUTE).await?;
        one_reveal([&ada, &ben]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_outage_around_card_edit_and_home_delays_and_loses_nothing() {
    story(async |s| {
        let (ada, ben) = (s.person("Ada"), s.person("Ben"));
        ada.run("/pair with:@Ben").await?;
        ada.click("Send invitation").await?;
        s.faults().outage(true);
        assert!(ben.click("Accept").await?.says("did not respond"));
        s.passes(MINUTE * 30).await?;
        s.faults().outage(false);
        s.passes(HOUR).await?;
        let place = s.place();
        assert_eq!(s.home.channels().iter().filter(|channel| channel.name() == "our-place").count(), 1);
        ada.person.go(&place);
        ben.person.go(&place);
        s.faults().outage(true);
        ada.run("/ask question:Still there?").await?;
        s.passes(MINUTE * 10).await?;
        s.faults().outage(false);
        s.passes(HOUR).await?;
        assert_eq!(ben.sees("Still there?"), 1);
        let page = ada.click("Answer").await?;
        s.faults().outage(true);
        page.write("Still here, and patient.").await?;
        s.passes(MINUTE * 10).await?;
        assert_eq!(ben.sees("1 of 2 sealed"), 0);
        s.faults().outage(false);
        s.passes(HOUR).await?;
        assert_eq!(ben.sees("1 of 2 sealed"), 1);
        assert!(ada.click("Answer").await?.says("Still here, and patient."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_ten_tries_a_reveal_is_parked_and_shown_and_comes_once_the_outage_is_over() {
    story(async |s| {
        let (ada, ben, page) = nearly_there(s).await?;
        s.faults().outage(true);
        page.write("The one in the queue.").await?;
        s.passes(HOUR * 12).await?;
        s.faults().outage(false);
        let parked = outbox::parked(&s.app().store).await?;
        let shown = parked.iter().find(|one| one.body.contains("reveal")).ok_or("nothing was parked")?;
        assert!(shown.attempts >= 10 && shown.failure == "unavailable", "{shown:?}");
        assert!(ben.click("Answer").await?.says("Both answers are in and on their way."));
        s.passes(HOUR).await?;
        one_reveal([&ada, &ben]);
        assert_eq!(outbox::parked(&s.app().store).await?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_refused_token_ends_the_bot_and_a_new_start_delivers() {
    story(async |s| {
        let (ada, ben, page) = nearly_there(s).await?;
        s.faults().on(the_reveal(), FaultKind::Unauthorized);
        page.write("The one in the queue.").await?;
        assert!(matches!(s.ended().await?, Err(RunError::Token)));
        s.start().await?;
        s.passes(MINUTE).await?;
        one_reveal([&ada, &ben]);
        s.faults().revoke_token();
        assert!(matches!(s.ended().await?, Err(RunError::Token)));
        assert!(s.start().await.is_err(), "it refuses to start");
        s.faults().restore_token();
        s.start().await?;
        assert!(ben.run("/ask").await?.says("It is on its way."));
        assert_eq!(ada.sees(REVEAL), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deleted_channel_keeps_the_answers_until_the_two_have_a_place_again() {
    // Told by the gateway, or found out by the courier.
    for told in [true, false] {
        story(async |s| {
            let (ada, ben, page) = nearly_there(s).await?;
            let gone = serde_json::json!({ "message": "Unknown Channel", "code": 10003 });
            let fault = if told { FaultKind::CutBefore } else { FaultKind::Answer { status: 404, body: gone } };
            s.faults().on(the_reveal(), fault);
            page.write("The one in the queue.").await?;
            if told {
                s.home.delete_channel(&s.place());
                s.bot_has_heard().await?;
            }
            ada.person.go_dm();
            ben.person.go_dm();
            s.passes(MINUTE).await?;
            for person in [&ada, &ben] {
                assert_eq!(person.sees("I can't find your channel any more"), 1, "told once");
                assert_eq!(person.sees(REVEAL), 0);
            }
            assert!(!ada.ever_saw("in the queue"));
            ada.click("Move to our DMs").await?;
            ben.click("Move to our DMs").await?;
            one_reveal([&ada, &ben]);
            s.passes(HOUR * 3).await?;
            one_reveal([&ada, &ben]);
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_missing_permission_is_named_and_given_back_it_goes_out() {
    story(async |s| {
        let bot = Target::User(s.rehearsal.bot_id());
        let all =
            permissions::VIEW_CHANNEL | permissions::SEND_MESSAGES | permissions::EMBED_LINKS | permissions::READ_MESSAGE_HISTORY;
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for (number, (denied, name)) in
            [(permissions::SEND_MESSAGES, "*Send Messages*"), (permissions::VIEW_CHANNEL, "*View Channel*")]
                .into_iter()
                .enumerate()
        {
            ada.run("/ask question:What was the best hour?").await?;
            ada.answers("The one on the roof.").await?;
            let page = ben.click("Answer").await?;
            s.home.set_overwrite(&s.place(), bot, all & !denied, denied);
            s.bot_has_heard().await?;
            page.write("The one in the queue.").await?;
            let told = ada.message("I couldn't post in your channel")?;
            assert_eq!(told.place, "DM");
            assert!(told.text.contains(&format!("I'm missing {name} there. What you wrote is safe. Ask an admin")), "{told}");
            assert_eq!(ada.sees("I couldn't post in your channel"), number + 1, "told once");
            assert!(!ada.ever_saw("in the queue") || number > 0);
            s.home.set_overwrite(&s.place(), bot, all, 0);
            s.bot_has_heard().await?;
            s.passes(HOUR * 2).await?;
            assert_eq!(ben.sees(REVEAL), number + 1);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn where_neither_takes_dms_both_read_it_when_they_ask() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let (ada, ben, page) = half_way(ada, ben).await?;
        ada.person.close_dms();
        ben.person.close_dms();
        page.write("The one in the queue.").await?;
        assert!(ada.run("/ask").await?.says("The one in the queue."));
        assert!(ben.run("/ask").await?.says("The one on the roof."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whoever_shares_no_server_any_more_reads_it_when_they_ask() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let (ada, ben, page) = half_way(ada, ben).await?;
        s.home.remove(&ben.person);
        page.write("The one in the queue.").await?;
        ben.person.installs();
        assert_eq!(ada.sees(REVEAL), 1);
        let brought = ben.run("/ask").await?;
        assert!(brought.says("The one on the roof."), "{}", brought.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_pressed_while_the_line_was_down_arrives_with_the_resumed_session() {
    type Break = fn(&duet::rehearsal::Faults);
    let breaks: [Break; 4] = [
        |faults| faults.drop_gateway(),
        |faults| faults.reconnect(),
        |faults| faults.close_gateway(None),
        |faults| faults.invalid_session(true),
    ];
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for (number, fail) in breaks.into_iter().enumerate() {
            ada.run("/ask").await?;
            ada.answers("Before the line went down.").await?;
            let page = ben.click("Answer").await?;
            fail(s.faults());
            // Whether or not the acknowledgement came in time, the answer is in.
            page.write("While the line was down.").await?;
            s.rehearsal.connected().await;
            s.bot_has_heard().await?;
            assert_eq!(ada.sees(REVEAL), number + 1, "after break {number}");
            assert_eq!(ben.sees(REVEAL), number + 1, "after break {number}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_session_that_cannot_be_resumed_starts_anew_and_the_round_goes_on() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask").await?;
        ada.answers("Before the session ended.").await?;
        let sessions = s.rehearsal.identifies();
        s.faults().invalid_session(false);
        while s.rehearsal.identifies() == sessions {
            tokio::task::yield_now().await;
        }
        s.rehearsal.connected().await;
        ben.answers("In the next session.").await?;
        one_reveal([&ada, &ben]);
        Ok(())
    })
    .await;
}

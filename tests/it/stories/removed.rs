//! An author takes words away again: from the place where they stand, from what is kept, and from the disk.

use duet::rehearsal::{FaultKind, Match, SeenMessage};
use jiff::SignedDuration;

use super::checkins;
use super::kept::{opened, reveal};
use super::mine::exports;
use crate::engines::{disk, own_part, remains};
use crate::story::{Actor, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const KEEP: &str = "Keep this";
pub const REMOVE: &str = "Remove my words";
pub const GONE: &str = "*removed by its author*";
pub const DONE: &str = "Done. What you wrote here is gone, for good, and its place says so.";
const NOTHING: &str = "Nothing of yours stands here.";
const ANSWERS: [&str; 2] = ["The goose and the postman.", "You, singing in the kitchen."];

pub async fn removes(who: &Actor<'_>, message: u64) -> Told {
    who.menu(REMOVE, message).await?;
    let reply = who.click("Remove them").await?;
    assert!(reply.says(DONE), "{}", reply.text());
    Ok(())
}

/// Who listens first, and who is heard first.
fn in_turn<'s>(one: &Actor<'s>, other: &Actor<'s>) -> (Actor<'s>, Actor<'s>) {
    let one_listens = one.message(&format!("@{} listens first", one.name())).is_ok();
    if one_listens { (one.clone(), other.clone()) } else { (other.clone(), one.clone()) }
}

/// How many messages stand, beside private ones, with this in it.
pub fn stand(who: &Actor<'_>, text: &str) -> usize {
    who.person.screen().iter().filter(|seen| !seen.private && seen.text.contains(text)).count()
}

/// The message that stands under this number.
pub fn seen(who: &Actor<'_>, message: u64) -> Told<SeenMessage> {
    let seen = who.person.screen().into_iter().find(|seen| seen.id == message);
    Ok(seen.ok_or_else(|| format!("{} sees no message {message}", who.name()))?)
}

/// How many pieces of these a look at the files finds, while the bot runs. `None`: there is no looking.
async fn left(s: &Story, tables: &[&str], sealed: &[String]) -> Option<usize> {
    let own: Vec<String> = sealed.iter().map(|text| own_part(text)).collect();
    Some(remains(&disk(s.database(), tables).await?, &own))
}

#[tokio::test]
async fn an_answer_goes_from_its_place_from_the_file_and_from_what_the_other_keeps() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let message = opened(&ben, &ada, "What made you laugh?", [ANSWERS[1], ANSWERS[0]]).await?;
        ben.menu(KEEP, message).await?;
        ada.reads();
        ada.menu(REMOVE, message).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Remove your words here?** This goes, at once and for good:
        │ - your answer
        │
        │ What @Ben wrote stays. In the place of yours it says *removed by its author*. What was read, kept elsewhere or photographed I cannot take back.
        │ The goose and the postman.
        │
        │ -# Not feeling safe? /safety
        [Remove them] [Leave them]
        ");
        ada.click("Leave them").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ Nothing was removed.
        │
        │ -# Not feeling safe? /safety
        ");
        ada.menu(REMOVE, message).await?;
        s.restart().await?;
        ada.reads();
        ben.reads();
        let (at, yes) = ada.button("Remove them")?;
        ada.click("Remove them").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ Done. What you wrote here is gone, for good, and its place says so.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet · edited —
        @Ada @Ben Both answers are here.
        │ @Ben asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh?
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ben listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ada**
        │ *removed by its author*
        │ **@Ben**
        │ You, singing in the kitchen.
        [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
        [We said it aloud] [Why this one?] [Make it weekly]
        ");
        assert_eq!((stand(&ada, ANSWERS[0]), stand(&ben, ANSWERS[0])), (0, 0));
        let told = ben.person.notifications().len();
        // Once more, by an old press and by the menu, and by the other one, who has nothing to take away but their own.
        assert!(ada.click_custom(at, &yes).await?.says(DONE));
        assert!(ada.menu(REMOVE, message).await?.says("What you wrote here is removed already."));
        let own = ben.run("/kept").await?;
        assert!(own.says(GONE) && own.says(ANSWERS[1]) && !own.says(ANSWERS[0]), "{}", own.text());
        assert_eq!(ben.person.notifications().len(), told, "an edit calls nobody");
        for who in [&ada, &ben] {
            let file = exports(who).await?.all;
            assert!(file.contains("removed by its author") && file.contains(ANSWERS[1]) && !file.contains(ANSWERS[0]));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_removed_is_in_no_file_when_the_reply_is_there_and_the_others_words_stay() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let long = |text: &str| format!("{text} ").repeat(9).trim().to_owned();
        let answers = [long("The harbour at six, before anybody calls."), long("What is his own and stays.")];
        let question = "What would you rather have asked in other words, or not at all?";
        let message = opened(&ada, &ben, question, [&answers[0], &answers[1]]).await?;
        let by = |who: &Actor<'_>| format!("select words from answers where author = {}", who.person.id());
        let mut hers = s.texts(&by(&ada)).await;
        hers.extend(s.texts("select own_question from rounds where own_question is not null").await);
        let his = s.texts(&by(&ben)).await;
        let Some(before) = left(s, &["answers", "rounds"], &hers).await else { return Ok(()) };
        assert!(hers.len() == 2 && before > 0);
        let asked = ada.menu(REMOVE, message).await?;
        assert!(asked.says("- your question, on its card and above the answers\n│ - your answer"), "{}", asked.text());
        assert!(ada.click("Remove them").await?.says(DONE));
        assert_eq!(left(s, &["answers", "rounds"], &hers).await, Some(0));
        assert!(left(s, &["answers", "rounds"], &his).await > Some(0));
        assert_eq!((stand(&ada, "harbour at six"), stand(&ben, question), stand(&ben, "his own and stays")), (0, 0, 1));
        assert_eq!(s.texts("select kind from timers where kind = 'forget'").await.len(), 0);

        // A passage, and what was said in one part of a conversation.
        let (listens, speaks) = in_turn(&ada, &ben);
        listens.click("Mirror").await?.write(&long("What I heard of it, as well as I could.")).await?;
        speaks.click("That's it").await?;
        speaks.click("Mirror").await?.write(&long("And what the other heard.")).await?;
        let said = |who: &Actor<'_>| format!("select words from said where author = {}", who.person.id());
        let (gone, stays) = (s.texts(&said(&listens)).await, s.texts(&said(&speaks)).await);
        assert!(left(s, &["said"], &gone).await > Some(0));
        removes(&listens, reveal(&listens, "What I heard of it")?).await?;
        assert_eq!(left(s, &["said"], &gone).await, Some(0));
        assert!(left(s, &["said"], &stays).await > Some(0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_dm_home_both_messages_change() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let message = opened(&ada, &ben, "What made you laugh?", ANSWERS).await?;
        let his = reveal(&ben, ANSWERS[0])?;
        ada.menu(REMOVE, message).await?;
        // Whatever is deleted in between, and whatever Discord makes of it.
        s.home.delete_message(message);
        s.faults().on(Match::new("PATCH", "/messages"), FaultKind::Status { code: 503, before_applying: true });
        assert!(ada.click("Remove them").await?.says(DONE));
        s.passes(HOUR).await?;
        assert_eq!((stand(&ben, ANSWERS[0]), stand(&ben, ANSWERS[1])), (0, 1));
        assert_eq!(reveal(&ben, ANSWERS[1])?, his);
        assert_eq!(seen(&ben, his)?.text.matches(GONE).count(), 2, "her question went, too");
        assert!(ben.menu(REMOVE, his).await?.says("- your answer"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_removed_while_the_reveal_is_on_its_way_to_the_other_does_not_come_back() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        ada.run("/ask question:What made you laugh?").await?;
        ada.answers(ANSWERS[0]).await?;
        // Ben's is posted, and nobody hears that it was; until it is found again, it is not known where it stands.
        let ours = format!("/channels/{}/messages", ben.person.dm().id());
        s.faults().on(Match::new("POST", &ours).with_body("Both answers are here."), FaultKind::CutAfter);
        ben.answers(ANSWERS[1]).await?;
        assert_eq!(stand(&ben, ANSWERS[0]), 1);
        removes(&ada, reveal(&ada, ANSWERS[0])?).await?;
        s.passes(HOUR).await?;
        assert_eq!((stand(&ben, ANSWERS[0]), stand(&ada, ANSWERS[0])), (0, 0));
        assert_eq!((stand(&ben, ANSWERS[1]), stand(&ada, ANSWERS[1])), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn of_a_conversation_only_what_stands_on_that_sheet_goes_and_it_goes_on() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let answers = opened(&ada, &ben, "What do you carry?", ["The move, mostly.", "Unopened letters."]).await?;
        let (listens, speaks) = in_turn(&ada, &ben);
        listens.click("Mirror").await?.write("You carry something alone.").await?;
        let sheet = reveal(&listens, "You carry something alone.")?;
        assert!(speaks.menu(REMOVE, sheet).await?.says(NOTHING));
        speaks.click("Nearly").await?.write("Not alone: with too many at once.").await?;
        listens.click("Mirror").await?.write("You carry it with too many.").await?;
        let sheet = reveal(&listens, "You carry something alone.")?;
        listens.reads();
        let asked = listens.menu(REMOVE, sheet).await?;
        assert!(asked.says("- what you heard\n│ - what you heard\n") && !asked.says("Not alone"), "{}", asked.text());
        listens.click("Remove them").await?;
        let living = speaks.message("Not alone: with too many at once.")?;
        assert_eq!((living.id, living.text.matches(GONE).count()), (sheet, 2), "{living}");
        assert!(living.has_button("That's it") && stand(&speaks, "carry something alone") == 0);
        assert!(listens.menu(REMOVE, answers).await?.says("- your answer"));
        speaks.click("That's it").await?;
        speaks.click("Mirror").await?.write("There is something unopened.").await?;
        assert_eq!(stand(&listens, "There is something unopened."), 1);
        removes(&speaks, sheet).await?;
        let stands = seen(&listens, sheet)?;
        assert_eq!(stands.text.matches(GONE).count(), 3, "{stands}");
        assert!(listens.menu(KEEP, sheet).await?.says("There is nothing to keep in that one."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_channel_that_others_can_see_words_only_go_and_none_come() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        opened(&ada, &ben, "What do you carry?", ["The move, mostly.", "Unopened letters."]).await?;
        let (listens, speaks) = in_turn(&ada, &ben);
        listens.click("Mirror").await?.write("You carry something alone.").await?;
        let sheet = reveal(&listens, "You carry something alone.")?;
        s.home.allow_view(&s.place(), &eve.person);
        s.bot_has_heard().await?;
        // Held: it stands nowhere yet.
        speaks.click("Nearly").await?.write("Not alone: with too many at once.").await?;
        assert!(!eve.ever_saw("too many at once"));
        removes(&listens, sheet).await?;
        assert_eq!(stand(&listens, "You carry something alone."), 0);
        assert!(!eve.ever_saw("too many at once"));
        s.home.clear_overwrite(&s.place(), &eve.person);
        s.bot_has_heard().await?;
        s.passes(HOUR * 2).await?;
        assert_eq!(stand(&listens, "with too many at once."), 1, "what was held comes once it may");
        assert_eq!(stand(&speaks, "You carry something alone."), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_pause_words_go_at_once_and_what_was_said_meanwhile_still_waits() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        opened(&ada, &ben, "What do you carry?", ["The move, mostly.", "Unopened letters."]).await?;
        let (listens, speaks) = in_turn(&ada, &ben);
        listens.click("Mirror").await?.write("You carry something alone.").await?;
        let sheet = reveal(&listens, "You carry something alone.")?;
        listens.run("/pause length:1 h").await?;
        speaks.click_in(sheet, "Nearly").await?.write("Not alone: with too many at once.").await?;
        assert_eq!(stand(&listens, "too many at once"), 0);
        removes(&listens, sheet).await?;
        assert_eq!((stand(&listens, "too many at once"), stand(&speaks, "You carry something alone.")), (0, 0));
        s.passes(HOUR * 2).await?;
        assert_eq!((stand(&listens, "with too many at once."), stand(&speaks, "You carry something alone.")), (1, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_question_in_own_words_goes_from_its_card_and_the_round_stays_open() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:What did I ask too soon?").await?;
        let card = reveal(&ada, "What did I ask too soon?")?;
        ben.answers("Sealed before it went.").await?;
        assert!(ben.menu(REMOVE, card).await?.says(NOTHING), "what is sealed stands in no message");
        ada.reads();
        ada.menu(REMOVE, card).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Remove your words here?** This goes, at once and for good:
        │ - your question, on its card and above the answers
        │
        │ The question stays open without its words: it can still be answered, passed or swapped.
        │
        │ What @Ben wrote stays. In the place of yours it says *removed by its author*. What was read, kept elsewhere or photographed I cannot take back.
        │ What did I ask too soon?
        │
        │ -# Not feeling safe? /safety
        [Remove them] [Leave them]
        ");
        ada.click("Remove them").await?;
        assert_eq!((stand(&ada, "ask too soon"), stand(&ben, "ask too soon")), (0, 0));
        assert!(ben.person.screen().iter().any(|seen| seen.id == card && seen.text.contains(GONE) && seen.has_button("Answer")));
        ada.answers("And mine, all the same.").await?;
        assert_eq!((stand(&ben, "And mine, all the same."), stand(&ada, "Sealed before it went.")), (1, 1));
        assert!(seen(&ben, reveal(&ben, "And mine, all the same.")?)?.text.contains(GONE));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_passage_goes_from_every_place_where_it_stands() {
    for in_dms in [false, true] {
        story(async |s: &Story| {
            let (ada, ben) = if in_dms { s.couple_in_dms("Ada", "Ben").await? } else { s.couple("Ada", "Ben").await? };
            let passage = "Sundays before noon are mine.";
            ada.run("/reflect now").await?;
            ada.click("Write").await?.write(passage).await?;
            ada.run("/journal read").await?;
            ada.click("Share 1").await?.write(passage).await?;
            ada.click("Post it").await?;
            let (hers, his) = (reveal(&ada, passage)?, reveal(&ben, passage)?);
            assert!(ben.menu(REMOVE, his).await?.says(NOTHING));
            assert!(ben.menu(KEEP, his).await?.says("Kept."));
            let sealed = s.texts("select words from passages").await;
            assert!(ada.menu(REMOVE, hers).await?.says("- what you shared"));
            assert!(ada.click("Remove them").await?.says(DONE));
            assert_eq!(left(s, &["passages"], &sealed).await.unwrap_or_default(), 0);
            for (who, message) in [(&ada, hers), (&ben, his)] {
                let stands = seen(who, message)?;
                assert_eq!(stands.embeds, [GONE], "{stands}");
            }
            assert!(ada.run("/journal read").await?.says(passage), "the journal is one's own");
            let kept = ben.run("/kept").await?;
            assert!(kept.says("@Ada shared something.") && kept.says(GONE) && !kept.says(passage), "{}", kept.text());
            assert!(ada.menu(REMOVE, hers).await?.says("is removed already"));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_stands_on_the_board_leaves_it() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/board add kind:need text:An hour to land after work.").await?;
        let message = reveal(&ada, "An hour to land")?;
        assert!(ben.menu(REMOVE, message).await?.says(NOTHING));
        let asked = ada.menu(REMOVE, message).await?;
        assert!(asked.says("- what you put on the board; it leaves the board with that"), "{}", asked.text());
        assert!(asked.says("Its message then says that it is on the board no longer."));
        assert!(ada.click("Remove them").await?.says(DONE));
        assert_eq!(s.texts("select id from items where words is not null").await.len(), 0);
        let stands = seen(&ben, message)?;
        assert!(stands.text.contains("No longer on the board.") && !stands.text.contains("An hour"), "{stands}");
        assert!(ada.menu(REMOVE, message).await?.says("is removed already"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_check_in_goes_from_the_pictures_those_that_stand_and_those_to_come() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        checkins::opened(s, &ada, &ben, ["1", "2"], ["3", "4"]).await?;
        let first = ada.message("A word from her side.")?.id;
        s.passes(HOUR).await?;
        checkins::opened(s, &ada, &ben, ["5", "4"], ["2", "3"]).await?;
        let descriptions = |who: &Actor<'_>| {
            let pictures = who.person.pictures();
            pictures.into_iter().map(|picture| picture.description).collect::<Vec<_>>()
        };
        let before = descriptions(&ben);
        assert_eq!(before.len(), 2);
        assert!(before[1].contains("The last 2 check-ins"), "{}", before[1]);
        let asked = ada.menu(REMOVE, first).await?;
        assert!(asked.says("- your ratings and lines") && asked.says("in no picture any more"), "{}", asked.text());
        assert!(asked.says("A word from her side.") && asked.says("close to you"), "{}", asked.text());
        assert!(ada.click("Remove them").await?.says(DONE));
        let after = descriptions(&ben);
        assert_eq!(after.len(), 1, "the picture of that one is gone: {after:?}");
        assert!(after[0].starts_with("One check-in"), "and the later one is drawn without it: {}", after[0]);
        let stands = seen(&ben, first)?;
        assert!(stands.text.contains(GONE) && stands.text.contains("A word from his side."), "{stands}");
        assert!(!stands.text.contains("Solid:") && stands.pictures.is_empty(), "{stands}");
        ben.run("/insights").await?;
        assert!(descriptions(&ben)[1].starts_with("One check-in"));
        removes(&ben, reveal(&ben, "Both answers are here.")?).await?;
        assert!(ada.run("/insights").await?.says("There is nothing to show yet"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn strangers_partners_with_nothing_there_and_forgers_get_a_calm_no() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        let place = s.place();
        let typed = ada.person.says(&place, "Something that I typed.").await?;
        let welcome = reveal(&ada, "This is your place.")?;
        for message in [typed, welcome] {
            assert!(ada.menu(REMOVE, message).await?.says(NOTHING));
        }
        let message = opened(&ada, &ben, "What made you laugh?", ANSWERS).await?;
        s.home.allow_view(&place, &eve.person);
        assert!(eve.menu(REMOVE, message).await?.says("This is between two other people."));
        ada.menu(REMOVE, message).await?;
        let (_, yes) = ada.button("Remove them")?;
        eve.run("/help").await?;
        let own = eve.message("Duet asks two people")?.id;
        assert!(eve.click_custom(own, &yes).await?.says("This is between two other people."));
        // Pressed by the other, it takes away the other's.
        let round = yes.rsplit('.').next().unwrap_or_default().to_owned();
        for forged in
            ["d1:remove_words_now:sheet.1.x".to_owned(), format!("d1:remove_words_now:reveal.{}", round.replace('0', "1"))]
        {
            let reply = ben.click_custom(message, &forged).await?;
            assert!(reply.says("older message") || reply.says("This space is closed."), "{}", reply.text());
        }
        s.home.clear_overwrite(&place, &eve.person);
        s.bot_has_heard().await?;
        ben.run("/ask question:Which one is sealed?").await?;
        ben.answers("Sealed and nowhere.").await?;
        let card = reveal(&ben, "Which one is sealed?")?;
        let (_, answer) = ben.button("Answer")?;
        let sealed = answer.split([':', '~']).nth(2).unwrap_or_default().to_owned();
        let reply = ben.click_custom(card, &format!("d1:remove_words_now:reveal.{sealed}")).await?;
        assert!(reply.says("This one is closed."), "{}", reply.text());
        assert_eq!(s.texts("select words from answers where removed_at is null").await.len(), 3);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn told_twice_and_pressed_twice_it_is_done_once_and_a_reader_of_the_database_is_named() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let message = opened(&ada, &ben, "What made you laugh?", ANSWERS).await?;
        ada.menu(REMOVE, message).await?;
        let mut reader = crate::engines::connection(&s.database().url).await;
        let begin = if s.database().file.is_some() { "begin" } else { "begin isolation level repeatable read" };
        sqlx::raw_sql(begin).execute(&mut reader).await?;
        sqlx::query("select id from keys").fetch_all(&mut reader).await?;
        let reply = ada.click("Remove them").await?;
        assert!(reply.says(DONE) && reply.says("leave the disk by themselves"), "{}", reply.text());
        assert!(s.rehearsal.redeliver_last_interaction().await);
        sqlx::raw_sql("rollback").execute(&mut reader).await?;
        s.restart().await?;
        s.passes(SignedDuration::from_secs(61)).await?;
        assert_eq!(s.texts("select kind from timers where kind = 'forget'").await.len(), 0);
        ben.menu(REMOVE, message).await?;
        let (one, other) = ben.click_twice("Remove them").await?;
        assert!(one.says(DONE) && other.says(DONE), "{} {}", one.text(), other.text());
        let stands = seen(&ada, message)?;
        assert_eq!(stands.text.matches(GONE).count(), 3, "{stands}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_the_two_parted_the_words_go_from_what_is_kept_and_nothing_changes_where_they_stand() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let message = opened(&ben, &ada, "What made you laugh?", [ANSWERS[1], ANSWERS[0]]).await?;
        ada.menu(KEEP, message).await?;
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        s.passes(HOUR * 24 * 10).await?;
        let sealed = s.texts(&format!("select words from answers where author = {}", ada.person.id())).await;
        ada.reads();
        ben.reads();
        ada.menu(REMOVE, message).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Remove your words here?** This goes, at once and for good:
        │ - your answer
        │
        │ What @Ben wrote stays. You are no couple any more, so I change nothing in your place, where that would be an alarm: what stands in Discord stays until it is deleted there. It goes from what I keep, and from what @Ben can take along.
        │ The goose and the postman.
        │
        │ -# Not feeling safe? /safety
        [Remove them] [Leave them]
        ");
        ada.click("Remove them").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ Done. What you wrote here is gone from what I keep, for good. In your place nothing was changed: what stands in Discord stays until it is deleted there.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(ben.reads(), "", "no alarm");
        assert_eq!(left(s, &["answers"], &sealed).await.unwrap_or_default(), 0);
        assert_eq!(stand(&ben, ANSWERS[0]), 1);
        let file = exports(&ben).await?.all;
        assert!(!file.contains(ANSWERS[0]) && file.contains(ANSWERS[1]));
        // From the DM, too, as long as it is kept there.
        ada.person.go_dm();
        assert!(ada.run("/kept").await?.says(GONE));
        let (at, _) = ada.button("Let it go")?;
        s.passes(HOUR * 24 * 21).await?;
        assert!(ada.menu(REMOVE, message).await?.says(NOTHING), "all of it is forgotten by then");
        assert!(ada.click_in(at, "Let it go").await?.says("Let go."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_one_keeps_can_be_removed_from_the_dm() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let message = opened(&ada, &ben, "What made you laugh?", ANSWERS).await?;
        ben.menu(KEEP, message).await?;
        ben.person.go_dm();
        ben.run("/kept").await?;
        let asked = ben.click(REMOVE).await?;
        assert!(asked.says("- your answer") && asked.says(ANSWERS[1]), "{}", asked.text());
        assert!(ben.click("Remove them").await?.says(DONE));
        assert_eq!((stand(&ada, ANSWERS[1]), stand(&ada, ANSWERS[0])), (0, 1));
        let page = ben.run("/kept").await?;
        assert!(page.says(GONE) && !ben.message(GONE)?.has_button(REMOVE), "{}", page.text());
        Ok(())
    })
    .await;
}

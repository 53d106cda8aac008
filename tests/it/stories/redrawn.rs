//! Words that somebody removed leave Discord, whatever comes in between; and no more goes than was asked about.

use duet::rehearsal::{FaultKind, Match, SeenMessage};
use jiff::SignedDuration;

use super::conversation::opened;
use super::kept::reveal;
use super::removed::{DONE, GONE, REMOVE, removes, seen, stand};
use crate::story::{Actor, Story, Told, story};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MIRROR: &str = "You carry something alone.";

/// Beside that words were removed, it says nothing that it did not say before.
fn says_nothing_new(before: &SeenMessage, after: &SeenMessage) {
    for line in after.text.lines() {
        assert!(
            [GONE, "No longer on the board."].iter().any(|gone| line.contains(gone)) || before.text.contains(line),
            "new: “{line}” in {after}, after {before}"
        );
    }
}

/// Removes what is theirs there while Discord answers no edit, and leaves before it does.
pub async fn removes_and_leaves(s: &Story, who: &Actor<'_>, message: u64) -> Told {
    who.menu(REMOVE, message).await?;
    // A question goes from its card and from the reveal.
    for _ in 0..2 {
        s.faults().on(Match::new("PATCH", "/messages"), FaultKind::Status { code: 503, before_applying: true });
    }
    assert!(who.click("Remove them").await?.says(DONE));
    who.run("/unpair").await?;
    who.click("Leave").await?;
    Ok(())
}

#[tokio::test]
async fn an_answer_removed_before_the_two_part_leaves_the_reveal_and_nothing_else_changes() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        opened(&ada, &ben).await?;
        let message = reveal(&ada, "The move, and nobody")?;
        let before = seen(&ben, message)?;
        ben.reads();
        removes_and_leaves(s, &ada, message).await?;
        assert_eq!(stand(&ben, "The move, and nobody"), 1, "not yet");
        s.restart().await?;
        s.passes(HOUR).await?;
        let after = seen(&ben, message)?;
        assert!(!after.text.contains("The move, and nobody") && after.text.contains("My father's letters"), "{after}");
        assert_eq!(after.text.matches(GONE).count(), 2, "her question, too: {after}");
        assert_eq!(after.content, before.content);
        let labels =
            |seen: &duet::rehearsal::SeenMessage| seen.buttons.iter().map(|button| button.label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(&after), labels(&before), "no alarm");
        says_nothing_new(&before, &after);
        let read = ben.reads();
        assert!(!read.contains("closed"), "{read}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_said_and_removed_before_the_two_part_leaves_its_sheet() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        let before = seen(&speaks, sheet)?;
        // Said in a pause, it waits for an end that does not come any more.
        listens.run("/pause length:20 min").await?;
        speaks.click_in(sheet, "Nearly").await?.write("Not alone: with too many at once.").await?;
        speaks.reads();
        removes_and_leaves(s, &listens, sheet).await?;
        s.passes(HOUR).await?;
        assert_eq!((stand(&speaks, MIRROR), stand(&listens, MIRROR)), (0, 0));
        assert_eq!(stand(&listens, "too many at once"), 0, "what waited does not come");
        let after = seen(&speaks, sheet)?;
        says_nothing_new(&before, &after);
        assert!(after.text.contains(GONE) && after.has_button("Close"), "{after}");
        assert!(!speaks.reads().contains("closed"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_question_a_passage_and_what_stood_on_the_board_go_from_where_they_stand_too() {
    for which in ["question", "passage", "item"] {
        story(async |s: &Story| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            let words = "Sundays before noon are mine.";
            match which {
                "question" => {
                    ada.run(&format!("/ask question:{words}")).await?;
                }
                "passage" => {
                    ada.run("/reflect now").await?;
                    ada.click("Write").await?.write(words).await?;
                    ada.run("/journal read").await?;
                    ada.click("Share 1").await?.write(words).await?;
                    ada.click("Post it").await?;
                }
                _ => {
                    ada.run(&format!("/board add kind:need text:{words}")).await?;
                }
            }
            let message = reveal(&ada, words)?;
            let before = seen(&ben, message)?;
            removes_and_leaves(s, &ada, message).await?;
            assert_eq!(stand(&ben, words), 1, "not yet");
            s.passes(HOUR).await?;
            let after = seen(&ben, message)?;
            assert!(!after.text.contains(words) && !after.text.contains("closed"), "{after}");
            says_nothing_new(&before, &after);
            assert_eq!((after.content, after.buttons.len()), (before.content, before.buttons.len()));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_removed_after_the_two_parted_changes_nothing_where_it_stands() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, _) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        listens.run("/board add kind:need text:Sundays before noon are mine.").await?;
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        for words in [MIRROR, "Sundays before noon are mine.", "The move, and nobody"] {
            let message = reveal(&ada, words)?;
            let before = seen(&ben, message)?;
            listens.menu(REMOVE, message).await?;
            listens.click("Remove them").await?;
            s.passes(HOUR).await?;
            assert_eq!(seen(&ben, message)?.to_string(), before.to_string(), "{words}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_yes_takes_what_was_asked_about_and_no_more() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        listens.menu(REMOVE, reveal(&listens, MIRROR)?).await?;
        let (at, yes) = listens.button("Remove them")?;
        speaks.click("Nearly").await?.write("Not alone: with too many at once.").await?;
        listens.click("Mirror").await?.write("You carry it with too many.").await?;
        let sheet = reveal(&speaks, "You carry it with too many.")?;
        let done = listens.click_custom(at, &yes).await?;
        assert!(done.says(DONE) && done.says("What you wrote there since I asked you stays."), "{}", done.text());
        let stands = seen(&speaks, sheet)?;
        assert!(stands.text.contains("You carry it with too many.") && !stands.text.contains(MIRROR), "{stands}");
        let again = listens.click_custom(at, &yes).await?;
        assert!(again.says(DONE) && again.says("stays"), "{}", again.text());
        assert_eq!(stand(&speaks, "You carry it with too many."), 1);
        // A button that does not say up to where takes nothing.
        let bare = yes.rsplit_once(':').ok_or("a turn")?.0.to_owned();
        assert!(listens.click_custom(at, &bare).await?.says("older message"));
        removes(&listens, sheet).await?;
        assert_eq!(stand(&speaks, "You carry it with too many."), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_late_removal_does_not_undo_a_newer_edit() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        listens.menu(REMOVE, sheet).await?;
        let held = s.faults().on(Match::new("PATCH", "/messages").with_body("removed by its author"), FaultKind::HoldBefore);
        let meanwhile = async {
            s.faults().reached(held).await;
            let pressed = speaks.click_in(sheet, "That's it").await.map(drop);
            s.faults().release(held);
            pressed
        };
        let (removed, pressed) = tokio::join!(listens.click("Remove them"), meanwhile);
        removed?;
        pressed?;
        let stands = seen(&speaks, sheet)?;
        assert!(stands.text.contains(GONE) && stands.text.contains("That's it, says"), "{stands}");
        assert!(!stands.has_button("That's it"), "{stands}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_late_removal_does_not_undo_a_newer_card() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:What did I ask too soon?").await?;
        let card = reveal(&ada, "What did I ask too soon?")?;
        ada.answers("Mine is in.").await?;
        ada.menu(REMOVE, card).await?;
        let held = s.faults().on(Match::new("PATCH", "/messages").with_body("removed by its author"), FaultKind::HoldBefore);
        let meanwhile = async {
            s.faults().reached(held).await;
            let answered = ben.answers("And mine.").await.map(drop);
            s.faults().release(held);
            answered
        };
        let (removed, answered) = tokio::join!(ada.click("Remove them"), meanwhile);
        removed?;
        answered?;
        let stands = seen(&ben, card)?;
        assert!(stands.text.contains("Both answers are open.") && !stands.has_button("Answer"), "{stands}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn where_duet_was_shut_out_the_words_go_once_it_is_let_in_again() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        let shut = |times: usize| {
            let no_access = serde_json::json!({ "code": 50_001, "message": "Missing Access" });
            for _ in 0..times {
                let answer = FaultKind::Answer { status: 403, body: no_access.clone() };
                s.faults().on(Match::new("PATCH", "/messages"), answer);
            }
        };
        let sheet = reveal(&listens, MIRROR)?;
        shut(2);
        removes(&listens, sheet).await?;
        assert_eq!(stand(&speaks, MIRROR), 1);
        s.restart().await?;
        s.passes(HOUR * 3).await?;
        assert_eq!(stand(&speaks, MIRROR), 0);
        let answers = reveal(&ada, "Two people, two views.")?;
        shut(2);
        removes(&ada, answers).await?;
        s.passes(HOUR * 3).await?;
        assert_eq!(stand(&ben, "The move, and nobody"), 0);
        let need = "Sundays before noon are mine.";
        ada.run(&format!("/board add kind:need text:{need}")).await?;
        shut(2);
        removes(&ada, reveal(&ada, need)?).await?;
        assert_eq!(stand(&ben, need), 1);
        s.passes(HOUR * 3).await?;
        assert_eq!(stand(&ben, need), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn words_removed_while_a_message_with_them_was_on_its_way_go_in_a_pause_and_after_a_farewell_too() {
    for (edits, leaves) in [(true, false), (true, true), (false, false), (false, true)] {
        story(async |s: &Story| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            let (listens, speaks) = opened(&ada, &ben).await?;
            listens.click("Mirror").await?.write(MIRROR).await?;
            let sheet = reveal(&listens, MIRROR)?;
            listens.menu(REMOVE, sheet).await?;
            let (method, new) = if edits { ("PATCH", "That's it, says") } else { ("POST", "Nearly, says") };
            let late = s.faults().on(Match::new(method, "/messages").with_body(new), FaultKind::HoldBefore);
            let press = async {
                if edits {
                    return speaks.click_in(sheet, "That's it").await.map(drop);
                }
                speaks.click_in(sheet, "Nearly").await?.write("Not alone: with too many at once.").await.map(drop)
            };
            let meanwhile = async {
                s.faults().reached(late).await;
                let mut done = listens.click("Remove them").await.map(drop);
                if leaves {
                    listens.run("/unpair").await?;
                    done = done.and(listens.click("Leave").await.map(drop));
                } else {
                    done = done.and(listens.run("/pause length:20 min").await.map(drop));
                }
                s.faults().release(late);
                done
            };
            let (pressed, removed) = tokio::join!(press, meanwhile);
            pressed?;
            removed?;
            s.settle().await?;
            assert_eq!((stand(&speaks, MIRROR), stand(&listens, MIRROR)), (0, 0), "{edits} {leaves}");
            assert_eq!(stand(&speaks, "removed by its author"), 1, "{edits} {leaves}");
            s.passes(HOUR).await?;
            assert_eq!(stand(&speaks, new), 1, "{edits} {leaves}");
            assert_eq!(stand(&speaks, "removed by its author"), 1, "{edits} {leaves}");
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn an_older_message_goes_once_duet_is_let_in_again() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        let no_access = serde_json::json!({ "code": 50_001, "message": "Missing Access" });
        s.faults().on(Match::new("DELETE", "/messages"), FaultKind::Answer { status: 403, body: no_access });
        speaks.click("Nearly").await?.write("Not alone: with too many at once.").await?;
        assert_eq!(stand(&speaks, MIRROR), 2, "not yet");
        s.restart().await?;
        s.passes(HOUR * 2).await?;
        assert_eq!(stand(&speaks, MIRROR), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn where_duet_stays_shut_out_it_knocks_for_a_month() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, _) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        let no_access = serde_json::json!({ "code": 50_001, "message": "Missing Access" });
        for _ in 0..3 {
            s.faults().on(Match::new("PATCH", "/messages"), FaultKind::Answer { status: 403, body: no_access.clone() });
        }
        removes(&listens, reveal(&listens, MIRROR)?).await?;
        let given_up = async || s.database().texts("select failure from outbox where state = 'never'").await;
        s.passes(HOUR + MINUTE).await?;
        assert_eq!(given_up().await, Vec::<String>::new());
        let month = 30 * 24 * 3_600_000_i64;
        let long_ago = format!("update outbox set first_attempt_at = first_attempt_at - {month} where state = 'waiting'");
        s.database().run(&long_ago).await;
        s.passes(HOUR + MINUTE).await?;
        assert_eq!(given_up().await, ["missing_access"]);
        s.passes(HOUR * 2).await?;
        assert_eq!(stand(&listens, MIRROR), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_sheet_that_may_not_be_edited_is_held_and_told() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.click("Mirror").await?.write(MIRROR).await?;
        let no_access = serde_json::json!({ "code": 50_001, "message": "Missing Access" });
        s.faults().on(Match::new("PATCH", "/messages"), FaultKind::Answer { status: 403, body: no_access });
        speaks.click("That's it").await?;
        assert!(listens.message("I couldn't post in your channel").is_ok());
        s.passes(HOUR * 2).await?;
        assert_eq!(stand(&listens, "That's it, says"), 1);
        Ok(())
    })
    .await;
}

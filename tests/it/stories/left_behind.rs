//! What of a conversation stays where the two do not live any more, and what comes along.

use jiff::SignedDuration;

use super::conversation::{calls, opened, writes};
use super::kept::reveal;
use super::redrawn::removes_and_leaves;
use super::removed::{GONE, seen, stand};
use super::standing::{MIRROR, NEARLY, both_press, onlooker};
use crate::story::{Actor, Story, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const AGAIN: &str = "You carry it with too many.";

/// In how many messages of this person's DM with Duet it stands, and in how many elsewhere.
fn in_dm(person: &Actor<'_>, words: &str) -> (usize, usize) {
    let screen = person.person.screen();
    let found = || screen.iter().filter(|seen| !seen.private && seen.text.contains(words));
    (found().filter(|seen| seen.place == "DM").count(), found().filter(|seen| seen.place != "DM").count())
}

#[tokio::test]
async fn a_late_removal_brings_nothing_to_where_they_talked_before() {
    for onlooks in [true, false] {
        story(async |s: &Story| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            let (listens, speaks) = opened(&ada, &ben).await?;
            writes(&listens, "Mirror", MIRROR).await?;
            let old = reveal(&listens, MIRROR)?;
            let cleo = onlooker(s).await?;
            if onlooks {
                speaks.click("Nearly").await?.write(NEARLY).await?;
                both_press(&listens, &speaks, "Send to both by DM").await?;
            } else {
                both_press(&ada, &ben, "Move to our DMs").await?;
                speaks.click("Nearly").await?.write(NEARLY).await?;
            }
            writes(&listens, "Mirror", AGAIN).await?;
            assert_eq!((in_dm(&speaks, NEARLY), in_dm(&speaks, AGAIN)), ((1, 0), (1, 0)));
            removes_and_leaves(s, &listens, reveal(&listens, AGAIN)?).await?;
            s.passes(HOUR).await?;
            let left = seen(&speaks, old)?;
            assert!(left.text.contains(GONE) && !left.text.contains(MIRROR) && !left.text.contains(NEARLY), "{left}");
            assert!(!cleo.ever_saw(NEARLY));
            assert_eq!(in_dm(&speaks, NEARLY), (1, 0));
            assert_eq!(stand(&speaks, AGAIN), 0);
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_was_said_before_it_was_closed_in_a_pause_comes_where_the_two_live_by_then() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        ada.run("/pause length:1 h").await?;
        speaks.click_in(sheet, "Nearly").await?.write(NEARLY).await?;
        speaks.click_in(sheet, "Close").await?;
        both_press(&ada, &ben, "Move to our DMs").await?;
        assert_eq!(stand(&listens, NEARLY), 0);
        s.passes(HOUR).await?;
        for person in [&ada, &ben] {
            assert_eq!(in_dm(person, NEARLY), (1, 0), "{}", person.name());
        }
        assert_eq!((calls(&listens), calls(&speaks)), (0, 1), "it is over");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_held_when_it_was_closed_comes_into_their_next_channel() {
    for waits in [false, true] {
        story(async |s: &Story| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            let (listens, speaks) = opened(&ada, &ben).await?;
            writes(&listens, "Mirror", MIRROR).await?;
            let sheet = reveal(&listens, MIRROR)?;
            let cleo = onlooker(s).await?;
            speaks.click("Nearly").await?.write(NEARLY).await?;
            listens.click_in(sheet, "Close").await?;
            for person in [&ada, &ben] {
                person.person.go_dm();
            }
            s.home.delete_channel(&s.place());
            ada.hears("I can't find your channel any more").await?;
            if waits {
                s.passes(HOUR * 3).await?;
            }
            both_press(&ada, &ben, "Make our channel").await?;
            s.passes(HOUR * 2).await?;
            for words in [MIRROR, NEARLY] {
                assert_eq!((stand(&ada, words), stand(&ben, words)), (1, 1), "{words}");
            }
            assert!(!cleo.ever_saw(NEARLY));
            Ok(())
        })
        .await;
    }
}

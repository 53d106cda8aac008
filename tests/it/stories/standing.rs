//! What stands of a conversation, and where: in a pause, in another home, held, deleted.

use duet::rehearsal::{FaultKind, Match};
use jiff::SignedDuration;

use super::conversation::{calls, opened, writes};
use super::kept::reveal;
use super::mine::exports;
use super::removed::stand;
use crate::story::{Actor, Story, Told, story};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const KEEP: &str = "Keep this";
const HELD: &str = "I'm holding something back";
pub const MIRROR: &str = "You carry something alone.";
pub const NEARLY: &str = "Not alone: with too many at once.";

pub async fn both_press(one: &Actor<'_>, other: &Actor<'_>, button: &str) -> Told {
    one.click(button).await?;
    other.click(button).await?;
    Ok(())
}

/// Somebody else can see the couple's channel.
pub async fn onlooker(s: &Story) -> Told<Actor<'_>> {
    let cleo = s.person("Cleo");
    s.home.allow_view(&s.place(), &cleo.person);
    cleo.person.go(&s.place());
    s.bot_has_heard().await?;
    Ok(cleo)
}

pub async fn alone_again(s: &Story, onlooker: &Actor<'_>) -> Told {
    s.home.clear_overwrite(&s.place(), &onlooker.person);
    s.bot_has_heard().await?;
    s.passes(HOUR * 2).await
}

// ---- In a pause ----

#[tokio::test]
async fn what_was_written_in_a_pause_is_on_no_page_and_in_no_file_of_the_other_before_it_ends() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        listens.menu(KEEP, sheet).await?;
        speaks.menu(KEEP, sheet).await?;
        listens.run("/pause length:1 h").await?;
        speaks.click_in(sheet, "Nearly").await?.write(NEARLY).await?;

        let page = listens.run("/kept").await?;
        assert!(page.says(MIRROR) && !page.says(NEARLY) && !page.says("once more what you heard"), "{}", page.text());
        let file = exports(&listens).await?.all;
        assert!(file.contains(MIRROR) && !file.contains(NEARLY), "{file}");
        let form = listens.click("Mirror").await?.modal()?;
        assert!(form.texts().iter().all(|text| !text.contains(NEARLY)), "{:?}", form.texts());
        assert!(!listens.ever_saw(NEARLY));
        // One's own is one's own.
        assert!(speaks.run("/kept").await?.says(NEARLY));
        assert!(exports(&speaks).await?.all.contains(NEARLY));

        s.passes(HOUR).await?;
        assert_eq!(stand(&listens, NEARLY), 1);
        assert!(listens.run("/kept").await?.says(NEARLY));
        assert!(exports(&listens).await?.all.contains(NEARLY));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn that_it_was_closed_in_a_pause_is_on_no_page_before_it_ends() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        listens.menu(KEEP, sheet).await?;
        speaks.run("/pause length:20 min").await?;
        speaks.click_in(sheet, "Close").await?;
        let page = listens.run("/kept").await?;
        assert!(page.says(MIRROR) && !page.says("closed"), "{}", page.text());
        s.passes(MINUTE * 20).await?;
        assert!(listens.run("/kept").await?.says("This conversation is closed"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn old_buttons_and_pages_do_not_tell_what_was_closed_in_a_pause() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let stale = listens.button("Mirror")?;
        writes(&listens, "Mirror", MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        let page = speaks.click_in(sheet, "Nearly").await?;
        listens.run("/pause length:20 min").await?;
        listens.click_in(sheet, "Close").await?;
        let back = page.write(NEARLY).await?;
        assert!(back.says("You two are in a pause until") && !back.says("closed"), "{}", back.text());
        for label in ["Nearly", "We said it aloud", "Skip", "Softer"] {
            let here = speaks.click_in(sheet, label).await?;
            assert!(here.says("You two are in a pause until") && !here.says("closed"), "{label}: {}", here.text());
        }
        assert!(!speaks.person.screen().iter().any(|seen| seen.has_button("Lighter")));
        s.passes(MINUTE * 20).await?;
        let here = speaks.click_custom(stale.0, &stale.1).await?;
        assert!(here.says("This conversation is closed"), "{}", here.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn two_turns_of_one_part_that_wait_for_the_same_moment_leave_one_message() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.run("/pause length:20 min").await?;
        listens.click("Skip").await?;
        speaks.click("Mirror").await?.write(MIRROR).await?;
        // Both come due in one moment, and the first one to go would leave a message of its own.
        s.passes(MINUTE * 20).await?;
        let removals = s.texts("select body from outbox where body like '%sheet_removal%'").await;
        assert_eq!(removals, Vec::<String>::new(), "one was posted, and no other");
        assert_eq!((stand(&ada, MIRROR), stand(&ben, MIRROR)), (1, 1));
        assert_eq!((calls(&listens), calls(&speaks)), (1, 0));
        listens.click("That's it").await?;
        assert_eq!(stand(&ada, MIRROR), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_press_on_what_was_posted_a_moment_ago_leaves_one_message() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        // It stands, and Duet has not heard so yet.
        let held = s.faults().on(Match::new("POST", "/messages").with_body("Your turn"), FaultKind::HoldAfter);
        let press = async {
            s.faults().reached(held).await;
            let pressed = writes(&speaks, "Nearly", NEARLY).await;
            s.faults().release(held);
            pressed
        };
        let (written, pressed) = tokio::join!(writes(&listens, "Mirror", MIRROR), press);
        written?;
        pressed?;
        s.settle().await?;
        for person in [&ada, &ben] {
            assert_eq!((stand(person, MIRROR), stand(person, NEARLY)), (1, 1));
        }
        // What is new comes to stand in that one.
        writes(&listens, "Mirror", "You carry it with too many.").await?;
        speaks.click("Skip").await?;
        for words in [MIRROR, NEARLY, "You carry it with too many."] {
            assert_eq!(stand(&ada, words), 1, "{words}");
        }
        Ok(())
    })
    .await;
}

// ---- Elsewhere ----

#[tokio::test]
async fn where_we_are_leads_to_what_stands_and_brings_what_does_not() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let stale = speaks.button("We said it aloud")?;
        writes(&listens, "Mirror", MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        let link = format!("https://discord.com/channels/{}/{}/{sheet}", s.home.id(), s.place().id());
        assert!(speaks.click_custom(stale.0, &stale.1).await?.says(&link));
        s.home.delete_message(sheet);
        listens.click_custom(stale.0, &stale.1).await?;
        let here = listens.message(MIRROR)?;
        assert!(here.private && here.has_button("We said it aloud") && here.has_button("Close"), "{here}");
        for label in ["That's it", "Nearly", "There's more", "Skip"] {
            assert!(!here.has_button(label), "not theirs: {here}");
        }
        assert!(!speaks.click_custom(stale.0, &stale.1).await?.says("It goes on here"));
        let here = speaks.message(MIRROR)?;
        assert!(here.private && here.has_button("That's it") && here.has_button("Skip"), "{here}");
        speaks.click("That's it").await?;
        writes(&speaks, "Mirror", "There is something unopened.").await?;
        assert_eq!(stand(&listens, "There is something unopened."), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_conversation_moves_along_with_its_home_and_back() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let stale = speaks.button("We said it aloud")?;
        writes(&listens, "Mirror", MIRROR).await?;
        let before = reveal(&ada, MIRROR)?;
        both_press(&ada, &ben, "Move to our DMs").await?;
        s.restart().await?;
        for person in [&ada, &ben] {
            let places: Vec<_> = person.person.screen().into_iter().filter(|seen| seen.text.contains(MIRROR)).collect();
            assert!(places.iter().any(|seen| seen.place == "DM"), "it goes on in the DM");
        }
        assert_eq!(calls(&speaks), 2, "called where it goes on");
        let here = speaks.click_custom(stale.0, &stale.1).await?;
        assert!(here.says("https://discord.com/channels/@me/"), "{}", here.text());
        // What is new comes to both where they are now, and not to where they were.
        speaks.person.go_dm();
        listens.person.go_dm();
        writes(&speaks, "There's more", "And there is the garden.").await?;
        for person in [&ada, &ben] {
            let new: Vec<_> =
                person.person.screen().into_iter().filter(|seen| seen.text.contains("And there is the garden.")).collect();
            assert!(new.len() == 1 && new[0].place == "DM", "{new:?}");
        }
        writes(&listens, "Mirror", "You carry it with a garden.").await?;
        speaks.click("That's it").await?;
        for person in [&ada, &ben] {
            let noted: Vec<_> = person.person.screen().into_iter().filter(|seen| seen.text.contains("That's it, says")).collect();
            assert!(noted.len() == 1 && noted[0].place == "DM", "an edit comes there, too: {noted:?}");
        }
        let left = ada.person.screen().into_iter().find(|seen| seen.id == before).ok_or("it stays where it was")?;
        assert!(left.text.contains(MIRROR) && !left.text.contains("garden"), "{left}");

        both_press(&ada, &ben, "Make our channel").await?;
        let living =
            speaks.person.screen().into_iter().rev().find(|seen| !seen.private && seen.has_button("Mirror")).ok_or("a sheet")?;
        assert_eq!(living.place, "#our-place");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_the_end_of_a_pause_comes_where_the_two_live_by_then() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        ada.run("/pause length:1 h").await?;
        speaks.click_in(sheet, "Nearly").await?.write(NEARLY).await?;
        ada.click_in(ada.message("This is your place.")?.id, "Move to our DMs").await?;
        ben.click_in(ben.message("This is your place.")?.id, "Move to our DMs").await?;
        assert_eq!(stand(&listens, NEARLY), 0);
        s.passes(HOUR).await?;
        for person in [&ada, &ben] {
            let seen: Vec<_> = person.person.screen().into_iter().filter(|seen| seen.text.contains(NEARLY)).collect();
            assert!(seen.len() == 1 && seen[0].place == "DM", "{seen:?}");
            assert!(!person.ever_saw("I couldn't post in your channel"), "nothing is wrong with a place that they left");
        }
        assert_eq!(calls(&listens), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_both_wanted_it_by_dm_posts_and_edits_go_there_alone() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let old = reveal(&listens, MIRROR)?;
        let cleo = onlooker(s).await?;
        speaks.click("Nearly").await?.write(NEARLY).await?;
        for person in [&listens, &speaks] {
            person.message("Send to both by DM")?;
            person.click("Send to both by DM").await?;
        }
        let in_dms = |words: &str| {
            [&listens, &speaks].map(|person| {
                let seen = person.person.screen();
                let found: Vec<_> = seen.iter().filter(|seen| !seen.private && seen.text.contains(words)).collect();
                found.len() == 1 && found[0].place == "DM"
            })
        };
        assert_eq!(in_dms(NEARLY), [true, true]);
        writes(&listens, "Mirror", "You carry it with too many.").await?;
        // In the same turn it is edited, and when that passes posted anew.
        speaks.click("That's it").await?;
        assert_eq!(in_dms("That's it, says"), [true, true]);
        writes(&speaks, "Mirror", "There is something to open.").await?;
        listens.click("That's it").await?;
        writes(&listens, "Appreciate", "You waited for me.").await?;
        for words in [NEARLY, "You carry it with too many.", "There is something to open.", "You waited for me."] {
            assert_eq!(in_dms(words), [true, true], "{words}");
            assert!(!cleo.ever_saw(words));
        }
        let left = ada.person.screen().into_iter().find(|seen| seen.id == old).ok_or("it stays where it was")?;
        assert!(left.text.contains(MIRROR) && left.has_button("That's it"), "{left}");
        Ok(())
    })
    .await;
}

// ---- Held ----

#[tokio::test]
async fn a_press_while_a_part_is_held_says_so_and_all_of_it_comes_in_the_end() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let sheet = reveal(&listens, MIRROR)?;
        let confirm = speaks.button("That's it")?;
        listens.menu(KEEP, sheet).await?;
        let cleo = onlooker(s).await?;
        speaks.click("Nearly").await?.write(NEARLY).await?;
        let stale = speaks.click_custom(confirm.0, &confirm.1).await?;
        assert!(stale.says(HELD) && stale.says("Send to both by DM") && !stale.says("It goes on here"), "{}", stale.text());
        assert!(!listens.run("/kept").await?.says(NEARLY) && !exports(&listens).await?.all.contains(NEARLY));
        // Whose turn it is goes on, by the button of what stands.
        listens.click("Mirror").await?.write("You carry it with too many.").await?;
        s.restart().await?;
        assert_eq!(stand(&speaks, NEARLY), 0);
        assert!(!cleo.ever_saw(NEARLY) && !cleo.ever_saw("You carry it with too many."));
        alone_again(s, &cleo).await?;
        for words in [MIRROR, NEARLY, "You carry it with too many."] {
            assert_eq!((stand(&ada, words), stand(&ben, words)), (1, 1), "{words}");
        }
        assert!(speaks.message("You carry it with too many.")?.has_button("That's it"));
        assert!(exports(&listens).await?.all.contains(NEARLY));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn words_held_on_a_part_that_is_past_come_too() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let cleo = onlooker(s).await?;
        speaks.click("Nearly").await?.write(NEARLY).await?;
        // The listener lets a day pass, and the other goes on.
        s.passes(DAY).await?;
        speaks.click("Mirror").await?.write("There is something unopened.").await?;
        alone_again(s, &cleo).await?;
        for words in [MIRROR, NEARLY, "There is something unopened."] {
            assert_eq!((stand(&ada, words), stand(&ben, words)), (1, 1), "{words}");
        }
        assert!(!cleo.ever_saw(NEARLY) && !cleo.ever_saw("something unopened"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn several_parts_that_were_held_when_it_ended_all_come_once_and_call_nobody() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let cleo = onlooker(s).await?;
        listens.click("Skip").await?;
        speaks.click("Mirror").await?.write(MIRROR).await?;
        s.passes(DAY).await?;
        listens.click("Appreciate").await?.write("You waited for me.").await?;
        speaks.click("Appreciate").await?.write("You told me about the shelf.").await?;
        s.restart().await?;
        listens.click("Close").await?;
        assert!(!cleo.ever_saw(MIRROR) && stand(&ada, MIRROR) == 0);
        alone_again(s, &cleo).await?;
        for words in [MIRROR, "You waited for me.", "You told me about the shelf.", "This conversation is closed, and you can"] {
            assert_eq!((stand(&ada, words), stand(&ben, words)), (1, 1), "{words}");
        }
        assert_eq!((calls(&ada), calls(&ben)), (0, 0), "it is over");
        let pressable = |seen: &&duet::rehearsal::SeenMessage| {
            !seen.private && (seen.has_button("That's it") || seen.has_button("Ask for one thing"))
        };
        let screen = ada.person.screen();
        let found: Vec<_> = screen.iter().filter(pressable).map(ToString::to_string).collect();
        assert!(found.is_empty(), "{found:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_softer_word_comes_only_where_the_two_are_alone() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", MIRROR).await?;
        let cleo = onlooker(s).await?;
        speaks.click("Softer").await?;
        speaks.click("I see my part").await?;
        assert!(!cleo.ever_saw("sees a part of this"));
        assert_eq!(stand(&listens, "sees a part of this as their own."), 0);
        alone_again(s, &cleo).await?;
        assert_eq!(stand(&listens, "sees a part of this as their own."), 1);
        assert!(!cleo.ever_saw("sees a part of this"));
        Ok(())
    })
    .await;
}

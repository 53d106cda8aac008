//! What people type in the DM with the bot: kept while a reflection is open, asked about while none is.

use duet::rehearsal::{Beside, FaultKind, Match};
use jiff::SignedDuration;

use crate::engines::{disk, own_part, remains};
use crate::story::{Actor, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const KEPT: &str = "In your journal.";
const QUESTION: &str = "Keep in my journal?";
const STAYS: &str = "What you typed stays in this chat until you delete it there. `Write` leaves no words here.";

/// Somebody in the DM with the bot, with a reflection open.
async fn reflecting<'s>(s: &'s Story, name: &str) -> Told<Actor<'s>> {
    let who = s.person(name);
    who.person.go_dm();
    who.run("/reflect now practice:values").await?;
    Ok(who)
}

/// The words of each entry, newest first, as `/journal read` shows them.
async fn journal(who: &Actor<'_>) -> Told<Vec<String>> {
    let page = who.run("/journal read").await?.heard.private()?;
    let entries = page.embeds.iter().filter(|text| text.starts_with("**"));
    let words = entries.filter_map(|text| text.split_once('\n')).map(|(_, words)| words);
    Ok(words.map(|words| words.split("\n\n-# Not feeling safe?").next().unwrap_or_default().to_owned()).collect())
}

fn ticked(who: &Actor<'_>, message: u64) -> bool {
    who.person.screen().iter().any(|seen| seen.id == message && seen.text.ends_with("\n✅ 1"))
}

#[tokio::test]
async fn what_is_typed_while_a_reflection_is_open_is_one_entry_with_a_tick_for_each_message() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        nora.reads();
        nora.types("The harbour at six.").await?;
        reads!(nora.reads(), @r"
        — DM · Duet reacted with ✅ —
        — DM · Duet —
        │ **In your journal.** What has a tick is in it. Only you can read it, with `/journal read`.
        │ What you typed stays in this chat until you delete it there. `Write` leaves no words here.
        [Undo]
        ");
        s.restart().await?;
        let second = nora.types("Nobody calls before eight.").await?;
        s.passes(MINUTE).await?;
        assert!(ticked(&nora, second));
        let reply = nora.sends("And the ferry is late.", &Beside::Reply(second)).await?;
        s.passes(MINUTE).await?;
        assert!(ticked(&nora, reply));
        s.restart().await?;
        assert_eq!(journal(&nora).await?, ["The harbour at six.\nNobody calls before eight.\nAnd the ferry is late."]);
        nora.run("/journal read practice:values").await?;
        assert_eq!((nora.sees(KEPT), nora.sees(QUESTION)), (1, 0));
        assert_eq!(nora.person.notifications().len(), 1, "{:?}", nora.person.notifications());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn undo_takes_back_all_of_an_entry_and_what_is_typed_next_begins_another() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        let typed = [nora.types("Something I will regret.").await?, nora.types("And more of that kind.").await?];
        s.passes(MINUTE).await?;
        assert!(typed.iter().all(|message| ticked(&nora, *message)));
        s.restart().await?;
        let (card, undo) = nora.button("Undo")?;
        let undone = nora.click("Undo").await?.text();
        assert_eq!(undone, format!("│ Done. One entry is gone, for good.\n│ {STAYS}"));
        s.passes(MINUTE).await?;
        assert!(!typed.iter().any(|message| ticked(&nora, *message)));
        let again = nora.click_custom(card, &undo).await?.text();
        assert_eq!(again, "│ There is nothing of it in your journal any more.");
        assert_eq!((s.count("entries").await, s.count("typed").await), (0, 0));

        let third = nora.types("A calmer thought.").await?;
        assert_eq!(nora.sees(KEPT), 1);
        assert!(ticked(&nora, third));
        assert_eq!(journal(&nora).await?, ["A calmer thought."]);
        // The same from the journal.
        nora.click("Delete 1").await?;
        assert!(nora.click("Delete it").await?.says(STAYS));
        s.passes(MINUTE).await?;
        assert!(!ticked(&nora, third));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_reflection_takes_words_for_a_day_or_until_it_is_stopped() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        s.passes(HOUR * 24 - MINUTE).await?;
        nora.types("In the last minute of it.").await?;
        assert_eq!((nora.sees(KEPT), nora.sees(QUESTION)), (1, 0));
        s.passes(MINUTE).await?;
        nora.types("A minute too late for that.").await?;
        assert_eq!((nora.sees(KEPT), nora.sees(QUESTION)), (1, 1));
        nora.run("/reflect now").await?;
        let stopped = nora.run("/reflect stop").await?.text();
        assert!(stopped.contains("The reflection has ended: what you type in our DM is not kept from now on"), "{stopped}");
        s.restart().await?;
        s.passes(HOUR).await?;
        nora.types("After the end of it.").await?;
        assert_eq!((nora.sees(KEPT), nora.sees(QUESTION)), (1, 2));
        assert!(nora.run("/reflect stop").await?.says("Nothing was planned, and no reflection was open."));
        assert_eq!(journal(&nora).await?, ["In the last minute of it."]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_none_open_nothing_is_stored_before_the_yes() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        nora.reads();
        nora.types("I woke up before the gulls.").await?;
        nora.types("It was quite all right.").await?;
        reads!(nora.reads(), @r"
        — DM · Duet —
        │ **Keep in my journal?** What you typed is stored nowhere but in this chat, unless you say so. `/reflect now` begins a reflection; what you type after it is kept.
        [*Keep it*] [No, thanks]
        ");
        assert_eq!((s.count("entries").await, s.count("typed").await, s.count("keys").await), (0, 0, 0));
        s.restart().await?;
        s.passes(HOUR / 2).await?;
        let third = nora.types("Half an hour later.").await?;
        assert_eq!(nora.sees(QUESTION), 1);
        let kept = nora.click("Keep it").await?.text();
        assert!(kept.contains(KEPT) && kept.contains(STAYS), "{kept}");
        s.passes(MINUTE).await?;
        assert!(ticked(&nora, third));
        assert_eq!(nora.sees(QUESTION), 0, "its card says what became of it");
        let whole = "I woke up before the gulls.\nIt was quite all right.\nHalf an hour later.";
        assert_eq!(journal(&nora).await?, [whole]);
        // What is typed now is another question.
        nora.types("One more thing.").await?;
        assert_eq!(nora.sees(QUESTION), 1);
        assert!(nora.click("No, thanks").await?.says("Not kept."));
        nora.types("And nobody asks about this.").await?;
        assert_eq!(nora.sees(QUESTION), 0, "a no stands for the hour");
        s.passes(HOUR).await?;
        nora.types("Another hour, another question.").await?;
        assert_eq!(nora.sees(QUESTION), 1);
        assert_eq!(journal(&nora).await?, [whole]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn two_presses_of_keep_it_keep_it_once() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        nora.types("Only once, please.").await?;
        let (card, keep) = nora.button("Keep it")?;
        let (one, other) = nora.click_twice("Keep it").await?;
        let calm = |text: &str| text.contains(KEPT) || text.contains("It is in your journal already");
        assert!(calm(&one.text()) && calm(&other.text()), "{}\n{}", one.text(), other.text());
        assert!(nora.click_custom(card, &keep).await?.says("It is in your journal already"));
        assert_eq!(journal(&nora).await?, ["Only once, please."]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn when_the_words_cannot_be_read_for_the_yes_it_is_said_and_nothing_is_lost() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        let typed = nora.types("Here now, gone later.").await?;
        s.faults().on(Match::new("GET", "/messages"), FaultKind::Status { code: 500, before_applying: true });
        let reply = nora.click("Keep it").await?;
        assert!(reply.says("Discord did not show me what you typed just now. Nothing was kept"), "{}", reply.text());
        assert_eq!(nora.sees(QUESTION), 1, "it can be pressed again");
        s.faults().on(Match::new("GET", "/messages"), FaultKind::Delay(std::time::Duration::from_secs(4)));
        assert!(nora.click("Keep it").await?.says("Discord did not show me"), "well within three seconds");
        nora.deletes(typed).await?;
        assert!(nora.click("Keep it").await?.says("not in this chat any more, so there was nothing to keep"));
        assert_eq!(s.count("entries").await, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fifty_messages_in_a_minute_are_one_question_or_one_entry_with_one_card() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        let lines: Vec<String> = (1..=50).map(|number| format!("Line {number:02} of a long morning.")).collect();
        for line in &lines {
            nora.types(line).await?;
            s.passes(SignedDuration::from_secs(1)).await?;
        }
        assert_eq!((nora.sees(QUESTION), nora.person.notifications().len()), (1, 1));
        nora.click("Keep it").await?;
        assert_eq!(journal(&nora).await?, [lines.join("\n")]);
        assert_eq!(nora.sees(KEPT), 1);

        nora.run("/reflect now").await?;
        for line in &lines {
            nora.types(line).await?;
        }
        s.passes(MINUTE).await?;
        assert_eq!(journal(&nora).await?, [lines.join("\n"), lines.join("\n")]);
        assert_eq!((nora.sees(KEPT), nora.sees(QUESTION)), (2, 0));
        assert_eq!(nora.sees("✅ 1"), 100);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_burst_longer_than_a_page_of_the_history_is_asked_about_again() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        for number in 1..=120 {
            nora.person.says(&nora.person.dm(), &format!("Verse {number:03} of it.")).await?;
        }
        s.heard_all().await?;
        nora.click("Keep it").await?;
        assert_eq!(nora.sees(QUESTION), 1);
        nora.click("Keep it").await?;
        let all = journal(&nora).await?;
        assert_eq!(all.iter().map(|entry| entry.lines().count()).collect::<Vec<_>>(), [20, 100]);
        assert!(all[0].ends_with("Verse 120 of it.") && all[1].starts_with("Verse 001 of it."));
        assert_eq!(nora.sees(QUESTION), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn four_thousand_characters_are_an_entry_and_one_more_begins_the_next() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        let long = "🙂é".repeat(1_333) + "!";
        nora.types(&long).await?;
        assert_eq!(nora.sees(KEPT), 1);
        nora.types("…").await?;
        assert_eq!(nora.sees(KEPT), 2, "each entry has its card");
        nora.types("More of it, in the second.").await?;
        assert_eq!(nora.sees(KEPT), 2);
        assert_eq!(journal(&nora).await?, ["…\nMore of it, in the second.".to_owned(), long.clone()]);
        nora.click("Undo").await?;
        assert_eq!(journal(&nora).await?, [long]);

        let ben = s.person("Ben");
        ben.person.go_dm();
        for letter in ["a", "b", "c"] {
            ben.types(&letter.repeat(3_000)).await?;
        }
        ben.click("Keep it").await?;
        assert_eq!((ben.sees(KEPT), s.count("entries").await), (3, 4));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whatever_is_typed_is_read_as_it_was_typed() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        let typed = [
            "שלום, זה בוקר שקט \u{202e}abc\u{202c}",
            "\u{200b}\u{200d}\u{2060}",
            "**not** _my_ ||words|| `code` > # [a](https://b.example)",
            "👩‍👩‍👧‍👦🏳️‍🌈é̷",
            "one\n\n\n  two\r",
        ];
        for text in typed {
            nora.types(text).await?;
        }
        s.restart().await?;
        // Discord itself takes white space from the ends of a message.
        assert_eq!(journal(&nora).await?, [typed.map(str::trim).join("\n")]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_edit_edits_the_entry_and_a_preview_of_a_link_does_nothing() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        let first = nora.types("The first of three.").await?;
        let second = nora.types("https://example.invalid/ 🙂 with a link").await?;
        nora.types("The third of three.").await?;
        s.rehearsal.previews_link(second).await;
        s.heard_all().await?;
        s.restart().await?;
        nora.edits(second, "No link, after all 🙃").await?;
        nora.edits(first, "First, edited twice").await?;
        nora.edits(first, "1").await?;
        assert_eq!(journal(&nora).await?, ["1\nNo link, after all 🙃\nThe third of three."]);
        nora.reads();
        nora.edits(second, &"long".repeat(1_000)).await?;
        let read = nora.reads();
        reads!(read.rsplit("— DM · Duet —\n").next().unwrap_or_default(), @r"
        │ Your edit is longer than the entry has room for (4,000 characters). Your journal keeps what was there before; shorten the message, or send the rest as another.
        ");
        assert_eq!(journal(&nora).await?, ["1\nNo link, after all 🙃\nThe third of three."]);
        nora.edits(second, "Short again.").await?;
        assert_eq!(journal(&nora).await?, ["1\nShort again.\nThe third of three."]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_edit_before_the_yes_is_what_is_kept_and_of_what_was_not_kept_nothing_is_said() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        let typed = nora.types("The first wording of it.").await?;
        nora.edits(typed, "The second wording of it.").await?;
        let gone = nora.types("This one is deleted at once.").await?;
        nora.deletes(gone).await?;
        assert_eq!(nora.person.notifications().len(), 1, "the question alone");
        nora.click("Keep it").await?;
        assert_eq!(journal(&nora).await?, ["The second wording of it."]);
        assert_eq!(nora.sees(QUESTION), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deletion_in_the_chat_asks_once_and_takes_from_the_entry_what_was_deleted() {
    story(async |s: &Story| {
        const ASKED: &str = "You deleted that here. It is still in your journal.";
        let nora = reflecting(s, "Nora").await?;
        let mut typed = Vec::new();
        for line in ["One, which goes.", "Two, which stays.", "Three, which goes."] {
            typed.push(nora.types(line).await?);
        }
        nora.deletes(typed[0]).await?;
        s.restart().await?;
        nora.deletes(typed[2]).await?;
        assert_eq!(nora.sees(ASKED), 1);
        assert_eq!(journal(&nora).await?, ["One, which goes.\nTwo, which stays.\nThree, which goes."]);
        let (card, delete) = nora.button("Delete it there, too")?;
        let receipt = nora.click("Delete it there, too").await?.text();
        assert!(receipt.contains("The rest of that entry is still there.") && !receipt.contains(STAYS), "{receipt}");
        assert_eq!(journal(&nora).await?, ["Two, which stays."]);
        assert!(nora.click_custom(card, &delete).await?.says("There is nothing of it in your journal any more."));
        assert_eq!(journal(&nora).await?, ["Two, which stays."]);

        nora.deletes(typed[1]).await?;
        assert!(nora.click("Keep it").await?.says("It stays in your journal"));
        assert_eq!(journal(&nora).await?, ["Two, which stays."]);
        let last = nora.types("Four, with two.").await?;
        nora.deletes(last).await?;
        nora.click("Delete it there, too").await?;
        assert_eq!(journal(&nora).await?, ["Two, which stays."], "what was kept stays kept");

        nora.click("Undo").await?;
        let alone = nora.types("Five, all alone.").await?;
        nora.deletes(alone).await?;
        nora.click("Delete it there, too").await?;
        assert_eq!((s.count("entries").await, s.count("typed").await), (0, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn only_words_are_kept_and_it_is_said_once_in_an_hour() {
    story(async |s: &Story| {
        const ONLY: &str = "I keep words, and nothing else";
        let nora = reflecting(s, "Nora").await?;
        let plain = nora.types("A plain line first.").await?;
        nora.sends("With a picture of the pier.", &Beside::File("pier.png")).await?;
        nora.sends("", &Beside::File("voice-message.ogg")).await?;
        nora.sends("", &Beside::Sticker("A waving seal")).await?;
        s.restart().await?;
        nora.sends("", &Beside::Poll("Tea or coffee?")).await?;
        nora.sends("", &Beside::Forward(plain)).await?;
        assert_eq!(nora.sees(ONLY), 1);
        assert_eq!(journal(&nora).await?, ["A plain line first.\nWith a picture of the pier."]);
        s.passes(HOUR).await?;
        nora.sends("", &Beside::Sticker("The seal again")).await?;
        assert_eq!(nora.sees(ONLY), 2);

        // With no reflection open: refused as politely, and nothing to ask about.
        let ben = s.person("Ben");
        ben.sends("", &Beside::File("boat.jpg")).await?;
        assert_eq!((ben.sees(ONLY), ben.sees(QUESTION)), (1, 0));
        ben.sends("But a word with it.", &Beside::Sticker("An anchor")).await?;
        ben.click("Keep it").await?;
        ben.person.go_dm();
        assert_eq!(journal(&ben).await?, ["But a word with it."]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_a_bot_says_is_nothing() {
    story(async |s: &Story| {
        let bot = s.rehearsal.other_bot("Parrot");
        bot.says(&bot.dm(), "Polly wants a journal entry.").await?;
        s.heard_all().await?;
        assert_eq!((s.count("dms").await, s.count("outbox").await, s.count("entries").await), (0, 0, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn closed_dms_a_block_and_no_server_in_common_lose_no_word_and_tell_nobody() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/reflect now").await?;
        ben.reads();
        ada.person.close_dms();
        ada.types("Behind a closed door.").await?;
        ada.person.open_dms();
        ada.person.blocks_bot();
        ada.types("Behind a wall as well.").await?;
        s.home.remove(&ada.person);
        s.restart().await?;
        ada.types("And far from every server.").await?;
        s.passes(MINUTE).await?;
        s.home.add(&ada.person);
        assert_eq!(journal(&ada).await?, ["Behind a closed door.\nBehind a wall as well.\nAnd far from every server."]);
        assert_eq!(ada.sees(KEPT), 0);
        assert_eq!(ben.reads(), "");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_dm_home_a_typed_message_is_said_to_be_no_answer() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let (cleo, dora) = (s.person("Cleo"), s.person("Dora"));
        ada.person.go(&s.home.general());
        s.pair(&ada, &cleo).await?;
        s.pair(&ada, &dora).await?;
        ada.person.go_dm();
        ada.run("/reflect now").await?;
        for other in [&ben, &cleo, &dora] {
            other.reads();
        }
        ada.types("Which of the three am I today?").await?;
        reads!(ada.message(KEPT)?.text, @r"
        │ **In your journal.** What has a tick is in it. Only you can read it, with `/journal read`.
        │ What you typed stays in this chat until you delete it there. `Write` leaves no words here.
        │ A typed message is no answer to a question: that takes `Answer`.
        ");
        for other in [&ben, &cleo, &dora] {
            assert_eq!(other.reads(), "");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_runs_the_bot_is_named_before_anything_is_kept() {
    story(async |s: &Story| {
        let (owner, ben) = (s.owner(), s.person("Ben"));
        s.pair(&owner, &ben).await?;
        ben.person.go_dm();
        ben.types("Who reads this, I wonder.").await?;
        assert!(ben.message(QUESTION)?.text.contains("Whoever runs it could read what you write."));
        ben.run("/reflect schedule days:daily time:12:00 zone:London").await?;
        s.passes(HOUR * 24).await?;
        assert!(ben.message("Something for a quiet moment.")?.text.contains("Whoever runs it could read what you write."));
        ben.types("All the same, a line of mine.").await?;
        assert!(ben.message(KEPT)?.text.contains("Whoever runs it could read what you write."));
        s.passes(HOUR * 24).await?;
        assert!(!ben.message("Something for a quiet moment.")?.text.contains("Whoever runs it"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_while_the_bot_restarted_comes_in_its_order() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        nora.types("Before it stopped.").await?;
        s.stop().await?;
        for line in ["While it was away.", "And a moment later."] {
            nora.types(line).await?;
        }
        s.passes(HOUR * 30).await?;
        s.start().await?;
        s.heard_all().await?;
        nora.types("When it was closed for long.").await?;
        assert_eq!(journal(&nora).await?, ["Before it stopped.\nWhile it was away.\nAnd a moment later."]);
        assert_eq!(nora.sees(QUESTION), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_told_again_after_a_crash_changes_nothing() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        nora.types("An entry to undo.").await?;
        nora.click("Undo").await?;
        nora.types("An entry that stays.").await?;
        s.stop().await?;
        // As if the position had not been saved before it died: everything is told again.
        s.database().run("update sessions set sequence = 1").await;
        s.start().await?;
        s.heard_all().await?;
        s.passes(MINUTE).await?;
        assert_eq!(journal(&nora).await?, ["An entry that stays."]);
        assert_eq!((nora.sees(KEPT), nora.sees(QUESTION)), (1, 0));
        Ok(())
    })
    .await;
}

/// The bot stops, and cannot resume its session when it starts again.
async fn loses_its_session(s: &Story, meanwhile: impl AsyncFn() -> Told) -> Told {
    s.stop().await?;
    s.faults().close_gateway(Some(4009));
    meanwhile().await?;
    s.start().await?;
    s.heard_all().await
}

#[tokio::test]
async fn after_a_lost_session_what_was_missed_is_read_once_and_what_was_undone_stays_undone() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        let ben = s.person("Ben");
        nora.types("An entry to undo.").await?;
        nora.click("Undo").await?;
        nora.types("Heard before the loss.").await?;
        loses_its_session(s, async || {
            for number in 1..=120 {
                nora.person.says(&nora.person.dm(), &format!("Missed {number:03}.")).await?;
            }
            s.is_private("Ben types, with nothing open.");
            ben.person.says(&ben.person.dm(), "Ben types, with nothing open.").await?;
            Ok(())
        })
        .await?;
        nora.types("Heard after the loss.").await?;
        s.passes(MINUTE * 2).await?;
        let missed: Vec<String> = (1..=120).map(|number| format!("Missed {number:03}.")).collect();
        let whole = format!("Heard before the loss.\n{}\nHeard after the loss.", missed.join("\n"));
        assert_eq!(journal(&nora).await?, [whole]);
        assert_eq!((nora.sees(KEPT), nora.sees(QUESTION)), (1, 0));
        assert_eq!(ben.sees(QUESTION), 0, "of somebody without a reflection nothing is read");

        nora.click("Undo").await?;
        loses_its_session(s, async || Ok(())).await?;
        assert!(journal(&nora).await?.is_empty());
        assert_eq!(nora.sees(KEPT), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_while_a_history_cannot_be_read_waits_for_its_turn() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        nora.types("Heard before the loss.").await?;
        loses_its_session(s, async || {
            nora.types("Typed while nobody listened.").await?;
            s.faults().on(Match::new("GET", "/messages"), FaultKind::Status { code: 500, before_applying: true });
            Ok(())
        })
        .await?;
        nora.types("Typed while the history was shut.").await?;
        assert_eq!(journal(&nora).await?, ["Heard before the loss."]);
        s.passes(MINUTE * 2).await?;
        let whole = "Heard before the loss.\nTyped while nobody listened.\nTyped while the history was shut.";
        assert_eq!(journal(&nora).await?, [whole]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_and_deleted_leaves_the_disk() {
    story(async |s: &Story| {
        let nora = reflecting(s, "Nora").await?;
        let first = nora.types(&"A long confession that goes with a press. ".repeat(20)).await?;
        nora.types(&"And the part of it that may stay where it is. ".repeat(20)).await?;
        let sealed = async || {
            let found = s.texts("select words from entries").await;
            found.iter().map(|sealed| own_part(sealed)).collect::<Vec<_>>()
        };
        let left = async |texts: &[String]| Some(remains(&disk(s.database(), &["entries"]).await?, texts));
        let both = sealed().await;
        if left(&both).await.is_none() {
            return Ok(());
        }
        nora.deletes(first).await?;
        nora.click("Delete it there, too").await?;
        assert_eq!(left(&both).await, Some(0));
        let one = sealed().await;
        assert!(left(&one).await > Some(0));
        nora.click("Undo").await?;
        assert_eq!(left(&one).await, Some(0));
        Ok(())
    })
    .await;
}

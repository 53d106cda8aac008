//! What the two read and press after a reveal: where a stale press leads, what comes back, how far it goes.

use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, reads, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Both answered. The one who listens first, and the one who is heard first.
async fn opened<'s>(one: &Actor<'s>, other: &Actor<'s>) -> Told<(Actor<'s>, Actor<'s>)> {
    one.run("/ask question:What do you carry just now?").await?;
    one.answers("The move, and nobody to talk to about it.").await?;
    other.answers("My father's letters, unopened on the shelf.").await?;
    let page = one.click("Mirror").await?;
    let one_listens = page.says("What I heard");
    Ok(if one_listens { (one.clone(), other.clone()) } else { (other.clone(), one.clone()) })
}

/// With whom as X, so that it reads the same whoever listens first.
fn nameless(text: &str) -> String {
    let text = text.replace("@Ada", "@X").replace("@Ben", "@X");
    let id = |word: &str| if word.starts_with("https://") { "https://there".to_owned() } else { word.to_owned() };
    text.split_inclusive(char::is_whitespace)
        .flat_map(|word| {
            let (link, space) = word.split_at(word.trim_end().len());
            [id(link), space.to_owned()]
        })
        .collect()
}

#[tokio::test]
async fn the_page_to_mirror_on_shows_what_was_written_and_what_it_is_for() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, _) = opened(&ada, &ben).await?;
        let page = listens.click("Mirror").await?.modal()?;
        let texts = page.texts();
        assert!(texts[0].contains("wrote**\n"), "{texts:?}");
        assert!(texts[0].contains("The move") || texts[0].contains("My father's letters"), "{texts:?}");
        assert!(texts[1].contains("It says what you heard, not what you think of it"), "{texts:?}");
        assert_eq!(page.title(), "Mirror");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_press_that_has_passed_leads_to_where_the_two_are() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let early = speaks.click("Mirror").await?;
        assert!(early.says("listens first this time") && early.says("Nothing has been said since the answers opened."));
        let reveal = listens.button("We said it aloud")?;
        listens.click("Mirror").await?.write("You carry something alone.").await?;
        let stale = listens.click_custom(reveal.0, &reveal.1).await?;
        reads!(nameless(&stale.text()), @r"
        │ That step is done already.
        │
        │ It is @X's turn, and there is nothing you need to do.
        │ It goes on here: https://there
        │
        │ -# Not feeling safe? /safety
        ");
        listens.click("Close").await?;
        let over = speaks.click("That's it").await;
        assert!(over.is_err(), "a closed sheet has no buttons");
        let over = speaks.click_custom(reveal.0, &reveal.1).await?;
        reads!(nameless(&over.text()), @r"
        │ This conversation is closed. What was said in it stays where it is.
        │ How did that conversation leave you? Only I see this; it changes what comes next a little, and is shown to nobody.
        │
        │ -# Not feeling safe? /safety
        ");
        speaks.click("same").await?;
        let over = speaks.click_custom(reveal.0, &reveal.1).await?;
        assert!(!over.says("How did that conversation leave you?"), "asked once: {}", over.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_no_dms_goes_on_through_their_cards() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        speaks.person.close_dms();
        listens.click("Mirror").await?.write("You carry something alone.").await?;
        assert_eq!(speaks.sees("You carry something alone."), 0);
        let card = speaks.message("Both answers are open.")?;
        let reveal = speaks.message("Two people, two views.")?;
        speaks.click_in(reveal.id, "Skip").await?;
        assert_eq!(speaks.sees("You carry something alone."), 1, "in private: {}", card.text);
        speaks.click("That's it").await?;
        speaks.click("Mirror").await?.write("There is something you have put off.").await?;
        assert_eq!(listens.sees("There is something you have put off."), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_press_told_twice_counts_once_and_reads_calm() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let again = async || {
            assert!(s.rehearsal.redeliver_last_interaction().await, "the bot answered it again");
            s.settle().await
        };
        listens.click("Mirror").await?.write("You carry something alone.").await?;
        again().await?;
        assert_eq!(s.count("said").await, 1);
        speaks.click("That's it").await?;
        again().await?;
        assert_eq!(ada.sees("That's it, says"), 1);
        speaks.click("Skip").await?;
        again().await?;
        assert!(ada.message("You carry something alone.")?.has_button("Appreciate"), "skipped once");
        speaks.click("Softer").await?;
        speaks.click("I see my part").await?;
        again().await?;
        assert_eq!(listens.sees("sees a part of this as their own."), 1);
        speaks.click("Close").await?;
        again().await?;
        speaks.click("lighter").await?;
        again().await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nothing_written_is_lost_when_a_page_is_refused() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let empty = listens.click("Mirror").await?.forge(vec![("field0".into(), " \u{200b} ".into())]).await?;
        assert!(empty.says("There was nothing in it, so nothing was shown."), "{}", empty.text());
        let long = format!("{}x", "🙂".repeat(200));
        let over = listens.click("Mirror").await?.forge(vec![("field0".into(), long.clone())]).await?;
        assert!(over.says("That is 1 over what fits") && over.says(&long), "{}", over.text());
        // Told that it has ended while they wrote.
        let page = listens.click("Mirror").await?;
        speaks.click("Close").await?;
        let back = page.write("Written while it was closed.").await?;
        assert!(back.says("Written while it was closed.") && back.says("closed"), "{}", back.text());
        assert_eq!(s.count("said").await, 0);
        assert!(!speaks.ever_saw("Written while it was closed."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_short_conversation_is_an_appreciation_each() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        assert!(ada.click("Conversations: short").await?.says("Done. From the next reveal on your conversations are short"));
        ada.run("/ask question:What went well?").await?;
        ada.answers("The morning in the garden.").await?;
        ben.answers("That we laughed about it.").await?;
        let reveal = ben.message("Two people, two views.")?;
        assert!(!reveal.has_button("Mirror") && reveal.has_button("Appreciate"), "{reveal}");
        assert!(!reveal.text.contains("listens first"), "{reveal}");
        ben.click("Appreciate").await?.write("You brought me coffee out there.").await?;
        ada.click("Appreciate").await?.write("You did not mind the rain.").await?;
        assert_eq!(ben.sees("That was the last step"), 1);
        s.passes(DAY * 3).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_shorter_length_takes_one_and_a_longer_one_both() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ben.reads();
        let asked = ada.click("Conversations: full").await?;
        assert!(asked.says("It takes both of you"), "{}", asked.text());
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        @Ben A question that takes both of you.
        │ @Ada would like longer conversations after a reveal: full (as guided; a mirror also has room for what makes sense, and a yes may become a plan).
        [Agree] [Not now]
        ");
        assert!(ada.run("/settings").await?.says("Conversations: guided"));
        // Ben would rather have less: that is done at once, and what lay on the table goes.
        ben.run("/settings").await?;
        let panel = ben.click("Conversations: short").await?;
        assert!(panel.says("Longer ones take both of you.") && panel.says("Conversations: short"), "{}", panel.text());
        assert!(ben.click("Agree").await?.says("settled already"));
        assert!(ada.run("/settings").await?.says("Conversations: short"));
        ada.click("Conversations: guided").await?;
        assert!(ben.click("Agree").await?.says("Agreed. From the next reveal on your conversations are guided."));
        assert!(ada.run("/settings").await?.says("Conversations: guided"));
        let twice = ada.click("Conversations: short").await?;
        assert!(twice.says("Done."), "{}", twice.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_fullest_sheets_go_over_the_wire() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.click("Conversations: full").await?;
        ben.click("Agree").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let full = |letter: &str| letter.repeat(400 / letter.encode_utf16().count());
        let (one, two, three) = (full("🙂"), full("א"), full("`"));
        let fields =
            [("What I heard", one.as_str()), ("It makes sense because…", two.as_str()), ("I imagine you felt…", three.as_str())];
        for label in ["Nearly", "There's more"] {
            listens.click("Mirror").await?.fill(&fields).await?;
            speaks.click(label).await?.write(&one).await?;
        }
        listens.click("Mirror").await?.fill(&fields).await?;
        assert_eq!(ada.message("What @")?.text.matches(&two).count(), 3);
        speaks.click("We said it aloud").await?;
        speaks.click("Appreciate").await?.write(&one).await?;
        listens.click("Appreciate").await?.write(&two).await?;
        speaks.click("Ask for one thing").await?.write(&one).await?;
        listens.click("Yes").await?;
        listens.click("Make it a plan").await?.fill(&[("When …", one.as_str()), ("I will …", two.as_str())]).await?;
        assert_eq!(speaks.sees("That was the last step"), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_pause_what_is_done_is_kept_and_nothing_shows_it_before() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let reveal = speaks.button("We said it aloud")?;
        speaks.click("Pause").await?;
        speaks.click("20 min").await?;
        let kept = listens.click("Mirror").await?.write("You carry something alone.").await?;
        assert!(kept.says("It is kept, and shown when the pause ends"), "{}", kept.text());
        let stale = speaks.click_custom(reveal.0, &reveal.1).await?;
        assert!(stale.says("You two are in a pause until"), "{}", stale.text());
        let softer = listens.click("Softer").await;
        assert!(softer.is_err(), "the sheet is not there yet");
        assert!(!speaks.ever_saw("You carry something alone."));
        s.passes(SignedDuration::from_mins(21)).await?;
        assert_eq!(speaks.sees("You carry something alone."), 1);
        listens.click("Pause").await?;
        listens.click("20 min").await?;
        let closed = listens.click("Close").await?;
        assert!(
            closed.says("shown when the pause ends") && closed.says("How did that conversation leave you?"),
            "{}",
            closed.text()
        );
        s.passes(SignedDuration::from_mins(21)).await?;
        assert_eq!(speaks.sees("This conversation is closed, and you can always talk on without me."), 1);
        Ok(())
    })
    .await;
}

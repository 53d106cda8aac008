//! Questions that are kept for a moment: the first one, and the one after a pause.

use duet::domain::library::{Library, Occasion};
use jiff::SignedDuration;

use crate::story::{Actor, Told, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What the open question is kept for, as both read it on the card.
async fn occasion(who: &Actor<'_>) -> Told<Option<Occasion>> {
    let why = who.click("Why this one?").await?;
    let library = Library::built_in().map_err(|_| "the decks are flawed")?;
    let asked = library.prompts().iter().find(|prompt| why.says(&format!("**{}**", prompt.ask))).ok_or("no such prompt")?;
    Ok(asked.occasion)
}

async fn both_answer(ada: &Actor<'_>, ben: &Actor<'_>) -> Told {
    ada.answers("One evening alone.").await?;
    ben.answers("Our walks by the river.").await?;
    Ok(())
}

#[tokio::test]
async fn the_first_question_is_a_warm_up_and_so_is_the_first_after_a_long_silence() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.click("Our first question").await?;
        assert_eq!(occasion(&ada).await?, Some(Occasion::Beginning));
        both_answer(&ada, &ben).await?;

        ada.run("/ask").await?;
        assert_eq!(occasion(&ada).await?, None);
        both_answer(&ada, &ben).await?;

        s.passes(DAY * 91).await?;
        s.restart().await?;
        ben.run("/ask").await?;
        assert_eq!(occasion(&ben).await?, Some(Occasion::Beginning));
        // Who names a theme gets it, at a beginning too.
        ben.click("Another question").await?;
        both_answer(&ada, &ben).await?;
        s.passes(DAY * 91).await?;
        ben.run("/ask theme:boundaries").await?;
        assert!(ben.click("Why this one?").await?.says("Theme: boundaries"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_a_pause_the_gentle_question_is_one_that_is_kept_for_it() {
    story(async |s| {
        let (_, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/pause length:1 h").await?;
        s.passes(HOUR).await?;
        ben.click("A gentle repair question").await?;
        assert_eq!(occasion(&ben).await?, Some(Occasion::AfterAPause));
        // Another one is as gentle, and so is one in the place of a question that was asked meanwhile.
        ben.click("Another question").await?;
        assert_eq!(occasion(&ben).await?, Some(Occasion::AfterAPause));
        ben.click("Pass").await?;
        ben.click("Say it openly").await?;
        ben.run("/ask theme:play").await?;
        let gentle = ben.click("A gentle repair question").await?;
        assert!(gentle.says("One question is still open."), "{}", gentle.text());
        ben.click("Close it and ask another").await?;
        assert_eq!(occasion(&ben).await?, Some(Occasion::AfterAPause));
        Ok(())
    })
    .await;
}

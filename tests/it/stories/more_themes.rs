//! Themes that come only when both partners asked for them.

use crate::story::{Actor, Answer, Told, reads, story};

const NEAREST: &str = "Not in the bag just now. Here is the nearest one.";
const ON_ITS_WAY: &str = "It is on its way.";

/// Opens the card of more themes and asks for these.
async fn asks_for<'s>(who: &Actor<'s>, slugs: &[&str]) -> Told<Answer<'s>> {
    who.run("/settings").await?;
    who.click("More themes").await?;
    who.select("More themes", slugs).await
}

#[tokio::test]
async fn a_theme_comes_when_both_asked_for_it_and_neither_sees_what_the_other_chose() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.reads();
        ada.click("More themes").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **More themes, with @Ben**
        │ These are not for everybody. Each comes only once both of you have asked for it here. Neither of you is shown what the other asked for; with two people it may still be guessed. Leaving one out again takes only one of you.
        │
        │ You asked for: none
        │
        │ -# Not feeling safe? /safety
        [Settings]
        [More themes ▾ intimacy | family of origin | faith | children | long distance | more than two]
        ");
        let hers = ada.select("More themes", &["faith", "long-distance"]).await?;
        assert!(hers.says("You asked for: faith · long distance"), "{}", hers.text());

        // She alone: the same answer as for anything else that is not in the bag, and how to change it.
        let asked = ada.run("/ask theme:faith").await?;
        assert!(
            asked.says(NEAREST) && asked.says("Questions on “faith” come only when both of you asked for them"),
            "{}",
            asked.text()
        );
        assert!(!ada.click("Why this one?").await?.says("Theme: faith"));

        // He sees nothing of it.
        ben.run("/settings").await?;
        ben.reads();
        ben.click("More themes").await?;
        let his = ben.reads();
        assert!(his.contains("You asked for: none") && his.contains("| faith |") && !his.contains("*faith*"), "{his}");
        let his = ben.select("More themes", &["faith", "intimacy"]).await?;
        assert!(his.says("You asked for: intimacy · faith") && !his.says("long distance"), "{}", his.text());

        ada.answers("One evening alone.").await?;
        ben.answers("Our walks by the river.").await?;
        s.restart().await?;
        assert!(ben.run("/ask theme:faith").await?.says(ON_ITS_WAY));
        assert!(ben.click("Why this one?").await?.says("Theme: faith"));
        // What only one of them asked for stays out.
        ben.answers("A bell, sometimes.").await?;
        ada.answers("Quiet, mostly.").await?;
        for theme in ["intimacy", "long-distance", "children"] {
            assert!(ada.run(&format!("/ask theme:{theme}")).await?.says(NEAREST), "{theme}");
            ada.click("Pass").await?;
            ada.click("Say it openly").await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn leaving_it_out_again_takes_one_and_works_in_a_dm() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        asks_for(&ada, &["children"]).await?;
        asks_for(&ben, &["children"]).await?;
        assert!(ada.run("/settings").await?.says("More themes, if both of you want them: children"));
        ben.person.go_dm();
        let card = asks_for(&ben, &[]).await?;
        assert!(card.says("You asked for: none"), "{}", card.text());
        ben.click("Settings").await?;
        assert!(ada.run("/ask theme:children").await?.says(NEAREST));
        Ok(())
    })
    .await;
}

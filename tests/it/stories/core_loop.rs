//! Pair, ask, answer in private, reveal together.

use crate::story::story;

#[tokio::test]
async fn neither_answer_shows_until_both_are_in() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask theme:needs and asking").await?;
        ada.answers("I would like one evening alone.").await?;
        s.restart().await?;
        assert!(!ben.ever_saw("one evening alone"));
        ben.answers("I miss our walks by the river.").await?;
        println!("{}", ada.reads());
        assert!(ben.ever_saw("one evening alone"));
        assert!(ada.ever_saw("our walks by the river"));
        println!("{}", ada.reads());
        Ok(())
    })
    .await;
}

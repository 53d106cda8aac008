//! What one keeps for oneself of what opened: a mark on it, never a copy, and told to nobody.

use duet::rehearsal::{FaultKind, Match};
use jiff::SignedDuration;

use super::mine::exports;
use crate::story::{Actor, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const KEEP: &str = "Keep this";
const REMOVE: &str = "Remove my words";
const NOTHING: &str = "There is nothing to keep in that one.";

/// Both answered; the reveal that this one sees.
pub async fn opened(one: &Actor<'_>, other: &Actor<'_>, question: &str, answers: [&str; 2]) -> Told<u64> {
    one.run(&format!("/ask question:{question}")).await?;
    one.answers(answers[0]).await?;
    other.answers(answers[1]).await?;
    reveal(one, answers[0])
}

/// The newest message, beside private ones, with this in it.
pub fn reveal(who: &Actor<'_>, text: &str) -> Told<u64> {
    let seen = who.person.screen().into_iter().rev().find(|seen| !seen.private && seen.text.contains(text));
    Ok(seen.ok_or_else(|| format!("{} sees no message with “{text}”", who.name()))?.id)
}

async fn shares(who: &Actor<'_>, passage: &str) -> Told<u64> {
    who.run("/reflect now").await?;
    who.click("Write").await?.write(passage).await?;
    who.run("/journal read").await?;
    who.click("Share 1").await?.write(passage).await?;
    who.click("Post it").await?;
    reveal(who, passage)
}

async fn keeps(who: &Actor<'_>, message: u64) -> Told {
    let reply = who.menu(KEEP, message).await?;
    assert!(reply.says("Kept. `/kept` lists what you keep."), "{}", reply.text());
    Ok(())
}

#[tokio::test]
async fn what_one_keeps_is_read_again_as_it_stands_until_one_lets_it_go() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let message = opened(&ada, &ben, "What made you laugh?", ["The goose and the postman.", "You, singing."]).await?;
        ada.reads();
        ben.reads();
        ada.menu(KEEP, message).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ Kept. `/kept` lists what you keep.
        │
        │ -# Not feeling safe? /safety
        ");
        keeps(&ada, message).await?;
        assert_eq!(s.count("kept").await, 1, "pressed twice, it is kept once");
        s.restart().await?;
        ada.reads();
        ada.run("/kept").await?;
        let link = format!("https://discord.com/channels/{}/{}/{message}", s.home.id(), s.place().id());
        reads!(ada.reads().replace(&link, "LINK"), @r"
        — #our-place · Duet · only you see this —
        │ **Kept** 1 September 2026 · with @Ben
        │ It is here: LINK
        │
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What made you laugh?
        │ **@Ada**
        │ The goose and the postman.
        │ **@Ben**
        │ You, singing.
        │
        │ -# Not feeling safe? /safety
        [Let it go] [Remove my words]
        ");
        ada.click("Let it go").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ Let go. It stays where it stands, and you can keep it again any time.
        │
        │ -# Not feeling safe? /safety
        ");
        ada.run("/kept").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ You keep nothing here so far. In the menu of a message of mine, under `Apps`, `Keep this` saves what opened, for you alone.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(ben.reads(), "", "nobody else is told");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn pages_go_from_the_newest_to_the_oldest_and_each_kind_reads_as_it_stands() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let first = opened(&ada, &ben, "What do you carry?", ["The move, mostly.", "Unopened letters."]).await?;
        keeps(&ben, first).await?;
        s.passes(HOUR * 25).await?;
        for listens in [&ada, &ben] {
            if listens.message("listens first")?.text.contains(&format!("@{} listens first", listens.name())) {
                listens.click("Mirror").await?.write("You carry something alone.").await?;
            }
        }
        keeps(&ben, reveal(&ben, "carry something alone")?).await?;
        keeps(&ben, shares(&ada, "Sundays before noon are mine.").await?).await?;
        ada.run("/board add kind:need text:An hour to land after work.").await?;
        keeps(&ben, reveal(&ben, "An hour to land")?).await?;

        let page = ben.run("/kept").await?;
        assert!(
            page.says("An hour to land after work.") && page.says("**A need of @Ada**") && !page.says(REMOVE),
            "{}",
            page.text()
        );
        let page = ben.click("Older").await?;
        assert!(page.says("@Ada shared something.") && page.says("Sundays before noon are mine."), "{}", page.text());
        let (_, passage) = ben.button("Let it go")?;
        let page = ben.click("Older").await?;
        assert!(page.says("You carry something alone.") && page.says("It is here: https://"), "{}", page.text());
        assert!(ben.message("carry something alone")?.private);
        let page = ben.click("Older").await?;
        assert!(page.says("Unopened letters.") && !ben.message("Unopened letters.")?.has_button("Older"), "{}", page.text());
        // One in the middle goes, and whoever stood on it goes on from there.
        let at = ben.message("Unopened letters.")?.id;
        let gone = ben.click_custom(at, &passage).await?;
        assert!(gone.says("Let go."), "{}", gone.text());
        assert!(ben.click("Older").await?.says("carry something alone"));
        assert!(ben.click("Older").await?.says("Unopened letters."));
        let (at, only) = ben.button("Let it go")?;
        ben.click("Let it go").await?;
        assert!(ben.click_custom(at, &only).await?.says("Let go."), "pressed twice, it finds the work done");
        assert!(ben.click_custom(at, &only.replace("let_go", "older_kept")).await?.says("There is nothing older."));
        assert_eq!(s.count("kept").await, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn couples_never_touch_in_what_one_keeps() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let with_ben = s.place();
        keeps(&ada, opened(&ada, &ben, "With Ben?", ["Something for Ben.", "Something from Ben."]).await?).await?;
        let cleo = s.person("Cleo");
        ada.person.go(&s.home.general());
        s.pair(&ada, &cleo).await?;
        let with_cleo = s.place();
        assert_ne!(with_ben.id(), with_cleo.id());
        keeps(&ada, opened(&ada, &cleo, "With Cleo?", ["Something for Cleo.", "Something from Cleo."]).await?).await?;

        let page = ada.run("/kept").await?;
        assert!(page.says("Something from Cleo.") && !page.says("Older"), "{}", page.text());
        ada.person.go(&with_ben);
        let page = ada.run("/kept").await?;
        assert!(page.says("Something from Ben.") && !page.says("Older"), "{}", page.text());
        // Nor does a changed button lead from one to the other.
        let (at, id) = ada.button("Let it go")?;
        let couple = id.rsplit(':').next().unwrap_or_default().to_owned();
        assert!(cleo.run("/kept").await?.says("You keep nothing here so far."));
        let own = cleo.message("You keep nothing")?.id;
        assert!(cleo.click_custom(own, &format!("d1:kept_in:{couple}")).await?.says("between two other people"));
        cleo.click_custom(own, &id).await?;
        assert_eq!(s.count("kept").await, 2, "nobody lets go of what somebody else keeps");
        assert!(ada.click_custom(at, &id.replace("let_go", "older_kept")).await?.says("There is nothing older."));

        ada.person.go(&s.home.general());
        assert!(ada.run("/kept").await?.says("Which couple do you mean?"));
        assert!(ada.select("With whom?", &["1"]).await?.says("Something from Ben."));
        ada.person.go_dm();
        assert!(ada.run("/kept").await?.says("Something from Cleo."));
        assert!(ada.click("Older").await?.says("Something from Ben."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_did_not_open_or_is_nobodys_of_the_two_cannot_be_kept() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        let place = s.place();
        let own = ada.person.says(&place, "Something that I typed.").await?;
        let welcome = reveal(&ada, "This is your place.")?;
        ada.run("/ask question:What is still sealed?").await?;
        let card = reveal(&ada, "What is still sealed?")?;
        ada.answers("Mine, so far.").await?;
        let sealed = ada.message("Sealed.")?.id;
        for message in [own, welcome, card, sealed] {
            let reply = ada.menu(KEEP, message).await?;
            assert!(reply.says(NOTHING) && reply.says("`/kept` lists what you keep."), "{}", reply.text());
        }
        ben.answers("Now both are in.").await?;
        let message = reveal(&ada, "Now both are in.")?;
        assert!(ada.menu(KEEP, card).await?.says(NOTHING), "the card shows no answer, opened or not");
        ada.click("Close").await?;
        let closing = reveal(&ada, "This conversation is closed")?;
        assert!(ada.menu(KEEP, closing).await?.says(NOTHING));
        s.home.allow_view(&place, &eve.person);
        assert!(eve.menu(KEEP, message).await?.says("This is between two other people."));
        keeps(&ben, message).await?;
        assert_eq!(s.count("kept").await, 1);
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        assert!(ada.menu(KEEP, message).await?.says("This space is closed."));
        assert!(ben.run("/kept").await?.says("This space is closed."));
        ben.person.go_dm();
        assert!(ben.run("/kept").await?.says("Now both are in."), "for the thirty days it is there to be read");
        s.passes(HOUR * 24 * 31).await?;
        assert!(ben.run("/kept").await?.says("You keep nothing here so far."));
        assert_eq!(s.count("kept").await, 0, "forgotten with the couple");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn that_somebody_keeps_something_is_in_their_own_file_alone_and_goes_with_their_data() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let message = opened(&ada, &ben, "What made you laugh?", ["The goose.", "The postman, running."]).await?;
        keeps(&ada, message).await?;
        let mark = s.log_mark();
        let hers = exports(&ada).await?.all;
        assert!(hers.contains("\"what\": \"answers\"") && hers.contains("## What you keep, newest first"), "{hers}");
        let his = exports(&ben).await?.all;
        assert!(his.contains("\"kept\": []") && !his.contains("## What you keep"), "{his}");
        keeps(&ben, message).await?;
        ben.run("/kept").await?;
        let logged = s.logged_since(mark).to_lowercase();
        assert!(!logged.contains("kept") && !logged.contains("piece"), "nothing of it is logged");
        ada.run("/privacy").await?;
        let receipt = ada.click("Delete my data").await?.write("delete").await?;
        assert!(!receipt.says("kept"), "{}", receipt.text());
        let left = s.texts("select piece from kept").await;
        assert_eq!(left.len(), 1, "hers went, his stays");
        ben.person.go_dm();
        let page = ben.run("/kept").await?;
        assert!(page.says("The postman, running.") && page.says("*removed by its author*"), "{}", page.text());
        assert!(!page.says("The goose."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_dms_the_page_leads_to_ones_own_message_as_long_as_that_stands() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let hers = opened(&ada, &ben, "What made you laugh?", ["The goose.", "The postman, running."]).await?;
        let his = reveal(&ben, "The postman, running.")?;
        assert_ne!(hers, his);
        keeps(&ada, hers).await?;
        let link = format!("https://discord.com/channels/@me/{}/{hers}", ada.person.dm().id());
        assert!(ada.run("/kept").await?.says(&link));
        s.home.delete_message(hers);
        let page = ada.run("/kept").await?;
        assert!(!page.says("It is here") && page.says("The postman, running."), "{}", page.text());
        // Where Discord does not answer in time, the page is whole without.
        keeps(&ben, his).await?;
        s.faults().on(Match::new("GET", "/messages"), FaultKind::Status { code: 500, before_applying: true });
        assert!(ben.run("/kept").await?.says("The postman, running."));
        Ok(())
    })
    .await;
}

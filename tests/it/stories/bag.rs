//! A bag that has nothing just now: kind words, the same whatever the reason, and a question of one's own.

use duet::domain::library::Theme;
use jiff::SignedDuration;

use crate::story::{Actor, Answer, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DRY: &str = "The bag holds nothing for the two of you just now.";
const ON_ITS_WAY: &str = "It is on its way.";

async fn leaves_out(who: &Actor<'_>, themes: impl IntoIterator<Item = Theme>) -> Told {
    who.run("/settings").await?;
    let slugs: Vec<&str> = themes.into_iter().map(Theme::slug).collect();
    who.select("Themes left out", &slugs).await?;
    Ok(())
}

/// Asks on, about the one theme that is left, until nothing comes any more.
async fn asks_until_it_is_dry<'s>(who: &Actor<'s>) -> Told<Answer<'s>> {
    leaves_out(who, Theme::SHARED.into_iter().filter(|theme| *theme != Theme::Play)).await?;
    who.run("/ask").await?;
    for _ in 0..40 {
        who.run("/ask").await?;
        let told = who.click("Close it and ask another").await?;
        if told.says(DRY) {
            return Ok(told);
        }
    }
    Err("it never ran dry".into())
}

#[tokio::test]
async fn when_nothing_comes_one_can_ask_in_ones_own_words() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        leaves_out(&ada, Theme::SHARED).await?;
        ada.reads();
        ben.reads();
        ada.run("/ask").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **The bag holds nothing for the two of you just now.** Whatever you have had comes back, a year after it was asked.
        │ Meanwhile the next question may be your own: `Write our own` asks it like any other. `More themes` and `Settings` show what else you could let in. A question that is still open stays open.
        │
        │ -# Not feeling safe? /safety
        [*Write our own*] [More themes] [Settings]
        ");
        assert_eq!(ben.reads(), "", "the other is told nothing");
        s.restart().await?;
        let page = ada.click("Write our own").await?;
        reads!(page.text(), @r"
        — modal: A question of your own —
        You and @Ben both answer it. It is shown as you write it, with your name.
        Up to 300 characters. A good one is something you would like to be asked yourself.
        Your question (up to 300)
        ");
        ada.reads();
        assert!(page.write("What did the garden teach you?").await?.says(ON_ITS_WAY));
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        @Ada @Ben A question for you both.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > What did the garden teach you?
        │
        │ Opens when both have answered. There is time until Thu 3 September 2026 09:00 UTC.
        [*Answer*] [Pass] [Another question] [Why this one?] [Pause]
        ");
        ben.answers("Patience, and slugs.").await?;
        ada.answers("That nothing is late.").await?;
        assert!(ada.ever_saw("Patience, and slugs."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whatever_the_reason_and_wherever_it_comes_up_the_words_are_the_same() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        // All that is left was asked.
        let dry = asks_until_it_is_dry(&ada).await?.text();
        reads!(dry.clone(), @r"
        │ **The bag holds nothing for the two of you just now.** Whatever you have had comes back, a year after it was asked.
        │ Meanwhile the next question may be your own: `Write our own` asks it like any other. `More themes` and `Settings` show what else you could let in. A question that is still open stays open.
        │
        │ -# Not feeling safe? /safety
        ");
        // What was open stays open.
        ben.reads();
        assert_eq!(ada.click("Another question").await?.text(), dry);
        assert_eq!(ben.click("Another question").await?.text(), dry);
        assert_eq!(ben.reads().matches("edited").count(), 0, "the card stands as it stood");
        ben.run("/settings").await?;
        ben.click("Hide the line").await?;
        assert!(ada.click("Another question").await?.says("Asked."));
        assert_eq!(ben.click("Agree").await?.text(), dry);
        ada.click("Pass").await?;
        ada.click("Say it openly").await?;

        // What is left is deeper than one of them lets in.
        ben.run("/settings").await?;
        ben.select("Depth", &["warm"]).await?;
        assert_eq!(ada.run("/ask").await?.text(), dry);
        assert_eq!(ada.run("/ask depth:personal").await?.text(), dry);

        // Either of them left it all out, or both together did.
        leaves_out(&ada, []).await?;
        leaves_out(&ben, Theme::SHARED).await?;
        assert_eq!(ada.run("/ask").await?.text(), dry);
        assert_eq!(ada.run("/ask theme:play").await?.text(), dry);
        assert_eq!(ben.run("/ask depth:warm").await?.text(), dry);
        leaves_out(&ada, Theme::SHARED.into_iter().take(6)).await?;
        leaves_out(&ben, Theme::SHARED.into_iter().skip(6)).await?;
        assert_eq!(ben.run("/ask").await?.text(), dry);
        assert_eq!(ada.click("Our first question").await?.text(), dry);
        ada.run("/pause length:1 h").await?;
        s.passes(HOUR).await?;
        s.restart().await?;
        assert_eq!(ben.click("A gentle repair question").await?.text(), dry);
        assert!(ben.click("More themes").await?.says("You asked for: none"));
        ben.run("/ask").await?;
        assert!(ben.click("Settings").await?.says("With @Ada"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn pressed_twice_it_asks_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        leaves_out(&ada, Theme::SHARED).await?;
        ada.run("/ask").await?;
        let (one, other) = ada.click_twice("Write our own").await?;
        ben.reads();
        assert!(one.write("Which smell takes you back?").await?.says(ON_ITS_WAY));
        let again = other.write("Which smell takes you back?").await?;
        assert!(again.says("One question is still open.") && again.says("Which smell takes you back?"), "{}", again.text());
        assert_eq!((s.count("rounds").await, ben.sees("Which smell takes you back?")), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_question_that_is_open_meanwhile_is_gone_to_or_closed_and_no_word_is_lost() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        leaves_out(&ada, Theme::SHARED).await?;
        ada.run("/ask").await?;
        let page = ada.click("Write our own").await?;
        ben.run("/ask question:Which song is yours?").await?;
        ben.reads();
        let open = page.write("Which smell takes you back?").await?;
        reads!(open.text(), @r"
        │ One question is still open.
        │ **Your question**
        │ Which smell takes you back?
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(ben.reads(), "");
        assert!(ada.click("Close it and ask another").await?.says(ON_ITS_WAY));
        assert_eq!(ben.sees("Which smell takes you back?"), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_empty_question_is_refused_and_one_that_is_too_long_comes_back_to_be_shortened() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        leaves_out(&ada, Theme::SHARED).await?;
        ada.run("/ask").await?;
        ben.reads();
        let page = ada.click("Write our own").await?;
        let empty = page.forge(vec![("field0".into(), " \n ".into())]).await?;
        reads!(empty.text(), @r"
        │ There was no question in it. A few words are enough.
        │
        │ -# Not feeling safe? /safety
        ");
        let long = format!("{}?", "🙂 why ".repeat(60));
        let page = ada.click("Write our own").await?;
        let told = page.forge(vec![("field0".into(), long.clone())]).await?;
        assert!(told.says("A question may have up to 300 characters.") && told.says(long.trim()), "{}", told.text());
        let page = ada.click("Write our own").await?.modal()?;
        let kept = page.fields()[0].value.clone();
        assert!(long.starts_with(&kept) && (299..=300).contains(&kept.encode_utf16().count()), "{kept}");
        assert_eq!((s.count("rounds").await, ben.reads()), (0, String::new()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nobody_else_can_ask_through_it_and_nobody_after_the_end() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        leaves_out(&ada, Theme::SHARED).await?;
        ada.run("/ask").await?;
        let (message, own) = ada.button("Write our own")?;
        let page = ada.click("Write our own").await?;
        eve.run("/help").await?;
        assert!(eve.click_custom(message, &own).await?.says("This is between two other people."));
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        let late = page.write("Which smell takes you back?").await?;
        assert!(late.says("This space is closed.") && late.says("Which smell takes you back?"), "{}", late.text());
        assert!(ada.click_custom(message, &own).await?.says("This space is closed."));
        assert_eq!(s.count("rounds").await, 0);
        Ok(())
    })
    .await;
}

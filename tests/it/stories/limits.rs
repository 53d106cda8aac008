//! What people write at the edges of what fits, and text that tries to be more than text.

use duet::domain::library::Depth;
use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, reads, story};

const REVEAL: &str = "Two people, two views.";

async fn both<'s>(s: &'s Story, one: &str, other: &str) -> Told<(Actor<'s>, Actor<'s>)> {
    let (ada, ben) = s.couple("Ada", "Ben").await?;
    ada.run("/ask question:How was it?").await?;
    let sealed = ada.answers(one).await?;
    assert!(sealed.says("**Sealed.**"), "{}", sealed.text());
    ben.answers(other).await?;
    assert_eq!(ada.sees(REVEAL), 1);
    Ok((ada, ben))
}

#[tokio::test]
async fn one_letter_is_a_whole_answer() {
    story(async |s| {
        let (ada, _) = both(s, "a", "ß").await?;
        reads!(ada.message(REVEAL)?.text, @r"
        @Ada @Ben Both answers are here.
        │ @Ada asks, in their own words. Answer, pass or another question: all are fine.
        │
        │ > How was it?
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ben listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ada**
        │ a
        │ **@Ben**
        │ ß
        ");
        Ok(())
    })
    .await;
}

/// Asks until a question with this many fields is open.
async fn question_with(s: &Story, ada: &Actor<'_>, fields: usize) -> Told {
    let library = s.app();
    let fitting: Vec<_> =
        library.library.prompts().iter().filter(|one| one.fields.len() == fields && one.depth <= Depth::Personal).collect();
    for turn in 0..40 {
        let wanted = fitting[turn % fitting.len()];
        ada.run(&format!("/ask theme:{} depth:{}", wanted.theme, wanted.depth)).await?;
        if ada.click("Answer").await?.modal()?.fields().len() == fields {
            return Ok(());
        }
        ada.click("Pass").await?;
        ada.click("Say it openly").await?;
        // The same idea does not come again within three weeks.
        s.passes(SignedDuration::from_hours(22 * 24)).await?;
    }
    Err(format!("no question with {fields} fields").into())
}

#[tokio::test]
async fn full_fields_of_both_fit_one_message() {
    for (fields, units) in [(1, 2_500), (2, 1_250), (3, 833)] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            for (number, letter) in ["x", "🙂", "א", "`"].into_iter().enumerate() {
                question_with(s, &ada, fields).await?;
                let mut full = letter.repeat(units / letter.encode_utf16().count());
                full.push_str(&".".repeat(units - full.encode_utf16().count()));
                for person in [&ada, &ben] {
                    let page = person.click("Answer").await?;
                    let texts: Vec<_> = ["0", "1", "2"].into_iter().take(fields).map(|field| (field, full.as_str())).collect();
                    let sealed = page.fill(&texts).await?;
                    assert!(sealed.says("**Sealed"), "{fields} fields of {letter}: {}", sealed.text());
                }
                assert_eq!(ben.sees(REVEAL), number + 1, "{fields} fields of {letter}");
            }
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn one_over_comes_back_to_its_author_and_nothing_is_sealed() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:How was it?").await?;
        ada.answers("Fine, thanks.").await?;
        let over = format!("{}x", "🙂".repeat(1_250));
        let page = ben.click("Answer").await?;
        let back = page.forge(vec![("field0".into(), over.clone())]).await?;
        assert!(back.says("That is 1 over what fits, so it was not sealed."), "{}", back.text());
        assert!(back.says(&over), "the text comes back whole");
        assert_eq!(s.count("answers").await, 1);
        assert_eq!(ada.sees(REVEAL), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nothing_and_white_space_are_no_answer() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:How was it?").await?;
        ada.answers("Fine, thanks.").await?;
        for nothing in ["", " ", "\n\t \u{a0}\u{2003}", "\u{200b}", "\u{200d}\u{2060}\u{feff} \u{200e}"] {
            let page = ben.click("Answer").await?;
            let refused = page.forge(vec![("field0".into(), nothing.into())]).await?;
            assert!(refused.says("There was nothing in it, so nothing was sealed."), "{nothing:?}: {}", refused.text());
        }
        let page = ben.click("Answer").await?;
        let refused = page.forge(vec![("field7".into(), "In a field that is not there.".into())]).await?;
        assert!(refused.says("There was nothing in it"), "{}", refused.text());
        assert_eq!(ada.sees(REVEAL), 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn text_of_any_kind_stays_within_its_own_answer() {
    let texts = [
        "سأكون بخير، شكرا لك",
        "\u{202e}turned around\u{202c} and back",
        "zero\u{200b}width\u{200d}joined",
        "**bold** _italic_ ~~gone~~ # heading\n> quoted\n- listed",
        "||under the bar|| and ||an open bar",
        "[a link](https://example.org) and `code`",
        "-# small\n\n-# smaller",
        "d1:answer:of-mine",
    ];
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for (number, text) in texts.iter().enumerate() {
            ada.run("/ask question:How was it?").await?;
            ada.answers(text).await?;
            assert!(!ben.ever_saw(text), "{text}");
            assert_eq!(ada.click("Edit").await?.modal()?.fields()[0].value, *text, "what was written is what comes back");
            ben.answers("And mine, as plain as can be.").await?;
            assert_eq!(ben.sees(REVEAL), number + 1);
            assert!(ben.ever_saw(text), "{text}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_open_code_fence_is_closed_where_its_author_left_it() {
    story(async |s| {
        let (ada, _) = both(s, "```rust\nfn love() {", "And this is not code.").await?;
        let reveal = ada.message(REVEAL)?.text;
        let (before, _) = reveal.split_once("And this is not code.").ok_or("the other answer")?;
        assert!(before.matches("```").count() % 2 == 0, "{reveal}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_mention_in_an_answer_or_a_question_calls_nobody() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let olaf = s.person("Olaf");
        let role = s.home.role("Everyone I know", duet::rehearsal::permissions::ADMINISTRATOR, &[&olaf.person]);
        let text = format!("@everyone @here <@&{role}> <@{}> <#{}> loud words", olaf.person.id(), s.place().id());
        let called = |person: &Actor<'_>| person.person.notifications().len();
        let before = (called(&ada), called(&ben), called(&olaf));
        ada.run(&format!("/ask question:{text}")).await?;
        assert_eq!((called(&ada), called(&ben), called(&olaf)), (before.0 + 1, before.1 + 1, before.2), "the card calls the two");
        ada.answers(&text).await?;
        ben.answers(&text).await?;
        assert_eq!((called(&ada), called(&ben), called(&olaf)), (before.0 + 2, before.1 + 2, before.2), "so does the reveal");
        for notice in ada.person.notifications() {
            assert!(!notice.text.contains("loud words"), "a lock screen shows no words: {}", notice.text);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_longest_own_question_leaves_room_for_the_longest_answers() {
    let questions =
        ["ä".repeat(300), "🙂".repeat(150), format!("a{}b", "\n".repeat(298)), "a\n".repeat(150).trim_end().to_owned()];
    for question in questions {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            ada.run(&format!("/ask question:{question}")).await?;
            assert_eq!(ben.sees("in their own words"), 1);
            ada.answers(&"🙂".repeat(1_250)).await?;
            ben.answers(&"`".repeat(2_500)).await?;
            assert_eq!(ben.sees(REVEAL), 1);
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_question_over_three_hundred_comes_back_and_one_in_any_script_is_kept_sealed() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        assert!(ada.run(&format!("/ask question:{}", "x".repeat(301))).await.is_err(), "the client lets nobody type more");
        for question in ["¿Qué te falta? 🧭", "ماذا تحتاج اليوم؟", "今日は何が嬉しかった？", "> quoted ``` fenced || barred"]
        {
            ada.run(&format!("/ask question:{question}")).await?;
            let (_, card) = (ben.message(question)?, ben.message("in their own words"));
            assert!(card.is_ok());
            ben.answers("In my own words, too.").await?;
            ada.answers("And in mine, of course.").await?;
        }
        assert_eq!(ada.sees(REVEAL), 4);
        Ok(())
    })
    .await;
}

//! A passage on its way from one's journal to one's partner: exactly what its author saw, where they saw it, and nothing else.

use duet::rehearsal::{FaultKind, Match, permissions};
use jiff::SignedDuration;
use serde_json::Value;

use super::mine::exports;
use crate::story::{Actor, Answer, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const SHARED: &str = "shared something.";
const ENTRY: &str = "Sundays before noon are mine. I never said so, because I did not want to sound cold.";
const PASSAGE: &str = "Sundays before noon are mine.";
const NOT_SHOWN: &str = "I did not post what you wanted to share";

async fn writes(who: &Actor<'_>, text: &str) -> Told {
    who.run("/reflect now").await?;
    who.click("Write").await?.write(text).await?;
    Ok(())
}

/// As far as the question whether to post it.
async fn previews<'s>(who: &Actor<'s>, passage: &str) -> Told<Answer<'s>> {
    who.run("/journal read").await?;
    who.click("Share 1").await?.write(passage).await
}

async fn shares(who: &Actor<'_>, passage: &str) -> Told {
    previews(who, passage).await?;
    assert!(who.click("Post it").await?.says("On its way"));
    Ok(())
}

/// What was sent to Discord as a post that shares something.
fn posts(s: &Story) -> Vec<Value> {
    let sent = s.rehearsal.exchanges().into_iter().filter(|one| one.method == "POST" && one.path.ends_with("/messages"));
    let bodies = sent.filter_map(|one| one.request_body);
    bodies
        .filter(|body| ["shared something.", "You shared"].iter().any(|text| body["content"].to_string().contains(text)))
        .collect()
}

/// How many posts that share this they see.
fn stands(who: &Actor<'_>, passage: &str) -> usize {
    let posts = who.person.screen().into_iter().filter(|seen| !seen.private && seen.has_button("How to listen"));
    posts.filter(|seen| seen.text.contains(passage)).count()
}

async fn words_kept(s: &Story) -> usize {
    s.texts("select id from passages where words is not null").await.len()
}

#[tokio::test]
async fn a_passage_is_shown_before_it_is_posted_and_stands_alone() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        ada.run("/journal read").await?;
        ada.reads();
        ben.reads();
        let page = ada.click("Share 1").await?;
        reads!(page.text(), @r"
        — modal: Share a passage —
        For @Ben. Keep the part that you want them to read, or say it anew. Nothing is posted before you have seen it.
        Up to 2,500 characters. Your entry stays as it is.
        The passage (up to 2500)
          > Sundays before noon are mine. I never said so, because I did not want to sound cold.
        ");
        ada.reads();
        page.write(PASSAGE).await?;
        s.restart().await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **Share this with @Ben?** It would stand in your channel #our-place, just as it does here, with your name and nothing of where it comes from. What is posted can be kept or photographed.
        │ Sundays before noon are mine.
        │ -# Not feeling safe? /safety
        [Post it] [Keep it to myself]
        ");
        assert_eq!(ben.reads(), "");
        assert_eq!(s.count("passages").await, 0, "before the yes nothing is stored");
        ada.click("Post it").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ On its way: it will stand in your channel #our-place. The rest stays yours alone.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet —
        @Ben, @Ada shared something.
        │ Sundays before noon are mine.
        [How to listen]
        ");
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        @Ben, @Ada shared something.
        │ Sundays before noon are mine.
        [How to listen]
        ");
        reads!(ben.click("How to listen").await?.text(), @r"
        │ **How to listen**
        │ Read it slowly, and once more. It asks for no answer and no advice. If you would like to say something, say what you heard first. You don't have to agree.
        │
        │ -# Not feeling safe? /safety
        ");
        let post = posts(s).remove(0);
        assert_eq!(
            (&post["embeds"], post["embeds"][0]["description"].as_str()),
            (&serde_json::json!([{ "description": PASSAGE }]), Some(PASSAGE))
        );
        assert_eq!(post["allowed_mentions"]["users"], serde_json::json!([ben.person.id().to_string()]));
        assert!(!ben.ever_saw("sound cold") && !ben.ever_saw("ournal"));
        assert!(ada.run("/journal read").await?.says("sound cold"), "the entry stays as it was");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn it_can_be_shared_when_it_was_just_written_or_found_or_kept_to_oneself() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        ada.click("Share a passage").await?.write(PASSAGE).await?;
        assert!(ada.click("Keep it to myself").await?.says("Nothing was shown"));
        assert_eq!((s.count("passages").await, ben.sees(SHARED)), (0, 0));
        ada.run("/journal search text:noon").await?;
        ada.click("Share 1").await?.write(PASSAGE).await?;
        ada.click("Post it").await?;
        assert_eq!(ben.sees(PASSAGE), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn of_three_couples_one_is_chosen_and_nothing_crosses() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let home = s.place();
        let (cleo, dora) = (s.person("Cleo"), s.person("Dora"));
        s.pair(&ada, &cleo).await?;
        s.pair(&ada, &dora).await?;
        ada.person.go_dm();
        writes(&ada, ENTRY).await?;
        ada.run("/journal read").await?;
        ada.reads();
        ada.click("Share 1").await?;
        reads!(ada.reads(), @r"
        — DM · Duet · only you see this · edited —
        │ Which couple do you mean?
        │ 1. @Ben
        │ 2. @Cleo
        │ 3. @Dora
        │
        │ -# Not feeling safe? /safety
        [With whom? ▾ 1 | 2 | 3]
        ");
        s.restart().await?;
        let page = ada.select("With whom?", &["2"]).await?;
        assert!(page.says("For @Cleo"), "{}", page.text());
        assert!(page.write(PASSAGE).await?.says("Share this with @Cleo?"));
        ada.click("Post it").await?;
        assert_eq!((ben.sees(PASSAGE), cleo.sees(PASSAGE), dora.sees(PASSAGE)), (0, 1, 0));
        // In a couple's own channel it is that couple who is meant.
        ada.person.go(&home);
        ada.run("/journal read").await?;
        assert!(ada.click("Share 1").await?.write("The window seat.").await?.says("Share this with @Ben?"));
        ada.click("Post it").await?;
        assert_eq!((ben.sees("window seat"), cleo.sees("window seat"), dora.sees("window seat")), (1, 0, 0));
        for other in [&ben, &cleo, &dora] {
            assert!(!other.ever_saw("sound cold"));
        }
        assert!(!dora.ever_saw(SHARED));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_nobody_to_share_it_with_nothing_is_wrong() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        writes(&nora, ENTRY).await?;
        nora.run("/journal read").await?;
        nora.reads();
        nora.click("Share 1").await?;
        reads!(nora.reads(), @r"
        — DM · Duet · only you see this · edited —
        │ There is nobody here to share it with, and that is fine: it is yours. If you would like to one day, `/pair` in a server invites someone.
        │
        │ -# Not feeling safe? /safety
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn where_they_meet_in_their_dms_each_finds_it_in_their_own_and_quiet_hours_are_quiet() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        ada.run("/journal read").await?;
        assert!(ada.click("Share 1").await?.write(PASSAGE).await?.says("in the DMs of both of you"));
        ada.reads();
        ben.reads();
        ada.click("Post it").await?;
        reads!(ada.reads(), @r"
        — DM · Duet · only you see this · edited —
        │ On its way: it will stand in the DMs of both of you. The rest stays yours alone.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        You shared this with @Ben.
        │ Sundays before noon are mine.
        [How to listen]
        ");
        reads!(ben.reads(), @r"
        — DM · Duet —
        @Ada shared something.
        │ Sundays before noon are mine.
        [How to listen]
        ");
        // 22:00 in Berlin.
        ben.run("/settings zone:Berlin").await?;
        s.passes(HOUR * 11).await?;
        shares(&ada, "The window seat.").await?;
        let silent = |who: &Actor<'_>| {
            who.person.notifications().iter().filter(|one| one.text.contains(SHARED)).map(|one| one.silent).collect::<Vec<_>>()
        };
        assert_eq!(silent(&ben), [false, true]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_the_partners_quiet_hours_the_channel_is_quiet_too() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ben.run("/settings zone:Auckland").await?;
        writes(&ada, ENTRY).await?;
        shares(&ada, PASSAGE).await?;
        let told: Vec<_> = ben.person.notifications().into_iter().filter(|one| one.text.contains(SHARED)).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].silent && told[0].text == "@Ben, @Ada shared something.", "{told:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn where_somebody_else_could_read_it_nothing_is_posted_and_its_author_alone_is_told() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        writes(&ada, ENTRY).await?;
        previews(&ada, PASSAGE).await?;
        let (card, again) = ada.button("Post it")?;
        s.home.allow_view(&s.place(), &eve.person);
        s.bot_has_heard().await?;
        ada.reads();
        ben.reads();
        ada.click("Post it").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ On its way: it will stand in your channel #our-place. The rest stays yours alone.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        A word about your place.
        │ I did not post what you wanted to share: your channel can now be seen by somebody besides the two of you. Nothing was shown, and nobody else is told that there was anything. I have not kept the passage; your journal is as it was.
        │
        │ Once it is only yours again, you can share it anew. Or meet in your DMs: `Move to our DMs` takes both of you.
        [Move to our DMs]
        ");
        assert_eq!(ben.reads(), "");
        assert!(!eve.ever_saw("before noon") && !ben.ever_saw("before noon") && !ben.ever_saw(SHARED));
        assert_eq!(words_kept(s).await, 0);
        // Once the channel is theirs again nothing comes by itself, nor by an old press.
        s.home.clear_overwrite(&s.place(), &eve.person);
        s.bot_has_heard().await?;
        s.passes(HOUR * 50).await?;
        ada.click_custom(card, &again).await?;
        assert!(!ben.ever_saw("before noon"));
        assert_eq!(ada.sees(NOT_SHOWN), 1);
        shares(&ada, PASSAGE).await?;
        assert_eq!(ben.sees(PASSAGE), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whatever_else_is_wrong_with_the_place_its_author_reads_what_to_mend() {
    type Wrong = fn(&Story, &Actor<'_>);
    let wrongs: [(Wrong, &str); 3] = [
        (|s, ben| s.home.remove(&ben.person), "one of you is no longer in your channel"),
        (
            |s, _| {
                let bot = duet::rehearsal::Target::User(s.rehearsal.bot_id());
                s.home.set_overwrite(&s.place(), bot, permissions::VIEW_CHANNEL, permissions::SEND_MESSAGES);
            },
            "I'm missing *Send Messages* in your channel",
        ),
        (|s, _| s.home.delete_channel(&s.place()), "your channel is gone"),
    ];
    for (wrong, told) in wrongs {
        story(async |s: &Story| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            ada.person.go_dm();
            writes(&ada, ENTRY).await?;
            previews(&ada, PASSAGE).await?;
            // Confirmed, and then it happens, before anything is sent.
            ada.person.click("Post it").await?;
            wrong(s, &ben);
            s.settle().await?;
            let dm = ada.hears(NOT_SHOWN).await?;
            assert!(dm.text.contains(told) && dm.has_button("Move to our DMs") && dm.place == "DM", "{dm}");
            assert!(!dm.text.contains(PASSAGE));
            assert!(!ben.ever_saw("before noon") && !ben.ever_saw(SHARED) && !ben.ever_saw(NOT_SHOWN));
            assert_eq!(words_kept(s).await, 0);
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn with_no_place_to_meet_the_page_does_not_open() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.person.go_dm();
        writes(&ada, ENTRY).await?;
        previews(&ada, PASSAGE).await?;
        s.home.delete_channel(&s.place());
        ada.hears("I can't find your channel any more").await?;
        let card = ada.message("Share this with @Ben?")?.id;
        let reply = ada.click_in(card, "Post it").await?;
        assert!(reply.says("no place to meet") && reply.says(PASSAGE), "{}", reply.text());
        ada.run("/journal read").await?;
        assert!(ada.click("Share 1").await?.says("no place to meet"));
        assert!(!ben.ever_saw("before noon"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn pressed_twice_told_unheard_or_stopped_in_between_it_is_posted_once() {
    for in_dms in [false, true] {
        story(async |s: &Story| {
            let (ada, ben) = if in_dms { s.couple_in_dms("Ada", "Ben").await? } else { s.couple("Ada", "Ben").await? };
            writes(&ada, ENTRY).await?;
            previews(&ada, PASSAGE).await?;
            let (one, other) = ada.click_twice("Post it").await?;
            assert!(one.says("On its way") && other.says("On its way"), "{} {}", one.text(), other.text());
            assert_eq!((stands(&ada, PASSAGE), stands(&ben, PASSAGE)), (1, 1));

            previews(&ada, "The window seat.").await?;
            s.faults().on(Match::new("POST", "/messages").with_body("shared something."), FaultKind::CutAfter);
            ada.click("Post it").await?;
            s.faults().outage(true);
            s.passes(HOUR).await?;
            s.faults().outage(false);
            s.passes(HOUR).await?;
            assert_eq!((stands(&ada, "window seat"), stands(&ben, "window seat")), (1, 1));

            previews(&ada, "The blue cup.").await?;
            s.restart().await?;
            ada.person.click("Post it").await?;
            s.restart().await?;
            assert_eq!((stands(&ada, "blue cup"), stands(&ben, "blue cup")), (1, 1));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_not_posted_yet_is_in_nobody_elses_file() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        previews(&ada, PASSAGE).await?;
        let post = || Match::new("POST", "/messages").with_body("shared something.");
        // Ten tries of an outage: parked, and tried every hour.
        for _ in 0..duet::courier::TRIES {
            s.faults().on(post(), FaultKind::Status { code: 503, before_applying: true });
        }
        ada.click("Post it").await?;
        assert!(!exports(&ben).await?.all.contains(PASSAGE));
        let parked = async || s.texts("select id from outbox where state = 'parked'").await.len();
        for _ in 0..20 {
            if parked().await == 1 {
                break;
            }
            s.passes(HOUR / 4).await?;
        }
        assert_eq!((stands(&ben, PASSAGE), parked().await), (0, 1));
        assert!(!exports(&ben).await?.all.contains(PASSAGE));
        assert!(exports(&ada).await?.all.contains(PASSAGE));
        s.passes(HOUR * 2).await?;
        assert_eq!(stands(&ben, PASSAGE), 1);
        assert!(exports(&ben).await?.all.contains(PASSAGE));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_passage_that_discord_keeps_refusing_is_destroyed_and_its_author_told() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        previews(&ada, PASSAGE).await?;
        for _ in 0..duet::courier::TRIES {
            let post = Match::new("POST", "/messages").with_body("shared something.");
            s.faults().on(post, FaultKind::Status { code: 400, before_applying: true });
        }
        ada.click("Post it").await?;
        for _ in 0..duet::courier::TRIES {
            s.passes(HOUR * 2).await?;
        }
        assert_eq!((stands(&ben, PASSAGE), words_kept(s).await), (0, 0));
        assert_eq!(ada.sees(NOT_SHOWN), 1);
        assert!(!ben.ever_saw(PASSAGE));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_couple_that_ended_meanwhile_nothing_is_shown() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        // Confirmed, and left before it was sent.
        previews(&ada, PASSAGE).await?;
        ben.person.run("/unpair").await?;
        ada.person.click("Post it").await?;
        ben.person.click("Leave").await?;
        s.settle().await?;
        assert!(!ben.ever_saw("before noon") && !ben.ever_saw(SHARED));
        assert_eq!(words_kept(s).await, 0);
        assert_eq!(ada.sees(NOT_SHOWN), 0, "that would be an alarm");
        Ok(())
    })
    .await;
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        // Left between the question and the yes.
        previews(&ada, PASSAGE).await?;
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        let reply = ada.click("Post it").await?;
        assert!(reply.says("This space is closed.") && reply.says(PASSAGE), "{}", reply.text());
        assert!(!ben.ever_saw("before noon"));
        assert_eq!(s.count("passages").await, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_moved_between_the_question_and_the_yes_is_asked_again() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.person.go_dm();
        writes(&ada, ENTRY).await?;
        previews(&ada, PASSAGE).await?;
        let card = ada.message("Share this with @Ben?")?.id;
        ben.run("/settings").await?;
        ben.click("Move to our DMs").await?;
        ada.click("Agree").await?;
        let again = ada.click_in(card, "Post it").await?;
        assert!(again.says("another one by now") && again.says("in the DMs of both of you"), "{}", again.text());
        assert!(!ben.ever_saw("before noon"));
        ada.click_in(card, "Post it").await?;
        assert_eq!(ben.sees(PASSAGE), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_long_entry_opens_with_its_beginning_and_the_longest_passage_fits() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let entry: String = "a heron 🙂 ".repeat(400).chars().take(3_600).collect();
        let entry = entry.trim().to_owned();
        assert!(entry.encode_utf16().count() > 3_900 && entry.encode_utf16().count() <= 4_000);
        writes(&ada, &entry).await?;
        ada.run("/journal read").await?;
        let page = ada.click("Share 1").await?;
        assert!(page.says("Up to 2,500 characters. Yours has more, so this is its beginning."), "{}", page.text());
        let modal = page.modal()?;
        let fitting = modal.fields().remove(0).value;
        let units = fitting.encode_utf16().count();
        assert!(entry.starts_with(&fitting) && (2_480..=2_500).contains(&units), "{units}");
        modal.write(&fitting).await?;
        ada.click("Post it").await?;
        assert_eq!(posts(s)[0]["embeds"][0]["description"], fitting.as_str());
        assert_eq!(ben.sees(&fitting), 1);
        // What a changed client may send.
        ada.run("/journal read").await?;
        let long = "b".repeat(2_501);
        let refused = ada.click("Share 1").await?.forge(vec![("field0".into(), long.clone())]).await?;
        assert!(refused.says("That is 1 over what fits in one post") && refused.says(&long), "{}", refused.text());
        ada.run("/journal read").await?;
        assert!(
            ada.click("Share 1")
                .await?
                .forge(vec![("field0".into(), " \u{200b} ".into())])
                .await?
                .says("There was nothing in it")
        );
        assert_eq!(s.count("passages").await, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn words_of_any_kind_arrive_as_they_were_typed_and_call_nobody() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let cleo = s.person("Cleo");
        s.home.role("friends", 0, &[&cleo.person]);
        writes(&ada, ENTRY).await?;
        let texts = [
            "# Large\n\n-# small\n\n-# Not feeling safe? no\n> quoted\n```\nnever closed".to_owned(),
            "עברית \u{202e}abc\u{202c} \u{200b}zero\u{200d}width\u{feff} 👩‍👩‍👧 ~~x~~ ||y|| [a](https://example.org)".to_owned(),
            format!("<@{}> <@{}> @everyone @here <t:1:R> </ask:1>\r\ntwo\ttabs", ada.person.id(), cleo.person.id()),
            "**Your question**\n\n-# or not".to_owned(),
        ];
        for text in &texts {
            let (before, cleos) = (ben.person.notifications().len(), cleo.person.notifications().len());
            previews(&ada, text).await?;
            let shown = s
                .rehearsal
                .exchanges()
                .into_iter()
                .rev()
                .find_map(|one| one.request_body.filter(|body| body["data"]["embeds"].is_array()));
            let shown = shown.ok_or("no preview")?;
            assert_eq!(shown["data"]["embeds"][1], serde_json::json!({ "description": text }));
            assert!(ada.click("Post it").await?.says("On its way"));
            let post = posts(s).pop().ok_or("no post")?;
            assert_eq!(post["embeds"], serde_json::json!([{ "description": text }]));
            let told = ben.person.notifications().split_off(before);
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].text, "@Ben, @Ada shared something.");
            assert_eq!(cleo.person.notifications().len(), cleos);
            let post = ben.message("@Ada shared something.")?;
            assert_eq!(post.embeds.len(), 1);
        }
        assert_eq!(s.count("passages").await, i64::try_from(texts.len())?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nobody_but_its_author_comes_to_it() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        writes(&ada, ENTRY).await?;
        previews(&ada, PASSAGE).await?;
        let (_, yes) = ada.button("Post it")?;
        ada.run("/journal read").await?;
        let (_, share) = ada.button("Share 1")?;
        for other in [&ben, &eve] {
            other.run("/help").await?;
            let own = other.message("Duet asks two people")?.id;
            let tried = other.click_custom(own, &share).await?.text();
            assert!(tried.contains("That entry is gone") || tried.contains("nobody here to share it with"), "{tried}");
            other.click_custom(own, &yes).await?;
            // Nobody's public message is replaced by a press that belongs elsewhere.
            assert!(other.click_custom(own, "d1:remove_files").await?.says("older message"));
        }
        assert!(!ben.ever_saw("before noon") && !eve.ever_saw("before noon"));
        assert_eq!(s.count("passages").await, 0);
        ada.click("Delete 1").await?;
        ada.click("Delete it").await?;
        let page = ada.message("One entry is gone")?.id;
        assert!(ada.click_custom(page, &share).await?.says("That entry is gone"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_shared_ends_with_the_couples_keys() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, ENTRY).await?;
        shares(&ada, PASSAGE).await?;
        let key = format!("owner = {} and couple <> 'journal'", ada.person.id());
        assert_eq!(s.texts(&format!("select id from keys where {key}")).await.len(), 1);
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        s.passes(HOUR * 24 * 31).await?;
        assert_eq!(s.texts(&format!("select id from keys where {key}")).await.len(), 0);
        assert!(ada.run("/journal read").await?.says("sound cold"));
        Ok(())
    })
    .await;
}

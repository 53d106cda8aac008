//! After the reveal: mirror, confirm, swap, appreciate, ask for one thing, close.

use duet::rehearsal::Match;
use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const TURN: &str = "Your turn, when it suits.";

/// Both answered a question. The one who listens first, and the one who is heard first.
pub async fn opened<'s>(one: &Actor<'s>, other: &Actor<'s>) -> Told<(Actor<'s>, Actor<'s>)> {
    one.run("/ask question:What do you carry just now?").await?;
    one.answers("The move, and nobody to talk to about it.").await?;
    other.answers("My father's letters, unopened on the shelf.").await?;
    let one_listens = one.message(&format!("@{} listens first", one.name())).is_ok();
    Ok(if one_listens { (one.clone(), other.clone()) } else { (other.clone(), one.clone()) })
}

/// How often somebody was called to a turn.
pub fn calls(person: &Actor<'_>) -> usize {
    person.person.notifications().iter().filter(|notice| notice.text.contains(TURN)).count()
}

/// Messages in the home that both can see, beside the welcome.
fn in_the_home(person: &Actor<'_>) -> usize {
    let place = |message: &&duet::rehearsal::SeenMessage| message.place == "#our-place" && !message.private;
    person.person.screen().iter().filter(place).count() - 1
}

pub async fn writes(person: &Actor<'_>, label: &str, text: &str) -> Told {
    person.click(label).await?.write(text).await.map(drop)
}

#[tokio::test]
async fn a_guided_conversation_leaves_six_messages_and_calls_each_turn_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        assert_eq!(in_the_home(&ada), 2);
        let mut expected = [0, 0];
        let mut called = |who: usize| {
            expected[who] += 1;
            assert_eq!([calls(&listens), calls(&speaks)], expected);
        };
        writes(&listens, "Mirror", "You carry something alone and would like company with it.").await?;
        called(1);
        s.restart().await?;
        speaks.click("That's it").await?;
        writes(&speaks, "Mirror", "There is something you have put off opening.").await?;
        called(0);
        s.restart().await?;
        listens.click("That's it").await?;
        writes(&listens, "Appreciate", "You waited until I had finished.").await?;
        called(1);
        writes(&speaks, "Appreciate", "You told me about the shelf.").await?;
        s.restart().await?;
        writes(&speaks, "Ask for one thing", "An evening walk this week, only us.").await?;
        called(0);
        listens.click("Yes").await?;
        assert_eq!([calls(&listens), calls(&speaks)], expected, "nothing calls anybody when it ends");
        assert_eq!(in_the_home(&ada), 6);
        for words in
            ["would like company", "put off opening", "until I had finished", "about the shelf", "evening walk this week"]
        {
            assert_eq!((ada.sees(words), ben.sees(words)), (1, 1), "{words}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_conversation_in_dms_shows_each_the_same_and_sounds_only_for_the_one_whose_turn_it_is() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let sounds = |person: &Actor<'_>| person.person.notifications().iter().filter(|notice| !notice.silent).count();
        let before = sounds(&listens);
        writes(&listens, "Mirror", "You carry something alone.").await?;
        assert_eq!((calls(&listens), calls(&speaks)), (0, 1));
        assert_eq!(sounds(&listens), before);
        speaks.click("Nearly").await?.write("Not alone: with too many people at once.").await?;
        assert_eq!((calls(&listens), calls(&speaks)), (1, 1));
        for person in [&listens, &speaks] {
            assert_eq!(person.sees("You carry something alone."), 1);
            assert_eq!(person.sees("with too many people at once"), 1);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_two_corrections_it_goes_on_by_itself() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", "The first hearing of it.").await?;
        writes(&speaks, "Nearly", "It was heavier than that for me.").await?;
        writes(&listens, "Mirror", "The second hearing of it.").await?;
        writes(&speaks, "There's more", "And there is the garden as well.").await?;
        writes(&listens, "Mirror", "The third hearing of it.").await?;
        assert!(!speaks.message("The third hearing")?.has_button("Nearly"));
        assert!(speaks.message("The third hearing")?.has_button("Mirror"));
        assert_eq!(ada.message("The first hearing")?.id, ada.message("The third hearing")?.id, "one message for one part of it");
        writes(&speaks, "Mirror", "What the other one carries.").await?;
        assert!(listens.message("What the other one carries.")?.has_button("That's it"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn presses_of_the_wrong_partner_a_stranger_and_an_earlier_turn_change_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        assert!(speaks.click("Mirror").await?.says("listens first this time"));
        writes(&listens, "Mirror", "You carry something alone.").await?;
        let (sheet, confirm) = speaks.button("That's it")?;
        assert!(listens.click_in(sheet, "That's it").await?.says("for the other one of you"));

        let cleo = s.person("Cleo");
        s.home.allow_view(&s.place(), &cleo.person);
        cleo.person.go(&s.place());
        for label in ["That's it", "Nearly", "Skip", "Close", "Softer"] {
            assert!(cleo.click_in(sheet, label).await?.says("between two other people"), "{label}");
        }
        s.home.clear_overwrite(&s.place(), &cleo.person);

        let (one, other) = speaks.click_twice("That's it").await?;
        assert!(one.says("done already") != other.says("done already"), "{} / {}", one.text(), other.text());
        assert!(speaks.click_custom(sheet, &confirm).await?.says("done already"));
        let skip = speaks.button("Skip")?;
        speaks.click("Skip").await?;
        assert!(speaks.click_custom(skip.0, &skip.1).await?.says("done already"), "one press skips one step");
        assert!(speaks.message("You carry something alone.")?.has_button("Appreciate"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn words_for_a_step_that_is_done_come_back_to_their_author_alone() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let page = listens.click("Mirror").await?;
        listens.click("We said it aloud").await?;
        let back = page.write("Typed while we were talking.").await?;
        assert!(back.says("Typed while we were talking.") && back.says("done already"), "{}", back.text());
        assert_eq!(speaks.sees("Typed while we were talking."), 0);

        let page = speaks.click("Mirror").await?;
        speaks.click("Mirror").await?.write("Sent twice, and the same.").await?;
        let again = page.write("Sent twice, and the same.").await?;
        assert!(!again.says("done already"), "{}", again.text());
        assert_eq!(listens.sees("Sent twice, and the same."), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_step_that_is_left_closes_as_if_it_were_skipped_and_in_the_end_the_conversation() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        s.passes(DAY * 5).await?;
        writes(&listens, "Mirror", "You carry something alone.").await?;
        s.passes(DAY).await?;
        s.restart().await?;
        let left = ada.message("You carry something alone.")?.text;
        assert!(speaks.message("You carry something alone.")?.has_button("Mirror"));
        s.passes(DAY).await?;
        assert_eq!((calls(&listens), calls(&speaks)), (1, 1), "the one who is there has the word");
        s.passes(DAY).await?;
        assert_eq!((calls(&listens), calls(&speaks)), (1, 1));
        assert!(listens.click("Mirror").await?.says("closed"));
        for name in ["late", "missed", "did not", &speaks.person.mention()] {
            assert!(!left.contains(name), "{left}");
        }

        // The same step, skipped: nobody can tell one from the other.
        ada.run("/ask question:And what else is there?").await?;
        ada.answers("Not much else, really.").await?;
        ben.answers("A little more than that.").await?;
        let (listens, speaks) = if ada.message("@Ada listens first this").is_ok() { (&ada, &ben) } else { (&ben, &ada) };
        let (listens, speaks) =
            if listens.click("Mirror").await?.says("listens first") { (speaks, listens) } else { (listens, speaks) };
        writes(listens, "Mirror", "You carry something alone.").await?;
        speaks.click("Skip").await?;
        let skipped = ada.message("You carry something alone.")?.text;
        let nameless = |text: &str| text.replace("@Ada", "@X").replace("@Ben", "@X");
        assert_eq!(nameless(&skipped), nameless(&left));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_new_question_closes_the_conversation_with_one_kind_line() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", "You carry something alone.").await?;
        ada.run("/ask").await?;
        let sheet = speaks.message("You carry something alone.")?;
        assert!(!sheet.has_button("That's it"), "{sheet}");
        assert!(speaks.click("Appreciate").await?.says("closed"), "on the reveal, which still stands");
        s.passes(DAY * 4).await?;
        assert_eq!((calls(&listens), calls(&speaks)), (0, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn heavier_is_told_to_nobody_and_makes_the_next_questions_lighter() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for person in [&ada, &ben] {
            person.run("/settings").await?;
            person.select("Depth", &["brave"]).await?;
        }
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens.click("Close").await?;
        listens.click("heavier").await?;
        let before = speaks.reads();
        assert!(!before.contains("heavier —"), "{before}");
        speaks.click("lighter").await?;
        assert!(s.texts("select course from conversations").await.iter().all(|course| !course.contains("heavier")));
        for depth in ["tender", "brave"] {
            let answer = ada.run(&format!("/ask depth:{depth}")).await?;
            assert!(answer.says("Not in the bag just now"), "{}", answer.text());
            ben.click("Pass").await?;
            ben.click("Say it openly").await?;
        }
        s.passes(DAY * 7).await?;
        assert!(!ada.run("/ask depth:tender").await?.says("Not in the bag just now"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_plan_is_asked_about_once_and_only_of_its_author() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.click("Conversations: full").await?;
        ben.click("Agree").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        listens
            .click("Mirror")
            .await?
            .fill(&[
                ("What I heard", "You carry something alone."),
                ("It makes sense because…", "You moved for the both of us."),
                ("I imagine you felt…", "Lonely in the evenings."),
            ])
            .await?;
        speaks.click("We said it aloud").await?;
        speaks.click("We said it aloud").await?;
        speaks.click("Skip").await?;
        listens.click("Skip").await?;
        writes(&speaks, "Ask for one thing", "One evening walk this week.").await?;
        listens.click("A smaller yes").await?;
        listens
            .click("Make it a plan")
            .await?
            .fill(&[("When …", "the dishes are done on Thursday"), ("I will …", "put on my boots and knock")])
            .await?;
        assert_eq!(speaks.sees("put on my boots and knock"), 1);
        let before = speaks.person.notifications().len();
        s.passes(DAY * 8).await?;
        s.restart().await?;
        assert_eq!(listens.sees("put on my boots and knock"), 2, "in the home, and once by DM");
        listens.click("partly").await?;
        listens.click("let it go").await?;
        assert_eq!(speaks.person.notifications().len(), before, "nobody else hears of it");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_sheet_that_others_could_see_is_held_and_goes_by_dm_when_both_want_that() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let cleo = s.person("Cleo");
        s.home.allow_view(&s.place(), &cleo.person);
        cleo.person.go(&s.place());
        s.bot_has_heard().await?;
        listens.click("Mirror").await?.write("Only for the two of us to read.").await?;
        assert!(!cleo.ever_saw("Only for the two of us"));
        assert_eq!(speaks.sees("Only for the two of us"), 0);
        for person in [&listens, &speaks] {
            person.message("Send to both by DM")?;
            person.click("Send to both by DM").await?;
        }
        assert_eq!(speaks.sees("Only for the two of us to read."), 1);
        speaks.click("That's it").await?;
        assert!(!cleo.ever_saw("Only for the two of us"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_held_sheet_comes_by_itself_once_the_two_are_alone_again() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let cleo = s.person("Cleo");
        s.home.allow_view(&s.place(), &cleo.person);
        s.bot_has_heard().await?;
        writes(&listens, "Mirror", "Only for the two of us to read.").await?;
        s.home.clear_overwrite(&s.place(), &cleo.person);
        s.bot_has_heard().await?;
        s.passes(SignedDuration::from_hours(2)).await?;
        assert_eq!((ada.sees("Only for the two of us"), ben.sees("Only for the two of us")), (1, 1));
        assert_eq!(calls(&speaks), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_sheet_that_was_posted_when_duet_fell_is_not_posted_again() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        let lost = s.faults().on(Match::new("POST", "/messages").with_body("Your turn"), duet::rehearsal::FaultKind::CutAfter);
        listens.click("Mirror").await?.write("Said once, and once only.").await?;
        s.faults().forget(lost);
        s.restart().await?;
        s.passes(SignedDuration::from_hours(1)).await?;
        assert_eq!((listens.sees("Said once, and once only."), calls(&speaks)), (1, 1));
        speaks.click("Nearly").await?.write("It was two things, in fact.").await?;
        assert_eq!(listens.sees("Said once, and once only."), 1, "the message before is gone");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_partner_who_leaves_ends_it_without_a_word() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", "You carry something alone.").await?;
        listens.run("/unpair").await?;
        listens.click("Leave").await?;
        speaks.reads();
        s.passes(DAY * 9).await?;
        assert_eq!(speaks.reads(), "");
        assert!(speaks.click("That's it").await?.says("This space is closed."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn softer_words_stand_once_on_each_part() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, speaks) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", "You carry something alone.").await?;
        let before = in_the_home(&ada);
        let calls_before = calls(&listens);
        for label in ["Let me try again", "Softer, please", "I see my part"] {
            speaks.click("Softer").await?;
            speaks.click(label).await?;
            speaks.click("Softer").await?;
            assert!(speaks.click(label).await?.says("already"), "{label}");
        }
        assert_eq!(in_the_home(&ada), before + 3);
        assert_eq!(calls(&listens), calls_before, "a softer word calls nobody");
        Ok(())
    })
    .await;
}

/// What one person's rounds and conversations tell a reader of the database: nothing that was written.
#[tokio::test]
async fn what_was_said_is_sealed_and_goes_with_its_authors_data() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (listens, _) = opened(&ada, &ben).await?;
        writes(&listens, "Mirror", "You carry something alone.").await?;
        assert_eq!(s.count("said").await, 1);
        listens.run("/privacy").await?;
        listens.click("Delete my data").await?.write("delete").await?;
        assert_eq!(s.count("said").await, 0);
        Ok(())
    })
    .await;
}

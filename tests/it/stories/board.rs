//! The board: what one puts up and the other sees. Seeing is not agreeing, and not seeing is nothing at all.

mod posting;

use jiff::SignedDuration;

use super::checkins::{checks_in, taps, weekly};
use super::mine::{deletes, exports};
use crate::story::{Actor, Answer, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const BOUNDARY: &str = "I don't read your phone, and you don't read mine.";
const PUT_UP: &str = "put something on your board.";
const NO_LONGER: &str = "No longer on the board.";
const NOT_POSTED: &str = "I did not post what you put on your board";
const ASKS: &str = "Has something on your board gone out of date?";

async fn puts_up<'s>(who: &Actor<'s>, text: &str) -> Told<Answer<'s>> {
    let reply = who.run(&format!("/board add kind:boundary text:{text}")).await?;
    assert!(reply.says("On your board."), "{}", reply.text());
    Ok(reply)
}

/// Chooses one of their own in the list.
async fn opens<'s>(who: &Actor<'s>, which: &str) -> Told<Answer<'s>> {
    who.run("/board list").await?;
    who.select("Edit or retire one of yours", &[which]).await
}

/// How many messages that are no private replies have this in them.
fn stands(who: &Actor<'_>, text: &str) -> usize {
    who.person.screen().into_iter().filter(|seen| !seen.private && seen.text.contains(text)).count()
}

async fn words_kept(s: &Story) -> usize {
    s.texts("select id from items where words is not null").await.len()
}

#[tokio::test]
async fn what_one_puts_up_the_other_sees_and_nothing_follows() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        ada.run(&format!("/board add kind:boundary text:{BOUNDARY}")).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **On your board.** @Ben finds it in your channel #our-place, or with `/board list`. They may press `I see this`; nothing has to follow.
        │
        │ **A boundary of @Ada**
        │ > I don't read your phone, and you don't read mine.
        │
        │ -# Not feeling safe? /safety
        [Edit] [Retire] [Look at the board]
        — #our-place · Duet —
        @Ben, @Ada put something on your board.
        │ **A boundary of @Ada**
        │ > I don't read your phone, and you don't read mine.
        │
        │ -# Seeing is not agreeing.
        [*I see this*]
        ");
        reads!(ben.reads(), @r"
        — #our-place · Duet —
        @Ben, @Ada put something on your board.
        │ **A boundary of @Ada**
        │ > I don't read your phone, and you don't read mine.
        │
        │ -# Seeing is not agreeing.
        [*I see this*]
        ");
        let told = ben.person.notifications();
        let told = told.last().ok_or("nothing told")?;
        assert!(told.text == "@Ben, @Ada put something on your board." && !told.silent, "{told:?}");
        assert!(!ada.person.notifications().iter().any(|one| one.text.contains(PUT_UP)));
        s.restart().await?;
        ben.click("I see this").await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **You have seen this.** Seeing is not agreeing, and nothing has to follow.
        │
        │ -# Not feeling safe? /safety
        [Look at the board]
        ");
        ben.person.private_cards_vanish();
        assert!(ben.click("I see this").await?.says("You have seen this."), "a second press");
        assert_eq!(ada.reads(), "", "the list says it, if they look");
        ada.run("/board list").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Your board, with @Ben**
        │
        │ **Boundaries**
        │ 1 · yours · seen
        │ > I don't read your phone, and you don't read mine.
        │
        │ -# Not feeling safe? /safety
        [Edit or retire one of yours ▾ 1 · boundary]
        ");
        ben.reads();
        ben.run("/board list").await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Your board, with @Ada**
        │
        │ **Boundaries**
        │ 1 · @Ada · seen
        │ > I don't read your phone, and you don't read mine.
        │
        │ -# Not feeling safe? /safety
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_words_a_page_opens_and_what_is_edited_asks_to_be_seen_anew() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        let page = ada.run("/board add kind:goal").await?;
        reads!(page.text(), @r"
        — modal: A goal of mine —
        What I would like to reach, or to grow into. Not a task for you.
        Up to 300 characters. @Ben is shown it, and may press `I see this`. Seeing is not agreeing.
        In my words (up to 300)
        ");
        page.write("To sing in a choir.").await?;
        s.restart().await?;
        let (message, old) = ben.button("I see this")?;
        ben.click("I see this").await?;
        ben.reads();
        ada.reads();
        let page = opens(&ada, "1 · goal").await?;
        assert!(page.says("Seen.") && page.says("To sing in a choir."), "{}", page.text());
        let page = ada.click("Edit").await?;
        reads!(page.text(), @r"
        — modal: A goal of mine —
        What I would like to reach, or to grow into. Not a task for you.
        Up to 300 characters. @Ben is asked to see it anew. Seeing is not agreeing.
        In my words (up to 300)
          > To sing in a choir.
        ");
        ada.reads();
        page.write("To sing in a choir,\non *Tuesdays*.").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **Changed.** @Ben is asked to see it anew.
        │
        │ **A goal of @Ada**
        │ > To sing in a choir,
        │ > on *Tuesdays*.
        │
        │ -# Not feeling safe? /safety
        [Edit] [Retire] [Look at the board]
        — #our-place · Duet · edited —
        @Ben, @Ada put something on your board.
        │ **A goal of @Ada**
        │ > To sing in a choir,
        │ > on *Tuesdays*.
        │
        │ -# Seeing is not agreeing.
        [*I see this*]
        ");
        reads!(ben.reads(), @r"
        — #our-place · Duet · edited —
        @Ben, @Ada put something on your board.
        │ **A goal of @Ada**
        │ > To sing in a choir,
        │ > on *Tuesdays*.
        │
        │ -# Seeing is not agreeing.
        [*I see this*]
        ");
        assert_eq!(
            (stands(&ben, PUT_UP), ben.person.notifications().iter().filter(|one| one.text.contains(PUT_UP)).count()),
            (1, 1)
        );
        // The wording they had on their screen is not the one that stands.
        ben.click_custom(message, &old).await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet · only you see this —
        │ It was said anew meanwhile. This is how it stands now:
        │
        │ **A goal of @Ada**
        │ > To sing in a choir,
        │ > on *Tuesdays*.
        │
        │ -# Seeing is not agreeing.
        │
        │ -# Not feeling safe? /safety
        [*I see this*] [Look at the board]
        ");
        assert!(!ada.run("/board list").await?.says("seen"));
        assert!(ben.click("I see this").await?.says("You have seen this."));
        assert!(ada.run("/board list").await?.says("1 · yours · seen"));
        // The same words change nothing.
        opens(&ada, "1 · goal").await?;
        assert!(ada.click("Edit").await?.write("To sing in a choir,\non *Tuesdays*.").await?.says("It stands as it was."));
        assert!(ada.run("/board list").await?.says("seen"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_retired_leaves_its_place_and_can_be_put_back() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        puts_up(&ada, BOUNDARY).await?;
        let (message, old) = ben.button("I see this")?;
        ben.click("I see this").await?;
        ada.reads();
        ben.reads();
        let retire = ada.button("Retire")?;
        ada.click("Retire").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **No longer on the board.** If it was posted, its message says so now. I keep nothing of the words. Here they are once more, for you alone:
        │ I don't read your phone, and you don't read mine.
        │ -# Not feeling safe? /safety
        [Put it back] [Look at the board]
        — #our-place · Duet · edited —
        @Ben, @Ada put something on your board.
        │ No longer on the board.
        ");
        reads!(ben.reads(), @r"
        — #our-place · Duet · edited —
        @Ben, @Ada put something on your board.
        │ No longer on the board.
        ");
        assert_eq!(words_kept(s).await, 0);
        assert!(ben.click_custom(message, &old).await?.says("That is no longer on the board."));
        assert!(ada.run("/board list").await?.says("There is nothing on your board yet."));
        // A second press of an old button.
        let again = ada.click_custom(retire.0, &retire.1).await?;
        assert!(again.says(NO_LONGER) && !again.says(BOUNDARY), "{}", again.text());
        Ok(())
    })
    .await;
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        puts_up(&ada, BOUNDARY).await?;
        ben.click("I see this").await?;
        ada.click("Retire").await?;
        s.restart().await?;
        ada.reads();
        ben.reads();
        let (one, other) = ada.click_twice("Put it back").await?;
        assert!([&one, &other].iter().any(|reply| reply.says("Back on your board.")), "{} {}", one.text(), other.text());
        assert!(ben.reads().contains(BOUNDARY));
        assert_eq!((stands(&ben, BOUNDARY), words_kept(s).await), (1, 1));
        assert!(!ada.run("/board list").await?.says("seen"), "it is seen anew");
        assert!(ben.click("I see this").await?.says("You have seen this."));
        assert_eq!(ben.person.notifications().iter().filter(|one| one.text.contains(PUT_UP)).count(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn only_its_author_changes_it_only_the_other_sees_it_and_a_stranger_does_neither() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        puts_up(&ada, BOUNDARY).await?;
        let (message, see) = ben.button("I see this")?;
        let (own, edit) = ada.button("Edit")?;
        let (_, retire) = ada.button("Retire")?;
        let (_, list) = ada.button("Look at the board")?;
        let own_one = ada.click_custom(message, &see).await?;
        assert!(
            own_one.says("This one is yours") && own_one.heard.private()?.labels() == ["Edit", "Retire", "Look at the board"]
        );
        ben.run("/help").await?;
        eve.run("/help").await?;
        for (who, told) in [(&ben, "Only whoever put it up changes it."), (&eve, "This is between two other people.")] {
            let help = who.message("Duet asks two people")?.id;
            for forged in [&edit, &retire, &see.replace("see_item", "put_back")] {
                let reply = who.click_custom(help, forged).await?;
                assert!(reply.says(told) || reply.says("There was nothing in it"), "{forged}: {}", reply.text());
            }
        }
        eve.run("/help").await?;
        let help = eve.message("Duet asks two people")?.id;
        for forged in [&see, &list] {
            assert!(eve.click_custom(help, forged).await?.says("This is between two other people."), "{forged}");
        }
        let page = ada.click_in(own, "Edit").await?;
        let claim = edit.replace("d1:edit_item", "m1:edit_item");
        let forged = ben.run("/board add kind:need").await?.forge_as(&claim, &[("field0", "Something else altogether.")]).await?;
        assert!(forged.says("Only whoever put it up changes it."), "{}", forged.text());
        page.write("I read no phone but mine.").await?;
        assert!(ada.run("/board list").await?.says("I read no phone but mine."));
        assert!(!ada.ever_saw("Something else altogether.") && !eve.ever_saw("phone"));
        assert!(!ada.run("/board list").await?.says("seen"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn there_is_room_for_fifty_and_the_list_has_pages() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for number in 1..=25 {
            puts_up(&ada, &format!("Boundary of hers, number {number}. {}", "x".repeat(250))).await?;
            ben.run(&format!("/board add kind:need text:A need of his, number {number}.")).await?;
        }
        assert_eq!(words_kept(s).await, 50);
        ada.reads();
        ada.run("/board add kind:interest text:Mushrooms, and where they grow.").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ There is room for 50 on the board of the two of you, and all of it is taken. `/board list` shows it: whoever put one up can retire it once it has had its time.
        │ What you just wrote was not kept. Here it is, for you alone:
        │ Mushrooms, and where they grow.
        │
        │ -# Not feeling safe? /safety
        ");
        assert!(ada.run("/board add kind:interest").await?.says("There is room for 50"), "no page to write on for nothing");
        let page = ada.click("Look at the board").await?;
        assert!(page.says("number 1.") && page.says("**Boundaries**") && !page.says("**Needs**"), "{}", page.text());
        let mut pages = 1;
        while ada.message("Your board, with @Ben")?.has_button("More") {
            ada.click("More").await?;
            pages += 1;
        }
        let last = ada.message("Your board, with @Ben")?;
        assert!(pages > 4 && last.text.contains("50 · @Ben\n│ > A need of his, number 25."), "{pages} {last}");
        ada.click("Back").await?;
        // One goes, and another fits; what went has no room to come back, and is not lost for that.
        opens(&ada, "3 · boundary").await?;
        ada.click("Retire").await?;
        puts_up(&ada, "Mushrooms, and where they grow.").await?;
        let (card, _) = ada.button("Put it back")?;
        let no_room = ada.click_in(card, "Put it back").await?;
        assert!(no_room.says("There is room for 50") && no_room.says("number 3."), "{}", no_room.text());
        ada.click("Retire").await?;
        let back = ada.click_in(card, "Put it back").await?;
        assert!(back.says("Back on your board.") && back.says("number 3."), "{}", back.text());
        let refused = ada.run("/board add kind:need text:One too many of these.").await?;
        assert!(refused.says("There is room for 50") && refused.says("One too many of these."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn two_who_put_up_the_last_one_at_once_pass_no_limit() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for number in 1..=49 {
            puts_up(&ada, &format!("Boundary of hers, number {number}.")).await?;
        }
        let (one, other) = tokio::join!(
            Box::pin(ada.run("/board add kind:need text:Her last one of all.")),
            Box::pin(ben.run("/board add kind:need text:His last one of all."))
        );
        let full = [one?, other?].iter().filter(|reply| reply.says("There is room for 50")).count();
        assert_eq!((full, words_kept(s).await), (1, 50));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn of_two_couples_one_is_chosen_and_nothing_crosses() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let home = s.place();
        let cleo = s.person("Cleo");
        s.pair(&ada, &cleo).await?;
        ada.person.go_dm();
        ada.reads();
        ada.run(&format!("/board add kind:boundary text:{BOUNDARY}")).await?;
        reads!(ada.reads(), @r"
        — DM · Duet · only you see this —
        │ Which couple do you mean?
        │ 1. @Ben
        │ 2. @Cleo
        │ **For the board**
        │ I don't read your phone, and you don't read mine.
        │ -# Not feeling safe? /safety
        [With whom? ▾ 1 | 2]
        ");
        s.restart().await?;
        let reply = ada.select("With whom?", &["2"]).await?;
        assert!(reply.says("@Cleo finds it in your channel"), "{}", reply.text());
        assert_eq!((stands(&ben, BOUNDARY), stands(&cleo, BOUNDARY)), (0, 1));
        ada.run("/board add kind:interest").await?;
        ada.select("With whom?", &["1"]).await?.write("Old maps of the coast.").await?;
        assert_eq!((stands(&ben, "Old maps"), stands(&cleo, "Old maps")), (1, 0));
        ada.run("/board list").await?;
        let list = ada.select("With whom?", &["1"]).await?;
        assert!(list.says("Old maps") && !list.says("phone"), "{}", list.text());
        ada.person.go(&home);
        assert!(!ada.run("/board list").await?.says("phone"), "in a couple's own channel it is that couple");
        assert!(!ben.ever_saw("phone") && !cleo.ever_saw("Old maps"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_nobody_or_nowhere_or_nothing_in_it_the_no_is_calm_and_the_words_come_back() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        let reply = nora.run(&format!("/board add kind:boundary text:{BOUNDARY}")).await?;
        assert!(reply.says("You are not in a couple here yet.") && reply.says(BOUNDARY), "{}", reply.text());
        assert!(nora.run("/board list").await?.says("You are not in a couple here yet."));
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        ada.run("/board list").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ There is nothing on your board yet. `/board add` puts something up: a boundary, a need, a goal or an interest of yours, in a sentence or two.
        │
        │ -# Not feeling safe? /safety
        ");
        let page = ada.run("/board add kind:need").await?;
        let blank = page.forge(vec![("field0".into(), " \u{200b} ".into())]).await?;
        assert!(blank.says("There was nothing in it"), "{}", blank.text());
        let long = "🙂".repeat(151);
        let long_page = ada.run("/board add kind:need").await?.forge(vec![("field0".into(), long.clone())]).await?;
        assert!(long_page.says("That is 2 over what fits on the board") && long_page.says(&long), "{}", long_page.text());
        ada.person.go_dm();
        s.home.delete_channel(&s.place());
        ada.hears("I can't find your channel any more").await?;
        let reply = ada.run(&format!("/board add kind:boundary text:{BOUNDARY}")).await?;
        assert!(reply.says("no place to meet") && reply.says(BOUNDARY), "{}", reply.text());
        assert!(ada.run("/board add kind:boundary").await?.says("no place to meet"));
        assert_eq!(s.count("items").await, 0);
        assert!(!ben.ever_saw("phone"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_fourth_week_a_check_in_asks_whoever_has_something_there() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        puts_up(&ada, BOUNDARY).await?;
        // The Sunday of their first week, at 19:00 in Berlin, and two hours.
        s.passes(DAY * 5 + HOUR * 10).await?;
        let mut asked = Vec::new();
        for week in 1..=9 {
            // The sixth is skipped, and the bot restarts before it.
            if week == 5 {
                ada.run("/checkin skip").await?;
                s.restart().await?;
            } else if week == 6 {
                s.passes(DAY * 7).await?;
                continue;
            }
            let hers = checks_in(&ada, ["4", "5", "Skip", "3", "2"], ["A word from her side.", "", ""]).await?;
            asked.push((week, hers.says(ASKS)));
            let his = checks_in(&ben, ["2", "3", "4", "4", "5"], ["", "A word from his side.", ""]).await?;
            assert!(!his.says(ASKS), "nothing of his is there");
            s.passes(DAY * 7).await?;
        }
        let asked: Vec<i32> = asked.into_iter().filter_map(|(week, asked)| asked.then_some(week)).collect();
        assert_eq!(asked, [5, 9]);
        assert!(!ben.person.screen().iter().any(|seen| seen.text.contains(ASKS)));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_question_stands_on_ones_own_card_and_leads_to_the_board() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        s.passes(DAY * 28).await?;
        puts_up(&ada, BOUNDARY).await?;
        ada.run("/checkin now").await?;
        ada.reads();
        taps(&ada, ["4", "5", "Skip", "3", "2"]).await?.fill(&[("0", "Your soup on Monday.")]).await?;
        let read = ada.reads();
        let card = read.split("— #our-place").find(|card| card.contains(ASKS)).ok_or("not asked")?;
        reads!(card, @r"
         · Duet · only you see this · edited —
        │ **Sealed.** Only you see this copy. Both open as soon as both are in; until then you can change it or take it back.
        │ close to you **4** · myself with you **5** · clear about my limits **3** · steady when it got tense **2**
        │
        │ *One thing I appreciated*
        │ Your soup on Monday.
        │ Has something on your board gone out of date?
        │
        │ -# Not feeling safe? /safety
        [Edit] [Take back] [Look at the board]
        ");
        let (notified, before) = (ada.person.notifications().len(), ben.reads());
        assert!(ada.click("Look at the board").await?.says(BOUNDARY));
        assert_eq!((ada.person.notifications().len(), ben.reads()), (notified, String::new()), "{before}");
        // It comes with the last word, too.
        checks_in(&ben, ["2", "3", "4", "4", "5"], ["", "A word from his side.", ""]).await?;
        s.passes(DAY * 28).await?;
        ben.run("/checkin now").await?;
        checks_in(&ben, ["2", "3", "4", "4", "5"], ["", "A word from his side.", ""]).await?;
        assert!(checks_in(&ada, ["4", "5", "Skip", "3", "2"], ["A word of hers.", "", ""]).await?.says(ASKS));
        // Once it is retired nothing is asked.
        ada.click("Look at the board").await?;
        ada.select("Edit or retire one of yours", &["1 · boundary"]).await?;
        ada.click("Retire").await?;
        s.passes(DAY * 28).await?;
        ben.run("/checkin now").await?;
        assert!(!checks_in(&ada, ["4", "5", "Skip", "3", "2"], ["A word of hers.", "", ""]).await?.says(ASKS));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn it_is_in_both_files_and_goes_with_its_authors_data_or_with_the_couple() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        puts_up(&ada, BOUNDARY).await?;
        ben.run("/board add kind:interest text:Old maps of the coast.").await?;
        ben.run("/board add kind:goal text:A year without a car.").await?;
        opens(&ben, "3 · interest").await?;
        ben.click("Retire").await?;
        let (message, see) = (ben.message(BOUNDARY)?.id, ben.message(BOUNDARY)?.buttons.remove(0).custom_id);
        ben.click_in(message, "I see this").await?;
        for (who, whose, other) in [(&ada, "of yours", "of your partner's"), (&ben, "of your partner's", "of yours")] {
            let file = exports(who).await?;
            assert!(
                file.all.contains(&format!("**A boundary {whose}** · 2026-09-01 09:00 (UTC) · seen\n\n> {BOUNDARY}")),
                "{}",
                file.all
            );
            assert!(file.all.contains(&format!("**A goal {other}** · 2026-09-01 09:00 (UTC)\n\n> A year")), "{}", file.all);
            assert!(!file.all.contains("Old maps") && !file.all.contains("\"seen\": false"));
        }
        ben.reads();
        let receipt = deletes(&ada).await?;
        assert!(receipt.contains("1 couple left · 1 item on your board"), "{receipt}");
        assert_eq!(s.texts(&format!("select id from items where author = {}", ada.person.id())).await.len(), 0);
        s.passes(DAY).await?;
        assert_eq!(ben.reads(), "", "no alarm: nothing is edited");
        assert!(ben.click_custom(message, &see).await?.says("This space is closed."));
        assert!(ben.run("/board list").await?.says("This space is closed."));
        let his = exports(&ben).await?.all;
        assert!(his.contains("A year without a car.") && !his.contains("phone"), "{his}");
        s.passes(DAY * 31).await?;
        assert_eq!(s.count("items").await, 0);
        Ok(())
    })
    .await;
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        puts_up(&ada, BOUNDARY).await?;
        let (own, _) = ada.button("Edit")?;
        let page = ada.click_in(own, "Edit").await?;
        ada.reads();
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        let late = page.write("I read no phone but mine.").await?;
        assert!(late.says("This space is closed.") && late.says("I read no phone but mine."), "{}", late.text());
        for label in ["Retire", "Look at the board"] {
            assert!(ada.click_in(own, label).await.map_or(true, |reply| reply.says("This space is closed.")), "{label}");
        }
        assert!(exports(&ada).await?.all.contains(BOUNDARY));
        s.passes(DAY * 31).await?;
        assert_eq!(s.count("items").await, 0);
        assert!(ben.click("I see this").await?.says("This space is closed."));
        Ok(())
    })
    .await;
}

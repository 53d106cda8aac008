//! A check-in as people live it: rated in private, tap by tap; opened together, with its picture.

use std::cell::RefCell;

use duet::discord::card::Picture;
use duet::domain::checkin::{Rated, Rating, Ratings, Tap};
use duet::domain::ids::PersonId;
use duet::domain::insights::Insights;
use duet::rehearsal::Target;
use jiff::SignedDuration;

use crate::story::{Actor, Answer, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const REVEAL: &str = "Two people, two views.";
const HERE: &str = "Your check-in is here.";

/// Both agree to Sundays at 19:00 in Berlin. Stories begin on a Tuesday, 1 September.
pub async fn weekly(ada: &Actor<'_>, ben: &Actor<'_>) -> Told {
    ada.run("/checkin schedule zone:Europe/Berlin").await?;
    ben.click("Agree").await?;
    Ok(())
}

/// Presses `Answer` and taps five times; what comes is the page for the lines.
pub async fn taps<'s>(who: &Actor<'s>, ratings: [&str; 5]) -> Told<Answer<'s>> {
    who.click("Answer").await?;
    for rating in &ratings[..4] {
        who.click(rating).await?;
    }
    who.click(ratings[4]).await
}

/// Taps five ratings and sends three lines.
pub async fn checks_in<'s>(who: &Actor<'s>, ratings: [&str; 5], lines: [&str; 3]) -> Told<Answer<'s>> {
    taps(who, ratings).await?.fill(&[("0", lines[0]), ("1", lines[1]), ("2", lines[2])]).await
}

/// Finishes a check-in in which the first rating was tapped before.
async fn goes_on(who: &Actor<'_>, ratings: [&str; 4], line: &str) -> Told {
    who.click("Answer").await?;
    for rating in &ratings[..3] {
        who.click(rating).await?;
    }
    who.click(ratings[3]).await?.write(line).await?;
    Ok(())
}

/// A whole check-in, begun a minute later, in which only the first two ratings differ.
pub async fn opened(s: &Story, ada: &Actor<'_>, ben: &Actor<'_>, hers: [&str; 2], his: [&str; 2]) -> Told {
    s.passes(HOUR / 60).await?;
    ada.run("/checkin now").await?;
    checks_in(ada, [hers[0], hers[1], "3", "3", "Skip"], ["A word from her side.", "", ""]).await?;
    checks_in(ben, [his[0], his[1], "4", "Skip", "2"], ["", "A word from his side.", ""]).await?;
    Ok(())
}

/// The round of the newest button of that name: to forge with.
fn round_of(who: &Actor<'_>, label: &str) -> Told<String> {
    let (_, id) = who.button(label)?;
    Ok(id.split([':', '~']).nth(2).ok_or("no round")?.to_owned())
}

// ---- From the card to the reveal ----

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a whole check-in, word by word")]
async fn what_the_two_read_in_a_whole_check_in() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        ada.reads();
        s.passes(DAY * 6).await?;
        s.restart().await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet —
        @Ada @Ben Your check-in is here.
        │ **Check-in**
        │ Five taps about yourself, then three lines to finish in your own words. Skip whatever you like: one tap or one word is a whole check-in.
        │
        │ Opens when both have answered. There is time until Wed 9 September 2026 17:00 UTC.
        [*Answer*] [Pass] [Why this one?] [Pause]
        ");
        reads!(ada.click("Why this one?").await?.text(), @r"
        │ **Check-in**
        │ Once in a while each of you looks at how near you felt and how much yourself you were. Neither closeness nor distance is the better one. Both open together, like any answer.
        │
        │ `/checkin status` shows when it comes. `/checkin skip` leaves out the next one, `/checkin away` several. Neither needs a reason.
        │
        │ -# Not feeling safe? /safety
        ");
        let page = taps(&ada, ["4", "5", "Skip", "3", "2"]).await?;
        reads!(page.text(), @r"
        — modal: Your check-in —
        These lines are yours to finish, at any length. Leave out what you like.
        Sending seals this. If both are in, they open at once.
        One thing I appreciated (up to 666, optional)
        One thing I need (up to 666, optional)
        Something of my own this week (up to 666, optional)
        ");
        s.restart().await?;
        ada.reads();
        page.fill(&[("0", "Your soup on Monday."), ("1", "An hour alone on Saturday."), ("2", "I finished the shelf.")]).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **Sealed.** Only you see this copy. Both open as soon as both are in; until then you can change it or take it back.
        │ close to you **4** · myself with you **5** · clear about my limits **3** · steady when it got tense **2**
        │
        │ *One thing I appreciated*
        │ Your soup on Monday.
        │
        │ *One thing I need*
        │ An hour alone on Saturday.
        │
        │ *Something of my own this week*
        │ I finished the shelf.
        │
        │ -# Not feeling safe? /safety
        [Edit] [Take back]
        — #our-place · Duet · edited —
        Your check-in is here.
        │ **Check-in**
        │ Five taps about yourself, then three lines to finish in your own words. Skip whatever you like: one tap or one word is a whole check-in.
        │
        │ Opens when both have answered. There is time until Wed 9 September 2026 17:00 UTC.
        │ 1 of 2 sealed
        [*Answer*] [Pass] [Why this one?] [Pause]
        ");
        assert!(!ben.ever_saw("soup on Monday"));
        s.restart().await?;
        ben.reads();
        let page = taps(&ben, ["2", "3", "4", "4", "5"]).await?;
        ben.reads();
        page.fill(&[("0", "You waited for me."), ("2", "The long run.")]).await?;
        reads!(ben.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **Sealed, and both are in.** They are opening now.
        │ close to you **2** · myself with you **3** · open to hearing you **4** · clear about my limits **4** · steady when it got tense **5**
        │
        │ *One thing I appreciated*
        │ You waited for me.
        │
        │ *Something of my own this week*
        │ The long run.
        │
        │ -# Not feeling safe? /safety
        — #our-place · Duet —
        @Ada @Ben Both answers are here.
        │ **Check-in**
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ada listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ben**
        │ close to you **2** · myself with you **3** · open to hearing you **4** · clear about my limits **4** · steady when it got tense **5**
        │
        │ *One thing I appreciated*
        │ You waited for me.
        │
        │ *Something of my own this week*
        │ The long run.
        │ **@Ada**
        │ close to you **4** · myself with you **5** · clear about my limits **3** · steady when it got tense **2**
        │
        │ *One thing I appreciated*
        │ Your soup on Monday.
        │
        │ *One thing I need*
        │ An hour alone on Saturday.
        │
        │ *Something of my own this week*
        │ I finished the shelf.
        │ Solid: @Ada. Dashed: @Ben.
        │
        │ **Close to you** (1 far, 5 close): solid is at 4; dashed at 2.
        │ **Myself with you** (1 hardly, 5 fully): solid is at 5; dashed at 3.
        │ [picture: One check-in, in two panels. Close to you, where 1 is far and 5 is close. Solid line: 4. Dashed line: 2. Myself with you, where 1 is hardly and 5 is fully. Solid line: 5. Dashed line: 3.]
        [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
        [We said it aloud] [Why this one?]
        — #our-place · Duet · edited —
        Your check-in is here.
        │ **Check-in**
        │
        │ Both answers are open.
        [Why this one?]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn each_rating_has_a_page_with_words_at_both_ends() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        ada.reads();
        ada.click("Answer").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **close to you** (first of five)
        │ How close I felt to you this week.
        │ 1 means *far from you*, 5 means *close to you*. Anywhere between is fine, and so is `Skip`.
        │
        │ -# Not feeling safe? /safety
        [1] [2] [3] [4] [5]
        [Skip]
        ");
        ada.click("4").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **myself with you** (second of five)
        │ How much myself I was when I was with you.
        │ 1 means *hardly myself*, 5 means *fully myself*. Anywhere between is fine, and so is `Skip`.
        │
        │ -# Not feeling safe? /safety
        [1] [2] [3] [4] [5]
        [Skip] [Back]
        ");
        ada.click("Skip").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **open to hearing you** (third of five)
        │ How open I was to hearing you.
        │ 1 means *closed for now*, 5 means *open*. Anywhere between is fine, and so is `Skip`.
        │
        │ -# Not feeling safe? /safety
        [1] [2] [3] [4] [5]
        [Skip] [Back]
        ");
        ada.click("1").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **clear about my limits** (fourth of five)
        │ How clear I was about my limits.
        │ 1 means *unclear*, 5 means *clear*. Anywhere between is fine, and so is `Skip`.
        │
        │ -# Not feeling safe? /safety
        [1] [2] [3] [4] [5]
        [Skip] [Back]
        ");
        ada.click("2").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **steady when it got tense** (last of five)
        │ How steady I was when it got tense.
        │ 1 means *carried away*, 5 means *steady*. Anywhere between is fine, and so is `Skip`.
        │
        │ -# Not feeling safe? /safety
        [1] [2] [3] [4] [5]
        [Skip] [Back]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_half_finished_check_in_goes_on_where_it_was_left() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        s.restart().await?;
        ada.click("Answer").await?;
        s.restart().await?;
        ada.click("4").await?;
        s.restart().await?;
        ada.click("5").await?;
        ada.person.private_cards_vanish();
        s.restart().await?;
        assert!(ada.click("Answer").await?.says("(third of five)"), "resumed after what was tapped");
        ada.reads();
        ada.click("Back").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ **myself with you** (second of five)
        │ How much myself I was when I was with you.
        │ 1 means *hardly myself*, 5 means *fully myself*. Anywhere between is fine, and so is `Skip`.
        │
        │ -# Not feeling safe? /safety
        [1] [2] [3] [4] [*5*]
        [Skip] [Back]
        ");
        s.restart().await?;
        assert!(ada.click("1").await?.says("(third of five)"), "changed, and on");
        ada.click("Skip").await?;
        ada.click("3").await?;
        let page = ada.click("2").await?;
        assert!(page.text().contains("— modal: Your check-in —"), "{}", page.text());
        // The page is closed without sending.
        ada.person.private_cards_vanish();
        s.restart().await?;
        ada.reads();
        ada.click("Answer").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ **Your ratings**
        │ close to you **4** · myself with you **1** · clear about my limits **3** · steady when it got tense **2**
        │
        │ Now the lines. Sending them seals your check-in.
        │
        │ -# Not feeling safe? /safety
        [*Write the lines*] [close to you] [myself with you] [open to hearing you] [clear about my limits]
        [steady when it got tense]
        ");
        assert!(ada.click("close to you").await?.says("(first of five)"));
        assert!(ada.click("3").await?.says("close to you **3** · myself with you **1**"), "corrected, and back at all of them");
        s.restart().await?;
        for label in ["myself with you", "open to hearing you", "clear about my limits"] {
            ada.click(label).await?;
            assert!(ada.click("3").await?.says(&format!("{label} **3**")));
        }
        ada.click("steady when it got tense").await?;
        assert!(!ada.click("Skip").await?.says("steady when it got tense **"), "and a skip takes one out again");
        ada.click("Write the lines").await?.write("And here are my lines.").await?;
        checks_in(&ben, ["1", "2", "3", "4", "5"], ["All of it at once.", "", ""]).await?;
        assert!(
            ben.ever_saw("close to you **3** · myself with you **3** · open to hearing you **3** · clear about my limits **3**")
        );
        assert_eq!(s.count("taps").await, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_rating_pressed_twice_counts_once() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        let (one, other) = ada.click_twice("Answer").await?;
        assert_eq!(one.text(), other.text());
        for turn in ["second", "third", "fourth", "last"] {
            let (one, other) = ada.click_twice("4").await?;
            assert!(one.says(turn) && other.says(turn), "{}\n{}", one.text(), other.text());
        }
        assert_eq!(s.count("taps").await, 4);
        let (one, other) = ada.click_twice("Skip").await?;
        let mut pages = Vec::new();
        for answer in [one, other] {
            // The one that comes second finds five that are tapped already.
            pages.push(match answer.modal() {
                Ok(page) => page,
                Err(_) => ada.click("Write the lines").await?.modal()?,
            });
        }
        let (other, one) = (pages.pop().ok_or("no page")?, pages.pop().ok_or("no page")?);
        s.is_private("Sent twice, sealed once.");
        let (one, other) = tokio::join!(one.write("Sent twice, sealed once."), other.write("Sent twice, sealed once."));
        s.settle().await?;
        assert!(one?.text().contains("Sealed") && other?.text().contains("Sealed"));
        assert_eq!(s.count("answers").await, 1);
        checks_in(&ben, ["1", "2", "3", "4", "5"], ["Once will do.", "", ""]).await?;
        assert_eq!((ada.sees(REVEAL), ben.sees(REVEAL)), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_tap_or_one_word_is_a_whole_check_in_and_nothing_at_all_is_none() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        let nothing = taps(&ada, ["Skip"; 5]).await?.fill(&[]).await?;
        reads!(nothing.text(), @r"
        │ There was nothing in it, so nothing was sealed. One tap or one word is enough: press `Answer` to add it.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!((s.count("taps").await, s.count("answers").await), (5, 0));
        s.restart().await?;
        let again = ada.click("Answer").await?;
        reads!(again.text(), @r"
        │ **Your ratings**
        │ All skipped, which is fine.
        │
        │ Now the lines. Sending them seals your check-in.
        │
        │ -# Not feeling safe? /safety
        ");
        ada.click("close to you").await?;
        ada.click("5").await?;
        assert!(ada.click("Write the lines").await?.fill(&[]).await?.says("close to you **5**"));
        let word = taps(&ben, ["Skip"; 5]).await?.write("Tired, but here.").await?;
        assert!(word.says("Sealed"), "{}", word.text());
        reads!(ada.message(REVEAL)?.text, @r"
        @Ada @Ben Both answers are here.
        │ **Check-in**
        │
        │ Two people, two views. Neither is the right one.
        │ Long or short, both are whole answers. @Ben listens first: press `Mirror` and say what you heard. You don't have to agree.
        │ **@Ada**
        │ close to you **5**
        │ **@Ben**
        │ *One thing I appreciated*
        │ Tired, but here.
        │ Solid: @Ada. Dashed: @Ben.
        │
        │ **Close to you** (1 far, 5 close): solid is at 5.
        │ [picture: One check-in, in two panels. Close to you, where 1 is far and 5 is close. Solid line: 5. Dashed line: gap. Myself with you, where 1 is hardly and 5 is fully. Solid line: gap. Dashed line: gap.]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_line_that_is_too_long_comes_back_and_the_ratings_stay() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        let page = taps(&ada, ["4", "4", "4", "4", "4"]).await?;
        let long = "wide ".repeat(140);
        let back = page.forge(vec![("field0".to_owned(), "Short and kept.".to_owned()), ("field1".to_owned(), long)]).await?;
        assert!(back.says("That is 33 over what fits, so it was not sealed."), "{}", back.text());
        assert!(back.says("Short and kept."));
        assert_eq!((s.count("taps").await, s.count("answers").await), (5, 0));
        s.restart().await?;
        let again = ada.click("Answer").await?;
        assert!(again.says("close to you **4**"), "{}", again.text());
        ada.click("Write the lines").await?.write("Shorter now, and fitting.").await?;
        assert_eq!((s.count("taps").await, s.count("answers").await), (0, 1));
        Ok(())
    })
    .await;
}

// ---- Until it opens ----

#[tokio::test]
async fn ratings_changed_after_sealing_count_once_the_lines_are_sent_again() {
    for sends in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            ada.run("/checkin now").await?;
            checks_in(&ada, ["5", "2", "2", "2", "2"], ["The first version.", "", ""]).await?;
            ada.reads();
            ada.click("Edit").await?;
            reads!(ada.reads(), @r"
            — #our-place · Duet · only you see this · edited —
            │ **Your ratings**
            │ close to you **5** · myself with you **2** · open to hearing you **2** · clear about my limits **2** · steady when it got tense **2**
            │
            │ Your check-in is sealed. What you change takes effect once you send your lines again.
            │
            │ -# Not feeling safe? /safety
            [*Write the lines*] [close to you] [myself with you] [open to hearing you] [clear about my limits]
            [steady when it got tense]
            ");
            s.restart().await?;
            let first = ada.click("close to you").await?;
            reads!(first.text(), @r"
            │ **close to you** (first of five)
            │ How close I felt to you this week.
            │ 1 means *far from you*, 5 means *close to you*. Anywhere between is fine, and so is `Skip`.
            │
            │ Your check-in is sealed. What you tap here changes it only once you send your lines again.
            │
            │ -# Not feeling safe? /safety
            ");
            ada.click("1").await?;
            s.restart().await?;
            ada.person.private_cards_vanish();
            let sealed = ada.click("Answer").await?;
            assert!(sealed.says("close to you **5**") && sealed.says("Sealed"), "still as it was sent: {}", sealed.text());
            if sends {
                let ratings = ada.click("Edit").await?;
                assert!(ratings.says("close to you **1**"), "{}", ratings.text());
                let page = ada.click("Write the lines").await?;
                assert!(page.says("The first version."), "{}", page.text());
                page.write("The second version.").await?;
                assert_eq!(s.count("taps").await, 0);
            }
            checks_in(&ben, ["3", "3", "3", "3", "3"], ["Mine, only once.", "", ""]).await?;
            let reveal = ben.message(REVEAL)?.text;
            assert_eq!(reveal.contains("close to you **1**"), sends, "{reveal}");
            assert_eq!(reveal.contains("close to you **5**"), !sends, "{reveal}");
            assert_eq!(ben.person.pictures()[0].description.contains("Solid line: 1."), sends);
            assert_eq!(s.count("taps").await, 0, "what was tapped and never sent is gone");
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn taking_back_takes_the_ratings_with_it() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "5", "5", "5", "5"], ["Too soon for this.", "", ""]).await?;
        ada.click("Edit").await?;
        ada.click("close to you").await?;
        ada.click("4").await?;
        s.restart().await?;
        ada.click("Answer").await?;
        reads!(ada.click("Take back").await?.text(), @r"
        │ Taken back, and gone from here. You can press `Answer` again, or `Pass`.
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!((s.count("taps").await, s.count("answers").await), (0, 0));
        s.restart().await?;
        ada.reads();
        ada.click("Answer").await?;
        let page = ada.reads();
        assert!(page.contains("(first of five)") && page.contains("[1] [2] [3] [4] [5]"), "{page}");
        assert!(!ben.ever_saw("Too soon"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_pass_or_an_open_word_ends_a_check_in_as_it_does_a_question() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        taps(&ben, ["1", "1", "1", "1", "1"]).await?;
        let passed = ben.click("Pass").await?;
        reads!(passed.text(), @r"
        │ Done. It closes by itself on Fri 4 September 2026 09:00 UTC, as if you had been busy. You may still answer.
        │
        │ `Say it openly` ends it at once; the card then reads: “@Ben would rather skip this one. That is fine.”
        │
        │ -# Not feeling safe? /safety
        ");
        assert_eq!(ada.sees("of 2 sealed"), 0);
        s.restart().await?;
        ben.click("Say it openly").await?;
        assert_eq!(ada.sees("@Ben would rather skip this one. That is fine."), 1);
        assert_eq!(s.count("taps").await, 0, "what was only tapped is gone with it");
        assert!(
            ben.click_custom(
                ben.message("would rather skip")?.id,
                &format!("d1:lines:{}", round_of(&ada, "Keep my unopened answer")?)
            )
            .await?
            .says("This check-in is closed.")
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_three_days_it_closes_and_ratings_and_lines_may_be_kept_for_a_week() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings").await?;
        ada.select("Time to answer", &["7"]).await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "4", "3", "2", "1"], ["Nobody will read this.", "", "Nor this one here."]).await?;
        ben.click("Answer").await?;
        ben.click("2").await?;
        let (rating, rate) = ben.button("3")?;
        s.passes(HOUR * 71).await?;
        s.restart().await?;
        ada.reads();
        let before = ada.person.notifications().len();
        s.passes(HOUR).await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · edited —
        Your check-in is here.
        │ This one closed without opening. Nothing was shown.
        [Keep my unopened answer] [Make it weekly]
        ");
        assert_eq!(ada.person.notifications().len(), before);
        assert_eq!(s.count("taps").await, 0, "what was only tapped is gone");
        assert!(ben.click_custom(rating, &rate).await?.says("This check-in is closed."));
        s.restart().await?;
        let kept = ada.click("Keep my unopened answer").await?;
        reads!(kept.text(), @r"
        │ **Yours, and never opened.** Only you see this copy; take it with you if you like. I keep it until 11 September 2026, then it is destroyed.
        │
        │ **Check-in**
        │ close to you **5** · myself with you **4** · open to hearing you **3** · clear about my limits **2** · steady when it got tense **1**
        │
        │ *One thing I appreciated*
        │ Nobody will read this.
        │
        │ *Something of my own this week*
        │ Nor this one here.
        │
        │ -# Not feeling safe? /safety
        ");
        s.passes(DAY * 7).await?;
        assert_eq!(s.count("answers").await, 0);
        assert!(!ben.ever_saw("Nobody will read"));
        assert!(ben.run("/insights").await?.says("There is nothing to show yet"), "a lapse is not among what opened");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_question_and_a_check_in_stand_side_by_side() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:Where shall we walk?").await?;
        ada.run("/checkin now").await?;
        s.restart().await?;
        let (question, check_in) = (ada.message("Where shall we walk?")?.id, ada.message("Five taps about yourself")?.id);
        assert!(ada.run("/ask").await?.says("One question is still open."));
        let open = ada.run("/checkin now").await?;
        reads!(open.text(), @r"
        │ One check-in is still open.
        │
        │ -# Not feeling safe? /safety
        ");
        assert!(ada.click("Go to it").await?.says("Five taps about yourself"));
        ada.click_in(question, "Answer").await?.write("Along the canal.").await?;
        ben.click_in(check_in, "Pass").await?;
        s.restart().await?;
        ben.click_in(question, "Answer").await?.write("Up the hill, slowly.").await?;
        assert_eq!(ada.sees(REVEAL), 1);
        assert_eq!(ben.sees("Five taps about yourself"), 1, "the check-in stays");
        ada.run("/ask question:And what shall we eat?").await?;
        ben.click_in(check_in, "Answer").await?;
        for tap in ["1", "2", "3", "4"] {
            ben.click(tap).await?;
        }
        ben.click("5").await?.write("After all, a word.").await?;
        ada.click_in(check_in, "Answer").await?;
        for tap in ["5", "4", "3", "2"] {
            ada.click(tap).await?;
        }
        ada.click("1").await?.write("And a word from me.").await?;
        assert_eq!(ada.sees(REVEAL), 2);
        assert_eq!(ada.sees("And what shall we eat?"), 1);
        s.passes(DAY * 2).await?;
        assert_eq!(ada.sees("This one closed without opening."), 1, "only the question");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn with_an_opening_hour_a_check_in_waits_for_it() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:Europe/Berlin").await?;
        ada.click("Opening hour").await?.write("20:00").await?;
        ben.click("Agree").await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "4", "3", "2", "1"], ["Waiting for the evening.", "", ""]).await?;
        checks_in(&ben, ["1", "2", "3", "4", "5"], ["Waiting as well, then.", "", ""]).await?;
        s.restart().await?;
        assert!(ada.person.pictures().is_empty() && !ada.ever_saw("Waiting as well"));
        assert!(ada.run("/insights").await?.says("There is nothing to show yet"));
        ada.click("Answer").await?;
        ada.click("Edit").await?;
        ada.click("close to you").await?;
        s.passes(HOUR * 10).await?;
        assert_eq!((ada.sees(REVEAL), ben.sees(REVEAL)), (1, 1));
        assert_eq!(ada.person.pictures().len(), 1);
        assert!(ada.click("2").await?.says("Both answers are open: https://discord.com/channels/"), "an old rating leads there");
        Ok(())
    })
    .await;
}

// ---- Where it opens ----

#[tokio::test]
async fn a_held_check_in_is_not_among_the_insights_until_it_stands() {
    for by_dm in [false, true] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            opened(s, &ada, &ben, ["2", "2"], ["3", "3"]).await?;
            let onlooker = s.person("Olaf");
            let role = s.home.role("Helpers", 0, &[&onlooker.person]);
            s.passes(HOUR).await?;
            ada.run("/checkin now").await?;
            checks_in(&ada, ["5", "5", "5", "5", "5"], ["Not for the helpers.", "", ""]).await?;
            s.home.allow_view(&s.place(), Target::Role(role));
            s.bot_has_heard().await?;
            checks_in(&ben, ["4", "4", "4", "4", "4"], ["Not for them either.", "", ""]).await?;
            s.restart().await?;
            let before = ada.run("/insights").await?;
            assert!(before.says("One check-in"), "{}", before.text());
            assert!(ada.person.pictures().iter().all(|seen| seen.description.contains("One check-in")));
            if by_dm {
                ada.click("Send to both by DM").await?;
                s.restart().await?;
                ben.click("Send to both by DM").await?;
                for person in [&ada, &ben] {
                    let last = person.person.pictures().pop().ok_or("no picture")?;
                    assert!(last.description.contains("The last 2 check-ins") && last.description.contains("2, 5"), "{last:?}");
                }
            } else {
                s.home.clear_overwrite(&s.place(), Target::Role(role));
                s.bot_has_heard().await?;
                s.settle().await?;
            }
            assert!(ada.ever_saw("Not for them either.") && ben.ever_saw("Not for the helpers."));
            assert!(ben.run("/insights").await?.says("The last 2 check-ins"));
            assert!(!onlooker.ever_saw("Not for the helpers.") && onlooker.person.pictures().len() < 2);
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn in_a_dm_home_each_reads_it_once_with_its_picture() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        s.passes(DAY * 6).await?;
        s.restart().await?;
        assert_eq!((ada.sees(HERE), ben.sees(HERE)), (1, 1));
        checks_in(&ada, ["5", "4", "3", "2", "1"], ["From my sofa.", "", ""]).await?;
        s.restart().await?;
        checks_in(&ben, ["1", "2", "3", "4", "5"], ["From my desk.", "", ""]).await?;
        for person in [&ada, &ben] {
            assert_eq!(person.sees(REVEAL), 1);
            assert_eq!(person.person.pictures().len(), 1);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_takes_no_dms_reads_a_check_in_through_ask_or_its_card_and_nobody_is_told() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        for through in ["/ask", "Answer"] {
            ben.person.go_dm();
            ada.run("/checkin now").await?;
            let (card, answer) = ben.button("Answer")?;
            checks_in(&ada, ["5", "4", "3", "2", "1"], ["You may be offline.", "", ""]).await?;
            let page = taps(&ben, ["1", "2", "3", "4", "5"]).await?;
            ben.person.close_dms();
            ada.reads();
            page.write("I shut the door for now.").await?;
            assert!(ada.reads().contains("I shut the door for now."));
            let pictures = ben.person.pictures().len();
            s.restart().await?;
            let read = if through == "/ask" {
                ben.person.go(&s.home.general());
                ben.run("/ask").await?
            } else {
                ben.click_custom(card, &answer).await?
            };
            assert!(read.says("You may be offline."), "{through}: {}", read.text());
            assert_eq!(ben.person.pictures().len(), pictures + 1, "{through}");
            ben.person.open_dms();
            if through == "/ask" {
                ben.click("Ask now").await?;
            }
        }
        Ok(())
    })
    .await;
}

// ---- Who may (P5), and what an old or a forged button does ----

#[tokio::test]
async fn a_stranger_who_presses_every_button_of_a_check_in_changes_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let (eve, max) = s.couple("Eve", "Max").await?;
        weekly(&ada, &ben).await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "4", "3", "2", "1"], ["Only for the two of us.", "", ""]).await?;
        ada.click("Edit").await?;
        ada.run("/checkin status").await?;
        ben.click("Answer").await?;
        ben.click("3").await?;
        ada.run("/checkin away until:tomorrow").await?;
        ben.run("/checkin now").await?;
        let everything = super::promises::buttons(&[&ada, &ben]);
        assert!(everything.iter().any(|id| id.starts_with("d1:rate:")) && everything.iter().any(|id| id.starts_with("d1:back:")));
        let card = ada.message("Five taps about yourself")?.id;
        let before = (ada.person.screen(), ben.person.screen(), s.count("taps").await);
        for stranger in [&eve, &s.person("Zoe")] {
            super::promises::presses_everything(stranger, card, &everything, &["Only for the two"]).await?;
        }
        assert_eq!((ada.person.screen(), ben.person.screen(), s.count("taps").await), before);
        // A page of their own, sent as if it were this one.
        eve.run("/checkin now").await?;
        let page = taps(&eve, ["1", "1", "1", "1", "1"]).await?;
        let reply = page
            .forge_as(
                &format!("m1:answer:{}:0", round_of(&ada, "Take back").or_else(|_| round_of(&ada, "Answer"))?),
                &[("field0", "Between the two of you.")],
            )
            .await?;
        assert!(reply.says("This is between two other people."), "{}", reply.text());
        assert_eq!(ada.sees(REVEAL) + max.sees(REVEAL), 0);
        goes_on(&ben, ["3", "3", "3", "3"], "Still only ours.").await?;
        assert_eq!(ada.sees(REVEAL), 1);
        assert!(!eve.ever_saw("Still only ours.") && eve.person.pictures().is_empty());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn forged_buttons_find_nothing_to_do() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/ask question:Just a question?").await?;
        let (message, question) = (ada.message("Just a question?")?.id, round_of(&ada, "Answer")?);
        for button in ["rate:close:4", "rate:close:-", "rate_at:steady", "lines"] {
            let (verb, rest) = button.split_once(':').map_or((button, String::new()), |(verb, rest)| (verb, format!(":{rest}")));
            let reply = ada.click_custom(message, &format!("d1:{verb}:{question}{rest}")).await?;
            assert!(reply.says("This one is closed.") || reply.says("older message"), "{button}: {}", reply.text());
        }
        assert_eq!(s.count("taps").await, 0);
        ada.run("/checkin now").await?;
        let check_in = round_of(&ada, "Answer")?;
        for rest in ["close:0", "close:6", "close:x", "love:3", "close"] {
            let reply = ada.click_custom(message, &format!("d1:rate:{check_in}:{rest}")).await?;
            assert!(reply.says("older message"), "{rest}: {}", reply.text());
        }
        assert_eq!(s.count("taps").await, 0);
        let another = ada.click_custom(message, &format!("d1:another:{check_in}:0")).await?;
        reads!(another.text(), @r"
        │ A check-in has no other question to swap in. You can skip any part of it, or pass.
        │
        │ -# Not feeling safe? /safety
        ");
        // `Close it and ask another` with the check-in's id closes neither.
        let close = ada.click_custom(message, &format!("d1:close_and_ask:{check_in}::")).await?;
        assert!(close.says("One question is still open."), "{}", close.text());
        assert_eq!(ben.sees("made room"), 0);
        assert_eq!((ben.sees("Just a question?"), ben.sees("Five taps")), (1, 1));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn old_buttons_of_a_check_in_lead_to_where_it_is_open() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        ada.click("Answer").await?;
        let mut old = vec![ada.button("4")?, ada.button("Answer")?, ada.button("Pass")?];
        let page = taps(&ada, ["5", "4", "3", "2", "1"]).await?;
        page.write("Now it is sealed.").await?;
        old.extend([ada.button("Edit")?, ada.button("Take back")?]);
        ada.click("Edit").await?;
        old.extend([ada.button("Write the lines")?, ada.button("close to you")?]);
        let late = ada.click("Write the lines").await?;
        checks_in(&ben, ["1", "2", "3", "4", "5"], ["And now it is open.", "", ""]).await?;
        s.restart().await?;
        for (message, button) in old {
            let reply = ada.click_custom(message, &button).await?;
            assert!(reply.says("Both answers are open: https://discord.com/channels/"), "{button}: {}", reply.text());
        }
        let late = late.write("A second thought, too late.").await?;
        assert!(late.says("Both answers are open already.") && late.says("A second thought, too late."), "{}", late.text());
        assert_eq!((ben.sees(REVEAL), s.count("taps").await), (1, 0));
        assert!(!ben.ever_saw("second thought"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_leaves_in_the_middle_leaves_it_shut() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "4", "3", "2", "1"], ["Mine, whatever comes.", "", ""]).await?;
        ben.click("Answer").await?;
        ben.click("2").await?;
        let rate = ben.button("4")?;
        ada.reads();
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        s.restart().await?;
        assert_eq!(ada.reads(), "", "no alarm");
        assert_eq!(s.count("taps").await, 0);
        assert!(ben.click_custom(rate.0, &rate.1).await?.says("This space is closed."));
        let closed = ada.click("Answer").await?;
        assert!(closed.says("This space is closed."), "{}", closed.text());
        assert!(ada.click("Keep my unopened answer").await?.says("Mine, whatever comes."));
        s.passes(DAY * 29).await?;
        assert_eq!(s.texts("select id from rounds").await.len(), 1, "and no further check-in comes");
        s.passes(DAY * 11).await?;
        assert_eq!(s.texts("select id from rounds").await.len(), 0, "the couple is forgotten, and none comes after that");
        assert!(!ben.ever_saw("whatever comes"));
        Ok(())
    })
    .await;
}

// ---- The promises ----

/// Ratings of closeness and of autonomy, the rest as [`opened`] taps it.
fn rated(close: u8, myself: u8) -> Ratings {
    let given = |value| Tap::Given(Rating::new(value).unwrap());
    Ratings::default().with(Rated::Close, given(close)).with(Rated::Myself, given(myself))
}

#[tokio::test]
async fn a_picture_shows_opened_check_ins_and_nothing_of_one_that_is_not() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        opened(s, &ada, &ben, ["1", "2"], ["3", "4"]).await?;
        // One that lapses, one that is taken back, one that waits.
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "5", "5", "5", "5"], ["Lapsed and never open.", "", ""]).await?;
        s.passes(DAY * 3).await?;
        s.restart().await?;
        s.passes(HOUR).await?;
        ada.run("/checkin now").await?;
        checks_in(&ben, ["5", "5", "5", "5", "5"], ["Taken back in time.", "", ""]).await?;
        ben.click("Take back").await?;
        checks_in(&ada, ["2", "1", "5", "5", "5"], ["The one that opens.", "", ""]).await?;
        checks_in(&ben, ["4", "3", "5", "5", "5"], ["The other that opens.", "", ""]).await?;
        s.restart().await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "5", "5", "5", "5"], ["Waiting, not open.", "", ""]).await?;
        ben.run("/insights").await?;
        let partners = [&ada, &ben].map(|one| PersonId(i64::try_from(one.person.id()).unwrap()));
        let opened = Insights { partners, check_ins: vec![[rated(1, 2), rated(3, 4)], [rated(2, 1), rated(4, 3)]] };
        let honest = Picture::of(&opened)?;
        let mut leaking = opened.clone();
        leaking.check_ins.push([rated(5, 5), Ratings::default()]);
        let pictures = ben.person.pictures();
        assert_eq!(pictures.len(), 3, "two reveals and what was asked for: {pictures:?}");
        let first = Picture::of(&Insights { check_ins: opened.check_ins[..1].to_vec(), ..opened })?;
        assert_eq!((&pictures[0].description, &*pictures[0].bytes), (&first.description, &*first.png));
        for shown in &pictures[1..] {
            assert_eq!((&shown.description, &*shown.bytes), (&honest.description, &*honest.png));
            assert_ne!(&*shown.bytes, &*Picture::of(&leaking)?.png);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_rating_leaves_before_both_are_in_and_none_lies_open() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/checkin now").await?;
        ben.click("Answer").await?;
        ben.click("2").await?;
        s.rehearsal.take_exchanges();
        ben.reads();
        let page = taps(&ada, ["5", "4", "Skip", "2", "1"]).await?;
        let tapped = s.texts("select tap from taps").await;
        assert_eq!(tapped.len(), 6);
        assert!(tapped.iter().all(|tap| tap.starts_with("v1.")), "{tapped:?}");
        let lengths: std::collections::BTreeSet<_> = tapped.iter().map(String::len).collect();
        assert_eq!(lengths.len(), 1, "a skip looks like a rating");
        assert_eq!(ben.reads(), "", "tapping shows nowhere");
        page.write("Sealed with its ratings.").await?;
        let answers = s.texts("select words from answers").await;
        assert!(answers.len() == 1 && answers[0].starts_with("v1."), "{answers:?}");
        assert_eq!(s.count("taps").await, 1, "hers are sealed with her lines, his still wait");
        s.restart().await?;
        assert!(!ben.ever_saw("close to you **5**") && ben.person.pictures().is_empty());
        for exchange in s.rehearsal.exchanges() {
            // Her own sealed copy goes to her alone, as an answer to what she pressed; nothing has a picture yet.
            let sent = exchange.request_body.map(|body| body.to_string()).unwrap_or_default();
            assert!(!sent.contains("attachments\":[{"), "{} {}", exchange.method, exchange.path);
            let private = exchange.path.starts_with("/interactions/");
            assert!(private || !sent.contains("**5**"), "{} {}", exchange.method, exchange.path);
        }
        goes_on(&ben, ["3", "4", "4", "5"], "And mine beside it.").await?;
        assert_eq!(ben.person.pictures().len(), 1);
        let logged = s.logged_since(0);
        for telling in ["IHDR", "where 1 is far", "Solid line", "**5**", ":close:5", "Given(5", "Rating(5", "{\"given\":"] {
            assert!(!logged.contains(telling), "the log has {telling}");
        }
        let outbox = s.texts("select body from outbox").await.join("\n");
        assert!(!outbox.contains("Solid line") && !outbox.contains("close"), "{outbox}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_check_in_that_is_passed_cannot_be_told_from_one_that_is_late() {
    let readings = RefCell::new(Vec::new());
    for passes in [None, Some("Pass"), Some("Not this one")] {
        story(async |s| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            weekly(&ada, &ben).await?;
            ben.run("/settings zone:Europe/Berlin").await?;
            s.passes(DAY * 6).await?;
            ada.reads();
            checks_in(&ada, ["5", "4", "3", "2", "1"], ["I went first, and gladly.", "", ""]).await?;
            if passes == Some("Pass") {
                ben.click("Pass").await?;
            }
            s.passes(DAY * 2).await?;
            if passes == Some("Not this one") {
                ben.click("Not this one").await?;
            }
            s.passes(DAY * 15).await?;
            ada.run("/checkin status").await?;
            readings.borrow_mut().push(ada.reads());
            Ok(())
        })
        .await;
    }
    let readings = readings.into_inner();
    assert!(readings[0].contains("This one closed without opening."));
    assert!(readings.iter().all(|reading| *reading == readings[0]), "{readings:#?}");
}

#[tokio::test]
async fn a_reveal_with_its_picture_comes_once_whatever_breaks() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        s.is_private("Both of us at once");
        for turn in 0..6_u32 {
            ada.run("/checkin now").await?;
            let one = taps(&ada, ["5", "4", "3", "2", "1"]).await?.modal()?;
            let other = taps(&ben, ["1", "2", "3", "4", "5"]).await?.modal()?;
            let later = async {
                for _ in 0..turn * 5 {
                    tokio::task::yield_now().await;
                }
                other.write("Both of us at once, I said.").await
            };
            let (one, other) = tokio::join!(one.write("Both of us at once, I say."), later);
            for heard in [one?, other?] {
                assert!(heard.text().contains("Sealed"), "turn {turn}: {}", heard.text());
            }
            s.restart().await?;
            s.settle().await?;
            assert_eq!(ada.sees(REVEAL), usize::try_from(turn)? + 1, "turn {turn}");
            assert_eq!(ada.person.pictures().len(), usize::try_from(turn)? + 1);
        }
        Ok(())
    })
    .await;
}

// ---- Its lines ----

#[tokio::test]
async fn four_versions_of_the_lines_take_turns_and_the_thirteenth_looks_further() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        let mut asked = Vec::new();
        for _ in 0..13 {
            ada.run("/checkin now").await?;
            let page = taps(&ada, ["Skip"; 5]).await?.modal()?;
            asked.push(page.fields().into_iter().map(|field| field.label).collect::<Vec<_>>().join(" · "));
            ada.click("Pass").await?;
            ada.click("Say it openly").await?;
        }
        reads!(asked.join("\n"), @r"
        One thing I appreciated · One thing I need · Something of my own this week
        A moment with you that I liked · A wish I have for next week · What I enjoyed apart from us
        This week I was glad that you… · I could do with a little more… · On my own, I…
        Something small you did that I liked · A limit of mine this week · A corner of my week that is only mine
        Thank you for… · Something I'd like to keep free next week · Something that was just for me
        Something about you I like in any week · What I can't take on just now · What I read, watched or listened to
        Something we laughed at, lately or long ago · It would do me good to… · Company I was glad of, apart from us
        Something you made easier for me · What I have room for next week · Something I like doing on my own
        I like the way you… · To look after myself, I'd like to… · What I've been curious about
        Something small that worked well for us · A small no that would do me good · My week apart from us, as a headline
        Something you said that did me good · A small wish, just so you know it · A place where I was simply myself
        Something kind you did, for me or anyone · What I'd rather leave for later · Something I learned, on purpose or not
        A goal I want to make room for · An interest of mine, old or new · A boundary of mine that has moved, or held · What has become too fixed for me
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn either_may_have_it_in_one_line() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        ben.run("/checkin status").await?;
        reads!(ben.click("One line").await?.text(), @r"
        │ Done. From the next one on it is five taps and one line.
        │
        │ **Check-ins: Sundays at 19:00 (Europe/Berlin)**
        │ The next: Sun 6 September 2026 17:00 UTC · Sun 13 September 2026 17:00 UTC · Sun 20 September 2026 17:00 UTC
        │
        │ -# Not feeling safe? /safety
        ");
        s.restart().await?;
        ada.run("/checkin now").await?;
        reads!(ada.message("Five taps about yourself")?.text, @r"
        @Ada @Ben Your check-in is here.
        │ **Check-in**
        │ Five taps about yourself, then one line to finish in your own words. Skip whatever you like: one tap or one word is a whole check-in.
        │
        │ Opens when both have answered. There is time until Fri 4 September 2026 09:00 UTC.
        ");
        let page = taps(&ada, ["1", "2", "3", "4", "5"]).await?;
        reads!(page.text(), @r"
        — modal: Your check-in —
        This line is yours to finish, at any length. Leave out what you like.
        Sending seals this. If both are in, they open at once.
        One thing from my week I'd like to tell you (up to 2000, optional)
        ");
        page.write("One is enough today.").await?;
        ada.run("/checkin status").await?;
        ada.click("One line").await?;
        ben.run("/checkin status").await?;
        assert!(ben.click("Three lines").await?.says("Done, for your part. The shorter of your two wishes counts."));
        ada.run("/checkin status").await?;
        assert!(ada.click("Three lines").await?.says("Done. From the next one on it is five taps and three lines."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn insights_come_with_their_picture_and_without_attach_files_in_words() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        assert!(ada.run("/insights").await?.says("nothing to show yet"));
        ada.run("/checkin now").await?;
        checks_in(&ada, ["4", "5", "Skip", "3", "2"], ["Your soup on Monday.", "", ""]).await?;
        assert_eq!(ben.person.pictures().len(), 0);
        checks_in(&ben, ["2", "3", "4", "4", "5"], ["You waited for me.", "", ""]).await?;
        assert_eq!(ben.person.pictures().len(), 1);
        s.restart().await?;
        assert!(ada.run("/insights").await?.says("solid is at 4; dashed at 2"));
        assert_eq!(ada.person.pictures().len(), 2, "beside the reveal, and in private");
        s.passes(DAY).await?;
        s.home.role_permissions(s.home.id(), (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16) | (1 << 31));
        s.home.bot_permissions((1 << 4) | (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16));
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "5", "5", "5", "5"], ["", "", ""]).await?;
        checks_in(&ben, ["1", "1", "1", "1", "1"], ["", "", ""]).await?;
        assert_eq!(ben.sees("Both answers are here."), 2);
        assert!(ben.ever_saw("solid went from 4 to 5; dashed from 2 to 1"));
        assert_eq!(ben.person.pictures().len(), 1);
        Ok(())
    })
    .await;
}

//! `/insights`: what opened, drawn and said, for the two alone.

use super::checkins::{checks_in, opened};
use crate::story::{reads, story};

#[tokio::test]
async fn with_nothing_opened_there_is_nothing_to_draw() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let nothing = ada.run("/insights").await?;
        reads!(nothing.text(), @r"
        │ There is nothing to show yet: this is drawn from check-ins that opened. `/checkin now` has one at any time.
        │
        │ -# Not feeling safe? /safety
        ");
        ada.run("/ask").await?;
        ada.answers("A question is no check-in.").await?;
        ben.answers("Nor is its answer.").await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "4", "3", "2", "1"], ["Only one of us is in.", "", ""]).await?;
        s.restart().await?;
        for person in [&ada, &ben] {
            assert_eq!(person.run("/insights").await?.text(), nothing.text());
            assert!(person.person.pictures().is_empty());
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_check_in_is_a_picture_already() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        opened(s, &ada, &ben, ["4", "Skip"], ["2", "5"]).await?;
        s.restart().await?;
        ada.reads();
        ben.reads();
        ada.run("/insights").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ Solid: @Ada. Dashed: @Ben.
        │
        │ **Close to you** (1 far, 5 close): solid is at 4; dashed at 2.
        │ **Myself with you** (1 hardly, 5 fully): dashed is at 5.
        │
        │ -# Not feeling safe? /safety
        │ [picture: One check-in, in two panels. Close to you, where 1 is far and 5 is close. Solid line: 4. Dashed line: 2. Myself with you, where 1 is hardly and 5 is fully. Solid line: gap. Dashed line: 5.]
        ");
        assert_eq!(ben.reads(), "", "it is between her and me");
        ben.person.go_dm();
        let his = ben.run("/insights").await?;
        assert!(his.says("dashed at 2"), "{}", his.text());
        assert_eq!(ada.person.pictures().last(), ben.person.pictures().last(), "both see the same");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn of_fifteen_the_last_twelve_are_shown() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for number in 0..15 {
            let hers = ["1", "2", "3", "4", "5"][number % 5];
            opened(s, &ada, &ben, [hers, "3"], ["2", if number < 3 { "1" } else { "4" }]).await?;
            if number % 5 == 0 {
                s.restart().await?;
            }
        }
        let shown = ben.run("/insights").await?;
        reads!(shown.text(), @r"
        │ Solid: @Ada. Dashed: @Ben.
        │
        │ **Close to you** (1 far, 5 close): solid went from 4 to 5; dashed is at 2, as at the start.
        │ **Myself with you** (1 hardly, 5 fully): solid is at 3, as at the start; dashed at 4, as at the start.
        │
        │ -# Not feeling safe? /safety
        │ [picture: The last 12 check-ins, oldest first, in two panels. Close to you, where 1 is far and 5 is close. Solid line: 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5. Dashed line: 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2. Myself with you, where 1 is hardly and 5 is fully. Solid line: 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3. Dashed line: 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4.]
        ");
        let pictures = ada.person.pictures();
        assert_eq!(pictures.len(), 15);
        assert_eq!(pictures.last(), ben.person.pictures().last());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_skipped_is_a_gap_and_nothing_is_made_of_it() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        opened(s, &ada, &ben, ["Skip", "Skip"], ["Skip", "Skip"]).await?;
        reads!(ada.run("/insights").await?.text(), @r"
        │ Solid: @Ada. Dashed: @Ben.
        │
        │ -# Not feeling safe? /safety
        │ [picture: One check-in, in two panels. Close to you, where 1 is far and 5 is close. Solid line: gap. Dashed line: gap. Myself with you, where 1 is hardly and 5 is fully. Solid line: gap. Dashed line: gap.]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn another_couple_is_never_mixed_in_and_a_stranger_sees_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        opened(s, &ada, &ben, ["1", "1"], ["1", "1"]).await?;
        let cleo = s.person("Cleo");
        ada.person.go(&s.home.general());
        s.pair(&ada, &cleo).await?;
        opened(s, &ada, &cleo, ["5", "5"], ["5", "5"]).await?;
        ada.person.go_dm();
        ada.reads();
        ada.run("/insights").await?;
        reads!(ada.reads(), @r"
        — DM · Duet · only you see this —
        │ Which couple do you mean?
        │ 1. @Ben
        │ 2. @Cleo
        │
        │ -# Not feeling safe? /safety
        [With whom? ▾ 1 | 2]
        ");
        s.restart().await?;
        let (message, choice) =
            (ada.message("Which couple do you mean?")?.id, s.texts("select id from couples order by id").await);
        assert!(ada.select("With whom?", &["1"]).await?.says("solid is at 1; dashed at 1"));
        ada.run("/insights").await?;
        let with_cleo = ada.select("With whom?", &["2"]).await?;
        assert!(with_cleo.says("at 5") && !with_cleo.says("at 1"), "{}", with_cleo.text());
        // Cleo with the couple of the other two, and somebody with none.
        for person in [&cleo, &s.person("Zoe")] {
            let refused = person.click_custom(message, &format!("d1:insights_in:{}", choice[0])).await?;
            assert!(refused.says("This is between two other people."), "{}", refused.text());
            assert!(person.person.pictures().iter().all(|seen| !seen.description.contains("line: 1.")));
        }
        let alone = s.person("Zoe").run("/insights").await?;
        reads!(alone.text(), @r"
        │ You are not in a couple here yet. In a server, `/pair` invites someone.
        │
        │ -# Not feeling safe? /safety
        ");
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        assert!(ada.click_custom(message, &format!("d1:insights_in:{}", choice[0])).await?.says("This space is closed."));
        Ok(())
    })
    .await;
}

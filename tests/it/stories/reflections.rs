//! Reflections and the journal: one person's alone, in a couple or not.

use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, reads, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn writes(who: &Actor<'_>, kind: &str, text: &str) -> Told {
    who.run(&format!("/reflect now practice:{kind}")).await?;
    who.click("Write").await?.write(text).await?;
    Ok(())
}

#[tokio::test]
async fn a_practice_and_what_is_written_after_it() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        let practice = nora.run("/reflect now practice:values").await?;
        assert!(practice.says("values"), "{}", practice.text());
        s.restart().await?;
        nora.reads();
        nora.click("Write").await?.write("The harbour at six, before anybody calls.").await?;
        let screen = nora.reads();
        let kept = &screen[screen.find("edited").expect("the private card becomes the entry")..];
        reads!(kept, @r"
        edited —
        │ **In your journal.** Only you can read it, with `/journal read`. Nobody is shown it, nor told that it is there, unless you share a passage yourself.
        │ The harbour at six, before anybody calls.
        │
        │ -# Not feeling safe? /safety
        [Delete it] [Share a passage]
        ");
        s.restart().await?;
        nora.run("/journal read").await?;
        reads!(nora.reads(), @r"
        — DM · Duet · only you see this —
        │ **1** · Tue 1 September 2026 09:00 UTC · values
        │ The harbour at six, before anybody calls.
        │
        │ -# Not feeling safe? /safety
        [Share 1]
        [Delete 1]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_longest_entry_after_the_practice_with_the_longest_name_can_be_read() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        for kind in ["a quarrel", "movement", "a boundary"] {
            let longest = "The ferry. ".chars().cycle().take(3_999).chain(['.']).collect::<String>();
            writes(&nora, kind, &longest).await?;
            let page = nora.run("/journal read").await?;
            assert!(page.says(&longest) && page.says("/safety"), "{kind}: {}", page.text());
            assert!(nora.run("/journal search text:ferry").await?.says(&longest));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_practice_comes_twice_before_the_others_were_there() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        let mut titles = std::collections::BTreeSet::new();
        for _ in 0..8 {
            let practice = nora.run("/reflect now practice:settle").await?.text();
            titles.insert(practice.lines().nth(1).unwrap_or_default().to_owned());
        }
        assert_eq!(titles.len(), 8, "{titles:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_journal_is_paged_searched_and_deleted_by_its_author() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        for number in 1..=7 {
            writes(&nora, "journaling", &format!("Entry number {number} of the week, with a heron in it.")).await?;
            s.passes(DAY).await?;
        }
        let first = nora.run("/journal read").await?.text();
        assert!(first.contains("number 7") && first.contains("number 3") && !first.contains("number 2"), "{first}");
        let older = nora.click("Older").await?.text();
        assert!(older.contains("number 2") && older.contains("number 1") && !older.contains("number 3"), "{older}");
        assert!(nora.run("/journal search text:NUMBER 4").await?.says("Entry number 4"));
        assert!(nora.run("/journal search text:penguin").await?.says("None of your entries"));
        assert!(nora.run("/journal read month:august").await?.says("There is nothing here"));
        assert!(nora.run("/journal read month:2026-09").await?.says("number 7"));
        assert!(nora.run("/journal read month:soon").await?.says("couldn't read that as a month"));
        s.restart().await?;
        nora.run("/journal search text:number 4").await?;
        nora.click("Delete 1").await?;
        assert!(nora.click("Delete it").await?.says("One entry is gone"));
        assert!(nora.run("/journal search text:number 4").await?.says("None of your entries"));
        nora.run("/journal delete from:2026-09-01 until:2026-09-02").await?;
        assert!(nora.click("Delete them").await?.says("2 entries are gone"));
        assert!(nora.run("/journal delete").await?.write("perhaps").await?.says("Nothing was deleted"));
        assert!(nora.run("/journal delete").await?.write("delete").await?.says("4 entries are gone"));
        assert!(nora.run("/journal read").await?.says("There is nothing here"));
        assert_eq!(s.count("entries").await, 0);
        assert_eq!(s.count("keys").await, 0);
        writes(&nora, "settle", "And a new page begins here.").await?;
        assert!(nora.run("/journal read").await?.says("a new page begins"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_next_page_follows_although_the_last_entry_of_this_one_was_deleted() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        for number in 1..=7 {
            writes(&nora, "journaling", &format!("Entry number {number} of the same morning.")).await?;
            s.passes(SignedDuration::from_secs(1)).await?;
        }
        nora.run("/journal read").await?;
        let (page, older) = nora.button("Older")?;
        let (_, third) = nora.button("Delete 5")?;
        nora.click_custom(page, &third.replace("delete_entry", "delete_entry_now")).await?;
        let next = nora.click_custom(page, &older).await?.text();
        assert!(next.contains("number 2") && next.contains("number 1"), "{next}");
        assert!(!next.contains("number 3") && !next.contains("number 4"), "{next}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn entries_of_some_days_are_deleted_as_people_name_days() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        for number in 1..=4 {
            writes(&nora, "values", &format!("Day number {number}, and nothing else.")).await?;
            s.passes(DAY).await?;
        }
        // It is Saturday, 5 September.
        let asked = nora.run("/journal delete from:thursday until:thursday").await?.text();
        assert!(asked.contains("from Thu 3 September 2026 00:00 UTC until Fri 4 September 2026 00:00 UTC"), "{asked}");
        assert!(nora.click("Delete them").await?.says("One entry is gone, for good."));
        let asked = nora.run("/journal delete until:yesterday").await?.text();
        assert!(asked.contains("Delete every entry before Sat 5 September 2026 00:00 UTC?"), "{asked}");
        assert!(nora.click("Keep them").await?.says("Nothing was deleted"));
        nora.run("/journal delete until:wed").await?;
        assert!(nora.click("Delete them").await?.says("2 entries are gone, for good."));
        assert!(nora.run("/journal delete from:tomorrow").await?.says("couldn't read"));
        assert!(nora.run("/journal read").await?.says("Day number 4"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nobody_but_its_author_comes_to_an_entry() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/reflect now").await?;
        let (message, write) = ada.button("Write")?;
        ada.click("Write").await?.write("I want the attic for myself in spring.").await?;
        ada.run("/journal read").await?;
        let (_, delete) = ada.button("Delete 1")?;
        // A changed client presses another person's buttons.
        ben.run("/help").await?;
        let own = ben.message("Duet asks two people")?.id;
        assert!(message != own);
        assert!(ben.click_custom(own, &write).await?.says("lies too far back"));
        ben.click_custom(own, &delete.replace("delete_entry", "delete_entry_now")).await?;
        assert!(ada.run("/journal read").await?.says("attic for myself"));
        assert!(ben.run("/journal read").await?.says("There is nothing here"));
        assert!(ben.run("/journal search text:attic").await?.says("None of your entries"));
        assert!(!ben.ever_saw("attic"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_journal_outlives_its_couple() {
    story(async |s: &Story| {
        let (ada, _ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, "boundary", "Sundays before noon are mine.").await?;
        ada.run("/unpair").await?;
        ada.click("Leave").await?;
        s.passes(DAY * 31).await?;
        s.restart().await?;
        assert!(ada.run("/journal read").await?.says("before noon are mine"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn planned_ones_come_by_dm_on_ones_own_days_and_after_quiet_hours() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        assert!(nora.run("/reflect schedule days:wed time:7:30").await?.says("I need your time zone first"));
        let planned = nora.run("/reflect schedule days:wednesday sat time:7:30 zone:Berlin").await?.text();
        // 07:30 in Berlin is 05:30 in UTC, and her quiet hours end at 08:00.
        assert!(planned.contains("Wednesday, Saturday at 07:30") && planned.contains("Wed 2 September 2026 05:30"), "{planned}");
        s.restart().await?;
        s.passes(SignedDuration::from_hours(20) + SignedDuration::from_mins(59)).await?;
        assert_eq!(nora.sees("Something for a quiet moment."), 0, "it is 07:59 in Berlin");
        s.passes(SignedDuration::from_mins(2)).await?;
        assert_eq!(nora.sees("Something for a quiet moment."), 1);
        nora.click("Write").await?.write("The kettle was the loudest thing.").await?;
        s.passes(DAY * 3).await?;
        assert_eq!(nora.sees("Something for a quiet moment."), 2);
        assert!(nora.run("/reflect stop").await?.says("No more of them"));
        assert!(nora.run("/reflect stop").await?.says("Nothing was planned"));
        s.passes(DAY * 14).await?;
        assert_eq!(nora.sees("Something for a quiet moment."), 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_runs_the_bot_is_named_before_the_first_entry_to_whom_they_are_close() {
    story(async |s: &Story| {
        let (owner, ben) = (s.owner(), s.person("Ben"));
        s.pair(&owner, &ben).await?;
        assert!(ben.run("/reflect now").await?.says("Whoever runs it could read what you write."));
        ben.click("Write").await?.write("A line of my own, all the same.").await?;
        assert!(!ben.run("/reflect now").await?.says("Whoever runs it"));
        let nora = s.person("Nora");
        assert!(!nora.run("/reflect now").await?.says("Whoever runs it"));
        Ok(())
    })
    .await;
}

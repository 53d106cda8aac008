//! Deleted is deleted, from the press of a button to the bytes on the disk.

use jiff::SignedDuration;

use crate::engines::{connection, disk, own_part, remains};
use crate::story::{Actor, Story, Told, story};

const TABLES: [&str; 2] = ["entries", "keys"];

async fn writes(who: &Actor<'_>, text: &str) -> Told {
    who.run("/reflect now").await?;
    who.click("Write").await?.write(text).await?;
    Ok(())
}

async fn sealed(s: &Story, which: &str) -> Vec<String> {
    let found = s.texts(&format!("select words from entries {which}")).await;
    found.iter().map(|sealed| own_part(sealed)).collect()
}

/// How much of it a look at the files finds, while the bot runs.
async fn left(s: &Story, texts: &[String]) -> Option<usize> {
    Some(remains(&disk(s.database(), &TABLES).await?, texts))
}

#[tokio::test]
async fn what_was_deleted_is_in_no_file_when_the_reply_is_there() {
    story(async |s: &Story| {
        let (nora, ben) = (s.person("Nora"), s.person("Ben"));
        for number in 1..=12 {
            writes(&nora, &format!("Entry {number}: the harbour at six, before anybody calls. ").repeat(30)).await?;
            writes(&ben, &format!("Ben's own entry {number}, which stays where it is.")).await?;
            s.passes(SignedDuration::from_hours(24)).await?;
        }
        nora.person.go_dm();
        let one = sealed(s, "where written_at = (select max(written_at) from entries)").await;
        // The newest two are from the same day; hers is longer.
        let one: Vec<String> = one.into_iter().filter(|text| text.len() > 500).collect();
        assert_eq!(one.len(), 1);
        let Some(before) = left(s, &one).await else { return Ok(()) };
        assert!(before > 0);
        nora.run("/journal read").await?;
        nora.click("Delete 1").await?;
        assert_eq!(nora.click("Delete it").await?.text().matches("One entry is gone, for good.").count(), 1);
        assert_eq!(left(s, &one).await, Some(0));

        let some = sealed(s, "where length(words) > 500 and written_at < 1788652800000").await;
        assert!(left(s, &some).await > Some(0));
        nora.run("/journal delete until:2026-09-05").await?;
        let reply = nora.click("Delete them").await?.text();
        assert!(reply.contains("5 entries are gone, for good."), "{reply}");
        let theirs = sealed(s, "where length(words) > 500").await;
        let gone: Vec<String> = some.into_iter().filter(|text| !theirs.contains(text)).collect();
        assert_eq!((gone.len(), left(s, &gone).await), (5, Some(0)));

        let mut all = theirs;
        let owned = format!("where couple = 'journal' and owner = {}", nora.person.id());
        all.extend(s.texts(&format!("select wrapped from keys {owned}")).await);
        all.extend(s.texts(&format!("select id from keys {owned}")).await);
        assert!(left(s, &all).await > Some(0));
        assert!(nora.run("/journal delete").await?.write("delete").await?.says("6 entries are gone"));
        assert_eq!(left(s, &all).await, Some(0));
        let stays = sealed(s, "").await;
        assert_eq!(stays.len(), 12);
        assert!(left(s, &stays).await > Some(0));
        assert!(ben.run("/journal read").await?.says("stays where it is"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn while_somebody_reads_the_database_the_reply_says_so_and_it_goes_a_little_later() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        nora.person.go_dm();
        writes(&nora, "Something that will not stay for long, I hope.").await?;
        writes(&nora, "Something that may stay.").await?;
        let words = sealed(s, "").await;
        let mut reader = connection(&s.database().url).await;
        let begin = if s.database().file.is_some() { "begin" } else { "begin isolation level repeatable read" };
        sqlx::raw_sql(begin).execute(&mut reader).await?;
        sqlx::query("select id from keys").fetch_all(&mut reader).await?;
        let reply = nora.run("/journal delete").await?.write("delete").await?.text();
        assert!(reply.contains("2 entries are gone, for good.") && reply.contains("leave the disk by themselves"), "{reply}");
        assert!(nora.run("/journal read").await?.says("There is nothing here"));
        s.restart().await?;
        // A minute later it is still being read: once more a minute later.
        s.passes(SignedDuration::from_secs(61)).await?;
        sqlx::raw_sql("rollback").execute(&mut reader).await?;
        assert_eq!(s.texts("select kind from timers where kind = 'forget'").await.len(), 1);
        s.passes(SignedDuration::from_secs(61)).await?;
        assert_eq!(s.texts("select kind from timers where kind = 'forget'").await.len(), 0);
        if let Some(left) = left(s, &words).await {
            assert_eq!(left, 0);
        }
        Ok(())
    })
    .await;
}

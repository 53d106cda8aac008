//! `/journal export`: everything that somebody wrote, to them alone, word for word.

use duet::discord::commands::sharing::ROOM;
use duet::discord::words::journal_files;
use duet::domain::hours::Zone;
use duet::domain::ids::PersonId;
use duet::domain::words::Words;
use duet::flows::{journal, reflecting};
use duet::rehearsal::{FaultKind, Match};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::story::{Actor, Story, Told, reads, story};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const HERE: &str = "What you asked for is here.";

async fn writes(who: &Actor<'_>, kind: &str, text: &str) -> Told {
    who.run(&format!("/reflect now practice:{kind}")).await?;
    who.click("Write").await?.write(text).await?;
    Ok(())
}

/// The newest file of that name.
fn file(who: &Actor<'_>, name: &str) -> Told<String> {
    let file = who.person.files().into_iter().rev().find(|file| file.name == name).ok_or_else(|| format!("no {name}"))?;
    Ok(String::from_utf8(file.bytes.to_vec())?)
}

/// The words in the file to read: what stands behind its marks.
fn quoted(markdown: &str) -> Vec<String> {
    let entries = markdown.split("\n## ").skip(1);
    entries
        .map(|entry| {
            let (_, words) = entry.split_once("\n> ").expect("an entry has words");
            words.strip_suffix('\n').expect("a line ends").replace("\n> ", "\n")
        })
        .collect()
}

fn json_words(json: &str) -> Told<Vec<String>> {
    let read: Value = serde_json::from_str(json)?;
    let entries = read["entries"].as_array().ok_or("no entries")?;
    Ok(entries.iter().map(|entry| entry["words"].as_str().unwrap_or_default().to_owned()).collect())
}

#[tokio::test]
async fn a_journal_comes_as_two_files_word_for_word_and_to_its_author_alone() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:Auckland").await?;
        let texts = [
            "# A heading of my own\n\n```\nan open fence",
            "עברית \u{202e}abc\u{202c} \u{200b}zero\u{200d}width 👩‍👩‍👧 \"quoted\" \\n C:\\temp <!-- x",
            "1. one\n2. two\n\n---\n> a quotation\n\n## 3 March",
        ];
        for text in texts {
            writes(&ada, "values", text).await?;
            s.passes(HOUR * 24).await?;
        }
        writes(&ben, "settle", "Ben's own, which is nobody else's.").await?;
        ada.reads();
        ben.reads();
        ada.run("/journal export").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this —
        │ Your journal is on its way to you by DM, in two files: one to read, one for other programs. They stay in our chat until you press `Remove the files` there.
        │
        │ If nothing comes within a few minutes, I may not write to you: allow direct messages from a server that we share, then ask once more.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet · silent —
        What you asked for is here.
        │ **Your journal, to take with you.** One file to read, one for other programs. They stay in this chat, where whoever has your device can open them, until you press `Remove the files`.
        (file journal.md)
        (file journal.json)
        [Remove the files]
        ");
        assert_eq!(ben.reads(), "");
        let (markdown, json) = (file(&ada, "journal.md")?, file(&ada, "journal.json")?);
        assert_eq!(quoted(&markdown), texts);
        assert_eq!(json_words(&json)?, texts);
        // 09:00 in UTC is 21:00 there.
        assert!(
            markdown.contains("Times are in Pacific/Auckland.")
                && markdown.contains("## Tuesday, 1 September 2026, 21:00\n\n*values*\n"),
            "{markdown}"
        );
        let read: Value = serde_json::from_str(&json)?;
        assert_eq!(read["format"], "duet-journal/1");
        assert_eq!(read["entries"][0]["practice"], "values");
        let written: Timestamp = read["entries"][0]["written_at"].as_str().ok_or("no moment")?.parse()?;
        assert_eq!(written, "2026-09-01T09:00:00Z".parse()?);
        assert!(ben.person.files().is_empty() && !ben.ever_saw("heading of my own"));
        assert!(!markdown.contains("Ben's own") && !json.contains("Ben's own"));
        // Only Duet can take its message's files out of a DM.
        s.restart().await?;
        ada.click("Remove the files").await?;
        reads!(ada.reads(), @r"
        — DM · Duet · edited —
        │ Removed: the files are no longer in this chat. Copies that you saved are yours. `/journal export` makes new ones.
        ");
        assert!(ada.person.files().is_empty());
        ada.run("/journal export").await?;
        ada.run("/journal export").await?;
        assert_eq!(ada.person.files().len(), 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn of_an_empty_journal_nothing_is_sent() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        assert!(nora.run("/journal export").await?.says("so nothing was sent"));
        assert_eq!(s.count("outbox").await, 0);
        // Deleted between the asking and the sending.
        writes(&nora, "values", "Something for an hour only.").await?;
        nora.person.run("/journal export").await?;
        nora.person.run("/journal delete").await?.write("delete").await?;
        s.settle().await?;
        assert!(nora.person.files().is_empty() && !nora.ever_saw(HERE));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn closed_dms_break_nothing_and_are_said_to_nobody_else() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        writes(&ada, "values", "The harbour at six.").await?;
        ada.person.close_dms();
        ben.reads();
        assert!(ada.run("/journal export").await?.says("If nothing comes within a few minutes"));
        s.passes(HOUR * 24).await?;
        assert_eq!((ada.person.files().len(), ben.reads().as_str()), (0, ""));
        ada.person.open_dms();
        let no_server =
            serde_json::json!({ "code": 50_278, "message": "Cannot send messages to this user due to having no mutual guilds" });
        s.faults().on(Match::new("POST", "/messages").with_body(HERE), FaultKind::Answer { status: 403, body: no_server });
        ada.run("/journal export").await?;
        s.passes(HOUR * 24).await?;
        assert_eq!(ada.person.files().len(), 0);
        ada.run("/journal export").await?;
        assert_eq!(ada.person.files().len(), 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn stopped_or_unheard_it_comes_once() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        writes(&nora, "values", "The harbour at six.").await?;
        nora.person.run("/journal export").await?;
        s.restart().await?;
        assert_eq!(nora.person.files().len(), 2);
        s.faults().on(Match::new("POST", "/messages").with_body(HERE), FaultKind::CutAfter);
        nora.run("/journal export").await?;
        s.faults().outage(true);
        s.passes(HOUR).await?;
        s.faults().outage(false);
        s.passes(HOUR).await?;
        assert_eq!(nora.person.files().len(), 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_journal_too_large_for_one_message_comes_in_parts_and_loses_nothing() {
    story(async |s: &Story| {
        let nora = s.person("Nora");
        let (app, who) = (s.app(), PersonId(i64::try_from(nora.person.id())?));
        let sitting = reflecting::begin(&app, who, None).await?.id;
        // Three bytes a unit: some 12 kB an entry, in each of the two files.
        let texts: Vec<String> = (0..440).map(|number| format!("{number:04} {}", "漢".repeat(3_990))).collect();
        let mut ids = Vec::new();
        for text in &texts {
            ids.push(journal::write(&app, who, sitting, &Words::new(text.as_str())).await?.id);
        }
        // Not by the command: unsealing 5 MB of text takes longer than Discord waits where nothing is optimised.
        let utc = Zone::utc();
        assert_eq!(duet::flows::journal_files::export(&app, who, ROOM, |entry| journal_files::weight(entry, &utc)).await?, 2);
        // Deleted on the way: that moves no other entry out of its part.
        for id in &ids[..3] {
            journal::delete(&app, who, *id).await?;
        }
        s.settle().await?;
        let mut all = Vec::new();
        for number in 1..=2 {
            let markdown = quoted(&file(&nora, &format!("journal-{number}-of-2.md"))?);
            let json = file(&nora, &format!("journal-{number}-of-2.json"))?;
            assert_eq!(json_words(&json)?, markdown);
            assert_eq!(serde_json::from_str::<Value>(&json)?["part"], number);
            all.extend(markdown);
        }
        assert!(all == texts[3..], "{} of {}", all.len(), texts.len());
        let bytes: usize = nora.person.files().iter().map(|file| file.bytes.len()).sum();
        assert!(nora.person.files().len() == 4 && bytes > 10 << 20, "{bytes}");
        assert_eq!(nora.sees("Part 2 of 2."), 1);
        Ok(())
    })
    .await;
}

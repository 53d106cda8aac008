//! P4 from the other side: whatever one of two does for themselves, the other is told nothing, nor that there was anything.

use std::cell::RefCell;
use std::collections::BTreeSet;

use duet::domain::library::Library;
use duet::rehearsal::Beside;
use jiff::SignedDuration;

use super::checkins::{checks_in, weekly};
use super::mine::exports;
use crate::story::{Actor, Story, Told, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const KINDS: [&str; 8] =
    ["settle", "body scan", "journaling", "values", "a quarrel", "naming feelings", "a boundary", "movement"];

/// What one of them does for themselves on this day.
async fn reflects(who: &Actor<'_>, words: &str, day: usize) -> Told {
    let name = who.name();
    // In the couple's channel as well as by DM: the reply is private in both.
    who.run(&format!("/reflect now practice:{}", KINDS[day % KINDS.len()])).await?;
    who.click("Another one").await?;
    who.click("Write").await?.write(&format!("{words} on day {day} of {name}'s own.")).await?;
    match day % 5 {
        0 => {
            who.click("Share a passage").await?.write(&format!("{words}, never to be shown, on day {day}.")).await?;
            who.click("Keep it to myself").await?;
        }
        2 => {
            who.click("Share a passage").await?.write(&passage(&name, day)).await?;
            who.click("Post it").await?;
        }
        3 => drop(who.run("/journal export").await?),
        4 => {
            who.run("/journal export").await?;
            who.click("Remove the files").await?;
        }
        _ => {}
    }
    types(who, words, day).await?;
    match day % 7 {
        1 => drop(who.run("/reflect schedule days:tue fri time:12:15 zone:Berlin").await?),
        2 => drop(who.run(&format!("/journal search text:{words}")).await?),
        3 => drop(who.run("/journal read").await?),
        4 => {
            who.run("/journal read").await?;
            who.click("Delete 1").await?;
            who.click("Delete it").await?;
        }
        5 => {
            who.run("/journal delete from:yesterday until:yesterday").await?;
            who.click("Delete them").await?;
        }
        6 => drop(who.run("/reflect stop").await?),
        _ => {}
    }
    if day == 29 {
        who.run("/journal delete").await?.write("delete").await?;
    }
    Ok(())
}

/// What one of them lets the other read on this day.
fn passage(name: &str, day: usize) -> String {
    format!("What {name} chose to show on day {day}.")
}

/// The days on which something is shared.
fn shared() -> impl Iterator<Item = usize> {
    (0..30).filter(|day| day % 5 == 2)
}

/// What they type in their DM with Duet: kept, edited, deleted there, undone, and asked about once nothing is open.
async fn types(who: &Actor<'_>, words: &str, day: usize) -> Told {
    if day % 2 == 1 {
        return Ok(());
    }
    let name = who.name();
    let typed = who.types(&format!("{words} typed on day {day} by {name}.")).await?;
    match day % 5 {
        0 => who.edits(typed, &format!("{words} typed and edited on day {day} by {name}.")).await?,
        1 => {
            who.deletes(typed).await?;
            who.click(if day.is_multiple_of(4) { "Keep it" } else { "Delete it there, too" }).await?;
        }
        2 => drop(who.click("Undo").await?),
        3 => {
            who.run("/reflect stop").await?;
            who.types(&format!("{words} typed on day {day} with nothing open.")).await?;
            who.click(if day.is_multiple_of(4) { "Keep it" } else { "No, thanks" }).await?;
        }
        _ => drop(who.sends("", &Beside::Sticker("A sticker of one's own")).await?),
    }
    Ok(())
}

/// A month of a couple: a check-in a week, a question every third day. `alone`: what each does besides.
async fn month(s: &Story, ada: &Actor<'_>, ben: &Actor<'_>, alone: impl AsyncFn(usize) -> Told) -> Told {
    weekly(ada, ben).await?;
    for day in 0..30 {
        if day % 3 == 0 {
            ada.run(&format!("/ask question:What was your hour of day {day}?")).await?;
            ada.answers(&format!("Ada's answer of day {day}.")).await?;
        }
        alone(day).await?;
        if day % 3 == 0 {
            ben.answers(&format!("Ben's answer of day {day}.")).await?;
        }
        s.passes(DAY).await?;
        if ada.sees("Answer") > 0 && day % 7 == 5 {
            checks_in(ada, ["4", "5", "Skip", "3", "2"], ["The soup.", "Sleep.", "A shelf."]).await?;
            checks_in(ben, ["2", "3", "4", "4", "5"], ["The walk.", "Quiet.", "A long run."]).await?;
            ben.run("/insights").await?;
        }
    }
    for who in [ada, ben] {
        let file = exports(who).await?.all.to_lowercase();
        assert!(file.contains("ada's answer of day 27.") && file.contains("ben's answer of day 27."));
        for word in ["kingfisher", "wheelbarrow", "journal", "reflect", "sitting"] {
            assert!(!file.contains(word), "the file of {} says “{word}”", who.name());
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_month_of_both_tells_neither_nor_the_log_what_the_other_wrote_or_practised() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        month(s, &ada, &ben, async |day| {
            reflects(&ada, "The kingfisher", day).await?;
            reflects(&ben, "A wheelbarrow", day).await
        })
        .await?;
        assert!(ada.ever_saw("The kingfisher on day 3") && ben.ever_saw("A wheelbarrow on day 3"), "nothing was written");
        assert!([&ada, &ben].iter().all(|one| one.ever_saw("What has a tick is in it.")), "nothing was typed");
        // Before this story looks into the database by itself. What is logged while Duet starts names the migrations, for everybody
        // the same.
        let log = s.logged();
        for (who, theirs) in [(&ada, "wheelbarrow"), (&ben, "kingfisher")] {
            assert!(!who.ever_saw(theirs), "{} saw something of the other's", who.name());
            assert!(who.person.files().iter().any(|file| file.name == "journal.md"), "nothing was exported");
            let own = practised(s, who).await;
            for reflection in Library::built_in().map_err(|_| "flaws")?.reflections() {
                if !own.contains(&reflection.id) {
                    for said in reflection.steps.iter().chain([&reflection.title, &reflection.write]) {
                        assert!(!who.ever_saw(said), "{} saw “{said}”, which was not theirs", who.name());
                    }
                }
            }
        }
        for (day, (one, other)) in shared().flat_map(|day| [(day, (&ada, &ben)), (day, (&ben, &ada))]) {
            let passage = passage(&one.name(), day);
            assert_eq!(other.sees(&passage), 1, "what {} shared on day {day}", one.name());
            let post = other.message(&passage)?;
            assert_eq!(post.content, format!("@{}, @{} shared something.", other.name(), one.name()));
            assert_eq!((post.embeds, post.files.len()), (vec![passage], 0));
        }
        let log: String = log.lines().filter(|line| !line.contains("migration applied")).flat_map(|line| [line, "\n"]).collect();
        for word in [
            "kingfisher",
            "wheelbarrow",
            "journal",
            "Journal",
            "reflect",
            "Reflect",
            "sitting",
            "Sitting",
            "entries",
            "passage",
            "Passage",
            "shared",
            "export",
            "typed",
        ] {
            let line = log.lines().find(|line| line.contains(word));
            assert!(line.is_none(), "the log says “{word}”: {}", line.unwrap_or_default());
        }
        for reflection in Library::built_in().map_err(|_| "flaws")?.reflections() {
            assert!(!log.contains(&reflection.title) || reflection.title.len() < 8, "the log has “{}”", reflection.title);
        }
        Ok(())
    })
    .await;
}

async fn practised(s: &Story, who: &Actor<'_>) -> BTreeSet<String> {
    let sql = format!("select reflection from sittings where person = {}", who.person.id());
    s.texts(&sql).await.into_iter().collect()
}

/// What Ada or Ben read, with their notifications and pictures, line by line, so that two runs can be compared. Chance is drawn anew
/// each time: whose answer stands first, and who listens first.
pub fn lines_of(who: &Actor<'_>, mut read: String) -> Vec<String> {
    for notification in who.person.notifications() {
        read.push_str(&format!("\n{notification:?}"));
    }
    for picture in who.person.pictures() {
        read.push_str(&format!("\n{} {:?}", picture.description, picture.bytes));
    }
    let mut lines: Vec<String> = read.lines().map(|line| line.replace("@Ada", "@one").replace("@Ben", "@one")).collect();
    lines.sort();
    lines
}

/// Everything that one of them reads in a month in which the other does what `alone` says, line by line.
async fn read_by_the_other(alone: bool) -> Vec<Vec<String>> {
    let read = RefCell::new(Vec::new());
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        month(s, &ada, &ben, async |day| if alone { reflects(&ada, "The kingfisher", day).await } else { Ok(()) }).await?;
        read.borrow_mut().push(lines_of(&ben, ben.reads()));
        Ok(())
    })
    .await;
    read.into_inner()
}

/// Whether a line is of a post that shares something: its plain line, its words, its button, the notification.
fn told_of_it(line: &str) -> bool {
    let notification = |silent: bool| {
        format!("Notification {{ place: \"#our-place\", text: \"@one, @one shared something.\", silent: {silent} }}")
    };
    let passages = || shared().map(|day| format!("│ {}", passage("Ada", day)));
    line == "@one, @one shared something."
        || line == "[How to listen]"
        || line == notification(false)
        || passages().any(|passage| line == passage)
}

#[tokio::test]
async fn a_partner_reads_the_same_month_whether_the_other_reflects_or_not() {
    let (without, with) = (read_by_the_other(false).await, read_by_the_other(true).await);
    for (without, with) in without.iter().zip(&with) {
        assert!(without.len() > 200, "{} lines", without.len());
        // What was shared is told, in as many lines as it takes, and nothing else.
        let (told, with): (Vec<&String>, Vec<&String>) = with.iter().partition(|line| told_of_it(line));
        assert_eq!(told.len(), 4 * shared().count(), "{told:#?}");
        let more: Vec<&&String> = with.iter().filter(|line| !without.contains(line)).collect();
        let less: Vec<&String> = without.iter().filter(|line| !with.contains(line)).collect();
        assert_eq!((more, less), (vec![], vec![]));
        // And the head of each of its posts, which reads like any other.
        assert_eq!(with.len(), without.len() + shared().count());
    }
}

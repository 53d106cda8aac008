//! What is kept of one person: to take along, and to end.

use std::cell::RefCell;
use std::io::{Cursor, Read as _};

use duet::domain::ids::PersonId;
use duet::flows::exporting::{self, State};
use duet::rehearsal::{FaultKind, Match, SeenFile};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::alone::lines_of;
use super::checkins::{checks_in, taps, weekly};
use crate::engines::{disk, own_part, remains};
use crate::story::{Actor, Story, Told, reads, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const CLOSED: &str = "This space is closed.";
const REMOVED: &str = "removed by its author";

/// A file, opened.
pub struct Opened {
    readme: String,
    read: String,
    data: Value,
    /// All of it, names included.
    pub all: String,
}

fn unzipped(file: &SeenFile) -> Told<Opened> {
    assert_eq!(file.name, "duet.zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(file.bytes.to_vec()))?;
    let (mut all, mut texts) = (String::new(), Vec::new());
    for at in 0..zip.len() {
        let mut inside = zip.by_index(at)?;
        let mut text = String::new();
        inside.read_to_string(&mut text)?;
        let name = inside.name()?.into_owned();
        all.push_str(&format!("{name}\n{text}\n"));
        texts.push((name, text));
    }
    let names: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["README.md", "duet.md", "duet.json"]);
    let data = serde_json::from_str(&texts[2].1)?;
    Ok(Opened { readme: texts[0].1.clone(), read: texts[1].1.clone(), data, all })
}

async fn asks_for_export(who: &Actor<'_>) -> Told {
    who.run("/privacy").await?;
    assert!(who.click("Export my data").await?.says("It is on its way to you by DM"));
    Ok(())
}

/// Asks for it, and opens what comes.
pub async fn exports(who: &Actor<'_>) -> Told<Opened> {
    let before = who.person.files().len();
    asks_for_export(who).await?;
    let files = who.person.files();
    assert_eq!(files.len(), before + 1, "one file comes");
    unzipped(&files[before])
}

/// Types the word, and reads the receipt.
pub async fn deletes(who: &Actor<'_>) -> Told<String> {
    who.run("/privacy").await?;
    Ok(who.click("Delete my data").await?.write("delete").await?.text())
}

/// The rounds of an export as `question: yours | theirs (state)`.
fn told(opened: &Opened) -> Vec<String> {
    let side = |given: &Value| match given {
        Value::Null => "-".to_owned(),
        given if given["removed"] == true => "removed".to_owned(),
        given => {
            let fields = given["fields"].as_array().into_iter().flatten();
            let words: Vec<_> = fields.filter_map(|field| field["words"].as_str()).filter(|words| !words.is_empty()).collect();
            let ratings = &given["ratings"];
            if ratings.is_null() { words.join(" / ") } else { format!("{} {ratings}", words.join(" / ")) }
        }
    };
    let rounds = opened.data["rounds"].as_array().cloned().unwrap_or_default();
    let line = |round: &Value| {
        let question = &round["question"];
        let text = if question["removed"] == true { "removed" } else { question["text"].as_str().unwrap_or("check-in") };
        format!(
            "{text}: {} | {} ({})",
            side(&round["yours"]),
            side(&round["theirs"]),
            round["state"].as_str().unwrap_or_default()
        )
    };
    rounds.iter().map(line).collect()
}

async fn asks(who: &Actor<'_>, question: &str) -> Told {
    who.run(&format!("/ask question:{question}")).await?;
    Ok(())
}

async fn keeps_an_entry(who: &Actor<'_>, text: &str) -> Told {
    who.run("/reflect now").await?;
    who.click("Write").await?.write(text).await?;
    Ok(())
}

fn id(who: &Actor<'_>) -> Told<PersonId> {
    Ok(PersonId(i64::try_from(who.person.id())?))
}

// ---- Export ----

#[tokio::test]
async fn an_export_has_ones_own_words_and_what_opened_and_nothing_else() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for day in 0..5 {
            keeps_an_entry(&ada, &format!("The kingfisher came by on day {day}.")).await?;
        }
        weekly(&ada, &ben).await?;
        asks(&ben, "What was your best hour?").await?;
        ada.answers("The one at the \"river\".\nWith the dog.").await?;
        ben.answers("Tuesday, six o'clock.").await?;
        s.passes(DAY).await?;
        ada.run("/checkin now").await?;
        checks_in(&ada, ["4", "5", "Skip", "3", "2"], ["The soup.", "Sleep.", ""]).await?;
        checks_in(&ben, ["2", "Skip", "4", "4", "5"], ["The walk.", "", "A long run."]).await?;
        s.restart().await?;
        s.passes(DAY / 24).await?;
        asks(&ada, "What closed without opening?").await?;
        ben.answers("Nobody should ever read this one.").await?;
        s.passes(DAY * 3).await?;
        asks(&ada, "What is still open?").await?;
        ada.answers("Mine is sealed so far.").await?;
        s.passes(DAY / 24).await?;
        ada.run("/checkin now").await?;
        let before_his = exports(&ada).await?;
        ben.click("Answer").await?;
        ben.click("5").await?;
        ada.click("Answer").await?;
        ada.click("1").await?;
        let opened = exports(&ada).await?;
        assert_eq!(
            told(&opened),
            [
                "What was your best hour?: The one at the \"river\".\nWith the dog. | Tuesday, six o'clock. (opened)",
                "check-in: The soup. / Sleep. {\"close\":4,\"limits\":3,\"myself\":5,\"steady\":2} | \
                 The walk. / A long run. {\"close\":2,\"limits\":4,\"open\":4,\"steady\":5} (opened)",
                "What closed without opening?: - | - (closed)",
                "What is still open?: Mine is sealed so far. | - (waits)",
                "check-in: - | - (waits)",
            ]
        );
        assert_eq!(opened.data["rounds"][4]["tapped"], json!({ "close": 1 }));
        assert_eq!((&opened.data["format"], &opened.data["more"]), (&json!(1), &json!(false)));
        assert_eq!(opened.data["you"]["zone"], "Europe/Berlin");
        assert_eq!(opened.data["couples"][0]["partner"], ben.person.id().to_string());
        assert_eq!(opened.data["couples"][0]["weekly"], json!({ "day": "Sunday", "at": "19:00", "zone": "Europe/Berlin" }));
        assert_eq!(opened.data["couples"][0]["until"], Value::Null);
        // P4: not a word of it, nor that there is any.
        let small = opened.all.to_lowercase();
        for word in ["kingfisher", "journal", "reflect", "sitting", "entry", "entries", "practice"] {
            assert!(!small.contains(word), "the file says “{word}”");
        }
        assert!(!opened.all.contains("Nobody should ever read this one."));
        assert_eq!(before_his.data["rounds"].as_array().map(Vec::len), Some(5));
        for words in [
            "> The one at the \"river\".\n> With the dog.",
            "> Tuesday, six o'clock.",
            "myself with you **5**",
            "close to you **1**",
        ] {
            assert!(opened.read.contains(words), "{words}\n{}", opened.read);
        }
        assert!(opened.readme.contains("format 1"));
        let his = exports(&ben).await?;
        assert!(!his.all.contains("Mine is sealed so far.") && his.all.contains("The soup."));
        assert!(!his.all.contains("\"close\": 1"), "{}", his.all);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whether_the_other_has_sealed_changes_nothing_in_a_file() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/settings zone:UTC").await?;
        ada.click("Opening hour").await?.fill(&[("Hour", "20:00")]).await?;
        ben.click("Agree").await?;
        asks(&ada, "What is it about?").await?;
        ada.answers("My own words of this round.").await?;
        let mut before = exports(&ada).await?.data;
        ben.answers("His own words of this round.").await?;
        let mut after = exports(&ada).await?.data;
        for data in [&mut before, &mut after] {
            data["made_at"].take();
        }
        assert_eq!(before, after, "both wait for their hour");
        s.passes(DAY).await?;
        assert_eq!(
            told(&exports(&ada).await?),
            ["What is it about?: My own words of this round. | His own words of this round. (opened)"]
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_has_not_reached_its_place_is_in_no_file() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        asks(&ada, "What is it about?").await?;
        ada.answers("My own words of this round.").await?;
        let reveal = Match::new("POST", "/messages").with_body("Both answers are here.");
        s.rehearsal.faults().on(reveal, FaultKind::Status { code: 503, before_applying: true });
        ben.answers("His own words of this round.").await?;
        assert_eq!(told(&exports(&ada).await?), ["What is it about?: My own words of this round. | - (waits)"]);
        s.passes(DAY).await?;
        assert!(exports(&ada).await?.all.contains("His own words of this round."));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_ended_couple_is_in_it_for_thirty_days() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        asks(&ada, "What is it about?").await?;
        ada.answers("Her words, which opened.").await?;
        ben.answers("His words, which opened.").await?;
        asks(&ben, "And this?").await?;
        ada.answers("Hers, which never opened.").await?;
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        let both = "What is it about?: Her words, which opened. | His words, which opened. (opened)";
        assert_eq!(told(&exports(&ada).await?), [both, "And this?: Hers, which never opened. | - (closed)"]);
        s.passes(DAY * 30 - SignedDuration::from_mins(1)).await?;
        assert_eq!(told(&exports(&ada).await?), [both, "And this?: - | - (closed)"], "destroyed after 7 days");
        let his = exports(&ben).await?;
        assert_eq!(told(&his)[0], "What is it about?: His words, which opened. | Her words, which opened. (opened)");
        assert_eq!(his.data["couples"][0]["until"], "2026-09-01T09:00:00Z");
        s.passes(SignedDuration::from_mins(1)).await?;
        for who in [&ada, &ben] {
            let after = exports(who).await?;
            assert_eq!((&after.data["rounds"], &after.data["couples"]), (&json!([]), &json!([])));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn alone_and_in_three_couples() {
    story(async |s| {
        let (ada, zoe) = (s.person("Ada"), s.person("Zoe"));
        assert_eq!(exports(&zoe).await?.data["couples"], json!([]));
        for name in ["Ben", "Cleo", "Dan"] {
            let other = s.person(name);
            ada.person.go(&s.home.general());
            s.pair(&ada, &other).await?;
            asks(&ada, &format!("What about {name}?")).await?;
            ada.answers(&format!("Her words for {name}.")).await?;
            other.answers(&format!("The words of {name}.")).await?;
            let theirs = exports(&other).await?;
            assert_eq!(told(&theirs), [format!("What about {name}?: The words of {name}. | Her words for {name}. (opened)")]);
        }
        ada.person.go_dm();
        let all = exports(&ada).await?;
        assert_eq!(all.data["couples"].as_array().map(Vec::len), Some(3));
        let expected = ["Ben", "Cleo", "Dan"]
            .map(|name| format!("What about {name}?: Her words for {name}. | The words of {name}. (opened)"));
        assert_eq!(told(&all), expected);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_brings_the_file_and_what_to_do_if_none_arrives() {
    story(async |s| {
        let (ada, _) = s.couple("Ada", "Ben").await?;
        ada.person.close_dms();
        ada.reads();
        asks_for_export(&ada).await?;
        assert!(ada.person.files().is_empty());
        ada.reads();
        ada.person.open_dms();
        ada.run("/privacy").await?;
        ada.reads();
        ada.click("Export my data").await?;
        reads!(ada.reads(), @r"
        — #our-place · Duet · only you see this · edited —
        │ It is on its way to you by DM: one file, `duet.zip`. If none arrives in a few minutes, let members of a server that we share send you DMs, then press `Export my data` again.
        │
        │ The file stays in that chat until you delete it there. If somebody else may look into your Discord, keep it somewhere safer and delete that message.
        │
        │ -# Not feeling safe? /safety
        — DM · Duet —
        Here is your file.
        │ What you asked for is in `duet.zip`; its `README.md` says what is what.
        │
        │ -# It stays in this chat until you delete it here.
        (file duet.zip)
        [What is kept]
        ");
        ada.run("/privacy").await?;
        let (one, other) = ada.click_twice("Export my data").await?;
        assert!(one.says("on its way") && other.says("on its way"));
        assert_eq!(ada.person.files().len(), 2, "pressed twice, it comes once");
        assert_eq!(ada.person.notifications().last().map(|told| told.text.as_str()), Some("Here is your file."));
        ada.person.go_dm();
        assert!(ada.click("What is kept").await?.says("**What is stored.**"));
        // Somebody who leaves every server that they share with the bot before it comes.
        s.rehearsal.faults().on(Match::new("POST", "/messages"), FaultKind::Status { code: 503, before_applying: true });
        ada.run("/privacy").await?;
        ada.click("Export my data").await?;
        s.home.remove(&ada.person);
        s.passes(DAY).await?;
        assert_eq!(ada.person.files().len(), 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_too_much_for_one_file_comes_in_parts_that_miss_nothing() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for number in 1..=9 {
            asks(&ada, &format!("Question number {number}?")).await?;
            ada.answers(&format!("Her answer {number}. ").repeat(60)).await?;
            ben.answers(&format!("His answer {number}. ").repeat(60)).await?;
            s.passes(DAY / 24).await?;
        }
        let (app, who) = (s.app(), id(&ada)?);
        let whole = exporting::gather(&app, who, 1, None, exporting::ROOM).await?;
        assert_eq!((whole.rounds.len(), whole.rest), (9, None));
        for room in [0, 10_000, 20_000, 40_000] {
            let (mut found, mut after, mut part) = (Vec::new(), None, 1);
            loop {
                let export = exporting::gather(&app, who, part, after, room).await?;
                assert!(!export.rounds.is_empty() && export.couples.len() == 1);
                found.extend(export.rounds.iter().map(|round| round.id));
                assert!(export.rounds.iter().all(|round| matches!(round.state, State::Opened(_))));
                (after, part) = (export.rest, part + 1);
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found, whole.rounds.iter().map(|round| round.id).collect::<Vec<_>>());
            assert_eq!(part - 1, if room == 0 { 9 } else { part - 1 });
        }
        // The next part over the wire, as its button asks for it.
        let ask = ada.run("/privacy").await?.heard.private()?.id;
        let after = whole.rounds[5].id;
        assert!(ada.click_custom(ask, &format!("d1:export_rest:{after}:2")).await?.says("The next part"));
        let part = unzipped(ada.person.files().last().ok_or("no file")?)?;
        assert_eq!((&part.data["part"], told(&part).len()), (&json!(2), 3));
        assert!(ada.message("This is part 2 of what you asked for, and the last.").is_ok());
        // A stranger's press brings a stranger's own.
        let zoe = s.person("Zoe");
        let ask = zoe.run("/privacy").await?.heard.private()?.id;
        zoe.click_custom(ask, &format!("d1:export_rest:{after}:2")).await?;
        assert!(told(&unzipped(zoe.person.files().last().ok_or("no file")?)?).is_empty());
        Ok(())
    })
    .await;
}

// ---- Delete ----

#[tokio::test]
async fn delete_says_what_happens_and_takes_the_typed_word() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        asks(&ada, "What is it about?").await?;
        ada.answers("Her words, which opened.").await?;
        ben.answers("His words, which opened.").await?;
        keeps_an_entry(&ada, "An entry of her own.").await?;
        ada.run("/privacy").await?;
        ada.reads();
        assert!(ada.click("Delete my data").await?.write("no").await?.says("Nothing was deleted."));
        assert!(exports(&ada).await?.all.contains("Her words, which opened."));
        ada.run("/privacy").await?;
        ada.reads();
        ada.click("Delete my data").await?.write(" Delete ").await?;
        reads!(ada.reads(), @r"
        — modal: Delete my data —
        At once, and for good:
        - You leave every couple, as with `/unpair`: without an alarm to the other. What never opened stays shut.
        - Your answers, ratings, questions, shared passages and what you put on a board go, and their keys. Where I still show one to the other, it says “removed by its author”. Their own words stay theirs.
        - Your journal and its key, your practices and when they come.
        - Your settings, and what you proposed. Invitations you sent are withdrawn; those that wait for you are declined, and nobody is told. `No more invitations` goes as well: you can be invited again.
        What stands in Discord stays until it is deleted there. For a copy, press `Export my data` first.

        Type `delete` if you mean it.
        Type the word (up to 20)
        — #our-place · Duet · only you see this · edited —
        │ Done. Your words, your settings and whatever else was yours alone are gone, for good. That you were part of a couple is forgotten in 30 days, the dates of invitations in 37.
        │ 1 couple left · 1 answer · 1 question in your own words · 1 journal entry
        │
        │ What stands in Discord, a file that I sent you among it, stays there until it is deleted there. Backups hold what they held, still encrypted, until whoever runs this bot throws them away. If you come back, you begin anew.
        │
        │ -# Not feeling safe? /safety
        ");
        let again = deletes(&ada).await?;
        assert!(again.contains("Done.") && !again.contains(" · ") && !again.contains("couple left"), "{again}");
        s.rehearsal.redeliver_last_interaction().await;
        s.settle().await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn everything_of_one_goes_and_the_others_keep_what_is_theirs() {
    story(async |s| {
        let ada = s.person("Ada");
        let others = ["Ben", "Cleo", "Dan"].map(|name| s.person(name));
        let mut places = Vec::new();
        for other in &others {
            ada.person.go(&s.home.general());
            let before = s.home.channels().len();
            s.pair(&ada, other).await?;
            places.push(s.home.channels().remove(before));
            asks(&ada, &format!("Her question for {}?", other.name())).await?;
            ada.answers(&format!("Her words for {}.", other.name())).await?;
            other.answers(&format!("The words of {}.", other.name())).await?;
        }
        let [ben, cleo, dan] = &others;
        // An open round with her sealed answer, a check-in half tapped, a proposal, a held reveal.
        ada.person.go(&places[0]);
        asks(ben, "What is open?").await?;
        ada.answers("Hers, sealed and never opened.").await?;
        ada.run("/checkin now").await?;
        taps(&ada, ["4", "5", "Skip", "3", "2"]).await?;
        ada.person.go(&places[1]);
        weekly(&ada, cleo).await?;
        ada.run("/checkin schedule day:Monday").await?;
        ada.person.go(&places[2]);
        ada.click("Move to our DMs").await?;
        asks(dan, "What is held?").await?;
        ada.answers("Hers, held back.").await?;
        let reveal = Match::new("POST", "/messages").with_body("Both answers are here.");
        s.rehearsal.faults().on(reveal, FaultKind::Status { code: 503, before_applying: true });
        dan.answers("His, held back.").await?;
        ada.person.go_dm();
        ada.run("/settings zone:Berlin").await?;
        ada.run("/reflect schedule days:daily time:12:00").await?;
        keeps_an_entry(&ada, "An entry of her own.").await?;
        ada.types("Typed by her, in passing.").await?;
        ada.person.go(&places[0]);
        ada.run("/journal read").await?;
        ada.click("Share 1").await?.write("Hers, shared with one.").await?;
        ada.click("Post it").await?;
        ada.person.go_dm();
        assert!(exports(ben).await?.read.contains("**Your partner shared**\n\n> Hers, shared with one."));
        assert!(exports(&ada).await?.read.contains("**You shared**\n\n> Hers, shared with one."));
        assert!(!exports(cleo).await?.all.contains("Hers, shared"));
        for other in &others {
            other.reads();
        }
        let receipt = deletes(&ada).await?;
        for count in
            ["3 couples left", "5 answers", "3 questions in your own words", "2 journal entries", "1 shared passage", "A tick"]
        {
            assert!(receipt.contains(count), "{count}: {receipt}");
        }
        let who = ada.person.id();
        assert_eq!(left_of(s, who).await, [""; 0]);
        let waiting = s.texts("select body from outbox where state in ('waiting', 'parked')").await;
        assert!(!waiting.iter().any(|body| body.contains(&format!(":{who}"))), "{waiting:?}");
        let said = s.texts("select body from outbox").await;
        assert!(!said.iter().any(|body| body.contains(&format!("\"to\":{who}"))), "what was said to her alone: {said:?}");
        assert_eq!(s.texts(&format!("select kind from timers where subject = '{who}'")).await, [""; 0]);
        s.restart().await?;
        s.passes(DAY).await?;
        for other in &others {
            assert!(!other.person.has_unread(), "no alarm: {}", other.reads());
            assert!(other.run("/ask").await?.says(CLOSED));
            let theirs = exports(other).await?;
            let name = other.name();
            assert!(theirs.all.contains(&format!("The words of {name}.")));
            assert!(!theirs.all.contains("Her words for") && !theirs.all.contains("Hers, "), "{}", theirs.all);
            assert_eq!(told(&theirs)[0], format!("removed: The words of {name}. | removed (opened)"));
            assert_eq!(theirs.read.matches(REMOVED).count(), 2, "{}", theirs.read);
        }
        assert!(!dan.ever_saw("Hers, held back."));
        dan.person.go(&places[2]);
        assert!(dan.click("Keep my unopened answer").await.is_err() || dan.ever_saw("His, held back."));
        // As new.
        let empty = exports(&ada).await?;
        assert_eq!(
            (&empty.data["couples"], &empty.data["rounds"], &empty.data["you"]["zone"]),
            (&json!([]), &json!([]), &Value::Null)
        );
        assert!(ada.run("/journal read").await?.says("There is nothing here"));
        keeps_an_entry(&ada, "A new beginning of hers.").await?;
        ada.person.go(&s.home.general());
        ben.person.go(&s.home.general());
        s.pair(&ada, ben).await?;
        asks(&ada, "A new question of hers?").await?;
        ada.answers("New words of hers.").await?;
        ben.answers("New words of his.").await?;
        assert_eq!(told(&exports(&ada).await?), ["A new question of hers?: New words of hers. | New words of his. (opened)"]);
        // The old couples are forgotten, the new one stays.
        s.passes(DAY * 30).await?;
        assert_eq!(told(&exports(ben).await?), ["A new question of hers?: New words of his. | New words of hers. (opened)"]);
        assert_eq!(s.count("couples").await, 1);
        assert_eq!(s.count("partners").await, 2);
        Ok(())
    })
    .await;
}

/// Which of the tables with rows of one person alone still have some.
async fn left_of(s: &Story, who: u64) -> Vec<&'static str> {
    let mut left = Vec::new();
    for (table, column) in duet::store::mine::OWN {
        if !s.texts(&format!("select '' || {column} from {table} where {column} = {who}")).await.is_empty() {
            left.push(*table);
        }
    }
    left
}

#[tokio::test]
async fn deleted_in_two_clients_while_a_third_still_writes_nothing_stays() {
    story(async |s| {
        for round in 0..6 {
            let (ada, ben) = (s.person(&format!("Ada{round}")), s.person(&format!("Ben{round}")));
            s.pair(&ada, &ben).await?;
            asks(&ada, "What is it about?").await?;
            ben.answers("His words of this round.").await?;
            let page = ada.click("Answer").await?;
            let first = ada.run("/privacy").await?.heard.private()?.id;
            let one = ada.click_in(first, "Delete my data").await?;
            let second = ada.run("/privacy").await?.heard.private()?.id;
            let other = ada.click_in(second, "Delete my data").await?;
            let (one, other, wrote) = tokio::join!(
                Box::pin(one.write("delete")),
                Box::pin(other.write("delete")),
                Box::pin(page.write("Her words of this round."))
            );
            assert!(one?.says("Done.") && other?.says("Done."));
            let wrote = wrote?.text();
            assert!(wrote.contains("Her words of this round.") || wrote.contains("Both answers are"), "nothing is lost: {wrote}");
            // Her DM is known again when something was on its way to her just then.
            let left = left_of(s, ada.person.id()).await;
            assert!(left.iter().all(|table| *table == "people"), "{left:?}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_others_place_says_removed_where_her_question_stood() {
    story(async |s| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        asks(&ada, "Her question, which goes?").await?;
        ben.answers("His words, which never opened.").await?;
        let mark = s.log_mark();
        deletes(&ada).await?;
        s.passes(DAY).await?;
        ben.reads();
        ben.click("Answer").await?;
        let kept = ben.click("Keep my unopened answer").await?.text();
        assert!(kept.contains("His words, which never opened.") && kept.contains(REMOVED), "{kept}");
        assert!(ada.click("Answer").await?.says(CLOSED));
        s.passes(DAY * 8).await?;
        let log = s.logged_since(mark);
        assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
        Ok(())
    })
    .await;
}

/// Everything that the other reads when one leaves, or deletes what is theirs, and what their old buttons say for 40 days.
async fn read_by_the_other(deleted: bool, dms: bool) -> Vec<Vec<String>> {
    let read = RefCell::new(Vec::new());
    story(async |s: &Story| {
        let (ada, ben) = if dms { s.couple_in_dms("Ada", "Ben").await? } else { s.couple("Ada", "Ben").await? };
        weekly(&ada, &ben).await?;
        asks(&ben, "What opened?").await?;
        ada.answers("Her words, which opened.").await?;
        ben.answers("His words, which opened.").await?;
        asks(&ben, "What is open?").await?;
        ada.answers("Hers, sealed and never opened.").await?;
        ada.run("/checkin now").await?;
        taps(&ada, ["4", "5", "Skip", "3", "2"]).await?;
        ada.run("/board add kind:boundary text:Sundays before noon are mine.").await?;
        ben.reads();
        if deleted {
            deletes(&ada).await?;
        } else {
            ada.run("/unpair").await?;
            ada.click("Leave").await?;
        }
        let mut all = ben.reads();
        for days in [1, 7, 32] {
            s.passes(DAY * days).await?;
            for button in [
                "Answer",
                "Pass",
                "Why this one?",
                "Our first question",
                "Keep my unopened answer",
                "Make it weekly",
                "I see this",
            ] {
                let said = ben.click(button).await.map_or_else(|_| "no such button".to_owned(), |answer| answer.text());
                all.push_str(&format!("\n{days} {button}: {said}"));
            }
            for command in ["/ask", "/checkin status", "/insights", "/board list", "/settings", "/unpair"] {
                all.push_str(&format!("\n{days} {command}: {}", ben.run(command).await?.text()));
            }
            all.push_str(&ben.reads());
        }
        ben.person.go(&s.home.general());
        all.push_str(&ben.run("/pair with:@Ada").await?.text());
        read.borrow_mut().push(lines_of(&ben, all));
        Ok(())
    })
    .await;
    read.into_inner()
}

async fn deleting_is_leaving(dms: bool) {
    let (left, deleted) = (read_by_the_other(false, dms).await, read_by_the_other(true, dms).await);
    for (left, deleted) in left.iter().zip(&deleted) {
        assert!(left.len() > 50, "{} lines", left.len());
        let more: Vec<&String> = deleted.iter().filter(|line| !left.contains(line)).collect();
        let less: Vec<&String> = left.iter().filter(|line| !deleted.contains(line)).collect();
        assert_eq!((more, less), (vec![], vec![]));
        assert_eq!(left.len(), deleted.len());
    }
}

#[tokio::test]
async fn to_the_other_deleting_is_leaving() {
    deleting_is_leaving(false).await;
}

#[tokio::test]
async fn to_the_other_deleting_is_leaving_in_a_dm_home_too() {
    deleting_is_leaving(true).await;
}

#[tokio::test]
async fn invitations_both_ways_end_and_tell_nothing() {
    story(async |s| {
        let ada = s.person("Ada");
        let [cleo, dan, eve] = ["Cleo", "Dan", "Eve"].map(|name| s.person(name));
        for other in [&cleo, &eve] {
            ada.run(&format!("/pair with:@{}", other.name())).await?;
            ada.click("Send invitation").await?;
        }
        eve.click("Decline").await?;
        dan.run("/pair with:@Ada").await?;
        dan.click("Send invitation").await?;
        assert!(deletes(&ada).await?.contains("2 invitations withdrawn"), "one was declined, which she does not know");
        assert!(cleo.click("Accept").await?.says("This invitation is over."));
        dan.run("/pair with:@Ada").await?;
        assert!(dan.click("Send invitation").await?.says("Invitation ready"), "to him it seems to wait");
        assert!(ada.click("Accept").await?.says("This invitation is over."));
        let (to_cleo, to_eve) = (ada.run("/pair with:@Cleo").await?.text(), ada.run("/pair with:@Eve").await?.text());
        assert!(to_cleo.contains("again from"), "{to_cleo}");
        assert_eq!(to_cleo, to_eve);
        s.passes(DAY * 38).await?;
        assert_eq!(s.count("invitations").await, 0, "their dates no longer matter");
        ada.run("/pair with:@Cleo").await?;
        assert!(ada.click("Send invitation").await?.says("Invitation ready"));
        // From an invitation that is forgotten, the door can still be closed.
        assert!(dan.run("/pair with:@Ada").await?.text().contains("**Duet, for you and @Ada**"));
        let old = eve.button("No more invitations")?;
        assert!(!eve.click_custom(old.0, &old.1).await?.says("over"));
        assert_eq!(s.texts("select cast(invitations_closed as text) from people where invitations_closed = 1").await.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_thirty_days_nothing_of_a_couple_is_left_and_its_buttons_stay_calm() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        weekly(&ada, &ben).await?;
        ada.run("/ask").await?;
        ada.answers("Her words, which opened.").await?;
        ben.answers("His words, which opened.").await?;
        ada.run("/checkin now").await?;
        taps(&ada, ["4", "5", "Skip", "3", "2"]).await?;
        asks(&ada, "What is still open?").await?;
        ben.run("/unpair").await?;
        ben.click("Leave").await?;
        let mark = s.log_mark();
        s.stop().await?;
        // Down for all that time: everything is due at once.
        s.passes(DAY * 40).await?;
        s.start().await?;
        for table in [
            "couples",
            "partners",
            "rounds",
            "answers",
            "taps",
            "posts",
            "unreached",
            "choices",
            "proposals",
            "schedules",
            "invitations",
            "channels_seen",
            "keys",
        ] {
            assert_eq!(s.count(table).await, 0, "{table}");
        }
        for button in ["Answer", "Pass", "Why this one?", "Our first question", "Move to our DMs", "Make it weekly", "Agree"] {
            for who in [&ada, &ben] {
                let Ok(answer) = who.click(button).await else { continue };
                assert!(answer.says(CLOSED), "{button}: {}", answer.text());
            }
        }
        assert!(ada.run("/ask").await?.says("You are not in a couple here yet."));
        let log = s.logged_since(mark);
        assert!(!log.contains("ERROR"), "{log}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_is_in_no_file_when_the_receipt_is_there() {
    const TABLES: [&str; 5] = ["answers", "taps", "entries", "rounds", "keys"];
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for number in 1..=5 {
            asks(&ada, &format!("Her own question, number {number}, of a good length so that it is found?")).await?;
            ada.answers(&format!("Her answer {number}, about the harbour at six. ").repeat(20)).await?;
            ben.answers(&format!("His answer {number}, about the hills at noon. ").repeat(20)).await?;
            keeps_an_entry(&ada, &"An entry of her own, about nothing much. ".repeat(20)).await?;
            s.passes(DAY / 24).await?;
        }
        ada.run("/checkin now").await?;
        taps(&ada, ["4", "5", "Skip", "3", "2"]).await?;
        let who = ada.person.id();
        let mut hers = Vec::new();
        for sql in [
            format!("select words from answers where author = {who}"),
            format!("select tap from taps where author = {who}"),
            format!("select words from entries where author = {who}"),
            "select own_question from rounds where own_question is not null".to_owned(),
            format!("select wrapped from keys where owner = {who}"),
            format!("select id from keys where owner = {who}"),
        ] {
            let found = s.texts(&sql).await;
            assert!(!found.is_empty(), "{sql}");
            hers.extend(found.iter().map(|sealed| own_part(sealed)));
        }
        let his: Vec<String> = s.texts(&format!("select words from answers where author <> {who}")).await;
        let his: Vec<String> = his.iter().map(|sealed| own_part(sealed)).collect();
        let Some(before) = disk(s.database(), &TABLES).await else { return Ok(()) };
        assert!(remains(&before, &hers) > 0);
        let receipt = deletes(&ada).await?;
        assert!(receipt.contains("5 answers · 5 questions in your own words · 5 journal entries"), "{receipt}");
        assert!(!receipt.contains("leave the disk"), "{receipt}");
        let after = disk(s.database(), &TABLES).await.unwrap_or_default();
        assert_eq!(remains(&after, &hers), 0);
        assert!(remains(&after, &his) > 0);
        assert!(exports(&ben).await?.all.contains("His answer 5"));
        Ok(())
    })
    .await;
}

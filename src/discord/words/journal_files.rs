//! The two files of an export, and what stands beside them. `docs/journal-files.md` describes their form.

use jiff::Timestamp;
use serde::Serialize;

use super::quoted;
use super::reflections::kind;
use crate::domain::hours::Zone;
use crate::domain::journal::{Entry, Part};
use crate::domain::library::Exercise;

/// How the JSON file names its form. A change that older readers would misread gets another number.
const FORMAT: &str = "duet-journal/1";

/// The two files of one part, written entry by entry, oldest first.
#[derive(Default)]
pub struct Files {
    pub markdown: String,
    pub json: String,
}

/// It holds somebody's words.
impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Files(..)")
    }
}

impl Files {
    pub fn begin(part: &Part, zone: &Zone) -> Self {
        let which = if part.of == 1 { String::new() } else { format!(", part {} of {}", part.number, part.of) };
        let markdown = format!(
            "# My journal{which}\n\nOldest first. Times are in {}. What I wrote stands behind a `>`, as I wrote it.\n",
            zone.name()
        );
        let (number, of) = (part.number, part.of);
        let head = format!("{{\"format\":\"{FORMAT}\",\"part\":{number},\"parts\":{of},\"entries\":[");
        Self { markdown, json: head }
    }

    pub fn add(&mut self, entry: &Entry, zone: &Zone) {
        if !self.json.ends_with('[') {
            self.json.push(',');
        }
        self.json.push('\n');
        self.json.push_str(&json(entry));
        self.markdown.push_str(&markdown(entry, zone));
    }

    pub fn end(&mut self) {
        self.json.push_str("\n]}\n");
    }
}

/// How many bytes an entry takes in both files together.
pub fn weight(entry: &Entry, zone: &Zone) -> usize {
    markdown(entry, zone).len() + json(entry).len() + 2
}

fn markdown(entry: &Entry, zone: &Zone) -> String {
    let written = entry.written_at.to_zoned_datetime(zone.rules()).strftime("%A, %-d %B %Y, %H:%M").to_string();
    let after = entry.kind.map_or_else(String::new, |after| format!("\n*{}*\n", kind(after)));
    format!("\n## {written}\n{after}\n{}\n", quoted(entry.words.expose()))
}

#[derive(Serialize)]
struct Line<'e> {
    written_at: Timestamp,
    practice: Option<&'static str>,
    words: &'e str,
}

fn json(entry: &Entry) -> String {
    let line = Line { written_at: entry.written_at, practice: entry.kind.map(Exercise::name), words: entry.words.expose() };
    // Text and moments can always be written.
    serde_json::to_string(&line).unwrap_or_default()
}

/// Above the files; it says nothing of what they are.
pub fn what_you_asked_for() -> &'static str {
    "What you asked for is here."
}

pub fn here(part: &Part) -> String {
    let which = if part.of == 1 { String::new() } else { format!(" Part {} of {}.", part.number, part.of) };
    format!(
        "**Your journal, to take with you.**{which} One file to read, one for other programs. They stay in this chat, where whoever \
         has your device can open them, until you press `Remove the files`."
    )
}

pub fn removed() -> &'static str {
    "Removed: the files are no longer in this chat. Copies that you saved are yours. `/journal export` makes new ones."
}

/// `parts`: none for an empty journal.
pub fn on_its_way(parts: usize) -> String {
    let how = match parts {
        0 => return "There is nothing to take along yet, so nothing was sent. `/reflect now` begins something.".into(),
        1 => "in two files: one to read, one for other programs".to_owned(),
        parts => format!("in {parts} messages with two files each, as there is a lot of it"),
    };
    format!(
        "Your journal is on its way to you by DM, {how}. They stay in our chat until you press `Remove the files` there.\n\n\
         If nothing comes within a few minutes, I may not write to you: allow direct messages from a server that we share, then ask once \
         more."
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::EntryId;
    use crate::domain::words::Words;

    fn entry(text: &str) -> Entry {
        let written_at = "2026-10-25T00:30:00Z".parse().unwrap();
        Entry { id: EntryId(Uuid::nil()), kind: Some(Exercise::BodyScan), written_at, words: Words::new(text) }
    }

    fn written(entries: &[Entry]) -> Files {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let mark = entry("").mark();
        let mut files = Files::begin(&Part { number: 1, of: 1, after: None, upto: mark }, &zone);
        for entry in entries {
            files.add(entry, &zone);
        }
        files.end();
        files
    }

    #[test]
    fn both_files_hold_the_words_as_typed() {
        let text = "# No heading\r\n```\n<!-- \rnever closed \"\\ \u{200b}\u{202e}עברית\n\n- x";
        let files = written(&[entry(text), entry("Second.")]);
        insta::assert_snapshot!(files.markdown.replace('\r', "␍").replace(['\u{200b}', '\u{202e}'], "·"), @r##"
        # My journal

        Oldest first. Times are in Europe/Berlin. What I wrote stands behind a `>`, as I wrote it.

        ## Sunday, 25 October 2026, 02:30

        *body scan*

        > # No heading␍
        > ```
        > <!-- ␍> never closed "\ ··עברית
        > 
        > - x

        ## Sunday, 25 October 2026, 02:30

        *body scan*

        > Second.
        "##);
        let read: serde_json::Value = serde_json::from_str(&files.json).unwrap();
        assert_eq!(read["format"], "duet-journal/1");
        assert_eq!(read["entries"][0]["words"], text);
        assert_eq!(read["entries"][0]["practice"], "body-scan");
        assert_eq!(read["entries"][1]["written_at"], "2026-10-25T00:30:00Z");
    }

    #[test]
    fn an_entry_weighs_what_it_adds() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let entry = entry("\u{1}\n\n\"".repeat(500).as_str());
        let (one, two) = (written(std::slice::from_ref(&entry)), written(&[entry.clone(), entry.clone()]));
        let size = |files: &Files| files.markdown.len() + files.json.len();
        assert_eq!(size(&two) - size(&one), weight(&entry, &zone));
    }
}

//! Two people's screens in a terminal: side by side where there is room, else one under the other. Plain text, so that it
//! reads the same in a log; in a terminal the headings are bold. Owns how things look; never what happens.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::process::{Command, Stdio};

use duet::rehearsal::{OpenModal, Person, SeenMessage};
use unicode_width::UnicodeWidthStr as _;

/// The widest a column gets: longer lines are hard to read.
const WIDEST: usize = 64;
/// From here on two columns fit side by side.
const ROOM_FOR_TWO: usize = 96;
const BETWEEN: &str = "   ";

/// The terminal.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    columns: usize,
    bold: bool,
}

impl Terminal {
    pub fn from_environment() -> Self {
        let bold = std::io::stdout().is_terminal();
        let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let columns = told.or_else(|| bold.then(asked).flatten()).unwrap_or(120);
        Self { columns: columns.clamp(32, 400), bold }
    }

    fn side_by_side(self) -> bool {
        self.columns >= ROOM_FOR_TWO
    }

    /// How wide one person's screen is.
    pub fn column(self) -> usize {
        let room = if self.side_by_side() { (self.columns - BETWEEN.len()) / 2 } else { self.columns };
        room.min(WIDEST)
    }

    fn whole(self) -> usize {
        if self.side_by_side() { self.column() * 2 + BETWEEN.len() } else { self.column() }
    }

    /// Text over the whole width.
    pub fn say(self, text: &str) {
        for line in textwrap::wrap(text, self.whole()) {
            println!("{line}");
        }
    }

    /// One step: who does what, then what each of the two sees of it.
    pub fn step(self, number: usize, what: &str, seen: [(&str, &[Block]); 2]) {
        println!();
        let rule = "─".repeat(self.whole());
        println!("{rule}");
        for line in textwrap::wrap(&format!("{number}. {what}"), self.whole()) {
            println!("{}", self.emphasised(&line));
        }
        println!();
        let [left, right] = seen.map(|(name, blocks)| self.screen(name, blocks));
        if self.side_by_side() {
            for row in 0..left.len().max(right.len()) {
                let empty = Line::default();
                let (left, right) = (left.get(row).unwrap_or(&empty), right.get(row).unwrap_or(&empty));
                let gap = " ".repeat(self.column().saturating_sub(left.text.width()));
                let line = format!("{}{gap}{BETWEEN}{}", self.line(left), self.line(right));
                println!("{}", line.trim_end());
            }
        } else {
            for line in left.iter().chain(&[Line::default()]).chain(&right) {
                println!("{}", self.line(line));
            }
        }
    }

    fn screen(self, name: &str, blocks: &[Block]) -> Vec<Line> {
        if blocks.is_empty() {
            return vec![Line::plain(format!("{name} sees nothing new."))];
        }
        let mut lines = vec![Line::plain(format!("{name} sees:"))];
        for block in blocks {
            lines.extend(block.drawn(self.column()));
        }
        lines
    }

    fn line(self, line: &Line) -> String {
        match (&line.bold, self.bold) {
            (Some(bold), true) => line.text.replacen(bold, &format!("\x1b[1m{bold}\x1b[0m"), 1),
            _ => line.text.clone(),
        }
    }

    fn emphasised(self, text: &str) -> String {
        if self.bold { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The terminal's own word on how wide it is: shells keep COLUMNS to themselves.
fn asked() -> Option<usize> {
    let said = Command::new("stty").arg("size").stdin(Stdio::inherit()).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok()?.split_whitespace().nth(1)?.parse().ok().filter(|columns| *columns > 0)
}

/// One line on a screen, and which part of it is strong.
#[derive(Clone, Debug, Default)]
struct Line {
    text: String,
    bold: Option<String>,
}

impl Line {
    fn plain(text: String) -> Self {
        Self { text, bold: None }
    }
}

/// Something that appeared on a screen.
#[derive(Clone, Debug)]
pub struct Block {
    head: String,
    frame: Frame,
    parts: Vec<Part>,
}

/// How a thing is framed tells what it is.
#[derive(Clone, Copy, Debug)]
enum Frame {
    Message,
    Private,
    Modal,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// An embed, with the bar that Discord draws beside it.
    Card(String),
    /// What somebody typed.
    Typed(String),
    Buttons(Vec<String>),
}

impl Block {
    fn message(seen: &SeenMessage, news: &str) -> Self {
        let (frame, whose) = if seen.private { (Frame::Private, " · only you see this") } else { (Frame::Message, "") };
        let mut parts = Vec::new();
        if !seen.content.is_empty() {
            parts.push(Part::Text(seen.content.clone()));
        }
        parts.extend(seen.embeds.iter().cloned().map(Part::Card));
        if !seen.buttons.is_empty() {
            parts.push(Part::Buttons(seen.buttons.iter().map(|button| button.label.clone()).collect()));
        }
        Self { head: format!("{} · {}{whose}{news}", seen.place, seen.author), frame, parts }
    }

    /// A page to write on, as it stands when it is sent.
    pub fn modal(modal: &OpenModal, typed: &str) -> Self {
        let mut parts = Vec::new();
        let (above, below) = split(modal.texts());
        parts.extend(above.into_iter().map(Part::Text));
        for (number, field) in modal.fields().into_iter().enumerate() {
            parts.push(Part::Text(field.label));
            parts.push(Part::Typed(if number == 0 { typed.to_owned() } else { field.value }));
        }
        parts.extend(below.into_iter().map(Part::Text));
        parts.push(Part::Buttons(vec!["Submit".into()]));
        Self { head: format!("A page to write on: {}", modal.title()), frame: Frame::Modal, parts }
    }

    fn drawn(&self, width: usize) -> Vec<Line> {
        let [top_left, across, top_right, side, bottom_left, bottom_right] = match self.frame {
            Frame::Message => ["┌", "─", "┐", "│", "└", "┘"],
            Frame::Private => ["┌", "┄", "┐", "┊", "└", "┘"],
            Frame::Modal => ["╔", "═", "╗", "║", "╚", "╝"],
        };
        let inner = width - 4;
        let head = cut(&self.head, inner - 1);
        let rest = across.repeat((width - 5).saturating_sub(head.width()));
        let mut lines = vec![Line { text: format!("{top_left}{across} {head} {rest}{top_right}"), bold: None }];
        for (number, part) in self.parts.iter().enumerate() {
            let apart = number > 0 && !matches!((&self.parts[number - 1], part), (Part::Text(_), Part::Typed(_)));
            let blank = apart.then(Line::default);
            for line in blank.into_iter().chain(part.drawn(inner)) {
                let gap = " ".repeat(inner.saturating_sub(line.text.width()));
                lines.push(Line { text: format!("{side} {}{gap} {side}", line.text), bold: line.bold });
            }
        }
        lines.push(Line::plain(format!("{bottom_left}{}{bottom_right}", across.repeat(width - 2))));
        lines
    }
}

/// In Duet's modals the question stands above the fields, the note on sealing below.
fn split(mut texts: Vec<String>) -> (Vec<String>, Vec<String>) {
    let below = if texts.len() > 1 { texts.split_off(1) } else { Vec::new() };
    (texts, below)
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width { text.to_owned() } else { textwrap::wrap(text, width - 1)[0].to_string() + "…" }
}

impl Part {
    fn drawn(&self, width: usize) -> Vec<Line> {
        match self {
            Self::Text(text) => prose(text, width, ""),
            Self::Card(text) => prose(text, width, "▌ "),
            Self::Typed(text) => prose(text, width, "> "),
            Self::Buttons(labels) => rows(labels, width),
        }
    }
}

/// Paragraphs without Discord's markup, wrapped, each line behind `mark`.
fn prose(text: &str, width: usize, mark: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let strong = paragraph.strip_prefix("**").is_some_and(|rest| rest.ends_with("**"));
        let plain = paragraph.trim_start_matches("-# ").replace("**", "").replace('*', "");
        let indent =
            if plain.starts_with(|first: char| first.is_ascii_digit()) && plain.get(1..3) == Some(". ") { "   " } else { "" };
        let options = textwrap::Options::new(width - mark.width()).subsequent_indent(indent);
        for line in textwrap::wrap(&plain, options) {
            lines.push(Line { text: format!("{mark}{line}").trim_end().to_owned(), bold: strong.then(|| line.to_string()) });
        }
    }
    lines
}

fn rows(labels: &[String], width: usize) -> Vec<Line> {
    let mut rows = vec![String::new()];
    for label in labels {
        let button = format!("[ {label} ]");
        match rows.last_mut() {
            Some(row) if row.is_empty() => *row = button,
            Some(row) if row.width() + 2 + button.width() <= width => {
                let _ = write!(row, "  {button}");
            }
            _ => rows.push(button),
        }
    }
    rows.into_iter().map(Line::plain).collect()
}

/// Somebody's client: knows what was on it before, so that it can tell what is new.
#[derive(Debug)]
pub struct Client {
    pub person: Person,
    known: BTreeMap<u64, SeenMessage>,
    /// Pages that opened since the last look.
    opened: Vec<Block>,
}

impl Client {
    pub fn new(person: Person) -> Self {
        Self { person, known: BTreeMap::new(), opened: Vec::new() }
    }

    pub fn opened(&mut self, modal: &OpenModal, typed: &str) {
        self.opened.push(Block::modal(modal, typed));
    }

    /// What appeared or changed since the last look.
    pub fn news(&mut self) -> Vec<Block> {
        let mut news = std::mem::take(&mut self.opened);
        let now: BTreeMap<u64, SeenMessage> = self.person.screen().into_iter().map(|seen| (seen.id, seen)).collect();
        // Changes stand above what came after them; a private reply is what the one who acted looks at first.
        let mut fresh: Vec<&SeenMessage> = now.values().filter(|seen| self.known.get(&seen.id) != Some(*seen)).collect();
        fresh.sort_by_key(|seen| (!seen.private, seen.id));
        news.extend(
            fresh.into_iter().map(|seen| Block::message(seen, if self.known.contains_key(&seen.id) { " · changed" } else { "" })),
        );
        self.known = now;
        news
    }

    /// Everything that stands there, for the one who wants to know why it went wrong.
    pub fn everything(&self) -> String {
        let all: Vec<String> = self.person.screen().iter().map(ToString::to_string).collect();
        if all.is_empty() { "(nothing)".into() } else { all.join("\n") }
    }
}

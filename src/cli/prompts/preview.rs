//! One prompt drawn in the terminal: close enough to Discord to hear how it reads, with sample answers.

use std::fmt::Write;

use duet::domain::library::Prompt;
use unicode_width::UnicodeWidthStr;

use super::WIDTH;

/// Sample answers, one to a field. One person is long, one short: both are whole.
const ADA: [&str; 3] = [
    "A few honest lines stand here, as long as they need to be and no longer, in the words of the one who wrote them.",
    "Then a little more, because this part mattered.",
    "And a last line.",
];
const BEN: [&str; 3] = ["One short line.", "Not sure yet.", "Some quiet."];

/// The card, the box to answer in, and the reveal.
pub fn preview(prompt: &Prompt) -> String {
    let good_news = if prompt.good_news { " · good news" } else { "" };
    let settle = if prompt.settle { " · offers a minute first" } else { "" };
    let Prompt { id, theme, capacity, depth, family, about, .. } = prompt;
    let sorting = format!("{id}: {theme} · {depth} · {capacity} · about {about}{good_news}{settle} · family {family}");

    let card = Frame::new("The card")
        .text(&prompt.ask)
        .gap()
        .text(&prompt.help)
        .text(&format!("Listening: {}", prompt.listen))
        .gap()
        .text("Opens when both have answered. There is time until Tuesday 19:00.")
        .text("1 of 2 sealed")
        .gap()
        .text("[ Answer ]  [ Pass ]  [ Another question ]  [ Why this one? ]  [ Pause ]");

    let mut modal = Frame::new("Answer").text(&prompt.ask).gap();
    for label in &prompt.fields {
        modal = modal.text(label).field().gap();
    }
    let modal = modal.text("Sending seals this. If both are in, they open at once.").gap().text("[ Cancel ]  [ Send ]");

    let reveal = Frame::new("The reveal")
        .text("Both answers are here. @Ada @Ben")
        .gap()
        .text(&prompt.ask)
        .text("Two people, two views. Neither is the right one.")
        .gap()
        .answer("Ada", prompt, ADA)
        .gap()
        .answer("Ben", prompt, BEN)
        .gap()
        .text(
            "Long or short, both are whole answers. Ben listens first: press Mirror and say what you heard. \
             You don't have to agree.",
        )
        .gap()
        .text("[ Mirror ]  [ Appreciate ]  [ Pause ]  [ Close ]");

    let frames = [card, modal, reveal].map(Frame::draw).join("\n");
    format!("{}\n\n{frames}", textwrap::fill(&sorting, WIDTH))
}

/// A box with a title in its upper edge.
struct Frame {
    title: &'static str,
    lines: Vec<String>,
}

impl Frame {
    /// Columns between "│ " and " │".
    const INNER: usize = WIDTH - 4;

    fn new(title: &'static str) -> Self {
        Self { title, lines: Vec::new() }
    }

    fn text(mut self, text: &str) -> Self {
        self.lines.extend(textwrap::wrap(text, Self::INNER).into_iter().map(String::from));
        self
    }

    fn gap(mut self) -> Self {
        self.lines.push(String::new());
        self
    }

    /// An empty text box.
    fn field(mut self) -> Self {
        let edge = "─".repeat(Self::INNER - 2);
        let space = " ".repeat(Self::INNER - 2);
        self.lines.extend([format!("┌{edge}┐"), format!("│{space}│"), format!("└{edge}┘")]);
        self
    }

    /// One embed: a bar at its left, the name, the answer under each label.
    fn answer(mut self, name: &str, prompt: &Prompt, words: [&str; 3]) -> Self {
        let mut lines = vec![name.to_owned()];
        for (label, words) in prompt.fields.iter().zip(words) {
            if prompt.fields.len() > 1 {
                lines.push(label.clone());
            }
            lines.extend(textwrap::wrap(words, Self::INNER - 2).into_iter().map(String::from));
        }
        self.lines.extend(lines.into_iter().map(|line| format!("┃ {line}")));
        self
    }

    fn draw(self) -> String {
        let title = format!("─ {} ", self.title);
        let rest = "─".repeat((WIDTH - 2).saturating_sub(title.width()));
        let mut drawn = format!("┌{title}{rest}┐\n");
        for line in self.lines {
            let pad = " ".repeat(Self::INNER.saturating_sub(line.width()));
            let _ = writeln!(drawn, "│ {line}{pad} │");
        }
        let _ = writeln!(drawn, "└{}┘", "─".repeat(WIDTH - 2));
        drawn
    }
}

#[cfg(test)]
pub(super) mod tests {
    use duet::domain::library::{About, Capacity, Depth, PromptId, Theme};

    use super::*;

    pub fn prompt() -> Prompt {
        Prompt {
            id: PromptId("space-hour".to_owned()),
            theme: Theme::ClosenessAndSpace,
            capacity: Capacity::RoomForBoth,
            depth: Depth::Warm,
            family: "time-alone".to_owned(),
            about: About::Me,
            good_news: true,
            ask: "Which hour of your week is most your own, and what does it give you to have it?".to_owned(),
            help: "One real hour is enough.".to_owned(),
            listen: "Listen for what it gives. You need not want the same hour.".to_owned(),
            fields: vec!["The hour".to_owned(), "What it gives me".to_owned()],
            settle: true,
        }
    }

    #[test]
    fn a_prompt_is_drawn_as_card_modal_and_reveal() {
        insta::assert_snapshot!(preview(&prompt()), @r"
        space-hour: closeness and space · warm · room-for-both · about me · good
        news · offers a minute first · family time-alone

        ┌─ The card ───────────────────────────────────────────────────────────────┐
        │ Which hour of your week is most your own, and what does it give you to   │
        │ have it?                                                                 │
        │                                                                          │
        │ One real hour is enough.                                                 │
        │ Listening: Listen for what it gives. You need not want the same hour.    │
        │                                                                          │
        │ Opens when both have answered. There is time until Tuesday 19:00.        │
        │ 1 of 2 sealed                                                            │
        │                                                                          │
        │ [ Answer ]  [ Pass ]  [ Another question ]  [ Why this one? ]  [ Pause ] │
        └──────────────────────────────────────────────────────────────────────────┘

        ┌─ Answer ─────────────────────────────────────────────────────────────────┐
        │ Which hour of your week is most your own, and what does it give you to   │
        │ have it?                                                                 │
        │                                                                          │
        │ The hour                                                                 │
        │ ┌──────────────────────────────────────────────────────────────────────┐ │
        │ │                                                                      │ │
        │ └──────────────────────────────────────────────────────────────────────┘ │
        │                                                                          │
        │ What it gives me                                                         │
        │ ┌──────────────────────────────────────────────────────────────────────┐ │
        │ │                                                                      │ │
        │ └──────────────────────────────────────────────────────────────────────┘ │
        │                                                                          │
        │ Sending seals this. If both are in, they open at once.                   │
        │                                                                          │
        │ [ Cancel ]  [ Send ]                                                     │
        └──────────────────────────────────────────────────────────────────────────┘

        ┌─ The reveal ─────────────────────────────────────────────────────────────┐
        │ Both answers are here. @Ada @Ben                                         │
        │                                                                          │
        │ Which hour of your week is most your own, and what does it give you to   │
        │ have it?                                                                 │
        │ Two people, two views. Neither is the right one.                         │
        │                                                                          │
        │ ┃ Ada                                                                    │
        │ ┃ The hour                                                               │
        │ ┃ A few honest lines stand here, as long as they need to be and no       │
        │ ┃ longer, in the words of the one who wrote them.                        │
        │ ┃ What it gives me                                                       │
        │ ┃ Then a little more, because this part mattered.                        │
        │                                                                          │
        │ ┃ Ben                                                                    │
        │ ┃ The hour                                                               │
        │ ┃ One short line.                                                        │
        │ ┃ What it gives me                                                       │
        │ ┃ Not sure yet.                                                          │
        │                                                                          │
        │ Long or short, both are whole answers. Ben listens first: press Mirror   │
        │ and say what you heard. You don't have to agree.                         │
        │                                                                          │
        │ [ Mirror ]  [ Appreciate ]  [ Pause ]  [ Close ]                         │
        └──────────────────────────────────────────────────────────────────────────┘
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_frame() {
        let wide = Prompt { ask: "漢字 🙂 ".repeat(40), fields: vec!["é".repeat(45)], ..prompt() };
        for prompt in [prompt(), wide] {
            let drawn = preview(&prompt);
            let framed = drawn.lines().filter(|line| line.starts_with(['│', '┌', '└']));
            assert!(framed.into_iter().all(|line| line.width() == WIDTH), "{drawn}");
            assert!(drawn.lines().all(|line| line.width() <= WIDTH), "{drawn}");
        }
    }
}

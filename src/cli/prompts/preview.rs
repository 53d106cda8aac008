//! One prompt drawn in the terminal, as two people meet it. Every sentence and button is the bot's own: an invented couple is asked,
//! answers and reads, and what stands on their cards is drawn. Only the answers are made up here.

use std::fmt::Write;

use duet::discord::card::Card;
use duet::discord::{cards, modals};
use duet::domain::answer::Answer;
use duet::domain::checkin::Ratings;
use duet::domain::conversation::{Conversation, Length};
use duet::domain::couple::{Beginning, Couple, Home};
use duet::domain::ids::{ChannelId, CoupleId, PersonId, RoundId, ServerId};
use duet::domain::library::Prompt;
use duet::domain::notice::Place;
use duet::domain::refusal::Refusal;
use duet::domain::round::{self, Question, Round};
use duet::domain::words::Words;
use duet::flows::conversing::ConversationView;
use duet::flows::pieces::Mark;
use duet::flows::reading::{Asked, CardView, RevealView};
use jiff::{SignedDuration, Timestamp};
use unicode_width::UnicodeWidthStr;
use uuid::Uuid;

use super::WIDTH;

const ADA: PersonId = PersonId(1);
const BEN: PersonId = PersonId(2);
/// Noon on a Sunday: 6 September 2026.
const NOW: SignedDuration = SignedDuration::from_secs(1_788_696_000);

/// Sample answers, one to a field. One person is long, one short: both are whole.
const ADAS: [&str; 3] = [
    "A few honest lines stand here, as long as they need to be and no longer, in the words of the one who wrote them.",
    "Then a little more, because this part mattered.",
    "And a last line.",
];
const BENS: [&str; 3] = ["One short line.", "Not sure yet.", "Some quiet."];

/// How it is sorted, then its card, the page to write on, the reveal, and why it was asked.
pub fn preview(prompt: &Prompt) -> String {
    let settle = if prompt.settle { " · offers a minute first" } else { "" };
    let opt_in = if prompt.theme.is_opt_in() { " (opt-in: only for couples who both asked for it)" } else { "" };
    let sorting = format!("{}{settle}\ntheme {}{opt_in} · family {}", super::sorted(prompt), prompt.theme, prompt.family);
    let sorting: Vec<String> = sorting.lines().map(|line| textwrap::fill(line, WIDTH)).collect();
    let frames = match Invented::asked(prompt) {
        Ok(invented) => invented.frames().map(Frame::draw).join("\n"),
        Err(refusal) => format!("It cannot be shown: {refusal:?}\n"),
    };
    format!("{}\n\n{frames}", sorting.join("\n"))
}

/// A couple that has been asked, with what it answers.
struct Invented {
    couple: Couple,
    asked: Round,
    revealed: Round,
    prompt: Prompt,
    answers: [(PersonId, Option<Answer>); 2],
    now: Timestamp,
}

impl Invented {
    fn asked(prompt: &Prompt) -> Result<Self, Refusal> {
        let now = Timestamp::UNIX_EPOCH + NOW;
        let new = Beginning { id: CoupleId(Uuid::nil()), inviter: ADA, invitee: BEN, server: ServerId(1), seed: 0 };
        let couple = Couple { home: Home::Channel(ChannelId(1)), ..Couple::pair(new, now).state };
        let terms = couple.terms(now);
        let question = Question::Library { prompt: Box::new(prompt.clone()) };
        let answer = |words: [&str; 3]| Answer::read(words.into_iter().map(Words::new).collect(), &question, Ratings::default());
        let answers = [(ADA, Some(answer(ADAS)?)), (BEN, Some(answer(BENS)?))];
        let new = round::Asked {
            id: RoundId(Uuid::nil()),
            couple: couple.id,
            partners: couple.people(),
            question: question.clone(),
            by: None,
            first: 0,
        };
        let asked = Round::ask(new, &terms, now).state.answered(ADA, &terms, now)?.state;
        let revealed = asked.clone().answered(BEN, &terms, now)?.state;
        Ok(Self { couple, asked, revealed, prompt: prompt.clone(), answers, now })
    }

    fn view(&self, round: &Round) -> CardView {
        CardView {
            round: round.clone(),
            couple: self.couple.clone(),
            asked: Asked::Library(Box::new(self.prompt.clone())),
            line: true,
            offers_weekly: false,
            paused_until: None,
        }
    }

    fn reveal(&self) -> RevealView {
        let round = &self.revealed;
        let conversation = Conversation::begun((round.id, self.couple.id, round.partners), BEN, None, Length::Guided, self.now);
        let card = self.view(round);
        RevealView {
            mark: Mark::of_question(&card.asked),
            card,
            answers: self.answers.clone(),
            conversation: Some(ConversationView { conversation, couple: self.couple.clone(), lines: Vec::new() }),
            insights: None,
            silent: false,
        }
    }

    fn frames(&self) -> [Frame; 4] {
        let view = self.view(&self.asked);
        [
            Frame::new("The card").card(&cards::prompt(&view, Some(Place::Channel))),
            Frame::page(&cards::page(&view, None)),
            Frame::new("The reveal").card(&cards::reveal_post(&self.reveal(), None, None)),
            Frame::new("Why this one?").card(&cards::why(&view)),
        ]
    }
}

/// Discord's text as people see it: names and moments in place of their marks, no marks of weight.
fn read(text: &str) -> String {
    let named = text.replace(&format!("<@{ADA}>"), "@Ada").replace(&format!("<@{BEN}>"), "@Ben").replace('*', "");
    let mut read = String::new();
    let mut rest = named.as_str();
    while let Some((before, after)) = rest.split_once("<t:") {
        read.push_str(before);
        let (mark, after) = after.split_once('>').unwrap_or((after, ""));
        let seconds = mark.split(':').next().and_then(|seconds| seconds.parse().ok());
        let moment = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        read.push_str(&moment.map_or_else(|| mark.to_owned(), |moment| moment.strftime("%A %H:%M").to_string()));
        rest = after;
    }
    read + rest
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
        for line in read(text).lines() {
            self.lines.extend(textwrap::wrap(line, Self::INNER).into_iter().map(String::from));
        }
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

    /// One embed: a bar at its left.
    fn embed(mut self, text: &str) -> Self {
        for line in read(text).lines() {
            let wrapped = textwrap::wrap(line, Self::INNER - 2);
            self.lines.extend(wrapped.into_iter().map(|line| format!("┃ {line}").trim_end().to_owned()));
        }
        self
    }

    fn card(mut self, card: &Card) -> Self {
        if !card.content.is_empty() {
            self = self.text(&card.content).gap();
        }
        for text in &card.texts {
            self = self.embed(text).gap();
        }
        let labels: Vec<&str> = card.presses.iter().map(|press| press.label).collect();
        // As many in a row as Discord sets.
        labels.chunks(5).fold(self, Self::row)
    }

    fn row(self, labels: &[&str]) -> Self {
        self.text(&labels.iter().map(|label| format!("[ {label} ]")).collect::<Vec<_>>().join("  "))
    }

    fn page(form: &modals::Form) -> Self {
        let mut page = Self::new(form.title);
        if let Some(above) = &form.above {
            page = page.text(above).gap();
        }
        for field in &form.fields {
            page = page.text(&field.label).field().gap();
        }
        if let Some(below) = &form.below {
            page = page.text(below).gap();
        }
        // Discord's own two.
        page.row(&["Cancel", "Submit"])
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
    use duet::domain::library::{About, Capacity, Depth, Flag, Occasion, PromptId, Theme};

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
            occasion: None,
            flags: Vec::new(),
            assumes: Vec::new(),
        }
    }

    #[test]
    fn a_prompt_is_drawn_as_card_page_reveal_and_why() {
        insta::assert_snapshot!(preview(&prompt()), @r"
        space-hour · warm · room-for-both · me · good news · offers a minute first
        theme closeness and space · family time-alone

        ┌─ The card ───────────────────────────────────────────────────────────────┐
        │ @Ada @Ben A question for you both.                                       │
        │                                                                          │
        │ ┃ Which hour of your week is most your own, and what does it give you to │
        │ ┃ have it?                                                               │
        │ ┃ One real hour is enough.                                               │
        │ ┃                                                                        │
        │ ┃ Listening: Listen for what it gives. You need not want the same hour.  │
        │ ┃                                                                        │
        │ ┃ Opens when both have answered. There is time until Tuesday 12:00.      │
        │ ┃ 1 of 2 sealed                                                          │
        │                                                                          │
        │ [ Answer ]  [ Pass ]  [ Another question ]  [ Why this one? ]  [ Pause ] │
        └──────────────────────────────────────────────────────────────────────────┘

        ┌─ Your answer ────────────────────────────────────────────────────────────┐
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
        │ [ Cancel ]  [ Submit ]                                                   │
        └──────────────────────────────────────────────────────────────────────────┘

        ┌─ The reveal ─────────────────────────────────────────────────────────────┐
        │ @Ada @Ben Both answers are here.                                         │
        │                                                                          │
        │ ┃ Which hour of your week is most your own, and what does it give you to │
        │ ┃ have it?                                                               │
        │ ┃                                                                        │
        │ ┃ Two people, two views. Neither is the right one.                       │
        │ ┃ Long or short, both are whole answers. @Ben listens first: press       │
        │ ┃ `Mirror` and say what you heard. You don't have to agree.              │
        │                                                                          │
        │ ┃ @Ada                                                                   │
        │ ┃ The hour                                                               │
        │ ┃ A few honest lines stand here, as long as they need to be and no       │
        │ ┃ longer, in the words of the one who wrote them.                        │
        │ ┃                                                                        │
        │ ┃ What it gives me                                                       │
        │ ┃ Then a little more, because this part mattered.                        │
        │                                                                          │
        │ ┃ @Ben                                                                   │
        │ ┃ The hour                                                               │
        │ ┃ One short line.                                                        │
        │ ┃                                                                        │
        │ ┃ What it gives me                                                       │
        │ ┃ Not sure yet.                                                          │
        │                                                                          │
        │ [ Mirror ]  [ Appreciate ]  [ Pause ]  [ Close ]  [ Skip ]               │
        │ [ We said it aloud ]  [ Why this one? ]                                  │
        └──────────────────────────────────────────────────────────────────────────┘

        ┌─ Why this one? ──────────────────────────────────────────────────────────┐
        │ ┃ Which hour of your week is most your own, and what does it give you to │
        │ ┃ have it?                                                               │
        │ ┃ Theme: closeness and space                                             │
        │ ┃ What it trains: room-for-both, letting two different people be two     │
        │ ┃ Depth: warm                                                            │
        │                                                                          │
        │ [ A minute first ]                                                       │
        └──────────────────────────────────────────────────────────────────────────┘
        ");
    }

    #[test]
    fn what_it_may_touch_on_and_what_it_is_kept_for_stands_there() {
        let prompt = Prompt {
            theme: Theme::Faith,
            flags: vec![Flag::Faith, Flag::Loss],
            occasion: Some(Occasion::AfterAPause),
            ..prompt()
        };
        let drawn = preview(&prompt);
        for said in
            ["It may touch on: faith · loss", "kept for: after-a-pause", "may touch on: faith, loss", "(opt-in: only for couples"]
        {
            assert!(drawn.contains(said), "{said}\n{drawn}");
        }
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

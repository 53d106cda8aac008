//! A whole guided conversation between Alex and Sam, as a page to read: what each of them does, and what both then see. It is
//! `docs/conversation.md`; the same words come out every time.

use std::fmt::Write as _;
use std::process::ExitCode;

use duet::domain::library::{Library, PromptId};
use duet::rehearsal::{Heard, Person, Server, Setup};
use jiff::SignedDuration;

use super::super::exit;
use super::stage::{Bot, Mishap, Stage};

/// The question that Alex and Sam are asked.
const QUESTION: &str = "needs-listened-to";
/// Decides what Duet draws: here, that Sam listens first.
const SEED: u64 = 4;

const ALEX_ANSWERS: &str = "Just ears, at first. On Tuesday I came home with the thing about my sister, and you had a plan before I had \
     finished the sentence. I went quiet, and I think you took that for solved.";
const SAM_ANSWERS: &str = "The kind where I may do something. If I can only sit there I feel useless, so I start building. I didn't notice you had gone quiet.";

/// Who does it, what it is called, what they press in turn, and what they write on the page that opens.
struct Act {
    who: Who,
    what: &'static str,
    presses: &'static [&'static str],
    writes: Option<&'static str>,
    /// How long it is quiet afterwards.
    quiet: Option<SignedDuration>,
}

#[derive(Clone, Copy)]
enum Who {
    Alex,
    Sam,
}
use Who::{Alex, Sam};

const fn act(who: Who, what: &'static str, presses: &'static [&'static str], writes: Option<&'static str>) -> Act {
    Act { who, what, presses, writes, quiet: None }
}

/// What follows the reveal. Alex was hurt; Sam did it.
const ACTS: [Act; 13] = [
    act(
        Sam,
        "Sam listens first, and writes what arrived.",
        &["Mirror"],
        Some("You wanted me to listen on Tuesday, and I went straight to fixing things with your sister."),
    ),
    act(
        Alex,
        "That is close, and Alex says what is missing.",
        &["Nearly"],
        Some("It isn't about her. I wasn't finished, and nobody asked what came next."),
    ),
    act(Sam, "Sam finds a word that softens it.", &["Softer", "I see my part"], None),
    act(Sam, "And tries again.", &["Mirror"], Some("You weren't finished. When I start planning I stop hearing you.")),
    act(Alex, "This time it is what Alex meant.", &["That's it"], None),
    Act {
        quiet: Some(SignedDuration::from_mins(20)),
        ..act(Alex, "Now Alex would listen, but it is a lot. Alex takes twenty minutes.", &["Pause", "20 min"], None)
    },
    act(
        Alex,
        "Twenty minutes later, Alex listens.",
        &["Mirror"],
        Some("When there is nothing you can do for me you feel useless, and building something is how you stay near."),
    ),
    act(Sam, "Sam feels heard.", &["That's it"], None),
    act(
        Sam,
        "One specific thing, from each of them. Sam's:",
        &["Appreciate"],
        Some("You told me what happened without making me the villain of it."),
    ),
    act(Alex, "And Alex's.", &["Appreciate"], Some("You said that you see your part before I had proved it.")),
    act(
        Alex,
        "Alex, who was heard first, may ask for one thing.",
        &["Ask for one thing"],
        Some("This week, when I come home with something: five minutes of listening before any plan."),
    ),
    act(Sam, "Sam has four answers, all of them good ones.", &["Yes"], None),
    act(Alex, "It is over. Each is asked, privately, how it left them.", &["lighter"], None),
];

pub async fn run() -> ExitCode {
    match told().await {
        Ok(page) => {
            print!("{page}");
            ExitCode::SUCCESS
        }
        Err(mishap) => {
            eprintln!("The conversation did not go as it should: {mishap}");
            ExitCode::from(exit::FAILED)
        }
    }
}

async fn told() -> Result<String, Mishap> {
    let stage = Stage::set(Setup::default()).await?;
    let bot = stage.bot_by_hand(one_question()?, SEED).await?;
    let mut talk = Talk::new(&stage, bot);
    let told = talk.through().await;
    let Talk { bot, page, .. } = talk;
    let stopped = bot.stop().await;
    stage.rehearsal.stop().await;
    told?;
    stopped?;
    Ok(page)
}

struct Talk<'s> {
    stage: &'s Stage,
    bot: Bot,
    server: Server,
    alex: Person,
    sam: Person,
    page: String,
    number: usize,
}

impl<'s> Talk<'s> {
    fn new(stage: &'s Stage, bot: Bot) -> Self {
        let [host, alex, sam] = ["Robin", "Alex", "Sam"].map(|name| stage.rehearsal.person(name));
        let server = stage.rehearsal.server("The Hut", &[&host, &alex, &sam]);
        for person in [&alex, &sam] {
            person.go(&server.general());
        }
        let page = "# A guided conversation\n\n\
            What Alex and Sam read and write after both answers are open, with a pause in the middle. Both are invented. This page is made by \
            `duet rehearse conversation`, which plays it against the rehearsal, and a test holds it to that.\n\n\
            A heading says who does what. Below it is what appears on their screens: `[Mirror]` is a button, `[*Mirror*]` the one that is \
            highlighted, *only you see this* a private reply.\n"
            .to_owned();
        Self { stage, bot, server, alex, sam, page, number: 0 }
    }

    async fn through(&mut self) -> Result<(), Mishap> {
        self.prologue().await?;
        for act in &ACTS {
            self.play(act).await?;
        }
        Ok(())
    }

    /// As far as both answers are open: told in one step.
    async fn prologue(&mut self) -> Result<(), Mishap> {
        self.alex.run("/pair with:@Sam").await?;
        self.alex.click("Send invitation").await?;
        self.bot.settle().await?;
        self.sam.click("Accept").await?;
        self.bot.settle().await?;
        let general = self.server.general().id();
        let home = self.server.channels().into_iter().find(|channel| channel.id() != general);
        let home = home.ok_or_else(|| Mishap::because("the two have no channel"))?;
        for person in [&self.alex, &self.sam] {
            person.go(&home);
        }
        self.alex.run("/ask depth:personal").await?;
        self.bot.settle().await?;
        for (person, answer) in [(&self.alex, ALEX_ANSWERS), (&self.sam, SAM_ANSWERS)] {
            person.reads();
            person.click("Answer").await?.write(answer).await?;
            person.reads();
        }
        self.bot.settle().await?;
        self.step("Both have answered, each in private, and both answers open.", None);
        Ok(())
    }

    async fn play(&mut self, act: &Act) -> Result<(), Mishap> {
        let person = match act.who {
            Alex => &self.alex,
            Sam => &self.sam,
        };
        let mut heard = Heard::NoAnswer;
        for label in act.presses {
            heard = person.click(label).await?;
        }
        if let Some(text) = act.writes {
            heard = heard.write(text).await?;
        }
        if matches!(heard, Heard::NoAnswer) {
            return Err(Mishap::because(format!("nothing answered {:?}", act.presses)));
        }
        self.bot.settle().await?;
        self.step(act.what, Some(act));
        if let Some(quiet) = act.quiet {
            self.passes(quiet).await?;
            self.step("The time is over.", None);
        }
        Ok(())
    }

    async fn passes(&self, time: SignedDuration) -> Result<(), Mishap> {
        let clock = self.stage.rehearsal.clock();
        clock.set_ms(clock.now_ms() + i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
        self.bot.settle().await
    }

    fn step(&mut self, what: &str, act: Option<&Act>) {
        self.number += 1;
        let _ = write!(self.page, "\n## {}. {what}\n", self.number);
        if let Some(act) = act {
            let name = match act.who {
                Alex => "Alex",
                Sam => "Sam",
            };
            let labels: Vec<_> = act.presses.iter().map(|label| format!("`{label}`")).collect();
            let _ = write!(self.page, "\n{name} presses {}", labels.join(", then "));
            match act.writes {
                Some(text) => drop(write!(self.page, " and writes:\n\n> {text}\n")),
                None => self.page.push_str(".\n"),
            }
        }
        let (alex, sam) = (self.alex.reads(), self.sam.reads());
        if alex == sam {
            self.screen("Both see", &alex);
        } else {
            self.screen("Alex sees", &alex);
            self.screen("Sam sees", &sam);
        }
    }

    fn screen(&mut self, who: &str, text: &str) {
        if text.is_empty() {
            let _ = write!(self.page, "\n{who} nothing new.\n");
        } else {
            let _ = write!(self.page, "\n{who}:\n\n```text\n{}\n```\n", text.trim_end());
        }
    }
}

/// The built-in decks with only this question in them, so that what Alex and Sam write belongs to it.
fn one_question() -> Result<Library, Mishap> {
    let flawed = |flaws: Vec<_>| Mishap::because(super::super::prompts::flawed(&flaws));
    let library = Library::built_in().map_err(flawed)?;
    let prompt = library.find(&PromptId(QUESTION.to_owned())).cloned();
    let prompt = prompt.ok_or_else(|| Mishap::because(format!("the decks have no prompt {QUESTION} any more")))?;
    Ok(Library::of(vec![prompt], library.practices().to_vec(), library.check_ins().to_vec()))
}

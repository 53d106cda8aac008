//! The slash commands, exactly as product.md names them: what is registered, and what was called.

pub mod board;
pub mod checkins;
pub mod conversation;
pub mod insights;
pub mod kept;
mod links;
pub mod pairing;
pub mod parting;
pub mod pauses;
pub mod privacy;
pub mod reflections;
pub mod rounds;
pub mod settings;
pub mod sharing;

use serde::Deserialize;
use serde_json::Value;
use serenity::all::{
    CommandOptionType, CommandType, CreateCommand, CreateCommandOption, InstallationContext, InteractionContext,
};

use super::buttons::Button;
use super::card::Card;
use super::cards;
use super::inbound::Visit;
use super::words;
use crate::app::App;
use crate::domain::board::{Kind, LONGEST};
use crate::domain::couple::Couple;
use crate::domain::ids::{CoupleId, MessageId, PersonId};
use crate::domain::library::{Depth, Exercise, Theme};
use crate::domain::pause::Length;
use crate::domain::refusal::Refusal;
use crate::domain::schedule::Day;
use crate::domain::words::Words;
use crate::flows::{Trouble, asking, homes};

/// Where a command shows (interactions/application-commands, contexts).
enum Reach {
    Servers,
    /// Servers that have the bot, and the DM with it.
    ServersAndDm,
    Everywhere,
}

/// All of them, in the form in which they are registered.
pub fn all() -> Vec<Value> {
    built().iter().filter_map(|command| serde_json::to_value(command).ok()).map(trimmed).collect()
}

/// serenity writes every field it knows, with null, false or nothing in it; Discord's document has no place for most of them.
fn trimmed(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let said = |value: &Value| match value {
                Value::Null | Value::Bool(false) => false,
                Value::Array(items) => !items.is_empty(),
                Value::Object(fields) => !fields.is_empty(),
                _ => true,
            };
            fields.into_iter().map(|(name, value)| (name, trimmed(value))).filter(|(_, value)| said(value)).collect()
        }
        Value::Array(items) => items.into_iter().map(trimmed).collect(),
        other => other,
    }
}

fn built() -> Vec<CreateCommand> {
    let themes = Theme::ALL
        .into_iter()
        .fold(CreateCommandOption::new(CommandOptionType::String, "theme", "What it may be about"), |option, theme| {
            option.add_string_choice(theme.name(), theme.slug())
        });
    let depths = Depth::ALL
        .into_iter()
        .fold(CreateCommandOption::new(CommandOptionType::String, "depth", "How deep it may go"), |option, depth| {
            option.add_string_choice(depth.name(), depth.name())
        });
    let question = CreateCommandOption::new(CommandOptionType::String, "question", "A question in your own words")
        .min_length(1)
        .max_length(300);
    let with = CreateCommandOption::new(CommandOptionType::User, "with", "Who you would like to do this with").required(true);
    let zone = CreateCommandOption::new(CommandOptionType::String, "zone", "Your time zone: type the nearest large city")
        .set_autocomplete(true);
    vec![
        check_in(),
        command("insights", "How close, and how much yourselves: what your opened check-ins say", &Reach::ServersAndDm),
        command("kept", "What you keep of what opened, for you alone", &Reach::ServersAndDm),
        reflect(),
        journal(),
        on_board(),
        command("pair", "Invite someone to become a couple here", &Reach::Servers).add_option(with),
        command("ask", "A question for the two of you", &Reach::ServersAndDm)
            .add_option(themes)
            .add_option(depths)
            .add_option(question),
        pause(),
        command("settings", "Your zone, quiet hours, nudges, depth and themes", &Reach::ServersAndDm).add_option(zone),
        command("unpair", "Leave a couple: at once, alone, without a reason", &Reach::ServersAndDm),
        command("help", "What Duet does, on one screen", &Reach::Everywhere),
        command("privacy", "What is stored, for how long, and who can read it", &Reach::ServersAndDm),
        command("safety", "Help if something does not feel safe. Private, not recorded", &Reach::Everywhere),
        entry(words::kept::KEEP_THIS),
        entry(words::kept::REMOVE_MY_WORDS),
    ]
}

fn check_in() -> CreateCommand {
    let sub = |name, about| CreateCommandOption::new(CommandOptionType::SubCommand, name, about);
    let text = |name, about| CreateCommandOption::new(CommandOptionType::String, name, about);
    let days = Day::ALL.into_iter().fold(text("day", "Which day; Sunday if you leave it out"), |option, day| {
        option.add_string_choice(day.name(), day.slug())
    });
    let time = text("time", "At what time, such as 19:00; that if you leave it out").max_length(10);
    let zone = text("zone", "Your time zone, asked once: type the nearest large city").set_autocomplete(true);
    let until = text("until", "The day you are back, such as 24 December").set_autocomplete(true).required(true);
    command("checkin", "The weekly check-in of the two of you", &Reach::ServersAndDm)
        .add_option(
            sub("schedule", "Propose a day and time: it takes both of you")
                .add_sub_option(days)
                .add_sub_option(time)
                .add_sub_option(zone),
        )
        .add_option(sub("now", "Have one now; the week's own still comes"))
        .add_option(sub("skip", "Leave out the next one: alone, without a reason"))
        .add_option(sub("away", "No check-in until a day: alone, without a reason").add_sub_option(until))
        .add_option(sub("status", "When the next ones come, and your own wishes for them"))
}

fn pause() -> CreateCommand {
    let option = CreateCommandOption::new(CommandOptionType::String, "length", "For how long; asked if you leave it out");
    let lengths = Length::ALL
        .into_iter()
        .fold(option, |option, length| option.add_string_choice(words::pauses::length(length), length.name()));
    command("pause", "A break with a time of return: alone, without a reason", &Reach::ServersAndDm).add_option(lengths)
}

fn kinds() -> CreateCommandOption {
    let option = CreateCommandOption::new(CommandOptionType::String, "practice", "What it may be");
    Exercise::ALL.into_iter().fold(option, |option, kind| option.add_string_choice(words::reflections::kind(kind), kind.name()))
}

fn reflect() -> CreateCommand {
    let sub = |name, about| CreateCommandOption::new(CommandOptionType::SubCommand, name, about);
    let text = |name, about| CreateCommandOption::new(CommandOptionType::String, name, about);
    command("reflect", "A private practice of a minute or three, for you alone", &Reach::Everywhere)
        .add_option(sub("now", "One now").add_sub_option(kinds()))
        .add_option(
            sub("schedule", "Have one come by DM, on days of your own")
                .add_sub_option(text("days", "Such as: monday thursday, weekdays, daily").max_length(80).required(true))
                .add_sub_option(text("time", "At what time, such as 7:30").max_length(10).required(true))
                .add_sub_option(text("zone", "Your time zone, asked once: type the nearest large city").set_autocomplete(true)),
        )
        .add_option(sub("stop", "None come by themselves any more, and what you type is not kept"))
}

fn journal() -> CreateCommand {
    let sub = |name, about| CreateCommandOption::new(CommandOptionType::SubCommand, name, about);
    let text = |name, about| CreateCommandOption::new(CommandOptionType::String, name, about);
    command("journal", "Your own entries, which nobody else ever reads", &Reach::ServersAndDm)
        .add_option(
            sub("read", "Your entries, the newest first")
                .add_sub_option(kinds())
                .add_sub_option(text("month", "Such as 2026-11 or November").max_length(20)),
        )
        .add_option(
            sub("search", "Entries that have these words in them")
                .add_sub_option(text("text", "What to look for").min_length(1).max_length(100).required(true)),
        )
        .add_option(sub("export", "All of it, in two files, by DM to you alone"))
        .add_option(
            sub("delete", "Entries between two days, or your whole journal")
                .add_sub_option(text("from", "The first day; without any day it is all of it").max_length(30))
                .add_sub_option(text("until", "The last day").max_length(30)),
        )
}

fn on_board() -> CreateCommand {
    let sub = |name, about| CreateCommandOption::new(CommandOptionType::SubCommand, name, about);
    let text = |name, about| CreateCommandOption::new(CommandOptionType::String, name, about);
    let kinds = Kind::ALL
        .into_iter()
        .fold(text("kind", "What it is").required(true), |option, kind| option.add_string_choice(kind.name(), kind.name()));
    let most = u16::try_from(LONGEST).unwrap_or(u16::MAX);
    command("board", "Boundaries, needs, goals and interests that you two let each other see", &Reach::ServersAndDm)
        .add_option(
            sub("add", "Put one up: your partner is shown it, and may press that they see it")
                .add_sub_option(kinds)
                .add_sub_option(text("text", words::board::ABOUT).max_length(most)),
        )
        .add_option(sub("list", "What stands on it; edit or retire yours"))
}

fn command(name: &str, description: &str, reach: &Reach) -> CreateCommand {
    reaching(CreateCommand::new(name).description(description), reach)
}

/// In the menu of a message: it has a name and nothing else (interactions/application-commands, "Message Commands").
fn entry(name: &str) -> CreateCommand {
    reaching(CreateCommand::new(name).kind(CommandType::Message), &Reach::ServersAndDm)
}

fn reaching(command: CreateCommand, reach: &Reach) -> CreateCommand {
    match reach {
        Reach::Servers => command.contexts(vec![InteractionContext::Guild]).integration_types(vec![InstallationContext::Guild]),
        Reach::ServersAndDm => command
            .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
            .integration_types(vec![InstallationContext::Guild, InstallationContext::User]),
        Reach::Everywhere => command
            .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm, InteractionContext::PrivateChannel])
            .integration_types(vec![InstallationContext::Guild, InstallationContext::User]),
    }
}

/// The couple meant by the place, or else the menu to choose one, in which each entry is the button that then does what was asked.
/// A question in somebody's own words travels in the menu.
async fn meant(
    app: &App,
    visit: &Visit,
    question: Option<&Words>,
    button: impl Fn(CoupleId) -> Button,
) -> Result<Result<Couple, Card>, Trouble> {
    match homes::meant_by(app, visit.who, Some(visit.channel)).await {
        Ok(couple) => Ok(Ok(couple)),
        Err(Trouble::Refused(Refusal::WhichCouple(_))) => {
            let couples = homes::couples(app, visit.who).await?;
            let choices: Vec<_> = couples.into_iter().map(|couple| (couple.clone(), button(couple.id))).collect();
            Ok(Err(cards::which_couple(&choices, visit.who, question)))
        }
        Err(trouble) => Err(trouble),
    }
}

/// A command that somebody called.
#[derive(Debug)]
pub enum Called {
    Pair {
        with: PersonId,
        is_bot: bool,
    },
    Ask(asking::Request),
    CheckIn(checkins::Call),
    Reflect(reflections::Reflect),
    Journal(reflections::Journal),
    Board(board::Call),
    Insights,
    Kept,
    /// In the menu of this message.
    Keep(MessageId),
    RemoveWords(MessageId),
    Pause(Option<Length>),
    Settings {
        zone: Option<String>,
    },
    Unpair,
    Help,
    Privacy,
    Safety,
}

/// `data` of a command's interaction, as far as it is read.
#[derive(Deserialize)]
pub struct Data {
    name: String,
    /// The message in whose menu it was chosen.
    target_id: Option<String>,
    #[serde(default)]
    options: Vec<Given>,
    #[serde(default)]
    resolved: Resolved,
}

#[derive(Deserialize)]
struct Given {
    name: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    focused: bool,
    /// Of a sub-command.
    #[serde(default)]
    options: Vec<Given>,
}

#[derive(Default, Deserialize)]
struct Resolved {
    #[serde(default)]
    users: std::collections::HashMap<String, User>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    bot: bool,
}

impl Data {
    /// `None` for a command, or a value, that this version does not have.
    pub fn called(&self) -> Option<Called> {
        Some(match self.name.as_str() {
            "pair" => {
                let id = self.text("with")?;
                let is_bot = self.resolved.users.get(id).is_some_and(|user| user.bot);
                Called::Pair { with: id.parse().ok()?, is_bot }
            }
            "ask" => Called::Ask(asking::Request {
                occasion: None,
                theme: self.text("theme").map(str::parse).transpose().ok()?,
                depth: self.text("depth").map(str::parse).transpose().ok()?,
                question: self.text("question").map(Words::new),
            }),
            "checkin" => Called::CheckIn(self.check_in()?),
            "reflect" => Called::Reflect(self.reflect()?),
            "journal" => Called::Journal(self.journal()?),
            "board" => Called::Board(self.board()?),
            "insights" => Called::Insights,
            "kept" => Called::Kept,
            words::kept::KEEP_THIS => Called::Keep(self.target()?),
            words::kept::REMOVE_MY_WORDS => Called::RemoveWords(self.target()?),
            "pause" => Called::Pause(match self.text("length") {
                Some(name) => Some(Length::named(name)?),
                None => None,
            }),
            "settings" => Called::Settings { zone: self.text("zone").map(ToOwned::to_owned) },
            "unpair" => Called::Unpair,
            "help" => Called::Help,
            "privacy" => Called::Privacy,
            "safety" => Called::Safety,
            _ => return None,
        })
    }

    fn reflect(&self) -> Option<reflections::Reflect> {
        let text = |name| self.text(name).map(ToOwned::to_owned);
        Some(match self.options.first()?.name.as_str() {
            "now" => reflections::Reflect::Now { kind: self.text("practice").map(str::parse).transpose().ok()? },
            "schedule" => reflections::Reflect::Schedule { days: text("days")?, time: text("time")?, zone: text("zone") },
            "stop" => reflections::Reflect::Stop,
            _ => return None,
        })
    }

    fn journal(&self) -> Option<reflections::Journal> {
        let text = |name| self.text(name).map(ToOwned::to_owned);
        Some(match self.options.first()?.name.as_str() {
            "read" => {
                reflections::Journal::Read { kind: self.text("practice").map(str::parse).transpose().ok()?, month: text("month") }
            }
            "search" => reflections::Journal::Search { text: Words::new(self.text("text")?) },
            "export" => reflections::Journal::Export,
            "delete" => reflections::Journal::Delete { from: text("from"), until: text("until") },
            _ => return None,
        })
    }

    fn board(&self) -> Option<board::Call> {
        Some(match self.options.first()?.name.as_str() {
            "add" => board::Call::Add { kind: self.text("kind")?.parse().ok()?, text: self.text("text").map(Words::new) },
            "list" => board::Call::List,
            _ => return None,
        })
    }

    fn check_in(&self) -> Option<checkins::Call> {
        let text = |name| self.text(name).map(ToOwned::to_owned);
        Some(match self.options.first()?.name.as_str() {
            "schedule" => checkins::Call::Schedule {
                day: self.text("day").map(str::parse).transpose().ok()?,
                time: text("time"),
                zone: text("zone"),
            },
            "now" => checkins::Call::Now,
            "skip" => checkins::Call::Skip,
            "away" => checkins::Call::Away { until: text("until")? },
            "status" => checkins::Call::Status,
            _ => return None,
        })
    }

    /// The option that is being typed, and what stands so far in it.
    pub fn typed(&self) -> Option<(&str, &str)> {
        self.given().find(|given| given.focused).and_then(|given| Some((given.name.as_str(), given.value.as_str()?)))
    }

    fn target(&self) -> Option<MessageId> {
        self.target_id.as_ref()?.parse().ok()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.given().find(|given| given.name == name)?.value.as_str()
    }

    /// All options, those of a sub-command included.
    fn given(&self) -> impl Iterator<Item = &Given> {
        self.options.iter().flat_map(|given| std::iter::once(given).chain(&given.options))
    }
}

/// It may hold somebody's words.
impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Data(..)")
    }
}

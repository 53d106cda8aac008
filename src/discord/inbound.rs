//! What comes in: an interaction's JSON becomes a visit and an act, the act goes to its flow, the reply goes back within three
//! seconds. No decisions here. Every interaction is answered: with the work done, a refusal in words, or an apology.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::Instrument as _;

use super::buttons::Button;
use super::callback::Callback;
use super::card::{self, Card};
use super::commands::{
    self, Called, board, checkins, conversation, insights, kept, pairing, parting, pauses, privacy, reflections, rounds,
    settings, sharing,
};
use super::failure::Failure;
use super::modals::{self, Form, Modal};
use super::payloads::InteractionId;
use super::{Bot, cards, typed, words};
use crate::app::App;
use crate::domain::ids::{ChannelId, PersonId, RoundId, ServerId};
use crate::domain::journal::Stretch;
use crate::domain::proposal::Proposal;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::flows::asking::Request;
use crate::flows::{self, Trouble};

/// Who came, and where.
#[derive(Debug)]
pub struct Visit {
    pub who: PersonId,
    interaction: i64,
    pub server: Option<ServerId>,
    pub channel: ChannelId,
    /// Words of their own that the pressed private reply carried.
    pub carried: Option<Words>,
    /// Whether the press was on a private reply, which then becomes the answer.
    in_private: bool,
}

/// What the one who acted gets to see.
#[derive(Debug)]
pub enum Reply {
    Private(Card),
    /// For everybody in the channel.
    Public(Card),
    /// In the place of the message whose button was pressed, whoever sees it.
    InPlace(Card),
    Form(Form),
    Choices(Vec<(String, String)>),
}

enum Act {
    Called(Called),
    Press(Button, Vec<String>),
    Submit(Modal, Vec<Words>),
    /// The option that is being typed, and the text so far.
    Typing(String, String),
    /// A command, button or modal that this version does not have.
    Unknown(&'static str),
}

impl Act {
    /// The check-in whose ratings are being tapped.
    fn tapped(&self) -> Option<RoundId> {
        match self {
            Self::Press(Button::Rate(round, ..) | Button::RateAt(round, _) | Button::Lines(round), _) => Some(*round),
            _ => None,
        }
    }

    /// The conversation that it moves on.
    fn moves(&self) -> Option<RoundId> {
        match self {
            Self::Press(Button::Talk(round, talk), _) => conversation::moves_on(*talk).then_some(*round),
            Self::Submit(Modal::Said(round, ..), _) => Some(*round),
            _ => None,
        }
    }

    /// The round that an answer was written for.
    fn submitted(&self) -> Option<RoundId> {
        match self {
            Self::Submit(Modal::Answer(round, _), _) => Some(*round),
            _ => None,
        }
    }
}

/// Interaction types (interactions/receiving-and-responding).
const COMMAND: u8 = 2;
const COMPONENT: u8 = 3;
const AUTOCOMPLETE: u8 = 4;
const SUBMIT: u8 = 5;

#[derive(Deserialize)]
struct Raw {
    id: String,
    token: String,
    #[serde(rename = "type")]
    kind: u8,
    #[serde(default)]
    data: Value,
    guild_id: Option<String>,
    channel_id: Option<String>,
    member: Option<Member>,
    user: Option<User>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Member {
    user: User,
}

#[derive(Deserialize)]
struct User {
    id: String,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    flags: u64,
    #[serde(default)]
    embeds: Vec<Embed>,
}

#[derive(Deserialize)]
struct Embed {
    description: Option<String>,
}

#[derive(Deserialize)]
struct Pressed {
    custom_id: String,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Deserialize)]
struct Submitted {
    custom_id: String,
    #[serde(default)]
    components: Value,
}

impl Raw {
    fn visit(&self) -> Option<Visit> {
        let user = self.member.as_ref().map(|member| &member.user).or(self.user.as_ref())?;
        let in_private = self.message.as_ref().is_some_and(|message| message.flags & (1 << 6) != 0);
        let carried = self.message.as_ref().filter(|_| in_private).and_then(|message| {
            let texts: Vec<_> = message.embeds.iter().map(|embed| embed.description.clone()).collect();
            card::own_words(&texts)
        });
        Some(Visit {
            who: user.id.parse().ok()?,
            interaction: self.id.parse().ok()?,
            server: self.guild_id.as_ref().and_then(|id| id.parse().ok()),
            channel: self.channel_id.as_ref().and_then(|id| id.parse().ok()).unwrap_or(ChannelId(0)),
            carried,
            in_private,
        })
    }

    fn act(&self) -> Act {
        match self.kind {
            COMMAND | AUTOCOMPLETE => {
                let Ok(data) = commands::Data::deserialize(&self.data) else { return Act::Unknown("command") };
                if self.kind == AUTOCOMPLETE {
                    return data
                        .typed()
                        .map_or(Act::Unknown("command"), |(option, text)| Act::Typing(option.to_owned(), text.to_owned()));
                }
                data.called().map_or(Act::Unknown("command"), Act::Called)
            }
            COMPONENT => {
                let Ok(pressed) = Pressed::deserialize(&self.data) else { return Act::Unknown("button") };
                // Of such a menu the value is the button that is meant.
                let id = if pressed.custom_id.starts_with(cards::CHOOSE) {
                    pressed.values.first().cloned().unwrap_or_default()
                } else {
                    pressed.custom_id
                };
                Button::parse(&id).map_or(Act::Unknown("button"), |button| Act::Press(button, pressed.values))
            }
            SUBMIT => {
                let Ok(submitted) = Submitted::deserialize(&self.data) else { return Act::Unknown("modal") };
                Modal::parse(&submitted.custom_id)
                    .map_or(Act::Unknown("modal"), |modal| Act::Submit(modal, modals::submitted(&submitted.components)))
            }
            _ => Act::Unknown("interaction"),
        }
    }
}

/// Deals with one interaction from its JSON to its acknowledgement. A panic in a flow is an apology like any other failure.
pub async fn interaction(app: &App, bot: &Bot, text: &str) {
    let raw: Raw = match serde_json::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            tracing::warn!(line = error.line(), column = error.column(), "an interaction cannot be read");
            return;
        }
    };
    let Some(visit) = raw.visit() else {
        tracing::warn!("an interaction names nobody");
        return;
    };
    let act = raw.act();
    // `/safety` leaves no trace, not even in a log.
    let span = if matches!(act, Act::Called(Called::Safety)) {
        tracing::Span::none()
    } else {
        tracing::info_span!("interaction", id = %raw.id, person = %visit.who)
    };
    let written = match &act {
        Act::Submit(
            Modal::Answer(..)
            | Modal::OwnQuestion(_)
            | Modal::Said(..)
            | Modal::Entry(_)
            | Modal::Passage(_)
            | Modal::Item(..)
            | Modal::EditItem(_),
            fields,
        ) => fields.clone(),
        Act::Called(Called::Board(board::Call::Add { text: Some(text), .. })) => vec![text.clone()],
        // The private reply that alone holds it gives way to the apology.
        Act::Press(Button::PostPassage(..) | Button::OnBoard(_), _) => visit.carried.iter().cloned().collect(),
        _ => Vec::new(),
    };
    let what_now =
        if matches!(act, Act::Submit(Modal::Answer(..), _)) { words::broken_submit() } else { words::broken_writing() };
    async {
        let apology = |reference: &str| {
            Reply::Private(if written.is_empty() {
                Card::saying(words::broken(reference))
            } else {
                cards::broken(reference, what_now, &written)
            })
        };
        let (submitted, tapped, moved) = (act.submitted(), act.tapped(), act.moves());
        // Boxed: the flows behind it are larger than a task's stack should carry.
        let deed = AssertUnwindSafe(Box::pin(reply(app, bot, &visit, act))).catch_unwind();
        let done = match flows::once(app, visit.interaction, deed).await {
            Ok(Err(trouble)) if trouble.was_told_again() => match moved {
                Some(round) => Ok(conversation::told_again(app, &visit, round).await),
                None => Ok(told_again(app, &visit, submitted, tapped).await),
            },
            done => done,
        };
        let reply = match done {
            Ok(Ok(reply)) => reply,
            Ok(Err(Trouble::Refused(refusal))) => {
                // Not what: it may tell of one's journal.
                tracing::debug!("refused");
                Reply::Private(cards::refusal(&refusal))
            }
            Ok(Err(trouble)) => apology(&reported(app, &trouble.logged())),
            Err(_) => apology(&reported(app, "a flow panicked")),
        };
        answer(bot, &raw, &visit, reply).await;
    }
    .instrument(span)
    .await;
}

/// Logs our failure once, under a reference that the person gets to see.
fn reported(app: &App, what: &str) -> String {
    let reference = app.new_id().as_simple().to_string()[20..].to_owned();
    tracing::error!(reference, "{what}");
    reference
}

async fn reply(app: &App, bot: &Bot, visit: &Visit, act: Act) -> Result<Reply, Trouble> {
    let plain = |text: &str| Ok(Reply::Private(Card::saying(text)));
    match act {
        Act::Called(Called::Pair { with, is_bot }) => pairing::pair(app, bot, visit, with, is_bot).await,
        Act::Called(Called::Ask(request)) => rounds::ask(app, visit, request).await,
        Act::Called(Called::CheckIn(call)) => checkins::call(app, visit, call).await,
        Act::Called(Called::Reflect(call)) => reflections::reflect(app, bot, visit, call).await,
        Act::Called(Called::Journal(call)) => reflections::open(app, visit, call).await,
        Act::Called(Called::Board(call)) => board::call(app, visit, call).await,
        Act::Called(Called::Insights) => insights::open(app, visit).await,
        Act::Called(Called::Kept) => kept::open(app, bot, visit).await,
        Act::Called(Called::Keep(message)) => kept::keep(app, visit, message).await,
        Act::Called(Called::RemoveWords(message)) => kept::remove(app, visit, message).await,
        Act::Called(Called::Pause(length)) => pauses::call(app, visit, length).await,
        Act::Called(Called::Settings { zone }) => settings::open(app, visit, zone).await,
        Act::Called(Called::Unpair) => parting::open(app, visit).await,
        Act::Called(Called::Help) => plain(words::help()),
        Act::Called(Called::Privacy) => Ok(privacy::open()),
        Act::Called(Called::Safety) => plain(words::safety()),
        Act::Press(button, values) => press(app, bot, visit, button, &values).await,
        Act::Submit(Modal::Answer(round, swaps), fields) => rounds::submit(app, visit, round, swaps, fields).await,
        Act::Submit(Modal::OwnQuestion(couple), fields) => rounds::ask_own(app, visit, couple, fields).await,
        Act::Submit(Modal::Said(round, turn, said), fields) => {
            conversation::submit(app, bot, visit, (round, turn, said), &fields).await
        }
        Act::Submit(Modal::QuietHours(couple), fields) => settings::quiet_hours(app, visit, couple, &fields).await,
        Act::Submit(Modal::OpeningHour(couple), fields) => settings::opening_hour(app, visit, couple, &fields).await,
        Act::Submit(Modal::Entry(sitting), fields) => reflections::write(app, visit, sitting, &fields).await,
        Act::Submit(Modal::DeleteJournal, fields) => reflections::delete_all(app, visit, &fields).await,
        Act::Submit(Modal::Passage(couple), fields) => sharing::preview(app, visit, couple, &fields).await,
        Act::Submit(Modal::Item(couple, kind), fields) => board::add(app, visit, couple, kind, fields.first()).await,
        Act::Submit(Modal::EditItem(item), fields) => board::edit(app, visit, item, &fields).await,
        Act::Submit(Modal::DeleteMine, fields) => privacy::delete(app, visit, &fields).await,
        Act::Submit(Modal::WeeklyZone(couple, day, at), fields) => {
            checkins::zone_given(app, visit, couple, day, at, &fields).await
        }
        Act::Typing(option, text) if option == "until" => Ok(Reply::Choices(checkins::days(app, visit, &text).await?)),
        Act::Typing(_, text) => Ok(Reply::Choices(settings::zones(&text))),
        Act::Unknown(what) => {
            tracing::info!(what, "from another version");
            plain(if what == "command" { words::unknown_command() } else { words::old_button() })
        }
    }
}

/// Discord tells again what was dealt with before a crash or a reconnect; who still waits for an answer gets a calm one.
async fn told_again(app: &App, visit: &Visit, submitted: Option<RoundId>, tapped: Option<RoundId>) -> Result<Reply, Trouble> {
    tracing::debug!("told again");
    if let Some(round) = tapped {
        return open_or(app, visit, round, checkins::ratings(app, visit, round).await).await;
    }
    if let Some(round) = submitted {
        let reply = rounds::answer(app, visit, round).await?;
        // A page to write on cannot answer one.
        if !matches!(reply, Reply::Form(_)) {
            return Ok(reply);
        }
    }
    Ok(Reply::Private(Card::saying(words::done_already())))
}

async fn press(app: &App, bot: &Bot, visit: &Visit, button: Button, values: &[String]) -> Result<Reply, Trouble> {
    match button {
        Button::SendInvitation(person) => pairing::send(app, bot, visit, person).await,
        Button::PostInvitation(id) => pairing::post(app, bot, visit, id).await,
        Button::Accept(id) => pairing::accept(app, visit, id).await,
        Button::Decline(id) => pairing::decline(app, visit, id, false).await,
        Button::NoMoreInvitations(id) => pairing::decline(app, visit, id, true).await,
        Button::FirstQuestion(couple) => rounds::ask_in(app, visit, couple, rounds::carried(visit, None, None)).await,
        Button::AskIn(couple, theme, depth) => rounds::ask_in(app, visit, couple, rounds::carried(visit, theme, depth)).await,
        Button::WriteOurOwn(couple) => rounds::page_to_ask(app, visit, couple).await,
        Button::MoveToDms(couple) => settings::propose(app, visit, couple, Proposal::MoveToDms).await,
        Button::MakeOurChannel(couple) => settings::propose(app, visit, couple, Proposal::MoveToChannel).await,
        Button::Agree(couple, kind, at) => settings::agree(app, visit, couple, kind, at).await,
        Button::NotNow(couple, kind) => settings::not_now(app, visit, couple, kind).await,
        Button::Answer(round) => closed(app, visit, round, rounds::answer(app, visit, round).await).await,
        Button::Edit(round) => closed(app, visit, round, rounds::edit(app, visit, round).await).await,
        Button::TakeBack(round) => closed(app, visit, round, rounds::take_back(app, visit, round).await).await,
        // On a nudge it is said so: a pass, which looks like lateness.
        Button::Pass(round) | Button::NotThisOne(round) => closed(app, visit, round, rounds::pass(app, visit, round).await).await,
        Button::SayItOpenly(round) => rounds::say_openly(app, visit, round).await,
        Button::AnotherQuestion(round, seen) => closed(app, visit, round, rounds::another(app, visit, round, seen).await).await,
        Button::WhyThisOne(round) => closed(app, visit, round, rounds::why(app, visit, round).await).await,
        Button::MinuteFirst(round) => rounds::minute_first(app, visit, round).await,
        Button::KeepUnopened(round) => rounds::keep(app, visit, round).await,
        Button::SendByDm(round) => rounds::send_by_dm(app, visit, round).await,
        Button::GoTo(round) => rounds::go_to(app, visit, round).await,
        Button::CloseAndAsk(round, theme, depth, occasion) => {
            let request = Request { occasion, ..rounds::carried(visit, theme, depth) };
            rounds::close_and_ask(app, visit, round, request).await
        }
        Button::Talk(round, talk) => conversation::press(app, bot, visit, round, talk).await,
        Button::AskNow(couple, theme, depth) => rounds::ask_now(app, visit, couple, rounds::carried(visit, theme, depth)).await,
        Button::Rate(round, rated, tap) => open_or(app, visit, round, checkins::rate(app, visit, round, rated, tap).await).await,
        Button::RateAt(round, rated) => open_or(app, visit, round, checkins::rate_at(app, visit, round, rated).await).await,
        Button::Lines(round) => open_or(app, visit, round, checkins::lines(app, visit, round).await).await,
        Button::MakeWeekly(couple) => checkins::make_weekly(app, visit, couple).await,
        Button::ProposeIn(couple, day, at) => checkins::propose_in(app, visit, couple, day, at).await,
        Button::CheckIns(couple) => checkins::status(app, visit, couple).await,
        Button::CheckInNow(couple) => checkins::now(app, visit, couple).await,
        Button::SkipNext(couple) => checkins::skip(app, visit, couple).await,
        Button::Away(couple, until) => checkins::away(app, visit, couple, moment(until)).await,
        Button::Back(couple) => checkins::back(app, visit, couple).await,
        Button::Pace(couple, pace) => checkins::pace(app, visit, couple, pace).await,
        Button::Short(couple, short) => checkins::short(app, visit, couple, short).await,
        Button::AnotherDay(couple) => checkins::which_day(app, visit, couple).await,
        Button::DayChosen(couple) => checkins::another_day(app, visit, couple, values).await,
        Button::Break(couple) => checkins::a_break(app, visit, couple).await,
        Button::AsItIs => Ok(Reply::Private(Card::saying(words::checkins::as_it_is()))),
        Button::InsightsIn(couple) => insights::open_in(app, visit, couple).await,
        Button::Fewer(from) => checkins::fewer(app, visit, from).await,
        Button::Nudges(couple, nudges) => settings::nudges(app, visit, couple, nudges).await,
        Button::Pause(_)
        | Button::PauseFor(..)
        | Button::MoreTime(..)
        | Button::Settle(_)
        | Button::RepairQuestion(_)
        | Button::NoRepairNow(_) => pauses::press(app, visit, button).await,
        Button::Reflect(kind) => reflections::now(app, bot, visit, kind).await,
        Button::WriteEntry(sitting) => reflections::page_to_write(app, visit, sitting).await,
        Button::Older(before, kind, within) => {
            let stretch = within.map_or(Stretch::ALL, |(from, until)| Stretch { from: moment(from), until: moment(until) });
            reflections::read(app, visit, stretch, kind, Some(before)).await
        }
        Button::DeleteEntry(id) => Ok(Reply::Private(cards::reflections::delete_entry(id))),
        Button::DeleteEntryNow(id) => reflections::delete_now(app, visit, id).await,
        Button::DeleteEntries(from, until) => {
            reflections::delete_in(app, visit, Stretch { from: moment(from), until: moment(until) }).await
        }
        Button::KeepEntries => Ok(Reply::Private(Card::saying(words::not_deleted()))),
        Button::RemoveFiles => Ok(sharing::remove_files(visit)),
        Button::SharePassage(entry) => sharing::begin(app, visit, entry).await,
        Button::SharePassageIn(entry, couple) => sharing::begin_in(app, visit, entry, couple).await,
        Button::PostPassage(id, couple, channel) => sharing::post(app, visit, id, couple, channel).await,
        Button::KeepToMyself => Ok(Reply::Private(Card::saying(words::sharing::kept_to_yourself()))),
        Button::HowToListen => Ok(Reply::Private(Card::saying(words::sharing::listening()))),
        Button::OnBoard(press) => board::press(app, visit, press).await,
        Button::KeepTyped(first) => typed::keep(app, bot, visit, first).await,
        Button::LeaveTyped => Ok(typed::leave()),
        Button::UndoTyped(entry) => typed::undo(app, visit, entry).await,
        Button::DeleteGone(entry) => typed::delete_gone(app, visit, entry).await,
        Button::KeepGone(entry) => typed::keep_gone(app, visit, entry).await,
        Button::Keeping(press) => kept::press(app, bot, visit, press).await,
        Button::SettingsIn(couple) => settings::open_in(app, visit, couple).await,
        Button::MoreThemes(couple) => settings::more_themes(app, visit, couple).await,
        Button::OptIns(couple) => settings::opt_ins(app, visit, couple, settings::chosen(button, values)).await,
        Button::UnpairIn(couple) => parting::open_in(app, visit, couple).await,
        Button::Unpair(couple) => parting::leave(app, visit, couple).await,
        Button::Stay => Ok(Reply::Private(Card::saying(words::stayed()))),
        Button::Privacy => Ok(privacy::open()),
        Button::ExportMine => privacy::export(app, visit).await,
        Button::ExportRest(after, part) => privacy::export_rest(app, visit, after, part).await,
        Button::DeleteMine => Ok(privacy::delete_form()),
        Button::Ceiling(couple) | Button::Vetoes(couple) | Button::Window(couple) | Button::Line(couple, _) => {
            settings::change(app, visit, couple, settings::chosen(button, values)).await
        }
        Button::QuietHours(couple) => settings::quiet_hours_form(app, visit, couple).await,
        Button::OpeningHour(couple) => settings::opening_hour_form(app, visit, couple).await,
        Button::Length(couple, length) => settings::length(app, visit, couple, length).await,
    }
}

/// A button of ratings whose check-in opened meanwhile leads to where it is open.
async fn open_or(app: &App, visit: &Visit, round: RoundId, reply: Result<Reply, Trouble>) -> Result<Reply, Trouble> {
    match reply {
        Err(Trouble::Refused(Refusal::AlreadyOpen)) => rounds::open(app, visit.who, round).await,
        reply => closed(app, visit, round, reply).await,
    }
}

fn moment(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MIN)
}

/// A button of a round that closed offers its author what never opened.
async fn closed(
    app: &App,
    visit: &Visit,
    round: crate::domain::ids::RoundId,
    reply: Result<Reply, Trouble>,
) -> Result<Reply, Trouble> {
    match reply {
        Err(Trouble::Refused(refusal @ (Refusal::RoundClosed | Refusal::CheckInClosed | Refusal::CoupleEnded)))
            if crate::flows::answering::unopened(app, visit.who, round).await.is_ok() =>
        {
            Ok(Reply::Private(cards::closed_with_unopened(&refusal, round)))
        }
        reply => reply,
    }
}

async fn answer(bot: &Bot, raw: &Raw, visit: &Visit, reply: Reply) {
    let body = match reply {
        Reply::Private(card) => {
            let body = card.footnote(&words::safety_link(bot.safety)).replied(true);
            if visit.in_private { Callback::update(body) } else { Callback::message(body) }
        }
        Reply::Public(card) => Callback::message(card.replied(false)),
        Reply::InPlace(card) => Callback::update(card.replied(false)),
        Reply::Form(form) => Callback::modal(json!(form.body())),
        Reply::Choices(choices) => {
            let choices: Vec<_> = choices.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
            Callback::choices(json!({ "choices": choices }))
        }
    };
    let Ok(id) = raw.id.parse::<i64>() else { return };
    match bot.rest.answer_interaction(InteractionId(id), &raw.token, &body).await {
        Ok(()) => {}
        // Told twice, after a reconnect: the first one's work was done, and answered.
        Err(Failure::AlreadyAnswered) => tracing::debug!("answered before"),
        // What was asked is done; the person finds it where they look next.
        Err(Failure::UnknownInteraction) => tracing::info!("too late to answer"),
        Err(failure) => tracing::warn!(failure = failure.code(), "not answered: {failure}"),
    }
}

/// One event that is about an interaction, in a task of its own.
pub async fn task(app: Arc<App>, bot: Arc<Bot>, text: String, receipt: super::gateway::Receipt) {
    interaction(&app, &bot, &text).await;
    receipt.processed();
}

//! Words become cards: which sentences, which buttons, who is notified. No decisions: what is shown was decided before.

pub mod bag;
pub mod board;
pub mod checkins;
pub mod conversation;
pub mod kept;
pub mod pauses;
pub mod privacy;
pub mod reflections;
pub mod sharing;
pub mod typed;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serenity::all::{CreateActionRow, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};

use super::buttons::Button;
use super::card::{Card, Picture, Press, next, press};
use super::modals::{Field, Form, Modal};
use super::words;
use crate::domain::answer::Answer;
use crate::domain::conversation::Length;
use crate::domain::couple::{Couple, Home, NoChannel, Window};
use crate::domain::hours::Minute;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::insights::Insights;
use crate::domain::invitation::Invitation;
use crate::domain::library::{Depth, Practice, Theme};
use crate::domain::notice::Place;
use crate::domain::person::{Nudges, Person};
use crate::domain::proposal::{Proposal, Proposed};
use crate::domain::refusal::Refusal;
use crate::domain::round::{Kind, Phase};
use crate::domain::visibility::Hold;
use crate::domain::words::Words;
use crate::flows::asking;
use crate::flows::reading::{CardView, RevealView, SealedView};

// ---- Pairing ----

/// What the inviter reads before anything is sent. `owners`: those of the bot's owners who are one of the two.
pub fn before_inviting(invitee: PersonId, owners: &[PersonId]) -> Card {
    Card::saying(what_duet_is(invitee, owners)).presses([next("Send invitation", Button::SendInvitation(invitee))])
}

pub fn invitation_ready(invitation: &Invitation) -> Card {
    Card::saying(words::invitation_ready(invitation.inviter, invitation.invitee))
        .presses([press("Post it here", Button::PostInvitation(invitation.id))])
}

pub fn invitation(invitation: &Invitation, owners: &[PersonId]) -> Card {
    Card::saying(what_duet_is(invitation.inviter, owners)).with(words::invited(invitation.inviter)).presses([
        next("Accept", Button::Accept(invitation.id)),
        press("Decline", Button::Decline(invitation.id)),
        press("No more invitations", Button::NoMoreInvitations(invitation.id)),
    ])
}

/// For all to see, where the inviter wanted it. It reads the same whether or not it `calls` the invitee.
pub fn invitation_here(invitation: &Invitation, owners: &[PersonId], calls: bool) -> Card {
    self::invitation(invitation, owners)
        .content(format!("{} An invitation for you.", words::name(invitation.invitee)))
        .pings(calls.then_some(invitation.invitee))
}

fn what_duet_is(other: PersonId, owners: &[PersonId]) -> String {
    let owner = (!owners.is_empty()).then(|| words::owners_notice(owners));
    words::what_duet_is(other, owner.as_deref())
}

// ---- Home ----

pub fn welcome(couple: &Couple, administrators: Option<u64>, no_channel: Option<NoChannel>) -> Card {
    let mut presses = vec![next("Our first question", Button::FirstQuestion(couple.id))];
    let mut card = Card::saying(words::welcome(couple, administrators, no_channel));
    if matches!(couple.home, Home::Channel(_)) {
        presses.push(press("Move to our DMs", Button::MoveToDms(couple.id)));
        let [one, other] = couple.people();
        card = card.content(format!("{} {} Your place is ready.", words::name(one), words::name(other))).pings(couple.people());
    } else {
        presses.push(press("Make our channel", Button::MakeOurChannel(couple.id)));
        card = card.content("Your place is ready.");
    }
    card.presses(presses)
}

fn ways_home(couple: CoupleId) -> [Press; 2] {
    [press("Make our channel", Button::MakeOurChannel(couple)), press("Move to our DMs", Button::MoveToDms(couple))]
}

pub fn home_lost(couple: CoupleId) -> Card {
    Card::saying(words::home_lost()).content("A word about your place.").presses(ways_home(couple))
}

pub fn held(round: RoundId, hold: Hold, missing: &str) -> Card {
    Card::saying(words::held(hold, missing))
        .content("A word about your place.")
        .presses([press("Send to both by DM", Button::SendByDm(round))])
}

/// `upcoming`: when check-ins would come, if that is what is proposed.
pub fn proposed(couple: &Couple, proposed: &Proposed, upcoming: &[Timestamp], to: PersonId) -> Card {
    let kind = proposed.proposal.kind();
    let text = words::proposed(&proposed.proposal, proposed.by, couple.pace(), upcoming);
    Card::saying(text).content(format!("{} A question that takes both of you.", words::name(to))).pings([to]).presses([
        press("Agree", Button::Agree(couple.id, kind, proposed.at.as_second())),
        press("Not now", Button::NotNow(couple.id, kind)),
    ])
}

pub fn agreed(proposal: &Proposal) -> Card {
    Card::saying(words::agreed(proposal))
}

// ---- A round ----

/// The prompt card as the round stands now. `posted`: where, when it is posted anew; in the channel that calls both.
pub fn prompt(view: &CardView, posted: Option<Place>) -> Card {
    let id = view.round.id;
    let why = press("Why this one?", Button::WhyThisOne(id));
    let mut card = Card::saying(words::card(view));
    match view.round.phase {
        Phase::Asking { .. } | Phase::Opening { .. } => {
            card = card.presses([next("Answer", Button::Answer(id)), press("Pass", Button::Pass(id))]);
            if view.round.question.kind() == Kind::Question {
                card = card.presses([press("Another question", Button::AnotherQuestion(id, view.round.swaps))]);
            }
            card = card.presses([why, pauses::button(view.couple.id)]);
        }
        Phase::Revealed { .. } => card = card.presses([why]),
        // It stands there for both, whether or not anything was sealed: to the other it tells nothing.
        Phase::Ended { .. } => {
            card = card.presses([press("Keep my unopened answer", Button::KeepUnopened(id))]).presses(weekly_offer(view));
        }
    }
    let [one, other] = view.round.partners;
    let content = match view.round.question.kind() {
        Kind::Question => words::new_question(),
        Kind::CheckIn => words::checkins::check_in_here(),
    };
    match posted {
        Some(Place::Channel) => {
            card.content(format!("{} {} {content}", words::name(one), words::name(other))).pings(view.round.partners)
        }
        Some(Place::Dm(_)) | None => card.content(content),
    }
}

/// After a couple's first round, as long as they have no schedule.
fn weekly_offer(view: &CardView) -> Option<Press> {
    view.offers_weekly.then_some(press("Make it weekly", Button::MakeWeekly(view.couple.id)))
}

/// The open question in a private reply, with where its card stands.
pub fn prompt_again(view: &CardView, link: Option<&str>) -> Card {
    let card = prompt(view, None);
    match link {
        Some(link) => card.content(words::it_stands_here(link)),
        None => card,
    }
}

pub fn why(view: &CardView) -> Card {
    Card::saying(words::why(view)).presses([press("A minute first", Button::MinuteFirst(view.round.id))])
}

pub fn practice(practice: &Practice, round: RoundId) -> Card {
    Card::saying(format!("**{}**\n{}", practice.title, practice.text.trim())).presses([press("Answer", Button::Answer(round))])
}

/// The page to write on, with what was written before.
pub fn page(view: &CardView, answer: Option<&Answer>) -> Form {
    let labels = view.round.question.fields();
    let most = view.round.question.field_limit();
    let alone = labels.len() == 1;
    let fields = labels
        .into_iter()
        .enumerate()
        .map(|(number, label)| Field {
            label,
            value: answer.and_then(|answer| answer.fields().get(number).cloned()),
            placeholder: "",
            most,
            required: alone,
            long: true,
        })
        .collect();
    Form {
        modal: Modal::Answer(view.round.id, view.round.swaps),
        title: words::answer_title(),
        above: view.asked.text().map(ToOwned::to_owned),
        fields,
        below: Some(words::sending_seals(view)),
    }
}

pub fn sealed(view: &SealedView) -> Card {
    let id = view.card.round.id;
    let card = Card::saying(words::sealed(&view.card)).with(answer_text(&view.card, &view.answer));
    let card = if view.asks_of_board { card.with(words::board::out_of_date()) } else { card };
    let look = view.asks_of_board.then(|| board::look(view.card.couple.id));
    if view.card.round.may_be_read() {
        return card.presses(look);
    }
    let card = if view.may_go { card.with(words::may_go_with_it()) } else { card };
    card.presses([press("Edit", Button::Edit(id)), press("Take back", Button::TakeBack(id))]).presses(look)
}

pub fn passed(view: &CardView, who: PersonId) -> Card {
    Card::saying(words::passed(&view.round, who)).presses([press("Say it openly", Button::SayItOpenly(view.round.id))])
}

pub fn unopened(view: &SealedView) -> Card {
    let until = match view.card.round.phase {
        Phase::Ended { at, .. } => at.saturating_add(crate::domain::round::KEEPING).ok(),
        _ => None,
    };
    Card::saying(words::unopened(&view.card, until)).with(answer_text(&view.card, &view.answer))
}

/// A reveal that could not be brought before, in the place of what `/ask` asked for; the question in own words travels with it.
pub fn unread_reveal(view: &RevealView, picture: Option<Picture>, request: &asking::Request) -> Card {
    let mut card = reveal(view, picture).content(words::both_here());
    if let Some(question) = &request.question {
        card = card.carrying(Some(words::YOUR_QUESTION), question.clone());
    }
    card.presses([press("Ask now", Button::AskNow(view.card.couple.id, request.theme, request.depth))])
}

/// One message with both answers, an embed each, in the order drawn once.
pub fn reveal(view: &RevealView, picture: Option<Picture>) -> Card {
    let [(first, first_answer), (second, second_answer)] = &view.answers;
    let talk = view.conversation.as_ref();
    let card = Card::saying(words::two_views(&view.card, talk.map(|talk| &talk.conversation)))
        .with(signed(&view.card, *first, first_answer.as_ref()))
        .with(signed(&view.card, *second, second_answer.as_ref()))
        .presses(talk.map(conversation::reveal_presses).unwrap_or_default())
        .presses([press("Why this one?", Button::WhyThisOne(view.card.round.id))])
        .presses(weekly_offer(&view.card));
    match &view.insights {
        Some(insights) => with_insights(card, insights, picture),
        None => card,
    }
}

/// `/insights`.
pub fn insights(insights: &Insights, picture: Option<Picture>) -> Card {
    with_insights(Card::default(), insights, picture)
}

/// The picture under its words; they say the same where it could not be drawn.
fn with_insights(card: Card, insights: &Insights, picture: Option<Picture>) -> Card {
    let text = words::insights::beside(insights);
    match picture {
        Some(picture) => card.pictured(text, picture),
        None => card.with(text),
    }
}

/// The reveal as a message: neutral plain content for lock screens.
pub fn reveal_post(view: &RevealView, picture: Option<Picture>, to: Option<PersonId>) -> Card {
    let [one, other] = view.card.round.partners;
    let mut card = reveal(view, picture);
    card.silent = view.silent;
    match to {
        Some(_) => card.content(words::both_here()),
        None => card
            .content(format!("{} {} {}", words::name(one), words::name(other), words::both_here()))
            .pings(view.card.round.partners),
    }
}

fn signed(view: &CardView, author: PersonId, answer: Option<&Answer>) -> String {
    let said = answer.map_or_else(|| words::privacy::removed().to_owned(), |answer| answer_text(view, answer));
    format!("**{}**\n{said}", words::name(author))
}

/// The words, each field under its label where there are several.
fn answer_text(view: &CardView, answer: &Answer) -> String {
    let labels = view.round.question.fields();
    let several = labels.len() > 1 || answer.ratings().is_some();
    let ratings = answer.ratings().and_then(|ratings| words::checkins::given(&ratings));
    let lines = labels.iter().zip(answer.fields()).filter(|(_, words)| !words.expose().is_empty()).map(|(label, words)| {
        let text = fenced(words.expose());
        if several { format!("*{label}*\n{text}") } else { text }
    });
    ratings.into_iter().chain(lines).collect::<Vec<_>>().join("\n\n")
}

/// A code fence that was left open is closed, so that it reaches no further than its author's field.
fn fenced(text: &str) -> String {
    let fence = if text.matches("```").count() % 2 == 1 { "\n```" } else { "" };
    format!("{text}{fence}")
}

// ---- Asking ----

pub fn question_open(round: RoundId, request: &asking::Request) -> Card {
    let mut card = Card::saying(words::refusal(&Refusal::QuestionOpen(round)));
    if let Some(question) = &request.question {
        // The question travels in this private reply until one of its buttons is pressed.
        card = card.carrying(Some(words::YOUR_QUESTION), question.clone());
    }
    card.presses([
        next("Go to it", Button::GoTo(round)),
        press("Close it and ask another", Button::CloseAndAsk(round, request.theme, request.depth, request.occasion)),
    ])
}

// ---- Which couple ----

/// How the id of a menu begins whose values are the ids of the buttons that are meant: that of one's couples, to begin with.
pub const CHOOSE: &str = "d1:choose";

/// Up to 25 couples, the most a menu holds (components/reference), each with the button that is meant.
pub fn which_couple(choices: &[(Couple, Button)], who: PersonId, question: Option<&Words>) -> Card {
    let numbered = || choices.iter().take(25).enumerate().map(|(at, choice)| (at + 1, choice));
    // A menu shows no mentions: the names stand above it, by number.
    let names = numbered().map(|(number, (couple, _))| format!("{number}. {}", words::name(couple.other(who))));
    let text = format!("{}\n{}", words::which_couple(), names.collect::<Vec<_>>().join("\n"));
    let options = numbered().map(|(number, (_, button))| CreateSelectMenuOption::new(number.to_string(), button.id())).collect();
    let menu = CreateSelectMenu::new(CHOOSE, CreateSelectMenuKind::String { options }).placeholder("With whom?");
    let mut card = Card::saying(text);
    if let Some(question) = question {
        card = card.carrying(Some(words::YOUR_QUESTION), question.clone());
    }
    card.row(CreateActionRow::SelectMenu(menu))
}

// ---- Leaving ----

pub fn unpair(couple: &Couple, who: PersonId) -> Card {
    Card::saying(words::unpair_question(couple.other(who)))
        .presses([press("Leave", Button::Unpair(couple.id)), press("Stay", Button::Stay)])
}

// ---- Settings ----

pub fn settings(person: &Person, couple: Option<&Couple>) -> Card {
    let mut text = String::new();
    let zone = person.zone.as_ref().map_or("not set: `/settings zone:` and the nearest large city", |zone| zone.name());
    text.push_str(&format!(
        "**Yours**\nTime zone: {zone}\nQuiet hours: {}",
        if person.quiet.from == person.quiet.until {
            "none".to_owned()
        } else {
            let from_when = if person.zone.is_none() { ", once I know your time zone" } else { "" };
            format!("{} to {}{from_when}", person.quiet.from, person.quiet.until)
        }
    ));
    text.push_str(&format!("\nNudges: {}", words::checkins::nudges(person.nudges)));
    if person.zone.is_none() {
        text.push_str(", once I know your time zone");
    }
    let couple_id = couple.map(|couple| couple.id);
    let quiet = press("Quiet hours", Button::QuietHours(couple_id));
    let nudges = match person.nudges {
        Nudges::Everything => press("Nudges: check-ins only", Button::Nudges(couple_id, Nudges::CheckIns)),
        Nudges::CheckIns => press("Nudges: none", Button::Nudges(couple_id, Nudges::Nothing)),
        Nudges::Nothing => press("Nudges: all", Button::Nudges(couple_id, Nudges::Everything)),
    };
    let Some((couple, own)) = couple.and_then(|couple| Some((couple, couple.partner(person.id)?))) else {
        return Card::saying(text).presses([quiet, nudges]);
    };
    let opening =
        couple.opening.as_ref().map_or_else(|| "at once".to_owned(), |hour| format!("at {} ({})", hour.at, hour.zone.name()));
    text.push_str(&format!(
        "\n\n**With {}**\nDepth, at most: {}\nThemes left out: {}\nMore themes, if both of you want them: {}\nTime to answer: {} days\nLine “1 of 2 sealed”: {}\nAnswers open: {opening}\nConversations: {}\nPlace: {}\n\n\
         Depth, themes and time are your own wishes; the gentler of both counts, and nobody is told whose it was. With two people it \
         may still be guessed. The line shows only while both of you want it. Opening hour, place and longer conversations \
         take both of you; shorter ones take one.",
        words::name(couple.other(person.id)),
        own.ceiling,
        words::themes(&own.vetoes),
        words::themes(&own.opt_ins),
        own.window.days(),
        if own.line { "wanted" } else { "not wanted" },
        words::conversation::length(couple.length),
        match couple.home {
            Home::Channel(channel) => format!("<#{channel}>"),
            Home::Dms => "your DMs".into(),
            Home::Making => "being made".into(),
            Home::Nowhere => "none at the moment".into(),
        },
    ));
    let id = couple.id;
    let depths = Depth::ALL
        .into_iter()
        .map(|depth| {
            CreateSelectMenuOption::new(format!("Depth: {depth} at most"), depth.name()).default_selection(depth == own.ceiling)
        })
        .collect();
    let windows = Window::ALL
        .into_iter()
        .map(|window| {
            CreateSelectMenuOption::new(format!("Time to answer: {} days", window.days()), window.days().to_string())
                .default_selection(window == own.window)
        })
        .collect();
    let place = match couple.home {
        Home::Channel(_) => vec![press("Move to our DMs", Button::MoveToDms(id))],
        Home::Dms => vec![press("Make our channel", Button::MakeOurChannel(id))],
        Home::Making => vec![],
        Home::Nowhere => ways_home(id).to_vec(),
    };
    Card::saying(text)
        .presses([
            quiet,
            nudges,
            press(if own.line { "Hide the line" } else { "Show the line" }, Button::Line(id, !own.line)),
            press("Opening hour", Button::OpeningHour(id)),
        ])
        .presses(place)
        // A menu would be a row too many where two ways home are offered.
        .presses(Length::ALL.into_iter().filter(|length| *length != couple.length).map(|length| conversations(id, length)))
        .presses([press("More themes", Button::MoreThemes(id))])
        .row(CreateActionRow::SelectMenu(menu(Button::Ceiling(id), depths).placeholder("Depth")))
        .row(CreateActionRow::SelectMenu(
            themes_menu(Button::Vetoes(id), &Theme::SHARED, &own.vetoes).placeholder("Themes left out"),
        ))
        .row(CreateActionRow::SelectMenu(menu(Button::Window(id), windows).placeholder("Time to answer")))
}

fn menu(button: Button, options: Vec<CreateSelectMenuOption>) -> CreateSelectMenu {
    CreateSelectMenu::new(button.id(), CreateSelectMenuKind::String { options })
}

/// Any of these themes, or none.
fn themes_menu(button: Button, offered: &[Theme], chosen: &BTreeSet<Theme>) -> CreateSelectMenu {
    let options: Vec<_> = offered
        .iter()
        .map(|theme| CreateSelectMenuOption::new(theme.name(), theme.slug()).default_selection(chosen.contains(theme)))
        .collect();
    let most = u8::try_from(options.len()).unwrap_or(u8::MAX);
    menu(button, options).min_values(0).max_values(most)
}

/// The opt-in themes, with what this partner asked for. What the other chose does not show.
pub fn more_themes(couple: &Couple, who: PersonId) -> Card {
    let wanted = couple.partner(who).map(|own| own.opt_ins.clone()).unwrap_or_default();
    let menu = themes_menu(Button::OptIns(couple.id), &Theme::OPT_IN, &wanted).placeholder("More themes");
    Card::saying(words::more_themes(couple.other(who), &wanted))
        .row(CreateActionRow::SelectMenu(menu))
        .presses([press("Settings", Button::SettingsIn(couple.id))])
}

fn conversations(couple: CoupleId, length: Length) -> Press {
    let label = match length {
        Length::Short => "Conversations: short",
        Length::Guided => "Conversations: guided",
        Length::Full => "Conversations: full",
    };
    press(label, Button::Length(couple, length))
}

pub fn quiet_hours_form(person: &Person, couple: Option<CoupleId>) -> Form {
    let field = |label: &str, minute: Minute| Field {
        label: label.to_owned(),
        value: Some(Words::new(minute.to_string())),
        placeholder: "21:00",
        most: 10,
        required: true,
        long: false,
    };
    Form {
        modal: Modal::QuietHours(couple),
        title: "Quiet hours",
        above: Some("In these hours nothing from me makes a sound. The same time twice means no quiet hours.".into()),
        fields: vec![field("From", person.quiet.from), field("Until", person.quiet.until)],
        below: None,
    }
}

pub fn opening_hour_form(couple: &Couple) -> Form {
    Form {
        modal: Modal::OpeningHour(couple.id),
        title: "Opening hour",
        above: Some(
            "Answers that are both in wait for this hour, in your time zone. Leave it empty to open at once. It takes both of you.".into(),
        ),
        fields: vec![Field {
            label: "Hour".into(),
            value: couple.opening.as_ref().map(|hour| Words::new(hour.at.to_string())),
            placeholder: "20:00",
            most: 10,
            required: false,
            long: false,
        }],
        below: None,
    }
}

// ---- Edges ----

/// A refusal, with the buttons of its next step.
pub fn refusal(refusal: &Refusal) -> Card {
    let card = Card::saying(words::refusal(refusal));
    match refusal {
        Refusal::NoHome(couple) => card.presses(ways_home(*couple)),
        Refusal::NoSchedule(couple) => card.presses([press("Make it weekly", Button::MakeWeekly(*couple))]),
        Refusal::BagEmpty(couple) => card.presses(bag::ways_on(*couple)),
        _ => card,
    }
}

/// A button of a round that closed: what never opened can still be kept by its author.
pub fn closed_with_unopened(refusal: &Refusal, round: RoundId) -> Card {
    self::refusal(refusal).presses([press("Keep my unopened answer", Button::KeepUnopened(round))])
}

/// A submit that arrived after its round was over: the words come back to their author.
pub fn came_too_late(refusal: &Refusal, fields: &[Words]) -> Card {
    Card::saying(format!("{}\n\n{}", words::refusal(refusal), words::yours_again())).with(joined(fields))
}

/// Our failure in the middle of a submit: what was written comes back to its author.
pub fn broken(reference: &str, what_now: &str, fields: &[Words]) -> Card {
    Card::saying(format!("{}\n\n{what_now}", words::broken(reference))).with(joined(fields))
}

fn joined(fields: &[Words]) -> String {
    fields.iter().map(Words::expose).collect::<Vec<_>>().join("\n\n").chars().take(4_000).collect()
}

/// The text of a submit that did not fit, back to its author. An embed holds 4,096 characters (resources/message).
pub fn too_long(round: RoundId, over: usize, fields: &[Words]) -> Card {
    Card::saying(words::too_long(over)).with(joined(fields)).presses([next("Answer", Button::Answer(round))])
}

//! Every sentence a person can read. Warm, short, plain; what happened, what was kept, what to do next.
//! Whoever is late, absent or refuses is not named; whose DMs are closed is never said to the other.

pub mod bag;
pub mod board;
pub mod checkins;
pub mod conversation;
pub mod export;
pub mod insights;
pub mod journal_files;
pub mod kept;
pub mod pauses;
pub mod privacy;
pub mod reflections;
pub mod refusals;
pub mod sharing;
pub mod typed;

pub use self::refusals::refusal;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::conversation::{Conversation, Length};
use crate::domain::couple::{Couple, Home, NoChannel};
use crate::domain::ids::{ChannelId, MessageId, PersonId, ServerId};
use crate::domain::library::Theme;
use crate::domain::proposal::Proposal;
use crate::domain::refusal::Refusal;
use crate::domain::round::{Ending, Phase, Round, Shown, Standing};
use crate::domain::schedule::Pace;
use crate::domain::visibility::Hold;
use crate::flows::reading::{Asked, CardView};

pub fn name(person: PersonId) -> String {
    format!("<@{person}>")
}

/// A moment that each reads in their own zone: date and time.
pub fn when(moment: Timestamp) -> String {
    format!("<t:{}:f>", moment.as_second())
}

fn day(moment: Timestamp) -> String {
    format!("<t:{}:D>", moment.as_second())
}

// ---- Pairing ----

pub fn what_duet_is(other: PersonId, owner: Option<&str>) -> String {
    let mut text = format!(
        "**Duet, for you and {}**\n\
         I bring you one question at a time. Each of you answers in private; both answers open together, once both are in.\n\n\
         **What I am not.** Not therapy, and not for when you fear your partner: `/safety` is there for that, any time.\n\
         **Who can read what.** Your answer is sealed until the other's is in, too. It is encrypted on disk, but this is not \
         end-to-end: Discord and whoever runs this bot are inside the circle. No AI reads anything.\n\
         **Adults only.** Both of you are 18 or older.",
        name(other)
    );
    if let Some(owner) = owner {
        text.push_str("\n\n");
        text.push_str(owner);
    }
    text
}

pub fn owner_notice(owner: PersonId) -> String {
    format!("This bot belongs to {}. Whoever runs it could read what you write.", name(owner))
}

pub fn owners_notice(owners: &[PersonId]) -> String {
    match owners {
        [one] => owner_notice(*one),
        several => format!(
            "This bot belongs to a team with {} in it. Whoever runs it could read what you write.",
            several.iter().map(|owner| name(*owner)).collect::<Vec<_>>().join(" and ")
        ),
    }
}

pub fn invited(inviter: PersonId) -> String {
    format!(
        "{} would like to do this with you.\n\n\
         About five minutes a week. One sentence is enough. You may pass or leave, alone, without a reason. What opens can be kept \
         or photographed. By accepting you confirm you are 18 or older.",
        name(inviter)
    )
}

pub fn invitation_ready(inviter: PersonId, invitee: PersonId) -> String {
    format!(
        "Invitation ready. {} finds it in a DM from me, or by typing `/pair with:`{}.\n\n\
         `Post it here` puts it in this channel: everyone here will see that you invited {}.",
        name(invitee),
        name(inviter),
        name(invitee)
    )
}

pub fn accepted() -> &'static str {
    "You said yes. I'm making a place for the two of you and will call you both when it is ready."
}

pub fn declined() -> &'static str {
    "Done. Nobody is told. If you change your mind, you can invite them yourself with `/pair`."
}

pub fn no_more_invitations() -> &'static str {
    "Done. Nobody is told, and no more invitations will reach you. If you ever want one, invite somebody yourself with `/pair`: \
     that opens the door again."
}

// ---- Home ----

pub fn welcome(couple: &Couple, administrators: Option<u64>, no_channel: Option<NoChannel>) -> String {
    let mut text = String::from(
        "**This is your place.**\n\
         1. `/ask` brings one question for both of you.\n\
         2. Each of you presses `Answer` and writes in private. Sent means sealed.\n\
         3. With the second answer both open here, at the same moment. Nobody goes first.\n\
         4. Pass, take back, or ask for another question: no reason needed.\n\
         5. `/settings` sets depth, themes and quiet hours. `/unpair` leaves, alone and at once.",
    );
    match (couple.home, administrators) {
        (Home::Channel(_), Some(0)) => {
            text.push_str("\n\nOnly the two of you and I can see this channel. Nobody else here is an administrator.");
        }
        (Home::Channel(_), Some(1)) => text.push_str(
            "\n\nOne administrator of this server besides you can always look in here. If you would rather not, choose \
             `Move to our DMs`: it takes both of you.",
        ),
        (Home::Channel(_), Some(count)) => text.push_str(&format!(
            "\n\nUp to {count} administrators of this server besides you can always look in here. If you would rather not, choose \
             `Move to our DMs`: it takes both of you."
        )),
        (Home::Channel(_), None) => text.push_str(
            "\n\nAdministrators of this server can always look in here; I could not count them. If you would rather not, choose \
             `Move to our DMs`: it takes both of you.",
        ),
        _ => {
            let (why, how) = no_channel.map_or(("", ""), no_channel_because);
            text.push_str(&format!(
                "\n\n{why}We meet here, in your DMs: each of you sees everything in their own. If you would rather have a private \
                 channel, {how}press `Make our channel`: it takes both of you."
            ));
        }
    }
    text
}

/// Why there is no channel, and what has to happen first.
fn no_channel_because(why: NoChannel) -> (&'static str, &'static str) {
    match why {
        NoChannel::MayNot => (
            "I may not make channels in your server: I'm missing *Manage Channels* there. ",
            "ask an admin to give me that, then ",
        ),
        NoChannel::Full => {
            ("Your server is full: no further channel fits. ", "ask an admin to remove one that nobody needs, then ")
        }
        NoChannel::TwoFactor => (
            "Your server asks two-factor login of everybody who makes channels, and whoever runs me does not use it. ",
            "ask them to turn it on, then ",
        ),
    }
}

pub fn home_lost() -> &'static str {
    "I can't find your channel any more; it may have been deleted. What you wrote is safe. You can meet in your DMs, or I can make \
     a new channel. Either takes both of you."
}

pub fn held(hold: Hold, missing: &str) -> String {
    match hold {
        Hold::OthersCanSee => "I'm holding something back: your channel can now be seen by somebody besides the two of you. Nothing \
             was posted, and nothing is lost. It goes out by itself once the channel is only yours again. Or choose `Send to both by \
             DM`, which takes both of you."
            .into(),
        Hold::NotBothThere => "I'm holding something back: one of you is no longer in the server with your channel. Nothing was \
             posted, and nothing is lost. `Send to both by DM` brings it to your DMs; it takes both of you."
            .into(),
        Hold::NoAccess => format!(
            "I couldn't post in your channel: I'm missing {missing} there. What you wrote is safe. Ask an admin, and I'll try again \
             every hour. Or choose `Send to both by DM`, which takes both of you."
        ),
        Hold::ChannelGone => "I couldn't post in your channel: it is gone. What you wrote is safe. `Send to both by DM` brings it \
             to your DMs; it takes both of you."
            .into(),
    }
}

/// Under a line that says it takes both. `pace` and `upcoming`: how often and when check-ins would come, if that is what is proposed.
pub fn proposed(proposal: &Proposal, by: PersonId, pace: Pace, upcoming: &[Timestamp]) -> String {
    let partner = by;
    let by = name(by);
    match proposal {
        Proposal::MoveToDms => format!("{by} would like to move your conversations to your DMs."),
        Proposal::MoveToChannel => format!("{by} would like a private channel for the two of you."),
        Proposal::OpeningHour { hour: Some(hour) } => format!(
            "{by} would like answers to open at {} ({}), instead of the moment the second one is in.",
            hour.at,
            hour.zone.name()
        ),
        Proposal::OpeningHour { hour: None } => {
            format!("{by} would like answers to open the moment the second one is in, at any hour.")
        }
        Proposal::Length { length } => conversation::proposed(partner, *length),
        Proposal::Schedule { slot } => checkins::proposed(partner, slot, pace, upcoming),
        Proposal::AnotherQuestion { .. } => {
            format!("{by} would like another question instead of this one.")
        }
        Proposal::SendByDm { .. } => format!("{by} would like it sent to both of you by DM."),
    }
}

pub fn proposal_waits() -> &'static str {
    "Noted. It takes both of you: your partner is asked, and it happens when they agree."
}

pub fn send_by_dm_waits() -> &'static str {
    "Noted. It goes out once you have both pressed this."
}

pub fn swap_proposed() -> &'static str {
    "Asked. If your partner would like another question, too, this one is swapped. Anything you seal here until then would go with it."
}

pub fn agreed(proposal: &Proposal) -> &'static str {
    match proposal {
        Proposal::MoveToDms => "Agreed. From now on you meet in your DMs.",
        Proposal::MoveToChannel => "Agreed. I'm making the channel and will call you both when it is ready.",
        Proposal::OpeningHour { hour: Some(_) } => "Agreed. Answers open at that hour from now on.",
        Proposal::OpeningHour { hour: None } => "Agreed. Answers open the moment both are in.",
        Proposal::Length { length } => conversation::agreed(*length),
        Proposal::Schedule { .. } => "Agreed. Your check-ins come then. `/checkin status` shows the next ones.",
        Proposal::AnotherQuestion { .. } => "Agreed. The card shows another question.",
        Proposal::SendByDm { .. } => "Agreed. It is on its way to both of you.",
    }
}

pub fn not_now() -> &'static str {
    "Fine. It stays as it is."
}

// ---- Asking ----

pub fn new_question() -> &'static str {
    "A question for you both."
}

/// `theme`: the one that was asked for. What is said of an opt-in one is the same whatever the reason.
pub fn question_on_its_way(exact: bool, theme: Option<Theme>) -> String {
    match theme.filter(|theme| theme.is_opt_in()) {
        _ if exact => "It is on its way.".to_owned(),
        None => "Not in the bag just now. Here is the nearest one.".to_owned(),
        Some(theme) => format!(
            "Not in the bag just now. Here is the nearest one.\n-# Questions on “{theme}” come only when both of you asked for them \
             (`/settings`, then `More themes`), and not at every moment."
        ),
    }
}

/// Names of themes in a row, or that there are none.
pub fn themes(themes: &BTreeSet<Theme>) -> String {
    if themes.is_empty() { "none".to_owned() } else { themes.iter().map(|theme| theme.name()).collect::<Vec<_>>().join(" · ") }
}

pub fn more_themes(partner: PersonId, wanted: &BTreeSet<Theme>) -> String {
    format!(
        "**More themes, with {}**\nThese are not for everybody. Each comes only once both of you have asked for it here. Neither of you is \
         shown what the other asked for; with two people it may still be guessed. Leaving one out again takes only one of you.\n\nYou asked for: {}",
        name(partner),
        themes(wanted)
    )
}

/// The body of a prompt card, whatever the round has become.
pub fn card(view: &CardView) -> String {
    let shown = view.round.shown(view.line);
    match shown.state {
        Standing::Asking { .. } | Standing::Opening { .. } => {}
        Standing::Revealed { held } => {
            let state = if held { "Both answers are in." } else { "Both answers are open." };
            return format!("{}\n\n{state}", heading(&view.asked));
        }
        Standing::Ended(how) => return ended(how),
    }
    let mut text = match &view.asked {
        Asked::CheckIn => checkins::asks(view.round.question.fields().len()),
        asked => heading(asked),
    };
    if let Asked::Library(prompt) = &view.asked {
        text.push_str(&format!("\n{}\n\n*Listening:* {}", prompt.help, prompt.listen));
    }
    text.push_str("\n\n");
    text.push_str(&opens(view, shown));
    match shown.state {
        Standing::Asking { sealed: 1.. } => text.push_str("\n1 of 2 sealed"),
        Standing::Opening { .. } => text.push_str("\n2 of 2 sealed"),
        _ => {}
    }
    text
}

fn opens(view: &CardView, shown: Shown) -> String {
    let closes = when(shown.closes_at);
    match (shown.state, &view.couple.opening) {
        (Standing::Opening { at }, _) => format!("Opens {}.", when(at)),
        (_, Some(hour)) => format!(
            "Opens at your hour, {} ({}), when both have answered. There is time until {closes}.",
            hour.at,
            hour.zone.name()
        ),
        (_, None) => format!("Opens when both have answered. There is time until {closes}."),
    }
}

fn heading(asked: &Asked) -> String {
    match asked {
        Asked::Library(prompt) => format!("**{}**", prompt.ask),
        Asked::Own { by, question } => format!(
            "{} asks, in their own words. Answer, pass or another question: all are fine.\n\n{}",
            name(*by),
            question.as_ref().map_or_else(|| privacy::removed().to_owned(), |question| quoted(question.expose()))
        ),
        Asked::CheckIn => "**Check-in**".into(),
    }
}

/// Somebody's own words. Each line behind a mark, and nothing else changed: no markup reaches out of a quotation. A carriage return alone ends a line, too
/// (`CommonMark` 0.31, "line ending").
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 64);
    quoted.push_str("> ");
    let mut left = text.chars().peekable();
    while let Some(c) = left.next() {
        quoted.push(c);
        if c == '\n' || (c == '\r' && left.peek() != Some(&'\n')) {
            quoted.push_str("> ");
        }
    }
    quoted
}

fn ended(how: Ending) -> String {
    match how {
        Ending::Lapsed | Ending::Parted => "This one closed without opening. Nothing was shown.".into(),
        Ending::Openly(by) => format!("{} would rather skip this one. That is fine.", name(by)),
        Ending::Replaced => "This one made room for another question. Nothing was shown.".into(),
    }
}

pub fn why(view: &CardView) -> String {
    match &view.asked {
        Asked::Library(prompt) => {
            let why = format!(
                "**{}**\nTheme: {}\nWhat it trains: {}\nDepth: {}",
                prompt.ask,
                prompt.theme,
                capacity(prompt.capacity),
                prompt.depth
            );
            let flags: Vec<_> = prompt.flags.iter().map(|flag| flag.name()).collect();
            if flags.is_empty() { why } else { format!("{why}\nIt may touch on: {}", flags.join(" · ")) }
        }
        Asked::CheckIn => checkins::why().into(),
        Asked::Own { by, .. } => format!("{} asked this in their own words. It is in no deck.", name(*by)),
    }
}

fn capacity(capacity: crate::domain::library::Capacity) -> &'static str {
    use crate::domain::library::Capacity;
    match capacity {
        Capacity::KnowMe => "know-me, noticing what is going on in yourself",
        Capacity::SayMe => "say-me, saying it as yours, without fear of the reaction",
        Capacity::SteadyMe => "steady-me, staying calm enough to stay yourself",
        Capacity::HearYou => "hear-you, taking in the other without losing yourself",
        Capacity::RoomForBoth => "room-for-both, letting two different people be two",
        Capacity::GrowUs => "grow-us, keeping what you share alive",
    }
}

pub fn swapped() -> &'static str {
    "The card shows another question."
}

// ---- Answering ----

pub fn answer_title() -> &'static str {
    "Your answer"
}

pub fn sending_seals(view: &CardView) -> String {
    match (&view.couple.opening, view.paused_until) {
        (None, None) => "Sending seals this. If both are in, they open at once.".into(),
        (None, Some(until)) => format!("Sending seals this. If both are in, they open when your pause is over, {}.", when(until)),
        (Some(hour), _) => format!("Sending seals this. If both are in, they open at {} ({}).", hour.at, hour.zone.name()),
    }
}

/// Under one's sealed answer, when one has proposed to swap its question.
pub fn may_go_with_it() -> &'static str {
    "You would like another question here. If your partner agrees, this answer goes with this one."
}

pub fn sealed(view: &CardView) -> String {
    match (&view.round.phase, &view.couple.opening, view.paused_until) {
        (Phase::Revealed { .. }, ..) => "**Sealed, and both are in.** They are opening now.".into(),
        (_, Some(hour), _) => format!(
            "**Sealed.** Only you see this copy. It opens at {} ({}), once both are in. Until then you can change it or take it back.",
            hour.at,
            hour.zone.name()
        ),
        (_, None, Some(until)) => format!(
            "**Sealed.** Only you see this copy. Both open once both are in and your pause is over, {}; until then you can change \
             it or take it back.",
            when(until)
        ),
        (_, None, None) => {
            "**Sealed.** Only you see this copy. Both open as soon as both are in; until then you can change it or take it \
             back."
                .into()
        }
    }
}

pub fn taken_back() -> &'static str {
    "Taken back, and gone from here. You can press `Answer` again, or `Pass`."
}

pub fn passed(round: &Round, who: PersonId) -> String {
    format!(
        "Done. It closes by itself on {}, as if you had been busy. You may still answer.\n\n`Say it openly` ends it at once; the card \
         then reads: “{} would rather skip this one. That is fine.”",
        when(round.closes_at),
        name(who)
    )
}

pub fn said_openly() -> &'static str {
    "Said. The card now reads that you would rather skip this one, and that this is fine."
}

pub fn unopened(view: &CardView, until: Option<Timestamp>) -> String {
    let until = until.map_or_else(String::new, |until| format!(" I keep it until {}, then it is destroyed.", day(until)));
    format!(
        "**Yours, and never opened.** Only you see this copy; take it with you if you like.{until}\n\n{}",
        heading(&view.asked)
    )
}

/// A message's address (reference, message links).
pub fn link(server: ServerId, channel: ChannelId, message: MessageId) -> String {
    format!("https://discord.com/channels/{server}/{channel}/{message}")
}

pub fn it_stands_here(link: &str) -> String {
    format!("It is here: {link}")
}

pub fn yours_again() -> &'static str {
    "What you just wrote was not kept. Here it is, for you alone:"
}

/// What is missing where the permission cannot be looked up at this moment.
pub fn a_permission() -> &'static str {
    "a permission"
}

pub fn it_is_open(link: Option<&str>) -> String {
    match link {
        Some(link) => format!("Both answers are open: {link}"),
        None => "Both answers are in and on their way.".into(),
    }
}

// ---- Reveal ----

/// The title of a question in own words that travels in a private reply.
pub const YOUR_QUESTION: &str = "Your question";

pub fn both_here() -> &'static str {
    "Both answers are here."
}

pub fn two_views(view: &CardView, conversation: Option<&Conversation>) -> String {
    let next = match conversation.filter(|conversation| conversation.stage().is_none() && !conversation.is_over()) {
        Some(conversation) if conversation.length == Length::Short => {
            " `Appreciate` is for one specific thing, from each of you.".to_owned()
        }
        Some(conversation) => format!(
            " {} listens first: press `Mirror` and say what you heard. You don't have to agree.",
            name(conversation.listener)
        ),
        None => String::new(),
    };
    format!(
        "{}\n\nTwo people, two views. Neither is the right one.\nLong or short, both are whole answers.{next}",
        heading(&view.asked),
    )
}

// ---- Leaving ----

pub fn unpair_question(other: PersonId) -> String {
    format!(
        "Leave your couple with {}? It takes effect at once and needs nobody else. They get no alarm: your place says “This space is \
         closed.” when it is touched next. Sealed answers stay shut. After 30 days I destroy the keys, and with them all I keep of \
         your words. What stands in Discord stays until it is deleted there.",
        name(other)
    )
}

pub fn unpaired() -> &'static str {
    "Done. You have left. Nothing further will come from here. If you need somebody to talk to, `/safety` lists people who listen."
}

pub fn stayed() -> &'static str {
    "Nothing changed."
}

// ---- Settings ----

pub fn which_couple() -> &'static str {
    "Which couple do you mean?"
}

pub fn hour_unknown() -> &'static str {
    "I couldn't read that as a time of day. Write it like 21:00. Nothing was changed."
}

// ---- Edges ----

pub fn old_button() -> &'static str {
    "That button is from an older message. `/ask` brings up what is open now, `/help` shows the rest."
}

/// What has to be typed before all of something goes.
pub const DELETE_WORD: &str = "delete";

pub fn not_deleted() -> &'static str {
    "Nothing was deleted."
}

pub fn unknown_command() -> &'static str {
    "I don't know that one yet. `/help` shows what there is."
}

pub fn done_already() -> &'static str {
    "That was dealt with a moment ago. If you don't see what you expected, press once more."
}

pub fn space_closed() -> &'static str {
    "This space is closed."
}

pub fn broken(reference: &str) -> String {
    format!(
        "Something went wrong on my side. Please try again in a moment. If it stays, tell whoever runs me this reference: `{reference}`."
    )
}

/// Our failure in the middle of a submit: the text comes back with it.
pub fn broken_submit() -> &'static str {
    "Your answer may not have been kept: press `Answer` to see. Here is what you wrote, for you alone:"
}

/// The same where nothing was to be sealed.
pub fn broken_writing() -> &'static str {
    "It may not have been kept. Here is what you wrote, for you alone:"
}

/// A submit that did not fit comes back to its author, so that nothing is lost.
pub fn too_long(over: usize) -> String {
    format!("That is {over} over what fits, so it was not sealed. Here is your text: shorten it and send it again.")
}

fn no_home() -> &'static str {
    "The two of you have no place to meet at the moment. There are two ways. `Make our channel`: for that I need *Manage Channels* in \
     your server, which an admin can give me. `Move to our DMs`: for that each of you has to take direct messages from the server's \
     members. Either takes both of you."
}

// ---- Texts ----

/// One quiet line under every private card.
pub fn safety_link(command: Option<i64>) -> String {
    match command {
        Some(id) => format!("-# Not feeling safe? </safety:{id}>"),
        None => "-# Not feeling safe? `/safety`".into(),
    }
}

/// Whether a text is that line and nothing else.
pub fn is_safety_link(text: &str) -> bool {
    text.starts_with("-# Not feeling safe? ") && !text.contains('\n')
}

pub fn help() -> &'static str {
    "**Duet asks two people one question, keeps both answers sealed, and opens them together.**\n\
     `/pair with:` invites someone. In servers only.\n\
     `/ask` brings a question. Add `theme:`, `depth:`, or your own `question:`.\n\
     On the card: `Answer` writes in private. `Pass` needs no reason. `Another question` swaps it while nothing is sealed. `Why this \
     one?` tells what it is for, and offers a minute to settle.\n\
     After `Answer`: `Edit` and `Take back`, until both are in.\n\
     `/checkin schedule` proposes a weekly check-in; `now`, `skip`, `away` and `status` are there, too. `/insights` draws what opened.\n\
     `/board add` puts up a boundary, need, goal or interest for the other to see; `/board list` shows what stands.\n\
     Under a reveal: `Mirror` says what you heard, `Appreciate` one specific thing. `Skip` is on every step, and `Close` ends it.\n\
     `/pause` a break with a time of return: alone, without a reason. Nothing is lost meanwhile.\n\
     In the menu of a message of mine, under `Apps`: `Keep this` saves what opened for you alone, and `/kept` lists it; `Remove my words` \
     takes away what you wrote there.\n\
     `/settings` your zone, quiet hours, nudges, depth, themes, time to answer, how far conversations go.\n\
     `/reflect now` is for you alone: a practice of a minute or three. `/journal` keeps what you write there, \
     `/journal export` sends it to you as files.\n\
     `/unpair` leaves: at once, alone.\n\
     `/privacy` what is stored, and who can read it.\n\
     `/safety` help that is private and not recorded."
}

pub fn safety() -> &'static str {
    "**This is only for you, and nothing about it is recorded.**\n\
     Duet is not therapy, and it is not made for when you are afraid of your partner. You owe nobody an answer here: you can pass, or \
     leave with `/unpair`, at once and alone.\n\n\
     **In danger now?** Call your local emergency number: 112 in Europe and on most mobile phones, 911 in North America, 999 in the \
     UK, 000 in Australia.\n\
     **Somebody to talk to, anywhere:** findahelpline.com lists helplines by country; nomoredirectory.org lists help against violence \
     at home in more than 200 countries and territories.\n\
     **A few by country:** United States 1-800-799-7233 · United Kingdom 0808 2000 247 · Germany 116 016 · France 3919 · Spain 016 · \
     Australia 1800 737 732\n\n\
     If this device may be watched, use a safer one: a friend's phone, a library's computer."
}

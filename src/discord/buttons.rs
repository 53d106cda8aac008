//! What a press means: a button or select, to a custom id and back. Typed and versioned, so that a press works after a restart,
//! for weeks, and a button of another version is told from nonsense.
//!
//! A custom id is `d1:<verb>:<argument>…`, and on a posted message ends in `~<notice>`: by it a message of ours is found again
//! in a channel's history (Discord does not give nonces back). At most 100 characters (components/reference).

mod board;
mod keeping;
mod talk;

use crate::domain::checkin::{Rated, Tap};
use crate::domain::conversation::Length;
use crate::domain::hours::Minute;
use crate::domain::ids::{
    ChannelId, CoupleId, EntryId, InvitationId, MessageId, NoticeId, PassageId, PersonId, RoundId, SittingId,
};
use crate::domain::library::{Depth, Exercise, Occasion, Theme};
use crate::domain::pause;
use crate::domain::person::Nudges;
use crate::domain::proposal::Kind;
use crate::domain::schedule::{Day, Pace};

pub use self::board::OnBoard;
pub use self::keeping::Keeping;
pub use self::talk::Talk;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    // Pairing.
    SendInvitation(PersonId),
    PostInvitation(InvitationId),
    Accept(InvitationId),
    Decline(InvitationId),
    NoMoreInvitations(InvitationId),
    // A couple and its home.
    FirstQuestion(CoupleId),
    MoveToDms(CoupleId),
    MakeOurChannel(CoupleId),
    /// With when it was proposed, in seconds: it agrees to that and to nothing newer.
    Agree(CoupleId, Kind, i64),
    NotNow(CoupleId, Kind),
    // A round.
    Answer(RoundId),
    Edit(RoundId),
    TakeBack(RoundId),
    Pass(RoundId),
    SayItOpenly(RoundId),
    /// With how often the question had been swapped when this stood on the card: a second press of it swaps nothing more.
    AnotherQuestion(RoundId, u8),
    WhyThisOne(RoundId),
    MinuteFirst(RoundId),
    KeepUnopened(RoundId),
    SendByDm(RoundId),
    GoTo(RoundId),
    CloseAndAsk(RoundId, Option<Theme>, Option<Depth>, Option<Occasion>),
    // Which couple is meant, where the place does not tell.
    AskIn(CoupleId, Option<Theme>, Option<Depth>),
    /// The page for a question in own words.
    WriteOurOwn(CoupleId),
    /// `/ask` again, after an opened round was read that could not be brought before.
    AskNow(CoupleId, Option<Theme>, Option<Depth>),
    SettingsIn(CoupleId),
    UnpairIn(CoupleId),
    // The conversation after a reveal.
    Talk(RoundId, Talk),
    // A check-in.
    Rate(RoundId, Rated, Tap),
    RateAt(RoundId, Rated),
    Lines(RoundId),
    // When check-ins come.
    /// The default day and time.
    MakeWeekly(CoupleId),
    ProposeIn(CoupleId, Day, Minute),
    CheckIns(CoupleId),
    CheckInNow(CoupleId),
    SkipNext(CoupleId),
    /// Until then, in seconds.
    Away(CoupleId, i64),
    Back(CoupleId),
    Pace(CoupleId, Pace),
    Short(CoupleId, bool),
    AnotherDay(CoupleId),
    DayChosen(CoupleId),
    Break(CoupleId),
    AsItIs,
    InsightsIn(CoupleId),
    // A pause.
    /// Asks for how long, or shows the one that runs.
    Pause(CoupleId),
    PauseFor(CoupleId, pause::Length),
    /// With the end that stood beside it, in seconds: a second press adds nothing more.
    MoreTime(CoupleId, i64),
    Settle(CoupleId),
    RepairQuestion(CoupleId),
    NoRepairNow(CoupleId),
    // A nudge.
    NotThisOne(RoundId),
    /// With what it was sent under: a second press takes no second step.
    Fewer(Nudges),
    // One's own reflections and journal.
    Reflect(Option<Exercise>),
    WriteEntry(SittingId),
    /// The page after this entry, of this kind, in these seconds.
    Older(EntryId, Option<Exercise>, Option<(i64, i64)>),
    DeleteEntry(EntryId),
    DeleteEntryNow(EntryId),
    /// What was written in these seconds.
    DeleteEntries(i64, i64),
    KeepEntries,
    /// In the DM that brought them.
    RemoveFiles,
    // A passage for the partner.
    SharePassage(EntryId),
    SharePassageIn(EntryId, CoupleId),
    /// With where its author was told that it would stand; nothing for the DMs.
    PostPassage(PassageId, CoupleId, Option<ChannelId>),
    KeepToMyself,
    HowToListen,
    // The board.
    OnBoard(OnBoard),
    // What was typed in the DM.
    /// From this message on.
    KeepTyped(MessageId),
    LeaveTyped,
    UndoTyped(EntryId),
    /// What was deleted in the chat.
    DeleteGone(EntryId),
    KeepGone(EntryId),
    // What opened, kept or taken away again.
    Keeping(Keeping),
    // Leaving.
    Unpair(CoupleId),
    Stay,
    // What Duet keeps.
    Privacy,
    ExportMine,
    /// This part, which begins after this round.
    ExportRest(RoundId, u32),
    DeleteMine,
    // Settings.
    Ceiling(CoupleId),
    Vetoes(CoupleId),
    /// The card of the opt-in themes, and the choice on it.
    MoreThemes(CoupleId),
    OptIns(CoupleId),
    Window(CoupleId),
    Line(CoupleId, bool),
    QuietHours(Option<CoupleId>),
    OpeningHour(CoupleId),
    Length(CoupleId, Length),
    Nudges(Option<CoupleId>, Nudges),
}

const VERSION: &str = "d1";

/// How every custom id of a posted message ends.
pub fn mark(notice: NoticeId) -> String {
    format!("~{}", super::card::nonce(notice))
}

impl Button {
    /// The custom id in a private reply, which needs no finding again.
    pub fn id(self) -> String {
        let (verb, arguments) = self.parts();
        let mut id = format!("{VERSION}:{verb}");
        for argument in arguments {
            id.push(':');
            id.push_str(&argument);
        }
        id
    }

    /// The custom id on a posted message.
    pub fn id_in(self, notice: NoticeId) -> String {
        format!("{}{}", self.id(), mark(notice))
    }

    /// `None` for an id of another version, or none of ours.
    pub fn parse(id: &str) -> Option<Self> {
        let own = id.split_once('~').map_or(id, |(own, _)| own);
        let mut parts = own.split(':');
        if parts.next() != Some(VERSION) {
            return None;
        }
        let verb = parts.next()?;
        let arguments: Vec<&str> = parts.collect();
        let first = || arguments.first().copied().unwrap_or_default();
        let couple = || first().parse::<CoupleId>().ok();
        let round = || first().parse::<RoundId>().ok();
        let invitation = || first().parse::<InvitationId>().ok();
        let kind = || Kind::named(arguments.get(1)?);
        let rated = || Rated::from_slug(arguments.get(1)?);
        let theme = || arguments.get(1).and_then(|slug| slug.parse().ok());
        let depth = || arguments.get(2).and_then(|name| name.parse().ok());
        Some(match verb {
            "send_invitation" => Self::SendInvitation(first().parse().ok()?),
            "post_invitation" => Self::PostInvitation(invitation()?),
            "accept" => Self::Accept(invitation()?),
            "decline" => Self::Decline(invitation()?),
            "no_more" => Self::NoMoreInvitations(invitation()?),
            "first_question" => Self::FirstQuestion(couple()?),
            "move_to_dms" => Self::MoveToDms(couple()?),
            "make_channel" => Self::MakeOurChannel(couple()?),
            "agree" => Self::Agree(couple()?, kind()?, i64::from_str_radix(arguments.get(2)?, 16).ok()?),
            "not_now" => Self::NotNow(couple()?, kind()?),
            "answer" => Self::Answer(round()?),
            "edit" => Self::Edit(round()?),
            "take_back" => Self::TakeBack(round()?),
            "pass" => Self::Pass(round()?),
            "say_openly" => Self::SayItOpenly(round()?),
            "another" => Self::AnotherQuestion(round()?, arguments.get(1)?.parse().ok()?),
            "why" => Self::WhyThisOne(round()?),
            "minute" => Self::MinuteFirst(round()?),
            "keep" => Self::KeepUnopened(round()?),
            "send_by_dm" => Self::SendByDm(round()?),
            "go_to" => Self::GoTo(round()?),
            "close_and_ask" => Self::CloseAndAsk(round()?, theme(), depth(), arguments.get(3).and_then(|word| word.parse().ok())),
            "ask_in" => Self::AskIn(couple()?, theme(), depth()),
            "ask_now" => Self::AskNow(couple()?, theme(), depth()),
            "write_our_own" => Self::WriteOurOwn(couple()?),
            "settings_in" => Self::SettingsIn(couple()?),
            "unpair_in" => Self::UnpairIn(couple()?),
            "rate" => Self::Rate(round()?, rated()?, Tap::from_slug(arguments.get(2)?)?),
            "rate_at" => Self::RateAt(round()?, rated()?),
            "lines" => Self::Lines(round()?),
            "make_weekly" => Self::MakeWeekly(couple()?),
            "propose_in" => Self::ProposeIn(couple()?, arguments.get(1)?.parse().ok()?, minute(arguments.get(2)?)?),
            "check_ins" => Self::CheckIns(couple()?),
            "check_in_now" => Self::CheckInNow(couple()?),
            "skip_next" => Self::SkipNext(couple()?),
            "away" => Self::Away(couple()?, i64::from_str_radix(arguments.get(1)?, 16).ok()?),
            "back" => Self::Back(couple()?),
            "pace" => Self::Pace(couple()?, Pace::named(arguments.get(1)?)?),
            "short" => Self::Short(couple()?, *arguments.get(1)? == "on"),
            "another_day" => Self::AnotherDay(couple()?),
            "day" => Self::DayChosen(couple()?),
            "break" => Self::Break(couple()?),
            "as_it_is" => Self::AsItIs,
            "insights_in" => Self::InsightsIn(couple()?),
            "pause" => Self::Pause(couple()?),
            "pause_for" => Self::PauseFor(couple()?, pause::Length::named(arguments.get(1)?)?),
            "more_time" => Self::MoreTime(couple()?, seconds(arguments.get(1)?)?),
            "settle" => Self::Settle(couple()?),
            "repair_question" => Self::RepairQuestion(couple()?),
            "no_repair" => Self::NoRepairNow(couple()?),
            "not_this_one" => Self::NotThisOne(round()?),
            "fewer" => Self::Fewer(Nudges::named(first())?),
            "unpair" => Self::Unpair(couple()?),
            "stay" => Self::Stay,
            "ceiling" => Self::Ceiling(couple()?),
            "vetoes" => Self::Vetoes(couple()?),
            "more_themes" => Self::MoreThemes(couple()?),
            "opt_ins" => Self::OptIns(couple()?),
            "window" => Self::Window(couple()?),
            "line" => Self::Line(couple()?, *arguments.get(1)? == "on"),
            "quiet_hours" => Self::QuietHours(couple()),
            "opening_hour" => Self::OpeningHour(couple()?),
            "length" => Self::Length(couple()?, Length::named(arguments.get(1)?)?),
            "nudges" => Self::Nudges(arguments.get(1).and_then(|id| id.parse().ok()), Nudges::named(first())?),
            _ => return Self::of_a_conversation(verb, &arguments).or_else(|| Self::of_oneself(verb, &arguments)),
        })
    }

    /// What the two do after a reveal.
    fn of_a_conversation(verb: &str, arguments: &[&str]) -> Option<Self> {
        let (round, rest) = arguments.split_first()?;
        Some(Self::Talk(round.parse().ok()?, Talk::named(verb, rest)?))
    }

    /// What one does for oneself: reflections, the journal, one's data.
    fn of_oneself(verb: &str, arguments: &[&str]) -> Option<Self> {
        let first = || arguments.first().copied().unwrap_or_default();
        let entry = || first().parse::<EntryId>().ok();
        Some(match verb {
            "reflect" => Self::Reflect(first().parse().ok()),
            "write" => Self::WriteEntry(first().parse().ok()?),
            "older" => {
                let stretch = arguments.get(2).and_then(|from| Some((seconds(from)?, seconds(arguments.get(3)?)?)));
                Self::Older(entry()?, arguments.get(1)?.parse().ok(), stretch)
            }
            "delete_entry" => Self::DeleteEntry(entry()?),
            "delete_entry_now" => Self::DeleteEntryNow(entry()?),
            "delete_entries" => Self::DeleteEntries(seconds(first())?, seconds(arguments.get(1)?)?),
            "keep_entries" => Self::KeepEntries,
            "remove_files" => Self::RemoveFiles,
            "share" => Self::SharePassage(entry()?),
            "share_in" => Self::SharePassageIn(entry()?, arguments.get(1)?.parse().ok()?),
            "post" => {
                let channel = arguments.get(2).map(|id| id.parse()).transpose().ok()?;
                Self::PostPassage(first().parse().ok()?, arguments.get(1)?.parse().ok()?, channel)
            }
            "keep_to_myself" => Self::KeepToMyself,
            "how_to_listen" => Self::HowToListen,
            "keep_typed" => Self::KeepTyped(first().parse().ok()?),
            "leave_typed" => Self::LeaveTyped,
            "undo_typed" => Self::UndoTyped(entry()?),
            "delete_gone" => Self::DeleteGone(entry()?),
            "keep_gone" => Self::KeepGone(entry()?),
            "privacy" => Self::Privacy,
            "export_mine" => Self::ExportMine,
            "export_rest" => Self::ExportRest(first().parse().ok()?, arguments.get(1)?.parse().ok()?),
            "delete_mine" => Self::DeleteMine,
            _ => match Keeping::parse(verb, arguments) {
                Some(press) => Self::Keeping(press),
                None => Self::OnBoard(OnBoard::parse(verb, arguments)?),
            },
        })
    }

    fn parts(self) -> (&'static str, Vec<String>) {
        let one = |id: &dyn std::fmt::Display| vec![id.to_string()];
        match self {
            Self::SendInvitation(person) => ("send_invitation", one(&person)),
            Self::PostInvitation(id) => ("post_invitation", one(&id)),
            Self::Accept(id) => ("accept", one(&id)),
            Self::Decline(id) => ("decline", one(&id)),
            Self::NoMoreInvitations(id) => ("no_more", one(&id)),
            Self::FirstQuestion(id) => ("first_question", one(&id)),
            Self::MoveToDms(id) => ("move_to_dms", one(&id)),
            Self::MakeOurChannel(id) => ("make_channel", one(&id)),
            // In hexadecimal it just fits beside the longest kind.
            Self::Agree(id, kind, at) => ("agree", vec![id.to_string(), kind.name().to_owned(), format!("{at:x}")]),
            Self::NotNow(id, kind) => ("not_now", vec![id.to_string(), kind.name().to_owned()]),
            Self::Answer(id) => ("answer", one(&id)),
            Self::Edit(id) => ("edit", one(&id)),
            Self::TakeBack(id) => ("take_back", one(&id)),
            Self::Pass(id) => ("pass", one(&id)),
            Self::SayItOpenly(id) => ("say_openly", one(&id)),
            Self::AnotherQuestion(id, swaps) => ("another", vec![id.to_string(), swaps.to_string()]),
            Self::WhyThisOne(id) => ("why", one(&id)),
            Self::MinuteFirst(id) => ("minute", one(&id)),
            Self::KeepUnopened(id) => ("keep", one(&id)),
            Self::SendByDm(id) => ("send_by_dm", one(&id)),
            Self::GoTo(id) => ("go_to", one(&id)),
            Self::CloseAndAsk(id, theme, depth, occasion) => ("close_and_ask", asked_for(&id, theme, depth, occasion)),
            Self::AskIn(id, theme, depth) => ("ask_in", wish(&id, theme, depth)),
            Self::AskNow(id, theme, depth) => ("ask_now", wish(&id, theme, depth)),
            Self::WriteOurOwn(id) => ("write_our_own", one(&id)),
            Self::SettingsIn(id) => ("settings_in", one(&id)),
            Self::UnpairIn(id) => ("unpair_in", one(&id)),
            Self::Talk(id, talk) => talk.parts(id),
            Self::Rate(id, rated, tap) => ("rate", vec![id.to_string(), rated.slug().to_owned(), tap.slug().to_owned()]),
            Self::RateAt(id, rated) => ("rate_at", vec![id.to_string(), rated.slug().to_owned()]),
            Self::Lines(id) => ("lines", one(&id)),
            Self::MakeWeekly(id) => ("make_weekly", one(&id)),
            Self::ProposeIn(id, day, at) => ("propose_in", slot(&id, day, at)),
            Self::CheckIns(id) => ("check_ins", one(&id)),
            Self::CheckInNow(id) => ("check_in_now", one(&id)),
            Self::SkipNext(id) => ("skip_next", one(&id)),
            Self::Away(id, until) => ("away", vec![id.to_string(), format!("{until:x}")]),
            Self::Back(id) => ("back", one(&id)),
            Self::Pace(id, pace) => ("pace", vec![id.to_string(), pace.name().to_owned()]),
            Self::Short(id, on) => ("short", vec![id.to_string(), if on { "on" } else { "off" }.to_owned()]),
            Self::AnotherDay(id) => ("another_day", one(&id)),
            Self::DayChosen(id) => ("day", one(&id)),
            Self::Break(id) => ("break", one(&id)),
            Self::AsItIs => ("as_it_is", Vec::new()),
            Self::InsightsIn(id) => ("insights_in", one(&id)),
            Self::Pause(id) => ("pause", one(&id)),
            Self::PauseFor(id, length) => ("pause_for", vec![id.to_string(), length.name().to_owned()]),
            Self::MoreTime(id, seen) => ("more_time", vec![id.to_string(), format!("{seen:x}")]),
            Self::Settle(id) => ("settle", one(&id)),
            Self::RepairQuestion(id) => ("repair_question", one(&id)),
            Self::NoRepairNow(id) => ("no_repair", one(&id)),
            Self::NotThisOne(id) => ("not_this_one", one(&id)),
            Self::Fewer(nudges) => ("fewer", vec![nudges.name().to_owned()]),
            Self::Reflect(kind) => ("reflect", kind.map(|kind| kind.name().to_owned()).into_iter().collect()),
            Self::WriteEntry(id) => ("write", one(&id)),
            Self::Older(id, kind, stretch) => {
                let mut arguments = vec![id.to_string(), kind.map_or_else(String::new, |kind| kind.name().to_owned())];
                arguments.extend(stretch.into_iter().flat_map(|(from, until)| [format!("{from:x}"), format!("{until:x}")]));
                ("older", arguments)
            }
            Self::DeleteEntry(id) => ("delete_entry", one(&id)),
            Self::DeleteEntryNow(id) => ("delete_entry_now", one(&id)),
            Self::DeleteEntries(from, until) => ("delete_entries", vec![format!("{from:x}"), format!("{until:x}")]),
            Self::KeepEntries => ("keep_entries", Vec::new()),
            Self::RemoveFiles => ("remove_files", Vec::new()),
            Self::SharePassage(id) => ("share", one(&id)),
            Self::SharePassageIn(id, couple) => ("share_in", vec![id.to_string(), couple.to_string()]),
            Self::PostPassage(id, couple, channel) => {
                ("post", [id.to_string(), couple.to_string()].into_iter().chain(channel.map(|id| id.to_string())).collect())
            }
            Self::KeepToMyself => ("keep_to_myself", Vec::new()),
            Self::HowToListen => ("how_to_listen", Vec::new()),
            Self::OnBoard(press) => press.parts(),
            Self::KeepTyped(id) => ("keep_typed", one(&id)),
            Self::LeaveTyped => ("leave_typed", Vec::new()),
            Self::UndoTyped(id) => ("undo_typed", one(&id)),
            Self::DeleteGone(id) => ("delete_gone", one(&id)),
            Self::KeepGone(id) => ("keep_gone", one(&id)),
            Self::Keeping(press) => press.parts(),
            Self::Unpair(id) => ("unpair", one(&id)),
            Self::Stay => ("stay", Vec::new()),
            Self::Privacy => ("privacy", Vec::new()),
            Self::ExportMine => ("export_mine", Vec::new()),
            Self::ExportRest(id, part) => ("export_rest", vec![id.to_string(), part.to_string()]),
            Self::DeleteMine => ("delete_mine", Vec::new()),
            Self::Ceiling(id) => ("ceiling", one(&id)),
            Self::Vetoes(id) => ("vetoes", one(&id)),
            Self::MoreThemes(id) => ("more_themes", one(&id)),
            Self::OptIns(id) => ("opt_ins", one(&id)),
            Self::Window(id) => ("window", one(&id)),
            Self::Line(id, on) => ("line", vec![id.to_string(), if on { "on" } else { "off" }.to_owned()]),
            Self::QuietHours(id) => ("quiet_hours", id.map(|id| id.to_string()).into_iter().collect()),
            Self::OpeningHour(id) => ("opening_hour", one(&id)),
            Self::Length(id, length) => ("length", vec![id.to_string(), length.name().to_owned()]),
            Self::Nudges(id, nudges) => {
                ("nudges", [Some(nudges.name().to_owned()), id.map(|id| id.to_string())].into_iter().flatten().collect())
            }
        }
    }
}

fn slot(id: &dyn std::fmt::Display, day: Day, at: Minute) -> Vec<String> {
    vec![id.to_string(), day.slug().to_owned(), at.since_midnight().to_string()]
}

/// What is asked for and in which moment, after the id that it is about.
fn asked_for(id: &dyn std::fmt::Display, theme: Option<Theme>, depth: Option<Depth>, occasion: Option<Occasion>) -> Vec<String> {
    wish(id, theme, depth).into_iter().chain(occasion.map(|occasion| occasion.name().to_owned())).collect()
}

/// What is asked for, after the id that it is about.
fn wish(id: &dyn std::fmt::Display, theme: Option<Theme>, depth: Option<Depth>) -> Vec<String> {
    vec![
        id.to_string(),
        theme.map_or_else(String::new, |theme| theme.slug().to_owned()),
        depth.map_or_else(String::new, |depth| depth.name().to_owned()),
    ]
}

/// In hexadecimal, so that two fit beside an id. Rust writes one below zero as if it were unsigned.
fn seconds(text: &str) -> Option<i64> {
    u64::from_str_radix(text, 16).ok().map(u64::cast_signed)
}

/// Minutes since midnight.
fn minute(text: &str) -> Option<Minute> {
    Minute::new(text.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::board;
    use crate::domain::checkin::Rating;
    use crate::domain::ids::ItemId;

    fn of_oneself(uuid: Uuid) -> Vec<Button> {
        let (entry, message) = (EntryId(uuid), MessageId(i64::MAX));
        let mut buttons = vec![
            Button::Reflect(None),
            Button::WriteEntry(SittingId(uuid)),
            Button::DeleteEntry(entry),
            Button::DeleteEntryNow(entry),
            Button::DeleteEntries(-377_705_023_201, 253_402_207_200),
            Button::KeepEntries,
            Button::RemoveFiles,
            Button::SharePassage(entry),
            Button::KeepToMyself,
            Button::HowToListen,
            Button::KeepTyped(message),
            Button::LeaveTyped,
            Button::UndoTyped(entry),
            Button::DeleteGone(entry),
            Button::KeepGone(entry),
            Button::Privacy,
            Button::ExportMine,
            Button::ExportRest(RoundId(uuid), u32::MAX),
            Button::DeleteMine,
        ];
        for kind in Exercise::ALL {
            buttons.push(Button::Reflect(Some(kind)));
            assert!(Button::Older(entry, Some(kind), Some((1_790_000_000, 1_790_000_000))).id().len() <= 100);
        }
        buttons.extend([Button::Older(entry, None, None), Button::Older(entry, None, Some((1, 2)))]);
        buttons
    }

    #[test]
    fn every_button_is_read_back_and_fits_one_hundred_characters() {
        let uuid = Uuid::from_u128(0x0199_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0000);
        let (couple, round, invitation) = (CoupleId(uuid), RoundId(uuid), InvitationId(uuid));
        let mut buttons = vec![
            Button::SendInvitation(PersonId(i64::MAX)),
            Button::PostInvitation(invitation),
            Button::Accept(invitation),
            Button::Decline(invitation),
            Button::NoMoreInvitations(invitation),
            Button::FirstQuestion(couple),
            Button::MoveToDms(couple),
            Button::MakeOurChannel(couple),
            Button::Answer(round),
            Button::Edit(round),
            Button::TakeBack(round),
            Button::Pass(round),
            Button::SayItOpenly(round),
            Button::AnotherQuestion(round, 2),
            Button::WhyThisOne(round),
            Button::MinuteFirst(round),
            Button::KeepUnopened(round),
            Button::SendByDm(round),
            Button::GoTo(round),
            Button::SettingsIn(couple),
            Button::UnpairIn(couple),
            Button::Unpair(couple),
            Button::Stay,
            Button::Ceiling(couple),
            Button::Vetoes(couple),
            Button::MoreThemes(couple),
            Button::WriteOurOwn(couple),
            Button::OptIns(couple),
            Button::Window(couple),
            Button::Line(couple, true),
            Button::Line(couple, false),
            Button::QuietHours(None),
            Button::QuietHours(Some(couple)),
            Button::OpeningHour(couple),
            Button::RateAt(round, Rated::Steady),
            Button::Lines(round),
            Button::MakeWeekly(couple),
            Button::CheckIns(couple),
            Button::CheckInNow(couple),
            Button::SkipNext(couple),
            Button::Away(couple, 1_790_000_000),
            Button::Back(couple),
            Button::Short(couple, true),
            Button::AnotherDay(couple),
            Button::DayChosen(couple),
            Button::Break(couple),
            Button::AsItIs,
            Button::InsightsIn(couple),
            Button::NotThisOne(round),
            Button::Pause(couple),
            Button::MoreTime(couple, 1_790_000_000),
            Button::Settle(couple),
            Button::RepairQuestion(couple),
            Button::NoRepairNow(couple),
        ];
        buttons.extend(of_oneself(uuid));
        let item = ItemId(uuid);
        let on_board = [OnBoard::List(couple, u8::MAX), OnBoard::See(item, u32::MAX), OnBoard::Open(item), OnBoard::Edit(item)];
        let on_board = on_board.into_iter().chain([OnBoard::Retire(item), OnBoard::PutBack(item)]);
        buttons.extend(on_board.chain(board::Kind::ALL.map(|kind| OnBoard::Add(couple, kind))).map(Button::from));
        buttons.extend(Talk::all().into_iter().map(|talk| Button::Talk(round, talk)));
        buttons.extend(Length::ALL.map(|length| Button::Length(couple, length)));
        buttons.extend(pause::Length::ALL.map(|length| Button::PauseFor(couple, length)));
        for nudges in Nudges::ALL {
            buttons.extend([Button::Fewer(nudges), Button::Nudges(None, nudges), Button::Nudges(Some(couple), nudges)]);
        }
        buttons.extend(Pace::ALL.map(|pace| Button::Pace(couple, pace)));
        buttons.extend(Day::ALL.map(|day| Button::ProposeIn(couple, day, Minute::MIDNIGHT)));
        for rated in Rated::ALL {
            let taps = (1..=5).filter_map(Rating::new).map(Tap::Given).chain([Tap::Skipped]);
            buttons.extend(taps.map(|tap| Button::Rate(round, rated, tap)));
        }
        for kind in Kind::ALL {
            buttons.push(Button::Agree(couple, kind, 1_790_000_000));
            buttons.push(Button::NotNow(couple, kind));
        }
        for theme in Theme::ALL {
            buttons.push(Button::CloseAndAsk(round, Some(theme), Some(Depth::Personal), Some(Occasion::AfterAPause)));
            buttons.push(Button::AskIn(couple, Some(theme), None));
            buttons.push(Button::AskNow(couple, Some(theme), Some(Depth::Personal)));
        }
        for button in buttons {
            assert_eq!(Button::parse(&button.id()), Some(button));
            let posted = button.id_in(NoticeId(uuid));
            assert_eq!(Button::parse(&posted), Some(button));
            if !matches!(button, Button::CloseAndAsk(..) | Button::AskIn(..) | Button::AskNow(..)) {
                assert!(posted.len() <= 100, "{posted}");
            }
            assert!(button.id().len() <= 100, "{}", button.id());
        }
    }

    #[test]
    fn those_of_private_replies_alone_need_no_finding_again_and_fit_without() {
        let uuid = Uuid::from_u128(0x0199_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0000);
        let (entry, passage, couple) = (EntryId(uuid), PassageId(uuid), CoupleId(uuid));
        let buttons = [
            Button::SharePassageIn(entry, couple),
            Button::PostPassage(passage, couple, None),
            Button::PostPassage(passage, couple, Some(ChannelId(i64::MAX))),
        ];
        for button in buttons {
            assert_eq!(Button::parse(&button.id()), Some(button));
            assert!(button.id().len() <= 100, "{}", button.id());
        }
    }

    #[test]
    fn a_button_of_another_version_is_not_guessed_at() {
        assert_eq!(Button::parse("d0:answer:0199aaaabbbb7ccc8dddeeeeffff0000"), None);
        assert_eq!(Button::parse("d1:sing:1"), None);
        assert_eq!(Button::parse(""), None);
    }
}

//! A no to a person: what is so, and the next step. One for every [`Refusal`]: a new one does not compile until it has its words.

use super::{bag, board, checkins, conversation, day, kept, no_home, pauses, space_closed, too_long, which_couple};
use crate::domain::refusal::Refusal;

pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::PairWithOneself => "A couple takes two. Choose the person you would like to do this with.".into(),
        Refusal::PairWithBot => "That is a bot, and bots have nothing to answer with. Choose a person.".into(),
        Refusal::PairedAlready => "You two are a couple here already. `/ask` brings a question.".into(),
        Refusal::InviteAgainFrom(moment) => {
            format!("You can send an invitation to this person again from {}.", day(*moment))
        }
        Refusal::InvitedByThem(_) => "Their invitation to you is waiting.".into(),
        Refusal::InvitationOver => "This invitation is over. If you would like one again, `/pair` sends it.".into(),
        Refusal::NotYourInvitation => {
            "This invitation is for somebody else to answer. `/help` shows what I can do for you.".into()
        }
        Refusal::NotYourCouple | Refusal::NotYourRound => {
            "This is between two other people. `/help` shows what I can do for you.".into()
        }
        Refusal::NoCouple => "You are not in a couple here yet. In a server, `/pair` invites someone.".into(),
        Refusal::WhichCouple(_) => which_couple().into(),
        Refusal::CoupleEnded => space_closed().into(),
        Refusal::HomeInMaking => "Your place is still being made. I call you both when it is ready.".into(),
        Refusal::NoHome(_) => no_home().into(),
        Refusal::AlreadyInDms => "You meet in your DMs already.".into(),
        Refusal::AlreadyInChannel => "You have your channel already.".into(),
        Refusal::ZoneFirst => "For that I need your time zone first: `/settings zone:` and the nearest large city.".into(),
        Refusal::ZoneUnknown(near) if near.is_empty() => {
            "I don't know a time zone by that name. Type the nearest large city, such as Berlin or New York.".into()
        }
        Refusal::ZoneUnknown(near) => format!("Several fit: {}. Type one of them in full.", near.join(" · ")),
        Refusal::NoSchedule(_) => {
            "There is no weekly check-in yet. `/checkin schedule` proposes one; it takes both of you.".into()
        }
        Refusal::ScheduleRests => checkins::nothing_to_skip().into(),
        Refusal::DayUnknown => {
            "I couldn't read that as a day. Write it like 24 December or 2026-12-24. Nothing was changed.".into()
        }
        Refusal::DayPast => "That day is not ahead of us. Choose one from tomorrow on. Nothing was changed.".into(),
        Refusal::DayTooFar => "That is more than a year ahead. Choose a nearer day; you can set it anew any time.".into(),
        Refusal::NothingOpened => {
            "There is nothing to show yet: this is drawn from check-ins that opened. `/checkin now` has one at any time.".into()
        }
        Refusal::CheckInClosed => "This check-in is closed. `/checkin now` has one at any time.".into(),
        Refusal::CheckInOpen(_) => "One check-in is still open.".into(),
        Refusal::CheckInStays => "A check-in has no other question to swap in. You can skip any part of it, or pass.".into(),
        Refusal::PauseOver => "This pause is over. `/pause` calls another, alone and without a reason.".into(),
        Refusal::PauseAgainFrom(moment) => pauses::again_from(*moment),
        Refusal::ReflectionOver => "That one lies too far back. `/reflect now` begins another.".into(),
        Refusal::EntryEmpty => "There was nothing in it, so nothing was kept. One word is enough.".into(),
        Refusal::EntryGone => "That entry is gone. `/journal read` shows what is there.".into(),
        Refusal::PassageEmpty => "There was nothing in it, so there is nothing to show. One word is enough.".into(),
        Refusal::PassageTooLong { over } => format!("That is {over} over what fits in one post, so nothing was shown."),
        Refusal::ItemEmpty => "There was nothing in it, so nothing changed on the board. One sentence is enough.".into(),
        Refusal::ItemTooLong { over } => board::too_long(*over),
        Refusal::BoardFull(_) => board::full(),
        Refusal::ItemRetired => "That is no longer on the board. `/board list` shows what stands.".into(),
        Refusal::ItemReworded => "It was said anew meanwhile. `/board list` shows how it stands.".into(),
        Refusal::OwnItem => "This one is yours, for your partner to see.".into(),
        Refusal::NotYourItem => {
            "Only whoever put it up changes it. You may put up something of your own, with `/board add`.".into()
        }
        Refusal::MonthUnknown => "I couldn't read that as a month. Write it like 2026-11 or November.".into(),
        Refusal::ProposalOver => "That is settled already, one way or the other.".into(),
        Refusal::QuestionOpen(_) => "One question is still open.".into(),
        Refusal::ConversationOver => "This conversation is closed. What was said in it stays where it is.".into(),
        Refusal::StepPassed => "That step is done already.".into(),
        Refusal::NotYourTurn => "This step is for the other one of you.".into(),
        Refusal::ListensFirst { who, from } => conversation::listens_first(*who, *from),
        Refusal::NoMirrors => "You keep these short: an appreciation each, no mirrors. `/settings` has longer ones.".into(),
        Refusal::NothingSaid => "There was nothing in it, so nothing was shown. One word is enough.".into(),
        Refusal::RepairSaid => "You have said that here already, and it was heard.".into(),
        Refusal::NothingToKeep => kept::nothing_to_keep().into(),
        Refusal::NothingOfYours => kept::nothing_of_yours().into(),
        Refusal::RemovedAlready => "What you wrote here is removed already.".into(),
        Refusal::StillOpen => "This conversation is still open.".into(),
        Refusal::BagEmpty(_) => bag::empty().into(),
        Refusal::RoundClosed => "This one is closed. `/ask` brings a new question.".into(),
        Refusal::QuestionSwapped => {
            "This question was swapped for another while you were writing. `Answer` opens the new one.".into()
        }
        Refusal::AlreadyOpen => "Both answers are open already.".into(),
        Refusal::SealedAlready => {
            "Your answer is sealed. Take it back first if you would rather pass: press `Answer`, then `Take back`.".into()
        }
        Refusal::NothingSealed => "Nothing of yours is sealed here. `Answer` opens the page to write on.".into(),
        Refusal::AnswerWaits => {
            "An answer is waiting here already, so the question stays. You can pass, without a reason.".into()
        }
        Refusal::TakeBackFirst => "Your own answer is sealed here. Take it back first: press `Answer`, then `Take back`.".into(),
        Refusal::NoMoreSwaps => "This question was swapped twice already. You can pass, or `/ask` for another kind.".into(),
        Refusal::NothingKept => "There is no unopened answer of yours here.".into(),
        Refusal::NothingHeld => {
            "Nothing is held back here just now: it went out, or I am trying your channel again this minute.".into()
        }
        Refusal::SoAlready => "It is so already.".into(),
        Refusal::QuestionEmpty => "There was no question in it. A few words are enough.".into(),
        Refusal::TooLong { over, .. } => too_long(*over),
        Refusal::AnswerEmpty => "There was nothing in it, so nothing was sealed. One word is enough.".into(),
        Refusal::CheckInEmpty => checkins::empty().into(),
        Refusal::QuestionTooLong => "A question may have up to 300 characters. Shorten it a little and ask again.".into(),
    }
}

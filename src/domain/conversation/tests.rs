//! The conversation, driven by hand: what is told here as single turns, `any` tells of every sequence.

mod any;
mod diagram;

use super::*;
use crate::domain::pause::Shift;
use crate::domain::visibility::Hold;
use uuid::Uuid;

pub(super) const ADA: PersonId = PersonId(1);
pub(super) const BEN: PersonId = PersonId(2);
pub(super) const CHANNEL: [Place; 1] = [Place::Channel];

pub(super) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).expect("a moment")
}

/// Ada listens first.
pub(super) fn open(length: Length) -> Conversation {
    let round = (RoundId(Uuid::from_u128(1)), CoupleId(Uuid::from_u128(2)), [ADA, BEN]);
    Conversation::begun(round, ADA, None, length, at(0))
}

pub(super) fn press(conversation: &Conversation, who: PersonId, minutes: i64) -> Press<'static> {
    Press { who, turn: conversation.course.turn, at: at(minutes), places: &CHANNEL }
}

fn say(conversation: Conversation, said: Said, who: PersonId) -> Step<Conversation> {
    let press = press(&conversation, who, 1);
    conversation.said(said, press).expect("a turn of theirs")
}

/// Who is called, in the order of the notices.
fn called(step: &Step<Conversation>) -> Vec<PersonId> {
    step.notices.iter().filter_map(|notice| if let Notice::Turn { to, .. } = notice { Some(*to) } else { None }).collect()
}

#[test]
fn a_guided_conversation_calls_each_partner_once_a_turn_and_leaves_four_sheets() {
    let mut calls = Vec::new();
    let mut sheets = std::collections::BTreeSet::new();
    let mut conversation = open(Length::Guided);
    for turn in 0..8 {
        let who = conversation.stage().map_or(ADA, Stage::by);
        let press = press(&conversation, who, turn);
        let step = match turn {
            0 | 2 => conversation.said(Said::Mirror, press),
            1 | 3 => conversation.confirmed(press),
            4 | 5 => conversation.said(Said::Appreciation, press),
            6 => conversation.said(Said::Request, press),
            _ => conversation.replied(Reply::SmallerYes, press),
        };
        let step = step.expect("the step of whoever is called");
        calls.extend(called(&step));
        sheets.extend(step.notices.iter().filter_map(|notice| match notice {
            Notice::Turn { sheet, .. } => Some(*sheet),
            _ => None,
        }));
        conversation = step.state;
    }
    assert_eq!(calls, [BEN, ADA, BEN, ADA]);
    assert_eq!(sheets.len(), 4);
    assert_eq!(conversation.course.phase, Phase::Ended { at: at(7), how: Ending::Finished });
}

#[test]
fn listening_first_alternates_by_round() {
    let first = open(Length::Guided);
    let round = (first.round, first.couple, first.partners);
    assert_eq!(Conversation::begun(round, ADA, Some(ADA), Length::Guided, at(0)).listener, BEN);
    assert_eq!(Conversation::begun(round, ADA, Some(BEN), Length::Guided, at(0)).listener, ADA);
}

#[test]
fn after_two_corrections_the_next_mirror_stands_unconfirmed() {
    let mut conversation = open(Length::Guided);
    for _ in 0..2 {
        conversation = say(conversation, Said::Mirror, ADA).state;
        conversation = say(conversation, Said::Nearly, BEN).state;
    }
    let step = say(conversation, Said::Mirror, ADA);
    assert_eq!(step.state.stage(), Some(Stage::Listening { by: BEN, heard: Heard::Second, corrections: 0 }));
    assert_eq!(step.state.course.sheet, Sheet::FirstMirror, "the words that came are what is posted anew");
    assert_eq!(called(&step), [BEN]);
}

#[test]
fn whoever_is_heard_first_begins_if_the_listener_stays_away_for_a_day() {
    let conversation = open(Length::Guided);
    assert_eq!(conversation.may_mirror(BEN, at(24 * 60 - 1)), Err(Refusal::ListensFirst { who: ADA, from: at(24 * 60) }));
    assert_eq!(conversation.may_mirror(BEN, at(24 * 60)), Ok(Said::Mirror));
    let press = press(&conversation, BEN, 24 * 60);
    let step = conversation.said(Said::Mirror, press).expect("a mirror");
    assert_eq!(step.state.stage(), Some(Stage::Confirming { by: ADA, heard: Heard::Second, corrections: 0 }));
}

#[test]
fn a_press_of_an_earlier_turn_changes_nothing() {
    let conversation = say(open(Length::Guided), Said::Mirror, ADA).state;
    let early = press(&conversation, BEN, 2);
    let conversation = conversation.confirmed(early).expect("confirmed").state;
    assert_eq!(conversation.clone().skipped(early).map(|step| step.state), Err(Refusal::StepPassed));
    assert_eq!(conversation.said(Said::Mirror, early).map(|step| step.state), Err(Refusal::StepPassed));
}

#[test]
fn a_step_that_was_over_when_a_pause_was_called_lapses_when_that_ends_and_not_before() {
    let conversation = say(open(Length::Guided), Said::Mirror, ADA).state;
    let called = 24 * 60 + 30;
    let shift = Shift { by: SignedDuration::from_mins(20), until: at(called + 20) };
    let paused = conversation.shifted(shift).state;
    assert_eq!(paused.clone().lapsed(&CHANNEL, at(called + 19)).state, paused);
    assert_ne!(paused.clone().lapsed(&CHANNEL, at(called + 20)).state, paused);
}

#[test]
fn of_one_who_leaves_two_steps_the_other_has_the_word_and_then_it_closes() {
    let conversation = say(open(Length::Guided), Said::Mirror, ADA).state;
    let one = conversation.lapsed(&CHANNEL, at(24 * 60 + 1));
    assert_eq!(one.state.stage(), Some(Stage::Listening { by: BEN, heard: Heard::Second, corrections: 0 }));
    assert!(called(&one).is_empty(), "nobody is called for what is theirs already");
    let two = one.state.lapsed(&CHANNEL, at(2 * 24 * 60 + 1));
    assert_eq!(two.state.stage(), Some(Stage::Appreciating { by: ADA, last: true }));
    assert_eq!(called(&two), [ADA]);
    let three = two.state.lapsed(&CHANNEL, at(3 * 24 * 60 + 1));
    assert_eq!(three.state.course.phase, Phase::Ended { at: at(3 * 24 * 60 + 1), how: Ending::Left });
}

#[test]
fn a_no_ends_it_and_a_yes_becomes_a_plan_only_in_a_full_one() {
    for (length, reply, planning) in [
        (Length::Full, Reply::Yes, true),
        (Length::Full, Reply::SmallerYes, true),
        (Length::Full, Reply::No, false),
        (Length::Guided, Reply::Yes, false),
    ] {
        let mut conversation = open(length);
        conversation.course.phase = Phase::Waiting { stage: Stage::Answering { by: ADA }, until: at(60) };
        conversation.course.sheet = Sheet::Request;
        let press = press(&conversation, ADA, 2);
        let step = conversation.replied(reply, press).expect("an answer");
        assert_eq!(step.state.stage(), planning.then_some(Stage::Planning { by: ADA }), "{length:?} {reply:?}");
        assert_eq!(step.notices.contains(&Notice::Feeling { round: step.state.round, to: BEN }), !planning);
    }
}

#[test]
fn a_plan_is_asked_about_once_a_week_later() {
    let mut conversation = open(Length::Full);
    conversation.course.phase = Phase::Waiting { stage: Stage::Planning { by: ADA }, until: at(60) };
    let step = say(conversation, Said::Plan, ADA);
    let round = step.state.round;
    let asked = |timing: &crate::domain::step::Timing| match timing {
        crate::domain::step::Timing::Set(due, moment) => *due == Due::FollowUp(round) && *moment == at(1 + 7 * 24 * 60),
        _ => false,
    };
    assert!(step.timings.iter().any(asked));
    assert_eq!(step.state.planner(), Some(ADA));
}

#[test]
fn heavier_is_kept_without_whom() {
    let conversation = open(Length::Guided);
    let press = press(&conversation, ADA, 2);
    let over = conversation.closed(press).expect("closed").state;
    let felt = over.felt(BEN, Feeling::Heavier, at(3)).expect("felt").state;
    assert_eq!(felt.heavier_at, Some(at(3)));
    let again = felt.felt(BEN, Feeling::Lighter, at(4)).expect("the same calm reply").state;
    assert_eq!(again.heavier_at, Some(at(3)));
    assert!(again.asks_how_it_felt(ADA) && !again.asks_how_it_felt(BEN));
}

#[test]
fn a_new_prompt_closes_what_had_begun_with_a_word_and_what_had_not_without() {
    assert!(open(Length::Guided).replaced(&CHANNEL, at(5)).notices.is_empty());
    let begun = say(open(Length::Guided), Said::Mirror, ADA).state;
    let round = begun.round;
    assert_eq!(begun.replaced(&CHANNEL, at(5)).notices, [Notice::SheetEdit { round, sheet: Sheet::FirstMirror }]);
}

#[test]
fn what_is_held_is_told_once_for_each_reason_and_posted_again() {
    let hour = SignedDuration::from_hours(1);
    let conversation = say(open(Length::Guided), Said::Mirror, ADA).state;
    let held = conversation.held(Hold::OthersCanSee, at(2), hour);
    assert_eq!(held.notices.len(), 2);
    let again = held.state.tried_again(&CHANNEL);
    assert_eq!(called(&again), [BEN]);
    let held = again.state.held(Hold::OthersCanSee, at(62), hour);
    assert!(held.notices.is_empty());
    let by_dm = held.state.sent_by_dm();
    assert_eq!(by_dm.notices.len(), 2);
    assert_eq!(by_dm.state.places(CHANNEL.to_vec()), [Place::Dm(ADA), Place::Dm(BEN)]);
}

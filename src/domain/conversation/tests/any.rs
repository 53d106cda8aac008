//! What holds for any sequence of moves.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::diagram::{moves, reachable};
use super::*;

const DAY: i64 = 24 * 60;

proptest! {
    #[test]
    fn it_ends_once_moves_cease_whatever_was_done_before(picks in prop::collection::vec(any::<prop::sample::Index>(), 0..40), length in 0..3_usize) {
        let mut conversation = open(Length::ALL[length]);
        let mut asked = BTreeSet::new();
        let mut corrections = [0_u8; 2];
        let mut words: Vec<(PersonId, u32)> = Vec::new();
        for pick in picks {
            let mut ways = moves(&conversation);
            if ways.is_empty() {
                break;
            }
            let before = conversation.course.turn;
            let (how, step) = ways.swap_remove(pick.index(ways.len()));
            prop_assert_eq!(step.state.course.turn, before + 1, "each move is one turn");
            for notice in &step.notices {
                if let Notice::Turn { turn, to, .. } = notice {
                    let stage = step.state.stage().expect("whoever is called has something to do");
                    prop_assert_eq!(*turn, step.state.course.turn);
                    prop_assert_eq!(stage.by(), *to);
                    prop_assert!(asked.insert(stage), "asked twice for {:?}", stage);
                }
            }
            let line = *step.state.course.lines.last().expect("a move leaves a line");
            prop_assert_eq!(line.turn, before);
            if line.what.has_words() {
                words.push((line.by, line.turn));
            }
            if how == "correct" {
                corrections[usize::from(line.sheet == Sheet::SecondMirror)] += 1;
            }
            conversation = step.state;
        }
        prop_assert!(corrections.iter().all(|made| *made <= CORRECTIONS));
        let shown: Vec<_> = conversation.course.lines.iter().filter(|line| line.what.has_words()).map(|line| (line.by, line.turn)).collect();
        prop_assert_eq!(shown, words, "every word in it is one that its author sent, once");
        let begun = conversation.course.phase != Phase::Open;
        let mut day = 1;
        while begun && !conversation.is_over() {
            prop_assert!(day <= i64::from(LEFT), "it does not end");
            conversation = conversation.lapsed(&CHANNEL, at(day * DAY + 1)).state;
            day += 1;
        }
    }

    #[test]
    fn a_day_that_is_not_over_closes_nothing(minutes in 1..DAY) {
        let conversation = open(Length::Guided);
        let press = press(&conversation, ADA, 0);
        let conversation = conversation.said(Said::Mirror, press).expect("a mirror").state;
        let step = conversation.clone().lapsed(&CHANNEL, at(minutes));
        prop_assert_eq!(step.state, conversation);
        prop_assert!(step.notices.is_empty());
    }
}

#[test]
fn from_every_step_it_can_be_closed_and_ends_when_left() {
    for length in Length::ALL {
        for conversation in reachable(length) {
            if conversation.is_over() {
                continue;
            }
            let press = press(&conversation, BEN, 1);
            assert!(conversation.clone().closed(press).expect("by either").state.is_over());
            assert!(conversation.clone().replaced(&CHANNEL, at(1)).state.is_over());
            let by = SignedDuration::from_hours(24);
            let later = conversation.clone().shifted(Shift { by, until: at(DAY) });
            assert_eq!(later.state.clone().lapsed(&CHANNEL, at(DAY + 1)).state, later.state, "a pause moves the day");
        }
    }
}

#[test]
fn nobody_else_can_do_anything() {
    for conversation in Length::ALL.into_iter().flat_map(reachable) {
        let stranger = press(&conversation, PersonId(3), 1);
        for said in Said::ALL {
            assert_eq!(conversation.clone().said(said, stranger).map(|_| ()), Err(Refusal::NotYourRound));
        }
        assert_eq!(conversation.clone().spoken(stranger).map(|_| ()), Err(Refusal::NotYourRound));
        assert_eq!(conversation.clone().skipped(stranger).map(|_| ()), Err(Refusal::NotYourRound));
        assert_eq!(conversation.clone().closed(stranger).map(|_| ()), Err(Refusal::NotYourRound));
        assert_eq!(conversation.clone().felt(PersonId(3), Feeling::Heavier, at(1)).map(|_| ()), Err(Refusal::NotYourRound));
    }
}

//! What is pressed in a conversation after its reveal. A number is the turn that stood on what is pressed; a page brings its own.

use crate::domain::conversation::{Became, Feeling, Repair, Reply};
use crate::domain::ids::RoundId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    Mirror,
    Nearly,
    More,
    Appreciate,
    Request,
    Plan,
    Confirm(u32),
    Spoken(u32),
    Skip(u32),
    Reply(u32, Reply),
    Close,
    /// The three words that soften, of which [`Talk::Repair`] says one.
    Softer,
    Repair(Repair),
    Felt(Feeling),
    FollowedUp(Became),
    WhereWeAre,
}

impl Talk {
    /// `arguments`: those after the round.
    pub(super) fn named(verb: &str, arguments: &[&str]) -> Option<Self> {
        let first = || arguments.first().copied();
        let turn = || first()?.parse::<u32>().ok();
        Some(match verb {
            "mirror" => Self::Mirror,
            "nearly" => Self::Nearly,
            "more" => Self::More,
            "appreciate" => Self::Appreciate,
            "request" => Self::Request,
            "plan" => Self::Plan,
            "confirm" => Self::Confirm(turn()?),
            "spoken" => Self::Spoken(turn()?),
            "skip" => Self::Skip(turn()?),
            "reply" => Self::Reply(turn()?, Reply::named(arguments.get(1)?)?),
            "close" => Self::Close,
            "softer" => Self::Softer,
            "repair" => Self::Repair(Repair::named(first()?)?),
            "felt" => Self::Felt(Feeling::named(first()?)?),
            "became" => Self::FollowedUp(Became::named(first()?)?),
            "where" => Self::WhereWeAre,
            _ => return None,
        })
    }

    pub(super) fn parts(self, round: RoundId) -> (&'static str, Vec<String>) {
        let one = || vec![round.to_string()];
        let with = |argument: &dyn std::fmt::Display| vec![round.to_string(), argument.to_string()];
        match self {
            Self::Mirror => ("mirror", one()),
            Self::Nearly => ("nearly", one()),
            Self::More => ("more", one()),
            Self::Appreciate => ("appreciate", one()),
            Self::Request => ("request", one()),
            Self::Plan => ("plan", one()),
            Self::Confirm(turn) => ("confirm", with(&turn)),
            Self::Spoken(turn) => ("spoken", with(&turn)),
            Self::Skip(turn) => ("skip", with(&turn)),
            Self::Reply(turn, reply) => ("reply", vec![round.to_string(), turn.to_string(), reply.name().to_owned()]),
            Self::Close => ("close", one()),
            Self::Softer => ("softer", one()),
            Self::Repair(repair) => ("repair", with(&repair.name())),
            Self::Felt(feeling) => ("felt", with(&feeling.name())),
            Self::FollowedUp(became) => ("became", with(&became.name())),
            Self::WhereWeAre => ("where", one()),
        }
    }

    #[cfg(test)]
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Mirror,
            Self::Nearly,
            Self::More,
            Self::Appreciate,
            Self::Request,
            Self::Plan,
            Self::Confirm(u32::MAX),
            Self::Spoken(0),
            Self::Skip(u32::MAX),
            Self::Close,
            Self::Softer,
            Self::WhereWeAre,
        ];
        all.extend(Reply::ALL.map(|reply| Self::Reply(u32::MAX, reply)));
        all.extend(Repair::ALL.map(Self::Repair));
        all.extend(Feeling::ALL.map(Self::Felt));
        all.extend(Became::ALL.map(Self::FollowedUp));
        all
    }
}

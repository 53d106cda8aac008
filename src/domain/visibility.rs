//! Who can see a channel, from its overwrites: asked before anything that holds private words is posted there.

use serde::{Deserialize, Serialize};

use super::ids::PersonId;

/// Discord's View Channel bit (topics/permissions).
pub const VIEW_CHANNEL: u64 = 1 << 10;

/// One permission overwrite of a channel; `id` names a role or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overwrite {
    pub id: i64,
    pub allow: u64,
    pub deny: u64,
}

/// Why a post with private words waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// The channel admits somebody besides the two and the bot.
    OthersCanSee,
    /// One of the two is no longer in the server, or no longer let into the channel.
    NotBothThere,
    /// Duet may not post there; the permission that is missing is looked up when it is said.
    NoAccess,
    /// The channel is gone.
    ChannelGone,
}

/// A post that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub why: Hold,
    /// It is being tried again: a second try beside it would be a second post.
    pub trying: bool,
}

/// Whether a channel is for the two and the bot alone. `everyone` is the id of the role that all members have, which is the
/// server's own. Administrators see everything regardless and are told of at set-up.
pub fn may_read(overwrites: &[Overwrite], everyone: i64, partners: [PersonId; 2], bot: PersonId) -> Result<(), Hold> {
    let admitted = |id: i64| id == partners[0].0 || id == partners[1].0 || id == bot.0;
    let lets_in = |person: PersonId| overwrites.iter().any(|o| o.id == person.0 && o.allow & VIEW_CHANNEL != 0);
    let opened = overwrites.iter().any(|o| o.allow & VIEW_CHANNEL != 0 && !admitted(o.id));
    let closed_to_all = overwrites.iter().any(|o| o.id == everyone && o.deny & VIEW_CHANNEL != 0);
    if opened || !closed_to_all {
        Err(Hold::OthersCanSee)
    } else if !partners.into_iter().all(lets_in) {
        Err(Hold::NotBothThere)
    } else if !lets_in(bot) {
        Err(Hold::NoAccess)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: i64 = 1;
    const TWO: [PersonId; 2] = [PersonId(10), PersonId(11)];
    const BOT: PersonId = PersonId(12);

    fn shut() -> Vec<Overwrite> {
        let allow = |id| Overwrite { id, allow: VIEW_CHANNEL, deny: 0 };
        vec![Overwrite { id: SERVER, allow: 0, deny: VIEW_CHANNEL }, allow(10), allow(11), allow(12)]
    }

    #[test]
    fn a_channel_of_the_two_and_the_bot_may_hold_private_words() {
        assert_eq!(may_read(&shut(), SERVER, TWO, BOT), Ok(()));
    }

    #[test]
    fn a_role_or_person_let_in_holds_the_post() {
        let mut overwrites = shut();
        overwrites.push(Overwrite { id: 99, allow: VIEW_CHANNEL | 1, deny: 0 });
        assert_eq!(may_read(&overwrites, SERVER, TWO, BOT), Err(Hold::OthersCanSee));
    }

    #[test]
    fn a_channel_that_one_of_the_two_cannot_see_holds_the_post() {
        let overwrites: Vec<_> = shut().into_iter().filter(|overwrite| overwrite.id != 11).collect();
        assert_eq!(may_read(&overwrites, SERVER, TWO, BOT), Err(Hold::NotBothThere));
    }

    #[test]
    fn a_channel_that_does_not_turn_everyone_away_holds_the_post() {
        assert_eq!(may_read(&shut()[1..], SERVER, TWO, BOT), Err(Hold::OthersCanSee));
    }
}

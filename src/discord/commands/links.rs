//! The address of a message of ours, as long as it stands: nobody tells when one is deleted.

use std::time::Duration;

use super::super::Bot;
use super::super::words::{self, conversation::link_in_dm};
use crate::domain::couple::Couple;
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::notice::Place;

/// How long Discord is asked: somebody waits for the reply, which is whole without.
const LOOK: Duration = Duration::from_millis(800);

pub async fn link_to(bot: &Bot, couple: &Couple, (place, channel, message): (Place, ChannelId, MessageId)) -> Option<String> {
    let before = MessageId(message.0 - 1);
    let look = tokio::time::timeout(LOOK, bot.rest.messages_after(channel, before, 1)).await;
    let stands = look.is_ok_and(|found| found.is_ok_and(|found| found.iter().any(|seen| seen.id == message)));
    stands.then(|| match place {
        Place::Channel => words::link(couple.server, channel, message),
        Place::Dm(_) => link_in_dm(channel, message),
    })
}

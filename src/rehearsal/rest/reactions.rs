//! The bot's own reactions (resources/message, "Create Reaction").

use super::{Answer, Refusal, Reply, Request, need, visible_channel};
use crate::rehearsal::permissions::{ADD_REACTIONS, READ_MESSAGE_HISTORY};
use crate::rehearsal::world::{Reaction, World};

pub fn add(world: &mut World, request: &Request) -> Answer {
    let (channel, bits) = visible_channel(world, request.id(1)?)?;
    need(bits, READ_MESSAGE_HISTORY)?;
    let (id, emoji, bot) = (request.id(3)?, request.part(5).to_owned(), world.bot);
    if emoji.is_empty() || emoji.chars().all(|one| one.is_ascii_alphanumeric()) {
        return Err(Refusal::code(10_014));
    }
    let message = world.messages.get(&id).filter(|one| one.channel == channel.id && one.only_for.is_none());
    let author = message.ok_or_else(|| Refusal::code(10_008))?.author;
    if world.users.get(&author).is_some_and(|author| author.blocks_bot) {
        return Err(Refusal::code(90_001));
    }
    let message = world.messages.get_mut(&id);
    let message = message.ok_or_else(|| Refusal::code(10_008))?;
    if let Some(standing) = message.reactions.iter_mut().find(|one| one.emoji == emoji) {
        if !standing.by.contains(&bot) {
            standing.by.push(bot);
        }
    } else {
        need(bits, ADD_REACTIONS)?;
        message.reactions.push(Reaction { emoji: emoji.clone(), by: vec![bot] });
    }
    world.reacted(id, &emoji);
    Ok(Reply::empty())
}

pub fn remove(world: &mut World, request: &Request) -> Answer {
    let (channel, _) = visible_channel(world, request.id(1)?)?;
    let (id, emoji, bot) = (request.id(3)?, request.part(5).to_owned(), world.bot);
    let message = world.messages.get_mut(&id).filter(|one| one.channel == channel.id).ok_or_else(|| Refusal::code(10_008))?;
    for standing in message.reactions.iter_mut().filter(|one| one.emoji == emoji) {
        standing.by.retain(|user| *user != bot);
    }
    message.reactions.retain(|one| !one.by.is_empty());
    Ok(Reply::empty())
}

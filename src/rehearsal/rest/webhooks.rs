//! Follow-ups and the original answer, by interaction token (interactions/receiving-and-responding, "Followup Messages").

use super::{Answer, Refusal, Reply, Request, compose, interactions};
use crate::rehearsal::interactions::State;
use crate::rehearsal::payloads;
use crate::rehearsal::world::{Id, Message, World};

/// The interaction behind the token: 10015 when there is none (or it was never answered), 50027 after fifteen minutes.
fn interaction(world: &World, request: &Request) -> Result<Id, Refusal> {
    let unknown = || Refusal::code(10_015);
    if request.id(1)? != world.bot {
        return Err(unknown());
    }
    let id = world.by_token.get(request.part(2)).copied().ok_or_else(unknown)?;
    let found = world.interactions.get(&id).ok_or_else(unknown)?;
    if found.token_expired(world.now()) {
        return Err(Refusal::code(50_027));
    }
    if found.state != State::Answered {
        return Err(unknown());
    }
    Ok(id)
}

fn target(world: &World, request: &Request, interaction: Id) -> Result<Message, Refusal> {
    let unknown = || Refusal::code(10_008);
    let named = request.part(4);
    let id = if named == "@original" {
        world.interactions.get(&interaction).and_then(|one| one.original).ok_or_else(unknown)?
    } else {
        request.id(4)?
    };
    let message = world.messages.get(&id).cloned().ok_or_else(unknown)?;
    // A token reaches the messages of its own interaction only.
    let own = world
        .interactions
        .get(&interaction)
        .is_some_and(|one| one.original == Some(id) || message.metadata.as_ref() == Some(&one.metadata));
    if own { Ok(message) } else { Err(unknown()) }
}

pub fn follow_up(world: &mut World, request: &Request) -> Answer {
    let id = interaction(world, request)?;
    // The first follow-up to a deferred answer takes its place.
    let original = world.interactions.get(&id).and_then(|one| one.original);
    if let Some(waiting) = original.and_then(|id| world.messages.get(&id)).filter(|one| one.thinking).cloned() {
        return replace(world, request, &waiting);
    }
    let message = interactions::reply(world, id, &request.object(), request)?;
    let payload = payloads::message(world, &message, false);
    world.post(message);
    Ok(Reply::ok(payload))
}

pub fn get(world: &mut World, request: &Request) -> Answer {
    let id = interaction(world, request)?;
    let message = target(world, request, id)?;
    Ok(Reply::ok(payloads::message(world, &message, false)))
}

pub fn edit(world: &mut World, request: &Request) -> Answer {
    let id = interaction(world, request)?;
    let message = target(world, request, id)?;
    replace(world, request, &message)
}

fn replace(world: &mut World, request: &Request, message: &Message) -> Answer {
    let mut edited = compose::edited(world, message, &request.object(), &request.files)?;
    if edited.thinking {
        // What ends the waiting is the answer itself, not an edit of one.
        edited.thinking = false;
        edited.flags &= !(1 << 7);
        edited.edited_ms = None;
    }
    let payload = payloads::message(world, &edited, false);
    world.messages.insert(edited.id, edited);
    world.revise(message.id);
    Ok(Reply::ok(payload))
}

pub fn delete(world: &mut World, request: &Request) -> Answer {
    let id = interaction(world, request)?;
    let message = target(world, request, id)?;
    world.remove_message(message.id);
    Ok(Reply::empty())
}

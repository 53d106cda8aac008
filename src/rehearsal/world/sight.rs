//! Who can see what, and what comes into sight when permissions change. What somebody can look at counts as seen.

use super::{Channel, Id, Message, World};
use crate::rehearsal::permissions::{self, READ_MESSAGE_HISTORY, VIEW_CHANNEL};
use crate::rehearsal::view;

impl World {
    pub fn can_see(&self, user: Id, message: &Message) -> bool {
        match message.only_for {
            Some(one) => one == user && self.users.get(&user).is_some_and(|user| !user.vanished.contains(&message.id)),
            None => self.users.get(&user).is_some_and(|user| user.visible.contains(&message.channel)),
        }
    }

    /// Everyone a message in this channel appears before.
    pub(super) fn audience(&self, message: &Message) -> Vec<Id> {
        if let Some(one) = message.only_for {
            return vec![one];
        }
        match self.channels.get(&message.channel) {
            Some(Channel { recipient: Some(person), .. }) => vec![*person],
            Some(Channel { guild: Some(guild), .. }) => self
                .guilds
                .get(guild)
                .map(|guild| {
                    let sees = |id: &&Id| self.users.get(id).is_some_and(|user| user.visible.contains(&message.channel));
                    guild.members.keys().filter(sees).copied().collect()
                })
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Works out anew who sees which channel of a server. What somebody can now look at counts as seen, with its history.
    pub fn look_again(&mut self, guild_id: Id) {
        let Some(guild) = self.guilds.get(&guild_id) else { return };
        let mut news: Vec<(Id, Id, u64)> = Vec::new();
        for channel in guild.channels.iter().filter_map(|id| self.channels.get(id)) {
            for (id, user) in &self.users {
                let bits = permissions::in_channel(guild, channel, *id);
                if (bits & VIEW_CHANNEL != 0) != user.visible.contains(&channel.id) {
                    news.push((*id, channel.id, bits));
                }
            }
        }
        for (person, channel, bits) in news {
            let sees = bits & VIEW_CHANNEL != 0;
            let name = self.channels.get(&channel).map(|channel| channel.name.clone()).unwrap_or_default();
            let mut history = Vec::new();
            if sees && bits & READ_MESSAGE_HISTORY != 0 {
                let timeline = self.timeline.get(&channel).map(Vec::as_slice).unwrap_or_default();
                for message in timeline.iter().filter_map(|id| self.messages.get(id)).filter(|message| message.only_for.is_none())
                {
                    history.push((view::message(self, message, view::Happening::Old), view::raw_text(self, message)));
                }
            }
            let topic = self.channels.get(&channel).and_then(|channel| channel.topic.clone()).unwrap_or_default();
            let Some(user) = self.users.get_mut(&person) else { continue };
            if sees {
                user.visible.insert(channel);
                user.unread.push(format!("— #{name} appears —"));
                user.saw.push(format!("{name}\n{topic}"));
                for (seen, text) in history {
                    user.unread.push(seen);
                    user.saw.push(text);
                }
            } else {
                user.visible.remove(&channel);
                user.unread.push(format!("— #{name} is gone —"));
            }
        }
    }
}

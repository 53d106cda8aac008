//! The world as Discord's JSON: field lists from `resources/*` and `events/gateway-events` of the documentation. Reads the world,
//! changes nothing.

use super::permissions;
use super::rest::attachments;
use super::world::{Channel, Guild, Id, Member, Message, Overwrite, Role, User, World};
use serde_json::{Value, json};

/// ISO 8601 with microseconds and a numeric offset, as Discord writes it.
pub fn time(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

pub fn user(user: &User) -> Value {
    let username: String = user.name.to_lowercase().chars().filter(|one| one.is_alphanumeric()).collect();
    let mut payload = json!({
        "id": user.id.to_string(),
        "username": if username.is_empty() { format!("user{}", user.id) } else { username },
        "discriminator": if user.bot { "4242" } else { "0" },
        "global_name": if user.bot { Value::Null } else { json!(user.name) },
        "avatar": null,
        "avatar_decoration_data": null,
        "banner": null,
        "accent_color": null,
        "public_flags": 0,
        "flags": 0,
        "collectibles": null,
        "primary_guild": null,
    });
    if user.bot {
        payload["username"] = json!(user.name);
        payload["bot"] = json!(true);
    }
    payload
}

/// `GET /users/@me` and READY's user.
pub fn current_user(world: &World) -> Value {
    let mut payload = user(&world.users[&world.bot]);
    for (key, value) in [
        ("mfa_enabled", json!(true)),
        ("locale", json!("en-US")),
        ("premium_type", json!(0)),
        ("email", Value::Null),
        ("verified", json!(true)),
    ] {
        payload[key] = value;
    }
    payload
}

pub fn application(world: &World) -> Value {
    json!({
        "id": world.bot.to_string(),
        "name": "Duet",
        "icon": null,
        "description": "",
        "type": null,
        "bot": user(&world.users[&world.bot]),
        "bot_public": true,
        "bot_require_code_grant": false,
        "integration_types_config": { "0": { "oauth2_install_params": { "scopes": ["applications.commands", "bot"], "permissions": permissions::BOT.to_string() } }, "1": {} },
        "verify_key": "0".repeat(64),
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
        "owner": user(&world.users[&world.owner]),
        "approximate_guild_count": world.guilds.keys().filter(|id| world.bot_is_member(**id)).count(),
        "approximate_user_install_count": world.users.values().filter(|user| user.installed).count(),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": null,
        "eligible_oauth2_scopes": [],
    })
}

pub fn role(role: &Role) -> Value {
    let mut payload = json!({
        "id": role.id.to_string(),
        "name": role.name,
        "permissions": role.permissions.to_string(),
        "position": role.position,
        "color": 0,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "hoist": false,
        "managed": role.managed_by.is_some(),
        "mentionable": false,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    });
    if let Some(bot) = role.managed_by {
        payload["tags"] = json!({ "bot_id": bot.to_string() });
    }
    payload
}

/// A member without its user, as message events carry it.
pub fn partial_member(member: &Member) -> Value {
    json!({
        "avatar": null,
        "banner": null,
        "communication_disabled_until": null,
        "flags": 0,
        "joined_at": time(member.joined_ms),
        "nick": null,
        "pending": false,
        "premium_since": null,
        "roles": member.roles.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "mute": false,
        "deaf": false,
    })
}

pub fn member(world: &World, member: &Member, id: Id) -> Value {
    let mut payload = partial_member(member);
    payload["user"] = user(&world.users[&id]);
    payload
}

pub fn interaction_member(world: &World, guild: &Guild, channel: &Channel, id: Id, user: Value) -> Value {
    // Somebody who just left can still have a press on its way.
    let gone = Member { roles: Vec::new(), joined_ms: world.now() };
    let mut payload = partial_member(guild.members.get(&id).unwrap_or(&gone));
    payload["user"] = user;
    payload["permissions"] = json!(permissions::in_channel(guild, channel, id).to_string());
    payload
}

fn overwrite(one: &Overwrite) -> Value {
    json!({
        "id": one.id.to_string(),
        "type": u8::from(one.is_member),
        "allow": one.allow.to_string(),
        "deny": one.deny.to_string(),
    })
}

pub fn channel(world: &World, channel: &Channel) -> Value {
    let mut payload = json!({
        "id": channel.id.to_string(),
        "type": channel.kind,
        "flags": 0,
        "last_message_id": channel.last_message.map(|id| id.to_string()),
    });
    if let Some(at) = channel.last_pin_ms {
        payload["last_pin_timestamp"] = json!(time(at));
    }
    let Some(guild) = channel.guild else {
        let other = channel.recipient.and_then(|id| world.users.get(&id));
        payload["recipients"] = json!(other.map(user).into_iter().collect::<Vec<_>>());
        return payload;
    };
    payload["guild_id"] = json!(guild.to_string());
    payload["name"] = json!(channel.name);
    payload["topic"] = json!(channel.topic);
    payload["parent_id"] = json!(channel.parent.map(|id| id.to_string()));
    payload["position"] = json!(channel.position);
    payload["nsfw"] = json!(channel.nsfw);
    payload["rate_limit_per_user"] = json!(channel.slowmode);
    payload["permission_overwrites"] = json!(channel.overwrites.iter().map(overwrite).collect::<Vec<_>>());
    payload
}

/// The partial channel of an interaction, with the person's permissions there.
pub fn interaction_channel(world: &World, channel: &Channel, user: Id) -> Value {
    let mut payload = self::channel(world, channel);
    if let Some(map) = payload.as_object_mut() {
        map.remove("permission_overwrites");
    }
    if channel.guild.is_some() {
        payload["permissions"] = json!(world.permissions_in(channel, user).to_string());
    }
    payload
}

fn attachment(message: &Message, file: &Value) -> Value {
    let mut payload = file.clone();
    if message.only_for.is_some() {
        payload["ephemeral"] = json!(true);
    }
    payload
}

/// With `nonce` only where Discord gives it back: the answer to the request and the create event.
pub fn message(world: &World, message: &Message, with_nonce: bool) -> Value {
    let mut payload = json!({
        "id": message.id.to_string(),
        "channel_id": message.channel.to_string(),
        "type": message.kind,
        "author": world.users.get(&message.author).map(user),
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": attachments::loose(message).map(|file| attachment(message, file)).collect::<Vec<_>>(),
        "mentions": message.mentions.iter().filter_map(|id| world.users.get(id)).map(user).collect::<Vec<_>>(),
        "mention_roles": message.mention_roles.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "mention_everyone": message.mention_everyone,
        "timestamp": time(message.sent_ms),
        "edited_timestamp": message.edited_ms.map(time),
        "flags": message.flags,
        "pinned": message.pinned_ms.is_some(),
        "tts": false,
    });
    if let Some(metadata) = &message.metadata {
        payload["interaction_metadata"] = metadata.clone();
        payload["application_id"] = json!(world.bot.to_string());
        payload["webhook_id"] = json!(world.bot.to_string());
    }
    for (key, value) in message.beside.as_object().into_iter().flatten() {
        payload[key.as_str()] = value.clone();
    }
    if let Some(nonce) = message.nonce.as_ref().filter(|_| with_nonce) {
        payload["nonce"] = nonce.clone();
    }
    if !message.reactions.is_empty() {
        payload["reactions"] = json!(message.reactions.iter().map(|one| reaction(world, one)).collect::<Vec<_>>());
    }
    if let Some(other) = message.reply_to {
        let guild = world.channels.get(&message.channel).and_then(|channel| channel.guild);
        let mut reference = json!({ "type": 0, "message_id": other.to_string(), "channel_id": message.channel.to_string() });
        if let Some(guild) = guild {
            reference["guild_id"] = json!(guild.to_string());
        }
        payload["message_reference"] = reference;
        // One level deep, as Discord gives it.
        payload["referenced_message"] = world.messages.get(&other).map_or(Value::Null, |other| {
            let mut inner = self::message(world, &Message { reply_to: None, ..other.clone() }, false);
            if let Some(map) = inner.as_object_mut() {
                map.remove("reactions");
            }
            inner
        });
    }
    payload
}

/// A forwarded message, without whose it was (resources/message, "Message Snapshot Object").
pub fn snapshot(message: &Message) -> Value {
    json!({
        "type": message.kind,
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": message.attachments,
        "mentions": [],
        "mention_roles": [],
        "timestamp": time(message.sent_ms),
        "edited_timestamp": message.edited_ms.map(time),
        "flags": message.flags,
    })
}

fn reaction(world: &World, one: &super::world::Reaction) -> Value {
    let (name, id) = one.emoji.split_once(':').map_or((one.emoji.as_str(), None), |(name, id)| (name, Some(id)));
    json!({
        "emoji": { "id": id, "name": name },
        "count": one.by.len(),
        "count_details": { "burst": 0, "normal": one.by.len() },
        "burst_colors": [],
        "me_burst": false,
        "me": one.by.contains(&world.bot),
    })
}

/// The server as REST gives it.
pub fn guild(guild: &Guild) -> Value {
    let mut payload = json!({
        "id": guild.id.to_string(),
        "name": guild.name,
        "owner_id": guild.owner.to_string(),
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": guild.roles.values().map(role).collect::<Vec<_>>(),
        "region": "deprecated",
        "preferred_locale": "en-US",
        "mfa_level": u8::from(guild.needs_two_factor),
        "default_message_notifications": 1,
        "afk_timeout": 300,
        "max_members": 25_000_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "approximate_member_count": guild.members.len(),
        "approximate_presence_count": guild.members.len(),
    });
    for absent in [
        "icon",
        "description",
        "home_header",
        "splash",
        "discovery_splash",
        "banner",
        "application_id",
        "afk_channel_id",
        "system_channel_id",
        "widget_channel_id",
        "max_presences",
        "vanity_url_code",
        "rules_channel_id",
        "safety_alerts_channel_id",
        "public_updates_channel_id",
        "premium_progress_bar_enabled_user_updated_at",
        "incidents_data",
    ] {
        payload[absent] = Value::Null;
    }
    for zero in [
        "system_channel_flags",
        "verification_level",
        "explicit_content_filter",
        "premium_tier",
        "premium_subscription_count",
        "nsfw_level",
    ] {
        payload[zero] = json!(0);
    }
    for no in ["widget_enabled", "premium_progress_bar_enabled", "nsfw"] {
        payload[no] = json!(false);
    }
    payload
}

/// `GUILD_CREATE`: the server, its channels, and of its members only the bot (others need a privileged intent).
pub fn guild_create(world: &World, id: Id) -> Value {
    let Some(guild) = world.guilds.get(&id) else { return Value::Null };
    let mut payload = self::guild(guild);
    if let Some(map) = payload.as_object_mut() {
        map.remove("approximate_member_count");
        map.remove("approximate_presence_count");
    }
    let channels: Vec<Value> = guild
        .channels
        .iter()
        .filter_map(|id| world.channels.get(id))
        .map(|one| {
            let mut payload = channel(world, one);
            if let Some(map) = payload.as_object_mut() {
                map.remove("guild_id");
            }
            payload
        })
        .collect();
    let own = guild.members.get(&world.bot);
    payload["joined_at"] = json!(time(own.map_or(0, |member| member.joined_ms)));
    payload["large"] = json!(guild.members.len() > 50);
    payload["unavailable"] = json!(false);
    payload["member_count"] = json!(guild.members.len());
    payload["members"] = json!(own.map(|one| member(world, one, world.bot)).into_iter().collect::<Vec<_>>());
    payload["channels"] = json!(channels);
    for empty in ["voice_states", "threads", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"] {
        payload[empty] = json!([]);
    }
    payload
}

pub fn ready(world: &World, session: &str, address: &str, shard: (u64, u64), guilds: &[Id]) -> Value {
    json!({
        "v": 10,
        "user": current_user(world),
        "session_id": session,
        "resume_gateway_url": address,
        "shard": [shard.0, shard.1],
        "guilds": guilds.iter().map(|id| json!({ "id": id.to_string(), "unavailable": true })).collect::<Vec<_>>(),
        "application": { "id": world.bot.to_string(), "flags": 0 },
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": [],
        "_trace": [],
    })
}

//! What only Discord can tell: who the bot is, what it may do and where, how many shards it wants, and what time it is there.

use duet::config::Config;
use duet::discord::failure::Failure;
use duet::discord::gateway::GatewayConfig;
use duet::discord::payloads::{Application, ApplicationId, OwnServer};
use duet::discord::rest::Rest;
use duet::domain::ids::ServerId;

use super::super::setup;
use super::Finding;

/// What Duet needs in a server (topics/permissions), by the names that Discord's settings show.
pub const NEEDED: [(u64, &str); 6] = [
    (1 << 10, "View Channel"),
    (1 << 11, "Send Messages"),
    (1 << 14, "Embed Links"),
    (1 << 15, "Attach Files"),
    (1 << 16, "Read Message History"),
    (1 << 4, "Manage Channels"),
];
const ADMINISTRATOR: u64 = 1 << 3;
/// Of topics/gateway: Presence, Server Members, Message Content, each with its form for small bots.
const PRIVILEGED_FLAGS: u64 = 0b1111 << 12 | 0b11 << 18;
/// Two clocks that NTP keeps differ by far less; Discord's `Date` has whole seconds.
const DRIFT_S: i64 = 10;

/// Stops at the first thing that makes the others meaningless.
pub async fn look(config: &Config) -> Vec<Finding> {
    let Some(token) = &config.token else { return Vec::new() };
    let rest = match Rest::new(token, &config.api, config.share) {
        Ok(rest) => rest,
        Err(error) => return vec![Finding::wrong("discord", error, "copy the token again from the Bot page")],
    };
    let application = match rest.application().await {
        Ok(application) => application,
        Err(failure) => return vec![unanswered(config, &failure)],
    };
    let mut findings = vec![identity(&application)];
    findings.extend(drift(config, &rest));
    findings.push(interactions(&application));
    findings.push(intents(&application));
    findings.extend(permissions(&rest, application.id).await);
    findings.push(shards(config, &rest).await);
    findings
}

fn unanswered(config: &Config, failure: &Failure) -> Finding {
    match failure {
        Failure::Token => Finding::wrong(
            "identity",
            "Discord refuses the token",
            "make a new one (Bot page of your application, Reset Token) and set DISCORD_TOKEN",
        ),
        _ if config.api.is_discord() => {
            Finding::wrong("identity", failure.to_string(), "does this machine reach discord.com? Otherwise try again later")
        }
        _ => {
            Finding::wrong("identity", failure.to_string(), "nothing answers as Discord does at DUET_DISCORD_API: is it running?")
        }
    }
}

fn identity(application: &Application) -> Finding {
    let owners: Vec<String> = application.owners.iter().map(ToString::to_string).collect();
    let owned = if owners.is_empty() { "nobody known".into() } else { owners.join(", ") };
    Finding::ok("identity", format!("{}, application {}, owned by {owned}", application.name, application.id))
}

/// Nothing where the other side names no time.
fn drift(config: &Config, rest: &Rest) -> Option<Finding> {
    let (theirs, ours) = (rest.last_date()?, setup::clock(config).ok()?.now());
    let seconds = (ours.as_second() - theirs.as_second()).abs();
    Some(if seconds <= DRIFT_S {
        Finding::ok("clock", "agrees with Discord's")
    } else {
        Finding::wrong("clock", format!("differs from Discord's by {seconds} seconds"), "let NTP set this machine's clock")
    })
}

fn interactions(application: &Application) -> Finding {
    if application.has_endpoint {
        Finding::wrong(
            "commands",
            "the application sends commands and buttons to an interactions endpoint: Duet would never hear of them",
            "empty `Interactions Endpoint URL` on the General Information page of your application",
        )
    } else {
        Finding::ok("commands", "commands and buttons come through the gateway, as Duet listens")
    }
}

fn intents(application: &Application) -> Finding {
    let asked = format!("{:?}", GatewayConfig::INTENTS).replace("Intents(", "").replace(')', "").replace(" | ", " and ");
    let finding = Finding::ok("intents", format!("{asked}: none is privileged, nothing to switch on"));
    if application.flags & PRIVILEGED_FLAGS == 0 {
        finding
    } else {
        finding.advised("the application has privileged intents switched on (Bot page): Duet uses none, you may switch them off")
    }
}

async fn permissions(rest: &Rest, application: ApplicationId) -> Vec<Finding> {
    let servers = match own_servers(rest).await {
        Ok(servers) => servers,
        Err(failure) => return vec![Finding::wrong("permissions", failure.to_string(), "try again later")],
    };
    let link = install_link(application);
    if servers.is_empty() {
        return vec![Finding::skipped("permissions", "the bot is in no server yet").advised(format!("add it: {link}"))];
    }
    let mut findings = Vec::new();
    for server in &servers {
        let missing = missing(server.permissions);
        if !missing.is_empty() {
            findings.push(Finding::wrong(
                "permissions",
                format!("{} ({}) does not give: {}", server.name, server.id, missing.join(", ")),
                format!("allow it for the bot's role (Server Settings, Roles), or add the bot again: {link}"),
            ));
        }
    }
    if findings.is_empty() {
        let count = servers.len();
        let servers = if count == 1 { servers[0].name.clone() } else { format!("{count} servers") };
        let text = format!("{servers}: all that Duet needs. A channel's or category's own rules may still differ");
        findings.push(Finding::ok("permissions", text));
    }
    findings
}

async fn own_servers(rest: &Rest) -> Result<Vec<OwnServer>, Failure> {
    let mut servers: Vec<OwnServer> = Vec::new();
    loop {
        let after = servers.last().map_or(ServerId(0), |server| server.id);
        let page = rest.own_servers(after).await?;
        let is_last = page.len() < 200;
        servers.extend(page);
        if is_last {
            return Ok(servers);
        }
    }
}

fn missing(permissions: u64) -> Vec<&'static str> {
    if permissions & ADMINISTRATOR != 0 {
        return Vec::new();
    }
    NEEDED.iter().filter(|(bit, _)| permissions & bit == 0).map(|(_, name)| *name).collect()
}

/// The link that adds the bot to a server, with exactly the permissions it needs.
fn install_link(application: ApplicationId) -> String {
    let permissions = NEEDED.iter().fold(0, |bits, (bit, _)| bits | bit);
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={permissions}"
    )
}

async fn shards(config: &Config, rest: &Rest) -> Finding {
    let gateway = match rest.gateway_bot().await {
        Ok(gateway) => gateway,
        Err(failure) => return Finding::wrong("shards", failure.to_string(), "try again later"),
    };
    let (ours, starts) = (config.shards, gateway.session_start_limit);
    if !config.api.permits_gateway(&gateway.url) {
        return Finding::wrong(
            "shards",
            "the gateway that DUET_DISCORD_API names is not on this machine: `duet run` would not send it the token",
            "set DUET_DISCORD_API_TRUSTED=1 if you run what stands at that address yourself",
        );
    }
    if ours.total < gateway.shards {
        return Finding::wrong(
            "shards",
            format!("Discord recommends {}, DUET_SHARDS has {} in all", gateway.shards, ours.total),
            format!("set DUET_SHARDS=0-{}/{}, or divide them among several processes", gateway.shards - 1, gateway.shards),
        );
    }
    if starts.remaining < ours.last - ours.first + 1 {
        return Finding::wrong(
            "shards",
            format!("only {} of {} starts are left for today", starts.remaining, starts.total),
            format!("wait {} minutes, and find out in the log why Duet starts so often", starts.reset_after / 60_000 + 1),
        );
    }
    Finding::ok("shards", format!("{ours}, Discord recommends {}; {} starts left for today", gateway.shards, starts.remaining))
}

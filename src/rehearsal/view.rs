//! What a person sees: messages, buttons, boxes as plain text. The same world always gives the same text; no snowflake shows.
//! Reads the world, changes nothing.

use super::heard::Notification;
use super::modal::{self, OpenModal};
use super::rest::attachments;
use super::world::{Channel, Id, Message, World};
use serde_json::Value;
use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

/// A message as it stands on somebody's screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenMessage {
    pub id: u64,
    /// `DM`, or `#name`.
    pub place: String,
    pub author: String,
    /// Content, embeds and text parts, mentions and times resolved.
    pub text: String,
    /// The content alone, resolved.
    pub content: String,
    /// The words of each embed, resolved.
    pub embeds: Vec<String>,
    pub buttons: Vec<SeenButton>,
    /// What it shows, embeds first.
    pub pictures: Vec<SeenPicture>,
    pub files: Vec<SeenFile>,
    /// "Only you can see this."
    pub private: bool,
}

/// A picture as it stands on somebody's screen.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenPicture {
    /// What a screen reader says instead; empty when nothing does.
    pub description: String,
    pub bytes: Arc<[u8]>,
}

/// A file as whoever sees the message can open it.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenFile {
    pub name: String,
    pub bytes: Arc<[u8]>,
}

/// It may hold somebody's words.
impl fmt::Debug for SeenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeenFile({}, {} bytes)", self.name, self.bytes.len())
    }
}

impl fmt::Debug for SeenPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeenPicture({:?}, {} bytes)", self.description, self.bytes.len())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenButton {
    pub label: String,
    /// Empty for a link.
    pub custom_id: String,
    pub primary: bool,
    pub disabled: bool,
}

impl SeenMessage {
    /// The labels of the buttons that can be pressed.
    pub fn labels(&self) -> Vec<&str> {
        self.buttons.iter().filter(|button| !button.disabled).map(|button| button.label.as_str()).collect()
    }

    pub fn has_button(&self, label: &str) -> bool {
        self.labels().contains(&label)
    }
}

impl fmt::Display for SeenMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let private = if self.private { " · only you see this" } else { "" };
        write!(f, "— {} · {}{private} —", self.place, self.author)?;
        if !self.text.is_empty() {
            write!(f, "\n{}", self.text)?;
        }
        if !self.buttons.is_empty() {
            let shown: Vec<String> = self.buttons.iter().map(shown_button).collect();
            write!(f, "\n{}", shown.join(" "))?;
        }
        Ok(())
    }
}

fn shown_button(button: &SeenButton) -> String {
    match (button.disabled, button.primary) {
        (true, _) => format!("({})", button.label),
        (false, true) => format!("[*{}*]", button.label),
        (false, false) => format!("[{}]", button.label),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happening {
    New,
    Edited,
    Deleted,
    /// It was there before they could look.
    Old,
}

/// One entry of what somebody reads.
pub(super) fn message(world: &World, message: &Message, happening: Happening) -> String {
    let mut notes = String::new();
    if message.only_for.is_some() {
        notes.push_str(" · only you see this");
    }
    if message.flags & (1 << 12) != 0 && happening == Happening::New {
        notes.push_str(" · silent");
    }
    notes.push_str(match happening {
        Happening::New => "",
        Happening::Edited => " · edited",
        Happening::Deleted => " · deleted",
        Happening::Old => " · earlier",
    });
    let mut out = format!("— {} · {}{notes} —", place(world, message.channel), world.name_of(message.author));
    let body = body(world, message);
    if happening == Happening::Deleted {
        if let Some(line) = body.lines().next() {
            let _ = write!(out, "\n(was: {line})");
        }
        return out;
    }
    if !body.is_empty() {
        let _ = write!(out, "\n{body}");
    }
    for row in rows(&message.components) {
        let _ = write!(out, "\n{}", row.join(" "));
    }
    out
}

pub(super) fn seen(world: &World, message: &Message) -> SeenMessage {
    SeenMessage {
        id: message.id,
        place: place(world, message.channel),
        author: world.name_of(message.author),
        text: body(world, message),
        content: resolve(world, &message.content),
        embeds: message.embeds.iter().map(|embed| resolve(world, &embed_lines(embed).join("\n"))).collect(),
        buttons: interactive(&message.components).filter(|one| one["type"] == 2).map(seen_button).collect(),
        pictures: pictures(world, message),
        files: files(world, message),
        private: message.only_for.is_some(),
    }
}

/// Those whose bytes are there.
/// Files to open that are no pictures, with what is in them.
pub(super) fn files(world: &World, message: &Message) -> Vec<SeenFile> {
    attachments::loose(message)
        .filter_map(|file| {
            let name = file["filename"].as_str().filter(|name| !attachments::is_picture(name))?;
            let bytes = world.files.get(&file["id"].as_str()?.parse().ok()?)?;
            Some(SeenFile { name: name.to_owned(), bytes: Arc::clone(bytes) })
        })
        .collect()
}

pub(super) fn pictures(world: &World, message: &Message) -> Vec<SeenPicture> {
    let in_embeds = message.embeds.iter().flat_map(|embed| [&embed["image"], &embed["thumbnail"]]);
    let shown = in_embeds.chain(attachments::loose(message));
    shown
        .filter_map(|shown| {
            let file = message.attachments.iter().find(|file| file["url"] == shown["url"])?;
            let bytes = world.files.get(&text_of(&file["id"]).parse().ok()?)?;
            let is_picture = attachments::is_picture(file["filename"].as_str()?);
            is_picture.then(|| SeenPicture { description: text_of(&shown["description"]), bytes: Arc::clone(bytes) })
        })
        .collect()
}

/// By its description, or by its name where nobody described it.
fn picture_line(shown: &Value) -> String {
    let words = text_of(&shown["description"]);
    let name = shown["url"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
    format!("[picture: {}]", if words.is_empty() { name } else { &words })
}

fn seen_button(button: &Value) -> SeenButton {
    SeenButton {
        label: button_label(button),
        custom_id: text_of(&button["custom_id"]),
        primary: button["style"] == 1,
        disabled: button["disabled"] == true,
    }
}

/// The label, or the emoji of a button without one.
pub(super) fn button_label(button: &Value) -> String {
    let label = text_of(&button["label"]);
    if label.is_empty() { text_of(&button["emoji"]["name"]) } else { label }
}

pub(super) fn place(world: &World, channel: Id) -> String {
    match world.channels.get(&channel) {
        Some(Channel { guild: None, .. }) => "DM".to_owned(),
        Some(channel) => format!("#{}", channel.name),
        None => "#deleted".to_owned(),
    }
}

/// All buttons and menus, wherever they are nested.
pub(super) fn interactive(components: &[Value]) -> Box<dyn Iterator<Item = &Value> + '_> {
    Box::new(components.iter().flat_map(|one| -> Box<dyn Iterator<Item = &Value> + '_> {
        if matches!(one["type"].as_u64(), Some(2 | 3 | 5..=8)) {
            return Box::new(std::iter::once(one));
        }
        let children = one["components"].as_array().map(Vec::as_slice).unwrap_or_default();
        let accessory = one.get("accessory").map(std::slice::from_ref).unwrap_or_default();
        Box::new(interactive(children).chain(interactive(accessory)))
    }))
}

fn rows(components: &[Value]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for one in components {
        let parts: Vec<&Value> = interactive(std::slice::from_ref(one)).collect();
        if !parts.is_empty() {
            rows.push(parts.into_iter().map(part).collect());
        }
    }
    rows
}

fn part(one: &Value) -> String {
    if one["type"] == 2 {
        let button = seen_button(one);
        return match one["url"].as_str() {
            Some(url) => format!("[{} → {url}]", button.label),
            None => shown_button(&button),
        };
    }
    let options = one["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let labels: Vec<String> = options
        .iter()
        .map(
            |option| {
                if option["default"] == true { format!("*{}*", text_of(&option["label"])) } else { text_of(&option["label"]) }
            },
        )
        .collect();
    let off = if one["disabled"] == true { " (off)" } else { "" };
    format!("[{} ▾{off} {}]", text_of(&one["placeholder"]), labels.join(" | ")).replace(" ]", "]")
}

fn body(world: &World, message: &Message) -> String {
    let mut lines = Vec::new();
    if message.thinking {
        lines.push(format!("{} is thinking…", world.name_of(message.author)));
    }
    if !message.content.is_empty() {
        lines.push(resolve(world, &message.content));
    }
    for embed in &message.embeds {
        lines.extend(
            embed_lines(embed)
                .iter()
                .map(|text| resolve(world, text))
                .flat_map(|text| text.split('\n').map(|line| format!("│ {line}").trim_end().to_owned()).collect::<Vec<_>>()),
        );
    }
    for text in display_texts(&message.components) {
        lines.push(resolve(world, &text));
    }
    for file in attachments::loose(message) {
        if attachments::is_picture(file["filename"].as_str().unwrap_or_default()) {
            lines.push(picture_line(file));
            continue;
        }
        let words = text_of(&file["description"]);
        let words = if words.is_empty() { words } else { format!(": {words}") };
        lines.push(format!("(file {}{words})", text_of(&file["filename"])));
    }
    for reaction in &message.reactions {
        lines.push(format!("{} {}", reaction.emoji, reaction.by.len()));
    }
    lines.join("\n")
}

/// Text displays, wherever they are nested.
fn display_texts(components: &[Value]) -> Vec<String> {
    let mut texts = Vec::new();
    for one in components {
        if one["type"] == 10 {
            texts.push(text_of(&one["content"]));
        }
        if let Some(children) = one["components"].as_array() {
            texts.extend(display_texts(children));
        }
    }
    texts
}

fn embed_lines(embed: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |text: &Value, bold: bool| {
        if let Some(text) = text.as_str().filter(|text| !text.is_empty()) {
            lines.push(if bold { format!("**{text}**") } else { text.to_owned() });
        }
    };
    add(&embed["author"]["name"], false);
    add(&embed["title"], true);
    add(&embed["description"], false);
    for field in embed["fields"].as_array().into_iter().flatten() {
        add(&field["name"], true);
        add(&field["value"], false);
    }
    add(&embed["footer"]["text"], false);
    for shown in [&embed["image"], &embed["thumbnail"]] {
        if shown["url"].is_string() {
            lines.push(picture_line(shown));
        }
    }
    lines
}

/// Everything in a message that could carry words, unresolved, what stands in its files included: for [`super::Person::ever_saw`].
pub(super) fn raw_text(world: &World, message: &Message) -> String {
    let mut text = message.content.clone();
    for value in message.embeds.iter().chain(&message.components).chain(&message.attachments) {
        strings(value, &mut text);
    }
    for file in files(world, message) {
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(&file.bytes));
    }
    text
}

/// All strings in a JSON value, a line each.
pub(super) fn strings(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push('\n');
            out.push_str(text);
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(map) => map.values().for_each(|item| strings(item, out)),
        _ => {}
    }
}

pub(super) fn notification(world: &World, message: &Message) -> Notification {
    let text = if message.content.is_empty() {
        let lines: Vec<String> = message.embeds.iter().flat_map(embed_lines).chain(display_texts(&message.components)).collect();
        resolve(world, &lines.join("\n"))
    } else {
        resolve(world, &message.content)
    };
    Notification { place: place(world, message.channel), text, silent: message.flags & (1 << 12) != 0 }
}

pub(super) fn open_modal(modal: &OpenModal) -> String {
    self::modal(&modal.person.shared.world(), &modal.data)
}

pub(super) fn modal(world: &World, data: &Value) -> String {
    let mut out = format!("— modal: {} —", text_of(&data["title"]));
    for text in modal::texts(data) {
        let _ = write!(out, "\n{}", resolve(world, &text));
    }
    for field in modal::fields(data) {
        let required = if field.required { "" } else { ", optional" };
        let _ = write!(out, "\n{} (up to {}{required})", field.label, field.max);
        if !field.description.is_empty() {
            let _ = write!(out, "\n  {}", field.description);
        }
        if !field.value.is_empty() {
            let _ = write!(out, "\n  > {}", field.value);
        }
    }
    out
}

/// Mentions as names, `<t:…>` as a date in UTC: what the client draws from the markup.
pub(super) fn resolve(world: &World, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let shown = rest.find('>').and_then(|end| markup(world, &rest[1..end]).map(|shown| (shown, end)));
        if let Some((shown, end)) = shown {
            out.push_str(&shown);
            rest = &rest[end + 1..];
        } else {
            out.push('<');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn markup(world: &World, inner: &str) -> Option<String> {
    if let Some(id) = inner.strip_prefix("@&") {
        let id: Id = id.parse().ok()?;
        let role = world.guilds.values().find_map(|guild| guild.roles.get(&id));
        return Some(role.map_or_else(|| "@unknown-role".to_owned(), |role| format!("@{}", role.name)));
    }
    if let Some(id) = inner.strip_prefix('@') {
        let id: Id = id.trim_start_matches('!').parse().ok()?;
        return Some(format!("@{}", world.name_of(id)));
    }
    if let Some(id) = inner.strip_prefix('#') {
        return Some(place(world, id.parse().ok()?));
    }
    if let Some(command) = inner.strip_prefix('/') {
        let (name, id) = command.rsplit_once(':')?;
        id.parse::<Id>().ok()?;
        return Some(format!("/{name}"));
    }
    let stamp = inner.strip_prefix("t:")?;
    let (seconds, style) = stamp.split_once(':').unwrap_or((stamp, "f"));
    let moment = jiff::Timestamp::from_second(seconds.parse().ok()?).ok()?;
    let shape = match style {
        "t" | "T" => "%H:%M UTC",
        "d" | "D" => "%-d %B %Y",
        _ => "%a %-d %B %Y %H:%M UTC",
    };
    Some(moment.strftime(shape).to_string())
}

/// A JSON string, or nothing.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

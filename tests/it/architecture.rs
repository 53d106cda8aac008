//! The house's rules, read off its own text: who knows whom, and which libraries live in which room. `src/lib.rs` says why.

use std::fs;
use std::path::{Path, PathBuf};

/// Room, and what it may know beside itself. Rooms that stand nowhere here may know all.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("vault", &["domain"]),
    ("clock", &["domain"]),
    ("picture", &["domain"]),
    ("store", &["domain", "vault"]),
    ("app", &["clock", "store", "vault", "domain"]),
    ("flows", &["app", "store", "vault", "domain"]),
    ("discord", &["app", "flows", "picture", "domain"]),
    ("worker", &[]),
    ("scheduler", &["app", "flows", "worker", "domain", "store::timers", "store::outbox"]),
    ("courier", &["app", "flows", "store", "worker", "domain", "discord::Bot", "discord::delivery", "discord::failure"]),
    ("config", &["vault", "discord::address", "discord::gateway"]),
    ("run", &["app", "clock", "courier", "discord", "domain", "flows", "scheduler", "store", "vault", "worker"]),
    ("rehearsal", &[]),
];

/// What stands in one room only.
const LIVES_IN: &[(&str, &str)] = &[("serenity::", "discord"), ("twilight_", "discord"), ("sqlx::", "store")];

/// What never stands in `domain`: waiting, the clock, chance, files.
const NOT_IN_DOMAIN: &[&str] =
    &["async ", "tokio::", "rand::", "Timestamp::now", "SystemTime::", "Instant::", "std::fs", "std::io", "std::net"];

#[test]
fn every_room_knows_only_whom_it_may() {
    let mut offenders = Vec::new();
    for (file, room, code) in files() {
        let place = file.display();
        for path in ours(&code, modules_above(&file)) {
            let named = MAY_KNOW.iter().find(|(name, _)| *name == room);
            let may = |one: &&str| path == **one || path.starts_with(&format!("{one}::"));
            if named.is_some_and(|(name, known)| !may(name) && !known.iter().any(may)) {
                offenders.push(format!("{place}: {room} may not know {path}"));
            }
        }
        for (library, home) in LIVES_IN.iter().filter(|(library, home)| *home != room && code.contains(library)) {
            offenders.push(format!("{place}: {library} lives in {home}"));
        }
        for word in NOT_IN_DOMAIN.iter().filter(|word| room == "domain" && code.contains(**word)) {
            offenders.push(format!("{place}: {word} has no place in domain"));
        }
    }
    assert!(offenders.is_empty(), "\n{}\n", offenders.join("\n"));
}

#[test]
fn the_map_names_every_room_and_no_other() {
    let map = fs::read_to_string(source().join("lib.rs")).unwrap();
    let rooms: Vec<&str> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut listed: Vec<&str> = map.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split('`').next()).collect();
    listed.sort_unstable();
    assert_eq!(listed, rooms);
}

#[test]
fn nested_paths_are_read_to_their_ends() {
    let code = "use crate::{app::App, store::{self, timers::{Timer, set}}};\nlet x = crate::flows::Trouble::Gone; use super::vault::Vault;";
    let read = ours(code, 1);
    assert_eq!(
        read,
        ["app::App", "store::self", "store::timers::Timer", "store::timers::set", "flows::Trouble::Gone", "vault::Vault"]
    );
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file of ours with its room and its text, comments left out.
fn files() -> Vec<(PathBuf, String, String)> {
    let (mut open, mut found) = (vec![source()], Vec::new());
    while let Some(folder) = open.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            let inside = path.strip_prefix(source()).unwrap().with_extension("");
            let room = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                found.push((path.strip_prefix(source()).unwrap().to_owned(), room, code.join("\n")));
            }
        }
    }
    found
}

/// How many `super` lead from this file's module to the crate's root.
fn modules_above(file: &Path) -> usize {
    file.components().count() - usize::from(file.ends_with("mod.rs"))
}

/// Every path from the crate's root, in `use` lines or not, without the root.
fn ours(code: &str, above: usize) -> Vec<String> {
    let root = "super::".repeat(above);
    let starts = code.match_indices("crate::").chain(code.match_indices(&root).filter(|(at, _)| !code[..*at].ends_with("::")));
    let mut paths = Vec::new();
    for (at, start) in starts {
        leaves("", &code[at + start.len()..], &mut paths);
    }
    // In a file just below the root, `super` is the root; in a test module inside it, it is the file, which has no rooms.
    paths.retain(|path| MAY_KNOW.iter().any(|(room, _)| path.split("::").next() == Some(room)));
    paths
}

/// Reads one path, or a whole `{…}` of them, and returns what follows it.
fn leaves<'c>(before: &str, code: &'c str, paths: &mut Vec<String>) -> &'c str {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        while !rest.trim_start().starts_with('}') && !rest.is_empty() {
            rest = leaves(before, rest, paths).trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        return rest.trim_start().strip_prefix('}').unwrap_or(rest);
    }
    let end = code.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(code.len());
    let (name, rest) = code.split_at(end);
    let path = if before.is_empty() { name.to_owned() } else { format!("{before}::{name}") };
    if let Some(rest) = rest.strip_prefix("::") {
        return leaves(&path, rest, paths);
    }
    paths.push(path);
    // An `as` belongs to the path before it; a name that cannot be read must not be read for ever.
    let rest = rest.find([',', '}', ';', '\n']).map_or("", |at| &rest[at..]);
    rest.strip_prefix([';', '\n']).unwrap_or(rest)
}

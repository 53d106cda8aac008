//! The program itself, as people and service managers run it: `duet rehearse`, and `duet run` with its exit codes.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use duet::rehearsal::{FaultKind, Heard, Match, Person, Rehearsal, Server, Setup};
use tempfile::TempDir;

/// `duet` with nothing of our environment but what is given, in a folder of its own.
fn duet(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duet"));
    command.args(arguments).env_clear().envs(settings.iter().copied()).current_dir(folder).stdin(Stdio::null());
    command
}

async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_rehearsal_shows_a_whole_round_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    for columns in ["120", "60"] {
        let settings = [("COLUMNS", columns), ("TMPDIR", folder.path().to_str().unwrap())];
        let shown = output(duet(folder.path(), &["rehearse"], &settings)).await;
        let (out, err) = (text(&shown.stdout), text(&shown.stderr));
        assert!(shown.status.success(), "{out}\n{err}");
        assert_eq!(err, "");
        for part in
            ["[ Send invitation ]", "[ Answer ]", "1 of 2 sealed", "only you see this", "[ Submit ]", "All went as it should"]
        {
            assert!(out.contains(part), "{part} is missing in\n{out}");
        }
        // Single words: longer parts may be wrapped.
        let (before, reveal) = out.rsplit_once("Two people, two views").unwrap();
        assert!(reveal.contains("stairs") && reveal.contains("bowl"), "{out}");
        assert!(!before.split_once("Alex presses Answer").unwrap().0.contains("stairs"));
        assert!(!before.split_once("Sam presses Answer").unwrap().0.contains("bowl"));
        assert!(out.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= columns.parse().unwrap()), "{out}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "it leaves nothing behind");
}

#[tokio::test]
async fn the_page_of_a_guided_conversation_is_what_is_played() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("TMPDIR", folder.path().to_str().unwrap())];
    let played = output(duet(folder.path(), &["rehearse", "conversation"], &settings)).await;
    assert!(played.status.success(), "{}", text(&played.stderr));
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/conversation.md")).unwrap();
    let (played, page) = (text(&played.stdout), page.as_str());
    let differs = played.lines().zip(page.lines()).position(|(one, other)| one != other);
    assert!(played == page, "line {differs:?}: run `duet rehearse conversation > docs/conversation.md` and read it");
}

#[tokio::test]
async fn killed_in_every_round_it_loses_and_doubles_nothing() {
    let mut databases = vec![None];
    databases.extend(crate::engines::postgres().await.map(Some));
    for database in databases {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = vec!["rehearse", "kill", "--times", "3", "--seed", "7"];
        if let Some(database) = &database {
            arguments.extend(["--database", &database.url]);
        }
        let shown = output(duet(folder.path(), &arguments, &[("TMPDIR", folder.path().to_str().unwrap())])).await;
        let out = text(&shown.stdout);
        assert!(shown.status.success(), "{out}\n{}", text(&shown.stderr));
        assert!(out.contains("3 rounds, 3 kills") && out.contains("0 answers lost, 0 second reveals, 0 missing"), "{out}");
        if let Some(database) = database {
            database.finish().await;
        }
    }
}

#[tokio::test]
async fn a_served_rehearsal_says_how_to_reach_it_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let out = File::create(folder.path().join("out")).unwrap();
    let mut command = duet(folder.path(), &["rehearse", "serve"], &[("TMPDIR", folder.path().to_str().unwrap())]);
    let mut child = command.stdout(out).spawn().unwrap();
    let said = until(|| {
        let said = fs::read_to_string(folder.path().join("out")).unwrap();
        said.contains("Duet is connected to it.").then_some(said)
    })
    .await;
    let setting = |name: &str| said.split_once(name).unwrap().1.lines().next().unwrap().to_owned();
    let (address, token) = (setting("DUET_DISCORD_API="), setting("DISCORD_TOKEN="));
    let client = reqwest::Client::builder().user_agent("a client of somebody's").build().unwrap();
    let me =
        client.get(format!("{address}/api/v10/users/@me")).header("Authorization", format!("Bot {token}")).send().await.unwrap();
    assert_eq!(me.status(), 200);
    terminate(&child);
    assert!(ended(&mut child, Duration::from_secs(10)).await.success());
}

#[tokio::test]
async fn without_a_token_it_names_the_setting() {
    let folder = tempfile::tempdir().unwrap();
    let ended = output(duet(folder.path(), &["run"], &[])).await;
    assert_eq!(ended.status.code(), Some(2));
    assert!(text(&ended.stderr).contains("DISCORD_TOKEN"));
    assert!(!folder.path().join("duet.db").exists(), "nothing is made before it can run");
}

#[tokio::test]
async fn everything_wrong_with_the_settings_is_said_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        [("DISCORD_TOKEN", "hush"), ("DUET_DISCORD_API", "http://example.com"), ("DUET_SHARDS", "9"), ("DUET_REST_SHARE", "2")];
    let ended = output(duet(folder.path(), &["run"], &settings)).await;
    let said = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(["DUET_DISCORD_API", "DUET_SHARDS", "DUET_REST_SHARE"].iter().all(|name| said.contains(name)), "{said}");
    assert!(!said.contains("hush"));
}

#[tokio::test]
async fn a_refused_token_is_told_from_everything_else() {
    let world = World::begin().await;
    world.rehearsal.faults().revoke_token();
    let ended = output(world.bot()).await;
    assert_eq!(ended.status.code(), Some(3), "{}", text(&ended.stderr));
    assert!(text(&ended.stderr).contains("DISCORD_TOKEN"));
    assert!(!text(&ended.stderr).contains(&world.rehearsal.token()));
}

#[tokio::test]
async fn a_token_revoked_while_it_runs_ends_it() {
    let world = World::begin().await;
    let mut child = world.start();
    world.rehearsal.connected().await;
    world.rehearsal.faults().revoke_token();
    assert_eq!(ended(&mut child, Duration::from_secs(20)).await.code(), Some(3), "{}", world.log());
}

#[tokio::test]
async fn an_address_that_does_not_answer_is_refused_and_nothing_else_is_dialled() {
    let world = World::begin().await;
    world.rehearsal.stop().await;
    let ended = output(world.bot()).await;
    let said = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(!said.contains("discord.com") && !said.contains("discord.gg"), "{said}");
}

#[tokio::test]
async fn another_master_key_refuses_to_start() {
    let world = World::begin().await;
    let mut child = world.start();
    world.rehearsal.connected().await;
    terminate(&child);
    assert!(ended(&mut child, Duration::from_secs(10)).await.success(), "{}", world.log());
    let mut bot = world.bot();
    bot.env("DUET_MASTER_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    let ended = output(bot).await;
    assert_eq!(ended.status.code(), Some(2), "{}", text(&ended.stderr));
    assert!(text(&ended.stderr).contains("master key"));
}

#[tokio::test]
async fn told_to_stop_it_finishes_what_is_in_flight() {
    let world = World::begin().await;
    let mut child = world.start();
    world.rehearsal.commands_registered().await;
    world.rehearsal.connected().await;
    let (ada, ben) = world.couple().await;
    ada.run("/ask").await.unwrap();
    ada.sees("Opens when both have answered.").await.unwrap();
    ada.click("Answer").await.unwrap().write("An hour with the window open.").await.unwrap();
    // The reveal is on the wire when the stop comes.
    let faults = world.rehearsal.faults();
    let held = faults.on(Match::new("POST", "/messages").with_body("Both answers are here."), FaultKind::HoldBefore);
    ben.click("Answer").await.unwrap().write("Coffee before anybody talks.").await.unwrap();
    faults.reached(held).await;
    terminate(&child);
    faults.release(held);
    assert!(ended(&mut child, Duration::from_secs(10)).await.success(), "{}", world.log());
    for person in [&ada, &ben] {
        let reveal = person.sees("Two people, two views").await.unwrap();
        assert!(reveal.text.contains("window open") && reveal.text.contains("Coffee before"));
    }
    // Nothing is said twice by the next start, and the session went on.
    let mut child = world.start();
    until(|| (world.rehearsal.resumes() == 1).then_some(())).await;
    terminate(&child);
    assert!(ended(&mut child, Duration::from_secs(10)).await.success(), "{}", world.log());
    assert_eq!(ada.screen().iter().filter(|seen| seen.text.contains("Two people, two views")).count(), 1);
}

/// A rehearsal, and a folder for the bot that runs against it.
struct World {
    rehearsal: Rehearsal,
    server: Server,
    folder: TempDir,
}

impl World {
    async fn begin() -> Self {
        let rehearsal = Rehearsal::start(Setup { limits: false, ..Setup::default() }).await.unwrap();
        let host = rehearsal.person("Olga");
        let server = rehearsal.server("The Hut", &[&host]);
        Self { rehearsal, server, folder: tempfile::tempdir().unwrap() }
    }

    fn bot(&self) -> Command {
        let clock = self.folder.path().join("clock");
        self.rehearsal.clock().publish(&clock).unwrap();
        let (token, address) = (self.rehearsal.token(), self.rehearsal.address());
        duet(
            self.folder.path(),
            &["run"],
            &[
                ("DISCORD_TOKEN", token.as_str()),
                ("DUET_DISCORD_API", address.as_str()),
                ("DUET_REHEARSAL_CLOCK", clock.to_str().unwrap()),
            ],
        )
    }

    fn start(&self) -> Child {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        self.bot().stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    async fn couple(&self) -> (Person, Person) {
        let [ada, ben] = ["Ada", "Ben"].map(|name| self.rehearsal.person(name));
        for person in [&ada, &ben] {
            self.server.add(person);
            person.go(&self.server.general());
        }
        assert!(matches!(ada.run("/pair with:@Ben").await.unwrap(), Heard::Private(_)));
        ada.click("Send invitation").await.unwrap();
        ben.sees("would like to do this with you").await.unwrap();
        ben.click("Accept").await.unwrap();
        ada.sees("This is your place.").await.unwrap();
        let home = self.server.channels().into_iter().find(|channel| channel.name() != "general").unwrap();
        ada.go(&home);
        ben.go(&home);
        (ada, ben)
    }
}

/// SIGTERM, as a service manager sends it.
fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().unwrap().success());
}

async fn ended(child: &mut Child, patience: Duration) -> ExitStatus {
    let ended = tokio::time::timeout(patience, until(|| child.try_wait().unwrap())).await;
    ended.unwrap_or_else(|_| {
        child.kill().unwrap();
        panic!("it did not end within {patience:?}")
    })
}

/// Another process tells nobody when it is done: look until it is.
async fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

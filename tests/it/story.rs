//! A story: two people, a server, the real bot against the rehearsal, told once on SQLite and once on PostgreSQL. Timers and
//! outbox are worked by hand after everything a person does, and every story ends with the same checks.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use duet::app::App;
use duet::clock::HandClock;
use duet::courier::{self, Did};
use duet::discord::Bot;
use duet::discord::address::ApiAddress;
use duet::discord::gateway::{Positions, ShardRange};
use duet::domain::library::Library;

use duet::rehearsal::{Beside, ChannelRef, Faults, Heard, OpenModal, Person, Rehearsal, SeenMessage, Server, Setup};
use duet::run::{Duet, RunError, Settings};
use duet::scheduler;
use duet::store::{Store, keys, outbox};
use duet::vault::{KeySource, Vault};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::engines::{self, Database};
use crate::log::Log;

/// Any error ends a story, and says where.
pub type Told<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A master key for tests: 32 bytes in base64.
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// Read once: its check takes a moment, and every story starts a bot.
static LIBRARY: LazyLock<Result<Library, String>> =
    LazyLock::new(|| Library::built_in().map_err(|flaws| flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")));
/// Shorter texts stand in other words by chance and prove nothing.
const TELLING: usize = 8;

pub struct Story {
    pub rehearsal: Rehearsal,
    pub home: Server,
    owner: Person,
    clock: Arc<HandClock>,
    database: Database,
    running: RefCell<Option<Running>>,
    /// What people wrote in private: none of it may stand in a log, the outbox or the database.
    written: RefCell<Vec<String>>,
    log: Log,
    /// Whether the end may find notices that wait or were parked: stories about failures say so.
    pub unfinished: RefCell<bool>,
    /// Drawn from the setup's seed, another one at every start, as in life.
    seed: std::cell::Cell<u64>,
}

struct Running {
    app: Arc<App>,
    bot: Arc<Bot>,
    positions: Positions,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), RunError>>,
}

/// Tells a story on every engine there is.
pub async fn story(tell: impl AsyncFn(&Story) -> Told) {
    for database in engines::all().await {
        told(database, Setup { limits: false, ..Setup::default() }, &tell).await;
    }
}

/// The same with Discord's rate limits, in real time.
pub async fn story_with_limits(tell: impl AsyncFn(&Story) -> Told) {
    for database in engines::all().await {
        told(database, Setup::default(), &tell).await;
    }
}

async fn told(database: Database, setup: Setup, tell: &impl AsyncFn(&Story) -> Told) {
    let log = Log::default();
    let _listening = log.listen();
    let engine = if database.file.is_some() { "SQLite" } else { "PostgreSQL" };
    let story = Story::begin(database, setup, log).await.unwrap_or_else(|error| panic!("on {engine}: {error}"));
    if let Err(error) = tell(&story).await {
        panic!("on {engine}: {error}\n--- the log ends ---\n{}", story.log.tail());
    }
    if let Err(error) = story.end().await {
        panic!("on {engine}, at the end: {error}");
    }
}

impl Story {
    async fn begin(database: Database, setup: Setup, log: Log) -> Told<Self> {
        let now = Timestamp::from_millisecond(setup.start_ms)?;
        let seed = setup.seed;
        let rehearsal = Rehearsal::start(setup).await?;
        let owner = rehearsal.person("Olga");
        rehearsal.owner(&owner);
        let home = rehearsal.server("The Hut", &[&owner]);
        let story = Self {
            rehearsal,
            home,
            owner,
            clock: Arc::new(HandClock::at(now)),
            database,
            running: RefCell::new(None),
            written: RefCell::default(),
            log,
            unfinished: RefCell::new(false),
            seed: std::cell::Cell::new(seed),
        };
        story.start().await?;
        Ok(story)
    }

    /// Starts the bot on the story's database.
    pub async fn start(&self) -> Told {
        let store = Store::open(&self.database.url).await?;
        let (vault, _) = Vault::open(KeySource::Env(SecretString::from(MASTER_KEY)))?;
        let library = LIBRARY.clone()?;
        keys::check_install(&store, &vault, self.now()).await?;
        self.seed.set(self.seed.get() + 1);
        let app = Arc::new(App::new(store, vault, library, self.clock.clone(), self.seed.get()));
        let settings = Settings {
            token: SecretString::from(self.rehearsal.token()),
            api: ApiAddress::parse(Some(&self.rehearsal.address()), false)?,
            shards: ShardRange::default(),
            share: 1.0,
            loops: false,
        };
        let duet = Duet::connect(Arc::clone(&app), settings).await?;
        let (bot, positions, stop) = (Arc::clone(&duet.bot), duet.positions(), CancellationToken::new());
        #[expect(clippy::disallowed_methods, reason = "the story waits for it when it stops the bot")]
        let serving = tokio::task::spawn(duet.serve(stop.clone()));
        self.rehearsal.connected().await;
        self.running.replace(Some(Running { app, bot, positions, stop, serving }));
        self.settle().await
    }

    /// Stops the bot as SIGTERM does.
    pub async fn stop(&self) -> Told {
        let Some(running) = self.running.take() else { return Ok(()) };
        running.stop.cancel();
        running.serving.await??;
        running.app.store.close().await;
        Ok(())
    }

    pub async fn restart(&self) -> Told {
        self.stop().await?;
        self.start().await
    }

    /// How the bot ended by itself.
    pub async fn ended(&self) -> Told<Result<(), RunError>> {
        let running = self.running.take().ok_or("the bot is not running")?;
        Ok(running.serving.await?)
    }

    pub fn app(&self) -> Arc<App> {
        Arc::clone(&self.running.borrow().as_ref().expect("the bot runs").app)
    }

    fn bot(&self) -> Option<(Arc<App>, Arc<Bot>)> {
        self.running.borrow().as_ref().map(|running| (Arc::clone(&running.app), Arc::clone(&running.bot)))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.rehearsal.clock().now_ms()).expect("the rehearsal's time is a time")
    }

    /// Works timers and outbox until nothing is due.
    pub async fn settle(&self) -> Told {
        let Some((app, bot)) = self.bot() else { return Ok(()) };
        loop {
            let rang = scheduler::tick(&app).await?;
            let delivered = courier::deliver_one(&app, &bot).await?;
            if rang == Did::Nothing && delivered == Did::Nothing {
                return Ok(());
            }
        }
    }

    /// Time passes, and what came due happens, in the order in which it came due.
    pub async fn passes(&self, time: SignedDuration) -> Told {
        let until = self.now().checked_add(time)?;
        loop {
            let Some((app, _)) = self.bot() else { break };
            let timer = duet::store::timers::next_due(&app.store).await?;
            let notice = outbox::next_due(&app.store).await?;
            match [timer, notice].into_iter().flatten().min() {
                Some(due) if due <= until => {
                    self.set(due.max(self.now()));
                    self.settle().await?;
                }
                _ => break,
            }
        }
        self.set(until);
        self.settle().await
    }

    fn set(&self, now: Timestamp) {
        self.rehearsal.clock().set_ms(now.as_millisecond());
        self.clock.set(now);
    }

    /// A person who is in the server.
    pub fn person(&self, name: &str) -> Actor<'_> {
        let person = self.rehearsal.person(name);
        self.home.add(&person);
        person.go(&self.home.general());
        Actor { person, story: self }
    }

    /// Two people who paired, with their private channel, where both now are.
    pub async fn couple(&self, one: &str, other: &str) -> Told<(Actor<'_>, Actor<'_>)> {
        let (one, other) = (self.person(one), self.person(other));
        self.pair(&one, &other).await?;
        Ok((one, other))
    }

    pub async fn pair(&self, one: &Actor<'_>, other: &Actor<'_>) -> Told {
        let before: Vec<u64> = self.home.channels().iter().map(ChannelRef::id).collect();
        one.run(&format!("/pair with:@{}", other.name())).await?;
        one.click("Send invitation").await?;
        other.click("Accept").await?;
        if let Some(home) = self.home.channels().into_iter().find(|channel| !before.contains(&channel.id())) {
            one.person.go(&home);
            other.person.go(&home);
        }
        Ok(())
    }

    /// Two people who paired where no channel can be made: they meet in their DMs.
    pub async fn couple_in_dms(&self, one: &str, other: &str) -> Told<(Actor<'_>, Actor<'_>)> {
        self.home.max_channels(self.home.channels().len());
        let (one, other) = self.couple(one, other).await?;
        one.person.go_dm();
        other.person.go_dm();
        Ok((one, other))
    }

    /// Something private: the end of the story looks for it everywhere.
    pub fn is_private(&self, text: &str) {
        self.written.borrow_mut().extend(text.lines().map(str::trim).filter(|line| line.len() >= TELLING).map(ToOwned::to_owned));
    }

    /// The bot's owner, who owns the server, too.
    pub fn owner(&self) -> Actor<'_> {
        self.owner.go(&self.home.general());
        Actor { person: self.owner.clone(), story: self }
    }

    /// A place in the log, for [`Story::logged_since`].
    pub fn log_mark(&self) -> usize {
        self.log.mark()
    }

    pub fn logged_since(&self, mark: usize) -> String {
        self.log.since(mark)
    }

    async fn end(&self) -> Told {
        if let Some((app, _)) = self.bot() {
            let now = self.now();
            if !*self.unfinished.borrow() {
                if duet::store::timers::due_count(&app.store, now).await? > 0 {
                    return Err("a timer is due and nobody rang it".into());
                }
                if let Some(parked) = outbox::parked(&app.store).await?.first() {
                    return Err(format!("a notice was parked: {parked:?}").into());
                }
                if outbox::next_due(&app.store).await?.is_some_and(|due| due <= now) {
                    return Err("a notice is due and nobody sent it".into());
                }
            }
        }
        self.stop().await?;
        if let Some(route) = self.rehearsal.unknown_routes().first() {
            return Err(format!("the bot called {route}, which the rehearsal does not know").into());
        }
        if self.log.has("sqlx::query") {
            return Err("the log has SQL statements, beside whoever was served".into());
        }
        if self.log.has("a flow panicked") {
            return Err(format!("a flow panicked\n{}", self.log.tail()).into());
        }
        let wrong = crate::openapi::check(&self.rehearsal.take_exchanges());
        if !wrong.is_empty() {
            return Err(format!("against Discord's document:\n{}", wrong.join("\n")).into());
        }
        let stored = engines::bytes(&self.database).await;
        for text in self.written.borrow().iter() {
            if self.log.has(text) {
                return Err(format!("the log has private words: {text}").into());
            }
            if contains(&stored, text.as_bytes()) {
                return Err(format!("the database has private words in the clear: {text}").into());
            }
        }
        self.rehearsal.stop().await;
        Ok(())
    }

    pub fn faults(&self) -> &Faults {
        self.rehearsal.faults()
    }

    /// Whatever the gateway told so far has reached the bot. Presses overtake what is told of homes, but only while those wait:
    /// when it answers a bystander again, it has dealt with what came before the first time.
    pub async fn bot_has_heard(&self) -> Told {
        let bystander = self.person("Nia");
        for _ in 0..4 {
            bystander.run("/help").await?;
        }
        Ok(())
    }

    /// Waits until everything that the gateway told is dealt with, and what comes of it. While the bot does not listen, there is
    /// nothing to wait for.
    pub async fn heard_all(&self) -> Told {
        let Some(positions) = self.running.borrow().as_ref().map(|running| running.positions.clone()) else { return Ok(()) };
        let dealt_with = async {
            while self.rehearsal.told(0).is_some_and(|told| positions.dealt_with(0) != Some(told)) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), dealt_with)
            .await
            .map_err(|_| "the bot does not deal with what it is told")?;
        self.settle().await
    }

    /// The couple's channel.
    pub fn place(&self) -> ChannelRef {
        self.home.channel_named("our-place").expect("a home was made")
    }

    /// What the database holds, a text a row.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.database.texts(sql).await
    }

    /// Its database, to look at from behind.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Every line that was logged so far.
    pub fn logged(&self) -> String {
        self.logged_since(0)
    }

    /// How many rows of a table there are.
    pub async fn count(&self, table: &str) -> i64 {
        self.database.count(table).await
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// One person in a story: what they do is followed by everything that comes of it.
#[derive(Clone)]
pub struct Actor<'s> {
    pub person: Person,
    story: &'s Story,
}

impl<'s> Actor<'s> {
    pub fn name(&self) -> String {
        self.person.name()
    }

    pub async fn run(&self, command: &str) -> Told<Answer<'s>> {
        let words = command.split_once("question:").or_else(|| command.strip_prefix("/board add ")?.split_once("text:"));
        if let Some((_, words)) = words {
            self.story.is_private(words);
        }
        self.heard(self.person.run(command).await?).await
    }

    pub async fn click(&self, label: &str) -> Told<Answer<'s>> {
        self.heard(self.person.click(label).await?).await
    }

    pub async fn click_in(&self, message: u64, label: &str) -> Told<Answer<'s>> {
        self.heard(self.person.click_in(message, label).await?).await
    }

    pub async fn click_custom(&self, message: u64, custom_id: &str) -> Told<Answer<'s>> {
        self.heard(self.person.click_custom(message, custom_id).await?).await
    }

    /// Chooses an entry in the menu of a message.
    pub async fn menu(&self, entry: &str, message: u64) -> Told<Answer<'s>> {
        self.heard(self.person.message_menu(message, entry).await?).await
    }

    pub async fn select(&self, menu: &str, values: &[&str]) -> Told<Answer<'s>> {
        self.heard(self.person.select(menu, values).await?).await
    }

    /// Presses `Answer`, writes, and sends.
    pub async fn answers(&self, text: &str) -> Told<Answer<'s>> {
        self.click("Answer").await?.write(text).await
    }

    /// Types in the DM with the bot. The message's number.
    pub async fn types(&self, text: &str) -> Told<u64> {
        self.sends(text, &Beside::Nothing).await
    }

    /// Types, or not, and sends something along.
    pub async fn sends(&self, text: &str, beside: &Beside<'_>) -> Told<u64> {
        self.story.is_private(text);
        let message = self.person.sends(&self.person.dm(), text, beside).await?;
        self.story.heard_all().await?;
        Ok(message)
    }

    pub async fn edits(&self, message: u64, text: &str) -> Told {
        self.story.is_private(text);
        self.person.edits(message, text).await?;
        self.story.heard_all().await
    }

    pub async fn deletes(&self, message: u64) -> Told {
        self.person.deletes(message).await?;
        self.story.heard_all().await
    }

    /// Everything new on this person's screens, as they would read it.
    pub fn reads(&self) -> String {
        self.person.reads()
    }

    pub fn ever_saw(&self, text: &str) -> bool {
        self.person.ever_saw(text)
    }

    pub async fn click_twice(&self, label: &str) -> Told<(Answer<'s>, Answer<'s>)> {
        let (one, other) = self.person.click_twice(label).await?;
        Ok((self.heard(one).await?, self.heard(other).await?))
    }

    /// The newest button of that name that they see: where it stands, and its custom id.
    pub fn button(&self, label: &str) -> Told<(u64, String)> {
        let found = self.person.screen().into_iter().rev().find_map(|message| {
            let button = message.buttons.iter().find(|button| button.label == label)?;
            Some((message.id, button.custom_id.clone()))
        });
        found.ok_or_else(|| format!("{} sees no button {label}", self.name()).into())
    }

    /// The newest message on their screen with this text in it.
    pub fn message(&self, text: &str) -> Told<SeenMessage> {
        let found = self.person.screen().into_iter().rev().find(|message| message.text.contains(text));
        found.ok_or_else(|| format!("{} sees nothing with “{text}”", self.name()).into())
    }

    /// How many messages with this text stand on their screen.
    pub fn sees(&self, text: &str) -> usize {
        self.person.screen().iter().filter(|message| message.text.contains(text)).count()
    }

    async fn heard(&self, heard: Heard) -> Told<Answer<'s>> {
        self.story.settle().await?;
        Ok(Answer { heard, story: self.story })
    }

    /// Waits for what nobody's press brings: something that Discord tells Duet by itself, and what comes of it.
    pub async fn hears(&self, text: &str) -> Told<SeenMessage> {
        let arrives = async {
            loop {
                self.story.settle().await?;
                if let Some(found) = self.person.screen().into_iter().rev().find(|message| message.text.contains(text)) {
                    return Ok(found);
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), arrives).await.map_err(|_| format!("{} never heard: {text}", self.name()))?
    }
}

/// What came back at once.
pub struct Answer<'s> {
    pub heard: Heard,
    story: &'s Story,
}

impl Answer<'_> {
    pub fn text(&self) -> String {
        self.heard.text()
    }

    pub fn modal(self) -> Told<OpenModal> {
        Ok(self.heard.modal()?)
    }

    pub fn says(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// Writes into the first field of the modal that opened.
    pub async fn write(self, text: &str) -> Told<Self> {
        self.story.is_private(text);
        let heard = self.heard.write(text).await?;
        self.story.settle().await?;
        Ok(Self { heard, story: self.story })
    }

    pub async fn fill(self, fields: &[(&str, &str)]) -> Told<Self> {
        for (_, text) in fields {
            self.story.is_private(text);
        }
        let heard = self.heard.fill(fields).await?;
        self.story.settle().await?;
        Ok(Self { heard, story: self.story })
    }

    /// Sends this page as if it were another one: what a changed client can do.
    pub async fn forge_as(self, custom_id: &str, fields: &[(&str, &str)]) -> Told<Self> {
        for (_, text) in fields {
            self.story.is_private(text);
        }
        let fields = fields.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        let heard = self.heard.modal()?.claiming(custom_id).forge(fields).await?;
        self.story.settle().await?;
        Ok(Self { heard, story: self.story })
    }

    /// Sends without the client's checks.
    pub async fn forge(self, fields: Vec<(String, String)>) -> Told<Self> {
        for (_, text) in &fields {
            self.story.is_private(text);
        }
        let heard = self.heard.modal()?.forge(fields).await?;
        self.story.settle().await?;
        Ok(Self { heard, story: self.story })
    }
}

/// What a person reads, word by word. A story is told on each engine, and reads the same on both.
macro_rules! reads {
    ($text:expr, @$words:literal) => {{
        let text = $text;
        insta::allow_duplicates! { insta::assert_snapshot!(text, @$words) }
    }};
}
pub(crate) use reads;

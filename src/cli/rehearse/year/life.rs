//! Alex and Sam, day by day: what they do, what comes due meanwhile, and the watcher who reads everything along.

use duet::domain::checkin::{Rated, Ratings, Tap};
use duet::domain::ids::PersonId;
use duet::domain::library::Library;
use duet::domain::round::Kind;
use duet::picture;
use duet::rehearsal::{Heard, OpenModal, Person, SeenMessage, Server};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::super::stage::{Bot, Mishap, Stage};
use super::mood::{self, Mood};
use super::watch::{Partner, Watch, Written};

/// One of the two. The first invites the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Alex,
    Sam,
}

impl Who {
    pub const BOTH: [Self; 2] = [Self::Alex, Self::Sam];

    pub fn other(self) -> Self {
        match self {
            Self::Alex => Self::Sam,
            Self::Sam => Self::Alex,
        }
    }

    pub fn at(self) -> usize {
        match self {
            Self::Alex => 0,
            Self::Sam => 1,
        }
    }
}

pub struct Life<'s> {
    stage: &'s Stage,
    server: Server,
    people: [Person; 2],
    moods: [Mood; 2],
    bot: Option<Bot>,
    /// Decides the bot's draws: another number at each start.
    starts: u64,
    down_since: Timestamp,
    pub chance: StdRng,
    pub watch: Watch,
    /// What happened last, for the one who wants to know why it went wrong.
    story: Vec<String>,
}

impl<'s> Life<'s> {
    pub async fn begin(stage: &'s Stage, seed: u64) -> Result<Self, Mishap> {
        let [host, alex, sam] = ["Robin", "Alex", "Sam"].map(|name| stage.rehearsal.person(name));
        let server = stage.rehearsal.server("The Hut", &[&host, &alex, &sam]);
        for person in [&alex, &sam] {
            person.go(&server.general());
        }
        let partner = |person: &Person| Partner {
            person: PersonId(i64::try_from(person.id()).unwrap_or_default()),
            name: person.name(),
            zone: TimeZone::UTC,
        };
        let watch = Watch::over([partner(&alex), partner(&sam)]);
        let mut chance = StdRng::seed_from_u64(seed);
        let moods = [Mood::draw(&mut chance), Mood::draw(&mut chance)];
        let mut life = Self {
            stage,
            server,
            people: [alex, sam],
            moods,
            bot: None,
            starts: seed,
            down_since: Timestamp::UNIX_EPOCH,
            chance,
            watch,
            story: Vec::new(),
        };
        life.start().await?;
        Ok(life)
    }

    // ---- Time ----

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.stage.rehearsal.clock().now_ms()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Time passes, and what comes due happens, in the order in which it comes due. A bot that is down sleeps through it.
    pub async fn until(&mut self, then: Timestamp) -> Result<(), Mishap> {
        while let Some(due) = self.next_due().await?.filter(|due| *due <= then) {
            self.set(due.max(self.now()));
            self.settle().await?;
        }
        self.set(then.max(self.now()));
        self.settle().await
    }

    pub async fn pass(&mut self, hours: i64) -> Result<(), Mishap> {
        self.until(self.now() + SignedDuration::from_hours(hours)).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Mishap> {
        match &self.bot {
            Some(bot) => bot.next_due().await,
            None => Ok(None),
        }
    }

    fn set(&self, now: Timestamp) {
        self.stage.rehearsal.clock().set_ms(now.as_millisecond());
    }

    /// Everything that is due is done, and both look.
    async fn settle(&mut self) -> Result<(), Mishap> {
        if let Some(bot) = &self.bot {
            bot.settle().await?;
        }
        let now = self.now();
        for who in Who::BOTH {
            let read = self.people[who.at()].reads();
            if !read.is_empty() {
                self.note(format!("{now} {who:?} reads\n{read}"));
            }
            self.watch.read(who.at(), now, &read)?;
        }
        Ok(self.watch.looked()?)
    }

    // ---- The bot ----

    pub async fn start(&mut self) -> Result<(), Mishap> {
        let library = Library::built_in().map_err(|flaws| Mishap::because(super::super::super::prompts::flawed(&flaws)))?;
        self.watch.was_down(self.down_since, self.now());
        self.starts += 1;
        self.bot = Some(self.stage.bot_by_hand(library, self.starts).await?);
        self.settle().await
    }

    pub async fn stop(&mut self) -> Result<(), Mishap> {
        self.down_since = self.now();
        match self.bot.take() {
            Some(bot) => bot.stop().await,
            None => Ok(()),
        }
    }

    /// Stopped and started at once; private cards vanish, as they do when a client reloads.
    pub async fn restart(&mut self) -> Result<(), Mishap> {
        self.stop().await?;
        self.reload();
        self.start().await
    }

    /// Both reload their clients.
    pub fn reload(&self) {
        self.people.iter().for_each(Person::private_cards_vanish);
    }

    // ---- What they do ----

    pub async fn run(&mut self, who: Who, command: &str) -> Result<Heard, Mishap> {
        self.note(format!("{} {who:?} types {command}", self.now()));
        let heard = self.people[who.at()].run(command).await?;
        self.heard(heard).await
    }

    pub async fn press(&mut self, who: Who, label: &str) -> Result<Heard, Mishap> {
        self.note(format!("{} {who:?} presses {label}", self.now()));
        let heard = self.people[who.at()].click(label).await?;
        self.heard(heard).await
    }

    pub async fn press_in(&mut self, who: Who, message: u64, label: &str) -> Result<Heard, Mishap> {
        self.note(format!("{} {who:?} presses {label}", self.now()));
        let heard = self.people[who.at()].click_in(message, label).await?;
        self.heard(heard).await
    }

    async fn heard(&mut self, heard: Heard) -> Result<Heard, Mishap> {
        if matches!(heard, Heard::NoAnswer) {
            return Err(Mishap::because("the bot did not answer"));
        }
        self.settle().await?;
        Ok(heard)
    }

    /// The newest message in their home that says this.
    pub fn card(&self, text: &str) -> Result<SeenMessage, Mishap> {
        let found = self.people[0].screen().into_iter().rev().find(|seen| !seen.private && seen.text.contains(text));
        found.ok_or_else(|| Mishap::because(format!("nothing with “{text}” stands in their home")))
    }

    pub async fn pair(&mut self) -> Result<(), Mishap> {
        self.run(Who::Alex, "/pair with:@Sam").await?;
        self.press(Who::Alex, "Send invitation").await?;
        self.press(Who::Sam, "Accept").await?;
        let general = self.server.general().id();
        let home = self.server.channels().into_iter().find(|channel| channel.id() != general);
        let home = home.ok_or_else(|| Mishap::because("they paired, and have no channel"))?;
        self.people.iter().for_each(|person| person.go(&home));
        Ok(())
    }

    // ---- Check-ins ----

    /// Five taps and the lines, from `Answer` to sealed.
    pub async fn checks_in(&mut self, who: Who) -> Result<(), Mishap> {
        let card = self.check_in()?;
        let page = self.press_in(who, card, "Answer").await?.message()?;
        let ratings = self.feels(who);
        let lines = self.taps(who, ratings, &page).await?;
        self.writes(who, ratings, &lines).await
    }

    /// The card of the check-in that is open.
    pub fn check_in(&self) -> Result<u64, Mishap> {
        Ok(self.card("Your check-in is here.")?.id)
    }

    /// How they feel this week.
    pub fn feels(&mut self, who: Who) -> Ratings {
        self.moods[who.at()].week(&mut self.chance)
    }

    /// Taps on from where the page stands; the last tap opens the page for the lines.
    pub async fn taps(&mut self, who: Who, ratings: Ratings, page: &SeenMessage) -> Result<OpenModal, Mishap> {
        let at = Rated::ALL.into_iter().position(|rated| page.text.contains(&format!("**{}**", rated.label())));
        let first = at.ok_or_else(|| Mishap::because(format!("this should be the page of a rating:\n{page}")))?;
        let mut heard = None;
        for rated in &Rated::ALL[first..] {
            heard = Some(self.press(who, &label(&ratings, *rated)).await?);
        }
        heard.map_or_else(|| Err(Mishap::because("there was nothing to tap")), |heard| Ok(heard.modal()?))
    }

    /// One tap, and the page that comes.
    pub async fn tap(&mut self, who: Who, ratings: &Ratings, rated: Rated) -> Result<SeenMessage, Mishap> {
        Ok(self.press(who, &label(ratings, rated)).await?.message()?)
    }

    /// Fills every line of a check-in and seals it.
    pub async fn writes(&mut self, who: Who, ratings: Ratings, page: &OpenModal) -> Result<(), Mishap> {
        self.seals(who, Kind::CheckIn, ratings, page).await
    }

    pub async fn answers_question(&mut self, who: Who) -> Result<(), Mishap> {
        let card = self.card("A question for you both.")?.id;
        let page = self.press_in(who, card, "Answer").await?.modal()?;
        self.seals(who, Kind::Question, Ratings::default(), &page).await
    }

    async fn seals(&mut self, who: Who, kind: Kind, ratings: Ratings, page: &OpenModal) -> Result<(), Mishap> {
        let lines: Vec<String> = page.fields().iter().map(|_| self.line()).collect();
        self.not_seen(who, &lines)?;
        self.watch.seals(who.at(), kind, &Written { lines: lines.clone(), ratings });
        let places: Vec<String> = (0..lines.len()).map(|at| at.to_string()).collect();
        let fields: Vec<(&str, &str)> = places.iter().map(String::as_str).zip(lines.iter().map(String::as_str)).collect();
        self.note(format!("{} {who:?} sends {lines:?}", self.now()));
        let heard = page.fill(&fields).await?;
        let said = self.heard(heard).await?.text();
        if said.contains("Sealed") { Ok(()) } else { Err(Mishap::because(format!("sent, and not sealed:\n{said}"))) }
    }

    /// A line that stands nowhere else.
    fn line(&mut self) -> String {
        format!("{} ({:08x})", mood::line(&mut self.chance), self.chance.random::<u32>())
    }

    fn not_seen(&self, who: Who, lines: &[String]) -> Result<(), Mishap> {
        let reader = &self.people[who.other().at()];
        match lines.iter().find(|line| reader.ever_saw(line)) {
            Some(line) => Err(Mishap::because(format!("{} saw “{line}” before it was written", reader.name()))),
            None => Ok(()),
        }
    }

    // ---- What they look at ----

    /// `/insights`, as it stands on their screen, against what opened.
    pub async fn looks_at_insights(&mut self, who: Who) -> Result<Vec<u8>, Mishap> {
        let seen = self.run(who, "/insights").await?.message()?;
        let [shown] = seen.pictures.as_slice() else {
            return Err(super::watch::Promise::Picture.broken(format!("/insights shows none:\n{seen}")).into());
        };
        self.watch.shows_what_opened(&shown.description)?;
        let drawn = picture::draw(&self.watch.insights()).map_err(|error| Mishap::because(error.to_string()))?;
        if *shown.bytes == *drawn {
            return Ok(drawn);
        }
        Err(super::watch::Promise::Picture.broken("/insights shows another picture than that of what opened").into())
    }

    /// Whether either ever saw, anywhere, what the other never opened: screens, earlier versions, previews, suggestions.
    pub fn nothing_slipped_out(&self) -> Result<(), Mishap> {
        for who in Who::BOTH {
            let person = &self.people[who.at()];
            if let Some(words) = self.watch.sealed_from(who.at()).find(|words| person.ever_saw(words)) {
                return Err(super::watch::Promise::Sealed.broken(format!("{} saw “{words}”", person.name())).into());
            }
        }
        Ok(())
    }

    // ---- Telling ----

    fn note(&mut self, what: String) {
        self.story.push(what);
    }

    /// What happened last.
    pub fn lately(&self) -> String {
        self.story[self.story.len().saturating_sub(12)..].join("\n")
    }
}

/// The button of a rating.
fn label(ratings: &Ratings, rated: Rated) -> String {
    match ratings.tapped(rated) {
        Some(Tap::Given(rating)) => rating.value().to_string(),
        Some(Tap::Skipped) | None => "Skip".to_owned(),
    }
}

/// The Monday of a week of the story; its first week is that in which it begins.
pub fn monday(week: usize) -> Date {
    let days = jiff::Span::new().days(7 * (i64::try_from(week).unwrap_or(1) - 1));
    jiff::civil::date(2026, 8, 31).saturating_add(days)
}

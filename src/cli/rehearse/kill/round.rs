//! Two people who go through round after round with a bot that keeps dying, and do what people do: look again, press again,
//! write again when they never read "sealed". Keeps count of what must be there at the end.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use duet::rehearsal::{Heard, Person, Rehearsal, SeenMessage, Server, Trouble};
use rand::RngExt as _;
use rand::rngs::StdRng;

/// Real time given to what should happen at once.
const SOON: Duration = Duration::from_millis(250);
/// World time that passes while they wait for something: past a lease, and past the first waits between tries.
const A_WHILE: Duration = Duration::from_secs(95);
/// How often they look or try before it counts as never coming.
const PATIENCE: usize = 40;

/// What must not happen, or whatever kept them from finding out.
#[derive(Debug)]
pub enum Wrong {
    Lost(String),
    Missing(String),
    Twice(String),
    Early(String),
    Story(Trouble),
    Mishap(String),
}

impl From<Trouble> for Wrong {
    fn from(trouble: Trouble) -> Self {
        Self::Story(trouble)
    }
}

impl From<Wrong> for super::super::stage::Mishap {
    fn from(wrong: Wrong) -> Self {
        Self::because(wrong.to_string())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(what) => write!(f, "an answer that was read as sealed is lost: {what}"),
            Self::Missing(what) => write!(f, "the reveal is missing: {what}"),
            Self::Twice(what) => write!(f, "something stands there twice: {what}"),
            Self::Early(what) => write!(f, "words were seen before both had answered: {what}"),
            Self::Story(trouble) => write!(f, "{trouble}"),
            Self::Mishap(what) => write!(f, "{what}"),
        }
    }
}

/// How the two go about a round.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    together: bool,
    marks: [u64; 2],
}

impl Pace {
    pub fn draw(chance: &mut StdRng) -> Self {
        Self { together: chance.random_ratio(1, 3), marks: [super::mark(chance), super::mark(chance)] }
    }
}

/// One round as it must stand in the end.
#[derive(Debug)]
struct Told {
    number: usize,
    texts: [String; 2],
}

#[derive(Debug)]
pub struct Couple {
    rehearsal: Rehearsal,
    one: Person,
    other: Person,
    told: Vec<Told>,
    /// How many wait for the bot's answer to something that they did.
    acting: Rc<Cell<usize>>,
    story: RefCell<Vec<String>>,
}

impl Couple {
    pub async fn pair(rehearsal: Rehearsal, server: &Server, one: Person, other: Person) -> Result<Self, Wrong> {
        let couple = Self { rehearsal, one, other, told: Vec::new(), acting: Rc::default(), story: RefCell::default() };
        let before: Vec<u64> = server.channels().iter().map(duet::rehearsal::ChannelRef::id).collect();
        couple.insist(&couple.one, async || couple.one.run(&format!("/pair with:@{}", couple.other.name())).await).await?;
        couple.insist(&couple.one, async || couple.one.click("Send invitation").await).await?;
        couple.wait(&couple.other, "the invitation", |seen| seen.has_button("Accept")).await?;
        couple.insist(&couple.other, async || couple.other.click("Accept").await).await?;
        couple.wait(&couple.one, "their place", |seen| seen.has_button("Our first question")).await?;
        let home = server.channels().into_iter().find(|channel| !before.contains(&channel.id()));
        let home = home.ok_or_else(|| Wrong::Mishap("a welcome card, but no channel".into()))?;
        couple.one.go(&home);
        couple.other.go(&home);
        Ok(couple)
    }

    pub fn acting(&self) -> Rc<Cell<usize>> {
        Rc::clone(&self.acting)
    }

    pub async fn round(&mut self, number: usize, pace: Pace) -> Result<(), Wrong> {
        self.story.borrow_mut().clear();
        let told = self.play(number, pace).await?;
        self.told.push(told);
        Ok(())
    }

    async fn play(&self, number: usize, pace: Pace) -> Result<Told, Wrong> {
        let before = self.cards().last().map_or(0, |card| card.id);
        self.ask().await?;
        let card = self.wait(&self.one, "a prompt card", |seen| seen.id > before && seen.has_button("Answer")).await?;
        let [mine, theirs] = ["Ada", "Ben"];
        let texts = [
            format!("Round {number}: what {mine} wrote, {:016x}.", pace.marks[0]),
            format!("Round {number}: what {theirs} wrote, {:016x}.", pace.marks[1]),
        ];
        if pace.together {
            let (first, second) =
                tokio::join!(self.answer(&self.one, card.id, &texts[0]), self.answer(&self.other, card.id, &texts[1]));
            first.and(second)?;
        } else {
            self.answer(&self.one, card.id, &texts[0]).await?;
            if self.other.ever_saw(&texts[0]) {
                return Err(Wrong::Early(format!("{} saw “{}”", self.other.name(), texts[0])));
            }
            self.answer(&self.other, card.id, &texts[1]).await?;
        }
        for person in [&self.one, &self.other] {
            let whole = |seen: &SeenMessage| is_reveal(seen) && texts.iter().all(|text| seen.text.contains(text));
            if let Err(trouble) = self.wait(person, "the reveal", whole).await {
                let half =
                    person.screen().into_iter().find(|seen| is_reveal(seen) && texts.iter().any(|text| seen.text.contains(text)));
                return Err(match half {
                    Some(half) => Wrong::Lost(format!("{} reads\n{half}", person.name())),
                    None => Wrong::Missing(trouble.to_string()),
                });
            }
        }
        Ok(Told { number, texts })
    }

    /// Asks until a card can be expected.
    async fn ask(&self) -> Result<(), Wrong> {
        let heard = self.insist(&self.one, async || self.one.run("/ask").await).await?;
        let said = heard.text();
        // The last is what a press gets that was dealt with right before the crash.
        if ["It is on its way.", "One question is still open.", "dealt with a moment ago"].iter().any(|text| said.contains(text))
        {
            return Ok(());
        }
        Err(Wrong::Mishap(format!("/ask was answered with: {said}")))
    }

    /// Writes until they have read that it is sealed, as somebody would who cares about what they wrote.
    async fn answer(&self, who: &Person, card: u64, text: &str) -> Result<(), Wrong> {
        for _ in 0..PATIENCE {
            let pressed = match self.act(who, "presses Answer", who.click_in(card, "Answer")).await {
                // The card has moved on: both are in.
                Err(Trouble::NoSuchButton { .. }) => return Ok(()),
                pressed => pressed?,
            };
            let heard = match pressed {
                Heard::Modal(page) => self.act(who, "sends", page.write(text)).await?,
                Heard::NoAnswer => continue,
                heard => heard,
            };
            let said = heard.text();
            if said.contains("Sealed") && said.contains(text) {
                return Ok(());
            }
            if said.contains("Both answers are open") || said.contains("Both answers are in") {
                return Ok(());
            }
            if said.contains("Something went wrong") {
                return Err(Wrong::Mishap(format!("{} reads: {said}", who.name())));
            }
        }
        Err(Wrong::Mishap(format!("{} pressed and wrote {PATIENCE} times and never read that it is sealed", who.name())))
    }

    /// Does it again until something responds.
    async fn insist(&self, who: &Person, deed: impl AsyncFn() -> Result<Heard, Trouble>) -> Result<Heard, Wrong> {
        for _ in 0..PATIENCE {
            match self.act(who, "acts", deed()).await? {
                Heard::NoAnswer => {}
                heard => return Ok(heard),
            }
        }
        Err(Wrong::Mishap(format!("{} never got an answer", who.name())))
    }

    async fn act(&self, who: &Person, what: &str, deed: impl Future<Output = Result<Heard, Trouble>>) -> Result<Heard, Trouble> {
        self.acting.set(self.acting.get() + 1);
        let heard = deed.await;
        self.acting.set(self.acting.get() - 1);
        let came = match &heard {
            Ok(heard) => heard.to_string(),
            Err(trouble) => trouble.to_string(),
        };
        self.note(format!("{} {what}, and gets: {}", who.name(), came.replace('\n', "\n    ")));
        heard
    }

    /// Time passes until it stands on their screen.
    async fn wait(&self, who: &Person, what: &str, is_it: impl Fn(&SeenMessage) -> bool) -> Result<SeenMessage, Wrong> {
        for _ in 0..PATIENCE {
            if let Some(found) = who.comes(SOON, &is_it).await {
                return Ok(found);
            }
            if self.acting.get() == 0 {
                self.note(format!("{} waits for {what}", who.name()));
                self.rehearsal.clock().advance(A_WHILE);
            }
        }
        let screen: Vec<String> = who.screen().iter().rev().take(6).rev().map(ToString::to_string).collect();
        Err(Wrong::Missing(format!("{} waited for {what}; on the screen:\n{}", who.name(), screen.join("\n"))))
    }

    fn note(&self, what: String) {
        self.story.borrow_mut().push(what);
    }

    pub fn story(&self) -> String {
        self.story.borrow().join("\n")
    }

    /// The cards of rounds, oldest first, as they stand in the couple's place.
    fn cards(&self) -> Vec<SeenMessage> {
        self.one.screen().into_iter().filter(|seen| !seen.private && seen.content.contains("A question for you both.")).collect()
    }

    /// Every round so far: one card, one reveal, with both answers in it.
    pub fn check_all(&self) -> Result<(), Wrong> {
        for person in [&self.one, &self.other] {
            let reveals: Vec<SeenMessage> = person.screen().into_iter().filter(is_reveal).collect();
            for told in &self.told {
                let found = reveals.iter().filter(|seen| told.texts.iter().any(|text| seen.text.contains(text))).count();
                match found {
                    0 => return Err(Wrong::Missing(format!("that of round {}, on {}'s screen", told.number, person.name()))),
                    1 => {}
                    count => return Err(Wrong::Twice(format!("{count} reveals of round {}", told.number))),
                }
            }
            if reveals.len() > self.told.len() {
                return Err(Wrong::Twice(format!("{} reveals after {} rounds", reveals.len(), self.told.len())));
            }
        }
        let cards = self.cards();
        if cards.len() > self.told.len() {
            let stand: Vec<String> = cards.iter().map(ToString::to_string).collect();
            return Err(Wrong::Twice(format!(
                "{} prompt cards after {} rounds of {} and {}:\n{}",
                cards.len(),
                self.told.len(),
                self.one.name(),
                self.other.name(),
                stand.join("\n")
            )));
        }
        Ok(())
    }
}

impl Couple {
    /// When nothing is on its way any more: each card says what became of its round.
    pub fn check_cards(&self) -> Result<(), Wrong> {
        match self.cards().iter().find(|card| !card.text.contains("Both answers are open.")) {
            Some(card) => Err(Wrong::Missing(format!("the last edit of a card, which reads\n{card}"))),
            None => Ok(()),
        }
    }
}

fn is_reveal(seen: &SeenMessage) -> bool {
    !seen.private && seen.text.contains("Two people, two views")
}

//! A whole round between Alex and Sam with the conversation after it, then a reflection of Sam's and the part of it that Sam shares, step by step, each step
//! checked. What they write answers the one question in their bag, and follows the one practice.

mod talking;

use std::process::ExitCode;

use duet::domain::library::{Library, PromptId};
use duet::rehearsal::{Heard, SeenMessage, Server, Setup, WorldClock};

use super::super::exit;
use super::screens::{Client, Terminal};
use super::stage::{Mishap, Stage};

/// The question that Alex and Sam are asked: what they write below answers it.
const QUESTION: &str = "daily-best-minutes";

const ALEX_WRITES: &str = "Right after work, when I sit on the stairs with one shoe still on and nobody needs anything yet. \
     I'm not hiding from you. I'm arriving.";
/// Parts that would give an answer away.
const ALEX_SAYS: [&str; 2] = ["one shoe still on", "I'm arriving"];

const SAM_WRITES: &str = "When I hear your keys land in the bowl. I turn the radio down a little, so that I know you're home. \
     You don't have to come in yet. I just like that you're there.";
const SAM_SAYS: [&str; 2] = ["keys land in the bowl", "I just like that you're there"];

/// The practice that Sam has: what Sam writes below follows from it.
const REFLECTION: &str = "reflect-values-nobody-looks";

const SAM_REFLECTS: &str = "I leave the curtains shut until the kettle has boiled, every day. It looks after the first ten minutes, which are mine. \
     Some mornings I hear you on the landing and pretend to be asleep, and I like myself less for that.";
/// The part that Sam lets Alex read.
const SAM_SHARES: &str =
    "I leave the curtains shut until the kettle has boiled, every day. It looks after the first ten minutes, which are mine.";
/// Parts of what Sam keeps.
const SAM_KEEPS: [&str; 2] = ["pretend to be asleep", "like myself less"];

/// Decides what Duet draws: which practice is offered, whose answer stands first.
const SEED: u64 = 7;

pub async fn run() -> ExitCode {
    let stage = match Stage::set(Setup::default()).await {
        Ok(stage) => stage,
        Err(mishap) => {
            eprintln!("The rehearsal could not begin: {mishap}");
            return ExitCode::from(exit::FAILED);
        }
    };
    let mut play = Play::new(&stage);
    let outcome = play.through(&stage).await;
    stage.rehearsal.stop().await;
    match outcome {
        Ok(()) => {
            play.sum_up();
            ExitCode::SUCCESS
        }
        Err(mishap) => {
            eprintln!("\nThis did not go as it should, after step {}: {mishap}", play.number);
            for client in [&play.alex, &play.sam] {
                eprintln!("\nOn {}'s screen:\n{}", client.person.name(), client.everything());
            }
            ExitCode::from(exit::FAILED)
        }
    }
}

struct Play {
    terminal: Terminal,
    server: Server,
    alex: Client,
    sam: Client,
    number: usize,
    checked: Vec<&'static str>,
}

impl Play {
    fn new(stage: &Stage) -> Self {
        let rehearsal = &stage.rehearsal;
        let [host, alex, sam] = ["Robin", "Alex", "Sam"].map(|name| rehearsal.person(name));
        let server = rehearsal.server("The Hut", &[&host, &alex, &sam]);
        for person in [&alex, &sam] {
            person.go(&server.general());
        }
        let terminal = Terminal::from_environment();
        Self { terminal, server, alex: Client::new(alex), sam: Client::new(sam), number: 0, checked: Vec::new() }
    }

    async fn through(&mut self, stage: &Stage) -> Result<(), Mishap> {
        self.introduce();
        let bot = stage.bot(one_question()?, SEED).await?;
        let told = self.tell(stage.rehearsal.clock()).await;
        // Stopped before the last count: with everything in flight done, nothing more can appear.
        let stopped = bot.stop().await;
        told?;
        stopped?;
        self.one_reveal()?;
        match stage.rehearsal.unknown_routes().first() {
            Some(route) => Err(Mishap::because(format!("the bot called {route}, which the rehearsal does not know"))),
            None => Ok(()),
        }
    }

    fn introduce(&self) {
        self.terminal.say(
            "A rehearsal: the real bot, against a small Discord on this machine. No account, no token, no network; the \
             database is a fresh file that is gone afterwards. Alex and Sam are invented, and in the same server.",
        );
        println!();
        self.terminal.say("┌─┐ a message   ┌┄┐ a private reply: only the one who acted sees it   ╔═╗ a page to write on");
    }

    async fn tell(&mut self, clock: &WorldClock) -> Result<(), Mishap> {
        self.pairing().await?;
        self.asking().await?;
        self.first_answer().await?;
        self.second_answer().await?;
        self.talking(clock).await?;
        self.reflecting().await?;
        self.sharing().await
    }

    async fn pairing(&mut self) -> Result<(), Mishap> {
        let notice = self.alex.person.run("/pair with:@Sam").await?.private()?;
        expect(&notice, "What I am not.", &["Send invitation"])?;
        self.step("Alex types /pair with:@Sam, and first reads what Duet is and is not.");

        let ready = self.alex.person.click("Send invitation").await?.message()?;
        expect(&ready, "Invitation ready.", &["Post it here"])?;
        let invitation = self.sam.person.sees("would like to do this with you").await?;
        expect(&invitation, "You may pass or leave, alone, without a reason.", &["Accept", "Decline", "No more invitations"])?;
        self.step("Alex presses Send invitation. Sam finds it in a direct message, with the same notice.");

        self.sam.person.click("Accept").await?.message()?;
        let welcome = "This is your place.";
        for client in [&self.alex, &self.sam] {
            expect(&client.person.sees(welcome).await?, welcome, &["Our first question", "Move to our DMs"])?;
        }
        let general = self.server.general().id();
        let home = self.server.channels().into_iter().find(|channel| channel.id() != general);
        let home = home.ok_or_else(|| Mishap::because("the two have a welcome card, but no channel"))?;
        for client in [&self.alex, &self.sam] {
            client.person.go(&home);
        }
        self.step("Sam presses Accept. Duet makes a channel for the two of them and calls them there.");
        Ok(())
    }

    async fn asking(&mut self) -> Result<(), Mishap> {
        self.sam.person.click("Our first question").await?.private()?;
        let opens = "Opens when both have answered.";
        for client in [&self.alex, &self.sam] {
            expect(&client.person.sees(opens).await?, opens, &["Answer", "Pass", "Another question", "Why this one?"])?;
        }
        self.step("Sam presses Our first question.");

        let why = self.alex.person.click("Why this one?").await?.private()?;
        expect(&why, "What it trains", &["A minute first"])?;
        self.step("Alex wonders, and presses Why this one?");

        let minute = self.alex.person.click("A minute first").await?.message()?;
        expect(&minute, "", &["Answer"])?;
        self.step("Alex takes A minute first: a short practice to settle, before writing.");
        Ok(())
    }

    async fn first_answer(&mut self) -> Result<(), Mishap> {
        let sealed = write(&mut self.alex, ALEX_WRITES).await?;
        expect(&sealed, "Sealed.", &["Edit", "Take back"])?;
        for client in [&self.alex, &self.sam] {
            client.person.sees("1 of 2 sealed").await?;
        }
        self.nothing_seen(&self.sam, &ALEX_SAYS)?;
        self.step("Alex presses Answer, writes, and sends. It is sealed: Sam sees that one is in, and not a word of it.");

        self.alex.person.private_cards_vanish();
        self.alex.news();
        let again = self.alex.person.click("Answer").await?.private()?;
        expect(&again, ALEX_SAYS[0], &["Edit", "Take back"])?;
        self.nothing_seen(&self.sam, &ALEX_SAYS)?;
        self.step("Alex reloads Discord, where private replies vanish, and presses Answer again: what is sealed is safe.");
        self.checked.push("Sam had not seen a word of Alex's answer before both were in");
        Ok(())
    }

    async fn second_answer(&mut self) -> Result<(), Mishap> {
        self.nothing_seen(&self.alex, &SAM_SAYS)?;
        let sealed = write(&mut self.sam, SAM_WRITES).await?;
        expect(&sealed, "Sealed, and both are in.", &[])?;
        for client in [&self.alex, &self.sam] {
            let reveal = client.person.sees("Two people, two views").await?;
            for words in ALEX_SAYS.iter().chain(&SAM_SAYS) {
                expect(&reveal, words, &[])?;
            }
            client.person.sees("Both answers are open.").await?;
        }
        self.step("Sam presses Answer, writes, and sends. Both are in: they open together, in one message.");
        self.checked.push("Alex had not seen a word of Sam's answer before both were in");
        self.checked.push("with the second answer both read both, side by side");
        Ok(())
    }

    /// P4: for Sam alone.
    async fn reflecting(&mut self) -> Result<(), Mishap> {
        let practice = self.sam.person.run("/reflect now").await?.private()?;
        expect(&practice, "When nobody looks, I still take care to", &["Write", "Another one"])?;
        self.step("Later, Sam types /reflect now in the same channel: a short practice, for Sam alone.");

        let kept = write_in(&mut self.sam, "Write", SAM_REFLECTS).await?;
        expect(&kept, "In your journal.", &["Delete it", "Share a passage"])?;
        self.alone_with_it(&[SAM_SHARES])?;
        self.step("Sam presses Write, writes, and sends. It is in Sam's journal, which nobody else is shown or told of.");
        Ok(())
    }

    /// Out of the journal comes what its author copies out and says yes to.
    async fn sharing(&mut self) -> Result<(), Mishap> {
        let preview = write_in(&mut self.sam, "Share a passage", SAM_SHARES).await?;
        expect(&preview, SAM_SHARES, &["Post it", "Keep it to myself"])?;
        self.alone_with_it(&[SAM_SHARES])?;
        self.step("Sam would like Alex to know a part of it: presses Share a passage, cuts it down, and sees what would be posted, and where.");
        self.checked.push("nothing of what Sam wrote in private reached Alex before Sam said yes");

        self.sam.person.click("Post it").await?.message()?;
        for client in [&self.alex, &self.sam] {
            expect(&client.person.sees("shared something.").await?, SAM_SHARES, &["How to listen"])?;
        }
        self.alone_with_it(&[])?;
        self.step("Sam presses Post it. Alex reads that part, and not that there is more.");
        self.checked.push("of what Sam wrote in private Alex read the shared part, and nothing else, nor where it came from");
        Ok(())
    }

    /// Alex has seen nothing of what Sam keeps, nor these words, nor that there is a journal.
    fn alone_with_it(&self, words: &[&str]) -> Result<(), Mishap> {
        let said = ["/reflect", "ournal", "When nobody looks"];
        match SAM_KEEPS.iter().chain(&said).chain(words).find(|words| self.alex.person.ever_saw(words)) {
            Some(words) => {
                Err(Mishap::because(format!("Alex saw “{words}” of what Sam does alone, by step {}", self.number + 1)))
            }
            None => Ok(()),
        }
    }

    /// P2, when nothing can appear any more.
    fn one_reveal(&mut self) -> Result<(), Mishap> {
        for client in [&self.alex, &self.sam] {
            let reveals = client.person.screen().iter().filter(|seen| seen.text.contains("Two people, two views")).count();
            if reveals != 1 {
                return Err(Mishap::because(format!("{} sees {reveals} reveals instead of one", client.person.name())));
            }
        }
        self.checked.push("both answers opened in exactly one message");
        Ok(())
    }

    fn nothing_seen(&self, client: &Client, words: &[&str]) -> Result<(), Mishap> {
        match words.iter().find(|words| client.person.ever_saw(words)) {
            Some(words) => {
                let name = client.person.name();
                Err(Mishap::because(format!("{name} saw “{words}” before both answers were in, by step {}", self.number + 1)))
            }
            None => Ok(()),
        }
    }

    fn step(&mut self, what: &str) {
        self.number += 1;
        let (alex, sam) = (self.alex.news(), self.sam.news());
        self.terminal.step(self.number, what, [("Alex", &alex), ("Sam", &sam)]);
    }

    fn sum_up(&self) {
        println!();
        println!("All went as it should:");
        for checked in &self.checked {
            self.terminal.say(&format!("✓ {checked}"));
        }
    }
}

/// `Answer`, the page, and what comes back.
async fn write(client: &mut Client, text: &str) -> Result<SeenMessage, Mishap> {
    write_in(client, "Answer", text).await
}

/// The page that a button opens, and what comes back.
async fn write_in(client: &mut Client, button: &str, text: &str) -> Result<SeenMessage, Mishap> {
    let modal = client.person.click(button).await?.modal()?;
    client.opened(&modal, text);
    match modal.write(text).await? {
        Heard::NoAnswer => Err(Mishap::because("it was sent, and the application did not respond")),
        heard => Ok(heard.message()?),
    }
}

fn expect(seen: &SeenMessage, text: &str, buttons: &[&str]) -> Result<(), Mishap> {
    if !seen.text.contains(text) {
        return Err(Mishap::because(format!("a card should say “{text}”, and reads:\n{seen}")));
    }
    match buttons.iter().find(|button| !seen.has_button(button)) {
        Some(button) => Err(Mishap::because(format!("a card should have the button “{button}”, and reads:\n{seen}"))),
        None => Ok(()),
    }
}

/// The built-in decks with only this question and this practice in them, so that what Alex and Sam write belongs to them.
fn one_question() -> Result<Library, Mishap> {
    let flawed = |flaws: Vec<_>| Mishap::because(super::super::prompts::flawed(&flaws));
    let library = Library::built_in().map_err(flawed)?;
    let prompt = library.find(&PromptId(QUESTION.to_owned())).cloned();
    let prompt = prompt.ok_or_else(|| Mishap::because(format!("the decks have no prompt {QUESTION} any more")))?;
    let reflection = library.reflection(REFLECTION).cloned();
    let reflection = reflection.ok_or_else(|| Mishap::because(format!("the decks have no reflection {REFLECTION} any more")))?;
    Ok(Library::of(vec![prompt], library.practices().to_vec(), library.check_ins().to_vec()).reflecting(vec![reflection]))
}

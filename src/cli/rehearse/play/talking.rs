//! What Alex and Sam say to each other once both answers are open: each listens, with a pause in between.

use std::time::Duration;

use duet::rehearsal::WorldClock;

use super::{Mishap, Play, expect, write_in};

const SAM_HEARS: &str = "You sit on the stairs to arrive, and it has nothing to do with getting away from me.";
const ALEX_HEARS: &str = "You like that I'm there, and you don't need me to come in yet.";
const ALEX_APPRECIATES: &str = "You turn the radio down. I always took that for chance.";
const SAM_APPRECIATES: &str = "You told me about the shoe.";
const ALEX_ASKS: &str = "One evening this week, sit down on the stairs beside me, shoes and all.";

/// The pause that Alex takes.
const PAUSE: Duration = Duration::from_mins(20);

impl Play {
    pub(super) async fn talking(&mut self, clock: &WorldClock) -> Result<(), Mishap> {
        self.first_mirror().await?;
        self.pausing(clock).await?;
        self.second_mirror().await?;
        self.appreciating().await?;
        self.one_request().await
    }

    async fn first_mirror(&mut self) -> Result<(), Mishap> {
        write_in(&mut self.sam, "Mirror", SAM_HEARS).await?;
        self.both_see(SAM_HEARS).await?;
        self.step("Sam listens first: presses Mirror and writes what arrived. Now Alex is called, and nobody else.");

        self.alex.person.click("That's it").await?.message()?;
        for client in [&self.alex, &self.sam] {
            client.person.sees("That's it, says").await?;
        }
        self.step("Alex presses That's it. Nobody is called: it is Alex's turn to listen now.");
        Ok(())
    }

    async fn pausing(&mut self, clock: &WorldClock) -> Result<(), Mishap> {
        self.alex.person.click("Pause").await?.message()?;
        self.alex.person.click("20 min").await?.message()?;
        for client in [&self.alex, &self.sam] {
            client.person.sees("Paused until").await?;
        }
        self.step("But first Alex presses Pause, and chooses 20 min. It needs no reason, and nothing runs out meanwhile.");
        clock.advance(PAUSE);
        for client in [&self.alex, &self.sam] {
            client.person.sees("We're back").await?;
        }
        self.step("Twenty minutes later Duet comes back to it by itself.");
        self.checked.push("a pause came back at its hour, and nothing was lost");
        Ok(())
    }

    async fn second_mirror(&mut self) -> Result<(), Mishap> {
        write_in(&mut self.alex, "Mirror", ALEX_HEARS).await?;
        self.both_see(ALEX_HEARS).await?;
        self.step("Alex presses Mirror and writes what arrived.");

        self.sam.person.click("That's it").await?.message()?;
        self.sam.person.sees("one specific thing that you appreciate").await?;
        self.step("Sam presses That's it.");
        Ok(())
    }

    async fn appreciating(&mut self) -> Result<(), Mishap> {
        write_in(&mut self.sam, "Appreciate", SAM_APPRECIATES).await?;
        self.both_see(SAM_APPRECIATES).await?;
        self.step("One specific thing from each of them. Sam presses Appreciate and writes.");

        write_in(&mut self.alex, "Appreciate", ALEX_APPRECIATES).await?;
        self.both_see(ALEX_APPRECIATES).await?;
        self.step("Alex presses Appreciate and writes.");
        Ok(())
    }

    async fn one_request(&mut self) -> Result<(), Mishap> {
        write_in(&mut self.alex, "Ask for one thing", ALEX_ASKS).await?;
        self.both_see(ALEX_ASKS).await?;
        self.step("Alex, who was heard first, may ask for one thing, and does.");

        let left = self.sam.person.click("Yes").await?.message()?;
        expect(&left, "How did that conversation leave you?", &["lighter", "same", "heavier"])?;
        self.alex.person.sees("How did your conversation with @Sam leave you?").await?;
        self.step("Sam has four answers, all of them good ones, and presses Yes. Each is asked, alone, how it left them.");
        for (client, turns) in [(&self.alex, 2), (&self.sam, 2)] {
            let called = client.person.notifications().iter().filter(|notice| notice.text.contains("Your turn")).count();
            if called != turns {
                return Err(Mishap::because(format!("{} was called {called} times instead of {turns}", client.person.name())));
            }
        }
        self.checked.push("in the conversation each was called to their own turns, once");
        Ok(())
    }

    async fn both_see(&self, words: &str) -> Result<(), Mishap> {
        for client in [&self.alex, &self.sam] {
            client.person.sees(words).await?;
        }
        Ok(())
    }
}

//! What happens in the year, week by week. A week begins on the Thursday after which nothing of the week before is open any more;
//! its check-in comes on Sunday, and is answered until Wednesday.

use duet::domain::checkin::Rated;
use duet::domain::round::Kind;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rand::RngExt as _;

use super::super::stage::{Mishap, Stage};
use super::life::Who::{self, Alex, Sam};
use super::life::{Life, monday};
use super::watch::{Against, Rhythm, Tally};

const WEEKS: usize = 52;
const HOME: &str = "Europe/Berlin";
const ABROAD: &str = "America/New_York";

pub struct Story<'s> {
    week: usize,
    life: Life<'s>,
}

impl<'s> Story<'s> {
    pub async fn begin(stage: &'s Stage, seed: u64) -> Result<Self, Mishap> {
        Ok(Self { week: 0, life: Life::begin(stage, seed).await? })
    }

    /// The picture of their last check-ins, and how the year went.
    pub async fn told(&mut self) -> Result<(Vec<u8>, Tally), Mishap> {
        self.weeks().await.map_err(|mishap| {
            Mishap::because(format!("in week {}: {mishap}\n\nWhat happened last:\n{}", self.week, self.life.lately()))
        })
    }

    async fn weeks(&mut self) -> Result<(Vec<u8>, Tally), Mishap> {
        self.they_agree().await?;
        for week in 1..=WEEKS {
            self.week = week;
            self.life.until(noon(thursday(week))).await?;
            match week {
                4 => self.one_takes_back(Alex).await?,
                6 => self.one_skips(Sam).await?,
                10 => self.one_passes_and_it_lapses(Sam).await?,
                15 => self.beside_a_question().await?,
                16 => self.one_goes_away(Alex, 2).await?,
                20 => self.the_bot_is_down_for_an_hour().await?,
                22 => self.one_moves_to_another_zone(Sam).await?,
                24 => self.restarted_between_two_taps().await?,
                26 => self.the_bot_is_down_for_a_fortnight().await?,
                // Still away, still down.
                17 | 27 => {}
                33 => self.nobody_answers().await?,
                34 => self.another_lapses_and_both_are_asked(Sam).await?,
                37 => self.one_passes_and_answers_all_the_same(Alex).await?,
                39 => self.the_schedule_moves().await?,
                41 => self.one_more_is_asked_for(Alex).await?,
                44 => self.one_skips(Alex).await?,
                46 => self.one_edits(Sam).await?,
                48 => self.three_lines_again(Sam).await?,
                _ => self.as_ever().await?,
            }
            self.week_is_over().await?;
        }
        self.the_year_is_over().await
    }

    async fn they_agree(&mut self) -> Result<(), Mishap> {
        let life = &mut self.life;
        life.pair().await?;
        expect(&life.run(Alex, "/insights").await?.text(), "opened")?;
        life.run(Alex, &format!("/checkin schedule day:Sunday time:19:00 zone:{HOME}")).await?;
        life.run(Sam, &format!("/settings zone:{HOME}")).await?;
        for who in Who::BOTH {
            life.watch.moves(who.at(), zone(HOME)?);
        }
        life.watch.rhythm = Some(Rhythm::sunday(hour(19), zone(HOME)?));
        life.press(Sam, "Agree").await?;
        expect(&life.card("About your check-ins.")?.text, "Agreed: check-ins on Sundays at 19:00")
    }

    // ---- Weeks ----

    async fn as_ever(&mut self) -> Result<(), Mishap> {
        self.sunday().await?;
        let (first, second) = self.order();
        self.some_hours().await?;
        self.life.checks_in(first).await?;
        self.some_hours().await?;
        self.life.checks_in(second).await
    }

    async fn one_takes_back(&mut self, who: Who) -> Result<(), Mishap> {
        self.sunday().await?;
        self.life.checks_in(who).await?;
        self.some_hours().await?;
        self.life.watch.takes_back(who.at(), Kind::CheckIn);
        expect(&self.life.press(who, "Take back").await?.text(), "Taken back")?;
        self.some_hours().await?;
        self.life.checks_in(who.other()).await?;
        self.life.checks_in(who).await
    }

    async fn one_edits(&mut self, who: Who) -> Result<(), Mishap> {
        self.sunday().await?;
        self.life.checks_in(who).await?;
        let page = self.life.press(who, "Edit").await?.message()?;
        expect(&page.text, "Your ratings")?;
        let ratings = self.life.feels(who);
        for rated in Rated::ALL {
            self.life.press(who, rated.label()).await?;
            expect(&self.life.tap(who, &ratings, rated).await?.text, "Your ratings")?;
        }
        let lines = self.life.press(who, "Write the lines").await?.modal()?;
        self.some_hours().await?;
        self.life.writes(who, ratings, &lines).await?;
        self.life.checks_in(who.other()).await
    }

    async fn one_skips(&mut self, who: Who) -> Result<(), Mishap> {
        self.life.watch.against(monday(self.week), Against::Skipped);
        self.life.watch.names_nobody(true);
        expect(&self.life.run(who, "/checkin skip").await?.text(), "No check-in until")?;
        expect(&self.life.card("About your check-ins.")?.text, "No check-in until")?;
        self.life.watch.names_nobody(false);
        self.sunday().await
    }

    async fn one_goes_away(&mut self, who: Who, weeks: usize) -> Result<(), Mishap> {
        for week in self.week..self.week + weeks {
            self.life.watch.against(monday(week), Against::Away);
        }
        self.life.watch.names_nobody(true);
        let away = format!("/checkin away until:{}", monday(self.week + weeks));
        expect(&self.life.run(who, &away).await?.text(), "No check-in until")?;
        expect(&self.life.card("About your check-ins.")?.text, "No check-in until")?;
        self.life.watch.names_nobody(false);
        self.sunday().await
    }

    /// A pass looks like lateness: the card lapses at its time, and nobody is named.
    async fn one_passes_and_it_lapses(&mut self, who: Who) -> Result<(), Mishap> {
        self.sunday().await?;
        self.life.checks_in(who.other()).await?;
        let card = self.life.check_in()?;
        self.life.watch.passes(who.at(), Kind::CheckIn);
        self.life.press_in(who, card, "Pass").await?;
        self.life.watch.names_nobody(true);
        self.life.until(noon(thursday(self.week + 1)) - SignedDuration::from_hours(6)).await?;
        self.life.watch.names_nobody(false);
        self.lapsed([0, 0])?;
        // For seven days its author can still take it along.
        self.life.press_in(who.other(), card, "Keep my unopened answer").await?;
        Ok(())
    }

    async fn nobody_answers(&mut self) -> Result<(), Mishap> {
        self.sunday().await?;
        self.life.watch.names_nobody(true);
        self.life.pass(80).await?;
        self.life.watch.names_nobody(false);
        self.lapsed([0, 0])
    }

    /// The second in a row: each is asked in private, and one of them would like it shorter. Nobody tells the other.
    async fn another_lapses_and_both_are_asked(&mut self, who: Who) -> Result<(), Mishap> {
        self.sunday().await?;
        self.life.checks_in(who.other()).await?;
        self.life.watch.names_nobody(true);
        self.life.pass(80).await?;
        self.lapsed([1, 1])?;
        expect(&self.life.press(who, "Shorter").await?.text(), "one line")?;
        self.life.watch.names_nobody(false);
        Ok(())
    }

    async fn one_passes_and_answers_all_the_same(&mut self, who: Who) -> Result<(), Mishap> {
        self.sunday().await?;
        let card = self.life.check_in()?;
        self.life.watch.passes(who.at(), Kind::CheckIn);
        self.life.press_in(who, card, "Pass").await?;
        self.some_hours().await?;
        self.life.checks_in(who.other()).await?;
        self.life.checks_in(who).await
    }

    async fn beside_a_question(&mut self) -> Result<(), Mishap> {
        self.life.until(self.sunday_at(12)?).await?;
        self.life.run(Sam, "/ask").await?;
        self.sunday().await?;
        self.life.answers_question(Alex).await?;
        self.life.checks_in(Sam).await?;
        self.life.pass(8).await?;
        self.life.answers_question(Sam).await?;
        self.life.checks_in(Alex).await
    }

    async fn one_more_is_asked_for(&mut self, who: Who) -> Result<(), Mishap> {
        self.life.watch.asks_for_one();
        self.life.run(who, "/checkin now").await?;
        self.life.checks_in(who.other()).await?;
        self.some_hours().await?;
        self.life.checks_in(who).await?;
        self.as_ever().await
    }

    // ---- Places and times ----

    /// The schedule stays where it is: only this partner's quiet hours move.
    async fn one_moves_to_another_zone(&mut self, who: Who) -> Result<(), Mishap> {
        self.life.run(who, &format!("/settings zone:{ABROAD}")).await?;
        self.life.watch.moves(who.at(), zone(ABROAD)?);
        self.as_ever().await
    }

    /// This week's has come and opened when both agree to an hour that is still to come this week: no second one comes then.
    async fn the_schedule_moves(&mut self) -> Result<(), Mishap> {
        self.life.until(self.sunday_at(19)?).await?;
        let (first, second) = self.order();
        self.life.checks_in(first).await?;
        self.life.checks_in(second).await?;
        self.life.pass(1).await?;
        self.life.run(Sam, &format!("/checkin schedule day:Sunday time:18:00 zone:{ABROAD}")).await?;
        self.life.watch.rhythm = Some(Rhythm::sunday(hour(18), zone(ABROAD)?));
        self.life.press(Alex, "Agree").await?;
        expect(&self.life.card("About your check-ins.")?.text, "Agreed: check-ins on Sundays at 18:00")?;
        self.sunday().await
    }

    async fn three_lines_again(&mut self, who: Who) -> Result<(), Mishap> {
        self.life.run(who, "/checkin status").await?;
        expect(&self.life.press(who, "Three lines").await?.text(), "three lines")?;
        self.as_ever().await
    }

    // ---- Downtime ----

    async fn the_bot_is_down_for_an_hour(&mut self) -> Result<(), Mishap> {
        self.life.watch.against(monday(self.week), Against::DownAnHour);
        let moment = self.sunday_at(19)?;
        self.life.until(moment - SignedDuration::from_mins(20)).await?;
        self.life.stop().await?;
        self.life.pass(1).await?;
        self.life.start().await?;
        if !self.life.watch.awaits() {
            return Err(Mishap::because("the check-in that was missed by forty minutes was not posted late"));
        }
        self.as_ever().await
    }

    /// Back after two weeks it says so once, and posts neither of the two.
    async fn the_bot_is_down_for_a_fortnight(&mut self) -> Result<(), Mishap> {
        for week in [self.week, self.week + 1] {
            self.life.watch.against(monday(week), Against::Down);
        }
        self.life.stop().await?;
        self.life.until(noon(thursday(self.week + 2))).await?;
        self.life.start().await?;
        match self.life.watch.missed_notes {
            1 => Ok(()),
            notes => Err(Mishap::because(format!("after a fortnight there are {notes} notes of it instead of one"))),
        }
    }

    /// What was tapped is on disk, and goes on where it stopped.
    async fn restarted_between_two_taps(&mut self) -> Result<(), Mishap> {
        self.sunday().await?;
        let (who, other) = self.order();
        let card = self.life.check_in()?;
        self.life.press_in(who, card, "Answer").await?;
        let ratings = self.life.feels(who);
        self.life.tap(who, &ratings, Rated::Close).await?;
        self.life.tap(who, &ratings, Rated::Myself).await?;
        self.life.restart().await?;
        let page = self.life.press_in(who, card, "Answer").await?.message()?;
        expect(&page.text, "third of five")?;
        let lines = self.life.taps(who, ratings, &page).await?;
        self.life.restart().await?;
        self.life.writes(who, ratings, &lines).await?;
        self.life.restart().await?;
        self.life.checks_in(other).await
    }

    // ---- Between the weeks ----

    /// Until the evening on which it comes is nearly over.
    async fn sunday(&mut self) -> Result<(), Mishap> {
        self.life.until(self.sunday_at(23)?).await
    }

    /// An hour of this week's Sunday, where the schedule lives.
    fn sunday_at(&self, of_day: i8) -> Result<Timestamp, Mishap> {
        let rhythm = self.life.watch.rhythm.as_ref().ok_or_else(|| Mishap::because("nothing is agreed yet"))?;
        Ok(Rhythm::sunday(hour(of_day), rhythm.zone.clone()).moment_in(monday(self.week)))
    }

    /// Who is first this time.
    fn order(&mut self) -> (Who, Who) {
        if self.life.chance.random() { (Alex, Sam) } else { (Sam, Alex) }
    }

    /// Up to a day: two of these, after Sunday's evening, stay well within the 72 hours of a check-in.
    async fn some_hours(&mut self) -> Result<(), Mishap> {
        let hours = self.life.chance.random_range(1..=24);
        self.life.pass(hours).await
    }

    /// Nothing of it was shown, and so many were asked whether another rhythm would suit.
    fn lapsed(&self, asked: [usize; 2]) -> Result<(), Mishap> {
        if self.life.watch.awaits() {
            return Err(Mishap::because("it should have lapsed by now"));
        }
        if self.life.watch.rhythm_asked != asked {
            let were = self.life.watch.rhythm_asked;
            return Err(Mishap::because(format!("{were:?} were asked about another rhythm instead of {asked:?}")));
        }
        self.life.nothing_slipped_out()
    }

    async fn week_is_over(&mut self) -> Result<(), Mishap> {
        self.life.until(noon(thursday(self.week + 1)) - SignedDuration::from_hours(1)).await?;
        self.life.watch.week_over(monday(self.week))?;
        self.life.nothing_slipped_out()?;
        if self.week.is_multiple_of(4) || self.week == 10 || self.week == 34 {
            let (who, _) = self.order();
            self.life.looks_at_insights(who).await?;
        }
        self.life.reload();
        Ok(())
    }

    async fn the_year_is_over(&mut self) -> Result<(Vec<u8>, Tally), Mishap> {
        self.life.looks_at_insights(Sam).await?;
        let picture = self.life.looks_at_insights(Alex).await?;
        self.life.stop().await?;
        self.life.nothing_slipped_out()?;
        Ok((picture, self.life.watch.tally()))
    }
}

fn expect(said: &str, text: &str) -> Result<(), Mishap> {
    if said.contains(text) { Ok(()) } else { Err(Mishap::because(format!("this should say “{text}”:\n{said}"))) }
}

fn zone(name: &str) -> Result<TimeZone, Mishap> {
    TimeZone::get(name).map_err(|error| Mishap::because(error.to_string()))
}

fn hour(of_day: i8) -> Time {
    jiff::civil::time(of_day, 0, 0, 0)
}

/// The day on which a week of the story begins: when that of the week before has lapsed.
fn thursday(week: usize) -> Date {
    monday(week).saturating_add(jiff::Span::new().days(3))
}

fn noon(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.to_datetime(hour(12))).unwrap_or(Timestamp::MAX)
}

//! Watches what two people read in a year, and says at once when a promise broke. It knows what they did and what stands on their
//! screens, keeps its own book of both, and asks the bot nothing.

mod book;
mod hidden;
mod promise;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use duet::domain::checkin::Ratings;
use duet::domain::ids::PersonId;
use duet::domain::round::Kind;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::screen::{Entry, News, entries};
pub use book::{Against, Ended, Rhythm, Tally, Week, is_soon_after};
pub use promise::{Broken, Promise};

/// One of the two, for the watcher: a number, a name, and the clock on their wall.
#[derive(Clone, Debug)]
pub struct Partner {
    pub person: PersonId,
    pub name: String,
    pub zone: TimeZone,
}

/// What one of the two wrote, and rated if it was a check-in.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub lines: Vec<String>,
    pub ratings: Ratings,
}

/// A round that awaits answers.
#[derive(Clone, Debug, Default)]
struct Open {
    /// The week whose check-in it is; none of a question, or of one that was asked for.
    week: Option<Date>,
    sealed: [Option<Written>; 2],
    passed: [bool; 2],
    nudged: [bool; 2],
}

#[derive(Debug)]
pub struct Watch {
    couple: [Partner; 2],
    /// The agreed day and hour, once there is one.
    pub rhythm: Option<Rhythm>,
    weeks: BTreeMap<Date, Week>,
    question: Option<Open>,
    check_in: Option<Open>,
    /// What opened last, and what both wrote in it.
    opened: Option<(Kind, [Written; 2])>,
    /// The ratings of every opened check-in.
    ratings: Vec<[Ratings; 2]>,
    /// What was written and must never be seen by the other: taken back, changed, or lapsed.
    unopened: [Vec<String>; 2],
    rounds_opened: usize,
    reveals: [usize; 2],
    nudges: usize,
    asked_for: usize,
    /// The next check-in was asked for by one of them.
    is_asked_for: bool,
    /// Something happens that nobody may be named for.
    nobody_named: bool,
    /// When the bot was down, from and to.
    down: Vec<(Timestamp, Timestamp)>,
    /// How often each was asked whether another rhythm would suit.
    pub rhythm_asked: [usize; 2],
    /// How often both were told that one was missed.
    pub missed_notes: usize,
}

impl Watch {
    pub fn over(couple: [Partner; 2]) -> Self {
        Self {
            couple,
            rhythm: None,
            weeks: BTreeMap::new(),
            question: None,
            check_in: None,
            opened: None,
            ratings: Vec::new(),
            unopened: [Vec::new(), Vec::new()],
            rounds_opened: 0,
            reveals: [0; 2],
            nudges: 0,
            asked_for: 0,
            is_asked_for: false,
            nobody_named: false,
            down: Vec::new(),
            rhythm_asked: [0; 2],
            missed_notes: 0,
        }
    }

    // ---- What they do ----

    pub fn moves(&mut self, who: usize, zone: TimeZone) {
        self.couple[who].zone = zone;
    }

    /// One of them is about to ask for a check-in: the next that comes is not the week's.
    pub fn asks_for_one(&mut self) {
        self.is_asked_for = true;
    }

    pub fn against(&mut self, monday: Date, against: Against) {
        self.weeks.entry(monday).or_default().against = Some(against);
    }

    pub fn was_down(&mut self, from: Timestamp, to: Timestamp) {
        self.down.push((from, to));
    }

    /// From here on nobody may be named, to neither of them.
    pub fn names_nobody(&mut self, nobody: bool) {
        self.nobody_named = nobody;
    }

    /// They are about to seal this. With the second one it opens.
    pub fn seals(&mut self, who: usize, kind: Kind, written: &Written) {
        let Some(open) = self.open(kind) else { return };
        open.passed[who] = false;
        let before = open.sealed[who].replace(written.clone());
        if let [Some(one), Some(other)] = &open.sealed {
            let both = [one.clone(), other.clone()];
            let week = open.week;
            self.opens(kind, week, both);
        }
        self.hides(who, before, written);
    }

    fn opens(&mut self, kind: Kind, week: Option<Date>, both: [Written; 2]) {
        self.rounds_opened += 1;
        if kind == Kind::CheckIn {
            self.ratings.push([both[0].ratings, both[1].ratings]);
            match week {
                Some(monday) => self.weeks.entry(monday).or_default().ended = Some(Ended::Opened),
                None => self.asked_for += 1,
            }
        }
        self.opened = Some((kind, both));
        *self.place(kind) = None;
    }

    pub fn takes_back(&mut self, who: usize, kind: Kind) {
        let taken = self.open(kind).and_then(|open| open.sealed[who].take());
        self.hides(who, taken, &Written::default());
    }

    /// What was written before is never seen, unless it was written again.
    fn hides(&mut self, who: usize, before: Option<Written>, now: &Written) {
        let lines = before.map(|written| written.lines).unwrap_or_default();
        self.unopened[who].extend(lines.into_iter().filter(|line| !now.lines.contains(line)));
    }

    pub fn passes(&mut self, who: usize, kind: Kind) {
        if let Some(open) = self.open(kind) {
            open.passed[who] = true;
        }
    }

    // ---- What they read ----

    /// What one of them read since the last time. `at`: now.
    pub fn read(&mut self, who: usize, at: Timestamp, text: &str) -> Result<(), Broken> {
        for entry in entries(text) {
            self.one(who, at, &entry)?;
        }
        Ok(())
    }

    fn one(&mut self, who: usize, at: Timestamp, entry: &Entry) -> Result<(), Broken> {
        self.sealed_stays_sealed(who, entry)?;
        self.nobody_is_named(who, entry)?;
        if entry.is_reveal() {
            return self.reveal(who, entry);
        }
        match (entry.news, entry.private) {
            (News::Came, false) if entry.says("Your check-in is here.") => self.check_in_came(who, at),
            (News::Came, false) if entry.says("A question for you both.") => {
                self.question.get_or_insert_default();
                Ok(())
            }
            (News::Came, false) if entry.says("A quiet reminder.") => self.nudge(who, at, entry),
            (News::Came, false) if entry.says("Would another rhythm suit you better?") => {
                self.rhythm_asked[who] += 1;
                if entry.at_home { Err(Promise::Private.broken(format!("in the home: {}", entry.text))) } else { Ok(()) }
            }
            (News::Came, false) if entry.says("so that one is left out") => {
                // It stands in the home once, for both.
                self.missed_notes += usize::from(who == 0);
                Ok(())
            }
            (News::Changed, false) if entry.says("This one closed without opening.") => {
                let kind = if entry.says("Your check-in is here.") { Kind::CheckIn } else { Kind::Question };
                self.lapsed(kind);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// After both have read: what opened stands before each of them, once.
    pub fn looked(&self) -> Result<(), Broken> {
        for (partner, reveals) in self.couple.iter().zip(self.reveals) {
            if reveals < self.rounds_opened {
                let what = format!("{} read {reveals} after {} rounds with both answers in", partner.name, self.rounds_opened);
                return Err(Promise::OneReveal.broken(what));
            }
        }
        Ok(())
    }

    fn check_in_came(&mut self, who: usize, at: Timestamp) -> Result<(), Broken> {
        // One message in the home, which the first of them reads first.
        if who != 0 {
            return Ok(());
        }
        if self.check_in.is_some() {
            return Err(Promise::OneScheduled.broken(format!("one came at {at} beside another that was open")));
        }
        if std::mem::take(&mut self.is_asked_for) {
            self.check_in = Some(Open::default());
            return Ok(());
        }
        let rhythm = self.rhythm.as_ref().ok_or_else(|| Promise::OneScheduled.broken("one came before both agreed"))?;
        let (monday, moment) = rhythm.newest(at);
        let late = self.down.iter().any(|(from, to)| *from <= moment && moment < *to && at == *to);
        if at != moment && !(late && is_soon_after(moment, at)) {
            return Err(Promise::AsAgreed.broken(format!("that of {moment} came at {at}")));
        }
        self.weeks.entry(monday).or_default().came.push(at);
        self.check_in = Some(Open { week: Some(monday), ..Open::default() });
        Ok(())
    }

    /// All of a week has passed.
    pub fn week_over(&self, monday: Date) -> Result<(), Broken> {
        let week = self.weeks.get(&monday).cloned().unwrap_or_default();
        let wanted = usize::from(!week.stands_against());
        if week.came.len() == wanted {
            return Ok(());
        }
        Err(Promise::OneScheduled.broken(format!("{} instead of {wanted} in the week of {monday}: {:?}", week.came.len(), week)))
    }

    fn reveal(&mut self, who: usize, entry: &Entry) -> Result<(), Broken> {
        self.reveals[who] += 1;
        let name = &self.couple[who].name;
        if self.reveals[who] > self.rounds_opened {
            let what = format!("{name} read number {} after {} rounds: {}", self.reveals[who], self.rounds_opened, entry.text);
            return Err(Promise::OneReveal.broken(what));
        }
        let Some((kind, both)) = &self.opened else { return Ok(()) };
        if let Some(line) = both.iter().flat_map(|written| &written.lines).find(|line| !entry.says(line)) {
            return Err(Promise::Together.broken(format!("{name} did not find “{line}” in {}", entry.text)));
        }
        match kind {
            Kind::CheckIn => self.shows_what_opened(&entry.text),
            Kind::Question if entry.has_picture() => Err(Promise::Picture.broken("a question's reveal has one")),
            Kind::Question => Ok(()),
        }
    }

    fn lapsed(&mut self, kind: Kind) {
        let Some(open) = self.place(kind).take() else { return };
        for (who, written) in open.sealed.into_iter().enumerate() {
            self.hides(who, written, &Written::default());
        }
        if let Some(monday) = open.week {
            self.weeks.entry(monday).or_default().ended = Some(Ended::Lapsed);
        }
    }

    fn nudge(&mut self, who: usize, at: Timestamp, entry: &Entry) -> Result<(), Broken> {
        const QUIET_FROM: Time = jiff::civil::time(21, 0, 0, 0);
        const QUIET_UNTIL: Time = jiff::civil::time(8, 0, 0, 0);
        let Partner { name, zone, .. } = &self.couple[who];
        let local = at.to_zoned_datetime(zone.clone());
        if local.time() >= QUIET_FROM || local.time() < QUIET_UNTIL {
            return Err(Promise::QuietHours.broken(format!("{name} was nudged at {local}")));
        }
        if entry.at_home {
            return Err(Promise::Private.broken(format!("a nudge of {name} in the home")));
        }
        let waits = |open: &&mut Open| open.sealed[who].is_none() && !open.passed[who] && !open.nudged[who];
        let waiting = [&mut self.check_in, &mut self.question].into_iter().flatten().find(waits);
        let open = waiting.ok_or_else(|| Promise::OneNudge.broken(format!("{name} at {local}")))?;
        open.nudged[who] = true;
        self.nudges += 1;
        Ok(())
    }

    // ---- The book ----

    pub fn tally(&self) -> Tally {
        Tally::of(self.weeks.values(), self.asked_for, self.nudges)
    }

    /// Whether a check-in awaits answers.
    pub fn awaits(&self) -> bool {
        self.check_in.is_some()
    }

    fn open(&mut self, kind: Kind) -> Option<&mut Open> {
        self.place(kind).as_mut()
    }

    fn place(&mut self, kind: Kind) -> &mut Option<Open> {
        match kind {
            Kind::Question => &mut self.question,
            Kind::CheckIn => &mut self.check_in,
        }
    }
}

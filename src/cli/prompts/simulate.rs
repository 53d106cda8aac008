//! `duet prompts simulate`: so many couples live with this library for so many years, and a judge that knows the rules by itself
//! looks at every choice. It says what was broken, who ran dry and when, and how near each bag comes to what it can give.

mod bottom;
mod life;
mod most;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZero;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};

use duet::domain::library::Library;
use duet::domain::rotation::judge::Rule;
use duet::domain::rotation::{Bag, Choice, Empty, Limits, Wish, choose};
use jiff::Timestamp;

use bottom::Emptied;
use life::{Counts, Dry, Lived};

/// The least that may come out of a bag, as a share of the most that any order could bring: the rules hold together, not one by
/// one, and in a bag of a few themes some of them shut each other out.
const FLOOR: f64 = 0.88;
/// Broken choices that are shown one by one.
const SHOWN: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Simulate {
    /// How many couples take part
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..))]
    couples: u32,
    /// For how many years each of them goes on
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=50))]
    years: u32,
    /// How many questions they ask for in a week
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=7))]
    rounds: u32,
    /// Another number, other couples; the same number, the same ones
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What chooses: Duet, or in a test something that does it wrong.
type Chooser = for<'l> fn(&'l Library, &Bag, Wish, &Limits, Timestamp) -> Result<Choice<'l>, Empty>;

impl Simulate {
    pub fn run(&self, library: &Library) -> (String, ExitCode) {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let report = self.play(library, threads, choose);
        let code = if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        (report.told(), code)
    }

    /// Whatever the number of threads, the same.
    fn play(&self, library: &Library, threads: usize, choose: Chooser) -> Report {
        let next = AtomicU32::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.couples {
                    return done;
                }
                done.push((number, life::live(library, self, number, choose)));
            }
        };
        let mut lives: Vec<(u32, Lived)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let done = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            done.flatten().collect()
        });
        lives.sort_unstable_by_key(|(number, _)| *number);
        let mut report = Report { of: self.clone(), ..Report::empty() };
        for (number, lived) in lives {
            report.add(number, lived);
        }
        report
    }
}

/// What all of them lived through.
#[derive(Clone, Debug, PartialEq)]
struct Report {
    of: Simulate,
    counts: Counts,
    broken: BTreeMap<Rule, u64>,
    /// The first few, in words.
    shown: Vec<String>,
    dry: u32,
    /// Of these, couples whose limits let in nothing at all by then.
    shut: u32,
    /// Of the others the one that ran dry first.
    first: Option<(u32, Dry)>,
    emptied: u32,
    /// The sum over the emptied bags of what came out of each, as a share of the most that could.
    shares: f64,
    worst: Option<(u32, Emptied)>,
}

impl Report {
    fn empty() -> Self {
        Self {
            of: Simulate { couples: 0, years: 0, rounds: 0, seed: 0 },
            counts: Counts::default(),
            broken: BTreeMap::new(),
            shown: Vec::new(),
            dry: 0,
            shut: 0,
            first: None,
            emptied: 0,
            shares: 0.0,
            worst: None,
        }
    }

    fn holds(&self) -> bool {
        self.broken.is_empty() && self.worst.as_ref().is_none_or(|(_, worst)| worst.share() >= FLOOR)
    }

    fn add(&mut self, number: u32, lived: Lived) {
        self.counts.add(&lived.counts);
        for broken in lived.broken {
            *self.broken.entry(broken.rule).or_default() += 1;
            if self.shown.len() < SHOWN {
                self.shown.push(format!("couple {number}, day {}, {}: {}", broken.day, broken.prompt, broken.rule));
            }
        }
        if let Some(dry) = lived.dry {
            self.dry += 1;
            if dry.let_in == 0 {
                self.shut += 1;
            } else if self.first.as_ref().is_none_or(|(_, first)| dry.day < first.day) {
                self.first = Some((number, dry));
            }
        }
        if let Some(emptied) = lived.emptied {
            self.emptied += 1;
            self.shares += emptied.share();
            if self.worst.as_ref().is_none_or(|(_, worst)| emptied.share() < worst.share()) {
                self.worst = Some((number, emptied));
            }
        }
    }

    fn told(&self) -> String {
        let Simulate { couples, years, rounds, seed } = self.of;
        format!(
            "{} {}, {years} {}, {rounds} {} a week, seed {seed}\n\n{}\n{}\n{}{}",
            grouped(couples.into()),
            of(couples, "couple"),
            of(years, "year"),
            of(rounds, "question"),
            lined(&self.lives()),
            "Then each bag by itself: no wishes, every step earned, asked on until nothing comes or a year is over.",
            lined(&self.bags()),
            self.broken_ones(),
        )
    }

    fn lives(&self) -> Vec<(&'static str, String)> {
        let counts = &self.counts;
        let mut lines = vec![
            ("choices", grouped(counts.choices)),
            ("", format!("{} with a wish, {} of them met", grouped(counts.wishes), grouped(counts.met))),
            ("", format!("{} another question", grouped(counts.swaps))),
            ("", format!("{} after a pause, {} at a beginning", grouped(counts.gentle), grouped(counts.beginnings))),
            ("rounds", format!("{} opened, {} lapsed", grouped(counts.opened), grouped(counts.lapsed))),
            ("", format!("{} left somebody heavier", grouped(counts.heavier))),
            ("rules broken", grouped(self.broken.values().sum())),
        ];
        lines.extend(self.broken.iter().map(|(rule, times)| ("", format!("{}: {rule}", grouped(*times)))));
        let dry = format!("{} {}, {} times", grouped(self.dry.into()), of(self.dry, "couple"), grouped(counts.empty));
        lines.push(("ran dry", dry));
        if counts.empty > 0 && !self.broken.contains_key(&Rule::CalledEmpty) {
            lines.push(("", "each time nothing was left that the rules allow".to_owned()));
        }
        if self.shut > 0 {
            lines.push(("", format!("{} {} let in nothing at all by then", grouped(self.shut.into()), of(self.shut, "couple"))));
        }
        if let Some((number, dry)) = &self.first {
            lines.push(("", format!("the first on day {}: couple {number}, after {}", dry.day, dry.told())));
            lines.extend(dry.why().map(|why| ("", why)));
        }
        lines
    }

    fn bags(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("emptied", format!("{} of {}", grouped(self.emptied.into()), grouped(self.of.couples.into())))];
        if let Some((number, worst)) = &self.worst {
            let mean = 100.0 * self.shares / f64::from(self.emptied);
            lines.push(("came out", format!("{mean:.1} % of the most that any order could bring, on average")));
            lines.push(("at least", format!("{:.1} %: couple {number}, {}", 100.0 * worst.share(), worst.told())));
        }
        lines
    }

    fn broken_ones(&self) -> String {
        if self.shown.is_empty() {
            return String::new();
        }
        format!("\nBroken, the first of them:\n  {}\n", self.shown.join("\n  "))
    }
}

/// A label and what belongs to it on each line.
fn lined(lines: &[(&str, String)]) -> String {
    lines.iter().fold(String::new(), |mut text, (label, what)| {
        let _ = writeln!(text, "{label:14} {what}");
        text
    })
}

fn of(count: u32, noun: &str) -> String {
    super::plural(usize::try_from(count).unwrap_or(usize::MAX), noun)
}

/// With a comma after each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;

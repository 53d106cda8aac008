//! Proof by killing: a real `duet run` is killed with SIGKILL in round after round, at random moments and right before and
//! after chosen requests are applied. Every answer that was read as sealed must open, in exactly one message (P2, P3).

mod moment;
mod process;
mod round;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use duet::rehearsal::{Server, Setup};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::Instant;

use super::super::exit;
use super::stage::{Mishap, Stage};
use moment::{Moment, Tally};
use process::Process;
use round::{Couple, Pace, Wrong};

/// After so many rounds two others pair: screens stay short and bags do not run empty.
const ROUNDS_A_COUPLE: usize = 10;
/// World time at the end, in which whatever was still to come comes.
const AFTERWARDS: Duration = Duration::from_hours(3);
/// A child that looks only once a second has looked by then.
const A_LOOK: Duration = Duration::from_millis(2_500);

#[derive(Debug, Args)]
pub struct Kill {
    /// How many rounds, with a kill in each
    #[arg(long, default_value_t = 30)]
    times: usize,
    /// Decides when each is killed; drawn and printed by default
    #[arg(long)]
    seed: Option<u64>,
    /// A fresh database to use; a SQLite file that is gone afterwards by default
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Kill {
    pub async fn run(self) -> ExitCode {
        let seed = match self.seed.map_or_else(|| duet::vault::randomness().map(u64::from_le_bytes), Ok) {
            Ok(seed) => seed >> if self.seed.is_some() { 0 } else { 32 },
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::from(exit::FAILED);
            }
        };
        println!("{} rounds, seed {seed}", self.times);
        let began = Instant::now();
        match self.rounds(seed).await {
            Ok(tally) => {
                println!("{tally}, 0 answers lost, 0 second reveals, 0 missing; {:.1} s", began.elapsed().as_secs_f64());
                ExitCode::SUCCESS
            }
            Err(mishap) => {
                eprintln!("With seed {seed}: {mishap}");
                ExitCode::from(exit::FAILED)
            }
        }
    }

    async fn rounds(&self, seed: u64) -> Result<Tally, Mishap> {
        let mut chance = StdRng::seed_from_u64(seed);
        let stage = Stage::set(Setup { record: false, limits: false, seed, ..Setup::default() }).await?;
        let host = stage.rehearsal.person("Robin");
        let server = stage.rehearsal.server("The Hut", &[&host]);
        let mut process = Process::start(&stage, self.database.clone()).await?;
        let mut tally = Tally::default();
        let mut couples = Vec::new();
        for number in 0..self.times {
            if number % ROUNDS_A_COUPLE == 0 {
                couples.push(pair(&stage, &server, couples.len()).await?);
            }
            let Some(couple) = couples.last_mut() else { continue };
            let moment = Moment::draw(&mut chance);
            let pace = Pace::draw(&mut chance);
            let outcome = one(&stage, &mut process, couple, number, moment, pace).await;
            match outcome {
                Ok(reached) => tally.count(moment, reached),
                Err(wrong) => return Err(told(number, moment, &wrong, couple, &process)),
            }
        }
        // What a lease or a backoff still holds back comes now, and must be nothing that people see twice.
        for _ in 0..2 {
            stage.rehearsal.clock().advance(AFTERWARDS);
            tokio::time::sleep(A_LOOK).await;
        }
        for couple in &couples {
            couple.check_all().and_then(|()| couple.check_cards()).map_err(|wrong| {
                Mishap::because(format!(
                    "hours after the last round: {wrong}\n\nWhat happened in their last round:\n{}",
                    couple.story()
                ))
            })?;
        }
        process.stop().await?;
        stage.rehearsal.stop().await;
        match stage.rehearsal.unknown_routes().first() {
            Some(route) => Err(Mishap::because(format!("the bot called {route}, which the rehearsal does not know"))),
            None => Ok(tally),
        }
    }
}

async fn pair(stage: &Stage, server: &Server, number: usize) -> Result<Couple, Mishap> {
    let [one, other] = ["Ada", "Ben"].map(|name| stage.rehearsal.person(&format!("{name}{number}")));
    for person in [&one, &other] {
        server.add(person);
        person.go(&server.general());
    }
    Ok(Couple::pair(stage.rehearsal.clone(), server, one, other).await?)
}

/// One round, and one kill in it. Tells whether its moment came.
async fn one(
    stage: &Stage,
    process: &mut Process,
    couple: &mut Couple,
    number: usize,
    moment: Moment,
    pace: Pace,
) -> Result<bool, Wrong> {
    let acting = couple.acting();
    let ended = tokio_util::sync::CancellationToken::new();
    let told = async {
        let told = couple.round(number, pace).await;
        ended.cancel();
        told
    };
    let struck = moment.strike(stage, process, &acting, &ended);
    let (told, reached) = tokio::join!(told, struck);
    told?;
    let reached = reached.map_err(|mishap| Wrong::Mishap(mishap.to_string()))?;
    couple.check_all()?;
    Ok(reached)
}

fn told(number: usize, moment: Moment, wrong: &Wrong, couple: &Couple, process: &Process) -> Mishap {
    Mishap::because(format!(
        "round {number}, killed {moment}: {wrong}\n\nWhat happened:\n{}\n\nWhat the bot logged last:\n{}",
        couple.story(),
        process.log_tail()
    ))
}

/// A number for texts that stand nowhere else.
fn mark(chance: &mut StdRng) -> u64 {
    chance.random()
}

//! `/journal export`: one's whole journal, by DM to its author alone (P4). What a part holds is decided before anything is sent, so
//! that a repeat loses no entry; the words are read and unsealed only when the files are made.

use super::{Trouble, journal, queue, retrying};
use crate::app::App;
use crate::domain::ids::PersonId;
use crate::domain::journal::{Entry, Mark, Part, parts};
use crate::domain::notice::Notice;
use crate::store;

/// Entries unsealed at a time.
const BATCH: usize = 200;

/// Puts the whole journal on its way, and tells in how many parts: none when it is empty. `weigh`: what an entry adds to a part, of
/// which no part holds more than `most`, unless a single entry is heavier.
pub async fn export(app: &App, who: PersonId, most: usize, weigh: impl Fn(&Entry) -> usize + Sync) -> Result<usize, Trouble> {
    let end = Mark::end_of(app.now());
    let whole = Part { number: 1, of: 1, after: None, upto: end };
    let (mut cuts, mut last, mut weight) = (Vec::new(), None, 0);
    loop {
        let entries = next(app, who, &whole, last).await?;
        if entries.is_empty() {
            break;
        }
        for entry in &entries {
            let more = weigh(entry);
            if let Some(before) = last.filter(|_| weight + more > most) {
                cuts.push(before);
                weight = 0;
            }
            weight += more;
            last = Some(entry.mark());
        }
    }
    if last.is_none() {
        return Ok(0);
    }
    let parts = parts(&cuts, end);
    retrying!(queue_once(app, who, &parts))?;
    Ok(parts.len())
}

async fn queue_once(app: &App, who: PersonId, parts: &[Part]) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    for part in parts {
        queue(app, &mut tx, &Notice::JournalFiles { to: who, part: *part }, app.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The next entries of a part, oldest first; none at its end. `after`: the last that was had.
pub async fn next(app: &App, who: PersonId, part: &Part, after: Option<Mark>) -> Result<Vec<Entry>, Trouble> {
    let mut tx = app.store.read().await?;
    let kept = store::entries::onwards(&mut tx, who, after.or(part.after), part.upto, BATCH).await?;
    journal::open_all(app, &mut tx, who, &kept).await
}

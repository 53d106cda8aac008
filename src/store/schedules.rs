//! The table `schedules`: when a couple's weekly check-in comes.

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::hours::Minute;
use crate::domain::ids::CoupleId;
use crate::domain::schedule::{Schedule, Slot};

pub async fn load(tx: &mut Tx, couple: CoupleId) -> Result<Option<Schedule>, StoreError> {
    let row =
        sqlx::query("select day, minute, zone, settled, skipped, resting, agreed_at, version from schedules where couple = $1")
            .bind(couple.to_string())
            .fetch_optional(tx.conn())
            .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("schedules", couple.to_string(), &row);
    Ok(Some(Schedule {
        couple,
        slot: Slot {
            day: columns.parsed("day")?,
            at: u16::try_from(columns.number("minute")?)
                .ok()
                .and_then(Minute::new)
                .ok_or_else(|| columns.refuse("minute", "not a minute of the day"))?,
            zone: columns.parsed("zone")?,
        },
        settled: columns.parsed("settled")?,
        skipped: columns
            .maybe_text("skipped")?
            .map(|week| week.parse().map_err(|_| columns.refuse("skipped", "not a week")))
            .transpose()?,
        resting: columns.number("resting")? != 0,
        agreed_at: columns.moment("agreed_at")?,
        version: columns.number("version")?,
    }))
}

pub async fn save(tx: &mut Tx, schedule: &Schedule) -> Result<(), StoreError> {
    let written = sqlx::query(
        "insert into schedules (couple, day, minute, zone, settled, skipped, resting, agreed_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1)
         on conflict (couple) do update set day = excluded.day, minute = excluded.minute, zone = excluded.zone,
             settled = excluded.settled, skipped = excluded.skipped, resting = excluded.resting,
             agreed_at = excluded.agreed_at, version = schedules.version + 1
         where schedules.version = $9",
    )
    .bind(schedule.couple.to_string())
    .bind(schedule.slot.day.slug())
    .bind(i64::from(schedule.slot.at.since_midnight()))
    .bind(schedule.slot.zone.name().to_owned())
    .bind(schedule.settled.to_string())
    .bind(schedule.skipped.map(|week| week.to_string()))
    .bind(i64::from(schedule.resting))
    .bind(due_millis(schedule.agreed_at))
    .bind(schedule.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "schedules", schedule.couple)
}

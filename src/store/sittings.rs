//! What a person practises: the tables `sittings` and `reflection_plans`.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::hours::Minute;
use crate::domain::ids::{EntryId, PersonId, SittingId};
use crate::domain::reflection::{Plan, Sitting};
use crate::domain::schedule::Day;

pub async fn insert(tx: &mut Tx, sitting: &Sitting) -> Result<(), StoreError> {
    sqlx::query("insert into sittings (id, person, reflection, begun_at) values ($1, $2, $3, $4)")
        .bind(sitting.id.to_string())
        .bind(sitting.person.0)
        .bind(sitting.reflection.clone())
        .bind(due_millis(sitting.begun_at))
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn load(tx: &mut Tx, id: SittingId) -> Result<Option<Sitting>, StoreError> {
    let row = sqlx::query("select id, person, reflection, begun_at, ended_at, entry from sittings where id = $1")
        .bind(id.to_string())
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// The person's newest, at most `most`, newest first.
pub async fn newest(tx: &mut Tx, person: PersonId, most: usize) -> Result<Vec<Sitting>, StoreError> {
    let rows = sqlx::query(
        "select id, person, reflection, begun_at, ended_at, entry from sittings where person = $1 order by begun_at desc, id desc limit $2",
    )
    .bind(person.0)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(read).collect()
}

/// Ends what this person began since then. Whether there was anything to end.
pub async fn end(tx: &mut Tx, person: PersonId, since: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
    let ended = sqlx::query("update sittings set ended_at = $1 where person = $2 and begun_at > $3 and ended_at is null")
        .bind(now.as_millisecond())
        .bind(person.0)
        .bind(due_millis(since))
        .execute(tx.conn())
        .await?;
    Ok(ended.rows_affected() > 0)
}

/// From now on what is typed goes into this entry.
pub async fn type_into(tx: &mut Tx, id: SittingId, entry: EntryId) -> Result<(), StoreError> {
    let written = sqlx::query("update sittings set entry = $1 where id = $2")
        .bind(entry.to_string())
        .bind(id.to_string())
        .execute(tx.conn())
        .await?;
    super::wrote_one(written.rows_affected(), "sittings", id)
}

/// Who began something since then and has not ended it: in order, after this person, at most `most`.
pub async fn open_since(tx: &mut Tx, since: Timestamp, after: PersonId, most: usize) -> Result<Vec<PersonId>, StoreError> {
    let rows = sqlx::query(
        "select distinct person from sittings where begun_at > $1 and ended_at is null and person > $2 order by person limit $3",
    )
    .bind(due_millis(since))
    .bind(after.0)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| Ok(PersonId(Columns::of("sittings", "open", row).number("person")?))).collect()
}

/// Everybody's. Walks the whole table: for once a day.
pub async fn forget_before(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let gone = sqlx::query("delete from sittings where begun_at < $1").bind(due_millis(before)).execute(tx.conn()).await?;
    Ok(gone.rows_affected())
}

pub async fn plan(tx: &mut Tx, person: PersonId) -> Result<Option<Plan>, StoreError> {
    let row = sqlx::query("select days, minute, version from reflection_plans where person = $1")
        .bind(person.0)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("reflection_plans", person.to_string(), &row);
    let days: BTreeSet<Day> = columns
        .text("days")?
        .split_whitespace()
        .map(|slug| slug.parse().map_err(|_| columns.refuse("days", "not a day")))
        .collect::<Result<_, _>>()?;
    let at = u16::try_from(columns.number("minute")?)
        .ok()
        .and_then(Minute::new)
        .ok_or_else(|| columns.refuse("minute", "not a minute of the day"))?;
    Ok(Some(Plan { days, at, version: columns.number("version")? }))
}

pub async fn save_plan(tx: &mut Tx, person: PersonId, plan: &Plan) -> Result<(), StoreError> {
    let days = plan.days.iter().map(|day| day.slug()).collect::<Vec<_>>().join(" ");
    let written = sqlx::query(
        "insert into reflection_plans (person, days, minute, version) values ($1, $2, $3, 1)
         on conflict (person) do update set days = excluded.days, minute = excluded.minute, version = reflection_plans.version + 1
         where reflection_plans.version = $4",
    )
    .bind(person.0)
    .bind(days)
    .bind(i64::from(plan.at.since_midnight()))
    .bind(plan.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "reflection_plans", person)
}

pub async fn drop_plan(tx: &mut Tx, person: PersonId) -> Result<bool, StoreError> {
    let gone = sqlx::query("delete from reflection_plans where person = $1").bind(person.0).execute(tx.conn()).await?;
    Ok(gone.rows_affected() == 1)
}

fn read(row: &sqlx::any::AnyRow) -> Result<Sitting, StoreError> {
    let columns = Columns::by("sittings", "id", row)?;
    Ok(Sitting {
        id: columns.parsed("id")?,
        person: PersonId(columns.number("person")?),
        reflection: columns.text("reflection")?,
        begun_at: columns.moment("begun_at")?,
        ended_at: columns.maybe_moment("ended_at")?,
        entry: columns.maybe_parsed("entry")?,
    })
}

//! The table `people`.

use super::row::Columns;
use super::{StoreError, Tx};
use crate::domain::hours::{Minute, QuietHours};
use crate::domain::ids::{ChannelId, PersonId};
use crate::domain::person::{Nudges, Person};

/// A person that the table does not know yet has the settings everybody begins with.
pub async fn load(tx: &mut Tx, id: PersonId) -> Result<Person, StoreError> {
    let row =
        sqlx::query("select zone, quiet_from, quiet_until, nudges, invitations_closed, dm, version from people where id = $1")
            .bind(id.0)
            .fetch_optional(tx.conn())
            .await?;
    let Some(row) = row else { return Ok(Person::new(id)) };
    let columns = Columns::of("people", id.to_string(), &row);
    let minute = |column| -> Result<Minute, StoreError> {
        u16::try_from(columns.number(column)?)
            .ok()
            .and_then(Minute::new)
            .ok_or_else(|| columns.refuse(column, "not a minute of the day"))
    };
    Ok(Person {
        id,
        zone: columns
            .maybe_text("zone")?
            .map(|zone| zone.parse().map_err(|_| columns.refuse("zone", "not a zone")))
            .transpose()?,
        quiet: QuietHours { from: minute("quiet_from")?, until: minute("quiet_until")? },
        nudges: Nudges::named(&columns.text("nudges")?).ok_or_else(|| columns.refuse("nudges", "not a kind of nudges"))?,
        invitations_closed: columns.number("invitations_closed")? != 0,
        dm: columns.maybe_number("dm")?.map(ChannelId),
        version: columns.number("version")?,
    })
}

pub async fn save(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    let written = sqlx::query(
        "insert into people (id, zone, quiet_from, quiet_until, invitations_closed, dm, nudges, version)
         values ($1, $2, $3, $4, $5, $6, $7, 1)
         on conflict (id) do update set zone = excluded.zone, quiet_from = excluded.quiet_from,
             quiet_until = excluded.quiet_until, invitations_closed = excluded.invitations_closed, dm = excluded.dm,
             nudges = excluded.nudges, version = people.version + 1
         where people.version = $8",
    )
    .bind(person.id.0)
    .bind(person.zone.as_ref().map(|zone| zone.name().to_owned()))
    .bind(i64::from(person.quiet.from.since_midnight()))
    .bind(i64::from(person.quiet.until.since_midnight()))
    .bind(i64::from(person.invitations_closed))
    .bind(person.dm.map(|dm| dm.0))
    .bind(person.nudges.name())
    .bind(person.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "people", person.id)
}

/// Remembers the DM with a person without touching what they set.
pub async fn remember_dm(tx: &mut Tx, id: PersonId, dm: ChannelId) -> Result<(), StoreError> {
    let mut person = load(tx, id).await?;
    if person.dm == Some(dm) {
        return Ok(());
    }
    person.dm = Some(dm);
    save(tx, &person).await
}

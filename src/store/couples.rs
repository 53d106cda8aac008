//! The tables `couples` and `partners`, which are one thing to the domain.

use std::collections::BTreeSet;

use super::row::{Columns, due_millis, json};
use super::{StoreError, Tx};
use crate::domain::conversation::Length;
use crate::domain::couple::{Couple, Home, Left, Partner, Window};
use crate::domain::hours::OpeningHour;
use crate::domain::ids::{ChannelId, CoupleId, PersonId, ServerId};
use crate::domain::library::Theme;
use crate::domain::schedule::Pace;

/// In one query with both partners: every flow begins with it, and on SQLite a query is two changes of thread.
pub async fn load(tx: &mut Tx, id: CoupleId) -> Result<Option<Couple>, StoreError> {
    let rows = sqlx::query(
        "select c.id, c.first_person, c.second_person, c.server, c.home, c.channel, c.opening, c.seed, c.paired_at, c.left_by,
             c.left_at, c.length, c.version, p.person, p.line, p.ceiling, p.vetoes, p.opt_ins, p.days, p.pace, p.short, p.away_until
         from couples c left join partners p on p.couple = c.id where c.id = $1",
    )
    .bind(id.to_string())
    .fetch_all(tx.conn())
    .await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let columns = Columns::by("couples", "id", row)?;
    let first = partner(&rows, id, PersonId(columns.number("first_person")?))?;
    let second = partner(&rows, id, PersonId(columns.number("second_person")?))?;
    let left = match (columns.maybe_number("left_by")?, columns.maybe_moment("left_at")?) {
        (Some(by), Some(at)) => Some(Left { by: PersonId(by), at }),
        (None, None) => None,
        _ => return Err(columns.refuse("left_by", "half of a leaving")),
    };
    Ok(Some(Couple {
        id,
        partners: [first, second],
        server: ServerId(columns.number("server")?),
        home: match (columns.text("home")?.as_str(), columns.maybe_number("channel")?) {
            ("making", None) => Home::Making,
            ("channel", Some(channel)) => Home::Channel(ChannelId(channel)),
            ("dms", None) => Home::Dms,
            ("nowhere", None) => Home::Nowhere,
            _ => return Err(columns.refuse("home", "not a home that goes with its channel")),
        },
        opening: columns
            .maybe_text("opening")?
            .map(|text| serde_json::from_str::<OpeningHour>(&text).map_err(|_| columns.refuse("opening", "not an hour")))
            .transpose()?,
        length: {
            let length = columns.text("length")?;
            Length::named(&length).ok_or_else(|| columns.refuse("length", "not a length"))?
        },
        seed: columns.number("seed")?,
        paired_at: columns.moment("paired_at")?,
        left,
        version: columns.number("version")?,
    }))
}

/// The row of this partner, read.
fn partner(rows: &[sqlx::any::AnyRow], couple: CoupleId, person: PersonId) -> Result<Partner, StoreError> {
    let id = format!("{couple} {person}");
    let mut found = None;
    for row in rows {
        if Columns::of("partners", id.clone(), row).maybe_number("person")? == Some(person.0) {
            found = Some(row);
        }
    }
    let row = found.ok_or_else(|| StoreError::Row {
        table: "partners",
        column: "person",
        id: id.clone(),
        why: "no such row".into(),
    })?;
    let columns = Columns::of("partners", id, row);
    let themes = |column: &'static str| {
        let slugs = columns.text(column)?;
        let themes = slugs.split_whitespace().map(|slug| slug.parse().map_err(|_| columns.refuse(column, "not a theme")));
        themes.collect::<Result<BTreeSet<Theme>, _>>()
    };
    Ok(Partner {
        person,
        line: columns.number("line")? != 0,
        ceiling: columns.parsed("ceiling")?,
        vetoes: themes("vetoes")?,
        opt_ins: themes("opt_ins")?,
        window: Window::of_days(columns.number("days")?).ok_or_else(|| columns.refuse("days", "not a window"))?,
        pace: Pace::named(&columns.text("pace")?).ok_or_else(|| columns.refuse("pace", "not a pace"))?,
        short: columns.number("short")? != 0,
        away_until: columns.maybe_moment("away_until")?,
    })
}

/// `false` when the two are a living couple already: the natural key decides the race of two acceptances.
pub async fn insert(tx: &mut Tx, couple: &Couple) -> Result<bool, StoreError> {
    let [first, second] = couple.people();
    let (home, channel) = home(couple.home);
    let written = sqlx::query(
        "insert into couples (id, pair, first_person, second_person, server, home, channel, opening, seed, paired_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) on conflict do nothing",
    )
    .bind(couple.id.to_string())
    .bind(super::pair(first, second))
    .bind(first.0)
    .bind(second.0)
    .bind(couple.server.0)
    .bind(home)
    .bind(channel)
    .bind(opening(couple)?)
    .bind(couple.seed)
    .bind(due_millis(couple.paired_at))
    .execute(tx.conn())
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    for partner in &couple.partners {
        sqlx::query(
            "insert into partners (couple, person, line, ceiling, vetoes, opt_ins, days) values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(couple.id.to_string())
        .bind(partner.person.0)
        .bind(i64::from(partner.line))
        .bind(partner.ceiling.name())
        .bind(slugs(&partner.vetoes))
        .bind(slugs(&partner.opt_ins))
        .bind(partner.window.days())
        .execute(tx.conn())
        .await?;
    }
    Ok(true)
}

pub async fn save(tx: &mut Tx, couple: &Couple) -> Result<(), StoreError> {
    let (home, channel) = home(couple.home);
    let written = sqlx::query(
        "update couples set home = $1, channel = $2, opening = $3, left_by = $4, left_at = $5, length = $6, version = version + 1
         where id = $7 and version = $8",
    )
    .bind(home)
    .bind(channel)
    .bind(opening(couple)?)
    .bind(couple.left.map(|left| left.by.0))
    .bind(couple.left.map(|left| due_millis(left.at)))
    .bind(couple.length.name())
    .bind(couple.id.to_string())
    .bind(couple.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "couples", couple.id)?;
    for partner in &couple.partners {
        sqlx::query(
            "update partners set line = $1, ceiling = $2, vetoes = $3, opt_ins = $4, days = $5, pace = $6, short = $7, away_until = $8
             where couple = $9 and person = $10",
        )
        .bind(i64::from(partner.line))
        .bind(partner.ceiling.name())
        .bind(slugs(&partner.vetoes))
        .bind(slugs(&partner.opt_ins))
        .bind(partner.window.days())
        .bind(partner.pace.name())
        .bind(i64::from(partner.short))
        .bind(partner.away_until.map(due_millis))
        .bind(couple.id.to_string())
        .bind(partner.person.0)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// The newest couple of these two, living or not.
pub async fn newest_between(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<Option<Couple>, StoreError> {
    first_id(
        sqlx::query("select id from couples where pair = $1 order by paired_at desc, id desc limit 1")
            .bind(super::pair(one, other))
            .fetch_optional(tx.conn())
            .await?,
    )?
    .load(tx)
    .await
}

/// The couple whose home this channel is, or was when a partner left.
pub async fn of_channel(tx: &mut Tx, channel: ChannelId) -> Result<Option<Couple>, StoreError> {
    first_id(
        sqlx::query("select id from couples where channel = $1 order by paired_at desc, id desc limit 1")
            .bind(channel.0)
            .fetch_optional(tx.conn())
            .await?,
    )?
    .load(tx)
    .await
}

/// The channels in a server that are homes of living couples.
pub async fn channels_in(tx: &mut Tx, server: ServerId) -> Result<Vec<ChannelId>, StoreError> {
    let rows = sqlx::query("select id, channel from couples where server = $1 and channel is not null and left_at is null")
        .bind(server.0)
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(|row| Ok(ChannelId(Columns::by("couples", "id", row)?.number("channel")?))).collect()
}

/// The living couples of a person, oldest first.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Couple>, StoreError> {
    let rows = sqlx::query(
        "select c.id from couples c join partners p on p.couple = c.id
         where p.person = $1 and c.left_at is null order by c.paired_at, c.id",
    )
    .bind(person.0)
    .fetch_all(tx.conn())
    .await?;
    load_all(tx, rows).await
}

async fn load_all(tx: &mut Tx, rows: Vec<sqlx::any::AnyRow>) -> Result<Vec<Couple>, StoreError> {
    let mut couples = Vec::with_capacity(rows.len());
    for row in rows {
        couples.extend(first_id(Some(row))?.load(tx).await?);
    }
    Ok(couples)
}

/// Every couple of a person that is not forgotten, living or not, oldest first.
pub async fn all_of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Couple>, StoreError> {
    let rows = sqlx::query(
        "select c.id from couples c join partners p on p.couple = c.id where p.person = $1 order by c.paired_at, c.id",
    )
    .bind(person.0)
    .fetch_all(tx.conn())
    .await?;
    load_all(tx, rows).await
}

/// What hangs on a round, and what hangs on a couple: `tests/it/privacy.rs` names a table that is missing here.
pub const OF_A_ROUND: &[&str] = &["answers", "taps", "said", "posts", "unreached"];
pub const OF_A_COUPLE: &[&str] = &[
    "conversations",
    "rounds",
    "choices",
    "proposals",
    "schedules",
    "passages",
    "items",
    "pauses",
    "pause_posts",
    "kept",
    "partners",
];

/// Everything that belongs to a couple but its keys, itself included.
pub async fn forget(tx: &mut Tx, id: CoupleId) -> Result<(), StoreError> {
    for table in OF_A_ROUND {
        let sql = format!("delete from {table} where round in (select id from rounds where couple = $1)");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.to_string()).execute(tx.conn()).await?;
    }
    for table in OF_A_COUPLE {
        let sql = format!("delete from {table} where couple = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.to_string()).execute(tx.conn()).await?;
    }
    sqlx::query("delete from couples where id = $1").bind(id.to_string()).execute(tx.conn()).await?;
    Ok(())
}

/// The couple a person formed last, living or not.
pub async fn newest_of_person(tx: &mut Tx, person: PersonId) -> Result<Option<Couple>, StoreError> {
    first_id(
        sqlx::query(
            "select c.id from couples c join partners p on p.couple = c.id
             where p.person = $1 order by c.paired_at desc, c.id desc limit 1",
        )
        .bind(person.0)
        .fetch_optional(tx.conn())
        .await?,
    )?
    .load(tx)
    .await
}

/// An id that was found, or not.
struct Found(Option<CoupleId>);

impl Found {
    async fn load(self, tx: &mut Tx) -> Result<Option<Couple>, StoreError> {
        match self.0 {
            Some(id) => load(tx, id).await,
            None => Ok(None),
        }
    }
}

fn first_id(row: Option<sqlx::any::AnyRow>) -> Result<Found, StoreError> {
    row.map(|row| Columns::by("couples", "id", &row)?.parsed("id")).transpose().map(Found)
}

fn home(home: Home) -> (&'static str, Option<i64>) {
    match home {
        Home::Making => ("making", None),
        Home::Channel(channel) => ("channel", Some(channel.0)),
        Home::Dms => ("dms", None),
        Home::Nowhere => ("nowhere", None),
    }
}

fn opening(couple: &Couple) -> Result<Option<String>, StoreError> {
    couple.opening.as_ref().map(json).transpose()
}

fn slugs(themes: &BTreeSet<Theme>) -> String {
    themes.iter().map(|theme| theme.slug()).collect::<Vec<_>>().join(" ")
}

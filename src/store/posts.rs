//! Where a round's messages stand (`posts`), and whom a reveal could not reach (`unreached`).

use super::row::Columns;
use super::{StoreError, Tx};
use crate::domain::conversation::Sheet;
use crate::domain::ids::{ChannelId, CoupleId, MessageId, PersonId, RoundId};
use crate::domain::notice::Place;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Card,
    Reveal,
    /// A sheet of the conversation.
    Sheet(Sheet),
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Reveal => "reveal",
            Self::Sheet(sheet) => sheet.name(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "card" => Some(Self::Card),
            "reveal" => Some(Self::Reveal),
            sheet => Sheet::named(sheet).map(Self::Sheet),
        }
    }
}

/// One message of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    pub place: Place,
    pub channel: ChannelId,
    pub message: MessageId,
}

pub async fn put(tx: &mut Tx, round: RoundId, kind: Kind, post: Post) -> Result<(), StoreError> {
    sqlx::query(
        "insert into posts (round, kind, place, channel, message) values ($1, $2, $3, $4, $5)
         on conflict (round, kind, place) do update set channel = excluded.channel, message = excluded.message",
    )
    .bind(round.to_string())
    .bind(kind.name())
    .bind(number(post.place))
    .bind(post.channel.0)
    .bind(post.message.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, round: RoundId, kind: Kind, place: Place) -> Result<Option<Post>, StoreError> {
    Ok(all(tx, round, kind).await?.into_iter().find(|post| post.place == place))
}

pub async fn all(tx: &mut Tx, round: RoundId, kind: Kind) -> Result<Vec<Post>, StoreError> {
    let rows = sqlx::query("select place, channel, message from posts where round = $1 and kind = $2 order by place")
        .bind(round.to_string())
        .bind(kind.name())
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(|row| read(&Columns::of("posts", format!("{round} {}", kind.name()), row))).collect()
}

/// Wherever it stands, this sheet is shown up to this turn.
pub async fn shows(tx: &mut Tx, round: RoundId, sheet: Sheet, turn: u32) -> Result<(), StoreError> {
    sqlx::query("update posts set shown = $1 where round = $2 and kind = $3")
        .bind(i64::from(turn))
        .bind(round.to_string())
        .bind(Kind::Sheet(sheet).name())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Up to which turn each sheet of a conversation is shown; nothing of one that stands nowhere, or of which that is not known yet.
pub async fn shown(tx: &mut Tx, round: RoundId) -> Result<Vec<(Sheet, u32)>, StoreError> {
    let rows = sqlx::query("select kind, shown from posts where round = $1 and shown is not null")
        .bind(round.to_string())
        .fetch_all(tx.conn())
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let columns = Columns::of("posts", round.to_string(), row);
        let turn = u32::try_from(columns.number("shown")?).map_err(|_| columns.refuse("shown", "not a turn"))?;
        if let Some(Kind::Sheet(sheet)) = Kind::named(&columns.text("kind")?) {
            found.push((sheet, turn));
        }
    }
    Ok(found)
}

pub(super) fn read(columns: &Columns<'_>) -> Result<Post, StoreError> {
    let place = place(columns.number("place")?);
    Ok(Post { place, channel: ChannelId(columns.number("channel")?), message: MessageId(columns.number("message")?) })
}

/// What of a round stands in this message.
pub async fn at(tx: &mut Tx, channel: ChannelId, message: MessageId) -> Result<Option<(RoundId, Kind)>, StoreError> {
    let row = sqlx::query("select round, kind from posts where message = $1 and channel = $2")
        .bind(message.0)
        .bind(channel.0)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::by("posts", "round", &row)?;
    let kind = columns.text("kind")?;
    Ok(Some((columns.parsed("round")?, Kind::named(&kind).ok_or_else(|| columns.refuse("kind", "no kind of message"))?)))
}

pub async fn delete(tx: &mut Tx, round: RoundId, kind: Kind, place: Place) -> Result<(), StoreError> {
    sqlx::query("delete from posts where round = $1 and kind = $2 and place = $3")
        .bind(round.to_string())
        .bind(kind.name())
        .bind(number(place))
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn unreached(tx: &mut Tx, person: PersonId, round: RoundId) -> Result<(), StoreError> {
    sqlx::query("insert into unreached (person, round) values ($1, $2) on conflict do nothing")
        .bind(person.0)
        .bind(round.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The newest reveal of this couple that could not be brought to this person and was not read since.
pub async fn newest_unreached(tx: &mut Tx, person: PersonId, couple: CoupleId) -> Result<Option<RoundId>, StoreError> {
    let row = sqlx::query(
        "select u.round from unreached u join rounds r on r.id = u.round
         where u.person = $1 and r.couple = $2 order by r.asked_at desc limit 1",
    )
    .bind(person.0)
    .bind(couple.to_string())
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| Columns::of("unreached", person.to_string(), &row).parsed("round")).transpose()
}

/// This person has read everything of this couple.
pub async fn all_reached(tx: &mut Tx, person: PersonId, couple: CoupleId) -> Result<(), StoreError> {
    sqlx::query("delete from unreached where person = $1 and round in (select id from rounds where couple = $2)")
        .bind(person.0)
        .bind(couple.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn reached(tx: &mut Tx, person: PersonId, round: RoundId) -> Result<(), StoreError> {
    sqlx::query("delete from unreached where person = $1 and round = $2")
        .bind(person.0)
        .bind(round.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A place as the tables spell it.
pub(super) fn number(place: Place) -> i64 {
    match place {
        Place::Channel => 0,
        Place::Dm(person) => person.0,
    }
}

/// The way back.
pub(super) fn place(number: i64) -> Place {
    match number {
        0 => Place::Channel,
        person => Place::Dm(PersonId(person)),
    }
}

//! The table `invitations`.

use jiff::Timestamp;

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::{InvitationId, PersonId, ServerId};
use crate::domain::invitation::{Answered, Invitation};

const COLUMNS: &str = "id, inviter, invitee, server, sent_at, answered, version";

pub async fn load(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("select {COLUMNS} from invitations where id = $1")))
        .bind(id.to_string())
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// The newest invitation in this direction.
pub async fn newest(tx: &mut Tx, inviter: PersonId, invitee: PersonId) -> Result<Option<Invitation>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from invitations where inviter = $1 and invitee = $2 order by sent_at desc limit 1"
    )))
    .bind(inviter.0)
    .bind(invitee.0)
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// A conflict when one of the two has an invitation of the other's waiting: the natural key decides who invites whom.
pub async fn insert(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    let written = sqlx::query(
        "insert into invitations (id, pair, inviter, invitee, server, sent_at, answered, version)
         values ($1, $2, $3, $4, $5, $6, $7, 1) on conflict do nothing",
    )
    .bind(invitation.id.to_string())
    .bind(super::pair(invitation.inviter, invitation.invitee))
    .bind(invitation.inviter.0)
    .bind(invitation.invitee.0)
    .bind(invitation.server.0)
    .bind(due_millis(invitation.sent_at))
    .bind(name(invitation.answered))
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "invitations", invitation.id)
}

pub async fn save(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    let written = sqlx::query("update invitations set answered = $1, version = version + 1 where id = $2 and version = $3")
        .bind(name(invitation.answered))
        .bind(invitation.id.to_string())
        .bind(invitation.version)
        .execute(tx.conn())
        .await?;
    super::wrote_one(written.rows_affected(), "invitations", invitation.id)
}

/// Those of this person, sent or received, that were not accepted and did not lapse. Walks the whole table.
pub async fn open_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Invitation>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from invitations where answered in ('not', 'declined') and (inviter = $1 or invitee = $1) order by id"
    )))
    .bind(person.0)
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(read).collect()
}

/// What the two sent each other until then is decided by their having been a couple.
pub async fn forget_between(tx: &mut Tx, one: PersonId, other: PersonId, until: Timestamp) -> Result<(), StoreError> {
    sqlx::query("delete from invitations where pair = $1 and sent_at <= $2 and answered <> 'not'")
        .bind(super::pair(one, other))
        .bind(due_millis(until))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Everybody's that no longer wait. Walks the whole table: for once a day.
pub async fn forget_before(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let gone = sqlx::query("delete from invitations where answered <> 'not' and sent_at < $1")
        .bind(due_millis(before))
        .execute(tx.conn())
        .await?;
    Ok(gone.rows_affected())
}

fn name(answered: Answered) -> &'static str {
    match answered {
        Answered::Not => "not",
        Answered::Accepted => "accepted",
        Answered::Declined => "declined",
        Answered::Lapsed => "lapsed",
        Answered::Withdrawn => "withdrawn",
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Invitation, StoreError> {
    let columns = Columns::by("invitations", "id", row)?;
    let answered = columns.text("answered")?;
    Ok(Invitation {
        id: columns.parsed("id")?,
        inviter: PersonId(columns.number("inviter")?),
        invitee: PersonId(columns.number("invitee")?),
        server: ServerId(columns.number("server")?),
        sent_at: columns.moment("sent_at")?,
        answered: [Answered::Not, Answered::Accepted, Answered::Declined, Answered::Lapsed, Answered::Withdrawn]
            .into_iter()
            .find(|known| name(*known) == answered)
            .ok_or_else(|| columns.refuse("answered", "not one of the words it may hold"))?,
        version: columns.number("version")?,
    })
}

//! The table `rounds`.

use jiff::Timestamp;

use super::row::{Columns, due_millis, json};
use super::{StoreError, Tx};
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::rotation::Opening;
use crate::domain::round::{Ending, Kind, Phase, Question, Round};
use crate::domain::words::Sealed;

const COLUMNS: &str = "r.id, r.couple, r.question, r.asked_by, r.asked_at, r.closes_at, r.swaps, r.first_answer, r.nudged, \
                       r.card_hold, r.phase, r.version, c.first_person, c.second_person";

pub async fn load(tx: &mut Tx, id: RoundId) -> Result<Option<Round>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from rounds r join couples c on c.id = r.couple where r.id = $1"
    )))
    .bind(id.to_string())
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// The round of this kind that awaits answers or its opening, if one does.
pub async fn awaiting(tx: &mut Tx, couple: CoupleId, kind: Kind) -> Result<Option<Round>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from rounds r join couples c on c.id = r.couple where r.couple = $1 and r.kind = $2 and r.awaiting = 1"
    )))
    .bind(couple.to_string())
    .bind(kind.name())
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// The rounds that still await something: answers, an opening, or that a held post may go out.
pub async fn unsettled(tx: &mut Tx, couple: CoupleId) -> Result<Vec<Round>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from rounds r join couples c on c.id = r.couple where r.couple = $1 and r.unsettled = 1 order by r.asked_at"
    )))
    .bind(couple.to_string())
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(read).collect()
}

/// The round of this kind that was asked last.
pub async fn newest(tx: &mut Tx, couple: CoupleId, kind: Kind) -> Result<Option<Round>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from rounds r join couples c on c.id = r.couple
         where r.couple = $1 and r.kind = $2 order by r.asked_at desc, r.id desc limit 1"
    )))
    .bind(couple.to_string())
    .bind(kind.name())
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// The first round that a couple ever had.
pub async fn first(tx: &mut Tx, couple: CoupleId) -> Result<Option<RoundId>, StoreError> {
    let row = sqlx::query("select id from rounds where couple = $1 order by asked_at, id limit 1")
        .bind(couple.to_string())
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| Columns::by("rounds", "id", &row)?.parsed("id")).transpose()
}

/// `false` when another round of its kind awaits answers in this couple.
pub async fn insert(tx: &mut Tx, round: &Round, own_question: Option<&Sealed>) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "insert into rounds (id, couple, question, own_question, asked_by, asked_at, closes_at, swaps, first_answer, card_hold,
             phase, awaiting, unsettled, kind, nudged, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1) on conflict do nothing",
    )
    .bind(round.id.to_string())
    .bind(round.couple.to_string())
    .bind(json(&round.question)?)
    .bind(own_question.map(|sealed| sealed.0.clone()))
    .bind(round.asked_by.map(|by| by.0))
    .bind(due_millis(round.asked_at))
    .bind(due_millis(round.closes_at))
    .bind(i64::from(round.swaps))
    .bind(i64::from(round.first))
    .bind(round.card_hold.as_ref().map(json).transpose()?)
    .bind(json(&round.phase)?)
    .bind(i64::from(round.awaits_answers()))
    .bind(i64::from(round.is_unsettled()))
    .bind(round.question.kind().name())
    .bind(nudged(round))
    .execute(tx.conn())
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Writes everything but an own question, which never changes; a question that was swapped away takes its words with it, and a
/// round that awaits no answers any more what was only tapped.
pub async fn save(tx: &mut Tx, round: &Round) -> Result<(), StoreError> {
    let written = sqlx::query(
        "update rounds set question = $1, closes_at = $2, swaps = $3, card_hold = $4, phase = $5, awaiting = $6, unsettled = $7,
             own_question = case when $8 = 1 then own_question else null end, nudged = $9, opened_at = $10, version = version + 1
         where id = $11 and version = $12",
    )
    .bind(json(&round.question)?)
    .bind(due_millis(round.closes_at))
    .bind(i64::from(round.swaps))
    .bind(round.card_hold.as_ref().map(json).transpose()?)
    .bind(json(&round.phase)?)
    .bind(i64::from(round.awaits_answers()))
    .bind(i64::from(round.is_unsettled()))
    .bind(i64::from(matches!(round.question, Question::Own { .. })))
    .bind(nudged(round))
    .bind(match round.phase {
        Phase::Revealed { at, .. } => Some(due_millis(at)),
        _ => None,
    })
    .bind(round.id.to_string())
    .bind(round.version)
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "rounds", round.id)?;
    if round.question.kind() == Kind::CheckIn && !round.awaits_answers() {
        super::taps::delete_all(tx, round.id).await?;
    }
    Ok(())
}

fn nudged(round: &Round) -> i64 {
    i64::from(round.nudged[0]) + 2 * i64::from(round.nudged[1])
}

pub async fn own_question(tx: &mut Tx, round: RoundId) -> Result<Option<Sealed>, StoreError> {
    let row =
        sqlx::query("select own_question from rounds where id = $1").bind(round.to_string()).fetch_optional(tx.conn()).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Columns::of("rounds", round.to_string(), &row).maybe_text("own_question")?.map(Sealed))
}

/// The words of this question go; the round stays. `false` when there were none. Call [`super::Store::forget`] after the commit.
pub async fn drop_own_question(tx: &mut Tx, round: RoundId) -> Result<bool, StoreError> {
    let done =
        sqlx::query("update rounds set own_question = null, version = version + 1 where id = $1 and own_question is not null")
            .bind(round.to_string())
            .execute(tx.conn())
            .await?;
    Ok(done.rows_affected() == 1)
}

/// The words of one author's own questions go; the rounds stay. How many went.
pub async fn drop_own_questions(tx: &mut Tx, couple: CoupleId, by: PersonId) -> Result<u64, StoreError> {
    let rows = sqlx::query("select id, question from rounds where couple = $1 and own_question is not null")
        .bind(couple.to_string())
        .fetch_all(tx.conn())
        .await?;
    let mut gone = 0;
    for row in &rows {
        let columns = Columns::by("rounds", "id", row)?;
        let question: Question =
            serde_json::from_str(&columns.text("question")?).map_err(|_| columns.refuse("question", "not a question"))?;
        if question != (Question::Own { by }) {
            continue;
        }
        let done = sqlx::query("update rounds set own_question = null, version = version + 1 where id = $1")
            .bind(columns.text("id")?)
            .execute(tx.conn())
            .await?;
        gone += done.rows_affected();
    }
    Ok(gone)
}

/// Of every couple in which this person still has their key, in the order of their ids, after this one: at most `most`.
pub async fn of_person(tx: &mut Tx, person: PersonId, after: Option<RoundId>, most: usize) -> Result<Vec<Round>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from rounds r join couples c on c.id = r.couple join keys k on k.couple = c.id and k.owner = $1
         where r.id > $2 order by r.id limit $3"
    )))
    .bind(person.0)
    // No id comes before the empty one.
    .bind(after.map_or_else(String::new, |id| id.to_string()))
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(read).collect()
}

/// The ids of all that a couple ever had.
pub async fn ids(tx: &mut Tx, couple: CoupleId) -> Result<Vec<RoundId>, StoreError> {
    let rows = sqlx::query("select id from rounds where couple = $1").bind(couple.to_string()).fetch_all(tx.conn()).await?;
    rows.iter().map(|row| Columns::by("rounds", "id", row)?.parsed("id")).collect()
}

/// The check-ins of a couple that opened, oldest first, the newest `most` of them; `until`: of those up to this one.
pub async fn opened_check_ins(
    tx: &mut Tx,
    couple: CoupleId,
    until: Option<&Round>,
    most: usize,
) -> Result<Vec<Round>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from rounds r join couples c on c.id = r.couple
         where r.couple = $1 and r.kind = $2 and r.opened_at is not null and (r.asked_at < $3 or r.asked_at = $3 and r.id <= $4)
         order by r.asked_at desc, r.id desc limit $5"
    )))
    .bind(couple.to_string())
    .bind(Kind::CheckIn.name())
    .bind(until.map_or(i64::MAX, |until| due_millis(until.asked_at)))
    .bind(until.map_or_else(String::new, |until| until.id.to_string()))
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().rev().map(read).collect()
}

/// The opened check-ins that came after this one, oldest first, `most` of them.
pub async fn check_ins_after(tx: &mut Tx, round: &Round, most: usize) -> Result<Vec<RoundId>, StoreError> {
    let rows = sqlx::query(
        "select id from rounds where couple = $1 and kind = $2 and opened_at is not null
             and (asked_at > $3 or asked_at = $3 and id > $4) order by asked_at, id limit $5",
    )
    .bind(round.couple.to_string())
    .bind(Kind::CheckIn.name())
    .bind(due_millis(round.asked_at))
    .bind(round.id.to_string())
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| Columns::by("rounds", "id", row)?.parsed("id")).collect()
}

/// When each round of this kind that a couple had was asked, oldest first, up to this moment.
pub async fn asked_until(tx: &mut Tx, couple: CoupleId, kind: Kind, until: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
    let rows =
        sqlx::query("select id, asked_at from rounds where couple = $1 and kind = $2 and asked_at <= $3 order by asked_at")
            .bind(couple.to_string())
            .bind(kind.name())
            .bind(due_millis(until))
            .fetch_all(tx.conn())
            .await?;
    rows.iter().map(|row| Columns::by("rounds", "id", row)?.moment("asked_at")).collect()
}

/// How many rounds of this kind a couple ever had.
pub async fn count(tx: &mut Tx, couple: CoupleId, kind: Kind) -> Result<u64, StoreError> {
    let row = sqlx::query("select count(*) as rounds from rounds where couple = $1 and kind = $2")
        .bind(couple.to_string())
        .bind(kind.name())
        .fetch_one(tx.conn())
        .await?;
    Columns::of("rounds", couple.to_string(), &row).count("rounds")
}

/// Whether each of the last `most` rounds lapsed that were asked since then and came to an end, the newest first.
pub async fn lapses(tx: &mut Tx, couple: CoupleId, since: Timestamp, most: usize) -> Result<Vec<bool>, StoreError> {
    let rows = sqlx::query(
        "select id, phase from rounds where couple = $1 and awaiting = 0 and asked_at >= $2 order by asked_at desc, id desc limit $3",
    )
    .bind(couple.to_string())
    .bind(due_millis(since))
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| Ok(matches!(phase(&Columns::by("rounds", "id", row)?)?, Phase::Ended { how: Ending::Lapsed, .. })))
        .collect()
}

/// The questions of a couple that opened, and the check-ins that left somebody heavier, oldest first: what the rise of depth is
/// counted from.
pub async fn openings(tx: &mut Tx, couple: CoupleId) -> Result<Vec<Opening>, StoreError> {
    let rows = sqlx::query(
        "select r.id, r.kind, r.phase, v.heavier_at from rounds r left join conversations v on v.round = r.id
         where r.couple = $1 and (r.kind = $2 or v.heavier_at is not null) and r.awaiting = 0 order by r.asked_at, r.id",
    )
    .bind(couple.to_string())
    .bind(Kind::Question.name())
    .fetch_all(tx.conn())
    .await?;
    let mut openings = Vec::new();
    for row in &rows {
        let columns = Columns::by("rounds", "id", row)?;
        if let Phase::Revealed { at, .. } = phase(&columns)? {
            let kind = columns.text("kind")?;
            let kind = Kind::ALL
                .into_iter()
                .find(|one| one.name() == kind)
                .ok_or_else(|| columns.refuse("kind", "not a kind of round"))?;
            openings.push(Opening { kind, at, heavier: columns.maybe_moment("heavier_at")? });
        }
    }
    Ok(openings)
}

fn phase(columns: &Columns<'_>) -> Result<Phase, StoreError> {
    serde_json::from_str(&columns.text("phase")?).map_err(|_| columns.refuse("phase", "not a phase"))
}

fn read(row: &sqlx::any::AnyRow) -> Result<Round, StoreError> {
    let columns = Columns::by("rounds", "id", row)?;
    let small = |column| -> Result<u8, StoreError> {
        u8::try_from(columns.number(column)?).map_err(|_| columns.refuse(column, "not a small number"))
    };
    Ok(Round {
        id: columns.parsed("id")?,
        couple: columns.parsed("couple")?,
        partners: [PersonId(columns.number("first_person")?), PersonId(columns.number("second_person")?)],
        question: serde_json::from_str(&columns.text("question")?).map_err(|_| columns.refuse("question", "not a question"))?,
        asked_by: columns.maybe_number("asked_by")?.map(PersonId),
        asked_at: columns.moment("asked_at")?,
        closes_at: columns.moment("closes_at")?,
        swaps: small("swaps")?,
        first: small("first_answer")?,
        nudged: match columns.number("nudged")? {
            who @ 0..=3 => [who & 1 != 0, who & 2 != 0],
            _ => return Err(columns.refuse("nudged", "not one of the two, or both")),
        },
        card_hold: columns
            .maybe_text("card_hold")?
            .map(|text| serde_json::from_str(&text).map_err(|_| columns.refuse("card_hold", "not a hold")))
            .transpose()?,
        phase: phase(&columns)?,
        version: columns.number("version")?,
    })
}

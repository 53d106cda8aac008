//! The table `choices`: every prompt ever put to a couple, which is all that rotation remembers.

use super::row::{Columns, due_millis};
use super::{StoreError, Tx};
use crate::domain::ids::CoupleId;
use crate::domain::library::PromptId;
use crate::domain::rotation::{ChosenBy, Past};

/// A conflict when the other partner drew the same one at this moment: the draw is theirs.
pub async fn add(tx: &mut Tx, couple: CoupleId, past: &Past) -> Result<(), StoreError> {
    let written = sqlx::query(
        "insert into choices (couple, chosen_at, prompt, family, theme, depth, about, good_news, chosen_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict do nothing",
    )
    .bind(couple.to_string())
    .bind(due_millis(past.at))
    .bind(past.prompt.0.clone())
    .bind(past.family.clone())
    .bind(past.theme.slug())
    .bind(past.depth.name())
    .bind(past.about.name())
    .bind(i64::from(past.good_news))
    .bind(chooser(past.chosen_by))
    .execute(tx.conn())
    .await?;
    super::wrote_one(written.rows_affected(), "choices", couple)
}

/// Oldest first.
pub async fn history(tx: &mut Tx, couple: CoupleId) -> Result<Vec<Past>, StoreError> {
    let rows = sqlx::query(
        "select chosen_at, prompt, family, theme, depth, about, good_news, chosen_by from choices
         where couple = $1 order by chosen_at",
    )
    .bind(couple.to_string())
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("choices", couple.to_string(), row);
            Ok(Past {
                prompt: PromptId(columns.text("prompt")?),
                family: columns.text("family")?,
                theme: columns.parsed("theme")?,
                depth: columns.parsed("depth")?,
                about: columns.parsed("about")?,
                good_news: columns.number("good_news")? != 0,
                at: columns.moment("chosen_at")?,
                chosen_by: [ChosenBy::Duet, ChosenBy::Person]
                    .into_iter()
                    .find(|known| columns.text("chosen_by").is_ok_and(|text| text == chooser(*known)))
                    .ok_or_else(|| columns.refuse("chosen_by", "neither Duet nor a person"))?,
            })
        })
        .collect()
}

fn chooser(by: ChosenBy) -> &'static str {
    match by {
        ChosenBy::Duet => "duet",
        ChosenBy::Person => "person",
    }
}

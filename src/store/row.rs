//! From columns to values: one fallible step, whose error names table, row and column and never quotes the value.

use std::str::FromStr;

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Decode, Row as _, Type};

use super::StoreError;

/// One row being read.
pub(super) struct Columns<'r> {
    table: &'static str,
    id: String,
    row: &'r AnyRow,
}

impl<'r> Columns<'r> {
    /// `id` is what an operator needs to find the row again; never a private word.
    pub(super) fn of(table: &'static str, id: impl Into<String>, row: &'r AnyRow) -> Self {
        let id = id.into();
        Self { table, id, row }
    }

    /// Takes the id from a TEXT column of the row itself.
    pub(super) fn by(table: &'static str, id: &'static str, row: &'r AnyRow) -> Result<Self, StoreError> {
        let id = Self::of(table, "?", row).text(id)?;
        Ok(Self { table, id, row })
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.value(column)
    }

    pub(super) fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        self.value(column)
    }

    pub(super) fn number(&self, column: &'static str) -> Result<i64, StoreError> {
        self.value(column)
    }

    pub(super) fn maybe_number(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.value(column)
    }

    pub(super) fn count(&self, column: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.number(column)?).map_err(|_| self.refuse(column, "a count below zero"))
    }

    pub(super) fn moment(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.as_moment(column, self.number(column)?)
    }

    pub(super) fn maybe_moment(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        self.maybe_number(column)?.map(|millis| self.as_moment(column, millis)).transpose()
    }

    /// A TEXT column that names something of ours: an id, or a word of a closed list.
    pub(super) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.refuse(column, "not in the form it should have"))
    }

    pub(super) fn maybe_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let text = self.maybe_text(column)?;
        text.map(|text| text.parse().map_err(|_| self.refuse(column, "not in the form it should have"))).transpose()
    }

    /// The error for a value that reads well and cannot be true.
    pub(super) fn refuse(&self, column: &'static str, why: impl Into<String>) -> StoreError {
        StoreError::Row { table: self.table, column, id: self.id.clone(), why: why.into() }
    }

    fn as_moment(&self, column: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(millis).map_err(|_| self.refuse(column, "not a moment"))
    }

    fn value<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: Decode<'r, sqlx::Any> + Type<sqlx::Any>,
    {
        self.row.try_get(column).map_err(|error| {
            let why = match error {
                sqlx::Error::ColumnNotFound(_) => "no such column",
                _ => "missing, or of another type",
            };
            self.refuse(column, why)
        })
    }
}

/// Rounded up: a moment in the store never comes before the one that was meant.
pub(super) fn due_millis(due: Timestamp) -> i64 {
    let millis = due.as_millisecond();
    if due.subsec_nanosecond() % 1_000_000 > 0 { millis + 1 } else { millis }
}

/// A value as the JSON text of a column.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Unwritable)
}

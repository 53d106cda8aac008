//! What a press on the board means: a part of [`Button`].

use super::Button;
use crate::domain::board::Kind;
use crate::domain::ids::{CoupleId, ItemId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBoard {
    /// This page of it.
    List(CoupleId, u8),
    Add(CoupleId, Kind),
    /// In this wording.
    See(ItemId, u32),
    Open(ItemId),
    Edit(ItemId),
    Retire(ItemId),
    /// With the words that the private reply carries.
    PutBack(ItemId),
}

impl OnBoard {
    pub(super) fn parse(verb: &str, arguments: &[&str]) -> Option<Self> {
        let first = || arguments.first().copied().unwrap_or_default();
        let item = || first().parse::<ItemId>().ok();
        Some(match verb {
            "board" => Self::List(first().parse().ok()?, arguments.get(1)?.parse().ok()?),
            "add_item" => Self::Add(first().parse().ok()?, arguments.get(1)?.parse().ok()?),
            "see_item" => Self::See(item()?, arguments.get(1)?.parse().ok()?),
            "open_item" => Self::Open(item()?),
            "edit_item" => Self::Edit(item()?),
            "retire_item" => Self::Retire(item()?),
            "put_back" => Self::PutBack(item()?),
            _ => return None,
        })
    }

    pub(super) fn parts(self) -> (&'static str, Vec<String>) {
        match self {
            Self::List(id, page) => ("board", vec![id.to_string(), page.to_string()]),
            Self::Add(id, kind) => ("add_item", vec![id.to_string(), kind.to_string()]),
            Self::See(id, wording) => ("see_item", vec![id.to_string(), wording.to_string()]),
            Self::Open(id) => ("open_item", vec![id.to_string()]),
            Self::Edit(id) => ("edit_item", vec![id.to_string()]),
            Self::Retire(id) => ("retire_item", vec![id.to_string()]),
            Self::PutBack(id) => ("put_back", vec![id.to_string()]),
        }
    }
}

impl From<OnBoard> for Button {
    fn from(press: OnBoard) -> Self {
        Self::OnBoard(press)
    }
}

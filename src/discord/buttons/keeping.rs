//! What a press about a piece means, kept or taken away again: a part of [`Button`]. In private replies only.

use super::Button;
use crate::domain::ids::{CoupleId, KeptId};
use crate::domain::piece::Piece;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// What one keeps in this couple.
    In(CoupleId),
    /// The piece kept before this one; within this couple, or in all of them.
    Older(KeptId, Option<CoupleId>),
    LetGo(KeptId, Option<CoupleId>),
    // What one takes away again.
    Remove(Piece),
    /// Of a conversation: what was written up to this turn.
    RemoveNow(Piece, Option<u32>),
    Leave,
}

impl Keeping {
    pub(super) fn parse(verb: &str, arguments: &[&str]) -> Option<Self> {
        let first = || arguments.first().copied().unwrap_or_default();
        // One that cannot be read is no page of all couples.
        let within = || arguments.get(1).map(|id| id.parse()).transpose().ok();
        Some(match verb {
            "kept_in" => Self::In(first().parse().ok()?),
            "older_kept" => Self::Older(first().parse().ok()?, within()?),
            "let_go" => Self::LetGo(first().parse().ok()?, within()?),
            "remove_words" => Self::Remove(first().parse().ok()?),
            "remove_words_now" => match (first().parse().ok()?, arguments.get(1)) {
                // One that does not say up to where might take more than was asked about.
                (Piece::Sheet(..), None) => return None,
                (piece, turn) => Self::RemoveNow(piece, turn.map(|turn| turn.parse()).transpose().ok()?),
            },
            "leave_words" => Self::Leave,
            _ => return None,
        })
    }

    pub(super) fn parts(self) -> (&'static str, Vec<String>) {
        let within = |id: KeptId, couple: Option<CoupleId>| {
            std::iter::once(id.to_string()).chain(couple.map(|couple| couple.to_string())).collect()
        };
        match self {
            Self::In(id) => ("kept_in", vec![id.to_string()]),
            Self::Older(id, couple) => ("older_kept", within(id, couple)),
            Self::LetGo(id, couple) => ("let_go", within(id, couple)),
            Self::Remove(piece) => ("remove_words", vec![piece.to_string()]),
            Self::RemoveNow(piece, up_to) => {
                let turn = up_to.map(|turn| turn.to_string());
                ("remove_words_now", std::iter::once(piece.to_string()).chain(turn).collect())
            }
            Self::Leave => ("leave_words", Vec::new()),
        }
    }
}

impl From<Keeping> for Button {
    fn from(press: Keeping) -> Self {
        Self::Keeping(press)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::conversation::Sheet;
    use crate::domain::ids::{PassageId, RoundId};

    #[test]
    fn every_press_about_a_piece_is_read_back_and_fits_one_hundred_characters() {
        let uuid = Uuid::from_u128(0x0199_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0000);
        let (couple, kept) = (CoupleId(uuid), KeptId(uuid));
        let presses = [
            Keeping::In(couple),
            Keeping::Older(kept, Some(couple)),
            Keeping::Older(kept, None),
            Keeping::LetGo(kept, Some(couple)),
            Keeping::LetGo(kept, None),
            Keeping::Remove(Piece::Passage(PassageId(uuid))),
            Keeping::RemoveNow(Piece::Sheet(RoundId(uuid), Sheet::SecondMirror), Some(u32::MAX)),
            Keeping::RemoveNow(Piece::Reveal(RoundId(uuid)), None),
            Keeping::Leave,
        ];
        for press in presses.map(Button::from) {
            assert_eq!(Button::parse(&press.id()), Some(press));
            assert!(press.id().len() <= 100, "{}", press.id());
        }
        assert_eq!(Button::parse(&format!("d1:let_go:{kept}:nobody")), None);
    }
}

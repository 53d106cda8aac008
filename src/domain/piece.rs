//! A piece: what stands in one message of Duet's with somebody's words in it. It is only named here; where it stands, and what it says,
//! is looked up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::conversation::Sheet;
use super::ids::{ItemId, PassageId, RoundId};

/// Whatever else comes to stand in a message with somebody's words gets an arm here. The compiler then names the places that have to know
/// of it: `flows::pieces` (where it stands, whose it is, what it says), `flows::removing` (how its words go) and the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Two answers under their question.
    Reveal(RoundId),
    /// The card of a round: the words are in it that somebody asks with.
    Card(RoundId),
    Sheet(RoundId, Sheet),
    Passage(PassageId),
    /// Of the board.
    Item(ItemId),
}

impl Piece {
    pub fn round(self) -> Option<RoundId> {
        match self {
            Self::Reveal(round) | Self::Card(round) | Self::Sheet(round, _) => Some(round),
            Self::Passage(_) | Self::Item(_) => None,
        }
    }
}

/// As the table and the buttons spell it.
impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reveal(round) => write!(f, "reveal.{round}"),
            Self::Card(round) => write!(f, "card.{round}"),
            Self::Sheet(round, sheet) => write!(f, "sheet.{round}.{}", sheet.name()),
            Self::Passage(passage) => write!(f, "passage.{passage}"),
            Self::Item(item) => write!(f, "item.{item}"),
        }
    }
}

/// It names nothing that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("no piece")]
pub struct NoPiece;

impl FromStr for Piece {
    type Err = NoPiece;

    fn from_str(text: &str) -> Result<Self, NoPiece> {
        let mut parts = text.split('.');
        let (kind, id, sheet) = (parts.next(), parts.next().ok_or(NoPiece)?, parts.next());
        let round = || id.parse().map_err(|_| NoPiece);
        Ok(match (kind, sheet) {
            (Some("reveal"), None) => Self::Reveal(round()?),
            (Some("card"), None) => Self::Card(round()?),
            (Some("sheet"), Some(sheet)) => Self::Sheet(round()?, Sheet::named(sheet).ok_or(NoPiece)?),
            (Some("passage"), None) => Self::Passage(id.parse().map_err(|_| NoPiece)?),
            (Some("item"), None) => Self::Item(id.parse().map_err(|_| NoPiece)?),
            _ => return Err(NoPiece),
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_piece_is_read_as_it_is_spelled() {
        let uuid = Uuid::from_u128(0x0199_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0000);
        let (round, passage, item) = (RoundId(uuid), PassageId(uuid), ItemId(uuid));
        let sheets = Sheet::ALL.map(|sheet| Piece::Sheet(round, sheet));
        let others = [Piece::Reveal(round), Piece::Card(round), Piece::Passage(passage), Piece::Item(item)];
        for piece in others.into_iter().chain(sheets) {
            assert_eq!(piece.to_string().parse::<Piece>().ok(), Some(piece));
        }
        for text in
            ["", "reveal", "reveal.1", "sheet.0199aaaabbbb7ccc8dddeeeeffff0000", "reveal.0199aaaabbbb7ccc8dddeeeeffff0000.x"]
        {
            assert!(text.parse::<Piece>().is_err(), "{text}");
        }
    }
}

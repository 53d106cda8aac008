//! What a couple's opened check-ins say, side by side: closeness and autonomy of both, by number rather than by date.
//! No total, no grade, no ranking; a check-in that lapsed or was skipped is not there, and leaves no gap.

use super::checkin::Ratings;
use super::ids::PersonId;

/// How many check-ins the picture reaches back.
pub const REACH: usize = 12;
/// How far back it looks for them, past those that were removed or are held.
pub const WINDOW: usize = 2 * REACH;

/// The newest opened check-ins of a couple, oldest first, at most [`REACH`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insights {
    /// In the order of `check_ins`' pairs: the first has the solid line.
    pub partners: [PersonId; 2],
    pub check_ins: Vec<[Ratings; 2]>,
}

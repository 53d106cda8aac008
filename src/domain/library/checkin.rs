//! The lines of check-ins: which three a week asks for, in turn.

use super::theme::Length;

/// Every so many check-ins, the longer look: product.md, "Weekly check-in".
pub const LONGER_LOOK_EVERY: u64 = 13;

impl Length {
    /// How many lines it has, from and to.
    pub(super) fn lines(self) -> (usize, usize) {
        match self {
            Self::Weekly => (3, 3),
            // A modal holds five parts (components/reference), and one of ours is text.
            Self::Longer => (2, 4),
            Self::Short => (1, 1),
        }
    }
}

/// One set of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    pub id: String,
    pub length: Length,
    /// Labels of text boxes, 45 characters each at most.
    pub lines: Vec<String>,
}

/// The lines of a couple's check-in after `before` others. `short`: whether one line is enough for this couple; then the longer
/// look does not come either.
pub fn lines(all: &[Lines], before: u64, short: bool) -> Vec<String> {
    let length = match short {
        true => Length::Short,
        false if (before + 1).is_multiple_of(LONGER_LOOK_EVERY) => Length::Longer,
        false => Length::Weekly,
    };
    let here: Vec<_> = all.iter().filter(|lines| lines.length == length).collect();
    let turn = usize::try_from(before % here.len().max(1) as u64).unwrap_or_default();
    here.get(turn).map(|lines| lines.lines.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Lines> {
        let set = |id: &str, length| Lines { id: id.to_owned(), length, lines: vec![id.to_owned()] };
        let mut all: Vec<_> = ["one", "two", "three", "four"].iter().map(|id| set(id, Length::Weekly)).collect();
        all.extend([set("longer", Length::Longer), set("short", Length::Short)]);
        all
    }

    #[test]
    fn four_versions_take_turns_and_the_thirteenth_is_the_longer_look() {
        let year: Vec<String> = (0..26).map(|before| lines(&all(), before, false).remove(0)).collect();
        assert_eq!(year[..4], ["one", "two", "three", "four"]);
        assert_eq!(year[4], "one");
        let longer: Vec<usize> = (0..26).filter(|at| year[*at] == "longer").collect();
        assert_eq!(longer, [12, 25]);
    }

    #[test]
    fn who_wants_it_short_has_one_line_each_week() {
        assert!((0..13).all(|before| lines(&all(), before, true) == ["short"]));
    }
}

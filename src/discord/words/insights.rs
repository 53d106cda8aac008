//! The words beside the picture of the check-ins, and for those who cannot see it. Facts only, the same for both lines: no total, no
//! average, no verdict on a high or a low number, nothing about a rating that was skipped.

use super::name;
use crate::domain::checkin::{Rated, Rating};
use crate::domain::insights::Insights;
use crate::picture::{PANELS, Panel};

/// The two lines as the words call them, in the order of the partners.
const LINES: [&str; 2] = ["solid", "dashed"];

/// Legend and sentence, as they stand under one another beside the picture: at most 300 UTF-16 units, which a reveal must have room
/// for among the 6,000 of its embeds.
pub fn beside(insights: &Insights) -> String {
    let (legend, sentence) = (legend(insights), sentence(insights));
    if sentence.is_empty() { legend } else { format!("{legend}\n\n{sentence}") }
}

/// Whose line is which: the picture itself names nobody.
pub fn legend(insights: &Insights) -> String {
    let [solid, dashed] = insights.partners;
    format!("Solid: {}. Dashed: {}.", name(solid), name(dashed))
}

/// Where each line begins and where it is now. Empty when nothing was rated.
pub fn sentence(insights: &Insights) -> String {
    let panels = PANELS.iter().filter_map(|panel| {
        let lines: Vec<(&str, Way)> = LINES
            .into_iter()
            .enumerate()
            .filter_map(|(partner, line)| Some((line, Way::of(&given(insights, partner, panel.rated))?)))
            .collect();
        let ways = ways(&lines)?;
        Some(format!("**{}** (1 {}, 5 {}): {ways}.", title(panel), panel.low, panel.high))
    });
    panels.collect::<Vec<_>>().join("\n")
}

/// The whole picture in words for a screen reader, without names: at most 1,024 characters, which is all that an attachment's
/// description holds (resources/message, "Attachment Structure").
pub fn description(insights: &Insights) -> String {
    let mut text = match insights.check_ins.len() {
        1 => "One check-in, in two panels.".to_owned(),
        count => format!("The last {count} check-ins, oldest first, in two panels."),
    };
    for panel in PANELS {
        text.push_str(&format!(" {}, where 1 is {} and 5 is {}.", title(&panel), panel.low, panel.high));
        for (partner, line) in ["Solid line", "Dashed line"].into_iter().enumerate() {
            let marks: Vec<String> = marks(insights, partner, panel.rated)
                .map(|mark| mark.map_or_else(|| "gap".to_owned(), |rating| rating.value().to_string()))
                .collect();
            text.push_str(&format!(" {line}: {}.", marks.join(", ")));
        }
    }
    text
}

fn title(panel: &Panel) -> String {
    let label = panel.rated.label();
    let (first, rest) = label.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

fn marks(insights: &Insights, partner: usize, rated: Rated) -> impl Iterator<Item = Option<Rating>> {
    insights.check_ins.iter().map(move |both| both[partner].of(rated))
}

fn given(insights: &Insights, partner: usize, rated: Rated) -> Vec<Rating> {
    marks(insights, partner, rated).flatten().collect()
}

/// How one line gets from its first mark to its last.
#[derive(Clone, Copy)]
enum Way {
    /// There is only one.
    One(Rating),
    Same(Rating),
    Moved(Rating, Rating),
}

impl Way {
    fn of(given: &[Rating]) -> Option<Self> {
        Some(match given {
            [] => return None,
            [one] => Self::One(*one),
            [first, .., last] if first == last => Self::Same(*last),
            [first, .., last] => Self::Moved(*first, *last),
        })
    }

    fn verb(self) -> &'static str {
        match self {
            Self::One(_) | Self::Same(_) => "is",
            Self::Moved(..) => "went",
        }
    }

    fn rest(self) -> String {
        match self {
            Self::One(at) => format!("at {}", at.value()),
            Self::Same(at) => format!("at {}, as at the start", at.value()),
            Self::Moved(from, to) => format!("from {} to {}", from.value(), to.value()),
        }
    }
}

/// A verb that both share is said once.
fn ways(lines: &[(&str, Way)]) -> Option<String> {
    let mut said = Vec::new();
    let mut before = "";
    for (line, way) in lines {
        let verb = if way.verb() == before { "" } else { way.verb() };
        let gap = if verb.is_empty() { "" } else { " " };
        said.push(format!("{line}{gap}{verb} {}", way.rest()));
        before = way.verb();
    }
    (!said.is_empty()).then(|| said.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkin::{Ratings, Tap};
    use crate::domain::ids::PersonId;

    /// Closeness and autonomy of both, oldest first; 0 stands for a skip.
    fn insights(rows: &[[[u8; 2]; 2]]) -> Insights {
        let tap = |value: u8| Rating::new(value).map_or(Tap::Skipped, Tap::Given);
        let one = |[close, myself]: [u8; 2]| Ratings::default().with(Rated::Close, tap(close)).with(Rated::Myself, tap(myself));
        Insights { partners: [PersonId(1), PersonId(2)], check_ins: rows.iter().map(|both| both.map(one)).collect() }
    }

    #[test]
    fn twelve_check_ins() {
        let twelve = insights(&[
            [[3, 4], [4, 2]],
            [[3, 4], [4, 3]],
            [[2, 5], [4, 3]],
            [[2, 4], [3, 3]],
            [[3, 4], [3, 4]],
            [[4, 3], [3, 4]],
            [[4, 3], [2, 5]],
            [[5, 3], [3, 4]],
            [[4, 2], [4, 4]],
            [[4, 3], [5, 3]],
            [[3, 4], [4, 3]],
            [[4, 4], [5, 4]],
        ]);
        insta::assert_snapshot!(beside(&twelve), @r"
        Solid: <@1>. Dashed: <@2>.

        **Close to you** (1 far, 5 close): solid went from 3 to 4; dashed from 4 to 5.
        **Myself with you** (1 hardly, 5 fully): solid is at 4, as at the start; dashed went from 2 to 4.
        ");
        insta::assert_snapshot!(description(&twelve), @"The last 12 check-ins, oldest first, in two panels. Close to you, where 1 is far and 5 is close. Solid line: 3, 3, 2, 2, 3, 4, 4, 5, 4, 4, 3, 4. Dashed line: 4, 4, 4, 3, 3, 3, 2, 3, 4, 5, 4, 5. Myself with you, where 1 is hardly and 5 is fully. Solid line: 4, 4, 5, 4, 4, 3, 3, 3, 2, 3, 4, 4. Dashed line: 2, 3, 3, 3, 4, 4, 5, 4, 4, 3, 3, 4.");
    }

    #[test]
    fn one_check_in() {
        let one = insights(&[[[4, 3], [2, 5]]]);
        insta::assert_snapshot!(beside(&one), @r"
        Solid: <@1>. Dashed: <@2>.

        **Close to you** (1 far, 5 close): solid is at 4; dashed at 2.
        **Myself with you** (1 hardly, 5 fully): solid is at 3; dashed at 5.
        ");
        insta::assert_snapshot!(description(&one), @"One check-in, in two panels. Close to you, where 1 is far and 5 is close. Solid line: 4. Dashed line: 2. Myself with you, where 1 is hardly and 5 is fully. Solid line: 3. Dashed line: 5.");
    }

    #[test]
    fn what_was_skipped_is_a_gap_and_no_word_is_lost_on_it() {
        let skipped = insights(&[[[0, 4], [4, 0]], [[0, 4], [0, 0]], [[0, 3], [2, 0]]]);
        insta::assert_snapshot!(beside(&skipped), @r"
        Solid: <@1>. Dashed: <@2>.

        **Close to you** (1 far, 5 close): dashed went from 4 to 2.
        **Myself with you** (1 hardly, 5 fully): solid went from 4 to 3.
        ");
        insta::assert_snapshot!(description(&skipped), @"The last 3 check-ins, oldest first, in two panels. Close to you, where 1 is far and 5 is close. Solid line: gap, gap, gap. Dashed line: 4, gap, 2. Myself with you, where 1 is hardly and 5 is fully. Solid line: 4, 4, 3. Dashed line: gap, gap, gap.");
        assert_eq!(beside(&insights(&[[[0, 0], [0, 0]]])), "Solid: <@1>. Dashed: <@2>.");
    }

    #[test]
    fn equal_lines_are_both_told() {
        let equal = insights(&[[[3, 2], [3, 2]], [[4, 4], [4, 4]], [[3, 5], [3, 5]]]);
        insta::assert_snapshot!(beside(&equal), @r"
        Solid: <@1>. Dashed: <@2>.

        **Close to you** (1 far, 5 close): solid is at 3, as at the start; dashed at 3, as at the start.
        **Myself with you** (1 hardly, 5 fully): solid went from 2 to 5; dashed from 2 to 5.
        ");
        insta::assert_snapshot!(description(&equal), @"The last 3 check-ins, oldest first, in two panels. Close to you, where 1 is far and 5 is close. Solid line: 3, 4, 3. Dashed line: 3, 4, 3. Myself with you, where 1 is hardly and 5 is fully. Solid line: 2, 4, 5. Dashed line: 2, 4, 5.");
    }

    #[test]
    fn the_longest_words_beside_the_picture_leave_room_for_two_answers() {
        let longest = Insights { partners: [PersonId(i64::MAX); 2], ..insights(&[[[3, 3], [3, 3]]; 2]) };
        let units = beside(&longest).encode_utf16().count();
        assert!(units <= 300, "{units}");
    }

    #[test]
    fn the_longest_description_fits_an_attachment() {
        let longest = insights(&[[[0, 0], [0, 0]]; crate::domain::insights::REACH]);
        assert!(description(&longest).encode_utf16().count() <= 1_024);
    }
}

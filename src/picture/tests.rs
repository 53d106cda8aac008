use std::fs;
use std::path::{Path, PathBuf};

use resvg::tiny_skia::Pixmap;

use super::*;
use crate::domain::checkin::Tap;
use crate::domain::ids::PersonId;

/// By how much of 255 one channel of one pixel may differ: another processor rounds an edge a little otherwise.
const SHADE: u8 = 32;
/// How many pixels may differ by more: 0.02 % of the picture, about half of a round marker.
const PIXELS: usize = (WIDTH * HEIGHT) as usize / 5_000;

/// Closeness and autonomy of both, oldest first; 0 stands for a skip.
fn insights(rows: &[[[u8; 2]; 2]]) -> Insights {
    let tap = |value: u8| Rating::new(value).map_or(Tap::Skipped, Tap::Given);
    let one = |[close, myself]: [u8; 2]| Ratings::default().with(Rated::Close, tap(close)).with(Rated::Myself, tap(myself));
    Insights { partners: [PersonId(1), PersonId(2)], check_ins: rows.iter().map(|both| both.map(one)).collect() }
}

fn twelve() -> Insights {
    insights(&[
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
    ])
}

fn skipped() -> Insights {
    insights(&[
        [[3, 4], [4, 0]],
        [[0, 4], [4, 3]],
        [[2, 0], [0, 3]],
        [[0, 4], [0, 0]],
        [[3, 4], [3, 4]],
        [[4, 3], [0, 4]],
        [[0, 0], [2, 5]],
    ])
}

fn equal() -> Insights {
    insights(&[[[3, 2], [3, 2]], [[4, 3], [4, 3]], [[4, 4], [4, 4]], [[4, 4], [4, 4]], [[2, 5], [2, 5]], [[3, 4], [4, 4]]])
}

#[test]
fn twelve_check_ins() {
    looks_like("twelve", &twelve());
}

#[test]
fn one_check_in() {
    looks_like("one", &insights(&[[[4, 3], [2, 5]]]));
}

#[test]
fn skipped_ratings_leave_gaps() {
    looks_like("skipped", &skipped());
}

#[test]
fn equal_lines_are_both_seen() {
    looks_like("equal", &equal());
}

#[test]
fn without_a_check_in_there_is_no_picture() {
    assert!(matches!(draw(&insights(&[])), Err(PictureError::Nothing)));
}

#[test]
fn the_restless_dozen_still_fits() {
    let rows: Vec<_> = (0..12).map(|n| if n % 2 == 0 { [[1, 5], [5, 1]] } else { [[5, 2], [1, 4]] }).collect();
    let png = draw(&insights(&rows)).unwrap();
    assert!(png.len() < LARGEST, "{} bytes", png.len());
}

#[test]
fn one_mark_more_or_less_is_a_difference() {
    let drawn = |insights: &Insights| Pixmap::decode_png(&draw(insights).unwrap()).unwrap();
    let mut fewer = twelve();
    fewer.check_ins[11] = insights(&[[[0, 4], [5, 4]]]).check_ins[0];
    assert!(apart(&drawn(&twelve()), &drawn(&fewer)) > PIXELS);
}

#[test]
fn equal_insights_give_equal_bytes_whoever_they_are() {
    let one = draw(&twelve()).unwrap();
    let others = Insights { partners: [PersonId(i64::MAX), PersonId(7)], ..twelve() };
    assert!(one == draw(&others).unwrap());
}

#[test]
fn only_the_newest_twelve_are_drawn() {
    let mut longer = twelve();
    longer.check_ins.insert(0, insights(&[[[1, 1], [1, 1]]]).check_ins[0]);
    assert!(draw(&longer).unwrap() == draw(&twelve()).unwrap());
}

/// Length, kind, content and checksum, one chunk after the other (PNG specification, "Chunk layout").
#[test]
fn a_picture_carries_pixels_and_nothing_else() {
    let png = draw(&twelve()).unwrap();
    let (mut rest, mut kinds) = (&png[8..], Vec::new());
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        kinds.push(String::from_utf8(rest[4..8].to_vec()).unwrap());
        rest = &rest[length + 12..];
    }
    kinds.dedup();
    assert_eq!(kinds, ["IHDR", "IDAT", "IEND"]);
}

/// What a screen shows beside it is about as much; it has to come through on a phone's line.
const LARGEST: usize = 100_000;

/// `DUET_BLESS=1 cargo test --lib picture` makes what is drawn now the golden one.
fn looks_like(name: &str, insights: &Insights) {
    let png = draw(insights).unwrap();
    assert!(png.len() < LARGEST, "{name}: {} bytes", png.len());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.png"));
    if std::env::var_os("DUET_BLESS").is_some() {
        fs::create_dir_all(golden.parent().unwrap()).unwrap();
        fs::write(&golden, &png).unwrap();
    }
    let wanted = fs::read(&golden).unwrap_or_default();
    let apart = match Pixmap::decode_png(&wanted) {
        Ok(wanted) => apart(&Pixmap::decode_png(&png).unwrap(), &wanted),
        Err(_) => usize::MAX,
    };
    if apart > PIXELS {
        let actual = actual(name);
        fs::write(&actual, &png).unwrap();
        panic!(
            "{name}: more than {PIXELS} pixels differ ({apart}).\n  golden: {}\n  actual: {}",
            golden.display(),
            actual.display()
        );
    }
}

fn actual(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("duet-picture-{name}.png"))
}

/// How many pixels differ visibly.
fn apart(one: &Pixmap, other: &Pixmap) -> usize {
    if (one.width(), one.height()) != (other.width(), other.height()) {
        return usize::MAX;
    }
    let far = |a: &[u8], b: &[u8]| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > SHADE);
    one.data().chunks(4).zip(other.data().chunks(4)).filter(|(one, other)| far(one, other)).count()
}

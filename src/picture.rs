//! The picture of a couple's check-ins: two panels, each with both partners' line, as a PNG.
//!
//! Owns how it looks. It must never hold a name, a date, a number that could be read as a grade, or a word of anybody's; and never
//! read a font, a file or a clock of the machine it runs on: equal [`Insights`] give equal bytes.
//!
//! What tells the lines apart is their shape, not their colour: one solid with round markers, one dashed with square ones.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use epaint_default_fonts::UBUNTU_LIGHT;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Options, Tree, fontdb};

use crate::domain::checkin::{Rated, Rating, Ratings};
use crate::domain::insights::{Insights, REACH};

/// Pixels. Discord shows an embed's image at most 400 × 300 on a desktop (seen on clients): the same shape, three times as fine.
pub const WIDTH: u32 = 1200;
pub const HEIGHT: u32 = 900;

/// What one panel shows, and the words at the two ends of its axis. Neither end is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panel {
    pub rated: Rated,
    /// At 1.
    pub low: &'static str,
    /// At 5.
    pub high: &'static str,
}

/// Closeness above, autonomy below.
pub const PANELS: [Panel; 2] =
    [Panel { rated: Rated::Close, low: "far", high: "close" }, Panel { rated: Rated::Myself, low: "hardly", high: "fully" }];

#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("no check-in has opened yet: there is nothing to draw")]
    Nothing,
    #[error("the picture is not the SVG that it should be")]
    Svg(#[from] usvg::Error),
    #[error("the picture could not be written as a PNG")]
    Png(#[from] png::EncodingError),
    #[error("there was no room to draw in")]
    Room,
}

/// The picture as a PNG of [`WIDTH`] × [`HEIGHT`] pixels, under 100 kB. The first partner has the solid line, the newest
/// check-in stands at the right; a skipped rating leaves a gap.
pub fn draw(insights: &Insights) -> Result<Vec<u8>, PictureError> {
    let newest = insights.check_ins.len().saturating_sub(REACH);
    let check_ins = &insights.check_ins[newest..];
    if check_ins.is_empty() {
        return Err(PictureError::Nothing);
    }
    let tree = Tree::from_str(&svg(check_ins), &OPTIONS)?;
    let mut pixmap = Pixmap::new(WIDTH, HEIGHT).ok_or(PictureError::Room)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    packed(pixmap)
}

/// Most of it is plain paper, which packs best unfiltered: half the size of what tiny-skia's own writer makes of it.
fn packed(pixmap: Pixmap) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    // After the compression, which brings a filter of its own.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixmap.take_demultiplied())?;
    writer.finish()?;
    Ok(bytes)
}

/// With the one font that comes along: the machine's own would make the picture differ from place to place.
static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(UBUNTU_LIGHT)));
    let family = fonts.faces().next().and_then(|face| face.families.first().map(|(name, _)| name.clone()));
    Options { font_family: family.unwrap_or_default(), fontdb: Arc::new(fonts), ..Options::default() }
});

/// Warm paper that stands on Discord's dark and light grounds alike; every colour but the grid's holds 3:1 or more against it, the
/// words' 4.5:1 (WCAG 2.2, 1.4.11 and 1.4.3).
const PAPER: &str = "#faf6ee";
const EDGE: &str = "#d9d0c1";
const GRID: &str = "#e4dccd";
const INK: &str = "#37333f";
const QUIET: &str = "#6a6472";
/// The two lines: an evening blue and a clay. Neither says good or bad.
const SOLID: &str = "#35507c";
const DASHED: &str = "#b9582f";

/// Where the lines may run, and how far the panels are apart.
const LEFT: f32 = 230.0;
const RIGHT: f32 = 1116.0;
const PANEL: f32 = 434.0;
const TITLE: f32 = 88.0;
const TOP: f32 = 142.0;
/// Between one rating and the next.
const STEP: f32 = 58.0;
/// Between one check-in and the next; a few stand together in the middle rather than a room's length apart.
const WIDEST: f32 = 170.0;
/// How far each line leaves the middle where both run the same way.
const ASIDE: f32 = 6.5;

fn svg(check_ins: &[[Ratings; 2]]) -> String {
    let xs = across(check_ins.len());
    let mut svg = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">"#);
    let (width, height) = (WIDTH - 4, HEIGHT - 4);
    push(
        &mut svg,
        format_args!(
            r#"<rect x="2" y="2" width="{width}" height="{height}" rx="40" fill="{PAPER}" stroke="{EDGE}" stroke-width="3"/>"#
        ),
    );
    for (panel, down) in PANELS.into_iter().zip([0.0, PANEL]) {
        push(&mut svg, format_args!(r#"<g transform="translate(0 {down})">"#));
        axes(&mut svg, panel, &xs);
        let points = |partner: usize| -> Vec<Option<(f32, f32)>> {
            check_ins.iter().zip(&xs).map(|(both, x)| Some((*x, height_of(both[partner].of(panel.rated)?)))).collect()
        };
        lines(&mut svg, &points(0), &points(1));
        svg.push_str("</g>");
    }
    svg.push_str("</svg>");
    svg
}

/// Writing to a `String` cannot fail.
fn push(svg: &mut String, part: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(part);
}

/// Where each check-in stands, from left to right, in the middle of what room there is.
#[expect(clippy::cast_precision_loss, reason = "at most a dozen")]
fn across(count: usize) -> Vec<f32> {
    let gaps = count.saturating_sub(1) as f32;
    let gap = if gaps > 0.0 { ((RIGHT - LEFT) / gaps).min(WIDEST) } else { 0.0 };
    let first = f32::midpoint(LEFT, RIGHT) - gap * gaps / 2.0;
    (0..count).map(|at| first + gap * at as f32).collect()
}

fn height_of(rating: Rating) -> f32 {
    TOP + STEP * f32::from(Rating::HIGHEST - rating.value())
}

fn axes(svg: &mut String, panel: Panel, xs: &[f32]) {
    text(svg, panel.rated.label(), (64.0, TITLE), 46, "start", INK);
    for rating in Rating::LOWEST..=Rating::HIGHEST {
        let y = TOP + STEP * f32::from(Rating::HIGHEST - rating);
        let (left, right) = (LEFT - 44.0, RIGHT + 24.0);
        push(svg, format_args!(r#"<path d="M{left} {y}H{right}" stroke="{GRID}" stroke-width="3" stroke-linecap="round"/>"#));
    }
    let bottom = TOP + STEP * f32::from(Rating::HIGHEST - Rating::LOWEST);
    text(svg, panel.high, (64.0, TOP + 12.0), 36, "start", QUIET);
    text(svg, panel.low, (64.0, bottom + 12.0), 36, "start", QUIET);
    for (at, x) in xs.iter().enumerate() {
        text(svg, &(at + 1).to_string(), (*x, bottom + 58.0), 32, "middle", QUIET);
    }
}

/// A stroke of its own colour lends the light face the weight that small screens need.
fn text(svg: &mut String, words: &str, (x, y): (f32, f32), size: u32, anchor: &str, colour: &str) {
    push(
        svg,
        format_args!(
            r#"<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" stroke="{colour}" stroke-width="1">{words}</text>"#
        ),
    );
}

/// Where one check-in stands for a partner; nothing where the rating was skipped.
type Point = Option<(f32, f32)>;

/// From neighbour to neighbour; over a gap nothing is drawn. Where both run the same way they run side by side, and where both stand
/// on one point the round marker fits into the square one.
fn lines(svg: &mut String, solid: &[Point], dashed: &[Point]) {
    let (mut broad, mut thin) = (String::new(), String::new());
    for (solid, dashed) in solid.windows(2).zip(dashed.windows(2)) {
        let aside = if solid == dashed { ASIDE } else { 0.0 };
        stretch(&mut broad, solid, -aside);
        stretch(&mut thin, dashed, aside);
    }
    push(svg, format_args!(r#"<path d="{broad}" stroke="{SOLID}" stroke-width="9"/>"#));
    // The rim of paper lets a crossing be read as one line over another.
    for (colour, width) in [(PAPER, 12), (DASHED, 6)] {
        push(svg, format_args!(r#"<path d="{thin}" stroke="{colour}" stroke-width="{width}" stroke-dasharray="13 9"/>"#));
    }
    for (x, y) in dashed.iter().flatten() {
        let (x, y) = (x - 18.0, y - 18.0);
        push(
            svg,
            format_args!(
                r#"<rect x="{x}" y="{y}" width="36" height="36" rx="5" fill="{PAPER}" stroke="{DASHED}" stroke-width="6"/>"#
            ),
        );
    }
    for (x, y) in solid.iter().flatten() {
        push(svg, format_args!(r#"<circle cx="{x}" cy="{y}" r="12" fill="{SOLID}"/>"#));
    }
}

/// One stretch, moved across its direction by so many pixels, downwards if above 0: a path of its own, so that its dashes begin anew.
fn stretch(path: &mut String, ends: &[Point], aside: f32) {
    if let [Some((x, y)), Some((next_x, next_y))] = ends {
        let (along, down) = (next_x - x, next_y - y);
        let length = along.hypot(down);
        let (dx, dy) = (-down / length * aside, along / length * aside);
        push(path, format_args!("M{} {}L{} {}", x + dx, y + dy, next_x + dx, next_y + dy));
    }
}

#[cfg(test)]
mod tests;

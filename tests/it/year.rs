//! `duet rehearse year`: a whole year in one process, as people run it. Its watcher has tests of its own beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use resvg::tiny_skia::Pixmap;

/// By how much of 255 a channel may differ, and in how many pixels of 1200 × 900: as for the golden pictures.
const SHADE: u8 = 32;
const PIXELS: usize = 216;

/// In a folder of its own, which is where a picture goes by default.
fn year(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duet"));
    command.args(["rehearse", "year"]).args(arguments).env_clear().env("TMPDIR", folder).current_dir(folder);
    command.stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// All that it says but how long it took.
fn summary(output: &Output) -> String {
    text(&output.stdout).lines().filter(|line| !line.starts_with("It took")).collect::<Vec<_>>().join("\n")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// `DUET_BLESS=1 cargo test --test it year::` makes what it draws now the picture that the README shows.
#[test]
fn a_year_keeps_every_promise_and_the_same_seed_gives_the_same_year() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let running = folders.each_ref().map(|folder| {
        let mut command = year(folder.path(), &[]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    });
    let [one, other] = running.map(|child| child.wait_with_output().unwrap());
    assert!(one.status.success(), "{}\n{}", text(&one.stdout), text(&one.stderr));
    assert_eq!(text(&one.stderr), "");
    insta::assert_snapshot!(summary(&one), @r"
    A year of check-ins for Alex and Sam, seed 7:

      52  weeks
      43  check-ins opened, 1 of them posted late after an hour's downtime
       1  more that was asked for in between
       2  skipped
       2  while one of them was away
       3  lapsed unopened
       2  missed while the bot was down for a fortnight
      14  nudges, none in quiet hours

    Every promise held. The picture of their last twelve: duet-year.png
    ");
    assert_eq!(summary(&one), summary(&other));
    for folder in &folders {
        let left: Vec<_> = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["duet-year.png"], "it leaves its picture behind and nothing else");
    }
    let [drawn, again] = folders.map(|folder| fs::read(folder.path().join("duet-year.png")).unwrap());
    assert!(drawn == again, "the same seed draws the same picture, byte by byte");
    as_the_readme_shows(&drawn);
}

fn as_the_readme_shows(drawn: &[u8]) {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("](docs/insights.png)"), "the README shows the picture");
    assert!(readme.contains("cargo run --release -- rehearse year"), "and how to draw it");
    let shown = root().join("docs/insights.png");
    if std::env::var_os("DUET_BLESS").is_some() {
        fs::write(&shown, drawn).unwrap();
    }
    let shown = fs::read(shown).unwrap();
    assert!(shown.len() < 100_000, "{} bytes", shown.len());
    let [drawn, shown] = [drawn, &shown].map(|bytes| Pixmap::decode_png(bytes).unwrap());
    assert_eq!((drawn.width(), drawn.height()), (shown.width(), shown.height()));
    let far = |one: &[u8], other: &[u8]| one.iter().zip(other).any(|(one, other)| one.abs_diff(*other) > SHADE);
    let apart = drawn.data().chunks(4).zip(shown.data().chunks(4)).filter(|(one, other)| far(one, other)).count();
    assert!(apart <= PIXELS, "docs/insights.png is another picture than that of `rehearse year`: {apart} pixels differ");
}

#[test]
fn a_file_that_is_no_picture_of_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("letters.png"), "Dear Sam").unwrap();
    for (picture, why) in [("letters.png", "no picture of check-ins"), ("nowhere/year.png", "there is no folder nowhere")] {
        let refused = year(folder.path(), &["--picture", picture]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains(why), "{}", text(&refused.stderr));
        assert_eq!(text(&refused.stdout), "");
    }
    assert_eq!(fs::read_to_string(folder.path().join("letters.png")).unwrap(), "Dear Sam");
}

//! Rules over the whole library: enough of each kind that the rotation can keep its promises to every couple.

use std::collections::BTreeMap;

use super::deck::Said;
use super::{About, Capacity, Depth, Exercise, Flaw, Length, Lines, Place, Practice, Prompt, Reflection, Theme};

const PER_THEME: usize = 10;
const PER_EXERCISE: usize = 8;
/// In any four consecutive choices one must be good news and one about me: so at each depth this many in a hundred.
const SHARE: usize = 30;

/// A prompt and the `theme =` line of its deck.
pub(super) struct Shelved<'a> {
    pub prompt: &'a Prompt,
    pub deck: &'a Place,
}

pub(super) fn check(
    prompts: &[Shelved<'_>],
    decks: &[Said<Theme>],
    practices: &[Practice],
    check_ins: &[Lines],
    reflections: &[Reflection],
    flaws: &mut Vec<Flaw>,
) {
    for kind in Exercise::ALL {
        let count = reflections.iter().filter(|reflection| reflection.kind == kind).count();
        if count < PER_EXERCISE {
            let place = Place { file: "prompts/reflections.toml".to_owned(), line: 1 };
            let what = format!("{count} reflections of kind “{kind}”; each kind needs {PER_EXERCISE}");
            flaws.push(Flaw::at(&place, "reflections", what));
        }
    }
    for theme in Theme::ALL {
        each_theme(theme, prompts, decks, flaws);
    }
    for depth in Depth::ALL {
        let here: Vec<&Shelved<'_>> = prompts.iter().filter(|shelved| shelved.prompt.depth == depth).collect();
        share(&here, depth, "good-news", "good news (good_news = true)", |prompt| prompt.good_news, flaws);
        share(&here, depth, "about-me", "about me (about = \"me\")", |prompt| prompt.about == About::Me, flaws);
    }
    if practices.is_empty() {
        let place = Place { file: "prompts/settling.toml".to_owned(), line: 1 };
        flaws.push(Flaw::at(&place, "settling", "no settling practice in the library; add at least one [[practice]]"));
    }
    for length in Length::ALL {
        if check_ins.iter().all(|lines| lines.length != length) {
            let place = Place { file: "prompts/checkin.toml".to_owned(), line: 1 };
            let what = format!("no check-in of length “{length}” in the library; add at least one [[check_in]]");
            flaws.push(Flaw::at(&place, "check-in", what));
        }
    }
}

fn each_theme(theme: Theme, prompts: &[Shelved<'_>], decks: &[Said<Theme>], flaws: &mut Vec<Flaw>) {
    let Some(deck) = decks.iter().find(|deck| deck.what == theme) else {
        let place = Place { file: format!("prompts/{}.toml", theme.slug()), line: 1 };
        let what = format!("no deck has the theme “{theme}”; it needs {PER_THEME} prompts");
        flaws.push(Flaw::at(&place, "theme-size", what));
        return;
    };
    let here: Vec<&Prompt> = prompts.iter().map(|shelved| shelved.prompt).filter(|prompt| prompt.theme == theme).collect();
    if here.len() < PER_THEME {
        let what = format!("“{theme}” has {} prompts; it needs {PER_THEME} at least", here.len());
        flaws.push(Flaw::at(&deck.place, "theme-size", what));
    }
    for capacity in Capacity::ALL {
        if here.iter().all(|prompt| prompt.capacity != capacity) {
            let what = format!("“{theme}” has no prompt of capacity {capacity}; each theme needs all six");
            flaws.push(Flaw::at(&deck.place, "every-capacity", what));
        }
    }
}

/// Says a shortage at the deck that has the smallest share, where one more is easiest to add.
fn share(
    here: &[&Shelved<'_>],
    depth: Depth,
    rule: &'static str,
    label: &str,
    is: impl Fn(&Prompt) -> bool,
    flaws: &mut Vec<Flaw>,
) {
    let mut by_deck: BTreeMap<&Place, (usize, usize)> = BTreeMap::new();
    let mut have = 0;
    for shelved in here {
        let (some, all) = by_deck.entry(shelved.deck).or_default();
        *all += 1;
        if is(shelved.prompt) {
            *some += 1;
            have += 1;
        }
    }
    if have * 100 >= here.len() * SHARE {
        return;
    }
    let poorest = by_deck
        .into_iter()
        .min_by(|(_, (a_some, a_all)), (_, (b_some, b_all))| (a_some * b_all).cmp(&(b_some * a_all)).then(b_all.cmp(a_all)));
    if let Some((deck, (some, all))) = poorest {
        let total = here.len();
        let need = (total * SHARE).div_ceil(100);
        let what = format!(
            "of all {total} {depth} prompts only {have} are {label}; at least {need} are needed. This deck has {some} in its {all}"
        );
        flaws.push(Flaw::at(deck, rule, what));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{assert_flaw, files, flaws};
    use super::super::{Flaw, Library};

    fn read(change: impl Fn(String, String) -> Option<(String, String)>) -> Vec<String> {
        let files = files().into_iter().filter_map(|(name, text)| change(name, text));
        Library::read(files).unwrap_err().iter().map(Flaw::to_string).collect()
    }

    #[test]
    fn a_theme_without_a_deck_is_named() {
        let found = read(|name, text| (name != "prompts/daily-life-and-fairness.toml").then_some((name, text)));
        assert_flaw(&found, "prompts/daily-life-and-fairness.toml", 1, "theme-size");
    }

    #[test]
    fn a_theme_of_nine_prompts_is_too_small() {
        let keep = |count: usize| {
            flaws("prompts/repair.toml", move |text| {
                text.split("\n[[prompt]]").take(count + 1).collect::<Vec<_>>().join("\n[[prompt]]")
            })
        };
        assert_eq!(keep(10), Vec::<String>::new());
        assert_flaw(&keep(9), "prompts/repair.toml", 1, "theme-size");
    }

    #[test]
    fn a_capacity_missing_from_a_theme_is_named() {
        let found = flaws("prompts/repair.toml", |text| text.replace("steady-me", "hear-you"));
        assert_flaw(&found, "prompts/repair.toml", 1, "every-capacity");
    }

    #[test]
    fn too_little_good_news_at_a_depth_is_named_at_the_poorest_deck() {
        let found = read(|name, text| {
            Some((
                name,
                text.replace("depth = \"warm\"\n", "depth = \"warm\" #\n")
                    .split("[[prompt]]")
                    .map(
                        |prompt| {
                            if prompt.contains("\"warm\" #") { prompt.replace("= true", "= false") } else { prompt.to_owned() }
                        },
                    )
                    .collect::<Vec<_>>()
                    .join("[[prompt]]"),
            ))
        });
        assert_flaw(&found, "prompts/appreciating-how-you-differ.toml", 1, "good-news");
        assert!(found[0].contains("of all 48 warm prompts only 0 are good news (good_news = true); at least 15"), "{found:?}");
    }

    #[test]
    fn too_little_about_me_at_a_depth_is_named_at_the_poorest_deck() {
        let found = read(|name, text| {
            Some((name.clone(), if name.contains("repair") { text } else { text.replace("about = \"me\"", "about = \"you\"") }))
        });
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found.iter().all(|flaw| flaw.contains(": about-me: ") && !flaw.contains("repair.toml")), "{found:#?}");
    }

    #[test]
    fn a_library_without_lines_for_every_length_of_check_in_is_named() {
        let found = flaws("prompts/checkin.toml", |text| text.replace("length = \"longer\"", "length = \"weekly\""));
        assert!(found.iter().any(|flaw| flaw.starts_with("prompts/checkin.toml:1: check-in: ")), "{found:#?}");
        assert!(found.iter().any(|flaw| flaw.starts_with("prompts/checkin.toml:7: fields: ")), "{found:#?}");
    }

    #[test]
    fn a_library_without_a_settling_practice_is_named() {
        let found = read(|name, text| (!name.contains("settling")).then_some((name, text)));
        assert_flaw(&found, "prompts/settling.toml", 1, "settling");
    }
}

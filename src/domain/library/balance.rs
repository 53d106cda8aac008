//! Rules over the whole library: enough of each kind that the rotation can keep its promises to every couple.

use std::collections::BTreeMap;

use super::{About, Capacity, Depth, Exercise, Flaw, Length, Lines, Occasion, Place, Practice, Prompt, Reflection, Theme};

const PER_THEME: usize = 12;
const PER_OCCASION: usize = 10;
const PER_CAPACITY: usize = 2;
/// How many prompts of a theme in a hundred are of each depth, and how far from it a theme may be: a deck of 12 cannot hit it.
const MIX: [(Depth, usize); 4] = [(Depth::Warm, 35), (Depth::Personal, 35), (Depth::Tender, 22), (Depth::Brave, 8)];
const MIX_WITHIN: usize = 10;
const PER_EXERCISE: usize = 8;
/// In any four consecutive choices one must be good news and one about me: so at each depth this many in a hundred.
const SHARE: usize = 30;

/// A prompt and the `theme =` line of its deck.
pub(super) struct Shelved<'a> {
    pub prompt: &'a Prompt,
    pub deck: &'a Place,
}

/// What stands at the top of a deck of prompts.
pub(super) struct Headed {
    pub theme: Theme,
    pub occasion: Option<Occasion>,
    pub place: Place,
}

pub(super) fn check(
    prompts: &[Shelved<'_>],
    decks: &[Headed],
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
    for occasion in Occasion::ALL {
        each_occasion(occasion, decks, prompts, flaws);
    }
    // Opt-in themes are weighed one by one: a couple may have asked for any of them, or none.
    let shared = |shelved: &&Shelved<'_>| !shelved.prompt.theme.is_opt_in() && shelved.prompt.occasion.is_none();
    for depth in Depth::ALL {
        let here: Vec<&Shelved<'_>> = prompts.iter().filter(shared).filter(|shelved| shelved.prompt.depth == depth).collect();
        shares(&here, depth.name(), flaws);
    }
    for theme in Theme::OPT_IN {
        let here: Vec<&Shelved<'_>> = prompts.iter().filter(|shelved| shelved.prompt.theme == theme).collect();
        shares(&here, theme.name(), flaws);
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

fn each_theme(theme: Theme, prompts: &[Shelved<'_>], decks: &[Headed], flaws: &mut Vec<Flaw>) {
    let Some(deck) = decks.iter().find(|deck| deck.theme == theme && deck.occasion.is_none()) else {
        let place = Place { file: format!("prompts/{}.toml", theme.slug()), line: 1 };
        let what = format!("no deck has the theme “{theme}”; it needs {PER_THEME} prompts");
        flaws.push(Flaw::at(&place, "theme-size", what));
        return;
    };
    let of_theme = |prompt: &&Prompt| prompt.theme == theme && prompt.occasion.is_none();
    let here: Vec<&Prompt> = prompts.iter().map(|shelved| shelved.prompt).filter(of_theme).collect();
    let all = here.len();
    if all < PER_THEME {
        let what = format!("“{theme}” has {all} prompts; it needs {PER_THEME} at least");
        flaws.push(Flaw::at(&deck.place, "theme-size", what));
        return;
    }
    for capacity in Capacity::ALL {
        let count = here.iter().filter(|prompt| prompt.capacity == capacity).count();
        if count < PER_CAPACITY {
            let what = format!("“{theme}” has {count} of capacity {capacity}; each theme needs {PER_CAPACITY} of each at least");
            flaws.push(Flaw::at(&deck.place, "every-capacity", what));
        }
    }
    for (depth, wanted) in MIX {
        let count = here.iter().filter(|prompt| prompt.depth == depth).count();
        if (count * 100).abs_diff(all * wanted) > all * MIX_WITHIN {
            let what = format!(
                "{count} of the {all} prompts on “{theme}” are {depth}; about {wanted} in a hundred are wanted, {} to {}",
                (all * wanted.saturating_sub(MIX_WITHIN)).div_ceil(100),
                all * (wanted + MIX_WITHIN) / 100
            );
            flaws.push(Flaw::at(&deck.place, "depth-mix", what));
        }
    }
}

/// Enough of what is kept for an occasion.
fn each_occasion(occasion: Occasion, decks: &[Headed], prompts: &[Shelved<'_>], flaws: &mut Vec<Flaw>) {
    let count = prompts.iter().filter(|shelved| shelved.prompt.occasion == Some(occasion)).count();
    if count < PER_OCCASION {
        let none = Place { file: "prompts/README.md".to_owned(), line: 1 };
        let deck = decks.iter().find(|deck| deck.occasion == Some(occasion));
        let what = format!("{count} prompts are kept for the occasion “{occasion}”; it needs {PER_OCCASION} at least");
        flaws.push(Flaw::at(deck.map_or(&none, |deck| &deck.place), "occasion", what));
    }
}

/// Enough good news and enough about *me* among these.
fn shares(here: &[&Shelved<'_>], which: &str, flaws: &mut Vec<Flaw>) {
    share(here, which, "good-news", "good news (good_news = true)", |prompt| prompt.good_news, flaws);
    share(here, which, "about-me", "about me (about = \"me\")", |prompt| prompt.about == About::Me, flaws);
}

/// Says a shortage at the deck that has the smallest share, where one more is easiest to add.
fn share(
    here: &[&Shelved<'_>],
    which: &str,
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
            "of all {total} prompts of “{which}” only {have} are {label}; at least {need} are needed. This deck has {some} in its {all}"
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
    fn a_theme_of_eleven_prompts_is_too_small() {
        let keep = |count: usize| {
            flaws("prompts/repair.toml", move |text| {
                text.split("\n[[prompt]]").take(count + 1).collect::<Vec<_>>().join("\n[[prompt]]")
            })
        };
        assert_eq!(keep(12), Vec::<String>::new());
        assert_flaw(&keep(11), "prompts/repair.toml", 1, "theme-size");
    }

    #[test]
    fn a_theme_that_is_all_of_one_depth_is_named() {
        let found = flaws("prompts/repair.toml", |text| text.replace("\"tender\"", "\"warm\"").replace("\"brave\"", "\"warm\""));
        let of = |depth: &str| found.iter().filter(|flaw| flaw.contains(&format!("on “repair” are {depth};"))).count();
        assert_eq!((found.len(), of("warm"), of("tender")), (2, 1, 1), "{found:#?}");
        assert!(found.iter().all(|flaw| flaw.starts_with("prompts/repair.toml:1: depth-mix: ")), "{found:#?}");
    }

    #[test]
    fn nine_prompts_for_an_occasion_are_too_few() {
        let file = "prompts/beginning.toml";
        let keep = |count: usize| {
            flaws(file, move |text| text.split("\n[[prompt]]").take(count + 1).collect::<Vec<_>>().join("\n[[prompt]]"))
        };
        assert_eq!(keep(10), Vec::<String>::new());
        assert_flaw(&keep(9), file, 1, "occasion");
        let found = read(|name, text| (name != file).then_some((name, text)));
        assert!(found.iter().any(|flaw| flaw.starts_with("prompts/README.md:1: occasion: 0 prompts")), "{found:#?}");
    }

    #[test]
    fn seven_reflections_of_a_kind_are_too_few() {
        let found = flaws("prompts/reflections.toml", |text| text.replacen("kind = \"settle\"", "kind = \"values\"", 1));
        assert_flaw(&found, "prompts/reflections.toml", 1, "reflections");
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
        assert!(
            found[0].contains("of all 48 prompts of “warm” only 0 are good news (good_news = true); at least 15"),
            "{found:?}"
        );
    }

    #[test]
    fn too_little_about_me_at_a_depth_is_named_at_the_poorest_deck() {
        let found = read(|name, text| {
            Some((name.clone(), if name.contains("repair") { text } else { text.replace("about = \"me\"", "about = \"you\"") }))
        });
        // Four depths of the themes that all have, and the six that two may ask for.
        assert_eq!(found.len(), 4 + 6, "{found:#?}");
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

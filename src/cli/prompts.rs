//! `duet prompts`: for the people who write the decks. Checks them, lists them, and shows one as Discord will.

mod preview;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Subcommand;
use duet::domain::library::{Capacity, Depth, Exercise, Flaw, Library, PromptId, Theme};

pub use preview::preview;

/// Columns of everything that is drawn: fits a terminal of 80 with a little air.
const WIDTH: usize = 76;

#[derive(Clone, Debug, Subcommand)]
pub enum PromptsCommand {
    /// Check all decks; name file, line and rule of each flaw
    Check,
    /// List the prompts, all or some
    List {
        /// Only this theme, such as "boundaries" or closeness-and-space
        #[arg(long)]
        theme: Option<Theme>,
        /// Only this depth: warm, personal, tender or brave
        #[arg(long)]
        depth: Option<Depth>,
        /// Only this capacity, such as know-me
        #[arg(long)]
        capacity: Option<Capacity>,
    },
    /// Show one prompt as people will see it: the card, the box to answer in, the reveal
    Preview {
        /// The prompt's id, such as space-hour
        id: String,
    },
}

impl PromptsCommand {
    /// 0 when all is well, 1 when a deck is flawed or there is no such prompt.
    pub fn run(self, library: Result<Library, Vec<Flaw>>) -> ExitCode {
        let library = match library {
            Ok(library) => library,
            Err(flaws) => return tell(&flawed(&flaws), ExitCode::FAILURE),
        };
        match self {
            Self::Check => tell(&sound(&library), ExitCode::SUCCESS),
            Self::List { theme, depth, capacity } => tell(&list(&library, theme, depth, capacity), ExitCode::SUCCESS),
            Self::Preview { id } => {
                let id = PromptId(id);
                match library.find(&id) {
                    Some(prompt) => tell(&preview(prompt), ExitCode::SUCCESS),
                    None => {
                        tell(&format!("No prompt has the id “{id}”. `duet prompts list` names them all.\n"), ExitCode::FAILURE)
                    }
                }
            }
        }
    }
}

/// Prints; a reader that has seen enough (`| head`) is no failure.
fn tell(text: &str, code: ExitCode) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => code,
    }
}

/// Every flaw on a line of its own, then what to do.
pub fn flawed(flaws: &[Flaw]) -> String {
    let mut text = String::new();
    for flaw in flaws {
        let _ = writeln!(text, "{flaw}");
    }
    let count = flaws.len();
    let _ = writeln!(text, "\n{count} {} to mend. prompts/README.md explains each rule.", plural(count, "flaw"));
    text
}

/// What a library that passes holds.
pub fn sound(library: &Library) -> String {
    let mut text = String::new();
    for depth in Depth::ALL {
        let here: Vec<_> = library.prompts().iter().filter(|prompt| prompt.depth == depth).collect();
        let good_news = here.iter().filter(|prompt| prompt.good_news).count();
        let me = here.iter().filter(|prompt| prompt.about == duet::domain::library::About::Me).count();
        let name = depth.name();
        let _ = writeln!(text, "{name:8} {:4} · good news {good_news:3} · about me {me:3}", here.len());
    }
    let prompts = library.prompts().len();
    let practices = library.practices().len();
    let reflections = library.reflections().len();
    let _ = writeln!(text, "{reflections} {} of {} kinds", plural(reflections, "reflection"), Exercise::ALL.len());
    let _ = writeln!(
        text,
        "{prompts} {} in {} themes, {practices} settling {}. Every rule holds.",
        plural(prompts, "prompt"),
        Theme::ALL.len(),
        plural(practices, "practice"),
    );
    text
}

/// The prompts that fit, by theme, each with its id, how it is sorted, and its question.
pub fn list(library: &Library, theme: Option<Theme>, depth: Option<Depth>, capacity: Option<Capacity>) -> String {
    let mut text = String::new();
    let mut count = 0;
    for shelf in Theme::ALL.into_iter().filter(|shelf| theme.is_none_or(|theme| theme == *shelf)) {
        let here = library.prompts().iter().filter(|prompt| {
            prompt.theme == shelf
                && depth.is_none_or(|depth| depth == prompt.depth)
                && capacity.is_none_or(|capacity| capacity == prompt.capacity)
        });
        let before = count;
        for prompt in here {
            if count == before {
                let _ = writeln!(text, "{shelf}");
            }
            count += 1;
            let good_news = if prompt.good_news { " · good news" } else { "" };
            let _ = writeln!(text, "  {} · {} · {} · {}{good_news}", prompt.id, prompt.depth, prompt.capacity, prompt.about);
            let indent = textwrap::Options::new(WIDTH).initial_indent("    ").subsequent_indent("    ");
            let _ = writeln!(text, "{}", textwrap::fill(&prompt.ask, indent));
        }
        if count > before {
            text.push('\n');
        }
    }
    let _ = writeln!(text, "{count} {}", plural(count, "prompt"));
    let reflections = library.reflections().len();
    // They have none of the three that a list can be narrowed by.
    if reflections > 0 && theme.is_none() && depth.is_none() && capacity.is_none() {
        let _ = writeln!(text, "{reflections} {} beside them, for one person alone", plural(reflections, "reflection"));
    }
    text
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> Library {
        Library::of(vec![preview::tests::prompt()], Vec::new(), Vec::new())
    }

    #[test]
    fn a_list_names_id_sorting_and_question() {
        insta::assert_snapshot!(list(&library(), None, Some(Depth::Warm), None), @r"
        closeness and space
          space-hour · warm · room-for-both · me · good news
            Which hour of your week is most your own, and what does it give you to
            have it?

        1 prompt
        ");
        assert_eq!(list(&library(), Some(Theme::Repair), None, None), "0 prompts\n");
    }

    #[test]
    fn flaws_are_told_one_a_line() {
        let flaw = Flaw { file: "prompts/repair.toml".to_owned(), line: 12, rule: "yes-no", what: "open it".to_owned() };
        insta::assert_snapshot!(flawed(&[flaw]), @r"
        prompts/repair.toml:12: yes-no: open it

        1 flaw to mend. prompts/README.md explains each rule.
        ");
    }

    #[test]
    fn a_sound_library_is_counted() {
        insta::assert_snapshot!(sound(&library()), @r"
        warm        1 · good news   1 · about me   1
        personal    0 · good news   0 · about me   0
        tender      0 · good news   0 · about me   0
        brave       0 · good news   0 · about me   0
        0 reflections of 8 kinds
        1 prompt in 12 themes, 0 settling practices. Every rule holds.
        ");
    }

    #[test]
    fn the_built_in_reflections_are_counted_beside_the_prompts() {
        let library = Library::built_in().unwrap();
        assert!(sound(&library).contains("\n64 reflections of 8 kinds\n"), "{}", sound(&library));
        let whole = list(&library, None, None, None);
        assert!(whole.ends_with(" prompts\n64 reflections beside them, for one person alone\n"), "{whole}");
        assert!(!list(&library, None, Some(Depth::Warm), None).contains("reflections beside them"));
    }
}

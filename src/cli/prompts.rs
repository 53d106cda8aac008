//! `duet prompts`: for the people who write the decks. Checks them, lists them, shows one as Discord will, names those that are near
//! each other, and plays years of questions with them.

mod preview;
mod simulate;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Subcommand;
use duet::domain::library::{Capacity, Depth, Exercise, Flaw, Library, Prompt, PromptId, Theme};

pub use preview::preview;

/// Columns of everything that is drawn: fits a terminal of 80 with a little air.
const WIDTH: usize = 76;

#[derive(Clone, Debug, Subcommand)]
pub enum PromptsCommand {
    /// Look whether every rule for decks holds; say file, line and rule of whatever does not
    Check,
    /// List the prompts, all of them or those of one kind
    List {
        /// Only this theme, by its name or that of its file: "who I am now", who-i-am-now
        #[arg(long)]
        theme: Option<Theme>,
        /// Only this depth: warm, personal, tender or brave
        #[arg(long)]
        depth: Option<Depth>,
        /// Only what trains this: know-me, say-me, steady-me, hear-you, room-for-both or grow-us
        #[arg(long)]
        capacity: Option<Capacity>,
    },
    /// Show one prompt as two people meet it: its card, the page to answer on, both answers, and why it was asked
    Preview {
        /// The prompt's id, as `list` shows it
        id: String,
    },
    /// Name the prompts that are most alike, to see whether yours is somebody else's in other words
    Nearest {
        /// How many pairs to show
        #[arg(long, default_value_t = 10)]
        count: usize,
        /// Only pairs with this prompt in them, by its id
        #[arg(long)]
        to: Option<String>,
    },
    /// Let many couples live with these prompts for years, and see that every rule of their choice holds and when a bag runs dry
    ///
    /// Each couple has its own ceilings, themes and ways: wishes, other questions, rounds that lapse, heavy evenings, months of
    /// silence. A judge that knows the rules by itself looks at every choice. Ends with 1 if a single one broke a rule.
    Simulate(simulate::Simulate),
}

impl PromptsCommand {
    /// 0 when all is well, 1 when a deck is flawed, there is no such prompt, or a choice broke a rule.
    pub fn run(self, library: Result<Library, Vec<Flaw>>) -> ExitCode {
        let library = match library {
            Ok(library) => library,
            Err(flaws) => return tell(&flawed(&flaws), ExitCode::FAILURE),
        };
        match self {
            Self::Check => tell(&sound(&library), ExitCode::SUCCESS),
            Self::List { theme, depth, capacity } => tell(&list(&library, theme, depth, capacity), ExitCode::SUCCESS),
            Self::Preview { id } => match library.find(&PromptId(id.clone())) {
                Some(prompt) => tell(&preview(prompt), ExitCode::SUCCESS),
                None => tell(&unknown(&id), ExitCode::FAILURE),
            },
            Self::Nearest { count, to } => match to.map(PromptId) {
                Some(id) if library.find(&id).is_none() => tell(&unknown(&id.0), ExitCode::FAILURE),
                to => tell(&nearest(&library, count, to.as_ref()), ExitCode::SUCCESS),
            },
            Self::Simulate(plan) => {
                let (text, code) = plan.run(&library);
                tell(&text, code)
            }
        }
    }
}

fn unknown(id: &str) -> String {
    format!("No prompt has the id “{id}”. `duet prompts list` names them all.\n")
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
        "{prompts} {} in {} themes and {} opt-in ones, {practices} settling {}. Every rule holds.",
        plural(prompts, "prompt"),
        Theme::SHARED.len(),
        Theme::OPT_IN.len(),
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
                let asked_for = if shelf.is_opt_in() { " (opt-in: only for couples who both asked for it)" } else { "" };
                let _ = writeln!(text, "{shelf}{asked_for}");
            }
            count += 1;
            let indented = textwrap::Options::new(WIDTH).initial_indent("  ").subsequent_indent("    ");
            let _ = writeln!(text, "{}", textwrap::fill(&sorted(prompt), indented));
            let indented = textwrap::Options::new(WIDTH).initial_indent("    ").subsequent_indent("    ");
            let _ = writeln!(text, "{}", textwrap::fill(&prompt.ask, indented));
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

/// How a prompt is sorted, in one line.
fn sorted(prompt: &Prompt) -> String {
    let Prompt { id, depth, capacity, about, .. } = prompt;
    let names = |names: Vec<&str>| (!names.is_empty()).then(|| names.join(", "));
    let flags = names(prompt.flags.iter().map(|flag| flag.name()).collect());
    let assumes = names(prompt.assumes.iter().map(|assumed| assumed.name()).collect());
    let mut parts = vec![format!("{id} · {depth} · {capacity} · {about}")];
    parts.extend(prompt.good_news.then(|| "good news".to_owned()));
    parts.extend(prompt.occasion.map(|occasion| format!("kept for: {occasion}")));
    parts.extend(flags.map(|flags| format!("may touch on: {flags}")));
    parts.extend(assumes.map(|assumed| format!("assumes: {assumed}")));
    parts.join(" · ")
}

/// The pairs that are most alike, the most alike first; all, or those with this one in them.
pub fn nearest(library: &Library, count: usize, to: Option<&PromptId>) -> String {
    let mut text = String::new();
    let indented = || textwrap::Options::new(WIDTH).initial_indent("      ").subsequent_indent("        ");
    let pairs = library.nearest(if to.is_some() { usize::MAX } else { count }).into_iter();
    let meant = pairs.filter(|(one, other, _)| to.is_none_or(|to| [&one.id, &other.id].contains(&to)));
    for (one, other, likeness) in meant.take(count) {
        let _ = writeln!(text, "{likeness:.2}");
        for prompt in [one, other] {
            let _ = writeln!(text, "{}", textwrap::fill(&format!("{}: {}", prompt.id, prompt.ask), indented()));
        }
    }
    let what = "1 is the same words, 0 none in common; a word that few questions have counts most. `duet prompts check` says when two \
                are too near.";
    let _ = writeln!(text, "\n{}", textwrap::fill(what, WIDTH));
    text
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

#[cfg(test)]
mod tests {
    use duet::domain::library::{Assumption, Flag, Occasion};

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
    fn a_list_says_what_is_opt_in_kept_touched_on_and_assumed() {
        let prompt = Prompt {
            theme: Theme::LongDistance,
            occasion: Some(Occasion::Beginning),
            flags: vec![Flag::Loss, Flag::Money],
            assumes: vec![Assumption::Distance],
            ..preview::tests::prompt()
        };
        let library = Library::of(vec![prompt], Vec::new(), Vec::new());
        insta::assert_snapshot!(list(&library, None, None, Some(Capacity::RoomForBoth)), @r"
        long distance (opt-in: only for couples who both asked for it)
          space-hour · warm · room-for-both · me · good news · kept for: beginning ·
            may touch on: loss, money · assumes: distance
            Which hour of your week is most your own, and what does it give you to
            have it?

        1 prompt
        ");
        assert_eq!(list(&library, None, None, Some(Capacity::KnowMe)), "0 prompts\n");
    }

    #[test]
    fn the_nearest_pairs_are_named_with_their_likeness() {
        let asks = ["Which hour of your week is most your own?", "Which hour of your week is the slowest?", "Name one tree."];
        let prompts = asks.into_iter().enumerate().map(|(number, ask)| Prompt {
            id: PromptId(format!("prompt-{number}")),
            ask: ask.to_owned(),
            ..preview::tests::prompt()
        });
        let library = Library::of(prompts.collect(), Vec::new(), Vec::new());
        insta::assert_snapshot!(nearest(&library, 1, None), @r"
        0.29
              prompt-0: Which hour of your week is most your own?
              prompt-1: Which hour of your week is the slowest?

        1 is the same words, 0 none in common; a word that few questions have counts
        most. `duet prompts check` says when two are too near.
        ");
        assert_eq!(nearest(&library, 9, None).matches("prompt-").count(), 2, "as many as have a word in common");
        assert_eq!(nearest(&library, 9, Some(&PromptId("prompt-1".to_owned()))), nearest(&library, 1, None));
        assert!(!nearest(&library, 9, Some(&PromptId("prompt-2".to_owned()))).contains("prompt-"));
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
        1 prompt in 12 themes and 6 opt-in ones, 0 settling practices. Every rule holds.
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

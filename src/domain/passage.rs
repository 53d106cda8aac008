//! A passage: what somebody copied out of their journal for their partner to read. Nothing of where it came from goes with it.

use super::refusal::Refusal;
use super::words::Words;

/// Longest passage, in UTF-16 units: as much as an answer of one field, so that the post, and the private card that shows it before,
/// each fit one message (an embed holds 4,096, all of a message 6,000: resources/message).
pub const LONGEST: usize = 2_500;

/// A passage's words, as typed: white space at the ends goes.
pub fn words(typed: &Words) -> Result<Words, Refusal> {
    let words = Words::new(typed.expose().trim());
    if words.is_blank() {
        return Err(Refusal::PassageEmpty);
    }
    match words.units().checked_sub(LONGEST) {
        None | Some(0) => Ok(words),
        Some(over) => Err(Refusal::PassageTooLong { over }),
    }
}

/// As much of an entry as fits, from its beginning, to the end of a word where there is one.
pub fn beginning(entry: &Words) -> Words {
    let text = entry.expose();
    let mut units = 0;
    let mut fits = |c: char| {
        units += c.len_utf16();
        units <= LONGEST
    };
    let end = text.chars().take_while(|c| fits(*c)).map(char::len_utf8).sum();
    if end == text.len() {
        return entry.clone();
    }
    let (fitting, rest) = text.split_at(end);
    let whole = if rest.starts_with(char::is_whitespace) { Some(end) } else { fitting.rfind(char::is_whitespace) };
    Words::new(fitting[..whole.unwrap_or(end)].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_entry_begins_with_what_fits_and_no_word_is_cut() {
        let entry = Words::new(format!("{} end", "a heron ".repeat(400)));
        let fitting = beginning(&entry);
        assert!(fitting.units() <= LONGEST && fitting.units() > LONGEST - 10, "{}", fitting.units());
        assert!(entry.expose().strip_prefix(fitting.expose()).is_some_and(|rest| rest.starts_with(' ')));
        assert_eq!(beginning(&Words::new("a heron")), Words::new("a heron"));
    }

    #[test]
    fn without_a_word_to_end_at_no_letter_is_cut() {
        assert_eq!(beginning(&Words::new("🙂".repeat(2_000))).units(), LONGEST);
        assert_eq!(beginning(&Words::new(format!("a{}", "🙂".repeat(2_000)))).units(), LONGEST - 1);
    }

    #[test]
    fn what_fits_is_taken_as_typed_and_nothing_to_see_is_refused() {
        let typed = Words::new(format!(" \n*{}*\u{200f}\n\n> x ", "é".repeat(LONGEST - 8)));
        assert_eq!(words(&typed).unwrap().expose(), typed.expose().trim());
        assert_eq!(words(&Words::new("x".repeat(LONGEST + 3))), Err(Refusal::PassageTooLong { over: 3 }));
        assert_eq!(words(&Words::new("\u{200b}\n")), Err(Refusal::PassageEmpty));
    }
}

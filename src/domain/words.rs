//! Private words and their sealed form: two types, and only the vault turns one into the other.

use std::fmt;

use zeroize::Zeroizing;

/// What a person wrote in private. `Debug` prints the length only; there is no `Display`; memory is wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Words(Zeroizing<String>);

impl Words {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The plain text: for the vault, and for the card that shows it to someone who may read it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing of it can be seen: white space, and marks without width of their own.
    pub fn is_blank(&self) -> bool {
        let unseen = |c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
                || matches!(c, '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        };
        self.0.chars().all(unseen)
    }

    /// Length in UTF-16 units, the unit of Discord's own limits.
    pub fn units(&self) -> usize {
        self.0.encode_utf16().count()
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} units)", self.units())
    }
}

/// Words as they stand on disk: `v1.<key>.<base64>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub String);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

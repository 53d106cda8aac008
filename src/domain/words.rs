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

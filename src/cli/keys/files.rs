//! The names of a key file's neighbours while keys are changed: `duet.key.new` waits, `duet.key.old` is kept for old backups.

use std::fs;
use std::path::{Path, PathBuf};

use duet::vault::{self, VaultError};

/// Where the next master key stands until it takes the place of the one at `path`.
pub fn waiting(path: &Path) -> PathBuf {
    beside(path, "new")
}

/// Whether a change of keys was begun and not finished.
pub fn is_waiting(path: &Path) -> bool {
    waiting(path).exists()
}

/// Keeps what `path` holds in `duet.key.old`, or in the first of `duet.key.old2`, … that is free: each may be the one that some
/// backup needs. Done before, by a run that was interrupted, it is not done again. `None`: there is nothing to keep.
pub fn keep(path: &Path) -> Result<Option<PathBuf>, VaultError> {
    if !path.exists() {
        return Ok(None);
    }
    let mut number = 1;
    loop {
        let old = if number == 1 { beside(path, "old") } else { beside(path, &format!("old{number}")) };
        if !old.exists() {
            vault::copy_key_file(path, &old)?;
            return Ok(Some(old));
        }
        if same(&old, path) {
            return Ok(Some(old));
        }
        number += 1;
    }
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one.trim_ascii() == other.trim_ascii())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

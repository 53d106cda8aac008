//! Seals and opens private words: XChaCha20-Poly1305 under one key per author and couple, each wrapped by the master key.
//!
//! Owns the master key and the only two functions between [`Words`] and [`Sealed`]. It must never keep a plain word, put
//! one (or a key) into an error, a log or a `Debug`, or take randomness from anything but the operating system.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, general_purpose};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::domain::ids::PersonId;
use crate::domain::words::{Sealed, Words};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// The tag that an AEAD adds; anything shorter was not sealed here.
const TAG_BYTES: usize = 16;
const VERSION: &str = "v1";
/// What a check value holds inside; the words do not matter, only that the master key opens them.
const CHECK: &[u8] = b"this is the master key of this database";

/// People paste keys with and without padding, from `openssl rand -base64 32` or from a URL-safe tool.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Where the master key comes from.
pub enum KeySource {
    /// From `DUET_MASTER_KEY`: 32 bytes in base64.
    Env(SecretString),
    /// From a file that only its owner may read; with `create` it is made when missing.
    File { path: PathBuf, create: bool },
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(_) => f.write_str("KeySource::Env(..)"),
            Self::File { path, create } => f.debug_struct("KeySource::File").field("path", path).field("create", create).finish(),
        }
    }
}

/// A key file was just made: whoever runs Duet must be told, because a database without it is unreadable for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFileMade {
    pub path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(
        "the master key {from} is not 32 bytes in base64 (44 characters); `openssl rand -base64 32` makes one. \
         If this database was used before, it needs the key it was used with"
    )]
    NotAKey { from: String },
    #[error("there is no key file at {0}; put back the one that belongs to this database, or set DUET_MASTER_KEY")]
    KeyFileMissing(PathBuf),
    #[error(
        "the key file {path} is open to others (mode {mode:04o}); close it with: chmod 600 {path}",
        path = path.display()
    )]
    KeyFileOpenToOthers { path: PathBuf, mode: u32 },
    #[error("the key file {path} cannot be {verb}: {source}", path = path.display())]
    KeyFile { path: PathBuf, verb: &'static str, source: io::Error },
    #[error("the operating system gave no randomness")]
    NoRandomness,
    #[error("a sealed text does not have the form v1.<key>.<base64>")]
    Malformed,
    #[error("a sealed text names another key than the one given")]
    OtherKey,
    #[error("a sealed text does not open: wrong key, wrong place, or altered")]
    DoesNotOpen,
}

/// Holds the master key. Wiped on drop; `Debug` prints nothing of it.
pub struct Vault(Zeroizing<[u8; KEY_BYTES]>);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(..)")
    }
}

/// The key of one author in one couple, with the id that sealed texts name. Wiped on drop; `Debug` prints only the id.
pub struct DataKey {
    id: String,
    bytes: Zeroizing<[u8; KEY_BYTES]>,
}

impl DataKey {
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.id)
    }
}

/// A data key under the master key, as it stands on disk.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped(pub String);

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrapped({} bytes)", self.0.len())
    }
}

/// Where sealed words belong: they open nowhere else, so that moving a ciphertext between rows, tables or authors fails.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'a> {
    pub table: &'a str,
    /// The natural id of the row, such as the round's.
    pub row: &'a str,
    pub author: PersonId,
}

impl Vault {
    pub fn open(source: KeySource) -> Result<(Self, Option<KeyFileMade>), VaultError> {
        match source {
            KeySource::Env(text) => Ok((Self(key_from(text.expose_secret(), || "in DUET_MASTER_KEY".into())?), None)),
            KeySource::File { path, create } => match read_key_file(&path) {
                Err(VaultError::KeyFileMissing(_)) if create => {
                    let key = make_key_file(&path)?;
                    Ok((Self(key), Some(KeyFileMade { path })))
                }
                read => Ok((Self(read?), None)),
            },
        }
    }

    /// `key_id` must hold no dot: sealed texts are split at dots.
    pub fn new_data_key(&self, key_id: &str) -> Result<(DataKey, Wrapped), VaultError> {
        let key = DataKey { id: key_id.to_owned(), bytes: Zeroizing::new(randomness()?) };
        let wrapped = self.wrap(&key)?;
        Ok((key, wrapped))
    }

    pub fn unwrap_key(&self, key_id: &str, wrapped: &Wrapped) -> Result<DataKey, VaultError> {
        let text = wrapped.0.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix('.')).ok_or(VaultError::Malformed)?;
        let plain = decrypt(&self.0, &wrap_data(key_id), text)?;
        let bytes = <[u8; KEY_BYTES]>::try_from(plain.as_slice()).map_err(|_| VaultError::Malformed)?;
        Ok(DataKey { id: key_id.to_owned(), bytes: Zeroizing::new(bytes) })
    }

    /// Takes a key from under this master key and puts it under another.
    pub fn rewrap(&self, new: &Self, key_id: &str, wrapped: &Wrapped) -> Result<Wrapped, VaultError> {
        new.wrap(&self.unwrap_key(key_id, wrapped)?)
    }

    /// Stored beside the keys at first run. Says nothing of the master key, and no other master key passes [`Self::verify`].
    pub fn check_value(&self) -> Result<String, VaultError> {
        Ok(format!("{VERSION}.{}", encrypt(&self.0, &bound(&["check"]), CHECK)?))
    }

    /// Whether `check` was made under this master key.
    pub fn verify(&self, check: &str) -> bool {
        check
            .strip_prefix(VERSION)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|text| decrypt(&self.0, &bound(&["check"]), text).is_ok_and(|plain| plain.as_slice() == CHECK))
    }

    fn wrap(&self, key: &DataKey) -> Result<Wrapped, VaultError> {
        let text = encrypt(&self.0, &wrap_data(&key.id), key.bytes.as_slice())?;
        Ok(Wrapped(format!("{VERSION}.{text}")))
    }
}

/// Fails only when the operating system gives no randomness.
pub fn seal(key: &DataKey, place: Binding<'_>, words: &Words) -> Result<Sealed, VaultError> {
    let text = encrypt(&key.bytes, &seal_data(&key.id, place), words.expose().as_bytes())?;
    Ok(Sealed(format!("{VERSION}.{}.{text}", key.id)))
}

/// The way back, only with the same key, table, row and author.
pub fn open(key: &DataKey, place: Binding<'_>, sealed: &Sealed) -> Result<Words, VaultError> {
    let (key_id, text) = parts(sealed)?;
    if key_id != key.id {
        return Err(VaultError::OtherKey);
    }
    let mut plain = decrypt(&key.bytes, &seal_data(&key.id, place), text)?;
    match String::from_utf8(std::mem::take(&mut *plain)) {
        Ok(text) => Ok(Words::new(text)),
        Err(not_text) => {
            drop(Zeroizing::new(not_text.into_bytes()));
            Err(VaultError::Malformed)
        }
    }
}

/// The id of the key that `sealed` was sealed with.
pub fn key_id(sealed: &Sealed) -> Result<&str, VaultError> {
    parts(sealed).map(|(key_id, _)| key_id)
}

/// `N` bytes from the operating system: for keys, nonces and ids that must not be guessed or repeated by a seed.
pub fn randomness<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
    Ok(bytes)
}

fn parts(sealed: &Sealed) -> Result<(&str, &str), VaultError> {
    let mut parts = sealed.0.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(VERSION), Some(key_id), Some(text), None) => Ok((key_id, text)),
        _ => Err(VaultError::Malformed),
    }
}

fn seal_data(key_id: &str, place: Binding<'_>) -> Vec<u8> {
    bound(&["words", key_id, place.table, place.row, &place.author.to_string()])
}

fn wrap_data(key_id: &str) -> Vec<u8> {
    bound(&["key", key_id])
}

/// Associated data. Each part carries its length, so that no two lists of parts read the same.
fn bound(parts: &[&str]) -> Vec<u8> {
    let mut data = Vec::with_capacity(128);
    for part in ["duet", VERSION].iter().chain(parts) {
        data.extend_from_slice(&(part.len() as u64).to_le_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    data
}

/// base64url(nonce and ciphertext). A random nonce of 24 bytes does not repeat in the life of any key.
fn encrypt(key: &[u8; KEY_BYTES], data: &[u8], plain: &[u8]) -> Result<String, VaultError> {
    let nonce = randomness::<NONCE_BYTES>()?;
    let mut sealed = Vec::with_capacity(NONCE_BYTES + plain.len() + TAG_BYTES);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    // Encrypted where it lies: no second plain copy to wipe.
    let tag = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt_inout_detached(&XNonce::from(nonce), data, (&mut sealed[NONCE_BYTES..]).into())
        .map_err(|_| VaultError::DoesNotOpen)?;
    sealed.extend_from_slice(&tag);
    Ok(URL_SAFE_NO_PAD.encode(&sealed))
}

fn decrypt(key: &[u8; KEY_BYTES], data: &[u8], text: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| VaultError::Malformed)?;
    let (nonce, body) =
        sealed.split_first_chunk::<NONCE_BYTES>().filter(|(_, body)| body.len() >= TAG_BYTES).ok_or(VaultError::Malformed)?;
    let mut plain = Zeroizing::new(body.to_vec());
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt_in_place(&XNonce::from(*nonce), data, &mut *plain)
        .map_err(|_| VaultError::DoesNotOpen)?;
    Ok(plain)
}

fn key_from(text: &str, from: impl Fn() -> String) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let text = text.trim();
    let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).map(Zeroizing::new);
    bytes
        .ok()
        .and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).ok())
        .map(Zeroizing::new)
        .ok_or_else(|| VaultError::NotAKey { from: from() })
}

fn read_key_file(path: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => VaultError::KeyFileMissing(path.to_owned()),
        _ => VaultError::KeyFile { path: path.to_owned(), verb: "read", source },
    };
    let mut file = File::open(path).map_err(failed)?;
    // Asked of the open file, not of the path: what is checked is what is read.
    refuse_if_open_to_others(path, &file.metadata().map_err(failed)?)?;
    let mut text = Zeroizing::new(String::with_capacity(64));
    file.read_to_string(&mut text).map_err(failed)?;
    key_from(&text, || format!("in {}", path.display()))
}

#[cfg(unix)]
fn refuse_if_open_to_others(path: &Path, file: &fs::Metadata) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.permissions().mode() & 0o7777;
    let others = mode & 0o077;
    if others > 0 {
        return Err(VaultError::KeyFileOpenToOthers { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_if_open_to_others(_path: &Path, _file: &fs::Metadata) -> Result<(), VaultError> {
    Ok(())
}

/// A fresh master key as people write it: 32 bytes in base64.
pub fn new_master_key() -> Result<Zeroizing<String>, VaultError> {
    let key = Zeroizing::new(randomness::<KEY_BYTES>()?);
    Ok(Zeroizing::new(general_purpose::STANDARD.encode(key.as_slice())))
}

fn make_key_file(path: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let text = new_master_key()?;
    write_key_file(path, &text)?;
    key_from(&text, || format!("in {}", path.display()))
}

/// Keeps what `from` holds in a file of its own that must not exist yet, closed to others and on disk when this returns.
pub fn copy_key_file(from: &Path, to: &Path) -> Result<(), VaultError> {
    let failed = |source| VaultError::KeyFile { path: from.to_owned(), verb: "read", source };
    let text = Zeroizing::new(fs::read_to_string(from).map_err(failed)?);
    write_key_file(to, text.trim())
}

/// Puts `from` in the place of `to` in one step that survives a power cut.
pub fn replace_key_file(from: &Path, to: &Path) -> Result<(), VaultError> {
    let failed = |source| VaultError::KeyFile { path: to.to_owned(), verb: "replaced", source };
    fs::rename(from, to).map_err(failed)?;
    keep_name(to).map_err(failed)
}

fn write_key_file(path: &Path, text: &str) -> Result<(), VaultError> {
    let failed = |source| VaultError::KeyFile { path: path.to_owned(), verb: "made", source };
    let line = Zeroizing::new(format!("{text}\n"));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(line.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    keep_name(path).map_err(failed)
}

/// The name must survive a power cut as well as the bytes: words sealed under a lost key are lost.
fn keep_name(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
}

#[cfg(test)]
mod tests;

use proptest::prelude::*;

use super::*;

const ADA: PersonId = PersonId(1001);
const PLACE: Binding<'static> = Binding { table: "answers", row: "01890000", author: ADA };

fn vault(byte: u8) -> Vault {
    Vault(Zeroizing::new([byte; KEY_BYTES]))
}

fn key() -> DataKey {
    vault(1).new_data_key("k1").unwrap().0
}

fn from_env(text: &str) -> Result<Vault, VaultError> {
    Vault::open(KeySource::Env(text.into())).map(|(vault, _)| vault)
}

fn from_file(path: &Path, create: bool) -> Result<(Vault, Option<KeyFileMade>), VaultError> {
    Vault::open(KeySource::File { path: path.to_owned(), create })
}

proptest! {
    #[test]
    fn any_words_come_back_as_they_were(text in ".*", table in ".*", row in ".*", author in any::<i64>()) {
        let place = Binding { table: &table, row: &row, author: PersonId(author) };
        let key = key();
        let words = Words::new(text);
        prop_assert_eq!(open(&key, place, &seal(&key, place, &words).unwrap()).unwrap(), words);
    }

    #[test]
    fn no_text_makes_the_vault_panic(text in ".*", tail in "[A-Za-z0-9_-]{0,80}") {
        for text in [text.clone(), format!("v1.k1.{tail}"), format!("v1.{tail}"), format!("v1.k1.{text}")] {
            prop_assert!(open(&key(), PLACE, &Sealed(text.clone())).is_err());
            prop_assert!(vault(1).unwrap_key("k1", &Wrapped(text.clone())).is_err());
            prop_assert!(!vault(1).verify(&text));
        }
    }

    #[test]
    fn two_different_lists_of_parts_never_bind_alike(one in prop::collection::vec(".{0,3}", 0..4), other in prop::collection::vec(".{0,3}", 0..4)) {
        let bind = |parts: &[String]| bound(&parts.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(one == other, bind(&one) == bind(&other));
    }
}

#[test]
fn the_same_words_never_look_the_same_twice() {
    let (key, words) = (key(), Words::new("yes"));
    assert_ne!(seal(&key, PLACE, &words).unwrap(), seal(&key, PLACE, &words).unwrap());
}

#[test]
fn sealed_words_open_in_their_own_place_only() {
    let key = key();
    let sealed = seal(&key, PLACE, &Words::new("one evening alone")).unwrap();
    let elsewhere = [
        Binding { table: "notes", ..PLACE },
        Binding { row: "01890001", ..PLACE },
        Binding { author: PersonId(1002), ..PLACE },
        // The same letters, cut elsewhere.
        Binding { table: "answers0", row: "1890000", ..PLACE },
    ];
    for place in elsewhere {
        assert!(matches!(open(&key, place, &sealed), Err(VaultError::DoesNotOpen)), "{place:?}");
    }
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    let key = key();
    let sealed = seal(&key, PLACE, &Words::new("we")).unwrap();
    let (head, text) = sealed.0.rsplit_once('.').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let altered = Sealed(format!("{head}.{}", URL_SAFE_NO_PAD.encode(altered)));
        assert!(matches!(open(&key, PLACE, &altered), Err(VaultError::DoesNotOpen)), "byte {at}");
    }
    for cut in [&bytes[1..], &bytes[..bytes.len() - 1]] {
        let cut = Sealed(format!("{head}.{}", URL_SAFE_NO_PAD.encode(cut)));
        assert!(open(&key, PLACE, &cut).is_err());
    }
}

#[test]
fn another_key_does_not_open_even_under_the_same_name() {
    let sealed = seal(&key(), PLACE, &Words::new("ours")).unwrap();
    assert!(matches!(open(&key(), PLACE, &sealed), Err(VaultError::DoesNotOpen)));
    let renamed = Sealed(sealed.0.replace(".k1.", ".k2."));
    let other = vault(1).new_data_key("k2").unwrap().0;
    assert!(matches!(open(&other, PLACE, &sealed), Err(VaultError::OtherKey)));
    assert!(matches!(open(&other, PLACE, &renamed), Err(VaultError::DoesNotOpen)));
    assert_eq!(key_id(&renamed).unwrap(), "k2");
}

#[test]
fn a_data_key_unwraps_under_its_own_master_key_and_id() {
    let (key, wrapped) = vault(1).new_data_key("k1").unwrap();
    let sealed = seal(&key, PLACE, &Words::new("still here")).unwrap();
    let again = vault(1).unwrap_key("k1", &wrapped).unwrap();
    assert_eq!(open(&again, PLACE, &sealed).unwrap(), Words::new("still here"));
    assert!(matches!(vault(2).unwrap_key("k1", &wrapped), Err(VaultError::DoesNotOpen)));
    assert!(matches!(vault(1).unwrap_key("k2", &wrapped), Err(VaultError::DoesNotOpen)));
}

#[test]
fn a_rewrapped_key_is_the_same_key_under_the_new_master_key_only() {
    let (key, wrapped) = vault(1).new_data_key("k1").unwrap();
    let sealed = seal(&key, PLACE, &Words::new("kept")).unwrap();
    let moved = vault(1).rewrap(&vault(2), "k1", &wrapped).unwrap();
    let again = vault(2).unwrap_key("k1", &moved).unwrap();
    assert_eq!(open(&again, PLACE, &sealed).unwrap(), Words::new("kept"));
    assert!(vault(1).unwrap_key("k1", &moved).is_err());
    assert!(vault(2).rewrap(&vault(1), "k1", &wrapped).is_err());
}

#[test]
fn the_check_value_knows_its_master_key() {
    let check = vault(1).check_value().unwrap();
    assert!(vault(1).verify(&check));
    assert!(!vault(2).verify(&check));
    assert!(!vault(1).verify(""));
}

#[test]
fn a_master_key_is_read_from_the_environment_in_every_spelling_of_base64() {
    let bytes = [0xfb; KEY_BYTES];
    let check = Vault(Zeroizing::new(bytes)).check_value().unwrap();
    let standard = general_purpose::STANDARD.encode(bytes);
    for text in
        [standard.clone(), format!("  {standard}\n"), standard.trim_end_matches('=').to_owned(), URL_SAFE_NO_PAD.encode(bytes)]
    {
        assert!(from_env(&text).unwrap().verify(&check), "{text:?}");
    }
}

#[test]
fn a_bad_master_key_is_refused_without_being_repeated() {
    for text in ["", "hunter2hunter2", &general_purpose::STANDARD.encode([7; 31]), &general_purpose::STANDARD.encode([7; 33])] {
        let error = from_env(text).unwrap_err();
        assert!(error.to_string().contains("DUET_MASTER_KEY"));
        assert!(text.is_empty() || !format!("{error}{error:?}").contains(text));
    }
}

#[test]
fn the_key_file_is_made_once_and_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("duet.key");
    assert!(matches!(from_file(&path, false), Err(VaultError::KeyFileMissing(_))));
    assert!(!path.exists());

    let (made, notice) = from_file(&path, true).unwrap();
    assert_eq!(notice, Some(KeyFileMade { path: path.clone() }));
    let (read, notice) = from_file(&path, true).unwrap();
    assert_eq!(notice, None);
    assert!(read.verify(&made.check_value().unwrap()));
}

#[cfg(unix)]
#[test]
fn a_key_file_open_to_others_is_refused_with_the_command_that_closes_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("duet.key");
    from_file(&path, true).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    for mode in [0o640, 0o604, 0o620, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = from_file(&path, true).unwrap_err().to_string();
        assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    from_file(&path, false).unwrap();
}

#[test]
fn a_spoiled_key_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("duet.key");
    from_file(&path, true).unwrap();
    fs::write(&path, "half a k").unwrap();
    let error = from_file(&path, true).unwrap_err().to_string();
    assert!(error.contains("duet.key") && !error.contains("half a k"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "half a k");
}

#[test]
fn nothing_here_shows_a_key_or_a_word_when_it_is_printed() {
    let master = "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE=";
    let vault = from_env(master).unwrap();
    let (key, wrapped) = vault.new_data_key("k1").unwrap();
    let words = Words::new("one evening alone");
    let sealed = seal(&key, PLACE, &words).unwrap();
    let source = KeySource::Env(master.into());
    let printed = format!("{vault:?} {key:?} {wrapped:?} {words:?} {sealed:?} {source:?}");
    assert_eq!(
        printed,
        format!(
            "Vault(..) DataKey(k1) Wrapped({} bytes) Words(17 units) Sealed({} bytes) KeySource::Env(..)",
            wrapped.0.len(),
            sealed.0.len()
        )
    );
    let all_errors = [
        VaultError::NotAKey { from: "in X".into() },
        VaultError::NoRandomness,
        VaultError::Malformed,
        VaultError::OtherKey,
        VaultError::DoesNotOpen,
    ];
    assert!(!format!("{all_errors:?}").contains(master));
}

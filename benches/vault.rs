//! What it costs to seal and to open a long answer. `cargo bench --bench vault`

use divan::{Bencher, black_box};
use duet::domain::ids::PersonId;
use duet::domain::words::Words;
use duet::vault::{self, Binding, DataKey, KeySource, Vault};

const PLACE: Binding<'static> =
    Binding { table: "answers", row: "0190f3a0c0ffee00c0ffee00c0ffee00", author: PersonId(80_351_110_224_678_912) };

fn main() {
    divan::main();
}

fn key() -> DataKey {
    let master = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let (vault, _) = Vault::open(KeySource::Env(master.into())).expect("a key");
    vault.new_data_key("0190f3a0").expect("randomness").0
}

/// 2,500 characters, as long as an answer gets.
fn answer() -> Words {
    Words::new("I would like one evening alone. ".chars().cycle().take(2_500).collect::<String>())
}

#[divan::bench]
fn seal_2500_characters(bencher: Bencher<'_, '_>) {
    let (key, words) = (key(), answer());
    bencher.bench(|| vault::seal(&key, PLACE, black_box(&words)));
}

#[divan::bench]
fn open_2500_characters(bencher: Bencher<'_, '_>) {
    let key = key();
    let sealed = vault::seal(&key, PLACE, &answer()).expect("randomness");
    bencher.bench(|| vault::open(&key, PLACE, black_box(&sealed)));
}

/// Once per author and answer: the master key unwraps the data key.
#[divan::bench]
fn unwrap_a_data_key(bencher: Bencher<'_, '_>) {
    let master = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let (vault, _) = Vault::open(KeySource::Env(master.into())).expect("a key");
    let (_, wrapped) = vault.new_data_key("0190f3a0").expect("randomness");
    bencher.bench(|| vault.unwrap_key("0190f3a0", black_box(&wrapped)));
}

//! What `docs/privacy.md` says is stored is what is stored.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use duet::store::couples;

#[test]
fn the_page_on_privacy_names_every_table_and_no_other() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(house.join("docs/privacy.md")).unwrap();
    // The last column of each table on the page says where something lies; every name in it is a table's.
    let places =
        page.lines().filter(|line| line.starts_with('|')).filter_map(|line| line.trim_end_matches('|').rsplit('|').next());
    let named: BTreeSet<String> = places.flat_map(in_backticks).collect();

    let mut tables = BTreeSet::new();
    let mut files: Vec<_> = fs::read_dir(house.join("migrations")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "sql")) {
        let sql = fs::read_to_string(file).unwrap();
        for line in sql.lines().map(str::trim_start) {
            let word = |after: &str| line.strip_prefix(after)?.split([' ', '(', ';']).next().map(ToOwned::to_owned);
            tables.extend(word("create table "));
            if let Some(gone) = word("drop table ") {
                tables.remove(&gone);
            }
            if let Some((old, new)) = line.strip_prefix("alter table ").and_then(|rest| rest.split_once(" rename to ")) {
                tables.remove(old);
                tables.insert(new.trim_end_matches(';').to_owned());
            }
        }
    }
    assert!(tables.len() > 20, "{tables:?}");
    assert_eq!(named, tables);
}

fn in_backticks(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

/// What names the one person whose row it is. `partners` is a couple's, and reset; invitations are two people's, and dated.
const OWNERS: [&str; 4] = ["author", "owner", "person", "proposer"];
const NOT_ALONE: [&str; 1] = ["partners"];

/// Each line of a migration with the table that it is part of.
fn lines_of_tables() -> Vec<(String, String)> {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for file in fs::read_dir(house.join("migrations")).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|end| end != "sql") {
            continue;
        }
        let mut table = String::new();
        for line in fs::read_to_string(file).unwrap().lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("create table ") {
                rest.split([' ', '(']).next().unwrap_or_default().clone_into(&mut table);
            }
            found.push((table.clone(), line.to_owned()));
        }
    }
    found
}

#[test]
fn every_table_of_one_persons_own_goes_with_their_data() {
    let mut missing = Vec::new();
    for (table, line) in lines_of_tables() {
        let column = OWNERS.into_iter().find(|name| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(" bigint")));
        let Some(column) = column.filter(|_| !NOT_ALONE.contains(&table.as_str())) else { continue };
        if !duet::store::mine::OWN.contains(&(table.as_str(), column)) {
            missing.push(format!("{table}.{column}"));
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "add them to `store::mine::OWN`");
}

#[test]
fn every_table_of_a_couple_goes_when_it_is_forgotten() {
    for column in ["couple text", "round text"] {
        let lines = lines_of_tables().into_iter();
        let tables: BTreeSet<String> = lines.filter(|(_, line)| line.starts_with(column)).map(|(table, _)| table).collect();
        assert!(tables.len() > 3, "{tables:?}");
        // The keys go first, by themselves.
        let known =
            |table: &str| table == "keys" || couples::OF_A_COUPLE.iter().chain(couples::OF_A_ROUND).any(|known| *known == table);
        let missing: Vec<&String> = tables.iter().filter(|table| !known(table)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "add them to `store::couples`");
    }
}

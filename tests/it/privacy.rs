//! What `docs/privacy.md` says is stored is what is stored.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

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

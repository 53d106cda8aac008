use std::fmt::Write as _;

use duet::domain::ids::{EntryId, PersonId};
use duet::domain::journal::{Mark, Stretch};
use duet::domain::library::Exercise;
use duet::domain::words::Sealed;
use duet::store::Store;
use duet::store::entries::{self, Kept};
use jiff::Timestamp;
use uuid::Uuid;

use super::at;
use crate::engines::{Database, each, each_database};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

fn entry(number: u64) -> EntryId {
    EntryId(Uuid::from_u64_pair(0x0190_0000_0000_7000, number))
}

async fn keep(store: &Store, author: PersonId, number: u64, written_at: Timestamp, kind: Option<Exercise>) {
    let kept = Kept { mark: Mark { written_at, id: entry(number) }, kind, words: Sealed(format!("v1.key.{number}")) };
    let mut tx = store.begin().await.unwrap();
    entries::insert(&mut tx, author, &kept).await.unwrap();
    tx.commit().await.unwrap();
}

async fn page(store: &Store, stretch: Stretch, kind: Option<Exercise>, before: Option<Mark>, most: usize) -> Vec<Kept> {
    entries::page(&mut store.read().await.unwrap(), ADA, stretch, kind, before, most).await.unwrap()
}

/// Everything, page by page.
async fn walk(store: &Store, stretch: Stretch, kind: Option<Exercise>, most: usize) -> Vec<String> {
    let (mut words, mut before) = (Vec::new(), None);
    loop {
        let page = page(store, stretch, kind, before, most).await;
        assert!(page.len() <= most);
        let Some(last) = page.last() else { return words };
        before = Some(last.mark);
        words.extend(page.into_iter().map(|kept| kept.words.0));
    }
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended_also_within_one_millisecond() {
    each(async |store| {
        for number in [3, 1, 7, 5, 2, 6, 4] {
            keep(&store, ADA, number, at(0), None).await;
        }
        keep(&store, ADA, 8, at(-1), None).await;
        keep(&store, ADA, 9, at(1), None).await;
        keep(&store, BEN, 10, at(0), None).await;
        let newest_first = ["9", "7", "6", "5", "4", "3", "2", "1", "8"].map(|number| format!("v1.key.{number}"));
        for most in [1, 2, 3, 200] {
            assert_eq!(walk(&store, Stretch::ALL, None, most).await, newest_first);
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_keeps_to_its_stretch_and_its_kind() {
    each(async |store| {
        for number in 0..12 {
            let kind = [Some(Exercise::Values), Some(Exercise::Settle), None][usize::try_from(number % 3).unwrap()];
            keep(&store, ADA, number, at(i64::try_from(number).unwrap() * 10), kind).await;
        }
        keep(&store, BEN, 99, at(30), Some(Exercise::Values)).await;
        let numbers = async |stretch, kind, most| {
            let words = walk(&store, stretch, kind, most).await;
            words.iter().map(|words| words["v1.key.".len()..].parse().unwrap()).collect::<Vec<u64>>()
        };
        // From the first moment on, and up to the last one, which is not included.
        let stretch = Stretch { from: at(20), until: at(60) };
        assert_eq!(numbers(stretch, None, 3).await, [5, 4, 3, 2]);
        assert_eq!(numbers(stretch, Some(Exercise::Values), 1).await, [3]);
        assert_eq!(numbers(Stretch::ALL, Some(Exercise::Settle), 2).await, [10, 7, 4, 1]);
        assert_eq!(numbers(Stretch::ALL, Some(Exercise::Movement), 2).await, [0_u64; 0]);
        // A mark from after the stretch, as a changed client could send it, leads no further than its end.
        let after = Mark { written_at: at(500), id: entry(500) };
        assert_eq!(page(&store, stretch, None, Some(after), 9).await.len(), 4);
        let kept = page(&store, Stretch::ALL, None, None, 2).await;
        assert_eq!((kept[0].kind, kept[1].kind), (None, Some(Exercise::Settle)));
        assert_eq!(kept[0].mark, Mark { written_at: at(110), id: entry(11) });
    })
    .await;
}

#[tokio::test]
async fn onwards_goes_the_other_way_between_two_marks() {
    each(async |store| {
        for number in [3, 1, 5, 2, 4] {
            keep(&store, ADA, number, at(0), None).await;
        }
        keep(&store, ADA, 8, at(-1), None).await;
        keep(&store, ADA, 9, at(1), None).await;
        keep(&store, BEN, 10, at(0), None).await;
        let mark = |number, seconds| Mark { written_at: at(seconds), id: entry(number) };
        let onwards = async |after, upto, most| {
            let kept = entries::onwards(&mut store.read().await.unwrap(), ADA, after, upto, most).await.unwrap();
            kept.iter().map(|kept| kept.words.0["v1.key.".len()..].parse().unwrap()).collect::<Vec<u64>>()
        };
        assert_eq!(onwards(None, Mark::end_of(at(1)), 9).await, [8, 1, 2, 3, 4, 5, 9]);
        assert_eq!(onwards(None, Mark::end_of(at(0)), 9).await, [8, 1, 2, 3, 4, 5]);
        assert_eq!(onwards(Some(mark(2, 0)), mark(4, 0), 9).await, [3, 4]);
        assert_eq!(onwards(Some(mark(8, -1)), Mark::end_of(at(9)), 2).await, [1, 2]);
        let one = async |author, number| {
            let kept = entries::load(&mut store.read().await.unwrap(), author, entry(number)).await.unwrap();
            kept.map(|kept| kept.words.0)
        };
        assert_eq!((one(ADA, 3).await.as_deref(), one(BEN, 3).await), (Some("v1.key.3"), None));
    })
    .await;
}

#[tokio::test]
async fn an_entry_of_another_author_is_neither_found_nor_deleted() {
    each_database(async |database, store| {
        keep(&store, ADA, 1, at(0), None).await;
        keep(&store, BEN, 2, at(0), None).await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(entries::mark(&mut tx, ADA, entry(2)).await.unwrap(), None);
        assert!(entries::mark(&mut tx, BEN, entry(2)).await.unwrap().is_some());
        assert!(!entries::delete(&mut tx, ADA, entry(2)).await.unwrap());
        assert_eq!(entries::delete_in(&mut tx, ADA, Stretch::ALL).await.unwrap(), 1);
        assert!(!entries::any(&mut tx, ADA).await.unwrap());
        assert!(entries::any(&mut tx, BEN).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(database.count("entries").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_stretch_is_deleted_without_its_end() {
    each(async |store| {
        for number in 0..5 {
            keep(&store, ADA, number, at(i64::try_from(number).unwrap()), None).await;
        }
        let mut tx = store.begin().await.unwrap();
        assert_eq!(entries::delete_in(&mut tx, ADA, Stretch { from: at(1), until: at(3) }).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(walk(&store, Stretch::ALL, None, 9).await, ["v1.key.4", "v1.key.3", "v1.key.0"]);
    })
    .await;
}

#[tokio::test]
async fn a_broken_row_is_named_by_table_column_and_id_and_never_quoted() {
    each_database(async |database, store| {
        keep(&store, ADA, 1, at(0), None).await;
        let broken = [
            ("update entries set kind = 'a secret'", "kind", format!("row {}", entry(1))),
            ("update entries set kind = null, written_at = 9000000000000000000", "written_at", format!("row {}", entry(1))),
            ("update entries set written_at = 0, id = 'a secret'", "id", "row a secret".into()),
        ];
        for (sql, column, row) in broken {
            database.run(sql).await;
            let stretch = Stretch { from: Timestamp::MIN, until: Timestamp::MAX };
            let mut tx = store.read().await.unwrap();
            let found = entries::page(&mut tx, ADA, stretch, None, None, 9).await;
            if column == "written_at" {
                // It lies outside any stretch; by its id it is found.
                let error = entries::mark(&mut tx, ADA, entry(1)).await.unwrap_err().to_string();
                assert_eq!(error, format!("table entries, {row}, column {column}: not a moment"));
                continue;
            }
            let error = found.unwrap_err().to_string();
            assert!(error.starts_with(&format!("table entries, {row}, column {column}: ")), "{error}");
        }
    })
    .await;
}

/// Thousands of other people's entries, and a long life's of one's own.
async fn crowded(database: &Database) {
    let mut rows = String::new();
    for number in 0..6_000 {
        let author = if number % 2 == 0 { ADA.0 } else { 2_000 + number };
        let kind = ["null", "'values'", "'settle'"][usize::try_from(number % 3).unwrap()];
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(rows, "{comma}('{number:032x}', {author}, {kind}, 'v1.k.w', {})", at(number).as_millisecond());
    }
    database.run(&format!("insert into entries (id, author, kind, words, written_at) values {rows}")).await;
    database.run("analyze entries").await;
}

#[tokio::test]
async fn a_page_is_read_off_its_index_whatever_else_there_is() {
    each_database(async |database, _| {
        crowded(database).await;
        let sqlite = database.file.is_some();
        let onwards = entries::ONWARDS.replace("$6", "200").replace("$5", "'0190'").replace("$3", "'0190'").replace("$2", "$x");
        let onwards = onwards.replace("$4", "$3").replace("$x", &at(0).as_millisecond().to_string());
        let pages =
            [(entries::PAGE, "entries_newest"), (entries::PAGE_OF_KIND, "entries_of_kind"), (onwards.as_str(), "entries_newest")];
        for (page, index) in pages {
            let page = page
                .replace("$1", &ADA.0.to_string())
                .replace("$2", &at(0).as_millisecond().to_string())
                .replace("$3", &at(3_000).as_millisecond().to_string())
                .replace("$4", "'0190'")
                .replace("$5", "6")
                .replace("$6", "'values'");
            let explain = if sqlite { "explain query plan" } else { "explain (costs off)" };
            let plan = database.texts(&format!("{explain} {page}")).await.join("\n");
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.to_lowercase().contains("sort") && !plan.contains("TEMP B-TREE"), "{plan}");
            if sqlite {
                let bounds =
                    if page == onwards { "(written_at,id)>(?,?) AND (written_at,id)<(?,?)" } else { "(written_at,id)<(?,?)" };
                assert!(plan.contains(bounds), "{plan}");
            } else {
                assert!(!plan.contains("Filter"), "{plan}");
            }
        }
    })
    .await;
}

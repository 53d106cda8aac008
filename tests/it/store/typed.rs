use duet::domain::ids::{EntryId, MessageId, PersonId, SittingId};
use duet::domain::journal::{Mark, Stretch};
use duet::domain::reflection::Sitting;
use duet::domain::typed::Chat;
use duet::domain::words::Sealed;
use duet::store::entries::{self, Kept};
use duet::store::typed::{self, Place};
use duet::store::{Store, sittings};
use uuid::Uuid;

use super::at;
use crate::engines::{each, each_database};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

fn entry(number: u64) -> EntryId {
    EntryId(Uuid::from_u64_pair(0x0190_0000_0000_7000, number))
}

fn place(message: i64, author: PersonId, number: u64) -> Place {
    Place { message: MessageId(message), author, entry: entry(number), units: 7, gone_at: None }
}

async fn keep(store: &Store, author: PersonId, number: u64, written_at: i64, messages: &[i64]) {
    let mark = Mark { written_at: at(written_at), id: entry(number) };
    let mut tx = store.begin().await.unwrap();
    entries::insert(&mut tx, author, &Kept { mark, kind: None, words: Sealed("v1.key.words".into()) }).await.unwrap();
    for message in messages {
        typed::save(&mut tx, &place(*message, author, number)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn of_entry(store: &Store, author: PersonId, number: u64) -> Vec<i64> {
    let places = typed::of_entry(&mut store.read().await.unwrap(), author, entry(number)).await.unwrap();
    places.iter().map(|place| place.message.0).collect()
}

#[tokio::test]
async fn the_parts_of_an_entry_are_its_authors_in_order_and_go_with_it() {
    each(async |store| {
        keep(&store, ADA, 1, 10, &[30, 10, 20]).await;
        keep(&store, ADA, 2, 20, &[40]).await;
        keep(&store, BEN, 3, 10, &[50]).await;
        assert_eq!(of_entry(&store, ADA, 1).await, [10, 20, 30]);
        assert_eq!(of_entry(&store, BEN, 1).await, [0; 0]);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(typed::find(&mut tx, MessageId(20)).await.unwrap(), Some(place(20, ADA, 1)));
        let newest = typed::in_stretch(&mut tx, ADA, Stretch::ALL, 3).await.unwrap();
        assert_eq!(newest, [40, 30, 20].map(MessageId));
        let first = Stretch { from: at(10), until: at(20) };
        assert_eq!(typed::in_stretch(&mut tx, ADA, first, 9).await.unwrap(), [30, 20, 10].map(MessageId));
        typed::save(&mut tx, &Place { units: 9, gone_at: Some(at(1)), ..place(20, ADA, 1) }).await.unwrap();
        typed::delete(&mut tx, MessageId(10)).await.unwrap();
        let changed = typed::find(&mut tx, MessageId(20)).await.unwrap().unwrap();
        assert_eq!((changed.units, changed.gone_at), (9, Some(at(1))));
        assert!(entries::delete(&mut tx, ADA, entry(1)).await.unwrap());
        assert_eq!(typed::find(&mut tx, MessageId(20)).await.unwrap(), None);
        assert!(typed::any(&mut tx, ADA).await.unwrap());
        entries::delete_in(&mut tx, ADA, Stretch::ALL).await.unwrap();
        assert!(!typed::any(&mut tx, ADA).await.unwrap() && typed::any(&mut tx, BEN).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_entry_is_rewritten_by_its_author_alone_and_not_once_it_is_gone() {
    each(async |store| {
        keep(&store, ADA, 1, 10, &[]).await;
        let mut tx = store.begin().await.unwrap();
        let other = Sealed("v1.key.other".into());
        entries::rewrite(&mut tx, ADA, entry(1), &other).await.unwrap();
        assert_eq!(entries::load(&mut tx, ADA, entry(1)).await.unwrap().unwrap().words, other);
        assert!(entries::load(&mut tx, BEN, entry(1)).await.unwrap().is_none());
        assert!(entries::rewrite(&mut tx, BEN, entry(1), &other).await.unwrap_err().may_pass());
        assert!(entries::rewrite(&mut tx, ADA, entry(2), &other).await.unwrap_err().may_pass());
    })
    .await;
}

#[tokio::test]
async fn a_dm_is_remembered_whole_and_never_overwrites_what_it_has_not_seen() {
    each(async |store| {
        let mut tx = store.begin().await.unwrap();
        assert_eq!(typed::chat(&mut tx, ADA).await.unwrap(), Chat::new(ADA));
        let mut chat = Chat {
            heard: MessageId(9),
            asked: Some(MessageId(7)),
            refused: Some(MessageId(8)),
            ticked_at: Some(at(5)),
            behind: Some(MessageId(4)),
            awaited: Some(MessageId(6)),
            ..Chat::new(ADA)
        };
        typed::save_chat(&mut tx, &chat).await.unwrap();
        assert!(typed::save_chat(&mut tx, &chat).await.unwrap_err().may_pass());
        chat.version = 1;
        assert_eq!(typed::chat(&mut tx, ADA).await.unwrap(), chat);
        assert_eq!(typed::forget_before(&mut tx, MessageId(10)).await.unwrap(), 0, "its history is still to be read");
        chat.behind = None;
        typed::save_chat(&mut tx, &chat).await.unwrap();
        assert_eq!(typed::forget_before(&mut tx, MessageId(9)).await.unwrap(), 0);
        assert_eq!(typed::forget_before(&mut tx, MessageId(10)).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn sittings_are_ended_together_and_those_left_open_are_found_page_by_page() {
    each(async |store| {
        let sitting = |person: PersonId, number: u64, begun_at| {
            let id = SittingId(Uuid::from_u64_pair(0x0190_0000_0000_7000, number));
            Sitting { id, person, reflection: "reflect-values-1".into(), begun_at: at(begun_at), ended_at: None, entry: None }
        };
        let mut tx = store.begin().await.unwrap();
        for (person, number, begun_at) in [(1, 1, 5), (1, 2, 20), (1, 3, 30), (2, 4, 10), (3, 5, 30), (4, 6, 40)] {
            sittings::insert(&mut tx, &sitting(PersonId(person), number, begun_at)).await.unwrap();
        }
        let open = async |tx: &mut _, after, most| {
            let found = sittings::open_since(tx, at(10), PersonId(after), most).await.unwrap();
            found.iter().map(|person| person.0).collect::<Vec<_>>()
        };
        assert_eq!(open(&mut tx, 0, 2).await, [1, 3]);
        assert_eq!(open(&mut tx, 3, 2).await, [4]);
        assert!(sittings::end(&mut tx, PersonId(1), at(10), at(50)).await.unwrap());
        assert!(!sittings::end(&mut tx, PersonId(1), at(10), at(60)).await.unwrap());
        assert_eq!(open(&mut tx, 0, 9).await, [3, 4]);
        let third = sitting(PersonId(1), 3, 30).id;
        sittings::type_into(&mut tx, third, entry(1)).await.unwrap();
        let newest = sittings::newest(&mut tx, PersonId(1), 9).await.unwrap();
        assert_eq!((newest[0].ended_at, newest[0].entry), (Some(at(50)), Some(entry(1))));
        assert_eq!((newest[2].ended_at, newest[2].entry), (None, None), "that one had closed by itself");
    })
    .await;
}

#[tokio::test]
async fn broken_rows_are_named_by_table_column_and_id() {
    each_database(async |database, store| {
        keep(&store, ADA, 1, 10, &[20]).await;
        database.run("update typed set units = -1").await;
        let error = typed::find(&mut store.read().await.unwrap(), MessageId(20)).await.unwrap_err();
        assert_eq!(error.to_string(), "table typed, row 20, column units: a length below zero");
    })
    .await;
}

use duet::domain::board::{Item, Kind, New, Posting, Spot};
use duet::domain::couple::{Beginning, Couple, Home};
use duet::domain::ids::{ChannelId, CoupleId, ItemId, MessageId, PersonId, ServerId};
use duet::domain::notice::Place;
use duet::domain::words::Sealed;
use duet::store::items::{self, Kept};
use duet::store::{Forgotten, Store, StoreError, couples};
use uuid::Uuid;

use super::at;
use crate::engines::{disk, each_database, own_part, remains};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

async fn couple(store: &Store) -> Couple {
    let id = CoupleId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 1));
    let mut couple = Couple::pair(Beginning { id, inviter: ADA, invitee: BEN, server: ServerId(7), seed: 1 }, at(0)).state;
    couple.home = Home::Dms;
    let mut tx = store.begin().await.unwrap();
    assert!(couples::insert(&mut tx, &couple).await.unwrap());
    tx.commit().await.unwrap();
    couple
}

fn item(couple: &Couple, number: u64, author: PersonId, kind: Kind) -> Item {
    let id = ItemId(Uuid::from_u64_pair(0x0190_0000_0000_7000, number));
    let put_up_at = at(i64::try_from(number).unwrap());
    Item::put_up(New { id, author, kind }, couple, put_up_at).unwrap().state
}

fn sealed(text: &str) -> Sealed {
    Sealed(format!("v1.key.{}", text.repeat(40)))
}

#[tokio::test]
async fn an_item_is_kept_with_where_its_message_stands_and_loses_its_words_when_it_is_retired() {
    each_database(async |database, store| {
        let couple = couple(&store).await;
        let first = item(&couple, 1, ADA, Kind::Boundary);
        let second = item(&couple, 2, BEN, Kind::Interest);
        let mut tx = store.begin().await.unwrap();
        items::insert(&mut tx, &first, &sealed("kingfisher")).await.unwrap();
        items::insert(&mut tx, &second, &sealed("harbour")).await.unwrap();
        let kept = items::load(&mut tx, first.id).await.unwrap().unwrap();
        assert_eq!(kept, Kept { item: Item { version: 1, ..first.clone() }, words: Some(sealed("kingfisher")) });
        let all = items::live(&mut tx, couple.id).await.unwrap();
        assert_eq!(all.iter().map(|kept| kept.item.id).collect::<Vec<_>>(), [first.id, second.id]);
        assert_eq!(items::live_count(&mut tx, couple.id).await.unwrap(), 2);
        assert_eq!(items::live_count_of(&mut tx, ADA).await.unwrap(), 1);

        let spot = Spot { place: Place::Dm(BEN), channel: ChannelId(8), message: MessageId(9) };
        let stands = kept.item.clone().posted(spot, Some(kept.item.shown())).state.seen(BEN, 1, at(5)).unwrap().state;
        items::save(&mut tx, &stands).await.unwrap();
        items::reword(&mut tx, first.id, &sealed("heron")).await.unwrap();
        let read = items::load(&mut tx, first.id).await.unwrap().unwrap();
        assert_eq!(read, Kept { item: Item { version: 2, ..stands.clone() }, words: Some(sealed("heron")) });
        assert_eq!((read.item.posting, read.item.seen_at), (Posting::Stands(spot), Some(at(5))));
        assert_eq!(items::shown_in(&mut tx, spot.channel, spot.message).await.unwrap(), Some(first.id));
        assert_eq!(items::shown_in(&mut tx, ChannelId(7), spot.message).await.unwrap(), None);
        let late = items::save(&mut tx, &stands).await.unwrap_err();
        assert!(matches!(late, StoreError::Conflict { table: "items", .. }), "{late}");
        tx.commit().await.unwrap();
        let own = [own_part(&sealed("heron").0)];
        let on_disk = async || disk(database, &["items"]).await.map(|bytes| remains(&bytes, &own));
        assert_ne!(on_disk().await, Some(0));

        let mut tx = store.begin().await.unwrap();
        let gone = read.item.retired(ADA, at(6)).unwrap().state;
        items::save(&mut tx, &gone).await.unwrap();
        let read = items::load(&mut tx, first.id).await.unwrap().unwrap();
        assert_eq!(read, Kept { item: Item { version: 3, ..gone }, words: None });
        assert_eq!(items::live_count(&mut tx, couple.id).await.unwrap(), 1);
        assert_eq!(items::live_count_of(&mut tx, ADA).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert!(store.forget(&[Forgotten::Items]).await.unwrap());
        assert_eq!(on_disk().await.unwrap_or_default(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_message_is_half_there_in_no_row() {
    each_database(async |database, store| {
        let couple = couple(&store).await;
        let mut tx = store.begin().await.unwrap();
        items::insert(&mut tx, &item(&couple, 1, ADA, Kind::Need), &sealed("kingfisher")).await.unwrap();
        tx.commit().await.unwrap();
        database.run("update items set posting = 'stands'").await;
        let mut tx = store.begin().await.unwrap();
        let error = items::live(&mut tx, couple.id).await.unwrap_err();
        assert!(matches!(error, StoreError::Row { table: "items", column: "posting", .. }), "{error}");
    })
    .await;
}

use duet::domain::couple::{Beginning, Couple};
use duet::domain::ids::{CoupleId, PassageId, PersonId, ServerId};
use duet::domain::words::Sealed;
use duet::store::passages::{self, Kept};
use duet::store::{Forgotten, Store, couples};
use uuid::Uuid;

use super::at;
use crate::engines::{disk, each_database, own_part, remains};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

fn passage(number: u64) -> PassageId {
    PassageId(Uuid::from_u64_pair(0x0190_0000_0000_7000, number))
}

async fn couple(store: &Store) -> CoupleId {
    let id = CoupleId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 1));
    let begun = Couple::pair(Beginning { id, inviter: ADA, invitee: BEN, server: ServerId(7), seed: 1 }, at(0));
    let mut tx = store.begin().await.unwrap();
    assert!(couples::insert(&mut tx, &begun.state).await.unwrap());
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_passage_is_kept_once_and_stays_dealt_with_when_its_words_are_gone() {
    each_database(async |database, store| {
        let couple = couple(&store).await;
        let words = Sealed(format!("v1.key.{}", "kingfisher".repeat(40)));
        let kept = Kept { id: passage(1), couple, author: ADA, words: Some(words.clone()) };
        let mut tx = store.begin().await.unwrap();
        assert!(passages::insert(&mut tx, &kept, at(0)).await.unwrap());
        let again = Kept { author: BEN, words: None, ..kept.clone() };
        assert!(!passages::insert(&mut tx, &again, at(1)).await.unwrap());
        assert_eq!(passages::load(&mut tx, passage(1)).await.unwrap(), Some(kept.clone()));
        assert_eq!(passages::load(&mut tx, passage(2)).await.unwrap(), None);
        tx.commit().await.unwrap();
        let own = [own_part(&words.0)];
        let on_disk = async || disk(database, &["passages"]).await.map(|bytes| remains(&bytes, &own));
        assert_ne!(on_disk().await, Some(0));

        let mut tx = store.begin().await.unwrap();
        assert!(passages::destroy(&mut tx, passage(1)).await.unwrap());
        assert!(!passages::destroy(&mut tx, passage(1)).await.unwrap());
        assert!(!passages::insert(&mut tx, &kept, at(2)).await.unwrap(), "it is not shared a second time");
        assert_eq!(passages::load(&mut tx, passage(1)).await.unwrap(), Some(Kept { words: None, ..kept }));
        tx.commit().await.unwrap();
        assert!(store.forget(&[Forgotten::Passages]).await.unwrap());
        assert_eq!(on_disk().await.unwrap_or_default(), 0);
    })
    .await;
}

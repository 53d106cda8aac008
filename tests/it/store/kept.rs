use duet::domain::conversation::Sheet;
use duet::domain::couple::{Beginning, Couple};
use duet::domain::ids::{ChannelId, CoupleId, KeptId, MessageId, PassageId, PersonId, RoundId, ServerId};
use duet::domain::notice::Place;
use duet::domain::piece::Piece;
use duet::domain::round::{Asked, Question, Round};
use duet::domain::words::Sealed;
use duet::store::kept::{self, Kept};
use duet::store::posts::{self, Kind, Post};
use duet::store::{Forgotten, Store, Tx, answers, couples, mine, passages, rounds};
use uuid::Uuid;

use super::at;
use crate::engines::{disk, each_database, own_part, remains};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(0x0190_0000_0000_7000, number)
}

async fn couple(store: &Store, number: u64, other: PersonId) -> Couple {
    let begun = Beginning { id: CoupleId(id(number)), inviter: ADA, invitee: other, server: ServerId(7), seed: 1 };
    let couple = Couple::pair(begun, at(0)).state;
    let mut tx = store.begin().await.unwrap();
    assert!(couples::insert(&mut tx, &couple).await.unwrap());
    tx.commit().await.unwrap();
    couple
}

async fn round(store: &Store, couple: &Couple, number: u64) -> RoundId {
    let (partners, question) = (couple.people(), Question::Own { by: ADA });
    let asked = Asked { id: RoundId(id(number)), couple: couple.id, partners, question, by: Some(ADA), first: 0 };
    let round = Round::ask(asked, &couple.terms(at(0)), at(0)).state;
    let mut tx = store.begin().await.unwrap();
    assert!(rounds::insert(&mut tx, &round, Some(&sealed("heron"))).await.unwrap());
    tx.commit().await.unwrap();
    round.id
}

fn sealed(mark: &str) -> Sealed {
    Sealed(format!("v1.key.{}", mark.repeat(40)))
}

fn kept(number: u64, couple: CoupleId, piece: Piece) -> Kept {
    Kept { id: KeptId(id(number)), couple, piece, kept_at: at(i64::try_from(number).unwrap()) }
}

#[tokio::test]
async fn what_one_keeps_comes_newest_first_once_and_goes_with_its_couple_or_its_keeper() {
    each_database(async |_, store| {
        let (ours, theirs) = (couple(&store, 1, BEN).await.id, couple(&store, 2, PersonId(1003)).await.id);
        let pieces = [
            kept(10, ours, Piece::Reveal(RoundId(id(5)))),
            kept(11, theirs, Piece::Sheet(RoundId(id(6)), Sheet::SecondMirror)),
            kept(12, ours, Piece::Passage(PassageId(id(7)))),
        ];
        let mut tx = store.begin().await.unwrap();
        for kept in &pieces {
            assert!(kept::insert(&mut tx, ADA, kept).await.unwrap());
        }
        let again = Kept { id: KeptId(id(13)), ..pieces[0] };
        assert!(!kept::insert(&mut tx, ADA, &again).await.unwrap());
        assert!(kept::insert(&mut tx, BEN, &again).await.unwrap(), "each keeps for themselves");
        assert!(kept::keeps(&mut tx, ADA, pieces[1].piece).await.unwrap());
        assert!(!kept::keeps(&mut tx, BEN, pieces[1].piece).await.unwrap());

        let page = async |tx: &mut Tx, within, before, most| kept::page(tx, ADA, within, before, most).await.unwrap();
        assert_eq!(page(&mut tx, None, None, 9).await, [pieces[2], pieces[1], pieces[0]]);
        assert_eq!(page(&mut tx, Some(ours), None, 9).await, [pieces[2], pieces[0]]);
        assert_eq!(page(&mut tx, None, Some(pieces[1].id), 9).await, [pieces[0]]);
        assert_eq!(page(&mut tx, None, None, 1).await, [pieces[2]]);
        assert!(!kept::delete(&mut tx, BEN, pieces[2].id).await.unwrap(), "nobody lets go of what another keeps");
        assert!(kept::delete(&mut tx, ADA, pieces[2].id).await.unwrap());
        assert!(!kept::delete(&mut tx, ADA, pieces[2].id).await.unwrap());
        assert_eq!(
            page(&mut tx, None, Some(pieces[2].id), 9).await,
            [pieces[1], pieces[0]],
            "one that went still tells its place"
        );
        couples::forget(&mut tx, theirs).await.unwrap();
        assert_eq!(page(&mut tx, None, None, 9).await, [pieces[0]]);
        assert_eq!(mine::delete(&mut tx, ADA).await.unwrap().from("kept"), 1);
        assert!(kept::keeps(&mut tx, BEN, pieces[0].piece).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_message_tells_what_stands_in_it() {
    each_database(async |_, store| {
        let couple = couple(&store, 1, BEN).await;
        let round = round(&store, &couple, 2).await;
        let post = |place, message| Post { place, channel: ChannelId(9), message: MessageId(message) };
        let passage = PassageId(id(3));
        let shared = passages::Kept { id: passage, couple: couple.id, author: ADA, words: Some(sealed("wagtail")) };
        let mut tx = store.begin().await.unwrap();
        let kinds = [Kind::Card, Kind::Reveal, Kind::Sheet(Sheet::FirstMirror), Kind::Sheet(Sheet::Closing)];
        for (kind, message) in kinds.into_iter().zip(1..) {
            posts::put(&mut tx, round, kind, post(Place::Channel, message)).await.unwrap();
        }
        for (kind, message) in kinds.into_iter().zip(1..) {
            assert_eq!(posts::at(&mut tx, ChannelId(9), MessageId(message)).await.unwrap(), Some((round, kind)));
        }
        assert_eq!(posts::at(&mut tx, ChannelId(8), MessageId(1)).await.unwrap(), None);

        assert!(passages::insert(&mut tx, &shared, at(0)).await.unwrap());
        passages::put_post(&mut tx, passage, post(Place::Channel, 7)).await.unwrap();
        passages::put_post(&mut tx, passage, post(Place::Channel, 8)).await.unwrap();
        passages::put_post(&mut tx, passage, post(Place::Dm(BEN), 9)).await.unwrap();
        let found = passages::posts_of(&mut tx, passage).await.unwrap();
        assert_eq!(found, [post(Place::Channel, 8), post(Place::Dm(BEN), 9)]);
        assert_eq!(passages::at(&mut tx, ChannelId(9), MessageId(8)).await.unwrap(), Some(passage));
        assert_eq!(passages::at(&mut tx, ChannelId(9), MessageId(7)).await.unwrap(), None);
        mine::delete(&mut tx, ADA).await.unwrap();
        assert_eq!(passages::at(&mut tx, ChannelId(9), MessageId(8)).await.unwrap(), None, "it goes with its passage");
    })
    .await;
}

#[tokio::test]
async fn a_removed_answer_leaves_the_disk_and_that_it_was_one_stays() {
    each_database(async |database, store| {
        let couple = couple(&store, 1, BEN).await;
        let round = round(&store, &couple, 2).await;
        let (hers, his) = (sealed("kingfisher"), sealed("wagtail"));
        let mut tx = store.begin().await.unwrap();
        answers::put(&mut tx, round, ADA, &hers, at(1)).await.unwrap();
        answers::put(&mut tx, round, BEN, &his, at(1)).await.unwrap();
        tx.commit().await.unwrap();
        let own = [own_part(&hers.0), own_part(&sealed("heron").0)];
        let on_disk = async || disk(database, &["answers", "rounds"]).await.map(|bytes| remains(&bytes, &own));
        assert_ne!(on_disk().await, Some(0));

        let mut tx = store.begin().await.unwrap();
        assert_eq!(answers::removed_in(&mut tx, couple.id).await.unwrap(), 0);
        assert!(answers::remove(&mut tx, round, ADA, at(5)).await.unwrap());
        assert!(!answers::remove(&mut tx, round, ADA, at(6)).await.unwrap());
        assert!(rounds::drop_own_question(&mut tx, round).await.unwrap());
        assert!(!rounds::drop_own_question(&mut tx, round).await.unwrap());
        assert_eq!(answers::load(&mut tx, round, ADA).await.unwrap(), Some(answers::Kept { words: None }));
        assert_eq!(answers::load(&mut tx, round, BEN).await.unwrap(), Some(answers::Kept { words: Some(his) }));
        assert_eq!(answers::removed_in(&mut tx, couple.id).await.unwrap(), 1);
        assert!(answers::removed_since(&mut tx, couple.id, at(5)).await.unwrap());
        assert!(!answers::removed_since(&mut tx, couple.id, at(6)).await.unwrap());
        assert!(!answers::removed_since(&mut tx, CoupleId(id(9)), at(5)).await.unwrap());
        tx.commit().await.unwrap();
        assert!(store.forget(&[Forgotten::Answers, Forgotten::Rounds]).await.unwrap());
        assert_eq!(on_disk().await.unwrap_or_default(), 0);
    })
    .await;
}

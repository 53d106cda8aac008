use duet::domain::conversation::{Conversation, Feeling, Length, Press, Said, Sheet};
use duet::domain::couple::{Beginning, Couple};
use duet::domain::ids::{ChannelId, CoupleId, MessageId, PersonId, RoundId, ServerId};
use duet::domain::notice::Place;
use duet::domain::round::{Asked, Question, Round};
use duet::domain::words::Sealed;
use duet::store::posts::{self, Kind, Post};
use duet::store::said::{self, Row};
use duet::store::{Forgotten, Store, StoreError, conversations, couples, rounds};
use uuid::Uuid;

use super::at;
use crate::engines::{disk, each_database, own_part, remains};

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);

fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(0x0190_0000_0000_7000, number)
}

async fn round(store: &Store) -> Conversation {
    let couple = CoupleId(id(1));
    let begun = Couple::pair(Beginning { id: couple, inviter: ADA, invitee: BEN, server: ServerId(7), seed: 1 }, at(0)).state;
    let (partners, question) = ([ADA, BEN], Question::Own { by: ADA });
    let asked = Asked { id: RoundId(id(2)), couple, partners, question, by: Some(ADA), first: 0 };
    let round = Round::ask(asked, &begun.terms(at(0)), at(0)).state;
    let mut tx = store.begin().await.unwrap();
    assert!(couples::insert(&mut tx, &begun).await.unwrap());
    assert!(rounds::insert(&mut tx, &round, None).await.unwrap());
    tx.commit().await.unwrap();
    Conversation::begun((round.id, couple, partners), BEN, None, Length::Full, at(5))
}

#[tokio::test]
async fn a_conversation_comes_back_as_it_was_kept_and_is_live_until_it_is_over() {
    each_database(async |_, store| {
        let begun = round(&store).await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(conversations::load(&mut tx, begun.round).await.unwrap(), None);
        assert_eq!(conversations::listened_first(&mut tx, begun.couple).await.unwrap(), None);
        assert!(conversations::insert(&mut tx, &begun).await.unwrap());
        assert!(!conversations::insert(&mut tx, &Conversation { listener: ADA, ..begun.clone() }).await.unwrap());
        assert_eq!(conversations::listened_first(&mut tx, begun.couple).await.unwrap(), Some(BEN));

        let kept = conversations::load(&mut tx, begun.round).await.unwrap().unwrap();
        assert_eq!(kept, Conversation { version: 1, ..begun.clone() });
        let press = Press { who: BEN, turn: 0, at: at(6), places: &[Place::Channel] };
        let moved = kept.said(Said::FullMirror, press).unwrap().state;
        conversations::save(&mut tx, &moved).await.unwrap();
        let stale = conversations::save(&mut tx, &moved).await;
        assert!(matches!(stale, Err(StoreError::Conflict { table: "conversations", .. })), "{stale:?}");
        let kept = conversations::load(&mut tx, begun.round).await.unwrap().unwrap();
        assert_eq!(kept, Conversation { version: 2, ..moved });
        assert_eq!(conversations::live(&mut tx, begun.couple).await.unwrap(), std::slice::from_ref(&kept));

        let over = kept.replaced(&[], at(7)).state;
        conversations::save(&mut tx, &over).await.unwrap();
        assert_eq!(conversations::live(&mut tx, begun.couple).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_heavier_is_what_the_depth_of_the_next_questions_is_counted_from() {
    each_database(async |_, store| {
        let begun = round(&store).await;
        let mut tx = store.begin().await.unwrap();
        let mut open = rounds::load(&mut tx, begun.round).await.unwrap().unwrap();
        open.phase = duet::domain::round::Phase::Revealed { at: at(5), hold: None, by_dm: false };
        rounds::save(&mut tx, &open).await.unwrap();
        conversations::insert(&mut tx, &begun).await.unwrap();
        let heavier =
            async |tx: &mut _| rounds::openings(tx, begun.couple).await.unwrap().into_iter().map(|opening| opening.heavier);
        assert_eq!(heavier(&mut tx).await.collect::<Vec<_>>(), [None]);
        let opened = rounds::openings(&mut tx, begun.couple).await.unwrap();
        assert!(opened.iter().all(|opening| opening.kind == duet::domain::round::Kind::Question));
        let kept = conversations::load(&mut tx, begun.round).await.unwrap().unwrap();
        let over = kept.closed(Press { who: ADA, turn: 0, at: at(6), places: &[] }).unwrap().state;
        let felt = over.felt(ADA, Feeling::Heavier, at(8)).unwrap().state;
        conversations::save(&mut tx, &felt).await.unwrap();
        assert_eq!(heavier(&mut tx).await.collect::<Vec<_>>(), [Some(at(8))]);
    })
    .await;
}

#[tokio::test]
async fn what_was_said_on_a_turn_is_kept_once_and_leaves_the_disk_when_its_author_takes_it_away() {
    each_database(async |database, store| {
        let begun = round(&store).await;
        let words = |mark: &str| Sealed(format!("v1.key.{}", mark.repeat(40)));
        let first = Row { turn: 0, author: BEN, words: words("kingfisher") };
        let second = Row { turn: 1, author: ADA, words: words("wagtail") };
        let mut tx = store.begin().await.unwrap();
        assert!(said::insert(&mut tx, begun.round, &second, at(2)).await.unwrap());
        assert!(said::insert(&mut tx, begun.round, &first, at(1)).await.unwrap());
        assert!(!said::insert(&mut tx, begun.round, &Row { author: ADA, ..first.clone() }, at(3)).await.unwrap());
        assert_eq!(said::all(&mut tx, begun.round).await.unwrap(), [first.clone(), second.clone()]);
        tx.commit().await.unwrap();
        let own = [own_part(&first.words.0)];
        let on_disk = async || disk(database, &["said"]).await.map(|bytes| remains(&bytes, &own));
        assert_ne!(on_disk().await, Some(0));

        let mut tx = store.begin().await.unwrap();
        assert_eq!(said::delete(&mut tx, begun.round, BEN, &[0, 1, 2]).await.unwrap(), 1, "nobody takes away what another said");
        assert_eq!(said::all(&mut tx, begun.round).await.unwrap(), [second]);
        tx.commit().await.unwrap();
        assert!(store.forget(&[Forgotten::Said]).await.unwrap());
        assert_eq!(on_disk().await.unwrap_or_default(), 0);
    })
    .await;
}

#[tokio::test]
async fn each_sheet_stands_once_in_each_place() {
    each_database(async |_, store| {
        let begun = round(&store).await;
        let post = |place, message| Post { place, channel: ChannelId(9), message: MessageId(message) };
        let mut tx = store.begin().await.unwrap();
        for (sheet, message) in [(Sheet::FirstMirror, 1), (Sheet::SecondMirror, 2), (Sheet::FirstMirror, 3)] {
            posts::put(&mut tx, begun.round, Kind::Sheet(sheet), post(Place::Channel, message)).await.unwrap();
        }
        posts::put(&mut tx, begun.round, Kind::Sheet(Sheet::FirstMirror), post(Place::Dm(ADA), 4)).await.unwrap();
        let found = posts::all(&mut tx, begun.round, Kind::Sheet(Sheet::FirstMirror)).await.unwrap();
        assert_eq!(found, [post(Place::Channel, 3), post(Place::Dm(ADA), 4)]);
        assert_eq!(posts::all(&mut tx, begun.round, Kind::Sheet(Sheet::Closing)).await.unwrap(), []);
        // How much of it is shown is known once that is told, and stays known when it is posted anew.
        let both = [(Sheet::FirstMirror, 2), (Sheet::FirstMirror, 2)];
        assert_eq!(posts::shown(&mut tx, begun.round).await.unwrap(), []);
        posts::shows(&mut tx, begun.round, Sheet::Closing, 7).await.unwrap();
        posts::shows(&mut tx, begun.round, Sheet::FirstMirror, 2).await.unwrap();
        assert_eq!(posts::shown(&mut tx, begun.round).await.unwrap(), both);
        posts::put(&mut tx, begun.round, Kind::Sheet(Sheet::FirstMirror), post(Place::Channel, 5)).await.unwrap();
        assert_eq!(posts::shown(&mut tx, begun.round).await.unwrap(), both);
    })
    .await;
}

#[tokio::test]
async fn what_stood_before_that_was_written_down_is_shown_up_to_what_was_said_last_and_no_further() {
    each_database(async |database, store| {
        let begun = round(&store).await;
        let (id, words) = (begun.round, Sealed("v1.key.words".into()));
        let post = |message| Post { place: Place::Channel, channel: ChannelId(9), message: MessageId(message) };
        let mut tx = store.begin().await.unwrap();
        for (kind, message) in [(Kind::Card, 1), (Kind::Reveal, 2), (Kind::Sheet(Sheet::FirstMirror), 3)] {
            posts::put(&mut tx, id, kind, post(message)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let migration = include_str!("../../../migrations/0014_shown.sql");
        let (_, update) = migration.split_once("column shown bigint;").unwrap();
        let shown = async |store: &Store| posts::shown(&mut store.read().await.unwrap(), id).await.unwrap();
        database.run(update).await;
        assert_eq!(shown(&store).await, [(Sheet::FirstMirror, 0)], "nothing was said");
        for turn in [0, 2] {
            let mut tx = store.begin().await.unwrap();
            assert!(said::insert(&mut tx, id, &Row { turn, author: BEN, words: words.clone() }, at(6)).await.unwrap());
            tx.commit().await.unwrap();
        }
        database.run(update).await;
        assert_eq!(shown(&store).await, [(Sheet::FirstMirror, 3)], "a card and a reveal have no turns");
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_a_conversation_second_sees_what_the_first_one_did() {
    each_database(async |_, store| {
        let begun = round(&store).await;
        let (id, kind) = (begun.round, Kind::Sheet(Sheet::FirstMirror));
        let post = |message| Post { place: Place::Channel, channel: ChannelId(9), message: MessageId(message) };
        let mut tx = store.begin().await.unwrap();
        conversations::insert(&mut tx, &begun).await.unwrap();
        tx.commit().await.unwrap();
        let mut one = store.begin().await.unwrap();
        conversations::take(&mut one, id).await.unwrap();
        let mut other = Box::pin(async {
            let mut tx = store.begin().await.unwrap();
            conversations::take(&mut tx, id).await.unwrap();
            posts::find(&mut tx, id, kind, Place::Channel).await.unwrap()
        });
        let early = tokio::time::timeout(std::time::Duration::from_millis(200), &mut other).await;
        assert!(early.is_err(), "it waits: {early:?}");
        posts::put(&mut one, id, kind, post(1)).await.unwrap();
        one.commit().await.unwrap();
        assert_eq!(other.await, Some(post(1)));
        let kept = conversations::load(&mut store.begin().await.unwrap(), id).await.unwrap().unwrap();
        assert_eq!(kept.version, 1, "nothing in it has changed");
    })
    .await;
}

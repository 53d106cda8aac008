use duet::domain::couple::{Beginning, Couple};
use duet::domain::ids::{ChannelId, CoupleId, MessageId, PersonId, RoundId, ServerId};
use duet::domain::notice::Place;
use duet::domain::pause::{Call, Length, Pause};
use duet::domain::person::Person;
use duet::store::posts::Post;
use duet::store::{Store, StoreError, couples, pauses};
use jiff::SignedDuration;
use uuid::Uuid;

use super::at;
use crate::engines::each;

const ADA: PersonId = PersonId(1001);
const BEN: PersonId = PersonId(1002);
const OURS: CoupleId = CoupleId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 1));
const OTHERS: CoupleId = CoupleId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 2));

async fn couple(store: &Store, id: CoupleId, [inviter, invitee]: [PersonId; 2]) {
    let begun = Couple::pair(Beginning { id, inviter, invitee, server: ServerId(7), seed: 1 }, at(0));
    let mut tx = store.begin().await.unwrap();
    assert!(couples::insert(&mut tx, &begun.state).await.unwrap());
    tx.commit().await.unwrap();
}

fn called(before: Option<Pause>, by: PersonId, second: i64) -> Pause {
    let (caller, other) = (Person::new(by), Person::new(if by == ADA { BEN } else { ADA }));
    let round = Some(RoundId(Uuid::from_u64_pair(0x0190_0000_0000_7001, 1)));
    let call = Call {
        couple: OURS,
        people: [&caller, &other],
        length: Length::OneHour,
        round,
        places: &[Place::Channel],
        now: at(second),
    };
    Pause::called(before, &call).unwrap().0.state
}

fn post(place: Place, message: i64) -> Post {
    Post { place, channel: ChannelId(20), message: MessageId(message) }
}

#[tokio::test]
async fn a_pause_comes_back_as_it_was_and_the_next_takes_its_place() {
    each(async |store| {
        couple(&store, OURS, [ADA, BEN]).await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(pauses::load(&mut tx, OURS).await.unwrap(), None);
        let mut pause = called(None, ADA, 0);
        pauses::save(&mut tx, &pause).await.unwrap();
        pause.version = 1;
        assert_eq!(pauses::load(&mut tx, OURS).await.unwrap(), Some(pause.clone()));
        let seen = pause.until;
        let (step, _) = pause.drawn_out(BEN, seen, at(60)).unwrap();
        pauses::save(&mut tx, &step.state).await.unwrap();
        let end = step.state.until;
        let mut over = pauses::load(&mut tx, OURS).await.unwrap().unwrap().ended(false, &[], end).state;
        pauses::save(&mut tx, &over).await.unwrap();
        over.version = 3;
        assert_eq!(pauses::load(&mut tx, OURS).await.unwrap(), Some(over.clone()));
        let next = called(Some(over), BEN, end.duration_since(at(0)).as_secs());
        assert_eq!(next.taken.len(), 2, "what both had of that conversation");
        pauses::save(&mut tx, &next).await.unwrap();
        assert_eq!(pauses::load(&mut tx, OURS).await.unwrap().unwrap(), Pause { version: 4, ..next });
    })
    .await;
}

#[tokio::test]
async fn of_two_who_call_one_at_once_the_second_looks_again() {
    each(async |store| {
        couple(&store, OURS, [ADA, BEN]).await;
        let mut tx = store.begin().await.unwrap();
        pauses::save(&mut tx, &called(None, ADA, 0)).await.unwrap();
        let error = pauses::save(&mut tx, &called(None, BEN, 0)).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { table: "pauses", .. }) && error.may_pass(), "{error}");
    })
    .await;
}

#[tokio::test]
async fn its_cards_are_known_by_pause_and_place_and_go_with_it() {
    each(async |store| {
        couple(&store, OURS, [ADA, BEN]).await;
        couple(&store, OTHERS, [ADA, PersonId(1003)]).await;
        let (now, later) = (at(0), at(0) + SignedDuration::from_hours(5));
        let mut tx = store.begin().await.unwrap();
        pauses::save(&mut tx, &called(None, ADA, 0)).await.unwrap();
        let (hers, his) = (post(Place::Dm(ADA), 1), post(Place::Dm(BEN), 2));
        for (couple, since, post) in
            [(OURS, now, hers), (OURS, now, his), (OURS, later, hers), (OTHERS, now, post(Place::Channel, 3))]
        {
            pauses::put_post(&mut tx, couple, since, post).await.unwrap();
        }
        let anew = post(Place::Dm(BEN), 4);
        pauses::put_post(&mut tx, OURS, now, anew).await.unwrap();
        assert_eq!(pauses::posts(&mut tx, OURS, now).await.unwrap(), [hers, anew]);
        pauses::drop_posts(&mut tx, OURS, now).await.unwrap();
        assert_eq!(pauses::posts(&mut tx, OURS, now).await.unwrap(), []);
        assert_eq!(pauses::posts(&mut tx, OURS, later).await.unwrap(), [hers]);
        pauses::forget(&mut tx, OURS).await.unwrap();
        assert_eq!(pauses::load(&mut tx, OURS).await.unwrap(), None);
        assert_eq!(pauses::posts(&mut tx, OURS, later).await.unwrap(), []);
        assert_eq!(pauses::posts(&mut tx, OTHERS, now).await.unwrap(), [post(Place::Channel, 3)]);
    })
    .await;
}

use duet::store::sessions::{Seat, Session, forget, load, save};

use crate::engines::each;

#[tokio::test]
async fn each_seat_has_its_own_session_and_the_last_one_counts() {
    each(async |store| {
        let seat = Seat { api: "http://127.0.0.1:8080".into(), application: 7, shard: 0, shards: 2 };
        let elsewhere = [
            Seat { api: "https://discord.com".into(), ..seat.clone() },
            Seat { application: 8, ..seat.clone() },
            Seat { shard: 1, ..seat.clone() },
            Seat { shards: 3, ..seat.clone() },
        ];
        let mut session = Session { id: "s1".into(), sequence: 41, resume_url: "ws://127.0.0.1:8081".into() };
        assert_eq!(load(&store, &seat).await.unwrap(), None);
        save(&store, &seat, &session).await.unwrap();
        session.sequence = 42;
        session.id = "s2".into();
        save(&store, &seat, &session).await.unwrap();
        assert_eq!(load(&store, &seat).await.unwrap(), Some(session));
        for seat in &elsewhere {
            assert_eq!(load(&store, seat).await.unwrap(), None, "{seat:?}");
        }
        assert!(forget(&store, &seat).await.unwrap());
        assert!(!forget(&store, &seat).await.unwrap());
        assert_eq!(load(&store, &seat).await.unwrap(), None);
    })
    .await;
}

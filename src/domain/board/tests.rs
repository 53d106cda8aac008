use jiff::Span;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::couple::{Home, Left, Partner};
use super::super::ids::ServerId;
use super::*;
use crate::domain::conversation::Length;

const ADA: PersonId = PersonId(10);
const BEN: PersonId = PersonId(11);
const CHANNEL: ChannelId = ChannelId(1);

fn now() -> Timestamp {
    "2026-09-01T09:00:00Z".parse().unwrap()
}

fn couple(home: Home) -> Couple {
    Couple {
        id: CoupleId(Uuid::from_u128(1)),
        partners: [ADA, BEN].map(Partner::new),
        server: ServerId(1),
        home,
        opening: None,
        length: Length::default(),
        seed: 1,
        paired_at: now(),
        left: None,
        version: 1,
    }
}

fn boundary(couple: &Couple) -> Step<Item> {
    let new = New { id: ItemId(Uuid::from_u128(2)), author: ADA, kind: Kind::Boundary };
    Item::put_up(new, couple, now()).unwrap()
}

#[test]
fn what_fits_is_taken_as_typed_and_nothing_to_see_is_refused() {
    assert_eq!(words(&Words::new("  One evening alone. \n")).unwrap().expose(), "One evening alone.");
    assert!(words(&Words::new("🙂".repeat(150))).is_ok());
    assert_eq!(words(&Words::new(format!("{}x", "🙂".repeat(150)))), Err(Refusal::ItemTooLong { over: 1 }));
    assert_eq!(words(&Words::new(" \u{200b}")), Err(Refusal::ItemEmpty));
}

#[test]
fn it_goes_to_the_channel_or_to_the_others_dm_and_nowhere_without_a_home() {
    let to = |home| boundary(&couple(home)).notices;
    let item = ItemId(Uuid::from_u128(2));
    assert_eq!(to(Home::Channel(CHANNEL)), [Notice::Item { item, place: Place::Channel }]);
    assert_eq!(to(Home::Dms), [Notice::Item { item, place: Place::Dm(BEN) }]);
    let new = New { id: item, author: ADA, kind: Kind::Need };
    assert_eq!(Item::put_up(new, &couple(Home::Making), now()).unwrap_err(), Refusal::HomeInMaking);
}

#[test]
fn seeing_is_the_others_and_belongs_to_one_wording() {
    let couple = couple(Home::Dms);
    let item = boundary(&couple).state;
    assert_eq!(item.clone().seen(ADA, 1, now()).unwrap_err(), Refusal::OwnItem);
    assert_eq!(item.clone().edited(BEN, true, &couple).unwrap_err(), Refusal::NotYourItem);
    assert_eq!(item.clone().retired(BEN, now()).unwrap_err(), Refusal::NotYourItem);
    let seen = item.seen(BEN, 1, now()).unwrap().state;
    assert_eq!(seen.seen_at, Some(now()));
    let same = seen.clone().edited(ADA, false, &couple).unwrap().state;
    assert_eq!((same.wording, same.seen_at), (1, Some(now())));
    let anew = seen.edited(ADA, true, &couple).unwrap().state;
    assert_eq!((anew.wording, anew.seen_at), (2, None));
    assert_eq!(anew.clone().seen(BEN, 1, now()).unwrap_err(), Refusal::ItemReworded);
    let gone = anew.retired(ADA, now()).unwrap().state;
    assert_eq!(gone.clone().seen(BEN, 2, now()).unwrap_err(), Refusal::ItemRetired);
    let back = gone.put_back(ADA, &couple).unwrap().state;
    assert_eq!((back.wording, back.seen_at, back.is_live()), (3, None, true));
}

// ---- Which check-ins ask ----

/// Which of these days, counted from when they became a couple, have a check-in that asks.
fn asking(days: &[i64]) -> Vec<i64> {
    let at = |day: i64| now().checked_add(Span::new().hours(24 * day)).unwrap();
    let begun: Vec<Timestamp> = days.iter().copied().map(at).collect();
    (0..days.len()).filter(|last| asks_what_is_out_of_date(now(), &begun[..=*last])).map(|last| days[last]).collect()
}

#[test]
fn every_fourth_week_asks_whatever_was_skipped_or_begun_by_hand() {
    let weekly: Vec<i64> = (0..14).map(|week| 5 + 7 * week).collect();
    assert_eq!(asking(&weekly), [33, 61, 89]);
    let skipped: Vec<i64> = weekly.iter().copied().filter(|day| *day != 61).collect();
    assert_eq!(asking(&skipped), [33, 68, 96], "the next one asks, and four weeks go by from there");
    let by_hand: Vec<i64> = (5..100).collect();
    assert_eq!(asking(&by_hand), [27, 54, 81], "one each day");
    let every_second: Vec<i64> = (0..8).map(|week| 5 + 14 * week).collect();
    assert_eq!(asking(&every_second), [33, 61, 89]);
    assert_eq!(asking(&[]), [0; 0]);
}

// ---- Any sequence ----

#[derive(Clone, Copy, Debug)]
enum Move {
    Edit(PersonId, bool),
    See(PersonId, u32),
    Retire(PersonId),
    PutBack(PersonId),
    Live(Home),
    Leave,
    /// The courier reads what one notice has to say.
    Read(usize),
    /// And sends it: it arrives, is held, or meets closed DMs.
    Send(usize, Option<Unposted>),
    /// Somebody removes what stands.
    Remove,
}

fn moves() -> impl Strategy<Value = Move> {
    let who = || prop::sample::select(vec![ADA, ADA, BEN]);
    let home = prop::sample::select(vec![Home::Channel(CHANNEL), Home::Channel(ChannelId(2)), Home::Dms, Home::Nowhere]);
    let how = prop::sample::select(vec![
        None,
        None,
        None,
        Some(Unposted::Closed),
        Some(Unposted::Held(Hold::OthersCanSee)),
        Some(Unposted::Held(Hold::NoAccess)),
    ]);
    prop_oneof![
        4 => (who(), any::<bool>()).prop_map(|(who, changed)| Move::Edit(who, changed)),
        4 => (who(), 0_u32..3).prop_map(|(who, behind)| Move::See(who, behind)),
        2 => who().prop_map(Move::Retire),
        2 => who().prop_map(Move::PutBack),
        2 => home.prop_map(Move::Live),
        1 => Just(Move::Leave),
        8 => (0_usize..4).prop_map(Move::Read),
        8 => ((0_usize..4), how).prop_map(|(at, how)| Move::Send(at, how)),
        1 => Just(Move::Remove),
    ]
}

/// An item, its notices on their way with what was read for each, and what stands in Discord.
struct World {
    item: Item,
    couple: Couple,
    on_their_way: Vec<(Notice, Option<Item>)>,
    stands: Vec<(Spot, Shown)>,
    seen: Option<u32>,
    messages: i64,
    /// Whether the message could not be brought up to date.
    behind: bool,
}

impl World {
    fn keep(&mut self, step: Step<Item>) {
        self.item = step.state;
        let sent = step.notices.into_iter().filter(|notice| !matches!(notice, Notice::ItemNotPosted { .. }));
        self.on_their_way.extend(sent.map(|notice| (notice, None)));
    }

    fn act(&mut self, one: Move) {
        let item = self.item.clone();
        match one {
            Move::Edit(who, changed) => {
                if let Ok(step) = item.edited(who, changed, &self.couple) {
                    assert_eq!(who, ADA);
                    self.keep(step);
                }
            }
            Move::See(who, behind) => {
                let wording = self.item.wording.saturating_sub(behind);
                if let Ok(step) = item.seen(who, wording, now()) {
                    assert_eq!((who, behind), (BEN, 0));
                    self.seen = Some(wording);
                    self.keep(step);
                }
            }
            Move::Retire(who) => {
                if let Ok(step) = item.retired(who, now()) {
                    assert_eq!(who, ADA);
                    self.keep(step);
                }
            }
            Move::PutBack(who) => {
                if let Ok(step) = item.put_back(who, &self.couple) {
                    assert_eq!(who, ADA);
                    self.keep(step);
                }
            }
            Move::Live(home) => self.couple.home = home,
            Move::Leave => self.couple.left = Some(Left { by: BEN, at: now() }),
            Move::Read(at) => {
                let item = self.item.clone();
                if let Some((_, read)) = self.on_their_way.get_mut(at) {
                    *read = Some(item);
                }
            }
            Move::Send(at, how) => self.send(at, how),
            Move::Remove => self.stands.clear(),
        }
    }

    fn send(&mut self, at: usize, how: Option<Unposted>) {
        if self.on_their_way.get(at).is_none_or(|(_, read)| read.is_none()) {
            return;
        }
        let (notice, read) = self.on_their_way.remove(at);
        let (item, read) = (self.item.clone(), read.unwrap());
        let shown = read.shown();
        match notice {
            Notice::Item { place, .. } => {
                let how = if shown.retired || self.couple.left.is_some() { Some(Unposted::Moot) } else { how };
                let elsewhere = super::place(&self.couple, ADA) != Some(place);
                let how = if how.is_none() && elsewhere { Some(Unposted::Held(Hold::ChannelGone)) } else { how };
                if let Some(how) = how {
                    return self.keep(item.unposted(how, &self.couple));
                }
                self.messages += 1;
                let channel = self.couple.channel().unwrap_or(ChannelId(7));
                let spot = Spot { place, channel, message: MessageId(self.messages) };
                self.stands.push((spot, shown));
                self.behind = false;
                self.keep(item.posted(spot, Some(shown)));
            }
            Notice::ItemEdit { .. } => {
                let Posting::Stands(spot) = read.posting else { return };
                if self.couple.left.is_some() {
                    return;
                }
                if let Some(Unposted::Held(why)) = how.filter(|_| !shown.retired) {
                    self.behind = true;
                    return self.keep(item.held(why, &self.couple));
                }
                let Some(found) = self.stands.iter_mut().find(|(stands, _)| *stands == spot) else {
                    return self.keep(item.gone(spot, &self.couple));
                };
                if self.couple.home_is(spot.channel, spot.place) || shown.retired {
                    found.1 = shown;
                    self.behind = false;
                    return self.keep(item.says(Some(shown)));
                }
                // Its words are taken out of it.
                found.1.retired = true;
                self.keep(item.gone(spot, &self.couple));
            }
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn one_message_says_what_stands_and_only_the_other_has_seen_it(moves in prop::collection::vec(moves(), 0..60)) {
        let couple = couple(Home::Channel(CHANNEL));
        let step = boundary(&couple);
        let mut world = World {
            item: step.state.clone(), couple, on_their_way: Vec::new(), stands: Vec::new(), seen: None, messages: 0,
            behind: false,
        };
        world.keep(step);
        for one in moves {
            world.act(one);
            let posts = world.on_their_way.iter().filter(|(notice, _)| matches!(notice, Notice::Item { .. })).count();
            prop_assert_eq!(posts, usize::from(world.item.posting == Posting::OnItsWay), "after {:?}", one);
            let seen = world.item.seen_at.is_some();
            prop_assert!(!seen || (world.item.is_live() && world.seen == Some(world.item.wording)), "after {:?}", one);
        }
        // Whatever is on its way arrives.
        for _ in 0..1_000 {
            if world.on_their_way.is_empty() {
                break;
            }
            world.act(Move::Read(0));
            world.act(Move::Send(0, None));
        }
        prop_assert!(world.on_their_way.is_empty(), "it ends");
        if let Posting::Stands(spot) = world.item.posting {
            let others = world.stands.iter().filter(|(stands, shown)| *stands != spot && !shown.retired).count();
            prop_assert_eq!(others, 0, "no other message has words");
            let says = world.stands.iter().find(|(stands, _)| *stands == spot).map(|(_, shown)| *shown);
            if world.couple.left.is_none() && !world.behind {
                prop_assert!(says.is_none_or(|says| says == world.item.shown()), "{:?}", says);
            }
        }
    }
}

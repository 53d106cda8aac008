//! An item's message: where the other finds it and nobody else, once, and what it says when the item has moved on.

use duet::rehearsal::{FaultKind, Match, permissions};
use serde_json::json;

use super::{BOUNDARY, DAY, HOUR, NO_LONGER, NOT_POSTED, PUT_UP, opens, puts_up, stands, words_kept};
use crate::story::{Actor, Story, reads, story};

#[tokio::test]
async fn where_they_meet_in_their_dms_it_comes_to_the_others_and_closed_dms_are_told_to_nobody() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple_in_dms("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        puts_up(&ada, BOUNDARY).await?;
        reads!(ada.reads(), @r"
        — DM · Duet · only you see this —
        │ **On your board.** @Ben finds it in their DM with me, or with `/board list`. They may press `I see this`; nothing has to follow.
        │
        │ **A boundary of @Ada**
        │ > I don't read your phone, and you don't read mine.
        │
        │ -# Not feeling safe? /safety
        [Edit] [Retire] [Look at the board]
        ");
        reads!(ben.reads(), @r"
        — DM · Duet —
        @Ada put something on your board.
        │ **A boundary of @Ada**
        │ > I don't read your phone, and you don't read mine.
        │
        │ -# Seeing is not agreeing.
        [*I see this*]
        ");
        ben.click("I see this").await?;
        assert!(ada.run("/board list").await?.says("1 · yours · seen"));
        ben.person.close_dms();
        ada.reads();
        let reply = puts_up(&ada, "Sundays before noon are mine.").await?;
        assert!(reply.says("@Ben finds it in their DM with me, or with `/board list`."), "{}", reply.text());
        assert_eq!(ada.sees(NOT_POSTED), 0);
        assert!(!ben.ever_saw("before noon"));
        // What was posted is changed in its place; what was not is posted by an edit once it can be.
        ben.person.open_dms();
        ben.reads();
        ben.run("/board list").await?;
        reads!(ben.reads(), @r"
        — DM · Duet · only you see this —
        │ **Your board, with @Ada**
        │
        │ **Boundaries**
        │ 1 · @Ada · seen
        │ > I don't read your phone, and you don't read mine.
        │ 2 · @Ada
        │ > Sundays before noon are mine.
        │
        │ -# Not feeling safe? /safety
        [I see this ▾ 2 · boundary]
        ");
        ben.select("I see this", &["2 · boundary"]).await?;
        assert!(ada.run("/board list").await?.text().matches("seen").count() == 2);
        opens(&ada, "2 · boundary").await?;
        ada.click("Edit").await?.write("Sundays before noon are mine.").await?;
        assert_eq!((stands(&ben, "before noon"), stands(&ada, "before noon")), (1, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_the_others_quiet_hours_it_makes_no_sound() {
    for in_dms in [false, true] {
        story(async |s: &Story| {
            let (ada, ben) = if in_dms { s.couple_in_dms("Ada", "Ben").await? } else { s.couple("Ada", "Ben").await? };
            ben.run("/settings zone:Auckland").await?;
            puts_up(&ada, BOUNDARY).await?;
            let told: Vec<_> = ben.person.notifications().into_iter().filter(|one| one.text.contains(PUT_UP)).collect();
            assert_eq!(told.iter().map(|one| one.silent).collect::<Vec<_>>(), [true]);
            assert!(!told[0].text.contains("phone"));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn where_somebody_else_could_read_it_it_stands_on_the_board_alone() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        let eve = s.person("Eve");
        puts_up(&ada, "I tell you before I lend money.").await?;
        s.home.allow_view(&s.place(), &eve.person);
        s.bot_has_heard().await?;
        ada.reads();
        ben.reads();
        puts_up(&ada, BOUNDARY).await?;
        let read = ada.reads();
        let dm = read.split_once("— DM").ok_or("no DM")?.1;
        reads!(dm, @r"
         · Duet —
        A word about your place.
        │ I did not post what you put on your board: your channel can now be seen by somebody besides the two of you. It is on the board all the same: `/board list` shows it to each of you, and to nobody else.
        │
        │ Once it is only yours again, `Edit` in that list posts it. Or meet in your DMs: `Move to our DMs` takes both of you.
        [Look at the board] [Move to our DMs]
        ");
        assert_eq!(ben.reads(), "");
        // The one that stands there already keeps its old words rather than show new ones.
        opens(&ada, "1 · boundary").await?;
        ada.click("Edit").await?.write("I ask you before I lend money.").await?;
        assert!(!eve.ever_saw("phone") && !eve.ever_saw("I ask you before"));
        assert_eq!(ada.sees(NOT_POSTED), 2);
        // Each of the two finds both.
        ben.run("/board list").await?;
        let page = ben.message("Your board, with @Ada")?;
        assert!(page.text.contains(BOUNDARY) && page.text.contains("I ask you before I lend money."), "{page}");
        assert!(ben.select("I see this", &["2 · boundary"]).await?.says("You have seen this."));
        // Taken out it is at any time.
        opens(&ada, "1 · boundary").await?;
        ada.click("Retire").await?;
        assert_eq!(stands(&ben, "lend money"), 0);
        s.home.clear_overwrite(&s.place(), &eve.person);
        s.bot_has_heard().await?;
        opens(&ada, "1 · boundary").await?;
        ada.click("Edit").await?.write(BOUNDARY).await?;
        assert_eq!(stands(&ben, BOUNDARY), 1);
        assert!(ada.run("/board list").await?.says("1 · yours · seen"), "the words are the same");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn whatever_is_wrong_with_the_place_its_author_reads_what_to_mend() {
    type Wrong = fn(&Story, &Actor<'_>);
    let wrongs: [(Wrong, Option<&str>); 3] = [
        (|s, ben| s.home.remove(&ben.person), Some("one of you is no longer in your channel")),
        (
            |s, _| {
                let bot = duet::rehearsal::Target::User(s.rehearsal.bot_id());
                s.home.set_overwrite(&s.place(), bot, permissions::VIEW_CHANNEL, permissions::SEND_MESSAGES);
            },
            Some("I'm missing *Send Messages* in your channel"),
        ),
        // That is told to both, with their ways on.
        (|s, _| s.home.delete_channel(&s.place()), None),
    ];
    for (wrong, told) in wrongs {
        story(async |s: &Story| {
            let (ada, ben) = s.couple("Ada", "Ben").await?;
            ada.person.go_dm();
            // It is on the board, and then it happens, before anything is sent.
            ada.person.run(&format!("/board add kind:boundary text:{BOUNDARY}")).await?;
            wrong(s, &ben);
            s.settle().await?;
            match told {
                Some(told) => {
                    let dm = ada.hears(NOT_POSTED).await?;
                    assert!(dm.text.contains(told) && dm.has_button("Look at the board") && dm.place == "DM", "{dm}");
                    assert!(!dm.text.contains("phone"));
                }
                None => {
                    ada.hears("I can't find your channel any more").await?;
                    assert_eq!(ada.sees(NOT_POSTED), 0);
                }
            }
            assert!(!ben.ever_saw("phone") && !ben.ever_saw(NOT_POSTED));
            assert!(ada.run("/board list").await?.says(BOUNDARY));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn told_twice_cut_off_or_stopped_in_between_one_message_says_what_stands() {
    for in_dms in [false, true] {
        story(async |s: &Story| {
            let (ada, ben) = if in_dms { s.couple_in_dms("Ada", "Ben").await? } else { s.couple("Ada", "Ben").await? };
            ada.person.run(&format!("/board add kind:boundary text:{BOUNDARY}")).await?;
            s.restart().await?;
            s.rehearsal.redeliver_last_interaction().await;
            s.settle().await?;
            assert_eq!((s.count("items").await, stands(&ben, BOUNDARY)), (1, 1));
            // Posted, and the answer lost; edited and retired before the next try.
            s.faults().on(Match::new("POST", "/messages").with_body(PUT_UP), FaultKind::CutAfter);
            ada.run("/board add kind:need text:The window seat is mine.").await?;
            opens(&ada, "2 · need").await?;
            ada.click("Edit").await?.write("The window seat is mine on trains.").await?;
            s.passes(HOUR * 2).await?;
            assert_eq!((stands(&ben, "window seat"), stands(&ben, "mine on trains")), (1, 1));
            s.faults().on(Match::new("POST", "/messages").with_body(PUT_UP), FaultKind::CutAfter);
            ada.run("/board add kind:need text:The blue cup is mine.").await?;
            assert_eq!(stands(&ben, "blue cup"), 1);
            opens(&ada, "3 · need").await?;
            ada.click("Retire").await?;
            s.passes(HOUR * 2).await?;
            assert_eq!((stands(&ben, "blue cup"), stands(&ben, NO_LONGER)), (0, 1));
            Ok(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_discord_keeps_refusing_stands_on_the_board_and_its_author_is_told() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        for _ in 0..duet::courier::TRIES {
            let post = Match::new("POST", "/messages").with_body(PUT_UP);
            s.faults().on(post, FaultKind::Status { code: 400, before_applying: true });
        }
        puts_up(&ada, BOUNDARY).await?;
        for _ in 0..duet::courier::TRIES {
            s.passes(HOUR * 2).await?;
        }
        assert_eq!((stands(&ben, BOUNDARY), ada.sees(NOT_POSTED), words_kept(s).await), (0, 1, 1));
        opens(&ada, "1 · boundary").await?;
        ada.click("Edit").await?.write(BOUNDARY).await?;
        assert_eq!(stands(&ben, BOUNDARY), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_message_that_is_gone_or_left_behind_is_posted_anew_when_its_words_change() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        puts_up(&ada, BOUNDARY).await?;
        let gone = FaultKind::Answer { status: 404, body: json!({ "code": 10_008, "message": "Unknown Message" }) };
        s.faults().on(Match::new("PATCH", "/messages"), gone);
        opens(&ada, "1 · boundary").await?;
        ada.click("Edit").await?.write("I read no phone but mine.").await?;
        assert_eq!(stands(&ben, "I read no phone but mine."), 1);
        // They move to their DMs: nothing comes along by itself, and what changes stands where they live.
        ben.click("Move to our DMs").await?;
        ada.click("Agree").await?;
        assert_eq!(stands(&ben, "I read no phone but mine."), 1);
        opens(&ada, "1 · boundary").await?;
        ada.click("Edit").await?.write("I read no phone but my own.").await?;
        assert_eq!((stands(&ben, "but mine."), stands(&ben, "but my own.")), (0, 1));
        assert_eq!(ben.message("but my own.")?.place, "DM");
        assert_eq!(stands(&ben, "This stands elsewhere by now"), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn in_a_couple_that_ended_meanwhile_nothing_is_posted_or_edited() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        puts_up(&ada, "I tell you before I lend money.").await?;
        ben.run("/unpair").await?;
        let (_, leave) = ben.button("Leave")?;
        let card = ben.message("Leave your couple with @Ada?")?.id;
        ben.reads();
        // Put up and retired, and left before any of it was sent.
        let own = ada.button("Retire")?;
        s.is_private(BOUNDARY);
        ada.person.run(&format!("/board add kind:boundary text:{BOUNDARY}")).await?;
        ada.person.click_custom(own.0, &own.1).await?;
        ben.click_custom(card, &leave).await?;
        s.passes(DAY).await?;
        assert!(!ben.ever_saw("phone"));
        assert_eq!((stands(&ben, "lend money"), stands(&ben, NO_LONGER)), (1, 0), "that would be an alarm");
        assert_eq!(ada.sees(NOT_POSTED), 0);
        Ok(())
    })
    .await;
}

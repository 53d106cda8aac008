//! What anybody can read at any time: help, privacy, safety. Private, everywhere they should work.

use crate::story::{reads, story};

#[tokio::test]
async fn help_is_one_screen() {
    story(async |s| {
        let ada = s.person("Ada");
        ada.reads();
        ada.run("/help").await?;
        reads!(ada.reads(), @r"
        — #general · Duet · only you see this —
        │ **Duet asks two people one question, keeps both answers sealed, and opens them together.**
        │ `/pair with:` invites someone. In servers only.
        │ `/ask` brings a question. Add `theme:`, `depth:`, or your own `question:`.
        │ On the card: `Answer` writes in private. `Pass` needs no reason. `Another question` swaps it while nothing is sealed. `Why this one?` tells what it is for, and offers a minute to settle.
        │ After `Answer`: `Edit` and `Take back`, until both are in.
        │ `/checkin schedule` proposes a weekly check-in; `now`, `skip`, `away` and `status` are there, too. `/insights` draws what opened.
        │ `/board add` puts up a boundary, need, goal or interest for the other to see; `/board list` shows what stands.
        │ Under a reveal: `Mirror` says what you heard, `Appreciate` one specific thing. `Skip` is on every step, and `Close` ends it.
        │ `/pause` a break with a time of return: alone, without a reason. Nothing is lost meanwhile.
        │ In the menu of a message of mine, under `Apps`: `Keep this` saves what opened for you alone, and `/kept` lists it; `Remove my words` takes away what you wrote there.
        │ `/settings` your zone, quiet hours, nudges, depth, themes, time to answer, how far conversations go.
        │ `/reflect now` is for you alone: a practice of a minute or three. `/journal` keeps what you write there, `/journal export` sends it to you as files.
        │ `/unpair` leaves: at once, alone.
        │ `/privacy` what is stored, and who can read it.
        │ `/safety` help that is private and not recorded.
        │
        │ -# Not feeling safe? /safety
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn privacy_is_honest() {
    story(async |s| {
        let ada = s.person("Ada");
        ada.reads();
        ada.run("/privacy").await?;
        reads!(ada.reads(), @r"
        — #general · Duet · only you see this —
        │ **What is stored.** Who invited and is paired with whom, your settings, which questions, check-ins and conversations you had, your last pause, and what you wrote and tapped, on your board, too. Your journal, which practices you had lately, and when they come.
        │ **How.** Answers, ratings, questions in your own words, what you write in conversations and what stands on your board are encrypted on disk, under a key per person and couple; your journal under a key of your own. Deleting the key deletes the words. Settings, dates and names of practices are not encrypted.
        │ **Who can read it.** Before both have answered: you. After: both of you. Your journal and your practices: you, and your partner is not told that there are any. A passage that you choose to share, and your board: both of you. This is not end-to-end: Discord carries every word, and whoever runs this bot could read all of it. In a channel, the server's administrators can look in. What opens can be kept or photographed; what you keep with `Keep this` only you are shown.
        │ **For how long.** An answer that never opened: 7 days after its question closed. Opened answers and all else of a couple: as long as you are one, and 30 days after one of you leaves; then it is deleted, and the keys destroyed. Invitations: 37 days. Your journal: until you delete it, in a couple or not. Which practices you had: 60 days. Your settings: until you delete your data. Backups keep what they hold, and Discord what stands there, until it is deleted there.
        │ **What never happens.** No AI reads anything. No text is scanned. No analytics. Nothing is shared with anybody else.
        │ **Yours.** `Export my data` sends you, by DM, what you wrote with your partners and what opened to you; `/journal export` your journal. `Remove my words`, in the menu of a message of mine, destroys what you wrote there. `Delete my data` deletes everything of yours, your journal included. Each takes you alone.
        │
        │ -# Not feeling safe? /safety
        [Export my data] [Delete my data]
        ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn safety_says_where_to_turn() {
    story(async |s| {
        let ada = s.person("Ada");
        ada.reads();
        ada.run("/safety").await?;
        reads!(ada.reads(), @r#"
        — #general · Duet · only you see this —
        │ **This is only for you, and nothing about it is recorded.**
        │ Duet is not therapy, and it is not made for when you are afraid of your partner. You owe nobody an answer here: you can pass, or leave with `/unpair`, at once and alone.
        │
        │ **In danger now?** Call your local emergency number: 112 in Europe and on most mobile phones, 911 in North America, 999 in the UK, 000 in Australia.
        │ **Somebody to talk to, anywhere:** findahelpline.com lists helplines by country; nomoredirectory.org lists help against violence at home in more than 200 countries and territories.
        │ **A few by country:** United States 1-800-799-7233 · United Kingdom 0808 2000 247 · Germany 116 016 · France 3919 · Spain 016 · Australia 1800 737 732
        │
        │ If this device may be watched, use a safer one: a friend's phone, a library's computer.
        │
        │ -# Not feeling safe? /safety
        "#);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_texts_are_read_in_private_in_a_server_and_in_the_dm() {
    story(async |s| {
        let ada = s.person("Ada");
        for command in ["/help", "/privacy", "/safety", "/settings", "/unpair", "/ask"] {
            ada.person.go(&s.home.general());
            assert!(ada.run(command).await?.heard.private()?.private, "{command} in a server");
            ada.person.go_dm();
            assert!(ada.run(command).await?.heard.private()?.private, "{command} in the DM");
        }
        assert!(ada.run("/pair with:@Olga").await.is_err(), "couples are made in servers");
        // Somebody who brought the bot along for themself, in no server with it.
        let zoe = s.rehearsal.person("Zoe");
        zoe.installs();
        for command in ["/help", "/privacy", "/safety", "/settings", "/unpair"] {
            assert!(zoe.run(command).await?.private()?.private, "{command} by user install");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn safety_and_help_are_offered_everywhere_and_pairing_in_servers_only() {
    story(async |s| {
        let contexts = |name: &str| {
            let commands = s.rehearsal.commands();
            let command = commands.iter().find(|command| command["name"] == name).cloned().unwrap_or_default();
            (command["contexts"].to_string(), command["integration_types"].to_string())
        };
        // 0 servers, 1 the DM with the bot, 2 other DMs; 0 for servers, 1 for users.
        assert_eq!(contexts("safety"), ("[0,1,2]".into(), "[0,1]".into()));
        assert_eq!(contexts("help"), ("[0,1,2]".into(), "[0,1]".into()));
        assert_eq!(contexts("privacy"), ("[0,1]".into(), "[0,1]".into()));
        assert_eq!(contexts("settings"), ("[0,1]".into(), "[0,1]".into()));
        assert_eq!(contexts("unpair"), ("[0,1]".into(), "[0,1]".into()));
        assert_eq!(contexts("pair"), ("[0]".into(), "[0]".into()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn safety_leaves_nothing_in_the_log() {
    story(async |s| {
        let ada = s.person("Ada");
        let before = s.log_mark();
        ada.run("/safety").await?;
        let said = s.logged_since(before);
        assert!(!said.contains("safety") && !said.contains(&ada.person.id().to_string()), "{said}");
        let before = s.log_mark();
        ada.run("/help").await?;
        assert!(s.logged_since(before).contains(&ada.person.id().to_string()), "while others do leave something");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_private_reply_carries_the_way_to_safety() {
    story(async |s| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.run("/help").await?;
        ada.run("/privacy").await?;
        ada.run("/safety").await?;
        ada.run("/settings").await?;
        ada.run("/unpair").await?;
        ada.run("/pair with:@Ben").await?;
        ada.run("/ask").await?;
        ada.run("/ask").await?;
        ada.click("Why this one?").await?;
        ada.click("A minute first").await?;
        ada.click("Pass").await?;
        ada.answers("One evening alone.").await?;
        ada.click("Answer").await?;
        ben.click("Another question").await?;
        let private: Vec<_> = ada.person.screen().into_iter().chain(ben.person.screen()).filter(|card| card.private).collect();
        assert!(private.len() > 10);
        for card in private {
            assert!(card.text.contains("Not feeling safe? /safety"), "{card}");
        }
        Ok(())
    })
    .await;
}

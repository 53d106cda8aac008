//! Weekly check-ins: agreed by both, rated in private, opened together.

use jiff::SignedDuration;

use crate::story::{Actor, Story, Told, story};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Both agree to Sundays at 19:00 in Berlin. Stories begin on a Tuesday.
pub async fn weekly(ada: &Actor<'_>, ben: &Actor<'_>) -> Told {
    ada.run("/checkin schedule zone:Europe/Berlin").await?;
    ben.click("Agree").await?;
    Ok(())
}

/// Taps five ratings and sends three lines.
pub async fn checks_in(who: &Actor<'_>, ratings: [&str; 5], lines: [&str; 3]) -> Told {
    who.click("Answer").await?;
    for rating in &ratings[..4] {
        who.click(rating).await?;
    }
    let page = who.click(ratings[4]).await?;
    let names: Vec<String> = (0..3).map(|number| format!("field{number}")).collect();
    let fields = names.into_iter().zip(lines).map(|(name, line)| (name, line.to_owned())).collect();
    page.forge(fields).await?;
    Ok(())
}

#[tokio::test]
async fn a_check_in_from_the_proposal_to_the_reveal() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        ada.reads();
        ben.reads();
        weekly(&ada, &ben).await?;
        println!("{}", ada.reads());
        println!("{}", ben.reads());
        s.passes(DAY * 6).await?;
        s.restart().await?;
        println!("{}", ada.reads());
        ben.reads();
        checks_in(
            &ada,
            ["4", "5", "Skip", "3", "2"],
            ["Your soup on Monday.", "An hour alone on Saturday.", "I finished the shelf."],
        )
        .await?;
        println!("{}", ada.reads());
        assert!(!ben.ever_saw("soup on Monday"));
        ben.reads();
        checks_in(&ben, ["2", "3", "4", "4", "5"], ["You waited for me.", "More sleep.", "The long run."]).await?;
        println!("{}", ben.reads());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn insights_come_with_their_picture_and_without_attach_files_in_words() {
    story(async |s: &Story| {
        let (ada, ben) = s.couple("Ada", "Ben").await?;
        assert!(ada.run("/insights").await?.says("nothing to show yet"));
        ada.run("/checkin now").await?;
        checks_in(&ada, ["4", "5", "Skip", "3", "2"], ["Your soup on Monday.", "", ""]).await?;
        assert_eq!(ben.person.pictures().len(), 0);
        checks_in(&ben, ["2", "3", "4", "4", "5"], ["You waited for me.", "", ""]).await?;
        assert_eq!(ben.person.pictures().len(), 1);
        s.restart().await?;
        assert!(ada.run("/insights").await?.says("solid is at 4; dashed at 2"));
        assert_eq!(ada.person.pictures().len(), 2, "beside the reveal, and in private");
        s.passes(DAY).await?;
        s.home.role_permissions(s.home.id(), (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16) | (1 << 31));
        s.home.bot_permissions((1 << 4) | (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16));
        ada.run("/checkin now").await?;
        checks_in(&ada, ["5", "5", "5", "5", "5"], ["", "", ""]).await?;
        checks_in(&ben, ["1", "1", "1", "1", "1"], ["", "", ""]).await?;
        assert_eq!(ben.sees("Both answers are here."), 2);
        assert!(ben.ever_saw("solid went from 4 to 5; dashed from 2 to 1"));
        assert_eq!(ben.person.pictures().len(), 1);
        Ok(())
    })
    .await;
}

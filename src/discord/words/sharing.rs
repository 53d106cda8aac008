//! What people read about a passage that one of them shares. Where it comes from is told to nobody but its author.

use super::name;
use crate::domain::couple::Couple;
use crate::domain::ids::PersonId;
use crate::domain::passage::LONGEST;
use crate::domain::visibility::Hold;

pub fn nobody_yet() -> &'static str {
    "There is nobody here to share it with, and that is fine: it is yours. If you would like to one day, `/pair` in a server invites \
     someone."
}

pub fn title() -> &'static str {
    "Share a passage"
}

pub fn above(partner: PersonId) -> String {
    format!(
        "For {}. Keep the part that you want them to read, or say it anew. Nothing is posted before you have seen it.",
        name(partner)
    )
}

/// `cut`: the entry has more than fits.
pub fn below(cut: bool) -> String {
    let most = LONGEST.to_string();
    let (thousands, rest) = most.split_at(most.len() - 3);
    let cut = if cut { " Yours has more, so this is its beginning." } else { "" };
    format!("Up to {thousands},{rest} characters.{cut} Your entry stays as it is.")
}

/// Above the words, exactly as they would be posted.
pub fn preview(couple: &Couple, who: PersonId) -> String {
    let partner = name(couple.other(who));
    format!(
        "**Share this with {partner}?** It would stand {}, just as it does here, with your name and nothing of where it comes from. What is \
         posted can be kept or photographed.",
        place(couple)
    )
}

fn place(couple: &Couple) -> String {
    couple.channel().map_or_else(|| "in the DMs of both of you".into(), |channel| format!("in your channel <#{channel}>"))
}

pub fn moved(couple: &Couple) -> String {
    format!("Your place is another one by now: it would stand {}. So I ask once more.", place(couple))
}

pub fn on_its_way(couple: &Couple) -> String {
    format!("On its way: it will stand {}. The rest stays yours alone.", place(couple))
}

pub fn kept_to_yourself() -> &'static str {
    "Kept to yourself. Nothing was shown, and nothing of it was stored."
}

/// The plain line of the post.
pub fn shared(author: PersonId) -> String {
    format!("{} shared something.", name(author))
}

/// The same in their own DM.
pub fn you_shared(partner: PersonId) -> String {
    format!("You shared this with {}.", name(partner))
}

pub fn listening() -> &'static str {
    "**How to listen**\nRead it slowly, and once more. It asks for no answer and no advice. If you would like to say something, say what \
     you heard first. You don't have to agree."
}

/// Why nothing private is posted in their channel at this moment, to one of the two. `missing`: the permission that Duet lacks.
pub(super) fn unfit(hold: Hold, missing: &str) -> String {
    match hold {
        Hold::OthersCanSee => "your channel can now be seen by somebody besides the two of you".into(),
        Hold::NotBothThere => "one of you is no longer in your channel, or in its server".into(),
        Hold::NoAccess => format!("I'm missing {missing} in your channel"),
        Hold::ChannelGone => "your channel is gone, or no longer your place".into(),
    }
}

/// To its author alone. `missing`: the permission that Duet lacks. `may_move`: their home could be their DMs.
pub fn not_shown(hold: Hold, missing: &str, may_move: bool) -> String {
    let why = unfit(hold, missing);
    let mend = match hold {
        Hold::OthersCanSee => "Once it is only yours again, you can share it anew.",
        Hold::NotBothThere => "Once you both are, you can share it anew.",
        Hold::NoAccess => "Once an admin has given me that, you can share it anew.",
        Hold::ChannelGone => "Where you meet now, you can share it anew.",
    };
    let or = if may_move { " Or meet in your DMs: `Move to our DMs` takes both of you." } else { "" };
    format!(
        "I did not post what you wanted to share: {why}. Nothing was shown, and nobody else is told that there was anything. I have not kept \
         the passage; your journal is as it was.\n\n{mend}{or}"
    )
}

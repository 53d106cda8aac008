//! What people read about what is kept of them: the short form, what `Export my data` and `Delete my data` say.

use super::DELETE_WORD;
use crate::flows::privacy::Receipt;

/// In the place of words that are gone.
pub fn removed() -> &'static str {
    "*removed by its author*"
}

pub fn privacy() -> &'static str {
    "**What is stored.** Who invited and is paired with whom, your settings, which questions, check-ins and conversations you had, your last pause, and \
     what you wrote and tapped, on your board, too. Your journal, which practices you had lately, and when they come.\n\
     **How.** Answers, ratings, questions in your own words, what you write in conversations and what stands on your board are encrypted on disk, under a key per person and couple; your journal \
     under a key of your own. Deleting the key deletes the words. Settings, dates and names of practices are not encrypted.\n\
     **Who can read it.** Before both have answered: you. After: both of you. Your journal and your practices: you, and your partner is \
     not told that there are any. A passage that you choose to share, and your board: both of you. This is not end-to-end: Discord carries every word, \
     and whoever runs this bot could read all of it. In a channel, the server's administrators can look in. What opens can be kept or \
     photographed; what you keep with `Keep this` only you are shown.\n\
     **For how long.** An answer that never opened: 7 days after its question closed. Opened answers and all else of a couple: as long \
     as you are one, and 30 days after one of you leaves; then it is deleted, and the keys destroyed. Invitations: 37 days. Your \
     journal: until you delete it, in a couple or not. Which practices you had: 60 days. Your settings: until you delete your data. \
     Backups keep what they hold, and Discord what stands there, until it is deleted there.\n\
     **What never happens.** No AI reads anything. No text is scanned. No analytics. Nothing is shared with anybody else.\n\
     **Yours.** `Export my data` sends you, by DM, what you wrote with your partners and what opened to you; `/journal export` your journal. `Remove my words`, in the \
     menu of a message of mine, destroys what you wrote there. `Delete my data` deletes everything of yours, your journal included. Each takes \
     you alone."
}

// ---- Export ----

pub fn on_its_way() -> &'static str {
    "It is on its way to you by DM: one file, `duet.zip`. If none arrives in a few minutes, let members of a server that we share send \
     you DMs, then press `Export my data` again.\n\nThe file stays in that chat until you delete it there. If somebody else may look \
     into your Discord, keep it somewhere safer and delete that message."
}

pub fn rest_on_its_way() -> &'static str {
    "The next part is on its way, in this chat."
}

/// What a lock screen shows.
pub fn file_here() -> &'static str {
    "Here is your file."
}

pub fn file(part: u32, more: bool) -> String {
    let what = match (part, more) {
        (1, false) => "What you asked for is in `duet.zip`; its `README.md` says what is what.".to_owned(),
        (part, true) => format!(
            "This is part {part} of what you asked for: it is too much for one file. `Send the next part` brings more, whenever you like."
        ),
        (part, false) => format!("This is part {part} of what you asked for, and the last."),
    };
    format!("{what}\n\n-# It stays in this chat until you delete it here.")
}

// ---- Delete ----

pub fn delete_above() -> String {
    format!(
        "At once, and for good:\n\
         - You leave every couple, as with `/unpair`: without an alarm to the other. What never opened stays shut.\n\
         - Your answers, ratings, questions, shared passages and what you put on a board go, and their keys. Where I still show one to the other, it says “removed by its \
         author”. Their own words stay theirs.\n\
         - Your journal and its key, your practices and when they come.\n\
         - Your settings, and what you proposed. Invitations you sent are withdrawn; those that wait for you are declined, and nobody \
         is told. `No more invitations` goes as well: you can be invited again.\n\
         What stands in Discord stays until it is deleted there. For a copy, press `Export my data` first.\n\n\
         Type `{DELETE_WORD}` if you mean it."
    )
}

pub fn deleted(receipt: &Receipt) -> String {
    let counts = [
        (receipt.couples, "couple left", "couples left"),
        (receipt.answers, "answer", "answers"),
        (receipt.questions, "question in your own words", "questions in your own words"),
        (receipt.entries, "journal entry", "journal entries"),
        (receipt.passages, "shared passage", "shared passages"),
        (receipt.items, "item on your board", "items on your board"),
        (receipt.invitations, "invitation withdrawn", "invitations withdrawn"),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more })).collect();
    let mut text = "Done. Your words, your settings and whatever else was yours alone are gone, for good. That you were part of a couple is \
                    forgotten in 30 days, the dates of invitations in 37."
        .to_owned();
    if !counts.is_empty() {
        text.push_str(&format!("\n{}", counts.join(" · ")));
    }
    text.push_str(
        "\n\nWhat stands in Discord, a file that I sent you among it, stays there until it is deleted there. Backups hold what they held, \
         still encrypted, until whoever runs this bot throws them away. If you come back, you begin anew.",
    );
    if receipt.typed {
        text.push_str("\n\nWhat you typed stays in our chat until you delete it there. A tick under it means nothing any more.");
    }
    if !receipt.from_disk {
        text.push_str("\n-# Encrypted remains leave the disk by themselves in a few minutes: the database is just being read.");
    }
    text
}

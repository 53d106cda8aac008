//! What one person reads about what they typed in the DM. Nobody else ever does.

use super::reflections;
use crate::flows::journal::Deleted;
use crate::flows::typing::Gone;

pub fn kept() -> &'static str {
    "**In your journal.** What has a tick is in it. Only you can read it, with `/journal read`."
}

/// The first tick and every deletion receipt say so.
pub fn stays_in_chat() -> &'static str {
    "What you typed stays in this chat until you delete it there. `Write` leaves no words here."
}

pub fn no_answer() -> &'static str {
    "A typed message is no answer to a question: that takes `Answer`."
}

pub fn keep_question() -> &'static str {
    "**Keep in my journal?** What you typed is stored nowhere but in this chat, unless you say so. `/reflect now` begins a \
     reflection; what you type after it is kept."
}

pub fn left() -> &'static str {
    "Not kept. What you typed is in this chat alone, until you delete it there, and so is what you type within the hour, unless you \
     begin a `/reflect now`."
}

pub fn kept_before() -> &'static str {
    "It is in your journal already: `/journal read`."
}

pub fn nothing_there() -> &'static str {
    "What you typed is not in this chat any more, so there was nothing to keep."
}

pub fn not_read() -> &'static str {
    "Discord did not show me what you typed just now. Nothing was kept, and nothing is lost: press `Keep it` again in a moment."
}

pub fn undone(deleted: Deleted) -> String {
    match deleted.count {
        0 => "There is nothing of it in your journal any more.".into(),
        _ => reflections::deleted(deleted),
    }
}

pub fn gone(gone: Gone) -> String {
    let Gone::Deleted { whole, from_disk } = gone else { return "There is nothing of it in your journal any more.".into() };
    let done = if whole {
        "Done. It is gone from your journal, too, for good."
    } else {
        "Done. It is gone from your journal, too, for good. The rest of that entry is still there."
    };
    if from_disk { done.into() } else { format!("{done}\n{}", reflections::leaves_later()) }
}

pub fn only_words() -> &'static str {
    "I keep words, and nothing else: pictures, files, stickers, polls and forwarded messages stay in this chat alone. What you type \
     beside them counts as typed."
}

pub fn edit_too_long() -> &'static str {
    "Your edit is longer than the entry has room for (4,000 characters). Your journal keeps what was there before; shorten the \
     message, or send the rest as another."
}

pub fn gone_in_chat() -> &'static str {
    "You deleted that here. It is still in your journal."
}

pub fn stays() -> &'static str {
    "It stays in your journal: `/journal read`."
}

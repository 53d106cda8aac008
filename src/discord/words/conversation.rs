//! What people read in the conversation after a reveal: its sheets, its pages, and what is asked in private. A step that was left reads
//! as one that was skipped; a no carries no name; nothing tells who was slow.

use jiff::Timestamp;

use super::{ChannelId, MessageId, name, when};
use crate::domain::conversation::{Became, Conversation, Ending, Heard, Length, Line, Repair, Reply, Said, Stage, What};
use crate::domain::ids::PersonId;
use crate::flows::conversing::Page;

// ---- A sheet ----

/// The plain line of one that calls somebody.
pub fn your_turn(who: PersonId) -> String {
    format!("{} Your turn, when it suits.", name(who))
}

/// The plain line of one that calls nobody.
pub fn yours() -> &'static str {
    "Your conversation."
}

/// Over what somebody wrote.
pub fn written_by(said: Said, by: PersonId) -> String {
    let by = name(by);
    match said {
        Said::Mirror | Said::FullMirror => format!("**What {by} heard**"),
        Said::Nearly => format!("**Nearly, says {by}**"),
        Said::More => format!("**There's more, says {by}**"),
        Said::Appreciation => format!("**{by} appreciates**"),
        Said::Request => format!("**{by} would like**"),
        Said::Plan => format!("**What {by} plans**"),
    }
}

/// What was pressed, in one line; nothing for what was written.
pub fn note(line: &Line) -> Option<String> {
    Some(match line.what {
        What::Said(_) => return None,
        What::Confirmed => format!("*That's it, says {}.*", name(line.by)),
        What::Spoken => "*You said that aloud.*".into(),
        What::LeftOut => "*One step was left out. That happens.*".into(),
        What::Replied(reply) => format!("*The answer: {} All four answers are good ones.*", replied(reply)),
    })
}

fn replied(reply: Reply) -> &'static str {
    match reply {
        Reply::Yes => "yes.",
        Reply::SmallerYes => "a smaller yes. How small is up to the two of you.",
        Reply::NotNow => "not now.",
        Reply::No => "no. Thank you for an honest word.",
    }
}

/// What a step asks of whoever has it; it follows their name, or what says that it is theirs.
fn asks(stage: Stage) -> &'static str {
    match stage {
        Stage::Listening { corrections: 1, .. } => "say once more what you heard, with that in it.",
        Stage::Listening { corrections: 2.., .. } => {
            "say what you hear now. Then it goes on, whether all of it came across or not."
        }
        Stage::Listening { heard: Heard::First, .. } => {
            "what did you hear? Press `Mirror` and say it in your own words. You don't have to agree."
        }
        Stage::Listening { heard: Heard::Second, .. } => {
            "what did you hear, the other way round? Press `Mirror` and say it in your own words. You don't have to agree."
        }
        Stage::Confirming { .. } => "is that what you meant? `Nearly` and `There's more` are as good as `That's it`.",
        Stage::Appreciating { .. } => "is there one specific thing that you appreciate? A small one is enough.",
        Stage::Asking { .. } => {
            "you can ask for one thing this week: something you'd like, not something that must stop. Asking for nothing is fine, too."
        }
        Stage::Answering { .. } => "all four answers are good ones, and none needs a reason.",
        Stage::Planning { .. } => {
            "if you like, make it a plan: “When …, I will …”. In a week I ask you about it, once and in private."
        }
    }
}

/// The living sheet's last line, read by both.
pub fn asked_of(stage: Stage) -> String {
    format!("{}, {}", name(stage.by()), asks(stage))
}

/// One sentence, in the home.
pub fn ended(how: Ending) -> &'static str {
    match how {
        Ending::Finished => "That was the last step, and what you told each other stays yours.",
        Ending::Closed => "This conversation is closed, and you can always talk on without me.",
        Ending::Left => "This conversation closed by itself, which is fine, and what was said in it stays.",
        Ending::Replaced => "A new question came, so this conversation is closed, and what was said in it stays.",
        Ending::Parted => super::space_closed(),
    }
}

// ---- A page to write on ----

/// What its page is called: as the button that opens it.
pub fn title(said: Said) -> &'static str {
    match said {
        Said::Mirror | Said::FullMirror => "Mirror",
        Said::Nearly => "Nearly",
        Said::More => "There's more",
        Said::Appreciation => "Appreciate",
        Said::Request => "Ask for one thing",
        Said::Plan => "Make it a plan",
    }
}

/// What it is called in an export, after its author.
pub fn heading(said: Said) -> &'static str {
    match said {
        Said::Mirror | Said::FullMirror => "what I heard",
        Said::Nearly => "nearly",
        Said::More => "there's more",
        Said::Appreciation => "what I appreciate",
        Said::Request => "one thing I'd like",
        Said::Plan => "a plan",
    }
}

/// Over each of its fields.
pub fn labels(said: Said) -> &'static [&'static str] {
    match said {
        Said::Mirror => &["What I heard"],
        Said::FullMirror => &["What I heard", "It makes sense because…", "I imagine you felt…"],
        Said::Nearly => &["What I meant"],
        Said::More => &["What I'd like you to hear as well"],
        Said::Appreciation => &["One specific thing"],
        Said::Request => &["One thing I'd like this week"],
        Said::Plan => &["When …", "I will …"],
    }
}

/// Over the words that a page is about.
pub fn about(said: Said, by: PersonId) -> String {
    match said {
        Said::Mirror | Said::FullMirror | Said::Appreciation => format!("**{} wrote**", name(by)),
        Said::Nearly | Said::More => format!("**{} heard**", name(by)),
        Said::Request | Said::Plan => format!("**{} would like**", name(by)),
    }
}

/// Above a page that is about no words in particular, or about too many to show.
pub fn above(said: Said) -> &'static str {
    match said {
        Said::Mirror | Said::FullMirror => "What reached you of their answer, in your own words.",
        Said::Nearly => "What was meant, where it did not come across yet.",
        Said::More => "What was not said yet, and belongs to it.",
        Said::Appreciation => "Something they said or did, or simply a way they are. A small one is enough.",
        Said::Request => "Something you'd like, not something that must stop; small enough for this week.",
        Said::Plan => "A moment that will come, and what you will do then.",
    }
}

/// Below the fields: where it will be seen, and what it is not.
pub fn below(page: &Page) -> String {
    let other = page.about.as_ref().map_or_else(|| "your partner".to_owned(), |(other, _)| name(*other));
    let what = match page.said {
        Said::Mirror => format!("It says what you heard, not what you think of it; {other} can correct it."),
        Said::FullMirror => {
            format!("The first line is enough. It says what you heard, not what you think of it; {other} can correct it.")
        }
        Said::Nearly | Said::More => {
            format!("Then {other} says once more what they heard. It is no verdict on how they listened.")
        }
        Said::Appreciation => "It asks for nothing in return.".to_owned(),
        Said::Request => "It is a wish: a no to it is a good answer, too.".to_owned(),
        Said::Plan => "It is for you, and no promise. In a week I ask you about it, once and in private.".to_owned(),
    };
    format!("Both of you see it where you meet. {what}")
}

// ---- In private, after a press ----

/// Where it stands now, for the one who has just done something.
pub fn taken(conversation: &Conversation, who: PersonId) -> String {
    let standing = standing(conversation, who);
    if conversation.is_over() { standing } else { format!("Done. {standing}") }
}

/// Where it stands, for this partner.
pub fn standing(conversation: &Conversation, who: PersonId) -> String {
    match conversation.stage() {
        Some(stage) if stage.by() == who => format!("It is your turn: {}", asks(stage)),
        Some(stage) => format!("It is {}'s turn, and there is nothing you need to do.", name(stage.by())),
        None if conversation.is_over() => super::refusal(&super::Refusal::ConversationOver),
        None => "Nothing has been said since the answers opened.".into(),
    }
}

/// To the one who is heard first.
pub fn listens_first(listener: PersonId, from: Timestamp) -> String {
    format!(
        "{} listens first this time, and you are heard. If it stays quiet, you can begin from {}. `Appreciate` is open to both of you at \
         any time.",
        name(listener),
        when(from)
    )
}

pub fn it_stands_there(link: &str) -> String {
    format!("It goes on here: {link}")
}

/// A message's address in a DM (reference, message links).
pub fn link_in_dm(channel: ChannelId, message: MessageId) -> String {
    format!("https://discord.com/channels/@me/{channel}/{message}")
}

pub fn waits(until: Timestamp) -> String {
    format!("It is kept, and shown when the pause ends, {}.", when(until))
}

pub fn in_a_pause(until: Timestamp) -> String {
    format!("You two are in a pause until {}. What is done meanwhile is kept, and shown after it.", when(until))
}

/// A forged submit; the client lets nobody type so much.
pub fn too_long(over: usize) -> String {
    format!("That is {over} over what fits, so nothing was shown.")
}

// ---- Beside the steps ----

pub fn softer() -> &'static str {
    "**A softer word**\nEach of these becomes one short line where you meet, in my words and with your name. None of them says who is right."
}

pub fn repair(by: PersonId, repair: Repair) -> String {
    let by = name(by);
    match repair {
        Repair::TryAgain => format!("{by} would like to try that again, in other words."),
        Repair::Softer => format!("A softer tone would help {by} just now. There is no hurry."),
        Repair::MyPart => format!("{by} sees a part of this as their own."),
    }
}

/// The plain line over it.
pub fn in_between() -> &'static str {
    "A word in between."
}

pub fn repaired() -> &'static str {
    "Said, where you meet."
}

/// The plain line over what one is asked alone.
pub fn for_you_alone() -> &'static str {
    "A question for you alone."
}

pub fn feeling() -> &'static str {
    "How did that conversation leave you? Only I see this; it changes what comes next a little, and is shown to nobody."
}

pub fn feeling_by_dm(with: PersonId) -> String {
    format!(
        "How did your conversation with {} leave you? Only I see this; it changes what comes next a little, and is shown to nobody.",
        name(with)
    )
}

pub fn felt() -> &'static str {
    "Thank you. It is shown to nobody."
}

pub fn a_week_ago(with: PersonId) -> String {
    format!("**A week ago, in your conversation with {}, you made this plan:**", name(with))
}

pub fn what_became_of_it() -> &'static str {
    "What became of it? Only you are asked, and your answer is kept nowhere."
}

pub fn followed(became: Became) -> &'static str {
    match became {
        Became::Done => "Good to hear. I won't ask about it again.",
        Became::Partly => "A part of it is there, and a part counts. I won't ask about it again.",
        Became::LetGo => "Then it may go. Some plans are good for finding that out. I won't ask about it again.",
    }
}

// ---- How far conversations go ----

pub fn length(length: Length) -> &'static str {
    match length {
        Length::Short => "short (an appreciation each)",
        Length::Guided => "guided (each says what they heard, an appreciation each, one request)",
        Length::Full => "full (as guided; a mirror also has room for what makes sense, and a yes may become a plan)",
    }
}

pub fn proposed(by: PersonId, length: Length) -> String {
    format!("{} would like longer conversations after a reveal: {}.", name(by), self::length(length))
}

pub fn agreed(length: Length) -> &'static str {
    match length {
        Length::Short => "Agreed. From the next reveal on your conversations are short.",
        Length::Guided => "Agreed. From the next reveal on your conversations are guided.",
        Length::Full => "Agreed. From the next reveal on your conversations are full.",
    }
}

/// One was enough for it.
pub fn shortened(length: Length) -> String {
    format!("Done. From the next reveal on your conversations are {}. Longer ones take both of you.", self::length(length))
}

//! What a person types in the DM: how messages become an entry of their journal and stay its parts, and how far a DM was dealt
//! with. An entry's words are its parts with a line break between; a part is found again by its length.

use jiff::{SignedDuration, Timestamp};

use super::ids::{ChannelId, MessageId, PersonId};
use super::journal::LONGEST;
use super::words::Words;

/// What is typed within this time of a first message gets one question, and one refusal of what is no words.
pub const BURST: SignedDuration = SignedDuration::from_hours(1);
/// Between two ticks in one DM.
const TICKS_APART: SignedDuration = SignedDuration::from_millis(300);
const BETWEEN: &str = "\n";

/// A message in somebody's DM with the bot, as its author typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub channel: ChannelId,
    pub author: PersonId,
    /// Exactly as typed; empty when it has none.
    pub words: Words,
    /// Whether there is something beside the words: a picture, a sticker, a poll, a forwarded message.
    pub besides: bool,
}

/// One message's part of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub message: MessageId,
    pub words: Words,
}

/// An entry that was typed: its parts, in the order of their messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(Vec<Part>);

impl Typed {
    /// Takes an entry apart again. `None`: these are not the lengths, in UTF-16 units, of its parts.
    pub fn read(words: &Words, lengths: &[(MessageId, usize)]) -> Option<Self> {
        let mut rest = words.expose();
        let mut parts = Vec::with_capacity(lengths.len());
        for (at, (message, units)) in lengths.iter().enumerate() {
            if at > 0 {
                rest = rest.strip_prefix(BETWEEN)?;
            }
            let (part, after) = rest.split_at(bytes_of(rest, *units)?);
            parts.push(Part { message: *message, words: Words::new(part) });
            rest = after;
        }
        rest.is_empty().then_some(Self(parts))
    }

    pub fn words(&self) -> Words {
        // All of it at once: growing would leave copies in memory.
        let mut words = String::with_capacity(self.0.iter().map(|part| part.words.expose().len() + BETWEEN.len()).sum());
        for (at, part) in self.0.iter().enumerate() {
            if at > 0 {
                words.push_str(BETWEEN);
            }
            words.push_str(part.words.expose());
        }
        Words::new(words)
    }

    pub fn part(&self, message: MessageId) -> Option<&Words> {
        self.0.iter().find(|part| part.message == message).map(|part| &part.words)
    }

    /// With one more message, in its place. `None`: it does not fit.
    pub fn with(&self, part: Part) -> Option<Self> {
        let mut parts = self.0.clone();
        parts.insert(parts.partition_point(|other| other.message < part.message), part);
        Self(parts).fitting()
    }

    /// With other words for one message. `None`: they do not fit.
    pub fn replaced(&self, part: &Part) -> Option<Self> {
        let replace = |old: &Part| if old.message == part.message { part.clone() } else { old.clone() };
        Self(self.0.iter().map(replace).collect()).fitting()
    }

    /// Without the parts of these messages. `None`: nothing is left.
    pub fn without(&self, messages: &[MessageId]) -> Option<Self> {
        let left: Vec<Part> = self.0.iter().filter(|part| !messages.contains(&part.message)).cloned().collect();
        (!left.is_empty()).then_some(Self(left))
    }

    fn fitting(self) -> Option<Self> {
        let between = self.0.len().saturating_sub(1) * BETWEEN.len();
        (self.0.iter().map(|part| part.words.units()).sum::<usize>() + between <= LONGEST).then_some(self)
    }
}

/// How many bytes the first so many UTF-16 units are. `None`: there are not so many, or it would cut a character.
fn bytes_of(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    for (at, letter) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(letter.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

/// How far a person's DM with the bot was dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    pub person: PersonId,
    /// The newest message that was dealt with: none comes twice, however often it is told.
    pub heard: MessageId,
    /// The first message that the standing question is about.
    pub asked: Option<MessageId>,
    /// The first message of those that were politely refused last.
    pub refused: Option<MessageId>,
    /// When the last tick is due.
    pub ticked_at: Option<Timestamp>,
    /// After a lost session: the history after this message is still to be read.
    pub behind: Option<MessageId>,
    /// The newest message that came meanwhile, and waits for that.
    pub awaited: Option<MessageId>,
    pub version: i64,
}

impl Chat {
    pub fn new(person: PersonId) -> Self {
        let (asked, refused, ticked_at, behind, awaited) = (None, None, None, None, None);
        Self { person, heard: MessageId(0), asked, refused, ticked_at, behind, awaited, version: 0 }
    }

    /// Whether to ask about this message. A question that stands is about it, too.
    pub fn asks(&mut self, message: MessageId) -> bool {
        begins(&mut self.asked, message)
    }

    /// Whether to say that only words are kept.
    pub fn refuses(&mut self, message: MessageId) -> bool {
        begins(&mut self.refused, message)
    }

    /// When the next tick may come.
    pub fn ticks(&mut self, now: Timestamp) -> Timestamp {
        let after = self.ticked_at.and_then(|last| last.checked_add(TICKS_APART).ok());
        let due = after.map_or(now, |after| after.max(now));
        self.ticked_at = Some(due);
        due
    }

    /// The session was lost while this person's reflection was open, which began then.
    pub fn missed(&mut self, begun_at: Timestamp) {
        let from = self.heard.max(MessageId::first_of(begun_at));
        self.behind = Some(self.behind.map_or(from, |behind| behind.min(from)));
    }
}

/// Whether this message begins a burst of its own.
fn begins(first: &mut Option<MessageId>, message: MessageId) -> bool {
    if first.is_some_and(|first| is_of_burst(first, message)) {
        return false;
    }
    *first = Some(message);
    true
}

/// Whether a message belongs to what began with `first`.
pub fn is_of_burst(first: MessageId, message: MessageId) -> bool {
    first <= message && message.moment().duration_since(first.moment()) < BURST
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(message: i64, text: &str) -> Part {
        Part { message: MessageId(message), words: Words::new(text) }
    }

    fn typed(texts: &[String]) -> Typed {
        Typed((1..).zip(texts).map(|(id, text)| part(id, text)).collect())
    }

    fn lengths(typed: &Typed) -> Vec<(MessageId, usize)> {
        typed.0.iter().map(|part| (part.message, part.words.units())).collect()
    }

    proptest! {
        #[test]
        fn what_is_joined_comes_apart_as_it_was(texts in prop::collection::vec("(?s).{0,12}", 1..8)) {
            let whole = typed(&texts);
            prop_assert_eq!(Typed::read(&whole.words(), &lengths(&whole)), Some(whole));
        }

        #[test]
        fn one_part_is_replaced_or_removed_and_the_others_stay(
            texts in prop::collection::vec("(?s)[🙂\u{202e}a\n ]{0,6}|(?s).{0,6}", 1..8), at in 0_usize..8, new in "(?s).{0,6}",
        ) {
            let whole = typed(&texts);
            let at = at % texts.len();
            let id = MessageId(i64::try_from(at).unwrap() + 1);
            let mut expected = texts.clone();
            expected[at] = new.clone();
            let replaced = whole.replaced(&Part { message: id, words: Words::new(new) }).expect("it fits");
            let read = Typed::read(&replaced.words(), &lengths(&replaced)).expect("it comes apart");
            prop_assert_eq!(&read, &typed(&expected));
            let joined = read.words();
            prop_assert_eq!(joined.expose(), expected.join("\n"));

            let left: Vec<Part> = whole.0.iter().filter(|part| part.message != id).cloned().collect();
            match whole.without(&[id]) {
                None => prop_assert!(left.is_empty()),
                Some(rest) => {
                    prop_assert_eq!(&rest.0, &left);
                    prop_assert_eq!(Typed::read(&rest.words(), &lengths(&rest)), Some(rest));
                }
            }
        }

        #[test]
        fn messages_join_in_the_order_of_their_ids(order in Just((1_i64..9).collect::<Vec<_>>()).prop_shuffle()) {
            let joined = order.iter().try_fold(Typed::default(), |typed, id| typed.with(part(*id, &id.to_string())));
            let words = joined.expect("it fits").words();
            prop_assert_eq!(words.expose(), "1\n2\n3\n4\n5\n6\n7\n8");
        }
    }

    #[test]
    fn an_entry_takes_what_fits_with_the_line_breaks_between() {
        let full = typed(&["🙂".repeat(1_000)]).with(part(2, &"a".repeat(1_999))).expect("4,000 units in all");
        assert_eq!(full.words().units(), 4_000);
        assert_eq!(full.with(part(3, "")), None, "its line break does not fit");
        assert_eq!(full.replaced(&part(2, &"a".repeat(2_000))), None);
        assert!(full.replaced(&part(2, "a")).is_some());
    }

    #[test]
    fn lengths_that_are_not_those_of_the_words_are_seen() {
        let words = Words::new("🙂\nab");
        let read = |lengths: &[usize]| {
            let lengths: Vec<_> = (1..).map(MessageId).zip(lengths.iter().copied()).collect();
            Typed::read(&words, &lengths).is_some()
        };
        assert!(read(&[2, 2]) && read(&[5]));
        assert!(!read(&[1, 2]) && !read(&[2, 1]) && !read(&[2, 3]) && !read(&[2]) && !read(&[]) && !read(&[usize::MAX]));
    }

    #[test]
    fn one_question_stands_for_an_hour_and_ticks_keep_apart() {
        let mut chat = Chat::new(PersonId(1));
        let at = |minutes: i64| MessageId::first_of(Timestamp::from_second(1_790_000_000 + minutes * 60).expect("a moment"));
        assert!(chat.asks(at(0)) && !chat.asks(at(1)) && !chat.asks(at(59)));
        assert!(chat.asks(at(60)) && !chat.asks(at(61)));
        assert!(chat.refuses(at(61)), "that is another matter");
        let now = at(0).moment();
        assert_eq!(chat.ticks(now), now);
        assert_eq!(chat.ticks(now), now + TICKS_APART);
        assert_eq!(chat.ticks(now + SignedDuration::from_secs(9)), now + SignedDuration::from_secs(9));
    }

    #[test]
    fn after_a_second_loss_the_history_is_read_from_where_the_first_began() {
        let mut chat = Chat::new(PersonId(1));
        let moment = Timestamp::from_second(1_790_000_000).expect("a moment");
        chat.missed(moment);
        assert_eq!(chat.behind, Some(MessageId::first_of(moment)));
        chat.heard = MessageId(i64::MAX);
        chat.missed(moment);
        assert_eq!(chat.behind, Some(MessageId::first_of(moment)));
        chat.behind = None;
        chat.missed(moment);
        assert_eq!(chat.behind, Some(MessageId(i64::MAX)));
    }
}

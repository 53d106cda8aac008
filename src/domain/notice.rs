//! Something to say to somebody other than the one who acted. It holds ids and nothing a person wrote:
//! the words are read and unsealed at the moment of sending.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::conversation::{Repair, Sheet};
use super::couple::NoChannel;
use super::ids::{ChannelId, CoupleId, EntryId, InvitationId, ItemId, MessageId, PassageId, PersonId, RoundId, SittingId};
use super::journal::Part;
use super::piece::Piece;
use super::proposal;
use super::visibility::Hold;

/// Where a couple's conversation appears: its channel, or the DM of one partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Channel,
    Dm(PersonId),
}

/// What there is to say of a schedule. It never says who wanted it so, nor why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Both agreed to a day and time.
    Agreed,
    /// The next one is later than it was: skipped, away, or less often.
    Later { next: Timestamp },
    /// It is sooner again.
    Sooner { next: Timestamp },
    /// One was due while Duet was down, too long ago to be posted late.
    Missed,
    /// It stopped by itself.
    Rests,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum Notice {
    /// The invitation, by DM to the invitee.
    Invitation {
        invitation: InvitationId,
    },
    /// Not a message but an effect: the private channel, found again by the tag in its topic.
    MakeHome {
        couple: CoupleId,
    },
    /// `first`: the couple was waiting for a home, rather than moving from one to another.
    Welcome {
        couple: CoupleId,
        place: Place,
        first: bool,
        /// Why it is not the channel that was wanted.
        no_channel: Option<NoChannel>,
    },
    /// The prompt card.
    Card {
        round: RoundId,
        place: Place,
    },
    /// Brings the posted cards, wherever they stand, up to date with their round, whatever that has become.
    CardEdit {
        round: RoundId,
        only_in: Option<Place>,
    },
    /// All of its cards, or the one in the place that the couple has left.
    CardRemoval {
        round: RoundId,
        only_in: Option<Place>,
    },
    Reveal {
        round: RoundId,
        place: Place,
    },
    /// Both answers by DM, because the channel may not show them and both partners wanted it so.
    RevealByDm {
        round: RoundId,
        to: PersonId,
    },
    /// What was held, told to one partner by DM, with `Send to both by DM`.
    Held {
        round: RoundId,
        to: PersonId,
    },
    /// A sheet of a conversation, posted anew: `to` is called, because from this `turn` on it is theirs.
    Turn {
        round: RoundId,
        sheet: Sheet,
        turn: u32,
        place: Place,
        to: PersonId,
    },
    /// Brings a sheet up to date in every place where it stands.
    SheetEdit {
        round: RoundId,
        sheet: Sheet,
    },
    /// Not a message but an effect: an older message of a sheet that was posted anew is taken away.
    SheetRemoval {
        round: RoundId,
        channel: ChannelId,
        message: MessageId,
    },
    /// That a conversation is closed of which nothing but the reveal stands.
    Closing {
        round: RoundId,
        turn: u32,
        place: Place,
    },
    /// A word that softens, in Duet's voice.
    Repair {
        round: RoundId,
        by: PersonId,
        repair: Repair,
        place: Place,
    },
    /// Whether a conversation left somebody lighter or heavier; asked by DM.
    Feeling {
        round: RoundId,
        to: PersonId,
    },
    /// What became of a plan: asked once, by DM, of the one who made it.
    FollowUp {
        round: RoundId,
        to: PersonId,
    },
    /// Something that takes both: asks the other partner.
    Proposed {
        couple: CoupleId,
        kind: proposal::Kind,
        to: PersonId,
    },
    /// One quiet reminder of a round that waits, by DM.
    Nudge {
        round: RoundId,
        to: PersonId,
    },
    /// A planned reflection, by DM.
    Reflection {
        sitting: SittingId,
        to: PersonId,
    },
    /// A part of one's whole journal, as files, by DM to its author.
    JournalFiles {
        to: PersonId,
        part: Part,
    },
    /// What one of two shared. `channel`: the one that its author was shown, where it is no DM.
    Passage {
        passage: PassageId,
        place: Place,
        channel: Option<ChannelId>,
    },
    /// It could not be shown; told to its author alone, by DM.
    NotShared {
        couple: CoupleId,
        to: PersonId,
        why: Hold,
    },
    /// What one of two put on the board, for the other to see.
    Item {
        item: ItemId,
        place: Place,
    },
    /// Brings an item's message up to date, whatever the item has become.
    ItemEdit {
        item: ItemId,
    },
    /// It could not be posted, and stands on the board alone; told to its author alone, by DM.
    ItemNotPosted {
        couple: CoupleId,
        to: PersonId,
        why: Hold,
    },
    /// Words went from a piece: it is drawn anew in every place where it stands.
    Redraw {
        piece: Piece,
    },
    /// Something about the couple's weekly check-ins.
    Schedule {
        couple: CoupleId,
        place: Place,
        news: News,
    },
    /// The card of a pause. `since`: when it was called, by which it is known; `until`: what was so when this was queued.
    Paused {
        couple: CoupleId,
        place: Place,
        since: Timestamp,
        until: Timestamp,
    },
    /// Brings the cards of a pause up to date with it. `until` as above; nothing: it is over.
    PauseEdit {
        couple: CoupleId,
        since: Timestamp,
        until: Option<Timestamp>,
    },
    /// The return that a pause booked.
    Back {
        couple: CoupleId,
        place: Place,
    },
    /// Whether another rhythm would suit better; asked of one partner by DM.
    Rhythm {
        couple: CoupleId,
        to: PersonId,
    },
    /// What was typed stands in the journal, with `Undo`; `first`: nothing else that this person typed is kept.
    Typed {
        entry: EntryId,
        to: PersonId,
        first: bool,
    },
    /// Not a message but an effect: the tick under a typed message, there or not.
    Tick {
        message: MessageId,
        to: PersonId,
        on: bool,
    },
    /// Whether what is typed from this message on is wanted in the journal.
    KeepTyped {
        message: MessageId,
        to: PersonId,
    },
    /// That nothing but words is kept.
    OnlyWords {
        to: PersonId,
    },
    /// That an edited message is too long for its entry, which stays as it was.
    EditTooLong {
        message: MessageId,
        to: PersonId,
    },
    /// What was deleted in the chat is still in the journal: whether it goes there, too.
    GoneInChat {
        entry: EntryId,
        to: PersonId,
    },
    /// Not a message but an effect: what was typed while nobody listened is read from the history.
    CatchUp {
        to: PersonId,
    },
    /// The couple's channel is gone; told to one partner by DM.
    HomeLost {
        couple: CoupleId,
        to: PersonId,
    },
    /// What Duet keeps of a person, as a file, by DM. `after`: from where the part before it ended.
    Export {
        to: PersonId,
        part: u32,
        after: Option<RoundId>,
    },
}

impl Notice {
    /// Whom alone it is said to.
    pub fn to(&self) -> Option<PersonId> {
        let dm = |place: Place| match place {
            Place::Dm(person) => Some(person),
            Place::Channel => None,
        };
        match self {
            Self::RevealByDm { to, .. }
            | Self::Held { to, .. }
            | Self::Feeling { to, .. }
            | Self::FollowUp { to, .. }
            | Self::Proposed { to, .. }
            | Self::Nudge { to, .. }
            | Self::Reflection { to, .. }
            | Self::Rhythm { to, .. }
            | Self::HomeLost { to, .. }
            | Self::JournalFiles { to, .. }
            | Self::NotShared { to, .. }
            | Self::ItemNotPosted { to, .. }
            | Self::Typed { to, .. }
            | Self::Tick { to, .. }
            | Self::KeepTyped { to, .. }
            | Self::OnlyWords { to }
            | Self::EditTooLong { to, .. }
            | Self::GoneInChat { to, .. }
            | Self::CatchUp { to }
            | Self::Export { to, .. } => Some(*to),
            Self::Welcome { place, .. }
            | Self::Card { place, .. }
            | Self::Reveal { place, .. }
            | Self::Passage { place, .. }
            | Self::Turn { place, .. }
            | Self::Closing { place, .. }
            | Self::Repair { place, .. }
            | Self::Item { place, .. }
            | Self::Schedule { place, .. }
            | Self::Paused { place, .. }
            | Self::Back { place, .. } => dm(*place),
            // What tidies up a place says nothing to anybody.
            Self::CardEdit { .. }
            | Self::CardRemoval { .. }
            | Self::SheetEdit { .. }
            | Self::SheetRemoval { .. }
            | Self::ItemEdit { .. }
            | Self::PauseEdit { .. }
            | Self::Redraw { .. }
            | Self::Invitation { .. }
            | Self::MakeHome { .. } => None,
        }
    }

    /// The couple it names. One that only names a round belongs to a couple as well: see [`Self::round`].
    pub fn couple(&self) -> Option<CoupleId> {
        match self {
            Self::MakeHome { couple }
            | Self::Welcome { couple, .. }
            | Self::Proposed { couple, .. }
            | Self::Schedule { couple, .. }
            | Self::Paused { couple, .. }
            | Self::PauseEdit { couple, .. }
            | Self::Back { couple, .. }
            | Self::Rhythm { couple, .. }
            | Self::NotShared { couple, .. }
            | Self::ItemNotPosted { couple, .. }
            | Self::HomeLost { couple, .. } => Some(*couple),
            _ => None,
        }
    }

    pub fn round(&self) -> Option<RoundId> {
        match self {
            Self::Card { round, .. }
            | Self::CardEdit { round, .. }
            | Self::CardRemoval { round, .. }
            | Self::Reveal { round, .. }
            | Self::RevealByDm { round, .. }
            | Self::Held { round, .. }
            | Self::Turn { round, .. }
            | Self::SheetEdit { round, .. }
            | Self::SheetRemoval { round, .. }
            | Self::Closing { round, .. }
            | Self::Repair { round, .. }
            | Self::Feeling { round, .. }
            | Self::FollowUp { round, .. }
            | Self::Nudge { round, .. } => Some(*round),
            Self::Redraw { piece } => piece.round(),
            _ => None,
        }
    }
}

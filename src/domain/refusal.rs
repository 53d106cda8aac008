//! Every way in which Duet says no to a person. Not our failure: a sentence and a next step, from `discord::words`.

use jiff::Timestamp;

use super::ids::{CoupleId, InvitationId, PersonId, RoundId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    // Pairing.
    PairWithOneself,
    PairWithBot,
    PairedAlready,
    /// The same person may ask again from this moment.
    InviteAgainFrom(Timestamp),
    /// Their invitation to you waits: that one is shown instead.
    InvitedByThem(InvitationId),
    /// Accepted, lapsed, declined, or never there.
    InvitationOver,
    NotYourInvitation,
    // Couples and homes.
    NotYourCouple,
    NoCouple,
    /// Several couples, and the place does not tell which.
    WhichCouple(Vec<CoupleId>),
    CoupleEnded,
    HomeInMaking,
    NoHome(CoupleId),
    AlreadyInDms,
    AlreadyInChannel,
    ZoneFirst,
    /// No city or zone is called so; the nearest names, if any.
    ZoneUnknown(Vec<String>),
    // Reflections.
    ReflectionOver,
    EntryEmpty,
    EntryGone,
    MonthUnknown,
    // A passage of the journal, for the partner.
    PassageEmpty,
    /// UTF-16 units over what a passage may have.
    PassageTooLong {
        over: usize,
    },
    // The board.
    ItemEmpty,
    /// UTF-16 units over what an item may have.
    ItemTooLong {
        over: usize,
    },
    BoardFull(CoupleId),
    ItemRetired,
    /// It was seen in a wording that it no longer has.
    ItemReworded,
    /// One sees what the other put up.
    OwnItem,
    /// Only its author changes it.
    NotYourItem,
    // Check-ins.
    NoSchedule(CoupleId),
    /// The schedule stopped by itself.
    ScheduleRests,
    DayUnknown,
    DayPast,
    /// More than a year ahead.
    DayTooFar,
    NothingOpened,
    ProposalOver,
    // Pauses.
    PauseOver,
    /// This person has paused this conversation for a day in all.
    PauseAgainFrom(Timestamp),
    // Rounds.
    NotYourRound,
    QuestionOpen(RoundId),
    CheckInOpen(RoundId),
    CheckInClosed,
    /// A check-in has no other question to swap in.
    CheckInStays,
    /// Nothing in it that the rules and both partners' wishes let through. It does not say which of them.
    BagEmpty(CoupleId),
    RoundClosed,
    /// The answer was written to a question that was swapped away meanwhile.
    QuestionSwapped,
    AlreadyOpen,
    SealedAlready,
    NothingSealed,
    /// Something is sealed, so the question stays. It does not say whose.
    AnswerWaits,
    TakeBackFirst,
    NoMoreSwaps,
    NothingKept,
    NothingHeld,
    /// UTF-16 units over the field's limit.
    TooLong {
        field: usize,
        over: usize,
    },
    AnswerEmpty,
    /// All ratings were skipped, and no line was written.
    CheckInEmpty,
    QuestionTooLong,
    QuestionEmpty,
    // The conversation after a reveal.
    ConversationOver,
    /// What was pressed belongs to a step that is done.
    StepPassed,
    NotYourTurn,
    /// The other listens first; whoever is heard first may begin from this moment, if nothing was said until then.
    ListensFirst {
        who: PersonId,
        from: Timestamp,
    },
    /// A short conversation has none.
    NoMirrors,
    NothingSaid,
    /// This partner has softened this part of it so already.
    RepairSaid,
    /// It is not over yet.
    StillOpen,
    // What stands in a message.
    /// Nothing stands in it that opened.
    NothingToKeep,
    NothingOfYours,
    /// What was theirs in it is gone already.
    RemovedAlready,
    /// What is proposed holds already.
    SoAlready,
}

//! Duet asks two people one question, keeps each answer sealed, and opens both together.
//!
//! # The house
//!
//! | room | owns | never |
//! |---|---|---|
//! | [`domain`] | what is true: states and their transitions | async, I/O, SQL, Discord, clock, chance |
//! | [`flows`] | what happens: one transaction per function | the network |
//! | [`store`] | all SQL, timers, outbox | a decision |
//! | [`picture`] | how the check-ins look, drawn | a name, a grade, anything of the machine it runs on |
//! | [`vault`] | sealing and opening private words | a plain word outside [`domain::words::Words`] |
//! | [`clock`] | what time it is: the system's, or one moved by hand | a rule |
//! | [`app`] | store, vault, library, clock and chance, handed to every edge as one | a flow |
//! | [`scheduler`] | a due timer on its way to the flow that owns it | a rule |
//! | [`courier`] | an outbox row on its way to Discord | an open transaction while it talks |
//! | [`worker`] | what the loops of those two share | either of them |
//! | [`discord`] | the wire: gateway, REST, cards, words | a decision |
//! | [`run`] | all of it connected: listens, delivers, rings, stops cleanly | anything only Discord or only a rehearsal has |
//! | [`config`] | settings, and everything that is wrong with them | a secret in a message |
//! | [`rehearsal`] | a small Discord on localhost | anything of ours |
//!
//! The command line, `src/cli/`, is the binary's: one file per command (`run`, `rehearse`, `prompts`, `doctor`, `keys`), and
//! `setup`, which makes an [`app::App`] of the settings.
//!
//! # Who may know whom
//!
//! ```text
//! domain -> nothing of ours     vault, clock, picture -> domain         store -> domain, vault        app -> clock, store, vault, domain
//! flows -> app, store, vault, domain                           discord -> app, flows, picture, domain
//! scheduler -> app, flows, worker, domain, the store's timers and outbox
//! courier -> app, flows, store, worker, domain, and of discord delivery, failure and the Bot
//! config -> vault, discord's address and gateway               run -> all but config and rehearsal
//! rehearsal, worker -> nothing of ours                         the command line -> all
//! ```
//!
//! `serenity` and `twilight` only in [`discord`], `sqlx` only in [`store`]; no `async`, clock or randomness in [`domain`].
//! `tests/it/architecture.rs` reads the `use` lines and every path that begins with `crate`, and names offenders.
//!
//! Flows know the vault because an answer is sealed in the transaction that keeps it: handing sealed text in from an edge
//! would let plain words lie about for longer, and the key is a row of that same transaction.
//!
//! # Words
//!
//! Used exactly so in code, in the database and on screen.
//!
//! - **Couple**: two people, each a **partner**, who both said yes. A person may be in several couples; they never touch.
//! - **Home**: where a couple's conversations appear: a private channel, or both DMs.
//! - **Prompt**: one question with its theme, capacity, depth and fields. **Deck**: a file of prompts on one theme.
//!   **Library**: all decks. **Bag**: what may be chosen next for one couple.
//! - **Round**: one prompt put to one couple, until it is revealed or lapses.
//! - **Answer**: what one partner wrote in a round. It is **sealed** until the **reveal**; **held** when it could open but may not.
//! - **Check-in**: the weekly round: five one-tap **ratings** and a few lines. Its **schedule** says when it comes; a **tap** is a
//!   rating whose lines are not sent yet. **Insights**: what opened check-ins say, side by side.
//! - **Nudge**: one quiet private reminder of a round. **Away**: until then no check-in and no nudge.
//! - **Pause**: a break that one partner calls; it has a time of return, and what is open **shifts** by its length. The **return**
//!   is what both read when it is over.
//! - **Lapse**: a round's time ran out; nothing is shown. **Pass**: not answering, said so that it looks like lateness.
//! - **Conversation**: what follows a reveal. **Mirror**: what a listener heard, in their own words; the speaker **confirms** or
//!   **corrects**. A **step** of it waits for one partner; each move is a **turn**. **Sheet**: the message of one part of it; the
//!   **living** one is where the next press is expected. **Left**: a step whose day ran out.
//! - **Invitation**: one person's offer to another to be a couple. **Proposal**: a change that takes both.
//! - **Reflection**: a private practice for one person. **Journal**: their private **entries**. **Passage**: words that somebody
//!   copies out of their journal for their partner to read.
//! - **Sitting**: a reflection that somebody began. It is **open** for a day: what they type in the DM is **kept** in the entry they
//!   type into, each message a **part** of it.
//! - **Board**: standing boundaries, needs, goals and interests that a partner put up and the other has seen. Each is an **item**; its
//!   **wording** is what was **seen**. Its author may **retire** it.
//! - **Capacity**: which side of differentiation a prompt trains: `know-me`, `say-me`, `steady-me`, `hear-you`, `room-for-both`,
//!   `grow-us`. **Depth**: `warm`, `personal`, `tender`, `brave`.
//! - **Piece**: what stands in one message of Duet's with somebody's words in it. One of the two may **keep** it for themselves: a
//!   mark on it, never a copy.
//! - **Export**: what is kept of one person in their couples, as a file for them. **Removed**: words that their author deleted; the
//!   place says so. **Forgotten**: a couple thirty days after it ended, with all that was theirs.
//! - **Step**: a new state with the notices and timers that come of it, stored whole or not at all. **Notice**: something to say,
//!   by ids. **Refusal**: a no to a person, with words for it.

pub mod app;
pub mod clock;
pub mod config;
pub mod courier;
pub mod discord;
pub mod domain;
pub mod flows;
pub mod picture;
pub mod rehearsal;
pub mod run;
pub mod scheduler;
pub mod store;
pub mod vault;
pub mod worker;

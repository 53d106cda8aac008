//! Stories told by people, through the wire, on both engines.

/// What somebody reads, word by word: the same on every engine.
macro_rules! reads {
    ($text:expr, @$words:literal) => {
        let text: String = $text;
        insta::allow_duplicates! { insta::assert_snapshot!(text, @$words) }
    };
}

mod core_loop;
mod faults;
mod limits;
mod promises;
mod rounds;

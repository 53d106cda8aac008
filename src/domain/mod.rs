//! What is true between two people. No async, no I/O, no SQL, no Discord; time and chance come in as parameters.

pub mod ids;
pub mod library;
pub mod rotation;
pub mod words;

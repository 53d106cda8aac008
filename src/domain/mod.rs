//! What is true between two people. No async, no I/O, no SQL, no Discord; time and chance come in as parameters.

pub mod answer;
pub mod checkin;
pub mod couple;
pub mod day;
pub mod hours;
pub mod ids;
pub mod insights;
pub mod invitation;
pub mod journal;
pub mod library;
pub mod notice;
pub mod passage;
pub mod person;
pub mod proposal;
pub mod reflection;
pub mod refusal;
pub mod rotation;
pub mod round;
pub mod schedule;
pub mod step;
pub mod typed;
pub mod visibility;
pub mod words;

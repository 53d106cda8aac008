//! The wire: the only room that knows serenity and twilight. It decides nothing.
//!
//! `gateway` listens and `rest` speaks, both to the one [`address::ApiAddress`]; `failure` sorts what went wrong;
//! `payloads` holds the few things we read out of Discord's answers and events; `limiter` keeps us inside its limits.

pub mod address;
pub mod failure;
pub mod gateway;
mod limiter;
pub mod payloads;
pub mod rest;

//! stub
use super::{Answer, Refusal, Request}; use crate::rehearsal::world::World;
pub fn callback(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }

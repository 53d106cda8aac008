//! stub
use super::{Answer, Refusal, Request}; use crate::rehearsal::world::World;
pub fn add(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn remove(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }

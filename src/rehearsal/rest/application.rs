//! stub
use super::{Answer, Refusal, Request}; use crate::rehearsal::world::World;
pub fn gateway(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn gateway_bot(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn me(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }

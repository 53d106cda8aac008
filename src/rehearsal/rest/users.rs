//! stub
use super::{Answer, Refusal, Request}; use crate::rehearsal::world::World;
pub fn me(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn guilds(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn open_dm(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn get(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }

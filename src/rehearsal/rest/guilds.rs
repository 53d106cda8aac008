//! stub
use super::{Answer, Refusal, Request}; use crate::rehearsal::world::World;
pub fn get(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn channels(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn create_channel(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn roles(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn member_counts(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn member(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }

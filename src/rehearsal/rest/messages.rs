//! stub
use super::{Answer, Refusal, Request}; use crate::rehearsal::world::World;
pub fn list(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn create(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn pins(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn pin(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn unpin(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn old_pins(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn old_pin(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn old_unpin(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn get(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn edit(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn delete(_w: &mut World, _r: &Request) -> Answer { Err(Refusal::new(501, 0, "not yet")) }
pub fn say(_w: &mut World, _a: u64, _c: u64, _b: &serde_json::Value) -> Result<u64, Refusal> { Err(Refusal::new(501, 0, "not yet")) }

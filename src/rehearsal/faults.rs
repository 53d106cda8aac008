//! Faults on demand: what Discord, the network or a revoked token would do to a chosen request or to the gateway.
//! Owns the rules and their counters; never decides what a healthy request does.

use super::Shared;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::watch;

/// Which request a fault waits for. All parts must fit; an absent part fits everything.
#[derive(Clone, Debug)]
pub struct Match {
    pub method: Option<String>,
    pub path_contains: String,
    pub body_contains: Option<String>,
    /// 1 is the next request that fits, 2 the one after it, …
    pub nth: usize,
}

impl Default for Match {
    fn default() -> Self {
        Self { method: None, path_contains: String::new(), body_contains: None, nth: 1 }
    }
}

impl Match {
    pub fn new(method: &str, path_contains: &str) -> Self {
        Self { method: Some(method.to_owned()), path_contains: path_contains.to_owned(), ..Self::default() }
    }

    #[must_use]
    pub fn with_body(mut self, contains: &str) -> Self {
        self.body_contains = Some(contains.to_owned());
        self
    }

    #[must_use]
    pub fn nth(mut self, nth: usize) -> Self {
        self.nth = nth;
        self
    }

    fn fits(&self, method: &str, path: &str, body: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && path.contains(&self.path_contains)
            && self.body_contains.as_ref().is_none_or(|wanted| body.contains(wanted.as_str()))
    }
}

#[derive(Clone, Debug)]
pub enum FaultKind {
    /// The connection closes; nothing was applied.
    CutBefore,
    /// Applied, then the connection closes without an answer.
    CutAfter,
    Status {
        code: u16,
        before_applying: bool,
    },
    /// Real time, before applying.
    Delay(Duration),
    /// 429 with these facts; nothing is applied.
    RateLimited {
        retry_after_ms: u64,
        global: bool,
        shared: bool,
    },
    /// 401 for this request only; nothing is applied.
    Unauthorized,
    /// This answer instead; nothing is applied.
    Answer {
        status: u16,
        body: Value,
    },
    /// Hangs until [`Faults::release`], then is applied and answered.
    HoldBefore,
    /// Applied, then hangs until [`Faults::release`].
    HoldAfter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FaultId(u64);

#[derive(Debug)]
struct Rule {
    id: FaultId,
    wants: Match,
    kind: FaultKind,
    fitted: usize,
    reached: watch::Sender<bool>,
    released: watch::Sender<bool>,
}

/// A fault that met its request.
#[derive(Debug)]
pub(super) struct Struck {
    pub kind: FaultKind,
    released: watch::Receiver<bool>,
}

impl Struck {
    pub async fn until_released(&mut self) {
        // An error means the rehearsal is gone: nothing is left to hold.
        let _ = self.released.wait_for(|released| *released).await;
    }
}

#[derive(Debug, Default)]
pub struct Faults {
    rules: Mutex<(u64, Vec<Rule>)>,
    outage: AtomicBool,
    revoked: AtomicBool,
    refuse_connections: AtomicBool,
    mute_acks: AtomicBool,
    pub(super) too_late: AtomicBool,
    shared: Mutex<Weak<Shared>>,
}

impl Faults {
    pub(super) fn bind(&self, shared: &Arc<Shared>) {
        *self.shared.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(shared);
    }

    fn rules(&self) -> MutexGuard<'_, (u64, Vec<Rule>)> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Strikes once, at the chosen request. Rules that were never met stay until [`Faults::forget`].
    pub fn on(&self, wants: Match, kind: FaultKind) -> FaultId {
        let mut rules = self.rules();
        rules.0 += 1;
        let id = FaultId(rules.0);
        rules.1.push(Rule {
            id,
            wants,
            kind,
            fitted: 0,
            reached: watch::Sender::new(false),
            released: watch::Sender::new(false),
        });
        id
    }

    /// Removes a fault; a held request goes on.
    pub fn forget(&self, id: FaultId) {
        self.release(id);
        self.rules().1.retain(|rule| rule.id != id);
    }

    pub fn release(&self, id: FaultId) {
        for rule in self.rules().1.iter().filter(|rule| rule.id == id) {
            rule.released.send_replace(true);
        }
    }

    pub fn was_reached(&self, id: FaultId) -> bool {
        self.rules().1.iter().any(|rule| rule.id == id && *rule.reached.borrow())
    }

    /// Resolves when the fault met its request (for `HoldAfter` and `CutAfter`: after it was applied).
    pub async fn reached(&self, id: FaultId) {
        let waiting = self.rules().1.iter().find(|rule| rule.id == id).map(|rule| rule.reached.subscribe());
        if let Some(mut waiting) = waiting {
            let _ = waiting.wait_for(|reached| *reached).await;
        }
    }

    /// Every REST request answers 503 while this is on.
    pub fn outage(&self, on: bool) {
        self.outage.store(on, Ordering::SeqCst);
    }

    /// From now on every REST request is 401 and the gateway closes with 4004.
    pub fn revoke_token(&self) {
        self.revoked.store(true, Ordering::SeqCst);
        self.gateway(|shared| shared.world().gateway.close_all(Some(4004), "Authentication failed."));
    }

    /// The same token is good again, as far as the bot can tell: whoever runs it set a new one.
    pub fn restore_token(&self) {
        self.revoked.store(false, Ordering::SeqCst);
    }

    /// Cuts the gateway's TCP connections without a close frame.
    pub fn drop_gateway(&self) {
        self.gateway(|shared| shared.world().gateway.cut_all());
    }

    /// A close frame with this code, or without one.
    pub fn close_gateway(&self, code: Option<u16>) {
        self.gateway(|shared| shared.world().gateway.close_all(code, "closed by the rehearsal"));
    }

    /// Opcode 7.
    pub fn reconnect(&self) {
        self.gateway(|shared| shared.world().gateway.reconnect_all());
    }

    /// Opcode 9.
    pub fn invalid_session(&self, resumable: bool) {
        self.gateway(|shared| shared.world().gateway.invalidate_all(resumable));
    }

    pub fn mute_heartbeat_acks(&self, on: bool) {
        self.mute_acks.store(on, Ordering::SeqCst);
    }

    /// New connections, REST and gateway, are closed at once while this is on.
    pub fn refuse_connections(&self, on: bool) {
        self.refuse_connections.store(on, Ordering::SeqCst);
    }

    /// The next interaction's token is void (10062) when the bot answers; the person sees that nothing responded.
    pub fn next_interaction_too_late(&self) {
        self.too_late.store(true, Ordering::SeqCst);
    }

    fn gateway(&self, act: impl FnOnce(&Shared)) {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        if let Some(shared) = shared {
            act(&shared);
        }
    }

    pub(super) fn is_out(&self) -> bool {
        self.outage.load(Ordering::SeqCst)
    }

    pub(super) fn is_revoked(&self) -> bool {
        self.revoked.load(Ordering::SeqCst)
    }

    pub(super) fn refuses_connections(&self) -> bool {
        self.refuse_connections.load(Ordering::SeqCst)
    }

    pub(super) fn mutes_acks(&self) -> bool {
        self.mute_acks.load(Ordering::SeqCst)
    }

    /// The fault that this request meets, if any. Faults that act after applying are marked reached by [`Faults::mark`].
    pub(super) fn strike(&self, method: &str, path: &str, body: &str) -> Option<(FaultId, Struck)> {
        let mut rules = self.rules();
        let mut hit = None;
        for rule in &mut rules.1 {
            let is_next = rule.fitted + 1 == rule.wants.nth;
            if rule.fitted >= rule.wants.nth || (is_next && hit.is_some()) || !rule.wants.fits(method, path, body) {
                continue;
            }
            rule.fitted += 1;
            if is_next {
                hit = Some((rule.id, Struck { kind: rule.kind.clone(), released: rule.released.subscribe() }));
            }
        }
        hit
    }

    pub(super) fn mark(&self, id: FaultId) {
        for rule in self.rules().1.iter().filter(|rule| rule.id == id) {
            rule.reached.send_replace(true);
        }
    }
}

//! Rate limits in real time (topics/rate-limits): 50 requests a second for the bot, and a bucket per route and channel, server
//! or webhook, said in `X-RateLimit-*` headers. Owns the counters; knows no resource.

use super::rest::{self, Reply, Request};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

const GLOBAL_A_SECOND: u32 = 50;

#[derive(Clone, Copy, Debug)]
struct Window {
    ends: Instant,
    left: u32,
}

#[derive(Debug, Default)]
pub struct RateLimits {
    global: Option<Window>,
    buckets: HashMap<String, Window>,
}

/// How many in how long. Discord publishes none of these figures; they are what its headers show at the time of writing, and
/// a bot may rely on the headers only.
fn limit(method: &str, route: &str) -> (u32, Duration) {
    match (method, route) {
        ("POST" | "PATCH", "/channels/{channel_id}/messages" | "/channels/{channel_id}/messages/{message_id}") => {
            (5, Duration::from_secs(5))
        }
        ("DELETE", "/channels/{channel_id}/messages/{message_id}") => (5, Duration::from_secs(1)),
        ("PUT" | "DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me") => {
            (1, Duration::from_millis(250))
        }
        ("POST", "/users/@me/channels") => (10, Duration::from_secs(10)),
        (_, route) if route.starts_with("/webhooks/") => (5, Duration::from_secs(2)),
        ("GET", _) => (50, Duration::from_secs(1)),
        _ => (10, Duration::from_secs(5)),
    }
}

impl RateLimits {
    /// Counts the request; the bucket's headers, or the 429.
    pub fn take(&mut self, request: &Request, route: &str) -> Result<Vec<(String, String)>, Box<Reply>> {
        let now = Instant::now();
        // Interaction callbacks and follow-ups are exempt from the global limit (interactions/receiving-and-responding).
        if !rest::by_interaction_token(request) {
            let window = self.global.get_or_insert(Window { ends: now, left: 0 });
            if window.ends <= now {
                *window = Window { ends: now + Duration::from_secs(1), left: GLOBAL_A_SECOND };
            }
            if window.left == 0 {
                return Err(Box::new(rest::too_many(window.ends - now, true, false)));
            }
            window.left -= 1;
        }
        if route.starts_with("/interactions/") {
            return Ok(Vec::new());
        }
        let (limit, period) = limit(&request.method, route);
        let name = format!("{:016x}", hash(&(&request.method, route)));
        // The first id is the major parameter; for webhooks it goes together with the token.
        let major = if request.part(0) == "webhooks" {
            format!("{}/{}", request.part(1), request.part(2))
        } else {
            request.part(1).to_owned()
        };
        self.forget(now);
        let window = self.buckets.entry(format!("{name}:{major}")).or_insert(Window { ends: now, left: 0 });
        if window.ends <= now {
            *window = Window { ends: now + period, left: limit };
        }
        let left_time = window.ends - now;
        let mut headers = vec![
            ("x-ratelimit-bucket".to_owned(), name),
            ("x-ratelimit-limit".to_owned(), limit.to_string()),
            ("x-ratelimit-reset-after".to_owned(), format!("{:.3}", left_time.as_secs_f64())),
            ("x-ratelimit-reset".to_owned(), format!("{:.3}", (since_epoch() + left_time).as_secs_f64())),
        ];
        if window.left == 0 {
            let mut reply = rest::too_many(left_time, false, false);
            reply.headers.retain(|(name, _)| !name.starts_with("x-ratelimit-reset"));
            reply.headers.extend(headers);
            return Err(Box::new(reply));
        }
        window.left -= 1;
        headers.push(("x-ratelimit-remaining".to_owned(), window.left.to_string()));
        Ok(headers)
    }

    fn forget(&mut self, now: Instant) {
        if self.buckets.len() > 4_096 {
            self.buckets.retain(|_, window| window.ends > now);
        }
    }
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// `X-RateLimit-Reset` is wall time.
#[expect(clippy::disallowed_methods, reason = "rate limits run in real time, and their reset is said as wall time")]
fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

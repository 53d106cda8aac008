//! What went over the wire: one record per REST request, for checks against Discord's `OpenAPI` document. Never altered later.

use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Exchange {
    pub method: String,
    /// As requested, without `/api/v10` and query; tokens in it are the rehearsal's own.
    pub path: String,
    /// The template of the `OpenAPI` document's `paths`, or empty for an unknown route.
    pub route: String,
    /// JSON, or the `payload_json` of a multipart request.
    pub request_body: Option<Value>,
    /// Whether it came as multipart, with room for files.
    pub multipart: bool,
    /// 0 when the connection was cut instead of answered.
    pub status: u16,
    pub response_body: Option<Value>,
    /// World clock.
    pub at_ms: i64,
}

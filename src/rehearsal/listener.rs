//! The port: accepts connections that can be cut at will, and takes each request through faults, authorisation, rate limits,
//! its route and the record. Decides nothing about Discord's resources.

use super::exchange::Exchange;
use super::faults::{FaultId, FaultKind, Struck};
use super::line::{Cuttable, Line};
use super::rest::{self, Refusal, Reply, Request};
use super::{Shared, gateway};
use axum::body::Body;
use axum::extract::connect_info::Connected;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, State};
use axum::http::{HeaderMap, Request as HttpRequest, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::serve::{IncomingStream, Listener};
use serde_json::{Value, json};
use std::io;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

struct Port {
    socket: TcpListener,
    shared: Arc<Shared>,
}

impl Listener for Port {
    type Io = Cuttable;
    type Addr = Line;

    async fn accept(&mut self) -> (Cuttable, Line) {
        loop {
            match self.socket.accept().await {
                Ok((stream, _)) if !self.shared.faults.refuses_connections() => {
                    // Without it small answers wait for the other side's delayed acknowledgement.
                    let _ = stream.set_nodelay(true);
                    let line = Line::default();
                    self.shared.lines.lock().unwrap_or_else(PoisonError::into_inner).add(&line);
                    return (Cuttable::new(stream, line.clone()), line);
                }
                Ok(_) => {}
                // Out of file descriptors, mostly: leave others the time to close some.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Line> {
        Ok(Line::default())
    }
}

impl Connected<IncomingStream<'_, Port>> for Line {
    fn connect_info(stream: IncomingStream<'_, Port>) -> Self {
        stream.remote_addr().clone()
    }
}

pub async fn serve(socket: TcpListener, shared: Arc<Shared>) {
    let app = axum::Router::new()
        .fallback(enter)
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(&shared))
        .into_make_service_with_connect_info::<Line>();
    if let Err(error) = axum::serve(Port { socket, shared }, app).await {
        tracing::error!(%error, "the rehearsal stopped serving");
    }
}

async fn enter(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: HttpRequest<Body>,
) -> Response<Body> {
    if request.headers().contains_key(header::UPGRADE) {
        let (mut parts, _) = request.into_parts();
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade.on_upgrade(move |socket| gateway::socket::serve(shared, socket, line)),
            Err(refused) => refused.into_response(),
        };
    }
    let (request, recorded, headers) = match read(request).await {
        Ok(read) => read,
        Err(refusal) => return respond(&refusal.into_reply()),
    };
    let reply = handle(&shared, &line, &headers, &request, recorded.as_deref().unwrap_or_default()).await;
    if shared.setup.record {
        let exchange = Exchange {
            method: request.method.clone(),
            path: request.path.clone(),
            route: rest::template(&request).unwrap_or_default().to_owned(),
            request_body: request.body.clone(),
            multipart: headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")),
            status: reply.as_ref().map_or(0, |reply| reply.status),
            response_body: reply.as_ref().and_then(|reply| reply.body.clone()),
            at_ms: shared.clock.now_ms(),
        };
        shared.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
    if let Some(reply) = reply {
        respond(&reply)
    } else {
        line.cut();
        StatusCode::OK.into_response()
    }
}

/// `None`: cut the connection instead of answering.
async fn handle(shared: &Arc<Shared>, line: &Line, headers: &HeaderMap, request: &Request, body: &str) -> Option<Reply> {
    let mut after: Option<(FaultId, Struck)> = None;
    if let Some((id, mut struck)) = shared.faults.strike(&request.method, &request.path, body) {
        let acts_later =
            matches!(struck.kind, FaultKind::CutAfter | FaultKind::HoldAfter | FaultKind::Status { before_applying: false, .. });
        if acts_later {
            after = Some((id, struck));
        } else {
            shared.faults.mark(id);
            match struck.kind.clone() {
                FaultKind::CutBefore => {
                    line.cut();
                    return None;
                }
                FaultKind::Status { code, .. } => {
                    return Some(Reply::new(code, json!({ "message": format!("{code}: by the rehearsal"), "code": 0 })));
                }
                FaultKind::Delay(time) => tokio::time::sleep(time).await,
                FaultKind::RateLimited { retry_after_ms, global, shared: by_others } => {
                    return Some(rest::too_many(Duration::from_millis(retry_after_ms), global, by_others));
                }
                FaultKind::Unauthorized => return Some(Refusal::unauthorized().into_reply()),
                FaultKind::Answer { status, body } => return Some(Reply::new(status, body)),
                FaultKind::HoldBefore => struck.until_released().await,
                FaultKind::CutAfter | FaultKind::HoldAfter => {}
            }
        }
    }
    let reply = apply(shared, headers, request);
    shared.tick();
    let Some((id, mut struck)) = after else { return Some(reply) };
    shared.faults.mark(id);
    match struck.kind {
        FaultKind::CutAfter => None,
        FaultKind::Status { code, .. } => {
            Some(Reply::new(code, json!({ "message": format!("{code}: by the rehearsal"), "code": 0 })))
        }
        _ => {
            struck.until_released().await;
            Some(reply)
        }
    }
}

fn apply(shared: &Arc<Shared>, headers: &HeaderMap, request: &Request) -> Reply {
    if shared.faults.is_out() {
        return Reply::new(503, json!({ "message": "503: Service Unavailable", "code": 0 }));
    }
    if headers.get(header::USER_AGENT).is_none() {
        // What Cloudflare in front of Discord says to a client that does not name itself (reference, "User Agent").
        return Reply::new(403, json!({ "message": "403: Forbidden: a valid User-Agent is required", "code": 0 }));
    }
    let Some(route) = rest::template(request) else {
        let name = format!("{} {}", request.method, request.path);
        tracing::warn!(route = %name, "the rehearsal does not know this route");
        shared.unknown.lock().unwrap_or_else(PoisonError::into_inner).push(name);
        return Refusal::new(404, 0, "404: Not Found").into_reply();
    };
    // Interaction callbacks and follow-ups carry their token in the path and need no bot's.
    let needs_token = !rest::by_interaction_token(request);
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let expected = format!("Bot {}", shared.world().token);
    if shared.faults.is_revoked() || (needs_token && given != Some(expected.as_str())) {
        return Refusal::unauthorized().into_reply();
    }
    let mut bucket = Vec::new();
    if shared.setup.limits {
        match shared.rates.lock().unwrap_or_else(PoisonError::into_inner).take(request, route) {
            Ok(headers) => bucket = headers,
            Err(reply) => return *reply,
        }
    }
    let mut reply = match rest::answer(shared, request) {
        Ok(reply) => reply,
        Err(refusal) => refusal.into_reply(),
    };
    reply.headers.extend(bucket);
    reply
}

fn respond(reply: &Reply) -> Response<Body> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name.as_str(), value.as_str());
    }
    let built = match &reply.body {
        Some(body) => response.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        None => response.body(Body::empty()),
    };
    built.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// The most that a bot may upload, per file (reference, "Uploading Files").
const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// No JSON comes near it.
const LARGEST: usize = 12 * 1024 * 1024;

/// The parts of a multipart request: files into the request, and the text of `payload_json`, in which alone this Discord reads a
/// message's fields.
async fn form(request: HttpRequest<Body>, parsed: &mut Request) -> Result<String, Refusal> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::bad_json())?;
    let unreadable = |name: &str| {
        let fault = json!({ "code": "BASE_TYPE_REQUIRED", "message": "Not a part that is read here." });
        Refusal::form(json!({ name: { "_errors": [fault] } }), "Invalid Form Body")
    };
    let mut text = None;
    while let Some(field) = form.next_field().await.map_err(|_| Refusal::bad_json())? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| Refusal::code(40_005))?;
        if name == "payload_json" {
            text = Some(String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::bad_json())?);
            continue;
        }
        let number = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')?.parse::<u64>().ok());
        let number = number.ok_or_else(|| unreadable(&name))?;
        if bytes.len() > LARGEST_FILE {
            return Err(Refusal::code(40_005));
        }
        let file = rest::File { number: number.to_string(), name: file_name.unwrap_or_default(), bytes: bytes.to_vec() };
        parsed.files.push(file);
    }
    text.ok_or_else(|| unreadable("payload_json"))
}

async fn read(request: HttpRequest<Body>) -> Result<(Request, Option<String>, HeaderMap), Refusal> {
    let headers = request.headers().clone();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let mut parsed = Request::from_line(request.method().as_str(), request.uri());
    if kind.starts_with("multipart/form-data") {
        let text = form(request, &mut parsed).await?;
        parsed.body = Some(serde_json::from_str(&text).map_err(|_| Refusal::bad_json())?);
        return Ok((parsed, Some(text), headers));
    }
    let bytes = axum::body::to_bytes(request.into_body(), LARGEST)
        .await
        .map_err(|_| Refusal::new(413, 40_005, "Request entity too large"))?;
    if bytes.is_empty() {
        return Ok((parsed, None, headers));
    }
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::bad_json())?;
    if !kind.starts_with("application/json") {
        return Err(Refusal::form(Value::Null, "Expected \"Content-Type\" header to be one of {'application/json'}."));
    }
    parsed.body = Some(serde_json::from_str(&text).map_err(|_| Refusal::bad_json())?);
    Ok((parsed, Some(text), headers))
}

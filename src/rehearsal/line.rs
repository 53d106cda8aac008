//! A TCP connection that can be cut at will, with whatever was about to be said left unsaid. Knows nothing of HTTP.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The wire under a connection, which a fault can cut.
#[derive(Clone, Debug, Default)]
pub struct Line(Arc<Wire>);

#[derive(Debug, Default)]
struct Wire {
    cut: AtomicBool,
    reader: Mutex<Option<Waker>>,
}

impl Line {
    pub fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        if let Some(waker) = self.0.reader.lock().unwrap_or_else(PoisonError::into_inner).take() {
            waker.wake();
        }
    }

    fn is_cut(&self) -> bool {
        self.0.cut.load(Ordering::SeqCst)
    }
}

pub struct Cuttable {
    stream: TcpStream,
    line: Line,
}

impl Cuttable {
    pub fn new(stream: TcpStream, line: Line) -> Self {
        Self { stream, line }
    }
}

/// All connections that stand, so that stopping can end them.
#[derive(Debug, Default)]
pub struct Lines(Vec<Weak<Wire>>);

impl Lines {
    pub fn add(&mut self, line: &Line) {
        self.0.retain(|one| one.strong_count() > 0);
        self.0.push(Arc::downgrade(&line.0));
    }

    pub fn cut(&mut self) {
        for wire in self.0.drain(..).filter_map(|one| one.upgrade()) {
            Line(wire).cut();
        }
    }
}

fn cut_error() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "cut by the rehearsal")
}

impl AsyncRead for Cuttable {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        *self.line.0.reader.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
        if self.line.is_cut() {
            return Poll::Ready(Err(cut_error()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Cuttable {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.line.is_cut() {
            return Poll::Ready(Err(cut_error()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

//! What the program says while it is at work, at every level and from every library, in a text that a test can read.

use std::sync::{Arc, LazyLock, Mutex};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::{DynFilterFn, LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// What every thread speaks to that has no listener of its own; it hears nothing. Whether a line of code says anything is settled
/// once for the whole process, by the thread that comes to it first, and a thread without any subscriber settles it with *never*
/// (<https://github.com/tokio-rs/tracing/issues/3611>): a test beside this one would silence the line here. This one answers
/// *ask each time*. Installed as the program installs its own, it also passes on what libraries say through the `log` crate.
static ELSEWHERE: LazyLock<()> = LazyLock::new(|| tracing_subscriber::registry().with(DynFilterFn::new(|_, _| false)).init());

/// A log, kept in memory.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Hears what this thread does until the guard is dropped. Only tungstenite is not heard: it is the server's end of a
    /// gateway's connection, which here is on the same thread and tells each frame; Duet's own end is twilight's.
    pub fn listen(&self) -> DefaultGuard {
        LazyLock::force(&ELSEWHERE);
        let ours = Targets::new()
            .with_default(LevelFilter::TRACE)
            .with_target("tungstenite", LevelFilter::OFF)
            .with_target("tokio_tungstenite", LevelFilter::OFF);
        let written = tracing_subscriber::fmt::layer()
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_ansi(false)
            .with_writer(self.clone());
        tracing_subscriber::registry().with(written.with_filter(ours)).set_default()
    }

    /// A place in the log, for [`Log::since`].
    pub fn mark(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    pub fn since(&self, mark: usize) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()[mark..]).into_owned()
    }

    pub fn has(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.0.lock().unwrap()).contains(text)
    }

    /// The last lines, without those that say every step of a library.
    pub fn tail(&self) -> String {
        let text = self.since(0);
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains("TRACE")).collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn what_another_thread_came_to_first_is_heard_all_the_same() {
    fn speak() {
        tracing::trace!("said by whoever comes by");
    }
    let log = Log::default();
    let _listening = log.listen();
    std::thread::spawn(speak).join().unwrap();
    assert_eq!(log.since(0), "", "another thread's words are its own");
    speak();
    assert!(log.has("said by whoever comes by"));
}

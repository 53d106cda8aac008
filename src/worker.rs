//! What scheduler and courier share: whether a turn found work, and the rest between turns. It knows neither of them.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// Whether there was something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    One,
    Nothing,
}

/// Until woken, told to stop, or a second has passed: then something may have come due.
pub async fn rest(stop: &CancellationToken, woken: impl Future<Output = ()>) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = woken => {}
        () = tokio::time::sleep(Duration::from_secs(1)) => {}
    }
}

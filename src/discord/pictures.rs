//! The picture of a couple's check-ins, drawn beside the threads that talk to Discord.

use super::card::Picture;
use crate::domain::insights::Insights;
use crate::flows::reading::RevealView;

/// `None` when it could not be drawn: what it shows stands in words beside it.
pub async fn of(insights: &Insights) -> Option<Picture> {
    let drawn = insights.clone();
    match tokio::task::spawn_blocking(move || Picture::of(&drawn)).await {
        Ok(Ok(picture)) => Some(picture),
        Ok(Err(error)) => {
            tracing::error!("a picture is not drawn: {error}");
            None
        }
        Err(_) => {
            tracing::error!("a picture is not drawn: drawing it panicked");
            None
        }
    }
}

/// Of a check-in; a question has none.
pub async fn of_reveal(view: &RevealView) -> Option<Picture> {
    of(view.insights.as_ref()?).await
}

//! The picture of a couple's check-ins, drawn beside the threads that talk to Discord.

use super::card::Picture;
use super::words;
use crate::domain::insights::Insights;
use crate::flows::reading::RevealView;
use crate::picture;

/// `None` when it could not be drawn: what it shows stands in words beside it.
pub async fn of(insights: &Insights) -> Option<Picture> {
    let drawn = insights.clone();
    let png = match tokio::task::spawn_blocking(move || picture::draw(&drawn)).await {
        Ok(Ok(png)) => png,
        Ok(Err(error)) => {
            tracing::error!("a picture is not drawn: {error}");
            return None;
        }
        Err(_) => {
            tracing::error!("a picture is not drawn: drawing it panicked");
            return None;
        }
    };
    Some(Picture::new(png, words::insights::description(insights)))
}

/// Of a check-in; a question has none.
pub async fn of_reveal(view: &RevealView) -> Option<Picture> {
    of(view.insights.as_ref()?).await
}

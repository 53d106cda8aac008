//! What was registered with Discord, remembered so that it is not sent at every start.

use super::Trouble;
use crate::app::App;
use crate::store::registrations;
pub use crate::store::registrations::Registration;

pub async fn known(app: &App, api: &str, application: i64) -> Result<Option<Registration>, Trouble> {
    let mut tx = app.store.read().await?;
    Ok(registrations::load(&mut tx, api, application).await?)
}

pub async fn keep(app: &App, api: &str, application: i64, registration: &Registration) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    registrations::save(&mut tx, api, application, registration).await?;
    tx.commit().await?;
    Ok(())
}

//! What became of an item's message, and what follows from it: one transaction, which settles its notice.

use super::{SHUT, Trouble, finish};
use crate::app::App;
use crate::discord::delivery::{Delivered, Fate};
use crate::domain::board::Unposted;
use crate::domain::ids::ItemId;
use crate::domain::notice::Notice;
use crate::domain::piece::Piece;
use crate::domain::visibility::Hold;
use crate::flows::board::posting;
use crate::flows::homes;
use crate::store::outbox::{self, Row};

/// The item that a notice posts, brings up to date or takes the words from.
pub fn item_of(notice: &Notice) -> Option<ItemId> {
    match notice {
        Notice::Item { item, .. } | Notice::ItemEdit { item } | Notice::Redraw { piece: Piece::Item(item) } => Some(*item),
        _ => None,
    }
}

pub async fn settle(app: &App, row: &Row, notice: &Notice, id: ItemId, delivered: Delivered) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let ours = match delivered {
        Delivered::Item(Fate::Posted(spot, shown)) => {
            posting::posted(app, &mut tx, id, spot, shown).await?;
            outbox::sent(&mut tx, row, now, Some((spot.channel, spot.message))).await?
        }
        Delivered::Item(Fate::Edited(shown)) => {
            posting::edited(app, &mut tx, id, shown).await?;
            outbox::sent(&mut tx, row, now, None).await?
        }
        Delivered::Item(Fate::EditHeld(why)) => {
            posting::held(app, &mut tx, id, why).await?;
            outbox::never(&mut tx, row, now, "held").await?
        }
        Delivered::Item(Fate::Gone(spot)) => {
            posting::gone(app, &mut tx, id, spot).await?;
            outbox::never(&mut tx, row, now, "unknown_message").await?
        }
        other => {
            let (how, code) = match other {
                Delivered::Item(Fate::NotPosted(how @ Unposted::Closed)) => (how, "closed_dms"),
                Delivered::Item(Fate::NotPosted(how @ Unposted::Held(_))) => (how, "held"),
                Delivered::Gone(channel) => {
                    homes::lost(app, &mut tx, channel).await?;
                    (Unposted::Held(Hold::ChannelGone), "unknown_channel")
                }
                Delivered::ShutOut => (Unposted::Moot, SHUT),
                _ => (Unposted::Moot, "moot"),
            };
            // One that should only have been brought up to date may be on its way to another place by now.
            if matches!(notice, Notice::Item { .. }) {
                posting::unposted(app, &mut tx, id, how).await?;
            }
            outbox::never(&mut tx, row, now, code).await?
        }
    };
    finish(tx, ours).await
}

/// Discord refuses it for good: it stands on the board without a message, and its author is told so.
pub async fn give_up(app: &App, row: &Row, id: ItemId, code: &str) -> Result<(), Trouble> {
    let mut tx = app.store.begin().await?;
    posting::unposted(app, &mut tx, id, Unposted::Held(Hold::NoAccess)).await?;
    let ours = outbox::never(&mut tx, row, app.now(), code).await?;
    finish(tx, ours).await
}

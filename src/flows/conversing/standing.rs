//! What of a conversation stands in Discord, where, and so may be read elsewhere, too: in a pause, or while a place may not hold it, what the
//! other wrote waits. What is one's own is one's own at any time.

use jiff::Timestamp;

use super::ConversationView;
use crate::app::App;
use crate::domain::conversation::{Conversation, Line, Phase, Sheet};
use crate::domain::ids::{NoticeId, PersonId, RoundId};
use crate::domain::notice::{Notice, Place};
use crate::flows::{Trouble, pausing, pieces};
use crate::store::posts::{Kind, Post};
use crate::store::{self, Tx};

/// Up to which turn each sheet is shown where it stands.
#[derive(Clone, Debug)]
pub struct Shown(Vec<(Sheet, u32)>);

impl Shown {
    pub(in crate::flows) async fn of(tx: &mut Tx, id: RoundId) -> Result<Self, Trouble> {
        Ok(Self(store::posts::shown(tx, id).await?))
    }

    pub fn has(&self, line: &Line) -> bool {
        self.0.iter().any(|(sheet, turn)| *sheet == line.sheet && line.turn < *turn)
    }

    /// Whether all that was said on this sheet stands.
    pub(super) fn has_all(&self, conversation: &Conversation, sheet: Sheet) -> bool {
        conversation.course.lines.iter().filter(|line| line.sheet == sheet).all(|line| self.has(line))
    }

    fn reaches(&self, sheet: Sheet, turn: u32) -> bool {
        self.0.iter().any(|(stands, shown)| *stands == sheet && turn <= *shown)
    }
}

impl ConversationView {
    /// Whether what is new in it may come to stand there; elsewhere an older message of it was left behind.
    pub fn lives_in(&self, post: &Post) -> bool {
        match post.place {
            Place::Channel => !self.conversation.course.by_dm && self.couple.channel() == Some(post.channel),
            dm @ Place::Dm(_) => self.conversation.places(self.couple.places()).contains(&dm),
        }
    }

    /// Whether the two meet, but no longer there.
    pub fn left(&self, place: Place) -> bool {
        let places = self.conversation.places(self.couple.places());
        !places.is_empty() && !places.contains(&place)
    }

    /// What this partner may read of it: what stands, and their own.
    pub(in crate::flows) fn read_by(mut self, who: PersonId, shown: &Shown) -> Self {
        self.lines.retain(|line| line.line.by == who || shown.has(&line.line));
        let course = &mut self.conversation.course;
        if !shown.reaches(course.sheet, course.turn) {
            // How far it is by now waits as well: it says no more than what was written.
            course.phase = Phase::Open;
        }
        self
    }

    /// What stands of it, by whomever.
    pub fn standing(mut self, shown: &Shown) -> Self {
        self.lines.retain(|line| shown.has(&line.line));
        self
    }
}

/// Where its living sheet was posted for this partner, of the places where the two live now.
pub async fn posted_for(app: &App, who: PersonId, view: &ConversationView) -> Result<Option<Post>, Trouble> {
    let mut tx = app.store.read().await?;
    let Conversation { round, course, .. } = &view.conversation;
    let posts = store::posts::all(&mut tx, *round, Kind::Sheet(course.sheet)).await?;
    Ok(pieces::seen_by(posts, who).into_iter().find(|post| view.lives_in(post)))
}

/// Until when a pause keeps back how far it has come: of one that is over, as long as that was not told.
pub async fn kept_back_until(app: &App, view: &ConversationView) -> Result<Option<Timestamp>, Trouble> {
    let mut tx = app.store.read().await?;
    let tells = |notice: &Notice| matches!(notice, Notice::Turn { .. } | Notice::SheetEdit { .. } | Notice::Closing { .. });
    if view.conversation.is_over() && !unsent(&mut tx, view.conversation.round).await?.iter().any(|(_, notice)| tells(notice)) {
        return Ok(None);
    }
    pausing::until(&mut tx, view.couple.id, app.now()).await
}

/// A sheet that is to be posted in one place, on a turn, by this notice.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub notice: NoticeId,
    pub round: RoundId,
    pub sheet: Sheet,
    pub turn: u32,
    pub place: Place,
}

/// What of it has yet to be said.
pub(super) async fn unsent(tx: &mut Tx, id: RoundId) -> Result<Vec<(NoticeId, Notice)>, Trouble> {
    let unsent = store::outbox::unsent_about(tx, &id.0.to_string()).await?;
    let read = |(notice, body): (NoticeId, String)| Some((notice, serde_json::from_str(&body).ok()?));
    Ok(unsent.into_iter().filter_map(read).collect())
}

impl Call {
    /// Whether a later one is on its way to the same place, which shows all that this one would: after a pause both come due in one
    /// moment, and each would leave its own message.
    pub(super) async fn is_overtaken(self, tx: &mut Tx) -> Result<bool, Trouble> {
        for (id, body) in store::outbox::waiting_about(tx, &self.round.0.to_string()).await? {
            if let Ok(Notice::Turn { sheet, turn, place, .. }) = serde_json::from_str(&body)
                && (sheet, place) == (self.sheet, self.place)
                && (turn, id) > (self.turn, self.notice)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

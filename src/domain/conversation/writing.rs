//! What a partner writes: whether it is theirs to write now, and where the conversation goes with it.

use jiff::Timestamp;

use super::{CORRECTIONS, Conversation, FOLLOW_UP, Heard, Length, Line, Outcome, Phase, Press, STEP, Said, Sheet, Stage, after};
use crate::domain::ids::PersonId;
use crate::domain::refusal::Refusal;
use crate::domain::step::{Due, Step};

impl Conversation {
    /// Which of the two turns this partner would listen in now. One who listens second may begin once the first has let a day pass.
    pub(super) fn listens(&self, who: PersonId, now: Timestamp) -> Result<(Heard, u8), Refusal> {
        self.is_open_to(who)?;
        match self.course.phase {
            Phase::Open if self.length == Length::Short => Err(Refusal::NoMirrors),
            Phase::Open if who == self.listener => Ok((Heard::First, 0)),
            Phase::Open => {
                let from = after(self.begun_at, STEP);
                if now >= from { Ok((Heard::Second, 0)) } else { Err(Refusal::ListensFirst { who: self.listener, from }) }
            }
            _ => match self.stage_of(who)? {
                Stage::Listening { heard, corrections, .. } => Ok((heard, corrections)),
                _ => Err(Refusal::StepPassed),
            },
        }
    }

    /// Asked before the page to write on is opened, as the other `may_…`.
    pub fn may_mirror(&self, who: PersonId, now: Timestamp) -> Result<Said, Refusal> {
        self.listens(who, now)?;
        Ok(if self.length == Length::Full { Said::FullMirror } else { Said::Mirror })
    }

    pub fn may_correct(&self, who: PersonId, more: bool) -> Result<Said, Refusal> {
        match self.stage_of(who)? {
            Stage::Confirming { .. } => Ok(if more { Said::More } else { Said::Nearly }),
            _ => Err(Refusal::StepPassed),
        }
    }

    pub fn may_appreciate(&self, who: PersonId) -> Result<Said, Refusal> {
        self.is_open_to(who)?;
        match self.course.phase {
            Phase::Open => Ok(Said::Appreciation),
            _ => match self.stage_of(who)? {
                Stage::Appreciating { .. } => Ok(Said::Appreciation),
                _ => Err(Refusal::StepPassed),
            },
        }
    }

    pub fn may_request(&self, who: PersonId) -> Result<Said, Refusal> {
        match self.stage_of(who)? {
            Stage::Asking { .. } => Ok(Said::Request),
            _ => Err(Refusal::StepPassed),
        }
    }

    pub fn may_plan(&self, who: PersonId) -> Result<Said, Refusal> {
        match self.stage_of(who)? {
            Stage::Planning { .. } => Ok(Said::Plan),
            _ => Err(Refusal::StepPassed),
        }
    }

    /// Something was written. `said`: what the page was for, as one of the `may_…` told. Its words belong to this turn's number.
    pub fn said(self, said: Said, press: Press<'_>) -> Result<Step<Self>, Refusal> {
        let who = press.who;
        self.still(press)?;
        match said {
            Said::Mirror | Said::FullMirror => {
                let (heard, corrections) = self.listens(who, press.at)?;
                let sheet = heard.sheet();
                let next = if corrections < CORRECTIONS {
                    Outcome::Next(Stage::Confirming { by: self.other(who), heard, corrections })
                } else {
                    self.after_mirror(heard, self.other(who))
                };
                Ok(self.moved(Line::said(said, who, sheet, press.turn), next, press))
            }
            Said::Nearly | Said::More => {
                self.may_correct(who, said == Said::More)?;
                let Some(Stage::Confirming { heard, corrections, .. }) = self.stage() else { return Err(Refusal::StepPassed) };
                let next = Outcome::Next(Stage::Listening { by: self.other(who), heard, corrections: corrections + 1 });
                Ok(self.moved(Line::said(said, who, heard.sheet(), press.turn), next, press))
            }
            Said::Appreciation => {
                self.may_appreciate(who)?;
                let next = match self.stage() {
                    Some(Stage::Appreciating { last: true, .. }) => self.after_appreciations(),
                    _ => Outcome::Next(Stage::Appreciating { by: self.other(who), last: true }),
                };
                Ok(self.moved(Line::said(said, who, Sheet::Appreciation, press.turn), next, press))
            }
            Said::Request => {
                self.may_request(who)?;
                let next = Outcome::Next(Stage::Answering { by: self.other(who) });
                Ok(self.moved(Line::said(said, who, Sheet::Request, press.turn), next, press))
            }
            Said::Plan => {
                self.may_plan(who)?;
                let (round, at) = (self.round, after(press.at, FOLLOW_UP));
                let line = Line::said(said, who, Sheet::Request, press.turn);
                Ok(self.moved(line, Outcome::Ended, press).set(Due::FollowUp(round), at))
            }
        }
    }
}

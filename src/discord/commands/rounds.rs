//! `/ask` and the buttons of a round: call the flow, show the reply.

use super::super::buttons::Button;
use super::super::card::Card;
use super::super::inbound::{Reply, Visit};
use super::super::{cards, pictures, words};
use super::meant;
use crate::app::App;
use crate::domain::couple::Home;
use crate::domain::ids::{CoupleId, PersonId, RoundId};
use crate::domain::library::{Depth, Practice, Theme};
use crate::domain::refusal::Refusal;
use crate::domain::round::{Kind, Phase};
use crate::domain::words::Words;
use crate::flows::answering::{self, Door};
use crate::flows::asking::{self, Request, Swap};
use crate::flows::proposals::{self, Outcome};
use crate::flows::{Trouble, checkins, homes, opening, reading};

pub async fn ask(app: &App, visit: &Visit, request: Request) -> Result<Reply, Trouble> {
    let couple = match meant(app, visit, request.question.as_ref(), |id| Button::AskIn(id, request.theme, request.depth)).await {
        Ok(Ok(couple)) => couple.id,
        Ok(Err(menu)) => return Ok(Reply::Private(menu)),
        Err(Trouble::Refused(refusal)) => return Ok(Reply::Private(refused(&refusal, &request))),
        Err(trouble) => return Err(trouble),
    };
    ask_in(app, visit, couple, request).await
}

pub async fn ask_in(app: &App, visit: &Visit, couple: CoupleId, request: Request) -> Result<Reply, Trouble> {
    let done = asking::ask(app, visit.who, couple, &request).await;
    answered(app, &request, done).await
}

/// What the one who asked reads.
async fn answered(app: &App, request: &Request, done: Result<asking::Reply, Trouble>) -> Result<Reply, Trouble> {
    match done {
        Ok(reply) => asked(app, request, reply).await,
        Err(Trouble::Refused(Refusal::QuestionOpen(open))) => Ok(Reply::Private(cards::question_open(open, request))),
        Err(Trouble::Refused(refusal)) => Ok(Reply::Private(refused(&refusal, request))),
        Err(trouble) => Err(trouble),
    }
}

/// `Write our own`: the page for it, with what an earlier try left behind.
pub async fn page_to_ask(app: &App, visit: &Visit, couple: CoupleId) -> Result<Reply, Trouble> {
    let couple = homes::look(app, couple).await?;
    couple.admits(visit.who)?;
    Ok(Reply::Form(cards::bag::page(&couple, visit.who, visit.carried.as_ref())))
}

/// What was written on it goes the way of `/ask question:`.
pub async fn ask_own(app: &App, visit: &Visit, couple: CoupleId, fields: Vec<Words>) -> Result<Reply, Trouble> {
    let question = fields.into_iter().next().unwrap_or_else(|| Words::new(""));
    let request = Request { question: Some(question.clone()), ..Request::default() };
    match asking::ask(app, visit.who, couple, &request).await {
        Err(Trouble::Refused(refusal @ (Refusal::QuestionEmpty | Refusal::QuestionTooLong))) => {
            Ok(Reply::Private(cards::bag::once_more(couple, &refusal, &question)))
        }
        done => answered(app, &request, done).await,
    }
}

/// `/ask` again, from beside a reveal that has now been read.
pub async fn ask_now(app: &App, visit: &Visit, couple: CoupleId, request: Request) -> Result<Reply, Trouble> {
    let done = asking::ask_having_read(app, visit.who, couple, &request).await;
    answered(app, &request, done).await
}

/// The request of a button: theme and depth from its id, own words from the private reply in which they travelled.
pub fn carried(visit: &Visit, theme: Option<Theme>, depth: Option<Depth>) -> Request {
    Request { theme, depth, question: visit.carried.clone(), ..Request::default() }
}

pub async fn close_and_ask(app: &App, visit: &Visit, round: RoundId, request: Request) -> Result<Reply, Trouble> {
    let done = asking::close_and_ask(app, visit.who, round, &request).await;
    answered(app, &request, done).await
}

pub(super) async fn asked(app: &App, request: &Request, reply: asking::Reply) -> Result<Reply, Trouble> {
    Ok(Reply::Private(match reply {
        asking::Reply::OnItsWay { exact, .. } => Card::saying(words::question_on_its_way(exact, request.theme)),
        // Shown until the reader says that it was read: a reply may be lost on its way.
        asking::Reply::Unread(round) => {
            let reveal = reading::reveal(app, round).await?;
            let picture = pictures::of_reveal(&reveal).await;
            cards::unread_reveal(&reveal, picture, request)
        }
    }))
}

/// A refusal, with the question in own words that came with it: nothing that was written is lost.
fn refused(refusal: &Refusal, request: &Request) -> Card {
    let card = cards::refusal(refusal);
    match &request.question {
        Some(question) => card.with(question.expose().chars().take(4_000).collect::<String>()),
        None => card,
    }
}

/// `Answer`: the page to write on, the sealed card, or both answers, as the round stands.
pub async fn answer(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    Ok(match answering::door(app, visit.who, round).await? {
        Door::Write(view) => Reply::Form(cards::page(&view, None)),
        Door::Rate(view) => Reply::Private(cards::checkins::ratings(&view)),
        Door::Sealed(view) => Reply::Private(cards::sealed(&view)),
        Door::Open(_) => return open(app, visit.who, round).await,
    })
}

pub async fn edit(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    match answering::own(app, visit.who, round).await {
        Ok(view) if view.card.round.question.kind() == Kind::CheckIn => {
            let view = checkins::ratings(app, visit.who, round).await?;
            Ok(Reply::Private(cards::checkins::ratings(&view)))
        }
        Ok(view) => Ok(Reply::Form(cards::page(&view.card, Some(&view.answer)))),
        Err(Trouble::Refused(Refusal::AlreadyOpen)) => open(app, visit.who, round).await,
        Err(trouble) => Err(trouble),
    }
}

pub async fn submit(app: &App, visit: &Visit, round: RoundId, swaps: u8, fields: Vec<Words>) -> Result<Reply, Trouble> {
    match answering::answer(app, visit.who, round, swaps, &fields).await {
        Ok(view) => Ok(Reply::Private(cards::sealed(&view))),
        // Nothing that was written is lost: it comes back to its author.
        Err(Trouble::Refused(Refusal::TooLong { over, .. })) => Ok(Reply::Private(cards::too_long(round, over, &fields))),
        // Told twice, or sent from an old page: what opened is what was written.
        Err(Trouble::Refused(Refusal::AlreadyOpen)) if answering::stands(app, visit.who, round, &fields).await? => {
            open(app, visit.who, round).await
        }
        Err(Trouble::Refused(
            refusal @ (Refusal::RoundClosed
            | Refusal::CheckInClosed
            | Refusal::QuestionSwapped
            | Refusal::CoupleEnded
            | Refusal::AlreadyOpen),
        )) => Ok(Reply::Private(cards::came_too_late(&refusal, &fields))),
        Err(trouble) => Err(trouble),
    }
}

pub async fn take_back(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    match answering::take_back(app, visit.who, round).await {
        // Pressed twice, it finds the work done.
        Ok(()) | Err(Trouble::Refused(Refusal::NothingSealed)) => Ok(Reply::Private(Card::saying(words::taken_back()))),
        Err(Trouble::Refused(Refusal::AlreadyOpen)) => open(app, visit.who, round).await,
        Err(trouble) => Err(trouble),
    }
}

pub async fn pass(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    match answering::pass(app, visit.who, round).await {
        Ok(view) => Ok(Reply::Private(cards::passed(&view, visit.who))),
        Err(Trouble::Refused(Refusal::AlreadyOpen)) => open(app, visit.who, round).await,
        Err(trouble) => Err(trouble),
    }
}

pub async fn say_openly(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    answering::say_openly(app, visit.who, round).await?;
    Ok(Reply::Private(Card::saying(words::said_openly())))
}

pub async fn another(app: &App, visit: &Visit, round: RoundId, seen: u8) -> Result<Reply, Trouble> {
    Ok(Reply::Private(Card::saying(match asking::another(app, visit.who, round, seen).await? {
        Swap::Done => words::swapped(),
        Swap::Asked => words::swap_proposed(),
    })))
}

pub async fn why(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    Ok(Reply::Private(cards::why(&reading::card_for(app, visit.who, round).await?)))
}

pub async fn minute_first(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    reading::card_for(app, visit.who, round).await?;
    Ok(Reply::Private(cards::practice(practice(app)?, round)))
}

/// A settling practice, drawn.
pub(super) fn practice(app: &App) -> Result<&Practice, Trouble> {
    use rand::seq::IndexedRandom as _;
    let practice = app.draw(|chance| app.library.practices().choose(chance));
    practice.ok_or_else(|| Trouble::Inconsistent("the library has no settling practice".into()))
}

pub async fn keep(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    Ok(Reply::Private(cards::unopened(&answering::unopened(app, visit.who, round).await?)))
}

/// `Go to it`: the open question again, with its buttons, and where it stands in the couple's channel. It can be answered and
/// passed from here, too.
pub async fn go_to(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    let view = reading::card_for(app, visit.who, round).await?;
    if view.round.may_be_read() {
        return open(app, visit.who, round).await;
    }
    let posts = reading::card_posts(app, round).await?;
    let stands = posts.iter().find(|post| view.couple.home == Home::Channel(post.channel));
    let link = stands.map(|post| words::link(view.couple.server, post.channel, post.message));
    Ok(Reply::Private(cards::prompt_again(&view, link.as_deref())))
}

pub async fn send_by_dm(app: &App, visit: &Visit, round: RoundId) -> Result<Reply, Trouble> {
    Ok(Reply::Private(match proposals::send_by_dm(app, visit.who, round).await? {
        Outcome::Agreed(proposal) => cards::agreed(&proposal),
        Outcome::Waits => Card::saying(words::send_by_dm_waits()),
    }))
}

/// Both answers, for one who may read them: a link to the channel, or the words themselves where they were brought by DM. While
/// the post is held, what to do about that.
pub(in super::super) async fn open(app: &App, who: PersonId, round: RoundId) -> Result<Reply, Trouble> {
    let view = reading::card_for(app, who, round).await?;
    let Phase::Revealed { hold, by_dm, .. } = view.round.phase else { return Err(Refusal::RoundClosed.into()) };
    if let Some(held) = hold {
        return Ok(Reply::Private(cards::held(round, held.why, words::a_permission()).content("")));
    }
    if let Some(post) = reading::reveal_post(app, round).await? {
        let link = words::link(view.couple.server, post.channel, post.message);
        return Ok(Reply::Private(Card::saying(words::it_is_open(Some(&link)))));
    }
    if !by_dm && matches!(view.couple.home, Home::Channel(_)) && !reading::reveal_stands(app, round).await? {
        return Ok(Reply::Private(Card::saying(words::it_is_open(None))));
    }
    let reveal = reading::reveal(app, round).await?;
    opening::read_through_card(app, who, round).await?;
    let picture = pictures::of_reveal(&reveal).await;
    Ok(Reply::Private(cards::reveal(&reveal, picture)))
}

//! Cards of the board: an item where it stands, an item in private, the list.

use serenity::all::{CreateActionRow, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};

use super::super::buttons::{Button, OnBoard};
use super::super::card::{Card, Press, next, press};
use super::super::modals::{Field, Form, Modal};
use super::super::words::{self, board as said};
use crate::domain::board::{Kind, LONGEST};
use crate::domain::couple::{Couple, Home};
use crate::domain::ids::{CoupleId, ItemId, PersonId};
use crate::domain::notice::Place;
use crate::domain::refusal::Refusal;
use crate::domain::visibility::Hold;
use crate::domain::words::Words;
use crate::flows::board::{BoardView, Edited, ItemView, Retired, Worded};

pub fn look(couple: CoupleId) -> Press {
    press("Look at the board", OnBoard::List(couple, 0).into())
}

// ---- Writing ----

pub fn page(couple: &Couple, who: PersonId, kind: Kind) -> Form {
    form(Modal::Item(couple.id, kind), kind, None, said::below(couple.other(who), false))
}

pub fn page_to_edit(view: &ItemView) -> Form {
    let item = &view.shown.item;
    let below = said::below(view.couple.other(item.author), true);
    form(Modal::EditItem(item.id), item.kind, view.shown.words.clone(), below)
}

fn form(modal: Modal, kind: Kind, value: Option<Words>, below: String) -> Form {
    Form {
        modal,
        title: said::title(kind),
        above: Some(said::above(kind).into()),
        fields: vec![Field { label: "In my words".into(), value, placeholder: "", most: LONGEST, required: true, long: true }],
        below: Some(below),
    }
}

/// A no on the way there: what was written comes back to its author, and no button beside it would take its place.
pub fn refused(refusal: &Refusal, words: Option<&Words>) -> Card {
    let card = super::refusal(refusal);
    match (words.filter(|words| !words.is_blank()), refusal) {
        (Some(words), _) => card.with(words::yours_again()).with(words.expose().chars().take(4_000).collect::<String>()),
        (None, Refusal::BoardFull(couple)) => card.presses([look(*couple)]),
        (None, _) => card,
    }
}

// ---- An item where it stands ----

/// As the item stands now.
pub fn posted(view: &ItemView, place: Place) -> Card {
    let item = &view.shown.item;
    let card = if item.is_live() {
        Card::saying(said::in_its_place(&view.shown)).presses([next("I see this", OnBoard::See(item.id, item.wording).into())])
    } else {
        Card::saying(said::no_longer())
    };
    headed(card, view, place)
}

/// Where it stood before the couple moved: without its words.
pub fn left_behind(view: &ItemView, place: Place) -> Card {
    headed(Card::saying(said::left_behind()).presses([look(view.couple.id)]), view, place)
}

fn headed(card: Card, view: &ItemView, place: Place) -> Card {
    let author = view.shown.item.author;
    let partner = view.couple.other(author);
    match place {
        Place::Channel => card.content(format!("{}, {}", words::name(partner), said::put_up_by(author))).pings([partner]),
        Place::Dm(_) => card.content(said::put_up_by(author)),
    }
}

/// To its author alone, by DM.
pub fn not_posted(couple: &Couple, why: Hold, missing: &str) -> Card {
    let may_move = matches!(couple.home, Home::Channel(_) | Home::Nowhere);
    let way = may_move.then(|| press("Move to our DMs", Button::MoveToDms(couple.id)));
    Card::saying(said::not_posted(why, missing, may_move))
        .content("A word about your place.")
        .presses([look(couple.id)])
        .presses(way)
}

// ---- An item in private ----

/// One item, and what this reader may do with it.
pub fn item(view: &ItemView, who: PersonId) -> Card {
    let Worded { item, .. } = &view.shown;
    let text = [Some(said::item(&view.shown)), said::its_state(item, who).map(ToOwned::to_owned)];
    let card = Card::saying(text.into_iter().flatten().collect::<Vec<_>>().join("\n\n"));
    let card = if item.author == who {
        card.presses([press("Edit", OnBoard::Edit(item.id).into()), press("Retire", OnBoard::Retire(item.id).into())])
    } else {
        card.presses(item.seen_at.is_none().then(|| next("I see this", OnBoard::See(item.id, item.wording).into())))
    };
    card.presses([look(view.couple.id)])
}

pub fn on_the_board(view: &ItemView, who: PersonId) -> Card {
    item(view, who).noting(Some(&said::on_the_board(&view.couple, who)))
}

pub fn edited(edited: &Edited, who: PersonId) -> Card {
    item(&edited.view, who).noting(Some(&said::edited(&edited.view.couple, who, edited.changed)))
}

pub fn put_back(view: &ItemView, who: PersonId) -> Card {
    item(view, who).noting(Some(&said::put_back(&view.couple, who)))
}

pub fn reworded(view: &ItemView, who: PersonId) -> Card {
    item(view, who).noting(Some(said::reworded()))
}

pub fn yours(view: &ItemView, who: PersonId) -> Card {
    item(view, who).noting(Some(&words::refusal(&Refusal::OwnItem)))
}

pub fn seen(view: &ItemView) -> Card {
    Card::saying(said::seen()).presses([look(view.couple.id)])
}

/// The words travel in this card, and are stored nowhere any more.
pub fn retired(retired: &Retired) -> Card {
    let card = Card::saying(said::retired(retired.words.is_some()));
    let card = match &retired.words {
        Some(words) => {
            card.carrying(None, words.clone()).presses([press("Put it back", OnBoard::PutBack(retired.item.id).into())])
        }
        None => card,
    };
    card.presses([look(retired.item.couple)])
}

/// The words stay in this card until there is room for them.
pub fn no_room_for(item: ItemId, carried: &Words) -> Card {
    Card::saying(said::full()).carrying(None, carried.clone()).presses([press("Put it back", OnBoard::PutBack(item).into())])
}

// ---- The list ----

/// Items on one page at most, and the UTF-16 units that its text may have (an embed holds 4,096: resources/message).
const ON_A_PAGE: usize = 10;
const UNITS_ON_A_PAGE: usize = 3_600;

/// One page of the list: what is one's own can be chosen to be changed, what is the other's and not yet seen to be seen.
pub fn list(view: &BoardView, who: PersonId, page: usize) -> Card {
    let pages = pages(view, who);
    let Some(last) = pages.len().checked_sub(1) else { return Card::saying(said::empty()) };
    let at = page.min(last);
    let Page { text, items } = &pages[at];
    let own = items.iter().filter(|(_, shown)| shown.item.author == who);
    let own = own.map(|(number, shown)| option(*number, shown, OnBoard::Open(shown.item.id).into()));
    let unseen = items.iter().filter(|(_, shown)| shown.item.author != who && shown.item.seen_at.is_none());
    let unseen = unseen.map(|(number, shown)| option(*number, shown, OnBoard::See(shown.item.id, shown.item.wording).into()));
    let turn = |label: &'static str, to: Option<usize>| {
        let to = to.and_then(|to| u8::try_from(to).ok());
        to.map(|to| press(label, OnBoard::List(view.couple.id, to).into()))
    };
    let card = Card::saying(text);
    let card = menu(card, "unseen", "I see this", unseen.collect());
    menu(card, "own", "Edit or retire one of yours", own.collect())
        .row_of([turn("Back", at.checked_sub(1)), turn("More", Some(at + 1).filter(|next| *next <= last))].into_iter().flatten())
}

fn option(number: usize, shown: &Worded, button: Button) -> CreateSelectMenuOption {
    CreateSelectMenuOption::new(said::choice(number, shown.item.kind), button.id())
}

/// Its values are the ids of the buttons that are meant.
fn menu(card: Card, id: &str, placeholder: &str, options: Vec<CreateSelectMenuOption>) -> Card {
    if options.is_empty() {
        return card;
    }
    let menu = CreateSelectMenu::new(format!("{}:{id}", super::CHOOSE), CreateSelectMenuKind::String { options });
    card.row(CreateActionRow::SelectMenu(menu.placeholder(placeholder)))
}

struct Page<'v> {
    text: String,
    /// By their numbers.
    items: Vec<(usize, &'v Worded)>,
}

/// By kind, and within it one's own first; as many to a page as fit.
fn pages(view: &BoardView, who: PersonId) -> Vec<Page<'_>> {
    let mut sorted: Vec<&Worded> = view.items.iter().collect();
    sorted.sort_by_key(|shown| (shown.item.kind, shown.item.author != who));
    let mut pages: Vec<Page<'_>> = Vec::new();
    let mut kind = None;
    for (number, shown) in (1..).zip(sorted) {
        let line = said::listed(number, shown, who);
        let fits = |page: &&mut Page<'_>| page.items.len() < ON_A_PAGE && units(&page.text) + units(&line) <= UNITS_ON_A_PAGE;
        let page = match pages.last_mut().filter(fits) {
            Some(page) => page,
            None => {
                kind = None;
                pages.push(Page { text: said::heading(view, who), items: Vec::new() });
                let Some(page) = pages.last_mut() else { break };
                page
            }
        };
        if kind.replace(shown.item.kind) != Some(shown.item.kind) {
            page.text.push_str(&format!("\n\n{}", said::group(shown.item.kind)));
        }
        page.text.push_str(&format!("\n{line}"));
        page.items.push((number, shown));
    }
    pages
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

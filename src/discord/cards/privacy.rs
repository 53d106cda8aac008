//! Cards of `/privacy`: private replies, and the DM that brings a file.

use super::super::buttons::Button;
use super::super::card::{Card, next, press};
use super::super::modals::{Form, Modal};
use super::super::rest::Upload;
use super::super::words::privacy as said;
use crate::domain::ids::RoundId;

pub fn privacy() -> Card {
    Card::saying(said::privacy())
        .presses([press("Export my data", Button::ExportMine), press("Delete my data", Button::DeleteMine)])
}

/// `rest`: after which round the next part begins. By its buttons the message is found again.
pub fn export(file: Upload, part: u32, rest: Option<RoundId>) -> Card {
    Card::saying(said::file(part, rest.is_some()))
        .content(said::file_here())
        .file(file)
        .presses(rest.map(|after| next("Send the next part", Button::ExportRest(after, part.saturating_add(1)))))
        .presses([press("What is kept", Button::Privacy)])
}

pub fn delete_form() -> Form {
    Form::before_deleting(Modal::DeleteMine, "Delete my data", said::delete_above())
}

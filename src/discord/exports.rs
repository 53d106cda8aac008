//! An export becomes one file, packed beside the threads that talk to Discord. Its names and its outside say nothing.

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

use super::rest::Upload;
use super::words::export as said;
use crate::domain::checkin::{Rated, Ratings};
use crate::domain::conversation::What;
use crate::domain::couple::Home;
use crate::domain::hours::Zone;
use crate::domain::words::Words;
use crate::flows::Trouble;
use crate::flows::conversing::LineView;
use crate::flows::exporting::{CoupleView, Export, Given, ItemView, Keeps, PassageView, RoundView, State};
use crate::flows::reading::Asked;

/// Of `duet.json`. What a reader of an older one would misread makes it another.
const FORMAT: u32 = 1;

pub async fn packed(export: Export) -> Result<Upload, Trouble> {
    match tokio::task::spawn_blocking(move || pack(&export)).await {
        Ok(Ok(bytes)) => Ok(Upload { filename: "duet.zip".into(), kind: "application/zip", bytes: bytes.into() }),
        Ok(Err(error)) => Err(Trouble::Inconsistent(format!("an export cannot be packed: {error}"))),
        Err(_) => Err(Trouble::Inconsistent("packing an export panicked".into())),
    }
}

fn pack(export: &Export) -> ZipResult<Vec<u8>> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    // Without a moment of its own: the one inside is enough.
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let parts =
        [("README.md", said::readme(export)), ("duet.md", said::to_read(export)), ("duet.json", format!("{:#}\n", data(export)))];
    for (name, text) in parts {
        file.start_file(name, options)?;
        file.write_all(text.as_bytes())?;
    }
    Ok(file.finish()?.into_inner())
}

fn data(export: &Export) -> Value {
    let person = &export.person;
    json!({
        "format": FORMAT,
        "made_at": export.made_at.to_string(),
        "part": export.part,
        "more": export.rest.is_some(),
        "you": {
            "id": person.id.to_string(),
            "zone": person.zone.as_ref().map(Zone::name),
            "quiet_hours": { "from": person.quiet.from.to_string(), "until": person.quiet.until.to_string() },
            "nudges": person.nudges.name(),
            "takes_invitations": !person.invitations_closed,
        },
        "couples": export.couples.iter().map(|view| couple(view, export)).collect::<Vec<_>>(),
        "rounds": export.rounds.iter().map(round).collect::<Vec<_>>(),
        "shared": export.passages.iter().map(passage).collect::<Vec<_>>(),
        "kept": export.kept.iter().map(keeps).collect::<Vec<_>>(),
    })
}

fn couple(CoupleView { couple, weekly, board, pause }: &CoupleView, export: &Export) -> Value {
    let who = export.person.id;
    json!({
        "id": couple.id.to_string(),
        "partner": couple.other(who).to_string(),
        "since": couple.paired_at.to_string(),
        "until": couple.left.map(|left| left.at.to_string()),
        "place": match couple.home {
            Home::Channel(_) => Some("channel"),
            Home::Dms => Some("dms"),
            Home::Making | Home::Nowhere => None,
        },
        "conversations": couple.length.name(),
        "opening_hour": couple.opening.as_ref().map(|hour| json!({ "at": hour.at.to_string(), "zone": hour.zone.name() })),
        "weekly": weekly.as_ref().map(|slot| json!({ "day": slot.day.name(), "at": slot.at.to_string(), "zone": slot.zone.name() })),
        "board": board.iter().map(item).collect::<Vec<_>>(),
        "your_pause": pause.as_ref().map(|pause| json!({ "since": pause.called_at.to_string(), "until": pause.until.to_string() })),
        "your_settings": couple.partner(who).map(|own| json!({
            "depth_at_most": own.ceiling.name(),
            "themes_left_out": own.vetoes.iter().map(|theme| theme.slug()).collect::<Vec<_>>(),
            "themes_asked_for": own.opt_ins.iter().map(|theme| theme.slug()).collect::<Vec<_>>(),
            "days_to_answer": own.window.days(),
            "status_line": own.line,
            "pace": own.pace.name(),
            "one_line_is_enough": own.short,
            "away_until": own.away_until.map(|back| back.to_string()),
        })),
    })
}

fn round(view: &RoundView) -> Value {
    let (state, opened_at) = match view.state {
        State::Waits => ("waits", None),
        State::Opened(at) => ("opened", Some(at.to_string())),
        State::Closed => ("closed", None),
    };
    json!({
        "id": view.id.to_string(),
        "couple": view.couple.to_string(),
        "kind": view.kind.name(),
        "asked_at": view.asked_at.to_string(),
        "asked_by": view.asked_by.map(|by| by.to_string()),
        "question": match &view.asked {
            Asked::Own { question: None, .. } => json!({ "removed": true }),
            asked => json!({ "text": asked.text() }),
        },
        "state": state,
        "opened_at": opened_at,
        "yours": given(&view.mine, &view.labels),
        "theirs": given(&view.theirs, &view.labels),
        "conversation": view.conversation.iter().map(line).collect::<Vec<_>>(),
        "tapped": ratings(&view.tapped),
    })
}

fn line(view: &LineView) -> Value {
    let What::Said(said) = view.line.what else { return Value::Null };
    json!({
        "by": view.line.by.to_string(),
        "said": said,
        "words": view.words.as_ref().map(|fields| fields.iter().map(Words::expose).collect::<Vec<_>>()),
    })
}

/// That it was seen is said, and otherwise nothing.
fn item(view: &ItemView) -> Value {
    json!({
        "kind": view.kind.name(),
        "by": view.author.to_string(),
        "put_up_at": view.put_up_at.to_string(),
        "seen": view.seen.then_some(true),
        "words": view.words.expose(),
    })
}

fn keeps(view: &Keeps) -> Value {
    json!({
        "couple": view.couple.to_string(),
        "kept_at": view.kept_at.to_string(),
        "what": said::kept_kind(view.piece),
        "round": view.piece.round().map(|round| round.to_string()),
    })
}

fn passage(view: &PassageView) -> Value {
    json!({
        "couple": view.couple.to_string(),
        "shared_at": view.shared_at.to_string(),
        "by": view.author.to_string(),
        "words": view.words.expose(),
    })
}

fn given(given: &Given, labels: &[String]) -> Value {
    match given {
        Given::Nothing => Value::Null,
        Given::Removed => json!({ "removed": true }),
        Given::Answer(answer) => json!({
            "fields": labels.iter().zip(answer.fields())
                .map(|(label, words)| json!({ "label": label, "words": words.expose() })).collect::<Vec<_>>(),
            "ratings": answer.ratings().as_ref().map(ratings),
        }),
    }
}

fn ratings(given: &Ratings) -> Value {
    let given = Rated::ALL.into_iter().filter_map(|rated| Some((rated.slug().to_owned(), json!(given.of(rated)?.value()))));
    let given: serde_json::Map<String, Value> = given.collect();
    if given.is_empty() { Value::Null } else { Value::Object(given) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::super::cards;
    use super::*;
    use crate::domain::ids::{PersonId, RoundId};
    use crate::domain::person::Person;

    #[tokio::test]
    async fn what_is_not_all_says_so_inside_and_outside() {
        let rest = RoundId(Uuid::from_u128(7));
        let whole = Export {
            made_at: Timestamp::UNIX_EPOCH,
            part: 2,
            person: Person::new(PersonId(1)),
            couples: Vec::new(),
            rounds: Vec::new(),
            passages: Vec::new(),
            kept: Vec::new(),
            rest: None,
        };
        let part = Export { rest: Some(rest), ..whole.clone() };
        assert_eq!((&data(&part)["more"], &data(&whole)["more"]), (&json!(true), &json!(false)));
        assert!(said::readme(&part).contains("Send the next part") && !said::readme(&whole).contains("Send the next part"));
        let file = packed(part).await.expect("a file");
        let card = cards::privacy::export(file.clone(), 2, Some(rest));
        assert_eq!(card.presses.iter().map(|press| press.label).collect::<Vec<_>>(), ["Send the next part", "What is kept"]);
        assert_eq!(cards::privacy::export(file, 2, None).presses.len(), 1, "by which it is found again");
    }
}

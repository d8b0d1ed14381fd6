//! Files that somebody sent before, offered under a question of the same name: whoever applies again need not look
//! for the paper once more. Only the own ones are offered, and only the own ones are taken.

use engine::case::ActorKind;
use engine::form::{Field, Kind};
use engine::template::format;
use serde_json::Value as Json;
use ui_gen::from_engine::{field_at, say};
use ui_gen::view::field::SentBefore;
use ui_gen::{FieldView, Input};

use super::upload;
use crate::http::ask::Ask;
use crate::http::limits;
use crate::octets;
use crate::problem::Problem;
use crate::store::By;
use crate::store::files::{self, File};
use crate::store::octets::Of;

/// Offers what the person who asks sent for such a question before, under each question that wants a file and has none.
pub async fn offer(ask: &Ask, fields: &[Field], views: &mut [FieldView]) -> Result<(), Problem> {
    let Some(citizen) = ask.who.citizen() else { return Ok(()) };
    if !views.iter().any(FieldView::takes_files) {
        return Ok(());
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let own = files::of_applicant(&mut tx, &citizen.id, limits::FILES_LOOKED_AT).await?;
    drop(tx);
    offer_in(ask, fields, &own, views);
    Ok(())
}

fn offer_in(ask: &Ask, fields: &[Field], own: &[File], views: &mut [FieldView]) {
    for view in views.iter_mut().filter(|view| !view.disabled) {
        match &mut view.input {
            Input::File(asked) | Input::Photo(asked) if asked.can_add && asked.files.is_empty() => {
                if let Some(field) = field_at(fields, &view.name) {
                    asked.sent_before = fitting(ask, field, own, &view.name);
                }
            }
            Input::Group(group) => offer_in(ask, fields, own, &mut group.fields),
            Input::List(list) => {
                for item in &mut list.items {
                    offer_in(ask, fields, own, &mut item.fields);
                }
            }
            _ => {}
        }
    }
}

/// The files that a question takes, the latest first; those that look alike once.
fn fitting(ask: &Ask, field: &Field, own: &[File], path: &str) -> Vec<SentBefore> {
    let mut found: Vec<&File> = Vec::new();
    for file in own.iter().filter(|file| fits(field, file)) {
        // Two that were sealed for two cases do not show that they say the same.
        let alike = |known: &&File| known.size == file.size && known.kind == file.kind && known.name == file.name;
        if !found.iter().any(alike) {
            found.push(file);
        }
    }
    let shown = found.into_iter().take(limits::FILES_OFFERED).map(|file| SentBefore {
        value: format!("{path} {}", file.id),
        file: file.name.clone(),
        size: say::size(u64::try_from(file.size).unwrap_or_default()),
        day: format::day(ask.now().with_ms(file.at_ms).day()),
    });
    shown.collect()
}

/// Whether a file answered a question of this name, and is what this one takes. A photo that is to prove a place is
/// taken there, and not taken over.
fn fits(field: &Field, file: &File) -> bool {
    if matches!(field.kind, Kind::Photo { place: true, .. }) {
        return false;
    }
    let name = file.field.rsplit('.').find(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
    let taken = upload::asked_for(field).is_some_and(|(kinds, max_bytes)| {
        let small = u64::try_from(file.size).is_ok_and(|size| size <= max_bytes);
        small && kinds.iter().any(|kind| upload::is_kind(kind, &file.kind))
    });
    name == Some(field.name.as_str()) && taken
}

/// Attaches to this case what the person sent before. `chosen` is the path of the question and the key of the file;
/// somebody else's file is as one that is not there. Gives the path, and the answer.
pub async fn take(ask: &Ask, fields: &[Field], chosen: &str) -> Result<(String, Json), Problem> {
    let (path, id) = chosen.rsplit_once(' ').ok_or(Problem::NotFound)?;
    let field = field_at(fields, path).ok_or(Problem::NotFound)?;
    let citizen = ask.who.citizen().ok_or(Problem::NotFound)?;
    upload::count(ask, &citizen.id).await?;
    let tenant = &ask.tenant().id;
    let mut tx = ask.app.store.read(tenant).await?;
    let before = files::find(&mut tx, id).await?.filter(|file| file.person == citizen.id && fits(field, file));
    drop(tx);
    let before = before.ok_or(Problem::NotFound)?;
    // It is sealed anew, for this case: what becomes of the other one is nothing to it.
    let (id, case) = (ask.app.chance.id(), ask.case().id.as_str());
    let bytes = octets::of_file(&ask.app, tenant, &before).await?;
    let of = Of::File { id: &id, case: Some(case) };
    let digest = octets::keep_answer(&ask.app, tenant, of, Some(field), bytes.into()).await?;
    let row = File {
        id,
        sha256: digest.to_string(),
        case: Some(case.to_owned()),
        field: path.to_owned(),
        at_ms: ask.app.clock.now_ms(),
        ..before
    };
    let mut tx = ask.app.store.begin(tenant).await?;
    files::insert(&mut tx, By { person: &citizen.id, kind: ActorKind::Citizen, at_ms: row.at_ms }, &row).await?;
    tx.commit().await?;
    Ok((path.to_owned(), upload::answer(&row)))
}

//! Taking a file: held to what the question asks for, kept by its content, written down.

use connectors::control::holds;
use connectors::files::clean::{Cleaned, Place, clean, looked_over};
use connectors::files::{Kind as FileKind, PutError, Unfit, Upload};
use connectors::scan::Found;
use engine::case::ActorKind;
use engine::form::{Field, Kind};
use serde_json::{Value as Json, json};
use ui_gen::from_engine::say;

use crate::auth::otp;
use crate::http::ask::Ask;
use crate::http::body::Part;
use crate::http::limits;
use crate::octets;
use crate::problem::Problem;
use crate::store::octets::Of;
use crate::store::{By, files};

/// Keeps a file that answers `field`, for the case in the address: the answer, or why the file was
/// not taken, in words.
pub async fn keep(ask: &Ask, field: Option<&Field>, part: &Part) -> Result<Result<Json, String>, Problem> {
    let Some((kinds, max_bytes)) = field.and_then(asked_for) else {
        return Err(Problem::BadRequest("a file that nobody asked for"));
    };
    let allowed: Vec<FileKind> = kinds.iter().filter_map(|kind| kind_of(kind)).collect();
    // A photo that is to prove a place says it itself; of any other, what the camera wrote is nobody's business.
    let proves = matches!(field.map(|field| &field.kind), Some(Kind::Photo { place: true, .. }));
    match kept_file(ask, part, (&allowed, max_bytes), Some(&ask.case().id), field).await? {
        Ok((mut answer, place)) => {
            if let Some((lat, long)) = place.filter(|_| proves).map(Place::degrees) {
                answer["lat"] = lat.into();
                answer["long"] = long.into();
            }
            Ok(Ok(answer))
        }
        Err(unfit) => Ok(Err(unfit_words(ask, field, &unfit, &kinds, max_bytes))),
    }
}

/// The kinds of files that a question takes, and how large one may be; none if it asks for no file.
pub(super) fn asked_for(field: &Field) -> Option<(Vec<String>, u64)> {
    match &field.kind {
        Kind::File { kinds, max_bytes } => Some((kinds.clone(), *max_bytes)),
        Kind::Photo { max_bytes, .. } => Some((["jpeg", "png"].map(str::to_owned).to_vec(), *max_bytes)),
        _ => None,
    }
}

/// Counts a file that somebody sends, and refuses it when there were too many.
pub(super) async fn count(ask: &Ask, person: &str) -> Result<(), Problem> {
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    if holds("file_08_throttle") {
        otp::throttle(&mut tx, &format!("uploaded:{person}"), ask.app.clock.now_ms(), limits::UPLOADED).await?;
    }
    Ok(tx.commit().await?)
}

/// Keeps a file of one of these kinds: the answer that names it, or why it was not taken. A file for
/// no case yet waits for an application that names it.
pub async fn take_in(
    ask: &Ask,
    part: &Part,
    allowed: &[FileKind],
    max_bytes: u64,
    case: Option<&str>,
) -> Result<Result<Json, Unfit>, Problem> {
    Ok(kept_file(ask, part, (allowed, max_bytes), case, None).await?.map(|(answer, _)| answer))
}

/// The same for a file that answers `field`, with the place that a camera wrote into a photo.
async fn kept_file(
    ask: &Ask,
    part: &Part,
    (allowed, max_bytes): (&[FileKind], u64),
    case: Option<&str>,
    field: Option<&Field>,
) -> Result<Result<(Json, Option<Place>), Unfit>, Problem> {
    let person = ask.who.person().unwrap_or_default();
    count(ask, person).await?;
    let tenant = &ask.tenant().id;
    if !has_room(ask, part.bytes.len()).await? {
        return Ok(Err(Unfit::Full));
    }
    let upload = Upload { tenant, name: &part.name, claimed_type: &part.claimed, allowed, max_bytes };
    let cleaned = match looked_through(ask, upload, part).await? {
        Ok(cleaned) => cleaned,
        Err(unfit) => return Ok(Err(unfit)),
    };
    // Sealed, it cannot be looked at any more.
    let (kind, name) = match looked_over(&upload, &cleaned.bytes) {
        Ok(found) => found,
        Err(unfit) => return Ok(Err(unfit)),
    };
    let (id, size) = (ask.app.chance.id(), cleaned.bytes.len());
    let of = Of::File { id: &id, case };
    let digest = octets::keep_answer(&ask.app, tenant, of, field, cleaned.bytes).await?;
    let row = files::File {
        id,
        sha256: digest.to_string(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        kind: kind.media_type().to_owned(),
        name,
        case: case.map(str::to_owned),
        field: part.field.clone(),
        person: person.to_owned(),
        at_ms: ask.app.clock.now_ms(),
    };
    let mut tx = ask.app.store.begin(tenant).await?;
    let kind = if ask.who.employee().is_some() { ActorKind::Employee } else { ActorKind::Citizen };
    files::insert(&mut tx, By { person, kind, at_ms: row.at_ms }, &row).await?;
    tx.commit().await?;
    Ok(Ok((answer(&row), cleaned.place)))
}

/// The answer that names a file.
pub(super) fn answer(row: &files::File) -> Json {
    let kind = FileKind::of_media_type(&row.kind).map_or("", FileKind::word);
    json!({ "id": row.id, "name": row.name, "kind": kind, "size": row.size, "sha256": row.sha256 })
}

/// Whether a file of this media type is of the kind that a question calls so.
pub(super) fn is_kind(word: &str, media_type: &str) -> bool {
    kind_of(word).is_some_and(|kind| kind.media_type() == media_type)
}

/// Whether the files of the town may take so many octets more. What two people send at the same moment may go a
/// little beyond.
async fn has_room(ask: &Ask, more: usize) -> Result<bool, Problem> {
    let tenant = &ask.tenant().id;
    let Some(room) = ask.app.config.room(tenant).filter(|_| holds("file_08_quota")) else { return Ok(true) };
    let taken = files::taken(&mut ask.app.store.read(tenant).await?).await?;
    let fits = taken.saturating_add(i64::try_from(more).unwrap_or(i64::MAX)) <= room;
    if !fits {
        tracing::warn!(tenant, taken, room, alarm = true, "there is no room left for files that people send");
    }
    Ok(fits)
}

/// What was sent as it may be kept: held against what a checker knows, and made harmless.
async fn looked_through(ask: &Ask, upload: Upload<'_>, part: &Part) -> Result<Result<Cleaned, Unfit>, Problem> {
    if let Some(scanner) = &ask.app.scanner
        && let Found::Virus(name) = scanner.scan(&part.bytes).await?
        && holds("file_06_virus")
    {
        tracing::warn!(reference = %ask.reference, tenant = upload.tenant, name, alarm = true, "a file with a virus was sent");
        return Ok(Err(Unfit::Virus(name)));
    }
    match clean(upload, part.bytes.clone()).await {
        Ok(cleaned) => Ok(Ok(cleaned)),
        Err(PutError::Unfit(unfit)) => Ok(Err(unfit)),
        Err(PutError::Fault(fault)) => Err(fault.into()),
    }
}

fn kind_of(word: &str) -> Option<FileKind> {
    FileKind::SENT.into_iter().find(|kind| kind.word() == word)
}

/// Why a file was not taken, in words.
fn unfit_words(ask: &Ask, field: Option<&Field>, unfit: &Unfit, kinds: &[String], max_bytes: u64) -> String {
    let (words, label) = (ask.words(), field.map(|field| field.label.in_language(&ask.lang)).unwrap_or_default());
    let key = match unfit {
        Unfit::Empty => "file_empty",
        Unfit::TooBig(_) | Unfit::TooManyPixels(..) => "file_too_big",
        Unfit::WrongKind(_) | Unfit::Mismatch(_) => "wrong_file_kind",
        Unfit::Damaged(_) | Unfit::TwoKinds(_) | Unfit::Swells(_) => "file_damaged",
        Unfit::Locked => "file_locked",
        Unfit::Active(_) => "file_active",
        Unfit::Virus(_) => "file_virus",
        Unfit::Full => "file_no_room",
        Unfit::Interrupted => "file_interrupted",
    };
    let n = if key == "file_too_big" { say::size(max_bytes) } else { say::kind_names(&kinds.join(", ")) };
    words.say(&format!("answer.{key}"), &[("label", label), ("n", &n)])
}

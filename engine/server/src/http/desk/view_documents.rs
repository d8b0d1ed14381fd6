//! Documents: what officers found when they compared a file with the answers, and the viewer.

use engine::base::limits::COMMENT_CHARS;
use engine::case::Case;
use ui_gen::view::common::{NavLink, Tag, Tone};
use ui_gen::view::desk::{Examine, Viewer};
use ui_gen::view::field::{FieldView, Input, Text};

use super::opened::{Opened, comment, word};
use super::reader::Reader;
use super::rows::href;
use crate::store::events::Event;

/// Sizes in which an image is shown, in hundredths of the page's width.
const ZOOMS: [&str; 4] = ["100", "150", "200", "300"];
/// Quarter turns.
const TURNS: [&str; 4] = ["0", "90", "180", "270"];

/// How a document is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look<'a> {
    /// The document that is open.
    pub(crate) file: &'a str,
    /// How large.
    pub(crate) zoom: &'a str,
    /// How far it is turned.
    pub(crate) turn: &'a str,
    /// What is wrong with what was just said of it; empty for nothing.
    pub(crate) wrong: &'a str,
}

/// What was found last about a file.
fn verdict<'a>(opened: &'a Opened, file: &str) -> Option<&'a Event> {
    opened.history.iter().rev().find(|event| word(event) == "examine" && event.command["file"] == file)
}

fn fits(event: &Event) -> bool {
    event.command["fits"] == true
}

/// Where a file stands: borne out, contradicted, or not looked at.
pub(crate) fn state(reader: &Reader<'_>, opened: &Opened, file: &str) -> Tag {
    match verdict(opened, file) {
        Some(event) if fits(event) => Tag::new(reader.get("examine.fits"), Tone::Good),
        Some(_) => Tag::new(reader.get("examine.differs"), Tone::Bad),
        None => Tag::new(reader.get("case.uploaded"), Tone::Neutral),
    }
}

/// What an event of this kind says in the history.
pub(crate) fn judged(reader: &Reader<'_>, opened: &Opened, event: &Event) -> String {
    let file = event.command["file"].as_str().unwrap_or_default();
    let key = if fits(event) { "event.file_fits" } else { "event.file_differs" };
    let asked = opened.asked.iter().find(|(id, _)| id == file).map(|(_, label)| label.clone());
    reader.say(key, &[("what", &asked.unwrap_or_else(|| reader.get("event.earlier_file")))])
}

/// How the open document is looked at, and what can be said of it.
pub(crate) fn viewer(
    reader: &Reader<'_>,
    opened: &Opened,
    case: &Case,
    look: Look<'_>,
    (file, image, answered): (&str, bool, bool),
) -> Viewer {
    let here = format!("{}?tab=documents&file={file}", href(reader, &case.id));
    let one_of =
        |known: [&'static str; 4], wanted: &str| known.into_iter().find(|one| *one == wanted).unwrap_or(known[0]);
    let (zoom, turn) = (one_of(ZOOMS, look.zoom), one_of(TURNS, look.turn));
    let link = |text: String, zoom: &str, turn: &str, current: bool| NavLink {
        href: format!("{here}&zoom={zoom}&turn={turn}"),
        text,
        count: String::new(),
        current,
    };
    let zooms = ZOOMS.map(|size| link(format!("{size} %"), size, turn, size == zoom)).to_vec();
    let turned = TURNS.iter().position(|known| *known == turn).unwrap_or_default();
    let next = TURNS[(turned + 1) % TURNS.len()];
    Viewer {
        look: format!("z{zoom} t{turn}"),
        zooms: if image { zooms } else { Vec::new() },
        turn: image.then(|| link(reader.get("documents.turn"), zoom, next, false)),
        examine: answered.then(|| examine(reader, opened, case, (file, look.wrong))),
    }
}

/// What was found, and the form in which it is said.
fn examine(reader: &Reader<'_>, opened: &Opened, case: &Case, (file, wrong): (&str, &str)) -> Examine {
    let last = verdict(opened, file);
    let by = last.map(|event| {
        let who = opened.names.officer(&event.actor);
        reader.say("examine.by", &[("who", &who), ("when", &reader.moment(event.at_ms))])
    });
    let reason = Text { width: 0, max_length: u32::try_from(COMMENT_CHARS).unwrap_or(0), ..Text::default() };
    let works_here = opened.actor.roles.iter().any(|role| opened.service.role(role).is_some());
    Examine {
        state: state(reader, opened, file),
        by: by.unwrap_or_default(),
        reason: last.map(|event| comment(event).to_owned()).unwrap_or_default(),
        action: if works_here {
            format!("{}/files/{file}?tab=documents&file={file}", href(reader, &case.id))
        } else {
            String::new()
        },
        field: FieldView::new("finding", reader.get("examine.reason"), Input::Text(reason))
            .hint(reader.get("examine.reason_hint"))
            .error(wrong)
            .optional(),
    }
}

/// How many files were asked for, looked at, and found to differ.
pub(crate) fn count(opened: &Opened) -> (usize, usize, usize) {
    let found: Vec<&Event> = opened.asked.iter().filter_map(|(file, _)| verdict(opened, file)).collect();
    (opened.asked.len(), found.len(), found.iter().filter(|event| !fits(event)).count())
}

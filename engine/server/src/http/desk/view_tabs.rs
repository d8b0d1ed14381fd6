//! The parts of a case: summary, documents, money, messages.

use connectors::files::Kind as FileKind;
use engine::case::Case;
use engine::registry::RecordStatus;
use ui_gen::from_engine::say;
use ui_gen::view::common::{Link, Paper, Row, Section, Sent, Tag, Tone};
use ui_gen::view::desk::{DeskPaper, DeskTab, OpenPaper};

use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use super::view_documents::{self, Look};
use super::{view_answers, view_changes, view_money};
use crate::http::copies;
use crate::store::files::File;
use crate::store::notices::Notice;
use crate::store::papers;
use crate::store::vouchers::VoucherRow;

/// The case in a few lines, and what it owes today.
pub(crate) fn summary(reader: &Reader<'_>, opened: &Opened, case: &Case) -> DeskTab {
    let mobile = opened.names.mobile(&case.applicant, opened.masked);
    let mut rows = vec![
        Row::new(reader.get("inbox.applicant"), opened.applicant(reader, case)),
        Row::new(reader.get("case.mobile"), mobile),
        Row::new(
            reader.get("inbox.place"),
            if opened.place.is_empty() { String::new() } else { reader.place(&opened.place) },
        ),
        Row::new(reader.get("inbox.received"), case.submitted_ms.map(|ms| reader.moment(ms)).unwrap_or_default()),
        Row::new(reader.get("case.here_since"), reader.moment(case.entered_ms)),
    ];
    if let (Some(promised), Some(statute)) = (case.promised_ms, &opened.service.statute) {
        let by = format!("{} ({})", reader.day_of(promised), reader.text(&statute.law));
        rows.push(Row::new(reader.get("case.promised"), by));
        rows.push(Row::new(reader.get("case.officer"), reader.text(&statute.officer)));
    }
    if let Some(record) = &opened.record {
        let address =
            format!("/{}/desk/registers/{}/{}", reader.tenant.id, record.registry, view_money::segment(&record.number));
        rows.push(Row {
            key: reader.get("case.record"),
            links: vec![Link::new(address, &record.number)],
            ..Row::default()
        });
    }
    // Rows that nobody asked for are left out rather than shown as not provided.
    rows.retain(|row| !row.lines.is_empty() || !row.links.is_empty());
    let mut sections = vec![Section { title: String::new(), rows }];
    let base = files(reader, case);
    sections.extend(view_answers::gist(reader, &opened.service, &case.answers, opened.masked, &base));
    DeskTab::Sections {
        sections,
        bill: view_money::bill_today(reader, &opened.service, case),
        changes: [view_changes::changes(reader, opened, case), view_changes::against_record(reader, opened, case)]
            .into_iter()
            .flatten()
            .collect(),
        declared: Vec::new(),
    }
}

/// The address under which the files of a case are.
pub(crate) fn files(reader: &Reader<'_>, case: &Case) -> String {
    format!("{}/files/", href(reader, &case.id))
}

/// What the applicant answered, or what the officers did beside it; with each file when it was uploaded.
pub(crate) fn answers(
    reader: &Reader<'_>,
    opened: &Opened,
    case: &Case,
    (of_officers, kept): (bool, &[File]),
) -> DeskTab {
    let form = &opened.service.form;
    let roles = if of_officers { view_answers::officers(form) } else { vec![None] };
    let base = files(reader, case);
    let mut sections = view_answers::sections(reader, form, &roles, &case.answers, opened.masked, &base);
    for row in sections.iter_mut().flat_map(|section| &mut section.rows) {
        let of_row = |file: &&File| row.links.iter().any(|link| link.href == format!("{base}{}", file.id));
        let when: Vec<String> = kept.iter().filter(of_row).map(|file| reader.moment(file.at_ms)).collect();
        row.lines.extend(when.iter().map(|when| reader.say("case.uploaded_at", &[("when", when)])));
    }
    let declared = if of_officers { declared(reader, opened, case) } else { Vec::new() };
    DeskTab::Sections { sections, bill: None, changes: Vec::new(), declared }
}

/// What the applicant declared, to be compared with what an officer sees.
pub(crate) fn declared(reader: &Reader<'_>, opened: &Opened, case: &Case) -> Vec<Section> {
    let (form, base) = (&opened.service.form, files(reader, case));
    view_answers::sections(reader, form, &[None], &case.answers, opened.masked, &base)
}

/// The files that were answered with and the papers that were issued; `wanted` is open.
pub(crate) fn documents(
    reader: &Reader<'_>,
    opened: &Opened,
    case: &Case,
    (kept, issued): (&[File], &[papers::Paper]),
    look: Look<'_>,
) -> DeskTab {
    let here = format!("{}?tab=documents&file=", href(reader, &case.id));
    let (asked, wanted) = (&opened.asked, look.file);
    let mut all: Vec<(String, DeskPaper, bool)> = Vec::new();
    for (id, question) in asked {
        let Some(file) = kept.iter().find(|file| file.id == *id) else { continue };
        let detail = format!("{}, {}", kind_word(&file.kind), say::size(file.size.unsigned_abs()));
        let paper = Paper { title: file.name.clone(), href: format!("{here}{id}"), detail, ..Paper::default() };
        let image = file.kind.starts_with("image/");
        all.push((
            id.clone(),
            DeskPaper {
                paper,
                asked: question.clone(),
                state: view_documents::state(reader, opened, id),
                current: false,
            },
            image,
        ));
    }
    for paper in issued {
        let title = opened
            .service
            .document(&paper.document)
            .map_or_else(|| paper.document.replace('_', " "), |found| reader.text(&found.title).to_owned());
        let state = if paper.status == "valid" {
            Tag::new(reader.get("case.issued"), Tone::Good)
        } else {
            Tag::new(reader.get("money.cancelled"), Tone::Bad)
        };
        let view = Paper {
            title,
            href: format!("{here}{}", paper.id),
            detail: "PDF".to_owned(),
            fetched: fetched(reader, opened, &paper.id),
            ..Paper::default()
        };
        all.push((
            paper.id.clone(),
            DeskPaper { paper: view, asked: reader.day_of(paper.at_ms), state, current: false },
            false,
        ));
    }
    let at = all.iter().position(|(id, ..)| id == wanted).or(if all.is_empty() { None } else { Some(0) });
    let open = at.map(|at| {
        let (id, shown, image) = &mut all[at];
        shown.current = true;
        let answered = asked.iter().any(|(known, _)| known == id);
        let address = if answered {
            format!("{}{id}", files(reader, case))
        } else {
            format!("{}/papers/{id}.pdf", href(reader, &case.id))
        };
        OpenPaper {
            paper: Paper { href: address, ..shown.paper.clone() },
            image: *image,
            rows: beside(reader, opened, case, id),
            viewer: view_documents::viewer(reader, opened, case, look, (id, *image, answered)),
        }
    });
    DeskTab::Documents { papers: all.into_iter().map(|(_, paper, _)| paper).collect(), open }
}

/// On how many days somebody was given a copy of a paper, and who was the last.
fn fetched(reader: &Reader<'_>, opened: &Opened, paper: &str) -> String {
    let Some((days, last)) = copies::days(reader.now, &copies::of(&opened.history, paper)) else {
        return String::new();
    };
    let who = opened.names.actor(reader, &last.actor_kind, &last.actor);
    let day = reader.day_of(last.at_ms);
    reader.say("paper.fetched", &[("n", &days.to_string()), ("day", &day), ("who", &who)])
}

fn kind_word(kind: &str) -> String {
    FileKind::of_media_type(kind).map_or("", FileKind::word).replace("jpeg", "jpg").to_uppercase()
}

/// What was answered on the page that asked for a file, to be compared with it.
fn beside(reader: &Reader<'_>, opened: &Opened, case: &Case, id: &str) -> Vec<Row> {
    let form = &opened.service.form;
    let roles: Vec<Option<&str>> = std::iter::once(None).chain(view_answers::officers(form)).collect();
    let base = files(reader, case);
    let address = format!("{base}{id}");
    let sections = view_answers::sections(reader, form, &roles, &case.answers, opened.masked, &base);
    let page = sections
        .into_iter()
        .find(|section| section.rows.iter().any(|row| row.links.iter().any(|link| link.href == address)));
    page.map(|page| page.rows.into_iter().filter(|row| !row.lines.is_empty()).collect()).unwrap_or_default()
}

/// Demands, receipts and vouchers.
pub(crate) fn money(reader: &Reader<'_>, opened: &Opened, case: &Case, vouchers: &[VoucherRow]) -> DeskTab {
    let service = &opened.service;
    DeskTab::Money {
        demands: case.demands.iter().rev().map(|demand| view_money::demand(reader, service, demand)).collect(),
        receipts: case.receipts.iter().rev().map(|receipt| view_money::receipt_line(reader, receipt)).collect(),
        vouchers: vouchers.iter().rev().map(|voucher| view_money::posted(reader, service, voucher)).collect(),
    }
}

/// What was sent, the latest first.
pub(crate) fn messages(reader: &Reader<'_>, notices: &[Notice]) -> DeskTab {
    let sent = |notice: &Notice| {
        let (key, tone) = match notice.state.as_str() {
            "delivered" => ("message.delivered", Tone::Good),
            "sent" => ("message.sent", Tone::Good),
            "failed" => ("message.failed", Tone::Bad),
            _ => ("message.queued", Tone::Neutral),
        };
        Sent {
            to: notice.to_masked.clone(),
            channel: channel(reader, &notice.channel),
            when: reader.moment(notice.at_ms),
            text: notice.text.clone(),
            state: Tag::new(reader.get(key), tone),
        }
    };
    DeskTab::Messages { messages: notices.iter().rev().map(sent).collect() }
}

/// How a message travels, in words.
pub(crate) fn channel(reader: &Reader<'_>, channel: &str) -> String {
    reader.get(if channel == "email" { "channel.email" } else { "channel.sms" })
}

/// Where a record stands on a day, as a tag.
pub(crate) fn record_state(reader: &Reader<'_>, status: RecordStatus) -> Tag {
    match status {
        RecordStatus::Active => Tag::new(reader.get("record.active"), Tone::Good),
        RecordStatus::NotYet => Tag::new(reader.get("record.not_yet"), Tone::Info),
        RecordStatus::Expired => Tag::new(reader.get("record.expired"), Tone::Warn),
        RecordStatus::Suspended => Tag::new(reader.get("record.suspended"), Tone::Warn),
        RecordStatus::Revoked => Tag::new(reader.get("record.revoked"), Tone::Bad),
        RecordStatus::Split => Tag::new(reader.get("record.split"), Tone::Bad),
        RecordStatus::Merged => Tag::new(reader.get("record.merged"), Tone::Bad),
    }
}

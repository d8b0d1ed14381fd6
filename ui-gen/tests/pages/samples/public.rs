//! Public lists of records.

use ui_gen::Page;
use ui_gen::view::common::{Link, Pager, Row};
use ui_gen::view::home::{NewsGroup, ServiceLink};
use ui_gen::view::public::{PublicLine, PublicList, PublicRecord};

use super::{Lang, Sample, chrome};

const LIST: &str = "/devgaon/registers/public_notices";

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let open = |name, page| Sample { name, chrome: chrome(l), page };
    vec![
        open("public_list", Page::PublicList(list(l))),
        open("public_list_none", Page::PublicList(PublicList { lines: Vec::new(), query: "xyz".into(), ..list(l) })),
        open("public_record", Page::PublicRecord(record(l))),
    ]
}

fn title(l: Lang) -> String {
    l.t("Notices and events", "सूचनाएँ और आयोजन")
}

fn heading(l: Lang) -> String {
    l.t("Book fair at the old school", "पुराने विद्यालय में पुस्तक मेला")
}

fn text(l: Lang) -> String {
    l.t("From 10 to 6, with readings for children.\nEntry is free.", "10 से 6 बजे तक, बच्चों के लिए कहानियाँ।\nप्रवेश निःशुल्क।")
}

fn rows(l: Lang) -> Vec<Row> {
    let poster = Link::new(format!("{LIST}/PN%2FDEV%2F000012/files/f1"), "poster.png");
    vec![
        l.row("Name of the place", "स्थान का नाम", &l.t("Old school", "पुराना विद्यालय")),
        Row { pictures: vec![poster], ..l.row("Picture or poster", "चित्र या पोस्टर", "") },
    ]
}

pub(crate) fn news(l: Lang) -> NewsGroup {
    let item = ServiceLink {
        href: format!("{LIST}/PN%2FDEV%2F000012"),
        title: heading(l),
        text: text(l),
        note: l.t("until 30/06/2026", "30/06/2026 तक"),
    };
    NewsGroup { title: title(l), href: LIST.into(), news: vec![item] }
}

fn list(l: Lang) -> PublicList {
    let line = |number: &str, heading: String, text: String, rows: Vec<Row>| PublicLine {
        href: format!("{LIST}/{number}"),
        heading,
        number: number.replace("%2F", "/"),
        until: "30/06/2026".into(),
        text,
        rows,
    };
    PublicList {
        title: title(l),
        action: LIST.into(),
        query: String::new(),
        lines: vec![
            line("PN%2FDEV%2F000012", heading(l), text(l), rows(l)),
            line("PN%2FDEV%2F000011", "PN/DEV/000011".into(), String::new(), Vec::new()),
        ],
        pager: Pager {
            total: "27".into(),
            from: "1".into(),
            to: "25".into(),
            prev: None,
            next: Some(format!("{LIST}?page=2")),
        },
    }
}

fn record(l: Lang) -> PublicRecord {
    PublicRecord {
        list: title(l),
        heading: heading(l),
        number: "PN/DEV/000012".into(),
        from: "01/06/2026".into(),
        until: "30/06/2026".into(),
        text: text(l),
        rows: rows(l),
    }
}

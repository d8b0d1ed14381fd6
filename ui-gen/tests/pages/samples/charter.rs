//! The citizens' charter.

use ui_gen::Page;
use ui_gen::view::charter::{Charter, CharterGroup, CharterLine, CharterRow};
use ui_gen::view::common::Row;

use super::citizen::{officers, service, start};
use super::{Lang, Sample, chrome};

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let open = |name, page| Sample { name, chrome: chrome(l), page };
    vec![
        open("charter", Page::Charter(charter(l))),
        open("charter_row", Page::CharterRow(row(l, true))),
        open("charter_row_free", Page::CharterRow(row(l, false))),
    ]
}

fn time(l: Lang) -> Row {
    l.row("Decided within", "निर्णय की समय-सीमा", &l.t("15 working days", "15 कार्य दिवस"))
}

fn charter(l: Lang) -> Charter {
    let line = |href: &str, title: String, fee: String| {
        let mut rows = vec![time(l), Row::new(l.t("What it costs", "शुल्क"), fee)];
        rows.extend(officers(l));
        CharterLine { href: href.into(), title, rows }
    };
    let stall = line("/devgaon/charter/stall", service(l), l.t("For example ₹1,093.00", "उदाहरणार्थ ₹1,093.00"));
    let pet = line(
        "/devgaon/charter/pet",
        l.t("Pet registration", "पालतू पशु पंजीकरण"),
        l.t("There is no fee.", "कोई शुल्क नहीं है।"),
    );
    Charter {
        town: l.t("Municipal Council Devgaon", "नगर पालिका परिषद देवगाँव"),
        groups: vec![
            CharterGroup {
                title: l.t("Trade and markets", "व्यापार और बाज़ार"), lines: vec![stall]
            },
            CharterGroup { title: l.t("Health", "स्वास्थ्य"), lines: vec![pet] },
        ],
        office: vec![l.row("Office", "कार्यालय", &l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार"))],
        day: "15/06/2026".into(),
    }
}

fn row(l: Lang, charged: bool) -> CharterRow {
    let start = start(l);
    let mut rows = vec![
        Row {
            key: l.t("Who can apply", "कौन आवेदन कर सकता है"), lines: start.who, ..Row::default()
        },
        time(l),
        l.row("What you get", "आपको क्या मिलेगा", &service(l)),
    ];
    rows.extend(officers(l));
    CharterRow {
        title: start.title,
        about: start.about,
        rows,
        sooner: if charged {
            vec![l.row("Fruit", "फल", &l.t("7 working days", "7 कार्य दिवस"))]
        } else {
            Vec::new()
        },
        charged,
        fee: start.fee.filter(|_| charged),
        costs: if charged {
            vec![l.row("What it is made of", "शुल्क के मद", &l.t("Stall fee", "ठेला शुल्क"))]
        } else {
            Vec::new()
        },
        model: charged,
        start: "/devgaon/services/stall".into(),
        day: "15/06/2026".into(),
        definition: "7d1f09c2a4b8".into(),
    }
}

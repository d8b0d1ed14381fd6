//! Pages on which anybody finds a bill and pays it.

use ui_gen::view::choice::{Look, OptionGroup};
use ui_gen::view::common::{Paper, Tone};
use ui_gen::view::dues::{Dues, DuesHit, DuesPart, FindDues, Owed};
use ui_gen::view::field::{Choice, Opt, Text};
use ui_gen::{FieldView, Input, Page};

use super::citizen::service;
use super::{Lang, Sample, chrome};

const BILL: &str = "/devgaon/pay/stalls/ST%2FDEV%2F000311";
const NUMBER: &str = "ST/DEV/000311";

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let open = |name, page| Sample { name, chrome: chrome(l), page };
    let nothing = Dues {
        total: String::new(),
        rise: String::new(),
        due: None,
        parts: Vec::new(),
        action: String::new(),
        ..dues(l)
    };
    vec![
        open("find_dues", Page::FindDues(find(l))),
        open(
            "find_dues_found",
            Page::FindDues(FindDues { searched: true, hits: vec![hit(l)], more: true, open: true, ..find(l) }),
        ),
        open("find_dues_none", Page::FindDues(FindDues { searched: true, ..find(l) })),
        open("dues", Page::Dues(dues(l))),
        open("dues_nothing", Page::Dues(nothing)),
    ]
}

fn find(l: Lang) -> FindDues {
    let wards = vec![Opt::new("W1", l.t("Ward 1", "वार्ड 1")), Opt::new("W2", l.t("Ward 2", "वार्ड 2"))];
    let groups = vec![OptionGroup { label: String::new(), options: wards }];
    let wards = Choice { look: Look::Select, groups, ..Choice::default() };
    let text = || Input::Text(Text { width: 20, ..Text::default() });
    FindDues {
        action: "/devgaon/pay".into(),
        by_number: vec![
            FieldView::new("number", l.t("Number on the bill", "बिल पर लिखी संख्या"), text())
                .hint(l.t("An old number will do.", "पुरानी संख्या भी चलेगी।")),
        ],
        by_name: vec![
            FieldView::new("name", l.t("Name of the holder", "धारक का नाम"), text()),
            FieldView::new("place", l.t("Ward", "वार्ड"), Input::Place(wards)),
        ],
        ..FindDues::default()
    }
}

fn hit(l: Lang) -> DuesHit {
    DuesHit {
        href: BILL.into(),
        number: NUMBER.into(),
        what: service(l),
        holder: l.t("A*** R**", "आ* रा*"),
        place: l.t("Main Bazaar, Ward 1", "मुख्य बाज़ार, वार्ड 1"),
        amount: String::new(),
    }
}

pub(crate) fn owed(l: Lang) -> Owed {
    let hit = DuesHit { amount: "₹1,093.00".into(), holder: String::new(), ..hit(l) };
    Owed { total: "₹1,093.00".into(), records: vec![hit] }
}

fn dues(l: Lang) -> Dues {
    let mut bill = l.bill();
    bill.number = String::new();
    bill.lines[2].note = l.t("if paid today", "आज भुगतान करने पर");
    Dues {
        what: service(l),
        number: NUMBER.into(),
        rows: vec![
            l.row("Holder", "धारक", &l.t("A*** R**", "आ* रा*")),
            l.row("Place", "स्थान", &l.t("Main Bazaar, Ward 1", "मुख्य बाज़ार, वार्ड 1")),
        ],
        total: "₹1,093.00".into(),
        rise: l.t("Pay by 30/06/2026 and save ₹57.00.", "30/06/2026 तक भुगतान करें और ₹57.00 बचाएँ।"),
        due: Some(l.due(Tone::Warn)),
        parts: vec![DuesPart {
            title: format!("{} 2026-27", service(l)),
            due: l.t("To be paid by 16/06/2026", "16/06/2026 तक देय"),
            bill,
            open: true,
        }],
        action: BILL.into(),
        fields: Vec::new(),
        errors: Vec::new(),
        counter: vec![l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार")],
        papers: vec![Paper {
            title: l.t("Bill", "बिल"),
            href: format!("{BILL}/bill"),
            detail: "PDF".into(),
            ..Paper::default()
        }],
        another: "/devgaon/pay".into(),
    }
}

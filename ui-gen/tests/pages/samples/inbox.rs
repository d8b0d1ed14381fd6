//! The desk's list of cases, and acting on several at once.

use ui_gen::view::choice::Opt;
use ui_gen::view::common::{Link, Pager, Tone};
use ui_gen::view::field::{FieldView, Input, Text};
use ui_gen::view::inbox::{
    BulkConfirm, BulkGroup, BulkResult, BulkRow, Column, Filter, FilterOption, Hidden, Inbox, InboxRow, SaveView,
};
use ui_gen::view::money::BillLine;

use super::Lang;
use super::citizen::service;
use super::desk::CASE;

pub(crate) fn rows(l: Lang) -> Vec<InboxRow> {
    let tones = [Tone::Bad, Tone::Warn, Tone::Good, Tone::Neutral];
    let row = |(n, tone): (usize, Tone)| InboxRow {
        id: format!("c{n}"),
        href: CASE.into(),
        number: format!("STL/DEV/2026-27/0000{}", 42 + n),
        service: service(l),
        applicant: l.t("A*** R**", "आ*** रा*"),
        place: l.t("Ward 7, Fort", "वार्ड 7, किला"),
        state: if n == 3 {
            l.tag("Waiting for correction", "सुधार की प्रतीक्षा", Tone::Warn)
        } else {
            l.tag("Being verified", "जाँच जारी है", Tone::Info)
        },
        assignee: if n == 1 { l.t("Meera Joshi", "मीरा जोशी") } else { String::new() },
        received: "02/06/2026".into(),
        due: Some(l.due(tone)),
        fee: (n == 2).then(|| l.tag("Fee paid", "शुल्क प्राप्त", Tone::Good)),
        chosen: n == 0,
    };
    tones.into_iter().enumerate().map(row).collect()
}

fn filters(l: Lang) -> Vec<Filter> {
    let option = |value: &str, en: &str, hi: &str, count: &str, chosen| FilterOption {
        value: value.into(),
        label: l.t(en, hi),
        count: count.into(),
        chosen,
    };
    vec![
        Filter {
            name: "due".into(),
            title: l.t("Due", "नियत तिथि"),
            options: vec![
                option("over", "Overdue", "विलंबित", "2", true),
                option("near", "Due soon", "शीघ्र देय", "4", false),
                option("ok", "In time", "समय पर", "37", false),
            ],
        },
        Filter {
            name: "with".into(),
            title: l.t("With", "किसके पास"),
            options: vec![
                option("me", "Me", "मेरे पास", "12", false),
                option("nobody", "Nobody yet", "किसी के पास नहीं", "31", false),
            ],
        },
        Filter {
            name: "ward".into(),
            title: l.t("Ward", "वार्ड"),
            options: vec![option("w7", "Ward 7", "वार्ड 7", "9", true), option("w8", "Ward 8", "वार्ड 8", "5", false)],
        },
    ]
}

pub(crate) fn inbox(l: Lang) -> Inbox {
    let column =
        |en: &str, hi: &str, sort: &str| Column { title: l.t(en, hi), href: Some("?sort=x".into()), sort: sort.into() };
    Inbox {
        title: l.t("Open cases", "खुले प्रकरण"),
        action: "/devgaon/desk/inbox".into(),
        query: String::new(),
        from: "2026-06-01".into(),
        until: String::new(),
        from_error: String::new(),
        until_error: String::new(),
        keep: vec![Hidden { name: "sort".into(), value: "due".into() }],
        filters: filters(l),
        tags: vec![
            Link::new("?ward=w7", l.t("Due: Overdue", "नियत तिथि: विलंबित")),
            Link::new("?due=over", l.t("Ward 7", "वार्ड 7")),
        ],
        clear: "/devgaon/desk/inbox".into(),
        views: vec![
            l.nav("/devgaon/desk/inbox", "Open cases", "खुले प्रकरण", "43", true),
            l.nav("?with=me", "With me", "मेरे पास", "12", false),
        ],
        save: SaveView {
            action: "/devgaon/desk/views?due=over".into(),
            kept: l.t("Ward 7, overdue", "वार्ड 7, विलंबित"),
            name: String::new(),
            error: l.t("Write a name of at most 40 letters.", "अधिकतम 40 अक्षरों का नाम लिखें।"),
        },
        columns: vec![
            column("Number", "संख्या", ""),
            column("Applicant", "आवेदक", ""),
            column("Place", "स्थान", ""),
            column("State", "स्थिति", ""),
            column("With", "किसके पास", ""),
            column("Received", "प्राप्त", ""),
            column("Due", "नियत तिथि", "ascending"),
        ],
        rows: rows(l),
        pager: Pager {
            total: "143".into(),
            from: "26".into(),
            to: "50".into(),
            prev: Some("?page=1".into()),
            next: Some("?page=3".into()),
        },
        csv: "/devgaon/desk/inbox.csv".into(),
        bulk_action: "/devgaon/desk/bulk".into(),
        bulk: vec![Opt::new("claim", l.t("Take them myself", "स्वयं लें")), Opt::new("assign", l.t("Give to…", "सौंपें…"))],
        select_all: "143".into(),
        error: String::new(),
    }
}

pub(crate) fn bulk_confirm(l: Lang) -> BulkConfirm {
    let reason = FieldView::new("reason", l.t("Reason", "कारण"), Input::Textarea(Text::default()))
        .error(l.t("Write the reason", "कारण लिखें"));
    BulkConfirm {
        title: l.t("Give cases to a colleague", "प्रकरण सहकर्मी को सौंपें"),
        action: "/devgaon/desk/bulk".into(),
        keep: vec![Hidden { name: "case".into(), value: "c0".into() }],
        count: "143".into(),
        rows: rows(l),
        more: "139".into(),
        text: vec![l.t("The colleague is told.", "सहकर्मी को सूचना जाएगी।")],
        groups: vec![BulkGroup {
            count: "140".into(),
            sample: "STL/DEV/2026-27/000042".into(),
            consequences: super::desk::action(l).consequences,
            totals: vec![BillLine::new(l.t("Falls due in all", "कुल देय"), "₹1,53,020.00")],
            refused: vec![l.t("3: This is for another post.", "3: यह दूसरे पद के लिए है।")],
        }],
        fields: vec![reason],
        errors: Vec::new(),
        submit: l.t("Give them", "सौंपें"),
        danger: false,
        inbox: "/devgaon/desk/inbox".into(),
    }
}

pub(crate) fn bulk_result(l: Lang) -> BulkResult {
    let row = |n: usize, ok, text: String| BulkRow {
        href: CASE.into(),
        number: format!("STL/DEV/2026-27/0000{}", 42 + n),
        ok,
        text,
    };
    BulkResult {
        title: l.t("Cases given to a colleague", "प्रकरण सहकर्मी को सौंपे गए"),
        done: "1".into(),
        failed: "1".into(),
        rows: vec![
            row(0, true, l.t("Now with Ravi Negi", "अब रवि नेगी के पास")),
            row(1, false, l.t("Somebody else has taken it meanwhile", "इसे इस बीच किसी और ने ले लिया")),
        ],
        left: "41".into(),
        action: "/devgaon/desk/bulk".into(),
        keep: vec![Hidden { name: "cases".into(), value: "c2@3,c3@1".into() }],
        back: "1".into(),
        undo: vec![Hidden { name: "cases".into(), value: "c0@3~meera".into() }],
        inbox: "/devgaon/desk/inbox".into(),
    }
}

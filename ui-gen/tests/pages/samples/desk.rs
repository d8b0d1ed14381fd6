//! Pages of the desk: home, list, case, action.

use ui_gen::view::choice::Opt;
use ui_gen::view::common::{ActionLink, ErrorLink, Link, Paper, Row, Section, Tone};
use ui_gen::view::desk::{
    Assign, AuditLine, Blocked, Change, Changes, CheckGroup, Consequences, DemoSignIn, DeskAction, DeskCase, DeskCount,
    DeskHome, DeskPaper, DeskService, DeskSignIn, DeskTab, Examine, Identity, Note, OpenPaper, Told, Unmask, Viewer,
};
use ui_gen::view::field::{FieldView, Input, Text};
use ui_gen::view::inbox::Inbox;
use ui_gen::view::money::{Demand, ReceiptLine, Voucher, VoucherLine};
use ui_gen::{Chrome, Page};

use super::apply::{question_desk, sections};
use super::citizen::{NUMBER, service};
use super::inbox::{bulk_confirm, bulk_result, inbox, rows};
use super::standing::{happenings, messages};
use super::{Lang, Sample, fields, staff};

pub(crate) const CASE: &str = "/devgaon/desk/cases/STL-DEV-2026-27-000042";

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let page = |name, page| Sample { name, chrome: staff(l), page };
    let out = || Chrome { person: None, nav: Vec::new(), ..staff(l) };
    let mut all = vec![
        Sample { name: "desk_sign_in", chrome: out(), page: Page::DeskSignIn(sign_in(l, false)) },
        Sample { name: "desk_sign_in_wrong", chrome: out(), page: Page::DeskSignIn(sign_in(l, true)) },
        page("desk_home", Page::DeskHome(home(l))),
        page("question_desk", Page::Question(question_desk(l))),
        page("inbox", Page::Inbox(inbox(l))),
        page(
            "inbox_wrong",
            Page::Inbox(Inbox {
                error: l.t("Select a case", "कोई प्रकरण चुनें"), tags: Vec::new(), ..inbox(l)
            }),
        ),
        page("inbox_empty", Page::Inbox(Inbox { rows: Vec::new(), ..inbox(l) })),
        page("bulk_confirm", Page::BulkConfirm(bulk_confirm(l))),
        page("bulk_result", Page::BulkResult(bulk_result(l))),
        page("desk_action", Page::DeskAction(action(l))),
        page("desk_action_asked", Page::DeskAction(asked_on(l))),
        page("desk_action_danger", Page::DeskAction(reject(l))),
        page("desk_action_hindered_wrong", Page::DeskAction(hindered(l))),
    ];
    let tabs = [
        "desk_case_summary",
        "desk_case_documents",
        "desk_case_money",
        "desk_case_messages",
        "desk_case_timeline",
        "desk_case_audit",
        "desk_case_checks",
    ];
    all.extend(tabs.into_iter().enumerate().map(|(at, name)| page(name, Page::DeskCase(case(l, at)))));
    all
}

fn sign_in(l: Lang, wrong: bool) -> DeskSignIn {
    DeskSignIn {
        action: "/devgaon/desk/sign-in".into(),
        user: if wrong { "meera".into() } else { String::new() },
        error: if wrong {
            l.t("User name or password is wrong", "उपयोगकर्ता नाम या पासवर्ड सही नहीं है")
        } else {
            String::new()
        },
        next: String::new(),
        others: if wrong {
            Vec::new()
        } else {
            let text = l.t("Sign in with the city account", "नगर के खाते से लॉग इन करें");
            vec![Link::new("/devgaon/desk/sign-in/with/city?next=%2Fdevgaon%2Fdesk", text)]
        },
        demo: vec![DemoSignIn {
            role: l.t("Licence inspector", "अनुज्ञप्ति निरीक्षक"),
            user: "meera".into(),
            password: "pahadi-nadi-42".into(),
        }],
    }
}

fn home(l: Lang) -> DeskHome {
    let count = |en: &str, hi: &str, count: &str, tone| DeskCount {
        label: l.t(en, hi),
        count: count.into(),
        href: "/devgaon/desk/inbox?due=over".into(),
        tone,
    };
    let counts = || {
        vec![
            count("With me", "मेरे पास", "12", Tone::Neutral),
            count("With nobody yet", "किसी के पास नहीं", "31", Tone::Neutral),
            count("Due soon", "शीघ्र देय", "4", Tone::Warn),
            count("Overdue", "विलंबित", "2", Tone::Bad),
        ]
    };
    let card = |title: String| DeskService { title, href: "/devgaon/desk/inbox".into(), counts: counts() };
    DeskHome {
        name: l.t("Meera Joshi", "मीरा जोशी"),
        roles: vec![l.t("Licence inspector", "अनुज्ञप्ति निरीक्षक")],
        last_sign_in: l.t("14/06/2026, 9:58 am", "14/06/2026, सुबह 9:58"),
        services: vec![card(service(l)), card(l.t("Pet registration", "पालतू पशु पंजीकरण"))],
        quiet: vec![Link::new("/devgaon/desk/inbox?service=hall", l.t("Hall booking", "भवन का आरक्षण"))],
        links: vec![ActionLink {
            href: "/devgaon/desk/collect".into(),
            text: l.t("Collect at the counter", "पटल पर वसूली"),
            ..ActionLink::default()
        }],
        assist: vec![ActionLink {
            href: "/devgaon/desk/services/stall-permit/start".into(),
            text: service(l),
            ..ActionLink::default()
        }],
        drafts: vec![ui_gen::view::home::Draft {
            href: format!("{CASE}/form"),
            title: l.t("Stall permit, Asha Rao", "ठेला अनुज्ञा, आशा राव"),
            saved: l.t("15/06/2026, 10:42 am, Meera Joshi", "15/06/2026, सुबह 10:42, मीरा जोशी"),
        }],
        first: rows(l),
    }
}

pub(crate) fn identity(l: Lang) -> Identity {
    Identity {
        number: NUMBER.into(),
        service: service(l),
        applicant: l.t("Asha Rao", "आशा राव"),
        place: l.t("Ward 7, Fort", "वार्ड 7, किला"),
        state: l.tag("Being verified", "जाँच जारी है", Tone::Info),
        whose: l.t("With: Meera Joshi", "इनके पास: मीरा जोशी"),
        due: Some(l.due(Tone::Warn)),
        clock: l.t("Clock running", "समय-सीमा चालू"),
        href: CASE.into(),
    }
}

pub(crate) fn vouchers(l: Lang, number: &str) -> Vec<Voucher> {
    let line = |account: &str, en: &str, hi: &str, debit: &str, credit: &str| VoucherLine {
        account: account.into(),
        name: l.t(en, hi),
        debit: debit.into(),
        credit: credit.into(),
    };
    vec![Voucher {
        number: number.into(),
        title: l.t("The fee falls due", "शुल्क देय हुआ"),
        lines: vec![
            line("4313001", "Receivable: fees", "प्राप्य: शुल्क", "₹1,093.00", ""),
            line("1401101", "Application fees", "आवेदन शुल्क", "", "₹150.00"),
            line("1401102", "Stall fees", "ठेला शुल्क", "", "₹943.00"),
        ],
    }]
}

fn act(l: Lang, name: &str, en: &str, hi: &str, primary: bool, danger: bool) -> ActionLink {
    ActionLink { href: format!("{CASE}/act/{name}"), text: l.t(en, hi), hint: String::new(), primary, danger }
}

fn tab(l: Lang, at: usize) -> DeskTab {
    let fetched = |n: usize| {
        if n == 0 { String::new() } else { l.t("Fetched on 1 day", "1 दिन प्रति ली गई") }
    };
    let paper = |n: usize| DeskPaper {
        paper: Paper { fetched: fetched(n), ..l.paper("aadhaar.pdf", "aadhaar.pdf") },
        asked: l.t("Proof of identity", "पहचान पत्र"),
        state: l.tag("Not looked at", "अदृष्ट", Tone::Neutral),
        current: n == 0,
    };
    match at {
        0 => DeskTab::Sections {
            sections: sections(l).into_iter().map(unchanged).collect(),
            bill: Some(l.bill()),
            changes: vec![changes(l)],
            declared: sections(l).into_iter().map(unchanged).collect(),
        },
        1 => DeskTab::Documents {
            papers: vec![paper(0), paper(1)],
            open: Some(OpenPaper {
                paper: l.paper("aadhaar.pdf", "aadhaar.pdf"),
                image: true,
                rows: vec![l.row("Full name", "पूरा नाम", &l.t("Asha Rao", "आशा राव"))],
                viewer: viewer(l),
            }),
        },
        2 => DeskTab::Money {
            demands: vec![Demand {
                bill: l.bill(),
                state: l.tag("Paid", "भुगतान हुआ", Tone::Good),
                due: Some(l.due(Tone::Good)),
            }],
            receipts: vec![ReceiptLine {
                href: "/devgaon/desk/receipts/RC-1".into(),
                number: "RC/DEV/2026-27/000311".into(),
                when: "15/06/2026".into(),
                mode: l.t("Cash", "नकद"),
                amount: "₹1,093.00".into(),
                state: l.tag("Good", "मान्य", Tone::Good),
            }],
            vouchers: vouchers(l, "JV/2026-27/000871"),
        },
        6 => DeskTab::Checks {
            groups: vec![
                CheckGroup { title: l.t("Of the same applicant", "उसी आवेदक के"), rows: rows(l) },
                CheckGroup { title: l.t("At the same place", "उसी स्थान के"), rows: Vec::new() },
            ],
            documents: l.t("Documents looked at: 1 of 2. Not fitting: 0.", "देखे गए प्रपत्र: 2 में से 1। मेल न खाने वाले: 0।"),
        },
        3 => DeskTab::Messages { messages: messages(l) },
        4 => {
            let mut all = happenings(l);
            all[0].internal = true;
            all[0].text = l.t("Please look at the neighbour's letter.", "कृपया पड़ोसी का पत्र देख लें।");
            DeskTab::Timeline { happenings: all }
        }
        _ => DeskTab::Audit {
            events: vec![AuditLine {
                seq: "3".into(),
                when: "14/06/2026, 11:20:07".into(),
                who: l.t("Meera Joshi, inspector", "मीरा जोशी, निरीक्षक"),
                what: "forward".into(),
                moved: "verification → approval".into(),
                hash: "9f3c 77a1".into(),
            }],
        },
    }
}

fn changes(l: Lang) -> Changes {
    Changes {
        title: l.t("What was corrected", "क्या सुधारा गया"),
        told_by: true,
        rows: vec![Change {
            key: l.t("Area in square metres", "क्षेत्रफल वर्ग मीटर में"),
            before: vec!["4".into()],
            after: vec!["6".into()],
            by: l.t("Applicant, 15/06/2026, 10:42 am", "आवेदक, 15/06/2026, सुबह 10:42"),
        }],
        fee: Some(("₹1,093.00".into(), "₹1,293.00".into())),
    }
}

fn viewer(l: Lang) -> Viewer {
    Viewer {
        look: "z150 t90".into(),
        zooms: vec![
            l.nav("?zoom=100&turn=90", "100 %", "100 %", "", false),
            l.nav("?zoom=150&turn=90", "150 %", "150 %", "", true),
        ],
        turn: Some(l.nav("?zoom=150&turn=180", "Turn", "घुमाएँ", "", false)),
        examine: Some(Examine {
            state: l.tag("Does not fit", "मेल नहीं खाता", Tone::Bad),
            by: l.t("Meera Joshi, 15/06/2026, 10:42 am", "मीरा जोशी, 15/06/2026, सुबह 10:42"),
            reason: l.t("The name is spelt otherwise.", "नाम की वर्तनी भिन्न है।"),
            action: format!("{CASE}/files/aadhaar"),
            field: FieldView::new("finding", l.t("What did you see?", "आपने क्या पाया?"), Input::Text(Text::default()))
                .optional(),
        }),
    }
}

fn unchanged(mut section: Section) -> Section {
    section.rows.iter_mut().for_each(|row| row.change = None);
    section
}

fn case(l: Lang, at: usize) -> DeskCase {
    let names = [
        ("Summary", "सार"),
        ("Documents", "प्रपत्र"),
        ("Fee and payments", "शुल्क और भुगतान"),
        ("Messages", "संदेश"),
        ("Timeline", "समयक्रम"),
        ("Audit", "लेखा परीक्षा"),
        ("Checks", "जाँच"),
    ];
    let people = ui_gen::view::choice::Choice {
        look: ui_gen::view::choice::Look::Select,
        ..ui_gen::view::choice::Choice::one(fields::options(l, 3), "", "")
    };
    DeskCase {
        identity: identity(l),
        tabs: names
            .iter()
            .enumerate()
            .map(|(n, (en, hi))| l.nav(&format!("?tab={n}"), en, hi, if n == 1 { "2" } else { "" }, n == at))
            .collect(),
        tab: tab(l, at),
        actions: vec![
            act(l, "forward", "Forward", "आगे भेजें", true, false),
            act(l, "send_back", "Send back to the applicant", "आवेदक को वापस भेजें", false, false),
            act(l, "reject", "Reject", "अस्वीकृत करें", false, true),
        ],
        blocked: vec![Blocked {
            text: l.t("Approve", "स्वीकृत करें"),
            why: vec![
                l.t("Something is owed on the stall.", "स्टॉल पर राशि बकाया है।"),
                l.t("Another application for the place is open.", "इस स्थान के लिए अन्य आवेदन लंबित है।"),
            ],
        }],
        assign: Some(Assign {
            action: format!("{CASE}/assign"),
            claim: Some("meera".into()),
            release: true,
            leads: vec![
                l.t("Now it is with Ravi Negi.", "अभी यह रवि नेगी के पास है।"),
                l.t("If you take it, it is with Meera Joshi.", "आप लेंगे तो यह मीरा जोशी के पास होगा।"),
            ],
            people: Some(FieldView::new("to", l.t("Colleague", "सहकर्मी"), Input::Choice(people))),
        }),
        note: Some(Box::new(Note {
            action: format!("{CASE}/note"),
            text: FieldView::new("text", l.t("Your words", "आपके शब्द"), Input::Textarea(Text::default())),
            to_applicant: false,
        })),
        unmask: Some(Box::new(Unmask {
            action: format!("{CASE}/unmask"),
            reason: FieldView::new(
                "reason",
                l.t("Why do you need to see them?", "उन्हें देखना क्यों आवश्यक है?"),
                Input::Text(Text::default()),
            ),
        })),
        typed_to: format!("{CASE}/note"),
        similar: vec![Link::new(CASE, "STL/DEV/2025-26/000311")],
        family: vec![Row {
            links: vec![Link::new(CASE, "NOC/DEV/2026-27/000007")],
            ..l.row("No-objection", "अनापत्ति", &l.t("Being looked at", "जाँच जारी है"))
        }],
    }
}

pub(crate) fn action(l: Lang) -> DeskAction {
    let comment = FieldView::new("comment", l.t("Comment", "टिप्पणी"), Input::Textarea(Text::default())).optional();
    DeskAction {
        declared: sections(l).into_iter().map(unchanged).collect(),
        ready: vec![Opt::new("missing", l.t("Some papers are missing.", "कुछ दस्तावेज़ नहीं हैं।"))],
        identity: identity(l),
        title: l.t("Approve", "स्वीकृत करें"),
        asks: String::new(),
        consequences: Consequences {
            unknown: String::new(),
            from: l.tag("Waiting for approval", "स्वीकृति की प्रतीक्षा", Tone::Info),
            to: l.tag("Fee to be paid", "शुल्क देय", Tone::Warn),
            with_whom: l.t("the applicant", "आवेदक"),
            told: vec![Told {
                whom: l.t("Asha Rao, ******3210", "आशा राव, ******3210"),
                channel: "SMS".into(),
                text: messages(l)[0].text.clone(),
                lang: l.0.into(),
            }],
            bill: Some(l.bill()),
            vouchers: vouchers(l, ""),
            makes: vec![
                l.t("The permit is issued when the fee is paid.", "शुल्क मिलने पर अनुमति पत्र जारी होगा।"),
                l.t(
                    "A case of another service is opened: Fire safety certificate",
                    "दूसरी सेवा में प्रकरण खुलेगा: अग्नि सुरक्षा प्रमाणपत्र",
                ),
            ],
            clocks: vec![l.t(
                "The applicant has 30 days to pay; then the application lapses.",
                "आवेदक के पास भुगतान के लिए 30 दिन हैं; उसके बाद आवेदन निरस्त हो जाएगा।",
            )],
            undo: false,
            undo_text: l.t("A demand can only be cancelled by a further order.", "माँग केवल नए आदेश से निरस्त हो सकती है।"),
        },
        specimens: vec![l.paper("Permit", "अनुमति पत्र")],
        fields: vec![comment],
        errors: Vec::new(),
        technical: String::new(),
        advice: String::new(),
        action: format!("{CASE}/act/approve"),
        submit: l.t("Approve", "स्वीकृत करें"),
        hindered: String::new(),
        danger: false,
    }
}

/// An action whose answers opened a further question, so that it is not known yet what follows.
fn asked_on(l: Lang) -> DeskAction {
    let reason = FieldView::new("reason", l.t("Reason", "कारण"), Input::Text(Text::default()));
    DeskAction {
        asks: "penalty".into(),
        advice: l.t("There is a further question. Answer it.", "एक और प्रश्न है। उसका उत्तर दें।"),
        consequences: Consequences {
            unknown: l.t("What follows depends on your answers.", "परिणाम आपके उत्तरों पर निर्भर है।"),
            ..action(l).consequences
        },
        fields: vec![reason],
        ..action(l)
    }
}

/// An action that the fee's rule refuses, and on which nothing is asked that could change that.
fn hindered(l: Lang) -> DeskAction {
    let why = l.t("The schedule allows no permit for so long.", "अनुसूची में इतनी लंबी अवधि की अनुमति नहीं है।");
    DeskAction {
        declared: Vec::new(),
        ready: Vec::new(),
        specimens: Vec::new(),
        consequences: Consequences {
            unknown: l.t("Nothing further follows.", "आगे कुछ नहीं होगा।"),
            ..action(l).consequences
        },
        errors: vec![ErrorLink { target: String::new(), text: why.clone() }],
        hindered: why,
        ..action(l)
    }
}

fn reject(l: Lang) -> DeskAction {
    let reason =
        FieldView::new("comment", l.t("Why is it rejected?", "अस्वीकृति का कारण"), Input::Textarea(Text::default()))
            .hint(l.t("The applicant reads these words.", "ये शब्द आवेदक पढ़ेंगे।"))
            .error(l.t("Write the reason", "कारण लिखें"));
    DeskAction {
        title: l.t("Reject", "अस्वीकृत करें"),
        consequences: Consequences {
            from: l.tag("Being verified", "जाँच जारी है", Tone::Info),
            to: l.tag("Rejected", "अस्वीकृत", Tone::Bad),
            undo: true,
            undo_text: l.t("By an appeal.", "अपील से।"),
            ..Consequences::default()
        },
        fields: vec![reason],
        submit: l.t("Reject", "अस्वीकृत करें"),
        danger: true,
        ..action(l)
    }
}

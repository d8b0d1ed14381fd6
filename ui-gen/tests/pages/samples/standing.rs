//! Pages for following a case, verifying, standing pages and problems.

use ui_gen::view::common::{ActionLink, Happening, Link, Paper, Row, Section, Sent, Stage, StageAt, Tone};
use ui_gen::view::field::{Rating, Text};
use ui_gen::view::follow::{
    Appeal, CaseCard, FindCase, MyApplications, RecordCard, Track, Verdict, Verify, VerifyResult,
};
use ui_gen::view::home::Feedback;
use ui_gen::view::other::{LinkGroup, Problem, ProblemKind, Sitemap, Statement, StatementKind};
use ui_gen::{FieldView, Input, Page};

use super::apply::sections;
use super::citizen::{CASE, NUMBER, officers, service};
use super::{Lang, Sample, chrome, signed_in};

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let open = |name, page| Sample { name, chrome: chrome(l), page };
    let mine = |name, page| Sample { name, chrome: signed_in(l), page };
    let mut all = vec![
        open("feedback", Page::Feedback(feedback(l))),
        open("find_case", Page::FindCase(find_case(l, false))),
        open("find_case_wrong", Page::FindCase(find_case(l, true))),
        open("sitemap", Page::Sitemap(sitemap(l))),
        mine("my_applications", Page::MyApplications(mine_all(l))),
        mine(
            "my_applications_empty",
            Page::MyApplications(MyApplications {
                catalogue: "/devgaon".into(),
                profile: "/devgaon/my/profile".into(),
                account: "/devgaon/my/account".into(),
                ..MyApplications::default()
            }),
        ),
        mine("track", Page::Track(track(l))),
        mine("track_soon", Page::Track(track_just_now(l))),
        mine("appeal", Page::Appeal(appeal(l))),
        open("verify", Page::Verify(Verify { action: "/devgaon/verify".into(), ..Verify::default() })),
        open(
            "verify_wrong",
            Page::Verify(Verify {
                action: "/devgaon/verify".into(),
                code: "7K".into(),
                error: l.t("Write all eight letters and digits", "सभी आठ अक्षर और अंक लिखें"),
            }),
        ),
    ];
    let verdicts = [
        ("verify_valid", Verdict::Valid),
        ("verify_not_yet", Verdict::NotYet),
        ("verify_expired", Verdict::Expired),
        ("verify_cancelled", Verdict::Cancelled),
        ("verify_received", Verdict::Received),
        ("verify_elsewhere", Verdict::Elsewhere),
        ("verify_not_found", Verdict::NotFound),
    ];
    all.extend(verdicts.map(|(name, verdict)| open(name, Page::VerifyResult(verified(l, verdict)))));
    let statements =
        ["help", "accessibility", "privacy", "terms", "contact", "chain"].into_iter().zip(StatementKind::ALL);
    all.extend(statements.map(|(name, kind)| open(name, Page::Statement(statement(l, kind)))));
    let problems = [
        "problem_expired",
        "problem_forbidden",
        "problem_not_found",
        "problem_conflict",
        "problem_too_large",
        "problem_refused",
        "problem_too_many",
        "problem_fault",
        "problem_unavailable",
    ];
    all.extend(
        problems.into_iter().zip(ProblemKind::ALL).map(|(name, kind)| open(name, Page::Problem(problem(l, kind)))),
    );
    all
}

fn act(l: Lang, href: &str, en: &str, hi: &str, primary: bool, danger: bool) -> ActionLink {
    ActionLink { href: format!("{CASE}/{href}"), text: l.t(en, hi), hint: String::new(), primary, danger }
}

fn mine_all(l: Lang) -> MyApplications {
    MyApplications {
        filters: vec![
            l.nav("/devgaon/my", "All", "सभी", "3", true),
            l.nav("/devgaon/my?show=waiting", "Waiting for me", "मेरे पास लंबित", "1", false),
            l.nav("/devgaon/my?show=closed", "Closed", "समाप्त", "1", false),
        ],
        cases: vec![
            CaseCard {
                href: CASE.into(),
                number: NUMBER.into(),
                service: service(l),
                state: l.tag("Fee to be paid", "शुल्क देय", Tone::Warn),
                text: l.t(
                    "Your application is approved. Pay the fee and the permit is issued at once.",
                    "आपका आवेदन स्वीकृत है। शुल्क देते ही अनुमति जारी होगी।",
                ),
                due: Some(l.due(Tone::Warn)),
                updated: "15/06/2026".into(),
                acts: vec![act(l, "pay", "Pay ₹1,093.00", "₹1,093.00 दें", true, false)],
            },
            CaseCard {
                href: CASE.into(),
                number: "STL/DEV/2026-27/000007".into(),
                service: service(l),
                state: l.tag("Being verified", "जाँच जारी है", Tone::Info),
                text: l.t("An inspector visits the place.", "निरीक्षक स्थान देखेंगे।"),
                due: Some(l.due(Tone::Good)),
                updated: "02/06/2026".into(),
                acts: Vec::new(),
            },
            CaseCard {
                href: CASE.into(),
                number: "REP/DEV/2026-27/000031".into(),
                service: l.t("Report", "सूचना"),
                state: l.tag("Resolved", "निस्तारित", Tone::Good),
                text: l.t("The work is done.", "कार्य हो गया है।"),
                due: None,
                updated: "12/06/2026".into(),
                acts: vec![
                    act(l, "rate", "Rate the work", "कार्य को अंक दें", true, false),
                    ActionLink {
                        hint: l.t("until 22/06/2026", "22/06/2026 तक"),
                        ..act(l, "reopen", "Open again", "फिर से खोलें", false, false)
                    },
                ],
            },
        ],
        records: vec![RecordCard {
            title: service(l),
            number: "ST/DEV/2025-26/000311".into(),
            state: l.tag("In force", "प्रभावी", Tone::Good),
            valid: l.t("until 31/03/2027", "31/03/2027 तक"),
            papers: vec![l.paper("Permit", "अनुमति पत्र")],
            actions: vec![act(l, "renew", "Renew", "नवीनीकरण", false, false)],
        }],
        owed: Some(super::dues::owed(l)),
        catalogue: "/devgaon".into(),
        profile: "/devgaon/my/profile".into(),
        account: "/devgaon/my/account".into(),
    }
}

pub(crate) fn happenings(l: Lang) -> Vec<Happening> {
    let one = |en: &str, hi: &str, who_en: &str, who_hi: &str, text: String, internal| Happening {
        title: l.t(en, hi),
        when: l.t("14/06/2026, 11:20 am", "14/06/2026, सुबह 11:20"),
        iso: "2026-06-14T11:20:00+05:30".into(),
        who: l.t(who_en, who_hi),
        text,
        internal,
        papers: Vec::new(),
    };
    let mut photo = one(
        "Place inspected",
        "स्थल निरीक्षण हुआ",
        "Inspector",
        "निरीक्षक",
        l.t("The place is free.", "स्थान रिक्त है।"),
        false,
    );
    photo.papers = vec![l.paper("Photo of the place", "स्थल का फ़ोटो")];
    vec![
        one("Approved", "स्वीकृत", "Executive Officer", "अधिशासी अधिकारी", String::new(), false),
        photo,
        one("Application sent", "आवेदन प्रस्तुत", "Applicant", "आवेदक", String::new(), false),
    ]
}

pub(crate) fn messages(l: Lang) -> Vec<Sent> {
    vec![Sent {
        to: "******3210".into(),
        channel: "SMS".into(),
        when: "15/06/2026".into(),
        text: l.t(
            "Application STL/DEV/2026-27/000042 is approved. Pay Rs 1093 by 16/06/2026.",
            "आवेदन STL/DEV/2026-27/000042 स्वीकृत है। 16/06/2026 तक ₹1093 दें।",
        ),
        state: l.tag("delivered", "पहुँचा", Tone::Good),
    }]
}

fn track(l: Lang) -> Track {
    let stage = |en: &str, hi: &str, at| Stage { text: l.t(en, hi), at };
    Track {
        service: service(l),
        number: NUMBER.into(),
        state: l.tag("Waiting for your correction", "आपके सुधार की प्रतीक्षा", Tone::Warn),
        text: vec![l.t(
            "The inspector needs a clearer photo. Your time runs, ours is paused.",
            "निरीक्षक को स्पष्ट फ़ोटो चाहिए। तब तक हमारी समय-सीमा रुकी है।",
        )],
        with_whom: l.t("you", "आप"),
        due: Some(l.due(Tone::Neutral)),
        stages: vec![
            stage("Application", "आवेदन", StageAt::Done),
            stage("Verification", "जाँच", StageAt::Now),
            stage("Approval", "स्वीकृति", StageAt::Later),
            stage("Payment", "भुगतान", StageAt::Later),
            stage("Permit", "अनुमति पत्र", StageAt::Later),
        ],
        remark: l.t("Please send a photo in which the whole cart is seen.", "कृपया ऐसा फ़ोटो भेजें जिसमें पूरा ठेला दिखे।"),
        actions: vec![
            act(l, "form/stall", "Correct and send again", "सुधारें और फिर प्रस्तुत करें", true, false),
            act(l, "act/comment", "Write to the office", "कार्यालय को लिखें", false, false),
            act(l, "act/withdraw", "Withdraw", "आवेदन वापस लें", false, true),
        ],
        soon: false,
        papers: vec![Paper {
            fetched: l
                .t("You fetched it on 2 days, last on 16/06/2026.", "आपने इसे 2 दिन खोला; अन्तिम बार 16/06/2026 को।"),
            ..l.paper("Acknowledgement", "पावती")
        }],
        happenings: happenings(l),
        messages: messages(l),
        sections: sections(l),
        findings: vec![Section {
            title: l.t("What was seen at the place", "स्थान पर क्या देखा गया"),
            rows: vec![
                l.row("Measured area", "मापा गया क्षेत्रफल", &l.t("6 m²", "6 वर्ग मीटर")),
                Row {
                    key: l.t("Photo after the work", "कार्य के बाद का फ़ोटो"),
                    pictures: vec![Link::new(format!("{CASE}/files/7"), "after.jpg")],
                    ..Row::default()
                },
            ],
        }],
        officers: officers(l),
        family: vec![Row {
            links: vec![Link::new(CASE, "NOC/DEV/2026-27/000007")],
            ..l.row("No-objection", "अनापत्ति", &l.t("Being looked at", "जाँच जारी है"))
        }],
    }
}

/// The same a moment after something was granted: its paper is still being made.
fn track_just_now(l: Lang) -> Track {
    let coming = Paper {
        detail: l.t("PDF, being made", "PDF, तैयार हो रहा है"), ..l.paper("Permit", "अनुमति पत्र")
    };
    let mut whole = track(l);
    whole.papers.insert(0, coming);
    Track { soon: true, ..whole }
}

fn appeal(l: Lang) -> Appeal {
    Appeal {
        service: service(l),
        number: NUMBER.into(),
        law: l.t("Right to Service Act 2011", "सेवा का अधिकार अधिनियम 2011"),
        text: l.t("The time that the law gives is over.", "विधि में दिया गया समय बीत चुका है।"),
        rows: vec![l.row("Number", "संख्या", NUMBER), l.row("To be decided by", "निर्णय की नियत तिथि", "12/06/2026")],
        officers: officers(l),
        office: vec![l.row("Office", "कार्यालय", &l.t("Main Bazaar", "मुख्य बाज़ार"))],
        case: CASE.into(),
    }
}

fn verified(l: Lang, verdict: Verdict) -> VerifyResult {
    let rows = vec![
        l.row("Permit", "अनुमति", "ST/DEV/2025-26/000311"),
        l.row("Holder", "धारक", &l.t("A*** R**", "आ*** रा*")),
        l.row("Valid until", "मान्य", "31/03/2027"),
    ];
    VerifyResult {
        verdict,
        code: if verdict == Verdict::Elsewhere { String::new() } else { "7KQ2-M4XD".into() },
        elsewhere: (verdict == Verdict::Elsewhere)
            .then(|| Link::new("/rampur/verify/1", l.t("Municipal Council Rampur", "नगर पालिका परिषद रामपुर"))),
        follow: if verdict == Verdict::NotFound { "/devgaon/track?number=7KQ2-M4XD".into() } else { String::new() },
        rows: if matches!(verdict, Verdict::NotFound | Verdict::Elsewhere) { Vec::new() } else { rows },
        as_of: l.t("15/06/2026, 3:40 pm", "15/06/2026, दोपहर 3:40"),
        another: "/devgaon/verify".into(),
    }
}

fn feedback(l: Lang) -> Feedback {
    let stars =
        FieldView::new("stars", l.t("How did you find it?", "आपको यह कैसा लगा?"), Input::Rating(Rating::default()));
    let words = l.t("What was good, what was not?", "क्या अच्छा था, क्या नहीं?");
    let text = Text { rows: 5, max_length: 1_000, ..Text::default() };
    let error = l.t("How did you find it: please choose", "आपको यह कैसा लगा: कृपया चुनें");
    Feedback {
        action: "/devgaon/feedback".into(),
        service: "stall".into(),
        fields: vec![stars.error(error), FieldView::new("words", words, Input::Textarea(text)).optional()],
    }
}

fn find_case(l: Lang, wrong: bool) -> FindCase {
    FindCase {
        action: "/devgaon/track".into(),
        number: if wrong { String::new() } else { NUMBER.into() },
        error: if wrong {
            l.t("Write the number of the application.", "आवेदन की संख्या लिखें।")
        } else {
            String::new()
        },
        mine: "/devgaon/my".into(),
    }
}

fn sitemap(l: Lang) -> Sitemap {
    let group = |title: String, links| LinkGroup { title, links };
    Sitemap {
        groups: vec![
            group(
                l.t("What most people come for", "सबसे अधिक उपयोग"),
                vec![l.link("/devgaon", "Services", "सेवाएँ"), l.link("/devgaon/my", "My applications", "मेरे आवेदन")],
            ),
            group(l.t("Trade and markets", "व्यापार और बाज़ार"), vec![Link::new("/devgaon/services/stall", service(l))]),
        ],
    }
}

fn statement(l: Lang, kind: StatementKind) -> Statement {
    Statement {
        kind,
        town: l.t("Municipal Council Devgaon", "नगर पालिका परिषद देवगाँव"),
        rows: vec![
            l.row("Office", "कार्यालय", &l.t("Main Bazaar, Devgaon 246001", "मुख्य बाज़ार, देवगाँव 246001")),
            l.row("Telephone", "फ़ोन", "01234 567890"),
        ],
        updated: "01/06/2026".into(),
    }
}

fn problem(l: Lang, kind: ProblemKind) -> Problem {
    let (text, wait, reference) = match kind {
        ProblemKind::Conflict => (
            vec![l.t("The application has already been sent.", "आवेदन पहले ही प्रस्तुत हो चुका है।")],
            String::new(),
            String::new(),
        ),
        ProblemKind::TooMany => (Vec::new(), l.t("12 minutes", "12 मिनट"), String::new()),
        ProblemKind::Fault => (Vec::new(), String::new(), "7KQ2".into()),
        _ => Default::default(),
    };
    let technical = match kind {
        ProblemKind::Refused => "fees.rhai, line 12, column 5: something is divided by zero".into(),
        _ => String::new(),
    };
    Problem {
        kind,
        text,
        technical,
        wait,
        reference,
        links: vec![Link::new("/devgaon", l.t("All services", "सभी सेवाएँ"))],
    }
}

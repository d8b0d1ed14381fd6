//! Pages of a citizen applying and paying.

use ui_gen::view::calendar::{Calendar, CalendarCell, CalendarDay, ClosedDays};
use ui_gen::view::common::{ActionLink, Notice, Row, Tone};
use ui_gen::view::field::{Choice, Opt, OptionGroup, Text};
use ui_gen::view::home::{
    Catalogue, ChooseTown, DocumentNeeded, Draft, FeeCalculator, FeeExample, Profile, ServiceGroup, ServiceLink,
    ServiceStart, SignIn, SignInCode, TownGroup, TownLink,
};
use ui_gen::view::money::PayOutcome;
use ui_gen::{Chrome, FieldView, Input, Page};

use super::apply::{
    acknowledged_just_now, acknowledgement, check, paid, pay, question, question_declared, question_one, rate, tasks,
    withdraw,
};
use super::fields::Stage;
use super::{Lang, Sample, chrome, signed_in};

pub(crate) const CASE: &str = "/devgaon/cases/STL-DEV-2026-27-000042";
pub(crate) const NUMBER: &str = "STL/DEV/2026-27/000042";

pub(crate) fn service(l: Lang) -> String {
    l.t("Street stall permit", "ठेला अनुमति")
}

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let open = |name, page| Sample { name, chrome: chrome(l), page };
    let mine = |name, page| Sample { name, chrome: signed_in(l), page };
    let mut state = chrome(l);
    state.town.base = String::new();
    state.town.name = l.t("Parvat Pradesh", "पर्वत प्रदेश");
    state.town.line = l.t("Urban Development Directorate", "शहरी विकास निदेशालय");
    state.nav = Vec::new();
    vec![
        Sample { name: "choose_town", chrome: state.clone(), page: Page::ChooseTown(towns(l, "")) },
        Sample { name: "choose_town_none", chrome: state, page: Page::ChooseTown(no_town(l)) },
        open("catalogue", Page::Catalogue(catalogue(l))),
        open("service_start", Page::ServiceStart(start(l))),
        open("calendar", Page::Calendar(calendar(l))),
        open("fee_calculator", Page::FeeCalculator(calculator(l))),
        open("sign_in", Page::SignIn(sign_in(l, false))),
        open("sign_in_wrong", Page::SignIn(sign_in(l, true))),
        open("sign_in_code", Page::SignInCode(code(l, false))),
        open("sign_in_code_wrong", Page::SignInCode(code(l, true))),
        mine("profile", Page::Profile(profile(l, false))),
        mine("profile_read", Page::Profile(profile(l, true))),
        mine("tasks", Page::Tasks(tasks(l))),
        mine("question_one", Page::Question(question_one(l))),
        mine("question_declared", Page::Question(question_declared(l))),
        mine("question", Page::Question(question(l, Stage::Empty))),
        mine("question_filled", Page::Question(question(l, Stage::Filled))),
        mine("question_wrong", Page::Question(question(l, Stage::Wrong))),
        mine("check", Page::Check(check(l, false))),
        mine("check_wrong", Page::Check(check(l, true))),
        mine("acknowledgement", Page::Acknowledgement(acknowledgement(l))),
        mine("acknowledgement_soon", Page::Acknowledgement(acknowledged_just_now(l))),
        mine("act_rate", Page::ActionForm(rate(l))),
        mine("act_withdraw", Page::ActionForm(withdraw(l))),
        mine("pay", Page::Pay(pay(l))),
        mine("pay_success", Page::PayResult(paid(l, PayOutcome::Success))),
        mine("pay_failed", Page::PayResult(paid(l, PayOutcome::Failed))),
        mine("pay_pending", Page::PayResult(paid(l, PayOutcome::Pending))),
    ]
    .into_iter()
    .map(|sample| noticed(l, sample))
    .collect()
}

/// One page shows what has just happened.
fn noticed(l: Lang, mut sample: Sample) -> Sample {
    if sample.name == "question_filled" {
        let text = l.t("Your answers have been saved.", "आपके उत्तर सहेज लिए गए हैं।");
        sample.chrome = Chrome { notices: vec![Notice { tone: Tone::Good, text }], ..sample.chrome };
    }
    sample
}

fn profile(l: Lang, read: bool) -> Profile {
    let languages = vec![Opt::new("hi", "हिन्दी"), Opt::new("en", "English")];
    let mut fields = vec![
        FieldView::new(
            "name",
            l.t("Your full name", "आपका पूरा नाम"),
            Input::Text(Text::new(l.t("Asha Rao", "आशा राव"))),
        )
        .hint(l.t("As it stands in your identity card", "जैसा पहचान पत्र में लिखा है")),
        FieldView::new("email", l.t("E-mail address", "ई-मेल पता"), Input::Email(Text::default())).optional(),
        FieldView::new(
            "language",
            l.t("In which language should we write to you?", "हम आपको किस भाषा में सूचना दें?"),
            Input::Choice(Choice::one(languages, l.0, "")),
        ),
    ];
    if !read {
        let option = Opt::new("yes", l.t("I have read what is done with my data", "मैंने पढ़ लिया है"));
        let groups = vec![OptionGroup { label: String::new(), options: vec![option] }];
        fields.push(
            FieldView::new("agreed", l.t("The notice", "सूचना"), Input::Choices(Choice { groups, ..Choice::default() }))
                .error(l.t("Tick the box once you have read it", "पढ़कर चिह्न लगाएँ")),
        );
    }
    Profile {
        action: "/devgaon/my/profile".into(),
        fields,
        notice: vec![
            l.row("Street stall permit", "ठेला अनुमति", &l.t("Full name, address", "पूरा नाम, पता")),
            l.row("Why we keep it", "क्यों रखते हैं", &l.t("Only to decide.", "केवल निर्णय के लिए।")),
        ],
        read: if read {
            l.t("You read this on 02/06/2026.", "आपने यह 02/06/2026 को पढ़ा।")
        } else {
            String::new()
        },
        next: "/devgaon/my".into(),
    }
}

fn calculator(l: Lang) -> FeeCalculator {
    let area = Input::Decimal(Text { width: 10, ..Text::new("6") });
    FeeCalculator {
        service: service(l),
        action: "/devgaon/services/stall/fee".into(),
        seen: "area".into(),
        fields: vec![FieldView::new("area", l.t("Area of the stall", "ठेले का क्षेत्रफल"), area)],
        bill: Some(l.bill()),
        authority: l.t("Council resolution 112 of 14/02/2026", "परिषद प्रस्ताव 112, दिनांक 14/02/2026"),
        failed: String::new(),
        start: "/devgaon/services/stall".into(),
    }
}

fn towns(l: Lang, query: &str) -> ChooseTown {
    let town = |en: &str, hi: &str, note_en: &str, note_hi: &str| TownLink {
        href: "/devgaon".into(),
        name: l.t(en, hi),
        note: l.t(note_en, note_hi),
    };
    let council = |en, hi| town(en, hi, "Municipal Council", "नगर पालिका परिषद");
    let group = |en: &str, hi: &str, towns| TownGroup { title: l.t(en, hi), towns };
    ChooseTown {
        state: l.t("Parvat Pradesh", "पर्वत प्रदेश"),
        query: query.into(),
        groups: vec![
            group("Devgaon", "देवगाँव", vec![council("Devgaon", "देवगाँव"), council("Surajkund", "सूरजकुंड")]),
            group(
                "Hiran",
                "हिरन",
                vec![town("Hiranpur", "हिरनपुर", "Municipal Corporation", "नगर निगम"), council("Nadital", "नदीताल")],
            ),
            group("Chandrika", "चंद्रिका", vec![town("Chandrika", "चंद्रिका", "Town Panchayat", "नगर पंचायत")]),
        ],
        total: "5".into(),
        last: Some(l.link("/devgaon", "Devgaon", "देवगाँव")),
    }
}

fn no_town(l: Lang) -> ChooseTown {
    ChooseTown { groups: Vec::new(), last: None, ..towns(l, "xyz") }
}

fn catalogue(l: Lang) -> Catalogue {
    let link =
        |href: &str, title: String, text: String, note: String| ServiceLink { href: href.into(), title, text, note };
    let stall = || {
        link(
            "/devgaon/services/stall",
            service(l),
            l.t("Sell from a cart or stall on a street of the town.", "नगर की सड़क पर ठेले या गुमटी से बिक्री के लिए।"),
            l.t("From ₹650.00 · within 15 working days", "₹650.00 से · 15 कार्य दिवस में"),
        )
    };
    let pet = link(
        "/devgaon/services/pet",
        l.t("Pet registration", "पालतू पशु पंजीकरण"),
        l.t("Register a dog or cat kept at home.", "घर में पाले कुत्ते या बिल्ली का पंजीकरण।"),
        l.t("₹200.00 · within 7 working days", "₹200.00 · 7 कार्य दिवस में"),
    );
    let top = |href: &str, en: &str, hi: &str, text_en: &str, text_hi: &str| {
        link(href, l.t(en, hi), l.t(text_en, text_hi), String::new())
    };
    Catalogue {
        top: vec![
            top(
                "/devgaon/services/stall",
                "Street stall permit",
                "ठेला अनुमति",
                "Apply, renew or give up",
                "आवेदन, नवीनीकरण या त्याग",
            ),
            top(
                "/devgaon/my",
                "Follow an application",
                "आवेदन की स्थिति",
                "See where it is and what comes next",
                "देखें कि वह कहाँ है और आगे क्या होगा",
            ),
            top(
                "/devgaon/verify",
                "Verify a document",
                "प्रपत्र का सत्यापन",
                "With its code or square pattern",
                "उसके कोड या चौकोर चिह्न से",
            ),
        ],
        groups: vec![
            ServiceGroup {
                title: l.t("Trade and markets", "व्यापार और बाज़ार"), services: vec![stall()]
            },
            ServiceGroup { title: l.t("Health", "स्वास्थ्य"), services: vec![pet] },
        ],
        query: String::new(),
        empty: false,
        announcements: vec![l.t("The office is closed on 15 August.", "15 अगस्त को कार्यालय बंद रहेगा।")],
        news: vec![super::public::news(l)],
    }
}

/// What is free of a hall in a month.
pub(crate) fn calendar(l: Lang) -> Calendar {
    let select = |options: Vec<Opt>, chosen: &str| {
        Input::Choice(Choice { look: ui_gen::view::choice::Look::Select, ..Choice::one(options, chosen, "") })
    };
    let halls = vec![
        Opt::new("TOWN", l.t("Town hall", "नगर सभागार")),
        Opt::new("COMMUNITY", l.t("Community hall", "सामुदायिक भवन")),
    ];
    let months = vec![Opt::new("2026-07", l.t("July 2026", "जुलाई 2026"))];
    let part = |state| CalendarCell { part: l.t("Whole day", "पूरा दिन"), state, cases: Vec::new() };
    let day = |day: String, state| CalendarDay { day, cells: vec![part(state)] };
    Calendar {
        title: l.t("Which days are free", "कौन-से दिन उपलब्ध हैं"),
        lead: l.t("Who has a day is not shown.", "दिन किसने लिया है, यह नहीं दिखाया जाता।"),
        action: "/devgaon/calendar/halls".into(),
        fields: vec![
            FieldView::new("resource", l.t("Which hall?", "कौन-सा भवन?"), select(halls, "COMMUNITY")),
            FieldView::new("month", l.t("Month", "माह"), select(months, "2026-07")),
        ],
        heading: l.t("Community hall, July 2026", "सामुदायिक भवन, जुलाई 2026"),
        parts: vec![l.t("Whole day", "पूरा दिन")],
        rows: vec![
            day(l.t("10/07/2026, Friday", "10/07/2026, शुक्रवार"), l.tag("Free", "उपलब्ध", Tone::Good)),
            day(l.t("11/07/2026, Saturday", "11/07/2026, शनिवार"), l.tag("Taken", "आरक्षित", Tone::Bad)),
            day(l.t("13/07/2026, Monday", "13/07/2026, सोमवार"), l.tag("Closed", "बन्द", Tone::Neutral)),
        ],
        links: vec![
            l.link("/devgaon/calendar/halls?month=2026-08#days", "Later month", "अगला माह"),
            l.link("/devgaon/services/halls", "Apply: Booking of a hall", "आवेदन करें: भवन का आरक्षण"),
        ],
        ..Calendar::default()
    }
}

/// The same at the desk, with who has what and what the office has closed.
pub(crate) fn calendar_desk(l: Lang) -> Calendar {
    let mut calendar = calendar(l);
    calendar.action = "/devgaon/desk/calendars/halls".into();
    calendar.links.truncate(1);
    calendar.rows[1].cells[0].cases = vec![l.link("/devgaon/desk/cases/1", NUMBER, NUMBER)];
    calendar.actions = vec![ActionLink {
        href: "/devgaon/desk/calendars/halls/close".into(),
        text: l.t("Close days", "दिन बन्द करें"),
        ..ActionLink::default()
    }];
    calendar.closed = vec![ClosedDays {
        id: "1".into(),
        days: l.t("20/07/2026 to 22/07/2026", "20/07/2026 से 22/07/2026 तक"),
        reason: l.t("Repair of the roof", "छत की मरम्मत"),
        by: l.t("Meera Joshi, 15/06/2026, 3:40 pm", "मीरा जोशी, 15/06/2026, दोपहर 3:40"),
    }];
    calendar.open = "/devgaon/desk/calendars/halls/open".into();
    calendar
}

pub(crate) fn start(l: Lang) -> ServiceStart {
    let bill = l.bill();
    ServiceStart {
        charged: true,
        title: service(l),
        about: vec![l.t(
            "You need this permit to sell goods or food from a cart or stall on a street of the town.",
            "नगर की सड़क पर ठेले या गुमटी से सामान या भोजन बेचने के लिए यह अनुमति आवश्यक है।",
        )],
        who: vec![
            l.t("Anyone above 18 who lives in the town", "नगर में रहने वाला कोई भी व्यक्ति जिसकी आयु 18 वर्ष से अधिक हो"),
            l.t("One permit for each family", "प्रति परिवार एक अनुमति"),
        ],
        fee: Some(FeeExample {
            answers: vec![
                Row::new(l.t("What do you sell?", "आप क्या बेचते हैं?"), l.t("Fruit", "फल")),
                Row::new(l.t("Square metres", "वर्ग मीटर"), "6"),
            ],
            lines: bill.lines,
            total: bill.total,
            authority: l.t("Council resolution 112 of 14/02/2026", "परिषद प्रस्ताव 112, दिनांक 14/02/2026"),
        }),
        calculator: "/devgaon/services/stall/fee".into(),
        calendars: vec![l.link("/devgaon/calendar/stalls", "Which days are free", "कौन-से दिन उपलब्ध हैं")],
        documents: vec![
            DocumentNeeded {
                title: l.t("Proof of identity", "पहचान पत्र"),
                note: l.t("Aadhaar or voter card", "आधार या मतदाता पहचान पत्र"),
            },
            DocumentNeeded {
                title: l.t("Photo of the cart", "ठेले का फ़ोटो"), note: String::new()
            },
        ],
        time_limit: l.t("15 working days", "15 कार्य दिवस"),
        statute: l.t("Right to Service Act, schedule item 34", "सेवा का अधिकार अधिनियम, अनुसूची मद 34"),
        officers: officers(l),
        counter: vec![
            l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार"),
            l.t("Monday to Friday, 10 am to 4 pm", "सोमवार से शुक्रवार, सुबह 10 से शाम 4"),
        ],
        drafts: vec![Draft { href: format!("{CASE}/form/trade"), title: service(l), saved: "12/06/2026".into() }],
        record: Vec::new(),
        action: "/devgaon/services/stall/start".into(),
    }
}

pub(crate) fn officers(l: Lang) -> Vec<ui_gen::view::common::Row> {
    vec![
        l.row("Designated officer", "पदाभिहित अधिकारी", &l.t("Executive Officer", "अधिशासी अधिकारी")),
        l.row("First appeal", "प्रथम अपील", &l.t("Sub-Divisional Magistrate", "उप जिलाधिकारी")),
    ]
}

fn sign_in(l: Lang, wrong: bool) -> SignIn {
    SignIn {
        action: "/devgaon/sign-in".into(),
        mobile: if wrong { "98765".into() } else { String::new() },
        error: if wrong {
            l.t("Write all ten digits of the mobile number", "मोबाइल नंबर के सभी दस अंक लिखें")
        } else {
            String::new()
        },
        next: format!("{CASE}/form/trade"),
        counter: vec![l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार")],
    }
}

fn code(l: Lang, wrong: bool) -> SignInCode {
    SignInCode {
        code: String::new(),
        action: "/devgaon/sign-in/code".into(),
        hint: l.t(
            "We have sent 6 digits to ******3210. They hold for 10 minutes.",
            "हमने ******3210 पर 6 अंक का OTP भेजा है। यह 10 मिनट तक मान्य है।",
        ),
        error: if wrong {
            l.t("This is not the code we sent", "यह हमारा भेजा OTP नहीं है")
        } else {
            String::new()
        },
        wait: if wrong { l.t("40 seconds", "40 सेकंड") } else { String::new() },
        again: "/devgaon/sign-in".into(),
        other: l.link("/devgaon/sign-in", "Use another number", "दूसरा नंबर लिखें"),
        next: String::new(),
        device: true,
        trusted: wrong,
        demo_code: "402917".into(),
    }
}

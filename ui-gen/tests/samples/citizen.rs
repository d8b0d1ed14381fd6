//! Pages of a citizen applying and paying.

use ui_gen::view::apply::{Acknowledgement, ActionForm, Check, Question};
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{ErrorLink, Link, Notice, Section, Tone};
use ui_gen::view::field::{FieldView, Files, Input, Rating, Text, YesNo};
use ui_gen::view::home::{
    Catalogue, ChooseTown, DocumentNeeded, Draft, FeeExample, ServiceGroup, ServiceLink,
    ServiceStart, SignIn, SignInCode, TownGroup, TownLink,
};
use ui_gen::view::money::{Pay, PayOutcome, PayResult};
use ui_gen::{Chrome, Page};

use super::fields::{self, Stage};
use super::{Lang, Sample, chrome, signed_in};

pub(crate) const CASE: &str = "/devgaon/cases/STL-DEV-2026-27-000042";
pub(crate) const NUMBER: &str = "STL/DEV/2026-27/000042";

pub(crate) fn service(l: Lang) -> String {
    l.t("Street stall permit", "ठेला अनुमति")
}

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let open = |name, page| Sample {
        name,
        chrome: chrome(l),
        page,
    };
    let mine = |name, page| Sample {
        name,
        chrome: signed_in(l),
        page,
    };
    let mut state = chrome(l);
    state.town.base = String::new();
    state.town.name = l.t("Parvat Pradesh", "पर्वत प्रदेश");
    state.town.line = l.t("Urban Development Directorate", "शहरी विकास निदेशालय");
    state.nav = Vec::new();
    vec![
        Sample {
            name: "choose_town",
            chrome: state.clone(),
            page: Page::ChooseTown(towns(l, "")),
        },
        Sample {
            name: "choose_town_none",
            chrome: state,
            page: Page::ChooseTown(no_town(l)),
        },
        open("catalogue", Page::Catalogue(catalogue(l))),
        open("service_start", Page::ServiceStart(start(l))),
        open("sign_in", Page::SignIn(sign_in(l, false))),
        open("sign_in_wrong", Page::SignIn(sign_in(l, true))),
        open("sign_in_code", Page::SignInCode(code(l, false))),
        open("sign_in_code_wrong", Page::SignInCode(code(l, true))),
        mine("question_one", Page::Question(question_one(l))),
        mine("question", Page::Question(question(l, Stage::Empty))),
        mine(
            "question_filled",
            Page::Question(question(l, Stage::Filled)),
        ),
        mine("question_wrong", Page::Question(question(l, Stage::Wrong))),
        mine("check", Page::Check(check(l, false))),
        mine("check_wrong", Page::Check(check(l, true))),
        mine("acknowledgement", Page::Acknowledgement(acknowledgement(l))),
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
        sample.chrome = Chrome {
            notices: vec![Notice {
                tone: Tone::Good,
                text,
            }],
            ..sample.chrome
        };
    }
    sample
}

fn towns(l: Lang, query: &str) -> ChooseTown {
    let town = |en: &str, hi: &str, note_en: &str, note_hi: &str| TownLink {
        href: "/devgaon".into(),
        name: l.t(en, hi),
        note: l.t(note_en, note_hi),
    };
    let council = |en, hi| town(en, hi, "Municipal Council", "नगर पालिका परिषद");
    let group = |en: &str, hi: &str, towns| TownGroup {
        title: l.t(en, hi),
        towns,
    };
    ChooseTown {
        state: l.t("Parvat Pradesh", "पर्वत प्रदेश"),
        query: query.into(),
        groups: vec![
            group(
                "Devgaon",
                "देवगाँव",
                vec![council("Devgaon", "देवगाँव"), council("Surajkund", "सूरजकुंड")],
            ),
            group(
                "Hiran",
                "हिरन",
                vec![
                    town("Hiranpur", "हिरनपुर", "Municipal Corporation", "नगर निगम"),
                    council("Nadital", "नदीताल"),
                ],
            ),
            group(
                "Chandrika",
                "चंद्रिका",
                vec![town("Chandrika", "चंद्रिका", "Town Panchayat", "नगर पंचायत")],
            ),
        ],
        total: "5".into(),
        last: Some(l.link("/devgaon", "Devgaon", "देवगाँव")),
    }
}

fn no_town(l: Lang) -> ChooseTown {
    ChooseTown {
        groups: Vec::new(),
        last: None,
        ..towns(l, "xyz")
    }
}

fn catalogue(l: Lang) -> Catalogue {
    let link = |href: &str, title: String, text: String, note: String| ServiceLink {
        href: href.into(),
        title,
        text,
        note,
    };
    let stall = || {
        link(
            "/devgaon/services/stall",
            service(l),
            l.t(
                "Sell from a cart or stall on a street of the town.",
                "नगर की सड़क पर ठेले या गुमटी से बिक्री के लिए।",
            ),
            l.t(
                "From ₹650.00 · within 15 working days",
                "₹650.00 से · 15 कार्य दिवस में",
            ),
        )
    };
    let pet = link(
        "/devgaon/services/pet",
        l.t("Pet registration", "पालतू पशु पंजीकरण"),
        l.t(
            "Register a dog or cat kept at home.",
            "घर में पाले कुत्ते या बिल्ली का पंजीकरण।",
        ),
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
                title: l.t("Trade and markets", "व्यापार और बाज़ार"),
                services: vec![stall()],
            },
            ServiceGroup {
                title: l.t("Health", "स्वास्थ्य"),
                services: vec![pet],
            },
        ],
        query: String::new(),
        empty: false,
        announcements: vec![l.t(
            "The office is closed on 15 August.",
            "15 अगस्त को कार्यालय बंद रहेगा।",
        )],
    }
}

fn start(l: Lang) -> ServiceStart {
    let bill = l.bill();
    ServiceStart {
        title: service(l),
        about: vec![l.t("You need this permit to sell goods or food from a cart or stall on a street of the town.", "नगर की सड़क पर ठेले या गुमटी से सामान या भोजन बेचने के लिए यह अनुमति आवश्यक है।")],
        who: vec![l.t("Anyone above 18 who lives in the town", "नगर में रहने वाला कोई भी व्यक्ति जिसकी आयु 18 वर्ष से अधिक हो"), l.t("One permit for each family", "प्रति परिवार एक अनुमति")],
        fee: Some(FeeExample { example: l.t("a fruit stall of 6 m² for one year", "6 वर्ग मीटर की फल की दुकान, एक वर्ष"), lines: bill.lines, total: bill.total, authority: l.t("Council resolution 112 of 14/02/2026", "परिषद प्रस्ताव 112, दिनांक 14/02/2026") }),
        documents: vec![DocumentNeeded { title: l.t("Proof of identity", "पहचान पत्र"), note: l.t("Aadhaar or voter card", "आधार या मतदाता पहचान पत्र") }, DocumentNeeded { title: l.t("Photo of the cart", "ठेले का फ़ोटो"), note: String::new() }],
        time_limit: l.t("15 working days", "15 कार्य दिवस"),
        statute: l.t("Right to Service Act, schedule item 34", "सेवा का अधिकार अधिनियम, अनुसूची मद 34"),
        officers: officers(l),
        counter: vec![l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार"), l.t("Monday to Friday, 10 am to 4 pm", "सोमवार से शुक्रवार, सुबह 10 से शाम 4")],
        drafts: vec![Draft { href: format!("{CASE}/form/trade"), title: service(l), saved: "12/06/2026".into() }],
        action: "/devgaon/services/stall/start".into(),
    }
}

pub(crate) fn officers(l: Lang) -> Vec<ui_gen::view::common::Row> {
    vec![
        l.row(
            "Designated officer",
            "पदाभिहित अधिकारी",
            &l.t("Executive Officer", "अधिशासी अधिकारी"),
        ),
        l.row(
            "First appeal",
            "प्रथम अपील",
            &l.t("Sub-Divisional Magistrate", "उप जिलाधिकारी"),
        ),
    ]
}

fn sign_in(l: Lang, wrong: bool) -> SignIn {
    SignIn {
        action: "/devgaon/sign-in".into(),
        mobile: if wrong { "98765".into() } else { String::new() },
        error: if wrong {
            l.t(
                "Write all ten digits of the mobile number",
                "मोबाइल नंबर के सभी दस अंक लिखें",
            )
        } else {
            String::new()
        },
        next: format!("{CASE}/form/trade"),
        counter: vec![l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार")],
    }
}

fn code(l: Lang, wrong: bool) -> SignInCode {
    SignInCode {
        action: "/devgaon/sign-in/code".into(),
        mobile: "******3210".into(),
        error: if wrong {
            l.t("This is not the code we sent", "यह हमारा भेजा OTP नहीं है")
        } else {
            String::new()
        },
        minutes: "10".into(),
        wait: if wrong {
            l.t("40 seconds", "40 सेकंड")
        } else {
            String::new()
        },
        again: "/devgaon/sign-in".into(),
        other: "/devgaon/sign-in".into(),
        next: String::new(),
        demo_code: "402917".into(),
    }
}

fn question_one(l: Lang) -> Question {
    let place = Choice::one(fields::options(l, 5), "", "");
    let field = FieldView::new(
        "ward",
        l.t(
            "In which ward will the stall stand?",
            "ठेला किस वार्ड में लगेगा?",
        ),
        Input::Choice(place),
    )
    .hint(l.t(
        "The ward is written on your house tax bill.",
        "वार्ड आपके गृह कर बिल पर लिखा है।",
    ));
    Question {
        service: service(l),
        action: format!("{CASE}/form/ward"),
        title: l.t("Place", "स्थान"),
        step: 2,
        steps: 5,
        fields: vec![field],
        can_leave: true,
        ..Question::default()
    }
}

fn question(l: Lang, stage: Stage) -> Question {
    let mut fields = fields::every(l, stage);
    if stage == Stage::Wrong {
        fields[0].remark = l.t(
            "The name differs from the identity card.",
            "नाम पहचान पत्र से भिन्न है।",
        );
        fields[0].earlier = l.t("Asha R.", "आशा रा.");
    }
    Question {
        service: service(l),
        action: format!("{CASE}/form/stall"),
        title: l.t("Your stall", "आपका ठेला"),
        step: 3,
        steps: 5,
        intro: vec![l.t(
            "We ask only what the permit needs.",
            "हम केवल वही पूछते हैं जो अनुमति के लिए आवश्यक है।",
        )],
        fields,
        can_leave: true,
        ..Question::default()
    }
}

pub(crate) fn sections(l: Lang) -> Vec<Section> {
    let mut proof = l.row("Proof of identity", "पहचान पत्र", "");
    proof.links = vec![Link::new(format!("{CASE}/files/1"), "aadhaar.pdf")];
    let at = |page: &str| format!("{CASE}/form/{page}?from=check");
    let mut address = l.row("Address", "पता", &l.t("12, Fort Road", "12, किला मार्ग"));
    address.lines.push(l.t("Ward 7, 246001", "वार्ड 7, 246001"));
    vec![
        Section {
            title: l.t("You", "आप"),
            rows: vec![
                l.row("Full name", "पूरा नाम", &l.t("Asha Rao", "आशा राव"))
                    .change(at("you")),
                l.row("E-mail", "ई-मेल", "").change(at("you")),
                address.change(at("you")),
                proof.change(at("you")),
            ],
        },
        Section {
            title: l.t("Your stall", "आपका ठेला"),
            rows: vec![
                l.row(
                    "What will you sell?",
                    "आप क्या बेचेंगे?",
                    &l.t("Fruit and vegetables", "फल व सब्ज़ी"),
                )
                .change(at("stall")),
                l.row(
                    "Area of the stall",
                    "ठेले का क्षेत्रफल",
                    &l.t("6 m²", "6 वर्ग मीटर"),
                )
                .change(at("stall")),
            ],
        },
    ]
}

fn check(l: Lang, wrong: bool) -> Check {
    let error = |target: &str, text: String| ErrorLink {
        target: target.into(),
        text,
    };
    Check {
        service: service(l),
        action: format!("{CASE}/check"),
        sections: sections(l),
        bill: Some(l.bill()),
        bill_note: l.t(
            "You pay after the application is approved.",
            "भुगतान आवेदन स्वीकृत होने के बाद होगा।",
        ),
        declaration: vec![
            l.t(
                "What I have written is true.",
                "मेरे द्वारा दी गई जानकारी सत्य है।",
            ),
            l.t("I will keep the place clean.", "मैं स्थान को स्वच्छ रखूँगा/रखूँगी।"),
        ],
        submit: l.t("Send your application", "आवेदन प्रस्तुत करें"),
        errors: if wrong {
            vec![error(
                "declared",
                l.t("Tick the box to declare this", "घोषणा के लिए चिह्न लगाएँ"),
            )]
        } else {
            Vec::new()
        },
        unticked: wrong,
    }
}

fn acknowledgement(l: Lang) -> Acknowledgement {
    Acknowledgement {
        service: service(l),
        title: l.t("Application received", "आवेदन प्राप्त हुआ"),
        number: NUMBER.into(),
        qr_svg: r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" shape-rendering="crispEdges"><path d="M1 1h3v3H1zM5 1h3v3H5zM1 5h3v3H1zM6 6h1v1H6z" fill="currentColor"/></svg>"#.into(),
        verify: "/devgaon/verify/7KQ2-M4XD".into(),
        due: "24/06/2026".into(),
        next: vec![l.t("An inspector visits the place within 5 days.", "निरीक्षक 5 दिन में स्थान देखेंगे।"), l.t("We tell you by SMS what is decided.", "निर्णय की सूचना SMS से मिलेगी।"), l.t("If it is approved, you pay the fee.", "स्वीकृत होने पर आप शुल्क देंगे।")],
        sent: l.t("We have sent an SMS to ******3210.", "हमने ******3210 पर SMS भेजा है।"),
        papers: vec![l.paper("Acknowledgement", "पावती")],
        officers: officers(l),
        case: CASE.into(),
    }
}

fn rate(l: Lang) -> ActionForm {
    let stars = FieldView::new(
        "rating",
        l.t("How satisfied are you?", "आप कितने संतुष्ट हैं?"),
        Input::Rating(Rating::default()),
    );
    let comment = FieldView::new(
        "comment",
        l.t("What could be better?", "क्या बेहतर हो सकता है?"),
        Input::Textarea(Text::default()),
    )
    .optional();
    ActionForm {
        service: service(l),
        number: NUMBER.into(),
        action: format!("{CASE}/act/rate"),
        title: l.t("Rate our work", "हमारे कार्य का मूल्यांकन करें"),
        fields: vec![stars, comment],
        submit: l.t("Send", "भेजें"),
        case: CASE.into(),
        ..ActionForm::default()
    }
}

fn withdraw(l: Lang) -> ActionForm {
    let proof = Files {
        accept: ".jpg".into(),
        limits: l.t("JPG up to 5 MB", "JPG, अधिकतम 5 MB"),
        can_add: true,
        ..Files::default()
    };
    ActionForm {
        title: l.t("Withdraw the application", "आवेदन वापस लें"),
        text: vec![l.t(
            "The application ends. What you have paid is not returned.",
            "आवेदन समाप्त हो जाएगा। दिया गया शुल्क वापस नहीं होगा।",
        )],
        fields: vec![
            FieldView::new(
                "sure",
                l.t("Are you sure?", "क्या आप निश्चित हैं?"),
                Input::YesNo(YesNo::default()),
            )
            .error(l.t("Choose yes or no", "हाँ या नहीं चुनें")),
            FieldView::new("letter", l.t("Letter", "पत्र"), Input::File(proof)).optional(),
        ],
        action: format!("{CASE}/act/withdraw"),
        submit: l.t("Withdraw the application", "आवेदन वापस लें"),
        danger: true,
        ..rate(l)
    }
}

fn pay(l: Lang) -> Pay {
    let mut online = Opt::new("online", l.t("Online", "ऑनलाइन"));
    online.hint = l.t("UPI, card or net banking", "UPI, कार्ड या नेट बैंकिंग");
    let modes = Choice::one(
        vec![online, Opt::new("counter", l.t("In person", "कार्यालय में"))],
        "online",
        "",
    );
    Pay {
        service: service(l),
        number: NUMBER.into(),
        bill: l.bill(),
        due: Some(l.due(Tone::Warn)),
        action: format!("{CASE}/pay"),
        fields: vec![FieldView::new(
            "mode",
            l.t("How will you pay?", "भुगतान कैसे करेंगे?"),
            Input::Choice(modes),
        )],
        errors: Vec::new(),
        counter: vec![l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार")],
        case: CASE.into(),
    }
}

fn paid(l: Lang, outcome: PayOutcome) -> PayResult {
    PayResult {
        outcome,
        service: service(l),
        number: NUMBER.into(),
        amount: "₹1,093.00".into(),
        reference: "TXN-88213".into(),
        when: l.t("15/06/2026, 3:40 pm", "15/06/2026, दोपहर 3:40"),
        papers: vec![
            l.paper("Receipt", "प्राप्ति रसीद"),
            l.paper("Permit", "अनुमति पत्र"),
        ],
        reason: l.t("The bank declined the card.", "बैंक ने कार्ड अस्वीकार किया।"),
        retry: format!("{CASE}/pay"),
        here: format!("{CASE}/pay/return"),
        refresh: if outcome == PayOutcome::Pending {
            15
        } else {
            0
        },
        case: CASE.into(),
    }
}

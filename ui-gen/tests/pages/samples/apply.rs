//! Pages of an application on its way in, and of paying.

use ui_gen::view::apply::{Acknowledgement, ActionForm, Check, Question, Task, TaskState, Tasks};
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{ErrorLink, Link, Paper, Section, Tone};
use ui_gen::view::field::{Declaration, FieldView, Files, Input, Rating, Text, YesNo};
use ui_gen::view::money::{Bill, Pay, PayOutcome, PayResult};

use super::Lang;
use super::citizen::{CASE, NUMBER, officers, service};
use super::fields::{self, Stage};

pub(crate) fn question_one(l: Lang) -> Question {
    let place = Choice::one(fields::options(l, 5), "", "");
    let field = FieldView::new(
        "ward",
        l.t("In which ward will the stall stand?", "ठेला किस वार्ड में लगेगा?"),
        Input::Choice(place),
    )
    .hint(l.t("The ward is written on your house tax bill.", "वार्ड आपके गृह कर बिल पर लिखा है।"));
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

/// A page on which something is declared and nothing else is asked: a sentence is no heading.
pub(crate) fn question_declared(l: Lang) -> Question {
    let sentence = l.t(
        "What I have written is true, and I know that a permit can be cancelled if it is not.",
        "मेरे द्वारा दी गई जानकारी सत्य है, और मैं जानता/जानती हूँ कि असत्य होने पर अनुमति निरस्त हो सकती है।",
    );
    Question {
        action: format!("{CASE}/form/declaration"),
        title: l.t("Declaration", "घोषणा"),
        step: 5,
        fields: vec![FieldView::new("declared", sentence, Input::Declaration(Declaration::default()))],
        ..question_one(l)
    }
}

pub(crate) fn question(l: Lang, stage: Stage) -> Question {
    let mut fields = fields::every(l, stage);
    if stage == Stage::Wrong {
        fields[0].remark = l.t("The name differs from the identity card.", "नाम पहचान पत्र से भिन्न है।");
        fields[0].earlier = l.t("Asha R.", "आशा रा.");
    }
    Question {
        service: service(l),
        action: format!("{CASE}/form/stall"),
        title: l.t("Your stall", "आपका ठेला"),
        step: 3,
        steps: 5,
        intro: vec![l.t("We ask only what the permit needs.", "हम केवल वही पूछते हैं जो अनुमति के लिए आवश्यक है।")],
        fields,
        can_leave: true,
        ..Question::default()
    }
}

/// Everything that is asked, on one page of the counter.
pub(crate) fn question_desk(l: Lang) -> Question {
    let mut fields = vec![fields::every(l, Stage::Filled).remove(0), question_one(l).fields.remove(0)];
    fields[0].part = l.t("You", "आप");
    fields[1].part = l.t("Place", "स्थान");
    Question {
        service: service(l),
        action: "/devgaon/desk/cases/STL-DEV-2026-27-000042/form".into(),
        title: l.t("Application of Asha Rao", "आशा राव का आवेदन"),
        fields,
        can_leave: true,
        desk: true,
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
                l.row("Full name", "पूरा नाम", &l.t("Asha Rao", "आशा राव")).change(at("you")),
                l.row("E-mail", "ई-मेल", "").change(at("you")),
                address.change(at("you")),
                proof.change(at("you")),
            ],
        },
        Section {
            title: l.t("Your stall", "आपका ठेला"),
            rows: vec![
                l.row("What will you sell?", "आप क्या बेचेंगे?", &l.t("Fruit and vegetables", "फल व सब्ज़ी"))
                    .change(at("stall")),
                l.row("Area of the stall", "ठेले का क्षेत्रफल", &l.t("6 m²", "6 वर्ग मीटर")).change(at("stall")),
            ],
        },
    ]
}

pub(crate) fn check(l: Lang, wrong: bool) -> Check {
    let error = |target: &str, text: String| ErrorLink { target: target.into(), text };
    Check {
        owner: format!("{CASE}/owner"),
        known: l.t("This may be known already.", "संभव है कि यह पहले से दर्ज हो।"),
        service: service(l),
        action: format!("{CASE}/check"),
        sections: sections(l),
        bill: Some(l.bill()),
        bill_note: l.t("You pay after the application is approved.", "भुगतान आवेदन स्वीकृत होने के बाद होगा।"),
        declaration: vec![
            l.t("What I have written is true.", "मेरे द्वारा दी गई जानकारी सत्य है।"),
            l.t("I will keep the place clean.", "मैं स्थान को स्वच्छ रखूँगा/रखूँगी।"),
        ],
        promise: if wrong {
            String::new()
        } else {
            l.t("By sending this you declare that it is true.", "भेजकर आप घोषणा करते हैं कि यह सत्य है।")
        },
        submit: l.t("Send your application", "आवेदन प्रस्तुत करें"),
        errors: if wrong {
            vec![error("declared", l.t("Tick the box to declare this", "घोषणा के लिए चिह्न लगाएँ"))]
        } else {
            Vec::new()
        },
        unticked: wrong,
    }
}

pub(crate) fn acknowledgement(l: Lang) -> Acknowledgement {
    Acknowledgement {
        service: service(l),
        title: l.t("Application received", "आवेदन प्राप्त हुआ"),
        number: NUMBER.into(),
        qr_svg: ui_gen::qr::svg("https://example.in/devgaon/verify/7KQ2-M4XD").unwrap_or_default(),
        verify: "/devgaon/verify/7KQ2-M4XD".into(),
        due: "24/06/2026".into(),
        next: vec![
            l.t("An inspector visits the place within 5 days.", "निरीक्षक 5 दिन में स्थान देखेंगे।"),
            l.t("We tell you by SMS what is decided.", "निर्णय की सूचना SMS से मिलेगी।"),
            l.t("If it is approved, you pay the fee.", "स्वीकृत होने पर आप शुल्क देंगे।"),
        ],
        sent: l.t("We have sent an SMS to ******3210.", "हमने ******3210 पर SMS भेजा है।"),
        soon: false,
        papers: vec![l.paper("Acknowledgement", "पावती")],
        officers: officers(l),
        case: CASE.into(),
        feedback: "/devgaon/contact".into(),
    }
}

/// The same a moment earlier: the paper is still being made, and the message is on its way.
pub(crate) fn acknowledged_just_now(l: Lang) -> Acknowledgement {
    let paper = Paper {
        detail: l.t("PDF, being made", "PDF, तैयार हो रहा है"), ..l.paper("Acknowledgement", "पावती")
    };
    Acknowledgement {
        sent: l.t("We are sending a message to ******3210.", "******3210 पर संदेश भेजा जा रहा है।"),
        soon: true,
        papers: vec![paper],
        ..acknowledgement(l)
    }
}

pub(crate) fn tasks(l: Lang) -> Tasks {
    let task = |en: &str, hi: &str, page: &str, state| Task {
        title: l.t(en, hi),
        href: if state == TaskState::Blocked { String::new() } else { format!("{CASE}/form/{page}") },
        state,
    };
    Tasks {
        service: service(l),
        done: "1".into(),
        of: "3".into(),
        tasks: vec![
            task("You", "आप", "you", TaskState::Completed),
            task("Your stall", "आपका ठेला", "stall", TaskState::Incomplete),
            task("Your documents", "आपके दस्तावेज़", "documents", TaskState::Blocked),
        ],
        check: String::new(),
    }
}

pub(crate) fn rate(l: Lang) -> ActionForm {
    let stars =
        FieldView::new("rating", l.t("How satisfied are you?", "आप कितने संतुष्ट हैं?"), Input::Rating(Rating::default()));
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

pub(crate) fn withdraw(l: Lang) -> ActionForm {
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
            FieldView::new("sure", l.t("Are you sure?", "क्या आप निश्चित हैं?"), Input::YesNo(YesNo::default()))
                .error(l.t("Choose yes or no", "हाँ या नहीं चुनें")),
            FieldView::new("letter", l.t("Letter", "पत्र"), Input::File(proof)).optional(),
        ],
        action: format!("{CASE}/act/withdraw"),
        submit: l.t("Withdraw the application", "आवेदन वापस लें"),
        danger: true,
        ..rate(l)
    }
}

pub(crate) fn pay(l: Lang) -> Pay {
    let mut online = Opt::new("online", l.t("Online", "ऑनलाइन"));
    online.hint = l.t("UPI, card or net banking", "UPI, कार्ड या नेट बैंकिंग");
    let modes = Choice::one(vec![online, Opt::new("counter", l.t("In person", "कार्यालय में"))], "online", "");
    Pay {
        service: service(l),
        number: NUMBER.into(),
        bill: l.bill(),
        due: Some(l.due(Tone::Warn)),
        action: format!("{CASE}/pay"),
        fields: vec![FieldView::new("mode", l.t("How will you pay?", "भुगतान कैसे करेंगे?"), Input::Choice(modes))],
        errors: Vec::new(),
        counter: vec![l.t("Council office, Main Bazaar", "परिषद कार्यालय, मुख्य बाज़ार")],
        case: CASE.into(),
    }
}

pub(crate) fn paid(l: Lang, outcome: PayOutcome) -> PayResult {
    PayResult {
        outcome,
        service: service(l),
        number: NUMBER.into(),
        amount: "₹1,093.00".into(),
        reference: "TXN-88213".into(),
        when: l.t("15/06/2026, 3:40 pm", "15/06/2026, दोपहर 3:40"),
        receipt: (outcome == PayOutcome::Success).then(|| Bill { number: "DR/2026-27/000042".into(), ..l.bill() }),
        soon: outcome == PayOutcome::Success,
        papers: vec![l.paper("Receipt", "प्राप्ति रसीद"), l.paper("Permit", "अनुमति पत्र")],
        reason: l.t("The bank declined the card.", "बैंक ने कार्ड अस्वीकार किया।"),
        retry: format!("{CASE}/pay"),
        here: format!("{CASE}/pay/return"),
        refresh: if outcome == PayOutcome::Pending { 15 } else { 0 },
        note: String::new(),
        case: CASE.into(),
        case_text: l.t("Go to the application", "आवेदन देखें"),
    }
}

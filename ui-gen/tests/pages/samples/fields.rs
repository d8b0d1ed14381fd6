//! Every type of question: empty, filled, wrong.

use ui_gen::view::choice::{Choice, Opt, OptionGroup};
use ui_gen::view::common::Row;
use ui_gen::view::field::{
    Date, DatePart, Declaration, FieldView, Files, Group, Input, Item, List, Paragraphs, Point, Rating, Text, Upload,
    YesNo,
};

use super::Lang;

/// How far a question has been answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Empty,
    Filled,
    Wrong,
}

/// Every type of question at one stage.
pub(crate) fn every(l: Lang, stage: Stage) -> Vec<FieldView> {
    simple(l, stage).into_iter().chain(chosen(l, stage)).chain(composed(l, stage)).collect()
}

fn finish(l: Lang, stage: Stage, field: FieldView) -> FieldView {
    let field = field.hint(l.t("One short sentence.", "एक छोटा वाक्य।"));
    match stage {
        Stage::Wrong => field.error(l.t("Write it in another way", "इसे ठीक से लिखें")),
        _ => field,
    }
}

fn simple(l: Lang, stage: Stage) -> Vec<FieldView> {
    let typed = |value: &str| match stage {
        Stage::Empty => Text::default(),
        Stage::Filled => Text::new(value),
        Stage::Wrong => Text::new("<b>\"?"),
    };
    let area = Text { unit: l.t("m²", "वर्ग मीटर"), ..typed("6") };
    let name = Text { max_length: 128, autocomplete: "name".into(), ..typed("Asha Rao") };
    let date = match stage {
        Stage::Empty => Date::default(),
        _ => Date { day: "31".into(), month: "2".into(), year: "2026".into(), wrong: DatePart::Day },
    };
    let make = |name: &str, en: &str, hi: &str, input| finish(l, stage, FieldView::new(name, l.t(en, hi), input));
    vec![
        make("name", "Full name", "पूरा नाम", Input::Text(name)),
        make("goods", "What will you sell?", "आप क्या बेचेंगे?", Input::Textarea(typed("फल व सब्ज़ी"))),
        make("area", "Area of the stall", "ठेले का क्षेत्रफल", Input::Number(area)),
        make("height", "Height in metres", "ऊँचाई (मीटर)", Input::Decimal(typed("2.4"))),
        make("rent", "Monthly rent", "मासिक किराया", Input::Money(typed("1,200.00"))),
        make("mobile", "Mobile number", "मोबाइल नंबर", Input::Phone(typed("98765 43210"))),
        make("secret", "Password", "पासवर्ड", Input::Password(Text::default())),
        make("email", "E-mail", "ई-मेल", Input::Email(typed("asha@example.in"))).optional(),
        make("started_on", "When did you start?", "कब शुरू किया?", Input::Date(date)),
    ]
}

pub(crate) fn options(l: Lang, count: usize) -> Vec<Opt> {
    (1..=count).map(|n| Opt::new(format!("w{n}"), l.t(&format!("Ward {n}"), &format!("वार्ड {n}")))).collect()
}

fn chosen(l: Lang, stage: Stage) -> Vec<FieldView> {
    let value = if stage == Stage::Empty { "" } else { "w2" };
    let mut few = options(l, 3);
    few[1].hint = l.t("Near the bus stand", "बस अड्डे के पास");
    let groups = || {
        let group = |en: &str, hi: &str, from: usize| OptionGroup {
            label: l.t(en, hi),
            options: options(l, from + 4).split_off(from),
        };
        vec![group("North zone", "उत्तरी क्षेत्र", 0), group("South zone", "दक्षिणी क्षेत्र", 4)]
    };
    let query = if stage == Stage::Empty { "" } else { "7" };
    let yes = if stage == Stage::Empty { None } else { Some(false) };
    let rate = if stage == Stage::Empty { 0 } else { 4 };
    let make = |name: &str, en: &str, hi: &str, input| finish(l, stage, FieldView::new(name, l.t(en, hi), input));
    vec![
        make("own_cart", "Is the cart your own?", "क्या ठेला आपका अपना है?", Input::YesNo(YesNo { value: yes })),
        make("ward_few", "Which ward?", "कौन-सा वार्ड?", Input::Choice(Choice::one(few, value, ""))),
        make("ward", "Which ward?", "कौन-सा वार्ड?", Input::Place(Choice::grouped(groups(), value, ""))),
        make(
            "ward_many",
            "Which locality?",
            "कौन-सा मोहल्ला?",
            Input::Choice(Choice::one(options(l, 100), value, query)),
        ),
        make("days", "On which days?", "किन दिनों में?", Input::Choices(Choice::many(groups(), &[value, "w5"]))),
        make(
            "promise",
            "I will keep the place clean.",
            "मैं स्थान को स्वच्छ रखूँगा/रखूँगी।",
            Input::Declaration(Declaration { value: stage == Stage::Filled }),
        ),
        make("stars", "How was it?", "कैसा रहा?", Input::Rating(Rating { value: rate })),
    ]
}

pub(crate) fn upload(name: &str, file: &str) -> Upload {
    Upload {
        name: format!("{name}.0"),
        file: file.into(),
        size: "85 kB".into(),
        href: "/devgaon/cases/1/files/1".into(),
        thumb: None,
    }
}

fn composed(l: Lang, stage: Stage) -> Vec<FieldView> {
    let answered = stage != Stage::Empty;
    let files = |name: &str, camera| Files {
        accept: ".pdf,.jpg,.png".into(),
        limits: l.t("PDF, JPG or PNG, up to 5 MB", "PDF, JPG या PNG, अधिकतम 5 MB"),
        camera,
        can_add: true,
        files: if answered { vec![upload(name, "aadhaar.pdf")] } else { Vec::new() },
        sent_before: Vec::new(),
        place: None,
    };
    let point = || match stage {
        Stage::Empty => Point::default(),
        _ => Point { lat: "30.316".into(), long: "78.03".into() },
    };
    let photo = Files { place: Some(point()), ..files("photo", true) };
    let street = |name: &str| FieldView::new(name, l.t("Street", "मार्ग"), Input::Text(Text::default()));
    let street = |name: &str| {
        if stage == Stage::Wrong {
            street(name).error(l.t("Write the street", "मार्ग लिखें"))
        } else {
            street(name)
        }
    };
    let item = |n: usize, fields, rows| Item {
        name: format!("owners.{n}"),
        title: l.t(&format!("Owner {}", n + 1), &format!("स्वामी {}", n + 1)),
        fields,
        rows,
        can_remove: true,
    };
    let items = if answered {
        vec![
            item(0, Vec::new(), vec![Row::new(l.t("Name", "नाम"), l.t("Asha Rao", "आशा राव"))]),
            item(1, vec![street("owners.1.street")], Vec::new()),
        ]
    } else {
        Vec::new()
    };
    let list = List { items, can_add: true, item: l.t("owner", "स्वामी") };
    let group = Group {
        fields: vec![
            street("address.street"),
            FieldView::new(
                "address.pin",
                l.t("PIN code", "पिन कोड"),
                Input::Number(Text { width: 6, ..Text::default() }),
            ),
        ],
    };
    let make = |name: &str, en: &str, hi: &str, input| finish(l, stage, FieldView::new(name, l.t(en, hi), input));
    vec![
        make("id_proof", "Proof of identity", "पहचान पत्र", Input::File(files("id_proof", false))),
        make("photo", "Photo of the place", "स्थान का फ़ोटो", Input::Photo(photo)),
        make("spot", "Where is it?", "यह कहाँ है?", Input::Point(point())),
        make("owners", "Who owns it?", "स्वामी कौन हैं?", Input::List(list)),
        FieldView::new("address", l.t("Address", "पता"), Input::Group(group)),
        FieldView::new(
            "note",
            l.t("Please note", "ध्यान दें"),
            Input::Statement(Paragraphs {
                paragraphs: vec![l.t("A stall may not stand on the footpath.", "ठेला पैदल पथ पर नहीं लगाया जा सकता।")],
            }),
        ),
    ]
}

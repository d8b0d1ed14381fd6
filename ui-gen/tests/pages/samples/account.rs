//! Pages about signing in and about posts.

use ui_gen::view::account::{Account, Erasing, MyData, MyDataPart, RecoveryCodes, SecondCode, SecondFactor, SignedIn};
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{ActionLink, Happening, Row, Section, Tag, Tone};
use ui_gen::view::field::Text;
use ui_gen::view::staff::{Post, Staff, StaffMember, StaffRow};
use ui_gen::{FieldView, Input, Page};

use super::{Lang, Sample, chrome, signed_in, staff as at_desk};

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let desk = |name, page| Sample { name, chrome: at_desk(l), page };
    let open = |name, page| Sample { name, chrome: chrome(l), page };
    vec![
        Sample { name: "account", chrome: signed_in(l), page: Page::Account(account(l)) },
        Sample { name: "my_data", chrome: signed_in(l), page: Page::MyData(my_data(l)) },
        Sample { name: "erasing", chrome: signed_in(l), page: Page::Erasing(erasing(l)) },
        desk("erasing_decide", Page::Erasing(erasing_decide(l))),
        open("second_code", Page::SecondCode(code(l, false))),
        open("second_code_wrong", Page::SecondCode(code(l, true))),
        open("second_factor", Page::SecondFactor(factor(l, false))),
        open("second_factor_wrong", Page::SecondFactor(factor(l, true))),
        desk("recovery_codes", Page::RecoveryCodes(codes())),
        desk("staff_list", Page::Staff(people(l, true))),
        desk("staff_list_none", Page::Staff(people(l, false))),
        desk("staff_member", Page::StaffMember(member(l, ""))),
        desk("staff_member_new", Page::StaffMember(member(l, "k7mq-9x4w-3bzt"))),
    ]
}

fn account(l: Lang) -> Account {
    let session = |agent: &str, since: &str, here| SignedIn {
        key: "0123456789abcdef".into(),
        agent: agent.into(),
        since: since.into(),
        seen: l.t("15/06/2026, 3:40 pm", "15/06/2026, दोपहर 3:40"),
        here,
    };
    let here = session("Firefox, Android", "15/06/2026", true);
    Account {
        rows: vec![l.row("Mobile number", "मोबाइल नंबर", "******3210")],
        actions: vec![link("/devgaon/my/mobile", l.t("Change the mobile number", "मोबाइल नंबर बदलें"))],
        sessions: vec![here, session("Chrome, Windows", "14/06/2026", false)],
        others: true,
        devices: vec![session("Firefox, Android", "01/06/2026", false)],
        end: "/devgaon/my/account".into(),
    }
}

fn my_data(l: Lang) -> MyData {
    let part = |title: String, sections| MyDataPart { title, sections };
    let looked = Row {
        key: l.t("14/06/2026, 3:40 pm", "14/06/2026, दोपहर 3:40"),
        lines: vec![l.t("Meera Joshi", "मीरा जोशी"), l.t("Called back about the plan", "नक्शे के बारे में फ़ोन किया")],
        ..Row::default()
    };
    MyData {
        text: vec![l.t("This is everything that is kept about you.", "आपके बारे में रखी गई पूरी जानकारी यहाँ है।")],
        actions: vec![link(
            "/devgaon/my/data/file",
            l.t("Download it as a file (JSON)", "फ़ाइल के रूप में डाउनलोड करें (JSON)"),
        )],
        parts: vec![
            part(
                l.t("You", "आप"),
                vec![Section {
                    title: String::new(),
                    rows: vec![
                        l.row("Your full name", "आपका पूरा नाम", "Asha Rao"),
                        l.row("E-mail address", "ई-मेल पता", ""),
                    ],
                }],
            ),
            part(
                l.t("Devgaon: Street stall permit", "देवगाँव: ठेला अनुमति"),
                vec![Section {
                    title: l.t("Who looked, and why", "किसने देखा और क्यों"), rows: vec![looked]
                }],
            ),
        ],
    }
}

fn erasing(l: Lang) -> Erasing {
    let section = |title: String, rows| Section { title, rows };
    let words =
        FieldView::new("words", l.t("What you want to say", "आप क्या कहना चाहते हैं"), Input::Textarea(Text::new("")));
    Erasing {
        title: l.t("Ask for erasing", "जानकारी मिटाने का अनुरोध"),
        text: vec![l.t("An officer decides and gives a reason.", "निर्णय अधिकारी कारण सहित करते हैं।")],
        sections: vec![
            section(
                l.t("Can be erased", "मिटाया जा सकता है"),
                vec![Row::new(l.t("Street stall permit", "ठेला अनुमति"), l.t("Never sent", "कभी जमा नहीं हुआ"))],
            ),
            section(
                l.t("Must be kept, and why", "रखना आवश्यक है, और क्यों"),
                vec![Row::new("STL/DEV/2026-27/000042", l.t("Until 15/06/2034", "15/06/2034 तक"))],
            ),
        ],
        action: "/devgaon/my/erasing".into(),
        fields: vec![words.optional()],
        submit: l.t("Ask for erasing", "मिटाने का अनुरोध करें"),
        cancel: "/devgaon/my/account".into(),
        ..Erasing::default()
    }
}

fn erasing_decide(l: Lang) -> Erasing {
    let options = vec![
        Opt::new("granted", l.t("Grant it", "स्वीकार करें")),
        Opt::new("refused", l.t("Do not grant it", "अस्वीकार करें")),
    ];
    let answer = Input::Choice(Choice::one(options, "granted", ""));
    let reason = FieldView::new("reason", l.t("Reason", "कारण"), Input::Textarea(Text::new("")));
    Erasing {
        title: l.t("Request to erase", "मिटाने का अनुरोध"),
        text: Vec::new(),
        action: "/devgaon/desk/erasing/0123456789abcdef".into(),
        fields: vec![
            FieldView::new("answer", l.t("Your decision", "आपका निर्णय"), answer),
            reason.error(l.t("Write the reason.", "कारण लिखें।")),
        ],
        submit: l.t("Decide", "निर्णय करें"),
        cancel: "/devgaon/desk/erasing".into(),
        ..erasing(l)
    }
}

fn link(href: &str, text: String) -> ActionLink {
    ActionLink { href: href.into(), text, ..ActionLink::default() }
}

fn error(l: Lang, wrong: bool) -> String {
    if wrong { l.t("This is not the code", "यह सही कोड नहीं है") } else { String::new() }
}

fn code(l: Lang, wrong: bool) -> SecondCode {
    SecondCode {
        action: "/devgaon/desk/sign-in/second".into(),
        error: error(l, wrong),
        lost: l.t(
            "Use one of the recovery codes that you kept. If you have none, ask the administrator of your town to take the authenticator away.",
            "आपने जो पुनर्प्राप्ति कोड सुरक्षित रखे हैं उनमें से एक लिखें। न हो तो अपने निकाय के प्रशासक से प्रमाणक हटवाएँ।",
        ),
        other: l.link("/devgaon/desk/sign-in", "Sign in as somebody else", "किसी और नाम से लॉग इन करें"),
    }
}

fn factor(l: Lang, wrong: bool) -> SecondFactor {
    SecondFactor {
        action: "/devgaon/desk/sign-in/second".into(),
        text: l.t(
            "Your post needs a second proof besides the password: a code from an app on your phone. Any authenticator app will do; it needs no network.",
            "आपके पद के लिए पासवर्ड के साथ दूसरा प्रमाण आवश्यक है: फ़ोन के ऐप से मिला कोड। कोई भी प्रमाणक ऐप चलेगा; इसके लिए नेटवर्क नहीं चाहिए।",
        ),
        error: error(l, wrong),
        qr_svg: ui_gen::qr::svg("otpauth://totp/Devgaon:meera?secret=MZXW6YTBOI").expect("short enough"),
        secret: "MZXW 6YTB OI".into(),
        other: l.link("/devgaon/desk/sign-in", "Sign in as somebody else", "किसी और नाम से लॉग इन करें"),
    }
}

fn codes() -> RecoveryCodes {
    RecoveryCodes { codes: vec!["7kq2m-9x4wd".into(), "3bzt0-k7mq9".into()], next: "/devgaon/desk".into() }
}

fn people(l: Lang, found: bool) -> Staff {
    let row = |name: &str, login: &str, posts: Vec<String>, state| StaffRow {
        href: format!("/devgaon/desk/staff/{login}"),
        name: name.into(),
        login: login.into(),
        posts,
        state,
    };
    let clerk = l.t("Clerk, Street stall permit", "लिपिक, ठेला अनुमति");
    Staff {
        action: "/devgaon/desk/staff".into(),
        query: String::new(),
        total: "2".into(),
        rows: if found {
            vec![
                row(&l.t("Meera Joshi", "मीरा जोशी"), "meera", vec![clerk], can(l)),
                row(&l.t("Omar Khan", "उमर ख़ान"), "omar", Vec::new(), l.tag("Barred", "रोका गया", Tone::Bad)),
            ]
        } else {
            Vec::new()
        },
        actions: vec![link("/devgaon/desk/staff/new", l.t("Add somebody", "नया कर्मचारी जोड़ें"))],
    }
}

fn can(l: Lang) -> Tag {
    l.tag("Can sign in", "लॉग इन कर सकते हैं", Tone::Good)
}

fn member(l: Lang, password: &str) -> StaffMember {
    let at = "/devgaon/desk/staff/meera";
    StaffMember {
        name: l.t("Meera Joshi", "मीरा जोशी"),
        rows: vec![Row::new(l.t("User name", "उपयोगकर्ता नाम"), "meera")],
        actions: vec![link(&format!("{at}/appoint"), l.t("Appoint to a post", "पद पर नियुक्त करें"))],
        posts: vec![Post {
            role: l.t("Clerk", "लिपिक"),
            service: l.t("Street stall permit", "ठेला अनुमति"),
            about: vec![
                l.t("Whole town", "पूरा निकाय"),
                l.t("Decides up to ₹50,000.00", "₹50,000.00 तक निर्णय का अधिकार"),
            ],
            span: l.t("From 01/04/2026", "01/04/2026 से"),
            state: l.tag("Today", "वर्तमान", Tone::Good),
            actions: vec![link(&format!("{at}/posts/0123/end"), l.t("End", "समाप्त करें"))],
        }],
        history: vec![Happening {
            title: l.t("Post: Clerk", "पद: लिपिक"),
            when: "01/04/2026".into(),
            iso: "2026-04-01T10:00:00+05:30".into(),
            who: l.t("Nina Pal", "नीना पाल"),
            ..Happening::default()
        }],
        password: password.into(),
        ..StaffMember::default()
    }
}

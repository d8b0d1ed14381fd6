//! Invented pages in two languages, for tests and for the gallery.
//!
//! Town, service and people are made up; no definition that ships is named here.

pub(crate) mod account;
pub(crate) mod apply;
pub(crate) mod charter;
pub(crate) mod citizen;
pub(crate) mod desk;
pub(crate) mod dev;
pub(crate) mod dues;
pub(crate) mod fields;
pub(crate) mod figures;
pub(crate) mod inbox;
pub(crate) mod public;
pub(crate) mod staff;
pub(crate) mod standing;
pub(crate) mod survey;

use std::collections::BTreeMap;

use ui_gen::chrome::{Language, Person, Session, Town};
use ui_gen::view::common::{Due, Link, NavLink, Paper, Row, Tag, Tone};
use ui_gen::view::money::{Bill, BillLine, Step};
use ui_gen::{Chrome, Page, Words};

/// A page with its name in the gallery and what surrounds it.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) chrome: Chrome,
    pub(crate) page: Page,
}

/// The language the samples are made in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lang(pub(crate) &'static str);

impl Lang {
    /// The text in this language.
    pub(crate) fn t(self, en: &str, hi: &str) -> String {
        if self.0 == "hi" { hi } else { en }.to_owned()
    }

    pub(crate) fn tag(self, en: &str, hi: &str, tone: Tone) -> Tag {
        Tag::new(self.t(en, hi), tone)
    }

    pub(crate) fn row(self, en: &str, hi: &str, value: &str) -> Row {
        Row::new(self.t(en, hi), value)
    }

    pub(crate) fn link(self, href: &str, en: &str, hi: &str) -> Link {
        Link::new(href, self.t(en, hi))
    }

    pub(crate) fn nav(self, href: &str, en: &str, hi: &str, count: &str, current: bool) -> NavLink {
        NavLink { href: href.into(), text: self.t(en, hi), count: count.into(), current }
    }

    pub(crate) fn paper(self, en: &str, hi: &str) -> Paper {
        Paper {
            title: self.t(en, hi),
            href: "/devgaon/cases/STL-DEV-2026-27-000042/papers/1.pdf".into(),
            detail: "PDF, 85 kB".into(),
            thumb: None,
            signed: self.t(
                "Digitally signed by Municipal Council Devgaon on 15/06/2026, 3:40 pm; key 7d1f09c2.",
                "नगर पालिका परिषद देवगाँव द्वारा 15/06/2026, दोपहर 3:40 को डिजिटल हस्ताक्षरित; कुंजी 7d1f09c2।",
            ),
            fetched: String::new(),
            verify: "/devgaon/verify/7KQ2-M4XD".into(),
        }
    }

    pub(crate) fn due(self, tone: Tone) -> Due {
        let (date, iso, en, hi) = match tone {
            Tone::Bad => ("12/06/2026", "2026-06-12", "overdue by 3 days", "3 दिन विलंबित"),
            Tone::Warn => ("16/06/2026", "2026-06-16", "due tomorrow", "कल तक"),
            Tone::Neutral => ("30/06/2026", "2026-06-30", "paused", "रुकी हुई"),
            _ => ("24/06/2026", "2026-06-24", "9 days left", "9 दिन शेष"),
        };
        Due { date: date.into(), iso: iso.into(), label: self.t(en, hi), tone }
    }

    pub(crate) fn bill(self) -> Bill {
        let step = |en: &str, hi: &str, value: &str, rate: &str| Step {
            name: self.t(en, hi),
            value: value.into(),
            rate: rate.into(),
            authority: self.t("Resolution 112 of 14/02/2026", "प्रस्ताव 112, 14/02/2026"),
            rounding: String::new(),
        };
        let mut last = step("Early payment rebate", "शीघ्र भुगतान छूट", "−₹57.00", "5 %");
        last.rounding = self.t("Rounded from ₹57.50 to ₹57.00", "₹57.50 से ₹57.00 किया गया");
        Bill {
            number: "DM/2026-27/000118".into(),
            lines: vec![
                BillLine::new(self.t("Application fee", "आवेदन शुल्क"), "₹150.00"),
                BillLine {
                    label: self.t("Stall fee", "ठेला शुल्क"),
                    note: self.t("6 m² for one year", "6 वर्ग मीटर, एक वर्ष"),
                    amount: "₹1,000.00".into(),
                },
                BillLine::new(self.t("Early payment rebate", "शीघ्र भुगतान छूट"), "−₹57.00"),
            ],
            total: "₹1,093.00".into(),
            steps: vec![
                step("Application fee", "आवेदन शुल्क", "₹150.00", ""),
                step("Stall fee", "ठेला शुल्क", "₹1,000.00", "₹166.67 × 6 m²"),
                last,
            ],
        }
    }
}

/// What surrounds the pages of a citizen.
pub(crate) fn chrome(l: Lang) -> Chrome {
    let (other, name) = if l.0 == "hi" { ("en", "English") } else { ("hi", "हिन्दी") };
    Chrome {
        lang: l.0.into(),
        dir: "ltr".into(),
        languages: vec![Language { code: other.into(), name: name.into(), href: format!("?lang={other}") }],
        town: Town {
            base: "/devgaon".into(),
            name: l.t("Municipal Council Devgaon", "नगर पालिका परिषद देवगाँव"),
            line: l.t("Government of Parvat Pradesh", "पर्वत प्रदेश शासन"),
            emblem: EMBLEM.into(),
            emblem_alt: l.t("Emblem: hills above a river", "प्रतीक चिह्न: नदी के ऊपर पर्वत"),
        },
        style_href: "/assets/devgaon.css?v=1".into(),
        csrf: "tok3n".into(),
        key: "k3y".into(),
        path: "/devgaon".into(),
        version: "0.1.0 (b7c2c89)".into(),
        updated: "01/06/2026".into(),
        nav: vec![
            l.nav("/devgaon", "Services", "सेवाएँ", "", false),
            l.nav("/devgaon/my", "My applications", "मेरे आवेदन", "", false),
            l.nav("/devgaon/verify", "Verify a document", "प्रपत्र का सत्यापन", "", false),
        ],
        ..Chrome::default()
    }
}

/// The same for a citizen who has signed in, with a way back.
pub(crate) fn signed_in(l: Lang) -> Chrome {
    Chrome {
        person: Some(Person { name: "******3210".into(), role: String::new(), sign_out: "/devgaon/sign-out".into() }),
        session: Some(session(l)),
        back: Some("/devgaon/my".into()),
        ..chrome(l)
    }
}

fn session(l: Lang) -> Session {
    Session {
        ends: l.t("15/06/2026, 4:10 pm", "15/06/2026, शाम 4:10"),
        left: "1800".into(),
        stay: "/devgaon/session".into(),
    }
}

/// What surrounds the pages of the desk.
pub(crate) fn staff(l: Lang) -> Chrome {
    Chrome {
        staff: true,
        person: Some(Person {
            name: l.t("Meera Joshi", "मीरा जोशी"),
            role: l.t("Licence inspector", "अनुज्ञप्ति निरीक्षक"),
            sign_out: "/devgaon/desk/sign-out".into(),
        }),
        session: Some(session(l)),
        nav: vec![
            l.nav("/devgaon/desk", "My desk", "मेरा पटल", "", false),
            l.nav("/devgaon/desk/inbox", "Inbox", "प्रकरण सूची", "12", true),
            l.nav("/devgaon/desk/collect", "Collect", "वसूली", "", false),
            l.nav("/devgaon/desk/registers/stalls", "Registers", "पंजिकाएँ", "", false),
            l.nav("/devgaon/desk/my-work", "My work", "मेरा कार्य", "", false),
        ],
        ..chrome(l)
    }
}

/// The product's words, read from the definitions.
pub(crate) fn words(lang: &str) -> Words {
    let path = format!("{}/../definitions/words/{lang}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let tree: serde_json::Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut map = BTreeMap::new();
    flatten("", &tree, &mut map);
    Words::new(lang, map)
}

fn flatten(at: &str, tree: &serde_json::Value, into: &mut BTreeMap<String, String>) {
    match tree {
        serde_json::Value::Object(children) => {
            for (name, child) in children {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                flatten(&path, child, into);
            }
        }
        serde_json::Value::String(text) => {
            into.insert(at.to_owned(), text.clone());
        }
        other => panic!("{at}: words are text, not {other}"),
    }
}

/// Every page, in the order a person meets them.
pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let mut all = citizen::all(l);
    all.extend(charter::all(l));
    all.extend(public::all(l));
    all.extend(survey::all(l));
    all.extend(dues::all(l));
    all.extend(standing::all(l));
    all.extend(desk::all(l));
    all.extend(staff::all(l));
    all.extend(figures::all(l));
    all.extend(account::all(l));
    all.extend(dev::all(l));
    all
}

/// An emblem drawn for the samples.
const EMBLEM: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="30" fill="none" stroke="#8a4b00" stroke-width="2"/><path d="M6 42 22 20l9 12 7-9 20 19" fill="none" stroke="#1f4e79" stroke-width="3.5" stroke-linejoin="round"/><path d="M12 48q5-4 10 0t10 0 10 0 10 0" fill="none" stroke="#2b7bbb" stroke-width="3"/><circle cx="43" cy="16" r="5" fill="#e09600"/></svg>"##;

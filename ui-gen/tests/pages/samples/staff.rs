//! Pages of the counter, the registers, and one's own work.

use ui_gen::Page;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{ActionLink, Link, Pager, Tag, Tone};
use ui_gen::view::counter::{CancelReceipt, Collect, CollectHit, CollectSearch, DeskReceipt};
use ui_gen::view::field::{FieldView, Input, Text};
use ui_gen::view::registers::{Register, RegisterRecord, RegisterRow, Version};
use ui_gen::view::stock::{Stock, StockAccount, StockAnswer, StockRegister, StockRun, StockWaiting};
use ui_gen::view::till::{CountTill, Till, TillCheque, TillPieces, TillReceipt, TillRow, TillSum, Tills};
use ui_gen::view::work::{EventLine, Events, HeardFeedback, Measure, MyWork, SaidFeedback, WorkLoad, WorkStep};

use super::citizen::{NUMBER, calendar_desk, service};
use super::desk::{CASE, identity, vouchers};
use super::{Lang, Sample, staff};

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let page = |name, page| Sample { name, chrome: staff(l), page };
    vec![
        page("collect_search", Page::CollectSearch(search(l, true))),
        page("collect_search_none", Page::CollectSearch(search(l, false))),
        page("collect", Page::Collect(collect(l))),
        page("desk_receipt", Page::DeskReceipt(receipt(l))),
        page("cancel_receipt", Page::CancelReceipt(cancel(l, false))),
        page("cancel_receipt_decide", Page::CancelReceipt(cancel(l, true))),
        page("tills", Page::Tills(tills(l))),
        page("tills_none", Page::Tills(Tills { rows: Vec::new(), ..tills(l) })),
        page("till_open", Page::Till(till(l, false))),
        page("till_decide", Page::Till(till(l, true))),
        page("count_till", Page::CountTill(count(l, false))),
        page("count_till_sure", Page::CountTill(count(l, true))),
        page("register", Page::Register(register(l))),
        page("register_empty", Page::Register(Register { rows: Vec::new(), ..register(l) })),
        page("register_record", Page::RegisterRecord(record(l))),
        page("calendar_desk", Page::Calendar(calendar_desk(l))),
        page("stock", Page::Stock(stock(l, true))),
        page("stock_held", Page::Stock(stock(l, false))),
        page("my_work", Page::MyWork(work(l))),
        page("heard_feedback", Page::HeardFeedback(heard(l))),
        page("events", Page::Events(happened(l))),
        page("events_none", Page::Events(Events::default())),
    ]
}

/// A stock as whoever keeps it sees it, or as whoever has nothing of it.
fn stock(l: Lang, keeps: bool) -> Stock {
    let run = |range: &str, count: &str, state: Tag, holder: String| StockRun {
        range: range.into(),
        count: count.into(),
        state,
        holder,
    };
    let meera = || l.t("Meera Joshi", "मीरा जोशी");
    let held = || l.tag("Held", "पास में", Tone::Info);
    let title = l.t("Plates of stalls", "ठेलों की प्लेटें");
    if !keeps {
        return Stock { title, decide: "/devgaon/desk/stocks/plates".into(), ..Stock::default() };
    }
    let action = |path: &str, text: String| ActionLink {
        href: format!("/devgaon/desk/stocks/plates/{path}"),
        text,
        ..ActionLink::default()
    };
    let day = |name: &str, en: &str, hi: &str, value: &str| {
        FieldView::new(name, l.t(en, hi), Input::Text(Text { width: 10, max_length: 10, ..Text::new(value) }))
    };
    Stock {
        title,
        links: Vec::new(),
        actions: vec![
            action("receive", l.t("Receive", "प्राप्त करें")),
            action("hand-over", l.t("Hand over", "सौंपें")),
            action("write-off", l.t("Write off", "अपलेखित करें")),
        ],
        waiting: vec![StockWaiting {
            id: "12".into(),
            title: l.t("ST-0021 – ST-0040 (20)", "ST-0021 – ST-0040 (20)"),
            text: l.t("From the store to Meera Joshi", "भण्डार से मीरा जोशी को"),
            reason: String::new(),
            when: l.t("15/06/2026, 3:40 pm", "15/06/2026, दोपहर 3:40"),
            answers: vec![StockAnswer {
                value: "return".into(), text: l.t("Take back", "वापस लें"), primary: false
            }],
        }],
        decide: "/devgaon/desk/stocks/plates".into(),
        mine: vec![run("ST-0003 – ST-0020", "18", held(), String::new())],
        register: Some(StockRegister {
            action: "/devgaon/desk/stocks/plates".into(),
            fields: vec![day("from", "From", "से", "01/04/2026"), day("until", "Until", "तक", "15/06/2026")],
            heading: l.t("01/04/2026 to 15/06/2026", "01/04/2026 से 15/06/2026 तक"),
            rows: vec![StockAccount {
                holder: meera(),
                opening: "0".into(),
                came: "20".into(),
                went: "0".into(),
                used: "1".into(),
                written_off: "1".into(),
                closing: "18".into(),
            }],
            runs: vec![
                run("ST-0001", "1", l.tag("Used", "प्रयुक्त", Tone::Good), meera()),
                run("ST-0002", "1", l.tag("Written off", "अपलेखित", Tone::Bad), meera()),
                run("ST-0003 – ST-0020", "18", held(), meera()),
                run("ST-0041 – ST-0100", "60", l.tag("Never received", "कभी प्राप्त नहीं", Tone::Warn), String::new()),
            ],
            more: String::new(),
        }),
    }
}

fn search(l: Lang, found: bool) -> CollectSearch {
    let hit = |amount: &str, state| CollectHit {
        href: format!("{CASE}/collect"),
        number: NUMBER.into(),
        name: l.t("Asha Rao", "आशा राव"),
        service: service(l),
        amount: amount.into(),
        state,
    };
    CollectSearch {
        action: "/devgaon/desk/collect".into(),
        query: "9876543210".into(),
        searched: true,
        hits: if found {
            vec![hit("₹1,093.00", l.tag("Due", "देय", Tone::Warn)), hit("", l.tag("Paid", "भुगतान हुआ", Tone::Good))]
        } else {
            Vec::new()
        },
    }
}

fn collect(l: Lang) -> Collect {
    let mode = |value: &str, en: &str, hi: &str| Opt::new(value, l.t(en, hi));
    let modes = Choice::one(
        vec![mode("cash", "Cash", "नकद"), mode("cheque", "Cheque", "चेक"), mode("card", "Card", "कार्ड")],
        "cheque",
        "",
    );
    let text = |name: &str, en: &str, hi: &str, value: &str| {
        FieldView::new(name, l.t(en, hi), Input::Text(Text { width: 20, ..Text::new(value) }))
    };
    Collect {
        identity: identity(l),
        bill: l.bill(),
        action: format!("{CASE}/collect"),
        fields: vec![
            FieldView::new("mode", l.t("Paid by", "भुगतान का माध्यम"), Input::Choice(modes)),
            FieldView::new("amount", l.t("Amount", "राशि"), Input::Money(Text::new("1,093.00"))),
            text("payer", "Paid by whom", "किसने दिया", &l.t("Asha Rao", "आशा राव")),
            text("reference", "Number of cheque or slip", "चेक या पर्ची की संख्या", "")
                .error(l.t("Write the number of the cheque", "चेक की संख्या लिखें")),
        ],
        errors: Vec::new(),
        change: l.t("Give back: ₹407.00", "वापस दें: ₹407.00"),
        missing: String::new(),
        another: true,
        consequences: Some(super::desk::action(l).consequences),
        submit: l.t("Take ₹1,093.00", "₹1,093.00 प्राप्त करें"),
    }
}

fn receipt(l: Lang) -> DeskReceipt {
    let bill = l.bill();
    DeskReceipt {
        number: "RC/DEV/2026-27/000311".into(),
        state: l.tag("Good", "मान्य", Tone::Good),
        rows: vec![
            l.row("Paid by", "भुगतानकर्ता", &l.t("Asha Rao", "आशा राव")),
            l.row("Date", "तिथि", "15/06/2026"),
            l.row("Mode", "माध्यम", &l.t("Cash", "नकद")),
            l.row("Taken by", "प्राप्तकर्ता", &l.t("Ravi Negi", "रवि नेगी")),
        ],
        lines: bill.lines,
        total: bill.total,
        in_words: l.t("Rupees one thousand and ninety-three only", "रुपये एक हज़ार तिरानवे मात्र"),
        vouchers: vouchers(l, "RV/2026-27/000311"),
        print: "/devgaon/desk/receipts/1/print".into(),
        print_detail: "PDF, A5".into(),
        printed: l.t(
            "Printed once; a further print is marked as a duplicate.",
            "एक बार छपी; अगली प्रति पर “द्वितीय प्रति” लिखा होगा।",
        ),
        cancel: Some("/devgaon/desk/receipts/RC-1/cancel".into()),
        cancel_text: l.t("Ask for cancellation", "निरस्तीकरण का अनुरोध करें"),
        cancel_why: String::new(),
    }
}

fn cancel(l: Lang, deciding: bool) -> CancelReceipt {
    let reason = FieldView::new("reason", l.t("Reason", "कारण"), Input::Textarea(Text::default()));
    CancelReceipt {
        number: "RC/DEV/2026-27/000311".into(),
        deciding,
        rows: vec![l.row("Amount", "राशि", "₹1,093.00"), l.row("Asked by", "अनुरोधकर्ता", &l.t("Ravi Negi", "रवि नेगी"))],
        vouchers: vouchers(l, ""),
        text: vec![l.t("The application goes back to Fee to be paid.", "आवेदन फिर “शुल्क देय” स्थिति में आएगा।")],
        fields: vec![reason],
        errors: Vec::new(),
        action: "/devgaon/desk/receipts/RC-1/cancel".into(),
        receipt: "/devgaon/desk/receipts/RC-1".into(),
    }
}

const TILL: &str = "TILL/DEV/2026-27/000042";

fn tills(l: Lang) -> Tills {
    let row = |number: &str, difference: &str, state| TillRow {
        href: "/devgaon/desk/tills/1".into(),
        number: number.into(),
        day: "15/06/2026".into(),
        who: l.t("Ravi Negi", "रवि नेगी"),
        counter: l.t("Main hall", "मुख्य कक्ष"),
        difference: difference.into(),
        state,
    };
    let action = ActionLink {
        href: "/devgaon/desk/till".into(),
        text: l.t("Open a till", "रोकड़ पेटी खोलें"),
        primary: true,
        ..ActionLink::default()
    };
    Tills {
        actions: vec![action],
        rows: vec![
            row(TILL, "", l.tag("Open", "खुली", Tone::Info)),
            TillRow {
                counter: String::new(),
                ..row("TILL/DEV/2026-27/000041", "-₹0.50", l.tag("Closed", "बंद", Tone::Good))
            },
        ],
    }
}

fn sums(l: Lang, counted: bool) -> Vec<TillSum> {
    let sum = |mode: String, expected: &str, sum: &str, difference: Tag| TillSum {
        mode,
        receipts: "2".into(),
        expected: expected.into(),
        counted: if counted { sum.into() } else { String::new() },
        difference: if counted { difference } else { Tag::default() },
    };
    vec![
        sum(l.t("Cash", "नकद"), "₹1,593.00", "₹1,592.50", l.tag("₹0.50 missing", "₹0.50 कम", Tone::Bad)),
        sum(l.t("Cheque", "चेक"), "₹1,093.00", "₹1,093.00", l.tag("Agrees", "सही है", Tone::Good)),
    ]
}

fn till(l: Lang, decides: bool) -> Till {
    let taken = |number: &str, mode: String, reference: &str, state: Tag| TillReceipt {
        href: "/devgaon/desk/receipts/1".into(),
        number: number.into(),
        mode,
        reference: reference.into(),
        amount: "₹1,093.00".into(),
        state,
    };
    let pieces =
        |worth: String, number: &str, amount: &str| TillPieces { worth, number: number.into(), amount: amount.into() };
    let cheque = TillCheque {
        number: "004211".into(),
        bank: "SBIN0001234".into(),
        dated: "14/06/2026".into(),
        amount: "₹1,093.00".into(),
        receipt: "RC/DEV/2026-27/000312".into(),
        href: String::new(),
    };
    let count = ActionLink {
        href: "/devgaon/desk/tills/1/count".into(),
        text: l.t("Count and close", "गिनती कर बंद करें"),
        ..ActionLink::default()
    };
    let answer =
        FieldView::new("reason", l.t("Reason for the decision", "निर्णय का कारण"), Input::Textarea(Text::default()));
    Till {
        number: TILL.into(),
        state: if decides {
            l.tag("To be confirmed", "पुष्टि शेष", Tone::Warn)
        } else {
            l.tag("Open", "खुली", Tone::Info)
        },
        rows: vec![
            l.row("Whose", "किसकी", &l.t("Ravi Negi", "रवि नेगी")),
            l.row("Counter", "काउंटर", &l.t("Main hall", "मुख्य कक्ष")),
            l.row("Cash in it at the start", "प्रारंभ में नकद", "₹500.00"),
        ],
        sums: sums(l, decides),
        counted: decides,
        pieces: if decides {
            vec![pieces("₹500.00".into(), "3", "₹1,500.00"), pieces(l.t("Coins, together", "सिक्के, कुल"), "", "₹92.50")]
        } else {
            Vec::new()
        },
        cash: "₹1,592.50".into(),
        cheques: vec![cheque],
        receipts: vec![
            taken("RC/DEV/2026-27/000311", l.t("Cash", "नकद"), "", l.tag("Good", "मान्य", Tone::Good)),
            TillReceipt {
                href: String::new(),
                ..taken("RC/DEV/2026-27/000312", l.t("Cheque", "चेक"), "004211", l.tag("Good", "मान्य", Tone::Good))
            },
        ],
        vouchers: if decides { vouchers(l, "") } else { Vec::new() },
        actions: if decides { Vec::new() } else { vec![count] },
        why: String::new(),
        action: if decides { "/devgaon/desk/tills/1".into() } else { String::new() },
        fields: if decides { vec![answer.optional()] } else { Vec::new() },
    }
}

fn count(l: Lang, sure: bool) -> CountTill {
    let number = |name: &str, label: String, value: &str| {
        FieldView::new(name, label, Input::Number(Text { width: 6, ..Text::new(value) }))
    };
    let coins = FieldView::new("coins", l.t("Coins, together", "सिक्के, कुल"), Input::Money(Text::new("92.50")));
    let cheques = FieldView::new("sum_cheque", l.t("Cheque, together", "चेक, कुल"), Input::Money(Text::default()));
    let wrong = l.t("Write an amount", "राशि लिखें");
    CountTill {
        number: TILL.into(),
        again: if sure { l.t("A note was torn.", "एक नोट फटा था।") } else { String::new() },
        fields: vec![
            number("note_50000", l.t("Notes of ₹500.00", "₹500.00 के नोट"), "3"),
            coins.optional(),
            if sure { cheques } else { cheques.error(wrong) },
        ],
        sums: if sure { sums(l, true) } else { Vec::new() },
        counted: true,
        action: "/devgaon/desk/tills/1/count".into(),
        submit: l.t("Add up", "योग करें"),
        till: "/devgaon/desk/tills/1".into(),
    }
}

fn register(l: Lang) -> Register {
    let row = |n: usize, state| RegisterRow {
        href: "/devgaon/desk/registers/stalls/ST-1".into(),
        number: format!("ST/DEV/2025-26/00031{n}"),
        holder: l.t("Asha Rao", "आशा राव"),
        about: l.t("Fruit and vegetables", "फल व सब्ज़ी"),
        place: l.t("Ward 7, Fort", "वार्ड 7, किला"),
        from: "01/04/2026".into(),
        until: "31/03/2027".into(),
        state,
    };
    Register {
        title: l.t("Register of stalls", "ठेला पंजिका"),
        others: vec![
            l.nav("/devgaon/desk/registers/stalls", "Stalls", "ठेले", "", true),
            l.nav("/devgaon/desk/registers/pets", "Pets", "पालतू पशु", "", false),
        ],
        action: "/devgaon/desk/registers/stalls".into(),
        query: String::new(),
        filters: vec![
            l.nav("?state=good", "In force", "प्रभावी", "311", true),
            l.nav("?state=past", "Expired", "अवधि समाप्त", "40", false),
        ],
        rows: vec![row(1, l.tag("In force", "प्रभावी", Tone::Good)), row(2, l.tag("Expired", "अवधि समाप्त", Tone::Warn))],
        pager: Pager {
            total: "311".into(),
            from: "1".into(),
            to: "25".into(),
            prev: None,
            next: Some("?page=2".into()),
        },
        csv: Some("/devgaon/desk/registers/stalls.csv".into()),
    }
}

fn record(l: Lang) -> RegisterRecord {
    let version = |from: &str, until: &str, what: String| Version {
        from: from.into(),
        until: until.into(),
        what,
        who: l.t("Meera Nair, Markets officer", "मीरा नायर, बाज़ार अधिकारी"),
        changed: vec![l.t("Valid until: 31/03/2026 → 31/03/2027", "मान्य: 31/03/2026 → 31/03/2027")],
        case: Link::new(CASE, NUMBER),
    };
    RegisterRecord {
        register: l.t("Register of stalls", "ठेला पंजिका"),
        number: "ST/DEV/2025-26/000311".into(),
        state: l.tag("In force", "प्रभावी", Tone::Good),
        rows: vec![l.row("Holder", "धारक", &l.t("Asha Rao", "आशा राव")), l.row("Valid until", "मान्य", "31/03/2027")],
        action: "/devgaon/desk/registers/stalls/ST-1".into(),
        on: String::new(),
        error: String::new(),
        papers: vec![l.paper("Permit", "अनुमति पत्र")],
        versions: vec![
            version("01/04/2026", "", l.t("Renewed", "नवीनीकृत")),
            version("01/04/2025", "31/03/2026", l.t("Created", "जारी")),
        ],
        actions: vec![ActionLink {
            href: "/devgaon/desk/registers/stalls/ST-1/revoke".into(),
            text: l.t("Revoke", "निरस्त करें"),
            danger: true,
            ..Default::default()
        }],
    }
}

fn work(l: Lang) -> MyWork {
    let measure =
        |en: &str, hi: &str, value: &str, note: String| Measure { label: l.t(en, hi), value: value.into(), note };
    MyWork {
        period: "01/06/2026 – 15/06/2026".into(),
        periods: vec![
            l.nav("?span=month", "This month", "इस माह", "", true),
            l.nav("?span=quarter", "This quarter", "इस तिमाही", "", false),
        ],
        measures: vec![
            measure("Done", "पूर्ण", "48", String::new()),
            measure("In time", "समय पर", "94 %", l.t("town: 88 %", "नगर: 88 %")),
            measure("Median time", "माध्यिका समय", &l.t("1.5 days", "1.5 दिन"), String::new()),
        ],
        steps: vec![WorkStep {
            service: service(l),
            step: l.t("Verification", "जाँच"),
            done: "48".into(),
            in_time: "94 %".into(),
            median: l.t("1.5 days", "1.5 दिन"),
            open: "12".into(),
        }],
        team: vec![WorkLoad {
            name: l.t("Ravi Negi", "रवि नेगी"),
            open: "20".into(),
            overdue: "2".into(),
            done: "39".into(),
        }],
    }
}

fn happened(l: Lang) -> Events {
    Events {
        rows: vec![
            EventLine {
                seq: "812".into(),
                hash: "3f2a9c01".into(),
                when: "15/06/2026, 15:40:09".into(),
                who: l.t("Meera Joshi", "मीरा जोशी"),
                what: l.t("A step was taken", "एक चरण पूरा किया गया"),
                href: CASE.into(),
                number: NUMBER.into(),
                ..EventLine::default()
            },
            EventLine {
                seq: "811".into(),
                hash: "7be00d12".into(),
                when: "15/06/2026, 15:38:51".into(),
                who: l.t("Meera Joshi", "मीरा जोशी"),
                what: l.t("Signed in", "लॉग इन किया"),
                about: "203.0.113".into(),
                ..EventLine::default()
            },
        ],
        older: Some("/devgaon/desk/events?before=811".into()),
        newest: Some("/devgaon/desk/events".into()),
    }
}

fn heard(l: Lang) -> HeardFeedback {
    let measure = |label: String, value: &str| Measure { label, value: value.into(), note: String::new() };
    HeardFeedback {
        total: "12".into(),
        stars: vec![measure(l.t("5 – Very good", "5 – बहुत अच्छा"), "8"), measure(l.t("4 – Good", "4 – अच्छा"), "4")],
        said: vec![SaidFeedback {
            when: l.t("15/06/2026, 3:40 pm", "15/06/2026, दोपहर 3:40"),
            stars: l.t("4 – Good", "4 – अच्छा"),
            service: service(l),
            words: l.t("The form was short.", "फ़ॉर्म छोटा था।"),
        }],
    }
}

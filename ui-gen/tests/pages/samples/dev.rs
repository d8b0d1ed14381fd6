//! Pages for those who write definitions.

use ui_gen::Page;
use ui_gen::view::common::{Link, Tone};
use ui_gen::view::dev::{
    DevFile, DevForm, DevFormPage, DevHome, DevMove, DevOutbox, DevProblem, DevProblems, DevReference, DevService,
    DevServiceLink, DevState,
};

use super::citizen::service;
use super::fields::{self, Stage};
use super::{Lang, Sample, staff};

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let page = |name, page| {
        let mut chrome = staff(l);
        chrome.person = None;
        chrome.nav = vec![
            l.nav("/dev", "Definitions", "परिभाषाएँ", "", true),
            l.nav("/dev/problems", "Diagnostics", "त्रुटि सूची", "2", false),
        ];
        Sample { name, chrome, page }
    };
    let clean = DevProblems { problems: Vec::new(), ..problems(l) };
    vec![
        page("dev_home", Page::DevHome(home(l))),
        page("dev_service", Page::DevService(one(l))),
        page("dev_form", Page::DevForm(form(l))),
        page("dev_problems", Page::DevProblems(problems(l))),
        page("dev_problems_none", Page::DevProblems(clean)),
        page("dev_reference", Page::DevReference(reference(l))),
        page("dev_outbox", Page::DevOutbox(outbox(l))),
        page("dev_outbox_none", Page::DevOutbox(DevOutbox::default())),
    ]
}

fn home(l: Lang) -> DevHome {
    let link = |name: &str, title: String, state| DevServiceLink {
        title,
        name: name.into(),
        href: format!("/dev/devgaon/{name}"),
        form: format!("/dev/devgaon/{name}/form"),
        digest: "9f3c77a1".into(),
        state,
        towns: l.t("Devgaon", "देवगाँव"),
        more: None,
    };
    let stall = link("stall", service(l), l.tag("Served", "चालू", Tone::Good));
    let others = l.t("Other definitions of it: 98", "इसकी अन्य परिभाषाएँ: 98");
    DevHome {
        services: vec![
            DevServiceLink { more: Some(Link { href: "/dev?service=stall".into(), text: others }), ..stall },
            link(
                "pet",
                l.t("Pet registration", "पालतू पशु पंजीकरण"),
                l.tag("Not served: errors", "त्रुटि के कारण बंद", Tone::Bad),
            ),
        ],
        one: false,
        problems: "2".into(),
        watching: true,
        loaded: "15/06/2026, 15:40:07".into(),
    }
}

fn one(l: Lang) -> DevService {
    let state = |name: &str, label: String, sla: &str, actions| DevState {
        name: name.into(),
        label,
        note: String::new(),
        sla: sla.into(),
        actions,
    };
    let go = |name: &str, trigger: &str, to: &str, effects: &str| DevMove {
        name: name.into(),
        trigger: trigger.into(),
        to: to.into(),
        effects: effects.into(),
    };
    DevService {
        title: service(l),
        town: l.t("Devgaon", "देवगाँव"),
        svg: r##"<svg xmlns="http://www.w3.org/2000/svg" width="520" height="70" viewBox="0 0 520 70" role="img" aria-label="draft, verification, granted"><g fill="#edf2f7" stroke="#1f4e79"><rect x="5" y="15" width="110" height="40" rx="6"/><rect x="205" y="15" width="110" height="40" rx="6"/><rect x="405" y="15" width="110" height="40" rx="6"/></g><path d="M115 35h88M315 35h88" stroke="#1f4e79"/><g text-anchor="middle" font-size="14"><text x="60" y="40">draft</text><text x="260" y="40">verification</text><text x="460" y="40">granted</text></g></svg>"##.into(),
        states: vec![
            state("draft", l.t("Not yet sent", "अभी प्रस्तुत नहीं"), "", vec![go("submit", "by: applicant", "verification", "notify: received")]),
            state("verification", l.t("Being verified", "जाँच जारी है"), "2 days", vec![go("forward", "by: verifier", "granted", "")]),
            state("granted", l.t("Issued", "जारी"), "", Vec::new()),
        ],
        files: vec![DevFile { part: "rates.yaml".into(), path: "tenants/devgaon/stall/rates.yaml".into(), origin: l.t("Town", "नगर") }],
        links: vec![Link::new("/dev/devgaon/stall/form", l.t("Form", "प्रपत्र"))],
    }
}

fn form(l: Lang) -> DevForm {
    DevForm {
        title: service(l),
        views: vec![
            l.nav("?as=citizen", "Citizen", "नागरिक", "", true),
            l.nav("?as=officer", "Officer", "अधिकारी", "", false),
        ],
        pages: vec![DevFormPage {
            name: "stall".into(),
            title: l.t("Your stall", "आपका ठेला"),
            when: "kind == \"cart\"".into(),
            fields: fields::every(l, Stage::Empty).into_iter().take(4).collect(),
            action: "?page=stall".into(),
            accepted: true,
        }],
        phone: true,
    }
}

fn problems(l: Lang) -> DevProblems {
    DevProblems {
        service: String::new(),
        problems: vec![DevProblem {
            code: "unknown-state".into(),
            severity: l.tag("error", "त्रुटि", Tone::Bad),
            title: "no state is called `verifcation`".into(),
            place: "stall/workflow.yaml:8:36".into(),
            snippet: "8 |       submit: { by: applicant, to: verifcation }\n  |                                    ^^^^^^^^^^^ the action leads here".into(),
            help: "did you mean `verification`?".into(),
        }],
        loaded: "15/06/2026, 15:40:07".into(),
        refresh: 2,
    }
}

fn reference(l: Lang) -> DevReference {
    let row = ui_gen::view::common::Row::new("percent(amount, rate)", "`rate` per cent of `amount`, exactly.");
    let title = l.t("Functions of rules", "नियमों के फलन");
    DevReference { sections: vec![ui_gen::view::common::Section { title, rows: vec![row] }] }
}

fn outbox(l: Lang) -> DevOutbox {
    let row = ui_gen::view::common::Row::new("devgaon", l.t("Your code is 482913.", "आपका कोड 482913 है।"));
    DevOutbox { sections: vec![ui_gen::view::common::Section { title: "9876543210".into(), rows: vec![row] }] }
}

//! `/dev/{tenant}/{service}/form`: the form as it will be asked, of the applicant or of an officer.

use std::collections::BTreeMap;

use ui_gen::Page;
use ui_gen::from_engine::typed::Typed;
use ui_gen::from_engine::{Asking, fields};
use ui_gen::view::common::NavLink;
use ui_gen::view::dev::{DevForm, DevFormPage};

use crate::http::ask::{Answer, Ask};

/// `GET /dev/{tenant}/{service}/form`
pub(super) async fn page(ask: &Ask) -> Answer {
    let (tenant, service) = super::wanted(ask)?;
    let here = format!("/dev/{}/{}/form", tenant.id, service.id);
    let wanted = ask.query("as")?;
    let role = service.roles.iter().find(|role| role.name == *wanted).map(|role| role.name.as_str());
    let asked_of = |role: &str| service.form.pages_by(Some(role)).next().is_some();
    let mut views = vec![NavLink {
        href: here.clone(),
        text: ask.words().get("event.applicant"),
        count: String::new(),
        current: role.is_none(),
    }];
    for other in service.roles.iter().filter(|other| asked_of(&other.name)) {
        let text = other.label.in_language(&ask.lang).to_owned();
        views.push(NavLink {
            href: format!("{here}?as={}", other.name),
            text,
            count: String::new(),
            current: role == Some(other.name.as_str()),
        });
    }
    let (nothing, nowhere) = (BTreeMap::new(), |_: &str| String::new());
    let asking = Asking {
        words: ask.words(),
        tenant,
        errors: &[],
        asked: &|_| true,
        queries: &nothing,
        file_href: &nowhere,
        remarks: &nothing,
    };
    let pages = service.form.pages_by(role).map(|page| DevFormPage {
        name: page.name.to_string(),
        title: page.title.in_language(&ask.lang).to_owned(),
        when: page.when.as_ref().map(|when| when.source.clone()).unwrap_or_default(),
        fields: fields::views(&page.fields, &Typed::new(), &asking),
    });
    let view = DevForm { title: service.title.in_language(&ask.lang).to_owned(), views, pages: pages.collect() };
    ask.page(Page::DevForm(view)).back(format!("/dev/{}/{}", tenant.id, service.id)).answer()
}

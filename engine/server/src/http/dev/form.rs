//! `/dev/{tenant}/{service}/form`: the form as it will be asked, of the applicant or of an officer. It
//! can be typed into: what would be refused is said, and nothing is kept.

use std::collections::BTreeMap;

use engine::base::Answers;
use engine::form::{self, Ctx, Field, FieldError, Kind};
use serde_json::{Value as Json, json};
use ui_gen::Page;
use ui_gen::from_engine::typed::{self, Typed};
use ui_gen::from_engine::{Asking, fields};
use ui_gen::view::common::NavLink;
use ui_gen::view::dev::{DevForm, DevFormPage};

use crate::http::ask::{Answer, Ask};

/// A page that was tried.
struct Tried {
    page: String,
    typed: Typed,
    errors: Vec<FieldError>,
}

/// `GET /dev/{tenant}/{service}/form`
pub(super) async fn page(ask: &Ask) -> Answer {
    draw(ask, None)
}

/// `POST /dev/{tenant}/{service}/form?page=…`: what would become of the answers to one page.
pub(super) async fn tried(ask: &Ask) -> Answer {
    let (tenant, service) = super::wanted(ask)?;
    let wanted = ask.query("page")?;
    let Some(page) = service.form.all_pages().find(|page| page.name == *wanted) else { return draw(ask, None) };
    let mut typed = seeded(&page.fields);
    typed::take(&page.fields, &mut typed, &ask.form().sent)?;
    let nothing = Answers::default();
    let ctx = Ctx {
        today: ask.now().day(),
        lists: &service.lists,
        places: &tenant.places,
        known: &nothing,
        named: None,
        identity: &tenant.identity_numbers,
    };
    let answers = typed::answers(&page.fields, &typed);
    let errors = form::accept_page(&service.form, page, &answers, &ctx).err().unwrap_or_default();
    draw(ask, Some(&Tried { page: page.name.to_string(), typed, errors }))
}

/// An empty page in which every list has one item, so that its questions can be seen.
fn seeded(fields: &[Field]) -> Typed {
    fn seed(fields: &[Field], typed: &mut Typed) {
        for field in fields {
            match &field.kind {
                Kind::List { fields, .. } => {
                    let mut item = Typed::new();
                    seed(fields, &mut item);
                    typed.insert(field.name.to_string(), json!([item]));
                }
                Kind::Group { fields } => {
                    let mut inner = Typed::new();
                    seed(fields, &mut inner);
                    typed.insert(field.name.to_string(), Json::Object(inner));
                }
                _ => {}
            }
        }
    }
    let mut typed = Typed::new();
    seed(fields, &mut typed);
    typed
}

fn draw(ask: &Ask, tried: Option<&Tried>) -> Answer {
    if super::problems::is_broken(ask) {
        return super::problems::of_service(ask);
    }
    let (tenant, service) = super::wanted(ask)?;
    let wanted = ask.query("as")?;
    let role = service.roles.iter().find(|role| role.name == *wanted).map(|role| role.name.as_str());
    let phone = !ask.query("phone")?.is_empty();
    let refused = tried.is_some_and(|tried| !tried.errors.is_empty());
    let (nothing, nowhere) = (BTreeMap::new(), |_: &str| String::new());
    let shown = |page: &form::Page| {
        let tried = tried.filter(|tried| page.name == *tried.page);
        let asking = Asking {
            words: ask.words(),
            tenant,
            errors: tried.map_or(&[][..], |tried| tried.errors.as_slice()),
            asked: &|_| true,
            queries: &nothing,
            file_href: &nowhere,
            remarks: &nothing,
        };
        let typed = tried.map_or_else(|| seeded(&page.fields), |tried| tried.typed.clone());
        DevFormPage {
            name: page.name.to_string(),
            title: page.title.in_language(&ask.lang).to_owned(),
            when: page.when.as_ref().map(|when| when.source.clone()).unwrap_or_default(),
            fields: fields::views(&page.fields, &typed, &asking),
            action: address(ask, role, phone, &page.name),
            accepted: tried.is_some_and(|tried| tried.errors.is_empty()),
        }
    };
    let view = DevForm {
        title: service.title.in_language(&ask.lang).to_owned(),
        views: views(ask, service, role, phone),
        pages: service.form.pages_by(role).map(shown).collect(),
        phone,
    };
    let back = format!("/dev/{}/{}", tenant.id, service.id);
    ask.page(Page::DevForm(view)).back(back).status(if refused { 422 } else { 200 }).answer()
}

/// Whose form, and how wide.
fn views(ask: &Ask, service: &engine::service::Service, role: Option<&str>, phone: bool) -> Vec<NavLink> {
    let link = |href: String, text: String, current: bool| NavLink { href, text, count: String::new(), current };
    let mut views = vec![link(address(ask, None, phone, ""), ask.words().get("event.applicant"), role.is_none())];
    for other in service.roles.iter().filter(|other| service.form.pages_by(Some(other.name.as_str())).next().is_some())
    {
        let text = other.label.in_language(&ask.lang).to_owned();
        views.push(link(address(ask, Some(other.name.as_str()), phone, ""), text, role == Some(other.name.as_str())));
    }
    views.push(link(address(ask, role, !phone, ""), ask.words().get("dev.phone"), phone));
    views
}

fn address(ask: &Ask, role: Option<&str>, phone: bool, page: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("as", role.unwrap_or_default()), ("phone", if phone { "yes" } else { "" }), ("page", page)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    let (here, query) = (format!("/dev/{}/{}/form", ask.tenant().id, ask.param("service")), query.finish());
    if query.is_empty() { here } else { format!("{here}?{query}") }
}

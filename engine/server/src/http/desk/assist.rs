//! `/{tenant}/desk/services/{service}/start`: an application is begun for somebody who stands at the
//! counter, and waits on the desk until it is sent.

use engine::base::Name;
use engine::service::Service;
use ui_gen::from_engine::typed;
use ui_gen::view::apply::Question;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::ActionLink;
use ui_gen::view::field::Text;
use ui_gen::view::home::Draft;
use ui_gen::{FieldView, Input, Page};

use super::reader::Reader;
use super::rows::href;
use super::scope;
use crate::act::{self, Opening};
use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::on_record::{self, Picked};
use crate::problem::Problem;
use crate::store::people::{self, Person};
use crate::store::{By, cases};

/// Drafts that the desk shows.
const DRAFTS: i64 = 50;
/// Characters of a name.
const NAME: usize = 120;

/// Who stands at the counter, as typed, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    mobile: String,
    name: String,
    language: String,
    record: String,
    wrong: Vec<(&'static str, String)>,
}

/// `GET /{tenant}/desk/services/{service}/start`
pub(crate) async fn show(ask: &Ask) -> Answer {
    let service = offered(ask)?;
    let language = ask.tenant().languages.first().cloned().unwrap_or_default();
    draw(ask, service, &Typed { language, ..Typed::default() }, 200)
}

/// The service in the address, for whoever may write its applications at the counter.
fn offered(ask: &Ask) -> Result<&Service, Problem> {
    let service = ask.service()?;
    let clerk = scope::clerk(ask.employee()?, &service.id);
    if clerk.roles.is_empty() {
        return Err(Problem::NotFound);
    }
    if service.assists(&clerk.roles) { Ok(service) } else { Err(engine::case::Refusal::NotYourRole.into()) }
}

fn draw(ask: &Ask, service: &Service, typed: &Typed, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let error = |name: &str| {
        typed.wrong.iter().find(|(wrong, _)| *wrong == name).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let label = |name: &str| reader.get(&format!("assist.{name}"));
    let text = |value: &str, width: u8, autocomplete: &str| Text {
        width,
        autocomplete: autocomplete.to_owned(),
        max_length: 120,
        ..Text::new(value)
    };
    let languages = ask
        .tenant()
        .languages
        .iter()
        .map(|lang| Opt::new(lang, ask.library.words(lang).get("language.name")))
        .collect();
    let mut fields = vec![
        FieldView::new("mobile", label("mobile"), Input::Phone(text(&typed.mobile, 20, "off")))
            .hint(label("mobile_hint"))
            .error(error("mobile")),
        FieldView::new("name", label("name"), Input::Text(text(&typed.name, 30, "off"))).error(error("name")),
        FieldView::new("language", label("language"), Input::Choice(Choice::one(languages, &typed.language, "")))
            .error(error("language")),
    ];
    if let Some(on_record) = &service.on_record {
        let input = Input::Text(text(&typed.record, 30, "off"));
        let what = on_record::called(ask, service, &on_record.registry);
        fields.push(if on_record.holder_only {
            FieldView::new("record", label("record"), input)
                .hint(label("record_hint"))
                .error(error("record"))
                .optional()
        } else {
            let record = FieldView::new("record", reader.say("start.record", &[("what", &what)]), input);
            record.hint(reader.get("start.record_hint")).error(error("record"))
        });
    }
    let view = Question {
        service: reader.text(&service.title).to_owned(),
        action: ask.at(&format!("/desk/services/{}/start", service.id)),
        title: label("title"),
        intro: vec![label("intro")],
        fields,
        desk: true,
        ..Question::default()
    };
    ask.page(Page::Question(view)).back(ask.at("/desk")).status(status).answer()
}

/// `POST /{tenant}/desk/services/{service}/start`
pub(crate) async fn open(ask: &Ask) -> Answer {
    let service = offered(ask)?;
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let mut typed = Typed {
        mobile: field("mobile")?,
        name: ask.said("name")?.trim().to_owned(),
        language: field("language")?,
        record: field("record")?,
        wrong: Vec::new(),
    };
    let mobile = typed::phone(&typed.mobile);
    let mut wrong = |name: &'static str, key: &str| typed.wrong.push((name, ask.words().get(key)));
    if !otp::is_mobile(&mobile) {
        wrong("mobile", "sign_in.wrong");
    }
    if !ask.tenant().languages.contains(&typed.language) {
        wrong("language", "assist.language_missing");
    }
    if !typed.wrong.is_empty() {
        return draw(ask, service, &typed, 422);
    }
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let known = people::by_mobile(&mut tx, &mobile).await?;
    drop(tx);
    if typed.name.is_empty() && known.as_ref().is_none_or(|person| person.name.is_empty()) {
        typed.wrong.push(("name", ask.words().get("assist.name_missing")));
        return draw(ask, service, &typed, 422);
    }
    let record = match about(ask, service, known.as_ref(), &typed.record).await? {
        Ok(record) => record,
        Err(key) => {
            typed.wrong.push(("record", ask.words().get(key)));
            return draw(ask, service, &typed, 422);
        }
    };
    let applicant = written(ask, known, &mobile, (&typed.name, &typed.language)).await?;
    let key = ask.key()?;
    let clerk = scope::clerk(ask.employee()?, &service.id);
    let opening = Opening {
        applicant: &applicant,
        language: &typed.language,
        record: record.as_ref().map(|(registry, number)| (registry.as_str(), number.as_str())),
        key: key.as_deref(),
    };
    let case = act::open_at_counter(&ask.app, ask.tenant(), service, opening, &clerk).await?;
    ask.redirect(&format!("{}/form", href(&Reader::of(ask), &case.id)))
}

/// The record that the service is about: the one that was named, or the only one that the person
/// holds; or a word for why there is none.
async fn about(
    ask: &Ask,
    service: &Service,
    person: Option<&Person>,
    number: &str,
) -> Result<Result<Option<(Name, String)>, &'static str>, Problem> {
    let Some(on_record) = &service.on_record else { return Ok(Ok(None)) };
    let (applicant, clerk) = (person.map(|person| person.id.as_str()), &ask.employee()?.id);
    Ok(match on_record::pick(ask, on_record, applicant, (number, clerk)).await? {
        Picked::One(registry, number) => Ok(Some((registry, number))),
        Picked::Several => Err("assist.record_which"),
        Picked::Unnamed if !on_record.holder_only => Err("start.record_missing"),
        Picked::Wrong if !on_record.holder_only => Err("start.record_wrong"),
        Picked::Unnamed | Picked::Wrong => Err("assist.record_none"),
    })
}

/// The person for whom a program opens an application.
pub(crate) async fn applicant(ask: &Ask, mobile: &str, name: &str, language: &str) -> Result<String, Problem> {
    let mobile = typed::phone(mobile);
    if !otp::is_mobile(&mobile) {
        return Err(Problem::BadRequest("`mobile` of `applicant` is no mobile number"));
    }
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let known = people::by_mobile(&mut tx, &mobile).await?;
    drop(tx);
    let odd = |c: char| engine::form::is_forbidden(c, false) || "<>{}".contains(c);
    let unknown = known.as_ref().is_none_or(|person| person.name.is_empty());
    if unknown && (!name.chars().any(char::is_alphabetic) || name.chars().count() > NAME || name.chars().any(odd)) {
        return Err(Problem::BadRequest("`name` of `applicant` is missing or no name"));
    }
    written(ask, known, &mobile, (name, language)).await
}

/// The person with this mobile number. Whoever is new, or has no name yet, is written down; a name
/// that is known is not changed at a counter.
async fn written(
    ask: &Ask,
    known: Option<Person>,
    mobile: &str,
    (name, language): (&str, &str),
) -> Result<String, Problem> {
    let at_ms = ask.app.clock.now_ms();
    let person = match known {
        Some(person) if person.disabled || person.kind != "citizen" => return Err(Problem::Forbidden),
        Some(person) if !person.name.is_empty() => return Ok(person.id),
        Some(person) => Person { name: name.to_owned(), at_ms, ..person },
        None => Person {
            id: ask.app.chance.id(),
            kind: "citizen".to_owned(),
            mobile: Some(mobile.to_owned()),
            login: None,
            name: name.to_owned(),
            email: None,
            password_hash: None,
            language: language.to_owned(),
            disabled: false,
            at_ms,
        },
    };
    let employee = ask.employee()?;
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    let by = By { person: &employee.id, kind: engine::case::ActorKind::Counter, at_ms };
    people::save(&mut tx, by, &person).await?;
    tx.commit().await?;
    Ok(person.id)
}

/// What can be begun at the counter, and what was begun there and is not yet sent.
pub(crate) async fn queue(ask: &Ask, reader: &Reader<'_>) -> Result<(Vec<ActionLink>, Vec<Draft>), Problem> {
    let employee = ask.employee()?;
    let may = |service: &Service| service.assists(&scope::clerk(employee, &service.id).roles);
    let services: Vec<_> =
        scope::services(&ask.library, ask.tenant(), employee).into_iter().filter(|service| may(service)).collect();
    if services.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let begin = |service: &&std::sync::Arc<Service>| ActionLink {
        href: ask.at(&format!("/desk/services/{}/start", service.id)),
        text: reader.text(&service.title).to_owned(),
        ..ActionLink::default()
    };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let drafts = cases::at_counter(&mut tx, DRAFTS).await?;
    drop(tx);
    let around = super::rows::Around::without_fees(ask, &drafts).await?;
    let draft = |row: &crate::store::inbox::CaseRow| {
        let service = services.iter().find(|service| service.id == row.service)?;
        let with = row.assignee.as_deref().map(|id| around.names.officer(id)).unwrap_or_default();
        Some(Draft {
            href: format!("{}/form", href(reader, &row.id)),
            title: format!("{}, {}", reader.text(&service.title), around.names.applicant(&row.applicant, false)),
            saved: format!("{}, {with}", reader.moment(row.entered_ms)),
        })
    };
    let drafts = drafts.iter().filter_map(draft).collect();
    Ok((services.iter().map(begin).collect(), drafts))
}

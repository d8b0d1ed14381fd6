//! `/{tenant}/desk/staff/{person}/waits/{request}`: what one administrator asks for, a second one agrees to or refuses.
//! What takes the word of the person waits on the account of the person: `own_wait`.

use engine::base::date::{add_days, parse_day};
use engine::base::{Money, Name};
use engine::case::ActorKind;
use serde_json::{Value as Json, json};
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{ActionLink, Link, Row};
use ui_gen::{FieldView, Input, Page};

use super::names::Names;
use super::reader::Reader;
use super::staff_appoint::{is_held, mixes};
use super::staff_deed::given;
use super::{posts, staff, staff_token};
use crate::appoint::first_password;
use crate::auth::news::{self, News};
use crate::auth::password;
use crate::auth::policy::ADMINISTRATOR;
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::appointments::{self, Appointment, THE_TOWN};
use crate::store::people::{self, Person};
use crate::store::staff_requests::{self, Kind, Request};
use crate::store::{By, Tx, factors, sessions};

/// It shall be so.
pub(super) const AGREE: &str = "agree";
/// It shall not.
pub(super) const REFUSE: &str = "refuse";

/// What was asked before this moment waits no more.
fn since(ask: &Ask) -> i64 {
    ask.now().ms - limits::STAFF_WAITS_MS
}

/// What waits in the town.
pub(super) async fn all(ask: &Ask, tx: &mut Tx) -> Result<Vec<Request>, Problem> {
    Ok(staff_requests::waiting(tx, since(ask)).await?)
}

/// What waits and concerns a person.
pub(super) async fn of_person(ask: &Ask, tx: &mut Tx, person: &str) -> Result<Vec<Request>, Problem> {
    let mut waits = all(ask, tx).await?;
    waits.retain(|request| request.person == person);
    Ok(waits)
}

/// Asks for something for a person, who is told; leads back to the page of the person. The `facts` are those of the
/// event.
pub(super) async fn ask_for(ask: &Ask, person: &Person, (kind, body, facts): (Kind, Json, Json)) -> Answer {
    let me = &ask.employee()?.id;
    let by = By { person: me, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let request = Request {
        id: ask.app.chance.ordered_id(by.at_ms),
        kind,
        person: person.id.clone(),
        body,
        asked_by: me.clone(),
        asked_ms: by.at_ms,
    };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let asked = staff_requests::ask(&mut tx, by, &request, facts, since(ask)).await?;
    tx.commit().await?;
    if asked {
        news::tell(&ask.app, ask.tenant(), person, News::Asked(kind)).await;
    }
    ask.redirect(&staff::href(ask, &person.id))
}

/// Asks for a post; the one in whose place it is given ends the day before.
pub(super) async fn ask_for_post(ask: &Ask, person: &Person, post: &Appointment, ends: Option<&Appointment>) -> Answer {
    let facts = json!({
        "service": post.service, "role": post.role.as_str(), "place": post.place, "from": post.from.to_string(),
        "until": post.until.map(|day| day.to_string()), "departments": post.departments,
        "most_paise": post.most.map(Money::paise), "held_for": post.held_for,
    });
    let mut body = facts.clone();
    body["ends"] = ends.map(|held| json!([held.person, posts::key(held)])).into();
    ask_for(ask, person, (Kind::Post, body, facts)).await
}

/// The post that is asked for.
fn post(request: &Request) -> Option<Appointment> {
    let body = &request.body;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let departments = body["departments"].as_array().into_iter().flatten().filter_map(Json::as_str);
    Some(Appointment {
        person: request.person.clone(),
        service: text("service")?,
        role: Name::new(body["role"].as_str()?),
        place: text("place")?,
        from: parse_day(body["from"].as_str()?)?,
        until: body["until"].as_str().and_then(parse_day),
        departments: departments.map(str::to_owned).collect(),
        most: body["most_paise"].as_i64().and_then(Money::from_paise),
        held_for: text("held_for"),
    })
}

/// What is asked for, in a few words.
pub(super) fn title(ask: &Ask, request: &Request) -> String {
    let reader = Reader::of(ask);
    let text = |name: &str| request.body[name].as_str().unwrap_or_default();
    match request.kind {
        Kind::Token => {
            let until = reader.day_of(request.body["expires_ms"].as_i64().unwrap_or_default() - 1);
            let uses = staff_token::called_all(&reader, text("uses"));
            reader.say("waits.token", &[("name", text("name")), ("uses", &uses), ("until", &until)])
        }
        Kind::Identity => {
            let known = if text("subject").is_empty() { text("email") } else { text("subject") };
            reader.say("waits.identity", &[("who", text("issuer")), ("known", known)])
        }
        Kind::Password => reader.get("staff.password"),
        Kind::Second => reader.get("staff.second"),
        Kind::Post => match post(request) {
            Some(post) => {
                let span = posts::span(&reader, post.from, post.until);
                reader.say("staff.did_appoint", &[("role", &posts::line(ask, &post)), ("span", &span)])
            }
            None => reader.get("did.appoint"),
        },
    }
}

/// Who asked, when, and until when it waits.
pub(super) fn asked(ask: &Ask, names: &Names, request: &Request) -> String {
    let reader = Reader::of(ask);
    let until = reader.moment(request.asked_ms + limits::STAFF_WAITS_MS);
    let (who, when) = (names.officer(&request.asked_by), reader.moment(request.asked_ms));
    reader.say("waits.asked", &[("who", &who), ("when", &when), ("until", &until)])
}

/// What waits, on the page of whom it concerns; with a link to where it is decided, if the reader may.
pub(super) fn row(ask: &Ask, names: &Names, request: &Request, href: Option<String>) -> Row {
    let words = ask.words();
    Row {
        key: words.get("waits.row"),
        lines: vec![title(ask, request), asked(ask, names, request)],
        links: href.map(|href| Link::new(href, words.get("waits.title"))).into_iter().collect(),
        ..Row::default()
    }
}

/// Where a second administrator decides it.
pub(super) fn href(ask: &Ask, request: &Request) -> String {
    format!("{}/waits/{}", staff::href(ask, &request.person), request.id)
}

/// The way there, from the list of the staff.
pub(super) fn link(ask: &Ask, names: &Names, request: &Request) -> ActionLink {
    let text = format!("{}: {}", names.officer(&request.person), title(ask, request));
    ActionLink { href: href(ask, request), text, ..ActionLink::default() }
}

/// The person and the request in the address, for an administrator whom it does not concern. What takes the word of the
/// person is there as well, to be taken back.
async fn wanted(ask: &Ask) -> Result<(Person, Request), Problem> {
    let person = staff::another(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let waits = of_person(ask, &mut tx, &person.id).await?;
    let found = waits.into_iter().find(|request| request.id == ask.param("request"));
    Ok((person, found.ok_or(Problem::NotFound)?))
}

/// `GET /{tenant}/desk/staff/{person}/waits/{request}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let (person, request) = wanted(ask).await?;
    draw(ask, (&person, &request), ("", ""), 200).await
}

async fn draw(ask: &Ask, (person, request): (&Person, &Request), (typed, wrong): (&str, &str), status: u16) -> Answer {
    let (words, me) = (ask.words(), &ask.employee()?.id);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let held = appointments::on_day(&mut tx, None, ask.now().day()).await?;
    drop(tx);
    let second = held.iter().any(|held| {
        let administers = held.service == THE_TOWN && held.role == *ADMINISTRATOR;
        administers && held.person != *me && held.person != person.id
    });
    let names = Names::load(&ask.app, ask.tenant(), vec![request.asked_by.clone()]).await?;
    let own = request.asked_by == *me;
    let mut text = vec![title(ask, request), asked(ask, &names, request)];
    let waits_for_second = own && !request.kind.is_own();
    if waits_for_second {
        text.push(words.get("waits.second_text"));
    }
    if waits_for_second && !second {
        text.push(words.get("waits.nobody"));
    }
    let mut options = vec![Opt::new(REFUSE, words.get(if own { "waits.withdraw" } else { "waits.refuse" }))];
    if !own && !request.kind.is_own() {
        options.insert(0, Opt::new(AGREE, words.get("waits.agree")));
    }
    let error = if wrong.is_empty() { String::new() } else { words.get(wrong) };
    let decision = Input::Choice(Choice::one(options, typed, ""));
    let back = staff::href(ask, &person.id);
    let view = ActionForm {
        service: words.get("staff.title"),
        number: person.name.clone(),
        action: href(ask, request),
        title: words.get("waits.title"),
        text,
        fields: vec![FieldView::new("decision", words.get("waits.decision"), decision).error(error)],
        submit: words.get("waits.button"),
        case: back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(back).status(status).answer()
}

/// `POST /{tenant}/desk/staff/{person}/waits/{request}`
pub(crate) async fn decide(ask: &Ask) -> Answer {
    let (person, request) = wanted(ask).await?;
    let typed = ask.field("decision")?;
    if ask.only_shows() {
        return draw(ask, (&person, &request), (typed, ""), 200).await;
    }
    let agreed = match typed {
        AGREE => true,
        REFUSE => false,
        _ => return draw(ask, (&person, &request), ("", "waits.choose"), 422).await,
    };
    if agreed && request.kind.is_own() {
        return Err(Problem::Forbidden);
    }
    let made = if agreed && request.kind == Kind::Password { first_password(&ask.app) } else { String::new() };
    let hash = if made.is_empty() { None } else { Some(password::hash_in_turn(&made, &ask.app.chance).await?) };
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if !staff_requests::decide(&mut tx, by, &request, agreed).await? {
        let own = agreed && request.asked_by == by.person;
        return Err(if own { Problem::Forbidden } else { Problem::Conflict });
    }
    let wrong = if agreed { perform(ask, &mut tx, by, (&person, &request), hash).await? } else { "" };
    if !wrong.is_empty() {
        drop(tx);
        return draw(ask, (&person, &request), ("", wrong), 422).await;
    }
    tx.commit().await?;
    if agreed {
        news::tell(&ask.app, ask.tenant(), &person, News::Agreed(request.kind)).await;
    }
    if made.is_empty() {
        return ask.redirect(&staff::href(ask, &person.id));
    }
    staff::draw(ask, &person, &made).await
}

/// Does what was agreed to, or says with a key of words why that does not fit any more.
async fn perform(
    ask: &Ask,
    tx: &mut Tx,
    by: By<'_>,
    (person, request): (&Person, &Request),
    hash: Option<String>,
) -> Result<&'static str, Problem> {
    match (request.kind, hash) {
        (Kind::Password, Some(hash)) => {
            let changed = Person { password_hash: Some(hash), at_ms: by.at_ms, ..person.clone() };
            people::save(tx, by, &changed).await?;
            given(tx, by, &person.id).await?;
            sessions::end_others(tx, &person.id, "").await?;
        }
        (Kind::Second, _) => {
            factors::remove(tx, by, &person.id).await?;
            sessions::end_others(tx, &person.id, "").await?;
        }
        (Kind::Post, _) => return appoint(ask, tx, by, request).await,
        _ => return Err(Problem::NotFound),
    }
    Ok("")
}

/// Gives the post, from today on if its first day is over, and ends the one in whose place it is given.
async fn appoint(ask: &Ask, tx: &mut Tx, by: By<'_>, request: &Request) -> Result<&'static str, Problem> {
    let mut post = post(request).ok_or(Problem::Conflict)?;
    post.from = post.from.max(ask.now().day());
    if post.until.is_some_and(|until| until < post.from) {
        return Ok("staff.day_past");
    }
    if is_held(tx, &post).await? {
        return Ok("staff.held");
    }
    if mixes(tx, &post).await? {
        return Ok("staff.audits_alone");
    }
    appointments::save(tx, by, &post).await?;
    let ends = &request.body["ends"];
    let (Some(holder), Some(key)) = (ends[0].as_str(), ends[1].as_str()) else { return Ok("") };
    let day_before = add_days(post.from, -1);
    let held = appointments::ever(tx, holder).await?.into_iter().find(|held| posts::key(held) == key);
    if let Some(held) = held.filter(|held| held.until.is_none_or(|until| day_before < until)) {
        appointments::save(tx, by, &Appointment { until: Some(day_before), ..held }).await?;
    }
    Ok("")
}

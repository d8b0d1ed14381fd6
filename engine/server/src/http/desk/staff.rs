//! `/{tenant}/desk/staff`: everybody who works for the town, and the posts of one person.

use std::collections::BTreeMap;

use connectors::message::masked;
use ui_gen::Page;
use ui_gen::view::common::{ActionLink, Happening, Row, Tag, Tone};
use ui_gen::view::staff::{Staff, StaffMember, StaffRow};

use super::names::Names;
use super::reader::Reader;
use super::{posts, staff_identity, staff_token, staff_wait};
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::http::sought::{self, Sought};
use crate::problem::Problem;
use crate::store::appointments::{self, Appointment};
use crate::store::events::Event;
use crate::store::people::{self, Person};
use crate::store::{events, factors, identities, leaves, program_tokens};

/// Changes that are shown.
const HISTORY: i64 = 50;
/// Events that are told of as changes.
const TOLD: [&str; 10] = [
    "appoint",
    "person",
    "second_factor",
    "identity",
    "password",
    "first_password",
    "program_token",
    "program_token_revoked",
    "ask_staff_request",
    "decide_staff_request",
];

/// `GET /{tenant}/desk/staff`
pub(crate) async fn list(ask: &Ask) -> Answer {
    let reader = Reader::of(ask);
    if let Some(sealed) = sought::sealed_address(ask, "q")? {
        return ask.redirect(&sealed);
    }
    let sought = Sought::read(ask, "q")?;
    let query: String = sought.words.chars().take(limits::SEARCH).collect();
    let wanted = query.to_lowercase();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut people = people::employees(&mut tx).await?;
    let mut held: BTreeMap<String, Vec<Appointment>> = BTreeMap::new();
    for one in appointments::on_day(&mut tx, None, ask.now().day()).await? {
        held.entry(one.person.clone()).or_default().push(one);
    }
    let mut waits = staff_wait::all(ask, &mut tx).await?;
    drop(tx);
    let me = ask.employee()?;
    waits.retain(|request| me.administers() && !request.kind.is_own() && request.person != me.id);
    let names = waits.iter().map(|request| request.person.clone()).collect();
    let names = Names::load(&ask.app, ask.tenant(), names).await?;
    people.retain(|person| {
        person.name.to_lowercase().contains(&wanted)
            || person.login.as_deref().is_some_and(|login| login.contains(&wanted))
    });
    let row = |person: &Person| StaffRow {
        href: ask.at(&format!("/desk/staff/{}", person.id)),
        name: person.name.clone(),
        login: person.login.clone().unwrap_or_default(),
        posts: held.get(&person.id).into_iter().flatten().map(|held| posts::line(ask, held)).collect(),
        state: state(&reader, person),
    };
    let add = ActionLink { href: ask.at("/desk/staff/new"), text: reader.get("staff.add"), ..ActionLink::default() };
    let waits = waits.iter().map(|request| staff_wait::link(ask, &names, request));
    let view = Staff {
        action: ask.at("/desk/staff"),
        total: people.len().to_string(),
        rows: people.iter().take(limits::STAFF_SHOWN).map(row).collect(),
        query,
        actions: me.administers().then_some(add).into_iter().chain(waits).collect(),
    };
    sought.told(ask, ask.page(Page::Staff(view)).back(ask.at("/desk"))).answer()
}

/// Whether somebody can sign in.
fn state(reader: &Reader<'_>, person: &Person) -> Tag {
    match () {
        () if person.disabled => Tag::new(reader.get("staff.barred"), Tone::Bad),
        () if person.login.is_none() || person.password_hash.is_none() => {
            Tag::new(reader.get("staff.cannot"), Tone::Neutral)
        }
        () => Tag::new(reader.get("staff.can"), Tone::Good),
    }
}

/// The employee in the address.
pub(super) async fn person(ask: &Ask) -> Result<Person, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = people::find(&mut tx, ask.param("person")).await?;
    found.filter(|person| person.kind == "employee").ok_or(Problem::NotFound)
}

/// The employee in the address, to be changed: nobody changes the own posts or the own way in.
pub(super) async fn another(ask: &Ask) -> Result<Person, Problem> {
    let person = person(ask).await?;
    let own = person.id == ask.employee()?.id;
    if own && connectors::control::holds("az_14_oneself") { Err(Problem::Forbidden) } else { Ok(person) }
}

/// Where the page of a person is.
pub(super) fn href(ask: &Ask, person: &str) -> String {
    ask.at(&format!("/desk/staff/{person}"))
}

/// `GET /{tenant}/desk/staff/{person}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let person = person(ask).await?;
    draw(ask, &person, "").await
}

/// The page of a person, with a password that was just made and is shown once; empty for none.
pub(super) async fn draw(ask: &Ask, person: &Person, password: &str) -> Answer {
    let (reader, today) = (Reader::of(ask), ask.now().day());
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut held = appointments::ever(&mut tx, &person.id).await?;
    let factor = factors::find(&mut tx, &person.id).await?.and_then(|factor| factor.confirmed_ms);
    let leave = leaves::from_day(&mut tx, today).await?.into_iter().find(|leave| leave.person == person.id);
    let tokens = program_tokens::of_person(&mut tx, &person.id).await?;
    let known = identities::of_person(&mut tx, &person.id).await?;
    let told = events::about_person(&mut tx, &person.id, &TOLD, HISTORY).await?;
    let waits = staff_wait::of_person(ask, &mut tx, &person.id).await?;
    drop(tx);
    let mut ids: Vec<String> = held.iter().filter_map(|held| held.held_for.clone()).collect();
    ids.extend(told.iter().map(|event| event.actor.clone()));
    ids.extend(leave.iter().map(|leave| leave.stand_in.clone()));
    ids.extend(waits.iter().map(|request| request.asked_by.clone()));
    let names = Names::load(&ask.app, ask.tenant(), ids).await?;
    let own = person.id == ask.employee()?.id;
    let looks = own || !ask.employee()?.administers();
    let mut rows = vec![
        Row::new(reader.get("desk_sign_in.user"), person.login.clone().unwrap_or_default()),
        Row::new(reader.get("mobile.now"), person.mobile.as_deref().map(masked).unwrap_or_default()),
        Row::new(reader.get("staff.state"), state(&reader, person).text),
        Row::new(
            reader.get("second.row"),
            match factor {
                Some(ms) => reader.day_of(ms),
                None => reader.get("second.off"),
            },
        ),
    ];
    rows.extend(
        waits
            .iter()
            .map(|request| staff_wait::row(ask, &names, request, (!looks).then(|| staff_wait::href(ask, request)))),
    );
    rows.extend(staff_identity::rows(ask, &known));
    rows.extend(leave.map(|leave| {
        let who = if leave.stand_in.is_empty() { "–".to_owned() } else { names.officer(&leave.stand_in) };
        let days = [("from", reader.day(leave.from)), ("until", reader.day(leave.until)), ("who", who)];
        let days: Vec<(&str, &str)> = days.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Row::new(reader.get("staff.leave"), reader.say("staff.leave_until", &days))
    }));
    if own {
        rows.push(Row::new(reader.get("account.title"), reader.get("staff.not_self")));
    }
    // Posts of today stand first; the sort is stable.
    held.sort_by_key(|held| !held.holds_on(today));
    let view = StaffMember {
        name: person.name.clone(),
        rows,
        actions: if looks { Vec::new() } else { actions(ask, &reader, person, factor.is_some()) },
        posts: held.iter().map(|held| posts::post(ask, &names, held, looks)).collect(),
        history: told.iter().map(|event| happening(ask, &reader, &names, event)).collect(),
        tokens: tokens.iter().map(|token| staff_token::row(ask, token, looks)).collect(),
        password: password.to_owned(),
    };
    ask.page(Page::StaffMember(view)).back(ask.at("/desk/staff")).answer()
}

fn actions(ask: &Ask, reader: &Reader<'_>, person: &Person, factor: bool) -> Vec<ActionLink> {
    let link = |path: &str, key: &str| ActionLink {
        href: format!("{}/{path}", href(ask, &person.id)),
        text: reader.get(key),
        ..ActionLink::default()
    };
    let mut actions = vec![ActionLink { primary: true, ..link("appoint", "staff.appoint") }];
    actions.extend(person.login.as_ref().map(|_| link("do/password", "staff.password")));
    actions.extend(factor.then(|| link("do/second", "staff.second")));
    actions.extend(staff_identity::actions(ask, person));
    actions.push(link("token", "token.add"));
    actions.push(if person.disabled {
        link("do/let", "staff.let")
    } else {
        ActionLink { danger: true, ..link("do/bar", "staff.bar") }
    });
    actions
}

/// What was asked for, by the word of its kind.
fn waited(reader: &Reader<'_>, kind: &str) -> String {
    reader.get(match kind {
        "token" => "token.add",
        "identity" => "waits.elsewhere",
        "password" => "staff.password",
        "second" => "staff.second",
        _ => "staff.appoint",
    })
}

/// What was changed, by whom.
fn happening(ask: &Ask, reader: &Reader<'_>, names: &Names, event: &Event) -> Happening {
    let facts = &event.command["facts"];
    let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
    let title = match event.command["word"].as_str().unwrap_or_default() {
        "appoint" => {
            let day = |name: &str| engine::base::date::parse_day(facts[name].as_str()?);
            let from = day("from").unwrap_or_else(|| ask.now().day());
            let held = Appointment {
                person: text("person"),
                service: text("service"),
                role: engine::base::Name::new(&text("role")),
                place: text("place"),
                from,
                until: day("until"),
                departments: Vec::new(),
                most: None,
                held_for: None,
            };
            let span = posts::span(reader, from, held.until);
            reader.say("staff.did_appoint", &[("role", &posts::line(ask, &held)), ("span", &span)])
        }
        "second_factor" => {
            let what = if text("what") == "off" { reader.get("second.off") } else { reader.day_of(event.at_ms) };
            reader.say("staff.did_second", &[("what", &what)])
        }
        "identity" => match text("what").as_str() {
            "removed" => reader.get("identity.did_remove"),
            "bound" => reader.get("identity.did_bind"),
            _ => reader.get("identity.did_enter"),
        },
        "program_token" => reader.say("token.did_make", &[("name", &text("name"))]),
        "program_token_revoked" => reader.say("token.did_revoke", &[("name", &text("name"))]),
        "ask_staff_request" => reader.say("waits.did_ask", &[("what", &waited(reader, &text("kind")))]),
        "decide_staff_request" if text("state") == "agreed" => {
            reader.say("waits.did_agree", &[("what", &waited(reader, &text("kind")))])
        }
        "decide_staff_request" => reader.say("waits.did_refuse", &[("what", &waited(reader, &text("kind")))]),
        "password" => reader.get("staff.did_password"),
        "first_password" => reader.get("staff.did_given"),
        _ => reader.get("staff.did_person"),
    };
    Happening {
        title,
        when: reader.moment(event.at_ms),
        iso: reader.iso(event.at_ms),
        who: names.actor(reader, &event.actor_kind, &event.actor),
        ..Happening::default()
    }
}

//! Posts in words: roles, services, places, powers; and which of them can be given.

use engine::base::date::add_days;
use engine::base::{Day, Name};
use engine::billing::Billing;
use engine::service::Service;
use engine::workflow::Action;
use ui_gen::view::choice::{Choice, Look, Opt, OptionGroup};
use ui_gen::view::common::{ActionLink, Tag, Tone};
use ui_gen::view::staff::Post;

use super::names::Names;
use super::reader::Reader;
use crate::auth::policy::{ADMINISTRATOR, AUDITOR, is_audit};
use crate::auth::token;
use crate::http::ask::Ask;
use crate::store::appointments::{Appointment, EVERY_SERVICE, THE_TOWN};

/// Digits by which an address names an appointment.
const NAMED: usize = 16;
/// Places that are all offered; of more, those of the two upper levels are.
const PLACES: usize = 200;

/// How an address names an appointment of a person.
pub(super) fn key(held: &Appointment) -> String {
    let text = format!("{}\n{}\n{}\n{}", held.service, held.role, held.place, held.from);
    token::stored(&text)[..NAMED].to_owned()
}

/// What people call a role.
pub(super) fn role(ask: &Ask, held: &Appointment) -> String {
    let reader = Reader::of(ask);
    if held.service == THE_TOWN && held.role == *ADMINISTRATOR {
        return reader.get("staff.administrator");
    }
    if is_audit(held) {
        return reader.get("staff.auditor");
    }
    let mut services = ask.library.catalogue.services(ask.tenant());
    let of = services.find_map(|service| {
        let fits = held.service == service.id || held.service == EVERY_SERVICE;
        service.role(&held.role).filter(|_| fits)
    });
    of.map_or_else(|| held.role.to_string(), |role| reader.text(&role.label).to_owned())
}

/// For what it is held.
pub(super) fn service(ask: &Ask, held: &Appointment) -> String {
    let reader = Reader::of(ask);
    match held.service.as_str() {
        THE_TOWN => reader.get("staff.town"),
        EVERY_SERVICE => reader.get("staff.every"),
        id => match ask.library.catalogue.service(&ask.tenant().id, id) {
            Some(service) => reader.text(&service.title).to_owned(),
            None => id.to_owned(),
        },
    }
}

/// From when until when.
pub(super) fn span(reader: &Reader<'_>, from: Day, until: Option<Day>) -> String {
    match until {
        Some(until) => reader.say("staff.from_until", &[("from", &reader.day(from)), ("until", &reader.day(until))]),
        None => reader.say("staff.from_on", &[("from", &reader.day(from))]),
    }
}

/// A post as the page of its holder shows it; `looks` where the reader holds it or audits, who changes nothing then.
pub(super) fn post(ask: &Ask, names: &Names, held: &Appointment, looks: bool) -> Post {
    let (reader, today) = (Reader::of(ask), ask.now().day());
    let mut about = vec![if held.place.is_empty() { reader.get("staff.whole") } else { reader.place(&held.place) }];
    if !held.departments.is_empty() {
        about.push(departments(ask, &held.departments));
    }
    about.extend(held.most.map(|most| reader.say("staff.up_to", &[("amount", &reader.money(most))])));
    about.extend(held.held_for.as_ref().map(|who| reader.say("staff.for_whom", &[("who", &names.officer(who))])));
    let over = held.until.is_some_and(|until| until < today || until < held.from);
    let state = match () {
        () if over => Tag::new(reader.get("staff.over"), Tone::Neutral),
        () if held.from > today => Tag::new(reader.get("staff.later"), Tone::Info),
        () => Tag::new(reader.get("staff.today"), Tone::Good),
    };
    let link = |deed: &str, text: &str| ActionLink {
        href: ask.at(&format!("/desk/staff/{}/posts/{}/{deed}", held.person, key(held))),
        text: reader.get(text),
        ..ActionLink::default()
    };
    let mut actions = Vec::new();
    if !over && !looks {
        actions.push(link("end", "staff.end"));
        // What somebody looks after for another is not passed on.
        actions.extend(held.held_for.is_none().then(|| link("lend", "staff.lend")));
    }
    Post {
        role: role(ask, held),
        service: service(ask, held),
        about,
        span: span(&reader, held.from, held.until),
        state,
        actions,
    }
}

/// A post in one line.
pub(super) fn line(ask: &Ask, held: &Appointment) -> String {
    let reader = Reader::of(ask);
    let place = if held.place.is_empty() { String::new() } else { format!(", {}", reader.place(&held.place)) };
    format!("{}, {}{place}", role(ask, held), service(ask, held))
}

/// Whether a post decides, takes money, administers or audits: nobody gives such a one alone.
pub(super) fn weighs(ask: &Ask, held: &Appointment) -> bool {
    let mut services = ask.library.catalogue.services(ask.tenant());
    let fits = |service: &Service| held.service == service.id || held.service == EVERY_SERVICE;
    held.service == THE_TOWN || services.any(|service| fits(service) && has_weight(service, &held.role))
}

/// Whether whoever holds a role of a service takes money or agrees that a receipt is taken back, or takes an action that
/// ends a case, changes what is owed, or gives a right or a paper.
fn has_weight(service: &Service, role: &Name) -> bool {
    let roles = std::slice::from_ref(role);
    let money = |billing: &Billing| billing.collected_by(roles) || billing.cancelled_by(roles);
    let ends = |action: &Action| service.workflow.state(&action.to).is_some_and(|to| to.end.is_some());
    let decides = |action: &Action| {
        let owed = action.demand.is_some() || action.excess.is_some();
        owed || action.grant.is_some() || !action.issue.is_empty() || ends(action)
    };
    let own = |action: &Action| action.roles().iter().any(|by| **by == *role);
    let mut actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    service.billing.as_ref().is_some_and(money) || actions.any(|action| own(action) && decides(action))
}

/// The first day for which authority can still be taken away: what was done yesterday was done with it.
pub(super) fn yesterday(ask: &Ask) -> Day {
    add_days(ask.now().day(), -1)
}

/// Every post that can be given: by service, for all services together, and for the town itself.
pub(super) fn choice(ask: &Ask, chosen: &str) -> Choice {
    let reader = Reader::of(ask);
    let mut groups = Vec::new();
    let mut everywhere: Vec<Opt> = Vec::new();
    for service in ask.library.catalogue.services(ask.tenant()) {
        let role =
            |role: &engine::service::Role| Opt::new(format!("{}|{}", service.id, role.name), reader.text(&role.label));
        groups.push(OptionGroup {
            label: reader.text(&service.title).to_owned(),
            options: service.offices().map(role).collect(),
        });
        for role in service.offices() {
            let value = format!("{EVERY_SERVICE}|{}", role.name);
            if everywhere.iter().all(|known| known.value != value) {
                everywhere.push(Opt::new(value, reader.text(&role.label)));
            }
        }
    }
    groups.push(OptionGroup { label: reader.get("staff.every"), options: everywhere });
    let administrator = Opt::new(format!("{THE_TOWN}|{ADMINISTRATOR}"), reader.get("staff.administrator"));
    let auditor = Opt::new(format!("{THE_TOWN}|{AUDITOR}"), reader.get("staff.auditor"));
    groups.push(OptionGroup { label: reader.get("staff.town"), options: vec![administrator, auditor] });
    select(groups, chosen)
}

/// The places for which a post can be given.
pub(super) fn places(ask: &Ask, chosen: &str) -> Choice {
    let reader = Reader::of(ask);
    let places = &ask.tenant().places.entries;
    let offered = places.iter().filter(|place| places.len() <= PLACES || place.depth <= 1);
    let options = offered.map(|place| Opt::new(&place.code, reader.text(&place.label))).collect();
    select(vec![OptionGroup { label: String::new(), options }], chosen)
}

/// The departments to whose cases a post can be limited.
pub(super) fn sections(ask: &Ask) -> Vec<Opt> {
    let reader = Reader::of(ask);
    let mut options: Vec<Opt> = Vec::new();
    let lists = ask.library.catalogue.services(ask.tenant()).filter_map(|service| service.department_list());
    for entry in lists.flat_map(|list| &list.entries) {
        if options.iter().all(|known| known.value != entry.code) {
            options.push(Opt::new(&entry.code, reader.text(&entry.label)));
        }
    }
    options
}

fn departments(ask: &Ask, codes: &[String]) -> String {
    let known = sections(ask);
    let label = |code: &String| {
        known.iter().find(|one| one.value == *code).map_or_else(|| code.clone(), |one| one.label.clone())
    };
    codes.iter().map(label).collect::<Vec<_>>().join(", ")
}

/// A select box whatever its length: what is chosen here is not searched for.
pub(super) fn select(mut groups: Vec<OptionGroup>, chosen: &str) -> Choice {
    for option in groups.iter_mut().flat_map(|group| &mut group.options) {
        option.chosen = !chosen.is_empty() && option.value == chosen;
    }
    Choice { look: Look::Select, groups, ..Choice::default() }
}

/// Whether a choice offers `value`.
pub(super) fn offers(choice: &Choice, value: &str) -> bool {
    choice.groups.iter().flat_map(|group| &group.options).any(|option| option.value == value)
}

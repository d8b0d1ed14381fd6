//! What surrounds a page: town, languages, menu, who is signed in.

use connectors::message::masked;
use engine::template::format;
use ui_gen::Chrome;
use ui_gen::chrome::{Language, Person, Session, Town};
use ui_gen::view::common::{Link, NavLink};

use super::ask::Ask;
use super::{limits, when};
use crate::auth::policy::{ADMINISTRATOR, is_audit};
use crate::auth::{Who, token};
use crate::store::appointments::THE_TOWN;

/// The surroundings of the page that was asked for.
pub fn of(ask: &Ask) -> Chrome {
    let staff = ask.path.split('/').nth(2) == Some("desk") || ask.path.starts_with("/dev");
    Chrome {
        lang: ask.lang.clone(),
        dir: direction(ask),
        languages: languages(ask),
        town: town(ask),
        style_href: ask.tenant.as_ref().and_then(|tenant| ask.library.style_address(&tenant.id)).unwrap_or_default(),
        person: person(ask),
        session: session(ask),
        csrf: ask.form_token(),
        key: ask.app.chance.id(),
        title: None,
        back: None,
        path: ask.path.clone(),
        staff,
        nav: if ask.path.starts_with("/dev") {
            super::dev::menu(ask)
        } else if staff {
            super::desk::menu(ask)
        } else {
            nav(ask)
        },
        problems: problems(ask),
        notices: Vec::new(),
        version: version(ask),
        updated: updated(ask),
    }
}

/// While files are watched, every page tells those who write definitions that something is wrong.
fn problems(ask: &Ask) -> Option<Link> {
    let count = super::dev::count(ask);
    let told =
        ask.app.config.implementer && ask.app.library.is_watched() && count > 0 && ask.path != super::dev::PROBLEMS;
    told.then(|| Link::new(super::dev::PROBLEMS, ask.words().say("dev.banner", &[("n", &count.to_string())])))
}

/// The version of the product, and of the definitions that made the page: the first digits of a digest
/// over those of all services of the town.
fn version(ask: &Ask) -> String {
    let product = env!("CARGO_PKG_VERSION");
    let Some(tenant) = &ask.tenant else { return product.to_owned() };
    let digests: Vec<&str> = ask.library.catalogue.services(tenant).map(|service| service.digest.as_str()).collect();
    format!("{product} ({})", &token::stored(&digests.join("\n"))[..7])
}

/// The day on which what the town's pages say last changed: since when the newest rates are in force, or the
/// newest announcement is shown. Empty where there are neither.
pub fn updated(ask: &Ask) -> String {
    let Some(tenant) = &ask.tenant else { return String::new() };
    let today = ask.app.clock.now(tenant).day();
    let fees = ask.library.catalogue.services(tenant).filter_map(|service| service.fees.as_ref());
    let rates = fees.filter_map(|fees| fees.in_force(today)).map(|schedule| schedule.from);
    let news = tenant.announcements.iter().filter(|news| news.holds_on(today)).filter_map(|news| news.from);
    let newest = rates.chain(news).max();
    newest.map(format::day).unwrap_or_default()
}

fn direction(ask: &Ask) -> String {
    ask.words().find("language.dir").unwrap_or("ltr").to_owned()
}

/// The languages that pages of this address can be read in.
pub fn offered(ask: &Ask) -> Vec<String> {
    let any = || ask.library.catalogue.tenants.values().next();
    ask.tenant
        .as_ref()
        .or_else(any)
        .map_or_else(|| ask.library.languages().map(str::to_owned).collect(), |tenant| tenant.languages.clone())
}

/// The address at which the page can be looked at again. What was only posted to has none of its own,
/// so it is the nearest above that has.
fn looked_at(ask: &Ask) -> &str {
    let mut path = ask.path.as_str();
    let Some(route) = ask.route else { return path };
    let mut row = route.path;
    while !super::routes::table().any(|other| other.get && other.path == row) {
        let (Some((above, _)), Some((shorter, _))) = (row.rsplit_once('/'), path.rsplit_once('/')) else { break };
        (row, path) = (above, shorter);
    }
    if path.is_empty() { "/" } else { path }
}

/// The query of that address, without the language.
fn query(ask: &Ask) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let own = looked_at(ask) == ask.path;
    for (name, values) in ask.query.iter().filter(|(name, _)| own && *name != "lang") {
        for value in values {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

/// The whole address at which the page can be looked at again.
pub fn address(ask: &Ask) -> String {
    let (path, query) = (looked_at(ask), query(ask));
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn languages(ask: &Ask) -> Vec<Language> {
    let (path, query) = (looked_at(ask), query(ask));
    let others = offered(ask).into_iter().filter(|code| *code != ask.lang);
    others
        .map(|code| {
            let rest = if query.is_empty() { String::new() } else { format!("&{query}") };
            let name = ask.library.words(&code).find("language.name").unwrap_or(&code).to_owned();
            Language { href: format!("{path}?lang={code}{rest}"), code, name }
        })
        .collect()
}

/// Whose page it is.
pub fn town(ask: &Ask) -> Town {
    let lang = ask.lang.as_str();
    let any = ask.library.catalogue.tenants.values().next();
    match (&ask.tenant, any) {
        (Some(tenant), _) => Town {
            base: format!("/{}", tenant.id),
            name: tenant.title.in_language(lang).to_owned(),
            line: tenant.state_title.in_language(lang).to_owned(),
            emblem: tenant.emblem.as_deref().unwrap_or_default().to_owned(),
            emblem_alt: ask.words().say("chrome.emblem", &[("town", tenant.title.in_language(lang))]),
        },
        (None, Some(tenant)) => Town {
            base: String::new(),
            name: tenant.state_title.in_language(lang).to_owned(),
            line: String::new(),
            emblem: tenant.state_emblem.as_deref().unwrap_or_default().to_owned(),
            emblem_alt: ask.words().say("chrome.emblem", &[("town", tenant.state_title.in_language(lang))]),
        },
        (None, None) => Town::default(),
    }
}

fn person(ask: &Ask) -> Option<Person> {
    let base = format!("/{}", ask.tenant.as_ref()?.id);
    match &ask.who {
        Who::Nobody => None,
        Who::Citizen(citizen) => {
            let name = if citizen.name.is_empty() { masked(&citizen.mobile) } else { citizen.name.clone() };
            Some(Person { name, role: String::new(), sign_out: format!("{base}/sign-out") })
        }
        Who::Employee(employee) => {
            let service = |id: &str| ask.library.catalogue.service(&employee.tenant, id);
            let mut roles: Vec<String> = Vec::new();
            for held in &employee.held {
                let label = service(&held.service)
                    .and_then(|service| service.role(&held.role))
                    .map(|role| role.label.in_language(&ask.lang).to_owned());
                let administers = held.role == *ADMINISTRATOR && held.service == THE_TOWN;
                let own = administers.then(|| ask.words().get("staff.administrator"));
                let own = own.or_else(|| is_audit(held).then(|| ask.words().get("staff.auditor")));
                let label = label.or(own).unwrap_or_default();
                if !label.is_empty() && !roles.contains(&label) {
                    roles.push(label);
                }
            }
            Some(Person { name: employee.name.clone(), role: roles.join(", "), sign_out: format!("{base}/sign-out") })
        }
    }
}

/// When the session of whoever asks ends if nothing more is asked, in milliseconds; none for strangers.
pub fn session_ends(ask: &Ask) -> Option<i64> {
    let session = ask.session.as_ref().filter(|_| ask.who != Who::Nobody)?;
    Some(session.expires_ms.min(session.created_ms + limits::SESSION_MS))
}

/// Seconds until then.
pub fn session_left(ask: &Ask) -> Option<i64> {
    session_ends(ask).map(|ends| (ends - ask.app.clock.now_ms()).max(0) / 1_000)
}

fn session(ask: &Ask) -> Option<Session> {
    let tenant = ask.tenant.as_ref()?;
    let (ends, left) = (session_ends(ask)?, session_left(ask)?);
    let time = when::moment(ask.words(), ask.app.clock.now(tenant).with_ms(ends));
    Some(Session { ends: time, left: left.to_string(), stay: format!("/{}/session", tenant.id) })
}

fn nav(ask: &Ask) -> Vec<NavLink> {
    let Some(tenant) = &ask.tenant else { return Vec::new() };
    let link = |path: &str, key: &str| {
        let href = format!("/{}{path}", tenant.id);
        NavLink { current: ask.path == href, href, text: ask.words().get(key), count: String::new() }
    };
    let pays = crate::dues::payable(&ask.library, tenant).next().is_some();
    let pay = pays.then(|| link("/pay", "dues.title"));
    let mut links = vec![link("", "catalogue.title"), link("/my", "my.title")];
    links.extend(pay);
    links.push(link("/verify", "verify.title"));
    links
}

//! Choosing a town, and finding a service.

use engine::template::format;
use ui_gen::Page;
use ui_gen::view::common::Link;
use ui_gen::view::home::{Catalogue, ChooseTown, NewsGroup, ServiceGroup, ServiceLink, TownGroup, TownLink};
use ui_gen::view::survey::SurveyLink;

use super::{calendar, surveys};
use crate::dues;
use crate::http::ask::{self, Answer, Ask};
use crate::http::cookies::Cookie;
use crate::http::public::{self, List, Shown};
use crate::http::{limits, when};
use crate::problem::Problem;

/// `GET /`
pub async fn towns(ask: &Ask) -> Answer {
    let lang = ask.lang.as_str();
    let query = searched(ask)?;
    let groups = districts(ask, &query);
    let towns = &ask.library.catalogue.tenants;
    let last = ask.jar().get(&ask.headers, Cookie::Town).and_then(|id| ask.library.tenant(&id));
    let mut states: Vec<&str> = towns.values().map(|tenant| tenant.state_title.in_language(lang)).collect();
    states.dedup();
    let page = ChooseTown {
        state: states.join(", "),
        query,
        groups,
        total: towns.len().to_string(),
        last: last.map(|tenant| Link::new(format!("/{}", tenant.id), tenant.short.in_language(lang))),
    };
    ask.page(Page::ChooseTown(page)).answer()
}

/// The towns that fit what was searched for, by district.
pub(super) fn districts(ask: &Ask, query: &str) -> Vec<TownGroup> {
    let lang = ask.lang.as_str();
    let mut groups: Vec<TownGroup> = Vec::new();
    let mut towns: Vec<_> = ask.library.catalogue.tenants.values().collect();
    towns.sort_by_key(|tenant| {
        (tenant.district.in_language(lang).to_owned(), tenant.short.in_language(lang).to_owned())
    });
    for tenant in &towns {
        let languages = tenant.languages.iter();
        let names: Vec<&str> =
            languages.flat_map(|lang| [tenant.short.in_language(lang), tenant.district.in_language(lang)]).collect();
        if !fits(query, &names) {
            continue;
        }
        let district = tenant.district.in_language(lang);
        let town = TownLink {
            href: format!("/{}", tenant.id),
            name: tenant.short.in_language(lang).to_owned(),
            note: tenant.title.in_language(lang).to_owned(),
        };
        match groups.last_mut().filter(|group| group.title == district) {
            Some(group) => group.towns.push(town),
            None => groups.push(TownGroup { title: district.to_owned(), towns: vec![town] }),
        }
    }
    groups
}

/// `GET /{tenant}`
pub async fn catalogue(ask: &Ask) -> Answer {
    let (tenant, lang, words) = (ask.tenant(), ask.lang.as_str(), ask.words());
    let query = searched(ask)?;
    let mut groups: Vec<ServiceGroup> = Vec::new();
    let mut top = pay(ask, &query);
    for service in ask.library.catalogue.services(tenant) {
        let text = service.about.as_ref().map(|about| about.in_language(lang)).unwrap_or_default();
        let titles = tenant.languages.iter().map(|lang| service.title.in_language(lang));
        let names: Vec<&str> = titles.chain(service.also_called.iter().map(String::as_str)).collect();
        if !fits(&query, &names) && !fits(&query, &[text]) {
            continue;
        }
        let within = service.statute.as_ref().map(|statute| {
            let key = if statute.sooner.is_some() { "catalogue.at_most" } else { "catalogue.within" };
            words.say(key, &[("span", &when::span(words, statute.within))])
        });
        let free = service.fees.is_none().then(|| words.get("start.free"));
        let note: Vec<String> = within.into_iter().chain(free).collect();
        let link = ServiceLink {
            href: ask.at(&format!("/services/{}", service.id)),
            title: service.title.in_language(lang).to_owned(),
            text: first_sentence(text),
            note: note.join(" · "),
        };
        if query.is_empty() && top.len() < TOP && service.on_record.is_none() {
            top.push(ServiceLink { note: String::new(), ..link.clone() });
        }
        let title = service.group.in_language(lang);
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.services.push(link),
            None => groups.push(ServiceGroup { title: title.to_owned(), services: vec![link] }),
        }
    }
    let lists = public::all(&ask.library, tenant);
    let links = lists.iter().map(|list| list_link(ask, list));
    let links: Vec<ServiceLink> = links.filter(|link| fits(&query, &[link.title.as_str()])).collect();
    if !links.is_empty() {
        groups.push(ServiceGroup { title: words.get("public.title"), services: links });
    }
    let mut news = Vec::new();
    if query.is_empty() {
        top.extend(calendar::cards(ask));
        top.extend(follow(ask));
        news.extend(surveys(ask));
        news.extend(newest(ask, &lists).await?);
    }
    let empty = groups.is_empty();
    let announcements = announced(ask);
    let view = Catalogue { top, groups, query, empty, announcements, news };
    let response = ask.page(Page::Catalogue(view)).back("/").answer()?;
    Ok(ask::with_cookie(response, ask.jar(), Cookie::Town, &tenant.id))
}

/// The way to pay what is owed on a record, where the town lets anybody.
fn pay(ask: &Ask, query: &str) -> Vec<ServiceLink> {
    let open = query.is_empty() && dues::payable(&ask.library, ask.tenant()).next().is_some();
    let words = ask.words();
    let card = || ServiceLink {
        href: ask.at("/pay"),
        title: words.get("dues.title"),
        text: words.get("dues.card"),
        note: String::new(),
    };
    open.then(card).into_iter().collect()
}

/// What people come for who have applied already, hold a paper, or want to know what they can ask for.
fn follow(ask: &Ask) -> [ServiceLink; 3] {
    let card = |path: &str, title: &str, text: &str| ServiceLink {
        href: ask.at(path),
        title: ask.words().get(title),
        text: ask.words().get(text),
        note: String::new(),
    };
    [
        card("/track", "catalogue.track", "catalogue.track_text"),
        card("/verify", "verify.title", "catalogue.verify_text"),
        card("/charter", "charter.title", "charter.card"),
    ]
}

/// A public list of records among the services.
fn list_link(ask: &Ask, list: &List<'_>) -> ServiceLink {
    ServiceLink { href: ask.at(&list.path()), title: list.title(&ask.lang), ..ServiceLink::default() }
}

/// What the town asks everybody today.
fn surveys(ask: &Ask) -> Option<NewsGroup> {
    let open: Vec<ServiceLink> = surveys::open(ask).into_iter().take(SURVEYS).map(survey_link).collect();
    let group = || NewsGroup { title: ask.words().get("survey.title"), href: ask.at("/surveys"), news: open.clone() };
    (!open.is_empty()).then(group)
}

fn survey_link(survey: SurveyLink) -> ServiceLink {
    ServiceLink { href: survey.href, title: survey.title, text: survey.text, note: survey.note }
}

/// The newest records of the lists that stand on the front page, until their last day.
async fn newest(ask: &Ask, lists: &[List<'_>]) -> Result<Vec<NewsGroup>, Problem> {
    let mut groups = Vec::new();
    for list in lists.iter().filter(|list| list.front() > 0) {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let (shown, _) = list.page(ask, &mut tx, "", 0).await?;
        drop(tx);
        let news: Vec<ServiceLink> = shown.into_iter().take(list.front()).map(|shown| news_link(ask, shown)).collect();
        if !news.is_empty() {
            groups.push(NewsGroup { title: list.title(&ask.lang), href: ask.at(&list.path()), news });
        }
    }
    Ok(groups)
}

fn news_link(ask: &Ask, shown: Shown) -> ServiceLink {
    let until = shown.until.map(|day| ask.words().say("public.until", &[("day", &format::day(day))]));
    let href = ask.at(&shown.path);
    ServiceLink { href, title: shown.heading, text: shown.text, note: until.unwrap_or_default() }
}

/// What the town announces today.
fn announced(ask: &Ask) -> Vec<String> {
    let today = ask.now().day();
    let holds = ask.tenant().announcements.iter().filter(|announcement| announcement.holds_on(today));
    holds.map(|announcement| announcement.text.in_language(&ask.lang).to_owned()).collect()
}

/// Services shown as big links above the others.
const TOP: usize = 4;
/// Surveys that stand on the front page.
const SURVEYS: usize = 3;

/// What was searched for, cut to what a search may be.
pub(super) fn searched(ask: &Ask) -> Result<String, Problem> {
    Ok(ask.query("q")?.trim().chars().take(limits::SEARCH).collect())
}

/// Whether every word that was searched for stands in one of the names.
pub(super) fn fits(query: &str, names: &[&str]) -> bool {
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    query.to_lowercase().split_whitespace().all(|word| names.iter().any(|name| name.contains(word)))
}

/// The first sentence of a text, or what stands before its colon, with a full stop.
pub fn first_sentence(text: &str) -> String {
    let end = text.find(['.', '।', ':']).unwrap_or(text.len());
    let sentence = text[..end].trim_end();
    let stop = if sentence.contains(|c| ('\u{900}'..='\u{97f}').contains(&c)) { '।' } else { '.' };
    let ends = sentence.is_empty() || sentence.ends_with(['?', '!']);
    if ends { sentence.to_owned() } else { format!("{sentence}{stop}") }
}

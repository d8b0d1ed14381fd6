//! Every page that one can come to without asking somebody: of a town, or of all towns.

use ui_gen::Page;
use ui_gen::view::common::Link;
use ui_gen::view::other::{LinkGroup, Sitemap};

use super::home;
use crate::dues;
use crate::http::ask::{Answer, Ask};
use crate::http::public;

/// The pages about the pages, below the town or above the towns.
const ABOUT: [&str; 4] = ["help", "accessibility", "privacy", "terms"];

/// `GET /sitemap`, `GET /{tenant}/sitemap`
pub async fn page(ask: &Ask) -> Answer {
    let groups = if ask.tenant.is_some() { of_town(ask) } else { of_towns(ask) };
    ask.page(Page::Sitemap(Sitemap { groups })).back(ask.home()).answer()
}

fn of_town(ask: &Ask) -> Vec<LinkGroup> {
    let link = |path: &str, key: &str| Link::new(ask.at(path), ask.words().get(key));
    let mut first = vec![link("", "catalogue.title"), link("/my", "my.title"), link("/track", "find_case.title")];
    first.push(link("/verify", "verify.title"));
    first.push(link("/charter", "charter.title"));
    if !ask.library.catalogue.surveys(&ask.tenant().id).is_empty() {
        first.push(link("/surveys", "survey.title"));
    }
    if dues::payable(&ask.library, ask.tenant()).next().is_some() {
        first.push(link("/pay", "dues.title"));
    }
    let mut groups = vec![group(ask, "sitemap.most", first)];
    for service in ask.library.catalogue.services(ask.tenant()) {
        let title = service.group.in_language(&ask.lang);
        let link =
            Link::new(ask.at(&format!("/services/{}", service.id)), service.title.in_language(&ask.lang).to_owned());
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.links.push(link),
            None => groups.push(LinkGroup { title: title.to_owned(), links: vec![link] }),
        }
    }
    let lists = public::all(&ask.library, ask.tenant());
    if !lists.is_empty() {
        let lists = lists.iter().map(|list| Link::new(ask.at(&list.path()), list.title(&ask.lang)));
        groups.push(group(ask, "public.title", lists.collect()));
    }
    let mut about = about(ask);
    about.push(link("/contact", "contact.title"));
    about.push(link("/feedback", "feedback.title"));
    about.push(link("/chain", "chain.title"));
    about.push(link("/desk/sign-in", "desk_sign_in.title"));
    about.push(Link::new("/", ask.words().get("town.title")));
    groups.push(group(ask, "sitemap.about", about));
    groups
}

fn of_towns(ask: &Ask) -> Vec<LinkGroup> {
    let towns = home::districts(ask, "").into_iter().map(|district| LinkGroup {
        title: district.title,
        links: district.towns.into_iter().map(|town| Link::new(town.href, town.name)).collect(),
    });
    let mut about = about(ask);
    about.insert(0, Link::new("/", ask.words().get("town.title")));
    about.insert(1, Link::new("/figures", ask.words().get("figures.title")));
    std::iter::once(group(ask, "sitemap.about", about)).chain(towns).collect()
}

fn about(ask: &Ask) -> Vec<Link> {
    let base = ask.home();
    let base = base.trim_end_matches('/');
    ABOUT.iter().map(|page| Link::new(format!("{base}/{page}"), ask.words().get(&format!("{page}.title")))).collect()
}

fn group(ask: &Ask, key: &str, links: Vec<Link>) -> LinkGroup {
    LinkGroup { title: ask.words().get(key), links }
}

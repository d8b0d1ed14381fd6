//! The list of cases as a page: filters with counts, tags, columns that sort, rows.

#![allow(
    clippy::format_push_string,
    clippy::match_same_arms,
    reason = "a line of labels, and each case stands on its own line"
)]

use std::sync::Arc;

use engine::base::Name;
use engine::service::Service;
use engine::workflow::{Action, Assign};
use ui_gen::view::choice::Opt;
use ui_gen::view::common::{Link, NavLink, Pager};
use ui_gen::view::inbox::{Column, Filter, FilterOption, Hidden, Inbox, SaveView};

use super::filter::Filters;
use super::inbox::MARKS;
use super::names::Names;
use super::reader::Reader;
use super::rows::{self, Around};
use crate::store::inbox::{Band, CaseRow, Counts, Holder, PAGE};
use crate::store::views::View;

/// Boxes of a filter that are shown.
const BOXES: usize = 25;
/// A level of places with more than so many is too fine to choose from.
const PLACES: usize = 120;

/// Most names of one state that stand side by side.
const LABELS: usize = 2;

/// What was found.
#[derive(Clone, Copy)]
pub(crate) struct Listed<'a> {
    /// The cases of the page.
    pub(crate) cases: &'a [CaseRow],
    /// Whether there are more pages.
    pub(crate) more: bool,
    /// How many there are behind each choice.
    pub(crate) counts: &'a Counts,
    /// How many there are behind each of [`MARKS`], and whether there are more.
    pub(crate) marks: &'a [(i64, bool)],
    /// What rows need.
    pub(crate) around: &'a Around,
    /// The reader's services.
    pub(crate) services: &'a [&'a Arc<Service>],
    /// What was asked.
    pub(crate) filters: &'a Filters,
    /// The names of those who have cases.
    pub(crate) people: &'a Names,
    /// The lists that the reader keeps.
    pub(crate) saved: &'a [View],
}

/// The page.
pub(crate) fn view(reader: &Reader<'_>, listed: &Listed<'_>) -> Inbox {
    let (filters, base) = (listed.filters, format!("/{}/desk/inbox", reader.tenant.id));
    let all = filters.one("scope") == "all";
    let keep = ["scope", "sort"].into_iter().filter(|name| !filters.one(name).is_empty());
    let whole = filters_of(reader, listed);
    let query = filters.query();
    Inbox {
        title: reader.get(if all { "inbox.all" } else { "inbox.title" }),
        action: base.clone(),
        query: filters.words().to_owned(),
        from: filters.one("from").to_owned(),
        until: filters.one("until").to_owned(),
        from_error: String::new(),
        until_error: String::new(),
        keep: keep.map(|name| Hidden { name: name.to_owned(), value: filters.one(name).to_owned() }).collect(),
        tags: tags(reader, &base, &whole, listed),
        filters: whole,
        clear: format!("{base}{}", filters.cleared().query()),
        views: views(reader, &base, listed),
        columns: columns(reader, &base, filters),
        rows: listed.cases.iter().map(|case| rows::row(reader, listed.around, case)).collect(),
        pager: pager(reader, &base, listed),
        csv: format!("{base}.csv{query}"),
        bulk_action: format!("/{}/desk/bulk{query}", reader.tenant.id),
        save: save(reader, listed),
        bulk: Vec::new(),
        select_all: if listed.more || filters.page() > 0 { total(reader, listed) } else { String::new() },
        error: String::new(),
    }
}

/// What can be done with several of `cases`: give them to somebody, and what `roles` may do without
/// being asked anything more.
pub(crate) fn bulk(
    reader: &Reader<'_>,
    around: &Around,
    cases: &[CaseRow],
    roles: impl Fn(&str, &str) -> Vec<Name>,
) -> Vec<Opt> {
    let mut options: Vec<Opt> = ["claim", "assign", "release"]
        .into_iter()
        .map(|word| Opt::new(word, reader.get(&format!("bulk.{word}"))))
        .collect();
    for case in cases {
        let Some(state) = around.service(case).and_then(|service| service.workflow.state(&case.state)) else {
            continue;
        };
        let held = roles(&case.service, &case.place);
        for action in state.actions.iter().filter(|action| action.role_of(&held).is_some() && is_simple(action)) {
            let value = format!("act:{}", action.name);
            if !options.iter().any(|option| option.value == value) {
                options.push(Opt::new(value, reader.text(&action.label)));
            }
        }
    }
    options
}

/// Whether an action asks nothing that would be different for each case.
pub(crate) fn is_simple(action: &Action) -> bool {
    action.asks.is_none() && action.assign != Assign::Required
}

/// How many cases fit, as far as they are counted.
fn total(reader: &Reader<'_>, listed: &Listed<'_>) -> String {
    counted(reader, listed.counts.total, listed.counts.more)
}

/// A count of cases, or of some of more.
pub(crate) fn counted(reader: &Reader<'_>, count: i64, more: bool) -> String {
    let count = reader.count(count);
    if more { format!("{count}+") } else { count }
}

fn views(reader: &Reader<'_>, base: &str, listed: &Listed<'_>) -> Vec<NavLink> {
    let plain = Filters::default();
    let views = [
        ("inbox.title", plain.clone()),
        ("inbox.with_me", plain.with("with", "me")),
        ("inbox.with_nobody", plain.with("with", "nobody")),
        ("inbox.overdue", plain.with("due", "late")),
        ("inbox.sent_back", plain.with("marked", "back")),
        ("inbox.all", plain.with("scope", "all")),
    ];
    let current = listed.filters.with("sort", "").with("page", "").query();
    let link = |text: String, query: String| {
        let current = query == current;
        let count = if current { total(reader, listed) } else { String::new() };
        NavLink { href: format!("{base}{query}"), text, count, current }
    };
    let ours = views.into_iter().map(|(key, view)| link(reader.get(key), view.query()));
    ours.chain(listed.saved.iter().map(|view| link(view.name.clone(), view.query.clone()))).collect()
}

/// Keeping the present list under a name, or forgetting it.
fn save(reader: &Reader<'_>, listed: &Listed<'_>) -> SaveView {
    let query = listed.filters.with("sort", "").with("page", "").query();
    SaveView {
        action: format!("/{}/desk/views{query}", reader.tenant.id),
        kept: listed.saved.iter().find(|view| view.query == query).map(|view| view.name.clone()).unwrap_or_default(),
        ..SaveView::default()
    }
}

fn filters_of(reader: &Reader<'_>, listed: &Listed<'_>) -> Vec<Filter> {
    let (counts, filters) = (listed.counts, listed.filters);
    let option = |name: &str, value: &str, label: String, count: i64| FilterOption {
        value: value.to_owned(),
        label,
        count: if counts.cut { String::new() } else { reader.count(count) },
        chosen: filters.has(name, value),
    };
    let of = |found: &[(String, i64)], value: &str| {
        found.iter().find(|(known, _)| known == value).map_or(0, |(_, count)| *count)
    };
    let services = listed.services.iter().map(|service| {
        option("service", &service.id, reader.text(&service.title).to_owned(), of(&counts.services, &service.id))
    });
    let states = state_names(reader, listed).into_iter().map(|(name, label)| {
        let count = of(&counts.states, &name);
        option("state", &name, label, count)
    });
    let holders = [("me", Holder::Me), ("nobody", Holder::Nobody), ("others", Holder::Other)].into_iter().map(
        |(word, holder)| {
            let count = counts.holders.iter().find(|(known, _)| *known == holder).map_or(0, |(_, count)| *count);
            option("with", word, reader.get(&format!("inbox.with_{word}")), count)
        },
    );
    let bands = [("late", Band::Late), ("soon", Band::Soon), ("later", Band::Later), ("never", Band::Never)]
        .into_iter()
        .map(|(word, band)| {
            let count = counts.bands.iter().find(|(known, _)| *known == band).map_or(0, |(_, count)| *count);
            option("due", word, reader.get(&format!("inbox.due_{word}")), count)
        });
    let marked = MARKS.into_iter().zip(listed.marks).map(|(word, (count, more))| FilterOption {
        value: word.to_owned(),
        label: reader.get(&format!("inbox.marked_{word}")),
        count: counted(reader, *count, *more),
        chosen: filters.has("marked", word),
    });
    let filter = |name: &str, title: &str, options: Vec<FilterOption>| Filter {
        name: name.to_owned(),
        title: reader.get(title),
        options,
    };
    let mut all = vec![
        filter("due", "inbox.due", bands.collect()),
        filter("with", "inbox.assignee", holders.collect()),
        filter("person", "inbox.colleague", colleagues(reader, listed)),
        filter("state", "inbox.state", states.collect()),
        filter("marked", "inbox.marked", marked.collect()),
        filter("place", "inbox.place", places(reader, listed)),
    ];
    if listed.services.len() > 1 {
        all.insert(0, filter("service", "collect.service", services.collect()));
    }
    all.retain(|filter| !filter.options.is_empty());
    all
}

/// Those who have cases, those with the most first; and who is chosen.
fn colleagues(reader: &Reader<'_>, listed: &Listed<'_>) -> Vec<FilterOption> {
    let (chosen, counts) = (listed.filters.many("person"), &listed.counts.people);
    let mut all: Vec<(&str, i64)> = counts.iter().map(|(id, count)| (id.as_str(), *count)).collect();
    let idle = chosen.iter().filter(|id| counts.iter().all(|(known, _)| known != *id));
    all.extend(idle.map(|id| (id.as_str(), 0)));
    all.sort_by_key(|(id, count)| (!listed.filters.has("person", id), -count));
    all.truncate(BOXES);
    let option = |(id, count): (&str, i64)| FilterOption {
        value: id.to_owned(),
        label: listed.people.officer(id),
        count: if listed.counts.cut { String::new() } else { reader.count(count) },
        chosen: listed.filters.has("person", id),
    };
    let mut options: Vec<FilterOption> = all.into_iter().map(option).collect();
    options.sort_by(|one, other| one.label.cmp(&other.label));
    options
}

/// The states that have cases or are chosen, in the order of the workflows.
fn state_names(reader: &Reader<'_>, listed: &Listed<'_>) -> Vec<(String, String)> {
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    let known = listed
        .services
        .iter()
        .map(|service| &***service)
        .chain(listed.around.services.values().map(|service| &**service));
    for state in known.flat_map(|service| &service.workflow.states) {
        let name = state.name.to_string();
        let wanted = listed.counts.cut
            || listed.filters.has("state", &name)
            || listed.counts.states.iter().any(|(state, count)| *state == name && *count > 0);
        let label = reader.text(&state.label);
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, labels)) if !labels.contains(&label) => labels.push(label),
            Some(_) => {}
            None if wanted => found.push((name, vec![label])),
            None => {}
        }
    }
    found.into_iter().map(|(name, labels)| (name, glued(&labels))).collect()
}

/// What services call a state that has the same name in each: of many, the first two.
fn glued(labels: &[&str]) -> String {
    let named = labels.iter().take(LABELS).copied().collect::<Vec<_>>().join(" / ");
    if labels.len() > LABELS { format!("{named} …") } else { named }
}

/// Places of the finest level that can still be chosen from, those with the most cases first.
fn places(reader: &Reader<'_>, listed: &Listed<'_>) -> Vec<FilterOption> {
    let places = &reader.tenant.places;
    let size = |level: &str| places.entries.iter().filter(|entry| entry.level() == Some(level)).count();
    let mut levels = reader
        .tenant
        .levels
        .iter()
        .map(|(level, _)| level.as_str())
        .filter(|level| (2..=PLACES).contains(&size(level)));
    let Some(level) = levels.next_back() else { return Vec::new() };
    let mut sums: Vec<(&str, i64)> = Vec::new();
    if listed.counts.cut {
        let here = places.entries.iter().filter(|entry| entry.level() == Some(level));
        sums.extend(here.map(|entry| (entry.code.as_str(), 0)));
    }
    for (code, count) in &listed.counts.places {
        let Some(place) = places.ancestry(code).find(|entry| entry.level() == Some(level)) else { continue };
        match sums.iter_mut().find(|(known, _)| *known == place.code) {
            Some((_, sum)) => *sum += count,
            None => sums.push((&place.code, *count)),
        }
    }
    sums.sort_by_key(|(code, count)| (!listed.filters.has("place", code), -count, places.index(code)));
    sums.truncate(BOXES);
    sums.sort_by_key(|(code, _)| places.index(code));
    let option = |(code, count): (&str, i64)| FilterOption {
        value: code.to_owned(),
        label: places.get(code).map_or(code, |place| reader.text(&place.label)).to_owned(),
        count: if listed.counts.cut { String::new() } else { reader.count(count) },
        chosen: listed.filters.has("place", code),
    };
    sums.into_iter().map(option).collect()
}

fn tags(reader: &Reader<'_>, base: &str, shown: &[Filter], listed: &Listed<'_>) -> Vec<Link> {
    let filters = listed.filters;
    let mut tags = Vec::new();
    for name in super::filter::NARROWING {
        for value in filters.many(name) {
            let filter = shown.iter().find(|filter| filter.name == name);
            let option = filter.and_then(|filter| filter.options.iter().find(|option| option.value == *value));
            let text = match (name, filter, option) {
                (_, Some(filter), Some(option)) => format!("{}: {}", filter.title, option.label),
                ("from" | "until", ..) => {
                    let day = engine::base::date::parse_day(value).map_or_else(|| value.clone(), |day| reader.day(day));
                    reader.say(&format!("inbox.{name}"), &[("day", &day)])
                }
                ("place", ..) => format!("{}: {}", reader.get("inbox.place"), reader.place(value)),
                _ => value.clone(),
            };
            tags.push(Link::new(format!("{base}{}", filters.without(name, value).query()), text));
        }
    }
    if !filters.words().is_empty() {
        tags.push(Link::new(format!("{base}{}", filters.with("q", "").query()), format!("“{}”", filters.words())));
    }
    tags
}

fn columns(reader: &Reader<'_>, base: &str, filters: &Filters) -> Vec<Column> {
    let sorted = match filters.one("sort") {
        "" => "due",
        other => other,
    };
    let column = |key: &str, sort: Option<(&str, &str)>| {
        let (href, direction) = match sort {
            Some((next, direction)) => (
                Some(format!("{base}{}", filters.with("sort", if next == "due" { "" } else { next }).query())),
                direction,
            ),
            None => (None, ""),
        };
        Column { title: reader.get(key), href, sort: direction.to_owned() }
    };
    // A column that is sorted by already leads to the other direction, where there is one.
    let received = match sorted {
        "received" => ("newest", "ascending"),
        "newest" => ("received", "descending"),
        _ => ("received", ""),
    };
    vec![
        column("inbox.number", Some(("number", if sorted == "number" { "ascending" } else { "" }))),
        column("inbox.applicant", None),
        column("inbox.place", None),
        column("inbox.state", None),
        column("inbox.assignee", None),
        column("inbox.received", Some(received)),
        column("inbox.due", Some(("due", if sorted == "due" { "ascending" } else { "" }))),
    ]
}

fn pager(reader: &Reader<'_>, base: &str, listed: &Listed<'_>) -> Pager {
    let page = listed.filters.page();
    let shown = i64::try_from(listed.cases.len()).unwrap_or(PAGE);
    let at = |page: i64| format!("{base}{}", listed.filters.at_page(page).query());
    Pager {
        total: reader.count(listed.counts.total),
        from: reader.count(page * PAGE + i64::from(shown > 0)),
        to: reader.count(page * PAGE + shown),
        prev: (page > 0).then(|| at(page - 1)),
        next: listed.more.then(|| at(page + 1)),
    }
}

//! What the inbox asks, as SQL.

use std::collections::{BTreeMap, BTreeSet};

use super::db::Val;
use super::inbox::{Band, Holder, Query, after_all, term};
use super::paired;

/// A condition that grows, with its values.
struct Condition<'a> {
    sql: String,
    values: Vec<Val<'a>>,
}

impl<'a> Condition<'a> {
    fn hole(&mut self, value: impl Into<Val<'a>>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len() + 1)
    }

    fn one_of<'w: 'a>(&mut self, column: &str, words: impl IntoIterator<Item = &'w String>) -> String {
        let holes: Vec<String> = words.into_iter().map(|word| self.hole(word)).collect();
        // `in ()` is no SQL: an empty list fits nothing.
        if holes.is_empty() { "1 = 0".to_owned() } else { format!("{column} in ({})", holes.join(", ")) }
    }

    fn and(&mut self, more: &str) {
        self.sql.push_str(" and ");
        self.sql.push_str(more);
    }
}

/// Places of which something may be seen; `None` for all of them.
type Reach<'a> = Option<BTreeSet<&'a String>>;

/// A service and a state of it.
type Stand<'a> = (&'a String, &'a String);

/// What may be seen: each state of each service once, with the places that any of the scopes shows of it.
fn stands<'a>(query: &'a Query<'_>) -> BTreeMap<Stand<'a>, Reach<'a>> {
    let mut stands: BTreeMap<Stand<'a>, Reach<'a>> = BTreeMap::new();
    for scope in std::iter::once(&query.scope).chain(&query.more) {
        let states = scope.states.iter().flat_map(|(service, states)| states.iter().map(move |state| (service, state)));
        for stand in states {
            match (stands.entry(stand).or_insert_with(|| Some(BTreeSet::new())), &scope.places) {
                (Some(seen), Some(places)) => seen.extend(places),
                (reach, None) => *reach = None,
                (None, Some(_)) => {}
            }
        }
    }
    stands
}

/// Selects that together find each case once that may be seen: one for each state of each service, so that a database
/// reads as much of each as is asked for, in the order of its index; and one for what the person has elsewhere.
pub(super) struct Parts<'a> {
    pub(super) conditions: Vec<String>,
    pub(super) values: Vec<Val<'a>>,
}

/// Compound selects may have five hundred parts on SQLite, and there may be more states.
const TOGETHER: usize = 200;

impl Parts<'_> {
    /// The place of one more value.
    pub(super) fn hole(&mut self, value: i64) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len() + 1)
    }

    /// The rows of all parts, each of them a select of `columns` with `end`.
    pub(super) fn sql(&self, columns: &str, end: &str) -> String {
        let part = |condition: &String| {
            format!("select * from (select {columns} from cases where tenant = $1 and {condition}{end}) as part")
        };
        let parts: Vec<String> = self.conditions.iter().map(part).collect();
        let together =
            parts.chunks(TOGETHER).map(|some| format!("select * from ({}) as parts", some.join(" union all ")));
        together.collect::<Vec<_>>().join(" union all ")
    }
}

/// The parts of what may be seen and fits the words, or what stands `blind` in their place; with the filters, if they
/// are to be `narrow`. `before` are the values of what stands in the statement before them.
pub(super) fn parts<'a>(query: &'a Query<'_>, narrow: bool, blind: Option<String>, before: Vec<Val<'a>>) -> Parts<'a> {
    let mut condition = words(query, blind, before);
    if narrow {
        filters(query, &mut condition);
    }
    let rest = std::mem::take(&mut condition.sql);
    let stands = stands(query);
    let wanted = |filter: &[String], word: &String| !narrow || filter.is_empty() || filter.contains(word);
    let (mut holes, mut reaches) = (BTreeMap::new(), BTreeMap::new());
    let (mut conditions, mut elsewhere) = (Vec::new(), Vec::new());
    for ((service, state), reach) in &stands {
        let mark = mark(query, state);
        let shown = wanted(&query.services, service) && wanted(&query.states, state) && mark.is_some();
        if !shown && !query.own {
            continue;
        }
        let [service, state] =
            [service, state].map(|word| holes.entry(*word).or_insert_with(|| condition.hole(*word)).clone());
        let within = reach.as_ref().map_or_else(String::new, |places| {
            let within = reaches.entry(places).or_insert_with(|| condition.one_of("place", places.iter().copied()));
            format!(" and {within}")
        });
        let stand = format!("service = {service} and state = {state}{within}");
        if query.own {
            elsewhere.push(format!(" and not ({stand})"));
        }
        if shown {
            conditions.push(format!("{stand}{}{rest}", mark.unwrap_or_default()));
        }
    }
    if query.own {
        let (me, marked) = (condition.hole(query.me), marked(query, &mut condition));
        conditions.push(format!("assignee = {me}{}{marked}{rest}", elsewhere.concat()));
    }
    Parts { conditions, values: condition.values }
}

/// The condition of `cases_flagged`, written as it is there, so that a database knows that the index will do.
const FLAGGED: &str = "flagged = 1";

/// What the choice of what is marked asks of the cases of a state, if it shows any of them. Each state is read either
/// whole or in the index of what is flagged, and never case by case.
fn mark(query: &Query<'_>, state: &str) -> Option<String> {
    if query.back.iter().any(|back| back == state) || (query.back.is_empty() && !query.marked) {
        return Some(String::new());
    }
    query.marked.then(|| format!(" and {FLAGGED}"))
}

/// The same of cases wherever they stand.
fn marked<'a>(query: &'a Query<'_>, condition: &mut Condition<'a>) -> String {
    let mut ways = Vec::new();
    if query.marked {
        ways.push(FLAGGED.to_owned());
    }
    if !query.back.is_empty() {
        ways.push(condition.one_of("state", &query.back));
    }
    if ways.is_empty() { String::new() } else { format!(" and ({})", ways.join(" or ")) }
}

/// What fits the words and the other questions that counts share with the list.
fn words<'a>(query: &'a Query<'_>, blind: Option<String>, before: Vec<Val<'a>>) -> Condition<'a> {
    let mut condition = Condition { sql: String::new(), values: before };
    if query.handed_in {
        condition.and("number is not null");
    }
    for (instant, comparison) in [(query.received.0, ">="), (query.received.1, "<")] {
        if let Some(instant) = instant {
            let instant = condition.hole(instant);
            condition.and(&format!("coalesce(submitted_ms, opened_ms) {comparison} {instant}"));
        }
    }
    if !query.text.trim().is_empty() {
        let term = term(query.text);
        let end = condition.hole(after_all(&term));
        let term = condition.hole(term);
        let with_term = |start: &str, end: &str| {
            format!(
                "exists (select 1 from index_terms t where t.tenant = cases.tenant and t.case_id = cases.id \
                 and t.term >= {start} and t.term < {end})"
            )
        };
        let mut ways = vec![format!("(lower(number) >= {term} and lower(number) < {end})"), with_term(&term, &end)];
        if let Some(blind) = blind {
            let hole = condition.hole(blind);
            ways.push(format!(
                "exists (select 1 from index_terms t where t.tenant = cases.tenant and t.case_id = cases.id and t.term = {hole})"
            ));
        }
        for pairs in paired::asked(query.text) {
            let each = pairs.into_iter().map(|pair| {
                let end = condition.hole(after_all(&pair));
                with_term(&condition.hole(pair), &end)
            });
            ways.push(format!("({})", each.collect::<Vec<_>>().join(" and ")));
        }
        condition.and(&format!("({})", ways.join(" or ")));
    }
    condition
}

/// What was chosen beside the list.
fn filters<'a>(query: &'a Query<'_>, condition: &mut Condition<'a>) {
    for (column, words) in
        [("place", &query.places), ("state", &query.states), ("service", &query.services), ("assignee", &query.people)]
    {
        if !words.is_empty() {
            let fits = condition.one_of(column, words);
            condition.and(&fits);
        }
    }
    if !query.holders.is_empty() {
        let me = condition.hole(query.me);
        let parts: Vec<String> = query.holders.iter().map(|holder| holder.condition(&me)).collect();
        condition.and(&format!("({})", parts.join(" or ")));
    }
    if !query.bands.is_empty() {
        let (now, soon) = (condition.hole(query.now_ms), condition.hole(query.soon_ms));
        let parts: Vec<String> = query.bands.iter().map(|band| band.condition(&now, &soon)).collect();
        condition.and(&format!("({})", parts.join(" or ")));
    }
}

impl Holder {
    fn condition(self, me: &str) -> String {
        match self {
            Self::Me => format!("assignee = {me}"),
            Self::Nobody => "assignee is null".to_owned(),
            Self::Other => format!("assignee <> {me}"),
        }
    }
}

impl Band {
    fn condition(self, now: &str, soon: &str) -> String {
        match self {
            Self::Late => format!("due_ms < {now}"),
            Self::Soon => format!("(due_ms >= {now} and due_ms < {soon})"),
            Self::Later => format!("(due_ms >= {soon} and due_ms >= {now})"),
            Self::Never => "due_ms is null".to_owned(),
        }
    }
}

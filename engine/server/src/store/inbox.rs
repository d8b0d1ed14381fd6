//! The inbox: cases found by where they stand, who has them, when they are due, and by words.

use super::db::Row;
use super::error::Result;
use super::inbox_sql::parts;
use super::terms;
use super::tx::Tx;

/// Rows of a page.
pub const PAGE: i64 = 25;
/// Cases that are counted for a list. A town that has more of them open is told so: to count a million takes a database
/// a hundred times as long as to find the first page.
pub const COUNTED: i64 = 5_000;

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Its key.
    pub id: String,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// The service.
    pub service: String,
    /// The digest of its definition.
    pub definition: String,
    /// Where it stands.
    pub state: String,
    /// Counts changes.
    pub version: i64,
    /// Who applied: the person's key.
    pub applicant: String,
    /// The code of the place; empty for none.
    pub place: String,
    /// Who has it.
    pub assignee: Option<String>,
    /// When it was opened.
    pub opened_ms: i64,
    /// When it was submitted.
    pub submitted_ms: Option<i64>,
    /// When it came to its state.
    pub entered_ms: i64,
    /// When the state's SLA is over.
    pub due_ms: Option<i64>,
    /// When the statutory time is over.
    pub promised_ms: Option<i64>,
}

/// Which cases a person may see at all.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Services, each with the states that are shown; nothing is shown if this is empty.
    pub states: Vec<(String, Vec<String>)>,
    /// Places, those below them included by the caller; `None` for the whole town.
    pub places: Option<Vec<String>>,
}

/// When cases are due, seen from a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// The time is over.
    Late,
    /// It will be over soon.
    Soon,
    /// There is time.
    Later,
    /// No time is set.
    Never,
}

/// Who has cases, seen by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// The person.
    Me,
    /// Nobody.
    Nobody,
    /// Somebody else.
    Other,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Soonest due first; those without a time last.
    #[default]
    Due,
    /// First received first.
    Received,
    /// Last received first.
    Newest,
    /// By number.
    Number,
}

/// What is asked of the inbox.
#[derive(Clone, Debug, Default)]
pub struct Query<'a> {
    /// What may be seen.
    pub scope: Scope,
    /// What may be seen besides: a case is shown if any of the scopes shows it.
    pub more: Vec<Scope>,
    /// Whether the cases that the person has are shown wherever they stand.
    pub own: bool,
    /// Whether cases without a number, which nobody has handed in, are left out.
    pub handed_in: bool,
    /// Who looks.
    pub me: &'a str,
    /// Now; what is due before is late.
    pub now_ms: i64,
    /// What is due before this is due soon.
    pub soon_ms: i64,
    /// The beginning of a number, or of an answer to a field that may be searched; empty for all.
    pub text: &'a str,
    /// Only these states; empty for all. So with the others.
    pub states: Vec<String>,
    /// Only these services.
    pub services: Vec<String>,
    /// Only these holders.
    pub holders: Vec<Holder>,
    /// Only these persons'.
    pub people: Vec<String>,
    /// Only those in which something is marked to be corrected, and those that stand in one of `back`.
    pub marked: bool,
    /// The states in which cases wait for their applicants; empty where that is not asked for.
    pub back: Vec<String>,
    /// Only these places.
    pub places: Vec<String>,
    /// Only these bands.
    pub bands: Vec<Band>,
    /// Only those received from the first instant on, and before the second.
    pub received: (Option<i64>, Option<i64>),
    /// The order.
    pub sort: Sort,
    /// Counted from 0.
    pub page: i64,
}

impl Query<'_> {
    /// Whether anything was chosen beside the list.
    fn is_narrow(&self) -> bool {
        let chosen =
            [&self.states, &self.services, &self.people, &self.places].into_iter().any(|words| !words.is_empty());
        chosen || !self.holders.is_empty() || !self.bands.is_empty()
    }
}

/// How many cases there are behind each choice of a filter, the other filters being as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that fit every filter, or as many as are counted.
    pub total: i64,
    /// Whether more fit than are counted.
    pub more: bool,
    /// Whether there are so many that choices were not counted.
    pub cut: bool,
    /// By state.
    pub states: Vec<(String, i64)>,
    /// By service.
    pub services: Vec<(String, i64)>,
    /// By holder.
    pub holders: Vec<(Holder, i64)>,
    /// By band.
    pub bands: Vec<(Band, i64)>,
    /// By the code of the place, whichever places are chosen.
    pub places: Vec<(String, i64)>,
    /// By the key of whoever has them.
    pub people: Vec<(String, i64)>,
}

const COLUMNS: &str = "id, number, service, definition, state, version, applicant, place, assignee, opened_ms, submitted_ms, entered_ms, \
                       due_ms, promised_ms";

/// A select of [`CaseRow`]s.
pub(super) fn select(condition: &str, order: &str) -> String {
    format!("select {COLUMNS} from cases where tenant = $1 and {condition} order by {order}")
}

pub(super) fn read(row: &Row) -> Result<CaseRow> {
    Ok(CaseRow {
        id: row.text(0)?,
        number: row.maybe_text(1)?,
        service: row.text(2)?,
        definition: row.text(3)?,
        state: row.text(4)?,
        version: row.int(5)?,
        applicant: row.text(6)?,
        place: row.text(7)?,
        assignee: row.maybe_text(8)?,
        opened_ms: row.int(9)?,
        submitted_ms: row.maybe_int(10)?,
        entered_ms: row.int(11)?,
        due_ms: row.maybe_int(12)?,
        promised_ms: row.maybe_int(13)?,
    })
}

/// How words are compared: small letters, single spaces.
pub fn term(text: &str) -> String {
    let mut term = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        term.push_str(if term.is_empty() { "" } else { " " });
        term.push_str(word);
    }
    if term.is_ascii() {
        term.make_ascii_lowercase();
        return term;
    }
    term.to_lowercase()
}

/// The end of the range of texts that begin with `prefix`.
pub(super) fn after_all(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// A page of cases, and whether there are more.
pub async fn list(tx: &mut Tx, query: &Query<'_>) -> Result<(Vec<CaseRow>, bool)> {
    let (mut found, page) =
        (page(tx, query, PAGE + 1, query.page.max(0) * PAGE).await?, usize::try_from(PAGE).expect("small"));
    let more = found.len() > page;
    found.truncate(page);
    Ok((found, more))
}

/// All that [`list`] would show on all its pages, at most `limit`.
pub async fn export(tx: &mut Tx, query: &Query<'_>, limit: i64) -> Result<Vec<CaseRow>> {
    page(tx, query, limit, 0).await
}

async fn page(tx: &mut Tx, query: &Query<'_>, limit: i64, offset: i64) -> Result<Vec<CaseRow>> {
    let mut parts = parts(query, true, terms::looked_for(tx, query.text), Vec::new());
    if parts.conditions.is_empty() {
        return Ok(Vec::new());
    }
    // The first is the order of `cases_by_state`; the others sort what fits.
    let order = match query.sort {
        Sort::Due => "due_ms nulls last, opened_ms, id",
        Sort::Received => "coalesce(submitted_ms, opened_ms), id",
        Sort::Newest => "coalesce(submitted_ms, opened_ms) desc, id",
        Sort::Number => "number nulls last, id",
    };
    let until = parts.hole(limit.saturating_add(offset));
    let (limit, offset) = (parts.hole(limit), parts.hole(offset));
    let found = parts.sql(COLUMNS, &format!(" order by {order} limit {until}"));
    let sql = format!("select {COLUMNS} from ({found}) as found order by {order} limit {limit} offset {offset}");
    tx.fetch(sql, parts.values).await?.iter().map(read).collect()
}

impl Band {
    /// The band of a case that is due at `due_ms`.
    pub fn of(due_ms: Option<i64>, now_ms: i64, soon_ms: i64) -> Self {
        match due_ms {
            None => Self::Never,
            Some(due) if due < now_ms => Self::Late,
            Some(due) if due < soon_ms => Self::Soon,
            Some(_) => Self::Later,
        }
    }
}

/// One kind of cases, and how many.
struct Group {
    state: String,
    service: String,
    holder: Holder,
    band: Band,
    place: String,
    person: String,
    count: i64,
}

/// How many cases there are behind each choice of each filter. Where more than `most` may be seen, it says only how many
/// fit all filters.
pub async fn counts(tx: &mut Tx, query: &Query<'_>, most: i64) -> Result<Counts> {
    let groups = groups(tx, query, false, most).await?;
    if groups.iter().map(|group| group.count).sum::<i64>() <= most {
        return Ok(count(query, &groups));
    }
    // Without filters that was already all that is asked.
    let (total, more) = if query.is_narrow() { many(tx, query, most).await? } else { (most, true) };
    Ok(Counts { total, more, cut: true, ..Counts::default() })
}

/// How many cases fit all filters, at most `most`, and whether there are more.
pub async fn many(tx: &mut Tx, query: &Query<'_>, most: i64) -> Result<(i64, bool)> {
    let all: i64 = groups(tx, query, true, most).await?.iter().map(|group| group.count).sum();
    Ok((all.min(most), all > most))
}

/// [`many`] of each of `queries`, in one statement.
pub async fn each_many(tx: &mut Tx, queries: &[Query<'_>], most: i64) -> Result<Vec<(i64, bool)>> {
    let (mut counted, mut values) = (Vec::new(), Vec::new());
    for (at, query) in queries.iter().enumerate() {
        let before = values.len();
        let mut parts = parts(query, true, terms::looked_for(tx, query.text), values);
        if parts.conditions.is_empty() {
            // Nothing may be seen of it: it has no part in the statement, and neither have its values.
            parts.values.truncate(before);
        } else {
            let most = parts.hole(most + 1);
            let found = parts.sql("id", "");
            counted.push(format!("select cast({at} as bigint), count(*) from ({found} limit {most}) as found"));
        }
        values = parts.values;
    }
    let mut all = vec![(0, false); queries.len()];
    if counted.is_empty() {
        return Ok(all);
    }
    for row in tx.fetch(counted.join(" union all "), values).await? {
        let (at, count) = (usize::try_from(row.int(0)?).expect("the place of a query"), row.int(1)?);
        all[at] = (count.min(most), count > most);
    }
    Ok(all)
}

/// What may be seen by kind, with the filters if it is to be `narrow`; one case more than `most`, if there are more.
async fn groups(tx: &mut Tx, query: &Query<'_>, narrow: bool, most: i64) -> Result<Vec<Group>> {
    let mut parts = parts(query, narrow, terms::looked_for(tx, query.text), Vec::new());
    if parts.conditions.is_empty() {
        return Ok(Vec::new());
    }
    let (now, soon, most) = (parts.hole(query.now_ms), parts.hole(query.soon_ms), parts.hole(most + 1));
    let found = parts.sql("state, service, assignee, due_ms, place", "");
    let sql = format!(
        "select state, service, coalesce(assignee, ''), \
         cast(case when due_ms is null then 3 when due_ms < {now} then 0 when due_ms < {soon} then 1 else 2 end as bigint), \
         place, count(*) from ({found} limit {most}) as found group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5"
    );
    tx.fetch(sql, parts.values).await?.iter().map(|row| read_group(row, query.me)).collect()
}

fn read_group(row: &Row, me: &str) -> Result<Group> {
    let person = row.text(2)?;
    let band = [Band::Late, Band::Soon, Band::Later, Band::Never];
    let at = |column: usize, most: usize| -> Result<usize> {
        Ok(usize::try_from(row.int(column)?).unwrap_or(most).min(most))
    };
    Ok(Group {
        state: row.text(0)?,
        service: row.text(1)?,
        holder: match person.as_str() {
            "" => Holder::Nobody,
            person if person == me => Holder::Me,
            _ => Holder::Other,
        },
        band: band[at(3, 3)?],
        place: row.text(4)?,
        person,
        count: row.int(5)?,
    })
}

fn count(query: &Query<'_>, groups: &[Group]) -> Counts {
    let fits = |group: &Group| {
        [
            query.states.is_empty() || query.states.contains(&group.state),
            query.services.is_empty() || query.services.contains(&group.service),
            query.holders.is_empty() || query.holders.contains(&group.holder),
            query.bands.is_empty() || query.bands.contains(&group.band),
            query.places.is_empty() || query.places.contains(&group.place),
            query.people.is_empty() || query.people.contains(&group.person),
        ]
    };
    // The groups that fit every filter but one: what that filter has to choose from.
    let but = |one: usize| {
        groups.iter().filter(move |group| fits(group).iter().enumerate().all(|(at, fit)| at == one || *fit))
    };
    Counts {
        more: false,
        cut: false,
        total: groups.iter().filter(|group| fits(group).iter().all(|fit| *fit)).map(|group| group.count).sum(),
        states: tally(but(0), |group| group.state.clone()),
        services: tally(but(1), |group| group.service.clone()),
        holders: tally(but(2), |group| group.holder),
        bands: tally(but(3), |group| group.band),
        places: tally(but(4), |group| group.place.clone()),
        people: tally(but(5).filter(|group| !group.person.is_empty()), |group| group.person.clone()),
    }
}

fn tally<'a, K: Ord>(groups: impl Iterator<Item = &'a Group>, key: impl Fn(&Group) -> K) -> Vec<(K, i64)> {
    let mut sums = std::collections::BTreeMap::new();
    for group in groups {
        *sums.entry(key(group)).or_insert(0) += group.count;
    }
    sums.into_iter().collect()
}

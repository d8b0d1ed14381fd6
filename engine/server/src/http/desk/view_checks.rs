//! Checks: cases that look alike, and whether the documents were looked at.

use ui_gen::view::common::Link;
use ui_gen::view::desk::{CheckGroup, DeskTab};

use super::opened::Opened;
use super::reader::Reader;
use super::rows::{self, Around, href};
use super::view_documents;
use crate::finding;
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::cases;
use crate::store::inbox::{self, CaseRow, Query, Scope};

/// Cases that look alike for one reason, at most.
const SIMILAR: i64 = 10;

/// Why two cases look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The same person applied.
    Applicant,
    /// They are about the same place.
    Place,
    /// Something that is searched by was answered alike: a name of a shop, a number of a property.
    Words,
}

impl Why {
    const ALL: [Self; 3] = [Self::Applicant, Self::Words, Self::Place];

    /// In the margin.
    fn words(self) -> &'static str {
        match self {
            Self::Applicant => "case.same_applicant",
            Self::Place => "case.same_place",
            Self::Words => "case.same_words",
        }
    }

    /// Over the list.
    fn title(self) -> &'static str {
        match self {
            Self::Applicant => "checks.applicant",
            Self::Place => "checks.place",
            Self::Words => "checks.words",
        }
    }
}

/// Other cases that look like this one and that the reader may see, each for its strongest reason.
pub(crate) async fn alike(ask: &Ask, opened: &Opened) -> Result<Vec<(Why, CaseRow)>, Problem> {
    let (case, employee) = (ask.case(), ask.employee()?);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut found: Vec<(Why, CaseRow)> = Vec::new();
    let mut add = |why: Why, rows: Vec<CaseRow>| {
        let holds = |row: &CaseRow| {
            let reads = super::scope::reads(ask.tenant(), employee, &row.service, &row.place);
            row.number.is_some() && row.id != case.id && reads
        };
        let mut left = SIMILAR;
        for row in rows.into_iter().filter(holds) {
            if left > 0 && found.iter().all(|(_, known)| known.id != row.id) {
                left -= 1;
                found.push((why, row));
            }
        }
    };
    add(Why::Applicant, cases::by_applicant(&mut tx, &case.applicant).await?);
    for (field, text) in finding::terms(&opened.service.form, &case.answers) {
        add(Why::Words, cases::answered_alike(&mut tx, &case.service, &field, &text, SIMILAR + 1).await?);
    }
    if !opened.place.is_empty() {
        let states = opened.service.workflow.states.iter().map(|state| state.name.to_string()).collect();
        let scope = Scope { states: vec![(case.service.clone(), states)], places: Some(vec![opened.place.clone()]) };
        let query = Query { scope, handed_in: true, me: &employee.id, sort: inbox::Sort::Newest, ..Query::default() };
        add(Why::Place, inbox::export(&mut tx, &query, SIMILAR + 1).await?);
    }
    Ok(found)
}

/// The same as links, for the margin.
pub(crate) fn links(reader: &Reader<'_>, found: &[(Why, CaseRow)]) -> Vec<Link> {
    let link = |(why, row): &(Why, CaseRow)| {
        let why = reader.get(why.words());
        Link::new(href(reader, &row.id), format!("{} ({why})", row.number.as_deref().unwrap_or_default()))
    };
    found.iter().take(usize::try_from(SIMILAR).unwrap_or(usize::MAX)).map(link).collect()
}

/// The tab: reason by reason, and how far the documents are.
pub(crate) async fn tab(
    ask: &Ask,
    reader: &Reader<'_>,
    opened: &Opened,
    found: &[(Why, CaseRow)],
) -> Result<DeskTab, Problem> {
    let rows: Vec<CaseRow> = found.iter().map(|(_, row)| row.clone()).collect();
    let around = Around::load(ask, &rows).await?;
    let group = |why: Why| CheckGroup {
        title: reader.get(why.title()),
        rows: found.iter().filter(|(known, _)| *known == why).map(|(_, row)| rows::row(reader, &around, row)).collect(),
    };
    let (asked, seen, differ) = view_documents::count(opened);
    let numbers = [asked, seen, differ].map(|count| count.to_string());
    let say = |key: &str| reader.say(key, &[("asked", &numbers[0]), ("seen", &numbers[1]), ("differ", &numbers[2])]);
    let documents = if asked == 0 { String::new() } else { say("checks.documents") };
    Ok(DeskTab::Checks { groups: Why::ALL.map(group).to_vec(), documents })
}

//! The cases that belong to a case: the one that opened it, and those that it opened.

use engine::case::Case;
use engine::service::Service;
use ui_gen::view::common::{Link, Row};

use super::ask::Ask;
use crate::problem::Problem;
use crate::store::cases;
use crate::store::inbox::CaseRow;

/// Each of them with where it stands; `href` is where the reader may look at it, if anywhere.
pub(crate) async fn rows(
    ask: &Ask,
    case: &Case,
    href: impl Fn(&CaseRow) -> Option<String> + Send + Sync,
) -> Result<Vec<Row>, Problem> {
    let children = case.children.iter().map(|child| child.case.clone());
    let ids: Vec<String> = case.parent.iter().cloned().chain(children).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = cases::among(&mut tx, &ids).await?;
    drop(tx);
    let mut rows = Vec::new();
    for id in &ids {
        let Some(relative) = found.iter().find(|row| row.id == *id) else { continue };
        let service = ask.app.service_of(ask.tenant(), &relative.definition).await?;
        rows.push(row(ask, &service, relative, href(relative)));
    }
    Ok(rows)
}

fn row(ask: &Ask, service: &Service, relative: &CaseRow, href: Option<String>) -> Row {
    let lang = ask.lang.as_str();
    let title = service.title.in_language(lang);
    let state = service.workflow.state(&relative.state).map(|state| state.label.in_language(lang)).unwrap_or_default();
    let mut row = Row::new(title, state);
    match href {
        Some(href) => row.links.push(Link::new(href, relative.number.as_deref().unwrap_or(title))),
        None => row.lines.extend(relative.number.clone()),
    }
    row
}

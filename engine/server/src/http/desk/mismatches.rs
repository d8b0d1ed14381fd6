//! `/{tenant}/desk/mismatches`: money that came through a gateway and is not what was asked. Whoever takes money or
//! agrees that receipts are taken back sees what concerns cases of theirs.

use std::collections::{BTreeMap, BTreeSet};

use engine::base::{Money, Name};
use engine::billing::Billing;
use engine::case::{ActorKind, Refusal};
use serde_json::json;
use ui_gen::Page;
use ui_gen::view::account::Erasing;
use ui_gen::view::common::{ActionLink, Link, Pager, Row, Section};

use super::csv::{self, Csv};
use super::reader::Reader;
use super::{scope, till};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::inbox::CaseRow;
use crate::store::mismatches::{self, ACCEPT, ASKED, Mismatch, WAITING};
use crate::store::{By, Tx, cases, events, orders};

/// Payments of a page.
const PAGE: usize = 25;
/// Payments of the whole list.
const LISTED: i64 = 1_000;

/// Whether somebody with these roles has to do with such money: says what becomes of it.
pub(super) fn handles(billing: &Billing, roles: &[Name]) -> bool {
    billing.collected_by(roles) || billing.cancelled_by(roles)
}

/// The page of one payment.
pub(super) fn href(reader: &Reader<'_>, reference: &str) -> String {
    format!("/{}/desk/mismatches/{reference}", reader.tenant.id)
}

/// What came, or was asked: as the town writes amounts, or with the other currency before it.
pub(super) fn amount(reader: &Reader<'_>, paise: i64, currency: &str) -> String {
    let amount = Money::from_paise(paise).unwrap_or_default();
    if currency == reader.tenant.currency.code { reader.money(amount) } else { format!("{currency} {amount}") }
}

/// Where it stands.
pub(super) fn stands(reader: &Reader<'_>, aside: &Mismatch) -> String {
    reader.get(match aside.state.as_str() {
        WAITING => "mismatch.waiting",
        ASKED if aside.decision.as_deref() == Some(ACCEPT) => "mismatch.to_accept",
        ASKED => "mismatch.to_return",
        orders::ACCEPTED => "mismatch.accepted",
        _ => "mismatch.returned",
    })
}

/// What is another than was asked.
pub(super) fn kind(reader: &Reader<'_>, aside: &Mismatch) -> String {
    reader.get(&format!("mismatch.kind.{}", aside.kind))
}

/// Those of `all` that concern cases of the reader's.
async fn of_reader(ask: &Ask, tx: &mut Tx, all: Vec<Mismatch>) -> Result<Vec<(Mismatch, CaseRow)>, Problem> {
    let ids: BTreeSet<String> = all.iter().map(|aside| aside.case.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let mut rows = BTreeMap::new();
    for some in ids.chunks(500) {
        rows.extend(cases::among(tx, some).await?.into_iter().map(|row| (row.id.clone(), row)));
    }
    let (tenant, employee) = (ask.tenant(), ask.employee()?);
    let sees = |row: &CaseRow| {
        let service = ask.library.catalogue.service(&tenant.id, &row.service);
        let roles = scope::actor(tenant, employee, &row.service, &row.place).roles;
        let billing = service.and_then(|service| service.billing.as_ref());
        employee.audits() || billing.is_some_and(|billing| handles(billing, &roles))
    };
    let with_case = |aside: Mismatch| {
        let row = rows.get(&aside.case).filter(|row| sees(row))?.clone();
        Some((aside, row))
    };
    Ok(all.into_iter().filter_map(with_case).collect())
}

/// Every payment of the reader's cases, and whether there are more than are listed.
async fn all(ask: &Ask) -> Result<(Vec<(Mismatch, CaseRow)>, bool), Problem> {
    if !till::sees(&ask.library, ask.tenant(), ask.employee()?) {
        return Err(Refusal::NotYourRole.into());
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut found = mismatches::latest(&mut tx, LISTED + 1).await?;
    let cut = csv::cut(&mut found, LISTED);
    Ok((of_reader(ask, &mut tx, found).await?, cut))
}

/// The number of the case with what its service is called.
fn about(ask: &Ask, reader: &Reader<'_>, case: &CaseRow) -> (String, String) {
    let service = ask.library.catalogue.service(&ask.tenant().id, &case.service);
    let title = service.map(|service| reader.text(&service.title).to_owned()).unwrap_or_default();
    (case.number.clone().unwrap_or_default(), title)
}

/// `GET /{tenant}/desk/mismatches`
pub(crate) async fn list(ask: &Ask) -> Answer {
    let reader = Reader::of(ask);
    let (found, _) = all(ask).await?;
    let last = found.len().saturating_sub(1) / PAGE;
    let page = ask.query("page")?.parse::<usize>().map_or(0, |page| page.saturating_sub(1).min(last));
    let row = |(aside, case): &(Mismatch, CaseRow)| {
        let (number, service) = about(ask, &reader, case);
        let asked = amount(&reader, aside.asked_paise, &reader.tenant.currency.code);
        let came = amount(&reader, aside.came_paise, &aside.currency);
        let amounts = reader.say("mismatch.amounts", &[("asked", &asked), ("came", &came)]);
        Row {
            key: reader.moment(aside.at_ms),
            lines: vec![amounts, kind(&reader, aside), stands(&reader, aside)],
            links: vec![Link::new(href(&reader, &aside.reference), format!("{number}, {service}"))],
            ..Row::default()
        }
    };
    let rows: Vec<Row> = found.iter().skip(page * PAGE).take(PAGE).map(row).collect();
    let count = |number: usize| reader.count(i64::try_from(number).unwrap_or(i64::MAX));
    let address = |page: usize| ask.at(&format!("/desk/mismatches?page={}", page + 1));
    let pager = Pager {
        total: count(found.len()),
        from: count(page * PAGE + 1),
        to: count(page * PAGE + rows.len()),
        prev: (page > 0).then(|| address(page.saturating_sub(1))),
        next: (page < last).then(|| address(page + 1)),
    };
    let mut text = vec![reader.get("mismatch.text")];
    if rows.is_empty() {
        text.push(reader.get("mismatch.none"));
    }
    let view = Erasing {
        title: reader.get("mismatch.title"),
        text,
        pager: Some(pager).filter(|_| !rows.is_empty()),
        csv: if rows.is_empty() { String::new() } else { ask.at("/desk/mismatches.csv") },
        sections: if rows.is_empty() { Vec::new() } else { vec![Section { title: String::new(), rows }] },
        ..Erasing::default()
    };
    ask.page(Page::Erasing(view)).back(ask.at("/desk")).answer()
}

/// `GET /{tenant}/desk/mismatches.csv`: all of them, and a note of who took them.
pub(crate) async fn file(ask: &Ask) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    let (found, cut) = all(ask).await?;
    let mut file = Csv::new();
    let heads = [
        "mismatch.found",
        "inbox.number",
        "collect.service",
        "mismatch.order",
        "mismatch.payment",
        "mismatch.asked",
        "mismatch.came",
        "mismatch.currency",
        "mismatch.differs",
        "inbox.state",
    ];
    let heads = heads.map(|key| reader.get(key));
    file.row(heads.iter().map(String::as_str));
    for (aside, case) in &found {
        let (number, service) = about(ask, &reader, case);
        let plain = |paise: i64| Money::from_paise(paise).unwrap_or_default().to_string();
        file.row([
            &*reader.day_of(aside.at_ms),
            &number,
            &service,
            &aside.reference,
            aside.payment.as_deref().unwrap_or_default(),
            &plain(aside.asked_paise),
            &plain(aside.came_paise),
            &aside.currency,
            &kind(&reader, aside),
            &stands(&reader, aside),
        ]);
    }
    if cut {
        file.row([&*reader.say("inbox.csv_cut", &[("n", &reader.count(LISTED))])]);
    }
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let by = By { person: &employee.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let facts = json!({ "list": "mismatches", "rows": found.len(), "cut": cut });
    events::note(&mut tx, by, None, "export", facts).await?;
    tx.commit().await?;
    file.sent(&format!("mismatches-{}.csv", ask.now().day()))
}

/// The way to the list with how many wait there, for the desk's first page; nothing for whom it does not concern.
pub(super) async fn waiting(ask: &Ask, reader: &Reader<'_>) -> Result<Option<ActionLink>, Problem> {
    if !till::sees(&ask.library, ask.tenant(), ask.employee()?) {
        return Ok(None);
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = mismatches::undecided(&mut tx, LISTED).await?;
    let count = of_reader(ask, &mut tx, found).await?.len();
    let wait = || reader.say("mismatch.wait", &[("n", &reader.count(i64::try_from(count).unwrap_or(i64::MAX)))]);
    Ok(Some(ActionLink {
        href: ask.at("/desk/mismatches"),
        text: reader.get("mismatch.title"),
        hint: if count > 0 { wait() } else { String::new() },
        ..ActionLink::default()
    }))
}

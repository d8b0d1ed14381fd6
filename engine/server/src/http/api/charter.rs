//! The citizens' charter for programs.

use serde_json::{Value as Json, json};
use ui_gen::view::home::FeeExample;

use crate::http::ask::{self, Answer, Ask};
use crate::http::charter::{self, Reader, Row};

/// `GET /api/{tenant}/charter`: what the town promises of each of its services, today.
pub async fn list(ask: &Ask) -> Answer {
    let reader = Reader::of(ask);
    let rows: Vec<Json> = charter::rows(&reader).iter().map(|row| told(ask, row)).collect();
    let town = reader.tenant.title.in_language(reader.lang);
    Ok(ask::json(200, &json!({ "town": town, "day": reader.day.to_string(), "services": rows })))
}

fn told(ask: &Ask, row: &Row) -> Json {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "service": row.service,
        "definition": row.definition,
        "title": row.title,
        "about": row.about,
        "group": row.group,
        "department": row.department,
        "who": row.who,
        "documents": row.documents,
        "free": !row.charged,
        "heads": row.heads,
        "fee": row.fee.as_ref().map(fee),
        "rates": some(&row.rates),
        "model": row.model,
        "within": some(&row.within),
        "sooner": row.sooner.iter().map(|(kind, within)| json!({ "kind": kind, "within": within })).collect::<Vec<_>>(),
        "gives": row.gives,
        "papers": row.papers,
        "officer": some(&row.officer),
        "first_appeal": some(&row.first_appeal),
        "second_appeal": some(&row.second_appeal),
        "law": some(&row.law),
        "otherwise": row.otherwise,
        "link": ask.app.link(&ask.at(&format!("/charter/{}", row.service))),
    })
}

/// An example of what it costs: the answers on which that depends, and what it is made of.
fn fee(fee: &FeeExample) -> Json {
    let answers = fee.answers.iter().map(|row| json!({ "question": row.key, "answer": row.lines.join(", ") }));
    let lines = fee.lines.iter().map(|line| json!({ "head": line.label, "amount": line.amount }));
    json!({
        "answers": answers.collect::<Vec<_>>(),
        "lines": lines.collect::<Vec<_>>(),
        "total": fee.total,
        "authority": fee.authority,
    })
}

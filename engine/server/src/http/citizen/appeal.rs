//! The time of the law is over, or the application was refused: whom to appeal to, and with what.

use engine::case::Case;
use engine::service::Service;
use engine::template::format;
use engine::workflow::End;
use ui_gen::Page;
use ui_gen::view::common::Row;
use ui_gen::view::follow::Appeal;

use super::{statement, tell};
use crate::http::ask::{Answer, Ask};
use crate::http::{charter, when};
use crate::problem::Problem;

/// Whether there is something to appeal against: a law that promises, and a promise that was not
/// kept or an application that was refused.
pub(super) fn is_open(ask: &Ask, service: &Service, case: &Case) -> bool {
    let state = tell::state_of(service, case);
    service.statute.is_some() && (is_overdue(ask, service, case) || state.end == Some(End::Refused))
}

fn is_overdue(ask: &Ask, service: &Service, case: &Case) -> bool {
    let promised = tell::promised(case, tell::state_of(service, case), ask.now());
    promised.is_some_and(|promised| promised.ms < ask.now().ms)
}

/// Why one can appeal, in a few words.
pub(super) fn why(ask: &Ask, case: &Case) -> String {
    let overdue = case.promised_ms.filter(|ms| *ms < ask.now().ms);
    overdue.map(|ms| when::due(ask.words(), ms, ask.now()).label).unwrap_or_default()
}

/// `GET /{tenant}/cases/{case}/appeal`
pub async fn page(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let (case, words, lang) = (ask.case(), ask.words(), ask.lang.as_str());
    let (Some(statute), Some(number), true) = (&service.statute, &case.number, is_open(ask, &service, case)) else {
        return Err(Problem::NotFound);
    };
    let day = |ms: i64| format::day(ask.now().with_ms(ms).day());
    let overdue = is_overdue(ask, &service, case);
    let mut rows = vec![
        Row::new(words.get("appeal.service"), service.title.in_language(lang)),
        Row::new(words.get("appeal.number"), number),
    ];
    rows.extend(case.submitted_ms.map(|ms| Row::new(words.get("appeal.sent"), day(ms))));
    rows.extend(case.promised_ms.map(|ms| Row::new(words.get("appeal.promised"), day(ms))));
    rows.push(Row::new(words.get("appeal.state"), tell::state_of(&service, case).label.in_language(lang)));
    rows.push(Row::new(words.get("appeal.today"), format::day(ask.now().day())));
    let view = Appeal {
        service: service.title.in_language(lang).to_owned(),
        number: number.clone(),
        law: statute.law.in_language(lang).to_owned(),
        text: words.get(if overdue { "appeal.overdue" } else { "appeal.refused" }),
        rows,
        officers: charter::officers(&service, ask.words()),
        office: statement::office(ask),
        case: ask.at_case(""),
    };
    ask.page(Page::Appeal(view)).back(ask.at_case("")).answer()
}

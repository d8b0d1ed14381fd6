//! `/{tenant}/desk`: what waits for whoever signed in.

use engine::service::Service;
use ui_gen::Page;
use ui_gen::view::common::{ActionLink, Link, Tone};
use ui_gen::view::desk::{DeskCount, DeskHome, DeskService};

use super::filter::Filters;
use super::inbox::query;
use super::leave::Away;
use super::reader::Reader;
use super::rows::{self, Around};
use super::view_inbox::counted;
use super::{mismatches, register, scope, stock, till};
use crate::http::ask::{Answer, Ask};
use crate::http::taken_back;
use crate::problem::Problem;
use crate::store::inbox::{self, Band, COUNTED, Holder, Query};
use crate::store::{Tx, cancellations, cases, receipts};

/// Cases that are shown at once.
const FIRST: usize = 5;

/// `GET /{tenant}/desk`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    let mine = scope::services(&ask.library, ask.tenant(), employee);
    let (mut services, mut quiet) = (Vec::new(), Vec::new());
    for service in &mine {
        match card(ask, &reader, service).await? {
            (card, true) => services.push(card),
            (card, false) => quiet.push(Link::new(card.href, card.title)),
        }
    }
    let filters = Filters::default();
    let query = query(ask, employee, &filters)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let first = inbox::export(&mut tx, &query, 25).await?;
    drop(tx);
    // What has no time set is not due, however long it has been there.
    let first: Vec<_> = first.into_iter().filter(|case| case.due_ms.is_some()).take(FIRST).collect();
    let around = Around::load(ask, &first).await?;
    let last = ask.session.as_ref().and_then(|session| serde_json::from_str::<serde_json::Value>(&session.data).ok());
    let last = last.and_then(|data| data["last_ms"].as_i64());
    let (assist, drafts) = super::assist::queue(ask, &reader).await?;
    let view = DeskHome {
        name: employee.name.clone(),
        roles: posts(ask, &reader)?,
        last_sign_in: last.map(|ms| reader.moment(ms)).unwrap_or_default(),
        services,
        quiet,
        links: links(ask, &reader).await?,
        assist,
        drafts,
        first: first.iter().map(|case| rows::row(&reader, &around, case)).collect(),
    };
    ask.page(Page::DeskHome(view)).answer()
}

/// The posts held today, each once; for which services, the cards below show.
fn posts(ask: &Ask, reader: &Reader<'_>) -> Result<Vec<String>, Problem> {
    let employee = ask.employee()?;
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let mut posts = Vec::new();
    for service in &services {
        for held in employee
            .held
            .iter()
            .filter(|held| held.service == service.id || held.service == crate::store::appointments::EVERY_SERVICE)
        {
            let Some(role) = service.role(&held.role) else { continue };
            let place = if held.place.is_empty() { String::new() } else { format!(", {}", reader.place(&held.place)) };
            let post = format!("{}{place}", reader.text(&role.label));
            if !posts.contains(&post) {
                posts.push(post);
            }
        }
    }
    if employee.administers() {
        posts.push(reader.get("staff.administrator"));
    }
    if employee.audits() {
        posts.push(reader.get("staff.auditor"));
    }
    Ok(posts)
}

/// One service: mine, nobody's, nearly due, overdue, with the applicant for correction; and whether there are any.
async fn card(ask: &Ask, reader: &Reader<'_>, service: &Service) -> Result<(DeskService, bool), Problem> {
    let employee = ask.employee()?;
    let base = ask.at("/desk/inbox");
    let here = Filters::default().with("service", &service.id);
    let everything = here.with("scope", "all");
    let waiting: Vec<String> = service
        .workflow
        .states
        .iter()
        .filter(|state| state.waits_for_applicant)
        .map(|state| state.name.to_string())
        .collect();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let [with_me, with_nobody, soon, late] = kinds(&mut tx, &query(ask, employee, &here)?).await?;
    let sent_back = if waiting.is_empty() {
        (0, false)
    } else {
        let query = Query { states: waiting.clone(), ..query(ask, employee, &everything)? };
        inbox::many(&mut tx, &query, COUNTED).await?
    };
    drop(tx);
    let count = |key: &str, (count, more): (i64, bool), filters: Filters, tone: Tone| DeskCount {
        label: reader.get(key),
        count: counted(reader, count, more),
        href: format!("{base}{}", filters.query()),
        tone: if count > 0 { tone } else { Tone::Neutral },
    };
    let any = [with_me, with_nobody, soon, late, sent_back].iter().any(|(count, _)| *count > 0);
    let all_waiting = waiting.iter().fold(everything, |filters, state| filters.also("state", state));
    let card = DeskService {
        title: reader.text(&service.title).to_owned(),
        href: format!("{base}{}", here.query()),
        counts: vec![
            count("inbox.with_me", with_me, here.with("with", "me"), Tone::Info),
            count("inbox.with_nobody", with_nobody, here.with("with", "nobody"), Tone::Neutral),
            count("inbox.due_soon", soon, here.with("due", "soon"), Tone::Warn),
            count("inbox.overdue", late, here.with("due", "late"), Tone::Bad),
            count("home.sent_back", sent_back, all_waiting, Tone::Neutral),
        ],
    };
    Ok((card, any))
}

/// How many cases are the reader's, nobody's, nearly due and overdue, and whether there are more of each.
async fn kinds(tx: &mut Tx, query: &Query<'_>) -> Result<[(i64, bool); 4], Problem> {
    let counts = inbox::counts(tx, query, COUNTED).await?;
    if !counts.cut {
        let holder = |holder: Holder| counts.holders.iter().find(|(known, _)| *known == holder);
        let band = |band: Band| counts.bands.iter().find(|(known, _)| *known == band);
        let numbers = [
            holder(Holder::Me).map(|(_, count)| *count),
            holder(Holder::Nobody).map(|(_, count)| *count),
            band(Band::Soon).map(|(_, count)| *count),
            band(Band::Late).map(|(_, count)| *count),
        ];
        return Ok(numbers.map(|count| (count.unwrap_or_default(), false)));
    }
    // There are too many for each choice to be counted: each is asked for by itself.
    let mut numbers = [(0, false); 4];
    let choices = [
        (vec![Holder::Me], vec![]),
        (vec![Holder::Nobody], vec![]),
        (vec![], vec![Band::Soon]),
        (vec![], vec![Band::Late]),
    ];
    for (number, (holders, bands)) in numbers.iter_mut().zip(choices) {
        *number = inbox::many(tx, &Query { holders, bands, ..query.clone() }, COUNTED).await?;
    }
    Ok(numbers)
}

/// Shortcuts, and the receipts that wait for a second person.
async fn links(ask: &Ask, reader: &Reader<'_>) -> Result<Vec<ActionLink>, Problem> {
    let employee = ask.employee()?;
    let link = |path: &str, text: String| ActionLink { href: ask.at(path), text, ..ActionLink::default() };
    let mut links = Vec::new();
    let services = scope::services(&ask.library, ask.tenant(), employee);
    if !employee.audits() && services.iter().any(|service| service.billing.is_some()) {
        links.push(link("/desk/collect", reader.get("collect.find")));
    }
    if till::sees(&ask.library, ask.tenant(), employee) {
        links.push(link("/desk/tills", reader.get("till.title")));
    }
    links.extend(till::waiting(ask, reader).await?);
    links.extend(mismatches::waiting(ask, reader).await?);
    links.extend(stock::waiting(ask, reader).await?);
    if let Some(first) = register::registries(&services).into_iter().next() {
        links.push(link(&format!("/desk/registers/{first}"), reader.get("register.others")));
    }
    links.push(link("/desk/my-work", reader.get("work.title")));
    if !employee.audits() {
        let own = Away::load(ask).await?.beside(reader, &employee.id, String::new());
        links.push(ActionLink { hint: own, ..link("/desk/leave", reader.get("leave.title")) });
    }
    links.push(link("/desk/account", reader.get("account.title")));
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    for asked in
        cancellations::waiting(&mut tx).await?.into_iter().filter(|asked| asked.asked_by != employee.id).take(FIRST)
    {
        let Some(kept) = receipts::find(&mut tx, &asked.receipt).await? else { continue };
        let Some(case) = cases::load(&mut tx, &kept.case).await? else { continue };
        let service = ask.app.service_of(ask.tenant(), &case.definition).await?;
        let place = crate::finding::place(&service.form, &case.answers);
        let roles = scope::actor(ask.tenant(), employee, &case.service, place).roles;
        if !service.billing.as_ref().is_some_and(|billing| billing.cancelled_by(&roles)) {
            continue;
        }
        let text = reader.say("home.cancellation", &[("receipt", &asked.receipt)]);
        links.push(ActionLink {
            href: super::view_money::receipt_href(reader, &asked.receipt),
            text,
            hint: taken_back::shown(reader.words, &asked.reason),
            ..ActionLink::default()
        });
    }
    Ok(links)
}

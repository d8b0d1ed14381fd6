//! Everything once more, then send.

use engine::base::{Name, Text};
use engine::case::{self, Actor, Case, Command, Context, Refusal, choices, command};
use engine::fees;
use engine::form::Kind;
use engine::service::Service;
use engine::template::format;
use engine::workflow::{APPLICANT, Action};
use ui_gen::Page;
use ui_gen::view::apply::Check;
use ui_gen::view::common::{ErrorLink, Tone};
use ui_gen::view::money::{Bill, BillLine};

use super::{form, offer, sent_back, tell};
use crate::act;
use crate::finding;
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::{reckoned, slot_words, when};
use crate::problem::Problem;
use crate::store::cases;

/// Cases that are looked at for being alike.
const ALIKE: i64 = 200;

/// `GET /{tenant}/cases/{case}/check`
pub async fn show(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    if !form::is_open(ask, &service) {
        return ask.redirect(&ask.at_case(""));
    }
    if let Some(open) = form::first_open(ask, &service, ask.case()) {
        let to = if service.form.tasks { "/tasks".to_owned() } else { format!("/form/{open}") };
        return ask.redirect(&ask.at_case(&to));
    }
    draw(ask, &service, Vec::new(), 200).await
}

/// The page, with what was found wrong when it was sent.
async fn draw(ask: &Ask, service: &Service, mut errors: Vec<ErrorLink>, status: u16) -> Answer {
    let action = sends_now(ask, service).await?.ok_or(Problem::NotFound)?;
    let base = ask.at_case("/form");
    let (bill, bill_note) = estimate(ask, service);
    let declined = reckoned::declined(service, &ask.case().answers, ask.now().day());
    let declined = declined.map(|text| text.in_language(&ask.lang).to_owned());
    let name = action.label.in_language(&ask.lang).to_owned();
    let submit = match bill.as_ref().filter(|_| action.demand.is_some()) {
        Some(bill) => ask.words().say("check.send_and_pay", &[("action", &name), ("amount", &bill.total)]),
        None => name,
    };
    errors.extend(hindered(ask, service, action).await?);
    // Where the fee comes due now it hinders; where it comes due later it can be sent, and whoever sends it is told.
    let (hinders, warns) = if action.demand.is_some() { (declined, None) } else { (None, declined) };
    errors.extend(hinders.map(|text| ErrorLink { target: String::new(), text }));
    let view = Check {
        service: service.title.in_language(&ask.lang).to_owned(),
        action: ask.at_case("/check"),
        sections: tell::sections(ask, service, ask.case(), true, &|page, path| {
            let name = path.split('.').next().unwrap_or_default();
            let open = sent_back::fields(ask, service, page, &serde_json::Value::Null);
            if open.contains(name) { format!("{base}/{}?change=1", page.name) } else { String::new() }
        }),
        bill,
        bill_note,
        known: known(ask, service).await?,
        owner: offer::role(ask, service).await?.map(|_| ask.at_case("/owner")).unwrap_or_default(),
        declaration: Vec::new(),
        promise: if declares(service) { String::new() } else { ask.words().get("check.promise") },
        submit,
        errors,
        unticked: false,
    };
    let last = super::asked::pages(service, ask.tenant(), ask.case(), ask.now().day())
        .last()
        .map(|page| page.name.to_string());
    let mut page = ask.page(Page::Check(view)).status(status);
    if let Some(text) = warns {
        page = page.notice(Tone::Warn, text);
    }
    page.back(last.map_or_else(|| ask.at(""), |page| format!("{base}/{page}"))).answer()
}

/// `POST /{tenant}/cases/{case}/check`: sends the application, once.
pub async fn submit(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let done = ask.at_case("/done");
    let Some(action) = sends_now(ask, &service).await?.filter(|_| form::is_open(ask, &service)) else {
        // It was sent already: a second press, or Back and once more, leads to the same place.
        return if ask.case().number.is_some() { ask.redirect(&done) } else { Err(Refusal::NotEditable.into()) };
    };
    let command = Command::Act {
        action: action.name.clone(),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    let actor = ask.who.actor(&service.id, &[]).ok_or(Problem::SignIn)?;
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &actor, &command, ask.key()?.as_deref()).await {
        Ok(_) => ask.redirect(&done),
        Err(Problem::Refused(Refusal::Answers(errors))) => {
            let first = errors.first().and_then(|error| error.path.split('.').next()).unwrap_or_default();
            let page = service.form.pages_by(None).find(|page| page.fields.iter().any(|field| field.name == *first));
            let page = page.ok_or(Problem::Refused(Refusal::Answers(errors.clone())))?;
            let to = ask.at_case(&format!("/form/{}?change=1", page.name));
            Ok(again::came(ask.redirect(&to)?, Came::Nothing))
        }
        // Somebody else has the days by now: the answers stand above, each with its way to be changed.
        Err(Problem::Refused(refusal)) => match slot_words::refusal(ask.words(), &refusal) {
            Some(text) => draw(ask, &service, vec![ErrorLink { target: String::new(), text }], 422).await,
            None => Err(refusal.into()),
        },
        Err(other) => Err(other),
    }
}

/// The action that sends the application now.
async fn sends_now<'a>(ask: &Ask, service: &'a Service) -> Result<Option<&'a Action>, Problem> {
    let case = ask.case();
    let Some(actor) = ask.who.actor(&service.id, &[]) else { return Ok(sends(service, case)) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let around = act::Around::load(&ask.app, ask.tenant(), &mut tx, (service, case), None).await?;
    Ok(sends_as_answered(service, case, &actor, around.context(ask.now(), ask.tenant())))
}

/// Why the application cannot be sent as it was answered, where the author says it: everything that does not fit.
async fn hindered(ask: &Ask, service: &Service, action: &Action) -> Result<Vec<ErrorLink>, Problem> {
    let says_why = action.when.iter().any(|requirement| requirement.otherwise.is_some());
    let Some(actor) = ask.who.actor(&service.id, &[]).filter(|_| says_why) else {
        return Ok(Vec::new());
    };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let around = act::Around::load(&ask.app, ask.tenant(), &mut tx, (service, ask.case()), None).await?;
    let all = choices(service, ask.case(), &actor, around.context(ask.now(), ask.tenant()));
    let refused = all.into_iter().find(|choice| choice.action.name == action.name).and_then(|choice| choice.refused);
    let words = refused.as_ref().map(Refusal::words_of_author).unwrap_or_default();
    let link = |text: &Text| ErrorLink { target: String::new(), text: text.in_language(&ask.lang).to_owned() };
    Ok(words.iter().map(link).collect())
}

/// The action that sends a case as it was answered: of several the first whose condition holds. Where
/// none holds, it is the first, and the refusal tells why.
pub fn sends_as_answered<'a>(
    service: &'a Service,
    case: &Case,
    actor: &Actor,
    context: Context<'_>,
) -> Option<&'a Action> {
    let open = choices(service, case, actor, context).into_iter().filter(|choice| choice.refused.is_none());
    open.map(|choice| choice.action).find(|action| is_sending(service, case, action)).or_else(|| sends(service, case))
}

/// Whether an action leads on without asking more, and ends nothing.
pub(crate) fn is_sending(service: &Service, case: &Case, action: &Action) -> bool {
    let to = service.workflow.state(&action.to);
    action.asks.is_none() && action.to.value != case.state && to.is_some_and(|to| to.end.is_none())
}

/// The action that sends the application: the applicant's first that leads on and ends nothing.
pub fn sends<'a>(service: &'a Service, case: &Case) -> Option<&'a Action> {
    let state = service.workflow.state(&case.state)?;
    let by_applicant =
        |action: &&Action| action.roles().iter().any(|role| role.value == *APPLICANT) && action.asks.is_none();
    let mut actions = state.actions.iter().filter(by_applicant);
    let first = actions.clone().find(|action| is_sending(service, case, action));
    first.or_else(|| actions.find(|action| action.to.value != state.name))
}

/// How many open cases are so alike that the matter may be known already; empty for none, and where
/// the definition does not ask. Nothing is said of whose they are.
async fn known(ask: &Ask, service: &Service) -> Result<String, Problem> {
    let case = ask.case();
    let mut terms = finding::terms(&service.form, &case.answers);
    terms.retain(|(field, _)| service.alike.iter().any(|name| *name.value == **field));
    if service.alike.is_empty() || terms.len() < service.alike.len() || case.number.is_some() {
        return Ok(String::new());
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut rows = cases::answered_all_alike(&mut tx, &service.id, &terms, ALIKE).await?;
    // A state that the definition no longer has is not open here either.
    rows.retain(|row| service.workflow.state(&row.state).is_some_and(|state| state.end.is_none()));
    let Some(latest) = rows.first() else { return Ok(String::new()) };
    let day = format::day(ask.now().with_ms(latest.opened_ms).day());
    Ok(ask.words().say("check.known", &[("n", &rows.len().to_string()), ("day", &day)]))
}

/// Whether the form has a declaration of its own.
fn declares(service: &Service) -> bool {
    service.form.pages_by(None).flat_map(|page| &page.fields).any(|field| matches!(field.kind, Kind::Declaration))
}

/// What it will cost by today's rates, where that follows from the applicant's answers alone.
fn estimate(ask: &Ask, service: &Service) -> (Option<Bill>, String) {
    let reckon = || -> Option<Bill> {
        let (fees, billing) = (service.fees.as_ref()?, service.billing.as_ref()?);
        let today = ask.now().day();
        let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
        let facts = service.facts(&ask.case().answers);
        let assessed = fees::assess(fees, &facts, today, today, &service.lists, &heads).ok()?;
        let charges = billing.charges(&assessed.heads, assessed.steps).ok()?;
        let charges = case::paid_at_once(service, charges, &facts, today);
        let total = charges.heads.iter().map(|(_, amount)| *amount).sum();
        Some(Bill {
            number: String::new(),
            lines: charges
                .heads
                .iter()
                .map(|(name, amount)| BillLine::new(tell::head(billing, name, &ask.lang), tell::money(ask, *amount)))
                .collect(),
            total: tell::money(ask, total),
            steps: tell::steps(ask, service, &charges.steps),
        })
    };
    let bill = reckon();
    let due_in = service.billing.as_ref().map(|billing| when::span(ask.words(), billing.due_in));
    let note = bill.as_ref().zip(due_in).map(|(_, span)| ask.words().say("check.fee_later", &[("span", &span)]));
    (bill, note.unwrap_or_default())
}

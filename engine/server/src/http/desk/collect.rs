//! The counter: finding what is owed, and taking money.

use engine::base::{Day, Name};
use engine::billing::{COUNTER, DemandStatus, Payment};
use engine::case::{Case, Command, Outcome, Refusal, bill, decide};
use engine::form::html::ascii;
use engine::service::Service;
use ui_gen::Page;
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::counter::{Collect, CollectHit, CollectSearch};

use super::collect_form::{Typed, mark};
use super::opened::Opened;
use super::reader::Reader;
use super::register::registries;
use super::rows::{self, Around, href};
use super::scan::Wanted;
use super::scope::{self, Reach};
use super::view_leads::{self, Leads};
use super::{preview, till, view_case, view_money};
use crate::act;
use crate::http::ask::{Answer, Ask, Shown};
use crate::http::order;
use crate::http::sought::{self, Sought};
use crate::problem::Problem;
use crate::store::inbox::{self, CaseRow, Query};
use crate::store::{cases, people, receipts, records};

/// Hits of a search.
const HITS: i64 = 25;

/// Whether money can be taken for a case now, by somebody who holds `roles`.
pub(crate) fn may_collect(service: &Service, case: &Case, roles: &[Name]) -> bool {
    let collects = service.billing.as_ref().is_some_and(|billing| billing.collected_by(roles));
    collects && case.demands.iter().any(|demand| demand.status == DemandStatus::Open)
}

/// `GET /{tenant}/desk/collect`
pub(crate) async fn search(ask: &Ask) -> Answer {
    let reader = Reader::of(ask);
    if let Some(sealed) = sought::sealed_address(ask, "q")? {
        return ask.redirect(&sealed);
    }
    let sought = Sought::read(ask, "q")?;
    let wanted = Wanted::read(ask, &sought.words).await?;
    let mut found = named(ask, &wanted).await?;
    if let [only] = found.as_slice()
        && Around::load(ask, &found).await?.owed(&only.id).is_some()
        && collects(ask, only)?
    {
        return ask.redirect(&format!("{}/collect", href(&reader, &only.id)));
    }
    let others = if wanted.words().is_empty() { Vec::new() } else { find(ask, wanted.words()).await? };
    for row in others {
        if found.iter().all(|known| known.id != row.id) {
            found.push(row);
        }
    }
    let around = Around::load(ask, &found).await?;
    let hit = |case: &CaseRow| {
        let amount = around.owed(&case.id);
        let page = href(&reader, &case.id);
        let row = rows::row(&reader, &around, case);
        CollectHit {
            href: if amount.is_some() { format!("{page}/collect") } else { page },
            number: row.number,
            name: row.applicant,
            service: row.service,
            amount: amount.map(|amount| reader.money(amount)).unwrap_or_default(),
            state: row.fee.filter(|_| amount.is_none()).unwrap_or_else(|| match amount {
                Some(_) => Tag::new(reader.get("money.open"), Tone::Warn),
                None => Tag::new(reader.get("collect.nothing"), Tone::Neutral),
            }),
        }
    };
    let view = CollectSearch {
        action: ask.at("/desk/collect"),
        searched: !wanted.text.is_empty(),
        hits: found.iter().map(hit).collect(),
        query: wanted.text,
    };
    sought.told(ask, ask.page(Page::CollectSearch(view))).answer()
}

/// The case of the paper that was scanned, and the cases that owe on the record with this number, as it
/// is typed or read by a scanner.
async fn named(ask: &Ask, wanted: &Wanted) -> Result<Vec<CaseRow>, Problem> {
    let services = scope::services(&ask.library, ask.tenant(), ask.employee()?);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let number = wanted.record();
    let mut owing: Vec<String> = wanted.case().map(str::to_owned).into_iter().collect();
    for registry in registries(&services).iter().filter(|_| !number.is_empty()) {
        if let Some(record) = records::load_typed(&mut tx, registry, number).await? {
            owing.extend(records::owing(&mut tx, registry, &record.number).await?);
        }
    }
    owing.truncate(usize::try_from(HITS).unwrap_or_default());
    let rows = cases::among(&mut tx, &owing).await?.into_iter();
    let employee = ask.employee()?;
    let holds = |row: &CaseRow| scope::reads(ask.tenant(), employee, &row.service, &row.place);
    Ok(rows.filter(|row| row.number.is_some() && holds(row)).collect())
}

/// Whether the reader takes money for a case.
fn collects(ask: &Ask, row: &CaseRow) -> Result<bool, Problem> {
    let actor = scope::actor(ask.tenant(), ask.employee()?, &row.service, &row.place);
    let service = ask.library.catalogue.service(&ask.tenant().id, &row.service);
    let billing = service.and_then(|service| service.billing.as_ref());
    Ok(billing.is_some_and(|billing| billing.collected_by(&actor.roles)))
}

/// Cases by their number, by a searchable answer, by the number of a receipt, or by the applicant's
/// mobile; only of services and places in which the reader holds a role.
async fn find(ask: &Ask, text: &str) -> Result<Vec<CaseRow>, Problem> {
    let (tenant, employee) = (ask.tenant(), ask.employee()?);
    let mut scopes = scope::scopes(&ask.library, tenant, employee, Reach::MyServices);
    let first = scopes.pop().unwrap_or_default();
    let plain = digits(text);
    let mobile = ui_gen::from_engine::typed::phone(text);
    let text =
        if plain.len() == 10 && plain.bytes().all(|byte| byte.is_ascii_digit()) { mobile.as_str() } else { text };
    let query = Query {
        scope: first,
        more: scopes,
        own: true,
        handed_in: true,
        me: &employee.id,
        text,
        sort: inbox::Sort::Newest,
        ..Query::default()
    };
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let mut found = inbox::export(&mut tx, &query, HITS).await?;
    let holds = |row: &CaseRow| row.number.is_some() && scope::reads(tenant, employee, &row.service, &row.place);
    let mut more = Vec::new();
    if let Some(kept) = receipts::find(&mut tx, text).await?
        && let Some(case) = cases::load(&mut tx, &kept.case).await?
    {
        more.extend(cases::by_applicant(&mut tx, &case.applicant).await?.into_iter().filter(|row| row.id == kept.case));
    }
    let mut of_state = ask.app.store.read(&tenant.state).await?;
    if let Some(person) = people::by_mobile(&mut of_state, &mobile).await? {
        more.extend(cases::by_applicant(&mut tx, &person.id).await?);
    }
    for row in more.into_iter().filter(holds) {
        if found.iter().all(|known| known.id != row.id) {
            found.push(row);
        }
    }
    Ok(found)
}

/// `GET /{tenant}/desk/cases/{case}/collect`
pub(crate) async fn show(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    if !ask.case().demands.iter().any(|demand| demand.status == DemandStatus::Open) {
        return Err(Refusal::NothingToPay.into());
    }
    if !may_collect(&opened.service, ask.case(), &opened.actor.roles) {
        return Err(Refusal::NotYourRole.into());
    }
    if opened.is_own(ask.case()) {
        return Err(Refusal::OwnCase.into());
    }
    if let Some(first) = till::first(ask, &opened) {
        return ask.redirect(&first);
    }
    let owed = bill(&opened.service, ask.case(), ask.now().day())?;
    draw(ask, &opened, &Typed::in_cash(&Reader::of(ask), owed.total), 200).await
}

/// Figures as people type them, in the digits of forms: without blanks, commas and the currency's sign.
pub(super) fn digits(text: &str) -> String {
    ascii(text).chars().filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}' | '₹')).collect()
}

/// What a payment leads to, tried on a copy.
fn tried(ask: &Ask, opened: &Opened, payment: &Payment) -> Result<Outcome, Refusal> {
    let command = Command::Receive(payment.clone());
    decide(&opened.service, ask.case(), &opened.actor, &command, opened.context(&Reader::of(ask)))
}

async fn draw(ask: &Ask, opened: &Opened, typed: &Typed, status: u16) -> Answer {
    page(ask, opened, typed).await?.status(status).answer()
}

/// The page as it stands after what was typed.
async fn page<'a>(ask: &'a Ask, opened: &Opened, typed: &Typed) -> Result<Shown<'a>, Problem> {
    let (reader, case) = (Reader::of(ask), ask.case());
    let owed = bill(&opened.service, case, ask.now().day())?;
    let payment = typed.shown(ask, "counter:tried", owed.total);
    let outcome = payment.as_ref().and_then(|payment| tried(ask, opened, payment).ok());
    let told = match &outcome {
        Some(outcome) => preview::told(ask, opened, outcome, None).await?,
        None => Vec::new(),
    };
    let shared = shared(ask, &reader, payment.as_ref()).await?;
    let leads = Leads { action: None, outcome: outcome.as_ref(), told: &told, assignee: "" };
    let change = typed.change().map(|change| reader.say("collect.change", &[("amount", &reader.money(change))]));
    let amount = payment.as_ref().map_or(owed.total, |payment| payment.amount);
    let sure = payment.as_ref().map(mark).unwrap_or_default();
    let view = Collect {
        identity: view_case::identity(&reader, opened, case),
        bill: view_money::bill(&reader, &opened.service, &owed),
        action: format!("{}/collect?sure={sure}", href(&reader, &case.id)),
        fields: typed.fields(&reader, &opened.service, owed.total),
        errors: Vec::new(),
        change: change.unwrap_or_default(),
        missing: Typed::missing(&reader, payment.as_ref(), owed.total),
        another: typed.takes_another(&opened.service),
        consequences: outcome.as_ref().map(|_| view_leads::consequences(&reader, opened, case, &leads)),
        submit: reader.say("collect.take", &[("amount", &reader.money(amount))]),
    };
    let mut shown = ask.page(Page::Collect(view)).back(href(&reader, &case.id));
    let looked_at = order::looked_at(ask, &case.id).await?.map(|_| reader.get("collect.looked_at"));
    for text in looked_at.into_iter().chain(shared) {
        shown = shown.notice(Tone::Warn, text);
    }
    Ok(shown)
}

/// Says of each cheque and draft that could be taken which receipts it pays for already: it may, and whoever takes it
/// ought to know.
async fn shared(ask: &Ask, reader: &Reader<'_>, payment: Option<&Payment>) -> Result<Vec<String>, Problem> {
    let Some(payment) = payment else { return Ok(Vec::new()) };
    let (mut said, today) = (Vec::new(), reader.now.day());
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    for part in &payment.parts {
        let Some(instrument) = part.instrument.as_ref().filter(|one| one.wrong_on(today).is_empty()) else { continue };
        let others = receipts::by_same_instrument(&mut tx, instrument, today, "").await?;
        if !others.is_empty() {
            let told = [("cheque", part.reference.as_str()), ("receipts", &others.join(", "))];
            said.push(reader.say("receipt.pays_too", &told));
        }
    }
    Ok(said)
}

/// Something else was typed than what the page had reckoned with: it is shown first, and why it comes again.
async fn look_again(ask: &Ask, opened: &Opened, typed: &Typed, payment: &Payment) -> Answer {
    let reader = Reader::of(ask);
    let action = reader.say("collect.take", &[("amount", &reader.money(payment.amount))]);
    let why = reader.say("collect.look_again", &[("action", &action)]);
    page(ask, opened, typed).await?.notice(Tone::Warn, why).answer()
}

/// The modes in which a town takes money for a service over its counter.
pub(crate) fn modes(service: &Service) -> Vec<&'static str> {
    let takes = |mode: &str| service.billing.as_ref().is_none_or(|billing| billing.takes(mode));
    COUNTER.into_iter().filter(|mode| service.chart.collection(mode).is_some() && takes(mode)).collect()
}

/// `POST /{tenant}/desk/cases/{case}/collect`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let reader = Reader::of(ask);
    let mut typed = Typed::read(ask)?;
    if !ask.field("_add")?.is_empty() {
        typed.add(&reader, &opened.service, bill(&opened.service, ask.case(), ask.now().day())?.total);
        return draw(ask, &opened, &typed, 200).await;
    }
    if ask.only_shows() {
        return draw(ask, &opened, &typed, 200).await;
    }
    typed.check(&reader, &opened.service);
    if !typed.is_right() {
        return draw(ask, &opened, &typed, 422).await;
    }
    let key = ask.key()?.ok_or(Problem::BadRequest("a form without its key"))?;
    let Some(payment) = typed.payment(ask, format!("counter:{key}")) else {
        return not_so(ask, &opened, typed, &Refusal::NotAnAmount).await;
    };
    if let Some((receipt, paid)) = known(ask, &key).await? {
        if mark(&paid) != mark(&payment) {
            return Err(Problem::KeyReused);
        }
        return ask.redirect(&view_money::receipt_href(&reader, &receipt));
    }
    if ask.query("sure")? != mark(&payment) {
        if let Err(refusal) = tried(ask, &opened, &payment)
            && is_of_amount(&refusal)
        {
            return not_so(ask, &opened, typed, &refusal).await;
        }
        return look_again(ask, &opened, &typed, &payment).await;
    }
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &Command::Receive(payment), Some(&key)).await
    {
        Ok(_) => {
            let (receipt, _) =
                known(ask, &key).await?.ok_or_else(|| anyhow::anyhow!("a payment was recorded without its receipt"))?;
            let receipt = view_money::receipt_href(&reader, &receipt);
            let change = typed.change().map(|change| format!("?change={}", change.paise()));
            ask.redirect(&format!("{receipt}{}", change.unwrap_or_default()))
        }
        Err(Problem::Refused(refusal)) if is_of_amount(&refusal) => not_so(ask, &opened, typed, &refusal).await,
        Err(other) => Err(other),
    }
}

/// Whether it is the amount that is not taken so.
fn is_of_amount(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::NotTheWholeAmount(_) | Refusal::LessThanTheLeast(_) | Refusal::NotAnAmount)
}

/// The page once more, with why the amount is not taken so.
async fn not_so(ask: &Ask, opened: &Opened, mut typed: Typed, refusal: &Refusal) -> Answer {
    typed.wrong_amount(view_case::refusal(&Reader::of(ask), refusal));
    draw(ask, opened, &typed, 422).await
}

/// The receipt of a payment that was taken under this key.
async fn known(ask: &Ask, key: &str) -> Result<Option<(String, Payment)>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let kept = receipts::by_payment(&mut tx, &format!("counter:{key}")).await?;
    Ok(kept.map(|kept| (kept.receipt.number, kept.receipt.payment)))
}

/// A day as forms write it: `31/03/2027`.
pub fn read_day(text: &str) -> Option<Day> {
    let parts: Vec<String> = text.split(['/', '-', '.']).map(digits).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    engine::base::date::parse_day(&format!("{year}-{month:0>2}-{day:0>2}"))
}

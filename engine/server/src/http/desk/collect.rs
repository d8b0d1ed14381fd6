//! The counter: finding what is owed, and taking money.

use engine::base::{Money, Name};
use engine::billing::{DemandStatus, Payment};
use engine::case::{Case, Command, Refusal, bill};
use engine::form::html::ascii;
use engine::service::Service;
use ui_gen::Page;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::counter::{Collect, CollectHit, CollectSearch};
use ui_gen::view::field::{FieldView, Input, Text};

use super::opened::Opened;
use super::reader::Reader;
use super::rows::{self, Around, href};
use super::scope::{self, Reach};
use super::{view_case, view_money};
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::inbox::{self, CaseRow, Query};
use crate::store::{cases, people, receipts};

/// Modes in which money comes over the counter, in the order of its buttons; a town has those of
/// them that its accounts name.
const MODES: [&str; 5] = ["cash", "cheque", "dd", "card", "upi"];
/// Hits of a search.
const HITS: i64 = 25;

/// Whether money can be taken for a case now, by somebody who holds `roles`.
pub(crate) fn may_collect(service: &Service, case: &Case, roles: &[Name]) -> bool {
    let collects = service.billing.as_ref().is_some_and(|billing| billing.collected_by(roles));
    collects && case.demands.iter().any(|demand| demand.status == DemandStatus::Open)
}

/// `GET /{tenant}/desk/collect`
pub(crate) async fn search(ask: &Ask) -> Answer {
    let (reader, text) = (Reader::of(ask), ask.query("q")?.trim().to_owned());
    if text.chars().count() > limits::SEARCH {
        return Err(Problem::BadRequest("a search that is too long"));
    }
    let found = if text.is_empty() { Vec::new() } else { find(ask, &text).await? };
    let around = Around::load(ask, &found).await?;
    let hit = |case: &CaseRow| {
        let owed = around.fees.get(&case.id).map_or(0, |fee| fee.owed_paise);
        let amount = Money::from_paise(owed).filter(|owed| !owed.is_zero());
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
        searched: !text.is_empty(),
        hits: found.iter().map(hit).collect(),
        query: text,
    };
    ask.page(Page::CollectSearch(view)).answer()
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
    let holds = |row: &CaseRow| {
        row.number.is_some() && !scope::actor(tenant, employee, &row.service, &row.place).roles.is_empty()
    };
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

/// What was typed at the counter, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    mode: String,
    amount: String,
    number: String,
    bank: String,
    dated: String,
    wrong: Vec<(&'static str, String)>,
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
    let owed = bill(&opened.service, ask.case(), ask.now().day())?;
    let typed = Typed { mode: "cash".to_owned(), amount: plain(&Reader::of(ask), owed.total), ..Typed::default() };
    draw(ask, &opened, &typed, 200)
}

/// Figures as people type them, in the digits of forms: without blanks, commas and the currency's sign.
fn digits(text: &str) -> String {
    ascii(text).chars().filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}' | '₹')).collect()
}

/// An amount as it is typed: without the sign of the currency.
fn plain(reader: &Reader<'_>, amount: Money) -> String {
    engine::template::format::plain_money(amount, &reader.tenant.currency)
}

fn draw(ask: &Ask, opened: &Opened, typed: &Typed, status: u16) -> Answer {
    let (reader, case) = (Reader::of(ask), ask.case());
    let owed = bill(&opened.service, case, ask.now().day())?;
    let error = |name: &str| {
        typed.wrong.iter().find(|(wrong, _)| *wrong == name).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let modes = modes(&opened.service).into_iter().map(|mode| Opt::new(mode, reader.mode(mode))).collect();
    let text = |name: &str, value: &str, width: u8| {
        let input = Input::Text(Text { width, max_length: 60, ..Text::new(value) });
        FieldView::new(name, reader.get(&format!("collect.{name}")), input)
            .error(error(name))
            .hint(reader.get(&format!("collect.{name}_hint")))
            .optional()
    };
    let amount =
        Input::Money(Text { width: 10, unit: ask.tenant().currency.symbol.clone(), ..Text::new(&typed.amount) });
    let fields = vec![
        FieldView::new("mode", reader.get("collect.mode"), Input::Choice(Choice::one(modes, &typed.mode, "")))
            .error(error("mode")),
        FieldView::new("amount", reader.get("collect.amount"), amount).error(error("amount")),
        text("number", &typed.number, 20),
        text("bank", &typed.bank, 30),
        text("dated", &typed.dated, 10),
    ];
    let view = Collect {
        identity: view_case::identity(&reader, opened, case),
        bill: view_money::bill(&reader, &opened.service, &owed),
        action: format!("{}/collect", href(&reader, &case.id)),
        fields,
        errors: Vec::new(),
        submit: reader.say("collect.take", &[("amount", &reader.money(owed.total))]),
    };
    ask.page(Page::Collect(view)).back(href(&reader, &case.id)).status(status).answer()
}

fn modes(service: &Service) -> Vec<&'static str> {
    MODES.into_iter().filter(|mode| service.chart.collection(mode).is_some()).collect()
}

/// `POST /{tenant}/desk/cases/{case}/collect`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let mut typed = Typed {
        mode: field("mode")?,
        amount: field("amount")?,
        number: field("number")?,
        bank: field("bank")?,
        dated: field("dated")?,
        wrong: Vec::new(),
    };
    let reader = Reader::of(ask);
    let amount = check(&reader, &opened.service, &mut typed);
    let (Some(amount), true) = (amount, typed.wrong.is_empty()) else { return draw(ask, &opened, &typed, 422) };
    let key = ask.key()?.ok_or(Problem::BadRequest("a form without its key"))?;
    if let Some(receipt) = known(ask, &key).await? {
        return ask.redirect(&view_money::receipt_href(&reader, &receipt));
    }
    let reference = [&typed.number, &typed.bank, &typed.dated]
        .map(String::as_str)
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let payment =
        Payment { key: format!("counter:{key}"), amount, mode: typed.mode.clone(), reference, begun_ms: ask.now().ms };
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &Command::Receive(payment), Some(&key)).await
    {
        Ok(_) => {
            let receipt =
                known(ask, &key).await?.ok_or_else(|| anyhow::anyhow!("a payment was recorded without its receipt"))?;
            ask.redirect(&view_money::receipt_href(&reader, &receipt))
        }
        Err(Problem::Refused(refusal @ (Refusal::NotTheWholeAmount(_) | Refusal::NotAnAmount))) => {
            typed.wrong.push(("amount", view_case::refusal(&reader, &refusal)));
            draw(ask, &opened, &typed, 422)
        }
        Err(other) => Err(other),
    }
}

/// The receipt of a payment that was taken under this key.
async fn known(ask: &Ask, key: &str) -> Result<Option<String>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    Ok(receipts::by_payment(&mut tx, &format!("counter:{key}")).await?.map(|kept| kept.receipt.number))
}

/// Judges what was typed: the amount, and what belongs to the mode.
fn check(reader: &Reader<'_>, service: &Service, typed: &mut Typed) -> Option<Money> {
    let mut wrong = |name: &'static str, key: &str| typed.wrong.push((name, reader.get(key)));
    if !modes(service).contains(&typed.mode.as_str()) {
        wrong("mode", "collect.choose_mode");
    }
    let amount = Money::parse(&digits(&typed.amount)).filter(|amount| amount.paise() > 0);
    if amount.is_none() {
        wrong("amount", "refusal.not_an_amount");
    }
    let on_paper = matches!(typed.mode.as_str(), "cheque" | "dd");
    if typed.number.is_empty() && typed.mode != "cash" {
        wrong("number", if on_paper { "collect.number_missing" } else { "collect.slip_missing" });
    }
    if on_paper && typed.bank.is_empty() {
        wrong("bank", "collect.bank_missing");
    }
    if on_paper && !is_day(&typed.dated) {
        wrong("dated", "collect.dated_missing");
    }
    amount
}

/// Whether a text is a day as forms write it: `31/03/2027`.
fn is_day(text: &str) -> bool {
    let parts: Vec<String> = text.split(['/', '-', '.']).map(digits).collect();
    let [day, month, year] = parts.as_slice() else { return false };
    engine::base::date::parse_day(&format!("{year}-{month:0>2}-{day:0>2}")).is_some()
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn a_cheque_bears_a_day_that_exists() {
        assert!(is_day("31/03/2027") && is_day("1-4-2027") && is_day("०१/०४/२०२७"));
        assert!(!is_day("31/02/2027") && !is_day("") && !is_day("2027-03-31") && !is_day("tomorrow"));
    }
}

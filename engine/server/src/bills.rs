//! Bills on paper: the bill of a record on a day, in words.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::base::{Calendar, Day, Money, Name};
use engine::billing::{BillPart, Every};
use engine::case::{RecordBill, Refusal};
use engine::document::{self, BILL, Document};
use engine::registry::Record;
use engine::service::Service;
use engine::template::{Look, Story, format};
use engine::tenant::Tenant;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::dues::Dues;
use crate::http::desk::segment;
use crate::work::story::{Gathered, Links};

/// What a bill says besides its figures.
#[derive(Clone, Copy, Debug)]
pub struct Saying<'a> {
    /// The language.
    pub language: &'a str,
    /// The product's words in it, as papers ask for them: [`Gathered::words`].
    pub words: &'a BTreeMap<String, String>,
    /// What such a record is called.
    pub what: &'a str,
    /// Who holds it; masked for strangers.
    pub holder: &'a str,
    /// Where it is.
    pub place: &'a str,
    /// The address at which it can be paid.
    pub pay_link: &'a str,
}

/// The paper of the bill: that of the first service that bills the record.
pub fn template(dues: &Dues) -> Option<(&Arc<Service>, &Document)> {
    let (service, _) = dues.accounts.first()?;
    Some((service, service.document(BILL)?))
}

/// The bill of `day` as the markup of a paper; nothing where nothing is owed or there is no paper.
pub fn compose(
    app: &App,
    tenant: &Arc<Tenant>,
    dues: &Dues,
    day: Day,
    saying: &Saying<'_>,
) -> Result<Option<String>, Refusal> {
    let bill = dues.bill(day)?;
    let Some((service, document)) = template(dues).filter(|_| bill.total.paise() > 0) else { return Ok(None) };
    let look = Look::new(tenant, saying.language, saying.words);
    let told = Gathered {
        tenant: Arc::clone(tenant),
        service: Arc::clone(service),
        case: dues.accounts[0].1.clone(),
        record: Some(dues.record.clone()),
        applicant: saying.holder.to_owned(),
        mobile: None,
        email: None,
        assignee: None,
        comment: None,
        receipt: None,
    };
    let links = Links { case: saying.pay_link, verify: saying.pay_link, pay: Some(saying.pay_link) };
    // A bill is of its own day, whenever it is printed.
    let mut data = Story { today: day, ..told.story(app, look, links) }.for_paper();
    data["bill"] = figures(tenant, dues, &bill, saying);
    Ok(Some(document::compose(document, &service.form, &look, &data)))
}

/// The address at which a record's bill is paid, within its town.
pub fn path(record: &Record) -> String {
    path_of(&record.registry, &record.number)
}

/// The same of a record of which only registry and number are known.
pub fn path_of(registry: &str, number: &str) -> String {
    format!("/pay/{registry}/{}", segment(number))
}

fn figures(tenant: &Tenant, dues: &Dues, bill: &RecordBill, saying: &Saying<'_>) -> Json {
    let parts = bill.parts().into_iter().map(|(at, part)| {
        let service = &dues.accounts[at].0;
        let mut told = of_part(service, part, tenant, saying.language);
        told["steps"] = steps(service, part, tenant, saying.language);
        told
    });
    let rise = dues.rise(bill.day);
    let some = |amount: Money| (!amount.is_zero()).then(|| amount.to_string());
    json!({
        "number": dues.record.number,
        "what": saying.what,
        "holder": saying.holder,
        "place": saying.place,
        "day": bill.day.to_string(),
        "due": bill.due_on.map(|day| day.to_string()),
        "parts": parts.collect::<Vec<Json>>(),
        "total": bill.total.to_string(),
        "until": rise.map(|rise| rise.until.to_string()),
        "more": rise.map(|rise| rise.more.to_string()),
        "credit": some(bill.credit),
        "pay_link": saying.pay_link,
    })
}

/// One demand of a bill, in words of a language.
pub fn of_part(service: &Service, part: &BillPart, tenant: &Tenant, language: &str) -> Json {
    let lines = part.lines.iter().map(|(name, amount)| {
        json!({ "head": name.as_str(), "label": head(service, name, language), "amount": amount.to_string() })
    });
    let words = service.fees.as_ref().map(|fees| &fees.steps);
    let steps = part.steps.iter().map(|step| {
        let label = words.and_then(|words| words.get(&step.name));
        let label = label.map_or_else(|| step.name.replace('_', " "), |text| text.in_language(language).to_owned());
        json!({ "name": step.name, "label": label, "value": step.value })
    });
    json!({
        "title": title(service, part, &tenant.calendar, language),
        "due": part.due_on.to_string(),
        "lines": lines.collect::<Vec<Json>>(),
        "total": part.total.to_string(),
        "steps": steps.collect::<Vec<Json>>(),
    })
}

/// The steps that somebody can follow who reads them on paper: those that the author gave words, where they
/// came to something. What is charged by head stands in the table above them.
fn steps(service: &Service, part: &BillPart, tenant: &Tenant, language: &str) -> Json {
    let words = service.fees.as_ref().map(|fees| &fees.steps);
    let mut told: Vec<Json> = Vec::new();
    for step in &part.steps {
        let Some(label) = words.and_then(|words| words.get(&step.name)) else { continue };
        if step.value.chars().all(|digit| matches!(digit, '0' | '.' | '-')) {
            continue;
        }
        // Four digits may be a year.
        let long = step.value.trim_start_matches('-').split('.').next().unwrap_or_default().len() > 4;
        let number = step.value.parse().ok().filter(|_| long);
        let grouped = number.map(|number| format::number(number, tenant.currency.indian_grouping));
        let value = grouped.unwrap_or_else(|| step.value.clone());
        let step = json!({ "label": label.in_language(language), "value": value });
        if !told.contains(&step) {
            told.push(step);
        }
    }
    told.into()
}

fn head<'a>(service: &'a Service, name: &'a Name, language: &str) -> &'a str {
    let heads = service.billing.iter().flat_map(|billing| &billing.heads);
    heads.into_iter().find(|head| head.name == *name).map_or(name.as_str(), |head| head.label.in_language(language))
}

/// What a part is for: the service, and the period in the way people write years.
pub fn title(service: &Service, part: &BillPart, calendar: &Calendar, language: &str) -> String {
    let service = service.title.in_language(language);
    let Some(period) = part.period else { return service.to_owned() };
    if period == Every::Year.period(period.from, calendar) {
        return format!("{service} {}", calendar.financial_year(period.from));
    }
    format!("{service} {} – {}", format::day(period.from), format::day(period.until))
}

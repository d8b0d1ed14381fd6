//! Bills: services that charge, their heads, periods and accounts.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::machine::Machine;
use super::source::Found;
use super::{Around, days, ids};
use crate::names;
use crate::report::{Place, Report};

/// The bill of a service.
#[derive(Clone, Debug)]
pub(super) struct Bill {
    pub(super) heads: Vec<Head>,
    /// The first day for which the source has a period.
    pub(super) since: String,
    pub(super) part_payment: bool,
    pub(super) receipt: Option<String>,
}

/// A head of a bill.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) theirs: String,
    pub(super) label: String,
    /// Whether it lowers the bill.
    pub(super) takes_off: bool,
    pub(super) account: Option<String>,
    pub(super) place: Place,
}

/// The masters of billing.
#[derive(Clone, Debug, Default)]
pub(super) struct Billing {
    services: BTreeMap<String, (Place, Json)>,
    heads: BTreeMap<String, Vec<(Place, Json)>>,
    /// The first day of the first period.
    since: BTreeMap<String, String>,
    accounts: BTreeMap<String, String>,
}

fn text<'a>(row: &'a Json, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default().trim()
}

/// Reads the masters of billing, and says what is wrong with them.
pub(super) fn read(found: &Found, report: &mut Report) -> Billing {
    let mut billing = Billing::default();
    for (place, row) in found.rows("BusinessService").filter(|(_, row)| row["code"].is_string()) {
        let code = text(row, "code").to_owned();
        match billing.services.entry(code) {
            Entry::Occupied(there) => {
                report.defect("bill-twice", place, format!("the service `{}` stands twice", there.key()));
            }
            Entry::Vacant(free) => drop(free.insert((place.clone(), row.clone()))),
        }
    }
    let mut seen = BTreeSet::new();
    for (place, row) in found.rows("TaxHeadMaster") {
        let (service, code) = (text(row, "service").to_owned(), text(row, "code").to_owned());
        if !seen.insert((service.clone(), code.clone())) {
            report.defect("head-twice", place, format!("the head `{code}` of `{service}` stands twice"));
            continue;
        }
        sign(place, row, report);
        billing.heads.entry(service).or_default().push((place.clone(), row.clone()));
    }
    for rows in billing.heads.values_mut() {
        rows.sort_by_key(|(_, row)| {
            row["order"].as_i64().or_else(|| text(row, "order").parse().ok()).unwrap_or(i64::MAX)
        });
    }
    periods(found, &mut billing, report);
    for (_, row) in found.rows("TaxHeadMasterGlCodeMapping").chain(found.rows("GLCode")) {
        let code = ["glcode", "glCode", "code"].iter().map(|key| text(row, key)).find(|code| !code.is_empty());
        let head = ["taxhead", "taxHead"].iter().map(|key| text(row, key)).find(|head| !head.is_empty());
        if let (Some(head), Some(code)) = (head, code) {
            billing.accounts.entry(head.to_owned()).or_insert_with(|| code.to_owned());
        }
    }
    whole(&billing, report);
    orders(&billing, report);
    billing
}

/// Whether a head lowers the bill, by its name and category.
fn takes_off(row: &Json) -> bool {
    let code = text(row, "code").to_uppercase();
    ["REBATE", "EXEMPTION", "DISCOUNT", "CONCESSION", "WAIVER"]
        .iter()
        .any(|word| code.contains(word) || text(row, "category").to_uppercase() == *word)
}

/// Heads that say one thing by their name and another by their flags.
fn sign(place: &Place, row: &Json, report: &mut Report) {
    let (code, category) = (text(row, "code"), text(row, "category").to_uppercase());
    if takes_off(row) && row["isDebit"].as_bool() == Some(false) {
        let what = format!("`{code}` lowers the bill, and `isDebit` says that it does not");
        report.defect("sign-of-head", &place.at("isDebit"), what);
    }
    let upper = code.to_uppercase();
    let differs = ["REBATE", "PENALTY", "EXEMPTION"].iter().find(|word| upper.contains(*word) && category == "TAX");
    if let Some(word) = differs {
        let what = format!("`{code}` is of the category TAX, and by its name of {word}");
        report.defect("category-of-head", &place.at("category"), what);
    }
}

/// Periods of services that there are not, of years that cannot be, and that stand twice.
fn periods(found: &Found, billing: &mut Billing, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (place, row) in found.rows("TaxPeriod") {
        let (service, code, year) = (text(row, "service"), text(row, "code"), text(row, "financialYear"));
        if !billing.services.contains_key(service) {
            report.defect(
                "period-of-nothing",
                place,
                format!("`{code}` is a period of `{service}`, which is no service"),
            );
        }
        if !year.is_empty() && days::year(year).is_none() {
            report.defect("year", &place.at("financialYear"), format!("`{year}` of `{code}` is no financial year"));
        }
        if !seen.insert((service.to_owned(), code.to_owned())) {
            report.defect("period-twice", place, format!("the period `{code}` of `{service}` stands twice"));
        }
        if let (Some(from), Some(to)) = (days::of_value(&row["fromDate"]), days::of_value(&row["toDate"]))
            && from > to
        {
            report.defect("period-backwards", place, format!("the period `{code}` ends before it begins"));
        }
        if let Some(from) = days::of_value(&row["fromDate"]) {
            let first = billing.since.entry(service.to_owned()).or_insert_with(|| from.clone());
            if from < *first {
                *first = from;
            }
        }
    }
}

/// Services that charge nothing, or for no time; heads of services that there are not.
fn whole(billing: &Billing, report: &mut Report) {
    for (code, (place, _)) in &billing.services {
        if !billing.heads.contains_key(code) {
            report.defect("bill-without-head", place, format!("`{code}` has no tax head"));
        }
        if !billing.since.contains_key(code) {
            report.defect("bill-without-period", place, format!("`{code}` has no tax period"));
        }
    }
    for (service, heads) in &billing.heads {
        if !billing.services.contains_key(service)
            && let Some((place, _)) = heads.first()
        {
            report.defect("head-of-nothing", place, format!("`{service}` has tax heads and is no service"));
        }
    }
}

/// Orders by which a payment cannot be divided as it is documented: what lowers a bill must come first.
fn orders(billing: &Billing, report: &mut Report) {
    let order = |row: &Json| row["order"].as_i64().or_else(|| text(row, "order").parse().ok());
    for (service, heads) in &billing.heads {
        let first = heads.iter().filter(|(_, row)| !takes_off(row)).filter_map(|(_, row)| order(row)).min();
        let late = heads.iter().find(|(_, row)| takes_off(row) && order(row) > first && first.is_some());
        if let Some((place, row)) = late {
            let what = format!(
                "`{}` of `{service}` lowers the bill and stands after what raises it: money cannot be divided in this order",
                text(row, "code")
            );
            report.defect("order-of-heads", &place.at("order"), what);
        }
    }
}

/// The bill of a workflow. A service of which the source does not say what it charges gets one head.
pub(super) fn bill(machine: &Machine, known: &str, around: &Around<'_>, report: &mut Report) -> Bill {
    let billing = &around.billing;
    let candidates = [machine.service.as_str(), known, machine.business.as_str()];
    let code = candidates.into_iter().find(|code| !code.is_empty() && billing.heads.contains_key(*code));
    let mut taken: BTreeSet<String> = ["from", "authority", "model"].map(str::to_owned).into();
    let rows = code.and_then(|code| billing.heads.get(code)).map_or(&[][..], Vec::as_slice);
    let mut heads = Vec::new();
    for (place, row) in rows {
        let theirs = text(row, "code").to_owned();
        let upper = theirs.to_uppercase().replace('_', "");
        if text(row, "category").starts_with("ADVANCE") || upper.contains("ROUNDOFF") || upper.contains("CARRYFORWARD")
        {
            let what = format!("`{theirs}` is no head here: advances and rounding are kept by the engine");
            report.dropped("head-of-the-engine", place, what);
            continue;
        }
        let label = Some(text(row, "name"))
            .filter(|name| !name.is_empty())
            .map_or_else(|| names::readable(&theirs), str::to_owned);
        heads.push(Head {
            name: names::unused(&names::snake(&theirs, "head"), '_', &mut taken),
            account: billing.accounts.get(&theirs).cloned(),
            takes_off: takes_off(row),
            place: place.clone(),
            theirs,
            label,
        });
    }
    if heads.is_empty() {
        report.supply(
            "heads",
            &machine.place,
            format!("what `{}` charges is not said: it has one head, `fee`", machine.id),
        );
        let (name, theirs, label) = ("fee".to_owned(), "FEE".to_owned(), "Fee".to_owned());
        heads.push(Head { name, theirs, label, takes_off: false, account: None, place: machine.place.clone() });
    }
    let service = code.and_then(|code| billing.services.get(code)).map(|(_, row)| row);
    let receipt = code.and_then(|code| around.formats.get(&format!("{}.receipt.id", code.to_lowercase())));
    Bill {
        heads,
        since: code.and_then(|code| billing.since.get(code)).cloned().unwrap_or_else(|| "2020-04-01".to_owned()),
        part_payment: service.is_some_and(|row| row["partPaymentAllowed"].as_bool() == Some(true)),
        receipt: receipt
            .map(|(_, format)| ids::number(format))
            .filter(|number| engine::registry::NumberFormat::parse(number).is_ok() && number.contains("{tenant}")),
    }
}

/// How many services charge, and those of them that no workflow is made for.
pub(super) fn without_workflow(billing: &Billing, used: &BTreeSet<String>, report: &mut Report) -> usize {
    for (code, (place, _)) in billing.services.iter().filter(|(code, _)| !used.contains(*code)) {
        let what = format!("`{code}` charges by hand at the counter and has no workflow: no service is made of it");
        report.dropped("bill-without-workflow", place, what);
    }
    billing.services.len()
}

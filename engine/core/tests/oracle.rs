//! A hundred thousand properties of an invented city, by the rule that ships and by a statement of the
//! same law in another language, which shares nothing with it: they agree to the paisa, on the bill and on
//! whatever day it is paid. So do ten thousand with the rates of a town, and by the other method.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]
#![allow(clippy::disallowed_methods, reason = "the other statement is another program")]

mod folder;

use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::Datelike as _;
use engine::base::date::parse_day;
use engine::base::{Answers, Name};
use engine::billing::Every;
use engine::fees::{self, Charges, assess_on_payment, demand_facts};
use engine::form::facts_of;
use engine::rule::Facts;
use engine::scenario::neutral_tenant;
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::{self, Folders, Service};
use engine::source::{Bundle, Diagnostics};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use folder::{compiled, root};

/// The service, and the state whose towns are tried besides what ships.
const SERVICE: &str = "property-tax";
const STATE: &str = "uttarakhand";

/// How many properties are tried; `ORACLE` says another number.
const PROPERTIES: usize = 100_000;

const USES: [&str; 24] = [
    "HOTEL_UP_TO_10_ROOMS",
    "HOTEL_OVER_10_ROOMS",
    "HOTEL_AIR_CONDITIONED",
    "HOTEL_FOUR_STARS",
    "DHARAMSHALA_PAID",
    "MALL",
    "SHOP_UP_TO_100",
    "SHOP_100_TO_200",
    "SHOP_200_TO_500",
    "SHOP_OVER_500",
    "CLINIC",
    "HOSPITAL",
    "SPORTS",
    "SCHOOL",
    "SCHOOL_WITH_HOSTEL",
    "FUEL",
    "HALL",
    "ESSENTIAL_STALL",
    "SHOWROOM",
    "TOWER",
    "INDUSTRY_SMALL",
    "INDUSTRY_MEDIUM",
    "INDUSTRY_LARGE",
    "OTHER_NONRESIDENTIAL",
];

fn one_of<'a>(chance: &mut Seeded, words: &[&'a str]) -> &'a str {
    words[usize::try_from(chance.below(words.len() as u64)).unwrap()]
}

/// An area with two places, seldom a round one.
fn area(chance: &mut Seeded, most: i64) -> String {
    let hundredths = chance.between(100, most * 100);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn part(chance: &mut Seeded, dwelling: bool) -> Json {
    let usage = if dwelling { "RESIDENTIAL" } else { one_of(chance, &USES) };
    let mut part = json!({
        "floor": "G", "usage": usage, "occupancy": one_of(chance, &["SELFOCCUPIED", "RENTED", "UNOCCUPIED"]),
        "construction": one_of(chance, &["PUCCA", "SEMIPUCCA", "KUCCHA"]),
        "built_in": chance.between(1940, 2027), "inner_known": dwelling && chance.below(4) == 0,
    });
    if part["inner_known"] == true {
        for room in ["rooms_area", "common_area", "garage_area", "bath_area"] {
            part[room] = json!(area(chance, 900));
        }
    } else {
        part["built_up_area"] = json!(area(chance, 4_000));
    }
    json!({ "part": part })
}

/// Who owns it: mostly one person, sometimes several, sometimes a company for which somebody signs.
fn owners(chance: &mut Seeded) -> (&'static str, Json) {
    let categories = ["none", "none", "none", "widow", "disabled", "freedom_fighter", "defence", "government"];
    let people = if chance.below(3) == 0 { chance.between(2, 5) } else { 1 };
    let owners = (0..people).map(|_| json!({ "category": one_of(chance, &categories) })).collect();
    let ownership = match people {
        1 if chance.below(6) == 0 => "INSTITUTIONALCOMPANY_PVTLTDCOMPANY",
        1 => "INDIVIDUAL_SINGLEOWNER",
        _ => "INDIVIDUAL_MULTIPLEOWNERS",
    };
    (ownership, Json::Array(owners))
}

/// A property as its owner states it, and as the inspector finds it.
fn property(chance: &mut Seeded) -> Json {
    let kind = one_of(chance, &["BUILTUP_INDEPENDENT", "BUILTUP_INDEPENDENT", "BUILTUP_SHARED", "VACANT"]);
    let (ownership, owners) = owners(chance);
    let mut answers = json!({
        "ownership": ownership, "owners": owners,
        "property_type": kind, "area_unit": one_of(chance, &["sq_ft", "sq_ft", "sq_m"]),
        "tax_area": one_of(chance, &["MARKET", "ORDINARY", "OUTER"]),
        "road_width": one_of(chance, &["UNDER_12", "FROM_12_TO_24", "OVER_24"]),
        "as_stated": true, "late_assessment": chance.below(5) == 0,
    });
    if kind != "BUILTUP_SHARED" {
        answers["land_area"] = json!(area(chance, 20_000));
    }
    if kind != "VACANT" {
        let dwellings = chance.below(3);
        let parts = chance.between(1, 5);
        let mut units = Vec::new();
        for _ in 0..parts {
            let dwelling = dwellings > 0 && chance.below(3) < dwellings;
            units.push(part(chance, dwelling));
        }
        answers["units"] = Json::Array(units);
    }
    answers
}

/// A town of the tests: its folder, or none for the definitions as they ship, the day on which its properties
/// are assessed, and the days on one of which each is paid for.
struct Town {
    folder: Option<&'static str>,
    assessed: &'static str,
    paid: &'static [&'static str],
}

/// The properties of an invented city, a line each: as they are stated, what the rule charges for the year, and
/// what it adds or takes off on a day of payment.
fn city(service: &Service, town: &Town, wanted: usize) -> String {
    let (rules, billing) = (service.fees.as_ref().unwrap(), service.billing.as_ref().unwrap());
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let fields: Vec<_> = service.form.all_pages().flat_map(|page| page.fields.clone()).collect();
    let day = parse_day(town.assessed).unwrap();
    let period = Every::Year.period(day, &rules.calendar);
    let mut chance = Seeded(20_260_401);
    let mut city = String::new();
    for _ in 0..wanted {
        let answers = property(&mut chance);
        let facts = facts_of(&fields, &Answers::from_json(&answers));
        let exact = fees::amounts(rules, &facts, day, day, &service.lists, &heads).unwrap();
        let charged = billing.charges(&exact, Vec::new()).unwrap();
        let owed: Vec<(Name, Decimal, Decimal)> =
            charged.heads.iter().map(|(head, amount)| (head.clone(), amount.rupees(), amount.rupees())).collect();
        let paid_on = one_of(&mut chance, town.paid);
        let paid = parse_day(paid_on).unwrap();
        let demand = demand_facts(&owed, (day, day), Some((period.from, period.until)), (period.from, paid));
        let of_day = assess_on_payment(rules, &Facts::new(), &demand, paid, paid, &service.lists, &heads).unwrap();
        let of_day = billing.charges_unrounded_total(&of_day.heads, Vec::new()).unwrap();
        let line = json!({
            "town": town.folder.unwrap_or("model"), "year": period.from.year(), "answers": answers,
            "heads": named(&charged), "paid_on": paid_on, "of_day": named(&of_day),
        });
        city.push_str(&line.to_string());
        city.push('\n');
    }
    city
}

/// Amounts by head.
fn named(charges: &Charges) -> Json {
    let amounts = charges.heads.iter().map(|(head, amount)| (head.to_string(), json!(amount.rupees().to_string())));
    amounts.collect::<serde_json::Map<_, _>>().into()
}

/// Holds a city to the other statement of the law, which is a program in `tests/oracle`.
fn agrees(program: &str, city: &str, wanted: usize) {
    let mut other = Command::new("python3")
        .arg(root().join("tests/oracle").join(program))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3, which the books need too");
    other.stdin.take().unwrap().write_all(city.as_bytes()).unwrap();
    let said = other.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.ends_with(&format!("{wanted} agree, 0 differ\n")), "{said}");
}

/// How many properties are tried.
fn wanted() -> usize {
    std::env::var("ORACLE").ok().and_then(|text| text.parse().ok()).unwrap_or(PROPERTIES)
}

/// The service as the town of a folder has it.
fn in_town(bundle: &Bundle, town: &str) -> Service {
    let mut found = Diagnostics::default();
    let folders = Folders::of_tenant(bundle, STATE, town);
    let service = service::compile(&folders, &neutral_tenant(bundle), SERVICE, &mut found);
    service.unwrap_or_else(|| panic!("{}", found.render(bundle, "definitions/")))
}

#[test]
fn pay_10_another_statement_of_the_law_agrees_to_the_paisa() {
    let (service, _) = compiled(&folder::shipped(), SERVICE);
    let paid = &["2026-04-10", "2026-04-15", "2026-04-16", "2026-09-30", "2026-10-01", "2027-04-01", "2029-12-31"];
    let town = Town { folder: None, assessed: "2026-06-15", paid };
    agrees("annual_value.py", &city(&service, &town, wanted()), wanted());
}

#[test]
fn the_rates_of_another_town_agree_too() {
    let service = in_town(&folder::shipped(), "dehradun");
    let paid = &["2022-04-30", "2022-05-01", "2022-10-31", "2022-11-01", "2023-03-31", "2023-04-01", "2026-06-15"];
    let town = Town { folder: Some("dehradun"), assessed: "2022-06-15", paid };
    let wanted = wanted() / 10;
    agrees("annual_value.py", &city(&service, &town, wanted), wanted);
}

#[test]
fn the_capital_value_method_agrees_too() {
    let mut bundle = folder::shipped();
    folder::lay(&mut bundle, &root().join("examples/property-tax-methods"));
    let service = in_town(&bundle, "tehri");
    let paid = &["2026-04-10", "2027-03-31", "2027-04-01", "2029-12-31"];
    let town = Town { folder: Some("tehri"), assessed: "2026-06-15", paid };
    let wanted = wanted() / 10;
    agrees("capital_value.py", &city(&service, &town, wanted), wanted);
}

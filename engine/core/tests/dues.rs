//! The bill of a record on many days, by the rules of the property tax that ships.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod folder;

use std::collections::BTreeMap;

use engine::base::date::parse_day;
use engine::base::{Answers, Day, Moment, Money, Name};
use engine::billing::{Demand, DemandLine, DemandStatus, Every, Part, Payment, Receipt};
use engine::case::command::no_answers;
use engine::case::{
    Account, Actor, ActorKind, Case, Command, Context, Owed, TakeOver, bill, bill_of_all, decide, open, rise,
};
use engine::fees::Steps;
use engine::ledger::Voucher;
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::json;

use folder::compiled;

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

fn rupees(amount: i64) -> Money {
    Money::from_paise(amount * 100).unwrap()
}

fn shipped() -> (Service, Tenant) {
    compiled(&folder::shipped(), "property-tax")
}

/// A case with a demand for each of these years: first year, tax, sanitation.
fn owing(service: &Service, tenant: &Tenant, years: &[(i32, i64, i64)]) -> Case {
    let now = Moment::at(day("2026-04-01"), 600, 330);
    let mut case = open(service, "account", "holder", "en", &Context::new(now, tenant)).unwrap();
    for (seq, (year, tax, sanitation)) in (1..).zip(years) {
        let raised_on = day(&format!("{year}-04-01"));
        let line = |head: &str, amount| DemandLine { head: Name::new(head), amount: rupees(amount), paid: Money::ZERO };
        case.demands.push(Demand {
            seq,
            raised_on,
            due_on: day(&format!("{year}-05-01")),
            period: Some(Every::Year.period(raised_on, &tenant.calendar)),
            opening: false,
            lines: vec![line("tax_residential", *tax), line("sanitation_tax", *sanitation)],
            status: DemandStatus::Open,
            steps: Steps::default(),
            rates_from: raised_on,
            authority: String::new(),
            notes: Vec::new(),
            answers: None,
        });
    }
    case
}

#[test]
fn a_bill_follows_the_day_through_rebates_and_interest() {
    let (service, tenant) = shipped();
    let case = owing(&service, &tenant, &[(2026, 1_440, 144)]);
    let accounts = [Account { service: &service, case: &case }];
    // Day, what is owed, the last day on which no more is, how much more it is then.
    for (on, total, until, more) in [
        ("2026-04-10", 1_368, "2026-04-15", 72),
        ("2026-04-15", 1_368, "2026-04-15", 72),
        ("2026-04-16", 1_440, "2026-09-30", 144),
        ("2026-10-01", 1_584, "2027-03-31", 173),
        ("2027-03-31", 1_584, "2027-03-31", 173),
        ("2027-04-01", 1_757, "2028-03-31", 173),
    ] {
        let bill = bill_of_all(&accounts, day(on)).unwrap();
        assert_eq!(bill.total, rupees(total), "{on}");
        assert_eq!(bill.bills[0].parts[0].total, bill.total);
        let rise = rise(&accounts, day(on)).unwrap();
        assert_eq!((rise.until, rise.more), (day(until), rupees(more)), "{on}");
        let after = bill_of_all(&accounts, rise.until.succ_opt().unwrap()).unwrap();
        assert_eq!(after.total, bill.total + rise.more, "{on}: what was said comes true");
    }
    let bill = bill_of_all(&accounts, day("2026-04-10")).unwrap();
    let part = &bill.bills[0].parts[0];
    let of_day: Vec<_> = part.of_day.iter().map(|(head, amount)| (head.as_str(), amount.paise() / 100)).collect();
    assert_eq!(of_day, [("promotional_rebate", -72), ("time_rebate", -144)]);
    assert!(part.steps.iter().any(|step| step.name == "early"), "each amount of the day has its reckoning");
}

fn online(key: &str, amount: i64, begun_ms: i64) -> Payment {
    let (amount, mode) = (rupees(amount), "online".to_owned());
    Payment::of_one(key.to_owned(), begun_ms, Part { amount, mode, reference: String::new(), instrument: None })
}

#[test]
fn what_several_cases_owe_is_one_bill() {
    let (service, tenant) = shipped();
    let one = owing(&service, &tenant, &[(2024, 1_000, 100), (2025, 1_000, 100)]);
    let mut other = owing(&service, &tenant, &[(2025, 500, 50)]);
    other.receipts.push(Receipt {
        number: "R/1".to_owned(),
        payment: online("k", 80, 0),
        on: day("2025-04-02"),
        till: None,
        charged: Vec::new(),
        applied: Vec::new(),
        unapplied: rupees(80),
        refunded: Money::ZERO,
        returned: Vec::new(),
        cancelled: false,
    });
    let accounts = [Account { service: &service, case: &one }, Account { service: &service, case: &other }];
    let bill = bill_of_all(&accounts, day("2025-06-01")).unwrap();
    // Two years and one, and the interest of the year before.
    assert_eq!((bill.total, bill.credit), (rupees(1_100 + 120 + 1_100 + 550), rupees(80)));
    let parts: Vec<(usize, i64)> = bill.parts().iter().map(|(at, part)| (*at, part.total.paise() / 100)).collect();
    assert_eq!(parts, [(0, 1_220), (0, 1_100), (1, 550)]);
    assert_eq!(bill.shares(bill.total), [(0, rupees(2_320)), (1, rupees(550))]);
    assert_eq!(bill.shares(rupees(1_300)), [(0, rupees(1_300))]);
}

/// The tax that ships, with an action that cancels everything.
fn with_cancelling() -> (Service, Tenant) {
    let mut bundle = folder::shipped();
    let path = "property-tax/workflow.yaml";
    let written = String::from_utf8(bundle.bytes(path).unwrap().to_vec()).unwrap();
    let cancelling = "lapse: { label: Lapsed, by: approver, to: settled, comment: required, demand: cancel }";
    let changed = written.replacen("      adjust:\n", &format!("      {cancelling}\n      adjust:\n"), 1);
    assert_ne!(written, changed);
    bundle.add(path, changed.into_bytes());
    compiled(&bundle, "property-tax")
}

#[test]
fn what_was_taken_over_is_cancelled_against_the_balance_brought_forward_and_its_interest_against_its_head() {
    let (service, tenant) = with_cancelling();
    let now = Moment::at(day("2026-06-01"), 600, 330);
    let context = || Context::new(now, &tenant);
    let case = open(&service, "account", "holder", "en", &context()).unwrap();
    let taken = TakeOver {
        grant: Name::new("property"),
        number: Some("OLD-1".to_owned()),
        since: None,
        answers: case.answers.clone(),
        owed: vec![Owed { day: day("2022-04-01"), heads: vec![(Name::new("tax_residential"), rupees(1_000))] }],
        owing: Name::new("assessed"),
        settled: Name::new("settled"),
        source: "row 1".to_owned(),
    };
    let mut books: BTreeMap<String, i64> = BTreeMap::new();
    let mut brought = |case: &Case, actor: &Actor, command: &Command| {
        let outcome = decide(&service, case, actor, command, context()).unwrap();
        for line in outcome.vouchers.iter().flat_map(Voucher::lines) {
            *books.entry(line.account.clone()).or_default() += line.amount.paise();
        }
        books.retain(|_, paise| *paise != 0);
        (outcome.case, books.clone())
    };
    let (case, after) = brought(&case, &Actor::system(), &Command::TakeOver(Box::new(taken)));
    assert_eq!(after, BTreeMap::from([("3101001".to_owned(), -100_000), ("4311001".to_owned(), 100_000)]));
    let payment = online("part", 100, now.ms);
    let (case, after) = brought(&case, &Actor::system(), &Command::Receive(payment));
    assert!(after["1100107"] < 0, "the interest of the day was fixed: {after:?}");
    let actor = Actor { person: "chief".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("approver")] };
    let cancel = Command::Act {
        action: Name::new("lapse"),
        comment: "Written twice".to_owned(),
        answers: no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    let (_, after) = brought(&case, &actor, &cancel);
    // What came waits for the payer; nothing is left of the demand, of the interest, of the balance.
    assert_eq!(after, BTreeMap::from([("4502101".to_owned(), 10_000), ("3504102".to_owned(), -10_000)]));
}

#[test]
fn charges_of_the_day_look_at_the_answers_that_the_demand_was_assessed_by() {
    let (tax, tenant) = shipped();
    let (service, _) = compiled(&folder::shipped(), "property-mutation");
    let dated = |day: &str| Answers::from_json(&json!({ "document_date": day }));
    let mut case = owing(&tax, &tenant, &[]);
    case.answers = dated("2020-01-01");
    let raised_on = day("2026-06-15");
    case.demands.push(Demand {
        seq: 1,
        raised_on,
        due_on: day("2026-07-15"),
        period: None,
        opening: false,
        lines: vec![DemandLine { head: Name::new("application_fee"), amount: rupees(1_000), paid: Money::ZERO }],
        status: DemandStatus::Open,
        steps: Steps::default(),
        rates_from: raised_on,
        authority: String::new(),
        notes: Vec::new(),
        answers: Some(dated("2026-01-01")),
    });
    let total = |case: &Case, on: &str| bill(&service, case, day(on)).unwrap().total;
    assert_eq!(total(&case, "2026-07-01"), rupees(900), "the last day of the six months");
    assert_eq!(total(&case, "2026-07-02"), rupees(1_100));
    case.answers = dated("2026-06-01");
    assert_eq!(total(&case, "2026-07-02"), rupees(1_100), "what is answered later changes no bill");
    case.demands[0].answers = None;
    assert_eq!(total(&case, "2026-07-02"), rupees(900), "what was taken over kept none");
}

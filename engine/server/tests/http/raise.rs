//! A register is billed for a period, whichever case made its records.

use engine::base::Moment;
use engine::base::date::parse_day;
use engine::billing::{ONLINE, Part, Payment};
use engine::case::{Actor, Command, Refusal};
use engine::source::Bundle;
use server::act;
use server::raise::{Asked, Raised, raise};
use server::store::{records, verify, vouchers};

use crate::apply::sent;
use crate::browser::Browser;
use crate::restart::change;
use crate::town::{TOWN, Town};

const SERVICE: &str = "stall-permit";

/// The permit is for many years, and every stall pays each year.
pub(crate) fn yearly(bundle: &mut Bundle) {
    let file = |name: &str| format!("{SERVICE}/{name}");
    change(bundle, &file("service.yaml"), "valid_until: financial_year_end", "valid_for: 10 years");
    change(
        bundle,
        &file("service.yaml"),
        "statute:",
        "opens: { every: year, on: \"04-01\", for_each: stall_permits, state: billed }\nstatute:",
    );
    change(
        bundle,
        &file("workflow.yaml"),
        "  rejected:",
        "  billed:\n    label: Year to be paid\n    public: Pay the fee of the year.\n    actions:\n\
         \x20     new_year: { once: period, to: billed, demand: add, notify: pay, done: New year }\n      settled: { once: paid, to: clear, done: Settled }\n\
         \x20 clear:\n    label: Nothing owed\n    public: You owe nothing.\n    end: closed\n    actions:\n\
         \x20     new_year: { once: period, to: billed, demand: add, notify: pay, done: New year }\n  rejected:",
    );
    change(
        bundle,
        &file("locales/hi.yaml"),
        "  rejected: {",
        "  billed: { label: वर्ष का शुल्क देय, public: वर्ष का शुल्क दें। }\n  clear: { label: कुछ देय नहीं, public: आप पर कुछ देय नहीं है। }\n  rejected: {",
    );
    change(bundle, &file("locales/hi.yaml"), "done: {", "done: { new_year: नया वर्ष, settled: चुकाया गया,");
}

pub(crate) async fn permitted(town: &Town, mobile: &str) -> String {
    let mut browser = Browser::new(town);
    let case = sent(&mut browser, mobile).await;
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "approve", "").await;
    pay(town, &case).await;
    case
}

async fn pay(town: &Town, case: &str) {
    let due = engine::case::bill(&service(town), &town.case(case).await, town.app.clock.now(&town.tenant()).day());
    let key = format!("{case}:{}", town.case(case).await.receipts.len());
    let (amount, mode) = (due.unwrap().total, ONLINE.to_owned());
    let part = Part { amount, mode, reference: String::new(), instrument: None };
    let payment = Payment::of_one(key, town.app.clock.now_ms(), part);
    act::act(&town.app, &town.tenant(), case, &Actor::system(), &Command::Receive(payment), None).await.unwrap();
}

fn service(town: &Town) -> std::sync::Arc<engine::service::Service> {
    std::sync::Arc::clone(town.app.library.now().catalogue.service(TOWN, SERVICE).unwrap())
}

async fn billed(town: &Town, day: &str, dry: bool) -> Raised {
    let asked = Asked { day: parse_day(day).unwrap(), dry };
    raise(&town.app, &town.tenant(), &service(town), asked, |_| {}).await.unwrap()
}

#[tokio::test]
async fn every_record_is_billed_once_for_a_period() {
    let town = Town::open().await.again(yearly).await;
    for mobile in ["9876543210", "9876543211", "9876543212"] {
        permitted(&town, mobile).await;
    }
    let (new_year, eve) = (parse_day("2027-04-01").unwrap(), parse_day("2027-03-31").unwrap());
    town.app.clock.set(Moment::at(eve, 23 * 60 + 59, 330).ms);
    assert_eq!(
        billed(&town, "2026-04-01", false).await.billed,
        3,
        "an account has nothing of the year the permit is of"
    );
    let early = billed(&town, "2027-04-01", false).await;
    assert_eq!(early.not.len(), 3, "the year has not begun: {early:?}");
    assert!(early.not.iter().all(|(_, why)| *why == Refusal::NotYet));
    let ahead = billed(&town, "2027-04-01", true).await;
    assert_eq!((ahead.billed, ahead.before, ahead.not.len()), (3, 0, 0), "what it will bring is said: {ahead:?}");

    town.app.clock.set(Moment::at(new_year, 0, 330).ms);
    let dry = billed(&town, "2027-04-01", true).await;
    assert_eq!((dry.billed, dry.before), (3, 0));
    assert_eq!(dry.sums, ahead.sums, "as was said before the year began");
    let by_ward: Vec<_> = dry.by_ward(&town.tenant()).into_iter().collect();
    let head = engine::base::Name::new("permit_fee");
    assert_eq!(by_ward, [(("W1".to_owned(), head), dry.total())], "three stalls in one ward");
    let first = billed(&town, "2027-04-01", false).await;
    assert_eq!((first.billed, &first.sums), (3, &dry.sums), "what the dry run said comes out");
    let again = billed(&town, "2027-04-01", false).await;
    assert_eq!((again.billed, again.before), (0, 3), "nobody is billed twice");

    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let record = records::page(&mut tx, "stall_permits", "", 1).await.unwrap().remove(0);
    let about = server::store::cases::about_record(&mut tx, "stall_permits", &record.number).await.unwrap();
    drop(tx);
    let account = about.iter().find(|row| row.state == "billed").unwrap();
    let case = town.case(&account.id).await;
    assert_eq!(case.applicant, record.holder);
    assert_eq!(case.demands.len(), 2);
    pay(&town, &account.id).await;
    assert_eq!(town.case(&account.id).await.state, *"clear", "both years are paid at once");

    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(verify::verify(&mut tx, None).await.unwrap().is_empty());
    let sums = vouchers::trial_balance(&mut tx, None, None, None).await.unwrap();
    let (debit, credit) = sums.iter().fold((0, 0), |(d, c), sum| (d + sum.debit_paise, c + sum.credit_paise));
    assert_eq!(debit, credit);
}

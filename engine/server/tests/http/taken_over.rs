//! A record that stands in a book of old times is entered by hand: a case of one service has another take it over.

use std::sync::Arc;

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use engine::source::Bundle;
use engine::workflow::End;
use serde_json::{Value as Json, json};
use server::act::{self, Opening};
use server::problem::Problem;
use server::store::{cases, records, verify, vouchers};

use crate::raise;
use crate::restart::change;
use crate::town::{TOWN, Town};

/// Whoever looks into the old book for somebody who reports a stall enters it, with what is owed on it.
fn entering(bundle: &mut Bundle) {
    raise::yearly(bundle);
    let opening = "opening: { debit: \"4313001\", credit: \"3101001\" }\nreceipt:";
    change(bundle, "stall-permit/postings.yaml", "receipt:", opening);
    let file = |name: &str| format!("report/{name}");
    let children = "roles: { foreman: Foreman }\nchildren:\n  stall:\n    service: stall-permit\n    answers: { stall_name: text }\n\
                    \x20   takes_over: { grant: permit, number: old_number, owing: billed, settled: clear, arrears: { each: years, period: from_day, heads: { permit_fee: fee } } }";
    change(bundle, &file("service.yaml"), "roles: { foreman: Foreman }", children);
    let page = "  old_book:\n    title: The old book\n    by: foreman\n    fields:\n      old_number: { label: Number, type: text, max_length: 40 }\n\
                \x20     years:\n        label: Owed\n        type: list\n        max: 9\n        optional: true\n        fields:\n\
                \x20         from_day: { label: First day of the year, type: date, max: today }\n\
                \x20         fee: { label: Fee, type: money, min: 0, max: 100000 }\n  inside:\n";
    change(bundle, &file("form.yaml"), "  inside:\n", page);
    let enter = "      enter: { label: Enter, by: foreman, to: resolved, asks: old_book, opens: stall, done: Entered }\n      look: {";
    change(bundle, &file("workflow.yaml"), "      look: {", enter);
    let hi = file("locales/hi.yaml");
    change(bundle, &hi, "inside: कार्यालय के लिए,", "inside: कार्यालय के लिए, old_book: पुरानी बही,");
    let fields =
        "old_number: संख्या, years: { label: बकाया, fields: { from_day: वर्ष का पहला दिन, fee: शुल्क } }, suspicion:";
    change(bundle, &hi, "suspicion:", fields);
    change(bundle, &hi, "actions: { hand:", "actions: { enter: दर्ज करें, hand:");
    change(bundle, &hi, "done: { hand:", "done: { enter: दर्ज किया गया, hand:");
}

fn acting(action: &str, answers: Json) -> Command {
    Command::Act {
        action: Name::new(action),
        comment: String::new(),
        answers,
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

/// A report of this stall, sent and not yet looked after.
async fn reported(town: &Town, stall: &str) -> String {
    let service = Arc::clone(town.app.library.now().catalogue.service(TOWN, "report").unwrap());
    let opening = Opening { applicant: "asha", language: "en", record: None, key: None };
    let case = act::open(&town.app, &town.tenant(), &service, opening).await.unwrap();
    let asha = Actor { person: "asha".to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
    let fill = Command::Fill { answers: json!({ "text": stall }) };
    for command in [fill, acting("submit", command::no_answers())] {
        act::act(&town.app, &town.tenant(), &case.id, &asha, &command, None).await.unwrap();
    }
    case.id
}

async fn entered(town: &Town, case: &str, answers: Json) -> Result<(), Problem> {
    let foreman =
        Actor { person: "foreman-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("foreman")] };
    act::act(&town.app, &town.tenant(), case, &foreman, &acting("enter", answers), None).await.map(drop)
}

#[tokio::test]
async fn a_record_comes_with_its_number_and_what_is_owed_as_from_a_table() {
    let town = Town::defined(|_| (), entering).await;
    let case = reported(&town, "Asha Snacks").await;
    let years = json!([{ "from_day": "2024-04-01", "fee": "100" }, { "from_day": "2025-04-01", "fee": "120.50" }]);
    entered(&town, &case, json!({ "old_number": "B-17", "years": years })).await.unwrap();

    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let record = records::load(&mut tx, "stall_permits", "B-17").await.unwrap().unwrap();
    assert_eq!((record.holder.as_str(), record.service.as_str()), ("asha", "stall-permit"));
    assert_eq!(record.answers.text("stall_name"), Some("Asha Snacks"));
    let row = cases::about_record(&mut tx, "stall_permits", "B-17").await.unwrap().remove(0);
    let account = cases::load(&mut tx, &row.id).await.unwrap().unwrap();
    assert_eq!(account.state, *"billed");
    let owed: Vec<_> = account.demands.iter().map(|demand| (demand.opening, demand.owed().paise())).collect();
    assert_eq!(owed, [(true, 10_000), (true, 12_050)], "each year is a demand, and was income before");
    let sums = vouchers::trial_balance(&mut tx, None, None, None).await.unwrap();
    let balance = sums.iter().find(|sum| sum.account == "3101001").map(|sum| sum.credit_paise);
    assert_eq!(balance, Some(22_050));
    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);

    let asking = town.case(&case).await;
    assert_eq!(asking.state, *"resolved");
    assert_eq!(asking.children[0].end, Some(End::Granted), "nothing waits for it");
    assert_eq!((asking.children[0].case.as_str(), asking.children[0].record.as_deref()), (&*account.id, Some("B-17")));
    assert_eq!(account.parent.as_deref(), Some(&*case));
}

#[tokio::test]
async fn without_arrears_the_account_is_settled_and_nobody_is_told_of_it_twice() {
    let town = Town::defined(|_| (), entering).await;
    let case = reported(&town, "Cloth House").await;
    let years = json!([{ "from_day": "2025-04-01", "fee": "0" }]);
    entered(&town, &case, json!({ "old_number": "B-18", "years": years })).await.unwrap();
    let asking = town.case(&case).await;
    let account = town.case(&asking.children[0].case).await;
    assert_eq!((account.state.as_str(), account.demands.len()), ("clear", 0));
    assert_eq!(asking.version, 3, "filled in, sent, entered: its child has ended at once, and says so no more");
}

#[tokio::test]
async fn what_cannot_be_taken_over_leaves_nothing_behind() {
    let town = Town::defined(|_| (), entering).await;
    let first = reported(&town, "Asha Snacks").await;
    entered(&town, &first, json!({ "old_number": "B-17" })).await.unwrap();
    let case = reported(&town, "Other Snacks").await;
    // A number that the register has, however it is written; one that it would give itself; one with a strange sign.
    for number in ["B-17", "b-17", "SP/RIV/2026-27/000009", "B#17"] {
        let refused = entered(&town, &case, json!({ "old_number": number })).await.unwrap_err();
        assert!(matches!(&refused, Problem::Refused(Refusal::NumberNotFree(_))), "{number}: {refused:?}");
    }
    let short = reported(&town, "ab").await;
    let refused = entered(&town, &short, json!({ "old_number": "B-19" })).await.unwrap_err();
    assert!(matches!(&refused, Problem::Refused(Refusal::Answers(_))), "a stall has a longer name: {refused:?}");
    for case in [case, short] {
        let case = town.case(&case).await;
        assert_eq!((case.state.as_str(), case.children.len()), ("open", 0));
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(records::count(&mut tx, "stall_permits").await.unwrap(), 1);
    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);
}

//! Money in a case: what only a case as a whole can get wrong.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads its own files")]

use std::path::Path;

use engine::scenario;
use engine::source::Bundle;

use crate::folder::lay;

/// Runs a scenario on the base of the checks, with some files changed; what differs from it.
fn tried(changes: &[(&str, &str, &str)], steps: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks/base");
    let mut bundle = Bundle::default();
    lay(&mut bundle, &root);
    for (path, old, new) in changes {
        let text = bundle.text(path).unwrap();
        assert!(text.contains(old), "{path} says {old}");
        let text = text.replace(old, new);
        bundle.add(path, text.into_bytes());
    }
    let first = bundle.text("stall-permit/tests/permitted.yaml").unwrap();
    let head = first.split("steps:").next().unwrap();
    bundle.add("stall-permit/tests/permitted.yaml", format!("{head}steps:\n{steps}").into_bytes());
    let (reports, _) = scenario::run_all(&bundle, "");
    assert!(!reports.is_empty());
    reports.iter().map(|report| report.failures.render(&bundle, "")).collect()
}

/// To the payment of 750.
const TO_PAY: &str = "
  - { by: applicant, do: submit, state: checking }
  - { by: inspector, do: approve, answers: { clean: true }, state: payment }
";
/// The officer may take the demand back while it waits to be paid.
const WAIVE: [(&str, &str, &str); 3] = [
    (
        "stall-permit/workflow.yaml",
        "      lapse: {",
        "      waive: { by: officer, to: payment, demand: cancel, done: Waived }\n      lapse: {",
    ),
    ("stall-permit/locales/hi.yaml", "actions: {", "actions: { waive: छोड़ें,"),
    ("stall-permit/locales/hi.yaml", "done: {", "done: { waive: छोड़ा गया,"),
];

#[test]
fn what_is_waived_was_not_paid() {
    let steps = format!("{TO_PAY}  - {{ by: officer, do: waive, state: payment, owed: 0 }}\n");
    assert_eq!(tried(&WAIVE, &steps), "");
}

/// A late fee of 50, stated first on the bill, of which a part may be paid.
const LATE: [(&str, &str, &str); 6] = [
    ("accounts.yaml", "  online: ", "  cheque: \"4502101\"\n  online: "),
    (
        "stall-permit/fees.rhai",
        "// A fee for",
        "fn on_payment(demand, day, rates) { if demand.days_late > 0 { #{ late_fee: 50 } } else { #{} } }\n// A fee for",
    ),
    ("stall-permit/billing.yaml", "heads:\n", "part_payment: true\ncancels: officer\nheads:\n  late_fee: Late fee\n"),
    ("stall-permit/postings.yaml", "heads: {", "heads: { late_fee: \"1401102\","),
    ("stall-permit/locales/hi.yaml", "heads: {", "heads: { late_fee: विलम्ब शुल्क,"),
    ("stall-permit/workflow.yaml", "after: 30 days", "after: 60 days"),
];

#[test]
fn a_charge_of_the_day_is_fixed_once_a_day_and_goes_with_its_receipt() {
    let steps = format!(
        "{TO_PAY}  - {{ wait: 35 days, state: payment, owed: 750 }}
  - {{ pay: 300, mode: cheque, state: payment, owed: 500, posted: {{ \"4502101\": 300, \"4313001\": -250, \"1401102\": -50 }} }}
  - {{ pay: 200, state: payment, owed: 300 }}
  - dishonour: R/DEMO/2026-27/000001
    comment: The bank took it back
    owed: 550
    posted: {{ \"4502101\": -300, \"4313001\": 250, \"1401102\": 50 }}
  - {{ pay: 600, state: permitted, owed: 0 }}
"
    );
    assert_eq!(tried(&LATE, &steps), "");
}

#[test]
fn money_that_was_given_for_a_charge_that_is_gone_is_drawn_on_for_the_rest() {
    let steps = format!(
        "{TO_PAY}  - {{ wait: 35 days, state: payment }}
  - {{ pay: 10, mode: cheque, owed: 790 }}
  - {{ pay: 100, owed: 690 }}
  - dishonour: R/DEMO/2026-27/000001
    comment: The bank took it back
    owed: 650
    posted: {{ \"4502101\": -10, \"4313001\": -40, \"1401102\": 50 }}
  - {{ pay: 700, state: permitted, owed: 0 }}
"
    );
    assert_eq!(tried(&LATE, &steps), "");
}

#[test]
fn a_mode_that_the_bill_does_not_name_is_refused_at_the_counter_alone() {
    let modes = [("stall-permit/billing.yaml", "heads:\n", "collects: inspector\nmodes: [cheque, dd]\nheads:\n")];
    let steps = format!("{TO_PAY}  - {{ by: inspector, pay: 750, mode: cash, refused: unknown_mode }}\n");
    assert_eq!(tried(&modes, &steps), "");
    // What comes through the gateway is here already.
    assert_eq!(tried(&modes, &format!("{TO_PAY}  - {{ pay: 750, state: permitted }}\n")), "");
}

#[test]
fn less_than_the_least_is_refused_at_the_counter_alone() {
    let least = "collects: inspector\npart_payment: { at_least: 500 }\nheads:\n";
    let least = [("stall-permit/billing.yaml", "heads:\n", least)];
    let steps = format!(
        "{TO_PAY}  - {{ by: inspector, pay: 499.99, mode: cash, refused: less_than_the_least }}
  - {{ by: inspector, pay: 751, mode: cash, refused: not_the_whole_amount }}
  - {{ pay: 1, state: payment, owed: 749 }}
  - {{ by: inspector, pay: 500, mode: cash, state: payment, owed: 249 }}
  - {{ by: inspector, pay: 248, mode: cash, refused: less_than_the_least }}
  - {{ by: inspector, pay: 249, mode: cash, state: permitted, owed: 0 }}
"
    );
    assert_eq!(tried(&least, &steps), "");
}

#[test]
fn the_least_share_is_of_what_the_day_asks_in_whole_rupees() {
    let third = "collects: inspector\npart_payment: { at_least: 33.33 % }\nheads:\n";
    let steps = format!(
        "{TO_PAY}  - {{ by: inspector, pay: 249, mode: cash, refused: less_than_the_least }}
  - {{ by: inspector, pay: 250, mode: cash, owed: 500 }}
  - {{ by: inspector, pay: 166, mode: cash, refused: less_than_the_least }}
  - {{ by: inspector, pay: 167, mode: cash, owed: 333 }}
"
    );
    assert_eq!(tried(&[("stall-permit/billing.yaml", "heads:\n", third)], &steps), "");
    let half = "collects: inspector\npart_payment: { at_least: 50 % }";
    let late = [&LATE[..], &[("stall-permit/billing.yaml", "part_payment: true", half)]].concat();
    let steps = format!(
        "{TO_PAY}  - {{ wait: 35 days, state: payment, owed: 750 }}
  - {{ by: inspector, pay: 399, mode: cash, refused: less_than_the_least }}
  - {{ by: inspector, pay: 400, mode: cash, owed: 400 }}
"
    );
    assert_eq!(tried(&late, &steps), "");
}

#[test]
fn only_the_roles_that_the_bill_names_handle_money() {
    let roles = [("stall-permit/billing.yaml", "heads:\n", "collects: inspector\ncancels: [officer]\nheads:\n")];
    let steps = format!(
        "{TO_PAY}  - {{ by: officer, pay: 750, mode: cash, refused: not_your_role }}
  - {{ by: inspector, pay: 750, mode: cash, state: permitted }}
  - {{ by: inspector, cancel_receipt: R/DEMO/2026-27/000001, comment: A mistake, refused: not_your_role }}
  - {{ by: officer, cancel_receipt: R/DEMO/2026-27/000001, comment: A mistake, owed: 750 }}
"
    );
    assert_eq!(tried(&roles, &steps), "");
    // Where nobody is named, money comes through the gateway, which is never refused.
    let steps = format!(
        "{TO_PAY}  - {{ by: inspector, pay: 750, mode: cash, refused: not_your_role }}
  - {{ pay: 750, state: permitted }}
"
    );
    assert_eq!(tried(&[], &steps), "");
}

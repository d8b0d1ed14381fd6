//! What is found wrong with rates and rules before they run.

use engine::fees;
use engine::rule;
use engine::source::Manual;

use crate::support::{compile, domain, license_fee, schedule};

const RATES: &str = "- from: 2025-04-01
  authority: Resolution 112
  application_fee: 150
  license_fee: { shop: 1000, eatery: 2500, workshop: 4000 }
  per_employee: 25
- from: 2023-04-01
  authority: Resolution 31
  application_fee: 100
  license_fee: { shop: 800, eatery: 2000, workshop: 3500 }
  per_employee: 20
";

const RULES: &str = "fn fees(answers, rates) {
    #{
        application_fee: rates.application_fee,
        license_fee: rates.license_fee[answers.trade_kind] + rates.per_employee * answers.employees,
    }
}
";

/// What is taken from the rates, what is changed in the rules and to what; what is said, and advised.
const MISTAKES: [(&str, &str, &str, &str, &str); 26] = [
    (
        "",
        "answers.employees",
        "answers.employes",
        "error[unknown-answer]: the form has no `employes`",
        "did you mean `employees`?",
    ),
    (
        "",
        "rates.per_employee",
        "rates.per_employe",
        "error[unknown-rate]: `rates.yaml` has no `per_employe`",
        "did you mean `per_employee`?",
    ),
    (
        "  per_employee: 20\n",
        "",
        "",
        "error[rate-missing-in-schedule]: the schedule from 2023-04-01 has no `per_employee`",
        "add `per_employee:`; 0 if it was not charged then",
    ),
    (
        ", workshop: 3500",
        "",
        "",
        "error[rate-map-incomplete]: `license_fee` has no rate for `workshop`",
        "the rule looks it up here",
    ),
    (
        "",
        "license_fee: rates",
        "licence_fee: rates",
        "error[unknown-head]: the bill has no head `licence_fee`",
        "did you mean `license_fee`?",
    ),
    (
        "",
        "fn fees(answers, rates)",
        "fn fee(answers, rates)",
        "error[rule-entry]: there is no function `fees(answers, rates)`",
        "",
    ),
    (
        "",
        "fn fees(answers, rates)",
        "fn fees(rates)",
        "error[rule-entry]: `fees(rates)` should be `fees(answers, rates)`",
        "",
    ),
    (
        "",
        "fn fees(answers, rates)",
        "let x = 1;\nfn fees(answers, rates)",
        "error[rule-forbidden]: a statement outside of a function cannot be used in a rule",
        "",
    ),
    (
        "",
        "* answers.employees",
        "* employees",
        "error[unknown-name]: nothing is called `employees` here",
        "known here: `answers`, `rates`, `today`, `record`",
    ),
    (
        "",
        "* answers.employees",
        "* answers.trade_kind",
        "error[wrong-kind]: `*` stands between a number and a code",
        "the rule would fail here",
    ),
    (
        "",
        "rates.per_employee * answers.employees",
        "percen(100, 5)",
        "error[unknown-function]: no function is called `percen`",
        "did you mean `percent`?",
    ),
    (
        "",
        "rates.per_employee * answers.employees",
        "percent(100)",
        "error[wrong-arity]: `percent` is called with 1 value",
        "call `percent(amount, rate)`",
    ),
    (
        "",
        "rates.per_employee * answers.employees",
        "percent(answers.trade_kind, 5)",
        "error[wrong-kind]: `percent(amount, rate)` needs a number, not a code",
        "",
    ),
    (
        "",
        "rates.per_employee * answers.employees",
        "sum(pluck(answers.units, \"quantty\"))",
        "error[unknown-answer]: an item of `units` has no `quantty`",
        "did you mean `quantity`?",
    ),
    (
        "",
        "    #{\n",
        "    for unit in answers.units { unit.trad }\n    #{\n",
        "error[unknown-answer]: an item of `units` has no `trad`",
        "did you mean `trade`?",
    ),
    (
        "",
        "    #{\n",
        "    for unit in answers.employees { }\n    #{\n",
        "error[wrong-kind]: `for` needs a list, not a number",
        "",
    ),
    (
        "",
        "    #{\n",
        "    let f = switch answers.trade_kind { \"shop\" => 1, \"eatery\" => 2 };\n    #{\n",
        "error[switch-not-total]: this `switch` says nothing for `workshop`",
        "add them, or `_ => …` for all others",
    ),
    (
        "",
        "    #{\n",
        "    let f = switch answers.trade_kind { \"shop\" => 1, \"eatry\" => 2, _ => 3 };\n    #{\n",
        "error[unknown-option]: `eatry` is no option here",
        "did you mean `eatery`?",
    ),
    (
        "",
        "    #{\n",
        "    if answers.trade_kind == \"shp\" { }\n    #{\n",
        "error[unknown-option]: `shp` is no option here",
        "did you mean `shop`?",
    ),
    (
        "",
        "    #{\n",
        "    let f = lookup(rates.license_fee, #{});\n    #{\n",
        "error[wrong-table-key]: `lookup` needs a table of rates",
        "",
    ),
    (
        "",
        "    #{\n        application_fee: rates.application_fee,",
        "    let y = rates.application_fee\n    #{",
        "error[rule-syntax]: ",
        "",
    ),
    (
        "",
        "rates.license_fee[answers.trade_kind]",
        "rates.license_fee[\"shp\"]",
        "error[unknown-rate]: `license_fee` has no `shp`",
        "did you mean `shop`?",
    ),
    (
        "",
        "rates.license_fee[answers.trade_kind]",
        "rates.application_fee[answers.trade_kind]",
        "error[wrong-kind]: `[…]` needs a list or a group, not a number",
        "",
    ),
    (
        "  application_fee: 100\n",
        "",
        "",
        "error[rate-missing-in-schedule]: the schedule from 2023-04-01 has no `application_fee`",
        "",
    ),
    ("  authority: Resolution 31\n", "", "", "error[missing-key]: `authority` is missing", "who set these rates"),
    ("", "    #{\n", "    return 5;\n    #{\n", "error[rule-entry]: the rules give a number, not a map of heads", ""),
];

/// One change of rates or rules, and what is said of it.
#[test]
fn each_mistake_has_its_diagnostic() {
    for (from_rates, from, to, expected, help) in MISTAKES {
        let rates = if from_rates.is_empty() { RATES.to_owned() } else { RATES.replacen(from_rates, "", 1) };
        let rules = if from.is_empty() { RULES.to_owned() } else { RULES.replacen(from, to, 1) };
        let Err(found) = compile(&rates, &rules) else {
            assert!(expected.is_empty(), "{rules} compiles");
            continue;
        };
        assert!(found.starts_with(expected) && found.contains(help), "{expected} {help}\n\n{found}");
        assert!(!found.contains("\n\nerror"), "more than one thing is said to be wrong:\n{found}");
    }
}

#[test]
fn schedules_stand_in_order() {
    let swapped = RATES.replace("2025-04-01", "2021-04-01");
    let twice = RATES.replace("2025-04-01", "2023-04-01");
    assert!(
        compile(&swapped, RULES)
            .unwrap_err()
            .starts_with("error[schedule-order]: the schedule from 2023-04-01 stands below the one from 2021-04-01")
    );
    assert!(
        compile(&twice, RULES).unwrap_err().starts_with("error[schedule-order]: two schedules begin on 2023-04-01")
    );
    assert!(compile("[]", RULES).unwrap_err().starts_with("error[no-schedule]"));
    let different = RATES.replace("  license_fee: { shop: 800, eatery: 2000, workshop: 3500 }", "  license_fee: 5");
    assert!(
        compile(&different, RULES)
            .unwrap_err()
            .starts_with("error[rate-kind-differs]: `license_fee` is a map and a number in different places")
    );
}

#[test]
fn warnings_do_not_stop_a_service() {
    use engine::source::{Bundle, Diagnostics};
    let mut bundle = Bundle::default();
    bundle
        .add("rates.yaml", RATES.replace("  per_employee: 25\n", "  per_employee: 25\n  unused_fee: 3\n").into_bytes());
    bundle.add("fees.rhai", RULES.as_bytes());
    let mut out = Diagnostics::default();
    assert!(
        fees::read(&bundle, "rates.yaml", "fees.rhai", &mut out)
            .and_then(|written| fees::check(&written, &domain(), None, &mut out))
            .is_some()
    );
    let expected = "\
warning[head-never-charged]: no rule charges `late_fee`
 --> fees.rhai:1:1
  |
1 | fn fees(answers, rates) {
  | ^ this line of the bill is always empty
  |
  = help: add `late_fee: …` to what `fees` or `on_payment` gives, or take it out of `billing.yaml`

warning[unused-rate]: no rule uses the rate `unused_fee`
 --> rates.yaml:6:3
  |
6 |   unused_fee: 3
  |   ^^^^^^^^^^ nobody is charged this";
    assert_eq!(out.sorted().render(&bundle, ""), expected);
}

#[test]
fn diagnostics_look_like_this() {
    let cases = [
        (
            RATES.to_owned(),
            RULES.replace("answers.employees", "answers.employes"),
            "\
error[unknown-answer]: the form has no `employes`
 --> fees.rhai:4:91
  |
4 |         license_fee: rates.license_fee[answers.trade_kind] + rates.per_employee * answers.employes,
  |                                                                                           ^^^^^^^^ nobody is asked this
  |
  = help: did you mean `employees`?",
        ),
        (
            schedule("fee:\n  keys: { trade: trades, workers: from <= x < to }\n  gives: { amount: rupees }\n  rows:\n    - { trade: FOOD, workers: 0 to 20, amount: 1 }\n    - { trade: FOOD, workers: 19 to open, amount: 2 }\n    - { trade: TAILOR, amount: 2 }"),
            "fn fees(answers, rates) { #{ license_fee: lookup(rates.fee, #{ trade: \"DAIRY\", workers: 3 }).amount } }".to_owned(),
            "\
error[table-overlap]: two rows of `fee` fit trade = BAKERY, workers = 19
 --> rates.yaml:8:9
  |
7 |       - { trade: FOOD, workers: 0 to 20, amount: 1 }
  |         -------------------------------------------- and so does this
8 |       - { trade: FOOD, workers: 19 to open, amount: 2 }
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this row fits it",
        ),
        (
            schedule("fee:\n  keys: { trade: trades }\n  gives: { amount: rupees }\n  rows:\n    - { amount: 1 }"),
            "fn fees(answers, rates) {\n    #{ license_fee: lookup(rates.fee, #{ trde: answers.trade }).amount }\n}".to_owned(),
            "\
error[wrong-table-key]: `lookup` needs the key `trade` of `fee`
 --> fees.rhai:2:39
  |
2 |     #{ license_fee: lookup(rates.fee, #{ trde: answers.trade }).amount }
  |                                       ^ no row would be found
  |
 ::: rates.yaml:3:3
  |
3 |   fee:
  |   --- the table
  |
  = help: add `trade: …` to the keys

error[wrong-table-key]: `fee` has no key `trde`
 --> fees.rhai:2:48
  |
2 |     #{ license_fee: lookup(rates.fee, #{ trde: answers.trade }).amount }
  |                                                ^^^^^^^^^^^^^ no row would be found
  |
 ::: rates.yaml:3:3
  |
3 |   fee:
  |   --- the table
  |
  = help: did you mean `trade`?",
        ),
    ];
    for (rates, rules, expected) in cases {
        assert_eq!(compile(&rates, &rules).unwrap_err(), expected);
    }
}

/// Functions are looked into with what they are called with, and rows have their columns.
#[test]
fn functions_of_the_file_are_checked_with_their_arguments() {
    let rates = "fee:\n  keys: { trade: trades }\n  gives: { basis: [flat, per_unit], amount: rupees }\n  rows:\n    - { basis: flat, amount: 1 }\nhow: sum";
    let rules = "fn charge(row, quantity) { switch row.basis { \"flat\" => row.amount, \"per_unit\" => row.amount * quantity, } }
fn fees(answers, rates) {
    let parts = [];
    for unit in answers.units { parts.push(charge(lookup(rates.fee, #{ trade: unit.trade }), unit.quantity)); }
    let total = switch rates.how { \"sum\" => sum(parts), \"max\" => max(parts), _ => refuse(\"how?\") };
    #{ license_fee: total }
}";
    assert_eq!(compile(&schedule(rates), rules).err(), None);
    let wrong = [
        (
            "\"per_unit\" => row.amount * quantity, ",
            "error[switch-not-total]: this `switch` says nothing for `per_unit`",
        ),
        ("row.amount,", "error[unknown-name]: there is no `amout` in this row or map"),
        ("unit.quantity));", "error[wrong-kind]: `*` stands between a number and a code"),
    ];
    for (what, expected) in wrong {
        let to = match what {
            "row.amount," => "row.amout,",
            "unit.quantity));" => "unit.trade));",
            _ => "",
        };
        let found = compile(&schedule(rates), &rules.replace(what, to)).unwrap_err();
        assert!(found.starts_with(expected), "{expected}\n{found}");
    }
}

#[test]
fn literal_keys_and_words_of_rates_are_known() {
    let found = license_fee("fee: { each: 1, hp: 2 }", "#{ license_fee: rates.fee.eech }").unwrap_err();
    assert!(found.starts_with("error[unknown-rate]: `fee` has no `eech`"), "{found}");
    let found = license_fee("fee: { BAKERY: 1, TAILOR: 2 }", "#{ license_fee: rates.fee[answers.trade] }").unwrap_err();
    assert!(found.starts_with("error[rate-map-incomplete]: `fee` has no rate for `DAIRY`"), "{found}");
    let fees = license_fee(
        "fee: { shop: { small: 1, large: 2 }, eatery: { small: 3, large: 4 }, workshop: { small: 5, large: 6 } }",
        "#{ license_fee: rates.fee[answers.trade_kind].large }",
    );
    assert_eq!(fees.err(), None);
}

/// Every check says what it finds, why it matters and what to do.
#[test]
fn every_check_has_its_manual() {
    let all: Vec<&Manual> = rule::checks::ALL.iter().chain(fees::checks::ALL).collect();
    assert!(all.len() >= 16);
    for manual in all {
        let text = manual.text();
        assert!(text.starts_with(&format!("# {}\n", manual.code)), "{}", manual.code);
        assert!(text.contains("**Why it matters.**") && text.contains("**Remedy.**"), "{}", manual.code);
    }
}

//! Assessments: amounts, steps, rates by day, money that depends on the day of payment.

use std::collections::BTreeSet;

use engine::base::Name;
use engine::fees::{Fees, assess, assess_on_payment, demand_facts};
use engine::rule::Facts;
use rhai::Dynamic;

use crate::support::{amount, compile, day, domain, facts, heads, license_fee, number, run, schedule, trades, unit};

const RATES: &str = "\
- from: 2025-04-01
  authority: Council resolution 112 of 14 February 2025
  application_fee: 150
  license_fee: { shop: 1000, eatery: 2500, workshop: 4000 }
  per_employee: 25

- from: 2023-04-01
  authority: Council resolution 31 of 2 March 2023
  application_fee: 100
  license_fee: { shop: 800, eatery: 2000, workshop: 3500 }
  per_employee: 20
";

const RULES: &str = "\
// One year's license: a fee for the kind of trade, and a charge for every employee.
fn fees(answers, rates) {
    #{
        application_fee: rates.application_fee,
        license_fee: rates.license_fee[answers.trade_kind] + rates.per_employee * answers.employees,
    }
}
";

fn shop() -> Facts {
    facts(&[("trade_kind", "shop".into()), ("employees", 2_i64.into())])
}

#[test]
fn the_worked_example_is_exact_and_says_why() {
    let fees = compile(RATES, RULES).unwrap();
    let assessment = run(&fees, &shop()).unwrap();
    assert_eq!(
        assessment.heads,
        vec![(Name::new("application_fee"), number("150")), (Name::new("license_fee"), number("1050"))]
    );
    assert_eq!(assessment.authority, "Council resolution 112 of 14 February 2025");
    let shown: Vec<String> = assessment
        .steps
        .iter()
        .map(|step| {
            let rates: Vec<String> = step.rates.iter().map(|rate| format!("{} = {}", rate.name, rate.value)).collect();
            format!("{} = {} ({})", step.name, step.value, rates.join("; "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "application_fee = 150 (application_fee = 150)",
            "license_fee = 1050 (license_fee[shop] = 1000; per_employee = 25)"
        ]
    );
}

#[test]
fn def_15_the_schedule_in_force_on_the_day_is_used() {
    let fees = compile(RATES, RULES).unwrap();
    let on = |text: &str| assess(&fees, &shop(), day(text), day(text), &[], &heads());
    assert_eq!(on("2025-03-31").unwrap().heads[1].1, number("840"));
    assert_eq!(on("2025-04-01").unwrap().heads[1].1, number("1050"));
    assert_eq!(on("2023-03-31").unwrap_err().reason, "no rates are in force on 31/03/2023");
}

#[test]
fn def_05_a_thousand_runs_give_the_same_bytes() {
    let fees = compile(RATES, RULES).unwrap();
    let first = format!("{:?}", run(&fees, &shop()).unwrap());
    assert!((0..1_000).all(|_| format!("{:?}", run(&fees, &shop()).unwrap()) == first));
}

const TRADE_FEE: &str = "\
trade_fee:
  keys: { trade: trades, workers: from <= x < to }
  gives: { basis: [flat, per_unit], amount: rupees }
  rows:
    - { trade: BAKERY, workers: 0 to 21, basis: flat, amount: 2500 }
    - { trade: BAKERY, workers: 21 to open, basis: flat, amount: 3000 }
    - { trade: DAIRY, basis: per_unit, amount: 10 }
    - { trade: TAILOR, basis: flat, amount: 2000 }
accessory_fee: { generator: 150 }";

const UNITS: &str = "\
    let parts = [];
    for unit in answers.units {
        let row = lookup(rates.trade_fee, #{ trade: unit.trade, workers: unit.quantity });
        let fee = if row.basis == \"flat\" { row.amount } else { row.amount * unit.quantity };
        parts.push(fee);
    }
    let accessories = rates.accessory_fee[\"generator\"] * 3;
    let total = 0;
    total += accessories;
    #{ license_fee: AGGREGATE(parts) + total - 450 }";

/// L1, L4a, L6, L7a: slabs, aggregates, a rate per unit, accessories.
#[test]
fn licenses_of_the_worked_cases() {
    let units = |pairs: &[(&str, i64)]| {
        let units: Vec<rhai::Dynamic> = pairs.iter().map(|(trade, quantity)| unit(trade, *quantity)).collect();
        facts(&[("units", units.into())])
    };
    let cases = [
        ("sum", units(&[("BAKERY", 15)]), "2500"),
        ("sum", units(&[("BAKERY", 15), ("BAKERY", 21), ("TAILOR", 1)]), "7500"),
        ("average", units(&[("BAKERY", 15), ("BAKERY", 21), ("TAILOR", 1)]), "2500"),
        ("max", units(&[("BAKERY", 15), ("BAKERY", 21), ("TAILOR", 1)]), "3000"),
        ("min", units(&[("BAKERY", 15), ("BAKERY", 21), ("TAILOR", 1)]), "2000"),
        ("sum", units(&[("DAIRY", 23)]), "230"),
        // Small bakery: 1 to 20 workers 2,500, 21 to 30 workers 3,000; medium bakery: 1 to 30 workers 5,000.
        ("sum", units(&[("BAKERY", 1)]), "2500"),
        ("sum", units(&[("BAKERY", 20)]), "2500"),
        ("sum", units(&[("BAKERY", 21)]), "3000"),
        ("sum", units(&[("BAKERY", 30)]), "3000"),
    ];
    for (aggregate, answers, expected) in cases {
        let fees = license_fee(TRADE_FEE, &UNITS.replace("AGGREGATE", aggregate)).unwrap();
        assert_eq!(amount(&fees, &answers), Ok(expected.to_owned()), "{aggregate}");
    }
}

#[test]
fn steps_name_values_rows_and_roundings() {
    let fees = license_fee(TRADE_FEE, &UNITS.replace("AGGREGATE(parts)", "round_up(average(parts), 2)")).unwrap();
    let answers = facts(&[("units", vec![unit("BAKERY", 15), unit("DAIRY", 1), unit("DAIRY", 1)].into())]);
    let assessment = run(&fees, &answers).unwrap();
    let shown: Vec<String> =
        assessment.steps.iter().map(|step| format!("{step:?}").replace("authority: \"Resolution 112\"", "…")).collect();
    let expected = [
        r#"Step { name: "fee", value: "2500", rates: [RateUsed { name: "trade_fee[BAKERY, 0 to 21]", value: "flat, 2500", … }], rounded: None }"#,
        r#"Step { name: "fee", value: "10", rates: [RateUsed { name: "trade_fee[DAIRY]", value: "per_unit, 10", … }], rounded: None }"#,
        r#"Step { name: "fee", value: "10", rates: [RateUsed { name: "trade_fee[DAIRY]", value: "per_unit, 10", … }], rounded: None }"#,
        r#"Step { name: "parts", value: "2500, 10, 10", rates: [], rounded: None }"#,
        r#"Step { name: "accessories", value: "450", rates: [RateUsed { name: "accessory_fee[generator]", value: "150", … }], rounded: None }"#,
        r#"Step { name: "total", value: "450", rates: [], rounded: None }"#,
        r#"Step { name: "license_fee", value: "840", rates: [], rounded: None }"#,
    ];
    assert_eq!(shown, expected);
    let other = license_fee("", "#{ license_fee: round_up(average([100, 100, 101]), 2) }").unwrap();
    let steps = run(&other, &Facts::new()).unwrap().steps;
    assert_eq!(steps[0].rounded, Some(("100.33333333333333333333333333".to_owned(), "100.34".to_owned())));
}

#[test]
fn charges_of_the_day_of_payment() {
    let rules = format!(
        "{RULES}
fn on_payment(demand, day, rates) {{
    if demand.days_late == 0 {{
        return #{{}};
    }}
    if demand.charged.late_fee != 0 {{
        return #{{}};
    }}
    let base = demand.heads.license_fee;
    #{{ late_fee: percent(base, 10) + demand.days_late }}
}}"
    );
    let fees = compile(RATES, &rules).unwrap();
    let mut owed = vec![(Name::new("license_fee"), number("1100"), number("1050"))];
    let due = day("2026-05-01");
    let on = |owed: &[_], text: &str| {
        let demand = demand_facts(owed, (day("2026-04-01"), due), None, (due, day(text)));
        assess_on_payment(&fees, &Facts::new(), &demand, day(text), day(text), &[trades()], &heads()).unwrap().heads
    };
    assert_eq!(on(&owed, "2026-05-01"), vec![]);
    assert_eq!(on(&owed, "2026-05-03"), vec![(Name::new("late_fee"), number("107"))]);
    // What was charged before and is paid is known too.
    owed.push((Name::new("late_fee"), number("107"), number("0")));
    assert_eq!(on(&owed, "2026-05-03"), vec![]);
}

#[test]
fn charges_of_the_day_of_payment_may_look_at_answers() {
    let rules = format!(
        "{RULES}
fn on_payment(answers, demand, day, rates) {{
    #{{ late_fee: if day > add_days(answers.started_on, 30) {{ percent(demand.charged.license_fee, 10) }} else {{ 0 }} }}
}}"
    );
    let fees = compile(RATES, &rules).unwrap();
    assert_eq!(fees.script.payment_reads, Some(BTreeSet::from(["started_on".to_owned()])), "and nothing of the others");
    let owed = vec![(Name::new("license_fee"), number("1100"), number("1100"))];
    let answers = facts(&[("started_on", Dynamic::from(day("2026-04-01")))]);
    let on = |fees: &Fees, text: &str| {
        let demand = demand_facts(&owed, (day("2026-04-01"), day("2026-05-01")), None, (day("2026-04-01"), day(text)));
        assess_on_payment(fees, &answers, &demand, day(text), day(text), &[trades()], &heads()).unwrap().heads
    };
    for fees in [&fees, &fees.interpreted()] {
        assert_eq!(on(fees, "2026-05-01"), vec![(Name::new("late_fee"), number("0"))]);
        assert_eq!(on(fees, "2026-05-02"), vec![(Name::new("late_fee"), number("110"))]);
    }
}

#[test]
fn def_07_what_is_no_amount_is_a_refusal_with_its_place() {
    let cases = [
        ("\"much\"", "a text", "`license_fee` is a text, not an amount"),
        ("()", "nothing", "`license_fee` is nothing, not an amount"),
        ("[1]", "a list", "`license_fee` is a list, not an amount"),
    ];
    for (value, kind, expected) in cases {
        let found = license_fee("", &format!("#{{ license_fee: {value} }}")).unwrap_err();
        assert!(found.starts_with(&format!("error[wrong-kind]: `license_fee` needs an amount, not {kind}")), "{found}");
        // What it gives is not known before it runs.
        let body = format!("#{{ license_fee: if today > day(2000, 1, 1) {{ {value} }} else {{ 1 }} }}");
        let result = amount(&license_fee("", &body).unwrap(), &Facts::new());
        assert_eq!(result.unwrap_or_else(|reason| reason), expected, "{body}");
    }
    let result = amount(&license_fee("", "#{ }").unwrap(), &Facts::new());
    assert_eq!(result.unwrap(), "nothing");
    let fees = license_fee("", "    let a = 1;\n    let b = a / (a - 1);\n    #{ license_fee: b }").unwrap();
    let failed = run(&fees, &Facts::new()).unwrap_err();
    assert_eq!((failed.line, failed.column, failed.reason.as_str()), (3, 15, "something is divided by zero"));
}

#[test]
fn numbers_in_rates_are_exact() {
    let fees = license_fee(
        "rate: 150.50\nname: \"150.50\"",
        "#{ license_fee: if rates.name == \"150.50\" { rates.rate * 3 } else { 0 } }",
    )
    .unwrap();
    assert_eq!(amount(&fees, &Facts::new()), Ok("451.5".to_owned()));
    assert!(schedule("rate: 010").contains("010") && license_fee("rate: 010", "#{ license_fee: 1 }").is_err());
    assert!(!domain().fields.is_empty());
}

/// Long answers are no concern of a rule that does not read them.
#[test]
fn long_answers_do_not_stop_a_rule() {
    let body = "let parts = []; let units = answers.units; let some = answers.units ?? [];
        for unit in answers.units { parts.push(unit.quantity); let u = unit; }
        for unit in units { parts.push(charge(unit)); }
        #{ license_fee: sum(parts) + sum(pluck(units, \"quantity\")) + count(answers.units) + len(some) }";
    let rules = format!("fn charge(unit) {{ unit.quantity }}\nfn fees(answers, rates) {{ {body} }}");
    let fees = compile(&schedule(""), &rules).unwrap();
    let unit = |quantity: i64| {
        let text = "a long answer ".repeat(300);
        rhai::Dynamic::from_map(facts(&[
            ("trade", "BAKERY".into()),
            ("quantity", quantity.into()),
            ("address", text.into()),
        ]))
    };
    let units: Vec<rhai::Dynamic> = (0..50).map(unit).collect();
    assert_eq!(amount(&fees, &facts(&[("units", units.into())])), Ok((1225 * 3 + 100).to_string()));
}

/// What is told besides the answers: the day, and the record that the case is about.
#[test]
fn rules_know_the_day_and_the_record() {
    let body = "let late = helper(); #{ license_fee: if late { 2 } else { 1 } }";
    let rules = format!("fn helper() {{ today > record.valid_until }}\nfn fees(answers, rates) {{ {body} }}");
    let fees = compile(&schedule(""), &rules).unwrap();
    let record = |text: &str| {
        facts(&[("record", rhai::Dynamic::from_map(facts(&[("valid_until", rhai::Dynamic::from(day(text)))])))])
    };
    assert_eq!(amount(&fees, &record("2026-03-31")), Ok("2".to_owned()));
    assert_eq!(amount(&fees, &record("2027-03-31")), Ok("1".to_owned()));
}

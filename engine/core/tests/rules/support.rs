//! A small service to hold rules against.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::base::date::parse_day;
use engine::base::{Day, Few, Name, Text};
use engine::fees::{self, Assessment, Fees};
use engine::list::{Entry, List};
use engine::rule::{Domain, Facts, FieldDomain, RuleFailed};
use engine::source::{Bundle, Diagnostics};
use rhai::Dynamic;
use rust_decimal::Decimal;

/// Two kinds of trade, one of which has two below it.
pub(crate) fn trades() -> Arc<List> {
    let entry = |code: &str, parent: Option<usize>, has_children, papers: &[&str]| Entry {
        code: code.to_owned(),
        parent,
        depth: usize::from(parent.is_some()),
        has_children,
        label: Text::new(code),
        attributes: Few::from_iter([("papers".to_owned(), papers.iter().map(|word| (*word).to_owned()).collect())]),
    };
    let entries = vec![
        entry("FOOD", None, true, &[]),
        entry("BAKERY", Some(0), false, &["fire", "food"]),
        entry("DAIRY", Some(0), false, &["food"]),
        entry("TAILOR", None, false, &[]),
    ];
    Arc::new(List::new("trades", entries))
}

/// What a form might ask.
pub(crate) fn domain() -> Domain {
    let unit = BTreeMap::from([
        ("trade".to_owned(), FieldDomain::ListCode("trades".to_owned())),
        ("quantity".to_owned(), FieldDomain::Number),
    ]);
    let fields = [
        ("trade_kind", FieldDomain::Choice(["shop", "eatery", "workshop"].map(str::to_owned).to_vec())),
        ("employees", FieldDomain::Number),
        ("area", FieldDomain::Decimal),
        ("started_on", FieldDomain::Date),
        ("own_premises", FieldDomain::Flag),
        ("trade", FieldDomain::ListCode("trades".to_owned())),
        ("units", FieldDomain::Items(unit)),
    ];
    Domain {
        fields: fields.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect(),
        record: Some(FieldDomain::Any),
        lists: vec![trades()],
        heads: heads(),
        ..Domain::default()
    }
}

pub(crate) fn heads() -> Vec<Name> {
    vec![Name::new("application_fee"), Name::new("license_fee"), Name::new("late_fee")]
}

pub(crate) fn day(text: &str) -> Day {
    parse_day(text).expect("a test writes days that exist")
}

pub(crate) fn number(text: &str) -> Decimal {
    text.parse().expect("a test writes numbers")
}

/// A service with these rates and rules, or what is wrong with them, as people read it.
pub(crate) fn compile(rates: &str, rules: &str) -> Result<Fees, String> {
    compile_in(&domain(), rates, rules)
}

pub(crate) fn compile_in(domain: &Domain, rates: &str, rules: &str) -> Result<Fees, String> {
    let mut bundle = Bundle::default();
    bundle.add("rates.yaml", rates.as_bytes());
    bundle.add("fees.rhai", rules.as_bytes());
    let mut out = Diagnostics::default();
    let fees = fees::read(&bundle, "rates.yaml", "fees.rhai", &mut out)
        .and_then(|written| fees::check(&written, domain, None, &mut out));
    let errors = !out.is_clean();
    let text = out.sorted().render(&bundle, "");
    match fees {
        Some(fees) if !errors => Ok(fees),
        _ => Err(text),
    }
}

/// A schedule with these lines.
pub(crate) fn schedule(lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("  {line}")).collect();
    format!("- from: 2025-04-01\n  authority: Resolution 112\n{}\n", lines.join("\n"))
}

/// A service whose license fee is this expression.
pub(crate) fn license_fee(rates: &str, body: &str) -> Result<Fees, String> {
    compile(&schedule(rates), &format!("fn fees(answers, rates) {{\n{body}\n}}"))
}

pub(crate) fn facts(pairs: &[(&str, Dynamic)]) -> Facts {
    pairs.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()
}

pub(crate) fn unit(trade: &str, quantity: i64) -> Dynamic {
    Dynamic::from_map(facts(&[("trade", trade.to_owned().into()), ("quantity", quantity.into())]))
}

pub(crate) fn run(fees: &Fees, facts: &Facts) -> Result<Assessment, RuleFailed> {
    fees::assess(fees, facts, day("2026-05-02"), day("2026-05-02"), &[trades()], &heads())
}

/// The license fee, or the reason why there is none.
pub(crate) fn amount(fees: &Fees, facts: &Facts) -> Result<String, String> {
    let assessment = run(fees, facts).map_err(|failed| failed.reason)?;
    let fee = assessment.heads.iter().find(|(name, _)| *name == "license_fee");
    Ok(fee.map_or_else(|| "nothing".to_owned(), |(_, amount)| amount.normalize().to_string()))
}

/// The license fee of a body without rates, for a case without answers.
pub(crate) fn value(expression: &str) -> Result<String, String> {
    let fees = license_fee("", &format!("#{{ license_fee: {expression} }}"))?;
    amount(&fees, &Facts::new())
}

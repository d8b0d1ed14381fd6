//! How long rules take: one assessment, one condition, one check of rates and rules.

#![allow(clippy::disallowed_methods, reason = "a benchmark uses both cores")]

mod law;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use engine::base::date::parse_day;
use engine::base::{Day, Few, Name, Text};
use engine::fees::{self, Fees, Many};
use engine::list::{Entry, List};
use engine::rule::{Condition, Domain, Facts, FieldDomain};
use engine::source::{At, Bundle, Diagnostics, Where};
use rhai::Dynamic;

const RATES: &str = "\
- from: 2025-04-01
  authority: Council resolution 112 of 14 February 2025
  application_fee: 150
  license_fee: { shop: 1000, eatery: 2500, workshop: 4000 }
  per_employee: 25
";

const RULES: &str = "\
fn fees(answers, rates) {
    #{
        application_fee: rates.application_fee,
        license_fee: rates.license_fee[answers.trade_kind] + rates.per_employee * answers.employees,
    }
}
";

const TABLE_RULES: &str = "\
fn charge(row, quantity) {
    switch row.basis {
        \"flat\" => row.amount,
        \"per_unit\" => row.amount * quantity,
    }
}

fn fees(answers, rates) {
    let parts = [];
    for unit in answers.units {
        let row = lookup(rates.trade_fee, #{ kind: answers.trade_kind, trade: unit.trade, quantity: unit.quantity });
        parts.push(charge(row, unit.quantity));
    }
    let together = round_up(average(parts), 2);
    #{ application_fee: 150, license_fee: together }
}
";

fn main() {
    divan::main();
}

/// 20 groups of 20 trades.
fn trades() -> Arc<List> {
    let mut entries = Vec::new();
    for group in 0..20 {
        let parent = entries.len();
        entries.push(entry(format!("G{group}"), None, true));
        entries.extend((0..20).map(|trade| entry(format!("G{group}_T{trade}"), Some(parent), false)));
    }
    Arc::new(List::new("trades", entries))
}

fn entry(code: String, parent: Option<usize>, has_children: bool) -> Entry {
    let label = Text::new(code.as_str());
    Entry { code, parent, depth: usize::from(parent.is_some()), has_children, label, attributes: Few::new_vec() }
}

fn domain() -> Domain {
    let unit = BTreeMap::from([
        ("trade".to_owned(), FieldDomain::ListCode("trades".to_owned())),
        ("quantity".to_owned(), FieldDomain::Number),
    ]);
    Domain {
        fields: BTreeMap::from([
            ("trade_kind".to_owned(), FieldDomain::Choice(["shop", "eatery", "workshop"].map(str::to_owned).to_vec())),
            ("employees".to_owned(), FieldDomain::Number),
            ("units".to_owned(), FieldDomain::Items(unit)),
        ]),
        lists: vec![trades()],
        heads: heads(),
        ..Domain::default()
    }
}

fn heads() -> Vec<Name> {
    vec![Name::new("application_fee"), Name::new("license_fee")]
}

fn today() -> Day {
    static TODAY: OnceLock<Day> = OnceLock::new();
    *TODAY.get_or_init(|| parse_day("2026-05-02").expect("a day"))
}

/// Rates with a table: per trade of every group three stretches for each of three kinds, or one row a group.
fn table_rates(full: bool) -> String {
    let mut rows = Vec::new();
    for group in 0..20 {
        if !full {
            rows.push(format!("      - {{ trade: G{group}, quantity: 0 to 20, basis: flat, amount: 2500 }}"));
            rows.push(format!("      - {{ trade: G{group}, quantity: 20 to open, basis: per_unit, amount: 10 }}"));
            continue;
        }
        for kind in ["shop", "eatery", "workshop"] {
            for trade in 0..20 {
                for stretch in 0..3 {
                    let to = if stretch == 2 { "open".to_owned() } else { (stretch * 10 + 10).to_string() };
                    rows.push(format!("      - {{ kind: {kind}, trade: G{group}_T{trade}, quantity: {} to {to}, basis: flat, amount: 2500 }}", stretch * 10));
                }
            }
        }
    }
    let keys = "    keys: { kind: trade_kind, trade: trades, quantity: from <= x < to }\n    gives: { basis: [flat, per_unit], amount: rupees }";
    format!("- from: 2025-04-01\n  authority: Resolution 1\n  trade_fee:\n{keys}\n    rows:\n{}\n", rows.join("\n"))
}

fn bundle(rates: &str, rules: &str) -> Bundle {
    let mut bundle = Bundle::default();
    bundle.add("rates.yaml", rates.as_bytes());
    bundle.add("fees.rhai", rules.as_bytes());
    bundle
}

fn check(bundle: &Bundle, domain: &Domain) -> Fees {
    let mut out = Diagnostics::default();
    let fees = fees::read(bundle, "rates.yaml", "fees.rhai", &mut out)
        .and_then(|written| fees::check(&written, domain, None, &mut out));
    fees.unwrap_or_else(|| panic!("{}", out.render(bundle, "")))
}

fn facts() -> Facts {
    let unit = |trade: &str, quantity: i64| {
        Dynamic::from_map(Facts::from([
            ("trade".into(), Dynamic::from(trade.to_owned())),
            ("quantity".into(), Dynamic::from_int(quantity)),
        ]))
    };
    let mut facts = Facts::from([
        ("trade_kind".into(), Dynamic::from("shop")),
        ("employees".into(), Dynamic::from_int(2)),
        ("units".into(), Dynamic::from_array(vec![unit("G3_T4", 7), unit("G12_T19", 40)])),
    ]);
    // A form has many more answers than a rule reads.
    facts.extend((0..40).map(|field| (format!("field_{field}").into(), Dynamic::from("an answer of some length"))));
    facts
}

fn assess(bencher: Bencher, rates: &str, rules: &str) {
    let (fees, facts, heads, lists) = (check(&bundle(rates, rules), &domain()), facts(), heads(), [trades()]);
    bencher.bench_local(|| {
        fees::assess(black_box(&fees), black_box(&facts), today(), today(), &lists, &heads).expect("computes")
    });
}

#[divan::bench]
fn assess_worked_example(bencher: Bencher) {
    assess(bencher, RATES, RULES);
}

#[divan::bench]
fn assess_two_units_by_table(bencher: Bencher) {
    assess(bencher, &table_rates(false), TABLE_RULES);
}

#[divan::bench]
fn condition_holds(bencher: Bencher) {
    let text = "trade_kind == \"shop\" && employees > 1";
    let source = At::new(text.to_owned(), Where { file: Arc::from("form.yaml"), start: 0, end: text.len() });
    let condition = Condition::compile_in(&source, &domain(), &mut Diagnostics::default()).expect("compiles");
    let facts = facts();
    bencher.bench_local(|| condition.holds(black_box(&facts), today(), &[]).expect("holds or not"));
}

#[divan::bench]
fn check_worked_example(bencher: Bencher) {
    let (bundle, domain) = (bundle(RATES, RULES), domain());
    bencher.bench_local(|| check(black_box(&bundle), &domain));
}

#[divan::bench]
fn check_table_of_40_rows_over_400_trades(bencher: Bencher) {
    let (bundle, domain) = (bundle(&table_rates(false), TABLE_RULES), domain());
    bencher.bench_local(|| check(black_box(&bundle), &domain));
}

#[divan::bench(sample_count = 20)]
fn check_table_of_3600_rows_over_400_trades(bencher: Bencher) {
    let (bundle, domain) = (bundle(&table_rates(true), TABLE_RULES), domain());
    bencher.bench_local(|| check(black_box(&bundle), &domain));
}

#[divan::bench]
fn read_yaml_of_40_rows(bencher: Bencher) {
    let bundle = bundle(&table_rates(false), TABLE_RULES);
    bencher.bench_local(|| engine::source::read::yaml(black_box(&bundle), "rates.yaml", &mut Diagnostics::default()));
}

#[divan::bench(sample_count = 20)]
fn read_yaml_of_3600_rows(bencher: Bencher) {
    let bundle = bundle(&table_rates(true), TABLE_RULES);
    bencher.bench_local(|| engine::source::read::yaml(black_box(&bundle), "rates.yaml", &mut Diagnostics::default()));
}

/// Buildings that one sample of a law is measured over.
const BUILDINGS: usize = 16_384;

fn over_buildings(bencher: Bencher, fees: &Fees, each: impl Fn(&Fees, &Facts) + Sync) {
    let buildings = law::buildings(BUILDINGS);
    assert!(fees.is_lowered(today()), "the law is one that can be lowered");
    bencher.counter(ItemsCount::new(BUILDINGS)).bench_local(|| {
        for facts in &buildings {
            each(fees, facts);
        }
    });
}

fn with_steps(fees: &Fees, facts: &Facts) {
    black_box(fees::assess(fees, facts, today(), today(), &[], &law::heads()).expect("computes"));
}

fn amounts_only(fees: &Fees, facts: &Facts) {
    black_box(fees::amounts(fees, facts, today(), today(), &[], &law::heads()).expect("computes"));
}

fn all(fees: &Fees, buildings: &[Facts]) {
    for facts in buildings {
        amounts_only(fees, facts);
    }
}

#[divan::bench(sample_count = 20)]
fn law_interpreted(bencher: Bencher) {
    let law = law::law();
    let interpreted = law.interpreted();
    over_buildings(bencher, &law, |_, facts| with_steps(&interpreted, facts));
}

#[divan::bench(sample_count = 20)]
fn law_by_closures_with_steps(bencher: Bencher) {
    over_buildings(bencher, &law::law(), with_steps);
}

#[divan::bench(sample_count = 20)]
fn law_by_closures(bencher: Bencher) {
    over_buildings(bencher, &law::law(), amounts_only);
}

/// Half of the buildings on each of two threads.
#[divan::bench(sample_count = 20)]
fn law_by_closures_on_two_cores(bencher: Bencher) {
    let (law, buildings) = (law::law(), law::buildings(BUILDINGS));
    let (one, other) = buildings.split_at(BUILDINGS / 2);
    bencher.counter(ItemsCount::new(BUILDINGS)).bench_local(|| {
        std::thread::scope(|threads| {
            threads.spawn(|| all(&law, other));
            all(&law, one);
        });
    });
}

#[divan::bench]
fn lower_a_law(bencher: Bencher) {
    bencher.with_inputs(law::law).bench_local_values(|law| law.is_lowered(today()));
}

/// Reads a register and assesses it, column by column.
fn by_columns(fees: &Fees, buildings: &[Facts]) {
    let many = Many::read(fees, buildings, today());
    let charged = many.amounts(fees, today(), today(), &[], &law::heads());
    assert!(charged.alone == 0 && charged.failed.is_empty(), "every case fits the columns");
    black_box(charged);
}

#[divan::bench(sample_count = 20)]
fn law_by_columns_from_answers(bencher: Bencher) {
    let (law, buildings) = (law::law(), law::buildings(BUILDINGS));
    bencher.counter(ItemsCount::new(BUILDINGS)).bench_local(|| by_columns(&law, &buildings));
}

#[divan::bench(sample_count = 20)]
fn law_by_columns_from_answers_on_two_cores(bencher: Bencher) {
    let (law, buildings) = (law::law(), law::buildings(BUILDINGS));
    let (one, other) = buildings.split_at(BUILDINGS / 2);
    bencher.counter(ItemsCount::new(BUILDINGS)).bench_local(|| {
        std::thread::scope(|threads| {
            threads.spawn(|| by_columns(&law, other));
            by_columns(&law, one);
        });
    });
}

/// The answers are in columns already, as they are when a register is assessed again.
#[divan::bench(sample_count = 20)]
fn law_by_columns(bencher: Bencher) {
    let (law, buildings) = (law::law(), law::buildings(BUILDINGS));
    let (many, heads) = (Many::read(&law, &buildings, today()), law::heads());
    bencher
        .counter(ItemsCount::new(BUILDINGS))
        .bench_local(|| black_box(many.amounts(&law, today(), today(), &[], &heads)));
}

#[divan::bench(sample_count = 20)]
fn law_by_columns_on_two_cores(bencher: Bencher) {
    let (law, buildings) = (law::law(), law::buildings(BUILDINGS));
    let (one, other) = buildings.split_at(BUILDINGS / 2);
    let (one, other) = (Many::read(&law, one, today()), Many::read(&law, other, today()));
    let heads = law::heads();
    bencher.counter(ItemsCount::new(BUILDINGS)).bench_local(|| {
        std::thread::scope(|threads| {
            threads.spawn(|| black_box(other.amounts(&law, today(), today(), &[], &heads)));
            black_box(one.amounts(&law, today(), today(), &[], &heads));
        });
    });
}

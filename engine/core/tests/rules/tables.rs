//! Tables: exactly one row for every input, proved before anything is charged.

use std::sync::Arc;

use engine::fees::table::{Given, Input, KeyKind, Match, Table};
use engine::fees::{Fees, RateValue};
use engine::list::Wider;
use engine::rule::{Domain, Facts};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::support::{amount, compile, compile_in, domain, license_fee, schedule, trades};

const RULES: &str = "fn fees(answers, rates) { let t = rates.fee; #{ license_fee: 1 } }";

fn table(fees: &Fees) -> &Table {
    match fees.schedules[0].values.values().next() {
        Some(RateValue::Table(table)) => table,
        other => panic!("{other:?}"),
    }
}

/// A table `fee` of these keys and rows, or what is wrong with it.
fn compiled(keys: &str, over: &str, rows: &[&str]) -> Result<Fees, String> {
    let mut lines = vec!["fee:".to_owned(), format!("  keys: {{ {keys} }}"), "  gives: { amount: rupees }".to_owned()];
    if !over.is_empty() {
        lines.push(format!("  over: {{ {over} }}"));
    }
    lines.push("  rows:".to_owned());
    lines.extend(rows.iter().map(|row| format!("    - {{ {row} }}")));
    compile(&schedule(&lines.join("\n")), RULES)
}

const HALF: &str = "workers: from <= x < to";

/// The keys of a table, what it is over, its rows; and what is said first of it.
const TABLES: [(&str, &str, &[&str], &str); 17] = [
    // L12: the guide of the first system calls both bounds inclusive, then two slabs match.
    (
        "workers: from <= x <= to",
        "",
        &["workers: 1 to 20, amount: 1", "workers: 20 to 30, amount: 2"],
        "error[table-overlap]: two rows of `fee` fit workers = 20\n",
    ),
    (
        "workers: from <= x <= to",
        "workers: 1 to 30",
        &["workers: 1 to 20, amount: 1", "workers: 20 to 30, amount: 2"],
        "error[table-overlap]: two rows of `fee` fit workers = 20\n",
    ),
    (HALF, "workers: 1 to 30", &["workers: 1 to 20, amount: 1", "workers: 20 to 30, amount: 2"], ""),
    (
        HALF,
        "",
        &["workers: 0 to 20, amount: 1", "workers: 21 to open, amount: 2"],
        "error[table-gap]: `fee` has no row for workers = 20\n",
    ),
    (
        HALF,
        "",
        &["workers: 0 to 20, amount: 1", "workers: 20 to 500, amount: 2"],
        "error[table-gap]: `fee` has no row for workers = 500\n",
    ),
    (HALF, "workers: 0 to 500", &["workers: 0 to 20, amount: 1", "workers: 20 to 500, amount: 2"], ""),
    (
        HALF,
        "workers: 0 to 500",
        &["amount: 1", "workers: 600 to 700, amount: 2"],
        "error[table-row-idle]: this row of `fee` fits no input\n",
    ),
    (
        "area: from < x <= to",
        "",
        &["area: 0 to 20, amount: 1", "area: 20 to open, amount: 2"],
        "error[table-gap]: `fee` has no row for area = 0\n",
    ),
    ("area: from < x <= to", "area: 0 to open", &["area: 0 to 20.5, amount: 1", "area: 20.5 to open, amount: 2"], ""),
    ("trade: trades", "", &["trade: FOOD, amount: 1", "trade: TAILOR, amount: 2"], ""),
    (
        "trade: trades",
        "",
        &["trade: FOOD, amount: 1", "trade: DAIRY, amount: 2", "trade: TAILOR, amount: 2"],
        "error[table-overlap]: two rows of `fee` fit trade = DAIRY\n",
    ),
    (
        "trade: trades",
        "",
        &["trade: BAKERY, amount: 1", "trade: TAILOR, amount: 2"],
        "error[table-gap]: `fee` has no row for trade = DAIRY\n",
    ),
    (
        "kind: trade_kind, own: own_premises",
        "",
        &["kind: shop, amount: 1", "own: true, amount: 2", "own: false, kind: eatery, amount: 3"],
        "error[table-gap]: `fee` has no row for kind = workshop, own = false\n",
    ),
    ("kind: trade_kid", "", &["amount: 1"], "error[table-unknown-source]: `trade_kid` is no choice"),
    ("kind: trade_kind", "", &["kind: shp, amount: 1"], "error[table-unknown-code]: there is no code `shp`\n"),
    (HALF, "", &["workers: 20 to 10, amount: 1"], "error[table-interval]: no number is in `20 to 10`\n"),
    // L14: a slab is for a trade or for an accessory; each has its own table, and a row of one cannot name the other.
    (
        "trade: trades",
        "",
        &["trade: FOOD, accessory: GENERATOR, amount: 1"],
        "error[unknown-key]: `accessory` means nothing here\n",
    ),
];

/// What is wrong with tables, in the first line, and help where it matters.
#[test]
fn def_15_gaps_and_overlaps_are_shown_by_the_smallest_input() {
    for (keys, over, rows, expected) in TABLES {
        match compiled(keys, over, rows) {
            Ok(_) => assert_eq!(expected, "", "{keys} {rows:?}"),
            Err(found) => assert!(!expected.is_empty() && found.contains(expected), "{keys} {rows:?}\n{found}"),
        }
    }
}

#[test]
fn telescopic_rates_charge_each_part_by_its_own_rate() {
    let slabs = |ends: &str, over: &str, rate: &str| {
        format!(
            "fee:\n  keys: {{ litres: {ends} }}\n  gives: {{ rate: {rate} }}\n{over}  rows:\n    - {{ litres: 0 to 10, rate: 2 }}\n    - {{ litres: 10 to 25, rate: 3.5 }}\n    - {{ litres: 25 to open, rate: 5 }}"
        )
    };
    let over = "  over: { litres: 0 to open }\n";
    let cases = [
        (slabs("from <= x < to", "", "rupees"), "0", "0"),
        (slabs("from <= x < to", "", "rupees"), "4.5", "9"),
        (slabs("from <= x < to", "", "rupees"), "10", "20"),
        (slabs("from <= x < to", "", "rupees"), "30", "97.5"),
        (slabs("from < x <= to", over, "rupees"), "30", "97.5"),
        (slabs("from < x <= to", over, "rupees"), "0.5", "1"),
        (slabs("from <= x < to", "", "percent"), "30", "0.975"),
        (
            slabs("from <= x <= to", "", "rupees").replace("10 to 25", "11 to 25").replace("25 to open", "26 to open"),
            "30",
            "97.5",
        ),
    ];
    for (rates, x, expected) in cases {
        let fees = license_fee(&rates, &format!("#{{ license_fee: telescopic(rates.fee, {x}) }}")).unwrap();
        assert_eq!(amount(&fees, &Facts::new()), Ok(expected.to_owned()), "{x} {rates}");
    }
}

#[test]
fn what_no_row_fits_at_run_time_is_a_refusal() {
    let rates = "fee:\n  keys: { workers: from <= x < to }\n  gives: { amount: rupees }\n  over: { workers: 0 to 500 }\n  rows:\n    - { amount: 100 }";
    for (x, expected) in [
        ("499", Ok("100")),
        ("500", Err("`fee` has no row for workers = 500")),
        ("-1", Err("`fee` has no row for workers = -1")),
    ] {
        let fees =
            license_fee(rates, &format!("#{{ license_fee: lookup(rates.fee, #{{ workers: {x} }}).amount }}")).unwrap();
        assert_eq!(amount(&fees, &Facts::new()), expected.map(str::to_owned).map_err(str::to_owned));
    }
}

/// A row as a test builds it: codes by key, and a stretch of numbers.
#[derive(Clone, Debug)]
struct Draft {
    kind: Option<&'static str>,
    trade: Option<&'static str>,
    from: u32,
    to: Option<u32>,
}

impl Draft {
    fn written(&self) -> String {
        let mut cells = Vec::new();
        cells.extend(self.kind.map(|kind| format!("kind: {kind}")));
        cells.extend(self.trade.map(|trade| format!("trade: {trade}")));
        if (self.from, self.to) != (0, None) {
            cells.push(format!("workers: {} to {}", self.from, self.to.map_or("open".to_owned(), |to| to.to_string())));
        }
        cells.push("amount: 1".to_owned());
        cells.join(", ")
    }

    fn fits(&self, kind: &str, trade: &str, workers: u32) -> bool {
        let of_food = matches!(trade, "BAKERY" | "DAIRY");
        self.kind.is_none_or(|one| one == kind)
            && self.trade.is_none_or(|one| one == trade || one == "FOOD" && of_food)
            && workers >= self.from
            && self.to.is_none_or(|to| workers < to)
    }

    /// The row, parted by one of its keys.
    fn parted(&self, by: u8, cut: u32) -> Vec<Self> {
        match by % 3 {
            0 if self.kind.is_none() => {
                ["shop", "eatery", "workshop"].map(|kind| Self { kind: Some(kind), ..self.clone() }).to_vec()
            }
            1 if self.trade.is_none() => {
                ["FOOD", "TAILOR"].map(|trade| Self { trade: Some(trade), ..self.clone() }).to_vec()
            }
            1 if self.trade == Some("FOOD") => {
                ["BAKERY", "DAIRY"].map(|trade| Self { trade: Some(trade), ..self.clone() }).to_vec()
            }
            _ if cut > self.from && self.to.is_none_or(|to| cut < to) => {
                vec![Self { to: Some(cut), ..self.clone() }, Self { from: cut, ..self.clone() }]
            }
            _ => vec![self.clone()],
        }
    }
}

/// Rows that fit every input once, and then perhaps one row fewer or one more.
fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let parts = prop::collection::vec((any::<u8>(), any::<u8>(), 1_u32..30), 0..12);
    (parts, 0_u8..4, any::<u8>()).prop_map(|(parts, change, which)| {
        let mut rows = vec![Draft { kind: None, trade: None, from: 0, to: None }];
        for (row, by, cut) in parts {
            let row = rows.remove(usize::from(row) % rows.len());
            rows.extend(row.parted(by, cut));
        }
        let which = usize::from(which) % rows.len();
        match change {
            0 if rows.len() > 1 => drop(rows.remove(which)),
            1 => rows.push(rows[which].clone()),
            _ => {}
        }
        rows
    })
}

const KINDS: [&str; 3] = ["shop", "eatery", "workshop"];
const TRADES: [&str; 3] = ["BAKERY", "DAIRY", "TAILOR"];

/// The smallest input that `wrong` many rows fit, by trying all.
fn by_force(rows: &[Draft], wrong: impl Fn(usize) -> bool) -> Option<String> {
    for kind in KINDS {
        for trade in TRADES {
            for workers in 0..40 {
                if wrong(rows.iter().filter(|row| row.fits(kind, trade, workers)).count()) {
                    return Some(format!("kind = {kind}, trade = {trade}, workers = {workers}\n"));
                }
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    /// The proof says what trying every input says, with the same smallest counter-example; and
    /// where it holds, looking up finds what a scan of the rows finds.
    #[test]
    fn proof_and_lookup_agree_with_brute_force(rows in drafts(), inputs in prop::collection::vec((0..3_usize, 0..3_usize, 0_u32..60), 20)) {
        let written: Vec<String> = rows.iter().map(Draft::written).collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        let (gap, overlap) = (by_force(&rows, |fitting| fitting == 0), by_force(&rows, |fitting| fitting > 1));
        match compiled("kind: trade_kind, trade: trades, workers: from <= x < to", "", &written) {
            Ok(fees) => {
                prop_assert_eq!((gap, overlap), (None, None));
                for (kind, trade, workers) in inputs {
                    let found = find(table(&fees), KINDS[kind], TRADES[trade], workers);
                    let scanned = rows.iter().position(|row| row.fits(KINDS[kind], TRADES[trade], workers));
                    prop_assert_eq!(found, scanned);
                }
            }
            Err(found) => {
                prop_assert!(gap.is_some() || overlap.is_some(), "{}", found);
                prop_assert!(gap.iter().all(|input| found.contains(&format!("error[table-gap]: `fee` has no row for {input}"))), "{:?}\n{}", gap, found);
                prop_assert!(overlap.iter().all(|input| found.contains(&format!("error[table-overlap]: two rows of `fee` fit {input}"))), "{:?}\n{}", overlap, found);
            }
        }
    }
}

fn find(table: &Table, kind: &str, trade: &str, workers: u32) -> Option<usize> {
    table.find(&[Input::Code(kind.to_owned()), Input::Code(trade.to_owned()), Input::Number(Decimal::from(workers))])
}

/// The model says what was written.
#[test]
fn a_table_is_what_was_written() {
    let fees = compiled(
        "trade: trades, workers: from <= x < to",
        "",
        &[
            "trade: FOOD, amount: 12.50",
            "trade: TAILOR, workers: 0 to 5, amount: 1",
            "trade: TAILOR, workers: 5 to open, amount: 2",
        ],
    )
    .unwrap();
    let table = table(&fees);
    assert!(matches!(table.keys[0].kind, KeyKind::List(_)) && matches!(table.keys[1].kind, KeyKind::Number { .. }));
    assert_eq!(table.rows[0].matches[0], Some(Match::Code("FOOD".to_owned())));
    assert_eq!(table.rows[0].gives[0], Given::Number(Decimal::new(1250, 2)));
    assert_eq!(table.row_words(1), "TAILOR, 0 to 5");
}

/// Rates that several towns share name codes of all of them; each town is proved with its own list.
#[test]
fn rows_for_codes_of_other_towns_are_left_out() {
    let rates = schedule(
        "fee:\n  keys: { trade: trades }\n  gives: { amount: rupees }\n  rows:\n    - { trade: FOOD, amount: 1 }\n    - { trade: MINE, amount: 2 }\n    - { trade: TAILOR, amount: 3 }",
    );
    assert!(compile(&rates, RULES).unwrap_err().starts_with("error[table-unknown-code]: there is no code `MINE`"));
    let narrower = (*trades()).clone().narrowing(Wider { codes: ["MINE".to_owned()].into(), ..Wider::default() });
    let shared = Domain { lists: vec![Arc::new(narrower)], ..domain() };
    let fees = compile_in(&shared, &rates, RULES).unwrap();
    assert_eq!(table(&fees).rows.len(), 2);
    let misspelt = rates.replace("TAILOR", "TAYLOR");
    assert!(
        compile_in(&shared, &misspelt, RULES)
            .unwrap_err()
            .starts_with("error[table-unknown-code]: there is no code `TAYLOR`")
    );
}

//! Writes that are sent together.

use std::borrow::Cow;

use server::store::{Holes, Sent, Val, gathered};

/// Values as statements take them.
macro_rules! vals {
    ($($value:expr),* $(,)?) => { vec![$(Val::from($value)),*] };
}

type Statement<'a> = (Cow<'static, str>, Vec<Val<'a>>);

fn texts(held: Vec<Statement<'static>>, holes: Holes) -> Vec<(String, usize, Option<u64>)> {
    let told = |sent: Sent| (sent.statements[0].0.to_string(), sent.statements.len(), sent.rows);
    gathered(held, holes).into_iter().map(told).collect()
}

#[test]
fn rows_of_a_table_go_together_and_counters_go_once() {
    let insert =
        "insert into d (tenant, a, b) values ($1, $2, $3) on conflict (tenant, a) do update set b = excluded.b";
    let chain = "update chains set seq = $2 where tenant = $1";
    let series = "update serials set last = $3 where tenant = $1 and series = $2";
    let update = "update c set b = $3 where tenant = $1 and a = $2";
    let mut held: Vec<Statement<'static>> = Vec::new();
    for (at, name) in [(1_i64, "x"), (2, "y")] {
        held.push((insert.into(), vals![at, name]));
        held.push((chain.into(), vals![at]));
        held.push((series.into(), vals!["r", at]));
        held.push((update.into(), vals![at, name]));
    }
    let many = "insert into d (tenant, a, b) values ($1, $2, $3), ($1, $4, $5) on conflict (tenant, a) do update set b = excluded.b";
    assert_eq!(
        texts(held, Holes::Numbered),
        [
            (many.to_owned(), 1, Some(2)),
            (chain.to_owned(), 1, Some(1)),
            (series.to_owned(), 1, Some(1)),
            (update.to_owned(), 2, Some(2)),
        ]
    );
}

#[test]
fn records_that_are_new_and_records_that_are_not_go_together() {
    let (update, insert) =
        ("update cases set a = $3 where tenant = $1 and id = $2", "insert into cases (tenant, id) values ($1, $2)");
    let (clear, terms) = ("delete from t where tenant = $1 and id = $2", "insert into t (tenant, id) values ($1, $2)");
    let held: Vec<Statement<'static>> = vec![
        (update.into(), vals!["old", "x"]),
        (insert.into(), vals!["new"]),
        (terms.into(), vals!["new"]),
        (clear.into(), vals!["old"]),
        (terms.into(), vals!["old"]),
    ];
    let texts: Vec<String> = texts(held, Holes::Numbered).into_iter().map(|(text, ..)| text).collect();
    let both = "insert into t (tenant, id) values ($1, $2), ($1, $3)";
    assert_eq!(texts, [clear, insert, update, both], "nothing new is taken away, and no row comes before its case");
}

#[test]
fn rows_are_sent_in_parts_of_a_power_of_two() {
    let insert = "insert into j (tenant, a, b, c) values ($1, $2, $3, 'x') on conflict do nothing";
    let held = (0..1_547_i64).map(|at| (insert.into(), vals![at, at])).collect();
    let parts = gathered(held, Holes::InOrder);
    let row = |part: &Sent| part.statements[0].0.matches("($1, ?, ?, 'x')").count() + 1;
    let rows: Vec<usize> = parts.iter().map(row).collect();
    assert_eq!(rows, [512, 512, 512, 8, 2, 1]);
    assert!(parts.iter().all(|part| part.rows.is_none()));
    let values = &parts[4].statements[0].1;
    assert_eq!(
        format!("{values:?}"),
        r"[Int(Some(1544)), Int(Some(1544)), Int(Some(1545)), Int(Some(1545))]",
        "the tenant goes once, with the transaction"
    );
}

#[test]
fn what_is_the_same_in_every_row_goes_once() {
    let insert = "insert into j (tenant, a, b, c, d) values ($1, $2, $3, 0, $4)";
    let row = |a: &'static str, d: Option<&'static str>| (insert.into(), vals![a, 7_i64, d]);
    let held = vec![row("x", None), row("y", None), row("z", None)];
    let parts = gathered(held, Holes::InOrder);
    let texts: Vec<&str> = parts.iter().map(|part| part.statements[0].0.as_ref()).collect();
    assert_eq!(
        texts,
        [
            "insert or fail into j (tenant, a, b, c, d) values (?, ?, ?, 0, ?), ($1, ?, $3, 0, $4)",
            "insert or fail into j (tenant, a, b, c, d) values (?, ?, ?, 0, ?)",
        ]
    );
    let values = r#"[Text(Some("x")), Int(Some(7)), Text(None), Text(Some("y"))]"#;
    assert_eq!(format!("{:?}", parts[0].statements[0].1), values);
}

#[test]
fn terms_of_many_records_are_written_in_the_order_of_their_index() {
    let insert = "insert into record_terms (tenant, registry, number, field, term) values ($1, $2, $3, $4, $5)";
    let row = |number: &'static str, term: &'static str| (insert.into(), vals!["r", number, "name", term]);
    let held = vec![row("1", "~srm"), row("1", "asha sharma"), row("2", "~as"), row("2", "usha negi")];
    let parts = gathered(held, Holes::Numbered);
    let terms: Vec<String> = parts[0].statements[0].1.chunks(4).map(|row| format!("{:?}", row[3])).collect();
    assert_eq!(
        terms,
        ["asha sharma", "usha negi", "~as", "~srm"].map(|term| format!("Text(Some({term:?}))")),
        "each term stays with its record, and all are in order"
    );
    assert_eq!(format!("{:?}", parts[0].statements[0].1[1]), r#"Text(Some("1"))"#);
}

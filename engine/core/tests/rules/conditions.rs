//! `when:` expressions.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::rule::{Condition, Domain, Facts};
use engine::source::{At, Bundle, Diagnostics, Where};

use crate::support::{day, domain, facts, trades};

/// The condition, or what is wrong with it where it stands in a form.
fn when(text: &str, domain: &Domain) -> Result<Condition, String> {
    let yaml = format!("when: {text}");
    let mut bundle = Bundle::default();
    bundle.add("form.yaml", yaml.as_bytes());
    let value = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text).to_owned();
    let source = At::new(value, Where { file: Arc::from("form.yaml"), start: 6, end: yaml.len() });
    let mut out = Diagnostics::default();
    Condition::compile_in(&source, domain, &mut out).ok_or_else(|| out.render(&bundle, ""))
}

fn holds(text: &str, facts: &Facts) -> Result<bool, String> {
    when(text, &domain())?.holds(facts, day("2026-05-02"), &[trades()]).map_err(|failed| failed.reason)
}

#[test]
fn conditions_hold_or_do_not() {
    let answers = facts(&[
        ("trade_kind", "shop".into()),
        ("employees", 12_i64.into()),
        ("own_premises", true.into()),
        ("trade", "BAKERY".into()),
        ("record", rhai::Dynamic::from_map(facts(&[("valid_until", rhai::Dynamic::from(day("2026-03-31")))]))),
    ]);
    let cases = [
        ("trade_kind == \"shop\"", true),
        ("trade_kind != \"shop\" || employees > 20", false),
        ("!own_premises", false),
        ("trade_kind in [\"shop\", \"eatery\"]", true),
        ("today <= day(\"2026-05-02\")", true),
        ("record.valid_until < today", true),
        ("\"fire\" in listed(\"trades\", trade, \"papers\")", true),
        ("employees >= 10 && employees < 12.5", true),
        // Nothing is said about the area and the day yet.
        ("area > 10", false),
        ("started_on < today", false),
        ("area == ()", true),
        ("is_empty(units)", true),
        ("\"x\" in units", false),
    ];
    for (text, expected) in cases {
        assert_eq!(holds(text, &answers), Ok(expected), "{text}");
    }
    assert_eq!(when("trade_kind == \"shop\" && employees > 3", &domain()).unwrap().fields, ["employees", "trade_kind"]);
    assert_eq!(holds("area * 2 > 10", &answers), Err("`*` cannot be used with nothing and a number".to_owned()));
}

#[test]
fn bare_names_are_enough() {
    let known = BTreeSet::from(["tenure".to_owned(), "record".to_owned()]);
    let file: Arc<str> = Arc::from("form.yaml");
    let compile = |text: &str| {
        let source = At::new(text.to_owned(), Where { file: Arc::clone(&file), start: 0, end: text.len() });
        let mut out = Diagnostics::default();
        Condition::compile(&source, &known, &mut out).ok_or(out)
    };
    let condition = compile("tenure == \"rented\" && record.since < today").unwrap();
    assert_eq!(condition.fields, ["tenure"]);
    let wrong = compile("tenur == \"rented\"").unwrap_err();
    assert_eq!(wrong.0[0].code, "unknown-answer");
    assert_eq!((wrong.0[0].at.start, wrong.0[0].at.end), (0, 5));
    assert_eq!(wrong.0[0].help.as_deref(), Some("did you mean `tenure`?"));
}

#[test]
fn what_is_wrong_is_shown_in_its_place() {
    let cases = [
        ("trade_knd == \"shop\"", "unknown-answer", 7, "did you mean `trade_kind`?"),
        ("trade_kind == \"shp\"", "unknown-option", 21, "did you mean `shop`?"),
        ("'trade_kind == \"shp\"'", "unknown-option", 22, "did you mean `shop`?"),
        ("trade_kind == 5", "wrong-kind", 18, ""),
        ("employees", "wrong-kind", 7, "compare it with something: `tenure == \"rented\"`, `employees > 10`"),
        ("employees > \"5\"", "wrong-kind", 17, ""),
        ("trade == \"FOOD\"", "unknown-option", 16, "known here: `BAKERY`, `DAIRY`, `TAILOR`"),
        ("own_premises && is_emty(units)", "unknown-function", 23, "did you mean `is_empty`?"),
        ("days_between(today) > 5", "wrong-arity", 7, "call `days_between(start, end)`"),
        ("trade_kind == \"shop", "rule-syntax", 21, ""),
        ("trade_kind == 'shop'", "rule-syntax", 21, "write it in double quotes: \"shop\""),
        ("(employees > 5", "rule-syntax", 21, "close every bracket and brace"),
        ("employees > 5 & own_premises", "rule-forbidden", 21, "write `&&` for *and*"),
        ("eval(\"1\") == 1", "rule-forbidden", 7, ""),
        ("\"fire\" in listed(\"trade\", trade, \"papers\")", "rule-unknown-list", 24, "did you mean `trades`?"),
        ("\"fire\" in listed(\"trades\", trade, \"paper\")", "rule-unknown-list", 41, "did you mean `papers`?"),
        ("started_on > day(\"2026-02-30\")", "wrong-day", 24, "for example `day(\"2026-04-01\")`"),
        ("pluck(units, \"trad\") == []", "unknown-answer", 20, "did you mean `trade`?"),
        ("employees / 0 > 5", "rule-divides-by-zero", 19, ""),
        ("employees > 5; true", "rule-syntax", 20, ""),
    ];
    for (text, code, column, help) in cases {
        let rendered = when(text, &domain()).err().unwrap_or_else(|| panic!("{text} compiles"));
        assert!(rendered.starts_with(&format!("error[{code}]")), "{text}:\n{rendered}");
        assert!(rendered.contains(&format!("form.yaml:1:{column}\n")), "{text}:\n{rendered}");
        assert!(rendered.contains(help), "{text}:\n{rendered}");
    }
}

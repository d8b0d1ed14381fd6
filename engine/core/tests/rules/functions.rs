//! The standard functions: exact, total, and each listed in the manual is there.

use engine::billing::Period;
use engine::rule::standard::Takes;
use engine::rule::{Domain, STANDARD};

use crate::support::{amount, compile_in, domain, facts, license_fee, schedule, unit, value};

#[test]
fn functions_give_exactly_this() {
    let cases = [
        // L5: the average is exact and is rounded up by the rule.
        ("round_up(average([100, 100, 101]), 2)", "100.34"),
        ("average([2500, 3000, 2000])", "2500"),
        ("sum([2500, 3000, 2000])", "7500"),
        ("sum([])", "0"),
        ("sum(or_else([1, (), 3], 0))", "4"),
        ("sum(or_else([1, (), ()], [7, 8, 9]))", "18"),
        // Items that are not there, groups that lack the name and lists in lists are no fault.
        ("sum(gather([[#{ a: #{ n: 2 } }, #{ b: #{ n: 3 } }], (), #{ n: () }, [[#{ n: 4 }]]], \"n\"))", "9"),
        ("count(gather((), \"n\"))", "0"),
        ("gather([#{ n: 5, next: [#{ n: 6 }] }, #{ n: 7 }], \"n\")[1]", "6"),
        // One alike is enough, whatever the case and the spaces; what is not said is alike only where neither says it.
        (
            "if covers([[#{ a: \"Asha  Rao\", b: 2 }], #{ a: \"Kiran\" }], #{ a: \"ASHA rao \", b: 2.0, c: 9 }, [\"a\", \"b\"]) { 1 } else { 0 }",
            "1",
        ),
        ("if covers([#{ a: \"Asha\", b: 2 }], [[#{ a: \"Asha\" }]], [\"a\", \"b\"]) { 1 } else { 0 }", "0"),
        ("if covers([#{ a: \"Asha\", b: () }], #{ a: \"Asha\" }, [\"a\", \"b\"]) { 1 } else { 0 }", "1"),
        (
            "if covers([#{ a: \"Asha\" }, #{ b: \"Rao\" }], #{ a: \"Asha\", b: \"Rao\" }, [\"a\", \"b\"]) { 1 } else { 0 }",
            "0",
        ),
        ("if covers((), [(), []], [\"a\"]) { 1 } else { 0 }", "1"),
        (
            "if covers([#{ a: today, b: true }], [#{ a: day(2026, 5, 2), b: true }], [\"a\", \"b\"]) { 1 } else { 0 }",
            "1",
        ),
        ("max([1, 2.5])", "2.5"),
        ("min([1, 2.5])", "1"),
        ("max(3, 4) + min(3, 4)", "7"),
        ("7 / 2", "3.5"),
        ("1 / 3 * 3", "0.9999999999999999999999999999"),
        ("0.1 + 0.2", "0.3"),
        ("2 * 3 - 1", "5"),
        ("percent(999, 12.5)", "124.875"),
        // L37: what a thing lost of its value in a year, and what is left; no service keeps such a book yet.
        ("percent(100000 + (120000 - 100000) * 0.5, 10)", "11000"),
        ("120000 - percent(100000 + (120000 - 100000) * 0.5, 10)", "109000"),
        ("at_least(10, 25) + at_most(10, 5)", "30"),
        ("abs(-5)", "5"),
        ("round_half_up(0.125, 2)", "0.13"),
        ("round_half_up(-0.125, 2)", "-0.13"),
        ("round_up(-124.875, 2)", "-124.87"),
        ("-round_up(124.875, 2)", "-124.88"),
        ("round_down(124.879, 2)", "124.87"),
        ("round_down(-0.5, 0)", "-1"),
        ("count([1, 2])", "2"),
        ("len(\"ab\") + len([1])", "3"),
        ("if is_empty([]) { 1 } else { 0 }", "1"),
        ("if 2 in [1, 2.0] { 1 } else { 0 }", "1"),
        ("if contains([1], 3) { 1 } else { 0 }", "0"),
        ("days_between(day(\"2016-08-01\"), day(\"2016-08-30\"))", "29"),
        ("days_between(day(\"2016-08-30\"), day(\"2016-08-01\"))", "0"),
        ("years_between(day(2000, 2, 29), day(\"2001-02-28\"))", "0"),
        ("day(\"2026-05-02\") - day(\"2026-05-01\")", "1"),
        ("if add_days(day(\"2026-12-31\"), 1) == day(2027, 1, 1) { 1 } else { 0 }", "1"),
        ("if day(\"2026-12-31\") + 1 > day(2026, 12, 31) { 1 } else { 0 }", "1"),
        ("year(today) * 10000 + month(today) * 100 + day_of_month(today)", "20260502"),
        ("if financial_year(day(\"2023-04-05\")) == \"2023-24\" { 1 } else { 0 }", "1"),
        ("month(financial_year_start(today)) + month(financial_year_end(today))", "7"),
        ("if text(12.50) + text(\"a\") == \"12.5a\" { 1 } else { 0 }", "1"),
        ("count(listed(\"trades\", [\"BAKERY\", \"DAIRY\"], \"papers\"))", "2"),
        ("count(listed(\"trades\", \"TAILOR\", \"papers\"))", "0"),
        ("if \"fire\" in listed(\"trades\", \"BAKERY\", \"papers\") { 1 } else { 0 }", "1"),
        ("sum([1, 2, 3]) % 4", "2"),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), Ok(expected.to_owned()), "{expression}");
    }
}

#[test]
fn functions_fail_with_a_reason() {
    let cases = [
        ("average([])", "nothing has no average"),
        ("max([])", "nothing has no largest and no smallest"),
        ("5 / (3 - 3)", "something is divided by zero"),
        ("5.0 / (3 - 3)", "something is divided by zero"),
        ("9223372036854775807 + 1", "a number becomes too large to be computed exactly"),
        ("79228162514264337593543950335.0 * 2", "a number becomes too large to be computed exactly"),
        ("round_up(1.5, 99)", "a number is rounded to 0 to 9 places"),
        ("round_up(1.5, 0.5)", "a whole number is needed, not 0.5"),
        ("day(2026, 2, 30) - today", "no calendar has the day 2026-2-30"),
        ("count(listed(\"trades\", \"SHOE\", \"papers\"))", "the list `trades` has no code `SHOE`"),
        ("if refuse(\"not in this town\") { 1 } else { 2 }", "not in this town"),
        ("sum(pluck([#{ a: 1 }, #{}], \"a\"))", "`a` is not there"),
        ("sum(or_else([1, ()], [1]))", "the two lists have not as many items"),
        ("if covers([1], [], [\"a\"]) { 1 } else { 0 }", "a list of groups is needed, not of a number"),
        ("if covers([#{ a: 1 }], [#{ a: 2 }], []) { 1 } else { 0 }", "a name is needed by which groups are told apart"),
        (
            "if covers([#{ a: [1] }], [], [\"a\"]) { 1 } else { 0 }",
            "groups are told apart by plain answers, not by a list",
        ),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), Err(expected.to_owned()), "{expression}");
    }
}

#[test]
fn def_07_an_answer_that_is_not_there_is_never_taken_for_zero() {
    let cases = [
        ("answers.employees * 25", "`*` cannot be used with nothing and a number"),
        ("if answers.employees > 10 { 1 } else { 0 }", "`>` cannot be used with nothing and a number"),
        ("answers.employees", "`license_fee` is nothing, not an amount"),
        ("percent(answers.employees, 10)", "a number is needed, not nothing"),
        ("sum(pluck(answers.units, \"quantity\"))", "a list is needed, not nothing"),
    ];
    for (expression, expected) in cases {
        let fees = license_fee("", &format!("#{{ license_fee: {expression} }}")).unwrap();
        assert_eq!(amount(&fees, &facts(&[])), Err(expected.to_owned()), "{expression}");
    }
    let fees = license_fee("", "#{ license_fee: answers.employees ?? 7 }").unwrap();
    assert_eq!(amount(&fees, &facts(&[])), Ok("7".to_owned()));
}

#[test]
fn items_of_a_list_are_walked_and_plucked() {
    let body = "let parts = [];
        for unit in answers.units { parts.push(unit.quantity * 10); }
        #{ license_fee: sum(parts) + sum(pluck(answers.units, \"quantity\")) }";
    let fees = license_fee("", body).unwrap();
    let answers = facts(&[("units", vec![unit("BAKERY", 3), unit("DAIRY", 4)].into())]);
    assert_eq!(amount(&fees, &answers), Ok("77".to_owned()));
}

/// Every function of the manual can be called with what the manual says it takes.
#[test]
fn the_manual_is_true() {
    for function in STANDARD {
        // The one function whose texts must name something of the tenant.
        if function.name == "listed" {
            continue;
        }
        let arguments: Vec<&str> = function
            .takes
            .iter()
            .map(|(_, takes)| match takes {
                Takes::Number => "1",
                Takes::Day => "today",
                Takes::Text => "\"2026-04-01\"",
                Takes::Numbers | Takes::Array | Takes::Countable | Takes::Any => "[]",
                Takes::Keys | Takes::Table => "#{}",
            })
            .collect();
        let call = format!("let x = []; {}({}); #{{ license_fee: 1 }}", function.name, arguments.join(", "));
        let fees = license_fee("", &call).unwrap_or_else(|found| panic!("{call}: {found}"));
        let result = amount(&fees, &facts(&[]));
        assert!(
            !result.as_ref().is_err_and(|reason| reason.contains("no function") || reason.contains("cannot be used")),
            "{call}: {result:?}"
        );
    }
}

#[test]
fn rules_of_bills_that_come_round_know_the_period() {
    let day = crate::support::day;
    let period = Period { from: day("2026-04-01"), until: day("2026-06-30") };
    assert_eq!(period.facts().get("days").and_then(|days| days.as_int().ok()), Some(91));
    // From a day within the period on, and nothing where no period is billed.
    let body = "if period == () { return #{ license_fee: 0 }; }
        let used = days_between(answers.started_on, period.last) + 1;
        #{ license_fee: 910 * used / period.days + year(period.from) - 2026 }";
    let round = Domain { period: true, ..domain() };
    let rule = format!("fn fees(answers, rates) {{\n{body}\n}}");
    let fees = compile_in(&round, &schedule("nothing: 1"), &rule).unwrap_or_else(|said| panic!("{said}"));
    let begun = [("started_on", rhai::Dynamic::from(day("2026-06-21")))];
    assert_eq!(amount(&fees, &facts(&begun)).unwrap(), "0");
    let billed = [begun[0].clone(), ("period", period.facts().into())];
    assert_eq!(amount(&fees, &facts(&billed)).unwrap(), "100");
    assert_eq!(amount(&fees.interpreted(), &facts(&billed)).unwrap(), "100");
    // Elsewhere nothing is called so, and no rule may call anything so.
    let said = license_fee("", "#{ license_fee: period.days }").unwrap_err();
    assert!(said.contains("unknown-name"), "{said}");
    let said = license_fee("", "let period = 3; #{ license_fee: period }").unwrap_err();
    assert!(said.contains("already means something"), "{said}");
}

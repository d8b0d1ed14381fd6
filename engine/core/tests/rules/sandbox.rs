//! What a rule cannot do, whatever it tries.

use std::time::{Duration, Instant};

use engine::rule::Facts;

use crate::support::{amount, facts, license_fee};

/// What is not a part of the language is refused before it runs.
#[test]
fn the_language_ends_here() {
    let cases = [
        ("while true {}", "rule-forbidden"),
        ("loop {}", "rule-forbidden"),
        ("do {} while true", "rule-forbidden"),
        ("eval(\"40 + 2\");", "rule-forbidden"),
        ("import \"x\" as y;", "rule-forbidden"),
        ("export let x = 1;", "rule-forbidden"),
        ("print(\"hello\");", "rule-forbidden"),
        ("debug(\"hello\");", "rule-forbidden"),
        ("throw \"x\";", "rule-forbidden"),
        ("try { 1 } catch { 2 }", "rule-forbidden"),
        ("let f = Fn(\"fees\");", "rule-forbidden"),
        ("let f = |x| x;", "rule-syntax"),
        ("[3, 1].sort(|a, b| a - b);", "rule-syntax"),
        ("sleep(10);", "unknown-function"),
        ("let t = timestamp();", "unknown-function"),
        ("let t = rand();", "unknown-function"),
        ("[3, 1].sort();", "unknown-function"),
        ("[3, 1].dedup();", "unknown-function"),
        ("[3, 1].map(\"fees\");", "unknown-function"),
        ("blob(2000000000);", "unknown-function"),
        ("\"a\".pad(1000000, \"b\");", "unknown-function"),
        ("call(\"fees\");", "rule-forbidden"),
        ("curry(1);", "rule-forbidden"),
        ("let x = type_of(1);", "rule-forbidden"),
        ("this.x = 1;", "rule-forbidden"),
        ("let x = 2 ** 1000;", "rule-forbidden"),
        ("let x = 1 << 3;", "rule-forbidden"),
        ("let x = 1 | 3;", "rule-forbidden"),
        ("let x = `a${1}`;", "rule-forbidden"),
        ("let __x = 1;", "rule-forbidden"),
        ("__step(\"x\", 1);", "unknown-function"),
        ("let today = 1;", "unknown-variable"),
        ("answers.x?.y;", "rule-forbidden"),
    ];
    for (statement, code) in cases {
        let found = license_fee("", &format!("{statement}\n#{{ license_fee: 1 }}")).err().unwrap_or_else(|| panic!("{statement} compiles"));
        assert!(found.contains(&format!("error[{code}]")), "{statement}:\n{found}");
    }
}

/// Texts that would cost the reader too much are refused, and soon.
#[test]
fn deep_and_long_texts_are_refused() {
    let cases = [
        format!("#{{ license_fee: {}1{} }}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("#{{ license_fee: {}1{} }}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("#{{ license_fee: {}1 }}", "-".repeat(5_000)),
        format!("#{{ license_fee: 1{} }}", " + 1".repeat(5_000)),
        format!("{}{} #{{ license_fee: 1 }}", "if true { ".repeat(5_000), "}".repeat(5_000)),
        format!("let x = \"{}\"; #{{ license_fee: 1 }}", "a".repeat(100_000)),
    ];
    for body in cases {
        let start = Instant::now();
        assert!(license_fee("", &body).is_err(), "{}", &body[..40]);
        assert!(start.elapsed() < Duration::from_millis(500), "{}", &body[..40]);
    }
}

/// What runs too long or grows too large is stopped.
#[test]
fn runs_are_stopped_within_the_limits() {
    let nested = |depth: usize, inner: &str| {
        let open: String = (0..depth).map(|level| format!("for i{level} in 0..1000 {{ ")).collect();
        format!("let a = [1]; let s = \"ab\"; {open}{inner}{}; #{{ license_fee: 1 }}", "}".repeat(depth))
    };
    let cases = [
        (nested(4, "a[0] += 1;"), "operations"),
        (nested(4, ""), "operations"),
        (nested(1, "s += s;"), "too large"),
        (nested(1, "a = [a, a, a];"), "too large"),
        (nested(2, "a.push(1);"), "too large"),
        (nested(2, "a.push(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\");"), "too large"),
        ("let m = #{ a: 1 }; for i in 0..5000 { m[text(i)] = i; }; #{ license_fee: 1 }".to_owned(), "too large"),
        ("for i in 0..9223372036854775807 {}; #{ license_fee: 1 }".to_owned(), "operations"),
    ];
    for (body, reason) in cases {
        let fees = license_fee("", &body).unwrap_or_else(|found| panic!("{body}\n{found}"));
        let start = Instant::now();
        let result = amount(&fees, &Facts::new());
        let spent = start.elapsed();
        assert!(result.as_ref().is_err_and(|found| found.contains(reason) || found.contains("50 ms")), "{body}: {result:?}");
        assert!(spent < Duration::from_millis(250), "{body}: {spent:?}");
    }
}

/// Slow operations are stopped by the clock where the count of operations would let them pass.
#[test]
fn the_clock_stops_what_the_count_does_not() {
    let body = "let a = []; for i in 0..1999 { a.push(i); }
        let n = 0; for i in 0..20000 { if 5000 in a { n += 1; } } #{ license_fee: n }";
    let fees = license_fee("", body).unwrap();
    let start = Instant::now();
    let result = amount(&fees, &Facts::new());
    assert!(result.as_ref().is_err_and(|reason| reason.contains("50 ms") || reason.contains("operations")), "{result:?}");
    assert!(start.elapsed() < Duration::from_millis(500));
}

/// Recursion ends, on a stack as small as a test's own.
#[test]
fn recursion_is_stopped() {
    let deep = format!("{}f(x){}", "(1 + ".repeat(9), ")".repeat(9));
    let rules = format!("fn f(x) {{ let y = if x > 0 {{ {deep} }} else {{ 1 }}; y }}\nfn fees(answers, rates) {{ #{{ license_fee: f(1) }} }}");
    let fees = crate::support::compile(&crate::support::schedule(""), &rules).unwrap();
    let result = std::thread::Builder::new().stack_size(2 << 20).spawn(move || amount(&fees, &facts(&[]))).unwrap().join().unwrap();
    assert_eq!(result, Err("functions call each other more than 16 deep".to_owned()));
}

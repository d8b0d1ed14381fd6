//! What a rule cannot do, whatever it tries.

use std::time::{Duration, Instant};

use engine::rule::Facts;

use crate::support::{amount, compile, license_fee, schedule};

#[expect(clippy::disallowed_methods, reason = "a test measures how long a rule may run")]
fn now() -> Instant {
    Instant::now()
}

/// What is not a part of the language is refused before it runs.
#[test]
fn def_06_the_language_ends_here() {
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
        ("let today = 1;", "unknown-name"),
        ("answers[\"em\" + \"ployees\"];", "rule-forbidden"),
        ("pluck(answers.units, \"tra\" + \"de\");", "rule-forbidden"),
        ("answers.x?.y;", "rule-forbidden"),
        ("let m = #{ a: 1 }; for i in 0..5 { m[text(i)] = i; }", "rule-forbidden"),
    ];
    for (statement, code) in cases {
        let found = license_fee("", &format!("{statement}\n#{{ license_fee: 1 }}"))
            .err()
            .unwrap_or_else(|| panic!("{statement} compiles"));
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
        let start = now();
        assert!(license_fee("", &body).is_err(), "{}", &body[..40]);
        assert!(start.elapsed() < Duration::from_secs(2), "{}", &body[..40]);
    }
}

/// What runs too long or grows too large is stopped.
#[test]
fn def_04_runs_are_stopped_within_the_limits() {
    let nested = |depth: usize, inner: &str| {
        let open: Vec<String> = (0..depth).map(|level| format!("for i{level} in 0..1000 {{ ")).collect();
        let open = open.concat();
        format!("let a = [1]; let s = \"ab\"; {open}{inner}{}; #{{ license_fee: 1 }}", "}".repeat(depth))
    };
    let cases = [
        (nested(4, "a[0] += 1;"), "operations"),
        (nested(4, ""), "operations"),
        (nested(1, "s += s;"), "too large"),
        (nested(1, "a = [a, a, a];"), "too large"),
        (nested(2, "a.push(1);"), "too large"),
        (nested(2, "a.push(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\");"), "too large"),
        ("for i in 0..9223372036854775807 {}; #{ license_fee: 1 }".to_owned(), "operations"),
    ];
    for (body, reason) in cases {
        let fees = license_fee("", &body).unwrap_or_else(|found| panic!("{body}\n{found}"));
        let start = now();
        let result = amount(&fees, &Facts::new());
        let spent = start.elapsed();
        assert!(
            result.as_ref().is_err_and(|found| found.contains(reason) || found.contains("50 ms")),
            "{body}: {result:?}"
        );
        // Far more than the limit, because other tests use the same machine; far less than without one.
        assert!(spent < Duration::from_secs(2), "{body}: {spent:?}");
    }
}

/// Slow operations are stopped by the clock where the count of operations would let them pass.
#[test]
fn def_04_the_clock_stops_what_the_count_does_not() {
    let body = "let a = []; for i in 0..999 { a.push(i); }
        let n = 0; for i in 0..24000 { if 5000 in a { n += 1; } } #{ license_fee: n }";
    let fees = license_fee("", body).unwrap();
    let start = now();
    let result = amount(&fees, &Facts::new());
    assert!(
        result.as_ref().is_err_and(|reason| reason.contains("50 ms") || reason.contains("operations")),
        "{result:?}"
    );
    assert!(start.elapsed() < Duration::from_secs(2));
}

/// A function that calls itself is refused.
#[test]
fn def_04_recursion_is_refused() {
    let cases = ["fn f(x) { f(x) }", "fn f(x) { g(x) + 1 }\nfn g(x) { if x > 1 { 1 } else { f(x - 1) } }"];
    for functions in cases {
        let rules = format!("{functions}\nfn fees(answers, rates) {{ #{{ license_fee: f(1) }} }}");
        let found = compile(&schedule(""), &rules).unwrap_err();
        assert!(found.contains("`f(x)` calls itself"), "{found}");
    }
}

/// The deepest rule that is accepted runs on the stack of a thread of the server.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test needs a stack of a known size")]
fn the_deepest_rule_fits_the_stack() {
    let chain = |levels: usize, parentheses: usize| {
        let body = |call: &str| format!("{}{call}{}", "(1 + ".repeat(parentheses), ")".repeat(parentheses));
        let functions: Vec<String> = (0..levels)
            .map(|level| format!("fn f{level}(x) {{ {} }}\n", body(&format!("f{}(x)", level + 1))))
            .collect();
        let functions = functions.concat();
        format!("{functions}fn f{levels}(x) {{ x }}\nfn fees(answers, rates) {{ #{{ license_fee: f0(1) }} }}")
    };
    let mut deepest = 0;
    for parentheses in 0..9 {
        for levels in (1..16).rev() {
            let Ok(fees) = compile(&schedule(""), &chain(levels, parentheses)) else { continue };
            let run = move || amount(&fees, &Facts::new());
            let result = std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
            assert_eq!(result, Ok((1 + parentheses * levels).to_string()));
            deepest = deepest.max(levels * (parentheses + 1));
            break;
        }
    }
    assert!(deepest >= 16, "{deepest}");
}

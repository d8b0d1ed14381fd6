//! What hostile rules cost, measured in a process of their own: little memory, little time of the processor,
//! and a refusal.

use std::time::Duration;

use engine::rule::Facts;

use crate::cost::{each_alone, peak, used};
use crate::support::{amount, license_fee};

/// The most memory that a run may take beyond what the process had before it, in kB.
const MEMORY: u64 = 16 << 10;
/// The most time of the processor for a run. A rule has 50 ms of progress; what is above that is room for
/// machines that are slow, and far below what any of these would take without a limit.
const TIME: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 500 });

/// Name, body of the rule, and words of the reasons that may stop it.
const RULES: &[(&str, &str, &[&str])] = &[
    ("text that doubles", r#"let s = "abcdefgh"; for i in 0..1000 { s += s; }"#, &["too large"]),
    ("a list in itself", "let a = [1]; for i in 0..1000 { a = [a, a, a, a]; }", &["too large"]),
    (
        "a list of long texts",
        r#"let s = "0123456789"; for i in 0..10 { s += s; } let a = []; for i in 0..1000 { a.push(s + text(i)); }"#,
        &["too large"],
    ),
    (
        "maps in maps",
        "let m = #{ a: 1 }; for i in 0..1000 { m = #{ a: m, b: m, c: m, d: m }; }",
        &["too large", "deep"],
    ),
    (
        "many long variables",
        r#"let s = "0123456789"; for i in 0..10 { s += s; } let a = s + "a"; let b = s + "b"; let c = [a, b, s, a, b];
        for i in 0..9999999 { a = s + text(i); b = a; c = [a]; }"#,
        &["too large", "operations", "50 ms"],
    ),
    ("a long loop", "let n = 0; for i in 0..9223372036854775807 { n += 1; }", &["operations", "50 ms"]),
    (
        "a loop over a long list",
        "let a = []; for i in 0..999 { a.push(i); } let n = 0; for i in 0..99999 { if 5000 in a { n += 1; } }",
        &["operations", "50 ms"],
    ),
    (
        "sums of long lists",
        "let a = []; for i in 0..999 { a.push(i); } let n = 0; for i in 0..99999 { n += sum(a) + count(a); }",
        &["operations", "50 ms"],
    ),
    ("growing numbers", "let n = 7; for i in 0..99999 { n = n * 7; }", &["too large to be computed"]),
];

/// One rule, in a process that was started for it.
fn run((name, body, reasons): &(&str, &str, &[&str])) {
    let fees = license_fee("", &format!("{body}\n#{{ license_fee: 1 }}")).unwrap_or_else(|found| panic!("{found}"));
    let (had, started) = (peak(), used());
    let result = amount(&fees, &Facts::new());
    let (took, memory) = (used().saturating_sub(started), peak() - had);
    let stopped = result.as_ref().is_err_and(|found| reasons.iter().any(|reason| found.contains(reason)));
    assert!(stopped, "{name}: {result:?}");
    assert!(took <= TIME, "{name}: took {took:?}");
    assert!(memory <= MEMORY, "{name}: took {memory} kB");
}

#[test]
fn def_04_hostile_rules_cost_little() {
    let find = |name: &str| RULES.iter().find(|rule| rule.0 == name).expect("it was started for one of them");
    each_alone("costs::def_04_hostile_rules_cost_little", "RULE", RULES.iter().map(|rule| rule.0), |name| {
        run(find(name));
    });
}

//! What is lowered says what the interpreter says, to the last digit and the last step.

use engine::fees::{self, Assessment, Fees, Many};
use engine::rule::{Facts, RuleFailed};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::chance::{Chance, RATES, answers, rules};
use crate::law::{law, plain_answers};
use crate::support::{compile, day, heads, schedule, trades};

/// Everything that can be read of an assessment, trailing zeros included.
fn said(assessment: &Result<Assessment, RuleFailed>) -> String {
    match assessment {
        Ok(assessment) => format!("{:?}\n{:#?}", assessment.heads, assessment.steps),
        Err(failed) => format!("{failed:?}"),
    }
}

/// Holds what is lowered against the interpreter. Whether what is lowered said anything itself.
pub(crate) fn compare(fees: &Fees, facts: &Facts, rules: &str) -> bool {
    let today = day("2026-05-02");
    let assess = |fees: &Fees| fees::assess(fees, facts, today, today, &[trades()], &heads());
    let (reference, quick) = (assess(&fees.interpreted()), assess(fees));
    assert_eq!(said(&quick), said(&reference), "{rules}\n{facts:?}");
    let alone = fees::amounts_lowered(fees, facts, today, today, &[trades()], &heads());
    let amounts = alone.as_ref().map(|amounts| format!("{amounts:?}"));
    let expected = reference.as_ref().ok().map(|assessment| format!("{:?}", assessment.heads));
    assert_eq!(amounts, expected, "{rules}\n{facts:?}");
    alone.is_some()
}

/// Holds many cases at once against the interpreter. How many were done column by column.
fn compare_many(fees: &Fees, cases: &[Facts], rules: &str) -> usize {
    let today = day("2026-05-02");
    let many = Many::read(fees, cases, today);
    let charged = many.amounts(fees, today, today, &[trades()], &heads());
    let mut failed = charged.failed.iter();
    for (facts, amounts) in cases.iter().zip(charged.amounts.chunks(heads().len())) {
        match fees::assess(&fees.interpreted(), facts, today, today, &[trades()], &heads()) {
            Ok(reference) => {
                for (head, amount) in heads().iter().zip(amounts) {
                    let expected = reference.heads.iter().find(|(name, _)| name == head);
                    assert_eq!(
                        *amount,
                        expected.map_or(Decimal::ZERO, |(_, amount)| *amount),
                        "{head}\n{rules}\n{facts:?}"
                    );
                }
            }
            Err(expected) => assert_eq!(failed.next().map(|(_, failed)| failed), Some(&expected), "{rules}\n{facts:?}"),
        }
    }
    assert!(failed.next().is_none(), "{rules}");
    if many.is_columns() { cases.len() - charged.alone } else { 0 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_rules_come_to_the_same(choices in proptest::collection::vec(any::<u32>(), 0..250), given in proptest::collection::vec(any::<u32>(), 120)) {
        let rules = rules(Chance(choices.iter()));
        // What no check lets pass is nobody's rule.
        let Ok(fees) = compile(&schedule(RATES), &rules) else { return Ok(()) };
        prop_assert!(fees.is_lowered(day("2026-05-02")), "{}", rules);
        let mut chance = Chance(given.iter());
        let cases: Vec<Facts> = (0..4).map(|_| answers(&mut chance)).collect();
        for facts in &cases {
            compare(&fees, facts, &rules);
        }
        compare_many(&fees, &cases, &rules);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_laws_come_to_the_same_in_columns(choices in proptest::collection::vec(any::<u32>(), 0..120), given in proptest::collection::vec(any::<u32>(), 600)) {
        let rules = law(Chance(choices.iter()));
        let Ok(fees) = compile(&schedule(RATES), &rules) else { return Ok(()) };
        let mut chance = Chance(given.iter());
        let cases: Vec<Facts> = (0..20).map(|_| plain_answers(&mut chance)).collect();
        compare_many(&fees, &cases, &rules);
    }
}

#[test]
fn most_random_laws_have_columns_that_do_most_cases() {
    let (mut laws, mut columns, mut cases, mut done) = (0, 0, 0, 0);
    let mut seed = 7_u32;
    for _ in 0..100 {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 7
        };
        let (choices, given): (Vec<u32>, Vec<u32>) =
            ((0..100).map(|_| next()).collect(), (0..600).map(|_| next()).collect());
        let rules = law(Chance(choices.iter()));
        let Ok(fees) = compile(&schedule(RATES), &rules) else { continue };
        laws += 1;
        let mut chance = Chance(given.iter());
        let facts: Vec<Facts> = (0..20).map(|_| plain_answers(&mut chance)).collect();
        columns += usize::from(Many::read(&fees, &facts, day("2026-05-02")).is_columns());
        cases += facts.len();
        done += compare_many(&fees, &facts, &rules);
    }
    assert!(
        laws > 60 && columns * 3 > laws * 2 && done * 3 > cases,
        "{columns} of {laws} laws, {done} of {cases} cases"
    );
}

#[test]
fn most_random_rules_pass_the_checks_and_are_computed_without_the_interpreter() {
    let (mut passed, mut computed, mut refused) = (0, 0, String::new());
    let mut seed = 1_u32;
    for _ in 0..300 {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 7
        };
        let (choices, given): (Vec<u32>, Vec<u32>) =
            ((0..150).map(|_| next()).collect(), (0..40).map(|_| next()).collect());
        let rules = rules(Chance(choices.iter()));
        let fees = match compile(&schedule(RATES), &rules) {
            Ok(fees) => fees,
            Err(found) => {
                refused = found;
                continue;
            }
        };
        passed += 1;
        computed += usize::from(compare(&fees, &answers(&mut Chance(given.iter())), &rules));
    }
    assert!(passed > 150 && computed > 40, "{passed} rules passed, {computed} were computed; {refused}");
}

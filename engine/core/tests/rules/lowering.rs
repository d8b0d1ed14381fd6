//! What is lowered says what the interpreter says, to the last digit and the last step.

use engine::fees::{self, Assessment, Fees};
use engine::rule::{Facts, RuleFailed};
use proptest::prelude::*;

use crate::chance::{Chance, RATES, answers, rules};
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
    let alone = fees::amounts_lowered(fees, facts, today, today, &heads());
    let amounts = alone.as_ref().map(|amounts| format!("{amounts:?}"));
    let expected = reference.as_ref().ok().map(|assessment| format!("{:?}", assessment.heads));
    assert_eq!(amounts, expected, "{rules}\n{facts:?}");
    alone.is_some()
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
        for _ in 0..4 {
            compare(&fees, &answers(&mut chance), &rules);
        }
    }
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

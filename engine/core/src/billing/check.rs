//! From `billing.yaml` to the model.

use std::collections::BTreeMap;

use super::checks::{round_off_head, unknown_mode};
use super::yaml::{BillingYaml, RoundWhat};
use super::{Billing, COUNTER, Head, Law, Lowered, PartPayment, RatesOn, Settle, Words};
use crate::base::money::Rounding;
use crate::base::{Money, Text};
use crate::source::Diagnostics;

/// The billing that `yaml` describes, and the words for steps of its rules.
pub(crate) fn billing(yaml: BillingYaml, out: &mut Diagnostics) -> (Billing, BTreeMap<String, Text>) {
    let rounds_total = yaml.round.as_ref().is_some_and(|what| what.value == RoundWhat::Total);
    match (&yaml.round, &yaml.round_off) {
        (Some(what), None) if rounds_total => out.push(round_off_head::missing(&what.at)),
        // Whoever meant the total to be rounded would have heads that are, and a head for it that is empty.
        (None, Some(head)) => out.push(round_off_head::needless(&head.at)),
        (Some(_), Some(head)) if !yaml.heads.0.iter().any(|(name, _)| name.value == head.value) => {
            out.push(round_off_head::unknown(&head.at, &head.value));
        }
        _ => {}
    }
    let modes = yaml.modes.map_or_else(Vec::new, |modes| modes.0);
    for mode in modes.iter().filter(|mode| !COUNTER.contains(&mode.value.as_str())) {
        out.push(unknown_mode::diagnostic(mode));
    }
    let heads = yaml.heads.0.into_iter().map(|(name, label)| Head {
        name: name.value,
        label: Text::new(label.value),
        at: name.at,
    });
    let refusals = yaml.refusals.unwrap_or_default().0.into_iter().map(|(code, words)| Words {
        code: code.value,
        text: Text::new(words.value),
        at: code.at,
    });
    let laws = yaml.laws.unwrap_or_default().0.into_iter().map(|(name, law)| Law::of(name, law));
    let steps = yaml
        .steps
        .unwrap_or_default()
        .0
        .into_iter()
        .map(|(name, words)| (name.value.to_string(), Text::new(words.value)));
    let billing = Billing {
        due_in: yaml.due_in.value,
        round_to: yaml.round_to.value.0,
        rounding: yaml.rounding.map_or(Rounding::HalfUp, |rounding| rounding.value),
        rounds_total,
        round_off: yaml.round_off.map(|head| head.value),
        part_payment: yaml.part_payment.map_or(PartPayment::No, |part| part.0),
        lowered: yaml.lowered.map_or(Lowered::Always, |lowered| lowered.value),
        pay: yaml.pay,
        settle: yaml.settle.map_or(Settle::PrintedOrder, |settle| settle.value),
        rates_on: yaml.rates_on.map_or(RatesOn::Demand, |on| on.value),
        minimum: yaml.minimum.map_or(Money::ZERO, |minimum| minimum.value),
        heads: heads.collect(),
        refusals: refusals.collect(),
        laws: laws.collect(),
        receipt_number: yaml.receipt,
        collects: yaml.collects.map_or_else(Vec::new, |roles| roles.0),
        modes,
        cancels: yaml.cancels.map_or_else(Vec::new, |roles| roles.0),
    };
    (billing, steps.collect())
}

//! From exact rupees to whole amounts: the only place where fees are rounded.

use rust_decimal::Decimal;

use super::Billing;
use crate::base::money::Rounding;
use crate::base::{Money, Name};
use crate::fees::{Charges, Step};

/// The name of the step, and reason, for amounts that no bill can hold.
const TOO_LARGE: &str = "the amount is larger than any bill can be";

impl Billing {
    /// Rounds the exact amounts of an assessment as `billing.yaml` says. Amounts of nothing are
    /// left out. The error is a plain sentence.
    pub fn charges(&self, exact: &[(Name, Decimal)], mut steps: Vec<Step>) -> Result<Charges, String> {
        let takes_difference = self.round_off.as_ref().filter(|_| self.rounds_total);
        let mut heads = Vec::with_capacity(exact.len() + 1);
        for (head, amount) in exact {
            let paise = Money::from_rupees(*amount, Rounding::HalfUp).ok_or(TOO_LARGE)?;
            let rounded =
                if takes_difference.is_some() { paise } else { self.rounding.to_multiple(paise, self.round_to) };
            if rounded.rupees() != *amount {
                steps.push(rounding_step(head, amount, rounded));
            }
            heads.push((head.clone(), rounded));
        }
        self.apply_minimum(&mut heads, &mut steps);
        if let Some(head) = takes_difference {
            let total = checked_sum(&heads)?;
            let rounded = self.rounding.to_multiple(total, self.round_to);
            if rounded != total {
                steps.push(rounding_step(head, &total.rupees(), rounded));
                heads.push((head.clone(), rounded - total));
            }
        }
        heads.retain(|(_, amount)| !amount.is_zero());
        checked_sum(&heads)?;
        Ok(Charges { heads: self.printed_order(heads), steps })
    }

    /// Rounds charges that are added to a demand: head by head, without a minimum and without a
    /// line for rounding the total, which the demand already has.
    pub fn charges_unrounded_total(&self, exact: &[(Name, Decimal)], steps: Vec<Step>) -> Result<Charges, String> {
        let bare = Self { rounds_total: false, minimum: Money::ZERO, ..self.clone() };
        bare.charges(exact, steps)
    }

    /// The least that is demanded: what is missing is added to the first head that is charged.
    fn apply_minimum(&self, heads: &mut [(Name, Money)], steps: &mut Vec<Step>) {
        let total: Money = heads.iter().map(|(_, amount)| *amount).sum();
        if total.paise() <= 0 || total >= self.minimum {
            return;
        }
        if let Some((head, amount)) = heads.iter_mut().find(|(_, amount)| amount.paise() > 0) {
            *amount = *amount + (self.minimum - total);
            steps.push(rounding_step(head, &total.rupees(), self.minimum));
        }
    }

    fn printed_order(&self, mut heads: Vec<(Name, Money)>) -> Vec<(Name, Money)> {
        let position = |name: &Name| self.heads.iter().position(|head| head.name == *name).unwrap_or(usize::MAX);
        heads.sort_by_key(|(name, _)| position(name));
        heads
    }
}

fn checked_sum(heads: &[(Name, Money)]) -> Result<Money, String> {
    heads.iter().try_fold(Money::ZERO, |sum, (_, amount)| sum.checked_add(*amount)).ok_or_else(|| TOO_LARGE.to_owned())
}

fn rounding_step(head: &Name, before: &Decimal, after: Money) -> Step {
    Step {
        name: head.to_string(),
        value: after.to_string(),
        rates: Vec::new(),
        rounded: Some((before.to_string(), after.to_string())),
    }
}

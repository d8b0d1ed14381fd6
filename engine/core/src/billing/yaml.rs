//! `billing.yaml` as the author writes it.

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{Lowered, Natural, PartPayment, Pay, RatesOn, Settle};
use crate::base::money::Rounding;
use crate::base::{Money, Name, Span};
use crate::registry::NumberFormat;
use crate::source::checks::wrong_shape;
use crate::source::scalar::{Scalar, words};
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostic, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape};

shape! {
    /// How a service bills: heads, due date, rounding, receipts.
    pub(crate) struct BillingYaml {
        /// How long after it is raised a demand falls due.
        due_in: At<Span>,
        /// What amounts are rounded to: `1 rupee`, `1 paisa`, `10 rupees`.
        round_to: At<Unit>,
        /// How: `half_up`, `half_even`, `up`, `down`, or `half_stays` (exactly a half is left alone); `half_up` when silent.
        rounding: Option<At<Rounding>>,
        /// What is rounded: `each_head` or `total`; `each_head` when silent.
        round: Option<At<RoundWhat>>,
        /// The head that takes the difference when the total is rounded; with `round: each_head`, the head to which the rules themselves give what they round. A rebate that goes because its demand is not paid in whole takes that of the day with it.
        round_off: Option<At<Name>>,
        /// Whether less than the whole may be paid: `true`, or not less at once than `{ at_least: 500 }` or `{ at_least: 25 % }`; `false` when silent.
        part_payment: Option<PartPaymentYaml>,
        /// Whether a new assessment may lower what was demanded: `always` (what was paid beyond it waits for the next demand), `unpaid` (as long as nothing was paid) or `never`; `always` when silent.
        lowered: Option<At<Lowered>>,
        /// Who may find what is owed on a record and pay it: `applicant`, or `public`, anybody by the record's number and without signing in; `applicant` when silent.
        pay: Option<At<Pay>>,
        /// How money is divided over heads; `printed_order` when silent.
        settle: Option<At<Settle>>,
        /// The day whose rates hold: `application` or `demand`; `demand` when silent.
        rates_on: Option<At<RatesOn>>,
        /// The least that is ever demanded, in rupees; a demand of nothing stays nothing.
        minimum: Option<At<Money>>,
        /// How receipts are numbered.
        receipt: At<NumberFormat>,
        /// The roles that take money at the counter; nobody when silent: then money comes through the gateway only.
        collects: Option<OneOrMany<At<Name>>>,
        /// The modes in which money is taken at the counter, of `cash`, `cheque`, `dd`, `card` and `upi`; all of those for which the town has an account when silent.
        modes: Option<OneOrMany<At<Name>>>,
        /// The roles that may agree that a receipt is taken back, which another person asked for; nobody when silent.
        cancels: Option<OneOrMany<At<Name>>>,
        /// What a bill is made of, in the order it is printed: a name and words for each.
        heads: Map<At<String>>,
        /// Words for the named steps of the rules.
        steps: Option<Map<At<String>>>,
        /// Words for the codes with which rules refuse, `refuse("too_long")`: why there is no amount, and what to do.
        refusals: Option<Map<At<String>>>,
        /// What must hold of the rules whatever is answered, by name. It is searched for around every case that the scenarios charge, and the smallest example against it is shown.
        laws: Option<Map<LawYaml>>,
    }
}

shape! {
    /// Something that must hold of the rules of fees whatever is answered.
    pub(crate) struct LawYaml {
        /// What must hold: `priced` (every answer has an amount), `never_negative`, `never_falls` (more of the question never costs less) or `no_jump` (for one more of the question the amount changes by at most `most`).
        law: At<Natural>,
        /// The head of which it must hold; the whole bill when silent.
        of: Option<At<Name>>,
        /// The question that is changed: a number or an amount; inside of groups and lists by its path, `units.area`. Of `priced` and `never_negative` every question that the rules read when silent.
        question as "in": Option<At<String>>,
        /// Of `no_jump`: by how much the amount changes at most for one more of the question.
        most: Option<At<Decimal>>,
        /// It must hold only where this holds: an expression over answers that the rules read.
        when: Option<At<String>>,
    }
}

shape! {
    /// How little of what is owed may be paid at once.
    pub(crate) struct AtLeastYaml {
        /// The least that pages and the counter take at once: rupees, or a share of what is owed on the day (`25 %`), rounded up as `round_to` says. Where less is owed, all of it.
        at_least: At<PartPayment>,
    }
}

/// Whether less than the whole may be paid, as written.
#[derive(Clone, Debug)]
pub(crate) struct PartPaymentYaml(pub(crate) PartPayment);

impl Shape for PartPaymentYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            return AtLeastYaml::read(node, out).map(|least| Self(least.at_least.value));
        }
        let any = <At<bool> as Shape>::read(node, out)?.value;
        Some(Self(if any { PartPayment::Any } else { PartPayment::No }))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [bool::schema(), AtLeastYaml::schema(definitions)] })
    }
}

/// The least that may be paid at once: an amount, or a share of what is owed.
impl Scalar for PartPayment {
    const WHAT: &'static str = "an amount above zero, or a share above zero and up to 100 %";
    const EXAMPLE: &'static str = "500 or 25 %";
    fn parse(text: &str, quoted: bool) -> Option<Self> {
        if let Some(share) = text.strip_suffix(" %") {
            let share = <Decimal as Scalar>::parse(share, false)?;
            let fits = share > Decimal::ZERO && share <= Decimal::ONE_HUNDRED && share.scale() <= 2;
            return fits.then_some(Self::Share(share));
        }
        let amount = <Money as Scalar>::parse(text, quoted)?;
        (amount > Money::ZERO).then_some(Self::Amount(amount))
    }
    fn schema() -> Json {
        json!({ "anyOf": [
            { "type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01 },
            { "type": "string", "pattern": "^[0-9]{1,3}(\\.[0-9]{1,2})? %$" },
        ] })
    }
}

words! {
    /// What is rounded.
    pub(crate) enum RoundWhat {
        /// Every head by itself.
        EachHead = "each_head",
        /// The total; the difference is a head of its own.
        Total = "total",
    }
}

/// A unit of money to round to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit(pub(crate) Money);

impl Scalar for Unit {
    const WHAT: &'static str = "a unit of money";
    const EXAMPLE: &'static str = "1 rupee, 10 rupees or 1 paisa";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        let (count, unit) = text.split_once(' ')?;
        let count: i64 = count.parse().ok().filter(|n| (1..=1_000).contains(n))?;
        let paise = match unit {
            "rupee" | "rupees" | "unit" | "units" => 100,
            "paisa" | "paise" | "cent" | "cents" => 1,
            _ => return None,
        };
        Money::from_paise(count * paise).map(Self)
    }
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^[1-9][0-9]* (rupees?|paisa|paise|units?|cents?)$" })
    }
}

impl Scalar for Rounding {
    const WHAT: &'static str = "a way of rounding";
    const EXAMPLE: &'static str = "half_up";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| *name == text).map(|(_, rounding)| *rounding)
    }
    fn schema() -> Json {
        json!({ "enum": Self::NAMES.map(|(name, _)| name) })
    }
    fn refuse(node: &Node) -> Diagnostic {
        let near = node.scalar().and_then(|text| crate::source::suggest(text, Self::NAMES.map(|(name, _)| name)));
        wrong_shape::diagnostic(node, Self::WHAT, Self::EXAMPLE)
            .maybe_help(near.map(|word| format!("did you mean `{word}`?")))
    }
}

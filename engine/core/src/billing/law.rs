//! Natural laws of a fee: what must hold of the rules whatever is answered.

use rust_decimal::Decimal;

use super::yaml::LawYaml;
use crate::base::Name;
use crate::source::{At, Where};

crate::source::scalar::words! {
    /// What must hold of an amount.
    pub enum Natural {
        /// Every answer that the form accepts has one.
        Priced = "priced",
        /// It is never less than nothing.
        NeverNegative = "never_negative",
        /// More of a question never costs less.
        NeverFalls = "never_falls",
        /// It changes by so much at most for one more of a question: it has no jumps.
        NoJump = "no_jump",
    }
}

/// Something that must hold of the rules of fees whatever is answered.
#[derive(Clone, Debug)]
pub struct Law {
    /// Its name.
    pub name: Name,
    /// What must hold.
    pub natural: Natural,
    /// The head of which; the whole bill if none is named.
    pub of: Option<At<Name>>,
    /// The question that is changed, by its path.
    pub question: Option<At<String>>,
    /// By how much the amount changes at most for one more of the question.
    pub most: Option<At<Decimal>>,
    /// Where it must hold: an expression over answers.
    pub when: Option<At<String>>,
    /// Where it is written.
    pub at: Where,
}

impl Law {
    pub(super) fn of(name: At<Name>, yaml: LawYaml) -> Self {
        Self {
            name: name.value,
            natural: yaml.law.value,
            of: yaml.of,
            question: yaml.question,
            most: yaml.most,
            when: yaml.when,
            at: name.at,
        }
    }
}

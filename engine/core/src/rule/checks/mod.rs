//! What can be wrong with a rule, in a `when:` or in a file of rules. One check, one file.

pub mod rule_divides_by_zero;
pub mod rule_forbidden;
pub mod rule_syntax;
pub mod rule_unknown_list;
pub mod switch_not_total;
pub mod unknown_answer;
pub mod unknown_function;
pub mod unknown_name;
pub mod unknown_option;
pub mod wrong_arity;
pub mod wrong_day;
pub mod wrong_kind;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    rule_divides_by_zero::MANUAL,
    rule_forbidden::MANUAL,
    rule_syntax::MANUAL,
    rule_unknown_list::MANUAL,
    switch_not_total::MANUAL,
    unknown_answer::MANUAL,
    unknown_function::MANUAL,
    unknown_option::MANUAL,
    unknown_name::MANUAL,
    wrong_arity::MANUAL,
    wrong_day::MANUAL,
    wrong_kind::MANUAL,
];

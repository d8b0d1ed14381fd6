//! What can be wrong with rates, and with the rules that use them. One check, one file.

pub mod head_never_charged;
pub mod maybe_empty_key;
pub mod no_schedule;
pub mod rate_kind_differs;
pub mod rate_map_incomplete;
pub mod rate_missing_in_schedule;
pub mod refusal_words;
pub mod rule_entry;
pub mod schedule_order;
pub mod table_gap;
pub mod table_interval;
pub mod table_overlap;
pub mod table_row_idle;
pub mod table_unknown_code;
pub mod table_unknown_source;
pub mod unknown_head;
pub mod unknown_rate;
pub mod unused_function;
pub mod unused_rate;
pub mod wrong_table_key;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    head_never_charged::MANUAL,
    maybe_empty_key::MANUAL,
    no_schedule::MANUAL,
    rate_kind_differs::MANUAL,
    rate_map_incomplete::MANUAL,
    rate_missing_in_schedule::MANUAL,
    refusal_words::MANUAL,
    rule_entry::MANUAL,
    schedule_order::MANUAL,
    table_gap::MANUAL,
    table_interval::MANUAL,
    table_overlap::MANUAL,
    table_row_idle::MANUAL,
    table_unknown_code::MANUAL,
    table_unknown_source::MANUAL,
    unknown_head::MANUAL,
    unknown_rate::MANUAL,
    unused_function::MANUAL,
    unused_rate::MANUAL,
    wrong_table_key::MANUAL,
];

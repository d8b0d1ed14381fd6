//! Checks that span parts. One check, one file: its manual above, its golden beside.

pub mod alike_question;
pub mod amend_without_rule;
pub mod child_question;
pub mod child_service;
pub mod child_taken_over;
pub mod demand_left_open;
pub mod field_term;
pub mod flags_without_edit;
pub mod grant_question;
pub mod grant_without_record;
pub mod holder_alone;
pub mod holder_in_office;
pub mod holder_question;
pub mod law_unfit;
pub mod listed_department;
pub mod listed_span;
pub mod listed_unit;
pub mod missing_file;
pub mod missing_product_words;
pub mod missing_words;
pub mod nobody_can_act;
pub mod nothing_to_pay_for;
pub mod on_behalf_role;
pub mod open311_question;
pub mod opens_wrong;
pub mod page_never_asked;
pub mod page_of_another;
pub mod personal_without_term;
pub mod program_page;
pub mod public_page_of_applicant;
pub mod public_personal;
pub mod public_without_end;
pub mod public_without_record;
pub mod raise_without_fees;
pub mod record_answer_differs;
pub mod refund_without_account;
pub mod reserve_calendar;
pub mod reserve_list;
pub mod reserve_lost;
pub mod reserve_question;
pub mod reserve_state;
pub mod reserved_role;
pub mod same_number;
pub mod sensitive_without_purpose;
pub mod start_without_applicant;
pub mod stock_holder;
pub mod stock_question;
pub mod turns_wrong;
pub mod unknown_child;
pub mod unknown_file;
pub mod unknown_grant;
pub mod unknown_notice;
pub mod unknown_page;
pub mod unknown_paper;
pub mod unknown_role;
pub mod unknown_stock;
pub mod unknown_words;
pub mod unused_field;
pub mod unused_grant;
pub mod unused_role;
pub mod unused_stock;
pub mod validity_field;
pub mod wrong_format;

use std::collections::BTreeSet;

use super::Service;
use crate::base::Name;
use crate::source::{Diagnostics, Manual};

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    alike_question::MANUAL,
    amend_without_rule::MANUAL,
    child_question::MANUAL,
    child_service::MANUAL,
    child_taken_over::MANUAL,
    demand_left_open::MANUAL,
    field_term::MANUAL,
    flags_without_edit::MANUAL,
    grant_question::MANUAL,
    grant_without_record::MANUAL,
    holder_alone::MANUAL,
    holder_in_office::MANUAL,
    holder_question::MANUAL,
    law_unfit::MANUAL,
    listed_department::MANUAL,
    listed_span::MANUAL,
    listed_unit::MANUAL,
    missing_file::MANUAL,
    missing_product_words::MANUAL,
    missing_words::MANUAL,
    nobody_can_act::MANUAL,
    nothing_to_pay_for::MANUAL,
    on_behalf_role::MANUAL,
    open311_question::MANUAL,
    opens_wrong::MANUAL,
    page_never_asked::MANUAL,
    page_of_another::MANUAL,
    personal_without_term::MANUAL,
    program_page::MANUAL,
    public_page_of_applicant::MANUAL,
    public_personal::MANUAL,
    public_without_end::MANUAL,
    public_without_record::MANUAL,
    raise_without_fees::MANUAL,
    record_answer_differs::MANUAL,
    refund_without_account::MANUAL,
    reserve_calendar::MANUAL,
    reserve_list::MANUAL,
    reserve_lost::MANUAL,
    reserve_question::MANUAL,
    reserve_state::MANUAL,
    reserved_role::MANUAL,
    same_number::MANUAL,
    sensitive_without_purpose::MANUAL,
    start_without_applicant::MANUAL,
    stock_holder::MANUAL,
    stock_question::MANUAL,
    turns_wrong::MANUAL,
    unknown_child::MANUAL,
    unknown_file::MANUAL,
    unknown_grant::MANUAL,
    unknown_notice::MANUAL,
    unknown_page::MANUAL,
    unknown_paper::MANUAL,
    unknown_role::MANUAL,
    unknown_stock::MANUAL,
    unknown_words::MANUAL,
    unused_field::MANUAL,
    unused_grant::MANUAL,
    unused_role::MANUAL,
    unused_stock::MANUAL,
    validity_field::MANUAL,
    wrong_format::MANUAL,
];

/// The second rank: every name leads somewhere. Notices and papers are not yet part of the
/// service: their names are those of their files.
pub(super) fn names(service: &Service, notices: &[Name], papers: &[Name], out: &mut Diagnostics) {
    reserved_role::check(service, out);
    unknown_role::check(service, out);
    holder_question::check(service, out);
    on_behalf_role::check(service, out);
    unknown_page::check(service, out);
    program_page::check(service, out);
    unknown_grant::check(service, out);
    grant_question::check(service, out);
    unknown_child::check(service, out);
    child_question::check(service, out);
    child_taken_over::check(service, out);
    unknown_notice::check(service, notices, out);
    unknown_paper::check(service, papers, out);
    reserve_state::check(service, out);
    reserve_question::check(service, out);
    unknown_stock::check(service, out);
    stock_question::check(service, out);
}

/// Beside the second rank: whether what names lead to will do. What is found judges the service, which can be made.
pub(super) fn fit(service: &Service, out: &mut Diagnostics) {
    holder_in_office::check(service, out);
    stock_holder::check(service, out);
    super::conditions::check(service, out);
}

/// Before notices and papers: where nothing is ever demanded, whatever they say of a demand would be called wrong too,
/// in words that lead elsewhere.
pub(super) fn demands(service: &Service, out: &mut Diagnostics) {
    nothing_to_pay_for::check(service, out);
}

/// The third rank: the parts fit together. `uses` are the answers that rules and templates read.
pub(super) fn sense(service: &Service, uses: &BTreeSet<String>, out: &mut Diagnostics) {
    page_of_another::check(service, out);
    page_never_asked::check(service, out);
    public_page_of_applicant::check(service, out);
    public_personal::check(service, out);
    public_without_end::check(service, out);
    nobody_can_act::check(service, out);
    flags_without_edit::check(service, out);
    start_without_applicant::check(service, out);
    holder_alone::check(service, out);
    raise_without_fees::check(service, out);
    opens_wrong::check(service, out);
    turns_wrong::check(service, out);
    public_without_record::check(service, out);
    amend_without_rule::check(service, out);
    demand_left_open::check(service, out);
    refund_without_account::check(service, out);
    grant_without_record::check(service, out);
    unused_grant::check(service, out);
    unused_role::check(service, out);
    unused_stock::check(service, out);
    validity_field::check(service, out);
    law_unfit::check(service, out);
    listed_span::check(service, out);
    listed_unit::check(service, out);
    listed_department::check(service, out);
    reserve_list::check(service, out);
    reserve_lost::check(service, out);
    alike_question::check(service, out);
    open311_question::check(service, out);
    personal_without_term::check(service, out);
    sensitive_without_purpose::check(service, out);
    field_term::check(service, out);
    unused_field::check(service, uses, out);
}

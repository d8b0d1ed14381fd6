//! The desk: where the staff of a town find, decide and keep cases.
//!
//! A handler loads what its page needs, a `view_*` module turns it into the page's values, and the
//! page is rendered. `scope` says which cases a person may see, `filter` how a list is written in its
//! address, `reader` and `names` how values become words.

mod candidates;
#[doc(hidden)]
pub mod csv;
#[doc(hidden)]
pub mod filter;
mod names;
mod opened;
pub(crate) mod reader;
mod rows;
mod scan;
mod scope;

mod assist;
mod assist_form;
mod home;
mod leave;
pub mod account;
pub mod enter;
mod identity;
pub mod sign_in;
mod passwords;

mod bulk;
mod bulk_chosen;
mod bulk_leads;
mod inbox;
mod saved;
mod view_inbox;

mod action;
mod assign;
mod case;
mod edit;
mod files;
mod flags;
mod preview;
mod ready;
mod specimen;
pub(crate) mod view_answers;
mod view_case;
mod view_changes;
mod view_checks;
mod view_documents;
mod view_history;
mod view_leads;
mod view_money;
mod view_tabs;

mod cancel_why;
mod collect;
mod collect_form;
pub(crate) mod print;
mod receipt;
mod books;
mod day_sheet;
mod mismatch;
mod mismatches;
mod till;
mod till_count;
mod view_till;

mod calendar;
mod erasing;
mod events;
mod feedback;
mod figures;
mod my_work;
mod posts;
mod register;
mod register_record;
mod staff;
mod staff_add;
mod staff_appoint;
mod staff_deed;
mod staff_identity;
mod staff_post;
mod staff_token;
pub(crate) mod stock;
pub(crate) mod stock_move;
mod view_stock;
mod surveys;

pub(crate) use assist::applicant;
pub(crate) use names::Names;
pub(crate) use scope::{actor, clerk, may_see};
pub(crate) use view_money::segment;

use ui_gen::view::common::NavLink;

#[doc(hidden)]
pub use self::collect::read_day;
use super::ask::Ask;
use super::kept;
use super::routes::{Route, routes};
use super::sought;
use crate::auth::Policy;

/// An employee of the town in the address, in whichever role; handlers ask of each case what may be
/// done with it.
const STAFF: Policy = Policy::Employee(&[]);

/// The same, for what auditors do as well: their own way in, saying why something must be seen, and looking for
/// something, which is posted and writes nothing.
const OWN: Policy = Policy::Own;

/// Whoever appoints others.
const ADMINISTRATOR: Policy = Policy::Administrator;

/// Whoever appoints others, and whoever looks at that.
const OVERSIGHT: Policy = Policy::Oversight;

/// The pages of the desk.
pub static ROUTES: &[Route] = routes! {
    GET       "/{tenant}/desk/sign-in"                          Policy::Public => sign_in::page;
    POST      "/{tenant}/desk/sign-in"                          Policy::Public => sign_in::take;

    GET       "/{tenant}/desk/sign-in/second"                   Policy::Public => enter::page;
    POST      "/{tenant}/desk/sign-in/second"                   Policy::Public => enter::take;
    GET       "/{tenant}/desk/sign-in/password"                 Policy::Public => enter::password_page;
    POST      "/{tenant}/desk/sign-in/password"                 Policy::Public => enter::take_password;

    GET       "/{tenant}/desk/sign-in/with/{provider}"          Policy::Public => identity::begin;
    GET_MANY  "/{tenant}/desk/sign-in/with/{provider}/back"     Policy::Public => identity::back;

    GET       "/{tenant}/desk/account"                          OWN => account::page;
    POST      "/{tenant}/desk/account"                          OWN => account::end;
    GET       "/{tenant}/desk/account/password"                 OWN => account::password_page;
    POST      "/{tenant}/desk/account/password"                 OWN => account::take_password;
    GET       "/{tenant}/desk/account/second"                   OWN => account::second_page;
    POST      "/{tenant}/desk/account/second"                   OWN => account::begin_second;
    GET       "/{tenant}/desk/account/second/code"              OWN => account::code_page;
    POST      "/{tenant}/desk/account/second/code"              OWN => account::confirm_second;
    GET       "/{tenant}/desk/account/codes"                    OWN => account::codes_page;
    POST      "/{tenant}/desk/account/codes"                    OWN => account::new_codes;

    GET       "/{tenant}/desk"                                  STAFF => home::page;
    GET       "/{tenant}/desk/resume/{key}"                     STAFF => kept::resume;
    GET       "/{tenant}/desk/leave"                            STAFF => leave::page;
    POST      "/{tenant}/desk/leave"                            STAFF => leave::take;
    GET_MANY  "/{tenant}/desk/inbox"                            STAFF => inbox::page;
    POST_MANY "/{tenant}/desk/inbox"                            OWN => inbox::search;
    GET_MANY  "/{tenant}/desk/inbox.csv"                        STAFF => inbox::file;
    POST_MANY "/{tenant}/desk/bulk"                             STAFF => bulk::take;

    POST_MANY "/{tenant}/desk/views"                            STAFF => saved::take;

    GET       "/{tenant}/desk/cases/{case}"                     STAFF => case::page;
    GET       "/{tenant}/desk/services/{service}/start"         STAFF => assist::show;
    POST      "/{tenant}/desk/services/{service}/start"         STAFF => assist::open;
    GET       "/{tenant}/desk/cases/{case}/form"                STAFF => assist_form::show;
    POST_PARTS "/{tenant}/desk/cases/{case}/form"               STAFF => assist_form::take;
    GET       "/{tenant}/desk/cases/{case}/send"                STAFF => assist_form::check;
    POST      "/{tenant}/desk/cases/{case}/send"                STAFF => assist_form::send;

    GET       "/{tenant}/desk/cases/{case}/edit/{page}"         STAFF => edit::show;
    POST_PARTS "/{tenant}/desk/cases/{case}/edit/{page}"        STAFF => edit::take;
    POST      "/{tenant}/desk/cases/{case}/assign"              STAFF => assign::take;
    POST      "/{tenant}/desk/cases/{case}/note"                STAFF => assign::note;
    POST      "/{tenant}/desk/cases/{case}/unmask"              OWN => case::unmask;
    GET       "/{tenant}/desk/cases/{case}/act/{action}"        STAFF => action::show;
    POST_PARTS "/{tenant}/desk/cases/{case}/act/{action}"       STAFF => action::take;
    GET       "/{tenant}/desk/cases/{case}/files/{file}"        STAFF => files::file;
    GET       "/{tenant}/desk/cases/{case}/act/{action}/specimen/{document}"  STAFF => specimen::page;
    POST      "/{tenant}/desk/cases/{case}/files/{file}"        STAFF => files::examine;
    GET       "/{tenant}/desk/cases/{case}/papers/{paper}"      STAFF => files::paper;

    GET       "/{tenant}/desk/collect"                          STAFF => collect::search;
    POST      "/{tenant}/desk/collect"                          OWN => sought::take;
    GET       "/{tenant}/desk/cases/{case}/collect"             STAFF => collect::show;
    POST      "/{tenant}/desk/cases/{case}/collect"             STAFF => collect::take;
    GET       "/{tenant}/desk/receipts/{receipt}"               STAFF => receipt::page;
    POST      "/{tenant}/desk/receipts/{receipt}/print"         STAFF => print::take;
    GET       "/{tenant}/desk/receipts/{receipt}/cancel"        STAFF => receipt::cancel_page;
    POST      "/{tenant}/desk/receipts/{receipt}/cancel"        STAFF => receipt::cancel;

    GET       "/{tenant}/desk/tills"                            STAFF => till::list;
    GET       "/{tenant}/desk/till"                             STAFF => till::show_open;
    POST      "/{tenant}/desk/till"                             STAFF => till::open;
    GET       "/{tenant}/desk/tills/{till}"                     STAFF => till::page;
    POST      "/{tenant}/desk/tills/{till}"                     STAFF => till::decide;
    GET       "/{tenant}/desk/tills/{till}/sheet"               STAFF => day_sheet::page;
    GET       "/{tenant}/desk/tills/{till}/count"               STAFF => till_count::show;
    POST      "/{tenant}/desk/tills/{till}/count"               STAFF => till_count::take;

    GET       "/{tenant}/desk/books"                            STAFF => books::page;
    POST      "/{tenant}/desk/books"                            STAFF => books::take;
    GET       "/{tenant}/desk/mismatches"                       STAFF => mismatches::list;
    GET       "/{tenant}/desk/mismatches.csv"                   STAFF => mismatches::file;
    GET       "/{tenant}/desk/mismatches/{order}"               STAFF => mismatch::page;
    POST      "/{tenant}/desk/mismatches/{order}"               STAFF => mismatch::take;

    GET       "/{tenant}/desk/registers/{registry}"             STAFF => register::list;
    POST      "/{tenant}/desk/registers/{registry}"             OWN => sought::take;
    GET       "/{tenant}/desk/registers/{registry}/{record}"    STAFF => register_record::page;
    GET       "/{tenant}/desk/registers/{registry}/{record}/bill"        STAFF => register_record::bill;
    GET       "/{tenant}/desk/calendars/{calendar}"             STAFF => calendar::page;
    GET       "/{tenant}/desk/calendars/{calendar}/close"       STAFF => calendar::close_page;
    POST      "/{tenant}/desk/calendars/{calendar}/close"       STAFF => calendar::close;
    POST      "/{tenant}/desk/calendars/{calendar}/open"        STAFF => calendar::open;
    GET       "/{tenant}/desk/stocks/{stock}"                   STAFF => stock::page;
    POST      "/{tenant}/desk/stocks/{stock}"                   STAFF => stock::decide;
    GET       "/{tenant}/desk/stocks/{stock}/{deed}"            STAFF => stock_move::show;
    POST      "/{tenant}/desk/stocks/{stock}/{deed}"            STAFF => stock_move::take;
    GET       "/{tenant}/desk/my-work"                          STAFF => my_work::page;
    GET       "/{tenant}/desk/feedback"                         STAFF => feedback::page;
    GET       "/{tenant}/desk/surveys"                          STAFF => surveys::list;
    GET       "/{tenant}/desk/surveys/{survey}"                 STAFF => surveys::page;
    GET       "/{tenant}/desk/surveys/{survey}/results.csv"     STAFF => surveys::file;

    GET       "/{tenant}/desk/events"                           OVERSIGHT => events::page;
    GET       "/{tenant}/desk/figures"                          OVERSIGHT => figures::page;
    GET       "/{tenant}/desk/figures.csv"                      OVERSIGHT => figures::file;
    GET       "/{tenant}/desk/erasing"                          OVERSIGHT => erasing::list;
    GET       "/{tenant}/desk/erasing/{request}"                OVERSIGHT => erasing::page;
    POST      "/{tenant}/desk/erasing/{request}"                ADMINISTRATOR => erasing::decide;
    GET       "/{tenant}/desk/staff"                            OVERSIGHT => staff::list;
    POST      "/{tenant}/desk/staff"                            OWN => sought::take;
    GET       "/{tenant}/desk/staff/new"                        ADMINISTRATOR => staff_add::page;
    POST      "/{tenant}/desk/staff/new"                        ADMINISTRATOR => staff_add::take;
    GET       "/{tenant}/desk/staff/{person}"                   OVERSIGHT => staff::page;
    GET       "/{tenant}/desk/staff/{person}/identity/{provider}" ADMINISTRATOR => staff_identity::page;
    POST      "/{tenant}/desk/staff/{person}/identity/{provider}" ADMINISTRATOR => staff_identity::take;
    GET       "/{tenant}/desk/staff/{person}/appoint"           ADMINISTRATOR => staff_appoint::page;
    POST_MANY "/{tenant}/desk/staff/{person}/appoint"           ADMINISTRATOR => staff_appoint::take;
    GET       "/{tenant}/desk/staff/{person}/posts/{post}/end"  ADMINISTRATOR => staff_post::end_page;
    POST      "/{tenant}/desk/staff/{person}/posts/{post}/end"  ADMINISTRATOR => staff_post::end;
    GET       "/{tenant}/desk/staff/{person}/posts/{post}/lend" ADMINISTRATOR => staff_post::lend_page;
    POST      "/{tenant}/desk/staff/{person}/posts/{post}/lend" ADMINISTRATOR => staff_post::lend;
    GET       "/{tenant}/desk/staff/{person}/token"             ADMINISTRATOR => staff_token::page;
    POST_MANY "/{tenant}/desk/staff/{person}/token"             ADMINISTRATOR => staff_token::make;
    GET       "/{tenant}/desk/staff/{person}/tokens/{token}/revoke" ADMINISTRATOR => staff_token::revoke_page;
    POST      "/{tenant}/desk/staff/{person}/tokens/{token}/revoke" ADMINISTRATOR => staff_token::revoke;
    GET       "/{tenant}/desk/staff/{person}/do/{deed}"         ADMINISTRATOR => staff_deed::page;
    POST      "/{tenant}/desk/staff/{person}/do/{deed}"         ADMINISTRATOR => staff_deed::take;
};

/// The menu of the desk, for whoever signed in.
pub(super) fn menu(ask: &Ask) -> Vec<NavLink> {
    let (Some(tenant), Some(employee)) = (&ask.tenant, ask.who.employee()) else { return Vec::new() };
    let services = scope::services(&ask.library, tenant, employee);
    let mut links = vec![("/desk".to_owned(), "desk.title"), ("/desk/inbox".to_owned(), "inbox.title")];
    if !employee.audits() && services.iter().any(|service| service.billing.is_some()) {
        links.push(("/desk/collect".to_owned(), "collect.find"));
    }
    if till::sees(&ask.library, tenant, employee) {
        links.push(("/desk/tills".to_owned(), "till.title"));
    }
    if employee.audits() || till::confirms(&ask.library, tenant, employee) {
        links.push(("/desk/books".to_owned(), "closing.title"));
    }
    if let Some(first) = register::registries(&services).first() {
        links.push((format!("/desk/registers/{first}"), "register.others"));
    }
    let reserving = services.iter().copied();
    if let Some((first, _)) = super::citizen::calendar::all(reserving).first() {
        links.push((format!("/desk/calendars/{first}"), "calendar.title"));
    }
    if let Some(first) = stock::all(&services).first() {
        links.push((format!("/desk/stocks/{}", first.name), "stock.one"));
    }
    links.push(("/desk/my-work".to_owned(), "work.title"));
    links.push(("/desk/feedback".to_owned(), "feedback.heard"));
    if surveys::reads_any(&ask.library, tenant, employee) {
        links.push(("/desk/surveys".to_owned(), "survey.title"));
    }
    if employee.administers() || employee.audits() {
        links.push(("/desk/figures".to_owned(), "figures.title"));
        links.push(("/desk/staff".to_owned(), "staff.title"));
        links.push(("/desk/erasing".to_owned(), "erasing.desk"));
        links.push(("/desk/events".to_owned(), "events.title"));
    }
    let link = |(path, key): (String, &str)| {
        let href = format!("/{}{path}", tenant.id);
        // The register is open whichever of the registers is read.
        let part = if key == "register.others" { format!("/{}/desk/registers/", tenant.id) } else { href.clone() };
        let current = ask.path == href || (key == "register.others" && ask.path.starts_with(&part));
        NavLink { href, text: ask.words().get(key), count: String::new(), current }
    };
    links.into_iter().map(link).collect()
}

//! The routes: one table, one row each. The policy is data, and is asked before the handler runs.
//!
//! | Word | Reads |
//! |---|---|
//! | `GET` | nothing |
//! | `GET_MANY` | nothing; a parameter may be there several times |
//! | `POST` | a form; each field once |
//! | `POST_MANY` | a form whose questions may have several answers |
//! | `POST_PARTS` | the same, and it may have files |
//! | `POST_PAIRS` | a form that a program sends, with its key; a name may be there several times |
//! | `POST_JSON` | JSON; no form's token, since no browser sends the token of the API unasked |
//! | `POST_RAW` | octets that are signed |
//! | `POST_FILE` | one file as it is; no form's token either |

use std::pin::Pin;

use super::ask::{Answer, Ask};
use super::body::Reads;
use super::{api, assets, citizen, dues, hooks, kept, outbox, pay, sought};
use crate::auth::Policy::{
    self, CaseOffered, CaseOwner, CaseParty, Citizen, Hook, Implementer, Office, Program, Public, Token,
};
use crate::auth::program::Use::{Act, Open, Read};

/// What answers a request.
pub type Handler = for<'a> fn(&'a Ask) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// One row.
#[derive(Debug)]
pub struct Route {
    /// Whether it is a `GET` (and so a `HEAD`), or a `POST`.
    pub get: bool,
    /// The path, with holes.
    pub path: &'static str,
    /// Who may use it.
    pub policy: Policy,
    /// How the body is read; not at all for a `GET`.
    pub reads: Option<Reads>,
    /// Whether parameters may be there several times.
    pub many: bool,
    /// What answers.
    pub handler: Handler,
}

/// Writes rows as they are read: method, path, policy, handler.
macro_rules! routes {
    ($($method:ident $path:literal $policy:expr => $handler:path;)+) => {
        &[$(routes!(@$method $path, $policy, $handler)),+]
    };
    (@GET $path:literal, $policy:expr, $handler:path) => { routes!(@row true, $path, $policy, None, false, $handler) };
    (@GET_MANY $path:literal, $policy:expr, $handler:path) => { routes!(@row true, $path, $policy, None, true, $handler) };
    (@POST $path:literal, $policy:expr, $handler:path) => { routes!(@row false, $path, $policy, Some($crate::http::body::Reads::Form), false, $handler) };
    (@POST_MANY $path:literal, $policy:expr, $handler:path) => { routes!(@row false, $path, $policy, Some($crate::http::body::Reads::Form), true, $handler) };
    (@POST_PARTS $path:literal, $policy:expr, $handler:path) => { routes!(@row false, $path, $policy, Some($crate::http::body::Reads::Parts), true, $handler) };
    (@POST_PAIRS $path:literal, $policy:expr, $handler:path) => { routes!(@row false, $path, $policy, Some($crate::http::body::Reads::Pairs), true, $handler) };
    (@POST_JSON $path:literal, $policy:expr, $handler:path) => { routes!(@row false, $path, $policy, Some($crate::http::body::Reads::Json), false, $handler) };
    (@POST_RAW $path:literal, $policy:expr, $handler:path) => { routes!(@row false, $path, $policy, Some($crate::http::body::Reads::Raw), false, $handler) };
    (@POST_FILE $path:literal, $policy:expr, $handler:path) => { routes!(@row false, $path, $policy, Some($crate::http::body::Reads::File), false, $handler) };
    (@row $get:literal, $path:literal, $policy:expr, $reads:expr, $many:literal, $handler:path) => {
        $crate::http::routes::Route { get: $get, path: $path, policy: $policy, reads: $reads, many: $many, handler: |ask| Box::pin($handler(ask)) }
    };
}
#[allow(unused_imports, reason = "other tables of rows use it")]
pub(crate) use routes;

/// The pages of citizens, the API, the hooks, and what pages fetch.
pub static ROUTES: &[Route] = routes! {
    GET       "/"                                               Public      => citizen::home::towns;
    GET       "/help"                                           Public      => citizen::statement::help;
    GET       "/accessibility"                                  Public      => citizen::statement::accessibility;
    GET       "/privacy"                                        Public      => citizen::statement::privacy;
    GET       "/terms"                                          Public      => citizen::statement::terms;
    GET       "/sitemap"                                        Public      => citizen::sitemap::page;
    GET       "/figures"                                        Public      => citizen::state_figures::page;
    GET       "/figures.csv"                                    Public      => citizen::state_figures::file;
    GET       "/assets/{file}"                                  Public      => assets::asset;
    GET       "/live"                                           Public      => assets::live;
    GET       "/ready"                                          Public      => assets::ready;

    GET       "/{tenant}"                                       Public      => citizen::home::catalogue;
    GET       "/{tenant}/help"                                  Public      => citizen::statement::help;
    GET       "/{tenant}/accessibility"                         Public      => citizen::statement::accessibility;
    GET       "/{tenant}/privacy"                               Public      => citizen::statement::privacy;
    GET       "/{tenant}/terms"                                 Public      => citizen::statement::terms;
    GET       "/{tenant}/contact"                               Public      => citizen::statement::contact;
    GET       "/{tenant}/chain"                                 Public      => citizen::chain::page;
    GET       "/{tenant}/chain.txt"                             Public      => citizen::chain::file;
    GET       "/{tenant}/feedback"                              Public      => citizen::feedback::show;
    POST      "/{tenant}/feedback"                              Public      => citizen::feedback::take;
    GET       "/{tenant}/surveys"                               Public      => citizen::surveys::list;
    GET       "/{tenant}/surveys/{survey}"                      Public      => citizen::surveys::show;
    POST_MANY "/{tenant}/surveys/{survey}"                      Public      => citizen::surveys::take;
    GET       "/{tenant}/surveys/{survey}/results"              Public      => citizen::surveys::results;
    GET       "/{tenant}/charter"                               Public      => citizen::charter::page;
    GET       "/{tenant}/charter/{service}"                     Public      => citizen::charter::service;
    GET       "/{tenant}/sitemap"                               Public      => citizen::sitemap::page;
    GET       "/{tenant}/verify"                                Public      => citizen::verify::ask_code;
    GET       "/{tenant}/verify/{code}"                         Public      => citizen::verify::result;

    GET       "/{tenant}/track"                                 Public      => citizen::find_case::ask_number;
    POST      "/{tenant}/track"                                 Public      => citizen::find_case::send_code;
    GET       "/{tenant}/track/code"                            Public      => citizen::find_case::ask_code;
    POST      "/{tenant}/track/code"                            Public      => citizen::find_case::check_code;
    POST      "/{tenant}/track/again"                           Public      => citizen::find_case::send_again;
    GET       "/{tenant}/track/case"                            Public      => citizen::find_case::look;

    GET       "/{tenant}/sign-in"                               Public      => citizen::sign_in::ask_mobile;
    POST      "/{tenant}/sign-in"                               Public      => citizen::sign_in::send_code;
    GET       "/{tenant}/sign-in/code"                          Public      => citizen::sign_in::ask_code;
    POST      "/{tenant}/sign-in/code"                          Public      => citizen::sign_in::check_code;
    POST      "/{tenant}/sign-in/again"                         Public      => citizen::sign_in::send_again;
    GET       "/{tenant}/sign-in/second"                        Public      => citizen::second::ask_code;
    POST      "/{tenant}/sign-in/second"                        Public      => citizen::second::check_code;
    POST      "/{tenant}/session"                               Public      => citizen::sign_in::stay;
    POST      "/{tenant}/sign-out"                              Public      => citizen::sign_in::sign_out;

    GET       "/{tenant}/services/{service}"                    Public      => citizen::start::page;
    POST      "/{tenant}/services/{service}/start"              Public      => citizen::start::open;
    GET_MANY  "/{tenant}/services/{service}/fee"                Public      => citizen::fee::page;
    GET       "/{tenant}/calendar/{calendar}"                   Public      => citizen::calendar::page;
    GET       "/{tenant}/calendar/{calendar}/days.ics"          Public      => citizen::calendar_file::file;
    GET       "/{tenant}/services/{service}/start"              Public      => citizen::start::opened;
    GET       "/{tenant}/my"                                    Citizen     => citizen::my::page;
    GET       "/{tenant}/my/profile"                            Citizen     => citizen::profile::show;
    POST      "/{tenant}/my/profile"                            Citizen     => citizen::profile::keep;
    GET       "/{tenant}/my/account"                            Citizen     => citizen::account::page;
    POST      "/{tenant}/my/account"                            Citizen     => citizen::account::end;
    GET       "/{tenant}/my/second"                             Citizen     => citizen::second::page;
    POST      "/{tenant}/my/second"                             Citizen     => citizen::second::take;
    GET       "/{tenant}/my/second/code"                        Citizen     => citizen::second::set_up_page;
    POST      "/{tenant}/my/second/code"                        Citizen     => citizen::second::confirm;
    GET       "/{tenant}/my/mobile"                             Citizen     => citizen::mobile::ask_mobile;
    POST      "/{tenant}/my/mobile"                             Citizen     => citizen::mobile::send_codes;
    GET       "/{tenant}/my/mobile/code"                        Citizen     => citizen::mobile::ask_codes;
    POST      "/{tenant}/my/mobile/code"                        Citizen     => citizen::mobile::change;
    GET       "/{tenant}/my/data"                               Citizen     => citizen::my_data::explain;
    POST      "/{tenant}/my/data"                               Citizen     => citizen::my_data::send_code;
    GET       "/{tenant}/my/data/code"                          Citizen     => citizen::my_data::ask_code;
    POST      "/{tenant}/my/data/code"                          Citizen     => citizen::my_data::check_code;
    POST      "/{tenant}/my/data/again"                         Citizen     => citizen::my_data::send_again;
    GET       "/{tenant}/my/data/read"                          Citizen     => citizen::my_data::read;
    GET       "/{tenant}/my/data/file"                          Citizen     => citizen::my_data::file;
    GET       "/{tenant}/my/erasing"                            Citizen     => citizen::erasing::show;
    POST      "/{tenant}/my/erasing"                            Citizen     => citizen::erasing::send;
    GET       "/{tenant}/resume/{key}"                          Citizen     => kept::resume;

    GET       "/{tenant}/cases/{case}"                          CaseParty   => citizen::track::page;
    GET       "/{tenant}/cases/{case}/form/{page}"              CaseParty   => citizen::form::show;
    POST_PARTS "/{tenant}/cases/{case}/form/{page}"             CaseParty   => citizen::form::take;
    GET       "/{tenant}/cases/{case}/tasks"                    CaseOwner   => citizen::tasks::show;
    GET       "/{tenant}/cases/{case}/check"                    CaseOwner   => citizen::check::show;
    POST      "/{tenant}/cases/{case}/check"                    CaseOwner   => citizen::check::submit;
    GET       "/{tenant}/cases/{case}/owner"                    CaseOwner   => citizen::offer::show;
    POST      "/{tenant}/cases/{case}/owner"                    CaseOwner   => citizen::offer::take;
    GET       "/{tenant}/offered/{case}"                        CaseOffered => citizen::offer::offered;
    POST      "/{tenant}/offered/{case}"                        CaseOffered => citizen::offer::answer;
    GET       "/{tenant}/cases/{case}/done"                     CaseOwner   => citizen::done::page;
    GET       "/{tenant}/cases/{case}/act/{action}"             CaseParty   => citizen::act::show;
    POST_PARTS "/{tenant}/cases/{case}/act/{action}"            CaseParty   => citizen::act::take;
    GET       "/{tenant}/cases/{case}/note"                     CaseOwner   => citizen::note::show;
    POST      "/{tenant}/cases/{case}/note"                     CaseOwner   => citizen::note::take;
    GET       "/{tenant}/cases/{case}/appeal"                   CaseOwner   => citizen::appeal::page;
    GET       "/{tenant}/cases/{case}/files/{file}"             CaseParty   => citizen::files::file;
    GET       "/{tenant}/cases/{case}/papers/{paper}"           CaseOwner   => citizen::files::paper;

    GET       "/{tenant}/cases/{case}/pay"                      CaseOwner   => pay::show;
    POST      "/{tenant}/cases/{case}/pay"                      CaseOwner   => pay::begin;
    GET_MANY  "/{tenant}/cases/{case}/pay/return"               CaseOwner   => pay::returned;

    GET       "/{tenant}/pay"                                   Public      => dues::find::page;
    POST      "/{tenant}/pay"                                   Public      => dues::find::search;
    GET       "/{tenant}/b/{code}"                              Public      => dues::find::short;
    GET       "/{tenant}/pay/{registry}/{record}"               Public      => dues::bill::page;
    POST      "/{tenant}/pay/{registry}/{record}"               Public      => dues::bill::pay;
    GET       "/{tenant}/pay/{registry}/{record}/bill"          Public      => dues::paper::page;
    GET_MANY  "/{tenant}/paid/{order}"                          Public      => dues::paid::page;
    GET       "/{tenant}/paid/{order}/{receipt}"                Public      => dues::paid::receipt;

    GET       "/{tenant}/registers/{registry}"                  Public      => citizen::registers::list;
    POST      "/{tenant}/registers/{registry}"                  Public      => sought::take;
    GET       "/{tenant}/registers/{registry}/{record}"         Public      => citizen::registers::record;
    GET       "/{tenant}/registers/{registry}/{record}/files/{file}" Public => citizen::registers::file;

    GET       "/dev/outbox"                                     Implementer => outbox::page;

    GET       "/api/{tenant}/services"                          Public      => api::services;
    GET       "/api/{tenant}/services/{service}"                Public      => api::service;
    GET       "/api/{tenant}/services/{service}/schema.json"    Public      => api::schema;
    GET       "/api/{tenant}/charter"                           Public      => api::charter::list;
    POST_JSON "/api/{tenant}/sign-in"                           Public      => api::send_code;
    POST_JSON "/api/{tenant}/sign-in/code"                      Public      => api::sign_in;
    GET       "/api/{tenant}/sessions"                          Token       => api::sessions::list;
    POST_JSON "/api/{tenant}/sessions/end"                      Token       => api::sessions::end;
    POST_FILE "/api/{tenant}/files"                             Program(Open) => api::upload;
    POST_JSON "/api/{tenant}/cases"                             Program(Open) => api::cases::open;
    GET       "/api/{tenant}/cases/{case}"                      Program(Read) => api::cases::case;
    POST_JSON "/api/{tenant}/cases/{case}/act"                  Program(Act) => api::cases::act;

    GET       "/api/{tenant}/calendars/{calendar}"              Public      => api::calendars::days;

    GET       "/api/{tenant}/stocks"                            Office(Read) => api::stocks::list;
    GET       "/api/{tenant}/stocks/{stock}"                    Office(Read) => api::stocks::stock;
    POST_JSON "/api/{tenant}/stocks/{stock}/moves"              Office(Act) => api::stocks::make;

    GET       "/api/{tenant}/registers"                         Public      => api::registers::list;
    GET       "/api/{tenant}/registers/{registry}/public"       Public      => api::public::list;
    POST_JSON "/api/{tenant}/registers/{registry}/public"       Public      => api::public::search;
    GET       "/api/{tenant}/registers/{registry}/records"      Public      => api::registers::find;
    GET       "/api/{tenant}/registers/{registry}/records/{record}" Public  => api::registers::record;
    GET       "/api/{tenant}/registers/{registry}/records/{record}/dues" Public => api::registers::dues;
    GET       "/api/{tenant}/registers/{registry}/records/{record}/versions" Token => api::registers::versions;
    GET       "/api/{tenant}/registers/{registry}/records/{record}/documents" Token => api::registers::documents;
    GET       "/api/{tenant}/registers/{registry}/records/{record}/documents/{paper}" Token => api::registers::document;

    GET       "/api/{tenant}/openapi.json"                      Public      => api::document::openapi;
    GET       "/api/{tenant}/open311/discovery.json"            Public      => api::open311::discovery;
    GET       "/api/{tenant}/open311/discovery.xml"             Public      => api::open311::discovery;
    GET       "/api/{tenant}/open311/services.json"             Public      => api::open311::services;
    GET       "/api/{tenant}/open311/services.xml"              Public      => api::open311::services;
    GET       "/api/{tenant}/open311/services/{code}"           Public      => api::open311::service;
    GET       "/api/{tenant}/open311/requests.json"             Public      => api::open311::requests;
    GET       "/api/{tenant}/open311/requests.xml"              Public      => api::open311::requests;
    POST_PAIRS "/api/{tenant}/open311/requests.json"            Token       => api::open311::send;
    POST_PAIRS "/api/{tenant}/open311/requests.xml"             Token       => api::open311::send;
    GET       "/api/{tenant}/open311/requests/{*request}"       Public      => api::open311::request;
    GET       "/api/{tenant}/open311/tokens/{code}"             Public      => api::open311::token;

    POST_RAW  "/hooks/{tenant}/payments/{gateway}"              Hook        => hooks::payment;
};

/// Every row of every part.
pub fn table() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().chain(super::desk::ROUTES).chain(super::dev::ROUTES)
}

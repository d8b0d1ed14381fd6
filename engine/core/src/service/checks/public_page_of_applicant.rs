//! # public-page-of-applicant
//!
//! A page says `public: true` but the applicant answers it: it needs no permission to be shown to
//! whoever wrote it.
//!
//! **Why it matters.** `public` opens an officer's answers to the applicant; here it opens nothing,
//! and the page that was meant stays closed.
//!
//! **Remedy.** Take `public` away, or write it on the officer's page.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("public-page-of-applicant", "public_page_of_applicant.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for page in service.form.all_pages().filter(|page| page.public) {
        if page.is_applicants() {
            let title = format!("the applicant answers the page `{}` and reads it anyway", page.name);
            out.push(
                Diagnostic::error(MANUAL, &page.at, title, "`public` opens nothing here")
                    .help("take `public` away, or write it on the page of an officer"),
            );
        }
    }
}

//! # public-without-end
//!
//! Records stand on the front page of the town (`front`) and are valid for ever, or `front` is not between 1 and 10.
//!
//! **Why it matters.** The front page would show for years what was news once.
//!
//! **Remedy.** Give the grant an end, such as `valid_until: { field: shown_until }`, or take `front` away: the list
//! has a page of its own.

use crate::registry::Grant;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("public-without-end", "public_without_end.rs");

/// The most records of a list that stand on the front page.
const MOST: i64 = 10;

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for grant in &service.grants {
        let Some(front) = grant.public.as_ref().and_then(|public| public.front.as_ref()) else { continue };
        if grant.valid_until.is_none() {
            out.push(endless(grant, front));
        }
        if !(1..=MOST).contains(&front.value) {
            let title = format!("{} records do not fit the front page", front.value);
            out.push(
                Diagnostic::error(MANUAL, &front.at, title, format!("from 1 to {MOST} do"))
                    .help("take `front` away to show none"),
            );
        }
    }
}

fn endless(grant: &Grant, front: &At<i64>) -> Diagnostic {
    let title = format!("what `{}` grants never ends", grant.name);
    Diagnostic::error(MANUAL, &front.at, title, "the front page of the town would show it for ever")
        .help("add `valid_until:` to the grant, or take `front` away")
}

//! # law-unfit
//!
//! A law of the fees names a head or a question that is not there, or lacks what it needs.
//!
//! **Why it matters.** Nothing would be searched, and the law would seem to hold.
//!
//! **Remedy.** `of` is a head of `billing.yaml`; `in` is a question for a number or an amount; `never_falls` and
//! `no_jump` need `in`, and `no_jump` alone has `most`:
//! `laws: { dearer: { law: never_falls, of: license_fee, in: employees } }`.

use crate::billing::{Billing, Law, Natural};
use crate::form::{Field, Kind};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("law-unfit", "law_unfit.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let Some(billing) = &service.billing else { return };
    for law in &billing.laws {
        head(billing, law, out);
        question(service, law, out);
        most(law, out);
    }
}

fn head(billing: &Billing, law: &Law, out: &mut Diagnostics) {
    let Some(of) = law.of.as_ref().filter(|of| !billing.heads.iter().any(|head| head.name == of.value)) else { return };
    let title = format!("the bill has no head `{}`", of.value);
    let known: Vec<&str> = billing.heads.iter().map(|head| head.name.as_str()).collect();
    out.push(
        Diagnostic::error(MANUAL, &of.at, title, "the law would be about nothing").maybe_help(help(&of.value, known)),
    );
}

fn question(service: &Service, law: &Law, out: &mut Diagnostics) {
    let Some(asked) = &law.question else {
        if matches!(law.natural, Natural::NeverFalls | Natural::NoJump) {
            let title = format!("`{}` does not say in which question", law.name);
            let wanted = Diagnostic::error(MANUAL, &law.at, title, "nothing would be changed to try it");
            out.push(wanted.help("add `in` with the question of which there is more or less"));
        }
        return;
    };
    if service.form.at(&asked.value).is_some_and(is_number) {
        return;
    }
    let title = format!("the form asks for no number `{}`", asked.value);
    let numbers = service.form.fields().filter(|field| is_number(field)).map(|field| field.name.as_str());
    let numbers: Vec<&str> = numbers.collect();
    out.push(
        Diagnostic::error(MANUAL, &asked.at, title, "nothing would be changed to try it")
            .maybe_help(help(&asked.value, numbers)),
    );
}

fn is_number(field: &Field) -> bool {
    matches!(field.kind, Kind::Number { .. } | Kind::Decimal { .. } | Kind::Money { .. } | Kind::Rating)
}

fn most(law: &Law, out: &mut Diagnostics) {
    match (&law.most, law.natural) {
        (None, Natural::NoJump) => {
            let title = format!("`{}` does not say by how much", law.name);
            let wanted = Diagnostic::error(MANUAL, &law.at, title, "every change would do, or none");
            out.push(wanted.help("add `most`: by how much the amount changes at most for one more"));
        }
        (Some(most), Natural::Priced | Natural::NeverNegative | Natural::NeverFalls) => {
            let title = format!("`{}` has no use for `most`", law.name);
            let idle = Diagnostic::error(MANUAL, &most.at, title, "nothing is held to this");
            out.push(idle.help("write `law: no_jump`, or take `most` out"));
        }
        (None, _) | (Some(_), Natural::NoJump) => {}
    }
}

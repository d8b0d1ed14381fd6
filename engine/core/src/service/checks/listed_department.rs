//! # listed-department
//!
//! A department that is to come from a list cannot be found there: the question is no choice from a
//! list, or a row that can be chosen says nothing in that column, or what it says is no code of the
//! list of departments.
//!
//! **Why it matters.** A case of that kind would be nobody's in particular, and would be offered to
//! officers whose work it is not.
//!
//! **Remedy.** Name a choice from a list, and write the code of a department in the column for each
//! row, or for a row above it.

use crate::service::{ListedDepartment, Service};
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("listed-department", "listed_department.rs");

const LABEL: &str = "nothing says whose work it is";

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    if let Some(listed) = &service.departments {
        listed_department(service, listed, out);
    }
}

fn listed_department(service: &Service, listed: &ListedDepartment, out: &mut Diagnostics) {
    let (of, words) = (&listed.of, &listed.words);
    let Some(departments) = service.department_list() else {
        let known = service.lists.iter().map(|list| list.name.as_str());
        let title = format!("no list is called `{}`", words.value);
        out.push(Diagnostic::error(MANUAL, &words.at, title, LABEL).maybe_help(help(words.value.as_str(), known)));
        return;
    };
    let Some(list) = listed.list(&service.form) else {
        let title = format!("`{}` is no choice from a list", of.value);
        out.push(
            Diagnostic::error(MANUAL, &of.at, title, LABEL)
                .help("name a question of the form whose `options` are a list"),
        );
        return;
    };
    let wrong = list.choices().find_map(|entry| match listed.cell(list, &entry.code) {
        Some(code) if departments.get(code).is_some() => None,
        found => Some((entry, found)),
    });
    match wrong {
        Some((entry, Some(code))) => {
            let title = format!("the list `{}` has no `{code}`, whose work `{}` is", departments.name, entry.code);
            let known = departments.entries.iter().map(|entry| entry.code.as_str());
            out.push(Diagnostic::error(MANUAL, &of.at, title, LABEL).maybe_help(help(code, known)));
        }
        Some((entry, None)) => {
            let title =
                format!("the list `{}` has no department in `{}` for `{}`", list.name, listed.column, entry.code);
            out.push(
                Diagnostic::error(MANUAL, &of.at, title, LABEL)
                    .help(format!("write a code of the list `{}` there, or in the row above it", departments.name)),
            );
        }
        None => {}
    }
}

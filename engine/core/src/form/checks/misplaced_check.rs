//! # misplaced-check
//!
//! A check of a page reads nothing that the page asks, or its words stand beside a question of another page.
//!
//! **Why it matters.** Whoever is told that answers do not fit must be able to mend one of them there.
//!
//! **Remedy.** Write the check on the page that asks the last of its questions, and let `at` name one of that page.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Where};

manual!("misplaced-check", "misplaced_check.rs");

/// The words would stand beside `name`, which the page does not ask.
pub fn beside<'a>(name: &At<Name>, asked: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let title = format!("this page does not ask `{}`", name.value);
    Diagnostic::error(MANUAL, &name.at, title, "the words would stand beside no question")
        .maybe_help(help(&name.value, asked))
}

/// The check `name`, whose condition stands at `that`, reads no answer of its page.
pub fn elsewhere(name: &At<Name>, that: &Where) -> Diagnostic {
    let title = format!("the check `{}` reads no answer of this page", name.value);
    Diagnostic::error(MANUAL, that, title, "nothing that is answered here could mend it")
        .help("write it on the page that asks the last of its questions")
}

//! # untranslated-notice
//!
//! A notice lacks its words in a language of the tenant, or has them for one channel only, or a
//! file of `locales/` translates a notice that does not exist.
//!
//! **Why it matters.** A citizen who chose Hindi would get a message in English, or none.
//!
//! **Remedy.** Write the words under `notifications:` in `locales/<language>.yaml`, with the same
//! channels (`sms`, `email`) as the notice itself.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Where};

manual!("untranslated-notice", "untranslated_notice.rs");

/// There are no words in `language` at all.
pub fn whole(name: &str, language: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("the notice `{name}` has no words in `{language}`"),
        "its readers would get another language",
    )
    .help(format!("write them under `notifications:` in `locales/{language}.yaml`"))
}

/// One of the two has a channel that the other lacks.
pub fn part(name: &str, language: &str, channel: &str, lacking: bool, at: &Where) -> Diagnostic {
    let (title, help) = if lacking {
        (format!("the notice `{name}` has no `{channel}` in `{language}`"), format!("write its `{channel}` here too"))
    } else {
        (
            format!("the notice `{name}` has `{channel}` only in `{language}`"),
            format!("write `{channel}` in the notice itself, or remove it here"),
        )
    };
    Diagnostic::error(MANUAL, at, title, "readers of the two languages would be told differently").help(help)
}

/// Words for a notice that does not exist.
pub fn stray<'a>(name: &At<Name>, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &name.at,
        format!("no notice is called `{}`", name.value),
        "nobody would read these words",
    )
    .maybe_help(help(name, known))
}

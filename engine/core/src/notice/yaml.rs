//! `notifications/<name>.yaml` and the part `notifications:` of `locales/<language>.yaml`, as
//! their authors write them.

use crate::base::Name;
use crate::source::shape::{Shape, shape};
use crate::source::{At, Bundle, Diagnostics, read as text};

shape! {
    /// A message that is sent when something happens to an application.
    pub struct NoticeYaml {
        /// Who is told: `applicant`, `assignee` (whoever has the application, or everybody who can act next), or a role.
        to: At<Name>,
        /// What personal answers in it are needed for; without it there may be none.
        purpose: Option<At<String>>,
        /// The short message. English: one segment of 160 characters; other scripts: two.
        sms: Option<At<String>>,
        /// The mail.
        email: Option<EmailYaml>,
    }
}

shape! {
    /// A mail.
    pub struct EmailYaml {
        /// The subject, one line.
        subject: At<String>,
        /// The text.
        body: At<String>,
    }
}

shape! {
    /// The words of a notice in another language, or in the place of its own.
    pub struct WordingYaml {
        /// The short message.
        sms: Option<At<String>>,
        /// The mail.
        email: Option<EmailYaml>,
    }
}

/// Reads the notice at `path`.
pub fn read(bundle: &Bundle, path: &str, out: &mut Diagnostics) -> Option<NoticeYaml> {
    NoticeYaml::read(&text::yaml(bundle, path, out)?, out)
}

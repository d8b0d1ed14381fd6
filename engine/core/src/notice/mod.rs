//! Whom to tell, in which words.

use std::collections::BTreeMap;

use crate::base::Name;
use crate::source::Where;

pub mod checks;

mod check;
mod compose;
mod sms;
mod yaml;

pub use check::check;
pub use compose::compose;
pub use yaml::{EmailYaml, NoticeYaml, WordingYaml, read};

/// The notice by which an officer's own words reach the applicant. No definition has to write it:
/// the product has words for it.
pub const OFFICE_MESSAGE: &str = "office_message";

/// The notice by which somebody is told that an application was written for him. The product has words for it too.
pub const OFFER_MESSAGE: &str = "offer_message";

/// A notice: one file of `notifications/`.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The file's name.
    pub name: Name,
    /// Who is told.
    pub to: Recipient,
    /// Templates by language; the service's own language under `""`.
    pub words: BTreeMap<String, Wording>,
    /// Where it is written.
    pub at: Where,
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The person who applied.
    Applicant,
    /// Whoever has the case, or everybody of the role that can act next.
    Assignee,
    /// Everybody in a role.
    Role(Name),
    /// The person to whom the draft was offered.
    Offered,
}

/// The templates of a notice in one language.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    /// Short message.
    pub sms: Option<String>,
    /// Subject and body of a mail.
    pub email: Option<(String, String)>,
}

/// A composed message, ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composed {
    /// Short message.
    pub sms: Option<String>,
    /// Subject and body of a mail.
    pub email: Option<(String, String)>,
}

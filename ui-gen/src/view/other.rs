//! Standing pages (help, accessibility, privacy, terms, contact) and pages for when things go wrong.

use serde::Serialize;

use super::common::{Link, Row};

/// A standing page. Its words are the product's; what is particular to the town comes as rows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Statement {
    /// Which one.
    pub kind: StatementKind,
    /// The town, as its sentences name it.
    pub town: String,
    /// Offices, telephone numbers, complaints officer: whatever the town states.
    pub rows: Vec<Row>,
    /// When it was last reviewed; empty for unknown.
    pub updated: String,
}

/// The standing pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// How to use the pages.
    #[default]
    Help,
    /// How accessible they are.
    Accessibility,
    /// What is done with personal data.
    Privacy,
    /// Terms of use.
    Terms,
    /// Where to write and call.
    Contact,
    /// Where the chain of what happened ended on each day.
    Chain,
}

impl StatementKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Help, Self::Accessibility, Self::Privacy, Self::Terms, Self::Contact, Self::Chain];

    /// Name of the page's template.
    pub(crate) fn template(self) -> &'static str {
        match self {
            Self::Help => "pages/help",
            Self::Accessibility => "pages/accessibility",
            Self::Privacy => "pages/privacy",
            Self::Terms => "pages/terms",
            Self::Contact => "pages/contact",
            Self::Chain => "pages/chain",
        }
    }
}

/// `/sitemap`: every page that one can come to, by subject.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sitemap {
    /// The subjects.
    pub groups: Vec<LinkGroup>,
}

/// Links under one heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LinkGroup {
    /// The heading.
    pub title: String,
    /// What stands under it.
    pub links: Vec<Link>,
}

/// A page for when something is not as the reader hoped.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// The refusal or what went wrong, in the reader's language, a paragraph each.
    pub text: Vec<String>,
    /// What a rule said that failed, for whoever writes rules; empty for nothing.
    pub technical: String,
    /// How long to wait, in words; empty for no wait.
    pub wait: String,
    /// Reference by which the office finds the fault in its logs; empty for none.
    pub reference: String,
    /// Where to go from here.
    pub links: Vec<Link>,
}

/// Kinds of problem, each with its HTTP status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// 401: signed out meanwhile; what was saved is kept.
    Expired,
    /// 403: not for this person.
    Forbidden,
    /// 404: nothing here, or nothing this person may see.
    #[default]
    NotFound,
    /// 409: someone else was quicker, or it has been done already.
    Conflict,
    /// 413: more was sent than is taken.
    TooLarge,
    /// 422: it cannot be done with what was given.
    Refused,
    /// 429: too often.
    TooMany,
    /// 500: a fault of ours.
    Fault,
    /// 503: closed for a while.
    Unavailable,
}

impl ProblemKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Expired,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::TooLarge,
        Self::Refused,
        Self::TooMany,
        Self::Fault,
        Self::Unavailable,
    ];

    /// The HTTP status that goes with the page.
    pub fn status(self) -> u16 {
        match self {
            Self::Expired => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Refused => 422,
            Self::TooMany => 429,
            Self::Fault => 500,
            Self::Unavailable => 503,
        }
    }
}

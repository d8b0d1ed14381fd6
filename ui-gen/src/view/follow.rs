//! Following a case: my applications, one case's page, verifying a paper.

use serde::Serialize;

use super::common::{ActionLink, Due, Happening, Link, NavLink, Paper, Row, Section, Sent, Stage, Tag, Tone};
use super::dues::Owed;

/// `/{tenant}/my`: everything of one citizen.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MyApplications {
    /// All, waiting for me, open, closed: with counts.
    pub filters: Vec<NavLink>,
    /// The cases, the latest first.
    pub cases: Vec<CaseCard>,
    /// Licenses and other records held.
    pub records: Vec<RecordCard>,
    /// What is owed on those records; none where it is not paid here or nothing is owed.
    pub owed: Option<Owed>,
    /// Where to begin something new.
    pub catalogue: String,
    /// Name, mail address and language of the reader.
    pub profile: String,
    /// How the citizen signs in, and where from.
    pub account: String,
}

/// A case in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CaseCard {
    /// Its page.
    pub href: String,
    /// Its number; for a draft, the service.
    pub number: String,
    /// The service, and what the applicant calls it; for a draft only the latter. Empty for nothing.
    pub service: String,
    /// Where it stands.
    pub state: Tag,
    /// What that means, in a sentence.
    pub text: String,
    /// By when, if anything is due.
    pub due: Option<Due>,
    /// When it last moved.
    pub updated: String,
    /// What the reader should do next, or may do for a time; the first is the one usually meant.
    pub acts: Vec<ActionLink>,
}

/// A record held: a license, a connection.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecordCard {
    /// What it is.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Whether it is in force.
    pub state: Tag,
    /// From when to when.
    pub valid: String,
    /// Its papers.
    pub papers: Vec<Paper>,
    /// Renew, cancel…
    pub actions: Vec<ActionLink>,
}

/// `/{tenant}/cases/{case}`: one case, in plain words.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Track {
    /// The service.
    pub service: String,
    /// Number of the case.
    pub number: String,
    /// Where it stands.
    pub state: Tag,
    /// What that means and what happens next, a paragraph each.
    pub text: Vec<String>,
    /// Who has it, by post; empty for nobody.
    pub with_whom: String,
    /// By when.
    pub due: Option<Due>,
    /// The way from application to end.
    pub stages: Vec<Stage>,
    /// What was asked for when it was sent back; empty for nothing.
    pub remark: String,
    /// What the reader can do.
    pub actions: Vec<ActionLink>,
    /// Whether some of the papers are still being made.
    pub soon: bool,
    /// Receipts, certificates, acknowledgements: those that are being made, then those that are there.
    pub papers: Vec<Paper>,
    /// What happened, the latest first.
    pub happenings: Vec<Happening>,
    /// What was sent, the latest first.
    pub messages: Vec<Sent>,
    /// What was answered.
    pub sections: Vec<Section>,
    /// What officers found and did, as far as the applicant reads it.
    pub findings: Vec<Section>,
    /// Designated officer and appeals, by post.
    pub officers: Vec<Row>,
    /// The application that opened it and those that it opened, each with where it stands.
    pub family: Vec<Row>,
}

/// `/{tenant}/cases/{case}/appeal`: whom to appeal to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Appeal {
    /// The service.
    pub service: String,
    /// Number of the case.
    pub number: String,
    /// The law that promises.
    pub law: String,
    /// Why there is an appeal.
    pub text: String,
    /// What an appeal must name: number and days.
    pub rows: Vec<Row>,
    /// The officer, and who hears appeals, by post.
    pub officers: Vec<Row>,
    /// Where the office is.
    pub office: Vec<Row>,
    /// The case's own page.
    pub case: String,
}

/// `/{tenant}/track`: enter the number of an application, to follow it without an account.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FindCase {
    /// Where the form posts.
    pub action: String,
    /// As typed.
    pub number: String,
    /// What is wrong with it; empty for nothing.
    pub error: String,
    /// All applications of whoever signs in.
    pub mine: String,
}

/// `/{tenant}/verify`: enter a code.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verify {
    /// Where the form leads (GET, parameter `code`).
    pub action: String,
    /// As typed.
    pub code: String,
    /// What is wrong with it; empty for nothing.
    pub error: String,
}

/// `/{tenant}/verify/{code}`: what stands behind it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct VerifyResult {
    /// What was found.
    pub verdict: Verdict,
    /// The code as it is printed; empty where it is not one to be typed.
    pub code: String,
    /// Where the code can be looked up, if it is another town's; none otherwise.
    pub elsewhere: Option<Link>,
    /// Where it is followed, if it is the number of an application; empty where it cannot be one.
    pub follow: String,
    /// The few things anyone may know.
    pub rows: Vec<Row>,
    /// When this was looked up.
    pub as_of: String,
    /// The page to verify another.
    pub another: String,
}

/// What stands behind a code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Issued and in force.
    Valid,
    /// Issued, and its first day is yet to come.
    NotYet,
    /// Issued, and its time is over.
    Expired,
    /// Issued, and cancelled since.
    Cancelled,
    /// Genuine, and another town's.
    Elsewhere,
    /// An application that has been received and is being worked on.
    Received,
    /// Nothing.
    #[default]
    NotFound,
}

impl Verdict {
    /// The colour that goes with the words.
    pub fn tone(self) -> Tone {
        match self {
            Self::Valid => Tone::Good,
            Self::Received => Tone::Info,
            Self::NotYet | Self::Expired | Self::Elsewhere => Tone::Warn,
            Self::Cancelled | Self::NotFound => Tone::Bad,
        }
    }
}

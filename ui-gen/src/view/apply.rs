//! An application on its way in: questions, check, acknowledgement; and a citizen's later acts.

use serde::Serialize;

use super::common::{ErrorLink, Paper, Row, Section};
use super::field::FieldView;
use super::money::Bill;

/// `/{tenant}/cases/{case}/form/{page}`: one page of questions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Question {
    /// The service.
    pub service: String,
    /// Where the form posts: this page's own address.
    pub action: String,
    /// The page's title. With a single question, the question is the heading and this stands above.
    pub title: String,
    /// Number of this page; 0 for none shown.
    pub step: u32,
    /// Number of pages.
    pub steps: u32,
    /// Words before the questions, a paragraph each.
    pub intro: Vec<String>,
    /// The questions.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no question.
    pub errors: Vec<ErrorLink>,
    /// What the officer asked for when sending the case back; empty for none.
    pub remark: String,
    /// Whether *save and come back later* is offered.
    pub can_leave: bool,
    /// Whether the questions come from an act of the desk rather than the applicant.
    pub desk: bool,
}

/// `/{tenant}/cases/{case}/check`: everything once more, then send.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Check {
    /// The service.
    pub service: String,
    /// Where the form posts.
    pub action: String,
    /// The answers, by page of the form, each with its change link.
    pub sections: Vec<Section>,
    /// What it will cost, where that is known.
    pub bill: Option<Bill>,
    /// When it must be paid, in words; empty for none.
    pub bill_note: String,
    /// What the applicant declares, a sentence each; a box to tick stands under them.
    pub declaration: Vec<String>,
    /// The name of the act: *Send your application*.
    pub submit: String,
    /// What is missing or wrong, each leading to the page that asks it.
    pub errors: Vec<ErrorLink>,
    /// Whether the declaration was left unticked.
    pub unticked: bool,
}

/// `/{tenant}/cases/{case}/done`: it has been received.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Acknowledgement {
    /// The service.
    pub service: String,
    /// What was done: *Application received*.
    pub title: String,
    /// Number of the case.
    pub number: String,
    /// QR of the verifying address as SVG source (written as it is); empty for none.
    pub qr_svg: String,
    /// The page that anyone can verify it on.
    pub verify: String,
    /// Day by which it will be decided; empty for none.
    pub due: String,
    /// What happens next, a step each.
    pub next: Vec<String>,
    /// The message that was sent, in words; empty for none.
    pub sent: String,
    /// Acknowledgement as a paper.
    pub papers: Vec<Paper>,
    /// Designated officer and appeals, by post.
    pub officers: Vec<Row>,
    /// The case's own page.
    pub case: String,
}

/// `/{tenant}/cases/{case}/act/{action}`: a citizen comments, rates, reopens, withdraws.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ActionForm {
    /// The service.
    pub service: String,
    /// Number of the case.
    pub number: String,
    /// Where the form posts.
    pub action: String,
    /// The act, as a heading.
    pub title: String,
    /// What it leads to, a paragraph each.
    pub text: Vec<String>,
    /// What is asked with it.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no question.
    pub errors: Vec<ErrorLink>,
    /// The name of the button.
    pub submit: String,
    /// Whether it ends or undoes something.
    pub danger: bool,
    /// The case's own page, to go back without acting.
    pub case: String,
}

//! An application on its way in: questions, check, acknowledgement; and a citizen's later acts.

use serde::Serialize;

use super::common::{ErrorLink, Paper, Row, Section};
use super::field::FieldView;
use super::money::Bill;

/// `/{tenant}/cases/{case}/form/{page}`: one page of questions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Question {
    /// Names of questions on whose answers others depend, a space between them; empty for none.
    pub asks: String,
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
    /// The name of the act, where the page is not one of several; empty for *Continue*.
    pub submit: String,
    /// Whether *save and come back later* is offered.
    pub can_leave: bool,
    /// Whether the questions come from an act of the desk rather than the applicant.
    pub desk: bool,
    /// What the applicant declared, where an officer answers.
    pub declared: Vec<Section>,
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
    /// That the matter may be known already; empty for nothing.
    pub known: String,
    /// Where it is offered to the person for whom it was written; empty where it was written for oneself.
    pub owner: String,
    /// What the applicant declares, a sentence each; a box to tick stands under them.
    pub declaration: Vec<String>,
    /// What sending says of the answers, where the form has no declaration of its own; empty for nothing.
    pub promise: String,
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
    /// The message that was sent or is being sent, in words; empty for none.
    pub sent: String,
    /// Whether some of the papers are still being made.
    pub soon: bool,
    /// Acknowledgement as a paper, and what else was issued or is being made.
    pub papers: Vec<Paper>,
    /// Designated officer and appeals, by post.
    pub officers: Vec<Row>,
    /// The case's own page.
    pub case: String,
    /// Where the reader can say how the service was.
    pub feedback: String,
}

/// `/{tenant}/cases/{case}/act/{action}`: a citizen comments, rates, reopens, withdraws.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ActionForm {
    /// Names of questions on whose answers others depend, a space between them; empty for none.
    pub asks: String,
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

/// `/{tenant}/cases/{case}/tasks`: the pages of a long form, in any order.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tasks {
    /// The service.
    pub service: String,
    /// How many are done.
    pub done: String,
    /// How many there are.
    pub of: String,
    /// The pages.
    pub tasks: Vec<Task>,
    /// Where everything is checked and sent, once all are done; empty before.
    pub check: String,
}

/// One page of a long form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Task {
    /// Its title.
    pub title: String,
    /// Where it is answered; empty while it cannot be.
    pub href: String,
    /// How it stands.
    pub state: TaskState,
}

/// How a page of a long form stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Answered.
    Completed,
    /// To be answered.
    #[default]
    Incomplete,
    /// It depends on answers that are not there yet.
    Blocked,
}

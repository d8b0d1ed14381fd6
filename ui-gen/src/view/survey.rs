//! Surveys: which there are, and what came of one. What is asked is drawn as a question page.

use serde::Serialize;

use super::common::Row;

/// `/{tenant}/surveys`, and the same at the desk.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Surveys {
    /// What stands above.
    pub lead: String,
    /// The surveys, by how they stand.
    pub groups: Vec<SurveyGroup>,
}

/// Surveys that stand alike.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SurveyGroup {
    /// How they stand.
    pub title: String,
    /// The surveys.
    pub surveys: Vec<SurveyLink>,
}

/// A survey in the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SurveyLink {
    /// Where it is answered or read; empty where neither can be done.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub text: String,
    /// Until when, and for whom.
    pub note: String,
    /// What came of it so far; empty where that is not shown beside the first link.
    pub results: String,
}

/// `/{tenant}/surveys/{survey}/results`, and the same at the desk.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SurveyResults {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// When it can be answered, and how many have.
    pub rows: Vec<Row>,
    /// What is not shown, and why.
    pub note: String,
    /// The questions.
    pub questions: Vec<SurveyCount>,
    /// The same in each place; none where it is shown only together.
    pub places: Vec<SurveyPlace>,
    /// The same as a file; empty for none.
    pub csv: String,
}

/// What came of a survey in a place.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SurveyPlace {
    /// The place.
    pub label: String,
    /// How many named it.
    pub answered: String,
    /// The questions of which something is shown there.
    pub questions: Vec<SurveyCount>,
}

/// What came of a question.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SurveyCount {
    /// The question.
    pub label: String,
    /// How many answered it; empty where nothing may be shown.
    pub answered: String,
    /// How many gave each answer.
    pub cells: Vec<SurveyCell>,
    /// The mean and the middle.
    pub rows: Vec<Row>,
    /// What was said in words, for the desk.
    pub texts: Vec<String>,
}

/// How many gave an answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SurveyCell {
    /// The answer.
    pub label: String,
    /// How many; empty where it is not shown.
    pub count: String,
    /// Their share: `53%`.
    pub share: String,
}

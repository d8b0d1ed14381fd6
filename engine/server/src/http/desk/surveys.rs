//! `/{tenant}/desk/surveys`: what people said in surveys, for whoever holds the post that reads it. Whose answers they
//! are is known here no more than elsewhere.

use engine::survey::Survey;
use engine::tenant::Tenant;
use ui_gen::Page;
use ui_gen::view::survey::{SurveyLink, Surveys};

use super::csv::Csv;
use crate::auth::Employee;
use crate::http::ask::{Answer, Ask};
use crate::http::surveyed;
use crate::library::Loaded;
use crate::problem::Problem;

/// Whether somebody reads a survey at the desk: with its post for the whole town, or as an auditor.
fn reads(employee: &Employee, survey: &Survey) -> bool {
    employee.audits() || employee.roles(&survey.service, &[]).contains(&survey.role)
}

/// Whether there is a survey that somebody reads.
pub(super) fn reads_any(library: &Loaded, tenant: &Tenant, employee: &Employee) -> bool {
    library.catalogue.surveys(&tenant.id).iter().any(|survey| reads(employee, survey))
}

/// The survey in the address, if whoever asks may read it.
fn wanted(ask: &Ask) -> Result<&Survey, Problem> {
    let survey = surveyed::wanted(ask)?;
    if reads(ask.employee()?, survey) { Ok(survey) } else { Err(Problem::Forbidden) }
}

/// `GET /{tenant}/desk/surveys`
pub(crate) async fn list(ask: &Ask) -> Answer {
    let employee = ask.employee()?;
    let groups = surveyed::groups(ask, |survey| reads(employee, survey), |survey, _| link(ask, survey));
    let view = Surveys { lead: ask.words().get("survey.desk"), groups };
    ask.page(Page::Surveys(view)).back(ask.at("/desk")).answer()
}

fn link(ask: &Ask, survey: &Survey) -> SurveyLink {
    SurveyLink {
        href: here(ask, survey),
        title: survey.title.in_language(&ask.lang).to_owned(),
        text: survey.about.in_language(&ask.lang).to_owned(),
        note: surveyed::days(ask, survey),
        results: String::new(),
    }
}

fn here(ask: &Ask, survey: &Survey) -> String {
    ask.at(&format!("/desk/surveys/{}", survey.name))
}

/// `GET /{tenant}/desk/surveys/{survey}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let survey = wanted(ask)?;
    let mut view = surveyed::results(ask, survey, true).await?;
    view.csv = format!("{}/results.csv", here(ask, survey));
    ask.page(Page::SurveyResults(view)).back(ask.at("/desk/surveys")).answer()
}

/// `GET /{tenant}/desk/surveys/{survey}/results.csv`: the numbers. What was said in words stays on the page.
pub(crate) async fn file(ask: &Ask) -> Answer {
    let survey = wanted(ask)?;
    let view = surveyed::results(ask, survey, true).await?;
    let mut file = Csv::new();
    let heads = ["survey.question", "survey.answer", "survey.people", "survey.share", "survey.place"];
    let heads = heads.map(|key| ask.words().get(key));
    file.row(heads.iter().map(String::as_str));
    let hidden = ask.words().get("survey.hidden");
    // What was counted by place follows what was counted together.
    let together = view.questions.iter().map(|question| ("", question));
    let by_place = view.places.iter().flat_map(|place| place.questions.iter().map(move |one| (&*place.label, one)));
    for (place, question) in together.chain(by_place) {
        for cell in &question.cells {
            let count = if cell.count.is_empty() { &hidden } else { &cell.count };
            file.row([&*question.label, &cell.label, count, &cell.share, place]);
        }
        for row in &question.rows {
            file.row([&*question.label, &row.key, &row.lines.join(" "), "", place]);
        }
    }
    file.sent(&format!("survey-{}.csv", survey.name))
}

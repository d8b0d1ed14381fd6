//! What came of a survey, in words: for anybody, and for those at the desk who read what people said.

use engine::form::{Field, Kind, Options};
use engine::survey::{Cell, Counted, InPlace, Shown, Stand, Survey, Tally, by_place, tally};
use engine::template::format;
use ui_gen::view::common::Row;
use ui_gen::view::survey::{SurveyCell, SurveyCount, SurveyGroup, SurveyLink, SurveyPlace, SurveyResults};

use super::ask::Ask;
use super::{dispatch, limits};
use crate::problem::Problem;
use crate::store::surveys;

/// The survey in the address.
pub fn wanted(ask: &Ask) -> Result<&Survey, Problem> {
    let name = dispatch::name(ask.param("survey"))?;
    let all = ask.library.catalogue.surveys(&ask.tenant().id);
    all.iter().find(|survey| survey.name == name).map(AsRef::as_ref).ok_or(Problem::NotFound)
}

/// The surveys of the town that are `shown`, by how they stand today; each as `link` shows it.
pub fn groups(
    ask: &Ask,
    shown: impl Fn(&Survey) -> bool,
    link: impl Fn(&Survey, Stand) -> SurveyLink,
) -> Vec<SurveyGroup> {
    let today = ask.now().day();
    let all = ask.library.catalogue.surveys(&ask.tenant().id);
    let group = |(stand, key): (Stand, &str)| {
        let own = all.iter().filter(|survey| survey.stand(today) == stand && shown(survey));
        SurveyGroup { title: ask.words().get(key), surveys: own.map(|survey| link(survey, stand)).collect() }
    };
    let stands = [(Stand::Open, "survey.open"), (Stand::Coming, "survey.coming"), (Stand::Over, "survey.over")];
    stands.into_iter().map(group).filter(|group| !group.surveys.is_empty()).collect()
}

/// The days on which a survey can be answered.
pub fn days(ask: &Ask, survey: &Survey) -> String {
    let (from, until) = (format::day(survey.from), format::day(survey.until));
    ask.words().say("survey.between", &[("from", &from), ("until", &until)])
}

/// What came of a survey. What was said in words is for the `office` alone.
pub async fn results(ask: &Ask, survey: &Survey, office: bool) -> Result<SurveyResults, Problem> {
    // An answer that was given on the last day waits no longer than until somebody looks.
    crate::surveys::end(&ask.app, ask.tenant(), survey).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let answers = surveys::answers(&mut tx, &survey.name).await?;
    drop(tx);
    let tally = tally(survey, &ask.tenant().places, &answers);
    // Whoever looks before and after an answer would see in which place it was given.
    let is_over = survey.stand(ask.now().day()) == Stand::Over;
    let places = if is_over { by_place(survey, &tally, &answers) } else { Vec::new() };
    let places = places.iter().map(|place| in_place(ask, place)).collect();
    Ok(SurveyResults { places, ..view(ask, survey, &tally, office) })
}

fn in_place(ask: &Ask, place: &InPlace<'_>) -> SurveyPlace {
    SurveyPlace {
        label: label(ask, place.asked, &place.code),
        answered: ask.words().say("survey.answered_by", &[("n", &count(ask, place.people))]),
        questions: place.questions.iter().map(|counted| question(ask, counted)).collect(),
    }
}

fn view(ask: &Ask, survey: &Survey, tally: &Tally<'_>, office: bool) -> SurveyResults {
    let (say, least) = (ask.words(), count(ask, survey.least));
    let people = tally.people.map_or_else(|| say.say("survey.fewer", &[("n", &least)]), |people| count(ask, people));
    let shown = tally.questions.iter().filter(|counted| office || !matches!(counted.field.kind, Kind::Text { .. }));
    SurveyResults {
        title: survey.title.in_language(&ask.lang).to_owned(),
        about: survey.about.in_language(&ask.lang).to_owned(),
        rows: vec![Row::new(say.get("survey.days"), days(ask, survey)), Row::new(say.get("survey.given"), people)],
        note: say.say("survey.small", &[("n", &least)]),
        questions: shown.map(|counted| question(ask, counted)).collect(),
        places: Vec::new(),
        csv: String::new(),
    }
}

fn question(ask: &Ask, counted: &Counted<'_>) -> SurveyCount {
    let answered = counted.answered.map(|answered| count(ask, answered));
    let indian = ask.tenant().currency.indian_grouping;
    let grouped = !matches!(counted.field.kind, Kind::Number { grouped: false, .. });
    let number = |value| if grouped { format::number(value, indian) } else { value.to_string() };
    let row = |key: &str, number: String| Row::new(ask.words().get(key), number);
    let mean = counted.mean.map(|mean| row("survey.mean", number(mean)));
    let median = counted.median.map(|median| row("survey.median", number(median)));
    SurveyCount {
        label: counted.field.label.in_language(&ask.lang).to_owned(),
        answered: answered.map(|n| ask.words().say("survey.answered_by", &[("n", &n)])).unwrap_or_default(),
        cells: counted.cells.iter().map(|cell| self::cell(ask, counted.field, cell)).collect(),
        rows: mean.into_iter().chain(median).collect(),
        texts: counted.texts.iter().take(limits::SURVEY_TEXTS).cloned().collect(),
    }
}

fn cell(ask: &Ask, field: &Field, cell: &Cell) -> SurveyCell {
    let label = label(ask, field, &cell.code);
    match cell.shown {
        Shown::People(people, share) => SurveyCell { label, count: count(ask, people), share: format!("{share}%") },
        Shown::Hidden => SurveyCell { label, ..SurveyCell::default() },
    }
}

/// An answer in words.
fn label(ask: &Ask, field: &Field, code: &str) -> String {
    let words = |text: Option<&engine::base::Text>| {
        text.map_or_else(|| code.to_owned(), |text| text.in_language(&ask.lang).to_owned())
    };
    match &field.kind {
        Kind::YesNo => ask.words().get(&format!("field.{code}")),
        Kind::Rating => format!("{code} – {}", ask.words().get(&format!("rating.{code}"))),
        Kind::Choice { options } | Kind::Choices { options, .. } => words(Options::label(options, code)),
        Kind::Place { .. } => words(ask.tenant().places.get(code).map(|place| &place.label)),
        _ => code.to_owned(),
    }
}

fn count(ask: &Ask, number: i64) -> String {
    format::number(number.into(), ask.tenant().currency.indian_grouping)
}

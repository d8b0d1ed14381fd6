//! From a survey as it is written to one that keeps its promise.

use std::sync::Arc;

use super::Survey;
use super::checks::{
    survey_by_place, survey_days, survey_fine_place, survey_kind, survey_least, survey_long, survey_personal,
};
use super::yaml::{ShownTo, SurveyYaml, Who};
use crate::base::{Name, limits};
use crate::form::{self, Field, Fieldsets, Form, Kind, Known};
use crate::list::checks::{missing_translation, unknown_level};
use crate::source::checks::wrong_name;
use crate::source::{At, Bundle, Diagnostics, Severity, Shape, Where, Words, read};
use crate::tenant::Tenant;
use crate::tenant::checks::unknown_format;

/// The language in which questions are written where the file names none.
const LANGUAGE: &str = "en";

/// Reads the survey in the file `path`, as it is asked in a town. What is wrong goes to `out`.
pub fn compile(bundle: &Bundle, path: &Arc<str>, tenant: &Tenant, out: &mut Diagnostics) -> Option<Survey> {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml");
    if !Name::is_valid(name) {
        out.push(wrong_name::diagnostic(name, &Where::file(path)));
        return None;
    }
    let node = read::yaml(bundle, path, out)?;
    let yaml = SurveyYaml::read(&node, out)?;
    if yaml.format.value != unknown_format::KNOWN {
        out.push(unknown_format::diagnostic(&yaml.format));
        return None;
    }
    let before = out.0.len();
    let written_in = yaml.language.as_ref().map_or(LANGUAGE, |language| language.value.as_str()).to_owned();
    words("title", &yaml.title, (tenant, &written_in), out);
    words("about", &yaml.about, (tenant, &written_in), out);
    if yaml.until.value < yaml.from.value {
        out.push(survey_days::diagnostic(&yaml.from, &yaml.until));
    }
    let least = yaml.least.as_ref().map_or(limits::SURVEY_LEAST, |least| least.value);
    if let Some(written) = yaml.least.as_ref().filter(|least| least.value < limits::SURVEY_LEAST) {
        out.push(survey_least::diagnostic(written));
    }
    let form = questions(&yaml, tenant, out);
    let broken = out.0[before..].iter().any(|found| found.severity == Severity::Error);
    Some(Survey {
        name: Name::new(name),
        title: yaml.title.in_every_language(),
        about: yaml.about.in_every_language(),
        from: yaml.from.value,
        until: yaml.until.value,
        who: yaml.who.map_or(Who::OneEach, |who| who.value),
        results: yaml.results.map_or(ShownTo::After, |results| results.value),
        least,
        by_place: yaml.by_place.map(|by| by.value),
        service: yaml.run_by.service,
        role: yaml.run_by.role,
        form: form.filter(|_| !broken)?,
    })
}

/// Says in which languages of the town words are missing.
fn words(key: &str, words: &Words, (tenant, written_in): (&Tenant, &str), out: &mut Diagnostics) {
    for language in words.missing(&tenant.languages, written_in) {
        out.push(missing_translation::diagnostic(&format!("`{key}`"), language, &words.at));
    }
}

/// The questions, with their translations. Lists and fieldsets belong to services; a survey writes its options in place.
fn questions(yaml: &SurveyYaml, tenant: &Tenant, out: &mut Diagnostics) -> Option<Form> {
    let fieldsets = Fieldsets::default();
    let known = Known { lists: &[], levels: &tenant.levels, registers: &[], fieldsets: Some(&fieldsets) };
    let mut form = yaml.questions.form(&yaml.title.in_every_language(), &yaml.at, &known, out)?;
    if let Some(translations) = &yaml.translations {
        form::translate_questions(&mut form, translations, out);
    }
    let written_in = yaml.language.as_ref().map_or(LANGUAGE, |language| language.value.as_str());
    for language in tenant.languages.iter().filter(|language| *language != written_in) {
        form::missing_in_questions(&form, language, &yaml.at, out);
    }
    if form.fields().count() > limits::SURVEY_QUESTIONS
        && let Some(first) = form.fields().nth(limits::SURVEY_QUESTIONS)
    {
        out.push(survey_long::diagnostic(&first.at));
    }
    let finest = finest(yaml.places.as_ref(), tenant, out);
    for field in form.fields() {
        question(field, finest, tenant, out);
    }
    if let Some(named) = &yaml.by_place {
        let places = form.fields().filter(|field| matches!(field.kind, Kind::Place { .. }));
        let places: Vec<&str> = places.map(|field| field.name.as_str()).collect();
        if !places.contains(&named.value.as_str()) {
            out.push(survey_by_place::diagnostic(named, &places));
        }
    }
    Some(form)
}

/// How fine the places may be that are asked, counted from the whole to the part; none if no place may be.
fn finest(level: Option<&At<Name>>, tenant: &Tenant, out: &mut Diagnostics) -> Option<usize> {
    let level = level?;
    let at = position(tenant, level);
    if at.is_none() {
        out.push(unknown_level::diagnostic(level, tenant.levels.iter().map(|(name, _)| name.as_str()), &level.at));
    }
    at
}

fn position(tenant: &Tenant, level: &str) -> Option<usize> {
    tenant.levels.iter().position(|(name, _)| name == level)
}

/// Whether a survey may ask this.
fn question(field: &Field, finest: Option<usize>, tenant: &Tenant, out: &mut Diagnostics) {
    let leads_to_somebody = matches!(
        field.kind,
        Kind::Phone | Kind::Email | Kind::Record { .. } | Kind::Point | Kind::File { .. } | Kind::Photo { .. }
    );
    match &field.kind {
        _ if leads_to_somebody || field.personal => out.push(survey_personal::diagnostic(field)),
        Kind::Place { level } => {
            let fits = position(tenant, level).zip(finest).is_some_and(|(asked, finest)| asked <= finest);
            if !fits {
                out.push(survey_fine_place::diagnostic(field, level));
            }
        }
        Kind::Text { .. }
        | Kind::Number { .. }
        | Kind::Decimal { .. }
        | Kind::YesNo
        | Kind::Choice { .. }
        | Kind::Choices { .. }
        | Kind::Rating => {}
        _ => out.push(survey_kind::diagnostic(field)),
    }
}

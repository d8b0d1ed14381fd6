//! Answers of an invented history: what its samples say, what fits what was answered before, and what
//! is made up.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::answers::{made_up_fields, right_counts};
use super::history::{History, pick};
use super::walk::Chance;
use crate::base::Day;
use crate::base::date::add_days;
use crate::form::{Field, Kind, Page, day_limit};
use crate::list::List;
use crate::tenant::Tenant;

/// Who answers, when and where.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The day.
    pub today: Day,
    /// The town.
    pub tenant: &'a Tenant,
    /// The lists of the service.
    pub lists: &'a [Arc<List>],
    /// What was answered before.
    pub given: &'a Map<String, Json>,
    /// The name of whoever applies.
    pub applicant: &'a str,
    /// Their mobile number.
    pub mobile: &'a str,
}

/// One answer in the making: where it stands, and what was answered around it, the nearest first.
struct Spot<'a> {
    paths: Vec<String>,
    around: Vec<&'a Map<String, Json>>,
    by_office: bool,
}

impl History {
    /// Answers to a page.
    pub fn answers(&self, page: &Page, scene: Scene<'_>, chance: &mut dyn Chance) -> Json {
        let Scene { today, tenant, given, .. } = scene;
        let places = &tenant.places;
        let by_office = page.by.is_some();
        let top = Spot { paths: vec![String::new()], around: vec![given], by_office };
        let mut answers = made_up_fields(&page.fields, today, places, chance);
        self.sample_fields(&top, &page.fields, &mut answers, scene, chance);
        let lists = page.fields.iter().filter(|field| field.one_when.is_some() || field.several_when.is_some());
        let paths: Vec<_> = lists.flat_map(|list| [format!("{}.more", list.name), list.name.to_string()]).collect();
        right_counts(page, &mut answers, today, &mut |fields| {
            let mut item = made_up_fields(fields, today, places, chance);
            let spot = Spot { paths: paths.clone(), around: vec![given], by_office };
            self.sample_fields(&spot, fields, &mut item, scene, chance);
            item
        });
        answers
    }

    /// Whether answers to this question fit another.
    pub fn fits(&self, name: &str) -> bool {
        self.fitting.contains_key(name)
    }

    /// Puts samples in the place of what was made up for these fields, one after the other.
    fn sample_fields(
        &self,
        spot: &Spot<'_>,
        fields: &[Field],
        answers: &mut Json,
        scene: Scene<'_>,
        chance: &mut dyn Chance,
    ) {
        let Json::Object(map) = answers else { return };
        for field in fields {
            let Some(mut answer) = map.remove(field.name.as_str()) else { continue };
            let path = |prefix: &String| match prefix.as_str() {
                "" => field.name.to_string(),
                prefix => format!("{prefix}.{}", field.name),
            };
            let around = std::iter::once(&*map).chain(spot.around.iter().copied()).collect();
            let inner = Spot { paths: spot.paths.iter().map(path).collect(), around, by_office: spot.by_office };
            if self.sample(&inner, field, &mut answer, scene, chance) {
                map.insert(field.name.to_string(), answer);
            }
        }
    }

    /// One answer; `false` if it had better not be given.
    fn sample(
        &self,
        spot: &Spot<'_>,
        field: &Field,
        answer: &mut Json,
        scene: Scene<'_>,
        chance: &mut dyn Chance,
    ) -> bool {
        let sample = self
            .fitting(spot, scene)
            .and_then(|many| pick(many, chance))
            .map(str::to_owned)
            .map(|text| self.filled_in(&text, &spot.around, scene, chance));
        match (&field.kind, sample) {
            (Kind::Group { fields }, _) => self.sample_fields(spot, fields, answer, scene, chance),
            (Kind::List { fields, .. }, count) => {
                let Json::Array(items) = answer else { return true };
                if let Some(count) = count.and_then(|text| text.parse::<usize>().ok()) {
                    items.truncate(count);
                    while items.len() < count {
                        items.push(made_up_fields(fields, scene.today, &scene.tenant.places, chance));
                    }
                }
                for (index, item) in items.iter_mut().enumerate() {
                    let more = spot.paths.iter().filter(|_| index > 0).map(|path| format!("{path}.more"));
                    let inner = Spot {
                        paths: more.chain(spot.paths.iter().cloned()).collect(),
                        around: spot.around.clone(),
                        by_office: spot.by_office,
                    };
                    self.sample_fields(&inner, fields, item, scene, chance);
                }
            }
            (Kind::Number { .. } | Kind::Rating, Some(text)) => {
                if let Some(number) = reckoned(&text, 0).and_then(|text| text.parse::<i64>().ok()) {
                    *answer = json!(number);
                }
            }
            (Kind::Decimal { places, .. }, Some(text)) => {
                if let Some(number) = reckoned(&text, *places) {
                    *answer = json!(number);
                }
            }
            (Kind::YesNo, Some(text)) => *answer = json!(text == "yes"),
            (Kind::Choices { .. }, Some(text)) => *answer = json!(text.split_whitespace().collect::<Vec<_>>()),
            (Kind::Date { .. }, Some(text)) => {
                if let Some(limit) = day_limit(&text) {
                    *answer = json!(on_duty(limit.day(scene.today), spot.by_office, scene.tenant).to_string());
                }
            }
            (_, Some(text)) => *answer = json!(text),
            // Nobody has a number that was made up: those that begin so are nobody's.
            (Kind::Phone, None) => *answer = json!(format!("90000{:05}", chance.below(100_000))),
            // Nobody draws for an invented history, and a program would look for what was drawn.
            (Kind::File { kinds, .. }, None) if field.optional && *kinds == ["dxf"] => return false,
            (Kind::File { .. } | Kind::Photo { .. }, None) => {}
            (_, None) if field.optional => return false,
            (Kind::Text { .. }, None) if answer.as_str().is_some_and(|text| text.starts_with("aaa")) => {
                *answer = json!("—");
            }
            _ => {}
        }
        true
    }

    /// The samples of a question: those that fit what was answered to another, or those for all.
    fn fitting(&self, spot: &Spot<'_>, scene: Scene<'_>) -> Option<&Vec<String>> {
        spot.paths.iter().find_map(|path| {
            let fitting = self.fitting.get(path).and_then(|fitting| {
                let town = (fitting.by == "town").then(|| scene.tenant.id.clone());
                let other = town.or_else(|| said(&fitting.by, &spot.around))?;
                let above = scene.lists.iter().flat_map(|list| list.ancestry(&other)).map(|entry| entry.code.as_str());
                let words = [other.as_str()].into_iter().chain(above).chain(other.split_whitespace().next());
                words.into_iter().find_map(|word| fitting.answers.get(word))
            });
            fitting.or_else(|| self.samples.get(path))
        })
    }

    /// A sample with what belongs into its braces.
    fn filled_in(
        &self,
        text: &str,
        around: &[&Map<String, Json>],
        scene: Scene<'_>,
        chance: &mut dyn Chance,
    ) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, word, after)) = rest
            .split_once('{')
            .and_then(|(before, rest)| rest.split_once('}').map(|(word, after)| (before, word, after)))
        {
            filled.push_str(before);
            match word {
                "applicant" => filled.push_str(scene.applicant),
                "mobile" => filled.push_str(scene.mobile),
                "town" => filled.push_str(scene.tenant.short.in_language("en")),
                word => match self.parts.get(word).and_then(|many| pick(many, chance)) {
                    Some(part) => filled.push_str(part),
                    None => filled.push_str(&word_of(word, around)),
                },
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// What another question was answered with; `.last` asks for the last word of it.
fn word_of(path: &str, around: &[&Map<String, Json>]) -> String {
    match path.strip_suffix(".last") {
        Some(path) => {
            said(path, around).and_then(|text| text.split_whitespace().last().map(str::to_owned)).unwrap_or_default()
        }
        None => said(path, around).unwrap_or_default(),
    }
}

/// The answer at `path` as text, from the nearest that has it; of a list, the first item's.
fn said(path: &str, around: &[&Map<String, Json>]) -> Option<String> {
    around.iter().find_map(|map| {
        let mut parts = path.split('.');
        let mut found = map.get(parts.next()?)?;
        for part in parts {
            found = found.get(0).unwrap_or(found).get(part)?;
        }
        match found {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(said) => Some(if *said { "yes" } else { "no" }.to_owned()),
            _ => None,
        }
    })
}

/// A number, or one and so many per cent more or less: `40 + 5 %`.
fn reckoned(text: &str, places: u32) -> Option<String> {
    let mut words = text.split_whitespace();
    let number: Decimal = words.next()?.parse().ok()?;
    let part = match (words.next(), words.next(), words.next()) {
        (None, ..) => Decimal::ZERO,
        (Some(sign @ ("+" | "-")), Some(percent), Some("%")) => {
            let part: Decimal = number * percent.parse::<Decimal>().ok()? / Decimal::ONE_HUNDRED;
            if sign == "+" { part } else { -part }
        }
        _ => return None,
    };
    Some((number + part).round_dp(places).normalize().to_string())
}

/// The day itself, or for the office the working day before it.
fn on_duty(day: Day, by_office: bool, tenant: &Tenant) -> Day {
    let days = (0..30).map(|back| add_days(day, -back));
    let mut fitting = days.filter(|day| !by_office || tenant.calendar.is_working_day(*day));
    fitting.next().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_be_another_and_some_per_cent() {
        assert_eq!(reckoned("40", 2).as_deref(), Some("40"));
        assert_eq!(reckoned("24.75 + 4 %", 2).as_deref(), Some("25.74"));
        assert_eq!(reckoned("40 - 5 %", 0).as_deref(), Some("38"));
        assert_eq!(reckoned("some", 2), None);
    }

    #[test]
    fn what_was_answered_nearest_is_taken() {
        let inner = json!({ "name": "Asha Rawat" });
        let outer = json!({ "name": "Mohan Negi", "units": [{ "part": { "area": "12" } }] });
        let around: Vec<_> = [&inner, &outer].into_iter().filter_map(Json::as_object).collect();
        assert_eq!(word_of("name.last", &around), "Rawat");
        assert_eq!(word_of("units.part.area", &around), "12");
        assert_eq!(word_of("nothing", &around), "");
    }
}

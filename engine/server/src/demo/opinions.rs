//! What people of an invented history say in the surveys that are open at its end. Texts are left out: nobody invents
//! an opinion.

use std::sync::Arc;

use anyhow::Result;
use engine::base::Answers;
use engine::form::{self, Ctx, Field, Kind, Options};
use engine::list::Entry;
use engine::scenario::walk::{Chance as _, Seeded};
use engine::survey::{Stand, Survey};
use engine::tenant::Tenant;
use serde_json::{Map, Value as Json};

use crate::app::App;
use crate::surveys;

/// How many answer in each town; the last of them wait for others.
const PEOPLE: u64 = 37;
/// Of so many, one leaves a question unanswered that may be left.
const SKIPS: u64 = 4;
/// Places that people say they live in: of few answers in many places nothing could be shown.
const PLACES: usize = 4;

/// Answers every survey of a town that is open now.
pub(super) async fn give(app: &App, tenant: &Arc<Tenant>, seed: u64) -> Result<()> {
    let (library, today) = (app.library.now(), app.clock.now(tenant).day());
    let mut chance = Seeded(seed ^ u64::from_le_bytes(*b"opinions"));
    for survey in library.catalogue.surveys(&tenant.id).iter().filter(|survey| survey.stand(today) == Stand::Open) {
        for person in 0..PEOPLE {
            let nothing = Answers::default();
            let ctx = Ctx { today, lists: &[], places: &tenant.places, known: &nothing, named: None, identity: &[] };
            let said = said(survey, tenant, &mut chance);
            // A survey whose questions are answered otherwise stays empty.
            let Ok(answers) = form::accept_form(&survey.form, None, &said, &ctx) else { break };
            surveys::give(app, tenant, survey, &format!("invented {person}"), &answers).await?;
        }
    }
    Ok(())
}

fn said(survey: &Survey, tenant: &Tenant, chance: &mut Seeded) -> Json {
    let mut said = Map::new();
    for field in survey.form.fields() {
        let skips = chance.below(SKIPS) == 0;
        let answer = answer(field, tenant, chance).filter(|_| !(field.optional && skips));
        said.extend(answer.map(|answer| (field.name.to_string(), answer)));
    }
    Json::Object(said)
}

fn answer(field: &Field, tenant: &Tenant, chance: &mut Seeded) -> Option<Json> {
    Some(match &field.kind {
        Kind::YesNo => Json::from(chance.below(3) > 0),
        Kind::Rating => Json::from(chance.between(2, 5)),
        Kind::Number { min, max, .. } => {
            let least = min.unwrap_or(0);
            Json::from(chance.between(least, max.unwrap_or(least.saturating_add(10))))
        }
        Kind::Choice { options: Options::Here(options) } => Json::from(one_of(options, chance)?.0.as_str()),
        Kind::Choices { options: Options::Here(options), .. } => {
            Json::Array(vec![Json::from(one_of(options, chance)?.0.as_str())])
        }
        Kind::Place { level } => {
            let places: Vec<&Entry> = tenant
                .places
                .entries
                .iter()
                .filter(|place| place.level() == Some(level.as_str()))
                .take(PLACES)
                .collect();
            Json::from(one_of(&places, chance)?.code.as_str())
        }
        _ => return None,
    })
}

fn one_of<'a, T>(all: &'a [T], chance: &mut Seeded) -> Option<&'a T> {
    let at = chance.below(u64::try_from(all.len()).ok()?);
    all.get(usize::try_from(at).ok()?)
}

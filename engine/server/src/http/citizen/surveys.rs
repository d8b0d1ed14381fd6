//! Surveys: what the town asks everybody. Nothing that is typed here is kept before it is sent, not even where a
//! session has ended meanwhile: it would be kept with a person.

use engine::base::Answers;
use engine::form::{self, Ctx, FieldError, Page as Asked};
use engine::survey::{ShownTo, Stand, Survey, Who};
use engine::template::format;
use ui_gen::Page;
use ui_gen::from_engine::typed::{self, Typed};
use ui_gen::view::apply::Question;
use ui_gen::view::common::Tone;
use ui_gen::view::survey::{SurveyLink, Surveys};

use super::unkept::Sheet;
use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::{limits, surveyed};
use crate::problem::Problem;
use crate::store::surveys::{self, Given};

/// `GET /{tenant}/surveys`, also with what came of sending answers.
pub async fn list(ask: &Ask) -> Answer {
    let town = ask.tenant().title.in_language(&ask.lang);
    let groups = surveyed::groups(ask, |_| true, |survey, stand| link(ask, survey, stand));
    let view = Surveys { lead: ask.words().say("survey.lead", &[("town", town)]), groups };
    let shown = ask.page(Page::Surveys(view)).back(ask.at(""));
    match ask.query("done")? {
        "thanks" => shown.notice(Tone::Good, ask.words().get("survey.thanks")).answer(),
        "before" => shown.notice(Tone::Info, ask.words().get("survey.answered")).answer(),
        "closed" => shown.notice(Tone::Info, ask.words().get("survey.closed")).answer(),
        _ => shown.answer(),
    }
}

fn link(ask: &Ask, survey: &Survey, stand: Stand) -> SurveyLink {
    let (here, public) = (ask.at(&format!("/surveys/{}", survey.name)), survey.is_public(ask.now().day()));
    let who = ask.words().get(if survey.who == Who::OneEach { "survey.each" } else { "survey.anybody" });
    let note = match stand {
        Stand::Open => {
            let until = ask.words().say("survey.until", &[("day", &format::day(survey.until))]);
            format!("{until} · {who}")
        }
        Stand::Coming | Stand::Over => surveyed::days(ask, survey),
    };
    SurveyLink {
        href: match stand {
            Stand::Open => here.clone(),
            Stand::Over if public => format!("{here}/results"),
            Stand::Coming | Stand::Over => String::new(),
        },
        title: survey.title.in_language(&ask.lang).to_owned(),
        text: survey.about.in_language(&ask.lang).to_owned(),
        note,
        results: if stand == Stand::Open && public { format!("{here}/results") } else { String::new() },
    }
}

/// The surveys that can be answered today, for the front page.
pub(super) fn open(ask: &Ask) -> Vec<SurveyLink> {
    let today = ask.now().day();
    let all = ask.library.catalogue.surveys(&ask.tenant().id).iter();
    let open = all.filter(|survey| survey.stand(today) == Stand::Open);
    open.map(|survey| link(ask, survey, Stand::Open)).collect()
}

/// What a person who answers once is known by before it is hashed.
fn person(ask: &Ask) -> Result<String, Problem> {
    Ok(format!("person {}", ask.citizen()?.id))
}

/// `GET /{tenant}/surveys/{survey}`
pub async fn show(ask: &Ask) -> Answer {
    let survey = surveyed::wanted(ask)?;
    if survey.stand(ask.now().day()) != Stand::Open {
        return ask.redirect(&ask.at("/surveys?done=closed"));
    }
    if survey.who == Who::OneEach {
        let person = person(ask)?;
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        if surveys::has_answered(&mut tx, &survey.name, &person).await? {
            return ask.redirect(&ask.at("/surveys?done=before"));
        }
    }
    draw(ask, survey, &Typed::new(), &[], 200)
}

/// `POST /{tenant}/surveys/{survey}`
pub async fn take(ask: &Ask) -> Answer {
    let survey = surveyed::wanted(ask)?;
    let page = survey.page().ok_or(Problem::NotFound)?;
    // Whose answers they are matters only to whether they are the first.
    let who = match survey.who {
        Who::OneEach => person(ask)?,
        Who::Open => ask.key()?.unwrap_or_else(|| ask.app.chance.id()),
    };
    let mut typed = Typed::new();
    typed::take(&page.fields, &mut typed, &ask.form().sent)?;
    if ask.only_shows() || !ask.field("_search")?.is_empty() {
        return draw(ask, survey, &typed, &[], 200);
    }
    if survey.stand(ask.now().day()) != Stand::Open {
        return ask.redirect(&ask.at("/surveys?done=closed"));
    }
    let nothing = Answers::default();
    let (today, tenant) = (ask.now().day(), ask.tenant());
    let (places, identity) = (&tenant.places, &*tenant.identity_numbers);
    let ctx = Ctx { today, lists: &[], places, known: &nothing, named: None, identity };
    match form::accept_page(&survey.form, page, &typed::answers(&page.fields, &typed), &ctx) {
        Ok(answers) => give(ask, survey, &who, &answers).await,
        Err(errors) => {
            let errors = sheet(ask, survey, page).fair(errors)?;
            draw(ask, survey, &typed, &errors, if errors.is_empty() { 200 } else { 422 })
        }
    }
}

/// Takes the answers, and says what came of it.
async fn give(ask: &Ask, survey: &Survey, who: &str, answers: &Answers) -> Answer {
    if survey.who == Who::Open {
        let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
        let key = format!("survey:{}", otp::network(ask.remote));
        otp::throttle(&mut tx, &key, ask.app.clock.now_ms(), limits::SURVEYED).await?;
        tx.commit().await?;
    }
    let given = crate::surveys::give(&ask.app, ask.tenant(), survey, who, answers).await?;
    let done = match (given, survey.who) {
        (Given::Taken, _) | (Given::Before, Who::Open) => "thanks",
        (Given::Before, Who::OneEach) => "before",
        (Given::Over, _) => "closed",
    };
    ask.redirect(&ask.at(&format!("/surveys?done={done}")))
}

fn sheet<'a>(ask: &'a Ask, survey: &'a Survey, page: &'a Asked) -> Sheet<'a> {
    Sheet { ask, form: &survey.form, lists: &[], fields: &page.fields, sent: &ask.form().sent, otherwise: false }
}

fn draw(ask: &Ask, survey: &Survey, typed: &Typed, errors: &[FieldError], status: u16) -> Answer {
    let page = survey.page().ok_or(Problem::NotFound)?;
    let (sheet, words) = (sheet(ask, survey, page), ask.words());
    let here = ask.at(&format!("/surveys/{}", survey.name));
    let seen = sheet.seen(typed);
    let mut intro = vec![survey.about.in_language(&ask.lang).to_owned(), words.get("survey.promise")];
    if survey.who == Who::OneEach {
        intro.push(words.get("survey.once"));
    }
    intro.push(words.get("survey.names"));
    let view = Question {
        asks: sheet.decides(),
        service: words.say("survey.caption", &[("day", &format::day(survey.until))]),
        action: if seen.is_empty() { here } else { format!("{here}?seen={seen}") },
        title: survey.title.in_language(&ask.lang).to_owned(),
        intro,
        fields: sheet.views(typed, errors)?,
        submit: words.get("survey.send"),
        ..Question::default()
    };
    ask.page(Page::Question(view)).back(ask.at("/surveys")).status(status).answer()
}

/// `GET /{tenant}/surveys/{survey}/results`
pub async fn results(ask: &Ask) -> Answer {
    let survey = surveyed::wanted(ask)?;
    if survey.results == ShownTo::Office {
        return Err(Problem::NotFound);
    }
    if !survey.is_public(ask.now().day()) {
        return ask.redirect(&ask.at("/surveys"));
    }
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    let key = format!("survey-results:{}", otp::network(ask.remote));
    otp::throttle(&mut tx, &key, ask.app.clock.now_ms(), limits::SURVEY_RESULTS).await?;
    let key = format!("survey-results-in:{}", ask.tenant().id);
    otp::throttle(&mut tx, &key, ask.app.clock.now_ms(), limits::SURVEY_RESULTS_IN_ALL).await?;
    tx.commit().await?;
    let view = surveyed::results(ask, survey, false).await?;
    ask.page(Page::SurveyResults(view)).back(ask.at("/surveys")).answer()
}

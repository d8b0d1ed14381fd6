//! One case, in plain words.

use engine::base::Money;
use engine::case::{Case, Context};
use engine::registry::Record;
use engine::service::Service;
use engine::template::format;
use engine::workflow::{Action, End, State};
use ui_gen::Page;
use ui_gen::view::common::{ActionLink, Sent, Stage, StageAt, Tag, Tone};
use ui_gen::view::follow::Track;

use super::{appeal, check, coming, form, holder, next, note, sent_back, tell};
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::http::{charter, reckoned, relatives, when};
use crate::problem::Problem;
use crate::store::events::{self, Event};
use crate::store::orders::{self, Order};
use crate::store::{notices, papers};

/// `GET /{tenant}/cases/{case}`
pub async fn page(ask: &Ask) -> Answer {
    if ask.case().number.is_none() {
        return ask.redirect(&ask.at_case(if ask.case().offered.is_some() { "/owner" } else { "/check" }));
    }
    let service = ask.service_of_case().await?;
    if !ask.applies() {
        return holder::page(ask, &service).await;
    }
    let case = ask.case();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let history = events::history(&mut tx, &case.id).await?;
    let issued = papers::by_case(&mut tx, &case.id).await?;
    let sent = notices::for_applicant(&mut tx, &case.id).await?;
    let around = act::Around::load(&ask.app, ask.tenant(), &mut tx, (&service, case), None).await?;
    let begun = orders::by_case(&mut tx, &case.id)
        .await?
        .into_iter()
        .rfind(|order| order.state == "open" || order.is_looked_at());
    let mut listed = coming::papers(ask, &mut tx, &service, &history).await?;
    drop(tx);
    let soon = !listed.is_empty();
    listed.extend(tell::papers_with_copies(ask, &service, (&ask.at_case("/papers"), &issued), &history));
    let context = around.context(ask.now(), ask.tenant());
    let public = told(ask, &service, &history);
    let held = around.record.as_ref().and_then(|record| held(ask, &service, record));
    let barred = barred(ask, &service, context.clone())?;
    let declined = reckoned::declined_in(&service, case, ask.now().day());
    let declined = declined.map(|text| text.in_language(&ask.lang).to_owned());
    let said = held.into_iter().chain(barred).chain(declined).chain(kept_until(ask, case));
    let view = Track {
        text: public.text.iter().cloned().chain(said).collect(),
        actions: actions(ask, &service, context, begun.as_ref())?,
        soon,
        papers: listed,
        messages: sent.iter().rev().map(|notice| message(ask, notice)).collect(),
        sections: tell::sections(ask, &service, case, false, &|_, _| String::new()),
        findings: tell::findings(ask, &service, case),
        family: relatives::rows(ask, case, |row| Some(ask.at(&format!("/cases/{}", row.id)))).await?,
        ..public
    };
    ask.page(Page::Track(view)).back(ask.at("/my")).answer()
}

/// Where a case stands, who has it and what happened: what the applicant is also shown without signing
/// in. Nothing can be done there, and nothing can be opened.
pub(super) async fn public(ask: &Ask) -> Result<Track, Problem> {
    let service = ask.service_of_case().await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let history = events::history(&mut tx, &ask.case().id).await?;
    drop(tx);
    Ok(told(ask, &service, &history))
}

/// The same of a case of which everything that happened was read already.
fn told(ask: &Ask, service: &Service, history: &[Event]) -> Track {
    let (case, lang, words, now) = (ask.case(), ask.lang.as_str(), ask.words(), ask.now());
    let state = tell::state_of(service, case);
    let asked = state.waits_for_applicant || state.end == Some(End::Refused);
    let text = [tell::meaning(state, lang), next::lapse_words(ask, service, state, now.with_ms(case.clock_began_ms()))];
    let erased = history.iter().rfind(|event| event.command["word"] == "erase");
    let erased = erased.map(|event| {
        let day = format::day(now.with_ms(event.at_ms).day());
        words.say("track.erased", &[("day", &day)])
    });
    Track {
        service: service.title.in_language(lang).to_owned(),
        number: case.number.clone().unwrap_or_default(),
        state: tell::state_tag(state, lang),
        text: text.into_iter().chain(erased).filter(|text| !text.is_empty()).collect(),
        with_whom: with_whom(service, state, lang),
        due: tell::promised(case, state, now).map(|by| when::due(words, by.ms, now)),
        stages: stages(service, case, history, lang),
        remark: if asked { tell::remark(service, case, history) } else { String::new() },
        happenings: tell::happenings(ask, service, history),
        officers: charter::officers(service, ask.words()),
        ..Track::default()
    }
}

/// The post that has the case; empty while the applicant has it, or nobody.
fn with_whom(service: &Service, state: &State, lang: &str) -> String {
    if (state.waits_for_applicant && !service.is_with_holder(state)) || state.end.is_some() {
        return String::new();
    }
    let officer = state.officers().find_map(|role| service.role(role));
    officer.map(|role| role.label.in_language(lang).to_owned()).unwrap_or_default()
}

/// Until when the case has what it reserves for a time; nothing where that is over, or it has nothing.
fn kept_until(ask: &Ask, case: &Case) -> Option<String> {
    let until = case.reserved.iter().filter_map(|has| has.until_ms).min().filter(|until| *until > ask.now().ms)?;
    let when = when::moment(ask.words(), ask.now().with_ms(until));
    Some(ask.words().say("track.kept_until", &[("when", &when)]))
}

/// What was granted with this case, and from when to when it is valid; nothing where it has ended, or
/// another case gave it its validity.
fn held(ask: &Ask, service: &Service, record: &Record) -> Option<String> {
    let of_this_case = record.validity_by == ask.case().id && !record.has_ended();
    let grant = service.grants.iter().find(|grant| grant.registry.value == record.registry).filter(|_| of_this_case)?;
    let (title, valid) = (grant.title.in_language(&ask.lang), tell::valid(ask, record));
    Some(format!("{title} {}: {valid}", record.number))
}

/// The way to a payment that was begun and not settled yet: whoever pays looks there first.
fn begun_payment(ask: &Ask, order: &Order) -> ActionLink {
    let amount = Money::from_paise(order.amount_paise).unwrap_or_default();
    let at = when::moment(ask.words(), ask.now().with_ms(order.begun_ms));
    let said = [("amount", tell::money(ask, amount)), ("when", at)];
    let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ActionLink {
        href: ask.at_case(&format!("/pay/return?order={}", order.reference)),
        text: ask.words().get("pay.begun"),
        hint: ask.words().say("pay.begun_hint", &said),
        primary: true,
        ..ActionLink::default()
    }
}

/// What the applicant can do now; `begun` is a payment on its way.
fn actions(
    ask: &Ask,
    service: &Service,
    context: Context<'_>,
    begun: Option<&Order>,
) -> Result<Vec<ActionLink>, Problem> {
    let (case, lang, words) = (ask.case(), ask.lang.as_str(), ask.words());
    let actor = ask.who.actor(&service.id, &[]).ok_or(Problem::SignIn)?;
    let mut links = Vec::new();
    let (state, since) = (tell::state_of(service, case), context.now.with_ms(case.clock_began_ms()));
    if let Some((amount, by)) = next::owed_on(ask, service, case) {
        let text = words.say("pay.button", &[("amount", &tell::money(ask, amount))]);
        let (hint, primary) = (next::pay_by_words(ask, by), begun.is_none());
        links.extend(begun.map(|order| begun_payment(ask, order)));
        links.push(ActionLink { href: ask.at_case("/pay"), text, hint, primary, ..ActionLink::default() });
    }
    let sends = check::sends(service, case).filter(|_| form::is_open(ask, service));
    for choice in
        engine::case::choices(service, case, &actor, context).into_iter().filter(|choice| choice.refused.is_none())
    {
        let action: &Action = choice.action;
        let mine = action.roles().iter().any(|role| ask.is_for_me(&role.value));
        if !mine {
            continue;
        }
        let to = service.workflow.state(&action.to).expect("checked by unknown-state");
        let correct = sends.is_some_and(|sends| sends.name == action.name);
        links.push(ActionLink {
            href: if correct { ask.at_case("/check") } else { ask.at_case(&format!("/act/{}", action.name)) },
            text: if correct { words.get("track.correct") } else { action.label.in_language(lang).to_owned() },
            hint: next::until_words(ask, state, since, action),
            primary: correct,
            danger: matches!(to.end, Some(End::Closed | End::Refused)) && action.asks.is_none(),
        });
        if correct && let Some(page) = sent_back::pages(ask, service, case).first() {
            links.push(ActionLink {
                href: ask.at_case(&format!("/form/{}?change=1", page.name)),
                text: words.get("track.change"),
                ..ActionLink::default()
            });
        }
    }
    links.extend(holder::pages(ask, service));
    if appeal::is_open(ask, service, case) {
        links.push(ActionLink {
            href: ask.at_case("/appeal"),
            text: words.get("appeal.title"),
            hint: appeal::why(ask, case),
            ..ActionLink::default()
        });
    }
    if note::is_open(case) {
        links.push(ActionLink { href: ask.at_case("/note"), text: words.get("say.title"), ..ActionLink::default() });
    }
    Ok(links)
}

/// What the applicant cannot do now though it is for the applicant to do, and why, where the author says it.
fn barred(ask: &Ask, service: &Service, context: Context<'_>) -> Result<Vec<String>, Problem> {
    let actor = ask.who.actor(&service.id, &[]).ok_or(Problem::SignIn)?;
    let mut told = Vec::new();
    for choice in engine::case::choices(service, ask.case(), &actor, context) {
        let mine = choice.action.roles().iter().any(|role| ask.is_for_me(&role.value));
        let why = choice.refused.as_ref().filter(|_| mine).and_then(|refused| refused.said_by_author(&ask.lang));
        let label = choice.action.label.in_language(&ask.lang);
        told.extend(why.map(|why| format!("{label}: {why}")));
    }
    Ok(told)
}

/// The way of the case: the states it passed, where it stands, and the ordinary way ahead.
fn stages(service: &Service, case: &Case, history: &[Event], lang: &str) -> Vec<Stage> {
    let mut passed: Vec<&str> = Vec::new();
    for event in history {
        if let (Some(from), Some(to)) = (event.outcome["from"].as_str(), event.outcome["to"].as_str())
            && from != to
        {
            passed.retain(|state| *state != from && *state != to);
            passed.push(from);
        }
    }
    passed.retain(|state| *state != service.workflow.start.as_str());
    let stage = |name: &str, at: StageAt| {
        let state = service.workflow.state(name)?;
        Some(Stage { text: state.label.in_language(lang).to_owned(), at })
    };
    let mut stages: Vec<Stage> = passed.iter().filter_map(|name| stage(name, StageAt::Done)).collect();
    stages.extend(stage(&case.state, StageAt::Now));
    let ahead = ahead(service, &case.state, &passed);
    stages.extend(ahead.into_iter().filter_map(|name| stage(name, StageAt::Later)));
    stages
}

/// The ordinary way ahead: from each state the first action that leads to one not yet passed and
/// does not end in a refusal.
fn ahead<'a>(service: &'a Service, from: &str, passed: &[&str]) -> Vec<&'a str> {
    let mut way: Vec<&str> = Vec::new();
    let mut at = from.to_owned();
    while let Some(state) = service.workflow.state(&at) {
        if state.end.is_some() || way.len() > 12 {
            break;
        }
        let leads = |action: &&Action| {
            let to = service.workflow.state(&action.to);
            let known = action.to.value == *at
                || action.to.value == *from
                || passed.contains(&action.to.as_str())
                || way.contains(&action.to.as_str());
            !known
                && to.is_some_and(|to| {
                    matches!(to.end, None | Some(End::Granted)) && !to.waits_for_applicant
                        || to.actions.iter().any(is_payment)
                })
        };
        let Some(action) = state.actions.iter().find(leads) else { break };
        way.push(action.to.as_str());
        action.to.as_str().clone_into(&mut at);
    }
    way
}

fn is_payment(action: &Action) -> bool {
    matches!(action.trigger, engine::workflow::Trigger::Once(engine::workflow::Once::Paid, _))
}

fn message(ask: &Ask, notice: &notices::Notice) -> Sent {
    let words = ask.words();
    let tone = match notice.state.as_str() {
        "delivered" | "sent" => Tone::Good,
        "failed" => Tone::Bad,
        _ => Tone::Neutral,
    };
    Sent {
        to: notice.to_masked.clone(),
        channel: words.get(&format!("channel.{}", notice.channel)),
        when: when::moment(words, ask.now().with_ms(notice.at_ms)),
        text: notice.text.clone(),
        state: Tag::new(words.get(&format!("message.{}", notice.state)), tone),
    }
}

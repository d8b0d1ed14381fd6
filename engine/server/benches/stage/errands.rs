//! What people and officers do at a node, over the network: apply, decide, pay. Each request is timed by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::base::{Answers, Moment};
use engine::billing::ONLINE;
use engine::case::{Actor, ActorKind, Command};
use engine::form::{Field, Kind};
use engine::service::{Catalogue, Service};
use engine::tenant::Tenant;
use serde_json::{Map, Value as Json, json};
use ui_gen::from_engine::typed;

use crate::guest::{Guest, Pairs, filled};
use crate::life::{Step, life};
use crate::town::TOWN;

/// How often a form is sent again whose page has asked for more.
const LOOKS: usize = 6;

/// How long requests took, by what they are called.
pub(crate) type Times = Vec<(&'static str, Duration)>;

/// What is typed, of a service whose cases people send, an officer decides at once, and people then pay.
pub(crate) struct Errands {
    pub(crate) service: Arc<Service>,
    /// Who decides.
    pub(crate) officer: Actor,
    /// The pages of the applicant, with what is typed into them.
    pub(crate) pages: Vec<(String, Pairs)>,
    /// The same as a program sends it.
    answers: Json,
    /// The officer's action, and what is typed with it.
    action: String,
    decision: Pairs,
}

impl Errands {
    /// Those of the first service of a town that can be done so.
    pub(crate) fn find(catalogue: &Catalogue, tenant: &Tenant, now: Moment) -> Self {
        let found = catalogue.services(tenant).find_map(|service| Self::of(service, tenant, now));
        found.expect("a service ships that is sent, decided at once and paid")
    }

    fn of(service: &Arc<Service>, tenant: &Tenant, now: Moment) -> Option<Self> {
        // What is taken in calendars and of stocks comes to an end.
        let endless = service.reserves.is_empty() && service.stocks.is_empty();
        if service.on_record.is_some() || service.billing.is_none() || !endless {
            return None;
        }
        let steps = life(service, tenant, now)?;
        let (saves, acts) = steps.split_at(steps.iter().take_while(|step| step.what == "save").count());
        let [sent, decided, paid, ..] = acts else { return None };
        if (sent.what, decided.what, paid.what) != ("submit", "approve", "pay") {
            return None;
        }
        let (mut pages, mut answers) = (Vec::new(), Map::new());
        for save in saves {
            let Command::Save { page, answers: given } = &save.command else { return None };
            let fields = &service.form.page(page)?.fields;
            let plain = plain(fields, given)?;
            pages.push((page.to_string(), pairs(fields, &plain)));
            answers.extend(plain);
        }
        let (action, decision) = decision(service, decided)?;
        Some(Self {
            service: Arc::clone(service),
            officer: decided.actor.clone(),
            pages,
            answers: Json::Object(answers),
            action,
            decision,
        })
    }

    /// Somebody begins an application and answers its pages, but does not send it: its key.
    pub(crate) async fn begin(&self, guest: &mut Guest) -> String {
        let page = guest.get(&format!("/{TOWN}/services/{}", self.service.id)).await;
        let begun = guest.post(&page.expect(200, "").form_action(), &filled(&page, &[])).await;
        let case = begun.expect(303, "").headers["location"].split('/').nth(3).unwrap().to_owned();
        for (page, typed) in &self.pages {
            let at = format!("/{TOWN}/cases/{case}/form/{page}");
            let mut shown = guest.get(&at).await;
            for _ in 0..LOOKS {
                shown = guest.post(&at, &filled(shown.expect(200, ""), typed)).await;
                if shown.status == 303 {
                    break;
                }
            }
            shown.expect(303, "");
        }
        case
    }

    /// A program applies for somebody: the key of the case.
    pub(crate) async fn apply(&self, guest: &Guest, key: &str, times: &mut Times) -> String {
        let body = json!({ "service": self.service.id, "answers": self.answers });
        let at = format!("/api/{TOWN}/cases");
        let case = timed(times, "apply", guest.sends(&at, key, &body, 201)).await;
        case["id"].as_str().unwrap().to_owned()
    }

    /// An officer opens the form of the decision and sends it, again where its page asks for more or to look again.
    pub(crate) async fn decide(&self, officer: &mut Guest, case: &str, times: &mut Times) {
        let at = format!("/{TOWN}/desk/cases/{case}/act/{}", self.action);
        let mut page = timed(times, "approve form", officer.get(&at)).await;
        for _ in 0..LOOKS {
            let to = page.expect(200, "").form_action();
            let pairs = filled(&page, &self.decision);
            let begun = Instant::now();
            page = officer.post(&to, &pairs).await;
            let took = begun.elapsed();
            if page.status == 303 {
                times.push(("approve", took));
                return;
            }
            times.push(("approve look", took));
        }
        panic!("{case} is not decided:\n{}", page.text());
    }

    /// Somebody pays what is owed, through the gateway, and is back.
    pub(crate) async fn pay(&self, guest: &mut Guest, case: &str, times: &mut Times) {
        let page = timed(times, "pay form", guest.get(&format!("/{TOWN}/cases/{case}/pay"))).await;
        let to = page.expect(200, "").form_action();
        let pairs = filled(&page, &[("mode".to_owned(), ONLINE.to_owned())]);
        let sent = timed(times, "pay", guest.post(&to, &pairs)).await;
        // The gateway tells the node before it sends the payer back, and that one looks as well.
        let back = guest.pays_at(&sent.expect(303, "").headers["location"]).await;
        timed(times, "paid", guest.get(&back)).await.expect(200, "");
    }

    /// Whether the money that was paid for a case is there.
    pub(crate) async fn is_paid(guest: &Guest, case: &str) -> bool {
        let told = guest.asks(&format!("/api/{TOWN}/cases/{case}")).await;
        told["receipts"].as_array().is_some_and(|receipts| receipts.len() == 1)
    }
}

/// Waits for an answer, and writes down how long.
pub(crate) async fn timed<T>(times: &mut Times, name: &'static str, answer: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let answer = answer.await;
    times.push((name, begun.elapsed()));
    answer
}

/// What an officer types who takes a step, if it can be typed: nobody is named who has the case next.
fn decision(service: &Service, step: &Step) -> Option<(String, Pairs)> {
    let Command::Act { action, answers, comment, assignee: None, .. } = &step.command else { return None };
    let asks = &service.workflow.state(&step.before.state)?.action(action)?.asks;
    let mut typed = vec![("comment".to_owned(), comment.clone())];
    if let Some(page) = asks {
        let fields = &service.form.page(&page.value)?.fields;
        typed.extend(pairs(fields, &plain(fields, answers)?));
    }
    (step.actor.kind == ActorKind::Employee).then(|| (action.to_string(), typed))
}

/// Those answers that are typed or chosen; nothing where there is one of another kind that must be given.
fn plain(fields: &[Field], answers: &Json) -> Option<Map<String, Json>> {
    let mut kept = Map::new();
    for field in fields {
        let Some(answer) = answers.get(field.name.as_str()) else { continue };
        if is_plain(&field.kind) {
            kept.insert(field.name.to_string(), answer.clone());
        } else if !field.optional {
            return None;
        }
    }
    Some(kept)
}

/// Whether an answer is typed or chosen, and nothing else is needed for it.
fn is_plain(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Text { .. }
            | Kind::Number { .. }
            | Kind::Decimal { .. }
            | Kind::Money { .. }
            | Kind::Date { .. }
            | Kind::YesNo
            | Kind::Declaration
            | Kind::Rating
            | Kind::Choice { .. }
            | Kind::Choices { .. }
            | Kind::Phone
            | Kind::Email
            | Kind::Place { .. }
    )
}

/// Plain answers as the fields of a form.
fn pairs(fields: &[Field], answers: &Map<String, Json>) -> Pairs {
    let answers = Answers::from_json(&Json::Object(answers.clone()));
    let mut pairs = Vec::new();
    for (name, typed) in typed::of_answers(fields, &answers) {
        match typed {
            // A day has three fields, and of several choices each is sent.
            Json::Object(parts) => {
                pairs.extend(parts.iter().map(|(part, value)| (format!("{name}.{part}"), text(value))));
            }
            Json::Array(chosen) => pairs.extend(chosen.iter().map(|value| (name.clone(), text(value)))),
            value => pairs.push((name, text(&value))),
        }
    }
    pairs
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

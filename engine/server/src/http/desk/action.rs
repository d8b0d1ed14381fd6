//! `/{tenant}/desk/cases/{case}/act/{action}`: what an action leads to, then the action.

use axum::response::Response;
use connectors::control::holds;
use engine::base::limits::COMMENT_CHARS;
use engine::case::{Case, Flag, Outcome, Refusal, choices, command};
use engine::form::FieldError;
use engine::reserve::Slots;
use engine::workflow::{Action, Assign, Comment};
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{ErrorLink, Link};
use ui_gen::view::desk::DeskAction;
use ui_gen::view::field::Text;
use ui_gen::view::other::{Problem as ProblemView, ProblemKind};
use ui_gen::{FieldView, Input, Page};

use super::candidates::{self, Candidate};
use super::flags;
use super::opened::Opened;
use super::preview::{self, Given, Tried};
use super::reader::Reader;
use super::ready;
use super::rows::href;
use super::specimen;
use super::view_case::{self, state_of};
use super::view_history;
use super::view_leads::{self, Leads};
use super::view_tabs;
use crate::act;
use crate::http::again::{self, Came};
use crate::http::ask::{self, Answer, Ask};
use crate::http::citizen::fill::{Button, Filling};
use crate::http::{dispatch, problem};
use crate::problem::Problem;
use crate::store::{cases, events};

/// An action of the present state, thought about by somebody.
struct Thought<'a> {
    ask: &'a Ask,
    opened: &'a Opened,
    action: &'a Action,
    /// Who can take the step after it.
    next: Vec<Candidate>,
    filling: Option<Filling<'a>>,
    comment: String,
    assignee: String,
    /// What the applicant is asked to correct.
    flags: Vec<Flag>,
    wrong: Wrong,
    /// What is to be done next, in words; empty for what the page says anyway.
    advice: String,
}

/// What is wrong with what was sent.
#[derive(Default)]
struct Wrong {
    answers: Vec<FieldError>,
    comment: String,
    assignee: String,
    page: Vec<String>,
}

/// `GET /{tenant}/desk/cases/{case}/act/{action}`
pub(crate) async fn show(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let Some(action) = action(ask, &opened)? else { return gone(ask, &opened, None).await };
    allowed(ask, &opened, action)?;
    let thought = think(ask, &opened, action).await?;
    thought.draw(200).await
}

/// `POST /{tenant}/desk/cases/{case}/act/{action}`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let here = href(&Reader::of(ask), &ask.case().id);
    if was_recorded(ask).await? {
        return ask.redirect(&format!("{here}?done=1"));
    }
    let version: Option<i64> = ask.query("version")?.parse().ok();
    let Some(action) = action(ask, &opened)? else { return gone(ask, &opened, version).await };
    allowed(ask, &opened, action)?;
    let mut thought = think(ask, &opened, action).await?;
    ask.field("comment")?.replace("\r\n", "\n").clone_into(&mut thought.comment);
    ask.field("assignee")?.clone_into(&mut thought.assignee);
    thought.flags = flags::taken(ask, &opened, action)?;
    let fills = ready::is_pressed(ask)?;
    if fills {
        thought.comment = ready::filled(ask, action, &thought.comment)?;
    }
    if let Some(answer) = thought.press().await? {
        return Ok(answer);
    }
    if fills {
        return thought.draw(200).await;
    }
    if let Some(version) = version.filter(|version| *version != ask.case().version && holds("con_02_shown")) {
        thought.wrong.page = vec![ask.words().get("desk.stale")];
        thought.wrong.page.extend(view_history::since(&Reader::of(ask), &opened, version));
        let changed = view_history::changed_since(&Reader::of(ask), &opened, version);
        if !changed.is_empty() {
            thought.wrong.page.push(ask.words().say("desk.changed", &[("what", &changed.join(", "))]));
        }
        return thought.draw(409).await;
    }
    thought.act().await
}

/// Whether this very form was taken before: a second press leads where the first one led.
async fn was_recorded(ask: &Ask) -> Result<bool, Problem> {
    let Some(key) = ask.key()? else { return Ok(false) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let known = events::by_key(&mut tx, &key).await?;
    Ok(known.is_some_and(|event| event.case.as_deref() == Some(&ask.case().id)))
}

/// The action in the address, if the present state has it.
pub(crate) fn action<'a>(ask: &Ask, opened: &'a Opened) -> Result<Option<&'a Action>, Problem> {
    let name = dispatch::name(ask.param("action"))?;
    let known = opened.service.workflow.states.iter().any(|state| state.action(&name).is_some());
    if !known {
        return Err(Problem::NotFound);
    }
    Ok(state_of(&opened.service, ask.case()).action(&name))
}

/// Refuses an action that is not open to whoever asks.
pub(crate) fn allowed(ask: &Ask, opened: &Opened, action: &Action) -> Result<(), Problem> {
    let all = choices(&opened.service, ask.case(), &opened.actor, opened.context(&Reader::of(ask)));
    match all.into_iter().find(|choice| choice.action.name == action.name) {
        Some(choice) => choice.refused.map_or(Ok(()), |refusal| Err(refusal.into())),
        None => Err(Refusal::NotYourRole.into()),
    }
}

async fn think<'a>(ask: &'a Ask, opened: &'a Opened, action: &'a Action) -> Result<Thought<'a>, Problem> {
    let filling = match &action.asks {
        Some(page) => {
            let page = opened.service.form.page(&page.value).expect("checked by unknown-page");
            Some(Filling::load(ask, &opened.service, page).await?)
        }
        None => None,
    };
    let everybody = candidates::all(ask, &ask.case().service, &opened.place, &opened.departments).await?;
    let state = opened.service.workflow.state(&action.to).expect("checked by unknown-state");
    let next = candidates::for_state(&everybody, state, &ask.case().applicant, &opened.names);
    Ok(Thought {
        ask,
        opened,
        action,
        next,
        filling,
        comment: String::new(),
        assignee: String::new(),
        flags: Vec::new(),
        wrong: Wrong::default(),
        advice: String::new(),
    })
}

impl Thought<'_> {
    /// Takes what the form sent; an answer if that is all for now.
    async fn press(&mut self) -> Result<Option<Response>, Problem> {
        let Some(filling) = &mut self.filling else {
            return if self.ask.only_shows() { self.draw(200).await.map(Some) } else { Ok(None) };
        };
        let button = filling.take().await?;
        filling.keep().await?;
        match button {
            Button::Leave => {
                let kept = ask::see_other(&href(&Reader::of(self.ask), &self.ask.case().id));
                Ok(Some(again::came(kept, Came::Nothing)))
            }
            Button::Continue if !filling.is_unfit() => Ok(None),
            // What else is wrong is told at once, beside the file that was not taken.
            Button::Continue => {
                self.wrong.answers = filling.faults()?;
                self.mind_the_rest();
                self.draw(422).await.map(Some)
            }
            _ => {
                let status = if filling.is_unfit() { 422 } else { 200 };
                self.draw(status).await.map(Some)
            }
        }
    }

    /// Says what else of the form is still to be written or chosen.
    fn mind_the_rest(&mut self) {
        let reader = Reader::of(self.ask);
        if self.action.comment == Comment::Required && self.comment.trim().is_empty() {
            self.wrong.comment = view_case::refusal(&reader, &Refusal::CommentMissing);
        }
        if self.action.assign == Assign::Required && self.assignee.is_empty() {
            self.wrong.assignee = view_case::refusal(&reader, &Refusal::AssigneeMissing);
        }
    }

    fn given(&self) -> Given {
        Given {
            comment: self.comment.clone(),
            answers: self.filling.as_ref().map_or_else(command::no_answers, Filling::answers),
            assignee: self.next.iter().find(|candidate| candidate.id == self.assignee).map(Candidate::assignee),
            flags: self.flags.clone(),
        }
    }

    /// Does it, unless what was confirmed is not what was shown.
    async fn act(mut self) -> Answer {
        let (ask, given) = (self.ask, self.given());
        if !self.assignee.is_empty() && given.assignee.is_none() {
            self.wrong.assignee = ask.words().get("refusal.assignee_cannot_act");
            return self.draw(422).await;
        }
        if let Some(answer) = self.look_first().await? {
            return Ok(answer);
        }
        let command = given.command(self.action, ask.query("version")?.parse().ok());
        match act::act(&ask.app, ask.tenant(), &ask.case().id, &self.opened.actor, &command, ask.key()?.as_deref())
            .await
        {
            Ok(_) => {
                if let Some(filling) = &self.filling {
                    filling.forget().await?;
                }
                ask.redirect(&format!("{}?done=1", href(&Reader::of(ask), &ask.case().id)))
            }
            Err(Problem::Refused(Refusal::Answers(errors))) => self.reproach(errors).await,
            Err(Problem::Refused(
                refusal @ (Refusal::CommentMissing | Refusal::CommentTooLong(_) | Refusal::IdentityNumber(_)),
            )) => {
                self.wrong.comment = view_case::refusal(&Reader::of(ask), &refusal);
                self.draw(422).await
            }
            Err(Problem::Refused(refusal @ (Refusal::AssigneeMissing | Refusal::AssigneeCannotAct))) => {
                self.wrong.assignee = view_case::refusal(&Reader::of(ask), &refusal);
                self.draw(422).await
            }
            // Another number may do.
            Err(Problem::Refused(refusal @ (Refusal::StockEmpty | Refusal::NotYours | Refusal::NumberNotInStock))) => {
                self.wrong.page.push(view_case::refusal(&Reader::of(ask), &refusal));
                self.draw(422).await
            }
            // The page says so itself: it tries the same.
            Err(Problem::Refused(Refusal::FeeNotComputed(_) | Refusal::Declined(_))) => self.draw(422).await,
            Err(Problem::Refused(Refusal::ChangedMeanwhile | Refusal::NoSuchAction(_)) | Problem::Conflict) => {
                gone(ask, self.opened, Some(ask.case().version)).await
            }
            Err(other) => Err(other),
        }
    }

    /// What is to be put right, answered or looked at before it is done: the page that says so.
    async fn look_first(&mut self) -> Result<Option<Response>, Problem> {
        if !preview::is_weighty(self.action) {
            return Ok(None);
        }
        // What refuses the action refuses it again when it is done, and is told then.
        let Ok(tried) = self.tried() else { return Ok(None) };
        if !tried.wrong.is_empty() {
            return self.reproach(tried.wrong).await.map(Some);
        }
        let Some(outcome) = tried.outcome else { return Ok(None) };
        if self.ask.query("sure")? == preview::mark(&outcome) {
            return Ok(None);
        }
        let reader = Reader::of(self.ask);
        self.advice = reader.say("desk.look_again", &[("action", reader.text(&self.action.label))]);
        self.draw(200).await.map(Some)
    }

    /// The page with what is wrong beside it. Questions that the answers have only just opened are no
    /// mistake: the page says that there are more.
    async fn reproach(&mut self, errors: Vec<FieldError>) -> Answer {
        let Some(filling) = &self.filling else {
            self.wrong.answers = errors;
            self.wrong.page.push(self.ask.words().get("refusal.answers"));
            return self.draw(422).await;
        };
        self.wrong.answers = filling.fair(errors)?;
        if !self.wrong.answers.is_empty() {
            self.mind_the_rest();
            return self.draw(422).await;
        }
        let reader = Reader::of(self.ask);
        self.advice = reader.say("desk.more_asked", &[("action", reader.text(&self.action.label))]);
        self.draw(200).await
    }

    /// What the action leads to as things stand.
    fn tried(&self) -> Result<Tried, Refusal> {
        let first = self.next.first().map(Candidate::assignee);
        let reader = Reader::of(self.ask);
        preview::tried(&reader, self.opened, self.ask.case(), self.action, &self.given(), first)
    }

    /// The page: what the action leads to as things stand, and what is asked with it.
    async fn draw(&self, status: u16) -> Answer {
        let (ask, case) = (self.ask, self.ask.case());
        let (reader, given) = (Reader::of(ask), self.given());
        let (mut page, mut technical, mut hindered) = (self.wrong.page.clone(), String::new(), String::new());
        let outcome = match self.tried() {
            Ok(tried) => tried.outcome,
            Err(refusal) => {
                // Where no page is asked, nothing that is written here can put it right.
                if self.action.asks.is_none() {
                    hindered = view_case::refusal(&reader, &refusal);
                }
                page.extend(view_case::each_of(&reader, &refusal));
                technical = problem::technical(&refusal);
                None
            }
        };
        if let Some(outcome) = &outcome {
            let command = given.command(self.action, None);
            let asked = (&*self.opened.service, &command);
            page.extend(preview::beyond(ask, &self.opened.actor, asked, (case, outcome)).await?);
        }
        let assignee = outcome.as_ref().and_then(|outcome| outcome.case.assignee.clone());
        let assignee = assignee.and_then(|id| {
            self.next
                .iter()
                .find(|candidate| candidate.id == id)
                .map(|candidate| candidate.name.clone())
                .or_else(|| Some(self.opened.names.officer(&id)))
        });
        let told = match &outcome {
            Some(outcome) => preview::told(ask, self.opened, outcome, assignee.as_deref()).await?,
            None => Vec::new(),
        };
        let named = assignee
            .as_deref()
            .filter(|_| given.assignee.is_some() || matches!(self.action.assign, Assign::Keep | Assign::Actor))
            .unwrap_or_default();
        let leads = Leads { action: Some(self.action), outcome: outcome.as_ref(), told: &told, assignee: named };
        let mut consequences = view_leads::consequences(&reader, self.opened, case, &leads);
        if !hindered.is_empty() {
            consequences.unknown = reader.get("lead.refused");
        }
        let view = DeskAction {
            asks: self.filling.as_ref().map(Filling::decides).unwrap_or_default(),
            identity: view_case::identity(&reader, self.opened, case),
            title: reader.text(&self.action.label).to_owned(),
            consequences,
            declared: if self.filling.is_some() { view_tabs::declared(&reader, self.opened, case) } else { Vec::new() },
            ready: ready::offered(self.action, case),
            specimens: outcome
                .as_ref()
                .map(|outcome| specimen::links(&reader, self.opened, (case, self.action), outcome))
                .unwrap_or_default(),
            fields: self.fields(&reader),
            errors: page.into_iter().map(|text| ErrorLink { target: String::new(), text }).collect(),
            technical,
            advice: self.advice.clone(),
            action: self.address(&reader, outcome.as_ref()),
            submit: reader.text(&self.action.label).to_owned(),
            hindered,
            danger: view_case::is_danger(&self.opened.service, self.action),
        };
        ask.page(Page::DeskAction(view)).back(href(&reader, &case.id)).status(status).answer()
    }

    /// Where the form posts: which version was looked at, and what the page said that this leads to.
    fn address(&self, reader: &Reader<'_>, outcome: Option<&Outcome>) -> String {
        let case = self.ask.case();
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("version", &case.version.to_string());
        if let Some(outcome) = outcome.filter(|_| preview::is_weighty(self.action)) {
            query.append_pair("sure", &preview::mark(outcome));
        }
        if let Some(seen) = self.filling.as_ref().map(Filling::seen).filter(|seen| !seen.is_empty()) {
            query.append_pair("seen", &seen);
        }
        format!("{}/act/{}?{}", href(reader, &case.id), self.action.name, query.finish())
    }

    fn fields(&self, reader: &Reader<'_>) -> Vec<FieldView> {
        let mut fields = self.filling.as_ref().map(|filling| filling.views(&self.wrong.answers)).unwrap_or_default();
        if matches!(self.action.assign, Assign::Optional | Assign::Required) {
            let options: Vec<Opt> = self
                .next
                .iter()
                .map(|candidate| Opt::new(&candidate.id, candidate.label(reader, &self.opened.service)))
                .collect();
            let field = FieldView::new(
                "assignee",
                reader.get("give.to"),
                Input::Choice(Choice::one(options, &self.assignee, "")),
            )
            .error(&self.wrong.assignee);
            let of = self.opened.department(reader);
            let of = of.map(|name| reader.say("give.department", &[("department", name)]));
            let optional = self.action.assign == Assign::Optional;
            let pool = optional.then(|| reader.get("give.or_pool"));
            let field = field.hint(of.into_iter().chain(pool).collect::<Vec<_>>().join(" "));
            fields.push(if optional { field.optional() } else { field });
        }
        if self.action.comment != Comment::None {
            let longest = u32::try_from(COMMENT_CHARS).unwrap_or(0);
            let text = Text { rows: 4, max_length: longest, ..Text::new(&self.comment) };
            let field = FieldView::new("comment", reader.get("act.comment"), Input::Textarea(text))
                .hint(reader.get("lead.comment_is_read"))
                .error(&self.wrong.comment);
            fields.push(if self.action.comment == Comment::Optional { field.optional() } else { field });
        }
        fields.extend(flags::fields(self.ask, self.opened, self.action, reader));
        fields
    }
}

/// Somebody was quicker: who did what since, and what was typed, so that it is not lost.
async fn gone(ask: &Ask, opened: &Opened, version: Option<i64>) -> Answer {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let fresh: Option<Case> = cases::load(&mut tx, &ask.case().id).await?;
    let history = events::history(&mut tx, &ask.case().id).await?;
    drop(tx);
    let people = history.iter().map(|event| event.actor.clone()).collect();
    let names = super::names::Names::load(&ask.app, ask.tenant(), people).await?;
    let service = std::sync::Arc::clone(&opened.service);
    let latest = Opened {
        service,
        record: None,
        dues: engine::base::Money::ZERO,
        named: Vec::new(),
        pending: Vec::new(),
        slots: Slots::default(),
        till: None,
        place: opened.place.clone(),
        departments: opened.departments.clone(),
        actor: opened.actor.clone(),
        citizen: opened.citizen.clone(),
        history,
        names,
        asked: opened.asked.clone(),
        opens: opened.opens.clone(),
        masked: true,
        hidden: opened.hidden,
        sealed: opened.sealed,
        purpose: None,
    };
    let reader = Reader::of(ask);
    let case = fresh.as_ref().unwrap_or(ask.case());
    // Without a version it is enough to name the last step that moved the case.
    let moved = latest
        .history
        .iter()
        .rev()
        .find(|event| event.outcome["from"].is_string() && event.outcome["from"] != event.outcome["to"]);
    let version =
        version.or_else(|| moved.and_then(|event| event.version).map(|made| made - 1)).unwrap_or(case.version);
    let mine = moved.is_some_and(|event| event.actor == latest.actor.person);
    let mut text = vec![reader.get(if mine { "desk.decided_by_you" } else { "desk.decided" })];
    if holds("con_01_told") {
        text.extend(view_history::since(&reader, &latest, version));
    }
    text.push(reader.say("desk.stands", &[("state", &reader.state(state_of(&latest.service, case)).text)]));
    let typed = ask.field("comment")?.trim();
    if !typed.is_empty() {
        text.push(reader.say("desk.you_wrote", &[("text", typed)]));
    }
    let links = vec![
        Link::new(href(&reader, &case.id), case.number.clone().unwrap_or_default()),
        Link::new(ask.at("/desk/inbox"), reader.get("inbox.title")),
    ];
    let view = ProblemView { kind: ProblemKind::Conflict, text, links, ..ProblemView::default() };
    ask.page(Page::Problem(view)).status(409).answer()
}

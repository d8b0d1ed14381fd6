//! `/{tenant}/desk/cases/{case}/form` and `/send`: all questions of an application on one page, and
//! sending it for the applicant, after a look at what that leads to.

use engine::base::Answers;
use engine::case::{Case, Command, Refusal, choices, command, decide};
use engine::form::{self, Ctx, FieldError, Page as Asked};
use engine::service::Service;
use engine::workflow::Action;
use ui_gen::view::apply::Question;
use ui_gen::view::desk::DeskAction;
use ui_gen::view::field::Declaration;
use ui_gen::{FieldView, Input, Page};

use super::opened::Opened;
use super::preview;
use super::reader::Reader;
use super::rows::href;
use super::scope;
use super::view_case;
use super::view_leads::{self, Leads};
use crate::act;
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::check::is_sending;
use crate::http::citizen::fill::{Button, Filling};
use crate::problem::Problem;

fn form_href(ask: &Ask) -> String {
    format!("{}/form", href(&Reader::of(ask), &ask.case().id))
}

fn send_href(ask: &Ask) -> String {
    format!("{}/send", href(&Reader::of(ask), &ask.case().id))
}

/// All that the applicant is asked, as one page. What is asked under a condition of its page is asked
/// under that condition.
fn one_page(service: &Service) -> Option<Asked> {
    let first = service.form.pages_by(None).next()?;
    let mut all = Asked { name: engine::base::Name::new("at_the_counter"), hint: None, when: None, ..first.clone() };
    all.fields.clear();
    for page in service.form.pages_by(None) {
        for field in &page.fields {
            let mut field = field.clone();
            field.when = field.when.or_else(|| page.when.clone());
            all.fields.push(field);
        }
    }
    Some(all)
}

/// What was sent already is looked at like every other case, by those who may.
async fn sent(ask: &Ask) -> Option<Answer> {
    ask.case().number.as_ref()?;
    Some(match Opened::load(ask).await {
        Ok(_) => ask.redirect(&href(&Reader::of(ask), &ask.case().id)),
        Err(problem) => Err(problem),
    })
}

/// `GET /{tenant}/desk/cases/{case}/form`
pub(crate) async fn show(ask: &Ask) -> Answer {
    if let Some(answer) = sent(ask).await {
        return answer;
    }
    let opened = Opened::draft(ask).await?;
    let Some(page) = one_page(&opened.service) else { return ask.redirect(&send_href(ask)) };
    let filling = Filling::load(ask, &opened.service, &page).await?.waiting();
    draw(ask, &opened, (&page, &filling), &[], 200)
}

/// `POST /{tenant}/desk/cases/{case}/form`
pub(crate) async fn take(ask: &Ask) -> Answer {
    if let Some(answer) = sent(ask).await {
        return answer;
    }
    let opened = Opened::draft(ask).await?;
    let page = one_page(&opened.service).ok_or(Problem::NotFound)?;
    let mut filling = Filling::load(ask, &opened.service, &page).await?.waiting();
    let button = filling.take().await?;
    filling.keep().await?;
    match button {
        Button::Leave => ask.redirect(&ask.at("/desk")),
        Button::Continue if !filling.is_unfit() => keep(ask, &opened, (&page, &filling)).await,
        // What else is wrong is told at once, beside the file that was not taken.
        Button::Continue => draw(ask, &opened, (&page, &filling), &filling.faults()?, 422),
        _ => draw(ask, &opened, (&page, &filling), &[], if filling.is_unfit() { 422 } else { 200 }),
    }
}

/// Keeps the answers, if all of them will do.
async fn keep(ask: &Ask, opened: &Opened, (page, filling): (&Asked, &Filling<'_>)) -> Answer {
    let command = Command::Fill { answers: filling.answers() };
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command, None).await {
        Ok(_) => {
            filling.forget().await?;
            ask.redirect(&send_href(ask))
        }
        Err(Problem::Refused(Refusal::Answers(errors))) => {
            let errors = filling.fair(errors)?;
            draw(ask, opened, (page, filling), &errors, if errors.is_empty() { 200 } else { 422 })
        }
        Err(other) => Err(other),
    }
}

/// The page: the questions under the headings of their pages.
fn draw(
    ask: &Ask,
    opened: &Opened,
    (page, filling): (&Asked, &Filling<'_>),
    errors: &[FieldError],
    status: u16,
) -> Answer {
    let (reader, case, service) = (Reader::of(ask), ask.case(), &*opened.service);
    let known = form::merge(case.answers.clone(), page, Answers::from_json(&filling.answers()));
    let ctx = Ctx {
        today: reader.now.day(),
        lists: &service.lists,
        places: &reader.tenant.places,
        known: &known,
        named: None,
        identity: &[],
    };
    let (mut drawn, mut fields) = (filling.views(errors), Vec::new());
    for asked in service.form.pages_by(None).filter(|asked| form::is_asked(&service.form, asked, &ctx)) {
        let own = |view: &FieldView| asked.fields.iter().any(|field| field.name.as_str() == view.name);
        let (mut mine, others): (Vec<FieldView>, Vec<FieldView>) = drawn.into_iter().partition(own);
        drawn = others;
        if let Some(first) = mine.first_mut() {
            reader.text(&asked.title).clone_into(&mut first.part);
        }
        fields.extend(mine);
    }
    let seen = filling.seen();
    let view = Question {
        asks: filling.decides(),
        service: reader.text(&service.title).to_owned(),
        action: if seen.is_empty() { form_href(ask) } else { format!("{}?seen={seen}", form_href(ask)) },
        title: reader.say("assist.for", &[("who", &opened.applicant(&reader, case))]),
        fields,
        can_leave: true,
        desk: true,
        ..Question::default()
    };
    ask.page(Page::Question(view)).back(ask.at("/desk")).status(status).answer()
}

/// The action that sends the application: the first that is open and leads on.
fn sends<'a>(reader: &Reader<'_>, opened: &'a Opened, case: &Case) -> Option<&'a Action> {
    let open = choices(&opened.service, case, &opened.actor, opened.context(reader));
    let mut open = open.into_iter().filter(|choice| choice.refused.is_none()).map(|choice| choice.action);
    open.find(|action| is_sending(&opened.service, case, action))
}

/// `GET /{tenant}/desk/cases/{case}/send`
pub(crate) async fn check(ask: &Ask) -> Answer {
    if let Some(answer) = sent(ask).await {
        return answer;
    }
    let opened = Opened::draft(ask).await?;
    confirm(ask, &opened, "", 200).await
}

fn command(action: &Action) -> Command {
    Command::Act {
        action: action.name.clone(),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

/// What sending leads to, before it is sent.
async fn confirm(ask: &Ask, opened: &Opened, wrong: &str, status: u16) -> Answer {
    let (reader, case) = (Reader::of(ask), ask.case());
    let action = sends(&reader, opened, case).ok_or(Refusal::NotEditable)?;
    let tried = decide(&opened.service, case, &opened.actor, &command(action), opened.context(&reader));
    let outcome = match tried {
        Ok(outcome) => outcome,
        Err(Refusal::Answers(_)) => return ask.redirect(&form_href(ask)),
        Err(other) => return Err(other.into()),
    };
    let told = preview::told(ask, opened, &outcome, None).await?;
    let leads = Leads { action: Some(action), outcome: Some(&outcome), told: &told, assignee: "" };
    let mut identity = view_case::identity(&reader, opened, case);
    identity.number = reader.get("my.draft");
    identity.href = form_href(ask);
    let agreed = FieldView::new("agreed", reader.get("assist.agreed"), Input::Declaration(Declaration::default()));
    let view = DeskAction {
        declared: Vec::new(),
        ready: Vec::new(),
        identity,
        title: reader.text(&action.label).to_owned(),
        consequences: view_leads::consequences(&reader, opened, case, &leads),
        fields: vec![agreed.error(wrong)],
        action: send_href(ask),
        submit: reader.text(&action.label).to_owned(),
        ..DeskAction::default()
    };
    ask.page(Page::DeskAction(view)).back(form_href(ask)).status(status).answer()
}

/// `POST /{tenant}/desk/cases/{case}/send`: sends it in the applicant's name, once.
pub(crate) async fn send(ask: &Ask) -> Answer {
    if let Some(answer) = sent(ask).await {
        return answer;
    }
    let opened = Opened::draft(ask).await?;
    if ask.field("agreed")? != "yes" {
        return confirm(ask, &opened, &ask.words().get("assist.agreed_missing"), 422).await;
    }
    let reader = Reader::of(ask);
    let action = sends(&reader, &opened, ask.case()).ok_or(Refusal::NotEditable)?;
    let key = ask.key()?;
    let done = act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command(action), key.as_deref()).await;
    match done {
        Ok(acted) => {
            let place = crate::finding::place(&opened.service.form, &acted.case.answers);
            let reader_of = scope::actor(ask.tenant(), ask.employee()?, &acted.case.service, place);
            let seen = scope::may_see(&acted.case, ask.employee()?, &reader_of);
            let case = format!("{}?done=1", href(&reader, &acted.case.id));
            ask.redirect(&if seen { case } else { ask.at("/desk") })
        }
        Err(Problem::Refused(Refusal::Answers(_))) => Ok(again::came(ask.redirect(&form_href(ask))?, Came::Nothing)),
        Err(other) => Err(other),
    }
}

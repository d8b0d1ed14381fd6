//! A citizen's later acts: answering what was sent back, rating, reopening, withdrawing; and what is done by whoever
//! holds a record that the case names.

use engine::base::Name;
use engine::case::{Command, Refusal, command};
use engine::form::FieldError;
use engine::service::Service;
use engine::workflow::{Action, Comment, End, State};
use ui_gen::view::apply::ActionForm;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::fill::{Button, Filling};
use super::tell;
use crate::act;
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::{dispatch, problem};
use crate::problem::Problem;

/// `GET /{tenant}/cases/{case}/act/{action}`
pub async fn show(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let action = action(ask, &service)?;
    let filling = filling(ask, &service, action).await?;
    draw(ask, &service, action, filling.as_ref(), Told::default(), 200)
}

/// `POST /{tenant}/cases/{case}/act/{action}`
pub async fn take(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let action = match action(ask, &service) {
        Ok(action) => action,
        // The same press once more, after the case has moved: the first one's answer.
        Err(Problem::NotFound) => return again(ask).await,
        Err(other) => return Err(other),
    };
    let mut filling = filling(ask, &service, action).await?;
    if let Some(filling) = &mut filling {
        let button = filling.take().await?;
        let here = ask.at_case(&format!("/act/{}", action.name));
        filling.keep().await?;
        match button {
            Button::Leave => return Ok(again::came(ask.redirect(&ask.at_case(""))?, Came::Nothing)),
            // A comment is kept by no draft: the page is drawn with it at once.
            Button::Again if !filling.is_unfit() && !filling.is_searching()? && ask.field("comment")?.is_empty() => {
                return Ok(again::came(ask.redirect(&here)?, Came::Nothing));
            }
            Button::Continue if !filling.is_unfit() => {}
            // What else is wrong is told at once, beside the file that was not taken.
            Button::Continue => {
                let mut told = Told { errors: filling.faults()?, comment: String::new() };
                if action.comment == Comment::Required && ask.field("comment")?.trim().is_empty() {
                    told.comment = problem::refused(ask, &Refusal::CommentMissing);
                }
                return draw(ask, &service, action, Some(filling), told, 422);
            }
            _ => {
                let status = if filling.is_unfit() { 422 } else { 200 };
                return draw(ask, &service, action, Some(filling), Told::default(), status);
            }
        }
    } else if ask.only_shows() {
        return draw(ask, &service, action, None, Told::default(), 200);
    }
    act_on(ask, &service, action, filling.as_ref()).await
}

async fn act_on(ask: &Ask, service: &Service, action: &Action, filling: Option<&Filling<'_>>) -> Answer {
    let comment = ask.field("comment")?.replace("\r\n", "\n");
    let answers = filling.map_or_else(command::no_answers, Filling::answers);
    let command =
        Command::Act { action: action.name.clone(), comment, answers, assignee: None, seen: None, flags: Vec::new() };
    let actor = ask.who.actor(&service.id, &[]).ok_or(Problem::SignIn)?;
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &actor, &command, ask.key()?.as_deref()).await {
        Ok(_) => {
            if let Some(filling) = filling {
                filling.forget().await?;
            }
            ask.redirect(&ask.at_case(""))
        }
        Err(Problem::Refused(Refusal::Answers(errors))) => {
            let errors = match filling {
                Some(filling) => filling.fair(errors)?,
                None => errors,
            };
            draw(ask, service, action, filling, Told { errors, comment: String::new() }, 422)
        }
        Err(Problem::Refused(
            refusal @ (Refusal::CommentMissing | Refusal::CommentTooLong(_) | Refusal::IdentityNumber(_)),
        )) => {
            let comment = problem::refused(ask, &refusal);
            draw(ask, service, action, filling, Told { errors: Vec::new(), comment }, 422)
        }
        Err(other) => Err(other),
    }
}

/// A press that was recorded before leads where it led then.
async fn again(ask: &Ask) -> Answer {
    let key = ask.key()?.ok_or(Problem::NotFound)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let known = crate::store::events::by_key(&mut tx, &key).await?;
    let mine = known.is_some_and(|event| event.case.as_deref() == Some(&ask.case().id));
    if mine {
        ask.redirect(&ask.at_case(""))
    } else {
        Err(Refusal::NoSuchAction(Name::new(ask.param("action"))).into())
    }
}

/// The action in the address, if in the present state it is for whoever asks.
fn action<'a>(ask: &Ask, service: &'a Service) -> Result<&'a Action, Problem> {
    let name = dispatch::name(ask.param("action"))?;
    let action = tell::state_of(service, ask.case()).action(&name).ok_or(Problem::NotFound)?;
    if action.roles().iter().any(|role| ask.is_for_me(&role.value)) { Ok(action) } else { Err(Problem::NotFound) }
}

async fn filling<'a>(ask: &'a Ask, service: &'a Service, action: &Action) -> Result<Option<Filling<'a>>, Problem> {
    let Some(asks) = &action.asks else { return Ok(None) };
    let page = service.form.page(&asks.value).expect("checked by unknown-page");
    Ok(Some(Filling::load(ask, service, page).await?))
}

/// What is wrong with what was sent.
#[derive(Default)]
struct Told {
    errors: Vec<FieldError>,
    comment: String,
}

/// Where the case will stand, said before it does; nothing where it stays.
fn leads(ask: &Ask, to: &State) -> Vec<String> {
    let moves = to.name != ask.case().state;
    moves.then(|| ask.words().say("act.leads", &[("state", to.label.in_language(&ask.lang))])).into_iter().collect()
}

fn draw(
    ask: &Ask,
    service: &Service,
    action: &Action,
    filling: Option<&Filling<'_>>,
    told: Told,
    status: u16,
) -> Answer {
    let (case, lang, words) = (ask.case(), ask.lang.as_str(), ask.words());
    let mut fields = filling.map(|filling| filling.views(&told.errors)).unwrap_or_default();
    if action.comment != Comment::None {
        let rows = Text { rows: 4, max_length: 2_000, ..Text::new(ask.field("comment")?) };
        let field = FieldView::new("comment", words.get("act.comment"), Input::Textarea(rows)).error(told.comment);
        fields.push(if action.comment == Comment::Optional { field.optional() } else { field });
    }
    let to = service.workflow.state(&action.to).expect("checked by unknown-state");
    let seen = filling
        .map(Filling::seen)
        .filter(|seen| !seen.is_empty())
        .map(|seen| format!("?seen={seen}"))
        .unwrap_or_default();
    let view = ActionForm {
        asks: filling.map(Filling::decides).unwrap_or_default(),
        service: service.title.in_language(lang).to_owned(),
        number: case.number.clone().unwrap_or_default(),
        action: format!("{}{seen}", ask.at_case(&format!("/act/{}", action.name))),
        title: action.label.in_language(lang).to_owned(),
        text: leads(ask, to),
        fields,
        errors: Vec::new(),
        submit: action.label.in_language(lang).to_owned(),
        danger: matches!(to.end, Some(End::Closed | End::Refused)) && action.asks.is_none(),
        case: ask.at_case(""),
    };
    ask.page(Page::ActionForm(view)).back(ask.at_case("")).status(status).answer()
}

//! The applicant writes to the office about the case.

use engine::base::limits::COMMENT_CHARS;
use engine::case::{Case, Command, Refusal};
use ui_gen::view::apply::ActionForm;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use crate::act;
use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::{limits, problem};
use crate::problem::Problem;

/// Whether the office can be written to: there is a number to write about.
pub(super) fn is_open(case: &Case) -> bool {
    case.number.is_some()
}

/// `GET /{tenant}/cases/{case}/note`
pub async fn show(ask: &Ask) -> Answer {
    draw(ask, "", String::new(), 200).await
}

/// `POST /{tenant}/cases/{case}/note`
pub async fn take(ask: &Ask) -> Answer {
    if !is_open(ask.case()) {
        return Err(Problem::NotFound);
    }
    let text = ask.field("comment")?.replace("\r\n", "\n");
    if ask.only_shows() {
        return draw(ask, &text, String::new(), 200).await;
    }
    let citizen = ask.citizen()?.id.clone();
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    otp::throttle(&mut tx, &format!("noted:{citizen}"), ask.app.clock.now_ms(), limits::NOTED).await?;
    tx.commit().await?;
    let actor = ask.who.actor(&ask.case().service, &[]).ok_or(Problem::SignIn)?;
    let command = Command::Note { text: text.clone(), to_applicant: false };
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &actor, &command, ask.key()?.as_deref()).await {
        Ok(_) => ask.redirect(&ask.at_case("")),
        Err(Problem::Refused(
            refusal @ (Refusal::CommentMissing | Refusal::CommentTooLong(_) | Refusal::IdentityNumber(_)),
        )) => draw(ask, &text, problem::refused(ask, &refusal), 422).await,
        Err(other) => Err(other),
    }
}

async fn draw(ask: &Ask, text: &str, error: String, status: u16) -> Answer {
    let (case, words) = (ask.case(), ask.words());
    let Some(number) = case.number.clone() else { return Err(Problem::NotFound) };
    let service = ask.service_of_case().await?;
    let typed = Text { rows: 6, max_length: u32::try_from(COMMENT_CHARS).unwrap_or(0), ..Text::new(text) };
    let view = ActionForm {
        service: service.title.in_language(&ask.lang).to_owned(),
        number,
        action: ask.at_case("/note"),
        title: words.get("say.title"),
        text: vec![words.get("say.text")],
        fields: vec![FieldView::new("comment", words.get("say.label"), Input::Textarea(typed)).error(error)],
        errors: Vec::new(),
        submit: words.get("say.send"),
        danger: false,
        asks: String::new(),
        case: ask.at_case(""),
    };
    ask.page(Page::ActionForm(view)).back(ask.at_case("")).status(status).answer()
}

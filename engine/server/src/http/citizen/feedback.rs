//! How people found these pages: stars, and a few words. Nobody has to sign in, and nobody is named.

use ui_gen::view::common::Tone;
use ui_gen::view::field::{Rating, Text};
use ui_gen::view::home::Feedback as View;
use ui_gen::{FieldView, Input, Page};

use crate::auth::{otp, token};
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::feedback::{self, Feedback};

/// `GET /{tenant}/feedback`, also with `?service=`
pub async fn show(ask: &Ask) -> Answer {
    let shown = page(ask, ask.query("service")?, "", "");
    if ask.query("thanks")?.is_empty() {
        return shown.answer();
    }
    shown.notice(Tone::Good, ask.words().get("feedback.thanks")).answer()
}

/// `POST /{tenant}/feedback`
pub async fn take(ask: &Ask) -> Answer {
    let (stars, service) = (ask.field("stars")?, ask.field("service")?);
    if ask.only_shows() {
        return page(ask, service, stars, "").answer();
    }
    let Some(stars) = stars.parse::<i64>().ok().filter(|stars| (1..=5).contains(stars)) else {
        return page(ask, service, "", "feedback.missing").status(422).answer();
    };
    let (tenant, now_ms) = (ask.tenant(), ask.app.clock.now_ms());
    let mut tx = ask.app.store.begin(&tenant.state).await?;
    let key = format!("feedback:{}", otp::network(ask.remote));
    if connectors::control::holds("ops_03_feedback") {
        otp::throttle(&mut tx, &key, now_ms, limits::FEEDBACK).await?;
    }
    tx.commit().await?;
    let key = ask.key()?.unwrap_or_else(|| ask.app.chance.id());
    let said = Feedback {
        id: token::stored(&format!("feedback\n{key}")),
        at_ms: now_ms,
        service: known(ask, service).to_owned(),
        stars,
        words: words(ask)?,
    };
    let mut tx = ask.app.store.begin(&tenant.id).await?;
    // Nobody is told apart here, so nothing is kept but what was said: that answers for its own key.
    if !feedback::insert(&mut tx, &said).await? && connectors::control::holds("pay_08_other_words") {
        return Err(Problem::KeyReused);
    }
    tx.commit().await?;
    ask.redirect(&ask.at("/feedback?thanks=1"))
}

/// The name of a service that the town offers; nothing for any other text.
fn known<'a>(ask: &Ask, service: &'a str) -> &'a str {
    if ask.tenant().services.iter().any(|offered| offered == service) { service } else { "" }
}

/// What was said, cut to what may be said.
fn words(ask: &Ask) -> Result<String, Problem> {
    Ok(ask.said("words")?.replace("\r\n", "\n").trim().chars().take(limits::FEEDBACK_CHARS).collect())
}

fn page<'a>(ask: &'a Ask, service: &str, stars: &str, error: &str) -> crate::http::ask::Shown<'a> {
    let say = ask.words();
    let said = Text {
        rows: 5,
        max_length: u32::try_from(limits::FEEDBACK_CHARS).unwrap_or(0),
        ..Text::new(words(ask).unwrap_or_default())
    };
    let error = if error.is_empty() { String::new() } else { say.get(error) };
    let rating = Input::Rating(Rating { value: stars.parse().unwrap_or(0) });
    let view = View {
        action: ask.at("/feedback"),
        service: known(ask, service).to_owned(),
        fields: vec![
            FieldView::new("stars", say.get("feedback.stars"), rating).error(error),
            FieldView::new("words", say.get("feedback.words"), Input::Textarea(said))
                .hint(say.get("feedback.hint"))
                .optional(),
        ],
    };
    ask.page(Page::Feedback(view)).back(ask.at(""))
}

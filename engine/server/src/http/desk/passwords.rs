//! A new password is chosen: the rules, the form, and what is written.

use axum::response::Response;
use engine::case::ActorKind;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use crate::auth::password;
use crate::auth::password_rules::{self, Weak};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::people::{self, Person};
use crate::store::{By, Tx, factors};

/// The form of a new password.
pub(super) struct Form {
    /// Where it posts, within the town.
    pub(super) path: &'static str,
    /// Where it leads back to.
    pub(super) back: String,
    /// Whether the present password is asked for too.
    pub(super) proof: bool,
}

/// What was typed.
pub(super) enum New {
    /// A password that will do.
    Fits(String),
    /// Something else: the page again.
    Again(Response),
}

/// The page; `wrong` are keys of words: of the present password, of the new one.
pub(super) fn draw(ask: &Ask, person: &Person, form: &Form, wrong: [&str; 2], status: u16) -> Answer {
    let words = ask.words();
    let said = |key: &str| if key.is_empty() { String::new() } else { words.get(key) };
    let field = |name: &str, remembered: &str| {
        let input = Input::Password(Text { autocomplete: remembered.to_owned(), ..Text::default() });
        FieldView::new(name, words.get(&format!("password.{name}")), input)
    };
    let mut fields = Vec::new();
    if form.proof {
        fields.push(field("present", "current-password").error(said(wrong[0])));
    }
    let hint = words.say("password.hint", &[("n", &password_rules::SHORTEST.to_string())]);
    fields.push(field("new", "new-password").hint(hint).error(said(wrong[1])));
    fields.push(field("again", "new-password"));
    let text = if form.proof { words.get("password.ends_others") } else { words.get("password.given") };
    let view = ActionForm {
        service: words.get("desk.title"),
        number: person.name.clone(),
        action: ask.at(form.path),
        title: words.get("password.title"),
        text: vec![text],
        fields,
        submit: words.get("password.button"),
        case: form.back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(form.back.clone()).status(status).answer()
}

/// Reads a new password and judges it.
pub(super) fn read(ask: &Ask, person: &Person, form: &Form) -> Result<New, Problem> {
    let again = |wrong: &str, status: u16| -> Result<New, Problem> {
        Ok(New::Again(draw(ask, person, form, ["", wrong], status)?))
    };
    if ask.only_shows() {
        return again("", 200);
    }
    let (new, twice) = (ask.field("new")?, ask.field("again")?);
    let tenant = ask.tenant();
    let titles = tenant.languages.iter().flat_map(|lang| {
        [tenant.title.in_language(lang), tenant.short.in_language(lang), tenant.state_title.in_language(lang)]
    });
    let own = [person.name.as_str(), person.login.as_deref().unwrap_or_default(), tenant.id.as_str(), "nagar"];
    let names: Vec<&str> = titles.chain(own).collect();
    let wrong = match password_rules::weakness(new, &names) {
        Some(Weak::TooShort) => "password.too_short",
        Some(Weak::TooLong) => "password.too_long",
        Some(Weak::Common) => "password.common",
        Some(Weak::Named) => "password.named",
        None if new != twice => "password.differs",
        None => return Ok(New::Fits(new.to_owned())),
    };
    again(wrong, 422)
}

/// What is kept of it.
pub(super) async fn hash(ask: &Ask, new: &str) -> Result<String, Problem> {
    password::hash_in_turn(new, &ask.app.chance).await
}

/// Writes a password that its bearer chose.
pub(super) async fn save(ask: &Ask, tx: &mut Tx, person: Person, hash: String) -> Result<(), Problem> {
    let (id, at_ms) = (person.id.clone(), ask.now().ms);
    let by = By { person: &id, kind: ActorKind::Employee, at_ms };
    people::save(tx, by, &Person { password_hash: Some(hash), at_ms, ..person }).await?;
    factors::changed(tx, &id).await?;
    crate::store::events::note(tx, by, None, "password", serde_json::json!({ "person": id })).await?;
    Ok(())
}

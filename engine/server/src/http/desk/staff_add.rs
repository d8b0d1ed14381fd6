//! `/{tenant}/desk/staff/new`: somebody begins to work for the town.

use engine::case::ActorKind;
use engine::form::is_forbidden;
use ui_gen::from_engine::typed;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::staff;
use crate::appoint::first_password;
use crate::auth::{otp, password};
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::people::{self, Person};
use crate::store::{self, By};

/// Fewest characters of what somebody signs in as.
const LOGIN: usize = 3;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    name: String,
    login: String,
    mobile: String,
    wrong: [&'static str; 3],
}

/// `GET /{tenant}/desk/staff/new`
pub(crate) async fn page(ask: &Ask) -> Answer {
    draw(ask, &Typed::default(), 200)
}

fn draw(ask: &Ask, typed: &Typed, status: u16) -> Answer {
    let words = ask.words();
    let said = |key: &str| if key.is_empty() { String::new() } else { words.get(key) };
    let text = |value: &str, width| Text { width, autocomplete: "off".to_owned(), ..Text::new(value) };
    let view = ActionForm {
        service: words.get("staff.title"),
        number: ask.tenant().title.in_language(&ask.lang).to_owned(),
        action: ask.at("/desk/staff/new"),
        title: words.get("staff.add"),
        text: vec![words.get("staff.add_text")],
        fields: vec![
            FieldView::new("name", words.get("staff.name"), Input::Text(text(&typed.name, 30)))
                .error(said(typed.wrong[0])),
            FieldView::new("login", words.get("desk_sign_in.user"), Input::Text(text(&typed.login, 20)))
                .hint(words.get("staff.login_hint"))
                .error(said(typed.wrong[1])),
            FieldView::new("mobile", words.get("mobile.now"), Input::Phone(text(&typed.mobile, 20)))
                .error(said(typed.wrong[2]))
                .optional(),
        ],
        submit: words.get("staff.add_button"),
        case: ask.at("/desk/staff"),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/desk/staff")).status(status).answer()
}

/// `POST /{tenant}/desk/staff/new`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let mut typed = Typed {
        name: ask.said("name")?.split_whitespace().collect::<Vec<_>>().join(" "),
        login: ask.field("login")?.trim().to_lowercase(),
        mobile: ask.field("mobile")?.trim().to_owned(),
        wrong: [""; 3],
    };
    if ask.only_shows() {
        return draw(ask, &typed, 200);
    }
    let mobile = (!typed.mobile.is_empty()).then(|| typed::phone(&typed.mobile));
    judge(&mut typed, mobile.as_deref());
    if typed.wrong != [""; 3] {
        return draw(ask, &typed, 422);
    }
    let made = first_password(&ask.app);
    let hash = password::hash_in_turn(&made, &ask.app.chance).await?;
    let at_ms = ask.now().ms;
    let person = Person {
        id: ask.app.chance.ordered_id(at_ms),
        kind: "employee".to_owned(),
        mobile,
        login: Some(typed.login.clone()),
        name: typed.name.clone(),
        email: None,
        password_hash: Some(hash),
        language: ask.tenant().languages.first().cloned().unwrap_or_default(),
        disabled: false,
        at_ms,
    };
    match write(ask, &person).await {
        Ok(()) => Ok(again::came(staff::draw(ask, &person, &made).await?, Came::Secret)),
        Err(store::Error::Taken(_)) => {
            typed.wrong[1] = "staff.login_taken";
            draw(ask, &typed, 422)
        }
        Err(other) => Err(Problem::from(other)),
    }
}

fn judge(typed: &mut Typed, mobile: Option<&str>) {
    let odd = |c: char| is_forbidden(c, false) || "<>{}@".contains(c);
    let long = typed.name.chars().count() > limits::STAFF_NAME;
    if !typed.name.chars().any(char::is_alphabetic) || long || typed.name.chars().any(odd) {
        typed.wrong[0] = "staff.name_missing";
    }
    let plain = typed.login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b));
    if !plain || typed.login.len() < LOGIN || typed.login.len() > limits::STAFF_NAME {
        typed.wrong[1] = "staff.login_wrong";
    }
    if mobile.is_some_and(|mobile| !otp::is_mobile(mobile)) {
        typed.wrong[2] = "sign_in.wrong";
    }
}

async fn write(ask: &Ask, person: &Person) -> store::Result<()> {
    let by = By { person: ask.who.person().unwrap_or_default(), kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    people::save(&mut tx, by, person).await?;
    super::staff_deed::given(&mut tx, by, &person.id).await?;
    tx.commit().await
}

//! Who a citizen is: asked once after the first sign-in together with the notice of what is done with
//! the data, and open to change ever after.

use engine::case::ActorKind;
use engine::form::{is_email, is_forbidden};
use engine::template::format;
use serde_json::json;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::field::{OptionGroup, Text};
use ui_gen::view::home::Profile;
use ui_gen::{FieldView, Input, Page};

use super::{notice, sign_in};
use crate::auth::session;
use crate::http::ask::{self, Answer, Ask};
use crate::http::chrome;
use crate::http::cookies::Cookie;
use crate::problem::Problem;
use crate::store::consents::{self, Consent};
use crate::store::people::{self, Person};
use crate::store::{By, Tx};

/// The longest name, in characters.
const NAME_CHARS: usize = 100;

/// What was typed, as it was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    email: String,
    language: String,
    agreed: bool,
}

/// What is wrong with each field: keys of words, empty for nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    name: &'static str,
    email: &'static str,
    agreed: &'static str,
}

/// Whether a citizen must still say who he is, and read what is done with his data.
pub(super) async fn is_wanting(tx: &mut Tx, citizen: &str, name: &str) -> Result<bool, Problem> {
    Ok(name.is_empty() || consents::latest(tx, citizen).await?.is_none())
}

/// Where a citizen says who he is before going on to `next`.
pub(super) fn before(ask: &Ask, next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    ask.at(&format!("/my/profile?next={next}"))
}

/// `GET /{tenant}/my/profile`
pub async fn show(ask: &Ask) -> Answer {
    let person = person(ask).await?;
    let kept = session::remembered(&ask.app, &ask.tenant().state, &ask.browser).await?;
    let draft = &kept["profile"];
    let text = |name: &str, known: &str| draft[name].as_str().unwrap_or(known).to_owned();
    let typed = Typed {
        name: text("name", &person.name),
        email: text("email", person.email.as_deref().unwrap_or_default()),
        language: text("language", if person.name.is_empty() { &ask.lang } else { &person.language }),
        agreed: draft["agreed"].as_bool().unwrap_or(false),
    };
    draw(ask, &typed, Wrong::default(), ask.query("next")?, 200).await
}

/// `POST /{tenant}/my/profile`
pub async fn keep(ask: &Ask) -> Answer {
    let person = person(ask).await?;
    let next = ask.field("next")?;
    let typed = Typed {
        name: ask.said("name")?.split_whitespace().collect::<Vec<_>>().join(" "),
        email: ask.field("email")?.trim().to_owned(),
        language: ask.field("language")?.to_owned(),
        agreed: ask.field("agreed")? == "yes",
    };
    if let Some(switched) = switched(ask, &typed, next).await? {
        return Ok(switched);
    }
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    let read = consents::latest(&mut tx, &person.id).await?;
    let version = notice::version(ask);
    let is_read = read.is_some_and(|read| read.version == version);
    let wrong = judge(&typed, is_read);
    if !(wrong.name.is_empty() && wrong.email.is_empty() && wrong.agreed.is_empty()) {
        drop(tx);
        return draw(ask, &typed, wrong, next, 422).await;
    }
    let at_ms = ask.app.clock.now_ms();
    let id = person.id.clone();
    let by = By { person: &id, kind: ActorKind::Citizen, at_ms };
    let language = if chrome::offered(ask).contains(&typed.language) { typed.language } else { ask.lang.clone() };
    let email = Some(typed.email).filter(|email| !email.is_empty());
    people::save(&mut tx, by, &Person { name: typed.name, email, language: language.clone(), at_ms, ..person }).await?;
    if !is_read {
        let town = ask.tenant().id.clone();
        consents::give(&mut tx, by, &Consent { person: id.clone(), at_ms, town, version, language: ask.lang.clone() })
            .await?;
    }
    session::forget(&mut tx, &ask.browser).await?;
    tx.commit().await?;
    let to = sign_in::first_page(ask, &id, &sign_in::own_path(ask, next)).await?;
    Ok(ask::with_cookie(ask::see_other(&to), ask.jar(), Cookie::Language, &language))
}

/// The same page in another language, with what was typed.
async fn switched(ask: &Ask, typed: &Typed, next: &str) -> Result<Option<axum::response::Response>, Problem> {
    let lang = ask.field("_lang")?;
    if !chrome::offered(ask).iter().any(|offered| offered == lang) {
        return Ok(None);
    }
    let Typed { name, email, language, agreed } = typed;
    let draft = json!({ "name": name, "email": email, "language": language, "agreed": agreed });
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    session::remember(&ask.app, &mut tx, &ask.browser, &json!({ "profile": draft })).await?;
    tx.commit().await?;
    let to = if next.is_empty() { ask.at("/my/profile") } else { before(ask, next) };
    Ok(Some(ask::with_cookie(ask::see_other(&to), ask.jar(), Cookie::Language, lang)))
}

fn judge(typed: &Typed, is_read: bool) -> Wrong {
    let long = typed.name.chars().count() > NAME_CHARS;
    let odd = typed.name.chars().any(|c| is_forbidden(c, false) || "<>{}@".contains(c));
    Wrong {
        name: match () {
            () if !typed.name.chars().any(char::is_alphabetic) => "profile.name_missing",
            () if long || odd => "profile.name_wrong",
            () => "",
        },
        email: if typed.email.is_empty() || is_email(&typed.email) { "" } else { "profile.email_wrong" },
        agreed: if is_read || typed.agreed { "" } else { "profile.agreed_missing" },
    }
}

async fn draw(ask: &Ask, typed: &Typed, wrong: Wrong, next: &str, status: u16) -> Answer {
    let words = ask.words();
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let read = consents::latest(&mut tx, &ask.citizen()?.id).await?;
    drop(tx);
    let read = read.filter(|read| read.version == notice::version(ask));
    let said = |key: &str| if key.is_empty() { String::new() } else { words.get(key) };
    let name = Text { autocomplete: "name".to_owned(), ..Text::new(&typed.name) };
    let languages: Vec<Opt> = chrome::offered(ask)
        .into_iter()
        .map(|code| {
            let name = ask.library.words(&code).find("language.name").unwrap_or(&code).to_owned();
            Opt::new(code, name)
        })
        .collect();
    let mut fields = vec![
        FieldView::new("name", words.get("profile.name"), Input::Text(name))
            .hint(words.get("profile.name_hint"))
            .error(said(wrong.name)),
        FieldView::new("email", words.get("profile.email"), Input::Email(Text::new(&typed.email)))
            .hint(words.get("profile.email_hint"))
            .error(said(wrong.email))
            .optional(),
        FieldView::new(
            "language",
            words.get("profile.language"),
            Input::Choice(Choice::one(languages, &typed.language, "")),
        ),
    ];
    if read.is_none() {
        let option = Opt { chosen: typed.agreed, ..Opt::new("yes", words.get("profile.agreed_box")) };
        let groups = vec![OptionGroup { label: String::new(), options: vec![option] }];
        let input = Input::Choices(Choice { groups, ..Choice::default() });
        fields.push(FieldView::new("agreed", words.get("profile.agreed"), input).error(said(wrong.agreed)));
    }
    let day = |ms: i64| format::day(ask.now().with_ms(ms).day());
    let view = Profile {
        action: ask.at("/my/profile"),
        fields,
        notice: notice::rows(ask, &ask.lang),
        read: read.map(|read| words.say("profile.read", &[("day", &day(read.at_ms))])).unwrap_or_default(),
        next: next.to_owned(),
    };
    ask.page(Page::Profile(view)).back(ask.at("/my")).status(status).answer()
}

async fn person(ask: &Ask) -> Result<Person, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    people::find(&mut tx, &ask.citizen()?.id).await?.ok_or(Problem::SignIn)
}

//! `/{tenant}/desk/account/waits/{request}`: what would act in the reader's name, and an administrator asks for: the
//! reader confirms it, with the second factor, or refuses it.

use connectors::control::holds;
use engine::case::ActorKind;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::Row;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::account;
use super::names::Names;
use super::staff_wait::{self, AGREE, REFUSE, asked, title};
use crate::auth::news::{self, News};
use crate::auth::program;
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::identities::{self, Identity};
use crate::store::people::Person;
use crate::store::program_tokens::{self, ProgramToken};
use crate::store::staff_requests::{self, Kind, Request};
use crate::store::{self, By, Tx};

/// What waits and concerns the reader, for the account.
pub(super) async fn rows(ask: &Ask, waits: &[Request]) -> Result<Vec<Row>, Problem> {
    let ids = waits.iter().map(|request| request.asked_by.clone()).collect();
    let names = Names::load(&ask.app, ask.tenant(), ids).await?;
    let row = |request: &Request| {
        let own = request.kind.is_own();
        staff_wait::row(ask, &names, request, own.then(|| href(ask, request)))
    };
    Ok(waits.iter().map(row).collect())
}

fn href(ask: &Ask, request: &Request) -> String {
    ask.at(&format!("/desk/account/waits/{}", request.id))
}

/// The request in the address, if it waits for the reader's word.
async fn wanted(ask: &Ask) -> Result<Request, Problem> {
    let me = &ask.employee()?.id;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let waits = staff_wait::all(ask, &mut tx).await?;
    let own = |request: &Request| request.person == *me || !holds("az_15_own_word");
    // A token whose last day is over would be none.
    let lasts = |request: &Request| request.body["expires_ms"].as_i64().is_none_or(|ms| ms > ask.now().ms);
    let fits = |one: &Request| one.id == ask.param("request") && one.kind.is_own() && own(one) && lasts(one);
    let found = waits.into_iter().find(fits);
    found.ok_or(Problem::NotFound)
}

/// `GET /{tenant}/desk/account/waits/{request}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    draw(ask, &wanted(ask).await?, "", ["", ""], 200).await
}

async fn draw(ask: &Ask, request: &Request, typed: &str, wrong: [&str; 2], status: u16) -> Answer {
    let (person, factor) = account::reader(ask).await?;
    let names = Names::load(&ask.app, ask.tenant(), vec![request.asked_by.clone()]).await?;
    let words = ask.words();
    let said = |key: &str| if key.is_empty() { String::new() } else { words.get(key) };
    let mut text = vec![title(ask, request), asked(ask, &names, request), words.get("waits.own_text")];
    if factor.is_none() {
        text.push(words.get("waits.set_up"));
    }
    let options = vec![Opt::new(AGREE, words.get("waits.confirm")), Opt::new(REFUSE, words.get("waits.refuse"))];
    let decision = Input::Choice(Choice::one(options, typed, ""));
    let proof = Text { width: 20, autocomplete: "one-time-code".to_owned(), ..Text::default() };
    let back = ask.at("/desk/account");
    let view = ActionForm {
        service: words.get("account.title"),
        number: person.name,
        action: href(ask, request),
        title: words.get("waits.title"),
        text,
        fields: vec![
            FieldView::new("decision", words.get("waits.decision"), decision).error(said(wrong[0])),
            FieldView::new("proof", words.get("second.code"), Input::Text(proof))
                .hint(words.get("waits.proof_hint"))
                .error(said(wrong[1]))
                .optional(),
        ],
        submit: words.get("waits.button"),
        case: back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(back).status(status).answer()
}

/// `POST /{tenant}/desk/account/waits/{request}`
pub(crate) async fn decide(ask: &Ask) -> Answer {
    let request = wanted(ask).await?;
    let typed = ask.field("decision")?;
    if ask.only_shows() {
        return draw(ask, &request, typed, ["", ""], 200).await;
    }
    let agreed = match typed {
        AGREE => true,
        REFUSE => false,
        _ => return draw(ask, &request, "", ["waits.choose", ""], 422).await,
    };
    let (person, factor) = account::reader(ask).await?;
    if agreed && holds("az_15_second_factor") {
        if factor.is_none() {
            return ask.redirect(&ask.at("/desk/account/second"));
        }
        if !account::is_second_proved(ask, &person, ask.field("proof")?).await? {
            return draw(ask, &request, typed, ["", "second.wrong"], 422).await;
        }
    }
    let (secret, hash) = program::make(&ask.app);
    let by = By { person: &person.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if !staff_requests::decide(&mut tx, by, &request, agreed).await? {
        return Err(Problem::Conflict);
    }
    if agreed {
        match perform(&mut tx, by, &request, hash).await {
            Ok(()) => {}
            Err(store::Error::Taken(_)) => {
                drop(tx);
                return draw(ask, &request, typed, ["identity.taken", ""], 422).await;
            }
            Err(other) => return Err(Problem::from(other)),
        }
    }
    tx.commit().await?;
    told(ask, &person, (&request, agreed), &secret).await
}

/// Makes the token, or enters the way in.
async fn perform(tx: &mut Tx, by: By<'_>, request: &Request, hash: String) -> store::Result<()> {
    let text = |name: &str| request.body[name].as_str().map(str::to_owned);
    if request.kind == Kind::Token {
        let token = ProgramToken {
            id: request.id.clone(),
            hash,
            person: request.person.clone(),
            name: text("name").unwrap_or_default(),
            uses: text("uses").unwrap_or_default(),
            made_ms: by.at_ms,
            expires_ms: request.body["expires_ms"].as_i64().unwrap_or_default(),
            seen_ms: None,
            revoked_ms: None,
        };
        return program_tokens::insert(tx, by, &token).await;
    }
    let entered = Identity {
        person: request.person.clone(),
        issuer: text("issuer").unwrap_or_default(),
        subject: text("subject"),
        email: text("email"),
        entered_ms: by.at_ms,
        bound_ms: None,
    };
    identities::enter(tx, by, &entered).await
}

/// The reader is told of what was confirmed, also by message: a token is shown this once.
async fn told(ask: &Ask, person: &Person, (request, agreed): (&Request, bool), secret: &str) -> Answer {
    if agreed {
        news::tell(&ask.app, ask.tenant(), person, News::Agreed(request.kind)).await;
    }
    if agreed && request.kind == Kind::Token {
        return account::draw(ask, secret).await;
    }
    ask.redirect(&ask.at("/desk/account"))
}

//! An application that somebody writes for another, as an architect does for the owner of a plot. It is offered to a
//! mobile number, and whoever has that takes it over or says that it is none of theirs. The writer learns nothing of
//! the other, not even whether the number is known; and nobody has applied before taking it over.

use engine::case::{Command, Refusal};
use engine::service::{Role, Service};
use ui_gen::from_engine::typed;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::profile;
use crate::act;
use crate::auth::otp;
use crate::holders;
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::By;
use crate::store::people::{self, Person};

/// The role in which the draft in the address may be offered to somebody: its writer holds the record that it names.
pub(super) async fn role<'a>(ask: &Ask, service: &'a Service) -> Result<Option<&'a Role>, Problem> {
    let case = ask.case();
    let Some(wanted) = service.on_behalf.as_ref().filter(|_| case.number.is_none()) else { return Ok(None) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let named = holders::giving(&mut tx, service, case).await?;
    drop(tx);
    let held = service.held_by(&case.applicant, &case.answers, &named, ask.now().day());
    Ok(service.role(&wanted.value).filter(|role| held.contains(&role.name)))
}

/// `GET /{tenant}/cases/{case}/owner`: for whom it was written, or that it waits for that person.
pub async fn show(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    if ask.case().offered.is_some() {
        return waiting(ask, &service);
    }
    if role(ask, &service).await?.is_none() {
        return ask.redirect(&ask.at_case(""));
    }
    draw(ask, &service, ("", ""), 200)
}

/// `POST /{tenant}/cases/{case}/owner`: offers it to a number; or takes it back, where none was asked for.
pub async fn take(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let offers = ask.form().sent.contains_key("mobile");
    if ask.case().offered.is_some() {
        if ask.only_shows() {
            return waiting(ask, &service);
        }
        // It was offered already: a second press takes nothing back.
        if offers {
            return ask.redirect(&ask.at_case("/owner"));
        }
        bring(ask, &service, Command::Offer { to: None }).await?;
        return ask.redirect(&ask.at_case("/check"));
    }
    if !offers {
        return ask.redirect(&ask.at_case("/check"));
    }
    let number = ask.field("mobile")?;
    if ask.only_shows() {
        return draw(ask, &service, (number, ""), 200);
    }
    let mobile = typed::phone(number);
    if !otp::is_mobile(&mobile) {
        return draw(ask, &service, (number, "sign_in.wrong"), 422);
    }
    if mobile == ask.citizen()?.mobile {
        return draw(ask, &service, (number, "offer.own"), 422);
    }
    if role(ask, &service).await?.is_none() {
        return Err(Refusal::NotYourRole.into());
    }
    let to = person(ask, &mobile).await?;
    bring(ask, &service, Command::Offer { to: Some(to) }).await?;
    ask.redirect(&ask.at_case("/owner"))
}

/// The person who has this number. Whoever is new is written down: nothing tells the two apart.
async fn person(ask: &Ask, mobile: &str) -> Result<String, Problem> {
    let (app, now_ms) = (&ask.app, ask.app.clock.now_ms());
    let counted = format!("offered:{}", ask.citizen()?.id);
    let mut tx = app.store.begin(&ask.tenant().state).await?;
    otp::throttle(&mut tx, &counted, now_ms, limits::OFFERED).await?;
    let known = people::by_mobile(&mut tx, mobile).await?;
    let id = if let Some(person) = known {
        person.id
    } else {
        let new = Person::newcomer(app.chance.ordered_id(now_ms), mobile.to_owned(), ask.lang.clone(), now_ms);
        people::save(&mut tx, By::system(now_ms), &new).await?;
        new.id
    };
    otp::throttle(&mut tx, &format!("{counted}:{id}"), now_ms, limits::OFFERED_TO).await?;
    tx.commit().await?;
    Ok(id)
}

async fn bring(ask: &Ask, service: &Service, command: Command) -> Result<(), Problem> {
    let actor = ask.who.actor(&service.id, &[]).ok_or(Problem::SignIn)?;
    act::act(&ask.app, ask.tenant(), &ask.case().id, &actor, &command, ask.key()?.as_deref()).await?;
    Ok(())
}

/// The number of the record by which it is offered.
fn record<'a>(ask: &'a Ask, service: &'a Service) -> &'a str {
    let wanted = service.on_behalf.as_ref().map(|role| &role.value);
    let mut giving = service.giving(&ask.case().answers);
    giving.find(|(role, ..)| Some(*role) == wanted).map_or("", |(.., number)| number)
}

/// What the forms have in common.
fn form(ask: &Ask, service: &Service, title: &str) -> ActionForm {
    ActionForm {
        service: service.title.in_language(&ask.lang).to_owned(),
        number: record(ask, service).to_owned(),
        action: ask.at_case("/owner"),
        title: ask.words().get(title),
        case: ask.at("/my"),
        ..ActionForm::default()
    }
}

fn draw(ask: &Ask, service: &Service, (number, wrong): (&str, &str), status: u16) -> Answer {
    let words = ask.words();
    let error = if wrong.is_empty() { String::new() } else { words.get(wrong) };
    let field = FieldView::new("mobile", words.get("offer.mobile"), Input::Phone(Text::new(number)))
        .hint(words.get("offer.mobile_hint"))
        .error(error);
    let view = ActionForm {
        text: vec![words.get("offer.text")],
        fields: vec![field],
        submit: words.get("offer.send"),
        ..form(ask, service, "offer.title")
    };
    ask.page(Page::ActionForm(view)).back(ask.at_case("/check")).status(status).answer()
}

fn waiting(ask: &Ask, service: &Service) -> Answer {
    let words = ask.words();
    let view = ActionForm {
        text: vec![words.get("offer.waiting_text")],
        submit: words.get("offer.back"),
        ..form(ask, service, "offer.waiting")
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/my")).answer()
}

/// `GET /{tenant}/offered/{case}`: who wrote an application for the reader. What was written is shown only once it
/// was taken over: a number may be mistyped. Whoever has answered is led where the answer led.
pub async fn offered(ask: &Ask) -> Answer {
    if let Some(way) = answered(ask) {
        return ask.redirect(&way);
    }
    let service = ask.service_of_case().await?;
    draw_offered(ask, &service, ("", ""), 200).await
}

/// `POST /{tenant}/offered/{case}`
pub async fn answer(ask: &Ask) -> Answer {
    // It was answered: a second press leads where the first one did.
    if let Some(way) = answered(ask) {
        return ask.redirect(&way);
    }
    let service = ask.service_of_case().await?;
    let said = ask.field("mine")?;
    if ask.only_shows() {
        return draw_offered(ask, &service, (said, ""), 200).await;
    }
    let mine = match said {
        "yes" => true,
        "no" => false,
        _ => return draw_offered(ask, &service, ("", "offer.missing"), 422).await,
    };
    let (citizen, case) = (ask.citizen()?, &ask.case().id);
    // Whoever takes it over says first who he is, and reads what is done with his data.
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let wanting = mine && profile::is_wanting(&mut tx, &citizen.id, &citizen.name).await?;
    drop(tx);
    if wanting {
        let to = profile::before(ask, &ask.at(&format!("/offered/{case}")));
        return Ok(again::came(ask.redirect(&to)?, Came::Nothing));
    }
    bring(ask, &service, Command::TakeUp { mine, language: ask.lang.clone() }).await?;
    ask.redirect(&if mine { ask.at_case("/check") } else { declined(ask) })
}

/// Where the answer of the reader led, who took it over or said that it is not theirs; nothing while it is awaited.
fn answered(ask: &Ask) -> Option<String> {
    let waits = ask.case().offered.as_deref() == ask.who.person();
    let way = || if ask.applies() { ask.at_case("/check") } else { declined(ask) };
    (!waits).then(way)
}

/// The own applications, with the word that this was none of them.
fn declined(ask: &Ask) -> String {
    ask.at("/my?done=declined")
}

async fn draw_offered(ask: &Ask, service: &Service, (said, wrong): (&str, &str), status: u16) -> Answer {
    let words = ask.words();
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let writer = people::find(&mut tx, &ask.case().applicant).await?;
    drop(tx);
    let name = writer.map(|person| person.name).unwrap_or_default();
    let role = service.on_behalf.as_ref().and_then(|role| service.role(&role.value));
    let role = role.map_or("", |role| role.label.in_language(&ask.lang));
    let who = words.say("offer.who", &[("who", &name), ("role", role), ("number", record(ask, service))]);
    let options = ["yes", "no"].map(|word| Opt::new(word, words.get(&format!("offer.{word}")))).to_vec();
    let error = if wrong.is_empty() { String::new() } else { words.get(wrong) };
    let field = FieldView::new("mine", words.get("offer.mine"), Input::Choice(Choice::one(options, said, "")));
    let view = ActionForm {
        action: ask.at(&format!("/offered/{}", ask.case().id)),
        text: vec![who, words.get("offer.yours")],
        fields: vec![field.error(error)],
        submit: words.get("button.continue"),
        ..form(ask, service, "offer.offered")
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/my")).status(status).answer()
}

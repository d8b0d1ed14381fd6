//! Following one application without an account: by its number, and a code that is sent to the mobile
//! of whoever applied. Whether there is such an application is told to nobody else: the answer is the
//! same either way, and so is the work until it is given. The application is looked for by a job.

use serde_json::json;
use ui_gen::Page;
use ui_gen::view::common::{ActionLink, Link};
use ui_gen::view::follow::{FindCase, Track};
use ui_gen::view::home::SignInCode;

use super::{sign_in, track};
use crate::auth::otp::{self, Asked, Opens};
use crate::auth::session;
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::cases;
use crate::work::codes;

/// Characters of a number that is looked for.
const NUMBER: usize = 100;

/// `GET /{tenant}/track`, also with `?number=`
pub async fn ask_number(ask: &Ask) -> Answer {
    number_page(ask, ask.query("number")?, "", 200)
}

fn number_page(ask: &Ask, number: &str, error: &str, status: u16) -> Answer {
    let view = FindCase {
        action: ask.at("/track"),
        number: number.chars().take(NUMBER).collect(),
        error: if error.is_empty() { String::new() } else { ask.words().get(error) },
        mine: ask.at("/my"),
    };
    ask.page(Page::FindCase(view)).back(ask.at("")).status(status).answer()
}

/// `POST /{tenant}/track`
pub async fn send_code(ask: &Ask) -> Answer {
    let typed = ask.field("number")?;
    if ask.only_shows() {
        return number_page(ask, typed, "", 200);
    }
    let number = number_of(typed);
    if number.is_empty() {
        return number_page(ask, typed, "find_case.missing", 422);
    }
    send(ask, &number).await
}

/// `POST /{tenant}/track/again`
pub async fn send_again(ask: &Ask) -> Answer {
    let kept = sign_in::kept_for(ask, &ask.tenant().id).await?;
    match kept["number"].as_str() {
        Some(number) => send(ask, number).await,
        None => ask.redirect(&ask.at("/track")),
    }
}

/// A number as it is given: in capital letters, without spaces, with digits as machines read them.
fn number_of(typed: &str) -> String {
    let letters = engine::form::html::ascii(typed).to_uppercase();
    letters.chars().filter(|letter| !letter.is_whitespace()).take(NUMBER).collect()
}

async fn send(ask: &Ask, number: &str) -> Answer {
    let (tenant, now_ms) = (ask.tenant(), ask.app.clock.now_ms());
    let from = otp::network(ask.remote);
    let mut tx = ask.app.store.begin(&tenant.state).await?;
    otp::throttle(&mut tx, &format!("cases-from:{from}"), now_ms, limits::CASES_ASKED).await?;
    for (most, window) in limits::CASE_CODES {
        let key = format!("case-codes:{window}:{}:{number}:{from}", tenant.id);
        otp::throttle(&mut tx, &key, now_ms, (most, window)).await?;
    }
    tx.commit().await?;
    if let Some(person) = ask.who.person() {
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let own = cases::id_of_own(&mut tx, number, person).await?;
        drop(tx);
        if let Some(id) = own {
            return ask.redirect(&ask.at(&format!("/cases/{id}")));
        }
    }
    let mut tx = ask.app.store.begin(&tenant.id).await?;
    codes::queue(&mut tx, &ask.app, number, (&session::browser_hash(&ask.browser), &ask.lang)).await?;
    tx.commit().await?;
    sign_in::remember_for(ask, &tenant.id, &json!({ "number": number, "sent_ms": now_ms })).await?;
    ask.redirect(&ask.at("/track/code"))
}

/// Whether the code is the one that was sent for the number; it is used up by that.
async fn is_code(ask: &Ask, number: &str, code: &str) -> Result<bool, Problem> {
    let browser = session::browser_hash(&ask.browser);
    let opens = Opens::Case { town: &ask.tenant().id, number };
    let asked = Asked { mobile: number, browser: &browser, lang: &ask.lang, remote: ask.remote, opens };
    otp::is_code(&ask.app, ask.tenant(), asked, code).await
}

/// `GET /{tenant}/track/code`
pub async fn ask_code(ask: &Ask) -> Answer {
    code_page(ask, "", 200).await
}

async fn code_page(ask: &Ask, error: &str, status: u16) -> Answer {
    let kept = sign_in::kept_for(ask, &ask.tenant().id).await?;
    let Some(number) = kept["number"].as_str() else { return ask.redirect(&ask.at("/track")) };
    let words = ask.words();
    let page = SignInCode {
        code: if ask.only_shows() { sign_in::shortened(ask.field("code")?) } else { String::new() },
        action: ask.at("/track/code"),
        hint: words.say("find_case.sent", &[("number", number), ("minutes", &sign_in::minutes())]),
        error: if error.is_empty() { String::new() } else { words.get(error) },
        wait: sign_in::wait(ask, kept["sent_ms"].as_i64().unwrap_or_default()),
        again: ask.at("/track/again"),
        other: Link::new(ask.at("/track"), words.get("find_case.other")),
        next: String::new(),
        demo_code: String::new(),
        ..SignInCode::default()
    };
    sign_in::shown(ask, page, ask.at("/track"), status)
}

/// `POST /{tenant}/track/code`
pub async fn check_code(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return code_page(ask, "", 200).await;
    }
    let kept = sign_in::kept_for(ask, &ask.tenant().id).await?;
    let Some(number) = kept["number"].as_str() else { return ask.redirect(&ask.at("/track")) };
    let code = sign_in::digits(ask.field("code")?);
    if !is_code(ask, number, &code).await? {
        return code_page(ask, "code.wrong", 422).await;
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = cases::id_of(&mut tx, number).await?;
    drop(tx);
    // Where there is none, nobody was told the code.
    let Some(id) = found else { return code_page(ask, "code.wrong", 422).await };
    sign_in::remember_for(ask, &ask.tenant().id, &json!({ "case": id })).await?;
    ask.redirect(&ask.at("/track/case"))
}

/// `GET /{tenant}/track/case`: the one case that this browser may look at, for as long as a code holds.
pub async fn look(ask: &Ask) -> Answer {
    let kept = sign_in::kept_for(ask, &ask.tenant().id).await?;
    let Some(id) = kept["case"].as_str() else { return ask.redirect(&ask.at("/track")) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let case = cases::load(&mut tx, id).await?.ok_or(Problem::NotFound)?;
    drop(tx);
    let own = ask.at(&format!("/cases/{}", case.id));
    let about = ask.about(case);
    let words = ask.words();
    let public = track::public(&about).await?;
    let mut text = public.text.clone();
    text.push(words.say("find_case.looks", &[("minutes", &sign_in::minutes())]));
    let sign_in = ActionLink {
        href: ask.at(&format!("/sign-in?next={own}")),
        text: words.get("nav.sign_in"),
        hint: words.get("find_case.more"),
        ..ActionLink::default()
    };
    let view = Track { text, actions: vec![sign_in], ..public };
    about.page(Page::Track(view)).back(ask.at("/track")).answer()
}

//! `/{tenant}/my/data`: everything that is kept about the reader, in all towns of the state, to be read and to be
//! taken along. A session alone does not open it: a fresh code is asked for, and what it opens can be read for
//! as long as a code holds.

use axum::http::{HeaderValue, header};
use connectors::message::masked;
use engine::case::ActorKind;
use serde_json::json;
use ui_gen::Page;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::common::Link;
use ui_gen::view::home::SignInCode;

use super::{files, my_data_file, my_data_view, sign_in};
use crate::auth::otp::{self, Asked, Opens};
use crate::auth::{Citizen, session};
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::{By, events};

/// What the browser is remembered for.
const REMEMBERED: &str = "data";

/// `GET /{tenant}/my/data`
pub async fn explain(ask: &Ask) -> Answer {
    explained(ask)
}

fn explained(ask: &Ask) -> Answer {
    let (words, mobile) = (ask.words(), masked(&ask.citizen()?.mobile));
    let view = ActionForm {
        service: words.get("account.title"),
        number: mobile.clone(),
        action: ask.at("/my/data"),
        title: words.get("my_data.title"),
        text: vec![words.get("my_data.text"), words.say("my_data.code_first", &[("mobile", &mobile)])],
        submit: words.get("my_data.send"),
        case: ask.at("/my/account"),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/my/account")).answer()
}

/// `POST /{tenant}/my/data`
pub async fn send_code(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return explained(ask);
    }
    let citizen = ask.citizen()?;
    let now_ms = ask.app.clock.now_ms();
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    otp::throttle(&mut tx, &format!("data:{}", citizen.id), now_ms, limits::OWN_DATA).await?;
    tx.commit().await?;
    otp::send(&ask.app, ask.tenant(), asked(ask, citizen)).await?;
    sign_in::remember_for(ask, REMEMBERED, &json!({ "sent_ms": now_ms })).await?;
    ask.redirect(&ask.at("/my/data/code"))
}

fn asked<'a>(ask: &'a Ask, citizen: &'a Citizen) -> Asked<'a> {
    let opens = Opens::Data { person: &citizen.id };
    Asked { mobile: &citizen.mobile, browser: &ask.browser, lang: &ask.lang, remote: ask.remote, opens }
}

/// `GET /{tenant}/my/data/code`
pub async fn ask_code(ask: &Ask) -> Answer {
    code_page(ask, "", 200).await
}

async fn code_page(ask: &Ask, error: &str, status: u16) -> Answer {
    let (kept, words, citizen) = (sign_in::kept_for(ask, REMEMBERED).await?, ask.words(), ask.citizen()?);
    let Some(sent_ms) = kept["sent_ms"].as_i64() else { return ask.redirect(&ask.at("/my/data")) };
    let page = SignInCode {
        code: if ask.only_shows() { sign_in::shortened(ask.field("code")?) } else { String::new() },
        action: ask.at("/my/data/code"),
        hint: words.say("code.hint", &[("mobile", &masked(&citizen.mobile)), ("minutes", &sign_in::minutes())]),
        error: if error.is_empty() { String::new() } else { words.get(error) },
        wait: sign_in::wait(ask, sent_ms),
        again: ask.at("/my/data/again"),
        other: Link::new(ask.at("/my/account"), words.get("button.cancel")),
        ..SignInCode::default()
    };
    sign_in::shown(ask, page, ask.at("/my/data"), status)
}

/// `POST /{tenant}/my/data/again`
pub async fn send_again(ask: &Ask) -> Answer {
    send_code(ask).await
}

/// `POST /{tenant}/my/data/code`: what was opened is written down, whoever held the telephone.
pub async fn check_code(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return code_page(ask, "", 200).await;
    }
    let citizen = ask.citizen()?;
    let code = sign_in::digits(ask.field("code")?);
    if !otp::is_code(&ask.app, ask.tenant(), asked(ask, citizen), &code).await? {
        return code_page(ask, "code.wrong", 422).await;
    }
    let by = By { person: &citizen.id, kind: ActorKind::Citizen, at_ms: ask.app.clock.now_ms() };
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    session::remember(&ask.app, &mut tx, &sign_in::browser_for(ask, REMEMBERED), &json!({ "open": citizen.id }))
        .await?;
    events::note(&mut tx, by, None, "own_data", json!({ "person": citizen.id })).await?;
    tx.commit().await?;
    ask.redirect(&ask.at("/my/data/read"))
}

/// Whether the reader has given the code, in this browser and not long ago.
async fn is_open(ask: &Ask) -> Result<bool, Problem> {
    let (kept, citizen) = (sign_in::kept_for(ask, REMEMBERED).await?, ask.citizen()?);
    Ok(kept["open"].as_str() == Some(&citizen.id) || !connectors::control::holds("priv_06_code"))
}

/// `GET /{tenant}/my/data/read`
pub async fn read(ask: &Ask) -> Answer {
    if !is_open(ask).await? {
        return ask.redirect(&ask.at("/my/data"));
    }
    let view = my_data_view::view(ask).await?;
    ask.page(Page::MyData(view)).back(ask.at("/my/account")).answer()
}

/// `GET /{tenant}/my/data/file`: the same for programs, row by row.
pub async fn file(ask: &Ask) -> Answer {
    if !is_open(ask).await? {
        return ask.redirect(&ask.at("/my/data"));
    }
    let told = my_data_file::told(ask).await?;
    let text = serde_json::to_vec_pretty(&told).map_err(|error| anyhow::anyhow!("what is kept: {error}"))?;
    let mut response = files::served("application/octet-stream", "my-data.json", text);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

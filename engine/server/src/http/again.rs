//! Forms that are sent again: the same key with the same words is answered as the first time and does nothing, with
//! other words it is refused.
//!
//! This is the one place for all forms of pages whose rows are [`KEPT`]; programs have a header for it
//! (`api/once.rs`), and gateways their own names for what happened (`hooks.rs`). What is kept is where the first answer
//! led. A page is not, nor is a cookie: either may show what is shown once.
//!
//! An answer is kept behind what earned it, in a transaction of its own. Whoever presses twice within that instant, and
//! whoever asks again because a node died in it, is told by what was done: a case knows the key of each act, and a
//! stock, a till, a receipt or a post stands where it was left, so that nothing is done twice.

use axum::http::{StatusCode, header};
use axum::response::Response;
use connectors::control::holds;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::ask::{Answer, Ask};
use super::dispatch;
use super::routes::Route;
use crate::auth::token;
use crate::problem::Problem;
use crate::store::idempotency::{self, Kept};
use crate::store::{Error, retry};

/// The rows whose forms are answered once. A form whose words nobody may pair with a person is not among them, nor one
/// that carries a code or a password, nor the pages of a draft, which are corrected by being sent with other words.
pub const KEPT: [&str; 42] = [
    "/{tenant}/services/{service}/start",
    "/{tenant}/my/profile",
    "/{tenant}/my/account",
    "/{tenant}/my/erasing",
    "/{tenant}/cases/{case}/check",
    "/{tenant}/cases/{case}/act/{action}",
    "/{tenant}/cases/{case}/note",
    "/{tenant}/cases/{case}/owner",
    "/{tenant}/offered/{case}",
    "/{tenant}/cases/{case}/pay",
    "/{tenant}/pay/{registry}/{record}",
    "/{tenant}/desk/account",
    "/{tenant}/desk/erasing/{request}",
    "/{tenant}/desk/staff/new",
    "/{tenant}/desk/staff/{person}/appoint",
    "/{tenant}/desk/staff/{person}/do/{deed}",
    "/{tenant}/desk/staff/{person}/identity/{provider}",
    "/{tenant}/desk/staff/{person}/token",
    "/{tenant}/desk/staff/{person}/tokens/{token}/revoke",
    "/{tenant}/desk/staff/{person}/posts/{post}/end",
    "/{tenant}/desk/staff/{person}/posts/{post}/lend",
    "/{tenant}/desk/calendars/{calendar}/close",
    "/{tenant}/desk/calendars/{calendar}/open",
    "/{tenant}/desk/stocks/{stock}",
    "/{tenant}/desk/stocks/{stock}/{deed}",
    "/{tenant}/desk/books",
    "/{tenant}/desk/mismatches/{order}",
    "/{tenant}/desk/leave",
    "/{tenant}/desk/bulk",
    "/{tenant}/desk/views",
    "/{tenant}/desk/services/{service}/start",
    "/{tenant}/desk/cases/{case}/send",
    "/{tenant}/desk/cases/{case}/edit/{page}",
    "/{tenant}/desk/cases/{case}/assign",
    "/{tenant}/desk/cases/{case}/note",
    "/{tenant}/desk/cases/{case}/act/{action}",
    "/{tenant}/desk/cases/{case}/files/{file}",
    "/{tenant}/desk/cases/{case}/collect",
    "/{tenant}/desk/receipts/{receipt}/cancel",
    "/{tenant}/desk/till",
    "/{tenant}/desk/tills/{till}",
    "/{tenant}/desk/tills/{till}/count",
];

/// What a handler says of its answer where that cannot be seen from outside: a page says in itself that something was
/// done, or a form leads on though nothing was.
#[derive(Clone, Copy, Debug)]
pub(super) enum Came {
    /// Something was done, and the page tells of it. It is made again, by the keys of what was done.
    Page,
    /// Something was done, and the page shows a secret, once.
    Secret,
    /// Nothing was done yet: something else comes first.
    Nothing,
}

/// The same answer, with what it came to.
pub(super) fn came(mut response: Response, to: Came) -> Response {
    response.extensions_mut().insert(to);
    response
}

/// What is kept of the first answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum First {
    /// It led there.
    To(String),
    /// It was a page, which the row makes again.
    Page,
    /// It was a page with a secret.
    Secret,
}

impl First {
    /// What is kept of an answer; nothing where nothing was done.
    fn of(response: &Response) -> Option<Self> {
        match response.extensions().get::<Came>() {
            Some(Came::Page) => Some(Self::Page),
            Some(Came::Secret) => Some(Self::Secret),
            None if response.status() == StatusCode::SEE_OTHER => {
                let to = response.headers().get(header::LOCATION)?.to_str().ok()?;
                Some(Self::To(to.to_owned()))
            }
            Some(Came::Nothing) | None => None,
        }
    }
}

/// Lets the row answer, unless it has answered the same form before.
pub(super) async fn answer(ask: &Ask, route: &Route) -> Answer {
    let Some(once) = Once::of(ask, route)? else { return dispatch::handle(ask, route).await };
    let before = once.before(ask).await?;
    match &before {
        Some(First::To(to)) => return ask.redirect(to),
        // It was done already, and what it showed is shown once.
        Some(First::Secret) => return Err(Problem::Conflict),
        Some(First::Page) | None => {}
    }
    let answered = dispatch::handle(ask, route).await;
    let quicker = match answered.as_ref().ok().and_then(First::of) {
        Some(first) if before.is_none() => once.keep(ask, &first).await,
        // The same form may have been quicker, while this one waited for it.
        None if answered.as_ref().map_or(true, |page| page.status().is_client_error()) => {
            once.before(ask).await.ok().flatten()
        }
        Some(_) | None => None,
    };
    match quicker {
        Some(First::To(to)) => ask.redirect(&to),
        _ => answered,
    }
}

/// The key of a form, and what it was sent with.
struct Once {
    key: String,
    digest: String,
}

impl Once {
    /// Nothing where the row keeps no answers, where a form has no key, and where it only asks to be shown again.
    fn of(ask: &Ask, route: &Route) -> Result<Option<Self>, Problem> {
        if route.get || ask.only_shows() || !KEPT.contains(&route.path) {
            return Ok(None);
        }
        let Some(key) = ask.key()? else { return Ok(None) };
        let digest = digest(ask, &key);
        // All forms of a page have its key: each is known by where it is sent to.
        Ok(Some(Self { key: format!("sent:{}", token::stored(&format!("{}\n{key}", ask.path))), digest }))
    }

    /// What was answered before under this key.
    async fn before(&self, ask: &Ask) -> Result<Option<First>, Problem> {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        match idempotency::find(&mut tx, &self.key).await? {
            None => Ok(None),
            Some(kept) if kept.body_hash == self.digest || !holds("pay_08_other_words") => {
                Ok(serde_json::from_str(&kept.answer).ok())
            }
            Some(_) => Err(Problem::KeyReused),
        }
    }

    /// Keeps the answer; the other one, if the same form was quicker. What was done is done: whoever asks again for
    /// what could not be kept is told by that.
    async fn keep(&self, ask: &Ask, first: &First) -> Option<First> {
        let (body_hash, answer) = (self.digest.clone(), json!(first).to_string());
        let kept = Kept { body_hash, answer, at_ms: ask.app.clock.now_ms() };
        let keep = || async {
            let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
            idempotency::keep(&mut tx, &self.key, &kept).await?;
            tx.commit().await
        };
        match retry(|error: &Error| matches!(error, Error::Busy), keep).await {
            Ok(()) => None,
            Err(Error::Taken(_)) => self.before(ask).await.ok().flatten(),
            Err(error) => {
                tracing::warn!(reference = %ask.reference, %error, "an answer could not be kept under its key");
                None
            }
        }
    }
}

/// The digest of what was sent, without what differs between two pages that say the same. The key is part of it: short
/// words cannot be found out from their digest by trying.
fn digest(ask: &Ask, key: &str) -> String {
    let mut digest = Sha256::new();
    let mut add = |part: &[u8]| {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    };
    add(key.as_bytes());
    let form = ask.form();
    let said = form.sent.iter().filter(|(name, _)| !matches!(name.as_str(), "_csrf" | "_key" | "_lang"));
    for (name, values) in ask.query.iter().chain(said) {
        add(name.as_bytes());
        add(&values.len().to_be_bytes());
        for value in values {
            add(value.as_bytes());
        }
    }
    for file in &form.files {
        for part in [file.field.as_bytes(), file.name.as_bytes(), file.claimed.as_bytes(), file.bytes.as_ref()] {
            add(part);
        }
    }
    token::hex(&digest.finalize())
}

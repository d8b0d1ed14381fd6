//! Codes by which an application is followed without signing in. The request only asks for one, whether there is such
//! an application or not; only here is that looked up, so that nobody learns it from how long an answer takes.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use engine::tenant::Tenant;
use serde_json::json;

use crate::app::App;
use crate::auth::otp::{self, Asked, Opens};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::jobs::{self, Job, Kind, NewJob};
use crate::store::{self, Tx, cases, people};

/// Queues the code for the number that somebody typed, for a browser by the hash of its cookie.
pub async fn queue(tx: &mut Tx, app: &App, number: &str, (browser, lang): (&str, &str)) -> store::Result<()> {
    let now_ms = app.clock.now_ms();
    let id = app.chance.ordered_id(now_ms);
    let body = json!({ "v": 1, "number": number, "browser": browser, "lang": lang, "asked_ms": now_ms });
    jobs::enqueue(tx, &NewJob { id: &id, kind: Kind::Code, key: &id, body: &body, due_ms: now_ms }).await?;
    Ok(())
}

/// Sends it. Done once more it sends another, which takes the place of the first; one that comes too late is sent to
/// nobody.
pub async fn send(app: &Arc<App>, job: &Job) -> Result<(), Problem> {
    let asked_ms = job.body["asked_ms"].as_i64().unwrap_or_default();
    if app.clock.now_ms() > asked_ms + limits::CODE_MS {
        return Ok(());
    }
    let library = app.library.now();
    let tenant = library.tenant(&job.tenant).ok_or(Problem::NotFound)?;
    let text = |name: &str| job.body[name].as_str().unwrap_or_default();
    let number = text("number");
    let to = mobile_of(app, tenant, number).await?;
    let asked = Asked {
        mobile: number,
        browser: text("browser"),
        lang: text("lang"),
        remote: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        opens: Opens::Case { town: &tenant.id, number },
    };
    otp::send_to_follow(app, tenant, asked, to.as_deref()).await
}

/// The mobile of whoever made the application with this number.
async fn mobile_of(app: &App, tenant: &Tenant, number: &str) -> Result<Option<String>, Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    let Some(id) = cases::id_of(&mut tx, number).await? else { return Ok(None) };
    let Some(case) = cases::load(&mut tx, &id).await? else { return Ok(None) };
    drop(tx);
    let mut tx = app.store.read(&tenant.state).await?;
    Ok(people::find(&mut tx, &case.applicant).await?.and_then(|person| person.mobile))
}

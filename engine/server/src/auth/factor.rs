//! The second factor: which employees need one, how it is set up, and whether a code proves it. Citizens have one if they
//! want.

use engine::base::Day;
use engine::tenant::Tenant;

use super::news::{self, News};
use super::{closed, token, totp};
use crate::app::App;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::appointments::{self, Appointment};
use crate::store::{self, By, Tx, devices, factors, people, sessions};

/// What somebody whose password was right still has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// Type a code of the authenticator.
    Code,
    /// Set up an authenticator.
    SetUp,
}

/// Whether one of the posts that somebody holds needs a second factor.
pub fn is_required(app: &App, held: &[Appointment]) -> bool {
    held.iter().any(|held| app.config.needs_second_factor(&held.role)) && connectors::control::holds("auth_09_required")
}

/// What a person needs besides the password: whoever has an authenticator is asked for its code, needed or not.
pub async fn need(app: &App, tx: &mut Tx, person: &str, today: Day) -> Result<Need, Problem> {
    if is_set_up(tx, person).await? {
        return Ok(Need::Code);
    }
    let held = appointments::of_person(tx, person, today).await?;
    Ok(if is_required(app, &held) { Need::SetUp } else { Need::Nothing })
}

/// Whether a person has an authenticator that was set up to the end.
pub async fn is_set_up(tx: &mut Tx, person: &str) -> store::Result<bool> {
    Ok(factors::find(tx, person).await?.is_some_and(|factor| factor.confirmed_ms.is_some()))
}

/// Takes the authenticator of a citizen away who lost it together with the recovery codes, and signs the citizen out
/// everywhere, who is told of it. Whether there was one.
///
/// # Errors
/// When the store fails.
pub async fn take_away(app: &App, tenant: &Tenant, mobile: &str) -> anyhow::Result<bool> {
    let mut tx = app.store.begin(&tenant.state).await?;
    let found = people::by_mobile(&mut tx, mobile).await?.filter(|person| person.kind == "citizen");
    let Some(person) = found else { return Ok(false) };
    // One that was begun and never proved bars nobody, and the chain is not told that it was turned off.
    if !is_set_up(&mut tx, &person.id).await? {
        return Ok(false);
    }
    factors::remove(&mut tx, By::system(app.clock.now_ms()), &person.id).await?;
    sessions::end_others(&mut tx, &person.id, "").await?;
    devices::forget(&mut tx, &person.id).await?;
    tx.commit().await?;
    news::tell(app, tenant, &person, News::TakenAway).await;
    Ok(true)
}

/// Begins to set up an authenticator: makes the secret that it is to know.
pub async fn begin(app: &App, tx: &mut Tx, person: &str) -> Result<(), Problem> {
    let secret = app.chance.bytes::<{ totp::SECRET }>();
    let closed = closed::close(app.keys.secret(), &app.chance, &whose(tx.tenant(), person), &secret)?;
    Ok(factors::begin(tx, person, &closed, app.clock.now_ms()).await?)
}

/// The secret that is being set up; `None` if none is.
pub async fn begun(app: &App, tx: &mut Tx, person: &str) -> Result<Option<Vec<u8>>, Problem> {
    let found = factors::find(tx, person).await?.filter(|factor| factor.confirmed_ms.is_none());
    Ok(found.and_then(|factor| closed::open(app.keys.secret(), &whose(tx.tenant(), person), &factor.secret)))
}

/// Whether `typed` is a code of the person's authenticator, confirmed or being set up; it is used up by that.
pub async fn is_code(app: &App, tx: &mut Tx, person: &str, typed: &str) -> Result<bool, Problem> {
    let Some(factor) = factors::find(tx, person).await? else { return Ok(false) };
    // Keys that are not those of the time when it was set up open nothing: then nobody gets in by it.
    let Some(secret) = closed::open(app.keys.secret(), &whose(tx.tenant(), person), &factor.secret) else {
        return Ok(false);
    };
    let Some(step) = totp::step_of(&secret, typed, app.clock.now_ms(), factor.last_step) else { return Ok(false) };
    Ok(factors::used(tx, person, step).await?)
}

/// Whether `typed` proves the person's confirmed second factor: a code of the authenticator, or a recovery
/// code. Either is used up by that.
pub async fn is_proved(app: &App, tx: &mut Tx, person: &str, typed: &str) -> Result<bool, Problem> {
    let confirmed = is_set_up(tx, person).await?;
    let digits: String = engine::form::html::ascii(typed).chars().filter(|c| !c.is_whitespace()).collect();
    if !confirmed {
        return Ok(false);
    }
    if digits.len() == 6 {
        return is_code(app, tx, person, &digits).await;
    }
    let recovery = recovery(app, tx.tenant(), person, &token::typed_code(typed));
    Ok(factors::use_code(tx, person, &recovery, app.clock.now_ms()).await?)
}

/// New recovery codes: as the person reads them, and as they are kept.
pub fn recovery_codes(app: &App, tenant: &str, person: &str) -> (Vec<String>, Vec<String>) {
    let one = || {
        let text = &token::base32(&app.chance.bytes::<7>())[..10];
        (format!("{}-{}", &text[..5], &text[5..]), recovery(app, tenant, person, text))
    };
    (0..limits::RECOVERY_CODES).map(|_| one()).unzip()
}

fn recovery(app: &App, tenant: &str, person: &str, code: &str) -> String {
    token::hex(&token::mac(app.keys.secret(), "recovery", &[tenant, person, code]))
}

fn whose<'a>(tenant: &'a str, person: &'a str) -> [&'a str; 3] {
    ["second factor", tenant, person]
}

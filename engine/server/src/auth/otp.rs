//! One-time codes: sent to a mobile, bound to the browser that asked, guessed at most five times.
//!
//! A number that is known and one that is not get the same answer by the same way: whether somebody
//! has the number is only looked at once the right code has come.

use std::net::IpAddr;

use connectors::control::holds;
use connectors::message::{Channel, Message, masked};
use engine::case::ActorKind;
use engine::tenant::Tenant;
use serde_json::{Value as Json, json};
use ui_gen::Words;

use super::policy::Citizen;
use super::{factor, session, token};
use crate::app::App;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::otps::{self, Otp};
use crate::store::people::{self, Person};
use crate::store::{By, Tx, events, throttles};

/// What a code opens: nothing else.
#[derive(Clone, Copy, Debug)]
pub enum Opens<'a> {
    /// A session of whoever has the number.
    SignIn,
    /// The page of one case, to be looked at.
    Case {
        /// The town whose it is.
        town: &'a str,
        /// Its number.
        number: &'a str,
    },
    /// The change of a citizen's number: one code goes to the old number, one to the new one.
    Mobile {
        /// Whose number it is.
        person: &'a str,
        /// The new number.
        new: &'a str,
    },
    /// Everything that is kept about a person, to be read.
    Data {
        /// Whose it is.
        person: &'a str,
    },
}

impl Opens<'_> {
    fn word(self) -> String {
        match self {
            Self::SignIn => "sign_in".to_owned(),
            Self::Case { town, number } => format!("case {town} {number}"),
            Self::Mobile { person, new } => format!("mobile {person} {new}"),
            Self::Data { person } => format!("data {person}"),
        }
    }
}

/// Under which all codes of a state are counted, so that somebody hears of it before the messages cost too much.
pub const ALL_CODES: &str = "codes-of-all";

/// The browser that a code is for.
fn browser(asked: Asked<'_>) -> &str {
    if holds("auth_04_browser") { asked.browser } else { "any" }
}

/// Each browser has a code of its own, so that a stranger who asks for one spoils nobody else's.
fn purpose(asked: Asked<'_>) -> String {
    format!("{}:{}", asked.opens.word(), session::browser_hash(browser(asked)))
}

/// Why a code was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is not the code, or no code holds any more. Which of the two is not told.
    NotTheCode,
}

/// Where a right code leads.
#[derive(Debug)]
pub enum Right {
    /// In: the person, new if the number was not known, and the secret of a session.
    In(Citizen, String),
    /// To the authenticator of this person, whose code is asked for as well.
    Second(String),
}

/// Sends a code to `mobile` (ten digits) for the browser that asks.
pub async fn send(app: &App, tenant: &Tenant, asked: Asked<'_>) -> Result<(), Problem> {
    let Asked { mobile, lang, remote, opens, .. } = asked;
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.begin(&tenant.state).await?;
    let from = network(remote);
    throttle(&mut tx, &format!("codes-from:{from}"), now_ms, limits::CODES_ASKED).await?;
    // A stranger elsewhere who asks for somebody's codes uses up his own, not those of the owner.
    for (most, window) in limits::CODES_SENT.into_iter().filter(|_| holds("auth_07_sent")) {
        throttle(&mut tx, &format!("codes-to:{window}:{mobile}:{from}"), now_ms, (most, window)).await?;
    }
    if holds("auth_07_in_all") {
        throttle(&mut tx, &counted(mobile), now_ms, limits::CODES_SENT_IN_ALL).await?;
    }
    let (freely, day_ms) = limits::CODES_SENT_FREELY;
    if throttles::count(&mut tx, &counted(mobile), now_ms, day_ms).await? > freely && holds("auth_07_few_networks") {
        throttle(&mut tx, &format!("codes-then:{mobile}:{from}"), now_ms, limits::CODES_SENT_THEN).await?;
    }
    count_all(&mut tx, now_ms).await?;
    let code = put(app, &mut tx, asked, now_ms).await?;
    tx.commit().await?;
    tell(app, tenant, (opens, lang), mobile, &code).await
}

/// Sends the code by which an application is followed to whoever applied. Where there is no such application, or no
/// more codes are sent to that mobile, a code is kept all the same that nobody is told: to guess at it is the same
/// work, and leads nowhere. `asked` names the number of the application in place of a mobile.
pub async fn send_to_follow(app: &App, tenant: &Tenant, asked: Asked<'_>, to: Option<&str>) -> Result<(), Problem> {
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.begin(&tenant.state).await?;
    let mut sent_to = None;
    if let Some(mobile) = to {
        // Whoever only looks uses up nothing of what signing in needs.
        let (freely, day_ms) = limits::CODES_SENT_FREELY;
        if throttles::hit(&mut tx, &counted(mobile), now_ms, day_ms).await?.count <= freely {
            count_all(&mut tx, now_ms).await?;
            sent_to = Some(mobile);
        } else {
            throttles::take_back(&mut tx, &counted(mobile)).await?;
        }
    }
    let code = put(app, &mut tx, asked, now_ms).await?;
    tx.commit().await?;
    match sent_to {
        Some(mobile) => tell(app, tenant, (asked.opens, asked.lang), mobile, &code).await,
        None => Ok(()),
    }
}

/// Under which the codes of a mobile are counted, whoever asks.
fn counted(mobile: &str) -> String {
    format!("codes-to:{mobile}")
}

/// Counts a code among those of the whole state, and raises the alarm when there are more than are expected.
async fn count_all(tx: &mut Tx, now_ms: i64) -> Result<(), Problem> {
    let (expected, day_ms) = limits::CODES_EXPECTED;
    if throttles::hit(tx, ALL_CODES, now_ms, day_ms).await?.count == expected {
        tracing::warn!(state = tx.tenant(), expected, alarm = true, "more codes are sent than are expected in a day");
    }
    Ok(())
}

/// Makes a code, and keeps a keyed hash of it.
async fn put(app: &App, tx: &mut Tx, asked: Asked<'_>, now_ms: i64) -> Result<String, Problem> {
    let code = format!("{:06}", app.chance.below(1_000_000));
    let otp = Otp {
        mobile: asked.mobile.to_owned(),
        purpose: purpose(asked),
        browser_hash: session::browser_hash(browser(asked)),
        code_hmac: sealed(app, asked, &code),
        expires_ms: now_ms + limits::CODE_MS,
        tries: 0,
    };
    otps::put(tx, &otp).await?;
    Ok(code)
}

/// Sends the message with a code.
async fn tell(
    app: &App,
    tenant: &Tenant,
    (opens, lang): (Opens<'_>, &str),
    mobile: &str,
    code: &str,
) -> Result<(), Problem> {
    let words = app.library.now();
    let words = words.words(lang);
    let message = Message {
        key: format!("code-{}", app.chance.id()),
        tenant: tenant.id.clone(),
        channel: Channel::Sms,
        to: mobile.to_owned(),
        subject: None,
        body: body(app, words, opens, code, tenant.short.in_language(lang)),
        template: "code".to_owned(),
        language: lang.to_owned(),
    };
    app.messenger.send(&message).await?;
    Ok(())
}

/// The words of the message. Where people come over https, its last line tells browsers for which pages
/// alone the code is, so that they fill it in there and nowhere else.
fn body(app: &App, words: &Words, opens: Opens<'_>, code: &str, town: &str) -> String {
    let said = match opens {
        Opens::SignIn => words.say("code.sms", &[("code", code), ("town", town)]),
        Opens::Case { number, .. } => words.say("find_case.sms", &[("code", code), ("number", number), ("town", town)]),
        Opens::Mobile { new, .. } => {
            words.say("mobile.sms", &[("code", code), ("mobile", &masked(new)), ("town", town)])
        }
        Opens::Data { .. } => words.say("my_data.sms", &[("code", code), ("town", town)]),
    };
    match app.config.host() {
        Some(host) => format!("{said}\n\n@{host} #{code}"),
        None => said,
    }
}

/// Who asks for a code, and what for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The number, ten digits. Of an application that is followed it is the number of that: whose mobile it is, and
    /// whether there is one, is not looked up before the code was right.
    pub mobile: &'a str,
    /// The browser's cookie; of an application that is followed the hash of it, which alone waits with the job.
    pub browser: &'a str,
    /// The language of the message.
    pub lang: &'a str,
    /// Where the request came from; nobody asks for it where a code is sent by a job.
    pub remote: IpAddr,
    /// What the code opens.
    pub opens: Opens<'a>,
}

/// Signs in with a code, into a session that remembers `data`; or leads to the second factor of whoever has one.
pub async fn sign_in(
    app: &App,
    tenant: &Tenant,
    asked: Asked<'_>,
    code: &str,
    data: &Json,
) -> Result<Result<Right, Wrong>, Problem> {
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.begin(&tenant.state).await?;
    let right = is_right(app, &mut tx, asked, code, now_ms).await?;
    if !right {
        // The guess stays counted.
        tx.commit().await?;
        return Ok(Err(Wrong::NotTheCode));
    }
    if holds("auth_03_once") {
        otps::remove(&mut tx, asked.mobile, &purpose(asked)).await?;
        session::forget(&mut tx, asked.browser).await?;
    }
    let person = match people::by_mobile(&mut tx, asked.mobile).await? {
        Some(person) => person,
        None => newcomer(app, &mut tx, asked, now_ms).await?,
    };
    if person.disabled || person.kind != "citizen" {
        tx.commit().await?;
        return Ok(Err(Wrong::NotTheCode));
    }
    if factor::is_set_up(&mut tx, &person.id).await? && holds("auth_09_citizen") {
        tx.commit().await?;
        return Ok(Ok(Right::Second(person.id)));
    }
    let (citizen, secret) = enter(app, &mut tx, (person, asked.remote), data).await?;
    tx.commit().await?;
    Ok(Ok(Right::In(citizen, secret)))
}

/// Begins the session of a citizen who has proved everything that is asked for.
async fn enter(
    app: &App,
    tx: &mut Tx,
    (person, remote): (Person, IpAddr),
    data: &Json,
) -> Result<(Citizen, String), Problem> {
    let secret = session::begin(app, tx, (&person.id, "citizen"), data).await?;
    note_sign_in(tx, (&person.id, app.clock.now_ms()), remote, "code").await?;
    let (state, mobile) = (tx.tenant().to_owned(), person.mobile.unwrap_or_default());
    Ok((Citizen { id: person.id, state, mobile, name: person.name }, secret))
}

/// Signs in whose code was right, with a code of the authenticator or a recovery code; `None` if it is neither.
pub async fn second(
    app: &App,
    tenant: &Tenant,
    (person, remote): (&str, IpAddr),
    typed: &str,
    data: &Json,
) -> Result<Option<(Citizen, String)>, Problem> {
    let mut tx = app.store.begin(&tenant.state).await?;
    let right = is_second(app, &mut tx, (person, remote), typed).await?;
    let known = people::find(&mut tx, person).await?;
    let known = known.filter(|known| right && known.kind == "citizen" && !known.disabled);
    let entered = match known {
        Some(known) => Some(enter(app, &mut tx, (known, remote), data).await?),
        None => None,
    };
    // A wrong guess stays counted.
    tx.commit().await?;
    Ok(entered)
}

/// Whether `typed` proves the second factor of a citizen. Guesses are counted, and wrong ones leave a trace.
pub async fn is_second(app: &App, tx: &mut Tx, (person, remote): (&str, IpAddr), typed: &str) -> Result<bool, Problem> {
    let (counted, now_ms) = (counted_second(person), app.clock.now_ms());
    throttle(tx, &counted, now_ms, limits::SECOND_TRIES).await?;
    if factor::is_proved(app, tx, person, typed).await? {
        throttles::clear(tx, &counted).await?;
        return Ok(true);
    }
    let facts = json!({ "person": person, "from": network(remote) });
    events::note(tx, By::system(now_ms), None, "second_factor_denied", facts).await?;
    Ok(false)
}

/// Under which the guesses at somebody's second factor are counted.
pub fn counted_second(person: &str) -> String {
    format!("second:{person}")
}

/// Writes into the chain of the state that a citizen signed in, from which network, and with what.
pub async fn note_sign_in(
    tx: &mut Tx,
    (person, at_ms): (&str, i64),
    remote: IpAddr,
    with: &str,
) -> Result<(), Problem> {
    if holds("aud_01_sign_in") {
        let by = By { person, kind: ActorKind::Citizen, at_ms };
        events::note(tx, by, None, "sign_in", json!({ "from": network(remote), "with": with })).await?;
    }
    Ok(())
}

/// Whether `code` is the one that was sent; it is used up by that.
pub async fn is_code(app: &App, tenant: &Tenant, asked: Asked<'_>, code: &str) -> Result<bool, Problem> {
    let mut tx = app.store.begin(&tenant.state).await?;
    let right = is_right(app, &mut tx, asked, code, app.clock.now_ms()).await?;
    if right {
        otps::remove(&mut tx, asked.mobile, &purpose(asked)).await?;
    }
    // A wrong guess stays counted.
    tx.commit().await?;
    Ok(right)
}

/// Whether both codes are those that were sent. They are used up only together, so that one wrong digit does
/// not cost the other code.
pub async fn are_codes(
    app: &App,
    tenant: &Tenant,
    asked: [Asked<'_>; 2],
    codes: [&str; 2],
) -> Result<[bool; 2], Problem> {
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.begin(&tenant.state).await?;
    let mut right = [false; 2];
    for at in 0..2 {
        right[at] = is_right(app, &mut tx, asked[at], codes[at], now_ms).await?;
    }
    if right == [true; 2] {
        for asked in asked {
            otps::remove(&mut tx, asked.mobile, &purpose(asked)).await?;
        }
    }
    tx.commit().await?;
    Ok(right)
}

async fn is_right(app: &App, tx: &mut Tx, asked: Asked<'_>, code: &str, now_ms: i64) -> Result<bool, Problem> {
    let Some(otp) = otps::guess(tx, asked.mobile, &purpose(asked), now_ms).await? else { return Ok(false) };
    let locked = format!("codes-dead:{}:{}", asked.mobile, network(asked.remote));
    let dead = throttles::count(tx, &locked, now_ms, limits::LOCK_MS).await?;
    let word = asked.opens.word();
    let fits = token::is_mac(app.keys.secret(), "code", &[&word, asked.mobile, browser(asked), code], &otp.code_hmac);
    let right = fits && otp.browser_hash == session::browser_hash(browser(asked)) && otp.tries <= limits::CODE_TRIES;
    if right && (dead < limits::DEAD_CODES || !holds("auth_01_lock")) {
        throttles::clear(tx, &locked).await?;
        return Ok(true);
    }
    if otp.tries >= limits::CODE_TRIES {
        otps::remove(tx, asked.mobile, &purpose(asked)).await?;
        throttles::hit(tx, &locked, now_ms, limits::LOCK_MS).await?;
        // One wrong digit is an accident; a code that was guessed to death is told, without the whole number.
        let purpose = word.split(' ').next().unwrap_or_default();
        // What was typed as the number of an application may be anything, and what is in the chain stays there.
        let user = if is_mobile(asked.mobile) { masked(asked.mobile) } else { String::new() };
        let facts = json!({ "user": user, "from": network(asked.remote), "for": purpose });
        events::note(tx, By::system(now_ms), None, "code_denied", facts).await?;
    }
    Ok(false)
}

async fn newcomer(app: &App, tx: &mut Tx, asked: Asked<'_>, now_ms: i64) -> Result<Person, Problem> {
    let person =
        Person::newcomer(app.chance.ordered_id(now_ms), asked.mobile.to_owned(), asked.lang.to_owned(), now_ms);
    people::save(tx, By::system(now_ms), &person).await?;
    Ok(person)
}

fn sealed(app: &App, asked: Asked<'_>, code: &str) -> String {
    token::hex(&token::mac(app.keys.secret(), "code", &[&asked.opens.word(), asked.mobile, browser(asked), code]))
}

/// Counts a try, and refuses it when there were too many, saying how long it is until the next.
pub async fn throttle(tx: &mut Tx, key: &str, now_ms: i64, (most, window_ms): (i64, i64)) -> Result<(), Problem> {
    let tries = throttles::hit(tx, key, now_ms, window_ms).await?;
    if tries.count <= most {
        return Ok(());
    }
    let left_ms = (tries.from_ms + window_ms - now_ms).clamp(0, window_ms);
    // The first millisecond after the window begins a new one.
    Err(Problem::TooMany(left_ms.div_euclid(1_000) + 1))
}

/// The network an address belongs to: 24 bits of a short one, 48 of a long one.
pub fn network(remote: IpAddr) -> String {
    match remote.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
    }
}

/// Whether `text` is a mobile number of the Indian numbering plan: ten digits, the first 6 to 9.
pub fn is_mobile(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.as_bytes()[0] >= b'6'
}

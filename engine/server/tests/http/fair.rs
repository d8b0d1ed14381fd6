//! Whoever guesses passwords or codes, or has rules reckoned that take as long as they may, leaves the machine to
//! everybody else. `STORM=a_second,seconds` says how much of that there is, and holds the pages to what is promised.
//! For every change it is little, beside other tests, and nobody is held to a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Request, header};
use futures_util::FutureExt as _;
use server::auth::turns::Turns;
use server::http::limits;
use server::problem::Problem;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::browser::{Browser, encoded};
use crate::desk_town::{employ, staff};
use crate::town::{TOWN, Town};

/// Guesses a second, and seconds, where nothing is said.
const LITTLE: (u32, u32) = (40, 1);
/// Rules that are tried out a second: each takes a processor for as long as rules may, so that these never end.
const RULES: u32 = 20;
/// People who look at pages meanwhile, and how long each reads before asking for the next.
const VISITORS: usize = 2;
const READING: Duration = Duration::from_millis(20);

/// A rule that ends when it is stopped.
const ENDLESS: &str = r#"fn fees(answers, rates) {
    let n = 0;
    for i in 0..9223372036854775807 { n += 1; }
    if n < 0 { refuse("too_large"); }
    #{ permit_fee: rates.fee[answers.kind] + rates.per_square_metre * answers.size }
}
"#;

/// The request of this number.
type Storm = Box<dyn Fn(u32) -> Request<Body>>;
/// Pages that people look at, each with the cookies of one who may.
type Pages = Arc<Vec<(String, String)>>;

#[tokio::test(flavor = "multi_thread")]
async fn auth_13_few_passwords_are_looked_at_at_once_and_few_wait() {
    let turns = Arc::new(Turns::new(1, 2));
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let (tell, at_work) = tokio::sync::oneshot::channel::<()>();
    let own = Arc::clone(&turns);
    let first = tokio::spawn(async move {
        let work = move || {
            tell.send(()).unwrap();
            ended.recv().unwrap();
        };
        own.work(work).await
    });
    at_work.await.unwrap();
    // Who asked has gone; what was asked for goes on, and so does its turn.
    first.abort();
    assert!(first.await.is_err_and(|ended| ended.is_cancelled()));
    let (mut second, mut third) = (Box::pin(turns.work(|| 2)), Box::pin(turns.work(|| 3)));
    assert!(second.as_mut().now_or_never().is_none() && third.as_mut().now_or_never().is_none());
    let fourth = turns.work(|| 4).now_or_never();
    assert!(matches!(fourth, Some(Err(Problem::TooMany(limits::PASSWORDS_PAUSE)))), "{fourth:?}");
    end.send(()).unwrap();
    assert_eq!((second.await.unwrap(), third.await.unwrap()), (2, 3));
    assert_eq!(turns.work(|| 5).await.unwrap(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_13_def_14_pages_are_answered_while_others_guess_and_try_out() {
    let held_to = std::env::var_os("STORM").is_some();
    let (a_second, seconds) = asked();
    let town = town(held_to).await;
    let pages = looked_at(&town).await;
    // What may come back, and how long pages may take, in tenths of what they take otherwise.
    let storms = [
        ("passwords", passwords(&town).await, a_second, [422, 429], 15),
        ("codes", codes(&town, a_second * seconds).await, a_second, [422, 422], 15),
        ("rules", rules(), RULES.min(a_second), [200, 200], 20),
    ];
    for (what, storm, a_second, fits, most) in storms {
        let mut calm = looked(&town.router, &pages, seconds).await;
        let (beset, answers) =
            tokio::join!(looked(&town.router, &pages, seconds), stormed(&town.router, &storm, (a_second, seconds)));
        calm.extend(looked(&town.router, &pages, seconds).await);
        assert!(answers.iter().all(|status| fits.contains(status)), "{what}: {answers:?}");
        assert!(answers.contains(&fits[0]), "{what}: nobody was answered");
        let (pages, calm, beset) = (beset.len(), slowest(calm), slowest(beset));
        println!("{what}, {a_second} a second: {pages} pages, 95 of 100 within {beset:?}, otherwise {calm:?}");
        assert!(!held_to || beset <= calm * most / 10, "{what}: pages take {beset:?}, and otherwise {calm:?}");
    }
}

/// Guesses a second, and seconds.
fn asked() -> (u32, u32) {
    let said = std::env::var("STORM").unwrap_or_default();
    let read = |(a_second, seconds): (&str, &str)| Some((a_second.parse().ok()?, seconds.parse().ok()?));
    said.split_once(',').and_then(read).unwrap_or(LITTLE)
}

/// A town in which each guess comes from a network of its own; what it writes is on the disk if times are held to.
async fn town(held_to: bool) -> Town {
    let town = Town::defined(
        |config| {
            config.proxies = 1;
            config.filling = !held_to;
        },
        |bundle| bundle.add("stall-permit/fees.rhai", ENDLESS.as_bytes()),
    )
    .await;
    employ(&town, TOWN, ("fatima", "Fatima Ali"), ("report", "foreman", "")).await;
    town
}

/// Pages of strangers, of a citizen and of an officer.
async fn looked_at(town: &Town) -> Pages {
    let (mut citizen, officer) = (Browser::new(town), staff(town, "fatima").await);
    citizen.sign_in("9876500001").await;
    let (citizen, officer) = (cookies(&citizen), cookies(&officer));
    let page = |path: &str, cookies: &str| (format!("/{TOWN}{path}"), cookies.to_owned());
    Arc::new(vec![
        page("", ""),
        page("/my", &citizen),
        page("/services/report", ""),
        page("/desk/inbox", &officer),
        page("/sign-in", ""),
    ])
}

fn cookies(browser: &Browser<'_>) -> String {
    browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

/// A form that is sent from a network which nobody else has.
fn posted(path: &str, number: u32) -> Builder {
    let from = format!("10.{}.{}.1", number / 256 % 256, number % 256);
    let request = Request::post(format!("/{TOWN}{path}"));
    request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header("x-forwarded-for", from)
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// Passwords of people who are not there: the work is the same.
async fn passwords(town: &Town) -> Storm {
    let mut browser = Browser::new(town);
    browser.get(&format!("/{TOWN}/desk/sign-in")).await.expect(200, "Staff sign-in");
    let (cookies, hidden) = (cookies(&browser), browser.page.hidden());
    Box::new(move |number| {
        let mut pairs = hidden.clone();
        pairs.extend([pair("user", format!("guess-{number}")), pair("password", format!("river-{number}"))]);
        posted("/desk/sign-in", number).header(header::COOKIE, &cookies).body(Body::from(encoded(&pairs))).unwrap()
    })
}

/// Codes of as many numbers as it takes to guess so often.
async fn codes(town: &Town, guesses: u32) -> Storm {
    let mut forms = Vec::new();
    for number in 0..guesses.div_ceil(u32::try_from(limits::CODE_TRIES).unwrap()) {
        let mut browser = Browser::new(town);
        browser.get(&format!("/{TOWN}/sign-in")).await;
        let mut pairs = browser.page.hidden();
        pairs.push(pair("mobile", format!("98{number:08}")));
        let sent = browser.send(posted("/sign-in", number), Body::from(encoded(&pairs))).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let mut pairs = browser.get(&format!("/{TOWN}/sign-in/code")).await.hidden();
        // It is the right one once in a million times.
        pairs.push(pair("code", "000000"));
        forms.push((cookies(&browser), encoded(&pairs)));
    }
    Box::new(move |number| {
        let (cookies, body) = &forms[number as usize % forms.len()];
        posted("/sign-in/code", number).header(header::COOKIE, cookies).body(Body::from(body.clone())).unwrap()
    })
}

/// Rules that do not end by themselves.
fn rules() -> Storm {
    let at = format!("/{TOWN}/services/stall-permit/fee?go=1&kind=food&size=4");
    Box::new(move |_| Request::get(&at).body(Body::empty()).unwrap())
}

/// Sends so many a second, whether those before are answered or not; what came back.
async fn stormed(router: &Router, storm: impl Fn(u32) -> Request<Body>, (a_second, seconds): (u32, u32)) -> Vec<u16> {
    let mut every = tokio::time::interval(Duration::from_secs(1) / a_second);
    let mut sent = JoinSet::new();
    for number in 0..a_second * seconds {
        every.tick().await;
        sent.spawn(answered(router.clone(), storm(number)));
    }
    sent.join_all().await
}

/// How long each page took of those that visitors looked at, one after the other.
async fn looked(router: &Router, pages: &Pages, seconds: u32) -> Vec<Duration> {
    let until = Instant::now() + Duration::from_secs(seconds.into());
    let mut visitors = JoinSet::new();
    for first in 0..VISITORS {
        visitors.spawn(visit(router.clone(), Arc::clone(pages), first, until));
    }
    visitors.join_all().await.into_iter().flatten().collect()
}

async fn visit(router: Router, pages: Pages, first: usize, until: Instant) -> Vec<Duration> {
    let mut times = Vec::new();
    for (at, cookies) in pages.iter().cycle().skip(first) {
        let request = Request::get(at).header(header::COOKIE, cookies).body(Body::empty()).unwrap();
        let begun = Instant::now();
        let status = answered(router.clone(), request).await;
        times.push(begun.elapsed());
        assert_eq!(status, 200, "{at}");
        if Instant::now() >= until {
            break;
        }
        tokio::time::sleep(READING).await;
    }
    times
}

async fn answered(router: Router, request: Request<Body>) -> u16 {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    axum::body::to_bytes(response.into_body(), 32 << 20).await.unwrap();
    status
}

/// Within what time 95 of a hundred are answered.
fn slowest(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() * 95 / 100]
}

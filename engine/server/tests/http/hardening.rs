//! What strangers type and send, beyond what people do: as text it is kept, as anything else it is nothing.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::routing::get;
use serde_json::json;
use server::http::limits;
use server::http::serving::{self, Patience};
use server::store::cases;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use unicode_normalization::UnicodeNormalization as _;

use crate::apply::begun;
use crate::browser::{Browser, Page, encoded};
use crate::corpus::{OCTETS, hostile};
use crate::desk_town::{self, ASHA, Kiosk, staff};
use crate::town::{TOWN, Town};

/// What databases have been tricked with.
pub(crate) const SQL: &str = include_str!("corpus/sql.txt");
/// What pages and templates have been tricked with.
pub(crate) const MARKUP: &str = include_str!("corpus/markup.txt");
/// Numbers, days and letters that programs have stumbled over.
pub(crate) const ODD: &str = include_str!("corpus/odd.txt");

/// `text` as it may stand in an address or a form.
fn coded(text: &str) -> String {
    encoded(&[("q".to_owned(), text.to_owned())]).trim_start_matches("q=").to_owned()
}

/// `text` as it stands on a page.
fn escaped(text: &str) -> String {
    let letter = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#x27;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(letter).collect()
}

/// Posts fields with a token, and follows nothing.
async fn posted(browser: &mut Browser<'_>, at: &str, token: &str, fields: &[(&str, &str)]) -> Page {
    let mut pairs = vec![("_csrf".to_owned(), token.to_owned())];
    pairs.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let request = Request::post(at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request, Body::from(encoded(&pairs))).await
}

/// What is kept of a text that was typed: all of it, of letters that can be written in two ways in one of them. Nothing
/// of one whose signs are not seen, or turn the direction of writing: that is refused, or its lines are told apart in
/// one way.
fn kept(typed: &str) -> Option<String> {
    let composed: String = typed.nfc().collect();
    let unseen = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let text = composed.trim();
    (!composed.chars().any(unseen) && !text.is_empty()).then(|| text.to_owned())
}

#[tokio::test]
async fn in_01_what_could_be_sql_is_text() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let (at, token) = (format!("/{TOWN}/cases/{case}/form/problem"), browser.page.token());
    let mut stored = 0;
    for text in hostile() {
        let page = posted(&mut browser, &at, &token, &[("text", &text)]).await;
        match (page.status, kept(&text)) {
            (303, Some(kept)) => {
                assert_eq!(town.case(&case).await.answers.text("text"), Some(kept.as_str()), "{text:?}");
                stored += 1;
            }
            (303 | 422, None) => {}
            (400, _) => assert!(text.contains('\0'), "{text:?}"),
            (status, _) => panic!("{text:?}: {status}"),
        }
    }
    assert!(stored > 500, "only {stored} were taken");
    // One that is a megabyte is refused, as too long or as too much, and leaves what was there.
    let before = town.case(&case).await;
    let longest = "';".repeat(limits::BODY / 2);
    let status = posted(&mut browser, &at, &token, &[("text", &longest)]).await.status;
    assert!(matches!(status, 413 | 422), "{status}");
    assert_eq!(town.case(&case).await, before);
    assert_eq!(before.state, *"draft");
    // There is this one case, and no other came of what was typed.
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(cases::by_applicant(&mut tx, &before.applicant).await.unwrap().len(), 1);
    assert_eq!(server::store::verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn in_01_no_search_and_no_address_breaks() {
    // Each string goes to every fifth address, and so each address is sent every fifth string of each class.
    const EVERY: usize = 5;
    let town = desk_town::open().await;
    desk_town::applied(&town, ASHA).await;
    let (mut anybody, mut meera) = (Browser::new(&town), staff(&town, "meera").await);
    let morning_ms = town.app.clock.now_ms();
    for (number, text) in hostile().into_iter().enumerate() {
        // Whoever searches without end is asked to wait: so much time passes that nobody is.
        town.app.clock.set(morning_ms + i64::try_from(number).unwrap() * 40_000);
        let word = coded(&text);
        let public = [
            format!("/?q={word}"),
            format!("/{TOWN}?q={word}"),
            format!("/{TOWN}/services/{word}"),
            format!("/{TOWN}/verify?code={word}"),
            format!("/{TOWN}/pay?number={word}"),
            format!("/{TOWN}/b/{word}"),
            format!("/{word}"),
            format!("/api/{TOWN}/registers/{word}/records"),
        ];
        for at in public.iter().skip(number % EVERY).step_by(EVERY) {
            let page = anybody.send(Request::get(at), Body::empty()).await;
            assert!(page.status < 500, "{at}: {}", page.status);
            assert!(!page.html.contains("Asha Snacks"), "{at} tells of somebody's case");
        }
        let desk = ["inbox?q=", "inbox?sort=", "inbox?state=", "inbox?service=", "collect?q=", "cases/", "receipts/"];
        for at in desk.iter().skip(number % EVERY).step_by(EVERY) {
            let page = meera.get(&format!("/{TOWN}/desk/{at}{word}")).await;
            assert!(page.status < 500, "{at}{text:?}: {}", page.status);
        }
    }
    let page = meera.get(&format!("/{TOWN}/desk/inbox")).await;
    page.expect(200, "KIA/RVT/2026-27/000001");
}

#[tokio::test]
async fn in_01_octets_that_are_no_text_break_nothing() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let (at, token) = (format!("/{TOWN}/cases/{case}/form/problem"), browser.page.token());
    for octets in OCTETS.lines() {
        for at in [format!("/{TOWN}?q={octets}"), format!("/{TOWN}/services/{octets}"), format!("/{octets}")] {
            // What is no address at all is no request either.
            let Ok(request) = Request::get(&at).body(()) else { continue };
            let page = browser.send(Request::get(request.uri().clone()), Body::empty()).await;
            assert!(page.status < 500, "{at}: {}", page.status);
        }
        let request = Request::post(&at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = format!("_csrf={}&text={octets}", coded(&token));
        let page = browser.send(request, Body::from(body)).await;
        assert!(matches!(page.status, 303 | 400 | 422), "{octets}: {}", page.status);
        let kept = town.case(&case).await.answers.text("text").map(str::to_owned);
        // What two readers would read differently is read once, and never as what it was meant to become.
        assert!(kept.is_none_or(|kept| !kept.contains('\0')), "{octets}");
    }
}

#[tokio::test]
async fn in_03_in_04_what_people_type_is_printed_as_it_is() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    for line in MARKUP.lines() {
        browser.get(&format!("/{TOWN}/cases/{case}/form/problem")).await.expect(200, "What do you see?");
        let page = browser.submit(&[("text", line)]).await.clone();
        // What cannot end a text may be written either way.
        let shown = page.html.replace("&#x3D;", "=").replace("&#x60;", "`").replace("&#39;", "&#x27;");
        assert!(page.status == 200 && shown.contains(&escaped(line)), "{line}: {}", page.text());
        let plain = escaped(line) == line;
        assert!(plain || !page.html.contains(line), "{line} stands on the page as it was typed");
    }
}

#[tokio::test]
async fn in_03_in_04_what_people_type_is_text_at_the_desk() {
    let town = desk_town::open().await;
    let mut meera = staff(&town, "meera").await;
    for line in MARKUP.lines().filter(|line| line.len() <= 60) {
        let case = desk_town::applied(&town, Kiosk { name: line, ..ASHA }).await;
        let plain = escaped(line) == line;
        for at in [
            format!("/{TOWN}/desk/cases/{case}"),
            format!("/{TOWN}/desk/cases/{case}?tab=form"),
            format!("/{TOWN}/desk/cases/{case}?tab=timeline"),
            format!("/{TOWN}/desk/cases/{case}?tab=audit"),
            format!("/{TOWN}/desk/cases/{case}/act/reject"),
            format!("/{TOWN}/desk/inbox"),
        ] {
            let page = meera.get(&at).await;
            assert!(page.status == 200 && (plain || !page.html.contains(line)), "{line} at {at}: {}", page.status);
        }
    }
}

#[tokio::test]
async fn auth_11_no_usual_pair_signs_in() {
    let town = desk_town::open().await;
    let mut browser = Browser::new(&town);
    for (user, password) in [
        ("admin", "admin"),
        ("admin", "password"),
        ("administrator", "123456"),
        ("root", "root"),
        ("user", "user"),
        ("test", "test"),
        ("demo", "demo"),
        ("superuser", "superuser"),
        ("system", ""),
        ("", ""),
        ("meera", "meera"),
        ("meera", ""),
    ] {
        browser.get(&format!("/{TOWN}/desk/sign-in")).await.expect(200, "Staff sign-in");
        let page = browser.submit(&[("user", user), ("password", password)]).await;
        page.expect(422, "is not right");
        assert!(!browser.cookies.contains_key("__Host-nagar"), "{user} is signed in");
    }
}

#[tokio::test]
async fn az_07_an_action_is_for_the_roles_of_its_state_whoever_asks() {
    let town = desk_town::open().await;
    let case = desk_town::applied(&town, ASHA).await;
    let before = town.case(&case).await;
    let at = desk_town::at(&case);
    for (login, action) in [
        ("meera", "approve"),
        ("meera", "visited"),
        ("meera", "paid"),
        ("meera", "submit"),
        ("omar", "forward"),
        ("omar", "approve"),
        ("omar", "end"),
        ("inder", "forward"),
        ("inder", "visited"),
        ("fatima", "reject"),
        ("meera", "no_such_action"),
    ] {
        let mut officer = staff(&town, login).await;
        let token = officer.page.token();
        let typed = [("comment", "Seen."), ("measured", "6"), ("_key", "k"), ("seen", ""), ("sure", "yes")];
        let page = posted(&mut officer, &format!("{at}/act/{action}"), &token, &typed).await;
        assert!(!matches!(page.status, 303 | 500..), "{login} did {action}: {}", page.status);
        assert_eq!(town.case(&case).await, before, "{login} did {action}");
    }
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA.mobile).await;
    let token = asha.page.token();
    for action in ["forward", "reject", "approve", "visited", "paid", "lapse", "resubmit"] {
        let own = format!("/{TOWN}/cases/{case}/act/{action}");
        let page = posted(&mut asha, &own, &token, &[("comment", "x"), ("_key", "k")]).await;
        assert!(!matches!(page.status, 303 | 500..), "the applicant did {action}: {}", page.status);
        assert_eq!(town.case(&case).await, before, "the applicant did {action}");
    }
}

#[tokio::test]
async fn az_09_only_what_a_page_asks_is_taken_from_a_form() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let before = town.case(&case).await;
    let planted = [
        "state",
        "status",
        "fee",
        "tenant",
        "assignee",
        "id",
        "number",
        "version",
        "applicant",
        "definition",
        "roles",
        "repaired",
        "suspicion",
        "stars",
        "text.x",
        "photo.id",
        "photo.sha256",
        "photo.point",
    ];
    for name in planted {
        browser.get(&format!("/{TOWN}/cases/{case}/form/problem")).await;
        let page = browser.submit(&[("text", "The lamp is broken."), (name, "resolved")]).await.clone();
        assert!(matches!(page.status, 200 | 400 | 422), "{name}: {}", page.status);
        let kept = town.case(&case).await;
        let own = (&kept.state, &kept.applicant, &kept.assignee, &kept.number, &kept.definition);
        let was = (&before.state, &before.applicant, &before.assignee, &before.number, &before.definition);
        assert_eq!(own, was, "{name}");
        let taken: Vec<String> = kept.answers.to_json().as_object().unwrap().keys().cloned().collect();
        assert!(taken.iter().all(|taken| ["text", "photo"].contains(&taken.as_str())), "{name}: {taken:?}");
        assert_ne!(kept.answers.to_json()["photo"]["id"], json!("resolved"), "{name}");
    }
}

/// Sends octets to the program and reads all that it answers.
async fn raw(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may hang up before it has read everything.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(5), reading).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn ops_08_what_two_readers_may_read_differently_is_refused() {
    let town = Town::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let app = std::sync::Arc::clone(&town.app);
    let serving = tokio::spawn(async move { server::http::serve(&app, listener, std::future::pending()).await });
    let post = "POST /riverton/sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let smuggled = "0\r\n\r\nGET /live HTTP/1.1\r\nHost: x\r\n\r\n";
    for (what, request) in [
        ("two lengths", format!("{post}Content-Length: 3\r\nContent-Length: 40\r\n\r\n{smuggled}")),
        ("a length that is none", format!("{post}Content-Length: +3\r\n\r\nabc")),
        ("an unknown coding", format!("{post}Transfer-Encoding: xchunked\r\n\r\n{smuggled}")),
        ("a folded header", format!("{post}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n")),
        ("a space before the colon", format!("{post}Content-Length : 3\r\n\r\nabc")),
        ("a null in a header", format!("{post}X-A: b\0c\r\nContent-Length: 0\r\n\r\n")),
        ("a header of a megabyte", format!("{post}X-A: {}\r\n\r\n", "a".repeat(1 << 20))),
        ("no version", "GET /riverton\r\n\r\n".to_owned()),
    ] {
        let answer = raw(&address, request.as_bytes()).await;
        assert!(!answer.starts_with("HTTP/1.1 2"), "{what}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{what} was read as two requests: {answer}");
    }
    // Whatever was sent, others are served.
    let answer = raw(&address, b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let old = raw(&address, b"GET /live HTTP/1.0\r\n\r\n").await;
    assert!(old.starts_with("HTTP/1.0 200") || old.starts_with("HTTP/1.1 200"), "{old}");
    serving.abort();
}

#[tokio::test]
async fn in_10_a_header_has_a_size_and_a_time() {
    let town = Town::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let patience = Patience { header: Duration::from_secs(1), taking: limits::TAKING, ending: limits::ENDING };
    let router = town.router.clone();
    let serving = tokio::spawn(async move {
        serving::serve(router, listener, async { drop(stopped.await) }, patience).await;
    });
    let get = |size: usize| {
        format!("GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: {}\r\n\r\n", "a".repeat(size))
    };
    let small = raw(&address, get(limits::HEADER - 200).as_bytes()).await;
    assert!(small.starts_with("HTTP/1.1 200"), "{small}");
    let large = raw(&address, get(limits::HEADER).as_bytes()).await;
    assert!(!large.starts_with("HTTP/1.1 2"), "{large}");
    // A header that comes letter by letter is not waited for until it ends.
    let mut slow = TcpStream::connect(&address).await.unwrap();
    slow.write_all(b"GET /live HTTP/1.1\r\nX-A: ").await.unwrap();
    let dripping = async {
        while slow.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), dripping).await.is_ok(), "it is still listened to");
    // Several requests come over one connection, at once or one after the other; who sends none is not waited for.
    let mut kept = TcpStream::connect(&address).await.unwrap();
    let live = "GET /live HTTP/1.1\r\nHost: x\r\n\r\n";
    kept.write_all(live.repeat(2).as_bytes()).await.unwrap();
    let mut answers = Vec::new();
    let idle = tokio::time::timeout(Duration::from_secs(10), kept.read_to_end(&mut answers)).await;
    assert!(idle.is_ok(), "an idle connection is kept");
    assert_eq!(String::from_utf8_lossy(&answers).matches("HTTP/1.1 200").count(), 2);
    // The node stops once nobody is being answered.
    stop.send(()).unwrap();
    assert!(tokio::time::timeout(Duration::from_secs(10), serving).await.unwrap().is_ok());
}

/// More than what any connection holds by itself.
static MUCH: [u8; 64 << 20] = [0; 64 << 20];

async fn much() -> &'static [u8] {
    &MUCH
}

#[tokio::test]
async fn in_10_an_answer_that_nobody_takes_in_is_broken_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = Router::new().route("/much", get(much));
    let patience = Patience { header: limits::HEADER_TIME, taking: Duration::from_secs(2), ending: limits::ENDING };
    let serving = tokio::spawn(async move {
        serving::serve(router, listener, async { drop(stopped.await) }, patience).await;
    });
    let request = b"GET /much HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let mut idle = TcpStream::connect(&address).await.unwrap();
    idle.write_all(request).await.unwrap();
    // Whoever takes it in slowly is given all of it, and longer than nothing is waited for.
    let mut slow = TcpStream::connect(&address).await.unwrap();
    slow.write_all(request).await.unwrap();
    let mut taken = 0;
    loop {
        let mut part = Vec::new();
        let read = (&mut slow).take(3 << 20).read_to_end(&mut part).await.unwrap();
        if read == 0 {
            break;
        }
        taken += read;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    assert!(taken > MUCH.len(), "only {taken} octets came");
    // The node stops once nobody is being answered, and waits for others far longer than this.
    stop.send(()).unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(10), serving).await;
    assert!(stopped.is_ok_and(|ended| ended.is_ok()), "it is still waited for who takes nothing in");
    let mut rest = Vec::new();
    // What was on its way may still come.
    let _ = idle.read_to_end(&mut rest).await;
    assert!(rest.len() < MUCH.len(), "all of it was sent to somebody who did not read");
}

/// Something is in hand, and one of those who wait for it may have an answer.
static IN_HAND: Notify = Notify::const_new();
static ANSWERED: Notify = Notify::const_new();

async fn in_time() -> &'static str {
    IN_HAND.notify_one();
    ANSWERED.notified().await;
    "done"
}

async fn never() -> &'static str {
    IN_HAND.notify_one();
    std::future::pending().await
}

#[tokio::test]
async fn a_node_that_stops_finishes_what_it_began_and_waits_for_nobody_without_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = Router::new().route("/in-time", get(in_time)).route("/never", get(never));
    let patience = Patience { header: limits::HEADER_TIME, taking: limits::TAKING, ending: Duration::from_secs(3) };
    let serving = tokio::spawn(async move {
        serving::serve(router, listener, async { drop(stopped.await) }, patience).await;
    });
    let mut waiting = Vec::new();
    for path in ["/in-time", "/never"] {
        let (address, request) = (address.clone(), format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
        waiting.push(tokio::spawn(async move { raw(&address, request.as_bytes()).await }));
        IN_HAND.notified().await;
    }
    stop.send(()).unwrap();
    ANSWERED.notify_one();
    let stopped = tokio::time::timeout(Duration::from_secs(30), serving).await;
    assert!(stopped.is_ok_and(|ended| ended.is_ok()), "it waits for an answer that nobody gives");
    let (never, in_time) = (waiting.pop().unwrap().await.unwrap(), waiting.pop().unwrap().await.unwrap());
    assert!(in_time.starts_with("HTTP/1.1 200") && in_time.ends_with("done"), "{in_time}");
    assert_eq!(never, "", "what could not be finished is broken off");
}

//! Whoever works for one town and asks for what is another's: in whatever way it is written, and though the program
//! forgot to ask whose it is.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use engine::case::Case;
use serde_json::json;
use server::auth::{Employee, Policy, Who};
use server::erasing;
use server::http;
use server::http::ask::Ask;
use server::http::body::{Content, Form, pairs};
use server::http::dispatch::{allow, handle};
use server::http::routes::{Route, table};
use server::store::appointments::{self, THE_TOWN};
use server::store::idempotency::{self, Kept};
use server::store::{self, Bound, EVERYBODY, Fate, Point, Seam, cases, jobs, people};
use server::work::notices;

use crate::browser::Browser;
use crate::desk_town::{ASHA, Kiosk, applied_in, employ, open, staff, to_be_paid};
use crate::nodes::at_the_desk_on_postgresql;
use crate::program_tokens::{call, kamla, token};
use crate::town::{STATE, TOWN, Town};

const ELSEWHERE: &str = "hilltop";

/// A kiosk of the other town.
const BINA: Kiosk<'static> = Kiosk { mobile: "9876500001", applicant: "Bina Lal", name: "Bina Tea", place: "L1" };

/// A kiosk of the first town, of whose owner no definition speaks.
const CHARU: Kiosk<'static> = Kiosk { mobile: "9876500002", applicant: "Charu Sen", name: "Charu Books", place: "L1" };

/// What tells of Charu's case, which is in the first town; and of Bina's, in the other.
const OF_CHARU: [&str; 4] = ["KIA/RVT", "Charu", CHARU.mobile, "Meera Joshi"];
const OF_BINA: [&str; 4] = ["KIA/HTP", "Bina", BINA.mobile, "Nina Pal"];

fn told<'a>(html: &str, words: &[&'a str]) -> Option<&'a str> {
    words.iter().copied().find(|word| html.contains(word))
}

async fn case_of(town: &Town, tenant: &str, id: &str) -> Option<Case> {
    let mut tx = town.app.store.read(tenant).await.unwrap();
    cases::load(&mut tx, id).await.unwrap()
}

/// The name of a town as somebody may write it who hopes that it is compared in one way and looked up in another.
const NAMES: [&str; 17] = [
    "HILLTOP",
    "Hilltop",
    "%68illtop",
    "%48illtop",
    "hilltop.",
    "hilltop%20",
    "%20hilltop",
    "hilltop%00",
    "hilltop%2F",
    "hilltop%2F..%2Friverton",
    "riverton,hilltop",
    "riverton;tenant=hilltop",
    "riverton%26tenant%3Dhilltop",
    // A small roman fifty for an l, a letter of full width, a Cyrillic o, a space of no width.
    "hi%E2%85%BCltop",
    "%EF%BD%88illtop",
    "hillt%D0%BEp",
    "hilltop%E2%80%8B",
];

#[tokio::test]
async fn az_04_another_town_is_another_town_however_its_name_is_written() {
    let town = open().await;
    let theirs = applied_in(&town, ELSEWHERE, BINA).await;
    let before = case_of(&town, ELSEWHERE, &theirs).await;
    let mut meera = staff(&town, "meera").await;
    let mut addresses: Vec<String> = Vec::new();
    for name in NAMES {
        addresses.extend(["inbox?scope=all", "inbox.csv"].map(|page| format!("/{name}/desk/{page}")));
        addresses.push(format!("/{name}/desk/cases/{theirs}"));
        addresses.push(format!("/api/{name}/cases/{theirs}"));
    }
    for pair in [
        "tenant=hilltop",
        "tenant=riverton&tenant=hilltop",
        "tenant[]=hilltop",
        "tenant[0]=riverton&tenant[1]=hilltop",
        "tenant%5B%5D=riverton&tenant%5B%5D=hilltop",
        "tenant.id=hilltop",
        "tenant%5Bid%5D=hilltop",
        "tenantId=hilltop",
        "town=hilltop",
        "TENANT=hilltop",
    ] {
        for page in ["desk/inbox", "desk/inbox.csv", "desk/my-work", "desk/collect", "desk/registers/kiosk_licenses"] {
            addresses.push(format!("/{TOWN}/{page}?{pair}"));
        }
        addresses.push(format!("/{TOWN}/desk/cases/{theirs}?{pair}"));
    }
    for case in [theirs.to_uppercase(), format!("{theirs}."), format!("{theirs}/"), format!("{theirs}%20")] {
        addresses.push(format!("/{TOWN}/desk/cases/{case}"));
    }
    addresses.push(format!("/{TOWN}/desk/cases/%{:02x}{}", theirs.as_bytes()[0], &theirs[1..]));
    addresses.push(format!("/{TOWN}/../{ELSEWHERE}/desk/cases/{theirs}"));
    addresses.push(format!("/{TOWN}/..%2F{ELSEWHERE}/desk/cases/{theirs}"));
    addresses.push(format!("//{ELSEWHERE}/desk/cases/{theirs}"));
    for at in &addresses {
        let page = meera.send(Request::get(at), Body::empty()).await;
        assert!(page.status < 500, "{at}: {}", page.status);
        assert_eq!(told(&page.html, &OF_BINA), None, "{at}: {}", page.status);
    }
    assert_eq!(case_of(&town, ELSEWHERE, &theirs).await, before);
}

#[tokio::test]
async fn az_04_neither_headers_nor_cookies_nor_forms_say_which_town_it_is() {
    let town = open().await;
    let (own, theirs) = (to_be_paid(&town, ASHA).await, applied_in(&town, ELSEWHERE, BINA).await);
    let before = case_of(&town, ELSEWHERE, &theirs).await;
    let mut meera = staff(&town, "meera").await;
    let form = meera.page.token();
    for (name, value) in [
        ("x-tenant", ELSEWHERE),
        ("x-tenant-id", ELSEWHERE),
        ("tenantid", ELSEWHERE),
        ("x-forwarded-host", "hilltop.example"),
        ("x-forwarded-prefix", "/hilltop"),
        ("x-original-url", "/hilltop/desk/inbox"),
        ("x-rewrite-url", "/hilltop/desk/inbox"),
    ] {
        let request = Request::get(format!("/{TOWN}/desk/inbox?scope=all")).header(name, value);
        let page = meera.send(request, Body::empty()).await;
        assert_eq!((page.status, told(&page.html, &OF_BINA)), (200, None), "{name}");
    }
    for (name, value) in [("tenant", ELSEWHERE), ("town", ELSEWHERE), ("__Host-town", ELSEWHERE)] {
        meera.cookies.insert(name.to_owned(), value.to_owned());
    }
    let page = meera.get(&format!("/{TOWN}/desk/inbox?scope=all")).await;
    assert_eq!(told(&page.html, &OF_BINA), None);
    // A form that names a town, or a case of another one, in the place of its own.
    let sent = async |browser: &mut Browser<'_>, at: String, rest: &str| {
        let request = Request::post(at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let page = browser.send(request, Body::from(format!("_csrf={form}&{rest}"))).await;
        assert!(page.status < 500 && told(&page.html, &OF_BINA).is_none(), "{rest}: {}", page.status);
        page.status
    };
    let own = format!("/{TOWN}/desk/cases/{own}/note");
    let twice = "text=x&audience=inside&tenant=riverton&tenant=hilltop";
    assert_eq!(sent(&mut meera, own.clone(), twice).await, 400);
    for town in ["tenant=hilltop", "tenant%5B%5D=hilltop", "tenant.id=hilltop"] {
        sent(&mut meera, own.clone(), &format!("text=x&audience=inside&{town}&case={theirs}")).await;
    }
    let note = format!("/{TOWN}/desk/cases/{theirs}/note");
    assert_eq!(sent(&mut meera, note, "text=x&audience=inside&tenant=hilltop").await, 404);
    let bulk = format!("/{TOWN}/desk/bulk");
    for deed in ["take", "undo", "forward"] {
        let chosen = format!("action={deed}&confirm=yes&case={theirs}&cases={theirs}&key=k");
        sent(&mut meera, bulk.clone(), &chosen).await;
    }
    assert_eq!(case_of(&town, ELSEWHERE, &theirs).await, before);
}

#[tokio::test]
async fn az_04_a_program_reaches_no_other_town_whatever_its_json_says() {
    let town = open().await;
    let theirs = applied_in(&town, ELSEWHERE, BINA).await;
    let before = case_of(&town, ELSEWHERE, &theirs).await;
    let mut kamla = kamla(&town).await;
    let token = token(&mut kamla, "meera", &["read", "open", "act"]).await;
    assert_eq!(call(&town, &token, &format!("/cases/{theirs}"), None).await.0, 404);
    let act = json!({ "action": "forward", "comment": "" });
    for named in [json!("hilltop"), json!(["hilltop"]), json!(["riverton", "hilltop"]), json!({ "id": "hilltop" })] {
        for key in ["tenant", "tenantId", "town"] {
            let mut body = act.clone();
            body[key] = named.clone();
            let (status, said) = call(&town, &token, &format!("/cases/{theirs}/act"), Some(&body)).await;
            assert!((400..500).contains(&status), "{body}: {status}");
            assert_eq!(told(&said.to_string(), &OF_BINA), None, "{body}");
        }
    }
    let there = Request::get(format!("/api/{ELSEWHERE}/cases/{theirs}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    assert_eq!(Browser::new(&town).send(there, Body::empty()).await.status, 401);
    assert_eq!(case_of(&town, ELSEWHERE, &theirs).await, before);
}

#[tokio::test]
async fn az_05_work_keys_and_series_of_one_town_are_nothing_to_another() {
    let town = open().await;
    let theirs = applied_in(&town, ELSEWHERE, BINA).await;
    let mut tx = town.app.store.begin(EVERYBODY).await.unwrap();
    let claimed = jobs::claim(&mut tx, town.app.clock.now_ms(), 10_000, 20).await.unwrap();
    tx.commit().await.unwrap();
    let job = claimed.into_iter().find(|job| job.tenant == ELSEWHERE && job.kind == jobs::Kind::Notice).unwrap();
    // The same work, brought to the first town: it is none of its own, and nobody hears anything.
    let brought = jobs::Job { tenant: TOWN.to_owned(), ..job };
    let sent = notices::send(&town.app, &brought).await;
    assert!(town.messages().is_empty(), "{sent:?}");
    // What was answered under a key is known in the town in which it was asked.
    let kept = Kept { body_hash: "h".to_owned(), answer: "{}".to_owned(), at_ms: town.app.clock.now_ms() };
    let mut tx = town.app.store.begin(ELSEWHERE).await.unwrap();
    idempotency::keep(&mut tx, "k", &kept).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(idempotency::find(&mut tx, "k").await.unwrap(), None);
    assert_eq!(cases::load(&mut tx, &theirs).await.unwrap(), None);
    assert!(people::find(&mut tx, "nina").await.unwrap().is_none());
    drop(tx);
    // Each counts by itself.
    applied_in(&town, TOWN, ASHA).await;
    let number = case_of(&town, ELSEWHERE, &theirs).await.and_then(|case| case.number);
    assert_eq!(number.as_deref(), Some("KIA/HTP/2026-27/000001"));
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox?scope=all")).await.expect(200, "KIA/RVT/2026-27/000001");
}

/// A path with something of the first town in every hole, and the holes.
fn filled(route: &Route, case: &str) -> (String, Vec<(String, String)>) {
    let (mut path, mut params) = (String::new(), Vec::new());
    for part in route.path.split('/').skip(1) {
        let hole = part.strip_prefix('{').and_then(|hole| hole.strip_suffix('}'));
        let value = match hole {
            None => part,
            Some("tenant") => TOWN,
            Some("case") => case,
            Some("service") => "kiosk",
            Some("registry") => "kiosk_licenses",
            Some("action") => "approve",
            Some("page") => "visit",
            Some("person") => "meera",
            Some(_) => "x",
        };
        params.extend(hole.map(|hole| (hole.to_owned(), value.to_owned())));
        path.push('/');
        path.push_str(value);
    }
    (path, params)
}

/// The page of a row for an employee, of whom neither the session nor the policy asks where the work is: what is left
/// are the transactions.
async fn unasked(town: &Town, employee: &Employee, route: &'static Route, case: &str) -> String {
    let (path, params) = filled(route, case);
    let unasked = Route { policy: Policy::Public, ..*route };
    let query = if path.ends_with("/inbox") || path.ends_with("/inbox.csv") { "scope=all" } else { "" };
    let library = town.app.library.now();
    let mut ask = Ask {
        app: Arc::clone(&town.app),
        tenant: library.tenant(TOWN).cloned(),
        library,
        route: Some(route),
        path,
        params,
        query: pairs(query.as_bytes()).unwrap(),
        content: Content::Form(Form::default()),
        headers: HeaderMap::new(),
        remote: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        who: Who::Employee(employee.clone()),
        session: None,
        program: None,
        browser: "0".repeat(26),
        new_browser: false,
        lang: "en".to_owned(),
        switched: false,
        resume: String::new(),
        case: None,
        held: Vec::new(),
        reference: "R".to_owned(),
        request: "R".to_owned(),
    };
    if allow(&mut ask, &unasked).await.is_err() {
        return String::new();
    }
    let Ok(response) = handle(&ask, &unasked).await else { return String::new() };
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Somebody with all that is held in a town.
async fn working(town: &Town, tenant: &str, login: &str) -> Employee {
    let mut tx = town.app.store.read(tenant).await.unwrap();
    let today = town.app.clock.now(&town.tenant()).day();
    let held = appointments::of_person(&mut tx, login, today).await.unwrap();
    Employee { id: login.to_owned(), tenant: tenant.to_owned(), name: login.to_owned(), held }
}

async fn nobody_asks(town: Town) {
    let case = to_be_paid(&town, CHARU).await;
    applied_in(&town, ELSEWHERE, BINA).await;
    for tenant in [TOWN, ELSEWHERE] {
        employ(&town, tenant, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    }
    let (here, there) = (working(&town, TOWN, "tara").await, working(&town, ELSEWHERE, "tara").await);
    let (mut shown, mut tried) = (0, 0);
    let desk = table().filter(|route| route.get && route.path.starts_with("/{tenant}/desk"));
    let desk: Vec<&'static Route> = desk.filter(|route| route.policy != Policy::Public).collect();
    for route in desk {
        shown += usize::from(told(&unasked(&town, &here, route, &case).await, &OF_CHARU).is_some());
        let html = unasked(&town, &there, route, &case).await;
        assert_eq!(told(&html, &OF_CHARU), None, "{}", route.path);
        tried += 1;
    }
    assert!(tried > 40 && shown >= 4, "{tried} pages, of which {shown} tell something to whoever works there");
}

#[tokio::test]
async fn az_06_whoever_works_for_a_town_comes_by_its_rows_alone_though_nobody_asks() {
    Box::pin(nobody_asks(open().await)).await;
}

#[tokio::test]
async fn az_06_nor_on_postgresql() {
    Box::pin(at_the_desk_on_postgresql(nobody_asks)).await;
}

/// Takes from every statement that reads what it says of the tenant.
struct Forgetful;

impl Seam for Forgetful {
    fn at(&self, _: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        Box::pin(async { Fate::Done })
    }

    fn left(&self) {}

    fn said(&self, sql: Cow<'static, str>) -> Cow<'static, str> {
        if sql.starts_with("select") { Cow::Owned(forgotten(&sql)) } else { sql }
    }
}

/// The statement, in which `tenant = $1` with whatever stands before it is always so.
fn forgotten(sql: &str) -> String {
    let mut text = String::new();
    let mut rest = sql;
    while let Some(at) = rest.find("tenant = $1") {
        let of_name = |letter: char| letter.is_ascii_alphanumeric() || "_.".contains(letter);
        let before = rest[..at].trim_end_matches(of_name);
        text.push_str(before);
        text.push_str("$1 = $1");
        rest = &rest[at + "tenant = $1".len()..];
    }
    text.push_str(rest);
    text
}

#[test]
fn the_condition_of_a_statement_is_forgotten_whole() {
    let sql = "select c.id from cases c where c.tenant = $1 and ($1 = '' or tenant = $1) and id = $2";
    assert_eq!(forgotten(sql), "select c.id from cases c where $1 = $1 and ($1 = '' or $1 = $1) and id = $2");
}

/// The same town, whose program forgets in every statement whose rows it means.
fn forgetful(town: Town) -> Town {
    let Town { mut app, router, data } = town;
    drop(router);
    let opened = Arc::get_mut(&mut app).unwrap();
    opened.store = opened.store.through(Arc::new(Forgetful));
    Town { router: http::router(&app), app, data }
}

async fn forgets(town: Town) {
    let case = to_be_paid(&town, CHARU).await;
    applied_in(&town, ELSEWHERE, BINA).await;
    let town = forgetful(town);
    let mut tx = town.app.store.read(ELSEWHERE).await.unwrap();
    let found = cases::load(&mut tx, &case).await;
    drop(tx);
    // On SQLite the condition is all that stands there, so that this shows that it is gone. On PostgreSQL the
    // database stands behind it.
    if town.app.config.database.is_none() {
        assert!(!matches!(found, Ok(None)), "the condition is still there");
        return;
    }
    assert!(matches!(found, Ok(None)), "{found:?}");
    let mut tx = town.app.store.read(ELSEWHERE).await.unwrap();
    assert!(people::find(&mut tx, "meera").await.unwrap().is_none());
    drop(tx);
}

#[tokio::test]
async fn az_06_postgresql_shows_no_row_of_another_town_though_every_condition_is_forgotten() {
    Box::pin(forgets(open().await)).await;
    Box::pin(at_the_desk_on_postgresql(forgets)).await;
}

#[tokio::test]
async fn az_06_whoever_works_for_a_town_comes_by_no_other_but_what_must_be_known_of_all_is() {
    let town = open().await;
    let theirs = applied_in(&town, ELSEWHERE, BINA).await;
    let applicant = case_of(&town, ELSEWHERE, &theirs).await.unwrap().applicant;
    let own = || Some(Bound { town: TOWN.to_owned(), state: STATE.to_owned() });
    let read = store::within(own(), town.app.store.read(ELSEWHERE)).await;
    assert!(matches!(read.map(drop), Err(store::Error::Elsewhere)));
    let begun = store::within(own(), town.app.store.begin(ELSEWHERE)).await;
    assert!(matches!(begun.map(drop), Err(store::Error::Elsewhere)));
    for tenant in [TOWN, STATE] {
        store::within(own(), town.app.store.read(tenant)).await.unwrap();
    }
    // Whether name and number may be erased hangs on what other towns keep, whoever decides.
    let alone = store::within(own(), erasing::is_alone(&town.app, &applicant, "", TOWN)).await;
    assert!(!alone.unwrap(), "the other town has an application");
}

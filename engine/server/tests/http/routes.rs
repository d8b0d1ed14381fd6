//! The table of routes, walked: every row has a policy that is enforced, and no form is taken
//! without the token that was given to the very browser.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, header};
use server::auth::Policy;
use server::auth::program::Use;
use server::http::body::Reads;
use server::http::dispatch::{Fit, Shared, answer};
use server::http::headers::policy;
use server::http::routes::{Route, table};
use server::store::appointments::THE_TOWN;
use server::store::carry;

use crate::browser::{Browser, Page, encoded};
use crate::desk_town::{employ, staff, staff_of};
use crate::sealed::stored;
use crate::town::{TOWN, Town};

/// A path with something in every hole.
fn filled(route: &Route, case: &str) -> String {
    let mut path = route.path.to_owned();
    for (hole, value) in [
        ("{tenant}", "riverton"),
        ("{case}", case),
        ("{service}", "report"),
        ("{page}", "problem"),
        ("{action}", "submit"),
        ("{gateway}", "demo"),
        ("{file}", "app.css"),
        ("{code}", "x"),
        ("{key}", "x"),
    ] {
        path = path.replace(hole, value);
    }
    while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
        path.replace_range(open..=close, "x");
    }
    path
}

fn name(route: &Route) -> String {
    format!("{} {}", if route.get { "GET" } else { "POST" }, route.path)
}

/// Whether only those who work for the town use it.
fn is_of_staff(route: &Route) -> bool {
    matches!(route.policy, Policy::Employee(_) | Policy::Own | Policy::Administrator | Policy::Oversight)
}

#[test]
fn az_01_rows_are_unique_and_agree_with_themselves() {
    let mut seen = BTreeSet::new();
    for route in table() {
        assert!(seen.insert(name(route)), "{} is there twice", name(route));
        assert_eq!(route.get, route.reads.is_none(), "{}: a GET reads no body, a POST does", name(route));
        let owned = matches!(
            route.policy,
            Policy::CaseOwner | Policy::CaseParty | Policy::CaseOffered | Policy::Program(Use::Read | Use::Act)
        );
        assert!(!owned || route.path.contains("{case}"), "{}: whose case?", name(route));
        let about_case = route.path.contains("{case}");
        let guarded = owned || matches!(route.policy, Policy::Employee(_) | Policy::Own | Policy::Implementer);
        assert!(!about_case || guarded, "{}: a case is open to anybody", name(route));
        let machine = route.path.starts_with("/api/") || route.path.starts_with("/hooks/");
        assert_eq!(
            machine,
            matches!(route.policy, Policy::Token | Policy::Program(_) | Policy::Office(_) | Policy::Hook)
                || machine && route.policy == Policy::Public,
            "{}",
            name(route)
        );
        assert_eq!(
            route.policy == Policy::Hook,
            route.reads == Some(Reads::Raw),
            "{}: what is signed is read as it is",
            name(route)
        );
    }
}

async fn form(browser: &mut Browser<'_>, at: &str, pairs: &[(&str, &str)]) -> Page {
    let pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = Request::post(at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request, Body::from(encoded(&pairs))).await
}

#[tokio::test]
async fn ses_05_no_form_is_taken_without_its_token() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    let case = crate::apply::begun(&mut owner, "9876543210").await;
    let mut stranger = Browser::new(&town);
    stranger.get("/riverton/sign-in").await;
    let foreign = stranger.page.token();
    let mut tried = 0;
    for route in table().filter(|route| matches!(route.reads, Some(Reads::Form | Reads::Parts))) {
        let at = filled(route, &case);
        for token in [None, Some(""), Some("AAAA"), Some(foreign.as_str())] {
            let pairs: Vec<(&str, &str)> = token.into_iter().map(|token| ("_csrf", token)).collect();
            let page = form(&mut owner, &at, &pairs).await;
            let refused = match page.status {
                403 => true,
                // Sent to sign in as staff, or told that there is nothing here: nothing was done either.
                401 | 404 => is_of_staff(route) || matches!(route.policy, Policy::Implementer | Policy::CaseOffered),
                _ => false,
            };
            assert!(refused, "{} with {token:?} gave {}", name(route), page.status);
        }
        tried += 1;
    }
    assert!(tried >= 8, "the table has forms");
    let before = town.case(&case).await.version;
    assert_eq!(before, 0, "nothing was changed");
}

#[tokio::test]
async fn ses_05_a_browser_without_cookies_has_no_token() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/sign-in").await;
    let token = browser.page.token();
    browser.cookies.clear();
    let page = form(&mut browser, "/riverton/sign-in", &[("_csrf", &token), ("mobile", "9876543210")]).await;
    assert_eq!(page.status, 403);
    assert!(town.messages().is_empty());
}

#[tokio::test]
async fn az_15_machines_are_not_spoken_to_through_browsers() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = crate::apply::begun(&mut browser, "9876543210").await;
    for route in table().filter(|route| route.reads == Some(Reads::Json)) {
        let at = filled(route, &case);
        let page = form(&mut browser, &at, &[("a", "b")]).await;
        assert!(matches!(page.status, 401 | 415), "{} took a form: {}", name(route), page.status);
        if route.policy != Policy::Public {
            let request = Request::post(&at).header(header::CONTENT_TYPE, "application/json");
            let page = browser.send(request, Body::from("{}")).await;
            assert_eq!(page.status, 401, "{} took a cookie for a token", name(route));
        }
    }
    for route in table().filter(|route| matches!(route.policy, Policy::Program(_) | Policy::Office(_)) && route.get) {
        let page = browser.send(Request::get(filled(route, &case)), Body::empty()).await;
        assert_eq!(page.status, 401, "{} took a cookie for a token", name(route));
    }
}

#[tokio::test]
async fn az_01_every_policy_is_enforced_for_everybody() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    let case = crate::apply::begun(&mut owner, "9876543210").await;
    let mut other = Browser::new(&town);
    other.sign_in("9876543211").await;
    let mut nobody = Browser::new(&town);
    nobody.get("/riverton").await;
    for route in table().filter(|route| route.get) {
        let at = filled(route, &case);
        let stranger = nobody.send(Request::get(&at), Body::empty()).await;
        let citizen = other.send(Request::get(&at), Body::empty()).await;
        let to_sign_in = |page: &Page| page.status == 303 && page.headers["location"].contains("sign-in");
        match route.policy {
            Policy::Citizen => assert!(to_sign_in(&stranger) && !to_sign_in(&citizen), "{}", name(route)),
            Policy::CaseOwner | Policy::CaseParty | Policy::CaseOffered => {
                assert!(to_sign_in(&stranger), "{}: {}", name(route), stranger.status);
                assert_eq!(citizen.status, 404, "{} shows another's case", name(route));
            }
            Policy::Employee(_) | Policy::Own | Policy::Administrator | Policy::Oversight => assert!(
                to_sign_in(&stranger) && to_sign_in(&citizen),
                "{}: {} {}",
                name(route),
                stranger.status,
                citizen.status
            ),
            Policy::Token | Policy::Program(_) | Policy::Office(_) => {
                assert_eq!((stranger.status, citizen.status), (401, 401), "{}", name(route));
            }
            Policy::Public | Policy::Implementer | Policy::Hook => {}
        }
    }
}

/// Everybody who might try, with a token that holds for the own session.
async fn askers(town: &Town) -> Vec<(&'static str, Browser<'_>, String)> {
    let mut all = Vec::new();
    let mut nobody = Browser::new(town);
    nobody.get("/riverton/sign-in").await;
    all.push(("nobody", nobody));
    let mut citizen = Browser::new(town);
    citizen.sign_in("9876543219").await;
    // Another name than the applicant's, which is looked for on every page.
    citizen.get("/riverton/my/profile").await;
    citizen.submit(&[("name", "Kiran Das"), ("email", ""), ("language", "en"), ("agreed", "yes")]).await;
    all.push(("citizen", citizen));
    all.push(("colleague", staff(town, "fatima").await));
    all.push(("elsewhere", staff_of(town, "hilltop", "nina").await));
    employ(town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    all.push(("auditor", staff(town, "tara").await));
    let mut askers = Vec::new();
    for (who, browser) in all {
        let token = browser.page.token();
        askers.push((who, browser, token));
    }
    askers
}

/// What somebody who has no business with the case must get: who is not signed in for such a page is
/// sent to sign in, and for whom the case is not theirs there is none. Nothing for what is open to them.
fn refusal(route: &Route, who: &str) -> Option<u16> {
    let sign_in = if route.get { 303 } else { 401 };
    match (route.policy, who) {
        // As the specification of Open311 asks.
        (Policy::Token, _) if route.reads == Some(Reads::Pairs) => Some(403),
        (Policy::Token | Policy::Program(_) | Policy::Office(_), _) => Some(401),
        (Policy::CaseOwner | Policy::CaseParty | Policy::CaseOffered, "citizen") => Some(404),
        // Of the town, but without a role in this case, receipt or register.
        (Policy::Employee(_), "colleague") => {
            ["{case}", "{receipt}", "{registry}"].iter().any(|hole| route.path.contains(hole)).then_some(404)
        }
        (Policy::Own, "colleague") => route.path.contains("{case}").then_some(404),
        (Policy::Administrator | Policy::Oversight, "colleague") | (Policy::Administrator, "auditor") => Some(403),
        // Everything is read, nothing is written.
        (Policy::Employee(_), "auditor") => (!route.get).then_some(403),
        (Policy::Own | Policy::Oversight, "auditor")
        | (Policy::Citizen, "citizen")
        | (Policy::Public | Policy::Implementer | Policy::Hook, _) => None,
        (
            Policy::Citizen
            | Policy::CaseOwner
            | Policy::CaseParty
            | Policy::CaseOffered
            | Policy::Employee(_)
            | Policy::Own
            | Policy::Administrator
            | Policy::Oversight,
            _,
        ) => Some(sign_in),
    }
}

#[tokio::test]
async fn az_01_nobody_reaches_what_is_not_theirs_by_any_method() {
    let town = crate::desk_town::open().await;
    let case = crate::desk_town::to_be_paid(&town, crate::desk_town::ASHA).await;
    let before = town.case(&case).await;
    let mut tried = 0;
    for (who, mut browser, token) in askers(&town).await {
        for route in table() {
            let Some(expected) = refusal(route, who) else { continue };
            let at = filled(route, &case);
            let page = match route.reads {
                None => browser.send(Request::get(&at), Body::empty()).await,
                Some(Reads::Json | Reads::File) => {
                    let request = Request::post(&at).header(header::CONTENT_TYPE, "application/json");
                    browser.send(request, Body::from("{}")).await
                }
                _ => {
                    let typed = [("_csrf", token.as_str()), ("_key", "k"), ("to", "fatima"), ("text", "x")];
                    let more = [("audience", "inside"), ("reason", "curious"), ("comment", "x"), ("mode", "cash")];
                    form(&mut browser, &at, &[&typed[..], &more[..]].concat()).await
                }
            };
            assert_eq!(page.status, expected, "{} for {who}", name(route));
            assert!(!page.html.contains("Asha"), "{} tells {who} of the case", name(route));
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} were tried");
    assert_eq!(town.case(&case).await, before, "nothing was changed");
}

#[tokio::test]
async fn ses_05_a_token_holds_for_the_own_session_alone() {
    let town = crate::desk_town::open().await;
    let case = crate::desk_town::applied(&town, crate::desk_town::ASHA).await;
    let (mut meera, mut ravi) = (staff(&town, "meera").await, staff(&town, "ravi").await);
    let note = format!("/riverton/desk/cases/{case}/note");
    let typed = |token: &str| {
        let pairs = [("_csrf", token), ("text", "x"), ("audience", "inside")];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for (browser, token, status) in [(&mut meera, ravi.page.token(), 403), (&mut ravi, String::new(), 403)] {
        let typed = typed(&token);
        let pairs: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(form(browser, &note, &pairs).await.status, status);
    }
    let typed = typed(&meera.page.token());
    let pairs: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(form(&mut meera, &note, &pairs).await.status, 303, "the own one is taken");
}

#[tokio::test]
async fn files_are_taken_only_where_a_question_asks_for_them() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = crate::apply::begun(&mut browser, "9876543210").await;
    let parts = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--xyz--\r\n";
    for route in table().filter(|route| matches!(route.reads, Some(Reads::Form | Reads::Parts))) {
        if is_of_staff(route) {
            continue;
        }
        let request =
            Request::post(filled(route, &case)).header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz");
        let page = browser.send(request, Body::from(parts)).await;
        // Where files are taken, what is missing is the token; elsewhere the body is not even read. What was offered
        // to nobody is not there.
        let expected = match (route.policy, route.reads) {
            (Policy::CaseOffered, _) => 404,
            (_, Some(Reads::Parts)) => 403,
            _ => 415,
        };
        assert_eq!(page.status, expected, "{}", name(route));
    }
}

#[tokio::test]
async fn az_02_anothers_case_is_as_one_that_is_not_there() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    let case = crate::apply::begun(&mut owner, "9876543210").await;
    let mut other = Browser::new(&town);
    other.sign_in("9876543211").await;
    let theirs = other.get(&format!("/riverton/cases/{case}/form/problem")).await.clone();
    let nothing = other.get("/riverton/cases/0123456789abcdefghjkmnpqrs/form/problem").await.clone();
    assert_eq!((theirs.status, theirs.text()), (nothing.status, nothing.text()));
    let elsewhere = owner.get(&format!("/hilltop/cases/{case}/form/problem")).await.clone();
    assert_eq!(elsewhere.status, 404);
}

#[tokio::test]
async fn az_13_implementers_are_served_only_where_it_is_said() {
    let town = Town::with(|config| config.implementer = false).await;
    let mut browser = Browser::new(&town);
    for route in table().filter(|route| route.policy == Policy::Implementer && route.get) {
        let page = browser.send(Request::get(filled(route, "x")), Body::empty()).await;
        assert_eq!(page.status, 404, "{}", name(route));
    }
}

#[tokio::test]
async fn in_10_what_makes_no_sense_is_refused() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let get = async |browser: &mut Browser<'_>, at: &str| browser.send(Request::get(at), Body::empty()).await.status;
    assert_eq!(get(&mut browser, "/riverton?q=a&q=b").await, 400);
    assert_eq!(get(&mut browser, &format!("/riverton?q={}", "a".repeat(9_000))).await, 413);
    assert_eq!(get(&mut browser, "/riverton?q=%00").await, 400);
    browser.get("/riverton/sign-in").await;
    let token = browser.page.token();
    let twice = form(
        &mut browser,
        "/riverton/sign-in",
        &[("_csrf", &token), ("mobile", "9876543210"), ("mobile", "9876543211")],
    )
    .await;
    assert_eq!(twice.status, 400);
    let json = browser
        .send(Request::post("/riverton/sign-in").header(header::CONTENT_TYPE, "application/json"), Body::from("{}"))
        .await;
    assert_eq!(json.status, 415);
    let large = format!("_csrf={token}&mobile={}", "9".repeat(2 << 20));
    let request = Request::post("/riverton/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(browser.send(request, Body::from(large)).await.status, 413);
    let many = format!("_csrf={token}&{}", "a=b&".repeat(1_100));
    let request = Request::post("/riverton/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(browser.send(request, Body::from(many)).await.status, 413);
    assert_eq!(browser.send(Request::put("/riverton/sign-in"), Body::empty()).await.status, 405);
    assert!(town.messages().is_empty());
}

/// A row whose handler breaks down.
static BROKEN: Route = Route {
    get: true,
    path: "/{tenant}/broken",
    policy: Policy::Public,
    reads: None,
    many: false,
    handler: |_| Box::pin(async { panic!("the secret word is xyzzy") }),
};

#[tokio::test]
async fn ops_01_a_request_that_breaks_down_tells_a_reference_and_nothing_else() {
    let town = Town::open().await;
    let shared = Shared { app: Arc::clone(&town.app), policy: policy(&[]) };
    let params = vec![("tenant".to_owned(), "riverton".to_owned())];
    let request = Request::get("/riverton/broken").header("cookie", "lang=hi").body(Body::empty()).unwrap();
    let response = answer(shared, Fit::Row(&BROKEN), params, request).await;
    assert_eq!(response.status(), 500);
    let reference = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let html = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(html.contains(&reference) && html.contains("lang=\"hi\"") && !html.contains("xyzzy"));
    Browser::new(&town).get("/riverton").await.expect(200, "Services");
}

/// Everything that is stored of the town, but for who signed in and who was refused or took a list.
async fn whole(town: &Town) -> String {
    let tables: Vec<&str> = carry::TABLES.iter().map(|table| table.name).collect();
    let kept: Vec<&str> = tables.into_iter().filter(|name| !["events", "chains"].contains(name)).collect();
    stored(town, &kept).await
}

#[tokio::test]
async fn ses_06_looking_changes_nothing_whoever_looks() {
    let town = crate::desk_town::open().await;
    let case = crate::desk_town::to_be_paid(&town, crate::desk_town::ASHA).await;
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    let mut all = askers(&town).await;
    let mut owner = Browser::new(&town);
    owner.sign_in(crate::desk_town::ASHA.mobile).await;
    all.push(("owner", owner, String::new()));
    for login in ["meera", "omar", "kamla"] {
        all.push(("staff", staff(&town, login).await, String::new()));
    }
    let before = whole(&town).await;
    for (who, mut browser, _) in all {
        for route in table().filter(|route| route.get) {
            for method in [Method::GET, Method::HEAD] {
                let request = Request::builder().method(&method).uri(filled(route, &case));
                let page = browser.send(request, Body::empty()).await;
                assert!(page.status < 500, "{method} {} for {who}: {}", name(route), page.status);
            }
        }
        assert!(whole(&town).await == before, "something was changed by {who}, who only looked");
    }
}

#[tokio::test]
async fn priv_01_no_address_and_no_file_of_a_list_names_anybody() {
    let town = crate::desk_town::open().await;
    let asha = crate::desk_town::ASHA;
    let case = crate::desk_town::to_be_paid(&town, asha).await;
    let mut owner = Browser::new(&town);
    owner.sign_in(asha.mobile).await;
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    let (mut followed, mut files) = (0, 0);
    let named = |text: &str| [asha.mobile, "Asha"].into_iter().find(|told| text.contains(told));
    for mut browser in [owner, staff(&town, "meera").await, staff(&town, "omar").await, staff(&town, "kamla").await] {
        // Messages as they were sent are shown in demonstrations alone.
        for route in table().filter(|route| route.get && !route.path.contains("outbox")) {
            let page = browser.send(Request::get(filled(route, &case)), Body::empty()).await;
            let said =
                ["href=\"", "action=\"", "src=\""].into_iter().flat_map(|before| page.html.split(before).skip(1));
            let said = said.filter_map(|rest| rest.split('"').next());
            for address in said.chain(page.headers.get("location").map(String::as_str)) {
                followed += 1;
                assert_eq!(named(address), None, "{}: {address}", name(route));
            }
            if page.headers.get("content-type").is_some_and(|kind| kind.starts_with("text/csv")) {
                files += 1;
                assert_eq!(named(&page.html), None, "{}: {}", name(route), page.html);
            }
        }
    }
    assert!(followed > 500 && files > 1, "{followed} addresses, {files} files");
}

#[tokio::test]
async fn ses_06_looking_changes_nothing() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = crate::apply::begun(&mut browser, "9876543210").await;
    let events = |town: &Town| {
        let app = std::sync::Arc::clone(&town.app);
        async move {
            let mut tx = app.store.read("riverton").await.unwrap();
            server::store::events::head(&mut tx).await.unwrap()
        }
    };
    let before = events(&town).await;
    // Whoever tries what was offered to nobody leaves a trace of that.
    for route in table().filter(|route| route.get && route.policy != Policy::CaseOffered) {
        let page = browser.send(Request::get(filled(route, &case)), Body::empty()).await;
        assert!(page.status < 500, "{}: {}", name(route), page.status);
    }
    assert_eq!(events(&town).await, before);
}

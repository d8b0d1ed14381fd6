//! What those who watch are told: every number is there, and nobody's name is.

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt as _;

use crate::apply::sent;
use crate::browser::Browser;
use crate::town::Town;

pub(crate) async fn scraped(town: &Town) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = server::metrics::router(town.app.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The value of a line that begins so.
pub(crate) fn value(text: &str, start: &str) -> i64 {
    let line = text.lines().find(|line| line.starts_with(start) && !line.starts_with('#'));
    let line = line.unwrap_or_else(|| panic!("no line begins with {start}:\n{text}"));
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn what_waits_and_what_was_answered_is_counted() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    town.wait_ms(90_000);
    let text = scraped(&town).await;
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert_eq!(value(&text, "nagar_jobs{kind=\"notice\",state=\"waiting\"}"), 1);
    assert_eq!(value(&text, "nagar_jobs{kind=\"paper\",state=\"dead\"}"), 0);
    assert_eq!(value(&text, "nagar_job_age_seconds{kind=\"paper\",state=\"waiting\"}"), 90);
    assert_eq!(value(&text, "nagar_ledger_imbalance_paise"), 0);
    assert_eq!((value(&text, "nagar_database_up"), value(&text, "nagar_timers_due")), (1, 0));
    assert!(value(&text, "nagar_memory_bytes") > 1 << 20 || cfg!(not(target_os = "linux")));
    assert!(text.contains("nagar_build_info{version=\""));
    assert!(value(&text, "nagar_database_connections{state=\"idle\"}") >= 0);
    let posted = "nagar_http_requests_total{method=\"POST\",route=\"/{tenant}/cases/{case}/check\",status=\"3xx\"}";
    assert_eq!(value(&text, posted), 1);
    assert!(text.contains("nagar_http_request_duration_seconds_bucket{le=\"0.5\",route=\"/{tenant}/my/profile\"}"));
    for secret in [case.as_str(), "9876543210", "Asha", "riverton"] {
        assert!(!text.contains(secret), "{secret} is told to those who watch");
    }
    town.work().await;
    assert_eq!(
        value(&scraped(&town).await, "nagar_jobs{kind=\"notice\",state=\"waiting\"}"),
        0,
        "what was done is gone"
    );
}

#[tokio::test]
async fn aud_05_how_far_a_node_is_from_the_clock_of_the_database_is_told() {
    let town = Town::open().await;
    let theirs = town.app.store.clock_ms().await.unwrap();
    let told = value(&scraped(&town).await, "nagar_clock_ahead_milliseconds");
    // The clock of the town was set, and stands; that of a database of its own goes on.
    let expected = theirs.map_or(0, |theirs| town.app.clock.now_ms() - theirs);
    assert_eq!(told == 0, theirs.is_none(), "{told}");
    assert!((0..60_000).contains(&(expected - told)), "{told} instead of {expected}");
}

#[tokio::test]
async fn ses_08_a_request_keeps_the_name_that_a_proxy_of_ours_gave_it() {
    let named = async |town: &Town, name: &str| {
        let request = Request::get("/live").header("x-request-id", name);
        Browser::new(town).send(request, Body::empty()).await.headers["x-request-id"].clone()
    };
    let behind = Town::with(|config| config.proxies = 1).await;
    assert_eq!(named(&behind, "edge-7.42_a").await, "edge-7.42_a");
    for wrong in ["", "a b", "<script>", &"x".repeat(65)] {
        let given = named(&behind, wrong).await;
        assert!(given.len() == 8 && given != wrong, "{wrong} became {given}");
    }
    // Where nothing of ours stands in front, a stranger says it.
    let given = named(&Town::open().await, "edge-7.42_a").await;
    assert!(given.len() == 8 && given != "edge-7.42_a", "{given}");
}

#[tokio::test]
async fn ops_02_what_is_for_those_who_run_it_is_not_reached_by_those_who_use_it() {
    let town = Town::with(|config| (config.demo, config.implementer) = (false, false)).await;
    assert!(scraped(&town).await.contains("nagar_build_info"), "it is told on a listener of its own");
    let mut browser = Browser::new(&town);
    let closed = ["/metrics", "/dev", "/dev/outbox", "/dev/problems", "/dev/reference", "/debug", "/admin", "/status"];
    for path in closed {
        let page = browser.send(Request::get(path), Body::empty()).await;
        assert!(page.status == 404 && !page.html.contains("nagar_"), "{path}: {}", page.status);
    }
    // Whoever spreads requests over the nodes is told one word, and nothing of what is behind it.
    for path in ["/live", "/ready"] {
        let page = browser.send(Request::get(path), Body::empty()).await;
        let said = page.html.trim();
        let plain = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(page.status == 200 && plain, "{path}: {} {said}", page.status);
    }
}

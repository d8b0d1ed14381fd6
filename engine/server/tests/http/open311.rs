//! Open311 GeoReport v2: what programs of other makers ask and send, in both formats.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value as Json;

use crate::api::token;
use crate::browser::{Browser, Page, encoded};
use crate::town::{TOWN, Town};

fn at(path: &str) -> String {
    format!("/api/{TOWN}/open311/{path}")
}

async fn get(town: &Town, path: &str) -> Page {
    Browser::new(town).send(Request::get(at(path)), Body::empty()).await
}

async fn post(town: &Town, path: &str, pairs: &[(&str, &str)]) -> Page {
    let pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = Request::post(at(path)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    Browser::new(town).send(request, Body::from(encoded(&pairs))).await
}

fn json(page: &Page) -> Json {
    serde_json::from_str(&page.html).unwrap_or_else(|_| panic!("{} is no JSON: {}", page.at, page.html))
}

#[tokio::test]
async fn kinds_of_reports_are_services_or_the_options_of_a_question() {
    let town = Town::open().await;
    let told = json(&get(&town, "services.json").await);
    let kinds: Vec<(&str, &str, bool)> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| {
            let text = |key: &str| kind[key].as_str().unwrap();
            (text("service_code"), text("service_name"), kind["metadata"].as_bool().unwrap())
        })
        .collect();
    // A service that does not take part is not among them.
    assert_eq!(kinds, [("report", "Report", false), ("food", "Food", true), ("toys", "Toys", true)]);
    assert_eq!(told[0]["type"], "realtime");
    let xml = get(&town, "services.xml").await;
    assert_eq!(xml.headers["content-type"], "text/xml; charset=utf-8");
    assert!(xml.html.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"), "{}", xml.html);
    assert!(xml.html.contains("<services><service><service_code>report</service_code>"), "{}", xml.html);
}

#[tokio::test]
async fn a_definition_says_what_is_asked_besides() {
    let town = Town::open().await;
    let told = json(&get(&town, "services/food.json").await);
    assert_eq!(told["service_code"], "food");
    let asked: Vec<(&str, bool, &str)> = told["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["code"].as_str().unwrap(), one["required"].as_bool().unwrap(), one["datatype"].as_str().unwrap())
        })
        .collect();
    // The stove is asked of those who bring food alone: the form says so, and so it is not always needed.
    assert_eq!(asked, [("width", true, "string"), ("stove", false, "string")]);
    let xml = get(&town, "services/food.xml").await;
    assert!(
        xml.html.contains("<service_definition><service_code>food</service_code><attributes><attribute>"),
        "{}",
        xml.html
    );
    let missing = get(&town, "services/nothing.json").await;
    assert_eq!((missing.status, json(&missing)[0]["code"].as_i64()), (404, Some(404)));
    assert!(json(&missing)[0]["description"].as_str().unwrap().contains("service_code"), "{}", missing.html);
}

#[tokio::test]
async fn a_report_is_sent_and_looked_up() {
    let town = Town::open().await;
    let key = token(&town, "9876543210").await;
    let sent = post(
        &town,
        "requests.json",
        &[
            ("api_key", &key),
            ("jurisdiction_id", TOWN),
            ("service_code", "report"),
            ("description", "The lamp is dark."),
        ],
    )
    .await;
    assert_eq!(sent.status, 200, "{}", sent.html);
    let told = json(&sent);
    assert_eq!(told[0]["service_request_id"], "REP/RVT/2026-27/000001");
    let token = told[0]["token"].as_str().unwrap().to_owned();
    let found = json(&get(&town, &format!("tokens/{token}.json")).await);
    assert_eq!(found[0]["service_request_id"], "REP/RVT/2026-27/000001");

    let one = get(&town, "requests/REP%2FRVT%2F2026-27%2F000001.json").await;
    let told = json(&one);
    let text = |key: &str| told[0][key].as_str().unwrap().to_owned();
    assert_eq!((text("status"), text("service_code")), ("open".to_owned(), "report".to_owned()));
    assert_eq!(text("requested_datetime"), "2026-04-06T10:00:00+05:30");
    // What was said is not told to everybody, nor who said it.
    assert!(!one.html.contains("lamp") && !one.html.contains("98765"), "{}", one.html);

    town.officer(&token, "foreman", "resolve", "A new lamp.").await;
    for (query, expected) in [
        ("", 1),
        ("?status=closed", 1),
        ("?status=open", 0),
        ("?service_code=report,food", 1),
        ("?service_code=food", 0),
        ("?start_date=2026-04-01T00:00:00Z&end_date=2026-04-07T00:00:00Z", 1),
        ("?end_date=2026-04-06T00:00:00Z", 0),
        ("?service_request_id=REP%2FRVT%2F2026-27%2F000001,REP%2FRVT%2F2026-27%2F000002", 1),
        // What is named overrides everything else.
        ("?service_request_id=REP%2FRVT%2F2026-27%2F000001&status=open&service_code=food", 1),
        ("?service_request_id=REP%2FRVT%2F2026-27%2F000001&end_date=2026-04-06T00:00:00Z", 1),
        ("?service_request_id=REP%2FRVT%2F2026-27%2F000002&status=closed", 0),
    ] {
        let told = json(&get(&town, &format!("requests.json{query}")).await);
        assert_eq!(told.as_array().unwrap().len(), expected, "{query}: {told}");
    }
    let xml = get(&town, "requests.xml").await;
    assert!(
        xml.html.contains(
            "<service_requests><request><service_request_id>REP/RVT/2026-27/000001</service_request_id><status>closed"
        ),
        "{}",
        xml.html
    );
}

#[tokio::test]
async fn a_number_stands_in_the_address_with_its_slashes_encoded_or_not() {
    let town = Town::open().await;
    let key = token(&town, "9876543210").await;
    let report = [("api_key", key.as_str()), ("service_code", "report"), ("description", "The lamp is dark.")];
    assert_eq!(post(&town, "requests.json", &report).await.status, 200);
    for ending in ["json", "xml"] {
        let encoded = get(&town, &format!("requests/REP%2FRVT%2F2026-27%2F000001.{ending}")).await;
        let plain = get(&town, &format!("requests/REP/RVT/2026-27/000001.{ending}")).await;
        assert_eq!((encoded.status, plain.status), (200, 200), "{}", plain.html);
        assert_eq!(plain.html, encoded.html);
        assert!(plain.html.contains("REP/RVT/2026-27/000001"), "{}", plain.html);
    }
    for path in ["requests/REP/RVT/2026-27/000002.json", "requests/REP/RVT/2026-27.json", "requests//.json"] {
        assert_eq!(get(&town, path).await.status, 404, "{path}");
    }
    let nothing_behind = get(&town, "requests/REP/RVT/2026-27/000001").await;
    assert_eq!(nothing_behind.status, 404, "a format is asked for");
}

#[tokio::test]
async fn a_report_is_found_again_by_the_moment_that_was_told() {
    let town = Town::open().await;
    let key = token(&town, "9876543210").await;
    town.wait_ms(17_500);
    let report = [("api_key", key.as_str()), ("service_code", "report"), ("description", "The lamp is dark.")];
    assert_eq!(post(&town, "requests.json", &report).await.status, 200);
    town.wait_ms(60_000);
    let told = json(&get(&town, "requests.json").await);
    assert_eq!(told[0]["requested_datetime"], "2026-04-06T10:00:17+05:30");
    for (query, expected) in [
        ("start_date=2026-04-06T10:00:17%2B05:30&end_date=2026-04-06T10:00:18%2B05:30", 1),
        ("start_date=2026-04-06T10:00:18%2B05:30", 0),
        ("end_date=2026-04-06T10:00:17%2B05:30", 0),
    ] {
        let told = json(&get(&town, &format!("requests.json?{query}")).await);
        assert_eq!(told.as_array().unwrap().len(), expected, "{query}: {told}");
    }
}

#[tokio::test]
async fn attributes_are_answers() {
    let town = Town::open().await;
    let key = token(&town, "9876543210").await;
    let common = [("api_key", key.as_str()), ("service_code", "food"), ("description", "Asha Snacks")];
    let bare = post(&town, "requests.json", &common).await;
    assert_eq!((bare.status, json(&bare)[0]["description"].as_str()), (400, Some("attribute[width]: missing")));
    let whole = [&common[..], &[("attribute[width]", "3 metres"), ("attribute[stove]", "Gas")]].concat();
    let sent = post(&town, "requests.xml", &whole).await;
    assert_eq!(sent.status, 200, "{}", sent.html);
    assert!(sent.html.contains("<service_request_id>FAI/RVT/2026-27/000001</service_request_id>"), "{}", sent.html);
    let found = json(&get(&town, "requests/FAI%2FRVT%2F2026-27%2F000001.json").await);
    assert_eq!((found[0]["service_code"].as_str(), found[0]["service_name"].as_str()), (Some("food"), Some("Food")));
    let case = json(&get(&town, "requests.json").await);
    assert_eq!(case.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_words_of_the_same_person_are_the_same_report() {
    let town = Town::open().await;
    let key = token(&town, "9876543210").await;
    let report = [("api_key", key.as_str()), ("service_code", "report"), ("description", "The lamp is dark.")];
    let first = json(&post(&town, "requests.json", &report).await);
    assert_eq!(json(&post(&town, "requests.json", &report).await), first);
    let other = token(&town, "9876543211").await;
    let theirs = [("api_key", other.as_str()), report[1], report[2]];
    let second = json(&post(&town, "requests.json", &theirs).await);
    assert_eq!(second[0]["service_request_id"], "REP/RVT/2026-27/000002");
}

#[tokio::test]
async fn what_is_wrong_is_said_as_the_specification_says_it() {
    let town = Town::open().await;
    let key = token(&town, "9876543210").await;
    let no_key = post(&town, "requests.json", &[("service_code", "report"), ("description", "x")]).await;
    assert_eq!((no_key.status, json(&no_key)[0]["code"].as_i64()), (403, Some(403)));
    let wrong_key = post(&town, "requests.xml", &[("api_key", "AAAA"), ("service_code", "report")]).await;
    assert_eq!(wrong_key.status, 403);
    assert!(wrong_key.html.contains("<errors><error><code>403</code><description>"), "{}", wrong_key.html);
    let no_code = post(&town, "requests.json", &[("api_key", &key), ("description", "x")]).await;
    assert_eq!(
        (no_code.status, json(&no_code)[0]["description"].as_str()),
        (400, Some("service_code was not provided"))
    );
    let unknown = post(&town, "requests.json", &[("api_key", &key), ("service_code", "nothing")]).await;
    assert_eq!(unknown.status, 404);
    let elsewhere = get(&town, "services.json?jurisdiction_id=hilltop").await;
    assert_eq!(elsewhere.status, 404);
    let day = get(&town, "requests.json?start_date=yesterday").await;
    assert_eq!(day.status, 400);
    let turned = get(&town, "requests.json?start_date=2026-04-02&end_date=2026-04-01").await;
    assert_eq!(turned.status, 400);
    let status = get(&town, "requests.json?status=solved").await;
    assert_eq!(status.status, 400);
    let json_body = Request::post(at("requests.json")).header(header::CONTENT_TYPE, "application/json");
    let refused = Browser::new(&town).send(json_body, Body::from("{}")).await;
    assert_eq!(refused.status, 400, "a report is a form");
}

#[tokio::test]
async fn a_report_of_another_town_is_not_told() {
    let town = Town::open().await;
    let key = token(&town, "9876543210").await;
    let report = [("api_key", key.as_str()), ("service_code", "report"), ("description", "The lamp is dark.")];
    assert_eq!(post(&town, "requests.json", &report).await.status, 200);
    let mut elsewhere = Browser::new(&town);
    for path in ["requests.json", "requests/REP%2FRVT%2F2026-27%2F000001.json"] {
        let page = elsewhere.send(Request::get(format!("/api/hilltop/open311/{path}")), Body::empty()).await;
        assert!(!page.html.contains("REP/RVT"), "{}", page.html);
    }
}

#[tokio::test]
async fn what_is_sent_by_a_cookie_is_not_taken() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    let pairs = [("service_code", "report"), ("description", "The lamp is dark.")];
    let pairs: Vec<(String, String)> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let request = Request::post(at("requests.json")).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(browser.send(request, Body::from(encoded(&pairs))).await.status, 403);
}

#[tokio::test]
async fn looking_at_reports_has_a_limit() {
    let town = Town::open().await;
    for _ in 0..60 {
        assert_eq!(get(&town, "requests.json").await.status, 200);
    }
    let refused = get(&town, "requests.json").await;
    assert_eq!(refused.status, 429);
    assert!(refused.headers.contains_key("retry-after"));
}

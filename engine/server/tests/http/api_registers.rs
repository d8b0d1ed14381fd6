//! Registers as programs read them: everything for whoever holds a record, a mask for everybody else.

use axum::body::Body;
use axum::http::Request;
use serde_json::Value as Json;
use server::store::records;
use sha2::{Digest as _, Sha256};

use crate::api::token;
use crate::browser::Browser;
use crate::desk_town::{employ, staff};
use crate::dues::{NUMBER, by_day, new_year, public};
use crate::raise::{permitted, yearly};
use crate::town::{TOWN, Town};

const RECORDS: &str = "/api/riverton/registers/stall_permits/records";
const RECORD: &str = "/api/riverton/registers/stall_permits/records/SP%2FRVT%2F2026-27%2F000001";

async fn asked(town: &Town, at: &str, token: &str) -> (u16, Json) {
    let mut request = Request::get(at);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let page = Browser::new(town).send(request, Body::empty()).await;
    (page.status, serde_json::from_str(&page.html).unwrap_or(Json::Null))
}

async fn told(town: &Town, at: &str, token: &str) -> Json {
    let (status, told) = asked(town, at, token).await;
    assert_eq!(status, 200, "{at}: {told}");
    told
}

async fn billed() -> Town {
    let town = Town::open().await.again(public).await;
    permitted(&town, "9876543210").await;
    town.work().await;
    new_year(&town).await;
    town
}

#[tokio::test]
async fn priv_08_strangers_find_a_record_and_what_is_owed_on_it_and_nothing_of_a_person() {
    let town = billed().await;
    let registers = told(&town, "/api/riverton/registers", "").await;
    let permits = registers["registers"].as_array().unwrap().iter().find(|one| one["registry"] == "stall_permits");
    assert_eq!(permits.unwrap()["payable"], true, "{registers}");

    let found = told(&town, &format!("{RECORDS}?number=sp/rvt/2026-27/000001"), "").await;
    assert_eq!(
        (found["records"][0]["number"].as_str(), found["records"][0]["holder"].as_str()),
        (Some(NUMBER), Some("A*** R**"))
    );
    let record = told(&town, RECORD, "").await;
    assert_eq!((record["standing"].as_str(), record["mine"].as_bool()), (Some("active"), Some(false)));
    assert_eq!((&record["holder"], &record["answers"]), (&Json::from("A*** R**"), &Json::Null));
    let dues = told(&town, &format!("{RECORD}/dues"), "").await;
    assert_eq!((dues["total"].as_str(), dues["credit"].as_str()), (Some("1100.00"), Some("0.00")), "{dues}");
    let part = &dues["parts"][0];
    assert_eq!((part["service"].as_str(), part["period"][0].as_str()), (Some("stall-permit"), Some("2027-04-01")));
    assert_eq!(
        (part["lines"][0]["head"].as_str(), part["lines"][0]["amount"].as_str()),
        (Some("permit_fee"), Some("1100.00"))
    );
    assert!(part["steps"].as_array().is_some_and(|steps| !steps.is_empty()), "{part}");
    for answer in [&found, &record, &dues] {
        for secret in ["Asha", "Rao", "9876543210", "3210", "Snacks"] {
            assert!(!answer.to_string().contains(secret), "{secret} is told to strangers: {answer}");
        }
    }
    for (at, status) in [
        (format!("{RECORD}?on=2026-05-01"), 403),
        (format!("{RECORD}/dues?on=2027-05-01"), 403),
        (format!("{RECORD}/dues?known_on=2027-04-01"), 403),
        (format!("{RECORD}/versions"), 401),
        (format!("{RECORD}/documents"), 401),
        (RECORDS.to_owned(), 400),
        (format!("{RECORDS}/SP%2F9"), 404),
        ("/api/riverton/registers/people/records/1".to_owned(), 404),
    ] {
        assert_eq!(asked(&town, &at, "").await.0, status, "{at}");
    }
}

#[tokio::test]
async fn a_case_owes_what_the_bill_of_its_record_says_for_programs_and_at_the_desk() {
    let town = Town::open().await.again(by_day).await;
    employ(&town, TOWN, ("meera", "Meera Joshi"), ("stall-permit", "clerk", "")).await;
    permitted(&town, "9876543210").await;
    town.work().await;
    new_year(&town).await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let account = records::owing(&mut tx, "stall_permits", NUMBER).await.unwrap().remove(0);
    drop(tx);
    let billed = town.case(&account).await.demands;
    assert_eq!(billed[0].owed().to_string(), "1100.00", "the rebate is not the demand's but the day's");
    let mine = token(&town, "9876543210").await;
    let case = told(&town, &format!("/api/riverton/cases/{account}"), &mine).await;
    let dues = told(&town, &format!("{RECORD}/dues"), &mine).await;
    assert_eq!((case["owed"].as_str(), dues["total"].as_str()), (Some("1000.00"), Some("1000.00")), "{case}");
    let mut clerk = staff(&town, "meera").await;
    let record = "/riverton/desk/registers/stall_permits/SP%2FRVT%2F2026-27%2F000001";
    clerk.get(record).await.expect(200, "₹1,000.00");
}

#[tokio::test]
async fn whoever_holds_a_record_is_told_all_of_it() {
    let town = billed().await;
    let (mine, other) = (token(&town, "9876543210").await, token(&town, "9876543219").await);
    let record = told(&town, RECORD, &mine).await;
    assert_eq!((record["mine"].as_bool(), record["answers"]["kind"].as_str()), (Some(true), Some("food")), "{record}");
    assert!(!record["holder"].as_str().unwrap().contains('*'), "{record}");
    assert_eq!(asked(&town, &format!("{RECORD}?on=2026-04-05"), &mine).await.0, 404, "it was not there yet");
    let versions = told(&town, &format!("{RECORD}/versions"), &mine).await;
    assert_eq!(
        (versions["versions"].as_array().unwrap().len(), versions["versions"][0]["version"].as_i64()),
        (1, Some(1))
    );

    // On the day before the year began nothing was owed, as it was known then, and something as it is known now.
    let before = told(&town, &format!("{RECORD}/dues?on=2027-03-31&known_on=2027-03-31"), &mine).await;
    assert_eq!(before["total"], "0.00");
    let now = told(&town, &format!("{RECORD}/dues?on=2027-03-31"), &mine).await;
    assert_eq!(now["total"], "1100.00");
    // Neither no day, nor one that may be read in two ways, nor silence that was not meant.
    for day in ["soon", "04/05/2027", ""] {
        assert_eq!(asked(&town, &format!("{RECORD}/dues?on={day}"), &mine).await.0, 400, "{day}");
    }

    let documents = told(&town, &format!("{RECORD}/documents"), &mine).await;
    let permit = documents["documents"].as_array().unwrap().iter().find(|paper| paper["document"] == "permit");
    let permit = permit.unwrap_or_else(|| panic!("no permit: {documents}"));
    let at = format!("{RECORD}/documents/{}", permit["id"].as_str().unwrap());
    let request = |token: &str| Request::get(&at).header("authorization", format!("Bearer {token}"));
    let paper = Browser::new(&town).send(request(&mine), Body::empty()).await;
    assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF"), "{}", paper.text());
    assert_eq!(permit["sha256"], server::auth::token::hex(&Sha256::digest(&paper.bytes)), "it is what was issued");

    // Another citizen is a stranger.
    let masked = told(&town, RECORD, &other).await;
    assert_eq!((masked["mine"].as_bool(), &masked["answers"]), (Some(false), &Json::Null));
    for of_mine in ["/versions", "/documents"] {
        assert_eq!(asked(&town, &format!("{RECORD}{of_mine}"), &other).await.0, 404, "{of_mine}");
    }
    assert_eq!(Browser::new(&town).send(request(&other), Body::empty()).await.status, 404);
    assert_eq!(asked(&town, &format!("{RECORD}/dues?known_on=2027-03-31"), &other).await.0, 403);
}

#[tokio::test]
async fn a_cookie_opens_nothing_and_looks_are_counted() {
    let town = billed().await;
    let mut holder = Browser::new(&town);
    holder.sign_in("9876543210").await;
    let record: Json = serde_json::from_str(&holder.get(RECORD).await.html).unwrap();
    assert_eq!(record["mine"], false, "a page of somebody else's cannot read it with her cookie");
    let mut last = 200;
    for _ in 0..40 {
        last = asked(&town, RECORD, "").await.0;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_register_that_nobody_pays_on_is_there_for_its_holders_alone() {
    let town = Town::open().await.again(yearly).await;
    permitted(&town, "9876543210").await;
    // Another code is sent after half a minute at the earliest.
    town.wait_ms(60_000);
    let mine = token(&town, "9876543210").await;
    assert_eq!(asked(&town, RECORD, "").await.0, 404);
    assert_eq!(asked(&town, &format!("{RECORDS}?number={NUMBER}"), "").await.0, 404);
    assert_eq!(told(&town, RECORD, &mine).await["mine"], true);
}

//! The API: what programs may ask and send.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value as Json, json};

use crate::browser::Browser;
use crate::town::{TOWN, Town};

async fn call(browser: &mut Browser<'_>, request: axum::http::request::Builder, body: &Json) -> (u16, Json) {
    let page =
        browser.send(request.header(header::CONTENT_TYPE, "application/json"), Body::from(body.to_string())).await;
    (page.status, serde_json::from_str(&page.html).unwrap_or_else(|_| panic!("no JSON: {}", page.html)))
}

async fn token(town: &Town) -> String {
    let mut program = Browser::new(town);
    let at = format!("/api/{TOWN}/sign-in");
    let (status, asked) = call(&mut program, Request::post(&at), &json!({ "mobile": "9876543210" })).await;
    assert_eq!(status, 200);
    let code = town.code("9876543210");
    let body = json!({ "mobile": "9876543210", "browser": asked["browser"], "code": code });
    let (status, signed) = call(&mut program, Request::post(format!("{at}/code")), &body).await;
    assert_eq!(status, 200, "{signed}");
    signed["token"].as_str().unwrap().to_owned()
}

fn post(token: &str, key: &str) -> axum::http::request::Builder {
    Request::post(format!("/api/{TOWN}/cases"))
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", key)
}

#[tokio::test]
async fn services_and_their_schemas_are_published() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let page = program.get(&format!("/api/{TOWN}/services")).await;
    let services: Json = serde_json::from_str(&page.html).unwrap();
    assert_eq!(services["services"].as_array().unwrap().len(), 3);
    let schema = program.get(&format!("/api/{TOWN}/services/stall-permit/schema.json")).await;
    let schema: Json = serde_json::from_str(&schema.html).unwrap();
    assert_eq!(schema["properties"]["kind"]["oneOf"][1]["const"], "cloth");
    program.get(&format!("/api/{TOWN}/services/nothing")).await.expect(404, "urn:nagar:not_found");
}

#[tokio::test]
async fn an_application_is_sent_once_under_its_key() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town).await;
    let body = json!({ "service": "report", "answers": { "text": "The lamp is broken." } });
    let (status, first) = call(&mut program, post(&token, "one"), &body).await;
    assert_eq!((status, first["number"].as_str()), (201, Some("REP/RVT/2026-27/000001")), "{first}");
    let (status, again) = call(&mut program, post(&token, "one"), &body).await;
    assert_eq!((status, &again), (201, &first));
    let other = json!({ "service": "report", "answers": { "text": "Another." } });
    let (status, refused) = call(&mut program, post(&token, "one"), &other).await;
    assert_eq!((status, refused["type"].as_str()), (409, Some("urn:nagar:key_reused")));
    let at = format!("/api/{TOWN}/cases/{}", first["id"].as_str().unwrap());
    let page = program.send(Request::get(&at).header("authorization", format!("Bearer {token}")), Body::empty()).await;
    let case: Json = serde_json::from_str(&page.html).unwrap();
    assert_eq!((case["state"].as_str(), case["answers"]["text"].as_str()), (Some("open"), Some("The lamp is broken.")));
}

#[tokio::test]
async fn answers_that_do_not_fit_the_schema_are_refused_all_at_once() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town).await;
    let body = json!({ "service": "stall-permit", "answers": { "kind": "wood", "size": "4", "stranger": 1 } });
    let (status, refused) = call(&mut program, post(&token, "one"), &body).await;
    assert_eq!(status, 422);
    let errors = refused["errors"].as_array().unwrap();
    for part in ["wood", "stranger", "stall_name"] {
        assert!(errors.iter().any(|error| error["problem"].as_str().unwrap().contains(part)), "{part}: {refused}");
    }
    let late = json!({ "service": "report", "answers": { "text": "x" }, "applicant": "somebody" });
    assert_eq!(call(&mut program, post(&token, "two"), &late).await.0, 400);
    let request = Request::post(format!("/api/{TOWN}/cases")).header("authorization", format!("Bearer {token}"));
    assert_eq!(call(&mut program, request, &body).await.0, 400, "the key is asked for");
}

#[tokio::test]
async fn a_file_that_nobody_sent_is_refused_by_path() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town).await;
    let answers = json!({
        "stall_name": "Asha", "kind": "cloth", "since": "2026-01-01", "size": 4, "place": "L1",
        "owners": [{ "name": "A", "proof": { "id": "x", "name": "a.pdf", "kind": "pdf", "size": 5 } }], "declared": true,
    });
    let (status, refused) =
        call(&mut program, post(&token, "one"), &json!({ "service": "stall-permit", "answers": answers })).await;
    assert_eq!((status, refused["errors"][0]["path"].as_str()), (422, Some("owners.0.proof")), "{refused}");
}

#[tokio::test]
async fn a_program_sends_files_first_and_then_the_answers_that_name_them() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town).await;
    let pdf = crate::apply::PDF.to_vec();
    let upload = |name: &str, kind: &str| {
        Request::post(format!("/api/{TOWN}/files?name={name}"))
            .header("authorization", format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind)
    };
    program.send(upload("deed.png", "image/png"), Body::from(pdf.clone())).await.expect(415, "urn:nagar");
    program.send(upload("deed.pdf", "application/pdf"), Body::empty()).await.expect(400, "urn:nagar");
    let page = program.send(upload("deed.pdf", "application/pdf"), Body::from(pdf.clone())).await;
    assert_eq!(page.status, 201, "{}", page.html);
    let file: Json = serde_json::from_str(&page.html).unwrap();
    let answers = |proof: &Json| {
        json!({ "service": "stall-permit", "answers": {
            "stall_name": "Asha", "kind": "cloth", "since": "2026-01-01", "size": 4, "place": "L1",
            "owners": [{ "name": "A", "proof": proof }], "declared": true,
        } })
    };
    let mut lying = file.clone();
    lying["kind"] = json!("jpeg");
    assert_eq!(call(&mut program, post(&token, "lie"), &answers(&lying)).await.0, 422, "the kind is what it is");
    let (status, sent) = call(&mut program, post(&token, "one"), &answers(&file)).await;
    assert_eq!(status, 201, "{sent}");
    town.wait_ms(60_000);
    let mut asha = Browser::new(&town);
    asha.sign_in("9876543210").await;
    let at = format!("/{TOWN}/cases/{}/files/{}", sent["id"].as_str().unwrap(), file["id"].as_str().unwrap());
    assert_eq!(asha.get(&at).await.status, 200);
    let (_, other) =
        call(&mut program, post(&token, "two"), &json!({ "service": "report", "answers": { "text": "x" } })).await;
    let at = format!("/{TOWN}/cases/{}/files/{}", other["id"].as_str().unwrap(), file["id"].as_str().unwrap());
    assert_eq!(asha.get(&at).await.status, 404, "only the case that names it shows it");
}

#[tokio::test]
async fn a_file_of_somebody_else_cannot_be_claimed() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    crate::apply::sent(&mut owner, "9876543211").await;
    let mut program = Browser::new(&town);
    let token = token(&town).await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let head = server::store::events::all(&mut tx, 0, 100).await.unwrap();
    drop(tx);
    let upload = head.iter().find(|event| event.command["word"] == "upload").unwrap();
    let answers = json!({
        "stall_name": "Asha", "kind": "cloth", "since": "2026-01-01", "size": 4, "place": "L1",
        "owners": [{ "name": "A", "proof": { "id": upload.command["facts"]["file"], "name": "a.pdf", "kind": "pdf", "size": 5 } }], "declared": true,
    });
    let (status, refused) =
        call(&mut program, post(&token, "one"), &json!({ "service": "stall-permit", "answers": answers })).await;
    assert_eq!((status, refused["type"].as_str()), (422, Some("urn:nagar:answers")), "{refused}");
}

#[tokio::test]
async fn problems_are_told_to_programs_as_json() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let page = program.get("/api/nowhere/services").await;
    assert_eq!((page.status, page.headers["content-type"].as_str()), (404, "application/problem+json"));
    let wrong = program
        .send(
            Request::post(format!("/api/{TOWN}/sign-in")).header(header::CONTENT_TYPE, "application/json"),
            Body::from("{\"mobile\":1,\"mobile\":2}"),
        )
        .await;
    assert_eq!(wrong.status, 400);
    let deep = format!("{{\"mobile\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let wrong = program
        .send(
            Request::post(format!("/api/{TOWN}/sign-in")).header(header::CONTENT_TYPE, "application/json"),
            Body::from(deep),
        )
        .await;
    assert_eq!(wrong.status, 400);
}

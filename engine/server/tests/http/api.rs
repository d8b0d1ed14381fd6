//! The API: what programs may ask and send.

use axum::body::Body;
use axum::http::{Request, header};
use engine::source::Bundle;
use serde_json::{Value as Json, json};
use server::act::{self, Opening};

use crate::browser::Browser;
use crate::town::{TOWN, Town};

pub(crate) async fn call(browser: &mut Browser<'_>, request: axum::http::request::Builder, body: &Json) -> (u16, Json) {
    let page =
        browser.send(request.header(header::CONTENT_TYPE, "application/json"), Body::from(body.to_string())).await;
    (page.status, serde_json::from_str(&page.html).unwrap_or_else(|_| panic!("no JSON: {}", page.html)))
}

pub(crate) async fn token(town: &Town, mobile: &str) -> String {
    let mut program = Browser::new(town);
    let at = format!("/api/{TOWN}/sign-in");
    let (status, asked) = call(&mut program, Request::post(&at), &json!({ "mobile": mobile })).await;
    assert_eq!(status, 200);
    let code = town.code(mobile);
    let body = json!({ "mobile": mobile, "browser": asked["browser"], "code": code });
    let (status, signed) = call(&mut program, Request::post(format!("{at}/code")), &body).await;
    assert_eq!(status, 200, "{signed}");
    signed["token"].as_str().unwrap().to_owned()
}

pub(crate) fn post(token: &str, key: &str) -> axum::http::request::Builder {
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
async fn a_member_of_another_kind_is_refused_and_not_passed_over() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let mut body = json!({ "service": "report", "answers": { "text": "The lamp is broken." } });
    // Neither a number, nor a record where none is asked for.
    for (key, record) in [("one", json!(5)), ("two", json!("SP/RVT/2026-27/000001"))] {
        body["record"] = record;
        let (status, refused) = call(&mut program, post(&token, key), &body).await;
        assert_eq!((status, refused["type"].as_str()), (400, Some("urn:nagar:bad_request")), "{refused}");
    }
    body.as_object_mut().unwrap().remove("record");
    let (status, told) = call(&mut program, post(&token, "three"), &body).await;
    assert_eq!(status, 201, "{told}");
    let at = format!("/api/{TOWN}/cases/{}/act", told["id"].as_str().unwrap());
    // A version that was passed over would not hold whoever sent it to what was seen.
    for (name, value) in [("version", json!("1")), ("version", json!(1.5)), ("comment", json!(["late"]))] {
        let mut body = json!({ "action": "rate" });
        body[name] = value;
        let request =
            Request::post(&at).header("authorization", format!("Bearer {token}")).header("idempotency-key", "four");
        let (status, refused) = call(&mut program, request, &body).await;
        assert_eq!((status, refused["type"].as_str()), (400, Some("urn:nagar:bad_request")), "{refused}");
    }
}

#[tokio::test]
async fn an_application_is_sent_once_under_its_key() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
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
    let token = token(&town, "9876543210").await;
    let body = json!({ "service": "stall-permit", "answers": { "kind": "wood", "size": "4", "stranger": 1 } });
    let (status, refused) = call(&mut program, post(&token, "one"), &body).await;
    assert_eq!(status, 422);
    let errors = refused["errors"].as_array().unwrap();
    let told = |path: &str| {
        let error = errors.iter().find(|error| error["path"] == path);
        error.map(|error| error["problem"].as_str().unwrap())
    };
    // The same words as those of the form, at the same paths.
    assert_eq!(told("kind"), Some("not_an_option"), "{refused}");
    assert_eq!(told("stranger"), Some("not_asked"), "{refused}");
    assert_eq!(told("stall_name"), Some("missing"), "{refused}");
    let late = json!({ "service": "report", "answers": { "text": "x" }, "applicant": "somebody" });
    assert_eq!(call(&mut program, post(&token, "two"), &late).await.0, 400);
    let request = Request::post(format!("/api/{TOWN}/cases")).header("authorization", format!("Bearer {token}"));
    assert_eq!(call(&mut program, request, &body).await.0, 400, "the key is asked for");
}

#[tokio::test]
async fn of_several_ways_of_sending_the_one_that_fits_the_answers_is_taken() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    for (key, wares) in [("one", "toys"), ("two", "food")] {
        let mut answers = json!({ "firm": "Asha", "wares": wares, "width": "3 metres" });
        if wares == "food" {
            answers["stove"] = "Gas".into();
        }
        let body = json!({ "service": "fair", "answers": answers });
        let (status, sent) = call(&mut program, post(&token, key), &body).await;
        assert_eq!((status, sent["state"].as_str()), (201, Some("waiting")), "{wares}: {sent}");
    }
}

/// There is room for toys alone, and for one metre of them.
pub(crate) fn little_room(bundle: &mut Bundle) {
    let mut change = |path: &str, old: &str, new: &str| {
        let text = bundle.text(path).unwrap();
        assert!(text.contains(old), "{path}");
        let text = text.replace(old, new);
        bundle.add(path, text.into_bytes());
    };
    let both = "when: { few: { that: width == \"1 metre\", otherwise: Only one metre is left. }, \
                toys: { that: wares == \"toys\", otherwise: There is only room for toys. } }";
    change("fair/workflow.yaml", "when: wares == \"toys\"", both);
    change("fair/workflow.yaml", "when: wares == \"food\"", "when: width == \"2 metres\"");
    let words = "otherwise: { submit_toys: { few: केवल एक मीटर शेष है।, toys: स्थान केवल खिलौनों के लिए है। } }\n";
    change("fair/locales/hi.yaml", "documents:", &format!("{words}documents:"));
}

#[tokio::test]
async fn everything_that_keeps_an_application_from_being_sent_is_told() {
    let town = Town::open().await.again(little_room).await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let answers = json!({ "firm": "Asha", "wares": "food", "width": "3 metres", "stove": "Gas" });
    let body = json!({ "service": "fair", "answers": answers });
    for (language, detail) in [
        ("en", "Only one metre is left. There is only room for toys."),
        ("hi", "केवल एक मीटर शेष है। स्थान केवल खिलौनों के लिए है।"),
    ] {
        let request = post(&token, language).header("accept-language", language);
        let (status, refused) = call(&mut program, request, &body).await;
        assert_eq!((status, refused["type"].as_str()), (409, Some("urn:nagar:not_in_this_case")), "{refused}");
        assert_eq!(refused["detail"].as_str(), Some(detail), "{refused}");
    }
}

#[tokio::test]
async fn a_program_is_answered_in_the_language_that_it_asks_for() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let body = json!({ "service": "report", "answers": {} });
    for (wished, title) in [
        ("hi-IN, en;q=0.5", "उत्तर फ़ॉर्म के निर्धारित प्रारूप के अनुरूप नहीं हैं"),
        ("fr, en;q=0.9, hi;q=0.8", "The answers do not fit the schema"),
        ("hi;q=0", "The answers do not fit the schema"),
    ] {
        let request = post(&token, wished).header("accept-language", wished);
        let (status, refused) = call(&mut program, request, &body).await;
        assert_eq!((status, refused["title"].as_str()), (422, Some(title)), "{wished}");
    }
    let at = format!("/api/{TOWN}/services/stall-permit");
    let page = program.send(Request::get(at).header("accept-language", "hi"), Body::empty()).await;
    assert!(page.html.contains("दुकान अनुमति"), "{}", page.html);
}

/// The answers of a stall that can be sent at once but for the proof.
fn stall(since: &str) -> Json {
    json!({ "service": "stall-permit", "answers": {
        "stall_name": "Asha", "kind": "cloth", "since": since, "size": 4, "place": "L1",
        "owners": [{ "name": "A", "proof": { "id": "x", "name": "a.pdf", "kind": "pdf", "size": 5 } }], "declared": true,
    } })
}

#[tokio::test]
async fn in_08_a_day_that_does_not_exist_does_not_fit_the_schema() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let (status, refused) = call(&mut program, post(&token, "one"), &stall("2026-02-31")).await;
    assert_eq!((status, refused["title"].as_str()), (422, Some("The answers do not fit the schema")), "{refused}");
    assert_eq!(refused["errors"][0]["path"], "since", "{refused}");
}

#[tokio::test]
async fn what_is_refused_leaves_no_draft_behind() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let page = program
        .send(
            Request::post(format!("/api/{TOWN}/files?name=deed.pdf"))
                .header("authorization", format!("Bearer {token}"))
                .header(header::CONTENT_TYPE, "application/pdf"),
            Body::from(crate::apply::PDF.to_vec()),
        )
        .await;
    // The shape is right, but a day to come and a place that is not there will not do.
    let mut body = stall("2027-01-01");
    body["answers"]["owners"][0]["proof"] = serde_json::from_str(&page.html).unwrap();
    body["answers"]["place"] = json!("L99");
    let (status, refused) = call(&mut program, post(&token, "one"), &body).await;
    assert_eq!((status, refused["type"].as_str()), (422, Some("urn:nagar:answers")), "{refused}");
    let problems: Vec<(&str, &str)> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["path"].as_str().unwrap(), error["problem"].as_str().unwrap()))
        .collect();
    assert_eq!(problems, [("since", "too_large"), ("place", "not_an_option")], "{refused}");
    town.wait_ms(60_000);
    let mut asha = Browser::new(&town);
    asha.sign_in("9876543210").await;
    let mine = asha.get(&format!("/{TOWN}/my")).await;
    assert!(!mine.html.contains(&format!("/{TOWN}/cases/")), "{}", mine.text());
    // What was wrong is corrected under the same key.
    body["answers"]["since"] = json!("2026-01-01");
    body["answers"]["place"] = json!("L1");
    let (status, sent) = call(&mut program, post(&token, "one"), &body).await;
    assert_eq!((status, sent["state"].as_str()), (201, Some("checking")), "{sent}");
    let case = town.case(sent["id"].as_str().unwrap()).await;
    assert_eq!(case.version, 2, "filled in at once, then sent");
}

#[tokio::test]
async fn two_requests_at_once_under_one_key_get_one_answer() {
    let town = Town::open().await;
    let (mut one, mut two) = (Browser::new(&town), Browser::new(&town));
    let token = token(&town, "9876543210").await;
    let body = json!({ "service": "report", "answers": { "text": "The lamp is broken." } });
    let (first, second) =
        tokio::join!(call(&mut one, post(&token, "one"), &body), call(&mut two, post(&token, "one"), &body));
    assert_eq!(first.0, 201, "{}", first.1);
    assert_eq!(first, second);
    assert_eq!(first.1["number"], "REP/RVT/2026-27/000001");
    let (_, next) = call(&mut one, post(&token, "two"), &body).await;
    assert_eq!(next["number"], "REP/RVT/2026-27/000002", "the two made one application");
}

#[tokio::test]
async fn ops_03_programs_cannot_begin_applications_without_end() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let body = json!({ "service": "report", "answers": { "text": "The lamp is broken." } });
    for n in 0..30 {
        assert_eq!(call(&mut program, post(&token, &format!("key-{n}")), &body).await.0, 201);
    }
    let (status, refused) = call(&mut program, post(&token, "one-more"), &body).await;
    assert_eq!((status, refused["type"].as_str()), (429, Some("urn:nagar:too_many")));
    assert_eq!(call(&mut program, post(&token, "key-3"), &body).await.0, 201, "what was answered is answered again");
    // One whose answer was lost, after it was opened and before it was sent, goes on: it was counted when it began.
    let (_, first) = call(&mut program, post(&token, "key-3"), &body).await;
    let person = town.case(first["id"].as_str().unwrap()).await.applicant;
    let key = format!("api:{person}:lost");
    let opening = Opening { applicant: &person, language: "en", record: None, key: Some(&key) };
    let tenant = town.tenant();
    let service = town.app.library.now().catalogue.service(&tenant.id, "report").unwrap().clone();
    act::open(&town.app, &tenant, &service, opening).await.unwrap();
    assert_eq!(call(&mut program, post(&token, "lost"), &body).await.0, 201, "what was begun is brought to its end");
}

#[tokio::test]
async fn what_officers_wrote_down_is_not_told_to_the_applicant() {
    let town = crate::desk_town::open().await;
    let case = crate::desk_town::to_be_decided(&town, crate::desk_town::ASHA).await;
    assert!(town.case(&case).await.answers.get("measured").is_some());
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let at = format!("/api/{TOWN}/cases/{case}");
    let page = program.send(Request::get(&at).header("authorization", format!("Bearer {token}")), Body::empty()).await;
    let told: Json = serde_json::from_str(&page.html).unwrap();
    assert_eq!(told["answers"]["kiosk_name"], "Asha Snacks", "{told}");
    assert_eq!(told["answers"].get("measured"), None, "{told}");
}

#[tokio::test]
async fn an_applicant_acts_by_program_on_the_own_case() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let body = json!({ "service": "report", "answers": { "text": "The lamp is broken." } });
    let (_, sent) = call(&mut program, post(&token, "one"), &body).await;
    let case = sent["id"].as_str().unwrap().to_owned();
    let act = |key: &str| {
        Request::post(format!("/api/{TOWN}/cases/{case}/act"))
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", key)
    };
    let rate = json!({ "action": "rate", "answers": { "stars": 4 }, "comment": "Good." });
    let (status, early) = call(&mut program, act("early"), &rate).await;
    assert_eq!((status, early["type"].as_str()), (409, Some("urn:nagar:no_such_action")));
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    let wrong = json!({ "action": "rate", "answers": { "stars": 9, "other": 1 } });
    let (status, refused) = call(&mut program, act("wrong"), &wrong).await;
    assert_eq!(status, 422);
    let problems: Vec<&Json> = refused["errors"].as_array().unwrap().iter().map(|error| &error["problem"]).collect();
    assert!(problems.contains(&&json!("too_large")) && problems.contains(&&json!("not_asked")), "{refused}");
    let officers = json!({ "action": "resolve", "comment": "By myself." });
    assert_eq!(
        call(&mut program, act("officers"), &officers).await.0,
        409,
        "officers' actions are not the applicant's"
    );
    let (status, rated) = call(&mut program, act("rate"), &rate).await;
    assert_eq!(
        (status, rated["state"].as_str(), &rated["answers"]["stars"]),
        (200, Some("closed"), &json!(4)),
        "{rated}"
    );
    assert_eq!(call(&mut program, act("rate"), &rate).await, (200, rated), "the same key, the same answer");
    let (status, refused) = call(&mut program, act("rate"), &json!({ "action": "reopen", "comment": "x" })).await;
    assert_eq!((status, refused["type"].as_str()), (409, Some("urn:nagar:key_reused")));
    let bare =
        Request::post(format!("/api/{TOWN}/cases/{case}/act")).header("authorization", format!("Bearer {token}"));
    assert_eq!(call(&mut program, bare, &rate).await.0, 400, "the key is asked for");
}

#[tokio::test]
async fn what_was_sent_back_is_corrected_by_program() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    let case = crate::apply::sent(&mut owner, "9876543210").await;
    town.officer(&case, "clerk", "ask", "Which street?").await;
    town.wait_ms(60_000);
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let act = |key: &str| {
        Request::post(format!("/api/{TOWN}/cases/{case}/act"))
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", key)
    };
    let kept = town.case(&case).await;
    let mut answers = kept.answers.to_json();
    answers["stall_name"] = json!("Asha Snacks, Quay Street");
    answers["size"] = json!(400);
    let body = json!({ "action": "resubmit", "answers": answers, "version": kept.version });
    assert_eq!(call(&mut program, act("one"), &body).await.0, 422);
    answers["size"] = json!(5);
    let old = json!({ "action": "resubmit", "answers": answers, "version": kept.version - 1 });
    let (status, refused) = call(&mut program, act("old"), &old).await;
    assert_eq!((status, refused["type"].as_str()), (409, Some("urn:nagar:changed_meanwhile")));
    assert_eq!(town.case(&case).await.version, kept.version, "nothing was kept of what was refused");
    let body = json!({ "action": "resubmit", "answers": answers, "version": kept.version });
    let (status, sent) = call(&mut program, act("two"), &body).await;
    assert_eq!((status, sent["state"].as_str()), (200, Some("checking")), "{sent}");
    assert_eq!(sent["answers"]["stall_name"], "Asha Snacks, Quay Street");
}

#[tokio::test]
async fn a_file_that_nobody_sent_is_refused_by_path() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
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
    let token = token(&town, "9876543210").await;
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
async fn az_02_a_file_of_somebody_else_cannot_be_claimed() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    crate::apply::sent(&mut owner, "9876543211").await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
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

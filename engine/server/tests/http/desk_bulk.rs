//! One action on several cases: shown before, done one by one, each with its own result.

use crate::browser::{Browser, encoded};
use crate::desk_town::{ASHA, Kiosk, applied, at, open, staff, step};
use crate::town::TOWN;
use axum::body::Body;
use axum::http::{Request, header};

const OTHERS: [Kiosk<'static>; 2] = [
    Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Mill Tea", place: "L3" },
    Kiosk { mobile: "9876543212", applicant: "Mira Lal", name: "Quay Juice", place: "L2" },
];

/// Posts fields of which some are there several times.
async fn post(browser: &mut Browser<'_>, fields: &[(&str, &str)]) {
    let mut pairs =
        vec![("_csrf".to_owned(), browser.page.token()), ("_key".to_owned(), format!("key-{}", fields.len()))];
    pairs.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let request =
        Request::post(format!("/{TOWN}/desk/bulk")).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.page = browser.send(request, Body::from(encoded(&pairs))).await;
}

/// The hidden fields of the page, several of one name included, and more.
async fn confirm(browser: &mut Browser<'_>, more: &[(&str, &str)]) {
    let mut pairs = browser.page.hidden();
    pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let request =
        Request::post(browser.page.form_action()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.page = browser.send(request, Body::from(encoded(&pairs))).await;
}

#[tokio::test]
async fn nothing_chosen_is_said_in_the_list() {
    let town = open().await;
    applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await.expect(200, "Take them myself").expect(200, "In order");
    assert!(!meera.page.html.contains("value=\"act:visited\""), "what asks questions is not offered for several");
    post(&mut meera, &[("action", "claim")]).await;
    meera.page.expect(422, "Select at least one case.");
    post(&mut meera, &[("action", "dance"), ("case", "x")]).await;
    meera.page.expect(400, "");
}

#[tokio::test]
async fn several_are_given_to_a_colleague() {
    let town = open().await;
    let (one, two) = (applied(&town, ASHA).await, applied(&town, OTHERS[1]).await);
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    post(&mut meera, &[("action", "assign"), ("case", &one), ("case", &two)]).await;
    meera.page.expect(200, "Cases: 2").expect(200, "Ravi Negi");
    assert_eq!(town.case(&one).await.assignee, None, "nothing is done before it is confirmed");
    confirm(&mut meera, &[("to", "")]).await;
    meera.page.expect(422, "Choose to whom it goes.");
    confirm(&mut meera, &[("to", "ravi")]).await;
    meera.page.expect(200, "Done: 2").expect(200, "Given to Ravi Negi");
    for case in [&one, &two] {
        assert_eq!(town.case(case).await.assignee.as_deref(), Some("ravi"));
    }
    let mut ravi = staff(&town, "ravi").await;
    ravi.get(&at(&two)).await;
    ravi.post(&format!("{}/note", at(&two)), &[("text", "I look."), ("audience", "inside")]).await.expect(200, "Done.");
    meera.page.expect(200, "Give back: 2");
    let form = meera.page.html.rfind("name=\"cases\" value=\"").unwrap() + 20;
    let cases = meera.page.html[form..].split('"').next().unwrap().to_owned();
    post(&mut meera, &[("action", "undo"), ("confirm", "yes"), ("cases", &cases)]).await;
    meera.page.expect(200, "Given back").expect(200, "Done: 1").expect(200, "It has changed since you opened it.");
    assert_eq!(town.case(&one).await.assignee, None, "nobody had it before");
    assert_eq!(town.case(&two).await.assignee.as_deref(), Some("ravi"), "what was touched stays");
}

#[tokio::test]
async fn each_case_has_its_own_result() {
    let town = open().await;
    let (one, two, three) =
        (applied(&town, ASHA).await, applied(&town, OTHERS[0]).await, applied(&town, OTHERS[1]).await);
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    post(
        &mut meera,
        &[
            ("action", "act:forward"),
            ("case", &one),
            ("case", &two),
            ("case", &three),
            ("case", "0123456789abcdefghjkmnpqrs"),
        ],
    )
    .await;
    meera
        .page
        .expect(200, "Cases: 3")
        .expect(200, "Each goes to: To be visited")
        .expect(200, "3 of them")
        .expect(200, "In full, for KIA/RVT/2026-27/000001")
        .expect(200, "is to be visited")
        .expect(200, "Those concerned are told.");
    // Meanwhile somebody decides on one of them, and says something about another.
    step(&town, &two, ("ravi", "clerk"), "forward", engine::case::command::no_answers()).await;
    let mut ravi = staff(&town, "ravi").await;
    ravi.get(&at(&three)).await;
    ravi.post(&format!("{}/note", at(&three)), &[("text", "Wait."), ("audience", "inside")]).await;
    confirm(&mut meera, &[]).await;
    meera
        .page
        .expect(200, "Done: 1")
        .expect(200, "Not done: 2")
        .expect(200, "Now: To be visited")
        .expect(200, "It has changed since you opened it.");
    assert_eq!(
        (town.case(&one).await.version, town.case(&two).await.version, town.case(&three).await.version),
        (3, 3, 3)
    );
    assert_eq!(town.case(&three).await.state, *"checking");
}

#[tokio::test]
async fn cases_at_another_stage_are_counted_and_make_no_empty_part() {
    let town = open().await;
    let (one, two) = (applied(&town, ASHA).await, applied(&town, OTHERS[0]).await);
    step(&town, &two, ("ravi", "clerk"), "forward", engine::case::command::no_answers()).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    post(&mut meera, &[("action", "act:forward"), ("case", &one), ("case", &two)]).await;
    meera.page.expect(200, "Cases: 2").expect(200, "1 of them").expect(200, "For 1 of them this cannot be done");
    assert!(!meera.page.html.contains("0 of them"), "{}", meera.page.text());
}

#[tokio::test]
async fn everything_that_fits_is_taken_and_a_reason_is_asked_once() {
    let town = open().await;
    let mut cases = vec![applied(&town, ASHA).await];
    for kiosk in OTHERS {
        cases.push(applied(&town, kiosk).await);
    }
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    post(&mut meera, &[("action", "act:reject"), ("all", "yes")]).await;
    meera.page.expect(200, "Cases: 3").expect(200, "Each goes to: Refused").expect(200, "btn warn");
    confirm(&mut meera, &[("comment", "")]).await;
    meera.page.expect(422, "Write a comment.");
    confirm(&mut meera, &[("comment", "The market is closed.")]).await;
    meera.page.expect(200, "Done: 3");
    for case in &cases {
        assert_eq!(town.case(case).await.state, *"rejected");
    }
}

#[tokio::test]
async fn more_than_one_press_can_do_is_done_in_several() {
    let town = open().await;
    let mut cases = Vec::new();
    for n in 0..203 {
        let (mobile, name) = (format!("98765{n:05}"), format!("Kiosk {n}"));
        cases.push(applied(&town, Kiosk { mobile: &mobile, applicant: "Asha Rao", name: &name, place: "L1" }).await);
    }
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    post(&mut meera, &[("action", "act:reject"), ("all", "yes")]).await;
    meera.page.expect(200, "Cases: 203");
    confirm(&mut meera, &[("comment", "The market is closed.")]).await;
    meera.page.expect(200, "Done: 200").expect(200, "Go on with the others: 3");
    confirm(&mut meera, &[]).await;
    meera.page.expect(200, "Done: 3");
    assert!(!meera.page.html.contains("Go on with the others"));
    for case in &cases {
        assert_eq!(town.case(case).await.state, *"rejected");
    }
}

#[tokio::test]
async fn az_07_what_is_not_mine_to_do_is_refused_for_each() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut inder = staff(&town, "inder").await;
    inder.get(&format!("/{TOWN}/desk/inbox?scope=all")).await;
    post(&mut inder, &[("action", "act:forward"), ("confirm", "yes"), ("case", &case)]).await;
    inder.page.expect(200, "Not done: 1").expect(200, "This is for another post.");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&format!("/{TOWN}/desk/inbox")).await;
    post(&mut fatima, &[("action", "act:forward"), ("confirm", "yes"), ("case", &case)]).await;
    assert!(
        fatima.page.html.contains("Page not found") && !fatima.page.html.contains("KIA/"),
        "{}",
        fatima.page.text()
    );
    assert_eq!(town.case(&case).await.version, 2);
}

//! What lies above the towns of a state: there are few pages, and none of them knows a person or a case.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use engine::case::command;
use server::auth::Policy;
use server::http::routes::table;
use server::store::appointments::THE_TOWN;
use tower::ServiceExt as _;

use crate::browser::Browser;
use crate::desk_town::{Kiosk, PASSWORD, applied, employ, open, staff, step};
use crate::town::{STATE, TOWN, Town};

/// The rows whose address names no town. Whoever adds one says here that it shows nobody, and the test looks.
const ABOVE: [&str; 15] = [
    "/",
    "/accessibility",
    "/assets/{file}",
    "/dev",
    "/dev/outbox",
    "/dev/problems",
    "/dev/reference",
    "/figures",
    "/figures.csv",
    "/help",
    "/live",
    "/privacy",
    "/ready",
    "/sitemap",
    "/terms",
];

/// Words that nothing has but one application, and whoever made it.
const PLANTED: Kiosk<'static> =
    Kiosk { mobile: "9812345670", applicant: "Zubeida Quraishi", name: "Qandil Snacks", place: "L1" };

/// What the counts say that are gathered from every town.
async fn counts(town: &Town) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = server::metrics::router(town.app.clone()).oneshot(request).await.unwrap();
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn az_12_what_lies_above_the_towns_knows_no_person_and_no_case() {
    let rows: Vec<_> = table().filter(|route| !route.path.contains("{tenant}")).collect();
    let found: BTreeSet<&str> = rows.iter().map(|route| route.path).collect();
    assert_eq!(found, BTreeSet::from(ABOVE), "pages above the towns");
    let open_to = |policy: Policy| matches!(policy, Policy::Public | Policy::Implementer);
    assert!(
        rows.iter().all(|route| route.get && open_to(route.policy)),
        "nobody does anything there, and none has a post"
    );
    let town = open().await;
    let case = applied(&town, PLANTED).await;
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    let number = town.case(&case).await.number.unwrap();
    let planted = [case.as_str(), &number, PLANTED.mobile, PLANTED.applicant, PLANTED.name];
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/cases/{case}")).await.expect(200, PLANTED.name);
    let all = [Browser::new(&town), meera, staff(&town, "kamla").await];
    for mut browser in all {
        // Messages are shown where the program is tried out, and nowhere else (AUTH-08).
        for path in ABOVE.iter().filter(|path| **path != "/dev/outbox") {
            let at = path.replace("{file}", "app.css");
            let page = browser.send(Request::get(&at), Body::empty()).await;
            assert!((200..400).contains(&page.status), "{at}: {}", page.status);
            assert!(planted.iter().all(|word| !page.html.contains(word)), "{at} knows of somebody:\n{}", page.text());
        }
    }
    let counts = counts(&town).await;
    assert!(planted.iter().all(|word| !counts.contains(word)), "{counts}");
}

/// The figures of all towns as a table.
async fn file_of(browser: &mut Browser<'_>) -> String {
    browser.send(Request::get("/figures.csv"), Body::empty()).await.html
}

/// What such a table says of a town.
fn line<'a>(file: &'a str, town: &str) -> &'a str {
    file.lines().find(|line| line.starts_with(town)).unwrap()
}

#[tokio::test]
async fn az_12_figures_of_a_state_are_sums_and_hide_those_of_few() {
    let town = open().await;
    let mut anybody = Browser::new(&town);
    assert_eq!(
        line(&file_of(&mut anybody).await, "Riverton"),
        "Riverton,0,0,0",
        "that nothing was received tells of nobody"
    );
    let mut cases = Vec::new();
    for number in 0..6 {
        let (mobile, name) = (format!("981234567{number}"), format!("Kiosk {number}"));
        cases.push(applied(&town, Kiosk { mobile: &mobile, applicant: "Asha Rao", name: &name, place: "L1" }).await);
        let expected = if number < 4 {
            "Riverton,too few,too few,too few".to_owned()
        } else {
            format!("Riverton,{0},0,{0}", number + 1)
        };
        assert_eq!(line(&file_of(&mut anybody).await, "Riverton"), expected);
    }
    // One of six is decided: the number of the others would tell of it.
    step(&town, &cases[0], ("meera", "clerk"), "reject", command::no_answers()).await;
    let file = file_of(&mut anybody).await;
    assert_eq!(line(&file, "Riverton"), "Riverton,too few,too few,too few");
    assert_eq!(line(&file, "Hilltop"), "Hilltop,0,0,0");
    let page = anybody.get("/figures").await;
    page.expect(200, "Riverton").expect(200, "too few").expect(200, "Aland");
    let planted = ["Asha Rao", "Kiosk 0", "KIA/", "9812345670", cases[0].as_str()];
    assert!(planted.iter().all(|word| !page.html.contains(word) && !file.contains(word)), "{}", page.text());
}

#[tokio::test]
async fn az_12_whoever_is_written_down_as_working_for_the_state_signs_in_nowhere() {
    let town = open().await;
    employ(&town, STATE, ("sita", "Sita Rana"), (THE_TOWN, "administrator", "")).await;
    let mut sita = Browser::new(&town);
    sita.get(&format!("/{STATE}/desk/sign-in")).await.expect(404, "");
    sita.get(&format!("/{TOWN}/desk/sign-in")).await.expect(200, "Staff sign-in");
    let refused = sita.submit(&[("user", "sita"), ("password", PASSWORD)]).await.clone();
    assert!(refused.status != 200 && !refused.html.contains("My desk"), "{}: {}", refused.status, refused.text());
    let page = sita.send(Request::get(format!("/{TOWN}/desk")), Body::empty()).await;
    assert_eq!(page.status, 303, "still sent to sign in");
}

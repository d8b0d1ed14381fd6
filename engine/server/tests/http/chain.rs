//! What stands in the chain besides what changes: who signed in, who was refused; and that its end is published.

use axum::body::Body;
use axum::http::Request;
use server::ends;
use server::http::limits;
use server::store::events::{self, Event, Head};
use server::store::verify::verify;
use server::work::upkeep::prove;

use crate::apply::begun;
use crate::browser::Browser;
use crate::desk_town::{ASHA, PASSWORD, at, staff, to_be_paid};
use crate::town::{STATE, TOWN, Town};

const MOBILE: &str = "9876543210";

/// Every event of a town or state that this word names.
async fn told(town: &Town, tenant: &str, word: &str) -> Vec<Event> {
    let mut tx = town.app.store.read(tenant).await.unwrap();
    let all = events::all(&mut tx, 0, 10_000).await.unwrap();
    all.into_iter().filter(|event| event.command["word"] == word).collect()
}

async fn head(town: &Town) -> Head {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    events::head(&mut tx).await.unwrap()
}

#[tokio::test]
async fn aud_01_a_citizen_who_signs_in_is_in_the_chain_of_the_state_and_so_is_a_code_guessed_to_death() {
    let town = Town::open().await;
    Browser::new(&town).sign_in(MOBILE).await;
    let signed_in = told(&town, STATE, "sign_in").await;
    assert_eq!(signed_in.len(), 1);
    let facts = &signed_in[0].command["facts"];
    assert_eq!((signed_in[0].actor_kind.as_str(), facts["with"].as_str()), ("citizen", Some("code")));
    assert!(facts["from"].is_string(), "{facts}");
    town.wait_ms(31_000);
    let mut guesser = Browser::new(&town);
    guesser.get(&format!("/{TOWN}/sign-in")).await;
    guesser.submit(&[("mobile", MOBILE)]).await.expect(200, "name=\"code\"");
    let wrong = if town.code(MOBILE) == "000000" { "000001" } else { "000000" };
    for guess in 1..=limits::CODE_TRIES {
        assert!(told(&town, STATE, "code_denied").await.is_empty(), "before guess {guess}");
        guesser.submit(&[("code", wrong)]).await.expect(422, "name=\"code\"");
    }
    let denied = told(&town, STATE, "code_denied").await;
    assert_eq!(denied.len(), 1);
    let command = denied[0].command.to_string();
    assert!(command.contains("******3210") && !command.contains(MOBILE), "{command}");
    let mut tx = town.app.store.read(STATE).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn aud_01_whoever_tries_what_is_not_theirs_is_in_the_chain_and_cannot_lengthen_it_without_end() {
    let town = Town::open().await;
    let case = begun(&mut Browser::new(&town), MOBILE).await;
    let mut other = Browser::new(&town);
    other.sign_in("9876543211").await;
    let theirs = format!("/{TOWN}/cases/{case}");
    for _ in 0..limits::DENIED.0 + 5 {
        assert_eq!(other.send(Request::get(&theirs), Body::empty()).await.status, 404);
    }
    let denied = told(&town, TOWN, "denied").await;
    assert_eq!(i64::try_from(denied.len()).unwrap(), limits::DENIED.0);
    let facts = &denied[0].command["facts"];
    assert_eq!((facts["why"].as_str(), facts["tried"].as_str()), (Some("hidden"), Some(case.as_str())));
    assert_eq!((facts["route"].as_str(), facts["writes"].as_bool()), (Some("/{tenant}/cases/{case}"), Some(false)));
    // Strangers are sent to sign in, and leave none.
    let mut stranger = Browser::new(&town);
    assert_eq!(stranger.send(Request::get(&theirs), Body::empty()).await.status, 303);
    assert_eq!(told(&town, TOWN, "denied").await.len(), denied.len());
}

#[tokio::test]
async fn aud_01_an_employee_who_is_refused_is_in_the_chain() {
    let town = crate::desk_town::open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&at(&case)).await.expect(404, "");
    fatima.get(&format!("/{TOWN}/desk/events")).await.expect(403, "");
    let denied = told(&town, TOWN, "denied").await;
    let why: Vec<&str> = denied.iter().filter_map(|event| event.command["facts"]["why"].as_str()).collect();
    assert_eq!(why, ["hidden", "forbidden"]);
    assert!(denied.iter().all(|event| event.actor == "fatima" && event.actor_kind == "employee"));
}

/// Sends a form after the session has ended, and signs in again: the answer to the page with what was typed.
async fn late(town: &Town, login: &str, to: &str) -> u16 {
    let mut browser = staff(town, login).await;
    let token = browser.page.token();
    town.wait_ms(limits::EMPLOYEE_IDLE_MS + 1);
    browser
        .post(to, &[("_csrf", &token), ("comment", "Seen.")])
        .await
        .expect(401, "What you typed is kept for half an hour");
    let sign_in = browser.page.link(&format!("/{TOWN}/desk/sign-in?next="));
    browser.get(&sign_in).await;
    browser.submit(&[("user", login), ("password", PASSWORD)]).await.status
}

#[tokio::test]
async fn aud_01_a_refusal_of_what_was_typed_before_signing_in_again_is_in_the_chain_once() {
    let town = crate::desk_town::open().await;
    let case = to_be_paid(&town, ASHA).await;
    assert_eq!(late(&town, "meera", &format!("/{TOWN}/desk/erasing/1")).await, 403);
    assert_eq!(late(&town, "fatima", &format!("{}/act/reject", at(&case))).await, 404);
    let denied = told(&town, TOWN, "denied").await;
    let facts = |event: &Event, name: &str| event.command["facts"][name].as_str().unwrap_or_default().to_owned();
    let found: Vec<(String, String, String)> =
        denied.iter().map(|event| (event.actor.clone(), facts(event, "route"), facts(event, "why"))).collect();
    let one = |who: &str, route: &str, why: &str| (who.to_owned(), format!("/{{tenant}}/desk/{route}"), why.to_owned());
    // Under the name of the page that was wanted, not of the way that leads back to it.
    let wanted = [one("meera", "erasing/{request}", "forbidden"), one("fatima", "cases/{case}/act/{action}", "hidden")];
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn aud_02_the_end_of_each_day_is_on_a_page_and_in_a_file_and_the_proof_of_the_night_knows_it() {
    let town = Town::open().await;
    begun(&mut Browser::new(&town), MOBILE).await;
    let mut stranger = Browser::new(&town);
    stranger.get(&format!("/{TOWN}/chain")).await.expect(200, "Nothing has been published yet");
    let first = head(&town).await;
    for _ in 0..2 {
        ends::write_down(&town.app).await.unwrap();
    }
    let line = format!("{TOWN} 2026-04-06 {}:{}\n", first.seq, first.hash);
    stranger.get(&format!("/{TOWN}/chain")).await.expect(200, "06/04/2026").expect(200, &first.hash[..8]);
    stranger.get(&format!("/{TOWN}/chain?lang=hi")).await.expect(200, "दैनिक मुहर");
    assert_eq!(stranger.get(&format!("/{TOWN}/chain.txt")).await.html, line, "a day has one end");
    let kept = town.data.path().join(ends::FILE);
    assert!(std::fs::read_to_string(&kept).unwrap().contains(&line));
    town.wait_ms(86_400_000);
    let second = head(&town).await;
    assert_eq!(second.seq, first.seq + 1, "the end of the day is itself in the chain");
    ends::write_down(&town.app).await.unwrap();
    let both = format!("{line}{TOWN} 2026-04-07 {}:{}\n", second.seq, second.hash);
    assert_eq!(stranger.get(&format!("/{TOWN}/chain.txt")).await.html, both, "the latest comes last");
    assert_eq!(prove(&town.app).await.unwrap(), 0);
    // Another history than the one that was published.
    let text = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&kept, text.replace(&second.hash, &"a".repeat(64))).unwrap();
    assert_eq!(prove(&town.app).await.unwrap(), 1);
}

//! Who read at the desk what is personal is written down, with the purpose; and what nothing masks is opened with a
//! reason by whoever sees the rest masked.

use axum::body::Body;
use axum::http::Request;
use engine::base::Value;
use server::http::limits;
use server::incident::{Asked, gather};
use server::store::verify::verify;
use server::store::{events, papers};

use crate::apply::sent;
use crate::browser::{Browser, encoded};
use crate::desk_town::{ASHA, applied, at, employ, open, staff};
use crate::town::{TOWN, Town};

const DAY_MS: i64 = 86_400_000;

/// Who looked, and to what purpose, in order.
async fn looks(town: &Town, case: &str) -> Vec<(String, String)> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, case).await.unwrap();
    let looks = history.into_iter().filter(|event| event.command["word"] == "look");
    let purpose = |event: &events::Event| event.command["facts"]["purpose"].as_str().unwrap().to_owned();
    looks.map(|event| (event.actor.clone(), purpose(&event))).collect()
}

fn look(person: &str, purpose: &str) -> (String, String) {
    (person.to_owned(), purpose.to_owned())
}

#[tokio::test]
async fn priv_02_who_reads_what_is_personal_is_written_down_once_a_day() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let form = format!("{}?tab=form", at(&case));
    let mut inder = staff(&town, "inder").await;
    inder.get(&form).await.expect(200, "A*** R**");
    assert!(looks(&town, &case).await.is_empty(), "nothing personal was shown");
    let version = town.case(&case).await.version;
    let mut meera = staff(&town, "meera").await;
    for page in [&form, &at(&case), &form] {
        meera.get(page).await.expect(200, "Asha Rao");
    }
    meera.get(&format!("{}/act/forward", at(&case))).await.expect(200, "In order");
    assert_eq!(looks(&town, &case).await, [look("meera", "can_act")]);
    assert_eq!(town.case(&case).await.version, version, "the case is as it was");
    inder.post(&format!("{}/unmask", at(&case)), &[("reason", "A neighbour complains.")]).await.expect(200, "Asha Rao");
    meera.get(&at(&case)).await;
    meera.post(&format!("{}/assign", at(&case)), &[("to", "ravi")]).await.expect(200, "With: Ravi Negi");
    town.wait_ms(DAY_MS);
    staff(&town, "ravi").await.get(&form).await.expect(200, "Asha Rao");
    staff(&town, "meera").await.get(&form).await.expect(200, "Asha Rao");
    let expected = [("meera", "can_act"), ("inder", "said_why"), ("ravi", "has_it"), ("meera", "can_act")];
    assert_eq!(looks(&town, &case).await, expected.map(|(person, purpose)| look(person, purpose)));

    // It stands in the chain and hides nothing of what was done.
    let mut meera = staff(&town, "meera").await;
    let read = "Personal answers read: The next step could be taken by this person";
    meera.get(&format!("{}?tab=audit", at(&case))).await.expect(200, read);
    let timeline = meera.get(&format!("{}?tab=timeline", at(&case))).await;
    assert!(!timeline.html.contains("Personal answers read"), "{}", timeline.text());
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA.mobile).await;
    let page = asha.get(&format!("/{TOWN}/cases/{case}")).await;
    assert!(page.status == 200 && !page.html.contains("Personal answers read") && !page.html.contains("Meera"));

    let mut told = Vec::new();
    let until_ms = town.app.clock.now_ms();
    let asked = Asked { until_ms, case: Some(case.clone()), ..Asked::default() };
    let found = gather(&town.app.store, &[TOWN.to_owned()], &asked, &mut told).await.unwrap();
    assert_eq!(found.words.get("look"), Some(&4));
    let told = String::from_utf8(told).unwrap();
    assert!(told.lines().any(|line| line.contains("\"look\"") && line.contains("has_it")), "{told}");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn priv_02_files_papers_and_messages_are_sealed_with_what_is_masked() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    let case = sent(&mut asha, ASHA.mobile).await;
    town.work().await;
    let kept = town.case(&case).await;
    let Some(Value::Text(file)) = kept.answers.at("owners.0.proof.id") else { panic!("no file: {:?}", kept.answers) };
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let paper = papers::by_case(&mut tx, &case).await.unwrap().remove(0).id;
    drop(tx);
    let whole = [format!("{}/files/{file}", at(&case)), format!("{}/papers/{paper}.pdf", at(&case))];
    let (documents, messages) = (format!("{}?tab=documents", at(&case)), format!("{}?tab=messages", at(&case)));
    // It is not the officer's turn.
    employ(&town, TOWN, ("omar", "Omar Khan"), ("stall-permit", "officer", "")).await;
    let mut omar = staff(&town, "omar").await;
    for at in &whole {
        let page = omar.get(at).await;
        page.expect(200, "Personal answers are masked");
        assert!(!page.bytes.starts_with(b"%PDF"), "{at}");
    }
    for (at, words) in [(&documents, "tab=documents&amp;file="), (&messages, "is received")] {
        let page = omar.get(at).await;
        page.expect(200, "Personal answers are masked");
        assert!(!page.html.contains(words), "{at}: {}", page.text());
    }
    omar.get(&at(&case)).await;
    omar.post(&format!("{}/unmask", at(&case)), &[("reason", "The owner asks for it.")]).await.expect(200, "Asha Rao");
    for at in &whole {
        omar.get(at).await.expect(200, "%PDF");
    }
    omar.get(&documents).await.expect(200, "tab=documents&amp;file=");
    omar.get(&messages).await.expect(200, "is received");
    // Whoever may act needs no other reason.
    employ(&town, TOWN, ("meera", "Meera Joshi"), ("stall-permit", "clerk", "")).await;
    let mut meera = staff(&town, "meera").await;
    for at in &whole {
        meera.get(at).await.expect(200, "%PDF");
    }
    assert_eq!(looks(&town, &case).await, [look("omar", "said_why"), look("meera", "can_act")]);
}

#[tokio::test]
async fn priv_02_nobody_has_masked_answers_shown_without_end() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut inder = staff(&town, "inder").await;
    let form = format!("{}?tab=form", at(&case));
    let token = inder.get(&form).await.token();
    let action = format!("{}/unmask?tab=form", at(&case));
    let fields = [("_csrf", token), ("reason", "A neighbour complains.".to_owned())];
    let body = encoded(&fields.map(|(name, value)| (name.to_owned(), value)));
    let shown = async |browser: &mut Browser<'_>| {
        let request = Request::post(&action).header("content-type", "application/x-www-form-urlencoded");
        browser.send(request, Body::from(body.clone())).await
    };
    let (most, window_ms) = limits::UNMASKED;
    for _ in 0..most {
        assert_eq!(shown(&mut inder).await.status, 303);
    }
    shown(&mut inder).await.expect(429, "Too many attempts");
    inder.get(&format!("{form}&lang=hi")).await;
    shown(&mut inder).await.expect(429, "बहुत अधिक प्रयास");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let all = events::history(&mut tx, &case).await.unwrap();
    drop(tx);
    let unmasked = all.iter().filter(|event| event.command["word"] == "unmask").count();
    assert_eq!(i64::try_from(unmasked).unwrap(), most, "what was refused showed nothing");
    // It is counted for a while.
    town.wait_ms(window_ms + 1);
    let mut inder = staff(&town, "inder").await;
    inder.get(&form).await;
    inder.post(&action, &[("reason", "A neighbour complains.")]).await.expect(200, "Asha Rao");
}

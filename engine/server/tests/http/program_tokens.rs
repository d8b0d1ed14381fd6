//! Programs that work for somebody who works for the town, each with a token of its own.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value as Json, json};
use server::http::limits;
use server::store::appointments::THE_TOWN;
use server::store::events;
use server::store::program_tokens::{self, ProgramToken};
use server::store::verify::verify;

use crate::browser::{Browser, Page};
use crate::desk_account::{shown, shown_later};
use crate::desk_town::{ASHA, PASSWORD, applied, at, employ, open, staff, to_be_paid};
use crate::town::{TOWN, Town};

/// The administrator, signed in.
pub(crate) async fn kamla(town: &Town) -> Browser<'_> {
    employ(town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    staff(town, "kamla").await
}

/// The administrator asks for a token for a program that works for somebody.
async fn asked(kamla: &mut Browser<'_>, person: &str, until: &str, uses: &[&str]) {
    kamla.get(&format!("/{TOWN}/desk/staff/{person}/token")).await.expect(200, "Give a program a token");
    let fields = [("name", "Kiosk list"), ("until", until)];
    let fields: Vec<(&str, &str)> = fields.into_iter().chain(uses.iter().map(|one| ("uses", *one))).collect();
    kamla.submit(&fields).await.expect(200, "It waits until");
    assert!(!kamla.page.html.contains("nagar_"), "whoever asked is shown no token");
}

/// Somebody signs in with the second factor, which is set up first, and confirms what waits; gives the page.
pub(crate) async fn confirmed(town: &Town, person: &str) -> Page {
    // Codes of before are used up.
    town.wait_ms(60_000);
    let mut own = Browser::new(town);
    own.get(&format!("/{TOWN}/desk/sign-in")).await;
    own.submit(&[("user", person), ("password", PASSWORD)]).await;
    if own.page.html.contains("Enter the code of your authenticator") {
        let code = shown(town, person).await;
        own.submit(&[("code", &code)]).await.expect(200, "My desk");
    } else {
        own.get(&format!("/{TOWN}/desk/account/second")).await;
        own.submit(&[("proof", PASSWORD)]).await.expect(200, "<svg");
        let code = shown(town, person).await;
        own.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    }
    own.get(&format!("/{TOWN}/desk/account")).await;
    let waits = own.page.link(&format!("/{TOWN}/desk/account/waits/"));
    own.get(&waits).await.expect(200, "until you confirm it");
    let code = shown_later(town, person, 1).await;
    own.submit(&[("decision", "agree"), ("proof", &code)]).await.clone()
}

/// A token for a program that works for somebody, who has confirmed it.
pub(crate) async fn token(kamla: &mut Browser<'_>, person: &str, uses: &[&str]) -> String {
    asked(kamla, person, "07/04/2026", uses).await;
    let page = confirmed(kamla.town, person).await;
    page.expect(200, "It is not shown again.");
    let (_, rest) = page.html.split_once("<code>").unwrap();
    rest.split_once("</code>").unwrap().0.to_owned()
}

/// The tokens that a person has or had.
async fn tokens(town: &Town, person: &str) -> Vec<ProgramToken> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    program_tokens::of_person(&mut tx, person).await.unwrap()
}

pub(crate) async fn call(town: &Town, token: &str, path: &str, body: Option<&Json>) -> (u16, Json) {
    let at = format!("/api/{TOWN}{path}");
    let request = if body.is_some() { Request::post(at) } else { Request::get(at) };
    let request = request
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", format!("{path}{}", body.map(Json::to_string).unwrap_or_default().len()));
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let page = Browser::new(town).send(request, body).await;
    (page.status, serde_json::from_str(&page.html).unwrap_or_default())
}

#[tokio::test]
async fn az_15_a_token_does_what_it_is_for_until_its_day_and_no_more_than_its_person() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let at = format!("/cases/{case}");
    let mut kamla = kamla(&town).await;
    kamla.get(&format!("/{TOWN}/desk/staff/meera/token")).await;
    kamla.submit(&[("name", ""), ("until", "08/04/2027")]).await.expect(422, "Write what the program is called.");
    kamla.page.expect(422, "Choose one use at least.").expect(422, "within a year");
    kamla.get(&format!("/{TOWN}/desk/staff/kamla/token")).await.expect(403, "");
    let reads = token(&mut kamla, "meera", &["read"]).await;
    kamla.get(&format!("/{TOWN}/desk/staff/meera")).await.expect(200, "Never used");
    kamla.page.expect(200, "Token given to a program: Kiosk list").expect(200, "Asked for: Give a program a token");
    let (status, told) = call(&town, &reads, &at, None).await;
    assert_eq!((status, told["state"].as_str()), (200, Some("checking")), "{told}");
    assert_eq!(told["answers"]["kiosk_name"], "Asha Snacks");
    assert!(told["answers"].get("owner").is_none(), "what is personal is not told to programs: {told}");
    kamla.get(&format!("/{TOWN}/desk/staff/meera")).await.expect(200, "Last used: 06/04/2026");
    assert!(!kamla.page.html.contains(&reads), "it was shown once");
    // It is not for acting, and not for the pages.
    let forward = json!({ "action": "forward", "comment": "Complete." });
    assert_eq!(call(&town, &reads, &format!("{at}/act"), Some(&forward)).await.0, 403);
    assert_eq!(call(&town, &reads, "/sessions", None).await.0, 401);
    let request = Request::get(format!("/{TOWN}/desk")).header(header::AUTHORIZATION, format!("Bearer {reads}"));
    assert_eq!(Browser::new(&town).send(request, Body::empty()).await.status, 303);
    // Whoever has no role in the case has none by a program either.
    let foreign = token(&mut kamla, "fatima", &["read", "act"]).await;
    assert_eq!(call(&town, &foreign, &at, None).await.0, 404);
    assert_eq!(call(&town, &foreign, &format!("{at}/act"), Some(&forward)).await.0, 404);
    let acts = token(&mut kamla, "meera", &["act"]).await;
    let approve = json!({ "action": "approve", "comment": "" });
    assert!(call(&town, &acts, &format!("{at}/act"), Some(&approve)).await.0 >= 400, "no action of a clerk");
    let (status, told) = call(&town, &acts, &format!("{at}/act"), Some(&forward)).await;
    assert_eq!(status, 200, "{told}");
    assert_ne!(town.case(&case).await.state, *"checking");
    // The last day is included.
    town.wait_ms(37 * 3_600_000);
    assert_eq!(call(&town, &reads, &at, None).await.0, 200);
    town.wait_ms(3_600_000);
    assert_eq!(call(&town, &reads, &at, None).await.0, 401);
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn az_15_a_token_that_was_taken_back_or_whose_person_was_barred_opens_nothing() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let at = format!("/cases/{case}");
    let mut kamla = kamla(&town).await;
    let (first, second) = (token(&mut kamla, "omar", &["read"]).await, token(&mut kamla, "olga", &["read"]).await);
    assert_eq!((call(&town, &first, &at, None).await.0, call(&town, &second, &at, None).await.0), (200, 200));
    kamla.get(&format!("/{TOWN}/desk/staff/omar")).await;
    let revoke = kamla.page.link(&format!("/{TOWN}/desk/staff/omar/tokens/"));
    kamla.get(&revoke).await.expect(200, "Take back the token");
    kamla.submit(&[]).await.expect(200, "Taken back").expect(200, "Token of a program taken back");
    assert_eq!((call(&town, &first, &at, None).await.0, call(&town, &second, &at, None).await.0), (401, 200));
    kamla.get(&revoke).await.expect(404, "Page not found");
    kamla.get(&format!("/{TOWN}/desk/staff/olga/do/bar")).await;
    kamla.submit(&[]).await;
    assert_eq!(call(&town, &second, &at, None).await.0, 401);
    // Nothing of a token is kept but its hash.
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let kept = program_tokens::of_person(&mut tx, "omar").await.unwrap();
    assert!(kept.iter().all(|token| !first.contains(&token.hash) && token.hash.len() == 64));
}

#[tokio::test]
async fn az_15_a_program_opens_an_application_as_at_the_counter() {
    let town = open().await;
    let mut kamla = kamla(&town).await;
    let opens = token(&mut kamla, "meera", &["open"]).await;
    let (reads, foreign) = (token(&mut kamla, "meera", &["read"]).await, token(&mut kamla, "fatima", &["open"]).await);
    let answers = json!({ "kiosk_name": "Asha Snacks", "owner": "Asha Rao", "size": 4, "place": "L1" });
    let nobodys = json!({ "service": "kiosk", "answers": answers });
    let applicant = json!({ "mobile": "98765 43210", "name": "Asha Rao", "language": "hi" });
    let body = json!({ "service": "kiosk", "answers": answers, "applicant": applicant });
    assert_eq!(call(&town, &reads, "/cases", Some(&body)).await.0, 403, "it is not for that");
    assert_eq!(call(&town, &foreign, "/cases", Some(&body)).await.0, 403, "nor may everybody");
    assert_eq!(call(&town, &opens, "/cases", Some(&nobodys)).await.0, 400, "somebody applies");
    let (status, told) = call(&town, &opens, "/cases", Some(&body)).await;
    assert_eq!((status, told["number"].as_str()), (201, Some("KIA/RVT/2026-27/000001")), "{told}");
    assert_eq!(call(&town, &opens, "/cases", Some(&body)).await, (201, told.clone()), "once");
    let case = town.case(told["id"].as_str().unwrap()).await;
    assert_eq!((case.state.as_str(), case.language.as_str()), ("checking", "hi"));
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, &case.id).await.unwrap();
    assert!(history.iter().all(|event| event.program() == Some("Kiosk list")), "{history:?}");
    assert!(history.iter().all(|event| event.actor_kind == "counter" && event.actor == "meera"), "{history:?}");
    // A citizen's own token opens in the citizen's name alone.
    let own = crate::api::token(&town, "9876543211").await;
    assert_eq!(call(&town, &own, "/cases", Some(&body)).await.0, 400);
}

#[tokio::test]
async fn az_15_what_acts_in_somebodys_name_waits_for_that_persons_word_and_second_factor() {
    let town = open().await;
    let mut kamla = kamla(&town).await;
    asked(&mut kamla, "meera", "07/04/2026", &["act"]).await;
    kamla.page.expect(200, "Token for the program “Kiosk list”, until 07/04/2026");
    let (mut meera, mut ravi) = (staff(&town, "meera").await, staff(&town, "ravi").await);
    let account = format!("/{TOWN}/desk/account");
    meera.get(&account).await.expect(200, "Kamla Devi asked for it");
    let waits = meera.page.link(&format!("{account}/waits/"));
    // Nobody else has the word, least of all whoever asked.
    for other in [&mut ravi, &mut kamla] {
        other.get(&waits).await.expect(404, "Page not found");
        other.get(&format!("{account}/password")).await;
        other.post(&waits, &[("decision", "agree")]).await.expect(404, "Page not found");
    }
    meera.get(&waits).await.expect(200, "you need an authenticator");
    meera.submit(&[("decision", "")]).await.expect(422, "Choose one of them.");
    meera.submit(&[("decision", "agree")]).await.expect(200, "Present password");
    assert_eq!(tokens(&town, "meera").await, [], "there is no token before it is confirmed");
    meera.submit(&[("proof", PASSWORD)]).await.expect(200, "<svg");
    let code = shown(&town, "meera").await;
    meera.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    meera.get(&waits).await;
    for wrong in ["", "12345", code.as_str()] {
        meera.submit(&[("decision", "agree"), ("proof", wrong)]).await.expect(422, "This is not the code");
    }
    assert_eq!(tokens(&town, "meera").await, []);
    let code = shown_later(&town, "meera", 1).await;
    meera.submit(&[("decision", "agree"), ("proof", &code)]).await.expect(200, "It is not shown again.");
    assert_eq!(tokens(&town, "meera").await.len(), 1);
    meera.get(&waits).await.expect(404, "Page not found");
    // Whose name it is reads of both.
    let told = town.messages().into_iter().filter(|sent| sent.template == "staff_account");
    let told: Vec<String> = told.map(|sent| sent.body).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("Confirm or refuse") && told[1].contains("was confirmed"), "{told:?}");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn az_15_what_was_asked_for_by_mistake_is_taken_back_and_confirmed_by_no_administrator() {
    let town = open().await;
    let mut kamla = kamla(&town).await;
    asked(&mut kamla, "meera", "07/04/2026", &["act"]).await;
    kamla.get(&format!("/{TOWN}/desk/staff/meera")).await;
    let waits = kamla.page.link(&format!("/{TOWN}/desk/staff/meera/waits/"));
    let token = kamla.get(&waits).await.expect(200, "Withdraw what was asked for").token();
    kamla.post(&waits, &[("_csrf", &token), ("decision", "agree")]).await.expect(403, "");
    assert_eq!(tokens(&town, "meera").await, []);
    kamla.get(&waits).await;
    kamla.submit(&[("decision", "refuse")]).await.expect(200, "What was changed");
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("/{TOWN}/desk/account")).await;
    assert!(!page.html.contains("/desk/account/waits/"), "{}", page.text());
}

#[tokio::test]
async fn az_15_what_nobody_confirms_lapses_and_what_is_refused_is_gone() {
    let town = open().await;
    let account = format!("/{TOWN}/desk/account");
    for refuses in [true, false] {
        let mut kamla = kamla(&town).await;
        asked(&mut kamla, "meera", "07/06/2026", &["act"]).await;
        let mut meera = staff(&town, "meera").await;
        meera.get(&account).await;
        let waits = meera.page.link(&format!("{account}/waits/"));
        meera.get(&waits).await;
        if refuses {
            meera.submit(&[("decision", "refuse")]).await.expect(200, "My sign-in");
        } else {
            town.wait_ms(limits::STAFF_WAITS_MS);
            meera = staff(&town, "meera").await;
            meera.get(&account).await;
        }
        assert!(!meera.page.html.contains(&waits), "it waits no more: {}", meera.page.text());
        meera.get(&waits).await.expect(404, "Page not found");
    }
    assert_eq!(tokens(&town, "meera").await, []);
}

#[tokio::test]
async fn az_15_events_say_which_program_did_it_and_so_does_the_case() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut kamla = kamla(&town).await;
    let acts = token(&mut kamla, "meera", &["act"]).await;
    let forward = json!({ "action": "forward", "comment": "Complete." });
    assert_eq!(call(&town, &acts, &format!("/cases/{case}/act"), Some(&forward)).await.0, 200);
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, &case).await.unwrap();
    drop(tx);
    let (last, before) = history.split_last().unwrap();
    assert!(before.iter().all(|event| event.program().is_none()), "people did the rest themselves");
    assert_eq!(last.program(), Some("Kiosk list"));
    assert_eq!(last.outcome["program"]["token"], tokens(&town, "meera").await[0].id);
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}?tab=timeline", at(&case))).await.expect(200, "Market clerk, by the program “Kiosk list”");
    // What a program is refused is its own as well.
    assert_eq!(call(&town, &acts, "/cases", Some(&json!({ "service": "kiosk" }))).await.0, 403);
    employ(&town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    let mut tara = staff(&town, "tara").await;
    tara.get(&format!("/{TOWN}/desk/events")).await.expect(200, "Meera Joshi, by the program “Kiosk list”");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn ops_03_a_program_asks_so_often_and_another_is_not_held_up() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let at = format!("/cases/{case}");
    let mut kamla = kamla(&town).await;
    let (one, other) = (token(&mut kamla, "meera", &["read"]).await, token(&mut kamla, "omar", &["read"]).await);
    assert_eq!(call(&town, &one, &at, None).await.0, 200);
    let (most, window_ms) = limits::PROGRAM;
    let id = tokens(&town, "meera").await[0].id.clone();
    for _ in 1..most {
        town.app.programs.count(&id, town.app.clock.now_ms()).unwrap();
    }
    let (status, told) = call(&town, &one, &at, None).await;
    assert_eq!((status, told["type"].as_str()), (429, Some("urn:nagar:too_many")), "{told}");
    assert_ne!(call(&town, &other, &at, None).await.0, 429);
    town.wait_ms(window_ms + 1);
    assert_eq!(call(&town, &one, &at, None).await.0, 200);
}

//! Somebody asks to have erased what the town need not keep, and an officer of the town decides.

use serde_json::json;
use server::http::limits;
use server::store::appointments::THE_TOWN;
use server::store::erasure_requests::{GRANTED, REFUSED};
use server::store::{erasures, events};

use crate::apply::{at_owners, begun, sent};
use crate::browser::Browser;
use crate::desk_town::{employ, mobile_of, staff};
use crate::sealed::{is_whole, stored};
use crate::town::{TOWN, Town};

const MOBILE: &str = "9876543210";
const NUMBER: &str = "SPA/RVT/2026-27/000001";

/// Whoever decides, signed in.
async fn administrator(town: &Town) -> Browser<'_> {
    employ(town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    staff(town, "kamla").await
}

/// Where somebody asks.
fn mine() -> String {
    format!("/{TOWN}/my/erasing")
}

/// Asks, with these words.
async fn ask(browser: &mut Browser<'_>, words: &str) {
    browser.get(&mine()).await.expect(200, "Can be erased");
    browser.submit(&[("words", words)]).await.expect(200, "Your request has reached the town");
}

/// Opens the request that is listed first; where it is.
async fn first_request(desk: &mut Browser<'_>) -> String {
    desk.get(&format!("/{TOWN}/desk/erasing")).await.expect(200, "Waiting for a decision");
    let at = desk.page.link(&format!("/{TOWN}/desk/erasing/"));
    desk.get(&at).await.expect(200, "Your decision");
    at
}

#[tokio::test]
async fn priv_05_what_need_not_be_kept_is_erased_on_request_and_the_rest_stays() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    let kept = sent(&mut asha, MOBILE).await;
    asha.get(&mine()).await.expect(200, "At the moment everything must be kept").expect(200, "It is under way");
    town.officer(&kept, "clerk", "forward", "").await;
    town.officer(&kept, "officer", "reject", "The lane is too narrow.").await;
    let draft = at_owners(&mut asha).await;
    let page = asha.get(&mine()).await;
    page.expect(200, "Begun on 06/04/2026").expect(200, NUMBER).expect(200, "It must be kept until 06/04/2034");
    asha.submit(&[("words", &"x".repeat(2_001))]).await.expect(422, "Write at most 2,000 characters.");
    ask(&mut asha, "I want no stall any more.").await;
    asha.page.expect(200, "Waits for a decision");
    assert!(!asha.page.html.contains("Ask for erasing</button>"), "one that waits is enough");
    assert!(!stored(&town, &["erasure_requests"]).await.contains("no stall"));

    let mut kamla = administrator(&town).await;
    let at = first_request(&mut kamla).await;
    kamla.page.expect(200, "I want no stall any more.").expect(200, "Begun on 06/04/2026");
    assert!(!kamla.page.html.contains("Asha Rao") && !kamla.page.html.contains(MOBILE), "masked");
    kamla.submit(&[("answer", GRANTED), ("reason", " ")]).await.expect(422, "Write the reason");
    kamla.submit(&[("answer", "perhaps"), ("reason", "So.")]).await.expect(422, "Choose how you decide.");
    assert_eq!(town.case(&draft).await.answers.text("stall_name"), Some("Asha Snacks"), "nothing is done yet");
    let form = kamla.page.clone();
    let granted = [("answer", GRANTED), ("reason", "Nothing of it is needed.")];
    kamla.submit(&granted).await.expect(200, "Granted on 06/04/2026").expect(200, "Erased on 06/04/2026");
    // A second decision changes nothing, by the same form or by another that was open beside it.
    kamla.page = form;
    let other = [("answer", REFUSED), ("reason", "No.")];
    kamla.submit(&other).await.expect(409, "already, with other contents");
    let beside = [other[0], other[1], ("_key", "beside")];
    kamla.get(&at).await;
    kamla.post(&at, &beside).await.expect(200, "Nothing of it is needed.");
    assert_eq!(kamla.page.at, at);

    assert!(town.case(&draft).await.answers.0.is_empty());
    assert_eq!(town.case(&kept).await.answers.text("stall_name"), Some("Asha Snacks"), "its term is not over");
    assert!(!stored(&town, &["seal_keys"]).await.contains(&draft), "its key is destroyed");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, &draft).await.unwrap();
    assert!(history.iter().all(|event| event.command["answers"]["stall_name"].is_null()));
    let erased = history.last().unwrap();
    assert_eq!(erased.command["word"], "erase");
    assert!(at.ends_with(erased.command["facts"]["request"].as_str().unwrap()));
    drop(tx);
    is_whole(&town).await;

    // Nobody goes on with it.
    asha.get(&format!("/{TOWN}/cases/{draft}/form/stall")).await.expect(404, "Page not found");
    let page = asha.get(&format!("/{TOWN}/my")).await;
    page.expect(200, NUMBER);
    assert!(!page.html.contains(&draft));
    let page = asha.get(&mine()).await;
    page.expect(200, "It was erased already").expect(200, "Nothing of it is needed.");
    let told = town.messages();
    let told = told.iter().rfind(|message| message.template == "erasing").unwrap();
    assert_eq!(told.to, MOBILE);
    assert!(told.body.contains("has erased what you asked for") && told.body.ends_with(&mine()), "{}", told.body);
}

#[tokio::test]
async fn priv_05_what_a_court_needs_is_not_erased_on_request() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    let held = begun(&mut asha, MOBILE).await;
    let by = server::store::By::system(town.app.clock.now_ms());
    ask(&mut asha, "").await;
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    erasures::hold(&mut tx, by, &held, "Order 12 of the High Court").await.unwrap();
    tx.commit().await.unwrap();
    let mut kamla = administrator(&town).await;
    first_request(&mut kamla).await;
    kamla.page.expect(200, "It is needed in a matter of law");
    kamla.submit(&[("answer", GRANTED), ("reason", "Granted.")]).await.expect(200, "Granted on");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(!erasures::stand(&mut tx, &held).await.unwrap().erased);
    drop(tx);
    is_whole(&town).await;
}

#[tokio::test]
async fn priv_05_a_refusal_says_why_and_one_may_ask_again() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    let draft = begun(&mut asha, MOBILE).await;
    let mut kamla = administrator(&town).await;
    for _ in 0..limits::ERASING_ASKED.0 {
        ask(&mut asha, "").await;
        first_request(&mut kamla).await;
        let refused = [("answer", REFUSED), ("reason", "You may send it until Friday.")];
        kamla.submit(&refused).await.expect(200, "Not granted on 06/04/2026");
        let told = town.messages();
        assert!(told.iter().rfind(|one| one.template == "erasing").unwrap().body.contains("has not granted"));
        asha.get(&mine()).await.expect(200, "You may send it until Friday.");
    }
    asha.get(&mine()).await;
    assert_eq!(asha.submit(&[("words", "")]).await.status, 429, "five times a day are enough");
    let page = asha.get(&format!("/{TOWN}/cases/{draft}/form/problem")).await;
    page.expect(200, "What do you see?");
}

#[tokio::test]
async fn az_08_nobody_decides_on_the_own_request() {
    let town = Town::open().await;
    let mut kamla = administrator(&town).await;
    // The same person as a citizen: known by the number.
    let mobile = mobile_of("kamla");
    let mut citizen = Browser::new(&town);
    begun(&mut citizen, &mobile).await;
    ask(&mut citizen, "").await;
    first_request(&mut kamla).await;
    kamla.submit(&[("answer", GRANTED), ("reason", "It is mine.")]).await.expect(403, "");
    kamla.get(&format!("/{TOWN}/desk/erasing")).await.expect(200, "Waits for a decision");
}

#[tokio::test]
async fn az_14_only_administrators_see_and_decide_requests() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    begun(&mut asha, MOBILE).await;
    ask(&mut asha, "").await;
    let mut kamla = administrator(&town).await;
    let at = first_request(&mut kamla).await;
    employ(&town, TOWN, ("fatima", "Fatima Ali"), ("report", "foreman", "")).await;
    let mut fatima = staff(&town, "fatima").await;
    assert!(!fatima.page.html.contains("/desk/erasing"));
    let token = fatima.page.token();
    for page in [format!("/{TOWN}/desk/erasing"), at.clone()] {
        fatima.get(&page).await.expect(403, "");
    }
    let decision = [("_csrf", token.as_str()), ("answer", GRANTED), ("reason", "So.")];
    fatima.post(&at, &decision).await.expect(403, "");
    // A stranger signs in first.
    assert!(!Browser::new(&town).get(&mine()).await.html.contains("Ask for erasing</button>"));
    kamla.get(&format!("/{TOWN}/desk/erasing/nothing")).await.expect(404, "Page not found");
}

#[tokio::test]
async fn priv_05_of_whom_nothing_else_is_kept_can_have_name_and_number_erased() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    asha.sign_in(MOBILE).await;
    ask(&mut asha, "I have moved away.").await;
    let mut kamla = administrator(&town).await;
    first_request(&mut kamla).await;
    kamla.page.expect(200, "Nothing else is then kept in any town of the state");
    let granted = [("answer", GRANTED), ("reason", "Nothing else is kept.")];
    kamla.submit(&granted).await.expect(200, "Name and number erased").expect(200, "Granted on 06/04/2026");
    let told = town.messages();
    let told = told.iter().rfind(|message| message.template == "erasing").unwrap();
    assert_eq!(told.to, MOBILE);
    assert!(told.body.contains("with it your name and mobile number"), "{}", told.body);
    kamla.get(&format!("/{TOWN}/desk/erasing")).await.expect(200, "Name and number erased");
    is_whole(&town).await;

    // The session has ended, and whoever comes back with the number is asked for a name.
    let page = asha.get(&mine()).await;
    assert!(!page.html.contains("Your requests") && !page.html.contains("Asha Rao"), "{}", page.text());
    town.wait_ms(31_000);
    let mut again = Browser::new(&town);
    again.get(&format!("/{TOWN}/sign-in")).await;
    again.submit(&[("mobile", MOBILE)]).await.expect(200, "name=\"code\"");
    again.submit(&[("code", &town.code(MOBILE))]).await;
    assert!(again.page.at.contains("/my/profile"), "{}", again.page.at);
}

#[tokio::test]
async fn priv_05_the_pages_of_erasing_have_every_word_in_hindi() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    begun(&mut asha, MOBILE).await;
    ask(&mut asha, "").await;
    let mut kamla = administrator(&town).await;
    let at = first_request(&mut kamla).await;
    let own = asha.get(&format!("{}?lang=hi", mine())).await;
    assert!(own.status == 200 && !own.html.contains('⟦'), "{}", own.text());
    for page in [format!("/{TOWN}/desk/erasing"), at] {
        let page = kamla.get(&format!("{page}?lang=hi")).await;
        assert!(page.status == 200 && !page.html.contains('⟦'), "{}", page.text());
    }
}

#[tokio::test]
async fn priv_06_a_request_is_told_to_whoever_made_it() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    begun(&mut asha, MOBILE).await;
    ask(&mut asha, "Please.").await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let person = server::store::cases::at_counter(&mut tx, 10).await.unwrap();
    assert!(person.is_empty(), "a citizen's draft is nobody's at the counter");
    let all = events::all(&mut tx, 0, 1_000).await.unwrap();
    let asked = all.iter().find(|event| event.command["word"] == "ask_erasing").unwrap();
    let told = server::store::own::rows(&mut tx, &asked.actor).await.unwrap();
    let (_, requests) = told.iter().find(|(table, _)| *table == "erasure_requests").unwrap();
    assert_eq!((&requests[0]["words"], &requests[0]["state"]), (&json!("Please."), &json!("asked")));
}

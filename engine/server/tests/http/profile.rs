//! Who a citizen is, and the notice of what is done with the data.

use engine::source::Bundle;
use server::store::{consents, people, verify};

use crate::browser::Browser;
use crate::restart::change;
use crate::town::{STATE, Town};

const MOBILE: &str = "9876543210";

async fn newcomer<'a>(town: &'a Town, next: &str) -> Browser<'a> {
    let mut browser = Browser::new(town);
    browser.get(&format!("/riverton/sign-in?next={next}")).await;
    browser.submit(&[("mobile", MOBILE)]).await;
    let code = town.code(MOBILE);
    browser.submit(&[("code", &code)]).await.expect(200, "Your details");
    browser
}

#[tokio::test]
async fn priv_07_a_newcomer_says_who_it_is_and_reads_what_is_done_with_the_data() {
    let town = Town::open().await;
    let mut browser = newcomer(&town, "/riverton/services/stall-permit/start").await;
    for words in ["What we do with your data", "Stall Permit", "Full name", "How long", "complain", "1 Quay Street"] {
        browser.page.expect(200, words);
    }
    browser
        .submit(&[("name", "  "), ("email", "asha@"), ("language", "hi")])
        .await
        .expect(422, "Write your full name")
        .expect(422, "Write the e-mail address in full")
        .expect(422, "Tick the box")
        .expect(422, "href=\"#agreed\"");
    let answers = [("name", " Asha   Rao "), ("email", "asha@example.in"), ("language", "hi"), ("agreed", "yes")];
    // The journey goes on where it was: to the first page of the application, in the chosen language.
    browser.submit(&answers).await.expect(200, "दुकान का नाम क्या है?").expect(200, "Asha Rao");
    let mut tx = town.app.store.read(STATE).await.unwrap();
    let person = people::by_mobile(&mut tx, MOBILE).await.unwrap().unwrap();
    assert_eq!((person.name.as_str(), person.email.as_deref()), ("Asha Rao", Some("asha@example.in")));
    assert_eq!(person.language, "hi");
    let read = consents::latest(&mut tx, &person.id).await.unwrap().unwrap();
    assert_eq!((read.town.as_str(), read.language.as_str(), read.at_ms), ("riverton", "en", town.app.clock.now_ms()));
    assert_eq!(read.version.len(), 12);
    let report = verify::verify(&mut tx, None).await.unwrap();
    assert!(report.is_empty(), "{report:?}");
}

fn needed(bundle: &mut Bundle) {
    let name = "name: { label: Full name, type: text, max_length: 60, personal: true";
    change(bundle, "stall-permit/form.yaml", name, &format!("{name}, purpose: So that the stall has an owner"));
    let proof = "proof: { label: Proof of identity, type: file";
    change(bundle, "stall-permit/form.yaml", proof, &format!("{proof}, sensitive: true"));
    let title = "    title: Who owns it\n";
    change(bundle, "stall-permit/form.yaml", title, &format!("{title}    purpose: So that nobody else gets it\n"));
    let hindi = "name: { label: पूरा नाम, purpose: ताकि दुकान का स्वामी हो }";
    change(bundle, "stall-permit/locales/hi.yaml", "name: पूरा नाम", hindi);
    let hindi = "owners: { title: स्वामी, purpose: ताकि यह किसी और को न मिले }, declaration";
    change(bundle, "stall-permit/locales/hi.yaml", "owners: स्वामी, declaration", hindi);
}

#[tokio::test]
async fn priv_07_the_notice_says_what_each_answer_is_needed_for_and_which_are_sensitive() {
    let town = Town::defined(|_| (), needed).await;
    let mut browser = newcomer(&town, "/riverton/my").await;
    browser.page.expect(200, "Full name – So that the stall has an owner");
    browser.page.expect(200, "Proof of identity (sensitive) – So that nobody else gets it");
    let typed = [("name", "Asha"), ("email", ""), ("language", "en"), ("agreed", ""), ("_lang", "hi")];
    let page = browser.submit(&typed).await;
    page.expect(200, "पूरा नाम – ताकि दुकान का स्वामी हो");
    page.expect(200, "पहचान प्रमाण (संवेदनशील) – ताकि यह किसी और को न मिले");
}

#[tokio::test]
async fn nobody_begins_an_application_without_a_name() {
    let town = Town::open().await;
    let mut browser = newcomer(&town, "/riverton/my").await;
    browser.get("/riverton/services/report").await.expect(200, "Start now");
    browser.submit(&[]).await.expect(200, "Your details");
    browser.introduce().await.expect(200, "name=\"text\"");
}

#[tokio::test]
async fn the_language_of_the_page_changes_and_what_was_typed_stays() {
    let town = Town::open().await;
    let mut browser = newcomer(&town, "/riverton/my").await;
    let typed = [("name", "Asha"), ("email", "x"), ("language", "en"), ("agreed", "yes"), ("_lang", "hi")];
    let page = browser.submit(&typed).await;
    page.expect(200, "आपका विवरण").expect(200, "value=\"Asha\"").expect(200, "value=\"x\"").expect(200, "सेवा");
    assert!(!page.html.contains('⟦'));
}

#[tokio::test]
async fn a_profile_can_be_changed_and_is_not_asked_again() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await.expect(200, "My applications");
    let profile = browser.page.link("/riverton/my/profile");
    browser.get(&profile).await.expect(200, "value=\"Asha Rao\"").expect(200, "You read this on 06/04/2026.");
    browser
        .submit(&[("name", "Asha Rao Negi"), ("email", ""), ("language", "en")])
        .await
        .expect(200, "My applications")
        .expect(200, "Asha Rao Negi");
    town.wait_ms(31_000);
    let mut other = Browser::new(&town);
    other.get("/riverton/sign-in").await;
    other.submit(&[("mobile", MOBILE)]).await;
    let code = town.code(MOBILE);
    other.submit(&[("code", &code)]).await.expect(200, "My applications");
}

//! Another language, and everything that was typed stays; nothing else happens.

use engine::case::ActorKind;
use server::store::{By, cancellations};

use crate::browser::Browser;
use crate::desk_town::{ASHA, applied, at, open, staff, to_be_decided, to_be_paid};
use crate::town::{TOWN, Town};

/// The address at which the page is read in the other language, where that is a link.
fn switch(browser: &Browser<'_>) -> Option<String> {
    let at = browser.page.html.find("hreflang=\"")?;
    let start = browser.page.html[..at].rfind("href=\"")? + 6;
    let end = start + browser.page.html[start..].find('"')?;
    Some(browser.page.html[start..end].replace("&amp;", "&").replace("&#x3D;", "="))
}

#[tokio::test]
async fn a_comment_and_a_choice_stay() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("{}/act/forward", at(&case))).await;
    let page = meera.submit(&[("assignee", "inder"), ("_lang", "hi")]).await;
    page.expect(200, "lang=\"hi\"");
    assert!(page.html.contains("value=\"inder\" selected") || page.html.contains("value=\"inder\" checked"));
    meera.get(&format!("{}/act/reject?lang=en", at(&case))).await;
    meera
        .submit(&[("comment", "The street is too narrow."), ("_lang", "hi")])
        .await
        .expect(200, "lang=\"hi\"")
        .expect(200, "The street is too narrow.");
    assert_eq!(town.case(&case).await.version, 2, "nothing was decided");
    meera.get(&format!("/{TOWN}/desk")).await.expect(200, "lang=\"hi\"");
}

#[tokio::test]
async fn a_note_stays() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&case)).await.expect(200, "name=\"_lang\"");
    let page = meera
        .post(
            &format!("{}/note?tab=summary", at(&case)),
            &[("text", "Half a"), ("audience", "applicant"), ("_lang", "hi")],
        )
        .await;
    page.expect(200, "lang=\"hi\"").expect(200, "Half a</textarea>").expect(200, "value=\"applicant\" checked");
    assert_eq!(town.case(&case).await.version, 2, "nothing was said");
}

#[tokio::test]
async fn everything_beside_a_case_stays() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut inder = staff(&town, "inder").await;
    inder.get(&at(&case)).await.expect(200, "name=\"reason\"");
    let typed = [("text", "Half a"), ("audience", "inside"), ("reason", "The neighbour"), ("_lang", "hi")];
    let page = inder.submit(&typed).await;
    page.expect(200, "lang=\"hi\"").expect(200, "Half a</textarea>").expect(200, "value=\"The neighbour\"");
    // Enter in the line of the reason sends the one form of all boxes.
    let sent = inder.submit(&[("text", ""), ("audience", "inside"), ("reason", "The neighbour asks")]).await;
    assert!(sent.status == 200 && !sent.html.contains("name=\"reason\""), "{}", sent.text());
}

#[tokio::test]
async fn a_note_to_the_office_stays() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA.mobile).await;
    asha.get(&format!("/{TOWN}/cases/{case}/note")).await;
    let page = asha.submit(&[("comment", "When do you come?"), ("_lang", "hi")]).await;
    page.expect(200, "lang=\"hi\"").expect(200, "When do you come?</textarea>");
    assert_eq!(town.case(&case).await.version, 2, "nothing was said");
}

#[tokio::test]
async fn what_is_typed_at_the_counter_stays() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    let cheque = [
        ("mode", "cheque"),
        ("amount", "1150"),
        ("number", "004211"),
        ("bank", "RVTB0000123"),
        ("dated", "05/04/2026"),
    ];
    let mut typed = cheque.to_vec();
    typed.push(("_lang", "hi"));
    let page = omar.submit(&typed).await;
    page.expect(200, "lang=\"hi\"").expect(200, "value=\"004211\"").expect(200, "value=\"RVTB0000123\"");
    assert!(town.case(&case).await.receipts.is_empty(), "no money was taken");
    omar.submit(&cheque).await.expect(200, "004211, RVTB0000123, 05/04/2026");
    let here = omar.page.at.clone();
    omar.get(&format!("{here}/cancel")).await;
    omar.submit(&[("reason", "wrong_payer"), ("remark", "Wrong case."), ("_lang", "en")])
        .await
        .expect(200, "lang=\"en\"")
        .expect(200, "Wrong case.</textarea>");
    omar.get(&here).await.expect(200, "Valid");
}

#[tokio::test]
async fn why_a_receipt_is_taken_back_is_read_in_the_language_of_whoever_reads_it() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let cancel = format!("{}/cancel", omar.page.at);
    omar.get(&cancel).await;
    let english = "It was taken for the wrong person or the wrong case: Wrong case.";
    let hindi = "ग़लत व्यक्ति या ग़लत प्रकरण के लिए ली गई: Wrong case.";
    omar.submit(&[("reason", "wrong_payer"), ("remark", "Wrong case.")]).await.expect(200, english);
    let mut olga = staff(&town, "olga").await;
    olga.get(&format!("/{TOWN}/desk?lang=hi")).await.expect(200, hindi);
    olga.get(&cancel).await.expect(200, hindi);
    olga.submit(&[("decision", "approve")]).await.expect(200, hindi);
    olga.get(&format!("{}?tab=timeline", at(&case))).await.expect(200, hindi);
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA.mobile).await;
    asha.get(&format!("/{TOWN}/cases/{case}?lang=en")).await.expect(200, english);
    asha.get(&format!("/{TOWN}/cases/{case}?lang=hi")).await.expect(200, hindi);
}

#[tokio::test]
async fn what_was_typed_and_what_was_kept_before_reasons_had_names_stay_as_they_are() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let here = omar.page.at.clone();
    let mut olga = staff(&town, "olga").await;
    let by = |person: &'static str| By { person, kind: ActorKind::Employee, at_ms: town.app.clock.now_ms() };
    let receipt = "KR/RVT/2026-27/000001";
    for (kept, read) in [
        ("wrong_mode", "भुगतान का माध्यम ग़लत है</span>"),
        ("wrong_mode: Card: not cash", "भुगतान का माध्यम ग़लत है: Card: not cash</span>"),
        ("other: wrong_mode: of her sister", ">wrong_mode: of her sister</span>"),
        ("The mode of payment is wrong: Card", ">The mode of payment is wrong: Card</span>"),
    ] {
        town.wait_ms(1_000);
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        assert!(cancellations::ask(&mut tx, by("omar"), receipt, kept, None).await.unwrap());
        tx.commit().await.unwrap();
        olga.get(&format!("{here}?lang=hi")).await.expect(200, read);
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        assert!(cancellations::decide(&mut tx, by("olga"), receipt, false, "No.").await.unwrap());
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_asked_for_several_stays() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    let bulk = format!("/{TOWN}/desk/bulk");
    meera.post(&bulk, &[("action", "act:reject"), ("case", &case)]).await.expect(200, "name=\"_lang\"");
    meera
        .submit(&[("comment", "The market is closed."), ("_lang", "hi")])
        .await
        .expect(200, "lang=\"hi\"")
        .expect(200, "The market is closed.");
    assert_eq!(town.case(&case).await.state, *"checking");
    meera.submit(&[("comment", "The market is closed.")]).await;
    assert_eq!(town.case(&case).await.state, *"rejected");
    let to = switch(&meera).expect("the results can be left in another language");
    meera.get(&to).await.expect(200, "My desk");
}

#[tokio::test]
async fn a_name_and_a_mobile_stay() {
    let town = open().await;
    let mut meera = Browser::new(&town);
    meera.get(&format!("/{TOWN}/desk/sign-in")).await;
    meera
        .submit(&[("user", "meera"), ("password", "secret-word"), ("_lang", "hi")])
        .await
        .expect(200, "value=\"meera\"")
        .expect(200, "lang=\"hi\"");
    assert!(!meera.page.html.contains("secret-word"), "a password is never shown");
    let mut asha = Browser::new(&town);
    asha.get(&format!("/{TOWN}/sign-in")).await;
    asha.submit(&[("mobile", "98765"), ("_lang", "hi")])
        .await
        .expect(200, "value=\"98765\"")
        .expect(200, "lang=\"hi\"");
    assert!(town.messages().is_empty());
    asha.submit(&[("mobile", "9876543210")]).await;
    asha.submit(&[("code", "123"), ("_lang", "en")]).await.expect(200, "value=\"123\"").expect(200, "Enter the code");
}

#[tokio::test]
async fn what_was_only_posted_to_is_left_by_a_link_that_leads_somewhere() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&at(&case)).await;
    for (path, fields) in [
        (format!("{}/note", at(&case)), [("text", "x"), ("audience", "everybody")]),
        (format!("{}/unmask?tab=form", at("nothing")), [("reason", "x"), ("x", "y")]),
        (format!("/{TOWN}/desk/bulk?state=x&state=y"), [("action", "dance"), ("case", "x")]),
    ] {
        omar.get(&at(&case)).await;
        omar.post(&path, &fields).await;
        assert!(omar.page.status >= 400, "{path}");
        let to = switch(&omar).unwrap_or_else(|| panic!("{path} has no link:\n{}", omar.page.html));
        let there = omar.get(&to).await;
        assert!(matches!(there.status, 200 | 404) && there.status != 405, "{path} leads to {to}: {}", there.status);
        omar.get(&format!("/{TOWN}/desk?lang=en")).await;
    }
    let fresh = Town::open().await;
    let mut asha = Browser::new(&fresh);
    asha.get(&format!("/{TOWN}/sign-in")).await;
    asha.submit(&[("mobile", "9876543210")]).await;
    asha.post(&format!("/{TOWN}/sign-in/again"), &[]).await.expect(429, "Too many attempts");
    let to = switch(&asha).unwrap();
    asha.get(&to).await.expect(200, "lang=\"hi\"");
}

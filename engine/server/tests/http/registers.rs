//! Applications about somebody else's record, and what its page says of them.

use server::store::verify::verify;
use server::store::{cases, found};

use crate::browser::Browser;
use crate::desk_town::{ASHA, at, employ, open, staff, to_be_paid};
use crate::town::{TOWN, Town};

const NUMBER: &str = "KL/RVT/2026-27/000001";
const START: &str = "/riverton/services/kiosk-sale";

/// The town, with a license of Asha's kiosk and somebody for sales.
async fn with_license() -> Town {
    let town = open().await;
    employ(&town, TOWN, ("sunita", "Sunita Rao"), ("kiosk-sale", "seller", "")).await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    town.work().await;
    town
}

#[tokio::test]
async fn whoever_bought_something_names_it_by_its_number() {
    let town = with_license().await;
    let mut buyer = Browser::new(&town);
    buyer.sign_in("9812345678").await;
    buyer.introduce().await;
    buyer.get(START).await.expect(200, "Number of the record: Kiosk license");
    buyer.submit(&[("record", "")]).await.expect(422, "Write the number.");
    buyer
        .submit(&[("record", "KL/RVT/2026-27/000009")])
        .await
        .expect(422, "No record that is in force has this number");
    buyer.submit(&[("record", " kl/rvt/2026-27/000001 ")]).await.expect(200, "Who bought it?");
    assert!(!buyer.page.html.contains("Asha Snacks"), "what the record says is not shown to a stranger");
    buyer.submit(&[("buyer", "Meera Negi"), ("beside", "KL/1")]).await.expect(422, "no record has this number");
    buyer.submit(&[("buyer", "Meera Negi"), ("beside", "kl/rvt/2026-27/000001")]).await.expect(200, NUMBER);
}

#[tokio::test]
async fn numbers_cannot_be_tried_out() {
    let town = with_license().await;
    let mut stranger = Browser::new(&town);
    stranger.sign_in("9812345678").await;
    stranger.introduce().await;
    stranger.get(START).await;
    let form = stranger.page.clone();
    for _ in 0..30 {
        stranger.page = form.clone();
        stranger.submit(&[("record", "KL/RVT/2026-27/000009")]).await.expect(422, "No record");
    }
    stranger.page = form;
    stranger.submit(&[("record", NUMBER)]).await.expect(429, "");
}

#[tokio::test]
async fn the_counter_names_it_too_and_the_record_tells_of_it() {
    let town = with_license().await;
    let mut sunita = staff(&town, "sunita").await;
    sunita.get("/riverton/desk/services/kiosk-sale/start").await.expect(200, "Number of the record: Kiosk license");
    let person = [("mobile", "98123 45678"), ("name", "Meera Negi"), ("language", "hi")];
    let with = |record: &'static str| -> Vec<(&'static str, &'static str)> {
        person.iter().copied().chain([("record", record)]).collect()
    };
    sunita.submit(&with("")).await.expect(422, "Write the number.");
    sunita.submit(&with("KL/9")).await.expect(422, "No record that is in force has this number");
    sunita.submit(&with(NUMBER)).await.expect(200, "Application of Meera Negi");
    let case = sunita.page.form_action().split('/').nth(4).unwrap().to_owned();
    sunita.submit(&[("buyer", "Meera Negi"), ("beside", "kl/9")]).await.expect(422, "no record has this number");
    sunita.submit(&[("buyer", "Meera Negi"), ("beside", NUMBER)]).await.expect(200, "What this leads to");
    sunita.submit(&[("agreed", "yes")]).await.expect(200, "KS/RVT/2026-27/000001");
    town.wait_ms(86_400_000);
    // Another one decides: whoever wrote it down at the counter did not.
    employ(&town, TOWN, ("kamla", "Kamla Bisht"), ("kiosk-sale", "seller", "")).await;
    let mut kamla = staff(&town, "kamla").await;
    kamla.get(&format!("{}/act/enter", at(&case))).await.expect(200, "goes to a new holder");
    kamla.submit(&[]).await.expect(200, "Entered");
    let record = format!("/{TOWN}/desk/registers/kiosk_licenses/KL%2FRVT%2F2026-27%2F000001");
    kamla
        .get(&record)
        .await
        .expect(200, "In force")
        .expect(200, "Transferred")
        .expect(200, "Kamla Bisht, Sales clerk")
        .expect(200, "Named in cases")
        .expect(200, "M**** N***")
        .expect(200, "KS/RVT/2026-27/000001");
    kamla.get(&format!("{record}?on=2026-04-06")).await.expect(200, "A*** R**");
}

/// How many cases of the kiosk and which records are found by a mobile number.
async fn found_by(town: &Town, mobile: &str) -> (usize, Vec<String>) {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let cases = cases::answered_alike(&mut tx, "kiosk", cases::APPLICANT, mobile, 9).await.unwrap();
    let records = found::with_term(&mut tx, "kiosk_licenses", mobile, 9).await.unwrap();
    (cases.len(), records.into_iter().map(|(number, _)| number).collect())
}

#[tokio::test]
async fn whoever_changes_the_mobile_number_is_found_by_the_new_one_alone() {
    const NEW: &str = "9876500001";
    let town = with_license().await;
    let nothing = (0, Vec::new());
    let one = (1, vec![NUMBER.to_owned()]);
    assert_eq!([found_by(&town, ASHA.mobile).await, found_by(&town, NEW).await], [one.clone(), nothing.clone()]);
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA.mobile).await;
    asha.introduce().await;
    town.wait_ms(31_000);
    asha.get(&format!("/{TOWN}/my/mobile")).await.expect(200, "New mobile number");
    asha.submit(&[("mobile", NEW)]).await.expect(200, "Code sent to ******3210");
    let (old, new) = (town.code(ASHA.mobile), town.code(NEW));
    asha.submit(&[("old", &old), ("new", &new)]).await.expect(200, "******0001");
    assert_eq!([found_by(&town, ASHA.mobile).await, found_by(&town, NEW).await], [nothing, one]);
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), [], "what is found by is vouched for");
}

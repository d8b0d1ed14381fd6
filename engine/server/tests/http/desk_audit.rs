//! The auditor of a town: every case, register, receipt and till is read, and nothing is written but why something
//! masked was looked at.

use axum::body::Body;
use axum::http::{Request, header};
use server::auth::Policy;
use server::http::routes::table;
use server::store::appointments::THE_TOWN;
use server::store::events;
use server::store::verify::verify;

use crate::browser::{Browser, encoded};
use crate::desk_town::{ASHA, applied, at, employ, open, staff, to_be_paid};
use crate::town::{TOWN, Town};

/// The auditor, signed in.
async fn tara(town: &Town) -> Browser<'_> {
    employ(town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    staff(town, "tara").await
}

/// How many events there are; that somebody was refused is one that changed nothing.
async fn written(town: &Town) -> usize {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let all = events::all(&mut tx, 0, 10_000).await.unwrap();
    all.iter().filter(|event| event.command["word"] != "denied").count()
}

#[tokio::test]
async fn az_13_an_auditor_sees_everything_and_says_why_before_seeing_whom_it_concerns() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("/{TOWN}/desk/till")).await;
    omar.submit(&[("float", "500")]).await.expect(200, "TILL/RVT");
    let till = omar.page.at.clone();
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await.expect(200, "KR/RVT/2026-27/");
    let receipt = omar.page.at.split('?').next().unwrap().to_owned();
    let mut tara = tara(&town).await;
    tara.page.expect(200, "Auditor of the town");
    for page in ["/desk/collect", "/desk/leave"] {
        assert!(!tara.page.html.contains(page), "{page}: nothing is done there");
    }
    let before = written(&town).await;
    tara.get(&format!("/{TOWN}/desk/inbox?scope=all")).await.expect(200, "KIA/RVT");
    let html = &tara.page.html;
    assert!(!html.contains("name=\"case\"") && !html.contains("/desk/views"), "nothing can be done there");
    for (page, words) in [("/tills", "TILL/RVT"), ("/staff", "Meera Joshi"), ("/staff/meera", "Market clerk")] {
        tara.get(&format!("/{TOWN}/desk{page}")).await.expect(200, words);
        assert!(!tara.page.html.contains("/appoint") && !tara.page.html.contains("/staff/new"), "{page}");
    }
    for page in [&till, &receipt] {
        tara.get(page).await.expect(200, "KR/RVT/2026-27/");
        assert!(!tara.page.html.contains("Asha Rao") && !tara.page.html.contains("/print"), "{page}");
    }
    for tab in ["summary", "form", "money", "timeline", "audit", "messages"] {
        tara.get(&format!("{}?tab={tab}", at(&case))).await.expect(200, "KIA/RVT");
        assert!(!tara.page.html.contains("Asha Rao"), "{tab}");
        assert!(!tara.page.html.contains("/note") && !tara.page.html.contains("/act/"), "{tab}");
    }
    tara.get(&format!("/{TOWN}/desk/events")).await.expect(200, "Signed in").expect(200, "Payment received");
    let number = town.case(&case).await.number.unwrap();
    tara.page.expect(200, &number);
    assert!(!tara.page.html.contains("Asha Rao"));
    assert_eq!(written(&town).await, before, "looking changes nothing");
    tara.get(&format!("{}/files/x", at(&case))).await.expect(200, "Personal answers are masked");
    let unmask = format!("{}/unmask?tab=form", at(&case));
    tara.get(&format!("{}?tab=form", at(&case))).await;
    tara.post(&unmask, &[("reason", "no")]).await.expect(422, "Write why you need to see");
    tara.get(&format!("{}?tab=form", at(&case))).await;
    tara.post(&unmask, &[("reason", "Sample of the year 2026.")]).await.expect(200, "Asha Rao");
    assert_eq!(written(&town).await, before + 2, "why, and that it was read, are written down");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn az_13_whatever_an_auditor_sends_is_refused() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut tara = tara(&town).await;
    let (token, before) = (tara.page.token(), written(&town).await);
    let mut tried = 0;
    for route in
        table().filter(|route| !route.get && matches!(route.policy, Policy::Employee(_) | Policy::Administrator))
    {
        let mut path = route.path.replace("{tenant}", TOWN).replace("{case}", &case).replace("{person}", "meera");
        while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
            path.replace_range(open..=close, "x");
        }
        let pairs = [("_csrf", token.as_str()), ("to", "tara"), ("text", "x"), ("reason", "curious")];
        let pairs: Vec<(String, String)> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let request = Request::post(&path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let page = tara.send(request, Body::from(encoded(&pairs))).await;
        assert_eq!(page.status, 403, "{}", route.path);
        tried += 1;
    }
    assert!(tried > 20, "only {tried} were tried");
    assert_eq!(written(&town).await, before, "nothing was written");
}

#[tokio::test]
async fn the_chain_is_read_page_by_page_and_cases_by_auditors_alone() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let number = town.case(&case).await.number.unwrap();
    for _ in 0..30 {
        staff(&town, "meera").await;
        staff(&town, "ravi").await;
    }
    let mut tara = tara(&town).await;
    tara.get(&format!("/{TOWN}/desk/events")).await.expect(200, "Earlier events");
    let older = tara.page.link(&format!("/{TOWN}/desk/events?before="));
    tara.get(&older).await.expect(200, "Latest events").expect(200, &number);
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    let mut kamla = staff(&town, "kamla").await;
    kamla.get(&older).await.expect(200, "Signed in");
    assert!(!kamla.page.html.contains(&number), "the office of the town opens no case");
    staff(&town, "meera").await.get(&format!("/{TOWN}/desk/events")).await.expect(403, "");
}

#[tokio::test]
async fn az_13_whoever_audits_holds_no_other_post() {
    let town = open().await;
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    let mut kamla = staff(&town, "kamla").await;
    let auditor = format!("{THE_TOWN}|auditor");
    // Meera is a clerk until further notice.
    kamla.get(&format!("/{TOWN}/desk/staff/meera/appoint")).await.expect(200, "Auditor of the town");
    kamla.submit(&[("post", auditor.as_str()), ("from", "06/04/2026")]).await.expect(422, "holds no other post");
    tara(&town).await;
    kamla.get(&format!("/{TOWN}/desk/staff/tara/appoint")).await;
    kamla.submit(&[("post", "kiosk|clerk"), ("from", "06/04/2026")]).await.expect(422, "holds no other post");
    assert!(kamla.page.html.contains("Whoever audits"), "{}", kamla.page.html);
}

//! What is typed to look for somebody stands sealed in the address of the list, which can be kept, paged and taken as
//! a file like any other.

use server::store::appointments::THE_TOWN;
use server::store::views::{self, View};

use crate::browser::{Browser, Page};
use crate::desk_town::{ASHA, Kiosk, applied, employ, open, staff, staff_of, to_be_paid};
use crate::town::{TOWN, Town};

const RAVI: Kiosk<'static> = Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Mill Tea", place: "L3" };
const LOST: &str = "can no longer be read from this address";

fn at(path: &str) -> String {
    format!("/{TOWN}{path}")
}

/// Every address that a page has, and its own.
fn addresses(page: &Page) -> Vec<String> {
    let said = ["href=\"", "action=\""].into_iter().flat_map(|before| page.html.split(before).skip(1));
    let said = said.filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    said.chain([page.at.clone()]).collect()
}

fn names_nobody(page: &Page, words: &[&str]) {
    for address in addresses(page) {
        for word in words {
            assert!(!address.to_lowercase().contains(word), "{word} stands in {address}");
        }
    }
}

/// Opens a page with a form for searching and sends it.
async fn search<'a>(browser: &'a mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> &'a Page {
    browser.get(&at(path)).await.expect(200, "name=\"_csrf\"");
    browser.post(&at(path), fields).await
}

async fn two(town: &Town) {
    applied(town, ASHA).await;
    applied(town, RAVI).await;
}

#[tokio::test]
async fn priv_01_what_is_searched_for_stands_in_no_address() {
    let town = open().await;
    to_be_paid(&town, ASHA).await;
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    for (login, path, typed, found) in [
        ("meera", "/desk/inbox", "98765 43210", "KIA/RVT/2026-27/000001"),
        ("omar", "/desk/collect", "9876543210", "₹1,150.00"),
        ("omar", "/desk/collect", "asha s", "₹1,150.00"),
        ("omar", "/desk/registers/kiosk_licenses", "9876543210", "No record fits"),
        ("kamla", "/desk/staff", "meera", "Meera Joshi"),
    ] {
        let mut browser = staff(&town, login).await;
        let page = search(&mut browser, path, &[("q", typed), ("scope", "all")]).await.clone();
        page.expect(200, found).expect(200, &format!("value=\"{typed}\""));
        assert!(page.at.starts_with(&format!("{}?", at(path))) && page.at.contains("q=s."), "{}", page.at);
        names_nobody(&page, &["98765", "43210", "asha", "q=meera"]);
        // The address is the view: it is kept, and read once more.
        browser.get(&page.at).await.expect(200, found).expect(200, &format!("value=\"{typed}\""));
        // Plain words in an address are answered, and repeated nowhere.
        let plain = at(&format!("{path}?scope=all&q={}", typed.replace(' ', "+")));
        let page = browser.get(&plain).await;
        page.expect(200, found);
        names_nobody(page, &["98765", "43210", "asha", "q=meera"]);
    }
}

#[tokio::test]
async fn a_search_is_narrowed_and_whoever_audits_searches_too() {
    let town = open().await;
    two(&town).await;
    let mut meera = staff(&town, "meera").await;
    let page = search(&mut meera, "/desk/inbox", &[("q", "kia/rvt"), ("place", "L3"), ("from", "")]).await;
    page.expect(200, "KIA/RVT/2026-27/000002").expect(200, "“kia/rvt”");
    assert!(!page.html.contains("KIA/RVT/2026-27/000001") && page.at.ends_with("&place=L3"), "{}", page.at);
    let page = search(&mut meera, "/desk/inbox", &[("q", " ")]).await;
    assert_eq!(page.at, at("/desk/inbox"), "nothing is looked for");
    search(&mut meera, "/desk/inbox", &[("q", &"x".repeat(101))]).await.expect(400, "");
    employ(&town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    let mut tara = staff(&town, "tara").await;
    search(&mut tara, "/desk/inbox", &[("q", "kia/rvt"), ("scope", "all")])
        .await
        .expect(200, "KIA/RVT/2026-27/000001")
        .expect(200, "KIA/RVT/2026-27/000002");
}

#[tokio::test]
async fn pages_and_files_of_a_list_keep_what_is_searched_for() {
    let town = open().await;
    for n in 0..27 {
        let name = format!("Kiosk {n}");
        applied(&town, Kiosk { mobile: &format!("98760000{n:02}"), applicant: "Asha Rao", name: &name, place: "L1" })
            .await;
    }
    applied(&town, RAVI).await;
    let mut meera = staff(&town, "meera").await;
    let page = search(&mut meera, "/desk/inbox", &[("q", "kiosk"), ("sort", "number")]).await.clone();
    page.expect(200, "Showing 1 to 25 of 27");
    let html = page.html.replace("&#x3D;", "=").replace("&amp;", "&");
    let next = format!("{}&page=2", page.at);
    assert!(html.contains(&format!("href=\"{next}\"")), "{next} is no link");
    meera.get(&next).await.expect(200, "Showing 26 to 27 of 27").expect(200, "value=\"kiosk\"");
    let file = page.at.replace("/inbox?", "/inbox.csv?");
    assert!(html.contains(&format!("href=\"{file}\"")), "{file} is no link");
    let file = meera.get(&file).await;
    assert_eq!((file.status, file.html.lines().count()), (200, 28), "{}", file.html);
    assert!(!file.html.contains("KIA/RVT/2026-27/000028"), "{}", file.html);
}

#[tokio::test]
async fn priv_01_words_that_were_sealed_open_in_their_own_town_alone() {
    let town = open().await;
    two(&town).await;
    let mut nina = staff_of(&town, "hilltop", "nina").await;
    nina.get("/hilltop/desk/inbox").await.expect(200, "name=\"_csrf\"");
    let theirs = nina.post("/hilltop/desk/inbox", &[("q", "9876543210")]).await.at.clone();
    let (_, theirs) = theirs.split_once('?').unwrap();
    let mut meera = staff(&town, "meera").await;
    let own = search(&mut meera, "/desk/inbox", &[("q", "9876543210")]).await.at.clone();
    let (_, own) = own.split_once('?').unwrap();
    let (start, last) = own.split_at(own.len() - 1);
    let altered = format!("{start}{}", if last == "A" { "B" } else { "A" });
    let cut = &own[..own.len() - 4];
    for query in [theirs, altered.as_str(), cut] {
        for list in ["inbox", "collect", "registers/kiosk_licenses"] {
            let page = meera.get(&at(&format!("/desk/{list}?{query}"))).await;
            page.expect(200, LOST);
            assert!(!page.html.contains("9876543210"), "{query} was opened");
        }
        // What is done with everything that fits is not done with everything.
        meera.get(&at(&format!("/desk/inbox.csv?{query}"))).await.expect(422, LOST);
        let all = [("action", "claim"), ("all", "yes")];
        meera.post(&at(&format!("/desk/bulk?{query}")), &all).await.expect(422, LOST);
        meera.post(&at(&format!("/desk/views?{query}")), &[("name", "Hers")]).await.expect(422, LOST);
    }
    meera.get(&at(&format!("/desk/inbox?{own}"))).await.expect(200, "value=\"9876543210\"");
    assert!(!meera.page.html.contains(LOST));
}

#[tokio::test]
async fn a_list_with_words_is_kept_and_forgotten_however_they_were_sealed() {
    let town = open().await;
    two(&town).await;
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    let earlier = View { name: "Earlier".to_owned(), query: "?q=ravi+das".to_owned() };
    views::keep(&mut tx, "meera", &earlier, 0).await.unwrap();
    tx.commit().await.unwrap();
    let mut meera = staff(&town, "meera").await;
    meera.get(&at("/desk/inbox")).await.expect(200, "Earlier");
    names_nobody(&meera.page, &["ravi+das", "ravi"]);
    let query = search(&mut meera, "/desk/inbox", &[("q", "asha")]).await.at.replace(&at("/desk/inbox"), "");
    meera.post(&at(&format!("/desk/views{query}")), &[("name", "Hers")]).await.expect(200, "Forget the list “Hers”");
    // Typed anew the words are sealed anew, and it is the same list.
    for (typed, name) in [("asha", "Hers"), ("ravi das", "Earlier")] {
        let page = search(&mut meera, "/desk/inbox", &[("q", typed)]).await;
        page.expect(200, &format!("Forget the list “{name}”"));
    }
}

//! Who fetched a copy of a paper is written down, and shown beside it.

use server::store::events;

use crate::apply::sent;
use crate::browser::Browser;
use crate::desk_town::{at, employ, staff};
use crate::town::{TOWN, Town};

const MOBILE: &str = "9876543210";
const DAY_MS: i64 = 86_400_000;

/// Of what kind those were who fetched a copy, in order.
async fn fetched(town: &Town, case: &str) -> Vec<String> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, case).await.unwrap();
    history.into_iter().filter(|event| event.command["word"] == "fetch").map(|event| event.actor_kind).collect()
}

#[tokio::test]
async fn who_fetched_a_copy_is_written_down_once_a_day_and_shown_beside_the_paper() {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    let case = sent(&mut asha, MOBILE).await;
    town.work().await;
    let shown = format!("/{TOWN}/cases/{case}");
    let page = asha.get(&shown).await.clone();
    assert!(!page.html.contains("You fetched it"), "{}", page.text());
    let paper = page.link(&format!("{shown}/papers/"));
    for _ in 0..3 {
        asha.get(&paper).await.expect(200, "%PDF");
    }
    asha.get(&shown).await.expect(200, "You fetched it on 1 day, last on 06/04/2026.");
    assert_eq!(fetched(&town, &case).await, ["citizen"]);

    town.wait_ms(DAY_MS);
    let mut asha = Browser::new(&town);
    asha.sign_in(MOBILE).await;
    asha.get(&paper).await.expect(200, "%PDF");
    let page = asha.get(&shown).await;
    page.expect(200, "You fetched it on 2 days, last on 07/04/2026.");
    assert!(!page.html.contains("The office opened it"), "{}", page.text());

    employ(&town, TOWN, ("meera", "Meera Joshi"), ("stall-permit", "clerk", "")).await;
    let mut meera = staff(&town, "meera").await;
    let documents = format!("{}?tab=documents", at(&case));
    meera.get(&documents).await.expect(200, "Fetched on 2 days, last on 07/04/2026 by: Applicant");
    let (_, file) = paper.rsplit_once('/').unwrap();
    meera.get(&format!("{}/papers/{file}", at(&case))).await.expect(200, "%PDF");
    meera.get(&documents).await.expect(200, "Fetched on 2 days, last on 07/04/2026 by: Meera Joshi");
    assert_eq!(fetched(&town, &case).await, ["citizen", "citizen", "employee"]);
    meera.get(&format!("{}?tab=audit", at(&case))).await.expect(200, "Copy fetched:");
    let page = meera.get(&format!("{}?tab=timeline", at(&case))).await;
    assert!(!page.html.contains("Copy fetched:"), "{}", page.text());
    asha.get(&shown).await.expect(200, "The office opened it on 1 day, last on 07/04/2026.");
}

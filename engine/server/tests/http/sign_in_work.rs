//! That a name or number is known is not to be learnt from how long an answer takes. Time is not measured, which
//! would tell more of the machine than of us: what takes time is counted, statement by statement and hash by hash.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use server::auth::password::{self, NOBODYS};
use server::chance::Chance;
use server::http::{self, limits};
use server::store::{Fate, Point, Seam};

use crate::browser::Browser;
use crate::desk_town::{ASHA, applied, citizen, open};
use crate::town::{TOWN, Town};

/// Hears every statement, and whenever a transaction begins or commits.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn add(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }
}

impl Seam for Heard {
    fn at(&self, point: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        self.add(format!("{point:?}"));
        Box::pin(async { Fate::Done })
    }

    fn left(&self) {}

    fn said(&self, sql: Cow<'static, str>) -> Cow<'static, str> {
        self.add(sql.to_string());
        sql
    }
}

/// A town whose store is heard.
async fn heard() -> (Town, Arc<Heard>) {
    let Town { app, router: _, data } = open().await;
    let heard = Arc::new(Heard::default());
    let seam: Arc<dyn Seam> = heard.clone();
    let mut app = (*app).clone();
    app.store = app.store.through(seam);
    let app = Arc::new(app);
    (Town { router: http::router(&app), app, data }, heard)
}

/// What a form sent by a new browser makes us do: the statements, and how many passwords are compared.
async fn work(town: &Town, heard: &Heard, page: &str, fields: &[(&str, &str)]) -> (Vec<String>, usize, u16) {
    let mut browser = Browser::new(town);
    browser.get(page).await.expect(200, "_csrf");
    heard.take();
    let (status, compared) = password::counted(async { browser.submit(fields).await.status }).await;
    (heard.take(), compared, status)
}

#[tokio::test]
async fn auth_02_a_known_number_and_an_unknown_one_make_the_same_work() {
    let (town, heard) = heard().await;
    citizen(&town, "9876543210", "Asha Rao").await;
    let page = format!("/{TOWN}/sign-in");
    let known = work(&town, &heard, &page, &[("mobile", "9876543210")]).await;
    let unknown = work(&town, &heard, &page, &[("mobile", "9876543299")]).await;
    assert!(known.0.len() > 10, "statements are heard: {known:?}");
    assert_eq!(known, unknown);
    // Nor does a wrong code tell.
    town.wait_ms(31_000);
    let mut guesses = Vec::new();
    for mobile in ["9876543210", "9876543299"] {
        let mut browser = Browser::new(&town);
        browser.get(&page).await;
        browser.submit(&[("mobile", mobile)]).await.expect(200, "name=\"code\"");
        let wrong = if town.code(mobile) == "000000" { "000001" } else { "000000" };
        heard.take();
        browser.submit(&[("code", wrong)]).await.expect(422, "name=\"code\"");
        guesses.push(heard.take());
    }
    assert_eq!(guesses[0], guesses[1]);
}

#[tokio::test]
async fn auth_02_az_03_an_application_that_is_there_and_one_that_is_not_make_the_same_work() {
    let (town, heard) = heard().await;
    applied(&town, ASHA).await;
    town.work().await;
    let page = format!("/{TOWN}/track");
    let numbers = ["KIA/RVT/2026-27/000001", "KIA/RVT/2026-27/000009"];
    let mut asked = Vec::new();
    for number in numbers {
        asked.push(work(&town, &heard, &page, &[("number", number)]).await);
    }
    assert!(asked[0].0.len() > 10 && asked[0].2 == 200, "statements are heard: {asked:?}");
    assert_eq!(asked[0], asked[1]);
    // Nor does a wrong code tell, the first or the one that ends it.
    town.wait_ms(31_000);
    let mut guesses = Vec::new();
    for number in numbers {
        let mut browser = Browser::new(&town);
        browser.get(&page).await;
        browser.submit(&[("number", number)]).await.expect(200, "name=\"code\"");
        town.work().await;
        let wrong = if town.code(ASHA.mobile) == "000000" { "000001" } else { "000000" };
        heard.take();
        for _ in 0..limits::CODE_TRIES {
            browser.submit(&[("code", wrong)]).await.expect(422, "name=\"code\"");
        }
        guesses.push(heard.take());
    }
    assert_eq!(guesses[0], guesses[1]);
}

#[tokio::test]
async fn auth_02_a_known_user_and_an_unknown_one_make_the_same_work() {
    let (town, heard) = heard().await;
    let page = format!("/{TOWN}/desk/sign-in");
    let known = work(&town, &heard, &page, &[("user", "meera"), ("password", "wrong horse")]).await;
    let unknown = work(&town, &heard, &page, &[("user", "nobody"), ("password", "wrong horse")]).await;
    assert!(known.0.len() > 5, "statements are heard: {known:?}");
    assert_eq!((known.1, known.2), (1, 422), "one password was compared");
    assert_eq!(known, unknown);
    // The hash that stands for nobody's is as dear as everybody's.
    let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
    assert_eq!(cost(NOBODYS), cost(&password::hash("wrong horse", &Chance::System).unwrap()));
}

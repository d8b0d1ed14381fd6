//! What is counted of the cases of a town, and that it is counted without a look at all of them.

use std::sync::Arc;

use engine::base::Name;
use server::store::figures::{self, Received, Waiting};
use server::store::{By, Seam, Store, cases};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::database::on_each;
use crate::people::Heard;
use crate::town::{NOW, TOWN, new_case};

/// Twelve cases, handed in one after the other; every third is closed, and every other one in the second ward.
/// Beside them a draft.
async fn fill(store: &Store) {
    let mut tx = store.begin(TOWN).await.unwrap();
    for at in 0..12_i64 {
        let mut case = new_case(&format!("c{at:02}"));
        case.number = Some(format!("APP/{at:06}"));
        case.state = Name::new(if at % 3 == 0 { "closed" } else { "approval" });
        case.submitted_ms = Some(NOW + at);
        case.due_ms = (at % 3 != 0).then_some(NOW + at);
        let place = if at % 2 == 0 { "ward-1" } else { "ward-2" };
        let finding = cases::Finding { place, terms: None };
        cases::insert_open(&mut tx, &case, By::system(NOW), None, finding).await.unwrap();
    }
    let finding = cases::Finding { place: "ward-1", terms: None };
    cases::insert_open(&mut tx, &new_case("draft"), By::system(NOW), None, finding).await.unwrap();
    tx.commit().await.unwrap();
}

fn received(state: &str, place: &str, count: i64) -> Received {
    Received { service: "dog-license".to_owned(), state: state.to_owned(), place: place.to_owned(), count }
}

#[test]
fn cases_are_counted_by_when_they_were_handed_in_and_by_where_they_wait() {
    on_each(|database| async move {
        let (open, heard) = (database.open().await, Arc::new(Heard::default()));
        fill(&open).await;
        let seam: Arc<dyn Seam> = heard.clone();
        let store = open.through(seam);
        let mut tx = store.read(TOWN).await.unwrap();
        // The third to the ninth.
        let found = figures::received(&mut tx, NOW + 2, NOW + 9).await.unwrap();
        let expected = [
            received("approval", "ward-1", 3),
            received("approval", "ward-2", 2),
            received("closed", "ward-1", 1),
            received("closed", "ward-2", 1),
        ];
        assert_eq!(found, expected);
        let states = ["approval", "draft"].map(str::to_owned);
        let found = figures::waiting(&mut tx, "dog-license", &states, NOW + 6).await.unwrap();
        let waiting = |place: &str, count, late| Waiting { place: place.to_owned(), count, late };
        assert_eq!(found, [waiting("ward-1", 4, 2), waiting("ward-2", 4, 2)]);
        assert_eq!(figures::waiting(&mut tx, "cat-license", &states, NOW).await.unwrap(), []);
        assert_eq!(figures::waiting(&mut tx, "dog-license", &[], NOW).await.unwrap(), []);
        drop(tx);
        if database.is_pg() {
            return;
        }
        let heard: Vec<String> = std::mem::take(&mut *heard.0.lock().unwrap());
        let mut conn = SqliteConnection::connect(&database.url()).await.unwrap();
        for (begins, index) in [
            (
                "select service, state, place",
                "INDEX cases_by_submission (tenant=? AND submitted_ms>? AND submitted_ms<?)",
            ),
            ("select place, count", "COVERING INDEX cases_by_state (tenant=? AND service=? AND state=?)"),
        ] {
            let sql = heard.iter().find(|sql| sql.starts_with(begins)).unwrap();
            let plan = sqlx::query(AssertSqlSafe(format!("explain query plan {sql}")));
            let plan = plan.fetch_all(&mut conn).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|row| row.get::<String, _>("detail")).collect();
            assert!(steps.iter().any(|step| step.contains(index)), "{begins}: {steps:?}");
        }
        conn.close().await.unwrap();
    });
}

//! Whether a copy of a paper was written down already is seen with one look at the case.

use std::sync::Arc;

use engine::case::ActorKind;
use serde_json::json;
use server::store::{By, Seam, events};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::database::on_each;
use crate::people::Heard;
use crate::town::{self, NOW, TOWN};

#[test]
fn what_somebody_was_given_is_found_by_case_person_paper_and_day() {
    on_each(|database| async move {
        let (open, heard) = (database.open().await, Arc::new(Heard::default()));
        town::open(&open, "c1").await;
        let mut tx = open.begin(TOWN).await.unwrap();
        let asha = By { person: "asha", kind: ActorKind::Citizen, at_ms: NOW };
        let facts = json!({ "paper": "p1", "document": "license" });
        events::note(&mut tx, asha, Some("c1"), "fetch", facts).await.unwrap();
        // With another paper she did something else.
        events::note(&mut tx, asha, Some("c1"), "print", json!({ "paper": "p2" })).await.unwrap();
        tx.commit().await.unwrap();

        let seam: Arc<dyn Seam> = heard.clone();
        let store = open.through(seam);
        let mut tx = store.read(TOWN).await.unwrap();
        for (case, person, paper, since_ms, expected) in [
            ("c1", "asha", "p1", NOW, true),
            ("c1", "asha", "p1", NOW + 1, false),
            ("c1", "asha", "p2", NOW, false),
            ("c1", "asha", "p", NOW, false),
            ("c1", "meera", "p1", NOW, false),
            ("c2", "asha", "p1", NOW, false),
        ] {
            let found = events::is_noted(&mut tx, case, (person, "fetch"), ("paper", paper), since_ms).await.unwrap();
            assert_eq!(found, expected, "{case} {person} {paper} {since_ms}");
        }
        drop(tx);
        let mut elsewhere = store.read("elsewhere").await.unwrap();
        let asked = (("asha", "fetch"), ("paper", "p1"));
        assert!(!events::is_noted(&mut elsewhere, "c1", asked.0, asked.1, NOW).await.unwrap());
        drop(elsewhere);
        if database.is_pg() {
            return;
        }
        let heard: Vec<String> = std::mem::take(&mut *heard.0.lock().unwrap());
        let sql = heard.iter().find(|sql| sql.starts_with("select seq from events")).unwrap();
        let mut conn = SqliteConnection::connect(&database.url()).await.unwrap();
        let plan = sqlx::query(AssertSqlSafe(format!("explain query plan {sql}")));
        let plan = plan.fetch_all(&mut conn).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.get::<String, _>("detail")).collect();
        let index = "INDEX events_by_case (tenant=? AND case_id=?)";
        assert!(steps.iter().any(|step| step.contains(index)), "{steps:?}");
        conn.close().await.unwrap();
    });
}

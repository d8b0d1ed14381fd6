//! Looking ahead of the turn: when it is of use, and whether what was seen holds.

use server::store::{By, Error, Looked, Store, events, serials};

use crate::database::on_each;
use crate::town::{NOW, TOWN, open};

const ELSEWHERE: &str = "elsewhere";

#[test]
fn one_who_is_alone_in_a_town_looks_ahead_while_another_has_the_turn() {
    on_each(|database| async move {
        let store = database.open().await;
        // On PostgreSQL towns do not wait for each other.
        let useful = !database.is_pg();
        assert!(!store.look_ahead(TOWN).is_worth_it(), "a turn that is free is taken");
        let turn = store.begin(ELSEWHERE).await.unwrap();
        let first = store.look_ahead(TOWN);
        assert_eq!(first.is_worth_it(), useful);
        assert!(!store.look_ahead(TOWN).is_worth_it(), "the first is still there");
        assert_eq!(store.look_ahead("a third").is_worth_it(), useful, "another town is no matter");
        drop(first);
        assert_eq!(store.clone().look_ahead(TOWN).is_worth_it(), useful, "the first has gone");
        turn.commit().await.unwrap();
        assert!(!store.look_ahead(TOWN).is_worth_it(), "the turn is free again");
    });
}

/// What somebody sees who looks at the end of the chain, as every act does.
async fn looked(store: &Store) -> Looked {
    let mut tx = store.read(TOWN).await.unwrap();
    assert!(tx.looked().is_none(), "nothing was looked at yet");
    serials::load(&mut tx, &[]).await.unwrap();
    tx.looked().unwrap()
}

async fn noted(store: &Store, tenant: &str, keeps: bool) {
    let mut tx = store.begin(tenant).await.unwrap();
    events::note(&mut tx, By::system(NOW), None, "noted", serde_json::Value::Null).await.unwrap();
    if keeps {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
}

/// Whether what was seen holds in a turn that begins now, in which something is recorded.
async fn holds(store: &Store, looked: Looked) -> bool {
    let mut tx = store.begin(TOWN).await.unwrap();
    tx.go_on_from(looked);
    let noted = events::note(&mut tx, By::system(NOW), None, "noted", serde_json::Value::Null).await;
    let holds = noted.is_ok();
    assert!(holds || matches!(noted, Err(Error::Taken(_))), "{noted:?}");
    assert_eq!(tx.commit().await.is_ok(), holds, "what does not hold leaves nothing behind");
    holds
}

#[test]
fn what_was_seen_holds_until_something_happens_in_the_town() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        let seen = looked(&store).await;
        assert!(holds(&store, seen).await, "nothing happened");
        let seen = looked(&store).await;
        noted(&store, ELSEWHERE, true).await;
        assert!(holds(&store, seen).await, "what happens elsewhere is no matter");
        let seen = looked(&store).await;
        noted(&store, TOWN, false).await;
        assert!(holds(&store, seen).await, "what was undone did not happen");
        let seen = looked(&store).await;
        noted(&store, TOWN, true).await;
        assert!(!holds(&store, seen).await, "something happened");
        let seen = looked(&store).await;
        assert!(holds(&store, seen).await, "and was seen");
    });
}

//! A chain that has grown long: it is proved row by row, and what does not fit in it is named by its first row.
//! `EVENTS=10000000` makes it as long as the case asks. From a million events on the proof may take a minute for each
//! million; a shorter one says little about that.

use std::time::Instant;

use serde_json::json;
use server::store::verify::verify;
use server::store::{By, events};

use crate::database::on_each;
use crate::tamper::disarm;
use crate::town::{NOW, TOWN};

/// Events where nobody asks for more with `EVENTS=…`.
const EVENTS: i64 = 4_000;
/// Events that are written in one transaction.
const TOGETHER: i64 = 1_000;
/// From so many on the pace is held.
const TIMED: i64 = 1_000_000;
/// How long the proof of a million may take, in milliseconds.
const MINUTE_MS: u128 = 60_000;

#[test]
fn aud_04_of_a_long_chain_the_first_bad_event_is_named() {
    let count = std::env::var("EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(EVENTS);
    on_each(move |database| async move {
        let store = database.open().await;
        let mut written = 0;
        while written < count {
            let mut tx = store.begin(TOWN).await.unwrap();
            let until = count.min(written + TOGETHER);
            while written < until {
                written += 1;
                let by = By::system(NOW + written);
                events::note(&mut tx, by, None, "seen", json!({ "number": written })).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(events::head(&mut tx).await.unwrap().seq, count);
        let begun = Instant::now();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        let took = begun.elapsed();
        drop(tx);
        let length = u128::try_from(count).unwrap();
        let slow = took.as_millis() * 1_000_000 > MINUTE_MS * length;
        eprintln!("{count} events were proved in {} ms", took.as_millis());
        assert!(count < TIMED || !slow, "{count} events took {} ms", took.as_millis());
        disarm(&database).await;
        let bad = count / 2;
        database.sql(&format!("update events set actor = 'somebody' where seq in ({bad}, {}, {count})", bad + 7)).await;
        let mut tx = store.read(TOWN).await.unwrap();
        let found = verify(&mut tx, None).await.unwrap();
        drop(tx);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((found[0].check, found[0].row.as_str()), ("chain", bad.to_string().as_str()));
        assert_eq!(found[0].what, "is not what was hashed; and 2 more");
        store.close().await;
    });
}

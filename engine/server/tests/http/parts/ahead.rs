//! Work that is decided on ahead.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use engine::registry::Serials;
use serde_json::json;
use server::ahead::{Work, run};
use server::problem::Problem;
use server::store::{By, Store, Tx, events, verify};

const TOWN: &str = "town";
const BATCHES: usize = 7;

/// Writes a note for each batch. While batch `disturbed` is decided on ahead, somebody else writes one.
struct Notes {
    store: Store,
    disturbed: usize,
    waits: AtomicBool,
    decided: Mutex<Vec<usize>>,
}

impl Notes {
    async fn note(tx: &mut Tx, word: &str, what: usize) -> Result<(), Problem> {
        events::note(tx, By::system(0), None, word, json!(what)).await?;
        Ok(())
    }
}

impl Work for Notes {
    type Place = usize;
    type Batch = usize;
    type Decided = usize;
    type Told = usize;

    fn store(&self) -> (&Store, &str) {
        (&self.store, TOWN)
    }

    async fn next(&self, place: &usize) -> Result<Option<usize>, Problem> {
        Ok((*place < BATCHES).then_some(*place))
    }

    async fn again(&self, _: &mut Tx, _: &usize, batch: usize) -> Result<usize, Problem> {
        Ok(batch)
    }

    fn end(&self, batch: &usize) -> usize {
        batch + 1
    }

    async fn hold(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(events::hold(tx).await?)
    }

    fn decide(&self, batch: usize, serials: &mut Serials) -> Result<usize, Problem> {
        assert_eq!(serials.last.len(), 0, "notes draw no numbers");
        Ok(batch)
    }

    async fn record(&self, batch: usize, tx: &mut Tx) -> Result<usize, Problem> {
        self.decided.lock().unwrap().push(batch);
        if batch == self.disturbed && self.waits.swap(false, Ordering::AcqRel) {
            let mut other = self.store.begin(TOWN).await?;
            Self::note(&mut other, "other", batch).await?;
            other.commit().await?;
        }
        Self::note(tx, "batch", batch).await?;
        Ok(batch)
    }
}

async fn run_disturbed(disturbed: usize) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.unwrap();
    let (waits, decided) = (AtomicBool::new(true), Mutex::default());
    let work = Arc::new(Notes { store: store.clone(), disturbed, waits, decided });
    let mut told = Vec::new();
    run(&work, |batch| told.push(batch)).await.unwrap();
    assert_eq!(told, (0..BATCHES).collect::<Vec<_>>(), "every batch once, in order");
    let mut tx = store.read(TOWN).await.unwrap();
    let all = events::all(&mut tx, 0, 100).await.unwrap();
    let noted = |word: &str| -> Vec<u64> {
        let of_word = all.iter().filter(|event| event.command["word"] == word);
        of_word.map(|event| event.command["facts"].as_u64().unwrap()).collect()
    };
    assert_eq!(noted("batch"), (0..BATCHES as u64).collect::<Vec<_>>());
    let others = usize::from(disturbed < BATCHES);
    assert_eq!(noted("other").len(), others);
    let again = work.decided.lock().unwrap().iter().filter(|batch| **batch == disturbed).count();
    assert_eq!(again, 2 * others, "what was decided before somebody else wrote is decided anew");
    assert!(verify::verify(&mut tx, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn batches_are_written_once_and_in_order() {
    run_disturbed(BATCHES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_ahead_is_not_written_if_somebody_else_wrote() {
    for disturbed in [1, 3, BATCHES - 1] {
        run_disturbed(disturbed).await;
    }
}

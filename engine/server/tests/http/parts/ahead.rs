//! Work that is decided on ahead.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use engine::registry::Serials;
use serde_json::json;
use server::ahead::{Work, run};
use server::problem::Problem;
use server::store::{By, Fate, Point, Seam, Store, Tx, events, verify};

const TOWN: &str = "town";
const BATCHES: usize = 7;

/// Writes a note for each batch. While batch `disturbed` is decided on ahead, somebody else writes one.
struct Notes {
    store: Store,
    disturbed: usize,
    at_once: usize,
    waits: AtomicBool,
    decided: Arc<Mutex<Vec<usize>>>,
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

    fn at_once(&self) -> usize {
        self.at_once
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

/// Lets a batch be written once the one behind it waits, and counts transactions.
struct Behind {
    decided: Arc<Mutex<Vec<usize>>>,
    told: Arc<Mutex<Vec<usize>>>,
    begun: AtomicUsize,
}

impl Seam for Behind {
    fn at(&self, point: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        Box::pin(async move {
            if point == Point::Begin {
                self.begun.fetch_add(1, Ordering::AcqRel);
                let written = self.told.lock().unwrap().len();
                // One waits when that behind it is being recorded. The first of all is recorded with the town held.
                while written > 0 && self.decided.lock().unwrap().len() < BATCHES.min(written + 3) {
                    tokio::task::yield_now().await;
                }
            }
            Fate::Done
        })
    }

    fn left(&self) {}
}

async fn run_disturbed(disturbed: usize, at_once: usize) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.unwrap();
    let (waits, decided) = (AtomicBool::new(true), Arc::default());
    let work = Arc::new(Notes { store: store.clone(), disturbed, at_once, waits, decided });
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
    run_disturbed(BATCHES, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_wait_go_in_one_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.unwrap();
    let (decided, told) = (Arc::<Mutex<Vec<usize>>>::default(), Arc::<Mutex<Vec<usize>>>::default());
    let (seen, heard) = (Arc::clone(&decided), Arc::clone(&told));
    let behind = Arc::new(Behind { decided: seen, told: heard, begun: AtomicUsize::new(0) });
    let seam: Arc<dyn Seam> = behind.clone();
    let waits = AtomicBool::new(false);
    let work = Arc::new(Notes { store: store.through(seam), disturbed: BATCHES, at_once: 2, waits, decided });
    run(&work, |batch| told.lock().unwrap().push(batch)).await.unwrap();
    assert_eq!(*told.lock().unwrap(), (0..BATCHES).collect::<Vec<_>>(), "every batch once, in order");
    // The first by itself, and then two by two; the last may come when the one before it is written.
    let begun = behind.begun.load(Ordering::Acquire);
    assert!((4..=5).contains(&begun), "{begun} transactions for {BATCHES} batches");
    let mut tx = store.read(TOWN).await.unwrap();
    assert_eq!(events::all(&mut tx, 0, 100).await.unwrap().len(), BATCHES);
    assert!(verify::verify(&mut tx, None).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_ahead_is_not_written_if_somebody_else_wrote() {
    for disturbed in [1, 3, BATCHES - 1] {
        for at_once in [1, 2] {
            run_disturbed(disturbed, at_once).await;
        }
    }
}

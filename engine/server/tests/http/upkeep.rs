//! What comes round by the calendar, and not because somebody asks for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use connectors::files::{Digest, PutError, Source, Stored, TakeError, Upload};
use connectors::{Answer, FileStore};
use engine::base::date::MS_PER_DAY;
use server::store::{EVERYBODY, rounds};
use server::work::upkeep;

use crate::apply::begun;
use crate::browser::Browser;
use crate::files::{PNG, exchanged};
use crate::town::{TOWN, Town};

/// Counts what is read again, and what of that was not what it was.
struct Counted {
    inner: Arc<dyn FileStore>,
    read: AtomicUsize,
    wrong: AtomicUsize,
}

impl Counted {
    fn so_far(&self) -> (usize, usize) {
        (self.read.load(Ordering::Relaxed), self.wrong.load(Ordering::Relaxed))
    }
}

impl FileStore for Counted {
    fn put<'a>(&'a self, upload: Upload<'a>, source: &'a mut dyn Source) -> Answer<'a, Stored, PutError> {
        self.inner.put(upload, source)
    }
    fn get<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, Vec<u8>, TakeError> {
        self.inner.get(tenant, digest)
    }
    fn verify<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, (), TakeError> {
        Box::pin(async move {
            let found = self.inner.verify(tenant, digest).await;
            self.read.fetch_add(1, Ordering::Relaxed);
            self.wrong.fetch_add(usize::from(found.is_err()), Ordering::Relaxed);
            found
        })
    }
}

#[tokio::test]
async fn file_07_each_night_of_a_week_by_the_calendar_reads_its_share_and_one_finds_what_was_altered() {
    let mut counted = None;
    let town = exchanged(|app| {
        let inner = Arc::clone(&app.files);
        let files = Arc::new(Counted { inner, read: AtomicUsize::new(0), wrong: AtomicUsize::new(0) });
        counted = Some(Arc::clone(&files));
        app.files = files;
    })
    .await;
    let files = counted.unwrap();
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await.expect(200, "lamp.png");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let digest = server::store::files::by_case(&mut tx, &case).await.unwrap()[0].sha256.clone();
    drop(tx);
    let path = town.data.path().join("files").join(TOWN).join(&digest[..2]).join(&digest[2..4]).join(&digest);
    let mut altered = std::fs::read(&path).unwrap();
    altered[20] ^= 1;
    std::fs::write(&path, altered).unwrap();
    // A new installation has missed no night.
    upkeep::run_due(&town.app).await.unwrap();
    assert_eq!(files.so_far(), (0, 0));
    for night in 1..=7 {
        town.wait_ms(MS_PER_DAY);
        upkeep::run_due(&town.app).await.unwrap();
        let once = files.so_far();
        upkeep::run_due(&town.app).await.unwrap();
        assert_eq!(files.so_far(), once, "night {night} comes round once");
        let mut tx = town.app.store.read(EVERYBODY).await.unwrap();
        let (time, over) = rounds::last(&mut tx, "scrub").await.unwrap().unwrap();
        assert!(over && town.app.clock.now_ms() - time < MS_PER_DAY, "night {night}");
    }
    let (read, wrong) = files.so_far();
    assert!(read >= 1 && wrong == 1, "{wrong} of {read} were found altered");
}

/// Whether somebody has come to a time of the schedule.
async fn came(town: &Town, time: i64) -> bool {
    let mut tx = town.app.store.begin(EVERYBODY).await.unwrap();
    // What is claimed here is never committed.
    rounds::claim(&mut tx, "sweep", time, (town.app.clock.now_ms(), 1)).await.unwrap().is_none()
}

#[tokio::test]
async fn a_time_to_which_nobody_came_is_made_up_for_unless_it_is_long_past() {
    let town = Town::with(|config| config.upkeep.sweep = "*/2 * * * * *".to_owned()).await;
    let begun = town.app.clock.now_ms();
    upkeep::run_due(&town.app).await.unwrap();
    town.wait_ms(10_500);
    upkeep::run_due(&town.app).await.unwrap();
    for time in (begun..=begun + 10_000).step_by(2_000) {
        assert!(came(&town, time).await, "nobody came to {} ms after the beginning", time - begun);
    }
    let missed = begun + 12_000;
    assert!(!came(&town, missed).await, "it is not due yet");
    town.wait_ms(MS_PER_DAY);
    upkeep::run_due(&town.app).await.unwrap();
    assert!(!came(&town, missed).await, "no node ran for a day, and the latest times stand for all");
    let latest = begun + MS_PER_DAY + 10_000;
    for time in [latest - 60_000, latest - 2_000, latest] {
        assert!(came(&town, time).await, "nobody came to {} ms before the latest", latest - time);
    }
}

//! A node that dies whenever it comes to its database: before it begins to read or to write, before a commit, and right
//! after one, of which nobody hears any more. Whoever does not know asks again with the same key, another node does what
//! waits, and the case ends as if nothing had happened.
//!
//! One life of a case is led to its end as often as there are points in it; some of them for every change, all with
//! `POINTS=1`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::billing::Demand;
use engine::case::Command;
use engine::scenario::path::{Path, Step, path};
use engine::service::Service;
use engine::tenant::Tenant;
use engine::workflow::APPLICANT;
use server::act::{self, Opening};
use server::app::App;
use server::store::people::{self, Person};
use server::store::verify::verify;
use server::store::{By, Fate, Point, Seam, events, notices, papers};
use server::work;
use tokio::sync::Notify;

use crate::database::on_each;
use crate::same::{Side, bundle};

/// A town with a service in which messages are sent, papers issued and money is taken.
const TOWN: &str = "riverton";
const SERVICE: &str = "stall-permit";
/// Walks of which the one is taken in which most happens.
const SEEDS: u64 = 60;
/// Points that a life has at the least.
const LEAST: usize = 60;
/// Lives where nobody asks for all of them.
const LIVES: usize = 16;
/// Longer than a claim of a job holds.
const HOUR: i64 = 3_600_000;

/// Stands at every point, and at one of them the node dies: before it, or right after what was committed there.
struct Death {
    at: usize,
    after: bool,
    passed: AtomicUsize,
    commits: AtomicUsize,
    died: Notify,
}

impl Death {
    fn new(at: usize, after: bool) -> Arc<Self> {
        Arc::new(Self { at, after, passed: AtomicUsize::new(0), commits: AtomicUsize::new(0), died: Notify::new() })
    }

    fn passed(&self) -> usize {
        self.passed.load(Ordering::Relaxed)
    }

    /// Whether the node is dead.
    fn came(&self) -> bool {
        self.passed() > self.at
    }
}

impl Seam for Death {
    fn at(&self, point: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        Box::pin(async move {
            let passed = self.passed.fetch_add(1, Ordering::Relaxed);
            self.commits.fetch_add(usize::from(point == Point::Commit), Ordering::Relaxed);
            if passed < self.at {
                return Fate::Done;
            }
            if passed == self.at && self.after && point == Point::Commit {
                return Fate::AnswerLost;
            }
            self.died.notify_one();
            std::future::pending().await
        })
    }

    fn left(&self) {}
}

/// What somebody does: opens the case or brings a command to it; and what follows from it is worked off.
async fn deed(app: &Arc<App>, tenant: &Tenant, service: &Service, (step, id, key): (Option<&Step>, &str, &str)) {
    match step {
        None => {
            let opening = Opening { applicant: APPLICANT, language: &service.language, record: None, key: Some(key) };
            let _ = act::open(app, tenant, service, opening).await;
        }
        // The clock is looked at by the worker.
        Some(step) if step.command == Command::Elapse => {}
        Some(step) => {
            let mut command = step.command.clone();
            if let Command::Receive(payment) = &mut command {
                payment.key = format!("paid {key}");
            }
            let _ = act::act(app, tenant, id, &step.actor, &command, Some(key)).await;
        }
    }
    let _ = work::run_due(app).await;
}

/// The life of one case, in which a node may die; how it ended, in words that can be compared.
async fn lived(side: &Side, service: &Service, walk: &Path, death: &Arc<Death>, life: usize) -> String {
    let mut app = App::clone(&side.app);
    let seam: Arc<dyn Seam> = death.clone();
    app.store = side.app.store.through(seam);
    let (mortal, mut id) = (Arc::new(app), String::new());
    let steps = std::iter::once(None).chain(walk.steps.iter().map(Some));
    for (at, step) in steps.enumerate() {
        side.app.clock.set(step.map_or(walk.begun_ms, |step| step.at_ms));
        let key = format!("{life}-{at}");
        if !death.came() {
            tokio::select! {
                () = deed(&mortal, &side.tenant, service, (step, &id, &key)) => {}
                () = death.died.notified() => {}
            }
        }
        if death.came() {
            deed(&side.app, &side.tenant, service, (step, &id, &key)).await;
        }
        if id.is_empty() {
            let mut tx = side.app.store.read(&side.tenant.id).await.unwrap();
            id = events::by_key(&mut tx, &key).await.unwrap().and_then(|event| event.case).unwrap();
        }
    }
    // What the dead node had claimed is taken over.
    side.app.clock.set(side.app.clock.now_ms() + HOUR);
    work::run_due(&side.app).await.unwrap();
    let case = side.case(&id).await;
    let mut tx = side.app.store.read(&side.tenant.id).await.unwrap();
    let (papers, told) = (papers::by_case(&mut tx, &id).await.unwrap(), notices::by_case(&mut tx, &id).await.unwrap());
    let paid: Vec<i64> = case.demands.iter().map(Demand::paid).map(engine::base::Money::paise).collect();
    let (receipts, number) = (case.receipts.len(), case.number.is_some());
    format!(
        "{} at version {}, numbered: {number}, paid: {paid:?}, {receipts} receipts, {} papers, {} messages, {:?}",
        case.state,
        case.version,
        papers.len(),
        told.len(),
        case.answers
    )
}

/// The walk in which most led somewhere, of those in which money came.
fn longest(service: &Service, tenant: &Tenant) -> Path {
    let walks = (1..=SEEDS).filter_map(|seed| path(service, tenant, seed).unwrap());
    let paid = |walk: &Path| walk.steps.iter().any(|step| step.led && matches!(step.command, Command::Receive(_)));
    let led = |walk: &Path| walk.steps.iter().filter(|step| step.led).count();
    walks.filter(paid).max_by_key(led).unwrap()
}

#[test]
fn r_02_a_node_that_dies_at_any_point_leaves_all_or_nothing() {
    let all = std::env::var_os("POINTS").is_some();
    on_each(move |database| async move {
        let side = Side::open(&database, bundle(), TOWN).await;
        let loaded = side.app.library.now();
        let service = Arc::clone(loaded.catalogue.service(TOWN, SERVICE).unwrap());
        let now_ms = side.app.clock.now_ms();
        let mut tx = side.app.store.begin(&side.tenant.state).await.unwrap();
        let person = Person::newcomer(APPLICANT.to_owned(), "9876543210".to_owned(), "en".to_owned(), now_ms);
        people::save(&mut tx, By::system(now_ms), &person).await.unwrap();
        tx.commit().await.unwrap();
        let walk = longest(&service, &side.tenant);
        let nobody = Death::new(usize::MAX, false);
        let ended = lived(&side, &service, &walk, &nobody, 0).await;
        let (points, commits) = (nobody.passed(), nobody.commits.load(Ordering::Relaxed));
        assert!(points >= LEAST && commits > 0, "{points} points, {commits} commits");
        let step = if all { 1 } else { points.div_ceil(LIVES) };
        // By turns before and after, where not all of both are tried.
        let deaths = (0..points).step_by(step).enumerate();
        let deaths = deaths.flat_map(|(turn, at)| [false, true].map(|after| (turn, at, after)));
        let (mut lives, mut died) = (0, 0);
        for (turn, at, after) in deaths.filter(|(turn, _, after)| all || turn.is_multiple_of(2) == *after) {
            lives += 1;
            let death = Death::new(at, after);
            let found = lived(&side, &service, &walk, &death, lives).await;
            // The first life has some points more: what it makes is there for the others.
            died += usize::from(death.came());
            assert_eq!(
                found,
                ended,
                "the node died at point {at}, {} (turn {turn})",
                if after { "after" } else { "before" }
            );
        }
        assert!(died * 10 >= lives * 9, "the node died in {died} of {lives} lives");
        println!("{lives} lives with {points} points, {commits} of them commits, ended alike: {ended}");
        let mut tx = side.app.store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        drop(tx);
        side.app.store.clone().close().await;
    });
}

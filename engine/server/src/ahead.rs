//! Work on many records, batch by batch: while one batch is being written, the next one is recorded, the one after
//! that decided on, and the one after that read. Recording is what is written down of a decision: documents, sealed
//! and digested. It takes longer than deciding, so each is done on a thread of its own.
//!
//! A batch that was recorded ahead is written only if nobody else has written in the town meanwhile
//! ([`crate::store::Ready`]). Otherwise it is read, decided on and recorded again with the town held, and from there
//! it goes on ahead. So every batch is there whole or not at all, and however busy the town is, each round brings the
//! work on by a batch. Those that wait already may go in one transaction, as many as the work says.

use std::sync::Arc;

use engine::registry::Serials;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinHandle;

use crate::problem::Problem;
use crate::store::{Ready, Stand, Store, Tx};

/// How many batches wait before each stage: one is enough that nobody waits, and little is in memory.
const WAITING: usize = 1;

/// What is done in batches.
pub trait Work: Send + Sync + 'static {
    /// How far it has come; the beginning when silent.
    type Place: Clone + Default + Send + Sync + 'static;
    /// Records that are written in one transaction.
    type Batch: Send + 'static;
    /// Records that were decided on.
    type Decided: Send + 'static;
    /// What came of a batch.
    type Told: Send + 'static;

    /// The store, and the town in it.
    fn store(&self) -> (&Store, &str);

    /// The batch behind `place`; nothing at the end. Read before the town is held.
    fn next(&self, place: &Self::Place) -> impl Future<Output = Result<Option<Self::Batch>, Problem>> + Send;

    /// The same batch as it is now that the town is held.
    fn again(
        &self,
        tx: &mut Tx,
        place: &Self::Place,
        batch: Self::Batch,
    ) -> impl Future<Output = Result<Self::Batch, Problem>> + Send;

    /// How many batches are written in one transaction, if they wait already. Whoever comes to the same pages with
    /// each of them writes them once so; everybody else waits for all of them.
    fn at_once(&self) -> usize {
        1
    }

    /// Where a batch ends.
    fn end(&self, batch: &Self::Batch) -> Self::Place;

    /// Holds the end of the town's chain of events and all series that numbers are drawn from.
    fn hold(&self, tx: &mut Tx) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Decides on a batch, drawing numbers from `serials`, as far as that is possible by itself.
    fn decide(&self, batch: Self::Batch, serials: &mut Serials) -> Result<Self::Decided, Problem>;

    /// Decides on the rest, and writes the batch through a transaction that is made ready.
    fn record(&self, decided: Self::Decided, tx: &mut Tx) -> impl Future<Output = Result<Self::Told, Problem>> + Send;
}

/// A batch that was decided on.
struct Decided<W: Work> {
    end: W::Place,
    what: W::Decided,
}

/// A batch that was recorded.
struct Recorded<W: Work> {
    end: W::Place,
    ready: Ready,
    told: W::Told,
}

/// Does all of `work`; `told` hears what came of each batch once it is written.
pub async fn run<W: Work>(work: &Arc<W>, mut told: impl FnMut(W::Told)) -> Result<(), Problem> {
    let mut place = W::Place::default();
    while let Some(held) = in_hand(&**work, &place).await? {
        if go_ahead(work, held, &mut place, &mut told).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Begins a transaction that holds the town, and where it stands.
async fn begin<W: Work>(work: &W) -> Result<(Tx, Stand), Problem> {
    let (store, tenant) = work.store();
    let mut tx = store.begin(tenant).await?;
    work.hold(&mut tx).await?;
    let stand = tx.stand().expect("the chain is held");
    Ok((tx, stand))
}

/// One batch, read, decided on and recorded while the town is held, and what holds it. Nothing at the end.
async fn in_hand<W: Work>(work: &W, place: &W::Place) -> Result<Option<(Tx, Recorded<W>)>, Problem> {
    let Some(batch) = work.next(place).await? else { return Ok(None) };
    let (mut tx, stand) = begin(work).await?;
    let batch = work.again(&mut tx, place, batch).await?;
    let decided = decide(work, batch, &mut stand.serials())?;
    let recorded = record(work, decided, stand).await?;
    Ok(Some((tx, recorded)))
}

/// Writes a batch with which the town is held, and goes on behind it for as long as nobody else writes; whether it came
/// to the end.
async fn go_ahead<W: Work>(
    work: &Arc<W>,
    (mut tx, held): (Tx, Recorded<W>),
    place: &mut W::Place,
    told: &mut impl FnMut(W::Told),
) -> Result<bool, Problem> {
    let (to_decide, read) = mpsc::channel(WAITING);
    let (to_record, to_be_recorded) = mpsc::channel(WAITING);
    let (to_write, mut readies) = mpsc::channel(WAITING);
    // From here on they go by themselves, while what is held is written.
    let stand = held.ready.stand().clone();
    let reader = tokio::spawn(read_on(Arc::clone(work), held.end.clone(), to_decide));
    let decider = decider(Arc::clone(work), stand.serials(), read, to_record);
    let recorder = recorder(Arc::clone(work), stand, to_be_recorded, to_write);
    assert!(tx.write_ready(held.ready).await?, "the town is held");
    tx.commit().await?;
    *place = held.end;
    told(held.told);
    while let Some(first) = readies.recv().await {
        let mut next: Option<Recorded<W>> = Some(first?);
        let (mut written, mut stopped) = (Vec::new(), None);
        let (mut tx, _) = begin(&**work).await?;
        while let Some(Recorded { end, ready, told: what }) = next.take() {
            if !tx.write_ready(ready).await? {
                tx.rollback().await?;
                return Ok(false);
            }
            written.push((end, what));
            if written.len() < work.at_once() {
                match readies.try_recv() {
                    Ok(Ok(batch)) => next = Some(batch),
                    Ok(Err(problem)) => stopped = Some(problem),
                    // It does not wait yet, or was the last: that shows when it is waited for.
                    Err(_) => {}
                }
            }
        }
        tx.commit().await?;
        for (end, what) in written {
            *place = end;
            told(what);
        }
        if let Some(problem) = stopped {
            return Err(problem);
        }
    }
    // All are done, unless one of them panicked.
    for stage in [reader.await, decider.await, recorder.await] {
        stage.map_err(|error| Problem::Fault(error.into()))?;
    }
    Ok(true)
}

/// Reads batch after batch, until there is none or nobody wants one.
async fn read_on<W: Work>(work: Arc<W>, mut place: W::Place, to: Sender<Result<W::Batch, Problem>>) {
    while let Some(batch) = work.next(&place).await.transpose() {
        if let Ok(batch) = &batch {
            place = work.end(batch);
        }
        let failed = batch.is_err();
        if to.send(batch).await.is_err() || failed {
            return;
        }
    }
}

/// Decides on batch after batch, on a thread of its own.
fn decider<W: Work>(
    work: Arc<W>,
    mut serials: Serials,
    mut batches: Receiver<Result<W::Batch, Problem>>,
    to: Sender<Result<Decided<W>, Problem>>,
) -> JoinHandle<()> {
    tokio::task::spawn_blocking(move || {
        while let Some(batch) = batches.blocking_recv() {
            let decided = batch.and_then(|batch| decide(&*work, batch, &mut serials));
            let failed = decided.is_err();
            if to.blocking_send(decided).is_err() || failed {
                return;
            }
        }
    })
}

/// Records batch after batch, each beginning where the one before it ends, on a thread of its own.
fn recorder<W: Work>(
    work: Arc<W>,
    stand: Stand,
    batches: Receiver<Result<Decided<W>, Problem>>,
    to: Sender<Result<Recorded<W>, Problem>>,
) -> JoinHandle<()> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(record_on(&*work, stand, batches, to)))
}

async fn record_on<W: Work>(
    work: &W,
    mut stand: Stand,
    mut batches: Receiver<Result<Decided<W>, Problem>>,
    to: Sender<Result<Recorded<W>, Problem>>,
) {
    while let Some(batch) = batches.recv().await {
        let recorded = match batch {
            Ok(decided) => record(work, decided, stand.clone()).await,
            Err(problem) => Err(problem),
        };
        if let Ok(recorded) = &recorded {
            stand = recorded.ready.stand().clone();
        }
        let failed = recorded.is_err();
        if to.send(recorded).await.is_err() || failed {
            return;
        }
    }
}

fn decide<W: Work>(work: &W, batch: W::Batch, serials: &mut Serials) -> Result<Decided<W>, Problem> {
    let end = work.end(&batch);
    Ok(Decided { end, what: work.decide(batch, serials)? })
}

async fn record<W: Work>(work: &W, decided: Decided<W>, stand: Stand) -> Result<Recorded<W>, Problem> {
    let (store, tenant) = work.store();
    let mut tx = store.ahead(tenant, stand.clone());
    let Decided { end, what } = decided;
    let told = work.record(what, &mut tx).await?;
    Ok(Recorded { end, ready: tx.ready(stand)?, told })
}

//! Work on many records, batch by batch: while one batch is being written, the next one is decided on and the
//! one after that is read.
//!
//! A batch that was decided on ahead is written only if nobody else has written in the town meanwhile
//! ([`crate::store::Ready`]). Otherwise it is read and decided on again with the town held, and from there
//! it goes on ahead. So every batch is one transaction that is there whole or not at all, and however busy
//! the town is, each round brings the work on by a batch.

use std::sync::Arc;

use tokio::sync::mpsc::{self, Receiver, Sender};

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

    /// Where a batch ends.
    fn end(&self, batch: &Self::Batch) -> Self::Place;

    /// Holds the end of the town's chain of events and all series that numbers are drawn from.
    fn hold(&self, tx: &mut Tx) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Decides on a batch and writes it, through a transaction that is made ready.
    fn decide(&self, batch: Self::Batch, tx: &mut Tx) -> impl Future<Output = Result<Self::Told, Problem>> + Send;
}

/// A batch that was decided on.
struct Decided<W: Work> {
    end: W::Place,
    ready: Ready,
    told: W::Told,
}

/// Does all of `work`; `told` hears what came of each batch once it is written.
pub async fn run<W: Work>(work: &Arc<W>, mut told: impl FnMut(W::Told)) -> Result<(), Problem> {
    let mut place = W::Place::default();
    while let Some(stand) = in_hand(&**work, &mut place, &mut told).await? {
        if go_ahead(work, stand, &mut place, &mut told).await? {
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

/// One batch, read and decided on while the town is held; where the town stands then. Nothing at the end.
async fn in_hand<W: Work>(
    work: &W,
    place: &mut W::Place,
    told: &mut impl FnMut(W::Told),
) -> Result<Option<Stand>, Problem> {
    let Some(batch) = work.next(place).await? else { return Ok(None) };
    let (mut tx, stand) = begin(work).await?;
    let batch = work.again(&mut tx, place, batch).await?;
    let decided = decide(work, batch, stand).await?;
    let stand = decided.ready.stand().clone();
    assert!(tx.write_ready(decided.ready).await?, "the town is held");
    tx.commit().await?;
    *place = decided.end;
    told(decided.told);
    Ok(Some(stand))
}

/// Goes on from `place` for as long as nobody else writes; whether it came to the end.
async fn go_ahead<W: Work>(
    work: &Arc<W>,
    stand: Stand,
    place: &mut W::Place,
    told: &mut impl FnMut(W::Told),
) -> Result<bool, Problem> {
    let (to_decide, read) = mpsc::channel(WAITING);
    let (to_write, mut readies) = mpsc::channel(WAITING);
    let reader = tokio::spawn(read_on(Arc::clone(work), place.clone(), to_decide));
    let runtime = tokio::runtime::Handle::current();
    let decider = {
        let work = Arc::clone(work);
        tokio::task::spawn_blocking(move || runtime.block_on(decide_on(&*work, stand, read, to_write)))
    };
    while let Some(batch) = readies.recv().await {
        let Decided { end, ready, told: what }: Decided<W> = batch?;
        let (mut tx, _) = begin(&**work).await?;
        if !tx.write_ready(ready).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        tx.commit().await?;
        *place = end;
        told(what);
    }
    // Both are done, unless one of them panicked.
    for stage in [reader.await, decider.await] {
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

/// Decides on batch after batch, each beginning where the one before it ends.
async fn decide_on<W: Work>(
    work: &W,
    mut stand: Stand,
    mut batches: Receiver<Result<W::Batch, Problem>>,
    to: Sender<Result<Decided<W>, Problem>>,
) {
    while let Some(batch) = batches.recv().await {
        let decided = match batch {
            Ok(batch) => decide(work, batch, stand.clone()).await,
            Err(problem) => Err(problem),
        };
        if let Ok(decided) = &decided {
            stand = decided.ready.stand().clone();
        }
        let failed = decided.is_err();
        if to.send(decided).await.is_err() || failed {
            return;
        }
    }
}

async fn decide<W: Work>(work: &W, batch: W::Batch, stand: Stand) -> Result<Decided<W>, Problem> {
    let (store, tenant) = work.store();
    let mut tx = store.ahead(tenant, stand.clone());
    let end = work.end(&batch);
    let told = work.decide(batch, &mut tx).await?;
    Ok(Decided { end, ready: tx.ready(stand)?, told })
}

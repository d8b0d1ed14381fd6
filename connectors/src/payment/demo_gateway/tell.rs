//! What the gateway does of its own accord: callbacks until they are acknowledged, and late successes.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Shared;
use super::memory::{Known, Owed};
use crate::fault::Fault;
use crate::http;
use crate::limits::{CALL_TIMEOUT, DEMO_CALLS};
use crate::payment::{Callback, sign};

/// Something to do without being asked.
#[derive(Debug)]
pub(super) enum Errand {
    /// Tell a town how an order ended. `tried` hears of the first try, whatever came of it.
    Tell { owed: Owed, tried: Option<oneshot::Sender<()>> },
    /// Bring about a late success.
    Settle { order: String, due_ms: i64 },
}

/// Runs the errands.
pub(super) struct Teller {
    shared: Arc<Shared>,
    client: Client,
    retry_after: Arc<[Duration]>,
    calls: Arc<Semaphore>,
}

impl Teller {
    pub(super) fn new(shared: Arc<Shared>, retry_after: Vec<Duration>) -> anyhow::Result<Self> {
        let calls = Arc::new(Semaphore::new(DEMO_CALLS));
        Ok(Self { shared, client: http::client(CALL_TIMEOUT)?, retry_after: retry_after.into(), calls })
    }

    /// Runs errands side by side until dropped; they stop with it.
    pub(super) async fn run(self, mut waiting: mpsc::UnboundedReceiver<Errand>) {
        let this = Arc::new(self);
        let mut running = JoinSet::new();
        loop {
            tokio::select! {
                errand = waiting.recv() => match errand {
                    Some(errand) => { running.spawn(Arc::clone(&this).attend(errand)); }
                    None => return,
                },
                // Collects what has ended, so that the set does not grow.
                Some(_) = running.join_next() => {}
            }
        }
    }

    async fn attend(self: Arc<Self>, errand: Errand) {
        let done = match errand {
            Errand::Tell { owed, tried } => self.tell(owed, tried).await,
            Errand::Settle { order, due_ms } => self.settle(order, due_ms).await,
        };
        if let Err(fault) = done {
            tracing::error!(%fault, "the demo gateway could not do what it owed");
        }
    }

    async fn settle(&self, order: String, due_ms: i64) -> Result<(), Fault> {
        let wait = due_ms.saturating_sub((self.shared.clock)());
        sleep(Duration::from_millis(u64::try_from(wait).unwrap_or(0))).await;
        let now = (self.shared.clock)();
        let owed = self.shared.desk.with(move |book| book.settle(&order, now)).await?;
        match owed.map_err(|refused| Fault::temporary(format!("{refused:?}")))? {
            Some(owed) => self.tell(owed, None).await,
            None => Ok(()),
        }
    }

    /// Sends every copy of a callback until it is acknowledged or given up.
    async fn tell(&self, owed: Owed, mut tried: Option<oneshot::Sender<()>>) -> Result<(), Fault> {
        let id = owed.order.clone();
        let Some(order) = self.shared.desk.with(move |book| book.order(&id).cloned()).await? else {
            return Err(Fault::permanent("a callback is owed about an unknown order"));
        };
        let mut acknowledged = true;
        for _ in 0..owed.repeat {
            acknowledged &= self.deliver(&order, &owed.event, &mut tried).await;
        }
        let (event, now) = (owed.event, (self.shared.clock)());
        let noted = self.shared.desk.with(move |book| book.told(&event, acknowledged, now)).await?;
        noted.map_err(|refused| Fault::temporary(format!("{refused:?}")))
    }

    /// Sends one copy, again and again with longer waits. Returns whether it was acknowledged.
    async fn deliver(&self, order: &Known, event: &str, tried: &mut Option<oneshot::Sender<()>>) -> bool {
        let mut waits = self.retry_after.iter();
        loop {
            let result = self.post(order, event).await;
            if let Some(tried) = tried.take() {
                // Nobody listens any more when the payer has gone; that is no failure.
                let _ = tried.send(());
            }
            match (result, waits.next()) {
                (Ok(_), _) => return true,
                (Err(fault), Some(wait)) => {
                    tracing::warn!(order = order.id, %fault, ?wait, "a callback was not acknowledged");
                    sleep(*wait).await;
                }
                (Err(fault), None) => {
                    tracing::error!(order = order.id, %fault, "a callback is given up");
                    return false;
                }
            }
        }
    }

    /// Posts a callback, signed anew, because its time must be fresh.
    async fn post(&self, order: &Known, event: &str) -> Result<Vec<u8>, Fault> {
        let _turn = self.calls.acquire().await.map_err(Fault::permanent)?;
        let secret = self.shared.keys.get(&order.key_id).ok_or_else(|| Fault::permanent("the order's key is gone"))?;
        let callback = Callback {
            gateway_order_id: order.id.clone(),
            event: event.to_owned(),
            reference: order.request.reference.clone(),
        };
        let body = serde_json::to_vec(&callback).expect("a callback has only words");
        let mut request = self.client.post(&order.request.notify_url).header("content-type", "application/json");
        for (name, value) in sign::headers(&order.key_id, secret, sign::CALLBACK, (self.shared.clock)(), &body) {
            request = request.header(name, value);
        }
        http::call(request.body(body)).await
    }
}

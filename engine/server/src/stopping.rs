//! Being asked to stop: told to everybody at once, who then finish what they have in hand.

use std::sync::Arc;

use tokio::sync::watch;

/// Whether this node was asked to stop. Cheap to clone; all clones are told.
#[derive(Clone, Debug)]
pub struct Stopping(Arc<watch::Sender<bool>>);

impl Default for Stopping {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stopping {
    /// Asks everybody to stop.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked.
    pub fn asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Until it is asked.
    pub async fn wait(&self) {
        // The sender lives as long as `self`, so this ends only because it was asked.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }
}

//! In whose transactions the work on a request may be done, whatever stands in its address.
//!
//! Handlers begin transactions of the town in the address, and the policy has asked before whether whoever asks works
//! there. Should a policy forget to, the row-level security of that transaction would show what it was begun for. So
//! while a request of somebody who works for a town is answered, a transaction of any other town is refused, as if there
//! were no such town.

use connectors::control::holds;

use super::EVERYBODY;
use super::error::{Error, Result};

/// Whose rows somebody who works for a town may come by.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The town.
    pub town: String,
    /// Its state, where citizens are known.
    pub state: String,
}

tokio::task_local! {
    static BOUND: Option<Bound>;
}

/// Does `what` within `bound`; without any bound where there is none.
pub async fn within<F: Future>(bound: Option<Bound>, what: F) -> F::Output {
    BOUND.scope(bound, what).await
}

/// Does `what` without a bound: what is decided in one town may hang on whether another keeps something, which is all
/// that may be asked there.
pub async fn everywhere<F: Future>(what: F) -> F::Output {
    BOUND.scope(None, what).await
}

/// Refuses a transaction of `tenant` to whoever works for another town.
pub(super) fn hold(tenant: &str) -> Result<()> {
    let may = BOUND.try_with(|bound| {
        bound.as_ref().is_none_or(|bound| [EVERYBODY, bound.town.as_str(), bound.state.as_str()].contains(&tenant))
    });
    if may.unwrap_or(true) || !holds("az_06_own_town") { Ok(()) } else { Err(Error::Elsewhere) }
}

//! In whose transactions the work on a request may be done, whatever stands in its address.
//!
//! Handlers begin transactions of the town in the address, and the policy has asked before whether whoever asks works
//! there. Should a policy forget to, the row-level security of that transaction would show what it was begun for. So
//! while a request of somebody who works for a town is answered, every transaction is one of that town: `$1` on both
//! databases, and the setting that PostgreSQL's policies read.

use connectors::control::holds;

use super::EVERYBODY;

/// Whose rows somebody who works for a town may come by.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The town.
    pub town: String,
    /// Its state, where citizens are known.
    pub state: String,
}

tokio::task_local! {
    static BOUND: Bound;
}

/// Does `what` within `bound`; without any bound where there is none.
pub async fn within<F: Future>(bound: Option<Bound>, what: F) -> F::Output {
    match bound {
        Some(bound) => BOUND.scope(bound, what).await,
        None => what.await,
    }
}

/// Whose transaction begins where one of `tenant` is asked for: that of the own town, where another's is.
pub(super) fn whose(tenant: &str) -> String {
    let own = BOUND.try_with(|bound| {
        let may = [EVERYBODY, bound.town.as_str(), bound.state.as_str()].contains(&tenant) || !holds("az_06_own_town");
        (!may).then(|| bound.town.clone())
    });
    own.ok().flatten().unwrap_or_else(|| tenant.to_owned())
}

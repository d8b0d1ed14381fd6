//! A record with what is owed on it, and what may be said of it to whom.

use connectors::message::masked;
use engine::form::mask;
use engine::registry::Record;

use crate::bills;
use crate::dues::{self, Dues};
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::{people, records};

/// A record with what is owed on it, in the reader's words.
pub(crate) struct Known {
    /// The record, and what is owed.
    pub(crate) dues: Dues,
    /// What people call such a record.
    pub(crate) what: String,
    /// Who holds it, masked.
    pub(crate) holder: String,
    /// Where it is; empty where it is nowhere.
    pub(crate) place: String,
}

/// The address of the bill of a record.
pub(crate) fn href(ask: &Ask, record: &Record) -> String {
    ask.at(&bills::path(record))
}

impl Known {
    /// The record in the address, if it is one on which anybody may pay.
    pub(crate) async fn load(ask: &Ask) -> Result<Self, Problem> {
        Self::at(ask, None).await
    }

    /// The same as it was known at an instant; now if nothing is said.
    pub(crate) async fn at(ask: &Ask, known_ms: Option<i64>) -> Result<Self, Problem> {
        let registry = ask.param("registry");
        let number = ask.param("record");
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let payable = dues::registries(&ask.library, ask.tenant()).iter().any(|name| name == registry);
        let record = records::load_typed(&mut tx, registry, number).await?.filter(|_| payable);
        let record = record.ok_or(Problem::NotFound)?;
        let (app, library, tenant) = (&ask.app, &ask.library, ask.tenant());
        let dues = match known_ms {
            Some(at_ms) => {
                let asked = (record.registry.as_str(), record.number.as_str(), at_ms);
                dues::as_known(app, library, tenant, &mut tx, asked).await?.ok_or(Problem::NotFound)?
            }
            None => dues::of(app, library, tenant, &mut tx, record).await?,
        };
        drop(tx);
        Self::of(ask, dues).await
    }

    /// What may be said of a record.
    pub(crate) async fn of(ask: &Ask, dues: Dues) -> Result<Self, Problem> {
        let holder = holder(ask, &dues.record).await?;
        let place = dues::place(&ask.library, ask.tenant(), &dues.record, &ask.lang);
        let what = dues::called(&ask.library, ask.tenant(), &dues.record, &ask.lang);
        Ok(Self { dues, what, holder, place })
    }
}

/// The name of the holder, or the one that the record says, or else the mobile number, so that whoever knows it
/// recognises it.
pub(crate) async fn holder(ask: &Ask, record: &Record) -> Result<String, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let known = people::holder(&mut tx, &ask.tenant().state, &record.holder).await?;
    let (own, mobile) = known.unwrap_or_default();
    let name = dues::holder(&ask.library, ask.tenant(), record, &own);
    Ok(if name.is_empty() { mobile.as_deref().map(masked).unwrap_or_default() } else { mask::words(name) })
}

//! Stocks of an invented history: every town has received some of each, and those who use it hold their share.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use engine::base::date::add_days;
use engine::base::{Moment, Name};
use engine::case::ActorKind;
use engine::stock::{Range, Stock};
use engine::tenant::Tenant;
use engine::workflow::Action;

use super::cast::staff;
use crate::app::App;
use crate::store::stocks::{self, Kind, NewMove, STORE};
use crate::store::{By, Tx, events};

/// Numbers that a town receives of each stock, and that each of those who use it is handed.
const RECEIVED: i64 = 1_000;
const SHARE: i64 = 400;
/// When that is done, in minutes after midnight.
const MORNING: i64 = 11 * 60;

/// Fills the stocks of a town: what came from outside, and what was handed on and confirmed. Of each share the first
/// number was spoiled.
pub(super) async fn fill(app: &App, tenant: &Tenant) -> Result<()> {
    let loaded = app.library.now();
    let mut kept: BTreeMap<&Name, (&Stock, Vec<&Name>)> = BTreeMap::new();
    for service in loaded.catalogue.services(tenant) {
        for stock in &service.stocks {
            let uses = |action: &&Action| action.uses.iter().any(|uses| uses.stock.value == stock.name);
            let actions = service.workflow.states.iter().flat_map(|state| &state.actions).filter(uses);
            let roles = actions.flat_map(Action::roles).map(|role| &role.value);
            kept.entry(&stock.name).or_insert((stock, Vec::new())).1.extend(roles);
        }
    }
    if kept.is_empty() {
        return Ok(());
    }
    // On the first morning after the staff was appointed.
    let tomorrow = add_days(app.clock.now(tenant).day(), 1);
    let at_ms = Moment::at(tomorrow, MORNING, tenant.calendar.offset_minutes).ms;
    let mut tx = app.store.begin(&tenant.id).await?;
    for (name, (stock, mut roles)) in kept {
        roles.sort();
        roles.dedup();
        let (Some(keeper), Some(second)) = (stock.kept_by.first(), stock.written_off_by.first()) else { continue };
        let (keeper, second) = (staff(&keeper.value), staff(&second.value));
        let all = Range { prefix: "T-".to_owned(), width: 5, first: 1, last: RECEIVED };
        stocks::receive(&mut tx, by(&keeper, at_ms), name, &all, "—").await?;
        for (at, role) in (0..RECEIVED / SHARE).zip(roles) {
            let range = Range { first: at * SHARE + 1, last: (at + 1) * SHARE, ..all.clone() };
            let person = staff(role);
            let sent = NewMove {
                stock: name,
                kind: Kind::Sent,
                range: &range,
                holder: STORE,
                taker: Some(&person),
                of: None,
                reason: "",
            };
            let of = step(&mut tx, by(&keeper, at_ms), &sent).await?;
            let taken = NewMove { kind: Kind::Taken, of: Some(of), ..sent };
            step(&mut tx, by(&person, at_ms), &taken).await?;
            if second == person {
                continue;
            }
            let spoiled = Range { last: range.first, ..range.clone() };
            let asked =
                NewMove { kind: Kind::Asked, range: &spoiled, holder: &person, taker: None, reason: "—", ..sent };
            let of = step(&mut tx, by(&person, at_ms), &asked).await?;
            let agreed = NewMove { kind: Kind::WrittenOff, of: Some(of), reason: "", ..asked };
            step(&mut tx, by(&second, at_ms), &agreed).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn by(person: &str, at_ms: i64) -> By<'_> {
    By { person, kind: ActorKind::Employee, at_ms }
}

/// A move that is possible; its number.
async fn step(tx: &mut Tx, by: By<'_>, new: &NewMove<'_>) -> Result<i64> {
    ensure!(stocks::step(tx, by, new).await?, "the stock {} does not hold {}", new.stock, new.range);
    Ok(events::head(tx).await?.seq)
}

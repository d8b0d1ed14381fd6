//! Up to which amount somebody may decide. Roles say who does what; a post may say besides how far that goes,
//! and only what follows from a command shows how far it would.

use connectors::control::holds;
use engine::base::{Day, Money, Name};
use engine::billing::{Demand, Receipt};
use engine::case::{Actor, ActorKind, Case, Command, Outcome, Refusal};
use engine::service::Service;
use engine::tenant::Tenant;

use crate::finding;
use crate::store::appointments::{self, Appointment, EVERY_SERVICE};
use crate::store::{self, Tx};

/// What refuses a command that goes beyond every post in which the actor could have done it today; none if
/// nothing does.
pub(crate) async fn beyond(
    tx: &mut Tx,
    tenant: &Tenant,
    actor: &Actor,
    (service, command): (&Service, &Command),
    (before, outcome, today): (&Case, &Outcome, Day),
) -> store::Result<Option<Refusal>> {
    let decides = matches!(command, Command::Act { .. } | Command::CancelReceipt { .. });
    if actor.kind != ActorKind::Employee || !decides {
        return Ok(None);
    }
    let role = |held: &Name| outcome.event.role.as_ref().is_none_or(|role| role == held);
    let about = (amount(before, outcome), today);
    above(tx, tenant, actor, (service, &outcome.case), role, about).await
}

/// What refuses that the actor decides on an amount of a case today, in one of the roles to which `may` agrees; none if
/// nothing does.
pub(crate) async fn above(
    tx: &mut Tx,
    tenant: &Tenant,
    actor: &Actor,
    (service, case): (&Service, &Case),
    may: impl Fn(&Name) -> bool + Send,
    (amount, today): (Money, Day),
) -> store::Result<Option<Refusal>> {
    if amount.is_zero() || !holds("az_07_amount") {
        return Ok(None);
    }
    let held = appointments::of_person(tx, &actor.person, today).await?;
    let place = finding::place(&service.form, &case.answers);
    let places: Vec<&str> = tenant.places.ancestry(place).map(|entry| entry.code.as_str()).collect();
    let fits = |held: &&Appointment| {
        (held.service == service.id || held.service == EVERY_SERVICE)
            && (held.place.is_empty() || places.contains(&held.place.as_str()))
            && may(&held.role)
    };
    Ok(within(held.iter().filter(fits), amount).err().map(Refusal::AbovePower))
}

/// Whether one of the posts goes so far; else how far the widest goes. Where there is none, whoever gave the
/// actor the role has judged already.
pub fn within<'a>(posts: impl Iterator<Item = &'a Appointment>, amount: Money) -> Result<(), Money> {
    let mut widest: Option<Money> = None;
    for post in posts {
        match post.most {
            None => return Ok(()),
            Some(most) if amount <= most => return Ok(()),
            Some(most) => widest = widest.max(Some(most)),
        }
    }
    widest.map_or(Ok(()), Err)
}

/// What a decision is about: each demand that it raised or changed, by the larger of what it was and what it
/// is; what is paid back; and a receipt that is taken back.
fn amount(before: &Case, outcome: &Outcome) -> Money {
    let earlier = |seq: u32| before.demands.iter().find(|demand| demand.seq == seq).map_or(Money::ZERO, Demand::total);
    let demands = outcome.event.demands.iter().map(|demand| Ord::max(earlier(demand.seq), demand.total()));
    let refunded = |case: &Case| case.receipts.iter().map(|receipt| receipt.refunded).sum::<Money>();
    let stood = |number: &str| before.receipts.iter().find(|receipt| receipt.number == number).map(Receipt::stands);
    let stands = |receipt: &Receipt| if receipt.cancelled { Money::ZERO } else { receipt.stands() };
    let told = outcome.event.receipt.as_ref();
    let taken_back = told.and_then(|receipt| Some(stood(&receipt.number)? - stands(receipt))).unwrap_or_default();
    demands.sum::<Money>() + (refunded(&outcome.case) - refunded(before)) + taken_back
}

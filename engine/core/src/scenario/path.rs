//! A walk as it was walked: the same commands can be brought to a case that is kept somewhere.

use super::walk::{STEPS, Seeded, beginning, one_step};
use crate::case::{Actor, Command};
use crate::registry::Record;
use crate::service::Service;
use crate::tenant::Tenant;

/// A command that was brought to the case.
#[derive(Clone, Debug)]
pub struct Step {
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// By whom.
    pub actor: Actor,
    /// What was asked.
    pub command: Command,
    /// Whether it led somewhere in the walk.
    pub led: bool,
}

impl Step {
    pub(super) fn new(at_ms: i64, actor: &Actor, command: &Command, led: bool) -> Self {
        Self { at_ms, actor: actor.clone(), command: command.clone(), led }
    }
}

/// A case from its opening on.
#[derive(Clone, Debug)]
pub struct Path {
    /// When it is opened, in milliseconds since 1970 UTC.
    pub begun_ms: i64,
    /// The record that it is about, if the service asks for one; its number is that of the seed.
    pub record: Option<Record>,
    /// Records that answers may name.
    pub named: Vec<Record>,
    /// What is brought to it, in order; what the clock does by itself is among it.
    pub steps: Vec<Step>,
}

/// The way that one case of `service` goes by the chance of `seed`, opened by somebody; `None` if the service takes
/// none of the records that chance finds.
///
/// # Errors
/// When the case cannot be opened.
pub fn path(service: &Service, tenant: &Tenant, seed: u64) -> Result<Option<Path>, String> {
    let (mut chance, number) = (Seeded(seed), format!("R/{}", 1_000 + seed));
    let Some(mut world) = beginning(service, tenant, &number, &mut chance)? else { return Ok(None) };
    let (begun_ms, record) = (world.now.ms, world.record.clone());
    let named = world.named.iter().filter(|known| Some(*known) != record.as_ref()).cloned().collect();
    world.path = Some(Vec::new());
    for _ in 0..STEPS {
        one_step(&mut world, &mut chance);
    }
    Ok(Some(Path { begun_ms, record, named, steps: world.path.unwrap_or_default() }))
}

//! A demonstration: towns with staff, citizens and two years of invented history. Nothing is
//! written into the tables behind the engine's back: every case is opened and acted upon through
//! the one door, under a clock that is moved along.

mod cast;
mod play;
mod specimens;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use engine::base::Moment;
use engine::base::date::{MS_PER_DAY, add_days};
use engine::scenario::history::{self, Cast, History};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use engine::source::Diagnostics;
use engine::tenant::Tenant;

use crate::app::App;
pub use cast::{PASSWORD, SignIn};
use play::{Player, Props};
use specimens::Specimens;

/// Days of history before today.
pub const DAYS: i64 = 730;

/// How a history is made.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Where chance begins: the same seed gives the same history.
    pub seed: u64,
    /// The present, in milliseconds since 1970: history ends here.
    pub now_ms: i64,
    /// How much of the history that the definitions ask for, in hundredths.
    pub percent: usize,
}

/// What was made.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// Cases by service.
    pub cases: BTreeMap<String, usize>,
    /// Commands that were carried out.
    pub acts: usize,
    /// Towns that have a history.
    pub towns: usize,
    /// Who can sign in at the desk.
    pub sign_ins: Vec<SignIn>,
}

/// Something that happens at a time: a case that is opened, or one that goes on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    at_ms: i64,
    order: usize,
}

/// Makes the history of every state that has a `demo.yaml`. `progress` is told how many cases of
/// how many have ended.
pub async fn make(app: &App, plan: Plan, progress: &mut (dyn FnMut(usize, usize) + Send)) -> Result<Made> {
    let mut made = Made::default();
    let loaded = app.library.now();
    let mut found = Diagnostics::default();
    let states: std::collections::BTreeSet<&str> =
        loaded.catalogue.tenants.values().map(|tenant| tenant.state.as_str()).collect();
    for state in states {
        let path = format!("tenants/{state}/demo.yaml");
        if loaded.bundle.path(&path).is_none() {
            continue;
        }
        let cast = history::cast(&loaded.bundle, &path, &mut found).context("the cast of the demonstration")?;
        let towns: Vec<_> =
            cast.towns.iter().filter_map(|(id, share)| Some((loaded.tenant(id)?.clone(), *share))).collect();
        app.clock.set(plan.now_ms - (DAYS + 30) * MS_PER_DAY);
        made.sign_ins.extend(cast::appoint(app, &towns, &cast).await?);
        made.towns += towns.len();
        let mut specimens = BTreeMap::new();
        for (tenant, _) in &towns {
            specimens.insert(tenant.id.clone(), Arc::new(Specimens::keep(app, tenant).await?));
        }
        let mut players = Vec::new();
        for id in services(&towns) {
            let Some(history) = history::history(&loaded.bundle, &format!("{id}/demo.yaml"), &mut found) else {
                continue;
            };
            let stage = Stage { towns: &towns, cast: &cast, specimens: &specimens, plan };
            enlist(app, &stage, &id, history, &mut players).await?;
        }
        made.acts += run(app, plan, &mut players, progress).await?;
        for player in &players {
            *made.cases.entry(player.service.id.clone()).or_default() += 1;
        }
    }
    app.clock.set(plan.now_ms);
    let mut tx = app.store.begin(crate::store::EVERYBODY).await?;
    for paper in [engine::document::ACKNOWLEDGEMENT, engine::document::RECEIPT] {
        crate::store::jobs::let_go(&mut tx, plan.now_ms - 2 * MS_PER_DAY, paper).await?;
    }
    tx.commit().await?;
    Ok(made)
}

/// The services of these towns, each once.
fn services(towns: &[(Arc<Tenant>, u64)]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in towns.iter().flat_map(|(tenant, _)| &tenant.services) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

/// Where a history plays, and with whom.
struct Stage<'a> {
    towns: &'a [(Arc<Tenant>, u64)],
    cast: &'a Cast,
    specimens: &'a BTreeMap<String, Arc<Specimens>>,
    plan: Plan,
}

/// Makes a player for each case to come, on a day and in a town by chance.
async fn enlist(app: &App, stage: &Stage<'_>, id: &str, history: History, players: &mut Vec<Player>) -> Result<()> {
    let Stage { towns, cast, specimens, plan } = *stage;
    let mut chance = Seeded(plan.seed ^ u64::from_le_bytes(*b"enlisted") ^ id.len() as u64);
    let history = Arc::new(history);
    let loaded = app.library.now();
    let shares: u64 = towns.iter().map(|(_, share)| share).sum();
    for _ in 0..history.cases * plan.percent / 100 {
        let mut left = chance.below(shares);
        let town = towns.iter().find(|(_, share)| {
            let here = left < *share;
            left = left.saturating_sub(*share);
            here
        });
        let Some((tenant, _)) = town else { continue };
        let Some(service) = loaded.catalogue.service(&tenant.id, id) else { continue };
        let opened_ms = opening(plan, tenant, service, &mut chance);
        let person = cast::citizen(app, tenant, cast, &mut chance).await?;
        players.push(Player::new(
            tenant.clone(),
            service.clone(),
            Props { history: history.clone(), specimens: specimens[&tenant.id].clone() },
            person,
            opened_ms,
            chance.below(u64::MAX),
        ));
    }
    Ok(())
}

/// A moment in office hours and a little beyond; services on records come later in the history,
/// when there are records.
fn opening(plan: Plan, tenant: &Tenant, service: &Service, chance: &mut Seeded) -> i64 {
    let earliest = if service.on_record.is_some() { DAYS / 2 } else { 0 };
    let ago = DAYS - chance.between(earliest, DAYS - 1);
    let today = Moment::new(plan.now_ms, tenant.calendar.offset_minutes).day();
    Moment::at(add_days(today, -ago), chance.between(8 * 60, 20 * 60), tenant.calendar.offset_minutes).ms
}

/// Lets everything happen in the order of time, until the present.
async fn run(
    app: &App,
    plan: Plan,
    players: &mut [Player],
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<usize> {
    let mut queue: BinaryHeap<Reverse<Turn>> =
        players.iter().enumerate().map(|(order, player)| Reverse(Turn { at_ms: player.next_ms, order })).collect();
    let (total, mut ended, mut acts) = (players.len(), 0, 0);
    progress(0, total);
    while let Some(Reverse(turn)) = queue.pop() {
        if turn.at_ms > plan.now_ms {
            continue;
        }
        app.clock.set(turn.at_ms);
        let player = &mut players[turn.order];
        acts += player.play(app).await?;
        match player.next_ms {
            i64::MAX => {
                ended += 1;
                progress(ended, total);
            }
            at_ms => queue.push(Reverse(Turn { at_ms: at_ms.max(turn.at_ms + 1), order: turn.order })),
        }
    }
    progress(total, total);
    Ok(acts)
}

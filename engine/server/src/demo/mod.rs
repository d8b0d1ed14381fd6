//! A demonstration: towns with staff, citizens and two years of invented history. Nothing is
//! written into the tables behind the engine's back: every case is opened and acted upon through
//! the one door, under a clock that is moved along.

mod cast;
mod fill;
mod opinions;
mod pace;
mod play;
mod specimens;
mod stocks;
mod subject;
mod tills;
mod towns;
mod way;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use chrono::Datelike as _;
use engine::base::Moment;
use engine::base::date::{MS_PER_DAY, add_days};
use engine::scenario::history::{self, Cast, History, Least};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use engine::source::Diagnostics;
use engine::tenant::Tenant;

use crate::app::App;
use crate::store::records;
pub use cast::{PASSWORD, SignIn, login};
use play::{Entry, Player, Props};
use specimens::Specimens;
use way::Way;

/// Days of history before today.
pub const DAYS: i64 = 730;
/// Cases that wait at the end were opened in so many days before it.
const LATELY: i64 = 40;
/// How often a day is drawn until one is in a month in which cases are opened.
const TRIES: usize = 40;
/// One command in so many may be refused; more, and the history is not what was asked.
const REFUSED_MOST: usize = 50;

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
    /// Records that they made, by service.
    pub records: BTreeMap<String, usize>,
    /// Commands that were carried out.
    pub acts: usize,
    /// Commands that were refused, by service and reason.
    pub refused: BTreeMap<String, usize>,
    /// Papers that were printed.
    pub papers: usize,
    /// Towns that have a history.
    pub towns: usize,
    /// Who can sign in at the desk.
    pub sign_ins: Vec<SignIn>,
}

/// Makes the history of every state that has a `demo.yaml`. `progress` is told how many cases of
/// how many have ended.
///
/// # Errors
/// When something else than the engine refuses a command, when it refuses many, or when the whole
/// history has less than its definition says.
pub async fn make(app: &Arc<App>, plan: Plan, progress: &mut (dyn FnMut(usize, usize) + Send)) -> Result<Made> {
    let (mut made, mut shown) = (Made::default(), Vec::new());
    let loaded = app.library.now();
    let mut found = Diagnostics::default();
    let states: BTreeSet<&str> = loaded.catalogue.tenants.values().map(|tenant| tenant.state.as_str()).collect();
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
        for (tenant, _) in &towns {
            stocks::fill(app, tenant).await?;
        }
        let mut specimens = BTreeMap::new();
        for (tenant, _) in &towns {
            specimens.insert(tenant.id.clone(), Arc::new(Specimens::keep(app, tenant).await?));
        }
        let (mut players, mut least) = (Vec::new(), BTreeMap::new());
        for id in services(&towns) {
            let Some(history) = history::history(&loaded.bundle, &format!("{id}/demo.yaml"), &mut found) else {
                continue;
            };
            least.insert(id.clone(), history.at_least);
            let stage = Stage { towns: &towns, cast: &cast, specimens: &specimens, plan };
            enlist(app, &stage, &id, history, &mut players).await?;
        }
        let played = towns::run(app, plan, players, progress).await?;
        made.papers += played.papers;
        count(app, &played.players, &mut made).await?;
        if plan.percent >= 100 {
            expect_at_least(&least, &played.players, &made)?;
        }
        shown.extend(towns.into_iter().map(|(tenant, _)| tenant));
    }
    app.clock.set(plan.now_ms);
    for tenant in &shown {
        opinions::give(app, tenant, plan.seed).await?;
    }
    Ok(made)
}

/// Adds up what the players did.
async fn count(app: &App, players: &[Player], made: &mut Made) -> Result<()> {
    let mut places = BTreeSet::new();
    for player in players {
        made.acts += player.acts;
        for (what, times) in &player.refused {
            *made.refused.entry(what.clone()).or_default() += times;
        }
        if player.case.is_some() {
            *made.cases.entry(player.service.id.clone()).or_default() += 1;
        }
        places.insert((&player.tenant.id, &player.service.id));
    }
    for (tenant, service) in places {
        let mut tx = app.store.read(tenant).await?;
        let granted = usize::try_from(records::granted(&mut tx, service).await?).context("a count")?;
        *made.records.entry(service.clone()).or_default() += granted;
    }
    let refused: usize = made.refused.values().sum();
    for (what, times) in &made.refused {
        tracing::warn!(what, times, "invented commands were refused");
    }
    anyhow::ensure!(
        refused * REFUSED_MOST <= made.acts,
        "{refused} invented commands were refused, and {} carried out: {:?}",
        made.acts,
        made.refused
    );
    Ok(())
}

/// Holds what was made to what the definitions say that a whole history has.
fn expect_at_least(least: &BTreeMap<String, Least>, players: &[Player], made: &Made) -> Result<()> {
    for (service, least) in least {
        let of = |counts: &BTreeMap<String, usize>| counts.get(service).copied().unwrap_or_default();
        let opened = players.iter().filter(|player| player.service.id == *service && player.case.is_some());
        let towns = opened.map(|player| &player.tenant.id).collect::<BTreeSet<_>>().len();
        for (what, wanted, found) in [
            ("cases", least.cases, of(&made.cases)),
            ("records", least.records, of(&made.records)),
            ("towns", least.towns, towns),
        ] {
            anyhow::ensure!(found >= wanted, "the history of {service} has {found} {what}, fewer than {wanted}");
        }
    }
    Ok(())
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
    let Some((first, _)) = towns.first() else { return Ok(()) };
    let (mut tx, mut known) = (app.store.begin(&first.state).await?, BTreeMap::new());
    let shares: u64 = towns.iter().map(|(_, share)| share).sum();
    let (cases, waiting) = (history.cases * plan.percent / 100, history.waiting * plan.percent / 100);
    for order in 0..cases {
        let mut left = chance.below(shares);
        let town = towns.iter().find(|(_, share)| {
            let here = left < *share;
            left = left.saturating_sub(*share);
            here
        });
        let Some((tenant, _)) = town else { continue };
        let Some(service) = loaded.catalogue.service(&tenant.id, id) else { continue };
        let way = if order < waiting { Way::by_chance(&service.workflow, &mut chance) } else { None };
        let opened_ms = opening(plan, (tenant, service), &history, way.is_some(), &mut chance);
        let at_ms = app.clock.now_ms();
        let person = cast::citizen(&mut tx, &mut known, tenant, cast, &mut chance, at_ms).await?;
        let entry = Entry {
            tenant: tenant.clone(),
            service: service.clone(),
            person,
            opened_ms,
            way,
            seed: chance.below(u64::MAX),
        };
        let props = Props { history: history.clone(), specimens: specimens[&tenant.id].clone() };
        players.push(Player::new(entry, props));
    }
    Ok(tx.commit().await?)
}

/// A moment in office hours and a little beyond. Services on records come later in the history, when
/// there are records; cases that wait at the end come lately, most of them very lately.
fn opening(
    plan: Plan,
    (tenant, service): (&Tenant, &Service),
    history: &History,
    waits: bool,
    chance: &mut Seeded,
) -> i64 {
    let today = Moment::new(plan.now_ms, tenant.calendar.offset_minutes).day();
    let most = if service.on_record.is_some() { DAYS - DAYS / 10 } else { DAYS };
    let mut day = today;
    for _ in 0..TRIES {
        let ago =
            if waits { chance.between(0, LATELY).min(chance.between(0, LATELY)) } else { chance.between(1, most) };
        day = add_days(today, -ago);
        if waits || history.opens_in(day.month(), chance) {
            break;
        }
    }
    let hours_ago = chance.between(1, 12) * MS_PER_DAY / 24;
    let opened = Moment::at(day, chance.between(8 * 60, 20 * 60), tenant.calendar.offset_minutes);
    opened.ms.min(plan.now_ms - hours_ago)
}

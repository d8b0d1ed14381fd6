//! Histories of many towns, side by side.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use anyhow::{Result, anyhow};
use engine::base::date::{MS_PER_DAY, add_days};
use engine::base::{Day, Moment};
use engine::service::Service;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

use super::play::Player;
use super::tills::Evenings;
use super::{DAYS, Plan};
use crate::app::App;
use crate::chance::{Chance, Clock};
use crate::raise::{self, Asked};
use crate::store::jobs;
use crate::work::papers;

/// Papers that are older are not printed: a demonstration is looked at from its end.
const PRINTED_DAYS: i64 = 90;
/// Towns whose histories go on at a time: enough that both cores of a small machine have something to do while one of
/// the towns writes.
const TOWNS_AT_A_TIME: usize = 6;
/// Papers that are claimed at a time.
const PRINTED_AT_A_TIME: i64 = 64;

/// What was played.
#[derive(Default)]
pub(super) struct Played {
    pub(super) players: Vec<Player>,
    /// Papers that were printed.
    pub(super) papers: usize,
}

/// Something that happens at a time: a case that is opened, or one that goes on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    at_ms: i64,
    order: usize,
}

/// Lets the histories of all towns go on side by side. No town knows of another, so each has a time
/// and a chance of its own.
pub(super) async fn run(
    app: &Arc<App>,
    plan: Plan,
    players: Vec<Player>,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<Played> {
    let total = players.len();
    let mut by_town: BTreeMap<String, Vec<Player>> = BTreeMap::new();
    for player in players {
        by_town.entry(player.tenant.id.clone()).or_default().push(player);
    }
    let (tell, mut ended) = tokio::sync::mpsc::unbounded_channel();
    let mut towns = JoinSet::new();
    // The largest first, and few at a time: a large one that is left at the end would be alone with the machine.
    let mut by_town: Vec<_> = by_town.into_iter().collect();
    by_town.sort_by_key(|(_, players)| Reverse(players.len()));
    let at_a_time = Arc::new(Semaphore::new(TOWNS_AT_A_TIME));
    for (town, players) in by_town {
        let seed = town.bytes().fold(plan.seed, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        let there = Arc::new(app.under(Clock::at(plan.now_ms), Chance::seeded(seed)));
        let (at_a_time, tell) = (Arc::clone(&at_a_time), tell.clone());
        towns.spawn(async move {
            // Taken in the order of asking.
            let _place = at_a_time.acquire().await?;
            town_history(there, plan, town, players, tell).await
        });
    }
    drop(tell);
    progress(0, total);
    for done in 1.. {
        if ended.recv().await.is_none() {
            break;
        }
        progress(done, total);
    }
    let mut all = Played::default();
    while let Some(town) = towns.join_next().await {
        let town = town??;
        all.players.extend(town.players);
        all.papers += town.papers;
    }
    progress(total, total);
    Ok(all)
}

/// Lets everything in a town happen in the order of time, until the present. `tell` is told of each
/// case that has ended.
async fn town_history(
    app: Arc<App>,
    plan: Plan,
    town: String,
    mut players: Vec<Player>,
    tell: UnboundedSender<()>,
) -> Result<Played> {
    let mut queue: BinaryHeap<Reverse<Turn>> =
        players.iter().enumerate().map(|(order, player)| Reverse(Turn { at_ms: player.next_ms, order })).collect();
    let mut bills = bills(&app, plan, &town);
    let mut evenings = Evenings::new();
    loop {
        let next_ms = queue.peek().map_or(i64::MAX, |Reverse(turn)| turn.at_ms).min(plan.now_ms);
        if bills.last().is_some_and(|bill| bill.at_ms <= next_ms) {
            let Some(bill) = bills.pop() else { break };
            evenings.pass(&app, &town, bill.at_ms).await?;
            bill.raise(&app, &town).await?;
            for (order, player) in
                players.iter_mut().enumerate().filter(|(_, player)| player.service.id == bill.service.id)
            {
                let before_ms = player.next_ms;
                player.look(&app).await?;
                if player.next_ms != before_ms {
                    queue.push(Reverse(Turn { at_ms: player.next_ms, order }));
                }
            }
            continue;
        }
        let Some(Reverse(turn)) = queue.pop() else { break };
        let player = &mut players[turn.order];
        // A bill that came between has put the case on another time.
        if turn.at_ms > plan.now_ms || turn.at_ms != player.next_ms {
            continue;
        }
        evenings.pass(&app, &town, turn.at_ms).await?;
        app.clock.set(turn.at_ms);
        player.play(&app).await?;
        if player.next_ms == i64::MAX {
            // Nobody may be left who counts.
            let _ = tell.send(());
        } else {
            player.next_ms = player.next_ms.max(turn.at_ms + 1);
            queue.push(Reverse(Turn { at_ms: player.next_ms, order: turn.order }));
        }
    }
    evenings.end(&app, &town, plan.now_ms).await?;
    let papers = print(&app, plan, &town).await?;
    Ok(Played { players, papers })
}

/// Minutes after midnight at which a register is billed on its day.
const BILLED_AT: i64 = 10;

/// A register that is billed for a period which begins in the history.
struct Bill {
    at_ms: i64,
    day: Day,
    service: Arc<Service>,
}

impl Bill {
    async fn raise(&self, app: &App, town: &str) -> Result<()> {
        let loaded = app.library.now();
        let tenant = loaded.tenant(town).ok_or_else(|| anyhow!("the town {town} is gone"))?;
        app.clock.set(self.at_ms);
        let asked = Asked { day: self.day, dry: false };
        let raised = raise::raise(app, tenant, &self.service, asked, |_| {}).await;
        let raised = raised.map_err(|problem| anyhow!("billing {} in {town}: {problem:?}", self.service.id))?;
        for (number, why) in raised.not {
            tracing::warn!(town, service = self.service.id, number, ?why, "a record could not be billed");
        }
        Ok(())
    }
}

/// What is billed in the history of a town, the latest first.
fn bills(app: &App, plan: Plan, town: &str) -> Vec<Bill> {
    let loaded = app.library.now();
    let Some(tenant) = loaded.tenant(town) else { return Vec::new() };
    let mut bills = Vec::new();
    let today = Moment::new(plan.now_ms, tenant.calendar.offset_minutes).day();
    for service in loaded.catalogue.services(tenant) {
        let Some(opens) = &service.opens else { continue };
        let mut period = opens.every.period(add_days(today, -DAYS), &tenant.calendar);
        while period.from <= today {
            let day = opens.billed_on(period);
            let at_ms = Moment::at(day, BILLED_AT, tenant.calendar.offset_minutes).ms;
            bills.push(Bill { at_ms, day, service: service.clone() });
            period = opens.every.after(period, &tenant.calendar);
        }
    }
    bills.retain(|bill| bill.at_ms <= plan.now_ms);
    bills.sort_by_key(|bill| Reverse(bill.at_ms));
    bills
}

/// Lets go of what the past would have sent, and prints the papers that people still look at, each
/// on the day it was asked for. What is younger than two days is left to the worker.
async fn print(app: &Arc<App>, plan: Plan, town: &str) -> Result<usize> {
    let past_ms = plan.now_ms - 2 * MS_PER_DAY;
    let mut tx = app.store.begin(town).await?;
    jobs::let_go(&mut tx, plan.now_ms - PRINTED_DAYS * MS_PER_DAY, None).await?;
    for paper in [engine::document::ACKNOWLEDGEMENT, engine::document::RECEIPT] {
        jobs::let_go(&mut tx, past_ms, Some(paper)).await?;
    }
    tx.commit().await?;
    let mut printed = 0;
    loop {
        let mut tx = app.store.begin(town).await?;
        let waiting = jobs::claim(&mut tx, past_ms, MS_PER_DAY, PRINTED_AT_A_TIME).await?;
        tx.commit().await?;
        if waiting.is_empty() {
            return Ok(printed);
        }
        for job in waiting {
            app.clock.set(job.due_ms);
            papers::issue(app, &job)
                .await
                .map_err(|problem| anyhow!("the paper {} of {town}: {problem:?}", job.key))?;
            let mut tx = app.store.begin(town).await?;
            jobs::done(&mut tx, &job).await?;
            tx.commit().await?;
            printed += 1;
        }
    }
}

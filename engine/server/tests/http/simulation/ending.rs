//! How a seed ends: faults cease, clocks are set right, whoever does not know asks until he knows, and
//! everything that waits is done. Then everybody's account of it must be the same.

use connectors::payment::OrderState;
use engine::scenario::walk::Chance as _;
use server::store::{EVERYBODY, events, jobs, notices, orders, papers, receipts};

use super::deeds::Deed;
use super::model::{Wrong, in_words};
use super::play::Play;
use super::stage::TOWNS;

/// Rounds of the workers until nothing may wait any more.
const ROUNDS: usize = 60;

impl Play {
    /// Brings everything to its end, and holds the accounts against each other.
    pub(super) async fn end(&mut self) -> Result<(), Wrong> {
        self.faults = 0;
        self.everybody_ends().await?;
        let ahead_ms = self.stage.nodes.iter().map(|node| node.ahead_ms).max().unwrap_or(0).max(0);
        for node in &mut self.stage.nodes {
            node.ahead_ms = 0;
        }
        self.stage.wait(ahead_ms);
        self.note("faults have ceased, and the clocks are right");
        self.gateway_ends();
        for deed in self.model.unknown() {
            self.alone(deed).await?;
        }
        if let Some(deed) = self.model.unknown().first() {
            return Err(format!("nobody stands in the way, and still nobody knows of {deed:?}"));
        }
        self.work_ends().await?;
        self.prove().await?;
        self.accounts().await
    }

    /// Every order comes to its end at the gateway; callbacks that are still on their way are lost.
    fn gateway_ends(&mut self) {
        let outside = std::sync::Arc::clone(&self.outside);
        let mut outside = outside.lock().unwrap();
        let open: Vec<(String, OrderState)> = outside
            .orders
            .iter()
            .filter(|(_, order)| !order.state.is_final())
            .map(|(name, order)| (name.clone(), order.state))
            .collect();
        for (name, state) in open {
            let paid = state == OrderState::Pending && self.chance.below(2) == 0;
            outside.settle(&name, if paid { OrderState::Succeeded } else { OrderState::Failed }, 0);
        }
        outside.callbacks.clear();
    }

    async fn work_ends(&mut self) -> Result<(), Wrong> {
        for _ in 0..ROUNDS {
            self.alone(Deed::Work).await?;
            let mut tx = self.stage.store.read(EVERYBODY).await.map_err(in_words)?;
            let Some(due_ms) = jobs::next_due(&mut tx).await.map_err(in_words)? else {
                let waiting = jobs::waiting(&mut tx).await.map_err(in_words)?;
                return if waiting.is_empty() { Ok(()) } else { Err(format!("work was given up: {waiting:?}")) };
            };
            drop(tx);
            // A claim of somebody who never came back runs out.
            self.stage.wait((due_ms - self.stage.now_ms).max(120_001));
        }
        Err("the work has no end".to_owned())
    }

    /// What was promised is there, once.
    async fn accounts(&self) -> Result<(), Wrong> {
        for ((town, key), promise) in &self.model.promises {
            let recorded = self.model.towns[town].keys.get(key).copied();
            if recorded != promise.told {
                return Err(format!("{key} was told {:?}, and is recorded as {recorded:?}", promise.told));
            }
        }
        for town in TOWNS {
            self.money(town).await?;
            self.promised(town).await?;
        }
        Ok(())
    }

    /// Every payment that came has one receipt of its amount.
    async fn money(&self, town: &str) -> Result<(), Wrong> {
        let paid: Vec<(String, String, i64)> = {
            let outside = self.outside.lock().unwrap();
            let of_town = outside.orders.values().filter(|order| order.request.tenant == town);
            of_town
                .filter_map(|order| {
                    let name = order.payment.clone()?;
                    Some((name, order.request.reference.clone(), order.request.amount_paise))
                })
                .collect()
        };
        let mut tx = self.stage.store.read(town).await.map_err(in_words)?;
        for (payment, reference, paise) in paid {
            let receipt = receipts::by_payment(&mut tx, &format!("invented:{payment}")).await.map_err(in_words)?;
            if receipt.as_ref().map(|kept| kept.receipt.payment.amount.paise()) != Some(paise) {
                return Err(format!("the payment {payment} of {paise} came, and its receipt is {receipt:?}"));
            }
            let order = orders::find(&mut tx, &reference).await.map_err(in_words)?;
            if order.as_ref().map(|order| order.state.as_str()) != Some("paid") {
                return Err(format!("the payment {payment} came, and its order is {order:?}"));
            }
        }
        Ok(())
    }

    /// Every message that was promised arrived, every paper is there.
    async fn promised(&self, town: &str) -> Result<(), Wrong> {
        let mut tx = self.stage.store.read(town).await.map_err(in_words)?;
        let known = &self.model.towns[town];
        for case in known.cases.keys() {
            let mut sent: Vec<String> = Vec::new();
            for notice in notices::by_case(&mut tx, case).await.map_err(in_words)? {
                let arrived = self.outside.lock().unwrap().arrived.contains_key(&(town.to_owned(), notice.id.clone()));
                if notice.state != "sent" || !arrived {
                    return Err(format!("a message of {case} is {}, and arrived: {arrived}", notice.state));
                }
                sent.push(notice.notice);
            }
            same(case, "messages", sent, &known.notices)?;
            let issued = papers::by_case(&mut tx, case).await.map_err(in_words)?;
            same(case, "papers", issued.into_iter().map(|paper| paper.document).collect(), &known.papers)?;
            let history = events::history(&mut tx, case).await.map_err(in_words)?;
            if history.first().is_none_or(|event| event.command["word"] != "open") {
                return Err(format!("the history of {case} does not begin with its beginning"));
            }
        }
        Ok(())
    }
}

fn same(case: &str, what: &str, mut there: Vec<String>, promised: &[(String, String)]) -> Result<(), Wrong> {
    let mut wanted: Vec<String> = promised.iter().filter(|(of, _)| of == case).map(|(_, name)| name.clone()).collect();
    wanted.sort();
    there.sort();
    if there == wanted { Ok(()) } else { Err(format!("{case} was promised the {what} {wanted:?}, and has {there:?}")) }
}

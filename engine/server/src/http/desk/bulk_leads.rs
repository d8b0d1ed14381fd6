//! What an action leads to for several cases: one look for each state that they stand in, and the sums.

use std::collections::BTreeMap;

use engine::base::{Money, Name};
use engine::case::Outcome;
use ui_gen::view::inbox::BulkGroup;
use ui_gen::view::money::BillLine;

use super::opened::Opened;
use super::preview::{self, Given, Tried};
use super::reader::Reader;
use super::view_leads::{self, Leads};
use super::{bulk, view_case};
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::inbox::CaseRow;

/// Cases that are tried before an action on several is confirmed; the rest goes the same way.
const TRIED: usize = 200;

/// Cases of one definition that stand in one state.
#[derive(Default)]
struct Group {
    count: usize,
    view: BulkGroup,
    /// What moves in the books, by account: its name, and debit less credit.
    accounts: BTreeMap<String, (String, i64)>,
    demanded: Money,
    refused: BTreeMap<String, usize>,
}

/// What `action` leads to for `rows`, state by state.
pub(crate) async fn groups(ask: &Ask, action: &Name, rows: &[CaseRow]) -> Result<Vec<BulkGroup>, Problem> {
    let reader = Reader::of(ask);
    let mut groups: Vec<((&str, &str), Group)> = Vec::new();
    for row in rows.iter().take(TRIED) {
        let kind = (row.definition.as_str(), row.state.as_str());
        let at = groups.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
            groups.push((kind, Group::default()));
            groups.len() - 1
        });
        try_one(ask, &reader, action, row, &mut groups[at].1).await?;
    }
    // Where the action is not for their stage, there is nothing to look at; how many these are is said above.
    let looked_at = groups.into_iter().map(|(_, group)| group).filter(|group| !group.is_empty());
    Ok(looked_at.map(|group| group.finish(&reader)).collect())
}

async fn try_one(
    ask: &Ask,
    reader: &Reader<'_>,
    action: &Name,
    row: &CaseRow,
    group: &mut Group,
) -> Result<(), Problem> {
    let Some((case, opened)) = bulk::one_case(ask, &row.id).await? else { return Ok(()) };
    let state = view_case::state_of(&opened.service, &case);
    let Some(action) = state.action(action) else { return Ok(()) };
    // Which cases these are is said even where it is refused for all of them.
    group.view.consequences.from = reader.state(state);
    let given = Given { answers: engine::case::command::no_answers(), ..Given::default() };
    match preview::tried(reader, &opened, &case, action, &given, None) {
        Ok(Tried { outcome: Some(outcome), .. }) => {
            let command = given.command(action, None);
            let asked = (&*opened.service, &command);
            if let Some(why) = preview::beyond(ask, &opened.actor, asked, (&case, &outcome)).await? {
                *group.refused.entry(why).or_default() += 1;
                return Ok(());
            }
            if group.count == 0 {
                // What is sent calls the applicant by name.
                if !opened.masked {
                    opened.note(ask, &case).await?;
                }
                let told = preview::told(ask, &opened, &outcome, None).await?;
                let leads = Leads { action: Some(action), outcome: Some(&outcome), told: &told, assignee: "" };
                group.view.consequences = view_leads::consequences(reader, &opened, &case, &leads);
                group.view.sample = case.number.clone().unwrap_or_default();
            }
            group.count += 1;
            group.add(reader, &opened, &case, &outcome);
        }
        Ok(_) => {}
        Err(refusal) => *group.refused.entry(view_case::refusal(reader, &refusal)).or_default() += 1,
    }
    Ok(())
}

impl Group {
    /// Whether nothing became of it, neither that it can be done nor why it cannot.
    fn is_empty(&self) -> bool {
        self.count == 0 && self.refused.is_empty()
    }

    fn add(&mut self, reader: &Reader<'_>, opened: &Opened, case: &engine::case::Case, outcome: &Outcome) {
        let new = outcome.case.demands.iter().filter(|one| case.demands.iter().all(|known| known.seq != one.seq));
        self.demanded = self.demanded + new.map(engine::billing::Demand::total).sum::<Money>();
        for line in outcome.vouchers.iter().flat_map(engine::ledger::Voucher::lines) {
            let name = reader.account(&opened.service.chart, &line.account).to_owned();
            self.accounts.entry(line.account.clone()).or_insert((name, 0)).1 += line.amount.paise();
        }
    }

    fn finish(mut self, reader: &Reader<'_>) -> BulkGroup {
        let money = |paise: i64| Money::from_paise(paise.abs()).map(|amount| reader.money(amount)).unwrap_or_default();
        if !self.demanded.is_zero() {
            self.view.totals.push(BillLine::new(reader.get("bulk.demanded"), reader.money(self.demanded)));
        }
        let moved = self.accounts.iter().filter(|(_, (_, paise))| *paise != 0);
        self.view.totals.extend(moved.map(|(account, (name, paise))| {
            let side = reader.get(if *paise > 0 { "books.debit" } else { "books.credit" });
            BillLine::new(format!("{account} {name}, {side}"), money(*paise))
        }));
        self.view.count = reader.count(i64::try_from(self.count).unwrap_or(i64::MAX));
        self.view.refused = self.refused.iter().map(|(why, count)| format!("{count}: {why}")).collect();
        self.view
    }
}

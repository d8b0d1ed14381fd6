//! A small world for one case: a clock, a registry of one record, serial numbers and the books.
//! Scenarios and walks run in it; the books are held to what the case says after every step.

use std::collections::{BTreeMap, BTreeSet};

use super::path::Step;
use super::register;
use super::yaml::{StockHeldYaml, TakenYaml};
use crate::base::{Day, Moment, Money, Name};
use crate::billing::{Demand, DemandStatus, Receipt};
use crate::case::{
    Actor, Case, Child, ChildOrder, Command, Context, Event, NoticeOrder, Outcome, PaperOrder, Pending, RecordChange,
    Refusal, Used, decide,
};
use crate::form::Kind;
use crate::ledger::{Line, Voucher, VoucherKind};
use crate::registry::{Record, Serials};
use crate::reserve::{self, Slot, Slots, Taken};
use crate::service::Service;
use crate::stock::{Holding, Holdings, Numbered, Stands};
use crate::tenant::Tenant;
use crate::workflow::End;

/// How many times the clock may act without time passing: more would be a circle.
const AT_ONCE: usize = 16;
/// How many times, within one wait, the clock may look at the case and bills may come round.
const WITHIN_A_WAIT: usize = 10_000;

/// What a demand was raised with, by head: without what joined it at once.
fn raised_with(demand: &Demand) -> BTreeMap<Name, Money> {
    let mut raised: BTreeMap<Name, Money> = demand.lines.iter().map(|line| (line.head.clone(), line.amount)).collect();
    for (head, amount) in demand.notes.iter().flat_map(|note| &note.heads) {
        let sum = raised.entry(head.clone()).or_default();
        *sum = *sum - *amount;
    }
    raised
}

/// What a command led to, without the case and the series of numbers: those are the world's.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) event: Event,
    pub(crate) vouchers: Vec<Voucher>,
    pub(crate) records: Vec<RecordChange>,
    pub(crate) notices: Vec<NoticeOrder>,
    pub(crate) papers: Vec<PaperOrder>,
    pub(crate) opens: Vec<ChildOrder>,
    /// The names of the children that were given up.
    pub(crate) given_up: Vec<Name>,
}

/// Adds an amount to what is known of a head: there are few.
fn add<'a>(sums: &mut Vec<(&'a Name, Money)>, head: &'a Name, amount: Money) {
    match sums.iter_mut().find(|(known, _)| *known == head) {
        Some((_, sum)) => *sum = *sum + amount,
        None => sums.push((head, amount)),
    }
}

/// One case and everything around it.
pub(crate) struct World<'a> {
    pub(crate) service: &'a Service,
    pub(crate) tenant: &'a Tenant,
    pub(crate) case: Case,
    pub(crate) record: Option<Record>,
    /// Every version of every record, in the order in which they were made.
    pub(crate) versions: Vec<Record>,
    /// The latest version of each record that answers may name.
    pub(crate) named: Vec<Record>,
    /// What is under way on each of those in other cases, in the same order; nothing where it is not said.
    pub(crate) pending: Vec<Pending>,
    /// What is owed on the record in other cases.
    pub(crate) dues: Money,
    /// What is taken in calendars.
    pub(crate) slots: Slots,
    /// What officers hold of stocks.
    pub(crate) stock: StockHeldYaml,
    /// What was used up of them.
    pub(crate) used: Vec<Used>,
    pub(crate) serials: Serials,
    pub(crate) now: Moment,
    pub(crate) books: BTreeMap<String, Money>,
    /// What of money that waited left the accounts of collection.
    pub(crate) paid_out: Money,
    /// What each demand charged when it was raised.
    pub(crate) raised: BTreeMap<u32, BTreeMap<Name, Money>>,
    /// The turns for which cases were opened: number of the record, day on which it falls due.
    pub(crate) turned: Vec<(String, Day)>,
    /// Whether the clock had more to do than is tried: what would have followed is not known.
    pub(crate) is_cut: bool,
    /// Every command that was brought to the case, where somebody keeps them.
    pub(crate) path: Option<Vec<Step>>,
}

impl<'a> World<'a> {
    /// A world in which a case has just been opened on a record, or on none.
    pub(crate) fn new(
        (service, tenant): (&'a Service, &'a Tenant),
        case: Case,
        record: Option<Record>,
        now: Moment,
    ) -> Self {
        Self {
            service,
            tenant,
            case,
            versions: record.iter().cloned().collect(),
            record,
            named: Vec::new(),
            pending: Vec::new(),
            dues: Money::ZERO,
            slots: Slots::default(),
            stock: StockHeldYaml::Plenty,
            used: Vec::new(),
            serials: Serials::default(),
            now,
            books: BTreeMap::new(),
            paid_out: Money::ZERO,
            raised: BTreeMap::new(),
            turned: Vec::new(),
            is_cut: false,
            path: None,
        }
    }
}

impl World<'_> {
    /// What a decision is told.
    pub(crate) fn context(&self) -> Context<'_> {
        Context::new(self.now, self.tenant)
            .about(self.record.as_ref(), self.dues)
            .naming(&self.named, &self.pending)
            .beside(&self.slots)
            // Scenarios are about cases: whoever takes money in one has opened a till.
            .into_till(Some(("T", self.now.day())))
            .drawing(self.serials.clone())
    }

    /// Brings a command to the case and keeps what follows.
    pub(crate) fn apply(&mut self, actor: &Actor, command: &Command) -> Result<Done, Refusal> {
        let holdings = self.holdings(command);
        let context = self.context().holding(Some(&holdings));
        let decided = decide(self.service, &self.case, actor, command, context);
        if let Some(path) = &mut self.path {
            path.push(Step::new(self.now.ms, actor, command, decided.is_ok()));
        }
        let outcome = decided?;
        let Outcome { case, event, vouchers, records, notices, papers, serials, opens, voids, asks: _, uses } = outcome;
        self.used.extend(uses);
        let void = |child: &&Child| voids.iter().any(|void| void.case == child.case);
        let given_up = self.case.children.iter().filter(void).map(|child| child.name.clone()).collect();
        let (given, taken) = reserve::changes(&self.case.reserved, &case.reserved);
        self.slots.taken.retain(|row| row.case != case.id || !given.contains(&&row.slot));
        self.slots.taken.retain(|row| taken.iter().all(|(slot, _)| **slot != row.slot));
        let row =
            |(slot, until_ms): (&Slot, Option<i64>)| Taken { slot: slot.clone(), case: case.id.clone(), until_ms };
        self.slots.taken.extend(taken.into_iter().map(row));
        self.case = case;
        self.serials = serials;
        for demand in &self.case.demands {
            self.raised.entry(demand.seq).or_insert_with(|| raised_with(demand));
        }
        if let Some(change) = records.first() {
            self.record = Some(change.record.clone());
        }
        for change in &records {
            self.keep(change.record.clone());
        }
        for line in vouchers.iter().flat_map(Voucher::lines) {
            let balance = self.books.entry(line.account.clone()).or_default();
            *balance = *balance + line.amount;
        }
        let collects = |line: &&Line| self.service.chart.collection.values().any(|account| *account == line.account);
        let leaves = |voucher: &&Voucher| matches!(voucher.kind(), VoucherKind::Refund | VoucherKind::SetOff);
        let left = vouchers.iter().filter(leaves).flat_map(Voucher::lines).filter(collects);
        self.paid_out = self.paid_out - left.map(|line| line.amount).sum::<Money>();
        Ok(Done { event, vouchers, records, notices, papers, opens, given_up })
    }

    /// What whoever brings a command holds of the stocks that it uses up.
    fn holdings(&self, command: &Command) -> Holdings {
        let asked = self.service.stock_asked(&self.case.state, command);
        asked.into_iter().map(|(stock, named)| (stock.clone(), self.holding(stock, &named))).collect()
    }

    /// What is held of a stock, where these numbers are named, and the next for each of which none is.
    fn holding(&self, stock: &Name, named: &[Option<&str>]) -> Holding {
        if self.stock == StockHeldYaml::Unkept {
            return Holding::default();
        }
        let is_used = |number: &Numbered| self.used.iter().any(|used| used.stock == *stock && used.number.is(number));
        let all_mine = self.stock == StockHeldYaml::Plenty;
        let stands = |number: Numbered| {
            let stands = match (is_used(&number), all_mine) {
                (true, _) => Stands::Gone,
                (false, true) => Stands::Yours,
                (false, false) => Stands::OfAnother,
            };
            (number, stands)
        };
        let numbered = |serial| Numbered { prefix: String::new(), width: 6, serial };
        let most = if all_mine { named.len() } else { 0 };
        let next = (1..=i64::MAX).map(numbered).filter(|number| !is_used(number)).take(most).collect();
        let named = named.iter().flatten().filter_map(|named| Numbered::parse(named)).map(stands).collect();
        Holding { kept: true, next, named }
    }

    /// What was used up twice, if anything.
    fn used_twice(&self) -> Option<String> {
        let again = |(at, used): &(usize, &Used)| self.used[..*at].iter().any(|earlier| earlier == *used);
        let (_, used) = self.used.iter().enumerate().find(again)?;
        Some(format!("`{}` of the stock `{}` was used twice", used.number, used.stock))
    }

    /// Keeps a version of a record.
    pub(crate) fn keep(&mut self, version: Record) {
        for known in self.named.iter_mut().filter(|known| known.number == version.number) {
            known.clone_from(&version);
        }
        self.versions.push(version);
    }

    /// Another case takes places, unless somebody has them.
    pub(crate) fn take(&mut self, taken: &TakenYaml) {
        let (resource, part) = (&taken.resource.value.0, taken.part.as_ref().map(|part| part.value.0.as_str()));
        let service = self.service;
        let Some(reserve) = service.reserves.iter().find(|reserve| reserve.calendar.value == taken.calendar.value)
        else {
            return;
        };
        let mut slots = reserve.all_on(&service.form, resource, taken.day.value, part);
        if let Some(places) = &taken.places {
            slots.retain(|slot| slot.place <= places.value);
        }
        self.take_slots(slots, None);
    }

    /// Another case takes these places until then, unless somebody has them.
    pub(crate) fn take_slots(&mut self, slots: Vec<Slot>, until_ms: Option<i64>) {
        for slot in slots {
            let had = self.slots.taken.iter().position(|row| row.slot == slot);
            if had.is_some_and(|at| self.slots.taken[at].is_live(self.now.ms)) {
                continue;
            }
            if let Some(at) = had {
                self.slots.taken.swap_remove(at);
            }
            self.slots.taken.push(Taken { slot, case: "another_case".to_owned(), until_ms });
        }
    }

    /// What is wrong with the calendars, if anything: a case has what its state says, and no place twice; and
    /// what it has for as long as it stays stands there under its key.
    fn reserved_wrongly(&self) -> Option<String> {
        for reserve in &self.service.reserves {
            let has = self.case.reserved.iter().find(|has| has.name == reserve.name);
            let asks = self.case.answers.get(&reserve.from.value).is_some();
            if has.is_some() != (asks && reserve.hold_in(&self.case.state).is_some()) {
                return Some(format!("`{}` is not reserved as `{}` says", reserve.name, self.case.state));
            }
        }
        let all = || self.case.reserved.iter().flat_map(|has| has.slots.iter().map(move |slot| (has.until_ms, slot)));
        let distinct: BTreeSet<&Slot> = all().map(|(_, slot)| slot).collect();
        if distinct.len() != all().count() {
            return Some("the case has a place twice".to_owned());
        }
        let of_another = |slot: &&Slot| {
            let row = self.slots.taken.iter().find(|row| row.slot == **slot);
            row.is_none_or(|row| row.case != self.case.id)
        };
        let mut lasting = all().filter(|(until, _)| until.is_none_or(|until| until > self.now.ms));
        let lost = lasting.find(|(_, slot)| of_another(slot));
        lost.map(|(_, slot)| format!("{} on {} is not of the case that has it", slot.resource, slot.day))
    }

    /// Changes the record as another case would, and wakes this one.
    pub(crate) fn elsewhere(&mut self, change: impl FnOnce(&mut Record)) -> Vec<Done> {
        let Some(mut record) = self.record.clone() else { return Vec::new() };
        record.version += 1;
        "a_later_case".clone_into(&mut record.case);
        "a_later_case".clone_into(&mut record.validity_by);
        record.from = self.now.day();
        change(&mut record);
        self.record = Some(record.clone());
        self.keep(record);
        self.woken()
    }

    /// What is under way on the record of this number, if answers may name it.
    pub(crate) fn pending_on(&mut self, number: &str) -> Option<&mut Pending> {
        let at = self.named.iter().position(|known| known.number == *number)?;
        self.pending.get_mut(at)
    }

    /// Changes another record, which answers may name. Whether there is one of this number.
    pub(crate) fn elsewhere_of(&mut self, number: &str, change: impl FnOnce(&mut Record)) -> bool {
        let Some(at) = self.named.iter().position(|known| known.number == *number) else { return false };
        let mut record = self.named[at].clone();
        record.version += 1;
        record.from = self.now.day();
        change(&mut record);
        self.keep(record);
        true
    }

    /// Ends the open cases that this one opened: those called `name`, or all; each as it is said.
    pub(crate) fn children_end(&mut self, name: Option<&Name>, end: End) -> Result<Vec<Done>, Refusal> {
        let open = self.case.children.iter().filter(|child| child.end.is_none());
        let meant = open.filter(|child| name.is_none_or(|name| child.name == *name));
        let ended: Vec<(String, String)> = meant.map(|child| (child.case.clone(), child.name.to_uppercase())).collect();
        let mut outcomes = Vec::new();
        for (case, name) in ended {
            let record = (end == End::Granted).then(|| format!("{name}/1"));
            if let Some(number) = &record {
                self.know(&case, number);
            }
            outcomes.push(self.apply(&Actor::system(), &Command::Child { case, end, record })?);
        }
        Ok(outcomes)
    }

    /// Keeps the record that a child granted, where a question of this case names such records.
    fn know(&mut self, case: &str, number: &str) {
        let service = self.service;
        let child = self.case.children.iter().find(|child| child.case == case);
        let question = child.and_then(|child| service.child(&child.name)?.grants.as_ref());
        let field = question.and_then(|question| service.form.field(&question.value));
        if let Some(Kind::Record { registry, .. }) = field.map(|field| &field.kind)
            && !self.named.iter().any(|known| known.number == number)
        {
            self.named.push(register::earlier(registry.clone(), number, service, self.now.day()));
            self.pending.push(Pending::default());
        }
    }

    /// Lets the clock do everything that is due by now.
    pub(crate) fn settle_clock(&mut self) -> Vec<Done> {
        let mut outcomes = Vec::new();
        while self.case.wake_ms.is_some_and(|wake| wake <= self.now.ms) {
            if outcomes.len() == AT_ONCE {
                self.is_cut = true;
                break;
            }
            match self.apply(&Actor::system(), &Command::Elapse) {
                Ok(outcome) => outcomes.push(outcome),
                Err(_) => break,
            }
        }
        outcomes
    }

    /// What follows when the case is woken because its record has changed.
    pub(crate) fn woken(&mut self) -> Vec<Done> {
        let mut outcomes: Vec<Done> = self.apply(&Actor::system(), &Command::Elapse).into_iter().collect();
        outcomes.extend(self.settle_clock());
        outcomes
    }

    /// Moves the clock to `until`, stopping wherever something is due.
    pub(crate) fn wait_until(&mut self, until: i64) -> Vec<Done> {
        let mut outcomes = Vec::new();
        let mut steps = 0;
        while !self.is_cut && self.goes_on(until, &mut outcomes) {
            steps += 1;
            self.is_cut |= steps == WITHIN_A_WAIT;
        }
        self.now = self.now.with_ms(until);
        outcomes
    }

    /// Moves the clock to what is due next, and does it. `false` if nothing more is by `until`.
    fn goes_on(&mut self, until: i64, outcomes: &mut Vec<Done>) -> bool {
        let wake = self.case.wake_ms.map(|wake| wake.max(self.now.ms)).filter(|wake| *wake <= until);
        let brought = self.brought(until);
        if let Some(brought) = brought.filter(|(begins, _)| wake.is_none_or(|wake| begins.ms < wake)) {
            outcomes.extend(self.bring(brought));
            return true;
        }
        let Some(wake) = wake else { return false };
        self.now = self.now.with_ms(wake);
        let done = self.settle_clock();
        let moved = !done.is_empty();
        outcomes.extend(done);
        moved
    }

    /// What is owed by the case.
    pub(crate) fn owed(&self) -> Money {
        self.case.demands.iter().map(crate::billing::Demand::owed).sum()
    }

    /// What is wrong with the books, if anything: they must sum to nothing, hold as receivable
    /// what the case owes, as owed to people what no demand was waiting for, and in the accounts
    /// of collection what was received. The calendars are held to the case too.
    pub(crate) fn unbalanced(&self) -> Option<String> {
        if let Some(wrong) = self.reserved_wrongly().or_else(|| self.used_twice()) {
            return Some(wrong);
        }
        let total: Money = self.books.values().copied().sum();
        if !total.is_zero() {
            return Some(format!("debits and credits differ by {total}"));
        }
        let Some(postings) = &self.service.postings else { return None };
        let balance = |account: &str| self.books.get(account).copied().unwrap_or_default();
        let expect = |what: &str, found: Money, wanted: Money| {
            (found != wanted).then(|| format!("{what}: the books say {found}, the case says {wanted}"))
        };
        let live = || self.case.receipts.iter().filter(|receipt| !receipt.cancelled);
        let received: Money = live().map(Receipt::stands).sum::<Money>() - self.paid_out;
        let waiting: Money = live().map(|receipt| receipt.unapplied).sum();
        let applied: Money = live().flat_map(|receipt| &receipt.applied).map(|(.., amount)| *amount).sum();
        let paid: Money = self.case.demands.iter().map(crate::billing::Demand::paid).sum();
        let collected: Money = self
            .service
            .chart
            .collection
            .values()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .map(|account| balance(account))
            .sum();
        let unapplied = match &postings.unapplied.credit.value {
            crate::ledger::Side::Account(code) => balance(code),
            _ => Money::ZERO,
        };
        expect("receivable", balance(&postings.receivable()), self.owed())
            .or_else(|| expect("collected", collected, received))
            .or_else(|| expect("owed to people", -unapplied, waiting))
            .or_else(|| expect("settled", applied, paid))
            .or_else(|| self.charged_wrongly())
            .or_else(|| {
                self.case
                    .demands
                    .iter()
                    .any(|demand| demand.status == DemandStatus::Settled && demand.paid() != demand.total())
                    .then(|| "a demand is settled and not paid".to_owned())
            })
    }

    /// What is wrong with charges of the day of payment, if anything: no head is charged twice for one
    /// day, and a demand holds what it was raised with and what receipts that stand have fixed.
    fn charged_wrongly(&self) -> Option<String> {
        let fixed = |seq: u32| {
            let live = self.case.receipts.iter().filter(|receipt| !receipt.cancelled);
            live.flat_map(|receipt| &receipt.charged).filter(move |charged| charged.demand == seq)
        };
        for demand in self.case.demands.iter().filter(|demand| demand.status != DemandStatus::Cancelled) {
            let mut wanted: Vec<(&Name, Money)> = Vec::new();
            for (head, amount) in self.raised.get(&demand.seq).into_iter().flatten() {
                add(&mut wanted, head, *amount);
            }
            for (head, amount) in demand.notes.iter().flat_map(|note| &note.heads) {
                add(&mut wanted, head, *amount);
            }
            let mut seen = BTreeSet::new();
            for (on, head, amount) in
                fixed(demand.seq).flat_map(|one| one.heads.iter().map(move |(head, amount)| (one.on, head, *amount)))
            {
                if !seen.insert((on, head)) {
                    return Some(format!("{head} was charged twice for {on}"));
                }
                add(&mut wanted, head, amount);
            }
            wanted.retain(|(_, amount)| !amount.is_zero());
            let lines = || demand.lines.iter().filter(|line| !line.amount.is_zero());
            let charges =
                |(head, amount): &(&Name, Money)| lines().any(|line| line.head == **head && line.amount == *amount);
            if lines().count() != wanted.len() || !wanted.iter().all(charges) {
                let found: Vec<(&Name, Money)> = lines().map(|line| (&line.head, line.amount)).collect();
                return Some(format!("demand {} charges {found:?}, not {wanted:?}", demand.seq));
            }
        }
        None
    }

    /// An employee who holds `role`; the applicant; or whoever holds the record that gives it, if anybody does.
    pub(crate) fn actor(&self, role: &Name, person: Option<&str>) -> Actor {
        if *role == *crate::workflow::APPLICANT {
            let person = person.unwrap_or(&self.case.applicant).to_owned();
            return Actor { person, kind: crate::case::ActorKind::Citizen, roles: Vec::new() };
        }
        if self.service.is_held(role) {
            let mut giving = self.service.giving(&self.case.answers).filter(|(given, ..)| **given == *role);
            let record = giving.find_map(|(_, registry, number)| {
                self.named.iter().find(|record| record.registry == *registry && record.number == *number)
            });
            let holder = record.map_or("nobody", |record| record.holder.as_str());
            let person = person.unwrap_or(holder).to_owned();
            return Actor { person, kind: crate::case::ActorKind::Citizen, roles: Vec::new() };
        }
        let person = person.map_or_else(|| format!("employee_{role}"), str::to_owned);
        Actor { person, kind: crate::case::ActorKind::Employee, roles: vec![role.clone()] }
    }
}

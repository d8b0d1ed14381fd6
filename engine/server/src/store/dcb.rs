//! The register of demand, collection and balance: what was owed when a year began, what fell due in
//! it, what came in of both, and what is still owed; by service, place and head.
//!
//! It is reckoned from events: each keeps its demands as they were afterwards, so that a register of any
//! past year comes out the same again, whatever happened since.

use std::collections::BTreeMap;

use engine::base::{Day, Moment, Money, Name};
use engine::billing::{Demand, DemandStatus};

use super::db::{Row, vals};
use super::error::Result;
use super::json;
use super::tx::Tx;

/// What a register is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first day: what is older is arrears.
    pub from: Day,
    /// The last day: what comes later is not looked at.
    pub until: Day,
    /// Minutes by which the clocks of the town are ahead of UTC.
    pub offset_minutes: i32,
}

/// One line of the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// What was owed when the span began.
    pub arrears: Money,
    /// What fell due in it of older demands: interest, notes; less what was taken back.
    pub on_arrears: Money,
    /// What fell due in it of demands of the span, less what was taken back.
    pub current: Money,
    /// What came in of older demands.
    pub collected_of_arrears: Money,
    /// What came in of demands of the span.
    pub collected_of_current: Money,
}

impl Sums {
    /// What fell due, or was owed before.
    pub fn demand(&self) -> Money {
        self.arrears + self.on_arrears + self.current
    }

    /// What came in.
    pub fn collection(&self) -> Money {
        self.collected_of_arrears + self.collected_of_current
    }

    /// What is still owed on the last day.
    pub fn balance(&self) -> Money {
        self.demand() - self.collection()
    }

    /// Adds another line.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in [
            (&mut self.arrears, other.arrears),
            (&mut self.on_arrears, other.on_arrears),
            (&mut self.current, other.current),
            (&mut self.collected_of_arrears, other.collected_of_arrears),
            (&mut self.collected_of_current, other.collected_of_current),
        ] {
            *sum = *sum + more;
        }
    }
}

/// A register: by service, place (empty for none) and head.
pub type Register = BTreeMap<(String, String, Name), Sums>;

/// What a demand says of a head: what is charged, what is paid of it.
type Heads = BTreeMap<Name, (Money, Money)>;

/// The register of a span, of one service or of all.
///
/// # Errors
/// When the store fails, or an event cannot be read.
pub async fn register(tx: &mut Tx, service: Option<&str>, span: Span) -> Result<Register> {
    let sql = "select c.service, c.place, e.case_id, e.at_ms, e.outcome from events e join cases c \
               on c.tenant = e.tenant and c.id = e.case_id where e.tenant = $1 and ($2 = '' or c.service = $2) \
               and e.outcome like '%\"demands\":[{%' order by e.case_id, e.seq";
    let mut reckoning = Reckoning { span, register: Register::new(), case: String::new(), known: BTreeMap::new() };
    tx.each(sql.to_owned(), vals![service.unwrap_or("")], |row| reckoning.event(row)).await?;
    reckoning.register.retain(|_, sums| *sums != Sums::default());
    Ok(reckoning.register)
}

/// A register in the making, with the demands of one case as the events so far left them.
struct Reckoning {
    span: Span,
    register: Register,
    case: String,
    known: BTreeMap<u32, Heads>,
}

impl Reckoning {
    fn event(&mut self, row: &Row) -> Result<()> {
        let case = row.text(2)?;
        if case != self.case {
            self.known.clear();
            self.case = case;
        }
        let on = Moment::new(row.int(3)?, self.span.offset_minutes).day();
        let outcome = json::parse(&row.text(4)?, "an event")?;
        let (service, place) = (row.text(0)?, row.text(1)?);
        for demand in outcome["demands"].as_array().into_iter().flatten() {
            let demand = json::read_demand(demand)?;
            self.demand((&service, &place), on, &demand);
        }
        Ok(())
    }

    /// Adds what a demand is more, or less, than it was before.
    fn demand(&mut self, (service, place): (&str, &str), on: Day, demand: &Demand) {
        let after = heads(demand);
        let before = self.known.insert(demand.seq, after.clone()).unwrap_or_default();
        if on > self.span.until {
            return;
        }
        let older = demand.age().0 < self.span.from;
        let of = |heads: &Heads, head: &Name| heads.get(head).copied().unwrap_or_default();
        for head in before.keys().chain(after.keys().filter(|head| !before.contains_key(*head))) {
            let ((charged, paid), (was_charged, was_paid)) = (of(&after, head), of(&before, head));
            let (charged, paid) = (charged - was_charged, paid - was_paid);
            let key = (service.to_owned(), place.to_owned(), head.clone());
            let sums = self.register.entry(key).or_default();
            let brought = demand.opening && !before.contains_key(head);
            if on < self.span.from {
                sums.arrears = sums.arrears + charged - paid;
                continue;
            }
            if brought {
                sums.arrears = sums.arrears + charged;
            }
            let charged = if brought { Money::ZERO } else { charged };
            let (demanded, collected) = if older {
                (&mut sums.on_arrears, &mut sums.collected_of_arrears)
            } else {
                (&mut sums.current, &mut sums.collected_of_current)
            };
            *demanded = *demanded + charged;
            *collected = *collected + paid;
        }
    }
}

fn heads(demand: &Demand) -> Heads {
    if demand.status == DemandStatus::Cancelled {
        return Heads::new();
    }
    let mut heads = Heads::new();
    for line in &demand.lines {
        let (charged, paid) = heads.entry(line.head.clone()).or_default();
        (*charged, *paid) = (*charged + line.amount, *paid + line.paid);
    }
    heads
}

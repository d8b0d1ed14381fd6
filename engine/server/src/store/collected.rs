//! What came in of demands, for the figures of a town: kept event by event, and gathered by place when it is asked for.
//!
//! It is made of events, after them, and knows up to which: no command waits for it, whichever version of the program
//! brought the command. What came since is added when somebody asks. The place is that of the case, as in the register
//! of demand, collection and balance ([`super::dcb`]), which comes to the same sums from every event.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use engine::billing::DemandStatus;

use super::db::{Row, Val, Writes, vals};
use super::error::Result;
use super::events::{self, Head};
use super::tx::Tx;
use super::{Store, json};

/// Events beyond what is kept for which their cases alone are read; where there are more, all of them are read once.
pub const MANY: i64 = 50_000;
/// Events beyond what is kept that are looked at while somebody waits for a page.
const TAIL: i64 = 5_000;
/// Rows that one statement brings.
const ROWS: usize = 500;

/// What one event did.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Collected {
    /// The event.
    seq: i64,
    /// Its case.
    case: String,
    /// When it was.
    at_ms: i64,
    /// What came in by it of demands; less than nothing where that was taken back.
    paise: i64,
}

/// Sums of a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// What came in since the day that was asked for.
    pub collected_paise: i64,
    /// What is owed now.
    pub owed_paise: i64,
}

impl Sums {
    /// What was owed on the day that was asked for, and what fell due since.
    pub fn demand_paise(&self) -> i64 {
        self.collected_paise + self.owed_paise
    }

    /// Adds those of another place.
    pub fn add(&mut self, other: &Self) {
        self.collected_paise += other.collected_paise;
        self.owed_paise += other.owed_paise;
    }
}

/// Demands as the events so far left them: of each what is paid. Events come case by case, each case's in order.
#[derive(Default)]
struct Fold {
    case: String,
    paid: BTreeMap<u32, i64>,
}

impl Fold {
    /// What an event did to what is paid of the demands of its case.
    fn event(&mut self, case: &str, outcome: &str) -> Result<i64> {
        if case != self.case {
            self.paid.clear();
            case.clone_into(&mut self.case);
        }
        let outcome = json::parse(outcome, "an event")?;
        let mut paise = 0;
        for demand in outcome["demands"].as_array().into_iter().flatten() {
            let demand = json::read_demand(demand)?;
            // What was paid of a demand that is cancelled waits for another.
            let paid = if demand.status == DemandStatus::Cancelled { 0 } else { demand.paid().paise() };
            paise += paid - self.paid.insert(demand.seq, paid).unwrap_or_default();
        }
        Ok(paise)
    }
}

/// What of every event that changed demands up to `$2`. The sum has the database read them case by case by their index,
/// and not sort all that a town ever did.
const OF_ALL: &str = "select case_id, seq, at_ms, outcome from events where tenant = $1 and seq + 0 <= $2 \
                      and case_id is not null and outcome like '%\"demands\":[{%' order by case_id, seq";
/// The cases whose demands were changed after the event `$2`, up to `$3`. They come first in a statement, and each leads
/// to what is its own.
const MOVED: &str = "select distinct m.case_id from events m where m.tenant = $1 and m.seq > $2 and m.seq <= $3 \
                     and m.outcome like '%\"demands\":[{%'";

/// Shows `look` what events did, those of the statement, that came after the event `after`.
async fn fold(
    tx: &mut Tx,
    (sql, values): (&str, Vec<Val<'_>>),
    after: i64,
    mut look: impl FnMut(Collected) + Send,
) -> Result<()> {
    let mut fold = Fold::default();
    tx.each(sql.to_owned(), values, |row| {
        let (case, seq) = (row.text(0)?, row.int(1)?);
        let paise = fold.event(&case, &row.text(3)?)?;
        if seq > after && paise != 0 {
            look(Collected { seq, case, at_ms: row.int(2)?, paise });
        }
        Ok(())
    })
    .await
}

/// What events did that came after `after`, up to `until`; at more than `many` of them all are read.
async fn between(tx: &mut Tx, (after, until): (i64, i64), many: i64) -> Result<Vec<Collected>> {
    let mut found = Vec::new();
    if until - after > many {
        fold(tx, (OF_ALL, vals![until]), after, |collected| found.push(collected)).await?;
        return Ok(found);
    }
    // The sum is there for the same reason as above.
    let of_moved = format!(
        "select e.case_id, e.seq, e.at_ms, e.outcome from ({MOVED}) k cross join events e where e.tenant = $1 \
         and e.case_id = k.case_id and e.seq + 0 <= $3 and e.outcome like '%\"demands\":[{{%' \
         order by e.case_id, e.seq"
    );
    fold(tx, (of_moved.as_str(), vals![after, until]), after, |collected| found.push(collected)).await?;
    Ok(found)
}

/// The end of the chain; nothing where nothing has happened.
async fn end(tx: &mut Tx) -> Result<Option<Head>> {
    let sql = "select seq, hash from chains where tenant = $1 and seq > 0";
    tx.first(sql, Vec::new()).await?.as_ref().map(events::read_head).transpose()
}

/// Up to which event it is kept; nothing where it is not kept yet, or of another chain than this.
async fn kept_until(tx: &mut Tx) -> Result<Option<i64>> {
    let sql = "select u.seq from collected_until u join events e on e.tenant = u.tenant and e.seq = u.seq \
               and e.hash = u.hash where u.tenant = $1";
    tx.first(sql, Vec::new()).await?.map(|row| row.int(0)).transpose()
}

/// Keeps what events did up to the last one; how many rows that are. What is read, of the cases that moved or at more
/// than `many` events of all, holds nobody up; what is written is little at a time. Two nodes may do it at once: both
/// bring the same rows.
///
/// # Errors
/// When the store fails, or an event cannot be read. The next call begins where this one began.
pub async fn keep(store: &Store, tenant: &str, many: i64) -> Result<usize> {
    let mut tx = store.read(tenant).await?;
    tx.patient().await?;
    let Some(head) = end(&mut tx).await? else { return Ok(0) };
    let kept = kept_until(&mut tx).await?;
    let after = kept.unwrap_or(0);
    if head.seq <= after {
        return Ok(0);
    }
    let found = between(&mut tx, (after, head.seq), many).await?;
    drop(tx);
    if kept.is_none() {
        forget_another(store, tenant).await?;
    }
    for rows in found.chunks(ROWS) {
        let mut tx = store.begin(tenant).await?;
        tx.write(added(rows)).await?;
        tx.commit().await?;
    }
    let mut tx = store.begin(tenant).await?;
    let sql = "insert into collected_until (tenant, seq, hash) values ($1, $2, $3) \
               on conflict (tenant) do update set seq = excluded.seq, hash = excluded.hash";
    tx.execute(sql, vals![head.seq, &head.hash]).await?;
    tx.commit().await?;
    Ok(found.len())
}

/// Takes away what was kept of another chain, together with the row that says so: whoever comes second finds neither, and
/// takes away nothing that the first has brought since.
async fn forget_another(store: &Store, tenant: &str) -> Result<()> {
    let mut tx = store.begin(tenant).await?;
    let of_another = "delete from collected_until where tenant = $1 and not exists (select 1 from events e \
                      where e.tenant = collected_until.tenant and e.seq = collected_until.seq \
                      and e.hash = collected_until.hash)";
    if tx.execute(of_another, Vec::new()).await? > 0 {
        tx.execute("delete from collected where tenant = $1", Vec::new()).await?;
    }
    tx.commit().await
}

/// The statement that brings rows. Those of a call that did not come to its end, or of another node, are there already.
fn added(rows: &[Collected]) -> Writes<'_> {
    let mut sql = String::from("insert into collected (tenant, seq, case_id, at_ms, paise) values ");
    let mut values: Vec<Val<'_>> = Vec::with_capacity(rows.len() * 4);
    for (at, row) in rows.iter().enumerate() {
        let (comma, hole) = (if at == 0 { "" } else { ", " }, values.len() + 2);
        let _ = write!(sql, "{comma}($1, ${hole}, ${}, ${}, ${})", hole + 1, hole + 2, hole + 3);
        values.extend(vals![row.seq, &row.case, row.at_ms, row.paise]);
    }
    sql.push_str(" on conflict (tenant, seq) do nothing");
    let mut writes = Writes::default();
    writes.statements.push((Cow::Owned(sql), values));
    writes
}

/// What came in since the instant `from_ms` and what is owed, by place, as a code that is empty for none. Nothing while
/// so much has happened since it was kept that nobody should wait for it.
///
/// # Errors
/// When the store fails, or an event cannot be read.
pub async fn by_place(tx: &mut Tx, from_ms: i64) -> Result<Option<BTreeMap<String, Sums>>> {
    let head = end(tx).await?.map_or(0, |head| head.seq);
    let kept = kept_until(tx).await?.unwrap_or(0);
    if head - kept > TAIL {
        return Ok(None);
    }
    let mut places: BTreeMap<String, Sums> = BTreeMap::new();
    let collected = "select c.place, cast(sum(m.paise) as bigint) from collected m join cases c \
                     on c.tenant = m.tenant and c.id = m.case_id \
                     where m.tenant = $1 and m.at_ms >= $2 and m.seq <= $3 group by c.place";
    for row in tx.fetch(collected, vals![from_ms, kept]).await? {
        places.entry(row.text(0)?).or_default().collected_paise += row.int(1)?;
    }
    let owed = "select c.place, cast(sum(d.total_paise - d.paid_paise) as bigint) from demands d join cases c \
                on c.tenant = d.tenant and c.id = d.case_id where d.tenant = $1 and d.status = 'open' group by c.place";
    for row in tx.fetch(owed, Vec::new()).await? {
        places.entry(row.text(0)?).or_default().owed_paise += row.int(1)?;
    }
    let since = between(tx, (kept, head), TAIL).await?;
    let of_moved =
        format!("select c.id, c.place from ({MOVED}) k cross join cases c where c.tenant = $1 and c.id = k.case_id");
    let rows = tx.fetch(of_moved, vals![kept, head]).await?;
    let place_of: BTreeMap<String, String> =
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect::<Result<_>>()?;
    for one in since.into_iter().filter(|one| one.at_ms >= from_ms) {
        if let Some(place) = place_of.get(&one.case) {
            places.entry(place.clone()).or_default().collected_paise += one.paise;
        }
    }
    Ok(Some(places))
}

/// Tells of every event with which what is kept does not agree, and what is wrong.
pub(super) async fn wrong(tx: &mut Tx, mut tell: impl FnMut(i64, String) + Send) -> Result<()> {
    let Some(kept) = kept_until(tx).await? else { return Ok(()) };
    let mut expected: BTreeMap<i64, (String, i64, i64)> = BTreeMap::new();
    let note = |one: Collected| {
        expected.insert(one.seq, (one.case, one.at_ms, one.paise));
    };
    fold(tx, (OF_ALL, vals![kept]), 0, note).await?;
    let sql = "select seq, case_id, at_ms, paise from collected where tenant = $1 and seq <= $2 order by seq";
    tx.each(sql.to_owned(), vals![kept], |row: &Row| {
        let (seq, found) = (row.int(0)?, (row.text(1)?, row.int(2)?, row.int(3)?));
        let told = expected.remove(&seq);
        if told.as_ref() != Some(&found) {
            tell(seq, format!("it says {found:?}, the event {told:?}"));
        }
        Ok(())
    })
    .await?;
    for (seq, told) in expected {
        tell(seq, format!("it says nothing, the event {told:?}"));
    }
    Ok(())
}

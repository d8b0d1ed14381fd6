//! Stocks of numbered things: every move of them, and who holds which number.
//!
//! A move is a row that is never changed, under the number of the event that vouches for it: one for each event, save
//! that an action of a case may use up several numbers at once. Where a number is follows
//! from its moves, and stands beside them in a row of its own. Whoever changes such a row holds the end of the chain of
//! events: two moves of one town never overtake each other.

use std::collections::BTreeMap;

use engine::case::Used;
use engine::stock::{Holding, Numbered, Range, Stands};
use serde_json::json;

use super::db::{Row, Val, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By};
use super::tx::Tx;

/// Moves that wait for somebody, of one stock, of which is told at the same time.
const WAITING: i64 = 300;

/// The holder that is no person: whoever keeps the stock hands out of it.
pub const STORE: &str = "";

pub(super) const SHEET: Sheet = Sheet {
    table: "stock_moves",
    key: "seq",
    added: 0,
    columns: "seq, stock, kind, prefix, width, from_serial, to_serial, holder, taker, of_seq, case_id, reason, person, at_ms",
};

/// What happens to numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// They came to the store.
    Received,
    /// They are on their way to another holder.
    Sent,
    /// Whom they were sent to confirms that they came.
    Taken,
    /// They are back with the sender.
    Returned,
    /// Somebody asks that they be written off.
    Asked,
    /// Another person agrees: nobody has them any more.
    WrittenOff,
    /// Another person does not agree.
    Kept,
    /// An action of a case used one up.
    Used,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Received,
        Self::Sent,
        Self::Taken,
        Self::Returned,
        Self::Asked,
        Self::WrittenOff,
        Self::Kept,
        Self::Used,
    ];

    /// Its name in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sent => "sent",
            Self::Taken => "taken",
            Self::Returned => "returned",
            Self::Asked => "asked",
            Self::WrittenOff => "written_off",
            Self::Kept => "kept",
            Self::Used => "used",
        }
    }

    fn read(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == word);
        found.ok_or_else(|| Error::Corrupt(format!("a move of a stock that is `{word}`")))
    }

    /// Where numbers stand before it and after it.
    pub(super) fn states(self) -> (State, State) {
        match self {
            // Before that there is no row.
            Self::Received => (State::Held, State::Held),
            Self::Sent => (State::Held, State::Sent),
            Self::Taken | Self::Returned => (State::Sent, State::Held),
            Self::Asked => (State::Held, State::Asked),
            Self::WrittenOff => (State::Asked, State::WrittenOff),
            Self::Kept => (State::Asked, State::Held),
            Self::Used => (State::Held, State::Used),
        }
    }
}

/// Where a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its holder has it.
    Held,
    /// It is on its way to another holder.
    Sent,
    /// Somebody asks that it be written off.
    Asked,
    /// A case used it up.
    Used,
    /// It was written off.
    WrittenOff,
}

impl State {
    const ALL: [Self; 5] = [Self::Held, Self::Sent, Self::Asked, Self::Used, Self::WrittenOff];

    /// Its name in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Asked => "asked",
            Self::Used => "used",
            Self::WrittenOff => "written_off",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.word() == word);
        found.ok_or_else(|| Error::Corrupt(format!("a number of a stock that is `{word}`")))
    }
}

/// A move of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The number of its event, which has other moves only where a case used up several numbers.
    pub seq: i64,
    /// The stock.
    pub stock: String,
    /// What happened.
    pub kind: Kind,
    /// To which numbers.
    pub range: Range,
    /// Who held them before.
    pub holder: String,
    /// Who holds them afterwards, or is to; nobody where that does not change.
    pub taker: Option<String>,
    /// The earlier move that it answers.
    pub of: Option<i64>,
    /// The case that used it up.
    pub case: Option<String>,
    /// What was said with it.
    pub reason: String,
    /// Who did it.
    pub person: String,
    /// When.
    pub at_ms: i64,
}

/// A move that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewMove<'a> {
    /// The stock.
    pub stock: &'a str,
    /// What is to happen.
    pub kind: Kind,
    /// To which numbers.
    pub range: &'a Range,
    /// Who holds them.
    pub holder: &'a str,
    /// Who is to hold them.
    pub taker: Option<&'a str>,
    /// The move that it answers.
    pub of: Option<i64>,
    /// What is said with it.
    pub reason: &'a str,
}

/// Numbers come to the store. `false` if the stock has, or had, one of them already.
pub async fn receive(tx: &mut Tx, by: By<'_>, stock: &str, range: &Range, reason: &str) -> Result<bool> {
    let seq = events::hold_head(tx).await?.seq + 1;
    let sql = "select count(*) from stock_numbers where tenant = $1 and stock = $2 and prefix = $3 and serial >= $4 and serial <= $5";
    let known = tx.first(sql, vals![stock, &range.prefix, range.first, range.last]).await?;
    if known.is_some_and(|row| row.int(0).ok() != Some(0)) {
        return Ok(false);
    }
    let sql = "insert into stock_numbers (tenant, stock, prefix, serial, width, state, holder, seq) \
               with recursive numbers (serial) as (select cast($4 as bigint) union all select serial + 1 from numbers where serial < $5) \
               select $1, $2, $3, serial, cast($6 as bigint), 'held', '', cast($7 as bigint) from numbers";
    tx.execute(sql, vals![stock, &range.prefix, range.first, range.last, width(range.width), seq]).await?;
    let new = NewMove { stock, kind: Kind::Received, range, holder: STORE, taker: None, of: None, reason };
    note(tx, by, seq, &new).await?;
    Ok(true)
}

/// Moves numbers, all of them or none. `false` if they do not stand where this can begin: their holder does not have
/// all of them, or the move that is answered was answered before.
pub async fn step(tx: &mut Tx, by: By<'_>, new: &NewMove<'_>) -> Result<bool> {
    let seq = events::hold_head(tx).await?.seq + 1;
    let NewMove { stock, kind, range, holder, taker, of, .. } = *new;
    let (before, after) = kind.states();
    let mut sql = String::from(
        "select count(*) from stock_numbers where tenant = $1 and stock = $2 and prefix = $3 and serial >= $4 and serial <= $5 \
         and state = $6 and holder = $7",
    );
    let mut values = vals![stock, &range.prefix, range.first, range.last, before.word(), holder];
    if let Some(of) = of {
        sql.push_str(" and seq = $8");
        values.push(of.into());
    }
    let there = tx.first(sql, values).await?.map_or(Ok(0), |row| row.int(0))?;
    if there != range.count() {
        return Ok(false);
    }
    // What is only on its way is still the sender's.
    let held_by = if kind == Kind::Taken { taker.unwrap_or(holder) } else { holder };
    let sql = "update stock_numbers set state = $6, holder = $7, seq = $8 \
               where tenant = $1 and stock = $2 and prefix = $3 and serial >= $4 and serial <= $5";
    tx.execute(sql, vals![stock, &range.prefix, range.first, range.last, after.word(), held_by, seq]).await?;
    note(tx, by, seq, new).await?;
    Ok(true)
}

/// Writes down a move, and the event that vouches for it.
async fn note(tx: &mut Tx, by: By<'_>, seq: i64, new: &NewMove<'_>) -> Result<()> {
    let NewMove { stock, kind, range, holder, taker, of, reason } = *new;
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    let line = Line { seq, by, stock, kind, holder, taker, of, case: None, reason };
    line.write(range, &mut writes, &mut marks);
    tx.write(writes).await?;
    let facts = json!({
        "stock": stock, "numbers": range.to_string(), "holder": holder, "taker": taker, "of": of, "reason": reason,
    });
    events::append(tx, by, None, (&format!("stock_{}", kind.word()), facts), &marks).await?;
    Ok(())
}

/// A move as it is written down.
struct Line<'a> {
    seq: i64,
    by: By<'a>,
    stock: &'a str,
    kind: Kind,
    holder: &'a str,
    taker: Option<&'a str>,
    of: Option<i64>,
    case: Option<&'a str>,
    reason: &'a str,
}

impl<'a> Line<'a> {
    fn write(self, range: &Range, writes: &mut Writes<'a>, marks: &mut Marks) {
        let Self { seq, by, stock, kind, holder, taker, of, case, reason } = self;
        let row: Vec<Val<'a>> = vals![
            seq,
            stock,
            kind.word(),
            range.prefix.clone(),
            width(range.width),
            range.first,
            range.last,
            holder,
            taker,
            of,
            case,
            reason,
            by.person,
            by.at_ms,
        ];
        marks.add(&SHEET, &row);
        writes.add(
            "insert into stock_moves (tenant, seq, stock, kind, prefix, width, from_serial, to_serial, holder, taker, of_seq, case_id, \
             reason, person, at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            row,
        );
    }
}

/// Writes that an action of a case used up numbers of whoever acted: the row of each changes if that person holds it.
pub(super) fn use_up<'a>(
    writes: &mut Writes<'a>,
    marks: &mut Marks,
    (seq, by): (i64, By<'a>),
    (case, uses): (&'a str, &'a [Used]),
) {
    // An event vouches for all of its moves together, in the order of their columns.
    let columns = |used: &Used| {
        let Numbered { prefix, width, serial } = used.number.clone();
        (used.stock.clone(), prefix, width, serial)
    };
    let mut uses: Vec<&Used> = uses.iter().collect();
    uses.sort_by_key(|used| columns(used));
    for Used { stock, number } in uses {
        writes.add(
            "update stock_numbers set state = 'used', seq = $2 where tenant = $1 and stock = $3 and prefix = $4 and serial = $5 \
             and state = 'held' and holder = $6",
            vals![seq, stock, &number.prefix, number.serial, by.person],
        );
        let Numbered { prefix, width, serial } = number.clone();
        let range = Range { prefix, width, first: serial, last: serial };
        let kind = Kind::Used;
        let line =
            Line { seq, by, stock, kind, holder: by.person, taker: None, of: None, case: Some(case), reason: "" };
        line.write(&range, writes, marks);
    }
}

fn width(width: usize) -> i64 {
    i64::try_from(width).unwrap_or_default()
}

/// What a person holds of a stock, as far as a decision asks that takes so many, and names these of them.
pub async fn holding(tx: &mut Tx, person: &str, stock: &str, named: &[Option<&str>]) -> Result<Holding> {
    let kept = tx.first("select 1 from stock_moves where tenant = $1 and stock = $2 limit 1", vals![stock]).await?;
    if kept.is_none() {
        return Ok(Holding::default());
    }
    let sql = "select prefix, width, serial from stock_numbers where tenant = $1 and stock = $2 and state = 'held' and holder = $3 \
               order by prefix, serial limit $4";
    let most = i64::try_from(named.len()).unwrap_or(i64::MAX);
    let next = tx.fetch(sql, vals![stock, person, most]).await?.iter().map(numbered).collect::<Result<Vec<_>>>()?;
    let wanted: Vec<Numbered> = named.iter().flatten().filter_map(|named| Numbered::parse(named)).collect();
    let mut found = Vec::new();
    for wanted in wanted {
        let Some((number, state, holder)) = at(tx, stock, &wanted).await? else { continue };
        let stands = match state {
            State::Held if holder == person => Stands::Yours,
            State::Held | State::Sent | State::Asked => Stands::OfAnother,
            State::Used | State::WrittenOff => Stands::Gone,
        };
        found.push((number, stands));
    }
    Ok(Holding { kept: true, next, named: found })
}

/// A number that was ever received, as it is printed, where it stands and who holds it.
pub async fn at(tx: &mut Tx, stock: &str, wanted: &Numbered) -> Result<Option<(Numbered, State, String)>> {
    let sql = "select prefix, width, serial, state, holder from stock_numbers \
               where tenant = $1 and stock = $2 and prefix = $3 and serial = $4";
    let found = tx.first(sql, vals![stock, &wanted.prefix, wanted.serial]).await?;
    found.map(|row| Ok((numbered(&row)?, State::read(&row.text(3)?)?, row.text(4)?))).transpose()
}

fn numbered(row: &Row) -> Result<Numbered> {
    Ok(Numbered { prefix: row.text(0)?, width: read_width(row.int(1)?)?, serial: row.int(2)? })
}

fn read_width(width: i64) -> Result<usize> {
    usize::try_from(width).map_err(|_| Error::Corrupt(format!("a number of {width} digits")))
}

/// Numbers that follow each other and stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The numbers.
    pub range: Range,
    /// Where they stand.
    pub state: State,
    /// Who holds them, or held them last.
    pub holder: String,
}

/// The numbers of a stock in order, those together that follow each other and stand alike: all of them, or those
/// that one holder has. At most so many.
pub async fn runs(tx: &mut Tx, stock: &str, holder: Option<&str>, most: i64) -> Result<Vec<Run>> {
    let of_holder = holder.map_or("", |_| " and state = 'held' and holder = $4");
    let sql = format!(
        "select prefix, width, min(serial), max(serial), state, holder from \
         (select prefix, width, serial, state, holder, serial - row_number() over \
          (partition by prefix, width, state, holder order by serial) as apart \
          from stock_numbers where tenant = $1 and stock = $2{of_holder}) as numbers \
         group by prefix, width, state, holder, apart order by prefix, min(serial) limit $3"
    );
    let mut values = vals![stock, most];
    values.extend(holder.map(Val::from));
    let read = |row: &Row| {
        let range =
            Range { prefix: row.text(0)?, width: read_width(row.int(1)?)?, first: row.int(2)?, last: row.int(3)? };
        Ok(Run { range, state: State::read(&row.text(4)?)?, holder: row.text(5)? })
    };
    tx.fetch(sql, values).await?.iter().map(read).collect()
}

/// The moves that wait for another person: numbers on their way, and such as are to be written off.
pub async fn waiting(tx: &mut Tx, stock: &str) -> Result<Vec<Move>> {
    let sql = format!(
        "select {} from stock_moves where tenant = $1 and seq in (select n.seq from stock_numbers n \
         where n.tenant = $1 and n.stock = $2 and n.state in ('sent', 'asked')) order by seq limit {}",
        SHEET.columns, WAITING
    );
    tx.fetch(sql, vals![stock]).await?.iter().map(read_move).collect()
}

pub(super) fn select_all() -> String {
    format!("select {} from stock_moves where tenant = $1 order by seq, stock, prefix, from_serial", SHEET.columns)
}

pub(super) fn read_move(row: &Row) -> Result<Move> {
    Ok(Move {
        seq: row.int(0)?,
        stock: row.text(1)?,
        kind: Kind::read(&row.text(2)?)?,
        range: Range { prefix: row.text(3)?, width: read_width(row.int(4)?)?, first: row.int(5)?, last: row.int(6)? },
        holder: row.text(7)?,
        taker: row.maybe_text(8)?,
        of: row.maybe_int(9)?,
        case: row.maybe_text(10)?,
        reason: row.text(11)?,
        person: row.text(12)?,
        at_ms: row.int(13)?,
    })
}

/// What a holder had of a stock over some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// How many it had before that.
    pub opening: i64,
    /// How many came: from outside, or from another holder.
    pub came: i64,
    /// How many went on to another holder.
    pub went: i64,
    /// How many cases used up.
    pub used: i64,
    /// How many were written off.
    pub written_off: i64,
}

impl Account {
    /// How many it has afterwards.
    pub fn closing(&self) -> i64 {
        self.opening + self.came - self.went - self.used - self.written_off
    }
}

/// By holder, what each had of a stock from the instant `from_ms` on and before `until_ms`. What is on its way is
/// still the sender's.
pub async fn accounts(tx: &mut Tx, stock: &str, (from_ms, until_ms): (i64, i64)) -> Result<BTreeMap<String, Account>> {
    let sql = "select kind, holder, taker, case when at_ms < $3 then 'before' else 'within' end, cast(sum(to_serial - from_serial + 1) as bigint) \
               from stock_moves where tenant = $1 and stock = $2 and at_ms < $4 and kind in ('received', 'taken', 'used', 'written_off') \
               group by 1, 2, 3, 4";
    let mut accounts: BTreeMap<String, Account> = BTreeMap::new();
    for row in tx.fetch(sql, vals![stock, from_ms, until_ms]).await? {
        let (kind, before, count) = (Kind::read(&row.text(0)?)?, row.text(3)? == "before", row.int(4)?);
        let holder = accounts.entry(row.text(1)?).or_default();
        match kind {
            _ if before => holder.opening += if kind == Kind::Received { count } else { -count },
            Kind::Received => holder.came += count,
            Kind::Used => holder.used += count,
            Kind::WrittenOff => holder.written_off += count,
            _ => holder.went += count,
        }
        if let Some(taker) = row.maybe_text(2)?.filter(|_| kind == Kind::Taken) {
            let taker = accounts.entry(taker).or_default();
            let counts = if before { &mut taker.opening } else { &mut taker.came };
            *counts += count;
        }
    }
    Ok(accounts)
}

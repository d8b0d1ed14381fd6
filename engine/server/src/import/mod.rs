//! Taking over a register that was kept elsewhere: a table is read whole, every row is judged, and only
//! then is anything written, in transactions of many records. A row is taken over once, however often
//! the table is given.
//!
//! Rows are judged on all cores, and of those that wait to be written what is known is kept as text: cells by their
//! headings, and answers as trees, are there for as long as a record is looked at.

pub mod table;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use engine::base::{Answers, Day, Money, Name};
use engine::case::TakeOver;
use engine::form::Ctx;
use engine::import::{Cells, Import, Taken, Wrong};
use engine::service::Service;
use engine::tenant::Tenant;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::auth::token;
use crate::problem::Problem;
use crate::store::{self, events, json, records};
use table::Table;

/// What is taken over, and where.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The town.
    pub tenant: &'a Arc<Tenant>,
    /// The service whose records they are.
    pub service: &'a Arc<Service>,
    /// The description of the table.
    pub import: &'a Import,
}

/// A row that is not taken over, and why.
#[derive(Clone, Debug)]
pub struct BadRow {
    /// The line of the table.
    pub line: usize,
    /// The number of the record, if the table has it.
    pub number: String,
    /// The column; empty where it is about the whole row.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why.
    pub why: Why,
}

/// Why a row is not taken over.
#[derive(Clone, Debug)]
pub enum Why {
    /// A cell will not do.
    Cell(Wrong),
    /// Another row says something else of the same record; its line.
    Differs(usize),
    /// The same row stands in the table before; its line.
    Twice(usize),
    /// The register has a record of this number already, from elsewhere.
    NumberTaken,
}

/// A record that can be taken over.
#[derive(Debug)]
pub struct Good {
    /// The line on which it begins.
    pub line: usize,
    /// What is taken over; its answers wait in `answers`.
    pub taken: Taken,
    answers: Box<str>,
}

impl Good {
    fn new(line: usize, mut taken: Taken) -> Self {
        let answers = json::packed(&std::mem::take(&mut taken.record.answers));
        Self { line, taken, answers }
    }

    /// What is taken over, with its answers.
    fn record(&self) -> store::Result<TakeOver> {
        Ok(TakeOver { answers: json::unpacked(&self.answers)?, ..self.taken.record.clone() })
    }
}

/// A table that was read and judged; nothing is written yet.
#[derive(Debug, Default)]
pub struct Judged {
    /// How many rows it has.
    pub rows: usize,
    /// Records that can be taken over.
    pub good: Arc<[Good]>,
    /// How many records were taken over before.
    pub before: usize,
    /// What is wrong, by line.
    pub bad: Vec<BadRow>,
}

impl Judged {
    /// What is owed on the records that can be taken over, by a day of the period and the head.
    pub fn owed(&self) -> BTreeMap<(Day, Name), Money> {
        let mut sums = BTreeMap::new();
        for owed in self.good.iter().flat_map(|good| &good.taken.record.owed) {
            for (head, amount) in &owed.heads {
                let sum: &mut Money = sums.entry((owed.day, head.clone())).or_default();
                *sum = *sum + *amount;
            }
        }
        sums
    }
}

/// The rows of one record, by their places in the table.
type Group = Vec<usize>;

/// A table, and where the columns stand that are read.
#[derive(Clone, Copy)]
struct Columns<'a> {
    table: &'a Table,
    places: &'a [(&'a str, usize)],
}

/// Reads and judges every row of `table`.
///
/// # Errors
/// When a column is missing, or the store fails.
pub async fn judge(app: &App, asked: Asked<'_>, table: Table) -> Result<Judged> {
    let mut judged = Judged { rows: table.rows.len(), ..Judged::default() };
    let mut good = Vec::new();
    for record in each(asked, &table, app.clock.now(asked.tenant).day())? {
        match record {
            Ok(record) => good.push(record),
            Err(bad) => judged.bad.extend(bad),
        }
    }
    // What can be taken over was read from it, and a table of a large town takes room.
    drop(table);
    let good = without_repetitions(good, &mut judged.bad);
    against_the_register(app, asked, good, &mut judged).await.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    judged.bad.sort_by_key(|bad| bad.line);
    Ok(judged)
}

/// What each record of the table is, or what is wrong with it.
fn each(asked: Asked<'_>, table: &Table, today: Day) -> Result<Vec<Result<Good, Vec<BadRow>>>> {
    let places = table.places(&asked.import.columns())?;
    let columns = Columns { table, places: &places };
    Ok(spread(&grouped(asked.import, columns), |group| record(asked, columns, group, today)))
}

/// Takes over what can be; `seen` is told of each batch how many records it had.
///
/// # Errors
/// When the store fails; what was taken over before stays, and is passed over when the table is given again.
pub async fn take_over(app: &App, asked: Asked<'_>, judged: &Judged, seen: impl FnMut(u64)) -> Result<(), Problem> {
    write::all(app, asked, &judged.good, seen).await
}

/// The rows, those of one number together.
fn grouped(import: &Import, Columns { table, places }: Columns<'_>) -> Vec<Group> {
    let number = import.number.as_deref().and_then(|number| places.iter().find(|(column, _)| *column == number));
    let mut groups: Vec<Group> = Vec::with_capacity(table.rows.len());
    let mut by_number: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, (_, cells)) in table.rows.iter().enumerate() {
        let number = number.map(|(_, at)| cells.cell(*at)).filter(|number| !number.is_empty());
        let known = number.and_then(|number| by_number.get(number)).copied();
        if let Some(at) = known {
            groups[at].push(row);
            continue;
        }
        if let Some(number) = number {
            by_number.insert(number, groups.len());
        }
        groups.push(vec![row]);
    }
    groups
}

/// `work` on every group, on as many cores as there are.
fn spread<T: Send>(groups: &[Group], work: impl Fn(&Group) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = groups.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            groups.chunks(share).map(|part| scope.spawn(|| part.iter().map(&work).collect::<Vec<T>>())).collect();
        parts.into_iter().flat_map(|part| part.join().expect("reading a row does not panic")).collect()
    })
}

fn record(asked: Asked<'_>, columns: Columns<'_>, group: &[usize], today: Day) -> Result<Good, Vec<BadRow>> {
    let import = asked.import;
    let lines: Vec<usize> = group.iter().map(|row| columns.table.rows[*row].0).collect();
    let rows: Vec<Cells> = group.iter().map(|row| table::cells(&columns.table.rows[*row].1, columns.places)).collect();
    let number = import.number.as_ref().and_then(|column| rows[0].get(column)).cloned().unwrap_or_default();
    let bad = |row: usize, column: &str, why: Why| BadRow {
        line: lines[row],
        number: number.clone(),
        column: column.to_owned(),
        value: rows[row].get(column).cloned().unwrap_or_default(),
        why,
    };
    let differing = differing(import, &rows, lines[0]);
    if !differing.is_empty() {
        return Err(differing.into_iter().map(|(row, column, why)| bad(row, column, why)).collect());
    }
    let ctx = Ctx {
        today,
        lists: &asked.service.lists,
        places: &asked.tenant.places,
        known: &Answers::default(),
        named: None,
        identity: &asked.tenant.identity_numbers,
    };
    let drawn = |number: &str| asked.service.draws_such(&import.grant, number);
    let taken = import.record(&asked.service.form, drawn, &rows, name_of(&rows), &ctx);
    taken
        .map(|taken| Good::new(lines[0], taken))
        .map_err(|wrong| wrong.into_iter().map(|cell| bad(cell.row, &cell.column, Why::Cell(cell.wrong))).collect())
}

/// Where later rows of a record say something else than its first, which stands on line `first`: the row, the column,
/// and why that is wrong.
fn differing<'a>(import: &'a Import, rows: &[Cells], first: usize) -> Vec<(usize, &'a str, Why)> {
    let mut differing = Vec::new();
    if rows.len() < 2 {
        return differing;
    }
    let (once, repeated) = (import.once_a_record(), import.has_repeated());
    for (row, cells) in rows.iter().enumerate().skip(1) {
        for column in &once {
            if !cells[*column].is_empty() && cells[*column] != rows[0][*column] {
                differing.push((row, *column, Why::Differs(first)));
            }
        }
        if !repeated && *cells == rows[0] {
            differing.push((row, "", Why::Twice(first)));
        }
    }
    differing
}

/// The name of the rows of a record: the digest of what stands in them.
fn name_of(rows: &[Cells]) -> String {
    let mut told = Vec::new();
    for (column, cell) in rows.iter().flatten() {
        for text in [column, cell] {
            told.extend_from_slice(&text.len().to_le_bytes());
            told.extend_from_slice(text.as_bytes());
        }
    }
    token::hex(&Sha256::digest(&told))
}

/// The key under which a record is taken over.
fn key_of(import: &Import, taken: &Taken) -> String {
    format!("import:{}:{}", import.name, taken.record.source)
}

/// Only the first of rows that are the same.
fn without_repetitions(good: Vec<Good>, bad: &mut Vec<BadRow>) -> Vec<Good> {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::with_capacity(good.len());
    for one in good {
        if let Some(before) = lines.get(&one.taken.record.source) {
            let (line, number) = (one.line, one.taken.record.number.unwrap_or_default());
            bad.push(BadRow { line, number, column: String::new(), value: String::new(), why: Why::Twice(*before) });
            continue;
        }
        lines.insert(one.taken.record.source.clone(), one.line);
        kept.push(one);
    }
    kept
}

/// Passes over what was taken over before, and finds numbers that the register has from elsewhere.
async fn against_the_register(
    app: &App,
    asked: Asked<'_>,
    good: Vec<Good>,
    judged: &mut Judged,
) -> Result<(), Problem> {
    let grant = asked.service.grant(&asked.import.grant).expect("checked by import-wrong");
    let mut tx = app.store.read(&asked.tenant.id).await?;
    let numbers: BTreeSet<String> = records::numbers(&mut tx, &grant.registry).await?.into_iter().collect();
    // A register without records has had no table.
    let known: BTreeSet<String> = if numbers.is_empty() {
        BTreeSet::new()
    } else {
        events::keys_beginning(&mut tx, &format!("import:{}:", asked.import.name)).await?.into_iter().collect()
    };
    tx.commit().await?;
    let mut new = Vec::with_capacity(good.len());
    for one in good {
        let number = one.taken.record.number.clone().unwrap_or_default();
        if known.contains(&key_of(asked.import, &one.taken)) {
            judged.before += 1;
        } else if numbers.contains(&number) {
            let (line, column) = (one.line, asked.import.number.clone().unwrap_or_default());
            judged.bad.push(BadRow { line, value: number.clone(), number, column, why: Why::NumberTaken });
        } else {
            new.push(one);
        }
    }
    judged.good = new.into();
    Ok(())
}

/// Why a row is not taken over, in words.
pub fn in_words(words: &ui_gen::Words, service: &Arc<Service>, bad: &BadRow) -> String {
    let say = |key: &str, n: &str| words.say(&format!("import.{key}"), &[("n", n)]);
    match &bad.why {
        Why::Cell(Wrong::Answer(path, problem)) => {
            let field = service.form.at(path);
            field.map_or_else(
                || problem.word().to_owned(),
                |field| ui_gen::from_engine::say::problem(words, field, problem),
            )
        }
        Why::Cell(Wrong::Check(text)) => text.clone(),
        Why::Cell(Wrong::NotAnAmount) => say("not_an_amount", ""),
        Why::Cell(Wrong::OwedBelowZero) => say("owed_below_zero", ""),
        Why::Cell(Wrong::CollectedTooMuch) => say("collected_too_much", ""),
        Why::Cell(Wrong::NotADay) => say("not_a_day", ""),
        Why::Cell(Wrong::NotAPhone) => say("not_a_phone", ""),
        Why::Cell(Wrong::NoNumber) => say("no_number", ""),
        Why::Cell(Wrong::NotANumber) => say("not_a_number", ""),
        Why::Cell(Wrong::DrawnNumber) => say("drawn_number", ""),
        Why::Differs(line) => say("differs", &line.to_string()),
        Why::Twice(line) => say("twice", &line.to_string()),
        Why::NumberTaken => say("number_taken", ""),
    }
}

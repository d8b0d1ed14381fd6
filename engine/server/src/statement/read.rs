//! Reading statements, as banks write them: one that is not of the account, or has a line that cannot be read, is
//! refused as a whole.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use engine::base::{Day, Money};
use engine::form;
use serde::Deserialize;

use crate::import::table::{Row, Table};

/// An account at a bank, and how the bank writes its statements.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// The number of the account, as the statements write it.
    pub account: String,
    /// The modes of payment whose money comes in here.
    pub modes: Vec<String>,
    /// What stands above the columns.
    pub columns: Columns,
}

/// The headings of a statement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The day on which money moved.
    pub day: String,
    /// What came in; or what moved, with `Cr` or `Dr` behind it.
    pub credited: String,
    /// What went out, where it has a column of its own.
    pub debited: Option<String>,
    /// Where references stand: narration, number of the cheque.
    pub words: Vec<String>,
    /// The number of the account, where each line says it. Otherwise it stands above the headings.
    pub account: Option<String>,
    /// What is on the account afterwards. It tells two lines apart that are alike otherwise.
    pub balance: Option<String>,
}

impl Columns {
    fn headings(&self) -> Vec<&str> {
        let some = [&self.debited, &self.account, &self.balance].into_iter().flatten();
        [&self.day, &self.credited].into_iter().chain(&self.words).chain(some).map(String::as_str).collect()
    }
}

impl Bank {
    /// Reads the description of an account.
    ///
    /// # Errors
    /// When it cannot be read, or leaves out what is needed.
    pub fn read(path: &Path) -> Result<Self> {
        let reading = || format!("reading {}", path.display());
        let text = std::fs::read_to_string(path).with_context(reading)?;
        let bank: Self = serde_yaml::from_str(&text).with_context(reading)?;
        ensure!(!squeezed(&bank.account).is_empty(), "{}: `account` is the number of the account", path.display());
        ensure!(!bank.modes.is_empty(), "{}: `modes` names at least one mode of payment", path.display());
        ensure!(!bank.columns.words.is_empty(), "{}: `words` names at least one column", path.display());
        Ok(bank)
    }
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file, as it was named.
    pub file: String,
    /// The line in it, counted from 1.
    pub line: usize,
    /// The day on which it came.
    pub day: Day,
    /// How much; more than nothing.
    pub amount: Money,
    /// What the bank says of it.
    pub words: String,
}

/// What makes a line the same as another: day, paise, words, balance.
type Same = (Day, i64, String, String);

/// What one or several files say.
#[derive(Debug, Default)]
pub struct Statement {
    /// What came in, each line once.
    pub lines: Vec<Line>,
    /// How many lines tell of money that went out: they are not looked at.
    pub debited: usize,
    /// How many lines had been there before, in the same file or in another.
    pub repeated: usize,
    seen: BTreeSet<Same>,
}

impl Statement {
    /// Reads statements of an account; a line that several have counts once.
    ///
    /// # Errors
    /// When one is not of this account, is not in UTF-8, or has a line that cannot be read. Says which, and what
    /// to do.
    pub fn read(files: &[PathBuf], bank: &Bank) -> Result<Self> {
        let mut statement = Self::default();
        for file in files {
            statement.add(file, bank).with_context(|| file.display().to_string())?;
        }
        Ok(statement)
    }

    /// The first and the last day on which money moved; nothing where none did.
    pub fn days(&self) -> Option<(Day, Day)> {
        Some((self.seen.first()?.0, self.seen.last()?.0))
    }

    fn add(&mut self, file: &Path, bank: &Bank) -> Result<()> {
        let columns = &bank.columns;
        let (above, table) = Table::read(file, None)?.below(&columns.headings())?;
        let places = table.places(&columns.headings())?;
        let own = squeezed(&bank.account);
        if columns.account.is_none() {
            let named = above.iter().flat_map(|cell| cell.split([' ', ':'])).any(|word| squeezed(word) == own);
            ensure!(
                named || above.iter().any(|cell| squeezed(cell) == own),
                "above its headings stands nothing of the account {}: give the statement of this account, or name in \
                 `columns` the column `account`",
                bank.account
            );
        }
        let name = file.display().to_string();
        for (line, row) in &table.rows {
            let Some((day, moved)) = moved(row, &places, bank).with_context(|| format!("line {line}"))? else {
                continue;
            };
            let words = columns.words.iter().map(|column| cell(row, &places, column));
            let words = words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
            let balance = maybe_cell(row, &places, columns.balance.as_ref()).to_owned();
            if !self.seen.insert((day, moved.paise(), words.clone(), balance)) {
                self.repeated += 1;
            } else if moved.is_negative() {
                self.debited += 1;
            } else {
                self.lines.push(Line { file: name.clone(), line: *line, day, amount: moved, words });
            }
        }
        Ok(())
    }
}

type Places<'a> = [(&'a str, usize)];

fn cell<'r>(row: &'r Row, places: &Places<'_>, column: &str) -> &'r str {
    places.iter().find(|(known, _)| *known == column).map_or("", |(_, at)| row.cell(*at))
}

fn maybe_cell<'r>(row: &'r Row, places: &Places<'_>, column: Option<&String>) -> &'r str {
    column.map_or("", |column| cell(row, places, column))
}

/// What a row moved, and when: more than nothing came in, less than nothing went out. Rows that move nothing, as of
/// balances brought forward and what stands below the lines, are none.
fn moved(row: &Row, places: &Places<'_>, bank: &Bank) -> Result<Option<(Day, Money)>> {
    let columns = &bank.columns;
    let credited = amount(cell(row, places, &columns.credited), true)?;
    let debited = amount(maybe_cell(row, places, columns.debited.as_ref()), false)?;
    if credited.is_zero() && debited.is_zero() {
        return Ok(None);
    }
    ensure!(
        credited.is_zero() || debited.is_zero(),
        "money came in and went out by one line: look whether `credited` and `debited` name the right columns"
    );
    if let Some(column) = &columns.account {
        let account = cell(row, places, column);
        ensure!(
            squeezed(account) == squeezed(&bank.account),
            "this is of the account `{account}` and not of {}: give the statement of this account",
            bank.account
        );
    }
    let written = cell(row, places, &columns.day);
    let day = day(written).with_context(|| format!("`{written}` is no day: write it as 15/03/2027"))?;
    Ok(Some((day, credited + debited)))
}

/// An amount as banks write it: 1,00,000.50, ₹ 250.00 Cr; less than nothing if it went out. The column says which
/// way money went, unless the amount does.
fn amount(written: &str, comes_in: bool) -> Result<Money> {
    let lower = written.to_lowercase();
    let text = lower.trim_end_matches(['.', ')', ' ']);
    let (text, comes_in) = match (text.strip_suffix("cr"), text.strip_suffix("dr")) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => (text, comes_in),
    };
    let text = text.trim_end_matches(['(', ' ']);
    let text = text.strip_prefix("inr").unwrap_or(text).trim_start();
    if text.is_empty() || text == "-" {
        return Ok(Money::ZERO);
    }
    let amount = form::amount(text).filter(|amount| !amount.is_negative() && in_groups(text));
    let amount = amount.with_context(|| format!("`{written}` is no amount: write it as 1,00,000.50"))?;
    Ok(if comes_in { amount } else { -amount })
}

/// Whether the last comma, if there is one, stands before three digits: elsewhere 250,50 is 250 and a half.
fn in_groups(text: &str) -> bool {
    text.rsplit_once(',').is_none_or(|(_, rest)| rest.chars().take_while(|c| c.is_numeric()).count() == 3)
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day as banks write it: as people do, with the hour behind it, 15/03/27, 15-Mar-2027.
fn day(written: &str) -> Option<Day> {
    let first = written.split_whitespace().next().unwrap_or_default();
    form::day(first).or_else(|| {
        let mut parts = written.split([' ', '-', '/', '.', ',']).filter(|part| !part.is_empty());
        let (day, month, year) = (parts.next()?, parts.next()?.to_lowercase(), parts.next()?);
        let named = MONTHS.iter().position(|name| month.starts_with(name));
        let month = named.map_or(month, |at| (at + 1).to_string());
        let century = if year.len() == 2 { "20" } else { "" };
        form::day(&format!("{day}/{month}/{century}{year}"))
    })
}

/// Letters and digits alone, in capitals and without zeros in front: as a bank and a clerk would agree on it.
pub(super) fn squeezed(text: &str) -> String {
    let kept: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    kept.trim_start_matches('0').to_owned()
}

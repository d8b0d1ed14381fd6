//! Registers that were kept elsewhere: their tables are read by a description that says which column
//! answers which question, and what is owed. What cannot be right is said, row by row.

mod check;
pub mod checks;
mod row;
pub(crate) mod yaml;

pub use check::{check_all, find};
pub use row::{Cells, Taken, Wrong, WrongCell};

use std::collections::BTreeMap;

use crate::base::{Day, Name};
use crate::rule::Condition;

/// A description of a table.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file's name without `.yaml`.
    pub name: Name,
    /// What the table is.
    pub title: String,
    /// The grant by which records are made.
    pub grant: Name,
    /// Where the case of a record stands on which something is owed.
    pub owing: Name,
    /// Where it stands otherwise.
    pub settled: Name,
    /// The column with the number of the record.
    pub number: Option<String>,
    /// The column with the holder's mobile number.
    pub holder: Option<String>,
    /// The column with the day since which the record holds.
    pub since: Option<String>,
    answers: Vec<Answer>,
    amounts: Vec<(Name, String)>,
    owed: Vec<OwedFrom>,
    checks: Vec<RowCheck>,
}

/// Where the answer to a question comes from.
#[derive(Clone, Debug)]
struct Answer {
    /// Its names from the outside in, as in `owners.owner.name`.
    path: Vec<Name>,
    /// Whether the outermost question is a repeated group: each row answers one item.
    repeated: bool,
    from: From,
    means: BTreeMap<String, String>,
}

#[derive(Clone, Debug)]
enum From {
    Column(String),
    Always(String),
}

/// The columns with what is owed from one period.
#[derive(Clone, Debug)]
struct OwedFrom {
    day: Day,
    heads: Vec<(Name, String)>,
    collected: Option<String>,
}

/// What must hold of the amounts of a row.
#[derive(Clone, Debug)]
struct RowCheck {
    that: Condition,
    otherwise: String,
}

impl Import {
    /// Whether rows of one number may each bring an item of a repeated group.
    pub fn has_repeated(&self) -> bool {
        self.answers.iter().any(|answer| answer.repeated)
    }

    /// The columns that say one thing of a record, in whichever of its rows: all but those of repeated groups.
    pub fn once_a_record(&self) -> Vec<&str> {
        let repeated = |column: &&str| {
            let of = |answer: &&Answer| matches!(&answer.from, From::Column(own) if own == column);
            self.answers.iter().filter(of).any(|answer| answer.repeated)
        };
        self.columns().into_iter().filter(|column| !repeated(column)).collect()
    }

    /// The headings of all columns that it reads, each once, in the order of the description.
    pub fn columns(&self) -> Vec<&str> {
        let own = [&self.number, &self.holder, &self.since].into_iter().flatten().map(String::as_str);
        let answers = self.answers.iter().filter_map(|answer| match &answer.from {
            From::Column(column) => Some(column.as_str()),
            From::Always(_) => None,
        });
        let amounts = self.amounts.iter().map(|(_, column)| column.as_str());
        let owed = self.owed.iter().flat_map(|owed| owed.heads.iter().map(|(_, column)| column).chain(&owed.collected));
        let owed = owed.map(String::as_str);
        let mut columns = Vec::new();
        for column in own.chain(answers).chain(amounts).chain(owed) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }
}

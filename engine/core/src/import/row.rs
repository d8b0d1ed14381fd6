//! From the cells of a row to a record that can be taken over, or to what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map as JsonMap, Value as Json};

use super::{Answer, From, Import};
use crate::base::{Answers, Day, Money, Name};
use crate::case::{Owed, TakeOver, takeover};
use crate::form::{self, Ctx, Field, Form, Kind, Options, Problem};
use crate::list::List;
use crate::rule::Facts;

/// One row of a table: the words of its cells by heading.
pub type Cells = BTreeMap<String, String>;

/// A record that can be taken over.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The mobile number of the holder, ten digits.
    pub mobile: Option<String>,
    /// The rest.
    pub record: TakeOver,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongCell {
    /// Which of the rows of the record, counted from 0.
    pub row: usize,
    /// The heading; empty where it is about the whole row.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why it will not do.
    pub wrong: Wrong,
}

/// Why a cell will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The form does not accept it as an answer to this question.
    Answer(String, Problem),
    /// It is no amount of money.
    NotAnAmount,
    /// Less than nothing would be owed.
    OwedBelowZero,
    /// More was collected than was demanded.
    CollectedTooMuch,
    /// It is no day.
    NotADay,
    /// It is no mobile number.
    NotAPhone,
    /// The record has no number.
    NoNumber,
    /// It is a number as they are drawn here, and would be given again.
    DrawnNumber,
    /// It is longer than any number, or has letters that numbers do not have.
    NotANumber,
    /// A check of the description does not hold; its words.
    Check(String),
}

impl Import {
    /// The record that `rows` describe, `source` being the name of the rows. All of what is wrong is said.
    ///
    /// # Errors
    /// Every cell that will not do.
    pub fn record(
        &self,
        form: &Form,
        draws_such: impl Fn(&str) -> bool,
        rows: &[Cells],
        source: String,
        ctx: &Ctx<'_>,
    ) -> Result<Taken, Vec<WrongCell>> {
        let mut reading = Reading { rows, wrong: Vec::new() };
        let number = self.number.as_ref().and_then(|column| reading.number(column, &draws_such));
        let mobile = self.holder.as_ref().and_then(|column| reading.mobile(column));
        let since = self.since.as_ref().and_then(|column| reading.day(column));
        self.check(&mut reading, ctx);
        let mut owed = Vec::new();
        for from in &self.owed {
            let mut heads: Vec<(Name, Money)> =
                from.heads.iter().map(|(head, column)| (head.clone(), reading.amount(0, column))).collect();
            if let Some(column) = &from.collected
                && !divided(&mut heads, reading.amount(0, column))
            {
                reading.says(0, column, Wrong::CollectedTooMuch);
                continue;
            }
            let total: Money = heads.iter().map(|(_, amount)| *amount).sum();
            if total.is_negative() {
                let column = from.heads.first().map_or("", |(_, column)| column);
                reading.says(0, column, Wrong::OwedBelowZero);
            } else if !total.is_zero() {
                owed.push(Owed { day: from.day, heads });
            }
        }
        let answers = self.answers(form, &mut reading, ctx);
        if !reading.wrong.is_empty() {
            return Err(reading.wrong);
        }
        let (grant, owing, settled) = (self.grant.clone(), self.owing.clone(), self.settled.clone());
        Ok(Taken { mobile, record: TakeOver { grant, number, since, answers, owed, owing, settled, source } })
    }

    fn check(&self, reading: &mut Reading<'_>, ctx: &Ctx<'_>) {
        if self.checks.is_empty() {
            return;
        }
        let mut facts = Facts::new();
        for (name, column) in &self.amounts {
            let amount = reading.amount(0, column);
            facts.insert(name.as_str().into(), amount.rupees().into());
        }
        for check in &self.checks {
            if !check.that.holds(&facts, ctx.today, ctx.lists).unwrap_or(false) {
                reading.says(0, "", Wrong::Check(check.otherwise.clone()));
            }
        }
    }

    /// The answers of all rows, as far as they are given.
    fn answers(&self, form: &Form, reading: &mut Reading<'_>, ctx: &Ctx<'_>) -> Answers {
        let (mut pairs, mut items) = (Vec::new(), Items::default());
        for answer in &self.answers {
            let rows = if answer.repeated { reading.rows.len() } else { 1 };
            for row in 0..rows {
                let Some(typed) = answer.typed(&reading.rows[row]) else { continue };
                let (path, field) = items.path(answer, row, form);
                let typed = field.map_or(typed.clone(), |field| meant(field, &typed, ctx.places));
                pairs.push((path, typed));
            }
        }
        items.close_up(&mut pairs);
        let mut given = JsonMap::new();
        for page in &form.pages {
            let asked: BTreeSet<&str> = page.fields.iter().map(|field| field.name.as_str()).collect();
            let outermost = |name: &'_ str| name.split('.').next().unwrap_or_default().len();
            let own = pairs.iter().filter(|(name, _)| asked.contains(&name[..outermost(name)]));
            let own: Vec<(String, String)> = own.cloned().collect();
            if let Json::Object(answers) = form::from_pairs(&page.fields, &own, &Answers::default()) {
                given.extend(answers);
            }
        }
        match form::accept_known(form, &Json::Object(given), ctx) {
            Ok(answers) => answers,
            Err(errors) => {
                for error in errors {
                    let (row, column) = self.cell_of(&error.path, &items);
                    reading.says(row, &column, Wrong::Answer(error.path, error.problem));
                }
                Answers::default()
            }
        }
    }

    /// The cell that an error at `path` is about.
    fn cell_of(&self, path: &str, items: &Items) -> (usize, String) {
        let is_index = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let names: Vec<&str> = path.split('.').filter(|part| !is_index(part)).collect();
        let index = path.split('.').find(is_index).and_then(|index| index.parse::<usize>().ok());
        let row = index.map_or(0, |index| items.row_of(names[0], index));
        let fits = |answer: &&Answer| answer.path.iter().zip(&names).all(|(own, name)| *own == **name);
        let column = self.answers.iter().filter(fits).find_map(|answer| match &answer.from {
            From::Column(column) => Some(column.clone()),
            From::Always(_) => None,
        });
        (row, column.unwrap_or_default())
    }
}

/// Takes what was collected off the heads: those that lower the bill first, in full, which adds to the money;
/// then the others in their order. Whether no money is left over.
fn divided(heads: &mut [(Name, Money)], collected: Money) -> bool {
    if collected.paise() <= 0 {
        return collected.is_zero();
    }
    let mut left = collected;
    for (_, amount) in heads.iter_mut().filter(|(_, amount)| amount.is_negative()) {
        left = left - *amount;
        *amount = Money::ZERO;
    }
    for (_, amount) in heads {
        let part = Money::min(*amount, left);
        *amount = *amount - part;
        left = left - part;
    }
    left.is_zero()
}

impl Answer {
    /// What stands in the cell, with what its word means; nothing if it is empty.
    fn typed(&self, cells: &Cells) -> Option<String> {
        let typed = match &self.from {
            From::Column(column) => cells.get(column).map_or("", |cell| cell.trim()),
            From::Always(always) => always,
        };
        if let Some(meant) = self.means.get(typed) {
            return Some(meant.clone()).filter(|meant| !meant.is_empty());
        }
        (!typed.is_empty()).then(|| typed.to_owned())
    }
}

/// Which row answers which item of a repeated group: rows that say nothing of the group have no item.
#[derive(Default)]
struct Items {
    rows: BTreeMap<String, Vec<usize>>,
}

impl Items {
    /// The dotted path of an answer of `row`, and its question. Items are numbered by rows at first.
    fn path<'a>(&mut self, answer: &Answer, row: usize, form: &'a Form) -> (String, Option<&'a Field>) {
        let outermost = answer.path[0].as_str();
        if answer.repeated {
            let rows = self.rows.entry(outermost.to_owned()).or_default();
            // What is the same for every row makes no item by itself.
            if !rows.contains(&row) && matches!(answer.from, From::Column(_)) {
                rows.push(row);
            }
        }
        let mut path = outermost.to_owned();
        let mut field = form.field(outermost);
        if answer.repeated {
            let _ = write!(path, ".{row}");
        }
        for name in &answer.path[1..] {
            path.push('.');
            path.push_str(name);
            field =
                field.and_then(|field| inside(field)).and_then(|fields| fields.iter().find(|one| one.name == *name));
        }
        (path, field)
    }

    /// Numbers the items of each group without gaps, and drops those that only have what is always so.
    fn close_up(&mut self, pairs: &mut Vec<(String, String)>) {
        self.rows.values_mut().for_each(|rows| rows.sort_unstable());
        pairs.retain_mut(|(path, _)| {
            let mut parts = path.splitn(3, '.');
            let (Some(group), Some(row), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return true };
            let (Some(rows), Ok(row)) = (self.rows.get(group), row.parse::<usize>()) else { return true };
            let Some(item) = rows.iter().position(|known| *known == row) else { return false };
            *path = format!("{group}.{item}.{rest}");
            true
        });
    }

    fn row_of(&self, group: &str, item: usize) -> usize {
        self.rows.get(group).and_then(|rows| rows.get(item)).copied().unwrap_or(0)
    }
}

fn inside(field: &Field) -> Option<&[Field]> {
    match &field.kind {
        Kind::Group { fields } | Kind::List { fields, .. } => Some(fields),
        _ => None,
    }
}

/// What a word of a table means as an answer: a table often has the words of an option, or the name of a
/// place, where the form has its code.
fn meant(field: &Field, typed: &str, places: &List) -> String {
    // A town has hundreds of places, and a table a hundred thousand rows: nothing is made of a word that is not it.
    let same_word = |word: &String| lower(word).eq(lower(typed));
    let same =
        |label: &crate::base::Text| std::iter::once(&label.written).chain(label.translations.values()).any(same_word);
    let code = match &field.kind {
        Kind::Choice { options: Options::Here(options) } if !options.iter().any(|(code, _)| code == typed) => {
            options.iter().find(|(_, label)| same(label)).map(|(code, _)| code.clone())
        }
        Kind::Choice { options: Options::List(list) } if list.get(typed).is_none() => {
            list.entries.iter().find(|entry| !entry.has_children && same(&entry.label)).map(|entry| entry.code.clone())
        }
        Kind::Place { level } if places.get(typed).is_none() => {
            let of_level = places.entries.iter().filter(|entry| entry.level() == Some(level.as_str()));
            of_level.into_iter().find(|entry| same(&entry.label)).map(|entry| entry.code.clone())
        }
        Kind::YesNo | Kind::Declaration => match typed.to_lowercase().as_str() {
            "y" | "yes" | "true" | "1" | "हाँ" | "हां" => Some("yes".to_owned()),
            "n" | "no" | "false" | "0" | "नहीं" => Some("no".to_owned()),
            _ => None,
        },
        _ => None,
    };
    code.unwrap_or_else(|| typed.to_owned())
}

fn lower(word: &str) -> impl Iterator<Item = char> {
    word.chars().flat_map(char::to_lowercase)
}

/// The rows of a record while they are read.
struct Reading<'a> {
    rows: &'a [Cells],
    wrong: Vec<WrongCell>,
}

impl Reading<'_> {
    fn cell(&self, row: usize, column: &str) -> &str {
        self.rows[row].get(column).map_or("", |cell| cell.trim())
    }

    fn says(&mut self, row: usize, column: &str, wrong: Wrong) {
        let value = if column.is_empty() { String::new() } else { self.cell(row, column).to_owned() };
        self.wrong.push(WrongCell { row, column: column.to_owned(), value, wrong });
    }

    fn number(&mut self, column: &str, draws_such: &impl Fn(&str) -> bool) -> Option<String> {
        let number = self.cell(0, column).to_owned();
        let wrong = if number.is_empty() {
            Wrong::NoNumber
        } else if !takeover::may_be_number(&number) {
            Wrong::NotANumber
        } else if draws_such(&number) {
            Wrong::DrawnNumber
        } else {
            return Some(number);
        };
        self.says(0, column, wrong);
        None
    }

    fn mobile(&mut self, column: &str) -> Option<String> {
        let typed = self.cell(0, column);
        if typed.is_empty() {
            return None;
        }
        let mobile = form::mobile(typed);
        if mobile.is_none() {
            self.says(0, column, Wrong::NotAPhone);
        }
        mobile
    }

    fn day(&mut self, column: &str) -> Option<Day> {
        let typed = self.cell(0, column);
        if typed.is_empty() {
            return None;
        }
        let day = form::day(typed);
        if day.is_none() {
            self.says(0, column, Wrong::NotADay);
        }
        day
    }

    /// An amount of a row; nothing for an empty cell, or for one that is said to be wrong.
    fn amount(&mut self, row: usize, column: &str) -> Money {
        let typed = self.cell(row, column);
        if typed.is_empty() || typed == "-" {
            return Money::ZERO;
        }
        let amount = form::amount(typed);
        amount.unwrap_or_else(|| {
            if !self.wrong.iter().any(|known| known.row == row && known.column == column) {
                self.says(row, column, Wrong::NotAnAmount);
            }
            Money::ZERO
        })
    }
}

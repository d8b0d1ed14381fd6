//! What a bank says came in, held against the receipts that were given for it.
//!
//! Nothing is kept and nothing is booked: what is told is made anew of the statements and the books whenever it is
//! asked for. So a statement may be given as often as somebody likes, and with others that overlap it.

mod read;

use std::collections::BTreeMap;

use engine::base::date::add_days;
use engine::base::{Day, Money, limits};

use crate::store::receipts::{self, Banked};
use crate::store::{self, Tx};
pub use read::{Bank, Columns, Line, Statement};

/// What became of a statement.
#[derive(Debug, Default)]
pub struct Compared {
    /// Money, and the receipts that were given for it: one, or all of one reference.
    pub matched: Vec<(Line, Vec<Banked>)>,
    /// Money for which there is no receipt, in the order of the statement.
    pub without_receipt: Vec<Line>,
    /// Receipts of the days of the statement whose money is not in it, in the order of their days.
    pub without_money: Vec<Banked>,
}

/// The receipts whose money may stand in a statement of these days. A cheque comes in days after its receipt was
/// given, and some money before it was given: so they are of the days around it as well.
///
/// # Errors
/// When the store cannot be read.
pub async fn receipts_around(tx: &mut Tx, bank: &Bank, (first, last): (Day, Day)) -> store::Result<Vec<Banked>> {
    let (from, until) = (add_days(first, -limits::INSTRUMENT_DAYS), add_days(last, limits::INSTRUMENT_DAYS));
    let mut given = receipts::banked(tx, from, until).await?;
    given.retain(|receipt| bank.modes.contains(&receipt.mode));
    Ok(given)
}

/// Finds the receipts of every line, each once: by a reference that stands in its words, and by the amount.
pub fn compare(lines: Vec<Line>, (first, last): (Day, Day), given: Vec<Banked>) -> Compared {
    let mut open = Open::of(given);
    let mut compared = Compared::default();
    for line in lines {
        match open.take(&line) {
            Some(receipts) => compared.matched.push((line, receipts)),
            None => compared.without_receipt.push(line),
        }
    }
    compared.without_money = open.given.into_iter().flatten().filter(|r| first <= r.on && r.on <= last).collect();
    compared
}

/// Receipts whose money was not found yet.
struct Open {
    /// In the order of their days; nothing in the place of one whose money was found.
    given: Vec<Option<Banked>>,
    /// Their places by what a bank may call them.
    by_reference: BTreeMap<String, Vec<usize>>,
}

impl Open {
    fn of(given: Vec<Banked>) -> Self {
        let mut by_reference: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, receipt) in given.iter().enumerate() {
            for name in names(&receipt.reference) {
                by_reference.entry(name).or_default().push(at);
            }
        }
        Self { given: given.into_iter().map(Some).collect(), by_reference }
    }

    /// The receipts for which the money of a line came: one of this amount, or all of a reference that make it up.
    fn take(&mut self, line: &Line) -> Option<Vec<Banked>> {
        let given = &mut self.given;
        for piece in pieces(&line.words) {
            let Some(places) = self.by_reference.get_mut(&piece) else { continue };
            places.retain(|at| given[*at].is_some());
            let amount = |at: &usize| given[*at].as_ref().map_or(Money::ZERO, |receipt| receipt.amount);
            let fitting = match places.iter().find(|at| amount(at) == line.amount) {
                Some(one) => vec![*one],
                None if !places.is_empty() && places.iter().map(amount).sum::<Money>() == line.amount => places.clone(),
                None => continue,
            };
            return Some(fitting.into_iter().filter_map(|at| given[at].take()).collect());
        }
        None
    }
}

/// The fewest letters and digits of a part of a reference that tells it from others.
const TELLING: usize = 6;

/// What a bank may call a receipt's reference: the whole of it, and the long numbers in it.
fn names(reference: &str) -> Vec<String> {
    let telling = |piece: &String| piece.len() >= TELLING && piece.bytes().any(|byte| byte.is_ascii_digit());
    let mut names: Vec<String> = pieces(reference).filter(telling).collect();
    names.push(read::squeezed(reference));
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}

/// Every part of a text that may be a reference: what stands between spaces and strokes, and each word of that.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let coarse = text.split(|c: char| c.is_whitespace() || matches!(c, '/' | ':' | ',' | ';' | '*' | '|'));
    let fine = text.split(|c: char| !c.is_ascii_alphanumeric());
    coarse.chain(fine).map(read::squeezed).filter(|piece| !piece.is_empty())
}

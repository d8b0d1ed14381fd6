//! Every number that was received is in one state, to which its moves brought it; none is used twice, and each that
//! was used names the event of the case that used it.

use std::collections::BTreeMap;

use super::super::error::Result;
use super::super::stocks::{self, Kind, Move, STORE, State};
use super::super::tx::Tx;
use super::{Finding, Gather};

/// A number: the stock, what stands before its digits, and what they say.
type Key = (String, String, i64);

/// Where a number stands, who holds it, and the move that brought it there.
type Stand = (State, String, i64);

pub(super) async fn check(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("stocks", "stock_moves");
    let (mut stands, mut moves): (BTreeMap<Key, Stand>, BTreeMap<i64, Move>) = (BTreeMap::new(), BTreeMap::new());
    tx.each(stocks::select_all(), Vec::new(), |row| {
        match stocks::read_move(row) {
            Ok(made) => {
                if let Some(what) = wrong(&made, &moves).or_else(|| follow(&made, &mut stands)) {
                    bad.add(made.seq.to_string(), what);
                }
                moves.insert(made.seq, made);
            }
            Err(error) => bad.add(row.int(0)?.to_string(), error.to_string()),
        }
        Ok(())
    })
    .await?;
    let sql = "select m.seq from stock_moves m left join events e on e.tenant = m.tenant and e.seq = m.seq \
               where m.tenant = $1 and (e.seq is null or coalesce(e.case_id, '') <> coalesce(m.case_id, '')) order by m.seq";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        bad.add(row.int(0)?.to_string(), "no event of its case has this number");
        Ok(())
    })
    .await?;
    bad.end(findings);
    numbers(tx, stands, findings).await
}

/// What is wrong with a move by itself, or as the answer to another.
fn wrong(made: &Move, moves: &BTreeMap<i64, Move>) -> Option<String> {
    let other = moves.get(&made.seq);
    if other.is_some_and(|other| (other.kind, made.kind) != (Kind::Used, Kind::Used)) {
        return Some("is another move of an event that moves one range".to_owned());
    }
    let asked = made.of.and_then(|of| moves.get(&of));
    let answers = match made.kind {
        Kind::Taken | Kind::Returned => Some(Kind::Sent),
        Kind::WrittenOff | Kind::Kept => Some(Kind::Asked),
        Kind::Received | Kind::Sent | Kind::Asked | Kind::Used => None,
    };
    if asked.map(|asked| asked.kind) != answers {
        return Some("answers no move that it could answer".to_owned());
    }
    if (made.kind == Kind::Used) != made.case.is_some() {
        return Some("a number is used by a case, and only used by one".to_owned());
    }
    let asked = asked?;
    if (&asked.stock, &asked.range, &asked.holder) != (&made.stock, &made.range, &made.holder) {
        return Some(format!("is about other numbers than move {}, which it answers", asked.seq));
    }
    let alone = made.kind == Kind::WrittenOff && made.person == asked.person;
    alone.then(|| format!("{} asked for it, and agreed to it", made.person))
}

/// Brings numbers where a move brings them; what is in the way, if anything is.
fn follow(made: &Move, stands: &mut BTreeMap<Key, Stand>) -> Option<String> {
    let (before, after) = made.kind.states();
    let holder: &str = match made.kind {
        Kind::Received => STORE,
        Kind::Taken => made.taker.as_deref().unwrap_or(made.holder.as_str()),
        _ => made.holder.as_str(),
    };
    let mut what = None;
    for serial in made.range.first..=made.range.last {
        let key = (made.stock.clone(), made.range.prefix.clone(), serial);
        let stood = stands.insert(key, (after, holder.to_owned(), made.seq));
        let fits = match stood {
            None => made.kind == Kind::Received,
            Some((state, had, seq)) => {
                made.kind != Kind::Received
                    && (state, &had) == (before, &made.holder)
                    && made.of.is_none_or(|of| of == seq)
            }
        };
        if !fits && what.is_none() {
            what = Some(format!("{} was not where this begins", made.range.number(serial)));
        }
    }
    what
}

/// The rows of the numbers are what the moves say.
async fn numbers(tx: &mut Tx, mut stands: BTreeMap<Key, Stand>, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("stocks", "stock_numbers");
    let sql = "select stock, prefix, serial, state, holder, seq from stock_numbers where tenant = $1 order by stock, prefix, serial";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let key = (row.text(0)?, row.text(1)?, row.int(2)?);
        let name = format!("{} {}{}", key.0, key.1, key.2);
        let found = (row.text(3)?, row.text(4)?, row.int(5)?);
        match stands.remove(&key) {
            None => bad.add(name, "was never received"),
            Some((state, holder, seq)) if found == (state.word().to_owned(), holder.clone(), seq) => {}
            Some((state, holder, seq)) => {
                let said = format!("{} of `{holder}` by move {seq}", state.word());
                bad.add(name, format!("is {} of `{}` by move {}, and its moves say {said}", found.0, found.1, found.2));
            }
        }
        Ok(())
    })
    .await?;
    for (stock, prefix, serial) in stands.into_keys() {
        bad.add(format!("{stock} {prefix}{serial}"), "was received, and is not there");
    }
    bad.end(findings);
    Ok(())
}

//! Looking into the code lists of the tenant.

use std::rc::Rc;
use std::slice;

use super::bound::Words;
use super::closure::{Code, Maker};
use super::frame::stop;
use super::program::Expr;
use super::value::Value;
use crate::list::List;

impl Maker<'_> {
    /// `listed(list, code, column)`
    pub(super) fn listed(self, list: &Expr, code: &Expr, column: &Expr) -> Code {
        let (list, code, column) = (self.expression(list), self.expression(code), self.expression(column));
        Box::new(move |frame| {
            let (list, code, column) = (list(frame)?, code(frame)?, column(frame)?);
            let words = &frame.bound.words;
            let (name, column) = (stop(list.text(words))?, stop(column.text(words))?);
            let list = stop(frame.lists.iter().find(|one| one.name == name))?;
            let found = stop(words_of(list, &code, column, words))?;
            for word in &found {
                frame.takes_in_item(word)?;
            }
            Ok(Value::Items(Rc::new(found)))
        })
    }
}

/// The words that a list has in a column for a code, or for any of several codes; each once.
fn words_of(list: &List, code: &Value, column: &str, words: &Words) -> Option<Vec<Value>> {
    let codes = match code {
        Value::Nothing => &[],
        Value::Items(codes) => codes.as_slice(),
        code => slice::from_ref(code),
    };
    let mut found: Vec<&str> = Vec::new();
    for code in codes {
        for word in list.get(code.text(words)?)?.attributes.get(column).into_iter().flatten() {
            if !found.contains(&word.as_str()) {
                found.push(word);
            }
        }
    }
    let value = |word: &str| words.find(word).map_or_else(|| Value::Text(word.into()), Value::Word);
    Some(found.into_iter().map(value).collect())
}

//! Looking into the code lists of the tenant.

use std::collections::BTreeSet;

use rhai::{Array, Dynamic, Engine, ImmutableString, NativeCallContext};

use crate::list::List;
use crate::rule::run::{Fallible, Run, fail};

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn(
        "listed",
        |context: NativeCallContext, list: ImmutableString, code: Dynamic, column: ImmutableString| {
            let run = Run::of(&context)?;
            match run.lists.iter().find(|one| one.name == *list) {
                Some(list) => listed(list, &code, &column),
                None => fail(format!("there is no list `{list}`")),
            }
        },
    );
}

fn listed(list: &List, code: &Dynamic, column: &str) -> Fallible<Array> {
    let mut words: Vec<&str> = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut add = |code: &Dynamic| {
        let Ok(code) = code.as_immutable_string_ref() else { return fail("a code of a list is a text") };
        let Some(entry) = list.get(&code) else {
            return fail(format!("the list `{}` has no code `{}`", list.name, *code));
        };
        for word in entry.attributes.get(column).into_iter().flatten() {
            if known.insert(word) {
                words.push(word);
            }
        }
        Ok(())
    };
    match code.read_lock::<Array>() {
        Some(codes) => codes.iter().try_for_each(add)?,
        None if code.is_unit() => {}
        None => add(code)?,
    }
    Ok(words.into_iter().map(|word| Dynamic::from(word.to_owned())).collect())
}

//! What one evaluation of a rule is told, and what it leaves behind.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use rhai::{CallFnOptions, Dynamic, EvalAltResult, EvalContext, NativeCallContext, Position};
use rust_decimal::Decimal;

use super::domain::PERIOD;
use crate::base::limits::ASSESSMENT_STEPS;
use crate::base::{Calendar, Day};
use crate::list::List;

/// The result of a function that rules may call.
pub(crate) type Fallible<T> = Result<T, Box<EvalAltResult>>;

/// A failure with a reason in plain words.
pub(crate) fn fail<T>(reason: impl Into<String>) -> Fallible<T> {
    Err(EvalAltResult::ErrorRuntime(reason.into().into(), Position::NONE).into())
}

/// What an evaluation is told besides its arguments. There is no other way for a rule to learn
/// anything.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) today: Day,
    pub(crate) record: Dynamic,
    /// The period that is billed, for rules of fees that speak of it; nothing where none is.
    pub(crate) period: Option<Dynamic>,
    pub(crate) lists: Vec<Arc<List>>,
    pub(crate) calendar: Arc<Calendar>,
    /// Whether comparing with an answer that is not there is `false` (a `when:`) or a failure (a fee).
    pub(crate) lenient: bool,
    pub(crate) traced: Mutex<Trace>,
}

/// How the result came about.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// Named values in the order in which they were first set.
    pub(crate) steps: Vec<Traced>,
    /// What was looked up and rounded since the last step: it belongs to the next.
    pub(crate) pending: Traced,
    /// What belongs to each head.
    pub(crate) heads: Vec<Traced>,
    /// Branches that were taken, where the rule is followed.
    pub(crate) branches: BTreeSet<usize>,
}

/// A named value, with what was looked up and rounded for it.
#[derive(Debug, Default)]
pub(crate) struct Traced {
    pub(crate) name: String,
    pub(crate) value: String,
    /// Name and value of each rate.
    pub(crate) rates: Vec<(String, String)>,
    pub(crate) rounded: Option<(String, String)>,
}

impl Traced {
    fn take(&mut self, pending: &mut Self) {
        self.rates.append(&mut pending.rates);
        self.rounded = pending.rounded.take().or(self.rounded.take());
    }
}

/// Characters of a value that a step shows.
const SHOWN: usize = 200;

/// A [`Run`] as Rhai carries it.
#[derive(Clone)]
pub(crate) struct Told(pub(crate) Arc<Run>);

impl Run {
    /// Options that hand `run` to the functions called by a rule.
    pub(crate) fn options<'a>(run: &Arc<Self>) -> CallFnOptions<'a> {
        CallFnOptions::new().with_tag(Told(Arc::clone(run)))
    }

    /// The run that a called function belongs to.
    pub(crate) fn of(context: &NativeCallContext) -> Fallible<Arc<Self>> {
        match context.tag().and_then(Dynamic::read_lock::<Told>) {
            Some(told) => Ok(Arc::clone(&told.0)),
            None => fail("this function knows nothing of a case"),
        }
    }

    /// What `name` stands for in every rule, if it does.
    pub(crate) fn variable(name: &str, context: &EvalContext) -> Option<Dynamic> {
        if !matches!(name, "today" | "record" | PERIOD) {
            return None;
        }
        let told = context.tag().read_lock::<Told>()?;
        match name {
            "today" => Some(Dynamic::from(told.0.today)),
            "record" => Some(told.0.record.clone()),
            _ => told.0.period.clone(),
        }
    }

    pub(crate) fn trace(&self) -> MutexGuard<'_, Trace> {
        self.traced.lock().expect("no rule panics while it writes its trace")
    }

    /// A rate was looked up.
    pub(crate) fn used_rate(&self, name: String, value: String) {
        self.trace().pending.rates.push((name, value));
    }

    /// A number was rounded.
    pub(crate) fn rounded(&self, before: Decimal, after: Decimal) {
        self.trace().pending.rounded = Some((before.normalize().to_string(), after.normalize().to_string()));
    }

    /// A name was given a value. Numbers, words, days, truth and arrays of them make a step; what
    /// was looked up for a map or an empty array waits for the step that uses it. A step that
    /// changes (`again`) stands where it changed last.
    pub(crate) fn step(&self, name: &str, value: &Dynamic, again: bool) {
        let Some(value) = shown(value) else { return };
        let trace = &mut *self.trace();
        let at = if again { trace.steps.iter().rposition(|step| step.name == name) } else { None };
        let mut step = match at {
            Some(at) => trace.steps.remove(at),
            None if trace.steps.len() < ASSESSMENT_STEPS => Traced { name: name.to_owned(), ..Traced::default() },
            None => return,
        };
        step.value = value;
        step.take(&mut trace.pending);
        trace.steps.push(step);
    }

    /// What was looked up since the last step belongs to the head `name`.
    pub(crate) fn head(&self, name: &str) {
        let trace = &mut *self.trace();
        let at = trace.heads.iter().position(|head| head.name == name).unwrap_or_else(|| {
            trace.heads.push(Traced { name: name.to_owned(), ..Traced::default() });
            trace.heads.len() - 1
        });
        trace.heads[at].take(&mut trace.pending);
    }
}

/// A value as a step shows it; `None` for maps, for arrays of maps and for nothing.
fn shown(value: &Dynamic) -> Option<String> {
    if let Ok(number) = value.as_int() {
        return Some(number.to_string());
    }
    if let Ok(number) = value.as_decimal() {
        return Some(number.normalize().to_string());
    }
    if let Ok(flag) = value.as_bool() {
        return Some(flag.to_string());
    }
    if let Some(day) = value.read_lock::<Day>() {
        return Some(day.to_string());
    }
    if let Some(items) = value.read_lock::<rhai::Array>() {
        let words: Vec<String> = items.iter().map(shown).collect::<Option<_>>()?;
        return (!words.is_empty()).then(|| short(&words.join(", ")));
    }
    value.as_immutable_string_ref().ok().map(|text| short(&text))
}

fn short(text: &str) -> String {
    if text.chars().count() <= SHOWN { text.to_owned() } else { text.chars().take(SHOWN - 1).chain(['…']).collect() }
}

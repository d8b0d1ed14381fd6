//! `when:` expressions: compiled once, asked often.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rhai::{Dynamic, FnArgsVec, ImmutableString, Scope};

use super::domain::RESERVED;
use super::failure::failed;
use super::inspect::{self, Kind};
use super::place::RuleText;
use super::quick::{Quick, Told};
use super::run::Run;
use super::{Condition, Domain, Facts, RuleFailed, Seen, checks, sandbox, standard, watched};
use crate::base::Day;
use crate::list::List;
use crate::source::{At, Diagnostics};

/// The name of the function that an expression is wrapped into.
const FUNCTION: &str = "holds";

impl Condition {
    /// Compiles an expression whose free words are `known` (names of answers, and `record` where
    /// there is one); `today` is always known. Says what is wrong and gives `None` if something is.
    pub fn compile(source: &At<String>, known: &BTreeSet<String>, out: &mut Diagnostics) -> Option<Self> {
        Self::compile_in(source, &Domain::of_names(known), out)
    }

    /// The same, checked also against what is known of the answers: their options and kinds.
    pub fn compile_in(source: &At<String>, domain: &Domain, out: &mut Diagnostics) -> Option<Self> {
        let text = RuleText::scalar(source);
        let expression = match sandbox::engine().compile_expression(&source.value) {
            Ok(ast) => ast,
            Err(error) => {
                out.push(checks::rule_syntax::diagnostic(&error, &text));
                return None;
            }
        };
        let seen = inspect::expression(&expression, &text, domain);
        let mut clean = seen.found.is_clean();
        out.extend(seen.found);
        if !matches!(seen.gives, Kind::Flag | Kind::Any) {
            out.push(checks::wrong_kind::not_a_condition(text.whole(), &seen.gives));
            clean = false;
        }
        if !clean {
            return None;
        }
        let fields: Vec<String> = seen.reads.into_iter().filter(|name| !RESERVED.contains(&name.as_str())).collect();
        Some(Self {
            source: source.value.clone(),
            at: source.at.clone(),
            fields,
            calendar: Arc::clone(&domain.calendar),
            lists: source.value.contains("listed"),
            quick: Quick::of(expression.statements()).map(Arc::new),
            ast: Arc::new(OnceLock::new()),
        })
    }

    /// Whether it is lowered: what it says can usually be said without the interpreter.
    pub fn is_lowered(&self) -> bool {
        self.quick.is_some()
    }

    /// Whether it holds on the day `today`: [`Self::holds`], quicker. `look` finds an answer by
    /// its name, and what is known of the record by its path (`record`, `valid_until`), if it can;
    /// `facts` are the same answers for the interpreter, which has the last word.
    pub fn asks<'a>(
        &'a self,
        today: Day,
        lists: &'a [Arc<List>],
        look: &dyn Fn(&[ImmutableString]) -> Option<Seen<'a>>,
        facts: impl FnOnce() -> Facts,
    ) -> Result<bool, RuleFailed> {
        match self.quick.as_ref().and_then(|quick| quick.holds(Told { today, lists, look })) {
            Some(holds) => Ok(holds),
            None => self.holds(&facts(), today, lists),
        }
    }

    /// Whether it holds of `facts` on the day `today`, by the interpreter. An answer that is not there equals nothing
    /// and is neither less nor more than anything.
    pub fn holds(&self, facts: &Facts, today: Day, lists: &[Arc<List>]) -> Result<bool, RuleFailed> {
        let run = Arc::new(Run {
            today,
            record: facts.get("record").cloned().unwrap_or_default(),
            lists: if self.lists { lists.to_vec() } else { Vec::new() },
            calendar: Arc::clone(&self.calendar),
            lenient: true,
            ..Run::default()
        });
        let fact = |name: &String| facts.get(name.as_str()).cloned().unwrap_or_default();
        let arguments: FnArgsVec<Dynamic> = self.fields.iter().map(fact).collect();
        let options = Run::options(&run).eval_ast(false);
        let engine = sandbox::engine();
        let result = watched(|| {
            engine.call_fn_with_options::<Dynamic>(
                options,
                &mut Scope::new(),
                self.ast(),
                FUNCTION,
                arguments.into_vec(),
            )
        });
        match result {
            Ok(value) => value.as_bool().map_err(|_| RuleFailed {
                reason: format!("the condition gives {}, not yes or no", standard::what(&value)),
                line: 1,
                column: 1,
            }),
            Err(error) => Err(self.moved_back(failed(&error))),
        }
    }

    fn ast(&self) -> &rhai::AST {
        self.ast.get_or_init(|| {
            let wrapped = format!("{}{}\n}}", prefix(&self.fields), self.source);
            sandbox::engine().compile(wrapped).expect("an expression that compiles is a body that compiles")
        })
    }

    fn moved_back(&self, failure: RuleFailed) -> RuleFailed {
        let before = if failure.line == 1 { prefix(&self.fields).chars().count() } else { 0 };
        RuleFailed { column: failure.column.saturating_sub(before), ..failure }
    }
}

fn prefix(fields: &[String]) -> String {
    format!("fn {FUNCTION}({}) {{ ", fields.join(", "))
}

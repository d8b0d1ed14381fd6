//! The interpreter that rules run in: nothing is allowed but what is listed.
//!
//! It starts empty (`Engine::new_raw`), so there is no `print`, no file, no clock, no chance, no
//! module and none of the functions that take callbacks, which escape the count of operations.

use std::sync::OnceLock;

use rhai::{Engine, OptimizationLevel};

use super::deadline;
use super::run::Run;
use super::standard;
use crate::base::limits;

/// Words and signs of the language that rules do without. A loop runs over something finite, a
/// failure is not caught, nothing is called by a name that is computed.
pub(crate) const FORBIDDEN: &[&str] = &[
    "while",
    "loop",
    "do",
    "until",
    "try",
    "catch",
    "throw",
    "this",
    "eval",
    "print",
    "debug",
    "type_of",
    "Fn",
    "call",
    "curry",
    "is_def_var",
    "is_def_fn",
    "is_shared",
    "import",
    "export",
    "private",
    "exit",
    "global",
    "**",
    "**=",
    "&",
    "^",
    "<<",
    ">>",
    "&=",
    "|=",
    "^=",
    "<<=",
    ">>=",
    "?.",
    "?[",
];

/// Operations between two looks at the clock.
const LOOK_EVERY: u64 = 32;

/// The interpreter of `when:` expressions.
pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(raw)
}

/// A new interpreter with the limits and the standard functions, to which a part may add its own.
pub(crate) fn raw() -> Engine {
    let mut engine = Engine::new_raw();
    engine
        .set_fast_operators(false)
        .set_fail_on_invalid_map_property(true)
        .set_allow_anonymous_fn(false)
        .set_allow_shadowing(true)
        .set_max_operations(limits::RULE_OPERATIONS)
        .set_max_call_levels(limits::RULE_CALLS)
        .set_max_expr_depths(limits::RULE_EXPRESSION_DEPTH, limits::RULE_EXPRESSION_DEPTH)
        .set_max_string_size(limits::RULE_TEXT)
        .set_max_array_size(limits::RULE_ITEMS)
        .set_max_map_size(limits::RULE_ITEMS)
        .set_max_variables(limits::RULE_VARIABLES)
        .set_max_functions(limits::RULE_FUNCTIONS)
        .set_optimization_level(OptimizationLevel::None);
    for word in FORBIDDEN {
        engine.disable_symbol(*word);
    }
    engine.on_progress(|count| (count % LOOK_EVERY == 0 && deadline::is_over()).then_some(rhai::Dynamic::UNIT));
    resolve_variables(&mut engine);
    standard::register(&mut engine);
    engine
}

#[expect(deprecated, reason = "marked so only because it may change; the version is pinned")]
fn resolve_variables(engine: &mut Engine) {
    engine.on_var(|name, _, context| Ok(Run::variable(name, &context)));
}

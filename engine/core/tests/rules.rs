//! Rules: what they compute, what they cannot do, and what is found wrong with them before they run.

mod cost;
mod folder;
mod odd;

#[path = "rules/support.rs"]
mod support;

#[path = "rules/chance.rs"]
mod chance;

#[path = "rules/amounts.rs"]
mod amounts;
#[path = "rules/conditions.rs"]
mod conditions;
#[path = "rules/costs.rs"]
mod costs;
#[path = "rules/diagnostics.rs"]
mod diagnostics;
#[path = "rules/functions.rs"]
mod functions;
#[path = "rules/law.rs"]
mod law;
#[path = "rules/lowering.rs"]
mod lowering;
#[path = "rules/money.rs"]
mod money;
#[path = "rules/noise.rs"]
mod noise;
#[path = "rules/sandbox.rs"]
mod sandbox;
#[path = "rules/tables.rs"]
mod tables;

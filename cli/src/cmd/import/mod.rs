//! `nagar import`: a register that was kept elsewhere, from a table; or what another platform was run with.

mod platform;
mod table;

use std::process::ExitCode;

use anyhow::Result;

/// What `nagar import` is told.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    platform: Option<Platform>,
    #[command(flatten)]
    table: table::Args,
}

/// Other platforms.
#[derive(clap::Subcommand)]
enum Platform {
    /// Make definitions of the workflows and master data of a DIGIT installation.
    Digit(platform::Args),
    /// Make definitions of the configuration of a service made with DIGIT Studio.
    DigitStudio(platform::Args),
}

/// Takes over what is asked.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    match &args.platform {
        Some(Platform::Digit(args)) => platform::run(args, exchange::digit::import, json),
        Some(Platform::DigitStudio(args)) => platform::run(args, exchange::studio::import, json),
        None => table::run(&args.table, json),
    }
}

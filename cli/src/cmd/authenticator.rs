//! `nagar authenticator`: takes the authenticator of a citizen away who has lost it together with the recovery codes.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use server::auth::{factor, otp};
use server::config::Config;
use ui_gen::from_engine::typed::phone;

use super::serve;
use crate::output;

/// What `nagar authenticator` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    of: serve::OfTown,
    /// The mobile number of the citizen, ten digits. The office has seen who it is.
    #[arg(long, value_parser = mobile)]
    mobile: String,
}

/// Reads a mobile number as the pages do.
fn mobile(typed: &str) -> Result<String, String> {
    let mobile = Some(phone(typed)).filter(|mobile| otp::is_mobile(mobile));
    mobile.ok_or_else(|| format!("`{typed}` is no mobile number: write all ten digits"))
}

/// Takes it away and says whether there was one.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.of.config()?;
    serve::runtime()?.block_on(take_away(args, config, json))
}

async fn take_away(args: &Args, config: Config, json: bool) -> Result<ExitCode> {
    let app = serve::open(config, Some(&args.of.tenant)).await?;
    let library = app.library.now();
    let tenant = args.of.town(&library)?;
    let taken = factor::take_away(&app, tenant, &args.mobile).await?;
    if json {
        output::say(&json!({ "taken": taken }).to_string());
    } else if taken {
        output::say("The authenticator is taken away; a code by message signs in again.");
    } else {
        output::say("No citizen with this number has an authenticator.");
    }
    Ok(if taken { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

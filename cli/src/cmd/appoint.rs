//! `nagar appoint`: the administrator of a town, who gives everybody else their posts.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::json;
use server::appoint;
use server::config::Config;

use super::serve;
use crate::output;

/// What `nagar appoint` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    of: serve::OfTown,
    /// What the administrator signs in as: small letters, digits, full stops and hyphens.
    #[arg(long)]
    login: String,
    /// The name, for somebody who does not work there yet.
    #[arg(long, default_value = "")]
    name: String,
    /// How the administrator is known at an identity provider of the configuration: its word there, and the mail
    /// address or the provider's own name for the account, as in `city=kamla@town.example`.
    #[arg(long, value_name = "PROVIDER=NAME")]
    oidc: Option<String>,
}

/// Appoints and prints the first password.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.of.config()?;
    serve::runtime()?.block_on(appoint(args, config, json))
}

async fn appoint(args: &Args, config: Config, json: bool) -> Result<ExitCode> {
    let app = serve::open(config, Some(&args.of.tenant)).await?;
    let library = app.library.now();
    let tenant = args.of.town(&library)?;
    let password = appoint::administrator(&app, tenant, &args.login, &args.name).await?;
    if let Some(known) = &args.oidc {
        let known = known.split_once('=').context("--oidc is written PROVIDER=NAME")?;
        appoint::known_as(&app, tenant, &args.login, known).await?;
    }
    if json {
        let told = json!({ "tenant": tenant.id, "login": args.login, "password": password });
        output::say(&told.to_string());
    } else {
        output::say(&format!("{} is administrator of {} and signs in with {password}", args.login, tenant.id));
        output::say("The password is to be changed at the first sign-in; it is not shown again.");
    }
    Ok(ExitCode::SUCCESS)
}

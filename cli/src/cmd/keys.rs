//! `nagar keys rotate`: another master key, while towns are served. `nagar keys signing`: another key for papers.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use serde_json::json;
use server::auth::keys;
use server::chance::{Chance, Clock};
use server::store::{self, Store, Vault};

use super::place::Place;
use super::serve;
use crate::output;

/// What `nagar keys` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Make another master key, and bring the key of every tenant under it. Run again, it goes on where it stopped.
    Rotate(Rotate),
    /// Make another key that signs papers: nodes sign with it once they are started again, and papers that were signed
    /// before stay proved.
    Signing(Signing),
}

#[derive(clap::Args)]
struct Signing {
    #[command(flatten)]
    place: Place,
}

#[derive(clap::Args)]
struct Rotate {
    #[command(flatten)]
    place: Place,
}

/// Changes a key and prints.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    match &args.what {
        What::Rotate(rotate) => serve::runtime()?.block_on(all(&rotate.place, json)),
        What::Signing(signing) => sign(&signing.place, json),
    }
}

fn sign(place: &Place, json: bool) -> Result<ExitCode> {
    let id = keys::renew_signing(&place.data, &Chance::System)?;
    if json {
        output::say(&json!({ "key": id }).to_string());
    } else {
        output::say(&format!("Papers are signed with {id} by every node that is started from now on."));
        output::say("Leave the *.pub files where they are: they prove the papers that were signed before.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn all(place: &Place, json: bool) -> Result<ExitCode> {
    let store = place.store().await?;
    let masters = keys::rotate(&place.data, &Chance::System)?;
    let vault = Arc::new(Vault::new(masters, Arc::new(|purpose: &[&str]| Chance::System.bytes_for::<32>(purpose))));
    let tenants = store.sealed_tenants().await?;
    let mut changed = 0;
    for tenant in &tenants {
        changed += usize::from(rewrap(&store, &vault, tenant).await.with_context(|| format!("the key of {tenant}"))?);
    }
    let old = keys::rotated(&place.data, Clock::System.now_ms())?;
    if json {
        output::say(
            &json!({ "tenants": tenants.len(), "changed": changed, "old": old.display().to_string() }).to_string(),
        );
    } else {
        output::say(&format!("{changed} keys of {} tenants are under the new master key", tenants.len()));
        output::say(&format!(
            "The one before it is {}: archives of its time need it, and nothing else.",
            old.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn rewrap(store: &Store, vault: &Vault, tenant: &str) -> Result<bool> {
    let mut tx = store.begin(tenant).await?;
    let changed = store::rewrap(&mut tx, vault).await?;
    tx.commit().await?;
    Ok(changed)
}

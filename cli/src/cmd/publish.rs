//! `nagar publish`: makes checked definitions those that every node on a database serves.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::scenario;
use serde_json::json;
use server::chance::Clock;
use server::store::publications::{self, Publication};
use server::store::{EVERYBODY, Store};
use server::{library, published};

use super::check;
use super::serve;
use crate::output;

/// What `nagar publish` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: serve::Installation,
    /// The database, in place of the one in the configuration: `postgres://…` or `sqlite:…`.
    #[arg(long, env = "NAGAR_DATABASE")]
    database: Option<String>,
    /// Say what was published lately, and publish nothing.
    #[arg(long)]
    list: bool,
}

/// Publications that are listed.
const LISTED: i64 = 20;

/// Checks and publishes; 1 if there are errors, and nothing is published.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let mut config = args.installation.config()?;
    if let Some(database) = &args.database {
        config.database = Some(database.clone());
    }
    let database = config.database_or_own();
    if args.list {
        return serve::runtime()?.block_on(list(&database, json));
    }
    let bundle = library::read_folders(&config.definitions)?;
    let (catalogue, mut found) = output::while_working(json, "Checking", || library::check(&bundle));
    scenario::check(&bundle, &catalogue, &library::on_all_cores, &mut found);
    let found = found.sorted();
    let (errors, warnings) = check::counts(&found);
    if errors > 0 {
        if json {
            output::say(&json!({ "errors": errors, "warnings": warnings, "published": false }).to_string());
        } else {
            output::say(&found.render(&bundle, ""));
            output::say(&format!("\nnothing was published: {errors} errors"));
        }
        return Ok(ExitCode::from(1));
    }
    let packed = published::pack(&bundle)?;
    let (publication, new) = serve::runtime()?.block_on(publish(&database, &config.data_dir, &packed))?;
    if json {
        let told = json!({
            "errors": 0, "warnings": warnings, "published": new, "publication": publication.seq, "digest": publication.digest,
        });
        output::say(&told.to_string());
    } else {
        let what = if new { "published" } else { "published before, and served already" };
        output::say(&format!("{what}: {} {}", publication.seq, publication.digest));
    }
    Ok(ExitCode::SUCCESS)
}

async fn publish(database: &str, data: &PathBuf, packed: &published::Packed) -> Result<(Publication, bool)> {
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    let store = Store::open(database).await.context("opening the database")?;
    let person = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let published = published::publish(&store, packed, &person.unwrap_or_default(), Clock::System.now_ms()).await?;
    store.close().await;
    Ok(published)
}

async fn list(database: &str, json: bool) -> Result<ExitCode> {
    let store = Store::open(database).await.context("opening the database")?;
    let latest = publications::latest(&mut store.read(EVERYBODY).await?, LISTED).await?;
    if json {
        let one = |one: &Publication| json!({ "publication": one.seq, "digest": one.digest, "by": one.person, "at_ms": one.at_ms });
        output::say(&json!({ "publications": latest.iter().map(one).collect::<Vec<_>>() }).to_string());
    } else {
        for one in &latest {
            output::say(&format!("{:>6}  {}  {}", one.seq, one.digest, one.person));
        }
    }
    Ok(ExitCode::SUCCESS)
}

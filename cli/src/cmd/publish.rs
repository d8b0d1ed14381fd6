//! `nagar publish`: makes checked definitions those that every node on a database serves.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use engine::scenario;
use engine::source::Bundle;
use serde_json::json;
use server::chance::{Chance, Clock};
use server::config::Config;
use server::published::Proposed;
use server::publishers::{self, Signer};
use server::store::publications::{self, Proposal, Publication};
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
    /// Confirm what another person proposed: the digest, or its first twelve digits at least.
    #[arg(long, value_name = "DIGEST", conflicts_with = "list")]
    confirm: Option<String>,
    /// Who proposes or confirms, as `publication.publishers` in the configuration calls the person.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The file with that person's key.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Make a key for somebody who is to publish, print its public half, and publish nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list", "confirm"])]
    make_key: Option<PathBuf>,
}

/// Publications that are listed.
const LISTED: i64 = 20;

/// Checks and publishes, or proposes where that takes two people; 1 if there are errors, and nothing is published.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    if let Some(path) = &args.make_key {
        return make_key(path, json);
    }
    let mut config = args.installation.config()?;
    if let Some(database) = &args.database {
        config.database = Some(database.clone());
    }
    let database = config.database_or_own();
    if args.list {
        return serve::runtime()?.block_on(list(&database, json));
    }
    if let Some(digest) = &args.confirm {
        return serve::runtime()?.block_on(confirm(&config, &signer(args, &config)?, digest, json));
    }
    let signer = if config.publication.two_people { Some(signer(args, &config)?) } else { None };
    let bundle = library::read_folders(&config.definitions)?;
    let Some(warnings) = checked(&bundle, json) else { return Ok(ExitCode::from(1)) };
    let packed = published::pack(&bundle)?;
    if let Some(signer) = signer {
        return serve::runtime()?.block_on(propose(&config, &packed, &signer, (warnings, json)));
    }
    let (publication, new) = serve::runtime()?.block_on(publish(&config, &packed))?;
    tell(&publication, new, warnings, json);
    Ok(ExitCode::SUCCESS)
}

/// How many warnings there are; none, and what is wrong is told, if there are errors.
fn checked(bundle: &Bundle, json: bool) -> Option<usize> {
    let (catalogue, mut found) = output::while_working(json, "Checking", || library::check(bundle));
    scenario::check(bundle, &catalogue, &library::on_all_cores, &mut found);
    let found = found.sorted();
    let (errors, warnings) = check::counts(&found);
    if errors == 0 {
        return Some(warnings);
    }
    if json {
        output::say(&json!({ "errors": errors, "warnings": warnings, "published": false }).to_string());
    } else {
        output::say(&found.render(bundle, ""));
        output::say(&format!("\nnothing was published: {}", output::counted(errors, "error")));
    }
    None
}

fn tell(publication: &Publication, new: bool, warnings: usize, json: bool) {
    if json {
        let told = json!({
            "errors": 0, "warnings": warnings, "published": new, "publication": publication.seq, "digest": publication.digest,
        });
        output::say(&told.to_string());
    } else {
        let what = if new { "published" } else { "published before, and served already" };
        output::say(&format!("{what}: {} {}", publication.seq, publication.digest));
    }
}

fn make_key(path: &Path, json: bool) -> Result<ExitCode> {
    let public = publishers::make_key(path, &Chance::System)?;
    output::say(&if json { json!({ "public": public }).to_string() } else { public });
    Ok(ExitCode::SUCCESS)
}

/// Who signs, where that takes two people.
fn signer(args: &Args, config: &Config) -> Result<Signer> {
    anyhow::ensure!(config.publication.two_people, "nothing is confirmed here: `publication.two_people` is not said");
    let (Some(by), Some(key)) = (&args.by, &args.key) else {
        anyhow::bail!("two people publish here: say who with `--by NAME`, and with which key with `--key FILE`")
    };
    Signer::open(&config.publication, by, key)
}

async fn opened(config: &Config) -> Result<Store> {
    let data = &config.data_dir;
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    Store::open(&config.database_or_own()).await.context("opening the database")
}

async fn publish(config: &Config, packed: &published::Packed) -> Result<(Publication, bool)> {
    let store = opened(config).await?;
    let person = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let published = published::publish(&store, packed, &person.unwrap_or_default(), Clock::System.now_ms()).await?;
    store.close().await;
    Ok(published)
}

async fn propose(
    config: &Config,
    packed: &published::Packed,
    signer: &Signer,
    (warnings, json): (usize, bool),
) -> Result<ExitCode> {
    let store = opened(config).await?;
    let proposed = published::propose(&store, &config.publication, packed, signer, Clock::System.now_ms()).await?;
    store.close().await;
    match proposed {
        Proposed::Served(publication) => tell(&publication, false, warnings, json),
        Proposed::Waits(proposal) if json => {
            let told = json!({
                "errors": 0, "warnings": warnings, "published": false, "proposed": proposal.seq, "digest": proposal.digest,
            });
            output::say(&told.to_string());
        }
        Proposed::Waits(proposal) => {
            output::say(&format!("proposed by {}: {} {}", proposal.person, proposal.seq, proposal.digest));
            output::say("Another person looks at it and runs `nagar publish --confirm` with this digest.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks once more what another person proposed, as it lies in the database, and publishes it.
async fn confirm(config: &Config, signer: &Signer, digest: &str, json: bool) -> Result<ExitCode> {
    let store = opened(config).await?;
    let (proposal, bundle) = published::proposed(&store, &config.publication, digest, signer).await?;
    let Some(warnings) = checked(&bundle, json) else { return Ok(ExitCode::from(1)) };
    let now_ms = Clock::System.now_ms();
    let publication = published::confirm(&store, &config.publication, &proposal, signer, now_ms).await?;
    store.close().await;
    tell(&publication, true, warnings, json);
    Ok(ExitCode::SUCCESS)
}

async fn list(database: &str, json: bool) -> Result<ExitCode> {
    let store = Store::open(database).await.context("opening the database")?;
    let mut tx = store.read(EVERYBODY).await?;
    let latest = publications::latest(&mut tx, LISTED).await?;
    let waiting = publications::proposals(&mut tx).await?;
    drop(tx);
    if json {
        let one = |one: &Publication| {
            let proposed_by = one.signed.as_ref().map(|signed| &signed.proposed_by);
            json!({ "publication": one.seq, "digest": one.digest, "by": one.person, "at_ms": one.at_ms, "proposed_by": proposed_by })
        };
        let proposal = |one: &Proposal| json!({ "digest": one.digest, "by": one.person, "at_ms": one.at_ms });
        let told = json!({
            "publications": latest.iter().map(one).collect::<Vec<_>>(),
            "proposals": waiting.iter().map(proposal).collect::<Vec<_>>(),
        });
        output::say(&told.to_string());
    } else {
        for one in &waiting {
            output::say(&format!("waits   {}  proposed by {}", one.digest, one.person));
        }
        for one in &latest {
            let proposed = one.signed.as_ref().map(|signed| format!("  proposed by {}", signed.proposed_by));
            output::say(&format!("{:>6}  {}  {}{}", one.seq, one.digest, one.person, proposed.unwrap_or_default()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

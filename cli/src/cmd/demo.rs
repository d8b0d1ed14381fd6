//! `nagar demo`: a state with towns, staff and two years of invented history, served at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use connectors::files::FilesConfig;
use connectors::files::disk::DiskConfig;
use connectors::message::MessageConfig;
use connectors::message::file::FileConfig;
use connectors::payment::PaymentConfig;
use connectors::payment::demo::DemoClientConfig;
use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::SecretRef;
use server::app::{App, Given};
use server::auth::token;
use server::chance::{Chance, Clock};
use server::config::Config;
use server::demo::{self, PASSWORD};
use server::store::Store;
use tokio::net::TcpListener;

use super::{Definitions, serve, sign_ins};
use crate::output;

/// Written last: the history is whole.
const WHOLE: &str = "demo.json";

/// What `nagar demo` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    definitions: Definitions,
    /// The folder for everything that is made; used again when it is there.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// The database, in place of a file in that folder, as `postgres://…`; empty the first time, and the same from then on.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The port to listen on; 0 for any that is free.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A tenth of the history, for those in a hurry.
    #[arg(long)]
    small: bool,
    /// Where chance begins.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// Make the history and stop.
    #[arg(long)]
    no_serve: bool,
    /// Read the definitions again whenever they change, and show on /dev what is wrong with them.
    #[arg(long)]
    watch: bool,
    /// How many proxies of our own stand in front, whose word is taken for where a request came from.
    #[arg(long, default_value_t = 0)]
    proxies: usize,
}

/// Makes the history, unless it is there, and serves it.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(demo(args, json))
}

async fn demo(args: &Args, json: bool) -> Result<ExitCode> {
    let whole = args.data.join(WHOLE).exists();
    if whole {
        expect_same(args)?;
    }
    std::fs::create_dir_all(&args.data).with_context(|| format!("cannot make {}", args.data.display()))?;
    let listener = TcpListener::bind(("127.0.0.1", args.port))
        .await
        .with_context(|| format!("cannot listen on port {}", args.port))?;
    let gateway = TcpListener::bind(("127.0.0.1", 0)).await?;
    let base_url = format!("http://localhost:{}", listener.local_addr()?.port());
    let gateway_url = format!("http://localhost:{}", gateway.local_addr()?.port());
    let config = config(args, &base_url, &gateway_url);
    let secret = super::demo_gateway::secret(&args.data.join("gateway.secret"))?;
    tokio::spawn(demo_gateway::serve(
        gateway,
        DemoConfig::new(args.data.join("gateway.jsonl"), gateway_url, "demo", secret),
    ));

    if !whole {
        make(args, &config, json).await?;
    }
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let app = App::open(config, Given::default()).await?;
    if !json {
        welcome(&args.data, &base_url);
    }
    serve::until_stopped(&app, listener, &base_url, args.watch, json).await?;
    Ok(ExitCode::SUCCESS)
}

fn config(args: &Args, base_url: &str, gateway_url: &str) -> Config {
    Config {
        definitions: args.definitions.folders.clone(),
        data_dir: args.data.clone(),
        database: args.database.clone(),
        base_url: base_url.to_owned(),
        proxies: args.proxies,
        demo: true,
        implementer: true,
        message: MessageConfig::File(FileConfig { path: PathBuf::from("outbox.jsonl") }),
        payment: PaymentConfig::Demo(DemoClientConfig {
            url: gateway_url.to_owned(),
            key_id: "demo".to_owned(),
            secret: SecretRef::File(PathBuf::from("gateway.secret")),
            pages_url: None,
            timeout_ms: None,
        }),
        files: FilesConfig::Disk(DiskConfig { path: PathBuf::from("files") }),
        ..Config::default()
    }
}

/// Refuses another database than the one in which the history of the folder was made: were it that of a town at work,
/// its codes would be shown on a page.
fn expect_same(args: &Args) -> Result<()> {
    let written = written(&args.data);
    let wanted = args.database.as_deref().map(place);
    ensure!(
        written["database"].as_str() == wanted.as_deref(),
        "the history in {} was made in another database: name that one, or another folder with --data",
        args.data.display()
    );
    Ok(())
}

/// By what a database is known again, whoever signs in there.
fn place(database: &str) -> String {
    token::stored(database.rsplit_once('@').map_or(database, |(_, place)| place))
}

/// What was written down of the history in a folder.
fn written(data: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(data.join(WHOLE)).ok();
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Refuses a database in which anything is: invented people are put among no others.
async fn expect_empty(database: &str) -> Result<()> {
    let store = Store::open(database).await?;
    let tenants = store.tenants().await?;
    store.close().await;
    ensure!(tenants.is_empty(), "the database is not empty: a history is made where nothing is yet");
    Ok(())
}

/// Makes the history under a clock that is moved along, and writes down who can sign in.
async fn make(args: &Args, config: &Config, json: bool) -> Result<()> {
    if let Some(database) = &args.database {
        expect_empty(database).await?;
    } else {
        for stale in ["nagar.db", "nagar.db-wal", "nagar.db-shm"] {
            let _ = std::fs::remove_file(args.data.join(stale));
        }
    }
    let now_ms = Clock::System.now_ms();
    let given = Given { clock: Clock::at(now_ms), chance: Chance::seeded(args.seed), bundle: None };
    let app = App::open(Config { filling: true, ..config.clone() }, given).await?;
    let bar = output::progress(json, 1, "Making history")?;
    let plan = demo::Plan { seed: args.seed, now_ms, percent: if args.small { 10 } else { 100 } };
    let made = demo::make(&app, plan, &mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })
    .await?;
    bar.finish_and_clear();
    let sign_ins: Vec<_> = made
        .sign_ins
        .iter()
        .map(|one| serde_json::json!({ "town": one.tenant, "login": one.login, "role": one.roles }))
        .collect();
    let told = serde_json::json!({
        "cases": made.cases, "records": made.records, "acts": made.acts, "refused": made.refused, "papers": made.papers,
        "towns": made.towns, "sign_ins": sign_ins, "password": PASSWORD,
    });
    app.store.clone().close().await;
    let mut written = told.clone();
    written["database"] = args.database.as_deref().map(place).into();
    std::fs::write(args.data.join(WHOLE), serde_json::to_string_pretty(&written)?)?;
    let cases: Vec<String> = made.cases.iter().map(|(service, count)| format!("{count} × {service}")).collect();
    output::say(&if json {
        told.to_string()
    } else {
        format!(
            "{} in {} towns: {} records, {} commands, {} papers",
            cases.join(", "),
            made.towns,
            made.records.values().sum::<usize>(),
            made.acts,
            made.papers
        )
    });
    Ok(())
}

/// What to open, and as whom.
fn welcome(data: &Path, base_url: &str) {
    let written = written(data);
    output::say(&format!(
        "\nCitizens       {base_url}/\nMessages sent  {base_url}/dev/outbox   (one-time codes are here)\nDefinitions    {base_url}/dev\n"
    ));
    output::say(&format!("Staff, with the password {PASSWORD}:"));
    for line in sign_ins::lines(written["sign_ins"].as_array().map(Vec::as_slice).unwrap_or_default(), base_url) {
        output::say(&line);
    }
    output::say("");
}

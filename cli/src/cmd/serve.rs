//! `nagar serve`: the pages and the API, from one process.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use engine::tenant::Tenant;
use server::app::{App, Given};
use server::config::Config;
use server::library::Loaded;
use server::{http, library, metrics, published, work};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::check;
use super::stamp::stamp;
use crate::output;

/// How often a watched folder is looked at.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(500);

/// Where an installation is: its configuration, and what is in the place of parts of it.
#[derive(clap::Args)]
pub(crate) struct Installation {
    /// How this installation is run; every key is in schemas/nagar.json, and may be left out.
    #[arg(long, default_value = "nagar.yaml")]
    config: PathBuf,
    /// The folder of definitions, in place of the one in the configuration. Given again, the
    /// later folder is laid over the earlier ones.
    #[arg(long, value_name = "FOLDER", env = "NAGAR_DEFINITIONS", value_delimiter = ',')]
    definitions: Vec<PathBuf>,
    /// The folder of the data, in place of the one in the configuration.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Use the definitions that were published in the database, in place of those in a folder.
    #[arg(long)]
    published: bool,
}

/// A town of an installation.
#[derive(clap::Args)]
pub(crate) struct OfTown {
    #[command(flatten)]
    installation: Installation,
    /// The town.
    #[arg(long)]
    pub(crate) tenant: String,
}

impl OfTown {
    /// The configuration of the installation.
    pub(crate) fn config(&self) -> Result<Config> {
        self.installation.config()
    }

    /// The town, as it is known there.
    pub(crate) fn town<'a>(&self, library: &'a Loaded) -> Result<&'a Tenant> {
        let tenant = library.tenant(&self.tenant).map(AsRef::as_ref);
        tenant.with_context(|| format!("there is no town `{}`", self.tenant))
    }
}

/// What `nagar serve` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: Installation,
    /// The port to listen on, in place of the one in the configuration; 0 for any that is free.
    #[arg(long)]
    port: Option<u16>,
    /// Read the definitions again whenever they change, and show on /dev what is wrong with them.
    #[arg(long)]
    watch: bool,
}

/// Serves until it is told to stop.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let mut config = args.installation.config()?;
    if let Some(port) = args.port {
        config.listen.set_port(port);
    }
    config.implementer |= args.watch;
    anyhow::ensure!(
        !(args.watch && config.published),
        "what is published is not watched: it changes by `nagar publish`"
    );
    // Whoever writes definitions looks at them before anybody signs.
    if !args.watch {
        config.check_signed()?;
    }
    runtime()?.block_on(serve(config, args.watch, json))
}

impl Installation {
    /// The configuration, if its file is there, with the other definitions and the other folder of data.
    pub(crate) fn config(&self) -> Result<Config> {
        let text = match std::fs::read_to_string(&self.config) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", self.config.display())),
        };
        let mut config = Config::parse(&text)?;
        if !self.definitions.is_empty() {
            config.definitions.clone_from(&self.definitions);
        }
        if let Some(data) = &self.data {
            config.data_dir.clone_from(data);
        }
        config.published |= self.published;
        Ok(config)
    }
}

/// A runtime for everything that waits.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Opens everything, of one town if only that is worked in.
pub(crate) async fn open(config: Config, town: Option<&str>) -> Result<Arc<App>> {
    App::open(Config { only_town: town.map(str::to_owned), ..config }, Given::default()).await
}

async fn serve(mut config: Config, watch: bool, json: bool) -> Result<ExitCode> {
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    // An address that nobody chose follows the port; one that somebody chose is how people come in.
    if config.base_url == Config::default().base_url {
        config.base_url = format!("http://localhost:{}", listener.local_addr()?.port());
    }
    let app = App::open(config, Given::default()).await?;
    until_stopped(&app, listener, &app.config.base_url, watch, json).await?;
    Ok(ExitCode::SUCCESS)
}

/// Says that requests are answered from now on.
pub(crate) fn ready(json: bool, url: &str) {
    output::say(&if json { serde_json::json!({ "ready": url }).to_string() } else { format!("ready {url}") });
}

/// How long what is in hand may take once the node was asked to stop; requests have their own limits.
const FINISHING: std::time::Duration = std::time::Duration::from_mins(1);

/// Says that it is ready at `url`, serves, works off what waits, and stops in order: what was begun is finished.
pub(crate) async fn until_stopped(
    app: &Arc<App>,
    listener: TcpListener,
    url: &str,
    watch: bool,
    json: bool,
) -> Result<()> {
    // Whoever reads that it is ready may ask it to stop at once.
    let asked = Asked::listen()?;
    ready(json, url);
    let mut beside = JoinSet::new();
    if watch {
        beside.spawn(watch_definitions(Arc::clone(app), json));
    }
    if app.config.published {
        beside.spawn(published::follow(Arc::clone(app)));
    }
    if let Some(at) = app.config.metrics {
        let listener = TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))?;
        let at = format!("http://{}/metrics", listener.local_addr()?);
        output::say(&if json { serde_json::json!({ "metrics": at }).to_string() } else { format!("metrics {at}") });
        let app = Arc::clone(app);
        beside.spawn(async move {
            if let Err(error) = metrics::serve(app, listener).await {
                tracing::error!(error = format!("{error:#}"), "nobody can watch any more");
            }
        });
    }
    let mut worker = JoinSet::new();
    worker.spawn(work::run(Arc::clone(app)));
    tokio::select! {
        () = http::serve(app, listener, asked_to_stop(Arc::clone(app), asked)) => {}
        ended = died(app, &mut worker) => anyhow::bail!("the worker stopped: {ended:?}"),
    }
    if tokio::time::timeout(FINISHING, worker.join_next()).await.is_err() {
        tracing::warn!("what was in hand took too long and is left to others");
    }
    Ok(())
}

/// Until the worker ends before it was asked to.
async fn died(app: &App, worker: &mut JoinSet<()>) -> Option<Result<(), tokio::task::JoinError>> {
    let ended = worker.join_next().await;
    if app.stopping.asked() {
        std::future::pending::<()>().await;
    }
    ended
}

/// Until somebody asks the node to stop, and whatever stands in front of it has had time to see that it is not
/// ready. Whoever asks a second time does not wait.
async fn asked_to_stop(app: Arc<App>, mut asked: Asked) {
    asked.heard().await;
    app.stopping.begin();
    tracing::info!("stopping: what is in hand is finished");
    tokio::spawn(async move {
        asked.heard().await;
        tracing::warn!("stopped at once");
        std::process::exit(130);
    });
    tokio::time::sleep(std::time::Duration::from_secs(app.config.drain)).await;
}

/// What asks a program to stop: control-C, or the system.
pub(crate) struct Asked {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Asked {
    /// Listens from now on: nothing that comes after this ends the program without being heard.
    pub(crate) fn listen() -> Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Until it is asked.
    pub(crate) async fn heard(&mut self) {
        #[cfg(unix)]
        tokio::select! { _ = self.interrupt.recv() => {}, _ = self.terminate.recv() => {} }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Reads the definitions again whenever a file of them has changed.
async fn watch_definitions(app: Arc<App>, json: bool) {
    let mut known = stamp(&app.config.definitions);
    // Pages that say so are right from now on: whatever is saved after this is seen.
    app.library.watched();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = stamp(&app.config.definitions);
        if now == known {
            continue;
        }
        known = now;
        match library::read_folders(&app.config.definitions) {
            Ok(bundle) => {
                app.library.swap(bundle, app.clock.now_ms());
                output::say(&read_again(&app, json));
            }
            Err(error) => {
                tracing::warn!("the definitions cannot be read: {error:#}");
                app.library.cannot_read(format!("{error:#}"));
            }
        }
    }
}

/// What is said once changed definitions were read: what is wrong with them, or that nothing is.
fn read_again(app: &App, json: bool) -> String {
    let loaded = app.library.now();
    let (errors, warnings) = check::counts(&loaded.diagnostics);
    if json {
        return serde_json::json!({ "read_again": { "errors": errors, "warnings": warnings } }).to_string();
    }
    let left_out = if errors > 0 { "; what has errors is left out" } else { "" };
    let sum = format!("read again: {errors} errors, {warnings} warnings{left_out}");
    if loaded.diagnostics.0.is_empty() {
        return sum;
    }
    format!("{}\n\n{sum}", loaded.diagnostics.render(&loaded.bundle, ""))
}

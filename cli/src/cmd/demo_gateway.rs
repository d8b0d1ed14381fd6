//! `nagar demo-gateway`: the payment gateway for play, as a server of its own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::Secret;
use serde_json::json;
use server::chance::Chance;
use tokio::net::TcpListener;

use super::serve;
use crate::output;

/// What `nagar demo-gateway` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder for its orders and its key; made if absent.
    #[arg(long, default_value = "data/gateway")]
    data: PathBuf,
    /// The port to listen on; 0 for any that is free.
    #[arg(long, default_value_t = 8081)]
    port: u16,
    /// The name of the key with which a town signs its orders.
    #[arg(long, default_value = "demo")]
    key_id: String,
}

/// Serves until it is told to stop, and prints what a town's configuration must say.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(async {
        std::fs::create_dir_all(&args.data).with_context(|| format!("cannot make {}", args.data.display()))?;
        let listener = TcpListener::bind(("127.0.0.1", args.port))
            .await
            .with_context(|| format!("cannot listen on port {}", args.port))?;
        let url = format!("http://localhost:{}", listener.local_addr()?.port());
        let key = args.data.join("gateway.secret");
        let config = DemoConfig::new(args.data.join("gateway.jsonl"), url.clone(), &args.key_id, secret(&key)?);
        let secret_at = format!("file:{}", std::path::absolute(&key)?.display());
        output::say(&if json {
            let payment = json!({ "type": "demo", "url": url, "key_id": args.key_id, "secret": secret_at });
            json!({ "payment": payment }).to_string()
        } else {
            format!("payment:\n  type: demo\n  url: {url}\n  key_id: {}\n  secret: {secret_at}", args.key_id)
        });
        let mut asked = serve::Asked::listen()?;
        serve::ready(json, &url);
        tokio::select! {
            served = demo_gateway::serve(listener, config) => served?,
            () = asked.heard() => {}
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The key in `path`, which only its owner can read; made by chance if there is none.
pub(crate) fn secret(path: &Path) -> Result<Secret> {
    use std::io::Write as _;
    if !path.exists() {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(Chance::System.secret().as_bytes())?;
    }
    Secret::new(std::fs::read_to_string(path)?.trim())
}

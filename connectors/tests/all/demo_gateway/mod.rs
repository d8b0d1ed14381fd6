//! The demo gateway as a server: its page, its callbacks, and what a restart forgets (nothing).

mod callbacks;
mod page;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use connectors::Gateway;
use connectors::payment::demo::{Demo, DemoClientConfig};
use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::payment::{Order, OrderRequest};
use connectors::secret::{Secret, SecretRef};
use connectors::surroundings::{Surroundings, system_clock};
use reqwest::{Client, Response, redirect};
use tokio::task::JoinHandle;

use crate::support::{listener, now};

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const OTHER_SECRET: &str = "ffeeddccbbaa99887766554433221100";

/// A demo gateway at work in a task of its own, which ends with it.
pub(crate) struct Running {
    address: String,
    dir: PathBuf,
    server: JoinHandle<anyhow::Result<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Running {
    pub(crate) async fn start(dir: &Path) -> Self {
        Self::start_with(dir, |_| {}).await
    }

    async fn start_with(dir: &Path, change: impl FnOnce(&mut DemoConfig)) -> Self {
        let (listener, address) = listener().await;
        let mut config =
            DemoConfig::new(dir.join("gateway.jsonl"), address.clone(), "town", Secret::new(SECRET).unwrap());
        config.keys.insert("other".to_owned(), Secret::new(OTHER_SECRET).unwrap());
        config.retry_after = vec![Duration::ZERO; 3];
        change(&mut config);
        let server = tokio::spawn(demo_gateway::serve(listener, config));
        Self { address, dir: dir.to_owned(), server }
    }

    /// Stops the server, so that nothing of it runs on.
    async fn stop(mut self) -> PathBuf {
        self.server.abort();
        let _ = (&mut self.server).await;
        self.dir.clone()
    }

    pub(crate) fn client(&self) -> Arc<dyn Gateway> {
        self.client_of(&self.address, Duration::from_secs(10))
    }

    pub(crate) fn client_of(&self, address: &str, timeout: Duration) -> Arc<dyn Gateway> {
        Arc::new(self.open(address, "town", SECRET, timeout))
    }

    fn open(&self, address: &str, key_id: &str, secret: &str, timeout: Duration) -> Demo {
        let config = DemoClientConfig {
            url: address.to_owned(),
            key_id: key_id.to_owned(),
            secret: SecretRef::Env("SECRET".to_owned()),
            pages_url: None,
            timeout_ms: Some(u64::try_from(timeout.as_millis()).unwrap()),
        };
        let variable = |_: &str| Some(secret.to_owned());
        Demo::open(&config, &Surroundings { data_dir: &self.dir, variable: &variable, clock: system_clock() }).unwrap()
    }

    async fn order(&self, notify_url: &str) -> Order {
        self.client().create_order(&request("R-1", notify_url)).await.unwrap()
    }
}

/// An order that a town may ask for.
pub(crate) fn request(reference: &str, notify_url: &str) -> OrderRequest {
    OrderRequest {
        tenant: "town".to_owned(),
        reference: reference.to_owned(),
        amount_paise: 10_000_000,
        currency: "INR".to_owned(),
        payee: "देहात नगर पंचायत".to_owned(),
        description: "Fee for <script>alert(1)</script> & \"more\"".to_owned(),
        language: "en".to_owned(),
        return_url: "http://town.example/cases/1/pay/return".to_owned(),
        notify_url: notify_url.to_owned(),
    }
}

/// A browser that shows where it is sent and does not go there.
fn browser() -> Client {
    Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap()
}

/// Presses one of the page's buttons.
pub(crate) async fn choose(pay_url: &str, ending: &str, repeat: u8) -> Response {
    let body = format!("mode=card&repeat={repeat}&ending={ending}");
    let form = browser().post(pay_url).header("content-type", "application/x-www-form-urlencoded").body(body);
    form.send().await.unwrap()
}

impl Running {
    /// A client whose clock is ahead.
    fn clone_client_at(&self, ahead_ms: i64) -> Demo {
        let config = DemoClientConfig {
            url: self.address.clone(),
            key_id: "town".to_owned(),
            secret: SecretRef::Env("SECRET".to_owned()),
            pages_url: None,
            timeout_ms: None,
        };
        let clock = Arc::new(move || now() + ahead_ms);
        Demo::open(&config, &Surroundings { data_dir: &self.dir, variable: &|_| Some(SECRET.to_owned()), clock })
            .unwrap()
    }
}

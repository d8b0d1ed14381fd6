//! A town whose gateway is running: the demo gateway, a real server of its own.

use std::time::Duration;

use axum::http::header;
use connectors::payment::PaymentConfig;
use connectors::payment::demo::DemoClientConfig;
use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::{Secret, SecretRef};
use engine::source::Bundle;
use server::config::Config;
use server::store::orders::{self, Order};
use tokio::net::TcpListener;

use crate::apply::sent;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

pub(crate) const KEY: &str = "riverton-key";

/// A town whose gateway is running.
pub(crate) struct Paying {
    pub(crate) town: Town,
    gateway: tokio::task::JoinHandle<()>,
    pub(crate) origin: String,
    client: reqwest::Client,
}

impl Drop for Paying {
    fn drop(&mut self) {
        self.gateway.abort();
    }
}

pub(crate) async fn open() -> Paying {
    defined(|_| ()).await
}

/// The same, with other definitions.
pub(crate) async fn defined(definitions: impl FnOnce(&mut Bundle)) -> Paying {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (secret, text) = Secret::random();
    let url = origin.clone();
    let config = move |config: &mut Config| {
        let path = config.data_dir.join("gateway.key");
        std::fs::write(&path, &text).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        config.payment = PaymentConfig::Demo(DemoClientConfig {
            url,
            key_id: KEY.to_owned(),
            secret: SecretRef::File(path),
            pages_url: None,
            timeout_ms: None,
        });
    };
    let town = Town::defined(config, definitions).await;
    let mut config = DemoConfig::new(town.data.path().join("gateway.jsonl"), origin.clone(), KEY, secret);
    config.clock = town.app.clock.for_connectors();
    config.retry_after = vec![Duration::from_millis(1)];
    let gateway = tokio::spawn(async move { demo_gateway::serve(listener, config).await.unwrap() });
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Paying { town, gateway, origin, client }
}

impl Paying {
    /// An application that is approved, and its browser.
    pub(crate) async fn approved(&self) -> (Browser<'_>, String) {
        let mut browser = Browser::new(&self.town);
        let case = sent(&mut browser, "9876543210").await;
        self.town.officer(&case, "clerk", "forward", "").await;
        self.town.officer(&case, "officer", "approve", "").await;
        (browser, case)
    }

    /// Presses *pay*; gives the address of the gateway's page.
    pub(crate) async fn begin(&self, browser: &mut Browser<'_>, case: &str) -> String {
        browser.get(&format!("/{TOWN}/cases/{case}/pay")).await.expect(200, "₹1,100.00").expect(200, "Resolution 7");
        let page = browser.submit(&[("mode", "online")]).await.clone();
        assert_eq!(page.status, 303, "{}", page.text());
        let to = page.headers["location"].clone();
        assert!(to.starts_with(&self.origin), "{to}");
        to
    }

    /// Chooses an ending on the gateway's page; gives the address that the payer is sent back to.
    pub(crate) async fn choose(&self, page: &str, ending: &str) -> String {
        let answer = self
            .client
            .post(page)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("ending={ending}"))
            .send()
            .await
            .unwrap();
        let to = answer
            .headers()
            .get("location")
            .unwrap_or_else(|| panic!("{ending}: {}", answer.status()))
            .to_str()
            .unwrap();
        to.strip_prefix("http://localhost:8080").unwrap().to_owned()
    }

    /// The only order of a case.
    pub(crate) async fn order(&self, case: &str) -> Order {
        let mut tx = self.town.app.store.read(TOWN).await.unwrap();
        orders::by_case(&mut tx, case).await.unwrap().remove(0)
    }
}

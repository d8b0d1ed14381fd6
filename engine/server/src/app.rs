//! What a request may use.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use connectors::surroundings::Surroundings;
use connectors::{FileStore, Gateway, Messenger};
use engine::service::Service;
use engine::source::Bundle;
use engine::tenant::Tenant;

use crate::auth::keys::Keys;
use crate::chance::{Chance, Clock};
use crate::config::Config;
use crate::library::{self, Library};
use crate::problem::Problem;
use crate::store::{self, Store, Tx};

/// Everything that is opened once and used by every request.
#[derive(Clone)]
pub struct App {
    /// How this installation is run.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The definitions.
    pub library: Arc<Library>,
    /// The templates of pages.
    pub pages: Arc<ui_gen::Pages>,
    /// The time.
    pub clock: Clock,
    /// What nobody can guess.
    pub chance: Chance,
    /// The installation's own keys.
    pub keys: Arc<Keys>,
    /// Sends messages.
    pub messenger: Arc<dyn Messenger>,
    /// Keeps uploads and papers.
    pub files: Arc<dyn FileStore>,
    gateway: Option<Arc<dyn Gateway>>,
    gateway_of: BTreeMap<String, Option<Arc<dyn Gateway>>>,
}

/// What stands in for the machine's own in tests and demonstrations.
#[derive(Debug)]
pub struct Given {
    /// The time.
    pub clock: Clock,
    /// What nobody can guess.
    pub chance: Chance,
    /// The definitions; read from their folder if none are given.
    pub bundle: Option<Bundle>,
}

impl Default for Given {
    fn default() -> Self {
        Self { clock: Clock::System, chance: Chance::System, bundle: None }
    }
}

impl App {
    /// Opens everything that `config` names.
    ///
    /// # Errors
    /// When something of it cannot be opened, or is not safe.
    pub async fn open(config: Config, given: Given) -> anyhow::Result<Arc<Self>> {
        config.check()?;
        std::fs::create_dir_all(&config.data_dir).with_context(|| format!("making {}", config.data_dir.display()))?;
        let bundle = match given.bundle {
            Some(bundle) => bundle,
            None => library::read_folders(&config.definitions)?,
        };
        let database =
            config.database.clone().unwrap_or_else(|| format!("sqlite:{}", config.data_dir.join("nagar.db").display()));
        let owner = config.database_owner.as_deref();
        let opened = if config.filling {
            Store::open_to_fill(&database).await
        } else {
            Store::open_owned(&database, owner).await
        };
        let store = opened.with_context(|| format!("opening {}", without_secrets(&database)))?;
        let variable = |name: &str| std::env::var(name).ok();
        let around =
            Surroundings { data_dir: &config.data_dir, variable: &variable, clock: given.clock.for_connectors() };
        let open_gateway = |payment| connectors::open_gateway(payment, &around);
        let gateway_of = config
            .payment_of
            .iter()
            .map(|(town, payment)| Ok((town.clone(), open_gateway(payment)?)))
            .collect::<anyhow::Result<_>>()?;
        Ok(Arc::new(Self {
            store,
            library: Arc::new(Library::new(bundle, given.clock.now_ms())),
            pages: Arc::new(ui_gen::Pages::new()),
            keys: Arc::new(Keys::open(&config.data_dir, &given.chance)?),
            messenger: connectors::open_messenger(&config.message, &around)?,
            files: connectors::open_files(&config.files, &around)?,
            gateway: open_gateway(&config.payment)?,
            gateway_of,
            clock: given.clock,
            chance: given.chance,
            config,
        }))
    }

    /// The same installation under another clock, with a chance of its own.
    #[must_use]
    pub fn under(&self, clock: Clock, chance: Chance) -> Self {
        Self { clock, chance, ..self.clone() }
    }

    /// The same installation, with `gateway` for every town.
    #[must_use]
    pub fn paid_through(&self, gateway: Arc<dyn Gateway>) -> Self {
        Self { gateway: Some(gateway), gateway_of: BTreeMap::new(), ..self.clone() }
    }

    /// The gateway of a town; none where it takes money only at its counter.
    pub fn gateway(&self, tenant: &str) -> Option<&Arc<dyn Gateway>> {
        self.gateway_of.get(tenant).map_or(self.gateway.as_ref(), Option::as_ref)
    }

    /// The addresses that browsers may be sent to for paying.
    pub fn gateway_origins(&self) -> Vec<String> {
        let all = self.gateway.iter().chain(self.gateway_of.values().flatten());
        let mut origins: Vec<String> = all.map(|gateway| gateway.origin()).collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// The definition that a case began with.
    pub async fn service_of(&self, tenant: &Tenant, digest: &str) -> Result<Arc<Service>, Problem> {
        if let Some(service) = self.library.now().catalogue.by_digest(digest) {
            return Ok(Arc::clone(service));
        }
        let mut tx = self.store.read(&tenant.id).await?;
        self.service_in(&mut tx, tenant, digest).await
    }

    /// The same, within a transaction of the tenant: whoever holds a connection must not wait for another.
    pub async fn service_in(&self, tx: &mut Tx, tenant: &Tenant, digest: &str) -> Result<Arc<Service>, Problem> {
        if let Some(service) = self.library.now().catalogue.by_digest(digest) {
            return Ok(Arc::clone(service));
        }
        let kept = store::definitions::find(tx, digest).await?;
        let kept = kept.with_context(|| format!("the definition {digest} of {} is not kept", tenant.id))?;
        Ok(self.library.revive(tenant, &kept)?)
    }

    /// An absolute address for links outside these pages.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.config.base_url)
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("config", &self.config).finish_non_exhaustive()
    }
}

/// The address of a database without the password in it.
fn without_secrets(database: &str) -> &str {
    database.rsplit_once('@').map_or(database, |(_, rest)| rest)
}

//! What a request may use.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use connectors::identity::Provider;
use connectors::surroundings::Surroundings;
use connectors::{FileStore, Gateway, Messenger, Scanner};
use engine::service::Service;
use engine::source::Bundle;
use engine::tenant::Tenant;

use crate::auth::keys::Keys;
use crate::auth::program::Asked;
use crate::chance::{Chance, Clock};
use crate::config::Config;
use crate::http::crowd::Crowd;
use crate::library::{self, Library};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::published;
use crate::stopping::Stopping;
use crate::store::{self, Store, Tx, Vault};

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
    /// Looks for viruses in what people send; none where nothing does.
    pub scanner: Option<Arc<dyn Scanner>>,
    /// Whether this node was asked to stop.
    pub stopping: Stopping,
    /// What is counted, for those who watch.
    pub metrics: Arc<Metrics>,
    /// The requests that are being worked at.
    pub crowd: Arc<Crowd>,
    /// How often programs have asked.
    pub programs: Arc<Asked>,
    identity: BTreeMap<String, Arc<Provider>>,
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
        let database = config.database_or_own();
        let keys = Keys::open(&config.data_dir, &given.chance)?;
        let chance = given.chance.clone();
        let vault =
            Vault::new(keys.masters().to_vec(), Arc::new(move |purpose: &[&str]| chance.bytes_for::<32>(purpose)));
        let store = open_store(&config, &database).await?.sealing(Arc::new(vault));
        let (bundle, publication) = definitions(&config, given.bundle, &store).await?;
        let library = Library::new(bundle, given.clock.now_ms());
        library.serves(publication);
        open_keys(&store, &library).await.context("opening the keys of towns")?;
        let variable = |name: &str| std::env::var(name).ok();
        let around =
            Surroundings { data_dir: &config.data_dir, variable: &variable, clock: given.clock.for_connectors() };
        let open_gateway = |payment| connectors::open_gateway(payment, &around);
        let gateway_of = config
            .payment_of
            .iter()
            .map(|(town, payment)| Ok((town.clone(), open_gateway(payment)?)))
            .collect::<anyhow::Result<_>>()?;
        let identity = config
            .identity
            .iter()
            .map(|(word, provider)| Ok((word.clone(), Arc::new(Provider::open(provider, &around)?))))
            .collect::<anyhow::Result<_>>()?;
        Ok(Arc::new(Self {
            store,
            library: Arc::new(library),
            pages: Arc::new(ui_gen::Pages::new()),
            keys: Arc::new(keys),
            messenger: connectors::open_messenger(&config.message, &around)?,
            files: connectors::open_files(&config.files, &around)?,
            scanner: connectors::open_scanner(&config.scan)?,
            identity,
            gateway: open_gateway(&config.payment)?,
            gateway_of,
            stopping: Stopping::default(),
            metrics: Arc::default(),
            crowd: Arc::default(),
            programs: Arc::default(),
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

    /// The identity providers at which those who work for a town sign in, by the words that stand in addresses.
    pub fn identity_of(&self, tenant: &str) -> impl Iterator<Item = (&str, &Arc<Provider>)> {
        let all = self.identity.iter().filter(move |(_, provider)| provider.config().serves(tenant));
        all.map(|(word, provider)| (word.as_str(), provider))
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
        if let Some(service) = self.at_hand(tenant, digest)? {
            return Ok(service);
        }
        let mut tx = self.store.read(&tenant.id).await?;
        self.service_in(&mut tx, tenant, digest).await
    }

    /// The same, within a transaction of the tenant: whoever holds a connection must not wait for another.
    pub async fn service_in(&self, tx: &mut Tx, tenant: &Tenant, digest: &str) -> Result<Arc<Service>, Problem> {
        if let Some(service) = self.at_hand(tenant, digest)? {
            return Ok(service);
        }
        let kept = store::definitions::find(tx, digest).await?;
        let kept = kept.with_context(|| format!("the definition {digest} of {} is not kept", tenant.id));
        let reading = self.library.now();
        let made = kept.and_then(|kept| self.library.revive(tenant, &kept));
        Ok(made.inspect_err(|error| reading.cannot_make(&tenant.id, digest, error))?)
    }

    /// The same, for whoever shows many cases: beside one whose definition cannot be made any more the others are
    /// shown. Why it cannot be made was told in the log when that was found.
    pub async fn service_among(&self, tenant: &Tenant, digest: &str) -> Result<Option<Arc<Service>>, Problem> {
        match self.service_of(tenant, digest).await {
            Ok(service) => Ok(Some(service)),
            Err(Problem::Fault(error)) => {
                if self.library.now().unmade(&tenant.id, digest).is_none() {
                    let error = format!("{error:#}");
                    tracing::error!(tenant = tenant.id, digest, error, "the definition of a case cannot be read");
                }
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// A definition that need not be made again; what was found before where it cannot be made.
    fn at_hand(&self, tenant: &Tenant, digest: &str) -> Result<Option<Arc<Service>>, Problem> {
        let reading = self.library.now();
        if let Some(service) = reading.catalogue.by_digest(digest) {
            return Ok(Some(Arc::clone(service)));
        }
        reading.unmade(&tenant.id, digest).map_or(Ok(None), |why| Err(Problem::Fault(anyhow!(why))))
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

/// Opens the keys of all towns and states, and makes those that are not there yet: a town reads people of its state.
pub(crate) async fn open_keys(store: &Store, library: &Library) -> store::Result<()> {
    for tenant in library.now().catalogue.tenants.values() {
        store.ensure_key(&tenant.id).await?;
        store.ensure_key(&tenant.state).await?;
    }
    Ok(())
}

/// Opens the database; one that is only being started is waited for, as long as the configuration says.
async fn open_store(config: &Config, database: &str) -> anyhow::Result<Store> {
    let begun = Instant::now();
    let patience = Duration::from_secs(config.database_wait);
    let shown = without_secrets(database);
    let mut told = false;
    loop {
        let opened = if config.filling {
            Store::open_to_fill(database).await
        } else {
            Store::open_owned(database, config.database_owner.as_deref()).await
        };
        match opened {
            Err(error) if error.is_away() && begun.elapsed() < patience => {
                if !told {
                    tracing::warn!(%error, seconds = config.database_wait, "the database {shown} does not answer; it is waited for");
                    told = true;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            Err(error) if error.is_away() => {
                let waited = begun.elapsed().as_secs();
                return Err(error).with_context(|| format!("the database {shown} did not answer for {waited} seconds"));
            }
            opened => return opened.with_context(|| format!("opening {shown}")),
        }
    }
}

/// The definitions that are served, and the number of their publication; 0 where they are not published.
async fn definitions(config: &Config, given: Option<Bundle>, store: &Store) -> anyhow::Result<(Bundle, i64)> {
    if let Some(bundle) = given {
        return Ok((bundle, 0));
    }
    let (bundle, publication) = if config.published {
        let (present, bundle) = published::read_proved(store, &config.publication).await?;
        (bundle, present.seq)
    } else {
        (library::read_folders(&config.definitions)?, 0)
    };
    let bundle = match &config.only_town {
        Some(town) => library::of_town(&bundle, town),
        None => bundle,
    };
    Ok((bundle, publication))
}

/// The address of a database without the password in it.
fn without_secrets(database: &str) -> &str {
    database.rsplit_once('@').map_or(database, |(_, rest)| rest)
}

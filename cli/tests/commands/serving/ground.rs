//! What these tests begin with, people with cases that wait for money; and what must be there in the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::Secret;
use engine::case::{ActorKind, Command};
use serde_json::{Value as Json, json};
use server::act::{self, Opening};
use server::app::{App, Given};
use server::auth::{session, token};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::http::limits;
use server::store::people::{self, Person};
use server::store::{By, cases, events, sessions};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::client::{Citizen, Client, LANDMARK, Wanted, What, acknowledged, told};
use crate::life::life;
use crate::program::{nagar, word};
use crate::storm::place;
use crate::town::definitions_of;

/// Applications of each, where `EACH` says no other number.
const EACH: usize = 8;

fn each() -> usize {
    std::env::var("EACH").ok().and_then(|each| each.parse().ok()).unwrap_or(EACH)
}

/// A town before it is in trouble.
pub(super) struct Ground {
    pub(super) definitions: TempDir,
    /// What is the client's and the gateway's own, which no trouble of the node reaches.
    own: TempDir,
    /// The configuration of nodes.
    pub(super) config: PathBuf,
    pub(super) client: Arc<Client>,
    text: String,
    pub(super) citizens: Vec<Citizen>,
}

impl Ground {
    /// `data` is the node's folder, if it is not one that nothing happens to.
    pub(super) async fn open(database: Option<&str>, data: Option<&Path>, people: usize) -> Self {
        let (definitions, own) = (definitions_of(&["trade-license", "grievance"]), tempfile::tempdir().unwrap());
        let (town, place) = place(definitions.path());
        let port = gateway(own.path()).await;
        let secret = own.path().join("gateway.secret");
        let mut text = format!(
            "demo: true\nmessage: {{ type: file, path: outbox.jsonl }}\ndata_dir: {}\n\
             payment: {{ type: demo, url: \"http://localhost:{port}\", key_id: demo, secret: \"file:{}\" }}\n",
            data.unwrap_or(own.path()).display(),
            secret.display()
        );
        if let Some(database) = database {
            let _ = writeln!(text, "database: \"{database}\"");
        }
        let config = own.path().join("nagar.yaml");
        fs::write(&config, &text).unwrap();
        let ledger = Mutex::new(fs::File::create(own.path().join("told.jsonl")).unwrap());
        let (troubled, statuses) = (AtomicUsize::new(0), Mutex::default());
        let client =
            Client { town, place, wanted: Mutex::default(), ledger, asked: AtomicUsize::new(0), troubled, statuses };
        let mut ground = Self { definitions, own, config, client: Arc::new(client), text, citizens: Vec::new() };
        let app = ground.app(database).await;
        ground.citizens = self::people(&app, people).await;
        app.store.clone().close().await;
        let mut wanted = Vec::new();
        for citizen in &ground.citizens {
            let one = |key: String, what| Wanted { key, citizen: citizen.clone(), what, landmark: LANDMARK };
            wanted.extend((0..each()).map(|at| one(format!("apply-{}-{at}", citizen.id), What::Apply)));
            wanted.push(one(format!("pay-{}", citizen.id), What::Pay));
        }
        *ground.client.wanted.lock().unwrap() = wanted;
        ground
    }

    /// How a node is started.
    pub(super) fn words(&self) -> [&str; 2] {
        ["--definitions", word(self.definitions.path())]
    }

    /// The definition by which a service is served now.
    pub(super) async fn digest(&self, service: &str) -> String {
        let app = self.app(None).await;
        let digest = app.library.now().catalogue.service(&self.client.town, service).unwrap().digest.clone();
        app.store.clone().close().await;
        digest
    }

    async fn app(&self, database: Option<&str>) -> Arc<App> {
        let config = Config::parse(&self.text).unwrap();
        let database = database.map(str::to_owned).or(config.database.clone());
        let config = Config { definitions: vec![self.definitions.path().to_owned()], database, ..config };
        App::open(config, Given { clock: Clock::System, chance: Chance::System, bundle: None }).await.unwrap()
    }

    /// Everything that the client was told is there, once, and the town can be proved. The database may have moved. How
    /// much the client was told is done, and how much of it is payments.
    pub(super) async fn settle(&self, database: Option<&str>) -> (usize, usize) {
        let (done, paid) = acknowledged(&self.own.path().join("told.jsonl"));
        eprintln!("the client was told {done} times that something is done, {paid} times of a payment");
        assert_eq!((done, paid), (self.citizens.len() * (2 * each() + 1), self.citizens.len()), "everything was told");
        let app = self.app(database).await;
        check(&app, &self.client.town, &self.citizens, &told(&self.own.path().join("told.jsonl"))).await;
        app.store.clone().close().await;
        let data = Config::parse(&self.text).unwrap().data_dir;
        let database = database.map_or_else(|| format!("sqlite:{}", data.join("nagar.db").display()), str::to_owned);
        nagar(&["verify", "--database", &database]).expect(0, "whole");
        (done, paid)
    }
}

/// People who are signed in, each with a case that waits for money.
async fn people(app: &App, count: usize) -> Vec<Citizen> {
    let loaded = app.library.now();
    let tenant = loaded.catalogue.tenants.values().next().unwrap();
    let charges = |service: &&Arc<engine::service::Service>| service.billing.is_some() && service.on_record.is_none();
    let service = loaded.catalogue.services(tenant).find(charges).unwrap();
    let steps = life(service, tenant, app.clock.now(tenant)).unwrap();
    let mut all = Vec::new();
    for at in 0..count {
        let (id, now_ms) = (app.chance.id(), app.clock.now_ms());
        let mut tx = app.store.begin(&tenant.state).await.unwrap();
        let mobile = format!("{}", 9_000_000_000_u64 + at as u64);
        let newcomer = Person::newcomer(id.clone(), mobile, "en".to_owned(), now_ms);
        people::save(&mut tx, By::system(now_ms), &Person { name: "Asha Rao".to_owned(), ..newcomer }).await.unwrap();
        let secret = session::begin(app, &mut tx, (&id, "citizen"), &json!({})).await.unwrap();
        // Where there are many, some have to wait for their turn longer than a session lasts that nobody uses.
        sessions::seen(&mut tx, &token::stored(&secret), now_ms, now_ms + limits::SESSION_MS).await.unwrap();
        tx.commit().await.unwrap();
        let opening = Opening { applicant: &id, language: "en", record: None, key: None };
        let case = act::open(app, tenant, service, opening).await.unwrap();
        for step in steps.iter().take_while(|step| !matches!(step.command, Command::Receive(_))) {
            let mut actor = step.actor.clone();
            if actor.kind == ActorKind::Citizen {
                actor.person.clone_from(&id);
            }
            act::act(app, tenant, &case.id, &actor, &step.command, None).await.unwrap();
        }
        all.push(Citizen { id, secret, owing: case.id });
    }
    all
}

/// A gateway that nobody kills, with the file of its secret.
async fn gateway(data: &Path) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (secret, text) = Secret::random();
    let path = data.join("gateway.secret");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let config = DemoConfig::new(data.join("gateway.jsonl"), format!("http://localhost:{port}"), "demo", secret);
    tokio::spawn(demo_gateway::serve(listener, config));
    port
}

/// Everything that the client was told is there, once.
async fn check(app: &App, town: &str, citizens: &[Citizen], told: &BTreeMap<String, Json>) {
    let mut tx = app.store.read(town).await.unwrap();
    let mut applied = 0;
    for citizen in citizens {
        let rows = cases::by_applicant(&mut tx, &citizen.id).await.unwrap();
        assert_eq!(rows.len(), 1 + each(), "one case for each application, and the one that waited for money");
        applied += rows.len() - 1;
        let paid = cases::load(&mut tx, &citizen.owing).await.unwrap().unwrap();
        assert_eq!(paid.receipts.len(), 1, "{} was paid once", paid.id);
    }
    assert_eq!(told.len(), applied + citizens.len());
    for (key, facts) in told.iter().filter(|(_, facts)| !facts.is_null()) {
        let id = facts["id"].as_str().unwrap();
        let case =
            cases::load(&mut tx, id).await.unwrap().unwrap_or_else(|| panic!("{key} was acknowledged and is lost"));
        assert_eq!(case.number.as_deref(), facts["number"].as_str(), "{key}");
        let history = events::history(&mut tx, id).await.unwrap();
        let added = history.iter().filter(|event| event.command["action"] == "add").count();
        assert_eq!(added, 1, "{key}: what was added was added once");
    }
    let recorded = events::head(&mut tx).await.unwrap().seq;
    eprintln!("{recorded} events of {applied} applications and {} payments are in the chain", citizens.len());
}

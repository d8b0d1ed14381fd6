//! The stage: two nodes on one store, with the people of two towns, made anew for every seed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use connectors::message::MessageConfig;
use engine::base::date::parse_day;
use engine::base::{Moment, Name};
use engine::source::Bundle;
use engine::tenant::Tenant;
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::library::Library;
use server::store::appointments::{self, Appointment};
use server::store::{By, Store, people};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::gate::{Gate, Plant};
use super::outside::Lines;
use crate::restart::change;
use crate::town::{STATE, bundle};

/// The towns of the stage.
pub(super) const TOWNS: [&str; 2] = ["riverton", "hilltop"];
/// What can be asked for there.
pub(super) const SERVICES: [&str; 3] = ["stall-permit", "report", "fair"];
/// Citizens, who live in the state and may ask in both towns.
pub(super) const CITIZENS: [&str; 3] = ["asha", "mohan", "leela"];

/// What is the same for every seed of a process: made once, and never changed by a seed.
pub(super) struct Ground {
    /// An installation as it begins.
    app: App,
    /// The definitions, and what comes after them.
    pub(super) libraries: [Arc<Library>; 2],
    /// A database with the people in it and nothing else.
    database: Vec<u8>,
    _data: tempfile::TempDir,
}

/// The ground, laid when it is first asked for.
pub(super) fn ground() -> &'static Ground {
    static GROUND: OnceLock<Ground> = OnceLock::new();
    GROUND.get_or_init(|| super::runtime().block_on(lay()))
}

/// When every seed begins: in the last days of a financial year, at nine.
pub(super) fn beginning() -> i64 {
    Moment::at(parse_day("2026-03-30").unwrap(), 9 * 60, 330).ms
}

async fn lay() -> Ground {
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: data.path().to_owned(),
        demo: true,
        filling: true,
        message: MessageConfig::Console {},
        ..Config::default()
    };
    let given = Given { clock: Clock::at(beginning()), chance: Chance::seeded(7), bundle: Some(bundle()) };
    let app = App::open(config, given).await.unwrap();
    people_come(&app).await;
    let app = App::clone(&app);
    let database = copied(data.path()).await;
    let next = Arc::new(Library::new(revised(), beginning()));
    let libraries = [Arc::clone(&app.library), next];
    for library in &libraries {
        let wrong = &library.now().diagnostics;
        assert!(wrong.0.is_empty(), "the definitions of the simulation are wrong: {wrong:#?}");
    }
    Ground { app, libraries, database, _data: data }
}

/// The definitions that come after: the council gave applicants less time, and asks for more money.
fn revised() -> Bundle {
    let mut bundle = bundle();
    let correction = "lapse: { after: 30 days, to: lapsed, done: Lapse }\n  deciding";
    change(&mut bundle, "stall-permit/workflow.yaml", correction, &correction.replace("30", "20"));
    change(&mut bundle, "stall-permit/rates.yaml", "per_square_metre: 25", "per_square_metre: 30");
    change(&mut bundle, "stall-permit/tests/granted.yaml", "1100", "1120");
    bundle
}

/// Whoever lives and works in the towns.
async fn people_come(app: &App) {
    let by = By::system(beginning());
    let mut tx = app.store.begin(STATE).await.unwrap();
    for (at, citizen) in CITIZENS.iter().enumerate() {
        let mut person =
            people::Person::newcomer((*citizen).to_owned(), format!("987654321{at}"), "en".to_owned(), by.at_ms);
        (*citizen).clone_into(&mut person.name);
        people::save(&mut tx, by, &person).await.unwrap();
    }
    tx.commit().await.unwrap();
    let library = app.library.now();
    for town in TOWNS {
        let tenant = library.tenant(town).unwrap();
        let mut tx = app.store.begin(town).await.unwrap();
        for (person, service, role) in posts(app, tenant) {
            let mut clerk = people::Person::newcomer(person.clone(), String::new(), "en".to_owned(), by.at_ms);
            (clerk.kind, clerk.mobile) = ("employee".to_owned(), None);
            clerk.name.clone_from(&person);
            people::save(&mut tx, by, &clerk).await.unwrap();
            let appointment = Appointment {
                person,
                service,
                role,
                place: String::new(),
                from: parse_day("2020-01-01").unwrap(),
                until: None,
                departments: Vec::new(),
                most: None,
                held_for: None,
            };
            appointments::save(&mut tx, by, &appointment).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

fn posts(app: &App, tenant: &Tenant) -> Vec<(String, String, Name)> {
    let library = app.library.now();
    let services = library.catalogue.services(tenant);
    services
        .flat_map(|service| {
            service.roles.iter().map(|role| (officer(&role.name), service.id.clone(), role.name.clone()))
        })
        .collect()
}

/// Whoever holds a role.
pub(super) fn officer(role: &Name) -> String {
    format!("{role}-1")
}

/// The octets of the database in a folder, as one file.
async fn copied(data: &Path) -> Vec<u8> {
    let (from, to) = (data.join("nagar.db"), data.join("copy.db"));
    let mut conn = SqliteConnection::connect(&format!("sqlite:{}", from.display())).await.unwrap();
    let sql = AssertSqlSafe(format!("vacuum into '{}'", to.display()));
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    std::fs::read(to).unwrap()
}

/// A node: its clock may go wrong, and it may have other definitions than its neighbour.
pub(super) struct Node {
    pub(super) clock: Clock,
    pub(super) ahead_ms: i64,
    pub(super) library: Arc<Library>,
    chance: Chance,
}

/// The stage of one seed.
pub(super) struct Stage {
    pub(super) nodes: [Node; 2],
    /// The database, past the gate.
    pub(super) store: Store,
    pub(super) tenants: BTreeMap<String, Arc<Tenant>>,
    pub(super) now_ms: i64,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub(super) async fn open(seed: u64) -> Self {
        let ground = ground();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("nagar.db");
        std::fs::write(&file, &ground.database).unwrap();
        let store =
            Store::open_to_fill(&format!("sqlite:{}", file.display())).await.unwrap().sealed_as(&ground.app.store);
        let node = |at: u64| Node {
            clock: Clock::at(beginning()),
            ahead_ms: 0,
            library: Arc::clone(&ground.libraries[0]),
            chance: Chance::seeded(seed.wrapping_mul(2).wrapping_add(at)),
        };
        let library = ground.libraries[0].now();
        let tenants = TOWNS.map(|town| (town.to_owned(), Arc::clone(library.tenant(town).unwrap())));
        let nodes = [node(0), node(1)];
        Self { nodes, store, tenants: tenants.into(), now_ms: beginning(), _folder: folder }
    }

    /// The installation as a run on a node sees it.
    pub(super) fn app(&self, node: usize, lines: Lines) -> Arc<App> {
        let node = &self.nodes[node];
        let gate: Arc<Gate> = Arc::clone(&lines.gate);
        let lines = Arc::new(lines);
        let gateway: Arc<dyn connectors::Gateway> = lines.clone();
        let mut app = ground().app.under(node.clock.clone(), node.chance.clone()).paid_through(gateway);
        app.store = self.store.through(gate);
        app.library = Arc::clone(&node.library);
        app.messenger = lines.clone();
        app.files = lines;
        Arc::new(app)
    }

    /// Time passes; the clocks of the nodes go on, each as wrong as it is.
    pub(super) fn wait(&mut self, ms: i64) {
        self.now_ms += ms;
        for node in &self.nodes {
            node.clock.set(self.now_ms + node.ahead_ms);
        }
    }
}

/// The mistakes that can be planted.
pub(super) const PLANTS: [Plant; 5] = [
    Plant::KeysNotLookedUp,
    Plant::NumbersForgotten,
    Plant::EndsForgotten,
    Plant::BooksUnbalanced,
    Plant::WorkForgotten,
];

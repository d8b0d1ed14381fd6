//! Definitions with one town, and a store in which cases were led from beginning to end.

use std::fs;
use std::path::{Path, PathBuf};

use engine::base::Moment;
use engine::base::date::parse_day;
use engine::case::{Actor, ActorKind, Command};
use server::act::{self, Opening};
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use tempfile::TempDir;

use crate::life::life;

/// The shipped definitions, with one town: the others would say nothing more, and take their time.
pub(crate) fn definitions() -> TempDir {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../definitions");
    let folder = tempfile::tempdir().unwrap();
    let mut towns = Vec::new();
    copy(&shipped, folder.path(), &mut towns);
    assert_eq!(towns.len(), 1, "one town is left");
    folder
}

/// The same, with no services but these: a program that is begun again a hundred times reads the others a
/// hundred times, and what is tried has begun later, or not at all, when it is cut off.
pub(crate) fn definitions_of(services: &[&str]) -> TempDir {
    let folder = definitions();
    let mut states = folders(&folder.path().join("tenants"));
    states.retain(|state| state.join("tenant.yaml").exists());
    let mut gone = Vec::new();
    for service in folders(folder.path()).into_iter().filter(|path| path.join("service.yaml").exists()) {
        let name = service.file_name().unwrap().to_owned();
        if !services.iter().any(|kept| name == **kept) {
            fs::remove_dir_all(&service).unwrap();
            gone.push(name);
        }
    }
    for state in &states {
        // A survey is run by a service.
        let _ = fs::remove_dir_all(state.join("surveys"));
        for above in std::iter::once(state.clone()).chain(folders(state)) {
            let shadows = gone.iter().map(|name| above.join(name)).filter(|shadow| shadow.exists());
            shadows.for_each(|shadow| fs::remove_dir_all(shadow).unwrap());
        }
        let tenant = state.join("tenant.yaml");
        let text = fs::read_to_string(&tenant).unwrap();
        let (before, listed) = text.split_once("\nservices: [").expect("a state lists its services");
        let (_, after) = listed.split_once(']').unwrap();
        fs::write(&tenant, format!("{before}\nservices: [{}]{after}", services.join(", "))).unwrap();
    }
    folder
}

/// The folders in a folder.
fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

/// Copies a folder, with the first of the towns in it.
fn copy(from: &Path, to: &Path, towns: &mut Vec<PathBuf>) {
    fs::create_dir_all(to).unwrap();
    let mut entries: Vec<PathBuf> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let target = to.join(path.file_name().unwrap());
        let is_town = path.join("tenant.yaml").exists() && from.join("tenant.yaml").exists();
        if is_town && !towns.is_empty() {
            continue;
        }
        towns.extend(is_town.then(|| path.clone()));
        if path.is_dir() {
            copy(&path, &target, towns);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// A data folder in which cases of the first service that charges went all the way.
pub(crate) struct Kept {
    pub(crate) definitions: TempDir,
    pub(crate) data: TempDir,
    /// The town.
    pub(crate) tenant: String,
    /// Vouchers that were posted.
    pub(crate) vouchers: usize,
}

impl Kept {
    pub(crate) async fn make(cases: usize) -> Self {
        let (definitions, data) = (definitions(), tempfile::tempdir().unwrap());
        let config = Config {
            definitions: vec![definitions.path().to_owned()],
            data_dir: data.path().to_owned(),
            ..Config::default()
        };
        let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
        let given = Given { clock: Clock::at(morning.ms), chance: Chance::seeded(7), bundle: None };
        let app = App::open(config, given).await.unwrap();
        let loaded = app.library.now();
        let tenant = loaded.catalogue.tenants.values().next().unwrap();
        let charges = |service: &&std::sync::Arc<engine::service::Service>| {
            service.billing.is_some() && service.on_record.is_none()
        };
        let service = loaded.catalogue.services(tenant).find(charges).unwrap();
        let steps = life(service, tenant, morning).unwrap();
        for number in 0..cases {
            let person = format!("citizen-{number}");
            let opening = Opening { applicant: &person, language: &service.language, record: None, key: None };
            let case = act::open(&app, tenant, service, opening).await.unwrap();
            for step in &steps {
                let mut command = step.command.clone();
                if let Command::Receive(payment) = &mut command {
                    payment.key = format!("pay-{number}");
                }
                let actor = match step.actor.kind {
                    ActorKind::Citizen => Actor { person: person.clone(), ..step.actor.clone() },
                    _ => step.actor.clone(),
                };
                act::act(&app, tenant, &case.id, &actor, &command, None).await.unwrap();
            }
        }
        let mut tx = app.store.read(&tenant.id).await.unwrap();
        let vouchers = server::store::vouchers::journal(&mut tx, None, 1_000).await.unwrap().len();
        drop(tx);
        app.store.clone().close().await;
        Self { tenant: tenant.id.clone(), definitions, data, vouchers }
    }

    /// Changes the database behind the program's back.
    pub(crate) async fn damage(&self, sql: &'static str) {
        use sqlx::Connection as _;
        let url = format!("sqlite:{}", self.data.path().join("nagar.db").display());
        let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let changed = sqlx::query(sql).execute(&mut conn).await.unwrap().rows_affected();
        assert_eq!(changed, 1, "{sql}");
        conn.close().await.unwrap();
    }
}

/// The first column, as text, of what the database in a data folder answers.
pub(crate) async fn ask(data: &Path, sql: &'static str) -> Vec<String> {
    use sqlx::Connection as _;
    let url = format!("sqlite:{}", data.join("nagar.db").display());
    let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    rows.into_iter().map(|(text,)| text).collect()
}

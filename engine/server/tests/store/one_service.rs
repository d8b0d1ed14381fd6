//! A town with one service of its own, for what must hold on either database.

use std::path::Path;
use std::sync::Arc;

use engine::base::Moment;
use engine::base::date::parse_day;
use engine::source::Bundle;
use engine::tenant::Tenant;
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::library;
use tempfile::TempDir;

use crate::database::Database;

/// The town.
pub(crate) const TOWN: &str = "riverton";

/// The shared parts of the product's own definitions, the invented state, and of services that in `folder`.
fn bundle(folder: &str, service: &str) -> Bundle {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = library::read_folder(&here.join("../../definitions")).unwrap();
    let own = library::read_folder(&here.join("tests/http/definitions")).unwrap();
    let offered = library::read_folder(&here.join(folder)).unwrap();
    let services: Vec<&str> = shipped.paths().filter_map(|path| path.strip_suffix("service.yaml")).collect();
    let mut bundle = Bundle::default();
    for path in shipped.paths() {
        let of_service = services.iter().any(|folder| path.starts_with(folder));
        if !of_service && !path.starts_with("tenants/") {
            bundle.add(path, Arc::clone(shipped.bytes(path).unwrap()));
        }
    }
    let listed = format!("services: [{service}]");
    for path in own.paths().filter(|path| path.starts_with("tenants/") && path.ends_with(".yaml")) {
        let text = own.text(path).unwrap().replace("services: [stall-permit, report, fair]", &listed);
        bundle.add(path, text.into_bytes());
    }
    for path in own.paths().filter(|path| path.ends_with("places.csv")) {
        bundle.add(path, Arc::clone(own.bytes(path).unwrap()));
    }
    for path in offered.paths() {
        bundle.add(path, Arc::clone(offered.bytes(path).unwrap()));
    }
    bundle
}

/// Opens it on a morning in April 2026, with the service that lies in `folder`.
pub(crate) async fn open(database: &Database, folder: &str, service: &str) -> (Arc<App>, Arc<Tenant>, TempDir) {
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: data.path().to_owned(),
        database: Some(database.url()),
        demo: true,
        filling: !database.is_pg(),
        ..Config::default()
    };
    let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
    let given =
        Given { clock: Clock::at(morning.ms), chance: Chance::seeded(7), bundle: Some(bundle(folder, service)) };
    let app = App::open(config, given).await.unwrap();
    let tenant = Arc::clone(app.library.now().tenant(TOWN).unwrap());
    (app, tenant, data)
}

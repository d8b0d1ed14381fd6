//! A shipped town for measurements: all definitions, its store in a folder of its own, a clock that
//! stands, and citizens who can sign in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use connectors::message::{Message, MessageConfig};
use engine::base::Moment;
use engine::base::date::parse_day;
use engine::case::{Actor, ActorKind, Case, Command};
use engine::service::Service;
use engine::source::Bundle;
use engine::tenant::Tenant;
use server::act::{self, Opening};
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::http;

use crate::life::{Step, life};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The town in which everything is measured.
pub(crate) const TOWN: &str = "dehradun";
/// Where its messages go, in its folder.
const OUTBOX: &str = "outbox.jsonl";

/// A town with everything that runs it.
pub(crate) struct Town {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
    pub(crate) data: PathBuf,
}

/// A folder of its own in `NAGAR_BENCH_DIR`, or where temporary files lie: that must be a disk, or
/// figures of writing mean nothing.
pub(crate) fn folder() -> tempfile::TempDir {
    std::env::var("NAGAR_BENCH_DIR")
        .map_or_else(|_| tempfile::tempdir().unwrap(), |dir| tempfile::tempdir_in(dir).unwrap())
}

/// A number from the surroundings.
pub(crate) fn asked(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

impl Town {
    /// Opens the town over a database: a file of SQLite in `data`, or an address; `filling` waits for no disk.
    pub(crate) async fn open(data: &Path, database: &str, bundle: &Bundle, filling: bool) -> Self {
        Self::run(Config { filling, ..config(data, database) }, Clock::at(morning().ms), bundle).await
    }

    /// Opens the town as it is configured, under a clock.
    pub(crate) async fn run(config: Config, clock: Clock, bundle: &Bundle) -> Self {
        let data = config.data_dir.clone();
        let given = Given { clock, chance: Chance::System, bundle: Some(bundle.clone()) };
        let app = App::open(config, given).await.unwrap();
        Self { router: http::router(&app), app, data }
    }

    pub(crate) fn tenant(&self) -> Arc<Tenant> {
        Arc::clone(self.app.library.now().tenant(TOWN).unwrap())
    }

    /// The first service of the town that is not about a record, and is as asked.
    pub(crate) fn service(&self, with: impl Fn(&Service) -> bool) -> Arc<Service> {
        let loaded = self.app.library.now();
        let tenant = self.tenant();
        let found = loaded.catalogue.services(&tenant).find(|service| service.on_record.is_none() && with(service));
        Arc::clone(found.expect("such a service ships"))
    }

    /// A life of a case of this service in the town.
    pub(crate) fn life(&self, service: &Service) -> Vec<Step> {
        life(service, &self.tenant(), morning())
            .unwrap_or_else(|| panic!("no case of {} comes to its grant", service.id))
    }

    /// Opens a case of `person`, and takes steps of a life until one is `until`.
    pub(crate) async fn led(&self, service: &Service, steps: &[Step], person: &str, until: &str) -> Case {
        let opening = Opening { applicant: person, language: &service.language, record: None, key: None };
        let mut case = act::open(&self.app, &self.tenant(), service, opening).await.unwrap();
        for step in steps.iter().take_while(|step| step.what != until) {
            let (actor, command) = of(step, &case.id, person);
            case = act::act(&self.app, &self.tenant(), &case.id, &actor, &command, None).await.unwrap().case;
        }
        case
    }

    /// The code in the latest message to a mobile.
    pub(crate) fn code(&self, mobile: &str) -> String {
        code(&self.data, mobile)
    }
}

/// How a town is configured that lies in `data`, with its database there or at an address.
pub(crate) fn config(data: &Path, database: &str) -> Config {
    let outbox = connectors::message::file::FileConfig { path: OUTBOX.into() };
    Config {
        data_dir: data.to_owned(),
        database: Some(if database.contains("://") {
            database.to_owned()
        } else {
            format!("sqlite:{}", data.join(database).display())
        }),
        demo: true,
        message: MessageConfig::File(outbox),
        ..Config::default()
    }
}

/// The code in the latest message to a mobile that a town in `data` has sent.
pub(crate) fn code(data: &Path, mobile: &str) -> String {
    let text = std::fs::read_to_string(data.join(OUTBOX)).unwrap_or_default();
    // Another message may just be being written.
    let mut latest = text.lines().rev().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let message = latest.find(|message| message.to == mobile && message.template == "code").unwrap();
    message.body.split(|letter: char| !letter.is_ascii_digit()).find(|word| word.len() == 6).unwrap().to_owned()
}

/// A step of a life as it is taken on the case `id` of `person`.
pub(crate) fn of(step: &Step, id: &str, person: &str) -> (Actor, Command) {
    let actor = match step.actor.kind {
        ActorKind::Citizen => Actor { person: person.to_owned(), ..step.actor.clone() },
        _ => step.actor.clone(),
    };
    let mut command = step.command.clone();
    if let Command::Receive(payment) = &mut command {
        payment.key = format!("pay-{id}");
    }
    (actor, command)
}

/// A Monday morning.
pub(crate) fn morning() -> Moment {
    Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330)
}

/// The time below which `share` hundredths of the times lie, in microseconds.
pub(crate) fn percentile(sorted: &[std::time::Duration], share: usize) -> u128 {
    let at = (sorted.len() * share / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0, std::time::Duration::as_micros)
}

/// The median, and the times below which 95 and 99 of a hundred lie, in microseconds.
pub(crate) fn spread(mut times: Vec<std::time::Duration>) -> [u64; 3] {
    times.sort();
    [50, 95, 99].map(|share| u64::try_from(percentile(&times, share)).unwrap())
}

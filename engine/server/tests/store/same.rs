//! SQLite and PostgreSQL give the same answers: the same commands, by the same chance at the same time, lead
//! to the same rows in every table.
//!
//! `SCRIPTS=10000` tries more; a script that differs can be tried again by its number. Without PostgreSQL two
//! databases of SQLite are compared, which shows at least that nothing depends on the run. Here it is scripts of an
//! invented state, with what keys and workers do; `walked` plays every service that ships.

use std::path::Path;
use std::sync::Arc;

use engine::base::date::{MS_PER_DAY, parse_day};
use engine::base::{Moment, Money, Name};
use engine::billing::{Instrument, ONLINE, Part, Payment};
use engine::case::{Actor, ActorKind, Case, Command, bill, command};
use engine::scenario::answers::made_up;
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use engine::source::Bundle;
use engine::tenant::Tenant;
use engine::workflow::APPLICANT;
use server::act::{self, Opening};
use server::app::{App, Given};
use server::archive;
use server::chance::{Chance, Clock};
use server::config::Config;
use server::{library, work};

use crate::database::{Database, postgresql};

/// Scripts where nobody asks for more.
const SCRIPTS: u64 = 80;
/// Commands of one script, at most.
const STEPS: usize = 12;
/// Scripts after which every table is compared; where many are asked for, it is compared so many times.
const TOGETHER: u64 = 20;
const TIMES: u64 = 50;

/// A town in which most is tried.
const TOWN: &str = "riverton";

/// One of the two that are compared.
pub(crate) struct Side {
    pub(crate) app: Arc<App>,
    pub(crate) tenant: Arc<Tenant>,
    _data: tempfile::TempDir,
}

impl Side {
    /// A town of these definitions.
    pub(crate) async fn open(database: &Database, bundle: Bundle, town: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: data.path().to_owned(),
            database: Some(database.url()),
            demo: true,
            filling: !database.is_pg(),
            ..Config::default()
        };
        let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
        let given = Given { clock: Clock::at(morning.ms), chance: Chance::seeded(7), bundle: Some(bundle) };
        let app = App::open(config, given).await.unwrap();
        let tenant = Arc::clone(app.library.now().tenant(town).unwrap());
        Self { app, tenant, _data: data }
    }

    /// The case with this key, as it is stored.
    pub(crate) async fn case(&self, id: &str) -> Case {
        let mut tx = self.app.store.read(&self.tenant.id).await.unwrap();
        server::store::cases::load(&mut tx, id).await.unwrap().unwrap()
    }

    /// What came of a command, in words that can be compared.
    async fn act(&self, id: &str, actor: &Actor, command: &Command, key: Option<&str>) -> String {
        match act::act(&self.app, &self.tenant, id, actor, command, key).await {
            Ok(acted) => format!("{} {} {:?}", acted.event, acted.again, acted.case),
            Err(problem) => format!("{problem:?}"),
        }
    }

    pub(crate) async fn open_case(
        &self,
        service: &Service,
        applicant: &str,
        record: Option<(&str, &str)>,
    ) -> Result<Case, String> {
        let opening = Opening { applicant, language: &service.language, record, key: None };
        act::open(&self.app, &self.tenant, service, opening).await.map_err(|problem| format!("{problem:?}"))
    }

    pub(crate) async fn sums(&self) -> archive::Manifest {
        let tenants = self.app.store.tenants().await.unwrap();
        archive::sums(&self.app.store, &tenants, || ()).await.unwrap()
    }
}

/// The shared parts of the product's own definitions, and an invented state with its services beside them.
pub(crate) fn bundle() -> Bundle {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = library::read_folder(&here.join("../../definitions")).unwrap();
    let own = library::read_folder(&here.join("tests/http/definitions")).unwrap();
    let services: Vec<&str> = shipped.paths().filter_map(|path| path.strip_suffix("service.yaml")).collect();
    let mut bundle = Bundle::default();
    for path in shipped.paths() {
        let of_service = services.iter().any(|folder| path.starts_with(folder));
        if !of_service && !path.starts_with("tenants/") {
            bundle.add(path, Arc::clone(shipped.bytes(path).unwrap()));
        }
    }
    for path in own.paths() {
        bundle.add(path, Arc::clone(own.bytes(path).unwrap()));
    }
    bundle
}

fn pick<'a, T>(chance: &mut Seeded, of: &'a [T]) -> Option<&'a T> {
    of.get(usize::try_from(chance.below(of.len() as u64)).unwrap())
}

fn employee(role: &Name) -> Actor {
    Actor { person: format!("employee-{role}"), kind: ActorKind::Employee, roles: vec![role.clone()] }
}

/// What somebody may do next with a case: mostly what leads on, at times what is refused.
fn next(side: &Side, service: &Service, case: &Case, chance: &mut Seeded) -> (Actor, Command) {
    let now = side.app.clock.now(&side.tenant);
    let applicant = Actor { person: case.applicant.clone(), kind: ActorKind::Citizen, roles: Vec::new() };
    let owed = bill(service, case, now.day()).map(|bill| bill.total).unwrap_or_default();
    match chance.below(10) {
        0 => (Actor::system(), Command::Elapse),
        1 => (applicant, Command::Note { text: "कब तक?".to_owned(), to_applicant: false }),
        2 | 3 if owed > Money::ZERO => (Actor::system(), receive(owed, chance, now)),
        4 => (Actor::system(), receive(Money::from_paise(chance.between(1, 500_000)).unwrap(), chance, now)),
        5 => {
            let pages: Vec<_> = service.form.all_pages().filter(|page| page.by.is_none()).collect();
            let Some(page) = pick(chance, &pages) else { return (applicant, Command::Elapse) };
            let answers = made_up(page, now.day(), &side.tenant.places, chance);
            (applicant, Command::Save { page: page.name.clone(), answers })
        }
        _ => {
            let actions = service.workflow.state(&case.state).map(|state| &state.actions[..]).unwrap_or_default();
            let Some(action) = pick(chance, actions) else { return (Actor::system(), Command::Elapse) };
            let role = action.roles().first().map_or_else(|| Name::new(APPLICANT), |role| role.value.clone());
            let actor = if role == *APPLICANT { applicant } else { employee(&role) };
            let page = action.asks.as_ref().and_then(|page| service.form.page(page));
            let answers =
                page.map_or_else(command::no_answers, |page| made_up(page, now.day(), &side.tenant.places, chance));
            let comment = "देख लिया".to_owned();
            let action = action.name.clone();
            (actor, Command::Act { action, comment, answers, assignee: None, seen: None, flags: Vec::new() })
        }
    }
}

/// Money comes; now and then half of it by a cheque.
fn receive(amount: Money, chance: &mut Seeded, now: Moment) -> Command {
    let cheque = if chance.below(3) == 0 { amount.paise() / 2 } else { 0 };
    let part = |paise: i64, mode: &str, instrument: Option<Instrument>| Part {
        amount: Money::from_paise(paise).unwrap(),
        mode: mode.to_owned(),
        reference: "REF".to_owned(),
        instrument,
    };
    let mut parts = vec![part(amount.paise() - cheque, ONLINE, None)];
    if cheque > 0 {
        let instrument = Instrument { number: "100001".into(), bank: "SBIN0000001".into(), dated: now.day() };
        parts.push(part(cheque, "cheque", Some(instrument)));
    }
    Command::Receive(Payment::of(format!("pay-{}", chance.below(1_000_000)), now.ms, parts).unwrap())
}

/// One case from its opening on, on both sides; how many commands led somewhere.
async fn script(sides: &[Side; 2], seed: u64) -> usize {
    let mut chance = Seeded(seed);
    let [left, right] = sides;
    let loaded = left.app.library.now();
    let services: Vec<_> = loaded.catalogue.services(&left.tenant).filter(|one| one.on_record.is_none()).collect();
    let service = Arc::clone(*pick(&mut chance, &services).unwrap());
    let applicant = format!("citizen-{}", chance.below(40));
    let one = left.open_case(&service, &applicant, None).await;
    let other = right.open_case(&service, &applicant, None).await;
    assert_eq!(one.as_ref().err(), other.as_ref().err(), "script {seed}");
    let (Ok(one), Ok(other)) = (one, other) else { return 0 };
    assert_eq!(one, other, "script {seed}");
    let id = one.id;
    let mut led = 0;
    for page in service.form.all_pages().filter(|page| page.by.is_none()) {
        let today = left.app.clock.now(&left.tenant).day();
        let answers = made_up(page, today, &left.tenant.places, &mut chance);
        let actor = Actor { person: applicant.clone(), kind: ActorKind::Citizen, roles: Vec::new() };
        let command = Command::Save { page: page.name.clone(), answers };
        led += both(sides, seed, &id, &actor, &command, None).await;
    }
    for step in 0..STEPS {
        if chance.below(4) == 0 {
            let later = chance.between(1, 20) * MS_PER_DAY / 2;
            for side in sides {
                side.app.clock.set(side.app.clock.now_ms() + later);
            }
        }
        let case = left.case(&id).await;
        let (actor, command) = next(left, &service, &case, &mut chance);
        let key = (chance.below(3) == 0).then(|| format!("key-{seed}-{step}"));
        led += both(sides, seed, &id, &actor, &command, key.as_deref()).await;
        if key.is_some() && chance.below(2) == 0 {
            both(sides, seed, &id, &actor, &command, key.as_deref()).await;
        }
    }
    led
}

/// Brings a command to the same case on both sides, which answer alike; 1 if it led somewhere.
pub(crate) async fn both(
    [left, right]: &[Side; 2],
    seed: u64,
    id: &str,
    actor: &Actor,
    command: &Command,
    key: Option<&str>,
) -> usize {
    let one = left.act(id, actor, command, key).await;
    assert_eq!(one, right.act(id, actor, command, key).await, "script {seed}: {command:?}");
    usize::from(one.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// How many scripts are played: so many as are asked for.
pub(crate) fn asked() -> Option<u64> {
    std::env::var("SCRIPTS").ok().and_then(|scripts| scripts.parse().ok())
}

/// Two databases that are to end alike.
pub(crate) async fn two() -> [Database; 2] {
    let other = match postgresql() {
        Some(server) => Database::pg(&server).await,
        None => Database::lite(),
    };
    [Database::lite(), other]
}

/// Both sides are done with.
pub(crate) async fn end(sides: [Side; 2], databases: [Database; 2]) {
    for side in sides {
        side.app.store.clone().close().await;
    }
    for database in databases {
        database.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_commands_leave_the_same_rows_on_both_databases() {
    let (scripts, databases, bundle) = (asked().unwrap_or(SCRIPTS), two().await, bundle());
    let sides = [Side::open(&databases[0], bundle.clone(), TOWN).await, Side::open(&databases[1], bundle, TOWN).await];
    let (mut led, mut rows) = (0, 0);
    let together = TOGETHER.max(scripts / TIMES);
    for seed in 1..=scripts {
        led += script(&sides, seed).await;
        if seed % together == 0 || seed == scripts {
            for side in &sides {
                work::run_due(&side.app).await.unwrap();
            }
            let (one, two) = (sides[0].sums().await, sides[1].sums().await);
            assert_eq!(one.differing(&two), [], "after script {seed}");
            rows = one.rows();
        }
    }
    assert!(led as u64 > scripts * 4, "{led} commands of {scripts} scripts led somewhere");
    assert!(rows > scripts * 15, "{rows} rows were compared");
    end(sides, databases).await;
}

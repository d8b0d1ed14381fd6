//! Two workers on one database: what one of them does that was thought dead has no effect, on either database.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use connectors::fault::Fault;
use connectors::message::{Message, Sent};
use connectors::{Answer, Messenger};
use engine::base::Name;
use engine::case::{Actor, ActorKind, Command, command};
use engine::source::Bundle;
use server::act;
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::http;
use server::problem::Problem;
use server::store::jobs::{self, Job, Kind};
use server::store::{EVERYBODY, notices, orders, papers};
use server::work::{self, notices as sending, papers as issuing, payments};
use sqlx::{AssertSqlSafe, Connection as _};

use crate::apply::sent;
use crate::browser::Browser;
use crate::desk_town;
use crate::gateway;
use crate::town::{TOWN, Town, bundle};

/// How long a claim holds in these tests, in milliseconds.
const LEASE: i64 = 10_000;

async fn claim(app: &App) -> Vec<Job> {
    let mut tx = app.store.begin(EVERYBODY).await.unwrap();
    let claimed = jobs::claim(&mut tx, app.clock.now_ms(), LEASE, 20).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

/// The same jobs, claimed by a worker that goes silent, and then by another one.
async fn claimed_twice(town: &Town) -> (Vec<Job>, Vec<Job>) {
    let slow = claim(&town.app).await;
    town.wait_ms(LEASE);
    let quick = claim(&town.app).await;
    assert_eq!(slow.len(), quick.len());
    assert!(!slow.is_empty());
    (slow, quick)
}

async fn finish(app: &App, job: &Job) {
    let mut tx = app.store.begin(EVERYBODY).await.unwrap();
    assert!(jobs::done(&mut tx, job).await.unwrap());
    tx.commit().await.unwrap();
}

/// Messages that tell something else than a code.
fn told(town: &Town) -> usize {
    town.messages().iter().filter(|message| message.template != "code").count()
}

async fn kept(town: &Town, case: &str) -> (usize, usize) {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    (notices::by_case(&mut tx, case).await.unwrap().len(), papers::by_case(&mut tx, case).await.unwrap().len())
}

async fn neither_sends_nor_issues(town: Town) {
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    let (slow, quick) = claimed_twice(&town).await;
    for job in &slow {
        let refused = match job.kind {
            Kind::Notice => sending::send(&town.app, job).await,
            Kind::Paper => issuing::issue(&town.app, job).await,
            Kind::Payment | Kind::Program | Kind::Code => continue,
        };
        assert!(matches!(refused, Err(Problem::Conflict)), "{:?}: {refused:?}", job.kind);
    }
    assert_eq!((told(&town), kept(&town, &case).await), (0, (0, 0)), "nothing was sent, issued or kept");
    for job in &quick {
        match job.kind {
            Kind::Notice => sending::send(&town.app, job).await.unwrap(),
            Kind::Paper => issuing::issue(&town.app, job).await.unwrap(),
            Kind::Payment | Kind::Program | Kind::Code => {}
        }
        finish(&town.app, job).await;
    }
    assert_eq!((told(&town), kept(&town, &case).await), (1, (1, 1)));
    // Once more by the one that comes back: everything is there.
    for job in &slow {
        let _ = sending::send(&town.app, job).await;
        let _ = issuing::issue(&town.app, job).await;
    }
    assert_eq!((told(&town), kept(&town, &case).await), (1, (1, 1)));
}

/// A schema of its own on the PostgreSQL of the environment, if there is one.
struct Schema {
    server: String,
    name: String,
}

impl Schema {
    async fn make() -> Option<Self> {
        let server = std::env::var("DATABASE_URL").ok();
        // Where everything is tried for a change, silence must not be taken for a pass.
        assert!(
            server.is_some() || std::env::var_os("CI").is_none(),
            "CI is set, and DATABASE_URL names no PostgreSQL"
        );
        let server = server?;
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).unwrap();
        let schema = Self { server, name: format!("nagar_test_{:016x}", u64::from_le_bytes(bytes)) };
        schema.run(&format!("create schema {}", schema.name)).await;
        Some(schema)
    }

    fn url(&self) -> String {
        let mark = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{mark}options=-c%20search_path={}", self.server, self.name)
    }

    async fn run(&self, sql: &str) {
        let mut conn = sqlx::PgConnection::connect(&self.server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

/// The database of a town whose data lie there, where the run asks for PostgreSQL: `HTTP_ON=postgresql`. A town that
/// is started again has the one that it had. Whoever runs the tests so takes the schemas away afterwards.
pub(crate) async fn wanted(data: &Path) -> Option<String> {
    if std::env::var_os("HTTP_ON").is_none_or(|on| on != "postgresql") {
        return None;
    }
    let noted = data.join("database");
    if let Ok(url) = std::fs::read_to_string(&noted) {
        return Some(url);
    }
    let url = Schema::make().await.expect("HTTP_ON=postgresql needs DATABASE_URL").url();
    std::fs::write(noted, &url).unwrap();
    Some(url)
}

/// An action after which there is nothing to do is brought twice at once: both hear that it is done.
async fn pressed_twice(town: Town) {
    let clerk = Actor { person: "clerk-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("clerk")] };
    let command = Command::Act {
        action: Name::new("ask"),
        comment: "Which street?".to_owned(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    for press in 0..6 {
        let case = sent(&mut Browser::new(&town), &format!("987654321{press}")).await;
        let (tenant, key) = (town.tenant(), format!("press-{press}"));
        let act = || act::act(&town.app, &tenant, &case, &clerk, &command, Some(&key));
        let (one, other) = tokio::join!(act(), act());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.event, other.event);
        assert_ne!(one.again, other.again, "one of them did it");
    }
}

#[tokio::test]
async fn an_action_that_is_pressed_twice_is_done_once_and_told_twice() {
    Box::pin(pressed_twice(Town::open().await)).await;
}

#[tokio::test]
async fn so_it_is_on_postgresql() {
    Box::pin(on_postgresql(pressed_twice)).await;
}

/// Another node on the database and the folder of a town: it has nothing of its own.
async fn neighbour(town: &Town) -> Town {
    let clock = Clock::at(town.app.clock.now_ms());
    let given = Given { clock, chance: Chance::seeded(8), bundle: Some(bundle()) };
    let app = App::open(town.app.config.clone(), given).await.unwrap();
    Town { router: http::router(&app), app, data: tempfile::tempdir().unwrap() }
}

async fn known_and_forgotten_on_both(town: Town) {
    let other = neighbour(&town).await;
    let mut here = Browser::new(&town);
    here.sign_in("9876543210").await;
    let mut there = Browser::new(&other);
    there.cookies.clone_from(&here.cookies);
    there.get("/riverton/my").await.expect(200, "My applications").expect(200, "Sign out");
    let token = there.page.token();
    there.post("/riverton/sign-out", &[("_csrf", &token)]).await;
    here.get("/riverton/my").await.expect(200, "What is your mobile number?");
    other.app.store.clone().close().await;
}

#[tokio::test]
async fn ses_03_a_session_is_good_on_every_node_and_ends_on_all_of_them() {
    Box::pin(on_postgresql(known_and_forgotten_on_both)).await;
}

#[tokio::test]
async fn a_worker_that_was_thought_dead_neither_sends_nor_issues() {
    neither_sends_nor_issues(Town::open().await).await;
}

#[tokio::test]
async fn nor_does_it_on_postgresql() {
    on_postgresql(neither_sends_nor_issues).await;
}

/// Tries a town on the PostgreSQL of the environment, if there is one.
async fn on_postgresql<F: Future<Output = ()> + Send + 'static>(what: impl FnOnce(Town) -> F) {
    on_postgresql_defined(|_| (), what).await;
}

/// The same, with other definitions.
pub(crate) async fn on_postgresql_defined<F: Future<Output = ()> + Send + 'static>(
    definitions: impl FnOnce(&mut Bundle),
    what: impl FnOnce(Town) -> F,
) {
    let Some(schema) = Schema::make().await else { return };
    let url = schema.url();
    let town = Town::defined(|config| config.database = Some(url), definitions).await;
    let store = town.app.store.clone();
    let tried = tokio::spawn(what(town)).await;
    store.close().await;
    schema.run(&format!("drop schema {} cascade", schema.name)).await;
    tried.unwrap();
}

/// Tries a town with a desk there.
pub(crate) async fn at_the_desk_on_postgresql<F: Future<Output = ()> + Send + 'static>(what: impl FnOnce(Town) -> F) {
    let Some(schema) = Schema::make().await else { return };
    let url = schema.url();
    let town = desk_town::open_with(|config| config.database = Some(url)).await;
    let store = town.app.store.clone();
    let tried = tokio::spawn(what(town)).await;
    store.close().await;
    schema.run(&format!("drop schema {} cascade", schema.name)).await;
    tried.unwrap();
}

/// Goes silent in the middle of sending, for longer than its claim holds, while another worker claims the job.
struct Pausing {
    own: Arc<dyn Messenger>,
    app: Arc<OnceLock<Arc<App>>>,
    taken_over: Arc<Mutex<Vec<Job>>>,
}

impl Messenger for Pausing {
    fn send<'a>(&'a self, message: &'a Message) -> Answer<'a, Sent, Fault> {
        Box::pin(async move {
            let first = self.taken_over.lock().unwrap().is_empty();
            if let Some(app) = self.app.get().filter(|_| first && message.template != "code") {
                app.clock.set(app.clock.now_ms() + LEASE);
                let claimed = claim(app).await;
                *self.taken_over.lock().unwrap() = claimed;
            }
            self.own.send(message).await
        })
    }
}

#[tokio::test]
async fn a_worker_that_goes_silent_while_it_sends_says_nothing_about_the_message() {
    let (app, taken_over) = (Arc::new(OnceLock::new()), Arc::new(Mutex::new(Vec::new())));
    let pausing = (Arc::clone(&app), Arc::clone(&taken_over));
    let town = Town::sending(|own| Arc::new(Pausing { own, app: pausing.0, taken_over: pausing.1 })).await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    app.set(Arc::clone(&town.app)).unwrap();
    let slow = claim(&town.app).await;
    let notice = slow.iter().find(|job| job.kind == Kind::Notice).unwrap();
    let refused = sending::send(&town.app, notice).await;
    assert!(matches!(refused, Err(Problem::Conflict)), "{refused:?}");
    let state = async || {
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        notices::by_case(&mut tx, &case).await.unwrap().remove(0).state
    };
    assert_eq!(state().await, "queued", "whoever has the job now says what became of it");
    let quick = taken_over.lock().unwrap().clone();
    let again = quick.iter().find(|job| job.id == notice.id).unwrap();
    sending::send(&town.app, again).await.unwrap();
    assert_eq!(state().await, "sent");
    // What was on its way twice has one key: whoever carries it tells the two from two messages.
    let keys: Vec<String> =
        town.messages().into_iter().filter(|one| one.template != "code").map(|one| one.key).collect();
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
}

#[tokio::test]
async fn a_worker_that_was_thought_dead_says_nothing_about_a_payment() {
    let paying = gateway::open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    paying.choose(&page, "fail").await;
    work::run_due(&paying.town.app).await.unwrap();
    paying.town.wait_ms(payments::ASK_AFTER_MS);
    let (slow, quick) = claimed_twice(&paying.town).await;
    let of_payment = |jobs: &[Job]| jobs.iter().find(|job| job.kind == Kind::Payment).unwrap().clone();
    let refused = payments::ask_again(&paying.town.app, &of_payment(&slow)).await;
    assert!(matches!(refused, Err(Problem::Conflict)), "{refused:?}");
    let reference = paying.order(&case).await.reference;
    let state = async || {
        let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
        orders::find(&mut tx, &reference).await.unwrap().unwrap().state
    };
    assert_eq!(state().await, "open");
    payments::ask_again(&paying.town.app, &of_payment(&quick)).await.unwrap();
    assert_eq!(state().await, "failed");
}

#[tokio::test]
async fn a_node_that_was_asked_to_stop_is_not_ready_and_begins_nothing() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    let mut browser = Browser::new(&town);
    browser.get("/ready").await.expect(200, "ready");
    town.app.stopping.begin();
    browser.get("/ready").await.expect(503, "stopping");
    browser.get("/live").await.expect(200, "live");
    let done = work::run_due(&town.app).await.unwrap();
    assert_eq!((done, kept(&town, &case).await), (work::Done::default(), (0, 0)));
    // What runs for ever ends by itself.
    Box::pin(work::run(Arc::clone(&town.app))).await;
}

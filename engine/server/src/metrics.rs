//! What is counted for those who watch, in the text of Prometheus, on a listener of its own.
//!
//! Labels are routes, kinds and classes: never a person, a case or an address. What is counted as it happens is
//! requests; the rest is looked up when somebody asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tokio::net::TcpListener;

use crate::app::App;
use crate::http::limits;
use crate::store::{self, EVERYBODY, cases, jobs, mismatches, vouchers};

/// Bounds of how long requests take, in seconds.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// What a request was and how it was answered.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Waiting {
    kind: &'static str,
    state: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Connections {
    state: &'static str,
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    jobs: Family<Waiting, Gauge>,
    job_age: Family<Waiting, Gauge>,
    timers: Gauge,
    timer_age: Gauge,
    ahead: Gauge,
    connections: Family<Connections, Gauge>,
    database: Gauge,
    imbalance: Gauge,
    mismatches: Gauge,
    publication: Gauge,
    stopping: Gauge,
    memory: Gauge,
    /// When the books were last added up.
    balanced_ms: AtomicI64,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("nagar"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            jobs: Family::default(),
            job_age: Family::default(),
            timers: Gauge::default(),
            timer_age: Gauge::default(),
            ahead: Gauge::default(),
            connections: Family::default(),
            database: Gauge::default(),
            imbalance: Gauge::default(),
            mismatches: Gauge::default(),
            publication: Gauge::default(),
            stopping: Gauge::default(),
            memory: Gauge::default(),
            balanced_ms: AtomicI64::new(i64::MIN),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let to = &mut self.registry;
        to.register("build", "The version of the program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        to.register("http_requests", "Requests, by route and class of answer", self.requests.clone());
        let about = "How long requests took, by route";
        to.register_with_unit("http_request_duration", about, Unit::Seconds, self.seconds.clone());
        to.register("jobs", "Jobs that wait, and jobs that were given up", self.jobs.clone());
        let about = "For how long the oldest of these jobs has been due";
        to.register_with_unit("job_age", about, Unit::Seconds, self.job_age.clone());
        to.register("timers_due", "Cases whose clock is due", self.timers.clone());
        let about = "For how long the oldest of these clocks has been due";
        to.register_with_unit("timer_age", about, Unit::Seconds, self.timer_age.clone());
        let about = "By how much this node's clock is ahead of the database's: far from 0 is an alarm";
        to.register("clock_ahead_milliseconds", about, self.ahead.clone());
        to.register("database_connections", "Connections to the database", self.connections.clone());
        to.register("database_up", "Whether the database answered just now", self.database.clone());
        let about = "By how much vouchers do not balance, in paise: anything but 0 is an alarm";
        to.register("ledger_imbalance_paise", about, self.imbalance.clone());
        let about = "Payments that are not what was asked, on which nobody has decided";
        to.register("payment_mismatches", about, self.mismatches.clone());
        to.register(
            "publication",
            "The publication that is served; 0 for definitions of a folder",
            self.publication.clone(),
        );
        to.register("stopping", "Whether this node was asked to stop", self.stopping.clone());
        to.register_with_unit("memory", "Memory of this process", Unit::Bytes, self.memory.clone());
    }

    /// Counts a request.
    pub fn answered(&self, method: &'static str, route: &'static str, status: u16, took: Duration) {
        let status = match status {
            200..=299 => "2xx",
            300..=399 => "3xx",
            400..=499 => "4xx",
            500..=599 => "5xx",
            _ => "1xx",
        };
        self.requests.get_or_create(&Answered { method, route, status }).inc();
        self.seconds.get_or_create(&Route { route }).observe(took.as_secs_f64());
    }

    /// Everything as text, looked up anew.
    ///
    /// # Errors
    /// Never for what is counted here; only when the text cannot be written.
    pub async fn text(&self, app: &App) -> Result<String, std::fmt::Error> {
        match self.look(app).await {
            Ok(()) => self.database.set(1),
            Err(error) => {
                tracing::warn!(%error, "the database did not say how it stands");
                self.database.set(0)
            }
        };
        let (open, idle) = app.store.connections();
        let (open, idle) = (i64::from(open), i64::try_from(idle).unwrap_or(i64::MAX));
        self.connections.get_or_create(&Connections { state: "idle" }).set(idle);
        self.connections.get_or_create(&Connections { state: "used" }).set((open - idle).max(0));
        self.publication.set(app.library.publication());
        self.stopping.set(i64::from(app.stopping.asked()));
        self.memory.set(resident_bytes());
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// Looks up what waits, and now and then whether the books balance.
    async fn look(&self, app: &App) -> store::Result<()> {
        let now_ms = app.clock.now_ms();
        let age = |since_ms: i64| ((now_ms - since_ms) / 1_000).max(0);
        let mut tx = app.store.read(EVERYBODY).await?;
        // What no longer waits must not go on being told.
        self.jobs.clear();
        self.job_age.clear();
        for kind in jobs::ALL {
            self.jobs.get_or_create(&Waiting { kind: kind.word(), state: "waiting".to_owned() }).set(0);
            self.jobs.get_or_create(&Waiting { kind: kind.word(), state: "dead".to_owned() }).set(0);
        }
        for waiting in jobs::waiting(&mut tx).await? {
            let labels = Waiting { kind: waiting.kind.word(), state: waiting.state };
            self.jobs.get_or_create(&labels).set(waiting.count);
            self.job_age.get_or_create(&labels).set(age(waiting.due_ms));
        }
        let (timers, since_ms) = cases::overdue(&mut tx, now_ms).await?;
        self.timers.set(timers);
        self.timer_age.set(since_ms.map_or(0, age));
        self.mismatches.set(mismatches::count(&mut tx).await?);
        if now_ms.saturating_sub(self.balanced_ms.load(Ordering::Relaxed)) >= limits::BALANCED_MS {
            self.imbalance.set(vouchers::imbalance(&mut tx).await?);
            self.balanced_ms.store(now_ms, Ordering::Relaxed);
        }
        drop(tx);
        let theirs = app.store.clock_ms().await?;
        self.ahead.set(theirs.map_or(0, |theirs| app.clock.now_ms() - theirs));
        Ok(())
    }
}

/// What the system says this process holds in memory; 0 where it does not say so.
fn resident_bytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<i64>().ok());
    kib.unwrap_or_default() * 1_024
}

/// Answers `/metrics`, and nothing else, until the task is ended.
///
/// # Errors
/// When the listener fails.
pub async fn serve(app: Arc<App>, listener: TcpListener) -> anyhow::Result<()> {
    Ok(axum::serve(listener, router(app)).await?)
}

/// The one route of those who watch.
pub fn router(app: Arc<App>) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state(app)
}

async fn scrape(State(app): State<Arc<App>>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    match app.metrics.text(&app).await {
        Ok(text) => (StatusCode::OK, kind, text),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, kind, String::new()),
    }
}

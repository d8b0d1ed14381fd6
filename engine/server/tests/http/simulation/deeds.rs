//! What people, the gateway and the calendar do, each through the door of the program that is theirs.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use connectors::payment::Callback;
use engine::base::Money;
use engine::case::{Actor, Case, Command};
use engine::tenant::Tenant;
use server::act::{self, Acted, Opening};
use server::app::App;
use server::problem::Problem;
use server::store::{cases, events, orders};
use server::work::payments::{self, Wanted};
use server::{http, work};
use tower::ServiceExt as _;

/// Something that somebody does. Doing it again is doing the same: it has the same key.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Opens a case.
    Open { town: String, service: String, citizen: String, key: String },
    /// Brings a command to a case.
    Bring { town: String, case: String, actor: Actor, command: Box<Command>, key: String },
    /// Asks for an order at the gateway.
    Order { town: String, case: String, amount: Money, reference: String },
    /// Comes back from the gateway.
    Return { town: String, reference: String },
    /// The gateway says that something happened.
    Call { town: String, callback: Callback },
    /// The node does what is due.
    Work,
    /// The node takes away what has run out.
    Sweep,
}

/// What came of it, as whoever did it heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It is done: the event under which it was recorded, and the case.
    Acted { event: i64, case: String },
    /// It is done, and there is no event that must be.
    Done,
    /// It is not done, and will not be.
    Refused(String),
    /// Nobody knows.
    Unknown(String),
    /// It broke off.
    Broke(String),
}

impl Deed {
    /// The key under which it is asked, if it has one.
    pub(super) fn key(&self) -> Option<(&str, &str)> {
        match self {
            Self::Open { town, key, .. } | Self::Bring { town, key, .. } => Some((town, key)),
            _ => None,
        }
    }

    /// Does it on a node.
    pub(super) async fn run(&self, app: &Arc<App>) -> Told {
        match self.done(app).await {
            Ok(told) => told,
            Err(Problem::Refused(refusal)) => Told::Refused(refusal.word().to_owned()),
            Err(problem @ (Problem::NotFound | Problem::Forbidden | Problem::KeyReused)) => {
                Told::Refused(problem.word().to_owned())
            }
            Err(problem) => Told::Unknown(format!("{problem:?}")),
        }
    }

    async fn done(&self, app: &Arc<App>) -> Result<Told, Problem> {
        match self {
            Self::Open { town, service, citizen, key } => {
                let library = app.library.now();
                let tenant = library.tenant(town).ok_or(Problem::NotFound)?;
                let service = library.catalogue.service(town, service).ok_or(Problem::NotFound)?;
                let opening = Opening { applicant: citizen, language: "en", record: None, key: Some(key) };
                let case = act::open(app, tenant, service, opening).await?;
                opened(app, tenant, key, &case).await
            }
            Self::Bring { town, case, actor, command, key } => {
                let tenant = tenant(app, town)?;
                let Acted { case, event, .. } = act::act(app, &tenant, case, actor, command, Some(key)).await?;
                Ok(Told::Acted { event, case: case.id })
            }
            Self::Order { town, case, amount, reference } => {
                let tenant = tenant(app, town)?;
                order(app, &tenant, case, *amount, reference).await
            }
            Self::Return { town, reference } => {
                let tenant = tenant(app, town)?;
                let mut tx = app.store.read(town).await?;
                let order = orders::find(&mut tx, reference).await?.ok_or(Problem::NotFound)?;
                drop(tx);
                payments::settle(app, &tenant, &order).await?;
                Ok(Told::Done)
            }
            Self::Call { town, callback } => called(app, town, callback).await,
            Self::Work => {
                work::run_due(app).await?;
                Ok(Told::Done)
            }
            Self::Sweep => {
                work::sweep(app, app.clock.now_ms()).await?;
                Ok(Told::Done)
            }
        }
    }
}

fn tenant(app: &App, town: &str) -> Result<Arc<Tenant>, Problem> {
    app.library.now().tenant(town).cloned().ok_or(Problem::NotFound)
}

/// The event that opened a case: it must be there when the case was given.
async fn opened(app: &App, tenant: &Tenant, key: &str, case: &Case) -> Result<Told, Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    let event = events::by_key(&mut tx, key).await?;
    Ok(match event {
        Some(event) if event.case.as_deref() == Some(&case.id) => {
            Told::Acted { event: event.seq, case: case.id.clone() }
        }
        other => Told::Broke(format!("the case {} was given, and its event is {other:?}", case.id)),
    })
}

async fn order(app: &App, tenant: &Tenant, case: &str, amount: Money, reference: &str) -> Result<Told, Problem> {
    let gateway = app.gateway(&tenant.id).ok_or(Problem::NotFound)?;
    let mut tx = app.store.read(&tenant.id).await?;
    cases::load(&mut tx, case).await?.ok_or(Problem::NotFound)?;
    drop(tx);
    let back = format!("/{}/cases/{case}/pay/return?order={reference}", tenant.id);
    let parts = [(case.to_owned(), amount)];
    let wanted = Wanted { reference, parts: &parts, description: "What is owed", language: "en", back: &back };
    payments::begin(app, tenant, gateway, wanted).await?;
    Ok(Told::Done)
}

/// A callback comes in as any request does.
async fn called(app: &Arc<App>, town: &str, callback: &Callback) -> Result<Told, Problem> {
    let body = serde_json::to_vec(callback).expect("a callback can be written");
    let request = Request::post(format!("/hooks/{town}/payments/invented")).body(Body::from(body));
    let answer = http::router(app).oneshot(request.expect("a request")).await.expect("a router answers");
    Ok(match answer.status().as_u16() {
        200 => Told::Done,
        404 => Told::Refused("not_found".to_owned()),
        status => Told::Unknown(format!("the hook answers {status}")),
    })
}

//! An act that reads and decides ahead of its turn holds if nothing happened in its town until then. Else it is weighed
//! anew, and nobody notices that it had been weighed before.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use engine::base::date::parse_day;
use engine::base::{Money, Name};
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use server::act::{self, Acted};
use server::app::App;
use server::problem::Problem;
use server::store::appointments::{self, Appointment};
use server::store::{By, Fate, Point, Seam, events, verify};
use tokio::sync::oneshot;

use crate::apply::sent;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

/// What ends an act that is stopped: whoever waits for it to come, and whoever lets it go on.
type Stop = (oneshot::Sender<()>, oneshot::Receiver<()>);

/// Stands between an act and the store. On SQLite whoever stands there looks ahead.
struct Stopped {
    /// Where the act is stopped once: before it begins to write, when it has looked.
    stop: Mutex<Option<Stop>>,
    /// What it came to.
    points: Mutex<Vec<Point>>,
}

impl Seam for Stopped {
    fn at(&self, point: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        self.points.lock().unwrap().push(point);
        let stop = if point == Point::Begin { self.stop.lock().unwrap().take() } else { None };
        Box::pin(async move {
            if let Some((there, go)) = stop {
                there.send(()).unwrap();
                go.await.unwrap();
            }
            Fate::Done
        })
    }

    fn left(&self) {}
}

/// An act: who brings which command to which case, under which key.
#[derive(Clone, Copy)]
struct Deed<'a> {
    case: &'a str,
    actor: &'a Actor,
    command: &'a Command,
    key: Option<&'a str>,
}

impl Deed<'_> {
    async fn done(self, town: &Town, app: &App) -> Result<Acted, Problem> {
        let tenant = town.tenant();
        Box::pin(act::act(app, &tenant, self.case, self.actor, self.command, self.key)).await
    }
}

/// What comes of an act for which something else was done when it had looked and waited for its turn; and what it
/// came to on its way.
async fn while_it_waits(
    town: &Town,
    deed: Deed<'_>,
    meanwhile: impl Future<Output = ()>,
) -> (Result<Acted, Problem>, Vec<Point>) {
    let ((there, is_there), (go, gone)) = (oneshot::channel(), oneshot::channel());
    let stopped = Arc::new(Stopped { stop: Mutex::new(Some((there, gone))), points: Mutex::default() });
    let mut app = App::clone(&town.app);
    app.store = town.app.store.through(stopped.clone());
    let acting = async {
        let acted = deed.done(town, &app).await;
        // Whoever waits for one that never came is told.
        drop(stopped.stop.lock().unwrap().take());
        acted
    };
    let other = async {
        is_there.await.expect("it came to its turn");
        meanwhile.await;
        go.send(()).unwrap();
    };
    let (acted, ()) = tokio::join!(acting, other);
    let points = stopped.points.lock().unwrap().clone();
    (acted, points)
}

/// An act that is stopped by nothing.
async fn at_once(town: &Town, deed: Deed<'_>) -> (Result<Acted, Problem>, Vec<Point>) {
    let through = Arc::new(Stopped { stop: Mutex::default(), points: Mutex::default() });
    let mut app = App::clone(&town.app);
    app.store = town.app.store.through(through.clone());
    let acted = deed.done(town, &app).await;
    let points = through.points.lock().unwrap().clone();
    (acted, points)
}

/// Whether acts look ahead there: on PostgreSQL they need not.
fn looks_ahead() -> bool {
    std::env::var_os("HTTP_ON").is_none_or(|on| on != "postgresql")
}

/// What an act comes to that looks ahead, and then to `then`.
fn having_looked(then: &[Point]) -> Vec<Point> {
    let first = looks_ahead().then_some(Point::Read);
    first.into_iter().chain(then.iter().copied()).collect()
}

/// What an act comes to that looks ahead in vain, comes to its turn for nothing, and then to `then`.
fn having_looked_in_vain(then: &[Point]) -> Vec<Point> {
    let first = looks_ahead().then_some([Point::Read, Point::Begin]);
    first.into_iter().flatten().chain(then.iter().copied()).collect()
}

fn employee(role: &str) -> Actor {
    Actor { person: format!("{role}-1"), kind: ActorKind::Employee, roles: vec![Name::new(role)] }
}

fn take(action: &str) -> Command {
    Command::Act {
        action: Name::new(action),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

async fn to_be_decided(town: &Town, mobile: &str) -> String {
    let case = sent(&mut Browser::new(town), mobile).await;
    town.officer(&case, "clerk", "forward", "").await;
    case
}

/// The instant of an event.
async fn instant(town: &Town, seq: i64) -> i64 {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    events::all(&mut tx, seq - 1, 1).await.unwrap()[0].at_ms
}

/// The case stands in `state`, as whoever acted was told.
async fn stands(town: &Town, acted: &Acted, state: &str) {
    let kept = town.case(&acted.case.id).await;
    assert_eq!((kept.version, &kept.state), (acted.case.version, &acted.case.state));
    assert_eq!(kept.state, *state);
}

/// Everything fits, and time went on from event to event.
async fn is_whole(town: &Town) {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);
    let instants: Vec<i64> = events::all(&mut tx, 0, 1_000).await.unwrap().iter().map(|event| event.at_ms).collect();
    assert!(instants.is_sorted(), "{instants:?}");
}

#[tokio::test]
async fn what_was_decided_ahead_is_written_where_nothing_happened_in_the_town() {
    let town = Town::open().await;
    let case = to_be_decided(&town, "9876543210").await;
    let (officer, approve) = (employee("officer"), take("approve"));
    let deed = Deed { case: &case, actor: &officer, command: &approve, key: None };
    let looked_ms = town.app.clock.now_ms();
    let elsewhere = Box::pin(async {
        town.wait_ms(60_000);
        let mut tx = town.app.store.begin("hilltop").await.unwrap();
        events::note(&mut tx, By::system(town.app.clock.now_ms()), None, "noted", serde_json::Value::Null)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    });
    let (acted, points) = while_it_waits(&town, deed, elsewhere).await;
    let acted = acted.unwrap();
    assert_eq!(points, having_looked(&[Point::Begin, Point::Commit]));
    stands(&town, &acted, "payment").await;
    let decided_ms = if looks_ahead() { looked_ms } else { looked_ms + 60_000 };
    assert_eq!(instant(&town, acted.event).await, decided_ms, "it was decided when it looked, and not once more");
    is_whole(&town).await;
}

#[tokio::test]
async fn what_was_decided_ahead_is_weighed_anew_where_another_act_of_the_town_was_quicker() {
    let town = Town::open().await;
    let case = to_be_decided(&town, "9876543210").await;
    let quicker = to_be_decided(&town, "9876543211").await;
    let (officer, approve) = (employee("officer"), take("approve"));
    let deed = Deed { case: &case, actor: &officer, command: &approve, key: None };
    // It draws numbers from the same series.
    let meanwhile = Box::pin(async {
        town.wait_ms(60_000);
        town.officer(&quicker, "officer", "approve", "").await;
    });
    let (acted, points) = while_it_waits(&town, deed, meanwhile).await;
    let acted = acted.unwrap();
    assert_eq!(points, having_looked_in_vain(&[Point::Begin, Point::Commit]));
    stands(&town, &acted, "payment").await;
    assert_eq!(town.case(&quicker).await.state, *"payment");
    assert_eq!(instant(&town, acted.event).await, town.app.clock.now_ms(), "it was decided in its turn");
    is_whole(&town).await;
}

#[tokio::test]
async fn a_key_that_was_recorded_after_it_was_looked_up_is_found_in_the_turn() {
    let town = Town::open().await;
    let case = to_be_decided(&town, "9876543210").await;
    let (officer, approve) = (employee("officer"), take("approve"));
    let deed = Deed { case: &case, actor: &officer, command: &approve, key: Some("pressed") };
    let first = Mutex::new(None);
    let meanwhile = Box::pin(async {
        let acted = deed.done(&town, &town.app).await.unwrap();
        *first.lock().unwrap() = Some(acted);
    });
    let (acted, points) = while_it_waits(&town, deed, meanwhile).await;
    let (first, second) = (first.into_inner().unwrap().unwrap(), acted.unwrap());
    assert_eq!(points, having_looked_in_vain(&[Point::Begin, Point::Commit]));
    assert_eq!((first.again, second.again), (false, true));
    assert_eq!((second.event, second.case.version), (first.event, first.case.version));
    stands(&town, &second, "payment").await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(events::history(&mut tx, &case).await.unwrap().last().unwrap().seq, first.event);
    drop(tx);
    is_whole(&town).await;
}

/// The post of the officer, who decides up to `most`.
async fn appoint(town: &Town, most: Option<Money>) {
    let post = Appointment {
        person: "officer-1".to_owned(),
        service: "stall-permit".to_owned(),
        role: Name::new("officer"),
        place: String::new(),
        from: parse_day("2026-04-01").unwrap(),
        until: None,
        departments: Vec::new(),
        most,
        held_for: None,
    };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    appointments::save(&mut tx, By::system(town.app.clock.now_ms()), &post).await.unwrap();
    tx.commit().await.unwrap();
}

/// No number and no version stands in the way of whoever overlooks that: only the end of the chain tells.
#[tokio::test]
async fn a_power_that_was_taken_away_after_it_was_looked_at_is_missed_in_the_turn() {
    let town = Town::open().await;
    let case = to_be_decided(&town, "9876543210").await;
    appoint(&town, None).await;
    let (officer, approve) = (employee("officer"), take("approve"));
    let deed = Deed { case: &case, actor: &officer, command: &approve, key: Some("approved") };
    let most = Money::from_paise(100).unwrap();
    let (acted, points) = while_it_waits(&town, deed, Box::pin(appoint(&town, Some(most)))).await;
    assert!(matches!(&acted, Err(Problem::Refused(Refusal::AbovePower(told))) if *told == most), "{acted:?}");
    assert_eq!(points, having_looked_in_vain(&[Point::Begin]));
    assert_eq!(town.case(&case).await.state, *"deciding", "nothing of it was written");
    appoint(&town, None).await;
    let (acted, _) = at_once(&town, deed).await;
    assert!(!acted.unwrap().again, "the key is free still");
    assert_eq!(town.case(&case).await.state, *"payment");
}

#[tokio::test]
async fn what_is_refused_ahead_takes_no_turn_and_leaves_nothing_behind() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    let (officer, approve) = (employee("officer"), take("approve"));
    let deed = Deed { case: &case, actor: &officer, command: &approve, key: Some("early") };
    let before = town.case(&case).await;
    let (acted, points) = at_once(&town, deed).await;
    assert!(matches!(acted, Err(Problem::Refused(_))), "{acted:?}");
    assert_eq!(points, [if looks_ahead() { Point::Read } else { Point::Begin }]);
    assert_eq!(town.case(&case).await, before);
    // What was recorded before that is seen at once.
    town.officer(&case, "clerk", "forward", "").await;
    assert!(!at_once(&town, deed).await.0.unwrap().again, "the key is free still");
    assert_eq!(town.case(&case).await.state, *"payment");
    is_whole(&town).await;
}

//! Several nodes on one PostgreSQL, killed, paused and stopped: what is published reaches all of them, and what is
//! due is done once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use engine::base::date::MS_PER_DAY;
use engine::case::{ActorKind, Command};
use serde_json::Value as Json;
use server::act::{self, Opening};
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;

use crate::life::life;
use crate::node::Node;
use crate::postgres::Schema;
use crate::program::{nagar, word};
use crate::town::definitions;

/// Clocks that fall due, and rounds that come; `NODES=clocks,rounds` says others.
const CLOCKS: usize = 60;
const ROUNDS: usize = 20;
/// Nothing here takes this long on any machine.
const DEADLINE: Duration = Duration::from_mins(10);

fn sizes() -> (usize, usize) {
    let said = std::env::var("NODES").unwrap_or_default();
    let read = |(clocks, rounds): (&str, &str)| Some((clocks.parse().ok()?, rounds.parse().ok()?));
    said.split_once(',').and_then(read).unwrap_or((CLOCKS, ROUNDS))
}

/// Until `done`; between two looks a moment passes in which nobody calls.
async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) -> Duration {
    let (begun, (_nobody, calls)) = (Instant::now(), mpsc::channel::<()>());
    while !done().await {
        assert!(begun.elapsed() < DEADLINE, "{what}: not within {DEADLINE:?}");
        let _ = calls.recv_timeout(Duration::from_millis(50));
    }
    begun.elapsed()
}

/// Cases whose clocks have been due for long, in the database that nodes will find.
async fn overdue(folder: &Path, data: &Path, schema: &Schema, (first, count): (usize, usize)) {
    let config = Config {
        definitions: vec![folder.to_owned()],
        data_dir: data.to_owned(),
        database: Some(schema.url()),
        ..Config::default()
    };
    let clock = Clock::at(Clock::System.now_ms() - 60 * MS_PER_DAY);
    let app = App::open(config, Given { clock, chance: Chance::System, bundle: None }).await.unwrap();
    let loaded = app.library.now();
    let tenant = loaded.catalogue.tenants.values().next().unwrap();
    let charges =
        |service: &&std::sync::Arc<engine::service::Service>| service.billing.is_some() && service.on_record.is_none();
    let service = loaded.catalogue.services(tenant).find(charges).unwrap();
    let steps = life(service, tenant, app.clock.now(tenant)).unwrap();
    for number in first..first + count {
        let person = format!("citizen-{number}");
        let opening = Opening { applicant: &person, language: &service.language, record: None, key: None };
        let mut case = act::open(&app, tenant, service, opening).await.unwrap();
        for step in steps.iter().take_while(|step| !matches!(step.command, Command::Receive(_))) {
            let mut actor = step.actor.clone();
            if actor.kind == ActorKind::Citizen {
                actor.person.clone_from(&person);
            }
            case = act::act(&app, tenant, &case.id, &actor, &step.command, None).await.unwrap().case;
        }
        assert!(case.wake_ms.is_some_and(|wake_ms| wake_ms < Clock::System.now_ms()), "its clock is due by now");
    }
    app.store.clone().close().await;
}

/// Clocks that are due, and jobs that wait.
async fn left(schema: &Schema) -> usize {
    let now_ms = Clock::System.now_ms();
    let sql = format!(
        "(select count(*) from cases where wake_ms <= {now_ms}) + (select count(*) from jobs where state = 'waiting' and due_ms <= {now_ms})"
    );
    schema.count(&sql).await
}

/// Times for which a node says that it was the one.
fn came_round(node: &Node) -> Vec<i64> {
    let lines = node.log().into_iter().filter_map(|line| serde_json::from_str::<Json>(&line).ok());
    lines
        .filter(|line| line["message"] == "came round" && line["own"] == true && line["schedule"] == "sweep")
        .map(|line| line["time_ms"].as_i64().unwrap())
        .collect()
}

fn configured(data: &Path, schema: &Schema) -> std::path::PathBuf {
    let path = data.join("nagar.yaml");
    let config = format!(
        "database: \"{}\"\ndata_dir: {}\nmetrics: 127.0.0.1:0\nmessage: {{ type: file, path: outbox.jsonl }}\n\
         upkeep: {{ sweep: \"* * * * * *\" }}\n",
        schema.url(),
        data.display()
    );
    fs::write(&path, config).unwrap();
    path
}

#[tokio::test]
async fn nodes_that_are_paused_and_killed_do_everything_once() {
    let Some(schema) = Schema::make("nodes").await else { return };
    let (clocks, rounds) = sizes();
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let config = configured(data.path(), &schema);
    overdue(folder.path(), data.path(), &schema, (0, clocks / 2)).await;
    let publish = ["publish", "--config", word(&config), "--definitions", word(folder.path())];
    nagar(&publish).expect(0, "published: 1 ");

    let mut paused = Node::start(&config, &["--published"], true);
    paused.signal("STOP");
    let mut killed = Node::start(&config, &["--published"], true);
    let took = until("the other node does what is due", async || left(&schema).await == 0).await;
    eprintln!("the other node had done everything after {took:?}");

    // Another publication reaches the node that runs; the paused one takes it over once it goes on.
    let service = folder.path().join("trade-license/service.yaml");
    let text = fs::read_to_string(&service).unwrap();
    fs::write(&service, format!("{text}\n# Published once more.\n")).unwrap();
    nagar(&publish).expect(0, "published: 2 ");
    let took = until("the node serves what is published", async || killed.metric("nagar_publication") == 2).await;
    eprintln!("what is published was served after {took:?}");

    overdue(folder.path(), data.path(), &schema, (clocks / 2, clocks - clocks / 2)).await;
    until("the next clocks are being looked at", async || left(&schema).await < clocks).await;
    killed.kill();
    let mut fresh = Node::start(&config, &["--published"], true);
    assert_eq!(fresh.metric("nagar_publication"), 2);
    paused.signal("CONT");
    until("the paused node serves what is published", async || paused.metric("nagar_publication") == 2).await;
    let took = until("what the killed node left is done", async || left(&schema).await == 0).await;
    eprintln!("what the killed node left was done after {took:?}");
    let done = "select count(*) from rounds where schedule = 'sweep' and state = 'done' and epoch > 0";
    until("rounds come", async || schema.count(done).await >= rounds).await;
    assert_eq!(fresh.metric("nagar_jobs{kind=\"notice\",state=\"dead\"}"), 0);
    assert_eq!(fresh.metric("nagar_ledger_imbalance_paise"), 0);
    assert_eq!((fresh.stop(), paused.stop()), (Some(0), Some(0)), "who is asked to stop ends well");
    assert_eq!(schema.count("select count(*) from rounds where state = 'begun' and schedule <> 'sweep'").await, 0);

    let elapsed = "select cast(count(*) as text) from events where command like '%\"elapse\"%' group by case_id";
    let times = schema.ask(elapsed).await;
    assert_eq!(times.len(), clocks);
    assert_eq!(times.into_iter().collect::<BTreeSet<_>>().len(), 1, "every clock fell due as often as every other");
    let twice = "select count(*) from (select 1 from events where case_version is not null group by tenant, case_id, case_version \
                 having count(*) > 1) t";
    assert_eq!(schema.count(twice).await, 0);
    let told = [&paused, &killed, &fresh].map(came_round).concat();
    assert!(!told.is_empty());
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "no time came round on two nodes");
    let sent = schema.count("select count(*) from notices where state = 'sent'").await;
    let outbox = fs::read_to_string(data.path().join("outbox.jsonl")).unwrap();
    let keys = outbox.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["key"].to_string());
    assert_eq!(keys.collect::<BTreeSet<_>>().len(), sent, "every message has gone out");
    nagar(&["verify", "--database", &schema.url()]).expect(0, "whole");
    schema.remove().await;
}

#[test]
fn a_database_that_does_not_answer_is_waited_for_and_then_named() {
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let config = data.path().join("nagar.yaml");
    fs::write(&config, "database: postgres://asha:secret@127.0.0.1:1/town\ndatabase_wait: 1\n").unwrap();
    let words = ["serve", "--port", "0", "--config", word(&config), "--definitions", word(folder.path())];
    let run = nagar(&[&words[..], &["--data", word(data.path())]].concat());
    run.expect(2, "the database 127.0.0.1:1/town did not answer");
    assert!(run.err.contains("is waited for") && !run.err.contains("secret"), "{}", run.err);
}

#[test]
fn def_12_what_has_errors_is_not_published_and_what_is_not_published_is_not_served() {
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let both = ["--definitions", word(folder.path()), "--data", word(data.path())];
    let serve = [&["serve", "--port", "0", "--published"][..], &both].concat();
    nagar(&serve).expect(2, "no definitions are published in this database yet");
    let service = folder.path().join("trade-license/service.yaml");
    let text = fs::read_to_string(&service).unwrap();
    fs::write(&service, format!("{text}\nno_such_key: 1\n")).unwrap();
    let publish = [&["publish", "--json"][..], &both].concat();
    let run = nagar(&publish);
    assert_eq!((run.code, &run.json()["published"]), (1, &Json::Bool(false)));
    fs::write(&service, text).unwrap();
    let run = nagar(&publish);
    assert_eq!(
        (run.code, &run.json()["publication"], &run.json()["published"]),
        (0, &Json::from(1), &Json::Bool(true))
    );
    assert_eq!(nagar(&publish).json()["published"], false, "it is served already");
    let list = [&["publish", "--list", "--json"][..], &both].concat();
    assert_eq!(nagar(&list).json()["publications"].as_array().unwrap().len(), 1);
    // A node that has no folder at all serves what is published.
    let node = Node::start(&data.path().join("none.yaml"), &["--published", "--data", word(data.path())], false);
    assert!(node.page("/ready").starts_with("HTTP/1.1 200"));
    nagar(&[&["serve", "--watch", "--published"][..], &both].concat()).expect(2, "what is published is not watched");
}

#[tokio::test]
async fn a_node_that_is_asked_to_stop_says_so_while_it_drains_and_ends_at_once_when_asked_again() {
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let config = data.path().join("nagar.yaml");
    fs::write(&config, format!("data_dir: {}\ndrain: 600\n", data.path().display())).unwrap();
    let mut node = Node::start(&config, &["--definitions", word(folder.path())], false);
    assert!(node.page("/ready").starts_with("HTTP/1.1 200"));
    node.signal("TERM");
    until("the node says that it stops", async || node.page("/ready").starts_with("HTTP/1.1 503")).await;
    assert!(node.page("/live").starts_with("HTTP/1.1 200"), "requests are answered while it drains");
    assert_eq!(node.stop(), Some(130));
}

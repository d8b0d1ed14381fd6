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
use server::work;

use crate::life::life;
use crate::node::Node;
use crate::postgres::Schema;
use crate::program::{nagar, word};
use crate::storm::place;
use crate::town::{ask, definitions};

/// Clocks that fall due, and rounds that come; `NODES=clocks,rounds` says others.
const CLOCKS: usize = 60;
const ROUNDS: usize = 12;
/// When rounds come, and how many milliseconds lie between two.
const SCHEDULE: &str = "*/2 * * * * *";
const BETWEEN: i64 = 2_000;
/// Nothing here takes this long on any machine; with many clocks it is as much longer as [`MORE`] for each says.
const DEADLINE: Duration = Duration::from_mins(10);
const MORE: Duration = Duration::from_millis(100);
/// How long a node is paused at least, how soon another one goes on with what it had in hand, and how soon what is
/// published is served. Held to where somebody asks for a size: alone on a machine.
const PAUSE: Duration = Duration::from_secs(30);
const TAKEN_OVER: Duration = Duration::from_secs(15);
const SERVED: Duration = Duration::from_secs(2);
/// How often a node is killed and started again while rounds come, and how many come while another is paused, before.
const KILLS: usize = 4;
const WHILE_PAUSED: usize = 3;
/// How often the clock of each case fell due.
const ELAPSED: &str = "select cast(count(*) as text) from events where command like '%\"elapse\"%' group by case_id";
/// What a node says whose work came too late: the claim is another one's, or its transaction was ended meanwhile.
const REFUSED: [&str; 3] =
    ["the claim of a job was lost", "what is due could not be done", "what became of a job could not be kept"];

fn sizes() -> (usize, usize) {
    let said = std::env::var("NODES").unwrap_or_default();
    let read = |(clocks, rounds): (&str, &str)| Some((clocks.parse().ok()?, rounds.parse().ok()?));
    said.split_once(',').and_then(read).unwrap_or((CLOCKS, ROUNDS))
}

/// Holds what took `took` to its promise, where somebody asks for a size.
fn within(what: &str, took: Duration, promised: Duration) {
    eprintln!("{what}: after {took:?}");
    assert!(took <= promised || std::env::var_os("NODES").is_none(), "{what}: only after {took:?}");
}

/// Until `done`; between two looks a moment passes in which nobody calls.
async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) -> Duration {
    let (begun, (_nobody, calls)) = (Instant::now(), mpsc::channel::<()>());
    let deadline = DEADLINE + MORE * u32::try_from(sizes().0).unwrap();
    while !done().await {
        assert!(begun.elapsed() < deadline, "{what}: not within {deadline:?}");
        let _ = calls.recv_timeout(Duration::from_millis(50));
    }
    begun.elapsed()
}

fn config_of(folder: &Path, data: &Path, database: Option<String>) -> Config {
    Config { definitions: vec![folder.to_owned()], data_dir: data.to_owned(), database, ..Config::default() }
}

/// Cases whose clocks have been due for long, in the database that nodes will find.
async fn overdue(folder: &Path, data: &Path, database: Option<String>, (first, count): (usize, usize)) {
    let config = config_of(folder, data, database);
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

/// How often the clock of one such case falls due where one worker has it for itself and nobody is in its way.
async fn alone(folder: &Path) -> String {
    let data = tempfile::tempdir().unwrap();
    overdue(folder, data.path(), None, (0, 1)).await;
    let app = App::open(config_of(folder, data.path(), None), Given::default()).await.unwrap();
    while work::timers::run(&app, 0).await.unwrap() > 0 {}
    app.store.clone().close().await;
    let times = ask(data.path(), ELAPSED).await;
    assert_eq!(times.len(), 1, "its clock fell due");
    times.concat()
}

/// Clocks that are due, and jobs that wait.
async fn left(schema: &Schema) -> usize {
    let now_ms = Clock::System.now_ms();
    let sql = format!(
        "(select count(*) from cases where wake_ms <= {now_ms}) + (select count(*) from jobs where state = 'waiting' and due_ms <= {now_ms})"
    );
    schema.count(&sql).await
}

/// Jobs that wait, each with its latest claim.
async fn claims(schema: &Schema, which: &str) -> Vec<String> {
    let claim = "tenant || ' ' || id || ' ' || epoch";
    schema.ask(&format!("select {claim} from jobs where state = 'waiting' and {which}")).await
}

/// Jobs that somebody works at.
async fn in_hand(schema: &Schema) -> Vec<String> {
    claims(schema, &format!("claimed_until_ms > {}", Clock::System.now_ms())).await
}

/// Pauses a node in the middle of its work; the jobs that it had in hand. None, if it was done too soon.
async fn paused_at_work(schema: &Schema, node: &Node) -> Vec<String> {
    loop {
        until("the node is at work", async || !in_hand(schema).await.is_empty() || left(schema).await == 0).await;
        node.signal("STOP");
        let held = in_hand(schema).await;
        if !held.is_empty() || left(schema).await == 0 {
            return held;
        }
        node.signal("CONT");
    }
}

/// Waits until another node has taken over what one had in hand that went silent then; how much of it was left to be
/// done.
async fn taken_over(schema: &Schema, held: &[String], since: Instant) -> usize {
    let gone = async || {
        let still = claims(schema, "epoch > 0").await;
        !held.iter().any(|claim| still.contains(claim))
    };
    until("another node takes over", gone).await;
    within("what a silent node had in hand was taken over", since.elapsed(), TAKEN_OVER);
    let next = schema.ask("select tenant || ' ' || id || ' ' || (epoch - 1) from jobs where epoch > 1").await;
    held.iter().filter(|claim| next.contains(claim)).count()
}

/// How often a node was refused something that came too late.
fn refused(node: &Node) -> usize {
    node.log().iter().filter(|line| REFUSED.iter().any(|words| line.contains(words))).count()
}

/// How many rounds were done.
async fn done(schema: &Schema) -> usize {
    schema.count("select count(*) from rounds where schedule = 'sweep' and state = 'done' and epoch > 0").await
}

/// Rounds that somebody has in hand.
async fn begun(schema: &Schema) -> Vec<String> {
    schema.ask("select cast(period_ms as text) from rounds where state = 'begun'").await
}

/// Waits until rounds that a node had in hand which is silent now are over: whoever comes back before has them still.
async fn none_of(schema: &Schema, held: &[String]) {
    let over = async || {
        let still = begun(schema).await;
        !held.iter().any(|time| still.contains(time))
    };
    until("what a silent node had in hand is over", over).await;
}

/// Pauses a node while rounds come: the other one does them, and the one that the paused node had in hand.
async fn rounds_come_past(schema: &Schema, paused: &Node) {
    paused.signal("STOP");
    let (silent, held, before) = (Instant::now(), begun(schema).await, done(schema).await);
    none_of(schema, &held).await;
    until("rounds come past the paused node", async || done(schema).await >= before + WHILE_PAUSED).await;
    let asked = std::env::var_os("NODES").is_some();
    until("the pause is long enough", async || !asked || silent.elapsed() >= PAUSE).await;
    let came = done(schema).await - before;
    eprintln!("{came} rounds came past a paused node in {:?}", silent.elapsed());
    paused.signal("CONT");
}

/// Waits until so many more rounds were done, and kills and starts a node meanwhile; the times for which those that were
/// killed had been the ones.
async fn rounds_come(schema: &Schema, rounds: usize, fresh: &mut Node, config: &Path) -> Vec<i64> {
    let (mut told, mut over, before) = (Vec::new(), 0, done(schema).await);
    let step = rounds.div_ceil(KILLS + 1);
    while over < rounds {
        until("rounds come", async || done(schema).await - before >= (over + step).min(rounds)).await;
        over = done(schema).await - before;
        if over < rounds {
            fresh.kill();
            told.extend(came_round(fresh));
            *fresh = Node::start(config, &["--published"], true);
        }
    }
    told
}

/// Times for which a node says that it was the one.
fn came_round(node: &Node) -> Vec<i64> {
    let lines = node.log().into_iter().filter_map(|line| serde_json::from_str::<Json>(&line).ok());
    lines
        .filter(|line| line["message"] == "came round" && line["own"] == true && line["schedule"] == "sweep")
        .map(|line| line["time_ms"].as_i64().unwrap())
        .collect()
}

/// Every time of the schedule, from the first to the last that came until now, was done: none is missing, and none was
/// begun again but by whom a node is followed that was killed or paused, of which there were so many.
async fn every_round_once(schema: &Schema, rounds: usize, went_silent: usize) {
    let last = schema.count("select max(period_ms) from rounds where schedule = 'sweep'").await;
    let open = format!("select count(*) from rounds where state = 'begun' and period_ms <= {last}");
    until("every round is over", async || schema.count(&open).await == 0).await;
    let rows = format!(
        "select period_ms || ' ' || epoch || ' ' || state from rounds where schedule = 'sweep' and period_ms <= {last} order by period_ms"
    );
    let rows = schema.ask(&rows).await;
    let (mut times, mut again) = (Vec::new(), 0);
    for row in &rows {
        let words: Vec<&str> = row.split(' ').collect();
        times.push(words[0].parse::<i64>().unwrap());
        // The first one counts as over without having been claimed.
        again += words[1].parse::<usize>().unwrap().saturating_sub(1);
        assert_eq!(words[2], "done", "{row}");
    }
    let holes: Vec<&[i64]> = times.windows(2).filter(|pair| pair[1] - pair[0] != BETWEEN).collect();
    assert!(holes.is_empty(), "no round came between {holes:?}");
    assert!(times.len() > rounds, "{} rounds came", times.len() - 1);
    eprintln!("{} rounds came, each once; {again} were begun again", times.len() - 1);
    // On a machine that has other things to do, a node may be silent for as long by itself.
    assert!(again <= went_silent || std::env::var_os("NODES").is_none(), "{again} rounds were begun again");
}

fn configured(data: &Path, schema: &Schema) -> std::path::PathBuf {
    let path = data.join("nagar.yaml");
    let config = format!(
        "database: \"{}\"\ndata_dir: {}\nmetrics: 127.0.0.1:0\nmessage: {{ type: file, path: outbox.jsonl }}\n\
         publication: {{ unsigned: true }}\nupkeep: {{ sweep: \"{SCHEDULE}\" }}\n",
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
    let each = alone(folder.path()).await;
    overdue(folder.path(), data.path(), Some(schema.url()), (0, clocks / 2)).await;
    let publish = ["publish", "--config", word(&config), "--definitions", word(folder.path())];
    nagar(&publish).expect(0, "published: 1 ");

    let mut paused = Node::start(&config, &["--published"], true);
    let held = paused_at_work(&schema, &paused).await;
    let (silent, rounds_held) = (Instant::now(), begun(&schema).await);
    let mut killed = Node::start(&config, &["--published"], true);
    let late = taken_over(&schema, &held, silent).await;
    until("the other node does what is due", async || left(&schema).await == 0).await;
    eprintln!("the other node had done everything after {:?}", silent.elapsed());

    // Another publication reaches the node that runs; the paused one takes it over once it goes on.
    let service = folder.path().join("trade-license/service.yaml");
    let text = fs::read_to_string(&service).unwrap();
    fs::write(&service, format!("{text}\n# Published once more.\n")).unwrap();
    nagar(&publish).expect(0, "published: 2 ");
    let took = until("the node serves what is published", async || killed.metric("nagar_publication") == 2).await;
    within("what is published was served", took, SERVED);

    overdue(folder.path(), data.path(), Some(schema.url()), (clocks / 2, clocks - clocks / 2)).await;
    until("the next clocks are being looked at", async || left(&schema).await < clocks).await;
    killed.kill();
    let (held, silent) = (in_hand(&schema).await, Instant::now());
    let mut fresh = Node::start(&config, &["--published"], true);
    assert_eq!(fresh.metric("nagar_publication"), 2);
    taken_over(&schema, &held, silent).await;
    let asked = std::env::var_os("NODES").is_some();
    until("the pause is long enough", async || !asked || silent.elapsed() >= PAUSE).await;
    none_of(&schema, &rounds_held).await;
    paused.signal("CONT");
    until("the paused node serves what is published", async || paused.metric("nagar_publication") == 2).await;
    until("what the killed node left is done", async || left(&schema).await == 0).await;
    eprintln!("what the killed node left was done after {:?}", silent.elapsed());
    rounds_come_past(&schema, &paused).await;
    let before = rounds_come(&schema, rounds, &mut fresh, &config).await;
    // Two pauses, the node that was killed, and those that were while rounds came.
    every_round_once(&schema, rounds, 3 + KILLS).await;
    assert_eq!(fresh.metric("nagar_jobs{kind=\"notice\",state=\"dead\"}"), 0);
    assert_eq!(fresh.metric("nagar_ledger_imbalance_paise"), 0);
    assert_eq!((fresh.stop(), paused.stop()), (Some(0), Some(0)), "who is asked to stop ends well");
    let times = refused(&paused);
    eprintln!("the paused node had {late} jobs in hand that others did, and was refused {times} times");
    assert!(late == 0 || times > 0, "the paused node wrote something that came too late");
    assert!(late > 0 || !asked, "the paused node had nothing in hand");
    let told = [[&paused, &killed, &fresh].map(came_round).concat(), before].concat();
    all_once(&schema, (clocks, &each), data.path(), &told).await;
    nagar(&["verify", "--database", &schema.url()]).expect(0, "whole");
    schema.remove().await;
}

/// Everything that was due was done once: clocks, each of which falls due so often, versions of cases, rounds, messages.
async fn all_once(schema: &Schema, (clocks, each): (usize, &str), data: &Path, told: &[i64]) {
    assert_eq!(schema.count("select count(*) from rounds where state = 'begun' and schedule <> 'sweep'").await, 0);
    let times = schema.ask(ELAPSED).await;
    assert_eq!(times.len(), clocks, "every clock fell due");
    let others: Vec<&String> = times.iter().filter(|times| **times != each).collect();
    assert!(others.is_empty(), "clocks that fall due {each} times fell due {others:?} times");
    let twice = "select count(*) from (select 1 from events where case_version is not null group by tenant, case_id, case_version \
                 having count(*) > 1) t";
    assert_eq!(schema.count(twice).await, 0);
    assert!(!told.is_empty());
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "no time came round on two nodes");
    let sent = schema.count("select count(*) from notices where state = 'sent'").await;
    let outbox = fs::read_to_string(data.join("outbox.jsonl")).unwrap();
    let keys = outbox.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["key"].to_string());
    assert_eq!(keys.collect::<BTreeSet<_>>().len(), sent, "every message has gone out");
}

/// The definition that a node says it serves, of some service of a town.
fn served(node: &Node, (town, service): &(String, String)) -> String {
    let page = node.page(&format!("/api/{town}/services/{service}"));
    let (_, body) = page.split_once("\r\n\r\n").unwrap();
    serde_json::from_str::<Json>(body).unwrap()["definition"].as_str().unwrap().to_owned()
}

/// Everything that ships, for every town, where somebody asks for a size; else one town of it.
#[tokio::test]
async fn what_is_published_is_served_by_every_node_soon() {
    let Some(schema) = Schema::make("published").await else { return };
    let (one, data, over) = (definitions(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../definitions");
    let folder = if std::env::var_os("NODES").is_some() { whole.as_path() } else { one.path() };
    let config = configured(data.path(), &schema);
    let laid = ["--definitions", word(folder), "--definitions", word(over.path())];
    let publish = [&["publish", "--config", word(&config)][..], &laid].concat();
    let what = (place(folder).0, "grievance".to_owned());
    nagar(&publish).expect(0, "published: 1 ");
    let mut nodes = [(); 2].map(|()| Node::start(&config, &["--published"], true));
    let mut known = nodes.each_ref().map(|node| served(node, &what));
    assert_eq!(known[0], known[1]);
    // One service changes, and then what every service is made of: all of them are others.
    let changes = [format!("{}/service.yaml", what.1), "accounts.yaml".to_owned()];
    for (publication, path) in (2..).zip(&changes) {
        let text = fs::read_to_string(folder.join(path)).unwrap();
        let laid = over.path().join(path);
        fs::create_dir_all(laid.parent().unwrap()).unwrap();
        fs::write(&laid, format!("{text}\n# Published once more.\n")).unwrap();
        nagar(&publish).expect(0, &format!("published: {publication} "));
        let everywhere = async || nodes.iter().all(|node| node.metric("nagar_publication") == publication);
        let took = until("every node serves what is published", everywhere).await;
        within(&format!("publication {publication} was served by every node"), took, SERVED);
        let now = nodes.each_ref().map(|node| served(node, &what));
        assert!(now[0] == now[1] && now[0] != known[0], "{path}: {known:?} became {now:?}");
        known = now;
    }
    assert_eq!(nodes.each_mut().map(Node::stop), [Some(0), Some(0)]);
    schema.remove().await;
}

#[test]
fn a_database_that_does_not_answer_is_waited_for_and_then_named() {
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let config = data.path().join("nagar.yaml");
    let text = "database: postgres://asha:secret@127.0.0.1:1/town\ndatabase_wait: 1\npublication: { unsigned: true }\n";
    fs::write(&config, text).unwrap();
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
    nagar(&serve).expect(2, "publication: { unsigned: true }");
    let alone = data.path().join("alone.yaml");
    fs::write(&alone, "publication: { unsigned: true }\n").unwrap();
    let serve = [&serve[..], &["--config", word(&alone)]].concat();
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
    let node = Node::start(&alone, &["--published", "--data", word(data.path())], false);
    assert!(node.page("/ready").starts_with("HTTP/1.1 200"));
    nagar(&[&["serve", "--watch", "--published"][..], &both].concat()).expect(2, "what is published is not watched");
}

#[tokio::test]
async fn a_node_that_is_asked_to_stop_says_so_while_it_drains_and_ends_at_once_when_asked_again() {
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let config = data.path().join("nagar.yaml");
    let text = format!("data_dir: {}\ndrain: 600\npublication: {{ unsigned: true }}\n", data.path().display());
    fs::write(&config, text).unwrap();
    let mut node = Node::start(&config, &["--definitions", word(folder.path())], false);
    assert!(node.page("/ready").starts_with("HTTP/1.1 200"));
    node.signal("TERM");
    until("the node says that it stops", async || node.page("/ready").starts_with("HTTP/1.1 503")).await;
    assert!(node.page("/live").starts_with("HTTP/1.1 200"), "requests are answered while it drains");
    assert_eq!(node.stop(), Some(130));
}

//! A node that is killed while people apply, add and pay: what it had answered is there afterwards, what it had not
//! is done once by sending it again, and no number is missing.
//!
//! The client keeps a file of its own, flushed to the disk, of what it asked and what it was told.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::Secret;
use engine::case::{ActorKind, Command};
use serde_json::{Value as Json, json};
use server::act::{self, Opening};
use server::app::{App, Given};
use server::auth::session;
use server::chance::{Chance, Clock};
use server::config::Config;
use server::store::people::{self, Person};
use server::store::{By, cases, events};
use tokio::net::TcpListener;

use crate::life::life;
use crate::node::{Node, ask};
use crate::postgres::Schema;
use crate::program::{nagar, word};
use crate::storm::place;
use crate::town::definitions;

/// How often the node is killed, and the people who apply; `SERVING=kills,people` says others.
const KILLS: usize = 20;
const PEOPLE: usize = 40;
/// Applications of each.
const EACH: usize = 8;
/// Requests that are on their way at the same time.
const AT_ONCE: usize = 4;

/// Somebody who is signed in, with a case that waits for money.
#[derive(Clone, Debug)]
struct Citizen {
    id: String,
    secret: String,
    owing: String,
}

/// Something to be asked until it is answered.
#[derive(Clone, Debug)]
struct Wanted {
    key: String,
    citizen: Citizen,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// An application, and then something that is added to it.
    Apply,
    /// The money of the case that waits for it.
    Pay,
}

/// The client: what it still wants, and what it was told.
struct Client {
    town: String,
    place: String,
    wanted: Mutex<Vec<Wanted>>,
    ledger: Mutex<fs::File>,
}

/// What a node answered, whole.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
}

/// Sends a request and reads the whole answer; none if the node went away meanwhile.
pub(crate) fn call(port: u16, method: &str, path: &str, headers: &str, body: &str) -> Option<Answered> {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let answer = ask(port, &request).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let whole = header("content-length").is_none_or(|length| length.parse() == Ok(body.len()));
    whole.then(|| Answered { status, location: header("location").unwrap_or_default(), body: body.to_owned() })
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    let value = page[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    value.replace("&#x3D;", "=")
}

/// A text as forms are sent.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

impl Client {
    /// Writes down what was asked or told, on the disk before anything else happens.
    fn note(&self, key: &str, state: &str, facts: &Json) {
        let mut ledger = self.ledger.lock().unwrap();
        writeln!(ledger, "{}", json!({ "key": key, "state": state, "facts": facts })).unwrap();
        ledger.sync_data().unwrap();
    }

    /// Asks for one thing after the other until everything was answered or the node has gone.
    fn work(&self, port: u16) {
        loop {
            let Some(wanted) = self.wanted.lock().unwrap().pop() else { return };
            self.note(&wanted.key, "invoke", &Json::Null);
            let done = match wanted.what {
                What::Apply => self.apply(port, &wanted),
                What::Pay => self.pay(port, &wanted),
            };
            let Some(facts) = done else {
                self.note(&wanted.key, "unknown", &Json::Null);
                self.wanted.lock().unwrap().push(wanted);
                return;
            };
            self.note(&wanted.key, "ok", &facts);
        }
    }

    fn apply(&self, port: u16, wanted: &Wanted) -> Option<Json> {
        let headers = |key: &str| {
            format!(
                "Authorization: Bearer {}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\n",
                wanted.citizen.secret
            )
        };
        let answers = json!({
            "grievance_type": "light_not_working", "description": "The lamp has been dark for a week.", "locality": self.place,
            "landmark": "Beside pole 12", "photos": [], "full_name": "Asha Rao", "may_call": false,
        });
        let body = json!({ "service": "grievance", "answers": answers }).to_string();
        let path = format!("/api/{}/cases", self.town);
        let opened = call(port, "POST", &path, &headers(&wanted.key), &body)?;
        assert_eq!(opened.status, 201, "{}", opened.body);
        let case: Json = serde_json::from_str(&opened.body).unwrap();
        let id = case["id"].as_str().unwrap();
        self.note(&wanted.key, "applied", &json!({ "id": id, "number": case["number"] }));
        let body = json!({ "action": "add", "comment": "It still is." }).to_string();
        let added = call(port, "POST", &format!("{path}/{id}/act"), &headers(&format!("{}-add", wanted.key)), &body)?;
        assert_eq!(added.status, 200, "{}", added.body);
        Some(json!({ "id": id, "number": case["number"] }))
    }

    fn pay(&self, port: u16, wanted: &Wanted) -> Option<Json> {
        let at = format!("/{}/cases/{}/pay", self.town, wanted.citizen.owing);
        let cookie = format!("Cookie: __Host-nagar={}; lang=en\r\n", wanted.citizen.secret);
        let page = call(port, "GET", &at, &cookie, "")?;
        if page.status == 303 {
            return Some(Json::Null);
        }
        assert_eq!(page.status, 200, "{}", page.body);
        let form =
            [("_csrf", hidden(&page.body, "_csrf")), ("_key", wanted.key.clone()), ("mode", "online".to_owned())];
        let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let sent = call(port, "POST", &at, &format!("{cookie}{kind}"), &body.join("&"))?;
        let Some(gateway) = sent.location.strip_prefix("http://localhost:") else {
            // The money is on its way already, by an order of before: where it is looked after.
            let back = if sent.location.is_empty() { at.clone() } else { sent.location };
            call(port, "GET", &back, &cookie, "")?;
            let paid = call(port, "GET", &at, &cookie, "")?;
            return (paid.status == 303).then_some(Json::Null);
        };
        let (gateway, path) = gateway.split_once('/').unwrap();
        let chosen = call(gateway.parse().unwrap(), "POST", &format!("/{path}"), kind, "ending=succeed")?;
        let back = chosen.location.splitn(4, '/').nth(3).map_or_else(|| at.clone(), |path| format!("/{path}"));
        call(port, "GET", &back, &cookie, "")?;
        // Nothing is owed any more: that is what the payer is told.
        let paid = call(port, "GET", &at, &cookie, "")?;
        (paid.status == 303).then_some(Json::Null)
    }
}

/// People who are signed in, each with a case that waits for money.
async fn people(app: &App, count: usize) -> Vec<Citizen> {
    let loaded = app.library.now();
    let tenant = loaded.catalogue.tenants.values().next().unwrap();
    let charges = |service: &&Arc<engine::service::Service>| service.billing.is_some() && service.on_record.is_none();
    let service = loaded.catalogue.services(tenant).find(charges).unwrap();
    let steps = life(service, tenant, app.clock.now(tenant));
    let mut all = Vec::new();
    for at in 0..count {
        let (id, now_ms) = (app.chance.id(), app.clock.now_ms());
        let mut tx = app.store.begin(&tenant.state).await.unwrap();
        let mobile = format!("{}", 9_000_000_000_u64 + at as u64);
        let newcomer = Person::newcomer(id.clone(), mobile, "en".to_owned(), now_ms);
        people::save(&mut tx, By::system(now_ms), &Person { name: "Asha Rao".to_owned(), ..newcomer }).await.unwrap();
        let secret = session::begin(app, &mut tx, (&id, "citizen"), &serde_json::json!({})).await.unwrap();
        tx.commit().await.unwrap();
        let opening = Opening { applicant: &id, language: "en", record: None, key: None };
        let case = act::open(app, tenant, service, opening).await.unwrap();
        for step in steps.iter().take_while(|step| !matches!(step.command, Command::Receive(_))) {
            let mut actor = step.actor.clone();
            if actor.kind == ActorKind::Citizen {
                actor.person.clone_from(&id);
            }
            act::act(app, tenant, &case.id, &actor, &step.command, None).await.unwrap();
        }
        all.push(Citizen { id, secret, owing: case.id });
    }
    all
}

/// A gateway that nobody kills, with the file of its secret.
async fn gateway(data: &Path) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (secret, text) = Secret::random();
    let path = data.join("gateway.secret");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let config = DemoConfig::new(data.join("gateway.jsonl"), format!("http://localhost:{port}"), "demo", secret);
    tokio::spawn(demo_gateway::serve(listener, config));
    port
}

/// Kills the node at moments of chance while the client works; how often something was on its way then.
fn storm(client: &Arc<Client>, config: &Path, words: &[&str], kills: usize) -> usize {
    let (_nobody, calls) = mpsc::channel::<()>();
    let (mut seed, mut cut, mut slowest) = (20_261_129_u64, 0, Duration::ZERO);
    for _ in 0..kills {
        let begun = Instant::now();
        let mut node = Node::start(config, words, false);
        slowest = slowest.max(begun.elapsed());
        let port = node.port;
        std::thread::scope(|threads| {
            let working: Vec<_> = (0..AT_ONCE).map(|_| threads.spawn(|| client.work(port))).collect();
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // A moment of chance is all that is waited for; nobody ever calls.
            let _ = calls.recv_timeout(Duration::from_millis(50 + (seed >> 33) % 700));
            cut += usize::from(working.iter().any(|working| !working.is_finished()));
            node.kill();
        });
    }
    let mut node = Node::start(config, words, false);
    while !client.wanted.lock().unwrap().is_empty() {
        let before = client.wanted.lock().unwrap().len();
        client.work(node.port);
        assert!(
            client.wanted.lock().unwrap().len() < before,
            "what is left cannot be done:\n{}",
            node.log().join("\n")
        );
    }
    assert_eq!(node.stop(), Some(0));
    eprintln!("{cut} of {kills} kills met something on its way; the slowest start took {slowest:?}");
    cut
}

/// What the client was told, by key: the last facts it was told, acknowledged or not.
fn told(ledger: &Path) -> BTreeMap<String, Json> {
    let mut told = BTreeMap::new();
    for line in fs::read_to_string(ledger).unwrap().lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        if matches!(line["state"].as_str(), Some("ok" | "applied")) {
            let facts = told.entry(line["key"].as_str().unwrap().to_owned()).or_insert(Json::Null);
            assert!(
                facts.is_null() || *facts == line["facts"],
                "the same key was answered otherwise before: {facts} {line}"
            );
            facts.clone_from(&line["facts"]);
        }
    }
    told
}

/// Everything that the client was told is there, once.
async fn check(app: &App, town: &str, citizens: &[Citizen], told: &BTreeMap<String, Json>) {
    let mut tx = app.store.read(town).await.unwrap();
    let mut applied = 0;
    for citizen in citizens {
        let rows = cases::by_applicant(&mut tx, &citizen.id).await.unwrap();
        assert_eq!(rows.len(), 1 + EACH, "one case for each application, and the one that waited for money");
        applied += rows.len() - 1;
        let paid = cases::load(&mut tx, &citizen.owing).await.unwrap().unwrap();
        assert_eq!(paid.receipts.len(), 1, "{} was paid once", paid.id);
    }
    assert_eq!(told.len(), applied + citizens.len());
    for (key, facts) in told.iter().filter(|(_, facts)| !facts.is_null()) {
        let id = facts["id"].as_str().unwrap();
        let case =
            cases::load(&mut tx, id).await.unwrap().unwrap_or_else(|| panic!("{key} was acknowledged and is lost"));
        assert_eq!(case.number.as_deref(), facts["number"].as_str(), "{key}");
        let history = events::history(&mut tx, id).await.unwrap();
        let added = history.iter().filter(|event| event.command["action"] == "add").count();
        assert_eq!(added, 1, "{key}: what was added was added once");
    }
}

async fn survives(database: Option<String>) {
    let said = std::env::var("SERVING").unwrap_or_default();
    let read = |(kills, people): (&str, &str)| Some((kills.parse().ok()?, people.parse().ok()?));
    let (kills, count): (usize, usize) = said.split_once(',').and_then(read).unwrap_or((KILLS, PEOPLE));
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let (town, place) = place(folder.path());
    let port = gateway(data.path()).await;
    let mut text = format!(
        "demo: true\nmessage: {{ type: file, path: outbox.jsonl }}\ndata_dir: {}\n\
         payment: {{ type: demo, url: \"http://localhost:{port}\", key_id: demo, secret: \"file:gateway.secret\" }}\n",
        data.path().display()
    );
    if let Some(database) = &database {
        let _ = writeln!(text, "database: \"{database}\"");
    }
    let config = data.path().join("nagar.yaml");
    fs::write(&config, &text).unwrap();
    let open = async || {
        let config = Config { definitions: vec![folder.path().to_owned()], ..Config::parse(&text).unwrap() };
        App::open(config, Given { clock: Clock::System, chance: Chance::System, bundle: None }).await.unwrap()
    };
    let app = open().await;
    let citizens = people(&app, count).await;
    app.store.clone().close().await;

    let mut wanted = Vec::new();
    for citizen in &citizens {
        let one = |key: String, what| Wanted { key, citizen: citizen.clone(), what };
        wanted.extend((0..EACH).map(|at| one(format!("apply-{}-{at}", citizen.id), What::Apply)));
        wanted.push(one(format!("pay-{}", citizen.id), What::Pay));
    }
    let path = data.path().join("told.jsonl");
    let ledger = Mutex::new(fs::File::create(&path).unwrap());
    let client = Arc::new(Client { town: town.clone(), place, wanted: Mutex::new(wanted), ledger });
    let (storming, of) = (Arc::clone(&client), config.clone());
    let definitions = folder.path().to_owned();
    let cut = tokio::task::spawn_blocking(move || storm(&storming, &of, &["--definitions", word(&definitions)], kills));
    let cut = cut.await.unwrap();
    assert!(cut > kills / 4, "only {cut} of {kills} kills met something on its way: there are too few people");

    let app = open().await;
    check(&app, &town, &citizens, &told(&path)).await;
    app.store.clone().close().await;
    let database = database.unwrap_or_else(|| format!("sqlite:{}", data.path().join("nagar.db").display()));
    nagar(&["verify", "--database", &database]).expect(0, "whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_before_a_kill_is_there_on_sqlite() {
    survives(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_before_a_kill_is_there_on_postgresql() {
    let Some(schema) = Schema::make("serving").await else { return };
    survives(Some(schema.url())).await;
    schema.remove().await;
}

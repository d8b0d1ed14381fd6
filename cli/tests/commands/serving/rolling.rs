//! Definitions are published again and again and nodes are started anew, one at a time, while people open cases and
//! add to them: nobody notices, and each case goes on by what it began with until it is moved.
//!
//! `NAGAR_OLD` names the program of an earlier version, if there is one: it lays the tables and is served by first, so
//! that nodes of both versions serve beside each other until both are renewed. Without it both are this version.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use super::asked;
use super::client::Client;
use super::ground::Ground;
use crate::node::Node;
use crate::postgres::Schema;
use crate::program::{nagar, run, word};

/// Publications, the first one among them.
const VERSIONS: usize = 5;
/// Requests a second; each application is two.
const RATE: u64 = 50;

/// Where people come in: nodes that are asked in turn while they are ready, as a balancer does.
struct Door {
    ports: Mutex<Vec<u16>>,
    turn: AtomicUsize,
    /// What is published: so many parts of what people want may be asked by then, however quick they are.
    version: AtomicUsize,
}

impl Door {
    fn pick(&self) -> u16 {
        let ports = self.ports.lock().unwrap();
        ports[self.turn.fetch_add(1, Ordering::Relaxed) % ports.len()]
    }

    fn replace(&self, gone: u16, come: Option<u16>) {
        let mut ports = self.ports.lock().unwrap();
        ports.retain(|port| *port != gone);
        ports.extend(come);
    }
}

/// Changes what the definition of the service says, and publishes it.
fn publish(ground: &Ground, version: usize) {
    let service = ground.definitions.path().join("grievance/service.yaml");
    let text = fs::read_to_string(&service).unwrap();
    let law = text.lines().find(|line| line.trim_start().starts_with("law: ")).unwrap();
    let said = format!("  law: Citizens' charter of the local body ({version})");
    fs::write(&service, text.replace(law, &said)).unwrap();
    let publish = ["publish", "--config", word(&ground.config), "--definitions", word(ground.definitions.path())];
    nagar(&publish).expect(0, &format!("published: {version} "));
}

/// People come at an even pace until everything was answered.
fn pace(client: &Client, door: &Door) {
    let (begun, next) = (Instant::now(), AtomicUsize::new(0));
    let all = client.left();
    std::thread::scope(|threads| {
        for _ in 0..super::AT_ONCE {
            threads.spawn(|| {
                let (_nobody, calls) = mpsc::channel::<()>();
                while !client.content() {
                    let left = client.left();
                    let version = door.version.load(Ordering::Relaxed);
                    if version < VERSIONS && left * VERSIONS <= all * (VERSIONS - version) {
                        let _ = calls.recv_timeout(Duration::from_millis(20));
                        continue;
                    }
                    let turn = u32::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
                    let at = Duration::from_millis(2_000 / RATE) * turn;
                    // Only the pace is waited for; nobody ever calls.
                    let _ = calls.recv_timeout(at.saturating_sub(begun.elapsed()));
                    let port = door.pick();
                    let answered = client.one(port) || client.content();
                    assert!(answered, "somebody was not answered by the node at {port}");
                }
            });
        }
    });
}

/// The program of an earlier version, if there is one here.
fn old() -> Option<PathBuf> {
    std::env::var_os("NAGAR_OLD").filter(|program| !program.is_empty()).map(PathBuf::from)
}

/// A node that answers until it is asked to stop and everybody goes elsewhere; of this version, where no other is named.
fn started(program: Option<&Path>, config: &Path) -> Node {
    let program = program.unwrap_or(Path::new(env!("CARGO_BIN_EXE_nagar")));
    let mut node = Node::begin_as(program, config, &["--published"]);
    node.ready(false);
    node
}

/// Takes one node out of service and starts another, of this version.
fn renew(node: &mut Node, config: &Path, door: &Door) {
    node.signal("TERM");
    while !node.page("/ready").starts_with("HTTP/1.1 503") {}
    door.replace(node.port, None);
    assert_eq!(node.ended(), Some(0));
    let fresh = started(None, config);
    door.replace(node.port, Some(fresh.port));
    *node = fresh;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_that_definitions_and_nodes_are_replaced() {
    let Some(schema) = Schema::make("rolling").await else { return };
    let ((_, people), old) = (asked("ROLLING", (0, 40)), old());
    if let Some(old) = &old {
        // The tables are those of that version until this one comes to them.
        run(old, &["verify", "--database", &schema.url()]).expect(0, "");
    }
    let ground = Ground::open(Some(&schema.url()), None, people).await;
    let config = fs::read_to_string(&ground.config).unwrap();
    // Whoever was sent to a node before it was taken out asks it for everything that belongs together.
    fs::write(&ground.config, format!("{config}drain: 5\n")).unwrap();
    publish(&ground, 1);
    let mut nodes = [(); 2].map(|()| started(old.as_deref(), &ground.config));
    let ports = Mutex::new(nodes.iter().map(|node| node.port).collect());
    let door = Door { ports, turn: AtomicUsize::new(0), version: AtomicUsize::new(1) };
    let all = ground.client.left();
    let (_nobody, calls) = mpsc::channel::<()>();
    tokio::task::block_in_place(|| {
        std::thread::scope(|threads| {
            let pacing = threads.spawn(|| pace(&ground.client, &door));
            for version in 2..=VERSIONS {
                // The version before was there for half of its part by then, and people go on meanwhile.
                let soon = || 2 * VERSIONS * ground.client.left() > all * (2 * VERSIONS - 2 * version + 3);
                while soon() && !pacing.is_finished() {
                    let _ = calls.recv_timeout(Duration::from_millis(20));
                }
                publish(&ground, version);
                door.version.store(version, Ordering::Relaxed);
                renew(&mut nodes[version % 2], &ground.config, &door);
            }
        });
    });
    assert_eq!(ground.client.troubled.load(Ordering::Relaxed), 0, "nobody was told to come later");
    ground.settle(Some(&schema.url())).await;

    let versions =
        "select definition from cases where service = 'grievance' group by definition order by min(opened_ms)";
    let begun_with = schema.ask(versions).await;
    assert!(begun_with.len() > 2, "cases began with {begun_with:?}");
    let newest = ground.digest("grievance").await;
    for from in begun_with.iter().filter(|from| **from != newest) {
        let both = ["--config", word(&ground.config), "--definitions", word(ground.definitions.path())];
        let words = [&["migrate-cases", "grievance", "--from", from, "--to", &newest][..], &both].concat();
        nagar(&[&words[..], &["--dry-run"]].concat()).expect(0, "");
        assert!(schema.ask(versions).await.contains(from), "nothing is moved by looking");
        nagar(&words).expect(0, "");
    }
    assert_eq!(schema.ask(versions).await, std::slice::from_ref(&newest));
    for citizen in &ground.citizens {
        let own = format!("select id from cases where service = 'grievance' and applicant = '{}'", citizen.id);
        for case in schema.ask(&own).await {
            assert_eq!(ground.client.add(door.pick(), citizen, &case), 200, "{case} goes on");
        }
    }
    assert_eq!(nodes.each_mut().map(Node::stop), [Some(0), Some(0)]);
    nagar(&["verify", "--database", &schema.url()]).expect(0, "whole");
    schema.remove().await;
}

//! A node in trouble while people apply, add and pay: killed, cut off from its database, on a disk that is full, that
//! fails or loses its power, on a database that is killed or taken over by its standby. What was answered is there
//! afterwards, what was not is done once by asking again, and no number is missing.
//!
//! The client keeps a file of its own, flushed to the disk, of what it asked and what it was told.

mod client;
mod cluster;
mod ground;
mod lines;
mod moment;
mod rolling;
mod worn;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use client::Client;
pub(crate) use client::call;
use cluster::{Cluster, DEADLINE};
use ground::Ground;
use lines::Lines;

use crate::node::Node;
use crate::postgres::{Schema, missing};

/// How often the node is killed, and the people who apply; `SERVING=kills,people` says others. Each applies some times
/// and pays once; `EACH` says how often somebody applies.
const KILLS: usize = 20;
const PEOPLE: usize = 40;
/// From so many kills on, at least so much is written meanwhile, and so much of it is payments.
const WHOLE: usize = 300;
const WRITTEN: usize = 50_000;
const PAID: usize = 10_000;
/// How soon a node is ready after it was killed. Held to where somebody asks for a size: alone on a machine.
const READY: Duration = Duration::from_secs(2);
/// Requests that are on their way at the same time.
const AT_ONCE: usize = 4;

/// `kills,people` of a variable.
pub(crate) fn asked(variable: &str, otherwise: (usize, usize)) -> (usize, usize) {
    let said = std::env::var(variable).unwrap_or_default();
    let read = |(kills, people): (&str, &str)| Some((kills.parse().ok()?, people.parse().ok()?));
    said.split_once(',').and_then(read).unwrap_or(otherwise)
}

/// Moments of chance.
struct Moments(u64);

impl Moments {
    /// Waits for one. It is all that is waited for; nobody ever calls.
    fn wait(&mut self) {
        let (_nobody, calls) = mpsc::channel::<()>();
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let _ = calls.recv_timeout(Duration::from_millis(50 + (self.0 >> 33) % 700));
    }
}

/// Starts a node and kills it at moments of chance while the client works; how often something was on its way then, and
/// how long the slowest start took. After each kill something else may happen.
fn storm(client: &Arc<Client>, start: impl Fn() -> Node, kills: usize, mut killed: impl FnMut()) -> (usize, Duration) {
    let (mut moments, mut cut, mut slowest) = (Moments(20_261_129), 0, Duration::ZERO);
    let (_nobody, calls) = mpsc::channel::<()>();
    let all = client.left();
    for kill in 0..kills {
        let begun = Instant::now();
        let mut node = start();
        slowest = slowest.max(begun.elapsed());
        let port = node.port;
        std::thread::scope(|threads| {
            let working: Vec<_> = (0..AT_ONCE).map(|_| threads.spawn(|| client.work(port))).collect();
            let busy = || working.iter().any(|working| !working.is_finished());
            moments.wait();
            // Kills are spread over everything that people want, however much that is.
            while busy() && client.left() * kills > all * (kills - kill) {
                let _ = calls.recv_timeout(Duration::from_millis(1));
            }
            cut += usize::from(busy());
            node.kill();
        });
        killed();
    }
    let mut node = start();
    while !client.content() {
        let before = client.left();
        client.work(node.port);
        assert!(client.left() < before, "what is left cannot be done:\n{}", node.log().join("\n"));
    }
    assert_eq!(node.stop(), Some(0));
    eprintln!("{cut} of {kills} kills met something on its way; the slowest start took {slowest:?}");
    (cut, slowest)
}

/// People go on while something happens to their node or its database, again and again; how often it met them.
fn under(client: &Arc<Client>, port: u16, times: usize, mut strike: impl FnMut()) -> usize {
    let (mut moments, mut met) = (Moments(20_261_129), 0);
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(|| client.work_on(port));
        }
        for _ in 0..times {
            moments.wait();
            met += usize::from(!client.content());
            strike();
        }
    });
    let troubled = client.troubled.load(Ordering::Relaxed);
    let statuses = client.statuses.lock().unwrap().clone();
    eprintln!("{met} of {times} met people, who were told {troubled} times to come later: {statuses:?} by status");
    assert!(met > times / 4, "only {met} of {times} met anybody: there are too few people");
    assert!(statuses.keys().all(|status| *status == 503), "trouble is told as trouble: {statuses:?} by status");
    met
}

async fn survives(database: Option<String>) {
    let (kills, people) = asked("SERVING", (KILLS, PEOPLE));
    let ground = Ground::open(database.as_deref(), None, people).await;
    let start = || Node::start(&ground.config, &ground.words(), false);
    let (cut, slowest) = tokio::task::block_in_place(|| storm(&ground.client, start, kills, || ()));
    assert!(cut > kills / 4, "only {cut} of {kills} kills met something on its way: there are too few people");
    assert_eq!(ground.client.troubled.load(Ordering::Relaxed), 0, "a node that serves answers");
    let (written, paid) = ground.settle(database.as_deref()).await;
    assert!(kills < WHOLE || (written >= WRITTEN && paid >= PAID), "only {written} writes, {paid} of them payments");
    assert!(slowest <= READY || std::env::var_os("SERVING").is_none(), "a node was ready only after {slowest:?}");
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

/// A node whose connections to the database are cut, in the middle of whatever they say.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_lose_and_double_nothing() {
    let Some(cluster) = Cluster::make() else { return };
    let (cuts, people) = asked("CUTS", (12, 60));
    let lines = Lines::to(cluster.port);
    let ground = Ground::open(Some(&lines.url()), None, people).await;
    let mut node = Node::start(&ground.config, &ground.words(), false);
    let (mut moments, mut turn) = (Moments(5), 0_usize);
    let strike = || {
        turn += 1;
        // Of three one is silent for a moment before.
        if turn.is_multiple_of(3) { lines.hold(|| moments.wait()) } else { lines.cut() }
    };
    tokio::task::block_in_place(|| under(&ground.client, node.port, cuts, strike));
    assert_eq!(node.stop(), Some(0));
    ground.settle(Some(&cluster.url())).await;
}

/// A database that is killed, and started again. `FALLS=kills,people` says others.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_killed_loses_and_doubles_nothing() {
    let Some(cluster) = Cluster::make() else { return };
    let (kills, people) = asked("FALLS", (20, 150));
    let ground = Ground::open(Some(&cluster.url()), None, people).await;
    let mut node = Node::start(&ground.config, &ground.words(), false);
    let port = node.port;
    let strike = || {
        cluster.kill();
        cluster.start();
    };
    tokio::task::block_in_place(|| under(&ground.client, port, kills, strike));
    assert_eq!(node.stop(), Some(0));
    ground.settle(Some(&cluster.url())).await;
}

/// A node that is started before its database: it waits, and serves once that answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_waits_for_a_database_that_is_started_after_it() {
    let Some(cluster) = Cluster::make() else { return };
    let ground = Ground::open(Some(&cluster.url()), None, 1).await;
    cluster.kill();
    let (mut node, mut moments) = (Node::begin(&ground.config, &ground.words()), Moments(11));
    tokio::task::block_in_place(|| {
        let begun = Instant::now();
        while !node.log().iter().any(|line| line.contains("it is waited for")) {
            assert!(begun.elapsed() < DEADLINE, "{}", node.log().join("\n"));
            moments.wait();
        }
        cluster.start();
        node.ready(false);
    });
    assert!(node.page("/ready").starts_with("HTTP/1.1 200"));
    tokio::task::block_in_place(|| ground.client.work_on(node.port));
    assert_eq!(node.stop(), Some(0));
    ground.settle(Some(&cluster.url())).await;
}

/// A standby that holds every commit takes over while people are at work: they go on by themselves, and nothing that
/// they were told is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_is_promoted_under_load_has_everything_that_was_answered() {
    let Some(cluster) = Cluster::make() else { return };
    let lines = Lines::to(cluster.port);
    let (_, people) = asked("FALLS", (1, 60));
    let ground = Ground::open(Some(&lines.url()), None, people).await;
    let standby = cluster.standby();
    let mut node = Node::start(&ground.config, &ground.words(), false);
    let port = node.port;
    let mut away = Duration::ZERO;
    let strike = || {
        let begun = Instant::now();
        cluster.kill();
        standby.promote();
        lines.turn(standby.port);
        lines.cut();
        away = begun.elapsed();
    };
    tokio::task::block_in_place(|| under(&ground.client, port, 1, strike));
    eprintln!("the standby had taken over after {away:?}");
    assert_eq!(node.stop(), Some(0));
    ground.settle(Some(&standby.url())).await;
}

/// Runs a program as root, who alone may mount a disk; whether it succeeded.
fn as_root(program: &str, words: &[&str], folder: &Path) -> bool {
    let succeeded = |mut command: Command| command.output().is_ok_and(|ran| ran.status.success());
    let (mut own, mut other) = (Command::new(program), Command::new("sudo"));
    own.args(words).arg(folder);
    other.args(["-n", program]).args(words).arg(folder);
    succeeded(own) || succeeded(other)
}

/// A disk of so many MB that is there for a test alone; none where nobody may make one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn make(mb: usize) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={mb}m");
        if !as_root("mount", &["-t", "tmpfs", "-o", &size, "tmpfs"], folder.path()) {
            missing("no disk of memory can be mounted: that takes root, or sudo without a password");
            return None;
        }
        Some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills what is left of it for a moment.
    fn fill(&self, moments: &mut Moments) {
        let path = self.path().join("filled");
        let mut file = fs::File::create(&path).unwrap();
        let block = vec![0_u8; 64 * 1024];
        while file.write_all(&block).is_ok() {}
        while file.write_all(&block[..512]).is_ok() {}
        moments.wait();
        fs::remove_file(&path).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        as_root("umount", &[], self.path());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_and_doubles_nothing() {
    let Some(disk) = Disk::make(256) else { return };
    let (times, people) = asked("FILLS", (6, 60));
    let ground = Ground::open(None, Some(disk.path()), people).await;
    let mut node = Node::start(&ground.config, &ground.words(), false);
    let (port, mut moments) = (node.port, Moments(7));
    tokio::task::block_in_place(|| under(&ground.client, port, times, || disk.fill(&mut moments)));
    assert!(ground.client.troubled.load(Ordering::Relaxed) > 0, "the disk was full, and nobody noticed");
    assert_eq!(node.stop(), Some(0));
    ground.settle(None).await;
}

/// A database whose disk is full for a moment: it refuses what needs room, or gives up and has to be started.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_of_the_database_loses_and_doubles_nothing() {
    let Some(disk) = Disk::make(400) else { return };
    let Some(cluster) = Cluster::on(disk.path()) else { return };
    let (times, people) = asked("FILLS", (6, 60));
    let ground = Ground::open(Some(&cluster.url()), None, people).await;
    let mut node = Node::start(&ground.config, &ground.words(), false);
    let (port, mut moments) = (node.port, Moments(7));
    let strike = || {
        disk.fill(&mut moments);
        cluster.recover();
    };
    tokio::task::block_in_place(|| under(&ground.client, port, times, strike));
    assert!(ground.client.troubled.load(Ordering::Relaxed) > 0, "the disk was full, and nobody noticed");
    assert_eq!(node.stop(), Some(0));
    ground.settle(Some(&cluster.url())).await;
}

//! A disk that fails now and then, and a machine that loses its power: what stands between a node and its disk
//! (`disk.c`) lets writes fail, or knows what the disk was made to keep. Where nobody can build that, nothing is tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::cluster::DEADLINE;
use super::ground::Ground;
use super::{Moments, asked, storm, under};
use crate::node::Node;
use crate::postgres::missing;

/// What a node is started with in front of its disk.
struct Shim {
    folder: tempfile::TempDir,
}

impl Shim {
    /// None where there is no compiler of C.
    fn build() -> Option<Self> {
        let shim = Self { folder: tempfile::tempdir().unwrap() };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/serving/disk.c");
        let mut command = Command::new("cc");
        command.args(["-shared", "-fPIC", "-O1", "-o"]).arg(shim.library()).arg(source).arg("-ldl");
        let Ok(built) = command.output() else {
            missing("there is no compiler of C, cc (the package gcc)");
            return None;
        };
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        Some(shim)
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("disk.so")
    }

    /// A node, told by a variable what becomes of its disk.
    fn start(&self, ground: &Ground, (variable, value): (&str, &Path)) -> Node {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nagar"));
        command.env("LD_PRELOAD", self.library()).env(variable, value);
        let mut node = Node::begun(command, &ground.config, &ground.words());
        node.ready(false);
        node
    }
}

/// Waits until nobody has the database open any more. Whoever leaves it last is still bringing its log in, in a thread
/// of its own, when he is said to be gone: a copy made meanwhile has some of the pages, and no disk ever was like that.
fn left(data: &Path) {
    let (_nobody, calls) = mpsc::channel::<()>();
    let begun = Instant::now();
    while data.join("nagar.db-wal").exists() {
        assert!(begun.elapsed() < DEADLINE, "somebody still has the database open");
        // Between two looks a moment passes in which nobody calls.
        let _ = calls.recv_timeout(Duration::from_millis(1));
    }
}

/// Of the database there is what the disk was made to keep, and nothing else.
fn lose(data: &Path, kept: &Path) {
    for name in ["nagar.db", "nagar.db-wal", "nagar.db-shm"] {
        let _ = fs::remove_file(data.join(name));
        if kept.join(name).exists() {
            fs::copy(kept.join(name), data.join(name)).unwrap();
        }
    }
}

/// While the disk fails, people are told to come again; nobody is told that something was done which is not there.
#[tokio::test(flavor = "multi_thread")]
async fn r_07_a_disk_that_fails_now_and_then_loses_and_doubles_nothing() {
    let Some(shim) = Shim::build() else { return };
    let (times, people) = asked("FAILS", (6, 60));
    let data = tempfile::tempdir().unwrap();
    let ground = Ground::open(None, Some(data.path()), people).await;
    let (told, mut moments) = (shim.folder.path().join("fails"), Moments(13));
    let mut node = shim.start(&ground, ("DISK_FAILS", &told));
    let port = node.port;
    let strike = || {
        fs::write(&told, "").unwrap();
        moments.wait();
        fs::remove_file(&told).unwrap();
    };
    tokio::task::block_in_place(|| under(&ground.client, port, times, strike));
    assert!(ground.client.troubled.load(Ordering::Relaxed) > 0, "the disk failed, and nobody noticed");
    assert_eq!(node.stop(), Some(0));
    ground.settle(None).await;
}

/// What was written and not synced is lost, all but some of it, again and again; what people were told is there.
#[tokio::test(flavor = "multi_thread")]
async fn r_08_a_machine_that_loses_its_power_has_what_was_answered() {
    let Some(shim) = Shim::build() else { return };
    let (cuts, people) = asked("POWER", (6, 40));
    let (data, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ground = Ground::open(None, Some(data.path()), people).await;
    // What was there before has long been on the disk.
    tokio::task::block_in_place(|| left(data.path()));
    fs::copy(data.path().join("nagar.db"), kept.path().join("nagar.db")).unwrap();
    let start = || shim.start(&ground, ("DISK_KEEPS", kept.path()));
    let lost = || lose(data.path(), kept.path());
    let (cut, _) = tokio::task::block_in_place(|| storm(&ground.client, start, cuts, lost));
    assert!(cut > cuts / 4, "only {cut} of {cuts} met something on its way: there are too few people");
    assert!(kept.path().join("nagar.db-wal").exists(), "nothing stood between the node and its disk");
    ground.settle(None).await;
}

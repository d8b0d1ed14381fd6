//! A PostgreSQL of a test's own, which may be killed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::postgres::missing;

/// How long a database may take to stand again.
pub(super) const DEADLINE: Duration = Duration::from_mins(2);

/// Where a cluster lies that no test has another place for.
const USUAL: &str = "/tmp";

/// A cluster, removed with the test.
pub(super) struct Cluster {
    programs: PathBuf,
    folder: String,
    /// Where it listens.
    pub(super) port: u16,
}

/// Runs a program as whoever may own a cluster: PostgreSQL refuses to be run by root.
fn run(program: &str, words: &[&str]) -> Output {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let mut command = Command::new(if root { "runuser" } else { program });
    if root {
        command.args(["-u", "postgres", "--", program]);
    }
    command.args(words).current_dir("/").output().unwrap()
}

impl Cluster {
    /// None where PostgreSQL is not installed.
    pub(super) fn make() -> Option<Self> {
        let cluster = Self::empty(Path::new(USUAL))?;
        cluster.start();
        Some(cluster)
    }

    /// One whose data lie on a small disk: its log takes little of that.
    pub(super) fn on(disk: &Path) -> Option<Self> {
        let cluster = Self::empty(disk)?;
        cluster.set("min_wal_size = 32MB\nmax_wal_size = 64MB\n");
        cluster.start();
        Some(cluster)
    }

    /// One that keeps its log apart, from where a copy can go on.
    pub(super) fn archiving() -> Option<Self> {
        let cluster = Self::empty(Path::new(USUAL))?;
        let kept = cluster.kept_log();
        assert!(run("mkdir", &[&kept]).status.success());
        let command = format!("cp %p {kept}/%f.part && mv {kept}/%f.part {kept}/%f");
        cluster.set(&format!("wal_level = replica\narchive_mode = on\narchive_command = '{command}'\n"));
        cluster.start();
        Some(cluster)
    }

    /// One that is not started.
    fn empty(place: &Path) -> Option<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let programs = versions.map(|entry| entry.unwrap().path().join("bin"));
        let Some(programs) = programs.filter(|programs| programs.join("initdb").exists()).max() else {
            missing("there is no initdb in /usr/lib/postgresql/*/bin (the package postgresql)");
            return None;
        };
        let cluster = Self::at(programs, place);
        cluster.expect("initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        Some(cluster)
    }

    /// Where the pieces of its log are kept.
    pub(super) fn kept_log(&self) -> String {
        format!("{}/kept", self.folder)
    }

    /// Adds lines to its settings; the last one of a name counts.
    fn set(&self, lines: &str) {
        let mut file = OpenOptions::new().append(true).open(format!("{}/postgresql.conf", self.data())).unwrap();
        file.write_all(lines.as_bytes()).unwrap();
    }

    /// What the database answers.
    pub(super) fn ask(&self, sql: &str) -> String {
        let ran = run(self.programs.join("psql").to_str().unwrap(), &["-X", "-q", "-t", "-A", "-c", sql, &self.url()]);
        assert!(ran.status.success(), "{sql}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    }

    /// A copy as it is made at night: without the log, and not started.
    pub(super) fn copied(&self) -> Self {
        let copy = Self::at(self.programs.clone(), Path::new(USUAL));
        let from = format!("host=127.0.0.1 port={} user=postgres", self.port);
        copy.expect("pg_basebackup", &["-d", &from, "-X", "none", "-c", "fast", "--no-sync"]);
        copy
    }

    /// Starts a copy with the log that was kept since, up to a moment.
    pub(super) fn goes_back_to(&self, of: &Self, moment: &str) {
        self.set(&format!(
            "archive_mode = off\nrestore_command = 'cp {}/%f %p'\nrecovery_target_time = '{moment}'\n\
             recovery_target_action = promote\n",
            of.kept_log()
        ));
        assert!(run("touch", &[&format!("{}/recovery.signal", self.data())]).status.success());
        self.start();
        let begun = Instant::now();
        while self.ask("select pg_is_in_recovery()") != "f" {
            assert!(begun.elapsed() < DEADLINE, "the copy does not come to its end");
        }
    }

    /// An empty folder and a free port.
    fn at(programs: PathBuf, place: &Path) -> Self {
        let made = run("mktemp", &["-d", place.join("nagar-cluster.XXXXXX").to_str().unwrap()]);
        let folder = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        assert!(!folder.is_empty(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { programs, folder, port }
    }

    fn data(&self) -> String {
        format!("{}/data", self.folder)
    }

    /// Runs one of PostgreSQL's programs on the data.
    fn tried(&self, program: &str, words: &[&str]) -> Output {
        let data = self.data();
        run(self.programs.join(program).to_str().unwrap(), &[&["-D", &data][..], words].concat())
    }

    fn expect(&self, program: &str, words: &[&str]) {
        let ran = self.tried(program, words);
        let log = std::fs::read_to_string(format!("{}/log", self.folder)).unwrap_or_default();
        assert!(ran.status.success(), "{program}: {}\n{log}", String::from_utf8_lossy(&ran.stderr));
    }

    /// Starts it; what a killed one left behind may have to end first.
    pub(super) fn start(&self) {
        let said = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=60 -c shared_buffers=32MB",
            self.port, self.folder
        );
        let (log, begun) = (format!("{}/log", self.folder), Instant::now());
        while !self.tried("pg_ctl", &["-w", "-t", "60", "-l", &log, "-o", &said, "start"]).status.success() {
            assert!(begun.elapsed() < DEADLINE, "{}", std::fs::read_to_string(&log).unwrap_or_default());
        }
    }

    /// Ends it as a failing machine does.
    pub(super) fn kill(&self) {
        let pid = std::fs::read_to_string(format!("{}/postmaster.pid", self.data())).unwrap();
        let killed = Command::new("kill").args(["-9", pid.lines().next().unwrap()]).status().unwrap();
        assert!(killed.success());
    }

    /// Waits until it answers again; if it has given up, it is started.
    pub(super) fn recover(&self) {
        let begun = Instant::now();
        let psql = self.programs.join("psql");
        while !run(psql.to_str().unwrap(), &["-X", "-q", "-c", "select 1", &self.url()]).status.success() {
            assert!(begun.elapsed() < DEADLINE, "the database does not answer any more");
            if !self.tried("pg_ctl", &["status"]).status.success() {
                self.start();
            }
        }
    }

    /// The address of its database.
    pub(super) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// A standby without which nothing is acknowledged.
    pub(super) fn standby(&self) -> Self {
        let standby = Self::at(self.programs.clone(), Path::new(USUAL));
        let from = format!("host=127.0.0.1 port={} user=postgres application_name=standby", self.port);
        standby.expect("pg_basebackup", &["-d", &from, "-R", "-X", "stream", "-c", "fast", "--no-sync"]);
        standby.start();
        for sql in ["alter system set synchronous_standby_names = 'standby'", "select pg_reload_conf()"] {
            let ran = run(self.programs.join("psql").to_str().unwrap(), &["-X", "-q", "-c", sql, &self.url()]);
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        }
        let begun = Instant::now();
        let sql = "select count(*) from pg_stat_replication where sync_state = 'sync'";
        while run(self.programs.join("psql").to_str().unwrap(), &["-X", "-q", "-t", "-A", "-c", sql, &self.url()])
            .stdout
            != b"1\n"
        {
            assert!(begun.elapsed() < DEADLINE, "the standby does not follow");
        }
        standby
    }

    /// Makes a standby the one that is written to.
    pub(super) fn promote(&self) {
        self.expect("pg_ctl", &["-w", "promote"]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.tried("pg_ctl", &["-m", "immediate", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

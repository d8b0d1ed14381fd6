//! A node: the program as it serves, with what it prints and logs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value as Json;

use crate::program::word;

/// A server, ended with the test.
pub(crate) struct Node {
    child: Child,
    said: BufReader<ChildStdout>,
    log: Arc<Mutex<Vec<String>>>,
    listening: Option<JoinHandle<()>>,
    /// Where pages and API are answered.
    pub(crate) port: u16,
    /// Where those who watch are answered; 0 for nowhere.
    pub(crate) metrics: u16,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The port at the end of an address, or before its path.
fn port(url: &Json) -> u16 {
    let host = url.as_str().unwrap().split('/').nth(2).unwrap();
    host.rsplit(':').next().unwrap().parse().unwrap()
}

impl Node {
    /// Starts a node and waits until it is ready. `watched` by those who ask for metrics, if the configuration says so.
    pub(crate) fn start(config: &Path, words: &[&str], watched: bool) -> Self {
        let mut node = Self::begin(config, words);
        node.ready(watched);
        node
    }

    /// Starts a node, and waits for nothing.
    pub(crate) fn begin(config: &Path, words: &[&str]) -> Self {
        Self::begin_as(Path::new(env!("CARGO_BIN_EXE_nagar")), config, words)
    }

    /// The same of another version of the program.
    pub(crate) fn begin_as(program: &Path, config: &Path, words: &[&str]) -> Self {
        Self::begun(Command::new(program), config, words)
    }

    /// A node that is started by `command`, with whatever that has around it.
    pub(crate) fn begun(mut command: Command, config: &Path, words: &[&str]) -> Self {
        let mut child = command
            .args(["--json", "--log", "json", "serve", "--port", "0", "--config", word(config)])
            .args(words)
            .env_remove("NAGAR_DEFINITIONS")
            .env_remove("NAGAR_DATABASE")
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let (log, errors) = (Arc::new(Mutex::new(Vec::new())), BufReader::new(child.stderr.take().unwrap()));
        let into = Arc::clone(&log);
        let listening = std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                into.lock().unwrap().push(line);
            }
        });
        Self { child, said, log, listening: Some(listening), port: 0, metrics: 0 }
    }

    /// Waits until a node that was begun is ready, and says where it listens.
    pub(crate) fn ready(&mut self, watched: bool) {
        self.port = port(&self.next("ready"));
        if watched {
            self.metrics = port(&self.next("metrics"));
        }
    }

    /// What the node says next under this key. What is waited for is the line, not a time.
    fn next(&mut self, key: &str) -> Json {
        loop {
            let mut line = String::new();
            let read = self.said.read_line(&mut line).unwrap();
            assert!(read > 0, "the node ended before it said `{key}`:\n{}", self.log.lock().unwrap().join("\n"));
            match serde_json::from_str::<Json>(&line) {
                Ok(mut said) if !said[key].is_null() => return said[key].take(),
                _ => {}
            }
        }
    }

    /// Sends the process a signal, as in `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Ends the process as a failing machine does.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }

    /// Asks the node to stop, and waits until it has; its exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        self.signal("TERM");
        self.ended()
    }

    /// Waits until it has ended by itself; its exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        let code = self.child.wait().unwrap().code();
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
        code
    }

    /// What was logged until now, line by line.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn page(&self, path: &str) -> String {
        get(self.port, path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// How many files and connections it has open; none where the system does not say.
    pub(crate) fn open_files(&self) -> Option<usize> {
        Some(std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).ok()?.count())
    }

    /// The value of a line of the metrics.
    pub(crate) fn metric(&self, name: &str) -> i64 {
        let text = get(self.metrics, "/metrics").unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
    }
}

fn get(port: u16, path: &str) -> std::io::Result<String> {
    ask(port, &format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"))
}

/// Sends a request as it is, and gives the whole answer.
pub(crate) fn ask(port: u16, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

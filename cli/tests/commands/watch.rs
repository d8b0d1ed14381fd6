//! Definitions that are read again as they are saved, and what a browser is then shown.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value as Json;

use crate::program::word;
use crate::town::definitions;

/// A server that watches, ended with the test.
struct Server {
    child: Child,
    said: BufReader<ChildStdout>,
    port: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(folder: &std::path::Path, data: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nagar"))
            .args(["serve", "--watch", "--json", "--port", "0"])
            .args(["--definitions", word(folder), "--data", word(data)])
            .env_remove("NAGAR_DEFINITIONS")
            .env_remove("NAGAR_DATABASE")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, said, port: String::new() };
        let ready = server.next("ready");
        let port = ready["ready"].as_str().unwrap().rsplit(':').next().unwrap();
        port.clone_into(&mut server.port);
        server
    }

    /// The next line that the server prints with this key. What is waited for is the line, not a time.
    fn next(&mut self, key: &str) -> Json {
        loop {
            let mut line = String::new();
            assert!(self.said.read_line(&mut line).unwrap() > 0, "the server ended before it said `{key}`");
            match serde_json::from_str::<Json>(&line) {
                Ok(said) if !said[key].is_null() => return said,
                _ => {}
            }
        }
    }

    fn page(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port)).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[test]
fn what_is_saved_with_a_mistake_is_shown_in_the_browser() {
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let mut services: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    services.retain(|path| path.join("workflow.yaml").exists());
    services.sort();
    let path = services[0].join("workflow.yaml");
    let whole = fs::read_to_string(&path).unwrap();
    let start = whole.lines().find_map(|line| line.strip_prefix("start: ")).unwrap().to_owned();

    let mut server = Server::start(folder.path(), data.path());
    // The page says so once the folder is watched.
    while !server.page("/dev/problems").contains("data-refresh=") {}
    let page = server.page("/dev/problems");
    assert!(page.starts_with("HTTP/1.1 200") && !page.contains("unknown-state"), "{page}");

    fs::write(&path, whole.replacen(&format!("start: {start}"), &format!("start: {start}x"), 1)).unwrap();
    assert!(server.next("read_again")["read_again"]["errors"].as_u64().unwrap() > 0);
    let page = server.page("/dev/problems");
    for words in ["unknown-state", &format!("{start}x"), "workflow.yaml:", "did you mean", "data-refresh="] {
        assert!(page.contains(words), "no “{words}” in {page}");
    }

    fs::write(&path, &whole).unwrap();
    while server.next("read_again")["read_again"]["errors"] != 0 {}
    assert!(!server.page("/dev/problems").contains("unknown-state"), "what was mended is not shown any more");
}

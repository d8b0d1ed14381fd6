//! What is logged: every request by its name, and nobody by theirs.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::node::Node;
use crate::program::word;
use crate::serving::call;
use crate::storm::place;
use crate::town::definitions;

/// Stands in for a collector: its port, and all that it was told until nobody told it anything any more.
fn collector() -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, (sender, told)) = (listener.local_addr().unwrap().port(), mpsc::channel());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut all, mut piece) = (String::new(), [0; 8_192]);
        // Each request is answered as soon as all of it is there; the connection is kept until the teller ends.
        let mut left = Vec::new();
        while let Ok(read @ 1..) = stream.read(&mut piece) {
            left.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&left).into_owned();
            let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if left.len() < head.len() + 4 + length.unwrap_or(0) {
                continue;
            }
            all.push_str(&text);
            left.clear();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
        let _ = sender.send(all);
    });
    (port, told)
}

#[test]
fn priv_01_in_11_what_is_logged_names_requests_and_nobody() {
    let (folder, data) = (definitions(), tempfile::tempdir().unwrap());
    let (town, place) = place(folder.path());
    let config = data.path().join("nagar.yaml");
    let dir = data.path().display();
    let text = format!("data_dir: {dir}\ndemo: true\nproxies: 1\nmessage: {{ type: file, path: outbox.jsonl }}\n");
    fs::write(&config, text).unwrap();
    let (collector, told) = collector();
    let traces = format!("http://127.0.0.1:{collector}");
    let mut node = Node::start(&config, &["--definitions", word(folder.path()), "--traces", &traces], false);
    let (mobile, name, words) = ("9812345670", "Zarina Quereshi", "The drain beside my house is open.");
    let post = |path: &str, headers: &str, body: Json| {
        let headers = format!("Content-Type: application/json\r\n{headers}");
        let answered = call(node.port, "POST", &format!("/api/{town}{path}"), &headers, &body.to_string()).unwrap();
        (answered.status, serde_json::from_str::<Json>(&answered.body).unwrap())
    };
    let (status, asked) = post("/sign-in", "X-Request-Id: edge-7\r\n", json!({ "mobile": mobile }));
    assert_eq!(status, 200, "{asked}");
    let outbox = fs::read_to_string(data.path().join("outbox.jsonl")).unwrap();
    let sent: Json = serde_json::from_str(outbox.lines().last().unwrap()).unwrap();
    let digits = |part: &&str| part.len() == 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    let body = sent["body"].as_str().unwrap();
    let code = body.split(|letter: char| !letter.is_ascii_digit()).find(digits).unwrap_or_else(|| panic!("{body}"));
    let wrong = if code == "123456" { "654321" } else { "123456" };
    let with = |code: &str| json!({ "mobile": mobile, "browser": asked["browser"], "code": code });
    assert_eq!(post("/sign-in/code", "", with(wrong)).0, 401);
    let (status, signed) = post("/sign-in/code", "", with(code));
    assert_eq!(status, 200, "{signed}");
    let token = signed["token"].as_str().unwrap();
    let answers = json!({
        "grievance_type": "light_not_working", "description": words, "locality": place, "landmark": "Beside pole 12",
        "photos": [], "full_name": name, "may_call": false,
    });
    let headers = format!("Authorization: Bearer {token}\r\nIdempotency-Key: one\r\n");
    let (status, sent) = post("/cases", &headers, json!({ "service": "grievance", "answers": answers }));
    assert_eq!(status, 201, "{sent}");
    let page = call(node.port, "GET", &format!("/{town}/my?mobile={mobile}"), "", "").unwrap();
    assert_ne!(page.status, 500);
    // What would begin a line of its own, or colour a terminal, is a letter among others.
    let injected = format!("/{town}/verify/x%0d%0a%7b%22message%22%3a%22forged%22%7d%1b%5b31m");
    assert!(call(node.port, "GET", &injected, "", "").unwrap().status < 500);
    assert_eq!(node.stop(), Some(0));
    let log = node.log();
    let lines: Vec<Json> =
        log.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    assert!(!log.iter().any(|line| line.contains('\u{1b}') || line.starts_with("{\"message\":\"forged")));
    let answered: Vec<&Json> = lines.iter().filter(|line| line["message"] == "answered").collect();
    assert!(answered.len() >= 5, "{log:#?}");
    assert!(answered.iter().any(|line| line["span"]["request"] == "edge-7" && line["span"]["reference"].is_string()));
    assert!(answered.iter().any(|line| line["path"] == "/api/{tenant}/cases" && line["status"] == 201));
    let told = told.recv_timeout(Duration::from_mins(1)).unwrap();
    for told_of in ["edge-7", "/api/{tenant}/cases", "nagar", "request"] {
        assert!(told.contains(told_of), "the collector was not told of {told_of}");
    }
    for secret in [mobile, name, words, code, token, "Beside pole"] {
        assert!(!told.contains(secret), "the collector was told `{secret}`");
        assert!(!log.iter().any(|line| line.contains(secret)), "`{secret}` is in the log");
    }
}

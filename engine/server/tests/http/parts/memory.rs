//! What a request costs in memory while it is read, measured in processes of their own.

use std::convert::Infallible;
use std::process::Command;

use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use futures_util::{StreamExt as _, future, stream};
use server::http::body::{self, Reads};
use server::http::limits;

/// Names, in the environment, the kind of body that this process is to read.
const KIND: &str = "NAGAR_READS";
/// What the test is called, with its modules.
const TEST: &str = "parts::memory::in_10_reading_a_body_takes_no_more_than_twice_its_size";
/// What the allocator and the runtime keep beside it, in octets.
const BESIDE: usize = 4 << 20;
/// Octets that come together, as from a network.
const CHUNK: usize = 64 << 10;
/// Octets that are read together, at the least: beside so many, what the allocator keeps is little.
const TOGETHER: usize = 16 << 20;

/// The most memory that this process has had since it was last forgotten, in octets.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
}

/// A body of this size that fits its kind and is as dear to read as such can be.
fn written(kind: &str) -> (Reads, &'static str, Vec<u8>) {
    let filled = |count: usize, begin: &str, one: &dyn Fn(usize, usize) -> String, end: &str| {
        let room = (limits::BODY - begin.len() - end.len()) / count;
        let inner: String = (0..count).map(|at| one(at, room)).collect();
        format!("{begin}{inner}{end}").into_bytes()
    };
    let form = |at: usize, room: usize| format!("a{at:04}={}&", "x".repeat(room - 7));
    let json = |_: usize, room: usize| format!("\"{}\",", "x".repeat(room - 3));
    match kind {
        "form" => (Reads::Form, "application/x-www-form-urlencoded", filled(limits::FIELDS - 1, "", &form, "")),
        "json" => (Reads::Json, "application/json", filled(limits::JSON_VALUES - 10, "[", &json, "0]")),
        _ => (Reads::File, "application/pdf", vec![b'x'; limits::UPLOAD]),
    }
}

/// Reads as many bodies at once as make up what is to be read together, and says what that took at the most beside
/// the bodies as they were sent.
fn takes(kind: &str) {
    let (reads, media, whole) = written(kind);
    let count = TOGETHER.div_ceil(whole.len());
    let size = whole.len() * count;
    let requests: Vec<Request<Body>> = (0..count)
        .map(|_| {
            // As if it had come just now: the chunks belong to the body, and go with it.
            let chunks: Vec<Bytes> = whole.chunks(CHUNK).map(Bytes::copy_from_slice).collect();
            let slowly = stream::iter(chunks).then(|chunk| async {
                // The others get on meanwhile, so that all are half read at some moment.
                tokio::task::yield_now().await;
                Ok::<Bytes, Infallible>(chunk)
            });
            Request::post("/").header(header::CONTENT_TYPE, media).body(Body::from_stream(slowly)).unwrap()
        })
        .collect();
    drop(whole);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Where the system does not let it be forgotten, what was before counts as well, and the test sees less.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = peak();
    let reading = requests
        .into_iter()
        .enumerate()
        .map(|(at, request)| async move { body::read(request, reads, &format!("somebody {at}")).await.unwrap() });
    let read = runtime.block_on(future::join_all(reading));
    let took = peak() - before;
    drop(read);
    // The bodies themselves are there from the beginning; once more their size is what remains.
    assert!(took <= size + BESIDE, "{kind}: {took} octets beside {count} bodies of {size} together");
}

#[test]
fn in_10_reading_a_body_takes_no_more_than_twice_its_size() {
    if let Ok(kind) = std::env::var(KIND) {
        return takes(&kind);
    }
    if cfg!(not(target_os = "linux")) {
        return;
    }
    for kind in ["form", "json", "file"] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        let ended = child.args([TEST, "--exact", "--nocapture"]).env(KIND, kind).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(
            ended.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&ended.stderr)
        );
    }
}

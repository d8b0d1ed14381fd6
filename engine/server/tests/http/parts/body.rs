//! What is sent, as it is read.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use futures_util::{StreamExt as _, stream};
use server::http::body::{self, Reads, Turn, json, one, pairs};
use server::http::limits;
use server::problem::Problem;

#[test]
fn in_10_nobody_takes_all_the_turns() {
    let turns: Vec<Turn> = (0..limits::UPLOADS_EACH).map(|_| Turn::take("asha").unwrap()).collect();
    assert!(matches!(Turn::take("asha"), Err(Problem::TooMany(_))));
    assert!(Turn::take("ravi").is_ok(), "others send theirs meanwhile");
    drop(turns);
    assert!(Turn::take("asha").is_ok());
    const { assert!(limits::UPLOADS_EACH * 2 <= limits::UPLOADS) };
}

#[tokio::test]
async fn in_10_a_body_that_never_ends_is_not_waited_for() {
    for (reads, media) in [
        (Reads::Form, "application/x-www-form-urlencoded"),
        (Reads::Pairs, "application/x-www-form-urlencoded"),
        (Reads::Parts, "multipart/form-data; boundary=x"),
        (Reads::Json, "application/json"),
        (Reads::Raw, "application/json"),
        (Reads::File, "application/pdf"),
    ] {
        let begun = stream::iter([Ok::<Bytes, Infallible>(Bytes::from_static(b"--x\r\n"))]);
        let endless = Body::from_stream(begun.chain(stream::pending()));
        let request = Request::post("/").header(header::CONTENT_TYPE, media).body(endless).unwrap();
        let times = (Duration::from_millis(20), Duration::from_millis(20));
        let reading = tokio::time::timeout(Duration::from_secs(10), body::read_within(request, reads, "slow", times));
        let read = reading.await.expect("it is given up");
        assert!(matches!(read, Err(Problem::TooSlow)), "{reads:?}: {read:?}");
    }
}

#[test]
fn in_06_what_can_be_written_in_two_ways_is_kept_in_one() {
    let sent = pairs(b"a=e%CC%81&b=%E0%A5%98&c=%E0%A4%95%E0%A5%8D%E2%80%8D%E0%A4%B7").unwrap();
    assert_eq!(one(&sent, "a").unwrap(), "\u{e9}");
    assert_eq!(one(&sent, "b").unwrap(), "\u{915}\u{93c}", "Devanagari is kept taken apart, as the standard says");
    assert_eq!(one(&sent, "c").unwrap(), "क्\u{200d}ष", "joiners stay");
    assert_eq!(
        json("[\"e\u{301}\", \"\u{958}\"]".as_bytes()).unwrap(),
        serde_json::json!(["\u{e9}", "\u{915}\u{93c}"])
    );
}

#[test]
fn in_09_json_is_read_strictly() {
    assert_eq!(json(b"{\"a\":[1,\"[{\\\"\"]}").unwrap(), serde_json::json!({ "a": [1, "[{\""] }));
    assert!(json(b"{\"a\":1,\"a\":2}").is_err());
    assert!(json(&[b'['; 33]).is_err());
    assert!(json(format!("{}1{}", "[".repeat(33), "]".repeat(33)).as_bytes()).is_err());
    assert!(json(format!("{}1{}", "[".repeat(32), "]".repeat(32)).as_bytes()).is_ok());
}

#[test]
fn in_10_json_of_many_values_is_refused_before_it_is_read() {
    let many = |count: usize| format!("[{}0]", "0,".repeat(count));
    // The list itself and the values in it.
    assert!(json(many(limits::JSON_VALUES - 2).as_bytes()).is_ok());
    assert!(matches!(json(many(limits::JSON_VALUES).as_bytes()), Err(Problem::TooLarge)));
    assert!(
        matches!(json("[]".repeat(limits::JSON_VALUES).as_bytes()), Err(Problem::TooLarge)),
        "however it is written"
    );
    let said = format!("[\"{}\"]", ",[{".repeat(limits::JSON_VALUES));
    assert!(json(said.as_bytes()).is_ok(), "what stands in a text is no sign");
}

#[test]
fn in_09_a_parameter_given_twice_is_refused_where_one_is_expected() {
    let sent = pairs(b"a=1&a=2&b=%E0%A4%95").unwrap();
    assert!(one(&sent, "a").is_err());
    assert_eq!(one(&sent, "b").unwrap(), "क");
    assert_eq!(one(&sent, "c").unwrap(), "");
    assert!(pairs(b"a=%00").is_err());
    assert!(pairs("a&".repeat(1_001).as_bytes()).is_err());
}

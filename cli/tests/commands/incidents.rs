//! What is gathered when something happened: who did what in a span of time, and whom it concerned.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::program::{Run, nagar, word};
use crate::town::Kept;

fn gather(data: &Path, output: &Path, more: &[&str]) -> Run {
    let span = ["--from", "2026-04-06", "--until", "2026-04-06T23:59"];
    nagar(&[&["incident", "--json", "--data", word(data), "--output", word(output)][..], &span, more].concat())
}

fn lines(file: &Path) -> Vec<Json> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'a>(lines: &'a [Json], kind: &str) -> Vec<&'a Json> {
    lines.iter().filter(|line| line["kind"] == kind).collect()
}

#[tokio::test]
async fn ops_10_who_did_what_and_whom_it_concerned_is_gathered_for_a_span_of_time() {
    let kept = Kept::make(3).await;
    let (data, folder) = (kept.data.path(), tempfile::tempdir().unwrap());
    let at = |name: &str| folder.path().join(name);
    let all = at("all.jsonl");
    gather(data, &all, &["--plain"]).expect(0, "events");
    gather(data, &all, &["--plain"]).expect(2, "is there already");
    let found = lines(&all);
    assert_eq!((found[0]["kind"].as_str(), found.last().unwrap()["kind"].as_str()), (Some("span"), Some("summary")));
    assert_eq!(found[0]["from"], "2026-04-06T00:00:00+05:30");
    let events = of(&found, "event");
    let cases: BTreeSet<&str> = events.iter().filter_map(|event| event["case"].as_str()).collect();
    assert_eq!(cases.len(), 3, "every case was gathered");
    assert!(of(&found, "case").iter().all(|case| case["number"].is_string() && case["events"].as_u64() > Some(1)));
    let people: BTreeSet<&str> = of(&found, "person").iter().filter_map(|person| person["id"].as_str()).collect();
    assert!((0..3).all(|number| people.contains(format!("citizen-{number}").as_str())), "{people:?}");
    // Whom an officer's act concerned is said, and nothing that was answered is told.
    let by_officer = events.iter().find(|event| event["actor_kind"] == "employee").unwrap();
    assert!(by_officer["concerned"][0].as_str().unwrap().starts_with("citizen-"), "{by_officer}");
    assert!(events.iter().all(|event| event.get("answers").is_none() && event.get("command").is_none()));

    let one = at("one.jsonl");
    gather(data, &one, &["--plain", "--person", "citizen-1"]).expect(0, "events");
    let mine = lines(&one);
    let concerned = |event: &&Json| {
        event["actor"] == "citizen-1" || event["concerned"].as_array().unwrap().iter().any(|who| who == "citizen-1")
    };
    assert!(!of(&mine, "event").is_empty() && of(&mine, "event").iter().all(concerned));
    assert_eq!(of(&mine, "case").len(), 1);
    let number = of(&mine, "case")[0]["number"].as_str().unwrap().to_owned();
    let case = at("case.jsonl");
    gather(data, &case, &["--plain", "--case", &number]).expect(0, "events");
    assert_eq!(of(&lines(&case), "case").len(), 1);
    let nowhere = at("nowhere.jsonl");
    gather(data, &nowhere, &["--plain", "--address", "203.0.113.7"]).expect(0, "\"events\":0");
    // Each look is an event of the town, and the chain is whole.
    nagar(&["verify", "--data", word(data)]).expect(0, "whole");
    let asked = crate::town::ask(data, "select command from events where command like '%\"incident\"%'").await;
    assert!(asked.len() >= 4 && asked.iter().any(|command| command.contains("203.0.113.7")), "{asked:?}");
}

#[tokio::test]
async fn ops_10_what_is_gathered_is_sealed_unless_it_is_asked_for_plainly() {
    let kept = Kept::make(1).await;
    let (data, folder) = (kept.data.path(), tempfile::tempdir().unwrap());
    let at = |name: &str| folder.path().join(name);
    let (key, other, sealed, opened) = (at("key"), at("other"), at("sealed"), at("opened.jsonl"));
    fs::write(&key, "the key of an installation").unwrap();
    fs::write(&other, "the key of another installation").unwrap();
    gather(data, &sealed, &[]).expect(2, "give the key");
    gather(data, &sealed, &["--key-file", word(&key)]).expect(0, "\"sealed\":true");
    assert!(!String::from_utf8_lossy(&fs::read(&sealed).unwrap()).contains("citizen-0"));
    let open =
        |key: &Path| nagar(&["incident", "--open", word(&sealed), "--output", word(&opened), "--key-file", word(key)]);
    open(&other).expect(2, "another key");
    assert!(!opened.exists(), "nothing is left of it");
    open(&key).expect(0, "");
    assert_eq!(lines(&opened)[0]["kind"], "span");
    nagar(&["incident", "--data", word(data), "--output", word(&at("x"))]).expect(2, "--from");
    let turned = ["incident", "--from", "2026-04-07", "--until", "2026-04-06", "--plain", "--output"];
    nagar(&[&turned[..], &[word(&at("x")), "--data", word(data)]].concat()).expect(2, "ends before it begins");
}

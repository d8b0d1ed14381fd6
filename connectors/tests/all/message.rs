//! Messages: what every messenger does, and what the outbox remembers.

use std::path::Path;
use std::sync::Arc;

use connectors::message::{Channel, Message, MessageConfig};
use connectors::{Messenger, open_messenger};
use tempfile::tempdir;

use crate::support::around;

fn message(key: &str) -> Message {
    Message {
        key: key.to_owned(),
        tenant: "town".to_owned(),
        channel: Channel::Sms,
        to: "9876543210".to_owned(),
        subject: None,
        body: "आवेदन TL/1 स्वीकृत है।\nदूसरी पंक्ति".to_owned(),
        template: "approved".to_owned(),
        language: "hi".to_owned(),
    }
}

fn open(dir: &Path, yaml: &str) -> Arc<dyn Messenger> {
    let config: MessageConfig = serde_json::from_str(yaml).unwrap();
    open_messenger(&config, &around(dir)).unwrap()
}

const CONSOLE: &str = r#"{ "type": "console" }"#;
const FILE: &str = r#"{ "type": "file", "path": "out/outbox.jsonl" }"#;

/// What every messenger does.
async fn conforms(messenger: Arc<dyn Messenger>) {
    let sent = messenger.send(&message("one")).await.unwrap();
    assert!(!sent.again && !sent.reference.is_empty());
    let mail = Message {
        channel: Channel::Email,
        to: "asha@example.org".to_owned(),
        subject: Some("Approved".to_owned()),
        ..message("mail")
    };
    assert!(!messenger.send(&mail).await.unwrap().again);
    for wrong in [
        Message { to: String::new(), ..message("a") },
        Message { to: "98765".to_owned(), ..message("b") },
        Message { to: "98765\n43210".to_owned(), ..message("c") },
        Message { key: String::new(), ..message("d") },
        Message { body: "  ".to_owned(), ..message("e") },
        Message { body: "x".repeat(20_001), ..message("f") },
        Message { subject: Some("S".to_owned()), ..message("g") },
        Message { subject: None, ..mail.clone() },
        Message { subject: Some("a\r\nBcc: x@example.org".to_owned()), ..mail.clone() },
        Message { tenant: String::new(), ..message("h") },
    ] {
        let fault = messenger.send(&wrong).await.unwrap_err();
        assert!(!fault.is_temporary(), "{wrong:?}");
        assert!(!fault.to_string().contains("98765"), "a fault is logged, so it names nobody: {fault}");
    }
}

#[tokio::test]
async fn the_console_conforms() {
    let dir = tempdir().unwrap();
    conforms(open(dir.path(), CONSOLE)).await;
}

#[tokio::test]
async fn the_file_conforms() {
    let dir = tempdir().unwrap();
    conforms(open(dir.path(), FILE)).await;
    assert_eq!(outbox(dir.path()).len(), 2);
}

fn outbox(dir: &Path) -> Vec<Message> {
    let text = std::fs::read_to_string(dir.join("out/outbox.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_message_is_written_once_even_after_a_restart() {
    let dir = tempdir().unwrap();
    for round in 0..3 {
        let messenger = open(dir.path(), FILE);
        assert_eq!(messenger.send(&message("one")).await.unwrap().again, round > 0);
        assert!(messenger.send(&message("one")).await.unwrap().again);
    }
    // The same key in another town is another message.
    let other = Message { tenant: "village".to_owned(), ..message("one") };
    assert!(!open(dir.path(), FILE).send(&other).await.unwrap().again);
    assert_eq!(outbox(dir.path()), [message("one"), other]);
}

#[tokio::test]
async fn two_messengers_on_one_file_see_each_other() {
    let dir = tempdir().unwrap();
    let (one, two) = (open(dir.path(), FILE), open(dir.path(), FILE));
    let mut sends = tokio::task::JoinSet::new();
    for turn in 0..100 {
        let messenger = Arc::clone(if turn % 2 == 0 { &one } else { &two });
        sends.spawn(async move { messenger.send(&message(&format!("key-{}", turn / 4))).await.unwrap().again });
    }
    let again = sends.join_all().await;
    assert_eq!(again.iter().filter(|again| !**again).count(), 25);
    assert_eq!(outbox(dir.path()).len(), 25);
}

#[tokio::test]
async fn a_line_that_was_cut_off_is_sent_again_whole() {
    let dir = tempdir().unwrap();
    open(dir.path(), FILE).send(&message("one")).await.unwrap();
    open(dir.path(), FILE).send(&message("two")).await.unwrap();
    let path = dir.path().join("out/outbox.jsonl");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 10]).unwrap();
    let messenger = open(dir.path(), FILE);
    assert!(messenger.send(&message("one")).await.unwrap().again);
    assert!(!messenger.send(&message("two")).await.unwrap().again);
    assert_eq!(outbox(dir.path()), [message("one"), message("two")]);
}

#[tokio::test]
async fn an_outbox_that_was_emptied_begins_anew() {
    let dir = tempdir().unwrap();
    let messenger = open(dir.path(), FILE);
    messenger.send(&message("one")).await.unwrap();
    std::fs::remove_file(dir.path().join("out/outbox.jsonl")).unwrap();
    assert!(!messenger.send(&message("one")).await.unwrap().again);
    assert_eq!(outbox(dir.path()).len(), 1);
}

#[tokio::test]
async fn an_outbox_that_cannot_be_written_is_a_temporary_fault() {
    let dir = tempdir().unwrap();
    let messenger = open(dir.path(), FILE);
    let path = dir.path().join("out/outbox.jsonl");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(messenger.send(&message("one")).await.unwrap_err().is_temporary());
}

#[test]
fn a_configuration_with_a_misspelt_key_is_refused() {
    for wrong in
        [r#"{ "type": "console", "path": "x" }"#, r#"{ "type": "file", "pth": "x" }"#, r#"{ "type": "pigeon" }"#]
    {
        assert!(serde_json::from_str::<MessageConfig>(wrong).is_err(), "{wrong}");
    }
}

//! The messages of a demonstration, to be read in the recipients' stead.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use axum::http::{StatusCode, header};
use connectors::message::{Message, MessageConfig};
use ui_gen::Page;
use ui_gen::view::common::{Row, Section};
use ui_gen::view::dev::DevOutbox;

use super::ask::{self, Answer, Ask};
use crate::problem::Problem;

/// Octets at the end of the outbox that are read.
const TAIL: u64 = 64 * 1024;
/// Messages that are shown.
const SHOWN: usize = 50;

/// `GET /dev/outbox`: the latest messages first; as plain text to whoever does not ask for a page. Only a demonstration
/// has it.
pub async fn page(ask: &Ask) -> Answer {
    let config = &ask.app.config;
    let MessageConfig::File(file) = &config.message else { return Err(Problem::NotFound) };
    if !config.demo && connectors::control::holds("auth_08_outbox") {
        return Err(Problem::NotFound);
    }
    let path = config.data_dir.join(&file.path);
    let read = tokio::task::spawn_blocking(move || tail(&path)).await;
    let lines = read
        .map_err(|error| anyhow::anyhow!("reading the outbox: {error}"))?
        .map_err(|error| anyhow::anyhow!("reading the outbox: {error}"))?;
    let messages = lines.lines().rev().filter_map(|line| serde_json::from_str::<Message>(line).ok()).take(SHOWN);
    let accepted = ask.headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    if accepted.contains("text/html") {
        let view = DevOutbox { sections: messages.map(section).collect() };
        return ask.page(Page::DevOutbox(view)).back("/dev").answer();
    }
    let mut text = String::new();
    for message in messages {
        use std::fmt::Write as _;
        let subject = message.subject.map(|subject| format!("{subject}\n")).unwrap_or_default();
        let _ = writeln!(text, "{} → {}\n{subject}{}\n", message.tenant, message.to, message.body);
    }
    Ok(ask::text(StatusCode::OK, "text/plain; charset=utf-8", text))
}

fn section(message: Message) -> Section {
    let lines = message.subject.iter().map(String::as_str).chain(message.body.lines());
    let lines = lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    Section { rows: vec![Row { key: message.tenant, lines, ..Row::default() }], title: message.to }
}

fn tail(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

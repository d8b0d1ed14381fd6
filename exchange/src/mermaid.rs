//! A workflow as a Mermaid state diagram: text that many editors and wikis draw by themselves.

use std::fmt::Write as _;

use engine::service::Service;
use engine::workflow::Action;

use crate::words::when;

/// The workflow of `service` as a state diagram, with words in `language`.
pub fn diagram(service: &Service, language: &str) -> String {
    let mut text = String::from("---\n");
    let _ = writeln!(text, "title: {}", plain(service.title.in_language(language)));
    text.push_str("---\nstateDiagram-v2\n");
    for state in &service.workflow.states {
        let _ = writeln!(text, "    state \"{}\" as {}", plain(state.label.in_language(language)), id(&state.name));
    }
    let _ = writeln!(text, "    [*] --> {}", id(&service.workflow.start.value));
    for state in &service.workflow.states {
        for action in &state.actions {
            let to = id(&action.to.value);
            let _ = writeln!(text, "    {} --> {to}: {}", id(&state.name), words(action, language));
        }
        if state.end.is_some() {
            let _ = writeln!(text, "    {} --> [*]", id(&state.name));
        }
    }
    text
}

/// A name that is none of Mermaid's own words.
fn id(state: &str) -> String {
    format!("s_{state}")
}

fn words(action: &Action, language: &str) -> String {
    let label = plain(action.label.in_language(language));
    let condition = when(action).map(|when| format!(" where {}", plain(&when))).unwrap_or_default();
    format!("{label} ({}{condition})", plain(&action.set_off_by()))
}

/// Text without the signs by which Mermaid reads structure.
fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if matches!(c, '"' | ';' | '#' | '{' | '}' | '<' | '>' | ':' | '\n') { ' ' } else { c })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

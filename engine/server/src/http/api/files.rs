//! Files that answers name: they must be there, be what is said of them, and be the sender's own.

use connectors::files::Kind as FileKind;
use engine::case::Refusal;
use engine::form::{Field, FieldError, Kind, Page, Problem as Wrong};
use serde_json::Value as Json;

use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::files;

/// Refuses files that are not there, that somebody else sent, or that belong to another case than `case`.
pub(super) async fn own<'a>(
    ask: &Ask,
    pages: impl Iterator<Item = &'a Page>,
    answers: &Json,
    case: Option<&str>,
) -> Result<(), Problem> {
    let sender = ask.who.person().ok_or(Problem::SignIn)?;
    let mut named = Vec::new();
    pages.for_each(|page| collect("", &page.fields, answers, &mut named));
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut errors = Vec::new();
    for (path, file) in named {
        let kept = files::find(&mut tx, file["id"].as_str().unwrap_or_default()).await?;
        let same = kept.is_some_and(|kept| {
            let kind = FileKind::of_media_type(&kept.kind).map(FileKind::word);
            let told = (file["name"].as_str(), file["size"].as_i64(), file["sha256"].as_str().unwrap_or(&kept.sha256));
            kept.person == sender
                && (kept.case.is_none() || kept.case.as_deref() == case)
                && file["kind"].as_str() == kind
                && told == (Some(&kept.name), Some(kept.size), &kept.sha256)
        });
        if !same {
            errors.push(FieldError { path, problem: Wrong::Missing });
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Answers(errors).into()) }
}

fn collect<'a>(prefix: &str, fields: &[Field], answers: &'a Json, named: &mut Vec<(String, &'a Json)>) {
    for field in fields {
        let (path, answer) = (ui_gen::from_engine::path(prefix, &field.name), &answers[field.name.as_str()]);
        match &field.kind {
            Kind::File { .. } | Kind::Photo { .. } if answer.is_object() => named.push((path, answer)),
            Kind::Group { fields } => collect(&path, fields, answer, named),
            Kind::List { fields, .. } => {
                for (index, item) in answer.as_array().into_iter().flatten().enumerate() {
                    collect(&format!("{path}.{index}"), fields, item, named);
                }
            }
            _ => {}
        }
    }
}

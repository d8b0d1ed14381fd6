//! Holding answers to the published schema. A schema is compiled once for each definition.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use anyhow::Context as _;
use axum::http::StatusCode;
use axum::response::Response;
use engine::form::{self, Page};
use engine::service::Service;
use jsonschema::{Validator, error::ValidationErrorKind as Kind};
use serde_json::{Value as Json, json};

use crate::http::ask::{self, Ask};

/// Compiled schemas at hand: far above what one installation serves, so that definitions that are
/// saved again and again do not fill the memory.
const COMPILED: usize = 256;

/// By digest of the definition, and page; an empty page is the whole form of the applicant. A digest
/// never comes to mean something else, so nothing here grows old.
type Compiled = BTreeMap<(String, String), Arc<Validator>>;
static SCHEMAS: LazyLock<Mutex<Compiled>> = LazyLock::new(Mutex::default);

/// What answers are held to: one page, or all pages of the applicant.
pub(super) fn of(service: &Service, page: Option<&Page>) -> anyhow::Result<Arc<Validator>> {
    let key = (service.digest.clone(), page.map(|page| page.name.to_string()).unwrap_or_default());
    let mut schemas = SCHEMAS.lock().expect("nobody panics while holding it");
    if let Some(known) = schemas.get(&key) {
        return Ok(Arc::clone(known));
    }
    let schema = match page {
        Some(page) => form::page_schema(page, &service.language),
        None => form::schema(&service.form, None, &service.language),
    };
    let compiled = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .with_context(|| format!("the schema of {}", service.id))?;
    if schemas.len() >= COMPILED {
        schemas.clear();
    }
    let compiled = Arc::new(compiled);
    schemas.insert(key, Arc::clone(&compiled));
    Ok(compiled)
}

/// All that is wrong with the shape of `answers`, as an answer to a program; none if nothing is.
pub(super) fn refused(ask: &Ask, validator: &Validator, answers: &Json) -> Option<Response> {
    let errors = wrong(validator, answers);
    if errors.is_empty() {
        return None;
    }
    let told = json!({
        "type": "urn:nagar:answers", "title": ask.words().get("refusal.schema"), "status": 422, "errors": errors,
    });
    Some(ask::text(StatusCode::UNPROCESSABLE_ENTITY, "application/problem+json", told.to_string()))
}

/// All that is wrong with the shape of `answers`: of each the path, the word and the detail.
pub(super) fn wrong(validator: &Validator, answers: &Json) -> Vec<Json> {
    validator.iter_errors(answers).map(|error| told(&error)).collect()
}

/// One error: the path as forms write it, and the word that the form itself would use.
fn told(error: &jsonschema::ValidationError<'_>) -> Json {
    let mut path: Vec<String> = error
        .instance_path()
        .to_string()
        .split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    match error.kind() {
        Kind::Required { property } => path.extend(property.as_str().map(str::to_owned)),
        Kind::AdditionalProperties { unexpected } => path.extend(unexpected.first().cloned()),
        _ => {}
    }
    json!({ "path": path.join("."), "problem": word(error.kind().keyword()), "detail": error.to_string() })
}

/// The word of [`form::Problem`] that says the same as a keyword of the schema.
fn word(keyword: &str) -> &'static str {
    match keyword {
        "required" => "missing",
        "additionalProperties" => "not_asked",
        "minLength" => "too_short",
        "maxLength" => "too_long",
        "minimum" => "too_small",
        "maximum" => "too_large",
        "minItems" => "too_few",
        "maxItems" => "too_many",
        "oneOf" | "enum" => "not_an_option",
        "const" => "not_confirmed",
        "pattern" => "does_not_fit",
        _ => "wrong_kind",
    }
}

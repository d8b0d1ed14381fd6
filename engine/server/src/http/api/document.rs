//! The API of the town as an OpenAPI document.

use std::collections::BTreeMap;

use engine::service::Service;
use exchange::openapi::{self, Api};

use crate::http::ask::{self, Answer, Ask};

/// `GET /api/{tenant}/openapi.json`
pub async fn openapi(ask: &Ask) -> Answer {
    let tenant = ask.tenant();
    let services: Vec<&Service> = ask.library.catalogue.services(tenant).map(AsRef::as_ref).collect();
    let mut examples = BTreeMap::new();
    for service in &services {
        if let Some(example) = ask.library.examples(tenant, service).first() {
            examples.insert(service.id.clone(), asked(service, example.answers.to_json()));
        }
    }
    let document = openapi::document(&Api {
        town: &tenant.id,
        title: tenant.title.in_language(&ask.lang),
        base: &ask.app.link(&format!("/api/{}", tenant.id)),
        language: &ask.lang,
        open311: services.iter().any(|service| service.open311.is_some()),
        services,
        examples,
    });
    Ok(ask::json(200, &document))
}

/// Of answers, those to the applicant's own questions.
fn asked(service: &Service, mut answers: serde_json::Value) -> serde_json::Value {
    if let Some(map) = answers.as_object_mut() {
        let own: Vec<&str> =
            service.form.pages_by(None).flat_map(|page| &page.fields).map(|field| field.name.as_str()).collect();
        map.retain(|name, _| own.contains(&name.as_str()));
    }
    answers
}

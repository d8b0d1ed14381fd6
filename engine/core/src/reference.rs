//! Everything that can be explained, and every kind of file that can be described.

use crate::source::{Manual, Shape, shape};
use crate::{
    billing, document, fees, form, import, ledger, list, notice, registry, rule, scenario, service, source, survey,
    template, tenant, workflow,
};

/// The manuals of all checks, in the alphabet's order.
pub fn manuals() -> Vec<Manual> {
    let mut all: Vec<Manual> = [
        source::checks::ALL,
        list::checks::ALL,
        tenant::checks::ALL,
        rule::checks::ALL,
        form::checks::ALL,
        fees::checks::ALL,
        workflow::checks::ALL,
        billing::checks::ALL,
        ledger::checks::ALL,
        registry::checks::ALL,
        template::checks::ALL,
        notice::checks::ALL,
        document::checks::ALL,
        survey::checks::ALL,
        service::checks::ALL,
        import::checks::ALL,
        scenario::checks::ALL,
    ]
    .concat();
    all.sort_by_key(|manual| manual.code);
    all.dedup_by_key(|manual| manual.code);
    all
}

/// The JSON Schemas of all kinds of files: name and text.
pub fn schemas() -> Vec<(&'static str, String)> {
    fn pretty(document: &serde_json::Value) -> String {
        format!("{}\n", serde_json::to_string_pretty(document).expect("a schema is plain JSON"))
    }
    fn text<T: Shape>(title: &str) -> String {
        pretty(&shape::document::<T>(title))
    }
    vec![
        ("service", text::<service::yaml::ServiceYaml>("A service")),
        ("locale", text::<service::yaml::LocaleYaml>("The words of a service in another language")),
        ("form", pretty(&form::file_schema())),
        ("rates", pretty(&fees::schema())),
        ("demo", pretty(&scenario::history::schemas()[0].1)),
        ("cast", pretty(&scenario::history::schemas()[1].1)),
        ("fieldset", pretty(&form::fieldset_schema())),
        ("fieldset-locale", pretty(&form::fieldset_locale_schema())),
        ("tenant", pretty(&tenant::schema())),
        ("workflow", text::<workflow::yaml::WorkflowYaml>("What happens")),
        ("billing", text::<billing::yaml::BillingYaml>("How it is billed")),
        ("postings", text::<ledger::yaml::PostingsYaml>("Which accounts")),
        ("accounts", text::<ledger::yaml::AccountsYaml>("The chart of accounts")),
        ("notice", text::<notice::NoticeYaml>("A message")),
        ("import", text::<import::yaml::ImportYaml>("A table of a register that was kept elsewhere")),
        ("survey", text::<survey::yaml::SurveyYaml>("A survey")),
        ("scenario", text::<crate::scenario::yaml::ScenarioYaml>("A scenario")),
        ("words", pretty(&words())),
    ]
}

/// Words of the product itself: texts under names, as deep as their author likes.
fn words() -> serde_json::Value {
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The product's own words in a language",
        "type": "object",
        "propertyNames": { "pattern": "^[a-z0-9_-]+$" },
        "additionalProperties": { "anyOf": [{ "type": "string" }, { "$ref": "#" }] },
    })
}

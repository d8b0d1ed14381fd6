//! The real lists, fieldsets and tenants.

use engine::base::date::parse_day;
use engine::form::{Fieldsets, Known};
use engine::source::{Bundle, Diagnostics};
use engine::tenant;

use crate::support::{definitions, languages, lists};

/// The folder of the first state of the definitions.
fn state_dir(bundle: &Bundle) -> String {
    let file = bundle.under("tenants").find(|path| path.ends_with("/tenant.yaml") && path.matches('/').count() == 2);
    file.unwrap().trim_end_matches("/tenant.yaml").to_owned()
}

#[test]
fn every_tenant_of_the_definitions_is_clean() {
    let mut bundle = definitions();
    let mut out = Diagnostics::default();
    let dir = state_dir(&bundle);
    // Whether the services are there is another test's business.
    let file = engine::source::read::yaml(&bundle, &format!("{dir}/tenant.yaml"), &mut out).unwrap();
    if let engine::source::NodeKind::List(services) = &file.get("services").unwrap().kind {
        for service in services {
            bundle.add(&format!("{}/service.yaml", service.scalar().unwrap()), Vec::new());
        }
    }
    let state = tenant::state(&bundle, &dir, &mut out).unwrap();
    let dirs: Vec<String> =
        bundle.under(&dir).filter_map(|path| path.strip_suffix("/places.csv").map(str::to_owned)).collect();
    let towns: Vec<_> = dirs.iter().map(|dir| (dir.as_str(), tenant::town(&bundle, &state, dir, &mut out))).collect();
    tenant::check_codes(&bundle, towns.iter().filter_map(|(dir, town)| Some((*dir, town.as_ref()?))), &mut out);
    assert_eq!(out.sorted().render(&bundle, ""), "");
    assert!(dirs.len() > 100);
    for (dir, town) in &towns {
        let town = town.as_ref().unwrap();
        assert!(dir.ends_with(&town.id) && town.languages == ["hi", "en"] && town.hours == Some((600, 1020)), "{dir}");
        assert!(
            town.emblem.as_ref().unwrap().starts_with("<svg") && !town.title.translations.get("hi").unwrap().is_empty(),
            "{dir}"
        );
        assert!(
            !town.calendar.is_working_day(parse_day("2026-01-26").unwrap()) && town.calendar.second_saturday_off,
            "{dir}"
        );
        assert!(town.places.choices().any(|place| place.level() == Some("locality")), "{dir}");
    }
}

#[test]
fn every_list_and_fieldset_of_the_definitions_is_clean() {
    let bundle = definitions();
    let mut out = Diagnostics::default();
    let lists = lists(&bundle, &mut out);
    let levels = [("locality".to_owned(), engine::base::Text::new("Mohalla"))];
    let known = Known { lists: &lists, levels: &levels, registers: &[], fieldsets: None };
    let fieldsets = Fieldsets::read(&bundle, &[""], &known, "en", &languages(&["hi", "en"]), &mut out);
    let names: Vec<&str> = fieldsets.names().collect();
    for name in &names {
        fieldsets.untranslated(name, &mut out);
    }
    assert_eq!(out.sorted().render(&bundle, ""), "");
    assert!(["address", "person"].iter().all(|name| names.contains(name)), "{names:?}");
    assert_eq!(fieldsets.get("address").unwrap()[0].label.in_language("hi"), "मकान या दुकान संख्या");
}

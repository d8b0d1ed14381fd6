//! What towns of one state share and what they do not: a town's own chart, fieldset, list, levels
//! and financial year are its own, and whatever differs has another digest.

use std::path::Path;
use std::sync::Arc;

use engine::service::{self, Catalogue, Service};
use engine::source::{Bundle, Diagnostics};

use crate::folder::lay;

/// The base of the checks, with a second town.
fn two_towns() -> Bundle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks/base");
    let mut bundle = Bundle::default();
    lay(&mut bundle, &root);
    let town = bundle.text("tenants/hills/uphill/tenant.yaml").unwrap();
    let (town, places) =
        (town.replace("UPH", "DWN"), bundle.text("tenants/hills/uphill/places.csv").unwrap().to_owned());
    bundle.add("tenants/hills/downhill/tenant.yaml", town.into_bytes());
    bundle.add("tenants/hills/downhill/places.csv", places.into_bytes());
    bundle
}

/// A file of the shared folder, changed, in the folder of the second town.
fn shadow(bundle: &mut Bundle, path: &str, old: &str, new: &str) {
    let text = bundle.text(path).unwrap();
    assert!(text.contains(old), "{path} says {old}");
    let text = text.replace(old, new);
    bundle.add(&format!("tenants/hills/downhill/{path}"), text.into_bytes());
}

fn load(bundle: &Bundle) -> Catalogue {
    let (catalogue, found) = service::load(bundle);
    assert!(found.0.is_empty(), "{}", found.render(bundle, ""));
    catalogue
}

fn both(catalogue: &Catalogue) -> (&Arc<Service>, &Arc<Service>) {
    let of = |town: &str| catalogue.service(town, "stall-permit").unwrap();
    (of("uphill"), of("downhill"))
}

#[test]
fn towns_that_write_nothing_of_their_own_share_one_service() {
    let catalogue = load(&two_towns());
    let (one, other) = both(&catalogue);
    assert!(Arc::ptr_eq(one, other));
}

#[test]
fn a_towns_chart_is_its_own() {
    let mut bundle = two_towns();
    shadow(&mut bundle, "accounts.yaml", "cash: \"4501001\"", "cash: \"4502101\"");
    let catalogue = load(&bundle);
    let (one, other) = both(&catalogue);
    assert_eq!((one.chart.collection("cash"), other.chart.collection("cash")), (Some("4501001"), Some("4502101")));
    assert_ne!(one.digest, other.digest);
}

#[test]
fn a_towns_fieldset_is_its_own() {
    let mut bundle = two_towns();
    shadow(&mut bundle, "fieldsets/person.yaml", "max_length: 60", "max_length: 30");
    let catalogue = load(&bundle);
    let (one, other) = both(&catalogue);
    assert!(format!("{:?}", one.form) != format!("{:?}", other.form));
    assert_ne!(one.digest, other.digest);
}

#[test]
fn a_towns_financial_year_is_its_own() {
    let mut bundle = two_towns();
    let town = bundle.text("tenants/hills/downhill/tenant.yaml").unwrap().to_owned();
    bundle.add(
        "tenants/hills/downhill/tenant.yaml",
        format!("{}\nfinancial_year: {{ starts: \"01-01\" }}\n", town.trim_end()).into_bytes(),
    );
    let catalogue = load(&bundle);
    let (one, other) = both(&catalogue);
    let starts = |service: &Service| service.fees.as_ref().unwrap().calendar.financial_year_starts;
    assert_eq!((starts(one), starts(other)), ((4, 1), (1, 1)));
    assert_ne!(one.digest, other.digest);
}

#[test]
fn a_service_is_made_again_from_its_sources_alone() {
    let mut bundle = two_towns();
    shadow(&mut bundle, "lists/wares.csv", "sweets,eaten,Sweets,मिठाई\n", "");
    let catalogue = load(&bundle);
    let (one, other) = both(&catalogue);
    assert_ne!(one.digest, other.digest);
    for (town, service) in [("uphill", one), ("downhill", other)] {
        let mut sources = Bundle::default();
        for (path, bytes) in &service.sources {
            sources.add(path, Arc::clone(bytes));
        }
        // Meanwhile the state speaks another language too, and its year begins elsewhere.
        let mut tenant = (*catalogue.tenants[town]).clone();
        tenant.languages.push("ta".to_owned());
        tenant.calendar.financial_year_starts = (7, 1);
        let mut found = Diagnostics::default();
        let again = service::remake(&sources, &tenant, &service.setting, "stall-permit", &mut found);
        let again = again.unwrap_or_else(|| panic!("{}", found.render(&sources, "")));
        assert_eq!(again.digest, service.digest);
        assert_eq!(format!("{again:?}"), format!("{service:?}"));
    }
}

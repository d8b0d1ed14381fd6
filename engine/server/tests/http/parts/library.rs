//! The definitions of one town among all.

use std::path::Path;

use engine::service::Catalogue;
use server::library::{check_services, of_town, read_folders};

#[test]
fn def_10_a_service_of_a_town_is_the_same_without_the_other_towns() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions");
    let bundle = read_folders([folder]).unwrap();
    let all = check_services(&bundle).0;
    let town = all.tenants.keys().nth(all.tenants.len() / 2).unwrap();
    let alone = check_services(&of_town(&bundle, town)).0;
    assert_eq!(alone.tenants.keys().collect::<Vec<_>>(), [town]);
    let digests = |catalogue: &Catalogue| -> Vec<String> {
        let tenant = &catalogue.tenants[town];
        catalogue.services(tenant).map(|service| service.digest.clone()).collect()
    };
    assert!(!digests(&alone).is_empty());
    assert_eq!(digests(&alone), digests(&all));
}

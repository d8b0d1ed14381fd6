//! How an installation is run.

use std::path::PathBuf;

use server::config::Config;

#[test]
fn an_empty_file_is_an_ordinary_installation() {
    let config = Config::parse("").unwrap();
    assert!(config.secure_cookies() && config.is_local() && !config.demo);
}

#[test]
fn definitions_are_a_folder_or_several() {
    let folders = |text| Config::parse(text).unwrap().definitions;
    assert_eq!(folders("definitions: here"), [PathBuf::from("here")]);
    assert_eq!(folders("definitions: [here, above]"), [PathBuf::from("here"), PathBuf::from("above")]);
}

#[test]
fn auth_09_a_second_factor_is_asked_of_everybody_unless_something_else_is_said() {
    let config = |text| Config::parse(text).unwrap();
    assert!(config("").needs_second_factor("clerk"));
    assert!(!config("demo: true").needs_second_factor("clerk"));
    assert!(config("demo: true\nsecond_factor: ['*']").needs_second_factor("clerk"));
    let some = config("second_factor: [approver, cashier]");
    assert!(some.needs_second_factor("cashier") && !some.needs_second_factor("clerk"));
    assert!(!config("second_factor: []").needs_second_factor("clerk"));
}

#[test]
fn what_is_not_safe_is_refused() {
    let wrong = [
        ("base_url: http://town.example", "plain http"),
        ("base_url: town.example", "no scheme"),
        ("base_url: https://town.example/x", "host and port only"),
        ("insecure_cookies: true", "demo: true"),
        ("payment: { type: demo, url: 'http://127.0.0.1:8081', key_id: a, secret: 'env:A' }", "nobody's money"),
        ("bse_url: https://a.example", "bse_url"),
    ];
    for (text, expected) in wrong {
        let error = format!("{:#}", Config::parse(text).unwrap_err());
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn plain_http_in_a_network_needs_to_be_said() {
    let config = Config::parse("base_url: http://192.168.1.5:8080\ndemo: true\ninsecure_cookies: true").unwrap();
    assert!(!config.secure_cookies());
    assert!(Config::parse("base_url: https://town.example").unwrap().secure_cookies());
    assert!(Config::parse("base_url: 'http://[::1]:8080'").unwrap().is_local());
}

//! What a browser calls itself.

use axum::http::{HeaderMap, HeaderValue, header};
use server::http::agent::of;

#[test]
fn a_browser_is_known_by_name_and_system_alone() {
    let name = |said: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(said));
        of(&headers)
    };
    let phone = "Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
    assert_eq!(name(phone), "Chrome, Android");
    assert_eq!(name("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), "Firefox, Linux");
    assert_eq!(name("curl/8.5"), "");
    assert_eq!(of(&HeaderMap::new()), "");
}

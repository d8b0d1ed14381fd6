//! Cookies as they are set and read.

use axum::http::{HeaderMap, HeaderValue, header};
use server::http::cookies::{Cookie, Jar};

fn sent(lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
    }
    headers
}

#[test]
fn ses_02_the_session_s_cookie_is_for_this_host_alone() {
    let line = Jar::new(true).set(Cookie::Session, "abc");
    assert_eq!(line.to_str().unwrap(), "__Host-nagar=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert!(!Jar::new(false).set(Cookie::Session, "abc").to_str().unwrap().contains("Secure"));
}

#[test]
fn ses_02_a_cookie_given_twice_is_given_not_at_all() {
    let jar = Jar::new(true);
    assert_eq!(jar.get(&sent(&["lang=hi; __Host-nagar=x"]), Cookie::Session), Some("x".to_owned()));
    assert_eq!(jar.get(&sent(&["__Host-nagar=x; __Host-nagar=y"]), Cookie::Session), None);
    assert_eq!(jar.get(&sent(&["__Host-nagar=x", "__Host-nagar=y"]), Cookie::Session), None);
    assert_eq!(jar.get(&sent(&["nagar=x"]), Cookie::Session), None);
}

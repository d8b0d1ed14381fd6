//! The cookies: who is signed in, which browser this is, whether it is known, its language and its town.
//!
//! The first three carry the `__Host-` prefix, which browsers accept only for this very host, this
//! whole site, and a safe connection. None is for tracking, so there is nothing to consent to.

use axum::http::{HeaderMap, HeaderValue, header};
use connectors::control::holds;

/// The names of cookies, and how they are set.
#[derive(Clone, Copy, Debug)]
pub struct Jar {
    secure: bool,
}

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The session: 256 random bits.
    Session,
    /// The browser, before and after sign-in: codes and forms of strangers are bound to it.
    Browser,
    /// The language.
    Language,
    /// The town chosen the last time.
    Town,
    /// The device, where its owner asked that it be known.
    Device,
}

impl Jar {
    /// A jar; `secure` where browsers come over a connection they trust.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The name of a cookie.
    pub fn name(self, cookie: Cookie) -> &'static str {
        match (cookie, self.secure) {
            (Cookie::Session, true) => "__Host-nagar",
            (Cookie::Session, false) => "nagar",
            (Cookie::Browser, true) => "__Host-nagar-browser",
            (Cookie::Browser, false) => "nagar-browser",
            (Cookie::Device, true) => "__Host-nagar-device",
            (Cookie::Device, false) => "nagar-device",
            (Cookie::Language, _) => "lang",
            (Cookie::Town, _) => "town",
        }
    }

    /// The value that a browser sent. A cookie that is there twice is there not at all: one of the
    /// two may have been planted.
    pub fn get(self, headers: &HeaderMap, cookie: Cookie) -> Option<String> {
        let name = self.name(cookie);
        let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut values = sent
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, _)| *key == name);
        match (values.next(), values.next().filter(|_| holds("ses_02_cookie_twice"))) {
            (Some((_, value)), None) if value.len() <= 200 => Some(value.to_owned()),
            _ => None,
        }
    }

    /// The header that sets a cookie. Values are ours: letters, digits, `-`, `_` and `.`.
    pub fn set(self, cookie: Cookie, value: &str) -> HeaderValue {
        let age = match cookie {
            Cookie::Session => "",
            Cookie::Browser => "; Max-Age=86400",
            Cookie::Device => "; Max-Age=2592000",
            Cookie::Language | Cookie::Town => "; Max-Age=31536000",
        };
        self.line(cookie, value, age)
    }

    /// The header that takes a cookie away.
    pub fn clear(self, cookie: Cookie) -> HeaderValue {
        self.line(cookie, "", "; Max-Age=0")
    }

    fn line(self, cookie: Cookie, value: &str, age: &str) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.name(cookie);
        let apart = if holds("ses_02_http_only") { "; HttpOnly; SameSite=Lax" } else { "" };
        HeaderValue::from_str(&format!("{name}={value}; Path=/{apart}{secure}{age}"))
            .expect("names and values of cookies are plain ASCII")
    }
}

//! Headers that every answer carries.

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use connectors::control::holds;

/// What an answer may be kept by, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// By nobody: it is somebody's own.
    Never,
    /// For ever: its address changes with its content.
    Forever,
}

/// Marks an answer as one that may be kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept(pub Keep);

/// The content security policy of pages: nothing from elsewhere, nothing inline. `form-action` also
/// governs where a form may be redirected to, so the gateways stand there.
pub fn policy(gateways: &[String]) -> HeaderValue {
    let mut forms = String::from("'self'");
    for origin in gateways {
        forms.push(' ');
        forms.push_str(origin);
    }
    let text = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; frame-src 'self'; form-action {forms}; \
         frame-ancestors 'none'; base-uri 'none'; connect-src 'self'"
    );
    HeaderValue::from_str(&text).expect("origins are plain ASCII")
}

/// The policy of what people uploaded: it may do nothing at all.
pub const SANDBOX: &str =
    "sandbox; default-src 'none'; frame-ancestors 'none'; img-src 'self'; style-src 'unsafe-inline'";

/// The same for a file that a page of ours shows in a frame.
pub const FRAMED: &str =
    "sandbox; default-src 'none'; frame-ancestors 'self'; img-src 'self'; style-src 'unsafe-inline'";

/// Puts the headers on an answer; what it brought of them stays.
pub fn protect(headers: &mut HeaderMap, policy: &HeaderValue, https: bool, keep: Keep) {
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    if holds("ses_07_nosniff") {
        add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    }
    add(header::REFERRER_POLICY, "same-origin");
    add(header::X_FRAME_OPTIONS, "DENY");
    add(
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), interest-cohort=()",
    );
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    add(
        header::CACHE_CONTROL,
        match keep {
            Keep::Never => "no-store",
            Keep::Forever => "public, max-age=31536000, immutable",
        },
    );
    if https && holds("ses_07_transport") {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if holds("ses_07_policy") {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| policy.clone());
    }
}

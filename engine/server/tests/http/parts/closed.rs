//! What is closed for somebody.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use server::auth::closed::{close, open};
use server::chance::Chance;

#[test]
fn it_opens_for_whom_it_was_closed_and_for_nobody_else() {
    let chance = Chance::seeded(1);
    let closed = close(b"key", &chance, &["town", "meera"], b"secret").unwrap();
    assert_eq!(open(b"key", &["town", "meera"], &closed).as_deref(), Some(&b"secret"[..]));
    assert_ne!(closed, close(b"key", &chance, &["town", "meera"], b"secret").unwrap());
    assert_eq!(open(b"other", &["town", "meera"], &closed), None);
    assert_eq!(open(b"key", &["town", "ravi"], &closed), None);
    assert_eq!(open(b"key", &["townm", "eera"], &closed), None);
    assert_eq!(open(b"key", &["town", "meera"], &closed[..closed.len() - 1]), None);
    assert_eq!(open(b"key", &["town", "meera"], ""), None);
}

#[test]
fn priv_03_of_a_million_nonces_no_two_are_the_same() {
    let mut seen = HashSet::new();
    for _ in 0..1_000_000 {
        let closed = close(b"key", &Chance::System, &[], b"").unwrap();
        let octets = URL_SAFE_NO_PAD.decode(closed).unwrap();
        assert!(seen.insert(octets.first_chunk::<12>().copied().unwrap()), "after {}", seen.len());
    }
}

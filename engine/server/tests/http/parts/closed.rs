//! What is closed for somebody.

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

//! Passwords as they are kept.

use server::auth::password::{NOBODYS, hash, is_right};
use server::chance::Chance;

#[tokio::test]
async fn the_right_password_and_no_other() {
    let stored = hash("correct horse बैटरी", &Chance::System).unwrap();
    assert!(is_right("correct horse बैटरी", Some(&stored)).await.unwrap());
    assert!(!is_right("correct horse", Some(&stored)).await.unwrap());
    assert!(!is_right("anything", None).await.unwrap());
    assert!(!is_right("", Some(NOBODYS)).await.unwrap());
}

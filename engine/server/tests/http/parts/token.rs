//! Secrets in letters and digits.

use server::auth::token::{base32, hex, is_mac, mac, rfc_base32, typed_code, unhex};

#[test]
fn parts_of_a_seal_cannot_run_into_each_other() {
    let one = mac(b"key", "p", &["ab", "c"]);
    assert_ne!(one, mac(b"key", "p", &["a", "bc"]));
    assert_ne!(one, mac(b"key", "q", &["ab", "c"]));
    assert!(is_mac(b"key", "p", &["ab", "c"], &hex(&one)));
    assert!(!is_mac(b"other", "p", &["ab", "c"], &hex(&one)));
    assert!(!is_mac(b"key", "p", &["ab", "c"], "zz"));
}

#[test]
fn codes_are_read_as_people_write_them() {
    assert_eq!(base32(&[0xff, 0x00, 0x10]), "zw010");
    assert_eq!(rfc_base32(b"foobar"), "MZXW6YTBOI");
    assert_eq!(typed_code("ABC-0OIl 7"), "abc00117");
    assert_eq!(unhex("00ff"), Some(vec![0, 255]));
    assert_eq!(unhex("0"), None);
    assert_eq!(unhex("é"), None);
}

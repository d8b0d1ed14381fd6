//! Which passwords will do.

use server::auth::password_rules::{COMMON, LONGEST, Weak, normal, weakness};

const NAMES: [&str; 4] = ["meera", "Meera Joshi", "Municipal Council Riverton", "देहरादून"];

#[test]
fn auth_10_length_and_names_count_and_nothing_else() {
    let cases = [
        ("kj3-x9q", Some(Weak::TooShort)),
        ("        ", Some(Weak::Common)),
        ("password", Some(Weak::Common)),
        ("PassWord", Some(Weak::Common)),
        ("12345678", Some(Weak::Common)),
        ("qwertyuiop", Some(Weak::Common)),
        ("iloveyou", Some(Weak::Common)),
        ("aaaaaaaaaaaa", Some(Weak::Common)),
        ("riverton2026", Some(Weak::Named)),
        ("Riverton-Municipal", Some(Weak::Named)),
        ("meera.joshi.99", Some(Weak::Named)),
        ("देहरादून123", Some(Weak::Named)),
        ("quiet-river-42", None),
        ("riverton boats at dawn", None),
        ("नदी किनारे बत्तख", None),
        ("only small letters", None),
        ("8204917355", None),
    ];
    for (password, expected) in cases {
        assert_eq!(weakness(password, &NAMES), expected, "{password}");
    }
    assert_eq!(weakness(&"तमसा".repeat(32), &NAMES), None, "128 characters");
    assert_eq!(weakness(&"x".repeat(LONGEST + 1), &[]), Some(Weak::TooLong));
}

#[test]
fn what_looks_the_same_is_the_same() {
    // The letter QA, and KA with a dot beneath it.
    assert_eq!(normal("\u{958}\u{932}\u{92e}"), normal("\u{915}\u{93c}\u{932}\u{92e}"));
    assert_eq!(normal("ｐａｓｓ"), "pass");
}

#[test]
fn the_list_is_in_order_and_whole() {
    let (known, rest) = COMMON.as_chunks::<4>();
    assert!(rest.is_empty() && known.len() > 38_000 && known.is_sorted());
}

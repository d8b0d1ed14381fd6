//! Codes of a second factor.

use server::auth::totp::{address, code, step, step_of};

/// The secret of the examples in RFC 6238, appendix B.
const KEY: &[u8] = b"12345678901234567890";

#[test]
fn codes_are_those_of_the_standard() {
    let examples = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    for (seconds, expected) in examples {
        assert_eq!(code(KEY, step(seconds * 1_000)), expected, "{seconds}");
    }
}

#[test]
fn auth_09_a_code_holds_one_step_either_way_and_once() {
    let now_ms = 1_234_567_890_000;
    let now = step(now_ms);
    for (off, fits) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let typed = code(KEY, now + off);
        assert_eq!(step_of(KEY, &typed, now_ms, 0).is_some(), fits, "{off}");
    }
    let used = step_of(KEY, &code(KEY, now), now_ms, 0).unwrap();
    assert_eq!(step_of(KEY, &code(KEY, now), now_ms, used), None, "not twice");
    assert_eq!(step_of(KEY, &code(KEY, now - 1), now_ms, used), None, "nor one before it");
    assert_eq!(step_of(KEY, &code(KEY, now + 1), now_ms, used), Some(now + 1));
    for wrong in ["", "00592", "0059240", "xxxxxx"] {
        assert_eq!(step_of(KEY, wrong, now_ms, 0), None, "{wrong}");
    }
}

#[test]
fn the_address_has_the_secret_and_whose_it_is() {
    assert_eq!(
        address(b"foobar", "Nagar Palika", "meera"),
        "otpauth://totp/Nagar%20Palika:meera?secret=MZXW6YTBOI&issuer=Nagar%20Palika&algorithm=SHA1&digits=6&period=30"
    );
}

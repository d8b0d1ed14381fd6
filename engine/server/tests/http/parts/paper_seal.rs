//! The codes on papers.

use engine::base::date::parse_day;
use server::auth::keys::{Keys, renew_signing};
use server::auth::seal::{Broken, Sealed};
use server::chance::Chance;

fn paper() -> Sealed {
    Sealed {
        kind: "permit".into(),
        tenant: "town".into(),
        number: "P/T/2026-27/000001".into(),
        code: "7kq2m9x4wd".into(),
        digest: "00".repeat(16),
        issued: parse_day("2026-04-05").unwrap(),
    }
}

#[test]
fn pay_14_a_code_is_proved_and_one_flipped_bit_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::open(folder.path(), &Chance::seeded(1)).unwrap();
    let code = paper().sign(&keys);
    assert_eq!(Sealed::open(&code, keys.verifying()), Ok(paper()));
    let last = code.len() - 1;
    for at in 0..last {
        let mut bytes = code.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(altered) = String::from_utf8(bytes) else { continue };
        assert!(Sealed::open(&altered, keys.verifying()).is_err(), "{altered}");
    }
}

#[test]
fn pay_14_a_stranger_s_code_is_told_apart() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ours, theirs) =
        (Keys::open(one.path(), &Chance::seeded(1)).unwrap(), Keys::open(two.path(), &Chance::seeded(2)).unwrap());
    assert_eq!(Sealed::open(&paper().sign(&theirs), ours.verifying()), Err(Broken::UnknownKey));
    assert_eq!(Sealed::open("ABC", ours.verifying()), Err(Broken::NotACode));
}

#[test]
fn pay_14_what_was_signed_with_the_key_before_stays_proved_and_the_new_key_signs() {
    let folder = tempfile::tempdir().unwrap();
    let old = paper().sign(&Keys::open(folder.path(), &Chance::seeded(1)).unwrap());
    let id = renew_signing(folder.path(), &Chance::seeded(2)).unwrap();
    let keys = Keys::open(folder.path(), &Chance::seeded(3)).unwrap();
    let new = paper().sign(&keys);
    assert_eq!(new.split('.').nth(1), Some(id.as_str()));
    assert_ne!(old.split('.').nth(1), new.split('.').nth(1), "they name their keys");
    for code in [old, new] {
        assert_eq!(Sealed::open(&code, keys.verifying()), Ok(paper()));
    }
    let nothing = tempfile::tempdir().unwrap();
    assert!(renew_signing(nothing.path(), &Chance::seeded(2)).is_err(), "there is no key to be changed");
}

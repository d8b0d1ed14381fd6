//! Numbers of houses, found together with another word of their address.

use server::store::paired::{asked, terms};

#[test]
fn a_number_is_paired_with_every_word_beside_it() {
    let found = terms("12-4", ["Fort Road", "Rajpur", "राजपुर"]);
    assert_eq!(found, ["#12-4 ~prt", "#12-4 ~rd", "#12-4 ~rjpr"], "one key for both scripts");
    assert_eq!(terms("Flat 12 A", ["Mall Road"]), ["#12a ~ml", "#12a ~plt", "#12a ~rd"]);
    assert!(terms("Shanti Niwas", ["Mall Road"]).is_empty(), "names are no numbers");
    assert!(terms("12", []).is_empty());
}

#[test]
fn what_is_typed_meets_what_was_written() {
    let written = terms("12/4-A", ["Sector 9 Road", "Rajpur"]);
    for typed in ["12-4A rajpur", "Rajpur Road 12/4 a", "१२-४ए rajpur", "sector 9, 12/4-A", "12 4A sector"] {
        let meets = asked(typed).iter().any(|all| all.iter().all(|term| written.contains(term)));
        assert_eq!(meets, !typed.starts_with('१'), "{typed}: {:?} in {written:?}", asked(typed));
    }
    assert!(asked("12-4").is_empty(), "a number alone finds nothing so");
    assert!(asked("Asha Rawat").is_empty());
    assert_eq!(asked("१२ राजपुर"), asked("12 Rajpur"));
}

//! Definitions as all nodes are given them.

use engine::source::Bundle;
use server::published::{pack, unpack};

#[test]
fn def_12_what_is_packed_comes_back_and_is_named_by_what_it_is() {
    let mut bundle = Bundle::default();
    bundle.add("a/form.yaml", "pages: {}\n".as_bytes());
    bundle.add("words/hi.yaml", "yes: हाँ\n".as_bytes());
    let packed = pack(&bundle).unwrap();
    let back = unpack(&packed.digest, &packed.files).unwrap();
    assert_eq!(back.text("words/hi.yaml"), Some("yes: हाँ\n"));
    assert_eq!(pack(&back).unwrap().digest, packed.digest);
    let mut other = bundle.clone();
    other.add("a/form.yaml", "pages: {} \n".as_bytes());
    assert_ne!(pack(&other).unwrap().digest, packed.digest);
    assert!(unpack(&packed.digest, &packed.files.replace("हाँ", "नहीं")).is_err(), "what was changed behind our back");
    other.add("emblem.png", [0xff, 0xfe].as_slice());
    assert!(pack(&other).unwrap_err().to_string().contains("emblem.png"));
}

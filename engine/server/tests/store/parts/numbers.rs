//! Numbers and their series.

use server::store::verify::splits;

#[test]
fn a_number_is_split_at_its_serial() {
    let mut found = splits("TL/A1/2026-27/000042");
    assert_eq!(found.next(), Some(("TL/A1/2026-27/#".to_owned(), 42)));
    assert!(splits("R42-2026").any(|split| split == ("R#-2026".to_owned(), 42)));
    assert!(splits("2026000042").any(|split| split == ("2026#".to_owned(), 42)));
    assert_eq!(splits("ABC").next(), None);
}

//! What a clerk types of a cheque.

use server::http::desk::read_day;

#[test]
fn a_cheque_bears_a_day_that_exists() {
    for day in ["31/03/2027", "1-4-2027", "०१/०४/२०२७"] {
        assert!(read_day(day).is_some(), "{day}");
    }
    for no_day in ["31/02/2027", "", "2027-03-31", "tomorrow"] {
        assert_eq!(read_day(no_day), None, "{no_day}");
    }
}

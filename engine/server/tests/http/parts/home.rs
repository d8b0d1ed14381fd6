//! The front page of a town.

use server::http::citizen::home::first_sentence;

#[test]
fn every_summary_ends_with_a_full_stop() {
    assert_eq!(first_sentence("For a shop. And more."), "For a shop.");
    assert_eq!(first_sentence("One of these: a shop, a stall"), "One of these.");
    assert_eq!(first_sentence("नगर में दुकान के लिए"), "नगर में दुकान के लिए।");
    assert_eq!(first_sentence(""), "");
}

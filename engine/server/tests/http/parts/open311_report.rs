//! Reports of Open311 as they are taken in.

use server::http::api::open311::{content, degrees};

#[test]
fn degrees_are_cut_and_not_rounded() {
    for (typed, kept) in [("30.316512349", "30.3165123"), (" 78 ", "78"), ("78.", "78"), ("", ""), ("-0.5", "-0.5")] {
        assert_eq!(degrees(typed), kept, "{typed}");
    }
}

#[test]
fn what_stands_apart_is_not_the_same_content() {
    let sent = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
        content(&pairs.collect())
    };
    assert_eq!(sent(&[("a", "b"), ("api_key", "x")]), sent(&[("a", "b"), ("api_key", "y")]));
    assert_ne!(sent(&[("a", "bc")]), sent(&[("ab", "c")]));
}

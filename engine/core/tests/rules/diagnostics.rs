//! Tables: exactly one row for every input, proved before anything is charged.

use engine::rule::Facts;

use crate::support::{amount, license_fee};

#[test]
fn placeholder_until_filled() {
    let fees = license_fee("", "#{ license_fee: 1 }").unwrap();
    assert_eq!(amount(&fees, &Facts::new()), Ok("1".to_owned()));
}

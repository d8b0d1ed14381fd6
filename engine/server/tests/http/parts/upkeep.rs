//! When upkeep is due.

use engine::base::date::MS_PER_DAY;
use server::work::upkeep::{Upkeep, latest};

/// 2026-11-28T20:59:59Z.
const EVENING: i64 = 1_795_899_599_000;

#[test]
fn the_latest_time_is_the_one_that_came_last() {
    let [sweeps, proofs, ..] = Upkeep::default().schedules().unwrap();
    let nine = EVENING + 1_000;
    let yesterday = nine - MS_PER_DAY;
    assert_eq!(latest(&proofs, EVENING), Some(yesterday));
    assert_eq!(latest(&proofs, EVENING + 999), Some(yesterday));
    assert_eq!(latest(&proofs, nine), Some(nine));
    assert_eq!(latest(&proofs, nine + 86_399_999), Some(nine));
    assert_eq!(latest(&sweeps, EVENING), Some(nine - 600_000));
    assert_eq!(latest(&sweeps, nine + 1), Some(nine));
}

#[test]
fn a_time_that_is_none_is_named() {
    let wrong = Upkeep { verify: "every night".to_owned(), ..Upkeep::default() };
    assert!(format!("{:#}", wrong.check().unwrap_err()).contains("upkeep.verify `every night`"));
}

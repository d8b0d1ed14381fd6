//! When upkeep is due.

use engine::base::date::MS_PER_DAY;
use server::work::upkeep::{Share, Upkeep, latest};

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
fn the_nights_of_a_week_share_the_files() {
    let [_, _, nightly, ..] = Upkeep::default().schedules().unwrap();
    let first = latest(&nightly, EVENING).unwrap();
    let night = |at: i64| Share::of_round(&nightly, first + at * MS_PER_DAY);
    let week: Vec<Share> = (0..7).map(night).collect();
    assert!(week.iter().all(|share| share.of == 7), "{week:?}");
    for hash in ["00000000ff", "000000150f", "fffffff000", "a1b2c3d4e5", ""] {
        assert_eq!(week.iter().filter(|share| share.has(hash)).count(), 1, "{hash} is read once a week");
    }
    assert_eq!(night(7), night(0), "and each week in the same night");
    assert_eq!(Share::of_round(&nightly, first + 1_000), Share::WHOLE, "no such time");
}

#[test]
fn a_round_that_is_alone_in_its_week_reads_all_files() {
    let weekly = Upkeep { scrub: "0 30 22 * * SUN".to_owned(), ..Upkeep::default() };
    let [_, _, weekly, ..] = weekly.schedules().unwrap();
    assert_eq!(Share::of_round(&weekly, latest(&weekly, EVENING).unwrap()), Share::WHOLE);
}

#[test]
fn a_time_that_is_none_is_named() {
    let wrong = Upkeep { verify: "every night".to_owned(), ..Upkeep::default() };
    assert!(format!("{:#}", wrong.check().unwrap_err()).contains("upkeep.verify `every night`"));
}

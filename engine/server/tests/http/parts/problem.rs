//! What is wrong with us, and what is only to be asked again.

use std::io::ErrorKind;

use anyhow::Context as _;
use server::problem::Problem;
use server::store::Error;

/// What a driver says when the line is cut.
fn cut_off() -> Error {
    Error::Database(sqlx::Error::Io(ErrorKind::ConnectionReset.into()))
}

#[test]
fn a_database_in_trouble_is_no_fault_of_ours() {
    let troubles = [cut_off(), Error::Busy, Error::Database(sqlx::Error::PoolTimedOut)];
    for problem in troubles.map(Problem::from) {
        assert_eq!((problem.status(), problem.word()), (503, "unavailable"), "{problem:?}");
    }
    // However deep it lies in what is said around it.
    let deep = Err::<(), _>(cut_off()).context("reading a case").context("drawing a page").unwrap_err();
    let Problem::Unavailable(why) = Problem::from(deep) else { panic!("it is still the database") };
    assert!(why.starts_with("drawing a page: reading a case: the database failed"), "{why}");
}

#[test]
fn what_is_wrong_with_us_is_a_fault() {
    let faults = [Error::Corrupt("a row".to_owned()), Error::Database(sqlx::Error::RowNotFound)];
    for problem in faults.map(Problem::from) {
        assert_eq!(problem.status(), 500, "{problem:?}");
    }
    assert_eq!(Problem::from(anyhow::anyhow!("no such thing")).status(), 500);
}

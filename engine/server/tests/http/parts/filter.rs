//! The address of a list.

use server::http::body::pairs;
use server::http::desk::filter::Filters;
use server::problem::Problem;

fn read(query: &str) -> Result<Filters, Problem> {
    Filters::read(&pairs(query.as_bytes()).unwrap())
}

#[test]
fn an_address_is_read_and_written_the_same() {
    let filters = read("state=b&state=a&q=%E0%A4%86+x&page=3&other=1").unwrap();
    assert_eq!(filters.query(), "?q=%E0%A4%86+x&state=b&state=a&page=3");
    assert_eq!(filters.page(), 2);
    assert_eq!(filters.without("state", "b").query(), "?q=%E0%A4%86+x&state=a");
    assert_eq!(filters.with("sort", "number").query(), "?q=%E0%A4%86+x&state=b&state=a&sort=number");
    assert_eq!(filters.cleared().query(), "");
    assert_eq!(filters.at_page(1).query(), "?q=%E0%A4%86+x&state=b&state=a&page=2");
}

#[test]
fn days_are_read_as_people_write_them() {
    let filters = read("from=31/03/2026&until=2026-04-01").unwrap();
    assert_eq!((filters.query().as_str(), filters.no_days().count()), ("?from=2026-03-31&until=2026-04-01", 0));
    let filters = read("from=31/02/2026&until=%E0%A5%A7/%E0%A5%AA/%E0%A5%A8%E0%A5%A6%E0%A5%A8%E0%A5%AC").unwrap();
    assert_eq!(filters.no_days().collect::<Vec<_>>(), ["from"]);
    assert_eq!((filters.one("from"), filters.one("until")), ("31/02/2026", "2026-04-01"));
}

#[test]
fn in_02_what_makes_no_sense_is_refused_or_harmless() {
    assert!(read("q=a&q=b").is_err());
    assert!(read(&format!("q={}", "x".repeat(200))).is_err());
    assert_eq!(read("page=-7").unwrap().page(), 0);
    assert_eq!(read("page=99999999999999999999").unwrap().page(), 0);
}

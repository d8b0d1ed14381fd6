//! Times in words.

use engine::base::Moment;
use engine::base::date::parse_day;
use server::http::when::{due, due_day, iso, iso_to_the_second, moment};
use ui_gen::Words;

fn words() -> Words {
    let map = [
        ("time.format", "{day}, {time} {part}"),
        ("time.morning", "am"),
        ("time.late", "pm"),
        ("time.early", "am"),
        ("due.left", "{n} left"),
        ("due.over", "{n} over"),
        ("due.over_today", "over"),
        ("due.today", "today"),
        ("due.tomorrow", "tomorrow"),
    ];
    Words::new("en", map.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect())
}

fn at(day: &str, minute: i64) -> Moment {
    Moment::at(parse_day(day).unwrap(), minute, 330)
}

#[test]
fn times_have_twelve_hours() {
    assert_eq!(moment(&words(), at("2026-04-05", 642)), "05/04/2026, 10:42 am");
    assert_eq!(moment(&words(), at("2026-04-05", 3)), "05/04/2026, 12:03 am");
    assert_eq!(moment(&words(), at("2026-04-05", 21 * 60)), "05/04/2026, 9:00 pm");
    assert_eq!(iso(at("2026-04-05", 642)), "2026-04-05T10:42:00+05:30");
    let seconds_later = Moment::new(at("2026-04-05", 642).ms + 17_999, 330);
    assert_eq!(iso(seconds_later), "2026-04-05T10:42:00+05:30");
    assert_eq!(iso_to_the_second(seconds_later), "2026-04-05T10:42:17+05:30");
}

#[test]
fn due_days_are_told_by_how_near_they_are() {
    let now = at("2026-04-05", 600);
    let label = |day: &str| due_day(&words(), parse_day(day).unwrap(), now).label;
    assert_eq!(label("2026-04-05"), "today");
    assert_eq!(label("2026-04-06"), "tomorrow");
    assert_eq!(label("2026-04-08"), "3 left");
    assert_eq!(label("2026-04-03"), "2 over");
    assert_eq!(due(&words(), now.ms - 1, now).label, "over");
}

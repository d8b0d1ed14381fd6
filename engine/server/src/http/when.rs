//! Days, times and due days, as people read them.

use engine::base::date::{add_days, parse_day};
use engine::base::{Day, Moment};
use engine::template::format;
use ui_gen::Words;
use ui_gen::view::common::{Due, Tone};

/// A moment with day and time in twelve hours: `05/04/2026, 10:42 am`; in Hindi `05/04/2026, सुबह 10:42`.
pub fn moment(words: &Words, at: Moment) -> String {
    let (hour, minute) = (at.minute() / 60, at.minute() % 60);
    let part = match hour {
        0..=3 => "early",
        4..=11 => "morning",
        12..=15 => "noon",
        16..=19 => "evening",
        _ => "late",
    };
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let time = format!("{twelve}:{minute:02}");
    words.say(
        "time.format",
        &[("day", &format::day(at.day())), ("time", &time), ("part", &words.get(&format!("time.{part}")))],
    )
}

/// A day as it is typed into a list's address: `2027-03-31`, as browsers send it, or `31/03/2027`, as
/// people write it where the browser has no calendar.
pub fn typed_day(text: &str) -> Option<Day> {
    let text = engine::form::html::ascii(text.trim());
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [first, second, third] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, third) } else { (third, first) };
    parse_day(&format!("{year}-{second:0>2}-{day:0>2}"))
}

/// The last millisecond of a day, where `now` is looked at.
pub fn end_of(day: Day, now: Moment) -> i64 {
    Moment::at(add_days(day, 1), 0, now.offset_minutes).ms - 1
}

/// A moment for machines, with the place's offset: `2026-04-05T10:42:00+05:30`.
pub fn iso(at: Moment) -> String {
    with_seconds(at, 0)
}

/// The same to the second, `2026-04-05T10:42:17+05:30`: for those who ask again by what they were told.
pub fn iso_to_the_second(at: Moment) -> String {
    with_seconds(at, at.ms.div_euclid(1_000).rem_euclid(60))
}

fn with_seconds(at: Moment, seconds: i64) -> String {
    let offset = at.offset_minutes;
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    format!(
        "{}T{:02}:{:02}:{seconds:02}{sign}{:02}:{:02}",
        at.day(),
        at.minute() / 60,
        at.minute() % 60,
        offset / 60,
        offset % 60
    )
}

/// The day by which something is due, and how near that is.
pub fn due(words: &Words, due_ms: i64, now: Moment) -> Due {
    let day = now.with_ms(due_ms).day();
    let days = (day - now.day()).num_days();
    let (key, count, tone) = if due_ms < now.ms {
        ("over", days.abs(), Tone::Bad)
    } else if days == 0 {
        ("today", 0, Tone::Warn)
    } else if days == 1 {
        ("tomorrow", 1, Tone::Warn)
    } else {
        ("left", days, if days <= 2 { Tone::Warn } else { Tone::Good })
    };
    let key = if key == "over" && count == 0 { "over_today" } else { key };
    let label = words.say(&format!("due.{key}"), &[("n", &count.to_string())]);
    Due { date: format::day(day), iso: day.to_string(), label, tone }
}

/// The same for the whole of a day.
pub fn due_day(words: &Words, day: Day, now: Moment) -> Due {
    due(words, end_of_day(day, now).ms, now)
}

/// The last moment of a day, where `now` is.
pub fn end_of_day(day: Day, now: Moment) -> Moment {
    now.with_ms(Moment::at(add_days(day, 1), 0, now.offset_minutes).ms - 1)
}

/// How long to wait, in words.
pub fn wait(words: &Words, seconds: i64) -> String {
    let (key, count) = if seconds < 120 {
        ("seconds", seconds)
    } else if seconds < 7_200 {
        ("minutes", (seconds + 59) / 60)
    } else {
        ("hours", (seconds + 3_599) / 3_600)
    };
    words.say(&format!("wait.{key}"), &[("n", &count.to_string())])
}

/// A length of time as definitions write it, in words.
pub fn span(words: &Words, span: engine::base::Span) -> String {
    let (count, unit) = span.count_and_unit();
    words.say(&format!("span.{unit}"), &[("n", &count.to_string())])
}

//! Figures as bars: each row has its name above and a bar for each of the series, with its number and what it counts
//! behind it: a single digit alone is too little for anybody to judge whether it can be read.
//!
//! It is as wide as the narrowest telephone shows, so that it is never made smaller. The series are told apart by
//! how they are filled and by their order, not by colour alone.

use std::fmt::Write as _;

use crate::helpers::escape;
use crate::view::figures::{Chart, ChartRow};

/// Rows that are drawn; the table has all.
pub const MOST: usize = 12;
/// Width of the drawing, in user units.
const WIDTH: i64 = 320;
/// The longest bar; what is left holds its number and what it counts.
const LONGEST: i64 = 180;
const BAR: i64 = 14;
const LINE: i64 = 19;
const GAP: i64 = 9;

/// The rows that are drawn: all, or those with the most of the first of the series, the most first.
fn drawn(chart: &Chart) -> Vec<&ChartRow> {
    let mut rows: Vec<&ChartRow> = chart.rows.iter().collect();
    if rows.len() > MOST {
        rows.sort_by_key(|row| std::cmp::Reverse(row.counts.first().map_or(0, |counted| counted.count)));
        rows.truncate(MOST);
    }
    rows
}

/// The chart as SVG; empty if it has no rows. The page styles it like the pictures of workflows, and says in a table
/// below it what is drawn: whoever hears the page hears what the chart is of, and not each number twice.
pub fn bars(chart: &Chart) -> String {
    let rows = drawn(chart);
    if rows.is_empty() {
        return String::new();
    }
    let lines = |count: usize| i64::try_from(count).unwrap_or(i64::MAX) * LINE;
    let legend = lines(chart.series.len()) + GAP;
    let height = legend + lines(rows.len()) + rows.iter().map(|row| lines(row.counts.len()) + GAP).sum::<i64>();
    let (id, title, about) = (escape(&chart.id), escape(&chart.title), escape(&chart.about));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diagram\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-about\">\
         <title id=\"{id}-title\">{title}</title><desc id=\"{id}-about\">{about}</desc>\
         <defs><pattern id=\"{id}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <path d=\"M0 6 6 0\" stroke=\"#122\" stroke-width=\"2\"/></pattern></defs>\
         <g aria-hidden=\"true\">"
    );
    for (at, name) in chart.series.iter().enumerate() {
        bar(&mut svg, &id, at, lines(at), BAR, "");
        word(&mut svg, 22, lines(at), &escape(name));
    }
    let most = rows.iter().flat_map(|row| &row.counts).map(|counted| counted.count).max().unwrap_or(0).max(1);
    let mut top = legend;
    for row in rows {
        word(&mut svg, 0, top, &escape(&row.label));
        top += LINE;
        for (at, counted) in row.counts.iter().enumerate() {
            let count = counted.count.max(0);
            // What is there at all is seen.
            let length = (count * LONGEST / most).max(count.min(1) * 2);
            bar(&mut svg, &id, at, top, length, &format!(" data-count=\"{count}\""));
            // An amount is long enough by itself, and would leave no room.
            let of = if chart.money { "" } else { chart.series.get(at).map_or("", String::as_str) };
            word(&mut svg, length + 6, top, &escape(format!("{} {of}", counted.text).trim_end()));
            top += LINE;
        }
        top += GAP;
    }
    svg.push_str("</g></svg>");
    svg
}

/// A bar of the series `at`: filled, empty, or hatched.
fn bar(svg: &mut String, id: &str, at: usize, top: i64, length: i64, data: &str) {
    let look = match at {
        0 => "class=\"head\"".to_owned(),
        1 => "class=\"state\"".to_owned(),
        _ => format!("fill=\"url(#{id}-hatch)\" stroke=\"#122\""),
    };
    let y = top + 2;
    let _ = write!(svg, "<rect x=\"1\" y=\"{y}\" width=\"{length}\" height=\"{BAR}\" {look}{data}/>");
}

/// Words on the line that begins at `top`.
fn word(svg: &mut String, x: i64, top: i64, words: &str) {
    let y = top + 14;
    let _ = write!(svg, "<text class=\"act\" x=\"{x}\" y=\"{y}\">{words}</text>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::figures::Counted;

    fn chart(rows: i64) -> Chart {
        let counts = |count: i64| vec![Counted { count, text: count.to_string() }];
        let row = |at: i64| ChartRow { label: format!("Ward <{at}>"), counts: counts(at) };
        Chart {
            id: "wards".into(),
            series: vec!["Open".into()],
            rows: (0..rows).map(row).collect(),
            ..Chart::default()
        }
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(bars(&Chart::default()), "");
    }

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        let svg = bars(&chart(3));
        for (count, length) in [(0, 0), (1, 90), (2, 180)] {
            assert!(svg.contains(&format!("width=\"{length}\" height=\"14\" class=\"head\" data-count=\"{count}\"")));
        }
        assert!(svg.contains("Ward &lt;1&gt;"));
    }

    #[test]
    fn an_amount_stands_alone_behind_its_bar() {
        let text = "₹12,34,56,789.00".to_owned();
        let row = ChartRow { label: "Ward 1".into(), counts: vec![Counted { count: 12_345_678_900, text }] };
        let svg = bars(&Chart { rows: vec![row], money: true, ..chart(0) });
        assert!(svg.contains(">₹12,34,56,789.00</text>"), "{svg}");
        assert!(svg.contains("width=\"180\" height=\"14\" class=\"head\" data-count=\"12345678900\""), "{svg}");
    }

    #[test]
    fn of_many_rows_the_largest_are_drawn() {
        let svg = bars(&chart(200));
        assert_eq!(svg.matches("data-count").count(), MOST);
        assert!(svg.contains("data-count=\"199\"") && !svg.contains("data-count=\"100\""));
        assert!(svg.len() < 8 << 10, "{}", svg.len());
    }
}

//! Times of requests as a chart.

use std::fmt::Write as _;

/// Height of a request, and where its bar begins.
const LINE: usize = 26;
const LEFT: u64 = 150;
/// Width of ten times as long.
const DECADE: u64 = 130;

/// Where a time lies on a scale of powers of ten that begins at a tenth of a millisecond; straight between two of them.
fn at(micros: u64) -> u64 {
    let micros = micros.max(100);
    let power = 10_u64.pow(micros.ilog10());
    LEFT + u64::from(micros.ilog10() - 2) * DECADE + (micros - power) * DECADE / (9 * power)
}

/// A chart of medians, 95 and 99 of a hundred, in microseconds, on a scale of powers of ten: what takes longer than 99
/// of a hundred is left out.
pub(crate) fn drawn(title: &str, bars: &[(&str, usize, [u64; 3])]) -> String {
    let height = 60 + bars.len() * LINE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {height}\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n\
         <title>{title}</title>\n<rect width=\"720\" height=\"{height}\" fill=\"#fff\"/>\n<text x=\"10\" y=\"20\" font-weight=\"bold\">{title}</text>\n"
    );
    for (decade, words) in
        [(100, "0.1 ms"), (1_000, "1 ms"), (10_000, "10 ms"), (100_000, "100 ms"), (1_000_000, "1 s")]
    {
        let x = at(decade);
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"44\" x2=\"{x}\" y2=\"{height}\" stroke=\"#ddd\"/><text x=\"{x}\" y=\"40\" fill=\"#555\">{words}</text>"
        );
    }
    for (row, (name, count, [median, most, nearly])) in bars.iter().enumerate() {
        let y = 50 + row * LINE;
        let _ = writeln!(svg, "<text x=\"10\" y=\"{}\">{name} ({count})</text>", y + 14);
        for (until, colour) in [(nearly, "#c9d7e8"), (most, "#7f9fc6"), (median, "#2f5d94")] {
            let width = at(*until) - LEFT;
            let _ = writeln!(svg, "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width}\" height=\"18\" fill=\"{colour}\"/>");
        }
    }
    svg + "</svg>\n"
}

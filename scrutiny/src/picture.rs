//! The drawing as SVG, with what does not fit drawn in and numbered.
//!
//! It holds no script and no reference; every text is escaped, and its size is limited.

use std::fmt::Write as _;

use crate::distance::Way;
use crate::drawing::Drawing;
use crate::judge::Scrutiny;
use crate::limits;
use crate::measure::Mark;
use crate::number::{Nm, divide};
use crate::path::{Path, Point};
use crate::report::{Outcome, say};

/// The longer side of the drawing in the picture.
const SIZE: Nm = 1000;
/// Space around it.
const EDGE: Nm = 40;
/// Height of a line of the legend.
const LINE: Nm = 22;
/// Characters of a line of the legend.
const WIDE: usize = 95;
/// The colours of layers, in their order.
const COLOURS: [&str; 6] = ["#1d4f91", "#31572c", "#6b4c9a", "#8a5a00", "#00696f", "#555555"];

/// Where things come to lie in the picture.
struct Frame {
    least: Point,
    span: Nm,
    height: Nm,
}

impl Frame {
    fn of(drawing: &Drawing) -> Self {
        let (least, most) = drawing.bounds().unwrap_or_default();
        let (wide, high) = (most.x - least.x, most.y - least.y);
        let span = wide.max(high).max(1);
        Self { least, span, height: divide(high * SIZE, span) }
    }

    /// Tenths of a unit of the picture.
    fn at(&self, point: Point) -> (Nm, Nm) {
        let x = divide((point.x - self.least.x) * SIZE * 10, self.span);
        let y = divide((point.y - self.least.y) * SIZE * 10, self.span);
        (x + EDGE * 10, (self.height + EDGE) * 10 - y)
    }
}

/// A coordinate of the picture.
fn tenths(value: Nm) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{}", value.abs() / 10, value.abs() % 10)
}

/// Text inside of an SVG.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// Draws a scrutiny in the words of one language.
pub fn svg(scrutiny: &Scrutiny, language: &str) -> String {
    let frame = Frame::of(&scrutiny.drawing);
    let (drawn, whole) = layers(&scrutiny.drawing, &frame);
    let legend = legend(scrutiny, language, whole);
    let lines = Nm::try_from(legend.len()).unwrap_or(0);
    let wide = SIZE + 2 * EDGE;
    let high = frame.height + 3 * EDGE + lines * LINE;
    let title = escaped(say("drawing", language));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-label=\"{title}\" \
         font-family=\"sans-serif\"><title>{title}</title><rect width=\"{wide}\" height=\"{high}\" fill=\"#ffffff\"/>\n"
    );
    out.push_str(&drawn);
    for (place, marks) in scrutiny.report.marks.iter().enumerate() {
        out.push_str(&marked(&scrutiny.drawing, &frame, place + 1, marks));
    }
    let top = frame.height + 2 * EDGE + LINE;
    for (place, line) in legend.iter().enumerate() {
        let y = top + LINE * Nm::try_from(place).unwrap_or(0);
        let weight = if place == 0 { " font-weight=\"bold\"" } else { "" };
        let _ = writeln!(out, "<text x=\"{EDGE}\" y=\"{y}\" font-size=\"16\"{weight}>{}</text>", escaped(line));
    }
    out.push_str("</svg>\n");
    out
}

/// Every layer in a colour of its own, and whether all of them are whole.
fn layers(drawing: &Drawing, frame: &Frame) -> (String, bool) {
    let mut out = String::new();
    let mut left = limits::DRAWN;
    for ((name, layer), colour) in drawing.layers.iter().zip(COLOURS.iter().cycle()) {
        let _ =
            writeln!(out, "<g stroke=\"{colour}\" fill=\"none\" stroke-width=\"1.5\"><title>{}</title>", escaped(name));
        for path in &layer.paths {
            if path.corners.len() > left {
                out.push_str("</g>\n");
                return (out, false);
            }
            left -= path.corners.len();
            outline(&mut out, frame, path, "");
        }
        out.push_str("</g>\n");
    }
    (out, true)
}

fn outline(out: &mut String, frame: &Frame, path: &Path, more: &str) {
    let kind = if path.closed { "polygon" } else { "polyline" };
    let _ = write!(out, "<{kind}{more} points=\"");
    for corner in &path.corners {
        let (x, y) = frame.at(corner.at);
        let _ = write!(out, "{},{} ", tenths(x), tenths(y));
    }
    out.push_str("\"/>\n");
}

/// What one number is about, in red.
fn marked(drawing: &Drawing, frame: &Frame, number: usize, marks: &[Mark]) -> String {
    let mut out = String::from("<g stroke=\"#b10e1e\" stroke-width=\"3\" fill=\"#b10e1e\">\n");
    let mut stands = None;
    for mark in marks {
        let middle = match mark {
            Mark::Path(layer, place) => {
                let Some(path) = drawing.layer(layer).and_then(|layer| layer.paths.get(*place)) else { continue };
                if path.corners.len() <= limits::DRAWN / limits::MARKS * 4 {
                    outline(&mut out, frame, path, " fill-opacity=\"0.12\"");
                }
                path.middle()
            }
            Mark::Way(from, to) => {
                let ((x1, y1), (x2, y2)) = (frame.at(*from), frame.at(*to));
                let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(tenths);
                let _ = writeln!(out, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
                Way { length: 0, from: *from, to: *to }.middle()
            }
            Mark::Spot(point) => {
                let (x, y) = frame.at(*point);
                let _ = writeln!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"5\"/>", tenths(x), tenths(y));
                *point
            }
        };
        stands.get_or_insert(middle);
    }
    if let Some(point) = stands {
        // Numbers that would stand on each other are put in a row.
        let (x, y) = frame.at(point);
        let x = x + Nm::try_from(number % 3).unwrap_or(0) * 260;
        let (cx, cy, ty) = (tenths(x), tenths(y), tenths(y + 50));
        let _ = writeln!(
            out,
            "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"13\" stroke=\"#ffffff\"/>\
             <text x=\"{cx}\" y=\"{ty}\" fill=\"#ffffff\" stroke=\"none\" font-size=\"15\" text-anchor=\"middle\">{number}</text>"
        );
    }
    out.push_str("</g>\n");
    out
}

/// The lines below the drawing: each number, and what it is about.
fn legend(scrutiny: &Scrutiny, language: &str, whole: bool) -> Vec<String> {
    let report = &scrutiny.report;
    let mut lines = Vec::new();
    let failing: Vec<_> = report.rows.iter().filter(|row| row.outcome != Outcome::Fits).collect();
    lines.push(say(if failing.is_empty() { "all_fits" } else { "legend" }, language).to_owned());
    for row in failing.iter().take(limits::MARKS) {
        let number = row.number.map_or_else(|| "–".to_owned(), |number| number.to_string());
        let words = format!("{number}. {}: {}", row.title(language), row.said(language, report.places));
        lines.extend(wrapped(&words));
    }
    if failing.len() > limits::MARKS {
        lines.push(say("more", language).to_owned());
    }
    if !whole {
        lines.push(say("left_out", language).to_owned());
    }
    lines
}

/// Cut into lines between words.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(last) = lines.last_mut() else { break };
        if !last.is_empty() && last.chars().count() + word.chars().count() >= WIDE {
            lines.push(format!("    {word}"));
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

//! A workflow as a picture: every state is a box that lists its actions, and every action is
//! joined to the state it leads to. Ways onward run on the right, ways back on the left.

use std::fmt::Write as _;

use engine::service::Service;
use engine::workflow::State;

use crate::helpers::escape;

/// Width of a box, in user units of the drawing.
const WIDTH: i32 = 360;
const HEADER: i32 = 34;
const ROW: i32 = 24;
const GAP: i32 = 26;
/// Distance between two lanes.
const LANE: i32 = 14;
const MARGIN: i32 = 16;

/// The workflow of `service` as an SVG document, with words in `language`. The colours come from
/// classes, so that pages can style it; a plain style is included for use by itself.
pub fn diagram(service: &Service, language: &str) -> String {
    let states = &service.workflow.states;
    let tops = tops(states);
    let ways = ways(states);
    let lanes = |right: bool| ways.iter().filter(|way| way.right == right).map(|way| way.lane + 1).max().unwrap_or(0);
    let left = MARGIN + lanes(false) * LANE + 12;
    let width = left + WIDTH + lanes(true) * LANE + 12 + MARGIN;
    let height = tops.last().copied().unwrap_or(0) + box_height(states.last()) + MARGIN;
    let title = escape(service.title.in_language(language));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diagram\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"diagram-title\">\
         <title id=\"diagram-title\">{title}</title>\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" class=\"tip\"/></marker></defs>"
    );
    for way in &ways {
        draw_way(&mut svg, way, &tops, left);
    }
    for (state, top) in states.iter().zip(&tops) {
        draw_state(&mut svg, state, *top, left, state.name == service.workflow.start.value, language);
    }
    svg.push_str("</svg>");
    svg
}

/// The same, with a style of its own: for a file.
pub fn standalone(service: &Service, language: &str) -> String {
    let style = "<style>.state{fill:#fff;stroke:#1d5f8a;stroke-width:1.5}.head{fill:#1d5f8a}.end .head{fill:#444}.end .state{stroke:#444}\
        .name{fill:#fff;font:600 15px sans-serif}.act{fill:#111;font:13px sans-serif}.who{fill:#555;font:12px sans-serif}\
        .way{fill:none;stroke:#1d5f8a;stroke-width:1.4}.back{stroke:#9a5b00;stroke-dasharray:5 3}.tip{fill:#333}</style>";
    diagram(service, language).replacen("<defs>", &format!("{style}<defs>"), 1)
}

/// An action on its way from a row of one box to the head of another.
struct Way {
    from: usize,
    row: usize,
    to: usize,
    right: bool,
    lane: i32,
}

fn box_height(state: Option<&State>) -> i32 {
    state.map_or(0, |state| HEADER + count(state.actions.len()) * ROW + if state.actions.is_empty() { 0 } else { 8 })
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn tops(states: &[State]) -> Vec<i32> {
    let mut top = MARGIN;
    let mut tops = Vec::with_capacity(states.len());
    for state in states {
        tops.push(top);
        top += box_height(Some(state)) + GAP;
    }
    tops
}

/// Every way with a lane of its own among those it would cross: short ways run inside.
fn ways(states: &[State]) -> Vec<Way> {
    let index = |name: &str| states.iter().position(|state| state.name == *name);
    let mut ways = Vec::new();
    for (from, state) in states.iter().enumerate() {
        for (row, action) in state.actions.iter().enumerate() {
            if let Some(to) = index(&action.to).filter(|to| *to != from) {
                ways.push(Way { from, row, to, right: to > from, lane: 0 });
            }
        }
    }
    ways.sort_by_key(|way| (way.from.abs_diff(way.to), way.from, way.row));
    for later in 1..ways.len() {
        let (earlier, rest) = ways.split_at_mut(later);
        let way = &mut rest[0];
        let crosses = |other: &&Way| {
            other.right == way.right
                && span(other).0 <= span(way).1
                && span(way).0 <= span(other).1
                && other.to != way.to
        };
        let taken: Vec<i32> = earlier.iter().filter(crosses).map(|other| other.lane).collect();
        let shared =
            earlier.iter().find(|other| other.right == way.right && other.to == way.to).map(|other| other.lane);
        way.lane = shared.unwrap_or_else(|| (0..=count(taken.len())).find(|lane| !taken.contains(lane)).unwrap_or(0));
    }
    ways
}

fn span(way: &Way) -> (usize, usize) {
    (way.from.min(way.to), way.from.max(way.to))
}

fn draw_way(svg: &mut String, way: &Way, tops: &[i32], left: i32) {
    let (start_y, end_y) = (tops[way.from] + HEADER + count(way.row) * ROW + ROW / 2 + 4, tops[way.to] + HEADER / 2);
    let (edge, lane, class) = if way.right {
        (left + WIDTH, left + WIDTH + 12 + way.lane * LANE, "way")
    } else {
        (left, left - 12 - way.lane * LANE, "way back")
    };
    let bend = if end_y > start_y { 6 } else { -6 };
    let turn = if way.right { 6 } else { -6 };
    let _ = write!(
        svg,
        "<path class=\"{class}\" marker-end=\"url(#tip)\" d=\"M{edge} {start_y}H{} Q{lane} {start_y} {lane} {} V{} Q{lane} {end_y} {} {end_y} H{edge}\"/>",
        lane - turn,
        start_y + bend,
        end_y - bend,
        lane - turn,
    );
}

fn draw_state(svg: &mut String, state: &State, top: i32, left: i32, start: bool, language: &str) {
    let class = if state.end.is_some() { "box end" } else { "box" };
    let height = box_height(Some(state));
    let mark = if start { "● " } else { "" };
    let _ = write!(
        svg,
        "<g class=\"{class}\"><rect class=\"state\" x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\
         <rect class=\"head\" x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{HEADER}\" rx=\"6\"/>\
         <text class=\"name\" x=\"{}\" y=\"{}\">{mark}{}</text>",
        left + 12,
        top + 22,
        escape(&short(state.label.in_language(language), 38)),
    );
    for (row, action) in state.actions.iter().enumerate() {
        let y = top + HEADER + count(row) * ROW + 20;
        let _ = write!(
            svg,
            "<text class=\"act\" x=\"{}\" y=\"{y}\">{}</text><text class=\"who\" x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
            left + 12,
            escape(&short(action.label.in_language(language), 26)),
            left + WIDTH - 12,
            escape(&short(&action.set_off_by(), 26)),
        );
    }
    svg.push_str("</g>");
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

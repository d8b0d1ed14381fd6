//! Where elements stand: states in columns by how many actions lead to them, ways between them at right angles.

use std::collections::BTreeMap;

use super::plan::{Kind, Node, Plan};

/// Distance between two columns, and between two rows, in units of the drawing.
const COLUMN: i32 = 300;
const ROW: i32 = 170;
const MARGIN: i32 = 60;
/// Size of a task, a gateway and an event, as modellers draw them.
const TASK: (i32, i32) = (120, 80);
const GATEWAY: (i32, i32) = (50, 50);
const EVENT: (i32, i32) = (36, 36);
/// Distance between two ways that run back below all elements.
const LANE: i32 = 14;

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) boxes: BTreeMap<String, Frame>,
    /// The points of each way, by its id.
    pub(super) ways: BTreeMap<String, Vec<(i32, i32)>>,
}

impl Frame {
    fn middle(self) -> i32 {
        self.y + self.height / 2
    }
}

pub(super) fn layout(plan: &Plan) -> Drawing {
    let mut drawing = Drawing::default();
    let places = places(plan);
    let mut edges: BTreeMap<&str, i32> = BTreeMap::new();
    for node in &plan.nodes {
        let (column, row) = places.get(&node.state).copied().unwrap_or((0, 0));
        let (x, middle) = (MARGIN + 100 + column * COLUMN, MARGIN + 40 + row * ROW);
        let boxed = match &node.kind {
            Kind::Start => at(MARGIN, middle, EVENT),
            Kind::UserTask | Kind::ReceiveTask { .. } => at(x, middle, TASK),
            Kind::Gateway => at(x + TASK.0 + 40, middle, GATEWAY),
            Kind::End if node.id.starts_with("state_") => at(x, middle, EVENT),
            Kind::End => at(x + TASK.0 + 47, middle + 75, EVENT),
            Kind::Timer { at: task, .. } | Kind::Signal { at: task, .. } => {
                let count = edges.entry(task.as_str()).or_default();
                let left = x + 8 + *count * (EVENT.0 + 4);
                *count += 1;
                Frame { x: left, y: middle + TASK.1 / 2 - EVENT.1 / 2, width: EVENT.0, height: EVENT.1 }
            }
        };
        drawing.boxes.insert(node.id.clone(), boxed);
    }
    ways(plan, &mut drawing);
    drawing
}

fn at(x: i32, middle: i32, (width, height): (i32, i32)) -> Frame {
    Frame { x, y: middle - height / 2, width, height }
}

/// Column and row of each state: as far to the right as the fewest actions lead there, one below the other.
fn places(plan: &Plan) -> BTreeMap<usize, (i32, i32)> {
    let state_of: BTreeMap<&str, usize> = plan.nodes.iter().map(|node| (node.id.as_str(), node.state)).collect();
    let start = plan.nodes.iter().find(|node| node.kind == Kind::Start).map_or(0, |node| node.state);
    let mut column: BTreeMap<usize, i32> = BTreeMap::from([(start, 0)]);
    let mut open = vec![start];
    let mut depth = 0;
    while !open.is_empty() {
        depth += 1;
        let mut next = Vec::new();
        for flow in &plan.flows {
            if let (Some(from), Some(to)) = (state_of.get(flow.from.as_str()), state_of.get(flow.to.as_str()))
                && open.contains(from)
                && !column.contains_key(to)
            {
                column.insert(*to, depth);
                next.push(*to);
            }
        }
        open = next;
    }
    let mut rows: BTreeMap<i32, i32> = BTreeMap::new();
    let mut places = BTreeMap::new();
    let states: std::collections::BTreeSet<usize> = plan.nodes.iter().map(|node: &Node| node.state).collect();
    for state in states {
        let column = column.get(&state).copied().unwrap_or(depth);
        let row = rows.entry(column).or_default();
        places.insert(state, (column, *row));
        *row += 1;
    }
    places
}

/// Ways onward run straight from the right to the left; ways back, and to the own state, run below everything.
fn ways(plan: &Plan, drawing: &mut Drawing) {
    let bottom = drawing.boxes.values().map(|boxed| boxed.y + boxed.height).max().unwrap_or(0) + 30;
    let mut lane = 0;
    for flow in &plan.flows {
        let (Some(from), Some(to)) = (drawing.boxes.get(&flow.from), drawing.boxes.get(&flow.to)) else { continue };
        let below = plan
            .nodes
            .iter()
            .any(|node| node.id == flow.from && matches!(node.kind, Kind::Timer { .. } | Kind::Signal { .. }));
        let start =
            if below { (from.x + from.width / 2, from.y + from.height) } else { (from.x + from.width, from.middle()) };
        let end = (to.x, to.middle());
        let points = if end.0 >= start.0 + 20 {
            let bend = if below { start.0 } else { start.0 + 15 };
            if start.1 == end.1 { vec![start, end] } else { vec![start, (bend, start.1), (bend, end.1), end] }
        } else {
            let level = bottom + lane * LANE;
            lane += 1;
            let out = if below { start.0 } else { start.0 + 15 };
            vec![start, (out, start.1), (out, level), (end.0 - 20, level), (end.0 - 20, end.1), end]
        };
        let mut points = points;
        points.dedup();
        drawing.ways.insert(flow.id.clone(), points);
    }
}

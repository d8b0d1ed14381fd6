//! A small house, written as DXF of release 12 by hand, and ways to spoil it.
//!
//! The plot is 10 by 20 metres and faces a road that is 9 metres wide. The house covers 8 by 14 of it, 3 metres
//! behind the front, and has two floors; the upper has half a circle of radius 1 more, and an opening of 2 by 2.

#![allow(clippy::float_arithmetic, reason = "a drawing is turned by sines; what is measured is exact")]

use std::fmt::Write as _;

/// A point in metres.
pub(crate) type At = (f64, f64);

/// How a drawing lies: turned by an angle in degrees, then moved.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lie {
    pub(crate) degrees: f64,
    pub(crate) moved: At,
}

/// What may be changed of the house.
#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) lie: Lie,
    /// Left, lower, right and upper edge of the footprint.
    pub(crate) footprint: (f64, f64, f64, f64),
    /// Whether its last edge is drawn.
    pub(crate) closed: bool,
    /// How many floors like the ground floor stand on the two.
    pub(crate) more_floors: u32,
    pub(crate) height: f64,
    /// The width of the car space that is no block.
    pub(crate) car_width: f64,
    /// Car spaces that are added.
    pub(crate) more_cars: u32,
    /// Two-wheelers in the row.
    pub(crate) cycles: u32,
    /// Width and length of the smaller room.
    pub(crate) room: At,
}

impl Default for House {
    fn default() -> Self {
        Self {
            lie: Lie::default(),
            footprint: (1.0, 3.0, 9.0, 17.0),
            closed: true,
            more_floors: 0,
            height: 7.5,
            car_width: 2.5,
            more_cars: 0,
            cycles: 3,
            room: (2.4, 4.0),
        }
    }
}

struct Sheet {
    lie: Lie,
    out: String,
}

impl Sheet {
    fn pair(&mut self, code: i32, value: impl std::fmt::Display) {
        let _ = write!(self.out, "{code}\n{value}\n");
    }

    fn point(&mut self, code: i32, (x, y): At) {
        let (sine, cosine) = self.lie.degrees.to_radians().sin_cos();
        let (left, up) = self.lie.moved;
        self.raw(code, (x * cosine - y * sine + left, x * sine + y * cosine + up));
    }

    fn raw(&mut self, code: i32, (x, y): At) {
        self.pair(code, format!("{x:.10}"));
        self.pair(code + 10, format!("{y:.10}"));
        self.pair(code + 20, "0.0");
    }

    fn entity(&mut self, kind: &str, layer: &str) {
        self.pair(0, kind);
        self.pair(8, layer);
    }

    /// An old polyline; a corner has its bulge.
    fn polyline(&mut self, layer: &str, closed: bool, corners: &[(f64, f64, f64)]) {
        self.entity("POLYLINE", layer);
        self.pair(66, 1);
        self.pair(70, i32::from(closed));
        for (x, y, bulge) in corners {
            self.entity("VERTEX", layer);
            self.point(10, (*x, *y));
            if *bulge != 0.0 {
                self.pair(42, bulge);
            }
        }
        self.entity("SEQEND", layer);
    }

    fn rectangle(&mut self, layer: &str, (left, lower, right, upper): (f64, f64, f64, f64)) {
        let corners = [(left, lower, 0.0), (right, lower, 0.0), (right, upper, 0.0), (left, upper, 0.0)];
        self.polyline(layer, true, &corners);
    }

    fn line(&mut self, layer: &str, from: At, to: At) {
        self.entity("LINE", layer);
        self.point(10, from);
        self.point(11, to);
    }
}

impl House {
    /// The drawing as text.
    pub(crate) fn dxf(&self) -> String {
        let mut sheet = Sheet { lie: self.lie, out: String::new() };
        for (code, value) in [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009"), (0, "ENDSEC")] {
            sheet.pair(code, value);
        }
        blocks(&mut sheet);
        for (code, value) in [(0, "SECTION"), (2, "ENTITIES")] {
            sheet.pair(code, value);
        }
        self.site(&mut sheet);
        self.floors(&mut sheet);
        self.parking(&mut sheet);
        // The section stands beside the plan: its dimension is turned by a quarter, whatever it says.
        sheet.entity("DIMENSION", "BLK_1_SECTION_HEIGHT");
        sheet.pair(2, "*D1");
        sheet.point(10, (21.0, 0.0));
        sheet.pair(70, 0);
        sheet.pair(50, 90.0 + self.lie.degrees);
        sheet.point(13, (20.0, 0.0));
        sheet.point(14, (20.5, self.height));
        for (code, value) in [(0, "ENDSEC"), (0, "EOF")] {
            sheet.pair(code, value);
        }
        sheet.out
    }

    fn site(&self, sheet: &mut Sheet) {
        sheet.rectangle("PLOT_BOUNDARY", (0.0, 0.0, 10.0, 20.0));
        sheet.rectangle("MAIN_ROAD", (-5.0, -9.0, 15.0, 0.0));
        let (left, lower, right, upper) = self.footprint;
        let corners = [(left, lower, 0.0), (right, lower, 0.0), (right, upper, 0.0), (left, upper, 0.0)];
        sheet.polyline("BLK_1_FOOTPRINT", self.closed, &corners);
        sheet.entity("TEXT", "NOTES");
        sheet.point(10, (0.0, 21.0));
        sheet.pair(40, 0.5);
        sheet.pair(1, "Plan <of> a house & garden");
    }

    fn floors(&self, sheet: &mut Sheet) {
        sheet.rectangle("BLK_1_FLR_0_BUILTUP", (1.0, 3.0, 9.0, 17.0));
        sheet.rectangle("BLK_1_FLR_0_STILT", (1.0, 3.0, 7.0, 8.0));
        // Half a circle of radius 1 stands out over the rear.
        let upper =
            [(1.0, 3.0, 0.0), (9.0, 3.0, 0.0), (9.0, 17.0, 0.0), (6.0, 17.0, 1.0), (4.0, 17.0, 0.0), (1.0, 17.0, 0.0)];
        sheet.polyline("BLK_1_FLR_1_BUILTUP", true, &upper);
        sheet.rectangle("BLK_1_FLR_1_DEDUCT", (4.0, 10.0, 6.0, 12.0));
        for floor in 2..2 + self.more_floors {
            sheet.rectangle(&format!("BLK_1_FLR_{floor}_BUILTUP"), (1.0, 3.0, 9.0, 17.0));
        }
        // One room by four lines in no order, one by an old polyline.
        let room = [(1.2, 9.0), (4.2, 9.0), (4.2, 13.0), (1.2, 13.0)];
        for (from, to) in [(2, 3), (0, 1), (2, 1), (0, 3)] {
            sheet.line("BLK_1_FLR_0_ROOM", room[from], room[to]);
        }
        let (width, length) = self.room;
        sheet.rectangle("BLK_1_FLR_0_ROOM", (5.0, 9.0, 5.0 + width, 9.0 + length));
    }

    fn parking(&self, sheet: &mut Sheet) {
        sheet.rectangle("PARKING_CAR", (1.2, 3.1, 1.2 + self.car_width, 8.1));
        for place in 0..=self.more_cars {
            sheet.entity("INSERT", "PARKING_CAR");
            sheet.pair(2, "CAR");
            sheet.point(10, (9.0 - f64::from(place) * 2.6, 3.2));
            sheet.pair(50, 90.0 + self.lie.degrees);
        }
        sheet.entity("INSERT", "PARKING_TWO_WHEELER");
        sheet.pair(2, "CYCLE");
        sheet.point(10, (4.0, 0.5));
        sheet.pair(50, self.lie.degrees);
        sheet.pair(70, self.cycles);
        sheet.pair(44, 1.2);
    }
}

/// A car space as it is drawn once, 2.5 by 5 on layer 0, and a space for a two-wheeler at half its size.
fn blocks(sheet: &mut Sheet) {
    for (code, value) in [(0, "SECTION"), (2, "BLOCKS")] {
        sheet.pair(code, value);
    }
    for (name, wide, high) in [("CAR", 5.0, 2.5), ("CYCLE", 1.0, 2.0)] {
        sheet.entity("BLOCK", "0");
        sheet.pair(2, name);
        sheet.pair(70, 0);
        sheet.raw(10, (0.0, 0.0));
        sheet.entity("POLYLINE", "0");
        sheet.pair(66, 1);
        sheet.pair(70, 1);
        for (x, y) in [(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)] {
            sheet.entity("VERTEX", "0");
            sheet.raw(10, (x, y));
        }
        sheet.entity("SEQEND", "0");
        sheet.entity("ENDBLK", "0");
    }
    // What a dimension looks like is a block as well; only its points are measured.
    sheet.entity("BLOCK", "0");
    sheet.pair(2, "*D1");
    sheet.pair(70, 1);
    sheet.raw(10, (0.0, 0.0));
    sheet.line("0", (21.0, 0.0), (21.0, 1.0));
    sheet.entity("ENDBLK", "0");
    sheet.pair(0, "ENDSEC");
}

/// A drawing: its name, the house, and the rules that it breaks.
pub(crate) type Case = (&'static str, House, &'static [&'static str]);

/// The house as it fits, and ways to break one rule each. What is too high for its terrain needs wider open spaces
/// as well, so it breaks four.
pub(crate) fn all() -> Vec<Case> {
    let house = House::default;
    vec![
        ("house", house(), &[]),
        ("too-much-cover", House { footprint: (0.0, 3.0, 10.0, 16.2), ..house() }, &["cover"]),
        ("too-high-a-ratio", House { more_floors: 2, more_cars: 1, cycles: 6, ..house() }, &["ratio"]),
        ("front-too-small", House { footprint: (1.0, 2.9, 9.0, 16.9), ..house() }, &["front"]),
        ("rear-too-small", House { footprint: (1.0, 3.0, 9.0, 18.1), ..house() }, &["rear"]),
        ("beyond-the-plot", House { footprint: (-0.2, 3.0, 7.8, 17.0), ..house() }, &["within_plot"]),
        ("too-high", House { height: 12.01, ..house() }, &["rear", "side_wide", "side_narrow", "height"]),
        ("car-too-narrow", House { car_width: 2.4, ..house() }, &["cars"]),
        ("room-too-narrow", House { room: (2.3, 4.2), ..house() }, &["room_width"]),
        ("room-too-small", House { room: (2.4, 3.9), ..house() }, &["room_area"]),
        ("two-wheelers-missing", House { cycles: 2, ..house() }, &["two_wheelers"]),
    ]
}

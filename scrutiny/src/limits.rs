//! Every limit of a scrutiny, and the count of work that stands in for a clock.

/// Bytes of a drawing.
pub const BYTES: usize = 50 << 20;
/// Pairs of group code and value in a drawing.
pub const PAIRS: usize = 4_000_000;
/// Entities of a drawing, those of blocks counted each time that they are inserted.
pub const ENTITIES: usize = 200_000;
/// Corners of all paths, those that curves are divided into counted.
pub const CORNERS: usize = 1_000_000;
/// Blocks inside of blocks.
pub const NESTING: usize = 16;
/// Places at which one INSERT may put its block, in rows and columns.
pub const ARRAY: i128 = 1_000;
/// The largest coordinate, in nanometres: those of the whole earth are below it.
pub const COORDINATE: i128 = 100_000_000_000_000_000;
/// How far apart things may be that are measured, in nanometres: a hundred kilometres.
pub const EXTENT: i128 = 100_000_000_000_000;
/// The most that a block may be enlarged.
pub const ENLARGED: i128 = 100_000;
/// Characters of a text that is read from a drawing.
pub const TEXT: usize = 500;
/// Steps that measuring may take: some seconds of an ordinary machine.
pub const WORK: u64 = 150_000_000;
/// Things that are told of as amiss in one drawing.
pub const AMISS: usize = 100;
/// Rows of a report.
pub const ROWS: usize = 5_000;
/// Corners that a picture shows.
pub const DRAWN: usize = 40_000;
/// Marks in a picture.
pub const MARKS: usize = 200;
/// Inputs for which a table is tried.
pub const INPUTS: usize = 200_000;
/// Decimal places of what is measured: millimetres, and a thousandth of a square metre.
pub const PLACES: u32 = 3;
/// Levels of an expression.
pub const DEPTH: usize = 24;

/// Steps that are left: pure code has no clock, so it counts.
#[derive(Clone, Debug)]
pub struct Work(u64);

impl Default for Work {
    fn default() -> Self {
        Self(WORK)
    }
}

impl Work {
    /// Takes so many steps; false if there are not as many left.
    pub fn take(&mut self, steps: usize) -> bool {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        let enough = self.0 >= steps;
        self.0 = self.0.saturating_sub(steps);
        enough
    }
}

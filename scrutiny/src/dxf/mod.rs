//! Reads the text form of DXF, from R12 on: what is drawn on which layer.
//!
//! `pairs` cuts the text into group codes and values, `entity` makes paths of records, `place`
//! puts blocks where they are inserted, `mod` finds the sections.

use std::collections::BTreeMap;

use crate::drawing::{Drawing, Fault, Layer};
use crate::limits;
use crate::number::Nm;

mod entity;
mod pairs;
mod place;

use pairs::{Pair, Record, records};
use place::Place;

/// Why a file is no drawing that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It has more bytes than a drawing may have.
    TooLarge,
    /// It is a DWG: the program that drew it can save it as DXF.
    Dwg,
    /// It is a DXF in its binary form.
    Binary,
    /// It is no DXF, or breaks off: the line from which on it makes no sense.
    NotDxf {
        /// Counted from one.
        line: usize,
    },
    /// It holds more entities than are read.
    TooMany,
    /// A number is out of all bounds.
    Bounds {
        /// Counted from one.
        line: usize,
    },
    /// Blocks are inserted into each other without end.
    Nested,
    /// The drawing does not say what its unit is, nor do the by-laws.
    NoUnit,
    /// What is to be measured lies too far apart.
    Spread,
    /// Measuring it would take too long.
    TooComplex,
}

/// Reads a drawing. `unit` is what one unit is in nanometres if the drawing does not say.
///
/// # Errors
/// Why it cannot be read.
pub fn read(bytes: &[u8], unit: Option<i128>) -> Result<Drawing, Unreadable> {
    if bytes.len() > limits::BYTES {
        return Err(Unreadable::TooLarge);
    }
    if bytes.starts_with(b"AC10") {
        return Err(Unreadable::Dwg);
    }
    if bytes.starts_with(b"AutoCAD Binary DXF") {
        return Err(Unreadable::Binary);
    }
    let text = String::from_utf8_lossy(bytes);
    let pairs = pairs::pairs(&text)?;
    let stated = stated_unit(&pairs);
    let unit = stated.or(unit).ok_or(Unreadable::NoUnit)?;
    let blocks = blocks(section(&pairs, "BLOCKS"), unit)?;
    let mut reader = Reader { unit, blocks, drawing: Drawing { unit: stated, ..Drawing::default() }, corners: 0 };
    let entities = section(&pairs, "ENTITIES");
    if entities.is_empty() {
        return Err(Unreadable::NotDxf { line: pairs.last().map_or(1, |pair| pair.line) });
    }
    reader.read_all(entities, &Place::default(), None, 0)?;
    Ok(reader.drawing)
}

/// The pairs between the name of a section and its end.
fn section<'a, 'p>(pairs: &'p [Pair<'a>], name: &str) -> &'p [Pair<'a>] {
    let begins = |two: &[Pair<'a>]| matches!(two, [one, other] if one.code == 0 && one.value == "SECTION" && other.code == 2 && other.value == name);
    let Some(start) = pairs.windows(2).position(begins) else { return &[] };
    let rest = pairs.get(start + 2..).unwrap_or_default();
    let end = rest.iter().position(|pair| pair.code == 0 && pair.value == "ENDSEC").unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// Nanometres of the unit that the head of the drawing states.
fn stated_unit(pairs: &[Pair<'_>]) -> Option<i128> {
    let header = section(pairs, "HEADER");
    let place = header.iter().position(|pair| pair.code == 9 && pair.value == "$INSUNITS")?;
    let value = header.get(place + 1).filter(|pair| pair.code == 70)?;
    match value.value.parse::<u8>().ok()? {
        1 => Some(25_400_000),
        2 => Some(304_800_000),
        4 => Some(1_000_000),
        5 => Some(10_000_000),
        6 => Some(1_000_000_000),
        14 => Some(100_000_000),
        _ => None,
    }
}

/// A block: what is drawn once and inserted where it is needed.
#[derive(Clone, Copy)]
struct Block<'p> {
    base: (Nm, Nm),
    pairs: &'p [Pair<'p>],
}

fn blocks<'p>(pairs: &'p [Pair<'p>], unit: i128) -> Result<BTreeMap<&'p str, Block<'p>>, Unreadable> {
    let mut blocks = BTreeMap::new();
    let mut rest = pairs;
    while let Some(start) = rest.iter().position(|pair| pair.code == 0 && pair.value == "BLOCK") {
        let body = rest.get(start..).unwrap_or_default();
        let end = body.iter().position(|pair| pair.code == 0 && pair.value == "ENDBLK").unwrap_or(body.len());
        let own = body.get(..end).unwrap_or_default();
        let head_ends = own.iter().skip(1).position(|pair| pair.code == 0).map_or(own.len(), |at| at + 1);
        let head = Record { kind: "BLOCK", pairs: own.get(..head_ends).unwrap_or_default() };
        let base = (head.length(10, unit)?.unwrap_or(0), head.length(20, unit)?.unwrap_or(0));
        if let Some(name) = head.text(2) {
            blocks.insert(name, Block { base, pairs: own.get(head_ends..).unwrap_or_default() });
        }
        rest = body.get(end..).unwrap_or_default();
    }
    Ok(blocks)
}

/// What reading needs at hand.
struct Reader<'p> {
    unit: i128,
    blocks: BTreeMap<&'p str, Block<'p>>,
    drawing: Drawing,
    corners: usize,
}

impl<'p> Reader<'p> {
    /// Reads the entities of the drawing or of a block. `layer` is that of the INSERT: what is drawn on layer `0`
    /// in a block lies on it.
    fn read_all(
        &mut self,
        pairs: &'p [Pair<'p>],
        place: &Place,
        layer: Option<&str>,
        depth: usize,
    ) -> Result<(), Unreadable> {
        let mut records = records(pairs).peekable();
        while let Some(record) = records.next() {
            self.drawing.entities += 1;
            if self.drawing.entities > limits::ENTITIES || self.corners > limits::CORNERS {
                return Err(Unreadable::TooMany);
            }
            let mut vertices = Vec::new();
            if record.kind == "POLYLINE" || (record.kind == "INSERT" && record.number(66) == Some(1)) {
                while let Some(part) = records.next_if(|part| matches!(part.kind, "VERTEX" | "ATTRIB")) {
                    vertices.push(part);
                }
                records.next_if(|part| part.kind == "SEQEND");
            }
            // What lies in the space of the paper is the frame around the drawing.
            if record.number(67) == Some(1) {
                continue;
            }
            let own = record.text(8).unwrap_or("0").to_uppercase();
            let own = match layer {
                Some(layer) if own == "0" => layer.to_owned(),
                _ => own,
            };
            if record.kind == "INSERT" {
                self.insert(&record, place, &own, depth)?;
            } else {
                self.entity(&record, &vertices, place, own)?;
            }
        }
        Ok(())
    }

    fn entity(
        &mut self,
        record: &Record<'p>,
        vertices: &[Record<'p>],
        place: &Place,
        layer: String,
    ) -> Result<(), Unreadable> {
        let read = entity::read(record, vertices, self.unit)?;
        let layer: &mut Layer = self.drawing.layers.entry(layer).or_default();
        match read {
            entity::Read::Nothing => {}
            entity::Read::Unknown => {
                let kind = record.kind.chars().filter(|letter| !letter.is_control()).take(40).collect();
                layer.note(Fault::NotRead(kind), None);
            }
            entity::Read::Path(path) => match place.path(&path) {
                Some(path) => {
                    self.corners += path.corners.len();
                    layer.paths.push(path);
                }
                None => return Err(Unreadable::Bounds { line: record.line() }),
            },
            entity::Read::Curve(path) if !place.keeps_angles() => {
                let at = path.corners.first().and_then(|corner| place.point(corner.at));
                layer.note(Fault::Stretched, at);
            }
            entity::Read::Curve(path) => {
                let path = place.curve(&path).ok_or(Unreadable::Bounds { line: record.line() })?;
                self.corners += path.corners.len();
                layer.paths.push(path);
            }
            entity::Read::Dimension(written) => {
                let placed = written.place(place).ok_or(Unreadable::Bounds { line: record.line() })?;
                if let Some(words) = written.overwritten {
                    layer.note(Fault::Overwritten(words), Some(placed.to));
                }
                layer.dimensions.push(placed);
            }
            entity::Read::Label(mut label) => {
                label.at = place.point(label.at).ok_or(Unreadable::Bounds { line: record.line() })?;
                layer.texts.push(label);
            }
        }
        Ok(())
    }

    /// Puts a block where it is inserted, in as many rows and columns as are asked for.
    fn insert(&mut self, record: &Record<'p>, place: &Place, layer: &str, depth: usize) -> Result<(), Unreadable> {
        if depth >= limits::NESTING {
            return Err(Unreadable::Nested);
        }
        let bounds = || Unreadable::Bounds { line: record.line() };
        let Some(block) = record.text(2).and_then(|name| self.blocks.get(name)).copied() else { return Ok(()) };
        let count = |code| i128::from(record.number(code).unwrap_or(1).max(1));
        let (columns, rows) = (count(70), count(71));
        if columns.saturating_mul(rows) > limits::ARRAY {
            return Err(Unreadable::TooMany);
        }
        let apart = (record.length(44, self.unit)?.unwrap_or(0), record.length(45, self.unit)?.unwrap_or(0));
        for column in 0..columns {
            for row in 0..rows {
                self.drawing.entities += 1;
                let shift = (apart.0.saturating_mul(column), apart.1.saturating_mul(row));
                let inner = Place::of_insert(record, self.unit, block.base, shift)?;
                let inner = place.then(&inner).ok_or_else(bounds)?;
                self.read_all(block.pairs, &inner, Some(layer), depth + 1)?;
            }
        }
        Ok(())
    }
}

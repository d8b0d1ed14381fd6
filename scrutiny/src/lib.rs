//! Reads a drawing, measures it, and holds it against by-laws that are themselves a definition.
//!
//! Bytes in, a report out: there is no clock, no file and no network here, and no input makes it
//! panic. Nothing here knows what is drawn: layers, measures and rules are in the by-laws. Lengths
//! are whole nanometres and areas are found from them with whole numbers alone, so that a drawing
//! measures the same on every machine.
//!
//! This list is the map; a module uses only modules listed above it.

pub mod limits;
pub mod number;
pub mod path;
pub mod drawing;
pub mod dxf;
pub mod distance;
pub mod expression;
pub mod laws;
pub mod measure;
pub mod report;
pub mod judge;
pub mod picture;

pub use dxf::{Unreadable, read};
pub use judge::{Scrutiny, scrutinise};
pub use laws::{ByLaws, Edition};
pub use report::Report;

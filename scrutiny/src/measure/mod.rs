//! Takes the measures of by-laws from a drawing, each with the places it was taken at.
//!
//! `drawn` measures what lies on layers, `view` is what expressions see, `mod` puts both together.

use std::collections::BTreeMap;

use engine::base::Text;
use rust_decimal::Decimal;

use crate::drawing::{Drawing, Fault};
use crate::expression::{Lack, Value};
use crate::laws::{Edition, Group, Measure, Take, What};
use crate::limits::{self, Work};
use crate::path::Point;

mod drawn;
mod view;

pub use view::View;

/// A value, or why there is none, and where it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The value, exactly.
    pub value: Result<Decimal, Missing>,
    /// What shows it in the drawing.
    pub marks: Vec<Mark>,
}

/// Why a measure has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum Missing {
    /// Nothing is drawn on these layers.
    NothingOn(String),
    /// Nothing is drawn on a layer from which something is measured: no other value stands for it.
    Without(String),
    /// Something is amiss on a layer.
    Amiss(String, Fault, Option<Point>),
    /// There are not as many closed lines on these layers as there must be.
    Shapes {
        /// The layers.
        layer: String,
        /// How many there must be.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// There is none of a group.
    None(String),
    /// This was not stated besides the drawing.
    Unstated(Text),
    /// It cannot be computed.
    Lack(Lack),
    /// Measuring it would take too long.
    TooComplex,
}

/// What shows a measure in the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A path of a layer, by its number.
    Path(String, usize),
    /// A way between two points.
    Way(Point, Point),
    /// A point.
    Spot(Point),
}

/// The numbers by which a member of a group is known.
pub type Member = Vec<u32>;

/// Everything that was measured.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// The members of groups.
    pub members: BTreeMap<String, Vec<Member>>,
    /// Measures by name: of the drawing as a whole under no number, else by member.
    pub taken: BTreeMap<String, BTreeMap<Member, Measured>>,
}

/// Measures a drawing that holds nothing but what the by-laws name.
pub fn measure(drawing: &Drawing, laws: &Edition, answers: &BTreeMap<String, Value>, work: &mut Work) -> Measures {
    let mut measures = Measures::default();
    for (name, group) in &laws.groups {
        measures.members.insert(name.clone(), members(drawing, group));
    }
    for measure in &laws.measures {
        let taken = take(drawing, laws, answers, &measures, measure, work);
        measures.taken.insert(measure.name.clone(), taken);
    }
    measures
}

/// The members of a group that are drawn, in the order of their numbers.
fn members(drawing: &Drawing, group: &Group) -> Vec<Member> {
    let mut members = Vec::new();
    for (name, layer) in &drawing.layers {
        let Some(numbers) = group.layer.numbers(name) else { continue };
        if group.shapes {
            let shapes = layer.shapes().enumerate();
            members.extend(shapes.map(|(place, _)| {
                let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
                numbers.iter().copied().chain([number]).collect::<Member>()
            }));
        } else if !layer.paths.is_empty() {
            members.push(numbers);
        }
    }
    members.sort_unstable();
    members.dedup();
    members
}

fn take(
    drawing: &Drawing,
    laws: &Edition,
    answers: &BTreeMap<String, Value>,
    measures: &Measures,
    measure: &Measure,
    work: &mut Work,
) -> BTreeMap<Member, Measured> {
    let of: Vec<Member> = match &measure.per {
        Some(group) => measures.members.get(group).cloned().unwrap_or_default(),
        None => vec![Vec::new()],
    };
    let mut taken = BTreeMap::new();
    let layers = drawn::layers(drawing, laws, measure, work);
    for member in of {
        let found = match &measure.what {
            What::Value(value) => {
                let about = measure.per.as_deref().map(|group| (group, member.as_slice()));
                let mut view = View::new(laws, answers, measures, about);
                view.number(value)
            }
            What::Total(name) => total(laws, measures, name, measure.take),
            What::Members(group) => {
                let count = measures.members.get(group).map_or(0, Vec::len);
                Measured { value: Ok(Decimal::from(count)), marks: Vec::new() }
            }
            _ => drawn::of_member(drawing, &layers, laws, measure, &member, work),
        };
        taken.insert(member, or_else(found, measure));
    }
    taken
}

/// Where nothing is drawn, a measure may have a value of its own.
fn or_else(measured: Measured, measure: &Measure) -> Measured {
    match (&measured.value, measure.otherwise) {
        (Err(Missing::NothingOn(_) | Missing::None(_)), Some(value)) => {
            Measured { value: Ok(value), marks: Vec::new() }
        }
        _ => measured,
    }
}

fn total(laws: &Edition, measures: &Measures, name: &str, by: Take) -> Measured {
    let each = measures.taken.get(name).into_iter().flat_map(BTreeMap::values);
    let group = laws.measure(name).and_then(|measure| measure.per.clone()).unwrap_or_default();
    combine(each.cloned().collect(), by, || Missing::None(group))
}

/// Makes one of several: the least and the most keep their own marks, a sum has all.
fn combine(each: Vec<Measured>, by: Take, none: impl FnOnce() -> Missing) -> Measured {
    let mut found: Option<(Decimal, Vec<Mark>)> = None;
    for one in each {
        let value = match one.value {
            Ok(value) => value,
            Err(missing) => return Measured { value: Err(missing), marks: one.marks },
        };
        found = Some(match found {
            None => (value, one.marks),
            Some((sum, mut marks)) if by == Take::Sum => {
                let Some(sum) = sum.checked_add(value) else {
                    return Measured { value: Err(Missing::Lack(Lack::Large)), marks };
                };
                marks.extend(one.marks);
                marks.truncate(limits::MARKS);
                (sum, marks)
            }
            Some((best, _)) if by == Take::Least && value < best => (value, one.marks),
            Some((best, _)) if by == Take::Most && value > best => (value, one.marks),
            Some(kept) => kept,
        });
    }
    match found {
        Some((value, marks)) => Measured { value: Ok(value), marks },
        None => Measured { value: Err(none()), marks: Vec::new() },
    }
}

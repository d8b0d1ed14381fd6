//! By-laws: what is measured, the figures, and the rules that hold one against the other.
//!
//! `yaml` as written, `check` from there to the model, `mod` the model.

use std::collections::BTreeMap;

use engine::base::{Day, Text};
use engine::source::{Bundle, Diagnostics, Manual, Node, Shape, read};
use rust_decimal::Decimal;

use crate::distance::Side;
use crate::expression::Expression;
use crate::number::Nm;

mod check;
pub mod checks;
mod formula;
pub mod pattern;
mod rule;
pub mod table;
mod yaml;

pub use pattern::Pattern;
pub use table::Table;
pub use yaml::{KeyIs, Otherwise, Relation, Take, Unit};

/// A file of by-laws.
#[derive(Clone, Debug)]
pub struct ByLaws {
    /// Its editions, the latest first.
    pub editions: Vec<Edition>,
}

/// By-laws as one authority notified them.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The first day.
    pub from: Day,
    /// Who notified them.
    pub authority: Text,
    /// Whether the figures are a model that a town has yet to replace.
    pub model: bool,
    /// The languages that every wording is in.
    pub languages: Vec<String>,
    /// Decimal places to which is rounded what is compared.
    pub places: u32,
    /// How far the ends of lines may be apart.
    pub tolerance: Nm,
    /// Nanometres of one unit of drawings that state none.
    pub unit: Option<i128>,
    /// What is known besides the drawing.
    pub answers: BTreeMap<String, Answer>,
    /// What there is more than one of.
    pub groups: BTreeMap<String, Group>,
    /// Closed lines whose edges are told apart.
    pub sides: BTreeMap<String, Sides>,
    /// What is measured, in the order in which it is.
    pub measures: Vec<Measure>,
    /// Tables by name.
    pub tables: BTreeMap<String, Table>,
    /// Single figures.
    pub figures: BTreeMap<String, Figure>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// Something that is known besides the drawing.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its name for people.
    pub label: Text,
    /// The codes that it may be; a number if there are none.
    pub options: Vec<String>,
}

/// What there is more than one of.
#[derive(Clone, Debug)]
pub struct Group {
    /// The name of one of them for people.
    pub label: Text,
    /// Its layers.
    pub layer: Pattern,
    /// Whether each closed line is one.
    pub shapes: bool,
}

/// Closed lines whose edges are told apart by what they face.
#[derive(Clone, Debug)]
pub struct Sides {
    /// The layer of the closed lines.
    pub layer: String,
    /// The layer of what the front faces.
    pub faces: String,
}

/// A measure.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name in rules.
    pub name: String,
    /// Its name for people.
    pub label: Text,
    /// What is done.
    pub what: What,
    /// The group of which each member has one.
    pub per: Option<String>,
    /// What becomes of several values.
    pub take: Take,
    /// Its unit.
    pub unit: Unit,
    /// Its value where nothing is drawn.
    pub otherwise: Option<Decimal>,
    /// Whether rules that use it are left out where nothing is drawn.
    pub optional: bool,
    /// How many closed lines there must be.
    pub shapes: Option<usize>,
    /// Whether closed lines of one layer may lie over each other.
    pub may_overlap: bool,
}

/// What is done for a measure.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The area inside of closed lines.
    Area(Pattern),
    /// The length of lines or of the edges of a side.
    Length(Source),
    /// How many closed lines there are, of at least this width and length.
    Count(Pattern, Option<(Nm, Nm)>),
    /// The least width of closed lines.
    LeastWidth(Pattern),
    /// The shortest way.
    Distance(Source, Pattern),
    /// At how many places the second is outside of the first.
    Outside(Pattern, Pattern),
    /// What a dimension measures.
    Dimension(Pattern),
    /// The number behind these words.
    Text(Pattern, String),
    /// What is computed from measures above.
    Value(Expression),
    /// The sum, least or most over the members of a group.
    Total(String),
    /// How many members a group has.
    Members(String),
}

/// Layers, or one side of closed lines.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Layers.
    Layers(Pattern),
    /// A side of what has sides.
    Side(String, Side),
}

/// A single figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The figure.
    pub value: Decimal,
    /// The law it is in.
    pub law: Text,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub label: Text,
    /// The group whose members are each held to it.
    pub each: Option<String>,
    /// What is found.
    pub found: Expression,
    /// How the two are compared.
    pub is: Relation,
    /// What is asked for.
    pub asked: Expression,
    /// The per cent by which the two may differ.
    pub by: Option<Expression>,
    /// The condition on which it holds.
    pub when: Option<Expression>,
    /// What becomes of a drawing that does not fit.
    pub otherwise: Otherwise,
    /// The unit of what is compared.
    pub unit: Option<Unit>,
    /// Its own law.
    pub law: Option<Text>,
}

impl ByLaws {
    /// Reads the by-laws at `path` of `bundle`, and says everything that is wrong with them.
    pub fn read(bundle: &Bundle, path: &str, out: &mut Diagnostics) -> Option<Self> {
        let node: Node = read::yaml(bundle, path, out)?;
        let file = yaml::FileYaml::read(&node, out)?;
        check::check(&file, &node, out)
    }

    /// The edition that is in force on a day.
    pub fn on(&self, day: Day) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.from <= day)
    }
}

impl Edition {
    /// A measure by its name.
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    /// Whether anything is measured on a layer (its name in capitals).
    pub fn uses(&self, layer: &str) -> bool {
        let fits = |pattern: &Pattern| pattern.numbers(layer).is_some();
        let named = |name: &String| name.to_uppercase() == layer;
        self.sides.values().any(|sides| named(&sides.layer) || named(&sides.faces))
            || self.groups.values().any(|group| fits(&group.layer))
            || self.measures.iter().any(|measure| measure.what.patterns().into_iter().any(fits))
    }
}

impl What {
    /// The layers that it is taken from.
    pub fn patterns(&self) -> Vec<&Pattern> {
        match self {
            Self::Area(layer)
            | Self::Length(Source::Layers(layer))
            | Self::Count(layer, _)
            | Self::LeastWidth(layer)
            | Self::Distance(Source::Side(..), layer)
            | Self::Dimension(layer)
            | Self::Text(layer, _) => vec![layer],
            Self::Distance(Source::Layers(one), other) | Self::Outside(one, other) => vec![one, other],
            Self::Length(Source::Side(..)) | Self::Value(_) | Self::Total(_) | Self::Members(_) => Vec::new(),
        }
    }
}

/// The manuals of all checks of by-laws.
pub fn manuals() -> &'static [Manual] {
    checks::ALL
}

/// The JSON Schema of a file of by-laws, for editors.
pub fn schema() -> String {
    let mut definitions = engine::source::shape::Definitions::new();
    let mut schema = <yaml::FileYaml as Shape>::schema(&mut definitions);
    if let Some(root) = schema.as_object_mut() {
        // What is in the list is said in place, as in every other file.
        root.extend(definitions.shift_remove("edition").map(|edition| ("items".to_owned(), edition)));
        root.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
        root.insert("title".to_owned(), "By-laws that drawings are held to".into());
        root.insert("$defs".to_owned(), serde_json::Value::Object(definitions));
    }
    format!("{schema:#}\n")
}

//! By-laws as they are written: a list of editions, each in force from its day on.

use engine::base::Day;
use engine::source::scalar::{Code, Scalar};
use engine::source::shape::Definitions;
use engine::source::{At, Map, Node, Shape, Words};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::table::Interval;

/// An expression, as it is written; numbers need no quotes.
#[derive(Clone, Debug)]
pub(crate) struct Formula(pub(crate) String);

impl Scalar for Formula {
    const WHAT: &'static str = "an expression";
    const EXAMPLE: &'static str = "covered_area * 100 / site_area";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        (!text.trim().is_empty()).then(|| Self(text.to_owned()))
    }
    fn schema() -> Json {
        json!({ "type": ["string", "number"] })
    }
}

impl Scalar for Interval {
    const WHAT: &'static str = "a stretch of numbers";
    const EXAMPLE: &'static str = "100 to 300` or `300 to open";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        Self::read(text)
    }
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^-?[0-9.]+ to (open|-?[0-9.]+)$" })
    }
}

engine::words! {
    /// What is done with what is drawn on a layer.
    pub(crate) enum Is {
        /// The area inside of closed lines.
        Area = "area",
        /// The length of lines, or of the edges of a side.
        Length = "length",
        /// How many closed lines there are.
        Count = "count",
        /// The least width between two parallel lines around a closed line.
        LeastWidth = "least_width",
        /// The shortest way from one layer or side to another layer.
        Distance = "distance",
        /// At how many places one layer is outside of the closed lines of another.
        Outside = "outside",
        /// What a dimension measures between its two points; words typed over it do not count.
        Dimension = "dimension",
        /// The number that stands in a text behind the words of `after`.
        Text = "text",
        /// What `value` computes from measures above it.
        Value = "value",
        /// The sum, the least or the most of a measure that is taken of each member of a group.
        Total = "total",
        /// How many members a group has.
        Members = "members",
    }
}

engine::words! {
    /// What becomes of several values.
    pub enum Take {
        /// They are added.
        Sum = "sum",
        /// The least.
        Least = "least",
        /// The most.
        Most = "most",
    }
}

engine::words! {
    /// A unit.
    pub enum Unit {
        /// Metres.
        Metre = "metre",
        /// Square metres.
        SquareMetre = "square_metre",
        /// Per cent.
        PerCent = "per_cent",
        /// Kilovolts.
        Kilovolt = "kilovolt",
        /// A number of things.
        Number = "number",
    }
}

engine::words! {
    /// The unit that drawings are drawn in.
    pub(crate) enum DrawnIn {
        /// Millimetres.
        Millimetre = "millimetre",
        /// Centimetres.
        Centimetre = "centimetre",
        /// Metres.
        Metre = "metre",
        /// Inches.
        Inch = "inch",
        /// Feet.
        Foot = "foot",
    }
}

engine::words! {
    /// How what is found is held to what is asked for.
    pub enum Relation {
        /// It may be less.
        AtMost = "at_most",
        /// It may be more.
        AtLeast = "at_least",
        /// It is the same.
        Equal = "equal",
        /// It differs by at most `by` per cent of what is asked for.
        Within = "within",
    }
}

engine::words! {
    /// What becomes of a drawing that does not fit a rule.
    pub enum Otherwise {
        /// It does not fit the by-laws.
        Differs = "differs",
        /// An officer decides.
        Refer = "refer",
        /// It is said, and nothing more.
        Note = "note",
    }
}

engine::words! {
    /// How the values of a key of a table are written in its rows.
    pub enum KeyIs {
        /// One or several of the options of an answer.
        Codes = "codes",
        /// Numbers from the first on, up to the second but without it.
        FromIn = "from <= x < to",
        /// Numbers above the first, up to the second and with it.
        ToIn = "from < x <= to",
    }
}

engine::shape! {
    /// By-laws as one authority notified them, in force from a day until the next edition.
    pub(crate) struct EditionYaml {
        /// The first day.
        from: At<Day>,
        /// Who notified them, and when.
        authority: Words,
        /// Whether the figures are a model that a town has yet to replace.
        model: Option<At<bool>>,
        /// The languages that every wording must be in; English when silent.
        languages: Option<Vec<At<String>>>,
        /// Decimal places to which what is found and what is asked for are rounded, halves upwards, before they are compared.
        places: At<i64>,
        /// How far, in metres, the ends of lines may be apart that are meant to meet.
        tolerance: At<Decimal>,
        /// The unit of drawings that state none; such drawings are refused when silent.
        drawn_in: Option<At<DrawnIn>>,
        /// What is known besides the drawing, by the name that rules use.
        answers: Option<Map<AnswerYaml>>,
        /// What there is more than one of: blocks, floors, rooms.
        groups: Option<Map<GroupYaml>>,
        /// Closed lines whose edges are told apart by what they face.
        sides: Option<Map<SidesYaml>>,
        /// What is measured. A measure that is computed uses measures above it.
        measures: Map<MeasureYaml>,
        /// Figures that are found by keys.
        tables: Option<Map<TableYaml>>,
        /// Single figures.
        figures: Option<Map<FigureYaml>>,
        /// What is held to what.
        rules: Map<RuleYaml>,
    }
}

engine::shape! {
    /// Something that is known besides the drawing.
    pub(crate) struct AnswerYaml {
        /// Its name for people.
        label: Words,
        /// The codes that it may be; a number when silent.
        options: Option<Vec<At<Code>>>,
    }
}

engine::shape! {
    /// What there is more than one of.
    pub(crate) struct GroupYaml {
        /// The name of one of them for people.
        label: Words,
        /// Its layers: `BLOCK_{block}_FLOOR_{floor}`, where a word in braces stands for a number.
        layer: At<String>,
        /// Whether each closed line on such a layer is one; else each layer is.
        shapes: Option<At<bool>>,
    }
}

engine::shape! {
    /// Closed lines whose edges are told apart: `NAME.front` faces something, then `rear`, `left` and `right`.
    pub(crate) struct SidesYaml {
        /// The layer of the closed lines.
        layer: At<String>,
        /// The layer of what the front faces.
        faces: At<String>,
    }
}

engine::shape! {
    /// One measure.
    pub(crate) struct MeasureYaml {
        /// Its name for people.
        label: Words,
        /// What is done.
        is: At<Is>,
        /// The layers it is taken from, or `NAME.front` of sides.
        layer: Option<At<String>>,
        /// Where a distance begins, or what something may be outside of: layers, or `NAME.front` of sides.
        from: Option<At<String>>,
        /// Where a distance ends, or what may be outside: layers.
        to: Option<At<String>>,
        /// The measure of a total, or the group whose members are counted.
        of: Option<At<engine::base::Name>>,
        /// What is computed.
        value: Option<At<Formula>>,
        /// The group of which each member has this measure of its own. Where each closed line is a member, that is what
        /// lies inside of it; the middle decides.
        per: Option<At<engine::base::Name>>,
        /// What becomes of several values: added when areas, lengths and counts, the least of distances and widths, else the most.
        take: Option<At<Take>>,
        /// Its unit.
        unit: At<Unit>,
        /// Its value where nothing is drawn.
        otherwise as "else": Option<At<Decimal>>,
        /// Whether rules that use it are left out where nothing is drawn.
        optional: Option<At<bool>>,
        /// How many closed lines there must be, no more and no fewer.
        shapes: Option<At<i64>>,
        /// Whether closed lines of one layer may lie over each other; else they are neither added nor counted.
        may_overlap: Option<At<bool>>,
        /// How large a closed line must be to be counted.
        at_least: Option<AtLeastYaml>,
        /// The words behind which the number of a text stands.
        after: Option<At<String>>,
    }
}

engine::shape! {
    /// How large something must be to be counted, in metres, however it is turned.
    pub(crate) struct AtLeastYaml {
        /// The shorter side.
        width: At<Decimal>,
        /// The longer side.
        length: At<Decimal>,
    }
}

engine::shape! {
    /// Figures that are found by keys: exactly one row fits every input.
    pub(crate) struct TableYaml {
        /// The law that they are in.
        law: Words,
        /// The answers and measures that a row is found by.
        keys: Map<At<KeyIs>>,
        /// For each key that is a number, the stretch that the rows must cover.
        over: Option<Map<At<Interval>>>,
        /// The figures of a row.
        gives: Vec<At<engine::base::Name>>,
        /// The rows: keys, figures and, where it differs, `law`. A key that is left out fits everything.
        rows: Vec<Node>,
    }
}

engine::shape! {
    /// A single figure.
    pub(crate) struct FigureYaml {
        /// The figure.
        value: At<Decimal>,
        /// The law that it is in.
        law: Words,
    }
}

engine::shape! {
    /// One rule.
    pub(crate) struct RuleYaml {
        /// Its name for people.
        label: Words,
        /// The group whose members are each held to it.
        each: Option<At<engine::base::Name>>,
        /// What is found: an expression over measures, answers, figures and tables.
        found: At<Formula>,
        /// How the two are compared.
        is: At<Relation>,
        /// What is asked for: an expression as well.
        asked: At<Formula>,
        /// The per cent by which what is found may differ, for `within`.
        by: Option<At<Formula>>,
        /// The condition on which the rule holds; always when silent.
        when: Option<At<Formula>>,
        /// What becomes of a drawing that does not fit.
        otherwise as "else": At<Otherwise>,
        /// The unit of what is compared; that of `found` when silent.
        unit: Option<At<Unit>>,
        /// Its law; that of its table or figure when silent.
        law: Option<Words>,
    }
}

/// A file of by-laws: its editions.
#[derive(Clone, Debug)]
pub(crate) struct FileYaml(pub(crate) Vec<EditionYaml>);

impl Shape for FileYaml {
    fn read(node: &Node, out: &mut engine::source::Diagnostics) -> Option<Self> {
        Vec::read(node, out).map(Self)
    }
    fn schema(definitions: &mut Definitions) -> Json {
        Vec::<EditionYaml>::schema(definitions)
    }
}

//! What `service.yaml` says about grants and numbers.

use serde_json::{Value as Json, json};

use super::{Holder, Mode, NumberFormat, Validity};
use crate::base::{Name, Span};
use crate::source::checks::wrong_shape;
use crate::source::scalar::Scalar;
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostic, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape};

shape! {
    /// What an approved case leaves in a registry.
    pub(crate) struct GrantYaml {
        /// What people call such a record; the service's title where it is not said.
        title: Option<At<String>>,
        /// The registry: a set of records with a name.
        registry: At<Name>,
        /// What becomes of the record; `create` when silent.
        mode: Option<At<Mode>>,
        /// How its number is written; needed to create a record and to split one.
        number: Option<At<NumberFormat>>,
        /// When validity begins: `today`, `after_present`, `{ field: some_date }`, or `{ field: some_date, at_least: today }`; `today` when silent.
        valid_from: Option<ValidityYaml>,
        /// How long it is valid, from the first day on.
        valid_for: Option<At<Span>>,
        /// When validity ends: `financial_year_end`, `{ financial_year_end: 2 }`, `{ financial_year_of: field }`, `{ financial_years: number_field }`, `{ days: number_field }`, `{ for: 1 year }` or `{ field: some_date }`; with `at_most: financial_year_end` not beyond the year of the first day.
        valid_until: Option<ValidityYaml>,
        /// From when the change holds, written as `valid_from`; the day of the decision when silent.
        effective: Option<ValidityYaml>,
        /// Who holds the record afterwards; `applicant` when silent in `create` and `transfer`, else `keep`.
        holder: Option<At<Holder>>,
        /// Answers of the record by name, each with the question of this form that replaces it; when silent, questions replace what has the same name. In `create` they stand beside the answers of the case.
        set: Option<Map<At<Name>>>,
        /// In `split`, the repeated group of which each item makes a record.
        parts: Option<At<Name>>,
        /// In `merge`, the question that names the records that end in this one; also a repeated group that asks for them.
        merges: Option<At<Name>>,
        /// The paper that shows the record.
        document: Option<At<Name>>,
        /// What anybody may read of such records, as long as they are in force; nothing when silent.
        public: Option<PublicYaml>,
    }
}

shape! {
    /// What anybody may read of the records of a grant. Nothing of it may tell of a person.
    pub(crate) struct PublicYaml {
        /// What the list is called.
        title: At<String>,
        /// The question whose answer heads a record, or one for each language: `{ hi: heading_hi, en: heading_en }`; the number when silent.
        heading: Option<InLanguagesYaml>,
        /// The question whose answer stands below, or one for each language.
        text: Option<InLanguagesYaml>,
        /// The questions that are shown, in this order; files and photos can be opened.
        shows: OneOrMany<At<Name>>,
        /// Whether the newest stand first; by number when silent.
        newest_first: Option<At<bool>>,
        /// How many of the newest stand on the front page of the town; none when silent.
        front: Option<At<i64>>,
    }
}

/// A question, or one for each language.
#[derive(Clone, Debug)]
pub(crate) struct InLanguagesYaml(pub(crate) Vec<(Option<String>, At<Name>)>);

impl Shape for InLanguagesYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            let each = <Map<At<Name>> as Shape>::read(node, out)?.0.into_iter();
            return Some(Self(each.map(|(language, name)| (Some(language.value.to_string()), name)).collect()));
        }
        <At<Name> as Shape>::read(node, out).map(|name| Self(vec![(None, name)]))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let one = <At<Name> as Shape>::schema(definitions);
        json!({ "anyOf": [one, <Map<At<Name>> as Shape>::schema(definitions)] })
    }
}

/// A day that depends on the case, as written.
#[derive(Clone, Debug)]
pub(crate) struct ValidityYaml(pub(crate) At<Validity>);

const WORDS: &str = "today, after_present, financial_year_end, { for: 1 year }, { field: a_date }";

impl Shape for ValidityYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let found = match &node.kind {
            NodeKind::Scalar { text, .. } => match text.as_str() {
                "today" => Some(Validity::Today),
                "after_present" => Some(Validity::AfterPresent),
                "financial_year_end" => Some(Validity::FinancialYearEnd(0)),
                _ => None,
            },
            NodeKind::Map(entries) if !entries.is_empty() && entries.len() <= 2 => {
                let bare = from_map(&entries[0], out);
                match entries.get(1).map(|(key, value)| (key.as_str(), value.scalar().unwrap_or_default())) {
                    None => bare,
                    Some(("at_least", "today")) => bare.map(|day| Validity::NotBeforeToday(Box::new(day))),
                    Some(("at_most", "financial_year_end")) => {
                        bare.map(|day| Validity::WithinFinancialYear(Box::new(day)))
                    }
                    Some(_) => None,
                }
            }
            _ => None,
        };
        if found.is_none() {
            out.push(wrong_shape::diagnostic(node, "a day that depends on the case", WORDS));
        }
        found.map(|validity| Self(At::new(validity, node.at.clone())))
    }

    fn schema(_: &mut Definitions) -> Json {
        let name = json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]*$" });
        json!({ "anyOf": [
            { "enum": ["today", "after_present", "financial_year_end"] },
            { "type": "object", "minProperties": 1, "maxProperties": 2, "additionalProperties": false, "properties": {
                "for": Span::schema(), "field": name, "financial_year_of": name, "financial_years": name, "days": name, "financial_year_end": { "type": "integer" },
                "at_least": { "const": "today" }, "at_most": { "const": "financial_year_end" },
            } },
        ] })
    }
}

/// A day written as a key and what it depends on.
fn from_map((key, value): &(At<String>, Node), out: &mut Diagnostics) -> Option<Validity> {
    let name = |out: &mut Diagnostics| Some(<At<Name> as Shape>::read(value, out)?.value);
    Some(match key.as_str() {
        "for" => Validity::For(<At<Span> as Shape>::read(value, out)?.value),
        "field" => Validity::Field(name(out)?),
        "financial_year_of" => Validity::FinancialYearOf(name(out)?),
        "financial_years" => Validity::FinancialYears(name(out)?),
        "days" => Validity::Days(name(out)?),
        "financial_year_end" => Validity::FinancialYearEnd(<At<i64> as Shape>::read(value, out)?.value),
        _ => return None,
    })
}

impl Scalar for NumberFormat {
    const WHAT: &'static str = "the format of a number";
    const EXAMPLE: &'static str = "TL/{tenant}/{fy}/{serial:6}";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        Self::parse(text).ok()
    }
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "\\{serial:[0-9]+\\}" })
    }
    fn refuse(node: &Node) -> Diagnostic {
        let reason = node.scalar().and_then(|text| Self::parse(text).err()).unwrap_or_default();
        wrong_shape::diagnostic(node, Self::WHAT, Self::EXAMPLE).note(reason)
    }
}

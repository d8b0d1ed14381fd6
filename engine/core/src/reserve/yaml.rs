//! `reserves` of `service.yaml` as the author writes it.

use serde_json::{Value as Json, json};

use super::Hold;
use crate::base::{Name, Span};
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape};

shape! {
    /// Places in a calendar that two cases may not have at once.
    pub(crate) struct ReserveYaml {
        /// The calendar: services of a town that name the same calendar share it.
        calendar: At<Name>,
        /// A choice from a list: each code that can be chosen has a calendar of its own. Of the list are read the columns `parts` (the parts of its day, with `;` between them) and `closed` (`monday` to `sunday`, `second_saturday`, `holidays`).
        resource: At<Name>,
        /// How many cases may have it at once: a number, or `{ listed: column }` where the list says it; 1 when silent.
        places: Option<PlacesYaml>,
        /// How many places a case takes: a number, or a number question; 1 when silent.
        takes: Option<TakesYaml>,
        /// A date question: the first day, or the only one.
        from: At<Name>,
        /// A date question: the last day.
        until: Option<At<Name>>,
        /// A number question, in the place of `until`: for how many days.
        days: Option<At<Name>>,
        /// A choice of one or several parts of the day; all parts of the day when silent.
        parts: Option<At<Name>>,
        /// How soon and how far ahead it can be taken, as `1 day to 180 days`; no limit when silent.
        ahead: Option<At<String>>,
        /// The states in which a case has it, each with how long it may, as `30 minutes`, or `kept` for as long as it stays there.
        r#while as "while": Map<HoldYaml>,
        /// The roles that may close days, with a reason; nobody when silent.
        blocked_by: Option<OneOrMany<At<Name>>>,
    }
}

/// How many cases may have something at once, as written.
#[derive(Clone, Debug)]
pub(crate) enum PlacesYaml {
    Count(At<i64>),
    Listed(At<Name>),
}

shape! {
    /// A number of places that a list gives.
    struct ListedPlacesYaml {
        /// The column of the list.
        listed: At<Name>,
    }
}

impl Shape for PlacesYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        Some(match &node.kind {
            NodeKind::Map(_) => Self::Listed(ListedPlacesYaml::read(node, out)?.listed),
            _ => Self::Count(<At<i64> as Shape>::read(node, out)?),
        })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let count = <At<i64> as Shape>::schema(definitions);
        json!({ "anyOf": [count, ListedPlacesYaml::schema(definitions)] })
    }
}

/// How many places a case takes, as written.
#[derive(Clone, Debug)]
pub(crate) enum TakesYaml {
    Count(At<i64>),
    Field(At<Name>),
}

impl Shape for TakesYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let counts = node.scalar().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit() || c == '-'));
        Some(if counts {
            Self::Count(<At<i64> as Shape>::read(node, out)?)
        } else {
            Self::Field(<At<Name> as Shape>::read(node, out)?)
        })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let (count, name) = (<At<i64> as Shape>::schema(definitions), <At<Name> as Shape>::schema(definitions));
        json!({ "anyOf": [count, name] })
    }
}

/// For how long a case has something in a state, as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HoldYaml(pub(crate) Hold);

impl Shape for HoldYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if node.scalar() == Some("kept") {
            return Some(Self(Hold::Kept));
        }
        <At<Span> as Shape>::read(node, out).map(|span| Self(Hold::For(span.value)))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "enum": ["kept"] }, <At<Span> as Shape>::schema(definitions)] })
    }
}

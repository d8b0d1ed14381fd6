//! `imports/<name>.yaml` as its author writes it.

use serde_json::{Value as Json, json};

use crate::base::Name;
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, Shape};

shape! {
    /// How a register that was kept elsewhere is read: which column of its table answers which question.
    pub(crate) struct ImportYaml {
        /// What the table is, in a few words.
        title: At<String>,
        /// The grant of service.yaml by which this service makes such records.
        grant: At<Name>,
        /// The state in which the case of a record stands as long as something is owed on it.
        owing: At<Name>,
        /// The state in which it stands otherwise; as `owing` when silent.
        settled: Option<At<Name>>,
        /// The column with the number of the record; numbers are drawn when silent. Rows of one number are one record.
        number: Option<At<String>>,
        /// The column with the mobile number of the holder; records without one belong to nobody yet.
        holder: Option<At<String>>,
        /// The column with the day from which the record holds; the day of the import when silent.
        since: Option<At<String>>,
        /// The column that answers each question. Questions inside of groups and repeated groups are written with dots: `owners.owner.name`.
        answers: Map<ColumnYaml, String>,
        /// Columns with amounts, under names that `checks` use.
        amounts: Option<Map<At<String>>>,
        /// What is owed from earlier periods.
        owed: Option<Vec<OwedYaml>>,
        /// What must hold of the amounts of every row.
        checks: Option<Vec<RowCheckYaml>>,
    }
}

shape! {
    /// What is owed from one period.
    pub(crate) struct OwedYaml {
        /// A day of the period, as `2024-04-01`.
        period: At<String>,
        /// The column with what is owed under each head of billing.yaml; with `collected`, what was demanded.
        heads: Map<At<String>>,
        /// The column with what was collected of it elsewhere: heads that lower the bill are taken first, in full, then the others in the order in which they stand here; what is left is owed.
        collected: Option<At<String>>,
    }
}

shape! {
    /// What must hold of the amounts of a row.
    pub(crate) struct RowCheckYaml {
        /// A condition over the names of `amounts`.
        that: At<String>,
        /// What the report says of a row of which it does not hold.
        otherwise: At<String>,
    }
}

shape! {
    /// A column, and what stands in it.
    pub(crate) struct CellsYaml {
        /// The column, by its heading.
        column: Option<At<String>>,
        /// What a word of the table means: the code of an option, or another answer.
        means: Option<Map<At<String>, String>>,
        /// The same answer for every row, without a column.
        always: Option<At<String>>,
    }
}

/// A column by its heading alone, or with what its words mean.
#[derive(Clone, Debug)]
pub(crate) struct ColumnYaml(pub(crate) CellsYaml);

impl Shape for ColumnYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            return CellsYaml::read(node, out).map(Self);
        }
        let column = <At<String> as Shape>::read(node, out)?;
        Some(Self(CellsYaml { at: column.at.clone(), column: Some(column), means: None, always: None }))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "string" }, CellsYaml::schema(definitions)] })
    }
}

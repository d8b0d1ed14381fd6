//! From `stocks` and `uses` to the model.

use super::yaml::{StockYaml, UsesYaml};
use super::{Stock, Uses};
use crate::base::{Name, Text};
use crate::source::At;

/// The stock that `yaml` describes under `name`.
pub(crate) fn stock(name: At<Name>, yaml: StockYaml) -> Stock {
    Stock {
        name: name.value,
        title: Text::new(yaml.title.value),
        kept_by: yaml.kept_by.0,
        written_off_by: yaml.written_off_by.0,
        at: name.at,
    }
}

/// One thing that an action uses up.
pub(crate) fn uses(yaml: UsesYaml) -> Uses {
    let optional = yaml.optional.is_some_and(|optional| optional.value);
    Uses { stock: yaml.stock, question: yaml.r#as, optional }
}

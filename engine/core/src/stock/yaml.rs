//! `stocks` of `service.yaml` and `uses` of an action as the author writes them.

use crate::base::Name;
use crate::source::shape::shape;
use crate::source::{At, OneOrMany};

shape! {
    /// A stock of numbered things that actions use up: certificate paper, metal tags, seals.
    pub(crate) struct StockYaml {
        /// What people call what is in it, in the plural.
        title: At<String>,
        /// The roles that receive it, hand it out and see who holds what.
        kept_by: OneOrMany<At<Name>>,
        /// The roles that agree when a number is written off; whoever asked for it never does.
        written_off_by: OneOrMany<At<Name>>,
    }
}

shape! {
    /// One thing that an action uses up: a number that whoever acts holds. No two of an action go into the same question.
    pub(crate) struct UsesYaml {
        /// The stock, by its name under `stocks` in service.yaml.
        stock: At<Name>,
        /// The question into which the number is put: an optional text on the page that the action asks. Whoever leaves it empty uses the first number of those held; whoever answers it uses that one; where its `when:` does not hold, none is used.
        r#as as "as": At<Name>,
        /// Whether the action is taken all the same, without a number, by somebody who holds none; `false` when silent. A town that has never received any then takes whatever is typed.
        optional: Option<At<bool>>,
    }
}

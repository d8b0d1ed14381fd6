//! Tables of rates: rows found by keys, exactly one for every possible input.

/// A table of rates.
#[derive(Clone, Debug)]
pub struct Table {}

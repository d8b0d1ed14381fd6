//! The papers we issue, as templates.

use std::collections::BTreeMap;

use crate::base::{Name, Text};

/// A paper: one template of `documents/`.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file's name.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// Templates by language; the service's own language under `""`.
    pub templates: BTreeMap<String, String>,
}

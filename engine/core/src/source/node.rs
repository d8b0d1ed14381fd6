//! A YAML file as a tree of nodes that know where they stand and how they were written.

use super::at::{At, Where};

/// One value of a YAML file. Nothing is coerced: a scalar is its own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where the value stands.
    pub at: Where,
    /// The key or dash that leads to it: the better place to point at when something is missing inside.
    pub head: Where,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Text; `quoted` if the author left no doubt that it is meant as text.
    Scalar {
        /// The text after YAML's escapes.
        text: String,
        /// Whether it stood in quotes or in a block.
        quoted: bool,
    },
    /// Keys and values in the author's order.
    Map(Vec<(At<String>, Node)>),
    /// Items.
    List(Vec<Node>),
}

impl Node {
    /// The scalar's text, if this is a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Map(entries) => entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// What this is, in a word for a diagnostic.
    pub fn what(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar { text, quoted: false } if text.is_empty() || text == "~" || text == "null" => "nothing",
            NodeKind::Scalar { .. } => "a single value",
            NodeKind::Map(_) => "a map of keys",
            NodeKind::List(_) => "a list",
        }
    }
}

//! Shapes: how a node is read into a type, and the JSON Schema of that type.
//!
//! A `yaml.rs` declares what its file may say with [`shape!`]; the declaration gives the reader,
//! which gathers everything that is wrong, and the schema that editors use. Both come from the
//! same lines, so they cannot disagree.

use serde_json::{Map as JsonMap, Value as Json, json};

use super::at::At;
use super::checks::{unknown_key, wrong_name, wrong_shape};
use super::diagnostic::Diagnostics;
use super::node::{Node, NodeKind};
use super::scalar::Code;
use super::suggest::suggest;
use crate::base::Name;

/// Schemas of named types, gathered while a schema is written.
pub type Definitions = JsonMap<String, Json>;

/// A type that can be read from a node and described by a schema.
pub trait Shape: Sized {
    /// Whether its key may be left out.
    const OPTIONAL: bool = false;
    /// The value when its key is left out.
    fn absent() -> Option<Self> {
        None
    }
    /// Reads it, saying everything that is wrong; `None` if something is.
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self>;
    /// Its JSON Schema; named types go into `definitions` and are referred to.
    fn schema(definitions: &mut Definitions) -> Json;
}

impl<T: Shape> Shape for Option<T> {
    const OPTIONAL: bool = true;
    fn absent() -> Option<Self> {
        Some(None)
    }
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        T::read(node, out).map(Some)
    }
    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

impl<T: Shape> Shape for Box<T> {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        T::read(node, out).map(Self::new)
    }
    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let NodeKind::List(items) = &node.kind else {
            out.push(wrong_shape::diagnostic(node, "a list", "[one, two]"));
            return None;
        };
        let read: Vec<Option<T>> = items.iter().map(|item| T::read(item, out)).collect();
        read.into_iter().collect()
    }
    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": "array", "items": T::schema(definitions) })
    }
}

/// A value that is read later, by somebody who knows more about it.
impl Shape for Node {
    fn read(node: &Node, _: &mut Diagnostics) -> Option<Self> {
        Some(node.clone())
    }
    fn schema(_: &mut Definitions) -> Json {
        json!(true)
    }
}

/// One value, or a list of them.
#[derive(Clone, Debug)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: Shape> Shape for OneOrMany<T> {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        match &node.kind {
            NodeKind::List(_) => Vec::read(node, out).map(Self),
            _ => T::read(node, out).map(|one| Self(vec![one])),
        }
    }
    fn schema(definitions: &mut Definitions) -> Json {
        let one = T::schema(definitions);
        json!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

/// What keys of a map may be.
pub trait Key: Sized {
    /// Reads a key.
    fn read_key(key: &At<String>, out: &mut Diagnostics) -> Option<Self>;
    /// The pattern of keys in the schema.
    const PATTERN: &'static str;
}

impl Key for Name {
    const PATTERN: &'static str = "^[a-z][a-z0-9_]{0,63}$";
    fn read_key(key: &At<String>, out: &mut Diagnostics) -> Option<Self> {
        if Self::is_valid(key) {
            return Some(Self::new(key));
        }
        out.push(wrong_name::diagnostic(key, &key.at));
        None
    }
}

impl Key for Code {
    const PATTERN: &'static str = "^[A-Za-z0-9_]{1,64}$";
    fn read_key(key: &At<String>, out: &mut Diagnostics) -> Option<Self> {
        if Self::is_valid(key) {
            return Some(Self(key.value.clone()));
        }
        out.push(wrong_name::code(key, &key.at));
        None
    }
}

impl Key for String {
    const PATTERN: &'static str = ".+";
    fn read_key(key: &At<String>, _: &mut Diagnostics) -> Option<Self> {
        Some(key.value.clone())
    }
}

/// A map whose keys the author chooses, in the author's order.
#[derive(Clone, Debug)]
pub struct Map<T, K = Name>(pub Vec<(At<K>, T)>);

impl<T, K> Default for Map<T, K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Shape, K: Key> Shape for Map<T, K> {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            out.push(wrong_shape::diagnostic(node, "a map of keys", "name: value"));
            return None;
        };
        let mut complete = true;
        let mut read = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match (K::read_key(key, out), T::read(value, out)) {
                (Some(name), Some(value)) => read.push((At::new(name, key.at.clone()), value)),
                _ => complete = false,
            }
        }
        complete.then_some(Self(read))
    }
    fn schema(definitions: &mut Definitions) -> Json {
        json!({
            "type": "object",
            "propertyNames": { "pattern": K::PATTERN },
            "additionalProperties": T::schema(definitions),
        })
    }
}

/// Says which keys of a map are none of `known`.
pub fn refuse_unknown_keys(entries: &[(At<String>, Node)], known: &[&str], out: &mut Diagnostics) -> bool {
    let mut clean = true;
    for (key, _) in entries {
        if !known.contains(&key.value.as_str()) {
            out.push(unknown_key::diagnostic(key, known));
            clean = false;
        }
    }
    clean
}

/// Whether one of the keys that mean nothing was probably meant to be `key`: then that was said, and `key` is not
/// missing besides.
pub fn is_misspelt(key: &str, entries: &[(At<String>, Node)], known: &[&str]) -> bool {
    let mut unknown = entries.iter().map(|(written, _)| written.value.as_str()).filter(|word| !known.contains(word));
    // A file may have thousands of keys that mean nothing: first whether a word is like this one key at all.
    let is_like = |word: &str| suggest(word, std::iter::once(key)).is_some();
    unknown.any(|word| is_like(word) && suggest(word, known.iter().copied()) == Some(key))
}

/// A map with the keys that must be there, or with the first that may be; of each whether it is optional.
pub fn example(keys: &[(&str, bool)]) -> String {
    let needed = keys.iter().filter(|(_, optional)| !optional).map(|(key, _)| *key);
    let mut shown: Vec<&str> = needed.collect();
    if shown.is_empty() {
        shown.extend(keys.iter().take(2).map(|(key, _)| *key));
    }
    let pairs: Vec<String> = shown.iter().map(|key| format!("{key}: …")).collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// The JSON Schema 2020-12 document of a file of type `T`.
pub fn document<T: Shape>(title: &str) -> Json {
    let mut definitions = Definitions::new();
    let mut root = T::schema(&mut definitions);
    if let Some(name) = root.get("$ref").and_then(Json::as_str).and_then(|r| r.strip_prefix("#/$defs/")) {
        let mut own = definitions.get(name).cloned().unwrap_or(json!({}));
        own["title"] = json!(title);
        root = own;
    }
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["$defs"] = Json::Object(definitions);
    root
}

/// Declares what a map in a file may say: keys, types and, as doc comments, their meaning.
#[macro_export]
macro_rules! shape {
    ($(#[doc = $doc:literal])+ $vis:vis struct $name:ident { $($(#[doc = $fdoc:literal])+ $field:ident $(as $key:literal)? : $ty:ty,)* }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        $vis struct $name {
            /// Where the map stands.
            #[allow(dead_code, reason = "not every check points at the map as a whole")]
            pub(crate) at: $crate::source::Where,
            $($(#[doc = $fdoc])+ #[allow(dead_code, reason = "some keys are read from the node itself")] pub(crate) $field: $ty,)*
        }

        impl $crate::source::Shape for $name {
            fn read(node: &$crate::source::Node, out: &mut $crate::source::Diagnostics) -> Option<Self> {
                let $crate::source::NodeKind::Map(entries) = &node.kind else {
                    let keys = [$(($crate::source::shape::key!($field $($key)?), <$ty as $crate::source::Shape>::OPTIONAL)),*];
                    let example = $crate::source::shape::example(&keys);
                    out.push($crate::source::checks::wrong_shape::diagnostic(node, "a map of keys", &example));
                    return None;
                };
                let known = [$($crate::source::shape::key!($field $($key)?)),*];
                let clean = $crate::source::shape::refuse_unknown_keys(entries, &known, out);
                $(
                    let key = $crate::source::shape::key!($field $($key)?);
                    let $field: Option<$ty> = match node.get(key) {
                        Some(value) => <$ty as $crate::source::Shape>::read(value, out),
                        None if <$ty as $crate::source::Shape>::OPTIONAL => <$ty as $crate::source::Shape>::absent(),
                        None if $crate::source::shape::is_misspelt(key, entries, &known) => None,
                        None => {
                            out.push($crate::source::checks::missing_key::diagnostic(key, concat!($($fdoc),+), &node.head));
                            None
                        }
                    };
                )*
                if !clean { return None; }
                Some(Self { at: node.head.clone(), $($field: $field?,)* })
            }

            fn schema(definitions: &mut $crate::source::shape::Definitions) -> serde_json::Value {
                let name = stringify!($name).trim_end_matches("Yaml").to_lowercase();
                let reference = serde_json::json!({ "$ref": format!("#/$defs/{name}") });
                if definitions.contains_key(&name) {
                    return reference;
                }
                definitions.insert(name.clone(), serde_json::Value::Null);
                let mut properties = serde_json::Map::new();
                let mut required: Vec<&str> = Vec::new();
                $(
                    let key = $crate::source::shape::key!($field $($key)?);
                    let mut schema = <$ty as $crate::source::Shape>::schema(definitions);
                    if let Some(object) = schema.as_object_mut() {
                        object.insert("description".into(), concat!($($fdoc),+).trim().into());
                    }
                    properties.insert(key.to_owned(), schema);
                    if !<$ty as $crate::source::Shape>::OPTIONAL { required.push(key); }
                )*
                definitions.insert(name, serde_json::json!({
                    "type": "object",
                    "description": concat!($($doc),+).trim(),
                    "properties": properties,
                    "required": required,
                    "additionalProperties": false,
                }));
                reference
            }
        }
    };
}
pub use shape;

/// The key of a field: its name, or the word given for it.
#[doc(hidden)]
#[macro_export]
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}
#[doc(hidden)]
pub use key;

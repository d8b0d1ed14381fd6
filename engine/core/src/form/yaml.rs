//! `form.yaml` and the files of `fieldsets/` as their author wrote them.

use serde_json::{Value as Json, json};

use super::Searchable;
use super::unit::UnitYaml;
use crate::base::{Name, Span};
use crate::identity::CheckDigit;
use crate::source::checks::wrong_shape;
use crate::source::scalar::{Code, words};
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape};

shape! {
    /// The questions of a service, page by page.
    pub(super) struct FormYaml {
        /// Whether the applicant is shown a list of the pages, to be answered in any order; for long forms.
        tasks: Option<At<bool>>,
        /// Pages in the order they are asked, one topic each.
        pages: Map<PageYaml>,
    }
}

shape! {
    /// A page: one topic.
    pub(super) struct PageYaml {
        /// The heading.
        title: At<String>,
        /// One sentence below the heading.
        hint: Option<At<String>>,
        /// The role that answers it, or the roles that answer it with their actions; `[applicant, planner]` if the applicant shares a page of the application with whoever holds a record; `[planner, applicant]` if it comes with an action that either takes, and either reads it; `program` if a program answers it, which an action asks with `ask`; the applicant if nothing is said.
        by: Option<OneOrMany<At<Name>>>,
        /// Of a page that a program answers: which one. `scrutiny` measures a drawing and holds it to `by-laws.yaml`.
        program: Option<At<Name>>,
        /// Of a page that a program answers: what the program is told, by its own names, each with the question of this form whose answer it is. It is told nothing else.
        takes: Option<Map<At<Name>>>,
        /// Of a page that a program answers: the questions of this page that the program calls otherwise, each with that name.
        gives: Option<Map<At<Name>>>,
        /// Whether the applicant reads what an officer answered here; nothing of it is shown unless this is said.
        public: Option<At<bool>>,
        /// What the personal answers of the page are needed for, where a question does not say it for itself.
        purpose: Option<At<String>>,
        /// Asked only if this holds.
        when: Option<At<String>>,
        /// The questions.
        fields: Map<FieldYaml>,
        /// What the answers must meet together, by name; judged when the page is saved, when the form is sent, and when the page is answered with an action.
        checks: Option<Map<FitYaml>>,
    }
}

shape! {
    /// Something that answers must meet together, with the words for whoever gave them.
    pub(super) struct FitYaml {
        /// What must hold: an expression over answers of this page and of those before it. Passed over while a question that it names is unanswered.
        that: At<String>,
        /// The question of this page beside which the words stand.
        beside as "at": At<Name>,
        /// The words: what does not fit, and what to do.
        otherwise: At<String>,
    }
}

shape! {
    /// Questions that many forms ask in the same way.
    pub(super) struct FieldsetYaml {
        /// The questions.
        fields: Map<FieldYaml>,
    }
}

shape! {
    /// A question. It must be answered unless it says `optional: true`.
    pub(super) struct FieldYaml {
        /// The question.
        label: At<String>,
        /// One short sentence of help.
        hint: Option<At<String>>,
        /// What kind of answer: text, number, decimal, money, date, `yes_no`, choice, choices, phone, email, file, photo, place, record, point, rating, declaration, list, group, or the name of a fieldset.
        kind as "type": At<Name>,
        /// Whether it may be left empty.
        optional: Option<At<bool>>,
        /// Asked only if this holds; otherwise the answer is dropped.
        when: Option<At<String>>,
        /// Whether the desk can search by it; `with_place` for what says little by itself, as the number of a house: that is found together with another such answer beside it, or with the place, and is never what something is called.
        searchable: Option<Searchable>,
        /// Whether it tells something about a person, and is masked where it is not needed.
        personal: Option<At<bool>>,
        /// Whether what it tells is so much a person's own, as health, caste or a bank account, that it is hidden whole and told in no list, message or search; then it is personal as well.
        sensitive: Option<At<bool>>,
        /// Of what is personal: what it is needed for, in a few words that whoever answers reads; what the page or the service says if nothing is said.
        purpose: Option<At<String>>,
        /// Of a file or a photo: how long it is kept once the case has ended, where that is shorter than the case itself is kept; then it is erased with its answer.
        keep_for: Option<At<Span>>,
        /// The least: of a number, an amount, a day (`today - 30 days`), or of how many.
        min: Option<Limit>,
        /// The most: of a number, an amount, a day (`today + 30 days`), or of how many.
        max: Option<Limit>,
        /// The least characters of a text.
        min_length: Option<At<i64>>,
        /// The most characters of a text.
        max_length: Option<At<i64>>,
        /// How many lines a text has room for.
        lines: Option<At<i64>>,
        /// A pattern that the whole text must fit.
        pattern: Option<PatternYaml>,
        /// Of a text without a pattern: whether it asks for a number of another kind, as that of a meter or a transfer, which may look like one of the `identity_numbers` of the state and is taken all the same.
        other_number: Option<At<bool>>,
        /// The most decimals of a number.
        places: Option<At<i64>>,
        /// In what a number is counted: words, or `{ listed: column, of: choice_field, words: list }` where a list says it for each kind.
        unit: Option<UnitYaml>,
        /// Whether people read a number with its digits in groups, as 2,016; `false` for a year. They are grouped when silent.
        grouped: Option<At<bool>>,
        /// What may be chosen: codes and words, or the name of a list.
        options: Option<OptionsYaml>,
        /// The kinds of files that may be sent.
        kinds: Option<OneOrMany<At<FileKind>>>,
        /// The most megabytes of a file.
        max_mb: Option<At<i64>>,
        /// Of a list: exactly one item if this holds.
        one_when: Option<At<String>>,
        /// Of a list: at least two items if this holds.
        several_when: Option<At<String>>,
        /// Of a list: the questions that no two items may answer alike, all of them together.
        differ: Option<OneOrMany<At<Name>>>,
        /// Whether a photo also says where it was taken.
        place: Option<At<bool>>,
        /// The level of places to choose from; the lowest if nothing is said.
        level: Option<At<Name>>,
        /// Of a record: the registry in which its number must be found.
        registry: Option<At<Name>>,
        /// Of a record: whether it must count today, `active`, or not, `any`; `active` when silent.
        standing: Option<At<AskedStanding>>,
        /// Of a record: asked only where the town keeps such a register, so that a service can ask for it which is also offered elsewhere.
        where_kept: Option<At<bool>>,
        /// The questions of a group, or of each item of a list.
        fields: Option<Map<FieldYaml>>,
    }
}

impl Shape for Searchable {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if node.scalar() == Some("with_place") {
            return Some(Self::WithPlace);
        }
        <At<bool> as Shape>::read(node, out).map(|flag| if flag.value { Self::Alone } else { Self::No })
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "boolean" }, { "enum": ["with_place"] }] })
    }
}

shape! {
    /// A pattern that the whole text must fit.
    pub(super) struct PatternYaml {
        /// A regular expression.
        regex: At<String>,
        /// An example that fits, shown to people.
        example: At<String>,
        /// How the last character follows from the others: `luhn` or `verhoeff`, over digits, or `luhn_36`, over digits and capital letters; nothing is checked when silent.
        check: Option<At<CheckDigit>>,
    }
}

words! {
    /// How a record must stand that an answer names.
    pub(super) enum AskedStanding {
        /// It counts today.
        Active = "active",
        /// However it stands.
        Any = "any",
    }
}

words! {
    /// Kinds of files.
    pub(super) enum FileKind {
        /// A document.
        Pdf = "pdf",
        /// A photo.
        Jpeg = "jpeg",
        /// A picture.
        Png = "png",
        /// A drawing, as DXF in text form.
        Dxf = "dxf",
        /// A drawing that a program has made; nobody can send one.
        Svg = "svg",
    }
}

/// The least or the most of something. What it may be depends on the type of the field.
#[derive(Clone, Debug)]
pub(super) struct Limit(pub(super) Node);

impl Shape for Limit {
    fn read(node: &Node, _: &mut Diagnostics) -> Option<Self> {
        Some(Self(node.clone()))
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "anyOf": [
            { "type": "number" },
            { "type": "string", "pattern": "^(today( [+-] [0-9]+ days?)?|[0-9]{4}-[0-9]{2}-[0-9]{2})$" },
        ] })
    }
}

/// What may be chosen.
#[derive(Clone, Debug)]
pub(super) enum OptionsYaml {
    /// Codes and words, written in place.
    Here(Map<At<String>, Code>, crate::source::Where),
    /// A list by its name.
    List(At<Name>),
}

impl Shape for OptionsYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        match node.kind {
            NodeKind::Scalar { .. } => At::read(node, out).map(Self::List),
            NodeKind::List(_) => {
                let (what, example) = ("a map of codes and words", "{ small: Small, large: Large }");
                out.push(wrong_shape::at_place(&node.head, "options are codes with words, not a list", what, example));
                None
            }
            NodeKind::Map(_) => Map::read(node, out).map(|map| Self::Here(map, node.head.clone())),
        }
    }
    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [At::<Name>::schema(definitions), Map::<At<String>, Code>::schema(definitions)] })
    }
}

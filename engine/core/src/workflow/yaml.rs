//! `workflow.yaml` as the author writes it.

use serde_json::{Value as Json, json};

use super::{Assign, Comment, DemandEffect, End, Once};
use crate::base::{Name, Span};
use crate::source::checks::wrong_shape;
use crate::source::scalar::Scalar;
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape};

shape! {
    /// What happens to a case, who does it, and by when.
    pub(crate) struct WorkflowYaml {
        /// The state in which a case begins.
        start: At<Name>,
        /// All states by name, in the order in which people meet them.
        states: Map<StateYaml>,
    }
}

shape! {
    /// Where a case may stand.
    pub(crate) struct StateYaml {
        /// What the desk calls this state.
        label: At<String>,
        /// What the applicant reads here: what is happening, in plain words.
        public: Option<At<String>>,
        /// The role that may change answers here without moving the case.
        edit: Option<At<Name>>,
        /// How long the state should take: `2 days`, `48 hours`, `15 working days`. Colours the desk, changes nothing.
        sla: Option<At<Span>>,
        /// `applicant` if the clock of the case stands still here.
        waits_for: Option<At<Name>>,
        /// Set on a last state: how the case ended.
        end: Option<At<End>>,
        /// What can happen here, by name.
        actions: Option<Map<ActionYaml>>,
    }
}

shape! {
    /// A named transition. Exactly one of `by`, `once` and `after` says what sets it off.
    pub(crate) struct ActionYaml {
        /// The words on its button; the name made readable when silent.
        label: Option<At<String>>,
        /// What the history says once it was taken, as in `Approved`; the label when silent.
        done: Option<At<String>>,
        /// The role, or roles, that may take it.
        by: Option<OneOrMany<At<Name>>>,
        /// What it waits for: `paid`, `expired`, `revoked`, `renewed`, or `{ expiring: 30 days }`.
        once: Option<OnceYaml>,
        /// How long after the case came to the state it happens by itself.
        after: Option<At<Span>>,
        /// The state it leads to.
        to: At<Name>,
        /// Offered only if this holds: an expression over answers.
        when: Option<At<String>>,
        /// Offered only this long after the case came to the state.
        within: Option<At<Span>>,
        /// Whether a comment is asked; `none` when silent.
        comment: Option<At<Comment>>,
        /// The page of the form that is answered with this action.
        asks: Option<At<Name>>,
        /// Whether the officer may mark pages and questions that the applicant is to correct: nothing else can then be changed.
        flags: Option<At<bool>>,
        /// Whether somebody is named to have the case next; `pool` when silent.
        assign: Option<At<Assign>>,
        /// What happens to the demand: `raise` or `cancel`.
        demand: Option<At<DemandEffect>>,
        /// The grant of `service.yaml` that is made.
        grant: Option<At<Name>>,
        /// The notices that are sent.
        notify: Option<OneOrMany<At<Name>>>,
        /// The papers that are issued.
        issue: Option<OneOrMany<At<Name>>>,
    }
}

/// What an action waits for, as written.
#[derive(Clone, Debug)]
pub(crate) struct OnceYaml(pub(crate) At<Once>);

impl Shape for OnceYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let found = match &node.kind {
            NodeKind::Scalar { text, .. } => match text.as_str() {
                "paid" => Some(Once::Paid),
                "expired" => Some(Once::Expired),
                "revoked" => Some(Once::Revoked),
                "renewed" => Some(Once::Renewed),
                _ => None,
            },
            NodeKind::Map(entries) if entries.len() == 1 && entries[0].0.value == "expiring" => {
                Some(Once::Expiring(<At<Span> as Shape>::read(&entries[0].1, out)?.value))
            }
            _ => None,
        };
        if found.is_none() {
            out.push(wrong_shape::diagnostic(
                node,
                "something a case can wait for",
                "paid, expired, revoked, renewed, { expiring: 30 days }",
            ));
        }
        found.map(|once| Self(At::new(once, node.at.clone())))
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "anyOf": [
            { "enum": ["paid", "expired", "revoked", "renewed"] },
            { "type": "object", "required": ["expiring"], "additionalProperties": false, "properties": { "expiring": Span::schema() } },
        ] })
    }
}

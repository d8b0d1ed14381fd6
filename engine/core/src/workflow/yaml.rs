//! `workflow.yaml` as the author writes it.

use serde_json::{Value as Json, json};

use super::{Assign, Children, Comment, DemandEffect, End, ExcessEffect, ListedSpan, Once, Sla};
use crate::base::{Name, Span};
use crate::source::checks::wrong_shape;
use crate::source::scalar::Scalar;
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape};
use crate::stock::yaml::UsesYaml;

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
        /// How long the state should take: `2 days`, `48 hours`, `15 working days`, or `{ listed: column, of: choice_field }` where a list says it for each kind. Colours the desk; only `once: overdue` waits for it.
        sla: Option<SlaYaml>,
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
        /// What it waits for: `paid`, `owing` (something is owed again: a receipt was taken back, a bill was changed), `expired`, `revoked`, `renewed`, `amended` (another case changed what the record says, or its holder: this one takes that over), `overdue`, `period` (a period of `opens` in service.yaml begins), `due` (the case was opened for a turn of `opens` in service.yaml), `{ expiring: 30 days }`, `{ over: hall }` (the time is over for which the case has what `reserves` in service.yaml calls so), `{ amended: [area, use] }` where only these answers matter, `{ children: granted }` and `{ children: refused }` for the cases that this one opened, `{ children: { fire: granted } }` for some of them by name, or `{ answered: page }` and `{ failed: page }` for a page that a program was asked to answer.
        once: Option<OnceYaml>,
        /// How long after the case came to the state it happens by itself.
        after: Option<At<Span>>,
        /// For an action of the clock that leads back to its own state: happens again every so long, while the case stays.
        again: Option<At<Span>>,
        /// The state it leads to.
        to: At<Name>,
        /// Offered only if this holds: an expression over answers. Of an action that people take also several by name, of which all must hold, each with its own `otherwise`.
        when: Option<WhenYaml>,
        /// Of an action that people take: why it is not offered where the one condition of `when` does not hold, and what to do instead; shown in its place.
        otherwise: Option<At<String>>,
        /// Offered only this long after the case came to the state.
        within: Option<At<Span>>,
        /// Whether a comment is asked; `none` when silent.
        comment: Option<At<Comment>>,
        /// Sentences that are ready for the comment, by name: `papers_missing: Some papers are missing.`
        templates: Option<Map<At<String>>>,
        /// The page of the form that is answered with this action.
        asks: Option<At<Name>>,
        /// The number of something in stock that is used up by it: `{ stock: tags, as: tag_number }`; a list where it uses up several.
        uses: Option<OneOrMany<UsesYaml>>,
        /// Whether the officer may mark pages and questions that the applicant is to correct: nothing else can then be changed.
        flags: Option<At<bool>>,
        /// Whether the clocks of the state that it leads to go on from when the case came to this one: `sla`, `after` and `within` count from then. Not between a state that waits for the applicant and one that does not.
        counts_on: Option<At<bool>>,
        /// Whether somebody is named to have the case next; `pool` when silent.
        assign: Option<At<Assign>>,
        /// What happens to the demand: `raise` (in the place of what is open), `add` (beside it), `revise` (the difference of a new assessment), `amend` (what `amend` in fees.rhai gives) or `cancel`.
        demand: Option<At<DemandEffect>>,
        /// What happens to money that no demand was waiting for: `refund` pays it back, `set_off` takes it to another account of the same payer.
        excess: Option<At<ExcessEffect>>,
        /// The grant of `service.yaml` that is made.
        grant: Option<At<Name>>,
        /// The notices that are sent.
        notify: Option<OneOrMany<At<Name>>>,
        /// The papers that are issued.
        issue: Option<OneOrMany<At<Name>>>,
        /// The page of the form that a program is asked to answer: with what is answered now, soon afterwards, and by itself.
        ask: Option<At<Name>>,
        /// The children of `service.yaml` that are opened: cases of other services, those of them whose `when` holds.
        opens: Option<OneOrMany<At<Name>>>,
    }
}

shape! {
    /// One of several conditions, and what is said where it does not hold.
    pub(crate) struct ConditionYaml {
        /// What must hold: an expression over answers.
        that: At<String>,
        /// Why the action is not offered where it does not hold, and what to do instead; shown in its place, beside those of other conditions that do not hold.
        otherwise: At<String>,
    }
}

/// When an action is offered, as written.
#[derive(Clone, Debug)]
pub(crate) enum WhenYaml {
    /// If one condition holds, to which `otherwise` of the action belongs.
    One(At<String>),
    /// If all of several hold, each with words of its own.
    Several(Map<ConditionYaml>),
}

impl Shape for WhenYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let title = match &node.kind {
            NodeKind::Scalar { .. } => return <At<String> as Shape>::read(node, out).map(Self::One),
            NodeKind::Map(entries) if !entries.is_empty() => {
                return <Map<ConditionYaml> as Shape>::read(node, out).map(Self::Several);
            }
            NodeKind::Map(_) => "there is no condition here",
            NodeKind::List(_) => "conditions in a list have no names",
        };
        let example = "{ nothing_owed: { that: record.dues == 0, otherwise: Pay first. } }";
        out.push(wrong_shape::at_place(&node.head, title, "a condition, or several by name", example));
        None
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let one = <At<String> as Shape>::schema(definitions);
        let several = <Map<ConditionYaml> as Shape>::schema(definitions);
        json!({ "anyOf": [one, several] })
    }
}

/// How long a state should take, as written.
#[derive(Clone, Debug)]
pub(crate) struct SlaYaml(pub(crate) Sla);

impl Shape for SlaYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        Some(Self(match &node.kind {
            NodeKind::Map(_) => Sla::Listed(ListedSpanYaml::read(node, out)?.listed()),
            _ => Sla::Span(<At<Span> as Shape>::read(node, out)?.value),
        }))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [Span::schema(), ListedSpanYaml::schema(definitions)] })
    }
}

shape! {
    /// A length of time that a list gives for each kind.
    pub(crate) struct ListedSpanYaml {
        /// The column of the list; its cells say `2 days` or `12 hours`.
        listed: At<Name>,
        /// The choice field that takes its options from the list.
        of: At<Name>,
    }
}

impl ListedSpanYaml {
    pub(crate) fn listed(self) -> ListedSpan {
        ListedSpan { column: self.listed.value, of: self.of }
    }
}

/// What an action waits for, as written; and what is named with it: the answers of the record that must have
/// changed, what is reserved for a time, or the page that a program answers; and how cases that were opened have ended,
/// by name.
#[derive(Clone, Debug)]
pub(crate) struct OnceYaml(pub(crate) At<Once>, pub(crate) Vec<At<Name>>, pub(crate) Vec<(At<Name>, Children)>);

impl Shape for OnceYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let (mut named, mut ended) = (Vec::new(), Vec::new());
        let found = match &node.kind {
            NodeKind::Scalar { text, .. } => match text.as_str() {
                "paid" => Some(Once::Paid),
                "owing" => Some(Once::Owing),
                "overdue" => Some(Once::Overdue),
                "expired" => Some(Once::Expired),
                "revoked" => Some(Once::Revoked),
                "renewed" => Some(Once::Renewed),
                "period" => Some(Once::Period),
                "due" => Some(Once::Due),
                "amended" => Some(Once::Amended),
                _ => None,
            },
            NodeKind::Map(entries) if entries.len() == 1 && entries[0].0.value == "expiring" => {
                Some(Once::Expiring(<At<Span> as Shape>::read(&entries[0].1, out)?.value))
            }
            NodeKind::Map(entries) if entries.len() == 1 && entries[0].0.value == "over" => {
                named = vec![<At<Name> as Shape>::read(&entries[0].1, out)?];
                Some(Once::Over)
            }
            NodeKind::Map(entries) if entries.len() == 1 && entries[0].0.value == "answered" => {
                named = vec![<At<Name> as Shape>::read(&entries[0].1, out)?];
                Some(Once::Answered)
            }
            NodeKind::Map(entries) if entries.len() == 1 && entries[0].0.value == "failed" => {
                named = vec![<At<Name> as Shape>::read(&entries[0].1, out)?];
                Some(Once::Failed)
            }
            NodeKind::Map(entries) if entries.len() == 1 && entries[0].0.value == "amended" => {
                named = <OneOrMany<At<Name>> as Shape>::read(&entries[0].1, out)?.0;
                Some(Once::Amended)
            }
            NodeKind::Map(entries)
                if entries.len() == 1
                    && entries[0].0.value == "children"
                    && matches!(entries[0].1.kind, NodeKind::Map(_)) =>
            {
                let each = <Map<At<Children>> as Shape>::read(&entries[0].1, out)?.0;
                ended.extend(each.into_iter().map(|(name, how)| (name, how.value)));
                // Of none that is named nothing could be waited for.
                (!ended.is_empty()).then_some(Once::ChildrenNamed)
            }
            NodeKind::Map(entries) if entries.len() == 1 && entries[0].0.value == "children" => {
                Some(Once::Children(<At<Children> as Shape>::read(&entries[0].1, out)?.value))
            }
            _ => None,
        };
        if found.is_none() {
            out.push(wrong_shape::diagnostic(
                node,
                "something a case can wait for",
                "paid, owing, expired, revoked, renewed, amended, overdue, period, due, { expiring: 30 days }, { amended: [area] }, { children: granted }, { over: hall }, { answered: page }, { failed: page }",
            ));
        }
        found.map(|once| Self(At::new(once, node.at.clone()), named, ended))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let names = <OneOrMany<At<Name>> as Shape>::schema(definitions);
        let name = <At<Name> as Shape>::schema(definitions);
        let children = <Map<At<Children>> as Shape>::schema(definitions);
        json!({ "anyOf": [
            { "enum": ["paid", "owing", "expired", "revoked", "renewed", "amended", "overdue", "period", "due"] },
            { "type": "object", "required": ["expiring"], "additionalProperties": false, "properties": { "expiring": Span::schema() } },
            { "type": "object", "required": ["over"], "additionalProperties": false, "properties": { "over": name } },
            { "type": "object", "required": ["answered"], "additionalProperties": false, "properties": { "answered": name } },
            { "type": "object", "required": ["failed"], "additionalProperties": false, "properties": { "failed": name } },
            { "type": "object", "required": ["amended"], "additionalProperties": false, "properties": { "amended": names } },
            { "type": "object", "required": ["children"], "additionalProperties": false, "properties": { "children": { "anyOf": [{ "enum": ["granted", "refused"] }, children] } } },
        ] })
    }
}

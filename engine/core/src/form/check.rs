//! From `form.yaml` to the model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::checks::{
    condition_looks_ahead, duplicate_field, empty_page, list_too_deep, personal_floor, reserved_name, sensitive_told,
    with_place_alone,
};
use super::fieldset::Fieldsets;
use super::yaml::{FieldYaml, FormYaml, OptionsYaml, PageYaml};
use super::{APPLICANT, Field, Form, Kind, PROGRAM, Page, Program};
use crate::base::{Name, Text, limits};
use crate::list::List;
use crate::rule::Condition;
use crate::source::checks::{too_large, unknown_key, wrong_shape};
use crate::source::{At, Bundle, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape, Where, read};

/// What a form may refer to.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The code lists of the tenant.
    pub lists: &'a [Arc<List>],
    /// The levels of the tenant's places, from the top.
    pub levels: &'a [(String, Text)],
    /// The registers that the town keeps, of those for which questions wait.
    pub registers: &'a [String],
    /// The fieldsets; `None` while fieldsets themselves are read.
    pub fieldsets: Option<&'a Fieldsets>,
}

/// Reads the form in the file `path` of `bundle`.
pub fn compile(bundle: &Bundle, path: &str, known: &Known<'_>, out: &mut Diagnostics) -> Option<Form> {
    let node = read::yaml(bundle, path, out)?;
    if indented_too_far(&node, out) {
        return None;
    }
    let yaml = FormYaml::read(&node, out)?;
    form(&yaml, known, out)
}

/// What a page says besides its questions.
const OF_A_PAGE: [&str; 10] =
    ["title", "hint", "by", "program", "takes", "gives", "public", "purpose", "when", "checks"];

/// Whether something of a page stands among its questions, and is no question; says so.
fn indented_too_far(node: &Node, out: &mut Diagnostics) -> bool {
    let before = out.0.len();
    for (_, page) in entries(node.get("pages")) {
        for (key, value) in entries(page.get("fields")) {
            let question = value.get("type").is_some() || value.get("label").is_some();
            if OF_A_PAGE.contains(&key.value.as_str()) && !question {
                out.push(unknown_key::too_far_in(key, "fields"));
            }
        }
    }
    out.0.len() > before
}

fn entries(map: Option<&Node>) -> &[(At<String>, Node)] {
    match map.map(|node| &node.kind) {
        Some(NodeKind::Map(entries)) => entries,
        _ => &[],
    }
}

/// The form that `yaml` describes.
pub(super) fn form(yaml: &FormYaml, known: &Known<'_>, out: &mut Diagnostics) -> Option<Form> {
    let before = out.0.len();
    if yaml.pages.0.is_empty() {
        out.push(empty_page::diagnostic("this form", &yaml.at));
    }
    let mut checker = Checker { known, out, fields: 0 };
    let scope = checker.scope(yaml);
    let mut scope = Scope { names: scope, ..Scope::default() };
    let pages: Vec<Option<Page>> =
        yaml.pages.0.iter().map(|(name, page)| checker.page(name, page, &mut scope)).collect();
    let pages: Option<Vec<Arc<Page>>> = pages.into_iter().map(|page| page.map(Arc::new)).collect();
    out.0[before..].iter().all(|d| d.severity != crate::source::Severity::Error).then_some(())?;
    let form = Form { pages: pages?, tasks: yaml.tasks.as_ref().is_some_and(|tasks| tasks.value) };
    let untold = sensitive_told::check(&form, out);
    (with_place_alone::check(&form, out) && untold).then_some(form)
}

/// Who answers a page first; nobody who is named if the applicant shares it with others, as a page of the application.
/// `by: applicant` alone is a page that comes with an action.
fn answering(by: &OneOrMany<At<Name>>) -> Option<Name> {
    let shares = |role: &Name| by.0.len() > 1 && *role == *APPLICANT;
    by.0.first().map(|by| by.value.clone()).filter(|role| !shares(role))
}

/// Which names conditions may use where a field stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Every name of the form, and inside groups the names beside the field.
    pub(super) names: BTreeSet<String>,
    /// Those that were asked before.
    before: BTreeSet<String>,
    depth: usize,
}

pub(super) struct Checker<'a, 'b> {
    pub(super) known: &'a Known<'a>,
    pub(super) out: &'b mut Diagnostics,
    /// Fields read so far, nested ones counted.
    fields: usize,
}

impl<'a, 'b> Checker<'a, 'b> {
    /// Reads fields that stand by themselves, as those of a fieldset do.
    pub(super) fn alone(known: &'a Known<'a>, fields: &Map<FieldYaml>, out: &'b mut Diagnostics) -> Option<Vec<Field>> {
        let mut checker = Checker { known, out, fields: 0 };
        checker.inner(fields, &Scope::default())
    }

    /// The names of all fields of the form; each must be there once.
    fn scope(&mut self, yaml: &FormYaml) -> BTreeSet<String> {
        let mut seen: BTreeMap<&str, &Where> = BTreeMap::new();
        for (name, _) in yaml.pages.0.iter().flat_map(|(_, page)| &page.fields.0) {
            match seen.get(name.as_str()) {
                Some(first) => self.out.push(duplicate_field::diagnostic(name, first)),
                None => drop(seen.insert(name.as_str(), &name.at)),
            }
            if reserved_name::is_reserved(name) {
                self.out.push(reserved_name::diagnostic(name));
            }
        }
        seen.into_keys().map(str::to_owned).collect()
    }

    fn page(&mut self, name: &At<Name>, yaml: &PageYaml, scope: &mut Scope) -> Option<Page> {
        if yaml.fields.0.is_empty() {
            self.out.push(empty_page::diagnostic(&format!("the page `{}`", name.value), &name.at));
        }
        let when = self.condition(yaml.when.as_ref(), scope);
        let fields = self.fields(&yaml.fields, scope);
        let checks = self.fits(yaml, scope);
        Some(Page {
            name: name.value.clone(),
            title: Text::new(&yaml.title.value),
            hint: yaml.hint.as_ref().map(|hint| Text::new(&hint.value)),
            by: yaml.by.as_ref().and_then(answering),
            with: yaml.by.iter().flat_map(|by| by.0.iter().skip(1)).map(|by| by.value.clone()).collect(),
            program: self.program(name, yaml)?,
            public: yaml.public.as_ref().is_some_and(|public| public.value),
            purpose: yaml.purpose.as_ref().map(|purpose| Text::new(&purpose.value)),
            when: when?,
            fields: fields?,
            checks: checks?,
            at: name.at.clone(),
        })
    }

    /// The program that answers a page. The outer `None` means that something is wrong with what is said of it.
    #[expect(clippy::option_option, reason = "no program and a broken one are different things")]
    fn program(&mut self, name: &At<Name>, yaml: &PageYaml) -> Option<Option<Program>> {
        let by_program = yaml.by.as_ref().is_some_and(|by| by.0.iter().any(|by| by.value == *PROGRAM));
        let alone = yaml.by.as_ref().is_some_and(|by| by.0.len() == 1);
        let said = yaml.program.is_some() || yaml.takes.is_some() || yaml.gives.is_some();
        match &yaml.program {
            None if !by_program && !said => Some(None),
            Some(program) if by_program && alone => {
                let pairs = |map: &Option<Map<At<Name>>>| map.iter().flat_map(|map| &map.0).cloned().collect();
                let (takes, gives) = (pairs(&yaml.takes), pairs(&yaml.gives));
                Some(Some(Program { name: program.clone(), takes, gives }))
            }
            _ => {
                self.out.push(wrong_shape::at_place(
                    &name.at,
                    format!("it is not clear who answers the page `{}`", name.value),
                    "`by: program` alone, and which program",
                    "by: program`, `program: scrutiny",
                ));
                None
            }
        }
    }

    fn fields(&mut self, yaml: &Map<FieldYaml>, scope: &mut Scope) -> Option<Vec<Field>> {
        let mut fields = Vec::with_capacity(yaml.0.len());
        for (name, field) in &yaml.0 {
            fields.push(self.field(name, field, scope));
            scope.before.insert(name.to_string());
        }
        fields.into_iter().collect()
    }

    /// The fields of a group or of the items of a list. Their conditions may use the names beside
    /// them, which hide the same names of the form.
    pub(super) fn inner(&mut self, yaml: &Map<FieldYaml>, scope: &Scope) -> Option<Vec<Field>> {
        let mut inner = Scope { depth: scope.depth + 1, ..scope.clone() };
        for (name, _) in &yaml.0 {
            inner.before.remove(name.as_str());
            inner.names.insert(name.to_string());
        }
        self.fields(yaml, &mut inner)
    }

    fn field(&mut self, name: &At<Name>, yaml: &FieldYaml, scope: &Scope) -> Option<Field> {
        self.fields += 1;
        if self.fields == limits::FORM_FIELDS + 1 {
            self.out.push(too_large::count(&name.at, "fields in one form", limits::FORM_FIELDS));
        }
        if scope.depth > limits::FORM_DEPTH {
            self.out.push(list_too_deep::diagnostic(&name.at));
            return None;
        }
        let when = self.condition(yaml.when.as_ref(), scope);
        let when = if self.may_be_asked(yaml) { when } else { self.never(name) };
        let one_when = self.condition(yaml.one_when.as_ref(), scope);
        let several_when = self.condition(yaml.several_when.as_ref(), scope);
        let kind = self.kind(name, yaml, scope);
        let unit = self.unit(yaml.unit.as_ref());
        let differ = self.differ(yaml, kind.as_ref());
        let flag = |written: &Option<At<bool>>| written.as_ref().is_some_and(|flag| flag.value);
        let personal = self.is_personal(name, yaml, kind.as_ref());
        Some(Field {
            name: name.value.clone(),
            label: Text::new(&yaml.label.value),
            hint: yaml.hint.as_ref().map(|hint| Text::new(&hint.value)),
            optional: flag(&yaml.optional),
            when: when?,
            one_when: one_when?,
            several_when: several_when?,
            differ,
            unit: unit?,
            searchable: yaml.searchable.unwrap_or_default(),
            other_number: flag(&yaml.other_number),
            personal,
            sensitive: flag(&yaml.sensitive),
            purpose: yaml.purpose.as_ref().map(|purpose| Text::new(&purpose.value)),
            keep_for: yaml.keep_for.clone(),
            kind: kind?,
            options_at: options_at(yaml),
            at: name.at.clone(),
        })
    }

    /// Whether an answer tells something about a person: since that is said, since it is sensitive, or since it always
    /// leads to somebody.
    fn is_personal(&mut self, name: &At<Name>, yaml: &FieldYaml, kind: Option<&Kind>) -> bool {
        let leads_to_somebody = matches!(kind, Some(Kind::Phone | Kind::Email));
        let sensitive = yaml.sensitive.as_ref().is_some_and(|flag| flag.value);
        match yaml.personal.as_ref() {
            Some(lowered) if !lowered.value && leads_to_somebody => {
                self.out.push(personal_floor::diagnostic(name, lowered));
            }
            Some(lowered) if !lowered.value && sensitive => {
                self.out.push(personal_floor::sensitive(name, lowered));
            }
            _ => {}
        }
        leads_to_somebody || sensitive || yaml.personal.as_ref().is_some_and(|flag| flag.value)
    }

    /// Whether the town keeps the register for which a question waits, if it waits for one.
    fn may_be_asked(&mut self, yaml: &FieldYaml) -> bool {
        let Some(waits) = yaml.where_kept.as_ref().filter(|waits| waits.value) else { return true };
        if self.known.fieldsets.is_none() {
            self.out.push(wrong_shape::at_place(
                &waits.at,
                "a fieldset waits for a register",
                "a question of form.yaml",
                "owned_number: { label: Number, type: record, registry: houses, where_kept: true }",
            ));
            return true;
        }
        let kept = |registry: &At<Name>| self.known.registers.iter().any(|kept| registry.value == **kept);
        yaml.registry.as_ref().is_none_or(kept)
    }

    /// The condition of a question that is not asked in this town. It stays in the form, so that what speaks of it
    /// means the same everywhere.
    #[expect(clippy::option_option, reason = "as `condition` gives it")]
    fn never(&mut self, name: &At<Name>) -> Option<Option<Condition>> {
        Condition::compile(&At::new("false".to_owned(), name.at.clone()), &BTreeSet::new(), self.out).map(Some)
    }

    /// The condition, compiled, and held to what was asked before it. The outer `None` means that
    /// something is wrong with it.
    #[expect(clippy::option_option, reason = "no condition and a broken condition are different things")]
    pub(super) fn condition(&mut self, written: Option<&At<String>>, scope: &Scope) -> Option<Option<Condition>> {
        let Some(source) = written else { return Some(None) };
        let condition = Condition::compile(source, &scope.names, self.out)?;
        let ahead =
            condition.fields.iter().find(|field| scope.names.contains(*field) && !scope.before.contains(*field));
        if let Some(field) = ahead {
            self.out.push(condition_looks_ahead::diagnostic(field, &source.at));
            return None;
        }
        Some(Some(condition))
    }
}

/// Where the words of options stand that are written with the question.
fn options_at(yaml: &FieldYaml) -> Vec<Where> {
    match &yaml.options {
        Some(OptionsYaml::Here(map, _)) => map.0.iter().map(|(_, words)| words.at.clone()).collect(),
        Some(OptionsYaml::List(_)) | None => Vec::new(),
    }
}

/// The fields of a group or a list.
pub(super) fn nested(kind: &Kind) -> Option<&[Field]> {
    match kind {
        Kind::List { fields, .. } | Kind::Group { fields } => Some(fields),
        _ => None,
    }
}

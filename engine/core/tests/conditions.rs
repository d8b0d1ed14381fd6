//! Random conditions over the forms of every shipped service and random answers to them: what is
//! lowered says what the interpreter says.

#![expect(clippy::unwrap_used, reason = "a test reads the shipped definitions")]

mod folder;

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::base::date::{add_days, parse_day};
use engine::base::{Answers, Day, Money, Name};
use engine::form::{self, Field, Kind, Options};
use engine::registry::{Record, Standing, facts_with_answers, seen};
use engine::rule::{Condition, Facts, RuleFailed};
use engine::scenario::answers::made_up;
use engine::scenario::neutral_tenant;
use engine::scenario::walk::{Chance, Seeded};
use engine::service::{self, Folders, Service};
use engine::source::{At, Bundle, Diagnostics, Where};
use engine::tenant::Tenant;
use rhai::ImmutableString;

use folder::{lay, root};

/// Random conditions of each service.
const CONDITIONS: usize = 400;

/// A text in the making: a condition over the questions of a form.
struct Text<'a> {
    fields: Vec<&'a Field>,
    lists: Vec<&'a str>,
    chance: Seeded,
}

impl Text<'_> {
    fn below(&mut self, many: usize) -> usize {
        usize::try_from(self.chance.below(u64::try_from(many).unwrap())).unwrap()
    }

    fn one<'b>(&mut self, of: &[&'b str]) -> &'b str {
        of[self.below(of.len())]
    }

    fn flag(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => self.value(1),
            1 => format!("{} {} {}", self.value(1), self.one(&["==", "!="]), self.value(1)),
            2 => format!("{} {} {}", self.value(1), self.one(&["<", "<=", ">", ">="]), self.value(1)),
            3 => format!("{} in {}", self.value(1), self.value(1)),
            4 => format!("same({}, {})", self.value(1), self.value(1)),
            5 => format!("is_empty({})", self.value(1)),
            6 => format!("!({})", self.flag(next)),
            7 => format!("({} && {})", self.flag(next), self.flag(next)),
            _ => format!("({} || {})", self.flag(next), self.flag(next)),
        }
    }

    fn value(&mut self, depth: usize) -> String {
        let at = self.below(self.fields.len());
        let field = self.fields[at];
        let name = field.name.to_string();
        match self.below(if depth == 0 { 8 } else { 15 }) {
            0..=2 => name,
            3 => code(&field.kind, &mut self.chance),
            4 => self.one(&["0", "1", "2.0", "-1", "12.5", "true", "false", "()", "\"\"", "\"none\"", "[]"]).to_owned(),
            5 => self.one(&["today", "day(\"2026-04-01\")", "day(\"2026-02-30\")", "record.valid_until"]).to_owned(),
            6 => {
                let known = ["valid_from", "valid_until", "number", "standing", "revoked", "dues", "strange"];
                format!("record.{}", self.one(&known))
            }
            7 => format!("record.answers.{name}"),
            8 => format!("count({})", self.value(0)),
            9 => format!("[{}, {}]", self.value(0), self.value(0)),
            10 => format!("{}({}, {})", self.one(&["days_between", "years_between"]), self.value(0), self.value(0)),
            11 | 12 => match &field.kind {
                Kind::List { fields, .. } => {
                    let at = self.below(fields.len());
                    format!("pluck({name}, \"{}\")", fields[at].name)
                }
                Kind::Group { fields } => {
                    let at = self.below(fields.len());
                    format!("{name}.{}", fields[at].name)
                }
                _ => format!("pluck({name}, \"name\")"),
            },
            13 if !self.lists.is_empty() => {
                let at = self.below(self.lists.len());
                let list = self.lists[at];
                format!("listed(\"{list}\", {}, \"documents\")", self.value(0))
            }
            _ => format!("{} + 1", self.value(0)),
        }
    }
}

/// A code that may be answered to a question, as a text.
fn code(kind: &Kind, chance: &mut Seeded) -> String {
    let (Kind::Choice { options } | Kind::Choices { options, .. }) = kind else { return "\"words\"".to_owned() };
    let codes: Vec<&str> = match options {
        Options::Here(codes) => codes.iter().map(|(code, _)| code.as_str()).collect(),
        Options::List(list) => list.choices().map(|entry| entry.code.as_str()).collect(),
    };
    let at = chance.below(u64::try_from(codes.len()).unwrap());
    codes.get(usize::try_from(at).unwrap()).map_or_else(|| "\"\"".to_owned(), |code| format!("\"{code}\""))
}

fn condition(text: String, known: &BTreeSet<String>) -> Option<Condition> {
    let at = Where { file: Arc::from("form.yaml"), start: 0, end: text.len() };
    Condition::compile(&At::new(text, at), known, &mut Diagnostics::default())
}

/// Answers to most of what a form asks.
fn answers(service: &Service, tenant: &Tenant, today: Day, chance: &mut Seeded) -> Answers {
    let mut all = Answers::default();
    for page in &service.form.pages {
        let made = Answers::from_json(&made_up(page, today, &tenant.places, chance));
        all.0.extend(made.0.into_iter().filter(|_| chance.below(6) > 0));
    }
    all
}

fn record(service: &Service, answers: Answers, today: Day, chance: &mut Seeded) -> Record {
    Record {
        registry: Name::new("records"),
        number: "R/1".to_owned(),
        version: 1,
        service: service.id.clone(),
        case: "case".to_owned(),
        validity_by: "case".to_owned(),
        actor: "system".to_owned(),
        role: None,
        from: today,
        holder: "person".to_owned(),
        answers,
        valid_from: today,
        valid_until: (chance.below(3) > 0).then(|| add_days(today, 30)),
        standing: Standing::Active,
        came_of: Vec::new(),
        became: Vec::new(),
    }
}

/// A condition held against the interpreter. Whether the interpreter was not asked.
fn compare(condition: &Condition, service: &Service, about: (&Answers, &Record), today: Day) -> bool {
    let (form, (answers, record), dues) = (&service.form, about, Money::from_paise(12_550).unwrap());
    let facts = || {
        let mut facts: Facts = form::facts(form, answers);
        facts.insert("record".into(), facts_with_answers(record, dues, form).into());
        facts
    };
    let look = |path: &[ImmutableString]| match path {
        [name] => form::seen(form, answers, name),
        [_, path @ ..] => seen(record, dues, form, path),
        [] => None,
    };
    let asked = std::cell::Cell::new(false);
    let told = || {
        asked.set(true);
        facts()
    };
    let quick: Result<bool, RuleFailed> = condition.asks(today, &service.lists, &look, told);
    assert_eq!(
        quick,
        condition.holds(&facts(), today, &service.lists),
        "{}: {} {answers:?}",
        service.id,
        condition.source
    );
    !asked.get()
}

#[test]
fn random_conditions_hold_as_the_interpreter_says() {
    let mut bundle = Bundle::default();
    lay(&mut bundle, &root().join("definitions"));
    let tenant = neutral_tenant(&bundle);
    let today = parse_day("2026-05-02").unwrap();
    let ids: Vec<&str> = bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml")).collect();
    let (mut compiled, mut quick, mut shipped) = (0, 0, 0);
    for id in ids.into_iter().filter(|id| !id.contains('/')) {
        let mut found = Diagnostics::default();
        let Some(service) = service::compile(&Folders::shared(&bundle), &tenant, id, &mut found) else { continue };
        let fields: Vec<&Field> = service.form.fields().collect();
        let known: BTreeSet<String> =
            fields.iter().map(|field| field.name.to_string()).chain(["record".to_owned()]).collect();
        let lists = service.lists.iter().map(|list| list.name.as_str()).collect();
        let mut chance = Seeded(u64::try_from(id.len()).unwrap());
        let mut text = Text { fields, lists, chance: Seeded(7) };
        let own = service
            .form
            .pages
            .iter()
            .flat_map(|page| page.when.iter().chain(page.fields.iter().filter_map(|field| field.when.as_ref())));
        let own: Vec<Condition> = own.cloned().collect();
        assert!(own.iter().all(Condition::is_lowered), "a condition of {id} is left to the interpreter");
        let random = (0..CONDITIONS).filter_map(|_| condition(text.flag(2), &known)).collect::<Vec<_>>();
        for (place, condition) in own.iter().chain(&random).enumerate() {
            let before = answers(&service, &tenant, today, &mut chance);
            let record = record(&service, before, today, &mut chance);
            let answers = answers(&service, &tenant, today, &mut chance);
            let alone = compare(condition, &service, (&answers, &record), today);
            if place < own.len() {
                shipped += usize::from(alone);
            } else {
                compiled += 1;
                quick += usize::from(alone);
            }
        }
    }
    assert!(
        compiled > 1_000 && quick * 4 > compiled && shipped > 20,
        "{quick} of {compiled} were quick, {shipped} shipped"
    );
}

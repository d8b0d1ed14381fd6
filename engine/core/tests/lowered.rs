//! The rules of every shipped service and of the examples, over random answers: what is lowered
//! says what the interpreter says.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads the shipped definitions")]

mod folder;

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::base::date::parse_day;
use engine::base::{Day, Name};
use engine::fees::{self, Assessment, Fees, Many};
use engine::form::{Field, Kind, Options};
use engine::rule::{Facts, RuleFailed};
use engine::service::{self, Service};
use engine::source::Bundle;
use rhai::Dynamic;
use rust_decimal::Decimal;

use folder::{lay, root};

/// Random cases of each service.
const CASES: usize = 60;

/// Services with fees that differ in their rates: those that ship, and those of the examples.
fn services() -> Vec<Arc<Service>> {
    let shipped = root().join("definitions");
    let mut folders = vec![shipped.clone()];
    folders.extend(std::fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path()));
    let (mut services, mut known) = (Vec::new(), BTreeSet::new());
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let mut bundle = Bundle::default();
        lay(&mut bundle, &shipped);
        lay(&mut bundle, folder);
        let (catalogue, _) = service::load(&bundle);
        for service in catalogue.tenants.values().flat_map(|tenant| catalogue.services(tenant)) {
            let Some(fees) = &service.fees else { continue };
            let rates: Vec<String> = fees.schedules.iter().map(|one| format!("{:?}", one.at)).collect();
            if known.insert((service.id.clone(), rates)) {
                services.push(Arc::clone(service));
            }
        }
    }
    services
}

/// A row of numbers.
struct Chance(u64);

impl Chance {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % many.max(1)
    }
}

fn group(fields: &[Field], chance: &mut Chance) -> Facts {
    let mut facts = Facts::new();
    for field in fields {
        if chance.below(10) == 9 {
            facts.insert(field.name.as_str().into(), Dynamic::UNIT);
            continue;
        }
        facts.insert(field.name.as_str().into(), answer(&field.kind, chance));
    }
    facts
}

fn answer(kind: &Kind, chance: &mut Chance) -> Dynamic {
    let code = |options: &Options, chance: &mut Chance| {
        let codes: Vec<String> = match options {
            Options::Here(codes) => codes.iter().map(|(code, _)| code.clone()).collect(),
            Options::List(list) => list.choices().map(|entry| entry.code.clone()).collect(),
        };
        codes.get(chance.below(codes.len())).map_or(Dynamic::UNIT, |code| code.clone().into())
    };
    match kind {
        Kind::Number { .. } | Kind::Rating => [0_i64, 1, 2, 3, 9, 20, 21, 150, 4_000][chance.below(9)].into(),
        Kind::Decimal { .. } | Kind::Money { .. } => {
            Dynamic::from_decimal(["0", "1", "20", "99.99", "0.5", "1250.25"][chance.below(6)].parse().unwrap())
        }
        Kind::Date { .. } => Dynamic::from(days()[chance.below(4)]),
        Kind::YesNo | Kind::Declaration => (chance.below(2) == 0).into(),
        Kind::Choice { options } => code(options, chance),
        Kind::Choices { options, .. } => {
            Dynamic::from_array((0..chance.below(3)).map(|_| code(options, chance)).collect())
        }
        Kind::List { fields, .. } => {
            Dynamic::from_array((0..chance.below(4)).map(|_| Dynamic::from_map(group(fields, chance))).collect())
        }
        Kind::Group { fields } => Dynamic::from_map(group(fields, chance)),
        _ => "some words".to_owned().into(),
    }
}

fn days() -> [Day; 4] {
    ["2026-03-31", "2026-04-01", "2026-09-15", "2024-02-29"].map(|day| parse_day(day).unwrap())
}

/// A record as a service might have left it.
fn record(answers: &Facts, chance: &mut Chance) -> Dynamic {
    Dynamic::from_map(Facts::from([
        ("answers".into(), Dynamic::from_map(answers.clone())),
        ("valid_until".into(), Dynamic::from(days()[chance.below(4)])),
        ("valid_from".into(), Dynamic::from(days()[3])),
        ("number".into(), "N/1".to_owned().into()),
    ]))
}

fn said(assessment: &Result<Assessment, RuleFailed>) -> String {
    format!("{assessment:?}")
}

#[test]
fn what_ships_comes_to_the_same_lowered() {
    let services = services();
    let mut computed = 0;
    for service in &services {
        let (fees, billing) = (service.fees.as_ref().unwrap(), service.billing.as_ref().unwrap());
        let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
        let mut chance = Chance(u64::try_from(service.id.len()).unwrap());
        let cases: Vec<Facts> = (0..CASES)
            .map(|_| {
                let fields: Vec<Field> = service.form.fields().cloned().collect();
                let (mut facts, before) = (group(&fields, &mut chance), group(&fields, &mut chance));
                facts.insert("record".into(), record(&before, &mut chance));
                facts
            })
            .collect();
        let today = days()[1];
        assert!(fees.is_lowered(today), "the rules of {} are left to the interpreter", service.id);
        for facts in &cases {
            let assess = |fees: &Fees| fees::assess(fees, facts, today, today, &service.lists, &heads);
            let reference = assess(&fees.interpreted());
            assert_eq!(said(&assess(fees)), said(&reference), "{}", service.id);
            let alone = fees::amounts_lowered(fees, facts, today, today, &service.lists, &heads);
            assert_eq!(alone, reference.ok().map(|assessment| assessment.heads), "{}", service.id);
            computed += usize::from(alone.is_some());
            on_payment(service, fees, facts, &heads, &mut chance);
        }
        many(service, fees, &heads, &cases, today);
    }
    assert!(services.len() >= 3 && computed > CASES, "{} services, {computed} cases were computed", services.len());
}

fn on_payment(service: &Service, fees: &Fees, answers: &Facts, heads: &[Name], chance: &mut Chance) {
    let amount = |chance: &mut Chance| Decimal::from([0_i64, 100, 250, 1_000][chance.below(4)]);
    let owed: Vec<(Name, Decimal, Decimal)> =
        heads.iter().map(|head| (head.clone(), amount(chance), amount(chance))).collect();
    let (raised, day) = (days()[chance.below(4)], days()[chance.below(4)]);
    let demand = fees::demand_facts(&owed, (raised, raised), None, (raised, day));
    let assess = |fees: &Fees| fees::assess_on_payment(fees, answers, &demand, day, days()[1], &service.lists, heads);
    assert_eq!(said(&assess(fees)), said(&assess(&fees.interpreted())), "{}", service.id);
}

fn many(service: &Service, fees: &Fees, heads: &[Name], cases: &[Facts], today: Day) {
    let charged = Many::read(fees, cases, today).amounts(fees, today, today, &service.lists, heads);
    let mut failed = charged.failed.into_iter();
    for (facts, amounts) in cases.iter().zip(charged.amounts.chunks(heads.len())) {
        match fees::assess(&fees.interpreted(), facts, today, today, &service.lists, heads) {
            Ok(reference) => {
                for (head, amount) in heads.iter().zip(amounts) {
                    let expected = reference.heads.iter().find(|(name, _)| name == head);
                    assert_eq!(*amount, expected.map_or(Decimal::ZERO, |(_, amount)| *amount), "{head}");
                }
            }
            Err(expected) => assert_eq!(failed.next().map(|(_, failed)| failed), Some(expected)),
        }
    }
}

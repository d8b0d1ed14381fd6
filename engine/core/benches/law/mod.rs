//! A law as registers have them: a tax on every unit of a building, by tables.

use std::sync::Arc;

use engine::base::{Name, Text};
use engine::fees::{self, Fees};
use engine::list::{Entry, List};
use engine::rule::{Domain, Facts, FieldDomain};
use engine::source::{Bundle, Diagnostics};
use rhai::Dynamic;
use rust_decimal::Decimal;

/// Ten zones of ten places.
fn places() -> Arc<List> {
    let entry = |code: String, parent: Option<usize>| Entry {
        label: Text::new(code.as_str()),
        code,
        parent,
        depth: usize::from(parent.is_some()),
        has_children: parent.is_none(),
        attributes: engine::base::Few::new_vec(),
    };
    let mut entries = Vec::new();
    for zone in 0..10 {
        let parent = entries.len();
        entries.push(entry(format!("Z{zone}"), None));
        entries.extend((0..10).map(|place| entry(format!("Z{zone}_P{place}"), Some(parent))));
    }
    Arc::new(List::new("places", entries))
}

fn domain() -> Domain {
    let choice = |codes: &[&str]| FieldDomain::Choice(codes.iter().map(|code| (*code).to_owned()).collect());
    let unit = [
        ("area", FieldDomain::Decimal),
        ("construction", choice(&["solid", "mixed", "light"])),
        ("built_in", FieldDomain::Number),
        ("held", choice(&["own", "let"])),
    ];
    let fields = [
        ("place", FieldDomain::ListCode("places".to_owned())),
        ("road", choice(&["wide", "middle", "narrow"])),
        ("served", FieldDomain::Flag),
        ("units", FieldDomain::Items(unit.map(|(name, kind)| (name.to_owned(), kind)).into())),
    ];
    Domain {
        fields: fields.map(|(name, kind)| (name.to_owned(), kind)).into(),
        lists: vec![places()],
        heads: heads(),
        ..Domain::default()
    }
}

pub(crate) fn heads() -> Vec<Name> {
    vec![Name::new("tax"), Name::new("cess")]
}

pub(crate) fn law() -> Fees {
    let mut bundle = Bundle::default();
    bundle.add("rates.yaml", include_bytes!("rates.yaml").as_slice());
    bundle.add("fees.rhai", include_bytes!("fees.rhai").as_slice());
    let mut out = Diagnostics::default();
    let fees = fees::read(&bundle, "rates.yaml", "fees.rhai", &mut out)
        .and_then(|written| fees::check(&written, &domain(), None, &mut out));
    fees.unwrap_or_else(|| panic!("{}", out.render(&bundle, "")))
}

/// Buildings of one to four units, two and a half each.
pub(crate) fn buildings(many: usize) -> Vec<Facts> {
    let mut seed = 1_u64;
    let mut below = move |many: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % many
    };
    (0..many).map(|_| building(&mut below)).collect()
}

fn building(below: &mut impl FnMut(u64) -> u64) -> Facts {
    let mut one = |of: &[&str]| {
        let many = u64::try_from(of.len()).expect("few");
        Dynamic::from(of[usize::try_from(below(many)).expect("few")].to_owned())
    };
    let (road, construction) = (one(&["wide", "middle", "narrow"]), one(&["solid", "mixed", "light"]));
    let place = format!("Z{}_P{}", below(10), below(10));
    let units = (0..=below(4)).map(|_| {
        let area = Decimal::new(i64::try_from(1_000 + below(30_000)).expect("small"), 2);
        let built = i64::try_from(1_960 + below(65)).expect("small");
        let kind = if below(3) == 0 { "let" } else { "own" };
        Dynamic::from_map(Facts::from([
            ("area".into(), Dynamic::from_decimal(area)),
            ("construction".into(), construction.clone()),
            ("built_in".into(), Dynamic::from_int(built)),
            ("held".into(), Dynamic::from(kind.to_owned())),
        ]))
    });
    let units = units.collect();
    Facts::from([
        ("place".into(), Dynamic::from(place)),
        ("road".into(), road),
        ("served".into(), Dynamic::from_bool(below(2) == 0)),
        ("units".into(), Dynamic::from_array(units)),
    ])
}

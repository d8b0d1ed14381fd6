//! How long the engine takes: checking all definitions of all towns, and deciding cases.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads the shipped definitions")]

use std::collections::BTreeMap;
use std::path::Path;

use engine::base::{Moment, Name};
use engine::billing::Payment;
use engine::case::{Actor, ActorKind, Command, Context, decide, open};
use engine::registry::Serials;
use engine::scenario::{neutral_tenant, walk};
use engine::service::{self, Folders};
use engine::source::{Bundle, Diagnostics};

fn main() {
    divan::main();
}

fn bundle() -> Bundle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions");
    let mut bundle = Bundle::default();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the definitions are there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
                bundle.add(&name, std::fs::read(&path).expect("readable"));
            }
        }
    }
    bundle
}

/// Everything in `definitions/`, for every town.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn check_all_definitions(bencher: divan::Bencher<'_, '_>) {
    let bundle = bundle();
    bencher.bench(|| service::load(&bundle));
}

/// One decision on the average: the steps of random walks through the service with a fee.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn walks_1000(bencher: divan::Bencher<'_, '_>) {
    let bundle = bundle();
    let tenant = neutral_tenant(&bundle);
    let service = charged(&bundle, &tenant);
    bencher.bench(|| {
        (0..1_000).map(|seed| walk::walk(&service, &tenant, seed).map_or(0, |walked| walked.steps)).sum::<usize>()
    });
}

/// Money that comes for a case nobody waits for: the shortest decision with a voucher.
#[divan::bench]
fn decide_receive(bencher: divan::Bencher<'_, '_>) {
    let bundle = bundle();
    let tenant = neutral_tenant(&bundle);
    let service = charged(&bundle, &tenant);
    let now = Moment::new(1_780_000_000_000, 330);
    let context = Context { now, tenant: &tenant, record: None, serials: Serials::default() };
    let case = open(&service, "case", "person", "en", &context).expect("opens");
    let amount = engine::base::Money::from_paise(100_000).expect("small");
    let payment =
        Payment { key: "k".into(), amount, mode: "online".into(), reference: String::new(), begun_ms: now.ms };
    let command = Command::Receive(payment);
    bencher.bench(|| decide(&service, &case, &Actor::system(), &command, context.clone()));
}

/// A note: a decision without effects.
#[divan::bench]
fn decide_note(bencher: divan::Bencher<'_, '_>) {
    let bundle = bundle();
    let tenant = neutral_tenant(&bundle);
    let service = charged(&bundle, &tenant);
    let context = Context {
        now: Moment::new(1_780_000_000_000, 330),
        tenant: &tenant,
        record: None,
        serials: Serials { last: BTreeMap::new() },
    };
    let case = open(&service, "case", "person", "en", &context).expect("opens");
    let actor = Actor { person: "person".into(), kind: ActorKind::Citizen, roles: vec![Name::new("applicant")] };
    let command = Command::Note { text: "Please hurry".into(), to_applicant: true };
    bencher.bench(|| decide(&service, &case, &actor, &command, context.clone()));
}

/// The first shipped service that charges and is not about a record.
fn charged(bundle: &Bundle, tenant: &engine::tenant::Tenant) -> service::Service {
    let ids = bundle.paths().filter_map(|path| path.strip_suffix("/billing.yaml")).filter(|id| !id.contains('/'));
    let mut out = Diagnostics::default();
    let mut compiled = ids.filter_map(|id| service::compile(&Folders::shared(bundle), tenant, id, &mut out));
    compiled.find(|service| service.on_record.is_none()).expect("a service with a fee")
}

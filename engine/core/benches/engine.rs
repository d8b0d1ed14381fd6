//! How long the engine takes: checking all definitions of all towns, and deciding cases.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads the shipped definitions")]

mod life;

use std::sync::OnceLock;

use divan::counter::ItemsCount;
use engine::base::{Moment, Name};
use engine::billing::{Part, Payment};
use engine::case::{Actor, ActorKind, Command, Context, decide, open};
use engine::scenario::{neutral_tenant, walk};
use engine::service::{self, Folders, Service};
use engine::source::{Bundle, Diagnostics};
use engine::tenant::Tenant;

use life::{Step, bundle, life};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
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
    let walked = || (0..1_000).map(|seed| walk::walk(&service, &tenant, seed).map_or(0, |walked| walked.steps)).sum();
    bencher.counter(ItemsCount::new::<usize>(walked())).bench(walked);
}

/// Money that comes for a case nobody waits for: the shortest decision with a voucher.
#[divan::bench]
fn decide_receive(bencher: divan::Bencher<'_, '_>) {
    let bundle = bundle();
    let tenant = neutral_tenant(&bundle);
    let service = charged(&bundle, &tenant);
    let now = Moment::new(1_780_000_000_000, 330);
    let context = Context::new(now, &tenant);
    let case = open(&service, "case", "person", "en", &context).expect("opens");
    let amount = engine::base::Money::from_paise(100_000).expect("small");
    let part = Part { amount, mode: "online".into(), reference: String::new(), instrument: None };
    let payment = Payment::of_one("k".into(), now.ms, part);
    let command = Command::Receive(payment);
    bencher
        .counter(ItemsCount::new(1_u32))
        .bench(|| decide(&service, &case, &Actor::system(), &command, context.clone()));
}

/// A note: a decision without effects.
#[divan::bench]
fn decide_note(bencher: divan::Bencher<'_, '_>) {
    let bundle = bundle();
    let tenant = neutral_tenant(&bundle);
    let service = charged(&bundle, &tenant);
    let context = Context::new(Moment::new(1_780_000_000_000, 330), &tenant);
    let case = open(&service, "case", "person", "en", &context).expect("opens");
    let actor = Actor { person: "person".into(), kind: ActorKind::Citizen, roles: vec![Name::new("applicant")] };
    let command = Command::Note { text: "Please hurry".into(), to_applicant: true };
    bencher.counter(ItemsCount::new(1_u32)).bench(|| decide(&service, &case, &actor, &command, context.clone()));
}

/// What decisions are measured with: services, each with a life of a case of it.
struct Stage {
    tenant: Tenant,
    lives: Vec<(Service, Vec<Step>)>,
}

impl Stage {
    /// The first service that charges, with its life.
    fn charged(&self) -> (&Service, &[Step]) {
        let (service, steps) = self.lives.iter().find(|(service, _)| service.billing.is_some()).expect("one charges");
        (service, steps)
    }
}

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        let bundle = bundle();
        let tenant = neutral_tenant(&bundle);
        let now = Moment::new(1_780_000_000_000, tenant.calendar.offset_minutes);
        let lives: Vec<_> = all_services(&bundle, &tenant)
            .into_iter()
            .filter_map(|service| life(&service, &tenant, now).map(|steps| (service, steps)))
            .collect();
        assert!(lives.len() >= 10, "services of every kind: {}", lives.len());
        Stage { tenant, lives }
    })
}

/// Single decisions on a case of a service with a fee: a page kept, the whole form judged and
/// sent, a fee assessed by its rule and posted, money received and a record granted.
#[divan::bench(args = ["save", "submit", "forward", "approve", "pay"])]
fn decide_step(bencher: divan::Bencher<'_, '_>, what: &str) {
    let stage = stage();
    let (service, steps) = stage.charged();
    let step = steps.iter().find(|step| step.what == what).expect("a life has every kind of step");
    bencher.counter(ItemsCount::new(1_u32)).bench(|| step.decide(service, &stage.tenant));
}

/// Everything that is decided on one case of every service that ships and needs no record to begin with, from the
/// first page to the grant, and what comes between: a note on each, and an attempt of somebody who may not.
#[divan::bench]
fn decide_mix(bencher: divan::Bencher<'_, '_>) {
    let stage = stage();
    let note = Command::Note { text: "Please hurry".to_owned(), to_applicant: true };
    let stranger = Actor { person: "stranger".to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
    let all = || {
        let mut done = 0_usize;
        for (service, steps) in &stage.lives {
            for step in steps {
                done += usize::from(step.decide(service, &stage.tenant).is_ok());
            }
            let (first, last) = (&steps[0], &steps[steps.len() - 1]);
            let said = decide(service, &last.before, &first.actor, &note, last.context(&stage.tenant));
            let refused = decide(service, &last.before, &stranger, &last.command, last.context(&stage.tenant));
            done += usize::from(said.is_ok()) + usize::from(refused.is_err());
        }
        done
    };
    let decisions: usize = stage.lives.iter().map(|(_, steps)| steps.len() + 2).sum();
    assert_eq!(all(), decisions, "every step is decided as it was, and the stranger is refused");
    bencher.counter(ItemsCount::new(decisions)).bench(all);
}

/// One decision of each service of the mix, on the average of a life: which of them are dear.
#[divan::bench(args = stage().lives.iter().map(|(service, _)| service.id.clone()).collect::<Vec<_>>())]
fn decide_service(bencher: divan::Bencher<'_, '_>, id: &String) {
    let stage = stage();
    let (service, steps) = stage.lives.iter().find(|(service, _)| service.id == *id).expect("of the list");
    let all = || steps.iter().filter(|step| step.decide(service, &stage.tenant).is_ok()).count();
    bencher.counter(ItemsCount::new(steps.len())).bench(all);
}

/// All shared services that are not about a record.
fn all_services(bundle: &Bundle, tenant: &Tenant) -> Vec<Service> {
    let ids = bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml")).filter(|id| !id.contains('/'));
    let mut out = Diagnostics::default();
    let compiled = ids.filter_map(|id| service::compile(&Folders::shared(bundle), tenant, id, &mut out));
    compiled.filter(|service| service.on_record.is_none()).collect()
}

/// The first that charges.
fn charged(bundle: &Bundle, tenant: &Tenant) -> Service {
    all_services(bundle, tenant).into_iter().find(|service| service.billing.is_some()).expect("such a service ships")
}

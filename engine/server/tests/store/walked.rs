//! Every service that ships is walked by chance on SQLite and on PostgreSQL, those that are about a record too: each
//! command is answered alike, and every table is the same in the end.
//!
//! The walks are those that `nagar test` and the engine's own tests take; here the cases are kept. Each service is walked
//! once, `SCRIPTS=10000` walks more. A walk that differs can be tried again by its number.

use std::collections::BTreeSet;
use std::path::Path as Folder;
use std::sync::Arc;

use engine::base::Name;
use engine::base::date::parse_day;
use engine::case::{Command, RecordChange};
use engine::registry::{Record, Serials};
use engine::scenario::path::{Path, Step, path};
use engine::service::Service;
use engine::source::Bundle;
use engine::workflow::APPLICANT;
use server::library;
use server::store::cases::Finding;
use server::store::record::{Recording, record};
use server::store::{By, json};

use crate::same::{Side, asked, both, end, two};
use crate::town::{NOW, moved, new_case};

/// Walks after which every table is compared, where so many are asked for.
const TOGETHER: u64 = 400;
/// Services that ship, at the least.
const SERVICES: usize = 50;
/// Of them those that are begun on a record, at the least.
const ON_A_RECORD: usize = 10;

/// What ships, with one town.
fn shipped() -> (Bundle, String) {
    let folder = Folder::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions");
    let all = library::read_folder(&folder).unwrap();
    let town = all.paths().find_map(|path| match path.split('/').collect::<Vec<_>>()[..] {
        ["tenants", _, town, "tenant.yaml"] => Some(town.to_owned()),
        _ => None,
    });
    let town = town.unwrap();
    (library::of_town(&all, &town), town)
}

/// Writes a record down, as an earlier case would have made it.
async fn remember(side: &Side, known: &Record) {
    let id = format!("{} {}", known.registry, known.number);
    let case = new_case(&id);
    let known = Record { case: id.clone(), validity_by: id, ..known.clone() };
    let mut outcome = moved(&case, "made", Serials::default());
    outcome.records = vec![RecordChange { grant: Name::new("made"), record: known }];
    let (command, by) = (json::command(&Command::Elapse), By::system(NOW));
    let finding = Finding::default();
    let recording =
        Recording { before: &case, outcome: &outcome, command: &command, by, key: None, finding, opens: true };
    let mut tx = side.app.store.begin(&side.tenant.id).await.unwrap();
    record(&mut tx, recording).await.unwrap();
    tx.commit().await.unwrap();
}

/// The records that a walk knows of are there on both sides; those of one number that answers name in several walks are
/// there once, since long ago.
async fn known(sides: &[Side; 2], walk: &Path, there: &mut BTreeSet<String>) {
    let long_ago = parse_day("2020-04-01").unwrap();
    let named = walk.named.iter().map(|named| Record { from: long_ago, valid_from: long_ago, ..named.clone() });
    for record in named.chain(walk.record.clone()) {
        if there.insert(format!("{} {}", record.registry, record.number)) {
            for side in sides {
                remember(side, &record).await;
            }
        }
    }
}

/// One case of a service from its opening on, on both sides: how many commands led somewhere, and how many did in the
/// walk, without those of the clock, which the door takes by itself.
async fn walked(sides: &[Side; 2], service: &Service, seed: u64, there: &mut BTreeSet<String>) -> (usize, usize) {
    let [left, right] = sides;
    let Some(walk) = path(service, &left.tenant, seed).unwrap() else { return (0, 0) };
    known(sides, &walk, there).await;
    for side in sides {
        side.app.clock.set(walk.begun_ms);
    }
    let about = walk.record.as_ref().map(|record| (record.registry.as_str(), record.number.as_str()));
    let one = left.open_case(service, APPLICANT, about).await;
    let other = right.open_case(service, APPLICANT, about).await;
    assert_eq!(one, other, "walk {seed} of {}", service.id);
    let by_people = |step: &&Step| step.led && step.command != Command::Elapse;
    let wanted = walk.steps.iter().filter(by_people).count();
    let Ok(case) = one else { return (0, wanted) };
    let (id, mut led) = (case.id, 0);
    for step in walk.steps {
        for side in sides {
            side.app.clock.set(step.at_ms);
        }
        let mut command = step.command;
        match &mut command {
            Command::Receive(payment) => payment.key = format!("{seed} {}", payment.key),
            // Of all walks together receipts have other numbers than in one.
            Command::CancelReceipt { receipt, .. } => {
                if let Some(known) = left.case(&id).await.receipts.last() {
                    receipt.clone_from(&known.number);
                }
            }
            _ => {}
        }
        let done = both(sides, seed, &id, &step.actor, &command, None).await;
        led += if command == Command::Elapse { 0 } else { done };
    }
    (led, wanted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_walks_of_every_service_leave_the_same_rows_on_both_databases() {
    let (databases, (bundle, town)) = (two().await, shipped());
    let sides =
        [Side::open(&databases[0], bundle.clone(), &town).await, Side::open(&databases[1], bundle, &town).await];
    let loaded = sides[0].app.library.now();
    let services: Vec<Arc<Service>> = loaded.catalogue.services(&sides[0].tenant).cloned().collect();
    let on_a_record = services.iter().filter(|service| service.on_record.is_some()).count();
    assert!(services.len() >= SERVICES && on_a_record >= ON_A_RECORD, "{} services ship", services.len());
    let (mut led, mut wanted, mut there) = (0, 0, BTreeSet::new());
    let walks = asked().unwrap_or(services.len() as u64);
    let mut rows = 0;
    for (seed, service) in (1..=walks).zip(services.iter().cycle()) {
        let (led_now, wanted_now) = walked(&sides, service, seed, &mut there).await;
        (led, wanted) = (led + led_now, wanted + wanted_now);
        if seed % TOGETHER == 0 || seed == walks {
            let (one, two) = (sides[0].sums().await, sides[1].sums().await);
            assert_eq!(one.differing(&two), [], "after walk {seed}");
            rows = one.rows();
        }
    }
    println!("{led} commands of {walks} walks led somewhere, {wanted} in the walks alone; {rows} rows are the same");
    assert!(led * 2 > wanted, "{led} commands led somewhere, and {wanted} ought to");
    assert!(rows > walks * 10, "{rows} rows were compared");
    end(sides, databases).await;
}

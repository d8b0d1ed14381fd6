//! Cases that move on to a newer definition, and those that stay with a reason.

use engine::case::Hindrance;
use engine::source::Bundle;
use server::migrate_cases::{Asked, Looked, migrate};
use server::store::events;
use server::store::verify::verify;

use crate::apply::{begun, sent};
use crate::browser::Browser;
use crate::restart::change;
use crate::town::{TOWN, Town};

/// Looks at the open cases of a service under the definition that they began with.
async fn look(town: &Town, service: &str, from: &str, dry: bool) -> Vec<Looked> {
    let library = town.app.library.now();
    let to = library.catalogue.service(TOWN, service).unwrap();
    let mut all = Vec::new();
    migrate(&town.app, &town.tenant(), to, Asked { from, dry }, |looked| all.push(looked)).await.unwrap();
    all
}

fn digest(town: &Town, service: &str) -> String {
    town.app.library.now().catalogue.service(TOWN, service).unwrap().digest.clone()
}

/// A town with an application that was handed in, under definitions that are then changed.
async fn changed(by: impl FnOnce(&mut Bundle)) -> (Town, String, String) {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    let from = digest(&town, "stall-permit");
    let town = town.again(by).await;
    assert_ne!(digest(&town, "stall-permit"), from);
    (town, case, from)
}

#[tokio::test]
async fn def_13_a_case_moves_by_an_event_of_the_chain_and_goes_on_under_the_new_rules() {
    let (town, case, from) = changed(|bundle| {
        change(bundle, "stall-permit/form.yaml", "max_length: 40,", "max_length: 60,");
    })
    .await;
    let before = town.case(&case).await;
    let dry = look(&town, "stall-permit", &from, true).await;
    assert_eq!((dry.len(), dry[0].hindrances.len()), (1, 0), "{dry:?}");
    assert_eq!(town.case(&case).await, before, "nothing was written");
    let moved = look(&town, "stall-permit", &from, false).await;
    assert_eq!((moved[0].case.as_str(), moved[0].hindrances.len()), (case.as_str(), 0));
    let after = town.case(&case).await;
    assert_eq!((&after.state, &after.answers, after.version), (&before.state, &before.answers, before.version + 1));
    assert_eq!(after.definition, digest(&town, "stall-permit"));
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let last = events::history(&mut tx, &case).await.unwrap().pop().unwrap();
    assert_eq!((last.actor_kind.as_str(), last.command["word"].as_str()), ("system", Some("migrate")));
    assert_eq!(
        (last.command["from"].as_str(), last.outcome["definition"].as_str()),
        (Some(from.as_str()), Some(after.definition.as_str()))
    );
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    drop(tx);
    assert!(look(&town, "stall-permit", &from, false).await.is_empty(), "run again, there is nothing left to do");
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "approve", "").await;
    assert_eq!(town.case(&case).await.state, *"payment");
    // After another start the new definition is made again from what was kept with the move.
    let town = town.again(|_| ()).await;
    town.app.service_of(&town.tenant(), &after.definition).await.unwrap();
}

#[tokio::test]
async fn def_13_a_case_whose_answers_or_charges_would_be_other_ones_stays_with_a_reason() {
    let (town, case, from) =
        changed(|bundle| change(bundle, "stall-permit/form.yaml", "max_length: 40,", "max_length: 3,")).await;
    let stays = look(&town, "stall-permit", &from, false).await;
    assert!(matches!(&stays[0].hindrances[..], [Hindrance::Answer(_)]), "{stays:?}");
    assert_eq!(town.case(&case).await.definition, from);

    let (town, case, from) = changed(|bundle| {
        let rates = bundle.text("stall-permit/rates.yaml").unwrap().replace("100", "200");
        bundle.add("stall-permit/rates.yaml", rates.into_bytes());
    })
    .await;
    let stays = look(&town, "stall-permit", &from, false).await;
    assert!(matches!(&stays[0].hindrances[..], [Hindrance::OtherCharges(..)]), "{stays:?}");
    assert_eq!(town.case(&case).await.definition, from);
}

#[tokio::test]
async fn an_application_that_is_not_handed_in_may_lack_what_is_newly_asked() {
    let town = Town::open().await;
    let case = begun(&mut Browser::new(&town), "9876543210").await;
    let from = digest(&town, "report");
    let town = town
        .again(|bundle| {
            let form = format!("{}\n", bundle.text("report/form.yaml").unwrap());
            bundle.add("report/form.yaml", form.into_bytes());
        })
        .await;
    assert_ne!(digest(&town, "report"), from);
    assert!(look(&town, "report", &from, false).await[0].hindrances.is_empty());
    assert_eq!(town.case(&case).await.definition, digest(&town, "report"));
}

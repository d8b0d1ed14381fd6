//! The program is started again, and definitions have changed meanwhile.

use engine::source::Bundle;

use crate::apply::sent;
use crate::browser::Browser;
use crate::sealed::past_the_store;
use crate::town::{self, TOWN, Town};

/// Puts `new` in the place of `old` in a file.
pub(crate) fn change(bundle: &mut Bundle, path: &str, old: &str, new: &str) {
    let text = bundle.text(path).unwrap();
    assert!(text.contains(old), "{path} says {old}");
    let text = text.replace(old, new);
    bundle.add(path, text.into_bytes());
}

/// What is sold is chosen from a list of the service's own.
fn with_a_list(bundle: &mut Bundle) {
    change(bundle, "stall-permit/form.yaml", "type: text, max_length: 40,", "type: choice, options: snacks,");
    bundle.add("lists/snacks.csv", "code,parent,label,hi\nMomos,,Momos,मोमो\nTea,,Tea,चाय\n".as_bytes());
}

#[tokio::test]
async fn con_04_a_case_ends_by_the_definition_it_began_with() {
    let town = Town::open().await.again(with_a_list).await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    let began_with = town.case(&case).await.definition;
    // The list is gone, the form asks otherwise, and another role decides.
    let town = town
        .again(|bundle| change(bundle, "stall-permit/workflow.yaml", "{ by: clerk, to: dec", "{ by: officer, to: dec"))
        .await;
    let present = town.app.library.now().catalogue.service(TOWN, "stall-permit").unwrap().digest.clone();
    assert_ne!(present, began_with, "the definition has changed");
    town.officer(&case, "clerk", "forward", "").await;
    let case = town.case(&case).await;
    assert_eq!((&case.state, &case.definition), (&engine::base::Name::new("deciding"), &began_with));
    let revived = town.app.service_of(&town.tenant(), &began_with).await.unwrap();
    assert!(revived.lists.iter().any(|list| list.name == "snacks"), "its list is back too");
}

/// What is served now, where something else was before.
fn newer(bundle: &mut Bundle) {
    change(bundle, "stall-permit/workflow.yaml", "Permit issued", "Permit given");
}

/// A town after another start, in which `new` was kept in the place of `old` of the definition that was served before;
/// that definition, a case that began with it, and one that began with the newer one.
async fn kept_otherwise(old: &str, new: &str) -> (Town, String, [String; 2]) {
    let town = Town::open().await;
    let before = sent(&mut Browser::new(&town), "9876543210").await;
    let began_with = town.case(&before).await.definition;
    let mut changed = town::bundle();
    newer(&mut changed);
    town.app.library.swap(changed, 1);
    let after = sent(&mut Browser::new(&town), "9876543211").await;
    assert_ne!(town.case(&after).await.definition, began_with);
    let replaced = format!("replace(files, '{old}', '{new}')");
    past_the_store(&town, &format!("update definitions set files = {replaced} where digest = '{began_with}'")).await;
    (town.again(newer).await, began_with, [before, after])
}

/// The state into which an application is withdrawn, and another before it to which no action leads.
const WITHDRAWN: &str = "  withdrawn: { label: Withdrawn,";
const FORGOTTEN: &str = "  forgotten: { label: Forgotten, end: closed }";

#[tokio::test]
async fn a_case_goes_on_though_a_check_of_today_objects_to_its_definition() {
    let mut anew = town::bundle();
    change(&mut anew, "stall-permit/workflow.yaml", WITHDRAWN, &format!("{FORGOTTEN}\n{WITHDRAWN}"));
    let (catalogue, found) = server::library::check(&anew);
    assert!(found.0.iter().any(|wrong| wrong.code == "unreachable-state"), "{found:#?}");
    assert!(catalogue.service(TOWN, "stall-permit").is_none(), "it would not be published today");
    // In JSON the end of a line is two letters.
    let (town, began_with, [case, _]) = kept_otherwise(WITHDRAWN, &format!("{FORGOTTEN}\\n{WITHDRAWN}")).await;
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "approve", "").await;
    let case = town.case(&case).await;
    assert_eq!((&case.state, &case.definition), (&engine::base::Name::new("payment"), &began_with));
    let revived = town.app.service_of(&town.tenant(), &began_with).await.unwrap();
    assert!(revived.workflow.state(&engine::base::Name::new("forgotten")).is_some(), "it is what was kept");
    town.work().await;
    assert!(town.messages().iter().any(|told| told.template == "stall-permit/pay"), "its messages go out");
}

#[tokio::test]
async fn a_definition_that_cannot_be_made_any_more_stops_its_own_cases_alone() {
    let (town, began_with, [before, after]) = kept_otherwise("start: draft", "start: daft").await;
    let why = town.app.service_of(&town.tenant(), &began_with).await.unwrap_err();
    assert!(format!("{why:?}").contains("no state is called `daft`"), "{why:?}");
    town.officer(&after, "clerk", "forward", "").await;
    assert_eq!(town.case(&after).await.state, *"deciding");
    assert_eq!(town.case(&before).await.state, *"checking", "it waits until somebody looks at it");
    // Chance begins anew with each start: what was drawn for the first session is not to be drawn for another.
    for _ in 0..1000 {
        let _ = town.app.chance.id();
    }
    town.wait_ms(600_000);
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    browser.get(&format!("/{TOWN}/my")).await.expect(200, &format!("href=\"/{TOWN}/cases/{before}\""));
}

#[tokio::test]
async fn what_cannot_be_made_is_tried_once_while_the_same_definitions_are_served() {
    let (town, began_with, _) = kept_otherwise("start: draft", "start: daft").await;
    let tenant = town.tenant();
    assert!(town.app.service_among(&tenant, &began_with).await.unwrap().is_none());
    let why = town.app.library.now().unmade(TOWN, &began_with).unwrap();
    assert!(why.contains("no state is called `daft`"), "{why}");

    let mended = "replace(files, 'start: daft', 'start: draft')";
    past_the_store(&town, &format!("update definitions set files = {mended} where digest = '{began_with}'")).await;
    assert!(town.app.service_among(&tenant, &began_with).await.unwrap().is_none(), "lists do not try again");
    let again = town.app.service_of(&tenant, &began_with).await.unwrap_err();
    assert!(format!("{again:?}").contains("no state is called `daft`"), "its cases fail as before: {again:?}");

    let mut anew = town::bundle();
    newer(&mut anew);
    town.app.library.swap(anew, 2);
    assert_eq!(town.app.library.now().unmade(TOWN, &began_with), None);
    assert!(town.app.service_among(&tenant, &began_with).await.unwrap().is_some(), "another reading tries again");
}

#[tokio::test]
async fn a_definition_that_changed_while_it_was_published_is_kept_as_it_was() {
    let town = Town::open().await;
    let service = town.app.library.now().catalogue.service(TOWN, "stall-permit").unwrap().clone();
    let mut changed = town.app.library.now().bundle.clone();
    change(&mut changed, "stall-permit/workflow.yaml", "Permit issued", "Permit given");
    town.app.library.swap(changed, 1);
    let kept = server::library::kept(&service);
    assert!(kept.contains("Permit issued") && !kept.contains("Permit given"), "{kept}");
}

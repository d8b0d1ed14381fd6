//! The program is started again, and definitions have changed meanwhile.

use engine::source::Bundle;

use crate::apply::sent;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

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

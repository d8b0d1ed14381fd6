//! A case that opens a case of another service, waits for it, and takes it back with itself.

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command, command};
use engine::source::Bundle;
use engine::workflow::End;
use server::act;
use server::store::verify::verify;

use crate::apply::sent;
use crate::browser::Browser;
use crate::desk_town::{employ, staff};
use crate::restart::change;
use crate::town::{TOWN, Town};

const MOBILE: &str = "9876543210";

/// Whoever forwards an application has a report made, and the application waits until that is resolved.
fn asking(bundle: &mut Bundle) {
    let file = |name: &str| format!("stall-permit/{name}");
    let children =
        "children:\n  look: { service: report, answers: { text: stall_name }, sends: submit, void: closed }\nstatute:";
    change(bundle, &file("service.yaml"), "statute:", children);
    change(
        bundle,
        &file("workflow.yaml"),
        "forward: { by: clerk, to: deciding,",
        "forward: { by: clerk, to: asked, opens: look,",
    );
    change(
        bundle,
        &file("workflow.yaml"),
        "  correction:\n",
        "  asked:\n    label: Asked elsewhere\n    public: We have asked somebody else.\n    actions:\n\
         \x20     all_given: { once: { children: { look: granted } }, to: deciding, done: All given }\n\
         \x20     objected: { once: { children: refused }, to: rejected, done: Objected }\n\
         \x20     take_back: { by: applicant, to: withdrawn, done: Taken back, when: 'children.look == \"open\"' }\n  correction:\n",
    );
    let states = "  asked: { label: अन्यत्र पूछा गया, public: हमने किसी और से पूछा है। }\n  correction: { label:";
    change(bundle, &file("locales/hi.yaml"), "  correction: { label:", states);
    change(bundle, &file("locales/hi.yaml"), "  forward: आगे भेजें\n", "  forward: आगे भेजें\n  take_back: वापस लें\n");
    change(
        bundle,
        &file("locales/hi.yaml"),
        "done: {",
        "done: { all_given: सब दिए गए, objected: आपत्ति, take_back: वापस लिया,",
    );
}

async fn waiting(town: &Town) -> (Browser<'_>, String, String) {
    let mut browser = Browser::new(town);
    let case = sent(&mut browser, MOBILE).await;
    town.officer(&case, "clerk", "forward", "").await;
    let child = town.case(&case).await.children[0].case.clone();
    (browser, case, child)
}

#[tokio::test]
async fn a_case_waits_until_the_one_that_it_opened_is_granted() {
    let town = Town::defined(|_| (), asking).await;
    let (mut browser, case, child) = waiting(&town).await;
    let opened = town.case(&child).await;
    assert_eq!((opened.state.as_str(), opened.parent.as_deref()), ("open", Some(case.as_str())));
    assert_eq!(opened.applicant, town.case(&case).await.applicant);
    assert_eq!((opened.answers.text("text"), opened.number.is_some()), (Some("Asha Snacks"), true));
    let page = browser.get(&format!("/{TOWN}/cases/{case}")).await;
    page.expect(200, "Connected applications").expect(200, &format!("href=\"/{TOWN}/cases/{child}\""));
    browser.get(&format!("/{TOWN}/cases/{child}")).await.expect(200, &format!("href=\"/{TOWN}/cases/{case}\""));

    town.work().await;
    assert_eq!(town.case(&case).await.state.as_str(), "asked", "nobody has answered yet");
    town.officer(&child, "foreman", "resolve", "Looked at").await;
    assert_eq!(town.case(&case).await.children[0].end, Some(End::Granted));
    town.work().await;
    assert_eq!(town.case(&case).await.state.as_str(), "deciding");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), [], "both are vouched for");
}

#[tokio::test]
async fn whoever_acts_is_told_before_which_service_has_a_case_to_do_then() {
    let town = Town::defined(|_| (), asking).await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, MOBILE).await;
    employ(&town, TOWN, ("meera", "Meera Joshi"), ("stall-permit", "clerk", "")).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("/{TOWN}/desk/cases/{case}/act/forward")).await.clone();
    page.expect(200, "A case of another service is opened: Report");
    assert!(town.case(&case).await.children.is_empty(), "looking opens nothing");
}

#[tokio::test]
async fn what_a_case_opened_ends_with_it() {
    let town = Town::defined(|_| (), asking).await;
    let (_, case, child) = waiting(&town).await;
    let applicant = Actor { person: town.case(&case).await.applicant, kind: ActorKind::Citizen, roles: Vec::new() };
    let back = Command::Act {
        action: Name::new("take_back"),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    act::act(&town.app, &town.tenant(), &case, &applicant, &back, None).await.unwrap();
    assert_eq!(town.case(&case).await.state.as_str(), "withdrawn");
    assert_eq!(town.case(&case).await.children[0].end, Some(End::Closed));
    assert_eq!(town.case(&child).await.state.as_str(), "closed");
    // It is over: nobody is told of it any more, and nothing moves.
    town.work().await;
    assert_eq!(town.case(&case).await.state.as_str(), "withdrawn");
}

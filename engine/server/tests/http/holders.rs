//! A role that follows from holding a record: whoever holds the permit that an application names works on it, as long
//! as the permit is in force, and sees no more than that needs.

use engine::base::{Name, Value};
use engine::billing::{ONLINE, Part, Payment};
use engine::case::{Actor, ActorKind, Command, Refusal, bill};
use engine::source::Bundle;
use serde_json::json;
use server::act;
use server::problem::Problem;
use server::store::found;

use crate::apply::{PDF, at_owners};
use crate::browser::Browser;
use crate::follow::{self, flag};
use crate::restart::change;
use crate::town::{TOWN, Town};

pub(crate) const ASHA: &str = "9876543210";
pub(crate) const KIRAN: &str = "9876543219";

/// An application may name the permit of the stall beside; whoever holds that answers a page that the applicant
/// shares. A permit can be suspended.
pub(crate) fn beside(bundle: &mut Bundle) {
    let file = |name: &str| format!("stall-permit/{name}");
    let (service, form, workflow, hi) =
        (file("service.yaml"), file("form.yaml"), file("workflow.yaml"), file("locales/hi.yaml"));
    change(
        bundle,
        &service,
        "officer: Market officer }\n",
        "officer: Market officer, neighbour: { title: Neighbour, holder_of: beside } }\n",
    );
    change(bundle, &service, "grants:\n", "on_behalf: neighbour\nassisted_by: clerk\ngrants:\n");
    let suspension = "    document: permit\n  suspension:\n    title: Suspended permit\n    registry: stall_permits\n    mode: suspend\n";
    change(bundle, &service, "    document: permit\n", suspension);
    change(
        bundle,
        &form,
        "      declared: { label: What I have said is true, type: declaration }\n",
        "      beside: { label: Permit of the stall beside, type: record, registry: stall_permits, optional: true }\n\
         \x20     declared: { label: What I have said is true, type: declaration }\n\
         \x20 fence:\n    title: Between the stalls\n    by: [applicant, neighbour]\n    fields:\n\
         \x20     fence: { label: What stands between the stalls?, type: text, max_length: 60, optional: true }\n\
         \x20 settling:\n    title: What was settled\n    by: [neighbour, applicant]\n    fields:\n\
         \x20     settled: { label: What did you settle?, type: text, max_length: 60 }\n",
    );
    change(
        bundle,
        &workflow,
        "      lapse: { after: 30 days, to: lapsed, done: Lapse }\n",
        "      hand: { label: Hand to the neighbour, by: applicant, to: beside, notify: asked, done: Handed over }\n\
         \x20     lapse: { after: 30 days, to: lapsed, done: Lapse }\n\
         \x20 beside:\n    label: With the neighbour\n    public: Your neighbour looks at it.\n    waits_for: applicant\n\
         \x20   edit: neighbour\n    actions:\n\
         \x20     agree: { label: Agree, by: neighbour, to: correction, comment: optional, done: Agreed }\n\
         \x20     settle: { label: Settle, by: [neighbour, applicant], to: correction, asks: settling, done: Settled }\n\
         \x20     take_back: { label: Take it back, by: applicant, to: correction, done: Taken back }\n",
    );
    change(
        bundle,
        &workflow,
        "public: Your permit is issued., end: granted }",
        "public: Your permit is issued., end: granted, actions: { suspend: { by: officer, to: granted, grant: suspension, done: Suspended } } }",
    );
    bundle.add(
        &file("notifications/asked.yaml"),
        b"to: neighbour\nsms: \"Application {{number}} names your permit. {{link}}\"\n".to_vec(),
    );
    for (old, new) in [
        ("officer: बाज़ार अधिकारी }\nstatute", "officer: बाज़ार अधिकारी, neighbour: पड़ोसी }\nstatute"),
        ("grants: { permit: दुकान अनुमति }", "grants: { permit: दुकान अनुमति, suspension: निलंबित अनुमति }"),
        ("declaration: घोषणा }", "declaration: घोषणा, fence: दुकानों के बीच, settling: क्या तय हुआ }"),
        (
            "  declared: मैंने",
            "  beside: पास की दुकान की अनुमति\n  fence: दुकानों के बीच क्या है?\n  settled: आपने क्या तय किया?\n  declared: मैंने",
        ),
        ("  deciding: { label", "  beside: { label: पड़ोसी के पास, public: आपके पड़ोसी देख रहे हैं। }\n  deciding: { label"),
        (
            "  lapse: समय समाप्त\n",
            "  lapse: समय समाप्त\n  hand: पड़ोसी को दें\n  agree: सहमत हों\n  settle: तय करें\n  take_back: वापस लें\n  suspend: निलंबित करें\n",
        ),
        (
            "done: { submit",
            "done: { hand: पड़ोसी को दिया, agree: सहमति दी, settle: तय किया, take_back: वापस लिया, suspend: निलंबित किया, submit",
        ),
        ("  pay: { sms", "  asked: { sms: \"आवेदन {{number}} में आपकी अनुमति का उल्लेख है। {{link}}\" }\n  pay: { sms"),
    ] {
        change(bundle, &hi, old, new);
    }
}

/// Fills in an application, as whoever is signed in, and sends it; gives the key of the case.
async fn sent(browser: &mut Browser<'_>, beside: &str) -> String {
    let case = written(browser, beside).await;
    browser.submit(&[]).await.expect(200, "Application received");
    case
}

pub(crate) async fn written(browser: &mut Browser<'_>, beside: &str) -> String {
    let case = at_owners(browser).await;
    let file = ("owners.0.proof", "id.pdf", "application/pdf", PDF);
    browser.upload(&[("owners.0.name", "Asha Rao")], file).await.expect(200, "What I have said is true");
    browser.submit(&[("beside", beside), ("declared", "yes")]).await.expect(200, "What stands between the stalls?");
    browser.submit(&[("fence", "")]).await.expect(200, "Check your answers");
    case
}

/// Somebody who holds a permit: the browser, the case that made it, and its number.
pub(crate) async fn kiran(town: &Town) -> (Browser<'_>, String, String) {
    let mut browser = Browser::new(town);
    browser.sign_in(KIRAN).await;
    // Another name than the applicant's, which is looked for on every page.
    browser.get(&format!("/{TOWN}/my/profile")).await;
    browser.submit(&[("name", "Kiran Das"), ("email", ""), ("language", "en"), ("agreed", "yes")]).await;
    let case = sent(&mut browser, "").await;
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "approve", "").await;
    let number = paid(town, &case).await;
    (browser, case, number)
}

/// Pays what is owed for a permit; gives its number.
async fn paid(town: &Town, case: &str) -> String {
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, "stall-permit").unwrap();
    let due = bill(service, &town.case(case).await, town.app.clock.now(&town.tenant()).day()).unwrap().total;
    let part = Part { amount: due, mode: ONLINE.to_owned(), reference: String::new(), instrument: None };
    let payment = Payment::of_one(case.to_owned(), town.app.clock.now_ms(), part);
    act::act(&town.app, &town.tenant(), case, &Actor::system(), &Command::Receive(payment), None).await.unwrap();
    let (_, number) = town.case(case).await.record.unwrap();
    number
}

/// An application that names the permit and was sent back.
async fn sent_back<'a>(town: &'a Town, number: &str) -> (Browser<'a>, String) {
    let mut asha = Browser::new(town);
    asha.sign_in(ASHA).await;
    let case = sent(&mut asha, number).await;
    town.officer(&case, "clerk", "ask", "Who stands beside?").await;
    (asha, case)
}

#[tokio::test]
async fn whoever_holds_the_record_that_a_case_names_answers_and_hands_it_back() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let (mut asha, case) = sent_back(&town, &number).await;
    let at = format!("/{TOWN}/cases/{case}");

    asha.get(&format!("{at}/act/hand")).await.expect(200, "Hand to the neighbour");
    asha.submit(&[]).await.expect(200, "With the neighbour").expect(200, "Neighbour");
    town.work().await;
    let told = town.messages();
    let told = told.iter().find(|message| message.template == "stall-permit/asked").unwrap();
    assert_eq!((told.to.as_str(), told.body.ends_with(&at)), (KIRAN, true), "{}", told.body);

    let list = kiran.get(&format!("/{TOWN}/my")).await.clone();
    list.expect(200, "SPA/RVT/2026-27/000002").expect(200, "Neighbour").expect(200, &format!("href=\"{at}\""));
    let page = kiran.get(&at).await.clone();
    for words in [
        &*number,
        "A*** R**",
        "Who stands beside?",
        &format!("href=\"{at}/form/fence\""),
        &format!("href=\"{at}/act/agree\""),
    ] {
        page.expect(200, words);
    }
    assert!(!page.html.contains("Asha Rao") && !page.html.contains(&format!("{at}/act/take_back")), "{}", page.text());
    kiran.get(&format!("{at}/form/fence")).await.expect(200, "What stands between the stalls?");
    kiran.submit(&[("fence", "A wall")]).await.expect(200, "What did you settle?");
    assert_eq!(town.case(&case).await.answers.get("fence"), Some(&Value::Text("A wall".to_owned())));
    kiran.get(&format!("{at}/form/stall")).await.expect(404, "Page not found");
    kiran.get(&format!("{at}/act/agree")).await.expect(200, "Agree");
    kiran.submit(&[("comment", "It is a wall")]).await.expect(200, "With you for correction");

    assert_eq!(town.case(&case).await.state.as_str(), "correction");
    let page = asha.get(&at).await.clone();
    page.expect(200, "It is a wall").expect(200, "Neighbour").expect(200, "Who stands beside?").expect(200, "A wall");
    asha.get(&format!("{at}/check")).await.expect(200, "Check your answers");
    asha.submit(&[]).await;
    assert_eq!(town.case(&case).await.state.as_str(), "checking", "the applicant sends what both have answered");
}

#[tokio::test]
async fn a_case_that_was_written_without_links_has_them_once_its_answers_change() {
    let town = Town::defined(|_| (), beside).await;
    let (_, _, number) = kiran(&town).await;
    let (mut asha, case) = sent_back(&town, &number).await;
    // As an import leaves it, which writes many cases together.
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    found::put_links(&mut tx, &case, &[]).await.unwrap();
    tx.commit().await.unwrap();
    asha.get(&format!("/{TOWN}/cases/{case}/form/fence?change=1")).await;
    asha.submit(&[("fence", "A hedge")]).await.expect(200, "A hedge");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let naming = found::cases_naming(&mut tx, "stall_permits", &number).await.unwrap();
    assert_eq!(naming.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [case.as_str()]);
}

#[tokio::test]
async fn a_page_of_an_action_that_both_take_is_answered_and_read_by_either() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let (mut asha, case) = sent_back(&town, &number).await;
    let at = format!("/{TOWN}/cases/{case}");
    asha.get(&format!("{at}/form/settling")).await.expect(404, "Page not found");

    asha.get(&format!("{at}/act/hand")).await;
    asha.submit(&[]).await.expect(200, "With the neighbour");
    kiran.get(&format!("{at}/act/settle")).await.expect(200, "What did you settle?");
    kiran.submit(&[("settled", "A hedge")]).await.expect(200, "A hedge");
    asha.get(&at).await.expect(200, "With you for correction").expect(200, "A hedge");

    asha.get(&format!("{at}/act/hand")).await;
    asha.submit(&[]).await.expect(200, "With the neighbour");
    asha.get(&format!("{at}/act/settle")).await.expect(200, "A hedge");
    asha.submit(&[("settled", "A low wall")]).await.expect(200, "A low wall");
    assert_eq!(town.case(&case).await.answers.get("settled"), Some(&Value::Text("A low wall".to_owned())));
    kiran.get(&at).await.expect(200, "A low wall");
}

#[tokio::test]
async fn az_02_a_role_by_a_record_opens_the_case_and_nothing_else_and_ends_with_it() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, permit, number) = kiran(&town).await;
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    let draft = written(&mut asha, &number).await;
    kiran.get(&format!("/{TOWN}/cases/{draft}")).await.expect(404, "Page not found");
    asha.get(&format!("/{TOWN}/cases/{draft}/check")).await;
    asha.submit(&[]).await.expect(200, "Application received");
    let (case, at) = (draft.clone(), format!("/{TOWN}/cases/{draft}"));

    let mut stranger = Browser::new(&town);
    stranger.sign_in("9876543218").await;
    stranger.get(&at).await.expect(404, "Page not found");
    kiran.get(&at).await.expect(200, "Being checked");
    let file = town.case(&case).await.answers.at("owners.0.proof.id").cloned();
    let Some(Value::Text(file)) = file else { panic!("no file was sent") };
    let closed = ["check", "tasks", "done", "note", "appeal", "pay", "papers/x.pdf", "act/withdraw", "form/stall"];
    for path in closed.into_iter().map(str::to_owned).chain([format!("files/{file}")]) {
        let page = kiran.get(&format!("{at}/{path}")).await.clone();
        assert!(page.status == 404 || page.at == at, "{path}: {} at {}", page.status, page.at);
        assert!(!page.html.contains("Asha Rao"), "{path} tells whose case it is");
    }
    let before = town.case(&case).await;
    kiran.get(&at).await;
    kiran.post(&format!("{at}/act/withdraw"), &[]).await;
    assert_eq!(town.case(&case).await, before, "what is the applicant's is not done by anybody else");

    town.officer(&permit, "officer", "suspend", "").await;
    kiran.get(&at).await.expect(404, "Page not found");
    let list = kiran.get(&format!("/{TOWN}/my")).await.clone();
    assert!(!list.html.contains(&at), "{}", list.text());
}

/// As [`beside`], where the neighbour answers the page that the applicant shares with an action.
fn saying(bundle: &mut Bundle) {
    beside(bundle);
    let say =
        "      say: { label: Say it, by: neighbour, to: correction, asks: fence, done: Said }\n      agree: { label";
    change(bundle, "stall-permit/workflow.yaml", "      agree: { label", say);
    let hi = "stall-permit/locales/hi.yaml";
    change(bundle, hi, "  hand: पड़ोसी को दें\n", "  hand: पड़ोसी को दें\n  say: बताएँ\n");
    change(bundle, hi, "done: { hand: पड़ोसी को दिया", "done: { say: बताया, hand: पड़ोसी को दिया");
}

#[tokio::test]
async fn an_action_that_asks_a_shared_page_changes_only_what_was_marked() {
    let town = Town::defined(|_| (), saying).await;
    let (mut kiran, permit, number) = kiran(&town).await;
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    let case = sent(&mut asha, &number).await;
    let at = format!("/{TOWN}/cases/{case}");

    follow::sent_back(&town, &case, vec![flag("fence", "fence", "Say what stands there.")]).await;
    asha.get(&format!("{at}/act/hand")).await;
    asha.submit(&[]).await.expect(200, "With the neighbour");
    kiran.get(&format!("{at}/act/say")).await.expect(200, "What stands between the stalls?");
    kiran.submit(&[("fence", "A wall")]).await.expect(200, "With you for correction");
    asha.get(&format!("{at}/check")).await;
    asha.submit(&[]).await;

    // Now the fence is as the office wants it, and something else is not.
    follow::sent_back(&town, &case, vec![flag("stall", "stall_name", "As on the board.")]).await;
    asha.get(&format!("{at}/act/hand")).await;
    asha.submit(&[]).await.expect(200, "With the neighbour");
    let neighbour = Actor { person: town.case(&permit).await.applicant, kind: ActorKind::Citizen, roles: Vec::new() };
    let say = Command::Act {
        action: Name::new("say"),
        comment: String::new(),
        answers: json!({ "fence": "A hedge" }),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    let refused = act::act(&town.app, &town.tenant(), &case, &neighbour, &say, None).await.unwrap_err();
    assert!(matches!(&refused, Problem::Refused(Refusal::NotEditable)), "{refused:?}");
    let page = kiran.get(&format!("{at}/act/say")).await.clone();
    assert!(!page.html.contains("What stands between the stalls?"), "{}", page.text());
    kiran.submit(&[]).await.expect(200, "With you for correction");
    let after = town.case(&case).await;
    assert_eq!((after.state.as_str(), after.answers.text("fence")), ("correction", Some("A wall")));
}

/// As [`beside`], where nothing is approved beside a stall on which something is yet to be decided.
fn decided_first(bundle: &mut Bundle) {
    beside(bundle);
    let when = "to: payment, when: beside == () || named.beside.open_cases == 0, demand: raise";
    change(bundle, "stall-permit/workflow.yaml", "to: payment, demand: raise", when);
}

/// The officer approves; why that is refused, if it is.
async fn approved(town: &Town, case: &str) -> Option<Refusal> {
    let officer =
        Actor { person: "officer-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("officer")] };
    let approve = Command::Act {
        action: Name::new("approve"),
        comment: String::new(),
        answers: json!({}),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    match act::act(&town.app, &town.tenant(), case, &officer, &approve, None).await {
        Ok(_) => None,
        Err(Problem::Refused(refusal)) => Some(refusal),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_yet_to_be_decided_on_a_named_record_and_on_what_hangs_on_it_is_known() {
    let town = Town::defined(|_| (), decided_first).await;
    let (_, _, number) = kiran(&town).await;
    let (mut asha, mut meera, mut uma) = (Browser::new(&town), Browser::new(&town), Browser::new(&town));
    asha.sign_in(ASHA).await;
    meera.sign_in("9876543218").await;
    uma.sign_in("9876543217").await;
    let first = sent(&mut asha, &number).await;
    let second = written(&mut meera, &number).await;
    town.officer(&first, "clerk", "forward", "").await;
    // Neither the permit itself, which was decided, nor what nobody has handed in.
    assert_eq!(approved(&town, &first).await, None);

    meera.get(&format!("/{TOWN}/cases/{second}/check")).await;
    meera.submit(&[]).await.expect(200, "Application received");
    town.officer(&second, "clerk", "forward", "").await;
    assert_eq!(approved(&town, &second).await, Some(Refusal::NotInThisCase), "another names it and is yet to be paid");
    let granted = paid(&town, &first).await;
    let third = sent(&mut uma, &granted).await;
    assert_eq!(
        approved(&town, &second).await,
        Some(Refusal::NotInThisCase),
        "a third names what the first was granted"
    );
    town.officer(&third, "clerk", "forward", "").await;
    town.officer(&third, "officer", "reject", "No room").await;
    assert_eq!(approved(&town, &second).await, None);
}

//! One case at the desk: its parts, who may do what and why not, who has it, what is said about it.

use engine::case::{Actor, ActorKind, Command, Refusal};
use engine::source::Bundle;
use serde_json::json;
use server::act::{self, Opening};
use server::problem::Problem;
use server::store::events;

use crate::browser::Browser;
use crate::desk_town::{ASHA, Kiosk, applied, at, handed_in, open, open_of, staff, step, to_be_decided, to_be_paid};
use crate::restart::change;
use crate::town::{TOWN, Town};

async fn history(town: &Town, case: &str) -> Vec<events::Event> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    events::history(&mut tx, case).await.unwrap()
}

#[tokio::test]
async fn every_part_of_a_case_is_shown() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    town.work().await;
    let mut omar = staff(&town, "omar").await;
    let parts = [
        (
            "summary",
            vec!["KIA/RVT/2026-27/000001", "Kiosk License", "Fee to be paid", "Upper Bank", "Market Act", "₹1,150.00"],
        ),
        ("form", vec!["Your kiosk", "Asha Snacks", "How many square metres?"]),
        ("inspection", vec!["What was seen", "Measured square metres"]),
        ("documents", vec!["There are no documents."]),
        (
            "money",
            vec![
                "₹1,150.00",
                "4313001",
                "Receivable: license and other fees",
                "The fee falls due",
                "Resolution 7 of the market board",
            ],
        ),
        ("messages", vec!["******3210", "is received", "Pay Rs 1,150.00"]),
        ("timeline", vec!["Visited", "Inder Rawat, Market inspector", "Approve"]),
        (
            "audit",
            vec![
                "Visited: Measured square metres",
                "Answers saved: What is the kiosk called?",
                "To be decided → Fee to be paid",
                "06/04/2026, 10:00:00",
            ],
        ),
    ];
    // What waits for the fee is not his to decide any more.
    omar.get(&at(&case)).await;
    omar.post(&format!("{}/unmask", at(&case)), &[("reason", "The applicant asks.")]).await.expect(200, "Asha Rao");
    for (tab, words) in parts {
        let page = omar.get(&format!("{}?tab={tab}", at(&case))).await;
        for words in words {
            page.expect(200, words);
        }
    }
}

#[tokio::test]
async fn the_summary_has_what_cases_are_searched_by_on_every_page() {
    let town = open().await;
    let kiosk = json!({ "kiosk_name": "Big Snacks", "owner": "Asha Rao", "size": 40, "place": "L1" });
    let stock = json!({ "brand": "Himal", "shelves": "Seven" });
    let who = (ASHA.mobile, ASHA.applicant);
    let case = handed_in(&town, TOWN, who, "kiosk", &[("kiosk", kiosk), ("stock", stock)]).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&at(&case)).await;
    page.expect(200, "Big Snacks").expect(200, "What stands there").expect(200, "Himal");
    assert!(!page.html.contains("How many shelves?"), "the rest stands with the form");
}

#[tokio::test]
async fn each_condition_of_an_action_that_does_not_hold_is_told() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    step(&town, &case, ("meera", "clerk"), "forward", engine::case::command::no_answers()).await;
    step(&town, &case, ("inder", "inspector"), "visited", json!({ "measured": 30 })).await;
    let mut omar = staff(&town, "omar").await;
    let (large, far) = ("So large a kiosk is not visited twice.", "Far more was measured than was asked for.");
    let page = omar.get(&at(&case)).await;
    let told = format!("<dt>Visit again</dt>\n<dd>{large}</dd>\n<dd>{far}</dd>\n");
    assert!(page.html.contains(&told), "{}", page.html);
    omar.get(&format!("{}/act/revisit", at(&case))).await.expect(409, large).expect(409, far);
    let other = Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Mill Tea", place: "L3" };
    let case = applied(&town, other).await;
    step(&town, &case, ("meera", "clerk"), "forward", engine::case::command::no_answers()).await;
    step(&town, &case, ("inder", "inspector"), "visited", json!({ "measured": 15 })).await;
    let page = omar.get(&at(&case)).await;
    page.expect(200, far);
    assert!(!page.html.contains(large), "what holds is not told");
}

#[tokio::test]
async fn hindi_has_every_word() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let waiting =
        to_be_decided(&town, Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Mill Tea", place: "L3" })
            .await;
    town.work().await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("/{TOWN}/desk?lang=hi")).await.expect(200, "lang=\"hi\"");
    omar.get(&at(&case)).await.expect(200, "व्यक्तिगत उत्तर छिपाए गए हैं");
    omar.post(&format!("{}/unmask", at(&case)), &[("reason", "The applicant asks.")]).await.expect(200, "Asha Rao");
    let mut pages: Vec<String> = [
        "",
        "/inbox?scope=all&due=late&from=2026-04-06&until=2026-04-06&person=omar&q=x",
        "/collect?q=asha",
        "/registers/kiosk_licenses",
        "/my-work",
    ]
    .iter()
    .map(|page| format!("/{TOWN}/desk{page}"))
    .collect();
    pages.extend(
        ["summary", "form", "inspection", "documents", "money", "messages", "timeline", "audit", "checks"]
            .iter()
            .map(|tab| format!("{}?tab={tab}", at(&case))),
    );
    pages.extend(["", "/collect"].iter().map(|page| format!("{}{page}", at(&case))));
    pages.extend(["approve", "revisit"].iter().map(|action| format!("{}/act/{action}", at(&waiting))));
    for page in pages {
        let shown = omar.get(&page).await;
        assert_eq!(shown.status, 200, "{page}");
        assert!(!shown.html.contains('⟦'), "{page}: {}", &shown.html[shown.html.find('⟦').unwrap()..][..60]);
    }
}

#[tokio::test]
async fn what_can_be_done_is_offered_and_the_rest_explained() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&at(&case)).await;
    for action in ["forward", "ask", "reject"] {
        page.expect(200, &format!("href=\"{}/act/{action}\"", at(&case)));
    }
    let mut inder = staff(&town, "inder").await;
    let page = inder.get(&at(&case)).await;
    page.expect(200, "There is nothing for you to do now.").expect(200, "This is for: Market clerk, Market officer");
    inder.get(&format!("{}/act/forward", at(&case))).await.expect(403, "This is for another post.");
    inder.get(&format!("{}/act/nothing", at(&case))).await.expect(404, "Page not found");
    assert_eq!(town.case(&case).await.version, 2, "looking changes nothing");
}

#[tokio::test]
async fn az_08_duties_that_are_kept_apart_are_named() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    crate::desk_town::employ(&town, TOWN, ("inder", "Inder Rawat"), ("kiosk", "officer", "")).await;
    let mut inder = staff(&town, "inder").await;
    inder.get(&at(&case)).await.expect(200, "You took an earlier step of this case.");
    inder.get(&format!("{}/act/approve", at(&case))).await.expect(403, "You took an earlier step");
    inder.get(&at(&case)).await;
    let action = format!("{}/act/approve?version=4", at(&case));
    inder.post(&action, &[("penalty", "")]).await.expect(403, "You took an earlier step");
    assert_eq!(town.case(&case).await.state, *"deciding");
}

#[tokio::test]
async fn az_04_no_role_no_case_and_no_draft() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut fatima = staff(&town, "fatima").await;
    for page in ["", "/act/forward", "/collect", "/files/x", "/papers/x.pdf"] {
        fatima.get(&format!("{}{page}", at(&case))).await.expect(404, "Page not found");
    }
    let library = town.app.library.now();
    let tenant = library.tenant(TOWN).unwrap();
    let service = library.catalogue.service(TOWN, "kiosk").unwrap();
    let opening = server::act::Opening { applicant: "citizen-9876543210", language: "en", record: None, key: None };
    let draft = server::act::open(&town.app, tenant, service, opening).await.unwrap();
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&draft.id)).await.expect(404, "Page not found");
}

#[tokio::test]
async fn priv_02_personal_answers_are_masked_until_somebody_says_why() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut inder = staff(&town, "inder").await;
    let form = format!("{}?tab=form", at(&case));
    inder.get(&form).await.expect(200, "A*** R**").expect(200, "Personal answers are masked");
    assert!(!inder.page.html.contains("Asha Rao"));
    let action = format!("{}/unmask?tab=form", at(&case));
    inder.post(&action, &[("reason", " no ")]).await.expect(422, "Write why you need to see");
    inder.get(&form).await;
    inder.post(&action, &[("reason", "A neighbour complains.")]).await.expect(200, "Asha Rao");
    let said = history(&town, &case).await.into_iter().rfind(|event| event.command["word"] == "unmask").unwrap();
    assert_eq!((said.actor.as_str(), &said.command["facts"]["reason"]), ("inder", &json!("A neighbour complains.")));
    inder.get(&format!("{}?tab=timeline", at(&case))).await.expect(200, "Personal answers were shown");
    town.wait_ms(16 * 60_000);
    let mut inder = staff(&town, "inder").await;
    assert!(!inder.get(&form).await.html.contains("Asha Rao"), "only for a while");
    let mut meera = staff(&town, "meera").await;
    meera.get(&form).await.expect(200, "Asha Rao");
}

fn sensitive(bundle: &mut Bundle) {
    let question = "shelves: { label: How many shelves?, type: text, max_length: 20, optional: true";
    let told = ", sensitive: true, purpose: So that they are counted";
    change(bundle, "kiosk/form.yaml", question, &format!("{question}{told}"));
    let hindi = "shelves: { label: कितनी अलमारियाँ?, purpose: ताकि वे गिनी जा सकें }";
    change(bundle, "kiosk/locales/hi.yaml", "shelves: कितनी अलमारियाँ?", hindi);
    let proof = "proof: { label: Proof of identity, type: file, optional: true";
    change(bundle, "kiosk/form.yaml", proof, &format!("{proof}{told}"));
    let hindi = "proof: { label: पहचान प्रमाण, purpose: ताकि वे गिनी जा सकें }";
    change(bundle, "kiosk/locales/hi.yaml", "proof: पहचान प्रमाण", hindi);
}

#[tokio::test]
async fn priv_02_a_sensitive_answer_is_hidden_whole_until_somebody_says_why() {
    let town = open_of(|_| (), sensitive).await;
    let kiosk = json!({ "kiosk_name": "Asha Snacks", "owner": "Asha Rao", "size": 40, "place": "L1" });
    let pages = [("kiosk", kiosk), ("stock", json!({ "shelves": "Seven of oak" }))];
    let case = handed_in(&town, TOWN, (ASHA.mobile, ASHA.applicant), "kiosk", &pages).await;
    let mut inder = staff(&town, "inder").await;
    let form = format!("{}?tab=form", at(&case));
    let page = inder.get(&form).await.expect(200, "How many shelves?").expect(200, "******");
    assert!(!page.html.contains("S****") && !page.html.contains("Seven"), "not even its first letter is told");
    let action = format!("{}/unmask?tab=form", at(&case));
    inder.post(&action, &[("reason", "A neighbour complains.")]).await.expect(200, "Seven of oak");
    // Whoever has the case to decide on reads it.
    staff(&town, "meera").await.get(&form).await.expect(200, "Seven of oak");
}

const WRONG: &str =
    "The number of a person stands here in full. Leave it out, or write only its last digits, as in XXXX XXXX 1234";

/// The state knows people by a number.
fn numbered(bundle: &mut Bundle) {
    let number = "identity_numbers:\n  person:\n    title: { en: The number of a person, hi: व्यक्ति की संख्या }\n    \
        digits: 12\n    first: \"23456789\"\n    check: verhoeff\nlevels:";
    change(bundle, "tenants/aland/tenant.yaml", "levels:", number);
}

#[tokio::test]
async fn priv_01_words_with_a_whole_number_of_a_person_are_refused() {
    let town = open_of(|_| (), numbered).await;
    let case = applied(&town, ASHA).await;
    let note = format!("{}/note", at(&case));
    let mut meera = staff(&town, "meera").await;
    for audience in ["inside", "applicant"] {
        meera.get(&at(&case)).await;
        meera.post(&note, &[("text", "Known as 2341 2341-2346."), ("audience", audience)]).await.expect(422, WRONG);
    }
    meera.get(&at(&case)).await;
    meera.post(&note, &[("text", "Known as XXXX XXXX 2346."), ("audience", "inside")]).await.expect(200, "Done.");
    let mut inder = staff(&town, "inder").await;
    inder.get(&format!("{}?tab=form", at(&case))).await;
    let unmask = format!("{}/unmask?tab=form", at(&case));
    inder.post(&unmask, &[("reason", "Is it २३४१२३४१२३४६?")]).await.expect(422, WRONG);
    let mut stranger = Browser::new(&town);
    stranger.get("/riverton/feedback").await;
    stranger.submit(&[("stars", "4"), ("words", "I am 234123412346.")]).await.expect(422, WRONG);
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA.mobile).await;
    asha.get(&format!("/{TOWN}/cases/{case}/note")).await;
    asha.submit(&[("comment", "I am 2341 2341 2346.")]).await.expect(422, WRONG);
    // So are answers, whoever sends them.
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, "kiosk").unwrap();
    let person = town.case(&case).await.applicant;
    let opening = Opening { applicant: &person, language: "en", record: None, key: None };
    let draft = act::open(&town.app, &town.tenant(), service, opening).await.unwrap();
    let actor = Actor { person: person.clone(), kind: ActorKind::Citizen, roles: Vec::new() };
    let answers = json!({ "kiosk_name": "Snacks", "owner": "Asha 234123412346", "size": 4, "place": "L1" });
    let command = Command::Fill { answers };
    let Err(Problem::Refused(Refusal::Answers(errors))) =
        act::act(&town.app, &town.tenant(), &draft.id, &actor, &command, None).await
    else {
        panic!("the number was taken")
    };
    let told: Vec<(&str, &str)> = errors.iter().map(|error| (error.path.as_str(), error.problem.word())).collect();
    assert_eq!(told, [("owner", "identity_number")]);
}

#[tokio::test]
async fn a_case_is_taken_given_and_returned() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let assign = format!("{}/assign", at(&case));
    let mut meera = staff(&town, "meera").await;
    meera
        .get(&at(&case))
        .await
        .expect(200, "Take it myself")
        .expect(200, "Now it is with nobody in particular.")
        .expect(200, "If you take it, it is with Meera Joshi (Market clerk).");
    meera.post(&assign, &[("to", "meera")]).await.expect(200, "With: Meera Joshi");
    meera.post(&assign, &[("to", "ravi")]).await.expect(200, "With: Ravi Negi");
    meera.post(&assign, &[("to", "inder")]).await.expect(422, "cannot take the next step");
    meera.get(&at(&case)).await;
    meera.post(&assign, &[("to", "nina")]).await.expect(422, "cannot take the next step");
    meera.get(&at(&case)).await;
    meera
        .post(&assign, &[("to", "")])
        .await
        .expect(422, "Choose to whom it goes.")
        .expect(422, "<title>Error:")
        .expect(422, "href=\"#to\"");
    assert_eq!(town.case(&case).await.assignee.as_deref(), Some("ravi"), "choosing nobody is a slip");
    meera.post(&assign, &[("release", "yes")]).await.expect(200, "With nobody yet");
    assert_eq!(town.case(&case).await.assignee, None);
    meera
        .get(&format!("{}?tab=timeline", at(&case)))
        .await
        .expect(200, "Given to Ravi Negi")
        .expect(200, "Returned to the pool");
}

#[tokio::test]
async fn a_note_is_for_the_staff_and_a_message_for_the_applicant() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let note = format!("{}/note", at(&case));
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&case)).await;
    meera.post(&note, &[("text", "Ask the <b>neighbour</b>."), ("audience", "inside")]).await.expect(200, "Done.");
    let message = [("text", "Please bring the original."), ("audience", "applicant")];
    meera
        .post(&note, &message)
        .await
        .expect(200, "The office has written to you about KIA/RVT/2026-27/000001")
        .expect(200, "Asha Rao, ******3210")
        .expect(200, "What was sent cannot be called back");
    assert!(
        !history(&town, &case)
            .await
            .iter()
            .any(|event| event.outcome["public"] == true && event.command["word"] == "note")
    );
    meera.submit(&[("text", "Please bring it.")]).await.expect(200, "Please bring it.").expect(200, "Who is told");
    meera.submit(&[("text", "Please bring the original.")]).await.expect(200, "Who is told");
    meera.submit(&[("text", "Please bring the original.")]).await.expect(200, "Done.");
    meera.get(&at(&case)).await;
    meera.post(&note, &[("text", "  "), ("audience", "inside")]).await.expect(422, "Write a comment.");
    meera.get(&at(&case)).await;
    meera.post(&note, &[("text", "x"), ("audience", "everybody")]).await.expect(400, "");
    let page = meera.get(&format!("{}?tab=timeline", at(&case))).await;
    page.expect(200, "Ask the &lt;b&gt;neighbour&lt;/b&gt;.")
        .expect(200, "Staff only")
        .expect(200, "Please bring the original.");
    let mut asha = crate::browser::Browser::new(&town);
    asha.sign_in("9876543210").await;
    let page = asha.get(&format!("/{TOWN}/cases/{case}")).await;
    page.expect(200, "Please bring the original.");
    assert!(!page.html.contains("neighbour"), "what is for the staff stays with the staff");
}

#[tokio::test]
async fn what_was_typed_beside_a_case_stays_when_it_is_refused() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut inder = staff(&town, "inder").await;
    inder.get(&format!("{}?tab=form", at(&case))).await;
    let note = inder.page.html.split("action=\"").find(|rest| rest.contains("/note")).unwrap().to_owned();
    let note = note[..note.find('"').unwrap()].replace("&#x3D;", "=");
    let long = "word ".repeat(1_000);
    let page = inder.post(&note, &[("text", &long), ("audience", "applicant")]).await.clone();
    page.expect(422, "<title>Error:").expect(422, "href=\"#text\"").expect(422, "word word");
    page.expect(422, "value=\"applicant\" checked").expect(422, "Your kiosk");
    let page = inder.post(&format!("{}/unmask?tab=form", at(&case)), &[("reason", "no")]).await;
    page.expect(422, "<title>Error:").expect(422, "href=\"#reason\"").expect(422, "value=\"no\"");
}

#[tokio::test]
async fn what_was_corrected_stands_beside_what_it_was() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&at(&case)).await;
    assert!(!page.html.contains("What was corrected"), "nothing was");
    meera.get(&format!("{}/act/ask", at(&case))).await;
    meera.submit(&[("comment", "Measure again.")]).await;
    let mut asha = crate::browser::Browser::new(&town);
    asha.sign_in("9876543210").await;
    asha.get(&format!("/{TOWN}/cases/{case}/form/kiosk?change=1")).await;
    let answers = [("kiosk_name", "Asha Snacks"), ("owner", "Asha Rao"), ("size", "9"), ("place", "L1")];
    asha.submit(&answers).await.expect(200, "Send the correction");
    asha.submit(&[]).await;
    assert_eq!(town.case(&case).await.state, *"checking");
    let page = meera.get(&at(&case)).await;
    page.expect(200, "What was corrected").expect(200, "How many square metres?").expect(200, "Applicant, 06/04/2026");
    let corrected = &page.html[page.html.find("What was corrected").unwrap()..];
    let row = &corrected[..corrected.find("</section>").unwrap()];
    assert!(row.contains(">4<") && row.contains(">9<") && !row.contains("Asha Snacks"), "{row}");
}

#[tokio::test]
async fn a_document_is_compared_and_what_was_found_is_kept() {
    let town = open().await;
    let mut asha = crate::browser::Browser::new(&town);
    asha.sign_in("9876543210").await;
    asha.get(&format!("/{TOWN}/services/kiosk")).await;
    asha.submit(&[]).await.expect(200, "Your kiosk");
    let case = asha.page.form_action().split('/').nth(3).unwrap().to_owned();
    let answers = [("kiosk_name", "Asha Snacks"), ("owner", "Asha Rao"), ("size", "4"), ("place", "L1")];
    asha.upload(&answers, ("proof", "card.png", "image/png", crate::files::PNG)).await.expect(200, "Send");
    asha.submit(&[]).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("{}?tab=documents", at(&case))).await.clone();
    page.expect(200, "card.png").expect(200, "Uploaded").expect(200, "150 %").expect(200, "What was answered");
    let file = page.link(&format!("{}?tab=documents&amp;file=", at(&case))).split("file=").nth(1).unwrap().to_owned();
    let turned = meera.get(&format!("{}?tab=documents&file={file}&zoom=200&turn=90", at(&case))).await;
    turned.expect(200, "z200 t90");
    let examine = format!("{}/files/{file}?tab=documents&file={file}", at(&case));
    let page = meera.post(&examine, &[("verdict", "differs"), ("finding", " ")]).await;
    page.expect(422, "Write why the document").expect(422, "href=\"#finding\"").expect(422, "id=\"finding-error\"");
    meera.get(&at(&case)).await;
    meera.post(&examine, &[("verdict", "differs"), ("finding", "Another name.")]).await.expect(200, "Does not fit");
    meera.page.expect(200, "Another name.").expect(200, "Meera Joshi");
    meera.post(&examine, &[("verdict", "fits"), ("finding", "")]).await.expect(200, "Verified");
    meera.get(&format!("{}?tab=timeline", at(&case))).await.expect(200, "Document does not fit: Proof of identity");
    meera.get(&format!("{}?tab=checks", at(&case))).await.expect(200, "Documents looked at: 1 of 1. Not fitting: 0.");
    let said: Vec<_> =
        history(&town, &case).await.into_iter().filter(|event| event.command["word"] == "examine").collect();
    assert_eq!((said.len(), &said[0].command["fits"], said[0].actor.as_str()), (2, &json!(false), "meera"));
    meera.get(&at(&case)).await;
    let unknown = format!("{}/files/0123456789abcdefghjkmnpqrs", at(&case));
    meera.post(&unknown, &[("verdict", "fits"), ("finding", "")]).await.expect(404, "");
}

#[tokio::test]
async fn cases_that_look_alike_are_listed_by_reason() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    applied(&town, Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "asha  snacks", place: "L3" }).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("{}?tab=checks", at(&case))).await;
    page.expect(200, "With the same name or number in the town").expect(200, "KIA/RVT/2026-27/000002");
    page.expect(200, "KIA/RVT/2026-27/000002 (same name or number)");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&format!("{}?tab=checks", at(&case))).await.expect(404, "Page not found");
}

#[tokio::test]
async fn similar_cases_stand_beside() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    applied(&town, Kiosk { name: "Asha Sweets", place: "L3", ..ASHA }).await;
    applied(&town, Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Bank Tea", place: "L1" }).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&at(&case)).await;
    page.expect(200, "KIA/RVT/2026-27/000002 (same applicant)").expect(200, "KIA/RVT/2026-27/000003 (same place)");
}

#[tokio::test]
async fn in_06_a_name_that_reads_as_another_is_pointed_at() {
    let town = open().await;
    let plain = applied(&town, ASHA).await;
    // The first letter is Cyrillic.
    let other = applied(&town, Kiosk { mobile: "9876543211", name: "\u{410}sha Snacks", ..ASHA }).await;
    let mut meera = staff(&town, "meera").await;
    for tab in ["", "?tab=form"] {
        meera.get(&format!("{}{tab}", at(&other))).await.expect(200, "Look closely at “\u{410}sha”");
        let page = meera.get(&format!("{}{tab}", at(&plain))).await.expect(200, "Asha Snacks").clone();
        assert!(!page.html.contains("Look closely"), "{}", page.text());
    }
}

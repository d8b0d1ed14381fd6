//! After it was sent: corrected, rated, reopened, ended by the clock.

use engine::base::{Name, Value};
use engine::case::{Actor, ActorKind, Command, Flag, Refusal};
use serde_json::json;
use server::act;
use server::problem::Problem;

use crate::apply::{STALL, begun, sent};
use crate::browser::Browser;
use crate::restart::change;
use crate::town::{TOWN, Town};

#[tokio::test]
async fn what_was_sent_back_is_corrected_and_sent_again() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    town.officer(&case, "clerk", "ask", "Which street?").await;
    town.work().await;
    assert!(town.messages().last().unwrap().body.contains("Which street?"));
    browser
        .get(&format!("/{TOWN}/cases/{case}"))
        .await
        .expect(200, "Which street?")
        .expect(200, "Check and send again");
    let change = browser.page.link(&format!("/{TOWN}/cases/{case}/form/stall"));
    browser.get(&change).await.expect(200, "Which street?");
    let mut corrected = STALL.to_vec();
    corrected[0] = ("stall_name", "Asha Snacks, Quay Street");
    browser.submit(&corrected).await.expect(200, "Check your answers").expect(200, "Send the correction");
    browser.submit(&[]).await;
    assert_eq!(town.case(&case).await.state, *"checking");
}

pub(crate) fn flag(page: &str, field: &str, remark: &str) -> Flag {
    let field = (!field.is_empty()).then(|| Name::new(field));
    Flag { page: Name::new(page), field, remark: remark.to_owned() }
}

pub(crate) async fn sent_back(town: &Town, case: &str, flags: Vec<Flag>) {
    let actor = Actor { person: "clerk-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("clerk")] };
    let command = Command::Act {
        action: Name::new("ask"),
        comment: "Two things.".to_owned(),
        answers: json!({}),
        assignee: None,
        seen: None,
        flags,
    };
    act::act(&town.app, &town.tenant(), case, &actor, &command, None).await.unwrap();
}

#[tokio::test]
async fn az_10_only_what_was_marked_can_be_corrected() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    sent_back(
        &town,
        &case,
        vec![flag("stall", "stall_name", "As on the board."), flag("stall", "kind", "You sell cloth.")],
    )
    .await;
    let at = format!("/{TOWN}/cases/{case}");
    browser
        .get(&at)
        .await
        .expect(200, "Two things.")
        .expect(200, "What is the stall called? – As on the board.")
        .expect(200, "You sell cloth.");
    let change = browser.page.link(&format!("{at}/form/"));
    let page = browser.get(&change).await;
    page.expect(200, "As on the board.")
        .expect(200, "You answered earlier: Asha Snacks")
        .expect(200, "You sell cloth.");
    for closed in ["name=\"size\"", "name=\"since.day\"", "name=\"place\""] {
        assert!(!page.html.contains(closed), "{closed} was not marked:\n{}", page.text());
    }
    // Another page is closed, and so is a question that a form might send all the same.
    browser.get(&format!("{at}/form/owners")).await.expect(200, "Check your answers");
    let check = browser.page.clone();
    assert!(!check.html.contains("/form/owners"), "only open pages have a link to change them");
    browser.get(&change).await;
    browser.submit(&[("stall_name", "Asha Cloth"), ("kind", "cloth"), ("size", "50")]).await.expect(200, "Asha Cloth");
    let kept = town.case(&case).await;
    assert_eq!(kept.answers.get("size"), Some(&Value::Int(4)), "what was not marked stays");
    assert_eq!(kept.answers.text("kind"), Some("cloth"));
    browser.get(&change).await.expect(200, "You answered earlier: Asha Snacks").expect(200, "value=\"Asha Cloth\"");
    browser.get(&format!("{at}/check")).await;
    browser.submit(&[]).await;
    let kept = town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.flags.len()), ("checking", 0));
}

#[tokio::test]
async fn a_marked_answer_may_open_further_questions() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    sent_back(&town, &case, vec![flag("stall", "kind", "Which?")]).await;
    let at = format!("/{TOWN}/cases/{case}");
    browser.get(&format!("{at}/form/stall")).await.expect(200, "Which?");
    browser.submit(&[("kind", "cloth")]).await;
    browser.get(&format!("{at}/form/stall")).await;
    browser.submit(&[("kind", "food")]).await.expect(200, "Which food?");
    browser.submit(&[("kind", "food"), ("food_kind", "Tea")]).await.expect(200, "Tea");
}

#[tokio::test]
async fn az_10_the_engine_refuses_what_was_not_marked() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    sent_back(&town, &case, vec![flag("owners", "", "Name all owners.")]).await;
    let actor = Actor { person: town.case(&case).await.applicant, kind: ActorKind::Citizen, roles: Vec::new() };
    let save = |page: &str, answers| Command::Save { page: Name::new(page), answers };
    let tried = async |command: Command| act::act(&town.app, &town.tenant(), &case, &actor, &command, None).await;
    let refused = tried(save("declaration", json!({ "declared": true }))).await;
    assert!(matches!(refused, Err(Problem::Refused(Refusal::NotEditable))), "{refused:?}");
    let refused = tried(Command::Fill { answers: json!({ "size": 40 }) }).await;
    assert!(matches!(refused, Err(Problem::Refused(Refusal::Answers(_)))), "{refused:?}");
    let at = format!("/{TOWN}/cases/{case}");
    browser.get(&at).await;
    let change = browser.page.link(&format!("{at}/form/"));
    browser.get(&change).await.expect(200, "Name all owners.").expect(200, "Who owns it");
}

#[tokio::test]
async fn what_was_done_is_read_before_it_is_rated() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    let actor = Actor { person: "f-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("foreman")] };
    for (action, answers) in
        [("look", json!({ "suspicion": "The neighbour" })), ("resolve", json!({ "repaired": "The bulb" }))]
    {
        let command = Command::Act {
            action: Name::new(action),
            comment: "Done.".to_owned(),
            answers,
            assignee: None,
            seen: None,
            flags: Vec::new(),
        };
        act::act(&town.app, &town.tenant(), &case, &actor, &command, None).await.unwrap();
    }
    let page = browser.get(&format!("/{TOWN}/cases/{case}")).await;
    page.expect(200, "What the office found and did").expect(200, "What was repaired?").expect(200, "The bulb");
    assert!(!page.html.contains("The neighbour"), "pages of the office stay inside");
}

#[tokio::test]
async fn the_office_and_the_applicant_write_to_each_other() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    town.work().await;
    let before = town.messages().len();
    let clerk = Actor { person: "clerk-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("clerk")] };
    for (text, to_applicant) in [("Come on Monday.", true), ("He seems to be away.", false)] {
        let note = Command::Note { text: text.to_owned(), to_applicant };
        act::act(&town.app, &town.tenant(), &case, &clerk, &note, None).await.unwrap();
    }
    town.work().await;
    let sent: Vec<_> = town.messages()[before..].iter().map(|message| message.body.clone()).collect();
    assert_eq!(
        sent,
        [format!(
            "The office has written to you about SPA/RVT/2026-27/000001. Read it here: http://localhost:8080/{TOWN}/cases/{case}"
        )]
    );
    let at = format!("/{TOWN}/cases/{case}");
    let page = browser.get(&at).await;
    page.expect(200, "Come on Monday.");
    assert!(!page.html.contains("He seems to be away."));
    let note = page.link(&format!("{at}/note"));
    browser.get(&note).await.expect(200, "Write to the office");
    browser.submit(&[("comment", "  ")]).await.expect(422, "Write a comment.");
    browser.submit(&[("comment", "I shall come at ten.")]).await.expect(200, "I shall come at ten.");
    town.work().await;
    assert_eq!(town.messages().len(), before + 1, "nobody is told of his own words");
    for _ in 0..20 {
        browser.get(&note).await;
        browser.submit(&[("comment", "Again.")]).await;
    }
    browser.page.expect(429, "Too many attempts");
}

#[tokio::test]
async fn what_is_overdue_can_be_appealed_against() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    let at = format!("/{TOWN}/cases/{case}");
    assert!(!browser.get(&at).await.html.contains("/appeal"));
    browser.get(&format!("{at}/appeal")).await.expect(404, "Page not found");
    for _ in 0..18 {
        town.wait_ms(86_400_000);
    }
    let mut later = Browser::new(&town);
    later.sign_in("9876543210").await;
    let appeal = later.get(&at).await.link(&format!("{at}/appeal"));
    let page = later.get(&appeal).await;
    for words in [
        "The time that the law gives",
        "Town clerk",
        "SPA/RVT/2026-27/000001",
        "06/04/2026",
        "23/04/2026",
        "1 Quay Street",
    ] {
        page.expect(200, words);
    }
}

#[tokio::test]
async fn a_report_is_rated_and_reopened() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await.expect(200, "Application received");
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    let at = format!("/{TOWN}/cases/{case}");
    browser.get(&at).await.expect(200, "A new lamp.").expect(200, "Rate the work").expect(200, "Open again");
    let page = browser.get(&format!("{at}/act/reopen")).await;
    page.expect(200, "Open again").expect(200, "It will then stand at: Being looked after");
    assert!(!page.html.contains("The foreman has your report."), "what has not happened is not told as done");
    browser.submit(&[("comment", " ")]).await.expect(422, "Write a comment.");
    browser.submit(&[("comment", "It is dark again.")]).await.expect(200, "Being looked after");
    town.officer(&case, "foreman", "resolve", "Another lamp.").await;
    browser.get(&format!("{at}/act/rate")).await.expect(200, "How many stars?");
    browser.submit(&[]).await.expect(422, "How many stars: please choose");
    let form = browser.page.clone();
    browser.submit(&[("stars", "4"), ("comment", "Good.")]).await.expect(200, "Closed");
    browser.page = form;
    browser.submit(&[("stars", "4"), ("comment", "Good.")]).await.expect(200, "Closed");
    assert_eq!(town.case(&case).await.answers.get("stars"), Some(&Value::Int(4)));
    browser.get(&format!("{at}/act/reopen")).await.expect(404, "Page not found");
}

#[tokio::test]
async fn what_can_be_done_next_stands_with_the_applications() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let report = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    let mine = format!("/{TOWN}/my?show=me");
    assert!(!browser.get(&mine).await.html.contains(&report), "the office has it");
    town.officer(&report, "foreman", "resolve", "A new lamp.").await;
    let page = browser.get(&mine).await;
    for words in ["Rate the work", "Open again", "until 16/04/2026", &format!("/cases/{report}/act/reopen")] {
        page.expect(200, words);
    }
    browser
        .get(&format!("/{TOWN}/cases/{report}"))
        .await
        .expect(200, "You have until 16/04/2026. After that: Closed.")
        .expect(200, "<span class=\"hint\">until 16/04/2026</span>");
    town.wait_ms(10 * 86_400_000);
    town.work().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    assert!(!browser.get(&mine).await.html.contains(&report), "its time is over");
    browser.get(&format!("/{TOWN}/my?show=closed")).await.expect(200, "This report is closed.");
}

/// The clock goes on from the state before, but the case came here today, and that is what its list says.
#[tokio::test]
async fn a_clock_that_goes_on_does_not_hide_when_the_case_came_to_its_state() {
    let town = Town::open()
        .await
        .again(|bundle| {
            let (hand, back) = ("by: foreman, to: working }", "by: foreman, to: waiting }\n");
            change(bundle, "report/workflow.yaml", hand, "by: foreman, counts_on: true, to: working }");
            let soon = "by: foreman, within: 3 days, to: waiting }\n      close: { after: 30 days, to: closed, done: Close }\n";
            change(bundle, "report/workflow.yaml", back, soon);
        })
        .await;
    let mut browser = Browser::new(&town);
    let report = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    let sent_ms = town.case(&report).await.entered_ms;
    town.wait_ms(2 * 86_400_000);
    town.officer(&report, "foreman", "hand", "").await;
    let case = town.case(&report).await;
    assert_eq!((case.entered_ms, case.clock_ms), (town.app.clock.now_ms(), Some(sent_ms)));
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    browser.get(&format!("/{TOWN}/my")).await.expect(200, "changed 08/04/2026, 10:00 am");
    // Four days after it was sent, and two after it was handed over.
    town.wait_ms(2 * 86_400_000);
    let actor = Actor { person: "foreman-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("foreman")] };
    let command = Command::Act {
        action: Name::new("give_back"),
        comment: String::new(),
        answers: json!({}),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    let late = act::act(&town.app, &town.tenant(), &report, &actor, &command, None).await;
    assert!(matches!(late, Err(Problem::Refused(Refusal::TooLate))), "{late:?}");
}

/// A clock that goes on would be due at once with what was to be said while the case was elsewhere.
#[tokio::test]
async fn a_reminder_whose_time_was_over_before_the_case_came_back_is_not_sent() {
    let town = Town::open()
        .await
        .again(|bundle| {
            let path = "report/workflow.yaml";
            change(bundle, path, "by: foreman, to: waiting }", "by: foreman, counts_on: true, to: waiting }");
            let hand = "done: Hand over again, by: foreman, to: working }";
            let remind = "      close: { after: 3 days, to: waiting, done: Close }";
            let on = "done: Hand over again, by: foreman, counts_on: true, to: working }";
            change(bundle, path, hand, &format!("{on}\n{remind}"));
        })
        .await;
    let mut reports = Vec::new();
    for mobile in ["9876543210", "9876543211"] {
        let mut browser = Browser::new(&town);
        let report = begun(&mut browser, mobile).await;
        browser.submit(&[("text", "The lamp is broken.")]).await;
        browser.submit(&[]).await;
        town.officer(&report, "foreman", "hand", "").await;
        town.officer(&report, "foreman", "give_back", "").await;
        reports.push(report);
    }
    let [stays, leaves] = &reports[..] else { panic!("{reports:?}") };
    town.wait_ms(86_400_000);
    town.officer(leaves, "foreman", "hand_again", "").await;
    town.wait_ms(3 * 86_400_000);
    town.work().await;
    town.officer(leaves, "foreman", "give_back", "").await;
    town.work().await;
    assert_eq!(town.case(stays).await.fired, [Name::new("close")]);
    let back = town.case(leaves).await;
    assert_eq!(back.state, Name::new("waiting"));
    assert!(back.fired.is_empty(), "{:?}", back.fired);
}

#[tokio::test]
async fn what_is_to_be_paid_and_by_when_stands_with_the_applications() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "approve", "").await;
    for at in [format!("/{TOWN}/my?show=me"), format!("/{TOWN}/cases/{case}")] {
        browser.get(&at).await.expect(200, "Pay ₹").expect(200, "to be paid by 06/05/2026");
    }
    browser.page.expect(200, "You have until 06/05/2026. After that: Lapsed.");
}

#[tokio::test]
async fn what_nobody_does_happens_by_itself() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    assert_eq!(town.work().await.cases, 0);
    town.wait_ms(10 * 86_400_000);
    assert_eq!(town.work().await.cases, 1);
    assert_eq!(town.case(&case).await.state, *"closed");
}

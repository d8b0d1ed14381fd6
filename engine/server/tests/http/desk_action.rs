//! An action is shown with everything it leads to, and then leads to exactly that.

use engine::base::Value;

use crate::apply::PDF;
use crate::browser::Page;
use crate::desk_town::{ASHA, applied, at, open, reported, staff, step, to_be_decided};
use crate::files::PNG;
use crate::town::{TOWN, Town};

fn act(case: &str, action: &str) -> String {
    format!("{}/act/{action}", at(case))
}

/// The words between two words of a page.
fn between(page: &Page, from: &str, to: &str) -> String {
    let text = page.text();
    let start = text.find(from).unwrap_or_else(|| panic!("no “{from}” in {text}")) + from.len();
    text[start..].split(to).next().unwrap().trim().to_owned()
}

async fn vouchers(town: &Town, case: &str) -> Vec<Vec<(String, i64)>> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    server::store::vouchers::by_case(&mut tx, case).await.unwrap().into_iter().map(|voucher| voucher.lines).collect()
}

#[tokio::test]
async fn what_was_shown_before_is_what_happens() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    town.work().await;
    let sent = town.messages().len();
    let mut omar = staff(&town, "omar").await;
    let page = omar.get(&act(&case, "approve")).await.clone();
    for words in [
        "To be decided",
        "Fee to be paid",
        "Asha Rao, ******3210",
        "4313001",
        "1401102",
        "₹1,150.00",
        "License fee",
        "If nothing happens until 06/05/2026",
        ": Not paid in time",
        "As soon as it is paid: Paid",
    ] {
        page.expect(200, words);
    }
    page.expect(200, "It cannot be undone").expect(200, "stands still until the applicant answers");
    let told = between(&page, "SMS", "What is posted");
    assert_eq!(
        told,
        format!("Pay Rs 1,150.00 for KIA/RVT/2026-27/000001 by 06/05/2026: http://localhost:8080/{TOWN}/cases/{case}")
    );
    assert_eq!((town.case(&case).await.version, vouchers(&town, &case).await.len()), (4, 0), "looking changes nothing");
    omar.submit(&[("penalty", ""), ("comment", "In order.")]).await.expect(200, "Done.").expect(200, "Fee to be paid");
    town.work().await;
    assert_eq!(
        town.messages()[sent..].iter().map(|message| message.body.as_str()).collect::<Vec<_>>(),
        [told.as_str()]
    );
    let posted = vouchers(&town, &case).await;
    assert_eq!(posted, [vec![("1401102".to_owned(), -115_000), ("4313001".to_owned(), 115_000)]]);
    assert_eq!(town.case(&case).await.acted.last().unwrap().1, "omar");
}

#[tokio::test]
async fn the_paper_that_will_follow_is_looked_at_as_a_specimen() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    let page = omar.get(&act(&case, "approve")).await.clone();
    page.expect(200, "To be looked at before you decide");
    let specimen = page.link(&format!("{}/specimen/license", act(&case, "approve")));
    let paper = omar.get(&specimen).await.clone();
    assert_eq!((paper.status, paper.headers["content-type"].as_str()), (200, "application/pdf"));
    assert!(paper.bytes.starts_with(b"%PDF-"));
    omar.get(&format!("{}/specimen/receipt", act(&case, "approve"))).await.expect(404, "");
    let mut meera = staff(&town, "meera").await;
    meera.get(&specimen).await.expect(403, "This is for another post.");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let issued = server::store::papers::by_case(&mut tx, &case).await.unwrap();
    assert!(issued.is_empty() && town.case(&case).await.version == 4, "looking issues nothing");
}

#[tokio::test]
async fn what_changes_the_amount_is_shown_again_before_it_is_done() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&act(&case, "approve")).await;
    let page = omar.submit(&[("penalty", "200"), ("comment", "Late.")]).await;
    for words in ["₹1,350.00", "Late.", "Reason for the penalty", "Your answers open a further question."] {
        page.expect(200, words);
    }
    assert!(!page.html.contains("There is a problem"), "a question that was not there is no mistake");
    assert_eq!(town.case(&case).await.state, *"deciding", "nothing is done yet");
    let reason = ("penalty_reason", "Built late");
    let page = omar.submit(&[("penalty", "300"), reason, ("comment", "Late.")]).await;
    page.expect(200, "₹1,450.00").expect(200, "if it is right, press “Approve” once more");
    assert_eq!(town.case(&case).await.state, *"deciding", "what is confirmed must be what was shown");
    omar.submit(&[("penalty", "200"), reason, ("comment", "Late.")]).await.expect(200, "₹1,350.00");
    omar.submit(&[("penalty", "200"), reason, ("comment", "Late.")]).await.expect(200, "Fee to be paid");
    let decided = town.case(&case).await;
    assert_eq!(decided.demands[0].total().to_string(), "1350.00");
    assert_eq!(decided.answers.get("penalty"), Some(&Value::Text("200".to_owned())));
}

#[tokio::test]
async fn the_reason_for_an_amount_needs_no_third_press() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&act(&case, "approve")).await;
    omar.submit(&[("penalty", "200"), ("comment", "")]).await.expect(200, "₹1,350.00");
    omar.submit(&[("penalty", "200"), ("penalty_reason", ""), ("comment", "")])
        .await
        .expect(422, "Reason for the penalty: please answer");
    omar.submit(&[("penalty", "200"), ("penalty_reason", "Late"), ("comment", "")]).await.expect(200, "Fee to be paid");
    assert_eq!(town.case(&case).await.demands[0].total().to_string(), "1350.00");
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_at_once_and_nothing_is_claimed() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&act(&case, "approve")).await;
    let page = omar.submit(&[("penalty", "fifty"), ("comment", "")]).await;
    page.expect(422, "There is a problem")
        .expect(422, "value=\"fifty\"")
        .expect(422, "What else follows depends on what you answer here");
    for claim in ["Nobody is told", "Nothing is posted", "No clock starts or stops", "Can it be undone?"] {
        assert!(!page.html.contains(claim), "it claims what is not known: {claim}");
    }
    assert_eq!(town.case(&case).await.state, *"deciding");
}

#[tokio::test]
async fn every_way_back_is_told() {
    let town = open().await;
    let case = crate::desk_town::reported(&town).await;
    let mut fatima = staff(&town, "fatima").await;
    let page = fatima.get(&act(&case, "resolve")).await;
    page.expect(200, "It can only be taken up again with “Open again”, by: Applicant (until 16/04/2026)");
    assert!(!page.html.contains("The case ends here."));
    let page = fatima.get(&act(&case, "hand")).await;
    page.expect(200, "It can be undone").expect(200, "With “Give back”, by: Foreman");
}

#[tokio::test]
async fn what_one_has_done_oneself_is_not_somebody_elses() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&act(&case, "forward")).await;
    meera.submit(&[("assignee", "")]).await.expect(200, "To be visited");
    let page = meera.get(&act(&case, "forward")).await;
    page.expect(409, "You have already done this.");
    assert!(!page.html.contains("Somebody was quicker"));
}

#[tokio::test]
async fn what_is_asked_must_be_answered() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&act(&case, "ask")).await.expect(200, "With the applicant");
    meera.submit(&[("comment", "  ")]).await.expect(422, "Write a comment.");
    meera.submit(&[("comment", &"x".repeat(2_001))]).await.expect(422, "The most is this many characters: 2000");
    meera.submit(&[("comment", "Which street?")]).await.expect(200, "With the applicant");
    let case = to_be_visited(&town).await;
    let mut inder = staff(&town, "inder").await;
    inder.get(&act(&case, "visited")).await.expect(200, "Measured square metres").expect(200, "To be decided");
    inder.submit(&[("measured", "many")]).await.expect(422, "write a whole number").expect(422, "value=\"many\"");
    inder.submit(&[("measured", "6"), ("kiosk_name", "Mine"), ("penalty", "9")]).await.expect(200, "To be decided");
    let now = town.case(&case).await;
    assert_eq!(
        (now.answers.text("kiosk_name"), now.answers.get("penalty")),
        (Some("Asha Snacks"), None),
        "only what the page asks is taken"
    );
}

#[tokio::test]
async fn def_07_a_rule_that_fails_is_told_in_plain_words_with_what_it_said_below() {
    let town = open().await;
    let case = to_be_visited(&town).await;
    step(&town, &case, ("inder", "inspector"), "visited", serde_json::json!({ "measured": 45 })).await;
    let mut omar = staff(&town, "omar").await;
    let page = omar.get(&act(&case, "approve")).await.clone();
    page.expect(200, "The fee could not be worked out from these answers")
        .expect(200, "<summary>Technical text, in English</summary>")
        .expect(200, "<p class=\"code\" lang=\"en\">fees.rhai, line 3, column");
    let summary = between(&page, "There is a problem", "To be decided");
    assert!(!summary.contains("so large a kiosk"), "what the rule said is not among the plain words: {summary}");
    omar.submit(&[("penalty", ""), ("comment", "In order.")])
        .await
        .expect(422, "The fee could not be worked out")
        .expect(422, "no fee is set for so large a kiosk")
        .expect(422, "In order.");
    let now = town.case(&case).await;
    assert_eq!((now.state.as_str(), now.demands.len(), now.version), ("deciding", 0, 4), "it stays where it is");
    assert!(vouchers(&town, &case).await.is_empty(), "a fee is never zero by accident");
    omar.get(&format!("{}?lang=hi", act(&case, "approve"))).await;
    omar.page.expect(200, "शुल्क की गणना नहीं हो सकी, इसलिए कुछ भी नहीं किया गया").expect(200, "तकनीकी विवरण");
}

#[tokio::test]
async fn two_people_who_fill_in_the_same_page_have_a_draft_each() {
    let town = open().await;
    let case = to_be_visited(&town).await;
    crate::desk_town::employ(&town, TOWN, ("indu", "Indu Rana"), ("kiosk", "inspector", "")).await;
    let (mut inder, mut indu) = (staff(&town, "inder").await, staff(&town, "indu").await);
    inder.get(&act(&case, "visited")).await;
    inder.submit(&[("measured", "about six")]).await.expect(422, "value=\"about six\"");
    let page = indu.get(&act(&case, "visited")).await;
    assert!(!page.html.contains("about six"), "what a colleague typed is not mine");
    indu.submit(&[("measured", "seven")]).await.expect(422, "value=\"seven\"");
    inder.get(&act(&case, "visited")).await.expect(200, "value=\"about six\"");
}

async fn to_be_visited(town: &Town) -> String {
    let case = applied(town, ASHA).await;
    step(town, &case, ("meera", "clerk"), "forward", engine::case::command::no_answers()).await;
    case
}

#[tokio::test]
async fn somebody_is_named_and_told() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&act(&case, "forward")).await;
    page.expect(200, "Who takes the next step?")
        .expect(200, "Inder Rawat (Market inspector)")
        .expect(200, "With “Back to the clerk”, by: Market inspector");
    meera.submit(&[("assignee", "omar")]).await.expect(422, "cannot take the next step");
    meera.submit(&[("assignee", "inder")]).await.expect(200, "With: Inder Rawat");
    town.work().await;
    assert!(town.messages().last().unwrap().body.contains("is to be visited"));
    let mut inder = staff(&town, "inder").await;
    inder.get(&format!("/{TOWN}/desk/inbox?with=me")).await.expect(200, "KIA/RVT/2026-27/000001");
}

#[tokio::test]
async fn con_01_of_two_officers_one_decides_and_the_other_is_told_who() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let (mut omar, mut olga) = (staff(&town, "omar").await, staff(&town, "olga").await);
    omar.get(&act(&case, "approve")).await;
    olga.get(&act(&case, "revisit")).await;
    omar.submit(&[("penalty", ""), ("comment", "")]).await.expect(200, "Fee to be paid");
    let page = olga.submit(&[("comment", "Measure <again>.")]).await;
    page.expect(409, "already been decided")
        .expect(409, "“Approve” by Omar Khan, Market officer at 06/04/2026, 10:00 am");
    page.expect(409, "Fee to be paid").expect(409, "Measure &lt;again&gt;.");
    olga.get(&act(&case, "revisit")).await.expect(409, "Omar Khan");
    let now = town.case(&case).await;
    assert_eq!((now.version, now.demands.len()), (5, 1), "one decision");
}

#[tokio::test]
async fn con_01_two_decisions_at_the_same_moment_leave_one() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let (mut omar, mut olga) = (staff(&town, "omar").await, staff(&town, "olga").await);
    omar.get(&act(&case, "approve")).await;
    olga.get(&act(&case, "approve")).await;
    let nothing = [("penalty", ""), ("comment", "")];
    tokio::join!(omar.submit(&nothing), olga.submit(&nothing));
    let mut statuses = [omar.page.status, olga.page.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{}\n{}", omar.page.text(), olga.page.text());
    assert_eq!(town.case(&case).await.version, 5);
    assert_eq!(vouchers(&town, &case).await.len(), 1);
}

#[tokio::test]
async fn con_02_what_changed_meanwhile_is_shown_and_the_words_are_kept() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let (mut meera, mut ravi) = (staff(&town, "meera").await, staff(&town, "ravi").await);
    ravi.get(&act(&case, "ask")).await;
    meera.get(&at(&case)).await;
    meera.post(&format!("{}/note", at(&case)), &[("text", "The street is known."), ("audience", "inside")]).await;
    let page = ravi.submit(&[("comment", "Which street?")]).await;
    page.expect(409, "This has changed since you opened it")
        .expect(409, "“Note for staff” by Meera Joshi")
        .expect(409, "Which street?");
    assert_eq!(town.case(&case).await.state, *"checking");
    ravi.submit(&[("comment", "Which street?")]).await.expect(200, "With the applicant");
}

#[tokio::test]
async fn pressing_twice_acts_once() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&act(&case, "forward")).await;
    let form = meera.page.clone();
    meera.submit(&[("assignee", "")]).await.expect(200, "To be visited");
    meera.page = form;
    meera.submit(&[("assignee", "")]).await.expect(200, "To be visited");
    assert_eq!(town.case(&case).await.version, 3);
}

#[tokio::test]
async fn ses_05_a_form_without_its_token_does_nothing() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&act(&case, "forward")).await;
    meera.post(&act(&case, "forward"), &[("_csrf", ""), ("assignee", "")]).await.expect(403, "");
    let mut ravi = staff(&town, "ravi").await;
    ravi.get(&at(&case)).await;
    let theirs = ravi.page.token();
    meera.get(&act(&case, "forward")).await;
    meera.post(&act(&case, "forward"), &[("_csrf", &theirs), ("assignee", "")]).await.expect(403, "");
    assert_eq!(town.case(&case).await.version, 2);
}

#[tokio::test]
async fn a_file_that_is_not_taken_hides_nothing_else_that_is_wrong() {
    let town = open().await;
    let case = reported(&town).await;
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&act(&case, "resolve")).await;
    let long = "x".repeat(101);
    let pdf = ("after_photo", "lamp.pdf", "application/pdf", PDF);
    let page = fatima.upload(&[("repaired", &long), ("comment", " ")], pdf).await;
    for words in [
        "After the work: the file must be one of JPG, PNG",
        "What was repaired: write at most this many characters: 100",
        "Write a comment.",
        &format!("value=\"{long}\""),
    ] {
        page.expect(422, words);
    }
    assert_eq!(town.case(&case).await.state, *"open");
    let photo = ("after_photo", "lamp.png", "image/png", PNG);
    fatima.upload(&[("repaired", "The lamp"), ("comment", "A new one.")], photo).await.expect(200, "Resolved");
}

#[tokio::test]
async fn what_is_to_be_corrected_is_marked_with_a_remark() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera
        .get(&act(&case, "ask"))
        .await
        .expect(200, "To be corrected: Your kiosk")
        .expect(200, "What is the kiosk called?");
    let marked = [("flag_field.kiosk_name", "As on the board."), ("flag_page.kiosk", "  ")];
    let mut answers = marked.to_vec();
    answers.push(("comment", ""));
    meera.submit(&answers).await.expect(422, "value=\"As on the board.\"");
    answers[2] = ("comment", "One thing.");
    meera.submit(&answers).await.expect(200, "Done.").expect(200, "With the applicant");
    let kept = town.case(&case).await;
    let flags: Vec<_> =
        kept.flags.iter().map(|flag| (flag.page.as_str(), flag.field.as_deref(), &*flag.remark)).collect();
    assert_eq!(flags, [("kiosk", Some("kiosk_name"), "As on the board.")]);
    meera.get(&format!("{}?tab=timeline", at(&case))).await.expect(200, "What is the kiosk called? – As on the board.");
}

#[tokio::test]
async fn a_sentence_is_ready_for_the_comment() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("{}/act/ask", at(&case))).await.expect(200, "No kiosk may be so large.");
    meera.submit(&[("comment", "Look:"), ("ready", "too_large"), ("_fill", "1")]).await;
    meera.page.expect(200, "Look:\nNo kiosk may be so large.</textarea>");
    assert_eq!(town.case(&case).await.state, *"checking", "nothing is done yet");
    let page = meera.get(&format!("{}/act/forward", at(&case))).await;
    assert!(!page.html.contains("Ready sentences"));
}

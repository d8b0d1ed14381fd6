//! Surveys: answered once, read at the desk, and in the database nothing that tells whose an answer is.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::base::Answers;
use engine::source::Bundle;
use serde_json::json;
use server::http::limits;
use server::store::surveys::{self as kept, Given};
use server::store::throttles;
use server::surveys;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::browser::Browser;
use crate::desk_town::{employ, staff};
use crate::nodes::on_postgresql_defined;
use crate::town::{STATE, TOWN, Town};

const MARKET: &str = r#"
format: 1
title: { en: Where should the market be?, hi: बाज़ार कहाँ हो? }
about: { en: The council decides in June., hi: परिषद जून में निर्णय करेगी। }
from: "2026-04-01"
until: "2026-04-30"
run_by: { service: report, role: foreman }
questions:
  spot: { label: Which place?, type: choice, options: { river: By the river, school: By the school } }
  shade: { label: Is there shade?, type: yes_no, when: spot == "river" }
  why: { label: Why there?, type: text, optional: true, max_length: 20 }
translations:
  hi:
    spot: { label: कौन सा स्थान?, options: { river: नदी के किनारे, school: विद्यालय के पास } }
    shade: क्या वहाँ छाया है?
    why: वहीं क्यों?
"#;

const HERE: &str = "/riverton/surveys/market";
const DAY_MS: i64 = 86_400_000;

fn with_survey(bundle: &mut Bundle) {
    bundle.add("tenants/aland/riverton/surveys/market.yaml", MARKET.as_bytes());
}

/// The same for anybody, who sees at once what came of it.
fn with_open_survey(bundle: &mut Bundle) {
    let open = format!("{MARKET}who: open\nresults: always\n");
    bundle.add("tenants/aland/riverton/surveys/market.yaml", open.into_bytes());
}

/// The same with a question that asks for a year.
fn with_year(bundle: &mut Bundle) {
    let year =
        "  since: { label: Since when?, type: number, min: 1900, max: 2100, grouped: false, optional: true }\n  why: {";
    let asked = MARKET.replacen("  why: {", year, 1).replacen("    why: ", "    since: कब से?\n    why: ", 1);
    bundle.add("tenants/aland/riverton/surveys/market.yaml", asked.into_bytes());
}

/// Texts that the database itself gives, past the store.
async fn told(town: &Town, sql: &str) -> Vec<String> {
    let (url, sql) = (town.app.config.database_or_own(), AssertSqlSafe(sql.to_owned()));
    if url.starts_with("postgres") {
        let mut conn = PgConnection::connect(&url).await.unwrap();
        let found = sqlx::query_scalar::<_, String>(sql).fetch_all(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        found
    } else {
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        let found = sqlx::query_scalar::<_, String>(sql).fetch_all(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        found
    }
}

fn mobile(number: usize) -> String {
    format!("98765432{number:02}")
}

/// Signs in and answers.
async fn answer<'a>(browser: &'a mut Browser<'_>, number: usize, why: &str) -> &'a crate::browser::Page {
    browser.sign_in(&mobile(number)).await;
    browser.get(HERE).await.expect(200, "Send my answers");
    browser.submit(&[("spot", "river")]).await.expect(200, "Is there shade?");
    browser.submit(&[("spot", "river"), ("shade", "yes"), ("why", why)]).await
}

#[tokio::test]
async fn people_answer_once_without_scripts_and_nothing_typed_is_lost() {
    let town = Town::defined(|_| (), with_survey).await;
    let mut browser = Browser::new(&town);
    let link = browser.get("/riverton").await.link("/riverton/surveys/market");
    browser.get(&link).await.expect(200, "What is your mobile number?");
    browser.sign_in(&mobile(1)).await;
    let page = browser.get(&link).await;
    for words in ["The council decides in June.", "so that whoever reads them cannot tell whose they are", "optional"] {
        page.expect(200, words);
    }
    assert!(!page.html.contains("Is there shade?"), "it is asked of those who name the river");
    browser.submit(&[("why", "It is near.")]).await.expect(422, "Which place?").expect(422, "It is near.");
    browser.submit(&[("spot", "river"), ("why", "It is near.")]).await.expect(200, "Is there shade?");
    let long = "It is nearer than the other.";
    browser.submit(&[("spot", "river"), ("shade", "yes"), ("why", long)]).await.expect(422, long);
    browser.submit(&[("spot", "river"), ("shade", "yes"), ("_lang", "hi")]).await.expect(200, "कौन सा स्थान?");
    browser.submit(&[("_lang", "en")]).await.expect(200, "Which place?");
    let form = browser.page.clone();
    browser.submit(&[("spot", "river"), ("shade", "yes"), ("why", "It is near.")]).await.expect(200, "Thank you.");
    browser.page = form;
    let again = browser.submit(&[("spot", "school"), ("why", "Or there.")]).await;
    again.expect(200, "You have answered this survey already.");
    browser.get(HERE).await.expect(200, "You have answered this survey already.");
    browser.get("/riverton/surveys/other").await.expect(404, "");
    browser.get(&format!("{HERE}/results")).await.expect(200, "Open now");
}

#[tokio::test]
async fn the_mean_of_years_is_read_as_a_year() {
    let town = Town::defined(|_| (), with_year).await;
    employ(&town, TOWN, ("fatima", "Fatima Ali"), ("report", "foreman", "")).await;
    for number in 1..=10 {
        let mut browser = Browser::new(&town);
        browser.sign_in(&mobile(number)).await;
        browser.get(HERE).await.expect(200, "Since when?");
        browser.submit(&[("spot", "school"), ("since", "2016")]).await.expect(200, "Thank you.");
    }
    let mut fatima = staff(&town, "fatima").await;
    let page = fatima.get("/riverton/desk/surveys/market").await.expect(200, "Since when?").expect(200, "2016");
    assert!(!page.html.contains("2,016"), "{}", page.text());
}

#[tokio::test]
async fn the_desk_sees_numbers_and_words_once_there_are_five() {
    let town = Town::defined(|_| (), with_survey).await;
    employ(&town, TOWN, ("fatima", "Fatima Ali"), ("report", "foreman", "")).await;
    employ(&town, TOWN, ("omar", "Omar Khan"), ("stall-permit", "clerk", "")).await;
    for number in 1..=9 {
        answer(&mut Browser::new(&town), number, &format!("<Reason> {number:02}")).await.expect(200, "Thank you.");
    }
    let mut fatima = staff(&town, "fatima").await;
    let list = fatima.page.link("/riverton/desk/surveys");
    let desk = fatima.get(&list).await.link("/riverton/desk/surveys/market");
    fatima.get(&desk).await.expect(200, "fewer than 5").expect(200, "Too few answers");
    assert!(!fatima.page.html.contains("Reason"), "four can work out what the fifth has said");
    answer(&mut Browser::new(&town), 10, "<Reason> 10").await.expect(200, "Thank you.");
    let page = fatima.get(&desk).await;
    for words in ["By the river", "100%", "Answered by 5"] {
        page.expect(200, words);
    }
    let said = (1..=10).filter(|number| page.html.contains(&format!("&lt;Reason&gt; {number:02}"))).count();
    assert_eq!((said, page.html.contains("<Reason>")), (5, false), "five of the ten, as they are typed");
    let file = fatima.get(&format!("{desk}/results.csv")).await;
    file.expect(200, "Which place?,By the river,5,100%");
    assert!(!file.html.contains("Reason"), "what was said in words stays on the page");
    let mut omar = staff(&town, "omar").await;
    assert!(!omar.page.html.contains("/riverton/desk/surveys"));
    omar.get(&desk).await.expect(403, "");
    // Whoever works for the town and is not signed in as a citizen answers nothing.
    omar.get(HERE).await.expect(200, "What is your mobile number?");
}

/// From what is kept nobody can tell whose an answer is, while the survey goes on and after it.
async fn nobody_can_pair(town: Town) {
    let mut people = BTreeSet::new();
    for number in 1..=9 {
        answer(&mut Browser::new(&town), number, &format!("Reason {number}")).await.expect(200, "Thank you.");
    }
    people.extend(told(&town, "select id from people where kind = 'citizen'").await);
    assert_eq!(people.len(), 9);
    // Nine wait together, sealed, and none is among the answers yet.
    assert!(told(&town, "select body from survey_answers").await.is_empty());
    let waiting = told(&town, "select body from survey_waiting").await;
    assert_eq!(waiting.len(), 1);
    assert!(!waiting[0].contains("Reason") && !waiting[0].contains("river"), "{waiting:?}");
    assert_eq!(told(&town, "select token from survey_tokens").await.len(), 9);
    answer(&mut Browser::new(&town), 10, "Reason 10").await.expect(200, "Thank you.");
    people.extend(told(&town, "select id from people where kind = 'citizen'").await);
    // Five came together, whichever they are; as many wait, so that the last group is no smaller.
    assert!(!told(&town, "select body from survey_waiting").await[0].contains("Reason"));
    let rows = told(&town, "select survey || ' ' || id || ' ' || body from survey_answers").await;
    let tokens = told(&town, "select token from survey_tokens").await;
    assert_eq!((rows.len(), tokens.len()), (5, 10));
    for row in &rows {
        assert!(people.iter().all(|person| !row.contains(person.as_str())), "{row} names a person");
        assert!(tokens.iter().all(|token| !row.contains(token.as_str())), "{row} has a key in common");
        assert!(!row.contains("Reason") && !row.contains("98765432"), "{row} is to be sealed");
    }
    for token in &tokens {
        assert!(people.iter().all(|person| !token.contains(person.as_str())), "{token} names a person");
    }
    if town.app.config.database_or_own().starts_with("postgres") {
        // PostgreSQL notes of each row which transaction wrote it.
        let of = |table: &str| format!("select distinct xmin::text from {table}");
        assert_eq!(told(&town, &of("survey_answers")).await.len(), 1, "all came with one transaction");
        assert_eq!(told(&town, &of("survey_tokens")).await.len(), 10, "each came with its own");
    }
    let spoken = told(&town, "select command from events where command like '%survey%'").await;
    assert!(spoken.is_empty(), "the chain has times: {spoken:?}");
    answer(&mut Browser::new(&town), 11, "Reason 11").await.expect(200, "Thank you.");
    let key = "select id from seal_keys where id like 'survey:%'";
    assert_eq!(told(&town, key).await.len(), 1);
    ended(&town, key).await;
}

/// When it is over, what waited is counted, and whatever told of persons is gone.
async fn ended(town: &Town, key: &str) {
    let person = told(town, "select id from people where kind = 'citizen'").await.swap_remove(0);
    let who = format!("person {person}");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(kept::has_answered(&mut tx, "market", &who).await.unwrap());
    drop(tx);
    assert_eq!(surveys::end_over(&town.app).await, 0, "it goes on");
    town.wait_ms(26 * DAY_MS);
    assert_eq!(surveys::end_over(&town.app).await, 1);
    assert_eq!(surveys::end_over(&town.app).await, 0, "once");
    for gone in ["select token from survey_tokens", "select body from survey_waiting", key] {
        assert!(told(town, gone).await.is_empty(), "{gone}");
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(!kept::has_answered(&mut tx, "market", &who).await.unwrap(), "nobody can find out any more");
    assert_eq!(kept::answers(&mut tx, "market").await.unwrap().len(), 11);
    drop(tx);
    let mut browser = Browser::new(town);
    browser.get(&format!("{HERE}/results")).await.expect(200, "By the river").expect(200, "100%");
    assert!(!browser.page.html.contains("Reason"), "what was said in words is for the office");
    browser.sign_in(&mobile(30)).await;
    browser.get(HERE).await.expect(200, "This survey cannot be answered today.");
}

#[tokio::test]
async fn priv_08_nobody_can_tell_whose_an_answer_to_a_survey_is() {
    Box::pin(nobody_can_pair(Town::defined(|_| (), with_survey).await)).await;
}

#[tokio::test]
async fn priv_08_nor_can_anybody_on_postgresql() {
    Box::pin(on_postgresql_defined(with_survey, nobody_can_pair)).await;
}

/// Fifteen answer at the same instant: none is lost, and two groups of five come among the others.
async fn all_are_kept(town: Town) {
    let (library, tenant) = (town.app.library.now(), town.tenant());
    let survey = &library.catalogue.surveys(TOWN)[0];
    let answers = Answers::from_json(&json!({ "spot": "school" }));
    let mut sent = Vec::new();
    for person in 0..15 {
        let (app, tenant, survey) = (Arc::clone(&town.app), Arc::clone(&tenant), Arc::clone(survey));
        let (who, answers) = (format!("person {person}"), answers.clone());
        sent.push(tokio::spawn(async move { surveys::give(&app, &tenant, &survey, &who, &answers).await }));
    }
    for one in sent {
        assert_eq!(one.await.unwrap().unwrap(), Given::Taken);
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(kept::answers(&mut tx, "market").await.unwrap().len(), 10);
}

#[tokio::test]
async fn answers_at_the_same_instant_are_all_kept() {
    all_are_kept(Town::defined(|_| (), with_survey).await).await;
}

#[tokio::test]
async fn so_they_are_on_postgresql() {
    on_postgresql_defined(with_survey, all_are_kept).await;
}

/// The open survey, which asks for the ward and shows its results by it.
fn with_wards(bundle: &mut Bundle) {
    let ward = "places: ward\nby_place: ward\nquestions:\n  ward: { label: Which ward?, type: place, level: ward }\n";
    let asked = MARKET.replace("questions:\n", ward).replace("  hi:\n", "  hi:\n    ward: कौन सा वार्ड?\n");
    let open = format!("{asked}who: open\nresults: always\n");
    bundle.add("tenants/aland/riverton/surveys/market.yaml", open.into_bytes());
}

#[tokio::test]
async fn priv_08_results_are_shown_by_ward_once_a_survey_has_ended_and_where_they_tell_of_nobody() {
    let town = Town::defined(|_| (), with_wards).await;
    employ(&town, TOWN, ("fatima", "Fatima Ali"), ("report", "foreman", "")).await;
    let (library, tenant) = (town.app.library.now(), town.tenant());
    let survey = &library.catalogue.surveys(TOWN)[0];
    for (ward, spot, from, until) in [("W1", "river", 0, 6), ("W1", "school", 6, 11), ("W2", "school", 11, 17)] {
        for person in from..until {
            let mut said = json!({ "ward": ward, "spot": spot });
            if spot == "river" {
                said["shade"] = json!(true);
            }
            let given =
                surveys::give(&town.app, &tenant, survey, &format!("{person}"), &Answers::from_json(&said)).await;
            assert_eq!(given.unwrap(), Given::Taken);
        }
    }
    let mut browser = Browser::new(&town);
    let results = format!("{HERE}/results");
    let page = browser.get(&results).await;
    assert!(!page.html.contains("By place"), "one answer more of a ward would be that of somebody there");
    town.wait_ms(26 * DAY_MS);
    browser.get(&results).await.expect(200, "By place").expect(200, "Ward 2 · Answered by 6");
    let mut fatima = staff(&town, "fatima").await;
    let file = fatima.get("/riverton/desk/surveys/market/results.csv").await;
    for line in [
        "Which place?,By the school,11,65%,",
        "Which place?,By the river,6,55%,Ward 1",
        "Which place?,By the school,5,45%,Ward 1",
        "Which place?,By the school,6,100%,Ward 2",
    ] {
        file.expect(200, line);
    }
}

#[tokio::test]
async fn a_town_counts_its_answers_only_so_often() {
    let town = Town::defined(|_| (), with_open_survey).await;
    let mut browser = Browser::new(&town);
    let results = format!("{HERE}/results");
    browser.get(&results).await.expect(200, "Too few answers");
    let (most, window_ms) = limits::SURVEY_RESULTS_IN_ALL;
    let mut tx = town.app.store.begin(STATE).await.unwrap();
    for _ in 1..most {
        let now_ms = town.app.clock.now_ms();
        throttles::hit(&mut tx, &format!("survey-results-in:{TOWN}"), now_ms, window_ms).await.unwrap();
    }
    tx.commit().await.unwrap();
    browser.get(&results).await.expect(429, "");
    town.wait_ms(window_ms + 1);
    browser.get(&results).await.expect(200, "Too few answers");
}

#[tokio::test]
async fn anybody_answers_an_open_survey_and_a_form_counts_once() {
    let town = Town::defined(|_| (), with_open_survey).await;
    let mut browser = Browser::new(&town);
    for _ in 0..9 {
        browser.get(HERE).await.expect(200, "Send my answers");
        browser.submit(&[("spot", "school")]).await.expect(200, "Thank you.");
    }
    let results = browser.page.link("/riverton/surveys/market/results");
    browser.get(HERE).await;
    let form = browser.page.clone();
    browser.submit(&[("spot", "school")]).await.expect(200, "Thank you.");
    browser.page = form;
    browser.submit(&[("spot", "school")]).await.expect(200, "Thank you.");
    browser.get(&results).await.expect(200, "Answered by 5").expect(200, "100%");
    browser.get(HERE).await;
    browser.submit(&[("spot", "river"), ("shade", "yes")]).await.expect(200, "Thank you.");
    // The eleventh waits with four others until there are ten: nobody can tell it by looking before and after.
    browser.get(&results).await.expect(200, "Answered by 5").expect(200, "100%");
}

//! What an officer may answer without moving the case.

use engine::base::Value;

use crate::desk_town::{ASHA, applied, at, open, staff};

#[tokio::test]
async fn an_officer_fills_in_a_page_that_the_state_lets_edit() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("{}/act/forward", at(&case))).await;
    meera.submit(&[("assignee", "inder")]).await;
    let page = format!("{}/edit/visit", at(&case));
    meera.get(&page).await.expect(409, "The answers cannot be changed at this stage.");
    let mut inder = staff(&town, "inder").await;
    let link = inder.get(&at(&case)).await.link(&page);
    inder.get(&link).await.expect(200, "Measured square metres");
    inder.submit(&[("measured", "many")]).await.expect(422, "value=\"many\"");
    inder
        .submit(&[("measured", "many"), ("_lang", "hi")])
        .await
        .expect(200, "value=\"many\"")
        .expect(200, "lang=\"hi\"");
    inder.submit(&[("measured", "7"), ("_lang", "en")]).await.expect(200, "value=\"7\"");
    assert_eq!(town.case(&case).await.answers.get("measured"), None, "nothing was saved");
    inder.get(&page).await.expect(200, "What the applicant declared").expect(200, "How many square metres?");
    inder.submit(&[("measured", "7")]).await.expect(200, "“Measured square metres”: – → 7");
    assert_eq!(town.case(&case).await.answers.get("measured"), None, "it is shown before it is kept");
    inder.submit(&[]).await.expect(200, "Done.").expect(200, "What the applicant declared");
    let kept = town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.answers.get("measured")), ("visiting", Some(&Value::Int(7))));
    inder.get(&page).await.expect(200, "value=\"7\"");
    inder.submit(&[("measured", "8")]).await.expect(200, "“Measured square metres”: 7 → 8");
    inder.submit(&[("reason", " ")]).await.expect(422, "Write a comment.");
    inder.submit(&[("reason", "The awning counts.")]).await.expect(200, "Done.");
    assert_eq!(town.case(&case).await.answers.get("measured"), Some(&Value::Int(8)));
    inder.get(&at(&case)).await.expect(200, "What was corrected").expect(200, "Measured square metres");
    inder
        .get(&format!("{}?tab=timeline", at(&case)))
        .await
        .expect(200, "Answered by an officer: What was seen")
        .expect(200, "The awning counts.");
    inder.get(&page).await;
    inder.submit(&[("measured", "7")]).await;
    inder.submit(&[("reason", "It does not.")]).await.expect(200, "Done.");
    inder.get(&format!("{}/act/visited", at(&case))).await.expect(200, "value=\"7\"");
    inder.get(&format!("{}/edit/adjustment", at(&case))).await.expect(409, "The answers cannot be changed");
    inder.get(&format!("{}/edit/kiosk", at(&case))).await.expect(409, "The answers cannot be changed");
}

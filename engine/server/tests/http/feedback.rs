//! How people found the pages: said by anybody, read at the desk.

use server::http::limits;

use crate::browser::Browser;
use crate::desk_town::{self, staff};

#[tokio::test]
async fn anybody_says_how_the_pages_were_and_the_desk_reads_it() {
    let town = desk_town::open().await;
    let mut browser = Browser::new(&town);
    let link = browser.get("/riverton").await.link("/riverton/feedback");
    browser.get(&format!("{link}?service=report")).await.expect(200, "Tell us how you found it");
    let form = browser.page.clone();
    browser.submit(&[("words", "The page was <slow>.")]).await.expect(422, "please choose");
    browser.page.expect(422, "The page was &lt;slow&gt;.</textarea>").expect(422, "name=\"service\" value=\"report\"");
    for _ in 0..2 {
        browser.page = form.clone();
        browser.submit(&[("stars", "4"), ("words", "The page was <slow>.")]).await.expect(200, "Thank you.");
    }
    browser.get(&link).await;
    browser.submit(&[("stars", "2"), ("service", "nothing")]).await.expect(200, "Thank you.");
    browser.get(&link).await;
    browser.submit(&[("stars", "9")]).await.expect(422, "please choose");
    let mut meera = staff(&town, "meera").await;
    let heard = meera.get("/riverton/desk").await.link("/riverton/desk/feedback");
    let page = meera.get(&heard).await;
    for words in ["Given so far: 2", "4 – Good", "The page was &lt;slow&gt;.", "Report"] {
        page.expect(200, words);
    }
    browser.get("/riverton/desk/feedback").await.expect(200, "Staff sign-in");
}

#[tokio::test]
async fn ops_03_nobody_floods_the_desk_with_stars() {
    let town = desk_town::open().await;
    let mut browser = Browser::new(&town);
    for _ in 0..limits::FEEDBACK.0 {
        browser.get("/riverton/feedback").await;
        browser.submit(&[("stars", "1")]).await.expect(200, "Thank you.");
    }
    browser.get("/riverton/feedback").await;
    browser.submit(&[("stars", "1")]).await.expect(429, "Too many attempts");
}

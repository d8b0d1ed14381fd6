//! The calendar of what can be reserved, for whoever looks and for whoever asks.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use engine::base::Name;
use engine::base::date::parse_day;
use engine::reserve::Block;
use engine::source::Bundle;
use serde_json::Value as Json;
use server::library;
use server::store::{By, slots};

use crate::browser::Browser;
use crate::town::{TOWN, Town};

/// Adds the rooms to what the towns offer.
pub(crate) fn with_rooms(bundle: &mut Bundle) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rooms = library::read_folder(&here.join("tests/rooms")).unwrap();
    for path in rooms.paths() {
        bundle.add(path, Arc::clone(rooms.bytes(path).unwrap()));
    }
    let state = "tenants/aland/tenant.yaml";
    let text = bundle.text(state).unwrap().replace("report, fair]", "report, fair, room]");
    bundle.add(state, text.into_bytes());
}

/// Somebody asks for the blue room on a day of April; the page that came of it.
async fn asks(browser: &mut Browser<'_>, mobile: &str, day: &str) {
    browser.sign_in(mobile).await;
    browser.get(&format!("/{TOWN}/services/room")).await.expect(200, "Which days are free");
    browser.submit(&[]).await.expect(200, "Which room?");
    let wish = [("room", "BLUE"), ("on_day.day", day), ("on_day.month", "4"), ("on_day.year", "2026")];
    browser.submit(&wish).await.expect(200, "Check your answers");
    browser.submit(&[]).await;
}

#[tokio::test]
async fn anybody_sees_which_days_are_free_and_nobody_who_has_them() {
    let town = Town::defined(|_| (), with_rooms).await;
    let mut stranger = Browser::new(&town);
    let calendar = format!("/{TOWN}/calendar/rooms?resource=BLUE&month=2026-04");
    stranger.get(&calendar).await.expect(200, "Blue room, April 2026").expect(200, "10/04/2026, Friday");
    assert!(!stranger.page.text().contains("Taken"));

    let mut asha = Browser::new(&town);
    asks(&mut asha, "9876543210", "10").await;
    asha.page.expect(200, "Application received");
    stranger.get(&calendar).await.expect(200, "Taken");
    assert!(!stranger.page.text().contains("RM/"), "nobody is told who has it");

    let by = By::system(town.app.clock.now_ms());
    let day = |text: &str| parse_day(text).unwrap();
    let block = Block {
        calendar: Name::new("rooms"),
        resource: "BLUE".to_owned(),
        from: day("2026-04-12"),
        until: day("2026-04-12"),
        reason: "Repair".to_owned(),
    };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    slots::close(&mut tx, by, "block-1", &block).await.unwrap();
    tx.commit().await.unwrap();
    let at = format!("/api/{TOWN}/calendars/rooms?resource=BLUE&month=2026-04");
    let page = Browser::new(&town).send(Request::get(at), Body::empty()).await;
    let told: Json = serde_json::from_str(&page.html).unwrap();
    // A program would take what it is told of another room, or another month, for what it asked.
    for (query, status) in [("resource=GREEN9", 404), ("month=April", 400), ("month=2026-13", 400), ("month=", 400)] {
        let at = format!("/api/{TOWN}/calendars/rooms?{query}");
        assert_eq!(Browser::new(&town).send(Request::get(at), Body::empty()).await.status, status, "{query}");
    }
    let state = |on: &str| {
        let days = told["days"].as_array().unwrap();
        days.iter().find(|one| one["day"] == on).map(|one| one["state"].clone()).unwrap()
    };
    assert_eq!(
        [state("2026-04-10"), state("2026-04-11"), state("2026-04-12")],
        [Json::from("taken"), Json::from("free"), Json::from("closed")]
    );
    let at = format!("/{TOWN}/calendar/rooms/days.ics?resource=BLUE");
    let file = Browser::new(&town).send(Request::get(at), Body::empty()).await;
    assert!(file.html.contains("DTSTART;VALUE=DATE:20260410\r\n"), "{}", file.html);
    assert_eq!(file.html.matches("BEGIN:VEVENT").count(), 1);
    stranger.get(&format!("/{TOWN}/calendar/nothing")).await;
    assert_eq!(stranger.page.status, 404);
}

#[tokio::test]
async fn on_the_last_day_of_a_month_the_calendar_begins_with_the_next() {
    let later = |bundle: &mut Bundle| {
        with_rooms(bundle);
        let text = bundle.text("room/service.yaml").unwrap();
        let text = text.replace("    calendar: rooms\n", "    calendar: rooms\n    ahead: 1 day to 180 days\n");
        bundle.add("room/service.yaml", text.into_bytes());
    };
    let town = Town::defined(|_| (), later).await;
    let mut stranger = Browser::new(&town);
    stranger.get(&format!("/{TOWN}/calendar/rooms")).await.expect(200, "Blue room, April 2026");
    town.wait_ms(24 * 86_400_000);
    stranger.get(&format!("/{TOWN}/calendar/rooms")).await.expect(200, "Blue room, May 2026");
    let today = format!("/{TOWN}/calendar/rooms?month=2026-04");
    stranger.get(&today).await.expect(200, "30/04/2026, Thursday").expect(200, "Too late");
}

#[tokio::test]
async fn whoever_comes_second_keeps_the_answers_and_is_told_what_is_free() {
    let town = Town::defined(|_| (), with_rooms).await;
    let mut asha = Browser::new(&town);
    asks(&mut asha, "9876543210", "10").await;
    asha.page.expect(200, "Application received");
    let mut ravi = Browser::new(&town);
    asks(&mut ravi, "9876543211", "10").await;
    ravi.page.expect(422, "Somebody else has it on 10/04/2026").expect(422, "09/04/2026, 11/04/2026, 12/04/2026");
    ravi.page.expect(422, "Blue room");

    // Half an hour later the room is free again, whether the clock has looked or not.
    let check = ravi.page.at.clone();
    town.wait_ms(16 * 60_000);
    for browser in [&mut asha, &mut ravi] {
        browser.get(&format!("/{TOWN}/my")).await.expect(200, "Room");
    }
    town.wait_ms(15 * 60_000);
    ravi.get(&check).await.expect(200, "Check your answers");
    ravi.submit(&[]).await.expect(200, "Application received");
    town.work().await;
    asha.get(&format!("/{TOWN}/my")).await.expect(200, "Lapsed");
}

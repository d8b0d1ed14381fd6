//! An officer for measurements.

use engine::base::date::parse_day;
use engine::case::Actor;
use engine::service::Service;
use server::auth::password;
use server::store::{By, appointments, people};

use crate::browser::Browser;
use crate::town::{TOWN, Town};

/// What the officer signs in with.
pub(crate) const LOGIN: &str = "officer";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Gives an officer the role of an actor, for the whole town.
pub(crate) async fn appoint(town: &Town, service: &Service, actor: &Actor) {
    let at_ms = town.app.clock.now_ms();
    let officer = people::Person {
        kind: "employee".to_owned(),
        mobile: None,
        login: Some(LOGIN.to_owned()),
        name: "Asha Rao".to_owned(),
        password_hash: Some(password::hash(PASSWORD, &town.app.chance).unwrap()),
        ..people::Person::newcomer("officer".to_owned(), String::new(), "en".to_owned(), at_ms)
    };
    let post = appointments::Appointment {
        person: officer.id.clone(),
        service: service.id.clone(),
        role: actor.roles[0].clone(),
        place: String::new(),
        from: parse_day("2020-01-01").unwrap(),
        until: None,
        departments: Vec::new(),
        most: None,
        held_for: None,
    };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    people::save(&mut tx, By::system(at_ms), &officer).await.unwrap();
    appointments::save(&mut tx, By::system(at_ms), &post).await.unwrap();
    tx.commit().await.unwrap();
}

/// The officer's browser, signed in.
#[allow(dead_code, reason = "one of the measurements comes over the network")]
pub(crate) async fn browser(town: &Town) -> Browser<'_> {
    let mut browser = Browser::new(town);
    browser.get(&format!("/{TOWN}/desk/sign-in")).await;
    browser.submit(&[("user", LOGIN), ("password", PASSWORD)]).await.expect(200, "");
    browser
}

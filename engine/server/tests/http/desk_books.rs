//! The books are closed up to a day by whoever answers for the money, and opened again by two such people.

use engine::base::Name;
use engine::base::date::MS_PER_DAY;
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use server::act;
use server::problem::Problem;
use server::store::appointments::THE_TOWN;
use server::store::closings;
use server::store::verify::verify;

use crate::desk_town::{ASHA, employ, open, staff, step, to_be_decided};
use crate::town::{TOWN, Town};

const WHY: (&str, &str) = ("reason", "The accounts are checked.");

fn books() -> String {
    format!("/{TOWN}/desk/books")
}

/// Omar decides; nothing can be booked on a day that is closed.
async fn approve(town: &Town, case: &str) -> Result<(), Problem> {
    let actor = Actor { person: "omar".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("officer")] };
    let command = Command::Act {
        action: Name::new("approve"),
        comment: "Seen.".to_owned(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    act::act(&town.app, &town.tenant(), case, &actor, &command, None).await.map(drop)
}

/// What is sent by whoever agrees to what was asked last.
async fn agreement(town: &Town) -> String {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    format!("agree-{}", closings::last(&mut tx).await.unwrap().unwrap().seq)
}

#[tokio::test]
async fn led_02_who_answers_for_the_money_closes_the_books_and_nothing_is_booked_there_any_more() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&books()).await.expect(200, "No books were closed yet.");
    omar.submit(&[("deed", ""), ("day", "05/04/2026"), WHY]).await.expect(422, "Choose what you want to do.");
    // Today is not over: whatever still comes in has a day to be booked on.
    omar.submit(&[("deed", "close"), ("day", "06/04/2026"), WHY]).await.expect(422, "Write a day that is over");
    omar.submit(&[("deed", "close"), ("day", "05/04/2026"), ("reason", " ")]).await.expect(422, "Write the reason");
    omar.submit(&[("deed", "close"), ("day", "05/04/2026"), WHY]).await.expect(200, "closed up to 05/04/2026");
    omar.submit(&[("deed", "close"), ("day", "04/04/2026"), WHY]).await.expect(422, "Write a day that is over");
    // A node whose clock is behind books nothing there either.
    let now_ms = town.app.clock.now_ms();
    town.app.clock.set(now_ms - MS_PER_DAY);
    let refused = approve(&town, &case).await.unwrap_err();
    assert!(matches!(refused, Problem::Refused(Refusal::BooksClosed)), "{refused:?}");
    assert_eq!(refused.status(), 409);
    town.app.clock.set(now_ms);
    step(&town, &case, ("omar", "officer"), "approve", command::no_answers()).await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn led_02_books_are_opened_again_by_a_second_person() {
    let town = open().await;
    let (mut omar, mut olga) = (staff(&town, "omar").await, staff(&town, "olga").await);
    omar.get(&books()).await;
    omar.submit(&[("deed", "close"), ("day", "31/03/2026"), WHY]).await.expect(200, "closed up to 31/03/2026");
    omar.submit(&[("deed", "ask"), ("day", "31/03/2026"), WHY]).await.expect(422, "Write a day before the one");
    omar.submit(&[("deed", "ask"), ("day", "28/02/2026"), WHY])
        .await
        .expect(200, "Asked to open the books after 28/02/2026")
        .expect(200, "closed up to 31/03/2026");
    let agree = agreement(&town).await;
    omar.submit(&[("deed", agree.as_str()), ("day", ""), WHY]).await.expect(403, "");
    olga.get(&books()).await.expect(200, "Agree that they are opened again");
    olga.submit(&[("deed", agree.as_str()), ("day", ""), WHY])
        .await
        .expect(200, "opened again; closed up to 28/02/2026");
    // Nobody asks any more.
    olga.get(&books()).await;
    olga.submit(&[("deed", agree.as_str()), ("day", ""), WHY]).await.expect(409, "");
    let page = olga.get(&books()).await;
    assert!(!page.html.contains("Agree that they are opened again"), "{}", page.text());
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn led_02_who_agrees_opens_what_was_on_the_page_and_no_more() {
    let town = open().await;
    let (mut omar, mut olga) = (staff(&town, "omar").await, staff(&town, "olga").await);
    omar.get(&books()).await;
    omar.submit(&[("deed", "close"), ("day", "31/03/2026"), WHY]).await.expect(200, "closed up to 31/03/2026");
    omar.submit(&[("deed", "ask"), ("day", "28/02/2026"), WHY]).await.expect(200, "after 28/02/2026");
    let agree = agreement(&town).await;
    olga.get(&books()).await.expect(200, &format!("value=\"{agree}\""));
    // While she reads it, all that was ever booked is asked for.
    omar.submit(&[("deed", "ask"), ("day", "31/03/2020"), WHY]).await.expect(200, "after 31/03/2020");
    olga.submit(&[("deed", agree.as_str()), ("day", ""), WHY]).await.expect(409, "");
    olga.get(&books()).await.expect(200, "closed up to 31/03/2026");
}

#[tokio::test]
async fn led_02_others_close_no_books_and_an_auditor_reads_when_they_were() {
    let town = open().await;
    employ(&town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    let (mut meera, mut tara) = (staff(&town, "meera").await, staff(&town, "tara").await);
    let token = meera.page.token();
    meera.get(&books()).await.expect(403, "");
    let fields = [("_csrf", token.as_str()), ("deed", "close"), ("day", "31/03/2026"), WHY];
    meera.post(&books(), &fields).await.expect(403, "");
    tara.get(&books()).await.expect(200, "No books were closed yet.");
    assert!(!tara.page.html.contains("name=\"deed\""), "{}", tara.page.text());
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(closings::last(&mut tx).await.unwrap(), None);
}

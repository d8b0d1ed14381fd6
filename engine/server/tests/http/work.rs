//! The worker: what breaks or waits for others holds nothing else up, and what is told about an event
//! is what was so then.

use std::sync::Arc;
use std::time::Duration;

use connectors::fault::Fault;
use connectors::message::{Message, Sent};
use connectors::{Answer, Messenger};
use engine::base::date::MS_PER_DAY;
use engine::case::{Actor, Command};
use server::store::{By, EVERYBODY, cases, jobs, papers};
use server::{act, work};

use crate::apply::{begun, sent};
use crate::browser::Browser;
use crate::restart::change;
use crate::town::{TOWN, Town};

/// Sends codes, and breaks over everything else.
struct Broken(Arc<dyn Messenger>);

impl Messenger for Broken {
    fn send<'a>(&'a self, message: &'a Message) -> Answer<'a, Sent, Fault> {
        assert_eq!(message.template, "code", "a mistake in the connector");
        self.0.send(message)
    }
}

/// Sends codes, and never comes back with anything else.
struct Silent(Arc<dyn Messenger>);

impl Messenger for Silent {
    fn send<'a>(&'a self, message: &'a Message) -> Answer<'a, Sent, Fault> {
        if message.template == "code" { self.0.send(message) } else { Box::pin(std::future::pending()) }
    }
}

async fn papers_of(town: &Town, case: &str) -> usize {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    papers::by_case(&mut tx, case).await.unwrap().len()
}

#[tokio::test]
async fn a_job_that_breaks_off_has_failed_and_the_others_are_done() {
    let town = Town::sending(|own| Arc::new(Broken(own))).await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    let done = work::run_due(&town.app).await.unwrap();
    assert_eq!((done.failed, papers_of(&town, &case).await), (1, 1));
    let mut tx = town.app.store.read(EVERYBODY).await.unwrap();
    let waiting = jobs::waiting(&mut tx).await.unwrap();
    assert_eq!((waiting[0].kind, waiting[0].state.as_str()), (jobs::Kind::Notice, "waiting"), "it is tried again");
}

#[tokio::test]
async fn a_carrier_that_does_not_answer_holds_no_paper_up() {
    let town = Town::sending(|own| Arc::new(Silent(own))).await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    let worker = tokio::spawn(work::run(Arc::clone(&town.app)));
    let mut issued = 0;
    for _ in 0..300 {
        issued = papers_of(&town, &case).await;
        if issued > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    worker.abort();
    assert_eq!(issued, 1, "the acknowledgement is issued while the message waits");
}

#[tokio::test]
async fn a_clock_that_cannot_be_looked_at_stands_back() {
    let town = Town::open()
        .await
        .again(|bundle| {
            let (old, new) = ("{ after: 10 days,", "{ after: 10 days, when: \"day(year(today), 2, 30) < today\",");
            change(bundle, "report/workflow.yaml", old, new);
        })
        .await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    town.wait_ms(10 * MS_PER_DAY);
    let now_ms = town.app.clock.now_ms();
    assert_eq!(town.work().await.cases, 0);
    let wake_ms = town.case(&case).await.wake_ms.unwrap();
    assert!(now_ms < wake_ms && wake_ms < now_ms + MS_PER_DAY, "it is looked at again, but not at once");
    // Whoever brings a command is not told that something else failed.
    let applicant = town.case(&case).await.applicant;
    let actor = Actor { person: applicant, kind: engine::case::ActorKind::Citizen, roles: Vec::new() };
    let note = Command::Note { text: "Thank you.".to_owned(), to_applicant: true };
    town.wait_ms(MS_PER_DAY);
    act::act(&town.app, &town.tenant(), &case, &actor, &note, None).await.unwrap();
}

#[tokio::test]
async fn con_05_a_clock_that_was_set_meanwhile_is_not_put_off() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    town.wait_ms(10 * MS_PER_DAY);
    let now_ms = town.app.clock.now_ms();
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    let due = cases::due_to_wake(&mut tx, now_ms, 9).await.unwrap().remove(0);
    for stale in
        [cases::Due { version: due.version - 1, ..due.clone() }, cases::Due { wake_ms: Some(1), ..due.clone() }]
    {
        assert!(!cases::put_off(&mut tx, By::system(now_ms), &stale, now_ms + 1).await.unwrap());
    }
    assert!(cases::put_off(&mut tx, By::system(now_ms), &due, now_ms + 1).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(town.case(&case).await.wake_ms, Some(now_ms + 1));
}

#[tokio::test]
async fn what_is_told_is_what_was_so_then() {
    let town = Town::open()
        .await
        .again(|bundle| {
            let path = "stall-permit/notifications/received.yaml";
            change(bundle, path, "is received.", "is received: {{state}}");
        })
        .await;
    let case = sent(&mut Browser::new(&town), "9876543210").await;
    // The message waits, and meanwhile the case goes on.
    town.officer(&case, "clerk", "forward", "").await;
    town.work().await;
    let told = town.messages().last().unwrap().body.clone();
    assert!(told.contains("is received: We are checking your answers."), "{told}");
}

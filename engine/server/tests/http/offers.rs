//! An application that somebody writes for another: whoever holds the permit that it names offers it to a number, and
//! who has that takes it over, or does not.

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command};
use server::act;

use crate::browser::Browser;
use crate::holders::{ASHA, KIRAN, beside, kiran, written};
use crate::town::{TOWN, Town};

/// An application that Kiran wrote, which names the own permit, offered to a number: the key of the case.
async fn offered(kiran: &mut Browser<'_>, number: &str, mobile: &str) -> String {
    let case = written(kiran, number).await;
    let owner = format!("/{TOWN}/cases/{case}/owner");
    kiran.page.expect(200, &format!("href=\"{owner}\""));
    kiran.get(&owner).await.expect(200, "For whom is the application?").expect(200, number);
    kiran.submit(&[("mobile", mobile)]).await.expect(200, "It waits for the applicant");
    case
}

#[tokio::test]
async fn what_was_written_for_another_is_taken_over_and_sent_by_that_person() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    let (at, offer) = (format!("/{TOWN}/cases/{case}"), format!("/{TOWN}/offered/{case}"));
    town.work().await;
    let told = town.messages();
    let told = told.iter().find(|message| message.template == "stall-permit/offer_message").unwrap();
    assert_eq!((told.to.as_str(), told.body.ends_with(&offer)), (ASHA, true), "{}", told.body);
    assert!(told.body.contains("Kiran Das"), "{}", told.body);

    // Nobody changes under the eyes of the other what was offered, and nobody sends it.
    let before = town.case(&case).await;
    kiran.get(&format!("{at}/form/stall")).await.expect(200, "It waits for the applicant");
    kiran.post(&format!("{at}/check"), &[]).await;
    assert_eq!(town.case(&case).await, before);

    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    let page = asha.get(&offer).await.clone();
    page.expect(200, "Kiran Das").expect(200, "Neighbour").expect(200, &number);
    assert!(!page.html.contains("Asha Snacks"), "what was written is shown before it is taken over");
    asha.submit(&[]).await.expect(422, "Choose whether it is yours");
    town.wait_ms(60_000);
    // What the writer declared is declared anew.
    asha.submit(&[("mine", "yes")]).await.expect(200, "What I have said is true");
    asha.submit(&[("beside", number.as_str()), ("declared", "yes")])
        .await
        .expect(200, "What stands between the stalls?");
    asha.submit(&[("fence", "")]).await.expect(200, "Check your answers");
    kiran.get(&at).await.expect(404, "Page not found");
    asha.submit(&[]).await.expect(200, "Application received");
    let after = town.case(&case).await;
    assert_eq!((after.offered.is_none(), after.applicant == before.applicant), (true, false));
    assert!(after.opened_ms > before.opened_ms, "what she asked to have erased before does not mean it");
    kiran.get(&at).await.expect(200, "Being checked").expect(200, "Neighbour");
    asha.get(&at).await.expect(200, "Taken over by the applicant");
}

#[tokio::test]
async fn whoever_presses_again_or_comes_back_is_led_to_what_was_taken_over() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    let offer = format!("/{TOWN}/offered/{case}");
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    let form = asha.get(&offer).await.clone();
    asha.submit(&[("mine", "yes")]).await.expect(200, "What I have said is true");
    let taken = town.case(&case).await;
    for (said, status, words) in [("yes", 200, "What I have said is true"), ("no", 409, "already, with other contents")]
    {
        asha.page = form.clone();
        asha.submit(&[("mine", said)]).await.expect(status, words);
    }
    asha.get(&offer).await.expect(200, "What I have said is true");
    assert_eq!(town.case(&case).await, taken, "it was taken over once");

    // To everybody else it is as little there as before, and to whoever wrote it.
    kiran.get(&offer).await.expect(404, "Page not found");
    let mut stranger = Browser::new(&town);
    stranger.sign_in("9876543218").await;
    stranger.get(&offer).await.expect(404, "Page not found");
    stranger.post(&offer, &[("mine", "yes")]).await;
    assert_eq!(town.case(&case).await, taken);
}

#[tokio::test]
async fn whoever_said_no_and_presses_again_or_comes_back_reads_that_it_stands() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    let (offer, owner) = (format!("/{TOWN}/offered/{case}"), format!("/{TOWN}/cases/{case}/owner"));
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    let form = asha.get(&offer).await.clone();
    asha.submit(&[("mine", "no")]).await.expect(200, "You have said that the application is not yours");
    let declined = town.case(&case).await;
    let other = "9876543218";
    for again in [true, false] {
        for (said, status, words) in [
            ("no", 200, "You have said that the application is not yours"),
            ("yes", 409, "already, with other contents"),
        ] {
            asha.page = form.clone();
            asha.submit(&[("mine", said)]).await.expect(status, words);
        }
        asha.get(&offer).await.expect(200, "It went back to whoever wrote it");
        // Nothing else of it is open to her, and to everybody else it is as little there as before.
        asha.get(&format!("/{TOWN}/cases/{case}/check")).await.expect(404, "Page not found");
        kiran.get(&offer).await.expect(404, "Page not found");
        if again {
            assert_eq!(town.case(&case).await, declined, "it was answered once");
            // She does not learn that somebody else is asked now.
            kiran.get(&owner).await;
            kiran.submit(&[("mobile", other)]).await.expect(200, "It waits for the applicant");
        }
    }
    let mut stranger = Browser::new(&town);
    stranger.sign_in("9876543217").await;
    stranger.get(&offer).await.expect(404, "Page not found");

    // Asked once more, she may answer otherwise.
    kiran.get(&owner).await;
    kiran.submit(&[]).await.expect(200, "Check your answers");
    kiran.get(&owner).await;
    kiran.submit(&[("mobile", ASHA)]).await.expect(200, "It waits for the applicant");
    asha.get(&offer).await.expect(200, "Kiran Das");
    asha.submit(&[("mine", "yes")]).await.expect(200, "What I have said is true");
}

#[tokio::test]
async fn what_is_not_taken_over_is_the_writers_again() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    let (check, owner) = (format!("/{TOWN}/cases/{case}/check"), format!("/{TOWN}/cases/{case}/owner"));
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    asha.get(&format!("/{TOWN}/offered/{case}")).await;
    asha.submit(&[("mine", "no")]).await.expect(200, "It went back to whoever wrote it");
    kiran.get(&check).await.expect(200, "Check your answers");

    kiran.get(&owner).await;
    kiran.submit(&[("mobile", "98765")]).await.expect(422, "Write all ten digits");
    kiran.submit(&[("mobile", KIRAN)]).await.expect(422, "This is your own number");
    let form = kiran.page.clone();
    kiran.submit(&[("mobile", ASHA)]).await.expect(200, "It waits for the applicant");
    let waiting = kiran.page.clone();
    kiran.page = form;
    kiran.submit(&[("mobile", ASHA)]).await.expect(200, "It waits for the applicant");
    assert!(town.case(&case).await.offered.is_some(), "a second press takes nothing back");
    kiran.page = waiting;
    kiran.submit(&[]).await.expect(200, "Check your answers");
    assert_eq!(town.case(&case).await.offered, None);
}

#[tokio::test]
async fn nobody_is_told_of_offers_again_and_again() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    let owner = format!("/{TOWN}/cases/{case}/owner");
    for status in [200, 200, 429] {
        kiran.get(&owner).await;
        kiran.submit(&[]).await.expect(200, "Check your answers");
        kiran.get(&owner).await;
        assert_eq!(kiran.submit(&[("mobile", ASHA)]).await.status, status);
    }
    assert_eq!(town.case(&case).await.offered, None);
}

/// Everything that is kept about whoever is signed in with this number.
async fn own_data(browser: &mut Browser<'_>, mobile: &str) -> String {
    browser.town.wait_ms(31_000);
    browser.get(&format!("/{TOWN}/my/data")).await;
    browser.submit(&[]).await.expect(200, "name=\"code\"");
    let code = browser.town.code(mobile);
    browser.submit(&[("code", &code)]).await.expect(200, "What is kept about me");
    let file = browser.get(&format!("/{TOWN}/my/data/file")).await;
    String::from_utf8(file.bytes.clone()).unwrap()
}

#[tokio::test]
async fn whoever_wrote_it_learns_nothing_of_the_other_from_what_is_kept() {
    let town = Town::defined(|_| (), beside).await;
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    town.work().await;
    let person = town.case(&case).await.offered.unwrap();
    let hides = |told: &str| {
        assert!(told.contains(&case), "{told}");
        assert!(!told.contains(&person) && !told.contains("has written an application"), "{told}");
    };
    hides(&own_data(&mut kiran, KIRAN).await);
    asha.get(&format!("/{TOWN}/offered/{case}")).await;
    asha.submit(&[("mine", "no")]).await;
    hides(&own_data(&mut kiran, KIRAN).await);

    // Nor from the page of the application, once the writer has sent it.
    kiran.get(&format!("/{TOWN}/cases/{case}/check")).await;
    kiran.submit(&[]).await.expect(200, "Application received");
    let page = kiran.get(&format!("/{TOWN}/cases/{case}")).await;
    page.expect(200, "Not taken over");
    assert!(!page.html.contains("******3210"), "{}", page.text());
}

#[tokio::test]
async fn nobody_at_the_counter_goes_on_with_what_is_offered() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    let clerk = Actor { person: "ravi".to_owned(), kind: ActorKind::Counter, roles: vec![Name::new("clerk")] };
    let note = Command::Note { text: "Called at the counter.".to_owned(), to_applicant: false };
    act::act(&town.app, &town.tenant(), &case, &clerk, &note, None).await.unwrap_err();
    kiran.get(&format!("/{TOWN}/cases/{case}/owner")).await;
    kiran.submit(&[]).await.expect(200, "Check your answers");
    act::act(&town.app, &town.tenant(), &case, &clerk, &note, None).await.unwrap();
}

#[tokio::test]
async fn az_02_a_draft_is_opened_by_whom_it_is_offered_to_and_nobody_else() {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = kiran(&town).await;
    let case = offered(&mut kiran, &number, ASHA).await;
    let offer = format!("/{TOWN}/offered/{case}");
    let mut stranger = Browser::new(&town);
    stranger.sign_in("9876543218").await;
    stranger.get(&offer).await.expect(404, "Page not found");
    kiran.get(&offer).await.expect(404, "Page not found");
    let before = town.case(&case).await;
    stranger.post(&offer, &[("mine", "yes")]).await;
    assert_eq!(town.case(&case).await, before);

    // Whoever holds no permit writes for nobody else.
    let own = written(&mut stranger, "").await;
    stranger.get(&format!("/{TOWN}/cases/{own}/owner")).await.expect(200, "Check your answers");
    stranger.post(&format!("/{TOWN}/cases/{own}/owner"), &[("mobile", ASHA)]).await;
    assert_eq!(town.case(&own).await.offered, None);
}

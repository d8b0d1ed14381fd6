//! Posts: given, ended and handed over by the town's administrator, on their day.

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use server::act;
use server::problem::Problem;
use server::store::appointments::{self, THE_TOWN};
use server::store::verify::verify;

use crate::browser::Browser;
use crate::desk_account::{codes, shown};
use crate::desk_town::{
    ASHA, PASSWORD, applied, at, employ, mobile_of, open, staff, staff_of, to_be_decided, to_be_paid,
};
use crate::town::{TOWN, Town};

/// The town with an administrator, who is signed in.
async fn administered(town: &Town) -> Browser<'_> {
    employ(town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    staff(town, "kamla").await
}

/// A second administrator decides what waits for somebody; gives the browser.
async fn second<'a>(town: &'a Town, person: &str, decision: &str) -> Browser<'a> {
    employ(town, TOWN, ("lata", "Lata Rana"), (THE_TOWN, "administrator", "")).await;
    let mut lata = staff(town, "lata").await;
    lata.get(&format!("/{TOWN}/desk/staff/{person}")).await;
    let waits = lata.page.link(&format!("/{TOWN}/desk/staff/{person}/waits/"));
    lata.get(&waits).await.expect(200, "Agree");
    assert!(!lata.page.html.contains("Another administrator has to agree first."), "she is the other");
    lata.submit(&[("decision", decision)]).await.expect(200, "What was changed");
    lata
}

/// What was told to somebody of the own account, in order.
fn told(town: &Town, person: &str) -> Vec<String> {
    let mobile = mobile_of(person);
    let messages = town.messages().into_iter();
    messages.filter(|sent| sent.template == "staff_account" && sent.to == mobile).map(|sent| sent.body).collect()
}

async fn is_whole(town: &Town) {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn az_14_only_the_administrator_of_the_town_appoints_and_nobody_himself() {
    let town = open().await;
    let mut kamla = administered(&town).await;
    kamla.page.expect(200, "Administrator of the town");
    kamla.get(&format!("/{TOWN}/desk/staff?q=MEE")).await.expect(200, "Meera Joshi");
    assert!(!kamla.page.html.contains("Omar Khan"));
    let mut meera = staff(&town, "meera").await;
    assert!(!meera.page.html.contains("/desk/staff"));
    for page in ["", "/new", "/omar", "/omar/appoint", "/omar/do/password"] {
        meera.get(&format!("/{TOWN}/desk/staff{page}")).await.expect(403, "");
    }
    let mut nina = staff_of(&town, "hilltop", "nina").await;
    nina.get(&format!("/{TOWN}/desk/staff")).await.expect(200, "Staff sign-in");
    // Not the own posts, and nobody of another town.
    kamla.get(&format!("/{TOWN}/desk/staff/kamla")).await.expect(200, "another administrator does");
    for page in ["/kamla/appoint", "/kamla/do/password"] {
        kamla.get(&format!("/{TOWN}/desk/staff{page}")).await.expect(403, "");
    }
    kamla.get(&format!("/{TOWN}/desk/staff/omar/appoint")).await.expect(200, "Appoint to a post");
    let token = kamla.page.token();
    let post = [("_csrf", token.as_str()), ("post", "kiosk|officer"), ("from", "06/04/2026")];
    kamla.post(&format!("/{TOWN}/desk/staff/kamla/appoint"), &post).await.expect(403, "");
    kamla.get(&format!("/{TOWN}/desk/staff/nina")).await.expect(404, "Page not found");
    // The office opens no case.
    let case = applied(&town, ASHA).await;
    kamla.get(&at(&case)).await.expect(404, "Page not found");
}

#[tokio::test]
async fn auth_11_a_first_password_is_changed_at_the_first_sign_in() {
    let town = open().await;
    let mut kamla = administered(&town).await;
    kamla.get(&format!("/{TOWN}/desk/staff/new")).await.expect(200, "A first password is made");
    kamla.submit(&[("name", ""), ("login", "a b"), ("mobile", "1")]).await.expect(422, "Write the name");
    kamla.submit(&[("name", "Jaya Rana"), ("login", "meera"), ("mobile", "")]).await.expect(422, "Somebody signs in");
    kamla.submit(&[("name", "Jaya Rana"), ("login", "Jaya.Rana"), ("mobile", "")]).await.expect(200, "Jaya Rana");
    let first = codes(&kamla.page).remove(0);
    let links = kamla.page.html.split("href=\"").skip(1).filter_map(|link| link.split('"').next());
    let link = links.map(str::to_owned).find(|link| link.ends_with("/appoint")).unwrap();
    let mut jaya = Browser::new(&town);
    jaya.get(&format!("/{TOWN}/desk/sign-in")).await;
    jaya.submit(&[("user", "jaya.rana"), ("password", &first)]).await.expect(200, "Somebody else has seen");
    jaya.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    jaya.submit(&[("user", "jaya.rana"), ("password", &first)]).await;
    jaya.submit(&[("new", "jaya.rana"), ("again", "jaya.rana")]).await.expect(422, "little more than your name");
    let own = "three blue kettles";
    jaya.submit(&[("new", own), ("again", own)]).await.expect(200, "My desk");
    let mut again = Browser::new(&town);
    again.get(&format!("/{TOWN}/desk/sign-in")).await;
    again.submit(&[("user", "jaya.rana"), ("password", &first)]).await.expect(422, "is not right");
    again.submit(&[("user", "jaya.rana"), ("password", own)]).await.expect(200, "My desk");
    // Whoever forgot it is given another, and is signed out.
    let person = link.trim_end_matches("/appoint").to_owned();
    kamla.get(&format!("{person}/do/password")).await.expect(200, "signed out everywhere");
    kamla.submit(&[]).await.expect(200, "It waits until");
    jaya.get(&format!("/{TOWN}/desk")).await.expect(200, "My desk");
    let lata = second(&town, person.rsplit('/').next().unwrap(), "agree").await;
    lata.page.expect(200, "First password, to be handed over");
    assert_ne!(codes(&lata.page)[0], first);
    jaya.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    is_whole(&town).await;
}

#[tokio::test]
async fn ses_03_whoever_is_barred_is_out_at_once() {
    let town = open().await;
    let (mut kamla, mut meera) = (administered(&town).await, staff(&town, "meera").await);
    kamla.get(&format!("/{TOWN}/desk/staff/meera/do/bar")).await;
    kamla.submit(&[]).await.expect(200, "Barred").expect(200, "Let sign in again");
    meera.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    meera.submit(&[("user", "meera"), ("password", PASSWORD)]).await.expect(422, "is not right");
    kamla.get(&format!("/{TOWN}/desk/staff/meera/do/let")).await;
    kamla.submit(&[]).await.expect(200, "Can sign in");
    staff(&town, "meera").await;
    is_whole(&town).await;
}

/// Appoints somebody on the page, to a post to which a second administrator agrees.
async fn appoint(kamla: &mut Browser<'_>, person: &str, fields: &[(&str, &str)]) {
    kamla.get(&format!("/{TOWN}/desk/staff/{person}/appoint")).await.expect(200, "Appoint to a post");
    kamla.submit(fields).await.expect(200, "It waits until");
    second(kamla.town, person, "agree").await;
    kamla.get(&format!("/{TOWN}/desk/staff/{person}")).await.expect(200, "What was changed");
}

#[tokio::test]
async fn az_14_nobody_gives_a_post_with_weight_alone() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut kamla = administered(&town).await;
    // What decides nothing and takes no money is given at once.
    kamla.get(&format!("/{TOWN}/desk/staff/fatima/appoint")).await.expect(200, "another administrator has agreed");
    kamla.submit(&[("post", "kiosk|inspector"), ("from", "06/04/2026")]).await.expect(200, "Market inspector");
    assert!(!kamla.page.html.contains("It waits until"), "{}", kamla.page.text());
    // One who can refuse an application, one who decides and takes money, and those of the town itself.
    for post in ["kiosk|clerk", "kiosk|officer", "*|officer", "-|administrator"] {
        kamla.get(&format!("/{TOWN}/desk/staff/ravi/appoint")).await;
        kamla.submit(&[("post", post), ("from", "07/04/2026")]).await.expect(200, "It waits until");
        // What is asked for twice waits once.
        kamla.get(&format!("/{TOWN}/desk/staff/ravi/appoint")).await;
        kamla.submit(&[("post", post), ("from", "07/04/2026")]).await;
        let waits = kamla.page.link(&format!("/{TOWN}/desk/staff/ravi/waits/"));
        assert_eq!(kamla.page.html.matches("/desk/staff/ravi/waits/").count(), 1, "{post}");
        kamla.get(&waits).await.expect(200, "The town has no other administrator.");
        assert!(!kamla.page.html.contains("value=\"agree\""), "{}", kamla.page.text());
        let form = kamla.page.clone();
        kamla.submit(&[("decision", "agree")]).await.expect(403, "");
        kamla.page = form;
        kamla.submit(&[("decision", "refuse")]).await.expect(200, "Refused: Appoint to a post");
        kamla.get(&waits).await.expect(404, "Page not found");
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(appointments::ever(&mut tx, "ravi").await.unwrap().len(), 1, "the post of before");
    drop(tx);
    // Whom it concerns has no word in it, administrator or not.
    kamla.get(&format!("/{TOWN}/desk/staff/fatima/appoint")).await;
    kamla.submit(&[("post", "kiosk|clerk"), ("from", "06/04/2026")]).await.expect(200, "It waits until");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&format!("/{TOWN}/desk/account")).await.expect(200, "Kamla Devi asked for it");
    assert!(!fatima.page.html.contains("/waits/"), "{}", fatima.page.text());
    second(&town, "fatima", "agree").await.page.expect(200, "Market clerk");
    fatima.get(&at(&case)).await.expect(200, "KIA/RVT");
    let told = told(&town, "fatima");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("asks that you be given a post") && told[1].contains("you were given a post"), "{told:?}");
    is_whole(&town).await;
}

#[tokio::test]
async fn az_14_two_administrators_open_somebodys_account() {
    let town = open().await;
    let mut kamla = administered(&town).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("/{TOWN}/desk/account/second")).await;
    omar.submit(&[("proof", PASSWORD)]).await.expect(200, "<svg");
    let code = shown(&town, "omar").await;
    omar.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    for (deed, words) in [("second", "authenticator"), ("password", "first password")] {
        for decision in ["refuse", "agree"] {
            kamla.get(&format!("/{TOWN}/desk/staff/omar/do/{deed}")).await.expect(200, "Another administrator has");
            kamla.submit(&[]).await.expect(200, "It waits until");
            omar.get(&format!("/{TOWN}/desk/account")).await.expect(200, "Kamla Devi asked for it");
            second(&town, "omar", decision).await;
        }
        // Refused twice it would still be there; agreed to, it ended the session.
        omar.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
        let told = told(&town, "omar");
        let last: Vec<bool> = told.iter().rev().take(3).map(|told| told.contains(words)).collect();
        assert_eq!(last, [true; 3], "{told:?}");
        if deed == "second" {
            // The password is as it was, and it alone signs in.
            omar = staff(&town, "omar").await;
        }
    }
    omar.submit(&[("user", "omar"), ("password", PASSWORD)]).await.expect(422, "is not right");
    is_whole(&town).await;
}

#[tokio::test]
async fn az_11_a_post_is_held_from_its_first_day_to_its_last() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut kamla = administered(&town).await;
    kamla.get(&format!("/{TOWN}/desk/staff/fatima/appoint")).await;
    for (fields, words) in [
        (vec![("post", ""), ("from", "06/04/2026")], "Choose a post"),
        (vec![("post", "kiosk|mayor"), ("from", "06/04/2026")], "Choose a post"),
        (vec![("post", "kiosk|clerk"), ("from", "05/04/2026")], "days that are over"),
        (vec![("post", "kiosk|clerk"), ("from", "soon")], "Write a day"),
        (vec![("post", "kiosk|clerk"), ("from", "08/04/2026"), ("until", "07/04/2026")], "before the first"),
        (vec![("post", "kiosk|clerk"), ("from", "08/04/2026"), ("place", "W9")], "Choose from the list"),
        (vec![("post", "kiosk|clerk"), ("from", "08/04/2026"), ("most", "much")], "Write an amount"),
    ] {
        kamla.submit(&fields).await.expect(422, words);
    }
    let fields = [("post", "kiosk|clerk"), ("from", "07/04/2026"), ("until", "08/04/2026"), ("place", "W1")];
    appoint(&mut kamla, "fatima", &fields).await;
    kamla.page.expect(200, "07/04/2026 to 08/04/2026").expect(200, "Ward 1");
    for (sees, status) in [(false, 404), (true, 200), (true, 200), (false, 404)] {
        let mut fatima = staff(&town, "fatima").await;
        fatima.get(&at(&case)).await.expect(status, if sees { "KIA/RVT" } else { "Page not found" });
        town.wait_ms(24 * 3_600_000);
    }
    is_whole(&town).await;
}

#[tokio::test]
async fn az_11_a_post_that_is_ended_is_gone_at_once() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let (mut kamla, mut meera) = (administered(&town).await, staff(&town, "meera").await);
    meera.get(&at(&case)).await.expect(200, "KIA/RVT");
    kamla.get(&format!("/{TOWN}/desk/staff/meera")).await.expect(200, "Market clerk");
    let end = kamla.page.link(&format!("/{TOWN}/desk/staff/meera/posts/"));
    kamla.get(&end).await.expect(200, "End the post");
    kamla.submit(&[("until", "01/04/2026")]).await.expect(422, "days that are over");
    kamla.submit(&[("until", "05/04/2026")]).await.expect(200, "Over");
    meera.get(&at(&case)).await.expect(404, "Page not found");
    kamla.get(&end).await.expect(404, "Page not found");
    is_whole(&town).await;
}

#[tokio::test]
async fn az_11_somebody_stands_in_until_the_stated_day_or_takes_the_charge_over() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut kamla = administered(&town).await;
    kamla.get(&format!("/{TOWN}/desk/staff/meera")).await;
    let lend = kamla.page.link(&format!("/{TOWN}/desk/staff/meera/posts/")).replace("/end", "/lend");
    kamla.get(&lend).await.expect(200, "Hand over the post");
    let typed = |kind: &'static str, to: &'static str, until: &'static str| {
        [("kind", kind), ("to", to), ("from", "06/04/2026"), ("until", until)]
    };
    kamla.submit(&typed("lend", "fatima", "")).await.expect(422, "needs a last day");
    kamla.submit(&typed("lend", "kamla", "07/04/2026")).await.expect(422, "Choose from the list");
    kamla.submit(&typed("lend", "meera", "07/04/2026")).await.expect(422, "Choose from the list");
    kamla.submit(&typed("lend", "fatima", "07/04/2026")).await.expect(200, "It waits until");
    second(&town, "fatima", "agree").await.page.expect(200, "In place of Meera Joshi");
    // Whoever prolongs it gives it: that is not done by ending it later.
    kamla.get(&format!("/{TOWN}/desk/staff/fatima")).await;
    let end = kamla.page.link(&format!("/{TOWN}/desk/staff/fatima/posts/"));
    kamla.get(&end).await.expect(200, "End the post");
    kamla.submit(&[("until", "01/05/2026")]).await.expect(422, "The post ends before that.");
    for (status, words) in [(200, "KIA/RVT"), (200, "KIA/RVT"), (404, "Page not found")] {
        staff(&town, "fatima").await.get(&at(&case)).await.expect(status, words);
        staff(&town, "meera").await.get(&at(&case)).await.expect(200, "KIA/RVT");
        town.wait_ms(24 * 3_600_000);
    }
    // On the 9th the charge is handed over.
    let mut kamla = staff(&town, "kamla").await;
    kamla.get(&lend).await.expect(200, "Hand over the post");
    let charge = [("kind", "charge"), ("to", "fatima"), ("from", "09/04/2026"), ("until", "")];
    kamla.submit(&charge).await.expect(200, "It waits until");
    staff(&town, "meera").await.get(&at(&case)).await.expect(200, "KIA/RVT");
    second(&town, "fatima", "agree").await;
    kamla.get(&format!("/{TOWN}/desk/staff/meera")).await.expect(200, "01/04/2026 to 08/04/2026");
    staff(&town, "fatima").await.get(&at(&case)).await.expect(200, "KIA/RVT");
    staff(&town, "meera").await.get(&at(&case)).await.expect(404, "Page not found");
    is_whole(&town).await;
}

async fn approves(town: &Town, case: &str, person: &str) -> Result<(), Problem> {
    let actor = Actor { person: person.to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("officer")] };
    let command = Command::Act {
        action: Name::new("approve"),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    act::act(&town.app, &town.tenant(), case, &actor, &command, None).await.map(|_| ())
}

#[tokio::test]
async fn az_07_a_post_goes_as_far_as_its_amount() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut kamla = administered(&town).await;
    // The fee is ₹1,150.
    for (person, most) in [("ravi", "1,149.99"), ("fatima", "1150")] {
        appoint(&mut kamla, person, &[("post", "kiosk|officer"), ("from", "06/04/2026"), ("most", most)]).await;
        kamla.page.expect(200, "Decides up to");
    }
    let refused = approves(&town, &case, "ravi").await.unwrap_err();
    assert!(matches!(refused, Problem::Refused(Refusal::AbovePower(most)) if most.paise() == 114_999), "{refused:?}");
    assert_eq!(refused.status(), 403);
    assert_eq!(town.case(&case).await.state, *"deciding");
    let mut ravi = staff(&town, "ravi").await;
    // It is told before it is confirmed, and to nobody whose post goes so far.
    let approve = format!("{}/act/approve", at(&case));
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&approve).await.expect(200, "Approve");
    assert!(!fatima.page.html.contains("You may decide up to"), "{}", fatima.page.html);
    ravi.get(&approve).await.expect(200, "You may decide up to ₹1,149.99");
    let fields = [("penalty", ""), ("comment", "In order.")];
    ravi.submit(&fields).await.expect(403, "You may decide up to ₹1,149.99");
    approves(&town, &case, "fatima").await.unwrap();
    assert_eq!(town.case(&case).await.state, *"payment");
    is_whole(&town).await;
}

#[tokio::test]
async fn az_07_whoever_decides_on_a_receipt_is_told_beforehand_that_it_goes_too_far() {
    let town = open().await;
    let mut kamla = administered(&town).await;
    appoint(&mut kamla, "fatima", &[("post", "kiosk|officer"), ("from", "06/04/2026"), ("most", "1,149.99")]).await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let cancel = format!("{}/cancel", omar.page.at);
    omar.get(&cancel).await.expect(200, "The receipt is taken back");
    omar.submit(&[("reason", "wrong_payer"), ("remark", "Wrong case.")]).await.expect(200, "Cancellation asked for");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&cancel).await.expect(200, "You may decide up to ₹1,149.99");
    fatima.submit(&[("decision", "approve")]).await.expect(403, "You may decide up to ₹1,149.99");
    // A post without an amount goes as far as it takes.
    let mut olga = staff(&town, "olga").await;
    olga.get(&cancel).await.expect(200, "Wrong case.");
    assert!(!olga.page.html.contains("You may decide up to"), "{}", olga.page.html);
    olga.submit(&[("decision", "approve")]).await.expect(200, "Cancellation agreed by");
    is_whole(&town).await;
}

#[tokio::test]
async fn whoever_keeps_the_installation_appoints_the_first_administrator() {
    let town = open().await;
    let tenant = town.tenant();
    let made = server::appoint::administrator(&town.app, &tenant, "kamla", "Kamla Devi").await.unwrap();
    let mut kamla = Browser::new(&town);
    kamla.get(&format!("/{TOWN}/desk/sign-in")).await;
    kamla.submit(&[("user", "kamla"), ("password", &made)]).await.expect(200, "Somebody else has seen");
    let own = "three blue kettles";
    kamla.submit(&[("new", own), ("again", own)]).await.expect(200, "My desk");
    kamla.get(&format!("/{TOWN}/desk/staff")).await.expect(200, "Meera Joshi");
    assert!(server::appoint::administrator(&town.app, &tenant, "A b", "").await.is_err());
    assert!(server::appoint::administrator(&town.app, &tenant, "nobody", "").await.is_err());
    let again = server::appoint::administrator(&town.app, &tenant, "kamla", "").await.unwrap();
    assert_ne!(again, made);
    kamla.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    is_whole(&town).await;
}

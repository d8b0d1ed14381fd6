//! What was owed long ago, as it was known then.

use engine::base::date::parse_day;
use engine::base::{Moment, Money};
use engine::billing::{ONLINE, Part, Payment};
use engine::case::{Actor, Command};
use server::bill_run::{self, Asked};
use server::store::{cases, records, verify};
use server::{act, dues, raise};

use crate::browser::Browser;
use crate::desk_town::{employ, staff};
use crate::dues::{NUMBER, public};
use crate::raise::permitted;
use crate::restart::change;
use crate::town::{TOWN, Town};

const SERVICE: &str = "stall-permit";
const REGISTRY: &str = "stall_permits";

fn set(town: &Town, day: &str, hour: i64) -> i64 {
    let at = Moment::at(parse_day(day).unwrap(), hour * 60, 330);
    town.app.clock.set(at.ms);
    at.ms
}

/// Bills the register for the year that begins on the first of April.
async fn year(town: &Town, year: i32) {
    let day = format!("{year}-04-01");
    set(town, &day, 1);
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, SERVICE).unwrap();
    let asked = raise::Asked { day: parse_day(&day).unwrap(), dry: false };
    let raised = raise::raise(&town.app, &town.tenant(), service, asked, |_| {}).await.unwrap();
    assert_eq!((raised.billed, raised.not.len()), (1, 0), "{year}: {raised:?}");
}

/// Money for the case by which the record is billed.
async fn pay(town: &Town, rupees: i64) {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let about = cases::about_record(&mut tx, REGISTRY, NUMBER).await.unwrap();
    drop(tx);
    let account = about.iter().find(|row| row.state == "billed" || row.state == "clear").unwrap();
    let (now_ms, amount) = (town.app.clock.now_ms(), Money::from_paise(rupees * 100).unwrap());
    let part = Part { amount, mode: ONLINE.to_owned(), reference: String::new(), instrument: None };
    let payment = Payment::of_one(format!("{rupees} at {now_ms}"), now_ms, part);
    act::act(&town.app, &town.tenant(), &account.id, &Actor::system(), &Command::Receive(payment), None).await.unwrap();
}

/// The bills of a day on paper, as they are known now or were at an instant.
async fn printed(town: &Town, day: &str, known_ms: Option<i64>) -> Vec<(String, Vec<u8>)> {
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, SERVICE).unwrap();
    let asked = Asked { day: parse_day(day).unwrap(), known_ms, record: None, language: "en" };
    let mut files = Vec::new();
    let keep = |name: &str, bytes: &[u8]| {
        files.push((name.to_owned(), bytes.to_vec()));
        Ok(())
    };
    let printed = bill_run::print(&town.app, &town.tenant(), service, asked, |_| {}, keep).await.unwrap();
    assert!(printed.not.is_empty(), "{:?}", printed.not);
    files
}

#[tokio::test]
async fn def_15_an_old_bill_comes_out_the_same_ten_years_later() {
    let town = Town::open().await.again(public).await;
    permitted(&town, "9876543210").await;
    year(&town, 2027).await;
    let noon_ms = set(&town, "2027-04-05", 12);
    let at_noon = printed(&town, "2027-04-05", None).await;
    assert_eq!(at_noon.len(), 1);
    set(&town, "2027-04-05", 15);
    pay(&town, 400).await;
    let night_ms = set(&town, "2027-04-05", 23);
    let at_night = printed(&town, "2027-04-05", None).await;
    assert_ne!(at_night, at_noon, "a part of it was paid meanwhile");

    // Dearer, and in other words.
    let town = town
        .again(|bundle| {
            public(bundle);
            change(bundle, "stall-permit/rates.yaml", "food: 1000", "food: 3000");
            change(bundle, "stall-permit/billing.yaml", "permit_fee: Permit fee", "permit_fee: Fee of the stall");
        })
        .await;
    for next in 2028..=2035 {
        year(&town, next).await;
        set(&town, &format!("{next}-07-01"), 10);
        pay(&town, if next == 2028 { 700 } else { 3_100 }).await;
    }
    set(&town, "2037-06-15", 11);
    assert_eq!(printed(&town, "2027-04-05", Some(noon_ms)).await, at_noon, "to the last octet");
    assert_eq!(printed(&town, "2027-04-05", Some(night_ms)).await, at_night);
    assert!(printed(&town, "2027-04-05", Some(0)).await.is_empty(), "nothing was known before");
    let now = printed(&town, "2027-04-05", None).await;
    assert!(now != at_noon && now != at_night);

    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(verify::verify(&mut tx, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn money_that_waited_is_known_to_have_waited() {
    let town = Town::open().await.again(public).await;
    permitted(&town, "9876543210").await;
    year(&town, 2027).await;
    set(&town, "2027-05-02", 10);
    pay(&town, 1_500).await;
    let before_ms = set(&town, "2028-03-31", 23);
    year(&town, 2028).await;
    let after_ms = town.app.clock.now_ms();
    set(&town, "2028-06-01", 10);
    pay(&town, 700).await;

    let library = town.app.library.now();
    let tenant = town.tenant();
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    // Before the new year 400 waited; the new bill drew on them; then it was paid.
    for (at_ms, total, credit) in [(before_ms, 0, 400), (after_ms, 700, 0), (town.app.clock.now_ms(), 0, 0)] {
        let known = dues::as_known(&town.app, &library, &tenant, &mut tx, (REGISTRY, NUMBER, at_ms)).await.unwrap();
        let bill = known.unwrap().bill(parse_day("2028-04-01").unwrap()).unwrap();
        assert_eq!((bill.total.paise(), bill.credit.paise()), (total * 100, credit * 100));
    }
    let record = records::load(&mut tx, REGISTRY, NUMBER).await.unwrap().unwrap();
    let present = dues::of(&town.app, &library, &tenant, &mut tx, record).await.unwrap();
    assert!(present.accounts.is_empty(), "nothing is owed, and nothing waits");
}

#[tokio::test]
async fn a_message_has_a_short_address_of_the_bill() {
    let short = |bundle: &mut engine::source::Bundle| {
        public(bundle);
        change(bundle, "stall-permit/workflow.yaml", "demand: add, notify: pay", "demand: add, notify: yearly");
        let words = "to: applicant\nsms: \"Rs {{demand.total}} are due for {{record.number}}: {{pay_link}}\"\n";
        bundle.add("stall-permit/notifications/yearly.yaml", words.as_bytes());
        let hindi = "notifications:\n  yearly: { sms: \"{{record.number}}: Rs {{demand.total}} {{pay_link}}\" }\n";
        change(bundle, "stall-permit/locales/hi.yaml", "notifications:\n", hindi);
    };
    let town = Town::open().await.again(short).await;
    permitted(&town, "9876543210").await;
    year(&town, 2027).await;
    town.work().await;
    let sent = town.messages();
    let message = sent.iter().rev().find(|message| message.template.ends_with("/yearly")).unwrap();
    let link = message.body.split_whitespace().last().unwrap();
    let path = &link[link.find("/riverton/b/").unwrap_or_else(|| panic!("no short address: {}", message.body))..];
    assert!(path.len() <= "/riverton/b/".len() + 10, "{path}");
    let mut anybody = Browser::new(&town);
    let page = anybody.get(path).await;
    page.expect(200, "To be paid: ₹1,100.00").expect(200, NUMBER).expect(200, "A*** R**");

    // The same record has the same address next year; one that is none counts, and leads nowhere.
    year(&town, 2028).await;
    town.work().await;
    let again = town.messages();
    let each: Vec<_> = again.iter().filter(|message| message.template.ends_with("/yearly")).collect();
    assert_eq!(each.len(), 2, "one message a year");
    assert!(each.iter().all(|message| message.body.ends_with(link)), "{}", each[1].body);
    for _ in 0..20 {
        anybody.get("/riverton/b/0000000000").await;
    }
    assert_eq!(anybody.get("/riverton/b/0000000000").await.status, 429, "nobody tries them out");
}

#[tokio::test]
async fn an_officer_prints_the_bill_of_another_day() {
    let town = Town::open().await.again(public).await;
    employ(&town, TOWN, ("meera", "Meera Joshi"), (SERVICE, "clerk", "")).await;
    permitted(&town, "9876543210").await;
    year(&town, 2027).await;
    set(&town, "2027-05-02", 10);
    pay(&town, 1_100).await;
    let mut clerk = staff(&town, "meera").await;
    let at = "/riverton/desk/registers/stall_permits/SP%2FRVT%2F2026-27%2F000001";
    assert!(!clerk.get(at).await.html.contains("000001/bill"), "nothing is owed now");
    clerk.get(&format!("{at}?on=2027-05-01")).await.expect(200, "/bill?on=2027-05-01");
    let paper = clerk.get(&format!("{at}/bill?on=2027-05-01")).await;
    assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF"), "{}", paper.text());
    assert!(!clerk.get(&format!("{at}?on=2027-05-02")).await.html.contains("000001/bill"), "it was paid on that day");
    clerk.get(&format!("{at}/bill?on=2027-05-02")).await.expect(404, "");
    clerk.get(&format!("{at}/bill?on=soon")).await.expect(400, "");
}

//! The list of cases: who sees which, how it is narrowed, and what leaves as a file.

use engine::base::Name;
use engine::base::date::parse_day;
use server::store::appointments::{self, Appointment};
use server::store::{By, events};

use crate::browser::Browser;
use crate::desk_town::{ASHA, Kiosk, applied, at, open, staff, step, to_be_decided, to_be_paid};
use crate::town::{TOWN, Town};

const RAVI: Kiosk<'static> = Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Mill Tea", place: "L3" };

fn inbox(query: &str) -> String {
    format!("/{TOWN}/desk/inbox{query}")
}

async fn two(town: &Town) -> (String, String) {
    (applied(town, ASHA).await, applied(town, RAVI).await)
}

/// How many cases the page counts behind a choice of what is marked.
fn behind<'a>(browser: &'a Browser<'_>, mark: &str) -> &'a str {
    let html = &browser.page.html;
    let from = html.find(&format!("name=\"marked\" value=\"{mark}\"")).unwrap();
    let choice = html[from..].split("</label>").next().unwrap();
    let (_, count) = choice.split_once("<b class=\"count\">").unwrap();
    count.trim_end_matches("</b>")
}

fn numbers(browser: &Browser<'_>) -> Vec<String> {
    let rows = browser.page.html.split("<th scope=\"row\"><a href=\"").skip(1);
    rows.map(|row| row[row.find('>').unwrap() + 1..row.find("</a>").unwrap()].to_owned()).collect()
}

#[tokio::test]
async fn a_case_is_shown_with_its_applicant_masked() {
    let town = open().await;
    let (asha, _) = two(&town).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&inbox("")).await;
    for words in
        ["KIA/RVT/2026-27/000001", "A*** R**", "Upper Bank", "Being checked", "06/04/2026", "09/04/2026", "3 days left"]
    {
        page.expect(200, words);
    }
    assert!(!page.html.contains("Asha Rao") && !page.html.contains("9876543210"), "the applicant is masked");
    page.expect(200, &format!("href=\"{}\"", at(&asha)));
    page.expect(200, "aria-sort=\"ascending\"");
}

#[tokio::test]
async fn everybody_sees_what_is_for_their_role_and_their_ward() {
    let town = open().await;
    two(&town).await;
    let mut ravi = staff(&town, "ravi").await;
    ravi.get(&inbox("")).await;
    assert_eq!(numbers(&ravi), ["KIA/RVT/2026-27/000001"], "a clerk of the first ward");
    let mut inder = staff(&town, "inder").await;
    inder.get(&inbox("")).await.expect(200, "No case fits");
    inder.get(&inbox("?scope=all")).await;
    assert_eq!(numbers(&inder).len(), 2, "everything of the service, though nothing is to be done");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&inbox("?scope=all")).await.expect(200, "No case fits");
}

#[tokio::test]
async fn az_11_an_appointment_that_is_over_shows_nothing_any_more() {
    let town = open().await;
    let (case, _) = two(&town).await;
    let day = |text: &str| parse_day(text).unwrap();
    let over = Appointment {
        person: "ravi".into(),
        service: "kiosk".into(),
        role: Name::new("clerk"),
        place: "W1".into(),
        from: day("2026-04-01"),
        until: Some(day("2026-04-06")),
        departments: Vec::new(),
        most: None,
        held_for: None,
    };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    appointments::save(&mut tx, By::system(0), &over).await.unwrap();
    tx.commit().await.unwrap();
    let mut ravi = staff(&town, "ravi").await;
    ravi.get(&at(&case)).await.expect(200, "KIA/RVT");
    town.wait_ms(86_400_000);
    let mut ravi = staff(&town, "ravi").await;
    ravi.get(&inbox("?scope=all")).await.expect(200, "No case fits");
    ravi.get(&at(&case)).await.expect(404, "Page not found");
}

#[tokio::test]
async fn filters_are_in_the_address_and_can_be_taken_away() {
    let town = open().await;
    let (asha, _) = two(&town).await;
    to_be_decided(&town, Kiosk { mobile: "9876543212", applicant: "Mira Lal", name: "Quay Juice", place: "L2" }).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&asha)).await;
    meera.post(&format!("{}/assign", at(&asha)), &[("to", "meera")]).await.expect(200, "With: Meera Joshi");
    meera.get(&inbox("?with=me")).await.expect(200, "With: With me");
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000001"]);
    meera.get(&inbox("?with=nobody&place=W2")).await.expect(200, "Place: Ward 2");
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000002"]);
    let without = meera.page.link(&inbox("?with=nobody"));
    meera.get(&without).await;
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000002"]);
    meera.get(&inbox("?scope=all&state=deciding")).await.expect(200, "State: To be decided");
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000003"]);
    meera.get(&inbox("?scope=all&sort=number&with=me&with=nobody")).await;
    assert_eq!(numbers(&meera).len(), 3);
    meera.get(&inbox("?from=2026-04-07")).await.expect(200, "No case fits").expect(200, "From: 07/04/2026");
    meera.get(&inbox("?from=2026-04-06&until=2026-04-06")).await;
    assert_eq!(numbers(&meera).len(), 2);
    meera.get(&inbox("?due=late")).await.expect(200, "No case fits");
    town.wait_ms(5 * 86_400_000);
    let mut meera = staff(&town, "meera").await;
    meera.get(&inbox("?due=late")).await.expect(200, "overdue by 2 days");
    meera
        .get(&inbox("?from=soon"))
        .await
        .expect(422, "“soon” is not a date. Write it as 31/03/2027.")
        .expect(422, "href=\"#from\"")
        .expect(422, "KIA/RVT/2026-27/000001");
    meera.get(&inbox("?from=07/04/2026")).await.expect(200, "No case fits").expect(200, "From: 07/04/2026");
    meera.get(&inbox(".csv?until=31/02/2026")).await.expect(422, "“31/02/2026” is not a date.");
}

#[tokio::test]
async fn a_search_finds_numbers_names_and_mobiles() {
    let town = open().await;
    two(&town).await;
    let mut meera = staff(&town, "meera").await;
    for (text, found) in [
        ("asha", 1),
        ("Mill T", 1),
        ("KIA/RVT/2026-27/000002", 1),
        ("kia/rvt", 2),
        ("9876543211", 1),
        ("nothing", 0),
        ("%", 0),
    ] {
        meera.get(&inbox("")).await;
        meera.post(&inbox(""), &[("q", text)]).await;
        assert_eq!(numbers(&meera).len(), found, "{text}");
    }
    meera.get(&inbox("?q=%3Cscript%3E")).await;
    assert!(!meera.page.html.contains("<script>"), "what is looked for is shown as text");
}

#[tokio::test]
async fn ops_04_a_page_has_twenty_five_cases() {
    let town = open().await;
    for n in 0..27 {
        applied(
            &town,
            Kiosk {
                mobile: &format!("98760000{n:02}"),
                applicant: "Asha Rao",
                name: &format!("Kiosk {n}"),
                place: "L1",
            },
        )
        .await;
    }
    let mut meera = staff(&town, "meera").await;
    meera.get(&inbox("?sort=number")).await.expect(200, "Showing 1 to 25 of 27");
    assert_eq!(numbers(&meera).len(), 25);
    let next = inbox("?sort=number&amp;page=2");
    assert!(meera.page.html.replace("&#x3D;", "=").contains(&next), "there is a second page");
    meera.get(&inbox("?sort=number&page=2")).await.expect(200, "Showing 26 to 27 of 27");
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000026", "KIA/RVT/2026-27/000027"]);
    meera.get(&inbox("?sort=number&page=3")).await.expect(200, "Showing 1 to 25 of 27");
}

#[tokio::test]
async fn in_05_a_file_holds_the_same_list_and_no_formulas() {
    let town = open().await;
    applied(&town, Kiosk { applicant: "=cmd|' /C calc'!A0", ..ASHA }).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("/{TOWN}/desk/inbox.csv?due=soon&due=later")).await.clone();
    assert_eq!(page.headers["content-type"], "text/csv; charset=utf-8");
    assert!(page.headers["content-disposition"].starts_with("attachment"));
    let lines: Vec<&str> = page.html.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2, "{}", page.html);
    assert!(lines[1].contains("KIA/RVT/2026-27/000001"));
    assert!(!lines[1].split(',').any(|cell| cell.trim_matches('"').starts_with(['=', '+', '@'])), "{}", lines[1]);
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let last = events::all(&mut tx, 0, 1_000).await.unwrap().pop().unwrap();
    assert_eq!((last.command["word"].as_str(), last.actor.as_str()), (Some("export"), "meera"), "who took it is kept");
}

#[tokio::test]
async fn the_file_says_what_is_owed_as_the_list_does() {
    let town = open().await;
    to_be_paid(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&inbox("?scope=all")).await.expect(200, "₹1,150.00 to be paid");
    let file = meera.get(&inbox(".csv?scope=all")).await.html.clone();
    let lines: Vec<&str> = file.lines().collect();
    assert!(lines[0].contains(",State,Fee,With,"), "{file}");
    assert!(lines[1].contains(",\"₹1,150.00 to be paid\","), "{file}");
}

#[tokio::test]
async fn priv_01_a_file_of_the_list_names_nobody_in_whole() {
    let town = open().await;
    applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("/{TOWN}/desk/inbox.csv?due=soon&due=later")).await;
    page.expect(200, "KIA/RVT/2026-27/000001");
    for told in [ASHA.mobile, ASHA.applicant, ASHA.name] {
        assert!(!page.html.contains(told), "{told} stands in {}", page.html);
    }
}

#[tokio::test]
async fn the_home_page_counts_what_waits() {
    let town = open().await;
    let (asha, _) = two(&town).await;
    to_be_paid(&town, Kiosk { mobile: "9876543212", applicant: "Mira Lal", name: "Quay Juice", place: "L2" }).await;
    step(&town, &asha, ("meera", "clerk"), "ask", engine::case::command::no_answers()).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("/{TOWN}/desk")).await;
    page.expect(200, "Kiosk License").expect(200, "Market clerk").expect(200, "Due first");
    let counts: Vec<&str> = page.html.split("<b>").skip(1).map(|rest| &rest[..rest.find("</b>").unwrap()]).collect();
    assert_eq!(counts, ["0", "1", "0", "0", "2"], "mine, nobody's, due soon, overdue, with the applicant");
    page.expect(200, "Collect at the counter").expect(200, "Registers").expect(200, "My work");
}

#[tokio::test]
async fn a_colleagues_cases_and_those_sent_back_are_filtered() {
    let town = open().await;
    let (asha, ravi) = two(&town).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&asha)).await;
    meera.post(&format!("{}/assign", at(&asha)), &[("to", "ravi")]).await;
    meera.get(&inbox("")).await.expect(200, "name=\"person\" value=\"ravi\"").expect(200, "Colleague");
    meera.get(&inbox("?person=ravi")).await.expect(200, "Colleague: Ravi Negi");
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000001"]);
    assert_eq!((behind(&meera, "back"), behind(&meera, "flagged")), ("0", "0"));
    meera.get(&inbox("?marked=back")).await.expect(200, "No case fits");
    meera.get(&format!("{}/act/ask", at(&ravi))).await;
    meera.submit(&[("comment", "Measure again."), ("flag_field.size", "It is larger.")]).await;
    for marked in ["back", "flagged"] {
        meera.get(&inbox(&format!("?marked={marked}"))).await.expect(200, "Marked: ");
        assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000002"], "{marked}");
        // Each is counted by itself, whichever of the two is chosen.
        assert_eq!((behind(&meera, "back"), behind(&meera, "flagged")), ("1", "1"), "{marked}");
    }
}

#[tokio::test]
async fn what_is_marked_is_counted_as_it_would_be_found() {
    let town = open().await;
    let (asha, ravi) = two(&town).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("{}/act/ask", at(&ravi))).await;
    meera.submit(&[("comment", "Measure again."), ("flag_field.size", "It is larger.")]).await;
    meera.get(&inbox("")).await;
    // What was sent back is not in the list of what is to be done, and is counted all the same.
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000001"]);
    assert_eq!((behind(&meera, "back"), behind(&meera, "flagged")), ("1", "1"));
    // The other filters narrow it as they narrow the list.
    meera.get(&inbox("?place=L3")).await;
    assert_eq!((behind(&meera, "back"), behind(&meera, "flagged")), ("1", "1"));
    meera.get(&inbox("?place=L1")).await;
    assert_eq!((behind(&meera, "back"), behind(&meera, "flagged")), ("0", "0"));
    // What waits for an applicant of whom nothing is to be corrected is one and not the other.
    step(&town, &asha, ("meera", "clerk"), "ask", engine::case::command::no_answers()).await;
    meera.get(&inbox("")).await;
    assert_eq!((behind(&meera, "back"), behind(&meera, "flagged")), ("2", "1"));
}

#[tokio::test]
async fn a_list_is_kept_under_a_name() {
    let town = open().await;
    two(&town).await;
    let mut meera = staff(&town, "meera").await;
    let here = inbox("?with=nobody&place=L3");
    meera.get(&here).await.expect(200, "Keep this list");
    let keep = format!("/{TOWN}/desk/views?with=nobody&place=L3");
    meera.post(&keep, &[("name", "")]).await.expect(422, "Write a name of at most 40 letters.");
    meera.get(&here).await;
    meera.post(&keep, &[("name", "Mill, free")]).await.expect(200, "Forget the list “Mill, free”");
    let link = meera.get(&inbox("")).await.expect(200, "Mill, free").link(&inbox("?place=L3"));
    meera.get(&link).await;
    assert_eq!(numbers(&meera), ["KIA/RVT/2026-27/000002"]);
    let mut omar = staff(&town, "omar").await;
    let page = omar.get(&inbox("")).await;
    assert!(!page.html.contains("Mill, free"), "each keeps his own");
    meera.post(&keep, &[("forget", "Mill, free")]).await;
    assert!(!meera.get(&inbox("")).await.html.contains("Mill, free"));
}

#[tokio::test]
async fn whoever_is_on_leave_is_shown_so() {
    let town = open().await;
    let (asha, _) = two(&town).await;
    let mut ravi = staff(&town, "ravi").await;
    let leave = format!("/{TOWN}/desk/leave");
    ravi.get(&leave).await.expect(200, "My leave");
    ravi.submit(&[("from", "06/04/2026"), ("until", "31/02/2026")]).await.expect(422, "Write a date");
    ravi.submit(&[("from", "06/04/2026"), ("until", "05/04/2026")]).await.expect(422, "The last day is before");
    ravi.submit(&[("from", "06/04/2026"), ("until", "10/04/2026"), ("stand_in", "fatima")]).await.expect(422, "");
    ravi.submit(&[("from", "06/04/2026"), ("until", "10/04/2026"), ("stand_in", "meera")])
        .await
        .expect(200, "on leave until 10/04/2026; Meera Joshi stands in");
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&asha)).await.expect(200, "Ravi Negi – on leave until 10/04/2026");
    meera.post(&format!("{}/assign", at(&asha)), &[("to", "ravi")]).await;
    meera.get(&inbox("")).await.expect(200, "Ravi Negi – on leave until 10/04/2026; Meera Joshi stands in");
    ravi.get(&leave).await.expect(200, "value=\"10/04/2026\"");
    ravi.submit(&[("from", ""), ("until", "")]).await;
    let page = meera.get(&inbox("")).await;
    assert!(!page.html.contains("on leave"), "it was taken back");
}

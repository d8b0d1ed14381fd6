//! What those who oversee a town see of it in figures: drawn, as tables and as a file, all the same.

use server::http::limits;
use server::store::appointments::THE_TOWN;
use server::store::verify;
use server::work::upkeep;

use crate::desk_town::{ASHA, Kiosk, applied, at, employ, open, reported, staff, step, to_be_paid};
use crate::town::{TOWN, Town};

const BRIJ: Kiosk<'static> = Kiosk { mobile: "9876500000", applicant: "Brij Lal", name: "Brij Toys", place: "L3" };
const CHET: Kiosk<'static> = Kiosk { mobile: "9876500001", applicant: "Chet Ram", name: "Chet Tea", place: "L2" };

/// Two applications in the first ward, of which one is refused, one in the second, and one that is nowhere.
async fn filled() -> Town {
    let town = open().await;
    applied(&town, ASHA).await;
    applied(&town, BRIJ).await;
    reported(&town).await;
    let refused = applied(&town, CHET).await;
    step(&town, &refused, ("meera", "clerk"), "reject", engine::case::command::no_answers()).await;
    employ(&town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    town
}

/// What is counted of a month, and of a ward.
const OF_A_MONTH: &[&str] = &["Received", "Decided"];
const OF_A_WARD: &[&str] = &["Open", "Overdue", "Decided"];
const OF_MONEY: &[&str] = &["Demand", "Collection", "Balance"];

/// The cells of a row of a table, as the page writes them: each says what it counts, for a narrow page.
fn cells(label: &str, of: &[&str], counts: &[impl std::fmt::Display]) -> String {
    let cell = |(of, count)| format!("<td class=\"num\" data-label=\"{of}\">{count}</td>");
    let counts: String = of.iter().zip(counts).map(cell).collect();
    format!("<tr><th scope=\"row\">{label}</th>{counts}</tr>")
}

#[tokio::test]
async fn what_was_received_and_what_is_open_is_counted_by_month_and_ward() {
    let town = filled().await;
    for login in ["tara", "kamla"] {
        let mut browser = staff(&town, login).await;
        let at = browser.get("/riverton/desk").await.link("/riverton/desk/figures");
        let page = browser.get(&at).await;
        page.expect(200, "from 01/05/2025 to 06/04/2026");
        for (month, counts) in [("05/2025", [0, 0]), ("04/2026", [4, 1])] {
            page.expect(200, &cells(month, OF_A_MONTH, &counts));
        }
        for (ward, counts) in [("Ward 1", [1, 0, 1]), ("Ward 2", [1, 0, 0]), ("No ward", [1, 0, 0])] {
            page.expect(200, &cells(ward, OF_A_WARD, &counts));
        }
        let bars = page.html.matches("data-count=\"").count();
        assert_eq!(bars, 12 * 2 + 3 * 3, "each number has its bar");
        assert!(!page.html.contains("Asha"), "nobody is named");
    }
}

#[tokio::test]
async fn the_file_has_the_same_figures() {
    let town = filled().await;
    let mut tara = staff(&town, "tara").await;
    let page = tara.get("/riverton/desk/figures.csv").await;
    page.expect(200, "Month,Received,Decided\r\n05/2025,0,0\r\n").expect(200, "\r\n04/2026,4,1\r\n");
    page.expect(200, "Ward,Open,Overdue,Decided\r\nWard 1,1,0,1\r\nWard 2,1,0,0\r\nNo ward,1,0,0\r\n");
    // Where there are no rows, it is said of what there are none.
    page.expect(
        200,
        "Ward,Demand,Collection,Balance\r\n\"What was to be paid in the financial year that began on 01/04/2026",
    );
    assert_eq!(page.headers["content-disposition"], "attachment; filename=\"figures.csv\"");
}

#[tokio::test]
async fn what_is_to_be_paid_came_in_and_is_owed_is_told_by_ward() {
    let town = open().await;
    employ(&town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    let paid = to_be_paid(&town, ASHA).await;
    to_be_paid(&town, BRIJ).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&paid))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await.expect(200, "KR/RVT/2026-27/000001");
    let mut tara = staff(&town, "tara").await;
    // Before anything was gathered, and from what was gathered.
    for _ in 0..2 {
        let page = tara.get("/riverton/desk/figures").await;
        page.expect(200, "financial year that began on 01/04/2026");
        page.expect(200, &cells("Ward 1", OF_MONEY, &["₹1,150.00", "₹1,150.00", "₹0.00"]));
        page.expect(200, &cells("Ward 2", OF_MONEY, &["₹1,150.00", "₹0.00", "₹1,150.00"]));
        let file = tara.get("/riverton/desk/figures.csv").await;
        file.expect(200, "Ward,Demand,Collection,Balance\r\nWard 1,1150.00,1150.00,0.00\r\n");
        file.expect(200, "\r\nWard 2,1150.00,0.00,1150.00\r\n");
        upkeep::gather(&town.app).await.unwrap();
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn az_01_figures_are_for_those_who_oversee_the_town() {
    let town = filled().await;
    let mut meera = staff(&town, "meera").await;
    assert!(!meera.get("/riverton/desk").await.html.contains("/desk/figures"), "it is not offered");
    for at in ["/riverton/desk/figures", "/riverton/desk/figures.csv"] {
        assert_eq!(meera.get(at).await.status, 403, "{at}");
    }
}

#[tokio::test]
async fn one_person_has_figures_reckoned_so_often_in_a_minute_and_keeps_nobody_else_from_them() {
    let town = filled().await;
    let (mut tara, mut kamla) = (staff(&town, "tara").await, staff(&town, "kamla").await);
    let (page, file) = ("/riverton/desk/figures", "/riverton/desk/figures.csv");
    let (most, window_ms) = limits::FIGURES;
    for _ in 0..most / 2 {
        tara.get(page).await.expect(200, "04/2026");
        tara.get(file).await.expect(200, "04/2026");
    }
    for at in [page, file] {
        let refused = tara.get(at).await;
        refused.expect(429, "Too many attempts");
        assert!(refused.headers.contains_key("retry-after"), "{at}");
    }
    kamla.get(page).await.expect(200, "04/2026");
    town.wait_ms(window_ms + 1);
    tara.get(page).await.expect(200, "04/2026");
}

//! A register that was kept elsewhere is taken over from a table.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use engine::base::Moment;
use engine::base::date::parse_day;
use engine::import::{Import, Wrong, find};
use engine::service::{Folders, Service};
use engine::source::{Bundle, Diagnostics};
use server::import::table::Table;
use server::import::{Asked, Judged, Why, in_words, judge, take_over};
use server::store::people::{self, Person};
use server::store::{By, Fate, Point, Seam, Store, cases, found, records, verify, vouchers};

use crate::browser::Browser;
use crate::raise;
use crate::town::{STATE, TOWN, Town};

const IMPORT: &str = "grant: permit
title: The book of stalls
owing: billed
settled: clear
number: No.
holder: Mobile
since: Since
answers:
  stall_name: Name of stall
  kind: { column: Sells, means: { Sabzi: food, Kapda: cloth } }
  size: Size
  place: Locality
  owners.name: Owner
amounts: { due: Due 2024-25, paid: Paid, balance: Balance 2024-25 }
owed:
  - { period: \"2024-04-01\", heads: { permit_fee: Balance 2024-25 } }
  - { period: \"2026-04-01\", heads: { permit_fee: Due this year } }
checks:
  - { that: balance == due - paid, otherwise: The balance is not what was due less what was paid }
";

const HEADINGS: &str =
    "No.,Mobile,Since,Name of stall,Sells,Size,Locality,Owner,Due 2024-25,Paid,Balance 2024-25,Due this year";

fn with_book(bundle: &mut Bundle) {
    raise::yearly(bundle);
    bundle.add("stall-permit/imports/book.yaml", IMPORT.as_bytes().to_vec());
    crate::restart::change(
        bundle,
        "stall-permit/postings.yaml",
        "receipt:",
        "opening: { debit: \"4313001\", credit: \"3101001\" }\nreceipt:",
    );
}

struct Book {
    town: Town,
    service: Arc<Service>,
    import: Import,
}

impl Book {
    async fn open() -> Self {
        Self::with(with_book).await
    }

    async fn with(definitions: impl FnOnce(&mut Bundle)) -> Self {
        let town = Town::open().await.again(definitions).await;
        let library = town.app.library.now();
        let service = Arc::clone(library.catalogue.service(TOWN, "stall-permit").unwrap());
        let mut wrong = Diagnostics::default();
        let import = find(&Folders::of_tenant(&library.bundle, STATE, TOWN), &service, "book", &mut wrong);
        let import = import.unwrap_or_else(|| panic!("{}", wrong.render(&library.bundle, "")));
        Self { town, service, import }
    }

    fn file(&self, rows: &str) -> PathBuf {
        let path = self.town.data.path().join("book.csv");
        std::fs::write(&path, format!("\u{feff}{HEADINGS}\r\n{rows}")).unwrap();
        path
    }

    async fn judged(&self, path: &Path) -> Judged {
        let tenant = self.town.tenant();
        let asked = Asked { tenant: &tenant, service: &self.service, import: &self.import };
        judge(&self.town.app, asked, Table::read(path, None).unwrap()).await.unwrap()
    }

    async fn taken_over(&self, path: &Path) -> Judged {
        let judged = self.judged(path).await;
        let tenant = self.town.tenant();
        let asked = Asked { tenant: &tenant, service: &self.service, import: &self.import };
        take_over(&self.town.app, asked, &judged, |_| ()).await.unwrap();
        judged
    }

    fn why(&self, judged: &Judged) -> Vec<(usize, String, String)> {
        let library = self.town.app.library.now();
        let words = library.words("en");
        let line = |bad: &server::import::BadRow| (bad.line, bad.column.clone(), in_words(words, &self.service, bad));
        judged.bad.iter().map(line).collect()
    }
}

const GOOD: &str = "S-1,98765 43210,01/04/2019,Ram Chaat,Sabzi,4,Mill Lane,Ram Lal,\"1,200\",0,\"1,200\",\n\
                    S-2,9876543211,2020-04-01,Cloth House,Cloth,6,Mill Lane,Mohan Das,500,500,0,\n\
                    S-2,,,,,,,Sohan Das,,,,\n\
                    S-3,,,Tea Corner,food,2,,,600,500,100,300.50\n";

#[tokio::test]
async fn a_table_becomes_records_with_what_is_owed() {
    let book = Book::open().await;
    let path = book.file(GOOD);
    let judged = book.taken_over(&path).await;
    assert_eq!((judged.rows, judged.good.len(), judged.bad.len()), (4, 3, 0), "{:?}", book.why(&judged));

    let mut tx = book.town.app.store.read(TOWN).await.unwrap();
    let first = records::load(&mut tx, "stall_permits", "S-1").await.unwrap().unwrap();
    assert_eq!(first.answers.to_json()["kind"], "food");
    assert_eq!(first.valid_from, parse_day("2019-04-01").unwrap());
    let second = records::load(&mut tx, "stall_permits", "S-2").await.unwrap().unwrap();
    assert_eq!(second.answers.to_json()["kind"], "cloth", "the word of an option stands for its code");
    assert_eq!(second.answers.to_json()["owners"].as_array().unwrap().len(), 2, "rows of one number are one record");
    assert!(!first.holder.is_empty() && first.holder != second.holder);
    let third = records::load(&mut tx, "stall_permits", "S-3").await.unwrap().unwrap();
    assert_eq!(third.holder, "", "without a mobile number it belongs to nobody yet");
    for (text, field) in [("s-2", "number"), ("9876543211", "holder")] {
        let found = found::with_term(&mut tx, "stall_permits", text, 5).await.unwrap();
        assert!(found.contains(&("S-2".to_owned(), field.to_owned())), "{text} finds {found:?}");
    }

    let case = |number: &'static str| async {
        let mut tx = book.town.app.store.read(TOWN).await.unwrap();
        let row = cases::about_record(&mut tx, "stall_permits", number).await.unwrap().remove(0);
        cases::load(&mut tx, &row.id).await.unwrap().unwrap()
    };
    assert_eq!(case("S-1").await.state, *"billed");
    assert_eq!(case("S-2").await.state, *"clear", "nothing is owed");
    let account_of_third = case("S-3").await;
    let owed: Vec<_> = account_of_third.demands.iter().map(|demand| (demand.opening, demand.owed().paise())).collect();
    assert_eq!(owed, [(true, 10_000), (false, 30_050)], "a period that is not over is income of this year");

    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);
    let sums = vouchers::trial_balance(&mut tx, None, None, None).await.unwrap();
    let account =
        |code: &str| sums.iter().find(|sum| sum.account == code).map(|sum| (sum.debit_paise, sum.credit_paise));
    assert_eq!(account("4313001"), Some((160_050, 0)));
    assert_eq!(account("3101001"), Some((0, 130_000)));
    assert_eq!(account("1401102"), Some((0, 30_050)));
}

#[tokio::test]
async fn records_that_have_an_account_and_one_that_has_none_are_billed_together() {
    let book = Book::open().await;
    raise::permitted(&book.town, "9876543219").await;
    book.taken_over(&book.file(GOOD)).await;
    let new_year = parse_day("2027-04-01").unwrap();
    book.town.app.clock.set(Moment::at(new_year, 0, 330).ms);
    let asked = server::raise::Asked { day: new_year, dry: false };
    let tenant = book.town.tenant();
    let raised = server::raise::raise(&book.town.app, &tenant, &book.service, asked, |_| ()).await.unwrap();
    assert_eq!((raised.seen, raised.billed), (4, 4), "{raised:?}");
    let mut tx = book.town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_bill_that_was_taken_over_names_its_owner_masked() {
    let book = Book::with(|bundle| {
        with_book(bundle);
        let public = "part_payment: false\npay: public";
        crate::restart::change(bundle, "stall-permit/billing.yaml", "part_payment: false", public);
    });
    let book = book.await;
    book.taken_over(&book.file(GOOD)).await;
    let mut anybody = Browser::new(&book.town);
    let page = anybody.get("/riverton/pay?number=S-1").await.clone();
    page.expect(200, "To be paid: ₹1,200.00").expect(200, "R** L**");
    for secret in ["Ram Lal", "3210"] {
        assert!(!page.text().contains(secret), "{secret} is told to strangers:\n{}", page.text());
    }
}

/// Hears what is said to the store, and enters somebody in the state before the first transaction that writes begins.
struct Before {
    store: Store,
    person: Mutex<Option<Person>>,
    heard: Mutex<Vec<String>>,
}

impl Seam for Before {
    fn at(&self, point: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        self.heard.lock().unwrap().push(format!("{point:?}"));
        let person = if point == Point::Begin { self.person.lock().unwrap().take() } else { None };
        Box::pin(async move {
            if let Some(person) = person {
                enter(&self.store, &person).await;
            }
            Fate::Done
        })
    }

    fn left(&self) {}

    fn said(&self, sql: Cow<'static, str>) -> Cow<'static, str> {
        self.heard.lock().unwrap().push(sql.to_string());
        sql
    }
}

async fn enter(store: &Store, person: &Person) {
    let mut tx = store.begin(STATE).await.unwrap();
    people::save(&mut tx, By::system(0), person).await.unwrap();
    tx.commit().await.unwrap();
}

fn citizen(id: &str, mobile: &str) -> Person {
    Person::newcomer(id.to_owned(), mobile.to_owned(), "en".to_owned(), 0)
}

/// A book in a state in which somebody was written down before, and `person` is while it is taken over.
async fn taken_over_beside(person: Option<Person>) -> (Book, Arc<Before>) {
    let mut book = Book::open().await;
    let path = book.file(GOOD);
    let store = book.town.app.store.clone();
    enter(&store, &citizen("first", "9000000001")).await;
    let before = Arc::new(Before { store, person: Mutex::new(person), heard: Mutex::default() });
    let seam: Arc<dyn Seam> = before.clone();
    let mut app = (*book.town.app).clone();
    app.store = app.store.through(seam);
    book.town.app = Arc::new(app);
    assert_eq!(book.taken_over(&path).await.good.len(), 3);
    (book, before)
}

#[tokio::test]
async fn people_of_a_table_are_looked_up_before_the_state_is_held() {
    let (book, before) = taken_over_beside(None).await;
    let heard = before.heard.lock().unwrap().clone();
    let first = |what: &str| heard.iter().position(|said| said.contains(what)).unwrap();
    assert!(first("select mobile, id, name from people") < first("Begin"), "{heard:?}");
    let mut tx = book.town.app.store.read(STATE).await.unwrap();
    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn who_came_to_the_state_meanwhile_holds_the_records_of_the_table() {
    let (book, before) = taken_over_beside(Some(citizen("meanwhile", "9876543210"))).await;
    assert!(before.person.lock().unwrap().is_none());
    let mut tx = book.town.app.store.read(TOWN).await.unwrap();
    let holder = |record: Option<engine::registry::Record>| record.unwrap().holder;
    let first = holder(records::load(&mut tx, "stall_permits", "S-1").await.unwrap());
    let second = holder(records::load(&mut tx, "stall_permits", "S-2").await.unwrap());
    assert_eq!(first, "meanwhile", "nobody is written down twice");
    let mut tx = book.town.app.store.read(STATE).await.unwrap();
    let known = people::by_mobile(&mut tx, "9876543211").await.unwrap().unwrap();
    assert_eq!(second, known.id);
    assert_eq!(verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_table_that_is_given_again_changes_nothing() {
    let book = Book::open().await;
    let path = book.file(GOOD);
    book.taken_over(&path).await;
    let again = book.taken_over(&path).await;
    assert_eq!((again.good.len(), again.before, again.bad.len()), (0, 3, 0));
    // A row that says something else of a number that is there is not taken for news.
    let other = book.file(&GOOD.replace("Ram Chaat", "Ram Chaat Bhandar"));
    let changed = book.judged(&other).await;
    assert_eq!((changed.good.len(), changed.before), (0, 2));
    assert!(matches!(changed.bad[..], [server::import::BadRow { line: 2, why: Why::NumberTaken, .. }]));
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_by_line_and_nothing_is_written() {
    let book = Book::open().await;
    let path = book.file(
        "S-1,12345,01/04/2019,Ram Chaat,Sabzi,4,Mill Lane,,1200,0,1200,\n\
         S-2,,31/02/2020,Cloth House,Silk,600,Nowhere,,500,400,0,\n\
         ,,,Tea Corner,food,2,,,1,0,1,\n\
         SP/RIV/2026-27/000001,,,Tea Corner,food,2,,,1,0,1,\n\
         S-5,,,Pan,food,2,,,x,0,0,\n\
         S-6,,,Pan,food,2,,A,5,0,5,\n\
         S-6,,,Pan,food,3,,B,5,0,5,\n",
    );
    let judged = book.judged(&path).await;
    let told = book.why(&judged);
    let columns: Vec<(usize, &str)> = told.iter().map(|(line, column, _)| (*line, column.as_str())).collect();
    assert_eq!(
        columns,
        [
            (2, "Mobile"),
            (3, "Since"),
            (3, ""),
            (3, "Sells"),
            (3, "Size"),
            (3, "Locality"),
            (4, "No."),
            (5, "No."),
            (6, "Due 2024-25"),
            (8, "Size"),
        ],
        "{told:#?}"
    );
    assert!(told.iter().any(|(_, _, why)| why == "The balance is not what was due less what was paid"), "{told:#?}");
    assert!(judged.bad.iter().any(|bad| matches!(bad.why, Why::Cell(Wrong::DrawnNumber))));
    assert!(told.iter().all(|(_, _, why)| !why.is_empty() && !why.contains("import.")), "{told:#?}");
    let mut tx = book.town.app.store.read(TOWN).await.unwrap();
    assert_eq!(records::count(&mut tx, "stall_permits").await.unwrap(), 0);
}

#[tokio::test]
async fn a_missing_column_is_named_with_the_one_that_is_meant() {
    let book = Book::open().await;
    let path = book.file("");
    std::fs::write(&path, HEADINGS.replace("Locality", "Localty")).unwrap();
    let tenant = book.town.tenant();
    let asked = Asked { tenant: &tenant, service: &book.service, import: &book.import };
    let told = judge(&book.town.app, asked, Table::read(&path, None).unwrap()).await.unwrap_err().to_string();
    assert!(told.contains("no column `Locality` (is it `Localty`?)"), "{told}");
}

#[test]
fn in_06_a_table_is_kept_in_the_one_form_that_what_people_type_is_kept_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.csv");
    std::fs::write(&path, "Name,Place\ne\u{301}lan,\u{958}\n").unwrap();
    let table = Table::read(&path, None).unwrap();
    let (_, row) = &table.rows[0];
    assert_eq!((row.cell(0), row.cell(1)), ("\u{e9}lan", "\u{915}\u{93c}"));
}

#[tokio::test]
async fn a_workbook_is_read_like_a_csv_file() {
    let book = Book::open().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/book.xlsx");
    let judged = book.judged(&path).await;
    assert_eq!((judged.rows, judged.good.len()), (2, 2), "{:?}", book.why(&judged));
    let server::import::Good { line, taken, .. } = &judged.good[0];
    assert_eq!((*line, taken.record.number.as_deref()), (2, Some("101")), "a whole number has no decimals");
    assert_eq!(taken.record.since, parse_day("2019-04-01"));
    assert_eq!(taken.record.owed[0].heads[0].1.paise(), 120_050);
}

/// Stalls have numbers, which say little by themselves.
fn with_numbers(bundle: &mut Bundle) {
    with_book(bundle);
    let number = "      door: { label: Number, type: text, max_length: 20, optional: true, searchable: with_place }\n      place: {";
    crate::restart::change(bundle, "stall-permit/form.yaml", "      place: {", number);
    crate::restart::change(bundle, "stall-permit/locales/hi.yaml", "  place: कहाँ?", "  door: संख्या\n  place: कहाँ?");
    let import = IMPORT.replace("  place: Locality\n", "  door: Door\n  place: Locality\n");
    bundle.add("stall-permit/imports/book.yaml", import.into_bytes());
}

#[tokio::test]
async fn the_number_of_a_house_is_found_with_its_locality_and_not_alone() {
    let book = Book::with(with_numbers).await;
    let path = book.file("");
    let rows = "S-1,,,Ram Chaat,Sabzi,4,Mill Lane,,,,,,12-B\nS-2,,,Tea Corner,Sabzi,4,Mill Lane,,,,,,14\n";
    std::fs::write(&path, format!("{HEADINGS},Door\n{rows}")).unwrap();
    let judged = book.taken_over(&path).await;
    assert_eq!((judged.good.len(), judged.bad.len()), (2, 0), "{:?}", book.why(&judged));
    let found = async |text: &str| {
        let mut tx = book.town.app.store.read(TOWN).await.unwrap();
        let search = records::Search { registry: "stall_permits", text, ..records::Search::default() };
        let (records, _) = records::search(&mut tx, &search).await.unwrap();
        records.into_iter().map(|record| record.number).collect::<Vec<_>>().join(" ")
    };
    for (text, numbers) in [
        ("12-b mill lane", "S-1"),
        ("Mill 12 B", "S-1"),
        ("14 lane", "S-2"),
        ("12-B", ""),
        ("13 mill", ""),
        ("14 fort", ""),
    ] {
        assert_eq!(found(text).await, numbers, "{text}");
    }

    // A record that was there before such numbers were found.
    let mut tx = book.town.app.store.begin(TOWN).await.unwrap();
    let record = records::load(&mut tx, "stall_permits", "S-1").await.unwrap().unwrap();
    found::put_terms(&mut tx, &record, &[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found("12-b mill lane").await, "");
    let tenant = book.town.tenant();
    let registers = server::reindex::registers(&book.town.app, &tenant);
    let registry = registers.iter().find(|registry| registry.as_str() == "stall_permits").unwrap();
    let mut seen = 0;
    server::reindex::register(&book.town.app, &tenant, registry, |count| seen += count).await.unwrap();
    assert_eq!((seen, found("12-b mill lane").await.as_str()), (2, "S-1"));
}

/// Permits name the permit beside, and the table has a column for it.
fn with_beside(bundle: &mut Bundle) {
    with_book(bundle);
    let beside =
        "      beside: { label: Permit beside, type: record, registry: stall_permits, optional: true }\n      place: {";
    crate::restart::change(bundle, "stall-permit/form.yaml", "      place: {", beside);
    crate::restart::change(
        bundle,
        "stall-permit/locales/hi.yaml",
        "  place: कहाँ?",
        "  beside: पास की अनुमति\n  place: कहाँ?",
    );
    let import = IMPORT.replace("  place: Locality\n", "  beside: Beside\n  place: Locality\n");
    bundle.add("stall-permit/imports/book.yaml", import.into_bytes());
}

#[tokio::test]
async fn records_that_a_table_names_know_of_the_cases_that_name_them() {
    let book = Book::with(with_beside).await;
    let path = book.town.data.path().join("beside.csv");
    let rows = "S-1,,,Ram Chaat,Sabzi,4,Mill Lane,,,,,,\nS-2,,,Tea Corner,Sabzi,4,Mill Lane,,,,,,S-1\n";
    std::fs::write(&path, format!("{HEADINGS},Beside\n{rows}")).unwrap();
    let judged = book.taken_over(&path).await;
    assert_eq!((judged.good.len(), judged.bad.len()), (2, 0), "{:?}", book.why(&judged));
    let mut tx = book.town.app.store.read(TOWN).await.unwrap();
    let naming = found::records_naming(&mut tx, "stall_permits", "S-1").await.unwrap();
    assert_eq!(naming.iter().map(|record| record.number.as_str()).collect::<Vec<_>>(), ["S-2"]);
    assert_eq!(found::cases_naming(&mut tx, "stall_permits", "S-1").await.unwrap().len(), 1);
    assert_eq!(found::records_naming(&mut tx, "stall_permits", "S-2").await.unwrap(), []);
    drop(tx);

    // A case that was taken over before such cases had links.
    let mut tx = book.town.app.store.begin(TOWN).await.unwrap();
    found::put_links(&mut tx, &naming.first().unwrap().case, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let tenant = book.town.tenant();
    let registry = engine::base::Name::new("stall_permits");
    server::reindex::register(&book.town.app, &tenant, &registry, |_| ()).await.unwrap();
    let mut tx = book.town.app.store.read(TOWN).await.unwrap();
    assert_eq!(found::records_naming(&mut tx, "stall_permits", "S-1").await.unwrap(), naming);
}

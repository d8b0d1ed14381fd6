//! Lists and counts of the desk.

use std::sync::Arc;

use engine::base::Name;
use engine::case::Flag;
use server::store::inbox::{self, Band, Holder, Query, Scope, Sort};
use server::store::{By, Seam, Store, cases, paired};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::database::on_each;
use crate::people::Heard;
use crate::town::{NOW, TOWN, new_case};

/// Thirty cases: every third is Asha's, every third nobody's; due one after the other; three states.
async fn fill(store: &Store) {
    let mut tx = store.begin(TOWN).await.unwrap();
    for at in 0..30_i64 {
        let mut case = new_case(&format!("c{at:02}"));
        case.number = Some(format!("APP/{at:06}"));
        case.state = Name::new(["verification", "approval", "closed"][usize::try_from(at % 3).unwrap()]);
        case.service = String::from(if at < 20 { "dog-license" } else { "cat-license" });
        case.assignee = [None, Some("asha"), Some("bina")][usize::try_from(at / 3 % 3).unwrap()].map(str::to_owned);
        case.due_ms = (at != 29).then_some(NOW + at * 1_000);
        case.opened_ms = NOW - at;
        let mut terms = vec![("owner".to_owned(), format!("Owner {at}"))];
        let house = paired::terms(&format!("{at}/A"), ["Fort Road"]);
        terms.extend(house.into_iter().map(|term| ("house".to_owned(), term)));
        let place = if at % 2 == 0 { "ward-1" } else { "ward-2" };
        let finding = cases::Finding { place, terms: Some(&terms) };
        cases::insert_open(&mut tx, &case, By::system(NOW), None, finding).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn scope() -> Scope {
    let states = ["verification", "approval", "closed"].map(str::to_owned).to_vec();
    Scope { states: vec![("dog-license".to_owned(), states.clone()), ("cat-license".to_owned(), states)], places: None }
}

fn query() -> Query<'static> {
    Query { scope: scope(), me: "asha", now_ms: NOW + 5_000, soon_ms: NOW + 10_000, ..Query::default() }
}

async fn ids(store: &Store, query: &Query<'_>) -> Vec<String> {
    let mut tx = store.read(TOWN).await.unwrap();
    inbox::export(&mut tx, query, 1_000).await.unwrap().into_iter().map(|row| row.id).collect()
}

#[test]
fn filters_narrow_the_list() {
    on_each(|database| async move {
        let store = database.open().await;
        fill(&store).await;
        let word = |text: &str| vec![text.to_owned()];
        let cases: [(&str, Query<'_>, usize); 14] = [
            ("all", query(), 30),
            ("nothing may be seen", Query { scope: Scope::default(), ..query() }, 0),
            (
                "a service without states",
                Query {
                    scope: Scope { states: vec![("dog-license".to_owned(), Vec::new())], places: None },
                    ..query()
                },
                0,
            ),
            ("own places", Query { scope: Scope { places: Some(word("ward-2")), ..scope() }, ..query() }, 15),
            ("no places", Query { scope: Scope { places: Some(Vec::new()), ..scope() }, ..query() }, 0),
            ("state", Query { states: word("approval"), ..query() }, 10),
            ("service", Query { services: word("cat-license"), ..query() }, 10),
            ("mine", Query { holders: vec![Holder::Me], ..query() }, 9),
            ("mine or nobody's", Query { holders: vec![Holder::Me, Holder::Nobody], ..query() }, 21),
            ("others'", Query { holders: vec![Holder::Other], ..query() }, 9),
            ("one person's", Query { people: word("bina"), places: word("ward-1"), ..query() }, 5),
            ("late", Query { bands: vec![Band::Late], ..query() }, 5),
            ("soon or never", Query { bands: vec![Band::Soon, Band::Never], ..query() }, 6),
            ("later", Query { bands: vec![Band::Later], ..query() }, 19),
        ];
        for (what, query, count) in cases {
            assert_eq!(ids(&store, &query).await.len(), count, "{what}");
        }
        for (text, count) in [
            ("app/00000", 10),
            ("APP/000007", 1),
            ("owner 1", 11),
            ("OWNER  12", 1),
            ("ner", 0),
            ("%", 0),
            ("' or 1=1", 0),
            ("7-A Fort Road", 1),
            ("fort 12 a", 1),
            ("7-a", 0),
            ("7-a mall road", 0),
        ] {
            assert_eq!(ids(&store, &Query { text, ..query() }).await.len(), count, "{text}");
        }
    });
}

/// What several scopes show, and what the person has elsewhere, is found once and in one order.
#[test]
fn scopes_that_overlap_show_each_case_once() {
    on_each(|database| async move {
        let store = database.open().await;
        fill(&store).await;
        let of = |service: &str, state: &str, places: Option<&str>| Scope {
            states: vec![(service.to_owned(), vec![state.to_owned()])],
            places: places.map(|place| vec![place.to_owned()]),
        };
        let scope = of("dog-license", "approval", Some("ward-1"));
        let more = vec![
            of("dog-license", "approval", Some("ward-2")),
            of("dog-license", "approval", Some("ward-1")),
            of("cat-license", "closed", None),
            of("cat-license", "closed", Some("ward-1")),
        ];
        let seen = Query { scope, more, ..query() };
        let approval = ["c01", "c04", "c07", "c10", "c13", "c16", "c19"];
        assert_eq!(ids(&store, &seen).await, [&approval[..], &["c20", "c23", "c26", "c29"]].concat());
        // Asha's are c03 to c05, c12 to c14 and c21 to c23, wherever they stand.
        let own = Query { own: true, ..seen.clone() };
        let found = ids(&store, &own).await;
        assert_eq!(found.len(), 11 + 6, "{found:?}");
        assert!(found.is_sorted(), "by the time at which they are due: {found:?}");
        let narrow = Query { states: vec!["approval".to_owned()], ..own.clone() };
        assert_eq!(ids(&store, &narrow).await, [&approval[..], &["c22"]].concat());
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(inbox::counts(&mut tx, &own, 30).await.unwrap().total, 17);
        assert_eq!(inbox::many(&mut tx, &own, 30).await.unwrap(), (17, false));
        let few = Query { page: 1, ..own };
        assert_eq!(inbox::list(&mut tx, &few).await.unwrap(), (Vec::new(), false));
    });
}

#[test]
fn pages_follow_each_other_in_order() {
    on_each(|database| async move {
        let store = database.open().await;
        fill(&store).await;
        let mut tx = store.read(TOWN).await.unwrap();
        let (first, more) = inbox::list(&mut tx, &query()).await.unwrap();
        assert_eq!((first.len(), more, first[0].id.as_str()), (25, true, "c00"));
        assert_eq!(first[3].number.as_deref(), Some("APP/000003"));
        let (second, more) = inbox::list(&mut tx, &Query { page: 1, ..query() }).await.unwrap();
        assert_eq!((second.len(), more, second[4].id.as_str()), (5, false, "c29"));
        for (sort, id) in [(Sort::Due, "c00"), (Sort::Received, "c29"), (Sort::Newest, "c00"), (Sort::Number, "c00")] {
            assert_eq!(ids(&store, &Query { sort, ..query() }).await[0], id, "{sort:?}");
        }
    });
}

#[test]
fn counts_say_what_each_choice_would_show() {
    on_each(|database| async move {
        let store = database.open().await;
        fill(&store).await;
        let mut tx = store.read(TOWN).await.unwrap();
        let narrow = Query { states: vec!["approval".to_owned()], holders: vec![Holder::Me], ..query() };
        let counts = inbox::counts(&mut tx, &narrow, 30).await.unwrap();
        assert_eq!(counts.total, 3);
        let words =
            |list: &[(String, i64)]| list.iter().map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>();
        assert_eq!(words(&counts.states), ["approval 3", "closed 3", "verification 3"]);
        assert_eq!(words(&counts.services), ["cat-license 1", "dog-license 2"]);
        assert_eq!(counts.holders, [(Holder::Me, 3), (Holder::Nobody, 4), (Holder::Other, 3)]);
        assert_eq!(counts.bands, [(Band::Late, 1), (Band::Later, 2)]);
        assert!(!counts.cut && !counts.more);
        // One more than are counted: what fits is counted as far as it goes, and choices are not.
        let counts = inbox::counts(&mut tx, &narrow, 29).await.unwrap();
        assert_eq!((counts.total, counts.more, counts.cut), (3, false, true));
        assert_eq!((counts.states, counts.bands), (Vec::new(), Vec::new()));
        let counts = inbox::counts(&mut tx, &query(), 10).await.unwrap();
        assert_eq!((counts.total, counts.more, counts.cut), (10, true, true));
        for (band, due) in [(Band::Never, None), (Band::Late, Some(4)), (Band::Soon, Some(5)), (Band::Later, Some(10))]
        {
            assert_eq!(Band::of(due, 5, 10), band);
        }
        assert_eq!(cases::by_applicant(&mut tx, "asha").await.unwrap()[0].id, "c00");
        assert_eq!(cases::by_applicant(&mut tx, "nobody").await.unwrap(), []);
    });
}

/// Beside the thirty three in which something is marked: one stands in approval and is Asha's, two are closed.
async fn fill_marked(store: &Store) {
    fill(store).await;
    let mut tx = store.begin(TOWN).await.unwrap();
    for (id, state, assignee) in [("m1", "approval", Some("asha")), ("m2", "closed", None), ("m3", "closed", None)] {
        let mut case = new_case(id);
        case.state = Name::new(state);
        case.assignee = assignee.map(str::to_owned);
        let (page, field) = (Name::new("dogs"), Some(Name::new("dogs")));
        case.flags = vec![Flag { page, field, remark: "It is larger.".to_owned() }];
        let finding = cases::Finding { place: "ward-1", terms: None };
        cases::insert_open(&mut tx, &case, By::system(NOW), None, finding).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[test]
fn what_is_marked_and_what_is_with_the_applicant_are_found_together_or_alone() {
    on_each(|database| async move {
        let store = database.open().await;
        fill_marked(&store).await;
        let flagged = Query { marked: true, ..query() };
        assert_eq!(ids(&store, &flagged).await, ["m1", "m2", "m3"]);
        let back = Query { back: vec!["approval".to_owned()], ..query() };
        assert_eq!(ids(&store, &back).await.len(), 11);
        assert_eq!(ids(&store, &Query { marked: true, ..back.clone() }).await.len(), 13);
        let nowhere = Query { back: vec![String::new()], ..query() };
        assert_eq!(ids(&store, &nowhere).await.len(), 0);
        // What is marked is found as well where only the person's own may be seen.
        let closed = vec![("dog-license".to_owned(), vec!["closed".to_owned()])];
        let scope = Scope { states: closed, places: None };
        let own = Query { scope: scope.clone(), own: true, ..flagged };
        assert_eq!(ids(&store, &own).await, ["m1", "m2", "m3"]);
        // In approval Asha has three besides, one of them of the other service.
        let own = Query { scope, own: true, ..back };
        assert_eq!(ids(&store, &own).await, ["m1", "c04", "c13", "c22"]);
    });
}

#[test]
fn what_is_marked_is_counted_in_one_statement_and_in_its_own_index() {
    on_each(|database| async move {
        let (open, heard) = (database.open().await, Arc::new(Heard::default()));
        fill_marked(&open).await;
        let seam: Arc<dyn Seam> = heard.clone();
        let store = open.through(seam);
        let flagged = Query { marked: true, ..query() };
        let back = Query { back: vec!["approval".to_owned()], ..query() };
        let unseen = Query { scope: Scope::default(), text: "app/00000", ..query() };
        let mut tx = store.read(TOWN).await.unwrap();
        let asked = [back.clone(), unseen.clone(), flagged.clone()];
        let counted = inbox::each_many(&mut tx, &asked, 100).await.unwrap();
        assert_eq!(counted, [(11, false), (0, false), (3, false)]);
        let counted = inbox::each_many(&mut tx, &asked, 2).await.unwrap();
        assert_eq!(counted, [(2, true), (0, false), (2, true)]);
        let words = [Query { text: "app/00000", ..back.clone() }, Query { text: "app/00001", ..back }];
        assert_eq!(inbox::each_many(&mut tx, &words, 100).await.unwrap(), [(3, false), (4, false)]);
        assert_eq!(inbox::each_many(&mut tx, &[unseen], 100).await.unwrap(), [(0, false)]);
        let (own, all_own) = (Query { own: true, ..flagged }, Query { own: true, ..query() });
        let back_own = Query { back: vec!["approval".to_owned()], ..all_own.clone() };
        assert_eq!(inbox::counts(&mut tx, &all_own, 100).await.unwrap().total, 33);
        assert_eq!(inbox::each_many(&mut tx, &[back_own], 100).await.unwrap(), [(11, false)]);
        assert_eq!(inbox::each_many(&mut tx, &[own], 100).await.unwrap(), [(3, false)]);
        drop(tx);
        let heard: Vec<String> = std::mem::take(&mut *heard.0.lock().unwrap());
        let heard: Vec<String> = heard.into_iter().filter(|sql| sql.contains("count(*)")).collect();
        assert_eq!(heard.len(), 6, "one each time, and none where nothing may be seen: {heard:?}");
        if database.is_pg() {
            return;
        }
        let mut conn = SqliteConnection::connect(&database.url()).await.unwrap();
        // Each state of each service, and what is Asha's elsewhere.
        let of_state = "COVERING INDEX cases_by_state (tenant=? AND service=? AND state=?)";
        let of_flagged = "INDEX cases_flagged (tenant=? AND service=? AND state=?)";
        let own = "COVERING INDEX cases_held (tenant=? AND assignee=?";
        let flagged_own = "INDEX cases_flagged_by_assignee (tenant=? AND assignee=? AND flagged=?)";
        let expected = [(of_state, 6, own), (of_state, 2, own), (of_flagged, 6, flagged_own)];
        for (sql, (stand, stands, elsewhere)) in heard[3..].iter().zip(expected) {
            let plan = sqlx::query(AssertSqlSafe(format!("explain query plan {sql}")));
            let plan = plan.fetch_all(&mut conn).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|row| row.get::<String, _>("detail")).collect();
            let through = |index: &str| steps.iter().filter(|step| step.contains(index)).count();
            assert_eq!([through(" cases "), through(stand), through(elsewhere)], [stands + 1, stands, 1], "{steps:?}");
        }
        conn.close().await.unwrap();
    });
}
